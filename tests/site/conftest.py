import io

import pytest
from rich.console import Console

from firsthand.site import build_site
from tests.site import small_course


@pytest.fixture
def unit(tmp_path):
    return small_course(tmp_path / "course")


@pytest.fixture
def console():
    return Console(file=io.StringIO(), highlight=False, width=100)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The site of the small course, as a folder; tests only read it."""
    base = tmp_path_factory.mktemp("site")
    unit = small_course(base / "course")
    console = Console(file=io.StringIO(), width=100)
    assert build_site(unit.root, base / "html", console=console), console.file.getvalue()
    return base / "html"
