"""Start the process that forks workers, and exchange lines with it.

It imports torch for some seconds, as the grading process does: `start_early` lets the one begin
before the other, on another core. So this module imports no torch. The process gets a clean
environment and a private folder, and no path of the course; it runs `worker.py`.
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
from typing import Any, NamedTuple

from firsthand.grading.sandbox import FULL, MEND, bubblewrap, levels
from firsthand.grading.sandbox.readable import readable_paths
from firsthand.grading.sandbox.slots import remove
from firsthand.unit import CourseError

START_SECONDS = 180.0  # importing torch on a machine whose disk is cold and whose cores are busy
EXIT_SECONDS = 5.0
MEMORY_MB = 2048
PRELOAD = ("einops", "jaxtyping", "matplotlib.pyplot", "firsthand.kit", "firsthand.notebook")
_MODULE = "firsthand.grading.worker"
_CHUNK = 1 << 16
# Users of workers, where root grades: within the range that systemd gives to passing services, so
# that they are nobody's. A second warm process most likely has others.
_FIRST_USER, _USERS = 61184, 4000


def require_forking() -> None:
    """Raise CourseError, with the way out, on Windows, where no worker can be forked."""
    if not hasattr(os, "fork"):
        raise CourseError(
            'Windows cannot fork the processes that this command grades in. check("name") in the '
            "notebook works here; for this command use WSL (docs/windows.md)."
        )


class Settings(NamedTuple):
    """What a warm process is started with; `zygote.Zygote` explains it."""

    level: str
    memory_mb: int = MEMORY_MB
    preload: tuple[str, ...] = PRELOAD


class Ended(Exception):
    """The warm process does not answer any more, or could not be started."""


class WarmProcess:
    """A started process that forks workers. `pid`: its number."""

    def __init__(self, settings: Settings) -> None:
        """Start it, without waiting until it is ready. Raises CourseError on Windows."""
        require_forking()
        self._control, other = socket.socketpair()
        # Behind bubblewrap the home is a folder that exists inside alone.
        inside = settings.level == FULL
        self._home = None if inside else Path(tempfile.mkdtemp(prefix="firsthand-"))
        self._pending = b""
        self._ready = False
        if self._home is not None:
            for file in font_lists():
                shutil.copy(file, self._home)
        self._stderr = tempfile.TemporaryFile()
        with other:
            self._process = subprocess.Popen(
                _command(other.fileno(), settings),
                pass_fds=[other.fileno()],
                env=_environment(self._home or bubblewrap.HOME),
                cwd=self._home or "/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def await_ready(self) -> None:
        """Wait until it forks workers. Raises RuntimeError with what it said where it cannot.

        Raises CourseError where it would run another copy of this package.
        """
        deadline = time.monotonic() + START_SECONDS
        try:
            while not self._ready:
                self.messages(deadline - time.monotonic())
                if time.monotonic() > deadline:
                    raise Ended("it was not ready in time")
        except CourseError:
            self.close()
            raise
        except Ended as error:
            self._stderr.seek(0)
            said = self._stderr.read().decode(errors="replace").strip()[-2000:]
            self.close()
            reason = f"the process that forks workers did not start: {error}"
            mend = f"\n{MEND}" if self._home is None else ""
            raise RuntimeError(f"{reason}\n{said}{mend}") from None
        self._stderr.close()

    def tell(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Send one line, and descriptors with it. Raises OSError where nobody reads it."""
        line = json.dumps(message).encode() + b"\n"
        if descriptors:
            socket.send_fds(self._control, [line], descriptors)
        else:
            self._control.sendall(line)

    def messages(self, seconds: float) -> list[dict[str, Any]]:
        """What it has said, waiting up to `seconds` for the first. Raises Ended."""
        if self._control.fileno() < 0:
            raise Ended("it was closed")
        if not select.select([self._control], [], [], max(seconds, 0))[0]:
            return []
        try:
            data = self._control.recv(_CHUNK)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Ended("it ended")
        *lines, self._pending = (self._pending + data).split(b"\n")
        found = [json.loads(line) for line in lines]
        for message in found:
            if "ready" in message:
                self._ready = True
                _require_one_package(message["package"])
        return found

    def close(self) -> None:
        """End it and all workers."""
        self._control.close()
        self._stderr.close()
        try:
            self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._home is not None:
            remove(self._home)


def _require_one_package(folder: str) -> None:
    """Raise CourseError where the worker runs another copy of this package than the grader."""
    mine = str(Path(__file__).resolve().parents[1])
    if folder != mine:
        raise CourseError(
            f"this command runs the firsthand of {mine}, and its workers would run that of "
            f"{folder}. Install the one you want to use (`pip install -e .` in its folder), "
            "or take the folder out of PYTHONPATH."
        )


_early: dict[Settings, WarmProcess] = {}


def start_early(level: str | None = None) -> None:
    """Start a warm process now, for the first Zygote of this level that asks.

    level: the strongest by default. Raises CourseError for one that cannot be had here.
    """
    settings = Settings(levels.resolve(level))
    if settings not in _early:
        with suppress(OSError):  # the Zygote that starts its own will say why
            _early[settings] = WarmProcess(settings)


def started(settings: Settings) -> WarmProcess:
    """A warm process that nobody else has: the one that was started early, or a new one."""
    return _early.pop(settings, None) or WarmProcess(settings)


def _command(descriptor: int, settings: Settings) -> list[str]:
    config = {
        "memory_mb": settings.memory_mb,
        "preload": list(settings.preload),
        "level": settings.level,
        "first_user": _FIRST_USER + secrets.randbelow(_USERS),
    }
    # -s -P: neither the user's packages nor the current folder can be imported. -B: no byte
    # code is written. -I would also ignore PYTHONHASHSEED, and sets would change their order.
    command = [sys.executable, "-s", "-P", "-B", "-m", _MODULE, str(descriptor), json.dumps(config)]
    if settings.level != FULL:
        return command
    return [*bubblewrap.command(readable_paths(), files=font_lists()), "--", *command]


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
