"""Which top-level statements of a module a piece of its code needs, decided from its syntax tree.

Used where a part of an author's file is carried elsewhere: visible tests into the student bundle,
and a wrong answer into the notebook. Nothing is imported or executed.
"""

import ast
from collections.abc import Iterable, Sequence

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def segment(text: str, node: ast.stmt) -> str:
    """The lines of `text` that hold `node`, decorators included, without the trailing newline."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def names_used(node: ast.AST) -> set[str]:
    """Every name that `node` reads, and its parameters (pytest resolves those as fixtures)."""
    names = {
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    return names | {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}


def names_bound(node: ast.stmt) -> set[str]:
    """Every name that the top-level statement `node` binds in its module."""
    if isinstance(node, DEFINITIONS):
        return {node.name}
    bound = {
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import | ast.ImportFrom):
            bound |= {(a.asname or a.name).split(".")[0] for a in inner.names}
        elif isinstance(inner, DEFINITIONS):
            bound.add(inner.name)
    return bound


def needed(
    body: Sequence[ast.stmt], names: Iterable[str], *, skip: Iterable[ast.stmt] = ()
) -> list[ast.stmt]:
    """The statements of `body` that bind `names`, and what those need in turn, in file order."""
    left_out = {id(node) for node in skip}
    wanted = set(names)
    chosen: dict[int, ast.stmt] = {}
    grew = True
    while grew:
        grew = False
        for index, node in enumerate(body):
            if index in chosen or id(node) in left_out or not names_bound(node) & wanted:
                continue
            chosen[index] = node
            wanted |= set() if isinstance(node, ast.Import | ast.ImportFrom) else names_used(node)
            grew = True
    return [chosen[index] for index in sorted(chosen)]


def narrowed(node: ast.stmt, names: set[str]) -> ast.stmt:
    """An import statement reduced to the names in `names`; any other statement as it is."""
    if isinstance(node, ast.Import):
        kept = [a for a in node.names if (a.asname or a.name).split(".")[0] in names]
        return ast.Import(names=kept)
    if isinstance(node, ast.ImportFrom):
        kept = [a for a in node.names if (a.asname or a.name) in names]
        return ast.ImportFrom(module=node.module, names=kept, level=node.level)
    return node
