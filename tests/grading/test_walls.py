"""The walls, tried from inside, beside a worker without walls in which the same succeeds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from firsthand.grading.client import SubmissionDied, SubmissionError
from firsthand.grading.sandbox import FULL, INNER, LEVELS, NONE, bubblewrap, levels, seccomp
from firsthand.grading.sandbox.levels import Reach
from firsthand.grading.sandbox.probe import SOURCE, breaches, require_tight
from firsthand.grading.sandbox.readable import readable_paths
from firsthand.grading.sandbox.slots import SLOT_FILES, SLOT_MB
from firsthand.grading.sandbox.syscalls import ARCHITECTURES, DENIED, JUDGED, MISSING
from firsthand.grading.zygote import Zygote
from firsthand.unit import CourseError
from tests import ordinary_user

ROOT = Path(__file__).resolve().parents[2]
WALLED = [v for v in (FULL, INNER) if LEVELS.index(v) >= LEVELS.index(levels.reach().level)]
HEADERS = {
    "x86_64": [Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")],
    "aarch64": [Path("/usr/include/asm-generic/unistd.h")],
}
needs_walls = pytest.mark.skipif(
    levels.reach().level == NONE, reason=f"no walls here: {levels.reach().obstacle}"
)
needs_full = pytest.mark.skipif(
    levels.reach().level != FULL, reason=f"no outer wall here: {levels.reach().obstacle}"
)


@pytest.fixture(scope="module")
def zygotes():
    """One warm process for each level."""
    opened = {}

    def at(level):
        if level not in opened:
            opened[level] = Zygote(memory_mb=512, preload=("einops",), level=level)
        return opened[level]

    yield at
    for zygote in opened.values():
        zygote.close()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "test_901.py"
    path.write_text("the answer")
    return path


# From inside.


@needs_walls
@pytest.mark.parametrize("level", WALLED)
def test_nothing_that_the_probe_tries_succeeds_inside_the_walls(zygotes, level, secret):
    secrets = [secret, ROOT / "graders", ROOT / "solutions", ROOT / "curriculum", ROOT / ".git"]
    session = zygotes(level).spawn()
    assert session.isolation == level
    assert breaches(session, secrets) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the attempts are Linux's")
def test_the_probe_finds_what_is_open_without_walls(zygotes, secret):
    found = breaches(zygotes(NONE).spawn(), [secret])
    names = {}
    exec(SOURCE, names)
    # A system may keep children from tracing their parent by itself.
    expected = {*names["ATTEMPTS"], f"read {secret}"}
    assert expected - {"trace the process that started it"} <= set(found) <= expected
    with pytest.raises(
        RuntimeError, match=r"does not hold.*start another process.*Nothing was gra"
    ):
        require_tight(zygotes(NONE).spawn(), [secret])


@needs_walls
@pytest.mark.parametrize("level", WALLED)
def test_a_thread_and_a_second_process_are_ordinary_errors(zygotes, level):
    session = zygotes(level).spawn()
    session.run_cells(
        [("a", "import threading, os\ndef t(): threading.Thread(target=int).start()")]
    )
    with pytest.raises(SubmissionError, match="can't start new thread"):
        session.submission.t()
    assert session.alive
    session.close()


@needs_walls
@pytest.mark.parametrize("level", WALLED)
def test_crashes_are_still_told_apart(zygotes, level):
    session = zygotes(level).spawn()
    session.run_cells([("a", "import ctypes\ndef f(): ctypes.string_at(0)")])
    with pytest.raises(SubmissionDied, match="SIGSEGV"):
        session.submission.f()
    session.close()


@needs_full
def test_a_private_folder_holds_so_many_bytes_and_files_and_is_emptied(zygotes):
    source = """
import os
def fill(name, megabytes):
    with open(name, "wb") as file:
        for _ in range(megabytes): file.write(bytes(1 << 20))
def scatter(count):
    for number in range(count): open(str(number), "w").close()
def names(): return os.listdir("."), os.listdir("..")
"""
    session = zygotes(FULL).spawn()
    session.run_cells([("a", source)])
    session.submission.fill("one", SLOT_MB // 2)
    with pytest.raises(OSError, match="No space left"):
        session.submission.fill("two", SLOT_MB // 2 + 1)
    session.close()
    session = zygotes(FULL).spawn()
    session.run_cells([("a", source)])
    with pytest.raises(OSError, match="No space left"):
        session.submission.scatter(SLOT_FILES + 1)
    session.close()
    for _ in range(bubblewrap.SLOT_COUNT + 1):
        session = zygotes(FULL).spawn()
        session.run_cells([("a", source)])
        with pytest.raises(PermissionError):
            session.submission.names()
        session.close()


@needs_full
def test_only_the_listed_parts_of_the_system_can_be_seen():
    paths = readable_paths()
    line = [*bubblewrap.command(paths), "--", "/usr/bin/find", "/", "-xdev", "-maxdepth", "1"]
    seen = subprocess.run(line, capture_output=True, text=True).stdout.split()
    tops = {f"/{path.parts[1]}" for path in paths}
    assert set(seen) == tops | {"/", "/tmp", "/dev", "/proc", "/slots"}
    line = [*bubblewrap.command(paths), "--", "/usr/bin/ls", "-A", str(ROOT), str(ROOT / "src")]
    seen = subprocess.run(line, capture_output=True, text=True).stdout
    assert not re.search("curriculum|graders|solutions|tests|git", seen)


def test_the_read_list_is_not_the_import_path(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    paths = readable_paths()
    assert tmp_path not in paths and ROOT not in paths and ROOT / "src" not in paths
    assert ROOT / "src/firsthand" in paths or "site-packages" in str(paths)


# Levels.


@pytest.fixture
def reach(monkeypatch):
    return lambda *values: monkeypatch.setattr(levels, "reach", lambda: Reach(*values))


def test_the_strongest_level_is_taken_and_a_weaker_one_can_be_named(reach):
    reach(FULL)
    assert [levels.resolve(level) for level in (None, *LEVELS)] == [FULL, *LEVELS]
    reach(INNER, "no bubblewrap", "Install it.")
    assert levels.resolve(None) == INNER
    with pytest.raises(CourseError, match=r"'full' cannot be had here: no bubblewrap. Install it."):
        levels.resolve(FULL)
    with pytest.raises(CourseError, match="unknown isolation 'docker': choose one of full"):
        levels.resolve("docker")


def test_scores_that_count_need_walls_or_the_name_of_having_none(reach, monkeypatch):
    monkeypatch.delenv("FIRSTHAND_ISOLATION", raising=False)
    reach(NONE, "no Landlock", "Use a newer kernel.")
    with pytest.raises(
        CourseError, match=r"no Landlock. Use a newer kernel.*--isolation process-o"
    ):
        levels.for_scores(None)
    assert levels.for_scores(NONE) == NONE
    reach(INNER, "no bubblewrap", "Install it.")
    assert levels.for_scores(None) == INNER
    monkeypatch.setenv("FIRSTHAND_ISOLATION", NONE)
    assert levels.for_scores(None) == NONE


# The tables of system calls.


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_numbers_are_those_of_the_kernels_headers(machine):
    headers = [path for path in HEADERS[machine] if path.is_file()]
    if not headers:
        pytest.skip("this machine has no kernel headers")
    pattern = r"#define __NR(?:3264)?_(\w+)\s+(\d+)"
    listed = {name: int(n) for name, n in re.findall(pattern, headers[0].read_text())}
    for name, numbers in {**DENIED, **JUDGED, **MISSING}.items():
        number = getattr(numbers, machine)
        if name in listed:
            assert number == listed[name], name
        elif number is not None:
            assert number > max(listed.values()) or number in range(424, 500), name


def verdict(machine, pid, number, *arguments):
    """What the filter says of one call: an interpreter of the few instructions it uses."""
    data = {0: number, 4: ARCHITECTURES[machine]}
    data |= {16 + 8 * index: value for index, value in enumerate(arguments)}
    lines, at, loaded = seccomp.program(machine, pid), 0, 0
    while True:
        code, if_true, if_false, value = lines[at]
        assert if_true < 256 and if_false < 256
        at += 1
        if code == 0x06:
            return {0x7FFF0000: "allow", 0x80000000: "kill"}.get(value, value & 0xFFFF)
        if code == 0x20:
            loaded = data.get(value, 0)
        else:
            holds = loaded == value if code == 0x15 else loaded >= value
            at += if_true if holds else if_false


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_filter_denies_its_list_and_judges_by_argument(machine):
    def says(name, *arguments):
        number = getattr({**DENIED, **JUDGED, **MISSING}[name], machine)
        return verdict(machine, 77, number, *arguments)

    denied = [name for name, numbers in DENIED.items() if getattr(numbers, machine) is not None]
    assert {says(name) for name in denied} == {1}
    assert says("clone3") == 38
    assert [says("socketpair", family) for family in (1, 2)] == ["allow", 1]
    assert [says("tgkill", pid) for pid in (77, 78)] == ["allow", 1]
    assert [says("prlimit64", pid) for pid in (0, 77, 78)] == ["allow", "allow", 1]
    assert [says("sched_setaffinity", pid) for pid in (0, 77, 78)] == ["allow", "allow", 1]
    assert [says("ioctl", 3, what) for what in (0x5401, 0x5412, 0x8901)] == ["allow", 1, 1]
    assert [says("fcntl", 3, what) for what in (1, 3, 8, 10, 15)] == ["allow", "allow", 1, 1, 1]
    assert [says("prctl", what) for what in (15, 1, 36)] == ["allow", 1, 1]
    assert verdict(machine, 77, {"x86_64": 0, "aarch64": 63}[machine]) == "allow"  # read
    assert len(seccomp.program(machine, 77)) < 4096


def test_a_call_of_another_architecture_ends_the_process():
    lines = seccomp.program("x86_64", 1)
    assert lines[1].value == ARCHITECTURES["x86_64"] and lines[2].value == 0x80000000
    assert verdict("x86_64", 1, 0x40000000) == "kill"


# As an ordinary user.

PROGRAM = """
import sys
from firsthand.grading.sandbox import levels
from firsthand.grading.sandbox.probe import breaches
from firsthand.grading.zygote import Zygote
from pathlib import Path
for level in sys.argv[2].split(","):
    with Zygote(preload=("einops",), level=level) as zygote:
        print(level, breaches(zygote.spawn(), [Path(sys.argv[1])]))
"""


@needs_walls
@pytest.mark.skipif(bool(ordinary_user.unavailable()), reason=ordinary_user.unavailable() or "-")
def test_the_walls_hold_for_an_ordinary_user_too(secret):
    for path in (secret, *secret.parents[:3]):
        path.chmod(0o755)
    done = ordinary_user.run_python("-c", PROGRAM, str(secret), ",".join(WALLED))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{level} []" for level in WALLED]
