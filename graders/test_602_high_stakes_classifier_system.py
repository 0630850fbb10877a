"""Graders of 602, the filtered system: all orders in which completions can be drawn."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import permutations
from math import inf

import pytest
import torch

from firsthand import compare


def slow_counts(scores, hurt, threshold):
    """Failures and releases of each prompt by loops."""
    return [
        (
            sum(s < threshold and h for s, h in zip(row, flags, strict=True)),
            sum(s < threshold for s in row),
        )
        for row, flags in zip(scores.tolist(), hurt.tolist(), strict=True)
    ]


def summary(counts):
    """The four fields that follow from the counts of each prompt."""
    shares = [f / r for f, r in counts if r]
    failed, released = (sum(column) for column in zip(*counts, strict=True))
    rate = sum(shares) / len(shares) if shares else 0.0
    return [failed, released, rate, len(counts) - len(shares)]


def first_that_passes(scores, hurt, threshold):
    """Failure rate of drawing until one passes: the mean over all orders of each prompt's completions."""
    rates = []
    for row, flags in zip(scores.tolist(), hurt.tolist(), strict=True):
        first = [
            next((flags[i] for i in order if row[i] < threshold), None)
            for order in permutations(range(len(row)))
        ]
        if first[0] is not None:
            rates.append(sum(first) / len(first))
    return sum(rates) / len(rates) if rates else 0.0


def drawn_completions(generator, prompts, completions):
    """Scores in steps of a quarter, so that some equal the threshold, and hurt flags; by the prompt's mood."""
    mood = torch.randn(prompts, 1, generator=generator)
    hurt = torch.rand(prompts, completions, generator=generator) < torch.sigmoid(1.5 * mood)
    scores = torch.randn(prompts, completions, generator=generator) + hurt.float() + 0.5 * mood
    scores = (4 * scores).round() / 4
    scores[0], hurt[0] = 9.0, True  # a silent prompt
    scores[1, 0], hurt[1, 0], scores[1, 1:] = -9.0, True, 9.0  # one release, and it hurts
    scores[2], hurt[2] = -9.0, False
    return scores, hurt


def fields(got):
    """The four fields of a result."""
    if not isinstance(got, tuple | list) or len(got) != 4:
        compare.fail(
            "filtered_failure must return Filtered(failures, released, rate, silent).",
            hint="return Filtered(...)",
        )
    return [compare.number(value, what="a field of Filtered") for value in got]


@pytest.mark.exercise("filtered_failure")
class TestFilteredFailure:
    @pytest.mark.visible
    def test_the_worked_example_fails_half_of_the_time(self, submission):
        scores = torch.tensor([[0.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0], [2.0, 2.0, 2.0, 2.0]])
        hurt = torch.tensor([[True, True, False, True], [False] * 4, [True] * 4])
        got = submission.filtered_failure(scores, hurt, 1.0)
        compare.close(
            list(got),
            [1, 5, 0.5, 1],
            what="filtered_failure of the worked example",
            hint="the first prompt fails always, the second never, the third is silent",
        )

    @pytest.mark.weight(3)
    def test_the_rate_is_that_of_drawing_until_one_passes(self, submission, generator):
        for prompts, completions in ((7, 4), (12, 5), (5, 3)):
            scores, hurt = drawn_completions(generator, prompts, completions)
            threshold = 0.25
            counts = slow_counts(scores, hurt, threshold)
            failed, released = (sum(column) for column in zip(*counts, strict=True))
            with compare.unchanged(scores=scores, hurt=hurt):
                got = fields(submission.filtered_failure(scores, hurt, threshold))
            compare.close(
                got[2],
                first_that_passes(scores, hurt, threshold),
                what="rate",
                hint="for each prompt, the injurious share of what it releases; then the mean over prompts that release anything",
                known={
                    "pooled over completions: a hard prompt gets as many tries as it needs, so average over prompts": failed
                    / released,
                    "silent prompts give no output and no failure: leave them out of the mean": sum(
                        f / max(r, 1) for f, r in counts
                    )
                    / prompts,
                    "the share of injurious completions that pass is the classifier's rate, not the system's": failed
                    / int(hurt.sum()),
                    "divide by what the prompt releases, not by all of its completions": sum(
                        f / completions for f, r in counts if r
                    )
                    / sum(r > 0 for _, r in counts),
                    "the share of prompts with any failure is not the rate: a prompt shows one completion": sum(
                        f > 0 for f, _ in counts
                    )
                    / sum(r > 0 for _, r in counts),
                    "released means score < threshold, without equality": first_that_passes(
                        scores, hurt, threshold + 0.125
                    ),
                },
            )

    @pytest.mark.weight(2)
    def test_counts_are_pooled_over_released_completions(self, submission, generator):
        for prompts, completions in ((6, 9), (15, 4)):
            scores, hurt = drawn_completions(generator, prompts, completions)
            counts = slow_counts(scores, hurt, 0.0)
            equal = slow_counts(scores, hurt, 0.125)  # what <= would release at 0.0
            expected = [sum(column) for column in zip(*counts, strict=True)]
            silent = sum(r == 0 for _, r in counts)
            got = fields(submission.filtered_failure(scores, hurt, 0.0))
            compare.close(
                [got[0], got[1], got[3]],
                [*expected, silent],
                what="failures, released and silent",
                hint="released means score < threshold; failures are injurious and released; silent counts prompts",
                known={
                    "released means score < threshold, without equality": [
                        sum(f for f, _ in equal),
                        sum(r for _, r in equal),
                        sum(r == 0 for _, r in equal),
                    ]
                },
            )

    def test_scores_of_any_size_are_compared_as_they_are(self, submission, generator):
        for scale, threshold in ((20.0, 25.0), (90.0, -120.0), (1e4, 300.0), (30.0, inf)):
            scores = scale * torch.randn(9, 6, generator=generator).abs().add(0.3)
            scores *= -1.0 if threshold < 0 else 1.0
            hurt = torch.rand(9, 6, generator=generator) < 0.5
            counts = slow_counts(scores, hurt, threshold)
            squashed = slow_counts(
                torch.sigmoid(scores), hurt, float(torch.sigmoid(torch.tensor(threshold)))
            )
            got = fields(submission.filtered_failure(scores, hurt, threshold))
            compare.close(
                got,
                summary(counts),
                what="filtered_failure of scores far from 0",
                hint="released means score < threshold, for scores of any size and for a threshold of inf",
                known={
                    "compare the scores themselves: the sigmoids of large scores are all equal": summary(
                        squashed
                    )
                },
            )

    def test_a_system_that_is_always_silent_never_fails(self, submission, generator):
        hurt = torch.rand(5, 3, generator=generator) < 0.5
        got = fields(submission.filtered_failure(torch.ones(5, 3), hurt, 0.5))
        compare.close(
            got, [0, 0, 0.0, 5], what="filtered_failure when nothing passes", hint="rate is 0.0"
        )

    def test_one_completion_for_each_prompt_gives_the_pooled_share(self, submission, generator):
        scores = torch.randn(40, 1, generator=generator)
        hurt = torch.rand(40, 1, generator=generator) < 0.5
        out = scores < 0.3
        got = fields(submission.filtered_failure(scores, hurt, 0.3))
        compare.close(
            got[2],
            int((out & hurt).sum()) / int(out.sum()),
            what="rate with one completion for each prompt",
            hint="with one completion, drawing until one passes changes nothing",
        )
