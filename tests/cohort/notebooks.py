"""Make, fill and damage notebooks the way a course and its learners do."""

import ast
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

Notebook = dict[str, Any]


def grade_id(cell: Mapping[str, Any]) -> str:
    """The nbgrader id of a notebook cell, or ""."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def filled(notebook: Notebook, sources: Mapping[str, str]) -> Notebook:
    """A copy with these texts in its solution cells, by exercise."""
    changed = deepcopy(notebook)
    for cell in changed["cells"]:
        cell["source"] = sources.get(grade_id(cell), cell["source"])
    return changed


def with_code_cell(notebook: Notebook, source: str, *, at: int) -> Notebook:
    """A copy with one more code cell, at an index."""
    changed = deepcopy(notebook)
    cell = {"cell_type": "code", "id": f"mine-{at}", "metadata": {}, "source": source}
    changed["cells"].insert(at, cell | {"outputs": [], "execution_count": None})
    return changed


def without_markers(source: str) -> str:
    """A reference solution as a learner would write it."""
    return "\n".join(line for line in source.split("\n") if " SOLUTION" not in line)


def written_differently(source: str, *, helper: str) -> str:
    """The same function with other local names, no docstrings, and its results through `helper`."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    for node in tree.body:
        for function in [node, *getattr(node, "body", [])]:
            if isinstance(function, ast.FunctionDef):
                _rename_locals(function)
        if isinstance(node, ast.FunctionDef):
            last = node.body[-1]
            if isinstance(last, ast.Return) and last.value is not None:
                last.value = ast.Call(ast.Name(helper, ast.Load()), [last.value], [])
    return ast.unparse(ast.fix_missing_locations(tree))


def _rename_locals(function: ast.FunctionDef) -> None:
    nodes = list(ast.walk(function))
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    kept = {n.arg for n in nodes if isinstance(n, ast.arg)} | set(_fixed_names(nodes))
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in bound - kept:
            node.id = f"my_{node.id}"


def _fixed_names(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
