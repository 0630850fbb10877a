import io
from concurrent.futures import Future

import pytest
from rich.console import Console

from firsthand.authoring import graded, mutants
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


class InThisProcess:
    """A pool without processes: each would import torch and warm a process for workers."""

    def __init__(self, workers, context, *, initializer, initargs):
        initializer(*initargs)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, work, item):
        future = Future()
        future.set_result(work(item))
        return future

    def map(self, work, items, chunksize=1):
        return map(work, items)

    def shutdown(self, cancel_futures=False):
        pass


@pytest.fixture
def in_this_process(monkeypatch):
    """Units are checked and mutants graded here; other tests do it in processes, as it is."""
    for module in (graded, mutants):
        monkeypatch.setattr(module, "ProcessPoolExecutor", InThisProcess)
