"""Statements are compiled once for a database, whichever engine asks."""

import pytest
from sqlalchemy import Integer, String, column, create_engine, inspect, select, table, text
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.sql.elements import ClauseElement

from firsthand.gradebook import statements

PEOPLE = table("people", column("name", String), column("age", Integer))


@pytest.fixture
def compiled(monkeypatch):
    """The statements that were compiled."""
    seen, original = [], ClauseElement._compiler

    def counting(self, *arguments, **options):
        seen.append(self)
        return original(self, *arguments, **options)

    monkeypatch.setattr(ClauseElement, "_compiler", counting)
    return seen


def ask(url, name, *, write=None):
    engine = create_engine(url)
    with engine.begin() as connection:
        if write:
            for line in write:
                connection.execute(text(line))
        query = select(PEOPLE.c.age).where(PEOPLE.c.name == name)
        found = list(connection.scalars(query))
    engine.dispose()
    return found


@pytest.fixture
def database(tmp_path):
    url = f"sqlite:///{tmp_path / 'people.db'}"
    rows = ["create table people (name text, age integer)", "insert into people values ('a', 1)"]
    assert ask(url, "a", write=[*rows, "insert into people values ('b', 2)"]) == [1]
    return url


def test_a_new_engine_finds_the_statement_and_binds_its_own_values(database, compiled):
    assert ask(database, "b") == [2] and ask(database, "nobody") == []
    assert compiled == []


def test_another_database_compiles_its_own(database, tmp_path, compiled):
    url = f"sqlite:///{tmp_path / 'other.db'}"
    assert ask(url, "a", write=["create table people (name text, age integer)"]) == []
    assert any(statement.is_select for statement in compiled)


def test_the_number_of_statements_is_bounded(database, monkeypatch):
    monkeypatch.setattr(statements, "MOST", 3)
    kept = statements.Statements()
    for number in range(10):
        kept[("dialect", number)] = number
        assert len(kept) <= 3 and kept[("dialect", number)] == number
    assert kept.get(("dialect", 0)) is None


@pytest.fixture
def looks(monkeypatch):
    """The tables that the database was asked for, one by one."""
    seen, original = [], SQLiteDialect.has_table

    def counting(self, connection, table_name, *arguments, **options):
        seen.append(table_name)
        return original(self, connection, table_name, *arguments, **options)

    monkeypatch.setattr(SQLiteDialect, "has_table", counting)
    return seen


def test_the_list_of_tables_answers_for_those_in_it(database, looks):
    engine = create_engine(database)
    assert inspect(engine).get_table_names() == ["people"]
    assert inspect(engine).has_table("people") and not inspect(engine).has_table("animals")
    assert looks == ["animals"]


def test_another_engine_sees_what_was_deleted(database):
    first = create_engine(database)
    assert inspect(first).get_table_names() == ["people"]
    with first.begin() as connection:
        connection.execute(text("drop table people"))
    second = create_engine(database)
    assert inspect(second).get_table_names() == []
    assert not inspect(second).has_table("people")
