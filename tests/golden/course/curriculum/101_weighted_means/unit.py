# %% [markdown]
# # Weighted means
#
# You will average rows of numbers. About 1 hour; you need no earlier unit.

# %%
import torch
from jaxtyping import Float
from torch import Tensor

from firsthand import check, ready, use_unit
from firsthand.kit import plots

use_unit("101_weighted_means")

# %% [markdown]
# ## Build
#
# ```python
# # a comment in a code fence is no heading
# ```

# %% name="spread"
# cat and dog stay a comment; they become no command.
EPSILON = 1e-6


# %% [markdown]
# ### weighted_mean
#
# Write $\sum_i w_i x_i / \sum_i w_i$ for each row.


# %% exercise="weighted_mean"
def weighted_mean(
    values: Float[Tensor, "row item"], weights: Float[Tensor, "row item"]
) -> Float[Tensor, "row"]:
    """Mean of each row.

    >>> weighted_mean(torch.tensor([[1.0, 4.0]]), torch.tensor([[2.0, 1.0]]))
    tensor([2.])
    """
    ### BEGIN SOLUTION
    weighted_rows = values * weights
    return weighted_rows.sum(-1) / weights.sum(-1)
    ### END SOLUTION


# %% [markdown]
# ### Standardiser
#
# Write `forward`.


# %% exercise="Standardiser"
class Standardiser:
    """Scale rows by the mean and spread of the rows that it was fitted on."""

    def __init__(self, rows: Float[Tensor, "row item"]) -> None:
        self.mean = weighted_mean(rows, torch.ones_like(rows))
        self.spread = rows.std(-1, correction=0)

    def __call__(self, rows: Float[Tensor, "row item"]) -> Float[Tensor, "row item"]:
        ### BEGIN SOLUTION
        centred = rows - self.mean[:, None]
        return centred / (self.spread[:, None] + EPSILON)
        ### END SOLUTION


# %% [markdown]
# The check of this exercise has its own place.

# %% check="Standardiser"
check("Standardiser")

# %% [markdown]
# ## Measure

# %% slow=30
if ready("weighted_mean"):
    print("step 1\rstep 2\rdone")
    print(repr(object()))

# %% name="plot_means"
if ready("weighted_mean"):
    sample = torch.randn(200, 16, generator=torch.Generator().manual_seed(0))
    fig, axis = plots.figure()
    axis.hist(weighted_mean(sample, torch.ones_like(sample)).numpy(), bins=20)
    plots.show(fig, alt="Histogram of means <around> 0")
    plots.show(fig, alt="The same again")
    plots.show(fig, alt="And again")

# %% [markdown]
# **What you should see**: a bell around 0 with a spread between 0.2 and 0.3.

# %% [markdown]
# ### which_is_larger
#
# Which is larger for 1 and 4 with weights 2 and 1: the plain or the weighted mean?


# %% answer="which_is_larger"
def which_is_larger() -> str:
    """Return "plain" or "weighted"."""
    ### BEGIN SOLUTION
    return "plain"
    ### END SOLUTION


# %% [markdown]
# ### limits
#
# What should happen when all weights are zero?

# %% [markdown] rubric="limits"
# The mean of nothing is not defined; the function should raise ValueError.
