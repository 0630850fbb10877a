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
    find_templates()
    c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
    c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
    c.ClearSolutions.text_stub = "YOUR ANSWER HERE"
    c.Autograde.exporter_class = "firsthand.gradebook.SubmissionExporter"
    c.SubmissionExporter.optimistic_validation = True  # once after all steps, not after each
    c.Autograde.pre_convert_hook = "firsthand.gradebook.guard_submission"
    # What nbgrader's own steps put right here, Rebuild takes from the course and the gradebook.
    c.Autograde.sanitize_preprocessors = ["firsthand.gradebook.Rebuild"]
    c.Autograde.autograde_preprocessors = [
        "firsthand.gradebook.Grade",
        "firsthand.gradebook.SaveGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]
    # Formgrader finds an input by its cell's id, and would meet a heading of that name first.
    c.HTMLExporter.exclude_anchor_links = True
    # Formulas are drawn without MathJax, which nbconvert's pages load from the internet.
    c.HTMLExporter.filters = {"markdown2html": "firsthand.gradebook.formulas.markdown2html"}


def find_programs() -> None:
    """Put this Python's folder in PATH: opening a new gradebook runs `alembic`, which is there."""
    _put_first("PATH", Path(sys.executable).parent, os.defpath)


def find_templates() -> None:
    """Put our folder in JUPYTER_PATH: nbconvert takes its template for MathJax from there.

    nbgrader's pages call that template by name, so no setting of theirs can take its place.
    """
    _put_first("JUPYTER_PATH", Path(__file__).parent / "jupyter", "")


def _put_first(variable: str, folder: Path, default: str) -> None:
    places = os.environ.get(variable, default).split(os.pathsep)
    if str(folder) not in places:
        os.environ[variable] = os.pathsep.join([str(folder), *filter(None, places)])
