"""What the cohort report knows of one learner: the result, the code and the time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from firsthand.report import ExerciseResult, Report, Status


@dataclass(frozen=True)
class Submitted:
    """One submission of one learner.

    learner: the roster's id. name: as people read it, may be "". cells: what the learner wrote, by
    exercise; exercises that are left out are not compared. submitted_at: None where unknown.
    """

    learner: str
    name: str
    report: Report
    cells: Mapping[str, str] = field(default_factory=dict)
    submitted_at: datetime | None = None

    @property
    def label(self) -> str:
        """Name and id, or the id alone."""
        return f"{self.name} ({self.learner})" if self.name else self.learner

    def result(self, exercise: str) -> ExerciseResult | None:
        """The result of one exercise, or None where the report has none."""
        return next((e for e in self.report.exercises if e.name == exercise), None)

    def late(self, due: datetime | None) -> bool:
        """Whether it came after the due date. Naive times are taken as local ones."""
        if due is None or self.submitted_at is None:
            return False
        return self.submitted_at.astimezone() > due.astimezone()


def is_started(result: ExerciseResult) -> bool:
    """Whether the learner wrote anything: a grader fault alone does not tell."""
    return result.status not in (Status.NOT_STARTED, Status.MANUAL)
