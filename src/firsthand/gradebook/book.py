"""Read and write the gradebook: its schema, the roster, due dates and scores.

nbgrader reads before it inserts, so that two processes can collide on a new row, and creates its
tables without a lock. Every write here is repeated after such a collision; none is lost or doubled.
"""

import logging
import random
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

from firsthand.build import skip_uri_grammar
from firsthand.gradebook.configuration import find_programs
from firsthand.unit import CourseError

skip_uri_grammar()

from sqlalchemy import create_engine, text  # noqa: E402
from sqlalchemy.engine import make_url  # noqa: E402
from sqlalchemy.exc import DBAPIError, SAWarning, SQLAlchemyError  # noqa: E402

TRIES = 12
Value = TypeVar("Value")

_SCORES = """
select sa.student_id as student, c.name as cell, gc.max_score as worth, g.auto_score as automatic,
    g.manual_score as manual, g.needs_manual_grade as waiting
from grade g
join submitted_notebook sn on g.notebook_id = sn.id
join submitted_assignment sa on sn.assignment_id = sa.id
join assignment a on sa.assignment_id = a.id
join base_cell c on g.cell_id = c.id
join grade_cells gc on gc.id = c.id
where a.name = :assignment
"""

# As nbgrader reckons: what was given by hand wins, extra credit is added, lateness taken off.
_TOTALS = """
select sa.student_id,
    sum(coalesce(g.manual_score, g.auto_score, 0) + coalesce(g.extra_credit, 0))
    - coalesce(max(sn.late_submission_penalty), 0)
from grade g
join submitted_notebook sn on g.notebook_id = sn.id
join submitted_assignment sa on sn.assignment_id = sa.id
join assignment a on sa.assignment_id = a.id
where a.name = :assignment
group by sa.student_id
"""


class Score(NamedTuple):
    """One cell of one learner. automatic, manual: points, None where there are none yet."""

    worth: float
    automatic: float | None
    manual: float | None
    waiting: bool


class Student(NamedTuple):
    """One row of the roster, with the system account that hands in for it, or ""."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    account: str = ""


def create_schema(db_url: str, course_id: str) -> None:
    """Make the gradebook's tables where they are missing."""
    with opened(db_url, course_id):
        pass


def write_roster(db_url: str, course_id: str, students: Mapping[str, Student]) -> None:
    """Write learners that the gradebook lacks or knows under other names. It removes nobody."""
    missing = missing_students(db_url, students)
    if not missing:
        return
    with opened(db_url, course_id) as gradebook:
        for student in missing:
            details = {k: v for k, v in student._asdict().items() if k not in ("id", "account")}
            write = partial(gradebook.update_or_create_student, student.id, **details)
            retried(write, recover=gradebook.db.rollback)


def missing_students(db_url: str, students: Mapping[str, Student]) -> list[Student]:
    """Those of the roster whose row is missing or differs."""
    rows = _query(db_url, "select id, first_name, last_name, email from student")
    known = {row[0]: tuple(value or "" for value in row) for row in rows}
    return [s for s in students.values() if known.get(s.id) != tuple(s)[:4]]


def write_assignment(db_url: str, course_id: str, name: str, due: datetime | None) -> None:
    """Write an assignment's due date (UTC, without a time zone), and the assignment if need be."""
    with opened(db_url, course_id) as gradebook:
        write = partial(gradebook.update_or_create_assignment, name, duedate=due)
        retried(write, recover=gradebook.db.rollback)


def scores(db_url: str, assignment: str) -> dict[str, dict[str, Score]]:
    """The scores of an assignment: by learner, then by cell. nbgrader is not imported."""
    table: dict[str, dict[str, Score]] = {}
    for student, cell, *score in _query(db_url, _SCORES, assignment=assignment):
        worth, automatic, manual, waiting = score
        table.setdefault(student, {})[cell] = Score(worth, automatic, manual, bool(waiting))
    return table


def totals(db_url: str, assignment: str) -> dict[str, float]:
    """The points of everybody who submitted, as in the gradebook. An assignment is one notebook."""
    rows = _query(db_url, _TOTALS, assignment=assignment)
    return {student: max(0.0, float(points)) for student, points in rows}


def _query(db_url: str, query: str, **values: Any) -> list[Any]:
    engine = create_engine(db_url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(query), values))
    except SQLAlchemyError as error:
        raise CourseError(unreachable(db_url, error)) from None
    finally:
        engine.dispose()


@contextmanager
def opened(db_url: str, course_id: str) -> Iterator[Any]:
    """The Gradebook of nbgrader, with its tables; two processes may make them at once."""
    find_programs()
    from nbgrader.api import Gradebook

    gradebook = retried(lambda: Gradebook(db_url, course_id))
    try:
        yield gradebook
    finally:
        gradebook.close()


def retried(write: Callable[[], Value], *, recover: Callable[[], None] | None = None) -> Value:
    """Do `write`; after a collision with another process or a lock do `recover` and it again.

    Raises CourseError where it still fails, or where the database cannot be reached.
    """
    from nbgrader.api import InvalidEntry

    with _quiet():
        for attempt in range(1, TRIES + 1):
            try:
                return write()
            except (InvalidEntry, SQLAlchemyError) as error:
                if attempt == TRIES or not _collided(error):
                    raise CourseError(
                        f"the gradebook cannot be written: {first_line(error)}."
                    ) from None
                time.sleep(random.uniform(0, 0.02 * 2 ** min(attempt, 6)))
    raise AssertionError("unreachable")


def _collided(error: Exception) -> bool:
    words = str(error).lower()
    signs = ("unique", "duplicate", "already exists", "locked", "deadlock", "serialize")
    return any(sign in words for sign in signs)


def unreachable(db_url: str, error: Exception) -> str:
    """One line for a database that does not answer, without the password of its URL."""
    shown = make_url(db_url).render_as_string(hide_password=True)
    return f"the gradebook {shown} cannot be read: {first_line(error)}."


def first_line(error: Exception) -> str:
    """What an error says, on one line, without SQLAlchemy's explanations."""
    told = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = [line.strip() for line in str(told).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__).rstrip(".")


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what nbgrader logs and SQLAlchemy warns of at every write and expected collision."""
    log = logging.getLogger("tornado.application")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            yield
    finally:
        log.setLevel(level)
