"""Files of a learner's copy: what the course looked like, backups, and writing without a gap.

Everything lies in `work/.firsthand/`: `base/<unit>/<version>.ipynb` is the course's notebook as it
was when a copy was made, and `backups/<unit>/<UTC time>.ipynb` the copy before each change.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from firsthand.copies.cells import Notebook
from firsthand.grading.intake import Rejected, read_notebook
from firsthand.unit import CourseError, Unit

KEPT_BACKUPS = 20
_TIME = "%Y%m%dT%H%M%S.%fZ"
_UNVERSIONED = "unversioned"


def version_of(notebook: Mapping[str, Any]) -> str:
    """The version of the course that a notebook was made from, or "" where it does not say."""
    table: Any = notebook.get("metadata")
    for key in ("firsthand", "version"):
        table = table.get(key) if isinstance(table, dict) else None
    # It becomes the name of a file, and a notebook may come from anybody.
    return table if isinstance(table, str) and re.fullmatch(r"[0-9a-f]{1,64}", table) else ""


def course_notebook(unit: Unit) -> Notebook:
    """The notebook that a learner starts from today."""
    if not unit.exercise_notebook.is_file():
        raise CourseError(
            f"{unit.exercise_notebook} does not exist. Run `firsthand dev build {unit.number}`."
        )
    return read_notebook(unit.exercise_notebook)


def own_notebook(unit: Unit) -> Notebook:
    """The learner's copy. Raises CourseError, with what to do, where it is absent or broken."""
    if not unit.work_notebook.exists():
        raise absent(unit)
    try:
        return read_notebook(unit.work_notebook)
    except Rejected as error:
        raise CourseError(
            f"{error} If that does not help, `firsthand reset {unit.number}` puts the notebook as "
            f"handed out in its place, and keeps this file as a backup."
        ) from None


def absent(unit: Unit) -> CourseError:
    """What to say where the learner's copy is not: whether another name looks like it."""
    path = unit.work_notebook
    others = sorted(p for p in path.parent.glob("*.ipynb") if p.is_file())
    if not others:
        return CourseError(f"{path} does not exist. `firsthand start {unit.number}` makes it.")
    return CourseError(
        f"{path} does not exist, but {others[0].name} is in that folder. If that is your notebook "
        f"under another name, call it {path.name} again; `firsthand start {unit.number}` makes a "
        "new one."
    )


def remember_base(unit: Unit) -> None:
    """Keep the course's notebook of today, which a later update compares with."""
    source = unit.exercise_notebook
    target = _base_file(unit, version_of(course_notebook(unit)))
    if not target.is_file() or target.stem == _UNVERSIONED:
        write(target, source.read_bytes())


def remember_base_of_copy(unit: Unit) -> None:
    """The same for a copy that is there already, if it was made from the course of today."""
    version = version_of(own_notebook(unit))
    if version and version == version_of(course_notebook(unit)):
        remember_base(unit)


def base_of(unit: Unit, mine: Notebook, theirs: Notebook) -> Notebook | None:
    """The course's notebook that the copy was made from, or None where nobody remembers it."""
    version = version_of(mine)
    if version and version == version_of(theirs):
        return theirs
    try:
        return read_notebook(_base_file(unit, version))
    except Rejected:
        return None


def _base_file(unit: Unit, version: str) -> Path:
    return _home(unit) / "base" / unit.id / f"{version or _UNVERSIONED}.ipynb"


def _home(unit: Unit) -> Path:
    return unit.root / "work" / ".firsthand"


def backups(unit: Unit) -> list[Path]:
    """The unit's backups, oldest first."""
    return sorted((_home(unit) / "backups" / unit.id).glob("*.ipynb"))


def back_up(unit: Unit) -> Path:
    """Copy the learner's notebook aside, as it is; the newest `KEPT_BACKUPS` stay."""
    made = backups(unit)
    now = datetime.now(UTC)
    with suppress(ValueError, IndexError):  # a clock that was put back must not hide the newest
        last = datetime.strptime(made[-1].stem, _TIME).replace(tzinfo=UTC)
        now = max(now, last + timedelta(microseconds=1))
    path = _home(unit) / "backups" / unit.id / f"{now.strftime(_TIME)}.ipynb"
    try:
        content = unit.work_notebook.read_bytes()
    except OSError as error:
        raise _cannot(error, unit.work_notebook, "read") from None
    write(path, content)
    for old in [*made, path][:-KEPT_BACKUPS]:
        with suppress(OSError):
            old.unlink()
    return path


def as_bytes(notebook: Mapping[str, Any]) -> bytes:
    """The file's content, laid out as Jupyter does it."""
    layout: dict[str, Any] = {"indent": 1, "sort_keys": True}
    try:
        return (json.dumps(notebook, ensure_ascii=False, **layout) + "\n").encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can hold
        return (json.dumps(notebook, **layout) + "\n").encode()


def write(path: Path, content: bytes) -> None:
    """Replace a file in one step: it holds the old content or the new, whatever happens.

    Raises CourseError, with what to do, where that is not possible.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        else:
            temporary.chmod(0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        raise _cannot(error, path, "written") from None


def create(path: Path, content: bytes) -> bool:
    """Make a file; False where there is one, which stays. A half-written one is taken away again.

    Raises CourseError, with what to do, where that is not possible.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Mode "x" fails where somebody else was faster, instead of overwriting their work.
        file = path.open("xb")
    except FileExistsError:
        return False
    except OSError as error:
        raise _cannot(error, path, "written") from None
    try:
        with file:
            file.write(content)
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise _cannot(error, path, "written") from None
    return True


def restore(backup: Path, path: Path) -> None:
    """Put a backup in the place of the learner's notebook."""
    try:
        os.replace(backup, path)
    except OSError as error:
        raise _cannot(error, path, "written") from None


def _cannot(error: OSError, path: Path, what: str) -> CourseError:
    from firsthand.copies.trouble import advice

    return CourseError(f"{path} cannot be {what}: {error.strerror}. {advice(error)}")
