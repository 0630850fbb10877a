"""The trusted end of a worker: its socket, what it prints, how it ends, what it used."""

import os
import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn, Protocol

from firsthand.grading.channel import Expired, Gone, advance, byte_views, frame_sizes
from firsthand.grading.wire import PREFIX, Buffer

KEPT_OUTPUT = 64 << 10  # bytes of each stream between two reads
MAX_OUTPUT = 64 << 20  # bytes of both streams over a worker's life
SOCKET_BUFFER = 4 << 20
MOURNING_SECONDS = 1.0  # for word of a worker whose connection is closed: it may well live on

_CHUNK = 1 << 16
_VIEWS = 64


class Owner(Protocol):
    """The process that forks workers, as a worker's channel needs it."""

    def kill(self, job: int) -> None:
        """Ask for the end of a worker and of all that it started."""

    def exit_status(self, job: int, *, seconds: float) -> int | None:
        """How a worker ended, negative for a signal; None if that is not known in time."""

    def mourn(self, job: int) -> None:
        """Ask no more how a worker ended."""

    def cpu_seconds(self, job: int) -> float | None:
        """Processor time of a worker so far; None where the system does not tell."""


class WorkerChannel:
    """The trusted end of a worker's socket, and the reader of what the worker prints."""

    def __init__(
        self, zygote: Owner, job: int, connection: socket.socket, outputs: dict[int, str]
    ) -> None:
        self.death: str | None = None
        self._zygote = zygote
        self._job = job
        self._connection = connection
        self._outputs = outputs
        self._kept = {stream: bytearray() for stream in outputs.values()}
        self._printed = 0
        self._ended = False  # whether the warm process has told of the end
        self._deadline = 0.0
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER)
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)
        for descriptor in outputs:
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Raises Expired out of `send` and `receive` in the block when the time is up."""
        self._deadline = time.monotonic() + seconds
        yield

    @property
    def hung_up(self) -> bool:
        """Whether the worker has closed its end, also where something of it is still unread."""
        poll = select.poll()
        poll.register(self._connection, select.POLLHUP)
        return bool(poll.poll(0))

    def send(self, frame: list[Buffer]) -> None:
        """Send one frame. Raises Gone if the worker has ended."""
        views = byte_views(frame)
        while views:
            try:
                advance(views, self._connection.sendmsg(views[:_VIEWS]))
            except BlockingIOError:
                self._wait(select.POLLOUT)
            except (BrokenPipeError, ConnectionResetError):
                self._mourn()

    def receive(self) -> tuple[Buffer, bytearray]:
        """The next frame. Raises Gone if the worker has ended, WireError for a frame too large."""
        if time.monotonic() > self._deadline:
            raise Expired  # frames without end leave nothing to wait for
        header, blob = frame_sizes(self._read(PREFIX.size))
        return self._read(header), self._read(blob)

    def _read(self, size: int) -> bytearray:
        buffer = bytearray(size)
        view = memoryview(buffer)
        while view:
            try:
                count = self._connection.recv_into(view)
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            except ConnectionResetError:
                count = 0
            if not count:
                self._mourn()
            view = view[count:]
        return buffer

    def _wait(self, event: int) -> None:
        """Wait for the socket, and keep reading what is printed. Here alone time passes."""
        self._poll.modify(self._connection, event)
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise Expired
            for descriptor, _ in self._poll.poll(left * 1000 + 1):
                if descriptor not in self._outputs:
                    return
                self._read_output(descriptor)

    def _read_output(self, descriptor: int) -> bool:
        """Take one piece of output. Returns False if there is none for now."""
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self._poll.unregister(descriptor)
            os.close(descriptor)
            del self._outputs[descriptor]
            return False
        kept = self._kept[self._outputs[descriptor]]
        kept += data[: max(0, KEPT_OUTPUT - len(kept))]
        self._printed += len(data)
        if self._printed > MAX_OUTPUT and self.death is None:
            self.give_up(f"it printed more than {MAX_OUTPUT >> 20} MiB")
            raise Gone(self.death)
        return True

    def take(self, stream: str) -> str:
        """What was printed since the last call, up to KEPT_OUTPUT bytes."""
        for descriptor in list(self._outputs):
            # A process that prints without end must not keep this one here.
            for _ in range(KEPT_OUTPUT // _CHUNK + 1):
                with suppress(Gone):
                    if not self._read_output(descriptor):
                        break
        text = self._kept[stream].decode(errors="replace")
        self._kept[stream].clear()
        return text

    def _mourn(self) -> NoReturn:
        status = self._zygote.exit_status(self._job, seconds=MOURNING_SECONDS)
        self._ended = status is not None
        if status is None:
            how = "it closed its end of the connection"
        elif status < 0:
            how = f"it was ended by {_signal_name(-status)}"
        else:
            how = f"it ended with status {status}"
        self.give_up(how)
        raise Gone(self.death)

    def give_up(self, reason: str) -> None:
        """End the worker, which cannot be talked to any more."""
        if self.death is None:
            self.death = reason
            self._zygote.kill(self._job)

    def close(self) -> None:
        """End the worker."""
        if self._connection.fileno() < 0:
            return
        self.give_up("closed")
        if not self._ended:
            self._zygote.mourn(self._job)
        self.release()

    def cpu_seconds(self) -> float:
        """Processor time that the worker has used; 0 where that is not known."""
        return self._zygote.cpu_seconds(self._job) or 0.0

    def release(self) -> None:
        """Close the descriptors."""
        self._connection.close()
        for descriptor in self._outputs:
            os.close(descriptor)
        self._outputs.clear()


def _signal_name(number: int) -> str:
    """Such as SIGKILL. Most of the real-time signals have no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
