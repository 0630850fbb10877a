"""The plots of the progress page, as pieces of SVG that follow the page's own colours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from firsthand.render.figures import BLUE, INK, ORANGE, new_figure, settings, svg
from firsthand.render.rows import number
from firsthand.standing.fit import Measure, Strand, shown, spread
from firsthand.standing.place import Course
from firsthand.standing.words import count, day, duration


def times(course: Course) -> str:
    """Hours spent on each unit that was started, beside the hours stated."""
    units = [u for u in course.units if course.started(u)]
    spent = [course.standing(u).seconds for u in units]
    with settings():
        figure, axis = new_figure(0.9 + 0.32 * len(units))
        rows = range(len(units))
        axis.barh(rows, [s / 3600 for s in spent], color=BLUE, height=0.55, label="spent")
        axis.plot(
            [u.minutes / 60 for u in units], rows, "|", color=ORANGE, markersize=14,
            markeredgewidth=2.5, label="stated",
        )  # fmt: skip
        axis.set_yticks(rows, [u.number for u in units])
        axis.set(ylim=(len(units) - 0.4, -0.6), xlabel="hours: spent (bar), stated (line)")
        axis.set_xlim(left=0)
        told = "; ".join(
            f"{u.number}: {duration(s)} spent of {duration(60 * u.minutes)} stated"
            for u, s in zip(units, spent, strict=True)
        )
        return svg(figure, "times", f"Time by unit. {told}.")


def points(course: Course) -> str:
    """Points over time: the sum of the best of every exercise."""
    moments, sums = _sums(course)
    with settings():
        figure, axis = new_figure(2.4)
        axis.step(moments, sums, where="post", color=BLUE, marker="o" * (len(sums) <= 60), ms=3)
        axis.set(ylabel="points", ylim=(0, max(sums) * 1.06))
        _dates(axis, moments)
        first, last = (day(m.timestamp()) for m in (moments[0], moments[-1]))
        told = f"Points from {first} to {last}: {number(sums[-1])} in the end."
        return svg(figure, "points", told)


def has_points(course: Course) -> bool:
    """Whether there is a line to draw: points at two moments or more."""
    return len(_sums(course)[0]) >= 2


def _sums(course: Course) -> tuple[list[datetime], list[float]]:
    best: dict[tuple[str, str], float] = {}
    moments: list[datetime] = []
    sums: list[float] = []
    for event in course.events:
        standing = course.standings.get(event.unit)
        if event.kind != "check" or standing is None or event.exercise not in standing.exercises:
            continue
        key = (event.unit, event.exercise)
        gained = min(event.points, standing.unit.exercise(event.exercise).points)
        if gained > best.get(key, 0.0):
            best[key] = gained
            moments.append(datetime.fromtimestamp(event.time).astimezone())
            sums.append(sum(best.values()))
    return moments, sums


def _dates(axis: Any, moments: Sequence[datetime]) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    zone = moments[0].tzinfo
    locator = AutoDateLocator(maxticks=7, tz=zone)  # type: ignore[no-untyped-call]
    axis.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, tz=zone)  # type: ignore[no-untyped-call]
    axis.xaxis.set_major_formatter(formatter)


def fit(strands: Sequence[Strand]) -> list[str]:
    """Two plots of the strands: how the work went, and what it was like.

    A bar is the median over units, a dot one unit; hollow bars are of too few units to tell.
    """
    work = [("time, of the time stated", "time", 1.0), ("points at first check", "first", 1.0)]
    answers = [("absorbing (1 to 5)", "absorbing", 5.0), ("more of this (1 to 5)", "more", 5.0)]
    return [_pair(strands, "work", work), _pair(strands, "answers", answers)]


def _pair(strands: Sequence[Strand], name: str, panels: list[tuple[str, str, float]]) -> str:
    with settings():
        figure, axes = new_figure(0.9 + 0.45 * len(strands), columns=2)
        for axis, (label, field, most) in zip(axes, panels, strict=True):
            for row, strand in enumerate(strands):
                _strand(axis, row, getattr(strand, field), strand.enough)
            axis.set(xlabel=label, ylim=(len(strands) - 0.4, -0.6))
            if field == "time":
                axis.axvline(most, color=ORANGE, linestyle="--", linewidth=1)
                axis.set_xlim(0, max(1.5, axis.get_xlim()[1]))
            else:
                axis.set_xlim(0, most * 1.04)
        labels = [f"{s.name.replace(' and ', chr(10) + 'and ')}, {len(s.units)}" for s in strands]
        axes[0].set_yticks(range(len(strands)), labels, fontsize=8)
        return svg(figure, f"fit-{name}", _told(strands, panels))


def _strand(axis: Any, row: int, measure: Measure, enough: bool) -> None:
    if measure.median is None:
        axis.text(0, row, " –", va="center")
        return
    axis.barh(
        row, measure.median, height=0.5, color=BLUE if enough else "none", edgecolor=INK,
        linewidth=0.8, linestyle="-" if enough else ":",
    )  # fmt: skip
    known = measure.known
    axis.plot([min(known), max(known)], [row, row], color=INK, linewidth=1)
    axis.plot(known, [row] * len(known), "o", color=INK, markersize=3.2)


def _told(strands: Sequence[Strand], panels: list[tuple[str, str, float]]) -> str:
    kinds = {"time": "×", "first": "%"}
    parts = []
    for strand in strands:
        told = []
        for label, field, _ in panels:
            measure, kind = getattr(strand, field), kinds.get(field, "answer")
            ends = spread(measure, kind)
            told.append(f"{label} {shown(measure.median, kind)}{f' ({ends})' if ends else ''}")
        few = "" if strand.enough else ", too few to tell"
        parts.append(f"{strand.name}, {count(len(strand.units), 'unit')}{few}: {', '.join(told)}")
    return "; ".join(parts) + "."
