"""What a submitted file says, or why it was rejected: the same reading wherever it is graded.

nbgrader's steps and the pool that grades a cohort both start here, so that a result which one of
them stored is found by the other.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from firsthand import render
from firsthand.grading import intake
from firsthand.unit import Cell, Unit


class Submitted(NamedTuple):
    """The cells of a submitted notebook as plain data, or why there are none."""

    cells: list[dict[str, Any]]
    rejected: str = ""


def read_submitted(path: Path) -> Submitted:
    """A submitted file, reduced to cell types, ids and sources. It may be missing or no notebook.

    The reason of a rejection names no folder: it is shown to the learner.
    """
    try:
        if not os.path.lexists(path):
            raise intake.Rejected(_missing_message(path))
        return Submitted([_bare_cell(cell) for cell in intake.read_notebook(path)["cells"]])
    except intake.Rejected as error:
        return Submitted([], render.clean(str(error).replace(str(path), path.name)))


def submitted_cells(unit: Unit, submitted: Submitted) -> list[Cell]:
    """The cells to grade: the course's, with the learner's text; for a rejection, the stubs."""
    return intake.submission_cells(unit, {"cells": submitted.cells})


def _missing_message(path: Path) -> str:
    found = sorted(p.name for p in path.parent.glob("*.ipynb"))
    there = f" It has {', '.join(found[:3])}." if found else ""
    mend = "Give the notebook its own name again and submit it."
    return f"The submission has no {path.name}.{there} {mend}"


def _bare_cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    grader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = grader.get("grade_id") if isinstance(grader, dict) else None
    kept = {"nbgrader": {"grade_id": _encodable(grade_id)}} if isinstance(grade_id, str) else {}
    kind = "code" if cell["cell_type"] == "code" else "markdown"
    identity = {"id": _encodable(cell["id"])} if isinstance(cell.get("id"), str) else {}
    source = _encodable(intake.source_text(cell))
    return {"cell_type": kind, "metadata": kept, "source": source} | identity


def _encodable(text: str) -> str:
    """JSON can name halves of surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
