"""Rows -> csv text that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence

from firsthand.render.rows import one_line

Cell = str | float | None

# What spreadsheet programs take for a formula: CSV injection, as OWASP's ASVS 1.2.10 lists it, and
# the wide forms of the same characters.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_LONGEST = 1000  # characters of a text cell


def sheet(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, absent: str = "") -> str:
    """One csv text with a header: RFC 4180, commas, numbers to at most four decimals.

    Text that a spreadsheet would run as a formula is preceded by an apostrophe. absent: what
    stands for None.
    """
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([neutral(cell) for cell in header])
    writer.writerows([_written(cell, absent) for cell in row] for row in rows)
    return target.getvalue()


def neutral(text: str) -> str:
    """Text on one line, cleaned, that no spreadsheet takes for a formula."""
    line = one_line(text, _LONGEST)
    return f"'{line}" if line.startswith(_FORMULA) else line


def _written(cell: Cell, absent: str) -> str:
    if cell is None:
        return absent
    if isinstance(cell, str):
        return neutral(cell)
    return f"{cell:.4f}".rstrip("0").rstrip(".")
