"""Write a unit's two notebooks and its visible tests, the same bytes from the same source.

`exercises/<unit>/` is what a learner starts from and equals nbgrader's own release of the solution
notebook in `solutions/<unit>/`, which is executed and keeps its plots. Whether they are fresh is
told from content alone, without executing anything.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firsthand.build import skip_uri_grammar
from firsthand.build.source import ANSWER_STUB, headings, learner_copy, read_source
from firsthand.build.visible import same_visible, visible_file, visible_source
from firsthand.unit import Cell, CourseError, Exercise, Unit

if TYPE_CHECKING:
    from rich.console import Console

FORMAT = 2  # a change of what is written here makes every built notebook stale
SCHEMA = 3  # of nbgrader's cell metadata
LONGEST_ID = 64  # nbformat's limit

Notebook = dict[str, Any]


def build(unit: Unit, *, execute: bool = True, console: "Console | None" = None) -> list[str]:
    """Write the unit's notebooks and visible tests.

    execute: run the solution notebook and keep its outputs; without it they stay empty. Returns
    what an author should look at, one line each. Raises CourseError where the source breaks a rule
    or a cell of the solution notebook fails.
    """
    cells = read_source(unit)
    exercise, solution = exercise_notebook(unit, cells), solution_notebook(unit, cells)
    _validate(exercise)
    notes: list[str] = []
    # Written before executing: `check` in the solution notebook grades against these files.
    _write(unit.visible_tests, visible_file(unit))
    _write(unit.exercise_notebook, as_text(exercise))
    if execute:
        _write_if_missing(unit.solution_notebook, as_text(solution))
        from firsthand.build.execution import execute_solution

        notes = execute_solution(unit, solution, console=console)
    _validate(solution)
    _write(unit.solution_notebook, as_text(solution))
    return notes


def build_units(
    units: Sequence[Unit],
    *,
    check: bool = False,
    execute: bool = True,
    console: "Console | None" = None,
) -> bool:
    """Build units and the course map, one line each.

    check: write nothing, and return False if anything is stale.
    """
    from firsthand.build.course_map import is_map_stale, write_map

    if console is None:
        from rich.console import Console

        console = Console(highlight=False)
    good = True
    for unit in units:
        found = stale(unit) if check else build(unit, execute=execute, console=console)
        good = good and not (check and found)
        word = "✗ stale" if check and found else "✓ fresh" if check else "✓ built"
        console.print(f"{word}  {unit.id}", markup=False, soft_wrap=True)
        for line in found:
            console.print(f"         {line}", markup=False, soft_wrap=True)
    for root in sorted({unit.root for unit in units}):
        if not check:
            write_map(root)
        elif is_map_stale(root):
            good = False
            console.print("✗ stale  curriculum/README.md\n         run `firsthand dev build`")
    return good


def stale(unit: Unit) -> list[str]:
    """What of the unit's built files differs from its source, one line each, with the mend."""
    cells = read_source(unit)
    mend = f"run `firsthand dev build {unit.number}`"
    problems: list[str] = []
    for path, wanted, same in (
        (unit.exercise_notebook, as_text(exercise_notebook(unit, cells)), _same_text),
        (unit.visible_tests, visible_file(unit), same_visible),
        (unit.solution_notebook, as_text(solution_notebook(unit, cells)), _same_unexecuted),
    ):
        name = path.relative_to(unit.root).as_posix()
        if not path.is_file():
            problems.append(f"{name} is missing; {mend}")
        elif not same(path.read_text(encoding="utf-8"), wanted):
            problems.append(f"{name} differs from its source; {mend}")
    if not problems and not _is_executed(unit.solution_notebook):
        problems.append(f"{unit.solution_notebook.relative_to(unit.root)} has no outputs; {mend}")
    return problems


def version(unit: Unit) -> str:
    """A digest of everything that the unit's notebooks are made from."""
    digest = hashlib.sha256(f"firsthand notebook format {FORMAT}\n".encode())
    for name in ("unit.py", "unit.toml"):
        digest.update((unit.folder / name).read_bytes() + b"\0")
    digest.update(visible_source(unit).encode())
    return digest.hexdigest()[:16]


def exercise_notebook(unit: Unit, cells: Sequence[Cell]) -> Notebook:
    """The learner's notebook, as nbgrader would release it: stubs, no outputs, checksums."""
    made = [_released(cell) for cell in _notebook_cells(unit, cells, solved=False)]
    return _notebook(unit, made)


def solution_notebook(unit: Unit, cells: Sequence[Cell]) -> Notebook:
    """The notebook with the reference solutions, not yet executed."""
    return _notebook(unit, _notebook_cells(unit, cells, solved=True))


def stub_source(cell: Cell) -> str:
    """The source of a cell as a learner first sees it."""
    if cell.kind in ("exercise", "answer"):
        return learner_copy(cell.source)
    return ANSWER_STUB if cell.kind == "rubric" else cell.source


def with_checks(cells: Sequence[Cell]) -> list[Cell]:
    """The cells with a check cell after every exercise that has none."""
    written = {cell.name for cell in cells if cell.kind == "check"}
    complete: list[Cell] = []
    for cell in cells:
        complete.append(cell)
        if cell.kind in ("exercise", "answer") and cell.name not in written:
            complete.append(Cell("check", cell.name, f'check("{cell.name}")'))
    return complete


def as_text(notebook: Mapping[str, Any]) -> str:
    """The notebook's file content: sorted keys, so that equal notebooks are equal files.

    Text is cut into lines, as nbformat writes it, so that a change shows as one line.
    """
    cells = [_in_lines(cell) for cell in notebook["cells"]]
    table = dict(notebook) | {"cells": cells}
    return json.dumps(table, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _in_lines(cell: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(cell) | {"source": cell["source"].splitlines(keepends=True)}
    outputs = []
    for output in cell.get("outputs", []):
        if "text" in output:
            output = output | {"text": output["text"].splitlines(keepends=True)}
        if "data" in output:
            cut = {k: _cut(k, value) for k, value in output["data"].items()}
            output = output | {"data": cut}
        outputs.append(output)
    return row | ({"outputs": outputs} if "outputs" in cell else {})


def _cut(kind: str, value: Any) -> Any:
    is_text = isinstance(value, str) and kind.startswith(("text/", "image/"))
    return value.splitlines(keepends=True) if is_text else value


def _notebook(unit: Unit, cells: list[dict[str, Any]]) -> Notebook:
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {
        "kernelspec": kernel,
        "language_info": {"name": "python"},
        "firsthand": {"unit": unit.id, "version": version(unit)},
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def _notebook_cells(unit: Unit, cells: Sequence[Cell], *, solved: bool) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    heading = "start"
    exercises = {e.name: e for e in unit.exercises}
    for cell in with_checks(cells):
        source = cell.source if solved else stub_source(cell)
        if cell.kind == "prose":
            found = headings(cell.source)
            heading = _slug(found[-1][1]) if found else heading
            source = _with_facts(source, exercises)
        metadata: dict[str, Any] = {"firsthand": _own_metadata(cell)}
        if graded := _nbgrader_metadata(cell, exercises):
            metadata["nbgrader"] = graded
        row = {"id": _cell_id(unit, cell, heading, counts), "metadata": metadata, "source": source}
        if cell.kind in ("prose", "rubric"):
            made.append({"cell_type": "markdown"} | row)
        else:
            made.append({"cell_type": "code", "execution_count": None, "outputs": []} | row)
    return made


def _own_metadata(cell: Cell) -> dict[str, Any]:
    table: dict[str, Any] = {"kind": cell.kind, "name": cell.name}
    return table | ({"seconds": cell.seconds} if cell.seconds else {})


def _nbgrader_metadata(cell: Cell, exercises: Mapping[str, Exercise]) -> dict[str, Any]:
    """The cell metadata of nbgrader; empty for prose and given code."""
    if cell.kind not in ("exercise", "answer", "check", "rubric"):
        return {}
    check, rubric = cell.kind == "check", cell.kind == "rubric"
    table: dict[str, Any] = {
        "grade": check or rubric,
        "grade_id": f"check_{cell.name}" if check else cell.name,
        "locked": check,
        "schema_version": SCHEMA,
        "solution": not check,
        "task": False,
    }
    return table | ({"points": exercises[cell.name].points} if check or rubric else {})


def _released(cell: dict[str, Any]) -> dict[str, Any]:
    """The cell with the marks that nbgrader's release step adds."""
    graded = cell["metadata"].get("nbgrader")
    if graded is None:
        return cell
    cell["metadata"]["deletable"] = False
    if not graded["solution"]:
        cell["metadata"]["editable"] = False
    graded["cell_type"] = cell["cell_type"]
    graded["checksum"] = checksum(cell["source"], cell["cell_type"], graded)
    return cell


def checksum(source: str, cell_type: str, graded: Mapping[str, Any]) -> str:
    """The checksum of a cell as nbgrader 0.9 computes it."""
    parts = [source, cell_type, str(graded["grade"]), str(graded["solution"])]
    parts += [str(graded["locked"]), graded["grade_id"]]
    if graded["grade"]:
        parts.append(str(float(graded["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _cell_id(unit: Unit, cell: Cell, heading: str, counts: Counter[str]) -> str:
    if cell.name:
        return f"{unit.number}-{cell.name}" + ("-check" if cell.kind == "check" else "")
    counts[heading] += 1
    end = f"-{counts[heading]}"
    start = f"{unit.number}-{heading}"
    return start[: LONGEST_ID - len(end)] + end


def _slug(text: str) -> str:
    """A heading as a part of a cell id; short enough that a counter still tells cells apart."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-").lower()
    return plain[:50].rstrip("-") or "section"


def _with_facts(source: str, exercises: Mapping[str, Exercise]) -> str:
    """Prose with difficulty, importance, time and points below the heading of an exercise."""
    lines = source.split("\n")
    for level, text, offset in reversed(headings(source)):
        if level == 3 and text in exercises:
            rest = "\n".join(lines[offset + 1 :]).strip("\n")
            shown = [*lines[: offset + 1], "", _facts(exercises[text])]
            lines = [*shown, "", *rest.split("\n")] if rest else shown
    return "\n".join(lines)


def _facts(exercise: Exercise) -> str:
    points = f"{exercise.points:g} point{'' if exercise.points == 1 else 's'}"
    by_hand = ", graded by a person" if exercise.kind == "rubric" else ""
    return (
        f"*difficulty {exercise.difficulty} of 5 · importance {exercise.importance} of 5 · "
        f"about {exercise.minutes} minutes · {points}{by_hand}*"
    )


def _validate(notebook: Notebook) -> None:
    skip_uri_grammar()
    import nbformat

    nbformat.validate(nbformat.from_dict(notebook))
    ids = Counter(cell["id"] for cell in notebook["cells"])
    twice = [i for i, count in ids.items() if count > 1]
    if twice:
        raise CourseError(f"two cells have the id {twice[0]!r}; give one of them a name.")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _write_if_missing(path: Path, text: str) -> None:
    if not path.is_file():
        _write(path, text)


def _same_text(left: str, right: str) -> bool:
    return left == right


def _same_unexecuted(left: str, right: str) -> bool:
    """Whether two notebooks are equal but for what executing adds."""
    try:
        notebooks = [json.loads(text) for text in (left, right)]
        for notebook in notebooks:
            for cell in notebook["cells"]:
                cell.pop("outputs", None)
                cell.pop("execution_count", None)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    return bool(notebooks[0] == notebooks[1])


def _is_executed(path: Path) -> bool:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")
