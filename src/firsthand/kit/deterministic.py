"""Training steps whose result depends on nothing but their arguments, for audits that replay them.

A two-layer perceptron in NumPy, trained by gradient descent with momentum. A state is a dict of
float32 arrays: the weights `w1` [pixel hidden], `b1` [hidden], `w2` [hidden class], `b2` [class],
and for each of them its momentum buffer, `momentum.w1` and so on. A state is all that the next step
needs. No function changes its arguments or draws from global randomness.

bits: how many bits of the fraction the multiplier of a device keeps of every operand: 23 is
float32, 10 is TF32, 7 is bfloat16.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

State = dict[str, np.ndarray]

WEIGHTS = ("w1", "b1", "w2", "b2")
MOMENTUM = tuple(f"momentum.{name}" for name in WEIGHTS)


def initial_state(pixels: int, hidden: int, classes: int, *, seed: int) -> State:
    """Gaussian weights of variance 1 / fan-in, zero biases, momentum at rest."""
    rng = np.random.default_rng(seed)
    weights = {
        "w1": rng.standard_normal((pixels, hidden)) / pixels**0.5,
        "b1": np.zeros(hidden),
        "w2": rng.standard_normal((hidden, classes)) / hidden**0.5,
        "b2": np.zeros(classes),
    }
    state = {name: value.astype(np.float32) for name, value in weights.items()}
    return state | {f"momentum.{name}": np.zeros_like(value) for name, value in state.items()}


def sgd_step(
    state: State,
    images: np.ndarray,
    labels: np.ndarray,
    lr: float,
    momentum: float,
    *,
    bits: int = 23,
) -> State:
    """The state after one step on one batch: v <- momentum * v + gradient, w <- w - lr * v.

    images: [batch pixel].   labels: [batch], whole numbers.
    The gradient is that of the mean cross-entropy. All arrays of the result are new.
    """
    x = np.asarray(images, dtype=np.float32)
    hidden, logits = _forward(state, x, bits)
    error = np.exp(logits - logits.max(axis=1, keepdims=True))
    error = error / error.sum(axis=1, keepdims=True)
    error[np.arange(len(x)), np.asarray(labels)] -= 1
    error = error / np.float32(len(x))
    back = _matmul(error, state["w2"].T, bits) * (1 - hidden * hidden)
    gradient = {
        "w1": _matmul(x.T, back, bits),
        "b1": back.sum(axis=0),
        "w2": _matmul(hidden.T, error, bits),
        "b2": error.sum(axis=0),
    }
    velocity = {
        name: np.float32(momentum) * state[f"momentum.{name}"] + gradient[name] for name in WEIGHTS
    }
    weights = {name: state[name] - np.float32(lr) * velocity[name] for name in WEIGHTS}
    return weights | {f"momentum.{name}": value for name, value in velocity.items()}


def example_losses(state: State, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Cross-entropy of each example in nats, float64 [example]."""
    logits = _forward(state, np.asarray(images, dtype=np.float32), 23)[1].astype(np.float64)
    top = logits.max(axis=1, keepdims=True)
    norm = top[:, 0] + np.log(np.exp(logits - top).sum(axis=1))
    return norm - logits[np.arange(len(logits)), np.asarray(labels)]


def accuracy(state: State, images: np.ndarray, labels: np.ndarray) -> float:
    """Share of the examples whose largest logit is that of the label."""
    logits = _forward(state, np.asarray(images, dtype=np.float32), 23)[1]
    return float((logits.argmax(axis=1) == np.asarray(labels)).mean())


def _forward(state: State, x: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    hidden = np.tanh(_matmul(x, state["w1"], bits) + state["b1"])
    return hidden, _matmul(hidden, state["w2"], bits) + state["b2"]


def _matmul(left: np.ndarray, right: np.ndarray, bits: int) -> np.ndarray:
    return rounded(left, bits) @ rounded(right, bits)


def rounded(values: np.ndarray, bits: int) -> np.ndarray:
    """Finite float32 values with `bits` bits of fraction, ties to even; 23 changes nothing."""
    if not 1 <= bits <= 23:
        raise ValueError(f"bits is {bits}; float32 has 23 bits of fraction, and 1 is the least")
    if bits == 23:
        return values
    drop = np.uint32(23 - bits)
    raw = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    half = np.uint32((1 << (22 - bits)) - 1)
    even = (raw >> drop) & np.uint32(1)
    return (((raw + half + even) >> drop) << drop).view(np.float32)


def over_layouts(function: Callable[[State], Any], state: State) -> list[Any]:
    """What `function` returns for equal states that lie differently in memory.

    The arrays come as they are, column by column, and as every second element of larger arrays.
    """
    spread = {}
    for name, array in state.items():
        larger = np.zeros((*array.shape, 2), dtype=array.dtype)
        larger[..., 0] = array
        spread[name] = larger[..., 0]
    columns = {name: np.array(array, order="F") for name, array in state.items()}
    return [function(layout) for layout in (state, columns, spread)]
