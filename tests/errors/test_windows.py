"""Windows: no such machine is here, so a process that lacks what Windows lacks stands for it."""

import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import ANSWERS, STUBS

SCRIPT = Path(__file__).parent / "windows.py"
WORK = "work/901_tiny/901_tiny.ipynb"
MODULES = [
    *("notebook", "copies", "journal", "grading.engine", "cli", "cli.learner", "cli.copies"),
    *("cli.lab", "cli.hints", "cli.watch", "cli.standing", "cli.grade", "cli.doctor"),
]


def on_windows(course, statement):
    result = subprocess.run(
        [sys.executable, SCRIPT, course.root, statement],
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert "Traceback" not in result.stderr, result.stderr
    return result


def test_everything_that_a_learner_runs_can_be_imported(course):
    names = ", ".join(f"firsthand.{name}" for name in MODULES)
    result = on_windows(course, f"import {names}; print('imported')")
    assert result.stdout == "imported\n"


def test_commands_that_only_read_and_write_files_work(course):
    newer = course.write("newer.ipynb", STUBS | {"double": "new = 1"})
    exercise = course.unit.exercise_notebook
    shown = on_windows(
        course,
        "run('list'); run('start', '901')\n"
        f"shutil.copy({str(newer)!r}, {str(exercise)!r})\n"
        "run('update'); run('reset', '901', '--yes'); run('undo', '901')\n"
        "run('hint', '901/double'); run('progress')",
    ).stdout
    for text in ("901  Tiny", "copied to", "replaced", "put back", "brought back", "hint 1 of 3"):
        assert text in shown
    assert shown.count("ended with 0") == 7


def test_commands_that_fork_say_in_one_line_what_works_instead(course):
    course.write(WORK, ANSWERS)
    shown = on_windows(course, "run('check', '901'); run('watch', '901')").stdout
    assert shown.count('check("name") in the notebook works here') == 2
    assert shown.count("use WSL") == 2
    assert "check ended with 2" in shown
    assert "watch ended with 2" in shown
    assert len(shown.strip().splitlines()) == 6  # an empty one after each message


def test_check_in_the_notebook_works(course):
    statement = (
        "from firsthand import check, hint, use_unit\n"
        "use_unit('901_tiny')\n"
        "def double(x):\n    return x * x\n"
        "sys.modules['__main__'].double = double\n"
        "print(check('double')); hint('double')"
    )
    result = on_windows(course, statement)
    assert "901 Tiny: 3 exercises" in result.stdout
    assert "you squared it" in result.stdout
