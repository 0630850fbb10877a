"""Budgets of processor time: what is used counts, what is waited for does not."""

import types

import pytest

from firsthand.grading.cells import run_cell
from firsthand.grading.engine import Grader
from firsthand.report import Report, Status
from firsthand.unit import CourseError, load_unit
from tests.grading import tiny

ALLOWED = 0.3
BUSY = """
import time
def double(x):
    started = time.process_time()
    while time.process_time() - started < 0.4: pass
    return x + x
"""
WAITING = "import time\ndef double(x):\n    time.sleep(0.4)\n    return x + x"


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    tiny.tiny_unit(root)
    toml = root / "curriculum/901_tiny/unit.toml"
    toml.write_text(
        toml.read_text().replace('name = "double"', f'name = "double"\ncpu_seconds = {ALLOWED}')
    )
    unit = load_unit(toml.parent)
    with Grader(unit, reference=tiny.cells(), key="test", call_seconds=5) as grader:
        yield grader


def graded(grader, source, transport):
    cells = tiny.cells(source)
    if transport == "process":
        return grader.grade(cells, exercises={"double"})
    kernel = types.ModuleType("kernel")
    for cell in cells:
        run_cell(cell.name, cell.source, kernel.__dict__)
    return grader.grade_namespace(kernel.__dict__, exercises={"double"})


@pytest.mark.parametrize("transport", ["process", "kernel"])
def test_what_uses_more_than_its_budget_earns_nothing_from_there_on(grader, transport):
    result = graded(grader, BUSY, transport).exercise("double")
    assert (result.status, result.points) == (Status.TIMED_OUT, 0.0)
    first, second = result.tests
    assert "of processor time; its tests may use 0.3 s together" in first.message
    assert second.status is Status.TIMED_OUT and second.seconds == 0.0
    assert result.cpu_seconds > ALLOWED and result.cpu_budget == ALLOWED


@pytest.mark.parametrize("transport", ["process", "kernel"])
def test_waiting_costs_nothing(grader, transport):
    report = graded(grader, WAITING, transport)
    result = report.exercise("double")
    assert result.status is Status.PASSED and result.cpu_seconds < ALLOWED
    assert Report.from_json(report.to_json()) == report


def test_the_time_used_does_not_make_reports_differ(grader):
    first, second = (graded(grader, tiny.DOUBLE, how) for how in ("process", "kernel"))
    assert first.comparable() == second.comparable()


def test_a_negative_budget_is_refused(tmp_path):
    tiny.tiny_unit(tmp_path)
    toml = tmp_path / "curriculum/901_tiny/unit.toml"
    toml.write_text(
        toml.read_text().replace('name = "double"', 'name = "double"\ncpu_seconds = -1')
    )
    with pytest.raises(CourseError, match="cpu_seconds -1"):
        load_unit(toml.parent)
