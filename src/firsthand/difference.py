"""Why two values differ, in words: the comparisons behind `compare.close` and `compare.equal`."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np
import torch

revealed: ContextVar[bool] = ContextVar("revealed", default=False)
"""Whether messages may show expected values: True inside a visible test."""

_NUMBERS = (bool, int, float, complex)


def type_name(value: Any) -> str:
    """What to call a value's type in a message: "None", "a list", "an object of type Foo"."""
    if value is None:
        return "None (is a `return` missing?)"
    kind = type(value).__name__
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {list(value.shape)} and {value.dtype}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {list(value.shape)} and {value.dtype}"
    if isinstance(value, int | float | str | list | tuple | dict | set):
        return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    return f"an object of type {getattr(value, 'type_name', kind)}"


def difference(got: Any, expected: Any, rtol: float, atol: float) -> str:
    """Why `got` is not close to `expected`; "" if it is."""
    if isinstance(expected, Mapping):
        return _in_mapping(got, expected, lambda g, e: difference(g, e, rtol, atol))
    if isinstance(expected, list | tuple) and not isinstance(got, torch.Tensor | np.ndarray):
        return _in_sequence(got, expected, lambda g, e: difference(g, e, rtol, atol))
    if not isinstance(got, torch.Tensor | np.ndarray | np.generic | int | float | complex):
        return f"came back as {type_name(got)}; {_wanted(expected)} is expected."
    seen, wanted = _as_tensor(got), _as_tensor(expected)
    if seen.shape != wanted.shape:
        return f"has shape {list(seen.shape)}; {list(wanted.shape)} is expected."
    kind = torch.complex128 if seen.is_complex() or wanted.is_complex() else torch.float64
    return _largest_difference(
        seen.detach().to(kind), wanted.detach().to(kind), rtol, atol, seen.dtype
    )


def _largest_difference(
    seen: torch.Tensor, wanted: torch.Tensor, rtol: float, atol: float, dtype: torch.dtype
) -> str:
    if not seen.numel():
        return ""
    if not wanted.is_complex() and bool((seen.isnan() & ~wanted.isnan()).any()):
        where = (seen.isnan() & ~wanted.isnan()).nonzero()
        return f"is nan in {len(where)} of {seen.numel()} entries{_place(where[0], seen)}."
    gap = (seen - wanted).abs()
    gap = torch.where(seen == wanted, torch.zeros_like(gap), gap)
    off = ~(gap <= atol + rtol * wanted.abs().nan_to_num(posinf=0.0))
    if not bool(off.any()):
        return ""
    worst = (
        torch.where(off, gap.nan_to_num(nan=math.inf), torch.full_like(gap, -1.0))
        .flatten()
        .argmax()
    )
    index = torch.tensor(np.unravel_index(int(worst), tuple(seen.shape)) if seen.dim() else [])
    size = gap.flatten()[worst].item()
    entries = f" in {int(off.sum())} of {seen.numel()} entries" if seen.numel() > 1 else ""
    text = f"is wrong{entries}, by up to {size:.3g}{_place(index, seen)}."
    if dtype in (torch.float32, torch.float16, torch.bfloat16) and size < 1e-4:
        text += f" It came back as {str(dtype).removeprefix('torch.')}."
    if revealed.get():
        there = _show(seen.flatten()[worst])
        text += f" It is {there} there; {_show(wanted.flatten()[worst])} is expected."
    return text


def inequality(got: Any, expected: Any) -> str:
    """Why `got` is not exactly `expected`; "" if it is."""
    if isinstance(expected, Mapping):
        return _in_mapping(got, expected, inequality)
    if isinstance(expected, torch.Tensor | np.ndarray) or isinstance(
        got, torch.Tensor | np.ndarray
    ):
        return _tensor_inequality(got, expected)
    if isinstance(expected, list | tuple):
        return _in_sequence(got, expected, inequality)
    if isinstance(expected, set | frozenset):
        agrees = isinstance(got, set | frozenset) and got == expected
    elif expected is None or isinstance(expected, bool):
        agrees = got is expected
    else:
        numeric = (
            isinstance(expected, _NUMBERS)
            and isinstance(got, _NUMBERS)
            and not isinstance(got, bool)
        )
        agrees = (numeric or type(got) is type(expected)) and got == expected
    if agrees:
        return ""
    if got is None or not isinstance(got, str | set | frozenset | int | float):
        return f"came back as {type_name(got)}; {_wanted(expected)} is expected."
    return f"is {_short(got)}" + (
        f"; {_short(expected)} is expected." if revealed.get() else ", which is wrong."
    )


def _tensor_inequality(got: Any, expected: Any) -> str:
    if not isinstance(got, torch.Tensor | np.ndarray | np.generic | bool | int | float):
        return f"came back as {type_name(got)}; {_wanted(expected)} is expected."
    if expected is None or isinstance(expected, str):
        return f"came back as {type_name(got)}; {_wanted(expected)} is expected."
    seen, wanted = _as_tensor(got), _as_tensor(expected)
    if seen.shape != wanted.shape:
        return f"has shape {list(seen.shape)}; {list(wanted.shape)} is expected."
    off = seen != wanted
    if not bool(off.any()):
        return ""
    where = off.nonzero()
    text = f"is wrong in {len(where)} of {seen.numel()} entries{_place(where[0], seen)}."
    if revealed.get():
        index = tuple(where[0].tolist())
        text += f" It is {_show(seen[index])} there; {_show(wanted[index])} is expected."
    return text


def _in_mapping(got: Any, expected: Mapping[Any, Any], check: Callable[[Any, Any], str]) -> str:
    if not isinstance(got, Mapping):
        return f"came back as {type_name(got)}; a dict is expected."
    for key, value in expected.items():
        if key not in got:
            return f"lacks the key {key!r}."
        if problem := check(got[key], value):
            return f"under the key {key!r} {problem}"
    extra = [key for key in got if key not in expected]
    return f"has the key {extra[0]!r}, which the statement does not name." if extra else ""


def _in_sequence(got: Any, expected: Sequence[Any], check: Callable[[Any, Any], str]) -> str:
    if not isinstance(got, list | tuple):
        return f"came back as {type_name(got)}; a {type(expected).__name__} is expected."
    if len(got) != len(expected):
        return f"has {len(got)} items; {len(expected)} are expected."
    for index, (seen, wanted) in enumerate(zip(got, expected, strict=True)):
        if problem := check(seen, wanted):
            inner = problem.removeprefix("at index ")
            comma = ", " if inner != problem else " "  # "at index 0, 2 is 5" for got[0][2]
            return f"at index {index}{comma}{inner}"
    return ""


def _as_tensor(value: Any) -> torch.Tensor:
    return value if isinstance(value, torch.Tensor) else torch.as_tensor(np.asarray(value))


def _place(index: torch.Tensor, like: torch.Tensor) -> str:
    return f" (at index {index.tolist()})" if like.dim() and like.numel() > 1 else ""


def _show(value: torch.Tensor) -> str:
    return f"{value.item():.6g}" if value.is_floating_point() else str(value.item())


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _wanted(expected: Any) -> str:
    if isinstance(expected, torch.Tensor | np.ndarray) and expected.ndim:
        return f"a tensor of shape {list(expected.shape)}"
    return {bool: "True or False", str: "a string", type(None): "None"}.get(
        type(expected), "a number"
    )
