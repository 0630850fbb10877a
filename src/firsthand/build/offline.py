"""Refuse every connection that is not to this machine, by Python's own audit hook.

Units must run without a network. While a solution notebook or the graders run for a build or a
check, `blocked` makes any attempt an error that names the address. Code that leaves Python (a
native library, another program) is not seen by it; the walls around a grading worker see to those.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_LOCAL = ("127.", "localhost", "::1", "0.0.0.0")
_state = {"installed": False, "blocked": False}


class NetworkUse(OSError):
    """Something tried to reach another machine."""


def block() -> None:
    """Refuse from now on, until the process ends."""
    if not _state["installed"]:
        sys.addaudithook(_refuse)  # a hook cannot be removed again, so it asks a switch
        _state["installed"] = True
    _state["blocked"] = True


@contextmanager
def blocked() -> Iterator[None]:
    """Refuse inside the `with` block."""
    before = _state["blocked"]
    block()
    try:
        yield
    finally:
        _state["blocked"] = before


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if not _state["blocked"] or not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        address = (arguments[0],)
    else:
        return
    host = address[0] if isinstance(address, tuple) else None
    host = host.decode(errors="replace") if isinstance(host, bytes) else host
    # A string address is a local (Unix) socket.
    if host and not str(host).startswith(_LOCAL):
        raise NetworkUse(f"no network here: something tried to reach {host!r}. Ship the data.")
