"""Report -> the result that GitHub Classroom's autograding reporter reads.

A runner's step hands it on as the output `result`, in base64; the reporter finds it in the variable
`<STEP ID>_RESULTS`. Fields as the reporter and the command grader use them:
https://github.com/classroom-resources/autograding-grading-reporter (src/main.js,
src/notify-classroom.js) and autograding-command-grader (src/main.js).
"""

import json
from typing import Any

from firsthand.render.lines import test_lines
from firsthand.render.rows import clean, one_line
from firsthand.report import ExerciseResult, Report, Status, TestResult


def classroom(report: Report) -> str:
    """JSON of version 1 for one submission; the reporter adds up the scores of its tests.

    A fault of a grader has the status "error" and its full score. Rubric exercises are left out.
    """
    tests = [
        _test(report, result, test)
        for result in report.exercises
        if result.status is not Status.MANUAL
        for test in result.tests
    ]
    if report.rejected:
        reason = clean(report.rejected)
        tests.insert(0, _row("the notebook can be read", "fail", message=reason))
    statuses = {row["status"] for row in tests}
    worst = next((s for s in ("fail", "error") if s in statuses), "pass")
    table = {"version": 1, "status": worst, "max_score": report.max_points, "tests": tests}
    return json.dumps(table, indent=2)


def _test(report: Report, result: ExerciseResult, test: TestResult) -> dict[str, Any]:
    passed = test.status is Status.PASSED
    fault = test.status is Status.FAULT
    return _row(
        f"{one_line(result.name)}: {one_line(test.sentence)}",
        "pass" if passed else "error" if fault else "fail",
        score=round(test.points, 4),
        message="\n".join(test_lines(report, test)),
        duration=round(test.seconds * 1000),
    )


def _row(
    name: str, status: str, *, score: float = 0.0, message: str = "", duration: int = 0
) -> dict[str, Any]:
    # The reporter prints `test_code`: the source of a hidden test never goes there.
    place = {"test_code": "", "filename": "", "line_no": 0}
    row = {"name": name, "status": status, "score": score, "message": message}
    return row | place | {"duration": duration}
