"""Mutants change one thing each, and a unit's graders are held against them."""

import ast

import pytest
from rich.console import Console

from firsthand.authoring.mutants import grade_mutants, run_mutants
from firsthand.authoring.mutate import mutants_of
from firsthand.build import source as unit_source
from firsthand.unit import CourseError
from tests.grading import tiny


def bodies(source):
    """The mutated return expressions of a one-line function."""
    return {ast.unparse(ast.parse(m.source).body[0].body[-1]) for m in mutants_of("f", source)}


CHANGES = [
    ("x < 1", {"return x <= 1", "return x < 2", "return x < 0"}),
    ("x + y", {"return x - y"}),
    ("x and y", {"return x or y"}),
    ("not x", {"return x"}),
    ("-x", {"return x"}),
    ("True", {"return False"}),
    ("x.detach()", {"return x"}),
    ("g(x, y)", {"return g(y, x)"}),
    ("x.sum(dim=1)", {"return x.sum()", "return x.sum(dim=2)", "return x.sum(dim=0)"}),
    (
        "rearrange(x, 'a b -> b a')",
        {"return rearrange('a b -> b a', x)", "return rearrange(x, 'a b -> a b')"},
    ),
    ("0.5", {"return 1.0"}),
]


@pytest.mark.parametrize(("expression", "expected"), CHANGES)
def test_each_operator_changes_one_thing(expression, expected):
    assert bodies(f"def f(x, y):\n    return {expression}") == expected


def test_statements_are_dropped_and_gradient_modes_removed():
    source = "def f(x):\n    with torch.no_grad():\n        x.add_(y)\n    return x"
    assert {m.operator for m in mutants_of("f", source)} == {"dropped statement", "removed no_grad"}


def test_docstrings_annotations_and_given_code_stay():
    source = (
        'def f(x: "a 1", y=2):\n    """Text 3."""\n    z = 4\n'
        "    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
    )
    assert mutants_of("f", source) == []


def test_a_key_does_not_depend_on_layout():
    first = mutants_of("f", "def f(x):\n    return x + 1")
    second = mutants_of("f", "def f(x):\n    # a comment\n    return (x + 1)")
    assert [m.key for m in first] == [m.key for m in second]


@pytest.fixture
def unit(tmp_path, monkeypatch):
    monkeypatch.setattr(unit_source, "read_source", lambda unit: tiny.cells())
    return tiny.tiny_unit(tmp_path)


def quiet():
    return Console(file=open("/dev/null", "w"))


def test_survivors_are_listed_and_recorded_ones_are_not(unit, request):
    weak = tiny.GRADERS.replace("compare.close(", "(lambda *a, **k: None)(")
    (unit.root / "graders" / "test_901_tiny.py").write_text(weak)
    result = grade_mutants(unit, console=quiet(), workers=1)
    request.getfixturevalue("in_this_process")
    assert result.killed > 0
    assert {s.exercise for s in result.survivors} == {"double"}
    assert not run_mutants(unit, console=quiet(), exercises=["double"], workers=1)
    rows = [
        f'[[mutant]]\nkey = "{s.key}"\nreason = "equal for every input"\n' for s in result.survivors
    ]
    (unit.folder / "equivalent.toml").write_text("\n".join(rows))
    again = grade_mutants(unit, console=quiet(), workers=1)
    assert (again.survivors, again.equivalent) == ((), len(rows))
    assert again.good


def test_a_recorded_key_that_no_mutant_has_is_an_error(unit):
    row = '[[mutant]]\nkey = "double-000000000000"\nreason = "equal for every input"\n'
    (unit.folder / "equivalent.toml").write_text(row)
    with pytest.raises(CourseError, match="no mutant has the key"):
        grade_mutants(unit, console=quiet(), workers=1)
