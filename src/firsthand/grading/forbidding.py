"""Make library operations raise while the learner's code runs.

Torch operations are found wherever they are called from, also inside a module's forward and
under a name that was imported long ago. Other functions are replaced where they are defined and
in the learner's namespace; those written in Python refuse wherever they are kept. A class cannot
be built, nor a module or optimiser of it used.

This is for honest learners: code that means to get around it can, for it runs in the same process.
"""

import importlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple, NoReturn
from unittest import mock

from torch.overrides import TorchFunctionMode

_SHORT = {"torch.nn.functional": "F", "torch.nn": "nn", "numpy": "np"}


class Target(NamedTuple):
    """A forbidden operation: where it is defined and what it is."""

    path: str  # as listed, "torch.nn.functional.layer_norm"
    owner: Any
    name: str
    value: Any

    @property
    def message(self) -> str:
        """What the learner reads."""
        head = self.path.rpartition(".")[0]
        shown = f"{_SHORT.get(head, head)}.{self.name}"
        return f"`{shown}` is what you are asked to write: build it from simpler operations"


def resolve(path: str) -> Target:
    """The operation that a dotted name stands for. Raises ValueError if there is none."""
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        try:
            for name in parts[length:-1]:
                owner = getattr(owner, name)
            return Target(path, owner, parts[-1], getattr(owner, parts[-1]))
        except AttributeError:
            break
    raise ValueError(f"cannot forbid {path!r}: there is no such operation. Check its dotted name.")


@contextmanager
def forbidden(paths: Iterable[str], namespace: dict[str, Any]) -> Iterator[None]:
    """Within the block, the operations raise RuntimeError with a message that names them."""
    targets = [resolve(path) for path in paths]
    tensor_targets = [t for t in targets if _is_torch(t) and not isinstance(t.value, type)]
    with ExitStack() as stack:
        for target in targets:
            if isinstance(target.value, type):
                stack.enter_context(_class_refused(target))
            elif target not in tensor_targets:
                stack.enter_context(_function_refused(target, namespace))
        if tensor_targets:
            stack.enter_context(_Refusal(tensor_targets))
        yield


def _is_torch(target: Target) -> bool:
    return target.path.split(".")[0] == "torch"


class _Refusal(TorchFunctionMode):
    """Sees every torch operation before it runs."""

    def __init__(self, targets: list[Target]) -> None:
        super().__init__()
        self._by_object = {target.value: target.message for target in targets}
        self._by_name = {
            name: target.message for target in targets for name in _spellings(target.name)
        }

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        name = getattr(func, "__name__", "").split(".")[0]  # torch.ops adds ".default"
        message = self._by_object.get(func) or self._by_name.get(name)
        if message is not None:
            raise RuntimeError(message)
        return func(*args, **(kwargs or {}))


def _spellings(name: str) -> list[str]:
    """Names of one operation as function, method, in-place method, operator and internal call."""
    operators = [f"__{prefix}{name}__" for prefix in ("", "r", "i")]
    return [name, f"{name}_", f"_{name}", f"native_{name}", *operators]


def _refuse(message: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise RuntimeError(message)

    return refuse


@contextmanager
def _code_replaced(function: FunctionType, code: CodeType) -> Iterator[None]:
    genuine = function.__code__
    try:  # before the change: a deadline may raise at any line
        function.__code__ = code
        yield
    finally:
        function.__code__ = genuine


def _refusing_code(message: str) -> CodeType:
    """The code of a function that takes anything and raises, without a closure."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise RuntimeError("message")

    code = refuse.__code__
    constants = tuple(message if value == "message" else value for value in code.co_consts)
    return code.replace(co_consts=constants)


@contextmanager
def _class_refused(target: Target) -> Iterator[None]:
    refuse = _refuse(target.message)
    with ExitStack() as stack:
        for method in ("__init__", "forward", "step"):  # of modules, and of optimisers
            if hasattr(target.value, method):
                stack.enter_context(mock.patch.object(target.value, method, refuse))
        yield


@contextmanager
def _function_refused(target: Target, namespace: dict[str, Any]) -> Iterator[None]:
    refuse = _refuse(target.message)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(target.owner, target.name, refuse))
        if isinstance(target.value, FunctionType) and not target.value.__code__.co_freevars:
            # The function itself refuses: it may be kept in a list, or as a default argument.
            stack.enter_context(_code_replaced(target.value, _refusing_code(target.message)))
        bound = {key: refuse for key, value in namespace.items() if value is target.value}
        stack.enter_context(_rebound(namespace, bound))
        for value in list(namespace.values()):
            # A module that re-exports the function: numpy.fft.fft is numpy.fft._pocketfft.fft.
            if isinstance(value, ModuleType) and value is not target.owner:
                if vars(value).get(target.name) is target.value:
                    stack.enter_context(mock.patch.object(value, target.name, refuse))
        yield


@contextmanager
def _rebound(namespace: dict[str, Any], bound: dict[str, Any]) -> Iterator[None]:
    before = {key: namespace[key] for key in bound}
    namespace.update(bound)
    try:
        yield
    finally:
        for key, value in before.items():
            if namespace.get(key) is bound[key]:  # unless the learner's code rebound it
                namespace[key] = value
