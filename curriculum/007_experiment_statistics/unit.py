# %% [markdown]
# # Experiment statistics: error bars that cover
#
# Two models answer the same questions and one scores three points more. Is it better? The answer depends on numbers that a table of scores does not
# show: how many questions there were, whether they share a passage, whether both models saw the same ones, how many checkpoints were tried before this one.
# In this unit you write the statistics that a paper about language models needs, and you test each the way you would test any other claim: you simulate
# experiments whose truth you know, and *count* how often the interval holds it.
#
# **You will be able to** put an interval on a rate that is near 0 or 1; compare two models on the same questions; choose the unit that is resampled
# (question, passage, seed); rate players from games with an anchor; say how many questions a comparison needs; correct for having looked at many results; fit a
# time horizon; and take a wrong error bar apart by simulation.
#
# **The claims.** Miller 2024, *Adding Error Bars to Evals* (abstract): an evaluation is an experiment whose questions are drawn from an unseen
# super-population, and it needs the analysis, the paired differences and the planning of any other experiment. Bowyer, Aitchison and Ivanova 2025, *Don't use the
# CLT in LLM evals with fewer than a few hundred datapoints* (abstract): intervals from the central limit theorem usually come out too small on small benchmarks.
# Kwa et al. 2025, *Measuring AI Ability to Complete Long Tasks* (abstract): the 50 % time horizon as a measure of ability.
#
# **What we shrank.** Nothing is trained and no model is called: answers are drawn from distributions that you know. For these claims that is an advantage,
# because coverage can only be counted where the truth is known. What it leaves out is whether real questions behave like draws; the last exercise asks you about that.
#
# **Time** about four and a half hours. **Before this** you need Python with NumPy, and the ideas of a standard error and of a p-value.
#
# `firsthand.kit.statistics` has its own versions of four of these functions, for other units. Reading them is reading the solution, and the graders refuse
# calls of them. `hint("wilson")` in a cell of your own gives the first of an exercise's three hints, and then the next. Your functions return Python numbers or NumPy
# arrays, as you like; random numbers come from `np.random.default_rng(seed)`, never from the global state.

# %%
from math import comb, exp, inf, log, log2, sqrt
from statistics import NormalDist

import numpy as np
from jaxtyping import Float, Int

from firsthand import check, hint, ready, solution, use_unit
from firsthand.kit import plots
from firsthand.kit.beta import beta_quantile, t_quantile

use_unit("007_experiment_statistics")

# %% [markdown]
# ## One rate

# %% [markdown]
# ### wilson
# A model solves $k$ of $n$ tasks. The interval of the textbooks, $\hat p \pm z\sqrt{\hat p(1-\hat p)/n}$ with $\hat p = k/n$, takes the spread of the data *at the
# estimate*. At $k = n$ that spread is 0, and ten successes in ten tries would prove perfection. Wilson (1927) asks instead which true rates $p$ are compatible with
# the data, each with its *own* spread: the interval's ends are the two solutions of
# $$(\hat p - p)^2 = z^2\,\frac{p(1-p)}{n},$$
# where $z$ is the normal quantile that leaves half of $1 - \text{conf}$ in each tail: 1.96 for `conf=0.95`. Write the two solutions of this quadratic equation, the ends of
# Wilson's interval.

# %% exercise="wilson"
def wilson(k: int, n: int, conf: float) -> tuple[float, float]:
    """Lower and upper end of Wilson's interval for k successes among n trials.

    0 <= k <= n, n from 1 to 1,000,000, 0 < conf < 1.  The graders allow a relative error of 0.0001.

    >>> wilson(0, 10, 0.95)                 # to three decimals
    (0.0, 0.278)
    >>> wilson(9, 10, 0.95)
    (0.596, 0.982)
    """
    ### BEGIN SOLUTION
    z = NormalDist().inv_cdf((1 + conf) / 2)
    rate = k / n
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return centre - half, centre + half
    ### END SOLUTION


# %% [markdown]
# ### coverage
# An interval with the label "95 %" makes a promise about repetition: of many experiments, 95 % give an interval that holds the true rate. For a binomial count you can
# check the promise exactly, since there are only $n + 1$ possible experiments. Given the interval for every count, add up the probabilities, under the
# true rate $p$, of those counts whose interval contains $p$. An interval contains its ends.

# %% exercise="coverage"
def coverage(lo: Float[np.ndarray, "n+1"], hi: Float[np.ndarray, "n+1"], p: float) -> float:
    """Exact probability that the interval for the observed count contains the true rate p.

    lo[k], hi[k]: the interval when k of n trials succeed, k = 0, ..., n; any numbers, which need not grow with k.  Where lo[k] > hi[k], the interval
    contains nothing.  n is 1 to 400, 0 <= p <= 1.

    >>> coverage(np.array([0, 0.2]), np.array([0.8, 1]), 0.1)       # n = 1: holds 0.1 only when k = 0
    0.9
    """
    ### BEGIN SOLUTION
    n = len(lo) - 1
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1) if lo[k] <= p <= hi[k])
    ### END SOLUTION


# %% [markdown]
# Now the first picture: the coverage of three intervals, against the true rate. The first is the one of the textbooks. The third is Clopper and Pearson's (1934), for when a wrong
# "safe" is expensive: it keeps every rate that neither one-sided binomial test rejects at $(1 - \text{conf})/2$, so it covers *at least* `conf`, whatever the true rate. Its ends are quantiles of beta
# distributions, because $P(X \ge k \mid p)$, as a function of $p$, is the distribution function of $\text{Beta}(k,\, n - k + 1)$.

# %% name="plot_coverage" slow=30
def normal_interval(k, n, conf):
    half = NormalDist().inv_cdf((1 + conf) / 2) * sqrt(k / n * (1 - k / n) / n)
    return k / n - half, k / n + half


def clopper_pearson(k, n, conf):
    tail = (1 - conf) / 2
    low = beta_quantile(tail, k, n - k + 1) if k > 0 else 0.0
    return low, beta_quantile(1 - tail, k + 1, n - k) if k < n else 1.0


if ready("wilson", "coverage"):
    rates = np.linspace(0.005, 0.995, 199)
    panels, lines = {}, {}
    for n in (10, 20, 100):
        for name, interval in (("normal", normal_interval), ("Wilson", wilson), ("Clopper-Pearson", clopper_pearson)):
            low, high = np.array([interval(k, n, 0.95) for k in range(n + 1)]).T
            lines[name, n] = low, high
            panels.setdefault(f"n = {n}", {})[name] = rates, np.array([coverage(low, high, p) for p in rates])
    fig, axes = plots.figure(1, 3, width=10.5, height=3.4)
    for axis, (title, curves) in zip(axes, panels.items()):
        for name, (x, y) in curves.items():
            axis.plot(x, y, label=name, linewidth=1.2)
        axis.axhline(0.95, color="black", linewidth=0.6)
        axis.set(title=title, xlabel="true rate", ylim=(0.4, 1.01))
    axes[0].set_ylabel("exact coverage of a 95 % interval")
    axes[2].legend(fontsize=8)
    plots.show(fig, alt="Coverage against the true rate for 10, 20 and 100 tasks: the normal interval falls far below 0.95 at both ends, Wilson and Clopper-Pearson do not")
    for n, p in ((20, 0.5), (20, 0.9), (20, 0.97), (50, 0.95), (100, 0.97)):
        low, high = np.array([normal_interval(k, n, 0.95) for k in range(n + 1)]).T
        score = np.array([wilson(k, n, 0.95) for k in range(n + 1)]).T
        print(f"n = {n:3d}, true rate {p:.2f}:  normal {coverage(low, high, p):.3f}   Wilson {coverage(*score, p):.3f}")

# %% [markdown]
# **What you should see.** The normal interval collapses at both ends: with 20 tasks and a true rate of 0.97 it covers 45.6 % of the time, not 95 %, and 80.2 % with
# 100 tasks. Both numbers are exact, so there is no noise to blame. Wilson swings around 0.95 (0.979 and 0.969 in the same two places); its lowest point in this
# plot is 0.860 (n = 10, true rates 0.015 and 0.985), and from 0.1 to 0.9 it stays above 0.91. Between the plotted rates it falls further in a few narrow dips, nowhere below 0.83; Clopper-Pearson never falls below 0.95, and pays with width. The saw teeth are real: a count is discrete,
# so no interval without randomisation covers 95 % everywhere. This is what Bowyer et al. warn of, and a benchmark of easy safety questions is the worst case.

# %% [markdown]
# ## Two models, the same questions

# %% [markdown]
# ### paired_difference
# Two models answer the same $n$ questions, with scores $a_i$ and $b_i$. Hard questions are hard for both, so the scores are correlated, and the difference is known
# better than either score. Take differences first: $d_i = a_i - b_i$,
# $$\hat\Delta = \bar d, \qquad \text{SE} = \sqrt{\frac{1}{n(n-1)}\sum_i (d_i - \bar d)^2}.$$

# %% exercise="paired_difference"
def paired_difference(a: Float[np.ndarray, "n"], b: Float[np.ndarray, "n"]) -> tuple[float, float]:
    """Mean of a minus mean of b, and its standard error from the differences (n - 1 in the variance).

    a, b: scores of the two models on the same questions, in the same order; n >= 2.  Scores may be as large as 1e9 with differences that
    vary by 1: square differences from the mean.

    >>> paired_difference(np.array([1.0, 1, 0, 1]), np.array([0.0, 1, 0, 0]))      # unpaired, the error would be 0.354
    (0.5, 0.289)
    """
    ### BEGIN SOLUTION
    difference = a - b
    return float(difference.mean()), float(difference.std(ddof=1) / sqrt(len(difference)))
    ### END SOLUTION


# %% [markdown]
# ### mcnemar_exact
# With right-or-wrong scores, questions on which both models agree say nothing about which is better. Of the questions on which they differ, let $b$ be those that only
# the first model gets right and $c$ those that only the second does. If the models are equally good, each such question is a fair coin. McNemar's test asks how often $b + c$ fair coins
# fall at least as unevenly as yours did, in *either* direction. Compute it exactly; its chi-square approximation needs more discordant questions than
# small evaluations have.

# %% exercise="mcnemar_exact"
def mcnemar_exact(b: int, c: int) -> float:
    """Two-sided exact p-value for b and c discordant questions; 1 if there are none.

    b, c: 0 or more, up to 500 together.  Tiny p-values, such as 1e-30, are graded to a relative error of 1e-6.

    >>> mcnemar_exact(1, 5)         # (1 + 6) sequences of 64 with at most one head, and as many with at most one tail
    0.21875
    """
    ### BEGIN SOLUTION
    tail = sum(comb(b + c, i) for i in range(min(b, c) + 1)) / 2 ** (b + c)
    return min(1.0, 2 * tail)
    ### END SOLUTION


# %% [markdown]
# ## The unit

# %% [markdown]
# ### clustered_se
# Eight questions about one passage are not eight independent questions: a model that misreads the passage fails them all. What was drawn is the passage, and the passage is the
# *unit*. The same holds for the prompts of one template, the turns of one conversation, the questions asked of one training seed. The clustered standard error of the mean lets
# residuals of one cluster go together, whatever their correlation:
# $$\text{SE} = \frac{1}{n}\sqrt{\sum_{c}\Big(\sum_{i \in c}(x_i - \bar x)\Big)^2},$$
# with $\bar x$ the mean of all $n$ rows and no small-sample factor. With one row in each cluster it is the ordinary standard error (with $n$, not $n - 1$).

# %% exercise="clustered_se"
def clustered_se(x: Float[np.ndarray, "n"], cluster: Int[np.ndarray, "n"]) -> float:
    """Standard error of the mean of x when rows with the same label may be correlated.

    cluster: a whole number for each row; any numbers (negative and above a trillion too), in any order, clusters of any size.

    >>> clustered_se(np.array([1.0, 1, 0, 0]), np.array([0, 0, 1, 1]))         # sqrt(2) / 4; each row its own cluster: 0.25
    0.354
    """
    ### BEGIN SOLUTION
    residual = x - x.mean()
    totals = np.array([residual[cluster == label].sum() for label in np.unique(cluster)])
    return float(sqrt((totals**2).sum()) / len(x))
    ### END SOLUTION


# %% [markdown]
# ### bootstrap_means
# The bootstrap needs no formula, but it has the same question built in: *what* is drawn again? A bootstrap sample draws units, as many as there are, with replacement; each brings all its
# rows. The statistic is the mean over all rows so drawn, so a unit with many rows counts for more.
#
# The plots below draw about 400,000 samples here and 800,000 in the gallery, many of them of 480 to 1,000 units. One Python loop over the samples takes about a minute in each;
# a second loop inside it, over units or rows, takes many.

# %% exercise="bootstrap_means"
def bootstrap_means(x: Float[np.ndarray, "row"], unit: Int[np.ndarray, "row"], n_boot: int, seed: int) -> Float[np.ndarray, "n_boot"]:
    """Means of n_boot bootstrap samples of whole units.

    unit: a whole number for each row; any numbers, in any order, units of any size.  Each sample draws exactly as many units as there are.
    All randomness comes from `seed`.

    >>> bootstrap_means(np.array([0.0, 1.0]), np.array([7, 7]), 3, seed=0)        # one unit: nothing varies
    array([0.5, 0.5, 0.5])
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    _, place = np.unique(unit, return_inverse=True)
    totals, sizes = np.bincount(place, weights=x), np.bincount(place)
    drawn = rng.integers(len(sizes), size=(n_boot, len(sizes)))
    return totals[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    ### END SOLUTION


# %% [markdown]
# A training result has *seeds* as units: you trained a method five times and asked each run 200 questions. How well do you know the method's mean score?

# %% name="plot_bootstrap_units" slow=30
def trained_runs(rng, runs=5, questions=200, spread=0.06):
    """Right (1) or wrong (0) for each run and question; a run's own rate is 0.7 give or take `spread`."""
    own = np.clip(rng.normal(0.7, spread, runs), 0, 1)
    return (rng.random((runs, questions)) < own[:, None]).astype(float)


if ready("bootstrap_means"):
    answers = trained_runs(np.random.default_rng(1))
    x, seeds = answers.ravel(), np.repeat(np.arange(5), 200)
    by_row = bootstrap_means(x, np.arange(len(x)), 4000, seed=0)
    by_seed = bootstrap_means(x, seeds, 4000, seed=0)
    fig, axis = plots.figure(width=7, height=3.2)
    bins = np.linspace(0.55, 0.85, 41)
    axis.hist(by_row, bins, histtype="step", linewidth=1.6, label=f"rows resampled, sd {by_row.std():.3f}")
    axis.hist(by_seed, bins, histtype="step", linewidth=1.6, linestyle="--", label=f"seeds resampled, sd {by_seed.std():.3f}")
    axis.plot(answers.mean(1), [0] * 5, "k^", markersize=8, clip_on=False, label="the five runs")
    axis.set(xlabel="mean score of a bootstrap sample", ylabel="samples of 4,000")
    axis.legend(fontsize=8)
    plots.show(fig, alt="Two bootstrap distributions of one mean: resampled rows give a narrow peak, resampled seeds a wider one; the five runs lie further apart than the narrow peak allows")
    held = {"rows": 0, "seeds": 0, "t with 4 degrees of freedom": 0}
    rng = np.random.default_rng(0)
    for draw in range(1000):
        answers = trained_runs(rng)
        means = answers.mean(1)
        for name, unit in (("rows", np.arange(1000)), ("seeds", seeds)):
            low, high = np.quantile(bootstrap_means(answers.ravel(), unit, 200, seed=draw), [0.025, 0.975])
            held[name] += int(low <= 0.7 <= high)
        held["t with 4 degrees of freedom"] += int(abs(means.mean() - 0.7) <= t_quantile(0.975, 4) * means.std(ddof=1) / sqrt(5))
    print("95 % intervals that hold the true 0.7, of 1,000 experiments:", held)

# %% [markdown]
# **What you should see.** The five runs lie further apart than 200 questions each can explain, and only the resampled seeds notice: their spread is twice that of the rows. Counted: resampled rows cover about
# 64 % (60 to 68), resampled seeds about 82 % (80 to 87), Student's t on the five run means about 95 % (93 to 97). The right unit is necessary and not sufficient: a
# bootstrap of five units knows too little about its own spread. With few units use t, and report the number of seeds.

# %% [markdown]
# ## Ratings, many results, and planning

# %% [markdown]
# ### bradley_terry
# Models that play against each other, before a judge or in an arena, are rated by $P(i \text{ beats } j) = \sigma(\theta_i - \theta_j)$, with $\sigma(x) = 1/(1 + e^{-x})$ (Bradley and Terry
# 1952). Only differences are identified, so one player, the *anchor*, gets 0. The log-likelihood is
# $$\sum_{i,j} w_{ij}\,\log\sigma(\theta_i - \theta_j), \qquad\text{with gradient}\qquad \frac{\partial}{\partial\theta_i} = \sum_j \big(w_{ij} - (w_{ij} + w_{ji})\,\sigma(\theta_i - \theta_j)\big).$$
# It is concave, and Newton's method on the players other than the anchor needs a few steps. But a finite maximum exists only if the players cannot be split into two groups such that nobody of
# the first ever beat anybody of the second (Ford 1957): think of an arrow from each winner to each loser; every player must reach every other along arrows. If not, raise `ValueError`:
# a rating of 30 for somebody who never lost is an artefact of when the program stopped.

# %% exercise="bradley_terry"
def bradley_terry(wins: Float[np.ndarray, "player player"], anchor: int) -> Float[np.ndarray, "player"]:
    """Maximum-likelihood ratings in nats, with the anchor at exactly 0.

    wins[i, j]: games that i won against j; a drawn game counts one half in both directions.  The diagonal is 0, and pairs that never met have 0 both ways.
    Raises ValueError if the likelihood has no finite maximum.  Up to 8 players, whose finite ratings may lie up to 30 apart.
    The graders allow an error of 0.001.

    >>> bradley_terry(np.array([[0.0, 3], [1, 0]]), anchor=0)          # player 1 wins one in four: -ln 3
    array([ 0.    , -1.0986])
    """
    ### BEGIN SOLUTION
    players = len(wins)
    reach = np.eye(players, dtype=bool) | (wins > 0)
    for _ in range(players):
        reach = reach @ reach
    if not reach.all():
        raise ValueError("some players never beat some others, even indirectly: no finite ratings")
    theta, games = np.zeros(players), wins + wins.T
    rated = np.arange(players) != anchor
    for _ in range(100):
        chance = 1 / (1 + np.exp(theta[None, :] - theta[:, None]))
        gradient = (wins - games * chance).sum(axis=1)
        weight = games * chance * (1 - chance)
        curvature = np.diag(weight.sum(axis=1)) - weight
        step = np.linalg.solve(curvature[rated][:, rated], gradient[rated])
        theta[rated] += np.clip(step, -1, 1)
    return theta
    ### END SOLUTION


# %% [markdown]
# Five models, 40 games for each pair, resampled game by game. The true ratings are 0, 0.5, 1, 1.1 and 2.5.

# %% name="plot_ratings" slow=30
if ready("bradley_terry"):
    truth = np.array([0, 0.5, 1.0, 1.1, 2.5])
    names = [f"model {letter}" for letter in "ABCDE"]
    rng = np.random.default_rng(4)
    pairs = [(i, j) for i in range(5) for j in range(i)]
    won = {(i, j): rng.binomial(40, 1 / (1 + np.exp(truth[j] - truth[i]))) for i, j in pairs}

    def table_of(counts):
        table = np.zeros((5, 5))
        for (i, j), count in counts.items():
            table[i, j], table[j, i] = count, 40 - count
        return table

    again = []
    for _ in range(400):
        try:
            again.append(bradley_terry(table_of({pair: rng.binomial(40, count / 40) for pair, count in won.items()}), 0))
        except ValueError:
            pass
    again, point = np.array(again), bradley_terry(table_of(won), 0)
    fig, axes = plots.figure(1, 2, width=9, height=3)
    for axis, anchor in zip(axes, (0, 4)):
        shifted = again - again[:, [anchor]]
        low, high = np.quantile(shifted, [0.025, 0.975], axis=0)
        centre = point - point[anchor]
        axis.errorbar(centre, range(5), xerr=np.maximum([centre - low, high - centre], 0), fmt="o", capsize=3, label="estimate, 95 %")
        axis.plot(truth - truth[anchor], np.arange(5) + 0.2, "k|", markersize=9, label="truth")
        axis.set_yticks(range(5), names)
        axis.set(xlabel="rating in nats", title=f"anchored at {names[anchor]}")
    axes[0].legend(fontsize=8, loc="lower right")
    plots.show(fig, alt="Ratings of five models with bootstrap intervals, anchored at the weakest and at the strongest: the anchor has no error bar, the others' bars change with it")
    gap = again[:, 3] - again[:, 2]
    print(f"{len(again)} of 400 resamples have finite ratings")
    print("width of the 95 % interval of model C:", *(f"{np.ptp(np.quantile(again[:, 2] - again[:, a], [0.025, 0.975])):.2f} anchored at {names[a]}," for a in (0, 4)))
    print(f"D minus C: {point[3] - point[2]:.2f}, 95 % interval {np.quantile(gap, 0.025):.2f} to {np.quantile(gap, 0.975):.2f}")

# %% [markdown]
# **What you should see.** The same games, twice. The anchor has no error bar at all, because it is 0 by decree, and the bar of model C is about 0.9 nats wide seen from A
# and about 1.1 seen from E. So a bar around a rating means nothing until you know the anchor, and whether two bars overlap does not tell whether two models differ: bootstrap the difference. D and C
# are truly 0.1 apart, and 40 games a pair cannot tell them apart.

# %% [markdown]
# ### benjamini_hochberg
# You compare two models on 40 benchmarks. If they are equal, two of the forty p-values still fall below 0.05 on average. Bonferroni multiplies each by $m = 40$ and
# keeps the chance of *any* false alarm small. Benjamini and Hochberg (1995) bound the expected *share* of false ones among those you report. With $p_{(1)} \le \dots \le p_{(m)}$,
# the adjusted value of the one with rank $r$ is
# $$\tilde p_{(r)} = \min_{s \ge r}\ \frac{m\, p_{(s)}}{s},$$
# and reporting everything with $\tilde p \le q$ keeps the expected share at $q$ or below when the tests are independent. Return the adjusted values in the order in which the p-values came.

# %% exercise="benjamini_hochberg"
def benjamini_hochberg(p: Float[np.ndarray, "m"]) -> Float[np.ndarray, "m"]:
    """Adjusted p-values, in the order of p.

    p: one or more p-values; ties may occur.

    >>> benjamini_hochberg(np.array([0.01, 0.02, 0.04, 0.2]))
    array([0.04  , 0.04  , 0.0533, 0.2   ])
    """
    ### BEGIN SOLUTION
    m = len(p)
    order = np.argsort(p)
    scaled = p[order] * m / np.arange(1, m + 1)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return adjusted
    ### END SOLUTION


# %% name="plot_many_tests"
if ready("benjamini_hochberg"):
    rng = np.random.default_rng(1)
    shift = np.where(np.arange(40) < 10, 3.0, 0.0)  # ten of forty comparisons are real, three standard errors away from 0
    draws = rng.normal(shift, 1, (1000, 40))
    p_values = 2 * (1 - np.vectorize(NormalDist().cdf)(np.abs(draws)))
    reported = {
        "p <= 0.05": p_values <= 0.05,
        "Bonferroni": p_values * 40 <= 0.05,
        "Benjamini-Hochberg": np.array([benjamini_hochberg(row) for row in p_values]) <= 0.05,
    }
    for name, found in reported.items():
        false_share = (found & (shift == 0)).sum(1) / np.maximum(found.sum(1), 1)
        print(f"{name:20s} real ones found {found[:, shift > 0].sum(1).mean():4.1f} of 10   false ones {found[:, shift == 0].sum(1).mean():4.2f}   "
              f"share of false ones among the reported {false_share.mean():.3f}")
    fig, axis = plots.figure(width=6.5, height=3.4)
    order = np.argsort(p_values[0])
    rank = np.arange(1, 41)
    for real, marker in ((True, "o"), (False, "x")):
        mask = (shift[order] > 0) == real
        axis.plot(rank[mask], p_values[0][order][mask], marker, label="a real difference" if real else "no difference")
    axis.plot(rank, rank * 0.05 / 40, color="black", linewidth=0.8, label="Benjamini-Hochberg, 0.05 rank / 40")
    axis.axhline(0.05 / 40, color="black", linestyle=":", linewidth=0.8, label="Bonferroni, 0.05 / 40")
    axis.axhline(0.05, color="black", linestyle="--", linewidth=0.8, label="0.05")
    axis.set(xlabel="rank of the p-value", ylabel="p-value", yscale="log")
    axis.legend(fontsize=7)
    plots.show(fig, alt="Forty sorted p-values on a log scale with three thresholds: the rising line of Benjamini and Hochberg passes between the fixed lines 0.05 and 0.05 / 40")

# %% [markdown]
# **What you should see.** Over 1,000 such families, plain 0.05 finds 8.5 of the ten real differences (8.3 to 8.7) with 1.4 false ones (1.3 to 1.6): a share of 0.13 (0.12 to 0.16) of what it reports is false. Bonferroni reports almost
# nothing false and finds 4.0 (3.9 to 4.3). Benjamini-Hochberg finds 6.3 (6.1 to 6.8), and the share of false ones is 0.035 (0.03 to 0.045), as promised: for independent tests the expected share is $0.05 \cdot 30/40$. In the picture, one family: it reports what lies at or below the last point under the rising line.

# %% [markdown]
# ### required_n
# How many questions do you need *before* you run anything? Let the true difference be $\delta$, let a single score have standard deviation $s$ in both models, and
# let their scores on the same question have correlation $\rho$. What is the variance of one difference $d_i$? A two-sided test at level $\alpha$ rejects when $|\bar d|$ exceeds $z_{1-\alpha/2}$ standard
# errors, so
# $$\text{power} = \Phi\!\left(\frac{|\delta|}{\text{SE}} - z_{1-\alpha/2}\right),$$
# with the standard normal distribution function $\Phi$, where we leave out the tiny chance to reject on the wrong side. Solve for $n$ and return the smallest whole number of questions that reaches the power.

# %% exercise="required_n"
def required_n(delta: float, sd: float, rho: float, alpha: float, power: float) -> int:
    """The smallest number of questions, each answered by both models, with which the power is reached.

    delta: true difference, of either sign but not 0.  sd > 0, -1 < rho < 1, 0 < alpha < 1 (two-sided), 0.5 <= power < 1.
    The answer may be 1, or ten million.

    >>> required_n(0.1, 0.5, 0.0, 0.05, 0.8), required_n(0.1, 0.5, 0.5, 0.05, 0.8)
    (393, 197)
    """
    ### BEGIN SOLUTION
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    variance = 2 * sd**2 * (1 - rho)
    return int(np.ceil(z**2 * variance / delta**2))
    ### END SOLUTION


# %% [markdown]
# The next cell holds the plan against simulated experiments. Both models answer the same questions; one is right on 75 %, the other on 70 %, and the correlation is 0.5. The same data go to a paired test,
# to McNemar's and to the unpaired test.

# %% name="plot_power" slow=40
if ready("paired_difference", "mcnemar_exact", "required_n"):
    both = 0.75 * 0.70 + 0.5 * sqrt(0.75 * 0.25 * 0.70 * 0.30)  # chance that both models are right
    chances = [both, 0.75 - both, 0.70 - both, both - 0.45]
    sd = sqrt((0.75 * 0.25 + 0.70 * 0.30) / 2)
    planned, apart = (required_n(0.05, sd, rho, 0.05, 0.8) for rho in (0.5, 0.0))
    sizes = (100, 300, 500, planned, 900, apart)
    rng = np.random.default_rng(0)
    detected = {name: [] for name in ("paired", "McNemar, exact", "unpaired")}
    for n in sizes:
        hits = dict.fromkeys(detected, 0)
        for cells in rng.multinomial(n, chances, size=500):
            a, b = np.repeat([1.0, 1, 0, 0], cells), np.repeat([1.0, 0, 1, 0], cells)
            difference, error = paired_difference(a, b)
            hits["paired"] += abs(difference) > 1.96 * error
            hits["McNemar, exact"] += mcnemar_exact(int(cells[1]), int(cells[2])) <= 0.05
            hits["unpaired"] += abs(difference) > 1.96 * sqrt((a.var(ddof=1) + b.var(ddof=1)) / n)
        for name, count in hits.items():
            detected[name].append(count / 500)
    fig, axis = plots.figure(width=6.5, height=3.4)
    for (name, powers), marker in zip(detected.items(), "os^"):
        axis.plot(sizes, powers, marker=marker, label=name)
    axis.axhline(0.8, color="black", linewidth=0.6)
    axis.axvline(planned, color="black", linestyle=":", linewidth=0.8)
    axis.text(planned, 0.04, f" planned: {planned}", fontsize=8)
    axis.set(xlabel="questions", ylabel="share of 500 experiments\nthat detect 5 points", ylim=(0, 1))
    axis.legend(fontsize=8, loc="upper left")
    plots.show(fig, alt="Power against the number of questions: the paired tests reach 0.8 at the planned number, the unpaired test on the same data stays far below")
    print({name: dict(zip(sizes, powers)) for name, powers in detected.items()})

# %% [markdown]
# **What you should see.** The plan says 624 questions, and there the paired test detects the difference in about 80 % of the experiments (75 to 85); McNemar's exact test is two or three points below. The unpaired
# test, on the very same answers, finds it in about 50 % (45 to 56). Two *separate* sets of questions, one for each model, would have to hold 1,248 questions each. With 100 questions even the paired test finds a real difference of five points in one experiment out of five. So a table in which
# "the difference is not significant" says little unless somebody planned it.

# %% [markdown]
# ### selection_bias
# You evaluate $k$ checkpoints on the same test set of $n$ items and report the best. If all of them are equally good, with rate $p$, how much too high is that number, on average? Let $F$ be the
# distribution function of a binomial count. The largest of $k$ independent counts is at most $j$ with probability $F(j)^k$, and
# $$E[\max] = \sum_{j=0}^{n-1} \big(1 - F(j)^k\big).$$

# %% exercise="selection_bias"
def selection_bias(k: int, n: int, p: float) -> float:
    """Expected best score of k equally good checkpoints on n items each, minus their true rate p; exact.

    k from 1 to 10,000; n from 1 to 1,000; 0 <= p <= 1.  The checkpoints' counts are independent.

    >>> selection_bias(2, 1, 0.5)          # the best of two coins is 1 three times in four
    0.25
    """
    ### BEGIN SOLUTION
    cdf = np.cumsum([comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(n)])
    return float((1 - cdf**k).sum() / n - p)
    ### END SOLUTION


# %% name="plot_selection"
if ready("selection_bias"):
    counts = np.arange(1, 31)
    fig, axis = plots.figure(width=6, height=3.2)
    for n in (50, 200, 1000):
        axis.plot(counts, [100 * selection_bias(int(k), n, 0.7) for k in counts], marker=".", label=f"{n} items")
    axis.set(xlabel="checkpoints tried", ylabel="points too high, on average")
    axis.legend(fontsize=8)
    plots.show(fig, alt="Selection bias against the number of checkpoints: it rises steeply at first and is largest with 50 items")
    print({n: round(100 * selection_bias(10, n, 0.7), 1) for n in (50, 200, 1000)}, "points too high for the best of ten")

# %% [markdown]
# **What you should see.** The best of ten checkpoints that are all right 70 % of the time looks 9.7 points better than it is on 50 items, 4.9 on 200 and 2.2 on 1,000. The cure is old: choose on one set, report
# on another.

# %% [markdown]
# ## The gallery
#
# Eight error bars, each of which has been in print in some form. The experiment: 60 passages with 8 questions each. A model's chance on a passage is drawn uniformly from 0 to 1 and is the same for its 8
# questions, so its true accuracy is 0.5. The model is run with ten prompts, each of which draws its own chances: the prompts are equally good. A second model has the chance of the first (with its first prompt) on about four passages
# of five, and its own on the others: the true difference is 0. Each bar is the estimate plus or minus what a 95 % interval needs.
#
# | name | estimate | error bar |
# |---|---|---|
# | `normal` | accuracy, first prompt | normal interval of 480 questions |
# | `wilson` | accuracy, first prompt | Wilson's interval of 480 questions |
# | `bootstrap questions` | accuracy, first prompt | percentile bootstrap of questions |
# | `bootstrap passages` | accuracy, first prompt | percentile bootstrap of passages |
# | `clustered` | accuracy, first prompt | 1.96 clustered standard errors, by passage |
# | `best prompt` | accuracy, best of ten prompts | 1.96 clustered standard errors of that prompt, by passage |
# | `unpaired` | first model minus second | 1.96 times the root of the two squared clustered standard errors |
# | `paired` | first model minus second | 1.96 clustered standard errors of the differences, by passage |

# %% [markdown]
# ### read_the_gallery
# Predict before you measure: which of them cover too rarely, which about as promised, and which too often? "Too narrow" means that the interval holds the truth in less than 92 % of the experiments; "too wide", in more than 98 %; "right", in between.
# Write your prediction, run the plot below, which counts, and correct what you got wrong. Only the final answer is graded.

# %% answer="read_the_gallery"
def read_the_gallery() -> dict[str, str]:
    """For each of the eight names: "too narrow", "right" or "too wide"."""
    ### BEGIN SOLUTION
    return {
        "normal": "too narrow",
        "wilson": "too narrow",
        "bootstrap questions": "too narrow",
        "bootstrap passages": "right",
        "clustered": "right",
        "best prompt": "too narrow",
        "unpaired": "too wide",
        "paired": "right",
    }
    ### END SOLUTION


# %% name="plot_gallery" slow=60
passage = np.repeat(np.arange(60), 8)


def draw_experiment(rng):
    """Scores [10 480] of the first model with ten prompts, and [480] of the second."""
    chance = rng.random((10, 60))
    other = np.where(rng.random(60) < 0.8, chance[0], rng.random(60))
    return (rng.random((10, 480)) < chance[:, passage]).astype(float), (rng.random(480) < other[passage]).astype(float)


def gallery_intervals(first, second, seed):
    """The eight intervals of one experiment, as (lower end, upper end)."""
    one, best = first[0], first[first.mean(1).argmax()]
    right = int(one.sum())

    def around(estimate, error):
        return estimate - 1.96 * error, estimate + 1.96 * error

    return {
        "normal": normal_interval(right, 480, 0.95),
        "wilson": wilson(right, 480, 0.95),
        "bootstrap questions": np.quantile(bootstrap_means(one, np.arange(480), 200, seed), [0.025, 0.975]),
        "bootstrap passages": np.quantile(bootstrap_means(one, passage, 200, seed), [0.025, 0.975]),
        "clustered": around(one.mean(), clustered_se(one, passage)),
        "best prompt": around(best.mean(), clustered_se(best, passage)),
        "unpaired": around(one.mean() - second.mean(), sqrt(clustered_se(one, passage) ** 2 + clustered_se(second, passage) ** 2)),
        "paired": around(one.mean() - second.mean(), clustered_se(one - second, passage)),
    }


if ready("read_the_gallery", "wilson", "bootstrap_means", "clustered_se"):
    rng = np.random.default_rng(0)
    drawn = [gallery_intervals(*draw_experiment(rng), seed) for seed in range(2000)]
    goal = {name: 0.0 if name in ("unpaired", "paired") else 0.5 for name in drawn[0]}
    fig, axes = plots.figure(2, 4, width=11, height=5)
    said = read_the_gallery()
    for axis, (name, truth) in zip(axes.ravel(), goal.items()):
        ends = np.array([draw[name] for draw in drawn])
        held = (ends[:, 0] <= truth) & (truth <= ends[:, 1])
        for row, ((low, high), holds) in enumerate(zip(ends[:40], held)):
            axis.plot([low, high], [row, row], color=plots.COLOURS[0] if holds else plots.COLOURS[1], linewidth=1.2, linestyle="-" if holds else (0, (2, 1)))
        axis.axvline(truth, color="black", linewidth=0.8)
        axis.set(title=f"{name}: {held.mean():.3f}", yticks=[], xlim=(truth - 0.28, truth + 0.28))
        measured = "too narrow" if held.mean() < 0.92 else "too wide" if held.mean() > 0.98 else "right"
        print(f"{name:20s} covers {held.mean():.3f}, half width {np.diff(ends).mean() / 2:.3f}: {measured:10s}  you said: {said.get(name)}")
    fig.supxlabel("40 of 2,000 experiments: solid intervals hold the truth, dashed ones miss it", fontsize=9)
    plots.show(fig, alt="Eight panels of forty intervals each around the true value, with the coverage counted over 2,000 experiments; those that miss are dashed")

# %% [markdown]
# **What you should see.** The first three cover about 0.71 (0.69 to 0.75): Wilson repairs the *formula*, and the bootstrap needs none, but the unit is wrong in all three. With the passage as the unit, 0.94 (0.92 to 0.96). The best of ten prompts, with the right unit, covers
# about 0.75 (0.72 to 0.79): its bar is as wide as that of one prompt and stands in the wrong place. The unpaired bar covers more than 0.99 and is 1.7 times as wide as the paired one: nobody is misled, but the experiment is thrown away.
#
# A trap for whoever checks only coverage: the unpaired bar that *also* ignores passages covers about 0.92 here. Two mistakes cancel, by luck of the two correlations.

# %% [markdown]
# ## A time horizon

# %% [markdown]
# ### time_horizon
# Kwa et al. measure ability in time: how long do people take for the tasks that a model completes half of the time? Fit, by maximum likelihood,
# $$P(\text{success}) = \sigma(a + b \log_2 \text{minutes}),$$
# so that $b$, the slope, is the change of the log odds with each doubling of the length. The horizon $h_q$ is the length at which the fitted probability is $q$. Newton's method needs a few steps here too, if you subtract the mean of
# $\log_2$ minutes first and keep its steps $s$ short: divided by $1 + \sqrt{s^\top H s}$, with the curvature $H$, they always arrived in our trials; whole ones may overshoot. Go on until a step is tiny: 20 tasks took up to 25 of these steps, and 5,000 tasks up to 140. Three cases have no finite answer, and must not be given one: no task failed (the horizon is beyond your tasks), none succeeded (below them), or success does not fall with length.
#
# In a fourth case the horizon is known only to lie in a gap. The data are *separated* when no failure is shorter than the longest success: every task up to some length succeeded and every longer one failed, and at that length itself both may occur. Then the likelihood grows for ever as the slope goes to minus infinity, and Newton's matrix
# becomes singular. About 2 % of the studies with 20 tasks further down will be like this. Return, whatever $q$ is, any length from the longest success to the shortest failure, which may be one and the same; look for this case before you iterate.

# %% exercise="time_horizon"
def time_horizon(minutes: Float[np.ndarray, "task"], success: Float[np.ndarray, "task"], q: float) -> tuple[float, float]:
    """The length in minutes at which success has probability q, and the slope of the log odds per doubling.

    minutes: positive, at least two different lengths, 2 to 5,000 tasks.  success: 1.0 or 0.0.  0 < q < 1.
    Returns (inf, 0.0) if all succeeded, (0.0, 0.0) if none did, and (inf, slope) if the fitted slope is above -1e-9.  Of a level curve, whose slope is 0 up to
    rounding, any slope within 1e-6 of 0 will do.  A horizon may lie far outside of the lengths; above the largest float it is inf.
    Separated data (no failure shorter than the longest success; both may occur at one length): for every q any length from that success to the
    shortest failure, and any slope below -1, -inf too.
    The graders allow a relative error of 0.001, here too.  They have no case in which no success is shorter than the longest failure.

    >>> minutes, success = np.array([1.0] * 4 + [16.0] * 4), np.array([1.0, 1, 1, 0, 1, 0, 0, 0])
    >>> time_horizon(minutes, success, 0.5)         # log odds fall from ln 3 to -ln 3 in four doublings
    (4.0, -0.549)
    """
    ### BEGIN SOLUTION
    if success.all():
        return inf, 0.0
    if not success.any():
        return 0.0, 0.0
    longest, shortest = minutes[success == 1].max(), minutes[success == 0].min()
    if longest <= shortest:  # separated: no slope is steep enough
        return sqrt(longest * shortest), -inf
    doublings = np.log2(minutes)
    centre = doublings.mean()
    design = np.stack([np.ones(len(minutes)), doublings - centre], axis=1)
    weights = np.zeros(2)
    for _ in range(1000):
        chance = 1 / (1 + np.exp(-design @ weights))
        curvature = (design.T * (chance * (1 - chance))) @ design + 1e-12 * np.eye(2)
        step = np.linalg.solve(curvature, design.T @ (success - chance))
        weights += step / (1 + sqrt(step @ curvature @ step))  # short steps at first, or it may circle
        if abs(step).max() < 1e-9:
            break
    level, slope = weights.tolist()
    if slope > -1e-9:  # a flat fit has a slope of 0 up to rounding
        return inf, slope
    return float(np.exp2(centre + (log(q / (1 - q)) - level) / slope)), slope
    ### END SOLUTION


# %% [markdown]
# ### horizon_spread
# Predict, then measure. A model's true horizon is 16 minutes, and its log odds fall by 0.6 with each doubling. Each study draws its own tasks: $\log_2$ of a length in minutes is uniform between 0 and 9. Somebody
# estimates the horizon from 20 tasks. In 90 % of such studies the estimate lies in a range whose upper end is how many *times* its lower end? And with 170 tasks? Measure with your `time_horizon`: 1,000 or more simulated studies, and
# the 5 % and 95 % quantiles of the estimates. Return the two ratios, written out as numbers. Only the final
# answer is graded; write your guess beside it as a comment, the comparison is worth having.

# %% answer="horizon_spread"
def horizon_spread() -> tuple[float, float]:
    """Upper end over lower end of the central 90 % of estimates, with 20 tasks and with 170."""
    ### BEGIN SOLUTION
    # Guessed: 4 and 1.5. Measured:
    return 10.7, 2.1
    ### END SOLUTION


# %% name="plot_horizon" slow=60
if ready("time_horizon", "horizon_spread"):
    rng = np.random.default_rng(0)
    grid = np.exp2(np.linspace(0, 9, 91))
    fig, axes = plots.figure(1, 3, width=10.5, height=3.2)
    for axis, n in zip(axes, (20, 60, 170)):
        estimates, slopes = [], []
        for study in range(1000):
            minutes = np.exp2(rng.uniform(0, 9, n))
            success = (rng.random(n) < 1 / (1 + np.exp(0.6 * (np.log2(minutes) - 4)))).astype(float)
            horizon, slope = time_horizon(minutes, success, 0.5)
            estimates.append(horizon)
            if study < 40 and 0 < horizon < inf:
                axis.plot(grid, 1 / (1 + np.exp(-max(slope, -50.0) * np.log2(grid / horizon))), color=plots.COLOURS[5], linewidth=0.6)
        axis.plot(grid, 1 / (1 + np.exp(0.6 * (np.log2(grid) - 4))), color="black", linewidth=1.4)
        low, middle, high = np.quantile(estimates, [0.05, 0.5, 0.95], method="inverted_cdf")
        axis.axvspan(low, high, color=plots.COLOURS[4], alpha=0.25)
        axis.set(title=f"{n} tasks: {low:.1f} to {high:.1f} min", xlabel="minutes", xscale="log", ylim=(0, 1))
        print(f"{n:3d} tasks: median {middle:.1f}, 90 % of the estimates from {low:.1f} to {high:.1f} minutes, a factor of {high / low:.1f}; without a finite horizon: {int(np.isinf(estimates).sum())}")
    axes[0].set_ylabel("probability of success")
    plots.show(fig, alt="Forty fitted success curves around the true one for 20, 60 and 170 tasks, with the range of 90 % of the horizons shaded: it narrows as tasks are added")
    print("you said", horizon_spread())

# %% [markdown]
# **What you should see.** All three are centred on 16 minutes. With 20 tasks, 90 % of the estimates lie between about 5 and 51 minutes, a factor of 11 (10 to 12); with 60 tasks 8 and 29; with 170 tasks 11 and 23, a factor of 2.1.
# The abstract of Kwa et al. reports a horizon that doubles about every seven months: a factor of 10 is more than three doublings, or about two years of such a trend, lost in the noise of 20 tasks. This picture is about numbers of tasks, not about
# their result.

# %% [markdown]
# ## Extend it

# %% [markdown]
# One more interval, for one mean over few *task families*. These populations of families are the ones on which it will be tested, and the next cell simulates them: an evaluation has
# eight or nine families of 4 to 60 tasks each, with sizes drawn evenly on a log scale.
#
# | population | success rates of its families | mean rate |
# |---|---|---|
# | `differ a lot` | $\text{Beta}(2, 2)$, symmetric, standard deviation 0.22 | 1/2 |
# | `skewed` | $\text{Beta}(4, 2)$, with a longer tail towards 0 | 2/3 |
# | `all equal` | 1/2 in every family | 1/2 |
# | `near one` | $\text{Beta}(8, 1)$; not part of the test | 8/9 |

# %% name="populations"
POPULATIONS = {"differ a lot": (2, 2), "skewed": (4, 2), "all equal": None, "near one": (8, 1)}


def draw_evaluations(population, rng, draws):
    """(k, n, the mean rate of the population): `draws` evaluations with families of the same sizes n, one in each row of k."""
    families = int(rng.integers(8, 10))
    n = np.round(np.exp(rng.uniform(log(4), log(60), families))).astype(int)
    shape = POPULATIONS[population]
    if shape is None:
        return rng.binomial(n, 0.5, (draws, families)), n, 0.5
    return rng.binomial(n, rng.beta(*shape, (draws, families))), n, shape[0] / sum(shape)


def judge(lo, hi, k, n, truth):
    """Coverage of the intervals, and their mean width relative to 1.96 true standard errors on each side."""
    error = (k / n).mean(axis=1).std()
    return float(((lo <= truth) & (truth <= hi)).mean()), float((hi - lo).mean() / (2 * 1.96 * error))


# %% [markdown]
# ### family_interval
# You report the plain mean of the families' success rates, each family counting the same, as an estimate of the population's mean rate. Put a 95 % interval around it.
# You have seen most of what can go wrong: pooled rows, too few units for 1.96, a percentile bootstrap of nine things, intervals so careful that they say nothing.
#
# The hidden tests draw 20,000 evaluations with `draw_evaluations` from each of the first three populations. In each, your interval must cover between 93 % and 98 %, with a mean width of at most 1.25 in `judge`'s measure; the limits are
# loosened by three standard errors of the count. With *three* families of the first population, the coverage must be between 92 % and 98 %, with no limit on the width. There every outcome is counted with its
# probability, in eight draws of the sizes (with at most 6,000 outcomes each), and the eight coverages are averaged; nothing is drawn, so nothing is loosened.
#
# In every row the interval must contain the mean that is reported: lo <= mean of the row's rates <= hi, up to 1e-6. It depends on its own row alone: each row is one evaluation, and whoever reports it has no others (the graders allow the noise of resampling). Any method counts, and ends may lie outside of 0 and 1.
# One call gets all evaluations of a population, or a single one: vectorise, or loop over rows (a call may take 30 seconds). Measure before you submit.

# %% exercise="family_interval"
def family_interval(k: Int[np.ndarray, "draw family"], n: Int[np.ndarray, "family"], seed: int) -> tuple[Float[np.ndarray, "draw"], Float[np.ndarray, "draw"]]:
    """Lower and upper ends of 95 % intervals for the mean rate over a population of families, one for each row of k.

    k: successes in each family, in one or more independent evaluations (rows).  n: tasks in each family, at least 1, the same in all rows.
    Two or more families.  A row's interval follows from its own row, n and `seed`.
    lo <= mean of the row's rates <= hi (up to 1e-6), two finite numbers also where all families have the same rate: width 0 is allowed there.
    Any randomness comes from `seed`.

    >>> lo, hi = family_interval(np.array([[1, 8, 3], [2, 10, 0]]), np.array([2, 10, 4]), seed=0)
    >>> lo.shape, bool((lo <= hi).all())
    ((2,), True)
    """
    ### BEGIN SOLUTION
    rates = k / n
    families = rates.shape[1]
    half = t_quantile(0.975, families - 1) * rates.std(axis=1, ddof=1) / sqrt(families)
    return rates.mean(axis=1) - half, rates.mean(axis=1) + half
    ### END SOLUTION


# %% name="plot_family" slow=30
if ready("family_interval"):
    rng = np.random.default_rng(3)
    fig, axis = plots.figure(width=7, height=3.4)
    for population, marker in zip(POPULATIONS, "so^x"):
        k, n, truth = draw_evaluations(population, rng, 5000)
        pooled, rates = k.sum(1) / n.sum(), k / n
        row_error, error = np.sqrt(pooled * (1 - pooled) / n.sum()), rates.std(1, ddof=1) / sqrt(len(n))
        shown = {
            "pooled rows": (pooled - 1.96 * row_error, pooled + 1.96 * row_error),
            "families, 1.96": (rates.mean(1) - 1.96 * error, rates.mean(1) + 1.96 * error),
            "yours": family_interval(k, n, 0),
        }
        for (name, (low, high)), colour in zip(shown.items(), plots.COLOURS):
            cover, width = judge(low, high, k, n, truth)
            axis.plot(width, cover, marker, color=colour, markersize=7)
            print(f"{population:14s} {name:16s} covers {cover:.3f}   relative width {width:.2f}")
        axis.plot([], [], marker, color="black", label=population)
    for name, colour in zip(shown, plots.COLOURS):
        axis.plot([], [], color=colour, linewidth=4, label=name)
    axis.axhspan(0.93, 0.98, alpha=0.15)
    axis.axvline(1.25, color="black", linestyle=":", linewidth=0.8)
    axis.set(xlabel="mean width, relative to 1.96 true standard errors", ylabel="coverage of 5,000 evaluations", xlim=(0.2, 1.9), ylim=(0.4, 1))
    axis.legend(fontsize=8, loc="lower right")
    plots.show(fig, alt="Coverage against relative width of three intervals in four populations: pooled rows are narrow and cover about half where families differ, 1.96 standard errors nearly reach the band, yours should lie in it for the first three")

# %% [markdown]
# **What you should see.** Where families differ, pooled rows cover 0.58 and 0.63 (0.45 to 0.70, with the sizes that were drawn), with half the width that is needed; only where all families are equal are rows independent draws, and there pooling covers 0.94.
# With 1.96 standard errors between families the coverage is about 0.91 (0.895 to 0.925) in the first three populations. A reference solution lies in the band in all three, at 0.94 to 0.96 with a relative width of about 1.15 (1.11 to 1.20).
#
# The crosses are the warning: at rates near 1 the same interval covers about 0.91 (0.90 to 0.915). No interval is right for every population; say in which ones yours was counted.

# %% [markdown]
# ### review
# You referee a paper about an evaluation. It says:
#
# > "Our method beats the baseline on the reasoning benchmark, 71.4 % ± 1.5 against 68.9 % ± 1.5 (standard errors from 900 questions). The questions come in sets
# > of six about one document. We trained three seeds of our method and report the best; the baseline was run once. Of 24 benchmarks, three show an improvement with p < 0.05. On the safety set no harmful answer occurred in 40 prompts,
# > so the harmful rate is 0 %."
#
# In about 150 words: name four things that are wrong with these numbers, and for each say which computation would put it right. Then say what no statistic of this unit could repair.

# %% [markdown] rubric="review"
# The questions are not independent: with six about one document, cluster by document. Both models answered the same questions, so the two separate bars are the wrong comparison: take the difference on each question and its clustered
# standard error. It may come out narrower or wider than the two bars suggest.
#
# The best of three seeds against one run compares a maximum with a draw: report the mean over seeds for both sides, with the seed as the unit and Student's t, or choose the seed on a validation set. Of 24 independent tests of nothing, three or more fall
# below 0.05 in about one case of nine: report all 24 p-values, adjusted by Benjamini and Hochberg. And 0 of 40 is not 0 %: Wilson's upper end is 8.8 %, the exact one is also 8.8 %.
#
# None of this helps if the 900 questions are not draws from the questions that the claim is about, or leaked into the training data: an interval covers chance in the sampling, not a biased sample.

# %% [markdown]
# ## What you replicated
#
# | claim | where | here |
# |---|---|---|
# | intervals from the central limit theorem are too small on small benchmarks | Bowyer et al. 2025, abstract | coverage 0.456 with 20 tasks, 0.802 with 100 (true rate 0.97), exact |
# | questions are draws; differences between two models have formulas of their own | Miller 2024, abstract | 0.71 becomes 0.94 with the passage as unit; pairing halves the number of questions at a correlation of 0.5 |
# | the 50 % time horizon | Kwa et al. 2025, abstract | medians within 2 % of the true 16 minutes; a factor of 11 between the ends of 90 % of the estimates from 20 tasks, of 2 from 170 |
#
# The two papers on error bars disagree in part: Miller's formulas rest on the central limit theorem, which Bowyer et al. advise against below a few hundred questions. Your coverage plot shows who is right where: both, on their own side of a few hundred.
#
# ## Sources
# Wilson 1927, *Probable inference, the law of succession, and statistical inference*. Clopper and Pearson 1934, *The use of confidence or fiducial limits*. McNemar 1947. Bradley and Terry 1952. Ford 1957, *Solution of a ranking problem from binary
# comparisons*. Benjamini and Hochberg 1995, *Controlling the false discovery rate*. Miller 2024, arXiv 2411.00640. Bowyer, Aitchison, Ivanova 2025, arXiv 2503.01747. Kwa et al. 2025, arXiv 2503.14499.
