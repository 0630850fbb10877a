"""Private folders for workers: made before a worker is forked, emptied after it has ended."""

import ctypes
import os
import secrets
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from firsthand.grading.sandbox.kernel import check, libc

SLOT_MB = 64
SLOT_FILES = 1000

_NOSUID, _NODEV, _NOEXEC = 2, 4, 8  # mount(2)


class Slots:
    """Folders below `home`, one for each worker alive.

    With `count`, that many exist for good and each is mounted with a limit on bytes and on files
    (bubblewrap's own have none on files). Without, each is made when it is needed.
    """

    def __init__(self, home: Path, *, count: int = 0) -> None:
        self._home = home
        self._free = [home / str(number) for number in range(count)] if count else None
        self._made = 0
        for slot in self._free or ():
            _mount(slot)

    def take(self) -> Path:
        """An empty folder. Raises RuntimeError where all are in use."""
        if self._free is None:
            self._made += 1
            slot = self._home / f"worker-{self._made}"
            slot.mkdir(mode=0o700)
            return slot
        if not self._free:
            raise RuntimeError("too many workers are alive: close a session first")
        return self._free.pop()

    def give_back(self, slot: Path) -> None:
        """Empty a folder whose worker has ended. Never raises."""
        if self._free is None:
            remove(slot)
            return
        with suppress(OSError):
            os.chown(slot, os.geteuid(), os.getegid())
            os.chmod(slot, stat.S_IRWXU)
        with suppress(OSError):
            for name in os.listdir(slot):
                remove(slot / name)
        self._free.append(slot)


def inner_folder(slot: Path, uid: int | None) -> Path:
    """The worker's own folder in its slot, of a name that the other workers cannot guess.

    uid: the user that gets slot and folder; None leaves them.
    """
    folder = slot / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    if uid is not None:
        for path in (folder, slot):
            os.chown(path, uid, uid)
    return folder


def _mount(slot: Path) -> None:
    limits = f"size={SLOT_MB}m,nr_inodes={SLOT_FILES},mode=700".encode()
    flags = ctypes.c_ulong(_NOSUID | _NODEV | _NOEXEC)
    check(libc.mount(b"tmpfs", bytes(slot), b"tmpfs", flags, limits), f"mount {slot}")


def remove(path: Path) -> None:
    """Remove a file or folder whatever modes a submission gave to its parts; never raises."""

    def open_up(failed: Callable[[str], Any], name: str, _: Any) -> None:
        with suppress(OSError):
            os.chmod(os.path.dirname(name), stat.S_IRWXU)
            if not os.path.islink(name):
                os.chmod(name, stat.S_IRWXU)
            if failed in (os.open, os.scandir, os.lstat, os.listdir):
                shutil.rmtree(name, ignore_errors=True)
            else:
                failed(name)

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, onerror=open_up)
    else:
        with suppress(OSError):
            path.unlink()
