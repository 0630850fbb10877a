"""A small decoder-only transformer in which every activation can be read and changed.

Hook names, weight names and weight shapes are those of TransformerLens.
Axis names: b batch, p position, h head, d d_model, e d_head, f d_mlp, v vocabulary, c context.

Hooks, in the order in which they fire:

    hook_embed [b p d]   hook_pos_embed [p d]
    blocks.i.hook_resid_pre                                     [b p d]
    blocks.i.ln1.hook_scale [b p 1]   ln1.hook_normalized       [b p d]    with layer norm
    blocks.i.attn.hook_q  hook_k  hook_v                        [b p h e]
    blocks.i.attn.hook_attn_scores  hook_pattern                [b h p p]  rows are queries
    blocks.i.attn.hook_z                                        [b p h e]
    blocks.i.hook_attn_out                                      [b p d]
    blocks.i.hook_resid_mid, ln2.hook_scale, ln2.hook_normalized,
        mlp.hook_pre [b p f], mlp.hook_post [b p f], hook_mlp_out          with an MLP
    blocks.i.hook_resid_post                                    [b p d]
    ln_final.hook_scale  ln_final.hook_normalized                          with layer norm

Four larger ones exist only while they are hooked or named in `names_filter`:

    blocks.i.hook_q_input  hook_k_input  hook_v_input  [b p h d]  the stream that each head reads
    blocks.i.attn.hook_result                          [b p h d]  what each head writes

A hook is a function `f(activation, name)`. It returns the activation to use instead, or None to
leave it as it is.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from firsthand.kit.layers import Block, Config, Hook, HookPoint, LayerNorm, plus

NameFilter = str | Iterable[str] | Callable[[str], bool] | None
OPTIONAL_HOOKS = ("hook_q_input", "hook_k_input", "hook_v_input", "hook_result")


class _Weights(nn.Module):
    """A bare container that gives parameters their names: embed.W_E, unembed.W_U, ..."""

    def __init__(self, **shapes: tuple[int, ...]) -> None:
        super().__init__()
        for name, shape in shapes.items():
            self.register_parameter(name, nn.Parameter(torch.zeros(shape)))


class HookedTransformer(nn.Module):
    """The model; make one with `build`. Called on tokens [b p], it returns logits [b p v]."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.cfg = config
        d, v = config.d_model, config.d_vocab
        self.embed = _Weights(W_E=(v, d))
        self.pos_embed = _Weights(W_pos=(config.n_ctx, d))
        self.hook_embed = HookPoint()
        self.hook_pos_embed = HookPoint()
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layers))
        self.ln_final = LayerNorm(config) if config.layer_norm else None
        self.unembed = _Weights(W_U=(d, v), **({"b_U": (v,)} if config.biases else {}))
        self.hook_points: dict[str, HookPoint] = {}
        for name, module in self.named_modules():
            if isinstance(module, HookPoint):
                module.name = name
                self.hook_points[name] = module

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens [b p] to logits [b p v]; ValueError for another shape or too many positions."""
        if tokens.ndim != 2 or tokens.is_floating_point():
            raise ValueError(
                "tokens must be integers of shape [batch position], "
                f"not {tokens.dtype} {list(tokens.shape)}"
            )
        if tokens.shape[1] > self.cfg.n_ctx:
            raise ValueError(
                f"{tokens.shape[1]} tokens in a row are more than n_ctx = {self.cfg.n_ctx}"
            )
        residual = self.hook_embed(self.embed.W_E[tokens])
        position = self.hook_pos_embed(self.pos_embed.W_pos[: tokens.shape[1]])
        shortformer = self.cfg.positional == "shortformer"
        residual = residual if shortformer else residual + position
        for block in self.blocks:
            residual = block(residual, position if shortformer else None)
        residual = residual if self.ln_final is None else self.ln_final(residual)
        return plus(residual @ self.unembed.W_U, getattr(self.unembed, "b_U", None))

    @contextmanager
    def hooks(self, fwd_hooks: Iterable[tuple[str, Hook]] = ()) -> Iterator[HookedTransformer]:
        """Attach (name, function) pairs for the `with` block; they come off however it ends.

        Raises ValueError for a name that the model does not have.
        """
        pairs = [(self._point(name), function) for name, function in fwd_hooks]
        before = [(point, tuple(point.functions)) for point, _ in pairs]
        for point, function in pairs:
            point.functions.append(function)
        try:
            yield self
        finally:
            for point, functions in before:
                point.functions[:] = functions

    def run_with_hooks(self, tokens: Tensor, fwd_hooks: Iterable[tuple[str, Hook]] = ()) -> Tensor:
        """Logits [b p v] of a run in which the (name, function) pairs are attached."""
        with self.hooks(fwd_hooks):
            return self(tokens)

    def run_with_cache(
        self, tokens: Tensor, names_filter: NameFilter = None
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Logits, and activations by hook name, part of the graph when gradients are on.

        names_filter: a name, several names or a test of a name; None keeps all but the four
            optional hooks.
        Inside `with model.hooks(...)` the cache holds the changed values.
        """
        cache: dict[str, Tensor] = {}

        def keep(activation: Tensor, name: str) -> None:
            cache[name] = activation

        with self.hooks((name, keep) for name in self._selected(names_filter)):
            logits = self(tokens)
        return logits, cache

    def _selected(self, names_filter: NameFilter) -> list[str]:
        if names_filter is None:
            return [
                name for name in self.hook_points if name.rsplit(".", 1)[-1] not in OPTIONAL_HOOKS
            ]
        if isinstance(names_filter, str):
            return [names_filter]
        if callable(names_filter):
            return [name for name in self.hook_points if names_filter(name)]
        return list(names_filter)

    def _point(self, name: str) -> HookPoint:
        if name not in self.hook_points:
            close = difflib.get_close_matches(name, self.hook_points, n=1)
            raise ValueError(
                f"no hook {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")
            )
        return self.hook_points[name]

    def stacked(self, name: str) -> Tensor:
        """An attention weight of all layers, by its name: W_Q gives [n_layers h d e]."""
        return torch.stack([getattr(block.attn, name) for block in self.blocks])

    W_E = property(lambda self: self.embed.W_E, doc="[v d]")
    W_pos = property(lambda self: self.pos_embed.W_pos, doc="[c d]")
    W_U = property(lambda self: self.unembed.W_U, doc="[d v]")
    W_Q = property(lambda self: self.stacked("W_Q"), doc="[n_layers h d e]")
    W_K = property(lambda self: self.stacked("W_K"), doc="[n_layers h d e]")
    W_V = property(lambda self: self.stacked("W_V"), doc="[n_layers h d e]")
    W_O = property(lambda self: self.stacked("W_O"), doc="[n_layers h e d]")


def build(*, seed: int = 0, init_std: float = 0.02, **sizes: Any) -> HookedTransformer:
    """A new model with seeded weights; the global random state is neither read nor changed.

    sizes: the fields of `Config`, e.g. build(n_layers=2, d_model=64, n_heads=4, d_head=16,
        d_vocab=50, n_ctx=64, attn_only=True).
    init_std: standard deviation of every weight matrix and embedding; biases start at 0.
    """
    model = HookedTransformer(Config(**sizes))
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.rsplit(".", 1)[-1].startswith("W_"):
                parameter.normal_(0.0, init_std, generator=generator)
    return model


def hook_count(model: HookedTransformer) -> int:
    """How many functions are attached to the model now: 0 when everything was cleaned up.

    Counts functions at hook points and PyTorch's own forward hooks.
    """
    attached = sum(len(point.functions) for point in model.hook_points.values())
    torch_hooks = sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules())
    return attached + torch_hooks


def stack_head_results(model: HookedTransformer, cache: dict[str, Tensor]) -> Tensor:
    """What every head writes into the residual stream, b_O not included: [n_layers h b p d].

    cache: from `run_with_cache`, with every `attn.hook_z`.
    """
    layers = range(model.cfg.n_layers)
    z = torch.stack([cache[f"blocks.{layer}.attn.hook_z"] for layer in layers])
    return torch.einsum("lbphe,lhed->lhbpd", z, model.W_O)


def token_loss(logits: Tensor, tokens: Tensor) -> Tensor:
    """Cross-entropy, in nats, of each next token: logits [b p v], tokens [b p] -> [b p-1].

    Entry i is the loss of predicting token i + 1 from tokens 0 to i.
    """
    log_probability = logits[:, :-1].log_softmax(-1)
    return -log_probability.gather(-1, tokens[:, 1:, None])[..., 0]
