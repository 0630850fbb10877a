"""The result for GitHub Classroom's reporter, read the way the reporter reads it."""

import json

import pytest

from firsthand import render
from tests.render.samples import EXERCISES, REJECTED, WHOLE, report

# What autograding-command-grader writes for each test.
TEST_FIELDS = {
    *("name", "status", "score", "message", "test_code", "filename", "line_no", "duration"),
}


def result(made):
    return json.loads(render.classroom(made))


def points(table):
    """As in the reporter's src/notify-classroom.js."""
    return sum(test["score"] for test in table["tests"]), table["max_score"]


@pytest.mark.parametrize("made", [WHOLE, REJECTED], ids=["graded", "rejected"])
def test_the_reporter_finds_its_fields_and_the_points(made):
    table = result(made)
    assert set(table) == {"version", "status", "max_score", "tests"}
    assert table["version"] == 1
    assert all(set(test) == TEST_FIELDS for test in table["tests"])
    assert points(table) == (made.points, made.max_points)


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("passed", "pass"),
        ("failed", "fail"),
        ("raised", "fail"),
        ("not started", "fail"),
        ("timed out", "fail"),
        ("grader fault", "error"),
    ],
)
def test_each_status_has_its_word(key, status):
    assert result(report(EXERCISES[key]))["status"] == status


def test_a_fault_of_a_grader_keeps_its_points():
    table = result(report(EXERCISES["grader fault"]))
    assert [(test["status"], test["score"]) for test in table["tests"]] == [
        ("pass", 1.0),
        ("error", 1.0),
    ]


def test_a_failure_says_what_and_why_and_quotes_no_test():
    failed = result(report(EXERCISES["failed"]))["tests"][1]
    assert failed["name"] == "score: lags vary"
    assert failed["message"] == "got 0.25\n→ look it up"
    assert failed["test_code"] == failed["filename"] == ""


def test_a_rejected_submission_gives_its_reason_first():
    first = result(REJECTED)["tests"][0]
    assert first["name"] == "the notebook can be read"
    assert (first["status"], first["message"]) == ("fail", REJECTED.rejected)
