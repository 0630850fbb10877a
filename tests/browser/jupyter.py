"""JupyterLab in a folder, with settings of its own, and a browser that talks to it alone."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

START_SECONDS = 150
STOP_SECONDS = 20
PAGE_SECONDS = 60
HOST = "127.0.0.1"
FLAGS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


def chromium() -> str:
    """The system's Chromium, or ""."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), "")


@dataclass(frozen=True)
class Server:
    """Where JupyterLab answers, and what its login form asks for."""

    url: str
    token: str


@contextmanager
def running_lab(folder: Path, home: Path) -> Iterator[Server]:
    """`jupyter lab` in `folder` on a free port of this machine, with the home folder `home`."""
    port, token = _free_port(), secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ip={HOST}"),
        *(f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
        f"--ServerApp.root_dir={folder}",
    ]
    with _started(command, folder, home) as (process, log):
        url = f"http://{HOST}:{port}"
        _wait_for(url, process, log)
        yield Server(url, token)


@contextmanager
def running_learn(course: Path, home: Path, unit: str) -> Iterator[tuple[Server, str]]:
    """`firsthand learn UNIT` in a course: the server, and the address that it prints."""
    port = _free_port()
    program = str(Path(sys.executable).parent / "firsthand")
    command = [program, "learn", unit, "--browser", "none", "--port", str(port)]
    with _started(command, course, home, FIRSTHAND_COURSE=str(course)) as (process, log):
        url = f"http://{HOST}:{port}"
        _wait_for(url, process, log)
        address = re.search(rf"{url}/\S+\?token=(\S+)", log.read_text())
        assert address, log.read_text()
        yield Server(url, address[1]), address[0]


@contextmanager
def _started(
    command: list[str], folder: Path, home: Path, **more: str
) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    """A program with a home of its own and nothing of Jupyter's environment, and its log."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if "JUPYTER" not in name}
    log = home / "jupyter.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=kept | {"HOME": str(home), "OMP_NUM_THREADS": "1"} | more,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process, log
        finally:
            _end(process)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/api", timeout=5) as answer:
                json.load(answer)
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()[-4000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class Traffic:
    """What the browser asked for: everything of the server, and the rest, which gets no answer."""

    host: str
    served: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def decide(self, route: Any) -> None:
        """Let one request go to the server, or end it."""
        url = route.request.url
        if urlsplit(url).netloc == self.host:
            self.served.append(url)
            route.continue_()
        else:
            self.refused.append(url)
            route.abort()


@contextmanager
def opened_browser(server: Server) -> Iterator[tuple[Any, Traffic]]:
    """A page of the system's Chromium, which reaches the server alone, and its traffic."""
    from playwright.sync_api import sync_playwright

    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's does not run as root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=[*FLAGS, *sandbox], timeout=1000 * PAGE_SECONDS
        )
        try:
            context = browser.new_context(viewport={"width": 1200, "height": 900})
            context.set_default_timeout(1000 * PAGE_SECONDS)
            traffic = Traffic(urlsplit(server.url).netloc)
            context.route("**/*", traffic.decide)
            yield context.new_page(), traffic
        finally:
            browser.close()
