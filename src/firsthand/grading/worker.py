"""The warm process that forks workers, and what a worker is.

Started by `warm_process` as `python -m firsthand.grading.worker FD CONFIG`. It imports what
submissions import, and then only forks: it never hears of a test, a solution or the course. It
starts no thread, for a fork copies only the thread that forks, and locks of the others stay shut.

Control messages are lines of JSON. In: `{"spawn": job}`, with the descriptors of a socket and two
pipes, `{"kill": job}` and `{"cpu": job}`. Out: `{"ready": pid, "package": folder}`,
`{"exited": job, "status": n}` and `{"used": seconds}`.
"""

import gc
import importlib
import json
import os
import pkgutil
import random
import select
import signal
import socket
import sys
import tempfile
import time
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import torch

from firsthand.grading.channel import SocketChannel
from firsthand.grading.hugepages import collapse
from firsthand.grading.limits import Limits, address_space
from firsthand.grading.sandbox import FULL, NONE, bubblewrap, privileges, walls
from firsthand.grading.sandbox.kernel import PR_SET_CHILD_SUBREAPER, die_with_parent, prctl
from firsthand.grading.sandbox.readable import readable_paths
from firsthand.grading.sandbox.slots import Slots, inner_folder, remove
from firsthand.grading.server import Server

_CHANNEL = 3  # the worker's descriptor of its socket
_LAST_DESCRIPTOR = 256
_SWEEP_SECONDS = 2.0
_IDLE = 0.3  # seconds without a request, after which the rest of the warming up is done
_HEAVY = 0.5  # processor seconds of a worker, which show that others will need the rest, too
_USERS = 256


def main() -> None:
    """Warm up, report readiness, fork on request until the grading process leaves."""
    control = socket.socket(fileno=int(sys.argv[1]))
    config = json.loads(sys.argv[2])
    torch.set_num_threads(1)
    for name in config["preload"]:
        _import(name)
    warm_up()
    _settle()
    server = ForkServer(control, Limits(memory_mb=config["memory_mb"]), config)
    package = str(Path(__file__).resolve().parents[1])
    control.sendall(_line({"ready": os.getpid(), "package": package}))
    server.run()


def _settle() -> None:
    """Leave to workers a state that every one of them starts from, and that forks fast."""
    # A worker's own draws repeat from run to run.
    torch.default_generator.manual_seed(0)
    np.random.seed(0)
    random.seed(0)
    gc.disable()
    gc.collect()
    gc.freeze()  # a collection in a worker would copy every page of the imported modules
    collapse()


def warm_up() -> None:
    """Run once what torch sets up on first use, some of it from files that no worker may read."""
    nn, functional = torch.nn, torch.nn.functional
    model = nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 8))
    inputs = torch.zeros(4, 8, requires_grad=True)
    for _ in range(2):
        loss = functional.cross_entropy(model(inputs), torch.zeros(4, dtype=torch.long))
        loss.backward()  # type: ignore[no-untyped-call]
    torch.autograd.grad(model(inputs).sum(), [inputs], torch.tensor(1.0))
    model.load_state_dict(model.state_dict())
    torch.func.vmap(lambda row: row * 2)(inputs)
    queries = torch.zeros(1, 2, 4, 8)
    functional.scaled_dot_product_attention(queries, queries, queries, is_causal=True)
    torch.testing.assert_close(queries, queries)
    torch.einsum("abcd,abed->abce", queries, queries)
    torch.linalg.svd(torch.eye(4))
    repr(queries)


def warm_up_optimizers() -> None:
    """Take the two seconds that torch's first optimizer takes, for it imports the compiler."""
    weight = torch.nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.AdamW([weight])
    optimizer.zero_grad()
    weight.sum().backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def _import(name: str) -> None:
    # A module that cannot be imported here will say so to the learner who imports it.
    with suppress(Exception):
        module = importlib.import_module(name)
        for found in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}."):
            if name.startswith("firsthand."):
                _import(found.name)


class ForkServer:
    """Forks workers, kills them on request, and reaps them with all that they started."""

    def __init__(self, control: socket.socket, limits: Limits, config: Mapping[str, Any]) -> None:
        self._control = control
        self._limits = limits
        self._home = Path.cwd()
        paths = [*readable_paths(), self._home / "worker"]
        self._inside = walls.prepare(config["level"], paths, base=address_space())
        self._first_user = config["first_user"]
        if config["level"] == FULL:
            self._slots = Slots(bubblewrap.SLOTS, count=bubblewrap.SLOT_COUNT)
            privileges.drop_capability(privileges.SYS_ADMIN)  # it was for the slots alone
        else:
            self._slots = Slots(self._home)
        if self._inside.own_users:
            self._home.chmod(0o711)  # a worker's user passes through to its own folder
        self._workers: dict[int, tuple[int, Path]] = {}  # job and slot of each pid
        self._forks = 0
        self._most_used = 0.0  # processor seconds, by one worker that has ended
        self._warm = False
        self._pending = b""

    def run(self) -> NoReturn:
        """Serve until the control socket closes, then end every worker and this process."""
        prctl(
            PR_SET_CHILD_SUBREAPER, 1
        )  # what a worker leaves behind becomes a child of this process
        woken, wake = os.pipe()
        os.set_blocking(woken, False)
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(woken, select.POLLIN)
        while True:
            ready = poll.poll(None if self._warm or not self._forks else _IDLE * 1000)
            # The first result comes sooner if nobody waits for what it most likely does not need.
            if not self._warm and (not ready or self._most_used >= _HEAVY):
                warm_up_optimizers()
                _settle()
                self._warm = True
            for descriptor, _ in ready:
                if descriptor == woken:
                    with suppress(BlockingIOError):
                        os.read(woken, 4096)
                elif not self._obey():
                    self._leave()
            self._reap()

    def _obey(self) -> bool:
        """Carry out what has arrived. Returns False at the end of the control socket."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 65536, 3)
        except ConnectionResetError:
            return False
        if not data:
            return False
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            request = json.loads(line)
            if "spawn" in request:
                self._spawn(request["spawn"], descriptors)
            elif "cpu" in request:
                self._tell({"used": self._cpu_seconds(request["cpu"])})
            else:
                self._kill(request["kill"])
        return True

    def _spawn(self, job: int, descriptors: list[int]) -> None:
        slot = self._slots.take()
        uid = self._first_user + job % _USERS if self._inside.own_users else None
        self._forks += 1
        pid = os.fork()
        if pid == 0:
            try:
                self._become_worker(descriptors, slot, uid)
            except BaseException as error:
                print(f"the walls could not be raised: {error}", file=sys.__stderr__, flush=True)
            finally:
                os._exit(70)
        self._workers[pid] = job, slot
        for descriptor in descriptors:
            os.close(descriptor)

    def _kill(self, job: int) -> None:
        for pid, (owned, _) in self._workers.items():
            if owned == job:
                _kill_group(pid)

    def _cpu_seconds(self, job: int) -> float:
        """Processor time of a worker, which it cannot misreport; -1 where nobody tells."""
        pids = [pid for pid, (owned, _) in self._workers.items() if owned == job]
        try:
            fields = Path(f"/proc/{pids[0]}/stat").read_text().rpartition(")")[2].split()
        except (OSError, IndexError):
            return -1.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime, stime

    def _reap(self) -> None:
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            job, slot = self._workers.pop(pid, (None, None))
            if job is not None and slot is not None:
                self._most_used = max(self._most_used, used.ru_utime + used.ru_stime)
                _kill_group(pid)
                self._sweep()
                self._slots.give_back(slot)
                self._tell({"exited": job, "status": os.waitstatus_to_exitcode(status)})

    def _sweep(self) -> None:
        """End processes that a worker left behind, also those that left its group."""
        deadline = time.monotonic() + _SWEEP_SECONDS
        while time.monotonic() < deadline:
            orphans = [pid for pid in _children() if pid not in self._workers]
            if not orphans:
                return
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
            for pid in orphans:
                os.waitpid(pid, 0)

    def _tell(self, message: dict[str, Any]) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self._control.sendall(_line(message))

    def _leave(self) -> NoReturn:
        for pid in self._workers:
            _kill_group(pid)
        deadline = time.monotonic() + _SWEEP_SECONDS
        while self._workers and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.001)
        remove(self._home)
        os._exit(0)

    def _become_worker(self, descriptors: list[int], slot: Path, uid: int | None) -> NoReturn:
        os.setsid()
        die_with_parent(signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in zip((null, *descriptors[1:], descriptors[0]), range(4), strict=True):
            os.dup2(source, target)
        folder = inner_folder(slot, uid)
        os.chdir(folder)
        os.environ.update(HOME=str(folder), TMPDIR=str(folder))
        tempfile.tempdir = str(folder)  # imports have cached the zygote's
        level = walls.enter(self._inside, self._limits, folder, uid)
        os.closerange(_CHANNEL + 1, _LAST_DESCRIPTOR)
        sys.argv = ["submission"]
        sys.stdin = open(0, closefd=False)
        sys.stdout = open(1, "w", buffering=1, errors="replace", closefd=False)
        sys.stderr = open(2, "w", buffering=1, errors="replace", closefd=False)
        main_module = types.ModuleType("__main__")
        sys.modules["__main__"] = main_module
        gc.enable()
        server = Server(
            SocketChannel(socket.socket(fileno=_CHANNEL)), vars(main_module), capture=_flushed
        )
        if level != NONE:
            walls.seal()
        server.greet(level)
        server.serve()
        os._exit(0)


@contextmanager
def _flushed() -> Iterator[None]:
    """What was printed has left this process when the answer does."""
    try:
        yield
    finally:
        with suppress(Exception):
            sys.stdout.flush()


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
        os.killpg(pid, signal.SIGKILL)


def _children() -> list[int]:
    """Pids of this process's children; empty where the system does not tell (not Linux)."""
    try:
        return [int(p) for p in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:
        return []


if __name__ == "__main__":
    main()
