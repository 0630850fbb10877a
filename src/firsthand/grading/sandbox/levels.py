"""How strong the walls are, what this machine can do, and which walls scores that count need."""

import os
import subprocess
from functools import lru_cache
from typing import NamedTuple

from firsthand.grading.sandbox import FULL, INNER, LEVELS, NONE, bubblewrap, landlock, seccomp
from firsthand.grading.sandbox.kernel import IS_LINUX, MACHINE
from firsthand.grading.sandbox.readable import readable_paths
from firsthand.unit import CourseError

_SECONDS = 20.0


class Reach(NamedTuple):
    """The strongest level of this machine, what keeps it from the next, and the mend."""

    level: str
    obstacle: str = ""
    mend: str = ""


@lru_cache(maxsize=1)
def reach() -> Reach:
    """The strongest level that this machine can do, from trying it, not from its settings."""
    if not IS_LINUX:
        return Reach(NONE, "only Linux has Landlock and seccomp", "Grade on a Linux machine.")
    if not seccomp.supported():
        return Reach(NONE, f"no table of system calls for {MACHINE}", "Grade on x86_64 or aarch64.")
    version = landlock.abi()
    if version < 1:
        mend = "Use a kernel from 5.13 with Landlock; a container's profile must allow its calls."
        return Reach(NONE, "the kernel has no Landlock, or this container forbids it", mend)
    if obstacle := _outer_obstacle():
        return Reach(INNER, *obstacle)
    if version < landlock.SCOPES and os.geteuid() != 0:
        mend = "Use a kernel from 6.12, or grade as root: workers then get users of their own."
        return Reach(INNER, f"Landlock ABI {version} does not stop signals (6 does)", mend)
    return Reach(FULL)


def _outer_obstacle() -> tuple[str, str] | None:
    """Why bubblewrap cannot be started here, and the mend; None where it can."""
    if bubblewrap.program() is None:
        mend = (
            "Install it: `apt-get install bubblewrap` (Debian, Ubuntu), `dnf install bubblewrap`."
        )
        return "bubblewrap is not installed", mend
    line = [*bubblewrap.command(readable_paths()), "--", "/usr/bin/true"]
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return "bubblewrap did not start in time", "Try again on a machine that is less busy."
    if done.returncode == 0:
        return None
    said = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
    mend = "Allow user namespaces to it (Ubuntu: an AppArmor profile for bwrap), or grade as root."
    return f"bubblewrap cannot start: {said}", mend


def resolve(asked: str | None) -> str:
    """The level to grade at: what was asked for, or the strongest of this machine.

    Raises CourseError for an unknown level and for one that this machine cannot do.
    """
    if asked is None:
        return reach().level
    if asked not in LEVELS:
        raise CourseError(f"unknown isolation {asked!r}: choose one of {', '.join(LEVELS)}.")
    best = reach()
    # The inner walls need no bubblewrap, so they can be had wherever the outer one can.
    if LEVELS.index(asked) < LEVELS.index(best.level):
        raise CourseError(
            f"isolation {asked!r} cannot be had here: {best.obstacle}. {best.mend} "
            "`firsthand doctor` shows what this machine can do."
        )
    return asked


def for_scores(asked: str | None) -> str:
    """The level for scores that count: no walls only where that is asked for by name.

    asked: by default what the variable FIRSTHAND_ISOLATION says, or else the strongest.
    Raises CourseError like `resolve`, and where this machine has no walls and none were named.
    """
    asked = asked or os.environ.get("FIRSTHAND_ISOLATION") or None
    level = resolve(asked)
    if level == NONE and asked is None:
        best = reach()
        raise CourseError(
            f"scores that count need walls around the submission's code, and this machine has "
            f"none: {best.obstacle}. {best.mend} To grade without walls code that you trust, "
            f"ask for it by name: --isolation {NONE}."
        )
    return level
