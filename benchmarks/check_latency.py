"""What `check()` adds to the tests' own time, after the first call, in one process.

For every exercise of the units: the first call (which collects the graders), then the median over
repeated calls of (wall time of `check` with its HTML) - (seconds inside the tests, from the
report). Exercises that train are left out: their noise is larger than what is measured.

    OMP_NUM_THREADS=1 python benchmarks/check_latency.py [UNIT...]
"""

import statistics
import sys
import time

import torch

from firsthand.build.source import read_source
from firsthand.grading.cells import run_cell
from firsthand.grading.engine import Grader
from firsthand.notebook.outcome import Outcome
from firsthand.unit import course_root, find_unit, load_units

REPEATS = 10
LONGEST = 1.0  # seconds of tests


def overhead(grader: Grader, namespace: dict, name: str) -> tuple[float, float]:
    """Seconds that one check took beyond its tests, and seconds inside the tests."""
    started = time.perf_counter()
    report = grader.grade_namespace(namespace, exercises={name})
    outcome = Outcome.of_report(
        report, name, unit=grader.unit, hints_seen=0, timings=True, notes=()
    )
    outcome._repr_mimebundle_()
    total = time.perf_counter() - started
    inside = sum(test.seconds for test in report.exercise(name).tests)
    return total - inside, inside


def main() -> None:
    """Print a row for each unit."""
    torch.set_num_threads(1)
    root = course_root()
    units = [find_unit(text, root) for text in sys.argv[1:]] or load_units(root)
    everything: list[float] = []
    for unit in units:
        cells = read_source(unit)
        started = time.perf_counter()
        grader = Grader(unit, reference=cells)
        collected = time.perf_counter() - started
        namespace: dict = {}
        for cell in cells:
            if cell.kind in ("given", "exercise", "answer"):
                run_cell(cell.name or "cell", cell.source, namespace)
        rows: list[float] = []
        for exercise in unit.exercises:
            if exercise.kind == "rubric" or overhead(grader, namespace, exercise.name)[1] > LONGEST:
                continue
            rows += [overhead(grader, namespace, exercise.name)[0] for _ in range(REPEATS)]
        everything += rows
        tenths = statistics.quantiles(rows, n=20)
        print(
            f"{unit.id}: collect {collected * 1e3:.0f} ms; check beyond its tests: "
            f"median {statistics.median(rows) * 1e3:.1f} ms, p95 {tenths[-1] * 1e3:.1f} ms, "
            f"{len(rows)} calls"
        )
    print(f"all: median {statistics.median(everything) * 1e3:.1f} ms over {len(everything)} calls")


if __name__ == "__main__":
    import os

    os.environ["FIRSTHAND_WORKER"] = "1"  # `ready` is False: no plots, no training
    main()
