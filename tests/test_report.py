"""A report derives its totals, and picks the failure that helps."""

from dataclasses import replace

import pytest

from firsthand.report import ExerciseResult, Report, Status, TestResult, exercise_status


def row(status, **more):
    return TestResult("test_x", "x", status, False, 1.0, 0.0, 1.0, **more)


def exercise(*tests, name="double", status=Status.FAILED, points=1.0):
    return ExerciseResult(name, "code", status, points, 3.0, tests)


def report(*exercises):
    return Report("901_tiny", "Tiny", exercises, "hash", "process-only", 0.1)


def test_totals_leave_out_what_a_person_grades():
    manual = ExerciseResult("essay", "rubric", Status.MANUAL, 0.0, 2.0)
    whole = report(exercise(), manual)
    assert (whole.points, whole.max_points, whole.manual_points) == (1.0, 3.0, 2.0)


def test_the_recognised_mistake_is_shown_before_an_earlier_failure():
    plain, known = row(Status.FAILED), row(Status.FAILED, hint="h", recognised=True)
    assert exercise(row(Status.PASSED), plain, known).shown is known
    assert exercise(row(Status.PASSED), plain).shown is plain
    assert exercise(row(Status.PASSED)).shown is None


def test_a_fault_of_ours_is_shown_only_when_there_is_nothing_to_mend():
    fault, failed = row(Status.FAULT), row(Status.FAILED)
    assert exercise(fault, failed).shown is failed
    assert exercise(fault).shown is fault


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([Status.PASSED, Status.PASSED], Status.PASSED),
        ([Status.NOT_STARTED, Status.NOT_STARTED], Status.NOT_STARTED),
        ([Status.NOT_STARTED, Status.FAULT], Status.NOT_STARTED),
        ([Status.PASSED, Status.TIMED_OUT, Status.FAILED], Status.TIMED_OUT),
        ([Status.PASSED, Status.FAULT], Status.FAULT),
        ([Status.FAULT, Status.FAILED], Status.FAILED),
        ([Status.PASSED, Status.NOT_STARTED], Status.FAILED),
    ],
)
def test_an_exercise_has_the_status_of_its_tests(statuses, expected):
    assert exercise_status(tuple(map(row, statuses))) is expected


def test_where_and_how_fast_it_ran_is_not_compared():
    one = report(exercise(row(Status.FAILED)))
    two = replace(
        report(exercise(row(Status.FAILED, seconds=9.0))), isolation="kernel", seconds=7.0
    )
    assert one.comparable() == two.comparable()
    assert one.comparable() != report(exercise(row(Status.PASSED))).comparable()


def test_json_is_read_back_and_other_versions_are_refused():
    one = report(exercise(row(Status.FAILED)))
    assert Report.from_json(one.to_json()) == one
    with pytest.raises(ValueError, match="schema 2; this version reads 1"):
        Report.from_json(one.to_json().replace('"schema_version": 1', '"schema_version": 2'))


def test_an_unknown_exercise_is_a_key_error():
    with pytest.raises(KeyError):
        report(exercise()).exercise("tripel")
