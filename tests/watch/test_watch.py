"""The whole way: files, the grading process behind its walls, the window, the journal."""

import json
import os
import time

import pytest

from firsthand import journal
from firsthand.report import Report
from tests.watch.window import Window, plain


def test_from_a_wrong_save_to_a_right_one(copy):
    copy.write(weighted_mean=copy.wrong("weighted_mean", " / weights.sum(-1)", ""))
    with Window("101", cwd=copy.unit.root) as window:
        window.wait("warming up")
        window.wait("the sum of the weights is missing", "1 of 3 tests", "1/9 points")

        copy.write(weighted_mean=copy.solutions["weighted_mean"])
        window.wait("✓ weighted_mean   4/4", "Rows can be averaged", "4/9 points")
        # Standardiser uses it and comes after it, which_is_larger does not.
        window.wait("2 of 3 exercises run")

        copy.write(which_is_larger="def which_is_larger() -> str:\n    return 'neither'")
        text = window.wait("'neither' is neither 'plain' nor 'weighted'", "✗ which_is_larger")
        assert "1 of 3 exercises run" in text and "4/9 points" in text

        # The first answer never ends: the next save takes its place at once.
        copy.write(which_is_larger="def which_is_larger():\n    while True: pass")
        window.wait("grading which_is_larger")
        started = time.monotonic()
        copy.write(which_is_larger=copy.solutions["which_is_larger"])
        window.wait("✓ which_is_larger 1/1", "5/9 points", seconds=15)
        assert time.monotonic() - started < 15, "the deadline of a call is 20 s"

        copy.write(Standardiser=copy.solutions["Standardiser"])
        window.wait("Every exercise of this unit passes.", "9/9 points", "1/1 units")
        window.press("q")
        assert window.end() == 0
        assert plain(window.output).rstrip().endswith("101 Weighted means: 9 of 9 points")
    check_journal(copy)
    wait_until_gone(str(copy.unit.folder))


def check_journal(copy):
    checks = [e for e in journal.events(copy.unit.root) if e.kind == "check"]
    assert [(e.exercise, e.points) for e in checks] == [
        *(("weighted_mean", 1.0), ("weighted_mean", 4.0)),
        *(("which_is_larger", 0.0), ("which_is_larger", 1.0), ("Standardiser", 4.0)),
    ], "the run that was left, and what is not started, are no checks"


def wait_until_gone(argument):
    """The grading process of this course ends by itself."""
    until = time.monotonic() + 15
    while (left := processes(argument)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not left


def processes(argument):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                line = file.read().split("\0")
        except OSError:
            continue
        if "firsthand.watch.grader_process" in line and argument in line:
            found.append(pid)
    return found


def test_it_ends_at_once_while_it_is_warming_up(copy):
    with Window("101", cwd=copy.unit.root) as window:
        window.wait("warming up")
        started = time.monotonic()
        window.press("\x03")
        assert window.end() == 130
        assert time.monotonic() - started < 5
        assert window.settings() == window.before
    wait_until_gone(str(copy.unit.folder))


class TestOnce:
    """In this process, where the worker is warm."""

    @pytest.fixture
    def run(self, copy, monkeypatch):
        from typer.testing import CliRunner

        from firsthand.cli import app

        monkeypatch.chdir(copy.unit.root)
        return lambda *arguments: CliRunner().invoke(app, ["watch", *arguments])

    def test_exit_codes_and_json(self, copy, run):
        result = run("--once")
        assert result.exit_code == 1 and "not started" in result.stdout
        copy.write(**copy.solutions)
        result = run("101", "--once", "--json")
        assert result.exit_code == 0
        report = Report.from_json(result.stdout)
        assert (report.unit, report.points, report.max_points) == ("101_weighted_means", 9, 9)
        done = [e for e in journal.events(copy.unit.root) if e.status == "passed"]
        assert {e.exercise for e in done} == {"weighted_mean", "Standardiser", "which_is_larger"}

    def test_an_export_is_graded(self, copy, run):
        import jupytext

        copy.write(**copy.solutions)
        export = copy.path.with_name("mine.py")
        export.write_text(jupytext.writes(jupytext.read(copy.path), fmt="py:percent"))
        copy.start()
        result = run("101", "--once", "--json", "--file", str(export))
        assert result.exit_code == 0 and json.loads(result.stdout)["points"] == 9

    def test_a_grader_that_breaks_is_a_fault(self, copy, run):
        (grader,) = copy.unit.graders
        text = grader.read_text()
        broken = text.replace("answer = submission.which_is_larger()", "answer = 1 / 0")
        assert broken != text
        grader.write_text(broken)
        copy.write(**copy.solutions)
        assert run("101", "--once").exit_code == 3

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["999"], "no unit '999'"),
            (["101", "--json"], "--json belongs to --once"),
            (["101", "--file", "notes.txt"], "neither a notebook (.ipynb) nor a .py"),
            (["101", "--file", "gone.ipynb"], "gone.ipynb does not exist"),
        ],
    )
    def test_a_mistake_is_one_line(self, run, arguments, said):
        result = run(*arguments)
        assert result.exit_code == 2
        assert said in result.stderr and len(result.stderr.splitlines()) == 1

    def test_a_notebook_that_cannot_be_read_is_a_mistake(self, copy, run):
        copy.path.write_text("{")
        result = run("101", "--once")
        assert result.exit_code == 2 and "not valid JSON" in result.stderr

    def test_without_any_notebook_it_says_how_to_start(self, copy, run):
        copy.path.unlink()
        result = run()
        assert result.exit_code == 2 and "`firsthand learn` starts" in result.stderr
