"""What a notebook says of the course around it: the place in it, and the questions about fit."""

from pathlib import Path

from firsthand import journal
from firsthand.standing import questions
from firsthand.standing.advice import place_line
from firsthand.standing.place import load
from firsthand.standing.words import count, listed
from firsthand.unit import CourseError, Unit

HOW = "fit(absorbing=1 to 5, more=1 to 5)"


def place_lines(root: Path, unit: Unit) -> list[str]:
    """The place in the course at `root`, and how to answer once the unit is finished."""
    course = load(root)
    standing = course.standings.get(unit.id)
    lines = [place_line(course, unit)]
    if standing is not None and questions.due(standing):
        lines.append(f"the unit is finished; how was it? {HOW}, asked once")
    return lines


def answer(root: Path, unit: Unit, given: dict[str, int]) -> str:
    """Record answers about the finished unit, unless they are there already; the line to print.

    Raises CourseError without an answer, for one that is not 1 to 5, and for a unit that is not
    finished.
    """
    standing = journal.standings([unit], journal.events(root))[unit.id]
    if not given:
        raise CourseError(f"{'. '.join(questions.QUESTIONS.values())}. Answer with {HOW}.")
    if not standing.finished:
        left = sum(e.points - standing.exercises[e.name].best > 1e-6
                   for e in unit.exercises if e.name in standing.exercises)  # fmt: skip
        raise CourseError(
            f"unit {unit.number} is not finished: {count(left, 'exercise')} left. Answer then."
        )
    new = {name: value for name, value in given.items() if standing.fit.get(name) != value}
    questions.answer(root, unit, dict(new))
    told = listed([f"{name} {value}" for name, value in given.items()])
    return f"noted for {unit.number}: {told}. `firsthand fit` in a terminal adds them up."
