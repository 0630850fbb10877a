"""Run a program as an ordinary user, also where the tests run as root."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import firsthand
from firsthand.grading.sandbox import bubblewrap

UID = 54321


def unavailable() -> str:
    """Why nothing can be run as an ordinary user here, or ""."""
    if os.geteuid() != 0 or bubblewrap.program():
        return ""
    return "root needs bubblewrap to become an ordinary user who can reach the interpreter"


def run_python(*arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """This interpreter with these arguments, as a user without rights, in a folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o777)
        # Packages below another folder than `src` are the installed ones.
        environment = {
            "HOME": home,
            "TMPDIR": home,
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            [*_becoming_ordinary(), sys.executable, *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=home,
            env=environment,
        )


def _becoming_ordinary() -> list[str]:
    if os.geteuid() != 0:
        return []
    line = [bubblewrap.program() or "bwrap", "--dev-bind", "/", "/", "--die-with-parent"]
    needed = [Path(sys.prefix), Path(sys.base_prefix), Path(firsthand.__file__).parent]
    for path in (path.resolve() for path in needed):
        parents = [*reversed(path.parents)][1:]
        closed = [parent for parent in parents if not parent.stat().st_mode & 0o001]
        if closed:  # a home of mode 0700: the user sees only this path of it
            line += ["--perms", "0755", "--tmpfs", str(closed[0])]
            for parent in parents[parents.index(closed[0]) + 1 :]:
                line += ["--perms", "0755", "--dir", str(parent)]
            line += ["--ro-bind", str(path), str(path)]
    identity = [f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "--bounding-set=-all"]
    return [*line, "--", "setpriv", *identity]
