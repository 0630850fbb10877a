"""How a submission was graded stands in the gradebook too, not only in pages that can get lost."""

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

Resources = dict[str, Any]


class SaveGrades(SaveAutoGrades):
    """nbgrader's own step, which also says in each exercise's comment how it was graded.

    The comment is the automatic one; what a person writes stands beside it. All scores and comments
    of a notebook are written at once: whoever is stopped leaves all of them or none. Stands in
    `c.Autograde.autograde_preprocessors` after `Grade`.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Save the scores and the comments of one notebook."""
        how = nb.metadata["firsthand"]
        self._how = f"isolation: {how['isolation']} · graders: {how['suite_hash']}"
        place = resources["nbgrader"]
        with Gradebook(place["db_url"]) as self.gradebook:
            row = self.gradebook.find_submission_notebook(
                place["notebook"], place["assignment"], place["student"]
            )
            names = {cell.id: cell.name for cell in row.notebook.grade_cells}
            names |= {cell.id: cell.name for cell in row.notebook.solution_cells}
            self._grades = {names[grade.cell_id]: grade for grade in row.grades}
            self._comments = {names[comment.cell_id]: comment for comment in row.comments}
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            self.gradebook.db.commit()
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: Resources) -> None:
        grade = self._grades[cell.metadata["nbgrader"]["grade_id"]]
        grade.auto_score, _ = utils.determine_grade(cell, self.log)
        # A person's score is to be looked at again, now that the work is another.
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None

    def _add_comment(self, cell: NotebookNode, resources: Resources) -> None:
        mark = cell.metadata["nbgrader"]
        untouched = mark.get("checksum") == utils.compute_checksum(cell)
        said = ["No response."] if untouched else []
        if cell.cell_type == "code":
            said.append(self._how)
        self._comments[mark["grade_id"]].auto_comment = " ".join(said) or None
