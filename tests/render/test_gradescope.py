"""`results.json` holds only what Gradescope documents, and says of each test what it should."""

import json

import pytest

from firsthand import render
from tests.render.samples import EXERCISES, REJECTED, WHOLE, report

# https://gradescope-autograders.readthedocs.io/en/latest/specs/, "Output format".
SUBMISSION_FIELDS = {
    *("score", "execution_time", "output", "output_format", "test_output_format"),
    *("test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"),
}
TEST_FIELDS = {
    *("score", "max_score", "status", "name", "name_format", "number", "output"),
    *("output_format", "tags", "visibility", "extra_data"),
}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}


def results(made):
    return json.loads(render.gradescope(made))


def results_of(key):
    return results(report(EXERCISES[key], isolation="process-only"))


@pytest.mark.parametrize(
    "text",
    [render.gradescope(WHOLE), render.gradescope(REJECTED), render.gradescope_fault("It broke.")],
    ids=["graded", "rejected", "fault"],
)
def test_every_field_is_a_documented_one(text):
    table = json.loads(text)
    assert set(table) <= SUBMISSION_FIELDS
    assert {table["visibility"], table["stdout_visibility"]} <= VISIBILITIES
    for test in table["tests"]:
        assert set(test) <= TEST_FIELDS
        assert test["status"] in ("passed", "failed")
        assert test["output_format"] == test["name_format"] == "text"


def test_the_tests_add_up_to_the_score():
    table = results(WHOLE)
    assert table["score"] == sum(test["score"] for test in table["tests"]) == WHOLE.points
    assert sum(test["max_score"] for test in table["tests"]) == WHOLE.max_points


def test_a_failed_test_carries_its_message_and_hint():
    failed = results_of("failed")["tests"][1]
    assert failed == {
        **{"number": "1.2", "name": "score: lags vary", "name_format": "text"},
        **{"score": 0.0, "max_score": 1.0, "status": "failed", "visibility": "visible"},
        **{"output": "got 0.25\n→ look it up", "output_format": "text"},
    }


def test_an_exception_carries_the_learners_line():
    output = results_of("raised")["tests"][0]["output"]
    assert output == "ZeroDivisionError: division by zero\nline 4 of score: return total / 0"


def test_a_test_that_never_ran_says_so():
    (test,) = results_of("not started")["tests"]
    assert (test["score"], test["status"], test["output"]) == (0.0, "failed", "not started")


def test_a_fault_of_a_grader_costs_nothing():
    table = results_of("grader fault")
    assert table["score"] == 2.0
    assert [test["status"] for test in table["tests"]] == ["passed", "passed"]
    assert "our bug, not yours. Nothing was deducted" in table["output"]
    assert "KeyError" not in render.gradescope(report(EXERCISES["grader fault"]))


def test_free_text_is_left_to_a_person():
    table = results(WHOLE)
    assert "limits: up to 4 points graded by hand, not in this score" in table["output"]
    assert not [test for test in table["tests"] if test["name"].startswith("limits")]


def test_a_rejected_submission_scores_zero_with_its_reason():
    table = results(REJECTED)
    assert table["score"] == 0
    assert table["output"].startswith("not graded: bob.ipynb is not valid JSON: <b>.")
    assert table["output_format"] == "text", "the default would read it as HTML"


def test_what_we_broke_ourselves_has_no_score():
    table = json.loads(render.gradescope_fault("Ask your instructor."))
    assert "score" not in table
    assert all("score" not in test for test in table["tests"])
    assert table["output"] == "This submission was not graded. Ask your instructor."
