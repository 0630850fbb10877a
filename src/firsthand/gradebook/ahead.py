"""Grading goes on while nbgrader writes: the next submissions are graded before it asks for them.

nbgrader takes one submission after the other, and spends more time on its gradebook than the
engine on a small exercise. What is graded ahead is found by its content, so that nothing that
changed meanwhile is taken for what it was.
"""

from collections.abc import Hashable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread

from firsthand.grading.pool import Graded, Job, Pool


class Ahead:
    """A pool that is fed from a thread of its own.

    The thread is a daemon: whoever stops nbgrader does not wait for the submission in work.
    """

    def __init__(self, pool: Pool) -> None:
        """Take over `pool`, which nobody else uses from now on."""
        self._pool = pool
        self._begun: dict[str, Future[Graded]] = {}
        self._queue: SimpleQueue[tuple[Job, Future[Graded]] | None] = SimpleQueue()
        self._seen: set[Hashable] = set()
        self._thread: Thread | None = None

    def begin(self, job: Job) -> None:
        """Grade a job when those before it are done; one that was begun is not begun again."""
        if job.key in self._begun:
            return
        future = self._begun[job.key] = Future()
        self._queue.put((job, future))
        if self._thread is None:
            self._thread = Thread(target=self._work, name="firsthand grading", daemon=True)
            self._thread.start()

    def grade(self, job: Job) -> Graded:
        """The result of a job, begun before or now. Raises what grading raised."""
        self.begin(job)
        try:
            return self._begun[job.key].result()
        finally:
            del self._begun[job.key]

    @property
    def waiting(self) -> int:
        """How many results nobody has asked for yet."""
        return len(self._begun)

    def see(self, submission: Hashable) -> None:
        """Note that a submission was looked at."""
        self._seen.add(submission)

    def has_seen(self, submission: Hashable) -> bool:
        """Whether it was looked at."""
        return submission in self._seen

    def close(self) -> None:
        """End the processes. What was begun and not asked for is given up."""
        self._queue.put(None)
        self._pool.close()

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            job, future = item
            try:
                future.set_result(self._pool.grade(job))
            except BaseException as error:
                future.set_exception(error)
