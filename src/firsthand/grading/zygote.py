"""Get workers from a warm process in a few milliseconds.

`Zygote` stays on the trusted side; `warm_process` starts and ends the other.
"""

import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress

from firsthand.grading.channel import Gone
from firsthand.grading.client import CALL_SECONDS, Session
from firsthand.grading.sandbox import NONE, levels
from firsthand.grading.warm_process import (
    EXIT_SECONDS,
    MEMORY_MB,
    PRELOAD,
    Ended,
    Settings,
    WarmProcess,
    started,
)
from firsthand.grading.worker_channel import SOCKET_BUFFER, WorkerChannel

GREETING_SECONDS = 30.0


class _Ordered:
    """A worker that was asked for, and perhaps not yet forked."""

    def __init__(self, job: int, channel: WorkerChannel) -> None:
        self.job = job
        self.channel = channel

    def session(self, call_seconds: float) -> Session:
        """The session with it, when it has greeted."""
        session = Session(self.channel, call_seconds=call_seconds, isolation="")
        session.await_greeting(GREETING_SECONDS)
        return session


class Zygote:
    """A warm process that forks workers. For use from one thread.

    Behind walls the next worker is forked while the last is at work, so that nobody waits for it.
    Without walls a submission could reach into a worker that waits for the next.

    Args:
        memory_mb: what a worker may allocate.
        preload: modules that workers find imported; of firsthand's packages, all of their modules.
        level: the walls around workers, one of `sandbox.levels.LEVELS`; the strongest by default.

    Raises CourseError for a level that cannot be had here.
    """

    def __init__(
        self,
        *,
        memory_mb: int = MEMORY_MB,
        preload: Sequence[str] = PRELOAD,
        level: str | None = None,
    ) -> None:
        self.level = levels.resolve(level)
        self._settings = Settings(self.level, memory_mb, tuple(preload))
        self._jobs = 0
        self._exits: dict[int, int] = {}
        self._used: float | None = None  # the answer to `cpu_seconds`
        self._unasked: set[int] = set()  # jobs whose end nobody waits for
        self._spare: _Ordered | None = None
        self._process: WarmProcess | None = None
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
        self._drop_spare()
        if self._process is not None:
            self._process.close()
            self._process = None

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        self._exits.clear()
        self._unasked.clear()
        process = started(self._settings)
        process.await_ready()
        self._process = process

    def _spawn(self, call_seconds: float) -> Session:
        while self._pump(0):
            pass
        if self._spare is not None and self._spare.channel.hung_up:
            self._drop_spare()
        ordered, self._spare = self._spare or self._order(), None
        session = ordered.session(call_seconds)
        if self.level != NONE:
            self._spare = self._order()
        return session

    def _order(self) -> _Ordered:
        """Ask for a worker. Raises OSError or Gone where the warm process has died."""
        if self._process is None:
            raise Gone("the process was closed")
        self._jobs += 1
        ours, theirs = socket.socketpair()
        stdout, stdout_end = os.pipe()
        stderr, stderr_end = os.pipe()
        channel = WorkerChannel(self, self._jobs, ours, {stdout: "stdout", stderr: "stderr"})
        try:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER)
            descriptors = [theirs.fileno(), stdout_end, stderr_end]
            self._process.tell({"spawn": self._jobs}, descriptors)
        except OSError:
            channel.release()
            raise
        finally:
            theirs.close()
            os.close(stdout_end)
            os.close(stderr_end)
        return _Ordered(self._jobs, channel)

    def _drop_spare(self) -> None:
        if self._spare is not None:
            self._spare.channel.release()  # at the end of its socket a worker ends
            self._exits.pop(self._spare.job, None)
            self._spare = None

    def kill(self, job: int) -> None:
        """Ask for the end of a worker and of all that it started."""
        if self._process is not None:
            with suppress(OSError):  # the warm process is dead, and its workers with it
                self._process.tell({"kill": job})

    def exit_status(self, job: int, *, seconds: float = EXIT_SECONDS) -> int | None:
        """How a worker ended, negative for a signal; None if that is not known in time."""
        deadline = time.monotonic() + seconds
        with suppress(Gone, OSError):
            while job not in self._exits and time.monotonic() < deadline:
                self._pump(deadline - time.monotonic())
        return self._exits.pop(job, None)

    def mourn(self, job: int) -> None:
        """Ask no more how a worker ended. Without walls, wait until all that it started is gone.

        Behind walls it cannot have started anything, and the next worker has another folder.
        """
        if self.level == NONE:
            self.exit_status(job)
        elif self._exits.pop(job, None) is None:
            self._unasked.add(job)

    def cpu_seconds(self, job: int) -> float | None:
        """Processor time of a worker so far; None where the system does not tell (macOS)."""
        self._used = None
        deadline = time.monotonic() + EXIT_SECONDS
        with suppress(Gone, OSError):
            if self._process is not None:
                self._process.tell({"cpu": job})
            while self._used is None and time.monotonic() < deadline:
                self._pump(deadline - time.monotonic())
        return None if self._used is None or self._used < 0 else self._used

    def _pump(self, seconds: float) -> bool:
        """Read what the warm process says. Returns whether it said anything; raises Gone."""
        if self._process is None:
            raise Gone("the process was closed")
        try:
            messages = self._process.messages(seconds)
        except Ended as error:
            raise Gone(str(error)) from None
        for message in messages:
            self._used = message.get("used", self._used)
            job = message.get("exited")
            if job in self._unasked:
                self._unasked.remove(job)
            elif job is not None:
                self._exits[job] = message["status"]
        return bool(messages)
