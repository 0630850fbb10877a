"""Real disks that are full or read-only: a small tmpfs, which only root can mount."""

import os
import subprocess
from contextlib import contextmanager, suppress

import pytest

SIZE = 256  # KiB


def _mount(*arguments):
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()[:80]}")


@contextmanager
def small_disk(folder):
    """A disk of its own at `folder`; what was in the folder is copied to it."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={SIZE}k", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder):
    """Leave no byte free."""
    with suppress(OSError), (folder / "filler").open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass


def make_readonly(folder):
    """Let nothing be written to the disk at `folder` any more, by root either."""
    _mount("-o", "remount,ro", str(folder))
