"""A course with one unit on disk, and a learner's executed notebook of it, written by hand."""

import base64
import json
import struct
import zlib

from firsthand.unit import load_unit

UNIT_TOML = """
title = "Heads & tails"
paper = "Author 2022, <b>Paper</b>"
claim = "It `is` so."
shrunk = "Smaller."
minutes = 60
difficulty = 1
prerequisites = []
seconds = {notebook = 5, graders = 5}

[[exercise]]
name = "measure"
points = 3
minutes = 5
difficulty = 1
importance = 1
hints = ["a", "b", "c"]

[[exercise]]
name = "guess"
kind = "answer"
points = 2
minutes = 5
difficulty = 1
importance = 1
hints = ["a", "b", "c"]

[[exercise]]
name = "limits"
kind = "rubric"
points = 4
minutes = 5
difficulty = 1
importance = 1
"""
CELLS = [
    ("intro", "markdown", "prose", "", "# Heads\n\n## First part"),
    ("measure", "code", "exercise", "measure", "def measure():\n    raise NotImplementedError"),
    ("plot", "code", "given", "plot_one", "plots.show(fig, alt='...')"),
    ("ask", "markdown", "prose", "", "### guess\n\n*difficulty 1 of 5*\n\nWhich is `larger`?"),
    ("guess", "code", "answer", "guess", "def guess():\n    raise NotImplementedError"),
    ("guess-check", "code", "check", "guess", 'check("guess")'),
    ("show", "code", "slow", "plot_two", "plots.show(fig)"),
    ("next", "markdown", "prose", "", "What you see.\n\n## The replication"),
    ("table", "code", "given", "replication_table", "print(table)"),
    ("limits", "markdown", "rubric", "limits", "YOUR ANSWER HERE"),
]  # fmt: skip


def png(width=4, height=3):
    """A real picture of one colour."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\x00" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    raw = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
    return base64.b64encode(raw + chunk(b"IEND", b"")).decode()


def figure(alt="Heads are higher.", data=None, **more):
    metadata = {"image/png": {"alt": alt}} if alt else {}
    content = {"image/png": png() if data is None else data, "text/plain": "<Image>", **more}
    return {"output_type": "display_data", "data": content, "metadata": metadata}


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def cell(identity, cell_type, kind, name, source, outputs=()):
    made = {"id": identity, "cell_type": cell_type, "source": source}
    made["metadata"] = {"firsthand": {"kind": kind, "name": name}} if kind else {}
    return made | ({"outputs": list(outputs)} if cell_type == "code" else {})


def notebook(cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def write_unit(root):
    folder = root / "curriculum" / "402_heads"
    folder.mkdir(parents=True)
    (folder / "unit.toml").write_text(UNIT_TOML)
    (root / "curriculum" / "stages.toml").write_text(
        '[[stage]]\nnumber = 4\ntitle = "See"\naim = "x"\nstrand = "interpretability"\n'
    )
    unit = load_unit(folder)
    unit.exercise_notebook.parent.mkdir(parents=True)
    unit.exercise_notebook.write_text(notebook([cell(*row) for row in CELLS]))
    return unit


def write_work(unit, sources=None, outputs=None, added=()):
    """The learner's copy: other sources and outputs by cell id, and cells added at an index."""
    sources, outputs = sources or {}, outputs or {}
    cells = [cell(i, t, k, n, sources.get(i, s), outputs.get(i, ())) for i, t, k, n, s in CELLS]
    for place, extra in added:
        cells.insert(place, extra)
    unit.work_notebook.parent.mkdir(parents=True, exist_ok=True)
    unit.work_notebook.write_text(notebook(cells))
