"""Results are found by what they depend on, and nothing else."""

import sqlite3
from dataclasses import replace

import pytest

from firsthand.grading import results
from firsthand.grading.results import ResultKey, Results, submission_hash, suite_hash
from firsthand.grading.submitted import read_submitted, submitted_cells
from firsthand.report import ExerciseResult, Report, Status, TestResult
from firsthand.unit import Cell, CourseError
from tests.cohort.course_folder import golden_project

KEY = ResultKey("suite", "submission", "environment")
CELLS = [Cell("given", "setup", "import torch"), Cell("exercise", "f", "def f(): ...")]


def report(points=1.0, status=Status.PASSED, message=""):
    test = TestResult("t", "it is so", status, False, 1.0, points, 2.0, message=message)
    exercise = ExerciseResult("f", "code", status, points, 2.0, (test,))
    return Report("900_golden", "Golden", (exercise,), "suite", "full", 0.1)


@pytest.fixture
def store(tmp_path):
    with Results(tmp_path / "results.db") as opened:
        yield opened


def test_a_report_comes_back_as_it_was(store):
    assert store.get(KEY) is None
    store.put(KEY, report())
    assert store.get(KEY) == report()
    assert KEY in store
    assert ResultKey.named(str(KEY)) == KEY


def test_the_first_report_stays_unless_another_is_asked_for(store):
    store.put(KEY, report(1.0))
    store.put(KEY, report(2.0))
    assert store.get(KEY).points == 1.0
    store.put(KEY, report(2.0), replace=True)
    assert (store.get(KEY).points, len(store)) == (2.0, 1)


def test_faults_are_told_by_their_status_not_by_words_of_a_learner(store):
    store.put(KEY, report(message="grader fault"))
    broken = KEY._replace(submission="other")
    store.put(broken, report(status=Status.FAULT))
    store.put(broken._replace(suite="old"), report(status=Status.FAULT))
    assert [key for key, _ in store.faulty("suite")] == [broken]


def test_a_full_disk_is_told_in_one_line_and_leaves_whole_rows(tmp_path):
    path = tmp_path / "results.db"
    with Results(path) as store:
        store.put(KEY, report())
        store._database.execute("pragma max_page_count = 8")
        with pytest.raises(CourseError, match=r"results\.db: database or disk is full\. Mend"):
            for number in range(100):
                store.put(KEY._replace(submission=str(number)), report(message="x" * 4000))
    with Results(path) as store:
        assert store.get(KEY) == report()
        assert store._database.execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_locked_file_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "LOCK_SECONDS", 0.1)
    with Results(tmp_path / "results.db") as store:
        other = sqlite3.connect(tmp_path / "results.db", isolation_level=None)
        other.execute("begin immediate")
        with pytest.raises(CourseError, match="database is locked"):
            store.put(KEY, report())
        other.execute("commit")
        other.close()
        store.put(KEY, report())


@pytest.mark.parametrize(
    ("cells", "same"),
    [
        ([*CELLS, Cell("prose", "", "text")], True),
        ([*CELLS, Cell("rubric", "essay", "text")], True),
        ([*CELLS, Cell("extra", "your cell 3", "x = 1")], False),
        ([CELLS[0], replace(CELLS[1], source="def f(): pass")], False),
        (CELLS[::-1], False),
    ],
    ids=["prose", "free text", "own cell", "other code", "other order"],
)
def test_only_what_runs_makes_another_submission(cells, same):
    assert (submission_hash(cells) == submission_hash(CELLS)) is same


def test_a_rejection_is_known_by_its_reason():
    assert submission_hash([], "empty") == submission_hash(CELLS, "empty")
    assert submission_hash([], "empty") != submission_hash([], "too large")


def test_whatever_can_change_a_score_makes_another_suite(tmp_path):
    unit = golden_project(tmp_path)
    first = suite_hash(unit, "key")
    assert suite_hash(unit, "key") == first
    assert suite_hash(unit, "other key") != first
    dearer = replace(unit.exercises[0], points=5)
    assert suite_hash(replace(unit, exercises=(dearer, *unit.exercises[1:])), "key") != first
    text = unit.solution_notebook.read_text()
    unit.solution_notebook.write_text(text.replace("x * factor", "factor * x"))
    changed = suite_hash(unit, "key")
    assert changed != first
    unit.graders[0].write_text(unit.graders[0].read_text() + "# mended\n")
    assert suite_hash(unit, "key") not in (first, changed)


def test_walls_and_deadlines_make_another_environment():
    hashed = results.environment_hash
    known = {hashed("full", 20.0, None), hashed("process-only", 20.0, None)}
    known |= {hashed("full", 5.0, None), hashed("full", 20.0, 5.0)}
    assert len(known) == 4
    assert hashed("full", 20, None) in known


def test_text_that_no_file_can_hold_is_read_as_it_is_stored(tmp_path):
    unit = golden_project(tmp_path)
    path = tmp_path / "odd.ipynb"
    path.write_text(
        unit.exercise_notebook.read_text().replace("def scaled", r"x = '\ud800'; def scaled")
    )
    cells = submitted_cells(unit, read_submitted(path))
    assert any("x = '?'" in cell.source for cell in cells)
