"""How a submission was graded stands in the gradebook too, not only in pages that can get lost."""

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import SaveAutoGrades

Resources = dict[str, Any]


class SaveGrades(SaveAutoGrades):
    """nbgrader's own step, which also says in each exercise's comment how it was graded.

    The comment is the automatic one; what a person writes stands beside it. Stands in
    `c.Autograde.autograde_preprocessors` after `Grade`.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Save the scores and the comments of one notebook."""
        how = nb.metadata["firsthand"]
        self._how = f"isolation: {how['isolation']} · graders: {how['suite_hash']}"
        return super().preprocess(nb, resources)

    def _add_comment(self, cell: NotebookNode, resources: Resources) -> None:
        super()._add_comment(cell, resources)
        if cell.cell_type != "code":
            return
        place = (self.notebook_id, self.assignment_id, self.student_id)
        comment = self.gradebook.find_comment(cell.metadata["nbgrader"]["grade_id"], *place)
        said = [comment.auto_comment] if comment.auto_comment else []
        comment.auto_comment = " ".join([*said, self._how])
        self.gradebook.db.commit()
