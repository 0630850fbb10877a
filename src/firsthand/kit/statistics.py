"""Small-sample statistics for comparing protocols: intervals and tests that respect pairing."""

from __future__ import annotations

from math import comb, sqrt
from statistics import NormalDist
from typing import NamedTuple

import torch
from torch import Tensor


class Interval(NamedTuple):
    """An estimate between its confidence limits."""

    estimate: float
    low: float
    high: float


def wilson(successes: int, n: int, *, confidence: float = 0.95) -> Interval:
    """Score interval of a proportion (Wilson 1927): inside [0, 1], with width at 0 and n successes.

    Raises ValueError unless 0 <= successes <= n and n >= 1.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"wilson needs 0 <= successes <= n and n >= 1, got {successes} of {n}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p, shrink = successes / n, 1 + z * z / n
    centre = (p + z * z / (2 * n)) / shrink
    half = z / shrink * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(p, max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half)))


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Two-sided exact p-value of McNemar's test.

    Under the null each discordant pair is a fair coin. only_first, only_second: pairs in which only
    that arm succeeded. Returns 1 when there are none.
    """
    n, fewer = only_first + only_second, min(only_first, only_second)
    if fewer < 0:
        raise ValueError(f"counts must not be negative, got {only_first} and {only_second}")
    return min(1.0, 2 * sum(comb(n, i) for i in range(fewer + 1)) / 2**n)


def paired_bootstrap(
    first: Tensor, second: Tensor, *, seed: int, resamples: int = 4000, confidence: float = 0.95
) -> Interval:
    """Percentile interval of mean(first - second), resampling the units with both arms together.

    first, second: [unit], numbers or booleans of the same units. Raises ValueError for different or
    empty lengths.
    """
    if first.shape != second.shape or first.ndim != 1 or not len(first):
        seen = f"{list(first.shape)} and {list(second.shape)}"
        raise ValueError(f"the arms must be two equally long vectors, got {seen}")
    difference = first.double() - second.double()
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randint(len(difference), (resamples, len(difference)), generator=generator)
    tails = torch.tensor([(1 - confidence) / 2, (1 + confidence) / 2], dtype=torch.float64)
    low, high = difference[rows].mean(1).quantile(tails).tolist()
    return Interval(difference.mean().item(), low, high)


def bradley_terry(
    wins: Tensor, *, anchor: int = 0, prior: float = 0.5, steps: int = 2000
) -> Tensor:
    """Ratings from a table of wins, in nats: P(i beats j) = sigmoid(rating_i - rating_j).

    wins: [player player], wins[i, j] = games that i won against j. anchor: the player whose rating
    is 0, since only differences are identified. prior: wins added in each direction of every pair
    that met, so that a player without a loss keeps a finite rating. Minorise-maximise steps (Hunter
    2004). Returns float64 [player]. Raises ValueError if some players are not connected by games.
    """
    games = wins.double() + wins.double().T
    met = (games > 0) & ~torch.eye(len(wins), dtype=torch.bool)
    if not _connected(met):
        raise ValueError(
            "some players are not connected by games: their ratings cannot be compared"
        )
    won = (wins.double() + prior * met).masked_fill(~met, 0.0)
    games = won + won.T
    strength = torch.ones(len(wins), dtype=torch.float64)
    for _ in range(steps):
        strength = won.sum(1) / (games / (strength[:, None] + strength)).sum(1)
        strength = strength / strength[anchor]
    return strength.log()


def _connected(met: Tensor) -> bool:
    reached = torch.zeros(len(met), dtype=torch.bool)
    reached[0] = True
    for _ in range(len(met)):
        reached = reached | met[reached].any(0)
    return bool(reached.all())
