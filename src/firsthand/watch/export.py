"""Cells of a `.py` export (percent format) of the learner's notebook, matched to the course's.

jupytext writes the metadata of our cells into their headers. An export without them, as editors
write it, is matched by what a cell defines.
"""

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from firsthand.build import skip_uri_grammar
from firsthand.closure import DEFINITIONS
from firsthand.grading.intake import MAX_BYTES, Rejected, read_notebook, source_text
from firsthand.unit import Unit

_PERCENT = {"extension": ".py", "format_name": "percent"}
_WRITTEN = ("exercise", "answer", "rubric")


def read_export(path: Path, unit: Unit) -> dict[str, Any]:
    """The export as a notebook whose cells carry the ids of the course's cells.

    Raises Rejected for a file that cannot be read or has no cells.
    """
    text = _text(path)
    if not any(line.startswith(("# %%", "#%%")) for line in text.splitlines()):
        raise Rejected(
            f"{path.name} has no cell markers `# %%`. Export the notebook in percent format: "
            "`jupytext --to py:percent`."
        )
    skip_uri_grammar()
    import jupytext

    # jupytext comments out magics, and says in a header that it wrote the file. In other exports
    # a comment is a comment, also where its first word is the name of a command.
    magics = text.startswith("# ---\n")
    written = jupytext.reads(text, fmt={**_PERCENT, "comment_magics": magics})
    cells = [
        {"cell_type": cell.cell_type, "source": cell.source, "metadata": dict(cell.metadata)}
        for cell in written.cells
    ]
    course = read_notebook(unit.exercise_notebook)["cells"]
    _give_ids(cells, course)
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Rejected(f"{path.name} is larger than {MAX_BYTES >> 20} MB.")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Rejected(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise Rejected(f"{path.name} is not UTF-8 text: byte {error.start} is not.") from None


def _give_ids(cells: Sequence[dict[str, Any]], course: Sequence[Mapping[str, Any]]) -> None:
    """Write the id of the course's cell into each cell that is one; each id is given once."""
    free = list(course)
    # A given cell without a name that was edited is the next of its kind that nothing equals.
    for matches in (_same, _same_kind):
        for cell in cells:
            match = next((c for c in free if "id" not in cell and matches(cell, c)), None)
            if match is not None:
                free.remove(match)
                cell["id"] = match.get("id", "")


def _same_kind(cell: Mapping[str, Any], course: Mapping[str, Any]) -> bool:
    mine, theirs = _own(cell), _own(course)
    keys = ("kind", "name")
    return bool(mine) and all(mine.get(key) == theirs.get(key) for key in keys)


def _same(cell: Mapping[str, Any], course: Mapping[str, Any]) -> bool:
    if cell["cell_type"] != course["cell_type"]:
        return False
    mine, theirs = _own(cell), _own(course)
    if mine:
        named = bool(mine.get("name"))
        return _same_kind(cell, course) and (named or _stripped(cell) == _stripped(course))
    if theirs.get("kind") in _WRITTEN and course["cell_type"] == "code":
        return theirs.get("name") in _defined(source_text(cell))
    return _stripped(cell) == _stripped(course)


def _own(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    found = cell.get("metadata", {}).get("firsthand", {})
    return found if isinstance(found, dict) else {}


def _stripped(cell: Mapping[str, Any]) -> str:
    return source_text(cell).strip()


def _defined(source: str) -> set[str]:
    try:
        return {node.name for node in ast.parse(source).body if isinstance(node, DEFINITIONS)}
    except SyntaxError:
        return set()
