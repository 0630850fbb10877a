"""Give up the rights of root: capabilities, and the user itself."""

import ctypes
import os
import struct

from firsthand.grading.sandbox.kernel import PR_CAPBSET_DROP, check, libc

SYS_ADMIN = 21  # capability(7)

_VERSION = struct.pack("II", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
_COUNT = 41


def drop_capability(number: int) -> None:
    """Give up one capability, for good."""
    data = ctypes.create_string_buffer(24)
    check(libc.capget(_VERSION, data), "capget")
    sets = list(struct.unpack("6I", data.raw))
    for kind in range(3):
        sets[number // 32 * 3 + kind] &= ~(1 << number % 32)
    check(libc.capset(_VERSION, struct.pack("6I", *sets)), "capset")


def become(uid: int | None) -> None:
    """Become this user and group, without any capability; None keeps the present user.

    Raises OSError where the user cannot be taken.
    """
    for capability in range(_COUNT):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # refused where there is nothing to drop
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    check(libc.capset(_VERSION, struct.pack("6I", 0, 0, 0, 0, 0, 0)), "capset")
