"""The training step that audits replay: gradients, purity, rounding."""

import numpy as np
import pytest
import torch

from firsthand.kit.deterministic import (
    MOMENTUM,
    WEIGHTS,
    accuracy,
    example_losses,
    initial_state,
    over_layouts,
    rounded,
    sgd_step,
)


@pytest.fixture
def batch():
    rng = np.random.default_rng(1)
    return rng.standard_normal((5, 7)).astype(np.float32), rng.integers(0, 3, 5)


def torch_losses(weights, images, labels):
    hidden = torch.tanh(torch.as_tensor(images) @ weights["w1"] + weights["b1"])
    logits = hidden @ weights["w2"] + weights["b2"]
    return torch.nn.functional.cross_entropy(logits, torch.as_tensor(labels), reduction="none")


def test_steps_agree_with_torch_and_its_optimiser(batch):
    state = initial_state(7, 4, 3, seed=0)
    weights = {n: torch.tensor(state[n], requires_grad=True) for n in WEIGHTS}
    optimiser = torch.optim.SGD(weights.values(), lr=0.3, momentum=0.8)
    for _ in range(4):
        state = sgd_step(state, *batch, 0.3, 0.8)
        optimiser.zero_grad()
        torch_losses(weights, *batch).mean().backward()
        optimiser.step()
    for name in WEIGHTS:
        np.testing.assert_allclose(state[name], weights[name].detach().numpy(), atol=1e-6)
        assert state[name].dtype == state[f"momentum.{name}"].dtype == np.float32


def test_losses_and_accuracy_agree_with_torch(batch):
    state = initial_state(7, 4, 3, seed=2)
    weights = {n: torch.tensor(state[n]) for n in WEIGHTS}
    np.testing.assert_allclose(
        example_losses(state, *batch), torch_losses(weights, *batch), atol=1e-6
    )
    assert accuracy(state, *batch) == pytest.approx(
        float((example_losses(state, *batch) == lowest(state, *batch)).mean())
    )


def lowest(state, images, labels):
    """The loss of each example under the label that has the lowest."""
    each = [example_losses(state, images, np.full(len(labels), c)) for c in range(3)]
    return np.min(each, axis=0)


def test_a_step_changes_no_argument_and_repeats_bit_for_bit(batch):
    state = initial_state(7, 4, 3, seed=0)
    before = {name: value.copy() for name, value in state.items()}
    first, second = (sgd_step(state, *batch, 0.1, 0.9) for _ in range(2))
    for name in (*WEIGHTS, *MOMENTUM):
        np.testing.assert_array_equal(state[name], before[name])
        np.testing.assert_array_equal(first[name], second[name])
        assert not np.shares_memory(first[name], state[name])


def test_fewer_bits_give_a_larger_but_small_difference(batch):
    state = sgd_step(initial_state(7, 4, 3, seed=0), *batch, 0.1, 0.9)
    exact = sgd_step(state, *batch, 0.1, 0.9)
    off = [
        np.abs(sgd_step(state, *batch, 0.1, 0.9, bits=bits)["w1"] - exact["w1"]).max()
        for bits in (23, 10, 7)
    ]
    assert off[0] == 0 < off[1] < off[2] < 0.01


def test_rounding_to_7_bits_is_bfloat16_with_ties_to_even():
    rng = np.random.default_rng(0)
    ties = np.array([1 + 2**-8, 1 + 3 * 2**-8, -1 - 2**-8, 0.0, -0.0], np.float32)
    values = np.concatenate([rng.standard_normal(5000).astype(np.float32) * 1e3, ties])
    expected = torch.from_numpy(values).bfloat16().float().numpy()
    np.testing.assert_array_equal(rounded(values, 7).view(np.uint32), expected.view(np.uint32))
    assert rounded(values, 23) is values
    np.testing.assert_array_equal(rounded(values.reshape(-1, 5).T, 7), expected.reshape(-1, 5).T)


@pytest.mark.parametrize("bits", [0, 24])
def test_other_numbers_of_bits_are_refused(bits):
    with pytest.raises(ValueError, match=f"bits is {bits}"):
        rounded(np.ones(2, np.float32), bits)


def test_layouts_differ_in_memory_and_not_in_value():
    state = {"a": np.arange(6.0).reshape(2, 3), "s": np.array(2.0)}
    layouts = over_layouts(lambda given: given, state)
    for layout in layouts:
        assert all(np.array_equal(layout[name], state[name]) for name in state)
        assert all(layout[name].shape == state[name].shape for name in state)
    assert [layout["a"].flags.c_contiguous for layout in layouts] == [True, False, False]
