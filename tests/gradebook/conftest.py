"""The golden course, built below a temporary folder."""

import logging
import shutil
from pathlib import Path

import pytest

from firsthand.build import skip_uri_grammar
from firsthand.build.notebooks import build
from firsthand.unit import find_unit

skip_uri_grammar()

GOLDEN = Path(__file__).resolve().parents[1] / "golden_course"


@pytest.fixture(scope="session")
def unit(tmp_path_factory):
    root = tmp_path_factory.mktemp("golden") / "course"
    shutil.copytree(GOLDEN, root)
    golden = find_unit("900", root)
    build(golden, execute=False)
    return golden


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.WARNING)
    return caplog
