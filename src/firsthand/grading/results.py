"""Reports kept by content: what was graded once, by the same graders, is not graded again.

A result is found by three hashes: of the graders with the course key, of the submission, and of
what runs both. Nothing here imports torch, so that a run with nothing to do ends at once. The
reasons are in `docs/decisions/0011-results-cached-by-content.md`.
"""

import hashlib
import platform
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, Self

from firsthand.grading import intake
from firsthand.report import Report, Status
from firsthand.unit import Cell, CourseError, Unit

LOCK_SECONDS = 60.0  # to wait for another process that writes
_PACKAGES = ("torch", "numpy", "einops", "jaxtyping", "pytest")
_SOURCES = ("grading", "kit", "compare.py", "difference.py", "report.py", "unit.py")
_TABLE = """
create table if not exists results (
    suite_hash text not null,
    submission_hash text not null,
    environment_hash text not null,
    report text not null,
    primary key (suite_hash, submission_hash, environment_hash)
)
"""
_WHERE = "where suite_hash = ? and submission_hash = ? and environment_hash = ?"


class ResultKey(NamedTuple):
    """What a result depends on. `str` gives one word that names it."""

    suite: str
    submission: str
    environment: str

    def __str__(self) -> str:
        return "-".join(self)

    @classmethod
    def named(cls, text: str) -> "ResultKey":
        """The key that `str` gave the name `text`."""
        return cls(*text.split("-"))


def suite_hash(unit: Unit, course_key: str) -> str:
    """Of the hidden tests, the points, the reference solutions and the course key."""
    parts = [path.read_bytes() for path in unit.graders]
    rows = [(e.name, e.points, e.uses, e.kind, e.call_seconds) for e in unit.exercises]
    reference = intake.reference_cells(unit) if unit.solution_notebook.is_file() else []
    run = [(c.kind, c.name, c.source) for c in reference if c.kind != "prose"]
    return _digest([*parts, repr(rows).encode(), repr(run).encode(), course_key.encode()])


def submission_hash(cells: Sequence[Cell], rejected: str = "") -> str:
    """Of the cells to grade, or of the reason why there are none. Prose and free text run never."""
    if rejected:
        return _digest([b"rejected", rejected.encode()])
    run = [(c.kind, c.name, c.source) for c in cells if c.kind not in ("prose", "rubric")]
    return _digest([repr(run).encode()])


@cache
def environment_hash(isolation: str, cell_seconds: float, call_seconds: float | None) -> str:
    """Of what runs the tests: Python, its packages, this engine, the walls and deadlines asked for.

    isolation: the level of the walls.
    """
    machine = [sys.platform, platform.machine(), platform.python_version()]
    versions = [f"{name} {version(name)}" for name in _PACKAGES]
    asked = [isolation, repr(float(cell_seconds)), repr(call_seconds and float(call_seconds))]
    words = [word.encode() for word in [*machine, *versions, *asked]]
    return _digest([*words, *(path.read_bytes() for path in _engine_files())])


def _engine_files() -> Iterator[Path]:
    """The files that can change a score: not the command line, pages, or this cohort's course."""
    package = Path(__file__).resolve().parents[1]
    for name in _SOURCES:
        found = package / name
        yield from [found] if found.is_file() else sorted(found.rglob("*.py"))
    yield from sorted(path for path in (package / "kit" / "files").rglob("*") if path.is_file())


def _digest(parts: Iterable[bytes]) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()[:20]


class Results:
    """The stored reports of a course, one row each, in an SQLite file. A context manager.

    A process that is killed at any moment leaves whole rows only.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file. Raises CourseError where that cannot be done."""
        self.path = path
        with self._told():
            self._database = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)
            self._database.execute("pragma journal_mode = wal")
            # After a loss of power the last rows may be missing; they are graded again then.
            self._database.execute("pragma synchronous = normal")
            self._database.execute(_TABLE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def get(self, key: ResultKey) -> Report | None:
        """The stored report, or None."""
        with self._told():
            query = f"select report from results {_WHERE}"
            row = self._database.execute(query, key).fetchone()
        return None if row is None else Report.from_json(row[0])

    def __contains__(self, key: ResultKey) -> bool:
        """Whether there is a report for `key`."""
        with self._told():
            query = f"select 1 from results {_WHERE}"
            return self._database.execute(query, key).fetchone() is not None

    def faulty(self, suite: str) -> Iterator[tuple[ResultKey, Report]]:
        """The reports of a suite in which a grader broke."""
        with self._told():
            # Learners' own text can hold the words too, so they only choose what is read.
            query = "select * from results where suite_hash = ? and report like ?"
            rows = self._database.execute(query, (suite, f"%{Status.FAULT}%")).fetchall()
        for *key, text in rows:
            report = Report.from_json(text)
            if report.has_fault:
                yield ResultKey(*key), report

    def put(self, key: ResultKey, report: Report, *, replace: bool = False) -> None:
        """Store a report. The first one stays, unless `replace` asks for another."""
        verb = "replace" if replace else "ignore"
        with self._told():
            query = f"insert or {verb} into results values (?, ?, ?, ?)"
            self._database.execute(query, (*key, report.to_json()))

    def __len__(self) -> int:
        with self._told():
            return int(self._database.execute("select count(*) from results").fetchone()[0])

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong with the file is the machine's: a full disk, a lock, missing rights."""
        try:
            yield
        except sqlite3.Error as error:
            raise CourseError(
                f"{self.path}: {error}. Mend that and run the command again: "
                "what was graded until now is kept."
            ) from None
