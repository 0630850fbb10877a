"""The next submissions are graded while nbgrader writes; what comes out is what would have."""

import threading
from types import SimpleNamespace

import pytest

from firsthand.gradebook.ahead import Ahead
from firsthand.gradebook.scoring import AHEAD, Grade
from firsthand.grading.pool import Graded, Job, Pool

SECONDS = 20


class FakePool:
    """Has the methods of a pool that `Ahead` calls."""

    def __init__(self):
        self.graded, self.closed = [], False
        self.started, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()

    def grade(self, job):
        self.started.set()
        assert self.may_go_on.wait(SECONDS)
        if job.rejected == "broken":
            raise RuntimeError("the tests cannot be collected")
        self.graded.append(job.key)
        return Graded(job.key, f"report of {job.key}")

    def close(self):
        self.closed = True
        self.may_go_on.set()


@pytest.fixture
def pool():
    return FakePool()


@pytest.fixture
def ahead(pool):
    ahead = Ahead(pool)
    yield ahead
    ahead.close()


def job(key, rejected=""):
    return Job(key, (), rejected)


def test_what_was_begun_goes_on_by_itself_and_in_order(ahead, pool):
    pool.may_go_on.clear()
    for key in "abc":
        ahead.begin(job(key))
    assert pool.started.wait(SECONDS) and ahead.waiting == 3
    pool.may_go_on.set()
    assert ahead.grade(job("c")).report == "report of c"
    assert pool.graded == ["a", "b", "c"] and ahead.waiting == 2


def test_what_was_begun_is_graded_once(ahead, pool):
    ahead.begin(job("a"))
    ahead.begin(job("a"))
    assert ahead.grade(job("a")).report == "report of a"
    assert pool.graded == ["a"] and ahead.waiting == 0


def test_other_content_is_graded_anew(ahead, pool):
    ahead.begin(job("as it was"))
    assert ahead.grade(job("as it is")).report == "report of as it is"


def test_what_grading_raises_reaches_the_one_who_asks_and_the_next_goes_on(ahead):
    ahead.begin(job("a", "broken"))
    ahead.begin(job("b"))
    with pytest.raises(RuntimeError, match="cannot be collected"):
        ahead.grade(job("a", "broken"))
    assert ahead.grade(job("b")).report == "report of b"


def test_closing_waits_for_nobody(ahead, pool):
    pool.may_go_on.clear()
    ahead.begin(job("a"))
    assert pool.started.wait(SECONDS)
    ahead.close()
    assert pool.closed


def test_a_pool_that_was_closed_starts_no_process(unit):
    pool = Pool(unit, key="", cell_seconds=5.0)
    pool.close()
    with pytest.raises(RuntimeError, match="closed"):
        pool.grade(job("a"))


class FakeCourse:
    """nbgrader's course folder: where a graded submission is."""

    autograded_directory = "autograded"

    def __init__(self, root):
        self.root = root

    def format_path(self, step, student, assignment):
        return str(self.root / step / student / assignment)


@pytest.fixture
def step(tmp_path, monkeypatch):
    """The step at the second of eight submissions, of which the fourth was graded before."""
    (tmp_path / "autograded" / "d" / "900_golden").mkdir(parents=True)
    folders = [str(tmp_path / "submitted" / name / "900_golden") for name in "abcdefgh"]
    converter = SimpleNamespace(
        assignments=dict.fromkeys(folders, ()),
        notebooks=[f"{folders[1]}/900_golden.ipynb"],
        coursedir=FakeCourse(tmp_path),
        force=False,
    )
    step = Grade()
    monkeypatch.setattr(Grade, "parent", SimpleNamespace(parent=converter))
    return step


def names(step, ahead):
    return [path.parent.parent.name for path in step._coming(ahead)]


def test_what_comes_next_is_in_nbgraders_order_without_what_is_done(step, ahead):
    assert names(step, ahead) == ["c", "e", "f", "g", "h"]


def test_with_force_all_is_graded_again(step, ahead):
    step.parent.parent.force = True
    assert names(step, ahead) == list("cdefgh")


def test_what_was_seen_is_not_looked_at_again(step, ahead):
    first = next(step._coming(ahead))
    ahead.see(first)
    assert names(step, ahead) == ["e", "f", "g", "h"]


def test_so_many_are_read_ahead_and_no_more(step, ahead, pool, unit):
    pool.may_go_on.clear()
    ahead.begin(job("this one"))
    begun = list(step._later(unit, ahead, {}))
    assert len(begun) == AHEAD - 1
    for number in range(AHEAD):
        ahead.begin(job(f"another {number}"))
    assert list(step._later(unit, ahead, {})) == []
