"""The learner's side of a session: runs cells and answers the tests.

The same server runs in a worker process and in a learner's kernel. Whatever runs here, runs with
the learner's code in the same process: nothing that must stay secret may be sent to it.
"""

import builtins
import difflib
import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any, NoReturn

from firsthand.grading import cells
from firsthand.grading.channel import Expired, Gone, Interrupted
from firsthand.grading.errors import builtin_exception
from firsthand.grading.forbidding import forbidden
from firsthand.grading.peer import Answer, Channel, Graph, Handle, Peer, materialise
from firsthand.grading.wire import Message

MAX_MESSAGE = 4_000  # characters of an exception's text
PUBLIC = "firsthand.kit"  # the package that tests may use on this side

_ORIGIN = "__firsthand_request__"  # the request that an exception of the test came from


class TestFunction(Handle):
    """A function of the test. Calling it runs it there."""

    __slots__ = ()
    __test__ = False  # pytest: not a class of tests

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the test's function returns; its writes to tensor arguments come back."""
        return self._peer.call(self, args, kwargs)

    def __repr__(self) -> str:
        return "<function of the test>"


class _Missing(Exception):
    pass


class _Saved:
    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names


class Server(Peer):
    """Serves one submission.

    Args:
        channel: leads to the tests.
        namespace: the learner's names, as cells see them.
        capture: entered while the learner's code runs; takes what it prints.
    """

    def __init__(
        self,
        channel: Channel,
        namespace: dict[str, Any],
        *,
        capture: Callable[[], AbstractContextManager[Any]] = nullcontext,
    ) -> None:
        super().__init__(channel)
        self._namespace = namespace
        self._capture = capture
        self._forbidden: list[str] = []
        self._surroundings: ExitStack | None = None  # None while no learner's code runs
        self._operations: dict[str, Callable[..., Any]] = {
            "name": self._name,
            "get": self._learners(getattr),
            "set": self._learners(setattr),
            "item": self._learners(lambda target, key: target[key]),
            "set_item": self._learners(lambda target, key, value: target.__setitem__(key, value)),
            "len": self._learners(len),
            "iter": self._learners(iter),
            "next": self._learners(_advance),
            "vjp": self._learners(Graph.gradients),
            "run": self._learners(self._run),
            "define": self._define,
            "restore": self._restore,
            "public": _public,
            "forbid": self._forbid,
            "reseed": _reseed,
        }

    def greet(self, level: str) -> None:
        """Say that this side is ready, and which walls stand around it."""
        self._send("hello", 0, level)

    def serve(self) -> None:
        """Answer requests until the other side leaves."""
        try:
            while True:
                self.serve_one()
        except Gone:
            return

    def _export(self, value: object) -> list[Any]:
        if isinstance(value, Handle) and value._peer is self:
            return ["L", value._id]
        return self._register(value, type(value).__name__)

    def _proxy(self, number: int, type_name: str) -> object:
        return TestFunction(self, number)

    def _serve(self, message: Message) -> None:
        try:
            tensors = materialise(message)
            arguments = self._decode(message, tensors)
            if message.kind == "call":
                self._serve_call(message, tensors, arguments)
            else:
                self._send("ok", message.number, self._operations[message.kind](*arguments))
        except (Expired, Interrupted, Gone):
            raise
        except BaseException as error:  # also what ends processes and skips tests
            self._send("error", message.number, self._describe(error))

    def _describe(self, error: BaseException) -> tuple[Any, ...]:
        """What the other side may know of an exception."""
        bases = [
            base.__name__
            for base in type(error).__mro__
            if vars(builtins).get(base.__name__) is base
        ]
        try:
            text = str(error)[:MAX_MESSAGE].encode(errors="replace").decode()
        except Exception as second:
            text = f"(its text cannot be read: {type(second).__name__})"
        frames = [tuple(frame) for frame in cells.learner_frames(error, self._namespace)]
        name = "NameMissing" if isinstance(error, _Missing) else type(error).__name__
        return name, bases, text, frames, getattr(error, _ORIGIN, None)

    def _raise(self, message: Message) -> NoReturn:
        """The test's function raised. Only the type is known here: its text may hold secrets."""
        type_name, bases = self._decode(message)
        error = (builtin_exception(bases) or RuntimeError)(
            f"the test's function raised {type_name}"
        )
        setattr(error, _ORIGIN, message.number)
        raise error

    # The surroundings of the learner's code.

    @contextmanager
    def _running(self) -> Iterator[None]:
        outer, self._surroundings = self._surroundings, self._enter()
        try:
            yield
        finally:
            inner, self._surroundings = self._surroundings, outer
            inner.close()

    def _enter(self) -> ExitStack:
        with ExitStack() as stack:
            stack.enter_context(self._capture())
            if self._forbidden:
                stack.enter_context(forbidden(self._forbidden, self._namespace))
            return stack.pop_all()

    def request(self, kind: str, value: object) -> Answer:
        """Ask the tests for something, outside of the surroundings of the learner's code."""
        if self._surroundings is None:
            return super().request(kind, value)
        self._surroundings.close()
        try:
            return super().request(kind, value)
        finally:
            self._surroundings = self._enter()

    def _learners(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            with self._running():
                return operation(*arguments)

        return run

    # Operations.

    def _name(self, name: str) -> Any:
        if name in self._namespace:
            return self._namespace[name]
        public = [key for key in self._namespace if not key.startswith("_")]
        near = difflib.get_close_matches(name, public, n=2)
        hint = f"; did you mean {' or '.join(f'`{match}`' for match in near)}?" if near else "."
        raise _Missing(f"`{name}` is not defined{hint}")

    def _run(self, label: str, source: str) -> str | None:
        return cells.run_cell(label, source, self._namespace)

    def _define(self, name: str, source: str) -> _Saved:
        with self._running():
            return _Saved(cells.run_reference(name, source, self._namespace))

    def _restore(self, saved: _Saved) -> None:
        for name, value in saved.names.items():
            if value is cells.MISSING:
                self._namespace.pop(name, None)
            else:
                self._namespace[name] = value

    def _forbid(self, names: Sequence[str]) -> None:
        self._forbidden = list(names)


def _advance(iterator: Iterator[Any]) -> tuple[bool, Any]:
    try:
        return True, next(iterator)
    except StopIteration:
        return False, None


def _reseed() -> None:
    _public(f"{PUBLIC}.rng:reseed")(0)


def _public(path: str) -> Any:
    module, _, name = path.partition(":")
    if module != PUBLIC and not module.startswith(f"{PUBLIC}."):
        raise ImportError(f"{module} is not part of {PUBLIC}")
    value: Any = importlib.import_module(module)
    for part in name.split("."):
        value = getattr(value, part)
    return value
