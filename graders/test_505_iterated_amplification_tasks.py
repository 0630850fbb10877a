"""Graders of 505, part 1: the floor, the metric and the split.

Oracles: all permutations of up to six elements; loops over single items; counts over all 5,040
permutations of seven elements.
"""

import math
from itertools import permutations

import numpy as np
import pytest
import torch

from firsthand import compare


def a_float(got, what, hint):
    """`got` is a float of Python or numpy: no int, and no tensor with one entry."""
    if not isinstance(got, float | np.floating):
        compare.fail(f"{what} came back as {type(got).__name__}; a float is expected.", hint=hint,
                     recognised=True)  # fmt: skip


def whole(generator, low, high):
    """One integer from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=generator))


def every_permutation(n):
    """All permutations of n elements, one in each row."""
    return torch.tensor(list(permutations(range(n))))


def counted_floor(n, k):
    """Share of (permutation, element) pairs with sigma^k(x) = x, by following every element."""
    back = 0
    for sigma in permutations(range(n)):
        for x in range(n):
            reached = x
            for _ in range(k):
                reached = sigma[reached]
            back += reached == x
    return back / (n * math.factorial(n))


EXACT = "exact: count the cycle lengths from 1 to n that divide k; no sampling"


@pytest.mark.exercise("trivial_floor")
class TestTrivialFloor:
    @pytest.mark.visible
    def test_the_worked_example_with_six_elements(self, submission):
        for k, expected in ((1, 1 / 6), (2, 1 / 3), (4, 1 / 2), (6, 2 / 3)):
            got = submission.trivial_floor(6, k)
            compare.close(
                got,
                expected,
                what=f"trivial_floor(6, {k})",
                rtol=1e-9,
                hint="exact: count the cycle lengths from 1 to n that divide k",
            )
            a_float(got, f"trivial_floor(6, {k})", "return a float: float(...) makes one")

    @pytest.mark.weight(2)
    def test_it_is_the_share_over_all_permutations(self, submission, generator):
        for n in (4, 5, 3, 2, 1):  # with 4 elements and k = 6 all known mistakes differ
            for k in (6, 4, 3, 2, 1, whole(generator, 7, 13)):
                divisors = sum(k % d == 0 for d in range(1, k + 1))
                compare.close(
                    submission.trivial_floor(n, k),
                    counted_floor(n, k),
                    rtol=1e-9,
                    what="trivial_floor",
                    hint=EXACT,
                    known={
                        "short cycles return early: count every length that divides k": 1 / n,
                        "lengths that divide k, not those that n and k share": math.gcd(k, n) / n,
                        "no cycle is longer than n": divisors / n,
                        "a cycle of length L returns after L steps too, not only after fewer":
                            sum(k % d == 0 for d in range(1, min(n, k - 1) + 1)) / n,
                    },
                )  # fmt: skip

    def test_larger_permutations_too(self, submission, generator):
        drawn = [(whole(generator, 8, 40), whole(generator, 1, 60)) for _ in range(5)]
        large = [whole(generator, 41, 600) for _ in range(3)]
        for n, k in [(40, 36), (29, 58), *drawn, *((n, n * whole(generator, 1, 3)) for n in large)]:
            divisors = [d for d in range(1, k + 1) if k / d == k // d and d <= n]
            got = submission.trivial_floor(n, k)
            short = [count / n for count in range(1, len(divisors))]
            hint = EXACT
            if any(abs(compare.number(got) - some) < 1e-9 for some in short):
                hint = "exact, but lengths are missing: count all up to n, however large n is"
            compare.close(got, len(divisors) / n, rtol=1e-9, hint=hint,
                          what="trivial_floor of more than seven elements")  # fmt: skip

    def test_the_power_0_leaves_everything_in_place(self, submission, generator):
        for n in (1, 2, whole(generator, 3, 20)):
            got = submission.trivial_floor(n, 0)
            compare.close(got, 1.0, rtol=1e-9, what="trivial_floor(n, 0)",
                          hint="every length divides 0: the floor is 1")  # fmt: skip
            a_float(got, "trivial_floor(n, 0)", "return a float at k = 0 too: 1.0, not 1")


def moved_by_loop(pred, truth):
    """Right and all items with truth[b][x] != x."""
    pairs = [
        (int(g), int(t))
        for row, answers in zip(truth, pred, strict=True)
        for x, (t, g) in enumerate(zip(row, answers, strict=True))
        if int(t) != x
    ]
    return sum(g == t for g, t in pairs) / len(pairs)


def some_answers(generator):
    """Predictions, truths and the permutations behind them; some rows do not move at all."""
    b, n = whole(generator, 3, 6), whole(generator, 4, 9)
    p = torch.rand(b, n, generator=generator).argsort(1)
    p[0] = torch.arange(n)
    p[1, :] = torch.arange(n)
    p[1, :2] = torch.tensor([1, 0])  # one row with two moved items only
    truth = p.gather(1, p) if whole(generator, 0, 1) else p.clone()
    truth[2] = torch.arange(n).roll(1)
    guess = torch.randint(n, (b, n), generator=generator)
    guess = torch.where(torch.rand(b, n, generator=generator) < 0.3, torch.arange(n), guess)
    right = torch.rand(b, n, generator=generator) < 0.5
    return torch.where(right, truth, guess), truth, p


@pytest.mark.exercise("moved_accuracy")
class TestMovedAccuracy:
    @pytest.mark.visible
    def test_the_item_that_stays_does_not_count(self, submission):
        truth, pred = torch.tensor([[1, 0, 2]]), torch.tensor([[1, 1, 2]])
        got = submission.moved_accuracy(pred, truth)
        compare.close(
            got,
            0.5,
            what="moved_accuracy",
            hint="items whose true answer is the item itself are free: leave them out",
        )
        a_float(got, "moved_accuracy", "return a float: .item() makes one of a tensor")

    @pytest.mark.weight(2)
    def test_only_items_that_truly_move_are_counted(self, submission, generator):
        for _ in range(6):
            pred, truth, _ = some_answers(generator)
            here = torch.arange(truth.shape[1])
            expected = moved_by_loop(pred, truth)
            right, moves = (pred == truth).double(), truth != here
            rows = [right[b][moves[b]].mean() for b in range(len(truth)) if moves[b].any()]
            with compare.unchanged(pred=pred, truth=truth):
                got = submission.moved_accuracy(pred, truth)
            known = {
                "items whose true answer is the item itself are free: leave them out":
                    right.mean().item(),
                "the mask comes from the truth, not from the prediction":
                    right[pred != here].mean().item(),
                "pool the items of all rows instead of averaging rows":
                    torch.stack(rows).mean().item(),
                "divide by the number of moved items, not of all": (right * moves).mean().item(),
                "count what truly moves, not those alone that pred moves too":
                    right[moves & (pred != here)].mean().item(),
                "the share itself: do not round it": round(expected, 4),
            }  # fmt: skip
            compare.close(got, expected, what="moved_accuracy", known=known, rtol=1e-6, atol=0,
                          hint="right answers among the items with truth[b, x] != x")  # fmt: skip
            a_float(got, "moved_accuracy", "return a float: .item() makes one of a tensor")

    def test_repeating_the_question_scores_0(self, submission, generator):
        for _ in range(3):
            _, truth, _ = some_answers(generator)
            stay = torch.arange(truth.shape[1]).expand_as(truth).contiguous()
            compare.close(submission.moved_accuracy(stay, truth), 0.0,
                          what="moved_accuracy of the answer x",
                          hint="on moved items the answer x is always wrong")  # fmt: skip

    def test_without_moved_items_it_is_nan(self, submission, generator):
        for b in (1, 3):
            truth = torch.arange(whole(generator, 2, 6)).repeat(b, 1)
            got = submission.moved_accuracy(truth.clone(), truth)
            if not math.isnan(float(got)):
                compare.fail(f"nothing moves, and moved_accuracy is {float(got):.3g}, not nan.",
                             hint="no moved item, no accuracy: return nan")  # fmt: skip
            a_float(got, "moved_accuracy", 'return a float here too: float("nan")')


CONTENT = "the same permutation fell on both sides: decide by the content of the row alone"


def flags(submission, p, share, salt):
    """The submission's flags, as booleans, one for each row."""
    got = submission.held_out(p, share, salt)
    compare.shape(got, (len(p),), what="held_out")
    if got.dtype != torch.bool:
        compare.fail(f"held_out came back with dtype {got.dtype}; torch.bool is expected.",
                     hint="one boolean for each row")  # fmt: skip
    return got


def near(found, expected, n, what, hint, sigmas=5.0):
    """`found`, a share of n coins, lies within `sigmas` standard errors of `expected`."""
    error = sigmas * math.sqrt(expected * (1 - expected) / n)
    compare.between(float(found), expected - error, expected + error, what=what, hint=hint)


@pytest.mark.exercise("held_out")
class TestHeldOut:
    @pytest.mark.visible
    def test_equal_rows_get_equal_flags(self, submission):
        rows = torch.tensor([[1, 2, 0], [1, 2, 0], [0, 2, 1], [1, 2, 0]])
        for salt in range(6):
            got = submission.held_out(rows, 0.5, salt)
            compare.shape(got, (4,), what="held_out")
            compare.equal(got[[1, 3]], got[[0, 0]], what="the flags of three equal rows",
                          hint="the same permutation fell on both sides: decide by the content "
                          "of the row alone")  # fmt: skip

    @pytest.mark.weight(2)
    def test_the_side_of_a_row_depends_on_nothing_but_the_row(self, submission, generator):
        for size in (4, 7, 10):
            salt = whole(generator, 0, 10_000)
            p = torch.rand(60, size, generator=generator).argsort(1)
            order = torch.randperm(60, generator=generator)
            with compare.unchanged(p=p), compare.untouched_randomness(submission, hint=CONTENT):
                first = flags(submission, p, 0.4, salt)
            alone = torch.cat([flags(submission, row[None], 0.4, salt) for row in p[:12]])
            mixed = flags(submission, p[order], 0.4, salt)
            again = flags(submission, p, 0.4, salt)
            compare.equal(again, first, what="a second call with the same rows", hint=CONTENT)
            compare.equal(mixed, first[order], what="the flags of the same rows in another order",
                          hint=CONTENT)  # fmt: skip
            compare.equal(alone, first[:12], what="the flags of single rows", hint=CONTENT)

    @pytest.mark.weight(2)
    def test_about_the_stated_share_is_held_out(self, submission, generator):
        p = every_permutation(7)
        for share in (0.1, 0.3, whole(generator, 20, 50) / 100):
            salt = whole(generator, 0, 10_000)
            found = flags(submission, p, share, salt).double().mean().item()
            known = "True means held out: you returned the training side"
            if abs(found - (1 - share)) < 0.03 and abs(found - share) > 0.1:
                compare.fail(f"{found:.2f} of all permutations are held out, not {share:.2f}.",
                             hint=known, recognised=True)  # fmt: skip
            if found in (0.0, 1.0):
                compare.fail(
                    f"{found:.0%} of all permutations are held out, with the share {share:.2f}.",
                    hint="all rows fell on one side: decide by what differs from row to row",
                    recognised=True,
                )
            near(
                found,
                share,
                5040,
                "the share of all 5,040 permutations that is held out",
                "every permutation has chance `share`, by a number that differs from row to row",
            )
        # 1 in 1,000: a Poisson count with mean 5, above 18 once in 10^6
        near(
            flags(submission, p, 0.001, whole(generator, 0, 10_000)).double().mean(),
            0.001,
            5040,
            "the share of all 5,040 permutations that is held out with the share 0.001",
            "a fine number, not one of 100 classes: 8 bytes of the hash, divided by 2**64",
            sigmas=6.0,
        )
        few = every_permutation(5)
        for share in (0.0, 1.0):
            compare.equal(flags(submission, few, share, 1), torch.full((120,), share == 1.0),
                          what=f"held_out with the share {share:.0f}",
                          hint="share 0 holds out nothing, share 1 everything")  # fmt: skip

    def test_two_salts_give_unrelated_splits(self, submission, generator):
        p = every_permutation(7)
        pairs = [(0, 1), (1, 2), (0, 2)]
        pairs += [(salt := whole(generator, 0, 10_000), salt + whole(generator, 1, 10_000))]
        for salt, other in pairs:
            one, two = flags(submission, p, 0.3, salt), flags(submission, p, 0.3, other)
            if torch.equal(one, two):
                compare.fail("two salts gave the same split.", hint="the salt names the split: "
                             "hash it together with the row", recognised=True)  # fmt: skip
            near(
                (one == two).double().mean(),
                0.3**2 + 0.7**2,
                5040,
                "the share of permutations on the same side under two salts",
                "hash the salt together with the row, so that two splits are unrelated",
            )

    @pytest.mark.weight(2)
    def test_the_side_tells_nothing_about_the_permutation(self, submission, generator):
        p, salt = every_permutation(7), whole(generator, 0, 10_000)
        got = flags(submission, p, 0.4, salt).double()
        hint = "then the held-out set is a sub-family: use the whole row, through a hash"
        for position in range(7):
            for value in range(7):
                group = got[p[:, position] == value]
                near(group.mean(), 0.4, 720, "the held-out share among permutations that send one "
                     "given element to another", hint)  # fmt: skip
        for rule in (p[:, 0] < p[:, 1], p[:, 5] < p[:, 6], (p == torch.arange(7)).any(1)):
            near(got[rule].mean(), 0.4, int(rule.sum()), "the held-out share of a sub-family", hint)

    @pytest.mark.weight(2)
    def test_similar_permutations_are_decided_apart(self, submission, generator):
        p, salt = every_permutation(7), whole(generator, 0, 10_000)
        got = flags(submission, p, 0.4, salt)
        row_of = {tuple(row): place for place, row in enumerate(p.tolist())}
        hint = "hash every element of the row in its order: two rows, two independent coins"
        for i in range(7):
            for j in range(i):
                swapped = p.clone()
                swapped[:, [i, j]] = p[:, [j, i]]
                partner = [row_of[tuple(row)] for row in swapped.tolist()]
                near(
                    (got == got[partner]).double().mean(),
                    0.4**2 + 0.6**2,
                    2520,
                    "the share of rows on the same side as the row with two elements exchanged",
                    hint,
                )

    @pytest.mark.weight(2)
    def test_relatives_of_a_permutation_are_decided_apart(self, submission, generator):
        p, salt = every_permutation(7), whole(generator, 0, 10_000)
        got = flags(submission, p, 0.5, salt)
        row_of = {tuple(row): place for place, row in enumerate(p.tolist())}
        relatives = {
            "its inverse": p.argsort(1),
            "its square": p.gather(1, p),
            "the row read backwards": p.flip(1),
            "the row turned by one place": p.roll(1, 1),
            "the row with 6 - p[x] for p[x]": 6 - p,
            "the row with the next number for each": (p + 1) % 7,
            "the permutation with its elements renamed in reverse": 6 - p.flip(1),
        }
        for name, rows in relatives.items():
            other = (rows != p).any(1)
            partner = [row_of[tuple(row)] for row in rows[other].tolist()]
            near(  # with the share 0.5 two agreements are independent; an involution counts twice
                (got[other] == got[partner]).double().mean(),
                0.5,
                len(partner) // 2,
                f"the share of permutations on the same side as {name}",
                f"a permutation and {name} are two permutations, each with a coin of its own: "
                "hash the row as it is",
            )

    def test_numbers_of_two_digits_are_kept_apart(self, submission, generator):
        salt, n = whole(generator, 0, 10_000), whole(generator, 12, 15)
        pairs = {  # rows that are the same as a line of digits, or as a number with base ten
            "[1, 11] as [11, 1]": ([1, 11], [11, 1]),
            "[6, 0, 5, 10] as [5, 10, 6, 0]": ([6, 0, 5, 10], [5, 10, 6, 0]),
            "[0, 6, 10, 5] as [10, 5, 0, 6]": ([0, 6, 10, 5], [10, 5, 0, 6]),
        }
        for name, (one, two) in pairs.items():
            rest = [x for x in range(n) if x not in one]
            rows = []
            for _ in range(400):
                order = [rest[i] for i in torch.randperm(len(rest), generator=generator).tolist()]
                at = whole(generator, 0, len(order))
                rows.append([order[:at] + part + order[at:] for part in (one, two)])
            first, second = torch.tensor(rows).unbind(1)
            a, b = (flags(submission, side.contiguous(), 0.5, salt) for side in (first, second))
            near(
                (a == b).double().mean(),
                0.5,
                400,
                f"the share of rows on the same side as the row with {name}",
                "[1, 11] and [11, 1] are not the same: keep numbers of two digits apart before you "
                "hash, with a comma, say",
            )
