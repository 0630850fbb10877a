"""A unit of the kind "introduction" is short and may do without plots; nothing else is let off."""

from dataclasses import replace

import pytest

from firsthand.authoring import written
from firsthand.authoring.subject import Subject
from firsthand.build.visible import same_visible, unit_from_visible, visible_file
from firsthand.unit import CourseError, load_unit
from tests.golden import edit


def introduction(unit, *, exercises=2, minutes=6):
    kept = unit.exercises[:exercises]
    return Subject(replace(unit, kind="introduction", minutes=minutes, exercises=kept), 1, None)


def test_an_introduction_needs_no_plots(built):
    replication = Subject(built, 1, None)
    text = built.solution_notebook.read_text()
    built.solution_notebook.write_text(text.replace('"image/png": [', '"image/gif": ['))
    assert written.plots_are_enough(replication) == "0 plots; draw at least 3"
    assert written.plots_are_enough(introduction(built)) == ""


def test_a_plot_that_is_there_is_still_explained(built):
    text = built.solution_notebook.read_text()
    built.solution_notebook.write_text(text.replace("What you should see", "Look"))
    assert "needs prose after it" in written.plots_are_enough(introduction(built))


@pytest.mark.parametrize(
    ("exercises", "minutes", "problem"),
    [
        (1, 6, "1 exercises; an introduction has 2 or 3"),
        (2, 4, "4 minutes; an introduction takes 5 to 10"),
        (2, 11, "11 minutes; an introduction takes 5 to 10"),
    ],
)
def test_an_introduction_is_short(unit, exercises, minutes, problem):
    subject = introduction(unit, exercises=exercises, minutes=minutes)
    assert written._introduction_is_short(subject.unit) == problem


def test_its_exercises_keep_the_sizes_of_all(built):
    whole = Subject(replace(built, kind="introduction"), 1, None)
    assert written.sizes_are_kept(whole) == "4 exercises; an introduction has 2 or 3"
    long = replace(built.exercises[0], minutes=26)
    unit = replace(built, kind="introduction", minutes=6, exercises=(long, built.exercises[1]))
    assert "takes 26 minutes" in written.sizes_are_kept(Subject(unit, 1, None))


def test_the_kind_is_read_from_the_first_lines_and_checked(unit):
    assert unit.kind == "replication"
    toml = unit.folder / "unit.toml"
    edit(toml, "minutes", 'kind = "introduction"\nminutes')
    assert load_unit(unit.folder).kind == "introduction"
    edit(toml, "introduction", "introducton")
    with pytest.raises(CourseError, match=r"kind 'introducton'; use one of.*'introduction'\?"):
        load_unit(unit.folder)


def test_the_kind_does_not_reach_the_student_bundle(unit, tmp_path):
    text = visible_file(unit)
    assert same_visible(text, visible_file(replace(unit, kind="introduction")))
    (tmp_path / "visible.py").write_text(text)
    assert unit_from_visible(tmp_path / "visible.py").title == unit.title
