"""Scaffold a unit that is valid and green at once, so that an author edits a working example.

Each exercise starts as a small real one (a weighted mean along the last axis, with ties to the
name that the author chose) with its solution, tests, five wrong answers and three hints.
"""

import keyword
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from firsthand.authoring import scaffold
from firsthand.build.percent import LONGEST_NAME
from firsthand.unit import UNIT_ID, CourseError, Unit, course_root, load_stages, load_unit

if TYPE_CHECKING:
    from rich.console import Console


def new_unit(
    unit_id: str,
    *,
    title: str,
    paper: str,
    exercises: Sequence[str],
    root: Path | None = None,
    build: bool = True,
    console: "Console | None" = None,
) -> Unit:
    """Write the files of a new unit and build its notebooks.

    unit_id: three digits and a name, such as "407_path_patching". exercises: names of functions.
    root: the course, found as everywhere by default. Raises CourseError for an id or a name that
    cannot be used, and where any of the files exists.
    """
    root = root or course_root()
    _check_id(unit_id, root)
    _check_exercises(exercises)
    for what, text in (("title", title), ("paper", paper)):
        if not text.strip() or "\n" in text:
            raise CourseError(f"--{what} is {text!r}; it takes one line of text.")
    files = scaffold.files(unit_id, title=title.strip(), paper=paper.strip(), exercises=exercises)
    _write(files, root)
    unit = load_unit(root / "curriculum" / unit_id)
    if console is None:
        from rich.console import Console

        console = Console(highlight=False)
    for name in files:
        console.print(f"created {name}", markup=False, soft_wrap=True)
    if build:
        from firsthand.build.notebooks import build_units

        build_units([unit], console=console)
    number = unit.number
    console.print(
        f"next: edit the source, then `firsthand dev build {number}` and `dev check {number}`"
    )
    return unit


def _write(files: Mapping[str, str], root: Path) -> None:
    for name in files:
        if (root / name).exists():
            raise CourseError(f"{name} exists already; nothing was written. Choose another id.")
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _check_id(unit_id: str, root: Path) -> None:
    if not UNIT_ID.fullmatch(unit_id):
        raise CourseError(
            f"{unit_id!r} is no unit id; use three digits and a name in lower case, "
            'such as "407_path_patching".'
        )
    stages = [stage.number for stage in load_stages(root)]
    if int(unit_id[0]) not in stages:
        raise CourseError(f"there is no stage {unit_id[0]}; curriculum/stages.toml has {stages}.")
    for folder in sorted((root / "curriculum").iterdir()):
        if folder.is_dir() and folder.name[:3] == unit_id[:3] and UNIT_ID.fullmatch(folder.name):
            raise CourseError(f"{folder.name} has the number {unit_id[:3]}; choose another.")


def _check_exercises(names: Sequence[str]) -> None:
    if not names:
        raise CourseError("--exercises is empty; name the functions that a learner will write.")
    for name in names:
        ok = re.fullmatch(r"[a-z][a-z0-9_]*", name) and not keyword.iskeyword(name)
        if not ok or len(name) > LONGEST_NAME:
            raise CourseError(
                f"{name!r} cannot name an exercise; use the name of a function in lower case, "
                f"at most {LONGEST_NAME} characters."
            )
        if re.fullmatch(r"(q|ex|exercise|task|problem)_?\d+", name):
            raise CourseError(f"{name!r} says nothing; name what the learner writes.")
    if twice := [n for n in names if list(names).count(n) > 1]:
        raise CourseError(f"the exercise {twice[0]!r} is named twice.")
