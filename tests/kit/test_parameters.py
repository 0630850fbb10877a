"""Declared parameters: where they start and what `randomise` fills."""

import torch

from firsthand.kit.parameters import Weights, randomise


def test_gains_start_at_one_and_everything_else_at_zero():
    weights = Weights(w=(3,), b=(3,), W_in=(3, 2))
    assert [name for name, _ in weights.named_parameters()] == ["w", "b", "W_in"]
    assert weights.w.tolist() == [1, 1, 1]
    assert weights.b.tolist() == [0, 0, 0]
    assert weights.W_in.shape == (3, 2) and not weights.W_in.any()


def test_randomise_fills_the_matrices_of_submodules_and_nothing_else():
    module = torch.nn.ModuleDict({"one": Weights(w=(5,), b=(5,), W_E=(400, 50))})
    assert randomise(module, seed=1, std=0.2) is module
    weights = module["one"]
    assert abs(weights.W_E.std().item() - 0.2) < 0.01 and abs(weights.W_E.mean().item()) < 0.01
    assert weights.w.tolist() == [1] * 5 and weights.b.tolist() == [0] * 5


def test_the_seed_decides_and_the_global_state_is_left_alone():
    state = torch.random.get_rng_state()
    first, again, other = (randomise(Weights(W_E=(4, 4)), seed=seed).W_E for seed in (1, 1, 2))
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(first, again) and not torch.equal(first, other)
