"""Reports -> Markdown for the summary of a GitHub Actions job (`GITHUB_STEP_SUMMARY`).

What a submission can influence stands in a code block whose fence is longer than any in the text,
or has its Markdown and HTML escaped. A hidden test appears by its sentence, never by its source.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from firsthand.render.lines import exercise_lines
from firsthand.render.rows import (
    SYMBOLS,
    Context,
    by_hand,
    cell_error_rows,
    fraction,
    headline,
    one_line,
)
from firsthand.report import ExerciseResult, Report, Status

# GitHub drops the whole summary of a step above 1,024 KiB. Half of that leaves room for others.
MAX_BYTES = 512 << 10
SHORTENED = "Shortened here: GitHub takes no longer summary. The JSON report holds all of it."
_PUNCTUATION = re.compile(r"([#$&()*+.:<>@\[\\\]^_`{|}~])")


def github_summary(*reports: Report) -> str:
    """Markdown for one or more reports, at most `MAX_BYTES` long.

    One report: its exercises and, for each that is not passed, the first message and its hint.
    Several: a table with a line for each, then those that are not complete, folded.
    """
    parts = _single(reports[0]) if len(reports) == 1 else _several(reports)
    return _bounded(parts)


def _single(report: Report) -> Iterator[str]:
    yield f"### {_inline(f'{report.unit} {report.title}')}\n"
    yield f"**{_inline(fraction(report.points, report.max_points))}**{_apart(report)}\n"
    yield from _details(report)


def _several(reports: Sequence[Report]) -> Iterator[str]:
    for title in dict.fromkeys(f"{r.unit} {r.title}" for r in reports):
        yield f"### {_inline(title)}\n"
    yield "| | submission | points | exercises passed |\n|---|---|---|---|"
    for report in reports:
        passed, automatic = _passed(report)
        cells = (_symbol(report), _name(report), fraction(report.points, report.max_points))
        yield _table_line(*cells, f"{passed} of {automatic}{_apart(report)}")
    for report in reports:
        if not _complete(report):
            told = f"{_name(report)}: {fraction(report.points, report.max_points)}"
            # Inside an HTML block Markdown is not read, so HTML alone is escaped.
            head = f"\n<details><summary>{escape(one_line(told))}</summary>\n\n"
            yield head + "\n".join(_details(report)) + "\n\n</details>"


def _details(report: Report) -> Iterator[str]:
    """The table of exercises and what was wrong, in parts that may be left out one by one."""
    if report.rejected:
        yield _fenced([f"not graded: {one_line(report.rejected)}"])
    else:
        yield "| | exercise | points | result |\n|---|---|---|---|"
        yield from (_exercise_line(report, result) for result in report.exercises)
        if errors := [row.text for row in cell_error_rows(report)]:
            yield "\n" + _fenced(errors)
        for result in report.exercises:
            if result.status is not Status.PASSED and (lines := exercise_lines(report, result)):
                yield f"\n**{_inline(result.name)}**\n\n{_fenced(lines)}"
    graders = f"graders {report.suite_hash}, isolation {report.isolation}"
    yield f"\n{_inline(graders)}"


def _exercise_line(report: Report, result: ExerciseResult) -> str:
    told = headline(report, result, Context(timings=False)).split(" · ")
    points = fraction(result.points, result.max_points)
    status = " · ".join(part for part in told if part != points)
    if result.status is Status.MANUAL:
        points, status = "", by_hand(result.max_points)
    return _table_line(SYMBOLS[result.status], result.name, points, status)


def _apart(report: Report) -> str:
    """What has to be known beside the points."""
    told = f" and {by_hand(report.manual_points)}" if report.manual_points else ""
    told += ", not graded" if report.rejected else ""
    return told + (", a grader broke (nothing was deducted)" if report.has_fault else "")


def _complete(report: Report) -> bool:
    passed, automatic = _passed(report)
    return not report.rejected and passed == automatic


def _passed(report: Report) -> tuple[int, int]:
    automatic = [e for e in report.exercises if e.status is not Status.MANUAL]
    return sum(e.status is Status.PASSED for e in automatic), len(automatic)


def _symbol(report: Report) -> str:
    if report.has_fault:
        return SYMBOLS[Status.FAULT]
    return SYMBOLS[Status.PASSED if _complete(report) else Status.FAILED]


def _name(report: Report) -> str:
    return one_line(report.submission) or "-"


def _table_line(*cells: str) -> str:
    return f"| {' | '.join(map(_inline, cells))} |"


def _inline(text: str) -> str:
    """Text on one line whose punctuation means nothing in Markdown or HTML."""
    return _PUNCTUATION.sub(r"\\\1", one_line(text))


def _fenced(lines: Iterable[str]) -> str:
    text = "\n".join(lines)
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _bounded(parts: Iterable[str]) -> str:
    kept: list[str] = []
    room = MAX_BYTES - len(SHORTENED) - 3
    for part in parts:
        room -= len(part.encode()) + 1
        if room < 0:
            return "\n".join([*kept, "", SHORTENED])
        kept.append(part)
    return "\n".join(kept)
