"""Report -> `results.json` of Gradescope's autograder.

Fields as documented in https://gradescope-autograders.readthedocs.io/en/latest/specs/. Every text
is declared to be plain text: the default for the whole submission's output would read HTML.
"""

import json
from typing import Any

from firsthand.render.lines import test_lines
from firsthand.render.rows import (
    OUR_BUG,
    by_hand,
    cell_error_rows,
    clean,
    one_line,
)
from firsthand.report import ExerciseResult, Report, Status, TestResult


def gradescope(report: Report) -> str:
    """JSON for one submission.

    A fault of a grader earns its points. Rubric exercises are no part of the score: the text for
    the submission says what a person grades. A rejected submission scores 0 with its reason.
    """
    automatic = [e for e in report.exercises if e.status is not Status.MANUAL]
    tests = [
        _test(report, result, test, f"{position}.{number}")
        for position, result in enumerate(automatic, 1)
        for number, test in enumerate(result.tests, 1)
    ]
    table = _settings("\n".join(_told(report))) | {
        "score": report.points,
        "execution_time": round(report.seconds),
        "tests": tests,
        "extra_data": {
            "unit": report.unit,
            "suite_hash": report.suite_hash,
            "isolation": report.isolation,
        },
    }
    return json.dumps(table, indent=2, sort_keys=True)


def gradescope_fault(told: str) -> str:
    """JSON for a submission that could not be graded through a fault of ours: it has no score."""
    text = f"This submission was not graded. {clean(told)}"
    check = {"name": "grading", "name_format": "text", "output": text, "output_format": "text"}
    table = _settings(text) | {"tests": [check | {"status": "failed"}]}
    return json.dumps(table, indent=2, sort_keys=True)


def _settings(output: str) -> dict[str, Any]:
    return {
        "output": output,
        "output_format": "text",
        "visibility": "visible",
        # What our programs print may quote graders; only instructors see it.
        "stdout_visibility": "hidden",
    }


def _told(report: Report) -> list[str]:
    lines = [f"not graded: {one_line(report.rejected)}"] if report.rejected else []
    lines += [row.text for row in cell_error_rows(report)]
    for result in report.exercises:
        if result.status is Status.MANUAL:
            told = f"{one_line(result.name)}: {by_hand(result.max_points)}, not in this score"
            lines.append(told)
        if result.with_reference:
            names = ", ".join(map(one_line, result.with_reference))
            told = f"{one_line(result.name)}: graded with the reference in place of your {names}"
            lines.append(told)
    if report.has_fault:
        lines.append(f"A grader broke. {OUR_BUG}")
    return [*lines, f"graders {report.suite_hash} · isolation {report.isolation}"]


def _test(report: Report, result: ExerciseResult, test: TestResult, number: str) -> dict[str, Any]:
    earned = test.status in (Status.PASSED, Status.FAULT)
    return {
        "number": number,
        "name": f"{one_line(result.name)}: {one_line(test.sentence)}",
        "name_format": "text",
        "score": round(test.points, 4),
        "max_score": round(test.max_points, 4),
        "status": "passed" if earned else "failed",
        "output": "\n".join(test_lines(report, test)),
        "output_format": "text",
        "visibility": "visible",
    }
