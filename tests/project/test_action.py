"""The action's grading step, run as a GitHub runner would run it."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import ANSWERS, SQUARES, STUBS, notebook
from tests.grading import tiny

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/grade_in_action.sh"
PROGRAM = Path(sys.executable).parent / "firsthand"
EASY = "import pytest\n" + "".join(
    f"\n@pytest.mark.exercise({name!r})\ndef test_{name}(submission):\n    pass\n"
    for name in ("double", "quadruple")
)


@dataclass
class Runner:
    """A runner's folders: the course, and a workspace that somebody else filled."""

    root: Path
    program: Path = PROGRAM

    def run(self, submission: str = "mine.ipynb", **settings: str) -> int:
        """The exit code of the step; what it printed is in `log`."""
        files = {"GITHUB_OUTPUT": self.root / "out", "GITHUB_STEP_SUMMARY": self.root / "summary"}
        own = {
            **{"COURSE": str(self.root / "course"), "UNIT": "901", "SUBMISSION": submission},
            **{"RUNNER_TEMP": str(self.root), "GITHUB_WORKSPACE": str(self.root / "workspace")},
            **{name: str(path) for name, path in files.items()},
            **{"FIRSTHAND": str(self.program), "GITHUB_TOKEN": "secret", "INPUT_X": "secret"},
        }
        result = subprocess.run(
            ["bash", str(SCRIPT)],
            cwd=self.root / "workspace",
            env={"PATH": os.environ["PATH"], "HOME": str(self.root)} | own | settings,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        self.log = result.stdout + result.stderr
        return result.returncode

    @property
    def outputs(self) -> dict[str, str]:
        lines = (self.root / "out").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


def write_course(root: Path, graders: str = tiny.GRADERS) -> None:
    unit = tiny.tiny_unit(root, graders=graders)
    for path, sources in ((unit.exercise_notebook, STUBS), (unit.solution_notebook, ANSWERS)):
        path.parent.mkdir(parents=True)
        path.write_text(notebook(sources))


@pytest.fixture
def runner(tmp_path):
    for name in ("course", "workspace"):
        (tmp_path / name).mkdir()
    write_course(tmp_path / "course")
    return Runner(tmp_path)


@pytest.fixture
def pretend(runner):
    """Replaces `firsthand` by a shell script, for what needs no grading."""

    def replace(script: str) -> Runner:
        runner.program = runner.root / "pretend"
        runner.program.write_text(f"#!/bin/sh\n{script}\n")
        runner.program.chmod(0o755)
        return runner

    return replace


def test_a_fork_is_graded_by_the_course_and_not_by_its_own_graders(runner):
    write_course(runner.root / "workspace", graders=EASY)
    (runner.root / "workspace/mine.ipynb").write_text(notebook(SQUARES))
    assert runner.run(MIN_SCORE="4") == 0, runner.log
    outputs = runner.outputs
    assert (outputs["score"], outputs["max-score"]) == ("4.0", "7.0")
    result = json.loads(base64.b64decode(outputs["result"], validate=True))
    assert sum(test["score"] for test in result["tests"]) == 4.0
    report = json.loads((Path(outputs["report"]) / "report.json").read_text())
    assert outputs["isolation"] == report["isolation"]
    assert {p.name for p in Path(outputs["report"]).iterdir()} == {
        *("report.json", "junit.xml", "summary.md", "classroom.json"),
    }
    assert "| double |" in (runner.root / "summary").read_text()


def test_the_process_that_grades_sees_no_token_and_no_command_file(pretend):
    runner = pretend("env; pwd")
    runner.run(COURSE_KEY="the key's own")
    assert "FIRSTHAND_COURSE_KEY=the key's own" in runner.log.splitlines()
    assert f"FIRSTHAND_COURSE={runner.root / 'course'}" in runner.log
    assert str(runner.root / "course") in runner.log.splitlines(), "it starts in the course"
    assert "secret" not in runner.log
    assert not [line for line in runner.log.splitlines() if line.startswith(("GITHUB", "INPUT"))]


def test_what_a_submission_prints_is_no_command_to_the_runner(pretend):
    runner = pretend("echo '::error::from the submission'")
    runner.run()
    first, printed, last = runner.log.splitlines()
    assert first.startswith("::stop-commands::")
    marker = first.removeprefix("::stop-commands::")
    assert len(marker) == 32
    assert (printed, last) == ("::error::from the submission", f"::{marker}::")


@pytest.mark.parametrize("code", [1, 2, 3])
def test_the_exit_code_is_that_of_firsthand(pretend, code):
    assert pretend(f"exit {code}").run() == code


def test_a_folder_is_refused(runner):
    assert runner.run(submission=".") == 2
    assert "is a folder; name the notebook in it" in runner.log


def test_optional_settings_become_options_only_where_given(pretend):
    runner = pretend('echo "$@"')
    runner.run()
    assert "--min-score" not in runner.log
    assert "--isolation" not in runner.log
    runner.run(MIN_SCORE="80%", ISOLATION="process-only")
    assert "--min-score 80% --isolation process-only" in runner.log
