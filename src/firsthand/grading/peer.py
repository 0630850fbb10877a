"""One end of the boundary, the same on both sides: requests, handles, callbacks and gradients.

Either side may call what the other handed to it: the tests call the learner's functions, and the
learner's functions call back what a test passed to them. The two ends differ in what they let
cross and in which requests they serve; `Server` and `Session` say so.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch

from firsthand.grading import values, wire
from firsthand.grading.wire import Buffer, Message, Stored, WireError

_COMPARED = 1 << 20  # bytes of arguments up to which writes are also found by comparing contents


class Channel(Protocol):
    """Carries frames in both directions, in order."""

    def send(self, frame: list[Buffer]) -> None:
        """Send one frame."""

    def receive(self) -> tuple[Buffer, bytearray]:
        """The next frame's header and blob."""


class Handle:
    """An object of the other side. Releases it there when nobody here needs it any more."""

    __slots__ = ("__weakref__", "_id", "_peer")
    _peer: "Peer"
    _id: int

    def __init__(self, peer: "Peer", number: int) -> None:
        object.__setattr__(self, "_peer", peer)
        object.__setattr__(self, "_id", number)

    def __del__(self) -> None:
        self._peer.dropped.append(self._id)


class Graph:
    """The autograd graph of one call, kept by the side that ran it until its handle is dropped."""

    def __init__(self, inputs: Sequence[torch.Tensor]) -> None:
        self.inputs = list(inputs)
        self.outputs: list[torch.Tensor] = []

    def gradients(self, cotangents: Sequence[torch.Tensor | None]) -> list[torch.Tensor | None]:
        """One gradient for each input, None where no output with a cotangent depends on it."""
        pairs = [(o, c) for o, c in zip(self.outputs, cotangents, strict=True) if c is not None]
        if not pairs:
            return [None] * len(self.inputs)
        outputs, given = zip(*pairs, strict=True)
        with torch.enable_grad():
            found = torch.autograd.grad(
                outputs, self.inputs, given, allow_unused=True, retain_graph=True
            )
        return list(found)

    @property
    def size(self) -> int:
        """Bytes of the tensors at its two ends; what lies between is of that order."""
        return sum(tensor.nbytes for tensor in (*self.inputs, *self.outputs))


class Answer(NamedTuple):
    """The reply to a request, and the tensors and arrays that the request carried."""

    message: Message
    sent: list[Any]


class Peer:
    """The part that both ends share.

    Subclasses define `_export` (what may leave, as a handle), `_proxy` (what a handle of the
    other side becomes), `_serve` (requests of the other side) and `_raise` (its errors).
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._exports: dict[int, object] = {}
        self._next_export = 0
        self._number = 0
        self.dropped: list[int] = []  # handles to be released on the other side

    # Subclasses answer these four.

    def _export(self, value: object) -> list[Any]:
        raise NotImplementedError

    def _proxy(self, number: int, type_name: str) -> object:
        raise NotImplementedError

    def _serve(self, message: Message) -> None:
        raise NotImplementedError

    def _raise(self, message: Message) -> None:
        raise NotImplementedError

    # Messages.

    def request(self, kind: str, value: object) -> Answer:
        """Send a request and wait for its answer, serving the other side's requests meanwhile."""
        self._number += 1
        number = self._number
        sent = self._send(kind, number, value)
        while True:
            message = self._receive()
            if message.kind not in ("ok", "error"):
                self._serve(message)
            elif message.number != number:
                raise WireError("an answer to nothing that was asked")
            elif message.kind == "error":
                self._raise(message)
                raise WireError("an error that says nothing")
            else:
                return Answer(message, sent)

    def ask(self, kind: str, value: object) -> Any:
        """The value that answers a request."""
        return self._decode(self.request(kind, value).message)

    def serve_one(self) -> None:
        """Wait for one request and answer it."""
        self._serve(self._receive())

    def _send(self, kind: str, number: int, value: object) -> list[Any]:
        encoder = values.Encoder(self._export)
        body = encoder.body(value)
        frame = wire.pack(kind, number, self.dropped, body)
        self.dropped.clear()
        self._channel.send(frame)
        return encoder.originals

    def _receive(self) -> Message:
        message = wire.unpack(*self._channel.receive())
        for number in message.dropped:
            self._exports.pop(number, None)
        return message

    def _decode(self, message: Message, tensors: Sequence[Any] | None = None) -> Any:
        # Once for each message: a second handle of one number would release the first.
        tensors = materialise(message) if tensors is None else tensors
        return values.decode(message.node, tensors, self._import)

    # Handles: ["R", number, type name] lives at the sender, ["L", number] at the receiver.

    def _register(self, value: object, type_name: str) -> list[Any]:
        self._next_export += 1
        self._exports[self._next_export] = value
        return ["R", self._next_export, type_name[:80]]

    def _import(self, tag: str, arguments: list[Any]) -> object:
        if tag == "L" and len(arguments) == 1 and type(arguments[0]) is int:
            if arguments[0] in self._exports:
                return self._exports[arguments[0]]
        if tag == "R" and [type(argument) for argument in arguments] == [int, str]:
            return self._proxy(*arguments)
        raise WireError("unknown tag or handle")

    # Calls.

    def call(self, target: Handle, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Call what `target` stands for; gradients flow back to arguments that require them."""
        tracking = torch.is_grad_enabled()
        message, sent = self.request("call", (target, list(args), dict(kwargs), tracking))
        if type(message.node) is not list or len(message.node) != 4 or message.node[0] != "t":
            raise WireError("a call is answered by its value, its writes and its graph")
        _, result, changes, graph = message.node
        tensors = materialise(message)
        kept = values.decode(graph, tensors, self._import)
        if kept is not None:
            self._graft(
                kept, [tensor for tensor in sent if _requires_grad(tensor)], message, tensors
            )
        _write_back(sent, values.decode(changes, tensors, self._import), self._about_to_write)
        return values.decode(result, tensors, self._import)

    def _graft(
        self, graph: object, inputs: list[torch.Tensor], message: Message, tensors: list[Any]
    ) -> None:
        """Put the outputs of a call behind a node of this side's graph."""
        if not isinstance(graph, Handle):
            raise WireError("a graph is a handle")
        places = [i for i, stored in enumerate(message.stored) if stored.requires_grad]
        shapes = [(tensor.shape, tensor.dtype) for tensor in inputs]
        if inputs and places:
            raw = [message.stored[i].value for i in places]
            gradients = partial(self._gradients, graph, shapes)
            outputs = _Graft.apply(gradients, raw, *inputs)  # type: ignore[no-untyped-call]
            for place, output in zip(places, outputs, strict=True):
                tensors[place] = output

    def _gradients(
        self, graph: Handle, shapes: list[Any], cotangents: Sequence[torch.Tensor | None]
    ) -> list[torch.Tensor | None]:
        """What the other side's graph makes of cotangents: a gradient or None for each input."""
        found = self.ask("vjp", (graph, list(cotangents)))
        if type(found) is not list or len(found) != len(shapes):
            raise WireError("one gradient for each input")
        for gradient, expected in zip(found, shapes, strict=True):
            if gradient is None:
                continue
            if type(gradient) is not torch.Tensor or (gradient.shape, gradient.dtype) != expected:
                raise WireError("a gradient has the shape and dtype of its input")
        return found

    def _serve_call(self, message: Message, tensors: list[Any], arguments: Any) -> None:
        """Run a call of the other side and answer it with its value, its writes and its graph.

        arguments: the message's value, decoded on `tensors`, which are the message's tensors.
        """
        target, args, kwargs, tracking = arguments
        watch = _Watch(message, tensors)
        with torch.set_grad_enabled(tracking is True), self._running():
            result = target(*args, **kwargs)
        inputs = [t for t in tensors if _requires_grad(t)] if tracking is True else []
        graph = Graph(inputs) if inputs else None
        sent = self._send("ok", message.number, (result, watch.changes(), graph))
        if graph is not None:
            graph.outputs = [tensor for tensor in sent if _requires_grad(tensor)]

    def _about_to_write(self, original: Any) -> None:
        """Told of each argument of this side before a write of the other side is repeated on it."""

    @contextmanager
    def _running(self) -> Iterator[None]:
        """Surrounds code that runs because the other side asked for it."""
        yield


class _Graft(torch.autograd.Function):
    """Outputs that another process computed, and a function that asks it for gradients."""

    @staticmethod
    def forward(
        ctx: Any, gradients: Callable[..., Any], raw: Sequence[torch.Tensor], *_: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        ctx.gradients = gradients
        ctx.set_materialize_grads(False)
        return tuple(tensor.clone() for tensor in raw)  # autograd wants tensors that are no views

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *cotangents: torch.Tensor | None) -> tuple[Any, ...]:
        return (None, None, *ctx.gradients(cotangents))


class _Watch:
    """Finds the arguments that a call writes to.

    Versions tell for tensors. Arrays have none, and `x.data` or `x.numpy()` go past them, so
    the contents of small messages are compared too.
    """

    def __init__(self, message: Message, tensors: Sequence[Any]) -> None:
        self._message = message
        self._tensors = tensors
        self._versions = [_version(tensor) for tensor in tensors]
        small = len(message.blob) <= _COMPARED
        compared = small or any(isinstance(tensor, np.ndarray) for tensor in tensors)
        self._before = bytes(message.blob) if compared else b""

    def changes(self) -> list[tuple[int, Any]]:
        """Index and new contents of each argument that was written to."""
        return [
            (index, tensor.detach() if isinstance(tensor, torch.Tensor) else tensor)
            for index, (tensor, stored) in enumerate(
                zip(self._tensors, self._message.stored, strict=True)
            )
            if _version(tensor) != self._versions[index] or self._differs(stored)
        ]

    def _differs(self, stored: Stored) -> bool:
        span = slice(stored.start, stored.stop)
        return bool(self._before) and self._before[span] != self._message.blob[span]


def _version(value: Any) -> int:
    return value._version if isinstance(value, torch.Tensor) else 0


def _requires_grad(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.requires_grad


def materialise(message: Message) -> list[Any]:
    """The tensors and arrays of a message; leaves that require gradients where the sender's do."""
    return [
        _leaf(stored.value) if stored.requires_grad else stored.value for stored in message.stored
    ]


def _leaf(tensor: Any) -> torch.Tensor:
    leaf: torch.Tensor = tensor.detach().requires_grad_()
    return leaf


def _write_back(sent: list[Any], changes: Any, tell: Callable[[Any], None]) -> None:
    """Repeat on this side's arguments what the call wrote to its copies."""
    if type(changes) is not list:
        raise WireError("writes come in a list")
    for change in changes:
        if type(change) is not tuple or len(change) != 2 or type(change[0]) is not int:
            raise WireError("a write is an index and new contents")
        index, contents = change
        if not 0 <= index < len(sent):
            raise WireError("a write to nothing that was sent")
        original = sent[index]
        if isinstance(original, torch.Tensor) != isinstance(contents, torch.Tensor):
            raise WireError("a write of another kind")
        if original.dtype != contents.dtype:
            raise WireError("a write of another dtype")
        tell(original)
        if isinstance(original, torch.Tensor):
            _overwrite(original, contents)
        elif isinstance(original, np.ndarray) and original.shape == contents.shape:
            original[...] = contents
        else:
            raise WireError("a write of another shape")


def _overwrite(original: torch.Tensor, contents: torch.Tensor) -> None:
    with torch.no_grad():
        if original.shape == contents.shape:
            try:
                original.copy_(contents)
                return
            except RuntimeError:  # an expanded tensor: several of its items are one in memory
                pass
        original.data = contents
