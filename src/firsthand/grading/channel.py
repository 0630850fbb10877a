"""How frames travel: through memory within one process, or through a socket between two."""

import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NoReturn, Protocol

from firsthand.grading.peer import Channel, Peer
from firsthand.grading.wire import MAX_BLOB, MAX_HEADER, PREFIX, Buffer, WireError

_VIEWS = 64  # buffers for one sendmsg
_REPEAT = 0.2  # seconds until an alarm that the learner's code swallowed rings again


class Expired(BaseException):
    """The deadline has passed."""


class Interrupted(BaseException):
    """The person at the keyboard pressed interrupt."""


class Gone(Exception):
    """The other side's process has ended."""


class SessionChannel(Channel, Protocol):
    """The trusted side's end of a channel."""

    @property
    def death(self) -> str | None:
        """Why the learner's side cannot answer any more, or None while it can."""

    def limit(self, seconds: float) -> AbstractContextManager[None]:
        """Raises Expired out of the block, or out of `receive` in it, when the time is up."""

    def give_up(self, reason: str) -> None:
        """Stop what runs on the learner's side after an exchange that cannot be finished."""

    def take(self, stream: str) -> str:
        """What was printed since the last call. stream: "stdout" or "stderr"."""

    def cpu_seconds(self) -> float:
        """Processor time that the learner's side has used; 0 where that is not known."""

    def close(self) -> None:
        """End the learner's side and whatever it started."""


class Loopback:
    """One end of a channel within a process. Waiting for a frame makes the other end work."""

    def __init__(self) -> None:
        self._inbox: deque[tuple[Buffer, bytearray]] = deque()
        self._other: Loopback = self
        self._peer: Peer | None = None

    @staticmethod
    def connect(one: "Loopback", other: "Loopback") -> None:
        """Make each the other's end."""
        one._other, other._other = other, one

    def attach(self, peer: Peer) -> None:
        """Name the peer that reads from this end."""
        self._peer = peer

    def send(self, frame: list[Buffer]) -> None:
        """Copy a frame into the other end's inbox."""
        self._other._inbox.append((frame[1], bytearray(b"".join(frame[2:]))))

    def receive(self) -> tuple[Buffer, bytearray]:
        """The next frame, once the other end has produced one."""
        while not self._inbox:
            if not self._other._inbox or self._other._peer is None:
                raise RuntimeError("both ends of a loopback wait for each other")
            self._other._peer.serve_one()
        return self._inbox.popleft()

    def clear(self) -> None:
        """Forget what is on its way in both directions."""
        self._inbox.clear()
        self._other._inbox.clear()


class KernelChannel(Loopback):
    """The trusted end within the learner's own process."""

    death = None

    def __init__(self, take: Callable[[str], str]) -> None:
        super().__init__()
        self.take = take

    def limit(self, seconds: float) -> AbstractContextManager[None]:
        """An alarm, where this is the main thread of a system that has them; else no limit."""
        return alarm(seconds)

    def give_up(self, reason: str) -> None:
        """The learner's code has been left by an exception: forget the frames it left behind."""
        self.clear()

    def cpu_seconds(self) -> float:
        """Processor time of this process: the tests' own is in it."""
        return time.process_time()

    def close(self) -> None:
        """The learner's process is this one; it stays."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise Expired in the block after `seconds`, and Interrupted on the interrupt key.

    Does nothing outside of the main thread, on systems without SIGALRM, and where somebody else's
    timer runs. Handlers are as before afterwards.
    """
    if (
        not hasattr(signal, "setitimer")
        or not _is_main()
        or signal.getitimer(signal.ITIMER_REAL)[0]
    ):
        yield
        return
    active = True

    def expire(*_: Any) -> None:
        if active:
            raise Expired

    def interrupt(*_: Any) -> NoReturn:
        raise Interrupted

    handlers = {signal.SIGALRM: expire}
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        handlers[signal.SIGINT] = interrupt
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT)
        yield
    finally:
        active = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


class SocketChannel:
    """The learner's end between two processes: blocks, for the other end keeps the time."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, frame: list[Buffer]) -> None:
        """Send one frame. Raises Gone if the other side has left."""
        views = byte_views(frame)
        try:
            while views:
                advance(views, self._connection.sendmsg(views[:_VIEWS]))
        except (BrokenPipeError, ConnectionResetError):
            raise Gone("the grading process has ended") from None

    def receive(self) -> tuple[Buffer, bytearray]:
        """The next frame. Raises Gone if the other side has left."""
        header, blob = frame_sizes(self._read(PREFIX.size))
        return self._read(header), self._read(blob)

    def _read(self, size: int) -> bytearray:
        buffer = bytearray(size)
        view = memoryview(buffer)
        while view:
            try:
                count = self._connection.recv_into(view)
            except ConnectionResetError:
                count = 0
            if not count:
                raise Gone("the grading process has ended")
            view = view[count:]
        return buffer


def byte_views(frame: list[Buffer]) -> list[memoryview]:
    """The buffers of a frame that hold anything."""
    return [memoryview(part) for part in frame if len(part)]


def advance(views: list[memoryview], count: int) -> None:
    """Remove the first `count` bytes, which have been sent."""
    while views and count >= len(views[0]):
        count -= len(views.pop(0))
    if count:
        views[0] = views[0][count:]


def frame_sizes(prefix: Buffer) -> tuple[int, int]:
    """Bytes of header and blob. Raises WireError beyond the limits."""
    header, blob = PREFIX.unpack(prefix)
    if header > MAX_HEADER or blob > MAX_BLOB:
        raise WireError(f"a frame of {header} + {blob} bytes is beyond the limits")
    return header, blob
