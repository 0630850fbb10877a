"""Calls to the kernel that Python has no function for."""

import ctypes
import os
import platform
import sys
from typing import Any

IS_LINUX = sys.platform == "linux"
MACHINE = platform.machine()

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # prctl(2)
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 24, 38, 22

# Windows has no library of this kind, and there nothing here is called.
libc: Any = ctypes.CDLL(None, use_errno=True) if sys.platform != "win32" else None


def check(result: int, what: str) -> int:
    """The result of a call. Raises OSError, which names the call, where it is negative."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int | ctypes.Array[ctypes.c_char] = 0, extra: object = 0) -> None:
    """Set a property of this process (the system call); nothing on macOS. Raises OSError."""
    if IS_LINUX:
        check(libc.prctl(option, value, extra, 0, 0), f"prctl {option}")


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this signal when the parent ends. A change of user clears it."""
    prctl(PR_SET_PDEATHSIG, signal_number)
