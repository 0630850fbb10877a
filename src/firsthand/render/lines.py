"""What a result says as plain lines, for formats in which markup means nothing."""

from dataclasses import replace

from firsthand.render.rows import SYMBOLS, Context, Row, exercise_rows, one_line
from firsthand.report import ExerciseResult, Report, Status, TestResult


def exercise_lines(report: Report, result: ExerciseResult) -> list[str]:
    """The sentence of the failure to show, its message, the learner's line, its hint, the notes."""
    ran = result.status not in (Status.NOT_STARTED, Status.MANUAL) and not report.rejected
    shown = result.shown
    first = [f"{SYMBOLS[shown.status]} {one_line(shown.sentence)}"] if shown and ran else []
    rows = exercise_rows(report, result, Context(timings=False))
    return [*first, *(line for row in rows for line in _plain(row))]


def test_lines(report: Report, test: TestResult) -> list[str]:
    """What one test says; nothing where it passed."""
    if test.status is Status.PASSED:
        return []
    alone = ExerciseResult("", "code", test.status, test.points, test.max_points, (test,))
    rows = exercise_rows(replace(report, rejected=""), alone, Context(timings=False))
    return [line for row in rows for line in _plain(row)] or [test.status.value]


def _plain(row: Row) -> list[str]:
    match row.kind:
        case "message":
            return row.text.split("\n")
        case "code":
            return [f"{row.summary}: {row.text}"]
        case "hint":
            return [f"→ {row.text}"]
        case "note":
            return [f"{row.text}:  {row.summary}" if row.summary else row.text]
        case _:
            return []
