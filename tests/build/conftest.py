import pytest

from tests.golden import copy_course


@pytest.fixture
def unit(tmp_path):
    return copy_course(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The golden course with executed notebooks; tests only read it."""
    from firsthand.build.notebooks import build_units

    made = copy_course(tmp_path_factory.mktemp("course"))
    assert build_units([made])
    return made
