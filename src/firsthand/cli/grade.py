"""`firsthand grade`: many notebooks of one unit, for an instructor or a CI job."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from firsthand import render
from firsthand.cli.console import bar, colour, say, width
from firsthand.cli.learner import exit_code
from firsthand.report import Report
from firsthand.unit import Cell, CourseError, Unit, find_unit

ONE_PROCESS = 4  # notebooks that one process has graded before others would be ready


@dataclass(frozen=True)
class Format:
    """A kind of file that reports can be written to.

    one: the text for one notebook. many: the text for a list of them; None where such a file holds
    one submission.
    """

    one: Callable[[Report], str]
    many: Callable[[Sequence[Report]], str] | None = None


def _json_array(reports: Sequence[Report]) -> str:
    return json.dumps([json.loads(r.to_json()) for r in reports], indent=2, sort_keys=True)


# By the name of the option that asks for the file.
FORMATS = {
    "json": Format(Report.to_json, _json_array),
    "junit": Format(render.junit, lambda reports: render.junit(*reports)),
    "summary": Format(render.github_summary, lambda reports: render.github_summary(*reports)),
    "gradescope": Format(render.gradescope),
    "classroom": Format(render.classroom),
}


def grade_paths(
    paths: Sequence[Path],
    text: str,
    *,
    outputs: Mapping[str, str],
    min_score: str,
    isolation: str = "",
) -> int:
    """Grade every notebook, write the files asked for, print the result; the exit code.

    outputs: the file for each of `FORMATS`; "" is none, "-" the standard output. isolation: the
    level of the walls; by default the strongest of this machine, which must have some.
    """
    unit = find_unit(text)
    minimum = parse_minimum(min_score, unit.points) if min_score else None
    notebooks = find_notebooks(paths)
    single = len(paths) == 1 and not paths[0].is_dir()
    asked = {name: file for name, file in outputs.items() if file}
    _check_outputs(asked, len(notebooks))
    reports = _graded(unit, notebooks, isolation)
    for name, file in asked.items():
        format = FORMATS[name]
        listed = format.many(reports) if format.many and not single else format.one(reports[0])
        _write(file, listed.rstrip("\n"))
    # Results that go to stdout must stay readable by programs.
    stream = sys.stderr if "-" in asked.values() else sys.stdout
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


def _graded(unit: Unit, notebooks: Sequence[Path], isolation: str) -> list[Report]:
    """The report of each notebook, in order; many are graded side by side."""
    from firsthand.grading.sandbox import levels

    level = levels.for_scores(isolation or None)
    reports: dict[int, Report] = {}
    with bar() as progress:
        task = progress.add_task(f"grading {unit.number}", total=len(notebooks))
        for index, report in _in_any_order(unit, notebooks, level):
            reports[index] = replace(report, submission=str(notebooks[index]))
            progress.advance(task)
    return [reports[index] for index in range(len(notebooks))]


def _in_any_order(
    unit: Unit, notebooks: Sequence[Path], level: str
) -> Iterator[tuple[int, Report]]:
    from firsthand.grading.conditions import course_key
    from firsthand.grading.limits import CELL_SECONDS
    from firsthand.grading.pool import Job, Pool

    def jobs() -> Iterator[Job]:
        for index, path in enumerate(notebooks):
            cells, rejected = _read(unit, path)
            yield Job(str(index), tuple(cells), rejected)

    pool = Pool(
        unit,
        key=course_key(),
        cell_seconds=CELL_SECONDS,
        isolation=level,
        processes=1 if len(notebooks) <= ONE_PROCESS else None,
    )
    with pool:
        for graded in pool.grade_many(jobs()):
            if graded.report is None:
                raise RuntimeError(f"{notebooks[int(graded.key)]}: {graded.problem}")
            yield int(graded.key), graded.report


def _read(unit: Unit, path: Path) -> tuple[list[Cell], str]:
    """The cells to grade, and why the file was rejected, or ""."""
    from firsthand.grading.intake import Rejected, read_notebook, submission_cells

    try:
        return submission_cells(unit, read_notebook(path)), ""
    except Rejected as error:
        return [], str(error)


def _check_outputs(asked: Mapping[str, str], count: int) -> None:
    """Before an hour of grading rather than after it."""
    taken: dict[str, str] = {}
    for name, file in asked.items():
        if FORMATS[name].many is None and count != 1:
            raise CourseError(
                f"--{name} holds one submission, but {count} notebooks were found. Name one."
            )
        place = file if file == "-" else os.path.realpath(file)
        if place in taken:
            raise CourseError(
                f"--{taken[place]} and --{name} would both write to {file}. Name two files."
            )
        taken[place] = name
        _check_writable(file)


def _check_writable(file: str) -> None:
    path = Path(file)
    if file == "-":
        return
    if path.is_dir():
        raise CourseError(f"{file} cannot be written: it is a folder. Name a file in it.")
    if _is_special(path):
        if not os.access(path, os.W_OK):
            raise CourseError(f"{file} cannot be written: you have no right to.")
    elif not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise CourseError(
            f"{file} cannot be written: {path.parent} is no folder that you may write to."
        )


def _write(file: str, text: str) -> None:
    if file == "-":
        say(text)
        return
    path = Path(file)
    try:
        if _is_special(path):
            path.write_text(text + "\n", encoding="utf-8")
        else:
            _replace(Path(os.path.realpath(path)), text + "\n")
    except OSError as error:
        raise CourseError(f"{file} cannot be written: {error.strerror}.") from None


def _replace(path: Path, text: str) -> None:
    """Write all of the file or nothing of it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _is_special(path: Path) -> bool:
    """A pipe or a device, which is written to and never replaced."""
    return path.exists() and not path.is_file()


def _is_checkpoint(path: Path) -> bool:
    return ".ipynb_checkpoints" in path.parts
