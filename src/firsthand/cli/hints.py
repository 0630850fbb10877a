"""The commands hint and solution: what `hint` and `solution` are in a notebook, in a terminal."""

import textwrap

from firsthand.cli.console import say, width
from firsthand.cli.target import needed
from firsthand.notebook.memory import Memory
from firsthand.notebook.reference import reference


def hint(target: str, exercise: str = "") -> None:
    """Print the next hint of an exercise, which then counts as seen. Arguments as for `needed`."""
    unit, name = needed(target, exercise)
    shown = Memory(unit, unit.root).hint(unit.exercise(name))
    say(textwrap.fill(shown.text, width()))


def solution(target: str, exercise: str = "", *, give_up: bool) -> None:
    """Print the reference solution of an exercise, once it is open. Arguments as for `needed`."""
    unit, name = needed(target, exercise)
    how = f"firsthand solution {unit.number}/{name} --give-up"
    say(reference(unit, name, Memory(unit, unit.root), give_up=give_up, how=how).plain)
