"""How `nbgrader autograde` reads what was submitted: as hostile, and only the learner's text.

nbgrader reads a submission, sanitises it, executes it and takes the score from the outputs of its
grade cells. Here the file is read within limits (`SubmissionExporter`), rebuilt on the course's
own notebook (`Rebuild`), and graded by the engine instead of a kernel (`scoring`). The rest of
nbgrader, its gradebook and its pages are unchanged. The reasons are in
`docs/decisions/0010-nbgrader-by-configuration.md`.
"""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Application

from firsthand import render
from firsthand.build.visible import visible_file
from firsthand.gradebook import opening  # noqa: F401  # nbgrader opens it again for less
from firsthand.gradebook.graders import file_state, unit_of
from firsthand.grading import intake
from firsthand.grading.submitted import read_submitted
from firsthand.unit import Cell, CourseError, Unit, course_root, load_unit

__all__ = [
    "Rebuild",
    "SubmissionExporter",
    "guard_submission",
    "read_submission",
    "rebuild",
    "restore_visible_tests",
]

Resources = dict[str, Any]

_Build = tuple[str, int, int]
_compared: dict[tuple[str, ...], tuple[_Build, dict[str, float]]] = {}  # by notebook: its points

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#|\w+;|amp)", re.IGNORECASE)
_SCRIPT_LINK = re.compile(r"(javascript|vbscript)([\s\\]*:)", re.IGNORECASE)


class SubmissionExporter(NotebookExporter):
    """nbconvert's notebook exporter, with a reader that never fails on what a learner submitted.

    nbgrader reads the file before any preprocessor runs, so a file that is no notebook can only
    be met here. It becomes a notebook without cells that carries the reason; `Rebuild` and
    `Grade` turn that into an explicit 0.
    """

    def from_filename(
        self, filename: str, resources: Resources | None = None, **options: Any
    ) -> tuple[Any, Resources]:
        """Convert one file; a submitted one is read within the limits of `intake`."""
        if not any(isinstance(step, Rebuild) for step in self._preprocessors):
            return super().from_filename(filename, resources, **options)
        path = Path(filename)
        resources = resources if resources is not None else {}
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        return self.from_notebook_node(read_submission(path), resources, **options)


def read_submission(path: Path) -> NotebookNode:
    """What a submitted file says, reduced to cell types, ids and sources; or why it was rejected.

    `metadata["rejected"]` holds the reason where nothing could be read.
    """
    cells, rejected = read_submitted(path)
    metadata = {"rejected": rejected}
    table = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict(table)


class Rebuild(NbGraderPreprocessor):
    """First step: the course's notebook with the learner's text, in place of what was submitted.

    Given cells, check cells, flags, points and order come from the course; only the text of
    exercise and rubric cells and the learner's own code cells come from the submission. Stands in
    `c.Autograde.sanitize_preprocessors`.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Rebuild one notebook. Raises CourseError where the gradebook is of another build."""
        unit = unit_of(resources)
        points = _same_build(unit, resources)
        rejected = nb.metadata.rejected
        if rejected:
            self.log.warning("%s: scores 0: %s", resources["nbgrader"]["student"], rejected)
        rebuilt = rebuild(unit, nb)
        for cell in rebuilt.cells:
            mark = cell.metadata.get("nbgrader", {})
            if mark.get("grade"):
                mark["points"] = points[mark["grade_id"]]
        return rebuilt, resources


def rebuild(unit: Unit, nb: Mapping[str, Any]) -> NotebookNode:
    """The exercise notebook of `unit` with the learner's text of `nb`, without outputs."""
    course = nbformat.from_dict(intake.read_notebook(unit.exercise_notebook))
    given = iter(course.cells)
    cells = []
    for position, cell in enumerate(intake.submission_cells(unit, nb)):
        if cell.kind == "extra":
            cells.append(_extra_cell(cell, position))
            continue
        rebuilt = next(given)
        if rebuilt.source != cell.source:
            rebuilt.source = harmless(cell.source) if cell.kind == "rubric" else cell.source
        if rebuilt.cell_type == "code":
            rebuilt.outputs, rebuilt.execution_count = [], None
        cells.append(rebuilt)
    course.cells = cells
    course.metadata["firsthand"] = {"unit": unit.id, "rejected": nb["metadata"]["rejected"]}
    return course


def _extra_cell(cell: Cell, position: int) -> NotebookNode:
    metadata = {"firsthand": {"kind": cell.kind, "name": cell.name}}
    return nbformat.v4.new_code_cell(cell.source, id=f"extra-{position}", metadata=metadata)


def harmless(markdown: str) -> str:
    """Markdown in which no HTML and no link is alive that could run a script in nbgrader's pages.

    An address with a space in it makes no link. Entities go, because Markdown decodes them there.
    """
    text = _ENTITY.sub("& ", render.clean(markdown))
    return _SCRIPT_LINK.sub(r"\1 \2", _TAG.sub("&lt;", text))


def _same_build(unit: Unit, resources: Resources) -> dict[str, float]:
    """Hold the gradebook's cells to the unit's: a cell in only one of them would get no score.

    Returns what each graded cell is worth in the gradebook.
    """
    nbgrader = resources["nbgrader"]
    place = nbgrader["db_url"], nbgrader["assignment"], nbgrader["notebook"]
    # nbgrader keeps the cells as they are once there are submissions: one look is enough.
    state, known = file_state(unit.exercise_notebook), _compared.get(place)
    if known is not None and known[0] == state:
        return known[1]
    with Gradebook(nbgrader["db_url"]) as gradebook:
        notebook = gradebook.find_notebook(nbgrader["notebook"], nbgrader["assignment"])
        points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    cells = intake.read_notebook(unit.exercise_notebook)["cells"]
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    built = {mark["grade_id"] for mark in marks if mark.get("grade")}
    if (stored := set(points)) != built:
        raise CourseError(
            f"the gradebook and the built unit {unit.id} differ in these cells: "
            f"{', '.join(sorted(stored ^ built))}. "
            "Grade with the build that was released. Or start again, which deletes the scores: "
            f"`nbgrader db assignment remove {unit.id} --force`, then `nbgrader "
            f"generate_assignment {unit.id} --force`."
        )
    _compared[place] = state, points
    return points


def guard_submission(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """The `pre_convert_hook`: make one submission's folder safe to copy, and sure to get a row.

    nbgrader copies what lies beside the notebook and follows links while it does; links and
    special files are removed from the collected copy. Where the notebook of a unit is missing,
    its path is added to the list, so that the submission gets an explicit 0 instead of none.
    Nothing here decides a score: nbgrader ignores errors of a hook.
    """
    log = Application.instance().log if Application.initialized() else None
    for folder in {Path(notebook).parent for notebook in notebooks}:
        for path in _irregular(folder):
            path.unlink()
            if log is not None:
                log.warning("%s is no regular file and was removed from the collected copy", path)
        expected = folder / f"{folder.name}.ipynb"
        is_unit = (course_root() / "curriculum" / folder.name / "unit.toml").is_file()
        if is_unit and str(expected) not in notebooks:
            notebooks.append(str(expected))


def restore_visible_tests(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """The `post_convert_hook` of `generate_assignment`: write the visible tests again.

    With `--force` nbgrader empties the release folder, where they stand beside the notebook.
    """
    folder = course_root() / "curriculum" / assignment
    if (folder / "unit.toml").is_file():
        unit = load_unit(folder)
        unit.visible_tests.write_text(visible_file(unit), encoding="utf-8")


def _irregular(folder: Path) -> list[Path]:
    """Links and special files below `folder`. Notebooks excepted: they are rejected by name."""
    found = []
    for directory, folders, files in os.walk(folder):
        paths = [Path(directory, name) for name in [*folders, *files]]
        copied = [path for path in paths if path.suffix != ".ipynb" or path.is_dir()]
        found += [path for path in copied if not _regular(os.lstat(path).st_mode)]
    return found


def _regular(mode: int) -> bool:
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
