"""Reports with every status, built by hand, so that rendering is tested without an engine."""

from pathlib import Path

from firsthand.report import (
    ExerciseResult,
    Line,
    Report,
    Status,
    TestResult,
    exercise_status,
)
from firsthand.unit import Exercise, Unit

HOSTILE = (
    "</div></details><script>alert(1)</script><img src=x onerror=alert(2)>\n"
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x00\x08\x7f\x9b \u202egnp.exe "
    "\ud800 \ufffe & ]]> \"'\r\u2028"
)


def unit() -> Unit:
    code = {"minutes": 20, "difficulty": 3, "importance": 4}
    exercises = (
        Exercise(
            "score", 5, hints=("first", "second", "third"), meaning="It `means` much.", **code
        ),
        Exercise("guess", 1, kind="answer", hints=("look",), **code),
        Exercise("limits", 4, kind="rubric", **code),
    )
    return Unit(
        "901_tiny", Path("/nowhere"), "Tiny", "paper", "claim", "shrunk", 10, 1, (), 5, 5, exercises
    )


def test(sentence: str, status: Status = Status.PASSED, **fields) -> TestResult:
    earned = 1.0 if status in (Status.PASSED, Status.FAULT) else 0.0
    fields = {"seconds": 0.04, **fields}
    return TestResult(f"Test::{sentence}", sentence, status, False, 1, earned, 1.0, **fields)


test.__test__ = False


def exercise(*tests: TestResult, name: str = "score", kind: str = "code", **fields):
    points = sum(t.points for t in tests)
    status = exercise_status(tests)
    return ExerciseResult(name, kind, status, points, float(len(tests)), tests, **fields)


def report(*exercises: ExerciseResult, isolation: str = "kernel", **fields) -> Report:
    return Report("901_tiny", "Tiny", exercises, "0123456789abcdef", isolation, 1.25, **fields)


LINE = Line("score", 4, "    return total / 0")
EXERCISES = {
    "passed": exercise(test("it is right"), test("it is right twice")),
    "failed": exercise(
        test("it is right"),
        test("lags vary", Status.FAILED, message="got 0.25", hint="look it up", recognised=True),
        test("it is fast", Status.FAILED, message="never expanded"),
        output="one\ntwo\n",
    ),
    "raised": exercise(
        test(
            "it is right", Status.RAISED, message="ZeroDivisionError: division by zero", line=LINE
        ),
        test("it is right twice"),
        with_reference=("earlier",),
    ),
    "not started": exercise(test("it is right", Status.NOT_STARTED, message="not written yet.")),
    "timed out": exercise(test("it is right", Status.TIMED_OUT), test("it is right twice")),
    "grader fault": exercise(
        test("it is right"), test("it is odd", Status.FAULT, message="KeyError: 'x'")
    ),
    "graded by hand": ExerciseResult("limits", "rubric", Status.MANUAL, 0.0, 4.0),
    "hostile": exercise(
        test(HOSTILE, Status.RAISED, message=HOSTILE, hint=HOSTILE, line=Line(HOSTILE, 1, HOSTILE)),
        with_reference=(HOSTILE,),
        output=HOSTILE * 50,
    ),
}
WHOLE = report(
    *(EXERCISES[key] for key in ("failed", "passed", "graded by hand", "grader fault")),
    isolation="process-only",
    submission="ada",
    cell_errors=("your cell 3: NameError: name 'x' is not defined",),
)
REJECTED = report(
    EXERCISES["not started"], submission="bob", rejected="bob.ipynb is not valid JSON: <b>."
)
