"""Graders of 000. The oracles count votes one by one."""

import pytest
import torch

from firsthand import compare


def draw(generator, *, questions, judges):
    """Truth and votes of judges who are right on about two thirds of the questions."""
    truth = torch.rand(questions, generator=generator) < 0.4
    right = torch.rand(questions, judges, generator=generator) < 0.65
    return torch.where(right, truth[:, None], ~truth[:, None]), truth


def counted(votes, truth):
    """The share of questions on which more than half of the votes are the truth."""
    agreeing = [
        sum(vote == answer for vote in row)
        for row, answer in zip(votes.tolist(), truth.tolist(), strict=True)
    ]
    return sum(2 * count > votes.shape[1] for count in agreeing) / len(agreeing)


def mistakes(votes, truth):
    """What known mistakes come to, each under its hint."""
    said = votes == truth[:, None]
    right = counted(votes, truth)
    values = {
        "that is the average judge: let the majority of each question answer first": said.float(),
        "a majority is more than half of the judges, not all of them": said.all(dim=1).float(),
        "a majority is more than half of the judges, not any of them": said.any(dim=1).float(),
        "that is the first judge alone": said[:, 0].float(),
        "that is how often the majority says yes: compare it with the truth": (
            votes.float().mean(1) > 0.5
        ).float(),
    }
    return {hint: value.mean().item() for hint, value in values.items()} | {
        "that is how often the majority is wrong": 1 - right,
        "that is the number of questions: divide by how many there are": right * len(truth),
    }


def told_apart(generator, *, questions, judges):
    """Votes, truth and mistakes, drawn so that no two mistakes come to the same value."""
    while True:
        votes, truth = draw(generator, questions=questions, judges=judges)
        known = mistakes(votes, truth)
        values = {round(value, 5) for value in (*known.values(), counted(votes, truth))}
        if len(values) == len(known) + 1:
            return votes, truth, known


@pytest.mark.exercise("majority_accuracy")
class TestMajorityAccuracy:
    @pytest.mark.visible
    def test_the_worked_example_gives_a_half(self, submission):
        votes = torch.tensor([[True, True, False], [False, True, False]])
        got = submission.majority_accuracy(votes, torch.tensor([True, True]))
        compare.close(
            got, 0.5, what="majority_accuracy", hint="which answers does the majority give?"
        )

    def test_one_majority_counts_once_however_large_it_is(self, submission, generator):
        for questions, judges in ((40, 5), (31, 7), (25, 3)):
            votes, truth, known = told_apart(generator, questions=questions, judges=judges)
            with compare.unchanged(votes=votes, truth=truth):
                got = submission.majority_accuracy(votes, truth)
            compare.close(
                got,
                counted(votes, truth),
                what=f"majority_accuracy of {judges} judges on {questions} questions",
                hint="compare the majority's answer to each question with the truth",
                known=known,
            )

    def test_a_judge_alone_is_the_majority(self, submission, generator):
        votes, truth = draw(generator, questions=17, judges=1)
        got = submission.majority_accuracy(votes, truth)
        what, hint = "majority_accuracy of one judge", "one judge of one is more than half"
        compare.close(got, counted(votes, truth), what=what, hint=hint)


def shares(generator):
    """Odd numbers of answers, at least two True and two False: no two mistakes come to the same."""
    for size in (11, 41, 301):
        chance = 0.2 + 0.6 * torch.rand((), generator=generator)
        right = torch.rand(size, generator=generator) < chance
        right[:4] = torch.tensor([True, True, False, False])
        yield right


@pytest.mark.exercise("share_with_error")
class TestShareWithError:
    @pytest.mark.visible
    def test_three_of_four_give_three_quarters_and_its_error(self, submission):
        share, error = pair(submission.share_with_error(torch.tensor([True, True, True, False])))
        compare.close(share, 0.75, what="the share", hint="count True, divide by the answers")
        compare.close(error, 0.2165064, what="the error", hint="the root of p (1 - p) / n")

    def test_the_first_number_is_the_share_of_true(self, submission, generator):
        for right in shares(generator):
            with compare.unchanged(right=right):
                share, _ = pair(submission.share_with_error(right))
            true, size = sum(right.tolist()), len(right)
            known = {
                "that is the share of False": 1 - true / size,
                "that is the number of True: divide by how many answers there are": float(true),
            }
            what, hint = f"the share of {size} answers", "count True, divide by the answers"
            compare.close(share, true / size, what=what, hint=hint, known=known)

    def test_the_error_shrinks_with_the_root_of_the_number_of_answers(self, submission, generator):
        for right in shares(generator):
            _, error = pair(submission.share_with_error(right))
            p, n = sum(right.tolist()) / len(right), len(right)
            compare.close(
                error,
                (p * (1 - p) / n) ** 0.5,
                what=f"the error of a share of {n} answers",
                hint="the root of p (1 - p) / n",
                known={
                    "that is the spread of single answers: divide by n below the root":
                        (p * (1 - p)) ** 0.5,
                    "the root is missing": p * (1 - p) / n,
                    "n belongs below the root": (p * (1 - p)) ** 0.5 / n,
                    "divide by n, as the formula says, not by n - 1":
                        (p * (1 - p) / (n - 1)) ** 0.5,
                    "p (1 - p), not p alone": (p / n) ** 0.5,
                },
            )  # fmt: skip

    def test_a_certain_share_has_no_error(self, submission):
        for value in (True, False):
            share, error = pair(submission.share_with_error(torch.full((9,), value)))
            what = f"the share when every answer is {value}"
            compare.close(share, float(value), what=what)
            compare.close(error, 0.0, what="the error of a share that is 0 or 1", hint="p (1 - p)")


def pair(got):
    """The two numbers of an answer, or a failure that says what came instead."""
    hint = "return the share and its error: `return share, error`"
    if not isinstance(got, tuple | list) or len(got) != 2:
        compare.fail("share_with_error did not return two numbers.", hint=hint)
    return got
