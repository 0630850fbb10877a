"""A gradebook that was made from another build of a unit is noticed before anything is scored."""

import os
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from firsthand.gradebook import Rebuild, read_submission, restore_visible_tests
from firsthand.unit import CourseError


@pytest.fixture
def resources(tmp_path, unit, monkeypatch):
    """What nbgrader hands to a step; the gradebook holds the assignment without any cell."""
    program_folder = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", program_folder + os.pathsep + os.environ["PATH"])
    monkeypatch.setenv("FIRSTHAND_COURSE", str(unit.root))
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        gradebook.add_assignment(unit.id)
        gradebook.add_notebook(unit.id, unit.id)
    table = {"student": "one", "assignment": unit.id, "notebook": unit.id, "db_url": url}
    return {"nbgrader": table}


def add_grade_cells(unit, resources, names):
    with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
        for name in names:
            gradebook.add_grade_cell(name, unit.id, unit.id, max_score=1, cell_type="code")


def grade_cells(unit):
    prefix = {"code": "check_", "answer": "check_", "rubric": ""}
    return [prefix[e.kind] + e.name for e in unit.exercises]


def test_a_gradebook_of_the_same_build_is_taken(unit, resources):
    add_grade_cells(unit, resources, grade_cells(unit))
    notebook, _ = Rebuild().preprocess(read_submission(Path("none.ipynb")), resources)
    assert notebook.metadata.firsthand.unit == unit.id


@pytest.mark.parametrize("change", ["one less", "one more"])
def test_a_cell_that_only_one_of_them_has_is_named_with_the_mend(unit, resources, change):
    names = grade_cells(unit)
    odd = names[0] if change == "one less" else "check_of_last_year"
    add_grade_cells(unit, resources, names[1:] if change == "one less" else [*names, odd])
    with pytest.raises(CourseError, match=rf"{odd}\. Grade with the build that was"):
        Rebuild().preprocess(read_submission(Path("none.ipynb")), resources)


def test_a_notebook_of_no_unit_is_refused_in_one_line(resources):
    resources["nbgrader"]["notebook"] = "ps1"
    with pytest.raises(CourseError, match="'ps1' is no unit of this course"):
        Rebuild().preprocess(read_submission(Path("none.ipynb")), resources)


def test_visible_tests_are_written_again_after_a_release(unit, monkeypatch):
    monkeypatch.setenv("FIRSTHAND_COURSE", str(unit.root))
    before = unit.visible_tests.read_text()
    unit.visible_tests.unlink()
    restore_visible_tests(assignment=unit.id, student=".", notebooks=[])
    assert unit.visible_tests.read_text() == before
