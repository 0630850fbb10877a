"""`docs/report-v1.schema.json` describes exactly what `Report.to_json` writes."""

import json
from pathlib import Path

import jsonschema
import pytest

from firsthand.grading.engine import Grader
from tests.grading import tiny
from tests.render.samples import EXERCISES, REJECTED, WHOLE, report

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/report-v1.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_valid():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("key", EXERCISES)
def test_every_status_fits(key):
    VALIDATOR.validate(json.loads(report(EXERCISES[key]).to_json()))


@pytest.mark.parametrize("whole", [WHOLE, REJECTED], ids=["graded", "rejected"])
def test_whole_reports_fit(whole):
    VALIDATOR.validate(json.loads(whole.to_json()))


def test_a_report_of_the_engine_fits(tmp_path):
    with Grader(tiny.tiny_unit(tmp_path), reference=tiny.cells()) as grader:
        squares = grader.grade_namespace({"double": lambda x: x * x, "quadruple": lambda x: x.y})
        VALIDATOR.validate(json.loads(squares.to_json()))
        VALIDATOR.validate(json.loads(grader.reject("no notebook").to_json()))


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 2},
        {"points": "5"},
        {"points": -1},
        {"unit": "tiny"},
        {"extra": 1},
        {"exercises": [{"name": "score"}]},
        {"cell_errors": [1]},
    ],
    ids=str,
)
def test_anything_else_does_not_fit(change):
    assert not VALIDATOR.is_valid(json.loads(WHOLE.to_json()) | change)


def test_an_unknown_status_does_not_fit():
    table = json.loads(WHOLE.to_json())
    table["exercises"][0]["tests"][0]["status"] = "fine"
    assert not VALIDATOR.is_valid(table)
