import json
import re
from dataclasses import replace

import pytest

from firsthand.build.execution import shown_score
from firsthand.build.notebooks import (
    as_text,
    build,
    build_units,
    exercise_notebook,
    solution_notebook,
    stale,
    version,
)
from firsthand.build.source import read_source
from firsthand.unit import CourseError
from tests.build.release import cells_in, released_cells
from tests.golden import copy_course, edit


@pytest.fixture
def exercise(unit):
    return exercise_notebook(unit, read_source(unit))


def cells_of(notebook):
    return {cell["id"]: cell for cell in notebook["cells"]}


def test_ids_come_from_names_and_headings(exercise):
    ids = [cell["id"] for cell in exercise["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"101-[A-Za-z0-9_-]{1,60}", i) for i in ids)
    assert ids[:2] == ["101-weighted-means-1", "101-weighted-means-2"]
    wanted = ["101-weighted_mean-1", "101-weighted_mean", "101-weighted_mean-check"]
    start = ids.index(wanted[0])
    assert ids[start : start + 3] == wanted
    assert {"101-spread", "101-Standardiser-check", "101-limits"} <= set(ids)


def test_an_id_holds_at_most_64_characters(unit):
    edit(unit.folder / "unit.py", "# ## Measure", "# ## " + "Measure again " * 12)
    notebook = exercise_notebook(unit, read_source(unit))
    assert max(len(cell["id"]) for cell in notebook["cells"]) <= 64


def test_difficulty_time_and_points_stand_below_the_heading_of_an_exercise(exercise):
    lines = cells_of(exercise)["101-weighted_mean-1"]["source"].split("\n")
    assert lines[0] == "### weighted_mean"
    assert lines[2] == "*difficulty 1 of 5 · importance 3 of 5 · about 10 minutes · 4 points*"
    assert lines[4].startswith("Write $")


def test_a_check_cell_follows_its_exercise_or_stands_where_the_author_put_it(exercise):
    ids = [cell["id"] for cell in exercise["cells"]]
    assert ids.index("101-weighted_mean-check") == ids.index("101-weighted_mean") + 1
    assert ids.index("101-Standardiser-check") == ids.index("101-Standardiser") + 2
    assert cells_of(exercise)["101-weighted_mean-check"]["source"] == 'check("weighted_mean")'


def test_the_learners_notebook_holds_no_solution_and_no_output(exercise):
    text = as_text(exercise)
    for secret in ("weighted_rows", "SOLUTION", "not defined; the function", '"plain"\n    ###'):
        assert secret not in text
    assert cells_of(exercise)["101-limits"]["source"] == "YOUR ANSWER HERE"
    assert all(not c["outputs"] for c in exercise["cells"] if c["cell_type"] == "code")


def test_the_notebook_names_its_unit_and_the_content_it_was_made_from(unit, exercise):
    assert exercise["metadata"]["firsthand"] == {"unit": unit.id, "version": version(unit)}
    before = version(unit)
    edit(unit.graders[0], "gives_two", "gives_exactly_two")
    assert version(unit) != before


def test_a_hidden_test_does_not_make_notebooks_stale(unit):
    before = version(unit)
    edit(unit.graders[0], "((4, 7), (5, 3), (2, 9))", "((4, 7), (5, 3))")
    assert version(unit) == before


def test_building_without_executing_writes_the_same_bytes_twice(unit):
    build(unit, execute=False)
    files = [unit.exercise_notebook, unit.solution_notebook, unit.visible_tests]
    before = [f.read_bytes() for f in files]
    build(unit, execute=False)
    assert [f.read_bytes() for f in files] == before


def test_executing_twice_gives_identical_bytes_with_plots(built, tmp_path):
    again = copy_course(tmp_path)
    assert build(again) == []
    assert again.solution_notebook.read_bytes() == built.solution_notebook.read_bytes()
    assert built.solution_notebook.read_text().count('"image/png"') >= 6  # data and metadata


def test_an_executed_notebook_is_clean(built):
    text = built.solution_notebook.read_text()
    assert str(built.root) not in text
    assert not re.search(r"0x[0-9a-f]{6}|stderr|iopub|\d s ·|· \d+\.\d s", text)
    cells = cells_of(json.loads(text))
    assert cells["101-measure-2"]["outputs"][0]["text"] == ["done\n", "<object object at 0x…>\n"]


def test_check_cells_of_the_executed_notebook_show_the_points(built):
    cells = cells_of(json.loads(built.solution_notebook.read_text()))
    shown = {i: shown_score(c) for i, c in cells.items() if i.endswith("-check")}
    assert shown == {
        "101-weighted_mean-check": 4,
        "101-Standardiser-check": 4,
        "101-which_is_larger-check": 1,
    }


def test_descriptions_of_plots_reach_nbgraders_feedback_without_a_red_frame(built):
    import nbformat
    from nbconvert import HTMLExporter

    notebook = nbformat.read(built.solution_notebook, as_version=4)
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert 'alt="Histogram of means &lt;around&gt; 0"' in html
    assert "No description has been provided" not in html


def test_a_built_unit_is_fresh_and_each_edit_makes_it_stale(built, tmp_path):
    assert stale(built) == []
    other = copy_course(tmp_path)
    build(other, execute=False)
    assert stale(other)[0].startswith("solutions/") and "has no outputs" in stale(other)[0]
    edit(other.folder / "unit.py", "Write `forward`.", "Write forward.")
    problems = stale(other)
    assert [p.split("/")[0] for p in problems] == ["exercises", "solutions"]
    assert all(
        p.endswith("differs from its source; run `firsthand dev build 101`") for p in problems
    )


def test_a_tampered_notebook_is_stale(built, tmp_path):
    import shutil

    root = tmp_path / "course"
    shutil.copytree(built.root, root)
    unit = replace(built, root=root)
    edit(unit.exercise_notebook, "You will average", "You will not average")
    edit(unit.visible_tests, "reduce the last axis", "do something")
    edit(unit.solution_notebook, '"solution": true', '"solution": false')
    assert len(stale(unit)) == 3
    unit.visible_tests.unlink()
    assert any("is missing" in p for p in stale(unit))


def test_check_mode_writes_nothing_and_fails_on_a_stale_map(built, tmp_path, capsys):
    import shutil

    root = tmp_path / "course"
    shutil.copytree(built.root, root)
    unit = replace(built, root=root)
    assert build_units([unit], check=True)
    readme = root / "curriculum" / "README.md"
    readme.write_text("old")
    assert not build_units([unit], check=True)
    assert readme.read_text() == "old"
    assert "stale  curriculum/README.md" in capsys.readouterr().out


def test_the_map_lists_units_that_exist_and_plans_apart(built):
    text = (built.root / "curriculum" / "README.md").read_text()
    assert "[101 Weighted means](../exercises/101_weighted_means/" in text
    assert "| 1.0 | 4 | 9 + 2.5 by hand |" in text
    assert "Planned: 102 Medians (Nobody 1900)." in text
    assert "101 Weighted means ·" not in text


FAILING = {
    "raises": (
        "    print(repr(object()))",
        "    1 / 0",
        "slow cell '101-measure-2' raises ZeroDiv",
    ),
    "goes online": (
        "    print(repr(object()))",
        '    import socket; socket.create_connection(("192.0.2.1", 80), timeout=1)',
        "raises NetworkUse: no network here: something tried to reach '192.0.2.1'",
    ),
}


@pytest.mark.parametrize("case", FAILING)
def test_a_cell_that_fails_is_named(unit, case):
    old, new, message = FAILING[case]
    edit(unit.folder / "unit.py", old, new)
    with pytest.raises(CourseError, match=message):
        build(unit)


def test_nbgraders_own_release_has_the_same_cells(built, tmp_path):
    assert released_cells([built], tmp_path)[built.id] == cells_in(built.exercise_notebook)


def test_solution_cells_keep_the_schema_of_nbgrader(unit):
    cells = cells_of(solution_notebook(unit, read_source(unit)))
    graded = {i: c["metadata"]["nbgrader"] for i, c in cells.items() if "nbgrader" in c["metadata"]}
    assert graded["101-weighted_mean"]["grade_id"] == "weighted_mean"
    assert graded["101-weighted_mean-check"]["grade_id"] == "check_weighted_mean"
    assert graded["101-weighted_mean-check"]["points"] == 4
    assert graded["101-limits"] == {
        "grade": True, "grade_id": "limits", "locked": False, "points": 2.5,
        "schema_version": 3, "solution": True, "task": False,
    }  # fmt: skip
