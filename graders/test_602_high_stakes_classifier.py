"""Graders of 602. The oracle is a loop over single numbers."""

import pytest
import torch

from firsthand import compare


def by_hand(values, weights):
    """The weighted mean of each row, one number at a time."""
    means = []
    for row, shares in zip(values.tolist(), weights.tolist(), strict=True):
        means.append(sum(x * w for x, w in zip(row, shares, strict=True)) / sum(shares))
    return torch.tensor(means)


def drawn(generator, *, rows=4, items=7):
    """Values and positive weights that sum to something other than 1 or the number of items."""
    values = torch.randn(rows, items, generator=generator) + 3
    return values, torch.rand(rows, items, generator=generator) * 5 + 0.1


@pytest.mark.exercise("threshold_for_quality")
class TestThresholdForQuality:
    @pytest.mark.visible
    def test_the_worked_example_gives_two(self, submission):
        got = submission.threshold_for_quality(torch.tensor([[1.0, 4.0]]), torch.tensor([[2.0, 1.0]]))
        what = "threshold_for_quality of 1 and 4 with weights 2 and 1"
        compare.shape(got, (1,), what=what, hint="one number per row: reduce the last axis")
        hint = "divide by the sum of the weights"
        compare.close(got, torch.tensor([2.0]), atol=1e-6, what=what, hint=hint)

    def test_random_rows_agree_with_a_loop(self, submission, generator):
        for rows, items in ((4, 7), (5, 3), (2, 9)):
            values, weights = drawn(generator, rows=rows, items=items)
            with compare.unchanged(values=values, weights=weights):
                got = submission.threshold_for_quality(values, weights)
            compare.shape(got, (rows,), what="threshold_for_quality", hint="reduce the last axis")
            weighted = values * weights
            compare.close(
                got,
                by_hand(values, weights),
                atol=1e-4,
                what="threshold_for_quality on random rows",
                hint="divide by the sum of the weights",
                known={
                    "the weights do nothing yet": values.mean(-1),
                    "divide by the summed weights, not by their number": weighted.mean(-1),
                    "the sum of the weights is missing": weighted.sum(-1),
                },
            )

    def test_weights_of_any_scale_give_the_same(self, submission, generator):
        values, weights = drawn(generator)
        small = submission.threshold_for_quality(values, weights)
        large = submission.threshold_for_quality(values, weights * 10)
        what, hint = "threshold_for_quality with ten times the weights", "divide by the sum of the weights"
        compare.close(large, small, atol=1e-4, what=what, hint=hint)

    def test_each_row_uses_its_own_weights(self, submission):
        values = torch.tensor([[1.0, 3.0], [1.0, 3.0]])
        got = submission.threshold_for_quality(values, torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
        what, hint = "threshold_for_quality with other weights in each row", "sum the weights of each row alone"
        compare.close(got, torch.tensor([1.0, 3.0]), atol=1e-6, what=what, hint=hint)


@pytest.mark.exercise("exact_interval")
class TestExactInterval:
    @pytest.mark.visible
    def test_the_worked_example_gives_two(self, submission):
        got = submission.exact_interval(torch.tensor([[1.0, 4.0]]), torch.tensor([[2.0, 1.0]]))
        what = "exact_interval of 1 and 4 with weights 2 and 1"
        compare.shape(got, (1,), what=what, hint="one number per row: reduce the last axis")
        hint = "divide by the sum of the weights"
        compare.close(got, torch.tensor([2.0]), atol=1e-6, what=what, hint=hint)

    def test_random_rows_agree_with_a_loop(self, submission, generator):
        for rows, items in ((4, 7), (5, 3), (2, 9)):
            values, weights = drawn(generator, rows=rows, items=items)
            with compare.unchanged(values=values, weights=weights):
                got = submission.exact_interval(values, weights)
            compare.shape(got, (rows,), what="exact_interval", hint="reduce the last axis")
            weighted = values * weights
            compare.close(
                got,
                by_hand(values, weights),
                atol=1e-4,
                what="exact_interval on random rows",
                hint="divide by the sum of the weights",
                known={
                    "the weights do nothing yet": values.mean(-1),
                    "divide by the summed weights, not by their number": weighted.mean(-1),
                    "the sum of the weights is missing": weighted.sum(-1),
                },
            )

    def test_weights_of_any_scale_give_the_same(self, submission, generator):
        values, weights = drawn(generator)
        small = submission.exact_interval(values, weights)
        large = submission.exact_interval(values, weights * 10)
        what, hint = "exact_interval with ten times the weights", "divide by the sum of the weights"
        compare.close(large, small, atol=1e-4, what=what, hint=hint)

    def test_each_row_uses_its_own_weights(self, submission):
        values = torch.tensor([[1.0, 3.0], [1.0, 3.0]])
        got = submission.exact_interval(values, torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
        what, hint = "exact_interval with other weights in each row", "sum the weights of each row alone"
        compare.close(got, torch.tensor([1.0, 3.0]), atol=1e-6, what=what, hint=hint)
