"""nbgrader's configuration of this course: the repository root is an ordinary nbgrader course.

The executed notebooks in `solutions/` are nbgrader's source, and `exercises/` is its release
directory; `firsthand dev build` writes both, and `nbgrader generate_assignment` gives the same.
"""

import os
import sys
from pathlib import Path

c = get_config()  # nbgrader defines it

c.CourseDirectory.course_id = "firsthand"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# --- grading: firsthand.gradebook; docs/decisions/0010-nbgrader-by-configuration.md says why ---
# Opening a gradebook runs the command `alembic`, which stands beside this Python.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
c.GenerateAssignment.post_convert_hook = "firsthand.gradebook.restore_visible_tests"
c.Autograde.exporter_class = "firsthand.gradebook.SubmissionExporter"
c.Autograde.pre_convert_hook = "firsthand.gradebook.guard_submission"
c.Autograde.sanitize_preprocessors = [
    "firsthand.gradebook.Rebuild",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "firsthand.gradebook.Grade",
    "firsthand.gradebook.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Formgrader finds an input by its cell's id, and would meet a heading of that name first.
c.HTMLExporter.exclude_anchor_links = True
# --- end of grading ---
