"""The one result type of all front ends: what each test, exercise and unit came to.

Serialised as JSON, schema version 1 (`docs/report-v1.schema.json`). The cell output, the terminal,
the gradebook, JUnit and the cohort page are all made from a `Report`; none of them decides a score.
"""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA_VERSION = 1


class Status(StrEnum):
    """What a test, or a whole exercise, came to."""

    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    NOT_STARTED = "not started"
    TIMED_OUT = "timed out"
    FAULT = "grader fault"
    MANUAL = "graded by hand"


@dataclass(frozen=True)
class Line:
    """A line of the learner's own code: where an exception came from."""

    cell: str
    number: int
    text: str


@dataclass(frozen=True)
class TestResult:
    """One test. `points` of `max_points` are this test's share of the exercise by weight.

    `recognised`: the mistake was identified, and `hint` is about that mistake. `line`: the
    learner's line for `raised`.
    """

    __test__ = False  # not a test class for pytest

    name: str
    sentence: str
    status: Status
    visible: bool
    weight: float
    points: float
    max_points: float
    message: str = ""
    hint: str = ""
    recognised: bool = False
    line: Line | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise.

    `with_reference` names the earlier exercises that were replaced by the reference for this
    result. `cpu_seconds`: processor time of the submission's process, measured where the exercise
    has a budget, `cpu_budget`; both are 0 elsewhere.
    """

    name: str
    kind: str
    status: Status
    points: float
    max_points: float
    tests: tuple[TestResult, ...] = ()
    with_reference: tuple[str, ...] = ()
    output: str = ""
    cpu_seconds: float = 0.0
    cpu_budget: float = 0.0

    @property
    def passed(self) -> int:
        """The number of tests that passed."""
        return sum(t.status is Status.PASSED for t in self.tests)

    @property
    def shown(self) -> TestResult | None:
        """The one failure to show.

        The first whose mistake was recognised, else the first that the learner can mend, else the
        first fault of ours.
        """
        wrong = [t for t in self.tests if t.status is not Status.PASSED]
        mine = [t for t in wrong if t.status is not Status.FAULT]
        return next((t for t in mine if t.recognised), next(iter(mine or wrong), None))


@dataclass(frozen=True)
class Report:
    """One submission of one unit.

    `points` of `max_points` are those that graders award; rubric points are `manual_points`,
    awarded by a person. `isolation`: "kernel" (formative, never counts), "process-only", or a
    stronger wall. `suite_hash`: the content of the graders. `cell_errors`: cells of the submission
    that raised before grading. `rejected`: why a submission was not read at all.
    """

    unit: str
    title: str
    exercises: tuple[ExerciseResult, ...]
    suite_hash: str
    isolation: str
    seconds: float
    submission: str = ""
    cell_errors: tuple[str, ...] = ()
    rejected: str = ""
    schema_version: int = SCHEMA_VERSION
    points: float = field(init=False)
    max_points: float = field(init=False)
    manual_points: float = field(init=False)

    def __post_init__(self) -> None:
        """Totals are always derived, never given."""
        automatic = [e for e in self.exercises if e.status is not Status.MANUAL]
        manual = [e for e in self.exercises if e.status is Status.MANUAL]
        object.__setattr__(self, "points", round(sum(e.points for e in automatic), 4))
        object.__setattr__(self, "max_points", sum(e.max_points for e in automatic))
        object.__setattr__(self, "manual_points", sum(e.max_points for e in manual))

    def exercise(self, name: str) -> ExerciseResult:
        """The result of one exercise. Raises KeyError for an unknown name."""
        for result in self.exercises:
            if result.name == name:
                return result
        raise KeyError(name)

    @property
    def has_fault(self) -> bool:
        """Whether any grader broke: our bug, never deducted."""
        return any(t.status is Status.FAULT for e in self.exercises for t in e.tests)

    def comparable(self) -> dict[str, Any]:
        """Everything but where and how fast it ran.

        Equal for the same submission on every transport.
        """
        table = asdict(self)
        for key in ("isolation", "seconds", "submission"):
            table.pop(key)
        for exercise in table["exercises"]:
            exercise.pop("cpu_seconds")
            for test in exercise["tests"]:
                test.pop("seconds")
        return table

    def to_json(self) -> str:
        """JSON of schema version 1, with sorted keys."""
        return json.dumps(asdict(self), indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """The report that `to_json` wrote. Raises ValueError for another schema version."""
        table = json.loads(text)
        if table.get("schema_version") != SCHEMA_VERSION:
            raise ValueError(
                f"report of schema {table.get('schema_version')!r}; "
                f"this version reads {SCHEMA_VERSION}"
            )
        for derived in ("points", "max_points", "manual_points"):
            table.pop(derived)
        table["exercises"] = tuple(_exercise_from(row) for row in table["exercises"])
        table["cell_errors"] = tuple(table["cell_errors"])
        return cls(**table)


def _exercise_from(row: dict[str, Any]) -> ExerciseResult:
    tests = tuple(_test_from(t) for t in row["tests"])
    row = row | {"tests": tests, "status": Status(row["status"])}
    return ExerciseResult(**row | {"with_reference": tuple(row["with_reference"])})


def _test_from(row: dict[str, Any]) -> TestResult:
    line = Line(**row["line"]) if row["line"] else None
    return TestResult(**row | {"line": line, "status": Status(row["status"])})


def exercise_status(tests: tuple[TestResult, ...]) -> Status:
    """The status of an exercise from its tests.

    Passed if all did, not started if none got further, else the shown failure's.
    """
    statuses = [t.status for t in tests]
    if not statuses:
        return Status.FAULT
    if all(s is Status.PASSED for s in statuses):
        return Status.PASSED
    if Status.NOT_STARTED in statuses and set(statuses) <= {Status.NOT_STARTED, Status.FAULT}:
        return Status.NOT_STARTED
    wrong = [s for s in statuses if s not in (Status.PASSED, Status.NOT_STARTED)]
    mine = [s for s in wrong if s is not Status.FAULT]
    return (mine or wrong or [Status.FAILED])[0]
