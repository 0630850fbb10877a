"""Report -> plain text for terminals, screen readers and logs: the rows of the HTML, wrapped."""

import itertools
import textwrap
from collections.abc import Sequence

from firsthand.render.rows import (
    SYMBOLS,
    Context,
    Row,
    cell_error_rows,
    exercise_rows,
    fraction,
    more_by_hand,
    number,
    one_line,
)
from firsthand.report import Report, Status
from firsthand.unit import Unit

_ANSI = {
    Status.PASSED: "32",
    Status.FAILED: "31",
    Status.RAISED: "31",
    Status.TIMED_OUT: "31",
    Status.FAULT: "33",
}
_ASCII = {
    **{"✓": "+", "✗": "x", "·": "-", "–": "-", "▸": ">", "→": "->", "…": "..."},
    **{"█": "#", "░": "-", "←": "<-", "×": "x", "\N{NO-BREAK SPACE}": " "},
}
MIN_WIDTH = 24
SHOWN_FOLDED_LINES = 5


def text(
    report: Report,
    *,
    exercise: str | None = None,
    unit: Unit | None = None,
    hints_seen: int = 0,
    timings: bool = True,
    notes: Sequence[str] = (),
    width: int = 80,
    colour: bool = False,
) -> str:
    """One exercise of a report, or all of it, without a trailing newline. Options as for `html`.

    width: columns to wrap to. colour: whether the symbols carry ANSI colours; words tell the same.
    """
    context = Context(unit, hints_seen, timings, tuple(notes))
    width = max(width, MIN_WIDTH)
    if exercise is not None:
        result = report.exercise(exercise)
        rows = exercise_rows(report, result, context)
        if result.status is not Status.PASSED:
            rows += cell_error_rows(report)
        return "\n".join(_lines(rows, width, colour))
    return "\n".join(_whole(report, context, width, colour))


def table(reports: Sequence[Report], *, width: int = 80) -> str:
    """One line for each submission: points, exercises passed, and what else has to be known."""
    names = [one_line(r.submission) or "-" for r in reports]
    size = min(max(map(len, ["submission", *names])), max(12, width - 30))
    lines = [f"{'submission':<{size}}  {'points':>13}  passed"]
    for name, report in zip(names, reports, strict=True):
        automatic = [e for e in report.exercises if e.status is not Status.MANUAL]
        passed = sum(e.status is Status.PASSED for e in automatic)
        points = f"{number(report.points)} / {number(report.max_points)}"
        told = "  not graded" if report.rejected else "  grader fault" * report.has_fault
        # Of a long path the end tells more.
        shown = name if len(name) <= size else f"…{name[1 - size :]}"
        lines.append(f"{shown:<{size}}  {points:>13}  {passed} of {len(automatic)}{told}")
    made = dict.fromkeys(f"graders {r.suite_hash} · isolation {r.isolation}" for r in reports)
    lines += ["", *(_fit(line, width) for line in made)]
    return "\n".join(lines)


def ascii_only(text: str) -> str:
    """`text` for a terminal that cannot show more than ASCII."""
    for character, replacement in _ASCII.items():
        text = text.replace(character, replacement)
    return text.encode("ascii", "replace").decode("ascii")


def _whole(report: Report, context: Context, width: int, colour: bool) -> list[str]:
    automatic = [e for e in report.exercises if e.status is not Status.MANUAL]
    done = sum(e.status is Status.PASSED for e in automatic)
    lines = [_fit(f"{report.unit}  {one_line(report.title)}", width)]
    if report.rejected:
        lines += _wrapped(f"not graded: {one_line(report.rejected)}", width, "  ")
    else:
        lines += _lines(cell_error_rows(report), width, colour)
        inner = Context(context.unit, context.hints_seen, context.timings)
        blocks = [_summed_up(exercise_rows(report, e, inner)) for e in report.exercises]
        for before, rows in itertools.pairwise([[], *blocks]):
            # Single lines form a list; what has details stands apart.
            apart = not before or len(before) > 1 or len(rows) > 1
            lines += [""] * apart + _lines(rows, width, colour)
    points = fraction(report.points, report.max_points)
    lines += ["", _fit(f"{points} · {done} of {len(automatic)} exercises passed", width)]
    if report.manual_points:
        lines.append(_fit(more_by_hand(report), width))
    graders = f"graders {report.suite_hash} · isolation {report.isolation}"
    lines += [_fit(line, width) for line in (graders, *map(one_line, context.notes))]
    return lines


def _summed_up(rows: list[Row]) -> list[Row]:
    """Of a passed exercise among others, its first line and what was special about it."""
    if rows[0].status is not Status.PASSED:
        return rows
    return [row for row in rows if row.kind in ("head", "note")]


def _lines(rows: Sequence[Row], width: int, colour: bool) -> list[str]:
    return [line for row in rows for line in _row(row, width, colour)]


def _row(row: Row, width: int, colour: bool) -> list[str]:
    match row.kind:
        case "head":
            return _head(row, width, colour)
        case "test":
            told = f" ({row.summary})" if row.summary else ""
            lines = _wrapped(f"{_mark(row)} {row.text}{told}", width, "  ", "    ")
            return [_painted(lines[0], row, colour), *lines[1:]]
        case "message":
            return [
                part for line in row.text.split("\n") for part in _wrapped(line, width, "      ")
            ]
        case "code":
            return _wrapped(f"{row.summary}: {row.text}", width, "      ", "        ")
        case "hint":
            return _wrapped(f"→ {row.text}", width, "      ", "        ")
        case "fold":
            return _fold(row, width)
        case _:
            code = f":  {row.summary}" if row.summary else ""
            return _wrapped(row.text + code, width, "  ")


def _head(row: Row, width: int, colour: bool) -> list[str]:
    left = f"{_mark(row)} {row.text}"
    if len(left) + len(row.summary) + 2 <= width:
        line = f"{left}{row.summary:>{width - len(left)}}" if row.summary else left
        return [_painted(line, row, colour)]
    summary = _wrapped(row.summary, width, "    ")
    return [_painted(_fit(left, width), row, colour), *summary]


def _fold(row: Row, width: int) -> list[str]:
    """A terminal cannot unfold: tests are only counted, of other folds the beginning is shown."""
    if row.status is not None:
        return _wrapped(f"{_mark(row)} {row.text}", width, "  ", "    ")
    lines = _wrapped(row.text, width, "  ", "    ")
    shown = row.folded[:SHOWN_FOLDED_LINES]
    lines += [_fit(f"      {line}", width) for line in shown]
    if left := len(row.folded) - len(shown):
        lines.append(_fit(f"      … {left} more", width))
    return lines


def _mark(row: Row) -> str:
    return SYMBOLS[row.status] if row.status else " "


def _painted(line: str, row: Row, colour: bool) -> str:
    """The first symbol in its colour. Painted last, so that widths never count escape sequences."""
    code = _ANSI.get(row.status) if row.status else None
    mark = _mark(row)
    if not colour or code is None:
        return line
    return line.replace(mark, f"\x1b[{code}m{mark}\x1b[0m", 1)


def _wrapped(line: str, width: int, first: str, rest: str | None = None) -> list[str]:
    rest = first if rest is None else rest
    return textwrap.wrap(
        line,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    ) or [first.rstrip()]


def _fit(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"
