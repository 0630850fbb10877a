"""Grade what a course has collected: only what is missing, safe to stop and to run again.

A report is kept as soon as it is there; then nbgrader's autograding, which takes the reports
instead of grading again, writes the gradebook, in this one process. What is in the gradebook
already is told from the gradebook itself, so that nothing is lost or doubled wherever a run ended.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firsthand.cohort.course import Course, prepare_environment
from firsthand.cohort.create import prepare
from firsthand.gradebook import book
from firsthand.grading.cluster import Cluster
from firsthand.grading.pool import Job, Pool
from firsthand.grading.results import (
    ResultKey,
    Results,
    environment_hash,
    submission_hash,
    suite_hash,
)
from firsthand.grading.sandbox import levels
from firsthand.grading.submitted import read_submitted, submitted_cells
from firsthand.report import Status
from firsthand.unit import Cell, CourseError, Unit

# A bar with a title and a total: entering it gives the function that moves it on by one.
Track = Callable[[str, int], AbstractContextManager[Callable[[], None]]]


@dataclass
class Summary:
    """What a run did. problems: learners without a score, with the reason; rejected: with 0."""

    submissions: int
    graded: int = 0
    written: int = 0
    seconds: float = 0.0
    isolation: str = ""
    rejected: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


class Cohort:
    """The collected submissions of one unit, each known by what its result depends on.

    Only the keys are kept; the submissions are read again when they are graded.
    """

    def __init__(self, course: Course, unit: Unit) -> None:
        """Read all submissions of learners on the roster."""
        prepare_environment(course)
        self.course, self.unit = course, unit
        self.isolation = levels.for_scores(course.isolation or None)
        self.suite = suite_hash(unit, course.key)
        self._environment = environment_hash(
            self.isolation, course.cell_seconds, course.call_seconds
        )
        self.keys: dict[str, ResultKey] = {}
        self.rejected: dict[str, str] = {}
        self.strangers: list[str] = []
        roster = course.students()
        for folder in sorted((course.folder / "submitted").glob(f"*/{unit.id}")):
            student = folder.parent.name
            if student not in roster:
                self.strangers.append(student)
                continue
            cells, rejected = self.read(student)
            self.keys[student] = self.key_of(cells, rejected)
            if rejected:
                self.rejected[student] = rejected
        if not self.keys:
            raise CourseError(
                f"{course.folder / 'submitted'} holds no submission of {unit.id}. "
                f"`firsthand course collect {unit.number}` fetches them."
            )

    def read(self, student: str) -> tuple[list[Cell], str]:
        """The cells to grade, and why a submission was rejected, or ""."""
        folder = self.course.folder / "submitted" / student / self.unit.id
        submitted = read_submitted(folder / f"{self.unit.id}.ipynb")
        return submitted_cells(self.unit, submitted), submitted.rejected

    def key_of(self, cells: Sequence[Cell], rejected: str) -> ResultKey:
        """What the result of these cells depends on."""
        return ResultKey(self.suite, submission_hash(cells, rejected), self._environment)

    def jobs(self, results: Results, *, again: bool) -> Iterator[Job]:
        """What is to be graded, each submission once, read when its turn comes."""
        seen: set[ResultKey] = set()
        for student, key in self.keys.items():
            if key in seen or (not again and key in results):
                continue
            seen.add(key)
            cells, rejected = self.read(student)
            if self.key_of(cells, rejected) == key:  # else it was collected again meanwhile
                yield Job(str(key), tuple(cells), rejected)

    def missing(self, results: Results, *, again: bool) -> int:
        """How many jobs there will be."""
        keys = set(self.keys.values())
        return len(keys) if again else sum(key not in results for key in keys)

    def stale(self) -> list[str]:
        """The learners whose present result is not in the gradebook, or whose pages lack it."""
        scores = book.scores(self.course.db_url, self.unit.id)
        return [s for s, key in self.keys.items() if not self._is_written(s, key, scores.get(s))]

    def _is_written(
        self, student: str, key: ResultKey, scores: Mapping[str, book.Score] | None
    ) -> bool:
        if scores is None or self.unscored(scores):
            return False
        if not is_the_graded_one(self.course, self.unit, student):
            return False
        graded = self.course.folder / "autograded" / student / self.unit.id
        try:
            notebook = json.loads(_text(graded / f"{self.unit.id}.ipynb"))
            return bool(notebook["metadata"]["firsthand"]["result"] == str(key))
        except (ValueError, KeyError, TypeError):
            return False

    def unscored(self, scores: Mapping[str, book.Score]) -> list[str]:
        """The exercises whose cell has no automatic score."""
        names = [e.name for e in self.unit.exercises if e.kind != "rubric"]
        found = {n: scores.get(f"check_{n}") for n in names}
        return [n for n, score in found.items() if score is None or score.automatic is None]


def _grader(cohort: Cohort, processes: int | None, cluster: str) -> Pool | Cluster:
    """The cores of this machine, or the workers of the Dask scheduler at `cluster`."""
    course = cohort.course
    options: dict[str, Any] = {
        "key": course.key,
        "cell_seconds": course.cell_seconds,
        "call_seconds": course.call_seconds,
        "isolation": cohort.isolation,
        "test_seconds": course.test_seconds,
    }
    if not cluster:
        return Pool(cohort.unit, processes=processes, **options)
    if processes:
        raise CourseError(
            f"--processes {processes} is for this machine; with --cluster there are as many as the "
            "scheduler has workers. Leave it out."
        )
    return Cluster(cluster, cohort.unit, **options)


def grade_missing(
    cohort: Cohort,
    results: Results,
    *,
    processes: int | None,
    again: bool,
    track: Track,
    cluster: str = "",
) -> Summary:
    """Grade what the store lacks, or everything again; each report is kept as it comes."""
    summary = Summary(len(cohort.keys), isolation=cohort.isolation, rejected=cohort.rejected)
    summary.problems = dict.fromkeys(cohort.strangers, "not in the roster")
    total = cohort.missing(results, again=again)
    if not total:
        return summary
    grader = _grader(cohort, processes, cluster)
    with grader, track(f"grading {cohort.unit.number}", total) as advance:
        for graded in grader.grade_many(cohort.jobs(results, again=again)):
            key = ResultKey.named(graded.key)
            if graded.report is None:
                owners = [s for s, k in cohort.keys.items() if k == key]
                summary.problems |= dict.fromkeys(owners, graded.problem)
            else:
                results.put(key, graded.report, replace=again)
                summary.graded += 1
            advance()
    return summary


def write_gradebook(
    cohort: Cohort, students: Sequence[str], summary: Summary, track: Track
) -> None:
    """Let nbgrader write the results of these learners, one after the other."""
    students = [student for student in students if student not in summary.problems]
    if not students:
        return
    from firsthand.gradebook.driver import Driver

    with Driver(cohort.course.folder) as driver, track("gradebook", len(students)) as advance:
        for student in students:
            try:
                driver.autograde(cohort.unit.id, student)
                summary.written += 1
            except CourseError as error:
                summary.problems[student] = str(error)
            advance()


def grade_unit(
    course: Course,
    unit: Unit,
    *,
    processes: int | None,
    again: bool,
    track: Track,
    cluster: str = "",
) -> Summary:
    """Bring the gradebook up to date with what was collected; the caller holds the lock."""
    started = time.monotonic()
    prepare(course)
    cohort = Cohort(course, unit)
    with Results(course.results) as results:
        summary = grade_missing(
            cohort, results, processes=processes, again=again, track=track, cluster=cluster
        )
        write_gradebook(cohort, list(cohort.keys) if again else cohort.stale(), summary, track)
        summary.faults = faults(cohort, results)
    summary.seconds = time.monotonic() - started
    return summary


def faults(cohort: Cohort, results: Results) -> dict[str, str]:
    """The tests that broke with the present submissions, each with the message of one."""
    present = set(cohort.keys.values())
    return {
        f"{exercise.name}: {test.name}": test.message
        for key, report in results.faulty(cohort.suite)
        if key in present
        for exercise in report.exercises
        for test in exercise.tests
        if test.status is Status.FAULT
    }


def is_the_graded_one(course: Course, unit: Unit, student: str) -> bool:
    """Whether the submission that was collected last is the one that nbgrader graded."""
    handed_in, graded = (
        _text(course.folder / step / student / unit.id / "timestamp.txt")
        for step in ("submitted", "autograded")
    )
    return handed_in == graded


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
