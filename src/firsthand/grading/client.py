"""The trusted side of a session: sends requests of tests, and judges what comes back.

Nothing that arrives here is unpickled, evaluated or imported. Whatever breaks the protocol ends
the session.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, NamedTuple, NoReturn

import numpy as np
import torch

from firsthand.grading.capture import Capture
from firsthand.grading.cells import MAX_FRAMES, MAX_SOURCE
from firsthand.grading.channel import (
    Expired,
    Gone,
    Interrupted,
    KernelChannel,
    Loopback,
    SessionChannel,
)
from firsthand.grading.errors import (
    Frame,
    NameMissing,
    ProtocolBroken,
    SubmissionDied,
    SubmissionError,
    SubmissionTimeout,
    is_frame,
    is_texts,
    submission_error,
)
from firsthand.grading.forbidding import resolve
from firsthand.grading.one_test import OneTest
from firsthand.grading.peer import Answer, Graph, Handle, Peer, materialise
from firsthand.grading.proxies import Remote, Submission
from firsthand.grading.server import Server
from firsthand.grading.wire import Message, Unsupported, WireError

__all__ = [
    "CellResult",
    "Frame",
    "NameMissing",
    "ProtocolBroken",
    "Remote",
    "Session",
    "Submission",
    "SubmissionDied",
    "SubmissionError",
    "SubmissionTimeout",
    "in_process",
]

CALL_SECONDS = 20.0
MAX_CALLBACKS = 100_000  # of one request
MAX_DEPTH = 30  # calls that are inside each other
MAX_GRAPHS = 256 << 20  # bytes of graphs kept for the learner's side
MAX_CALLBACK = 64 << 20  # bytes of tensors that a test's function is called with
MAX_ANSWERS = 2 << 30  # bytes of tensors that answer the requests of one test
TEST_CALLS = 15  # deadlines of one call that all calls of one test may take together

_MAX_TEXT = 4_000  # characters
_FUNCTIONS = (FunctionType, MethodType, BuiltinFunctionType, partial)


class CellResult(NamedTuple):
    """How one cell ran."""

    label: str
    status: str  # "ok", "raised", "timed out", "died" or "not run"
    error_type: str = ""
    message: str = ""
    frames: tuple[Frame, ...] = ()
    repr: str | None = None  # of the cell's last expression


class Session(Peer):
    """One live submission, whichever process it lives in.

    Attributes:
        submission: what tests use.
        call_seconds: the deadline of one request with all its callbacks.
        isolation: the name of the walls around the learner's code.
    """

    def __init__(self, channel: SessionChannel, *, call_seconds: float, isolation: str) -> None:
        super().__init__(channel)
        self._session_channel = channel
        self.call_seconds = call_seconds
        self.isolation = isolation
        self.submission = Submission(self)
        self._depth = 0
        self._callbacks = 0
        self._test_errors: dict[int, BaseException] = {}
        self._test: OneTest | None = None
        self._forbidden: tuple[str, ...] = ()

    # Life.

    @property
    def death(self) -> str | None:
        """Why the learner's process has ended, or None while it lives."""
        return self._session_channel.death

    @property
    def alive(self) -> bool:
        """Whether requests can be answered."""
        return self.death is None

    def cpu_seconds(self) -> float:
        """Processor time that the learner's process has used; 0 where that is not known."""
        return self._session_channel.cpu_seconds()

    def close(self) -> None:
        """End the learner's process, if it has its own, and all that it started."""
        self._session_channel.close()
        self._exports.clear()
        self._test_errors.clear()

    def take_output(self) -> str:
        """What the learner's code wrote to standard output since the last call, bounded."""
        return self._session_channel.take("stdout")

    def take_stderr(self) -> str:
        """What the learner's code wrote to standard error since the last call, bounded."""
        return self._session_channel.take("stderr")

    def await_greeting(self, seconds: float) -> None:
        """Wait until a new worker is ready; learn which walls stand around it."""
        with self.bounded(seconds):
            message = self._receive()
            level = self._decode(message)
            if message.kind != "hello" or type(level) is not str:
                raise WireError("a worker begins with a greeting")
            self.isolation = level

    @contextmanager
    def one_test(self, call_seconds: float) -> Iterator[None]:
        """Surrounds one test: limits what its calls take together, and cleans up behind it.

        Afterwards the test's functions cannot be called any more, and tensors and arrays that the
        learner's code wrote to are as before.
        """
        self.call_seconds = call_seconds
        self._test = OneTest(TEST_CALLS * call_seconds, MAX_ANSWERS)
        try:
            yield
        finally:
            self._test.put_back()
            self._test = None
            self._exports.clear()
            self._test_errors.clear()

    # Cells.

    def run_cells(
        self, cells: Sequence[tuple[str, str]], *, seconds: float = 60.0
    ) -> list[CellResult]:
        """Run cells, given as (label, source), in order; one that raises does not stop the rest.

        seconds: the deadline for all of them together. When it passes, or when the process ends,
        the remaining cells are "not run".
        """
        deadline = time.monotonic() + seconds
        results: list[CellResult] = []
        for label, source in cells:
            if results and results[-1].status in ("timed out", "died", "not run"):
                results.append(CellResult(label, "not run"))
            else:
                results.append(self._run_cell(label, source, deadline - time.monotonic()))
        return results

    def _run_cell(self, label: str, source: str, seconds: float) -> CellResult:
        try:
            with self.bounded(max(seconds, 0.001)):
                shown = self.ask("run", (label, source))
                if not isinstance(shown, str | None):
                    raise WireError("a cell shows text or nothing")
            return CellResult(label, "ok", repr=shown)
        except SubmissionError as error:
            status = "raised"
            if isinstance(error, SubmissionTimeout):
                status = "timed out"
            elif isinstance(error, SubmissionDied | ProtocolBroken):
                status = "died"
            return CellResult(label, status, error.type_name, error.message, error.frames)

    def define(self, name: str, source: str) -> Callable[[], None]:
        """Execute source that defines `name` in the learner's namespace.

        Returns a function that gives all names that it rebound their former values. The source
        reaches the learner's process: never send one that must stay secret from it.
        """
        saved = self.ask("define", (name, source))

        def restore() -> None:
            if self.alive:
                self.ask("restore", (saved,))

        return restore

    def reseed(self) -> None:
        """Seed the global random states of the learner's side.

        Code that draws from them must at least do so alike on every transport.
        """
        self.ask("reseed", ())

    @contextmanager
    def forbidding(self, *names: str) -> Iterator[None]:
        """Within the block, these operations raise RuntimeError in the learner's code.

        Raises ValueError if there is no operation of that name.
        """
        for name in names:
            resolve(name)
        before = self._forbidden
        self._forbidden = (*before, *names)
        self.ask("forbid", (list(self._forbidden),))
        try:
            yield
        finally:
            self._forbidden = before
            if self.alive:
                self.ask("forbid", (list(before),))

    # The protocol's part of this side.

    def request(self, kind: str, value: object) -> Answer:
        """Send a request and wait for its answer, within the deadline."""
        with self.bounded():
            answer = super().request(kind, value)
            if self._test is not None:
                self._test.count_answer(len(answer.message.blob))
            return answer

    def ask(self, kind: str, value: object) -> Any:
        """The value that answers a request, within the deadline."""
        with self.bounded():
            return super().ask(kind, value)

    def call(self, target: Handle, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Call what `target` stands for, within the deadline."""
        with self.bounded():
            return super().call(target, args, kwargs)

    def _gradients(self, *arguments: Any) -> list[torch.Tensor | None]:
        with self.bounded():
            return super()._gradients(*arguments)

    @contextmanager
    def bounded(self, seconds: float | None = None) -> Iterator[None]:
        """Limits the outermost request in time, and turns its failures into errors for tests."""
        if self._depth:
            if self._depth > MAX_DEPTH:
                raise WireError("calls and callbacks are nested too deeply")
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        if self.death is not None:
            raise SubmissionDied(self.death)
        limit = self.call_seconds if seconds is None else seconds
        reason = f"no answer within {limit:.3g} s"
        if self._test is not None and self._test.seconds < limit:
            limit, reason = self._test.seconds, "its calls in one test took too long together"
        self._depth, self._callbacks = 1, 0
        started = time.monotonic()
        try:
            with self._session_channel.limit(limit):
                yield
        except Expired:
            self._session_channel.give_up(reason)
            raise SubmissionTimeout(reason) from None
        except Interrupted:
            self._session_channel.give_up("interrupted")
            raise KeyboardInterrupt from None
        except KeyboardInterrupt:
            self._session_channel.give_up("interrupted")
            raise
        except WireError as error:
            self._session_channel.give_up(f"it broke the protocol: {error}")
            raise ProtocolBroken(f"the answer is malformed: {error}") from None
        except Gone as error:
            raise SubmissionDied(self.death or str(error)) from None
        finally:
            self._depth = 0
            if self._test is not None:
                self._test.seconds -= time.monotonic() - started

    def _about_to_write(self, original: torch.Tensor | np.ndarray) -> None:
        if self._test is not None:
            self._test.keep(original)

    def _export(self, value: object) -> list[Any]:
        if isinstance(value, Handle):
            if value._peer is not self:
                raise Unsupported("a handle of another session cannot cross")
            return ["L", value._id]
        if isinstance(value, Graph):
            return self._keep_graph(value)
        if isinstance(value, _FUNCTIONS):
            return self._register(value, "function")
        raise Unsupported(
            f"an object of type {type(value).__name__} cannot be sent to a submission: build it "
            "there with submission.public(...), or send its tensors"
        )

    def _keep_graph(self, graph: Graph) -> list[Any]:
        kept = sum(other.size for other in self._exports.values() if isinstance(other, Graph))
        if kept + graph.size > MAX_GRAPHS:
            raise Unsupported("too many results of the test's functions wait for their gradients")
        return self._register(graph, "graph")

    def _proxy(self, number: int, type_name: str) -> object:
        return Remote(self, number, type_name)

    def _serve(self, message: Message) -> None:
        self._callbacks += 1
        if self._callbacks > MAX_CALLBACKS:
            raise WireError("too many callbacks")
        if message.kind not in ("call", "vjp"):
            raise WireError("unknown request")
        if len(message.blob) > MAX_CALLBACK:
            raise WireError("too much for a function of the test")
        tensors = materialise(message)
        arguments = self._decode(message, tensors)  # what is malformed here is no error of the test
        self._check_request(message.kind, arguments)
        try:
            if message.kind == "call":
                self._serve_call(message, tensors, arguments)
            else:
                self._send("ok", message.number, arguments[0].gradients(arguments[1]))
        except (Expired, Interrupted, Gone, KeyboardInterrupt, WireError):
            raise
        except BaseException as error:
            self._test_errors[message.number] = error
            bases = [base.__name__ for base in type(error).__mro__]
            self._send("error", message.number, (type(error).__name__, bases))

    def _check_request(self, kind: str, arguments: Any) -> None:
        """Raises WireError unless the learner's side asks for what it was given."""
        shape = [type(argument) for argument in arguments] if type(arguments) is tuple else []
        if kind == "call":
            if not isinstance(arguments, tuple) or shape[1:] != [list, dict, bool]:
                raise WireError("a call has a target, arguments and a flag")
            if not isinstance(arguments[0], _FUNCTIONS):
                raise WireError("only functions of the test can be called")
            if not all(type(key) is str for key in arguments[2]):
                raise WireError("names of arguments are text")
        elif shape != [Graph, list] or len(arguments[1]) != len(arguments[0].outputs):
            raise WireError("gradients are asked of a graph, one for each output")

    def _raise(self, message: Message) -> NoReturn:
        fields = self._decode(message)
        if type(fields) is not tuple or len(fields) != 5:
            raise WireError("an error has five fields")
        type_name, bases, text, frames, origin = fields
        if type(origin) is int and origin in self._test_errors:
            raise self._test_errors.pop(origin)  # the test's own exception, seen from inside
        if not is_texts([type_name, text]) or type(bases) is not list or not is_texts(bases):
            raise WireError("an error is described by text")
        if type(frames) is not list or not all(map(is_frame, frames)):
            raise WireError("a frame has a cell, a line and its text")
        if type_name == "NameMissing" and message.kind == "error":
            raise NameMissing(text[:_MAX_TEXT])
        raise submission_error(
            type_name[:80],
            bases[:20],
            text[:_MAX_TEXT],
            [_frame(*frame) for frame in frames[:MAX_FRAMES]],
        )


def _frame(cell: str, line: int, source: str) -> Frame:
    return Frame(cell[:80], line, source[:MAX_SOURCE])


def in_process(namespace: dict[str, Any], *, call_seconds: float = CALL_SECONDS) -> Session:
    """A session on names of this process, such as a learner's kernel.

    Values still cross as bytes, so tests see what they would see of another process. There is no
    wall: results of such a session are for the learner alone. A deadline holds in the main
    thread of a Unix process only.
    """
    capture = Capture()
    channel, learners_end = KernelChannel(capture.take), Loopback()
    Loopback.connect(channel, learners_end)
    session = Session(channel, call_seconds=call_seconds, isolation="kernel")
    server = Server(learners_end, namespace, capture=capture.active)
    channel.attach(session)
    learners_end.attach(server)
    return session
