"""Start the warm process, and get workers from it in a few milliseconds.

`Zygote` stays on the trusted side; the process that it starts runs `worker.py`. That process
gets a clean environment and a private folder, and no path of the course.
"""

import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from firsthand.grading.channel import Gone
from firsthand.grading.client import CALL_SECONDS, Session
from firsthand.grading.sandbox import FULL, NONE, bubblewrap, levels
from firsthand.grading.sandbox.readable import readable_paths
from firsthand.grading.sandbox.slots import remove
from firsthand.grading.worker_channel import SOCKET_BUFFER, WorkerChannel

START_SECONDS = 180.0  # importing torch on a machine whose disk is cold and whose cores are busy
GREETING_SECONDS = 30.0
EXIT_SECONDS = 5.0
PRELOAD = ("einops", "jaxtyping", "matplotlib.pyplot", "firsthand.kit")
_MODULE = "firsthand.grading.worker"
_CHUNK = 1 << 16
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
        self._used: float | None = None  # the answer to `cpu_seconds`
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
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER)
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
            self._control.sendall(json.dumps({"cpu": job}).encode() + b"\n")
            while self._used is None and time.monotonic() < deadline:
                self._pump(deadline - time.monotonic())
        return None if self._used is None or self._used < 0 else self._used

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
            self._used = message.get("used", self._used)
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
