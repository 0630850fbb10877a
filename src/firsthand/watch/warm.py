"""The window's side of the grading process: start it, send jobs, pass its answers on."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from firsthand.unit import Cell, Unit

END_SECONDS = 0.5
MAX_SAID = 4000  # characters of what a process that ended has said


class Warm:
    """A grading process that stays ready, started at once.

    tell: called from a thread with each message, described in `grader_process`, and with
    {"ended": text} where the process ends without being asked to.
    """

    def __init__(self, unit: Unit, tell: Callable[[dict[str, Any]], None]) -> None:
        self._unit = unit
        self._tell = tell
        self._closing = False
        self._start()

    @property
    def pid(self) -> int:
        """The number of the grading process."""
        return self._process.pid

    def grade(
        self,
        job: int,
        cells: Sequence[Cell],
        exercises: Sequence[str],
        known_right: Sequence[str],
        name: str,
    ) -> None:
        """Ask for a report. It takes the place of all jobs before. Starts a process that ended."""
        message = {
            "job": job,
            "cells": [[c.kind, c.name, c.source, c.seconds] for c in cells],
            "exercises": list(exercises),
            "known_right": list(known_right),
            "name": name,
        }
        if self._process.poll() is not None:
            self._start()
        with suppress(OSError):  # it has just ended: its reader says so
            self._input.write(json.dumps(message) + "\n")
            self._input.flush()

    def close(self) -> None:
        """Let it end. It ends its workers by itself, so this hardly waits."""
        self._closing = True
        with suppress(OSError):
            self._input.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)

    def _start(self) -> None:
        self._said = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "firsthand.watch.grader_process", str(self._unit.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            # Ctrl-C in the window is for the window.
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
        assert self._process.stdin is not None
        self._input = self._process.stdin
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._tell(json.loads(line))
        process.wait()
        if not self._closing:
            self._said.seek(0)
            said = self._said.read().decode(errors="replace").strip()
            self._tell({"ended": f"status {process.returncode}\n{said[-MAX_SAID:]}".strip()})
