"""Who would have another score after a grader was mended, and by how much."""

from typing import NamedTuple

from firsthand.cohort.grading import Cohort
from firsthand.gradebook import book
from firsthand.gradebook.scores import gradebook_points
from firsthand.grading.results import Results


class Change(NamedTuple):
    """One learner's automatic score of one exercise. before: None where there was none.

    kept: points given by hand that stay in force whatever the automatic score becomes.
    """

    learner: str
    exercise: str
    before: float | None
    after: float
    kept: float | None

    @property
    def difference(self) -> float:
        """Points won, or lost if negative."""
        return self.after - (self.before or 0.0)


def changes(cohort: Cohort, results: Results) -> list[Change]:
    """The automatic scores that differ from the gradebook's, by learner and exercise.

    Learners whose result is not there, because it could not be graded, are left out.
    """
    scores = book.scores(cohort.course.db_url, cohort.unit.id)
    found = []
    for learner, key in cohort.keys.items():
        report = results.get(key)
        if report is None:
            continue
        for exercise in report.exercises:
            score = scores.get(learner, {}).get(f"check_{exercise.name}")
            if exercise.kind == "rubric":
                continue
            worth = exercise.max_points if score is None else score.worth
            before = None if score is None else score.automatic
            after = gradebook_points(exercise, worth)
            if before is None or abs(before - after) > 1e-6:
                kept = None if score is None else score.manual
                found.append(Change(learner, exercise.name, before, after, kept))
    return found
