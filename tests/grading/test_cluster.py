"""Dask workers grade what a pool grades, with the same reports; the loss of one loses nothing."""

import logging
import os
import signal
import time
from queue import SimpleQueue

import psutil
import pytest

from firsthand.grading import cluster, cluster_station, cluster_worker
from firsthand.grading.cluster import IN_FLIGHT, MOST, Cluster
from firsthand.grading.cluster_worker import Order, Submission, Terms
from firsthand.grading.engine import Grader
from firsthand.grading.pool import Graded, Job
from firsthand.grading.results import submission_hash
from firsthand.unit import CourseError
from tests.grading import cluster_fake
from tests.grading.tiny import DOUBLE, GRADERS, cells, tiny_unit

distributed = pytest.importorskip(
    "distributed", reason="needs Dask, which is not installed: `pip install distributed`"
)

KEY = "a course key that nobody may read"
DEADLINES = {"key": KEY, "cell_seconds": 4.0, "call_seconds": 4.0}
UNREAD = [Job(str(number), (), f"no file {number}") for number in range(9)]


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    return tiny_unit(tmp_path_factory.mktemp("course"))


def started(**options):
    """A scheduler and its workers on this machine."""
    options = {"threads_per_worker": 1, "dashboard_address": ":0", "memory_limit": 0} | options
    return distributed.LocalCluster(protocol="tcp://", **options)


@pytest.fixture(scope="module")
def scheduler():
    """One worker, a thread of this process."""
    with started(n_workers=1, processes=False) as local:
        yield local


@pytest.fixture(scope="module")
def machines(unit):
    """Two worker processes that have the course."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRSTHAND_COURSE", str(unit.root))
        patch.setenv("OMP_NUM_THREADS", "1")
        with started(n_workers=2, processes=True) as local:
            yield local


@pytest.fixture
def connect(unit, monkeypatch):
    """A function from a cluster and what its tasks run to a `Cluster`, closed after the test."""
    opened = []

    def open_one(local, task=cluster_fake.answer, *, here=unit, **options):
        if task is not None:
            monkeypatch.setattr(cluster, "grade", task)
        opened.append(Cluster(local.scheduler_address, here, **DEADLINES | options))
        return opened[-1]

    cluster_fake.ORDERS.clear()
    yield open_one
    for one in opened:
        one.close()


def test_every_job_comes_back_once_with_its_key(connect, scheduler):
    results = list(connect(scheduler).grade_many(UNREAD))
    assert sorted(results) == [Graded(job.key, None, job.rejected) for job in UNREAD]


def test_jobs_are_taken_as_there_is_room(connect, scheduler):
    taken = []

    def jobs():
        for job in UNREAD:
            taken.append(job)
            yield job

    for done, _ in enumerate(connect(scheduler).grade_many(jobs()), start=1):
        assert len(taken) < done + IN_FLIGHT
    assert taken == UNREAD


def test_the_same_submission_twice_is_sent_once(connect, scheduler):
    jobs = [Job("one", (), "no file"), Job("two", (), "no file")]
    results = dict.fromkeys(graded.key for graded in connect(scheduler).grade_many(jobs))
    assert sorted(results) == ["one", "two"]
    assert len(cluster_fake.ORDERS) == 1


def test_quick_submissions_travel_several_at_a_time(connect, scheduler):
    jobs = [Job(str(number), (), f"no file {number}") for number in range(80)]
    results = list(connect(scheduler, cluster_fake.quick).grade_many(jobs))
    assert sorted(graded.key for graded in results) == sorted(job.key for job in jobs)
    sizes = [len(order.submissions) for order in cluster_fake.ORDERS]
    assert sizes[:2] == [1, 1] and max(sizes) == MOST


def test_no_result_stays_on_the_cluster(connect, scheduler):
    for _ in connect(scheduler).grade_many(UNREAD):
        pass
    limit = time.monotonic() + 5
    while scheduler.scheduler.tasks and time.monotonic() < limit:
        time.sleep(0.02)
    assert not scheduler.scheduler.tasks


def test_our_own_bug_keeps_its_kind_and_no_log_has_the_course_key(connect, scheduler, caplog):
    logging.getLogger("distributed").addHandler(caplog.handler)
    with pytest.raises(ZeroDivisionError, match="a bug of ours"):
        list(connect(scheduler, cluster_fake.fail).grade_many(UNREAD))
    assert "ZeroDivisionError" in caplog.text
    assert KEY not in caplog.text


def test_a_scheduler_that_is_not_there_is_one_line(unit, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.2)
    with pytest.raises(CourseError, match=r"^the Dask scheduler 'tcp://127.0.0.1:1' cannot be"):
        Cluster("tcp://127.0.0.1:1", unit, **DEADLINES)


def test_a_cluster_without_workers_is_one_line(connect):
    with started(n_workers=0, processes=False) as local, pytest.raises(CourseError) as told:
        connect(local, worker_seconds=0.2)
    assert "has no worker after 0.2 s" in str(told.value)


def test_workers_that_all_go_and_stay_away_end_the_run(connect, monkeypatch):
    monkeypatch.setattr(cluster, "_FETCH_SECONDS", 0.2)
    with started(n_workers=1, processes=False) as local, pytest.raises(CourseError) as told:
        for _ in connect(local, worker_seconds=0.2).grade_many(UNREAD):
            local.scale(0)
    assert "has had no worker for 0.2 s. What was graded until now is kept" in str(told.value)


def test_a_scheduler_that_goes_away_ends_the_run(connect):
    with started(n_workers=1, processes=False) as local, pytest.raises(CourseError) as told:
        for _ in connect(local).grade_many(UNREAD):
            local.close()
    assert "is lost. What was graded until now is kept" in str(told.value)


def test_a_worker_with_several_threads_is_refused(connect):
    with started(n_workers=1, processes=False, threads_per_worker=3) as local:
        with pytest.raises(CourseError, match=r"has 3 threads, .* with --nthreads 1"):
            connect(local)


def test_a_worker_without_firsthand_is_refused(connect, monkeypatch):
    monkeypatch.setattr(cluster, "find_spec", cluster_fake.nothing_found)
    with started(n_workers=1, processes=False) as local:
        with pytest.raises(CourseError, match=r"has no firsthand.* Install this version"):
            connect(local)


def test_graders_that_differ_on_a_worker_are_refused(connect, machines, tmp_path):
    other = tiny_unit(tmp_path, graders=GRADERS.replace("3.0", "4.0"))
    with pytest.raises(CourseError, match=r"cannot grade: unit 901 in .* has other graders"):
        list(connect(machines, None, here=other).grade_many(UNREAD))


def test_packages_that_differ_on_a_worker_are_refused(connect, machines, monkeypatch):
    monkeypatch.setattr(cluster, "environment_hash", lambda *_: "other")
    with pytest.raises(CourseError, match="cannot grade: its Python, packages or firsthand"):
        list(connect(machines, None).grade_many(UNREAD))


def submissions(count):
    """Different ones, of which every third is wrong; the last could not be read."""
    double = [DOUBLE if n % 3 else "def double(x):\n    return x * x" for n in range(count)]
    jobs = [Job(str(n), tuple(cells(f"{double[n]}  # {n}"))) for n in range(count)]
    return [*jobs, Job("none", (), "no file")]


def test_two_workers_report_what_one_machine_does_though_one_is_killed(connect, machines, unit):
    jobs, results = submissions(12), []
    for graded in connect(machines, None).grade_many(jobs):
        results.append(graded)
        if len(results) == 4:
            victim = next(iter(machines.workers.values()))
            below = psutil.Process(victim.pid).children(recursive=True)
            os.kill(victim.pid, signal.SIGKILL)
    assert sorted(graded.key for graded in results) == sorted(job.key for job in jobs)
    by_key = {job.key: job for job in jobs}
    for graded in results[:4]:
        assert times_graded(machines, by_key[graded.key]) == 1
    with Grader(unit, **DEADLINES) as grader:
        for graded in results:
            job = by_key[graded.key]
            alone = grader.reject(job.rejected) if job.rejected else grader.grade(job.cells)
            assert graded.report.comparable() == alone.comparable()
    assert not psutil.wait_procs(below, timeout=5)[1]


def times_graded(local, job):
    """How often a worker told the scheduler that it had graded this submission."""
    content = submission_hash(job.cells, job.rejected)
    log = [row[:3] for row in local.scheduler.transition_log]
    return sum(content in name and change == ["processing", "memory"] for name, *change in log)


def test_a_submission_that_every_worker_ends_in_has_a_problem_and_the_rest_goes_on(
    connect, machines, monkeypatch
):
    monkeypatch.setattr(machines.scheduler, "allowed_failures", 0)
    results = list(connect(machines, cluster_fake.die).grade_many(UNREAD[:2]))
    assert [graded.report for graded in results] == [None, None]
    assert all("1 Dask workers ended, one after the other" in graded.problem for graded in results)


TERMS = Terms("901", "suite", "environment", 1.0, None, 1.0, "full", KEY)


class Beside:
    """A grading process that ends as often as told, and then answers."""

    deaths = 0

    def __init__(self, terms):
        self.terms = terms

    def ask(self, submission):
        Beside.deaths -= 1
        return None if Beside.deaths >= 0 else {"report": submission.rejected}

    def close(self):
        pass


@pytest.mark.parametrize(("deaths", "kind"), [(0, "report"), (1, "report"), (2, "problem")])
def test_a_grading_process_that_ends_is_started_once_more(monkeypatch, deaths, kind):
    monkeypatch.setattr(cluster_worker, "_Station", Beside)
    monkeypatch.setattr(cluster_worker, "_station", None)
    monkeypatch.setattr(Beside, "deaths", deaths)
    answers = cluster_worker.grade(Order(TERMS, (Submission((), "one"), Submission((), "two"))))
    assert [list(answer) for answer in answers] == [[kind], ["report"]]


def test_a_grading_process_without_work_ends(monkeypatch):
    monkeypatch.setattr(cluster_station, "IDLE_SECONDS", 0.01)
    waiting = SimpleQueue()
    waiting.put("a job")
    assert list(cluster_station._jobs(waiting)) == ["a job"]
