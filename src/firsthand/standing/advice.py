"""What to take next, and why, in words. Advice alone: every unit opens."""

from dataclasses import dataclass

from firsthand.standing.place import Course
from firsthand.standing.words import day, listed
from firsthand.unit import Exercise, Unit


@dataclass(frozen=True)
class Advice:
    """The unit to work on and the exercise in it, with the reason as a sentence."""

    unit: Unit
    exercise: Exercise | None
    why: str

    @property
    def target(self) -> str:
        """What `firsthand check` takes, such as "402/phase_change"."""
        return f"{self.unit.number}/{self.exercise.name}" if self.exercise else self.unit.number

    @property
    def minutes(self) -> int:
        """The stated time of the next exercise."""
        return self.exercise.minutes if self.exercise else self.unit.minutes


def here(course: Course) -> Unit | None:
    """The unit that was touched last, unless it is done."""
    begun = [u for u in course.units if course.started(u) and not course.standing(u).done]
    return max(begun, key=course.touched, default=None)


def next_step(course: Course) -> Advice | None:
    """The unfinished unit touched last, else the first whose prerequisites are done.

    None once every unit is done.
    """
    if (unit := here(course)) is not None:
        return Advice(unit, course.standing(unit).next_exercise, _why_here(course, unit))
    left = [u for u in course.units if not course.standing(u).done]
    ready = [u for u in left if not course.missing(u)]
    for unit in ready or left:
        return Advice(unit, course.standing(unit).next_exercise, _why_new(course, unit))
    return None


def _why_here(course: Course, unit: Unit) -> str:
    standing = course.standing(unit)
    full = sum(e.points - standing.exercises[e.name].best < 1e-6
               for e in unit.exercises if e.name in standing.exercises)  # fmt: skip
    done = f"{full} of {len(standing.exercises)} exercises are done"
    return f"you stopped here on {day(course.touched(unit))}; {done}"


def _why_new(course: Course, unit: Unit) -> str:
    if missing := course.missing(unit):
        names = listed([f"{u.number} {u.title}" for u in missing])
        return f"it comes next in the course; it builds on {names}"
    if before := course.before(unit):
        names = listed([f"{u.number} {u.title}" for u in before])
        return f"you have done what it builds on: {names}"
    return "it comes next in the course and builds on no other unit"


def hardest(course: Course, *, least: int = 3) -> tuple[Unit, Exercise, int] | None:
    """The exercise that took the most checks, and how many; None where none took `least`."""
    found = [
        (unit, unit.exercise(name), standing.attempts)
        for unit in course.units
        for name, standing in course.standing(unit).exercises.items()
        if standing.attempts >= least
    ]
    return max(found, key=lambda row: row[2], default=None)


def place_line(course: Course, unit: Unit) -> str:
    """The learner's place in one line, for the end of a notebook's list of exercises."""
    stage = course.stage(unit)
    mates = [u for u in course.units if course.stage(u) == stage]
    parts = [
        f"{f'stage {stage.number} {stage.title}'.rstrip()}: {_done(course, mates)}",
        f"course: {_done(course, course.units)}",
    ]
    step = next_step(course)
    if step is not None:
        known = step.unit == unit and step.exercise
        parts.append(f"next: {step.exercise.name if known and step.exercise else step.target}")
    return " · ".join(parts)


def _done(course: Course, units: "list[Unit] | tuple[Unit, ...]") -> str:
    return f"{sum(course.standing(u).done for u in units)} of {len(units)} units done"
