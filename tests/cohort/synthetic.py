"""A made-up cohort: honest answers to one exercise that differ as people's do, and renamed copies.

Nothing is graded here: reports are built by hand, so that the numbers are known beforehand.
"""

import ast
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from firsthand.cohort.submitted import Submitted
from firsthand.report import ExerciseResult, Report, Status, TestResult, exercise_status
from firsthand.unit import Exercise, Unit

DUE = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)

STUB = '''def smoothed(values, width):
    """Running means: [n] -> [n]."""
    raise NotImplementedError
'''
REFERENCE = '''def smoothed(values, width):
    """Running means: [n] -> [n]."""
    if width < 1:
        raise ValueError("width must be at least 1")
    means = []
    for position in range(len(values)):
        window = values[max(0, position - width + 1) : position + 1]
        means.append(sum(window) / len(window))
    return means
'''
HEAD = 'def smoothed({values}, {width}):\n    """Running means: [n] -> [n]."""\n'
# Ways to write each step, the usual one first.
CHECKS = (
    '    if {width} < 1:\n        raise ValueError("width must be at least 1")\n',
    '    if {width} <= 0:\n        raise ValueError(f"bad width: {{{width}}}")\n',
    '    assert {width} > 0, "width must be positive"\n',
    "",
)
STARTS = ("    {out} = []\n", "    {out} = list()\n", "    {out} = [0.0] * len({values})\n")
LOOPS = (
    "    for {i} in range(len({values})):\n",
    "    for {i}, _ in enumerate({values}):\n",
    "    {i} = -1\n    while {i} + 1 < len({values}):\n        {i} += 1\n",
)
WINDOWS = (
    "        {w} = {values}[max(0, {i} - {width} + 1) : {i} + 1]\n",
    "        start = {i} - {width} + 1 if {i} >= {width} else 0\n"
    "        {w} = {values}[start : {i} + 1]\n",
    "        {w} = [{values}[j] for j in range({i} + 1) if j > {i} - {width}]\n",
    "        {w} = {values}[: {i} + 1][-{width}:]\n",
)
MEANS = (
    "sum({w}) / len({w})",
    "statistics.fmean({w})",
    "float(np.mean({w}))",
    "torch.tensor({w}).float().mean().item()",
)
NAMES = {
    "values": ("values", "xs", "row", "data"),
    "width": ("width", "k", "size"),
    "out": ("out", "means", "result", "smooth"),
    "i": ("i", "position", "index", "t"),
    "w": ("window", "part", "w", "chunk"),
}


def honest(choose: random.Random) -> str:
    """Somebody's own answer: each step in one of several ways, the usual one more often."""

    def step(ways: tuple[str, ...]) -> str:
        return choose.choices(ways, [6, 3, 2, 1][: len(ways)])[0]

    names = {key: choose.choice(several) for key, several in NAMES.items()}
    start = step(STARTS)
    mean = step(MEANS)
    store = f"{{out}}[{{i}}] = {mean}" if "0.0" in start else f"{{out}}.append({mean})"
    body = [step(CHECKS), start, step(LOOPS), step(WINDOWS), f"        {store}\n"]
    return (HEAD + "".join(body) + "    return {out}\n").format(**names)


def peculiar(choose: random.Random) -> str:
    """An answer of a kind that nobody else has, by a longer way round."""
    lines = [HEAD.format(values="values", width="width")]
    operators = ("+", "-", "*", "//")
    for step in range(8):
        a, b, c = (choose.randrange(2, 90) for _ in range(3))
        sign, other = choose.choice(operators), choose.choice(operators)
        call = choose.choice(("sorted", "reversed", "enumerate", "set", "tuple", "zip"))
        lines.append(f"    part_{step} = list({call}(values[{a} {sign} width : {b}]))\n")
        lines.append(f"    if len(part_{step}) {other} {c} > {a + step}:\n")
        lines.append(
            f"        values = [x {sign} part_{step}[{c} {other} len(values)] for x in values]\n"
        )
    return "".join(lines) + "    return values\n"


def renamed(source: str) -> str:
    """The same code with other names, no docstring, and comments between the lines."""
    tree = ast.parse(source)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body = function.body[1:]
    nodes = list(ast.walk(function))
    bound = {n.arg for n in nodes if isinstance(n, ast.arg)}
    bound |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in bound:
            node.id = f"my_{node.id}"
        elif isinstance(node, ast.arg):
            node.arg = f"my_{node.arg}"
    lines = ast.unparse(tree).split("\n")
    return "\n".join(f"{line}  # I wrote this" for line in lines)


def unit(root: Path) -> Unit:
    """A unit of two code exercises and one that is graded by hand."""
    code = {"minutes": 10, "difficulty": 1, "importance": 3}
    exercises = (
        Exercise("smoothed", 4, **code),
        Exercise("spread", 2, **code),
        Exercise("limits", 3, kind="rubric", **code),
    )
    return Unit(
        "901_tiny", root, "Tiny means", "paper", "claim", "shrunk", 30, 1, (), 5, 5, exercises
    )


def build(tiny: Unit) -> None:
    """Write the unit's two notebooks, as far as the report reads them."""
    for path, source in ((tiny.exercise_notebook, STUB), (tiny.solution_notebook, REFERENCE)):
        cells = [
            _cell("given", "", "import torch"),
            _cell("exercise", "smoothed", source),
            _cell("exercise", "spread", source.replace("smoothed", "spread")),
        ]
        path.parent.mkdir(parents=True)
        path.write_text(
            json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
        )


def _cell(kind: str, name: str, source: str) -> dict[str, object]:
    metadata = {"firsthand": {"kind": kind, "name": name}}
    more = {"outputs": [], "execution_count": None}
    identity = f"{kind}-{name or 'cell'}"
    return {"cell_type": "code", "id": identity, "metadata": metadata, "source": source, **more}


def test(name: str, status: Status, points: float, **fields) -> TestResult:
    """One test worth two points."""
    return TestResult(name, f"{name} holds", status, False, 1, points, 2.0, **fields)


test.__test__ = False

PASSED = test("it", Status.PASSED, 2.0)
FAILED = test("that", Status.FAILED, 0.0, message="got 3, expected 2")
WINDOW = test(
    "that",
    Status.FAILED,
    0.0,
    message="the first mean is 0.5, expected 1.0",
    hint="The first windows are shorter.",
    recognised=True,
)
RAISED = test("that", Status.RAISED, 0.0, message="IndexError: list index out of range")
NOT_STARTED = test("it", Status.NOT_STARTED, 0.0, message="not written yet.")
FAULT = test("that", Status.FAULT, 2.0, message="KeyError: 'x'")


def result(name: str, *tests: TestResult) -> ExerciseResult:
    """The result of a code exercise."""
    points, most = sum(t.points for t in tests), sum(t.max_points for t in tests)
    return ExerciseResult(name, "code", exercise_status(tests), points, most, tests)


def report(*results: ExerciseResult, **fields) -> Report:
    """A report with the exercise that a person grades."""
    by_hand = ExerciseResult("limits", "rubric", Status.MANUAL, 0.0, 3.0)
    fields = {"isolation": "full", "suite_hash": "0123456789abcdef", **fields}
    return Report("901_tiny", "Tiny means", (*results, by_hand), seconds=1.0, **fields)


def row(learner: str, smoothed: tuple[TestResult, ...], spread: tuple[TestResult, ...], **fields):
    """One learner with the given results."""
    mine = report(result("smoothed", *smoothed), result("spread", *spread))
    return Submitted(learner, fields.pop("name", ""), mine, **fields)


def cohort(n: int, seed: int = 0) -> list[Submitted]:
    """n learners of various skill, the last of whom copied from the first."""
    choose = random.Random(seed)
    rows = [_learner(i, choose) for i in range(n)]
    if n > 1:
        copied = {name: renamed(source) for name, source in rows[0].cells.items()}
        last = rows[-1]
        rows[-1] = Submitted(last.learner, last.name, last.report, copied, last.submitted_at)
    return rows


def _learner(i: int, choose: random.Random) -> Submitted:
    skill = choose.gauss(0.6, 0.25)
    first, second = skill + choose.gauss(0, 0.2), skill + choose.gauss(0, 0.2)
    half = choose.choice((FAILED, WINDOW, WINDOW, RAISED))
    smoothed = (PASSED, PASSED if first > 0.5 else half) if first > 0.1 else (NOT_STARTED,) * 2
    spread = (PASSED if second > 0.6 else FAILED,) if second > 0.2 else (NOT_STARTED,)
    write = peculiar if i == 0 else honest
    cells = {"smoothed": write(choose), "spread": honest(choose).replace("smoothed", "spread")}
    time = DUE - timedelta(hours=choose.expovariate(1 / 20) - 2)
    return row(
        f"learner{i:04d}", smoothed, spread, name=f"Learner {i}", cells=cells, submitted_at=time
    )
