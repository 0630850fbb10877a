"""What seccomp denies: the numbers of system calls, by architecture.

Source: include/uapi/asm-generic/unistd.h and arch/x86/entry/syscalls/syscall_64.tbl of Linux. A
test holds the tables to the headers where a machine has them.
"""

from typing import NamedTuple


class Numbers(NamedTuple):
    """The number of a system call; None where the architecture lacks it."""

    x86_64: int | None
    aarch64: int | None


ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_*, linux/audit.h

# Denied by class, for a list of single calls had holes: every
# call that takes a pid, that changes what a file is, that makes a named or shared object.
DENIED = {
    # Another program, or another process.
    "execve": Numbers(59, 221),
    "execveat": Numbers(322, 281),
    "fork": Numbers(57, None),
    "vfork": Numbers(58, None),
    "clone": Numbers(56, 220),
    # Every call that takes the pid of another process.
    "ptrace": Numbers(101, 117),
    "kill": Numbers(62, 129),
    "tkill": Numbers(200, 130),
    "rt_sigqueueinfo": Numbers(129, 138),
    "rt_tgsigqueueinfo": Numbers(297, 240),
    "pidfd_open": Numbers(434, 434),
    "pidfd_getfd": Numbers(438, 438),
    "pidfd_send_signal": Numbers(424, 424),
    "process_vm_readv": Numbers(310, 270),
    "process_vm_writev": Numbers(311, 271),
    "kcmp": Numbers(312, 272),
    "get_robust_list": Numbers(274, 100),
    "process_madvise": Numbers(440, 440),
    "process_mrelease": Numbers(448, 448),
    "migrate_pages": Numbers(256, 238),
    "move_pages": Numbers(279, 239),
    "setpgid": Numbers(109, 154),
    "setsid": Numbers(112, 157),
    "setpriority": Numbers(141, 140),
    "sched_setscheduler": Numbers(144, 119),
    "sched_setparam": Numbers(142, 118),
    "sched_setattr": Numbers(314, 274),
    "ioprio_set": Numbers(251, 30),
    "ioprio_get": Numbers(252, 31),
    # The network, and sockets of this machine.
    "socket": Numbers(41, 198),
    "connect": Numbers(42, 203),
    "bind": Numbers(49, 200),
    "listen": Numbers(50, 201),
    "accept": Numbers(43, 202),
    "accept4": Numbers(288, 242),
    # Objects that have a name or can be shared.
    "memfd_create": Numbers(319, 279),
    "memfd_secret": Numbers(447, 447),
    "shmget": Numbers(29, 194),
    "shmat": Numbers(30, 196),
    "shmctl": Numbers(31, 195),
    "semget": Numbers(64, 190),
    "semop": Numbers(65, 193),
    "semctl": Numbers(66, 191),
    "semtimedop": Numbers(220, 192),
    "msgget": Numbers(68, 186),
    "msgsnd": Numbers(69, 189),
    "msgrcv": Numbers(70, 188),
    "mq_open": Numbers(240, 180),
    "mq_unlink": Numbers(241, 181),
    "flock": Numbers(73, 32),
    "add_key": Numbers(248, 217),
    "request_key": Numbers(249, 218),
    "keyctl": Numbers(250, 219),
    "inotify_init": Numbers(253, None),
    "inotify_init1": Numbers(294, 26),
    "fanotify_init": Numbers(300, 262),
    # What Landlock does not cover: modes, owners, times and attributes of files.
    "chmod": Numbers(90, None),
    "fchmod": Numbers(91, 52),
    "fchmodat": Numbers(268, 53),
    "fchmodat2": Numbers(452, 452),
    "chown": Numbers(92, None),
    "fchown": Numbers(93, 55),
    "lchown": Numbers(94, None),
    "fchownat": Numbers(260, 54),
    "utime": Numbers(132, None),
    "utimes": Numbers(235, None),
    "futimesat": Numbers(261, None),
    "utimensat": Numbers(280, 88),
    "setxattr": Numbers(188, 5),
    "lsetxattr": Numbers(189, 6),
    "fsetxattr": Numbers(190, 7),
    "setxattrat": Numbers(463, 463),
    "removexattr": Numbers(197, 14),
    "lremovexattr": Numbers(198, 15),
    "fremovexattr": Numbers(199, 16),
    "removexattrat": Numbers(466, 466),
    "mknod": Numbers(133, None),
    "mknodat": Numbers(259, 33),
    "name_to_handle_at": Numbers(303, 264),
    "open_by_handle_at": Numbers(304, 265),
    # Other users and rights.
    "setuid": Numbers(105, 146),
    "setgid": Numbers(106, 144),
    "setreuid": Numbers(113, 145),
    "setregid": Numbers(114, 143),
    "setresuid": Numbers(117, 147),
    "setresgid": Numbers(119, 149),
    "setfsuid": Numbers(122, 151),
    "setfsgid": Numbers(123, 152),
    "setgroups": Numbers(116, 159),
    "capset": Numbers(126, 91),
    "personality": Numbers(135, 92),
    # Namespaces and mounts.
    "unshare": Numbers(272, 97),
    "setns": Numbers(308, 268),
    "mount": Numbers(165, 40),
    "umount2": Numbers(166, 39),
    "pivot_root": Numbers(155, 41),
    "chroot": Numbers(161, 51),
    "fsopen": Numbers(430, 430),
    "fsconfig": Numbers(431, 431),
    "fsmount": Numbers(432, 432),
    "fspick": Numbers(433, 433),
    "move_mount": Numbers(429, 429),
    "open_tree": Numbers(428, 428),
    "open_tree_attr": Numbers(467, 467),
    "mount_setattr": Numbers(442, 442),
    "statmount": Numbers(457, 457),
    "listmount": Numbers(458, 458),
    # Parts of the kernel in which holes were found, and that no submission needs.
    "bpf": Numbers(321, 280),
    "perf_event_open": Numbers(298, 241),
    "userfaultfd": Numbers(323, 282),
    "io_uring_setup": Numbers(425, 425),
    "io_uring_enter": Numbers(426, 426),
    "io_uring_register": Numbers(427, 427),
    "io_setup": Numbers(206, 0),
    "seccomp": Numbers(317, 277),
    "landlock_create_ruleset": Numbers(444, 444),
    "init_module": Numbers(175, 105),
    "finit_module": Numbers(313, 273),
    "delete_module": Numbers(176, 106),
    "kexec_load": Numbers(246, 104),
    "kexec_file_load": Numbers(320, 294),
    "reboot": Numbers(169, 142),
    "swapon": Numbers(167, 224),
    "swapoff": Numbers(168, 225),
    "syslog": Numbers(103, 116),
    "acct": Numbers(163, 89),
    "quotactl": Numbers(179, 60),
    "quotactl_fd": Numbers(443, 443),
    "vhangup": Numbers(153, 58),
    "iopl": Numbers(172, None),
    "ioperm": Numbers(173, None),
    "lookup_dcookie": Numbers(212, 18),
    "modify_ldt": Numbers(154, None),
}

# glibc falls back to clone, which is denied, where this one is missing.
MISSING = {"clone3": Numbers(435, 435)}

# Allowed for some arguments alone (`seccomp.program`).
JUDGED = {
    "socketpair": Numbers(53, 199),
    "tgkill": Numbers(234, 131),
    "ioctl": Numbers(16, 29),
    "fcntl": Numbers(72, 25),
    "prctl": Numbers(157, 167),
    "prlimit64": Numbers(302, 261),
    "sched_setaffinity": Numbers(203, 122),
}
