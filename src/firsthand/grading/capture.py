"""Take what the learner's code prints within this process."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

MAX_KEPT = 64 << 10  # characters of each stream between two reads


class _Bounded(io.TextIOBase):
    """Keeps the first characters and drops the rest."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._left = MAX_KEPT

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._left:
            self._parts.append(text[: self._left])
            self._left -= len(self._parts[-1])
        return len(text)

    def take(self) -> str:
        text = "".join(self._parts)
        self._parts, self._left = [], MAX_KEPT
        return text


class Capture:
    """Standard output and error of the blocks that `active` surrounds."""

    def __init__(self) -> None:
        self._streams = {"stdout": _Bounded(), "stderr": _Bounded()}

    @contextmanager
    def active(self) -> Iterator[None]:
        """Redirect both streams to this object; they are as before after the block."""
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self._streams["stdout"], self._streams["stderr"]
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before

    def take(self, stream: str) -> str:
        """What was written to "stdout" or "stderr" since the last call."""
        return self._streams[stream].take()
