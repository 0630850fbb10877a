"""Solve sparse-pixel debates exactly and store who wins, for the long rows of unit 502's table.

    python scripts/solve_debates.py [--images-6 60] [--seconds 900]

Writes src/firsthand/kit/files/debate_outcomes.npz (its columns are described in
`firsthand.kit.outcomes`). Six pixels: the first test images (split of seed 0) with at most MAX_INK
nonzero pixels, since C(36, 6) is 1,947,792. About 8 s an image on one core.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from firsthand.kit.digits import N_CLASSES, ink, split_digits
from firsthand.kit.games import mask_of
from firsthand.kit.judge import Judge, judge_of, load_judge
from firsthand.kit.search import JUDGE_CHUNK, solve
from firsthand.kit.subsets import colex

MAX_INK = 36
K = 6


def leaf_verdicts(judge: Judge, pixels: Tensor, truth: int) -> tuple[Tensor, Tensor]:
    """Whether the truth wins on every set, against each lie [set 9] and without claims [set 1].

    Ties go to the liar.
    """
    claimed, free = [], []
    for chunk in pixels[colex(len(pixels), K)].split(JUDGE_CHUNK):
        logits = judge(mask_of(chunk))
        others = logits[:, [label for label in range(N_CLASSES) if label != truth]]
        above = logits[:, truth, None] > others
        claimed.append(above)
        free.append(above.all(1, keepdim=True))
    return torch.cat(claimed), torch.cat(free)


def outcomes(image: Tensor, truth: int, judge: Judge) -> np.ndarray:
    """Wins, bool [20]: nine lies and the free game, honest first, then the same honest second."""
    pixels = ink(image)
    leaves = torch.cat(leaf_verdicts(judge, pixels, truth), 1).to(torch.uint8)
    values = [
        solve(leaves, n=len(pixels), k=K, last_is_max=honest_first == (K % 2 == 1))[0][0]
        for honest_first in (True, False)
    ]
    return torch.cat(values).bool().numpy()


def main() -> None:
    """Solve, report progress, and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images-6", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument(
        "--file", type=Path, default=Path("src/firsthand/kit/files/debate_outcomes.npz")
    )
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    _, test = split_digits()
    network, started = load_judge(K), time.monotonic()
    chosen = [i for i in range(len(test.images)) if len(ink(test.images[i])) <= MAX_INK][
        : arguments.images_6
    ]
    rows: dict[int, np.ndarray] = {}
    for i in sorted(chosen, key=lambda i: len(ink(test.images[i]))):
        if time.monotonic() - started > arguments.seconds:
            raise SystemExit(f"stopped after {len(rows)} of {len(chosen)} images; raise --seconds")
        rows[i] = outcomes(test.images[i], int(test.labels[i]), judge_of(network, test.images[i]))
        print(f"{len(rows)}/{len(chosen)} images, {time.monotonic() - started:.0f} s", flush=True)
    table = np.stack([rows[i] for i in chosen])
    np.savez_compressed(arguments.file, images=np.array(chosen), outcomes=table)
    first, second = table[:, :9], table[:, 10:19]
    print(
        f"worst of nine: honest first {first.all(1).mean():.3f}, second {second.all(1).mean():.3f}"
    )
    print(f"mean over lies: {first.mean():.3f}, {second.mean():.3f}")
    print(f"without precommitment: {table[:, 9].mean():.3f}, {table[:, 19].mean():.3f}")


if __name__ == "__main__":
    main()
