"""The task of the induction-heads unit: rows that repeat at varying lags, models that read them.

Rows are a start token 0 and a random segment of the tokens 1 to 63, repeated up to 64 tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

from firsthand.kit import hooked
from firsthand.kit.languages import Repeats, variable_repeats

LENGTH = 64  # tokens in a row
VOCABULARY = 64  # the start token and 63 others
BATCH = 64  # rows in a training batch
EARLY = slice(4, 8)  # columns of a loss [batch 63] that no row's repetition has reached
LATE = slice(-16, None)  # columns in which every row repeats


def draw(n: int, generator: torch.Generator, *, periods: tuple[int, int] = (8, 32)) -> Repeats:
    """Return n rows: tokens [n 64] and period [n], each period drawn from the inclusive range."""
    return variable_repeats(
        n, length=LENGTH, d_vocab=VOCABULARY, periods=periods, generator=generator
    )


def new_model(n_layers: int, seed: int) -> hooked.HookedTransformer:
    """Return an attention-only transformer with seeded weights: width 64, four heads a layer."""
    return hooked.build(
        n_layers=n_layers,
        d_model=64,
        n_heads=4,
        d_head=16,
        d_vocab=VOCABULARY,
        n_ctx=LENGTH,
        attn_only=True,
        seed=seed,
    )


def next_token_loss(model: nn.Module, tokens: Tensor) -> Tensor:
    """Return the mean cross-entropy of all next tokens in nats: what training minimises."""
    return hooked.token_loss(model(tokens), tokens).mean()


def previous_token_score(pattern: Tensor) -> Tensor:
    """Mean attention of each position after the first to the one before it.

    pattern: [batch head query key] with two positions or more.   Returns [head].
    """
    return pattern.diagonal(offset=-1, dim1=2, dim2=3).mean((0, 2))


class SmearedModel(nn.Module):
    """A one-layer model whose keys pass through `smear(key, alpha)`, with alpha [4] learned from 0.

    smear: keys [batch pos head d_head] and one logit per head [head] to keys of the same shape.
    """

    def __init__(self, seed: int, smear: Callable[[Tensor, Tensor], Tensor]) -> None:
        super().__init__()
        self.model = new_model(1, seed)
        self.smear = smear
        self.alpha = nn.Parameter(torch.zeros(self.model.cfg.n_heads))

    def smeared(self) -> AbstractContextManager[hooked.HookedTransformer]:
        """Return a context in which the inner model's keys are smeared."""
        return self.model.hooks(
            [("blocks.0.attn.hook_k", lambda key, name: self.smear(key, self.alpha))]
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens [batch pos] to logits [batch pos 64]."""
        with self.smeared():
            return self.model(tokens)

    def run_with_cache(
        self, tokens: Tensor, names_filter: hooked.NameFilter = None
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """As `HookedTransformer.run_with_cache`, with smeared keys."""
        with self.smeared():
            return self.model.run_with_cache(tokens, names_filter)
