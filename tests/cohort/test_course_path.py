"""A course from its first command to its last, with learners who use nbgrader's own commands."""

import csv
import html
import stat
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from firsthand.cohort.course import load_course
from firsthand.grading.sandbox import levels
from tests.cohort.course_folder import ME, WRONG, make_course

WRITES = ("export", "canvas", "gradescope", "report")
ACCOUNTS = {"alice": ME, "bob": "daemon", "carol": "", "dave": "", "erin": ""}


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def term(tmp_path_factory, monkeypatch_module):
    """Alice submits; somebody else submits as bob; the others' notebooks arrive as files."""
    base = tmp_path_factory.mktemp("path")
    due = "900=2099-01-31T23:59:00+01:00"
    options = ("--exchange", str(base / "exchange"), "--due", due)
    course = make_course(base, monkeypatch_module, ACCOUNTS, *options)
    course.environment = {"HOME": str(base)}
    said = {"release": course.run("release", "900")}
    assert said["release"].code == 0, said
    learner = base / "home"
    learner.mkdir()
    settings = base / ".jupyter" / "nbgrader_config.py"
    settings.parent.mkdir()
    exchange = str(base / "exchange")
    settings.write_text(
        f"c.Exchange.root = {exchange!r}\nc.CourseDirectory.course_id = 'firsthand'\n"
    )
    unit = course.unit.id
    course.nbgrader((learner, ["fetch_assignment", unit]))
    (learner / unit / f"{unit}.ipynb").write_text(course.notebook(**WRONG))
    course.nbgrader(
        (learner, ["submit", unit, "--CourseDirectory.student_id=alice"]),
        (learner, ["submit", unit, "--CourseDirectory.student_id=bob"]),
        (learner, ["submit", unit, "--CourseDirectory.student_id=mallory"]),
    )
    said["collect"] = course.run("collect", "900")
    files = {"carol": course.notebook(), "dave": course.notebook()[:-100], "zoe": "{}"}
    said["files"] = course.hand_in_files(files)
    empty = course.folder / "submitted" / "erin" / unit
    empty.mkdir(parents=True)
    (empty / "timestamp.txt").write_text("2027-01-01 10:00:00.000000 UTC")
    (empty / "submission_secret.txt").write_text("secret")
    said["grade"] = course.run("grade", "900", "--processes", "1")
    said["feedback"] = course.run("feedback", "900")
    said["export"] = course.run("export")
    said["canvas"] = course.run("export", "900", "--format", "canvas")
    said["gradescope"] = course.run("gradescope", "900")
    said["report"] = course.run("report", "900")
    fetch = ["fetch_feedback", unit, "--CourseDirectory.student_id=alice"]
    before = course.scores()
    stock = ["autograde", unit, "--student", "alice", "--force"]
    log = course.nbgrader((learner, fetch), (course.folder, stock))
    assert "alice: 7 of 10 points" in log
    assert course.scores() == before
    said["again"] = course.run("grade", "900")
    stamp = course.folder / "submitted/carol" / course.unit.id / "timestamp.txt"
    stamp.write_text("2030-01-01 00:00:00.000000 UTC")
    said["late"] = course.run("export", "900", "--format", "moodle")
    return course, said


def test_every_command_ends_with_the_code_it_must_have(term):
    _, said = term
    codes = {name: done.code for name, done in said.items()}
    wanted = dict.fromkeys(("release", "grade", "feedback", "again", "late", *WRITES), 0)
    assert codes == wanted | {"collect": 1, "files": 1}, said


def test_only_what_its_owner_handed_in_is_collected(term):
    course, said = term
    collected = {path.name for path in (course.folder / "submitted").iterdir()}
    assert collected == {"alice", "carol", "dave", "erin"}
    assert f"it belongs to {ME}, not to daemon" in said["collect"].output
    assert "'mallory' is not in the roster" in said["collect"].output
    assert "zoe: not in the roster" in said["files"].output
    assert "new or changed: alice\n" in said["collect"].output
    assert "new or changed: carol, dave\n" in said["files"].output


def test_the_gradebook_has_every_score(term):
    course, _ = term
    scores = course.scores()
    full = {e.name: float(e.points) for e in course.unit.exercises if e.kind != "rubric"}
    assert scores["carol"] == full
    assert scores["alice"] == full | {"scaled": 0.0}
    assert scores["dave"] == scores["erin"] == dict.fromkeys(full, 0.0)
    assert set(scores) == {"alice", "carol", "dave", "erin"}


def test_each_exercises_comment_says_at_which_level_and_by_which_graders(term):
    course, _ = term
    with Gradebook(load_course(course.folder).db_url) as gradebook:
        unit = course.unit.id
        notebook = gradebook.find_submission_notebook(unit, unit, "carol")
        told = {c.name: c.auto_comment for c in notebook.comments if c.auto_comment}
    code = {e.name for e in course.unit.exercises if e.kind != "rubric"}
    assert code <= set(told)
    assert all(f"isolation: {levels.reach().level} · graders: " in told[name] for name in code)


def test_the_summary_names_what_could_not_be_read(term):
    _, said = term
    assert "4 submissions: 4 graded now, 4 written" in said["grade"].output
    assert "dave: 900_golden.ipynb is not valid JSON" in said["grade"].output
    assert "erin: The submission has no 900_golden.ipynb." in said["grade"].output
    assert "2 wait for your points in the formgrader" in said["grade"].output


def test_the_learner_fetches_a_page_with_the_hint(term):
    course, _ = term
    pages = list((course.base / "home" / course.unit.id / "feedback").rglob("*.html"))
    assert len(pages) == 1
    assert "the factor multiplies, it is not added" in html.unescape(pages[0].read_text())


def test_the_export_has_a_row_for_everyone(term):
    course, _ = term
    with (course.folder / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(ACCOUNTS)
    assert float(rows["carol"]["score"]) == course.unit.points
    assert rows["bob"]["score"] == "0.0"
    assert rows["bob"]["duedate"] == "2099-01-31 22:59:00"


def test_an_export_names_work_that_came_after_grading(term):
    _, said = term
    told = "collected and not graded"
    assert told not in said["canvas"].output
    assert f"900_golden: {told}, so not in this: carol." in said["late"].output


def test_what_is_written_for_others_holds_the_gradebooks_points(term):
    course, said = term
    with (course.folder / "canvas-900.csv").open() as file:
        points = {row["SIS Login ID"]: row["Golden"] for row in csv.DictReader(file)}
    assert [points[name] for name in ("alice", "bob", "carol", "dave")] == ["7", "", "10", "0"]
    page = (course.folder / "report" / course.unit.id / "index.html").read_text()
    assert "First Last (alice)" in page
    bundle = Path(said["gradescope"].output.split()[-1])
    assert bundle.parent == course.folder


def test_after_the_stock_command_nothing_is_left_to_do(term):
    _, said = term
    assert "4 submissions: 0 graded now, 0 written" in said["again"].output


def test_the_key_is_secret_and_not_the_self_study_one(term):
    course, _ = term
    key = course.folder / "course.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(load_course(course.folder).key) >= 32
