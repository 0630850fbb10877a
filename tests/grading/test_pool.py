"""A test that hangs or crashes stops nothing; the reference solution tells whose fault it is."""

import json

import pytest

from firsthand.grading import intake
from firsthand.grading.engine import Grader
from firsthand.grading.pool import Job, Pool
from firsthand.unit import Cell, CourseError, with_source
from tests.cohort.course_folder import golden_project
from tests.grading.pool_fake import FakePool


@pytest.fixture
def run(tmp_path):
    """A function that grades jobs, told as {key: {test: what happens}}, in processes of a fake."""

    def grade(jobs, reference=None, processes=1):
        notes = tmp_path / "notes.json"
        notes.write_text(json.dumps(reference or {}))
        listed = [
            Job(key, tuple(Cell("exercise", test, what) for test, what in tests.items()))
            for key, tests in jobs.items()
        ]
        options = {"key": str(notes), "cell_seconds": 1.0, "test_seconds": 0.5}
        with FakePool(None, processes=processes, **options) as pool:
            return {graded.key: graded for graded in pool.grade_many(listed)}

    return grade


def statuses(graded):
    return {test.name: str(test.status) for test in graded.report.exercises[0].tests}


@pytest.mark.parametrize("what", ["hang", "die"])
def test_a_test_that_breaks_off_with_the_reference_too_is_the_graders_fault(run, what):
    jobs = {name: {"bad": what, "good": "pass"} for name in ("one", "two", "three")}
    results = run(jobs, reference={"bad": what})
    for graded in results.values():
        assert statuses(graded) == {"bad": "grader fault", "good": "passed"}


@pytest.mark.parametrize(("what", "status"), [("hang", "timed out"), ("die", "raised")])
def test_a_test_that_breaks_off_with_one_submission_only_is_that_submissions(run, what, status):
    results = run({"one": {"t": what, "u": "pass"}, "two": {"t": "pass", "u": "pass"}})
    assert statuses(results["one"]) == {"t": status, "u": "passed"}
    assert statuses(results["two"]) == {"t": "passed", "u": "passed"}


def test_a_process_that_ends_once_costs_nobody_a_point(run):
    results = run({"one": {"t": "die once"}})
    assert statuses(results["one"]) == {"t": "passed"}


def test_after_two_tests_that_hang_the_rest_of_a_submission_is_not_run(run):
    results = run({"one": {"a": "hang", "b": "hang", "c": "hang", "d": "pass"}})
    assert statuses(results["one"]) == dict.fromkeys("abcd", "timed out")


def test_a_process_that_ends_twice_outside_of_a_test_leaves_a_reason_and_the_rest_goes_on(run):
    results = run({"one": {"t": "die outside"}, "two": {"t": "pass"}})
    assert results["one"].report is None
    assert (
        "ended twice outside of a test: its process ended with status 3" in results["one"].problem
    )
    assert statuses(results["two"]) == {"t": "passed"}


def test_graders_that_cannot_be_collected_stop_the_run_with_their_reason(run):
    with pytest.raises(CourseError, match="no test is marked"):
        run({"one": {"t": "pass"}}, reference={"failed": "no test is marked"})


def test_two_processes_share_the_work(run):
    jobs = {str(number): {"t": "pass"} for number in range(9)} | {"slow": {"t": "hang"}}
    results = run(jobs, processes=2)
    assert len(results) == 10
    assert statuses(results["slow"]) == {"t": "timed out"}


def test_jobs_are_taken_one_by_one_as_there_is_room(tmp_path):
    notes = tmp_path / "notes.json"
    notes.write_text("{}")
    taken = []

    def jobs():
        for number in range(6):
            taken.append(number)
            yield Job(str(number), (Cell("exercise", "t", "pass"),))

    with FakePool(None, key=str(notes), cell_seconds=1.0, processes=1) as pool:
        for done, _ in enumerate(pool.grade_many(jobs()), start=1):
            assert len(taken) <= done + 1
    assert taken == list(range(6))


def test_the_reports_of_a_pool_are_those_of_one_process(tmp_path):
    unit = golden_project(tmp_path)
    solution = intake.reference_cells(unit)
    wrong = with_source(solution, "scaled", "def scaled(x, factor):\n    return x + factor")
    jobs = [Job("right", tuple(solution)), Job("wrong", tuple(wrong)), Job("none", (), "no file")]
    deadlines = {"key": "0", "cell_seconds": 4.0, "call_seconds": 4.0}
    with Pool(unit, processes=1, **deadlines) as pool:
        reports = {graded.key: graded.report for graded in pool.grade_many(jobs)}
    with Grader(unit, **deadlines) as grader:
        assert reports["right"].comparable() == grader.grade(solution).comparable()
        assert reports["wrong"].comparable() == grader.grade(wrong).comparable()
        assert reports["none"].comparable() == grader.reject("no file").comparable()
