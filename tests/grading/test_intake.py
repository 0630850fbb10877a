"""A submitted file is read as plain data, and rebuilt on the course's own notebook."""

import json
import os

import pytest

from firsthand.grading.intake import MAX_BYTES, Rejected, read_notebook, submission_cells
from firsthand.unit import Cell
from tests.grading import tiny


def code(source, name="", kind="given", **more):
    metadata = {"firsthand": {"kind": kind, "name": name}}
    if kind == "exercise":
        metadata["nbgrader"] = {"grade_id": name, "solution": True}
    return {"id": f"901-{name}", "cell_type": "code", "source": source, "metadata": metadata} | more


def notebook(*cells):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


GIVEN = code("import torch", "setup")
DOUBLE = code(tiny.STUB.format(name="double"), "double", "exercise")
QUADRUPLE = code(tiny.STUB.format(name="quadruple"), "quadruple", "exercise")


@pytest.fixture
def unit(tmp_path):
    unit = tiny.tiny_unit(tmp_path)
    unit.exercise_notebook.parent.mkdir(parents=True)
    unit.exercise_notebook.write_text(json.dumps(notebook(GIVEN, DOUBLE, QUADRUPLE)))
    return unit


def sources(cells):
    return [c.source for c in cells]


MINE = DOUBLE | {"source": "def double(x): return 2 * x"}
EXTRA = {"id": "mine", "cell_type": "code", "source": "helper = 1", "metadata": {}}


def test_the_learners_text_replaces_the_stub(unit):
    cells = submission_cells(unit, notebook(GIVEN, MINE, QUADRUPLE))
    assert sources(cells) == ["import torch", MINE["source"], QUADRUPLE["source"]]


def test_given_code_comes_from_the_course(unit):
    edited = GIVEN | {"source": "torch = None"}
    assert sources(submission_cells(unit, notebook(edited, MINE, QUADRUPLE)))[0] == "import torch"


def test_deleted_cells_come_back_as_stubs_and_order_is_the_courses(unit):
    assert sources(submission_cells(unit, notebook(QUADRUPLE, MINE))) == [
        "import torch",
        MINE["source"],
        QUADRUPLE["source"],
    ]
    assert len(submission_cells(unit, notebook())) == 3


def test_the_first_of_duplicated_cells_counts(unit):
    other = MINE | {"id": "copy", "source": "def double(x): return 0"}
    cells = submission_cells(unit, notebook(GIVEN, MINE, other, QUADRUPLE))
    assert sources(cells)[1] == MINE["source"]
    assert len(cells) == 3


def test_what_was_split_off_the_top_of_a_cell_runs_before_it(unit):
    top = MINE | {"id": "new", "source": "two = 2"}
    rest = MINE | {"source": "def double(x): return two * x"}
    cells = submission_cells(unit, notebook(GIVEN, top, rest, QUADRUPLE))
    assert sources(cells) == [
        *("import torch", "two = 2", "def double(x): return two * x", QUADRUPLE["source"])
    ]
    assert [c.kind for c in cells] == ["given", "extra", "exercise", "exercise"]


@pytest.mark.parametrize("lost", ["id", "metadata"])
def test_a_cell_is_recognised_by_its_id_or_its_grade_id(unit, lost):
    cell = {k: v for k, v in MINE.items() if k != lost}
    assert sources(submission_cells(unit, notebook(cell)))[1] == MINE["source"]


def test_added_cells_stay_after_the_cell_they_follow(unit):
    cells = submission_cells(unit, notebook(EXTRA, GIVEN, MINE, EXTRA, QUADRUPLE))
    assert [c.kind for c in cells] == ["extra", "given", "exercise", "extra", "exercise"]
    assert cells[3] == Cell("extra", "your cell after double", "helper = 1")
    names = [c.name for c in submission_cells(unit, notebook(EXTRA, EXTRA, MINE, EXTRA, EXTRA))]
    extra = [name for name in names if name.startswith("your cell")]
    assert extra[:2] == ["your cell at the top", "your cell 2 at the top"]
    assert extra[2:] == ["your cell after double", "your cell 2 after double"]


def test_lists_of_lines_are_text(unit):
    split = MINE | {"source": ["def double(x):\n", "    return 2 * x"]}
    assert "return 2 * x" in sources(submission_cells(unit, notebook(split)))[1]


BAD = {
    "empty": (b"", "not valid JSON"),
    "binary": (bytes(range(256)), "not valid JSON"),
    "half": (b'{"cells": [', "not valid JSON"),
    "brackets": (b"[" * 200_000, "not valid JSON"),
    "list": (b"[]", "top level is a list"),
    "version 3": (b'{"nbformat": 3, "worksheets": []}', "nbformat is '3', not 4"),
    "version 99": (b'{"nbformat": 99, "cells": []}', "nbformat is '99'"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "odd cell": (b'{"nbformat": 4, "cells": [3]}', "cell 0 has no cell_type"),
    "odd source": (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}', "cell 0"),
    "many cells": (
        json.dumps(notebook(*[EXTRA] * 2001)).encode(),
        "2001 cells; the limit is 2000",
    ),
    "deep": (
        b'{"nbformat": 4, "cells": [], "x": ' + b"[" * 60 + b"]" * 60 + b"}",
        "nested too deeply",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_notebook_is_rejected_with_the_reason(tmp_path, name):
    content, message = BAD[name]
    path = tmp_path / "n.ipynb"
    path.write_bytes(content)
    with pytest.raises(Rejected, match=message):
        read_notebook(path)


def test_links_folders_and_huge_files_are_not_read(tmp_path):
    good = tmp_path / "good.ipynb"
    good.write_text(json.dumps(notebook()))
    assert read_notebook(good)["cells"] == []
    link = tmp_path / "link.ipynb"
    link.symlink_to(good)
    huge = tmp_path / "huge.ipynb"
    with huge.open("wb") as file:
        os.truncate(file.fileno(), MAX_BYTES + 1)
    for path, message in [
        (link, "regular file"),
        (tmp_path, "regular file"),
        (huge, "limit is 20 MB"),
    ]:
        with pytest.raises(Rejected, match=message):
            read_notebook(path)
    with pytest.raises(Rejected, match="No such file"):
        read_notebook(tmp_path / "absent.ipynb")
