"""Two submissions alive at the same time: neither can touch the other.

The victim is looked at while the attacker lives. Without walls each of these attacks works.
"""

import sys
import time

import pytest

from firsthand.grading.client import SubmissionError
from firsthand.grading.sandbox import FULL, INNER, LEVELS, NONE, levels
from firsthand.grading.zygote import Zygote

BEST = levels.reach().level
WALLED = [level for level in (FULL, INNER) if LEVELS.index(level) >= LEVELS.index(BEST)]

VICTIM = """
import os, resource
open("note", "w").write("canary-victim")
def whereabouts():
    return os.getpid(), os.getcwd()
def state():
    limits = resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_CPU)
    affinity = sorted(os.sched_getaffinity(0))
    note = open("note").read(), os.stat("note").st_mode, os.stat(".").st_mode
    return [limits, affinity, os.sched_getscheduler(0), os.getpriority(0, 0), note]
"""

ATTACKER = """
import ctypes, fcntl, os, resource, signal
def reads(pid, folder):
    return open(folder + "/note").read() == "canary-victim"
def reads_its_descriptor(pid, folder):
    os.close(os.open(f"/proc/{pid}/environ", os.O_RDONLY))
    return True
def overwrites(pid, folder):
    open(folder + "/note", "w").write("worse")
def deletes(pid, folder):
    os.unlink(folder + "/note")
def closes_its_file(pid, folder):
    os.chmod(folder + "/note", 0o444)
def closes_its_folder(pid, folder):
    os.chmod(folder, 0o500)
def makes_a_file_there(pid, folder):
    os.close(os.open(folder + "/mine", os.O_CREAT | os.O_WRONLY))
    return True
def limits_its_files(pid, folder):
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3))
def limits_its_time(pid, folder):
    resource.prlimit(pid, resource.RLIMIT_CPU, (800, 800))
def binds_it_to_one_core(pid, folder):
    now = os.sched_getaffinity(pid)
    os.sched_setaffinity(pid, {min(now)})
    return len(now) == 1
def makes_it_idle(pid, folder):
    os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
def makes_it_wait(pid, folder):
    os.setpriority(os.PRIO_PROCESS, pid, 19)
def kills(pid, folder):
    os.kill(pid, signal.SIGKILL)
def kills_its_thread(pid, folder):
    ctypes.CDLL(None).syscall(234, pid, pid, signal.SIGKILL)
def signals_by_a_descriptor(pid, folder):
    reading, writing = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, pid)
    fcntl.fcntl(reading, 10, signal.SIGKILL)
    fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    os.write(writing, b"x")
def reads_its_memory(pid, folder):
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.process_vm_readv(pid, 0, 0, 0, 0, 0) == 0
"""
ATTACKS = [line[4:].split("(")[0] for line in ATTACKER.splitlines() if line.startswith("def ")]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the attacks are Linux's")


@pytest.fixture(scope="module", params=[NONE, *WALLED])
def zygote(request):
    with Zygote(preload=(), level=request.param) as warm:
        yield warm


def opened(zygote, source):
    session = zygote.spawn(call_seconds=10)
    (result,) = session.run_cells([("cell", source)])
    assert result.status == "ok", result
    return session


def harmed(zygote, attack):
    """Whether the attack did anything to a neighbour, or learned anything of it."""
    victim = opened(zygote, VICTIM)
    attacker = opened(zygote, ATTACKER)
    try:
        place, before = victim.submission.whereabouts(), victim.submission.state()
        try:
            claimed = getattr(attacker.submission, attack)(*place)
        except SubmissionError:
            claimed = False
        time.sleep(0.02)  # for a signal to arrive
        try:
            return bool(claimed) or victim.submission.state() != before
        except SubmissionError:
            return True
    finally:
        victim.close()
        attacker.close()


def test_a_neighbour_is_out_of_reach_behind_walls_alone(zygote):
    won = [attack for attack in ATTACKS if harmed(zygote, attack)]
    assert won == (ATTACKS if zygote.level == NONE else [])
