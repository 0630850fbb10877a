"""The report card of one unit: one page to show a mentor.

What the learner's notebook shows (figures, the replication table, answers and what was measured
after them) beside what the journal knows (points, checks, hints, time).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from firsthand.journal import UnitStanding
from firsthand.render.document import (
    code,
    document,
    facts,
    listed,
    marked_up,
    notes,
    section,
    table,
    text,
)
from firsthand.render.rows import number
from firsthand.standing.executed import Executed, Figure, read
from firsthand.standing.place import Course
from firsthand.standing.words import count, day, duration
from firsthand.unit import Exercise, Unit

MOST_QUESTION = 1200  # characters
NOT_WRITTEN = "YOUR ANSWER HERE"
STYLE = """
figure img { display: block; max-width: 100%; height: auto; background: #fff; }
figcaption { margin-top: .3rem; color: var(--quiet); font-size: .875rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr));
  gap: 1rem 2rem; }
.figures figure { margin: 0; max-width: none; }
.figures .wide { grid-column: 1 / -1; }
.pair { grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); margin-top: .5rem; }
.pair h4 { margin: 0 0 .3rem; font-size: .875rem; color: var(--quiet); }
.pair pre { white-space: pre-wrap; }
.pair pre, .pair p { margin-bottom: .5rem; }
.written { white-space: pre-wrap; overflow-wrap: break-word; }
.source { color: var(--quiet); }
@media print { .figures { grid-template-columns: 1fr 1fr; } }
"""


@dataclass(frozen=True)
class Card:
    """Everything that a card shows."""

    unit: Unit
    standing: UnitStanding
    first: dict[str, str]
    cells: list[Executed]
    left_out: int


def card(course: Course, unit: Unit, *, now: float) -> str:
    """The page as text. now: seconds since 1970, for the date in its head.

    A unit that is not finished gets a card with what is there, which says so.
    Raises CourseError where the learner has no notebook of the unit, or one that cannot be read.
    """
    cells, left_out = read(unit)
    shown = Card(unit, course.standing(unit), _first_checks(course, unit), cells, left_out)
    parts = [
        _head(shown, now),
        _claim(unit),
        _replication(shown),
        _predictions(shown),
        _figures(shown),
        _written(shown),
        _exercises(shown),
        _about(),
    ]
    title = f"{unit.number} {unit.title}: report card"
    return document(title, parts, style=STYLE, images=True)


def _first_checks(course: Course, unit: Unit) -> dict[str, str]:
    """The result of the first check of each exercise."""
    first: dict[str, str] = {}
    for event in course.events:
        if event.kind == "check" and event.unit == unit.id and event.status != "not started":
            first.setdefault(event.exercise, event.status)
    return first


def _full(shown: Card, exercise: Exercise) -> bool:
    return shown.standing.exercises[exercise.name].best >= exercise.points - 1e-6


def _automatic(shown: Card) -> list[Exercise]:
    return [e for e in shown.unit.exercises if e.kind != "rubric"]


def _head(shown: Card, now: float) -> str:
    unit, standing, automatic = shown.unit, shown.standing, _automatic(shown)
    full = sum(_full(shown, e) for e in automatic)
    pairs = [
        ("points", f"{number(standing.points)} of {number(unit.points)}"),
        ("exercises", f"{full} of {len(automatic)}"),
        ("time spent", f"{duration(standing.seconds)} of {duration(60 * unit.minutes)}"),
        ("hints", str(standing.hints)),
    ]
    gave_up = sum(s.solution == "gave up" for s in standing.exercises.values())
    if gave_up:
        pairs.append(("solutions read before full marks", str(gave_up)))
    state = f"last worked on {day(standing.last)}" if standing.last else f"made {day(now)}"
    warned = []
    if standing.tested_out and not standing.finished:
        warned.append("Tested out: its last exercise was passed in place of all.")
    elif not standing.finished:
        warned.append(f"Not finished: {full} of {count(len(automatic), 'exercise')} done. "
                      "This is what is there so far.")  # fmt: skip
    if shown.left_out:
        warned.append(f"{count(shown.left_out, 'figure')} left out: too many, or too large.")
    return (
        f"<header><p>firsthand · report card · {text(state)}</p>"
        f"<h1>{text(f'{unit.number} {unit.title}')}</h1></header>"
        f"{facts(pairs)}{listed(warned, 'attention') if warned else ''}"
    )


def _claim(unit: Unit) -> str:
    return section(
        "The paper and its claim",
        f'<p class="source">{text(unit.paper)}</p><p>{marked_up(unit.claim)}</p>',
        f"<p>Made smaller: {marked_up(unit.shrunk)}</p>",
    )


def _replication(shown: Card) -> str:
    tables = [c for c in shown.cells if c.kind in ("given", "slow") and "replication" in c.name]
    if not tables:
        return ""
    printed = [code(c.printed) for c in tables if c.printed]
    missing = (
        "<p>The table is not there yet: run the notebook to its end, and save it.</p>"
        if not printed
        else ""
    )
    return section("Replication: the paper's numbers and mine", *printed, missing)


def _predictions(shown: Card) -> str:
    answers = [e for e in shown.unit.exercises if e.kind == "answer"]
    blocks = [_prediction(shown, exercise) for exercise in answers]
    return section("Predicted and measured", *blocks) if blocks else ""


def _prediction(shown: Card, exercise: Exercise) -> str:
    places = [i for i, c in enumerate(shown.cells) if (c.kind, c.name) == ("answer", exercise.name)]
    head = f"<h3><code>{text(exercise.name)}</code></h3>"
    if not places or shown.cells[places[0]].stub:
        return f"{head}<p>Not answered yet.</p>"
    place = places[0]
    answered = f"<div><h4>answered</h4>{code(shown.cells[place].source)}</div>"
    measured = _measured(shown, exercise, shown.cells[place:])
    return f'{head}{_question(shown, exercise)}<div class="pair">{answered}{measured}</div>'


def _question(shown: Card, exercise: Exercise) -> str:
    """The course's question, as far as it fits: the text below the exercise's heading."""
    heading = f"### {exercise.name}"
    for cell in shown.cells:
        if cell.kind != "prose" or heading not in cell.source.split("\n"):
            continue
        body = cell.source.split(f"{heading}\n", 1)[-1].strip()
        kept = [p for p in body.split("\n\n") if not p.startswith("*difficulty")]
        asked = " ".join(kept)
        asked = asked if len(asked) <= MOST_QUESTION else f"{asked[:MOST_QUESTION]}…"
        return f'<p class="quiet">{_long(asked)}</p>'
    return ""


def _long(value: str) -> str:
    """A paragraph of any length, cleaned and escaped, with names set as code."""
    words = value.split()
    return " ".join(marked_up(" ".join(words[i : i + 30])) for i in range(0, len(words), 30))


def _measured(shown: Card, exercise: Exercise, cells: Sequence[Executed]) -> str:
    """How the answer fared, and what the cells below it show, up to the next answer."""
    standing = shown.standing.exercises[exercise.name]
    if _full(shown, exercise):
        right = shown.first.get(exercise.name) == "passed"
        told = "right at the first check" if right else f"right after {standing.attempts} checks"
    else:
        told = f"not right yet after {count(standing.attempts, 'check')}" if standing.attempts \
            else "not checked yet"  # fmt: skip
    parts = [f"<p>{told}</p>"]
    for cell in cells[1:]:
        if cell.kind == "answer" or cell.section != cells[0].section:
            break
        if cell.kind in ("given", "slow", "extra"):
            parts += [f"<p>{_link(figure)}</p>" for figure in cell.figures]
            parts += [code(cell.printed)] if cell.printed else []
    return f"<div><h4>measured</h4>{''.join(parts)}</div>"


def _link(figure: Figure) -> str:
    return f'<a href="#figure-{figure.number}">figure {figure.number}</a>'


def _figures(shown: Card) -> str:
    figures = [_figure(cell, figure) for cell in shown.cells for figure in cell.figures]
    if not figures:
        return section("Figures", "<p>The saved notebook holds no figure yet.</p>")
    return section("Figures", f'<div class="figures">{"".join(figures)}</div>')


def _figure(cell: Executed, figure: Figure) -> str:
    mine = cell.kind == "extra"
    where = "a cell of my own" if mine else cell.section
    about = figure.alt or f"Figure {figure.number}, without a description"
    wide = ' class="wide"' if figure.wide else ""
    # The description in the course's cell says what a reader should see; it is not a finding.
    expected = "" if mine or not figure.alt else f" The unit expects: {marked_up(figure.alt)}"
    return (
        f'<figure id="figure-{figure.number}"{wide}><img alt="{text(about)}" '
        f'src="data:{figure.mime};base64,{figure.data}">'
        f"<figcaption>Figure {figure.number} · {text(where)}.{expected}</figcaption></figure>"
    )


def _written(shown: Card) -> str:
    parts = []
    for cell in shown.cells:
        if cell.kind == "rubric" and not cell.stub and cell.source.strip() not in ("", NOT_WRITTEN):
            parts.append(f"<h3>{text(cell.name)}</h3>{_words(cell.source)}")
    return section("In my own words", *parts) if parts else ""


def _words(source: str) -> str:
    """Paragraphs of a learner's Markdown: flowing text is joined, lists keep their lines."""
    parts = []
    for paragraph in re.split(r"\n\s*\n", source.strip()):
        lines = paragraph.split("\n")
        is_list = any(re.match(r"\s*([-*+|>]|\d+[.)])\s", line) for line in lines)
        joined = "\n".join(_long(line) for line in lines) if is_list else _long(paragraph)
        parts.append(f'<p class="written">{joined}</p>')
    return "".join(parts)


def _exercises(shown: Card) -> str:
    rows = []
    for exercise in _automatic(shown):
        standing = shown.standing.exercises[exercise.name]
        read_first = "read before full marks" if standing.solution == "gave up" else ""
        rows.append([
            f"<code>{text(exercise.name)}</code>",
            f"{number(standing.best)} / {number(exercise.points)}",
            str(standing.attempts or ""),
            str(standing.hints or ""),
            read_first,
        ])  # fmt: skip
    by_hand = [e for e in shown.unit.exercises if e.kind == "rubric"]
    note = "".join(
        f"<p><code>{text(e.name)}</code> is read by a person: up to {number(e.points)} points.</p>"
        for e in by_hand
    )
    header = ["exercise", "points", "checks", "hints", "solution"]
    return section("Exercises", table(header, rows, left=1, last_left=1), note)


def _about() -> str:
    terms = [
        ("Where this comes from", "Figures, tables and answers are those of the learner's saved "
         "notebook; points, checks, hints and time those of the journal on the learner's own "
         "machine. It is a report, not a certificate."),
        ("Time", "Pauses between checks and hints, each counted as 10 minutes at most."),
    ]  # fmt: skip
    return section("About this page", notes(terms))
