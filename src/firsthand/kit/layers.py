"""The layers of the hooked transformer: hook points, layer norm, attention, MLP and block.

`kit.hooked` puts them together and lists every hook name.
Axis names: b batch, p position, h head, d d_model, e d_head, f d_mlp.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

Hook = Callable[[Tensor, str], Tensor | None]


@dataclass(frozen=True)
class Config:
    """Sizes and switches of a `HookedTransformer`.

    d_mlp: width of the MLP, 4 * d_model by default; unused when `attn_only`.
    layer_norm: False leaves all layer norms out, and their `w` and `b` with them.
    positional: "standard" adds positions to the embedding; "shortformer" adds them only to what
        queries and keys read, after the layer norm: the residual stream then holds no positions.
    smeared_keys: every head mixes each key with the one before it, by a logit `smear` [h] that
        is learned and starts at 0.
    activation: of the MLP, "gelu" (GPT-2's, with tanh) or "relu".
    biases: False leaves out b_Q, b_K, b_V, b_O, b_in, b_out and b_U, but not the layer norms' b.
    attention_window: a query sees itself and the `attention_window - 1` positions before it.

    Raises ValueError for an unknown `positional` or `activation` and for a size below 1 (n_layers
    may be 0).
    """

    n_layers: int
    d_model: int
    n_heads: int
    d_head: int
    d_vocab: int
    n_ctx: int
    d_mlp: int | None = None
    attn_only: bool = False
    layer_norm: bool = True
    positional: str = "standard"
    smeared_keys: bool = False
    activation: str = "gelu"
    biases: bool = True
    attention_window: int | None = None
    eps: float = 1e-5

    def __post_init__(self) -> None:
        if self.d_mlp is None:
            object.__setattr__(self, "d_mlp", 4 * self.d_model)
        if self.positional not in ("standard", "shortformer"):
            raise ValueError(
                f'positional must be "standard" or "shortformer", not {self.positional!r}'
            )
        if self.activation not in ("gelu", "relu"):
            raise ValueError(f'activation must be "gelu" or "relu", not {self.activation!r}')
        for name in ("d_model", "n_heads", "d_head", "d_vocab", "n_ctx", "d_mlp"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")


class HookPoint(nn.Module):
    """The identity, under a name, through which one activation passes."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self.functions: list[Hook] = []

    def forward(self, activation: Tensor) -> Tensor:
        """The activation after every attached function has seen it, in order of attachment."""
        for function in tuple(self.functions):
            changed = function(activation, self.name)
            if changed is not None:
                activation = changed
        return activation


def _zeros(*shape: int, wanted: bool = True) -> nn.Parameter | None:
    return nn.Parameter(torch.zeros(*shape)) if wanted else None


def plus(x: Tensor, bias: Tensor | None) -> Tensor:
    """X with a bias that may be left out of the model."""
    return x if bias is None else x + bias


class LayerNorm(nn.Module):
    """Layer norm over d_model with biased variance; `w` and `b` are [d]."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.eps = config.eps
        self.w = nn.Parameter(torch.ones(config.d_model))
        self.b = nn.Parameter(torch.zeros(config.d_model))
        self.hook_scale = HookPoint()
        self.hook_normalized = HookPoint()

    def forward(self, x: Tensor) -> Tensor:
        """[b p d] to [b p d]."""
        if not (self.hook_scale.functions or self.hook_normalized.functions):
            return self.without_hooks(x)
        centred = x - x.mean(-1, keepdim=True)
        scale = self.hook_scale((centred.pow(2).mean(-1, keepdim=True) + self.eps).sqrt())
        return self.hook_normalized(centred / scale * self.w + self.b)

    def without_hooks(self, x: Tensor) -> Tensor:
        """The same function in one call; also for per-head inputs [b p h d]."""
        return F.layer_norm(x, (x.shape[-1],), self.w, self.b, self.eps)


class Attention(nn.Module):
    """Causal self-attention.

    W_Q, W_K, W_V: [h d e]; W_O: [h e d]; b_Q, b_K, b_V: [h e]; b_O: [d]; smear: [h].
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        h, d, e = config.n_heads, config.d_model, config.d_head
        self.config = config
        for letter in "QKV":
            setattr(self, f"W_{letter}", nn.Parameter(torch.empty(h, d, e)))
            self.register_parameter(f"b_{letter}", _zeros(h, e, wanted=config.biases))
        self.W_O = nn.Parameter(torch.empty(h, e, d))
        self.register_parameter("b_O", _zeros(d, wanted=config.biases))
        self.register_parameter("smear", _zeros(h, wanted=config.smeared_keys))
        for point in ("q", "k", "v", "attn_scores", "pattern", "z", "result"):
            setattr(self, f"hook_{point}", HookPoint())

    def forward(self, query_input: Tensor, key_input: Tensor, value_input: Tensor) -> Tensor:
        """Inputs [b p d], or [b p h d] when every head reads its own stream. Returns [b p d]."""
        query = self.hook_q(plus(_project(query_input, self.W_Q), self.b_Q))
        key = self.hook_k(self._smeared(plus(_project(key_input, self.W_K), self.b_K)))
        value = self.hook_v(plus(_project(value_input, self.W_V), self.b_V))
        z = self.hook_z(self._attend(query, key, value))
        if self.hook_result.functions:
            out = self.hook_result(torch.einsum("bphe,hed->bphd", z, self.W_O)).sum(2)
        else:
            out = z.flatten(2) @ self.W_O.flatten(0, 1)
        return plus(out, self.b_O)

    def _attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Every head's average of the values, weighted by its pattern."""
        if not (self.hook_attn_scores.functions or self.hook_pattern.functions):
            # One fused call when nobody looks at the pattern: training is a third faster.
            q, k, v = (x.transpose(1, 2) for x in (query, key, value))
            return F.scaled_dot_product_attention(q, k, v, self._mask(query)).transpose(1, 2)
        scaled = query / math.sqrt(self.config.d_head)
        scores = torch.einsum("bqhe,bkhe->bhqk", scaled, key) + self._mask(query)
        pattern = self.hook_pattern(self.hook_attn_scores(scores).softmax(-1))
        return torch.einsum("bhqk,bkhe->bqhe", pattern, value)

    def _smeared(self, key: Tensor) -> Tensor:
        """Keys after the first mixed with their predecessor (Olsson et al. 2022, Model Details)."""
        if self.smear is None:
            return key
        keep = self.smear.sigmoid()[:, None]
        return torch.cat([key[:, :1], keep * key[:, 1:] + (1 - keep) * key[:, :-1]], dim=1)

    def _mask(self, query: Tensor) -> Tensor:
        """[p p], added to the scores: -inf where a query (row) must not see a key (column)."""
        n, window = query.shape[1], self.config.attention_window
        future = query.new_full((n, n), -torch.inf).triu(1)
        return (
            future if window is None else future + torch.full_like(future, -torch.inf).tril(-window)
        )


def _project(x: Tensor, weight: Tensor) -> Tensor:
    """[b p d] or [b p h d] by [h d e] to [b p h e]."""
    if x.ndim == 4:
        return torch.einsum("bphd,hde->bphe", x, weight)
    h, d, e = weight.shape
    return (x @ weight.permute(1, 0, 2).reshape(d, h * e)).unflatten(-1, (h, e))


class MLP(nn.Module):
    """GPT-2's feed-forward layer (tanh GELU, or ReLU). W_in: [d f]; W_out: [f d]."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        d, f = config.d_model, config.d_mlp
        self.activation = config.activation
        self.W_in = nn.Parameter(torch.empty(d, f))
        self.register_parameter("b_in", _zeros(f, wanted=config.biases))
        self.W_out = nn.Parameter(torch.empty(f, d))
        self.register_parameter("b_out", _zeros(d, wanted=config.biases))
        self.hook_pre = HookPoint()
        self.hook_post = HookPoint()

    def forward(self, x: Tensor) -> Tensor:
        """[b p d] to [b p d]."""
        before = self.hook_pre(plus(x @ self.W_in, self.b_in))
        relu = self.activation == "relu"
        hidden = self.hook_post(before.relu() if relu else F.gelu(before, approximate="tanh"))
        return plus(hidden @ self.W_out, self.b_out)


class Block(nn.Module):
    """One pre-norm layer: attention, then the MLP unless the model is attention-only."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.ln1 = LayerNorm(config) if config.layer_norm else None
        self.attn = Attention(config)
        names = ["resid_pre", "q_input", "k_input", "v_input", "attn_out", "resid_post"]
        self.mlp = None
        if not config.attn_only:
            self.ln2 = LayerNorm(config) if config.layer_norm else None
            self.mlp = MLP(config)
            names += ["resid_mid", "mlp_out"]
        for name in names:
            setattr(self, f"hook_{name}", HookPoint())

    def forward(self, residual: Tensor, position: Tensor | None) -> Tensor:
        """residual: [b p d]; position: [p d], added to what queries and keys read, or None."""
        residual = self.hook_resid_pre(residual)
        normalised = residual if self.ln1 is None else self.ln1(residual)
        inputs = [
            self._read(name, residual, normalised) for name in ("q_input", "k_input", "v_input")
        ]
        if position is not None:
            inputs[:2] = [x + (position if x.ndim == 3 else position[:, None]) for x in inputs[:2]]
        residual = residual + self.hook_attn_out(self.attn(*inputs))
        if self.mlp is not None:
            residual = self.hook_resid_mid(residual)
            normalised = residual if self.ln2 is None else self.ln2(residual)
            residual = residual + self.hook_mlp_out(self.mlp(normalised))
        return self.hook_resid_post(residual)

    def _read(self, name: str, residual: Tensor, normalised: Tensor) -> Tensor:
        point = getattr(self, f"hook_{name}")
        if not point.functions:
            return normalised
        per_head = point(residual[:, :, None].expand(-1, -1, self.attn.config.n_heads, -1).clone())
        return per_head if self.ln1 is None else self.ln1.without_hooks(per_head)
