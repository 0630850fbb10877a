"""A course with one tiny unit, its notebooks written by hand, and a runner of commands in it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from firsthand.cli import app
from firsthand.unit import Unit
from tests.grading import tiny

STUBS = {name: tiny.STUB.format(name=name) for name in ("double", "quadruple")}
ANSWERS = {"double": tiny.DOUBLE, "quadruple": tiny.QUADRUPLE}
SQUARES = ANSWERS | {"double": "def double(x):\n    return x * x"}


def notebook(sources):
    cells = [cell("setup", "given", tiny.SETUP)]
    cells += [cell(name, "exercise", source) for name, source in sources.items()]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def cell(name, kind, source):
    metadata = {"firsthand": {"kind": kind, "name": name}}
    return {
        **{"id": f"901-{name}", "cell_type": "code", "execution_count": None, "outputs": []},
        **{"metadata": metadata, "source": source},
    }


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Course:
    """The course's folder and its unit, with ways to run commands in it."""

    root: Path
    unit: Unit
    monkeypatch: pytest.MonkeyPatch

    def run(self, *arguments, columns=80):
        """Run `firsthand` in this process, where the grading worker is warm; without a terminal."""
        self.monkeypatch.setenv("COLUMNS", str(columns))
        result = CliRunner().invoke(app, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Result(result.exit_code, result.stdout, result.stderr)

    def spawn(self, *arguments, before="", **environment):
        """Run `firsthand` in a process of its own, after the statements `before`."""
        script = f"from firsthand.cli import app\n{before}\napp()"
        result = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return Result(result.returncode, result.stdout, result.stderr)

    def write(self, path, sources):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook(sources))
        return path


@pytest.fixture
def course(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("FIRSTHAND", "NO_COLOR"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FIRSTHAND_COURSE", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.chdir(tmp_path)
    course = Course(tmp_path, tiny.tiny_unit(tmp_path), monkeypatch)
    (tmp_path / "curriculum/stages.toml").write_text(
        '[[stage]]\nnumber = 9\ntitle = "Trials"\naim = "to try"\n'
    )
    course.write(course.unit.exercise_notebook, STUBS)
    course.write(course.unit.solution_notebook, ANSWERS)
    return course
