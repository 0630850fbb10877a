"""How much faster two Dask workers grade than one, and how many cores a cohort needs.

    OMP_NUM_THREADS=1 python benchmarks/cluster.py                   the rates on this machine
    OMP_NUM_THREADS=1 python benchmarks/cluster.py --units 101 402   CPU seconds, and cores

The rates need two idle cores: the scheduler and this process use some of them too. The CPU seconds
are those of each unit's reference solution, which runs every test to its end.
"""

import argparse
import math
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from distributed import LocalCluster

from benchmarks import attention
from firsthand.grading import intake
from firsthand.grading.cluster import Cluster
from firsthand.grading.engine import Grader
from firsthand.grading.pool import Job
from firsthand.unit import Unit, find_unit

WARM = 60  # submissions before the clock starts; each worker does some, and so has started
COUNT = 600
ROUNDS = 3
COHORTS = [(30, 10), (100, 10), (300, 30), (1000, 30), (1000, 10)]  # learners, minutes
USED = 0.8  # of a core's time that is grading: the rest is waiting for the last and starting


def jobs(first: int, count: int) -> Iterator[Job]:
    """Submissions that no other number gives."""
    for number in range(first, first + count):
        yield Job(str(number), tuple(attention.cells(number)))


def rate(unit: Unit, workers: int) -> float:
    """Submissions for each second of one run, without the start."""
    options = {"threads_per_worker": 1, "processes": True, "memory_limit": 0}
    with (
        LocalCluster(n_workers=workers, dashboard_address=":0", **options) as local,
        Cluster(local.scheduler_address, unit, key="benchmark", cell_seconds=20.0) as cluster,
    ):
        for first, count in [(0, WARM), (WARM, COUNT)]:
            started = time.perf_counter()
            results = list(cluster.grade_many(jobs(first, count)))
            spent = time.perf_counter() - started
            right = [g for g in results if g.report and g.report.points == 3]
            assert len(right) == count, f"{len(right)} of {count} are right"
        return COUNT / spent


def compare(unit: Unit) -> None:
    """Both rates in turns, and the ratio of the best ones."""
    best = {1: 0.0, 2: 0.0}
    for _ in range(ROUNDS):
        for workers in best:
            found = rate(unit, workers)
            best[workers] = max(best[workers], found)
            load = os.getloadavg()[0]
            print(f"{workers} worker(s)  {found:6.1f} submissions a second   load {load:.1f}")
    print(f"two against one: {best[2] / best[1]:.2f} x")


def seconds(unit: Unit) -> float:
    """CPU seconds of one submission, in this process and in its workers, without the start."""
    solution = intake.reference_cells(unit)
    with Grader(unit) as grader:
        grader.grade(solution, exercises=[unit.exercises[0].name])
        before = _spent()
        report = grader.grade(solution)
        assert report.points == report.max_points, report.to_json()
        return _spent() - before


def _spent() -> float:
    """CPU seconds of this process and of all below it that are alive or were waited for."""
    me = psutil.Process()
    return sum(sum(p.cpu_times()[:4]) for p in [me, *me.children(recursive=True)])


def size(units: list[Unit]) -> None:
    """What was measured, and the table of `docs/cluster.md` for it."""
    measured = {unit.number: seconds(unit) for unit in units}
    for number, spent in measured.items():
        print(f"{number}: {spent:.1f} CPU seconds for a submission", flush=True)
    print(table(measured))


def table(measured: dict[str, float]) -> str:
    """The cores for each cohort: for one unit, and for all of them together."""
    columns = {number: [number] for number in measured} | {"all of them": list(measured)}
    rows = [["learners", "minutes", *columns], ["---"] * (2 + len(columns))]
    for learners, minutes in COHORTS:
        needed = [learners * sum(measured[n] for n in names) for names in columns.values()]
        cores = [math.ceil(total / (60 * minutes * USED)) for total in needed]
        rows.append([f"{learners:,}", str(minutes), *map(str, cores)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", nargs="+", metavar="UNIT")
    options = parser.parse_args()
    if options.units:
        size([find_unit(text) for text in options.units])
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FIRSTHAND_COURSE"] = folder  # where the workers find the unit
        compare(attention.unit(Path(folder)))


if __name__ == "__main__":
    main()
