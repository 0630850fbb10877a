"""Worker processes: limits, deaths, a clean environment, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from firsthand.grading import warm_process
from firsthand.grading.client import (
    SubmissionDied,
    SubmissionError,
    SubmissionTimeout,
)
from firsthand.grading.sandbox import FULL, levels, walls
from firsthand.grading.zygote import Zygote
from firsthand.unit import CourseError

ON_LINUX = sys.platform == "linux"
SOURCE = """
import os, signal, subprocess, sys, time
import torch

def echo(x): return x
def pid(): return os.getpid()
def leave(status): os._exit(status)
def crash(): os.kill(os.getpid(), signal.SIGSEGV)
def hang():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True: pass
def flood():
    while True: os.write(1, b"x" * 65536)
def flood_err():
    while True: os.write(2, b"x" * 65536)
def bomb(): return torch.zeros(1 << 33)
def hoard():
    kept = []
    while True: kept.append(bytearray(100 << 20))
def child(own_session):
    pid = os.fork()
    if pid == 0:
        if own_session: os.setsid()
        while True: time.sleep(1)
    return pid
def orphan():
    pid = os.fork()
    if pid == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            while True: time.sleep(1)
        os._exit(0)
    os.waitpid(pid, 0)
def environment(): return dict(os.environ)
def folders(): return os.getcwd(), __import__("tempfile").gettempdir(), os.listdir(".")
def paths(): return sys.path, sys.argv, sys.flags.dont_write_bytecode
def loaded(): return sorted(sys.modules)
def write(size):
    with open("file", "wb") as f: f.write(b"x" * size)
def read_stdin(): return sys.stdin.read()
def close_wire():
    os.close(3); time.sleep(30)
def threads(): return len(os.listdir("/proc/self/task"))
def descriptors(): return [n for n in range(256) if is_open(n)]
def is_open(n):
    try: os.fstat(n)
    except OSError: return False
    return True
def draw(): return torch.rand(3)
def train():
    model = torch.nn.Linear(4, 4); optimizer = torch.optim.Adam(model.parameters())
    for _ in range(3):
        loss = model(torch.randn(8, 4)).square().mean()
        optimizer.zero_grad(); loss.backward(); optimizer.step()
    return loss.item()
def lock_up():
    os.mkdir("d"); open("d/f", "w").close(); os.chmod("d", 0)
"""


@pytest.fixture(scope="module")
def zygote():
    """Workers without walls: what is tested here must hold without them."""
    with Zygote(memory_mb=1024, preload=("einops",), level="process-only") as warm:
        yield warm


@pytest.fixture
def session(zygote):
    session = zygote.spawn(call_seconds=10)
    (result,) = session.run_cells([("cell", SOURCE)])
    assert result.status == "ok", result
    yield session
    session.close()


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def children_of(pid):
    found = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    pairs = [map(int, line.split()) for line in found.stdout.splitlines()]
    return [child for child, parent in pairs if parent == pid]


def descendants_of(pid):
    found = [pid]
    for parent in found:
        found += children_of(parent)
    return found


def outer_pid(zygote):
    """The newest process of a warm one: inside its walls a worker has a pid of its own."""
    return descendants_of(zygote.pid)[-1]


def settled(zygote):
    """Outer pids of the workers, oldest first, when two looks a moment apart agree."""
    found = None
    while found != (found := workers_of(zygote)):
        time.sleep(0.1)
    return found


def workers_of(zygote):
    family = descendants_of(zygote.pid)
    forking = next(pid for pid in family if "bwrap" not in command_of(pid))
    return sorted(children_of(forking))


def command_of(pid):
    return Path(f"/proc/{pid}/comm").read_text()


# Life and death.


def test_a_worker_has_a_process_of_its_own_and_says_how_it_is_walled(session):
    assert session.isolation == "process-only" and session.alive
    assert session.submission.pid() != os.getpid()


def test_workers_do_not_share_names_or_state(zygote, session):
    with_other = zygote.spawn()
    with_other.run_cells([("a", "x = 1")])
    with pytest.raises(SubmissionError):
        _ = session.submission.x
    with_other.close()


def test_every_worker_draws_the_same_numbers(zygote, session):
    other = zygote.spawn()
    other.run_cells([("cell", SOURCE)])
    assert torch.equal(other.submission.draw(), session.submission.draw())
    other.close()


def test_a_worker_can_train(session):
    assert session.submission.train() > 0


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda s: s.leave(0), "status 0"),
        (lambda s: s.leave(3), "status 3"),
        (lambda s: s.crash(), "SIGSEGV"),
        (lambda s: s.close_wire(), "closed its end"),
    ],
)
def test_a_worker_that_ends_is_reported_with_its_reason(session, call, reason):
    with pytest.raises(SubmissionDied, match=reason):
        call(session.submission)
    assert not session.alive and reason in session.death
    with pytest.raises(SubmissionDied, match=reason):
        _ = session.submission.echo


def test_a_cell_that_ends_the_process_is_reported(zygote):
    session = zygote.spawn()
    results = session.run_cells([("a", "import os; os._exit(1)"), ("b", "x = 1")])
    assert [result.status for result in results] == ["died", "not run"]
    session.close()


def test_a_worker_that_ignores_signals_is_killed_at_its_deadline(session):
    pid = session.submission.pid()
    session.call_seconds = 0.3
    start = time.monotonic()
    with pytest.raises(SubmissionTimeout):
        session.submission.hang()
    assert time.monotonic() - start < 2
    session.close()
    assert not is_running(pid)


def test_closing_twice_is_harmless(session):
    session.close()
    session.close()
    assert session.death == "closed"


@pytest.mark.parametrize("own_session", [False, True])
def test_a_forked_child_does_not_outlive_the_session(zygote, session, own_session):
    if own_session and not ON_LINUX:
        pytest.skip("only Linux tells the warm process of a worker's orphans")
    pid = session.submission.child(own_session)
    assert is_running(pid)
    session.close()
    assert not is_running(pid)


@pytest.mark.skipif(not ON_LINUX, reason="only Linux tells the warm process of a worker's orphans")
def test_orphans_of_children_do_not_outlive_the_session(zygote, session):
    session.submission.orphan()
    assert len(children_of(zygote.pid)) >= 2
    session.close()
    assert children_of(zygote.pid) == []


def test_closed_sessions_leave_no_process_folder_or_descriptor(zygote):
    def state():
        home = zygote._process._home
        return sorted(os.listdir("/dev/fd"))[:-1], children_of(zygote.pid), os.listdir(home)

    before = state()
    for _ in range(5):
        session = zygote.spawn()
        session.run_cells([("cell", SOURCE)])
        session.submission.write(10)
        session.submission.lock_up()
        session.close()
    after = state()
    assert len(after[0]) == len(before[0]) and after[1:] == before[1:]


# Limits.


def test_a_memory_bomb_is_an_exception_of_the_learners_code(session):
    with pytest.raises(RuntimeError, match="memory"):
        session.submission.bomb()
    if ON_LINUX:
        with pytest.raises(MemoryError):
            session.submission.hoard()
    assert session.submission.echo(1) == 1


@pytest.mark.parametrize("name", ["flood", "flood_err"])
def test_a_flood_of_output_ends_the_worker(session, name):
    with pytest.raises(SubmissionDied, match="printed more than 64 MiB"):
        getattr(session.submission, name)()
    assert len(session.take_output()) <= 64 << 10
    assert len(session.take_stderr()) <= 64 << 10


def test_a_large_file_cannot_be_written(session):
    with pytest.raises(OSError):
        session.submission.write(65 << 20)
    session.submission.write(1 << 20)


def test_an_unknown_wall_is_refused():
    with pytest.raises(ValueError, match=r"choose one of full, landlock\+seccomp, process-only"):
        walls.prepare("fortress", [], base=0)


# Environment.


def test_the_environment_is_clean(session):
    environment = session.submission.environment()
    assert environment["FIRSTHAND_WORKER"] == "1" and environment["OMP_NUM_THREADS"] == "1"
    assert environment["OMP_WAIT_POLICY"] == "PASSIVE" and environment["MPLBACKEND"] == "Agg"
    inherited = set(os.environ) & set(environment)
    assert all(environment[k] != os.environ[k] for k in inherited & {"HOME", "TMPDIR"})
    expected = {
        "FIRSTHAND_WORKER",
        "HOME",
        "LC_ALL",
        "MPLBACKEND",
        "MPLCONFIGDIR",
        "OMP_NUM_THREADS",
        "OMP_WAIT_POLICY",
        "PATH",
        "PYTHONHASHSEED",
        "TMPDIR",
        "USER",
    }
    # What torch and macOS set by themselves in any process.
    assert {
        k for k in set(environment) - expected if not k.startswith(("__", "TORCH", "KMP"))
    } == set()


def test_the_folder_is_private_and_empty(zygote, session):
    here, temporary, entries = session.submission.folders()
    assert here == temporary and entries == []
    assert Path(here).stat().st_mode & 0o777 == 0o700


def test_neither_the_callers_folder_nor_its_paths_can_be_imported_from(session):
    path, argv, no_bytecode = session.submission.paths()
    assert argv == ["submission"] and no_bytecode == 1
    assert "" not in path and os.getcwd() not in path
    assert not [entry for entry in path if "graders" in entry or "solutions" in entry]


def test_no_module_of_the_trusted_side_is_loaded(session):
    loaded = session.submission.loaded()
    assert "torch" in loaded and "firsthand.grading.server" in loaded
    for name in (
        "firsthand.grading.client",
        "firsthand.grading.zygote",
        "firsthand.compare",
        "pytest",
        "_pytest",
        "firsthand.unit",
        "firsthand.grading.engine",
    ):
        assert name not in loaded


def test_the_kit_can_be_imported(session):
    (result,) = session.run_cells(
        [("a", "import firsthand.kit.rng as r\nr.generator(1).initial_seed()")]
    )
    assert result.repr == "1", result


def test_only_the_standard_streams_and_the_socket_are_open(session):
    assert session.submission.descriptors() == [0, 1, 2, 3]


def test_standard_input_is_empty(session):
    assert session.submission.read_stdin() == ""


@pytest.mark.skipif(not ON_LINUX, reason="counted in /proc")
def test_the_warm_process_and_its_workers_have_one_thread(zygote, session):
    assert len(os.listdir(f"/proc/{zygote.pid}/task")) == 1
    assert session.submission.threads() == 1


# The warm process.


@pytest.mark.parametrize("level", ["process-only", None])
def test_the_warm_process_is_started_again_when_it_has_died(level):
    with Zygote(preload=(), level=level) as zygote:
        first = zygote.spawn()
        first.run_cells([("cell", SOURCE)])
        worker, old = outer_pid(zygote), zygote.pid
        os.kill(old, signal.SIGKILL)
        with pytest.raises(SubmissionDied):
            for _ in range(100):  # the worker dies with it, a moment later
                first.submission.echo(1)
                time.sleep(0.02)
        first.close()
        second = zygote.spawn()
        second.run_cells([("cell", SOURCE)])
        assert second.submission.echo(2) == 2 and zygote.pid != old
        second.close()
        assert not is_running(worker)
        pid, home = zygote.pid, zygote._process._home
    assert not is_running(pid) and not (home and home.exists())


@pytest.mark.skipif(levels.reach().level == "process-only", reason="no walls here")
def test_behind_walls_the_next_worker_is_there_before_it_is_asked_for():
    with Zygote(preload=()) as zygote:
        zygote.spawn().close()
        waiting = settled(zygote)
        assert len(waiting) == 1, "one worker waits"
        session = zygote.spawn()
        session.run_cells([("cell", SOURCE)])
        assert waiting[0] in settled(zygote) and session.submission.echo(1) == 1
        os.kill(settled(zygote)[-1], signal.SIGKILL)  # the one that waits now
        session.close()
        time.sleep(0.2)
        after = zygote.spawn()
        after.run_cells([("cell", SOURCE)])
        assert after.submission.echo(3) == 3


@pytest.mark.skipif(levels.reach().level == "process-only", reason="no walls here")
def test_the_first_worker_behind_walls_can_do_what_later_ones_can():
    """Torch reads some of the system's files at its first operation, which no worker may."""
    source = (
        "import torch\nfrom firsthand.kit.checkpoints import load\n"
        "x = torch.nn.Linear(64, 64)(torch.randn(32, 64))\n"
        "torch.nn.Linear(64, 64).load_state_dict(torch.nn.Linear(64, 64).state_dict())\n"
        "torch.nn.functional.conv1d(torch.randn(1, 2, 9), torch.randn(3, 2, 3))\n"
        "x.softmax(-1).bfloat16() @ x.T.bfloat16()\n"
        "torch.nn.init.normal_(torch.empty(300, 300)); torch.randn(1000, 1000).sort()\n"
        "load('char_2l')"
    )
    with Zygote() as zygote:
        for _ in range(2):
            session = zygote.spawn(call_seconds=20)
            (result,) = session.run_cells([("cell", source)])
            session.close()
            assert result.status == "ok", result


def test_without_walls_no_worker_waits_within_reach_of_a_submission(zygote):
    zygote.spawn().close()
    assert children_of(zygote.pid) == []


def test_a_process_that_was_started_early_is_the_one_that_is_used():
    settings = warm_process.Settings("process-only")
    warm_process.start_early("process-only")
    early = warm_process._early[settings].pid
    with Zygote(level="process-only") as zygote, Zygote(level="process-only") as other:
        assert zygote.pid == early != other.pid
    assert not is_running(early)


@pytest.mark.parametrize("level", ["process-only", None])
def test_nothing_outlives_a_killed_grading_process(level):
    program = (
        "import time\nfrom firsthand.grading.zygote import Zygote\n"
        f"zygote = Zygote(preload=(), level={level!r})\nsession = zygote.spawn()\n"
        "print(zygote.pid, zygote._process._home, flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as process:
        zygote_pid, home = process.stdout.readline().split()
        started = descendants_of(int(zygote_pid))
        process.kill()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and (any(map(is_running, started)) or Path(home).exists()):
        time.sleep(0.02)
    assert len(started) >= 2 and not any(map(is_running, started))
    assert not Path(home).exists()


def test_a_warm_process_that_cannot_start_says_why(monkeypatch):
    monkeypatch.setattr("firsthand.grading.warm_process._MODULE", "firsthand.grading.nowhere")
    with pytest.raises(RuntimeError, match=r"did not start.*\n.*nowhere"):
        Zygote()


def test_large_tensors_cross_both_ways(session):
    x = torch.arange(20_000_000, dtype=torch.float32)
    assert torch.equal(session.submission.echo(x), x)


def test_walls_that_cannot_be_put_up_say_what_to_do(monkeypatch):
    fails = ["/bin/sh", "-c", "echo 'bwrap: no permission' >&2; exit 1"]
    monkeypatch.setattr(warm_process, "_command", lambda *_: fails)
    process = warm_process.WarmProcess(warm_process.Settings(FULL))
    with pytest.raises(RuntimeError, match=r"bwrap: no permission\n`firsthand doctor` shows"):
        process.await_ready()


def test_workers_of_another_copy_of_the_package_are_refused(monkeypatch):
    monkeypatch.setattr(warm_process, "__file__", "/elsewhere/firsthand/grading/warm_process.py")
    process = warm_process.WarmProcess(warm_process.Settings(levels.reach().level, preload=()))
    with pytest.raises(CourseError, match=r"runs the firsthand of /elsewhere/firsthand, and its"):
        process.await_ready()
