"""One small exercise, causal attention for one head: our unit, and a cell of stock nbgrader.

The benchmarks grade it both ways: the same reference, the same checks on the same inputs.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from firsthand.unit import Cell, Unit, load_unit

if TYPE_CHECKING:
    import nbformat

UNIT_TOML = """
title = "Attention"
paper = "none"
claim = "none"
shrunk = "nothing"
minutes = 10
difficulty = 1
prerequisites = []
seconds = {notebook = 5, graders = 5}

[[exercise]]
name = "attention"
points = 3
minutes = 10
difficulty = 1
importance = 5
hints = ["a", "b", "c"]
"""

REFERENCE = '''
def attention(queries, keys, values):
    """Causal attention, (length, width) each."""
    scores = queries @ keys.T / queries.shape[-1] ** 0.5
    future = torch.ones_like(scores, dtype=torch.bool).triu(1)
    return scores.masked_fill(future, -torch.inf).softmax(-1) @ values
'''

WRONG = REFERENCE.replace("triu(1)", "tril(-1)")

# The checks, once as tests and once as asserts of a stock nbgrader cell.
EXPECTED = """
def expected(queries, keys, values):
    scores = queries @ keys.T / queries.shape[-1] ** 0.5
    future = torch.ones_like(scores, dtype=torch.bool).triu(1)
    return scores.masked_fill(future, -torch.inf).softmax(-1) @ values
"""

GRADERS = f"""
import pytest, torch
from firsthand import compare
{EXPECTED}
def draw(generator, length):
    return [torch.randn(length, 8, generator=generator) for _ in range(3)]

@pytest.mark.exercise("attention")
class TestAttention:
    @pytest.mark.visible
    def test_one_position_returns_its_value(self, submission, generator):
        q, k, v = draw(generator, 1)
        compare.close(submission.attention(q, k, v), v)

    def test_it_is_causal_attention(self, submission, generator):
        for length in (3, 7):
            q, k, v = draw(generator, length)
            compare.close(submission.attention(q, k, v), expected(q, k, v))

    def test_the_future_changes_nothing(self, submission, generator):
        q, k, v = draw(generator, 6)
        before = submission.attention(q, k, v)
        later = v.clone()
        later[-1] += 1
        compare.close(submission.attention(q, k, later)[:-1], before[:-1])
"""

ASSERTS = f"""
{EXPECTED}
generator = torch.Generator().manual_seed(1)
def draw(length):
    return [torch.randn(length, 8, generator=generator) for _ in range(3)]
q, k, v = draw(1)
assert torch.allclose(attention(q, k, v), v)
for length in (3, 7):
    q, k, v = draw(length)
    assert torch.allclose(attention(q, k, v), expected(q, k, v))
q, k, v = draw(6)
before, later = attention(q, k, v), v.clone()
later[-1] += 1
assert torch.allclose(attention(q, k, later)[:-1], before[:-1])
"""

SETUP = "import torch"


def unit(root: Path) -> Unit:
    """Write the unit below `root` and load it."""
    folder = root / "curriculum" / "901_attention"
    folder.mkdir(parents=True)
    (root / "graders").mkdir()
    (root / "curriculum" / "stages.toml").write_text("")
    (folder / "unit.toml").write_text(UNIT_TOML)
    (root / "graders" / "test_901_attention.py").write_text(GRADERS)
    return load_unit(folder)


def cells(number: int = 0, *, source: str = REFERENCE) -> list[Cell]:
    """A submission that no other number gives."""
    text = f"{source}\n# submission {number}\n"
    return [Cell("given", "setup", SETUP), Cell("exercise", "attention", text)]


def stock_notebook(source: str) -> "nbformat.NotebookNode":
    """The exercise as a notebook of stock nbgrader, solved with `source`, its tests hidden."""
    import nbformat  # for seconds, which the time to a first result would otherwise hold

    new = nbformat.v4.new_code_cell
    solution = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    tests = f"### BEGIN HIDDEN TESTS\n{ASSERTS}\n### END HIDDEN TESTS"
    marks = {"schema_version": 3, "task": False}
    answer = marks | {"grade_id": "attention", "grade": False, "solution": True, "locked": False}
    graded = marks | {"grade_id": "check", "grade": True, "solution": False, "locked": True}
    return nbformat.v4.new_notebook(
        cells=[
            new(SETUP),
            new(solution, metadata={"nbgrader": answer}),
            new(tests, metadata={"nbgrader": graded | {"points": 3}}),
        ]
    )
