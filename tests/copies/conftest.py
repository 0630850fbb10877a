"""The golden course, a learner's copy of its unit, and ways to change either."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from firsthand import copies
from firsthand.build.notebooks import build
from firsthand.unit import Unit, load_unit
from tests.golden import copy_course, edit

ESSAY = "With all weights zero the mean is 0/0: raise ValueError."
NOTE = "My note: think of 1 and 4 again."
EDIT = "\n\nBy me: this one took an hour."
TOP = "TWO = 2  # split off the top"
HELPER = "def my_helper(rows, mean, spread):\n    return (rows - mean[:, None]) / spread[:, None]"
STANDARDISER = (
    "class Standardiser:\n"
    "    def __init__(self, rows):\n"
    "        self.mean = weighted_mean(rows, torch.ones_like(rows))\n"
    "        self.spread = rows.std(-1, correction=0)\n\n"
    "    def __call__(self, rows):\n"
    "        return my_helper(rows, self.mean, self.spread + EPSILON)"
)
MEAN = (
    "def weighted_mean(values, weights):\n"
    "    return TWO * (values * weights).sum(-1) / weights.sum(-1) / 2"
)
ANSWER = 'def which_is_larger():\n    return "plain"  # 2.5'
WRITTEN = [ESSAY, NOTE, EDIT, TOP, HELPER, STANDARDISER, MEAN, ANSWER]


@dataclass
class Copy:
    """A learner's copy and the course that it was made from."""

    unit: Unit
    written: list[str] = field(default_factory=lambda: list(WRITTEN))

    @property
    def path(self) -> Path:
        return self.unit.work_notebook

    def read(self):
        return json.loads(self.path.read_text(encoding="utf-8"))

    def cells(self):
        return self.read()["cells"]

    def texts(self):
        return ["".join(cell["source"]) for cell in self.cells()]

    def text_of(self, key):
        (found,) = [c for c in self.cells() if c["id"] == f"101-{key}"]
        return "".join(found["source"])

    def place(self, text):
        """Position of the one cell that holds this text."""
        (found,) = [i for i, source in enumerate(self.texts()) if text in source]
        return found

    def write(self, cells):
        table = self.read() | {"cells": cells}
        self.path.write_text(json.dumps(table, indent=1), encoding="utf-8")

    def set(self, key, source, **more):
        cells = self.cells()
        (found,) = [c for c in cells if c["id"] == f"101-{key}"]
        found |= {"source": source} | more
        self.write(cells)

    def insert_after(self, key, *new):
        cells = self.cells()
        (place,) = [i for i, c in enumerate(cells) if c["id"] == f"101-{key}"]
        self.write(cells[: place + 1] + list(new) + cells[place + 1 :])

    def delete(self, *keys):
        self.write([c for c in self.cells() if c["id"] not in {f"101-{key}" for key in keys}])

    def course(self, old, new, *, files=("unit.py",), count=1):
        """Change the course's source and build it again."""
        for name in files:
            place = self.unit.root / name if "/" in name else self.unit.folder / name
            edit(place, old, new, count=count)
        self.rebuild()

    def rebuild(self):
        self.unit = load_unit(self.unit.folder)
        build(self.unit, execute=False)

    def update(self):
        plan = copies.update(self.unit)
        copies.apply(plan)
        return plan


def own(key, source, kind="code"):
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"id": key, "cell_type": kind, "metadata": {}, "source": source} | code


def split(copy, key, top, rest):
    """What JupyterLab makes of a cell that is split: the last part keeps the id."""
    cells = copy.cells()
    (place,) = [i for i, c in enumerate(cells) if c["id"] == f"101-{key}"]
    upper = json.loads(json.dumps(cells[place])) | {"id": f"split-{place}", "source": top}
    cells[place]["source"] = rest
    copy.write([*cells[:place], upper, *cells[place:]])


@pytest.fixture
def fresh(tmp_path):
    """A copy that the learner has not written into."""
    unit = copy_course(tmp_path)
    build(unit, execute=False)
    assert copies.start(unit)
    return Copy(unit)


@pytest.fixture
def copy(fresh):
    """A copy with right solutions, notes, own cells, a split cell, an edit and outputs."""
    split(fresh, "weighted_mean", TOP, MEAN)
    output = {"output_type": "stream", "name": "stdout", "text": "kept output\n"}
    fresh.set("Standardiser", STANDARDISER, outputs=[output], execution_count=7)
    fresh.set("which_is_larger", ANSWER)
    fresh.set("limits", ESSAY)
    place = next(c for c in fresh.cells() if "has its own place" in "".join(c["source"]))
    fresh.set(place["id"].removeprefix("101-"), "".join(place["source"]) + EDIT)
    fresh.insert_after("weighted_mean-check", own("n1", NOTE, "markdown"), own("h1", HELPER))
    table = fresh.read()
    table["metadata"]["kernelspec"] |= {"name": "mine", "display_name": "Mine"}
    fresh.path.write_text(json.dumps(table), encoding="utf-8")
    return fresh


def words(text):
    """The text without white space, for "is still there" whatever the layout."""
    return re.sub(r"\s+", "", text)
