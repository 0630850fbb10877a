"""Make a course's folder, and keep its gradebook in step with `course.toml` and the roster."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from firsthand.cohort.course import COURSE_ID, FILE, Course, load_course
from firsthand.cohort.roster import read_roster
from firsthand.gradebook import book
from firsthand.unit import CourseError, Unit

CONFIG = '''"""nbgrader's configuration of this course. course.toml says what is yours to change.

Lines that you add below the last one win.
"""

from pathlib import Path

from firsthand.cohort.course import configure

c = get_config()  # nbgrader defines it
configure(c, Path(__file__).parent)
'''

_TOML = """\
# A course of firsthand. `firsthand course` and nbgrader's own commands read this file.

course_id = {course_id}
project = {project}  # the clone with curriculum/, graders/ and the built notebooks
exchange = {exchange}  # nbgrader's exchange folder; "" where submissions arrive as files
db_url = {db_url}  # "" is gradebook.db in this folder; or "postgresql+psycopg://USER@HOST/NAME"
key_file = "course.key"  # hidden tests draw their inputs from it: one key for a term
roster = "roster.csv"  # id,first name,last name,email,account
cell_seconds = 20.0  # deadline of one cell of a submission
# call_seconds = 10.0  # a lower deadline for every call of a test
# test_seconds = 300.0  # after which a hidden test counts as hanging
# isolation = "full"  # the walls around learners' code; without it the strongest of the machine
"""


def create_course(
    folder: Path,
    *,
    project: Path,
    roster: Path,
    units: Mapping[str, datetime | None],
    exchange: Path | None = None,
    db_url: str = "",
    course_id: str = "firsthand",
) -> Course:
    """Make the course's folder, whole or not at all.

    units: due dates, or None, by unit id. Raises CourseError where there is a course already.
    """
    if not COURSE_ID.fullmatch(course_id):
        raise CourseError(f"the course id is {course_id!r}; use letters, digits, _ and -.")
    folder = Path(os.path.abspath(folder))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is not empty; a course gets a folder of its own.")
    read_roster(roster)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        text = _toml(folder, project, exchange, db_url, course_id, units)
        (part / FILE).write_text(text, encoding="utf-8")
        (part / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        shutil.copyfile(roster, part / "roster.csv")
        _write_secret(part / "course.key")
        load_course(part)  # nothing is made that could not be read again
        part.chmod(0o700)  # the key, the solutions and everybody's work
        os.rename(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    course = load_course(folder)
    prepare(course)
    return course


def prepare(course: Course) -> None:
    """Give the gradebook its tables, the roster and the due dates, where they are missing."""
    students = course.students()
    try:
        missing = bool(book.missing_students(course.db_url, students))
    except CourseError:  # there is no table yet
        book.create_schema(course.db_url, course.course_id)
        missing = True
    if missing:
        book.write_roster(course.db_url, course.course_id, students)


def copy_unit(course: Course, unit: Unit) -> None:
    """Copy the built notebooks to where nbgrader makes its release from."""
    for path in (unit.solution_notebook, unit.visible_tests):
        if not path.is_file():
            raise CourseError(
                f"{path} does not exist. Run `firsthand dev build {unit.number}` in "
                f"{course.project}."
            )
    target = course.folder / "source" / unit.id
    target.mkdir(parents=True, exist_ok=True)
    for path in (unit.solution_notebook, unit.visible_tests):
        part = target / f"{path.name}.part"
        shutil.copyfile(path, part)
        os.replace(part, target / path.name)


def _write_secret(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(16) + "\n")


def _toml(
    folder: Path,
    project: Path,
    exchange: Path | None,
    db_url: str,
    course_id: str,
    units: Mapping[str, datetime | None],
) -> str:
    values = {
        "course_id": course_id,
        "project": os.path.relpath(project.resolve(), folder.resolve()),
        "exchange": "" if exchange is None else os.path.abspath(exchange),
        "db_url": db_url,
    }
    text = _TOML.format(**{key: _quoted(str(value)) for key, value in values.items()})
    for unit, due in units.items():
        text += f"\n[[unit]]\nid = {_quoted(unit)}\n"
        text += (
            "# due = 2027-01-31T23:59:00+01:00\n" if due is None else f"due = {due.isoformat()}\n"
        )
    return text


def _quoted(text: str) -> str:
    if "\n" in text or any(ord(character) < 32 for character in text):
        raise CourseError(f"{text!r} holds a control character.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
