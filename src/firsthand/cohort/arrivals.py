"""Take submissions that came as files, such as a learning platform's download, into a course."""

import os
import secrets
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from firsthand.cohort.course import Course
from firsthand.unit import CourseError, Unit


class Arrivals(NamedTuple):
    """Who has a submission now, and which folders were refused, with the reason."""

    taken: list[str]
    refused: dict[str, str]


def take_files(course: Course, unit: Unit, source: Path) -> Arrivals:
    """Copy `source/<id>/...` of every learner on the roster to where nbgrader looks for it.

    The folder's name says whose it is; what a notebook says of its author counts for nothing. A
    folder with one notebook is taken under any name. Raises CourseError where `source` is none.
    """
    if not source.is_dir():
        raise CourseError(f"{source} is no folder; it must hold one folder for each learner's id.")
    roster = course.students()
    arrivals = Arrivals([], {})
    for folder in sorted(source.iterdir()):
        reason, notebook = _notebook_in(folder, unit)
        if folder.name.startswith("."):
            continue
        if folder.name not in roster:
            reason = "not in the roster"
        if reason or notebook is None:
            arrivals.refused[folder.name] = reason
            continue
        _take(notebook, course.folder / "submitted" / folder.name, unit)
        arrivals.taken.append(folder.name)
    return arrivals


def _notebook_in(folder: Path, unit: Unit) -> tuple[str, Path | None]:
    """Why nothing can be taken from a learner's folder, or the notebook to take."""
    if folder.is_symlink() or not folder.is_dir():
        return "it is no folder", None
    found = [p for p in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
    named = [path for path in found if path.name == f"{unit.id}.ipynb"]
    if len(named or found) != 1:
        count = len(named or found)
        return f"it holds {count} notebooks; exactly one can be taken", None
    notebook = (named or found)[0]
    if not stat.S_ISREG(os.lstat(notebook).st_mode):
        return f"{notebook.name} is a link or a special file", None
    return "", notebook


def _take(notebook: Path, home: Path, unit: Unit) -> None:
    """Copy one notebook as a collected submission, whole or not at all."""
    target, part = home / unit.id, home / f".{unit.id}.part"
    descriptor = os.open(notebook, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        content = file.read()
    known = target / f"{unit.id}.ipynb"
    if known.is_file() and known.read_bytes() == content:
        return
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    (part / f"{unit.id}.ipynb").write_bytes(content)
    handed_in = datetime.fromtimestamp(notebook.stat().st_mtime, UTC)
    # The two files that nbgrader's own submissions have; its feedback is found by the secret.
    (part / "timestamp.txt").write_text(handed_in.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))
    (part / "submission_secret.txt").write_text(secrets.token_hex(64))
    if target.exists():
        shutil.rmtree(target)
    os.rename(part, target)
