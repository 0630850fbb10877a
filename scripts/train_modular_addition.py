"""Train a network of modular addition; write its weights, its log and its row of the manifest.

    python scripts/train_modular_addition.py        about 7 minutes on one core

At p = 113, on 30 % of the pairs, 2500 updates; --prime, --fraction, --steps and --seed change that.
One layer, width 128, full batch, AdamW with weight decay 1; the set-up of Nanda et al. 2023
(Section 3 and Appendix A) without biases and with three times its learning rate. The log holds the
curves of `firsthand.kit.modular.Log`, measured every 50 updates; its restricted and excluded losses
are measured through the two-dimensional FFT of the logits, with the frequencies that hold more
than 5 % of the final embedding's squared norm. The metrics in the manifest are those of the
float16 weights that ship.
"""

import argparse
import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from torch import Tensor
from train_char_2l import with_row

from firsthand.kit import modular

FILES = Path(__file__).parents[1] / "src/firsthand/kit/files"
EVERY = 50


def task(p: int, fraction: float, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Rows [p*p 3] with a slow, labels [p*p], and the row numbers to train and to test on."""
    a, b = torch.arange(p).repeat_interleave(p), torch.arange(p).repeat(p)
    tokens = torch.stack([a, b, torch.full_like(a, p)], dim=1)
    order = torch.randperm(p * p, generator=torch.Generator().manual_seed(seed))
    cut = int(fraction * p * p)
    return tokens, (a + b) % p, order[:cut].sort().values, order[cut:].sort().values


def frequency_power(embedding: Tensor) -> np.ndarray:
    """Share of each frequency, 1 to (p-1)/2, in the squared norm of W_E [p d] over the tokens."""
    power = np.abs(np.fft.rfft(embedding.double().numpy(), axis=0)) ** 2
    power = power.sum(1)[1:]
    return power / power.sum()


def kept_and_removed(logits: Tensor, frequencies: list[int]) -> tuple[Tensor, Tensor]:
    """Logits [p*p p] with only the functions of a + b of these frequencies, and without them."""
    p = logits.shape[1]
    spectrum = np.fft.fft2(logits.double().numpy().reshape(p, p, p), axes=(0, 1))
    kept = np.zeros_like(spectrum)
    for k in frequencies:
        for i in (k, p - k):
            kept[i, i] = spectrum[i, i]
    part = torch.from_numpy(np.fft.ifft2(kept, axes=(0, 1)).real.copy()).reshape(p * p, p)
    return logits.double().mean(0) + part, logits.double() - part


def measured(
    states: list[dict[str, Tensor]], tokens: Tensor, labels: Tensor, train: Tensor, test: Tensor
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The curves [t] of the log by name, and the power [t k] of the frequencies."""
    p = int(tokens[0, 2])
    power = np.stack([frequency_power(state["embed.W_E"][:p]) for state in states])
    frequencies = [int(k) + 1 for k in np.flatnonzero(power[-1] > 0.05)]
    rows = []
    for state in states:
        logits = modular.logits_of(state, tokens)
        kept, removed = kept_and_removed(logits, frequencies)
        rows.append({
            "train": modular.cross_entropy(logits[train], labels[train]).mean().item(),
            "test": modular.cross_entropy(logits[test], labels[test]).mean().item(),
            "accuracy": (logits.argmax(1) == labels)[test].double().mean().item(),
            "restricted": modular.cross_entropy(kept[test], labels[test]).mean().item(),
            "excluded": modular.cross_entropy(removed[train], labels[train]).mean().item(),
            "weight_sq": sum(w.double().pow(2).sum().item() for w in state.values()),
        })  # fmt: skip
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}, power


def as_toml(values: dict) -> str:
    """The values as an inline table."""
    words = {True: "true", False: "false"}
    return ", ".join(
        f"{key} = {words[value] if isinstance(value, bool) else json.dumps(value)}"
        for key, value in values.items()
    )


def write(
    target: Path,
    p: int,
    fraction: float,
    seed: int,
    steps: list[int],
    states: list[dict[str, Tensor]],
) -> str:
    """Write weights, log and manifest row below `target`; return the row."""
    name, (tokens, labels, train, test) = f"modular_{p}", task(p, fraction, seed)
    curves, power = measured(states, tokens, labels, train, test)
    weights = {key: tensor.to(torch.float16).contiguous() for key, tensor in states[-1].items()}
    rounded = {key: tensor.float() for key, tensor in weights.items()}
    final, _ = measured([rounded], tokens, labels, train, test)
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer, step=np.array(steps), power=power.astype(np.float32),
        train_index=train.numpy().astype(np.int32), **curves,
    )  # fmt: skip
    raw, log = safetensors.torch.save(weights), buffer.getvalue()
    metrics = {key: float(f"{value[0]:.4g}") for key, value in final.items()}
    row = (
        f'[{name}]\nfile = "{name}.safetensors"\nsha256 = "{hashlib.sha256(raw).hexdigest()}"\n'
        f'log = "{name}_log.npz"\nlog_sha256 = "{hashlib.sha256(log).hexdigest()}"\n'
        f'script = "scripts/train_modular_addition.py"\nseed = {seed}\nsteps = {steps[-1]}\n'
        f"fraction = {fraction}\n"
        f"config = {{{as_toml(modular.SIZES | {'d_vocab': p + 1})}}}\n"
        f"metrics = {{{as_toml(metrics)}}}\n"
    )
    (target / f"{name}.safetensors").write_bytes(raw)
    (target / f"{name}_log.npz").write_bytes(log)
    manifest = target / "manifest.toml"
    before = manifest.read_text(encoding="utf-8") if manifest.exists() else ""
    manifest.write_text(with_row(before, row, name=name), encoding="utf-8")
    return row


def main() -> int:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=2_500)
    parser.add_argument("--prime", type=int, default=113)
    parser.add_argument("--fraction", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", type=Path, default=FILES)
    options = parser.parse_args()
    torch.set_num_threads(1)
    p, fraction, seed = options.prime, options.fraction, options.seed
    tokens, labels, train, _ = task(p, fraction, seed)
    run = modular.train(tokens, labels, train, steps=options.steps, seed=seed, every=EVERY)
    print(write(options.target, p, fraction, seed, run.step, run.states), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
