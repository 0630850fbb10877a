"""From a notebook file to cells that can be graded.

The file is hostile: only plain JSON is read, within limits.

A submission is rebuilt on the course's own notebook: given cells and their order come from the
course, the text of exercise cells from the submission (by id), and cells that the learner added
follow the cell they were put after. So deleted, duplicated, re-flagged or reordered cells change
nothing, and neither do edits of given code.
"""

import json
import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from firsthand.unit import CELL_KINDS, Cell, CourseError, Unit

MAX_BYTES = 20 << 20
MAX_DEPTH = 40
MAX_CELLS = 2000
# Windows lacks the first two, and would turn line ends without the third.
_CAREFULLY = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


class Rejected(CourseError):
    """A file that is no notebook, with the reason in one line.

    It scores 0, and the reason is shown.
    """


def read_notebook(path: Path) -> dict[str, Any]:
    """The notebook as plain data.

    A dict whose "cells" is a list of dicts with a cell_type and a source.
    Raises Rejected for anything but a regular file with an nbformat 4 notebook within the limits.
    """
    raw = _read_regular_file(path)
    try:
        notebook = json.loads(raw)
    except (ValueError, RecursionError) as error:
        detail = error.args[0] if error.args else type(error).__name__
        raise Rejected(
            f"{path.name} is not valid JSON: {detail}. Save the notebook again."
        ) from None
    if problem := _format_problem(notebook):
        raise Rejected(f"{path.name} is not a notebook that can be graded: {problem}.")
    return dict(notebook)


def _read_regular_file(path: Path) -> bytes:
    try:
        entry = os.lstat(path)
    except OSError as error:
        raise Rejected(f"{path} cannot be read: {error.strerror}.") from None
    if not stat.S_ISREG(entry.st_mode):
        raise Rejected(f"{path} is not a regular file. Links and devices are not followed.")
    if entry.st_size > MAX_BYTES:
        raise Rejected(
            f"{path.name} has {entry.st_size >> 20} MB; the limit is {MAX_BYTES >> 20} MB. "
            "Clear its outputs."
        )
    try:
        # It may have become something else since: a link is refused, a pipe not waited for.
        descriptor = os.open(path, os.O_RDONLY | _CAREFULLY)
    except OSError as error:
        raise Rejected(f"{path} cannot be read: {error.strerror}.") from None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MAX_BYTES + 1)


def _format_problem(notebook: Any) -> str:
    """What keeps this from being an nbformat 4 notebook, or ""."""
    if not isinstance(notebook, dict):
        return f"its top level is a {type(notebook).__name__}, not an object"
    if notebook.get("nbformat") != 4:
        return f"nbformat is {str(notebook.get('nbformat'))[:40]!r}, not 4"
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        return "it has no list of cells"
    if len(cells) > MAX_CELLS:
        return f"it has {len(cells)} cells; the limit is {MAX_CELLS}"
    for index, cell in enumerate(cells):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            return f"cell {index} has no cell_type"
        source = cell.get("source")
        if not (
            isinstance(source, str)
            or (isinstance(source, list) and all(isinstance(s, str) for s in source))
        ):
            return f"cell {index} has no source text"
    return "it is nested too deeply" if _too_deep(notebook) else ""


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _children(node)]
        if not level:
            return False
    return True


def _children(node: Any) -> Sequence[Any]:
    return list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else ()


def reference_cells(unit: Unit) -> list[Cell]:
    """The cells of the unit with the reference solutions, from its built solution notebook."""
    return _course_cells(unit.solution_notebook, unit)


def stub_cells(unit: Unit) -> list[Cell]:
    """The cells of the unit as a learner first sees them."""
    return _course_cells(unit.exercise_notebook, unit)


def _course_cells(path: Path, unit: Unit) -> list[Cell]:
    if not path.is_file():
        raise CourseError(f"{path} does not exist. Run `firsthand dev build {unit.number}`.")
    return [_course_cell(cell) for cell in _built_cells(path)]


def _built_cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook of the course, which many submissions are held against."""
    entry = path.stat()
    return _read_once(path, entry.st_mtime_ns, entry.st_size)


@lru_cache(maxsize=8)
def _read_once(path: Path, modified: int, size: int) -> list[dict[str, Any]]:
    return list(read_notebook(path)["cells"])


def _course_cell(cell: Mapping[str, Any]) -> Cell:
    mine = cell.get("metadata", {}).get("firsthand", {})
    kind = mine.get("kind", "")
    if kind not in CELL_KINDS:
        raise CourseError(
            f"cell {cell.get('id')!r} of a built notebook has kind {kind!r}; build the unit again."
        )
    return Cell(kind, mine.get("name", ""), source_text(cell), int(mine.get("seconds", 0)))


def source_text(cell: Mapping[str, Any]) -> str:
    """The source of a notebook cell, which nbformat allows to be a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def submission_cells(unit: Unit, notebook: Mapping[str, Any]) -> list[Cell]:
    """The cells to grade: the course's, with the learner's text and the learner's own cells.

    An exercise cell that the submission lacks keeps its stub. The first of several cells with one
    id counts. What JupyterLab splits off the top of a cell has its nbgrader name and another id: it
    is the learner's own, before the cell that kept the id.
    """
    course = stub_cells(unit)
    written: dict[str, Cell] = {}
    added: dict[str, list[str]] = {}
    anchors = dict(_anchors(_built_cells(unit.exercise_notebook)))
    by_id = {anchors[i] for cell in notebook["cells"] if (i := _cell_id(cell)) in anchors}
    anchor = ""
    for cell in notebook["cells"]:
        known = anchors.get(_cell_id(cell))
        if known is None and (known := anchors.get(_grade_id(cell))) is not None:
            known = None if known in by_id and known not in written else known
        if known is not None:
            anchor = known
            written.setdefault(known, Cell("", "", source_text(cell)))
        elif cell["cell_type"] == "code":
            added.setdefault(anchor, []).append(source_text(cell))
    own = _own_cells(course, added)
    cells = own.get("", [])
    for key, cell in zip(_keys(course), course, strict=True):
        mine = written.get(key)
        learners = cell.kind in ("exercise", "answer", "rubric") and mine is not None
        cells.append(
            Cell(cell.kind, cell.name, mine.source, cell.seconds) if learners and mine else cell
        )
        cells.extend(own.get(key, []))
    return cells


def _own_cells(course: Sequence[Cell], added: Mapping[str, list[str]]) -> dict[str, list[Cell]]:
    """The learner's own cells, called after where they stand: JupyterLab numbers no cells."""
    places: Counter[str] = Counter()
    cells: dict[str, list[Cell]] = {}
    for anchor, sources in added.items():
        named = [cell.name for cell in course[: int(anchor) + 1] if cell.name] if anchor else []
        place = f"after {named[-1]}" if named else "at the top"
        for source in sources:
            places[place] += 1
            which = f"your cell {places[place]}" if places[place] > 1 else "your cell"
            cells.setdefault(anchor, []).append(Cell("extra", f"{which} {place}", source))
    return cells


def _keys(cells: Sequence[Cell]) -> Iterator[str]:
    """One key for each cell of the course's notebook: its position."""
    return (str(index) for index in range(len(cells)))


def _anchors(cells: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Pairs (id, key) for each id by which a cell of the course's notebook can be recognised."""
    for index, cell in enumerate(cells):
        for identity in (_grade_id(cell), _cell_id(cell)):
            if identity:
                yield identity, str(index)


def _cell_id(cell: Mapping[str, Any]) -> str:
    identity = cell.get("id")
    return f"cell {identity}" if isinstance(identity, str) and identity else ""


def _grade_id(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    grader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    identity = grader.get("grade_id") if isinstance(grader, dict) else None
    return f"grade {identity}" if isinstance(identity, str) and identity else ""
