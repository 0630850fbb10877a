"""1,797 handwritten digits of 8x8 pixels, with a fixed split.

Data: UCI Optical Recognition of Handwritten Digits (Alpaydin and Kaynak, 1998), CC BY 4.0; see
`files/NOTICE_digits.md`.
"""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

N_PIXELS = 64
N_CLASSES = 10
N_TRAIN = 1297


class Digits(NamedTuple):
    """Images and their labels."""

    images: Tensor  # float32 [image 64], row-major 8x8, 0 (paper) to 1 (full ink)
    labels: Tensor  # int64 [image], 0 to 9


def load_digits() -> Digits:
    """All 1,797 images, in the order of the source.

    The pixel values 0..16 are divided by 16 (exact in float32).
    """
    with files("firsthand.kit").joinpath("files/digits.npz").open("rb") as stream:
        archive = np.load(stream, allow_pickle=False)
        images, labels = archive["images"], archive["labels"]
    return Digits(
        torch.from_numpy(images.astype(np.float32) / 16), torch.from_numpy(labels.astype(np.int64))
    )


def split_digits(*, seed: int = 0) -> tuple[Digits, Digits]:
    """(train, test): 1,297 and 500 images, no image in both.

    Seed 0 is the split that the shipped judges were trained on.
    """
    images, labels = load_digits()
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
    train, test = order[:N_TRAIN], order[N_TRAIN:]
    return Digits(images[train], labels[train]), Digits(images[test], labels[test])


def ink(image: Tensor) -> Tensor:
    """Ids of the pixels that a debater may reveal, ascending: the nonzero ones, however faint.

    image: [64].  Returns int64 [n].
    """
    return torch.nonzero(image > 0).flatten()
