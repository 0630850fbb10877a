"""What grades for nbgrader in this process: for each unit one process, when it is first needed.

A test that hangs, or that ends its process, is told as a fault of the grader or of the submission,
and nbgrader goes on with the next.
"""

import atexit
from pathlib import Path
from typing import Any

from firsthand.grading.conditions import course_key
from firsthand.grading.pool import TEST_SECONDS, Pool
from firsthand.unit import CourseError, Unit

_graders: dict[Path, tuple[tuple[Any, ...], Pool]] = {}


def grader_of(
    unit: Unit,
    *,
    cell_seconds: float,
    call_seconds: float | None,
    isolation: str | None = None,
    test_seconds: float = TEST_SECONDS,
) -> Pool:
    """The one grading process for `unit`: started once, and again when the unit's files change."""
    files = [*unit.graders, unit.folder / "unit.toml", unit.solution_notebook]
    state = (
        cell_seconds,
        call_seconds,
        isolation,
        test_seconds,
        *(file_state(path) for path in files),
    )
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
    _graders[unit.folder] = (state, pool)
    return pool


def file_state(path: Path) -> tuple[str, int, int]:
    """What changes when a file does. Raises CourseError where it is not there."""
    if not path.is_file():
        raise CourseError(f"{path} does not exist: without it nothing can be graded.")
    entry = path.stat()
    return str(path), entry.st_mtime_ns, entry.st_size


@atexit.register
def close_graders() -> None:
    """End every grading process."""
    while _graders:
        _graders.popitem()[1][1].close()
