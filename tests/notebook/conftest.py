"""A course of one tiny unit, and a notebook session on it."""

import pytest

from firsthand import notebook
from firsthand.notebook.session import Session
from tests.grading import tiny


@pytest.fixture
def course(tmp_path, monkeypatch):
    unit = tiny.tiny_unit(tmp_path)
    monkeypatch.setenv("FIRSTHAND_COURSE", str(tmp_path))
    for name in ("FIRSTHAND_WORKER", "NBGRADER_EXECUTION", "FIRSTHAND_EXECUTING_SOLUTION"):
        monkeypatch.delenv(name, raising=False)
    return unit


@pytest.fixture
def session(course, monkeypatch):
    session = Session()
    monkeypatch.setattr(notebook, "_session", session)
    monkeypatch.setattr(notebook, "in_script", lambda: False)
    yield session
    session._forget()
