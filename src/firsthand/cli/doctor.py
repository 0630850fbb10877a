"""`firsthand doctor`: what this machine can do, and what to change so that it can do more."""

import os
import platform
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from firsthand.cli import BELOW
from firsthand.cli.console import say, waiting

if TYPE_CHECKING:
    from firsthand.grading.doctor import Examined

_PACKAGES = ("torch", "numpy", "nbgrader", "jupyterlab")


def doctor() -> int:
    """Print the findings; the exit code: 0 where scores that count can be given."""
    from firsthand.grading.doctor import examine
    from firsthand.grading.sandbox import LEVELS, NONE, levels

    say(f"python     {platform.python_version()} on {sys.platform} {platform.machine()}")
    say(f"packages   {', '.join(f'{name} {version(name)}' for name in _PACKAGES)}")
    say(f"machine    {_cores()}, {_memory()}")
    say(f"kernel     {platform.release()}, {_kernel_walls()}")
    say("isolation  (how a submission's code is kept apart, strongest first)")
    results = []
    for level in LEVELS:
        with waiting(f"trying {level}"):
            results.append(examine(level))
        say(f"  {level:<17} {_verdict(results[-1])}")
    walled = [result for result in results if result.holds and result.level != NONE]
    best = levels.reach()
    if not walled:
        say(f"Scores that count are refused here, unless --isolation {NONE} is given. {best.mend}")
        return BELOW
    say(f"Submissions are graded at {walled[0].level}.")
    return 0


def _verdict(result: "Examined") -> str:
    from firsthand.grading.sandbox import NONE

    if result.obstacle:
        return f"not here: {result.obstacle}"
    if result.found:
        return f"does NOT hold: code inside could {'; '.join(result.found)}"
    speed = f"ready in {result.start_seconds:.1f} s, {result.worker_milliseconds:.0f} ms a worker"
    if result.level == NONE:
        return f"limits on time, memory and output, no walls ({speed})"
    return f"holds, tried from inside ({speed})"


def _kernel_walls() -> str:
    from firsthand.grading.sandbox import bubblewrap, landlock, seccomp

    found = [f"Landlock ABI {landlock.abi()}" if landlock.abi() else "no Landlock"]
    found.append("seccomp" if seccomp.supported() else "no seccomp table for this machine")
    found.append("bubblewrap" if bubblewrap.program() else "no bubblewrap")
    return ", ".join(found)


def _cores() -> str:
    count = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return f"{count} core{'s' if count != 1 else ''}"


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return "memory unknown"
    return f"{size / 2**30:.0f} GiB of memory"
