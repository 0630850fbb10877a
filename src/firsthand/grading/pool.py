"""Grade many submissions of one unit on all cores; a test that hangs or crashes stops nothing.

Each of the pool's processes holds the unit's tests and its own warm worker process. When one ends
twice in the same test, or is in one for too long, the reference solution decides whose fault it
was: where that test breaks off with the reference too, it is the grader's fault and costs nobody a
point; else the submission's. Nothing is imported here that imports torch.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from types import ModuleType
from typing import NamedTuple, Protocol, Self

from firsthand.report import Report
from firsthand.unit import Cell, CourseError, Unit

TEST_SECONDS = 300.0  # that one test may take, with the cells that run for it
START_SECONDS = 600.0  # until a process is ready, on a machine that is busy with starting others
PATIENCE = 2  # tests of one submission that may end its process
EVERY_TEST = "*"


class Job(NamedTuple):
    """One submission to grade: its cells, or why it was rejected. `key` comes back with it."""

    key: str
    cells: tuple[Cell, ...]
    rejected: str = ""


class Graded(NamedTuple):
    """A job's report; or None, and the problem, where the process ended twice outside of a test."""

    key: str
    report: Report | None
    problem: str = ""


class ManyGrader(Protocol):
    """Whatever grades many submissions: the cores of this machine, or others."""

    def grade_many(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Each job's result, in any order. Jobs are taken one by one, as there is room for them."""


class Ruling(NamedTuple):
    """What a test is told to have come to, without running it: a status and a message."""

    status: str
    message: str


@dataclass(frozen=True)
class Settings:
    """What every process of a pool is told when it starts."""

    unit: Unit
    key: str
    cell_seconds: float
    call_seconds: float | None
    isolation: str | None


@dataclass
class _Slot:
    """One process and what it is doing. `rulings`: of tests that ended it with this job."""

    process: multiprocessing.process.BaseProcess
    connection: Connection
    since: float
    ready: bool = False
    job: Job | None = None
    test: str = ""
    suspect: str = ""  # the test that is tried on the reference
    how: str = ""  # what the suspect did to the process
    ended_in: set[str] = field(default_factory=set)  # tests that a process of this job ended in
    rulings: dict[str, Ruling] = field(default_factory=dict)
    losses: int = 0  # of this job, outside of a test


def _serve(connection: Connection, settings: Settings) -> None:
    """What a process of the pool runs. It imports torch; the one that started it need not."""
    from firsthand.grading.warm_process import start_early

    start_early(settings.isolation)
    from firsthand.grading.pool_worker import serve

    serve(connection, settings)


class Pool:
    """Processes that grade submissions of one unit. A context manager.

    Args:
        unit: the unit.
        key: the course key.
        isolation: the walls around the submissions' code, by default the strongest there are.
        processes: how many, by default one for each core.
        test_seconds: how long one test may take before its process is killed.
    """

    serve = staticmethod(_serve)  # what a process runs

    def __init__(
        self,
        unit: Unit,
        *,
        key: str,
        cell_seconds: float,
        call_seconds: float | None = None,
        isolation: str | None = None,
        processes: int | None = None,
        test_seconds: float = TEST_SECONDS,
    ) -> None:
        self._settings = Settings(unit, key, cell_seconds, call_seconds, isolation)
        self._wanted = processes or cores()
        self._test_seconds = test_seconds
        # Spawned, not forked: this process may have threads.
        self._context = multiprocessing.get_context("spawn")
        self._slots: list[_Slot] = []
        self._closed = False
        self._broken: dict[str, Ruling] = {}  # tests that end a process with the reference too

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes. None is started any more."""
        self._closed = True
        for slot in self._slots:
            _end(slot)
        self._slots.clear()

    def grade_many(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Each job's result, in the order in which they end.

        Raises CourseError where the unit's tests cannot be collected.
        """
        try:
            yield from self._grade_all(iter(jobs))
        finally:
            self.close()

    def grade(self, job: Job) -> Graded:
        """The result of one job. The process stays, for the next."""
        (graded,) = self._grade_all(iter([job]))
        return graded

    def _grade_all(self, waiting: Iterator[Job]) -> Iterator[Graded]:
        self._hand_out(waiting)
        while any(slot.job for slot in self._slots):
            for slot in self._speaking():
                graded = self._hear(slot)
                if graded is not None:
                    yield graded
            for slot in list(self._slots):
                graded = self._stop_if_late(slot)
                if graded is not None:
                    yield graded
            self._hand_out(waiting)

    def _hand_out(self, waiting: Iterator[Job]) -> None:
        """A job for every idle process, and a new process where a job is left."""
        while True:
            idle = next((slot for slot in self._slots if slot.job is None), None)
            if idle is None and len(self._slots) >= self._wanted:
                return
            job = next(waiting, None)
            if job is None:
                return
            if idle is None:
                idle = self._start()
                self._slots.append(idle)
            idle.job, idle.ended_in, idle.rulings, idle.losses = job, set(), {}, 0
            if idle.ready:
                self._send_job(idle)

    def _start(self) -> _Slot:
        if self._closed:
            raise RuntimeError("the pool was closed")
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=self.serve, args=(theirs, self._settings), daemon=True, name="firsthand grading"
        )
        with _one_thread(), _no_main_module():
            process.start()
        theirs.close()
        return _Slot(process, ours, time.monotonic())

    def _send_job(self, slot: _Slot) -> None:
        with suppress(OSError):  # a process that has ended is noticed when it is listened to
            slot.connection.send(("grade", slot.job, self._broken | slot.rulings))
        slot.test, slot.since = "", time.monotonic()

    def _speaking(self) -> list[_Slot]:
        """The processes that said something or ended, after at most a quarter of a second."""
        ready = wait([slot.connection for slot in self._slots], timeout=0.25)
        return [slot for slot in self._slots if slot.connection in ready]

    def _hear(self, slot: _Slot) -> Graded | None:
        try:
            kind, value = slot.connection.recv()
        except (EOFError, OSError):
            slot.process.join()
            how = _how_it_ended(slot.process.exitcode)
            if slot.test and slot.test not in slot.ended_in and not slot.suspect:
                # Once can be the machine's doing, such as a lack of memory: it is tried again.
                slot.ended_in.add(slot.test)
                self._restart(slot)
                return None
            return self._lost(slot, how)
        slot.since = time.monotonic()
        if kind == "failed":
            raise CourseError(value)
        if kind == "ready":
            slot.ready = True
            self._go_on(slot)
        elif kind == "test":
            slot.test = value
        elif kind == "reference":
            self._judge(slot, passed=value)
        elif kind == "report":
            graded = None if slot.job is None else Graded(slot.job.key, value)
            slot.job, slot.test = None, ""
            return graded
        return None

    def _go_on(self, slot: _Slot) -> None:
        if slot.suspect:
            slot.test = slot.suspect
            with suppress(OSError):
                slot.connection.send(("reference", slot.suspect))
        elif slot.job is not None:
            self._send_job(slot)

    def _stop_if_late(self, slot: _Slot) -> Graded | None:
        limit = self._test_seconds if slot.test else START_SECONDS
        if slot.job is None or time.monotonic() - slot.since <= limit:
            return None
        return self._lost(slot, f"it did not end within {limit:g} s")

    def _lost(self, slot: _Slot, how: str) -> Graded | None:
        """A process is gone, or has to go: start another, and find out whose fault it was."""
        test, job = slot.test, slot.job
        graded = None
        if slot.suspect:
            self._judge(slot, passed=False, again=False)
        elif test:
            slot.suspect, slot.how = test, how
        else:
            slot.losses += 1
            if slot.losses >= PATIENCE and job is not None:
                problem = f"the process that graded it ended twice outside of a test: {how}"
                graded, slot.job = Graded(job.key, None, problem), None
        if slot.job is None:
            _end(slot)
            self._slots.remove(slot)
            return graded
        self._restart(slot)
        return None

    def _restart(self, slot: _Slot) -> None:
        """Another process in the same place, with the same job."""
        _end(slot)
        fresh = self._start()
        slot.process, slot.connection, slot.since = fresh.process, fresh.connection, fresh.since
        slot.ready, slot.test = False, ""

    def _judge(self, slot: _Slot, *, passed: bool, again: bool = True) -> None:
        """Rule on the suspect, by what it did with the reference solution."""
        test, slot.suspect = slot.suspect, ""
        if not passed:
            self._broken[test] = Ruling("grader fault", f"the grader broke off: {slot.how}")
        else:
            late = "did not end" in slot.how
            status = "timed out" if late else "raised"
            told = "the test" if late else "the grading process"
            slot.rulings[test] = Ruling(status, f"with your code, {told} broke off: {slot.how}")
            if len(slot.rulings) >= PATIENCE:
                slot.rulings[EVERY_TEST] = Ruling(status, "not run: two tests broke off before it")
        if again:
            self._send_job(slot)


def cores() -> int:
    """The cores that this process may use."""
    available = getattr(os, "sched_getaffinity", None)
    return len(available(0)) if available else os.cpu_count() or 1


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes that start here use one thread each: there is one for every core."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


@contextmanager
def _no_main_module() -> Iterator[None]:
    """Processes that start here do not import the program that starts them, which they do not use.

    multiprocessing repeats the import of the main module. nbgrader's takes 1.5 s.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _end(slot: _Slot) -> None:
    """Kill a process; the warm worker that it started ends when its connection closes."""
    slot.process.kill()
    slot.process.join()
    slot.connection.close()


def _how_it_ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"its process ended with status {code}"
    return f"its process was ended by {signal.Signals(-code).name}"
