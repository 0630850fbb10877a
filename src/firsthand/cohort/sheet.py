"""Rows -> csv text that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence

from firsthand.render.spreadsheet import neutral

Cell = str | float | None


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


def _written(cell: Cell, absent: str) -> str:
    if cell is None:
        return absent
    if isinstance(cell, str):
        return neutral(cell)
    return f"{cell:.4f}".rstrip("0").rstrip(".")
