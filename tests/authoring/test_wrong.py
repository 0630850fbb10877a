import pytest

from firsthand.authoring.subject import namespace
from firsthand.build.source import read_source
from firsthand.unit import CourseError, with_source
from firsthand.wrong import load_wrong_answers
from tests.golden import edit


def answers(unit):
    cells = read_source(unit)
    return {a.name: a for a in load_wrong_answers(unit, cells)}, cells


def test_answers_come_in_file_order_with_line_test_and_hint(unit):
    found, _ = answers(unit)
    assert list(found)[:3] == [
        "ignores_the_weights",
        "is_recursive_and_sums_all",
        "forgets_to_divide",
    ]
    first = found["ignores_the_weights"]
    assert first.exercise == "weighted_mean"
    assert first.caught_by == "test_random_rows_agree_with_a_loop"
    assert first.hint == "the weights do nothing yet"
    assert first.line == 16


def test_a_wrong_function_takes_the_exercises_name_recursion_and_helpers_included(unit):
    import torch

    found, cells = answers(unit)
    source = found["is_recursive_and_sums_all"].source
    assert "is_recursive_and_sums_all" not in source and source.count("weighted_mean") == 2
    assert "SOLUTION" not in source and "@wrong" not in source
    plain = with_source(cells, "weighted_mean", found["ignores_the_weights"].source)
    run = namespace(plain)["weighted_mean"]
    assert run(torch.tensor([[1.0, 4.0]]), torch.tensor([[2.0, 1.0]])).tolist() == [2.5]


def test_a_wrong_class_is_renamed_inside_too(unit):
    import torch

    found, cells = answers(unit)
    assert "super(Standardiser, self)" in found["FitsAnew"].source
    made = namespace(with_source(cells, "Standardiser", found["FitsAnew"].source))["Standardiser"]
    assert made(torch.zeros(1, 2))(torch.tensor([[1.0, 3.0]])).tolist()[0] == pytest.approx(
        [-1.0, 1.0], abs=1e-4
    )


def test_an_edit_changes_one_place_of_the_reference(unit):
    found, cells = answers(unit)
    reference = next(c.source for c in cells if c.name == "weighted_mean")
    changed = found["forgets_to_divide"].source
    assert reference.replace(" / weights.sum(-1)", "") == changed


BROKEN = {
    "missing exercise": (
        '"Standardiser",\n    "does_not_scale"',
        '"Standardizer",\n    "does_not_scale"',
        r"has no exercise 'Standardizer'. Did you mean 'Standardiser'\?",
    ),
    "old not there": ('old=" + EPSILON"', 'old=" + EPS "', r"'has_no_epsilon': old occurs 0 times"),
    "old twice": ('old=" / weights.sum(-1)"', 'old="weights"', r"old occurs [2-9] times"),
    "no change": ('new="centred"', 'new="centred / (self.spread[:, None] + EPSILON)"', "the same"),
    "no hint": ('hint="add EPSILON"', 'hint=""', r"edit\(...\) lacks hint"),
    "unknown argument": ('hint="add EPSILON"', 'tip="add EPSILON"', "unknown argument 'tip'"),
    "not a literal": ('hint="add EPSILON"', "hint=str(1)", "hint must be written out as a string"),
    "name twice": ('"does_not_scale"', '"does_not_centre"', "'does_not_centre' occurs twice"),
    "broken result": ('new="centred"', 'new="centred ("', "wrong answer 'does_not_scale' is not"),
    "broken file": ("def plain(values):", "def plain(values:", "not valid Python"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_wrong_answer_is_refused_with_file_and_line(unit, case):
    old, new, message = BROKEN[case]
    edit(unit.wrong_answers, old, new)
    with pytest.raises(CourseError, match=message) as caught:
        answers(unit)
    assert str(caught.value).split(":")[0].endswith("wrong_101_weighted_means.py")


def test_a_unit_without_the_file_is_told_how_many_are_needed(unit):
    unit.wrong_answers.unlink()
    with pytest.raises(CourseError, match="at least five wrong answers per code exercise"):
        answers(unit)
