"""What attacks are after, and how to see whether one of them got there."""

import os
import resource
import signal
import socket
import sqlite3
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

COMMAND_LINE = "canary-commandline"
COURSE = Path(__file__).parent / "course"
CANARY = "canary-"
ENVIRONMENT = "HOSTILE_SECRET"  # of the trusted side

_SECONDS_TO_END = 1.0  # of a killed worker, on a busy machine


class Places:
    """Files, a port and this process, with a canary in each. A context manager.

    table: what an attack is told, so that none has to search.
    """

    def __init__(self, base: Path, *, graders: Path, solution: Path) -> None:
        self.base = base
        self._heard: list[str] = []
        self._descriptor = tempfile.TemporaryFile(mode="w+", dir=base)
        self._descriptor.write("canary-descriptor")
        self._descriptor.flush()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind(("127.0.0.1", self.listener.getsockname()[1]))
        self.datagrams.setblocking(False)
        signal.signal(signal.SIGUSR1, lambda *_: self._heard.append("it was signalled"))
        self.outside = base / "outside"
        self.outside.mkdir(mode=0o777)
        self.outside.chmod(0o777)
        self._kept = [self._written(name, text) for name, text in _FILES.items()]
        book = sqlite3.connect(base / "gradebook.db")
        book.execute("create table grade (student text, manual_score real)")
        book.execute("insert into grade values ('canary-gradebook', 0)")
        book.commit()
        book.close()
        names = {name: str(base / name) for name in _FILES}
        self.table: dict[str, Any] = names | {
            "graders": str(graders),
            "solution": str(solution),
            "gradebook": str(base / "gradebook.db"),
            "neighbour": str(base / "neighbour"),
            "outside": str(self.outside),
            "grader": os.getpid(),
            "descriptor": self._descriptor.fileno(),
            "port": self.listener.getsockname()[1],
        }
        self._watched = [*(base / name for name in _FILES), base / "gradebook.db", graders]

    def __enter__(self) -> "Places":
        self._before = self._state()
        return self

    def __exit__(self, *_: object) -> None:
        self._descriptor.close()
        self.listener.close()
        self.datagrams.close()

    def _written(self, name: str, text: str) -> Path:
        path = self.base / name
        path.write_text(text)
        path.chmod(0o666)
        return path

    def _state(self) -> dict[str, Any]:
        files = {path.name: _file_state(path) for path in self._watched}
        return files | {
            "files outside": sorted(os.listdir(self.outside)),
            "limits": resource.getrlimit(resource.RLIMIT_CORE),
            "scheduling": os.sched_getscheduler(0) if hasattr(os, "sched_getscheduler") else 0,
        }

    def harm(self, known: set[int]) -> list[str]:
        """What has changed since the last call, and processes that are not among the known."""
        after = self._state()
        found = [f"{name} changed" for name in after if after[name] != self._before[name]]
        for waiting in (self.listener.accept, lambda: self.datagrams.recv(9)):
            with suppress(BlockingIOError):
                while True:
                    waiting()
                    found.append("it was called over the network")
        found += self._heard
        self._heard.clear()
        found += [f"process left: {process.pid}" for process in _left(known)]
        self._before = after
        return found


def alive() -> list[psutil.Process]:
    """Every process below this one that runs."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def _left(known: set[int]) -> list[psutil.Process]:
    """Processes below this one that are not known, and do not end by themselves at once."""
    deadline = time.monotonic() + _SECONDS_TO_END
    while left := [process for process in alive() if process.pid not in known]:
        if time.monotonic() > deadline:
            return left
        time.sleep(0.01)
    return []


def _file_state(path: Path) -> Any:
    try:
        entry = os.lstat(path)
        return path.read_bytes(), entry.st_mode, entry.st_mtime_ns
    except OSError as error:
        return error.strerror


_FILES = {
    "neighbour": "canary-neighbour",
    "other": "x",
    "victim": "x",
    "moved": "x",
    "mode": "x",
    "key": "canary-key",
    "graders_copy": "x",
    "canary-listed": "x",
}
