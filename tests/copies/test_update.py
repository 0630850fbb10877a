"""A newer course comes into a learner's copy, and nothing that they wrote is lost.

Every kind of change is replayed on the golden unit, whose copy holds right solutions, own cells,
notes, a split cell and an edited text; afterwards the copy is graded.
"""

import json
import re

import nbformat
import pytest

from firsthand import copies, journal
from firsthand.grading.engine import Grader
from firsthand.grading.intake import read_notebook, submission_cells
from firsthand.unit import CourseError
from tests.copies import conftest
from tests.copies.conftest import own
from tests.golden import edit

NEXT = "# %% [markdown]\n# ### Standardiser"  # the exercise that new ones are put before
WHICH = "# %% [markdown]\n# ### which_is_larger"
LIMITS = "# %% [markdown]\n# ### limits"
SUITE = ("unit.py", "unit.toml", "graders/test_101_weighted_means.py")
DOUBLED = '''
# %% [markdown]
# ### doubled
#
# Write twice the rows.


# %% exercise="doubled"
def doubled(rows: Float[Tensor, "row item"]) -> Float[Tensor, "row item"]:
    """Twice the rows.

    >>> doubled(torch.ones(1, 1))
    tensor([[2.]])
    """
    ### BEGIN SOLUTION
    return rows * 2
    ### END SOLUTION


'''
DOUBLED_TOML = """
[[exercise]]
name = "doubled"
points = 2
minutes = 5
difficulty = 1
importance = 1
hints = ["a", "b", "c"]
meaning = "Twice."
"""
DOUBLED_GRADER = """

@pytest.mark.exercise("doubled")
@pytest.mark.visible
def test_it_is_twice(submission):
    compare.close(submission.doubled(torch.ones(1, 1)), torch.full((1, 1), 2.0), what="doubled")
"""


def append(copy, name, text):
    path = copy.unit.root / name if "/" in name else copy.unit.folder / name
    path.write_text(path.read_text() + text)


def remove(copy, name, start, end=None):
    """Take the text from `start` to before `end` out of a file, and return it."""
    path = copy.unit.root / name if "/" in name else copy.unit.folder / name
    text = path.read_text()
    begin = text.index(start)
    stop = text.index(end, begin) if end else len(text)
    path.write_text(text[:begin] + text[stop:])
    return text[begin:stop]


def statement_changed(copy):
    copy.course("for each row.", "for each row of the table.")
    copy.update()
    assert "each row of the table" in copy.text_of("weighted_mean-1")


def given_code_changed(copy):
    copy.course("EPSILON = 1e-6", "EPSILON = 1e-7")
    copy.update()
    assert "1e-7" in copy.text_of("spread")


def exercise_inserted(copy):
    row = '[[exercise]]\nname = "Standardiser"'
    edit(copy.unit.folder / "unit.toml", row, DOUBLED_TOML + row)
    append(copy, SUITE[2], DOUBLED_GRADER)
    copy.course(NEXT, DOUBLED + NEXT)
    plan = copy.update()
    assert [c.title for c in plan.of("added")] == ["text: doubled", "doubled", "check of doubled"]
    assert (
        copy.place("def my_helper") < copy.place("def doubled") < copy.place("class Standardiser")
    )


def exercise_removed(copy):
    remove(
        copy, "unit.py", "# %% [markdown]\n# ### which_is_larger", "# %% [markdown]\n# ### limits"
    )
    remove(copy, "unit.toml", '[[exercise]]\nname = "which', '[[exercise]]\nname = "limits')
    remove(copy, SUITE[2], '@pytest.mark.exercise("which')
    copy.rebuild()
    plan = copy.update()
    assert "which_is_larger" in [c.title for c in plan.of("kept")]
    place = copy.place(conftest.ANSWER)
    assert "no longer part of this unit" in copy.texts()[place - 1]
    assert "nbgrader" not in copy.cells()[place]["metadata"]


def exercise_renamed(copy):
    for name in SUITE:
        path = copy.unit.root / name if "/" in name else copy.unit.folder / name
        path.write_text(re.sub(r"\bweighted_mean\b", "mean_by_weight", path.read_text()))
    copy.rebuild()
    plan = copy.update()
    (carried,) = [c for c in plan.of("added") if c.title == "mean_by_weight"]
    assert "your code was copied into it" in carried.note
    assert copy.text_of("mean_by_weight").startswith("def mean_by_weight(values, weights)")


def cells_reordered(copy):
    block = remove(copy, "unit.py", WHICH, LIMITS)
    toml = remove(copy, "unit.toml", '[[exercise]]\nname = "which', '[[exercise]]\nname = "limits')
    edit(copy.unit.folder / "unit.py", NEXT, block + NEXT)
    row = '[[exercise]]\nname = "Standardiser"'
    copy.course(row, toml + row, files=("unit.toml",))
    copy.update()
    assert copy.place("def which_is_larger") < copy.place("class Standardiser")
    assert copy.place(conftest.NOTE) < copy.place("def my_helper") < copy.place("def which_is")


def points_changed(copy):
    copy.course("points = 4\nminutes = 10", "points = 5\nminutes = 10", files=("unit.toml",))
    copy.course("What does a weight of zero do?", "What is 0?", files=("unit.toml",))
    copy.update()
    (check,) = [c for c in copy.cells() if c["id"] == "101-weighted_mean-check"]
    assert check["metadata"]["nbgrader"]["points"] == 5
    assert "5 points" in copy.text_of("weighted_mean-1")


def check_cell_changed(copy):
    text = copy.unit.exercise_notebook.read_text()
    text = text.replace('"check(\\"Standardiser\\")"', '"check(\\"Standardiser\\")  # now"')
    version = json.loads(text)["metadata"]["firsthand"]["version"]
    copy.unit.exercise_notebook.write_text(text.replace(version, "c0ffee"))
    copy.update()
    assert copy.text_of("Standardiser-check") == 'check("Standardiser")  # now'


def learner_deleted_cells(copy):
    copy.delete("measure-1", "plot_means", "weighted_mean-check")
    copy.course("bins=20", "bins=30")
    plan = copy.update()
    ids = [c["id"] for c in copy.cells()]
    assert "101-plot_means" not in ids
    assert "101-measure-1" not in ids
    assert ids[ids.index("101-weighted_mean") + 1] == "101-weighted_mean-check"
    assert any("deleted by you" in c.note for c in plan.of("kept"))


def learner_restructured(copy):
    copy.insert_after("spread", own("n2", "Another note", "markdown"), own("h2", "MINE = 3"))
    text = copy.text_of("build-1")
    conftest.split(copy, "build-1", text[:12] + " (upper)", "(lower) " + text[12:])
    copy.set("spread", "EPSILON = 2e-6  # mine")
    copy.written += ["Another note", "MINE = 3", "(upper)", "(lower)", "EPSILON = 2e-6  # mine"]
    copy.course("Write `forward`", "Write `__call__`")
    before = [c["id"] for c in copy.cells()]
    copy.update()
    assert [c["id"] for c in copy.cells()] == before


def both_changed_a_statement(copy):
    copy.set("weighted_mean-1", copy.text_of("weighted_mean-1") + "\n\nMINE-IS-HERE")
    copy.written.append("MINE-IS-HERE")
    copy.course("for each row.", "for each row of the table.")
    plan = copy.update()
    (conflict,) = plan.of("conflict")
    assert "MINE-IS-HERE" in conflict.mine
    assert "of the table" in conflict.new
    place = copy.place("MINE-IS-HERE")
    beside = copy.texts()[place + 1]
    assert beside.startswith("**New version of the cell above.**")
    assert "of the table" in beside
    assert "of the table" not in copy.texts()[place]


def both_changed_given_code(copy):
    copy.set("spread", 'EPSILON = 2e-6  # mine: """```"""')
    copy.written.append('EPSILON = 2e-6  # mine: """```"""')
    copy.course("EPSILON = 1e-6", 'EPSILON = 1e-7  # """```"""')
    assert len(copy.update().of("conflict")) == 1
    assert "````python" in copy.texts()[copy.place("# mine") + 1]
    assert copy.cells()[copy.place("# mine") + 1]["cell_type"] == "markdown"


def stub_changed_after_it_was_written(copy):
    copy.course('"""Mean of each row.', '"""Weighted mean of each row.')
    (conflict,) = copy.update().of("conflict")
    assert conflict.title == "weighted_mean"
    assert copy.text_of("weighted_mean") == conftest.MEAN
    assert "New stub of the cell above" in copy.texts()[copy.place(conftest.MEAN) + 1]


def text_put_before_another(copy):
    """The id of an unnamed cell holds a counter: a cell before it shifts it."""
    own_place = "# %% [markdown]\n# The check of this exercise has its own place."
    copy.course(own_place, "# %% [markdown]\n# Something new stands here.\n\n" + own_place)
    plan = copy.update()
    assert plan.of("conflict") == ()
    texts = copy.texts()
    assert [t for t in texts if "has its own place" in t] == [
        "The check of this exercise has its own place." + conftest.EDIT
    ]
    assert copy.place("Something new stands here.") < copy.place("has its own place")


def tool_lost_the_ids(copy):
    copy.set("weighted_mean", f"{conftest.TOP}\n{conftest.MEAN}")  # no longer in two cells
    copy.write([c for c in copy.cells() if not c["id"].startswith("split")])
    table = copy.read() | {"nbformat_minor": 4}
    for cell in table["cells"]:
        del cell["id"]
    copy.path.write_text(json.dumps(table))
    copy.course("for each row.", "for each row of the table.")
    copy.update()
    assert "each row of the table" in "".join(copy.texts())


def windows_line_ends(copy):
    cells = copy.cells()
    for cell in cells:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    copy.write(cells)
    copy.course("for each row.", "for each row of the table.")
    plan = copy.update()
    assert plan.of("conflict") == ()
    assert "each row of the table" in copy.text_of("weighted_mean-1")


KINDS = [
    *(statement_changed, given_code_changed, exercise_inserted, exercise_removed),
    *(exercise_renamed, cells_reordered, points_changed, check_cell_changed),
    *(learner_deleted_cells, learner_restructured, both_changed_a_statement),
    *(both_changed_given_code, stub_changed_after_it_was_written, text_put_before_another),
    *(tool_lost_the_ids, windows_line_ends),
]
POINTS = {exercise_removed: 8.0, points_changed: 10.0}  # 9 otherwise


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_nothing_that_was_written_is_lost(copy, kind):
    kind(copy)
    held = conftest.words("\n".join(copy.texts()))
    lost = [text for text in copy.written if conftest.words(text) not in held]
    assert not lost
    notebook = copy.read()
    nbformat.validate(nbformat.from_dict(notebook))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert notebook["metadata"]["kernelspec"]["name"] == "mine"
    kept = next(c for c in notebook["cells"] if "my_helper(rows, self" in "".join(c["source"]))
    assert (kept["execution_count"], len(kept["outputs"])) == (7, 1)
    before = copy.path.read_bytes()
    assert copies.update(copy.unit).empty
    assert copies.apply(copies.update(copy.unit)) is None
    assert copy.path.read_bytes() == before
    assert score(copy) == pytest.approx(POINTS.get(kind, 9.0))


def score(copy):
    with Grader(copy.unit) as grader:
        return grader.grade(submission_cells(copy.unit, read_notebook(copy.path))).points


def test_an_exercise_that_was_not_begun_gets_its_new_stub(fresh):
    fresh.course('"""Mean of each row.', '"""Weighted mean of each row.')
    plan = fresh.update()
    assert [c.title for c in plan.of("replaced")] == ["weighted_mean"]
    assert fresh.read()["cells"] == read_notebook(fresh.unit.exercise_notebook)["cells"]


def test_an_update_of_an_untouched_copy_is_the_new_notebook(fresh):
    old = "bell around 0"
    fresh.course(old, "hill around 0")
    fresh.course("EPSILON = 1e-6", "EPSILON = 1e-7")
    fresh.update()
    assert fresh.path.read_bytes() == fresh.unit.exercise_notebook.read_bytes()


def test_planning_writes_nothing(copy):
    before = tree(copy.unit.root / "work")
    copy.course("for each row.", "for each row of the table.")
    plan = copies.update(copy.unit)
    assert not plan.empty
    assert tree(copy.unit.root / "work") == before


def tree(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_without_a_baseline_code_is_kept_and_edited_text_is_shown_beside(copy):
    for path in (copy.unit.root / "work/.firsthand/base").rglob("*.ipynb"):
        path.unlink()
    copy.course("for each row.", "for each row of the table.")
    plan = copy.update()
    assert {c.title for c in plan.of("kept")} >= {"weighted_mean", "Standardiser"}
    assert copy.text_of("Standardiser") == conftest.STANDARDISER
    conflicts = {c.title for c in plan.of("conflict")}
    assert conflicts == {
        "text: weighted_mean",
        "text: The check of this exercise has its own place.",
    }
    assert score(copy) == 9
    assert copies.update(copy.unit).empty


def test_a_copy_saved_in_the_meantime_is_left_alone(copy):
    copy.course("for each row.", "for each row of the table.")
    plan = copies.update(copy.unit)
    copy.insert_after("spread", own("late", "late = 1"))
    saved = copy.path.read_bytes()
    with pytest.raises(CourseError, match="saved while the update was made"):
        copies.apply(plan)
    assert copy.path.read_bytes() == saved


def test_a_second_newer_version_takes_the_place_of_the_first_in_the_note(copy):
    copy.set("weighted_mean-1", "MINE-IS-HERE")
    copy.course("for each row.", "for each row of the table.")
    copy.update()
    copy.course("of the table.", "of the matrix.")
    copy.update()
    assert [t for t in copy.texts() if "of the table" in t] == []
    assert "of the matrix" in copy.texts()[copy.place("MINE-IS-HERE") + 1]


def test_a_note_that_was_written_into_is_the_learners(copy):
    copy.set("weighted_mean-1", "MINE-IS-HERE")
    copy.course("for each row.", "for each row of the table.")
    copy.update()
    cells = copy.cells()
    place = copy.place("of the table")
    cells[place]["source"] = "".join(cells[place]["source"]) + "\nMY-REMARK"
    copy.write(cells)
    copy.course("of the table.", "of the matrix.")
    copy.update()
    assert copy.place("MY-REMARK") == copy.place("of the matrix") + 1


def test_it_is_written_into_the_journal(copy):
    copy.course("for each row.", "for each row of the table.")
    copy.update()
    (event,) = journal.events(copy.unit.root)
    assert (event.kind, event.unit) == ("update", "101_weighted_means")
    assert event.detail == "1 replaced, 0 added, 0 conflict"
