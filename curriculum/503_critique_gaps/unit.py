# %% [markdown]
# # Critiques and what they leave unsaid
#
# A model answers, and an evaluator with little time must decide whether the answer is good. Suppose that the model also says: "look here, this is wrong". Does the
# evaluator then find more flaws? And does the model say all that it knows, or can it tell good answers from bad ones without being able to point at the flaw?
#
# **You will be able to** train one network that answers, scores and criticises; measure the generator-discriminator-critique gaps with an exact oracle;
# compare an assisted with an unassisted evaluator at equal effort, with a paired interval; search for flaws that a critic does not see; and say from repeated
# trainings whether a gap closes with scale, with the training run as the unit.
#
# **The claim** (Saunders et al. 2022, *Self-critiquing models for assisting human evaluators*, abstract and contributions): critiques that a model writes help
# people find flaws, also in answers made to mislead; larger models write more helpful critiques; and there was no clear trend of critiques catching up
# with discrimination, so larger models still have knowledge that they do not put into critiques (contribution 4, section 5).
#
# **What we shrank.** 4x4 Latin squares instead of summaries, perceptrons of width 16 to 128 instead of language models, and a judge who reads four cells
# instead of a person. Every flaw can be checked here, so the quantities of the paper's section 5 can be computed without labellers. What we lose: our
# flaws are local and cheap to verify, and that decides one of the results below.
#
# **Time** about four and a half hours: three and a half for the exercises, the rest for reading, runs and plots. **Before this** you need PyTorch, cross-entropy, and the standard error of a mean.
#
# Stuck? `hint("broken_lines")` in a cell of your own gives the first of an exercise's three hints, and then the next.

# %%
from itertools import product
from math import isqrt, sqrt

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from firsthand import check, hint, ready, solution, use_unit
from firsthand.kit import latin, plots
from firsthand.kit.latin import BLANK, LINES
from firsthand.kit.statistics import paired_bootstrap

use_unit("503_critique_gaps")

# %% [markdown]
# ## Questions whose flaws can be checked
#
# A Latin square of order 4 has 16 cells with the digits 0 to 3, and every line, row or column, holds each digit once. A *question* is a square of which 8 cells
# are given; an *answer* fills in all 16. Cells are numbered row by row. Lines 0 to 3 are the rows from the top, lines 4 to 7 the columns from the left. An
# answer is valid if no line is broken; a *flaw* is a broken line.

# %% name="look_at_a_question"
trained = measured = probed = False  # become True once the networks below have been trained, measured and probed
print("one question, where 4 stands for a blank cell\n", latin.draw_questions(1, seed=3).view(4, 4).numpy())

# %% [markdown]
# ### broken_lines
#
# The oracle of this unit. A line is whole if it holds every digit 0 to n - 1 exactly once, and broken otherwise. Anything that is not such a digit, a blank
# for instance, breaks its lines too.
#
# Write `broken_lines(answers)` for squares of any order $n \geq 1$: the answers have $n^2$ cells.

# %% exercise="broken_lines"
def broken_lines(answers: Int[Tensor, "batch cell"]) -> Bool[Tensor, "batch line"]:
    """Which of the 2n lines of each answer are broken: rows from the top, then columns from the left.

    answers: int64 [batch n*n], cells row by row; entries may be any whole numbers that int64 holds.

    >>> broken_lines(torch.tensor([[0, 1, 1, 0], [0, 0, 1, 1]]))
    tensor([[False, False, False, False],
            [ True,  True, False, False]])
    """
    ### BEGIN SOLUTION
    n = isqrt(answers.shape[1])
    grid = answers.reshape(-1, n, n)
    lines = torch.cat([grid, grid.mT], dim=1)
    return (lines.sort().values != torch.arange(n)).any(dim=-1)
    ### END SOLUTION


# %% [markdown]
# ### verify_critique
#
# A *critique* names one line. Nobody has to believe it: the judge reads the cells of that line and sees. This is the whole advantage of a critique over a score. The
# judge is limited, though. It reads at most $n$ cells, the length of one line, and forms no opinion about the rest.
#
# Write `verify_critique(read, line, n)`: True exactly if `line` is one of the $2n$ lines and is broken. `read(cell)` returns the digit of one cell and costs one
# reading each time.

# %% exercise="verify_critique"
def verify_critique(read, line: int, n: int) -> bool:
    """Whether the critique "this line is broken" is right, found out with at most n readings.

    read: function from a cell's number, 0 to n*n - 1, to its digit.  line: an int, perhaps none of the lines 0 to 2n - 1.

    >>> verify_critique([0, 0, 1, 1].__getitem__, 0, 2), verify_critique([0, 0, 1, 1].__getitem__, 3, 2)
    (True, False)
    """
    ### BEGIN SOLUTION
    if not 0 <= line < 2 * n:
        return False
    cells = range(line * n, line * n + n) if line < n else range(line - n, n * n, n)
    return sorted(read(cell) for cell in cells) != list(range(n))
    ### END SOLUTION


# %% [markdown]
# ## One network, three skills
#
# The network has one trunk (two ReLU layers) and three heads, trained together:
#
# - the **generator** gives logits for the digit of each blank cell;
# - the **discriminator** gives one logit for "this answer is valid";
# - the **critic** gives logits over the 8 lines: where to point.
#
# The first two learn by cross-entropy, which is given. You write the critic's loss and the generator's sampling.

# %% [markdown]
# ### critique_loss
#
# What should a critic learn from an answer with three broken lines? Any of the three is a right critique, so ask only for the total probability on them. For
# answers $i$ with broken lines $S_i \neq \emptyset$ and the critic's softmax $p_i$ over lines,
# $$L = -\frac{1}{\#\{i : S_i \neq \emptyset\}} \sum_{i : S_i \neq \emptyset} \log \sum_{l \in S_i} p_i(l).$$
# A valid answer has nothing to point at and does not count. If no answer is flawed the loss is 0, still a part of the graph, with gradient 0. Logits may be hundreds
# apart, so stay in log space. They may also be far from 0 all together, up to $10^5$ in size: adding one number to all logits of a row changes nothing.

# %% exercise="critique_loss"
def critique_loss(logits: Float[Tensor, "batch line"], broken: Bool[Tensor, "batch line"]) -> Float[Tensor, ""]:
    """Mean over flawed answers of minus the log of the probability on their broken lines; a tensor without axes.

    >>> logits = torch.zeros(2, 2)
    >>> critique_loss(logits, torch.tensor([[True, False], [False, False]]))
    tensor(0.6931)
    """
    ### BEGIN SOLUTION
    flawed = broken.any(dim=-1)
    logits, broken = logits[flawed], broken[flawed]
    log_share = logits.masked_fill(~broken, -torch.inf).logsumexp(dim=-1) - logits.logsumexp(dim=-1)
    return -log_share.sum() / max(len(logits), 1)
    ### END SOLUTION


# %% [markdown]
# ### fill_blanks
#
# The generator answers cell by cell. From left to right (cell 0, 1, 2, ...) each blank cell is drawn from the softmax of the generator's logits for that cell, given
# the clues and all digits drawn before it; the blanks further right are still blank at that time. Given cells stay as they are. The blanks may lie elsewhere
# in each row of the batch. Rows are drawn independently: what is drawn in one row says nothing about the others, so how often a digit comes up among equal rows varies
# from seed to seed as in independent draws.
#
# Write `fill_blanks(next_logits, answers, blank, seed)`. `next_logits(answers)` returns the logits of every cell of each row that it is handed, and those of a
# row depend on this row alone. You may hand over the whole batch or only the rows that are blank at the cell in question, but do it in one call: at most one
# call for each cell number, however many rows there are.

# %% exercise="fill_blanks"
def fill_blanks(next_logits, answers: Int[Tensor, "batch cell"], blank: int, seed: int) -> Int[Tensor, "batch cell"]:
    """A copy of `answers` whose blank cells are drawn from left to right, each given what stands there already.

    next_logits: function from int64 [rows cell] to logits [rows cell digit]; a logit may be -inf, never for all digits of a cell.
    blank: the number that stands for a blank; it is not one of the digits 0, 1, ...
    Rows are drawn independently of one another.  The same seed gives the same draws; the global random state stays untouched.

    >>> always_two = lambda answers: torch.tensor([0.0, 0.0, 1.0]).log().expand(*answers.shape, 3)
    >>> fill_blanks(always_two, torch.tensor([[0, 4, 4, 1]]), blank=4, seed=0)
    tensor([[0, 2, 2, 1]])
    """
    ### BEGIN SOLUTION
    generator = torch.Generator().manual_seed(seed)
    filled = answers.clone()
    for cell in range(filled.shape[1]):
        probability = next_logits(filled)[:, cell].softmax(dim=-1)
        drawn = torch.multinomial(probability, 1, generator=generator)[:, 0]
        filled[:, cell] = torch.where(filled[:, cell] == blank, drawn, filled[:, cell])
    return filled
    ### END SOLUTION


# %% [markdown]
# Train three networks with your functions: width 16, 32 and 64, 900 steps each. Discriminator and critic see a quarter each of valid squares, squares with one
# wrong cell, squares with two cells of a row exchanged, and answers of the network itself. That takes about 20 seconds on an idle core, and a minute or more on
# a busy one.

# %% name="train_the_networks" slow=60
if ready("broken_lines", "critique_loss", "fill_blanks"):
    parts = {"broken_lines": broken_lines, "fill_blanks": fill_blanks, "critique_loss": critique_loss}
    networks = {width: latin.train_three_heads(width, **parts, seed=503) for width in (16, 32, 64)}
    trained = True

if trained and ready("verify_critique"):
    question = latin.draw_questions(12, seed=5)
    for width, network in networks.items():
        answers = fill_blanks(network.next_logits, question, BLANK, 0)
        flawed = broken_lines(answers).any(1)
        critiques = network.line_logits(answers).argmax(1).tolist()
        right = sum(verify_critique(answer.__getitem__, line, 4) for answer, line in zip(answers[flawed].tolist(), torch.tensor(critiques)[flawed].tolist(), strict=True))
        print(f"width {width:2d}: {int((~flawed).sum()):2d} of 12 answers valid; the judge verifies {right} of {int(flawed.sum())} critiques of the others")

# %% [markdown]
# **What you should see.** Width 16 answers hardly anything right, width 64 a quarter or so; most critiques of flawed answers are verified. Twelve answers say
# little: now for a thousand questions.
#
# ## What it knows and what it can say

# %% [markdown]
# ### gdc
#
# How do you compare three skills? Turn each into the validity of the answers that it leads to. Ask every question $N$ times. The paper does this in section 5;
# we could not read its exact formulas, so these are **our definitions, after section 5**:
#
# - $G$: the share of valid answers, that is the validity of an answer taken at random;
# - $D$: the validity of the answer with the highest discriminator score, the first of them if several tie. Scores are any finite numbers, compared as they are;
# - $C$: the validity of a random answer among those that are *not rejected*. An answer is rejected if its critique is verified, that is, if the one line that the
# critic names is broken. If all answers to a question are rejected, all are flawed, and its $C$ is 0.
#
# Each is computed for a question first, and then averaged over questions. The gaps are $GD = D - G$, $GC = C - G$ and $DC = D - C$: what the network knows of
# its answers but does not get across by pointing at a line.

# %% exercise="gdc"
def gdc(
    broken: Bool[Tensor, "question answer line"], score: Float[Tensor, "question answer"], named: Int[Tensor, "question answer"]
) -> dict[str, float]:
    """G, D, C and the gaps GD, GC, DC, a dict of floats.

    broken: which lines of an answer are broken.  score: of the discriminator, float32 or float64.
    named: the number of the line that the critic names, from 0.

    >>> broken = torch.tensor([[[True, False], [False, False], [True, True], [False, False]]])
    >>> report = gdc(broken, torch.tensor([[0.1, 0.9, 0.3, 0.2]]), torch.tensor([[1, 0, 0, 1]]))
    >>> report["G"], report["D"], round(report["C"], 4), round(report["DC"], 4)
    (0.5, 1.0, 0.6667, 0.3333)
    """
    ### BEGIN SOLUTION
    valid = (~broken.any(dim=-1)).double()
    kept = (~broken.gather(-1, named[..., None])[..., 0]).double()
    g = valid.mean().item()
    d = valid.gather(1, score.argmax(dim=1, keepdim=True)).mean().item()
    c = (valid.sum(dim=1) / kept.sum(dim=1).clamp(min=1)).mean().item()
    return {"G": g, "D": d, "C": c, "GD": d - g, "GC": c - g, "DC": d - c}
    ### END SOLUTION


# %% name="plot_gdc" slow=20
if trained and ready("gdc"):
    asked = latin.draw_questions(1000, seed=11)
    fig, axes = plots.figure(1, 3, width=9.6, height=3.2)
    for axis, (width, network) in zip(axes, networks.items(), strict=True):
        answers = fill_blanks(network.next_logits, asked.repeat_interleave(16, 0), BLANK, 12)
        broken = broken_lines(answers).view(1000, 16, LINES)
        score, named = network.score(answers).view(1000, 16), network.line_logits(answers).argmax(1).view(1000, 16)
        reports = {number: gdc(broken[:, :number], score[:, :number], named[:, :number]) for number in (1, 2, 4, 8, 12, 16)}
        for skill in "GDC":
            axis.plot(list(reports), [report[skill] for report in reports.values()], "o-", markersize=3, label=skill)
        axis.set(title=f"width {width}", xlabel="answers for each question, N", ylim=(-0.02, 1.02))
        hit = broken.gather(2, named[..., None]).sum() / broken.any(2).sum()
        print(f"width {width:2d}, N = 8: " + ", ".join(f"{key} {value:.3f}" for key, value in reports[8].items()) + f"; critic right on {hit:.2f} of flawed answers")
    axes[0].set_ylabel("validity")
    axes[0].legend()
    plots.show(fig, alt="Validity by generator, discriminator and critique against the number of answers, for widths 16, 32 and 64: the discriminator is above the "
               "critique at width 32")  # fmt: skip
    measured = True

# %% [markdown]
# **What you should see.** $D$ is far above $G$ at each width: choosing among 8 answers is easier than giving a right one. At width 32 $D$ and $C$ come apart:
# at $N = 8$ they are 0.28 and 0.24 (from 0.17 to 0.38 and from 0.12 to 0.30, if the digits are drawn in another way), and $DC$ is 0.04 (0.02 to 0.10). At width
# 64 it is 0.015 (0 to 0.04), with $D$ 0.74 (0.65 to 0.92). The critic of width 32 points at a real flaw in about 0.94 of the flawed answers (0.84 to 0.97), and
# that is the gap: an invalid answer among many that is not rejected counts against $C$, while the discriminator needs to be right about one answer only. At $N
# = 1$ nothing is chosen, so $D = G$; $C$ is $G$ too, because a rejected answer leaves nothing.
#
# ## Does the gap close with scale?
#
# Three networks are one training each, and another seed gives another gap. `latin.measured_gaps()` is a table of 8 runs at each of four widths, measured in the
# same way (`scripts/measure_critics.py` in the repository, 1,000 questions, N = 8).

# %% [markdown]
# ### gap_verdict
#
# Is the gap of the large networks smaller than that of the small ones, or is that the luck of the runs? The unit is the training run: a thousand more questions
# say nothing about another seed. Pair runs with the same number, and let $c_r$ be the gap at the larger width minus the gap at the smaller one in run $r$. If
# width makes no difference, each $c_r$ is as likely as $-c_r$. So the *sign-flip test* counts, over all $2^R$ ways to choose signs,
# $$p = 2^{-R} \, \#\Big\{ s \in \{-1, 1\}^R : \Big|\sum_r s_r c_r\Big| \geq \Big|\sum_r c_r\Big| \Big\}.$$
# To allow for rounding, two of these sizes count as equal if they differ by at most $10^{-9}$, however large or small they are. The verdict is `"no clear trend"` if $p > 0.05$, else `"closes"` if the mean change is below 0, else
# `"widens"`.

# %% exercise="gap_verdict"
def gap_verdict(
    width: Int[Tensor, "row"], gap: Float[Tensor, "row"], run: Int[Tensor, "row"], smaller: int, larger: int
) -> dict:
    """Whether the gap differs between two widths: a dict with `change` (mean over runs), `p` (floats) and `verdict` (a string).

    gap: float64.  The rows stand in any order, with at most one for a width and a run.  A run that lacks one of the two
    widths is left out; 1 to 10 runs have both.

    >>> width, run = torch.tensor([8, 8, 64, 64]), torch.tensor([0, 1, 1, 0])
    >>> gap_verdict(width, torch.tensor([0.5, 0.25, 0.25, 0.0], dtype=torch.float64), run, 8, 64)
    {'change': -0.25, 'p': 1.0, 'verdict': 'no clear trend'}
    """
    ### BEGIN SOLUTION
    found = dict(zip(zip(width.tolist(), run.tolist()), gap.tolist()))
    changes = [found[larger, r] - value for (w, r), value in found.items() if w == smaller and (larger, r) in found]
    flipped = [abs(sum(s * c for s, c in zip(signs, changes))) for signs in product((1, -1), repeat=len(changes))]
    p = sum(total >= abs(sum(changes)) - 1e-9 for total in flipped) / len(flipped)
    change = sum(changes) / len(changes)
    verdict = "no clear trend" if p > 0.05 else "closes" if change < 0 else "widens"
    return {"change": change, "p": p, "verdict": verdict}
    ### END SOLUTION


# %% name="plot_gap_against_width"
table = latin.measured_gaps()
if ready("gap_verdict"):
    gap = table.D - table.C
    fig, axes = plots.figure(1, 2, width=8.4, height=3.2)
    widths = table.width.unique().tolist()
    for axis, values, name in ((axes[0], table.D - table.G, "GD = D - G"), (axes[1], gap, "DC = D - C")):
        axis.plot(table.width * (1 + 0.02 * (table.run - 3.5)), values, "o", markersize=4, alpha=0.6)
        axis.plot(widths, [values[table.width == width].mean() for width in widths], color=plots.COLOURS[1])
        axis.axhline(0, color="grey", linewidth=0.8)
        axis.set(xscale="log", xlabel="width", ylabel="gap in validity", title=name)
        axis.set_xticks(widths, widths)
        axis.set_xticks([], minor=True)
    plots.show(fig, alt="Gaps between discriminator and generator, and between discriminator and critique, against width: the second has a hump at width 32")
    for smaller, larger in ((16, 32), (32, 128), (16, 128)):
        for name, runs in (("eight runs", table.run < 8), ("first three", table.run < 3)):
            found = gap_verdict(table.width[runs], gap[runs], table.run[runs], smaller, larger)
            print(f"DC from width {smaller:3d} to {larger:3d}, {name:11s}: change {found['change']:+.3f}, p = {found['p']:.4f}, {found['verdict']}")

# %% [markdown]
# **What you should see.** $GD$ grows up to 0.54 at width 64 and is still 0.39 at width 128. $DC$ has a hump: 0.02 at width 16, 0.06 at width 32, 0.02 at width
# 64, 0.001 at width 128. So the verdict depends on where you look: the gap *widens* from 16 to 32 and *closes* from 32 to 128, both with p = 0.0078, the
# smallest p that eight runs can give. Three runs show the same changes and decide nothing (p = 0.25).
#
# Two cautions. Whatever compares with width 16 compares with a network that can do hardly anything: one answer in 200 is valid, $D$ is 0.04, and $DC$ cannot be
# larger than $D$. So the hump's left side says little, and the smallest against the largest network (-0.016, again "closes" with p = 0.0078) is no evidence of
# catching up. Measured as a share of $D$ the gap only falls: 0.41 at width 16, 0.22 at 32, 0.02 at 64, 0.001 at 128. And width 32 was picked as the peak
# after a look at these very runs, which makes its p too good. Eight more runs (seeds 8 to 15),
# made after that choice for this comparison alone, repeat it: from 0.071 to 0.001, all eight down, p = 0.0078.
#
# The paper found no clear trend of critiques catching up with discrimination. Here they do catch up from width 32 on, and we would not call that a
# contradiction: our flaw is one line of four cells, and once the critic finds it nothing more has to be said. What is wrong with a summary is harder to put
# into one sentence that a person can check. That is a conjecture; this experiment does not test it.
#
# ## Do critiques help an evaluator?
#
# Now the evaluator. A *rater* looks for a flaw in an answer and has time for $m$ line checks; it finds the flaw if one of these lines is broken. Unassisted,
# it goes through the lines in an order of its own. Assisted, it checks first the line that the critic names. First a prediction.

# %% [markdown]
# ### found_by_chance
#
# A valid square gets one wrong cell. A rater checks two different lines, drawn at random from the eight. With which probability is at least one of the two
# broken? Return the number; two decimals are enough.

# %% answer="found_by_chance"
def found_by_chance() -> float:
    """Probability that two random lines out of eight show a single wrong cell."""
    ### BEGIN SOLUTION
    # The wrong cell breaks its row and its column: both checks miss with probability 6/8 * 5/7.
    return 1 - 6 / 8 * 5 / 7
    ### END SOLUTION


# %% [markdown]
# ### assisted
#
# Equal effort is what makes the comparison fair: reading the critique costs a check. So
#
# - *unassisted*, the rater checks the first $m$ lines of its order;
# - *assisted*, it checks the named line and then the first $m - 1$ *other* lines of its order.
#
# Both raters see the same answers, so take the difference answer by answer: $d_i$ is 1 if only the assisted rater finds a flaw in answer $i$, -1 if only the
# unassisted one does, else 0. Report its mean over the $n$ flawed answers and the standard error of this mean, $\sqrt{\sum_i (d_i - \bar d)^2 / (n - 1)} \,/
# \sqrt n$. Valid answers have no flaw to find and are left out of everything.

# %% exercise="assisted"
def assisted(
    broken: Bool[Tensor, "answer line"], named: Int[Tensor, "answer"], order: Int[Tensor, "answer line"], m: int
) -> dict[str, float]:
    """Shares of flawed answers in which a flaw is found: a dict of floats `unassisted`, `assisted`, `difference`, `error`.

    named: the critic's line for each answer.  order: each row holds all lines once, in the order in which the rater would
    check them.  m: checks for each answer, 1 to the number of lines.  At least two answers are flawed.

    >>> broken, order = torch.tensor([[False, True, False], [True, False, False]]), torch.tensor([[0, 2, 1], [0, 1, 2]])
    >>> report = assisted(broken, torch.tensor([1, 1]), order, m=2)
    >>> report["unassisted"], report["assisted"], report["difference"], report["error"]
    (0.5, 1.0, 0.5, 0.5)
    """
    ### BEGIN SOLUTION
    flawed = broken.any(dim=1)
    broken, named, order = broken[flawed], named[flawed, None], order[flawed]
    others = order[order != named].view(len(order), -1)
    helped = torch.cat([named, others], dim=1)
    alone, together = (broken.gather(1, lines[:, :m]).any(dim=1).double() for lines in (order, helped))
    gain = together - alone
    return {
        "unassisted": alone.mean().item(),
        "assisted": together.mean().item(),
        "difference": gain.mean().item(),
        "error": gain.std().item() / sqrt(len(gain)),
    }
    ### END SOLUTION


# %% [markdown]
# ### hardest_for_critic
#
# Helpful on average is not enough if somebody chooses the flaws. Suppose that the author of an answer knows the critic and may pick among $K$ candidates. It
# wants a *flawed* answer with as little critic probability as possible on the broken lines, all of them together:
# $$\min_k \sum_{l} p_k(l) \, [\text{line } l \text{ of candidate } k \text{ is broken}].$$
# Write `hardest_for_critic(broken, probability)`. It returns the number of that candidate for each question: the first one if several tie exactly (a smaller total
# wins, however small the difference: add up in the precision that you are given, or in float64), and -1 if no candidate is flawed.

# %% exercise="hardest_for_critic"
def hardest_for_critic(
    broken: Bool[Tensor, "question candidate line"], probability: Float[Tensor, "question candidate line"]
) -> Int[Tensor, "question"]:
    """The flawed candidate on whose broken lines the critic puts the least probability, int64; -1 where none is flawed.

    >>> broken = torch.tensor([[[True, False], [False, True]]])
    >>> hardest_for_critic(broken, torch.tensor([[[0.7, 0.3], [0.7, 0.3]]]))
    tensor([1])
    """
    ### BEGIN SOLUTION
    flawed = broken.any(dim=-1)
    noticed = (probability * broken).sum(dim=-1).masked_fill(~flawed, torch.inf)
    return torch.where(flawed.any(dim=1), noticed.argmin(dim=1), -1)
    ### END SOLUTION


# %% [markdown]
# Four kinds of flawed answers, a thousand each:
#
# - **own**: the network's own answers, as far as they are flawed;
# - **one cell**: a valid square with one random wrong cell;
# - **misleading**: two cells of one row exchanged, so that all rows look right and two columns are broken; and the rater has a habit that the author knows: it
# is four times as likely to pick a given row next as a given column;
# - **evading**: of the 48 ways to spoil one cell of a square, the one that your `hardest_for_critic` finds.

# %% name="answer_sets"
def rater_orders(count: int, *, row_weight: float = 1.0, seed: int) -> Tensor:
    """The order in which each of `count` raters would check the lines: int64 [count 8]."""
    weights = torch.tensor([row_weight] * 4 + [1.0] * 4).expand(count, LINES)
    return torch.multinomial(weights, LINES, generator=torch.Generator().manual_seed(seed))


def evading(probability_of, square: Tensor, rewrites=latin.rewrites) -> Tensor:
    """Flaws of valid squares [count 16], of one cell if not said otherwise, where `probability_of(answers)` [rows 8] is least on what is broken."""
    candidates = rewrites(square)
    flat = candidates.flatten(0, 1)
    shape = (len(square), -1, LINES)
    chosen = hardest_for_critic(broken_lines(flat).view(shape), probability_of(flat).view(shape))
    return candidates[torch.arange(len(square)), chosen]


def answer_sets(network: latin.ThreeHeads, seed: int) -> dict[str, tuple[Tensor, Tensor]]:
    """Answers [count 16] and the orders of their raters, by kind."""
    square = latin.draw_squares(1000, seed=seed)
    plain, habit = rater_orders(1000, seed=seed + 1), rater_orders(1000, row_weight=4, seed=seed + 2)
    return {
        "own": (fill_blanks(network.next_logits, latin.draw_questions(1000, seed=seed + 3), BLANK, seed + 4), plain),
        "one cell": (latin.one_cell_flaws(square, seed=seed + 5), plain),
        "misleading": (latin.row_swaps(square, seed=seed + 6), habit),
        "evading": (evading(lambda answers: network.line_logits(answers).softmax(1), square), plain),
    }


# %% name="plot_assistance" slow=30
if trained and ready("found_by_chance", "assisted", "hardest_for_critic"):
    sets = {width: answer_sets(network, 21) for width, network in networks.items()}
    reports = {}
    for width, network in networks.items():
        for kind, (answers, order) in sets[width].items():
            broken, named = broken_lines(answers), network.line_logits(answers).argmax(1)
            reports[width, kind] = [assisted(broken, named, order, m) for m in range(1, LINES + 1)]
    fig, axes = plots.figure(1, 3, width=9.6, height=3.2)
    for axis, key in zip(axes, ((64, "own"), (64, "misleading"), (16, "evading")), strict=True):
        for arm, style in (("unassisted", "o--"), ("assisted", "o-")):
            axis.plot(range(1, LINES + 1), [report[arm] for report in reports[key]], style, markersize=3, label=arm)
        axis.set(title=f"width {key[0]}, {key[1]} answers", xlabel="line checks, m", ylim=(0, 1.03))
    axes[0].set_ylabel("share of flawed answers found")
    axes[0].legend()
    plots.show(fig, alt="Flaws found against line checks with and without critiques: assistance wins on own and misleading answers at width 64 and loses on "
               "evading answers at width 16; all curves meet at eight checks")  # fmt: skip
    for key in ((64, "own"), (64, "misleading"), (16, "evading")):
        one, two = reports[key][:2]
        print(f"width {key[0]}, {key[1]:10s}: one check {one['unassisted']:.2f} -> {one['assisted']:.2f}, two checks {two['unassisted']:.2f} -> {two['assisted']:.2f}")
    print(f"one wrong cell, two checks, unassisted: predicted {found_by_chance():.3f}, measured {reports[16, 'one cell'][1]['unassisted']:.3f}")
    probed = True

# %% [markdown]
# **What you should see.** Assisted raters of the width-64 network need a single check: 0.98 to 1.00 of the own flawed answers and of the misleading ones are
# found with $m = 1$, against 0.39 (0.30 to 0.46) and 0.12 (0.08 to 0.16) unassisted. With all eight lines checked the curves meet at 1: whoever has time to
# check everything needs no critic. On the right the curves are the wrong way round: every square has a flaw at which the critic does not point, so with one
# check the assisted rater finds nothing. The share that you predicted and the measured one agree within two standard errors (0.03).

# %% name="plot_differences" slow=20
if probed:
    fig, axis = plots.figure(width=7.6, height=3.6)
    kinds = ("own", "one cell", "misleading", "evading")
    for number, width in enumerate(networks):
        rows = [reports[width, kind][1] for kind in kinds]
        place = [kinds.index(kind) + 0.2 * (number - 1) for kind in kinds]
        axis.errorbar(place, [row["difference"] for row in rows], yerr=[1.96 * row["error"] for row in rows], fmt="osD"[number], markersize=4, label=f"width {width}")
        print(f"width {width:2d}: " + "; ".join(f"{kind} {r['unassisted']:.2f} -> {r['assisted']:.2f} ({r['difference']:+.3f} +- {1.96 * r['error']:.3f})" for kind, r in zip(kinds, rows, strict=True)))
    axis.axhline(0, color="grey", linewidth=0.8)
    axis.set_xticks(range(4), kinds)
    axis.set(ylabel="found with critique minus without", title="two checks for each answer, 95 % paired intervals")
    axis.legend()
    plots.show(fig, alt="Difference that critiques make at two checks, by kind of answer and width, with intervals: positive except for evading answers")

# %% [markdown]
# **What you should see.** At two checks the critique helps on own, one-cell and misleading answers at every width, and each interval lies above 0. Misleading
# answers are found in 0.23 of cases unassisted (0.19 to 0.26), and in 0.90 to 1.00 assisted. (The paper's deliberately misleading summaries: 27 ± 5 % and 45 ±
# 5 %.) Such flaws were in the critic's training, so this is a friendly case.
#
# On the evading answers the width-16 critic does harm: 0.45 unassisted, 0.27 assisted, a difference of -0.18 (-0.24 to -0.12). The rater spends one of two
# checks on a line that was chosen to be whole. At width 64 no one-cell flaw escapes the critic. Width 32 lies between, and another training moves it by 0.2: do
# not read anything into its sign. The paper says of its own models that they do not make for robust discriminators (caption of Figure 13).
#
# The obvious reply is to ask more raters. Five raters with two checks each look at the same evading answers of the width-16 critic, and an answer is caught if
# any of them finds a broken line. Unassisted they start in five places; assisted they all begin with the same critique.

# %% name="five_raters"
def caught(broken: Tensor, named: Tensor, raters: int, seed: int) -> tuple[Tensor, Tensor]:
    """Whether any rater with two checks finds a flaw, unassisted and assisted: bool [answer] each."""
    alone = together = torch.zeros(len(broken), dtype=torch.bool)
    for rater in range(raters):
        first, second = rater_orders(len(broken), seed=seed + rater)[:, :2].T
        other = torch.where(first == named, second, first)
        looked = [broken.gather(1, line[:, None])[:, 0] for line in (first, second, named, other)]
        alone, together = alone | looked[0] | looked[1], together | looked[2] | looked[3]
    return alone, together


if probed:
    for width, kind in ((64, "own"), (16, "evading")):
        broken, named = broken_lines(sets[width][kind][0]), networks[width].line_logits(sets[width][kind][0]).argmax(1)
        broken, named = broken[broken.any(1)], named[broken.any(1)]
        for raters in (1, 2, 5):
            alone, together = caught(broken, named, raters, seed=40)
            gain = paired_bootstrap(together, alone, seed=0)
            print(f"width {width}, {kind:8s} {raters} rater(s): unassisted {alone.double().mean():.3f}, assisted {together.double().mean():.3f}, "
                  f"difference {gain.estimate:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]")  # fmt: skip

# %% [markdown]
# **What you should see.** On own answers of width 64, one assisted rater (0.99) does better than five unassisted ones (0.98, 0.95 to 0.99). On the evading
# answers asking more people does not repair the critique: five unassisted raters catch 0.96 (0.92 to 0.98), five assisted ones 0.80 (0.74 to 0.88), with an
# interval below 0. Their errors are no longer independent, because all of them were sent to the same place. A repeated judge averages out its own slips, not
# the critic's.
#
# ## From critique to a better answer
#
# In the paper critiques also help the model to refine its answers (abstract). Here: blank the free cells of one line and let the generator fill them again, three
# times, and compare with two controls: a random line instead of the critic's, and a whole new answer.

# %% name="refine" slow=20
def refined(network: latin.ThreeHeads, asked: Tensor, answers: Tensor, choose_line, rounds: int = 3) -> Tensor:
    """Answers after some rounds in which the free cells of the chosen line of each flawed answer are drawn again."""
    numbers = torch.arange(16)
    for turn in range(rounds):
        line = choose_line(answers, turn)[:, None]
        inside = torch.where(line < 4, numbers // 4 == line, numbers % 4 == line - 4)
        redrawn = inside & (asked == BLANK) & broken_lines(answers).gather(1, line)
        answers = fill_blanks(network.next_logits, answers.masked_fill(redrawn, BLANK), BLANK, 60 + turn)
    return answers


if trained:
    for width in (32, 64):
        network, asked = networks[width], latin.draw_questions(1000, seed=51)
        before = fill_blanks(network.next_logits, asked, BLANK, 52)
        flawed = broken_lines(before).any(1)
        rules = {
            "critic's line": lambda answers, turn: network.line_logits(answers).argmax(1),  # noqa: B023
            "random line": lambda answers, turn: torch.randint(LINES, (len(answers),), generator=torch.Generator().manual_seed(turn)),
        }
        repaired = {name: refined(network, asked, before, rule) for name, rule in rules.items()}
        repaired["new answer"] = fill_blanks(network.next_logits, asked, BLANK, 53)
        shares = {name: (~broken_lines(after).any(1))[flawed].double().mean() for name, after in repaired.items()}
        print(f"width {width}: of {int(flawed.sum())} flawed answers repaired by " + ", ".join(f"{name} {share:.3f}" for name, share in shares.items()))

# %% [markdown]
# **What you should see.** The critic's line repairs more than twice as many answers as a random line: 0.16 against 0.06 at width 64 (0.12 to 0.24 against 0.04 to
# 0.10), 0.05 against 0.02 at width 32 (0.04 to 0.09 against 0.01 to 0.04; few are repaired there, so the factor is anywhere from 1.7 to 5). But a whole new answer, which costs no critique, is valid in 0.18 of these cases at width 64 (0.14 to 0.33), and
# at width 32 about as often as the critic's repair. So critiques guide the repair, and here they are no better than asking again. A comparison with resampling
# belongs beside every claim about refinement.
#
# ## Extend it: a critic that is harder to evade
#
# A *protocol* turns answers into probabilities over lines, from which the named line is drawn. `protocol_trial` measures one on 1,000 answers of each kind and
# returns the share found with two checks, without the critique and with it:
#
# - **own**: the network's own answers, as far as they are flawed;
# - **evading**: chosen against the plain critic of the network;
# - **adapted**: chosen against the protocol itself, among the same flaws of one cell (the first of them where nothing escapes it);
# - **two cells**: chosen against the protocol itself, among all ways to rewrite one or two cells (200 squares).

# %% name="protocol_trial"
def two_cell_rewrites(square: Tensor) -> Tensor:
    """Every way to rewrite two cells: int64 [count 1920 16]; those that change one cell or none are among them."""
    first, second = torch.combinations(torch.arange(16)).repeat_interleave(16, 0).T
    number = torch.arange(len(first))
    changed = square[:, None].repeat(1, len(number), 1)
    changed[:, number, first], changed[:, number, second] = number % 4, number // 4 % 4
    return changed


def protocol_trial(network: latin.ThreeHeads, protocol, seed: int) -> dict[str, tuple[float, float]]:
    """Shares of each kind found with two checks, (unassisted, assisted); the line is drawn from `protocol(network, answers)`, [rows 8].

    seed: of the squares, the raters and the draws.  It trains nothing anew.
    """
    square, order = latin.draw_squares(1000, seed=seed), rater_orders(1000, seed=seed + 1)

    def used(answers):
        return protocol(network, answers)

    kinds = {
        "own": fill_blanks(network.next_logits, latin.draw_questions(1000, seed=seed + 2), BLANK, seed + 3),
        "evading": evading(lambda answers: network.line_logits(answers).softmax(1), square),
        "adapted": evading(used, square),
        "two cells": torch.cat([evading(used, some, two_cell_rewrites) for some in square[:200].split(50)]),
    }
    found = {}
    for kind, answers in kinds.items():
        named = torch.multinomial(used(answers), 1, generator=torch.Generator().manual_seed(seed))[:, 0]
        report = assisted(broken_lines(answers), named, order[: len(answers)], 2)
        found[kind] = report["unassisted"], report["assisted"]
    return found


def plain_critic(network: latin.ThreeHeads, answers: Tensor) -> Tensor:
    """All probability on the line that the critic finds most likely."""
    return torch.nn.functional.one_hot(network.line_logits(answers).argmax(1), LINES).float()


def sampled_critic(network: latin.ThreeHeads, answers: Tensor) -> Tensor:
    """The line is drawn from the critic's own probabilities."""
    return network.line_logits(answers).softmax(1)


# %% [markdown]
# Put a protocol of your own in the next cell. It starts with a simple one, a random line in half of the cases, and runs on three networks of width 16, trained
# with different seeds: another `seed` of the trial redraws squares and raters, but only another training shows whether a result was the luck of one network.
# With this protocol the cell takes about as long as the first training; one that asks the critic a dozen times takes twice as long or more.

# %% name="my_protocol" slow=60
def my_protocol(network: latin.ThreeHeads, answers: Tensor) -> Tensor:
    """Yours: change this one, and train other networks for it where you need them."""
    return 0.5 * sampled_critic(network, answers) + 0.5 / LINES


if probed:
    others = {seed: latin.train_three_heads(16, **parts, seed=seed) for seed in (504, 505)}
    for training, network in {503: networks[16], **others}.items():
        for protocol in (plain_critic, my_protocol):
            trial = protocol_trial(network, protocol, seed=71)
            print(f"training {training}, {protocol.__name__:12s}: " + ", ".join(f"{kind} {alone:.2f} -> {helped:.2f}" for kind, (alone, helped) in trial.items()))

# %% [markdown]
# **What you should see.** The plain critic does harm wherever flaws are chosen: with it 0.28 of the evading and of the adapted ones are found (0.24 to 0.35)
# and 0.34 of those of two cells (0.29 to 0.48); without it 0.46 (0.42 to 0.51) and 0.53 (0.43 to 0.67), for only 200 squares are rewritten in two cells. On own
# answers it gives 0.90 to 0.98 for 0.85 to 0.92.
# Mixing only dilutes both, the harm and the help: 0.43 of the evading ones are found (0.37 to 0.49), and 0.86 to 0.94 of the own.

# %% [markdown]
# ### report
#
# Design a protocol of your own for the width-16 critic and run it in the cell above on three trained networks at least. Ideas: mix in other lines in another
# way; let critics trained with different seeds vote (then train three sets of voters); train a critic further on evading answers. This last idea *works* on
# flaws of one cell, and is not the only one that does: 0.98 and more are found, adapted ones included, on squares that this training never saw too. If you take
# it, look at the two-cell author and say why 0.98 is no answer.
#
# Then write 150 to 300 words:
#
# 1. what you tried and why, on which trained networks (3 points);
# 2. what it finds of the evading answers and what it costs on the own answers, each against the plain critic and against no critic, which finds about 0.46 and
# 0.85 to 0.92 (2 points);
# 3. what is left when the author adapts to your protocol, with one cell and with two, and how far your trainings differ in this (3 points). Compare with the share
# without critique that is printed beside it: other protocols meet other answers, so it is not the one of the plain critic;
# 4. what all of this says, and does not say, about critiques by language models (2 points).
#
# A protocol that fails, reported well, is a full answer.

# %% [markdown] rubric="report"
# I let three critics of width 16, trained with different seeds, point together: the line with the largest sum of their log probabilities is named. My reason:
# an evading author looks for a blind spot of one critic, and the blind spots of three trainings should differ; a sum of logs lets one critic that is sure that
# a line is whole outvote two that are not sure.
#
# Three votes of three networks each (training seeds 503 to 511), mean of the trial seeds 71 and 72, two checks:
#
# | | own | evading | adapted | two cells |
# |---|---|---|---|---|
# | no critic | .91 .86 .86 | .46 .48 .45 | .44 .46 .46 | .53 .48 .52 |
# | plain critic | .94 .92 .94 | .28 .28 .28 | .28 .28 .29 | .33 .36 .34 |
# | vote | .97 .96 .96 | .46 1.0 1.0 | .27 1.0 .53 | .33 .31 .33 |
#
# On own answers the vote costs nothing. Of the flaws chosen for one critic two votes find all, and one helps nobody. After adaptation one vote stands, one is
# hardly better than no critic, one as bad as the plain critic. The trial seeds agree within .05 each time, so this is the luck of the training: from the second
# vote alone I would have reported a solution. With two cells, 1,128 candidates instead of 48, all three do harm. (There, and under "adapted", the first
# row is for the flaws chosen against the vote.)
#
# What carries over: test assistance on flaws that were chosen against it, again after the defence is known, with a stronger search, and on several trainings.
# What does not: here every critique is verified exactly with four readings, every flaw is local, and trainings are cheap and differ. Language models trained
# on the same text may share their blind spots, and a person can believe a wrong critique, which this judge cannot.

# %% [markdown]
# ## What was replicated
#
# | claim | paper | here |
# |---|---|---|
# | critiques help to find flaws | about 50 % more critiques written with help (text) | own answers, width 64, one check: 0.39 to 0.99 |
# | misleading answers | found 27 ± 5 % -> 45 ± 5 % (text) | 0.23 -> 1.00 at two checks |
# | critique against discrimination | no clear trend of catching up (contribution 4, section 5) | gap 0.06 at width 32, 0.001 at width 128: **closes** (at width 16 there is too little to tell apart) |
# | critiques help refinement | yes (abstract) | better than a random line; **not better than a new answer** |
# | where it fails | not a robust discriminator (Figure 13, caption) | flaws chosen to evade the critic, width 16: -0.18 at two checks |
#
# The levels must not be compared: people, summaries and language models on one side, a rule that reads four cells on the other. What can be compared is the
# shape of each comparison: equal effort, the same answers in both arms, and an adversary who knows the critic.
#
# ## Sources
#
# Saunders, Yeh, Wu, Bills, Ouyang, Ward, Leike 2022, *Self-critiquing models for assisting human evaluators*, arXiv 2206.05802.
