"""Randomness and gradients asked for, and answered, by plain values."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn


def generator(seed: int) -> torch.Generator:
    """A new CPU generator. The same seed gives the same draws."""
    return torch.Generator().manual_seed(seed)


def reseed(seed: int) -> None:
    """Seed the global generators of torch (CPU), numpy and random.

    Library code never calls this; the engine does. `torch.manual_seed` formats the stack for
    every absent device, 0.4 ms a call: the CPU generator is seeded itself.
    """
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


def digest() -> str:
    """A fingerprint of the global random state of torch, numpy and random.

    Two equal digests mean that nothing in between drew from, or seeded, a global generator.
    """
    state = hashlib.sha256(torch.random.get_rng_state().numpy().tobytes())
    _, keys, position, has_gauss, gauss = np.random.get_state(legacy=True)
    state.update(keys.tobytes())
    state.update(repr((position, has_gauss, gauss)).encode())
    state.update(repr(random.getstate()).encode())
    return state.hexdigest()


def parameter_gradients(
    module: nn.Module, inputs: Sequence[Tensor], cotangent: Tensor
) -> dict[str, Tensor | None]:
    """Gradient of (module(*inputs) * cotangent).sum() for every named parameter.

    A parameter that the output does not depend on gets None.
    cotangent: the shape of the module's output. The `.grad` fields of the module stay as they were.
    """
    named = dict(module.named_parameters())
    wanted = {name: parameter for name, parameter in named.items() if parameter.requires_grad}
    with torch.enable_grad():
        total = (module(*inputs) * cotangent).sum()
        if not total.requires_grad:
            return dict.fromkeys(named)
        found = torch.autograd.grad(total, list(wanted.values()), allow_unused=True)
    return dict.fromkeys(named) | dict(zip(wanted, found, strict=True))
