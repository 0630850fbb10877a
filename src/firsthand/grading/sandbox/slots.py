"""Private folders for workers: made before a worker is forked, emptied after it has ended."""

import ctypes
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from firsthand.grading.sandbox.kernel import check, libc

SLOT_MB = 64
SLOT_FILES = 1000

# Windows, which lacks the two, imports this module and uses nothing of it.
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
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
    """Remove a file or folder whatever modes and depth a submission gave to it; never raises."""
    with suppress(OSError):
        os.unlink(path)
        return
    with suppress(OSError):
        os.chmod(path, stat.S_IRWXU)
        _empty(os.open(path, _FOLDER))
        os.rmdir(path)


def _empty(here: int) -> None:
    """Remove what is in an open folder, and close it.

    Step by step, up by `..`: folders can be nested deeper than calls, paths and descriptors go.
    """
    waiting, names = [_without_files(here)], [""]
    while waiting:
        if waiting[-1]:
            name = waiting[-1].pop()
            with suppress(OSError):
                os.chmod(name, stat.S_IRWXU, dir_fd=here)
                below = os.open(name, _FOLDER, dir_fd=here)
                os.close(here)
                here = below
                waiting.append(_without_files(here))
                names.append(name)
            continue
        waiting.pop()
        name = names.pop()
        if waiting:
            above = os.open("..", _FOLDER, dir_fd=here)
            os.close(here)
            here = above
            with suppress(OSError):
                os.rmdir(name, dir_fd=here)
    os.close(here)


def _without_files(folder: int) -> list[str]:
    """The names of the folders in an open folder, once everything else in it is gone."""
    found = []
    with os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                found.append(entry.name)
            else:
                with suppress(OSError):
                    os.unlink(entry.name, dir_fd=folder)
    return found
