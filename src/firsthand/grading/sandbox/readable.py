"""What a worker may read: an explicit list, never `sys.path`, which may hold the course."""

import os
import site
import sys
import sysconfig
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]

# /proc is not on it: it shows the other processes of the same machine.
SYSTEM = (
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/sys/devices/system/cpu",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


def readable_paths() -> list[Path]:
    """The system's libraries, this interpreter, the installed packages and firsthand itself."""
    paths = [Path(text) for text in SYSTEM]
    interpreter = [sys.prefix, sys.base_prefix, sys.executable]
    paths += [Path(text) for name in interpreter for text in (name, os.path.realpath(name))]
    installed = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib")}
    installed |= {sysconfig.get_path("platlib"), *site.getsitepackages()}
    paths += [Path(text) for text in sorted(installed)]
    # An installation in place stands in the repository, beside the solutions: of it only this.
    paths.append(PACKAGE)
    return _outermost([path for path in paths if path.exists()])


def _outermost(paths: list[Path]) -> list[Path]:
    """Each path once, and none that lies in another."""
    kept: list[Path] = []
    for path in sorted(set(paths), key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return kept
