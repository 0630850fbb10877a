# %% [markdown]
# # Iterated amplification
#
# You want a network to answer questions that you cannot answer yourself. All you have is an expert who knows *one
# step*, and who can split a question into two smaller ones. Let the expert put the smaller questions to copies of the
# network, train the network to give the combined answer at once, and repeat. Does the network learn what nobody ever
# showed it, and what becomes of the expert's mistakes on the way?
#
# **You will be able to** write amplification for two tasks; train by distillation from a slow copy of the learner;
# hold tasks out by their content; compute what knowing nothing scores, and a metric on which it scores near nothing;
# and measure which of an expert's errors a learner takes over.
#
# **The claim.** Christiano, Shlegeris and Amodei 2018, *Supervising strong learners by amplifying weak experts*: on five
# algorithmic tasks, iterated amplification solves the task "with at worst a modest slowdown" against supervised
# learning on true labels (section 4.2), without seeing one. The expert H is a short hand-written algorithm (section 4.1).
#
# **What we shrank.** The paper powers permutations of 64 elements, up to the 64th power (section 4.1), with a transformer, and a
# second network that learns to imitate the expert. Here permutations have 7 elements and powers are 1, 2 and 4; the
# network has two layers; the expert itself is asked. The claim survives, as it is about where the labels come from: nobody
# states a second or fourth power in training, here as there. The fixed size makes the floor high, so you compute it.
#
# **Time** about 4 hours. **Before this** you need PyTorch, and a transformer that you have seen from inside (unit 101).
#
# Stuck? `hint("trivial_floor")` in a cell of your own gives the first of an exercise's three hints, and then the next.

# %%
import hashlib
import itertools
from collections.abc import Callable

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from firsthand import check, hint, ready, solution, use_unit
from firsthand.kit import plots

use_unit("505_iterated_amplification")

# %% [markdown]
# ## The task, and what knowing nothing scores
#
# A permutation $\sigma$ of N elements is a row `p` of the numbers 0 to N - 1: `p[x]` is $\sigma(x)$. A question is a pair
# $(\sigma, k)$; its answer is the whole row $\sigma^k(0), \ldots, \sigma^k(N-1)$. Two functions are given. `power` is the
# truth: use it to *evaluate*, and to train the one arm that is allowed labels.

# %% name="permutations"
N, POWERS = 7, (1, 2, 4)


def permutations(n: int, size: int, generator: torch.Generator) -> Int[Tensor, "n size"]:
    """n random permutations of 0 to size - 1, one in each row."""
    return torch.rand(n, size, generator=generator).argsort(1)


def power(p: Int[Tensor, "b n"], k: Int[Tensor, "b"]) -> Int[Tensor, "b n"]:
    """sigma^k at every element, by k single steps; row b has the power k[b], 0 or more."""
    reached = torch.arange(p.shape[1]).expand_as(p)
    for step in range(int(k.max())):
        reached = torch.where((k > step)[:, None], p.gather(1, reached), reached)
    return reached


some = permutations(2, N, torch.Generator().manual_seed(0))
for k in POWERS:
    print(f"k = {k}:", power(some, torch.tensor([k, k])).tolist())

# %% [markdown]
# ### trivial_floor
#
# Whoever answers $x$ to "what is $\sigma^k(x)$?" is sometimes right: an element on a cycle of length L is back where it
# began after k steps if L divides k. In a uniformly random permutation of N elements, the cycle that holds a given element
# has each length 1, 2, ..., N with the same probability.
#
# Write the expected accuracy of "answer x" over uniformly random permutations, exactly: no sampling. Every length divides
# 0.

# %% exercise="trivial_floor"
def trivial_floor(n: int, k: int) -> float:
    """Probability that sigma^k(x) = x, for a random permutation of n elements.

    n: 1 or more, hundreds too (too many to list).   k: 0 or more.   Returns a float from 0 to 1, for every k.

    >>> trivial_floor(6, 1), trivial_floor(6, 2), trivial_floor(6, 4), trivial_floor(6, 6)
    (0.16666666666666666, 0.3333333333333333, 0.5, 0.6666666666666666)
    """
    ### BEGIN SOLUTION
    return sum(k % length == 0 for length in range(1, n + 1)) / n
    ### END SOLUTION

# %% [markdown]
# ### moved_accuracy
#
# So a learner that knows nothing about powers can score 0.43 at N = 7, k = 4. Do not let it: count only the items that
# *move*, those with $\sigma^k(x) \ne x$. "Answer x" then scores 0.
#
# `truth` holds $\sigma^k$; row b, column x is about element x. Pool the items of all rows: a row with many moved items
# counts for more. If nothing moves, there is no accuracy: return `float("nan")`.

# %% exercise="moved_accuracy"
def moved_accuracy(pred: Int[Tensor, "b n"], truth: Int[Tensor, "b n"]) -> float:
    """Share of right answers among the items whose true answer is not the item itself.

    Returns a float, no tensor, and does not round it; nan when no item moves.

    >>> truth = torch.tensor([[1, 0, 2]])        # item 2 does not move
    >>> moved_accuracy(torch.tensor([[1, 1, 2]]), truth)
    0.5
    """
    ### BEGIN SOLUTION
    moved = truth != torch.arange(truth.shape[1])
    if not moved.any():
        return float("nan")
    return (pred == truth)[moved].double().mean().item()
    ### END SOLUTION

# %% [markdown]
# ### held_out
#
# There are only 5,040 permutations of 7 elements, and training draws tens of thousands of rows. Without care every test
# permutation has been trained on. Hold out by *content*: whether a permutation is held out depends on nothing but the
# permutation itself and a number `salt`, so that equal rows are always on the same side, in any batch, at any place, on
# any day.
#
# Write `held_out(p, share, salt)`: True for about the share `share` of all permutations (over the 5,040 of seven elements,
# within what chance allows an independent coin for each, for a share of 0.001 too). The side must tell nothing about the
# permutation (holding out all with `p[0] == 0` would test on a sub-family) and nothing about another permutation, however
# similar or related (its inverse, say); and two salts, 0 among them, give two unrelated splits. The shares 0 and 1 are exact: nothing,
# and everything. A hash does all of this: `hashlib` is imported.

# %% exercise="held_out"
def held_out(p: Int[Tensor, "b n"], share: float, salt: int) -> Bool[Tensor, "b"]:
    """Which rows belong to the test set: a fixed pseudo-random choice by content.

    p: permutations, int64, of any length (12 elements too).   share: from 0 (none) to 1 (all).   salt: an int, 0 or more, that names the split.

    >>> rows = torch.tensor([[1, 2, 0], [1, 2, 0]])
    >>> flags = held_out(rows, 0.5, salt=3)
    >>> flags.dtype, bool(flags[0] == flags[1])
    (torch.bool, True)
    """
    ### BEGIN SOLUTION
    flags = []
    for row in p.tolist():
        digest = hashlib.sha256(repr((salt, row)).encode()).digest()
        flags.append(int.from_bytes(digest[:8], "big") / 2**64 < share)
    return torch.tensor(flags, dtype=torch.bool)
    ### END SOLUTION

# %% [markdown]
# Now the floors, measured on held-out permutations. Two answerers know nothing about powers: one answers x, the other
# $\sigma(x)$, whatever k is.

# %% name="plot_floors"
SHARE, SALT = 0.2, 505


def split() -> dict[str, Int[Tensor, "n 7"]]:
    """All 5,040 permutations, on two sides: "train" and "test"."""
    every = torch.tensor(list(itertools.permutations(range(N))))
    tests = held_out(every, SHARE, SALT)
    return {"train": every[~tests], "test": every[tests]}


def rows_of(side: Int[Tensor, "m 7"], n: int, generator: torch.Generator) -> Int[Tensor, "n 7"]:
    """n random permutations of one side."""
    return side[torch.randint(len(side), (n,), generator=generator)]


if ready("trivial_floor", "moved_accuracy", "held_out"):
    sides = split()
    print({name: len(side) for name, side in sides.items()})
    probe = rows_of(sides["test"], 400, torch.Generator().manual_seed(1))
    fig, axes = plots.figure(1, 2, width=8, height=3.2)
    every_k = list(range(1, 9))
    stay = torch.arange(N).expand_as(probe)
    for name, answer, marker in (("answer x", stay, "o"), ("answer $\\sigma(x)$", probe, "s")):
        truths = [power(probe, torch.full((len(probe),), k)) for k in every_k]
        axes[0].plot(every_k, [(answer == t).double().mean() for t in truths], marker=marker, label=name)
        axes[1].plot(every_k, [moved_accuracy(answer, t) for t in truths], marker=marker, label=name)
    floors = [trivial_floor(N, k) for k in every_k]
    axes[0].plot(every_k, floors, "k_", markersize=14, label="trivial_floor")
    for axis, title in zip(axes, ("all items", "moved items"), strict=True):
        axis.set(xlabel="k", ylabel="accuracy", title=title, ylim=(-0.05, 1.05), xticks=every_k)
        axis.legend(fontsize=8)
    plots.show(fig, alt="Accuracy against k of two answerers who know nothing of powers: answer x reaches 0.57 on all items and is 0 on moved items.")

# %% [markdown]
# **What you should see.** On all items "answer x" sits on your floor within 0.03: 0.14, 0.29, 0.43 at k = 1, 2, 4, and 0.57
# at k = 6. On moved items it is 0. "Answer $\sigma(x)$" knows one step: it is perfect at k = 1, and on moved items at k =
# 2 to 4 it scores 0 to 0.3. Beyond, it rises now and then: $\sigma^k(x) = \sigma(x)$ where the cycle's length divides k - 1. At k = 7
# an item moves if its cycle has one of the five lengths 2 to 6, and three of the five (2, 3 and 6) divide k - 1 = 6: so the line comes near 0.6 without
# knowing more. At the powers asked for here, 2 and 4, it stays low. From here on accuracy means accuracy on moved items of held-out permutations.
#
# ## Amplification

# %% [markdown]
# ### amplify
#
# The expert H knows one step, `look(p)`: the row of $\sigma(x)$ as H reads it. It can be wrong, and you will make it so. To
# a question with k > 1 it has a plan, the same for every k: ask the learner X for $\sigma^{\lfloor k/2 \rfloor}(x)$, then
# ask X for $\sigma^{k - \lfloor k/2 \rfloor}$ *at that answer*. (The authors' published code asks twice for the power $\lfloor k/2
# \rfloor$ and then once more for a single step when k is odd; two questions do the same here.)
#
# X comes as `answer(p, k)`, which gives X's answer for every element, `[b n]`. So "asking at y" is looking up column y of
# the second reply. One call answers a whole batch:
#
# - rows with k = 1: H's own look-up; X is not asked;
# - rows with k > 1: two calls of `answer` for all these rows together, and only these rows (one that occurs twice is asked about twice); no call if there are none.
#
# The rule about calls is for `answer`. Whether `look` reads these rows alone or the whole batch does not matter, as long as what it says about the others is not used.
# It may return `p` itself: do not write into its result.
#
# H knows one step and no more. The smaller powers come from X, right or wrong: do not compute them from `p`, and do not
# take the question apart further yourself.

# %% exercise="amplify"
def amplify(
    answer: Callable, look: Callable, p: Int[Tensor, "b n"], k: Int[Tensor, "b"]
) -> Int[Tensor, "b n"]:
    """Answers of the expert who may put two smaller questions to the learner.

    answer: (p [m n], k [m]) -> [m n], the learner.   look: p [m n] -> [m n], the expert's single step.
    k: 1 or more, may differ from row to row.

    >>> p = torch.tensor([[1, 2, 0]])
    >>> amplify(power, lambda p: p, p, torch.tensor([2]))       # a learner that is always right
    tensor([[2, 0, 1]])
    """
    ### BEGIN SOLUTION
    result = torch.empty_like(p)
    hard = k > 1
    if not hard.all():
        result[~hard] = look(p[~hard])
    if hard.any():
        half = k[hard] // 2
        first = answer(p[hard], half)
        second = answer(p[hard], k[hard] - half)
        result[hard] = second.gather(1, first)
    return result
    ### END SOLUTION

# %% [markdown]
# ### amplify_distance
#
# The same idea fits another task of the paper, shortest paths. The weight of the edge from i to j is `w[b, i, j]` (infinite
# where there is none; directed; the diagonal may hold anything, numbers below 0 and nan too, since staying is free). A question asks for the length of
# the shortest path from i to j with **at most** L edges, for all pairs at once.
#
# For L = 1 H knows: `w`, with 0 on the diagonal. For L > 1 it asks the learner about $\lfloor L/2 \rfloor$ and $L - \lfloor
# L/2 \rfloor$ edges and takes the best midpoint:
# $$d_L(i, j) = \min_m \big(d_{\lfloor L/2 \rfloor}(i, m) + d_{L - \lfloor L/2 \rfloor}(m, j)\big).$$
# Calls as before: two for the rows with L > 1 together, none for the others. The midpoint m may be any vertex, i and j among
# them with the rows of `w` as they are, and the replies are used as they come, diagonal included: they may be wrong.

# %% exercise="amplify_distance"
def amplify_distance(
    answer: Callable, w: Float[Tensor, "b n n"], length: Int[Tensor, "b"]
) -> Float[Tensor, "b n n"]:
    """Path lengths of the expert who may put two smaller questions to the learner.

    answer: (w [m n n], length [m]) -> [m n n].   w: edge weights >= 0, inf for no edge.   length: most edges, 1 or more.

    >>> inf = float("inf")
    >>> w = torch.tensor([[[inf, 1, inf], [inf, inf, 2], [inf, inf, inf]]])
    >>> one_edge = lambda w, length: amplify_distance(None, w, torch.ones_like(length))
    >>> amplify_distance(one_edge, w, torch.tensor([2]))[0, 0]
    tensor([0., 1., 3.])
    """
    ### BEGIN SOLUTION
    result = w.clone()
    result.diagonal(dim1=1, dim2=2).zero_()
    hard = length > 1
    if hard.any():
        half = length[hard] // 2
        first = answer(w[hard], half)
        second = answer(w[hard], length[hard] - half)
        result[hard] = (first[:, :, :, None] + second[:, None]).amin(2)
    return result
    ### END SOLUTION

# %% [markdown]
# Iteration without learning: let round 0 be a learner that knows single edges only, and let the learner of round r + 1 give
# the answers of the expert who is helped by the learner of round r (a perfect distillation). The plot counts right pairs.

# %% name="plot_rounds"
def after_rounds(rounds: int, w: Float[Tensor, "b n n"], length: Int[Tensor, "b"]) -> Float[Tensor, "b n n"]:
    """What a learner knows after so many rounds of amplification and perfect distillation."""
    if rounds == 0:
        return amplify_distance(None, w, torch.ones_like(length))
    return amplify_distance(lambda w, length: after_rounds(rounds - 1, w, length), w, length)


if ready("amplify_distance"):
    chance = torch.rand(60, 12, 12, generator=torch.Generator().manual_seed(2))
    weights = torch.where(chance < 0.12, 1.0, float("inf"))
    curves = {}
    for edges in (2, 4, 8):
        asked = torch.full((len(weights),), edges)
        truth = after_rounds(8, weights, asked)
        longer = truth.isfinite() & (truth > 1)  # pairs that one edge does not settle
        known = [(after_rounds(r, weights, asked) == truth)[longer].double().mean().item() for r in range(5)]
        curves[f"at most {edges} edges"] = (range(5), known)
    fig = plots.curves({"pairs more than one edge apart": curves}, xlabel="rounds of amplification")
    fig.axes[0].set(ylabel="share of right distances", ylim=(-0.05, 1.05))
    plots.show(fig, alt="Share of right distances against rounds: 2 edges need one round, 4 need two, 8 need three.")

# %% [markdown]
# **What you should see.** All lines begin at 0. The line of 2 edges reaches 1 after one round, that of 4 after two, that of 8
# after three: each round doubles what the learner knows. After one round the longer questions are partly right, as many of
# their paths are short.
#
# ## Distillation
#
# The learner X is a small transformer without a causal mask. Token x is the sum of embeddings of x, of $\sigma(x)$ and of k;
# its output is a distribution over the elements, X's answer for $\sigma^k(x)$. One pass answers all of $\sigma^k$.

# %% name="network"
class Layer(nn.Module):
    """Attention among all elements, then an MLP; both read a layer norm and add to the stream."""

    def __init__(self, width: int, heads: int = 2) -> None:
        super().__init__()
        self.heads = heads
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))

    def forward(self, x: Float[Tensor, "b n width"]) -> Float[Tensor, "b n width"]:
        b, n, width = x.shape
        parts = self.qkv(self.norm_1(x)).view(b, n, 3, self.heads, width // self.heads)
        mixed = F.scaled_dot_product_attention(*parts.permute(2, 0, 3, 1, 4))
        x = x + self.out(mixed.transpose(1, 2).reshape(b, n, width))
        return x + self.mlp(self.norm_2(x))


class PermutationTransformer(nn.Module):
    """Logits [b n n] of sigma^k at every element, from p [b n] and k [b] (powers up to 16)."""

    def __init__(self, size: int, width: int = 48, layers: int = 2) -> None:
        super().__init__()
        self.element, self.image = nn.Embedding(size, width), nn.Embedding(size, width)
        self.power = nn.Embedding(17, width)
        self.layers = nn.Sequential(*(Layer(width) for _ in range(layers)))
        self.norm, self.unembed = nn.LayerNorm(width), nn.Linear(width, size)

    def forward(self, p: Int[Tensor, "b n"], k: Int[Tensor, "b"]) -> Float[Tensor, "b n n"]:
        tokens = self.element.weight + self.image(p) + self.power(k)[:, None]
        return self.unembed(self.norm(self.layers(tokens)))


class Learner:
    """Two copies of a network that start equal: `fast` is what `optimiser` trains, `slow` trails behind it."""

    def __init__(self, size: int, seed: int, *, width: int = 48, learning_rate: float = 4e-3) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.fast = PermutationTransformer(size, width)
        self.slow = PermutationTransformer(size, width)
        self.slow.load_state_dict(self.fast.state_dict())
        self.optimiser = torch.optim.AdamW(self.fast.parameters(), lr=learning_rate, fused=True)

# %% [markdown]
# ### ema_update
#
# The learner is its own teacher's source: if it swings, so do its targets. So the sub-questions go to a slow copy, an
# exponential moving average of the trained weights. (The authors' published code does the same, with a horizon of 1,000 updates.)
#
# Write one update, for state dicts: $\text{new} = r \cdot \text{slow} + (1 - r) \cdot \text{fast}$ for floating-point tensors (of any precision); any
# other tensor (a counter, say) is a copy of the fast one. Return a new dict. Neither argument changes, and no tensor of the
# result shares memory with one of theirs: `fast` moves on, your copy must not. The result carries no gradients.

# %% exercise="ema_update"
def ema_update(slow: dict[str, Tensor], fast: dict[str, Tensor], rate: float) -> dict[str, Tensor]:
    """One step of an exponential moving average of weights, as a new state dict.

    slow, fast: tensors by name, the same names in both.   rate: 0 (take fast) to 1 (keep slow).

    >>> ema_update({"w": torch.tensor([1.0])}, {"w": torch.tensor([0.0])}, 0.75)
    {'w': tensor([0.7500])}
    """
    ### BEGIN SOLUTION
    mixed = {}
    for name, tensor in fast.items():
        new = tensor.detach().clone()
        if new.is_floating_point():
            new.mul_(1 - rate).add_(slow[name].detach(), alpha=rate)
        mixed[name] = new
    return mixed
    ### END SOLUTION

# %% [markdown]
# ### distill_step
#
# One update of the loop, in this order:
#
# 1. The targets for `p`, `k`, without gradients. They depend on the arm of the experiment:
#
# | `arm` | target |
# |---|---|
# | `"iterated"` | `amplify`, where the learner's **slow** copy answers the smaller questions |
# | `"one round"` | `amplify`, where H alone answers the smaller questions |
# | `"alone"` | what H alone says: no amplification |
# | `"labels"` | the truth, `power(p, k)`: supervised learning; `look` is not used |
#
#    *H alone* answers k = 1 by `look`, and to any larger k it says "x" for want of anything better. (As in `amplify`, which other rows `look` reads does not matter.)
# 2. The loss: mean cross-entropy of the **fast** copy's logits, over all rows and elements.
# 3. One `learner.optimiser.step()` (AdamW here; plain SGD must do as well) along the gradient of that mean and of this batch alone.
# 4. The slow copy becomes `ema_update` of both copies, with `rate`.
#
# An answer of the network is the element with the largest logit. Raise `ValueError` for any other arm. Return the loss, as
# a float, from before the update.

# %% exercise="distill_step"
def distill_step(
    learner: Learner, look: Callable, p: Int[Tensor, "b n"], k: Int[Tensor, "b"], arm: str, rate: float
) -> float:
    """Train the learner's fast copy once on the arm's targets, move the slow copy; return the loss.

    look: p [m n] -> [m n], the expert's single step, right or wrong.   k: 1 or more.   rate: of `ema_update`.

    >>> learner, p = Learner(3, seed=0), torch.tensor([[1, 2, 0]])
    >>> round(distill_step(learner, lambda p: p, p, torch.tensor([1]), "iterated", 0.9), 1)  # near log 3
    1.0
    """
    ### BEGIN SOLUTION
    def slow(p: Tensor, k: Tensor) -> Tensor:
        return learner.slow(p, k).argmax(-1)

    def alone(p: Tensor, k: Tensor) -> Tensor:
        return torch.where(k[:, None] == 1, look(p), torch.arange(p.shape[1]))

    with torch.no_grad():
        if arm == "iterated":
            targets = amplify(slow, look, p, k)
        elif arm == "one round":
            targets = amplify(alone, look, p, k)
        elif arm == "alone":
            targets = alone(p, k)
        elif arm == "labels":
            targets = power(p, k)
        else:
            raise ValueError(f"unknown arm {arm!r}")
    loss = F.cross_entropy(learner.fast(p, k).flatten(0, 1), targets.flatten())
    learner.optimiser.zero_grad()
    loss.backward()
    learner.optimiser.step()
    learner.slow.load_state_dict(ema_update(learner.slow.state_dict(), learner.fast.state_dict(), rate))
    return loss.item()
    ### END SOLUTION

# %% [markdown]
# ## Four arms, one learner
#
# The loop around your update is given: `train` returns a learner and its curves, measured every 25 updates on 100 permutations
# that are held out. You will train the same network four times: same seed, same batches, only the targets differ.
#
# Before you read on, write down two guesses, as comments in a cell of your own. Which arms learn k = 4? In the iterated arm,
# does k = 4 come after k = 2, or together with it?

# %% name="training_loop"
STEPS, EVERY, BATCH, RATE = 500, 25, 64, 0.97
OFTEN = torch.tensor([1.0, 2.0, 3.0])  # how often a row gets each of the powers, relative to the others
PARTS = ("trivial_floor", "moved_accuracy", "held_out", "amplify", "ema_update", "distill_step")


def exact(p: Int[Tensor, "b n"]) -> Int[Tensor, "b n"]:
    """An expert who reads the permutation without mistakes."""
    return p.clone()


def accuracies(network: nn.Module, probe: Int[Tensor, "b n"]) -> list[tuple[float, float]]:
    """Accuracy on moved and on all items of the probe, for each power."""
    found = []
    for k in POWERS:
        asked = torch.full((len(probe),), k)
        with torch.no_grad():
            pred, truth = network(probe, asked).argmax(-1), power(probe, asked)
        found.append((moved_accuracy(pred, truth), (pred == truth).double().mean().item()))
    return found


def train(arm: str, *, look: Callable = exact, rate: float = RATE, seed: int = 0, steps: int = STEPS):
    """Train a learner; return it and its curves [time power (moved, all)] on held-out permutations."""
    learner, generator, sides = Learner(N, seed), torch.Generator().manual_seed(seed), split()
    probe = rows_of(sides["test"], 100, torch.Generator().manual_seed(10_000))
    curves = [accuracies(learner.fast, probe)]
    for step in range(1, steps + 1):
        p = rows_of(sides["train"], BATCH, generator)
        k = torch.tensor(POWERS)[torch.multinomial(OFTEN, BATCH, replacement=True, generator=generator)]
        distill_step(learner, look, p, k, arm, rate)
        if step % EVERY == 0:
            curves.append(accuracies(learner.fast, probe))
    return learner, torch.tensor(curves)


def updates(curve: Tensor) -> list[int]:
    """After how many updates each entry of a curve was measured."""
    return [EVERY * i for i in range(len(curve))]


runs = {}  # curves of each arm, once it has been trained

# %% [markdown]
# Now the four arms. Have you written down your two guesses? The four trainings take half a minute to two minutes together.

# %% name="train_arms" slow=120
if ready(*PARTS):
    for arm, n in (("iterated", STEPS), ("one round", 150), ("alone", 150), ("labels", STEPS)):
        runs[arm] = train(arm, steps=n)[1]
        print(f"{arm:10s} moved items: " + "  ".join(f"k = {k} {float(a):.2f}" for k, a in zip(POWERS, runs[arm][-1, :, 0], strict=True)))

# %% name="plot_arms"
if runs:
    panels = {
        f"k = {k}, moved items": {arm: (updates(curve), curve[:, i, 0]) for arm, curve in runs.items()}
        for i, k in enumerate(POWERS)
    }
    fig = plots.curves(panels, xlabel="updates", ylim=dict.fromkeys(panels, (-0.05, 1.05)))
    fig.axes[0].set_ylabel("accuracy")
    plots.show(fig, alt="Accuracy on moved items for k = 1, 2, 4: labels and iterated reach 1, one round stops at k = 2, alone at k = 1.")

# %% [markdown]
# **What you should see.** Two arms stopped after 150 updates, to save you time: their targets for k = 4 never change. All arms know k = 1 within 50 updates. H alone learns nothing else. One round of amplification adds k = 2 and
# stops there: H alone cannot answer the smaller questions of k = 4, so its targets for k = 4 say "x", however long it trains, and X learns to say "x": 0.00 (its line
# lies under that of H alone). The iterated arm reaches k = 4 without a true label, and in order: k = 4 comes when the slow copy has known k = 2 for a while.
# After its 500 updates the iterated arm scores 0.97 or more at k = 4. Nobody wrote this curriculum; it comes from the questions H asks.
#
# How many updates until 0.9 on moved items? Your hash decides what is held out, so your counts differ from those of seed 0 here:
#
# | arm | seed 0 | five seeds | seed 0, seven other hashes |
# |---|---|---|---|
# | iterated, k = 2 | 125 | 125 to 225 | 100 to 125 |
# | iterated, k = 4 | 350 | 350 to 475 | 250 to 375 |
# | labels, k = 4 | 250 | 250 to 275 on four, stuck on the fifth | 225 to 450 |
# | iterated / labels, k = 4 | 1.4 | 1.4 to 1.7 on those four | 0.8 to 1.5 |
#
# True labels are mostly faster, but not by much; with two of the seven hashes they were slower, without a bug. On the fifth seed they got stuck and reached 0.83 after 650 updates, where the iterated arm needed 400:
# single runs of so small a network are no measure of either method.

# %% name="plot_all_items"
if runs:
    panels = {
        f"k = {k}, all items": {arm: (updates(runs[arm]), runs[arm][:, i, 1]) for arm in ("one round", "alone")}
        for i, k in enumerate(POWERS)
    }
    fig = plots.curves(panels, xlabel="updates", ylim=dict.fromkeys(panels, (-0.05, 1.05)))
    for axis, k in zip(fig.axes, POWERS, strict=True):
        axis.axhline(trivial_floor(N, k), color="black", linestyle=":")
        axis.text(150, trivial_floor(N, k) - 0.07, "trivial_floor", fontsize=8, ha="right")
    fig.axes[0].set_ylabel("accuracy")
    plots.show(fig, alt="Accuracy on all items of the two failing arms: at k = 4 both end on the dotted floor of 0.43.")

# %% [markdown]
# **What you should see.** Count all items, and the two arms that know nothing of k = 4 end within 0.05 of the dotted floor of 0.43; at k = 2
# H alone ends within 0.05 of its floor of 0.29 (a floor is about all permutations, the curves are about 100 of them). In a table of accuracies they would look half-way there.
#
# The two pieces that the loop needs: iteration (you saw the arm without it), and a slow teacher. Next, the loop with `rate=0`: the
# smaller questions go to the copy that is being trained. It takes half a minute at most.

# %% name="fast_teacher" slow=60
if runs:
    runs["fast teacher"] = train("iterated", rate=0.0, steps=200)[1]
    for arm in ("labels", "iterated", "fast teacher"):
        curves = [zip(updates(runs[arm]), runs[arm][:, i, 0], strict=True) for i in range(len(POWERS))]
        reached = [next((t for t, a in curve if a >= 0.9), None) for curve in curves]
        print(f"{arm:13s} updates until 0.9 on moved items: " + ", ".join(f"k = {k}: {t}" for k, t in zip(POWERS, reached, strict=True)))
    print("fast teacher, at the end: " + ", ".join(f"k = {k}: {float(a):.2f}" for k, a in zip(POWERS, runs["fast teacher"][-1, :, 0], strict=True)))
    asked = int(STEPS * BATCH * N * OFTEN[0] / OFTEN.sum())
    print(f"supervision of the iterated arm: about {asked:,} single steps read by H, true powers above 1: 0")

# %% [markdown]
# **What you should see.** Without the slow copy k = 2 and k = 4 stay near 0.14, a guess among seven; with this seed (not with every one) even k = 1, on its way up at first, falls back to that. We did not
# study why; when the first targets for k = 2 are nonsense and each update changes them, there is nothing steady to fit. With the slow copy, k = 4 comes at about the time of true labels or later:
# the factor in the last row of the table above may lie anywhere from 0.7 to 1.8 with your hash.
#
# ## An expert who errs
#
# So far H read every step correctly. Real experts err. Here are two kinds of error.
#
# **Independent errors.** With probability 0.1 a look-up returns a random element, anew each time. Consider first the *tree*
# without any learning: to answer k = 4, H asks copies of H, down to single look-ups. One wrong look-up among the k leaves spoils the answer
# (a second error hardly ever repairs it). A random element is the right one with probability 1/N, so a look-up errs with $\epsilon = 0.1 (1 - 1/N)$,
# and the tree with $1 - (1 - \epsilon)^k$. Other nodes of the tree only pass answers on: they are not sources of errors.
#
# **Systematic errors.** H mixes up the first and the last element: where it should read 0 it reads N - 1, where it should read N - 1 it reads 0, always.

# %% name="two_bad_experts"
def noisy(seed: int) -> Callable:
    """An expert whose look-ups return a random element with probability 0.1, drawn anew in each call."""
    generator = torch.Generator().manual_seed(seed)

    def look(p: Int[Tensor, "b n"]) -> Int[Tensor, "b n"]:
        slips = torch.rand(p.shape, generator=generator) < 0.1
        return torch.where(slips, torch.randint(p.shape[1], p.shape, generator=generator), p)

    return look


def biased(p: Int[Tensor, "b n"]) -> Int[Tensor, "b n"]:
    """An expert who reads the last element where 0 stands, and 0 where the last stands, always."""
    last = p.shape[1] - 1
    return torch.where((p == 0) | (p == last), last - p, p)


bad_experts = {"noisy": (noisy(0), 800), "biased": (biased, 400)}  # each with a number of updates
taught = {}  # what `taught_by` has trained so far; run this cell again to begin anew


def taught_by(name: str) -> tuple[Learner, Tensor]:
    """The learner, and its curves, of the iterated arm with a bad expert: trained once, then kept."""
    if name not in taught:
        look, steps = bad_experts[name]
        taught[name] = train("iterated", look=look, steps=steps)
    return taught[name]

# %% [markdown]
# ### systematic_error
#
# An expert with a fixed mistake knows a fixed map $\tau$ in place of $\sigma$, and amplification builds powers of *that*. Write the
# share of elements x with $\tau^k(x) \ne \sigma^k(x)$: all elements count, moved or not. $\tau$ need not be a permutation.

# %% exercise="systematic_error"
def systematic_error(wrong: Int[Tensor, "n"], p: Int[Tensor, "n"], k: int) -> float:
    """Share of elements at which the k-th powers of two maps differ.

    wrong: tau, any map from 0..n-1 to itself.   p: sigma, a permutation.   k: 0 or more, hundreds too.   Returns a float.

    >>> p = torch.tensor([1, 2, 3, 0])
    >>> wrong = torch.tensor([2, 2, 3, 0])          # one step of four is misread
    >>> [systematic_error(wrong, p, k) for k in (0, 1, 2, 3)]
    [0.0, 0.25, 0.5, 0.75]
    """
    ### BEGIN SOLUTION
    reached = truth = torch.arange(len(p))
    for _ in range(k):
        reached, truth = wrong[reached], p[truth]
    return (reached != truth).double().mean().item()
    ### END SOLUTION

# %% [markdown]
# ### noise_in_x
#
# Predict, then measure. The learner is trained by the iterated arm with the noisy expert: a tenth of H's look-ups is random, in
# every batch anew, so about nine tenths of the targets for k = 1 are right, and fewer for k = 4. What accuracy does the *learner* reach
# on moved held-out items at k = 4? Write your guess as a comment in the cell below. Then run `taught_by("noisy")[1][-1, 2, 0]` in a cell of your own (it
# trains for 800 updates, half a minute or more) and return the number that you measured, as a constant. If it is below 0.9, the run was not done yet: give "noisy"
# 1,000 updates in the line `bad_experts = ...` above, run its cell again, and measure anew. The next plot waits for your answer, uses the same run, and trains with the biased
# expert too, which takes as long again or less.

# %% answer="noise_in_x"
def noise_in_x() -> float:
    """Accuracy of X on moved items at k = 4, distilled from an expert who errs in a tenth of its look-ups."""
    ### BEGIN SOLUTION
    return 1.0
    ### END SOLUTION

# %% name="plot_errors" slow=120
def tree(look: Callable) -> Callable:
    """H who asks copies of H, down to single look-ups: amplification without a learner."""
    return lambda p, k: amplify(tree(look), look, p, k)


if runs and ready("noise_in_x", "systematic_error"):
    probe = rows_of(split()["test"], 400, torch.Generator().manual_seed(20_000))
    ks = range(1, 9)
    asked = [torch.full((len(probe),), k) for k in ks]
    wrong_tree = [(tree(noisy(k))(probe, a) != power(probe, a)).double().mean() for k, a in zip(ks, asked, strict=True)]
    predicted = [sum(systematic_error(t, p, k) for t, p in zip(biased(probe), probe, strict=True)) / len(probe) for k in ks]
    distilled = {name: torch.tensor(accuracies(taught_by(name)[0].fast, probe))[:, 1] for name in bad_experts}
    fig, axes = plots.figure(1, 2, width=9, height=3.4)
    for axis, name in zip(axes, ("noisy", "biased"), strict=True):
        axis.plot(POWERS, 1 - distilled[name], "D", markersize=8, label="X, distilled from the amplified expert")
        axis.set(xlabel="k", ylabel="share of wrong answers", title=f"the {name} expert", ylim=(-0.05, 1))
    axes[0].plot(ks, wrong_tree, "o", label="tree of experts, no learner")
    axes[0].plot(ks, [1 - (1 - 0.1 * (1 - 1 / N)) ** k for k in ks], label=r"$1 - (1 - \epsilon)^k$")
    axes[1].plot(ks, predicted, "o-", label="systematic_error")
    for axis in axes:
        axis.legend(fontsize=8)
    plots.show(fig, alt="Share of wrong answers against k with the noisy and with the biased expert: X at k = 1, 2, 4, beside the tree and the computed curve.")
    for name, right in distilled.items():
        print(f"X with the {name} expert, wrong answers: " + ", ".join(f"k = {k}: {1 - float(a):.3f}" for k, a in zip(POWERS, right, strict=True)))

# %% [markdown]
# **What you should see.** The noisy expert: the tree without a learner is wrong in 0.09, 0.16 and 0.30 of its answers at k = 1, 2, 4 (within 0.03 of the formula), but X, trained on just
# such answers, is wrong in 0.02 or less (so in all of 34 runs with several seeds and splits; after 600 updates three of these were still wrong in a quarter or more, so a run that ends above may only need more time). Its targets for k = 4 are made of X's own clean answers for k = 2; the noise enters at k = 1 alone, anew each time, and the largest logit is the
# most frequent target. So distillation cuts the compounding at every level.
#
# The biased expert: every target is wrong in the same way, and X learns that too. X lies within 0.03 of `systematic_error`: wrong in about 0.29, 0.48 and 0.64 of its answers at k = 1,
# 2, 4. Two images in seven misread, and nearly two thirds of the fourth powers are lost. X knows the powers of H's map, not of $\sigma$, and no comparison with H would show it.
#
# ## What the numbers say
#
# | claim | paper | ours, held-out permutations |
# |---|---|---|
# | learns without a true label | solves five tasks (section 4.2, figure) | k = 4: 0.97 to 1.00 on moved items (five seeds); k = 8 not tried here |
# | slowdown against true labels | "at worst a modest slowdown" (4.2) | 1.4 to 1.7 times as many updates on four seeds, 0.8 to 1.5 with seven other hashes on seed 0; on a fifth seed the labels were slower |
# | supervision | tens of thousands of decompositions by H, against tens of millions of labels (4.2) | no label; about 37,000 single steps read by H |
# | needed: iteration, slow teacher | not compared in the text we could read | one round: 0.00 at k = 4; fast teacher: 0.14 at k = 2 |
#
# The paper's saving in supervision does not show here: our H is asked in every update, while the paper trains a model of H on few decompositions.

# %% [markdown]
# ### report
#
# Write 250 to 400 words. What does this experiment show about supervising a learner that knows more than its supervisor, and what does
# it not show? Name the metric and its floor, and the arm that shows iteration is needed, with numbers. Say which errors of H
# vanish in X, which compound, and why. Then: suppose that H read steps rightly on *easy* permutations alone (say, those with at most three moved elements) and
# always wrongly, in the same way, on the others. What would X learn if it is trained on all of them, what if it is trained on the easy ones alone and then used on all, and
# which test would show the difference? Reason, or try it: `distill_step` takes any `look` and any permutations.

# %% [markdown] rubric="report"
# The learner reached 0.97 or more at k = 4 on permutations that it was never trained on, although nobody stated a power above 1 in training. The metric counts moved items only, where
# repeating the question scores 0; on all items that already scores 0.43 at k = 4, which is about what the arm with one round scores while it knows nothing about k = 4 (0.00 on moved items). One round
# reaches k = 2 alone: iteration is needed, and a slow teacher, without which even k = 2 stayed at chance.
#
# Independent errors of H vanish: with a tenth of the look-ups random, X errs in at most 0.02 at k = 4, while the tree of experts errs in 0.30. The largest logit
# is the most frequent target, and slips differ from batch to batch. A systematic error compounds: two images in seven misread cost 0.29 of the answers at k = 1, 0.48 at k = 2, 0.64 at k = 4,
# and no comparison with H would show it.
#
# If H is right on easy permutations only and X is trained on all, the targets for the others are powers of a wrong map: a systematic error, which X learns. The easy ones are 2 in 100, and in three runs (400
# updates; H reads $\sigma(x) + 1$ on hard ones) X answered even those by the wrong map: 0.00 of moved items at k = 1. Trained on the easy ones alone, X sees no wrong target, and what it makes of hard ones is generalisation:
# 1.00 at k = 1, 0.39 to 0.82 at k = 2, and 0.25 at k = 4, where "answer $\sigma(x)$" scores as much: no cycle is longer than three, so $\sigma^4(x) = \sigma(x)$ wherever it moves x, and the easy set teaches that
# shortcut. Comparison with H shows nothing in the first case, a test on easy permutations little in the second: only true labels on hard ones tell.
#
# Not shown: people who decompose, tasks without an exact decomposition, a learned model of H, rewards instead of imitation.

# %% [markdown]
# ## Sources
#
# Christiano, Shlegeris, Amodei 2018, *Supervising strong learners by amplifying weak experts*, arXiv 1810.08575; the authors' published code,
# github.com/paulfchristiano/amplification (`tasks/iterate.py`, `models/answerer.py`).
#
# **To go on.** Add k = 8 to `POWERS` and find the number of updates it needs; or train a network on `amplify_distance` with graphs of 6 vertices, held out by content.
