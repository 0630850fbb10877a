"""update, reset and undo, as a learner types them."""

import json

import pytest

from firsthand.cli import copies as commands
from tests.cli.conftest import ANSWERS, STUBS

WORK = "work/901_tiny/901_tiny.ipynb"


@pytest.fixture
def started(course):
    course.run("start", "901")
    write(course, ANSWERS["double"])
    return course


def write(course, source):
    path = course.root / WORK
    path.write_text(json.dumps(with_cell(path, source)))


def with_cell(path, source):
    table = json.loads(path.read_text())
    (cell,) = [c for c in table["cells"] if c["id"] == "901-double"]
    cell["source"] = source
    return table


def newer(course, **stubs):
    course.write(course.unit.exercise_notebook, STUBS | stubs)


def test_update_replaces_shows_conflicts_side_by_side_and_says_to_reload(started):
    newer(started, double="def double(x: int):\n    raise NotImplementedError", quadruple="new = 1")
    dry = started.run("update", "901", "--dry-run")
    assert "901 Tiny: would change" in dry.stdout
    assert "new = 1" not in (started.root / WORK).read_text()
    result = started.run("update")
    assert result.returncode == 0, result.stderr
    for text in ("901 Tiny: updated", "replaced", "yours (kept)", "def double(x: int):"):
        assert text in result.stdout
    assert "firsthand undo 901" in result.stdout
    assert "Reload Notebook from Disk" in " ".join(result.stdout.split())
    assert started.run("update").stdout == "901 Tiny: up to date\n"


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_the_tables_of_update_fit_the_terminal(started, columns):
    newer(started, double="def double(x: int):\n    raise NotImplementedError  # " + "long " * 30)
    shown = started.run("update", "--dry-run", columns=columns).stdout
    assert max(len(line) for line in shown.splitlines()) <= columns


def test_update_before_start_says_what_to_do(course):
    assert "`firsthand learn` starts" in course.run("update").stderr
    result = course.run("update", "901")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "`firsthand start 901` makes it" in result.stderr


def test_reset_asks_and_undo_brings_back(started, monkeypatch):
    monkeypatch.setattr(commands, "_agreed", lambda *_: False)
    assert started.run("reset", "901/double").stdout == "left as it is\n"
    assert ANSWERS["double"] == source_of(started)
    monkeypatch.setattr(commands, "_agreed", lambda *_: True)
    result = started.run("reset", "901/double")
    assert "put back: double in work/901_tiny/901_tiny.ipynb" in result.stdout
    assert source_of(started) == STUBS["double"]
    assert "firsthand undo 901" in result.stdout
    assert "brought back" in started.run("undo", "901").stdout
    assert source_of(started) == ANSWERS["double"]


def source_of(course):
    cells = json.loads((course.root / WORK).read_text())["cells"]
    (found,) = [c for c in cells if c["id"] == "901-double"]
    return "".join(found["source"])


def test_reset_without_a_terminal_needs_yes(started):
    result = started.run("reset", "901")
    assert result.returncode == 2
    assert "`firsthand reset 901 --yes` goes on" in result.stderr
    assert source_of(started) == ANSWERS["double"]
    assert started.run("reset", "901", "--yes").returncode == 0
    assert source_of(started) == STUBS["double"]


def test_reset_of_an_unknown_exercise_suggests_one_before_it_asks(started):
    result = started.run("reset", "901/dubble", "--yes")
    assert result.returncode == 2
    assert "Did you mean 'double'?" in result.stderr


def test_undo_with_nothing_to_undo_is_one_line(started):
    result = started.run("undo", "901")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "nothing to undo" in result.stderr


def test_an_empty_notebook_says_how_to_get_a_fresh_one_and_keeps_the_file(started):
    (started.root / WORK).write_text("")
    for command in (["check", "901"], ["update", "901"], ["update"]):
        result = started.run(*command)
        assert result.returncode == 2
        assert "`firsthand reset 901` puts the notebook as handed out" in result.stderr
    assert started.run("reset", "901", "--yes").returncode == 0
    assert "901-double" in (started.root / WORK).read_text()
    started.run("undo", "901")
    assert (started.root / WORK).read_text() == ""
