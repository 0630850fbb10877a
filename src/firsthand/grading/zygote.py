"""Start the warm process, and get workers from it in a few milliseconds.

`Zygote` stays on the trusted side; the process that it starts runs `worker.py`. That process
gets a clean environment and a private folder, and no path of the course.
"""

import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from firsthand.grading.channel import Expired, Gone, advance, byte_views, frame_sizes
from firsthand.grading.client import CALL_SECONDS, Session
from firsthand.grading.sandbox import FULL, NONE, bubblewrap, levels
from firsthand.grading.sandbox.readable import readable_paths
from firsthand.grading.sandbox.slots import remove
from firsthand.grading.wire import PREFIX, Buffer

START_SECONDS = 180.0  # importing torch on a machine whose disk is cold and whose cores are busy
GREETING_SECONDS = 30.0
EXIT_SECONDS = 5.0
KEPT_OUTPUT = 64 << 10  # bytes of each stream between two reads
MAX_OUTPUT = 64 << 20  # bytes of both streams over a worker's life
PRELOAD = ("einops", "jaxtyping", "matplotlib.pyplot", "firsthand.kit")
_MODULE = "firsthand.grading.worker"
_CHUNK = 1 << 16
_SOCKET_BUFFER = 4 << 20
_VIEWS = 64
# Users of workers, where root grades: within the range that systemd gives to passing services, so
# that they are nobody's. A second warm process most likely has others.
_FIRST_USER, _USERS = 61184, 4000


class Zygote:
    """A warm process that forks workers. For use from one thread.

    Args:
        memory_mb: what a worker may allocate.
        preload: modules that workers find imported; of firsthand's packages, all of their modules.
        level: the walls around workers, one of `sandbox.levels.LEVELS`; the strongest by default.

    Raises CourseError for a level that cannot be had here.
    """

    def __init__(
        self,
        *,
        memory_mb: int = 2048,
        preload: Sequence[str] = PRELOAD,
        level: str | None = None,
    ) -> None:
        self.level = levels.resolve(level)
        self._config = {
            "memory_mb": memory_mb,
            "preload": list(preload),
            "level": self.level,
            "first_user": _FIRST_USER + secrets.randbelow(_USERS),
        }
        self._jobs = 0
        self._exits: dict[int, int] = {}
        self._unasked: set[int] = set()  # jobs whose end nobody waits for
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    @property
    def pid(self) -> int:
        """The warm process."""
        return 0 if self._process is None else self._process.pid

    def spawn(self, *, call_seconds: float = CALL_SECONDS) -> Session:
        """A session with a new worker. Starts the warm process again if it has died."""
        try:
            return self._spawn(call_seconds)
        except (OSError, Gone):
            self.close()
            self._start()
            return self._spawn(call_seconds)

    def close(self) -> None:
        """End the warm process and all workers."""
        if self._process is None:
            return
        self._control.close()
        try:
            self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        if self._home is not None:
            remove(self._home)

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        self._control, other = socket.socketpair()
        # Behind bubblewrap the home is a folder that exists inside alone.
        inside = self.level == FULL
        self._home = None if inside else Path(tempfile.mkdtemp(prefix="firsthand-"))
        self._pending = b""
        self._exits.clear()
        self._unasked.clear()
        if self._home is not None:
            for file in font_lists():
                shutil.copy(file, self._home)
        with other, tempfile.TemporaryFile() as stderr:
            self._process = subprocess.Popen(
                self._command(other.fileno()),
                pass_fds=[other.fileno()],
                env=_environment(self._home or bubblewrap.HOME),
                cwd=self._home or "/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )
            other.close()
            try:
                self._await_ready()
            except Gone as error:
                stderr.seek(0)
                said = stderr.read().decode(errors="replace").strip()[-2000:]
                self.close()
                raise RuntimeError(
                    f"the process that forks workers did not start: {error}\n{said}"
                ) from None

    def _command(self, descriptor: int) -> list[str]:
        # -s -P: neither the user's packages nor the current folder can be imported. -B: no byte
        # code is written. -I would also ignore PYTHONHASHSEED, and sets would change their order.
        command = [sys.executable, "-s", "-P", "-B", "-m", _MODULE]
        command += [str(descriptor), json.dumps(self._config)]
        if self.level != FULL:
            return command
        return [*bubblewrap.command(readable_paths(), files=font_lists()), "--", *command]

    def _await_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._pump(deadline - time.monotonic()):
            if time.monotonic() > deadline:
                raise Gone("it was not ready in time")

    def _spawn(self, call_seconds: float) -> Session:
        while self._pump(0):
            pass
        self._jobs += 1
        ours, theirs = socket.socketpair()
        stdout, stdout_end = os.pipe()
        stderr, stderr_end = os.pipe()
        channel = WorkerChannel(self, self._jobs, ours, {stdout: "stdout", stderr: "stderr"})
        try:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BUFFER)
            request = json.dumps({"spawn": self._jobs}).encode() + b"\n"
            descriptors = [theirs.fileno(), stdout_end, stderr_end]
            socket.send_fds(self._control, [request], descriptors)
        except OSError:
            channel.release()
            raise
        finally:
            theirs.close()
            os.close(stdout_end)
            os.close(stderr_end)
        session = Session(channel, call_seconds=call_seconds, isolation="")
        session.await_greeting(GREETING_SECONDS)
        return session

    def kill(self, job: int) -> None:
        """Ask for the end of a worker and of all that it started."""
        with suppress(OSError):  # the warm process is dead, and its workers with it
            self._control.sendall(json.dumps({"kill": job}).encode() + b"\n")

    def exit_status(self, job: int, *, seconds: float = EXIT_SECONDS) -> int | None:
        """How a worker ended, negative for a signal; None if that is not known in time."""
        deadline = time.monotonic() + seconds
        with suppress(Gone, OSError):
            while job not in self._exits and time.monotonic() < deadline:
                self._pump(deadline - time.monotonic())
        return self._exits.pop(job, None)

    def mourn(self, job: int, *, wait: bool) -> None:
        """Ask no more how a worker ended; with `wait`, not before it has."""
        if wait:
            self.exit_status(job)
        elif self._exits.pop(job, None) is None:
            self._unasked.add(job)

    def _pump(self, seconds: float) -> bool:
        """Read what the warm process says. Returns whether it said anything; raises Gone."""
        if self._control.fileno() < 0:
            raise Gone("the process was closed")
        if not select.select([self._control], [], [], max(seconds, 0))[0]:
            return False
        try:
            data = self._control.recv(_CHUNK)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Gone("the process ended")
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            job = message.get("exited")
            if job in self._unasked:
                self._unasked.remove(job)
            elif job is not None:
                self._exits[job] = message["status"]
        return True


def font_lists() -> list[Path]:
    """Lists of fonts that matplotlib has made for this user; without one it looks for seconds."""
    home, cache = Path.home(), os.environ.get("XDG_CACHE_HOME")
    folders = [os.environ.get("MPLCONFIGDIR"), f"{cache}/matplotlib" if cache else None]
    places = [Path(text) for text in folders if text] + [home / ".cache/matplotlib"]
    places.append(home / ".matplotlib")
    found = [sorted(place.glob("fontlist-*.json")) for place in places if place.is_dir()]
    return next((files for files in found if files), [])


def _environment(home: Path) -> dict[str, str]:
    return {
        "FIRSTHAND_WORKER": "1",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(home),
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        "PATH": "/usr/bin:/bin",
        "PYTHONHASHSEED": "0",
        "TMPDIR": str(home),
        "USER": "learner",  # there is no list of users inside the walls
    }


def _signal_name(number: int) -> str:
    """Such as SIGKILL. Most of the real-time signals have no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class WorkerChannel:
    """The trusted end of a worker's socket, and the reader of what the worker prints."""

    def __init__(
        self, zygote: Zygote, job: int, connection: socket.socket, outputs: dict[int, str]
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
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BUFFER)
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
        status = self._zygote.exit_status(self._job)
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
        """End the worker. Without walls, wait until nothing that it started is left.

        Behind walls it cannot have started anything, and the next worker has another folder.
        """
        if self._connection.fileno() < 0:
            return
        self.give_up("closed")
        if not self._ended:
            self._zygote.mourn(self._job, wait=self._zygote.level == NONE)
        self.release()

    def release(self) -> None:
        """Close the descriptors."""
        self._connection.close()
        for descriptor in self._outputs:
            os.close(descriptor)
        self._outputs.clear()
