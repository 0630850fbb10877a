"""What a Dask worker does: it hands submissions to a grading process beside it, one by one.

That process holds a pool of one (`cluster_station`), so the same watchdog and the same rules hold
as on one machine, and nothing that a submission does can end the Dask worker. It stays for the
next submissions, and ends with the Dask worker, however that ends. What travels is JSON, a line
for each message. The scheduler imports this module too: nothing here imports torch.
"""

import json
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from firsthand.grading.pool import PATIENCE
from firsthand.unit import Cell


@dataclass(frozen=True)
class Terms:
    """How the submissions of a run are graded, and the hashes that this must come to elsewhere.

    The course key is left out of the text of it, which Dask writes to its logs.
    """

    unit: str
    suite: str
    environment: str
    cell_seconds: float
    call_seconds: float | None
    test_seconds: float
    isolation: str
    key: str = field(repr=False)


@dataclass(frozen=True)
class Submission:
    """The cells to grade, or why a submission was rejected."""

    cells: tuple[Cell, ...]
    rejected: str = ""


@dataclass(frozen=True)
class Order:
    """What one task of the cluster is to grade."""

    terms: Terms
    submissions: tuple[Submission, ...] = field(repr=False)


class _Station:
    """The grading process beside this Dask worker."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "firsthand.grading.cluster_station"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._send(asdict(terms))

    def ask(self, submission: Submission) -> dict[str, str] | None:
        """Its answer; None where it ended without one."""
        self._send(asdict(submission))
        line = self._process.stdout.readline() if self._process.stdout else ""
        answer: dict[str, str] | None = json.loads(line) if line.endswith("\n") else None
        return answer

    def close(self) -> None:
        """End it; what it started ends with it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what could not be sent
                    pipe.close()

    def _send(self, message: dict[str, Any]) -> None:
        with suppress(OSError):  # where it has ended, that is noticed when its answer is read
            print(json.dumps(message), file=self._process.stdin, flush=True)


_turn = threading.Lock()  # a Dask worker with several threads grades one by one all the same
_station: _Station | None = None


def grade(order: Order) -> list[dict[str, str]]:
    """Grade submissions: what a task of the cluster runs.

    Returns one entry for each: "report", as JSON; "problem", why it has none; or "refused", why
    this Dask worker cannot grade on these terms, and none after it.
    """
    answers: list[dict[str, str]] = []
    with _turn:
        for submission in order.submissions:
            answers.append(_graded(order.terms, submission))
            if "refused" in answers[-1]:
                break
    return answers


def _graded(terms: Terms, submission: Submission) -> dict[str, str]:
    global _station
    for _ in range(PATIENCE):
        if _station is None or _station.terms != terms:
            if _station is not None:
                _station.close()
            _station = _Station(terms)
        answer = _station.ask(submission)
        if answer is None or "refused" in answer:
            _station.close()
            _station = None
        if answer is not None:
            return answer
    return {"problem": f"the grading process of a Dask worker ended {PATIENCE} times"}
