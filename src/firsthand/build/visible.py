"""The file beside an exercise notebook that makes it a student bundle: visible tests and metadata.

It holds the visible tests of a unit with the module-level names that they use, and nothing of the
hidden ones. The metadata (hints included) is packed, so that reading the tests spoils no hint.
"""

import ast
import base64
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from firsthand import closure
from firsthand.unit import CourseError, Exercise, Unit

DATA_NAME = "UNIT_DATA"


def visible_source(unit: Unit) -> str:
    """The text of `visible_<unit>.py`, without its metadata: tests and what they need.

    Raises CourseError where two grader files give one name two meanings.
    """
    parts: dict[str, str] = {}
    for path in unit.graders:
        for name, text in _parts(path):
            if parts.setdefault(name, text) != text:
                raise CourseError(
                    f"{path}: {name!r}, which visible tests use, means something else in another "
                    f"grader file of {unit.id}; rename one of them."
                )
    head = (
        f'"""The tests of unit {unit.number} that you may read. Your notebook runs them.\n\n'
        'Made by `firsthand dev build`; an edit is lost with the next build.\n"""\n'
    )
    imports = sorted(t for n, t in parts.items() if n.startswith("import "))
    others = [t for n, t in parts.items() if not n.startswith("import ")]
    return head + "\n" + "\n".join(imports) + "\n\n\n" + "\n\n\n".join(others) + "\n"


def visible_file(unit: Unit) -> str:
    """The whole text of `visible_<unit>.py`."""
    packed = base64.b64encode(zlib.compress(_metadata(unit).encode(), 9)).decode()
    rows = "\n".join(f'    "{packed[i : i + 88]}"' for i in range(0, len(packed), 88))
    note = "# What the notebook shows of the unit, hints included. Packed, so as not to spoil them."
    return f"{visible_source(unit)}\n\n{note}\n{DATA_NAME} = (\n{rows}\n)\n"


def unit_from_visible(path: Path) -> Unit:
    """The unit that a visible tests file was made for; its root is the folder of the file.

    The file is read, not executed. Raises CourseError where it holds no metadata.
    """
    try:
        table = json.loads(_packed_metadata(path.read_text(encoding="utf-8")))
        rows = [{k: _tuples(v) for k, v in row.items()} for row in table.pop("exercises")]
        values = {k: _tuples(v) for k, v in table.items()}
        return Unit(**values, root=path.parent, exercises=tuple(Exercise(**r) for r in rows))
    except (OSError, ValueError, TypeError, KeyError, SyntaxError, zlib.error) as error:
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(f"{path} holds no readable unit ({reason}); fetch it again.") from None


def same_visible(left: str, right: str) -> bool:
    """Whether two texts of the file say the same, however their metadata was compressed."""
    if _without_data(left) != _without_data(right):
        return False
    try:
        return _packed_metadata(left) == _packed_metadata(right)
    except (ValueError, SyntaxError, zlib.error):
        return False


def _metadata(unit: Unit) -> str:
    table = asdict(unit)
    table.pop("root")
    table.pop("kind")  # tells authors what a unit must have; nothing of it is shown
    return json.dumps(table, sort_keys=True, ensure_ascii=False)


def _packed_metadata(text: str) -> str:
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == DATA_NAME:
            return zlib.decompress(base64.b64decode(ast.literal_eval(node.value))).decode()
    raise ValueError(f"no {DATA_NAME}")


def _without_data(text: str) -> str:
    return re.sub(rf"(?ms)^{DATA_NAME} = \(.*?^\)", "", text)


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _parts(path: Path) -> list[tuple[str, str]]:
    """(key, text) of each piece of a grader file that its visible tests need, in file order."""
    text = path.read_text(encoding="utf-8")
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: not valid Python: {error.msg}.") from None
    tests = {id(node): kept for node in body if (kept := _visible_part(node, text))}
    used: set[str] = set()
    for kept in tests.values():
        used |= closure.names_used(ast.parse(kept))
    fixed = [n for n in body if _always(n)] if tests else []
    for node in fixed:
        used |= closure.names_used(node)
    skip = [n for n in body if id(n) in tests or _is_test(n)]
    chosen = {id(node) for node in [*fixed, *closure.needed(body, used, skip=skip)]}
    names = used.union(*(closure.names_used(n) for n in body if id(n) in chosen))
    parts: list[tuple[str, str]] = []
    for node in body:
        if id(node) in tests:
            parts.append((getattr(node, "name", ""), tests[id(node)]))
        elif id(node) in chosen:
            parts.extend(_helper_part(node, text, names))
    return parts


def _helper_part(node: ast.stmt, text: str, names: set[str]) -> list[tuple[str, str]]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        reduced = ast.unparse(closure.narrowed(node, names))
        return [(f"import {reduced}", reduced)]
    return [(" ".join(sorted(closure.names_bound(node))), closure.segment(text, node))]


def _always(node: ast.stmt) -> bool:
    """Module-wide marks and fixtures that act without being named."""
    if isinstance(node, ast.Assign):
        return any(getattr(t, "id", "") == "pytestmark" for t in node.targets)
    decorators = getattr(node, "decorator_list", [])
    return any("autouse=True" in ast.unparse(d).replace(" ", "") for d in decorators)


def _is_test(node: ast.stmt) -> bool:
    return isinstance(node, closure.DEFINITIONS) and node.name.lower().startswith("test")


def _visible_part(node: ast.stmt, text: str) -> str:
    """The text of a visible test, or of a test class reduced to its visible tests, or ""."""
    if not isinstance(node, closure.DEFINITIONS) or not _is_test(node):
        return ""
    if _marked(node):
        return closure.segment(text, node)
    if not isinstance(node, ast.ClassDef):
        return ""
    tests = [n for n in node.body if isinstance(n, closure.DEFINITIONS) and _marked(n)]
    if not tests:
        return ""
    kept = _with_own_names(node, tests)
    head = "\n".join(text.splitlines()[_first_line(node) - 1 : node.body[0].lineno - 1])
    head = head[: head.rindex(":") + 1] if ":" in head else f"class {node.name}:"
    bodies = [closure.segment(text, n) for n in kept]
    return f"{head}\n" + "\n\n".join(bodies)


def _marked(node: closure.Definition) -> bool:
    return any(ast.unparse(d).endswith("mark.visible") for d in node.decorator_list)


def _first_line(node: closure.Definition) -> int:
    return min([node.lineno, *(d.lineno for d in node.decorator_list)])


def _with_own_names(node: ast.ClassDef, tests: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The visible tests of a class and whatever else of it they reach through `self`."""
    kept = list(tests)
    grew = True
    while grew:
        reached = {n.attr for part in kept for n in ast.walk(part) if isinstance(n, ast.Attribute)}
        reached |= set().union(*(closure.names_used(part) for part in kept))
        more = [n for n in node.body if n not in kept and closure.names_bound(n) & reached]
        grew = bool(more)
        kept += more
    return [n for n in node.body if n in kept]
