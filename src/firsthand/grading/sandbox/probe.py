"""Try the walls from inside, before anything counts: a wall that nobody tried is a hope.

A worker is started as for a submission, and its code tries what a submission must not do.
`breaches` tells what it managed to.
"""

from collections.abc import Sequence
from pathlib import Path

from firsthand.grading.client import Session, SubmissionError
from firsthand.grading.sandbox import MEND

_SECONDS = 20.0

# Each attempt returns True where it succeeded. OSError and RuntimeError are how a wall says no.
SOURCE = r"""
import ctypes, os, signal, socket

def opened(path):
    os.close(os.open(path, os.O_RDONLY))
    return True

def connected():
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    return True

def local_socket():
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()
    return True

def forked():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True

def executed():
    return os.posix_spawn("/usr/bin/true", ["true"], {}) > 0

def signalled():
    os.kill(os.getppid(), 0)
    return True

def traced():
    return ctypes.CDLL(None).ptrace(0x4206, os.getppid(), 0, 0) == 0  # PTRACE_SEIZE

def listed(path):
    return len(os.listdir(path)) > 0

def wrote(path):
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    return True

def changed_mode():
    os.close(os.open("probe", os.O_WRONLY | os.O_CREAT, 0o600))
    os.chmod("probe", 0)
    return True

ATTEMPTS = {
    "open a network socket": connected,
    "open a socket of this machine": local_socket,
    "start another process": forked,
    "run another program": executed,
    "signal the process that started it": signalled,
    "trace the process that started it": traced,
    "see other processes": lambda: listed("/proc/1"),
    "write outside of its folder": lambda: wrote("/tmp/probe") or wrote("/var/tmp/probe"),
    "change the mode of a file": changed_mode,
}

def attempt(action):
    try:
        return bool(action())
    except (OSError, RuntimeError):
        return False

def probe(paths):
    found = [name for name, action in ATTEMPTS.items() if attempt(action)]
    return found + [f"read {path}" for path in paths if attempt(lambda: opened(path))]

def usable():
    import colorsys, einops, matplotlib.pyplot, numpy, torch.distributions
    with open("note", "w") as file:
        file.write("x")
    return os.path.exists("note") and bool(torch.ones(2) @ torch.ones(2) == 2)
"""


def breaches(session: Session, secrets: Sequence[Path]) -> list[str]:
    """What code in this worker managed to do that a submission must not. Ends the worker.

    secrets: paths that nothing inside may open.
    Raises RuntimeError where ordinary work fails inside: then the walls are too narrow here.
    """
    try:
        (result,) = session.run_cells([("probe", SOURCE)], seconds=_SECONDS)
        if result.status != "ok" or not session.submission.usable():
            raise RuntimeError(f"the walls keep ordinary code from working: {result.message}")
        found = session.submission.probe([str(path) for path in secrets])
    except SubmissionError as error:
        raise RuntimeError(f"the walls keep ordinary code from working: {error}") from None
    finally:
        session.close()
    return [str(name) for name in found]


def require_tight(session: Session, secrets: Sequence[Path]) -> None:
    """Raise RuntimeError where the walls around this worker do not hold. Ends the worker."""
    if found := breaches(session, secrets):
        raise RuntimeError(
            f"isolation {session.isolation!r} does not hold on this machine: code inside could "
            f"{'; '.join(found)}. Nothing was graded. {MEND}"
        )
