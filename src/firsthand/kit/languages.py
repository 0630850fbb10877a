"""Token languages with a known structure.

Token 0 starts every sequence and occurs nowhere else; the others are 1 to d_vocab - 1.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Repeats(NamedTuple):
    """Sequences in which a segment comes again and again."""

    tokens: Tensor  # [n length], int64
    period: Tensor  # [n], int64: tokens in the segment of each row


def variable_repeats(
    n: int,
    *,
    length: int,
    d_vocab: int,
    periods: tuple[int, int],
    generator: torch.Generator,
) -> Repeats:
    """A start token, then a random segment repeated until the row is full; one period per row.

    periods: smallest and largest period, both possible. Equal ends make the lag a constant, and
        then position alone tells where the earlier copy is.
    The token at position i > period equals the one at i - period; positions 1 to period hold
    independent uniform tokens.
    Raises ValueError unless 1 <= periods[0] <= periods[1] < length.
    """
    low, high = periods
    if not 1 <= low <= high < length:
        raise ValueError(f"periods must rise and lie between 1 and length - 1, not {periods}")
    period = torch.randint(low, high + 1, (n,), generator=generator)
    fresh = torch.randint(1, d_vocab, (n, high), generator=generator)
    place = torch.arange(length - 1) % period[:, None]
    start = torch.zeros(n, 1, dtype=torch.long)
    return Repeats(torch.cat([start, fresh.gather(1, place)], dim=1), period)


def repeated_positions(repeats: Repeats) -> Tensor:
    """Where the next token is a repetition: bool [n length-1], aligned with `hooked.token_loss`.

    Entry i is True when token i + 1 has a copy one period before it.
    """
    following = torch.arange(1, repeats.tokens.shape[1])
    return following > repeats.period[:, None]


def repeated_accuracy(logits: Tensor, repeats: Repeats) -> float:
    """Share of the repeated tokens that the largest logit predicts; logits [n length vocab]."""
    right = logits[:, :-1].argmax(-1) == repeats.tokens[:, 1:]
    return right[repeated_positions(repeats)].float().mean().item()


def bigram_table(d_vocab: int, *, successors: int, generator: torch.Generator) -> Tensor:
    """Successors [d_vocab successors] of each token, distinct within a row and never token 0."""
    order = torch.rand(d_vocab, d_vocab - 1, generator=generator).argsort(1)
    return order[:, :successors] + 1


def bigram_repeats(
    n: int,
    *,
    length: int,
    table: Tensor,
    periods: tuple[int, int],
    generator: torch.Generator,
) -> Repeats:
    """As `variable_repeats`, but each token of the segment is a random successor of the one before.

    table: [d_vocab successors] from `bigram_table`. Guessing the successors alone costs
    log(successors) nats per token; only an earlier copy tells which of them comes.
    """
    d_vocab, successors = table.shape
    repeats = variable_repeats(
        n, length=length, d_vocab=d_vocab, periods=periods, generator=generator
    )
    choice = torch.randint(successors, (n, periods[1]), generator=generator)
    segment = [torch.randint(1, d_vocab, (n,), generator=generator)]
    for step in range(1, periods[1]):
        segment.append(table[segment[-1], choice[:, step]])
    place = torch.arange(length - 1) % repeats.period[:, None]
    tokens = torch.cat([repeats.tokens[:, :1], torch.stack(segment, 1).gather(1, place)], dim=1)
    return Repeats(tokens, repeats.period)
