"""Graders of 900: the oracles are loops over Python numbers."""

import pytest
import torch

from firsthand import compare


@pytest.mark.exercise("scaled")
class TestScaled:
    @pytest.mark.visible
    def test_the_worked_example_is_halved(self, submission):
        got = submission.scaled(torch.tensor([2.0, 4.0]), 0.5)
        compare.close(got, torch.tensor([1.0, 2.0]), what="scaled([2, 4], 0.5)")

    @pytest.mark.weight(2)
    def test_every_entry_is_multiplied(self, submission, generator):
        oracle_input = torch.rand(3, 5, generator=generator) + 1
        oracle_product = torch.tensor([[v * 1.75 for v in row] for row in oracle_input.tolist()])
        compare.close(
            submission.scaled(oracle_input, 1.75),
            oracle_product,
            what="scaled(x, 1.75)",
            hint="every entry is multiplied by the factor",
            known={"the factor multiplies, it is not added": oracle_input + 1.75},
        )


@pytest.mark.exercise("scaled_mean")
class TestScaledMean:
    @pytest.mark.visible
    def test_the_mean_of_two_numbers_is_scaled(self, submission):
        compare.close(submission.scaled_mean(torch.tensor([[1.0, 3.0]]), 2.0), torch.tensor([4.0]))

    def test_the_mean_goes_over_the_last_axis(self, submission, generator):
        secret_rows = torch.rand(4, 4, generator=generator)
        secret_means = torch.tensor([3.0 * sum(row) / len(row) for row in secret_rows.tolist()])
        compare.close(
            submission.scaled_mean(secret_rows, 3.0),
            secret_means,
            hint="average over the last axis",
            known={"you averaged over the first axis": 3.0 * secret_rows.mean(0)},
        )

    def test_an_empty_axis_is_refused(self, submission):
        with pytest.raises(ValueError):
            submission.scaled_mean(torch.zeros(2, 0), 1.0)


@pytest.mark.exercise("Counter")
class TestCounter:
    @pytest.mark.visible
    def test_the_first_call_gives_one(self, submission):
        assert submission.Counter()() == 1, "Counter()() did not return 1"

    def test_counters_do_not_share_their_count(self, submission):
        first_secret_counter, other_secret_counter = submission.Counter(), submission.Counter()
        first_secret_counter()
        compare.equal(
            [first_secret_counter(), other_secret_counter()],
            [2, 1],
            what="the second call of one counter and the first of another",
            hint="each counter keeps its own count",
        )


@pytest.mark.exercise("does_scaling_commute")
@pytest.mark.visible
def test_the_mean_is_linear(submission):
    compare.equal(submission.does_scaling_commute(), True, hint="the mean is linear")
