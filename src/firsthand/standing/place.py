"""The course as one learner stands in it: its units, and what the journal knows of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from firsthand import journal
from firsthand.journal import Event, UnitStanding
from firsthand.unit import Stage, Unit, load_stages, load_units


@dataclass(frozen=True)
class Course:
    """Units and stages in order, with what is recorded of them.

    saved: for units whose notebook lies in work/, when it was last written, in seconds since 1970.
    """

    root: Path
    stages: tuple[Stage, ...]
    units: tuple[Unit, ...]
    standings: Mapping[str, UnitStanding]
    events: tuple[Event, ...]
    saved: Mapping[str, float]

    def standing(self, unit: Unit) -> UnitStanding:
        """What is known of a unit of this course."""
        return self.standings[unit.id]

    def stage(self, unit: Unit) -> Stage:
        """The stage that the unit's number begins with."""
        number = int(unit.id[0])
        return next((s for s in self.stages if s.number == number), Stage(number, "", ""))

    def by_stage(self) -> list[tuple[Stage, list[Unit]]]:
        """Every stage that has units, with them."""
        return [(stage, list(units)) for stage, units in groupby(self.units, self.stage)]

    def missing(self, unit: Unit) -> list[Unit]:
        """The units that this one builds on and that are not done. Those still to come are none."""
        return [u for u in self.before(unit) if not self.standing(u).done]

    def before(self, unit: Unit) -> list[Unit]:
        """The units that this one builds on, as far as the course has them."""
        return [u for u in self.units if u.id in unit.prerequisites]

    def started(self, unit: Unit) -> bool:
        """Whether anything was recorded, or its notebook lies in work/."""
        return self.standing(unit).started or unit.id in self.saved

    def touched(self, unit: Unit) -> float:
        """When the learner last did something in it; 0 for never."""
        return self.standing(unit).last or self.saved.get(unit.id, 0.0)


def load(root: Path) -> Course:
    """The course at `root` and the journal in it. Raises CourseError as reading its units does."""
    units = tuple(load_units(root))
    found = tuple(journal.events(root))
    saved = {u.id: time for u in units if (time := _written(u.work_notebook))}
    return Course(
        root, tuple(load_stages(root)), units, journal.standings(units, found), found, saved
    )


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
