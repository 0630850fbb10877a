"""A submission that tests can be run against.

Cells in worker processes, or names in the learner's kernel.
"""

import atexit
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from firsthand.grading.cells import syntax_error_of
from firsthand.grading.client import CellResult, Session, in_process
from firsthand.grading.errors import SubmissionError, submission_error
from firsthand.grading.zygote import Zygote
from firsthand.unit import Cell

CELL_DEADLINES = 30  # of one cell, that all cells may take together, in all workers
MAX_RESTARTS = 3
RUN_KINDS = ("given", "exercise", "answer", "extra")

_zygotes: dict[str, Zygote] = {}


def shared_zygote(level: str) -> Zygote:
    """The one warm process of this level that this process forks workers from."""
    if level not in _zygotes:
        _zygotes[level] = Zygote(level=level)
        atexit.register(_zygotes[level].close)
    return _zygotes[level]


class Candidate(Protocol):
    """A submission that tests can be run against, whichever process it lives in."""

    isolation: str
    cell_errors: tuple[str, ...]

    def session(self) -> Session:
        """A live session: a fresh one where the last has ended."""

    def why_not_run(self, name: str) -> SubmissionError | None:
        """What kept the cell that defines an exercise from running, where that is known."""

    def with_reference(self, names: Sequence[str]) -> "Candidate":
        """The same submission with these exercises replaced by the reference solutions."""

    def close(self) -> None:
        """Release what it holds."""


class WorkerCandidate:
    """Cells that run in worker processes. `isolation` is the level of the walls around them."""

    def __init__(
        self,
        cells: Sequence[Cell],
        reference: Mapping[str, str],
        *,
        cell_seconds: float,
        isolation: str,
    ) -> None:
        self.isolation = isolation
        self._cells = [c for c in cells if c.kind in RUN_KINDS and c.source.strip()]
        self._reference = reference
        self._cell_seconds = cell_seconds
        self._seconds_left = CELL_DEADLINES * cell_seconds
        self.cell_errors: tuple[str, ...] = ()
        self._session: Session | None = None
        self._skipped: set[int] = set()
        self._failed: dict[str, CellResult] = {}

    def session(self) -> Session:
        """Start a worker and run the cells.

        A cell that hangs or kills its worker is left out of the next one.
        """
        if self._session is not None and self._session.alive:
            return self._session
        self.close()
        for _ in range(MAX_RESTARTS + 1):
            session = shared_zygote(self.isolation).spawn()
            self._session = session
            if self._run_cells(session):
                break
        return session

    def _run_cells(self, session: Session) -> bool:
        errors: list[str] = list(self.cell_errors) if self._skipped else []
        for index, cell in enumerate(self._cells):
            if index in self._skipped:
                continue
            label = cell.name or f"cell {index + 1}"
            if self._seconds_left <= 0:
                errors.append(f"{label}: not run: the cells before it took too long together")
                break
            started = time.monotonic()
            (result,) = session.run_cells([(label, cell.source)], seconds=self._cell_seconds)
            self._seconds_left -= time.monotonic() - started
            if result.status != "ok":
                where = f" (line {result.frames[-1][1]})" if result.frames else ""
                errors.append(f"{label}{where}: {result.error_type}: {result.message}"[:400])
                self._failed[cell.name] = result
            if not session.alive:
                self._skipped.add(index)
                self.cell_errors = tuple(errors)
                return False
        self.cell_errors = tuple(errors)
        session.take_output()
        return True

    def why_not_run(self, name: str) -> SubmissionError | None:
        """The exception that ended the exercise's cell."""
        result = self._failed.get(name)
        if result is None or result.status != "raised":
            return None
        return submission_error(
            result.error_type, [result.error_type], result.message, result.frames
        )

    def with_reference(self, names: Sequence[str]) -> "WorkerCandidate":
        """A candidate whose cells for these exercises hold the reference source."""
        cells = [
            replace(c, source=self._reference[c.name])
            if c.name in names and c.name in self._reference
            else c
            for c in self._cells
        ]
        return WorkerCandidate(
            cells, self._reference, cell_seconds=self._cell_seconds, isolation=self.isolation
        )

    def close(self) -> None:
        """End the worker."""
        if self._session is not None:
            self._session.close()
            self._session = None


class KernelCandidate:
    """Names in the learner's own kernel: instant, and never for scores that count."""

    isolation = "kernel"

    def __init__(self, namespace: dict[str, Any], reference: Mapping[str, str]) -> None:
        self.cell_errors: tuple[str, ...] = ()
        self._session = in_process(namespace)
        self._history = namespace.get("In")
        self._reference = reference
        self._restores: list[Callable[[], None]] = []

    def session(self) -> Session:
        """The session on the kernel's namespace."""
        return self._session

    def why_not_run(self, name: str) -> SubmissionError | None:
        """The syntax error of the last cell that was to define the name.

        A kernel remembers what was typed, and not what came of it.
        """
        return syntax_error_of(name, self._history)

    def with_reference(self, names: Sequence[str]) -> "KernelCandidate":
        """This candidate, with the names redefined until `close`."""
        for name in names:
            if name in self._reference:
                self._restores.append(self._session.define(name, self._reference[name]))
        return self

    def close(self) -> None:
        """Give the learner's own definitions back."""
        while self._restores:
            self._restores.pop()()
