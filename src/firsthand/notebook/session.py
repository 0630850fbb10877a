"""One kernel's memory: its unit, the graders collected for it, hints shown and last results."""

import os
import textwrap
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from firsthand.notebook import restart
from firsthand.notebook.kernel import notebook_folders
from firsthand.notebook.memory import EXECUTED_BY, Memory
from firsthand.notebook.outcome import Outcome
from firsthand.notebook.reference import Reference, has_solutions, reference
from firsthand.render import number
from firsthand.render.rows import SYMBOLS
from firsthand.report import ExerciseResult, Status
from firsthand.standing import in_notebook
from firsthand.unit import CourseError, Exercise, Unit, course_root, find_unit

if TYPE_CHECKING:
    from firsthand.grading.engine import Grader

VISIBLE_ONLY = "visible tests only: the hidden ones run when your notebook is graded"


class Place(NamedTuple):
    """Where a unit was found.

    tests: its graders here. hidden: whether the hidden ones are among them. journal: the course
    that remembers what the learner does; None in a student bundle.
    """

    unit: Unit
    tests: tuple[Path, ...]
    hidden: bool
    journal: Path | None


class Session:
    """What the calls of a notebook share between cells.

    Graders are collected once, and again when a file changes. Checks, hints and opened solutions
    are noted in the learner's journal.
    """

    def __init__(self) -> None:
        self._wanted = ""
        self._place: Place | None = None
        self._grader: Grader | None = None
        self._stamp: object = None
        self._memory: Memory | None = None
        self._last: dict[str, ExerciseResult] = {}

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
        result = report.exercise(name)
        self._remember(place, result)
        if not place.hidden and not result.tests and result.status is not Status.MANUAL:
            return Outcome.of_notice(name, f"no visible test here; {VISIBLE_ONLY}")
        return Outcome.of_report(
            report,
            name,
            unit=place.unit,
            hints_seen=self._remembered(place).hints_seen(name),
            timings=not _executing_solution(),
            notes=_notes(place, result),
        )

    def hint(self, name: str) -> str:
        """The next hint, as text to print. It then counts as seen."""
        place = self._found()
        shown = self._remembered(place).hint(place.unit.exercise(name))
        return textwrap.fill(shown.text, 88)

    def solution(self, name: str, given_up: str) -> Reference:
        """The reference solution, once it is open.

        given_up: the exercise that the learner gives up, or "". Raises CourseError, one line, while
        the solution is closed, or where another exercise is given up than the one asked for.
        """
        place = self._found()
        place.unit.exercise(name)
        how = f'solution("{name}", give_up="{name}")'
        if given_up and given_up != name:
            raise CourseError(f"nothing was given up: give_up is {given_up!r}. Type  {how}")
        return reference(place.unit, name, self._remembered(place), give_up=bool(given_up), how=how)

    def progress(self) -> str:
        """One line for each exercise, and one for the place in the course."""
        place = self._found()
        lines = [self._progress_line(e) for e in place.unit.exercises]
        if place.journal is not None:
            with suppress(CourseError):  # a unit elsewhere that cannot be read
                lines += in_notebook.place_lines(place.journal, place.unit)
        return "\n".join(lines)

    def fit(self, answers: dict[str, int | None]) -> str:
        """Record what the learner answers about the finished unit; the line to print."""
        place = self._found()
        given = {name: value for name, value in answers.items() if value is not None}
        if place.journal is None:
            raise CourseError("there is no course here to keep the answers in; nothing is kept.")
        if any(os.environ.get(name) for name in EXECUTED_BY):
            return "not kept: this notebook is executed for somebody else."
        return in_notebook.answer(place.journal, place.unit, given)

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

    def _remember(self, place: Place, result: ExerciseResult) -> None:
        self._last[result.name] = result
        if result.status is not Status.MANUAL:
            self._remembered(place).checked(result)

    def _remembered(self, place: Place) -> Memory:
        if self._memory is None:
            self._memory = Memory(place.unit, place.journal)
        return self._memory

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
        self._memory, self._last = None, {}


def _find(wanted: str) -> Place:
    """The unit in the course, else in a student bundle beside the notebook."""
    try:
        unit = find_unit(wanted, course_root())
    except CourseError as error:
        return _bundle(wanted, error)
    # nbgrader's Validate button is for learners: hidden tests stay out of its verdict
    validating = os.environ.get("NBGRADER_EXECUTION") == "validate"
    journal = None if _beside_the_solution(unit) else unit.root
    if unit.graders and not validating:
        return Place(unit, tuple(unit.graders), hidden=True, journal=journal)
    if unit.visible_tests.is_file():
        return Place(unit, (unit.visible_tests,), hidden=False, journal=journal)
    raise CourseError(
        f"unit {unit.number} has no graders here: {unit.visible_tests} does not exist. "
        f"Run `firsthand dev build {unit.number}`."
    )


def _bundle(wanted: str, error: CourseError) -> Place:
    for folder in dict.fromkeys(notebook_folders()):
        for path in sorted(Path(folder).glob("visible_*.py")):
            if path.stem.removeprefix("visible_").startswith(wanted):
                from firsthand.build.visible import unit_from_visible

                return Place(unit_from_visible(path), (path,), hidden=False, journal=None)
    raise CourseError(f"{error} Nor is there a file visible_{wanted}.py beside this notebook.")


def _beside_the_solution(unit: Unit) -> bool:
    """Whether this is the solution notebook: whoever runs that solves nothing."""
    solved = unit.solution_notebook.parent.resolve()
    return any(Path(folder).resolve() == solved for folder in notebook_folders())


def _executing_solution() -> bool:
    return os.environ.get("FIRSTHAND_EXECUTING_SOLUTION") == "1"


def _notes(place: Place, result: ExerciseResult) -> tuple[str, ...]:
    """What stands below a result: that it is not the whole one, or what may be opened now."""
    if not _executing_solution() and (outdated := restart.note()):
        return (outdated,)
    if not place.hidden:
        return (VISIBLE_ONLY,)
    solved = result.status is Status.PASSED and has_solutions(place.unit)
    if solved and not _executing_solution():
        return (f'`solution("{result.name}")` shows the reference, for comparison',)
    return ()


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
