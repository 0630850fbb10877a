"""Declared parameters without behaviour, for models whose forward pass a learner writes."""

from __future__ import annotations

import torch
from torch import nn


class Weights(nn.Module):
    """Named parameters and nothing else: `Weights(w=(64,), b=(64,)).w` is a parameter [64].

    A gain `w` starts at 1, everything else at 0; `randomise` fills the matrices.
    """

    def __init__(self, **shapes: tuple[int, ...]) -> None:
        super().__init__()
        for name, shape in shapes.items():
            start = torch.ones if name == "w" else torch.zeros
            self.register_parameter(name, nn.Parameter(start(shape)))


def randomise(module: nn.Module, *, seed: int, std: float = 0.05) -> nn.Module:
    """Fill every parameter called W_... with N(0, std^2) draws, in place, and return the module.

    Gains and biases stay as they are; the global random state is neither read nor changed.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name.rsplit(".", 1)[-1].startswith("W_"):
                parameter.normal_(0.0, std, generator=generator)
    return module
