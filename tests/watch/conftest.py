"""The golden unit with a learner's copy of its notebook, and ways to save answers into it."""

import json
import os
import time

import pytest

from firsthand.build.notebooks import build
from firsthand.build.source import read_source
from firsthand.unit import exercise_cells
from tests.golden import copy_course


class Copy:
    """The learner's copy: `write` saves an exercise's cell as JupyterLab does, by a new file."""

    def __init__(self, unit):
        self.unit = unit
        self.path = unit.work_notebook
        self.solutions = exercise_cells(read_source(unit))
        self.start()

    def start(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(self.unit.exercise_notebook.read_bytes())

    def notebook(self):
        return json.loads(self.path.read_text())

    def save(self, notebook, path=None):
        target = path or self.path
        fresh = target.with_name(f".~{target.name}")
        fresh.write_text(json.dumps(notebook))
        os.replace(fresh, target)
        return time.monotonic()

    def write(self, **sources):
        notebook = self.notebook()
        for cell in notebook["cells"]:
            name = cell["metadata"]["firsthand"]["name"]
            if name in sources and cell["metadata"]["firsthand"]["kind"] != "check":
                cell["source"] = sources[name]
        return self.save(notebook)

    def wrong(self, name, old, new):
        assert old in self.solutions[name]
        return self.solutions[name].replace(old, new)


@pytest.fixture(scope="session")
def built_course(tmp_path_factory):
    """The golden course with its notebooks; tests copy it."""
    unit = copy_course(tmp_path_factory.mktemp("course"))
    build(unit, execute=False)
    return unit.root


@pytest.fixture
def copy(built_course, tmp_path, monkeypatch):
    import shutil

    from firsthand.unit import load_units

    for name in [name for name in os.environ if name.startswith("FIRSTHAND_COURSE")]:
        monkeypatch.delenv(name)
    root = tmp_path / "course"
    shutil.copytree(built_course, root)
    monkeypatch.setenv("FIRSTHAND_COURSE", str(root))
    (unit,) = load_units(root)
    return Copy(unit)
