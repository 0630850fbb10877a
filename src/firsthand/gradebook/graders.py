"""What grades for nbgrader in this process: for each unit one process, when it is first needed.

A test that hangs, or that ends its process, is told as a fault of the grader or of the submission,
and nbgrader goes on with the next. What stays the same from one submission to the next is kept.
"""

import atexit
from pathlib import Path
from typing import Any

from firsthand.gradebook.ahead import Ahead
from firsthand.grading.conditions import course_key
from firsthand.grading.pool import TEST_SECONDS, Pool
from firsthand.grading.results import Results, suite_hash
from firsthand.unit import CourseError, Unit, course_root, load_unit

_graders: dict[Path, tuple[tuple[Any, ...], Ahead]] = {}
_suites: dict[Path, tuple[tuple[Any, ...], str]] = {}
_results: dict[Path, Results] = {}


def grader_of(
    unit: Unit,
    *,
    cell_seconds: float,
    call_seconds: float | None,
    isolation: str | None = None,
    test_seconds: float = TEST_SECONDS,
) -> Ahead:
    """The one grading process for `unit`: started once, and again when the unit's files change."""
    state = (cell_seconds, call_seconds, isolation, test_seconds, *_unit_state(unit))
    known = _graders.get(unit.folder)
    if known is not None and known[0] == state:
        return known[1]
    if known is not None:
        known[1].close()
    pool = Pool(
        unit,
        key=course_key(),
        cell_seconds=cell_seconds,
        call_seconds=call_seconds,
        isolation=isolation,
        processes=1,
        test_seconds=test_seconds,
    )
    grader = Ahead(pool)
    _graders[unit.folder] = (state, grader)
    return grader


def suite_of(unit: Unit) -> str:
    """`suite_hash` of the unit with this course's key; reckoned again when its files change."""
    state, known = (course_key(), *_unit_state(unit)), _suites.get(unit.folder)
    if known is None or known[0] != state:
        known = _suites[unit.folder] = state, suite_hash(unit, course_key())
    return known[1]


def results_of(path: Path) -> Results:
    """The stored reports in that file, opened once; opened anew where the file was removed."""
    place = path.absolute()
    if place in _results and not place.is_file():
        _results.pop(place).close()
    if place not in _results:
        _results[place] = Results(place)
    return _results[place]


def unit_of(resources: dict[str, Any]) -> Unit:
    """The unit whose id is the notebook's name. nbgrader runs in the course's folder."""
    name = resources["nbgrader"]["notebook"]
    folder = course_root() / "curriculum" / name
    if not folder.is_dir():
        raise CourseError(
            f"the notebook {name!r} is no unit of this course: {folder} does not exist."
        )
    return load_unit(folder)


def _unit_state(unit: Unit) -> tuple[tuple[str, int, int], ...]:
    files = [*unit.graders, unit.folder / "unit.toml", unit.solution_notebook]
    return tuple(file_state(path) for path in files)


def file_state(path: Path) -> tuple[str, int, int]:
    """What changes when a file does. Raises CourseError where it is not there."""
    if not path.is_file():
        raise CourseError(f"{path} does not exist: without it nothing can be graded.")
    entry = path.stat()
    return str(path), entry.st_mtime_ns, entry.st_size


@atexit.register
def close_graders() -> None:
    """End every grading process, and close the stored reports."""
    while _graders:
        _graders.popitem()[1][1].close()
    while _results:
        _results.popitem()[1].close()
