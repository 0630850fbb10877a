"""Graders of 502, outcomes of debates: the library's exact play as the oracle.

It is held against recursion over sequences in its own tests.
"""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from math import comb

import pytest
import torch

from firsthand import compare
from firsthand.kit.search import solve

NOT_DROPPED = "the liar only has to spoil the truth: look at the bars without precommitment"


def solved(leaves, n, k, last_is_max):
    """Value of every game, a column each of the leaf table [C(n, k) game]."""
    return solve(leaves, n=n, k=k, last_is_max=last_is_max)[0][0]


def claim_games(logits, truth, lies):
    """1.0 where the truth is above the lie on a full set; column per lie. Ties go to the liar."""
    return torch.stack([(logits[:, truth] > logits[:, lie]).float() for lie in lies], 1)


def free_game_that_matters(n, k, labels, generator):
    """(logits, truth, honest_first): where that can happen, each fixed lie fails and a liar without a claim wins."""
    for _ in range(300):
        logits = torch.randn(comb(n, k), labels, generator=generator)
        truth = int(torch.randint(labels, (), generator=generator))
        logits[:, truth] += 1.0
        claims = claim_games(logits, truth, [label for label in range(labels) if label != truth])
        for honest_first in (True, False):
            last_is_max = honest_first == (k % 2 == 1)
            each = solved(claims, n, k, last_is_max) > 0.5
            if (
                bool(each.all())
                and solved(claims.amin(1, keepdim=True), n, k, last_is_max).item() < 0.5
            ):
                return logits, truth, honest_first
    return logits, truth, True


@pytest.mark.exercise("honest_wins")
class TestHonestWins:
    @pytest.mark.visible
    def test_a_third_class_matters_only_without_precommitment(self, submission):
        logits = torch.tensor([[2.0, 1.0, 2.5]])
        compare.equal(
            submission.honest_wins(logits, 0, 1),
            torch.tensor([True]),
            what="honest_wins([2, 1, 2.5], 0, 1)",
            hint="compare only the two claimed logits",
        )
        compare.equal(
            submission.honest_wins(logits, 0, None),
            torch.tensor([False]),
            what="honest_wins([2, 1, 2.5], 0, None)",
            hint="without precommitment every other class may win",
        )

    @pytest.mark.weight(2)
    def test_precommitment_compares_the_two_claims(self, submission, generator):
        for classes in (3, 7, 10):
            logits = torch.randn(40, classes, generator=generator)
            honest, liar = torch.randperm(classes, generator=generator)[:2].tolist()
            expected = torch.tensor([row[honest] > row[liar] for row in logits.tolist()])
            with compare.unchanged(logits=logits):
                got = submission.honest_wins(logits, honest, liar)
            compare.equal(
                got,
                expected,
                what="honest_wins with precommitment",
                hint="compare only the two claimed logits",
                known={
                    "a third class may be largest and does not matter": logits.argmax(1) == honest,
                    "roles swapped: True means that the honest debater wins": ~expected,
                    "compare the two, not a probability with one half": logits.softmax(1)[:, honest]
                    > 0.5,
                },
            )

    @pytest.mark.weight(2)
    def test_without_precommitment_every_other_class_may_win(self, submission, generator):
        for classes in (2, 5, 11):
            logits = torch.randn(40, classes, generator=generator)
            honest = int(torch.randint(classes - 1, (), generator=generator))
            logits[:20, honest] = 5.0  # only the last class stands in the way, in ten of these
            logits[:10, -1] = 6.0
            expected = torch.tensor(
                [max(range(classes), key=row.__getitem__) == honest for row in logits.tolist()]
            )
            with compare.unchanged(logits=logits):
                got = submission.honest_wins(logits, honest, None)
            compare.equal(
                got,
                expected,
                what="honest_wins without precommitment",
                hint="the truth must beat every other class",
                known={
                    "without precommitment every class may win, not only one": logits[:, honest]
                    > logits[:, honest - 1],
                    "any: the truth must beat all other classes, not one of them": torch.stack(
                        [logits[:, honest] > logits[:, c] for c in range(classes) if c != honest], 1
                    ).any(1),
                },
            )

    def test_class_zero_is_a_claim_like_any_other(self, submission, generator):
        for classes in (3, 5, 10):
            logits = torch.randn(40, classes, generator=generator)
            for honest, liar in ((1, 0), (0, 1), (classes - 1, 0)):
                compare.equal(
                    submission.honest_wins(logits, honest, liar),
                    torch.tensor([row[honest] > row[liar] for row in logits.tolist()]),
                    what="honest_wins when one of the claims is class 0",
                    hint="0 is a class, None is no claim: ask `liar is None`",
                    known={
                        "0 is a class, None is no claim: ask `liar is None`, not `not liar`": (
                            logits.argmax(1) == honest
                        )
                    },
                )

    def test_ties_go_to_the_liar(self, submission, generator):
        for classes in (3, 6, 10):
            honest, liar = torch.randperm(classes, generator=generator)[:2].tolist()
            logits = torch.full((2, classes), -1.0)
            logits[:, [honest, liar]] = 0.5
            for claim in (liar, None):
                compare.equal(
                    submission.honest_wins(logits, honest, claim),
                    torch.tensor([False, False]),
                    what="honest_wins on a tie",
                    hint="ties go to the liar: a strict comparison",
                )

    def test_no_verdicts_give_no_outcomes(self, submission):
        for classes in (2, 4, 10):
            for liar in (1, None):
                got = submission.honest_wins(torch.zeros(0, classes), 0, liar)
                compare.equal(
                    got, torch.zeros(0, dtype=torch.bool), what="honest_wins of an empty batch"
                )


@pytest.mark.exercise("debate_outcomes")
class TestDebateOutcomes:
    @pytest.fixture(autouse=True)
    def the_kit_is_out_of_reach(self, submission):
        with submission.forbidding("firsthand.kit.search.solve"):
            yield

    @pytest.mark.visible
    def test_the_worked_example_beats_lie_one_and_loses_to_lie_two(self, submission):
        only = torch.tensor([[2.0, 1.0, 3.0]])
        compare.equal(
            submission.debate_outcomes(only, 0, 2, 2, True, True),
            torch.tensor([True, False]),
            what="debate_outcomes of the worked example",
            hint="one entry for each lie: 1, then 2",
        )
        compare.equal(
            torch.as_tensor(submission.debate_outcomes(only, 0, 2, 2, True, False)),
            torch.tensor(False),
            what="the free game of the worked example",
            hint="without precommitment class 2 wins",
        )

    @pytest.mark.weight(3)
    def test_each_lie_is_its_own_game(self, submission, generator):
        for n, k, labels, boost in (
            (5, 2, 4, 0.6),
            (6, 3, 10, 0.8),
            (6, 4, 5, 0.5),
            (5, 1, 3, 0.0),
            (4, 4, 6, 0.3),
        ):
            logits = torch.randn(comb(n, k), labels, generator=generator)
            truth = int(torch.randint(labels, (), generator=generator))
            logits[:, truth] += boost
            lies = [label for label in range(labels) if label != truth]
            games = claim_games(logits, truth, lies)
            for honest_first in (True, False):
                honest_last = honest_first == (k % 2 == 1)
                expected = solved(games, n, k, honest_last) > 0.5
                every = solved(claim_games(logits, truth, range(labels)), n, k, honest_last) > 0.5
                strongest = sorted(lies, key=lambda lie: -logits[:, lie].sum())
                free = (logits.argmax(1) == truth).float()[:, None]
                with compare.unchanged(logits=logits):
                    got = submission.debate_outcomes(logits, truth, n, k, honest_first, True)
                compare.equal(
                    got,
                    expected,
                    what=f"debate_outcomes, k = {k}, honest_first={honest_first}",
                    hint="the value of one game for each lie, and k odd or even decides who moves last",
                    known={
                        "nine lies, not ten: the truth is not a lie": every,
                        "return the outcome against each lie, not their mean; the worst is taken later": expected.float().mean(),
                        "return the outcome against each lie; the worst is taken later": expected.all(),
                        "k odd and k even differ: who moves last?": solved(
                            games, n, k, not honest_last
                        )
                        > 0.5,
                        "the claim is fixed before the first pixel: the liar may not switch class": (
                            solved(free, n, k, honest_last) > 0.5
                        ).expand(len(lies)),
                        "lies in ascending class order": (
                            solved(claim_games(logits, truth, strongest), n, k, honest_last) > 0.5
                        ),
                        "True where the truth wins, not where the lie does": ~expected,
                    },
                )

    @pytest.mark.weight(2)
    def test_without_precommitment_there_is_one_game(self, submission, generator):
        for n, k, labels in ((5, 2, 4), (6, 3, 10), (6, 4, 3), (7, 1, 2), (5, 4, 4), (6, 2, 3)):
            logits, truth, honest_first = free_game_that_matters(n, k, labels, generator)
            lies = [label for label in range(labels) if label != truth]
            fixed = claim_games(logits, truth, lies)
            free = (logits.argmax(1) == truth).float()[:, None]
            for first in (honest_first, not honest_first):
                last = first == (k % 2 == 1)
                got = torch.as_tensor(submission.debate_outcomes(logits, truth, n, k, first, False))
                compare.equal(
                    got,
                    (solved(free, n, k, last) > 0.5)[0],
                    what="the free game",
                    hint="one game: a leaf is won if the truth beats every class",
                    known={
                        "without precommitment the liar may change its class to the end": (
                            solved(fixed, n, k, last) > 0.5
                        ).all(),
                        "k odd and k even differ: who moves last?": (
                            solved(free, n, k, not last) > 0.5
                        )[0],
                    },
                )

    def test_ties_go_to_the_liar(self, submission, generator):
        for labels, n, k in ((3, 4, 2), (10, 3, 3), (5, 5, 1)):
            logits = torch.zeros(comb(n, k), labels)
            for honest_first, truth in ((True, 0), (False, 0), (True, labels - 1), (False, 1)):
                got = submission.debate_outcomes(logits, truth, n, k, honest_first, True)
                compare.equal(
                    got,
                    torch.zeros(labels - 1, dtype=torch.bool),
                    what="debate_outcomes when all logits are equal",
                    hint="ties go to the liar",
                )
                free = torch.as_tensor(
                    submission.debate_outcomes(logits, truth, n, k, honest_first, False)
                )
                compare.equal(
                    free,
                    torch.tensor(False),
                    what="the free game when all logits are equal",
                    hint="ties go to the liar",
                )

    def test_a_debate_of_no_pixels_is_the_first_verdict(self, submission, generator):
        for labels in (3, 5, 10):
            logits = torch.randn(1, labels, generator=generator)
            expected = torch.tensor(
                [bool(logits[0, 2] > logits[0, lie]) for lie in range(labels) if lie != 2]
            )
            compare.equal(
                submission.debate_outcomes(logits, 2, 6, 0, True, True),
                expected,
                what="debate_outcomes with k = 0",
            )


@pytest.mark.exercise("larger_drop")
class TestLargerDrop:
    @pytest.mark.visible
    def test_the_answer_is_one_of_the_two_changes(self, submission):
        answer = submission.larger_drop()
        if answer not in ("precommitment", "order"):
            compare.fail(
                'larger_drop must return "precommitment" or "order".',
                hint="copy one of the two words",
            )

    @pytest.mark.weight(2)
    def test_the_larger_drop_is_named(self, submission):
        # Measured, 200 images, judges of seeds 0, 1, 2: 26 to 40 points against at most 2 (design.md).
        compare.equal(
            submission.larger_drop(), "precommitment", what="larger_drop()", hint=NOT_DROPPED
        )

    def test_the_answer_does_not_change(self, submission):
        answers = {str(submission.larger_drop()) for _ in range(3)}
        if len(answers) > 1:
            compare.fail(
                "larger_drop gave different answers in three calls.", hint="return one fixed answer"
            )


@pytest.mark.exercise("most_frequent_confusion")
class TestMostFrequentConfusion:
    @pytest.mark.visible
    def test_the_answer_is_a_pair_of_digits(self, submission):
        answer = submission.most_frequent_confusion()
        if (
            not isinstance(answer, list | tuple)
            or len(answer) != 2
            or not all(type(a) is int and 0 <= a <= 9 for a in answer)
        ):
            compare.fail(
                "most_frequent_confusion must return (truth, lie), two digits.",
                hint="a tuple of two integers",
            )

    def test_truth_and_lie_differ(self, submission):
        answer = tuple(submission.most_frequent_confusion())
        if answer[0] == answer[1]:
            compare.fail("the lie equals the truth.", hint="rows are the truth, columns the lie")

    @pytest.mark.weight(2)
    def test_the_pair_is_the_largest_cell(self, submission):
        # 5 images for (3, 9), at most 2 for any other pair: design.md.
        compare.equal(
            list(submission.most_frequent_confusion()),
            [3, 9],
            what="most_frequent_confusion()",
            hint="read the darkest cell: row, then column",
            known={"the row is the truth, the column the lie": [9, 3]},
        )
