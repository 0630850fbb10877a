"""A learner's own copy of a notebook: started, brought up to date, put back, and put back again.

Every change is written in one step after a backup, so that nothing a learner wrote is ever lost.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from firsthand import journal
from firsthand.copies import cells, files
from firsthand.copies.cells import Notebook, Row
from firsthand.copies.merge import Change, merge
from firsthand.unit import CourseError, Unit

__all__ = [
    "Change",
    "Update",
    "absent",
    "apply",
    "kernel",
    "read",
    "reset",
    "start",
    "undo",
    "update",
]

absent, read = files.absent, files.own_notebook


@dataclass(frozen=True)
class Update:
    """What `update` would change in a copy; `apply` writes it.

    content: the new file. seen: the file that it was made from. changes: one for each cell.
    """

    unit: Unit
    changes: tuple[Change, ...]
    content: bytes
    seen: bytes

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return self.content == self.seen

    def of(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind: replaced, added, removed, kept or conflict."""
        return tuple(change for change in self.changes if change.kind == kind)


def start(unit: Unit) -> bool:
    """Make the learner's copy; False where there is one already, which is never touched.

    Raises CourseError where it cannot be written.
    """
    target = unit.work_notebook
    if target.exists() or target.is_symlink():
        with suppress(CourseError):
            files.remember_base_of_copy(unit)
        return False
    files.remember_base(unit)
    return files.create(target, unit.exercise_notebook.read_bytes())


def kernel(unit: Unit) -> str:
    """The name of the kernel that the copy asks for; "" where it names none or cannot be read."""
    try:
        table: object = files.own_notebook(unit).get("metadata")
    except CourseError:
        return ""
    for key in ("kernelspec", "name"):
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, str) else ""


def update(unit: Unit) -> Update:
    """What a newer version of the course changes in the learner's copy. Writes nothing.

    Raises CourseError where there is no copy, or it is no notebook.
    """
    mine, theirs = files.own_notebook(unit), files.course_notebook(unit)
    seen = unit.work_notebook.read_bytes()
    made, changes = merge(files.base_of(unit, mine, theirs), mine, theirs)
    content = seen if made == mine else files.as_bytes(made)
    return Update(unit, tuple(changes), content, seen)


def apply(change: Update) -> Path | None:
    """Write an update; the backup of what was there, or None where nothing changed.

    Raises CourseError where the copy was saved in the meantime, or cannot be written.
    """
    unit = change.unit
    if unit.work_notebook.read_bytes() != change.seen:
        raise CourseError(
            f"{unit.work_notebook} was saved while the update was made; nothing was changed. "
            "Run it again."
        )
    if change.empty:
        with suppress(CourseError):
            files.remember_base_of_copy(unit)
        return None
    files.remember_base(unit)
    backup = files.back_up(unit)
    files.write(unit.work_notebook, change.content)
    counts = [f"{len(change.of(kind))} {kind}" for kind in ("replaced", "added", "conflict")]
    _record(unit, "update", detail=", ".join(counts))
    return backup


def reset(unit: Unit, exercise: str | None = None) -> Path:
    """Put the stub back into one exercise, or the whole notebook; returns the backup.

    Raises CourseError for an unknown exercise, or where the copy cannot be written.
    """
    theirs = files.course_notebook(unit)
    if exercise is None:
        if not unit.work_notebook.exists():
            files.own_notebook(unit)  # says how to make one
        content = unit.exercise_notebook.read_bytes()
    else:
        unit.exercise(exercise)
        content = files.as_bytes(_with_stub(files.own_notebook(unit), theirs, exercise))
    backup = files.back_up(unit)
    files.remember_base(unit)
    files.write(unit.work_notebook, content)
    _record(unit, "reset", exercise or "")
    return backup


def undo(unit: Unit) -> Path | None:
    """Put the newest backup back; returns the backup of what it replaced, or None for nothing.

    So a second `undo` brings that back. Raises CourseError where there is no backup.
    """
    made = files.backups(unit)
    if not made:
        raise CourseError(
            f"there is nothing to undo for {unit.number}: no reset and no update has changed it."
        )
    backup = files.back_up(unit) if unit.work_notebook.exists() else None
    files.restore(made[-1], unit.work_notebook)
    _record(unit, "undo")
    return backup


def _with_stub(mine: Notebook, theirs: Notebook, exercise: str) -> Notebook:
    """The learner's notebook with the exercise as it was handed out."""
    rows: list[Row] = list(mine["cells"])
    index = cells.index_of(rows, theirs["cells"])
    places = {key: place for place, key in index.items()}
    order = [cells.id_of(row) for row in theirs["cells"]]
    for number, row in enumerate(theirs["cells"]):
        if cells.name_of(row) != exercise or cells.kind_of(row) not in cells.WRITTEN:
            continue
        if (place := places.get(order[number])) is not None:
            rows[place] = cells.renewed(rows[place], row)
        else:  # the cell was deleted: it comes back after the one before it
            before = [places[key] for key in order[:number] if key in places]
            rows.insert(before[-1] + 1 if before else 0, row)
    return mine | {"cells": rows}


def _record(unit: Unit, kind: str, exercise: str = "", detail: str = "") -> None:
    with suppress(OSError):  # a full disk must not cost the change itself
        journal.record(unit.root, kind, unit.id, exercise, detail=detail)
