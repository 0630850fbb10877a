"""What a worker may use of memory, time, files and descriptors.

The module `resource`, which Windows lacks, is imported where a limit is set.
"""

import sys
from pathlib import Path
from typing import NamedTuple

CELL_SECONDS = 20.0  # deadline of one cell of a submission


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
    import resource

    return pages * resource.getpagesize()


def limit_process(limits: Limits, *, base: int) -> None:
    """Set the limits of this process, for good.

    base: bytes of address space that the zygote uses (`address_space`).
    """
    import resource

    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds)
    _limit(resource.RLIMIT_FSIZE, limits.file_mb << 20)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    if base and sys.platform == "linux":  # macOS accepts the limit and ignores it
        _limit(resource.RLIMIT_AS, base + (limits.memory_mb << 20))


def _limit(kind: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))
