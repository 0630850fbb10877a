"""The learner's commands: list, start, learn, check."""

import textwrap
from contextlib import suppress
from typing import TYPE_CHECKING

from firsthand import journal, render
from firsthand.cli import BELOW, FAULT
from firsthand.cli.console import colour, say, short, waiting, width
from firsthand.cli.target import unit_and_exercise
from firsthand.report import Report
from firsthand.unit import CourseError, Unit, course_root, find_unit

if TYPE_CHECKING:
    from firsthand.standing.place import Course


def list_units() -> None:
    """Print every unit below its stage, with what is done and what should come first."""
    course = _course()
    for stage, units in course.by_stage():
        say(f"Stage {stage.number}  {stage.title}".rstrip())
        for unit in units:
            for line in _unit_lines(course, unit, width()):
                say(line)
    say("\nfirsthand learn UNIT opens one; firsthand start UNIT only copies its notebook.")
    if any(course.before(unit) for unit in course.units):
        say('"ready": what it builds on is done. "first ...": advice; every unit opens.')


def _course() -> "Course":
    from firsthand.standing import place

    course = place.load(course_root())
    if not course.units:
        raise CourseError(
            f"{course.root / 'curriculum'} holds no unit yet; `firsthand dev new` makes one."
        )
    return course


def _unit_lines(course: "Course", unit: Unit, columns: int) -> list[str]:
    name = f"  {unit.number}  {unit.title}"
    points = render.number(unit.points)
    facts = f"{unit.minutes / 60:.1f} h · {len(unit.exercises)} exercises · {points} points"
    if state := _state(course, unit):
        facts += f" · {state}"
    room = columns - 44
    if len(facts) <= room and len(name) <= 42:
        return [f"{name:<43} {facts}"]
    indent = " " * 7
    return [
        *textwrap.wrap(name, columns, subsequent_indent=indent, drop_whitespace=False),
        *textwrap.wrap(facts, columns, initial_indent=indent, subsequent_indent=indent),
    ]


def _state(course: "Course", unit: Unit) -> str:
    """Whether it is done or started, else whether what it builds on is done."""
    standing = course.standing(unit)
    if standing.done:
        return "done" if standing.finished else "tested out"
    if course.started(unit):
        return "started"
    if missing := course.missing(unit):
        return f"first {', '.join(u.number for u in missing)}"
    return "ready" if course.before(unit) else ""


def start(text: str) -> None:
    """Copy the unit's notebook to work/ and say where it is."""
    unit = find_unit(text)
    fresh = copy_notebook(unit)
    say(f"{'copied to' if fresh else 'already there, left as it is:'} {short(unit.work_notebook)}")
    say(f"open it with  firsthand learn {unit.number}")


def copy_notebook(unit: Unit) -> bool:
    """Make the learner's copy; False where there is one already, which is never touched."""
    from firsthand import copies

    return copies.start(unit)


def learn(text: str, *, browser: bool, port: int) -> None:
    """Start a unit, by default where the learner stopped, and become JupyterLab."""
    from firsthand import copies
    from firsthand.cli.lab import open_lab

    root = course_root()
    unit = find_unit(text, root) if text else _next()
    if copy_notebook(unit):
        say(f"copied to {short(unit.work_notebook)}")
    with suppress(OSError):  # a full disk costs the record, not the work
        journal.record(root, "opened", unit.id)
    if (kernel := copies.kernel(unit)) not in ("", "python3"):
        say(
            f"This notebook asks for the kernel {kernel!r}. If its first cell fails with "
            'ModuleNotFoundError, take Kernel > Change Kernel > "Python 3 (ipykernel)".'
        )
    open_lab(unit.work_notebook, root, browser=browser, port=port)


def _next() -> Unit:
    """Where the learner stopped, else what comes next; the unit touched last once all are done."""
    from firsthand.standing.advice import next_step

    course = _course()
    step = next_step(course)
    if step is None:
        return max(course.units, key=course.touched)
    say(f"{step.target}: {step.why}")
    return step.unit


def check(target: str, exercise: str = "", *, test_out: bool = False) -> int:
    """Grade the learner's copy in a worker process, print the report, and return the exit code.

    target, exercise: as for `unit_and_exercise`. test_out: grade the unit's last exercise
    alone; with full marks the unit counts as done.
    """
    from firsthand.cli import standing, unsaved

    unit, name = unit_and_exercise(target, exercise)
    if test_out:
        name = standing.exercise_to_test_out(unit, name)
    names = {name} if name else None
    before = journal.events(unit.root)
    report = _graded(unit, names)
    shown = render.text(report, exercise=name or None, unit=unit, width=width(), colour=colour())
    say(shown)
    if doubt := unsaved.note(unit, report, before):
        say(textwrap.fill(doubt, width()))
    standing.after_check(unit, report, name, test_out=test_out)
    return exit_code([report])


def _graded(unit: Unit, names: set[str] | None) -> Report:
    from firsthand import copies

    notebook = copies.read(unit)
    from firsthand.grading.warm_process import start_early

    start_early()
    from firsthand.grading.engine import Grader
    from firsthand.grading.intake import submission_cells
    from firsthand.notebook.memory import Memory

    cells = submission_cells(unit, notebook)
    with waiting(f"grading {short(unit.work_notebook)}"), Grader(unit) as grader:
        report = grader.grade(cells, exercises=names)
    Memory(unit, unit.root).checked_all(report)
    return report


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
