"""bubblewrap: the outer wall, around the warm process and all workers that it forks.

Inside there is no network, a read-only system, nothing of the course but the package, and one
private folder for each worker alive. bubblewrap runs another program and so cannot stand around a
fork: what separates the workers are the layers of `walls`.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from firsthand.grading.sandbox.readable import DEVICES, SYSTEM

SLOTS = Path("/slots")
SLOT_COUNT = 9  # workers alive at the same time, with the one that waits
HOME = Path("/tmp")

_HOME_MB = 64
# Rights that the warm process needs: to give a worker its user and folder, to end it, and to clean
# up after it. SYS_ADMIN, for mounting the slots, is given up at once.
_CAPABILITIES = ("SETUID", "SETGID", "SETPCAP", "KILL", "CHOWN", "DAC_OVERRIDE", "FOWNER")
_MOUNTING = "SYS_ADMIN"


def program() -> str | None:
    """The path of bubblewrap's `bwrap`, or None."""
    return shutil.which("bwrap")


def command(
    readable: Sequence[Path], *, files: Sequence[Path] = (), root: bool | None = None
) -> list[str]:
    """The command line of bubblewrap; the program to start and its arguments follow it.

    readable: what can be seen inside, read-only, at its own place. files: what is seen in HOME.
    root: whether root starts it.
    """
    root = os.geteuid() == 0 if root is None else root
    line = [program() or "bwrap", "--die-with-parent", "--new-session"]
    line += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    line += ["--unshare-cgroup-try", "--cap-drop", "ALL"]
    # As root there is no user namespace: it would map one user alone, and workers need their own.
    line += [] if root else ["--unshare-user"]
    for name in (*_CAPABILITIES, _MOUNTING) if root else (_MOUNTING,):
        line += ["--cap-add", f"CAP_{name}"]
    line += ["--size", str(1 << 20), "--tmpfs", "/"]
    # Before the paths that are bound: an environment may itself lie below /tmp.
    line += ["--perms", "1777", "--size", str(_HOME_MB << 20), "--tmpfs", str(HOME)]
    for folder in sorted({parent for path in readable for parent in path.parents[:-1]}):
        if folder != HOME:
            line += ["--perms", "0755", "--dir", str(folder)]  # by itself it makes them 0700
    for path in readable:
        line += _link(path) if path.is_symlink() and str(path) in SYSTEM else _bound(path)
    for file in files:
        line += ["--ro-bind", str(file), str(HOME / file.name)]
    for device in DEVICES:
        line += ["--dev-bind", device, device]
    line += ["--proc", "/proc", "--perms", "0755", "--dir", str(SLOTS)]
    for number in range(SLOT_COUNT):
        line += ["--perms", "0700", "--dir", str(SLOTS / str(number))]
    return [*line, "--remount-ro", "/", "--chdir", str(HOME)]


def _bound(path: Path) -> list[str]:
    return ["--ro-bind", str(path), str(path)]


def _link(path: Path) -> list[str]:
    """/lib -> usr/lib on most systems: the same inside."""
    return ["--symlink", os.readlink(path), str(path)]
