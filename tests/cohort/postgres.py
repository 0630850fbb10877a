"""A PostgreSQL server of the tests' own: Debian's `postgresql` package, or any `initdb` on PATH."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, which Debian keeps off the PATH; None without a server."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).parent if found else debian[-1].parent if debian else None


@contextmanager
def server() -> Iterator[str]:
    """Start a server, and stop it at the end; the URL lacks only the database's name."""
    folder = programs()
    assert folder is not None
    home = Path(tempfile.mkdtemp(prefix="firsthand-postgres-"))
    become: list[str] = []
    if os.geteuid() == 0:  # the server refuses root
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        account = pwd.getpwnam("postgres")
        os.chown(home, account.pw_uid, account.pw_gid)
    port = free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": home,
        "fsync": "off",
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())

    def run(program: str, *arguments: str) -> None:
        command = [*become, str(folder / program), "-D", str(home / "data"), *arguments]
        done = subprocess.run(
            command,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            timeout=120,
        )
        assert done.returncode == 0, command

    try:
        run("initdb", "-U", "firsthand", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        run("pg_ctl", "-w", "-o", options, "-l", str(home / "log"), "start")
        try:
            yield f"postgresql+psycopg://firsthand@127.0.0.1:{port}/"
        finally:
            run("pg_ctl", "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(home)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
