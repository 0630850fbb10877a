"""Train the character model `char_2l` and write its weights and its row of the manifest.

    python scripts/train_char_2l.py                 about 6 minutes on one core

Two layers, width 64, 4 heads, context 64, on the first 90 % of the shipped text; AdamW with a
warm-up and a cosine schedule. The losses in the manifest are those of the float16 weights that
ship, on the whole validation part.
"""

import argparse
import hashlib
import math
import re
import sys
from pathlib import Path

import safetensors.torch
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor

from firsthand.kit import data
from firsthand.kit.hooked import HookedTransformer, build

FILES = Path(__file__).parents[1] / "src/firsthand/kit/files"
NAME = "char_2l"
SIZES = {"n_layers": 2, "d_model": 64, "n_heads": 4, "d_head": 16, "d_mlp": 256, "n_ctx": 64}
WINDOW = (
    SIZES["n_ctx"] + 1
)  # one more than the context, or the last position would never be trained
BATCH, LEARNING_RATE, WARM_UP = 32, 3e-3, 100


def next_token_loss(model: HookedTransformer, windows: Tensor) -> Tensor:
    """Nats [b n_ctx] of windows [b n_ctx+1]: every position of the context makes a prediction."""
    log_probability = model(windows[:, :-1]).log_softmax(-1)
    return -log_probability.gather(-1, windows[:, 1:, None])[..., 0]


@torch.no_grad()
def mean_loss(model: HookedTransformer, tokens: Tensor) -> float:
    """Mean nats per token over windows side by side; their first tokens are not scored."""
    batches = data.windows(tokens, length=WINDOW).split(256)
    return float(torch.cat([next_token_loss(model, batch) for batch in batches]).double().mean())


def train(train_part: Tensor, *, d_vocab: int, steps: int, seed: int) -> HookedTransformer:
    """Train for `steps` batches and return the model."""
    model = build(**SIZES, d_vocab=d_vocab, seed=seed, init_std=0.05)
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        task = progress.add_task("", total=steps, loss=math.nan)
        for step in range(steps):
            warm_up = min(1.0, (step + 1) / WARM_UP)
            cosine = 0.5 * (1 + math.cos(math.pi * step / steps))
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * warm_up * cosine
            batch = data.random_windows(train_part, length=WINDOW, batch=BATCH, generator=generator)
            loss = next_token_loss(model, batch).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            progress.update(task, advance=1, loss=float(loss.detach()))
    return model


def manifest_row(
    raw: bytes, *, d_vocab: int, steps: int, seed: int, metrics: dict[str, float]
) -> str:
    """The row of `manifest.toml` for these weights."""
    config = ", ".join(f"{key} = {value}" for key, value in (SIZES | {"d_vocab": d_vocab}).items())
    measured = ", ".join(f"{key} = {value:.4f}" for key, value in metrics.items())
    return (
        f'[{NAME}]\nfile = "{NAME}.safetensors"\nsha256 = "{hashlib.sha256(raw).hexdigest()}"\n'
        f'script = "scripts/train_{NAME}.py"\nseed = {seed}\nsteps = {steps}\n'
        f"config = {{{config}}}\nmetrics = {{{measured}}}\n"
    )


def with_row(manifest: str, row: str, *, name: str = NAME) -> str:
    """The manifest with this row in place of an older one of the same name."""
    tables = re.split(r"^(?=\[)", manifest, flags=re.MULTILINE)
    kept = [table.strip() for table in tables if table and not table.startswith(f"[{name}]")]
    return "\n\n".join([*kept, row.strip()]) + "\n"


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
    weights = {
        key: tensor.detach().to(torch.float16).contiguous()
        for key, tensor in model.state_dict().items()
    }
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
    manifest = options.target / "manifest.toml"
    before = manifest.read_text(encoding="utf-8") if manifest.exists() else ""
    manifest.write_text(with_row(before, row), encoding="utf-8")
    print(row, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
