"""Graders of 602, threshold and interval: counting loops and the incomplete beta function."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from math import exp, inf, lgamma, log, log1p, sqrt

import pytest
import torch

from firsthand import compare


def lowest_by_counting(scores, safe, keep, *, released=lambda score, t: score < t):
    """The smallest of the safe scores, or infinity, below which enough safe stories lie; by loops."""
    kept = [score for score, s in zip(scores.tolist(), safe.tolist(), strict=True) if s]
    for candidate in [*sorted(kept), inf]:
        if sum(released(score, candidate) for score in kept) / len(kept) >= keep:
            return candidate
    raise AssertionError("infinity releases all")


def drawn_scores(generator, n, *, ties):
    """Scores and safe flags; the injurious ones score higher, as after training."""
    safe = torch.rand(n, generator=generator) < 0.8
    safe[0], safe[1] = True, False
    scores = torch.randn(n, generator=generator) + 1.5 * (~safe).float()
    return (scores * 4).round() / 4 if ties else scores, safe


def between_counts(share, safe):
    """A share near `share` that no count of safe stories equals, so that rounding decides nothing."""
    n = int(safe.sum())
    return (int(share * n) + 0.5) / n


@pytest.mark.exercise("threshold_for_quality")
class TestThresholdForQuality:
    @pytest.mark.visible
    def test_the_worked_example_gives_the_third_safe_score(self, submission):
        scores = torch.tensor([0.1, 0.9, 0.2, 0.3, 0.4])
        safe = torch.tensor([True, False, True, True, True])
        compare.close(
            submission.threshold_for_quality(scores, safe, 0.5),
            0.3,
            what="the threshold that keeps half of four safe stories",
            hint="0.1 and 0.2 lie below 0.3: that is half of the safe ones",
        )

    @pytest.mark.weight(2)
    def test_thresholds_follow_from_counting_safe_stories(self, submission, generator):
        for n, share in ((40, 0.66), (65, 0.9), (23, 0.37), (120, 0.98), (9, 0.2)):
            scores, safe = drawn_scores(generator, n, ties=False)
            keep = between_counts(share, safe)
            with compare.unchanged(scores=scores, safe=safe):
                got = submission.threshold_for_quality(scores, safe, keep)
            compare.close(
                got,
                lowest_by_counting(scores, safe, keep),
                what=f"threshold_for_quality with keep = {keep:.4g}",
                hint="count the safe stories strictly below each candidate; take the smallest candidate with enough of them",
                known={
                    "quality is about the safe stories: the injurious ones have no say": lowest_by_counting(
                        scores, torch.ones_like(safe), keep
                    ),
                    "keep is the share of safe stories that are released, not withheld": lowest_by_counting(
                        scores, safe, 1 - keep
                    ),
                    "released means score < threshold: the candidate itself is withheld": lowest_by_counting(
                        scores, safe, keep, released=lambda score, t: score <= t
                    ),
                    "do not interpolate between scores": torch.quantile(scores[safe], keep).item(),
                    "the injurious stories are not the ones to keep": lowest_by_counting(
                        scores, ~safe, keep
                    ),
                },
            )

    @pytest.mark.weight(2)
    def test_equal_scores_are_released_together_or_not_at_all(self, submission, generator):
        for n, share in ((64, 0.75), (33, 0.6), (50, 0.9)):
            scores, safe = drawn_scores(generator, n, ties=True)
            keep = between_counts(share, safe)
            compare.close(
                submission.threshold_for_quality(scores, safe, keep),
                lowest_by_counting(scores, safe, keep),
                what="threshold_for_quality with equal scores",
                hint="with equal scores, count those strictly below the threshold",
                known={
                    "equal scores are withheld together: count those strictly below the threshold": lowest_by_counting(
                        scores, safe, keep, released=lambda score, t: score <= t
                    )
                },
            )

    def test_the_share_kept_may_equal_keep(self, submission, generator):
        scores = torch.randn(16, generator=generator)
        safe = torch.ones(16, dtype=torch.bool)
        for eighths in (1, 4, 7):
            compare.close(
                submission.threshold_for_quality(scores, safe, eighths / 8),
                scores.sort().values[2 * eighths].item(),
                what=f"the threshold that keeps exactly {eighths}/8",
                hint="at least keep: a share equal to keep is enough",
                known={
                    "at least keep: a share equal to keep is enough": scores.sort()
                    .values[2 * eighths + 1]
                    .item()
                },
            )

    def test_keeping_all_needs_infinity_and_keeping_none_the_lowest_safe_score(
        self, submission, generator
    ):
        for n in (2, 20):
            scores, safe = drawn_scores(generator, n, ties=False)
            for keep, expected in ((1.0, inf), (0.0, scores[safe].min().item())):
                compare.close(
                    submission.threshold_for_quality(scores, safe, keep),
                    expected,
                    what=f"threshold_for_quality with keep = {keep}",
                    hint="no score is below itself: keeping all takes infinity, and keeping none the smallest candidate",
                )


def beta_share(x, a, b):
    """The regularised incomplete beta function I_x(a, b) by its continued fraction (Lentz)."""
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d, value = 1.0, 0.0, 1.0
    for step in range(1, 5000):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / (1 + term * d)
        c = 1 + term / c
        value *= c * d
        if abs(c * d - 1) < 1e-13:
            break
    return front / value


def at_least_so_many(k, n, p):
    """P(X >= k) for X binomial: the area of a beta density."""
    return beta_share(p, k, n - k + 1)


def clopper_pearson(k, n, confidence=0.95, *, tail=None):
    """Both ends by halving; tail: the probability left outside on each side."""
    tail = (1 - confidence) / 2 if tail is None else tail
    low, high = 0.0, 1.0
    if k > 0:
        low = halved(lambda p: at_least_so_many(k, n, p) < tail)
    if k < n:
        high = halved(lambda p: at_least_so_many(k + 1, n, p) < 1 - tail)
    return low, high


def halved(below):
    """The point up to which `below` holds."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def wald(k, n):
    """The normal interval at 95 %."""
    p = k / n
    half = 1.959964 * sqrt(p * (1 - p) / n)
    return p - half, p + half


def score_interval(k, n):
    """Wilson's interval at 95 %."""
    z, p = 1.959964, k / n
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def ends(got, what):
    """The two ends as floats."""
    if not isinstance(got, tuple | list) or len(got) != 2:
        compare.fail(f"{what} must return two numbers, (low, high).", hint="return low, high")
    return tuple(compare.number(end, what=what) for end in got)


def is_interval(got, k, n, confidence=0.95, *, hint):
    """The interval is that of Clopper and Pearson; a known mistake is named."""
    what = f"exact_interval at a confidence of {confidence}"
    expected = clopper_pearson(k, n, confidence)
    known = {}
    if 0 < k < n:
        known["low comes first, then high"] = expected[::-1]
        if confidence == 0.95:
            known["no normal approximation: the binomial tail itself"] = wald(k, n)
            known["Wilson's interval is not the exact one: use the binomial tail"] = score_interval(
                k, n
            )
        one_sided = clopper_pearson(k, n, tail=1 - confidence)
        known["half of alpha belongs to each end"] = one_sided
        known["low is where P(X >= k) = alpha/2, that is P(X <= k - 1) = 1 - alpha/2"] = (
            halved(lambda p: at_least_so_many(k + 1, n, p) < (1 - confidence) / 2),
            expected[1],
        )
        if confidence != 0.95:
            known["use the confidence that you are given"] = clopper_pearson(k, n)
    elif confidence == 0.95 and n:
        known["with no failure (or nothing else) the normal interval has no width"] = wald(k, n)
        known["Wilson's interval is not the exact one: use the binomial tail"] = score_interval(
            k, n
        )
        known["half of alpha belongs to each end"] = clopper_pearson(k, n, tail=0.05)
    compare.close(
        ends(got, what), expected, rtol=1e-4, atol=1e-9, what=what, hint=hint, known=known
    )


@pytest.mark.exercise("exact_interval")
class TestExactInterval:
    @pytest.mark.visible
    def test_no_failure_in_ten_leaves_up_to_31_percent(self, submission):
        low, high = submission.exact_interval(0, 10)
        compare.close(
            low,
            0.0,
            what="the lower end of exact_interval(0, 10)",
            hint="with no failure the lower end is 0; low comes first, then high",
        )
        compare.close(
            high,
            1 - 0.025**0.1,
            what="the upper end of exact_interval(0, 10)",
            hint="(1 - p) ** 10 = 0.025",
        )

    @pytest.mark.weight(2)
    def test_small_counts_follow_the_binomial_tails(self, submission, generator):
        for _ in range(6):
            n = int(torch.randint(4, 40, (), generator=generator))
            k = int(torch.randint(1, n, (), generator=generator))
            is_interval(
                submission.exact_interval(k, n),
                k,
                n,
                hint="P(X >= k) = alpha/2 at the lower end, P(X <= k) = alpha/2 at the upper, each end to 1e-4 of its own size",
            )

    def test_the_confidence_is_a_parameter(self, submission, generator):
        for confidence in (0.9, 0.99, 0.5):
            n = int(torch.randint(5, 60, (), generator=generator))
            k = int(torch.randint(1, n, (), generator=generator))
            is_interval(
                submission.exact_interval(k, n, confidence),
                k,
                n,
                confidence,
                hint="alpha = 1 - confidence, half of it on each side",
            )

    @pytest.mark.weight(2)
    def test_all_none_and_no_trials_have_the_ends_stated(self, submission, generator):
        n = int(torch.randint(2, 300, (), generator=generator))
        for k, trials in ((0, n), (n, n), (0, 1), (1, 1)):
            is_interval(
                submission.exact_interval(k, trials),
                k,
                trials,
                hint="k = 0: the lower end is 0; k = n: the upper end is 1; the other end is where the tail is alpha/2",
            )
        compare.close(
            ends(submission.exact_interval(0, 0), "exact_interval(0, 0)"),
            (0.0, 1.0),
            what="exact_interval(0, 0)",
            hint="without a trial nothing is known: (0, 1)",
        )

    @pytest.mark.weight(2)
    def test_a_hundred_thousand_trials_neither_overflow_nor_lose_digits(
        self, submission, generator
    ):
        for k, n in ((0, 84_000), (3, 99_000), (17, 96_000), (2_900, 90_000), (29_990, 30_000)):
            more = int(torch.randint(0, 900, (), generator=generator))
            k, n = (k + more, n + more) if k > 3_000 else (k, n + more)
            is_interval(
                submission.exact_interval(k, n),
                k,
                n,
                hint="add logarithms in float64 (lgamma, log, log1p) and exponentiate at the end",
            )
