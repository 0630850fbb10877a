"""Whether an exercise is still the stub that it was handed out as."""

import dis
import inspect
import itertools
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any


def is_written(value: Any) -> bool:
    """False while a function, or a method of a class, is a bare `raise NotImplementedError`.

    The code object decides: no source is needed, and nothing is called. What is neither function
    nor class counts as written, since somebody must have put it there.
    """
    return not any(_is_stub(code) for whole in _codes(value) for code in _nested(whole))


def _codes(value: Any) -> Iterator[CodeType]:
    members = list(vars(value).values()) if isinstance(value, type) else [value]
    for member in members:
        for candidate in _accessors(member):
            function = _unwrapped(candidate)
            if isinstance(function, FunctionType):
                yield function.__code__


def _accessors(member: Any) -> list[Any]:
    if isinstance(member, property):
        return [member.fget, member.fset, member.fdel]
    # staticmethod, classmethod and cached_property hold the function in one of these
    return [getattr(member, "__func__", None) or getattr(member, "func", None) or member]


def _unwrapped(function: Any) -> Any:
    try:
        return inspect.unwrap(function)
    except ValueError:  # wrappers in a circle
        return function


def _nested(code: CodeType) -> Iterator[CodeType]:
    """The code and that of every function defined inside of it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _is_stub(code: CodeType) -> bool:
    """Whether a bare `raise NotImplementedError` is the last line, or comes before any condition.

    The second case is a solution region inside a loop, or one with given lines after it.
    """
    steps = list(dis.get_instructions(code))
    lines = [s.positions.lineno for s in steps if s.positions and s.positions.lineno]
    conditional = False
    for before, step in itertools.pairwise(steps):
        conditional = conditional or "_IF_" in before.opname
        bare = step.opname == "RAISE_VARARGS" and step.arg == 1
        if bare and before.opname == "LOAD_GLOBAL" and before.argval == "NotImplementedError":
            line = step.positions.lineno if step.positions else None
            if not conditional or line == max(lines):
                return True
    return False
