"""Graders of 502, the report: enumerated distributions as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import product
from math import comb, erfc, sqrt

import pytest
import torch

from firsthand import compare

KEYS = (
    "debate_all",
    "debate_mean",
    "gain",
    "gain_lo",
    "gain_hi",
    "p",
    "precommit_gain",
    "liar_alone",
)


def experiment(images, lies, generator, *, rates=(0.5, 0.93, 0.55, 0.1)):
    """Random outcomes of an experiment, with every image's arms drawn independently."""
    shapes = ((images,), (images, lies), (images,), (images, lies))
    return [
        torch.rand(shape, generator=generator) < rate
        for shape, rate in zip(shapes, rates, strict=True)
    ]


def paired_arms(both, only_debate, only_random, neither, lies=9):
    """(random, debate) with these numbers of images of each kind; a lost debate is lost to one lie."""
    random = torch.tensor(
        [True] * both + [False] * only_debate + [True] * only_random + [False] * neither
    )
    debate = torch.ones(len(random), lies, dtype=torch.bool)
    debate[both + only_debate :, 0] = False
    return random, debate


def reported(submission, random, debate, free=None, unopposed=None, seed=0):
    """The submission's report, checked to be a dict with the right keys."""
    free = random if free is None else free
    unopposed = ~debate if unopposed is None else unopposed
    report = submission.debate_report(random, debate, free, unopposed, seed)
    if not isinstance(report, dict) or set(report) != set(KEYS):
        compare.fail(
            f"debate_report must return a dict with the keys {', '.join(KEYS)}.",
            hint="return every key of the docstring",
        )
    return report


def distribution_of_mean(values, draws):
    """Values and probabilities of the mean of `draws` draws with replacement from integers in -1, 0, 1."""
    single = torch.tensor([values.count(v) / len(values) for v in (-1, 0, 1)], dtype=torch.float64)
    total = torch.ones(1, dtype=torch.float64)
    for _ in range(draws):
        grown = torch.zeros(len(total) + 2, dtype=torch.float64)
        for shift in range(3):
            grown[shift : shift + len(total)] += single[shift] * total
        total = grown
    return torch.arange(-draws, draws + 1, dtype=torch.float64) / draws, total


def quantile(points, weights, level):
    """The smallest point at which the cumulated weight reaches `level`."""
    return points[int((weights.cumsum(0) >= level).nonzero()[0])].item()


def interval_bounds(values, draws=None, tail=0.025):
    """Ranges in which both tail points of 2,000 or more resamples lie (levels off by at most 1.3 points)."""
    points, weights = distribution_of_mean(values, draws or len(values))
    return tuple(
        (quantile(points, weights, level - 0.013), quantile(points, weights, level + 0.013))
        for level in (tail, 1 - tail)
    )


def two_sided(better, worse):
    """McNemar's p by listing every sequence of fair coins."""
    n, far = better + worse, abs(better - worse)
    return sum(abs(2 * sum(coins) - n) >= far for coins in product((0, 1), repeat=n)) / 2**n


@pytest.mark.exercise("debate_report")
class TestDebateReport:
    @pytest.fixture(autouse=True)
    def the_kit_is_out_of_reach(self, submission):
        with submission.forbidding(
            "firsthand.kit.statistics.mcnemar_exact",
            "firsthand.kit.statistics.paired_bootstrap",
        ):
            yield

    @pytest.mark.visible
    def test_the_worked_example_gains_one_half(self, submission):
        always = torch.ones(4, 9, dtype=torch.bool)
        report = submission.debate_report(
            torch.tensor([True, False, False, True]), always, always[:, 0], ~always, 0
        )
        compare.close(report["gain"], 0.5, what="gain of the worked example")
        compare.close(
            report["p"], 0.5, what="p of the worked example", hint="discordant 0 and 2: p = 2 * 1/4"
        )
        compare.close(
            report["liar_alone"],
            1.0,
            what="liar_alone of the worked example",
            hint="unopposed is True where the truth wins",
        )

    @pytest.mark.weight(2)
    def test_shares_follow_loops_over_images(self, submission, generator):
        for images, lies in ((23, 9), (8, 4), (61, 2)):
            random, debate, free, unopposed = arms = experiment(images, lies, generator)
            rows = debate.tolist()
            every = sum(all(row) for row in rows) / images
            pairs = sum(map(sum, rows)) / (images * lies)
            chance, open_game = sum(random.tolist()) / images, sum(free.tolist()) / images
            honest = sum(map(sum, unopposed.tolist())) / (images * lies)
            with compare.unchanged(random=random, debate=debate, free=free, unopposed=unopposed):
                report = reported(submission, *arms)
            compare.close(
                report["debate_all"],
                every,
                what="debate_all",
                hint="an image counts if its truth beats all lies",
                known={"worst of the lies, not their mean": pairs},
            )
            compare.close(
                report["debate_mean"],
                pairs,
                what="debate_mean",
                hint="share of (image, lie) pairs",
                known={"the mean over (image, lie) pairs, not the worst lie": every},
            )
            compare.close(
                report["gain"],
                every - chance,
                what="gain",
                hint="debate_all minus the share of `random`",
                known={
                    "worst of nine belongs with top-1 accuracy: do not set the mean over lies against it": pairs
                    - chance,
                    "debate minus random, not the reverse": chance - every,
                },
            )
            compare.close(
                report["precommit_gain"],
                every - open_game,
                what="precommit_gain",
                hint="debate_all minus the share of `free`",
                known={
                    "worst of nine belongs here too, not the mean over lies": pairs - open_game,
                    "with precommitment minus without, not the reverse": open_game - every,
                },
            )
            compare.close(
                report["liar_alone"],
                1 - honest,
                what="liar_alone",
                hint="share of pairs that the liar wins",
                known={
                    "liar_alone is the liar's share: unopposed is True where the truth wins": honest,
                    "share of (image, lie) pairs, not of images": 1
                    - unopposed.all(1).double().mean().item(),
                    "share of (image, lie) pairs, not of images with any loss": 1
                    - unopposed.any(1).double().mean().item(),
                },
            )

    @pytest.mark.weight(3)
    def test_the_interval_resamples_images_with_both_arms(self, submission, generator):
        for both, only_debate, only_random, neither in (
            (30, 12, 2, 4),
            (5, 20, 18, 6),
            (1, 2, 1, 0),
            (60, 40, 0, 20),
        ):
            random, debate = paired_arms(both, only_debate, only_random, neither)
            place = torch.randperm(len(random), generator=generator)
            random, debate = random[place], debate[place]
            report = reported(submission, random, debate, seed=int(place[0]))
            difference = (debate.all(1).int() - random.int()).tolist()
            low, high = interval_bounds(difference)
            games = interval_bounds(difference, 9 * len(difference))
            apart = unpaired_bounds(random.tolist(), debate.all(1).tolist())
            ninety = interval_bounds(difference, tail=0.05)
            for key, bounds, narrow, short, loose in (
                ("gain_lo", low, games[0], ninety[0], apart[0]),
                ("gain_hi", high, games[1], ninety[1], apart[1]),
            ):
                hint = (
                    "resample images with both arms together, and take the 2.5 % and 97.5 % points"
                )
                if not inside(report[key], bounds, key):
                    recognised = True
                    if inside(report[key], narrow, key):
                        hint = "the image is the unit: nine games of an image are not nine samples"
                    elif inside(report[key], short, key) and inside(report[key], loose, key):
                        recognised = False  # either mistake gives it: the general hint names both
                    elif inside(report[key], short, key):
                        hint = "a 95 % interval is asked for: the 2.5 % and 97.5 % points"
                    elif inside(report[key], loose, key):
                        hint = "the same images are in both arms: resample them together, not each arm on its own"
                    elif abs(compare.number(report[key]) - report["gain"]) < 1e-9:
                        hint = "an interval is asked for, not the estimate again"
                    else:
                        recognised = False
                    compare.fail(
                        f"{key} is {compare.number(report[key]):.3f}, outside the range of the paired bootstrap.",
                        hint=hint,
                        recognised=recognised,
                    )

    @pytest.mark.weight(2)
    def test_p_is_the_exact_test_of_the_discordant_images(self, submission, generator):
        for better, worse in ((5, 1), (2, 0), (0, 6), (4, 4), (9, 3), (1, 0)):
            random, debate = paired_arms(7, better, worse, 5)
            expected, n = two_sided(better, worse), better + worse
            known = {
                "p is at most 1": 2 * sum(comb(n, i) for i in range(min(better, worse) + 1)) / 2**n,
                "the exact test: no normal approximation for so few discordant images": erfc(
                    abs(better - worse) / sqrt(2 * n)
                ),
                "the exact test: no continuity-corrected normal approximation": erfc(
                    max(abs(better - worse) - 1, 0) / sqrt(2 * n)
                ),
                "two-sided: twice the smaller tail, at most 1": sum(
                    comb(n, i) for i in range(min(better, worse) + 1)
                )
                / 2**n,
                "two-sided: twice the smaller tail, whichever arm is better": 2
                * sum(comb(n, i) for i in range(worse + 1))
                / 2**n,
                "only images on which the arms differ enter McNemar's test": unpaired_p(
                    random.tolist(), debate.all(1).tolist()
                ),
            }
            compare.close(
                reported(submission, random, debate)["p"],
                expected,
                what=f"p for {better} and {worse} discordant images",
                hint="twice the smaller binomial tail over discordant images",
                known={
                    hint: value for hint, value in known.items() if abs(value - expected) > 1e-6
                },
            )

    def test_p_is_one_when_the_arms_never_differ(self, submission):
        for images in (1, 4, 30):
            random, debate = paired_arms(images, 0, 0, images - 1)
            compare.close(
                reported(submission, random, debate)["p"],
                1.0,
                what="p without discordant images",
                hint="no evidence: p = 1",
            )

    def test_many_discordant_images_do_not_overflow(self, submission):
        for better, worse in ((620, 500), (1100, 0), (550, 550)):  # 2**1024 is no float
            random, debate = paired_arms(10, better, worse, 3, lies=2)
            n, fewer = better + worse, min(better, worse)
            expected = min(1.0, 2 * sum(comb(n, i) for i in range(fewer + 1)) / 2**n)
            compare.close(
                reported(submission, random, debate)["p"],
                expected,
                rtol=1e-3,
                atol=0.0,
                what="p of a large experiment",
                hint="divide exact integers once: comb and 2**n are exact in Python",
            )

    def test_the_seed_decides_and_global_randomness_is_untouched(self, submission, generator):
        arms = experiment(400, 3, generator)
        with compare.untouched_randomness(submission):
            reports = [reported(submission, *arms, seed=seed) for seed in (1, 1, 2, 3, 4, 5, 6)]
        compare.close(
            reports[1],
            reports[0],
            what="a second report with the same seed",
            hint="draw the resamples from `seed`",
        )
        if len({(float(r["gain_lo"]), float(r["gain_hi"])) for r in reports}) == 1:
            compare.fail(
                "six seeds gave the same interval.",
                hint="draw the resamples from `seed`",
                recognised=True,
            )


def inside(value, bounds, key):
    return bounds[0] - 1e-9 <= compare.number(value, what=key) <= bounds[1] + 1e-9


def unpaired_bounds(first, second):
    """`interval_bounds` of a bootstrap that resamples the two arms separately."""
    draws = len(first)
    points, a = distribution_of_mean([int(v) for v in second], draws)
    b = distribution_of_mean([-int(v) for v in first], draws)[1]
    weights = torch.zeros(2 * len(a) - 1, dtype=torch.float64)
    for shift, weight in enumerate(b.tolist()):
        weights[shift : shift + len(a)] += weight * a
    points = torch.arange(-2 * draws, 2 * draws + 1, dtype=torch.float64) / draws
    return tuple(
        (quantile(points, weights, level - 0.013), quantile(points, weights, level + 0.013))
        for level in (0.025, 0.975)
    )


def unpaired_p(first, second):
    """Two-sided p of a z test that treats the arms as independent samples."""
    n, pooled = len(first), (sum(first) + sum(second)) / (2 * len(first))
    z = abs(sum(first) - sum(second)) / n / sqrt(2 * pooled * (1 - pooled) / n)
    return erfc(z / sqrt(2))
