"""The grading process beside a Dask worker: submissions on its standard input, reports out.

It finds the unit in its own copy of the course, and refuses where that is not the one that the run
was started with: scores would depend on the machine.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import TextIO

from firsthand.grading.cluster_worker import Terms
from firsthand.grading.pool import Graded, Job, Pool
from firsthand.grading.results import environment_hash, suite_hash
from firsthand.unit import Cell, CourseError, Unit, find_unit

IDLE_SECONDS = 600.0  # without a submission, after which the memory is given back


def main() -> None:
    """Grade what comes in on the terms of the first line, until the Dask worker is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the Dask worker
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a process below prints is for the log, not an answer
    terms = Terms(**json.loads(sys.stdin.readline()))
    waiting: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin, waiting), daemon=True).start()
    try:
        with _pool(checked_unit(terms), terms) as pool:
            for graded in pool.grade_many(_jobs(waiting)):
                _say(answers, _told(graded))
    except CourseError as error:
        _say(answers, {"refused": str(error)})


def checked_unit(terms: Terms) -> Unit:
    """The unit in this machine's course. Raises CourseError where it, or what runs it, differs."""
    unit = find_unit(terms.unit)
    here = suite_hash(unit, terms.key)
    if here != terms.suite:
        raise CourseError(
            f"unit {unit.number} in {unit.root} has other graders, points or reference solutions "
            f"(suite {here}) than where grading was started ({terms.suite}). "
            "Bring both to the same version of the course."
        )
    environment = environment_hash(terms.isolation, terms.cell_seconds, terms.call_seconds)
    if environment != terms.environment:
        raise CourseError(
            f"its Python, packages or firsthand (environment {environment}) differ from where "
            f"grading was started ({terms.environment}). Install requirements.lock of the same "
            "version on both."
        )
    return unit


def _pool(unit: Unit, terms: Terms) -> Pool:
    return Pool(
        unit,
        key=terms.key,
        cell_seconds=terms.cell_seconds,
        call_seconds=terms.call_seconds,
        isolation=terms.isolation,
        processes=1,
        test_seconds=terms.test_seconds,
    )


def _receive(submissions: TextIO, waiting: "SimpleQueue[Job]") -> None:
    """Queue the submissions; end everything here when the Dask worker has ended."""
    for line in submissions:
        submission = json.loads(line)
        cells = tuple(Cell(**cell) for cell in submission["cells"])
        waiting.put(Job("", cells, submission["rejected"]))
    os._exit(0)


def _jobs(waiting: "SimpleQueue[Job]") -> Iterator[Job]:
    while True:
        try:
            yield waiting.get(timeout=IDLE_SECONDS)
        except Empty:
            return


def _told(graded: Graded) -> dict[str, str]:
    if graded.report is None:
        return {"problem": graded.problem}
    return {"report": graded.report.to_json()}


def _say(answers: TextIO, answer: dict[str, str]) -> None:
    print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
