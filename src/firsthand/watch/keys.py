"""The window in a terminal: single keys in, whole screens out, and the terminal as it was after.

It is given back on every way out: the end, an exception, a signal that ends the process, and
Ctrl-Z, after which `fg` draws the window again.
"""

import os
import re
import shutil
import signal
import sys
import termios
import tty
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self

ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"  # another screen, no cursor, empty
LEAVE = "\x1b[?25h\x1b[?1049l"
HOME, LINE_END, BELOW = "\x1b[H", "\x1b[K", "\x1b[J"
INTERRUPTED = 130
_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.)")


class Terminal:
    """A context manager around the two ends of a terminal.

    told: called in the main thread with "resized" or "suspend", or with an exit code when a
    signal asks for the end (130 for Ctrl-C).
    """

    def __init__(self, told: Callable[[str | int], None]) -> None:
        self._told = told
        self._input = sys.stdin.fileno()
        self._output = sys.stdout
        self._saved: list[Any] = []
        self._handlers: dict[int, Any] = {}

    @property
    def descriptor(self) -> int:
        """Where keys can be waited for."""
        return self._input

    def __enter__(self) -> Self:
        self._saved = termios.tcgetattr(self._input)
        for number in (signal.SIGWINCH, signal.SIGCONT, signal.SIGTSTP):
            self._handlers[number] = signal.signal(number, self._signalled)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._handlers[number] = signal.signal(number, self._signalled)
        self._take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._give()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def keys(self) -> str | None:
        """The keys that wait to be read; None where none can come any more, as after a hangup.

        Arrow keys and the like, which are sequences after an escape, are left out.
        """
        try:
            raw = os.read(self._input, 64)
        except OSError:
            return None
        return _SEQUENCE.sub("", raw.decode("utf-8", errors="replace")) if raw else None

    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        size = shutil.get_terminal_size((80, 24))
        with suppress(OSError):
            size = os.get_terminal_size(self._output.fileno())
        return size.columns or 80, size.lines or 24

    def show(self, lines: Sequence[str]) -> None:
        """Draw the whole screen over the last one, without flicker."""
        self._write(HOME + "\r\n".join(line + LINE_END for line in lines) + BELOW)

    def suspend(self) -> None:
        """Stop this process as Ctrl-Z does elsewhere; returns when it goes on."""
        self._give()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._signalled)
        self._take()

    def _take(self) -> None:
        tty.setcbreak(self._input, termios.TCSANOW)
        self._write(ENTER)

    def _give(self) -> None:
        self._write(LEAVE)
        with suppress(termios.error):  # after a hangup there is no terminal to give back
            termios.tcsetattr(self._input, termios.TCSADRAIN, self._saved)

    def _write(self, text: str) -> None:
        with suppress(OSError):
            self._output.write(text)
            self._output.flush()

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGTSTP:
            self._told("suspend")
        elif number == signal.SIGWINCH:
            self._told("resized")
        elif number == signal.SIGCONT:
            self._take()  # whoever stopped this process may have changed the terminal
            self._told("resized")
        else:
            self._told(INTERRUPTED if number == signal.SIGINT else 128 + number)
