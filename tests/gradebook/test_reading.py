"""Whatever is submitted becomes the course's notebook, with the learner's text or a reason."""

import json
import os

import nbformat
import pytest

from firsthand.build.notebooks import exercise_notebook
from firsthand.build.source import read_source
from firsthand.gradebook import guard_submission, read_submission, rebuild
from tests.cohort.notebooks import filled, grade_id, with_code_cell


@pytest.fixture
def release(unit):
    return exercise_notebook(unit, read_source(unit))


@pytest.fixture
def submit(tmp_path, unit):
    """A function that writes a submission and rebuilds it."""

    def write(content):
        path = tmp_path / f"{unit.id}.ipynb"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(json.dumps(content))
        return rebuild(unit, read_submission(path))

    return write


def skeleton(notebook):
    """Everything of a notebook but the text of solution cells."""
    cells = []
    for cell in notebook["cells"]:
        solution = cell["metadata"].get("nbgrader", {}).get("solution", False)
        cells.append((cell["id"], cell["metadata"], "" if solution else cell["source"]))
    return cells


def test_an_untouched_notebook_is_rebuilt_as_it_was_released(submit, release):
    rebuilt = submit(release)
    assert rebuilt.cells == release["cells"]


def test_the_text_of_solution_cells_is_kept(submit, release):
    rebuilt = submit(filled(release, {"scaled": "def scaled(x, factor):\n    return x * factor"}))
    texts = {grade_id(cell): cell.source for cell in rebuilt.cells}
    assert texts["scaled"] == "def scaled(x, factor):\n    return x * factor"


def without_checks(cells):
    return [c for c in cells if not grade_id(c).startswith("check_")]


def reflagged(cells):
    for cell in cells:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"grade": False, "points": 10**6, "schema_version": 1}
    return cells


def edited(cells):
    return [c if "nbgrader" in c["metadata"] else c | {"source": "raise SystemExit"} for c in cells]


def of_other_types(cells):
    return [c | {"cell_type": "raw"} for c in cells]


DAMAGES = {
    "deleted checks": without_checks,
    "all deleted": lambda cells: [],
    "reversed": lambda cells: cells[::-1],
    "everything twice": lambda cells: cells + cells,
    "flags and points changed": reflagged,
    "given cells edited": edited,
    "cell types changed": of_other_types,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_to_the_notebook_is_repaired(submit, release, damage):
    damaged = json.loads(json.dumps(release))
    damaged["cells"] = damage(damaged["cells"])
    assert skeleton(submit(damaged)) == skeleton(release)


def test_own_code_cells_stay_after_the_cell_they_follow(submit, release):
    index = next(i for i, cell in enumerate(release["cells"]) if grade_id(cell) == "scaled")
    rebuilt = submit(with_code_cell(release, "def mine(): ...", at=index))
    assert rebuilt.cells[index].source == "def mine(): ..."
    assert rebuilt.cells[index].metadata.firsthand.kind == "extra"
    assert grade_id(rebuilt.cells[index + 1]) == "scaled"
    nbformat.validate(rebuilt)


REJECTED = {
    "empty": (b"", "not valid JSON"),
    "cut off": (b'{"cells": [', "not valid JSON"),
    "binary": (bytes(range(256)), "not valid JSON"),
    "a list": (b"[1, 2]", "list"),
    "nested deeply": (b"[" * 100_000, "not valid JSON"),
    "another format": (b'{"nbformat": 3, "worksheets": []}', "nbformat is '3'"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "cells without text": (b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "no source"),
}


@pytest.mark.parametrize(("content", "reason"), REJECTED.values(), ids=REJECTED)
def test_a_file_that_is_no_notebook_becomes_the_released_one_with_a_reason(
    submit, release, content, reason
):
    rebuilt = submit(content)
    assert reason in rebuilt.metadata.firsthand.rejected
    assert rebuilt.cells == release["cells"]


def test_a_link_is_not_followed(tmp_path, unit, release):
    target = tmp_path / "secret.ipynb"
    target.write_text(json.dumps(filled(release, {"scaled": "secret"})))
    link = tmp_path / f"{unit.id}.ipynb"
    link.symlink_to(target)
    rebuilt = rebuild(unit, read_submission(link))
    assert "not a regular file" in rebuilt.metadata.firsthand.rejected
    assert "secret" not in json.dumps(rebuilt)
    assert str(tmp_path) not in json.dumps(rebuilt), "the reason names the instructor's folder"


def test_odd_values_in_a_notebook_do_not_stop_the_rebuild(submit, release):
    odd = filled(
        release, {"scaled": "x = '\ud800'", "limits": "\x1b[31m<script>x()</script> a < b"}
    )
    odd["metadata"] = {"language": 7, "kernelspec": []}
    odd["cells"][0] |= {"metadata": [], "id": "no valid id!" * 20, "attachments": 3}
    rebuilt = submit(odd)
    json.dumps(rebuilt, ensure_ascii=False).encode("utf-8")
    nbformat.validate(rebuilt)
    essay = next(cell for cell in rebuilt.cells if grade_id(cell) == "limits")
    assert essay.source == "&lt;script>x()&lt;/script> a < b"


@pytest.fixture
def folder(tmp_path, unit, monkeypatch):
    monkeypatch.setenv("FIRSTHAND_COURSE", str(unit.root))
    made = tmp_path / "submitted" / "someone" / unit.id
    made.mkdir(parents=True)
    return made


def test_a_submission_under_another_name_gets_a_row_and_a_reason(folder, unit):
    (folder / "mine.ipynb").write_text("{}")
    notebooks = [str(folder / "mine.ipynb")]
    guard_submission(assignment=unit.id, student="*", notebooks=notebooks)
    assert notebooks[1:] == [str(folder / f"{unit.id}.ipynb")]
    reason = read_submission(folder / f"{unit.id}.ipynb").metadata.rejected
    assert f"has no {unit.id}.ipynb" in reason
    assert "mine.ipynb" in reason


def test_links_and_pipes_beside_the_notebook_are_not_copied(folder, unit, tmp_path):
    (tmp_path / "gradebook.db").write_text("everybody's scores")
    notebook = folder / f"{unit.id}.ipynb"
    notebook.write_text("{}")
    (folder / "data.csv").write_text("1,2")
    (folder / "data.db").symlink_to(tmp_path / "gradebook.db")
    (folder / "above").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    guard_submission(assignment=unit.id, student="*", notebooks=[str(notebook)])
    assert sorted(path.name for path in folder.iterdir()) == [f"{unit.id}.ipynb", "data.csv"]
    assert (tmp_path / "gradebook.db").is_file()
