"""A course made by `firsthand course init` beside the golden project, and its learners."""

import getpass
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from firsthand.build import skip_uri_grammar
from firsthand.build.notebooks import build
from firsthand.cli import app
from firsthand.cohort.course import load_course
from firsthand.grading import intake
from firsthand.unit import Unit, exercise_cells, find_unit
from tests.cohort.notebooks import filled, without_markers

skip_uri_grammar()

GOLDEN = Path(__file__).resolve().parents[1] / "golden_course"
REPOSITORY = Path(__file__).resolve().parents[2]
ME = getpass.getuser()
WRONG = {"scaled": "def scaled(x, factor):\n    return x + factor"}
SETTINGS = ("FIRSTHAND_COURSE", "FIRSTHAND_COURSE_KEY", "FIRSTHAND_COURSE_KEY_FILE")


def golden_project(base: Path) -> Unit:
    """A copy of the golden course with its built notebooks."""
    root = base / "project"
    shutil.copytree(GOLDEN, root)
    unit = find_unit("900", root)
    build(unit, execute=False)
    return unit


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    output: str


@dataclass
class CourseFolder:
    """The folder, the unit, and ways to hand in and to run commands."""

    folder: Path
    unit: Unit
    base: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> Done:
        """`firsthand course ARGUMENTS` in this process."""
        done = CliRunner().invoke(app, ["course", *arguments, "--course", str(self.folder)])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(done.exit_code, done.output)

    def spawn(self, *arguments: str, before: str = "") -> "subprocess.Popen[str]":
        """The same in a process of its own, after the statements `before`."""
        script = f"from firsthand.cli import app\n{before}\nif __name__ == '__main__':\n    app()"
        path = self.base / "command.py"
        path.write_text(script)
        command = [sys.executable, str(path), "course", *arguments, "--course", str(self.folder)]
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )

    def nbgrader(self, *steps: tuple[Path, list[str]]) -> str:
        """Commands of nbgrader's own, as (folder, arguments), in one process; their log."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.cohort.commands"],
            input=json.dumps([[str(folder), arguments] for folder, arguments in steps]),
            env=os.environ | self.environment | {"PYTHONPATH": str(REPOSITORY)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stdout[-6000:]
        return done.stdout

    def notebook(self, **changed: str) -> str:
        """The released notebook with the reference solutions, and these in their place."""
        release = json.loads(self.unit.exercise_notebook.read_text())
        cells = exercise_cells(intake.reference_cells(self.unit))
        solved = {name: without_markers(source) for name, source in cells.items()}
        essays = {e.name: "It overflows." for e in self.unit.exercises if e.kind == "rubric"}
        return json.dumps(filled(release, solved | essays | changed))

    def hand_in_files(self, texts: dict[str, str]) -> Done:
        """Notebooks by learner, as a learning platform's download, collected."""
        shutil.rmtree(self.base / "download", ignore_errors=True)
        for student, text in texts.items():
            folder = self.base / "download" / student
            folder.mkdir(parents=True)
            (folder / f"{self.unit.id}.ipynb").write_text(text)
        return self.run("collect", "900", "--from", str(self.base / "download"))

    def scores(self) -> dict[str, dict[str, float | None]]:
        """Automatic scores in the gradebook, by learner and exercise."""
        from firsthand.gradebook import book

        table = book.scores(load_course(self.folder).db_url, self.unit.id)
        return {
            student: {
                cell.removeprefix("check_"): score.automatic
                for cell, score in cells.items()
                if cell.startswith("check_")
            }
            for student, cells in table.items()
        }

    def edit(self, pattern: str, text: str) -> None:
        """Replace a part of course.toml."""
        path = self.folder / "course.toml"
        changed, count = re.subn(pattern, text, path.read_text())
        assert count == 1
        path.write_text(changed)


def make_course(
    base: Path, monkeypatch: pytest.MonkeyPatch, students: dict[str, str], *options: str
) -> CourseFolder:
    """A course with these learners and their accounts, and deadlines that end loops soon."""
    for name in SETTINGS:
        monkeypatch.setenv(name, "")  # put back afterwards, whatever the commands set
        monkeypatch.delenv(name)
    unit = golden_project(base)
    monkeypatch.setenv("FIRSTHAND_COURSE", str(unit.root))
    roster = base / "people.csv"
    rows = [f"{name},First,Last,{name}@example.org,{account}" for name, account in students.items()]
    roster.write_text("\n".join(["id,first name,last name,email,account", *rows]) + "\n")
    course = CourseFolder(base / "term", unit, base)
    arguments = ["--roster", str(roster), "--unit", "900", *options]
    done = CliRunner().invoke(app, ["course", "init", str(course.folder), *arguments])
    assert done.exit_code == 0, done.output
    course.edit("cell_seconds = 20.0", "cell_seconds = 4.0\ncall_seconds = 4.0")
    return course


def released(
    base: Path, monkeypatch: pytest.MonkeyPatch, students: list[str], *options: str
) -> CourseFolder:
    """A course whose unit is released, with learners who hand in files."""
    course = make_course(base, monkeypatch, dict.fromkeys(students, ""), *options)
    done = course.run("release", "900")
    assert done.code == 0, done.output
    return course
