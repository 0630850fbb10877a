"""A reference solution opens after full marks, or for whoever gives the exercise up by name."""

import json

import pytest

from firsthand import check, journal, solution, use_unit
from firsthand.notebook.reference import Reference

SOLVED = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
CLOSED = (
    "the solution of double is closed: full marks open it. "
    'To give up:  solution("double", give_up="double")\n'
)


@pytest.fixture
def names(session, course, monkeypatch, capsys):
    cells = [cell("double", "exercise", SOLVED), cell("essay", "rubric", "Because it doubles.")]
    course.solution_notebook.parent.mkdir(parents=True)
    table = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    course.solution_notebook.write_text(json.dumps(table))
    use_unit("901_tiny")
    capsys.readouterr()
    namespace = {}
    monkeypatch.setattr("firsthand.notebook.namespace", lambda caller: namespace)
    return namespace


def cell(name, kind, source):
    code = {"cell_type": "code", "outputs": [], "execution_count": None}
    shape = code if kind == "exercise" else {"cell_type": "markdown"}
    metadata = {"firsthand": {"kind": kind, "name": name}}
    return {"id": name, "metadata": metadata, "source": [source], **shape}


def double(x):
    return x + x


def opened(course):
    return [(e.exercise, e.detail) for e in journal.events(course.root) if e.kind == "solution"]


def test_before_full_marks_one_line_says_what_opens_it(names, course, capsys):
    names["double"] = lambda x: x * x
    check("double")
    solution("double")
    assert capsys.readouterr().out == CLOSED
    assert opened(course) == []


def test_full_marks_open_it_and_that_is_noted_once(names, course, capsys):
    names["double"] = double
    assert '`solution("double")` shows the reference' in repr(check("double"))
    solution("double")
    solution(double)
    out = capsys.readouterr().out
    assert "def double(x):\n    return 2 * x\n" in out
    assert "SOLUTION" not in out
    assert opened(course) == [("double", "full marks")]


def test_giving_up_by_name_opens_it_for_good(names, course, capsys):
    solution("double", give_up="double")
    solution("double")
    assert capsys.readouterr().out.count("return 2 * x") == 2
    names["double"] = double
    check("double")
    solution("double")
    assert opened(course) == [("double", "gave up")]


@pytest.mark.parametrize("given_up", ["quadruple", "duble", True])
def test_giving_up_something_else_opens_nothing(names, course, capsys, given_up):
    solution("double", give_up=given_up)
    out = capsys.readouterr().out
    assert out.startswith("nothing was given up: give_up is ")
    assert (out.count("\n"), opened(course)) == (1, [])


def test_a_model_answer_opens_only_by_giving_up(names, course, capsys):
    solution("essay")
    assert capsys.readouterr().out.startswith("the solution of essay is closed: a person grades")
    for _ in range(2):
        solution("essay", give_up="essay")
    assert capsys.readouterr().out.count("Because it doubles.") == 2
    assert opened(course) == [("essay", "gave up")]


def test_an_unknown_exercise_gets_a_suggestion(names, capsys):
    solution("duble", give_up="duble")
    assert "Did you mean 'double'?" in capsys.readouterr().out


def test_without_solutions_one_line_says_so_and_nothing_is_given_up(names, course, capsys):
    course.solution_notebook.unlink()
    names["double"] = double
    assert "solution(" not in repr(check("double"))
    solution("double", give_up="double")
    out = capsys.readouterr().out
    assert out.startswith("no solutions here: ")
    assert (out.count("\n"), opened(course)) == (1, [])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": []}', '{"cells": [3]}'])
def test_a_broken_solution_notebook_is_one_line(names, course, capsys, text):
    course.solution_notebook.write_text(text)
    solution("double", give_up="double")
    out = capsys.readouterr().out
    assert "has no readable solution of double" in out
    assert out.count("\n") == 1


def test_in_a_grading_worker_it_is_silent(names, course, monkeypatch, capsys):
    monkeypatch.setenv("FIRSTHAND_WORKER", "1")
    solution("double", give_up="double")
    assert capsys.readouterr() == ("", "")
    assert opened(course) == []


def test_a_notebook_shows_code_in_its_own_colours():
    shown = Reference("A sentence.", "def f():\n    pass", "python")._repr_mimebundle_()
    assert shown["text/markdown"] == "A sentence.\n\n```python\ndef f():\n    pass\n```"
    assert shown["text/plain"] == "A sentence.\n\ndef f():\n    pass"
    assert Reference("S.", "*text*", "markdown").markdown == "S.\n\n*text*"
