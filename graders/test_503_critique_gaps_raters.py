"""Graders of 503, raters: loops over answers and written-out candidates as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from math import comb, inf, sqrt

import pytest
import torch

from firsthand import compare


@pytest.mark.exercise("found_by_chance")
class TestFoundByChance:
    @pytest.mark.visible
    def test_the_prediction_is_a_probability(self, submission):
        compare.between(
            submission.found_by_chance(), 0, 1, what="found_by_chance", hint="a number from 0 to 1"
        )

    def test_both_checks_miss_or_one_of_them_hits(self, submission):
        compare.close(
            submission.found_by_chance(),
            1 - comb(6, 2) / comb(8, 2),
            rtol=0,
            atol=0.0051,  # two decimals
            what="found_by_chance",
            hint="how many of the eight lines does one wrong cell break? What is the chance that both checks miss them?",
            known={
                "a wrong cell breaks its row and its column": 2 / 8,
                "the two lines differ: the second is drawn from seven": 1 - (6 / 8) ** 2,
                "both lines may be broken: do not count that twice": 4 / 8,
                "at least one of the two lines, not both": 1 / comb(8, 2),
                "that is the chance to miss": comb(6, 2) / comb(8, 2),
            },
        )


def found(broken, named, order, m, checked):
    """Whether each answer's flaw is found, by a loop. checked(named, order, m): the lines that are looked at."""
    return [
        float(any(lines[line] for line in checked(first, own, m)))
        for lines, first, own in zip(broken.tolist(), named.tolist(), order.tolist(), strict=True)
    ]


def own_checks(named, order, m):
    return order[:m]


def helped_checks(named, order, m):
    return [named, *[line for line in order if line != named][: m - 1]]


def comparison(broken, named, order, m, alone=own_checks, helped=helped_checks, error=None):
    """The report on flawed answers, from sums over them."""
    flawed = broken.any(1)
    rows = broken[flawed], named[flawed], order[flawed], m
    without, together = found(*rows, alone), found(*rows, helped)
    n = len(without)
    gaps = [b - a for a, b in zip(without, together, strict=True)]
    mean = sum(gaps) / n
    paired = sqrt(sum((gap - mean) ** 2 for gap in gaps) / (n - 1) / n)
    a, b = sum(without) / n, sum(together) / n
    return {
        "unassisted": a,
        "assisted": b,
        "difference": b - a,
        "error": error(a, b, n, paired) if error else paired,
    }


def assisted_mistakes(broken, named, order, m):
    given = broken, named, order, m
    right = comparison(*given)
    n = int(broken.any(1).sum())
    natural = torch.arange(broken.shape[1]).expand(order.shape)
    a, b = right["unassisted"], right["assisted"]
    everyone = len(broken)
    share = n / everyone
    squared = (
        share * ((right["error"] ** 2 * n * (n - 1) + n * right["difference"] ** 2) / n)
        - (share * right["difference"]) ** 2
    )
    diluted = {
        "unassisted": a * share,
        "assisted": b * share,
        "difference": right["difference"] * share,
        "error": sqrt(max(0.0, squared) / max(everyone - 1, 1)),
    }
    return {
        "equal checks: the critique costs one": comparison(
            *given, helped=lambda named, order, m: [named, *order[:m]]
        ),
        "the m - 1 others are lines other than the named one": comparison(
            *given, helped=lambda named, order, m: [named, *order[: m - 1]]
        ),
        "after the named line the rater goes on with its own order": comparison(
            *given, helped=lambda named, order, m: [named]
        ),
        "the named line comes first": comparison(
            *given,
            helped=lambda named, order, m: (
                [*[k for k in order if k != named][: m - 1], named] if m > 1 else order[:1]
            ),
        ),
        "valid answers have no flaw to find: leave them out": diluted,
        "follow the rater's own order": comparison(broken, named, natural, m),
        "the same answers in both arms: take differences first": comparison(
            *given, error=lambda a, b, n, _: sqrt((a * (1 - a) + b * (1 - b)) / (n - 1))
        ),
        "the same answers in both arms: take differences first (and n - 1)": comparison(
            *given, error=lambda a, b, n, _: sqrt((a * (1 - a) + b * (1 - b)) / n)
        ),
        "that is the spread of one answer: divide by the root of n": right
        | {"error": right["error"] * sqrt(n)},
        "n - 1 in the variance": right | {"error": right["error"] * sqrt((n - 1) / n)},
        "that is the variance: take its root": right | {"error": right["error"] ** 2},
        "assisted minus unassisted": right | {"difference": a - b},
    }


def drawn_case(answers, lines, generator, *, valid=0.2, skill=0.5):
    broken = torch.rand(answers, lines, generator=generator) < 0.25
    broken[torch.arange(answers), torch.randint(lines, (answers,), generator=generator)] = True
    broken[torch.rand(answers, generator=generator) < valid] = False
    named = torch.randint(lines, (answers,), generator=generator)
    hits = torch.rand(answers, generator=generator) < skill
    named = torch.where(hits & broken.any(1), broken.long().argmax(1), named)
    order = torch.rand(answers, lines, generator=generator).argsort(1)
    broken[0, named[0]] = True  # at least two flawed answers, with different outcomes
    broken[1] = False
    broken[1, (named[1] + 1) % lines] = True
    return broken, named, order


def check_assisted(submission, broken, named, order, m, what):
    with compare.unchanged(broken=broken, named=named, order=order):
        got = submission.assisted(broken, named, order, m)
    compare.close(
        got,
        comparison(broken, named, order, m),
        atol=1e-5,  # an error from float32 differences is right too
        what=what,
        hint="m checks in both arms; differences answer by answer, flawed answers only",
        known=assisted_mistakes(broken, named, order, m),
    )


@pytest.mark.exercise("assisted")
class TestAssisted:
    @pytest.mark.visible
    def test_the_two_worked_answers_give_a_difference_of_one_half(self, submission):
        broken = torch.tensor([[False, True, False], [True, False, False]])
        order = torch.tensor([[0, 2, 1], [0, 1, 2]])
        compare.close(
            submission.assisted(broken, torch.tensor([1, 1]), order, 2),
            {"unassisted": 0.5, "assisted": 1.0, "difference": 0.5, "error": 0.5},
            what="assisted of the worked example",
            hint="assisted, the raters check the lines 1, 0 in both answers",
        )

    @pytest.mark.weight(3)
    def test_both_raters_make_m_checks(self, submission, generator):
        for answers, lines in ((40, 8), (25, 5), (60, 10)):
            case = drawn_case(answers, lines, generator)
            for m in (1, 2, 3):
                check_assisted(submission, *case, m, f"assisted with m = {m} and {lines} lines")

    @pytest.mark.weight(2)
    def test_the_named_line_is_not_checked_twice(self, submission, generator):
        for lines in (3, 6):
            broken, _, order = drawn_case(40, lines, generator)
            named = order[torch.arange(40), torch.arange(40) % 2]  # among the rater's first two
            for m in (2, lines - 1):
                check_assisted(
                    submission, broken, named, order, m,
                    "assisted where the critic names what the rater would check first",
                )  # fmt: skip

    def test_with_all_lines_checked_both_find_everything(self, submission, generator):
        for lines in (2, 8):
            case = drawn_case(20, lines, generator, skill=0.1)
            check_assisted(submission, *case, lines, "assisted with as many checks as lines")

    @pytest.mark.weight(2)
    def test_the_error_is_that_of_paired_answers(self, submission, generator):
        for answers, skill in ((2, 0.5), (12, 0.9), (200, 0.3)):
            case = drawn_case(answers, 8, generator, valid=0.0, skill=skill)
            check_assisted(submission, *case, 1, f"assisted on {answers} answers")

    def test_valid_answers_are_left_out(self, submission, generator):
        for valid in (0.5, 0.9):
            case = drawn_case(50, 6, generator, valid=valid)
            check_assisted(submission, *case, 2, "assisted where many answers are valid")


def least_noticed(broken, probability, noticed=None, allowed=any):
    """The chosen candidate of each question, by a loop over candidates."""
    noticed = noticed or (lambda p, b: sum(x for x, flag in zip(p, b, strict=True) if flag))
    chosen = []
    for candidates, weights in zip(broken.tolist(), probability.tolist(), strict=True):
        best, place = inf, -1
        for k, (lines, p) in enumerate(zip(candidates, weights, strict=True)):
            if allowed(lines) and noticed(p, lines) < best:
                best, place = noticed(p, lines), k
        chosen.append(place)
    return torch.tensor(chosen)


def hardest_mistakes(broken, probability):
    everyone = least_noticed(broken.flip(1), probability.flip(1))
    last = torch.where(everyone >= 0, broken.shape[1] - 1 - everyone, -1)
    pooled = (probability * broken).sum(2).masked_fill(~broken.any(2), inf).sum(0).argmin()
    right = least_noticed(broken, probability)
    return {
        "small sums count as they are: no rounding before they are compared": least_noticed(
            broken,
            probability,
            lambda p, b: round(sum(x for x, flag in zip(p, b, strict=True) if flag), 6),
        ),
        "the answer must be wrong, that is the point: skip valid candidates": least_noticed(
            broken, probability, allowed=lambda lines: True
        ),
        "the probability on the broken lines, not the smallest on any line": least_noticed(
            broken, probability, lambda p, b: min(p)
        ),
        "all broken lines together, not the least noticed of them": least_noticed(
            broken, probability, lambda p, b: min(x for x, f in zip(p, b, strict=True) if f)
        ),
        "the total on broken lines, not their mean": least_noticed(
            broken,
            probability,
            lambda p, b: sum(x for x, f in zip(p, b, strict=True) if f) / sum(b),
        ),
        "all broken lines together, not the most noticed of them": least_noticed(
            broken, probability, lambda p, b: max(x for x, f in zip(p, b, strict=True) if f)
        ),
        "least, not most": least_noticed(
            broken, probability, lambda p, b: -sum(x for x, f in zip(p, b, strict=True) if f)
        ),
        "a critic that is unsure of everything has not missed the flaw: look at the broken lines": least_noticed(
            broken, probability, lambda p, b: max(p)
        ),
        "the first of several that tie": last,
        "each question has a candidate of its own": torch.full_like(right, int(pooled)),
        "-1 where no candidate is flawed": right.clamp(min=0),
    }


def drawn_candidates(questions, candidates, lines, generator, *, flawed=0.7):
    """Broken lines and probabilities in 64ths, so that ties and sums are exact."""
    broken = torch.rand(questions, candidates, lines, generator=generator) < 0.35
    broken &= torch.rand(questions, candidates, 1, generator=generator) < flawed
    cuts = torch.randint(0, 65, (questions, candidates, lines - 1), generator=generator)
    cuts = torch.cat(
        [torch.zeros(questions, candidates, 1), cuts.sort(2).values, torch.full((questions, candidates, 1), 64)],
        2,
    )  # fmt: skip
    return broken, cuts.diff(dim=2).double() / 64


def check_hardest(submission, broken, probability, what):
    with compare.unchanged(broken=broken, probability=probability):
        got = submission.hardest_for_critic(broken, probability)
    compare.equal(
        got,
        least_noticed(broken, probability),
        what=what,
        hint="of the flawed candidates the one with the least probability on its broken lines; -1 if there is none",
        known=hardest_mistakes(broken, probability),
    )


@pytest.mark.exercise("hardest_for_critic")
class TestHardestForCritic:
    @pytest.mark.visible
    def test_the_flaw_that_the_critic_doubts_is_chosen(self, submission):
        broken = torch.tensor([[[True, False], [False, True]]])
        compare.equal(
            submission.hardest_for_critic(broken, torch.tensor([[[0.7, 0.3], [0.7, 0.3]]])),
            torch.tensor([1]),
            what="hardest_for_critic of the worked example",
            hint="the critic puts 0.7 on the broken line of candidate 0 and 0.3 on that of candidate 1",
        )

    @pytest.mark.weight(3)
    def test_the_least_total_on_broken_lines_wins(self, submission, generator):
        for questions, candidates, lines in ((20, 5, 4), (16, 16, 8), (3, 2, 10)):
            drawn = drawn_candidates(questions, candidates, lines, generator, flawed=1.0)
            check_hardest(submission, *drawn, f"hardest_for_critic of {candidates} candidates")

    @pytest.mark.weight(2)
    def test_valid_candidates_are_never_chosen(self, submission, generator):
        for _ in range(3):
            broken, probability = drawn_candidates(10, 6, 5, generator, flawed=0.5)
            broken[:, 3] = False
            broken[:, 5, 1] = True
            check_hardest(
                submission, broken, probability, "hardest_for_critic with valid candidates"
            )

    def test_questions_without_a_flawed_candidate_give_minus_one(self, submission, generator):
        broken, probability = drawn_candidates(8, 4, 5, generator)
        broken[[0, 3, 7]] = False
        check_hardest(
            submission, broken, probability, "hardest_for_critic where some questions have no flaw"
        )

    def test_the_first_of_several_that_tie_is_chosen(self, submission, generator):
        for _ in range(3):
            broken, probability = drawn_candidates(10, 5, 4, generator, flawed=1.0)
            broken, probability = broken.repeat(1, 2, 1), probability.repeat(1, 2, 1)
            check_hardest(submission, broken, probability, "hardest_for_critic with ties")

    def test_a_flaw_that_the_critic_is_sure_of_is_still_a_flaw(self, submission, generator):
        broken, probability = drawn_candidates(6, 4, 3, generator)
        broken[:] = False
        broken[:, 2, 1] = True
        probability[:, 2] = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
        check_hardest(
            submission, broken, probability, "hardest_for_critic with a single flawed candidate"
        )

    def test_small_differences_decide(self, submission, generator):
        for small, two in (
            (2.0**-30, False),
            (2.0**-22, False),
            (2.0**-40, False),
            (2.0**-23, True),
        ):
            # Line 1 is broken, with 1 to 5 times `small` on it in some order, and in one case line 0, with 1/2 on it.
            times = 1 + torch.stack([torch.randperm(5, generator=generator) for _ in range(6)])
            times = times.double()  # each row of probabilities adds up to exactly 1
            broken = torch.zeros(6, 5, 4, dtype=torch.bool)
            broken[..., 0], broken[..., 1] = two, True
            probability = torch.full((6, 5, 4), 1 / 8, dtype=torch.float64)
            probability[..., 0], probability[..., 1] = 1 / 2, times * small
            probability[..., 2] -= -1 / 4 + times * small
            check_hardest(
                submission, broken, probability,
                f"hardest_for_critic where the sums differ by {small:.0e}",
            )  # fmt: skip

    def test_one_candidate_or_one_question_is_enough(self, submission, generator):
        for questions, candidates in ((7, 1), (1, 6), (1, 1)):
            drawn = drawn_candidates(questions, candidates, 4, generator)
            check_hardest(
                submission, *drawn,
                f"hardest_for_critic of {questions} question(s) with {candidates} candidate(s)",
            )  # fmt: skip
