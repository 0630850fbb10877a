"""What a freshly forked worker gives up before it hears of any submission."""

import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from firsthand.grading.limits import Limits, limit_process
from firsthand.grading.sandbox import LEVELS, NONE, landlock, privileges, seccomp
from firsthand.grading.sandbox.kernel import die_with_parent
from firsthand.grading.sandbox.landlock import Opened


class Inside(NamedTuple):
    """What the warm process has prepared for the walls of its workers."""

    level: str
    readable: Sequence[Opened]
    shared: Sequence[Opened]  # writable for all: /dev/null
    base: int  # bytes of address space that the warm process uses
    own_users: bool  # whether workers get users of their own


def prepare(level: str, paths: Sequence[Path], *, base: int) -> Inside:
    """Open what the walls need, in the warm process.

    Raises ValueError for an unknown level.
    """
    if level not in LEVELS:
        raise ValueError(f"unknown isolation level {level!r}: choose one of {', '.join(LEVELS)}")
    if level == NONE:
        return Inside(level, (), (), base, False)
    readable = landlock.open_paths([*paths, Path("/dev/zero"), Path("/dev/urandom")])
    shared = landlock.open_paths([Path(os.devnull)])
    own_users = os.geteuid() == 0 and all(_reachable_by_all(path) for path in paths)
    return Inside(level, readable, shared, base, own_users)


def _reachable_by_all(path: Path) -> bool:
    """Whether another user can get there: an interpreter below root's home is out of reach."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def enter(inside: Inside, limits: Limits, folder: Path, uid: int | None) -> str:
    """Raise the walls around this process, for good. Returns the level that was reached.

    folder: the only one that it may write to. uid: the user to become, or None.
    Raises OSError where a wall cannot be had.
    """
    if inside.level == NONE:
        limit_process(limits, base=inside.base)
        return NONE
    writable = [*landlock.open_paths([folder]), *inside.shared]
    privileges.become(uid)
    die_with_parent(signal.SIGKILL)  # the change of user has cleared it
    limit_process(limits, base=inside.base)
    if sys.platform == "linux":
        for kind in (resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
            resource.setrlimit(kind, (0, 0))
    landlock.restrict(inside.readable, writable)
    return inside.level


def seal() -> None:
    """The last wall, after all descriptors are in place: no system call of the denied ones."""
    seccomp.restrict()
