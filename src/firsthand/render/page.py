"""Report -> HTML that reads the same in trusted and untrusted notebooks, on light and dark pages.

JupyterLab's sanitizer removes style sheets, scripts, svg and every declaration with `var(...)`
from notebooks that came from elsewhere. So each colour is given twice, first as a literal of middle
lightness and then as the theme's variable; text keeps the page's own colour; state is told by a
symbol and a word.
"""

import re
from collections.abc import Sequence
from html import escape

from firsthand.render.rows import (
    SYMBOLS,
    Context,
    Row,
    cell_error_rows,
    exercise_rows,
    fraction,
    headline,
    more_by_hand,
    one_line,
)
from firsthand.report import ExerciseResult, Report, Status
from firsthand.unit import Unit

# Contrast of at least 3 to 1 on white and on #111, enough for borders.
_COLOURS = {
    "good": ("#2a8f52", "--jp-success-color1"),
    "bad": ("#d04a3a", "--jp-error-color1"),
    "calm": ("#808080", "--jp-ui-font-color3"),
    "warn": ("#b07a00", "--jp-warn-color1"),
}
# Symbols are read as text: at least 4.5 to 1 in both themes of JupyterLab. No variable for calm and
# warn reaches that, so they keep the page's own colour.
_INKS = {
    "good": ("#2a8f52", "--jp-success-color0"),
    "bad": ("#d04a3a", "--jp-error-color1"),
}
_TONES = {
    Status.PASSED: "good",
    Status.FAILED: "bad",
    Status.RAISED: "bad",
    Status.TIMED_OUT: "bad",
    Status.NOT_STARTED: "calm",
    Status.MANUAL: "calm",
    Status.FAULT: "warn",
}
_MONO = "font-family:monospace"
_QUIET = "opacity:0.75"


def html(
    report: Report,
    *,
    exercise: str | None = None,
    unit: Unit | None = None,
    hints_seen: int = 0,
    timings: bool = True,
    notes: Sequence[str] = (),
) -> str:
    """One exercise of a report, or all of it, as a self-contained piece of HTML.

    unit: adds the exercise's meaning after full marks, and its hints. hints_seen: how many of them
    the learner has asked for. timings: False where the same result must give the same bytes.
    notes: lines to add at the end.
    Raises KeyError for an exercise that the report does not have.
    """
    context = Context(unit, hints_seen, timings, tuple(notes))
    if exercise is not None:
        result = report.exercise(exercise)
        rows = exercise_rows(report, result, context)
        if result.status is not Status.PASSED:
            rows += cell_error_rows(report)
        return _box(_tone(report, result), _rows(rows))
    return _whole(report, context)


def notice(title: str, text: str, *, detail: str = "", fault: bool = False) -> str:
    """A box that is no result: a question back, or a fault of ours with its traceback folded."""
    rows = [Row("head", one_line(title), Status.FAULT if fault else Status.NOT_STARTED)]
    rows += [Row("message", text)]
    if detail:
        rows.append(Row("fold", "what broke", folded=tuple(detail.split("\n"))))
    return _box("warn" if fault else "calm", _rows(rows))


def _whole(report: Report, context: Context) -> str:
    done = sum(e.status is Status.PASSED for e in report.exercises)
    automatic = sum(e.status is not Status.MANUAL for e in report.exercises)
    full = not report.rejected and done == automatic
    total = f"{fraction(report.points, report.max_points)} · {done} of {automatic} exercises passed"
    parts = [_head(report.unit, total, None, title=report.title)]
    if report.rejected:
        parts.append(_row(Row("message", f"not graded: {one_line(report.rejected)}")))
    else:
        parts += [_row(row) for row in cell_error_rows(report)]
        parts += [_folded_exercise(report, e, context) for e in report.exercises]
    if report.manual_points:
        parts.append(_row(Row("note", more_by_hand(report))))
    parts.append(_row(Row("note", f"graders {report.suite_hash} · isolation {report.isolation}")))
    parts += [_row(Row("note", one_line(note))) for note in context.notes]
    return _box("good" if full else "calm", "".join(parts))


def _folded_exercise(report: Report, result: ExerciseResult, context: Context) -> str:
    rows = exercise_rows(report, result, Context(context.unit, 0, context.timings))
    summary = headline(report, result, context)
    head = _head(rows[0].text, summary, result.status, marker=len(rows) > 1)
    if len(rows) == 1:
        return head
    opened = "" if result.status is Status.PASSED else " open"
    body = f'<div style="margin-left:1.2em">{_rows(rows[1:])}</div>'
    return f'<details{opened}><summary style="display:block">{head}</summary>{body}</details>'


def _tone(report: Report, result: ExerciseResult) -> str:
    return "bad" if report.rejected else _TONES[result.status]


def _box(tone: str, inner: str) -> str:
    border = _twice("border-left", _COLOURS[tone], "4px solid ")
    layout = "padding:2px 0 2px 12px;margin:2px 0;max-width:60em;line-height:1.5"
    style = f"{border};{layout};overflow-x:auto;overflow-wrap:break-word"
    return f'<div style="{style}">{inner}</div>'


def _twice(name: str, colour: tuple[str, str], before: str = "") -> str:
    """A colour as a literal and then, for trusted pages, as the theme's variable."""
    literal, variable = colour
    return f"{name}:{before}{literal};{name}:{before}var({variable},{literal})"


def _rows(rows: Sequence[Row]) -> str:
    return "".join(_row(row) for row in rows)


def _row(row: Row) -> str:
    text = _marked_up(row.text)
    match row.kind:
        case "head":
            return _head(row.text, row.summary, row.status)
        case "test":
            told = f' <span style="{_QUIET}">({escape(row.summary)})</span>' if row.summary else ""
            return f'<div style="margin-left:1.2em">{_symbol(row.status)} {text}{told}</div>'
        case "message":
            return f'<div style="margin-left:2.8em;white-space:pre-wrap">{text}</div>'
        case "code":
            code = f'<code style="{_MONO};white-space:pre-wrap">{escape(row.text)}</code>'
            return f'<div style="margin-left:2.8em">{escape(row.summary)}: {code}</div>'
        case "hint":
            return f'<div style="margin-left:2.8em">→ {text}</div>'
        case "fold":
            return _fold(row)
        case "meaning":
            return f'<div style="margin-left:1.2em;margin-top:4px">{text}</div>'
        case _:
            code = f": <code>{escape(row.summary)}</code>" if row.summary else ""
            return f'<div style="margin-left:1.2em;{_QUIET}">{text}{code}</div>'


def _marked_up(text: str) -> str:
    """Escaped text, with `names` between backticks set as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(text))


def _head(
    name: str, summary: str, status: Status | None, *, title: str = "", marker: bool = False
) -> str:
    symbol = f"{_symbol(status)} " if status else ""
    told = escape(title) if title else ""
    left = f'{symbol}<b style="{_MONO}">{escape(name)}</b>{"&ensp;" + told if told else ""}'
    left = f'<span style="{_QUIET}">▸</span> {left}' if marker else left
    right = f'<span style="margin-left:auto">{escape(summary)}</span>' if summary else ""
    flex = "display:flex;flex-wrap:wrap;gap:0 1.5em"
    return f'<div style="{flex}"><span>{left}</span>&ensp;{right}</div>'


def _symbol(status: Status | None) -> str:
    if status is None:
        return ""
    ink = _INKS.get(_TONES[status])
    style = f' style="{_twice("color", ink)}"' if ink else ""
    return f"<b{style}>{SYMBOLS[status]}</b>"


def _fold(row: Row) -> str:
    """A fold needs its own marker: nbgrader's pages hide the browser's."""
    lines = escape("\n".join(row.folded))
    style = f"{_MONO};white-space:pre-wrap;margin:2px 0 4px 1.2em;font-size:90%;{_QUIET}"
    label = f"{_symbol(row.status)} {escape(row.text)}".strip()
    summary = f'<summary style="display:block">▸ {label}</summary>'
    return (
        f'<details style="margin-left:1.2em">{summary}<pre style="{style}">{lines}</pre></details>'
    )
