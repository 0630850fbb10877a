"""The beta distribution: its distribution function and quantiles, for exact intervals.

The binomial, Student's t and the F distribution are all the regularised incomplete beta function
I_x(a, b) in other variables. It is evaluated by its continued fraction (DLMF 8.17.22) and inverted
by bisection.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt

_TINY = 1e-300


def beta_cdf(x: float, a: float, b: float) -> float:
    """P(X <= x) for X of the beta distribution with shape parameters a and b.

    Raises ValueError unless a > 0 and b > 0.
    """
    if not (0 < a < inf and 0 < b < inf):
        raise ValueError(f"the shape parameters must be positive numbers, got a={a} and b={b}")
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # there the fraction of the mirrored distribution is the fast one
        return 1.0 - _fraction(1 - x, b, a)
    return _fraction(x, a, b)


@lru_cache(maxsize=4096)  # loops over simulated experiments ask for the same few again and again
def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with P(X <= x) = p for the beta distribution with shape parameters a and b.

    Raises ValueError unless 0 <= p <= 1, a > 0 and b > 0.

    >>> round(beta_quantile(0.975, 1, 10), 4)       # 1 - 0.025 ** (1 / 10)
    0.3085
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p must be a probability, got {p}")
    low, high = 0.0, 1.0
    beta_cdf(0.5, a, b)  # refuses impossible shapes for every p
    if p in (0, 1):  # near 1 the distribution function reaches 1.0 before its argument does
        return float(p)
    while (middle := (low + high) / 2) not in (low, high):
        if beta_cdf(middle, a, b) < p:
            low = middle
        else:
            high = middle
        if high - low < 1e-15 * high:
            break
    return high


def t_quantile(p: float, freedom: float) -> float:
    """The x with P(T <= x) = p for Student's t distribution.

    freedom: degrees of freedom. Raises ValueError unless 0 < p < 1 and freedom > 0.

    >>> round(t_quantile(0.975, 9), 3)
    2.262
    """
    if not 0 < p < 1:
        raise ValueError(f"p must lie between 0 and 1, got {p}")
    tail = min(p, 1 - p)
    x = beta_quantile(2 * tail, freedom / 2, 0.5)  # of freedom / (freedom + t * t)
    return (1 if p > 0.5 else -1) * sqrt(freedom * (1 - x) / x)


def _fraction(x: float, a: float, b: float) -> float:
    """I_x(a, b) by Lentz's evaluation of the continued fraction."""
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    value, numerator, denominator = 1.0, 1.0, 0.0
    for step in range(10_000):
        m = step // 2
        if step == 0:
            term = 1.0
        elif step % 2 == 0:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        denominator = 1 / _nonzero(1 + term * denominator)
        numerator = _nonzero(1 + term / numerator)
        value *= numerator * denominator
        if abs(1 - numerator * denominator) < 1e-15:
            break
    return front * (value - 1)


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
