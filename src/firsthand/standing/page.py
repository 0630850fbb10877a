"""The progress page: one HTML file with its style and plots inside, without a script."""

from collections.abc import Sequence

from firsthand.journal import Standing
from firsthand.render.document import document, facts, grouped, notes, section, text
from firsthand.render.rows import number
from firsthand.standing import plots
from firsthand.standing.advice import hardest, here, next_step
from firsthand.standing.fit import ENOUGH, Strand, shown, spread, strands, verdict
from firsthand.standing.place import Course
from firsthand.standing.words import count, day, duration, listed
from firsthand.unit import Exercise, Stage, Unit

STYLE = """
.next { margin: 1.25rem 0 0; padding: .6rem 1rem; background: var(--tint);
  border-left: 4px solid var(--link); }
.next p { margin: .2rem 0; }
.bar { display: inline-block; width: 6rem; height: .7rem; vertical-align: baseline;
  border: 1px solid var(--quiet); }
.bar span { display: block; height: 100%; background: #0072B2; }
.here { font-weight: 600; }
@media (max-width: 40rem) {
  th, td { padding-right: .5rem; white-space: normal; }
  .left { min-width: 0; }
  .bar { width: 4rem; }
  .units thead { display: none; }
  .units tr { display: block; padding: .3rem 0; border-bottom: 1px solid var(--line); }
  .units th { border: 0; }
  .units td { display: inline-block; padding: 0 .75rem 0 0; border: 0; }
  .units td:first-child, .units td:last-child { display: block; max-width: none; }
  .units td:empty { display: none; }
  .units td:nth-child(4)::before { content: "spent "; color: var(--quiet); }
  .units td:nth-child(5)::before { content: "stated "; color: var(--quiet); }
  .units td:nth-child(6)::before { content: "hints "; color: var(--quiet); }
}
"""
TIME = (
    "Time is reckoned from the journal of your checks and hints: the pauses between them, of which "
    "each counts as 10 minutes at most. Reading before the first check is not seen."
)


def page(course: Course, *, now: float) -> str:
    """The whole page as text. now: seconds since 1970, for the date in its head."""
    started = [u for u in course.units if course.started(u)]
    parts = [_head(course, now), _next(course)]
    if started:
        parts.append(section("Time", f"<p>{text(TIME)}</p>", _figure(plots.times(course))))
    if plots.has_points(course):
        parts.append(section("Points over time", _figure(plots.points(course))))
    parts += [_units(course), _exercises(course, started), _fit(strands(course)), _about()]
    return document("Progress in firsthand", parts, style=STYLE)


def _figure(svg: str) -> str:
    return f"<figure>{svg}</figure>"


def _head(course: Course, now: float) -> str:
    standings = [course.standing(u) for u in course.units]
    shown_ = [
        ("units done", f"{sum(s.done for s in standings)} of {len(standings)}"),
        ("points", f"{number(sum(s.points for s in standings))} of "
                   f"{number(sum(u.points for u in course.units))}"),
        ("time spent", duration(sum(s.seconds for s in standings))),
        ("hints", str(sum(s.hints for s in standings))),
    ]  # fmt: skip
    return f"<header><p>firsthand · {text(day(now))}</p><h1>Progress</h1></header>{facts(shown_)}"


def _next(course: Course) -> str:
    step, left, slow = next_step(course), here(course), hardest(course)
    lines = []
    if step is None:
        lines.append("<p>Every unit is done.</p>" if course.units else "")
    else:
        what = f"{step.unit.number} {step.unit.title}"
        named = f", exercise <code>{text(step.exercise.name)}</code>" if step.exercise else ""
        lines.append(
            f"<p><b>Next: {text(what)}</b>{named}, about {step.minutes} min: {text(step.why)}.</p>"
        )
    if left is None and (last := max(course.units, key=course.touched, default=None)):
        if course.touched(last):
            told = f"You were last in {last.number} {last.title}, on {day(course.touched(last))}."
            lines.append(f"<p>{text(told)}</p>")
    if slow is not None:
        unit, exercise, attempts = slow
        lines.append(
            f"<p>Most checks so far: <code>{text(f'{unit.number}/{exercise.name}')}</code> "
            f"({attempts}).</p>"
        )
    lines.append("<p><code>firsthand learn</code> opens the next notebook.</p>" if step else "")
    return f'<div class="next">{"".join(lines)}</div>'


def _units(course: Course) -> str:
    header = ["unit", "", "points", "spent", "stated", "hints", "state"]
    groups = [
        (_stage(stage), [_unit(course, unit) for unit in units])
        for stage, units in course.by_stage()
    ]
    shown_ = f'<div class="units">{grouped(header, groups, left=2, last_left=1)}</div>'
    advice = "<p>What should come first is advice: every unit opens.</p>"
    return section("Units", shown_, advice)


def _stage(stage: Stage) -> str:
    return text(f"Stage {stage.number} · {stage.title}" if stage.title else f"Stage {stage.number}")


def _unit(course: Course, unit: Unit) -> list[str]:
    standing, began = course.standing(unit), course.started(unit)
    share = standing.points / unit.points if unit.points else 0.0
    name = text(f"{unit.number} {unit.title}")
    return [
        f'<span class="here">{name}</span>' if unit == here(course) else name,
        f'<span class="bar" role="img" aria-label="{100 * share:.0f} percent of the points">'
        f'<span style="width:{100 * share:.0f}%"></span></span>',
        f"{number(standing.points)} / {number(unit.points)}",
        duration(standing.seconds) if began else "",
        duration(60 * unit.minutes),
        str(standing.hints) if began else "",
        text(_state(course, unit)),
    ]


def _state(course: Course, unit: Unit) -> str:
    standing = course.standing(unit)
    if standing.finished:
        return "done"
    if standing.tested_out:
        return "tested out"
    told = ["you are here"] if unit == here(course) else []
    if course.started(unit) and standing.next_exercise:
        told.append(f"open: {standing.next_exercise.name}")
    if missing := course.missing(unit):
        told.append(f"first {listed([u.number for u in missing])}")
    return "; ".join(told)


def _exercises(course: Course, started: Sequence[Unit]) -> str:
    if not started:
        return ""
    header = ["exercise", "points", "checks", "hints", "solution", "last result"]
    groups = []
    for unit in started:
        standings = course.standing(unit).exercises
        rows = [_exercise(unit.exercise(name), s) for name, s in standings.items()]
        groups.append((text(f"{unit.number} {unit.title}"), rows))
    more = f"<summary>{count(sum(len(rows) for _, rows in groups), 'exercise')}</summary>"
    shown_ = grouped(header, groups, left=1, last_left=2)
    return section("Exercises of the units you began", f"<details>{more}{shown_}</details>")


def _exercise(exercise: Exercise, standing: Standing) -> list[str]:
    return [
        f"<code>{text(exercise.name)}</code>",
        f"{number(standing.best)} / {number(exercise.points)}",
        str(standing.attempts or ""),
        str(standing.hints or ""),
        text(standing.solution),
        text(standing.status),
    ]


def _fit(found: Sequence[Strand]) -> str:
    if not any(strand.units for strand in found):
        return section("What suits you", "<p>No unit is finished yet: nothing to tell.</p>")
    told = [strand for strand in found if strand.units]
    figures = "".join(_figure(svg) for svg in plots.fit(told))
    note = (
        "<p>A bar is the median over the finished units of a strand, a dot is one unit, the line "
        "goes from the lowest to the highest. The number beside a strand is that of its units; "
        f"with fewer than {ENOUGH} the bar is hollow, and it is too little to tell.</p>"
    )
    return section("What suits you", f"<p><b>{text(verdict(found))}</b></p>{note}", figures,
                   fit_table(told))  # fmt: skip


def fit_table(found: Sequence[Strand]) -> str:
    """Every measure of every strand: median, spread and the number of units behind it."""
    header = ["measure", "median", "lowest to highest", "units"]
    groups = []
    for strand in found:
        few = "" if strand.enough else ": too little to tell"
        name = f"{strand.name}, {count(len(strand.units), 'unit')}{few}"
        rows = [
            [text(label), text(shown(m.median, kind)), text(spread(m, kind)), str(len(m.known))]
            for label, m, kind in strand.measures
        ]
        groups.append((text(name), rows))
    return grouped(header, groups, left=1)


def _about() -> str:
    terms = [
        ("Where this comes from", "work/.firsthand/journal.jsonl on this machine. Nothing is sent "
         "anywhere; deleting the file loses no work."),
        ("Points", "The best that each exercise came to. What a person grades is not in it."),
        ("Points at the first check", "The share that the first check of written code came to."),
        ("Tested out", "The last exercise of a unit was passed in place of all; other units take "
         "it as done, and it does not count for what suits you."),
    ]  # fmt: skip
    return section("How to read this", notes(terms))
