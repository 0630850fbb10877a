"""`firsthand grade`: many notebooks of one unit, for an instructor or a CI job."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from firsthand import render
from firsthand.cli.console import bar, colour, say, width
from firsthand.cli.learner import exit_code
from firsthand.report import Report
from firsthand.unit import CourseError, Unit, find_unit


def grade_paths(
    paths: Sequence[Path], text: str, *, json_file: str, junit_file: str, min_score: str
) -> int:
    """Grade every notebook, write the files asked for, print the result; the exit code."""
    unit = find_unit(text)
    minimum = parse_minimum(min_score, unit.points) if min_score else None
    notebooks = find_notebooks(paths)
    for file in (json_file, junit_file):
        _check_writable(file)
    reports = _graded(unit, notebooks)
    if json_file:
        single = len(paths) == 1 and not paths[0].is_dir()
        _write(json_file, reports[0].to_json() if single else _json_array(reports))
    if junit_file:
        _write(junit_file, render.junit(*reports).rstrip("\n"))
    # Results that go to stdout must stay readable by programs.
    stream = sys.stderr if "-" in (json_file, junit_file) else sys.stdout
    if len(reports) == 1:
        shown = render.text(reports[0], unit=unit, width=width(), colour=colour(stream))
    else:
        shown = render.table(reports, width=width())
    say(shown, stream=stream)
    return exit_code(reports, minimum)


def find_notebooks(paths: Iterable[Path]) -> list[Path]:
    """The files named, and every notebook in the folders named, each once, in order."""
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*.ipynb")) if not _is_checkpoint(p)]
            if not inside:
                raise CourseError(f"{path} holds no notebook (*.ipynb).")
        elif path.exists() or path.is_symlink():
            inside = [path]
        else:
            raise CourseError(f"{path} does not exist.")
        for notebook in inside:
            found.setdefault(Path(os.path.abspath(notebook)), notebook)
    return list(found.values())


def parse_minimum(text: str, max_points: float) -> float:
    """Points from "45" or "80%". Raises CourseError for anything else or more than there is."""
    share = text.strip().endswith("%")
    try:
        value = float(text.strip().rstrip("%"))
    except ValueError:
        value = -1.0
    points = max_points * value / 100 if share else value
    if not 0 <= points <= max_points:
        raise CourseError(
            f"--min-score is {text!r}; use points from 0 to {render.number(max_points)}, "
            'or a share such as "80%".'
        )
    return points


def _graded(unit: Unit, notebooks: Sequence[Path]) -> list[Report]:
    from firsthand.grading.engine import Grader
    from firsthand.grading.intake import Rejected, read_notebook, submission_cells

    reports = []
    with bar() as progress, Grader(unit) as grader:
        task = progress.add_task(f"grading {unit.number}", total=len(notebooks))
        for path in notebooks:
            try:
                cells = submission_cells(unit, read_notebook(path))
            except Rejected as error:
                reports.append(grader.reject(str(error), submission=str(path)))
            else:
                reports.append(grader.grade(cells, submission=str(path)))
            progress.advance(task)
    return reports


def _json_array(reports: Sequence[Report]) -> str:
    return json.dumps([json.loads(r.to_json()) for r in reports], indent=2, sort_keys=True)


def _check_writable(file: str) -> None:
    """Before an hour of grading rather than after it."""
    folder = Path(file).parent
    if file and file != "-" and not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise CourseError(f"{file} cannot be written: {folder} is no folder that you may write to.")


def _write(file: str, text: str) -> None:
    if file == "-":
        say(text)
        return
    try:
        Path(file).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{file} cannot be written: {error.strerror}.") from None


def _is_checkpoint(path: Path) -> bool:
    return ".ipynb_checkpoints" in path.parts
