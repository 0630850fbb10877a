"""Cells of a notebook as plain data: which is which, who changed it, and the notes put beside it.

A cell belongs to the course if a cell of the course's notebook has its id, or, where a tool lost
the ids, its nbgrader name. Every other cell is the learner's own and is never changed.
"""

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from firsthand.grading.intake import source_text
from firsthand.unit import CELL_KINDS

Notebook = dict[str, Any]
Row = dict[str, Any]  # one cell, as the file holds it

COURSE_KEYS = ("firsthand", "nbgrader", "deletable", "editable")  # metadata that the course sets
WRITTEN = ("exercise", "answer", "rubric")  # kinds that a learner fills in
MARK = "firsthand_update"  # metadata of the notes that an update puts beside a cell
_ALIKE = 0.6  # difflib's ratio from which two unnamed cells count as one that was edited


def metadata(cell: Mapping[str, Any]) -> Row:
    """The cell's metadata; empty where the file holds no table there."""
    found = cell.get("metadata")
    return dict(found) if isinstance(found, dict) else {}


def _table(cell: Mapping[str, Any], key: str) -> Row:
    found = metadata(cell).get(key)
    return dict(found) if isinstance(found, dict) else {}


def kind_of(cell: Mapping[str, Any]) -> str:
    """One of `CELL_KINDS`, or "" where the cell does not say."""
    kind = _table(cell, "firsthand").get("kind")
    return kind if isinstance(kind, str) and kind in CELL_KINDS else ""


def name_of(cell: Mapping[str, Any]) -> str:
    """The exercise's or the cell's own name, or ""."""
    name = _table(cell, "firsthand").get("name")
    return name if isinstance(name, str) else ""


def id_of(cell: Mapping[str, Any]) -> str:
    """The cell's id, or ""."""
    found = cell.get("id")
    return found if isinstance(found, str) else ""


def grade_id(cell: Mapping[str, Any]) -> str:
    """The cell's name in nbgrader, or ""."""
    found = _table(cell, "nbgrader").get("grade_id")
    return found if isinstance(found, str) else ""


def title(cell: Mapping[str, Any]) -> str:
    """What to call the cell in a table: its name, else its first line."""
    if name := name_of(cell):
        return f"check of {name}" if kind_of(cell) == "check" else name
    what = "text: " if cell.get("cell_type") == "markdown" else ""
    lines = [line.strip("# *\t") for line in source_text(cell).splitlines()]
    first = next((line for line in lines if line), "an empty cell")
    return what + (first if len(first) <= 48 else first[:47].rstrip() + "…")


def text(cell: Mapping[str, Any]) -> str:
    """The source as it is compared: without Windows line ends and blank lines at the end."""
    return source_text(cell).replace("\r\n", "\n").rstrip("\n")


def same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether two cells say the same."""
    return left.get("cell_type") == right.get("cell_type") and text(left) == text(right)


def is_touched(mine: Row, base: Row | None) -> bool:
    """Whether the learner changed the cell since the course handed it out.

    base: the cell as it was handed out; without it nbgrader's checksum decides, and where there
    is none the answer is yes, since nobody's text may be lost.
    """
    if base is not None:
        return not same(mine, base)
    checksum = _table(mine, "nbgrader").get("checksum")
    return not isinstance(checksum, str) or checksum not in (
        _checksum(mine, source) for source in (source_text(mine), text(mine))
    )


def _checksum(cell: Row, source: str) -> str:
    from firsthand.build.notebooks import checksum

    graded = _table(cell, "nbgrader")
    try:
        return checksum(source, str(cell.get("cell_type")), graded)
    except (KeyError, TypeError, ValueError):  # metadata that nbgrader did not write
        return ""


def is_changed(theirs: Row, base: Row | None, mine: Row) -> bool:
    """Whether the course changed the cell since it handed it out."""
    if base is not None:
        return not same(theirs, base)
    before, now = (_table(cell, "nbgrader").get("checksum") for cell in (mine, theirs))
    return before is None or before != now


def with_course_metadata(mine: Row, theirs: Row) -> Row:
    """The learner's cell with the points, locks and names that the course gives it now."""
    own = {k: v for k, v in metadata(mine).items() if k not in COURSE_KEYS}
    course = {k: v for k, v in metadata(theirs).items() if k in COURSE_KEYS}
    return mine | {"id": theirs["id"], "metadata": own | course}


def renewed(mine: Row, theirs: Row) -> Row:
    """The course's cell in place of the learner's untouched one, whose own marks it keeps."""
    return dict(theirs) | {"metadata": with_course_metadata(mine, theirs)["metadata"]}


def as_own(cell: Row) -> Row:
    """The cell as one of the learner's: the course has no more to do with it."""
    kept = {k: v for k, v in metadata(cell).items() if k not in COURSE_KEYS}
    return cell | {"metadata": kept}


def note(about: str, source: str) -> Row:
    """A markdown cell that an update puts beside the cell with the id `about`."""
    mark = {"of": about, "digest": _digest(source)}
    return {
        "cell_type": "markdown",
        "id": f"update-{_digest(about + source)}",
        "metadata": {MARK: mark},
        "source": source.splitlines(keepends=True),
    }


def is_unread_note(cell: Row, about: str) -> bool:
    """Whether the cell is our note about that cell, and nobody has written into it."""
    mark = _table(cell, MARK)
    return mark.get("of") == about and mark.get("digest") == _digest(source_text(cell))


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def fenced(source: str) -> str:
    """Code in a Markdown fence that is longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{source}\n{fence}"


def renamed(source: str, old: str, new: str) -> str:
    """The source with one Python name in place of another."""
    return re.sub(rf"\b{re.escape(old)}\b", lambda _: new, source)


def index_of(cells: Sequence[Row], course: Iterable[Row]) -> dict[int, str]:
    """Position in `cells` -> id of the course's cell that it is. The first of duplicates counts."""
    rows = list(course)
    ids = {id_of(row) for row in rows}
    found: dict[str, int] = {}
    for position, cell in enumerate(cells):
        if id_of(cell) in ids:
            found.setdefault(id_of(cell), position)
    # A part that was split off keeps the nbgrader name and gets a new id: the id comes first.
    graded = {grade_id(row): id_of(row) for row in rows if grade_id(row)}
    for position, cell in enumerate(cells):
        key = graded.get(grade_id(cell))
        if key is not None and position not in found.values():
            found.setdefault(key, position)
    _by_text(cells, rows, found)
    return {position: key for key, position in found.items()}


def _by_text(cells: Sequence[Row], course: Sequence[Row], found: dict[str, int]) -> None:
    """Add cells of the course whose id a tool has changed: by name, by text, or by likeness.

    Likeness counts only where no id survived, since a part that was split off is alike too.
    """
    alike = [_same_name, same]
    if not {id_of(row) for row in cells} & {id_of(row) for row in course}:
        alike.append(_similar)
    for agree in alike:
        taken = set(found.values())
        for position, cell in enumerate(cells):
            if position in taken or not kind_of(cell):
                continue
            rest = (row for row in course if id_of(row) not in found)
            match = next((row for row in rest if agree(cell, row)), None)
            if match is not None:
                found[id_of(match)] = position


def _same_name(left: Row, right: Row) -> bool:
    return bool(name_of(left)) and (kind_of(left), name_of(left)) == (
        kind_of(right),
        name_of(right),
    )


def pairs(old: Sequence[Row], new: Sequence[Row]) -> dict[str, str]:
    """Id in `old` -> id in `new` of the same cell of the course, in two versions of a notebook.

    Named cells keep their id. The id of an unnamed one holds a counter, which shifts when a cell is
    put before it; so equal text comes first, then the id, then text that is alike.
    """
    named = {id_of(row) for row in new if name_of(row)}
    found = {id_of(row): id_of(row) for row in old if name_of(row) and id_of(row) in named}
    before = [row for row in old if not name_of(row)]
    after = [row for row in new if not name_of(row)]
    for alike in (_equal_in_place, same, _same_id, _similar):
        taken = set(found.values())
        for row in before:
            if id_of(row) in found:
                continue
            match = next((r for r in after if id_of(r) not in taken and alike(row, r)), None)
            if match is not None:
                found[id_of(row)] = id_of(match)
                taken.add(id_of(match))
    return found


def _same_id(left: Row, right: Row) -> bool:
    return id_of(left) == id_of(right)


def _equal_in_place(left: Row, right: Row) -> bool:
    return _same_id(left, right) and same(left, right)


def _similar(left: Row, right: Row) -> bool:
    if left.get("cell_type") != right.get("cell_type"):
        return False
    matcher = difflib.SequenceMatcher(None, text(left), text(right), autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
