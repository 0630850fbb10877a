"""A bundle for Gradescope grades where it is unpacked, and never fails silently."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

import firsthand
from firsthand.cohort.gradescope_bundle import build_bundle
from firsthand.cohort.gradescope_run import grade_submission, main, submitted_notebook
from firsthand.grading.intake import Rejected
from firsthand.unit import CourseError, Unit
from tests.cli.conftest import ANSWERS, SQUARES, STUBS, notebook
from tests.grading import tiny


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    made = tiny.tiny_unit(root)
    for path, sources in ((made.exercise_notebook, STUBS), (made.solution_notebook, ANSWERS)):
        path.parent.mkdir(parents=True)
        path.write_text(notebook(sources))
    return made


@pytest.fixture(scope="module")
def bundle(unit, tmp_path_factory):
    return build_bundle(unit, tmp_path_factory.mktemp("bundle"), key="a secret", torch_args="")


@dataclass
class Image:
    """An autograder's folders, laid out as Gradescope lays them out."""

    root: Path

    @property
    def course(self) -> Path:
        return self.root / "source/course"

    def submit(self, sources: dict[str, str]) -> None:
        (self.root / "submission").mkdir(exist_ok=True)
        (self.root / "submission/901_tiny.ipynb").write_text(notebook(sources))

    def run(self, *, python: str = sys.executable) -> dict:
        settings = {"FIRSTHAND_AUTOGRADER": str(self.root), "FIRSTHAND_PYTHON": python}
        self.process = subprocess.run(
            [str(self.root / "run_autograder")],
            env=os.environ | settings | {"OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return json.loads((self.root / "results/results.json").read_text())


@pytest.fixture
def image(bundle, tmp_path):
    root = tmp_path / "autograder"
    unpack(bundle, root / "source")
    (root / "source/run_autograder").rename(root / "run_autograder")
    return Image(root)


def unpack(bundle: Path, folder: Path) -> None:
    """All files with their permissions, as Gradescope's `unzip` leaves them."""
    with ZipFile(bundle) as archive:
        archive.extractall(folder)
        for info in archive.infolist():
            (folder / info.filename).chmod(info.external_attr >> 16 & 0o777)


def names(bundle: Path) -> set[str]:
    with ZipFile(bundle) as archive:
        return set(archive.namelist())


def test_it_holds_the_unit_and_what_grades_it(bundle):
    assert {
        *("setup.sh", "run_autograder", "course/course.key", "course/requirements.lock"),
        *("course/pyproject.toml", "course/scripts/setup.sh", "course/src/firsthand/report.py"),
        *("course/curriculum/stages.toml", "course/curriculum/901_tiny/unit.toml"),
        *("course/graders/test_901_tiny.py", "course/exercises/901_tiny/901_tiny.ipynb"),
        "course/solutions/901_tiny/901_tiny.ipynb",
    } <= names(bundle)
    package = Path(firsthand.__file__).parent
    sources = {f"course/src/firsthand/{p.relative_to(package)}" for p in package.rglob("*.py")}
    assert sources <= names(bundle)
    assert not [n for n in names(bundle) if n.endswith(".pyc") or "/wrong_" in n or "/." in n]


def test_only_its_owner_can_read_it(bundle):
    assert bundle.name == "gradescope_901_tiny.zip"
    assert bundle.stat().st_mode & 0o077 == 0


def test_the_same_content_gives_the_same_bytes(unit, bundle, tmp_path):
    again = build_bundle(unit, tmp_path / "again.zip", key="a secret", torch_args="")
    assert again.read_bytes() == bundle.read_bytes()


def test_it_grades_a_submission(image):
    image.submit(SQUARES)
    results = image.run()
    assert results.get("score") == 4.0, image.process.stdout
    failed = next(t for t in results["tests"] if t["status"] == "failed")
    assert failed["name"].startswith("double: ")
    assert "you squared it" in "".join(t["output"] for t in results["tests"])
    assert "essay: up to 2 points graded by hand" in results["output"]
    assert "4 / 7 points" in image.process.stdout, "instructors see the report"


def test_a_broken_course_is_no_zero_of_the_learner(image):
    image.submit(ANSWERS)
    (image.course / "solutions/901_tiny/901_tiny.ipynb").write_text("{")
    (image.course / "graders/test_901_tiny.py").write_text("import nothing_like_it\n")
    results = image.run()
    assert "score" not in results
    assert "not your fault" in results["output"]
    assert "nothing_like_it" not in json.dumps(results), "the reason is for instructors"
    assert "Traceback" in image.process.stdout


def test_walls_that_cannot_be_had_are_our_failure_in_one_line(unit, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FIRSTHAND_COURSE", str(unit.root))
    results = tmp_path / "results.json"
    assert main([str(unit.id), str(tmp_path), str(results), "nonesuch"]) == 0
    assert "score" not in json.loads(results.read_text())
    assert capsys.readouterr().out.startswith("firsthand: unknown isolation 'nonesuch'")


def test_a_python_that_dies_leaves_results_too(image):
    image.submit(ANSWERS)
    results = image.run(python="/bin/false")
    assert "score" not in results
    assert "not your fault" in results["output"]


def test_the_programs_are_shell_that_can_be_read(image):
    for path in (image.root / "run_autograder", image.root / "source/setup.sh"):
        assert path.stat().st_mode & 0o100, f"{path.name} is not executable"
        assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


@pytest.fixture
def set_up(unit, tmp_path):
    """Runs setup.sh of a bundle with a given `apt-get`, and an installer that prints its orders."""
    bundle = build_bundle(unit, tmp_path, key="", torch_args="--extra 'x; y'")
    unpack(bundle, tmp_path / "a/source")
    installer = tmp_path / "a/source/course/scripts/setup.sh"
    installer.write_text('echo "torch $TORCH with $TORCH_ARGS in $(basename "$PWD")"\n')
    program = tmp_path / "programs/apt-get"
    program.parent.mkdir()

    def run(apt_get: str) -> subprocess.CompletedProcess[str]:
        program.write_text(f"#!/bin/sh\n{apt_get}\n")
        program.chmod(0o755)
        paths = {"PATH": f"{program.parent}:{os.environ['PATH']}"}
        return subprocess.run(
            ["bash", str(tmp_path / "a/source/setup.sh")],
            env=os.environ | paths | {"FIRSTHAND_AUTOGRADER": str(tmp_path / "a")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_set_up_installs_the_pinned_torch_with_the_arguments_given(set_up):
    result = set_up("exit 0")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("torch 2.")
    assert "with --extra 'x; y' in course" in result.stdout


def test_set_up_goes_on_without_bubblewrap_and_says_so(set_up):
    result = set_up('[ "$1" = update ]')
    assert result.returncode == 0, result.stderr
    assert "no bubblewrap here" in result.stdout


def test_set_up_stops_where_packages_cannot_be_listed(set_up):
    assert set_up("exit 100").returncode != 0


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "no notebook"),
        ([".ipynb_checkpoints/901_tiny.ipynb"], "no notebook"),
        (["a.ipynb", "b.ipynb"], "2 notebooks were submitted: a.ipynb, b.ipynb"),
        (["x/901_tiny.ipynb", "y/901_tiny.ipynb"], "2 notebooks were submitted"),
    ],
)
def test_a_submission_without_one_notebook_is_rejected(unit, tmp_path, files, told):
    lay_out(tmp_path, files)
    with pytest.raises(Rejected, match=told):
        submitted_notebook(unit, tmp_path)


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (["mine.ipynb"], "mine.ipynb"),
        (["folder/901_tiny.ipynb", "other.ipynb"], "folder/901_tiny.ipynb"),
    ],
)
def test_the_notebook_of_the_unit_is_taken(unit, tmp_path, files, chosen):
    lay_out(tmp_path, files)
    assert submitted_notebook(unit, tmp_path) == tmp_path / chosen


def lay_out(folder: Path, files: list[str]) -> None:
    for name in files:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("{}")


def test_a_rejected_submission_scores_zero_with_its_reason(unit: Unit, tmp_path):
    (tmp_path / "901_tiny.ipynb").write_text("{")
    report = grade_submission(unit, tmp_path)
    assert report.points == 0
    assert "is not valid JSON" in report.rejected


def test_a_unit_that_is_not_built_is_refused(tmp_path):
    with pytest.raises(CourseError, match="Run `firsthand dev build 901`"):
        build_bundle(tiny.tiny_unit(tmp_path), tmp_path, key="", torch_args="")
    assert not list(tmp_path.glob("*.zip"))
