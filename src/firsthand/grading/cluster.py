"""Grade many submissions of one unit on other machines: the workers of a Dask scheduler.

Each Dask worker grades one submission at a time, with its own warm process and walls
(`cluster_worker`). Few tasks are under way at a time and each result is let go as soon as it is
here: after the loss of a worker, Dask computes again whatever result is still held. A task costs
the scheduler and this machine about as much as a small submission costs a worker, so that quick
submissions travel several at a time. `docs/cluster.md` says what the machines need. Dask is
imported only when a cluster is used.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, Self

from firsthand.grading.cluster_worker import Order, Submission, Terms, grade
from firsthand.grading.pool import TEST_SECONDS, Graded, Job
from firsthand.grading.results import environment_hash, submission_hash, suite_hash
from firsthand.grading.sandbox import levels
from firsthand.report import Report
from firsthand.unit import CourseError, Unit

CONNECT_SECONDS = 10.0
WORKER_SECONDS = 120.0  # that the cluster may be without any worker
IN_FLIGHT = 2  # tasks for each worker: one is done, one is there already
TASK_SECONDS = 0.5  # of grading, to be worth a task
MOST = 10  # submissions of one task; all of them are graded again when their worker is lost
_RECENT = 8  # submissions that the mean time is taken over, the last ones counting more
_LOOK = 1.0  # seconds between two looks at the workers
_FETCH_SECONDS = 5.0
_KEPT = "What was graded until now is kept: run the command again."


class _Task(NamedTuple):
    """A future of Dask's, and the hash of each submission that it grades."""

    future: Any
    contents: list[str]


class Cluster:
    """The workers of a Dask scheduler. A context manager; `close` ends the connection.

    Args:
        address: of the scheduler, such as tcp://HOST:8786 or tls://HOST:8786.
        unit: the unit. Every worker must have the same one in its own copy of the course.
        key: the course key.
        isolation: the walls around the submissions' code, by default this machine's strongest.
        test_seconds: how long one test may take before its process is killed.
        worker_seconds: how long to wait where the cluster has no worker.

    Raises CourseError where Dask is not installed, the scheduler is not reached, no worker comes
    or one has several threads.
    """

    def __init__(
        self,
        address: str,
        unit: Unit,
        *,
        key: str,
        cell_seconds: float,
        call_seconds: float | None = None,
        isolation: str | None = None,
        test_seconds: float = TEST_SECONDS,
        worker_seconds: float = WORKER_SECONDS,
    ) -> None:
        level = levels.resolve(isolation)
        self._terms = Terms(
            unit=unit.id,
            suite=suite_hash(unit, key),
            environment=environment_hash(level, cell_seconds, call_seconds),
            cell_seconds=cell_seconds,
            call_seconds=call_seconds,
            test_seconds=test_seconds,
            isolation=level,
            key=key,
        )
        self._address = address
        self._worker_seconds = worker_seconds
        self._looked = 0.0
        self._count = 0  # of workers
        self._alone: float | None = None  # since when there has been none
        self._seconds = TASK_SECONDS  # that a submission took of late
        self._tasks: dict[str, _Task] = {}  # by their names
        self._jobs: dict[str, list[Job]] = {}  # by the hash of what they submit
        self._ended: SimpleQueue[Any] = SimpleQueue()  # futures
        self._client = _connected(address)
        try:
            self._wait_for_workers()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the workers drop what they were still to do."""
        with suppress(OSError, TimeoutError):
            self._client.close()

    def grade_many(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Each job's result, in the order in which they end.

        Raises CourseError where a worker cannot grade this unit, where the scheduler is lost, and
        where the cluster stays without a worker.
        """
        waiting = iter(jobs)
        try:
            self._hand_out(waiting)
            while self._tasks:
                future = self._next()
                answers = self._answers(future)
                if answers is None:
                    continue
                task = self._tasks.pop(future.key)
                future.release()
                for content, answer in zip(task.contents, answers, strict=True):
                    yield from (self._graded(job, answer) for job in self._jobs.pop(content))
                self._hand_out(waiting)
        finally:
            if self._tasks and self._client.status == "running":
                self._client.cancel([task.future for task in self._tasks.values()])
            self._tasks, self._jobs, self._ended = {}, {}, SimpleQueue()

    def _hand_out(self, waiting: Iterator[Job]) -> None:
        """Send tasks as long as there is room."""
        while len(self._tasks) < IN_FLIGHT * max(1, self._workers()):
            submissions = self._take(waiting)
            if not submissions:
                return
            contents = list(submissions)
            # Named by content, and not by anything that must stay secret: names are for all to see.
            name = "-".join(["firsthand", self._terms.suite, self._terms.environment, *contents])
            order = Order(self._terms, tuple(submissions.values()))
            future = self._client.submit(grade, order, key=name)
            self._tasks[name] = _Task(future, contents)
            future.add_done_callback(self._ended.put)

    def _take(self, waiting: Iterator[Job]) -> dict[str, Submission]:
        """The submissions of the next task by their hash, none that is under way already."""
        taken: dict[str, Submission] = {}
        size = max(1, min(MOST, int(TASK_SECONDS / self._seconds)))
        while len(taken) < size:
            job = next(waiting, None)
            if job is None:
                break
            content = submission_hash(job.cells, job.rejected)
            if content not in self._jobs:
                taken[content] = Submission(job.cells, job.rejected)
            self._jobs.setdefault(content, []).append(job)
        return taken

    def _graded(self, job: Job, answer: dict[str, str]) -> Graded:
        if "problem" in answer:
            return Graded(job.key, None, answer["problem"])
        report = Report.from_json(answer["report"])
        if not report.rejected:
            self._seconds += (report.seconds - self._seconds) / _RECENT
        return Graded(job.key, report)

    def _next(self) -> Any:
        """The next future that ended."""
        while True:
            with suppress(Empty):
                return self._ended.get(timeout=_LOOK)
            self._workers()

    def _answers(self, future: Any) -> list[dict[str, str]] | None:
        """What a task came to; None where its result was lost with a worker and comes again."""
        if future.status == "cancelled" or self._client.status != "running":
            raise self._lost()
        if future.status == "error":
            error = future.exception()
            if type(error).__name__ == "KilledWorker":
                count = error.allowed_failures + 1
                problem = f"{count} Dask workers ended, one after the other, while they graded it"
                return [{"problem": problem}] * len(self._tasks[future.key].contents)
            if "deserialization" in str(error) or isinstance(error, ImportError):
                raise CourseError(
                    f"the scheduler {self._address} cannot import this firsthand: "
                    f"{_first_line(error.__cause__ or error)}. Install the same version there."
                ) from None
            raise error
        try:
            answers: list[dict[str, str]] = future.result(timeout=_FETCH_SECONDS)
        except TimeoutError:
            self._workers()
            future.add_done_callback(self._ended.put)
            return None
        if "refused" in answers[-1]:
            told = answers[-1]["refused"]
            raise CourseError(f"a worker of {self._address} cannot grade: {told}")
        return answers

    def _workers(self) -> int:
        """How many workers there are, from at most a second ago.

        Raises CourseError where there have been none for long.
        """
        now = time.monotonic()
        if now - self._looked > _LOOK:
            try:
                self._count = len(self._client.nthreads())
            except (OSError, TimeoutError):
                raise self._lost() from None
            self._looked = now
            if self._count:
                self._alone = None
            elif self._alone is None:
                self._alone = now
            elif now - self._alone > self._worker_seconds:
                raise CourseError(
                    f"the Dask scheduler {self._address} has had no worker for "
                    f"{self._worker_seconds:g} s. {_KEPT}"
                )
        return self._count

    def _wait_for_workers(self) -> None:
        """Wait for one, and refuse those that cannot grade."""
        try:
            self._client.wait_for_workers(1, timeout=self._worker_seconds)
        except TimeoutError:
            raise CourseError(
                f"the Dask scheduler {self._address} has no worker after "
                f"{self._worker_seconds:g} s. Start some: docs/cluster.md says how."
            ) from None
        found = self._client.run(find_spec, Order.__module__, on_error="return")
        for worker, spec in found.items():
            if not isinstance(spec, ModuleSpec):
                raise CourseError(
                    f"the Dask worker {worker} has no {Order.__module__}. Install this version of "
                    "firsthand in the environment that the workers are started from."
                )
        for worker, threads in self._client.nthreads().items():
            if threads != 1:
                raise CourseError(
                    f"the Dask worker {worker} has {threads} threads, and one worker grades one "
                    "submission at a time. Start one for each core, with --nthreads 1."
                )

    def _lost(self) -> CourseError:
        return CourseError(f"the connection to the Dask scheduler {self._address} is lost. {_KEPT}")


def _connected(address: str) -> Any:
    """A client of the scheduler."""
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        raise CourseError(
            "--cluster needs Dask, which is not installed here: `pip install distributed`."
        ) from None
    # What it tells of a lost scheduler in sixty lines, `_lost` tells in one.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        asyncio.run(_try(dask, address))
        return dask.Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="firsthand")
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        raise CourseError(
            f"the Dask scheduler {address!r} cannot be reached: {_first_line(error)}. "
            "Give the address that the scheduler printed when it started, such as tcp://HOST:8786; "
            "for tls:// name the certificates in Dask's configuration (docs/cluster.md)."
        ) from None


async def _try(dask: Any, address: str) -> None:
    """Connect once: a client whose start fails waits for seconds to be closed, and complains."""
    options = dask.Security().get_connection_args("client")
    comm = await dask.comm.connect(address, timeout=CONNECT_SECONDS, **options)
    await comm.close()


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".:")
