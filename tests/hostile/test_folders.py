"""What each precaution against a hostile folder is good for: without it, the attack works.

These are the folders that stock nbgrader holds as well, so that
`benchmarks/attacks_on_nbgrader.py` cannot show it. Each is tried here with one precaution of ours
taken away.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from copy import deepcopy
from html import unescape

import nbformat
import pytest
from nbgrader.utils import determine_grade

from firsthand.build.notebooks import build
from firsthand.gradebook import Grade, guard_submission, read_submission, rebuild
from firsthand.grading import intake
from firsthand.render import html, page
from firsthand.report import ExerciseResult, Report, Status, TestResult
from firsthand.unit import find_unit
from tests.cohort.notebooks import filled, grade_id
from tests.hostile.attack import WRONG
from tests.hostile.notebooks import FOLDERS, SCRIPT, unit_file
from tests.hostile.places import COURSE

ATTACKS = {attack.name: attack for attack in FOLDERS}
SECONDS = 20
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    root = tmp_path_factory.mktemp("prey") / "course"
    shutil.copytree(COURSE, root)
    unit = find_unit("903", root)
    build(unit, execute=False)
    return unit


@pytest.fixture
def hand_in(tmp_path, unit):
    """Makes the folder of an attack; returns its notebook's path."""

    def make(name):
        folder = tmp_path / "submitted" / name / unit.id
        folder.mkdir(parents=True)
        released = json.loads(unit.exercise_notebook.read_text())
        ATTACKS[name].write(folder, filled(released, WRONG), tmp_path)
        return unit_file(folder)

    return make


def report_of(unit, share, output=""):
    """A report with this share of the points of each exercise."""
    rows = []
    for exercise in unit.exercises:
        worth = exercise.points
        test = TestResult(
            "test_it", "it is so", Status.FAILED, True, 1.0, share * worth, worth, message="no"
        )
        results = (exercise.name, exercise.kind, Status.FAILED, share * worth, worth, (test,))
        rows.append(ExerciseResult(*results, output=output))
    return Report(unit.id, unit.title, tuple(rows), "0" * 16, "full", 0.1)


def score_in(notebook, name):
    (cell,) = [cell for cell in notebook.cells if grade_id(cell) == f"check_{name}"]
    return determine_grade(cell)[0]


def as_submitted(unit, path):
    """The notebook as it was handed in, not rebuilt, in the form that `Grade` gets."""
    notebook = nbformat.from_dict(json.loads(path.read_text()))
    notebook.metadata["firsthand"] = {"unit": unit.id, "rejected": ""}
    return notebook


def test_without_the_courses_own_cells_raised_points_count(unit, hand_in):
    path = hand_in("raises_the_points_of_the_checks")
    theirs, ours = as_submitted(unit, path), rebuild(unit, read_submission(path))
    for notebook in (theirs, ours):
        Grade().write_results(notebook, report_of(unit, 0.5), unit)
    worth = unit.exercise("double").points
    assert score_in(theirs, "double") == 500_000
    assert score_in(ours, "double") == worth / 2


def test_without_new_outputs_forged_ones_count_and_run(unit, hand_in):
    path = hand_in("forges_outputs")
    theirs, ours = as_submitted(unit, path), rebuild(unit, read_submission(path))
    assert score_in(theirs, "double") == 3 and SCRIPT in json.dumps(theirs)
    Grade().write_results(ours, report_of(unit, 0.0), unit)
    assert score_in(ours, "double") == 0 and SCRIPT not in json.dumps(ours)


def test_without_a_limit_of_depth_a_notebook_cannot_even_be_copied(unit, hand_in, monkeypatch):
    path = hand_in("has_deep_metadata")
    with pytest.raises(intake.Rejected, match="nested too deeply"):
        intake.read_notebook(path)
    monkeypatch.setattr(intake, "MAX_DEPTH", 10_000)
    notebook = intake.read_notebook(path)
    with pytest.raises(RecursionError):
        deepcopy(notebook)


def test_without_a_limit_of_size_megabytes_are_read(unit, hand_in, monkeypatch):
    path = hand_in("has_outputs_of_megabytes")
    with pytest.raises(intake.Rejected, match="25 MB; the limit is 20 MB"):
        intake.read_notebook(path)
    monkeypatch.setattr(intake, "MAX_BYTES", 1 << 28)
    assert len(json.dumps(intake.read_notebook(path))) > 25 * MEGABYTE


def read_in_a_process(path, seconds):
    """Read a file without looking what it is, in 256 MB of memory; what the process said."""
    script = "import sys; open(sys.argv[1], 'rb').read()"
    memory = 256 * MEGABYTE
    return subprocess.run(
        [sys.executable, "-I", "-c", script, str(path)],
        capture_output=True,
        text=True,
        timeout=seconds,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)),
    ).stderr


def test_without_a_look_at_what_it_is_a_device_fills_the_memory(hand_in):
    path = hand_in("is_a_link_to_a_device")
    assert "MemoryError" in read_in_a_process(path, 60)
    assert "not a regular file" in read_submission(path).metadata.rejected


def test_without_a_look_at_what_it_is_a_pipe_is_waited_for(hand_in):
    path = hand_in("is_a_pipe")
    with pytest.raises(subprocess.TimeoutExpired):
        read_in_a_process(path, 2)
    assert "not a regular file" in read_submission(path).metadata.rejected


def test_without_the_guard_a_pipe_beside_the_notebook_stops_the_copying(unit, hand_in, tmp_path):
    folder = hand_in("has_odd_files_beside_it").parent
    with pytest.raises(shutil.SpecialFileError, match="named pipe"):
        shutil.copy(folder / "pipe", tmp_path / "copy")
    notebook = str(unit_file(folder))
    guard_submission(assignment=unit.id, student="one", notebooks=[notebook])
    for name in os.listdir(folder):
        shutil.copy(folder / name, tmp_path / "copy")


def test_without_escaping_a_printed_script_runs(unit, monkeypatch):
    printed = f"<script>{SCRIPT}</script>\x1b]8;;javascript:{SCRIPT}\x07"
    report = report_of(unit, 0.0, output=printed)
    held = html(report, exercise="double", unit=unit)
    assert SCRIPT in unescape(held) and "<script" not in held and "\x1b" not in held
    monkeypatch.setattr(page, "escape", lambda text, *_: text)
    assert f"<script>{SCRIPT}</script>" in html(report, exercise="double", unit=unit)
