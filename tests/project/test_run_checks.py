"""scripts/run_checks.py: every check runs, and the closing line counts what happened."""

import subprocess
import sys

import pytest

from scripts import run_checks
from scripts.run_checks import Check, Counts

PASSES = [sys.executable, "-c", "pass"]
FAILS = [sys.executable, "-c", "raise SystemExit(3)"]
MIXED = """
import pytest
def test_passes(): pass
def test_fails(): assert False
def test_breaks(missing_fixture): pass
@pytest.mark.skip
def test_skips(): pass
"""


@pytest.fixture
def closing_line(monkeypatch, capfd):
    """Run `main` on the given checks; return its exit code, its last line and all of its output."""

    def run(*commands: tuple[str, list[str]], beside=()) -> tuple[int, str, str]:
        def listed(junit):
            filled = [[word.format(junit=junit) for word in command] for _, command in commands]
            pairs = zip(commands, filled, strict=True)
            rows = enumerate(pairs)
            return [Check(f"check {n}", group, c, n in beside) for n, ((group, _), c) in rows]

        monkeypatch.setattr(run_checks, "checks", listed)
        monkeypatch.setattr(sys, "argv", ["run_checks.py"])
        code = run_checks.main()
        output = capfd.readouterr().out
        return code, output.splitlines()[-1], output

    return run


def inner_pytest(path) -> list[str]:
    options = ["-q", "-p", "no:cacheprovider", "--rootdir", str(path.parent)]
    return [sys.executable, "-m", "pytest", *options, "--junitxml={junit}", str(path)]


def test_all_passed(closing_line):
    code, last, _ = closing_line(("lint", PASSES), ("units", PASSES))
    assert (code, last) == (0, "2 passed, 0 failed")


def test_a_failure_does_not_stop_the_checks_after_it(closing_line):
    code, last, output = closing_line(("lint", FAILS), ("units", PASSES))
    assert (code, last) == (1, "1 passed, 1 failed")
    assert "failed: check 0" in output
    assert "=== check 1: passed" in output


def test_the_counts_of_pytest_are_added(closing_line, tmp_path):
    (tmp_path / "test_mixed.py").write_text(MIXED)
    command = inner_pytest(tmp_path / "test_mixed.py")
    code, last, output = closing_line(("lint", PASSES), ("tests", command))
    assert "1 failed, 1 passed, 1 skipped, 1 error" in output  # pytest's own closing line
    assert (code, last) == (1, "2 passed, 2 failed, 1 skipped")


def test_a_pytest_that_finds_no_test_has_failed(closing_line, tmp_path):
    (tmp_path / "test_empty.py").write_text("")
    code, last, _ = closing_line(("tests", inner_pytest(tmp_path / "test_empty.py")))
    assert (code, last) == (1, "0 passed, 1 failed")


def test_a_check_beside_the_others_starts_first_and_is_shown_in_its_turn(closing_line, tmp_path):
    made = str(tmp_path / "made")
    waits = f"""
import pathlib, time
end = time.monotonic() + 30
while not pathlib.Path({made!r}).exists():
    assert time.monotonic() < end
    time.sleep(0.01)
"""
    makes = f"import pathlib; pathlib.Path({made!r}).touch(); print('said beside')"
    commands = [("lint", [sys.executable, "-c", code]) for code in (waits, makes)]
    code, last, output = closing_line(*commands, beside={1})
    assert (code, last) == (0, "2 passed, 0 failed")
    assert output.index("=== check 0: passed") < output.index("said beside")
    code, last, output = closing_line(("lint", FAILS), ("units", PASSES), beside={0})
    assert (code, last) == (1, "1 passed, 1 failed")
    assert "failed: check 0" in output


def test_counts_add_state_by_state():
    assert Counts(1, 2, 3) + Counts(10, 20, 30) == Counts(11, 22, 33)


def test_every_program_of_the_checks_is_in_the_environment(tmp_path):
    for check in run_checks.checks(tmp_path / "junit.xml"):
        found = subprocess.run(["test", "-x", check.command[0]], check=False)
        assert found.returncode == 0, f"{check.title}: no program {check.command[0]}"
