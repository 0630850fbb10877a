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

    def test_a_share_is_the_quotient_as_python_computes_it(self, submission, generator):
        for n, hundredths in ((100, (7, 14, 28, 55, 56)), (200, (7, 29, 58)), (17_000, (55, 98))):
            scores = torch.randperm(n, generator=generator).float()  # sorted, a score is its place
            for part in hundredths:
                count = part * n // 100
                compare.close(
                    submission.threshold_for_quality(
                        scores, torch.ones(n, dtype=torch.bool), part / 100
                    ),
                    float(count),
                    atol=0.25,
                    rtol=0.0,
                    what=f"the threshold that keeps {part} hundredths of {n:,} stories",
                    hint="count / n >= keep, with the quotient as Python computes it",
                    known={
                        "compare count / n with keep: keep * n may round up to a little more than the count": count
                        + 1.0,
                        "no slack: the share kept must be keep or more": count - 1.0,
                    },
                )

    def test_no_fewer_than_promised_are_kept_however_many_stories_there_are(
        self, submission, generator
    ):
        n = 17_000
        scores = torch.randperm(n, generator=generator).float()
        safe = torch.ones(n, dtype=torch.bool)
        for count, more in ((16_659, 0.5), (16_659, 0.02), (8_400, 0.1)):
            got = compare.number(
                submission.threshold_for_quality(scores, safe, (count + more) / n),
                what="threshold_for_quality of 17,000 safe stories",
            )
            if got < count + 1:
                compare.fail(
                    f"a threshold releases fewer of 17,000 safe stories than keep asks for, by {count + 1 - got:g}.",
                    hint="no slack: the share kept must be keep or more",
                    recognised=True,
                )
            compare.close(
                got,
                count + 1.0,
                atol=0.25,
                rtol=0.0,
                what="the threshold of 17,000 safe stories",
                hint="the smallest candidate with count / n >= keep",
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
    for _ in range(60):
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


def poisson(k, n, confidence):
    """The interval with a Poisson law of mean n p in place of the binomial one."""
    tail = (1 - confidence) / 2

    def at_most(count, mean):
        term = total = exp(-mean)
        for i in range(1, count + 1):
            term *= mean / i
            total += term
        return total

    def mean_with(count, target):
        return halved(lambda p: at_most(count, n * p) > target)

    return (mean_with(k - 1, 1 - tail) if k else 0.0), mean_with(k, tail)


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
    if n >= 1_000 and k <= 100:
        known["a Poisson law is an approximation: use the binomial tail itself"] = poisson(
            k, n, confidence
        )
    if not 0 < k < n and confidence == 0.95 and n:
        known["with no failure (or nothing else) the normal interval has no width"] = wald(k, n)
        known["Wilson's interval is not the exact one: use the binomial tail"] = score_interval(
            k, n
        )
        known["half of alpha belongs to each end"] = clopper_pearson(k, n, tail=0.05)
    low, high = ends(got, what)
    if (
        1e-15 + 1e-4 * expected[0] < abs(low - expected[0]) < 5e-9
        and abs(high / expected[1] - 1) < 1e-4
    ):
        compare.fail(
            f"the lower end of {what} is off by {abs(low / expected[0] - 1):.1e} of its own size."
            if expected[0]
            else f"the lower end of {what} is not 0 without a failure.",
            hint="a small end needs more halvings: accuracy counts relative to the end itself",
            recognised=True,
        )
    compare.close((low, high), expected, rtol=1e-4, atol=1e-15, what=what, hint=hint, known=known)


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

    @pytest.mark.weight(2)
    def test_rare_failures_in_a_few_thousand_trials_follow_the_binomial(
        self, submission, generator
    ):
        for k, n in ((0, 2_000), (0, 5_000), (1, 6_000), (5, 8_000), (20, 5_000), (60, 20_000)):
            n += int(torch.randint(0, 700, (), generator=generator))
            is_interval(
                submission.exact_interval(k, n),
                k,
                n,
                hint="the binomial tail itself, for all n: each end to 1e-4 of its own size",
            )

    def test_ends_near_zero_keep_their_digits(self, submission, generator):
        for k, n, confidence in ((1, 99_000, 0.95), (1, 99_000, 0.9999), (2, 60_000, 0.999)):
            n += int(torch.randint(0, 900, (), generator=generator))
            is_interval(
                submission.exact_interval(k, n, confidence),
                k,
                n,
                confidence,
                hint="sixty halvings in float64: each end to 1e-4 of its own size",
            )
