"""JUnit XML is well formed whatever the submission printed, and counts what it holds."""

import xml.etree.ElementTree as ET

import pytest

from firsthand import render
from tests.render.samples import EXERCISES, REJECTED, WHOLE, report


def suites(*reports):
    return list(ET.fromstring(render.junit(*reports).encode("utf-8")))


def test_every_report_is_a_suite():
    assert [s.get("name") for s in suites(WHOLE, REJECTED)] == ["901_tiny ada", "901_tiny bob"]


def test_cases_are_counted():
    (suite,) = suites(WHOLE)
    counts = {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "8", "failures": "2", "errors": "1", "skipped": "1"}


@pytest.mark.parametrize(
    ("key", "tag"),
    [
        ("failed", "failure"),
        ("raised", "failure"),
        ("not started", "failure"),
        ("timed out", "failure"),
        ("grader fault", "error"),
        ("graded by hand", "skipped"),
    ],
)
def test_each_status_has_its_element(key, tag):
    (suite,) = suites(report(EXERCISES[key]))
    assert suite.find(f"testcase/{tag}") is not None


def test_a_passed_test_has_no_element():
    (suite,) = suites(report(EXERCISES["passed"]))
    assert all(len(case) == 0 for case in suite.iter("testcase"))


def test_hostile_text_stays_text():
    (suite,) = suites(report(EXERCISES["hostile"]))
    failure = suite.find("testcase/failure")
    assert "<script>alert(1)</script>" in failure.get("message")


def test_points_and_isolation_are_properties():
    (suite,) = suites(WHOLE)
    properties = {p.get("name"): p.get("value") for p in suite.iter("property")}
    assert properties["points"] == "5"
    assert properties["isolation"] == "process-only"


def test_a_rejected_submission_is_an_error():
    (suite,) = suites(REJECTED)
    assert "not valid JSON" in suite.find("testcase/error").get("message")
