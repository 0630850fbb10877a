"""`firsthand grade`: files written, exit codes, and no stopped batch."""

import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from firsthand.cli.grade import FORMATS, find_notebooks, parse_minimum
from firsthand.grading.engine import Grader
from firsthand.grading.pool import Graded
from firsthand.grading.sandbox import levels
from firsthand.report import Report
from firsthand.unit import CourseError
from tests.cli.conftest import ANSWERS, SQUARES, STUBS

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/report-v1.schema.json").read_text())


class Here:
    """As `Pool`, in this process: a pool's own would import torch anew for every test."""

    def __init__(self, unit, *, processes, **options):
        self._grader = Grader(unit, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._grader.close()

    def grade_many(self, jobs):
        for job in jobs:
            rejected = job.rejected and self._grader.reject(job.rejected)
            yield Graded(job.key, rejected or self._grader.grade(job.cells))


@pytest.fixture
def cohort(submissions, monkeypatch):
    """Four learners' notebooks, graded in this process."""
    monkeypatch.setattr("firsthand.grading.pool.Pool", Here)
    return submissions


@pytest.fixture
def submissions(course):
    course.write("in/ada/901_tiny.ipynb", ANSWERS)
    course.write("in/bob/901_tiny.ipynb", SQUARES)
    course.write("in/cyd/901_tiny.ipynb", STUBS)
    course.write("in/dan/901_tiny.ipynb", STUBS).write_text("{")
    course.write("in/ada/.ipynb_checkpoints/901_tiny-checkpoint.ipynb", STUBS)
    return course


def test_one_notebook_that_passes(submissions):
    result = submissions.run(
        "grade", "in/ada/901_tiny.ipynb", "--unit", "901", "--json", "out.json"
    )
    assert result.returncode == 0, result.stderr
    assert "7 / 7 points" in result.stdout
    text = (submissions.root / "out.json").read_text()
    jsonschema.validate(json.loads(text), SCHEMA)
    report = Report.from_json(text)
    assert (report.points, report.submission) == (7.0, "in/ada/901_tiny.ipynb")


def test_a_folder_is_graded_whole_whatever_is_in_it(cohort):
    result = cohort.run(
        *("grade", "in", "--unit", "901_tiny", "--json", "out.json", "--junit", "out.xml")
    )
    assert result.returncode == 1
    assert [line.split()[:4] for line in result.stdout.split("\n")[1:5]] == [
        ["in/ada/901_tiny.ipynb", "7", "/", "7"],
        ["in/bob/901_tiny.ipynb", "4", "/", "7"],
        ["in/cyd/901_tiny.ipynb", "0", "/", "7"],
        ["in/dan/901_tiny.ipynb", "0", "/", "7"],
    ]
    assert "not graded" in result.stdout
    tables = json.loads((cohort.root / "out.json").read_text())
    for table in tables:
        jsonschema.validate(table, SCHEMA)
    assert "is not valid JSON" in tables[3]["rejected"]
    suites = ET.parse(cohort.root / "out.xml").getroot()
    assert [int(s.get("failures")) for s in suites] == [0, 2, 4, 4]


@pytest.mark.parametrize(
    ("minimum", "code"), [("4", 0), ("4.1", 1), ("57%", 0), ("58%", 1), ("0", 0)]
)
def test_the_minimum_decides_the_exit_code(cohort, minimum, code):
    result = cohort.run("grade", "in/bob", "--unit", "901", "--min-score", minimum)
    assert result.returncode == code, result.stderr


def test_an_unreadable_notebook_is_below_any_minimum(cohort):
    assert cohort.run("grade", "in/dan", "--unit", "901", "--min-score", "0").returncode == 1


def test_a_dash_writes_only_json_to_the_output(cohort):
    result = cohort.run("grade", "in/bob/901_tiny.ipynb", "--unit", "901", "--json", "-")
    assert json.loads(result.stdout)["points"] == 4.0
    assert "you squared it" in result.stderr


def test_every_format_can_be_asked_for_at_once(cohort):
    names = {name: f"out.{name}" for name in FORMATS}
    options = [word for name, file in names.items() for word in (f"--{name}", file)]
    result = cohort.run("grade", "in/bob/901_tiny.ipynb", "--unit", "901", *options)
    assert result.returncode == 1
    texts = {name: (cohort.root / file).read_text() for name, file in names.items()}
    assert json.loads(texts["json"])["points"] == json.loads(texts["gradescope"])["score"] == 4.0
    assert sum(test["score"] for test in json.loads(texts["classroom"])["tests"]) == 4.0
    assert ET.fromstring(texts["junit"].encode()).find("testsuite").get("failures") == "2"
    assert texts["summary"].startswith("### 901\\_tiny Tiny")
    assert "you squared it" in texts["summary"]


def test_a_folder_of_one_notebook_fits_a_file_for_one_submission(cohort):
    result = cohort.run("grade", "in/ada", "--unit", "901", "--gradescope", "-")
    assert json.loads(result.stdout)["score"] == 7.0
    assert "7 / 7 points" in result.stderr


def test_a_link_is_followed_and_a_pipe_is_written_to(cohort):
    link, pipe = cohort.root / "link.json", cohort.root / "pipe.xml"
    link.symlink_to("there.json")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    options = ("--json", str(link), "--junit", str(pipe))
    result = cohort.run("grade", "in/ada/901_tiny.ipynb", "--unit", "901", *options)
    assert result.returncode == 0, result.stderr
    with os.fdopen(reader) as file:
        assert ET.fromstring(file.read().encode()).tag == "testsuites"
    assert link.is_symlink()
    assert json.loads((cohort.root / "there.json").read_text())["points"] == 7.0
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere", "--unit", "901"], "nowhere does not exist."),
        (["empty", "--unit", "901"], "empty holds no notebook"),
        (["in", "--unit", "902"], "no unit '902'"),
        (["in", "--unit", "901", "--min-score", "8"], "--min-score is '8'"),
        (["in", "--unit", "901", "--json", "no/out.json"], "no/out.json cannot be written"),
        (["in", "--unit", "901", "--summary", "empty"], "empty cannot be written: it is a folder"),
        (
            ["in", "--unit", "901", "--gradescope", "out"],
            "--gradescope holds one submission, but 4 notebooks were found",
        ),
        (
            ["in/ada", "--unit", "901", "--json", "-", "--junit", "-"],
            "--json and --junit would both write to -",
        ),
        (
            ["in/ada", "--unit", "901", "--json", "out", "--junit", "./out"],
            "--json and --junit would both write to ./out",
        ),
        (["in"], "--unit"),
        (["--unit", "901"], "PATH"),
    ],
)
def test_a_mistake_is_exit_code_2_before_anything_is_graded(cohort, arguments, told):
    (cohort.root / "empty").mkdir()
    result = cohort.run("grade", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("text", ["-1", "7.5", "101%", "most", "", "nan", "%"])
def test_a_minimum_that_makes_no_sense_is_refused(text):
    with pytest.raises(CourseError, match="--min-score is"):
        parse_minimum(text, 7)


@pytest.mark.parametrize(("text", "points"), [("7", 7), ("0", 0), ("100%", 7), (" 50 % ", 3.5)])
def test_a_minimum_is_points_or_a_share(text, points):
    assert parse_minimum(text, 7) == points


def test_a_notebook_named_twice_is_graded_once(cohort):
    folder, file = cohort.root / "in/bob", cohort.root / "in/bob/901_tiny.ipynb"
    assert find_notebooks([folder, file, folder]) == [file]


def test_many_notebooks_are_graded_side_by_side_and_told_in_order(submissions):
    texts = {"ada": ANSWERS, "bob": SQUARES, "cyd": STUBS}
    for number, name in enumerate([*texts, *texts], start=1):
        submissions.write(f"many/{number}/901_tiny.ipynb", texts[name])
    submissions.write("many/7/901_tiny.ipynb", STUBS).write_text("{")
    result = submissions.spawn("grade", "many", "--unit", "901", "--json", "-")
    reports = json.loads(result.stdout)
    assert result.returncode == 1, result.stderr
    assert [r["points"] for r in reports] == [7.0, 4.0, 0.0, 7.0, 4.0, 0.0, 0.0]
    assert [Path(r["submission"]).parts[-2] for r in reports] == list("1234567")
    assert "not valid JSON" in reports[-1]["rejected"]


def test_the_strongest_walls_are_taken_and_weaker_ones_can_be_named(cohort):
    notebook = ("grade", "in/ada/901_tiny.ipynb", "--unit", "901", "--json", "-")
    best = levels.reach().level
    result = cohort.run(*notebook)
    assert json.loads(result.stdout)["isolation"] == best
    result = cohort.run(*notebook, "--isolation", "process-only")
    assert json.loads(result.stdout)["isolation"] == "process-only"
    result = cohort.run(*notebook, "--isolation", "moat")
    assert result.returncode == 2 and "choose one of full" in result.stderr
