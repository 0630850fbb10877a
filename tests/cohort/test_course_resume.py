"""Whatever ends a run at any moment: the next one finishes only what is missing."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.cohort.course_folder import released

pytestmark = pytest.mark.end_to_end

LEARNERS = [f"learner{number}" for number in range(8)]
# A grading process waits a little before each submission, so that the test can come in between.
SLOW = """
import firsthand.grading.pool as pool
original = pool.Pool._send_job
def slow(self, slot):
    import time
    time.sleep(0.15)
    original(self, slot)
pool.Pool._send_job = slow
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    made = released(tmp_path, monkeypatch, LEARNERS)
    texts = {}
    for number, name in enumerate(LEARNERS):
        more = "" if number % 2 else " + 1"
        source = f"def scaled(x, factor):\n    return x * factor{more}  # {name}"
        texts[name] = made.notebook(scaled=source)
    assert made.hand_in_files(texts).code == 0
    return made


def kept(course) -> int:
    try:
        with sqlite3.connect(f"file:{course.folder / 'results.db'}?mode=ro", uri=True) as database:
            return database.execute("select count(*) from results").fetchone()[0]
    except sqlite3.Error:
        return 0


def wait_until(condition, process, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, f"it ended before: {process.stdout.read()}"
        assert time.monotonic() < end
        time.sleep(0.01)


def descendants(pid) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        children = [child for child, above in pairs if above == parent]
        found += children
        waiting += children
    return found


def running(pid) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(state.stdout.strip()) and not state.stdout.strip().startswith("Z")


def assert_complete(course):
    scores = course.scores()
    assert sorted(scores) == LEARNERS
    for number, name in enumerate(LEARNERS):
        assert scores[name]["Counter"] == 2.0, name
        assert (scores[name]["scaled"] == 3.0) is bool(number % 2), name
    assert kept(course) == len(LEARNERS)


def test_a_killed_run_leaves_no_process_and_loses_and_doubles_nothing(course):
    first = course.spawn("grade", "900", "--processes", "2", before=SLOW)
    wait_until(lambda: kept(course) >= 2, first)
    processes = descendants(first.pid)
    assert len(processes) >= 4
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    done = kept(course)
    assert 2 <= done < len(LEARNERS)
    end = time.monotonic() + 10
    while any(running(pid) for pid in processes) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [pid for pid in processes if running(pid)]

    second = course.spawn("grade", "900", "--processes", "1")
    wait_until(lambda: len(course.scores()) >= 3, second)  # in the midst of the gradebook
    os.kill(second.pid, signal.SIGKILL)
    second.wait()
    assert kept(course) == len(LEARNERS)

    third = course.run("grade", "900")
    assert third.code == 0
    assert "8 submissions: 0 graded now" in third.output
    assert_complete(course)
    assert "0 graded now, 0 written" in course.run("grade", "900").output


def test_a_killed_grading_process_or_warm_process_costs_nobody_a_point(course):
    run = course.spawn("grade", "900", "--processes", "1", before=SLOW)
    wait_until(lambda: kept(course) >= 1, run)
    grading = [pid for pid in descendants(run.pid) if running(pid)]
    os.kill(min(grading), signal.SIGKILL)
    wait_until(lambda: kept(course) >= 4, run)
    warm = [pid for pid in descendants(run.pid) if running(pid)]
    os.kill(max(warm), signal.SIGKILL)
    output, _ = run.communicate(timeout=120)
    assert run.returncode == 0, output
    assert_complete(course)


def test_a_locked_gradebook_is_told_and_the_next_run_writes_what_is_missing(course, monkeypatch):
    monkeypatch.setattr("firsthand.cohort.course.LOCK_SECONDS", 0)
    monkeypatch.setattr("firsthand.gradebook.book.TRIES", 2)
    with sqlite3.connect(course.folder / "gradebook.db", isolation_level=None) as other:
        other.execute("begin immediate")
        locked = course.run("grade", "900", "--processes", "1")
        other.execute("rollback")
    assert locked.code == 1
    assert "8 graded now, 0 written" in locked.output
    assert "learner0: " in locked.output
    assert "locked" in locked.output
    done = course.run("grade", "900")
    assert "0 graded now, 8 written" in done.output
    assert_complete(course)


def test_a_run_with_nothing_to_do_does_not_import_torch(course):
    assert course.run("grade", "900", "--processes", "2").code == 0
    script = (
        "import sys\nfrom firsthand.cli import app\n"
        f"try:\n    app(['course', 'grade', '900', '--course', {str(course.folder)!r}])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print([name for name in ('torch', 'nbgrader', 'pytest') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr
