"""What suits a learner: how units of each strand went and what they were like, as far as it tells.

A unit counts once it is finished; one that was tested out of tells nothing about the work in it.
Fewer than three units of a strand are too little to tell.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firsthand.journal import UnitStanding
from firsthand.standing.place import Course
from firsthand.unit import Unit

ENOUGH = 3  # units of a strand
LEAST_TIME = 0.05  # of the stated time; below that the journal has not seen the work


@dataclass(frozen=True)
class Measure:
    """One number for each unit, in the order of the units; None where a unit has none."""

    values: tuple[float | None, ...]

    @property
    def known(self) -> list[float]:
        """The numbers there are."""
        return [value for value in self.values if value is not None]

    @property
    def median(self) -> float | None:
        """The middle one, or None without any."""
        return statistics.median(self.known) if self.known else None


@dataclass(frozen=True)
class Strand:
    """How the finished units of one strand went.

    time: time spent over the stated time. first: share of the points at the first check of each
    exercise, 0 to 1. hints: hints for each exercise. absorbing, more: the learner's answers, 1 to
    5. begun: how many more units were started.
    """

    name: str
    units: tuple[Unit, ...]
    begun: int
    time: Measure
    first: Measure
    hints: Measure
    absorbing: Measure
    more: Measure

    @property
    def enough(self) -> bool:
        """Whether there are enough units to tell anything."""
        return len(self.units) >= ENOUGH

    @property
    def measures(self) -> list[tuple[str, Measure, str]]:
        """Every measure with its name and the format of its values."""
        return [
            ("time, of the time stated", self.time, "×"),
            ("points at the first check", self.first, "%"),
            ("hints for each exercise", self.hints, ""),
            ("absorbing, 1 to 5", self.absorbing, "answer"),
            ("more of this, 1 to 5", self.more, "answer"),
        ]


def strands(course: Course) -> list[Strand]:
    """Every strand of which a unit was begun, in the course's order."""
    names = dict.fromkeys(stage.strand for stage in course.stages if stage.strand)
    found = [_strand(course, name) for name in names]
    return [strand for strand in found if strand.units or strand.begun]


def verdict(found: Sequence[Strand]) -> str:
    """One sentence on how much can be told."""
    enough = [strand.name for strand in found if strand.enough]
    if len(enough) >= 2:
        return f"With {ENOUGH} finished units or more, these can be compared: {', '.join(enough)}."
    there = f"so far {enough[0]}" if enough else "so far none"
    return (
        f"Too little to tell: a comparison needs {ENOUGH} finished units in each of two strands, "
        f"{there}."
    )


def shown(value: float | None, kind: str) -> str:
    """A value of a measure as text; a dash where there is none."""
    if value is None:
        return "–"
    if kind == "%":
        return f"{100 * value:.0f}\N{NO-BREAK SPACE}%"
    return f"{value:.1f}{kind}" if kind in ("", "×") else f"{value:g}"


def spread(measure: Measure, kind: str) -> str:
    """From the lowest to the highest value, where there are two."""
    known = measure.known
    if len(known) < 2:
        return ""
    return f"{shown(min(known), kind)} to {shown(max(known), kind)}"


def _strand(course: Course, name: str) -> Strand:
    work = [u for u in course.units if u.kind != "introduction"]
    mine = [u for u in work if course.stage(u).strand == name]
    units = tuple(u for u in mine if course.standing(u).finished)
    begun = sum(course.started(u) and not course.standing(u).done for u in mine)
    rows = [course.standing(u) for u in units]
    return Strand(
        name,
        units,
        begun,
        time=_measure(_time(row) for row in rows),
        first=_measure(first_points(course, row) for row in rows),
        hints=_measure(row.hints / len(row.exercises) for row in rows),
        absorbing=_measure(row.fit.get("absorbing") for row in rows),
        more=_measure(row.fit.get("more") for row in rows),
    )


def _measure(values: Iterable[float | None]) -> Measure:
    return Measure(tuple(values))


def _time(standing: UnitStanding) -> float | None:
    share = standing.seconds / (60 * standing.unit.minutes)
    return share if share >= LEAST_TIME else None


def first_points(course: Course, standing: UnitStanding) -> float | None:
    """The share of a unit's points that the first check of each exercise came to."""
    first: dict[str, float] = {}
    for event in course.events:
        counts = event.kind == "check" and event.status != "not started"
        if counts and event.unit == standing.unit.id and event.exercise in standing.exercises:
            most = standing.unit.exercise(event.exercise).points
            first.setdefault(event.exercise, min(event.points, most))
    total = sum(standing.unit.exercise(name).points for name in first)
    return sum(first.values()) / total if total else None
