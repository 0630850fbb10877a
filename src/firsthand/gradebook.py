"""nbgrader, by configuration: the steps that `nbgrader_config.py` puts into `nbgrader autograde`.

nbgrader reads a submission, sanitises it, executes it and takes the score from the outputs of its grade cells. Here
the file is read as hostile (`SubmissionExporter`), rebuilt on the course's own notebook (`Rebuild`), and graded by the
engine instead of a kernel (`Grade`). The rest of nbgrader, its gradebook and its pages are unchanged. The reasons
are in `docs/decisions/0010-nbgrader-by-configuration.md`. No other module imports nbgrader.
"""

import atexit
import html
import math
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Application

from firsthand import render
from firsthand.grading import intake
from firsthand.grading.engine import Grader
from firsthand.report import Report
from firsthand.unit import Cell, CourseError, Unit, course_root, load_unit

Resources = dict[str, Any]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_NOTE = "margin:4px 0 0; font-size:85%; color:#555555; color:var(--jp-ui-font-color2, #555555)"


class SubmissionExporter(NotebookExporter):
    """nbconvert's notebook exporter, with a reader that never fails on what a learner submitted.

    nbgrader reads the file before any preprocessor runs, so a file that is no notebook can only be met here. It
    becomes a notebook without cells that carries the reason; `Rebuild` and `Grade` turn that into an explicit 0.
    """

    def from_filename(
        self, filename: str, resources: Resources | None = None, **options: Any
    ) -> tuple[str, Resources]:
        """Convert one file, as nbconvert does; a submitted file is read within the limits of `intake`."""
        if not any(isinstance(step, Rebuild) for step in self._preprocessors):
            result: tuple[str, Resources] = super().from_filename(filename, resources, **options)
            return result
        path = Path(filename)
        resources = resources if resources is not None else {}
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        result = self.from_notebook_node(read_submission(path), resources, **options)
        return result


def read_submission(path: Path) -> NotebookNode:
    """What a submitted file says, reduced to cell types, ids and sources; or why it was rejected.

    The result always is a valid notebook. `metadata["rejected"]` holds the reason where nothing could be read.
    """
    try:
        if not os.path.lexists(path):
            raise intake.Rejected(_missing_message(path))
        cells = [_bare_cell(cell) for cell in intake.read_notebook(path)["cells"]]
    except intake.Rejected as error:
        # The reason is shown to the learner, who has no use for the instructor's folders.
        reason = _clean(str(error).replace(str(path), path.name))
        return nbformat.v4.new_notebook(metadata={"rejected": reason})
    return nbformat.v4.new_notebook(cells=cells)


def _missing_message(path: Path) -> str:
    found = sorted(p.name for p in path.parent.glob("*.ipynb"))
    there = f" It has {', '.join(found[:3])}." if found else ""
    return f"The submission has no {path.name}.{there} Give the notebook its own name and submit it again."


def _bare_cell(cell: Mapping[str, Any]) -> NotebookNode:
    metadata = cell.get("metadata")
    grader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = grader.get("grade_id") if isinstance(grader, dict) else None
    kept = {"nbgrader": {"grade_id": _encodable(grade_id)}} if isinstance(grade_id, str) else {}
    kind = "code" if cell["cell_type"] == "code" else "markdown"
    bare = {"cell_type": kind, "metadata": kept, "source": _encodable(intake.source_text(cell))}
    if isinstance(cell.get("id"), str):
        bare["id"] = _encodable(cell["id"])
    return nbformat.from_dict(bare)


class Rebuild(NbGraderPreprocessor):
    """First step: the course's notebook with the learner's text in it, in place of whatever was submitted.

    Given cells, check cells, flags, points and order come from the course; only the text of exercise and rubric cells
    and the learner's own code cells come from the submission. Stands in `c.Autograde.sanitize_preprocessors`.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Rebuild one notebook. Raises CourseError where the gradebook was made from another build of the unit."""
        unit = _unit_of(resources)
        _same_build(unit, resources)
        rejected = nb.metadata.get("rejected", "")
        if rejected:
            self.log.warning("%s: scores 0: %s", resources["nbgrader"]["student"], rejected)
        return rebuild(unit, nb), resources


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
            rebuilt.source = _as_text(cell.source) if cell.kind == "rubric" else cell.source
        if rebuilt.cell_type == "code":
            rebuilt.outputs, rebuilt.execution_count = [], None
        cells.append(rebuilt)
    course.cells = cells
    course.metadata["firsthand"] = {"unit": unit.id, "rejected": nb["metadata"].get("rejected", "")}
    return course


def _extra_cell(cell: Cell, position: int) -> NotebookNode:
    metadata = {"firsthand": {"kind": cell.kind, "name": cell.name}}
    return nbformat.v4.new_code_cell(cell.source, id=f"extra-{position}", metadata=metadata)


def _as_text(markdown: str) -> str:
    """Free text in which no HTML tag is alive: nbgrader's pages would run a script in it."""
    return _TAG.sub("&lt;", _clean(markdown))


def _same_build(unit: Unit, resources: Resources) -> None:
    """Hold the gradebook's cells to the unit's: a cell in only one of them would stay without a score."""
    nbgrader = resources["nbgrader"]
    with Gradebook(nbgrader["db_url"]) as gradebook:
        stored = {c.name for c in gradebook.find_notebook(nbgrader["notebook"], nbgrader["assignment"]).grade_cells}
    cells = intake.read_notebook(unit.exercise_notebook)["cells"]
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    built = {mark["grade_id"] for mark in marks if mark.get("grade")}
    if stored != built:
        raise CourseError(
            f"the gradebook's cells of {unit.id} are not those of the built unit ({', '.join(sorted(stored ^ built))}). "
            f"Run `nbgrader generate_assignment {unit.id} --force`, then autograde again."
        )


class Grade(NbGraderPreprocessor):
    """Second step, in place of `Execute`: the engine grades, and each check cell gets its result as its one output.

    The output is an `execute_result` whose text is the bare number of points, which nbgrader takes as the score, and
    whose HTML is what the learner reads. Stands in `c.Autograde.autograde_preprocessors`.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Grade one rebuilt notebook. What the graders themselves break is raised, not scored."""
        unit = _unit_of(resources)
        grader = grader_of(unit)
        rejected = nb.metadata["firsthand"]["rejected"]
        report = None if rejected else grader.grade(_cells(nb), submission=resources["nbgrader"]["student"])
        self.write_results(nb, report, suite_hash=grader.suite_hash, rejected=rejected)
        return nb, resources

    def write_results(self, nb: NotebookNode, report: Report | None, *, suite_hash: str, rejected: str = "") -> None:
        """Give every check cell its one output and every other code cell none. `report` is None for a rejected file."""
        if report is not None:
            self.log.info("%s: %g of %g points", report.submission, report.points, report.max_points)
            nb.metadata["firsthand"] |= {"isolation": report.isolation, "suite_hash": report.suite_hash}
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            mark = cell.metadata.get("nbgrader", {})
            if mark.get("grade") and not mark.get("solution"):
                cell.outputs = [self._result(cell, report, suite_hash, rejected)]

    def _result(self, cell: NotebookNode, report: Report | None, suite_hash: str, rejected: str) -> NotebookNode:
        name = cell.metadata["firsthand"]["name"]
        worth = float(cell.metadata["nbgrader"]["points"])
        if report is None:
            score, page = 0.0, _paragraph(f"{name}: 0 points. The submission was not graded. {rejected}")
            note = f"Graders {suite_hash[:12]}."
        else:
            result = report.exercise(name)
            score, page = self._score(name, result.points, result.max_points, worth), render.html(report, exercise=name)
            note = f"Isolation: {report.isolation}. Graders {report.suite_hash[:12]}."
        data = {"text/plain": repr(score), "text/html": _clean(page) + _paragraph(note, style=_NOTE)}
        return nbformat.v4.new_output("execute_result", data=data, execution_count=None)

    def _score(self, name: str, points: float, max_points: float, worth: float) -> float:
        """Points on the gradebook's scale, within [0, worth]: nbgrader gives full marks for a number it cannot read."""
        if not (math.isfinite(points) and 0 <= points <= max_points + 1e-9):
            raise ValueError(f"the engine gave {points!r} of {max_points!r} points for {name}")
        if worth != max_points:
            self.log.warning(
                "%s is worth %g points in the gradebook and %g in the unit; scores are scaled. "
                "Run `nbgrader generate_assignment --force`.", name, worth, max_points
            )  # fmt: skip
        return min(round(points / max_points * worth, 4), worth)


def _cells(nb: NotebookNode) -> list[Cell]:
    """The cells of a notebook that `rebuild` made."""
    marks = [(cell.metadata["firsthand"], cell.source) for cell in nb.cells]
    return [Cell(m["kind"], m.get("name", ""), source, int(m.get("seconds", 0))) for m, source in marks]


def _paragraph(text: str, *, style: str = "margin:0") -> str:
    return f'<p style="{style}">{html.escape(_clean(text))}</p>'


def _clean(text: str) -> str:
    """Text without control characters, writing-direction overrides and halves of surrogate pairs."""
    return _CONTROL.sub("", _encodable(text))


def _encodable(text: str) -> str:
    """JSON can name halves of surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _unit_of(resources: Resources) -> Unit:
    """The unit that nbgrader is at: the notebook's name is its id. nbgrader runs in the course's folder."""
    name = resources["nbgrader"]["notebook"]
    folder = course_root() / "curriculum" / name
    if not folder.is_dir():
        raise CourseError(f"the notebook {name!r} is no unit of this course: {folder} does not exist.")
    return load_unit(folder)


_graders: dict[Path, tuple[tuple[tuple[str, int, int], ...], Grader]] = {}


def grader_of(unit: Unit) -> Grader:
    """The one Grader of this process for `unit`, opened at the first call and again after its files changed."""
    state = tuple(_file_states([*unit.graders, unit.folder / "unit.toml", unit.solution_notebook]))
    known = _graders.get(unit.folder)
    if known is not None and known[0] == state:
        return known[1]
    if known is not None:
        known[1].close()
    grader = Grader(unit).__enter__()
    _graders[unit.folder] = (state, grader)
    return grader


def _file_states(paths: Iterable[Path]) -> Iterable[tuple[str, int, int]]:
    for path in paths:
        entry = path.stat()
        yield str(path), entry.st_mtime_ns, entry.st_size


@atexit.register
def close_graders() -> None:
    """Close every Grader of this process."""
    while _graders:
        _graders.popitem()[1][1].close()


def guard_submission(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's `pre_convert_hook`: make one submission's folder safe to copy, and sure to get a row.

    nbgrader copies what lies beside the notebook and follows links while it does; links and special files are removed
    from the collected copy. Where the notebook of a unit is missing, its path is added to the list, so that the
    submission gets an explicit 0 instead of none. Nothing here decides a score: nbgrader ignores errors of a hook.
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


def _irregular(folder: Path) -> list[Path]:
    """Links and special files below `folder`, notebooks excepted: those are never copied, and are rejected by name."""
    found = []
    for directory, folders, files in os.walk(folder):
        paths = [Path(directory, name) for name in [*folders, *files]]
        modes = [(path, os.lstat(path).st_mode) for path in paths if path.suffix != ".ipynb" or path.is_dir()]
        found += [path for path, mode in modes if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))]
    return found
