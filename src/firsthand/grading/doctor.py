"""What this machine can do for a grader, found out by trying it."""

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from firsthand.grading.sandbox import LEVELS, NONE, levels
from firsthand.grading.sandbox.probe import breaches
from firsthand.grading.zygote import Zygote

_WORKERS = 10


class Examined(NamedTuple):
    """One level of isolation, tried.

    found: what a submission could do that it must not. start_seconds: until workers can be forked;
    worker_milliseconds: from asking for a worker until it is gone, the median of ten.
    """

    level: str
    obstacle: str = ""
    found: tuple[str, ...] = ()
    start_seconds: float = 0.0
    worker_milliseconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether its walls stand."""
        return not self.obstacle and not self.found


def examine(level: str) -> Examined:
    """Start workers at a level, and have code inside try what it must not be able to do."""
    best = levels.reach()
    if LEVELS.index(level) < LEVELS.index(best.level):
        return Examined(level, obstacle=f"{best.obstacle}. {best.mend}")
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder, "grader.py")
        secret.write_text("assert True\n")
        started = time.perf_counter()
        try:
            with Zygote(level=level) as zygote:
                start_seconds = time.perf_counter() - started
                found = () if level == NONE else tuple(breaches(zygote.spawn(), [secret]))
                spent = median(_worker_seconds(zygote) for _ in range(_WORKERS))
        except RuntimeError as error:
            return Examined(level, obstacle=str(error))
    return Examined(level, "", found, start_seconds, spent * 1000)


def _worker_seconds(zygote: Zygote) -> float:
    started = time.perf_counter()
    session = zygote.spawn()
    session.run_cells([("cell", "1 + 1")])
    session.close()
    return time.perf_counter() - started
