"""nbgrader's grades.csv, with names that may hold commas, and never half written."""

import csv
import os
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from firsthand.render.spreadsheet import neutral

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)

_NAMES = ("last_name", "first_name", "email")


class CsvExport(ExportPlugin):
    """The columns of nbgrader's own csv; its own does not quote. Stands in `c.ExportApp`."""

    def export(self, gradebook: Gradebook) -> None:
        """Write one row for each learner and assignment; who handed in nothing has a score of 0."""
        target = Path(self.to or "grades.csv")
        part = target.with_name(target.name + ".part")
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for assignment in gradebook.assignments:
                if not self.assignment or assignment.name in self.assignment:
                    for student in gradebook.students:
                        if not self.student or student.id in self.student:
                            writer.writerow(_row(gradebook, assignment, student))
        os.replace(part, target)


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
    row = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        **{name: neutral(getattr(student, name) or "") for name in _NAMES},
        "max_score": assignment.max_score,
        **{"raw_score": 0.0, "late_submission_penalty": 0.0, "score": 0.0},
    }
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return row
    penalty = submission.late_submission_penalty
    return row | {
        "timestamp": submission.timestamp,
        "raw_score": submission.score,
        "late_submission_penalty": penalty,
        "score": max(0.0, submission.score - penalty),
    }
