"""Named wrong answers: what learners get wrong, each with the test and hint that must catch it.

`graders/wrong_<unit>.py` is read as text and never executed here, so a wrong answer may use every
name that the unit's notebook defines or imports. `wrong` and `edit` exist for editors, linters and
readers.
"""

import ast
import io
import tokenize
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from firsthand import closure
from firsthand.unit import Cell, CourseError, Unit, exercise_cells

Written = TypeVar("Written")
_KEYS = {
    "wrong": ("exercise", "caught_by", "hint"),
    "edit": ("exercise", "name", "old", "new", "caught_by", "hint"),
}
_POSITIONAL = {"wrong": ("exercise",), "edit": ("exercise", "name")}


@dataclass(frozen=True)
class WrongAnswer:
    """One wrong answer. `source` replaces the source of the exercise's cell.

    caught_by: the test that must fail. hint: a part of what the learner must then read.
    line: where it is written.
    """

    exercise: str
    name: str
    source: str
    caught_by: str
    hint: str
    line: int = 0


def wrong(exercise: str, *, caught_by: str, hint: str) -> Callable[[Written], Written]:
    """Mark the definition below as a wrong answer to `exercise`, which it replaces as a whole."""
    return lambda written: written


def edit(exercise: str, name: str, *, old: str, new: str, caught_by: str, hint: str) -> None:
    """A wrong answer made from the reference: `old`, which its cell has once, becomes `new`."""


def load_wrong_answers(unit: Unit, reference: Sequence[Cell]) -> list[WrongAnswer]:
    """The wrong answers of a unit, in file order.

    reference: cells with the reference solutions. Raises CourseError, with file and line, for an
    unknown exercise, a repeated name, an `old` that does not occur exactly once, and text that is
    not Python.
    """
    path = unit.wrong_answers
    if not path.is_file():
        raise CourseError(
            f"{path} does not exist; a unit needs at least five wrong answers per code exercise."
        )
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: not valid Python: {error.msg}.") from None
    answers: list[WrongAnswer] = []
    for statement in tree.body:
        answer = _read_statement(statement, text, tree.body, unit, exercise_cells(reference))
        if answer is None:
            continue
        if any((a.exercise, a.name) == (answer.exercise, answer.name) for a in answers):
            raise CourseError(
                f"{path}:{answer.line}: {answer.name!r} occurs twice for {answer.exercise!r}."
            )
        answers.append(answer)
    return answers


def _read_statement(
    node: ast.stmt, text: str, body: Sequence[ast.stmt], unit: Unit, cells: dict[str, str]
) -> WrongAnswer | None:
    """The wrong answer that a top-level statement makes, or None for a helper."""
    path = unit.wrong_answers
    if isinstance(node, ast.Expr) and _called(node.value) == "edit":
        given = _arguments("edit", node.value, path)
        before = _cell(unit, cells, given["exercise"], path, node.lineno)
        after = _edited(before, given, path, node.lineno)
    elif isinstance(node, closure.DEFINITIONS) and any(
        _called(d) == "wrong" for d in node.decorator_list
    ):
        mark = next(d for d in node.decorator_list if _called(d) == "wrong")
        given = _arguments("wrong", mark, path) | {"name": node.name}
        before = _cell(unit, cells, given["exercise"], path, node.lineno)
        after = _replaced(
            before,
            given["exercise"],
            _renamed(node, text, given["exercise"], body),
            path,
            node.lineno,
        )
    else:
        return None
    _must_parse(after, given["name"], path, node.lineno)
    return WrongAnswer(
        given["exercise"], given["name"], after, given["caught_by"], given["hint"], node.lineno
    )


def _called(node: ast.expr) -> str:
    """The name of the function that an expression calls, or ""."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _arguments(function: str, call: Any, path: Path) -> dict[str, str]:
    where = f"{path}:{call.lineno}: {function}(...)"
    pairs = list(zip(_POSITIONAL[function], call.args, strict=False)) + [
        (k.arg, k.value) for k in call.keywords
    ]
    given: dict[str, str] = {}
    for key, value in pairs:
        if key not in _KEYS[function]:
            raise CourseError(
                f"{where} has the unknown argument {key!r}; it takes {', '.join(_KEYS[function])}."
            )
        if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
            raise CourseError(f"{where}: {key} must be written out as a string.")
        given[key] = value.value
    for key in _KEYS[function]:
        if not given.get(key) and key != "new":
            raise CourseError(f"{where} lacks {key}.")
    given.setdefault("new", "")
    return given


def _cell(unit: Unit, cells: dict[str, str], exercise: str, path: Path, line: int) -> str:
    try:
        unit.exercise(exercise)
    except CourseError as error:
        raise CourseError(f"{path}:{line}: {error}") from None
    if exercise not in cells:
        raise CourseError(
            f"{path}:{line}: {exercise!r} has no code cell in the solution notebook; "
            "build it first."
        )
    return cells[exercise]


def _edited(before: str, given: dict[str, str], path: Path, line: int) -> str:
    count = before.count(given["old"])
    if count != 1:
        raise CourseError(
            f"{path}:{line}: edit {given['name']!r}: old occurs {count} times in the reference of "
            f"{given['exercise']!r}; it must occur exactly once. old is {given['old']!r}."
        )
    if given["old"] == given["new"]:
        raise CourseError(f"{path}:{line}: edit {given['name']!r}: old and new are the same.")
    return before.replace(given["old"], given["new"])


def _renamed(node: closure.Definition, text: str, exercise: str, body: Sequence[ast.stmt]) -> str:
    """The definition under the exercise's name, after the helpers of the file that it uses."""
    marks = [d for d in node.decorator_list if _called(d) == "wrong"]
    kept = [d for d in node.decorator_list if d not in marks]
    definition = "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
    decorated = "".join(f"@{ast.unparse(d)}\n" for d in kept) + definition
    names = set().union(
        *(closure.names_used(n) for n in [*node.body, *getattr(node, "bases", []), *kept])
    )
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        names |= closure.names_used(node.args) - {
            a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)
        }
    own = [n for n in body if isinstance(n, ast.ImportFrom) and n.module == "firsthand.wrong"]
    helpers = closure.needed(body, names - {node.name}, skip=[*own, node])
    parts = [closure.segment(text, h) for h in helpers]
    return "\n\n".join([*parts, _with_name(decorated, node.name, exercise)])


def _with_name(source: str, old: str, new: str) -> str:
    """`source` with every token `old` as `new`, so that recursion and `super(Old, self)` follow."""
    lines = source.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for token in reversed(tokens):
        if token.type == tokenize.NAME and token.string == old:
            row, column = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:column] + new + line[column + len(old) :]
    return "".join(lines)


def _replaced(before: str, exercise: str, definition: str, path: Path, line: int) -> str:
    """The reference cell with its definition of `exercise` replaced; the rest of the cell stays."""
    for node in ast.parse(before).body:
        if isinstance(node, closure.DEFINITIONS) and node.name == exercise:
            lines = before.splitlines()
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            # A comment after the last statement, such as the solution's end mark, is in no node.
            rest = [line for line in lines[node.end_lineno :] if "END SOLUTION" not in line]
            return "\n".join([*lines[: first - 1], definition, *rest])
    raise CourseError(f"{path}:{line}: the reference cell of {exercise!r} does not define it.")


def _must_parse(source: str, name: str, path: Path, line: int) -> None:
    try:
        ast.parse(source)
    except SyntaxError as error:
        raise CourseError(
            f"{path}:{line}: wrong answer {name!r} is not valid Python: {error.msg}."
        ) from None
