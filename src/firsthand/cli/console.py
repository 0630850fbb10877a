"""What a terminal can show: its width, colours and characters."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from firsthand import render

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

MAX_WIDTH = 100


def width() -> int:
    """Columns to write in; lines longer than 100 are hard to read."""
    return min(shutil.get_terminal_size((80, 24)).columns, MAX_WIDTH)


def colour(stream: TextIO | None = None) -> bool:
    """Whether to colour what goes to `stream`: a terminal that is not "dumb", and no NO_COLOR."""
    stream = stream or sys.stdout
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(text: str = "", *, stream: TextIO | None = None) -> None:
    """Print a line; in plain characters where the stream's encoding lacks ours."""
    stream = stream or sys.stdout
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        text = render.ascii_only(text)
    print(text, file=stream, flush=True)


def short(path: Path) -> str:
    """The path as short as it can be typed from here."""
    relative = os.path.relpath(path)
    return relative if not relative.startswith(os.pardir) else str(path)


def rich_console() -> "Console":
    """Rich's console on stdout, for the authors' commands."""
    from rich.console import Console

    return Console(highlight=False)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """A spinner on stderr while something runs; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def bar() -> "Progress":
    """A progress bar on stderr, apart from the results; hidden where nobody watches."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
