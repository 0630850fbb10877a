"""Graders of 505, part 4: errors of the expert.

Oracle: following both maps from every element.
"""

import math

import pytest
import torch

from firsthand import compare


def whole(generator, low, high):
    """One integer from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=generator))


def differing(wrong, p, k, *, moved=False):
    """Share of elements at which k steps of two maps end apart, by following each.

    moved: of those elements alone that k steps of the true map carry away.
    """
    apart = []
    for x in range(len(p)):
        a = b = x
        for _ in range(k):
            a, b = int(wrong[a]), int(p[b])
        if b != x or not moved:
            apart.append(a != b)
    return sum(apart) / max(len(apart), 1)


@pytest.mark.exercise("systematic_error")
class TestSystematicError:
    @pytest.mark.visible
    def test_one_misread_step_on_a_cycle_of_four(self, submission):
        p, wrong = torch.tensor([1, 2, 3, 0]), torch.tensor([2, 2, 3, 0])
        for k, expected in ((0, 0.0), (1, 0.25), (2, 0.5), (3, 0.75)):
            compare.close(submission.systematic_error(wrong, p, k), expected,
                          what=f"systematic_error with k = {k}",
                          hint="after a wrong step, go on from where it led")  # fmt: skip

    @pytest.mark.weight(3)
    def test_both_maps_are_followed_for_k_steps(self, submission, generator):
        for case in range(8):
            if case == 0:  # one cycle, on which all known mistakes give different shares
                k, cycle = 4, torch.randperm(14, generator=generator)
                p = torch.empty(14, dtype=torch.int64)
                p[cycle] = cycle.roll(-1)
                wrong = p.clone()
                wrong[cycle[:2]] = cycle[8:10]
            else:
                n, k = whole(generator, 4, 11), whole(generator, 2, 7)
                p = torch.rand(n, generator=generator).argsort()
                wrong = p.clone()
                for _ in range(whole(generator, 1, 3)):
                    wrong[whole(generator, 0, n - 1)] = whole(generator, 0, n - 1)
            share = (wrong != p).double().mean().item()
            known = {
                "the share of *wrong* answers": 1 - differing(wrong, p, k),
                "the same x is wrong every time: these errors are not independent":
                    1 - (1 - share) ** k,
                "that is a bound, not the value": k * share,
                "tau is used at each of the k steps, not at one of them only": share,
                "all elements count, moved or not": differing(wrong, p, k, moved=True),
                "k steps: yours are one too few": differing(wrong, p, k - 1),
                "k steps: yours are one too many": differing(wrong, p, k + 1),
            }  # fmt: skip
            with compare.unchanged(wrong=wrong, p=p):
                got = submission.systematic_error(wrong, p, k)
            compare.close(
                got,
                differing(wrong, p, k),
                what="systematic_error",
                known=known,
                hint="follow both maps from every element for k steps and compare the ends",
            )

    def test_a_map_that_is_no_permutation(self, submission, generator):
        for k in (1, 2, 5):
            n = whole(generator, 3, 9)
            p = torch.rand(n, generator=generator).argsort()
            wrong = torch.full((n,), whole(generator, 0, n - 1))
            compare.close(submission.systematic_error(wrong, p, k), differing(wrong, p, k),
                          what="systematic_error of a constant map",
                          hint="tau may be any map: follow it step by step")  # fmt: skip

    def test_large_powers_are_followed_to_the_end(self, submission, generator):
        found = 0
        while found < 4:
            n, k = whole(generator, 5, 11), whole(generator, 33, 300)
            p = torch.rand(n, generator=generator).argsort()
            wrong = p.clone()
            i, j = torch.randperm(n, generator=generator)[:2].tolist()
            wrong[[i, j]] = wrong[[j, i]]
            expected = differing(wrong, p, k)
            early = differing(wrong, p, 16)
            if any(differing(wrong, p, limit) == expected for limit in (8, 10, 16, 20, 32)):
                continue
            found += 1
            known = {"k steps, however many: yours end early": early}
            compare.close(submission.systematic_error(wrong, p, k), expected, known=known,
                          what="systematic_error with a large k",
                          hint="k is not bounded: follow all k steps")  # fmt: skip

    def test_a_map_that_never_comes_back(self, submission, generator):
        for n in (5, 6, whole(generator, 3, 6)):
            p = torch.rand(n, generator=generator).argsort()
            wrong = p.clone()
            i, j = torch.randperm(n, generator=generator)[:2].tolist()
            wrong[i] = wrong[j]  # from now on two elements go the same way
            order = next(k for k in range(1, 61) if differing(torch.arange(n), p, k) == 0)
            for k in {order, math.lcm(*range(1, n + 1))}:
                compare.close(
                    submission.systematic_error(wrong, p, k),
                    differing(wrong, p, k),
                    what="systematic_error where sigma^k changes nothing",
                    known={"sigma comes back after k steps, tau does not: it need not be a "
                           "permutation, so k cannot be reduced": 0.0},
                    hint="tau may be any map: follow it step by step",
                )  # fmt: skip

    def test_equal_maps_and_the_power_0_have_no_errors(self, submission, generator):
        for k in (0, 1, 4):
            p = torch.rand(whole(generator, 1, 8), generator=generator).argsort()
            compare.close(submission.systematic_error(p.clone(), p, k), 0.0,
                          what="systematic_error of equal maps")  # fmt: skip
            compare.close(
                submission.systematic_error(torch.zeros_like(p), p, 0),
                0.0,
                what="systematic_error with k = 0",
                hint="zero steps end where they began",
            )


@pytest.mark.exercise("noise_in_x")
class TestNoiseInX:
    @pytest.mark.visible
    def test_the_answer_is_a_share(self, submission):
        compare.between(submission.noise_in_x(), 0.0, 1.0, what="noise_in_x",
                        hint="an accuracy, from 0 to 1")  # fmt: skip

    @pytest.mark.weight(3)
    def test_it_is_what_training_gives(self, submission):
        seen = compare.number(submission.noise_in_x(), what="noise_in_x")
        for low, high, hint in (
            (
                0.55,
                0.74,
                "that is the accuracy of the targets, or of the tree: measure the learner",
            ),
            (0.0, 0.3, "did you measure k = 4 on moved items, after all updates?"),
        ):
            if low <= seen <= high:
                compare.fail(f"noise_in_x is {seen:.3g}.", hint=hint, recognised=True)
        compare.between(
            seen,
            0.85,
            1.0,
            what="noise_in_x",
            hint="run the line above the exercise and return what it gives; below 0.9 the run "
            "needs more updates",
        )
