"""How `nbgrader autograde` grades: by the engine, while nbgrader writes what was graded before.

`Grade` stands in place of nbgrader's `Execute`.
"""

import gc
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, Unicode

from firsthand import render
from firsthand.gradebook.ahead import Ahead
from firsthand.gradebook.graders import grader_of, results_of, suite_of, unit_of
from firsthand.gradebook.scores import gradebook_points
from firsthand.gradebook.steps import harmless
from firsthand.grading.limits import CELL_SECONDS
from firsthand.grading.pool import TEST_SECONDS, Job
from firsthand.grading.results import ResultKey, Results, environment_hash, submission_hash
from firsthand.grading.sandbox import levels
from firsthand.grading.submitted import read_submitted, submitted_cells
from firsthand.report import ExerciseResult, Report
from firsthand.unit import Cell, Unit

Resources = dict[str, Any]

gc.freeze()  # nbgrader's modules stay to the end: collections need not walk through them
AHEAD = 4  # submissions that are read and graded before nbgrader comes to them


class Grade(NbGraderPreprocessor):
    """Second step, in place of `Execute`: the engine grades, each check cell shows its result.

    A check cell gets one output, an `execute_result`: its text is the bare number of points,
    which nbgrader takes as the score, and its HTML is what the learner reads. Every other cell
    gets none. Stands in `c.Autograde.autograde_preprocessors`.
    """

    cell_seconds = Float(
        CELL_SECONDS, help="Deadline of one cell of a submission, in seconds."
    ).tag(config=True)
    call_seconds = Float(
        None, allow_none=True, help="Lower deadline, in seconds, for every call that a test makes."
    ).tag(config=True)
    test_seconds = Float(
        TEST_SECONDS, help="How long one test may take before it is told as broken off, in seconds."
    ).tag(config=True)
    results = Unicode(
        help="File in which reports are kept, so that nothing is graded twice. Empty: none."
    ).tag(config=True)

    isolation = Unicode(
        help="The walls around the code of submissions. Empty: the strongest there are."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Grade one rebuilt notebook. What is broken on our side is raised, not scored."""
        unit, student = unit_of(resources), resources["nbgrader"]["student"]
        rejected, cells = nb.metadata["firsthand"]["rejected"], _cells(nb)
        grader = self._grader(unit)
        if self.results:
            report = self._kept_report(nb, unit, grader, Job("", tuple(cells), rejected))
        else:
            report = self._new_report(grader, Job(unit.id, tuple(cells), rejected))
        self.log.info("%s: %g of %g points", student, report.points, report.max_points)
        self.write_results(nb, report, unit)
        return nb, resources

    def _kept_report(self, nb: NotebookNode, unit: Unit, grader: Ahead, job: Job) -> Report:
        """The stored report, or a new one that is stored. The notebook tells which one it was."""
        results = results_of(Path(self.results))
        key = self._key(unit, job)
        nb.metadata["firsthand"]["result"] = str(key)
        report = results.get(key)
        if report is None:
            grader.begin(job._replace(key=str(key)))
        for later in self._later(unit, grader, results):
            grader.begin(later)
        if report is None:
            report = self._new_report(grader, job._replace(key=str(key)))
            results.put(key, report)
        return report

    def _key(self, unit: Unit, job: Job) -> ResultKey:
        return ResultKey(
            suite_of(unit),
            submission_hash(job.cells, job.rejected),
            environment_hash(self._level(), self.cell_seconds, self.call_seconds),
        )

    def _later(self, unit: Unit, grader: Ahead, results: Results) -> Iterator[Job]:
        """What nbgrader will come to next, as far as it is not graded yet."""
        for path in islice(self._coming(grader), max(0, AHEAD - grader.waiting)):
            submitted = read_submitted(path)
            cells = submitted_cells(unit, submitted)
            job = Job("", tuple(cells), submitted.rejected)
            key = self._key(unit, job)
            grader.see(path)
            if key not in results:
                yield job._replace(key=str(key))

    def _coming(self, grader: Ahead) -> Iterator[Path]:
        """The notebooks of the submissions after this one, in nbgrader's order, not seen before.

        Without `--force` those that it graded before are left out: it takes most of them as done.
        """
        converter: Any = getattr(self.parent, "parent", None)  # of the exporter, whose step it is
        if not getattr(converter, "notebooks", None):
            return
        names = sorted(converter.assignments)
        current = str(Path(converter.notebooks[0]).parent)
        graded = converter.coursedir.autograded_directory
        for folder in map(Path, names[bisect_right(names, current) :]):
            notebook, student = folder / f"{folder.name}.ipynb", folder.parent.name
            done = Path(converter.coursedir.format_path(graded, student, folder.name))
            if not grader.has_seen(notebook) and (converter.force or not done.exists()):
                yield notebook

    def _level(self) -> str:
        """The level to grade at; weak walls only where they were asked for by name."""
        return levels.for_scores(self.isolation or None)

    def _grader(self, unit: Unit) -> Ahead:
        return grader_of(
            unit,
            cell_seconds=self.cell_seconds,
            call_seconds=self.call_seconds,
            isolation=self._level(),
            test_seconds=self.test_seconds,
        )

    @staticmethod
    def _new_report(grader: Ahead, job: Job) -> Report:
        graded = grader.grade(job)
        if graded.report is None:
            raise RuntimeError(graded.problem)
        return graded.report

    def write_results(self, nb: NotebookNode, report: Report, unit: Unit) -> None:
        """Give every check cell its one output, and every other code cell none."""
        how = {"isolation": report.isolation, "suite_hash": report.suite_hash}
        nb.metadata["firsthand"] |= how
        if report.rejected:
            nb.cells.insert(0, _reason(report.rejected))
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            mark = cell.metadata.get("nbgrader", {})
            if mark.get("grade") and not mark.get("solution"):
                name = cell.metadata["firsthand"]["name"]
                score = self._score(report.exercise(name), float(mark["points"]))
                notes = [f"isolation: {report.isolation} · graders: {report.suite_hash}"]
                page = render.html(report, exercise=name, unit=unit, notes=notes)
                data = {"text/plain": repr(score), "text/html": page}
                result = nbformat.v4.new_output("execute_result", data=data, execution_count=None)
                cell.outputs = [result]

    def _score(self, result: ExerciseResult, worth: float) -> float:
        """Points on the gradebook's scale; other points there than in the unit are told."""
        if worth != result.max_points:
            self.log.warning(
                "%s is worth %g in the gradebook and %g in the unit: the score is scaled. "
                "Run `nbgrader generate_assignment --force`.",
                *(result.name, worth, result.max_points),
            )
        return gradebook_points(result, worth)


def _reason(rejected: str) -> NotebookNode:
    """A cell that says, before everything else, why nothing of a submission was graded."""
    text = f"**Nothing was graded: {harmless(rejected)}.** Every exercise has 0 points."
    return nbformat.v4.new_markdown_cell(text, id="rejected")


def _cells(nb: NotebookNode) -> list[Cell]:
    """The cells of a notebook that `rebuild` made."""
    marks = [(cell.metadata["firsthand"], cell.source) for cell in nb.cells]
    return [Cell(m["kind"], m.get("name", ""), text, int(m.get("seconds", 0))) for m, text in marks]
