"""The grading process of `firsthand watch`: jobs in as JSON lines, reports out.

It imports torch and the graders once and keeps a warm process of workers, so that the window stays
quick and can be closed at any time. A newer job ends the worker of the one before, also in the
middle of a call that never returns. At the end of its input it ends itself and all workers.

In: {"job", "cells", "exercises", "known_right"}. Out: {"ready"}, {"job", "exercise"} when an
exercise is begun, {"job", "report"}, {"job", "left"} for a job that a newer one ended,
{"problem"} for what a person can mend, {"job", "fault"} with a traceback for a bug of ours.
"""

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from firsthand.unit import Cell, CourseError, load_unit

if TYPE_CHECKING:
    from firsthand.grading.client import Session
    from firsthand.grading.engine import Grader
    from firsthand.report import Report

LAST_SECONDS = 10.0  # for ending in order, when nobody listens any more


class Left(Exception):
    """A newer job has come, or the window was closed: nobody waits for this result."""


class Inbox:
    """Reads jobs in a thread and keeps the newest."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._changed = threading.Condition()
        self._job: dict[str, Any] | None = None
        self.newest = 0
        self._session: Session | None = None
        self.closed = False
        threading.Thread(target=self._read, daemon=True).start()

    def jobs(self) -> Iterator[dict[str, Any]]:
        """Each time the newest job, until the input ends."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self.closed or self._job is not None)
                if self.closed or self._job is None:
                    return
                job, self._job = self._job, None
            yield job

    def check(self, job: int, session: "Session | None" = None) -> None:
        """Raise Left where a newer job is here; else end `session` when one comes."""
        with self._changed:
            self._session = session
            if self.closed or self.newest != job:
                raise Left

    def _read(self) -> None:
        for line in self._stream:
            with self._changed:
                self._job = json.loads(line)
                self.newest = self._job["job"]
                if self._session is not None:
                    # Whoever waits for an answer of it then learns that it is gone.
                    self._session._session_channel.give_up("a newer save has come")
                self._changed.notify()
        with self._changed:
            self.closed = True
            self._changed.notify()
        _end_workers()
        time.sleep(LAST_SECONDS)
        os._exit(1)


def _end_workers() -> None:
    """End workers at once: a call that hangs must not outlive the window."""
    candidate = sys.modules.get("firsthand.grading.candidate")
    for zygote in list(candidate._zygotes.values()) if candidate else []:
        zygote.close()


def make_grader(folder: Path, inbox: Inbox, tell: Any) -> "Grader":
    """A grader of the unit in `folder` that stops between tests when a newer job is here."""
    from firsthand.grading.candidate import WorkerCandidate
    from firsthand.grading.engine import Grader
    from firsthand.grading.plugin import GraderTest
    from firsthand.report import TestResult
    from firsthand.unit import Exercise

    class Leaving(WorkerCandidate):
        """A candidate that is asked before each test whether anybody still waits."""

        def session(self) -> "Session":
            inbox.check(watched.job)
            session = super().session()
            inbox.check(watched.job, session)
            return session

        def _run_cells(self, session: "Session") -> bool:
            inbox.check(watched.job, session)
            return super()._run_cells(session)

        def with_reference(self, names: Sequence[str]) -> "Leaving":
            plain = super().with_reference(names)
            return Leaving(
                plain._cells,
                self._reference,
                cell_seconds=self._cell_seconds,
                isolation=self.isolation,
            )

    class Watched(Grader):
        """Says which exercise it has come to."""

        job = 0
        _said = ""

        def _candidate(self, cells: Sequence[Cell], sources: Any) -> WorkerCandidate:
            self._said = ""
            return Leaving(
                cells, sources, cell_seconds=self._cell_seconds, isolation=self.isolation
            )

        def _run_test(
            self, candidate: Any, exercise: Exercise, test: GraderTest, seconds: float
        ) -> tuple[TestResult, str]:
            if exercise.name != self._said:
                self._said = exercise.name
                tell({"job": self.job, "exercise": exercise.name})
            return super()._run_test(candidate, exercise, test, seconds)

    watched = Watched(load_unit(folder))
    return watched


def serve(folder: Path, inbox: Inbox, tell: Any) -> None:
    """Grade the newest job again and again."""
    from firsthand.grading.warm_process import start_early

    start_early()
    grader: Any = make_grader(folder, inbox, tell)
    with grader:
        tell({"ready": True})
        for job in inbox.jobs():
            number = grader.job = job["job"]
            try:
                report = _grade(grader, job)
                inbox.check(number)
                tell({"job": number, "report": report.to_json()})
            except Left:
                tell({"job": number, "left": True})
            except CourseError:
                raise
            except Exception:
                # A job whose worker was taken away may fail in any way: that is no fault.
                left = number != inbox.newest
                tell({"job": number, "left": True} if left else _fault(number))


def _fault(job: int) -> dict[str, Any]:
    return {"job": job, "fault": traceback.format_exc()}


def _grade(grader: "Grader", job: dict[str, Any]) -> "Report":
    cells = [Cell(*row) for row in job["cells"]]
    names: Collection[str] = set(job["exercises"])
    return grader.grade(
        cells, submission=job["name"], exercises=names, known_right=job["known_right"]
    )


def main() -> None:
    """Serve the unit whose folder is the one argument."""
    # What anything here prints must not get between the messages.
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        try:
            output.write(json.dumps(message) + "\n")
            output.flush()
        except OSError:  # the window is closed: the inbox ends this process
            return

    inbox = Inbox(os.fdopen(os.dup(0), encoding="utf-8"))
    try:
        serve(Path(sys.argv[1]), inbox, tell)
    except CourseError as error:
        tell({"problem": str(error)})
    except Exception:
        if not inbox.closed:
            tell(_fault(0))


if __name__ == "__main__":
    main()
