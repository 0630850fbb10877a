"""The Graders of this process: one for each unit, opened when nbgrader first needs it."""

import atexit
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firsthand.unit import CourseError, Unit

if TYPE_CHECKING:
    from firsthand.grading.engine import Grader

_graders: dict[Path, tuple[tuple[Any, ...], "Grader"]] = {}


def grader_of(
    unit: Unit, *, cell_seconds: float, call_seconds: float | None, isolation: str | None = None
) -> "Grader":
    """The one Grader of this process for `unit`: opened once, and again when its files change."""
    files = [*unit.graders, unit.folder / "unit.toml", unit.solution_notebook]
    state = (cell_seconds, call_seconds, isolation, *(file_state(path) for path in files))
    known = _graders.get(unit.folder)
    if known is not None and known[0] == state:
        return known[1]
    if known is not None:
        known[1].close()
    from firsthand.grading.warm_process import start_early

    start_early(isolation)
    from firsthand.grading.engine import Grader  # imports torch: only where something is graded

    grader = Grader(unit, cell_seconds=cell_seconds, call_seconds=call_seconds, isolation=isolation)
    _graders[unit.folder] = (state, grader)
    return grader


def file_state(path: Path) -> tuple[str, int, int]:
    """What changes when a file does. Raises CourseError where it is not there."""
    if not path.is_file():
        raise CourseError(f"{path} does not exist: without it nothing can be graded.")
    entry = path.stat()
    return str(path), entry.st_mtime_ns, entry.st_size


@atexit.register
def close_graders() -> None:
    """Close every Grader of this process."""
    while _graders:
        _graders.popitem()[1][1].close()
