"""The errors that people make: each ends in a line that says what happened and what to do.

A wrong Python, a moved folder and a full disk at set-up are in tests/project/test_setup.py.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from firsthand import copies, journal, notebook
from firsthand.cli import lab, learner
from firsthand.notebook import restart
from firsthand.notebook.session import Session
from firsthand.unit import CourseError
from tests.cli.conftest import ANSWERS, STUBS
from tests.errors import disks
from tests.grading import tiny

WORK = "work/901_tiny/901_tiny.ipynb"


@pytest.fixture
def session(course, monkeypatch):
    session = Session()
    monkeypatch.setattr(notebook, "_session", session)
    session.use("901")
    yield session
    session._forget()


def line(result):
    """The one line of a command that was refused."""
    assert (result.returncode, result.stderr.count("\n")) == (2, 1), result.stderr
    return result.stderr


# ---- a package is missing, another environment's kernel ----


def test_a_missing_package_is_named_by_the_command(course):
    course.write(WORK, ANSWERS)
    said = line(course.spawn("check", "901", before="import sys; sys.modules['torch'] = None"))
    assert "the package torch is not installed for " + sys.executable in said
    assert "Run `make`" in said


def test_a_missing_package_is_named_by_check(session, monkeypatch):
    monkeypatch.setitem(sys.modules, "firsthand.grading.engine", None)
    assert "our bug" in notebook.check("double").text  # one of ours is no missing package
    monkeypatch.delitem(sys.modules, "firsthand.grading.engine")
    monkeypatch.setattr(session, "_collected", lambda place: __import__("no_such_package_901"))
    shown = notebook.check("double").text
    assert "no_such_package_901 is not installed" in shown
    assert "our bug" not in shown


@pytest.mark.parametrize(("kernel", "told"), [("python3", False), ("conda-env", True)])
def test_learn_says_when_the_notebook_asks_for_another_kernel(
    course, monkeypatch, capsys, kernel, told
):
    monkeypatch.setattr(lab.os, "execve", lambda *_: None)
    path = course.write(WORK, STUBS)
    table = json.loads(path.read_text()) | {"metadata": {"kernelspec": {"name": kernel}}}
    path.write_text(json.dumps(table))
    learner.learn("901", browser=False, port=0)
    shown = capsys.readouterr().out
    assert ("asks for the kernel 'conda-env'" in shown) is told
    assert ("Change Kernel" in shown) is told


# ---- the notebook was not saved, moved or renamed ----


def test_check_says_when_a_later_check_in_the_notebook_came_to_something_else(course, session):
    path = course.write(WORK, STUBS)
    os.utime(path, (time.time() - 300, time.time() - 300))
    session.check("double", {"double": run(ANSWERS["double"])["double"]})
    said = " ".join(course.run("check", "901").stdout.split())
    assert "The file was saved 5 minutes ago" in said
    assert "your later check of double in the notebook came to 3 / 3 points" in said
    assert "Save the notebook (Ctrl+S" in said


def run(source):
    names = {}
    exec(source, names)
    return names


def test_check_says_nothing_where_the_file_agrees(course, session):
    path = course.write(WORK, ANSWERS)
    os.utime(path, (time.time() - 300, time.time() - 300))
    session.check("double", {"double": run(ANSWERS["double"])["double"]})
    for _ in range(2):  # its own check, noted in the journal, is no contradiction either
        assert "was saved" not in course.run("check", "901").stdout


@pytest.mark.parametrize(
    "command", [["check", "901"], ["update", "901"], ["reset", "901", "--yes"]]
)
def test_a_renamed_notebook_is_found_by_its_folder(course, command):
    course.write("work/901_tiny/my work.ipynb", ANSWERS)
    said = line(course.run(*command))
    assert "my work.ipynb is in that folder" in said
    assert "call it 901_tiny.ipynb again" in said


def test_a_renamed_folder_is_as_if_not_started(course):
    course.write("work/old/901_tiny.ipynb", ANSWERS)
    assert "`firsthand start 901` makes it" in line(course.run("check", "901"))


def test_a_notebook_outside_of_the_course_says_what_to_set(course, monkeypatch, capsys):
    monkeypatch.setenv("FIRSTHAND_COURSE", str(course.root / "gone"))
    monkeypatch.setattr(notebook, "_session", Session())
    notebook.use_unit("901_tiny")
    shown = capsys.readouterr().out
    assert "check() will not work here: no course found at" in shown
    assert "set FIRSTHAND_COURSE" in shown
    assert "no course found" in notebook.check("double").text


# ---- the exercise was renamed ----


def test_a_renamed_exercise_is_named_by_check_and_by_the_command(course, session):
    sources = ANSWERS | {"double": tiny.DOUBLE.replace("double", "doubled")}
    course.write(WORK, sources)
    assert "did you mean `doubled`?" in course.run("check", "901/double").stdout
    shown = session.check("double", {"doubled": run(sources["double"])["doubled"]})
    assert "did you mean `doubled`?" in shown.text
    assert "did you mean" in shown.html


def test_check_of_the_new_name_names_the_exercise(session):
    doubled = run("def doubled(x): return 2 * x")["doubled"]
    assert "Did you mean 'double'?" in notebook.check(doubled).text


# ---- two notebooks at once ----

RECORD = """
import sys
from pathlib import Path
from firsthand import journal
for number in range(300):
    journal.record(Path(sys.argv[1]), "check", "901_tiny", sys.argv[2], detail="x" * 200)
"""


def test_two_kernels_write_one_journal_and_no_line_is_mixed(course):
    writers = [
        subprocess.Popen([sys.executable, "-c", RECORD, str(course.root), name])
        for name in ("double", "quadruple")
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    found = [event.exercise for event in journal.events(course.root)]
    assert (found.count("double"), found.count("quadruple")) == (300, 300)


def test_two_notebooks_on_one_unit_each_grade_their_own(course):
    first, second = Session(), Session()
    try:
        for session in (first, second):
            session.use("901")
        wrong, right = (run(f"def double(x): return x {op} x")["double"] for op in "*+")
        for _ in range(2):
            assert first.check("double", {"double": wrong}).points < 3
            assert second.check("double", {"double": right}).points == 3
    finally:
        first._forget()
        second._forget()


# ---- a full disk, a read-only folder ----


def full(folder):
    disks.fill(folder)
    return "The disk is full; nothing was changed. Free some space"


def readonly(folder):
    disks.make_readonly(folder)
    return "Nothing was changed. Make the folder writable"


@pytest.mark.parametrize("trouble", [full, readonly])
def test_start_on_a_bad_disk_says_what_to_do_and_leaves_nothing_half(course, trouble):
    with disks.small_disk(course.root / "work") as work:
        told = trouble(work)
        said = line(course.run("start", "901"))
        assert told in said
        assert "cannot be written" in said
        assert not (course.root / WORK).exists()


@pytest.mark.parametrize("trouble", [full, readonly])
@pytest.mark.parametrize("command", [["update"], ["reset", "901", "--yes"], ["undo", "901"]])
def test_a_change_on_a_bad_disk_changes_nothing(course, trouble, command):
    with disks.small_disk(course.root / "work") as work:
        course.run("start", "901")
        course.write(WORK, ANSWERS)
        copies.reset(course.unit, "double")
        course.write(course.unit.exercise_notebook, STUBS | {"double": "new = 1"})
        before = (course.root / WORK).read_bytes()
        told = trouble(work)
        assert told in line(course.run(*command))
        assert (course.root / WORK).read_bytes() == before
        assert not list(work.rglob(".tmp*"))


@pytest.mark.parametrize("trouble", [full, readonly])
def test_checks_and_hints_go_on_without_the_journal(course, trouble):
    with disks.small_disk(course.root / "work") as work:
        course.write(WORK, ANSWERS)
        trouble(work)
        result = course.run("check", "901")
        assert (result.returncode, result.stderr) == (0, "")
        session = Session()
        session.use("901")
        assert session.check("double", {"double": run(ANSWERS["double"])["double"]}).points == 3
        assert "hint 1" in session.hint("double")
        session._forget()


def test_no_free_space_in_the_middle_of_a_file_takes_the_half_away(course, monkeypatch):
    """Where nobody is root: the disk fills up while the copy is written."""
    from firsthand.copies import files

    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def write(self, content):
            raise OSError(28, "No space left on device")

    files.remember_base(course.unit)
    opened = Path.open
    monkeypatch.setattr(Path, "open", lambda p, *a, **k: (opened(p, *a, **k).close(), Full())[1])
    with pytest.raises(CourseError, match="The disk is full"):
        files.create(course.unit.work_notebook, b"{}")
    assert not course.unit.work_notebook.exists()


# ---- line ends of Windows, a byte order mark ----


@pytest.mark.parametrize("how", ["in the sources", "in the file", "with a byte order mark"])
def test_a_notebook_from_windows_gets_its_points(course, how):
    sources = ANSWERS
    if how == "in the sources":
        sources = {name: text.replace("\n", "\r\n") for name, text in ANSWERS.items()}
    path = course.write(WORK, sources)
    table = json.dumps(json.loads(path.read_text()), indent=1)
    if how == "in the file":
        table = table.replace("\n", "\r\n")
    path.write_bytes((b"\xef\xbb\xbf" if "mark" in how else b"") + table.encode())
    result = course.run("check", "901")
    assert "7 / 7 points" in result.stdout, result.stderr


# ---- the package was updated under a running kernel ----


def test_check_says_to_restart_after_an_update_of_the_package(session, monkeypatch):
    right = {"double": run(ANSWERS["double"])["double"]}
    monkeypatch.setattr(restart, "_started", time.time() + 3600)
    assert "firsthand was updated" not in session.check("double", right).text
    monkeypatch.setattr(restart, "_started", 0.0)
    shown = session.check("double", right)
    assert "firsthand was updated while this kernel was running" in shown.text
    assert "Restart Kernel" in shown.html
    assert shown.points == 3


def test_a_check_that_breaks_after_an_update_says_to_restart(session, monkeypatch):
    monkeypatch.setattr(restart, "_started", 0.0)
    monkeypatch.setattr(session, "_collected", lambda place: place.no_longer_there)
    shown = notebook.check("double").text
    assert "Restart Kernel" in shown
    assert "our bug" not in shown
