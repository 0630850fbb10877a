"""What a result says, line by line: the one source of the cell output and of its plain-text twin.

Every text that a submission can influence passes `clean` here. Escaping is left to the format.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from firsthand.report import ExerciseResult, Report, Status, TestResult
from firsthand.unit import Exercise, Unit

MAX_ROWS = 15
MAX_MESSAGE_LINES = 5
MAX_LINE = 300
MAX_FOLDED_LINES = 40

SYMBOLS = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.RAISED: "✗",
    Status.NOT_STARTED: "·",
    Status.TIMED_OUT: "✗",
    Status.FAULT: "!",
    Status.MANUAL: "–",
}
OUR_BUG = "This is our bug, not yours. Nothing was deducted."

Kind = Literal["head", "test", "message", "code", "hint", "note", "fold", "meaning"]


@dataclass(frozen=True)
class Row:
    """One row of a result.

    head: `text` is the exercise's name, `summary` what it came to. code: `text` is the learner's
    line, `summary` its place. note: `summary` is code to run. fold: `folded` opens
    below `text`; with a status, it holds tests.
    """

    kind: Kind
    text: str
    status: Status | None = None
    summary: str = ""
    folded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """What a report does not hold. `hints_seen`: how many hints the learner has asked for."""

    unit: Unit | None = None
    hints_seen: int = 0
    timings: bool = True
    notes: tuple[str, ...] = ()

    def exercise(self, name: str) -> Exercise | None:
        """The metadata of an exercise, where the unit is known."""
        every = self.unit.exercises if self.unit else ()
        return next((e for e in every if e.name == name), None)


_ESCAPE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])")
_JOINERS = "\u200c\u200d"


def clean(text: str) -> str:
    """`text` without escape sequences, control, direction and surrogate characters."""
    text = _ESCAPE.sub("", text.replace("\r\n", "\n").replace("\t", "    "))
    text = re.sub(r"[\r\u2028\u2029\x0b\x0c\x85]", "\n", text)
    return "".join(c for c in text if c == "\n" or c in _JOINERS or _printable(c))


def _printable(character: str) -> bool:
    """Neither control, format (such as a right-to-left override), surrogate nor noncharacter."""
    return (
        unicodedata.category(character) not in ("Cc", "Cf", "Cs")
        and ord(character) & 0xFFFE != 0xFFFE
    )


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """`text` cleaned, on one line of at most `limit` characters."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def number(points: float) -> str:
    """Points without needless zeros, such as "2" or "1.67"."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def fraction(points: float, max_points: float) -> str:
    """Such as "2 / 3 points"."""
    return f"{number(points)} / {_count(max_points, 'point')}"


def by_hand(max_points: float) -> str:
    """What a person grades, such as "up to 4 points graded by hand"."""
    return f"up to {_count(max_points, 'point')} graded by hand"


def more_by_hand(report: Report) -> str:
    """What a person grades, such as "1 more exercise: up to 4 points graded by hand"."""
    count = sum(e.status is Status.MANUAL for e in report.exercises)
    return f"{_count(count, 'more exercise')}: {by_hand(report.manual_points)}"


def exercise_rows(report: Report, result: ExerciseResult, context: Context) -> list[Row]:
    """All rows of one exercise: at most `MAX_ROWS`, the first of which is enough by itself."""
    head = Row("head", one_line(result.name), result.status, headline(report, result, context))
    notes = [Row("note", one_line(note)) for note in context.notes]
    if report.rejected:
        return [head, Row("message", one_line(report.rejected)), *notes]
    if result.status is Status.NOT_STARTED or result.status is Status.MANUAL:
        return [head, *_never_ran(report, result), *notes]
    tail = [*_tail(report, result, context), *notes]
    expanded = result.shown
    detail = _detail(expanded) if expanded else []
    room = MAX_ROWS - 1 - len(tail) - sum(_height(row) for row in detail)
    return [head, *_tests(result, expanded, detail, room), *tail]


def headline(report: Report, result: ExerciseResult, context: Context) -> str:
    """The first line after the exercise's name: state, tests, points, seconds."""
    points = fraction(result.points, result.max_points)
    if report.rejected:
        return f"not graded · {points}"
    if result.status is Status.MANUAL:
        return by_hand(result.max_points)
    if result.status is Status.NOT_STARTED:
        if report.isolation != "kernel":
            return f"not started · {points}"
        what = "give your answer" if result.kind == "answer" else "write it"
        return f"not started · {what} above, then run this cell"
    if only_visible(result):
        tests = f"{result.passed} of {_count(len(result.tests), 'visible test')}"
        parts = [result.status.value, tests]  # points come with the hidden tests
    else:
        tests = f"{result.passed} of {_count(len(result.tests), 'test')}"
        parts = [result.status.value, tests, points]
    if context.timings:
        parts.append(f"{sum(t.seconds for t in result.tests):.1f} s")
        if result.cpu_budget:
            parts.append(f"{result.cpu_seconds:.1f} of {result.cpu_budget:g} s of processor time")
    return " · ".join(parts)


def only_visible(result: ExerciseResult) -> bool:
    """Whether the hidden tests were not there to run, as in a student bundle."""
    return bool(result.tests) and all(t.visible for t in result.tests)


def cell_error_rows(report: Report) -> list[Row]:
    """Cells of the submission that raised before any test ran."""
    return [Row("note", f"cell error: {one_line(error)}") for error in report.cell_errors[:5]]


def _never_ran(report: Report, result: ExerciseResult) -> list[Row]:
    """Under "not started", what another exercise or a broken cell has to do with it."""
    messages = dict.fromkeys(one_line(t.message) for t in result.tests if t.message)
    told = [m for m in messages if m not in ("not written yet.", "")]
    if report.isolation == "kernel":  # where an undefined name is a cell that was not run
        told = [m for m in told if "did you mean" in m]
    return [Row("note", told[0])] if told else []


def _detail(test: TestResult) -> list[Row]:
    """Message, the learner's own line and the hint of the test that is explained."""
    message = clean(test.message).strip()
    if test.status is Status.FAULT:
        folded = _fold_lines(message)
        return [
            Row("message", OUR_BUG),
            *([Row("fold", "what broke", folded=folded)] if folded else []),
        ]
    lines = message.split("\n") if message else [_without_message(test.status)]
    rows = [Row("message", "\n".join(_shorten(line) for line in lines[:MAX_MESSAGE_LINES]))]
    if rest := lines[MAX_MESSAGE_LINES:]:
        folded = _fold_lines("\n".join(rest))
        rows.append(Row("fold", _count(len(rest), "more line"), folded=folded))
    if test.line is not None:
        where = f"line {test.line.number} of {one_line(test.line.cell) or 'your code'}"
        rows.append(Row("code", one_line(test.line.text), summary=where))
    if test.hint and test.hint not in test.message:
        rows.append(Row("hint", one_line(test.hint, 2 * MAX_LINE)))
    return rows


def _without_message(status: Status) -> str:
    defaults = {
        Status.TIMED_OUT: "It did not finish in time.",
        Status.NOT_STARTED: "A part of it is not written yet.",
    }
    return defaults.get(status, "It does not hold for your code.")


def _tests(
    result: ExerciseResult, expanded: TestResult | None, detail: Sequence[Row], room: int
) -> list[Row]:
    """The tests in their order. Where they do not fit, passed ones are folded, then others."""
    passed = [t for t in result.tests if t.status is Status.PASSED]
    others = [t for t in result.tests if t.status is not Status.PASSED and t is not expanded]
    fold_passed = len(result.tests) > room and len(passed) > 1
    left = room - (expanded is not None) - (1 if fold_passed else len(passed))
    fold_others = len(others) > max(left, 1)
    rows: list[Row] = []
    if fold_passed:
        rows.append(_folded_tests(passed, Status.PASSED, "passed"))
    for test in result.tests:
        if test is expanded:
            rows += [_test(test, result), *detail]
        elif not (fold_passed if test.status is Status.PASSED else fold_others):
            rows.append(_test(test, result))
    if fold_others:
        rows.append(_folded_tests(others, Status.FAILED, "not passed"))
    return rows


def _test(test: TestResult, result: ExerciseResult) -> Row:
    """A test's sentence; what it came to and is worth, where the mark does not say so already."""
    told = [] if test.status in (Status.PASSED, Status.FAILED) else [test.status.value]
    uneven = len({other.weight for other in result.tests}) > 1
    if uneven and test.status is not Status.PASSED and not only_visible(result):
        told.append(_count(test.max_points, "point"))
    return Row("test", one_line(test.sentence), test.status, summary=" · ".join(told))


def _folded_tests(tests: Sequence[TestResult], status: Status, told: str) -> Row:
    more = "" if status is Status.PASSED else "more "
    folded = tuple(f"{SYMBOLS[t.status]} {one_line(t.sentence)}" for t in tests)
    return Row("fold", f"{_count(len(tests), more + 'test')} {told}", status, folded=folded)


def _tail(report: Report, result: ExerciseResult, context: Context) -> list[Row]:
    """What follows the tests: faults, replaced exercises, printed output, meaning, hints."""
    rows: list[Row] = []
    expanded = result.shown
    faults = sum(t.status is Status.FAULT for t in result.tests if t is not expanded)
    if faults:
        rows.append(Row("note", f"{_count(faults, 'test')} broke. {OUR_BUG}"))
    if result.with_reference:
        names = ", ".join(one_line(n) for n in result.with_reference)
        rows.append(Row("note", f"graded with the reference in place of your {names}"))
    if output := clean(_as_seen(result.output)).strip("\n"):
        lines = output.split("\n")
        label = f"your printed output ({_count(len(lines), 'line')})"
        rows.append(Row("fold", label, folded=_fold_lines(output)))
    exercise = context.exercise(result.name)
    full_marks = result.status is Status.PASSED and not only_visible(result)
    if exercise and exercise.meaning and full_marks:
        rows.append(Row("meaning", one_line(exercise.meaning, 2 * MAX_LINE)))
    if exercise and exercise.hints and _wants_hint(report, result):
        rows.append(_hint_offer(exercise, context.hints_seen))
    return rows


def _as_seen(output: str) -> str:
    """Printed text as a terminal leaves it: a carriage return writes over its line."""
    lines = output.replace("\r\n", "\n").split("\n")
    return "\n".join(next((p for p in reversed(x.split("\r")) if p), "") for x in lines)


def _wants_hint(report: Report, result: ExerciseResult) -> bool:
    return report.isolation == "kernel" and result.status not in (Status.PASSED, Status.FAULT)


def _hint_offer(exercise: Exercise, seen: int) -> Row:
    upcoming = min(seen + 1, len(exercise.hints))
    label = f"hint {upcoming} of {len(exercise.hints)}"
    return Row("note", label, summary=f'hint("{exercise.name}")')


def _fold_lines(text: str) -> tuple[str, ...]:
    lines = [_shorten(line) for line in text.split("\n")] if text else []
    if len(lines) > MAX_FOLDED_LINES:
        half = MAX_FOLDED_LINES // 2
        left_out = _count(len(lines) - 2 * half, "line")
        lines = [*lines[:half], f"… {left_out} left out …", *lines[-half:]]
    return tuple(lines)


def _shorten(line: str) -> str:
    return line.rstrip() if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"


def _count(n: float, noun: str) -> str:
    return f"{number(n)} {noun}{'' if n == 1 else 's'}"


def _height(row: Row) -> int:
    return row.text.count("\n") + 1
