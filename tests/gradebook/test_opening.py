"""A gradebook is made once and opened many times: with what others did to it meanwhile."""

import sqlite3
from contextlib import closing

import pytest
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.sql.elements import ClauseElement

from firsthand.gradebook import opening  # noqa: F401  # what is tested

COURSE = "alignment"


@pytest.fixture
def url(tmp_path, monkeypatch):
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: "0")  # a program of 2 seconds
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


@pytest.fixture
def asked():
    """The statements that databases were asked."""
    seen = []

    def note(connection, cursor, statement, *_):
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def add(url, name):
    with Gradebook(url, COURSE) as gradebook:
        gradebook.add_student(name)


def students(url):
    with Gradebook(url, COURSE) as gradebook:
        return [student.id for student in gradebook.students]


def test_a_new_gradebook_has_its_tables_and_its_course(url):
    with Gradebook(url, COURSE) as gradebook:
        assert gradebook.course_id == COURSE and gradebook.students == []
    with Gradebook(url, COURSE):
        pass
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        assert database.execute("select id from course").fetchall() == [(COURSE,)]
        assert database.execute("select count(*) from alembic_version").fetchall() == [(1,)]


def test_opening_again_asks_nothing_and_compiles_nothing(url, asked, monkeypatch):
    add(url, "ada")
    assert students(url) == ["ada"]
    compiled, original = [], ClauseElement._compiler

    def counting(self, *arguments, **options):
        compiled.append(self)
        return original(self, *arguments, **options)

    monkeypatch.setattr(ClauseElement, "_compiler", counting)
    asked.clear()
    with Gradebook(url, COURSE):
        pass
    assert asked == []
    assert students(url) == ["ada"] and len(asked) == 1
    assert compiled == []


def test_what_another_process_wrote_is_seen(url):
    add(url, "ada")
    path = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("insert into student (id) values ('grace')")
    assert sorted(students(url)) == ["ada", "grace"]


def test_no_connection_outlives_a_gradebook(url):
    with Gradebook(url, COURSE) as gradebook:
        gradebook.add_student("ada")
        assert gradebook.engine.pool.checkedin() + gradebook.engine.pool.checkedout() == 1
    assert gradebook.engine.pool.checkedin() + gradebook.engine.pool.checkedout() == 0


def test_two_gradebooks_of_one_database_have_sessions_of_their_own(url):
    add(url, "ada")
    with Gradebook(url, COURSE) as first:
        student = first.find_student("ada")
        student.first_name = "Ada"  # not written yet
        with Gradebook(url, COURSE) as second:
            assert second.find_student("ada").first_name is None
        first.db.commit()
        assert student.first_name == "Ada"
    with Gradebook(url, COURSE) as third:
        assert third.find_student("ada").first_name == "Ada"


def test_a_gradebook_that_was_deleted_is_made_again(url, tmp_path):
    add(url, "ada")
    (tmp_path / "gradebook.db").unlink()
    with Gradebook(url, COURSE) as gradebook, pytest.raises(MissingEntry):
        gradebook.find_student("ada")
    add(url, "grace")
    assert students(url) == ["grace"]


def test_a_gradebook_that_was_replaced_is_looked_at_anew(url, tmp_path):
    add(url, "ada")
    (tmp_path / "empty.db").touch()
    (tmp_path / "empty.db").rename(tmp_path / "gradebook.db")
    assert students(url) == []


def test_another_course_of_the_same_database_gets_its_row(url):
    add(url, "ada")
    with Gradebook(url, "governance"):
        pass
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        found = database.execute("select id from course order by id").fetchall()
    assert found == [(COURSE,), ("governance",)]


def test_each_database_in_memory_is_its_own(url):
    with Gradebook("sqlite:///:memory:", COURSE) as first:
        first.add_student("ada")
        with Gradebook("sqlite:///:memory:", COURSE) as second:
            assert second.students == []
