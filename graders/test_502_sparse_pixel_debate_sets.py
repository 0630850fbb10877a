"""Graders of 502, games on sets: sorting, itertools and recursion over sequences as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import combinations
from math import comb

import pytest
import torch

from firsthand import compare


def colex_subsets(n, k):
    """All k-subsets of range(n), sorted by their reversed tuple."""
    return sorted(combinations(range(n), k), key=lambda subset: subset[::-1])


def played_out(values, n, k, last_is_max, choose_max=None, choose_min=None, taken=()):
    """Value of one game by recursion over sequences of moves. values: dict from sorted tuple to number."""
    choose_max, choose_min = choose_max or max, choose_min or min
    if len(taken) == k:
        return values[tuple(sorted(taken))]
    moves = [e for e in range(n) if e not in taken]
    after = [
        played_out(values, n, k, last_is_max, choose_max, choose_min, (*taken, e)) for e in moves
    ]
    return (choose_max if last_is_max == ((k - len(taken)) % 2 == 1) else choose_min)(after)


def solved(leaves, n, k, last_is_max, **choices):
    """`played_out` for every column of a leaf table."""
    subsets = colex_subsets(n, k)
    columns = [dict(zip(subsets, column, strict=True)) for column in leaves.T.tolist()]
    return torch.tensor([played_out(column, n, k, last_is_max, **choices) for column in columns])


def mean(values):
    return sum(values) / len(values)


class CountingJudge:
    """A judge whose logits depend on every plane entry; it counts calls and rows."""

    def __init__(self, width, labels, generator):
        self.weight = torch.randn(2 * width, labels, generator=generator)
        self.mixing = torch.randn(labels, labels, generator=generator)
        self.calls, self.largest = 0, 0

    def logits(self, planes):
        hidden = planes @ self.weight
        return hidden + torch.sin(hidden) @ self.mixing

    def ask(self, planes):
        self.calls, self.largest = self.calls + 1, max(self.largest, len(planes))
        return self.logits(planes)


def planes_of(x, sets):
    """Judge input for each set of pixel ids, by a loop."""
    planes = torch.zeros(len(sets), 2 * len(x))
    for row, chosen in enumerate(sets):
        for pixel in chosen:
            planes[row, pixel], planes[row, len(x) + pixel] = 1.0, x[pixel]
    return planes


@pytest.mark.exercise("all_logits")
class TestAllLogits:
    @pytest.mark.visible
    def test_the_worked_example_adds_revealed_values(self, submission):
        def total(planes):
            return planes[:, 3:].sum(1, keepdim=True)

        got = submission.all_logits(
            total, torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0, 1, 2]), 2
        )
        compare.close(
            got,
            torch.tensor([[3.0], [4.0], [5.0]]),
            what="all_logits of the worked example",
            hint="rows are the pairs {0,1}, {0,2}, {1,2}",
        )

    @pytest.mark.visible
    def test_elements_of_a_set_stand_for_the_listed_pixels(self, submission):
        def total(planes):
            return planes[:, 5:].sum(1, keepdim=True)

        x, pixels = torch.tensor([1.0, 20.0, 3.0, 40.0, 7.0]), torch.tensor([4, 0, 2])
        compare.close(
            submission.all_logits(total, x, pixels, 2),
            torch.tensor([[8.0], [10.0], [4.0]]),
            what="all_logits of the pixels 4, 0, 2",
            hint="the pairs of elements {0,1}, {0,2}, {1,2} are the pixels {4,0}, {4,2}, {0,2}",
            known={
                "element j of a set is pixels[j], not pixel j": torch.tensor(
                    [[21.0], [4.0], [23.0]]
                ),
                "positions in `pixels` count: do not sort the pixels": torch.tensor(
                    [[4.0], [8.0], [10.0]]
                ),
            },
        )

    @pytest.mark.weight(3)
    def test_rows_are_the_logits_of_the_subsets_in_colex_order(self, submission, generator):
        for width, n, k, labels in ((9, 5, 2, 3), (20, 7, 3, 10), (64, 6, 4, 4), (11, 8, 1, 2)):
            x = torch.rand(width, generator=generator)
            pixels = torch.randperm(width, generator=generator)[:n]
            judge = CountingJudge(width, labels, generator)
            subsets = colex_subsets(n, k)
            expected = judge.logits(planes_of(x, pixels[torch.tensor(subsets)].tolist()))
            named = judge.logits(planes_of(x, subsets))
            dictionary = judge.logits(
                planes_of(x, pixels[torch.tensor(list(combinations(range(n), k)))].tolist())
            )
            ascending = judge.logits(
                planes_of(x, pixels.sort().values[torch.tensor(subsets)].tolist())
            )
            bare = planes_of(x, pixels[torch.tensor(subsets)].tolist())
            bare[:, width:] = x
            with compare.unchanged(x=x, pixels=pixels):
                got = submission.all_logits(judge.ask, x, pixels, k)
            compare.close(
                got,
                expected,
                rtol=1e-3,
                atol=1e-4,
                what=f"all_logits for {n} pixels, k = {k}",
                hint="row r is the judge's verdict on the set of colex rank r",
                known={
                    "element j of a set is pixels[j], not pixel j": named,
                    "rows must come in colex order, not in dictionary order": dictionary,
                    "positions in `pixels` count: do not sort the pixels": ascending,
                    "hidden pixels leak: use judge_input": judge.logits(bare),
                    "raw logits are asked for, not probabilities": expected.softmax(1),
                    "raw logits are asked for, not log-probabilities": expected.log_softmax(1),
                },
            )

    def test_all_pixels_or_none_give_one_row(self, submission, generator):
        for n in (1, 4, 6):
            x = torch.rand(10, generator=generator)
            pixels = torch.randperm(10, generator=generator)[:n]
            judge = CountingJudge(10, 3, generator)
            for k, sets in ((n, [pixels.tolist()]), (0, [[]])):
                compare.close(
                    submission.all_logits(judge.ask, x, pixels, k),
                    judge.logits(planes_of(x, sets)),
                    rtol=1e-3,
                    atol=1e-4,
                    what=f"all_logits with k = {k} of {n} pixels",
                    hint="one set: all pixels, or the empty one",
                )

    def test_sets_are_judged_in_batches_of_at_most_twenty_thousand(self, submission, generator):
        for n, k in ((12, 3), (18, 6), (23, 5)):
            judge = CountingJudge(n, 2, generator)
            got = submission.all_logits(
                judge.ask, torch.rand(n, generator=generator), torch.arange(n), k
            )
            compare.shape(got, (comb(n, k), 2), what="all_logits")
            if judge.largest > 20_000:
                compare.fail(
                    f"one judge call had {judge.largest} rows; at most 20,000 are allowed.",
                    recognised=True,
                    hint="at most 20,000 rows in a call: split the table of sets",
                )
            needed = -(-comb(n, k) // 20_000)
            if judge.calls > needed:
                compare.fail(
                    f"{comb(n, k)} sets took {judge.calls} judge calls; {needed} are enough.",
                    recognised=True,
                    hint="batch: send many sets in one call, not one set at a time",
                )


@pytest.mark.exercise("backup")
class TestBackup:
    @pytest.fixture(autouse=True)
    def the_kit_is_out_of_reach(self, submission):
        with submission.forbidding("firsthand.kit.search.solve"):
            yield

    @pytest.mark.visible
    def test_the_worked_example_depends_on_who_moves_last(self, submission):
        pairs = torch.tensor(
            [[1.0, 1.0], [0.0, 1.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
        )
        for last_is_max, expected in ((True, [1.0, 1.0]), (False, [0.0, 1.0])):
            compare.close(
                submission.backup(pairs, 4, 2, last_is_max),
                torch.tensor(expected),
                what=f"backup of the worked example, last_is_max={last_is_max}",
                hint="players alternate, and you are told who makes the last move",
            )
        one = torch.tensor([[0.2], [0.7], [0.5]])
        for last_is_max, expected in ((True, 0.7), (False, 0.2)):
            compare.close(
                submission.backup(one, 3, 1, last_is_max),
                torch.tensor([expected]),
                what=f"backup of three elements, k = 1, last_is_max={last_is_max}",
                hint="with one move left its mover takes the best element",
            )

    @pytest.mark.weight(3)
    def test_values_follow_play_over_sequences(self, submission, generator):
        for n, k, games in (
            (5, 3, 2),
            (6, 4, 3),
            (7, 2, 4),
            (4, 4, 5),
            (6, 1, 2),
            (7, 3, 1),
            (6, 5, 2),
        ):
            leaves = torch.randn(comb(n, k), games, generator=generator)
            for last_is_max in (True, False):
                expected = solved(leaves, n, k, last_is_max)
                known = {
                    "players alternate: not every move is the maximiser's": leaves.amax(0),
                    "players alternate: not every move is the minimiser's": leaves.amin(0),
                    "the opponent chooses, nature does not: no mean": solved(
                        leaves, n, k, last_is_max, choose_min=mean
                    ),
                    "the opponent chooses, nature does not: no mean for the maximiser": solved(
                        leaves, n, k, last_is_max, choose_max=mean
                    ),
                    "all games at once: one value for each column": expected[:1],
                }
                if k > 1:
                    other = (
                        "you are told who moves last: count moves from the end, not from the start"
                    )
                    known[other] = solved(leaves, n, k, not last_is_max)
                    unfinished = "the last step is missing: the value of the empty set is asked for"
                    known[unfinished] = lambda leaves=leaves, n=n, k=k, last=last_is_max: (
                        first_level(leaves, n, k, last)
                    )
                with compare.unchanged(values=leaves):
                    got = submission.backup(leaves, n, k, last_is_max)
                compare.close(
                    got,
                    expected,
                    what=f"backup with n = {n}, k = {k}, last_is_max={last_is_max}",
                    hint="value of a set = best over its supersets for whoever moves there",
                    known=known,
                )

    def test_nothing_to_play_leaves_the_value_itself(self, submission, generator):
        for n, games in ((1, 3), (4, 2), (6, 1)):
            leaves = torch.randn(1, games, generator=generator)
            compare.close(
                submission.backup(leaves, n, 0, True),
                leaves[0],
                what="backup with k = 0",
                hint="nothing to play: the value itself",
            )

    def test_swapping_the_players_negates_the_value(self, submission, generator):
        for n, k, games in ((8, 4, 3), (10, 3, 2), (9, 5, 1)):
            leaves = torch.randn(comb(n, k), games, generator=generator)
            compare.close(
                submission.backup(-leaves, n, k, False),
                -torch.as_tensor(submission.backup(leaves, n, k, True)),
                what="backup of negated leaves with the players swapped",
                hint="whose move is it, and what do they want?",
            )


def first_level(leaves, n, k, last_is_max):
    """The value of the position in which element 0 is already taken."""
    subsets = colex_subsets(n, k)
    columns = [dict(zip(subsets, column, strict=True)) for column in leaves.T.tolist()]
    return torch.tensor([played_out(column, n, k, last_is_max, taken=(0,)) for column in columns])
