"""What an instructor mistypes in course.toml, the roster or a command is told in one line."""

import shutil
import stat
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from firsthand.cli import app
from firsthand.cohort import create
from firsthand.cohort.course import load_course
from firsthand.cohort.lock import only_run
from firsthand.cohort.roster import read_roster
from firsthand.unit import CourseError
from tests.cohort.course_folder import make_course


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        base = tmp_path_factory.mktemp("original")
        yield make_course(base, patch, {"ada": "ada", "bo": ""})


@pytest.fixture
def course(original, tmp_path):
    """A copy of a course that was made once; making one starts a program of nbgrader's."""
    shutil.copytree(original.base, tmp_path, dirs_exist_ok=True)
    return replace(original, base=tmp_path, folder=tmp_path / "term")


WRONG = {
    "unknown key": ("^exchange =", "exchnge =", "unknown key 'exchnge'. Did you mean 'exchange'?"),
    "wrong type": ("cell_seconds = 4.0", 'cell_seconds = "4"', "must be a number"),
    "no project": ('project = "[^"]*"', 'project = "nowhere"', "Name a clone of firsthand"),
    "no unit": (r"\[\[unit\]\]\n.*", "", "lacks a [[unit]]"),
    "wrong unit": ('id = "900_golden"', 'id = "901"', "no unit '901'. Did you mean '900'?"),
    "key of a unit": ('id = "900_golden"', 'id = "900"\nduue = 1', "Did you mean 'due'?"),
    "no offset": ("# due = .*", "due = 2027-01-31T23:59:00", "write date, time and offset"),
    "bad toml": ("course_id = ", "course_id ", "is not valid TOML"),
    "bad id": ('course_id = "firsthand"', 'course_id = "a b"', "use letters, digits"),
}


@pytest.mark.parametrize(("pattern", "text", "told"), WRONG.values(), ids=WRONG)
def test_a_mistake_in_the_file_is_named_with_its_mend(course, pattern, text, told):
    course.edit(f"(?ms){pattern}" if "unit" in pattern else f"(?m){pattern}", text)
    done = course.run("grade", "900")
    assert done.code == 2
    assert told in done.output
    assert "course.toml" in done.output or "no unit" in done.output


ROSTERS = {
    "no id": ("name,email\nx,y\n", "has the column 'name'"),
    "id only": ("email\ny\n", "no column 'id'"),
    "double id": ("id\nada\nbo\nada\n", "line 4: the id 'ada' occurs twice"),
    "path as id": ("id\n../ada\n", "line 2: the id is '../ada'"),
    "plus in id": ("id\na+b\n", "the id is 'a+b'"),
    "shared account": ("id,account\nada,x\nbo,x\n", "the account 'x' is also that of 'ada'"),
    "nobody": ("id,email\n", "has no learner"),
}


@pytest.mark.parametrize(("text", "told"), ROSTERS.values(), ids=ROSTERS)
def test_a_mistake_in_the_roster_is_named_with_its_line(tmp_path, text, told):
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(CourseError) as error:
        read_roster(path)
    assert told in str(error.value)


def test_a_roster_may_have_other_capitals_a_mark_and_commas_in_names(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text('\ufeffID,Last_Name,Account\nada,"Lovelace, Countess",al\n\n', "utf-8")
    student = read_roster(path)["ada"]
    assert (student.last_name, student.account, student.email) == ("Lovelace, Countess", "al", "")


def test_a_folder_that_holds_something_is_left_as_it_is(course, tmp_path):
    arguments = ["--roster", str(course.folder / "roster.csv"), "--unit", "900"]
    before = load_course(course.folder).key
    done = CliRunner().invoke(app, ["course", "init", str(course.folder), *arguments])
    assert done.exit_code == 2
    assert "is not empty" in done.output
    assert load_course(course.folder).key == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_only_the_instructor_can_look_into_the_folder(course):
    assert stat.S_IMODE(course.folder.stat().st_mode) == 0o700


def test_two_courses_have_different_keys(course, tmp_path, monkeypatch):
    monkeypatch.setattr(create, "prepare", lambda course: None)  # the gradebook is not looked at
    roster = course.folder / "roster.csv"
    arguments = {"project": course.unit.root, "roster": roster, "units": {"900_golden": None}}
    other = create.create_course(tmp_path / "other", **arguments)
    assert load_course(course.folder).key != other.key


def test_a_lost_key_is_told_and_not_replaced(course):
    (course.folder / "course.key").unlink()
    with pytest.raises(CourseError, match=r"course\.key cannot be read.*Restore it"):
        _ = load_course(course.folder).key


def test_grading_refuses_to_overlap_with_itself(course):
    with only_run(course.folder, "firsthand course grade"):
        done = course.run("grade", "900")
    assert done.code == 2
    assert "firsthand course grade (process " in done.output
    assert "holds no submission of 900_golden" in course.run("grade", "900").output


def test_outside_of_a_course_the_commands_say_how_to_make_one(tmp_path):
    done = CliRunner().invoke(app, ["course", "grade", "900", "--course", str(tmp_path)])
    assert done.exit_code == 2
    assert "`firsthand course init DIR` makes one" in done.output
