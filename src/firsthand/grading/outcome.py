"""What an exception that left a test means: the test's status, and the message for the learner."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from firsthand.compare import Mismatch
from firsthand.grading.client import (
    NameMissing,
    ProtocolBroken,
    SubmissionDied,
    SubmissionError,
    SubmissionTimeout,
)
from firsthand.report import ExerciseResult, Line, Status

MAX_MESSAGE = 600


class Verdict(NamedTuple):
    """A test's status and what to tell the learner.

    `foreign`: no known failure, so the grader itself may be at fault.
    """

    status: Status
    message: str = ""
    hint: str = ""
    recognised: bool = False
    line: Line | None = None
    foreign: bool = False


def judge(exception: BaseException | None, exercise: str) -> Verdict:
    """Classify how a test of `exercise` ended."""
    if exception is None:
        return Verdict(Status.PASSED)
    if isinstance(exception, SubmissionError):
        return _learners_error(exception, exercise)
    if isinstance(exception, Mismatch):
        return Verdict(
            Status.FAILED, _short(exception.message), _short(exception.hint), exception.recognised
        )
    if isinstance(exception, AssertionError):
        return Verdict(Status.FAILED, _short(str(exception)))
    if isinstance(exception, pytest.fail.Exception):
        # The only way here is `pytest.raises`: its text names the exception that the statement asks
        # for.
        expected = (
            str(exception.msg).removeprefix("DID NOT RAISE ").strip("<>").removeprefix("class ")
        )
        return Verdict(
            Status.FAILED, f"`{exercise}` should raise {expected.strip(chr(39))} here, and did not."
        )
    return Verdict(Status.FAULT, _short(f"{type(exception).__name__}: {exception}"), foreign=True)


def _learners_error(error: SubmissionError, exercise: str) -> Verdict:
    line = Line(*error.frames[-1]) if error.frames else None
    if isinstance(error, NameMissing):
        return Verdict(Status.NOT_STARTED, _short(error.message))
    if isinstance(error, SubmissionTimeout):
        hint = "is there a loop that never ends, or more work than the statement asks for?"
        return Verdict(Status.TIMED_OUT, _short(f"`{exercise}`: {error.message}"), hint)
    if isinstance(error, SubmissionDied):
        return Verdict(Status.RAISED, _short(f"your code ended its process: {error.message}"))
    if isinstance(error, ProtocolBroken):
        return Verdict(
            Status.FAILED, _short(f"the answer of `{exercise}` could not be read: {error.message}")
        )
    if isinstance(error, NotImplementedError):
        if line and line.cell not in ("", exercise):
            return Verdict(Status.RAISED, f"`{line.cell}` is not written yet.", line=line)
        return Verdict(Status.NOT_STARTED, "not written yet.", line=line)
    text = f"{error.type_name}: {error.message}" if error.message else error.type_name
    return Verdict(Status.RAISED, _short(text), line=line)


def by_its_cell(
    verdict: Verdict,
    exception: BaseException | None,
    error: SubmissionError | None,
    exercise: str,
) -> Verdict:
    """The verdict "not started", or what `error` says: what is written and did not run was started.

    exception: what left the test. error: what kept the exercise's cell from running, or None. Of a
    cell with a syntax error nothing ran, whatever its name still stands for.
    """
    if error is None or (
        not isinstance(exception, NameMissing) and not isinstance(error, SyntaxError)
    ):
        return verdict
    return judge(error, exercise)


def blamed(verdict: Verdict) -> Verdict:
    """The verdict of a foreign exception that the reference solution does not provoke.

    The submission's value did.
    """
    message = f"the result could not be compared with what is expected ({verdict.message})"
    return verdict._replace(
        status=Status.FAILED,
        message=_short(message),
        hint="does it have the type and the shape that the statement asks for?",
        foreign=False,
    )


def silenced(result: ExerciseResult) -> ExerciseResult:
    """A result without any text or value of the submission.

    For a run in which the reference solution of an earlier exercise was in the submission's
    process: code there can read it, and could bring it out in a message, a line or its output.
    What is left are statuses, points, and hints that the author wrote for a recognised mistake.
    """
    names = ", ".join(f"`{name}`" for name in result.with_reference)
    message = f"what it said is shown once {names} {_is_or_are(result)} right."
    tests = tuple(
        test
        if test.status is Status.PASSED
        else replace(test, message=message, hint=test.hint if test.recognised else "", line=None)
        for test in result.tests
    )
    return replace(result, tests=tests, output="")


def _is_or_are(result: ExerciseResult) -> str:
    return "is" if len(result.with_reference) == 1 else "are"


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - 3] + "..."
