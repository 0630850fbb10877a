"""A unit of three exercises, small enough to know every score by heart."""

from pathlib import Path

from firsthand.unit import Cell, Unit, load_unit

UNIT_TOML = """
title = "Tiny"
paper = "none"
claim = "none"
shrunk = "nothing"
minutes = 10
difficulty = 1
prerequisites = []
seconds = {notebook = 5, graders = 5}

[[exercise]]
name = "double"
points = 3
minutes = 5
difficulty = 1
importance = 1
hints = ["a", "b", "c"]

[[exercise]]
name = "quadruple"
points = 4
minutes = 5
difficulty = 1
importance = 1
uses = ["double"]
hints = ["a", "b", "c"]

[[exercise]]
name = "essay"
kind = "rubric"
points = 2
minutes = 5
difficulty = 1
importance = 1
"""

GRADERS = """
import pytest, torch
from firsthand import compare

@pytest.mark.exercise("double")
class TestDouble:
    @pytest.mark.visible
    def test_two_times_three_is_six(self, submission):
        compare.close(submission.double(3.0), 6.0, what="double(3)")

    @pytest.mark.weight(2)
    def test_it_doubles_what_the_grader_draws(self, submission, generator):
        x = torch.rand(5, generator=generator) + 1
        with compare.unchanged(x=x):
            got = submission.double(x)
        compare.close(got, x * 2, hint="two times", known={"you squared it": x * x})

@pytest.mark.exercise("quadruple")
def test_it_is_four_times(submission, seed):
    compare.close(submission.quadruple(float(seed)), 4.0 * seed)

@pytest.mark.exercise("quadruple")
def test_it_refuses_text(submission):
    with pytest.raises(TypeError):
        submission.quadruple("text")
"""

SETUP = "import torch"
DOUBLE = "def double(x):\n    return x + x"
QUADRUPLE = (
    "def quadruple(x):\n    if isinstance(x, str):\n        raise TypeError('no text')\n"
    "    return double(double(x))"
)
STUB = "def {name}(x):\n    raise NotImplementedError"


def tiny_unit(root: Path, *, graders: str = GRADERS) -> Unit:
    """Write the unit below `root` and load it."""
    folder = root / "curriculum" / "901_tiny"
    folder.mkdir(parents=True)
    (root / "graders").mkdir()
    (root / "curriculum" / "stages.toml").write_text("")
    (folder / "unit.toml").write_text(UNIT_TOML)
    (root / "graders" / "test_901_tiny.py").write_text(graders)
    return load_unit(folder)


def cells(double: str = DOUBLE, quadruple: str = QUADRUPLE, *extra: str) -> list[Cell]:
    """A submission with this text in its exercise cells, after cells that a learner added."""
    added = [Cell("extra", f"your cell {i}", text) for i, text in enumerate(extra)]
    return [
        Cell("given", "setup", SETUP),
        *added,
        Cell("exercise", "double", double),
        Cell("exercise", "quadruple", quadruple),
    ]
