"""The commands hint and solution: what `hint` and `solution` are in a notebook, in a terminal."""

import textwrap

from firsthand.cli.console import say, width
from firsthand.notebook.memory import Memory
from firsthand.notebook.reference import reference
from firsthand.unit import CourseError, Unit, find_unit


def hint(target: str) -> None:
    """Print the next hint of UNIT/EXERCISE, which then counts as seen."""
    unit, name = _exercise(target)
    shown = Memory(unit, unit.root).hint(unit.exercise(name))
    say(textwrap.fill(shown.text, width()))


def solution(target: str, *, give_up: bool) -> None:
    """Print the reference solution of UNIT/EXERCISE, once it is open."""
    unit, name = _exercise(target)
    how = f"firsthand solution {unit.number}/{name} --give-up"
    say(reference(unit, name, Memory(unit, unit.root), give_up=give_up, how=how).plain)


def _exercise(target: str) -> tuple[Unit, str]:
    text, _, name = target.partition("/")
    unit = find_unit(text)
    if not name:
        names = ", ".join(e.name for e in unit.exercises)
        raise CourseError(f"{target} names no exercise. Type {unit.number}/ and one of: {names}.")
    return unit, unit.exercise(name).name
