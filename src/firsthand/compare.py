"""The vocabulary of graders: compare what a submission returned with what an oracle says.

Every function raises `Mismatch`, whose message helps somebody who cannot see the test. Shapes,
sizes of differences and the submission's own numbers are named; inputs and expected values only
inside a visible test. A known mistake is given as `known={hint: value that the mistake gives}`: it
is looked for after the comparison failed, never instead of it.
"""

import contextlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
import torch

from firsthand.difference import difference, inequality, revealed, type_name

Known = Mapping[str, Any]


class Mismatch(AssertionError):
    """A submission's value is not what the statement asks for.

    hint: one line for the learner. recognised: the hint is about the mistake that was made, not
    about the test.
    """

    def __init__(self, message: str, *, hint: str = "", recognised: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.recognised = recognised


@contextlib.contextmanager
def revealing(visible: bool) -> Iterator[None]:
    """Inside, messages may show expected values if `visible`.

    The engine enters it around each test.
    """
    token = revealed.set(visible)
    try:
        yield
    finally:
        revealed.reset(token)


def fail(message: str, *, hint: str = "", recognised: bool = False) -> NoReturn:
    """Raise `Mismatch` with this message."""
    raise Mismatch(message, hint=hint, recognised=recognised)


def close(
    got: Any,
    expected: Any,
    *,
    rtol: float = 1e-4,
    atol: float = 1e-6,
    what: str = "the result",
    hint: str = "",
    known: Known | None = None,
) -> None:
    """`got` has the shape of `expected`, and |got - expected| <= atol + rtol * |expected|.

    Numbers, tensors, arrays, and lists, tuples and dicts of them. NaN is never close; infinities
    must agree. A number may come back as a tensor of one element without axes, and the other way
    round.
    """
    problem = difference(got, expected, rtol, atol)
    if problem:
        _report(f"{what} {problem}", hint, known, lambda v: not difference(got, v, rtol, atol))


def equal(
    got: Any,
    expected: Any,
    *,
    what: str = "the result",
    hint: str = "",
    known: Known | None = None,
) -> None:
    """`got` is exactly `expected`.

    Integers, booleans, strings, None, and tensors, lists, tuples, dicts and sets of them.
    """
    problem = inequality(got, expected)
    if problem:
        _report(f"{what} {problem}", hint, known, lambda v: not inequality(got, v))


def shape(got: Any, expected: Sequence[int], *, what: str = "the result", hint: str = "") -> None:
    """`got` is a tensor or array of this shape."""
    if not isinstance(got, torch.Tensor | np.ndarray):
        fail(
            f"{what} came back as {type_name(got)}; "
            f"a tensor of shape {list(expected)} is expected.",
            hint=_apt(hint, got),
        )
    if tuple(got.shape) != tuple(expected):
        fail(f"{what} has shape {list(got.shape)}; {list(expected)} is expected.", hint=hint)


def gradient(
    got: Any,
    expected: torch.Tensor,
    inputs: Mapping[str, torch.Tensor],
    *,
    cotangent: torch.Tensor,
    rtol: float = 1e-4,
    atol: float = 1e-6,
    what: str = "the result",
    hint: str = "gradients must flow: no detach, item or numpy in the forward path",
) -> None:
    """D sum(got * cotangent) / d input agrees with that of `expected`, for every named input.

    got, expected: results of the submission and of the oracle on the same `inputs`, which require
    gradients.
    """
    shape(got, expected.shape, what=what)
    if not got.requires_grad:
        fail(f"{what} is cut from the graph: it has no gradient.", hint=hint)
    tensors = list(inputs.values())
    actual = torch.autograd.grad((got * cotangent).sum(), tensors, allow_unused=True)
    wanted = torch.autograd.grad((expected * cotangent).sum(), tensors, allow_unused=True)
    for name, grad, want in zip(inputs, actual, wanted, strict=True):
        want = torch.zeros_like(inputs[name]) if want is None else want
        if grad is None and bool(want.ne(0).any()):
            fail(
                f"{what} has no gradient with respect to {name}: the graph is cut there.", hint=hint
            )
        grad = torch.zeros_like(want) if grad is None else grad
        close(
            grad,
            want,
            rtol=rtol,
            atol=atol,
            what=f"the gradient of {what} with respect to {name}",
            hint=hint,
        )


@contextlib.contextmanager
def unchanged(
    *, hint: str = "copy before you change: the caller still needs its values", **values: Any
) -> Iterator[None]:
    """The named tensors, arrays, lists and dicts are the same, bit for bit, after the block."""
    before = {name: _copy(value) for name, value in values.items()}
    yield
    for name, value in values.items():
        if not _identical(before[name], value):
            fail(f"your code changed its argument `{name}` in place.", hint=hint, recognised=True)


@contextlib.contextmanager
def untouched_randomness(
    submission: Any, *, hint: str = "draw from the generator or seed you were given"
) -> Iterator[None]:
    """The submission's global random state (torch, numpy, random) survives the block."""
    digest = submission.public("firsthand.kit.rng:digest")
    before = digest()
    yield
    if digest() != before:
        fail("your code drew from (or seeded) the global random state.", hint=hint, recognised=True)


def number(value: Any, *, what: str = "the result") -> float:
    """`value` as a float: a number, or a tensor of one element.

    Fails for anything else and for NaN.
    """
    if isinstance(value, torch.Tensor | np.ndarray) and math.prod(value.shape) == 1:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        fail(f"{what} came back as {type_name(value)}; a number is expected.")
    if math.isnan(value):
        fail(
            f"{what} is nan.", hint="what happens when the denominator is zero, or the list empty?"
        )
    return float(value)


def at_least(value: Any, threshold: float, *, what: str = "the result", hint: str = "") -> None:
    """`value` is a number not below the threshold."""
    seen = number(value, what=what)
    if not seen >= threshold:
        fail(f"{what} is {seen:.4g}; at least {threshold:.4g} is expected.", hint=hint)


def at_most(value: Any, threshold: float, *, what: str = "the result", hint: str = "") -> None:
    """`value` is a number not above the threshold."""
    seen = number(value, what=what)
    if not seen <= threshold:
        fail(f"{what} is {seen:.4g}; at most {threshold:.4g} is expected.", hint=hint)


def between(
    value: Any, low: float, high: float, *, what: str = "the result", hint: str = ""
) -> None:
    """`value` is a number from `low` to `high`, both included."""
    seen = number(value, what=what)
    if not low <= seen <= high:
        fail(f"{what} is {seen:.4g}; a value from {low:.4g} to {high:.4g} is expected.", hint=hint)


def probability(
    got: Any,
    *,
    axis: int = -1,
    atol: float = 1e-5,
    what: str = "the result",
    hint: str = "which axis must sum to one?",
) -> None:
    """`got` is a tensor without negative entries whose sums over `axis` are 1."""
    if not isinstance(got, torch.Tensor) or not got.is_floating_point():
        fail(
            f"{what} came back as {type_name(got)}; a tensor of probabilities is expected.",
            hint=_apt(hint, got),
        )
    if not bool(torch.isfinite(got).all()):
        fail(f"{what} has entries that are nan or infinite.", hint=hint)
    if bool((got < 0).any()):
        fail(f"{what} has negative entries (the lowest is {got.min().item():.3g}).", hint=hint)
    off = (got.sum(axis) - 1).abs()
    if off.numel() and float(off.max()) > atol:
        fail(
            f"sums of {what} over axis {axis} differ from 1 by up to {float(off.max()):.3g}.",
            hint=hint,
        )


def chi_square(
    counts: Any,
    probabilities: torch.Tensor,
    *,
    significance: float = 1e-6,
    what: str = "the draws",
    hint: str = "",
) -> None:
    """`counts` [k] are compatible with draws from `probabilities` [k].

    Pearson's test, with a p-value above `significance`. A category of probability zero must have
    count zero.
    """
    seen = torch.as_tensor(counts, dtype=torch.float64)
    wanted = torch.as_tensor(probabilities, dtype=torch.float64) * seen.sum()
    if bool((seen[wanted == 0] > 0).any()):
        fail(f"{what} include outcomes that must never occur.", hint=hint)
    kept = wanted > 0
    statistic = ((seen[kept] - wanted[kept]) ** 2 / wanted[kept]).sum()
    freedom = max(int(kept.sum()) - 1, 1)
    p_value = torch.special.gammaincc(
        torch.tensor(freedom / 2.0, dtype=torch.float64), statistic / 2
    ).item()
    if not p_value > significance:
        fail(
            f"{what} do not follow the expected distribution (chi-square p = {p_value:.1g}).",
            hint=hint,
        )


def _apt(hint: str, got: Any) -> str:
    """The hint about a tensor that was returned, or the one for nothing where one is due."""
    return "does every path of your code return its result?" if got is None else hint


def _report(
    message: str, hint: str, known: Known | None, agrees: Callable[[Any], bool]
) -> NoReturn:
    for mistake, value in (known or {}).items():
        if agrees(value() if callable(value) else value):
            raise Mismatch(message, hint=mistake, recognised=True)
    raise Mismatch(message, hint=hint)


def _copy(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, Mapping):
        return {k: _copy(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return (
            type(value)(_copy(v) for v in value)
            if type(value) in (list, tuple)
            else tuple(map(_copy, value))
        )
    return value


def _identical(before: Any, after: Any) -> bool:
    if isinstance(before, torch.Tensor):
        same = before.shape == after.shape and before.dtype == after.dtype
        return same and torch.equal(before.nan_to_num(nan=0.5), after.detach().nan_to_num(nan=0.5))
    if isinstance(before, np.ndarray):
        return before.shape == after.shape and bool(
            np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
        )
    if isinstance(before, Mapping):
        return before.keys() == after.keys() and all(
            _identical(v, after[k]) for k, v in before.items()
        )
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_identical, before, after))
    return bool(before == after)
