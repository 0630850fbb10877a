"""Graders of 007, planning: bisection on the power and lists of all scores as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import product
from math import comb, log, sqrt
from statistics import NormalDist

import numpy as np
import pytest
import torch

from firsthand import compare

NORMAL = NormalDist()


def numpy_generator(generator):
    """A NumPy generator whose seed is drawn from the test's own generator."""
    return np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))


def smallest_n(delta, sd, rho, alpha, power, both_sides=False):
    """The first n whose power reaches the target, by counting up and bisecting on the power itself."""

    def enough(n):
        error = sqrt((sd**2 + sd**2 - 2 * rho * sd * sd) / n)
        wrong_side = NORMAL.cdf(NORMAL.inv_cdf(alpha / 2) - abs(delta) / error)
        return (
            NORMAL.cdf(abs(delta) / error + NORMAL.inv_cdf(alpha / 2)) + both_sides * wrong_side
            >= power
        )

    high = 1
    while not enough(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def size_mistakes(delta, sd, rho, alpha, power):
    def size(level, chance, variance):
        return int(np.ceil(((level + chance) / delta) ** 2 * variance))

    level, chance = NORMAL.inv_cdf(1 - alpha / 2), NORMAL.inv_cdf(power)
    variance = 2 * sd**2 * (1 - rho)
    right = size(level, chance, variance)
    known = {
        "that has 50 % power: add the quantile of the power": size(level, 0, variance),
        "two-sided: z(1 - alpha / 2)": size(NORMAL.inv_cdf(1 - alpha), chance, variance),
        "variance of a difference: 2 sd² (1 - rho), not sd²": size(level, chance, sd**2),
        "variance of a difference: both models contribute, 2 sd² (1 - rho)": size(
            level, chance, sd**2 * (1 - rho)
        ),
        "the models answer the same questions: rho lowers the variance": size(
            level, chance, 2 * sd**2
        ),
        "rho with the wrong sign: a positive correlation helps": size(
            level, chance, 2 * sd**2 * (1 + rho)
        ),
        "rho is a correlation, not its square": size(level, chance, 2 * sd**2 * (1 - rho**2)),
        "round up: with one question less the power is not reached": right - 1,
        "questions that both models answer, not the total of both models": 2 * right,
        "sd enters squared": size(level, chance, 2 * sd * (1 - rho)),
        "the level is alpha, the power is power: swapped": size(
            NORMAL.inv_cdf(max(power, 0.51) / 2 + 0.5), NORMAL.inv_cdf(1 - alpha), variance
        ),
        "a t quantile was not asked for: two normal quantiles": right + 2,
    }
    both = smallest_n(delta, sd, rho, alpha, power, both_sides=True)
    if both != right - 1:  # that is rounding down
        known[
            "the chance to reject on the wrong side is left out: the formula of the statement"
        ] = both
    if right == 1:
        known = {"one question can be enough: the formula has no lower limit": 2} | known
    return {hint: n for hint, n in known.items() if n != right}


def planning_case(rng):
    while True:
        case = (
            round(float(rng.uniform(0.02, 0.2)), 4),
            round(float(rng.uniform(0.2, 1.5)), 4),
            round(float(rng.uniform(-0.8, 0.9)), 3),
            round(float(rng.uniform(0.01, 0.2)), 4),
            round(float(rng.uniform(0.55, 0.98)), 3),
        )
        # Rounding of floats must decide nothing.
        z = NORMAL.inv_cdf(1 - case[3] / 2) + NORMAL.inv_cdf(case[4])
        exact = z**2 * 2 * case[1] ** 2 * (1 - case[2]) / case[0] ** 2
        if exact > 20 and abs(exact - round(exact)) > 1e-3:
            return case


@pytest.mark.exercise("required_n")
class TestRequiredN:
    @pytest.mark.visible
    def test_a_correlation_of_one_half_halves_the_number(self, submission):
        for rho, expected in ((0.0, 393), (0.5, 197)):
            compare.equal(
                submission.required_n(0.1, 0.5, rho, 0.05, 0.8),
                expected,
                what=f"required_n(0.1, 0.5, {rho}, 0.05, 0.8)",
                hint="(1.960 + 0.842)² · 2 · 0.25 (1 - rho) / 0.01, rounded up",
            )

    @pytest.mark.weight(3)
    def test_the_number_is_the_first_that_reaches_the_power(self, submission, generator):
        rng = numpy_generator(generator)
        for _ in range(8):
            case = planning_case(rng)
            self.compared(submission, case)

    def test_the_sign_of_the_difference_does_not_matter(self, submission, generator):
        rng = numpy_generator(generator)
        for _ in range(3):
            delta, *others = planning_case(rng)
            self.compared(submission, (-delta, *others))

    def test_half_power_and_a_huge_effect_are_allowed(self, submission):
        for case in (
            (0.07, 0.41, 0.3, 0.05, 0.5),
            (4.0, 0.5, 0.9, 0.05, 0.8),
            (0.5, 0.3, -0.2, 0.1, 0.5),
            (0.05, 0.6, 0.1, 0.3, 0.5),
        ):
            self.compared(submission, case)

    def test_a_small_difference_needs_millions_of_questions(self, submission, generator):
        rng = numpy_generator(generator)
        for delta in (0.001, 0.0008):
            while True:
                case = (delta, round(float(rng.uniform(0.4, 0.6)), 4), 0.1, 0.05, 0.9)
                exact = (NORMAL.inv_cdf(0.975) + NORMAL.inv_cdf(0.9)) ** 2 * 1.8 * case[1] ** 2
                if abs(exact / delta**2 - round(exact / delta**2)) > 0.01:
                    break
            self.compared(submission, case, hint="the formula has no upper limit")

    @staticmethod
    def compared(
        submission,
        case,
        hint="the smallest whole n with |delta| / SE - z(1 - alpha/2) >= z(power)",
    ):
        compare.equal(
            submission.required_n(*case),
            smallest_n(*case),
            what="required_n",
            hint=hint,
            known=size_mistakes(*case),
        )


def best_of(k, n, p):
    """Expected largest count of k, by listing what each checkpoint may score."""
    chance = [comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(n + 1)]
    total = 0.0
    for counts in product(range(n + 1), repeat=k):
        weight = 1.0
        for count in counts:
            weight *= chance[count]
        total += weight * max(counts)
    return total


def best_by_tails(k, n, p):
    """Expected largest count of k: each count times the probability that it is the largest."""
    chance = np.array([comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(n + 1)])
    below = np.concatenate([[0.0], chance.cumsum()])
    return float((np.arange(n + 1) * (below[1:] ** k - below[:-1] ** k)).sum())


def selection_mistakes(k, n, p):
    chance = np.array([comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(n + 1)])
    cdf = chance.cumsum()
    right = best_by_tails(k, n, p) / n - p
    sd = sqrt(p * (1 - p) / n)
    known = {
        "an asymptote: sum the binomial": sd * sqrt(2 * log(k)),
        "an asymptote: sum the binomial, of counts": sd * NORMAL.inv_cdf(k / (k + 1)),
        "the whole score, not its excess over p": right + p,
        "a share of the n items, not a count": right * n,
        "P(max = j) is not k times the chance of j": float((np.arange(n + 1) * k * chance).sum())
        / n
        - p,
        "the largest of k, not the smallest": float(((1 - cdf[:-1]) ** k).sum()) / n - p,
        "the largest count per checkpoint, not the chance that some checkpoint solves an item": 1
        - (1 - p) ** k
        - p,
        "the largest is at most j with probability F(j)^k: j itself belongs to F(j)": float(
            (1 - np.concatenate([[0], cdf[:-2]]) ** k).sum() if n > 1 else 1.0
        )
        / n
        - p,
        "j runs from 0: the first term is 1 - F(0)^k": float((1 - cdf[1:-1] ** k).sum()) / n - p,
        "k checkpoints: with k = 1 there is no choice, and no bias": float(
            (1 - cdf[:-1] ** (k + 1)).sum()
        )
        / n
        - p,
    }
    return {hint: value for hint, value in known.items() if abs(value - right) > 1e-5}


@pytest.mark.exercise("selection_bias")
class TestSelectionBias:
    @pytest.mark.visible
    def test_the_better_of_two_coins_is_a_quarter_too_high(self, submission):
        compare.close(
            submission.selection_bias(2, 1, 0.5),
            0.25,
            what="selection_bias(2, 1, 0.5)",
            hint="the better of two coins is 1 with probability 3/4, exactly: no simulation",
        )

    @pytest.mark.weight(2)
    def test_every_set_of_scores_is_counted(self, submission, generator):
        rng = numpy_generator(generator)
        for k, n in ((2, 5), (3, 4), (4, 3), (5, 2)):
            self.compared(submission, k, n, float(rng.uniform(0.15, 0.85)), best_of)

    @pytest.mark.weight(2)
    def test_more_items_and_checkpoints_are_exact_too(self, submission, generator):
        rng = numpy_generator(generator)
        for _ in range(4):
            k, n = int(rng.integers(2, 30)), int(rng.integers(10, 60))
            self.compared(submission, k, n, float(rng.uniform(0.1, 0.9)), best_by_tails)

    def test_one_checkpoint_has_no_bias(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (1, 7, 40):
            self.compared(submission, 1, n, float(rng.uniform(0.2, 0.8)), lambda k, n, p: n * p)

    def test_rates_of_zero_and_one_leave_no_choice(self, submission):
        for k, n in ((1, 1), (3, 10), (8, 50)):
            for p in (0.0, 1.0):
                compare.close(
                    submission.selection_bias(k, n, p),
                    0.0,
                    what=f"selection_bias at p = {p:g}",
                    hint="all scores are equal: nothing to select",
                )

    def test_a_thousand_items_do_not_overflow(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (300, 700, 1000):
            k, p = int(rng.integers(2, 12)), float(rng.uniform(0.3, 0.7))
            self.compared(submission, k, n, p, best_by_tails)

    def test_many_checkpoints_reach_far_into_the_tail(self, submission, generator):
        rng = numpy_generator(generator)
        for k, n, low, high in (
            (100, 3, 0.01, 0.02),
            (400, 20, 0.02, 0.05),
            (2000, 8, 0.03, 0.06),
            (10_000, 300, 0.1, 0.9),
        ):
            self.compared(
                submission,
                k,
                n,
                float(rng.uniform(low, high)),
                best_by_tails,
                hint="the best of many lies far out: sum over every j from 0 to n - 1, with k as it is given",
            )

    @staticmethod
    def compared(
        submission,
        k,
        n,
        p,
        oracle,
        hint="sum 1 - F(j)^k over j = 0, ..., n - 1; divide by n; subtract p; no simulation",
    ):
        compare.close(
            submission.selection_bias(k, n, p),
            oracle(k, n, p) / n - p,
            atol=1e-7,
            what=f"selection_bias with k = {k} and n = {n}",
            hint=hint,
            known=selection_mistakes(k, n, p),
        )
