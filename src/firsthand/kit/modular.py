"""Addition modulo an odd prime p as a task for a one-layer transformer: network, training, log.

A row is `a b =`: the tokens a and b, from 0 to p - 1, and the token p, which stands for "=".
The answer (a + b) mod p is read from the logits at the last position.
Axis names: n rows, p answers, t snapshots, h head, e d_head, f d_mlp, k frequencies 1 to (p-1)/2.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from firsthand.kit import checkpoints
from firsthand.kit import train as training
from firsthand.kit.hooked import HookedTransformer, build

LEARNING_RATE, WEIGHT_DECAY, BETAS = 3e-3, 1.0, (0.9, 0.98)
SIZES = {
    "n_layers": 1, "d_model": 128, "n_heads": 4, "d_head": 32, "d_mlp": 512, "n_ctx": 3,
    "activation": "relu", "layer_norm": False, "biases": False,
}  # fmt: skip


def new_model(p: int, seed: int) -> HookedTransformer:
    """The network of the task with seeded weights: one layer, width 128, a ReLU MLP of 512."""
    return build(**SIZES, d_vocab=p + 1, seed=seed, init_std=SIZES["d_model"] ** -0.5)


def mlp_activations(model: HookedTransformer, tokens: Tensor) -> Tensor:
    """The MLP's activations after the ReLU at the last position: rows [n 3] to [n f].

    The same numbers as the hook `blocks.0.mlp.hook_post`, at about a third of the cost.
    """
    return _last_position(model, tokens)[1]


def answer_logits(model: HookedTransformer, tokens: Tensor) -> Tensor:
    """The logits of the p answers at the last position: rows [n 3] to [n p]."""
    stream, activations = _last_position(model, tokens)
    stream = stream + activations @ model.blocks[0].mlp.W_out
    return stream @ model.W_U[:, : model.cfg.d_vocab - 1]


def _last_position(model: HookedTransformer, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """The stream [n d] before the MLP and the MLP's activations [n f], at the last position.

    Keys and values depend on a token and its place alone, so they are computed once for each
    token, and looked up for the rows.
    """
    attention, mlp = model.blocks[0].attn, model.blocks[0].mlp
    ends = model.W_E[-1] + model.W_pos[2]  # the query's own stream
    query = torch.einsum("d,hde->he", ends, attention.W_Q) / model.cfg.d_head**0.5
    scores, values = [], []
    for place in range(3):
        stream = model.W_E + model.W_pos[place]
        key = torch.einsum("vd,hde->vhe", stream, attention.W_K)
        scores.append(torch.einsum("vhe,he->vh", key, query)[tokens[:, place]])
        values.append(torch.einsum("vd,hde->vhe", stream, attention.W_V)[tokens[:, place]])
    pattern = torch.stack(scores).softmax(0)
    z = sum(weight[..., None] * value for weight, value in zip(pattern, values, strict=True))
    stream = ends + z.flatten(1) @ attention.W_O.flatten(0, 1)
    return stream, (stream @ mlp.W_in).relu()


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Nats of each row [n], in float64: below 1e-7, float32 cannot tell a loss from 0."""
    return -logits.double().log_softmax(-1).gather(1, labels[:, None])[:, 0]


@dataclass
class Run:
    """A training run. Entry i of everything belongs to `step[i]` updates."""

    step: list[int]
    states: list[dict[str, Tensor]]
    """The weights, under the names of `kit.hooked`."""


def train(
    tokens: Tensor,
    labels: Tensor,
    train_index: Tensor,
    *,
    steps: int,
    seed: int,
    every: int = 50,
    weight_decay: float = WEIGHT_DECAY,
    label: str = "training",
    progress: bool = True,
) -> Run:
    """Train a new model on the rows of `train_index`, all of them in every update.

    tokens [n 3], labels [n]: all rows of the task; the last token of each is p.
    seed: of the weights; nothing else is random.
    AdamW with a constant learning rate of 3e-3, cross-entropy in float64.
    """
    model = new_model(int(tokens[0, 2]), seed)
    rows, answers = tokens[train_index], labels[train_index]
    run = training.fit(
        model,
        lambda generator: (rows, answers),
        lambda model, batch: cross_entropy(answer_logits(model, batch[0]), batch[1]).mean(),
        steps=steps, seed=seed, every=every, learning_rate=LEARNING_RATE, betas=BETAS,
        weight_decay=weight_decay, max_seconds=3600, label=label, progress=progress,
        measure=training.snapshot,
    )  # fmt: skip
    return Run(run.steps, run.measured)


@torch.no_grad()
def logits_of(state: dict[str, Tensor], tokens: Tensor) -> Tensor:
    """The answers' logits [n p] of the network with these weights."""
    model = new_model(int(tokens[0, 2]), 0)
    model.load_state_dict(state)
    return answer_logits(model, tokens)


@dataclass
class Log:
    """What was measured during the training of a shipped model; entry i belongs to `step[i]`."""

    step: list[int]
    curves: dict[str, Tensor]
    """train, test, restricted, excluded (nats), accuracy (test), weight_sq: [t], float64."""
    power: Tensor
    """Share of each frequency in the squared norm of the embedding, [t k]."""
    train_index: Tensor
    """The rows that were trained on, in the order a * p + b."""


def load_log(name: str) -> Log:
    """The log that ships beside the checkpoint of this name, checked against the manifest's sha256.

    Raises ValueError for a damaged file and for a name without a log.
    """
    row = checkpoints.manifest().get(name, {})
    if "log" not in row:
        raise ValueError(f"no log of a checkpoint {name!r}; there is one of modular_113")
    raw = checkpoints.verified_file(row, "log", "log_sha256")
    with np.load(io.BytesIO(raw)) as stored:
        arrays = {key: torch.from_numpy(stored[key]) for key in stored.files}
    step, power, index = arrays.pop("step"), arrays.pop("power"), arrays.pop("train_index")
    curves = {key: value.double() for key, value in arrays.items()}
    return Log(step.tolist(), curves, power.double(), index.long())
