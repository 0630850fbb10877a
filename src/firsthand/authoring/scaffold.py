"""The text of a new unit's files. The exercises are real, small ones; the author replaces them."""

import json
from collections.abc import Sequence
from string import Template

_TOML = Template("""title = $title
paper = $paper
claim = "The claim of the paper in one sentence, with its section or figure."
shrunk = "What is smaller here than in the paper, and why the claim survives."
minutes = $minutes
difficulty = 2
prerequisites = []
seconds = {notebook = 60, graders = 20}
""")

_TOML_EXERCISE = Template("""
[[exercise]]
name = "$name"
points = 3
minutes = 10
difficulty = 1
importance = 3
hints = [
    "What should a value with weight zero contribute?",
    "Look at the sum of the weights of each row: the result must not depend on its size.",
    "Multiply, sum along the last axis, and divide by the summed weights of that axis.",
]
meaning = "Rows can now be averaged with weights of any scale."
""")

_OPENING = Template("""# %% [markdown]
# # $title
#
# You will be able to average rows of values with weights. This unit follows $paper.
#
# **Claim.** State the claim of the paper here, with its section or figure.
#
# **Shrunk.** State what is smaller here, and why the claim survives that.
#
# About $hours hours. You need no earlier unit.

# %%
import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from firsthand import check, hint, ready, solution, use_unit
from firsthand.kit import plots

use_unit("$unit")

# %% [markdown]
# ## Build
#
# Values $$x_i$$ with weights $$w_i \\ge 0$$ have the mean $$\\sum_i w_i x_i / \\sum_i w_i$$.
""")

_EXERCISE = Template('''
# %% [markdown]
# ### $name
#
# Write the weighted mean of each row. `hint("$name")` shows the next of three hints.

# %% exercise="$name"
def $name(
    values: Float[Tensor, "row item"], weights: Float[Tensor, "row item"]
) -> Float[Tensor, "row"]:
    """Mean of each row of `values` with the given weights, which are at least 0 and not all 0.

    >>> $name(torch.tensor([[1.0, 4.0]]), torch.tensor([[2.0, 1.0]]))
    tensor([2.])
    """
    ### BEGIN SOLUTION
    weighted_rows = values * weights
    return weighted_rows.sum(-1) / weights.sum(-1)
    ### END SOLUTION
''')

_MEASURE = Template("""
# %% [markdown]
# ## Measure
#
# Each plot below draws what your functions return, so it is right when they are.

# %% name="plot_means"
if ready($quoted):
    generator = torch.Generator().manual_seed(0)
    sample = torch.randn(200, 16, generator=generator)
    equal = $name(sample, torch.ones_like(sample)).numpy()
    fig, axis = plots.figure()
    axis.hist(equal, bins=20)
    axis.set_xlabel("mean of 16 values")
    plots.show(fig, alt="Histogram of 200 means of 16 standard normal values, centred on 0.")

# %% [markdown]
# **What you should see**: a bell around 0; its standard deviation is between 0.2 and 0.3.

# %% name="plot_one_weight"
if ready($quoted):
    shares = torch.linspace(0, 1, 11)
    pairs = torch.stack([1 - shares, shares], -1)
    curve = $name(torch.tensor([[0.0, 1.0]]).expand(11, 2), pairs).numpy()
    fig, axis = plots.figure()
    axis.plot(np.linspace(0, 1, 11), curve, marker="o")
    axis.set_xlabel("weight of the second value")
    plots.show(fig, alt="The mean of 0 and 1 against the weight of 1: the diagonal.")

# %% [markdown]
# **What you should see**: the diagonal from 0 to 1, within 0.001.

# %% name="plot_spread"
if ready($quoted):
    sizes = [1, 4, 16, 64]
    draws = [torch.randn(500, n, generator=torch.Generator().manual_seed(n)) for n in sizes]
    spread = [float($name(x, torch.ones_like(x)).std()) for x in draws]
    fig, axis = plots.figure()
    axis.loglog(sizes, spread, marker="o")
    axis.set_xlabel("values per mean")
    plots.show(fig, alt="Standard deviation of the mean against the number of values, falling.")

# %% [markdown]
# **What you should see**: a line of slope -1/2. Four times the values: half the spread, to 15 %.
""")

_DESIGN = Template("""# $unit

**Objectives.** What a learner can do afterwards.

**Out of scope.** What the unit leaves out, and why.

**Shrunk.** What the paper did, what is done here, and why the claim survives.

**Thresholds.** Each with the five seeds it was measured on.
""")

_TESTS_HEAD = Template('''"""Graders of $number. The oracle is a loop over single numbers."""

import pytest
import torch

from firsthand import compare


def by_hand(values, weights):
    """The weighted mean of each row, one number at a time."""
    means = []
    for row, shares in zip(values.tolist(), weights.tolist(), strict=True):
        means.append(sum(x * w for x, w in zip(row, shares, strict=True)) / sum(shares))
    return torch.tensor(means)


def drawn(generator, *, rows=4, items=7):
    """Values and positive weights that sum to something other than 1 or the number of items."""
    values = torch.randn(rows, items, generator=generator) + 3
    return values, torch.rand(rows, items, generator=generator) * 5 + 0.1
''')

_TESTS = Template("""

@pytest.mark.exercise("$name")
class Test$camel:
    @pytest.mark.visible
    def test_the_worked_example_gives_two(self, submission):
        got = submission.$name(torch.tensor([[1.0, 4.0]]), torch.tensor([[2.0, 1.0]]))
        what = "$name of 1 and 4 with weights 2 and 1"
        compare.shape(got, (1,), what=what, hint="one number per row: reduce the last axis")
        hint = "divide by the sum of the weights"
        compare.close(got, torch.tensor([2.0]), atol=1e-6, what=what, hint=hint)

    def test_random_rows_agree_with_a_loop(self, submission, generator):
        for rows, items in ((4, 7), (5, 3), (2, 9)):
            values, weights = drawn(generator, rows=rows, items=items)
            with compare.unchanged(values=values, weights=weights):
                got = submission.$name(values, weights)
            compare.shape(got, (rows,), what="$name", hint="reduce the last axis")
            weighted = values * weights
            compare.close(
                got,
                by_hand(values, weights),
                atol=1e-4,
                what="$name on random rows",
                hint="divide by the sum of the weights",
                known={
                    "the weights do nothing yet": values.mean(-1),
                    "divide by the summed weights, not by their number": weighted.mean(-1),
                    "the sum of the weights is missing": weighted.sum(-1),
                },
            )

    def test_weights_of_any_scale_give_the_same(self, submission, generator):
        values, weights = drawn(generator)
        small = submission.$name(values, weights)
        large = submission.$name(values, weights * 10)
        what, hint = "$name with ten times the weights", "divide by the sum of the weights"
        compare.close(large, small, atol=1e-4, what=what, hint=hint)

    def test_each_row_uses_its_own_weights(self, submission):
        values = torch.tensor([[1.0, 3.0], [1.0, 3.0]])
        got = submission.$name(values, torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
        what, hint = "$name with other weights in each row", "sum the weights of each row alone"
        compare.close(got, torch.tensor([1.0, 3.0]), atol=1e-6, what=what, hint=hint)
""")

_WRONG_HEAD = Template('''"""Wrong answers of $number, each with what must catch it."""

from firsthand.wrong import edit, wrong
''')

_WRONG = Template("""

@wrong("$name", caught_by="test_random_rows_agree_with_a_loop", hint="the weights do nothing yet")
def ignores_the_weights(values, weights):
    return values.mean(-1)


@wrong(
    "$name",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="divide by the summed weights, not by their number",
)
def divides_by_the_count(values, weights):
    return (values * weights).mean(-1)


edit(
    "$name",
    "forgets_to_divide",
    old=" / weights.sum(-1)",
    new="",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="the sum of the weights is missing",
)
edit(
    "$name",
    "sums_all_weights",
    old="weights.sum(-1)",
    new="weights.sum()",
    caught_by="test_each_row_uses_its_own_weights",
    hint="divide by the sum of the weights",
)
edit(
    "$name",
    "reduces_the_wrong_axis",
    old="return weighted_rows.sum(-1) / weights.sum(-1)",
    new="return weighted_rows.sum(0) / weights.sum(0)",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="one number per row: reduce the last axis",
)
""")


def files(unit: str, *, title: str, paper: str, exercises: Sequence[str]) -> dict[str, str]:
    """The new files of a unit: path below the course's root -> text."""
    minutes = 10 * len(exercises) + 30
    words = {
        "unit": unit,
        "number": unit[:3],
        "minutes": str(minutes),
        "hours": f"{minutes / 60:.1f}",
        "name": exercises[0],
        "quoted": ", ".join(f'"{name}"' for name in exercises[:1]),
    }
    toml = _TOML.substitute(words, title=_quoted(title), paper=_quoted(paper))
    source = _OPENING.substitute(words, title=title, paper=paper.rstrip("."))
    tests, wrong = _TESTS_HEAD.substitute(words), _WRONG_HEAD.substitute(words)
    for name in exercises:
        own = words | {"name": name, "camel": _camel(name)}
        toml += _TOML_EXERCISE.substitute(own)
        source += _EXERCISE.substitute(own)
        tests += _TESTS.substitute(own)
        wrong += _WRONG.substitute(own)
    return {
        f"curriculum/{unit}/unit.toml": toml,
        f"curriculum/{unit}/unit.py": source + _MEASURE.substitute(words),
        f"curriculum/{unit}/design.md": _DESIGN.substitute(words),
        f"graders/test_{unit}.py": tests,
        f"graders/wrong_{unit}.py": wrong,
    }


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False)
