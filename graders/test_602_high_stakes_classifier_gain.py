"""Graders of 602, the prediction and the gain of a substitution: loops over numbers."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

import pytest
import torch

from firsthand import compare


@pytest.mark.exercise("attacked_share")
class TestAttackedShare:
    @pytest.mark.visible
    def test_the_answer_is_a_share_and_a_whole_number(self, submission):
        answer = submission.attacked_share()
        if (
            not isinstance(answer, tuple | list)
            or len(answer) != 2
            or not isinstance(answer[0], float | int)
            or not 0 <= answer[0] <= 1
            or type(answer[1]) is not int
        ):
            compare.fail(
                "attacked_share must return (share from 0 to 1, whole number of powers of ten).",
                hint="such as return 0.3, 2",
            )

    @pytest.mark.weight(2)
    def test_the_share_is_what_the_cell_measures(self, submission):
        # Share .95 to 1.00 on five seeds of the base filter (design.md).
        share = compare.number(submission.attacked_share()[0], what="the share")
        if share < 0.85:
            compare.fail(
                f"the share is given as {share:g}; the attacks in the cell do not succeed so seldom.",
                hint="if this was your prediction, keep it in mind, run the cell that attacks the base filter and put in what you measured",
            )

    def test_the_powers_of_ten_are_what_the_cell_measures(self, submission):
        # 6 to 122 failures among 84,000 on four seeds: 2.8 to 4.1 powers; none on the fifth: 4.3 (design.md).
        powers = submission.attacked_share()[1]
        if powers not in (3, 4, 5):
            compare.fail(
                f"the attack succeeds more often than random stories fail, but not by {powers} powers of ten.",
                hint="log10(share of attacks / failures among released test stories), rounded",
            )


def gains_by_loop(gradient, tokens):
    """The first-order changes, one number at a time."""
    out = torch.zeros_like(gradient)
    for b, story in enumerate(tokens.tolist()):
        for t, present in enumerate(story):
            for v in range(gradient.shape[2]):
                out[b, t, v] = gradient[b, t, v] - gradient[b, t, present]
    return out


@pytest.mark.exercise("substitution_gain")
class TestSubstitutionGain:
    @pytest.mark.visible
    def test_the_worked_example_loses_three_tenths(self, submission):
        got = submission.substitution_gain(torch.tensor([[[0.5, 0.2]]]), torch.tensor([[0]]))
        compare.close(
            got,
            torch.tensor([[[0.0, -0.3]]]),
            what="substitution_gain of the worked example",
            hint="word 1 in, word 0 out: 0.2 - 0.5",
        )

    @pytest.mark.weight(2)
    def test_gains_follow_a_loop_over_places_and_words(self, submission, generator):
        for stories, places, words in ((3, 5, 7), (1, 4, 4), (6, 2, 3)):
            gradient = torch.randn(stories, places, words, generator=generator)
            tokens = torch.randint(words, (stories, places), generator=generator)
            tokens[0, 0] = 0
            tokens[0, -1] = words - 1
            with compare.unchanged(gradient=gradient, tokens=tokens):
                got = submission.substitution_gain(gradient, tokens)
            expected = gains_by_loop(gradient, tokens)
            compare.shape(got, (stories, places, words), what="substitution_gain")
            compare.close(
                got,
                expected,
                what="substitution_gain on random gradients",
                hint="gradient of the word that goes in minus gradient of the word that goes out",
                known={
                    "linearise the change: subtract the gradient of the word that leaves": gradient,
                    "in minus out, not the reverse": -expected,
                    "keep the sign: a negative gain lowers the score": expected.abs(),
                    "the word that leaves is that of the same place, not of the first": gradient
                    - gradient.gather(2, tokens[:, :1, None].expand(-1, places, 1)),
                    "subtract the gradient of the present word, not the mean over words": gradient
                    - gradient.mean(2, keepdim=True),
                },
            )

    def test_a_linear_score_changes_by_exactly_the_gain(self, submission, generator):
        places, words = 4, 6
        weights = torch.randn(places, words, generator=generator)
        tokens = torch.randint(words, (5, places), generator=generator)
        got = submission.substitution_gain(weights.expand(5, -1, -1).clone(), tokens)
        column = torch.arange(places)
        for b, story in enumerate(tokens):
            t, v = int(torch.randint(places, (), generator=generator)), b % words
            edited = story.clone()
            edited[t] = v
            change = weights[column, edited].sum() - weights[column, story].sum()
            compare.close(
                got[b, t, v],
                change,
                atol=1e-5,
                what="the gain of one edit under a linear score",
                hint="the score after the edit minus the score before",
            )

    def test_keeping_the_word_changes_nothing(self, submission, generator):
        gradient = torch.randn(4, 6, 5, generator=generator)
        tokens = torch.randint(5, (4, 6), generator=generator)
        got = submission.substitution_gain(gradient, tokens)
        compare.close(
            got.gather(2, tokens[:, :, None]),
            torch.zeros(4, 6, 1),
            what="the gain of the word that is already there",
            hint="in and out are the same word: 0",
        )
