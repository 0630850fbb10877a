"""Graders of 007, rates: roots by bisection and lists of all outcomes as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from math import comb, erfc, inf, lgamma, sqrt
from statistics import NormalDist

import numpy as np
import pytest
import torch

from firsthand import compare

NORMAL = NormalDist()


def numpy_generator(generator):
    """A NumPy generator whose seed is drawn from the test's own generator."""
    return np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))


def bisect(is_low, low, high):
    """The point of [low, high] at which `is_low` turns False."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if is_low(middle) else (low, middle)
    return (low + high) / 2


def score_interval(k, n, z):
    """Wilson's ends, searched for: the rates whose own spread puts k / n at distance z."""
    rate = k / n

    def compatible(p):
        return (rate - p) ** 2 <= z * z * p * (1 - p) / n

    low = bisect(lambda p: not compatible(p), 0.0, rate) if k else 0.0
    high = bisect(compatible, rate, 1.0) if k < n else 1.0
    return low, high


def pmf(n, p):
    return [comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(n + 1)]


def normal(k, n, z):
    half = z * sqrt(k / n * (1 - k / n) / n)
    return k / n - half, k / n + half


def wilson_mistakes(k, n, conf):
    """What known mistakes give, by hint."""
    z = NORMAL.inv_cdf((1 + conf) / 2)
    low, high = normal(k, n, z)
    adjusted = n + z * z
    middle = (k + z * z / 2) / adjusted
    half = z * sqrt(middle * (1 - middle) / adjusted)
    two = normal(k + 2, n + 4, z)
    return {
        "width 0 at k = n: no data is that sure. The spread belongs to the rate that is tried, not to the estimate": (
            low,
            high,
        ),
        "clipping is not Wilson: solve the quadratic equation": (max(low, 0), min(high, 1)),
        "1.96, not 1.645, at 95 %: half of 1 - conf lies in each tail": score_interval(
            k, n, NORMAL.inv_cdf(conf)
        ),
        "conf is 0.95, not 0.05: z = inv_cdf((1 + conf) / 2)": score_interval(
            k, n, NORMAL.inv_cdf(1 - conf / 2)
        ),
        "z follows from conf: it is 1.96 only at 95 %": score_interval(k, n, 1.959964),
        "that is Agresti-Coull: only its centre is Wilson's": (middle - half, middle + half),
        "that is Agresti-Coull's rule of adding two; Wilson solves the quadratic equation": two,
        "lower end first": score_interval(k, n, z)[::-1],
        "do not round the ends: four digits are for print": tuple(
            round(end, 4) for end in score_interval(k, n, z)
        ),
    }


@pytest.mark.exercise("wilson")
class TestWilson:
    @pytest.fixture(autouse=True)
    def the_kit_is_out_of_reach(self, submission):
        with submission.forbidding("firsthand.kit.statistics.wilson"):
            yield

    @pytest.mark.visible
    def test_the_worked_examples_have_these_ends(self, submission):
        for k, low, high in ((0, 0.0, 0.2775), (9, 0.5958, 0.9821)):
            compare.close(
                submission.wilson(k, 10, 0.95),
                (low, high),
                atol=1e-3,  # four printed digits
                what=f"wilson({k}, 10, 0.95)",
                hint="solve (k/n - p)² = z² p(1 - p)/n for p",
            )

    @pytest.mark.weight(2)
    def test_small_counts_have_the_two_roots_as_ends(self, submission, generator):
        rng = numpy_generator(generator)
        for conf in (0.9, 0.95, 0.99):
            n = int(rng.integers(8, 15))
            for k in (1, n - 1):
                self.compared(submission, k, n, conf)

    @pytest.mark.weight(2)
    def test_any_count_and_confidence_have_the_two_roots_as_ends(self, submission, generator):
        rng = numpy_generator(generator)
        for _ in range(8):
            n = int(rng.integers(2, 400))
            self.compared(
                submission, int(rng.integers(0, n + 1)), n, round(float(rng.uniform(0.5, 0.99)), 3)
            )
        for most in (1000, 10_000, 1_000_000):
            n, k = int(rng.integers(most // 3, most)), int(rng.integers(1, 5))
            self.compared(submission, k, n, 0.9, atol=1e-9)
            self.compared(submission, n - k, n, 0.95, atol=1e-9)

    def test_the_ends_of_the_scale_have_width(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (1, int(rng.integers(2, 30)), 1000):
            for k in (0, n):
                self.compared(submission, k, n, 0.95)

    @staticmethod
    def compared(submission, k, n, conf, atol=1e-6):
        compare.close(
            submission.wilson(k, n, conf),
            score_interval(k, n, NORMAL.inv_cdf((1 + conf) / 2)),
            atol=atol,
            what=f"wilson at {'an end of the scale' if k in (0, n) else 'an inner count'}",
            hint="solve (k/n - p)² = z² p(1 - p)/n for p",
            known=wilson_mistakes(k, n, conf),
        )


def listed_coverage(lo, hi, p):
    """Coverage by listing all 2^n sequences of outcomes."""
    n = len(lo) - 1
    outcomes = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    chance = np.where(outcomes == 1, p, 1 - p).prod(axis=1)
    counts = outcomes.sum(axis=1)
    return float(chance[(lo[counts] <= p) & (p <= hi[counts])].sum())


def coverage_mistakes(lo, hi, p):
    n = len(lo) - 1
    weights, inside = np.array(pmf(n, p)), (lo <= p) & (p <= hi)
    own = [comb(n, k) * (k / n) ** k * (1 - k / n) ** (n - k) for k in range(n + 1)]
    return {
        "k is binomial: counts are not equally likely": float(inside.mean()),
        "whether p is inside, not how wide the interval is": float(((hi - lo) * weights).sum()),
        "whether p is inside, not the mean width": float((hi - lo).mean()),
        "the counts are drawn at the true rate p, not at k / n": float((own * inside).sum()),
        "p must be inside the interval, not k / n": float(
            sum(w for k, w in enumerate(weights) if lo[k] <= k / n <= hi[k])
        ),
        "that is the probability to miss": 1 - float(weights[inside].sum()),
        "comb(n, k) sequences have k successes": float(
            sum(w / comb(n, k) for k, w in enumerate(weights) if inside[k])
        ),
        "only one end is looked at: p must lie above lo and below hi": float(
            weights[lo <= p].sum()
        ),
    }


@pytest.mark.exercise("coverage")
class TestCoverage:
    @pytest.mark.visible
    def test_one_trial_covers_nine_times_in_ten(self, submission):
        compare.close(
            submission.coverage(np.array([0, 0.2]), np.array([0.8, 1]), 0.1),
            0.9,
            what="coverage of the worked example",
            hint="only the interval of k = 0 holds 0.1, and k = 0 has probability 0.9: sum exactly, no simulation",
        )

    @pytest.mark.weight(3)
    def test_all_sequences_of_outcomes_are_counted(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (1, 2, 5, 8, 10):
            for _ in range(2):
                p = float(rng.uniform(0.15, 0.85))
                lo = rng.uniform(0, 1, n + 1) * p * 1.4
                hi = lo + rng.uniform(0, 1, n + 1)
                with compare.unchanged(lo=lo, hi=hi):
                    got = submission.coverage(lo, hi, p)
                compare.close(
                    got,
                    listed_coverage(lo, hi, p),
                    what="coverage",
                    hint="n + 1 outcomes: sum their probabilities, no simulation",
                    known=coverage_mistakes(lo, hi, p),
                )

    def test_an_interval_contains_its_ends(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (3, 6, 9):
            p = float(rng.uniform(0.2, 0.8))
            for lo, hi in (
                (np.full(n + 1, p), np.ones(n + 1)),
                (np.zeros(n + 1), np.full(n + 1, p)),
            ):
                compare.close(
                    submission.coverage(lo, hi, p),
                    1.0,
                    what="coverage when every interval ends exactly at p",
                    hint="an interval contains its ends: compare with <=",
                )

    def test_rates_of_zero_and_one_have_one_outcome(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (1, 4, 12):
            holds = rng.random(n + 1) < 0.5
            for p, k in ((0.0, 0), (1.0, n)):
                for inside, (low, high) in (
                    (True, (2.0, 3.0)),
                    (False, (2.0, 3.0)),
                    (False, (-3.0, -2.0)),
                    (False, (1.5, -0.5)),  # empty: its ends are swapped
                ):
                    held = holds.copy()
                    held[k] = inside
                    lo, hi = np.where(held, -inf, low), np.where(held, inf, high)
                    compare.close(
                        submission.coverage(lo, hi, p),
                        float(inside),
                        what=f"coverage at p = {p:g}",
                        hint="at p = 0 only k = 0 can happen, at p = 1 only k = n; both ends of its interval count",
                    )

    def test_four_hundred_trials_neither_overflow_nor_underflow(self, submission, generator):
        rng = numpy_generator(generator)
        for n, low, high in (
            (180, 0.2, 0.8),
            (300, 0.2, 0.8),
            (400, 0.2, 0.8),
            (400, 0.87, 0.98),
            (400, 0.02, 0.13),
        ):
            p = float(rng.uniform(low, high))
            k = np.arange(n + 1)
            lo, hi = k / n - 0.04, k / n + 0.03
            logs = np.array([lgamma(n + 1) - lgamma(j + 1) - lgamma(n - j + 1) for j in k])
            weights = np.exp(logs + k * np.log(p) + (n - k) * np.log1p(-p))
            compare.close(
                submission.coverage(lo, hi, p),
                float(weights[(lo <= p) & (p <= hi)].sum()),
                what=f"coverage with n = {n}",
                hint="comb(n, k) is exact in Python; int64 and 32-bit floats are too small",
                known={
                    "(1 - p)^n or p^n is 0 in floats here: a recursion that starts there never leaves 0": 0.0
                },
            )


def fair_coins(b, c):
    """McNemar's p by listing every sequence of fair coins."""
    n = b + c
    heads = ((np.arange(2**n)[:, None] >> np.arange(max(n, 1))) & 1).sum(axis=1)
    return float((abs(2 * heads - n) >= abs(b - c)).mean())


def mcnemar_mistakes(b, c):
    n, few = b + c, min(b, c)
    tail = sum(comb(n, i) for i in range(few + 1)) / 2**n
    below = sum(comb(n, i) for i in range(b + 1)) / 2**n
    known = {
        "cap at 1: with b = c the two tails share their middle": 2 * tail,
        "two-sided: both directions are as uneven": tail,
        "too few discordant questions for chi-square: count the coins": erfc(
            abs(b - c) / sqrt(2 * max(n, 1))
        ),
        "too few discordant questions for chi-square, corrected or not: count the coins": erfc(
            max(abs(b - c) - 1, 0) / sqrt(2 * max(n, 1))
        ),
        "at least as uneven: the whole tail, not one count": min(1, 2 * comb(n, few) / 2**n),
        "the smaller tail, whichever model is better": min(1, 2 * below),
        "the smaller tail, whichever model it belongs to": min(
            1, 2 * sum(comb(n, i) for i in range(c + 1)) / 2**n
        ),
        "at least as uneven: your own count belongs to the tail": min(
            1, 2 * sum(comb(n, i) for i in range(few)) / 2**n
        ),
        "that is the mid-p value: your own count belongs to the tail in full": min(
            1, 2 * tail - comb(n, few) / 2**n
        ),
    }
    return {hint: value for hint, value in known.items() if abs(value - fair_coins(b, c)) > 1e-6}


@pytest.mark.exercise("mcnemar_exact")
class TestMcnemarExact:
    @pytest.fixture(autouse=True)
    def the_kit_is_out_of_reach(self, submission):
        with submission.forbidding("firsthand.kit.statistics.mcnemar_exact"):
            yield

    @pytest.mark.visible
    def test_one_against_five_is_no_evidence(self, submission):
        compare.close(
            submission.mcnemar_exact(1, 5),
            0.21875,
            what="mcnemar_exact(1, 5)",
            hint="2 (1 + 6) / 64",
        )

    @pytest.mark.weight(3)
    def test_every_sequence_of_fair_coins_is_counted(self, submission, generator):
        rng = numpy_generator(generator)
        drawn = [tuple(int(v) for v in rng.integers(0, 8, 2)) for _ in range(4)]
        for b, c in ((5, 1), (2, 7), *drawn):
            compare.close(
                submission.mcnemar_exact(b, c),
                fair_coins(b, c),
                what="mcnemar_exact",
                hint="the share of sequences of b + c fair coins that are at least as uneven",
                known=mcnemar_mistakes(b, c),
            )

    def test_an_even_split_has_p_one(self, submission, generator):
        rng = numpy_generator(generator)
        for count in (0, 1, int(rng.integers(2, 7))):
            compare.close(
                submission.mcnemar_exact(count, count),
                1.0,
                what="mcnemar_exact with b = c",
                hint="every split is at least as uneven as an even one: p = 1",
                known=mcnemar_mistakes(count, count),
            )

    def test_five_hundred_discordant_questions_are_counted_exactly(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (120, 300, 500):
            b = int(n / 2 - rng.uniform(1, 3) * sqrt(n) / 2)
            expected = 2 * sum(comb(n, i) for i in range(b + 1)) / 2**n
            uneven = (n - 2 * b) / sqrt(2 * n)
            compare.close(
                submission.mcnemar_exact(b, n - b),
                expected,
                what=f"mcnemar_exact with {n} discordant questions",
                hint="comb and 2 ** n are exact in Python; int64 and 32-bit floats are too small",
                known={
                    "an approximation is not exact, however many questions there are: count the coins": erfc(
                        uneven - 1 / sqrt(2 * n)
                    ),
                    "an approximation is not exact, however many there are: count the coins": erfc(
                        uneven
                    ),
                },
            )

    def test_tiny_p_values_keep_their_digits(self, submission, generator):
        rng = numpy_generator(generator)
        for most in (90, 200, 490):
            few = int(rng.integers(0, 8))
            many = int(rng.integers(most // 2, most))
            b, c = (few, many) if rng.random() < 0.5 else (many, few)
            compare.close(
                submission.mcnemar_exact(b, c),
                2 * sum(comb(b + c, i) for i in range(few + 1)) / 2 ** (b + c),
                rtol=1e-6,
                atol=0.0,  # p-values down to 1e-150
                what="a tiny p-value of mcnemar_exact",
                hint="sum the smaller tail itself: 1 minus the rest is lost to rounding",
            )
