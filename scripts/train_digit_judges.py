"""Train the shipped sparse judges of unit 502 and record how they were made.

    python scripts/train_digit_judges.py [--folder src/firsthand/kit/files] [--seed 0]

Writes digit_judge_4.safetensors, digit_judge_6.safetensors and digit_judges.json (settings, sha256,
test accuracy). About 40 s per judge on one core.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import save

from firsthand.kit.digits import Digits, split_digits
from firsthand.kit.judge import SparseJudge, random_masks, train_judge

WIDTH, STEPS, LR = 128, 20_000, 2e-3
MASKS_PER_IMAGE = 20


@torch.no_grad()
def accuracy(network: SparseJudge, digits: Digits, *, n_pixels: int) -> float:
    """Top-1 accuracy over `MASKS_PER_IMAGE` fresh random masks of every image."""
    generator = torch.Generator().manual_seed(1)
    images, labels = digits.images.repeat(MASKS_PER_IMAGE, 1), digits.labels.repeat(MASKS_PER_IMAGE)
    masks = random_masks(images, n_pixels=n_pixels, generator=generator)
    logits = network(torch.cat([masks.float(), images * masks], 1))
    return (logits.argmax(1) == labels).double().mean().item()


def main() -> None:
    """Train both judges and write weights and record."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=Path("src/firsthand/kit/files"))
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    train, test = split_digits()
    record: dict[str, object] = {
        "width": WIDTH,
        "steps": STEPS,
        "lr": LR,
        "seed": arguments.seed,
        "split_seed": 0,
    }
    for n_pixels in (4, 6):
        network = train_judge(
            train.images,
            train.labels,
            n_pixels=n_pixels,
            width=WIDTH,
            steps=STEPS,
            seed=arguments.seed,
            lr=LR,
        )
        data = save(dict(network.state_dict()))
        name = f"digit_judge_{n_pixels}.safetensors"
        (arguments.folder / name).write_bytes(data)
        measured = accuracy(network, test, n_pixels=n_pixels)
        record[name] = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "test_accuracy": round(measured, 4),
        }
        print(
            f"{name}: test accuracy {measured:.4f} over {MASKS_PER_IMAGE} masks per image",
            flush=True,
        )
    (arguments.folder / "digit_judges.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
