"""Randomness and gradients by plain values."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from firsthand.kit import rng


def test_equal_seeds_give_equal_draws():
    draws = [torch.rand(4, generator=rng.generator(seed)) for seed in (7, 7, 8)]
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])


@pytest.mark.parametrize("draw", [lambda: torch.rand(1), lambda: np.random.rand(),
                                  lambda: random.random(), lambda: np.random.normal(),
                                  lambda: torch.manual_seed(5)])  # fmt: skip
def test_the_digest_changes_when_a_global_generator_is_used(draw):
    before = rng.digest()
    assert rng.digest() == before
    torch.rand(3, generator=rng.generator(1))
    assert rng.digest() == before
    draw()
    assert rng.digest() != before


def test_parameter_gradients_are_those_of_backward():
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    module.register_parameter("unused", nn.Parameter(torch.zeros(2)))
    x, cotangent = torch.randn(4, 3), torch.randn(4, 2)
    got = rng.parameter_gradients(module, [x], cotangent)
    assert all(p.grad is None for p in module.parameters())
    (module(x) * cotangent).sum().backward()
    assert got.keys() == dict(module.named_parameters()).keys()
    for name, parameter in module.named_parameters():
        if name == "unused":
            assert got[name] is None
        else:
            torch.testing.assert_close(got[name], parameter.grad)


def test_a_result_without_a_graph_has_no_gradients():
    class Cut(nn.Linear):
        def forward(self, x):
            return super().forward(x).detach()

    got = rng.parameter_gradients(Cut(3, 2), [torch.ones(1, 3)], torch.ones(1, 2))
    assert got == {"weight": None, "bias": None}
