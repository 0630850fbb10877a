"""Progress for a terminal: stages, units with a bar each, what is next; from 30 columns on."""

import io
import textwrap
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from firsthand.render import number
from firsthand.standing.advice import hardest, here, next_step
from firsthand.standing.place import Course
from firsthand.standing.words import count, duration, listed
from firsthand.unit import Stage, Unit

BAR = 10
WIDE = 76  # columns from which a unit fits on one line
LEAST = 24

Line = Text


def text(course: Course, *, width: int = 80, colour: bool = False) -> str:
    """The whole course for one learner, without a trailing newline.

    width: columns to keep to, at least 24. colour: whether bars and states carry ANSI colours;
    words say the same.
    """
    width = max(width, LEAST)
    lines = (
        [] if any(map(course.started, course.units)) else [Text("nothing is recorded yet"), Text()]
    )
    for stage, units in course.by_stage():
        lines += [*_head(course, stage, units, width)]
        for unit in units:
            lines += _unit(course, unit, width)
        lines.append(Text())
    lines += [Text(line) for line in _closing(course, width)]
    return painted(lines, width, colour)


def painted(lines: Sequence[Text], width: int, colour: bool) -> str:
    """Rich's lines as text, each cut at `width`; with ANSI colours or without."""
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, highlight=False, emoji=False,
        color_system="standard" if colour else None,
    )  # fmt: skip
    for line in lines:
        console.print(line, no_wrap=True, overflow="ellipsis", crop=True)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n"))


def bar(share: float, width: int = BAR) -> str:
    """Such as "███████░░░"; full only at 1, empty only at 0."""
    filled = round(share * width)
    if 0 < share < 1:
        filled = min(max(filled, 1), width - 1)
    return "█" * filled + "░" * (width - filled)


def _head(course: Course, stage: Stage, units: list[Unit], width: int) -> list[Line]:
    title = f"Stage {stage.number}" + (f" · {stage.title}" if stage.title else "")
    standings = [course.standing(u) for u in units]
    spent = duration(sum(s.seconds for s in standings))
    stated = duration(60 * sum(u.minutes for u in units))
    points = f"{number(sum(s.points for s in standings))} / {number(sum(u.points for u in units))}"
    told = f"{spent} of {stated} · {points} points"
    if len(title) + len(told) + 2 <= width:
        return [Text.assemble((title, "bold"), told.rjust(width - len(title)))]
    return [Text(title, style="bold"), Text(f"  {told}")]


def _unit(course: Course, unit: Unit, width: int) -> list[Line]:
    standing = course.standing(unit)
    shown = Text(bar(standing.points / unit.points if unit.points else 0.0))
    shown.stylize("green" if standing.done else "cyan")
    name = f"  {unit.number} {unit.title}"
    state, facts, notes = _state(course, unit), _facts(course, unit), _notes(course, unit)
    if width < WIDE:
        lines = [Text(name), Text.assemble("      ", shown, f"  {state}")]
        return [*lines, *_rest([*facts, *notes], width)]
    columns = "".join(f"{fact:>{size}}" for fact, size in zip(facts, (7, 10), strict=False))
    if not facts and len(" · ".join(notes)) <= 17:
        columns, notes = " · ".join(notes), []
    line = Text.assemble(
        f"{_cut(name, width - BAR - 36):<{width - BAR - 36}} ", shown, f"  {state:<16}{columns}"
    )
    return [line, *_rest(notes, width)]


def _state(course: Course, unit: Unit) -> str:
    standing = course.standing(unit)
    points = f"{number(standing.points)}/{number(unit.points)}"
    if standing.finished:
        return f"done {points}"
    return f"tested out {points}" if standing.tested_out else points


def _facts(course: Course, unit: Unit) -> list[str]:
    """Time and hints, once there is anything to count."""
    standing = course.standing(unit)
    if not course.started(unit):
        return []
    return [duration(standing.seconds), count(standing.hints, "hint")]


def _notes(course: Course, unit: Unit) -> list[str]:
    """Where the learner is, what is open there, and what should come first."""
    standing, notes = course.standing(unit), []
    if unit == here(course):
        notes.append("← you are here")
    if course.started(unit) and not standing.done and standing.next_exercise:
        notes.append(f"open: {standing.next_exercise.name}")
    if not standing.done and (missing := course.missing(unit)):
        notes.append(f"first {listed([u.number for u in missing])}")
    return notes


def _rest(facts: list[str], width: int) -> list[Line]:
    """What does not stand in a column, below the unit; a line is never broken at a "·"."""
    pad, lines = " " * 6, [""]
    for fact in facts:
        joined = f"{lines[-1]} · {fact}" if lines[-1] else fact
        lines = [*lines[:-1], joined] if len(pad + joined) <= width else [*lines, fact]
    return [
        Text(part)
        for line in lines
        for part in textwrap.wrap(line, width, initial_indent=pad, subsequent_indent=pad)
    ]


def _closing(course: Course, width: int) -> list[str]:
    step, slow = next_step(course), hardest(course)
    told = []
    if step is not None:
        told.append(f"Next: {step.target}, about {step.minutes} min: {step.why}.")
    elif course.units:
        told.append("Every unit is done.")
    if slow is not None:
        unit, exercise, attempts = slow
        told.append(f"Most checks so far: {unit.number}/{exercise.name} ({attempts}).")
    if step is not None:
        told.append("`firsthand learn` goes on there.")
    if any(course.missing(u) for u in course.units):
        told.append("What should come first is advice: every unit opens.")
    return [line for part in told for line in textwrap.wrap(part, width, break_on_hyphens=False)]


def _cut(name: str, room: int) -> str:
    return name if len(name) <= room else name[: room - 1] + "…"
