"""The reversal task: random tokens followed by the same tokens in reverse, a_1 ... a_n a_n ... a_1.

The first half is unpredictable (entropy ln v for each token after the first), the second half is a
copy. So a causal language model has one exact bound for each half. Suggested as a check of the
mask in chapter 1 of J. Hilton's deep learning curriculum.
"""

from __future__ import annotations

import torch
from torch import Tensor


def sequences(count: int, *, half: int, d_vocab: int, generator: torch.Generator) -> Tensor:
    """Tokens [count 2*half]: uniform draws and their mirror image."""
    first = torch.randint(d_vocab, (count, half), generator=generator)
    return torch.hstack([first, first.fliplr()])


def half_means(loss: Tensor) -> tuple[float, float]:
    """Mean next-token loss of tokens 1..half-1 and half..2*half-1, from loss [b 2*half-1].

    Entry i is the loss of predicting token i + 1. Raises ValueError for an even number of entries.
    """
    entries = loss.shape[-1]
    if entries % 2 == 0:
        raise ValueError(f"{entries} losses in a row; 2 * half tokens have an odd number of them")
    first, second = loss.split([entries // 2, entries // 2 + 1], dim=-1)
    return first.mean().item(), second.mean().item()


def mirror_mass(pattern: Tensor) -> Tensor:
    """Mean weight [h] of patterns [b h p p] on the token that comes next in the second half.

    That is from query i to key 2*half-2-i, over i = half..2*half-2, where p = 2*half.
    """
    length = pattern.shape[-1]
    query = torch.arange(length // 2, length - 1)
    return pattern[:, :, query, length - 2 - query].mean((0, 2))
