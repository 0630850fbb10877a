"""Cut `unit.py` (percent format) into cells with jupytext, and read their headers strictly.

jupytext forgives: an unreadable header is dropped, a repeated key overwritten, free text becomes a
title. Here each of them is an error with file and line.
"""

import difflib
import io
import re
import tokenize
from dataclasses import dataclass
from typing import Any

from firsthand.build import skip_uri_grammar
from firsthand.unit import Cell, CourseError

KEYS = ("answer", "check", "exercise", "name", "rubric", "slow")
LONGEST_NAME = 50  # a cell id is "402-" + name + "-check" and holds at most 64 characters

_FORMAT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
# What jupytext keeps in the metadata for its own use.
_READER_KEYS = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker"}
_HEADER = re.compile(r"#\s*%%")
_CELL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class RawCell:
    """One cell as jupytext gave it.

    line: where its header stands. where: file and line, for messages.
    """

    language: str
    source: str
    keys: dict[str, Any]
    line: int
    where: str


def split(text: str, where: str) -> list[RawCell]:
    """The cells of a percent file. where: what messages call the file."""
    lines = _header_lines(text, where)
    if not lines or any(line.strip() for line in text.splitlines()[: lines[0] - 1]):
        raise CourseError(
            f"{where}:1: text before the first cell; begin the file with `# %% [markdown]`."
        )
    skip_uri_grammar()
    import jupytext

    cells = jupytext.reads(text, fmt=dict(_FORMAT)).cells
    if len(cells) != len(lines):
        raise CourseError(
            f"{where}:1: {len(lines)} headers `# %%`, but jupytext reads {len(cells)} cells; "
            'write headers as `# %% key="value"`.'
        )
    rows = text.splitlines()
    return [
        RawCell(
            cell.cell_type,
            cell.source,
            _keys(dict(cell.metadata), rows[line - 1], f"{where}:{line}"),
            line,
            f"{where}:{line}",
        )
        for cell, line in zip(cells, lines, strict=True)
    ]


def _header_lines(text: str, where: str) -> list[int]:
    """The line numbers of all cell headers: comments of the file, not parts of its strings."""
    found: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type != tokenize.COMMENT or not _HEADER.match(token.string):
                continue
            line, column = token.start
            if column:
                raise CourseError(
                    f"{where}:{line}: `# %%` inside a block splits the cell there; "
                    "begin cells at the left margin, or word the comment differently."
                )
            found.append(line)
    except (tokenize.TokenError, SyntaxError) as error:
        row = error.args[1][0] if isinstance(error, tokenize.TokenError) else error.lineno
        raise CourseError(
            f"{where}:{row}: not valid Python: {error.args[0]}.{magic_note(text, row)}"
        ) from None
    return found


def magic_note(text: str, line: int | None) -> str:
    """A note when the line is a magic or a shell line."""
    rows = text.splitlines()
    row = rows[line - 1].lstrip() if line and line <= len(rows) else ""
    return (
        " Magics and shell lines are not allowed in unit.py." if row[:1] in ("%", "!", "?") else ""
    )


def _keys(metadata: dict[str, Any], header: str, where: str) -> dict[str, Any]:
    """The keys of a cell header, checked."""
    for key in _READER_KEYS:
        metadata.pop(key, None)
    if "incorrectly_encoded_metadata" in metadata:
        bad = metadata["incorrectly_encoded_metadata"]
        raise CourseError(
            f'{where}: cannot read {bad!r} in the cell header; write key="text" or key=number.'
        )
    if "title" in metadata:
        raise CourseError(
            f"{where}: free text {metadata['title']!r} in the cell header; headers hold only keys."
        )
    for key, value in metadata.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0.0)[0]
            raise CourseError(
                f"{where}: unknown key {key!r} in the cell header. Did you mean {near!r}?"
            )
        if len(re.findall(rf"\b{key}\s*=", re.sub(r'"[^"]*"', '""', header))) > 1:
            raise CourseError(f"{where}: the key {key!r} occurs twice in the cell header.")
        _check_value(key, value, where)
    return metadata


def _check_value(key: str, value: object, where: str) -> None:
    if key == "slow":
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            raise CourseError(
                f"{where}: slow is {value!r}; it takes a whole number of seconds, as in slow=60."
            )
    elif not isinstance(value, str) or not _CELL_NAME.fullmatch(value) or len(value) > LONGEST_NAME:
        raise CourseError(
            f"{where}: {key} is {value!r}; it takes a name in quotes, of letters, digits and _, "
            f"at most {LONGEST_NAME} characters."
        )


def cell_of(raw: RawCell) -> Cell:
    """The kind, name and time of a cell from its header's keys."""
    kinds = [key for key in raw.keys if key in ("answer", "check", "exercise", "rubric")]
    if len(kinds) > 1:
        raise CourseError(f"{raw.where}: a cell is one of {' and '.join(kinds)}, not both.")
    if kinds and "name" in raw.keys:
        raise CourseError(
            f"{raw.where}: {kinds[0]} already names the cell; drop name={raw.keys['name']!r}."
        )
    if raw.language not in ("code", "markdown"):
        raise CourseError(f"{raw.where}: a {raw.language} cell; use `# %%` or `# %% [markdown]`.")
    prose = raw.language == "markdown"
    if prose and "slow" in raw.keys:
        raise CourseError(f"{raw.where}: slow belongs to code cells.")
    if kinds and prose != (kinds[0] == "rubric"):
        needed = (
            "`# %% [markdown] rubric=...`"
            if kinds[0] == "rubric"
            else f"`# %% {kinds[0]}=...` without [markdown]"
        )
        raise CourseError(
            f"{raw.where}: {kinds[0]} in a {'prose' if prose else 'code'} cell; write {needed}."
        )
    kind = kinds[0] if kinds else "prose" if prose else "slow" if "slow" in raw.keys else "given"
    name = raw.keys.get(kind, raw.keys.get("name", ""))
    if not raw.source.strip():
        raise CourseError(f"{raw.where}: the cell is empty; drop it.")
    return Cell(
        kind,
        name if isinstance(name, str) else raw.keys.get("name", ""),
        raw.source,
        raw.keys.get("slow", 0),
    )
