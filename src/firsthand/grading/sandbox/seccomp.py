"""seccomp: from here on, this process makes no system call of `syscalls.DENIED`.

A classic BPF program, as seccomp(2) describes it. Denied calls return EPERM, so that what a learner
sees is an ordinary Python exception. A call of a foreign architecture ends the process.
"""

import ctypes
import errno
import os
import struct
from typing import NamedTuple

from firsthand.grading.sandbox.kernel import (
    MACHINE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_SECCOMP,
    check,
    libc,
    prctl,
)
from firsthand.grading.sandbox.syscalls import ARCHITECTURES, DENIED, JUDGED, MISSING

_FILTER_MODE = 2
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x40000000  # numbers of the x32 interface of x86_64
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000

# fcntl(2): who is told of events on a descriptor, by which signal, and leases.
_FCNTL_OWNERS = (8, 10, 15, 16, 1024, 1026)
_IOCTLS = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP
_PRCTLS = (1, 36, 0x59616D61)  # PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_PTRACER
_AF_UNIX = 1


class Instruction(NamedTuple):
    """struct sock_filter."""

    code: int
    if_true: int
    if_false: int
    value: int


def _load(offset: int) -> Instruction:
    return Instruction(0x20, 0, 0, offset)


def _equal(value: int, if_true: int, if_false: int) -> Instruction:
    return Instruction(0x15, if_true, if_false, value)


def _give(result: int) -> Instruction:
    return Instruction(0x06, 0, 0, result)


_DENY = _give(_ERROR | errno.EPERM)


def supported() -> bool:
    """Whether there is a table for this machine."""
    return MACHINE in ARCHITECTURES


def program(machine: str, pid: int) -> list[Instruction]:
    """The filter for one process.

    machine: a key of `ARCHITECTURES`; pid: the process, which alone it may signal and limit.
    """
    lines = [
        _load(_ARCHITECTURE),
        _equal(ARCHITECTURES[machine], 1, 0),
        _give(_KILL),
        _load(_NUMBER),
    ]
    if machine == "x86_64":
        lines += [Instruction(0x35, 0, 1, _X32), _give(_KILL)]
    for numbers in DENIED.values():
        if (number := getattr(numbers, machine)) is not None:
            lines += [_equal(number, 0, 1), _DENY]
    for numbers in MISSING.values():
        lines += [_equal(getattr(numbers, machine), 0, 1), _give(_ERROR | errno.ENOSYS)]
    lines += _judged(machine, "socketpair", 0, allowed=(_AF_UNIX,))
    lines += _judged(machine, "tgkill", 0, allowed=(pid,))
    lines += _judged(machine, "prlimit64", 0, allowed=(0, pid))
    lines += _judged(machine, "sched_setaffinity", 0, allowed=(0, pid))
    lines += _judged(machine, "ioctl", 1, denied=_IOCTLS)
    lines += _judged(machine, "fcntl", 1, denied=_FCNTL_OWNERS)
    lines += _judged(machine, "prctl", 0, denied=_PRCTLS)
    return [*lines, _give(_ALLOW)]


def _judged(
    machine: str,
    name: str,
    argument: int,
    *,
    allowed: tuple[int, ...] = (),
    denied: tuple[int, ...] = (),
) -> list[Instruction]:
    """A call that one argument decides: only these allowed, or only these denied."""
    listed, other = (allowed, _DENY) if allowed else (denied, _give(_ALLOW))
    ending = [other, _give(_ALLOW) if allowed else _DENY]
    # A match jumps over what is left of the list, and over `other`.
    tests = [_equal(v, len(listed) - index, 0) for index, v in enumerate(listed)]
    body = [_load(_ARGUMENTS + 8 * argument), *tests, *ending]
    return [_equal(getattr(JUDGED[name], machine), 0, len(body)), *body]


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def restrict() -> None:
    """Install the filter in this process, for good. Raises OSError where the kernel refuses."""
    if not supported():
        raise OSError(errno.ENOSYS, f"there is no table of system calls for {MACHINE}")
    lines = program(MACHINE, os.getpid())
    raw = b"".join(struct.pack("HBBI", *line) for line in lines)
    buffer = ctypes.create_string_buffer(raw, len(raw))
    table = _Program(len(lines), ctypes.addressof(buffer))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    result = libc.prctl(PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(table), 0, 0)
    check(result, "seccomp")
