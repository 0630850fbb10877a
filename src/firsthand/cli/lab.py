"""Open a notebook in the JupyterLab that is installed beside this Python."""

import importlib.util
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from firsthand.cli.console import say
from firsthand.journal import journal_file
from firsthand.unit import CourseError

HOST = "127.0.0.1"
FIRST_PORT = 8888
PORTS_TRIED = 50
SETTINGS = Path(__file__).parent / "jupyter"  # no news popup, none of the instructor's panels


def open_lab(notebook: Path, root: Path, *, browser: bool, port: int) -> None:
    """Replace this process by JupyterLab, opened on `notebook`. Ctrl+C ends it.

    root: the folder that JupyterLab shows. port: 0 for the first free one from 8888 on.
    Raises CourseError where JupyterLab is missing or the port is taken.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise CourseError(
            f"JupyterLab is not installed for {sys.executable}. "
            "`make learn` installs everything, or: pip install jupyterlab."
        )
    port = _free_port(port)
    token = secrets.token_urlsafe(24)
    page = "/lab/tree/" + quote(notebook.relative_to(root).as_posix())
    say(f"JupyterLab, in a few seconds: http://{HOST}:{port}{page}?token={token}")
    say("Ctrl+C here ends it. Your work stays in work/.")
    _become(_command(root, page, port, browser=browser), os.environ | _environment(token))


def _become(command: list[str], environment: Mapping[str, str]) -> None:
    """Run a command in the place of this process; below it on Windows, which cannot do that."""
    if os.name == "nt":
        with suppress(KeyboardInterrupt):  # Ctrl+C reaches both, and the other one ends by it
            sys.exit(subprocess.call(command, env=environment))
        sys.exit(130)
    os.execve(command[0], command, environment)


def _environment(token: str) -> dict[str, str]:
    """What JupyterLab is told besides its options.

    Each path comes before the person's own: JupyterLab finds our settings, and its "Python 3" is
    this Python, even where somebody installed another kernel of that name. The home is not touched.
    """
    prefix = Path(sys.prefix)
    return {
        "JUPYTER_TOKEN": token,
        "JUPYTER_CONFIG_PATH": _first(SETTINGS, "JUPYTER_CONFIG_PATH"),
        "JUPYTER_PATH": _first(prefix / "share" / "jupyter", "JUPYTER_PATH"),
        "PATH": _first(Path(sys.executable).parent, "PATH", os.defpath),
    }


def _first(folder: Path, variable: str, default: str = "") -> str:
    """The paths of a variable with `folder` before them."""
    rest = os.environ.get(variable, default)
    return os.pathsep.join([str(folder), *([rest] if rest else [])])


def _command(root: Path, page: str, port: int, *, browser: bool) -> list[str]:
    options = {
        "ip": HOST,
        "port": port,
        "port_retries": 0,
        "root_dir": root,
        "open_browser": browser,
        "answer_yes": True,  # Ctrl+C ends it without a question
        "allow_root": hasattr(os, "geteuid") and os.geteuid() == 0,
    }
    settings = [f"--ServerApp.{key}={value}" for key, value in options.items()]
    # Tabs of the person's other projects stay out, and these are still open the next time.
    tabs = journal_file(root).parent / "jupyterlab"
    return [
        *(sys.executable, "-m", "jupyterlab", "--log-level=WARN"),
        *(f"--LabApp.default_url={page}", f"--LabApp.workspaces_dir={tabs}", *settings),
    ]


def _free_port(wanted: int) -> int:
    if wanted:
        if _is_free(wanted):
            return wanted
        raise CourseError(
            f"port {wanted} is taken, perhaps by another JupyterLab. End that one, "
            "or leave --port out to take the first free port."
        )
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if _is_free(port):
            return port
    last = FIRST_PORT + PORTS_TRIED - 1
    raise CourseError(f"every port from {FIRST_PORT} to {last} is taken; name another with --port.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does it: a port whose last connection is still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
