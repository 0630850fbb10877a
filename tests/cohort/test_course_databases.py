"""Gradebooks in SQLite and in PostgreSQL: several instructors at once, and a course's own run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from firsthand.gradebook import book
from firsthand.unit import CourseError
from tests.cohort import postgres
from tests.cohort.course_folder import WRONG, released
from tests.cohort.instructor import CELLS, LEARNERS, UNIT

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def database():
    """The URL of a running PostgreSQL server."""
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL server is installed (Debian: the package postgresql)")
    pytest.importorskip("psycopg", reason="psycopg, the driver for PostgreSQL, is not installed")
    with postgres.server() as url:
        yield url


def new_database(url, name):
    from sqlalchemy import create_engine, text

    engine = create_engine(url + "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine.dispose()
    return url + name


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gradebook.db'}?timeout=60"
    return new_database(request.getfixturevalue("database"), "together")


def test_four_instructors_at_once_lose_and_double_nothing(url):
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.cohort.instructor", url, str(number)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number in range(4)
    ]
    for process in running:
        output, _ = process.communicate(timeout=200)
        assert process.returncode == 0, output
        assert output == "", "the races of nbgrader are not the instructors' to read"
    assert book._query(url, "select count(*) from student") == [(len(LEARNERS),)]
    assert book._query(url, "select count(*) from submitted_assignment") == [(len(LEARNERS),)]
    assert book._query(url, "select count(*) from grade") == [(len(LEARNERS) * len(CELLS),)]
    assert book._query(url, "select count(*) from alembic_version") == [(1,)]
    scores = book.scores(url, UNIT)
    given = {name: [scores[name][cell].manual for cell in CELLS] for name in LEARNERS}
    assert given == {name: [1.0, 2.0, 3.0, 4.0] for name in LEARNERS}


def test_a_course_keeps_its_gradebook_in_postgresql(database, tmp_path, monkeypatch):
    url = new_database(database, "term")
    course = released(tmp_path, monkeypatch, ["ada", "bo"], "--db-url", url)
    assert (
        course.hand_in_files({"ada": course.notebook(), "bo": course.notebook(**WRONG)}).code == 0
    )
    done = course.run("grade", "900", "--processes", "1")
    assert done.code == 0, done.output
    scores = {name: sum(row.values()) for name, row in course.scores().items()}
    assert scores == {"ada": course.unit.points, "bo": course.unit.points - 3}
    assert "0 graded now, 0 written" in course.run("grade", "900").output
    assert not (course.folder / "gradebook.db").exists()


def test_a_server_that_does_not_answer_is_told_in_one_line_without_its_password():
    url = f"postgresql+psycopg://me:secret@127.0.0.1:{postgres.free_port()}/term"
    with pytest.raises(CourseError) as error:
        book.scores(url, UNIT)
    assert "cannot be read" in str(error.value)
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)
