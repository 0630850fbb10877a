"""The command watch: which unit and file, and whether there is a terminal to draw in."""

import os
import sys
from pathlib import Path

from firsthand import render
from firsthand.cli.console import colour, say, waiting, width
from firsthand.cli.learner import exit_code
from firsthand.unit import CourseError, Unit, course_root, find_unit, load_units
from firsthand.watch.files import newest, places, read_cells

SUFFIXES = (".ipynb", ".py")


def watch(text: str, *, file: str, once: bool, json: bool) -> int:
    """Watch the learner's copy, or grade it once; returns the exit code."""
    if json and not once:
        raise CourseError("--json belongs to --once: `firsthand watch 402 --once --json`.")
    unit = find_unit(text) if text else _last_worked_on()
    from firsthand.grading.warm_process import require_forking

    require_forking()
    files = (_chosen(file),) if file else places(unit)
    if newest(files) is None:
        raise CourseError(
            f"{os.path.relpath(files[0])} does not exist. `firsthand start {unit.number}` makes "
            "the notebook."
        )
    if once:
        return _once(unit, files, json=json)
    from firsthand.watch.run import Run

    run = Run(unit, files)
    return run.window() if _can_draw() else run.lines()


def _chosen(file: str) -> Path:
    path = Path(file).absolute()
    if path.suffix not in SUFFIXES:
        raise CourseError(f"{file} is neither a notebook (.ipynb) nor a .py export of one.")
    return path


def _can_draw() -> bool:
    """Whether keys can be read and a screen drawn; termios is not on Windows."""
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return terminal and os.environ.get("TERM", "dumb") != "dumb" and sys.platform != "win32"


def _once(unit: Unit, files: tuple[Path, ...], *, json: bool) -> int:
    path = newest(files)
    assert path is not None
    cells = read_cells(path, unit)
    from firsthand.grading.warm_process import start_early

    start_early()
    from firsthand.grading.engine import Grader
    from firsthand.notebook.memory import Memory

    with waiting(f"grading {os.path.relpath(path)}"), Grader(unit) as grader:
        report = grader.grade(cells, submission=path.name)
    Memory(unit, unit.root).checked_all(report)
    say(
        report.to_json() if json else render.text(report, unit=unit, width=width(), colour=colour())
    )
    return exit_code([report])


def _last_worked_on() -> Unit:
    """The unit whose notebook or export was saved last."""
    saved = {u.id: (newest(places(u)), u) for u in load_units(course_root())}
    started = [(path.stat().st_mtime_ns, unit.id) for path, unit in saved.values() if path]
    if not started:
        raise CourseError("work/ holds no notebook yet. `firsthand learn` starts the first unit.")
    return saved[max(started)[1]][1]
