"""A cohort's course: a folder with `course.toml`, the roster, the course key and a gradebook.

`nbgrader_config.py` in the folder calls `configure`, so that nbgrader's own commands work there
and say the same as `firsthand course`. Nothing here imports nbgrader.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firsthand.cohort.roster import read_roster
from firsthand.gradebook import configuration
from firsthand.gradebook.book import Student
from firsthand.grading.limits import CELL_SECONDS
from firsthand.grading.pool import TEST_SECONDS
from firsthand.unit import CourseError, Unit, find_unit

FILE = "course.toml"
COURSE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
EXAMPLE_DUE = "2027-01-31T23:59:00+01:00"
LOCK_SECONDS = 60  # that a writer waits for another one's lock on the gradebook


@dataclass(frozen=True)
class Course:
    """What `course.toml` says. Paths are absolute; due dates have a time zone.

    exchange: nbgrader's exchange, or None where submissions arrive as files. isolation: the walls
    to grade with, "" for the strongest of the machine. units: due dates, or None, by unit id.
    """

    folder: Path
    course_id: str
    project: Path
    exchange: Path | None
    db_url: str
    key_file: Path
    roster: Path
    cell_seconds: float
    call_seconds: float | None
    test_seconds: float
    isolation: str
    units: Mapping[str, datetime | None]

    @property
    def results(self) -> Path:
        """The file in which reports are kept."""
        return self.folder / "results.db"

    @property
    def key(self) -> str:
        """The course key. Raises CourseError where its file cannot be read."""
        try:
            key = self.key_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise CourseError(
                f"{self.key_file} cannot be read: {error.strerror}. It holds the course key: "
                "without it, submissions meet other inputs than before. Restore it."
            ) from None
        if not key:
            raise CourseError(f"{self.key_file} is empty; it must hold the course key.")
        return key

    def students(self) -> dict[str, Student]:
        """The roster, by id."""
        return read_roster(self.roster)

    def unit(self, text: str) -> Unit:
        """The unit of this course whose number or id is `text`."""
        unit = find_unit(text, self.project)
        if unit.id not in self.units:
            raise CourseError(
                f"{unit.id} is not in {self.folder / FILE}, which has "
                f"{', '.join(self.units)}. Add a [[unit]] for it."
            )
        return unit

    def due(self, unit: Unit) -> datetime | None:
        """The due date as nbgrader stores it: UTC, without a time zone."""
        due = self.units[unit.id]
        return None if due is None else due.astimezone(UTC).replace(tzinfo=None)


_TEXT, _NUMBER, _LIST = (str,), (int, float), (list,)
_WORDS: dict[tuple[type, ...], str] = {
    _TEXT: "text in quotes",
    _NUMBER: "a number",
    _LIST: "a list of [[unit]]",
}
_TYPES: dict[str, tuple[type, ...]] = {
    "course_id": _TEXT,
    "project": _TEXT,
    "unit": _LIST,
    "exchange": _TEXT,
    "db_url": _TEXT,
    "key_file": _TEXT,
    "roster": _TEXT,
    "cell_seconds": _NUMBER,
    "call_seconds": _NUMBER,
    "test_seconds": _NUMBER,
    "isolation": _TEXT,
}
_DEFAULTS: dict[str, Any] = {
    **{"exchange": "", "db_url": "", "key_file": "course.key", "roster": "roster.csv"},
    **{
        "cell_seconds": CELL_SECONDS,
        "call_seconds": 0.0,
        "test_seconds": TEST_SECONDS,
        "isolation": "",
    },
}


def load_course(folder: Path) -> Course:
    """Read and check `course.toml`. Raises CourseError for anything missing, unknown or wrong."""
    folder = folder.resolve()
    path = folder / FILE
    table = _checked(_read(path), str(path))
    project = (folder / table["project"]).resolve()
    if not (project / "curriculum" / "stages.toml").is_file():
        raise CourseError(
            f"{path}: project is {table['project']!r}, and {project} holds no "
            "curriculum/stages.toml. Name a clone of firsthand."
        )
    if not COURSE_ID.fullmatch(table["course_id"]):
        raise CourseError(
            f"{path}: course_id is {table['course_id']!r}; use letters, digits, _ and -."
        )
    own = f"sqlite:///{folder / 'gradebook.db'}?timeout={LOCK_SECONDS}"
    return Course(
        folder=folder,
        course_id=table["course_id"],
        project=project,
        exchange=(folder / table["exchange"]).resolve() if table["exchange"] else None,
        db_url=table["db_url"] or own,
        key_file=folder / table["key_file"],
        roster=folder / table["roster"],
        cell_seconds=float(table["cell_seconds"]),
        call_seconds=float(table["call_seconds"]) or None,
        test_seconds=float(table["test_seconds"]),
        isolation=table["isolation"],
        units=_units(table["unit"], project, str(path)),
    )


def find_course(start: Path) -> Course:
    """The course in `start` or the nearest folder above it."""
    start = start.resolve()
    for folder in [start, *start.parents]:
        if (folder / FILE).is_file():
            return load_course(folder)
    raise CourseError(
        f"no {FILE} in {start} or above. Run this in a course's folder, or name it with --course; "
        "`firsthand course init DIR` makes one."
    )


def configure(c: Any, folder: Path) -> None:
    """Set nbgrader's configuration `c` for the course in `folder`; `nbgrader_config.py` calls it.

    The environment is set too: nbgrader's steps find the units and the course key there.
    """
    course = load_course(folder)
    prepare_environment(course)
    configuration.configure(c)
    c.CourseDirectory.root = str(course.folder)
    c.CourseDirectory.course_id = course.course_id
    c.CourseDirectory.db_url = course.db_url
    if course.exchange is not None:
        c.Exchange.root = str(course.exchange)
    c.ExchangeFactory.collect = "firsthand.gradebook.OwnedCollect"
    c.OwnedCollect.accounts = {s.id: s.account for s in course.students().values()}
    c.ExportApp.plugin_class = "firsthand.gradebook.CsvExport"
    c.Autograde.create_student = False  # the roster says who is in the course
    c.Grade.cell_seconds = course.cell_seconds
    c.Grade.call_seconds = course.call_seconds
    c.Grade.test_seconds = course.test_seconds
    c.Grade.isolation = course.isolation
    c.Grade.results = str(course.results)


def prepare_environment(course: Course) -> None:
    """What nbgrader's steps, and programs that they start, read from the environment."""
    configuration.find_programs()
    os.environ["FIRSTHAND_COURSE"] = str(course.project)
    os.environ["FIRSTHAND_COURSE_KEY_FILE"] = str(course.key_file)
    os.environ.pop("FIRSTHAND_COURSE_KEY", None)  # it would take precedence over the file


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(
            f"{path} does not exist; `firsthand course init DIR` makes one."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}.") from None


def _units(rows: list[Any], project: Path, where: str) -> dict[str, datetime | None]:
    units: dict[str, datetime | None] = {}
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise CourseError(f'{where}: every [[unit]] needs an id, such as "402".')
        for key in row:
            if key not in ("id", "due"):
                hint = did_you_mean(key, ("id", "due"))
                raise CourseError(f"{where}: unit {row['id']!r} has the unknown key {key!r}.{hint}")
        unit = find_unit(row["id"], project).id
        if unit in units:
            raise CourseError(f"{where}: unit {unit} occurs twice.")
        units[unit] = checked_due(row.get("due"), f"{where}: unit {unit}")
    if not units:
        raise CourseError(f"{where} names no unit; add a [[unit]] with an id.")
    return units


def checked_due(due: object, where: str) -> datetime | None:
    """A due date with its time zone, or None. Raises CourseError for anything else."""
    if due is None:
        return None
    if not isinstance(due, datetime) or due.tzinfo is None:
        shown = due.isoformat() if isinstance(due, datetime) else str(due)
        raise CourseError(
            f"{where}: due is {shown}; write date, time and offset, such as {EXAMPLE_DUE}."
        )
    return due


def _checked(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The row with defaults. Raises CourseError for a key that is unknown, missing or wrong."""
    for key, value in row.items():
        if key not in _TYPES:
            raise CourseError(f"{where} has the unknown key {key!r}.{did_you_mean(key, _TYPES)}")
        if not isinstance(value, _TYPES[key]) or isinstance(value, bool):
            raise CourseError(f"{where}: {key} is {value!r}; it must be {_WORDS[_TYPES[key]]}.")
    table = _DEFAULTS | dict(row)
    for key in _TYPES:
        if key not in table:
            missing = "a [[unit]]" if key == "unit" else f"the key {key!r}"
            raise CourseError(f"{where} lacks {missing}.")
    return table


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """A sentence with the nearest of `names`, or ""."""
    near = difflib.get_close_matches(text, list(names), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""
