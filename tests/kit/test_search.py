"""Exact play against recursion over sequences, the rules of play, and known debaters."""

from itertools import combinations
from math import comb

import pytest
import torch

from firsthand.kit.games import Position, margins, mask_of, play
from firsthand.kit.outcomes import six_pixel_outcomes
from firsthand.kit.search import (
    ExactDebater,
    greedy_debater,
    leaf_margins,
    puct_debater,
    random_debater,
    solve,
)


def generator(seed):
    return torch.Generator().manual_seed(seed)


def fourier_judge(seed):
    """A judge whose pixels interact, for an image of ones at the revealed places."""
    weights, out = (
        torch.randn(64, 80, generator=generator(seed)),
        torch.randn(80, 10, generator=generator(seed + 1)) / 9,
    )
    return lambda masks: torch.cos(masks.float() @ weights) @ out


def image_of(pixels):
    image = torch.zeros(64)
    image[list(pixels)] = 1.0
    return image


def played_out(values, n, k, last_is_max, taken=()):
    if len(taken) == k:
        return values[tuple(sorted(taken))]
    after = [played_out(values, n, k, last_is_max, (*taken, e)) for e in range(n) if e not in taken]
    return (max if last_is_max == ((k - len(taken)) % 2 == 1) else min)(after)


@pytest.mark.parametrize(("n", "k"), [(4, 0), (5, 1), (6, 3), (7, 4), (4, 4)])
def test_solve_agrees_with_play_over_sequences(n, k):
    leaves = torch.randn(comb(n, k), 2, generator=generator(n))
    subsets = sorted(combinations(range(n), k), key=lambda s: s[::-1])
    for last_is_max in (True, False):
        tables = solve(leaves, n=n, k=k, last_is_max=last_is_max)
        assert [len(table) for table in tables] == [comb(n, size) for size in range(k + 1)]
        for game in range(2):
            values = dict(zip(subsets, leaves[:, game].tolist(), strict=True))
            assert tables[0][0, game].item() == played_out(values, n, k, last_is_max)


def test_leaf_margins_come_in_colex_order_of_pixel_places():
    judge, pixels = fourier_judge(0), torch.tensor([3, 8, 20, 41])
    expected = [
        margins(judge, (1, 2), [[3, 8]]),
        margins(judge, (1, 2), [[3, 20]]),
        margins(judge, (1, 2), [[8, 20]]),
    ]
    assert torch.allclose(leaf_margins(judge, (1, 2), pixels, k=2)[:3], torch.cat(expected))


def test_two_exact_debaters_reach_the_exact_value():
    for seed in range(6):
        judge, image = fourier_judge(seed), image_of(range(0, 60, 7))
        for honest_first in (True, False):
            exact = ExactDebater(image, (0, 1), judge, k=4, honest_first=honest_first)
            game = play(
                image,
                (0, 1),
                k=4,
                honest_first=honest_first,
                honest=exact,
                liar=exact,
                judge=judge,
                seed=seed,
                budget=0,
            )
            assert game.margin == pytest.approx(exact.value, abs=1e-5)
            assert game.honest_won == (game.margin > 0) and game.rows == 0


def test_nobody_gains_against_an_exact_debater():
    for seed in range(8):
        judge, image = fourier_judge(seed), image_of(range(1, 64, 6))
        exact = ExactDebater(image, (3, 5), judge, k=4, honest_first=True)
        for debater in (random_debater, greedy_debater, puct_debater(60)):
            setting = {"k": 4, "honest_first": True, "judge": judge, "seed": seed, "budget": 2000}
            assert (
                play(image, (3, 5), honest=debater, liar=exact, **setting).margin
                <= exact.value + 1e-5
            )
            assert (
                play(image, (3, 5), honest=exact, liar=debater, **setting).margin
                >= exact.value - 1e-5
            )


def test_more_rollouts_find_the_exact_last_move():
    judge, image = fourier_judge(11), image_of(range(0, 64, 5))
    position = Position(image, "honest", (2, 7), (0, 5, 10), 4)
    best = max(position.legal, key=lambda p: margins(judge, (2, 7), [[0, 5, 10, p]]).item())
    assert greedy_debater(position, judge, 0) == best
    assert margins(judge, (2, 7), [[0, 5, 10, puct_debater(200)(position, judge, 0)]]).item() > 0


def test_positions_know_who_moves_last():
    image = image_of(range(10))
    assert Position(image, "honest", (0, 1), (), 4).last_is_honest is False
    assert Position(image, "liar", (0, 1), (2,), 4).last_is_honest is False
    assert Position(image, "honest", (0, 1), (2, 3), 3).last_is_honest is True
    assert Position(image, "honest", (0, 1), (2, 3), 4).legal == [0, 1, 4, 5, 6, 7, 8, 9]


def test_moves_that_break_the_rules_become_random_ones_and_are_counted():
    image, judge = image_of(range(8)), fourier_judge(5)

    def over_budget(position, judge, seed):
        return int(judge(mask_of([[0]] * 11))[0, 0] > 0)

    for cheat in (
        lambda p, j, s: 63,
        lambda p, j, s: (p.revealed or (9,))[0],
        lambda p, j, s: 1.0,
        lambda p, j, s: True,
        over_budget,
    ):
        game = play(
            image,
            (0, 1),
            k=4,
            honest_first=True,
            honest=cheat,
            liar=random_debater,
            judge=judge,
            seed=3,
            budget=10,
        )
        assert game.forfeits == {"honest": 2, "liar": 0}
        assert len(set(game.revealed)) == 4 and set(game.revealed) <= set(range(8))


def test_a_debater_that_swallows_the_refusal_still_forfeits():
    def hides_it(position, judge, seed):
        try:
            judge(mask_of([[0]] * 99))
        except RuntimeError:
            pass
        return position.legal[0]

    game = play(
        image_of(range(6)),
        (0, 1),
        k=2,
        honest_first=True,
        honest=hides_it,
        liar=greedy_debater,
        judge=fourier_judge(1),
        seed=0,
        budget=10,
    )
    assert game.forfeits == {"honest": 1, "liar": 0} and game.rows == 5


def test_a_debaters_own_error_passes_through():
    def broken(position, judge, seed):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        play(
            image_of(range(6)),
            (0, 1),
            k=2,
            honest_first=True,
            honest=broken,
            liar=broken,
            judge=fourier_judge(1),
            seed=0,
            budget=9,
        )


def test_too_little_ink_is_refused():
    with pytest.raises(ValueError, match="3 nonzero pixels"):
        play(
            image_of(range(3)),
            (0, 1),
            k=4,
            honest_first=True,
            honest=random_debater,
            liar=random_debater,
            judge=fourier_judge(1),
            seed=0,
            budget=9,
        )


def test_the_shipped_six_pixel_table_has_sixty_images_and_the_written_rates():
    table = six_pixel_outcomes()
    assert (
        table.images.shape == (60,)
        and table.first.shape == (60, 9)
        and len(set(table.images.tolist())) == 60
    )
    assert table.first.all(1).double().mean() == pytest.approx(56 / 60)
    assert not (table.free_first & ~table.first.all(1)).any(), (
        "a free liar is at least as strong as one with a claim"
    )
