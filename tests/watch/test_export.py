"""A .py export of the learner's notebook gives the cells that the notebook gives."""

import jupytext
import pytest

from firsthand.grading.intake import Rejected
from firsthand.watch.files import read_cells

PERCENT = {"extension": ".py", "format_name": "percent"}


def export(copy, **options):
    """The learner's notebook as jupytext writes it."""
    written = jupytext.read(copy.path)
    path = copy.path.with_suffix(".py")
    path.write_text(jupytext.writes(written, fmt=PERCENT | options))
    return path


def both(copy, path):
    return read_cells(copy.path, copy.unit), read_cells(path, copy.unit)


def test_an_export_is_the_notebook(copy):
    copy.write(weighted_mean=copy.solutions["weighted_mean"])
    notebook, exported = both(copy, export(copy))
    assert [(c.kind, c.name) for c in exported] == [(c.kind, c.name) for c in notebook]
    assert exported == notebook


def test_what_is_written_in_the_export_is_graded(copy):
    path = export(copy)
    text = path.read_text()
    assert text.count("    raise NotImplementedError") >= 3
    path.write_text(text.replace("    raise NotImplementedError", "    return 'mine'", 1))
    (changed,) = [c for c in read_cells(path, copy.unit) if "'mine'" in c.source]
    assert (changed.kind, changed.name) == ("exercise", "weighted_mean")


def test_edited_given_code_and_added_cells_are_taken_as_from_a_notebook(copy):
    path = export(copy)
    text = path.read_text().replace("EPSILON = 1e-6", "EPSILON = 5")
    assert "EPSILON = 5" in text
    path.write_text(text + "\n# %%\nmine = 1\n")
    cells = read_cells(path, copy.unit)
    assert not [c for c in cells if "EPSILON = 5" in c.source]
    assert [c.source for c in cells if c.kind == "extra"] == ["mine = 1"]


def test_an_unnamed_given_cell_that_was_edited_is_not_run_beside_the_courses(copy):
    path = export(copy)
    text = path.read_text().replace("print(repr(object()))", 'print("edited")')
    assert '"edited"' in text
    path.write_text(text)
    assert read_cells(path, copy.unit) == read_cells(copy.path, copy.unit)


def test_an_export_without_metadata_is_matched_by_what_cells_define(copy):
    copy.write(weighted_mean=copy.solutions["weighted_mean"])
    path = copy.path.with_suffix(".py")
    notebook = jupytext.read(copy.path)
    blocks = [f"# %%\n{cell.source}\n" for cell in notebook.cells if cell.cell_type == "code"]
    path.write_text("\n".join(blocks))
    notebook, exported = both(copy, path)
    code = ("given", "exercise", "answer", "extra")
    assert [c for c in exported if c.kind in code] == [c for c in notebook if c.kind in code]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"print(1)\n", "no cell markers"),
        (b"# In[1]:\n\nprint(1)\n", "no cell markers"),
        (b"", "no cell markers"),
        (b"# %%\n\xff\xfe", "not UTF-8"),
    ],
)
def test_what_is_no_export_is_refused_with_its_reason(copy, content, reason):
    path = copy.path.with_suffix(".py")
    path.write_bytes(content)
    with pytest.raises(Rejected, match=reason):
        read_cells(path, copy.unit)


def test_code_that_does_not_parse_is_still_read(copy):
    path = export(copy)
    path.write_text(path.read_text() + "\n# %%\ndef broken(:\n")
    assert read_cells(path, copy.unit)[-1].source == "def broken(:"
