"""One unit over a cohort: a page to read and csv files to reckon with.

`write_report` is the whole interface. The page needs no script, no server and no other file; its
tables show the first rows, the csv files hold all.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from firsthand.cohort.report.findings import Findings, find
from firsthand.cohort.report.page import page
from firsthand.cohort.report.tables import tables
from firsthand.cohort.submitted import Submitted
from firsthand.unit import CourseError, Unit

__all__ = ["Findings", "Submitted", "write_report"]


def write_report(
    unit: Unit, rows: Sequence[Submitted], folder: Path, *, due: datetime | None = None
) -> Path:
    """Write `index.html` and four csv files into `folder`; returns the path of the page.

    rows: one submission for each learner. due: for the time line; late ones are marked.
    Raises CourseError for a report of another unit, a learner who occurs twice, a unit that is not
    built, and a folder that cannot be written.
    """
    _check(unit, rows)
    findings = find(unit, rows, due)
    files = {**tables(findings), "index.html": page(findings)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            _write(folder / name, text)
    except OSError as error:
        raise CourseError(
            f"the report cannot be written to {folder}: {error.strerror}. Name another folder."
        ) from None
    return folder / "index.html"


def _check(unit: Unit, rows: Sequence[Submitted]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.report.unit != unit.id:
            raise CourseError(
                f"the report of {row.learner} is about {row.report.unit}, not {unit.id}; "
                "a cohort report is about one unit."
            )
        if row.learner in seen:
            raise CourseError(f"{row.learner} occurs twice; give one submission for each learner.")
        seen.add(row.learner)


def _write(path: Path, text: str) -> None:
    """All of the file or nothing; csv texts keep the line ends they have."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="")
    os.replace(part, path)
