"""How long the engine takes for a small exercise, behind which walls, beside the floor.

    OMP_NUM_THREADS=1 python benchmarks/engine.py              latency, throughput, memory
    OMP_NUM_THREADS=1 python benchmarks/engine.py --many 10000 whether it stays as fast

The floor is the plain calls of the same checks in a warm process. Every figure comes from one run
on one machine; the ratios travel, the milliseconds do not.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from benchmarks import attention
from firsthand.grading.candidate import shared_zygote
from firsthand.grading.engine import Grader
from firsthand.grading.sandbox import LEVELS, levels

REPEATS = 200
PAUSE = 0.05  # seconds between two, as when somebody waits for the result
COLD = """
import time; started = time.time()
import sys, tempfile
from pathlib import Path
from firsthand.grading.warm_process import start_early
start_early(sys.argv[1])
from benchmarks import attention
from firsthand.grading.engine import Grader
with tempfile.TemporaryDirectory() as folder, Grader(attention.unit(Path(folder)),
        reference=attention.cells(), isolation=sys.argv[1]) as grader:
    assert grader.grade(attention.cells(1)).points == 3
    print(time.time() - started)
"""


def floor() -> float:
    """Seconds of one execution of the cells and of the plain checks."""
    started = time.perf_counter()
    names: dict = {}
    for cell in attention.cells():
        exec(cell.source, names)
    exec(attention.ASSERTS, names)
    return time.perf_counter() - started


def rows(grader: Grader, count: int, *, pause: float, first: int = 1) -> list[float]:
    """Seconds of each of `count` different submissions."""
    spent = []
    for number in range(first, first + count):
        started = time.perf_counter()
        report = grader.grade(attention.cells(number))
        spent.append(time.perf_counter() - started)
        assert report.points == report.max_points, report.to_json()
        time.sleep(pause)
    return spent


def show(name: str, spent: list[float], floor_median: float) -> None:
    """One line: median, 95th percentile, spread, and the ratio to the floor."""
    cuts = statistics.quantiles(spent, n=20)
    middle = statistics.median(spent)
    print(
        f"{name:<44} median {1000 * middle:6.1f} ms   p95 {1000 * cuts[18]:6.1f}   "
        f"min {1000 * min(spent):6.1f}   {middle / floor_median:5.1f} x floor",
        flush=True,
    )


def memory_of_workers(level: str) -> float:
    """Megabytes (PSS, shared pages divided among their users) of one of eight idle workers."""
    zygote = shared_zygote(level)
    sessions = [zygote.spawn() for _ in range(8)]
    pids = [zygote.pid]
    for parent in pids:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        pids += map(int, children)
    sizes = sorted(_pss(pid) for pid in pids[-8:])
    for session in sessions:
        session.close()
    return statistics.median(sizes)


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def latency(root: Path) -> None:
    """The table for every level that this machine has."""
    for _ in range(20):
        floor()
    base = [floor() for _ in range(REPEATS)]
    show("floor: the same checks, plain and warm", base, statistics.median(base))
    best = levels.reach().level
    for level in LEVELS[LEVELS.index(best) :]:
        unit = attention.unit(root / level)
        with Grader(unit, reference=attention.cells(), isolation=level) as grader:
            rows(grader, 20, pause=0)
            show(f"{level}: one after the other", rows(grader, REPEATS, pause=0), floor_of(base))
            paused = rows(grader, REPEATS, pause=PAUSE)
            show(f"{level}: with pauses, warm", paused, floor_of(base))
        print(f"{level + ': one of 8 idle workers':<44} {memory_of_workers(level):6.1f} MB PSS")
        command = [sys.executable, "-c", COLD, level]
        cold = [
            float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            for _ in range(3)
        ]
        print(f"{level + ': cold, first result':<44} median {statistics.median(cold):6.2f} s")


def floor_of(base: list[float]) -> float:
    """The floor's median."""
    return statistics.median(base)


def many(root: Path, total: int) -> None:
    """Time and memory for each tenth of a long run."""
    with Grader(attention.unit(root), reference=attention.cells()) as grader:
        rows(grader, 20, pause=0)
        part = max(1, total // 10)
        for done in range(0, total, part):
            before = os.times()
            started = time.perf_counter()
            rows(grader, part, pause=0, first=100 + done)
            wall, after = time.perf_counter() - started, os.times()
            cpu = after.user + after.system - before.user - before.system
            size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{done + part:>7} submissions   {1000 * wall / part:6.2f} ms each, of which "
                f"{1000 * cpu / part:5.2f} ms CPU of the trusted side   coordinator {size:.0f} MB",
                flush=True,
            )


def main() -> None:
    """Parse the arguments and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, metavar="N", help="grade N submissions in a row")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        if arguments.many:
            many(Path(folder), arguments.many)
        else:
            latency(Path(folder))


if __name__ == "__main__":
    main()
