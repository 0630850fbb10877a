"""How often the reference solution passes, each time with other hidden inputs: it must be always.

A test that fails one honest run in a hundred takes points from right work. Every run has a course
key of its own, so every drawn input differs.

    OMP_NUM_THREADS=1 python benchmarks/honest_runs.py UNIT[/EXERCISE]... [--runs 1000] [--first 0]
"""

import argparse
import sys
import time

import torch
from rich.progress import track

from firsthand.grading.engine import Grader
from firsthand.report import Status
from firsthand.unit import find_unit


def failures(text: str, keys: list[str]) -> list[str]:
    """One line for each test that a reference failed."""
    name, _, exercise = text.partition("/")
    unit = find_unit(name)
    chosen = {unit.exercise(exercise).name} if exercise else None
    found = []
    with Grader(unit) as grader:
        for key in track(keys, description=text, disable=not sys.stderr.isatty()):
            grader.key = key
            report = grader.grade(grader.reference, exercises=chosen)
            for result in report.exercises:
                for test in result.tests:
                    if test.status is not Status.PASSED:
                        found.append(f"{key}: {test.name}: {test.message}")
    return found


def main() -> int:
    """Print a line for each unit; 1 where a run failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("units", nargs="+", metavar="UNIT[/EXERCISE]")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first key")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    code = 0
    for text in arguments.units:
        keys = [f"honest-{arguments.first + n}" for n in range(arguments.runs)]
        started = time.perf_counter()
        found = failures(text, keys)
        failed = len({line.partition(":")[0] for line in found})
        seconds = time.perf_counter() - started
        print(f"{text}: {len(keys) - failed} of {len(keys)} honest runs passed ({seconds:.0f} s)")
        for line in found:
            print(f"  {line}")
        code = code or int(failed > 0)
    return code


if __name__ == "__main__":
    sys.exit(main())
