"""The process that the learner's cells run in: their names, and silence while graders run."""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from types import FrameType
from typing import Any


def shell() -> Any:
    """IPython's shell, or None in plain Python."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def in_terminal() -> bool:
    """Whether a person reads this in a terminal, so that no nbgrader can be listening."""
    here = shell()
    return here is None or type(here).__name__ == "TerminalInteractiveShell"


def in_script() -> bool:
    """Whether this is plain Python at which nobody types: it shows no value by itself."""
    return shell() is None and not hasattr(sys, "ps1")


def namespace(caller: FrameType) -> dict[str, Any]:
    """The names of the learner's cells: IPython's, else those of the calling module."""
    here = shell()
    return here.user_ns if here is not None else caller.f_globals


def show(value: Any) -> None:
    """Show a value as the last line of a cell would, and as text in plain Python."""
    if shell() is None:
        print(repr(value))
    else:
        import IPython.display

        IPython.display.display(value)  # type: ignore[no-untyped-call]


def notebook_folders() -> list[str]:
    """Where the notebook may lie: the current folder, and what Jupyter or VS Code say."""
    here = shell()
    paths = [os.environ.get("JPY_SESSION_NAME", "")]
    if here is not None:
        paths.append(str(here.user_ns.get("__vsc_ipynb_file__", "")))
    return [os.getcwd(), *(os.path.dirname(p) for p in paths if os.path.isabs(p))]


@contextmanager
def quiet() -> Iterator[None]:
    """Keep stderr and rich output of whatever runs inside out of the cell.

    nbgrader scores a cell 0 when anything reaches its stderr, be it a warning of correct code.
    Handlers of `logging` hold the stream itself, and compiled code writes to the file descriptor,
    so all three ways are closed.
    """
    with ExitStack() as stack:
        stack.enter_context(_displays_dropped())
        stack.enter_context(_descriptor_dropped())
        stack.enter_context(_writes_dropped(sys.stderr))
        stack.enter_context(redirect_stderr(io.StringIO()))
        yield


@contextmanager
def _displays_dropped() -> Iterator[None]:
    if shell() is None:
        yield
        return
    from IPython.utils.capture import capture_output

    with capture_output(stdout=False, stderr=False, display=True):
        yield


@contextmanager
def _writes_dropped(stream: Any) -> Iterator[None]:
    try:
        stream.write = len
    except AttributeError:  # a stream of C, or none at all: nothing holds on to it here
        yield
        return
    try:
        yield
    finally:
        del stream.write


@contextmanager
def _descriptor_dropped() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:  # closed, as under some services
        yield
        return
    with tempfile.TemporaryFile() as nowhere:
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
