"""A small complete course that every test of the authoring commands may copy and break."""

import shutil
from pathlib import Path

from firsthand.unit import Unit, load_unit

COURSE = Path(__file__).parent / "course"
UNIT_ID = "101_weighted_means"


def copy_course(target: Path) -> Unit:
    """Copy the golden course into an empty folder; returns its one unit."""
    shutil.copytree(COURSE, target, dirs_exist_ok=True)
    return load_unit(target / "curriculum" / UNIT_ID)


def edit(path: Path, old: str, new: str, *, count: int = 1) -> None:
    """Replace `old`, which must occur, in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, count), encoding="utf-8")
