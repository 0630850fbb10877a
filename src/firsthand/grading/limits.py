"""What a worker may use, and the walls around it."""

import resource
import sys
from pathlib import Path
from typing import NamedTuple

LEVELS = ("process-only",)


class Limits(NamedTuple):
    """Limits of one worker."""

    memory_mb: int = 2048  # of address space, beyond what the zygote already uses
    cpu_seconds: int = 900  # over the worker's life; single requests have deadlines on the clock
    file_mb: int = 64  # of one written file
    open_files: int = 256


def address_space() -> int:
    """Bytes of address space in use, or 0 where the system does not say (not Linux)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def enter_walls(level: str, limits: Limits, *, base: int) -> str:
    """Give up, for good, what this worker must not have. Returns the level that was reached.

    Called once in a freshly forked worker, before it hears of any submission.
    base: bytes of address space that the zygote uses (`address_space`).
    Raises ValueError for an unknown level.
    """
    if level not in LEVELS:
        raise ValueError(f"unknown isolation level {level!r}: choose one of {', '.join(LEVELS)}")
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds)
    _limit(resource.RLIMIT_FSIZE, limits.file_mb << 20)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    if base and sys.platform == "linux":  # macOS accepts the limit and ignores it
        _limit(resource.RLIMIT_AS, base + (limits.memory_mb << 20))
    return "process-only"


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))
