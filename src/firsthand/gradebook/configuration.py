"""The settings of nbgrader that make it this project's: stubs, the steps of grading, the pages.

`nbgrader_config.py` of the repository and of every course call it, and add what is theirs alone.
`docs/decisions/0010-nbgrader-by-configuration.md` says why each step is there.
"""

import os
import sys
from pathlib import Path
from typing import Any


def configure(c: Any) -> None:
    """Set the configuration `c` that nbgrader's `get_config()` gives. It imports no nbgrader."""
    find_programs()
    c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
    c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
    c.ClearSolutions.text_stub = "YOUR ANSWER HERE"
    c.Autograde.exporter_class = "firsthand.gradebook.SubmissionExporter"
    c.Autograde.pre_convert_hook = "firsthand.gradebook.guard_submission"
    c.Autograde.sanitize_preprocessors = [
        "firsthand.gradebook.Rebuild",  # its notebook has the course's kernel already
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


def find_programs() -> None:
    """Put this Python's folder in PATH: opening a new gradebook runs `alembic`, which is there."""
    programs = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, path])
