"""Read `unit.py` into cells, and refuse, with file and line, whatever would go wrong later.

The rules of `docs/authoring.md` are checked here. What a learner's copy of an exercise cell looks
like (`learner_copy`) is decided here too, exactly as nbgrader's release step does.
"""

import ast
import difflib
import re
from collections.abc import Iterator, Sequence

from firsthand import closure
from firsthand.build.percent import RawCell, cell_of, magic_note, split
from firsthand.unit import Cell, CourseError, Unit

STUB = "raise NotImplementedError"
ANSWER_STUB = "YOUR ANSWER HERE"
LEAK_LENGTH = 25  # characters of a solution line that may not appear elsewhere
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_NBGRADER_WORDS = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "HIDDEN TESTS",
    "MARK SCHEME",
    "### AUTOTEST",
    "### HASHED",
)


def read_source(unit: Unit) -> list[Cell]:
    """The cells of `unit.py`, checked.

    Raises CourseError, with file and line, at the first rule that is broken.
    """
    path = unit.folder / "unit.py"
    where = path.relative_to(unit.root).as_posix()
    if not path.is_file():
        raise CourseError(f"{where} does not exist; `firsthand dev new` makes one.")
    text = path.read_text(encoding="utf-8")
    raws = split(text, where)
    cells = [cell_of(raw) for raw in raws]
    pairs = list(zip(raws, cells, strict=True))
    for raw, cell in pairs:
        _check_code(raw, cell)
    _check_opening(pairs, unit)
    _check_names(pairs)
    _check_headings(pairs)
    _check_exercises(pairs, unit, where)
    return cells


def learner_copy(source: str) -> str:
    """An exercise cell with `raise NotImplementedError` in place of its solution region."""
    lines: list[str] = []
    inside = False
    for line in source.split("\n"):
        if "BEGIN SOLUTION" in line:
            inside = True
            lines.append(line[: len(line) - len(line.lstrip())] + STUB)
        elif "END SOLUTION" in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def solution_region(source: str) -> list[str]:
    """The lines between the two markers of an exercise cell."""
    lines = source.split("\n")
    first = next(i for i, line in enumerate(lines) if "BEGIN SOLUTION" in line)
    last = next(i for i, line in enumerate(lines) if "END SOLUTION" in line)
    return lines[first + 1 : last]


def solution_lines(cells: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """(exercise, line) of all code lines of solutions that are long enough to give them away."""
    for cell in cells:
        if cell.kind in ("exercise", "answer"):
            for row in solution_region(cell.source):
                line = squeezed(re.sub(r"\s#\s.*$", "", row))
                if len(line) >= LEAK_LENGTH and not line.startswith("#"):
                    yield cell.name, line


def squeezed(line: str) -> str:
    """A line with one space for each run of spaces and none at its ends."""
    return re.sub(r"\s+", " ", line.strip())


def headings(source: str) -> list[tuple[int, str, int]]:
    """The headings of a prose cell as (level, text, line offset), those in code fences left out."""
    found: list[tuple[int, str, int]] = []
    fence = ""
    for offset, line in enumerate(source.split("\n")):
        mark = re.match(r"\s{0,3}(```+|~~~+)", line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark.group(1)
        elif not fence and (head := re.match(r"(#{1,6})\s+(.+?)\s*#*$", line)):
            found.append((len(head.group(1)), head.group(2), offset))
    return found


def _check_code(raw: RawCell, cell: Cell) -> None:
    """Code parses, has no magics; markers of nbgrader stand only where a solution is."""
    solved = cell.kind in ("exercise", "answer")
    if solved:
        _check_region(raw)
    for word in _NBGRADER_WORDS:
        if word in raw.source and not (solved and "SOLUTION" in word):
            raise CourseError(
                f"{raw.where}: {word!r} in a {cell.kind} cell; nbgrader would act on it."
            )
    if raw.language == "markdown":
        return
    for what, source in (("cell", raw.source), ("learner's copy", learner_copy(raw.source))):
        try:
            ast.parse(source)
        except SyntaxError as error:
            line = raw.line + (error.lineno or 0)
            note = magic_note(
                source, error.lineno
            ) or " A `# %%` inside a function splits the cell there." * ("indent" in error.msg)
            where = f"{raw.where.rsplit(':', 1)[0]}:{line if what == 'cell' else raw.line}"
            raise CourseError(
                f"{where}: the {what} is not valid Python: {error.msg}.{note}"
            ) from None


def _check_region(raw: RawCell) -> None:
    marks = [
        line.strip()
        for line in raw.source.split("\n")
        if "BEGIN SOLUTION" in line or "END SOLUTION" in line
    ]
    if marks != [BEGIN, END]:
        seen = ", ".join(marks) or "none"
        raise CourseError(
            f"{raw.where}: an exercise cell needs exactly one `{BEGIN}` ... `{END}`; seen: {seen}."
        )
    if not "".join(solution_region(raw.source)).strip():
        raise CourseError(f"{raw.where}: the solution region is empty.")


def _check_opening(pairs: Sequence[tuple[RawCell, Cell]], unit: Unit) -> None:
    """Prose with the title, then the set-up cell: imports and `use_unit` only."""
    first, first_cell = pairs[0]
    if first_cell.kind != "prose" or headings(first.source)[:1] != [
        h for h in headings(first.source) if h[0] == 1
    ]:
        raise CourseError(
            f"{first.where}: the first cell is prose that opens with the unit's only `# Title`."
        )
    call = f'use_unit("{unit.id}")'
    if len(pairs) < 2 or pairs[1][1].kind != "given":
        raise CourseError(
            f"{first.where}: the set-up cell is missing; the second cell holds imports and ends "
            f"in {call}."
        )
    raw = pairs[1][0]
    body = ast.parse(raw.source).body
    if not body or ast.unparse(body[-1]).replace("'", '"') != call:
        raise CourseError(f"{raw.where}: the set-up cell must end in the line {call}.")
    for node in body[:-1]:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            raise CourseError(
                f"{raw.where.rsplit(':', 1)[0]}:{raw.line + node.lineno}: the set-up cell holds "
                f"only imports and {call}; "
                "move the rest to a cell of its own."
            )


def _check_names(pairs: Sequence[tuple[RawCell, Cell]]) -> None:
    seen: dict[tuple[bool, str], str] = {}
    for raw, cell in pairs:
        key = (cell.kind == "check", cell.name)
        if cell.name and key in seen:
            raise CourseError(
                f"{raw.where}: the name {cell.name!r} is taken by the cell at {seen[key]}."
            )
        seen[key] = raw.where


def _check_headings(pairs: Sequence[tuple[RawCell, Cell]]) -> None:
    level, file = 0, pairs[0][0].where.rsplit(":", 1)[0]
    for index, (raw, cell) in enumerate(pairs):
        for depth, text, offset in headings(raw.source) if cell.kind in ("prose", "rubric") else []:
            where = f"{file}:{raw.line + 1 + offset}"
            if depth == 1 and index:
                raise CourseError(
                    f"{where}: a second `# {text}`; only the first cell has a level 1 heading."
                )
            if depth > 3:
                raise CourseError(
                    f"{where}: heading {text!r} has level {depth}; use ## for sections, ### for "
                    "exercises."
                )
            if depth > level + 1:
                raise CourseError(
                    f"{where}: heading {text!r} jumps from level {level} to {depth}; none may be "
                    "skipped."
                )
            level = depth


def _check_exercises(pairs: Sequence[tuple[RawCell, Cell]], unit: Unit, where: str) -> None:
    kinds = {e.name: "exercise" if e.kind == "code" else e.kind for e in unit.exercises}
    found = [(raw, cell) for raw, cell in pairs if cell.kind in ("exercise", "answer", "rubric")]
    for raw, cell in found:
        if cell.name not in kinds:
            near = difflib.get_close_matches(cell.name, kinds, n=1)
            note = f" Did you mean {near[0]!r}?" if near else ""
            raise CourseError(f"{raw.where}: {cell.kind} {cell.name!r} is not in unit.toml.{note}")
        if kinds[cell.name] != cell.kind:
            raise CourseError(
                f"{raw.where}: {cell.name!r} is of kind {cell.kind} here and {kinds[cell.name]} "
                "in unit.toml."
            )
        if cell.kind != "rubric":
            _check_definition(raw, cell)
        _check_statement(pairs, raw, cell)
    names = [cell.name for _, cell in found]
    if missing := [name for name in kinds if name not in names]:
        raise CourseError(
            f"{where}: unit.toml has the exercise {missing[0]!r}, but no cell is marked with it."
        )
    if names != list(kinds):
        raise CourseError(
            f"{where}: the exercises stand in the order {', '.join(names)}; unit.toml has "
            f"{', '.join(kinds)}."
        )
    for index, (raw, cell) in enumerate(pairs):
        if cell.kind == "check":
            _check_position(pairs, index, raw, cell)


def _check_definition(raw: RawCell, cell: Cell) -> None:
    defined = [
        n
        for n in ast.parse(raw.source).body
        if isinstance(n, closure.DEFINITIONS) and n.name == cell.name
    ]
    if len(defined) != 1:
        raise CourseError(
            f"{raw.where}: the cell defines {cell.name!r} {len(defined)} times at its top level; "
            "it must once."
        )
    if cell.kind == "answer":
        arguments = defined[0].args if isinstance(defined[0], ast.FunctionDef) else None
        if arguments is None or ast.unparse(arguments):
            raise CourseError(
                f"{raw.where}: an answer is a function without arguments; {cell.name!r} is not."
            )


def _check_statement(pairs: Sequence[tuple[RawCell, Cell]], raw: RawCell, cell: Cell) -> None:
    before = pairs[pairs.index((raw, cell)) - 1]
    if before[1].kind != "prose" or before[0].source.split("\n")[0].strip() != f"### {cell.name}":
        raise CourseError(
            f"{raw.where}: the cell before {cell.name!r} must be prose that begins with `### "
            f"{cell.name}`."
        )


def _check_position(
    pairs: Sequence[tuple[RawCell, Cell]], index: int, raw: RawCell, cell: Cell
) -> None:
    earlier = [c.name for _, c in pairs[:index] if c.kind in ("exercise", "answer")]
    if cell.name not in earlier:
        raise CourseError(
            f"{raw.where}: check={cell.name!r} stands before its exercise, or there is no such "
            "code exercise."
        )
    if raw.source.strip().replace("'", '"') != f'check("{cell.name}")':
        raise CourseError(f'{raw.where}: a check cell holds the one line check("{cell.name}").')
