"""list, start, learn and check, as a learner types them."""

import re
import socket
import sys

import pytest

from firsthand.cli import lab, learner
from firsthand.unit import CourseError
from tests.cli.conftest import ANSWERS, SQUARES, STUBS

WORK = "work/901_tiny/901_tiny.ipynb"


def test_list_shows_stages_units_and_what_is_started(course):
    result = course.run("list")
    assert result.returncode == 0, result.stderr
    assert "Stage 9  Trials" in result.stdout
    assert re.search(r"901  Tiny +0\.2 h · 3 exercises · 7 points\n", result.stdout)
    course.write(WORK, STUBS)
    assert "7 points · started" in course.run("list").stdout


@pytest.mark.parametrize("columns", [30, 50, 200])
def test_list_fits_the_terminal(course, columns):
    course.write(WORK, STUBS)
    shown = course.run("list", columns=columns).stdout
    assert max(len(line) for line in shown.split("\n")[:-3]) <= columns
    assert "7 points · started" in " ".join(shown.split())


def test_start_copies_the_notebook_and_never_overwrites_it(course):
    result = course.run("start", "901")
    assert result.stdout.startswith(f"copied to {WORK}\n")
    copy = course.root / WORK
    assert copy.read_bytes() == course.unit.exercise_notebook.read_bytes()
    copy.write_text("mine")
    result = course.run("start", "901_tiny")
    assert result.stdout.startswith(f"already there, left as it is: {WORK}\n")
    assert (result.returncode, copy.read_text()) == (0, "mine")


def test_start_of_an_unknown_unit_is_one_line_and_exit_code_2(course):
    result = course.run("start", "910")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("firsthand: no unit '910'. Did you mean '901'?")
    assert result.stderr.count("\n") == 1


def test_start_before_the_notebook_is_built_says_how_to_build_it(course):
    course.unit.exercise_notebook.unlink()
    result = course.run("start", "901")
    assert result.returncode == 2
    assert "Run `firsthand dev build 901`." in result.stderr


def test_without_a_course_one_line_says_so(course, tmp_path):
    course.monkeypatch.setenv("FIRSTHAND_COURSE", str(tmp_path / "nowhere"))
    result = course.run("list")
    assert result.returncode == 2
    assert "no course found" in result.stderr
    assert "Traceback" not in result.stderr


def test_check_passes_a_right_notebook(course):
    course.write(WORK, ANSWERS)
    result = course.run("check", "901")
    assert result.returncode == 0, result.stderr
    assert "✓ double" in result.stdout
    assert "7 / 7 points · 2 of 2 exercises passed" in result.stdout


def test_check_explains_a_wrong_notebook(course):
    course.write(WORK, SQUARES)
    result = course.run("check")
    assert result.returncode == 1
    assert "→ you squared it" in result.stdout
    assert "graded with the reference in place of your double" in result.stdout
    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_check_of_one_exercise_shows_only_that(course):
    course.write(WORK, SQUARES)
    result = course.run("check", "901/double")
    assert result.returncode == 1
    assert "quadruple" not in result.stdout


def test_check_of_an_unknown_exercise_suggests_one(course):
    course.write(WORK, SQUARES)
    result = course.run("check", "901/dubble")
    assert result.returncode == 2
    assert "Did you mean 'double'?" in result.stderr


@pytest.mark.parametrize("arguments", [["check"], ["check", "901"]])
def test_check_before_start_says_what_to_do(course, arguments):
    result = course.run(*arguments)
    assert result.returncode == 2
    assert "`firsthand " in result.stderr


def test_check_of_a_broken_notebook_is_one_line(course):
    course.write(WORK, STUBS).write_text("{")
    result = course.run("check", "901")
    assert result.returncode == 2
    assert "is not valid JSON" in result.stderr


def test_check_in_plain_ascii(course):
    course.write(WORK, SQUARES)
    result = course.spawn("check", "901", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 1, result.stderr
    assert result.stdout.isascii()
    assert "x double" in result.stdout


def test_a_broken_grader_is_our_fault_with_exit_code_3(course):
    path = course.unit.graders[0]
    path.write_text(
        path.read_text().replace("compare.close(submission.double(3.0),", "compare.closs(3.0,")
    )
    course.write(WORK, ANSWERS)
    result = course.spawn("check", "901")
    assert result.returncode == 3
    assert "This is our bug, not yours. Nothing was deducted." in result.stdout
    assert "7 / 7 points" in result.stdout


def test_a_bug_keeps_its_traceback_and_is_exit_code_3(course):
    broken = "from firsthand.cli import learner; learner.list_units = None"
    result = course.spawn("list", before=broken)
    assert result.returncode == 3
    assert "TypeError: 'NoneType' object is not callable" in result.stderr


@pytest.fixture
def executed(monkeypatch):
    """What `learn` would become, instead of becoming it."""
    calls = []
    monkeypatch.setattr(lab.os, "execve", lambda *arguments: calls.append(arguments))
    return calls


def test_learn_copies_the_first_unit_and_opens_its_notebook(course, executed, capsys):
    learner.learn("", browser=False, port=0)
    assert (course.root / WORK).is_file()
    ((program, command, environment),) = executed
    assert (program, command[1:3]) == (sys.executable, ["-m", "jupyterlab"])
    assert f"--ServerApp.root_dir={course.root}" in command
    assert "--ServerApp.open_browser=False" in command
    token = environment["JUPYTER_TOKEN"]
    assert token not in " ".join(command)
    (address,) = re.findall(r"http://127\.0\.0\.1:\d+(/\S+)", capsys.readouterr().out)
    assert address == f"/lab/tree/{WORK}?token={token}"


def test_learn_takes_the_next_port_where_one_is_taken(course, executed, monkeypatch):
    with socket.socket() as holder:
        holder.bind((lab.HOST, 0))
        holder.listen()
        monkeypatch.setattr(lab, "FIRST_PORT", holder.getsockname()[1])
        learner.learn("901", browser=True, port=0)
        assert f"--ServerApp.port={lab.FIRST_PORT}" not in executed[0][1]


def test_learn_on_a_port_that_is_taken_says_so(course, executed):
    with socket.socket() as holder:
        holder.bind((lab.HOST, 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(CourseError, match=f"port {port} is taken"):
            learner.learn("901", browser=True, port=port)
    assert executed == []


def test_learn_without_jupyterlab_says_how_to_install_it(course, executed, monkeypatch):
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="make learn"):
        learner.learn("901", browser=True, port=0)
    assert executed == []


def test_learn_refuses_an_unknown_browser(course):
    result = course.run("learn", "901", "--browser", "lynx")
    assert result.returncode == 2
    assert "neither default nor none" in result.stderr
