"""Intervals and tests against enumeration and printed values."""

from itertools import product

import pytest
import torch

from firsthand.kit.statistics import bradley_terry, mcnemar_exact, paired_bootstrap, wilson


def test_wilson_solves_the_score_equation():
    for successes, n in ((0, 10), (3, 10), (178, 200), (10, 10), (1, 1)):
        interval = wilson(successes, n)
        assert (
            interval.estimate == successes / n
            and 0 <= interval.low <= interval.estimate <= interval.high <= 1
        )
        for limit in interval[1:]:
            if 0 < limit < 1:
                z = (interval.estimate - limit) / (limit * (1 - limit) / n) ** 0.5
                assert abs(z) == pytest.approx(1.959964, abs=1e-5)


def test_wilson_has_width_at_the_edges():
    assert wilson(0, 20).high > 0.1 and wilson(20, 20).low < 0.9


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_impossible_counts(successes, n):
    with pytest.raises(ValueError, match="wilson needs"):
        wilson(successes, n)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (2, 0), (0, 5), (3, 3), (7, 2), (1, 9)])
def test_mcnemar_counts_sequences_of_fair_coins(first, second):
    n = first + second
    extreme = sum(
        abs(2 * sum(coins) - n) >= abs(first - second) for coins in product((0, 1), repeat=n)
    )
    assert mcnemar_exact(first, second) == pytest.approx(extreme / 2**n)


def test_paired_bootstrap_covers_the_normal_interval_of_many_units():
    first = torch.rand(900, generator=torch.Generator().manual_seed(0)) < 0.8
    second = first & (torch.rand(900, generator=torch.Generator().manual_seed(1)) < 0.9)
    estimate, low, high = paired_bootstrap(first, second, seed=2)
    difference = first.double() - second.double()
    half = 1.96 * difference.std() / 30
    assert estimate == pytest.approx(difference.mean().item())
    assert low == pytest.approx(float(difference.mean() - half), abs=0.004)
    assert high == pytest.approx(float(difference.mean() + half), abs=0.004)


def test_paired_bootstrap_of_equal_arms_has_no_width():
    arm = torch.tensor([True, False, True])
    assert paired_bootstrap(arm, arm, seed=0) == (0.0, 0.0, 0.0)


def test_paired_bootstrap_refuses_arms_that_are_not_paired():
    for arms in (
        (torch.ones(3), torch.ones(4)),
        (torch.ones(0), torch.ones(0)),
        (torch.ones(2, 2), torch.ones(2, 2)),
    ):
        with pytest.raises(ValueError, match="equally long"):
            paired_bootstrap(*arms, seed=0)


def test_bradley_terry_recovers_planted_ratings():
    ratings = torch.tensor([0.0, 1.0, -0.5, 2.0], dtype=torch.float64)
    expected = torch.sigmoid(ratings[:, None] - ratings)
    wins = (100_000 * expected).fill_diagonal_(0)
    assert torch.allclose(bradley_terry(wins), ratings, atol=1e-3)
    assert torch.allclose(bradley_terry(wins, anchor=3), ratings - 2.0, atol=1e-3)


def test_bradley_terry_keeps_an_unbeaten_player_finite():
    rating = bradley_terry(torch.tensor([[0.0, 0.0], [5.0, 0.0]]))
    assert rating[1].item() == pytest.approx(torch.log(torch.tensor(5.5 / 0.5)).item(), abs=1e-6)


def test_bradley_terry_refuses_players_who_never_met():
    wins = torch.zeros(4, 4)
    wins[0, 1] = wins[2, 3] = 1
    with pytest.raises(ValueError, match="not connected"):
        bradley_terry(wins)
