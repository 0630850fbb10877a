"""nbgrader reads the score that the engine gave: its four scoring traps are out of reach."""

import shutil
from dataclasses import replace

import pytest
from nbgrader.utils import determine_grade

from firsthand.build.notebooks import as_text, build, exercise_notebook
from firsthand.build.source import read_source
from firsthand.gradebook import Grade, close_graders, grader_of, read_submission, rebuild
from firsthand.grading import intake
from firsthand.grading.pool import Job
from firsthand.report import ExerciseResult, Line, Report, Status, TestResult
from firsthand.unit import find_unit
from tests.cohort.notebooks import grade_id
from tests.gradebook.conftest import GOLDEN

HOSTILE = "</div><script>alert(1)</script>\x1b[31mred\x00\u202e"


@pytest.fixture
def notebook(tmp_path, unit):
    """A rebuilt notebook with outputs and one more code cell that a learner could forge."""
    path = tmp_path / f"{unit.id}.ipynb"
    path.write_text(as_text(exercise_notebook(unit, read_source(unit))))
    rebuilt = rebuild(unit, read_submission(path))
    for cell in rebuilt.cells:
        if cell.cell_type == "code":
            cell.outputs = [{"output_type": "stream", "name": "stderr", "text": "careless"}]
    return rebuilt


def report_of(unit, points, *, output="", status=Status.FAILED, **changes):
    """A report with these points for every exercise."""
    test = TestResult(
        "test_it",
        "it is so",
        status,
        False,
        1.0,
        points,
        3.0,
        message=HOSTILE,
        hint="look at the factor",
        line=Line("scaled", 2, HOSTILE),
    )
    exercises = tuple(
        ExerciseResult(e.name, e.kind, Status.MANUAL, 0.0, e.points)
        if e.kind == "rubric"
        else ExerciseResult(e.name, e.kind, status, points, e.points, (test,), output=output)
        for e in unit.exercises
    )
    return replace(
        Report(unit.id, unit.title, exercises, "0123456789abcdef", "process-only", 0.1), **changes
    )


def check_cells(notebook):
    return {grade_id(cell): cell for cell in notebook.cells if grade_id(cell).startswith("check_")}


@pytest.mark.parametrize("points", [0.0, 1 / 3, 1.0])
def test_nbgrader_reads_the_points_that_the_engine_gave(notebook, unit, points):
    Grade().write_results(notebook, report_of(unit, points), unit)
    for name, cell in check_cells(notebook).items():
        score, worth = determine_grade(cell)
        assert score == pytest.approx(points, abs=1e-4), name
        assert worth == cell.metadata.nbgrader.points


def test_stderr_of_a_submission_reaches_no_cell(notebook, unit):
    Grade().write_results(notebook, report_of(unit, 1.0, output="warning: careless"), unit)
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    assert {output.output_type for output in outputs} == {"execute_result"}
    assert all(determine_grade(cell)[0] == 1.0 for cell in check_cells(notebook).values())


def test_every_check_cell_has_exactly_one_output_and_no_other_cell_has_any(notebook, unit):
    Grade().write_results(notebook, report_of(unit, 0.0), unit)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert len(cell.outputs) == (1 if grade_id(cell).startswith("check_") else 0)


def test_the_text_is_a_bare_number_whatever_the_submission_printed(notebook, unit):
    Grade().write_results(notebook, report_of(unit, 0.5, output="full marks\n10"), unit)
    for cell in check_cells(notebook).values():
        assert cell.outputs[0].data["text/plain"] == "0.5"


@pytest.mark.parametrize("points", [float("nan"), float("inf"), -1.0, 10.0])
def test_a_number_that_nbgrader_would_misread_is_an_error_of_ours(notebook, unit, points):
    with pytest.raises(ValueError, match="the engine gave"):
        Grade().write_results(notebook, report_of(unit, points), unit)


def test_rounding_never_gives_more_than_the_maximum(notebook, unit):
    worth = {e.name: e.points for e in unit.exercises}
    full = report_of(unit, 0.0)
    rows = tuple(replace(e, points=e.max_points + 1e-9) for e in full.exercises)
    Grade().write_results(notebook, replace(full, exercises=rows), unit)
    for name, cell in check_cells(notebook).items():
        assert determine_grade(cell)[0] == worth[name.removeprefix("check_")]


def test_other_points_in_the_gradebook_scale_the_score(notebook, unit, log):
    for cell in check_cells(notebook).values():
        cell.metadata.nbgrader.points = 2 * unit.exercise(cell.metadata.firsthand.name).points
    Grade().write_results(notebook, report_of(unit, 0.5), unit)
    assert all(determine_grade(cell)[0] == 1.0 for cell in check_cells(notebook).values())
    assert "scaled is worth 6 in the gradebook and 3 in the unit" in log.text


def test_no_tag_or_control_code_of_a_submission_is_alive_in_the_page(notebook, unit):
    Grade().write_results(notebook, report_of(unit, 0.0, output=HOSTILE), unit)
    for cell in check_cells(notebook).values():
        page = cell.outputs[0].data["text/html"]
        assert "<script" not in page
        assert not {"\x1b", "\x00", "\u202e"} & set(page)
        assert "look at the factor" in page


def test_the_page_says_how_it_was_graded(notebook, unit):
    Grade().write_results(notebook, report_of(unit, 1.0), unit)
    page = check_cells(notebook)["check_scaled"].outputs[0].data["text/html"]
    assert "isolation: process-only" in page
    assert "graders: 0123456789abcdef" in page
    assert notebook.metadata.firsthand.suite_hash == "0123456789abcdef"


def test_free_text_is_left_to_nbgrader(notebook, unit):
    essay = next(cell for cell in notebook.cells if grade_id(cell) == "limits")
    before = dict(essay)
    Grade().write_results(notebook, report_of(unit, 1.0), unit)
    assert dict(essay) == before
    assert determine_grade(essay)[0] == 0, "an untouched answer is an automatic 0"
    essay.source = "It overflows."
    assert determine_grade(essay)[0] is None, "a written answer waits for a person"


def test_one_grader_serves_a_unit_until_its_files_change(unit):
    options = {"cell_seconds": 5.0, "call_seconds": None}
    first = grader_of(unit, **options)
    assert grader_of(unit, **options) is first
    toml = unit.folder / "unit.toml"
    toml.write_text(toml.read_text() + "\n# one more line\n")
    second = grader_of(unit, **options)
    assert second is not first
    close_graders()


def test_a_rejected_file_gets_an_explicit_zero_and_its_reason(notebook, unit):
    grader = grader_of(unit, cell_seconds=5.0, call_seconds=None)
    graded = grader.grade(Job("one", (), "it is not valid JSON"))
    Grade().write_results(notebook, graded.report, unit)
    close_graders()
    assert notebook.cells[0].source.startswith("**Nothing was graded: it is not valid JSON.**")
    for cell in check_cells(notebook).values():
        assert determine_grade(cell)[0] == 0.0
        assert "it is not valid JSON" in cell.outputs[0].data["text/html"]


def test_a_test_that_hangs_stops_no_run_and_costs_nobody_a_point(tmp_path):
    shutil.copytree(GOLDEN, tmp_path / "course")
    own = find_unit("900", tmp_path / "course")
    build(own, execute=False)
    hangs = (
        '\n@pytest.mark.exercise("scaled")\ndef test_it_hangs(submission):\n    while True: pass\n'
    )
    own.graders[0].write_text(own.graders[0].read_text() + hangs)
    cells = tuple(intake.reference_cells(own))
    grader = grader_of(own, cell_seconds=5.0, call_seconds=None, test_seconds=3.0)
    for key in ("first", "next"):
        report = grader.grade(Job(key, cells)).report
        scaled = report.exercise("scaled")
        assert report.has_fault and scaled.points == scaled.max_points
    close_graders()
