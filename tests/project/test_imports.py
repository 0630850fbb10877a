"""Imports in src/firsthand only go downwards, and the heavy packages stay where they belong."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/firsthand"

# From top to bottom; a module imports from its own row or from a lower one. `kit` is apart:
# learners read it, it knows nothing of the engine, and the engine never imports it.
ROWS = [
    {"__init__"},
    {"cli"},
    {"watch"},
    {"notebook"},
    {"standing"},
    {"cohort"},
    {"gradebook"},
    {"site"},
    {"authoring"},
    {"build", "copies"},
    {"grading"},
    {"render"},
    {"compare", "difference", "wrong"},
    {"closure", "hints", "journal", "report", "unit"},
]
ROW = {name: number for number, row in enumerate(ROWS) for name in row}
MODULES = sorted(PACKAGE.rglob("*.py"))


def owner(path: Path) -> str:
    """The top-level module that a file belongs to: `grading` for grading/wire.py."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of each import, also of those inside functions."""
    package = ("firsthand", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def upward(path: Path) -> list[str]:
    """What is wrong with the imports of one file."""
    here, wrong = owner(path), []
    for line, name in imported(path):
        parts = name.split(".")
        if parts[0] != "firsthand":
            continue
        there = parts[1] if len(parts) > 1 else "__init__"
        if there not in ROW and there != "kit":
            there = "__init__"  # an attribute of the package, not a module
        allowed = there == here or ("kit" not in (here, there) and ROW[there] >= ROW[here])
        if not allowed:
            wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    return wrong


def test_every_module_has_its_row():
    unknown = {owner(path) for path in MODULES} - set(ROW) - {"kit"}
    assert not unknown, f"{sorted(unknown)}: give them a row in {Path(__file__).name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downwards(path):
    wrong = upward(path)
    assert not wrong, "\n".join(wrong)


def test_only_the_gradebook_imports_nbgrader():
    hits = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in MODULES
        if owner(path) != "gradebook"
        for line, name in imported(path)
        if name.split(".")[0] == "nbgrader"
    ]
    assert not hits, f"nbgrader is imported outside of firsthand.gradebook: {hits}"


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("unit.py", "from firsthand.grading.engine import Grader"),
        ("grading/plugin.py", "def late():\n    import firsthand.cli"),
        ("grading/plugin.py", "from ..notebook import check"),
        ("compare.py", "from firsthand import check"),
        ("render.py", "import firsthand.kit.plots"),
        ("kit/plots.py", "from firsthand.unit import Unit"),
    ],
)
def test_an_upward_import_is_found(module, statement, tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / module
    path.parent.mkdir(exist_ok=True)
    path.write_text(statement)
    assert len(upward(path)) == 1


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("grading/plugin.py", "from firsthand import compare"),
        ("grading/plugin.py", "from firsthand.grading.wire import pack"),
        ("cli.py", "import firsthand.notebook"),
        ("kit/plots.py", "from firsthand.kit.rng import generator"),
        ("report.py", "import torch"),
    ],
)
def test_a_downward_import_is_left(module, statement, tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / module
    path.parent.mkdir(exist_ok=True)
    path.write_text(statement)
    assert upward(path) == []
