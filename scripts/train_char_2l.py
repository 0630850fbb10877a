"""Train the character model `char_2l` and write its weights and its row of the manifest.

    python scripts/train_char_2l.py                 about 6 minutes on one core

Two layers, width 64, 4 heads, context 64, on the first 90 % of the shipped text; AdamW with a warm-up and a cosine
schedule. The losses in the manifest are those of the float16 weights that ship, on the whole validation part.
"""

import argparse
import hashlib
import math
import sys
from pathlib import Path

import safetensors.torch
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor

from firsthand.kit import data
from firsthand.kit.hooked import HookedTransformer, build, token_loss

FILES = Path(__file__).parents[1] / "src/firsthand/kit/files"
NAME = "char_2l"
SIZES = {"n_layers": 2, "d_model": 64, "n_heads": 4, "d_head": 16, "d_mlp": 256, "n_ctx": 64}
BATCH, LEARNING_RATE, WARM_UP = 32, 3e-3, 100


@torch.no_grad()
def mean_loss(model: HookedTransformer, tokens: Tensor) -> float:
    """Mean nats per token over windows side by side; the first token of each window is not scored."""
    parts = [token_loss(model(batch), batch) for batch in data.windows(tokens, length=64).split(256)]
    return float(torch.cat(parts).double().mean())


def train(train_part: Tensor, *, d_vocab: int, steps: int, seed: int) -> HookedTransformer:
    """Train for `steps` batches and return the model."""
    model = build(**SIZES, d_vocab=d_vocab, seed=seed, init_std=0.05)
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("loss {task.fields[loss]:.3f}"), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("", total=steps, loss=math.nan)
        for step in range(steps):
            warm_up = min(1.0, (step + 1) / WARM_UP)
            cosine = 0.5 * (1 + math.cos(math.pi * step / steps))
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * warm_up * cosine
            batch = data.random_windows(train_part, length=64, batch=BATCH, generator=generator)
            loss = token_loss(model(batch), batch).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            progress.update(task, advance=1, loss=float(loss.detach()))
    return model


def manifest_row(raw: bytes, *, d_vocab: int, steps: int, seed: int, metrics: dict[str, float]) -> str:
    """The row of `manifest.toml` for these weights."""
    config = ", ".join(f"{key} = {value}" for key, value in (SIZES | {"d_vocab": d_vocab}).items())
    measured = ", ".join(f"{key} = {value:.4f}" for key, value in metrics.items())
    return (
        f'[{NAME}]\nfile = "{NAME}.safetensors"\nsha256 = "{hashlib.sha256(raw).hexdigest()}"\n'
        f'script = "scripts/train_{NAME}.py"\nseed = {seed}\nsteps = {steps}\n'
        f"config = {{{config}}}\nmetrics = {{{measured}}}\n"
    )


def main() -> int:
    """Train, round to float16, measure what ships, write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=8_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", type=Path, default=FILES)
    options = parser.parse_args()
    torch.set_num_threads(1)
    text = data.king_james()
    vocabulary = data.characters(text)
    train_part, validation = data.split(data.encode(text, vocabulary))
    size = len(vocabulary)
    model = train(train_part, d_vocab=size, steps=options.steps, seed=options.seed)
    weights = {key: tensor.detach().to(torch.float16).contiguous() for key, tensor in model.state_dict().items()}
    model.load_state_dict({key: tensor.float() for key, tensor in weights.items()})
    metrics = {
        "validation_nats": mean_loss(model, validation),
        "train_nats": mean_loss(model, train_part[: len(validation)]),
        "bigram_nats": data.bigram_loss(train_part, validation, vocabulary_size=size),
        "unigram_nats": data.unigram_loss(train_part, validation, vocabulary_size=size),
    }
    raw = safetensors.torch.save(weights)
    row = manifest_row(raw, d_vocab=size, steps=options.steps, seed=options.seed, metrics=metrics)
    (options.target / f"{NAME}.safetensors").write_bytes(raw)
    (options.target / "manifest.toml").write_text(row, encoding="utf-8")
    print(row, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
