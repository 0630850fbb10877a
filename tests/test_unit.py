"""Metadata is checked where it is read, and every message says what to mend."""

import pytest

from firsthand.unit import (
    CourseError,
    Stage,
    find_unit,
    load_stages,
    load_unit,
    load_units,
    used_by,
)
from tests.grading.tiny import UNIT_TOML, tiny_unit


@pytest.fixture
def unit(tmp_path):
    return tiny_unit(tmp_path)


def rewritten(unit, old, new):
    text = UNIT_TOML.replace(old, new, 1)
    assert text != UNIT_TOML
    (unit.folder / "unit.toml").write_text(text)
    return unit.folder


def test_a_unit_knows_its_number_points_and_files(unit):
    assert (unit.number, unit.points, unit.grader_seconds) == ("901", 7, 5)
    assert [g.name for g in unit.graders] == ["test_901_tiny.py"]
    assert unit.exercise_notebook.as_posix().endswith("exercises/901_tiny/901_tiny.ipynb")


@pytest.mark.parametrize("text", ["901", "901_tiny"])
def test_a_unit_is_found_by_number_and_by_id(unit, text):
    assert find_unit(text, unit.root) == unit
    assert load_units(unit.root) == [unit]


def test_an_unknown_unit_gets_a_suggestion(unit):
    with pytest.raises(CourseError, match=r"no unit '902'\. Did you mean '901'\?.*firsthand list"):
        find_unit("902", unit.root)


def test_an_unknown_exercise_gets_a_suggestion(unit):
    with pytest.raises(CourseError, match=r"no exercise 'doubel'\. Did you mean 'double'\?"):
        unit.exercise("doubel")


BROKEN = [
    ("minutes = 10", "minuts = 10", r"unknown key 'minuts'\. Did you mean 'minutes'\?"),
    ("minutes = 10\n", "", "lacks the key 'minutes'"),
    ("minutes = 10", 'minutes = "ten"', "minutes is 'ten'; it must be of type int"),
    ("points = 3", "points = 0", "has 0 points; it needs a positive number"),
    ("difficulty = 1\nimportance", "difficulty = 6\nimportance", "has difficulty 6; use 1 to 5"),
    ('kind = "rubric"', 'kind = "rubrik"', "has kind 'rubrik'; use one of"),
    ('uses = ["double"]', 'uses = ["doubel"]', r"no earlier exercise\. Did you mean 'double'\?"),
    ('name = "quadruple"', 'name = "double"', "occurs twice"),
    ('name = "double"', 'name = "2x"', "must be the Python name"),
    ('title = "Tiny"', "title = Tiny", "not valid TOML"),
    ("graders = 5}", "grader = 5}", "it needs notebook and graders"),
    ('hints = ["a", "b", "c"]', "hints = [1]", "must be of type a list of strings"),
]


@pytest.mark.parametrize(("old", "new", "message"), BROKEN)
def test_a_wrong_entry_is_named_with_what_to_do(unit, old, new, message):
    folder = rewritten(unit, old, new)
    with pytest.raises(CourseError, match=message):
        load_unit(folder)


def test_what_an_exercise_builds_on_is_followed_through_others(unit):
    folder = rewritten(unit, 'kind = "rubric"', 'uses = ["quadruple"]')
    assert used_by(load_unit(folder), "essay") == ("double", "quadruple")
    assert used_by(unit, "double") == ()


def test_stages_are_read_in_order(unit):
    path = unit.root / "curriculum" / "stages.toml"
    path.write_text('[[stage]]\nnumber = 4\ntitle = "Interpretability"\naim = "See inside."\n')
    assert load_stages(unit.root) == [Stage(4, "Interpretability", "See inside.")]
    path.write_text(path.read_text() + 'strand = "theory"\n')
    assert load_stages(unit.root)[0].strand == "theory"
    path.write_text('[[stage]]\nnumber = 4\nname = "x"\n')
    with pytest.raises(CourseError, match="unknown key 'name'"):
        load_stages(unit.root)
