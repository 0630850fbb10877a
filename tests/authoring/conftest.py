import io

import pytest
from rich.console import Console

from firsthand.build.notebooks import build_units
from tests.golden import copy_course


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=200, highlight=False)


@pytest.fixture
def unit(tmp_path):
    return copy_course(tmp_path)


@pytest.fixture(scope="session")
def built_course(tmp_path_factory):
    """The golden course with executed notebooks, to copy from."""
    made = copy_course(tmp_path_factory.mktemp("course"))
    build_units([made])
    return made.root


@pytest.fixture
def built(built_course, tmp_path):
    """A copy of the built golden course that a test may break."""
    import shutil

    from firsthand.unit import load_units

    shutil.copytree(built_course, tmp_path / "built")
    return load_units(tmp_path / "built")[0]
