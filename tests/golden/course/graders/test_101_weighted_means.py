"""Graders of 101. The oracle is a loop."""

import math

import pytest
import torch

from firsthand import compare

SECRET_ORACLE = "hidden"
EXAMPLE = torch.tensor([[1.0, 4.0]])


def by_hand(values, weights):
    """The weighted mean of each row, one number at a time."""
    assert SECRET_ORACLE
    means = []
    for row, shares in zip(values.tolist(), weights.tolist(), strict=True):
        means.append(math.fsum(x * w for x, w in zip(row, shares, strict=True)) / sum(shares))
    return torch.tensor(means)


@pytest.fixture
def example():
    return EXAMPLE, torch.tensor([[2.0, 1.0]])


@pytest.mark.exercise("weighted_mean")
class TestWeightedMean:
    tolerance = 1e-5

    def expected(self):
        return torch.tensor([2.0])

    @pytest.mark.visible
    def test_the_worked_example_gives_two(self, submission, example):
        got = submission.weighted_mean(*example)
        compare.shape(got, (1,), what="weighted_mean", hint="reduce the last axis")
        hint = "divide by the sum of the weights"
        compare.close(got, self.expected(), atol=self.tolerance, what="weighted_mean", hint=hint)

    @pytest.mark.weight(2)
    def test_random_rows_agree_with_a_loop(self, submission, generator):
        for rows, items in ((4, 7), (5, 3), (2, 9)):
            values = torch.randn(rows, items, generator=generator) + 3
            weights = torch.rand(rows, items, generator=generator) * 5 + 0.1
            with compare.unchanged(values=values, weights=weights):
                got = submission.weighted_mean(values, weights)
            compare.close(
                got,
                by_hand(values, weights),
                atol=1e-4,
                what="weighted_mean on random rows",
                hint="divide by the sum of the weights",
                known={
                    "the weights do nothing yet": values.mean(-1),
                    "the sum of the weights is missing": (values * weights).sum(-1),
                },
            )

    def test_each_row_uses_its_own_weights(self, submission):
        values = torch.tensor([[1.0, 3.0], [1.0, 3.0]])
        got = submission.weighted_mean(values, torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
        what, hint = "weighted_mean with other weights per row", "sum each row alone"
        compare.close(got, torch.tensor([1.0, 3.0]), atol=1e-6, what=what, hint=hint)


@pytest.mark.exercise("Standardiser")
class TestStandardiser:
    @pytest.mark.visible
    def test_rows_it_was_fitted_on_get_mean_zero_and_spread_one(self, submission):
        got = submission.Standardiser(torch.tensor([[1.0, 3.0]]))(torch.tensor([[1.0, 3.0]]))
        hint = "subtract the mean, then divide by the spread"
        expected = torch.tensor([[-1.0, 1.0]])
        compare.close(got, expected, atol=1e-4, what="a fitted row", hint=hint)

    def test_fresh_rows_keep_the_fitted_scale(self, submission, generator):
        rows = torch.randn(3, 8, generator=generator) * 4 + 2
        fresh = torch.randn(3, 5, generator=generator)
        with compare.unchanged(rows=rows, fresh=fresh):
            got = submission.Standardiser(rows)(fresh)
        mean, spread = rows.mean(-1, keepdim=True), rows.std(-1, correction=0, keepdim=True)
        hint = "use the mean and the spread of the rows it was fitted on"
        compare.close(got, (fresh - mean) / spread, atol=1e-3, what="fresh rows", hint=hint)

    def test_a_constant_row_gives_zeros(self, submission):
        got = submission.Standardiser(torch.ones(1, 4))(torch.ones(1, 4))
        hint = "a spread of zero: add EPSILON to it"
        compare.close(got, torch.zeros(1, 4), atol=1e-4, what="a constant row", hint=hint)


@pytest.mark.exercise("which_is_larger")
@pytest.mark.visible
def test_the_answer_is_one_of_the_two_words(submission):
    answer = submission.which_is_larger()
    assert answer in ("plain", "weighted"), f"{answer!r} is neither 'plain' nor 'weighted'"


@pytest.mark.exercise("which_is_larger")
def test_the_answer_agrees_with_the_worked_example(submission):
    answer = submission.which_is_larger()
    assert answer == "plain", "compute both for the example"
