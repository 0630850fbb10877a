# %% [markdown]
# # Heuristic arguments
#
# How large is the average output of a network over a billion inputs? A proof is out of reach and sampling says nothing about why. A third way is to reason as a
# mathematician does on the back of an envelope: *these two quantities have nothing to do with each other, so the mean of their product is the product of their
# means*, until somebody points out that they do have something to do with each other. In this unit you write that kind of reasoning as an algorithm, measure how
# far it can be trusted, repair it with arguments, and break it with arguments that are true.
#
# **You will be able to** propagate means, covariances and third cumulants through a circuit and say which of them fails at which depth; revise an estimate by
# claims about single products; find the true argument that misleads most; and test an estimator for coherence without knowing the truth.
#
# **The claim** (Christiano, Neyman, Xu 2022, *Formalizing the presumption of independence*, abstract): in the absence of information about X and Y the default
# estimate is E[XY] = E[X] E[Y]. A *heuristic estimator* makes such estimates and revises them when an argument points out a correlation. The authors list
# coherence properties that no known candidate satisfies, and leave open whether there is an estimator that accepts the valid arguments without accepting the
# spurious ones.
#
# **What we shrank.** Instead of neural networks you get arithmetic circuits of at most 60 wires on at most 13 random bits, so the truth is a sum over all inputs
# and you can compute it. The claim survives, because it is about the rule of estimation: the same rule, product by product, is what one would use on a network.
# What does not survive is cost: here the truth is cheap, and a network's is not.
#
# **Time** about four hours. **Before this** you need PyTorch, expectation, variance and covariance.
#
# Stuck? `hint("exact_mean")` in a cell of your own gives the first of an exercise's three hints, and then the next. `solution("exact_mean")` shows the reference
# solution after full marks, or when you give up.

# %%
import math
from itertools import combinations, product

import torch
from jaxtyping import Float
from torch import Tensor

from firsthand import check, hint, ready, solution, use_unit
from firsthand.kit import plots

use_unit("701_heuristic_arguments")

# %% [markdown]
# ## Circuits whose truth is known
#
# A circuit has `n` inputs, the wires 0 to n-1, and a list of gates. Gate t is `(operation, i, j)`, reads the wires `i` and `j`, and its result is wire n+t. An
# operation is `"+"`, `"-"` (wire i minus wire j) or `"*"`. `i` and `j` may be equal, and any earlier wire may be used again; that is where correlations come
# from. The last wire is the output.
#
# The first example is the "simple circuit" of the paper's Figure 6, $(1 + x)(1 + y) + (1 + y)(x + y)$, as a public reimplementation of it builds it. Its inputs
# are x, y and the constant 1. The second one needs a single bit $a$: it computes $a \cdot a + a\,(1 - a)$, which is just $a$.
#
# All tensors in this unit are in double precision (`torch.float64`), and answers are compared to nine digits (those of the last
# function, `relu_moments`, to six).

# %% name="two_circuits"
FIGURE_6 = [("+", 2, 0), ("+", 2, 1), ("+", 0, 1), ("*", 3, 4), ("*", 4, 5), ("+", 6, 7)]  # inputs: x, y, 1
CANCELLING = [("-", 1, 0), ("*", 0, 0), ("*", 0, 2), ("+", 3, 4)]  # inputs: a, 1
figure_6_p = torch.tensor([0.5, 0.5, 1.0], dtype=torch.float64)  # a constant 1 is a bit that is always 1
cancelling_p = torch.tensor([0.5, 1.0], dtype=torch.float64)

# %% [markdown]
# ### exact_mean
# The truth first. Input i is 1 with probability `p[i]` and 0 otherwise, independently of the others. Compute the mean of *every* wire by going through all
# $2^n$ rows of bits:
#
# $$E[W] = \sum_{b \in \{0,1\}^n} \Big(\prod_i p_i^{b_i} (1 - p_i)^{1 - b_i}\Big)\, W(b).$$
#
# Evaluate the whole circuit on each row and average at the end: the mean of a product is not the product of means.

# %% exercise="exact_mean"
def exact_mean(p: Float[Tensor, "n"], gates: list[tuple[str, int, int]]) -> Float[Tensor, "wire"]:
    """Mean of each wire over independent bits, by enumeration: n inputs, then one wire for each gate.

    p: float64, probability that each input is 1; 0 and 1 are allowed.   gates: maybe none.   Returns float64.

    >>> exact_mean(torch.tensor([0.5], dtype=torch.float64), [("*", 0, 0)])
    tensor([0.5000, 0.5000], dtype=torch.float64)
    """
    ### BEGIN SOLUTION
    bits = torch.tensor(list(product((0.0, 1.0), repeat=len(p))), dtype=torch.float64)
    weight = (bits * p + (1 - bits) * (1 - p)).prod(dim=1)
    wires = list(bits.T)
    for operation, i, j in gates:
        x, y = wires[i], wires[j]
        wires.append(x + y if operation == "+" else x - y if operation == "-" else x * y)
    return torch.stack([(weight * wire).sum() for wire in wires])
    ### END SOLUTION

# %% [markdown]
# ## Presume independence
#
# An estimator does not see the inputs. It gets their means and the gates, and reasons wire by wire. For sums nothing needs to be presumed. For a product, the
# presumption of independence says $m_Z = m_X m_Y$.

# %% [markdown]
# ### mean_propagate
# Write *mean propagation*: the presumption applied to *every* product, also to that of a wire with itself. Special treatment of $x \cdot x$ would be an
# argument, and nobody has made one yet.

# %% exercise="mean_propagate"
def mean_propagate(mu: Float[Tensor, "n"], gates: list[tuple[str, int, int]]) -> Float[Tensor, "wire"]:
    """Estimated mean of each wire from the inputs' means, with every product presumed independent.

    mu: float64, any real numbers.   Returns float64, the inputs' means first.

    >>> mean_propagate(torch.tensor([0.5, 0.5, 1.0], dtype=torch.float64), FIGURE_6)[-1]     # 1.5 * 1.5 + 1.5 * 1
    tensor(3.7500, dtype=torch.float64)
    """
    ### BEGIN SOLUTION
    means = list(mu)
    for operation, i, j in gates:
        x, y = means[i], means[j]
        means.append(x + y if operation == "+" else x - y if operation == "-" else x * y)
    return torch.stack(means)
    ### END SOLUTION

# %% name="first_estimates"
if ready("exact_mean", "mean_propagate"):
    for name, p, gates in (("Figure 6", figure_6_p, FIGURE_6), ("cancelling", cancelling_p, CANCELLING)):
        print(f"{name:11s} estimate {mean_propagate(p, gates)[-1]:.4f}   truth {exact_mean(p, gates)[-1]:.4f}")

# %% [markdown]
# **What you should see.** 3.75 against a truth of 4: the factors $1 + y$ and $x + y$ share $y$, so their product is larger than presumed. In the second circuit
# the estimate is exactly right, 0.5, although it presumes two things that are false. Remember that circuit.
#
# ## Track covariances

# %% [markdown]
# ### covariance_propagate
# The smallest argument that repairs 3.75 is "these two wires are correlated". *Covariance propagation* keeps the covariance of every pair of wires. Sums and
# differences are exact:
#
# $$m_Z = m_X \pm m_Y, \qquad C_{ZW} = C_{XW} \pm C_{YW}, \qquad C_{ZZ} = C_{XX} \pm 2 C_{XY} + C_{YY}.$$
#
# A product $Z = XY$ would need third and fourth joint cumulants of X, Y and W. A joint cumulant says how far several wires vary together beyond what fewer of them
# explain: the second is the covariance, the third is $E[(X - m_X)(Y - m_Y)(W - m_W)]$, and each is 0 where some of its wires are independent of all the others,
# or, above order 2, where all are jointly Gaussian. The order-2 rule drops all above order 2, as if they were 0:
#
# $$m_Z = m_X m_Y + C_{XY}, \qquad C_{ZW} = m_X C_{YW} + m_Y C_{XW} \quad (W \text{ any earlier wire}),$$
# $$C_{ZZ} = m_X^2 C_{YY} + m_Y^2 C_{XX} + 2 m_X m_Y C_{XY} + C_{XX} C_{YY} + C_{XY}^2 .$$
#
# The formulas hold for X = Y too, and W may be X or Y itself. A gate may occur twice; its second copy gets no special treatment, and the first is a wire W like any
# other. Check the last line with $X = Y$ Gaussian with mean 0 and variance 1: $X^2$ has variance 2.
# Unlike in `exact_mean`, the inputs may be correlated.

# %% exercise="covariance_propagate"
def covariance_propagate(
    mu: Float[Tensor, "n"], cov: Float[Tensor, "n n"], gates: list[tuple[str, int, int]]
) -> tuple[Float[Tensor, "wire"], Float[Tensor, "wire wire"]]:
    """Estimated means and covariances of all wires, with joint cumulants above order 2 dropped at each product.

    mu, cov: float64, means and covariance matrix of the inputs.   Returns (means, covariances), float64; the matrix is symmetric.

    >>> one, zero = torch.ones(1, 1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    >>> means, covariances = covariance_propagate(zero, one, [("*", 0, 0)])       # a Gaussian input, squared
    >>> means[1], covariances[1, 1], covariances[0, 1]
    (tensor(1.), tensor(2.), tensor(0.))      # all float64
    """
    ### BEGIN SOLUTION
    n = len(mu)
    size = n + len(gates)
    m = torch.zeros(size, dtype=torch.float64)
    C = torch.zeros(size, size, dtype=torch.float64)
    m[:n], C[:n, :n] = mu, cov
    for z, (operation, i, j) in enumerate(gates, start=n):
        if operation == "*":
            m[z] = m[i] * m[j] + C[i, j]
            a, b, extra = m[j], m[i], C[i, i] * C[j, j] + C[i, j] ** 2
        else:
            a, b, extra = 1.0, 1.0 if operation == "+" else -1.0, 0.0
            m[z] = m[i] + b * m[j]
        C[z, :z] = C[:z, z] = a * C[i, :z] + b * C[j, :z]
        C[z, z] = a**2 * C[i, i] + b**2 * C[j, j] + 2 * a * b * C[i, j] + extra
    return m, C
    ### END SOLUTION

# %% [markdown]
# How well does it work? The next cells draw circuits of 7 random gates on 5 bits, with random probabilities, and compare two corrections to the estimate of
# mean propagation: the one that is needed (truth minus order 1) and the one that covariances make (order 2 minus order 1).

# %% name="circuits"
def bernoulli_cumulants(p: Float[Tensor, "n"]) -> list[Float[Tensor, "n"]]:
    """The first three cumulants of bits that are 1 with probability p."""
    return [p, p * (1 - p), p * (1 - p) * (1 - 2 * p)]


def random_probabilities(n, generator):
    """One of 1/8, 2/8, ..., 7/8 for each bit."""
    return torch.randint(1, 8, (n,), generator=generator).double() / 8


def random_circuit(n, n_gates, generator, operations="+*"):
    """Gates that read any two earlier wires, maybe the same one twice."""
    gates = []
    for t in range(n_gates):
        i, j = torch.randint(n + t, (2,), generator=generator).tolist()
        gates.append((operations[torch.randint(len(operations), (1,), generator=generator)], i, j))
    return gates


def layered_circuit(n, width, depth, generator):
    """Layers of `width` gates "+" or "*" that read two wires of the layer before, then only what the last gate needs."""
    gates, before = [], list(range(n))
    for _ in range(depth):
        new = []
        for _ in range(width):
            i, j = (before[k] for k in torch.randint(len(before), (2,), generator=generator).tolist())
            gates.append(("+*"[torch.randint(2, (1,), generator=generator)], i, j))
            new.append(n + len(gates) - 1)
        before = new
    needed = {n + len(gates) - 1}
    for wire in range(n + len(gates) - 1, n - 1, -1):
        if wire in needed:
            needed |= set(gates[wire - n][1:])
    place = {w: w for w in range(n)} | {w: n + k for k, w in enumerate(w for w in sorted(needed) if w >= n)}
    return [(gates[w - n][0], place[gates[w - n][1]], place[gates[w - n][2]]) for w in sorted(needed) if w >= n]

# %% name="plot_corrections" slow=20
if ready("exact_mean", "mean_propagate", "covariance_propagate"):
    generator = torch.Generator().manual_seed(0)
    wanted, made = [], []
    for _ in range(300):
        p, gates = random_probabilities(5, generator), random_circuit(5, 7, generator, "+-*")
        plain = mean_propagate(p, gates)[-1]
        wanted.append(exact_mean(p, gates)[-1] - plain)
        made.append(covariance_propagate(p, torch.diag(p * (1 - p)), gates)[0][-1] - plain)
    wanted, made = torch.stack(wanted), torch.stack(made)
    active = wanted.abs() > 1e-9
    exact = ((wanted - made).abs() < 1e-9)[active].double().mean()
    same_sign = (wanted.sign() == made.sign())[active].double().mean()
    removed = 1 - (wanted - made).abs()[active].sum() / wanted.abs()[active].sum()
    fig, axis = plots.figure(width=4.8, height=3.8)
    axis.axline((0, 0), slope=1, color="0.7", linewidth=1)
    axis.scatter(wanted[active].numpy(), made[active].numpy(), s=14, alpha=0.7)
    axis.set_xscale("symlog", linthresh=0.1)
    axis.set_yscale("symlog", linthresh=0.1)
    axis.set(xlabel="correction needed: truth - order 1", ylabel="correction made: order 2 - order 1", title="Covariances move the estimate to the truth")
    plots.show(fig, alt="Corrections made by covariances against corrections needed: most points lie on the diagonal, about one in seven off it on either side.")
    print(f"{int(active.sum())} of 300 circuits need a correction; covariances make exactly the right one in {exact:.0%}")
    print(f"and one of the right sign in {same_sign:.0%}; {removed:.0%} of the absolute error removed")

# %% [markdown]
# **What you should see.** 66 of the 300 circuits need a correction (66 to 90 on five seeds), in both directions. In 85 to 91 % of them covariances make exactly the
# right one; in 99 to 100 % theirs has the right sign; 65 to 97 % of the absolute error goes away, the share of one or two circuits with large powers deciding how much.
# The rest, off the diagonal, needs more than covariances.
#
# ## All orders at once

# %% [markdown]
# ### indecomposable_partitions
# Means are first cumulants, covariances second ones. There is a rule for every order. Let each of $k$ groups of wires stand for the product of its members, for
# instance group 0 for $X Y$ and group 1 for $W$. The joint cumulant of the $k$ products is a sum over partitions of all members into blocks,
#
# $$\kappa(Z_1, \dots, Z_k) = \sum_{\pi} \prod_{B \in \pi} \kappa(B),$$
#
# where $\kappa(B)$ is the joint cumulant of the wires in block $B$, and $\pi$ runs over the *indecomposable partitions*: those whose blocks tie all the groups
# together. Two groups are tied when a block has members of both, and ties chain: if 0 is tied to 1 and 1 to 2, all three are tied. (This is Leonov and
# Shiryaev's formula.) For sizes (2, 1), with members a, b of group 0 and c of group 1, three of the five partitions qualify: {abc}, {a}{bc} and {b}{ac}. They are
# the third cumulant that order 2 drops, and the two terms of $C_{ZW}$ above.
#
# Element (g, i) is member i of group g. List each indecomposable partition once.

# %% exercise="indecomposable_partitions"
def indecomposable_partitions(sizes: tuple[int, ...]) -> list[list[list[tuple[int, int]]]]:
    """Partitions of the elements (g, i), 0 <= i < sizes[g], whose blocks connect all groups.

    sizes: one or more positive integers, with a sum of at most 6.   Returns a list of partitions, each a list of blocks, each a list of elements;
    the order of partitions, of blocks and within blocks is free.

    >>> indecomposable_partitions((1, 1))
    [[[(0, 0), (1, 0)]]]
    >>> len(indecomposable_partitions((2, 1))), len(indecomposable_partitions((2, 2)))
    (3, 11)
    """
    ### BEGIN SOLUTION
    def partitions(elements):
        if not elements:
            return [[]]
        first, found = elements[0], []
        for blocks in partitions(elements[1:]):
            found.append([[first], *blocks])
            found += [[*blocks[:k], [first, *blocks[k]], *blocks[k + 1 :]] for k in range(len(blocks))]
        return found

    def connected(blocks):
        tied = {0}
        for _ in sizes:
            for block in blocks:
                groups = {g for g, _ in block}
                if groups & tied:
                    tied |= groups
        return len(tied) == len(sizes)

    everything = [(g, i) for g, size in enumerate(sizes) for i in range(size)]
    return [blocks for blocks in partitions(everything) if connected(blocks)]
    ### END SOLUTION

# %% [markdown]
# ### cumulant_propagate
# Now the whole family in one function. `kappa[r-1]` holds the r-th cumulants of the inputs, which are independent of each other, so every joint cumulant of
# different inputs is 0. Compute the joint cumulants of all wires up to `order`:
#
# - A cumulant is linear in each of its arguments, which settles sums and differences.
# - The newest wire of a cumulant, if it is a product $Z = XY$, is expanded into its parents *in all places where it occurs*: $\kappa(Z, Z, W)$ is a sum over
#   `indecomposable_partitions((2, 2, 1))` of products of cumulants of X, Y and W, which are older wires.
# - A joint cumulant of more than `order` wires is set to 0. This is the only approximation.
#
# At order 1 this is mean propagation and at order 2 your covariance propagation. The code released with the later paper (2410.01290; repository
# heuristic-hafnian) has the same dial and calls its first three settings mean, covariance and third cumulant propagation.
#
# The cumulants of a bit are $p$, $p(1-p)$ and $p(1-p)(1-2p)$; `bernoulli_cumulants(p)` gives them.

# %% exercise="cumulant_propagate"
def cumulant_propagate(kappa: list[Float[Tensor, "n"]], gates: list[tuple[str, int, int]], order: int) -> list[Tensor]:
    """Joint cumulants of all wires of order 1 to `order`, with those of higher order dropped.

    kappa: at least `order` float64 tensors, kappa[r-1] the r-th cumulants of independent inputs.   order: 1, 2 or 3.
    Returns `order` float64 tensors [wire], [wire wire], [wire wire wire]; entry [a, b, c] is the joint cumulant of wires a, b and c.

    >>> cube = [("*", 0, 0), ("*", 1, 0)]                                         # x * x * x
    >>> kappa = [torch.tensor([k], dtype=torch.float64) for k in (1.0, 2.0, 3.0)]   # not a bit: mean 1, variance 2, third cumulant 3
    >>> [float(cumulant_propagate(kappa, cube, order)[0][-1]) for order in (1, 2, 3)]
    [1.0, 7.0, 10.0]      # 1, then + 3 * 2 * 1, then + 3
    """
    ### BEGIN SOLUTION
    n, known, partitions = len(kappa[0]), {}, {}

    def cumulant(wires):
        wires = tuple(sorted(wires))
        if wires not in known:
            known[wires] = expanded(wires)
        return known[wires]

    def expanded(wires):
        newest = wires[-1]
        if newest < n:
            return float(kappa[len(wires) - 1][newest]) if wires[0] == newest else 0.0
        operation, i, j = gates[newest - n]
        if operation != "*":
            sign = 1 if operation == "+" else -1
            return cumulant((*wires[:-1], i)) + sign * cumulant((*wires[:-1], j))
        groups = [(i, j) if wire == newest else (wire,) for wire in wires]
        sizes = tuple(len(group) for group in groups)
        if sizes not in partitions:
            every = indecomposable_partitions(sizes)
            partitions[sizes] = [blocks for blocks in every if max(map(len, blocks)) <= order]
        return sum(
            math.prod(cumulant(tuple(groups[g][k] for g, k in block)) for block in blocks)
            for blocks in partitions[sizes]
        )

    size, joint = n + len(gates), []
    for r in range(1, order + 1):
        entries = [cumulant(wires) for wires in product(range(size), repeat=r)]
        joint.append(torch.tensor(entries, dtype=torch.float64).reshape([size] * r))
    return joint
    ### END SOLUTION

# %% [markdown]
# ### first_exact_order
# Predict before you measure, and do not read past the check before you have: the text there gives the answer away. For each of five circuits, which is the lowest
# of the orders 1, 2 and 3 whose estimate of the last wire is exact (to nine digits)? Write 0 if none of the three is. Row 1 is a warm-up: two of its
# estimates you have met.
#
# | | circuit | bit |
# |---|---|---|
# | 1 | the circuit of Figure 6, `FIGURE_6` | `figure_6_p` |
# | 2 | $x \cdot x \cdot x$ | $p = 1/4$ |
# | 3 | $x \cdot x \cdot x$ | $p = 1/2$ |
# | 4 | $(x \cdot x) \cdot (x \cdot x)$ | $p = 1/2$ |
# | 5 | $((x \cdot x) \cdot x) \cdot x$ | $p = 1/2$ |
#
# Note your prediction as a comment. Then measure in a cell of your own with `cumulant_propagate(bernoulli_cumulants(p), gates, order)[0][-1]` and
# `exact_mean(p, gates)[-1]`, and return the measured orders.

# %% answer="first_exact_order"
def first_exact_order() -> tuple[int, int, int, int, int]:
    """Lowest exact order of circuits 1 to 5, 0 where none of 1, 2, 3 is exact."""
    ### BEGIN SOLUTION
    # Prediction: 2, 3, 3, 3, 3. Measured: a fair bit's third cumulant is 0, and its fourth is not.
    return 2, 3, 2, 0, 2
    ### END SOLUTION

# %% name="powers_table"
if ready("first_exact_order", "cumulant_propagate", "exact_mean", "indecomposable_partitions"):
    cube, by_squaring, chain = [("*", 0, 0), ("*", 1, 0)], [("*", 0, 0), ("*", 1, 1)], [("*", 0, 0), ("*", 1, 0), ("*", 2, 0)]
    one_bit = {q: torch.tensor([q], dtype=torch.float64) for q in (0.25, 0.5)}
    powers = [
        ("Figure 6", figure_6_p, FIGURE_6),
        ("x x x, p = 1/4", one_bit[0.25], cube),
        ("x x x, p = 1/2", one_bit[0.5], cube),
        ("(x x)(x x), p = 1/2", one_bit[0.5], by_squaring),
        ("((x x) x) x, p = 1/2", one_bit[0.5], chain),
    ]
    print(f"{'circuit':22s}{'order 1':>9s}{'order 2':>9s}{'order 3':>9s}{'truth':>9s}")
    for name, p, gates in powers:
        row = [cumulant_propagate(bernoulli_cumulants(p), gates, order)[0][-1] for order in (1, 2, 3)]
        print(f"{name:22s}" + "".join(f"{float(v):9.5f}" for v in (*row, exact_mean(p, gates)[-1])))

# %% [markdown]
# **What you should see.** Figure 6 and the cubes are exact once the order reaches the number of times a bit enters a product, or earlier when its cumulant of
# that order is 0. The fourth power is different. Look at *all three* estimates in the last line: written as $((xx)x)x$ it is exact at order 2 and *wrong again* at
# order 3, .625 against a truth of .5. At order 2 two errors cancelled, and order 3 mends one of them. Written as $(xx)(xx)$ the same polynomial gets .625 at order 2. So the estimate depends on how a function is
# written down. The fourth cumulant of a fair bit is -1/8, exactly the difference of .5 and .625, and order 4 would be right for both.
#
# ## Errors over depth
#
# In a deep circuit a bit enters a product many times, and every layer inherits the errors of the one below. The next cell draws 60 layered circuits for each
# depth (6 bits, layers of 4 gates, sums and products as likely) and plots three panels: on the left the relative error of the last wire in the median circuit, in
# the middle the error that only one circuit in ten exceeds, and on the right the share of circuits in which an order is worse than the one below it.

# %% name="plot_depth" slow=60
def depth_errors(depths, n_circuits, seed):
    """Relative errors of the last wire, [depth order circuit], for layered circuits of 6 bits and width 4."""
    errors = torch.zeros(len(depths), 3, n_circuits, dtype=torch.float64)
    for d, depth in enumerate(depths):
        generator = torch.Generator().manual_seed(1000 * seed + depth)
        for c in range(n_circuits):
            p, gates = random_probabilities(6, generator), layered_circuit(6, 4, depth, generator)
            truth = exact_mean(p, gates)[-1]
            for order in (1, 2, 3):
                estimate = cumulant_propagate(bernoulli_cumulants(p), gates, order)[0][-1]
                errors[d, order - 1, c] = (estimate - truth).abs() / truth.abs()
    return errors


if ready("exact_mean", "cumulant_propagate", "indecomposable_partitions"):
    depths = [1, 2, 3, 4, 5, 6]
    errors = depth_errors(depths, 60, seed=0)
    worse = {r: (errors[:, r - 1] > errors[:, r - 2] + 1e-9).double().mean(dim=1) for r in (2, 3)}
    panels = {
        title: {f"order {r}": (depths, errors.quantile(q, dim=2, interpolation="lower")[:, r - 1]) for r in (1, 2, 3)}
        for title, q in (("median relative error", 0.5), ("90th percentile", 0.9))
    }
    panels["share worse than one order below"] = {f"order {r}": (depths, share) for r, share in worse.items()}
    fig = plots.curves(panels, xlabel="depth (layers of gates)", ylim={"share worse than one order below": (-0.01, 0.5)})
    plots.show(fig, alt="The median error falls with the order from depth 3 on, or stays 0; the 90th percentiles meet near 1 at depth 6; order 3 is worse than order 2 ever more often with depth.")
    print("         median error, order     90th percentile      order 2   order 3   largest")
    print("depth      1      2      3        1      2      3      exact     worse   of order 3")
    for d, depth in enumerate(depths):
        medians, tails = ("".join(f"{v:7.3f}" for v in errors[d].quantile(q, dim=1, interpolation="lower")) for q in (0.5, 0.9))
        exact = (errors[d, 1] < 1e-9).double().mean()
        print(f"{depth:5d}{medians}  {tails}{exact:11.0%}{worse[3][d]:10.0%}{errors[d, 2].max():13.3g}")

# %% [markdown]
# **What you should see.** Through depth 2 covariances are nearly always enough: order 2 is exact in 93 to 100 % of the circuits (five seeds). At depth 4 the median
# circuit has a relative error of .35 to .66 at order 1, .003 to .06 at order 2 and at most .02 at order 3. At depth 6 these are .90 to .97, .29 to .49 and .10 to
# .23: covariances have bought three layers, for order 2 at depth 6 is where order 1 was at depth 3.
#
# The median flatters order 3. One circuit in ten has an error of 93 % or more at depth 6 whatever the order, order 3 is *worse* than order 2 in 18 to 30 % of the
# circuits, and its largest error among 60 was 2.9 to 1,015 times the truth. A dropped fourth cumulant is no small term when a wire has been squared three times.
# "A higher order is better" is true of the median and of shallow circuits; it is not a theorem.
#
# ## Arguments that an estimator can be given
#
# Tracking all pairs is one extreme. A *heuristic argument* in the paper's sense is given to the estimator from outside: in the words of one of its authors, a
# list of ways in which the presumption of independence is false (Mark Xu in AXRP episode 23). In the smallest form a claim is one number, the covariance of
# two wires that meet in a product.

# %% [markdown]
# ### propagate_with_claims
# Write mean propagation that accepts claims. `claims` maps a pair of wires to their claimed covariance. A product whose two wires are claimed, in either order,
# gets $m_X m_Y + \text{claim}$; every other product is presumed independent. What is claimed need not be true, and a claim about wires that no gate multiplies
# changes nothing. No pair is claimed in both orders.
#
# With the circuit that computes $a \cdot a + a(1 - a)$ for a fair bit, the estimate without claims is .5. The true claim Cov(a, a) = .25 makes it .75, and with
# the second true claim, Cov(a, 1 - a) = -.25, it is .5 again.

# %% exercise="propagate_with_claims"
def propagate_with_claims(
    mu: Float[Tensor, "n"], gates: list[tuple[str, int, int]], claims: dict[tuple[int, int], float]
) -> Float[Tensor, "wire"]:
    """Mean propagation in which a product of a claimed pair of wires gets the claimed covariance added.

    claims: {(i, j): covariance}, a pair in either order, maybe of wires that are never multiplied.   Returns float64.

    >>> mu = torch.tensor([0.5, 1.0], dtype=torch.float64)
    >>> [float(propagate_with_claims(mu, CANCELLING, c)[-1]) for c in ({}, {(0, 0): 0.25}, {(0, 0): 0.25, (2, 0): -0.25})]
    [0.5, 0.75, 0.5]
    """
    ### BEGIN SOLUTION
    means = list(mu)
    for operation, i, j in gates:
        x, y = means[i], means[j]
        if operation == "*":
            means.append(x * y + claims.get((i, j), claims.get((j, i), 0.0)))
        else:
            means.append(x + y if operation == "+" else x - y)
    return torch.stack(means)
    ### END SOLUTION

# %% [markdown]
# ## Arguments that mislead
#
# With all true covariances claimed, the estimate is exact, whatever the circuit. It is tempting to conclude that each true claim brings the estimate nearer.

# %% [markdown]
# ### cherry_pick
# Be the adversary. Choose at most `max_claims` claims, *every one of them true*, so that the estimate of the last wire ends as far from the truth as possible, on
# whichever side. A claim is about a pair of wires that some gate multiplies, is keyed once, and its value is the covariance of the two wires over the bits. If the
# estimate is worst without any claim, return an empty dict.
#
# A graded circuit has at most 8 such pairs. Mind two traps: the claim with the largest covariance need not be the one that moves the *output* most, and the worst
# pair of claims need not contain the worst single one. Where several sets do equal harm, any of them is right.

# %% exercise="cherry_pick"
def cherry_pick(p: Float[Tensor, "n"], gates: list[tuple[str, int, int]], max_claims: int) -> dict[tuple[int, int], float]:
    """At most max_claims true claims that maximise |propagate_with_claims - exact_mean| at the last wire.

    p: probabilities of independent bits.   Returns {(i, j): covariance of wires i and j}, pairs in either order.

    >>> cherry_pick(torch.tensor([0.5, 1.0], dtype=torch.float64), CANCELLING, 1)      # or {(0, 2): -0.25}: the error is .25 either way
    {(0, 0): 0.25}
    """
    ### BEGIN SOLUTION
    pairs = sorted({tuple(sorted((i, j))) for operation, i, j in gates if operation == "*"})
    size = len(p) + len(gates)
    means = exact_mean(p, [*gates, *(("*", i, j) for i, j in pairs)])
    true = {pair: float(means[size + k] - means[pair[0]] * means[pair[1]]) for k, pair in enumerate(pairs)}
    worst, largest = {}, -1.0
    for count in range(max_claims + 1):
        for chosen in combinations(pairs, count):
            claims = {pair: true[pair] for pair in chosen}
            error = abs(float(propagate_with_claims(p, gates, claims)[-1] - means[size - 1]))
            if error > largest:
                worst, largest = claims, error
    return worst
    ### END SOLUTION

# %% [markdown]
# How much harm can be done? A circuit that sums many products with covariances of both signs is the worst case: each true claim is a coin that somebody else has
# looked at. The next cell builds one with 8 products and gives it claims one by one, in the order that does most harm and in random orders.

# %% name="plot_cherry_picking" slow=40
def noisy_sum(n_products, generator):
    """Probabilities, gates and all true claims of a sum of products (b ± a)(c ± a) of n_products + 1 random bits."""
    n, gates, shared = n_products + 1, [], {}
    for _ in range(n_products):
        a, b, c = torch.randperm(n, generator=generator)[:3].tolist()
        first, second = ("+-"[k] for k in torch.randint(2, (2,), generator=generator).tolist())
        left = n + len(gates)
        gates += [(first, b, a), (second, c, a), ("*", left, left + 1)]
        shared[left, left + 1] = a, 1 if first == second else -1
    total = n + 2
    for _, right in list(shared)[1:]:
        gates.append(("+", total, right + 1))
        total = n + len(gates) - 1
    p = random_probabilities(n, generator)
    return p, gates, {pair: float(sign * p[a] * (1 - p[a])) for pair, (a, sign) in shared.items()}  # only a is shared


if ready("exact_mean", "propagate_with_claims", "cherry_pick"):
    generator = torch.Generator().manual_seed(1)  # a sum whose covariances nearly cancel
    p, gates, true = noisy_sum(8, generator)
    pairs, truth = list(true), float(exact_mean(p, gates)[-1])

    def error_with(claims):
        return abs(float(propagate_with_claims(p, gates, claims)[-1]) - truth)

    picked = [cherry_pick(p, gates, k) for k in range(9)]
    worst_error = [error_with(claims) for claims in picked]
    orders = [torch.randperm(8, generator=generator).tolist() for _ in range(200)]
    random_error = torch.tensor([[error_with({pairs[i]: true[pairs[i]] for i in order[:k]}) for k in range(9)] for order in orders])
    fig, axis = plots.figure(width=5.6, height=3.6)
    axis.fill_between(range(9), random_error.quantile(0.1, dim=0), random_error.quantile(0.9, dim=0), alpha=0.2, label="8 of 10 random orders")
    axis.plot(range(9), random_error.mean(dim=0), marker="o", markersize=3, label="random order, mean of 200")
    axis.plot(range(9), worst_error, marker="s", markersize=4, label="at most this many, chosen by cherry_pick")
    axis.set(xlabel="true claims given to the estimator", ylabel="absolute error", ylim=(0, 1.2), title="True claims, chosen to mislead")
    axis.legend(fontsize=8)
    plots.show(fig, alt="With random claims the mean error rises a little and falls to 0 at 8 claims; with cherry-picked ones it rises to more than four times the error without claims.")
    print("worst:      ", " ".join(f"{e:.2f}" for e in worst_error))
    print("random mean:", " ".join(f"{e:.2f}" for e in random_error.mean(dim=0)))
    print("all claims: ", ", ".join(f"wires {i} and {j}: {true[i, j]:+.3f}" for i, j in pairs[:4]))
    print("            ", ", ".join(f"wires {i} and {j}: {true[i, j]:+.3f}" for i, j in pairs[4:]), f"   (their sum {sum(true.values()):+.3f})")
    print("worst three:", ", ".join(f"wires {i} and {j}: {value:+.3f}" for (i, j), value in sorted(picked[3].items())))

# %% [markdown]
# **What you should see.** Here the eight covariances nearly cancel, so the estimate without claims is off by .17 only. One true claim, well chosen, makes that .41 and
# three make it .78. They are the three positive ones; further claims can only bring the estimate back, so the orange line stays level. In random order the mean
# error stays near .2 until the last claim, and 0 is reached only when *all* are given. (On five such circuits, seeds 0 to 4, the worst claims add .23 to .61 to the
# error.)
#
# So on this circuit more true information, short of all of it, gives no better estimate, not even on average over the order. What misleads is what was left out.
#
# ## Looking over the shoulder
#
# Is the argument at fault, or the way it was found? In the interview Xu discusses a sum of hash values, each +1 or -1: pointing out only the positive ones drives
# the estimate up without end. He sketches a way out that is not to forbid such arguments: *condition the estimator on everything that the search has looked at*. A
# searcher who looks at a term does not know beforehand which way it will move the estimate; only the pruning afterwards is adversarial.
#
# The next cell tries it on 60 sums of 12 products. A searcher looks at the products in order. One estimator gets only the claims that raise the estimate
# ("pruned"), another everything that was looked at ("everything seen").

# %% name="plot_shoulder" slow=40
def shoulder_errors(n_products, n_circuits, seed):
    """Mean absolute errors [looked at, 3]: no claims, claims that raise the estimate, all claims looked at."""
    generator = torch.Generator().manual_seed(seed)
    total = torch.zeros(n_products + 1, 3, dtype=torch.float64)
    for _ in range(n_circuits):
        p, gates, true = noisy_sum(n_products, generator)
        truth = float(propagate_with_claims(p, gates, true)[-1])  # exact with every true claim
        for k in range(n_products + 1):
            seen = dict(list(true.items())[:k])
            pruned = {pair: value for pair, value in seen.items() if value > 0}
            for column, claims in enumerate(({}, pruned, seen)):
                total[k, column] += abs(float(propagate_with_claims(p, gates, claims)[-1]) - truth)
    return total / n_circuits


if ready("exact_mean", "propagate_with_claims", "cherry_pick"):
    shoulder = shoulder_errors(12, 60, seed=0)
    names = ("no claims", "pruned: what raises the estimate", "everything seen")
    fig = plots.curves({"mean absolute error, 60 circuits": {name: (range(13), shoulder[:, c]) for c, name in enumerate(names)}}, xlabel="products looked at")
    fig.set_size_inches(5.6, 3.4)
    plots.show(fig, alt="Everything seen: the error falls to 0. Pruned claims: it hardly changes up to 3 products and then rises to twice the error without claims.")
    print(f"no claims {shoulder[-1, 0]:.2f}; pruned after 12 {shoulder[-1, 1]:.2f}; everything after 6 {shoulder[6, 2]:.2f}, after 12 {shoulder[-1, 2]:.2f}")

# %% [markdown]
# **What you should see.** Pruning doubles the error: .50 to .61 without claims and 1.08 to 1.18 after twelve products, on five seeds. With everything seen the error is
# .32 to .39 after six products and 0 after twelve. The claims of the two estimators are all true, and the search is the same; only the pruning differs. Note what the
# remedy rests on: the covariances of these sums have either sign with equal chance, so looking, on average, can only help. Who knows the signs beforehand can
# still choose *where* to look.
#
# ## Is the estimator coherent?
#
# All tests so far needed the truth. A network's truth is what we do not have, so look for contradictions inside the estimator. Christiano, Hilton, Lincoln,
# Neyman and Xu 2024 (*Towards a Law of Iterated Expectations for Heuristic Estimators*, abstract) argue that an estimator ought not to be able to predict its own
# errors: with the same argument, its estimate of $Y - \mathbb{G}(Y)$ should be 0. That is the first check below. The other three are plain sanity conditions of
# our own.

# %% [markdown]
# ### coherence_gaps
# `estimate(mu, cov, gates)` is somebody's estimator: it returns its estimate, a float, of the mean of the last wire, given the means and covariances of the inputs.
# You may only call it, at most 2·G + 8 times for G gates. Let Y be the last wire and $c$ the estimate of it. Return a dict of four floats:
#
# - `"iterated"`: the estimate of $Y - c$, where the number $c$ is *appended as input n*, with mean c, variance 0 and no covariance. The results of
#   gates, the wires n and above, move up by one wherever a gate reads them; the inputs keep their numbers and their covariances.
# - `"additive"`: the estimate of $Y + Y$, minus $2c$.
# - `"reorder"`: the largest absolute change of the estimate of Y when the operands of one gate `"+"` or `"*"` are swapped; 0 if there is no such gate.
# - `"recompute"`: append a second copy of the last gate, giving Y', which carries the same value as Y. The estimate of $Y \cdot Y'$, minus the estimate of
#   $Y \cdot Y$ on the circuit without the copy.
#
# New gates are appended at the end, and every estimate is about the last of them.

# %% exercise="coherence_gaps"
def coherence_gaps(estimate, mu: Float[Tensor, "n"], cov: Float[Tensor, "n n"], gates: list[tuple[str, int, int]]) -> dict[str, float]:
    """How far an estimator contradicts itself on one circuit, in four ways; each gap is 0 for a coherent one.

    estimate: (mu, cov, gates) -> float, about the last wire.   gates: at least one.

    >>> def mean_estimate(mu, cov, gates):
    ...     return float(mean_propagate(mu, gates)[-1])
    >>> half = torch.tensor([0.5], dtype=torch.float64)
    >>> coherence_gaps(lambda *given: 0.9 * mean_estimate(*given), half, torch.tensor([[0.25]], dtype=torch.float64), [("*", 0, 0)])
    {'iterated': 0.0225, 'additive': 0.0, 'reorder': 0.0, 'recompute': 0.0}        # .9 (.25 - .225) = .0225
    """
    ### BEGIN SOLUTION
    n, last = len(mu), len(mu) + len(gates) - 1
    value = estimate(mu, cov, gates)

    moved = [(operation, i + (i >= n), j + (j >= n)) for operation, i, j in gates]
    longer = torch.cat([mu, torch.tensor([value], dtype=mu.dtype)])
    wider = torch.zeros(n + 1, n + 1, dtype=cov.dtype)
    wider[:n, :n] = cov
    residual = estimate(longer, wider, [*moved, ("-", last + 1, n)])

    doubled = estimate(mu, cov, [*gates, ("+", last, last)])
    swapped = [
        estimate(mu, cov, [*gates[:t], (operation, j, i), *gates[t + 1 :]])
        for t, (operation, i, j) in enumerate(gates)
        if operation != "-"
    ]
    square = estimate(mu, cov, [*gates, ("*", last, last)])
    copied = estimate(mu, cov, [*gates, gates[-1], ("*", last, last + 1)])
    return {
        "iterated": residual,
        "additive": doubled - 2 * value,
        "reorder": max((abs(other - value) for other in swapped), default=0.0),
        "recompute": copied - square,
    }
    ### END SOLUTION

# %% name="coherence_table" slow=20
def significant_digit(x):
    """x rounded to one significant digit."""
    return 0.0 if x == 0 else round(x, -math.floor(math.log10(abs(x))))


if ready("mean_propagate", "covariance_propagate", "cumulant_propagate", "indecomposable_partitions", "coherence_gaps"):

    def order_1(mu, cov, gates):
        return float(mean_propagate(mu, gates)[-1])

    def order_2(mu, cov, gates):
        return float(covariance_propagate(mu, cov, gates)[0][-1])

    def order_3(mu, cov, gates):  # for bits and constants: their third cumulant is variance * (1 - 2 mean)
        kappa = [mu, cov.diag(), cov.diag() * (1 - 2 * mu)]
        return float(cumulant_propagate(kappa, gates, 3)[0][-1])

    estimators = {
        "order 1": order_1,
        "order 2": order_2,
        "order 3": order_3,
        "order 2, one digit": lambda *given: significant_digit(order_2(*given)),
    }
    p = torch.tensor([0.25, 0.5], dtype=torch.float64)
    product_of_sums = [("+", 0, 1), ("+", 1, 1), ("*", 2, 3)]  # (x + y)(y + y)
    keys = ("iterated", "additive", "reorder", "recompute")
    print(f"{'':20s}{'estimate':>11s}" + "".join(f"{key:>11s}" for key in keys))
    for name, estimate in estimators.items():
        given = (p, torch.diag(p * (1 - p)), product_of_sums)
        gaps = coherence_gaps(estimate, *given)
        print(f"{name:20s}{estimate(*given):11.4f}" + "".join(f"{float(gaps[key]) + 0.0:11.4f}" for key in keys))

    zero = [("*", 0, 0), ("*", 1, 0), ("*", 2, 0), ("-", 3, 2)]  # x^4 - x^3 of a bit: always 0
    fair = torch.tensor([0.5], dtype=torch.float64)
    print("\nthe square of x^4 - x^3, which is 0 for every bit:")
    for name, estimate in list(estimators.items())[:3]:
        value = estimate(fair, torch.diag(fair * (1 - fair)), [*zero, ("*", 4, 4)])
        print(f"  estimate of {name}: {value:.5f}")

# %% [markdown]
# **What you should see.** Mean propagation contradicts itself nowhere in this table; it is wrong, but consistently. Covariance propagation fails one check, by
# -0.6875, which is exactly $-(C_{XX} C_{YY} + C_{XY}^2)$ of the last gate: it treats what it dropped as fresh noise, and computing a wire a second time draws the
# noise anew. (The same reading shows that its covariance matrix always belongs to some random variables: each wire is $m_X Y + m_Y X$ plus a constant plus
# independent noise. So it never reports a negative variance.) The rounded estimator predicts its own error: it says 1 where the unrounded one says 1.25, and then
# estimates the remainder as .2. (It also inherits the failed check, as -1.)
#
# Third cumulants pass all four checks *on this circuit* and fail the last lines: for $x^4 - x^3$, which is always 0, they estimate the mean of a *square* as -.094. No
# random variable has such cumulants. Each order repairs a contradiction of the one before and adds one of its own, which is the situation that the paper's abstract
# describes: no candidate has all the properties one would like.
#
# ## Extend it: a layer of a network

# %% [markdown]
# ### relu_moments
# Circuits are networks with products for activations. ReLU needs one more formula. Let the inputs of a layer be independent standard Gaussians and $W$ its weights,
# so that the pre-activations $z = Wx$ are jointly Gaussian with mean 0; let $s_i$ be the norm of row i and $\theta_{ij}$ the angle between rows i and j. With
# $h = \max(z, 0)$,
#
# $$E[h_i] = \frac{s_i}{\sqrt{2\pi}}, \qquad
# E[h_i h_j] = \frac{s_i s_j}{2\pi} \big(\sin\theta_{ij} + (\pi - \theta_{ij}) \cos\theta_{ij}\big)$$
#
# (the second is the arc-cosine kernel of order 1, Cho and Saul 2009). Return the mean and the *covariance* of $h$. Nothing is presumed or dropped here: it is what a
# covariance-propagating estimator needs in order to get through a ReLU layer. A row of zeros is a dead unit, with mean and covariances 0; a short row, of
# norm 0.0001 say, is not. Rows may be parallel or opposite.

# %% exercise="relu_moments"
def relu_moments(W: Float[Tensor, "hidden n"]) -> tuple[Float[Tensor, "hidden"], Float[Tensor, "hidden hidden"]]:
    """Mean and covariance of relu(W x) for a standard Gaussian x, in closed form.

    W: float64; rows may be zero, parallel or opposite.   Returns float64 tensors without nan or infinity.

    >>> relu_moments(torch.tensor([[1.0], [-1.0]], dtype=torch.float64))       # relu(x) and relu(-x)
    (tensor([0.3989, 0.3989]), tensor([[ 0.3408, -0.1592], [-0.1592,  0.3408]]))      # both float64
    """
    ### BEGIN SOLUTION
    s = W.norm(dim=1)
    scale = torch.outer(s, s)
    cosine = ((W @ W.T) / scale.clamp(min=1e-300)).clamp(-1, 1)  # 0 for a row of zeros
    angle = torch.acos(cosine)
    second = scale * (torch.sin(angle) + (math.pi - angle) * cosine) / (2 * math.pi)
    mean = s / math.sqrt(2 * math.pi)
    return mean, second - torch.outer(mean, mean)
    ### END SOLUTION

# %% [markdown]
# Now the same ladder as for circuits, on a random layer of width 64 with 16 outputs $y = Vh$. The mean of $\lVert y \rVert^2$ is estimated three times: with every
# product presumed independent, with the variance of each unit, and with all covariances. Sampling with 200,000 inputs is the judge.

# %% name="plot_relu" slow=40
if ready("relu_moments"):
    rows = []
    for seed in range(5):
        generator = torch.Generator().manual_seed(seed)
        W = torch.randn(64, 64, generator=generator, dtype=torch.float64) / 8
        V = torch.randn(16, 64, generator=generator, dtype=torch.float64) / 8
        mean, covariance = relu_moments(W)
        presumed = (V @ mean).square().sum()
        variances = presumed + (V.square() @ covariance.diag()).sum()
        covariances = presumed + (V @ covariance @ V.T).trace()
        batches = [((torch.randn(20_000, 64, generator=generator, dtype=torch.float64) @ W.T).relu() @ V.T).square().sum(1) for _ in range(10)]
        sampled = torch.cat(batches)
        rows.append([v / sampled.mean() for v in (presumed, variances, covariances)] + [sampled.std() / 200_000**0.5 / sampled.mean()])
    ratios = torch.tensor(rows, dtype=torch.float64)
    fig, axis = plots.figure(width=5.6, height=3.2)
    for row, colour in zip(ratios, plots.COLOURS):
        axis.plot(range(3), row[:3].numpy(), marker="o", markersize=4, color=colour)
    axis.axhline(1, color="0.7", linewidth=1)
    axis.set_xticks(range(3), ["presumed\nindependent", "with\nvariances", "with\ncovariances"])
    axis.set(ylabel="estimate / sampled mean", ylim=(0, 1.15), title="E of the squared output, five random ReLU layers")
    plots.show(fig, alt="Five layers: estimates that presume independence reach about a fifth to a half of the sampled mean, with variances about 1, with covariances 1.")
    for name, column in zip(("presumed independent", "with variances", "with covariances"), ratios.T):
        print(f"{name:22s}" + " ".join(f"{v:.4f}" for v in column))
    print(f"{'standard error':22s}" + " ".join(f"{v:.4f}" for v in ratios[:, 3]))

# %% [markdown]
# **What you should see.** Presuming every product independent, the estimate is 24 to 54 % of the sampled mean; with the variance of each unit, 96 to 101 %; with all
# covariances it is within .2 % on all five layers, at most two of the sample's standard errors of .1 %, and uses no sample. One layer is easy because its
# pre-activations are exactly Gaussian. In a second layer they are not, and one has to drop cumulants, as in the circuits above. Code that does this for deep random
# networks was released with a later paper (repository mlp_cumulant_propagation, README).

# %% [markdown]
# ## What the numbers say
#
# The paper's claims beside your own numbers. Its abstract makes no numerical claim, so the middle column is words; the place is given.

# %% name="replication_table" slow=30
if ready("exact_mean", "mean_propagate", "covariance_propagate", "cumulant_propagate", "propagate_with_claims", "cherry_pick", "coherence_gaps", "indecomposable_partitions"):
    generator = torch.Generator().manual_seed(0)
    relative = torch.zeros(3, 150, dtype=torch.float64)
    for c in range(150):
        p, gates = random_probabilities(5, generator), random_circuit(5, 7, generator)
        truth = exact_mean(p, gates)[-1]
        for order in (1, 2, 3):
            relative[order - 1, c] = abs(cumulant_propagate(bernoulli_cumulants(p), gates, order)[0][-1] - truth) / truth
    means = relative.mean(dim=1)
    picked = cherry_pick(cancelling_p, CANCELLING, 1)
    harm = abs(float(propagate_with_claims(cancelling_p, CANCELLING, picked)[-1]) - 0.5)
    six = covariance_propagate(figure_6_p, torch.diag(figure_6_p * (1 - figure_6_p)), FIGURE_6)[0][-1]
    two_bits = torch.tensor([0.25, 0.5], dtype=torch.float64)
    gaps = coherence_gaps(
        lambda *given: float(covariance_propagate(*given)[0][-1]), two_bits, torch.diag(two_bits * (1 - two_bits)), [("+", 0, 1), ("+", 1, 1), ("*", 2, 3)]
    )
    table = [  # claim, paper (place), ours, band
        ("Figure 6 circuit, order 1 (truth 4)", "E[XY] = E[X]E[Y] by default (abstract)", mean_propagate(figure_6_p, FIGURE_6)[-1], 3.75, 3.75),
        ("Figure 6 circuit, order 2", "revised by a correlation (abstract)", six, 4, 4),
        ("mean relative error, order 1", "orders 1, 2, 3 (released code)", means[0], 0.11, 0.31),
        ("mean relative error, order 2", "", means[1], 0.007, 0.031),
        ("mean relative error, order 3", "", means[2], 0.0003, 0.0043),
        ("error by one true claim, from 0", "spurious arguments: open (abstract)", harm, 0.25, 0.25),
        ("recompute at order 2, (x + y)(y + y)", "no candidate is coherent (abstract)", gaps["recompute"], -0.6875, -0.6875),
    ]
    print(f"{'measure':38s}{'paper (place)':42s}{'ours':>8s}   band")
    for name, paper, ours, low, high in table:
        inside = "inside" if low - 1e-9 <= float(ours) <= high + 1e-9 else "OUTSIDE"
        print(f"{name:38s}{paper:42s}{float(ours):8.4f}   {low:g} to {high:g}: {inside}")

# %% [markdown]
# ### which_rule
# Write 180 to 250 words. Name one argument of this unit, with its claims and numbers, that consists of true statements and that an estimator should nevertheless not
# accept as it stands. State a rule that rejects it: what does the estimator have to be told, and what can it check? Then say what your rule costs or which search it
# does not stop, and one reason why this evidence from small circuits is weak for neural networks.

# %% [markdown] rubric="which_rule"
# In the circuit $a \cdot a + a (1 - a)$ the claim Cov(a, a) = .25 is true, and it moves the estimate from .5, which is right, to .75. The claim is not the problem: the
# second covariance, -.25, belongs to it, since both follow from looking at the same bit, and presuming independence of a and 1 - a *after* somebody has looked is no
# longer a default but a selection. The rule: an argument comes with the list of all products whose covariance its author computed, and the estimator uses all of them.
# It can check each value, but not that the list is complete, so the search itself must be run where the estimator sees it. With 12 products this turned an
# error that doubled under pruning into one that fell to 0.
#
# The cost is length: the argument is as long as the search. It does not stop an author who knows the answer in advance from choosing *where* to look. And our
# covariances are independent signs by construction; the correlations of a trained network were selected by training, all in one direction.

# %% [markdown]
# ## Sources
#
# P. Christiano, E. Neyman, M. Xu 2022, *Formalizing the presumption of independence*, arXiv 2211.06738 (abstract; the circuit of Figure 6 from a public
# reimplementation). P. Christiano, J. Hilton, A. Lincoln, E. Neyman, M. Xu 2024, *Towards a Law of Iterated Expectations for Heuristic Estimators*, arXiv
# 2410.01290 (abstract), and its code, alignment-research-center/heuristic-hafnian. M. Xu in AXRP, episode 23, *Mechanistic Anomaly Detection*, 2023 (transcript). V. P. Leonov, A. N.
# Shiryaev 1959, *On a method of calculation of semi-invariants*. Y. Cho, L. Saul 2009, *Kernel methods for deep learning*.
