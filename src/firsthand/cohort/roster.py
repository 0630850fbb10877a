"""The roster: who is in the course, and which system account hands in for whom."""

import csv
import io
import re
from pathlib import Path

from firsthand.gradebook.book import Student
from firsthand.unit import CourseError

COLUMNS = ("id", "first name", "last name", "email", "account")
# It names folders and patterns of nbgrader, which splits a submission's name at "+".
STUDENT_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,126}")


def read_roster(path: Path) -> dict[str, Student]:
    """The learners by id, in the file's order.

    Raises CourseError, with the line, for a column or an id that is missing, wrong or double.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CourseError(f"the roster {path} cannot be read: {told}.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = {name: _column(name) for name in reader.fieldnames or () if name}
    _check_columns(path, list(names.values()))
    students: dict[str, Student] = {}
    for row in reader:
        values = {names[k]: (v or "").strip() for k, v in row.items() if k in names}
        if not any(values.values()):
            continue
        student = Student(*(values.get(column, "") for column in COLUMNS))
        _check_row(f"{path}, line {reader.line_num}", student, students)
        students[student.id] = student
    if not students:
        raise CourseError(f"the roster {path} has no learner: one line each, below {_HEADER!r}.")
    return students


_HEADER = ",".join(COLUMNS)


def _column(name: str) -> str:
    return " ".join(name.replace("_", " ").lower().split())


def _check_columns(path: Path, found: list[str]) -> None:
    for column in found:
        if column not in COLUMNS:
            raise CourseError(f"{path} has the column {column!r}; it may have {_HEADER!r}.")
    if "id" not in found:
        raise CourseError(f"{path} has no column 'id'; its first line must be {_HEADER!r}.")
    if len(set(found)) != len(found):
        raise CourseError(f"{path} has a column twice; its first line must be {_HEADER!r}.")


def _check_row(where: str, student: Student, known: dict[str, Student]) -> None:
    if not STUDENT_ID.fullmatch(student.id):
        raise CourseError(
            f"{where}: the id is {student.id!r}; use letters, digits and _ . @ - after the first."
        )
    if student.id in known:
        raise CourseError(f"{where}: the id {student.id!r} occurs twice.")
    owners = [s.id for s in known.values() if student.account and s.account == student.account]
    if owners:
        raise CourseError(
            f"{where}: the account {student.account!r} is also that of {owners[0]!r}; "
            "an account hands in for one learner."
        )
