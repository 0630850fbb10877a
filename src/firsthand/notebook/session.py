"""One kernel's memory: its unit, the graders collected for it, hints shown and last results."""

import os
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from firsthand.notebook.kernel import notebook_folders
from firsthand.notebook.outcome import Outcome
from firsthand.render import number
from firsthand.render.rows import SYMBOLS
from firsthand.report import ExerciseResult, Report, Status
from firsthand.unit import CourseError, Exercise, Unit, course_root, find_unit

if TYPE_CHECKING:
    from firsthand.grading.engine import Grader

VISIBLE_ONLY = "visible tests only: the hidden ones run when your notebook is graded"


class Place(NamedTuple):
    """Where a unit was found: its graders here, and whether the hidden ones are among them."""

    unit: Unit
    tests: tuple[Path, ...]
    hidden: bool


class Session:
    """What `check` and `hint` remember between cells.

    Graders are collected once, and again when a file changes.
    """

    def __init__(self) -> None:
        self._wanted = ""
        self._place: Place | None = None
        self._grader: Grader | None = None
        self._stamp: object = None
        self._hints_seen: dict[str, int] = {}
        self._last: dict[str, ExerciseResult] = {}
        self._mistakes: dict[str, str] = {}

    def use(self, wanted: str) -> str:
        """Choose the unit; the line to print. Raises CourseError where it is not found."""
        if wanted != self._wanted:
            self._forget()
        self._wanted = wanted
        place = self._found()
        unit = place.unit
        size = f"{len(unit.exercises)} exercises, {number(unit.points)} points"
        manual = sum(e.points for e in unit.exercises if e.kind == "rubric")
        more = f" and {number(manual)} by hand" if manual else ""
        line = f"{unit.number} {unit.title}: {size}{more}"
        return line if place.hidden else f"{line} ({VISIBLE_ONLY})"

    def check(self, name: str, names: dict[str, Any]) -> Outcome:
        """Grade one exercise in the namespace `names`.

        Raises CourseError for an unknown exercise.
        """
        place = self._found()
        place.unit.exercise(name)
        grader = self._collected(place)
        report = grader.grade_namespace(names, exercises={name})
        self._remember(report, name)
        result = report.exercise(name)
        if not place.hidden and not result.tests and result.status is not Status.MANUAL:
            return Outcome.of_notice(name, f"no visible test here; {VISIBLE_ONLY}")
        return Outcome.of_report(
            report,
            name,
            unit=place.unit,
            hints_seen=self._hints_seen.get(name, 0),
            timings=os.environ.get("FIRSTHAND_EXECUTING_SOLUTION") != "1",
            notes=() if place.hidden else (VISIBLE_ONLY,),
        )

    def hint(self, name: str) -> str:
        """The next hint, as text to print."""
        exercise = self._found().unit.exercise(name)
        if mistake := self._mistakes.pop(name, ""):
            return textwrap.fill(f"about your last check: {mistake}", 88)
        hints = exercise.hints
        if not hints:
            return f"{name} has no hints." + _by_hand(exercise)
        seen = self._hints_seen.get(name, 0)
        shown = min(seen, len(hints) - 1)
        self._hints_seen[name] = shown + 1
        last = " (the last one)" if shown + 1 == len(hints) else ""
        return textwrap.fill(f"hint {shown + 1} of {len(hints)}{last}: {hints[shown]}", 88)

    def progress(self) -> str:
        """One line for each exercise."""
        unit = self._found().unit
        return "\n".join(self._progress_line(e) for e in unit.exercises)

    def _progress_line(self, exercise: Exercise) -> str:
        result = self._last.get(exercise.name)
        of = f"/ {number(exercise.points)}"
        if exercise.kind == "rubric":
            return (
                f"{SYMBOLS[Status.MANUAL]} {exercise.name}  graded by hand, up to {of[2:]} points"
            )
        if result is None:
            return f"{SYMBOLS[Status.NOT_STARTED]} {exercise.name}  not checked  {of} points"
        points = f"{number(result.points)} {of} points"
        return f"{SYMBOLS[result.status]} {exercise.name}  {result.status.value}  {points}"

    def _remember(self, report: Report, name: str) -> None:
        result = report.exercise(name)
        self._last[name] = result
        shown = result.shown
        self._mistakes[name] = shown.hint if shown and shown.recognised else ""

    def _found(self) -> Place:
        """The unit's place, looked up again when its metadata changed."""
        if not self._wanted:
            raise CourseError(
                'no unit chosen. Run the set-up cell, or use_unit("402_induction_heads").'
            )
        if self._place is None or self._stamp != _stamp(self._place):
            self._close()
            self._place = _find(self._wanted)
            self._stamp = _stamp(self._place)
        return self._place

    def _collected(self, place: Place) -> "Grader":
        if self._grader is None:
            from firsthand.grading.engine import Grader

            self._grader = Grader(place.unit, tests=place.tests)
        return self._grader

    def _close(self) -> None:
        if self._grader is not None:
            self._grader.close()
        self._grader = None

    def _forget(self) -> None:
        self._close()
        self._place = None
        self._hints_seen, self._last, self._mistakes = {}, {}, {}


def _find(wanted: str) -> Place:
    """The unit in the course, else in a student bundle beside the notebook."""
    try:
        unit = find_unit(wanted, course_root())
    except CourseError as error:
        return _bundle(wanted, error)
    # nbgrader's Validate button is for learners: hidden tests stay out of its verdict
    validating = os.environ.get("NBGRADER_EXECUTION") == "validate"
    if unit.graders and not validating:
        return Place(unit, tuple(unit.graders), hidden=True)
    if unit.visible_tests.is_file():
        return Place(unit, (unit.visible_tests,), hidden=False)
    raise CourseError(
        f"unit {unit.number} has no graders here: {unit.visible_tests} does not exist. "
        f"Run `firsthand dev build {unit.number}`."
    )


def _bundle(wanted: str, error: CourseError) -> Place:
    for folder in dict.fromkeys(notebook_folders()):
        for path in sorted(Path(folder).glob("visible_*.py")):
            if path.stem.removeprefix("visible_").startswith(wanted):
                from firsthand.build.visible import unit_from_visible

                return Place(unit_from_visible(path), (path,), hidden=False)
    raise CourseError(f"{error} Nor is there a file visible_{wanted}.py beside this notebook.")


def _stamp(place: Place) -> object:
    """Changes when any file does that a check depends on."""
    files = [*place.tests, place.unit.folder / "unit.toml", place.unit.solution_notebook]
    return tuple(_file_stamp(path) for path in files)


def _file_stamp(path: Path) -> tuple[str, int, int]:
    try:
        entry = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), entry.st_mtime_ns, entry.st_size


def _by_hand(exercise: Exercise) -> str:
    return (
        " A person reads it: the points are in the text above." if exercise.kind == "rubric" else ""
    )
