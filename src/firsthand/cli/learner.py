"""The learner's commands: list, start, learn, check."""

import os
from pathlib import Path

from firsthand import render
from firsthand.cli import BELOW, FAULT
from firsthand.cli.console import colour, say, waiting, width
from firsthand.report import Report
from firsthand.unit import CourseError, Unit, course_root, find_unit, load_stages, load_units


def list_units() -> None:
    """Print every unit below its stage."""
    root = course_root()
    units = load_units(root)
    if not units:
        raise CourseError(
            f"{root / 'curriculum'} holds no unit yet; `firsthand dev new` makes one."
        )
    stages = {stage.number: stage.title for stage in load_stages(root)}
    for number in dict.fromkeys(int(unit.id[0]) for unit in units):
        say(f"Stage {number}  {stages.get(number, '')}".rstrip())
        for unit in (u for u in units if int(u.id[0]) == number):
            for line in _unit_lines(unit, width()):
                say(line)
    say("\nfirsthand learn UNIT opens one; firsthand start UNIT only copies its notebook.")


def _unit_lines(unit: Unit, columns: int) -> list[str]:
    name = f"  {unit.number}  {unit.title}"
    points = render.number(unit.points)
    facts = f"{unit.minutes / 60:.1f} h · {len(unit.exercises)} exercises · {points} points"
    if unit.work_notebook.exists():
        facts += " · started"
    room = columns - 44
    if len(facts) <= room and len(name) <= 42:
        return [f"{name:<43} {facts}"]
    return [name[:columns], f"       {facts}"[:columns]]


def start(text: str) -> None:
    """Copy the unit's notebook to work/ and say where it is."""
    unit = find_unit(text)
    fresh = copy_notebook(unit)
    say(f"{'copied to' if fresh else 'already there, left as it is:'} {_shown(unit.work_notebook)}")
    say(f"open it with  firsthand learn {unit.number}")


def copy_notebook(unit: Unit) -> bool:
    """Make the learner's copy; False where there is one already, which is never touched."""
    from firsthand import copies

    return copies.start(unit)


def learn(text: str, *, browser: bool, port: int) -> None:
    """Start the unit, the first one by default, and become JupyterLab."""
    from firsthand.cli.lab import open_lab

    root = course_root()
    unit = find_unit(text, root) if text else _first(root)
    if copy_notebook(unit):
        say(f"copied to {_shown(unit.work_notebook)}")
    open_lab(unit.work_notebook, root, browser=browser, port=port)


def _first(root: Path) -> Unit:
    units = load_units(root)
    if not units:
        raise CourseError(
            f"{root / 'curriculum'} holds no unit yet; `firsthand dev new` makes one."
        )
    return units[0]


def check(target: str) -> int:
    """Grade the learner's copy in a worker process, print the report, and return the exit code."""
    text, _, name = target.partition("/")
    unit = find_unit(text) if text else _last_worked_on()
    names = {unit.exercise(name).name} if name else None
    notebook = unit.work_notebook
    if not notebook.exists():
        raise CourseError(
            f"{_shown(notebook)} does not exist. `firsthand start {unit.number}` makes it."
        )
    from firsthand.grading.warm_process import start_early

    start_early()
    from firsthand.grading.engine import Grader
    from firsthand.grading.intake import read_notebook, submission_cells
    from firsthand.notebook.memory import Memory

    cells = submission_cells(unit, read_notebook(notebook))
    with waiting(f"grading {_shown(notebook)}"), Grader(unit) as grader:
        report = grader.grade(cells, exercises=names)
    Memory(unit, unit.root).checked_all(report)
    shown = render.text(report, exercise=name or None, unit=unit, width=width(), colour=colour())
    say(shown)
    return exit_code([report])


def exit_code(reports: list[Report], minimum: float | None = None) -> int:
    """3 if a grader broke, 1 if a report is below `minimum` (full marks by default), else 0."""
    if any(r.has_fault for r in reports):
        return FAULT
    wanted = [r.max_points if minimum is None else minimum for r in reports]
    # A hair of tolerance: points are sums of shares such as 5/3.
    reached = [
        not r.rejected and r.points >= w - 1e-6 for r, w in zip(reports, wanted, strict=True)
    ]
    return 0 if all(reached) else BELOW


def _last_worked_on() -> Unit:
    root = course_root()
    started = [u for u in load_units(root) if u.work_notebook.is_file()]
    if not started:
        raise CourseError("work/ holds no notebook yet. `firsthand learn` starts the first unit.")
    return max(started, key=lambda u: u.work_notebook.stat().st_mtime)


def _shown(path: Path) -> str:
    """The path as short as it can be typed from here."""
    relative = os.path.relpath(path)
    return relative if not relative.startswith(os.pardir) else str(path)
