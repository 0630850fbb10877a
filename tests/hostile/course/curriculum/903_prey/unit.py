# %% [markdown]
# # Prey
#
# ## Functions
#
# Three small ones.

# %%
from firsthand import use_unit

use_unit("903_prey")

# %% [markdown]
# ### double
#
# Two times x.


# %% exercise="double"
def double(x):
    """Two times x, a number or a tensor. Raises TypeError for text."""
    ### BEGIN SOLUTION
    if isinstance(x, str):
        raise TypeError("text")
    return x * 2
    ### END SOLUTION


# %% [markdown]
# ### twice
#
# Apply a function to its own result.


# %% exercise="twice"
def twice(f, x):
    """f(f(x))."""
    ### BEGIN SOLUTION
    return f(f(x))
    ### END SOLUTION


# %% [markdown]
# ### place
#
# Where the largest entry stands.


# %% exercise="place"
def place(scores):
    """The index of the largest entry of a tensor with one axis, as an int."""
    ### BEGIN SOLUTION
    # canary-solution
    return int(scores.argmax())
    ### END SOLUTION


# %% [markdown]
# ### essay
#
# Why do graders stay apart from what they grade?

# %% [markdown] rubric="essay"
# Because it can be hostile.
