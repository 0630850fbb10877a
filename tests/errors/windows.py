"""A process that looks like Windows to firsthand: `python windows.py COURSE STATEMENT`.

The packages that we use are imported first, as themselves; then what Windows lacks is taken away,
and the statement runs.
"""

import asyncio
import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys

import jinja2
import matplotlib.pyplot
import numpy
import pytest
import rich.console
import rich.progress
import torch
import typer.testing

WANTED = (asyncio, jinja2, matplotlib, numpy, pytest, rich, shutil, subprocess, torch, typer)
MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")
NAMES = {
    os: """fork geteuid getegid getuid getgid setsid killpg chown sysconf uname wait4 WNOHANG
        sched_getaffinity O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK O_PATH""",
    select: "poll epoll",
    signal: "SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGTSTP SIGWINCH ITIMER_REAL setitimer",
    socket: "AF_UNIX send_fds recv_fds",
}


class Missing:
    """A finder that knows nothing of these modules."""

    def find_spec(self, name, path=None, target=None):
        """Refuse them; leave others to the next finder."""
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def library(name, *arguments, **options):
    """What ctypes does there with no name."""
    raise TypeError("LoadLibrary() argument 1 must be str, not None")


def pretend():
    """Take away what Windows lacks."""
    sys.meta_path.insert(0, Missing())
    for name in MODULES:
        sys.modules.pop(name, None)
    for module, names in NAMES.items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    ctypes.CDLL = library
    sys.platform = "win32"


def run(*arguments):
    """Run `firsthand` here, and print what it prints and its exit code, on one line each."""
    from firsthand.cli import app

    result = typer.testing.CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    print(result.output)
    print(arguments[0], "ended with", result.exit_code)


if __name__ == "__main__":
    os.environ["FIRSTHAND_COURSE"] = sys.argv[1]
    pretend()
    exec(sys.argv[2])
