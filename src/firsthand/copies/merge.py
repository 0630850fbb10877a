"""Bring a newer course notebook into a learner's copy: a three-way merge by cell.

base: the course's notebook when the copy was made; mine: the learner's copy; theirs: the course's
notebook now. What only one side changed is taken from that side; where both did, the learner's
stays and the new version is put beside it. Nothing that a learner wrote is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from firsthand.copies import cells
from firsthand.copies.cells import Notebook, Row
from firsthand.grading.intake import source_text

KINDS = ("replaced", "added", "removed", "kept", "conflict")


@dataclass(frozen=True)
class Change:
    """What became of one cell.

    kind: one of `KINDS`. title: what to call the cell. note: what happened, in words. mine, new:
    both versions of a conflict, else "".
    """

    kind: str
    title: str
    note: str = ""
    mine: str = ""
    new: str = ""


@dataclass
class _Slot:
    """A cell of the new notebook: what stands there, and the learner's own cells around it."""

    key: str
    before: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    after: list[Row] = field(default_factory=list)


def merge(base: Notebook | None, mine: Notebook, theirs: Notebook) -> tuple[Notebook, list[Change]]:
    """The new notebook and what changed. Nothing given is altered.

    base: None where nobody remembers it; then what the learner may have changed counts as changed.
    """
    merged = _Merge(base, mine, theirs)
    made = merged.rows()
    return _notebook(mine, theirs, made), merged.changes


class _Merge:
    def __init__(self, base: Notebook | None, mine: Notebook, theirs: Notebook) -> None:
        self.changes: list[Change] = []
        self._mine: list[Row] = mine["cells"]
        self._theirs = {cells.id_of(row): row for row in theirs["cells"]}
        origin = base["cells"] if base else [r for r in self._mine if cells.kind_of(r)]
        self._base = {cells.id_of(row): row for row in base["cells"]} if base else {}
        self._known = base is not None
        self._pairs = cells.pairs(_first_of_each_id(origin), theirs["cells"])
        self._retired: list[Row] = []  # exercises of the learner's that the course dropped
        self._origin = {cells.id_of(row): row for row in origin}

    def rows(self) -> list[Row]:
        head, slots = self._read()
        self._add_new(head, slots)
        made = list(head)
        for slot in slots:
            made += [*slot.before, *slot.rows, *slot.after]
        return made

    # ---- the learner's notebook, cell by cell ----

    def _read(self) -> tuple[list[Row], list[_Slot]]:
        """The learner's own cells before the first of the course, and the course's in order."""
        index = self._index()
        graded = {g: key for key, row in self._theirs.items() if (g := cells.grade_id(row))}
        head: list[Row] = []
        slots: list[_Slot] = []
        pieces: dict[str, list[Row]] = {}
        for position, row in enumerate(self._mine):
            follows = slots[-1].after if slots else head
            key = index.get(position)
            if key is not None and key in self._theirs:
                slots.append(_Slot(key, before=pieces.pop(key, [])))
                slots[-1].rows = self._resolved(row, key)
            elif key is not None:
                follows += self._left_out(row, self._base.get(key))
            elif (part := graded.get(cells.grade_id(row), "")) and part in self._later(position):
                pieces.setdefault(part, []).append(row)
            else:
                follows.append(row)
        self._drop_old_notes(head, slots)
        return head, self._ordered(head, slots)

    def _index(self) -> dict[int, str]:
        """Position in the copy -> id in the new notebook, or in the old one if it is gone there."""
        index = cells.index_of(self._mine, self._origin.values())
        found = {position: self._pairs.get(key, key) for position, key in index.items()}
        known = set(found.values())
        rest = [row for key, row in self._theirs.items() if key not in known]
        for position, key in cells.index_of(self._mine, rest).items():
            found.setdefault(position, key)
        self._place = {key: position for position, key in found.items()}
        return found

    def _later(self, position: int) -> set[str]:
        return {key for key, place in self._place.items() if place > position}

    def _base_of(self, key: str) -> Row | None:
        """The old version of a cell of the new notebook."""
        return self._base.get(next((old for old, new in self._pairs.items() if new == key), ""))

    def _resolved(self, mine: Row, key: str) -> list[Row]:
        """What stands in place of the learner's version of a cell that the course still has."""
        theirs, base = self._theirs[key], self._base_of(key)
        kept = cells.with_course_metadata(mine, theirs)
        name = cells.title(theirs)
        if cells.same(mine, theirs):
            if kept["metadata"] != cells.metadata(mine):
                self._note("replaced", name, "its points or marks")
            return [kept]
        if not cells.is_touched(mine, base):
            self._note("replaced", name)
            return [cells.renewed(mine, theirs)]
        if not cells.is_changed(theirs, base, mine):
            self._note("kept", name, _whose(theirs))
            return [kept]
        self.changes.append(
            Change("conflict", name, _whose(theirs), source_text(mine), source_text(theirs))
        )
        return [kept, cells.note(key, _new_version(theirs))]

    def _left_out(self, mine: Row, base: Row | None) -> list[Row]:
        """What stays of a cell that the course no longer has."""
        name = cells.title(mine)
        if not cells.is_touched(mine, base):
            self._note("removed", name)
            return []
        self._note("kept", name, "no longer part of the unit: kept in a cell of your own")
        if cells.kind_of(mine) in cells.WRITTEN:
            self._retired.append(mine)
        return [cells.note(cells.id_of(mine), _farewell(mine)), cells.as_own(mine)]

    # ---- what the course has and the copy lacks ----

    def _add_new(self, head: list[Row], slots: list[_Slot]) -> None:
        order = list(self._theirs)
        for position, key in enumerate(order):
            places = {slot.key: place for place, slot in enumerate(slots)}
            if key in places or self._deleted(key):
                continue
            before = [places[k] for k in order[:position] if k in places]
            slot = _Slot(key, rows=[self._carried_over(self._theirs[key])])
            if before and cells.kind_of(slot.rows[0]) == "check":  # right below its exercise
                slot.after, slots[before[-1]].after = slots[before[-1]].after, []
            slots.insert(before[-1] + 1 if before else 0, slot)

    def _deleted(self, key: str) -> bool:
        """Whether the learner took the cell out; cells that are needed for a score come back."""
        base, theirs = self._base_of(key), self._theirs[key]
        if not self._known or base is None:
            return False
        if cells.kind_of(theirs) in (*cells.WRITTEN, "check"):
            return False
        self._note("kept", cells.title(theirs), "deleted by you: left out")
        return True

    def _carried_over(self, theirs: Row) -> Row:
        """A new cell; with the learner's code where it is an old exercise under a new name."""
        new = cells.name_of(theirs)
        for mine in self._retired if cells.kind_of(theirs) in cells.WRITTEN else ():
            old = cells.name_of(mine)
            base = self._base.get(cells.id_of(mine)) or self._origin.get(cells.id_of(mine))
            if not self._known or base is None or not old:
                continue
            if cells.renamed(cells.text(base), old, new) == cells.text(theirs):
                self._note("added", new, f"{old} under a new name: your code was copied into it")
                source = cells.renamed(source_text(mine), old, new)
                return theirs | {"source": source.splitlines(keepends=True)}
        self._note("added", cells.title(theirs))
        return theirs

    # ---- order and notes ----

    def _ordered(self, head: list[Row], slots: list[_Slot]) -> list[_Slot]:
        """The learner's order, unless the course moved its own cells: then the course's."""
        order = {key: place for place, key in enumerate(self._theirs)}
        here = {slot.key for slot in slots}
        old = [self._pairs[k] for k in self._origin if self._pairs.get(k) in here]
        if old == sorted(old, key=order.__getitem__):
            return slots
        return sorted(slots, key=lambda slot: order[slot.key])

    def _drop_old_notes(self, head: list[Row], slots: list[_Slot]) -> None:
        """Take out a note that a newer one about the same cell replaces."""
        for slot in slots:
            if len(slot.rows) > 1:
                for rows in (head, *(s.after for s in slots)):
                    rows[:] = [r for r in rows if not cells.is_unread_note(r, slot.key)]

    def _note(self, kind: str, title: str, note: str = "") -> None:
        self.changes.append(Change(kind, title, note))


def _first_of_each_id(rows: Sequence[Row]) -> list[Row]:
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(cells.id_of(row), row)
    return list(found.values())


def _whose(theirs: Row) -> str:
    kind = cells.kind_of(theirs)
    return (
        "your text" if kind == "rubric" else "your code" if kind in cells.WRITTEN else "your edit"
    )


def _new_version(theirs: Row) -> str:
    """The text of the note beside a cell that both sides changed."""
    what = "stub" if cells.kind_of(theirs) in cells.WRITTEN else "version"
    opening = (
        f"**New {what} of the cell above.** The course changed this cell, and so did you: yours "
        "was kept. Take over what you need and delete this cell."
    )
    source = source_text(theirs)
    shown = cells.fenced(source) if theirs.get("cell_type") == "code" else source
    return f"{opening}\n\n---\n\n{shown}"


def _farewell(mine: Row) -> str:
    name = cells.name_of(mine)
    what = f"`{name}` is" if name else "The cell below is"
    return (
        f"**{what} no longer part of this unit.** What you wrote is kept below. Delete both cells "
        "when you no longer need them."
    )


def _notebook(mine: Notebook, theirs: Notebook, made: list[Row]) -> Notebook:
    """The copy with other cells; ids are unique, as the format asks."""
    made = _with_unique_notes(made)
    found = mine.get("metadata")
    own = dict(found) if isinstance(found, dict) else {}
    course = theirs.get("metadata", {}).get("firsthand")
    notebook = dict(mine) | {
        "metadata": own | ({"firsthand": course} if course else {}),
        "cells": made,
    }
    minor = mine.get("nbformat_minor")
    if not isinstance(minor, int) or minor < 5:  # ids came with 4.5
        notebook["nbformat_minor"] = 5
        notebook["cells"] = [
            row if cells.id_of(row) else row | {"id": f"yours-{place + 1}"}
            for place, row in enumerate(made)
        ]
    return notebook


def _with_unique_notes(made: Sequence[Row]) -> list[Row]:
    """The cells; a note like an earlier one, which was written into, gets another id."""
    seen: set[str] = set()
    rows = []
    for row in made:
        key = cells.id_of(row)
        if key in seen and cells.MARK in cells.metadata(row):
            row = row | {"id": next(k for n in range(2, 9999) if (k := f"{key}-{n}") not in seen)}
        seen.add(cells.id_of(row))
        rows.append(row)
    return rows
