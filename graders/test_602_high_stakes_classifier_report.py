"""Graders of 602, the report: exact fractions, the incomplete beta function, planted arms."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from fractions import Fraction
from math import comb, exp, inf, lgamma, log, log1p
from statistics import mean, median

import pytest
import torch

from firsthand import compare


def half_life(queries, success, *, strict=False, keep_censored=True, all_at_risk=False):
    """The Kaplan-Meier median by loops over exact fractions; the switches are known mistakes."""
    survival = Fraction(1)
    pairs = list(zip(queries, success, strict=True))
    for q in sorted({q for q, s in pairs if s}):
        events = sum(s and other == q for other, s in pairs)
        at_risk = sum(other > q or (other == q and (s or keep_censored)) for other, s in pairs)
        survival *= 1 - Fraction(events, len(pairs) if all_at_risk else at_risk)
        if survival < Fraction(1, 2) or (survival == Fraction(1, 2) and not strict):
            return float(q)
    return inf


def is_median(submission, queries, success, what, *, rounding=None):
    """The submission's median is right; a known mistake is named.

    rounding: the median of a product that rounding has lifted above 1/2.
    """
    expected = half_life(queries, success)
    wins = [q for q, s in zip(queries, success, strict=True) if s]
    known = {
        "divide by the attacks that are still on, with so many queries or more, not by all": half_life(
            queries, success, all_at_risk=True
        ),
        "an attack that failed at q queries still counts among those with q or more": half_life(
            queries, success, keep_censored=False
        ),
        "a failed attack is information: it survived at least so many queries": float(median(wins))
        if wins
        else inf,
        "a failed attack did not succeed at its last query: it is censored": half_life(
            queries, [True] * len(queries)
        ),
        "S <= 1/2: a survival of exactly one half is enough": half_life(
            queries, success, strict=True
        ),
        "the median is asked for, not the mean": float(mean(wins)) if wins else inf,
    }
    if rounding is not None:
        known = {
            "allow 1e-9 for rounding: a product of floating point numbers can lie above 1/2": rounding
        } | known
    arguments = torch.tensor(queries), torch.tensor(success)
    with compare.unchanged(queries=arguments[0], success=arguments[1]):
        got = submission.median_queries(*arguments)
    compare.close(
        got,
        expected,
        what=what,
        hint="at each number of queries with a success, multiply by 1 - successes / attacks with so many queries or more",
        known=known,
    )


@pytest.mark.exercise("median_queries")
class TestMedianQueries:
    @pytest.mark.visible
    def test_the_worked_example_has_the_median_five(self, submission):
        queries = torch.tensor([2, 3, 5, 5, 8])
        success = torch.tensor([True, False, True, True, False])
        compare.close(
            submission.median_queries(queries, success),
            5.0,
            what="median_queries of the worked example",
            hint="S(2) = 4/5; three attacks have 5 queries or more, so S(5) = 4/5 * 1/3",
        )

    @pytest.mark.visible
    def test_a_half_that_floating_point_misses_is_a_half(self, submission):
        queries = torch.tensor([4, 6, 6, 7, 7, 9, 9, 9, 9, 9])
        success = torch.tensor([True] * 5 + [False] * 5)
        compare.close(
            submission.median_queries(queries, success),
            7.0,
            what="median_queries where S(7) = 9/10 * 7/9 * 5/7 = 1/2",
            hint="allow 1e-9: as a product of floating point numbers S(7) is a little above 1/2",
        )

    @pytest.mark.weight(3)
    def test_medians_follow_the_product_of_exact_fractions(self, submission, generator):
        for n, top, rate in (
            (41, 900, 0.65),
            (30, 12, 0.6),
            (21, 200, 0.7),
            (50, 9, 0.45),
            (12, 6, 0.5),
            (80, 40, 0.35),
        ):
            queries = torch.randint(1, top, (n,), generator=generator).tolist()
            success = (torch.rand(n, generator=generator) < rate).tolist()
            is_median(submission, queries, success, "median_queries of random attacks")

    @pytest.mark.weight(2)
    def test_failures_at_the_budget_raise_the_median_but_stay_failures(self, submission, generator):
        for n, failed in ((20, 9), (40, 18), (11, 4)):
            wins = (10 * torch.randperm(60, generator=generator)[: n - failed] + 5).tolist()
            queries, success = wins + [600] * failed, [True] * (n - failed) + [False] * failed
            order = torch.randperm(n, generator=generator).tolist()
            is_median(
                submission,
                [queries[i] for i in order],
                [success[i] for i in order],
                "median_queries of attacks with a budget of 600",
            )

    def test_a_median_that_is_not_reached_is_infinite(self, submission, generator):
        for n, wins in ((10, 4), (25, 3), (7, 0), (1, 0)):
            queries = torch.randint(1, 50, (n,), generator=generator).sort().values.tolist()
            success = [i < wins for i in range(n)]
            is_median(submission, queries, success, "median_queries when few attacks succeed")

    def test_a_survival_of_exactly_one_half_is_enough(self, submission, generator):
        for queries, success in (
            ([3, 7], [True, True]),
            ([4, 4, 9, 9], [True, True, False, True]),
            ([5], [True]),
            ([2, 4, 6, 8], [True, True, True, True]),
        ):
            shift = int(torch.randint(0, 90, (), generator=generator))
            is_median(
                submission,
                [q + shift for q in queries],
                success,
                "median_queries where the survival reaches exactly 1/2",
            )

    def test_rounding_does_not_decide_at_one_half(self, submission, generator):
        # Exactly 1/2, and above it as a product of floating point numbers, of 1 - d/r as of (r - d)/r.
        few = [(1, 10), (2, 9), (2, 7)], [(2, 10), (1, 8), (2, 7)], [(2, 10), (2, 8), (1, 6)]
        many = [[(1, n - i) for i in range(n // 2)] for n in (24, 38, 44, 54, 102)]
        for steps in (*few, *many):
            shift = int(torch.randint(2, 90, (), generator=generator))
            queries, success = [shift - 1] * 2, [False] * 2  # two that gave up before
            for place, (events, _) in enumerate(steps):
                queries += [shift + place] * events
                success += [True] * events
            last = steps[-1][1] - steps[-1][0]
            queries += [shift + len(steps)] * last
            success += [True] * last
            order = torch.randperm(len(queries), generator=generator).tolist()
            is_median(
                submission,
                [queries[i] for i in order],
                [success[i] for i in order],
                "median_queries where rounding lifts a survival of 1/2",
                rounding=float(shift + len(steps)),
            )

    def test_a_survival_just_above_one_half_is_not_enough(self, submission, generator):
        for half in (1_000, 20_000):
            first, second = torch.randint(5, 200, (2,), generator=generator).cumsum(0).tolist()
            queries = [first] * half + [second] * (half + 1)
            arguments = torch.tensor(queries), torch.ones(2 * half + 1, dtype=torch.bool)
            compare.close(
                submission.median_queries(*arguments),
                float(second),
                what=f"median_queries where {half:,} of {2 * half + 1:,} attacks succeed at first",
                hint="S <= 1/2, up to 1e-9",
                known={"the slack for rounding is 1e-9, not more": float(first)},
            )

    def test_an_attack_that_failed_at_q_was_still_on_at_q(self, submission, generator):
        # At 6: 2 successes of 5 still on (S = 3/5), without the two that fail there 2 of 3 (S = 1/3).
        shift = int(torch.randint(0, 50, (), generator=generator))
        queries = [6 + shift] * 4 + [9 + shift]
        is_median(
            submission,
            queries,
            [True, True, False, False, True],
            "median_queries with failures at a success",
        )


KEYS = ("arms", "equal_data", "equal_kept", "gain", "p", "verdict")


def arm(generator, *, success, kept=0.98, examples=28_000, failures=3, released=84_000):
    """One arm; failed attacks use 600 queries, the others a random number."""
    flags = torch.tensor(success)
    queries = torch.randint(20, 590, (len(success),), generator=generator).where(flags, 600)
    return {
        "failures": failures, "released": released, "kept": kept, "examples": examples,
        "success": flags, "queries": queries,
    }  # fmt: skip


def three_arms(generator, base, control, adversarial, changes=None):
    """Three arms with these outcomes; changes: such as {"control": {"examples": 5}}."""
    given = {"base": base, "control": control, "adversarial": adversarial}
    defaults = {"base": {"examples": 20_000}}
    return {
        name: arm(
            generator, success=success, **(defaults.get(name, {}) | (changes or {}).get(name, {}))
        )
        for name, success in given.items()
    }


def paired(both, only_control, only_adversarial, neither):
    """Outcomes of control and adversarial on the same starts."""
    control = [True] * (both + only_control) + [False] * (only_adversarial + neither)
    adversarial = (
        [True] * both + [False] * only_control + [True] * only_adversarial + [False] * neither
    )
    return control, adversarial


def reported(submission, arms):
    """The submission's report, checked for its keys."""
    report = submission.reliability_report(arms)
    if not isinstance(report, dict) or set(report) != set(KEYS):
        compare.fail(
            f"reliability_report must return a dict with the keys {', '.join(KEYS)}.",
            hint="return every key of the docstring",
        )
    if not isinstance(report["arms"], dict) or set(report["arms"]) != set(arms):
        compare.fail(
            "report['arms'] must be a dict with the keys base, control and adversarial.",
            hint="one entry for each arm",
        )
    for values in report["arms"].values():
        if not isinstance(values, dict) or set(values) != {"failure", "attack", "median"}:
            compare.fail(
                "each arm of the report must be a dict with the keys failure, attack and median.",
                hint="one entry for each arm",
            )
    return report


def clopper_pearson(k, n):
    """The exact 95 % interval by halving binomial tails in logarithms."""
    return (
        halved(lambda p: 1 - at_most(k - 1, n, p), 0.025) if k else 0.0,
        halved(lambda p: 1 - at_most(k, n, p), 0.975) if k < n else 1.0,
    )


def at_most(k, n, p):
    """P(X <= k) by a sum of exponentials."""
    return sum(
        exp(lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * log(p) + (n - i) * log1p(-p))
        for i in range(k + 1)
    )


def halved(rising, target):
    low, high = 0.0, 1.0
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


def two_sided(b, c):
    """McNemar's exact p."""
    return min(1.0, 2 * sum(comb(b + c, i) for i in range(min(b, c) + 1)) / 2 ** (b + c))


UNFAIR, HELPS, NOT = "unfair comparison", "helps beyond data", "not shown"


@pytest.mark.exercise("reliability_report")
class TestReliabilityReport:
    @pytest.mark.visible
    def test_identical_arms_show_nothing(self, submission):
        same = {
            "failures": 0, "released": 100, "kept": 0.98, "examples": 10,
            "success": torch.tensor([True, False, True, False]), "queries": torch.tensor([5, 9, 7, 9]),
        }  # fmt: skip
        report = submission.reliability_report({"base": same, "control": same, "adversarial": same})
        compare.equal(report["verdict"], "not shown", what="the verdict on three identical arms")
        compare.close(report["gain"], 0.0, what="gain of identical arms")
        compare.close(
            report["p"], 1.0, what="p of identical arms", hint="no start tells them apart"
        )
        compare.close(
            report["arms"]["control"]["attack"][0], 0.5, what="attack rate of two of four"
        )

    @pytest.mark.weight(2)
    def test_each_arm_has_its_exact_intervals_and_median(self, submission, generator):
        outcomes = [
            (torch.rand(24, generator=generator) < rate).tolist() for rate in (0.9, 0.6, 0.2)
        ]
        changes = {
            "base": {"failures": 6, "released": 9_000},
            "control": {"failures": 2, "released": 8_000},
            "adversarial": {"failures": 0, "released": 7_000},
        }
        arms = three_arms(generator, *outcomes, changes)
        report = reported(submission, arms)
        for name, given in arms.items():
            got = report["arms"][name]
            k, n = given["failures"], given["released"]
            compare.close(
                list(got["failure"]),
                [k / n, *clopper_pearson(k, n)],
                atol=1e-9,
                rtol=1e-3,
                what=f"failure of {name}",
                hint="failures among released stories: rate, then both ends of the exact interval",
                known={"the rate comes first, then the interval": [*clopper_pearson(k, n), k / n]},
            )
            wins = sum(given["success"].tolist())
            compare.close(
                list(got["attack"]),
                [wins / 24, *clopper_pearson(wins, 24)],
                atol=1e-9,
                rtol=1e-3,
                what=f"attack of {name}",
                hint="successes among starts: rate, then both ends of the exact interval",
            )
            compare.close(
                got["median"],
                half_life(given["queries"].tolist(), given["success"].tolist()),
                what=f"median of {name}",
                hint="the median of `median_queries`, with failed attacks as censored",
            )

    @pytest.mark.weight(2)
    def test_gain_and_p_are_paired_and_against_the_control(self, submission, generator):
        for counts in ((10, 9, 1, 5), (4, 12, 3, 6), (6, 2, 8, 4), (3, 0, 6, 3)):
            control, adversarial = paired(*counts)
            place = torch.randperm(len(control), generator=generator).tolist()
            control, adversarial = [control[i] for i in place], [adversarial[i] for i in place]
            base = [True] * (len(control) - 1) + [False]
            report = reported(submission, three_arms(generator, base, control, adversarial))
            n = len(control)
            gain = (counts[1] - counts[2]) / n
            from_base = (sum(base) - sum(adversarial)) / n
            compare.close(
                report["gain"],
                gain,
                what="gain",
                hint="attack rate of the control minus that of the adversarial arm",
                known={
                    "against the control, not against the base: more data alone helps too": from_base,
                    "control minus adversarial, not the reverse": -gain,
                },
            )
            b, c = counts[1], counts[2]
            in_base = sum(x and not y for x, y in zip(base, adversarial, strict=True))
            out_base = sum(y and not x for x, y in zip(base, adversarial, strict=True))
            compare.close(
                report["p"],
                two_sided(b, c),
                what="p",
                hint="starts on which only the control is broken, and starts on which only the adversarial filter is",
                known={
                    "against the control, not against the base: more data alone helps too": two_sided(
                        in_base, out_base
                    ),
                    "the arms share their starts: count starts on which exactly one is broken": two_sided(
                        sum(control), sum(adversarial)
                    ),
                },
            )

    @pytest.mark.weight(2)
    def test_the_verdict_needs_a_gain_over_the_control(self, submission, generator):
        for counts, expected, hint in (
            ((5, 14, 1, 5), HELPS, "fair, gain > 0 and p < 0.05: it helps beyond data"),
            ((3, 5, 0, 10), NOT, "p is not below 0.05: not shown"),
            ((5, 4, 1, 15), NOT, "p is not below 0.05: not shown"),
            ((2, 0, 14, 9), NOT, "a significant harm is no help: gain must be positive"),
            (
                (1, 0, 0, 24),
                NOT,
                "more data alone helps too: compare with the control, not the base",
            ),
        ):
            control, adversarial = paired(*counts)
            base = [True] * len(control)
            report = reported(submission, three_arms(generator, base, control, adversarial))
            compare.equal(report["verdict"], expected, what="the verdict", hint=hint)

    @pytest.mark.weight(2)
    def test_an_unequal_control_makes_the_comparison_unfair(self, submission, generator):
        control, adversarial = paired(5, 14, 1, 5)
        base = [True] * len(control)
        for theirs, same in ((28_000, True), (20_000, False), (36_000, False), (27_999, False)):
            changes = {"control": {"examples": theirs}}
            report = reported(
                submission, three_arms(generator, base, control, adversarial, changes)
            )
            compare.equal(
                bool(report["equal_data"]),
                same,
                what="equal_data",
                hint="control and adversarial arm have exactly the same number of examples; the base has fewer",
            )
            compare.equal(
                report["verdict"],
                HELPS if same else UNFAIR,
                what="the verdict",
                hint="without equal data the comparison is unfair, whatever p is",
            )

    @pytest.mark.weight(2)
    def test_a_moved_threshold_makes_the_comparison_unfair(self, submission, generator):
        control, adversarial = paired(5, 14, 1, 5)
        base = [True] * len(control)
        for kept, same in (
            ((0.98, 0.98, 0.98), True),
            ((0.979, 0.9785, 0.982), True),
            ((0.0, 0.005, 0.0), True),
            ((0.98, 0.981, 0.95), False),
            ((0.99, 0.981, 0.98), False),
            ((0.977, 0.980, 0.9832), False),
            ((0.98, 0.9764, 0.9836), False),
            ((0.98, 0.984, 0.976), False),
            ((0.9764, 0.98, 0.9836), False),
            ((0.9836, 0.9764, 0.98), False),
            ((0.98, 0.9777, 0.9823), True),
        ):
            changes = {
                name: {"kept": value}
                for name, value in zip(("base", "control", "adversarial"), kept, strict=True)
            }
            report = reported(
                submission, three_arms(generator, base, control, adversarial, changes)
            )
            compare.equal(
                bool(report["equal_kept"]),
                same,
                what="equal_kept",
                hint="the largest minus the smallest `kept` of all three arms, at most 0.005",
                known={
                    "the largest minus the smallest of all three arms: two can lie on either side of the third": True
                }
                if max(kept) - min(kept) < 0.0099 and sorted(kept)[1] == 0.98
                else None,
            )
            compare.equal(
                report["verdict"],
                HELPS if same else UNFAIR,
                what="the verdict",
                hint="at another share kept the threshold was moved: the comparison is unfair",
            )

    def test_nothing_released_is_a_rate_of_zero_about_which_nothing_is_known(
        self, submission, generator
    ):
        control, adversarial = paired(3, 2, 2, 3)
        changes = {"adversarial": {"failures": 0, "released": 0}}
        report = reported(submission, three_arms(generator, control, control, adversarial, changes))
        compare.close(
            list(report["arms"]["adversarial"]["failure"]),
            [0.0, 0.0, 1.0],
            what="failure of an arm that releases nothing",
            hint="rate 0.0, interval (0, 1)",
        )
