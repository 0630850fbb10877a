"""Small changes to a reference solution, each of which a grader should notice.

One change at a time, in the order of the source: comparison, arithmetic and boolean operators,
constants, off by one, dropped statements, swapped arguments, dropped keywords, removed `detach`,
`clone` and `no_grad`, and axes of einops patterns. Docstrings, annotations, defaults and decorators
stay as they are.
"""

import ast
import copy
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Replacement = tuple[str, ast.AST | None]

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_REMOVED_METHODS = ("detach", "clone", "contiguous", "copy")
_GRADIENT_MODES = ("no_grad", "inference_mode", "enable_grad")


@dataclass(frozen=True)
class Mutant:
    """A changed solution.

    `source` replaces the exercise's cell; `key` stays the same as long as the change does.
    """

    exercise: str
    operator: str
    source: str
    line: int

    @property
    def key(self) -> str:
        """The exercise, and a digest of the changed code without its layout and docstrings."""
        tree = ast.parse(self.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if ast.get_docstring(node, clean=False) is not None:
                    del node.body[0]
        digest = hashlib.sha256(ast.dump(tree).encode()).hexdigest()
        return f"{self.exercise}-{digest[:12]}"


def mutants_of(exercise: str, source: str) -> list[Mutant]:
    """Every mutant of one cell's solution region, without duplicates, by line."""
    tree = ast.parse(source)
    region = _region(source)
    seen = {ast.dump(tree)}
    found: list[Mutant] = []
    for index, node in enumerate(_places(tree)):
        if getattr(node, "lineno", 0) not in region:
            continue
        for operator, replacement in _replacements(node):
            changed = _with(tree, index, replacement)
            if changed is None or ast.dump(changed) in seen:
                continue
            seen.add(ast.dump(changed))
            text = ast.unparse(changed)
            found.append(Mutant(exercise, operator, text, getattr(node, "lineno", 0)))
    return sorted(found, key=lambda m: m.line)


def _region(source: str) -> range:
    """The lines between the solution's marks, or all lines where there are none."""
    lines = source.splitlines()
    begin = next((i for i, t in enumerate(lines, 1) if "BEGIN SOLUTION" in t), 0)
    end = next((i for i, t in enumerate(lines, 1) if "END SOLUTION" in t), len(lines) + 1)
    return range(begin + 1, end)


def _places(tree: ast.AST) -> list[ast.AST]:
    """The nodes that may change, in a fixed order.

    Bodies of functions, without docstrings and annotations.
    """
    places: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            for statement in body:
                places += [n for n in _walk(statement) if n not in places]
    return places


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.expr_context):
                yield from _walk(child)


def _with(tree: ast.AST, index: int, replacement: ast.AST | None) -> ast.Module | None:
    """A copy of the tree in which the index-th place is replaced, or dropped for None."""
    duplicate = copy.deepcopy(tree)
    target = _places(duplicate)[index]
    changed = _Swap(target, replacement).visit(duplicate)
    assert isinstance(changed, ast.Module), "the root itself is no place"
    try:
        ast.fix_missing_locations(changed)
        compile(changed, "<mutant>", "exec")
    except (SyntaxError, ValueError, TypeError):
        return None
    return changed


class _Swap(ast.NodeTransformer):
    def __init__(self, target: ast.AST, replacement: ast.AST | None) -> None:
        self._target = target
        self._replacement = replacement

    def visit(self, node: ast.AST) -> ast.AST | None:
        """Replace the target, and leave an emptied block with `pass`."""
        if node is self._target:
            if self._replacement is None:
                return ast.Pass()
            return copy.deepcopy(self._replacement)
        return self.generic_visit(node)


def _replacements(node: ast.AST) -> Iterator[Replacement]:
    for kind, operator in _OPERATORS:
        if isinstance(node, kind):
            yield from operator(node)


def _changed(node: ast.AST, **fields: object) -> ast.AST:
    duplicate = copy.copy(node)
    for name, value in fields.items():
        setattr(duplicate, name, value)
    return duplicate


def _compare(node: ast.Compare) -> Iterator[Replacement]:
    for index, operator in enumerate(node.ops):
        if type(operator) in _COMPARISONS:
            operators = list(node.ops)
            operators[index] = _COMPARISONS[type(operator)]()
            yield "comparison", _changed(node, ops=operators)


def _arithmetic(node: ast.BinOp | ast.AugAssign) -> Iterator[Replacement]:
    if type(node.op) in _ARITHMETIC:
        yield "arithmetic", _changed(node, op=_ARITHMETIC[type(node.op)]())


def _boolean(node: ast.BoolOp) -> Iterator[Replacement]:
    yield "boolean", _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def _unary(node: ast.UnaryOp) -> Iterator[Replacement]:
    if isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield "dropped sign or not", node.operand


def _constant(node: ast.Constant) -> Iterator[Replacement]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "off by one", ast.Constant(value + 1)
        yield "off by one", ast.Constant(value - 1)
    elif isinstance(value, float):
        yield "constant", ast.Constant(value * 2 if value else 1.0)
    elif isinstance(value, str):
        yield from _pattern(value)


def _pattern(text: str) -> Iterator[Replacement]:
    """Neighbouring output axes of an einops pattern, swapped."""
    left, arrow, right = text.partition("->")
    axes = right.split()
    if not arrow or "(" in right:
        return
    for index in range(len(axes) - 1):
        swapped = [*axes[:index], axes[index + 1], axes[index], *axes[index + 2 :]]
        yield "swapped axes", ast.Constant(f"{left}-> {' '.join(swapped)}")


def _call(node: ast.Call) -> Iterator[Replacement]:
    if (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in _REMOVED_METHODS
        and not node.args
    ):
        yield f"removed {node.func.attr}", node.func.value
    for index in range(len(node.args) - 1):
        if any(isinstance(a, ast.Starred) for a in node.args[index : index + 2]):
            continue
        arguments = list(node.args)
        arguments[index], arguments[index + 1] = arguments[index + 1], arguments[index]
        yield "swapped arguments", _changed(node, args=arguments)
    for index in range(len(node.keywords)):
        kept = [k for i, k in enumerate(node.keywords) if i != index]
        yield "dropped keyword", _changed(node, keywords=kept)


def _statement(node: ast.stmt) -> Iterator[Replacement]:
    if isinstance(node, ast.Expr | ast.AugAssign | ast.Continue | ast.Break | ast.Raise):
        yield "dropped statement", None
    if isinstance(node, ast.Assign) and not all(isinstance(t, ast.Name) for t in node.targets):
        yield "dropped statement", None
    if isinstance(node, ast.If) and not node.orelse:
        yield "dropped statement", None


def _with_block(node: ast.With) -> Iterator[Replacement]:
    for item in node.items:
        if any(mode in ast.unparse(item.context_expr) for mode in _GRADIENT_MODES):
            yield "removed no_grad", ast.If(test=ast.Constant(True), body=node.body, orelse=[])


_OPERATORS: tuple[tuple[type | tuple[type, ...], Callable[..., Iterator[Replacement]]], ...] = (
    (ast.Compare, _compare),
    ((ast.BinOp, ast.AugAssign), _arithmetic),
    (ast.BoolOp, _boolean),
    (ast.UnaryOp, _unary),
    (ast.Constant, _constant),
    (ast.Call, _call),
    (ast.With, _with_block),
    (ast.stmt, _statement),
)
