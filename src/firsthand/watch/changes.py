"""Which exercises a save can have changed, from the cells before and after it.

All cells run in one namespace, so an exercise is touched when its own cell changed, when it builds
on a changed one (`uses`), or when its code reads a name that a changed cell binds. A cell that does
more than bind names, such as one that patches torch, may change anything: then all are run again,
and so they are after a change to cells that the learner added.
"""

import ast
from collections.abc import Sequence

from firsthand.closure import DEFINITIONS, names_bound, names_used
from firsthand.unit import Cell, Unit, exercise_cells, used_by

# As in grading.candidate, whose import would bring torch into the window; a test compares them.
RUN_KINDS = ("given", "exercise", "answer", "extra")
_BINDING = (*DEFINITIONS, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Pass)


def edited(before: Sequence[Cell], after: Sequence[Cell]) -> tuple[str, ...]:
    """The exercises whose own cell has other text, in the order of the notebook."""
    old = exercise_cells(before)
    return tuple(n for n, source in exercise_cells(after).items() if old.get(n) != source)


def touched(unit: Unit, before: Sequence[Cell] | None, after: Sequence[Cell]) -> tuple[str, ...]:
    """The exercises that graders award points for and whose result may differ, in unit order.

    before: the cells of the last save, or None where there was none: then all of them.
    """
    automatic = [e.name for e in unit.exercises if e.kind != "rubric"]
    if before is None or _around(before) != _around(after):
        return tuple(automatic)
    changed = edited(before, after)
    old, new = exercise_cells(before), exercise_cells(after)
    bound: set[str] = set(changed)
    for name in changed:
        for source in (old.get(name, ""), new[name]):
            names = _only_bound(source)
            if names is None:
                return tuple(automatic)
            bound |= names
    hit = _reached(new, set(changed), bound)
    return tuple(n for n in automatic if n in hit or hit & set(used_by(unit, n)))


def _around(cells: Sequence[Cell]) -> list[tuple[str, str]]:
    """The cells that run, in order, without the text of exercises.

    Names of added cells are left out: they count positions, which text cells move.
    """
    rows: list[tuple[str, str]] = []
    for cell in cells:
        if cell.kind in ("exercise", "answer"):
            rows.append((cell.kind, cell.name))
        elif cell.kind in RUN_KINDS and cell.source.strip():
            rows.append((cell.kind, cell.source))
    return rows


def _reached(sources: dict[str, str], hit: set[str], bound: set[str]) -> set[str]:
    """The exercises in `hit` and those that read a name bound by them, directly or not."""
    hit, waiting = set(hit), True
    while waiting:
        waiting = False
        for name, source in sources.items():
            if name not in hit and _reads(source) & bound:
                hit.add(name)
                bound |= {name}
                waiting = True
    return hit


def _reads(source: str) -> set[str]:
    try:
        return names_used(ast.parse(source))
    except SyntaxError:
        return set()  # it does not run, so nothing reaches it


def _only_bound(source: str) -> set[str] | None:
    """The names that a cell binds; None where it does more, so that it may change anything.

    A cell that is not valid Python binds nothing; a docstring, a bare name, `print` and `assert`
    do nothing to others.
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set()
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.Assert) or _looks(node):
            continue
        if not isinstance(node, _BINDING) or not _plain(node):
            return None
        names |= names_bound(node)
    return names


def _looks(node: ast.stmt) -> bool:
    """Whether a statement only shows something: a bare name or text, or a call of print."""
    value = node.value if isinstance(node, ast.Expr) else None
    called = value.func if isinstance(value, ast.Call) else None
    shows = isinstance(called, ast.Name) and called.id == "print"
    return shows or isinstance(value, ast.Constant | ast.Name)


def _plain(node: ast.stmt) -> bool:
    """Whether a binding statement only sets names: no `table["x"] = ...`, no `module.f = ...`."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return all(
        isinstance(inner, ast.Name | ast.Tuple | ast.List | ast.Starred | ast.expr_context)
        for target in targets
        for inner in ast.walk(target)
    )
