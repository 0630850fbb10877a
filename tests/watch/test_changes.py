"""Which exercises a save touches."""

import pytest

from firsthand.grading import candidate
from firsthand.unit import Cell, with_source
from firsthand.watch import changes
from firsthand.watch.changes import edited, touched
from tests.grading import tiny

ALL = ("double", "quadruple")


@pytest.fixture
def unit(tmp_path):
    return tiny.tiny_unit(tmp_path)


def test_the_kinds_of_cells_that_run_are_the_engines():
    assert changes.RUN_KINDS == candidate.RUN_KINDS


def test_the_first_save_touches_all_that_graders_award(unit):
    assert touched(unit, None, tiny.cells()) == ALL


def test_the_same_code_touches_nothing(unit):
    assert touched(unit, tiny.cells(), tiny.cells()) == ()


def test_an_exercise_touches_itself_and_what_uses_it(unit):
    before = tiny.cells()
    assert touched(unit, before, with_source(before, "quadruple", "changed = 1")) == ("quadruple",)
    assert touched(unit, before, with_source(before, "double", "def double(x): pass")) == ALL


def test_what_uses_it_by_way_of_another_is_touched(unit):
    from dataclasses import replace

    third = replace(unit.exercises[1], name="octuple", uses=("quadruple",))
    longer = replace(unit, exercises=(*unit.exercises, third))
    before = [*tiny.cells(), Cell("exercise", "octuple", "def octuple(x): pass")]
    after = with_source(before, "double", "def double(x): pass")
    assert touched(longer, before, after) == ("double", "quadruple", "octuple")
    assert touched(longer, before, with_source(before, "octuple", "octuple = 1")) == ("octuple",)


@pytest.mark.parametrize("extra", ["", "helper = 2"], ids=["added", "changed"])
def test_a_cell_that_the_learner_added_touches_all(unit, extra):
    before = tiny.cells(tiny.DOUBLE, tiny.QUADRUPLE, extra)
    assert touched(unit, before, tiny.cells(tiny.DOUBLE, tiny.QUADRUPLE, "helper = 3")) == ALL


def test_an_empty_cell_and_another_name_of_a_cell_touch_nothing(unit):
    before = [*tiny.cells(), Cell("extra", "your cell 4", "helper = 2")]
    after = [*tiny.cells(), Cell("extra", "your cell 9", "helper = 2"), Cell("extra", "e", " \n")]
    assert touched(unit, before, after) == ()


def test_text_and_check_cells_touch_nothing(unit):
    after = [*tiny.cells(), Cell("prose", "", "new"), Cell("check", "double", "check('double')")]
    assert touched(unit, tiny.cells(), after) == ()


def test_a_moved_exercise_touches_all(unit):
    setup, double, quadruple = tiny.cells()
    assert touched(unit, [setup, double, quadruple], [setup, quadruple, double]) == ALL


def test_a_helper_in_another_exercises_cell_touches_its_readers(unit):
    # double does not use quadruple by the unit's own word, but its code reads `twice`.
    reads = "def double(x):\n    return twice * x"
    old = tiny.cells(reads, "twice = 2\n" + tiny.QUADRUPLE)
    new = tiny.cells(reads, "twice = 3\n" + tiny.QUADRUPLE)
    assert touched(unit, old, new) == ALL
    gone = tiny.cells(reads, tiny.QUADRUPLE)
    assert touched(unit, old, gone) == ALL


@pytest.mark.parametrize(
    "line",
    ["torch.manual_seed(0)", "torch.exp = abs", "table['x'] = 1", "for i in range(2):\n    k = i"],
)
def test_a_cell_that_does_more_than_bind_names_touches_all(unit, line):
    changed = tiny.cells(tiny.DOUBLE, f"{line}\n{tiny.QUADRUPLE}")
    assert touched(unit, tiny.cells(), changed) == ALL
    assert touched(unit, changed, tiny.cells()) == ALL


@pytest.mark.parametrize(
    "line", ["'''text'''", "print(quadruple(1))", "assert quadruple(1) == 4", "a, *b = 1, 2"]
)
def test_looking_at_a_result_touches_no_other(unit, line):
    changed = tiny.cells(tiny.DOUBLE, f"{tiny.QUADRUPLE}\n{line}")
    assert touched(unit, tiny.cells(), changed) == ("quadruple",)


def test_code_that_does_not_parse_is_touched_like_any_other(unit):
    broken = tiny.cells(tiny.DOUBLE, "def quadruple(x:")
    assert touched(unit, tiny.cells(), broken) == ("quadruple",)
    assert touched(unit, broken, tiny.cells()) == ("quadruple",)


def test_the_edited_cells_are_those_with_other_text():
    assert edited(tiny.cells(), tiny.cells("def double(x): pass")) == ("double",)
    assert edited(tiny.cells(), tiny.cells()) == ()
