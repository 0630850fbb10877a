"""Landlock: from here on, this process opens only files below the folders that are listed.

Source: the kernel's userspace API page on Landlock (linux/Documentation/userspace-api/landlock.rst)
and include/uapi/linux/landlock.h.
"""

import errno
import os
import stat
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from firsthand.grading.sandbox.kernel import IS_LINUX, PR_SET_NO_NEW_PRIVS, check, libc, prctl

SCOPES = 6  # the first ABI that keeps signals and abstract sockets inside

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls, alike on every architecture
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_SOCK, _MAKE_FIFO, _MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 10, 1 << 11
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # number of file rights of an ABI; 16 from ABI 5
_FIRST_DESCRIPTOR = 10  # below stand a worker's own


class Opened(NamedTuple):
    """A path, opened once for many rules."""

    descriptor: int
    is_folder: bool


def abi() -> int:
    """The kernel's Landlock version; 0 where there is none, or where it is forbidden."""
    return max(0, libc.syscall(_CREATE, None, 0, _VERSION)) if IS_LINUX else 0


def open_paths(paths: Sequence[Path]) -> list[Opened]:
    """Open paths for `restrict`. What does not exist is left out: nobody can read it."""
    import fcntl  # here: Windows, which lacks it, imports this module to learn that it has no walls

    opened = []
    for path in paths:
        try:
            low = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        descriptor = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, _FIRST_DESCRIPTOR)
        os.close(low)
        opened.append(Opened(descriptor, stat.S_ISDIR(os.fstat(descriptor).st_mode)))
    return opened


def restrict(readable: Sequence[Opened], writable: Sequence[Opened]) -> int:
    """Give up, for good, every file but these, TCP, and signals to other processes.

    Nothing can be executed or made into a device, socket or pipe, below the writable ones either.
    Returns the ABI. Raises OSError where Landlock is missing or refuses.
    """
    version = abi()
    if version < 1:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock")
    rights = (1 << _RIGHTS.get(version, 16)) - 1
    network, scoped = (3 if version >= 4 else 0), (3 if version >= SCOPES else 0)
    attributes = struct.pack("QQQ", rights, network, scoped)
    size = 24 if version >= SCOPES else 16 if version >= 4 else 8
    ruleset = check(libc.syscall(_CREATE, attributes, size, 0), "landlock_create_ruleset")
    made = rights & ~(_EXECUTE | _MAKE_CHAR | _MAKE_SOCK | _MAKE_FIFO | _MAKE_BLOCK | _IOCTL)
    for paths, allowed in ((readable, _READ_FILE | _READ_DIR), (writable, made)):
        for descriptor, is_folder in paths:
            fitting = allowed if is_folder else allowed & (_READ_FILE | _WRITE_FILE | _TRUNCATE)
            rule = struct.pack("=Qi", fitting & rights, descriptor)
            check(libc.syscall(_ADD, ruleset, _PATH_BENEATH, rule, 0), "landlock_add_rule")
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    check(libc.syscall(_RESTRICT, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)
    return version
