"""An attention-only transformer, written by hand, in which one pair of heads does induction.

The residual stream is four blocks of coordinates:

    position [n_ctx]   token [d_vocab]   previous [d_vocab]   output [d_vocab]

The embedding writes `position` and `token` as one-hot vectors. The previous-token head attends
from i to i - 1 and copies that token into `previous`. The induction head compares the query's
`token` with the keys' `previous`, so it attends to the positions after earlier copies of the
query's token, in equal shares, and copies their tokens into `output`, which is unembedded.
All other heads attend by random scores and write random vectors into `output`: they change the
logits, but no head reads what they write.
"""

from __future__ import annotations

import torch

from firsthand.kit.hooked import HookedTransformer, build


def induction(
    *,
    previous_head: tuple[int, int],
    induction_head: tuple[int, int],
    n_layers: int,
    n_heads: int,
    d_vocab: int,
    n_ctx: int,
    sharpness: float = 40.0,
    gain: float = 5.0,
    seed: int = 0,
) -> HookedTransformer:
    """The model, without layer norm and biases; tokens are 0 (start) to d_vocab - 1.

    previous_head, induction_head: (layer, head).
    sharpness: score of a match above a miss; every miss keeps at most exp(-sharpness) of it.
    gain: logit that full attention of the induction head gives to the token it attends to.
    seed: of the other heads' weights.
    Attention of the induction head is exact on sequences whose first token occurs once; where
    nothing matches it is uniform.
    Raises ValueError when a head does not exist or the previous-token head is not in an earlier
    layer than the induction head.
    """
    for layer, head in (previous_head, induction_head):
        if not (0 <= layer < n_layers and 0 <= head < n_heads):
            raise ValueError(f"no head ({layer}, {head}) in {n_layers} layers of {n_heads} heads")
    if previous_head[0] >= induction_head[0]:
        raise ValueError(
            f"the previous-token head {previous_head} must be in an earlier layer than "
            f"the induction head {induction_head}: the keys are read from its output"
        )
    model = build(
        n_layers=n_layers,
        d_model=n_ctx + 3 * d_vocab,
        n_heads=n_heads,
        d_head=max(n_ctx, d_vocab),
        d_vocab=d_vocab,
        n_ctx=n_ctx,
        attn_only=True,
        layer_norm=False,
        biases=False,
        seed=seed,
    )
    with torch.no_grad():
        _embed(model)
        _fill_other_heads(model, seed)
        _previous_token_head(model, *previous_head, sharpness)
        _induction_head(model, *induction_head, sharpness, gain)
    return model


def _blocks(model: HookedTransformer) -> tuple[slice, slice, slice, slice]:
    """Coordinates of position, token, previous and output."""
    c, v = model.cfg.n_ctx, model.cfg.d_vocab
    return slice(0, c), slice(c, c + v), slice(c + v, c + 2 * v), slice(c + 2 * v, c + 3 * v)


def _embed(model: HookedTransformer) -> None:
    position, token, _, output = _blocks(model)
    c, v = model.cfg.n_ctx, model.cfg.d_vocab
    for parameter in model.parameters():
        parameter.zero_()
    model.W_pos[:, position] = torch.eye(c)
    model.W_E[:, token] = torch.eye(v)
    model.W_U[output] = torch.eye(v)


def _fill_other_heads(model: HookedTransformer, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    position, token, _, output = _blocks(model)
    readable = slice(position.start, token.stop)
    for block in model.blocks:
        attn = block.attn
        for weight in (attn.W_Q, attn.W_K):
            shape = weight[:, readable].shape
            weight[:, readable] = torch.randn(shape, generator=generator)
        shape = attn.W_V[:, token].shape
        attn.W_V[:, token] = torch.randn(shape, generator=generator)
        shape = attn.W_O[:, :, output].shape
        attn.W_O[:, :, output] = torch.randn(shape, generator=generator) / shape[1] ** 0.5


def _previous_token_head(model: HookedTransformer, layer: int, head: int, sharpness: float) -> None:
    position, token, previous, _ = _blocks(model)
    c, v, e = model.cfg.n_ctx, model.cfg.d_vocab, model.cfg.d_head
    attn = _cleared(model, layer, head)
    attn.W_Q[head, position, :c] = sharpness * e**0.5 * torch.eye(c)
    attn.W_K[head, position, :c] = torch.eye(c).roll(1, dims=1).triu(1)  # position j offers j + 1
    attn.W_V[head, token, :v] = torch.eye(v)
    attn.W_O[head, :v, previous] = torch.eye(v)


def _induction_head(
    model: HookedTransformer, layer: int, head: int, sharpness: float, gain: float
) -> None:
    _, token, previous, output = _blocks(model)
    v, e = model.cfg.d_vocab, model.cfg.d_head
    attn = _cleared(model, layer, head)
    attn.W_Q[head, token, :v] = sharpness * e**0.5 * torch.eye(v)
    attn.W_K[head, previous, :v] = torch.eye(v)
    attn.W_V[head, token, :v] = torch.eye(v)
    attn.W_O[head, :v, output] = gain * torch.eye(v)


def _cleared(model: HookedTransformer, layer: int, head: int) -> torch.nn.Module:
    attn = model.blocks[layer].attn
    for weight in (attn.W_Q, attn.W_K, attn.W_V, attn.W_O):
        weight[head] = 0
    return attn
