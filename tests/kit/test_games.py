"""Debates between two functions: which moves count."""

import numpy as np
import pytest
import torch

from firsthand.kit.games import play

IMAGE = torch.zeros(64).index_fill(0, torch.tensor([2, 5, 7, 11, 30]), 0.5)


def judge(masks):
    return masks[:, :10].float()


def played(convert):
    """A debate of four pixels whose honest debater returns `convert(smallest legal pixel)`."""
    return play(
        IMAGE,
        (2, 5),
        k=4,
        honest_first=True,
        honest=lambda position, judge, seed: convert(position.legal[0]),
        liar=lambda position, judge, seed: position.legal[-1],
        judge=judge,
        seed=3,
        budget=10,
    )


@pytest.mark.parametrize("convert", [int, np.int64, torch.tensor, np.array])
def test_every_kind_of_whole_number_is_a_move(convert):
    game = played(convert)
    assert game.revealed == (2, 30, 5, 11) and game.forfeits == {"honest": 0, "liar": 0}
    assert all(type(pixel) is int for pixel in game.revealed)


@pytest.mark.parametrize(
    "convert",
    [float, str, bool, lambda pixel: None, lambda pixel: torch.tensor(True), lambda pixel: [pixel]],
)
def test_anything_else_is_a_forfeit(convert):
    assert played(convert).forfeits == {"honest": 2, "liar": 0}
