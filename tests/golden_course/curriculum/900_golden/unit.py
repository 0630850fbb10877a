# %% [markdown]
# # Golden
#
# You scale a tensor and take its mean.

# %%
import torch

from firsthand import ready, use_unit

use_unit("900_golden")

# %% name="factor"
FACTOR = 2.5

# %% [markdown]
# ## Scaling
#
# Two functions of a tensor.

# %% [markdown]
# ### scaled
#
# Multiply every entry by `factor`.


# %% exercise="scaled"
def scaled(x, factor=FACTOR):
    """`factor` times x, of the same shape.

    >>> scaled(torch.tensor([2.0, 4.0]), 0.5)
    tensor([1., 2.])
    """
    ### BEGIN SOLUTION
    product = x * factor
    return product
    ### END SOLUTION


# %% [markdown]
# ### scaled_mean
#
# The mean over the last axis of `scaled(x, factor)`.


# %% exercise="scaled_mean"
def scaled_mean(x, factor):
    """The mean over the last axis of x, scaled. Raises ValueError for an empty last axis."""
    ### BEGIN SOLUTION
    if x.shape[-1] == 0:
        raise ValueError("the last axis is empty")
    larger = scaled(x, factor)
    return larger.mean(-1)
    ### END SOLUTION


# %% [markdown]
# ### Counter
#
# A class that counts its calls.


# %% exercise="Counter"
class Counter:
    """`counter()` returns 1 at the first call, 2 at the second, and so on."""

    ### BEGIN SOLUTION
    def __init__(self):
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return self.calls

    ### END SOLUTION


# %% [markdown]
# ### does_scaling_commute
#
# Is the mean of the scaled rows the scaled mean of the rows?


# %% answer="does_scaling_commute"
def does_scaling_commute():
    """True or False."""
    ### BEGIN SOLUTION
    return True
    ### END SOLUTION


# %%
if ready("scaled"):
    print("half of a hundred:", scaled(torch.tensor(100.0), 0.5))

# %% [markdown]
# ### limits
#
# When does the equality fail?

# %% [markdown] rubric="limits"
# When an entry overflows, and when a row is empty.
