# %% [markdown]
# # Start here
#
# Six minutes that show how every unit of this course works: run, write, check, read a failure, ask for a hint. On the
# way you find out whether five unreliable judges are better than one.
#
# **You will be able to** work through any other unit, and give a measured share with its standard error.
#
# **To run a cell**, click it and press Shift+Enter. Do it with the next cell, which imports what the notebook needs
# and prints one line. You need no earlier unit.

# %%
import torch
from jaxtyping import Bool
from torch import Tensor

from firsthand import check, hint, progress, ready, solution, use_unit

use_unit("000_start_here")

# %% [markdown]
# ## Run
#
# Some questions have an answer that people cannot tell with certainty: is this proof right, is this plan safe? Below,
# five judges answer 300 such questions with yes or no. Each of them is right 7 times out of 10, whatever the others say.
#
# The next cell is *given code*: run it, and change it if you like.

# %% name="draw_votes"
generator = torch.Generator().manual_seed(0)
truth = torch.rand(300, generator=generator) < 0.5  # [question], True where the answer is yes
correct = torch.rand(300, 5, generator=generator) < 0.7  # [question judge]
votes = torch.where(correct, truth[:, None], ~truth[:, None])  # [question judge], True is a yes

print("truth of question 0:", truth[0].item(), "  votes:", votes[0].tolist())

# %% [markdown]
# ## Write and check
#
# Your turn. A cell that ends in `raise NotImplementedError` is an *exercise*: replace that line by your own, run the
# cell, and then run the `check` cell below it.

# %% [markdown]
# ### majority_accuracy
# How often is the *majority* of the judges right? `votes` holds a row of votes for each question, `truth` the right
# answers. The number of judges is odd, so that one side always has more than half of the votes.
#
# **Begin with a mistake, on purpose**, to see what happens. Write this line in place of
# `raise NotImplementedError`, run the cell, run the check, and read on below:
#
# ```python
# return (votes == truth[:, None]).float().mean().item()
# ```

# %% exercise="majority_accuracy"
def majority_accuracy(
    votes: Bool[Tensor, "question judge"], truth: Bool[Tensor, "question"]
) -> float:
    """Share of the questions on which the majority of the judges says the truth.

    >>> votes = torch.tensor([[True, True, False], [False, True, False]])
    >>> majority_accuracy(votes, truth=torch.tensor([True, True]))
    0.5
    """
    ### BEGIN SOLUTION
    majority = votes.float().mean(dim=1) > 0.5  # [question]
    return (majority == truth).float().mean().item()
    ### END SOLUTION

# %% [markdown]
# **How to read it.** The first line sums up: two of three tests passed, and so you have two thirds of the points. Each
# test is a sentence that is true of correct code. The one that your code breaks is opened: what was called, what came
# back, and after the arrow → what to do about it. This mistake is a known one, so it is named: the line counts every
# single vote, and measures the average judge instead of the majority.
#
# **A hint.** Press Esc, then B: that makes a new cell below. Run `hint("majority_accuracy")` in it. The first hint is
# about your mistake; run it again for the next of three, which say more each time.
#
# Now mend the function, run it, and run the check again. Full marks? Then `solution("majority_accuracy")`, in a cell
# of your own, shows our solution beside yours. Before full marks it stays closed, unless you give the exercise up:
# `solution("majority_accuracy", give_up="majority_accuracy")`.
#
# ## Once more, on your own

# %% [markdown]
# ### share_with_error
# Is the majority better, or was it lucky with these 300 questions? A share needs its standard error: how far it would
# typically be from the true value if new questions were drawn. For a share $p$ of $n$ answers it is
#
# $$\sqrt{\frac{p\,(1 - p)}{n}}.$$

# %% exercise="share_with_error"
def share_with_error(right: Bool[Tensor, "question"]) -> tuple[float, float]:
    """The share of True in `right`, and its standard error. There is at least one answer.

    >>> share_with_error(torch.tensor([True, True, True, False]))  # 0.75, (0.75 * 0.25 / 4) ** 0.5
    (0.75, 0.2165...)
    """
    ### BEGIN SOLUTION
    share, count = right.float().mean().item(), len(right)
    return share, (share * (1 - share) / count) ** 0.5
    ### END SOLUTION

# %% [markdown]
# ## What the judges are worth
#
# Given code that needs your functions waits until you have written them.

# %% name="compare_judges"
if ready("majority_accuracy", "share_with_error"):
    one, error = share_with_error(votes[:, 0] == truth)
    together = majority_accuracy(votes, truth)
    print(f"one judge       {one:.2f}, give or take {error:.2f}")
    print(f"the majority    {together:.2f}")

# %% [markdown]
# **What you should see**: one judge is right on 0.65 to 0.75 of the questions, give or take 0.03, and the majority on
# 0.79 to 0.88, several errors more. Weak judges can oversee better together than alone. The catch: here their mistakes
# are independent. Judges that share a mistake gain nothing from being many, and much of alignment research is about
# what to do then.
#
# ## Where things are
#
# - **Your work** is this file, in `work/000_start_here/`. JupyterLab saves it; no command overwrites it.
# - **The other units**: press Ctrl+C in the terminal to end JupyterLab. `firsthand list` shows all units, `firsthand
#   learn 402` opens one, and `make learn` goes on where you stopped.
# - **How far you are**: `progress()`, in a cell of your own, lists this unit's exercises and your place in the course.
#   In other units, import it first: `from firsthand import progress`.
# - **In a terminal**, `. .venv/bin/activate` makes the command `firsthand` known. `firsthand check 000`, `firsthand hint
#   000/share_with_error` and `firsthand solution 000/share_with_error` do what you did here. `firsthand progress` shows
#   the whole course, and `firsthand progress --html progress.html` draws it.
# - **What you did** (checks, hints, opened solutions) is noted in `work/.firsthand/`, on this machine and nowhere else.
# - **Something odd?** The menu *Kernel > Restart Kernel and Run All Cells* begins afresh with what you have written.
