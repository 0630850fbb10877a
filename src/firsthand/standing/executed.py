"""What a learner's notebook holds once it was run: figures, printed text and written answers.

Which cell is which comes from the course's own notebook, by cell id; the learner's file is only
data. Of outputs, pictures are taken as PNG or JPEG and everything else as plain text: no HTML and
no SVG of a notebook reaches a page.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firsthand.grading.intake import read_notebook
from firsthand.render.rows import clean
from firsthand.unit import CourseError, Unit

PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
MOST_FIGURES = 40
MOST_BYTES = 12 << 20


@dataclass(frozen=True)
class Figure:
    """One picture. number: from 1, in the notebook's order. alt: its description, or ""."""

    number: int
    mime: str
    data: str
    alt: str

    @property
    def wide(self) -> bool:
        """Whether it is at least twice as wide as high; a JPEG does not tell."""
        head = base64.b64decode(self.data[:32])  # a PNG's size is in its bytes 16 to 24
        width, height = (int.from_bytes(head[i : i + 4], "big") for i in (16, 20))
        return self.mime == "image/png" and width >= 2 * height


@dataclass(frozen=True)
class Executed:
    """One cell of a learner's notebook.

    kind, name: those of the course; "extra" for a cell that the learner added. section: the
    heading above it. stub: whether its text is still the course's. printed: its outputs as text.
    """

    kind: str
    name: str
    section: str
    source: str
    stub: bool
    figures: tuple[Figure, ...]
    printed: str


def read(unit: Unit) -> tuple[list[Executed], int]:
    """The cells of the learner's copy, and how many figures were left out as too many or too large.

    Raises CourseError where there is no copy, or where it is no notebook.
    """
    if not unit.work_notebook.exists():
        raise CourseError(
            f"{unit.work_notebook} does not exist. `firsthand learn {unit.number}` starts the unit."
        )
    known = {cell.get("id"): cell for cell in _course_cells(unit.exercise_notebook, unit)}
    reader = _Reader(known)
    cells = [reader.cell(cell) for cell in read_notebook(unit.work_notebook)["cells"]]
    return cells, reader.left_out


def _course_cells(path: Path, unit: Unit) -> list[dict[str, Any]]:
    if not path.is_file():
        raise CourseError(f"{path} does not exist. Run `firsthand dev build {unit.number}`.")
    return list(read_notebook(path)["cells"])


class _Reader:
    def __init__(self, known: Mapping[Any, Mapping[str, Any]]) -> None:
        self.known = known
        self.section = ""
        self.figures = 0
        self.bytes = 0
        self.left_out = 0

    def cell(self, cell: Mapping[str, Any]) -> Executed:
        identity = cell.get("id")
        original = self.known.get(identity) if isinstance(identity, str) else None
        mine = original["metadata"].get("firsthand", {}) if original else {}
        source = _joined(cell.get("source"))
        if original and cell["cell_type"] == "markdown":
            headings = re.findall(r"^## (.+)$", _joined(original["source"]), flags=re.MULTILINE)
            self.section = headings[-1] if headings else self.section
        outputs = [o for o in _listed(cell.get("outputs")) if isinstance(o, dict)]
        return Executed(
            mine.get("kind", "extra"),
            mine.get("name", ""),
            self.section,
            source,
            original is not None and source == _joined(original["source"]),
            tuple(self._figures(outputs)),
            "\n".join(text.strip("\n") for o in outputs if (text := _text(o)).strip()),
        )

    def _figures(self, outputs: list[dict[str, Any]]) -> Iterator[Figure]:
        for output in outputs:
            found = _picture(output)
            if found is None:
                continue
            mime, data, alt = found
            if self.figures >= MOST_FIGURES or self.bytes + len(data) > MOST_BYTES:
                self.left_out += 1
                continue
            self.figures += 1
            self.bytes += len(data)
            yield Figure(self.figures, mime, data, alt)


def _picture(output: dict[str, Any]) -> tuple[str, str, str] | None:
    """Mime type, base64 text and description of an output that is a picture."""
    data, metadata = output.get("data"), output.get("metadata")
    for mime, magic in PICTURES.items():
        encoded = _joined(data.get(mime)) if isinstance(data, dict) else ""
        try:
            raw = base64.b64decode("".join(encoded.split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        if raw.startswith(magic):
            told = metadata.get(mime) if isinstance(metadata, dict) else None
            alt = told.get("alt") if isinstance(told, dict) else None
            text = clean(alt).strip() if isinstance(alt, str) else ""
            return mime, base64.b64encode(raw).decode(), text
    return None


def _text(output: dict[str, Any]) -> str:
    """What an output is as plain text; nothing for pictures, warnings and errors."""
    if output.get("output_type") == "stream":
        return clean(_joined(output.get("text"))) if output.get("name") == "stdout" else ""
    data = output.get("data")
    if not isinstance(data, dict) or any(mime in data for mime in PICTURES):
        return ""
    return clean(_joined(data.get("text/markdown") or data.get("text/plain")))


def _joined(value: Any) -> str:
    """Text that nbformat stores whole or as a list of lines."""
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
