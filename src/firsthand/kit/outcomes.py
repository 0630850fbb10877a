"""Who wins exactly solved six-pixel debates: a table that takes minutes to compute.

Made by `scripts/solve_debates.py` with the shipped six-pixel judge. Unit 502 solves the four-pixel
debates itself.
"""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from firsthand.kit.digits import N_CLASSES


class Outcomes(NamedTuple):
    """True where the truth wins under optimal play by both sides, a tie going to the liar."""

    images: Tensor  # int64 [image], places in the test part of `split_digits()`
    first: Tensor  # bool [image 9], precommitment, honest moves first, lies in ascending order
    free_first: Tensor  # bool [image], without precommitment, honest moves first
    second: Tensor  # bool [image 9], honest moves second
    free_second: Tensor  # bool [image]


def six_pixel_outcomes() -> Outcomes:
    """The shipped table: the first test images with at most 36 nonzero pixels."""
    with files("firsthand.kit").joinpath("files/debate_outcomes.npz").open("rb") as stream:
        archive = np.load(stream, allow_pickle=False)
        images, won = torch.from_numpy(archive["images"]), torch.from_numpy(archive["outcomes"])
    lies = N_CLASSES - 1
    return Outcomes(images, won[:, :lies], won[:, lies], won[:, lies + 1 : -1], won[:, -1])
