"""Fifteen submissions of a unit, through nbgrader's own commands, and every score of each.

`test_cohort_*.py` name the units, one file for each: files run side by side.
"""

import csv
import html
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from firsthand.build import skip_uri_grammar
from firsthand.grading.sandbox import levels
from firsthand.unit import Unit
from tests.cohort.course import REPOSITORY, Course
from tests.cohort.submissions import Submission, submissions

skip_uri_grammar()

from nbgrader.api import Gradebook  # noqa: E402


@dataclass(frozen=True)
class Graded:
    """A course after its cohort was graded."""

    course: Course
    submissions: list[Submission]
    log: str


@pytest.fixture(scope="class")
def graded(request, tmp_path_factory) -> Graded:
    wanted = request.cls
    course = Course(
        tmp_path_factory.mktemp("cohort"),
        origin=wanted.origin,
        number=wanted.number,
        config=wanted.config,
    )
    everyone = submissions(course.unit, course.publish())
    course.hand_in(everyone)
    log = course.autograde()
    course.give_back(everyone)
    course.close()
    return Graded(course, everyone, log)


@pytest.fixture(scope="class")
def gradebook(graded):
    path = os.environ["PATH"]
    # nbgrader runs the command `alembic`, which stands beside this Python.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
    with Gradebook(f"sqlite:///{graded.course.root / 'gradebook.db'}") as opened:
        yield opened
    os.environ["PATH"] = path


class Cohort:
    """What holds for the cohort of any unit.

    config: lines for nbgrader; the deadlines are small, so that the endless loops end soon.
    """

    number = ""
    origin = REPOSITORY
    config = "c.Grade.cell_seconds = 5.0\nc.Grade.call_seconds = 10.0\n"

    def test_the_release_brings_the_visible_tests(self, graded):
        name = graded.course.unit.visible_tests.name
        fetched = graded.course.home / "untouched" / graded.course.unit.id / name
        assert fetched.read_text() == graded.course.unit.visible_tests.read_text()

    def test_there_are_fifteen_different_submissions(self, graded):
        texts = {submission.text for submission in graded.submissions}
        assert len(texts) == len(graded.submissions) == 15

    def test_autograding_logs_no_error(self, graded):
        errors = [line for line in graded.log.splitlines() if "| ERROR" in line]
        assert not errors, "\n".join(errors)
        assert "scores 0: " in graded.log, "the reason of the broken file is not in the log"

    def test_every_exercise_of_every_submission_has_the_score_it_must_have(self, graded, gradebook):
        unit, wrong = graded.course.unit, []
        for submission in graded.submissions:
            scores = scores_of(gradebook, unit, submission.student)
            for exercise in unit.exercises:
                if exercise.kind == "rubric":
                    continue
                score = scores[f"check_{exercise.name}"]
                must = submission.lost.get(exercise.name, exercise.points)
                right = score < exercise.points if must is None else score == pytest.approx(must)
                if not right:
                    wrong.append(f"{submission.student}: {exercise.name} has {score}, not {must}")
        assert not wrong, "\n".join(wrong)

    def test_free_text_waits_for_a_person_exactly_where_some_was_written(self, graded, gradebook):
        unit = graded.course.unit
        essays = [e.name for e in unit.exercises if e.kind == "rubric"]
        for submission in graded.submissions:
            notebook = gradebook.find_submission_notebook(unit.id, unit.id, submission.student)
            waiting = {g.name for g in notebook.grades if g.needs_manual_grade}
            assert waiting == (set(essays) if submission.essays else set()), submission.student

    def test_the_export_has_a_row_with_a_number_for_everyone(self, graded):
        with (graded.course.root / "grades.csv").open() as file:
            rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
        assert set(rows) == {submission.student for submission in graded.submissions}
        assert rows["complete"] == pytest.approx(graded.course.unit.points)
        assert rows["broken_json"] == 0

    def test_feedback_pages_say_what_was_wrong_and_how_it_was_graded(self, graded):
        for submission in graded.submissions:
            page = html.unescape(graded.course.page(submission.student))
            assert submission.reads in page, (submission.student, submission.reads)
            assert f"isolation: {levels.reach().level} " in page
            assert re.search(r"graders: [0-9a-f]{16}", page)

    def test_a_learner_fetches_the_page(self, graded):
        unit, student = graded.course.unit.id, graded.submissions[0].student
        pages = list((graded.course.home / student / unit / "feedback").rglob("*.html"))
        assert len(pages) == 1

    def test_no_page_or_notebook_holds_a_live_tag_or_stderr_of_a_learner(self, graded):
        for submission in graded.submissions:
            page = graded.course.page(submission.student)
            assert "<script>alert" not in page
            assert "output_stderr" not in page
            assert "\x1b" not in page

    def test_no_text_of_the_graders_is_in_anything_that_was_produced(self, graded):
        secrets = secret_lines(graded.course)
        assert len(secrets) > 5
        # Copies of a file, of which nbgrader makes many, are searched once.
        contents = {path.read_bytes(): path for path in produced_files(graded.course)}
        leaks = [
            f"{path.relative_to(graded.course.root.parent)}: {secret}"
            for content, path in contents.items()
            for secret, forms in secrets.items()
            if any(form in content for form in forms)
        ]
        assert not leaks, "\n".join(leaks)


def scores_of(gradebook: Gradebook, unit: Unit, student: str) -> dict[str, float]:
    """Automatic scores by cell; a missing row is a KeyError and a missing number a failure."""
    notebook = gradebook.find_submission_notebook(unit.id, unit.id, student)
    automatic = {g.name: g.auto_score for g in notebook.grades if g.name.startswith("check_")}
    empty = [name for name, score in automatic.items() if score is None]
    assert not empty, f"{student} has no score for {empty}"
    return automatic


def secret_lines(course: Course) -> dict[str, set[bytes]]:
    """Lines of hidden tests that stand in nothing learners get or hand in, raw and escaped."""
    unit = course.unit
    known = (unit.folder / "unit.py", unit.visible_tests, unit.wrong_answers)
    open_text = "".join(path.read_text() for path in known)
    lines = {line.strip() for path in course.unit.graders for line in path.read_text().splitlines()}
    hidden = [line for line in lines if len(line) >= 24 and line not in open_text]
    return {
        line: {line.encode(), html.escape(line).encode(), line.replace('"', '\\"').encode()}
        for line in hidden
    }


def produced_files(course: Course) -> list[Path]:
    """Every file of the course, the exchange and the learners but what authors wrote."""
    written = (course.root / "graders", course.root / "curriculum")
    files = [p for p in course.root.parent.rglob("*") if p.is_file()]
    return [p for p in files if not any(p.is_relative_to(folder) for folder in written)]
