"""`firsthand watch` in a real pseudo-terminal: what it draws, and the terminal afterwards."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

HOME, BELOW = "\x1b[H", "\x1b[J"
ESCAPE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
SCRIPT = "from firsthand.cli import app\n{before}\napp()"


def plain(text):
    """The text without escape sequences."""
    return ESCAPE.sub("", text).replace("\r\n", "\n")


class Window:
    """The command in a terminal of its own. A context manager; what still runs at its end is ended.

    before: statements that its process runs first.
    """

    def __init__(self, *arguments, cwd, columns=90, lines=30, before="", command=(), **environment):
        self.master, self._slave = pty.openpty()
        self.resize(columns, lines)
        self.before = termios.tcgetattr(self._slave)
        script = SCRIPT.format(before=before)
        known = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            command or [sys.executable, "-c", script, "watch", *arguments],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=cwd,
            env=known | {"TERM": "xterm-256color", "OMP_NUM_THREADS": "1"} | environment,
            start_new_session=True,
            # The terminal becomes the session's own, so that Ctrl-C and Ctrl-Z are signals.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.output = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._slave)
        os.close(self.master)

    def press(self, keys):
        os.write(self.master, keys.encode())

    def resize(self, columns, lines):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def settings(self):
        """The terminal's settings now, to compare with `before`."""
        return termios.tcgetattr(self._slave)

    def raw(self):
        """The last whole screen, with its escape sequences."""
        start = self.output.rfind(HOME, 0, self.output.rfind(BELOW) + 1)
        return self.output[start : self.output.rfind(BELOW)] if start >= 0 else ""

    def screen(self):
        """The lines of the last whole screen, as a person reads them."""
        return [line.rstrip() for line in plain(self.raw()).split("\n")]

    def read(self, seconds):
        """Take in what is drawn, for at most so long; False where nothing came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            self.output += os.read(self.master, 1 << 16).decode(errors="replace")
        except OSError:
            return False
        return True

    def wait(self, *wanted, seconds=60, without=()):
        """Wait until the screen shows all of `wanted` and nothing of `without`; the screen."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            text = "\n".join(self.screen())
            if all(part in text for part in wanted) and not any(p in text for p in without):
                return text
            if not self.read(0.2) and self.process.poll() is not None:
                break
        raise AssertionError(f"{wanted} not seen in:\n{self.output[-3000:]}\n{self.screen()}")

    def wait_output(self, wanted, *, seconds=30):
        """Wait until all that was ever written holds `wanted`."""
        until = time.monotonic() + seconds
        while wanted not in self.output and time.monotonic() < until:
            self.read(0.2)
        assert wanted in self.output, self.output[-3000:]

    def end(self, seconds=20):
        """Wait for the end; the exit code."""
        until = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.1)
        while self.read(0.05):
            pass
        return self.process.wait(1)
