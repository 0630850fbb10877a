"""What a course knows of each learner, for the cohort report and for learning platforms."""

from datetime import UTC, datetime
from pathlib import Path

from firsthand.cohort import lms
from firsthand.cohort.course import Course
from firsthand.cohort.grading import Cohort, is_the_graded_one
from firsthand.cohort.submitted import Submitted
from firsthand.gradebook import book
from firsthand.grading.results import Results
from firsthand.unit import CourseError, Unit, exercise_cells


def submitted_rows(course: Course, unit: Unit) -> list[Submitted]:
    """The learners whose present submission is graded, with the code that they wrote.

    Raises CourseError where none is.
    """
    cohort, students = Cohort(course, unit), course.students()
    rows = []
    with Results(course.results) as results:
        for learner, key in cohort.keys.items():
            report = results.get(key)
            if report is None:
                continue
            cells, _ = cohort.read(learner)
            name = f"{students[learner].first_name} {students[learner].last_name}".strip()
            time = handed_in(course.folder / "submitted" / learner / unit.id)
            rows.append(Submitted(learner, name, report, exercise_cells(cells), time))
    if not rows:
        raise CourseError(
            f"no submission of {unit.id} is graded by the present graders; "
            f"run `firsthand course grade {unit.number}`."
        )
    return rows


def ungraded(course: Course, unit: Unit) -> list[str]:
    """The learners whose latest submission is collected and not graded."""
    folders = (course.folder / "submitted" / s / unit.id for s in course.students())
    present = [folder.parent.name for folder in folders if folder.is_dir()]
    return [student for student in present if not is_the_graded_one(course, unit, student)]


def handed_in(folder: Path) -> datetime | None:
    """The time that nbgrader keeps beside a submission, or None."""
    try:
        text = (folder / "timestamp.txt").read_text(encoding="utf-8").strip()
        return datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC)
    except (OSError, ValueError):
        return None


def platform_scores(course: Course, unit: Unit) -> list[lms.Score]:
    """Everybody's points as in the gradebook, with those given by hand."""
    totals = book.totals(course.db_url, unit.id)
    return [
        lms.Score(s.id, s.first_name, s.last_name, s.email, totals.get(s.id))
        for s in course.students().values()
    ]
