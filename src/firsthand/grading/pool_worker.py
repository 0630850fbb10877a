"""One process of a pool: it grades a submission at a time, and tells which test it is in."""

import os
import signal
import threading
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from typing import Any

from firsthand.grading.candidate import Candidate
from firsthand.grading.engine import Grader
from firsthand.grading.outcome import Verdict
from firsthand.grading.plugin import GraderTest
from firsthand.grading.pool import EVERY_TEST, Job, Ruling, Settings
from firsthand.report import Report, Status, TestResult
from firsthand.unit import CourseError, Exercise

_KILLED = ("SIGKILL", "closed its end of the connection")  # as a worker's channel tells it


class WatchedGrader(Grader):
    """A Grader that announces each test, and takes over what was ruled on a test elsewhere."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        super().__init__(
            settings.unit,
            key=settings.key,
            cell_seconds=settings.cell_seconds,
            call_seconds=settings.call_seconds,
            isolation=settings.isolation,
        )
        self._connection = connection
        self._rulings: Mapping[str, Ruling] = {}

    def warm_up(self) -> None:
        """Start the worker process that all others are forked from."""
        candidate = self._candidate([], {})
        candidate.session()
        candidate.close()

    def grade_job(self, job: Job, rulings: Mapping[str, Ruling]) -> Report:
        """The report of a submission.

        Where its process was killed, that may have come from outside: it is graded once more.
        """
        self._rulings = rulings
        if job.rejected:
            return self.reject(job.rejected)
        report = self.grade(job.cells)
        if _was_killed(report):
            again = self.grade(job.cells)
            return again if again.points > report.points else report
        return report

    def reference_passes(self, key: str) -> bool:
        """Whether the reference solution passes the test, announced like any other."""
        test = next(test for test in self.suite.tests if test.key == key)
        return self._reference_passes(self.unit.exercise(test.exercise), test)

    def _run_test(
        self, candidate: Candidate, exercise: Exercise, test: GraderTest, seconds: float
    ) -> tuple[TestResult, str]:
        ruling = self._rulings.get(test.key) or self._rulings.get(EVERY_TEST)
        if ruling is not None:
            verdict = Verdict(Status(ruling.status), ruling.message)
            return self._result(test, exercise, verdict, 0.0), ""
        self._connection.send(("test", test.key))
        try:
            return super()._run_test(candidate, exercise, test, seconds)
        finally:
            self._connection.send(("test", ""))


def _was_killed(report: Report) -> bool:
    told = [test.message for exercise in report.exercises for test in exercise.tests]
    return any(sign in text for text in [*told, *report.cell_errors] for sign in _KILLED)


def serve(connection: Connection, settings: Settings) -> None:
    """Answer requests until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it decides when to end
    _end_with_parent()
    try:
        grader = WatchedGrader(connection, settings)
        grader.warm_up()
    except (CourseError, RuntimeError) as error:
        connection.send(("failed", str(error)))
        return
    connection.send(("ready", None))
    with grader, suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            connection.send(_answer(grader, connection.recv()))


def _answer(grader: WatchedGrader, request: tuple[Any, ...]) -> tuple[str, Any]:
    if request[0] == "reference":
        return "reference", grader.reference_passes(request[1])
    _, job, rulings = request
    return "report", grader.grade_job(job, rulings)


def _end_with_parent() -> None:
    """End at once when the process that started this one does, in whichever way."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
