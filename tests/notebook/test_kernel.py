"""In a real kernel: what nbgrader would read, and that an untouched notebook runs to its end."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

from tests.grading import tiny

SETUP = 'import torch\nfrom firsthand import check, hint, ready, use_unit\nuse_unit("901_tiny")'
LOUD = """
import logging, os, sys, warnings
from IPython.display import display
logging.basicConfig()
def double(x):
    warnings.warn("loud")
    logging.warning("louder")
    print("loudest", file=sys.stderr)
    os.write(2, b"compiled\\n")
    display("shown")
    return x + x
"""
STUB = "def double(x):\n    raise NotImplementedError"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Executes code cells in one kernel; returns the executed cells."""
    tiny.tiny_unit(tmp_path)
    monkeypatch.setenv("FIRSTHAND_COURSE", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))

    def execute(*sources):
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
        client = NotebookClient(book, timeout=120, kernel_name="python3")
        client.execute(cwd=str(tmp_path))
        return book.cells

    return execute


def test_a_check_cell_has_one_output_whatever_the_code_writes(run):
    cells = run(SETUP, LOUD, 'check("double")', STUB, 'check("double")', 'check("duble")')
    for index, points in ((2, "3.0"), (4, "0.0"), (5, "0.0")):
        (output,) = cells[index].outputs
        assert output.output_type == "execute_result"
        assert output.data["text/plain"] == points
        assert output.data["text/html"].startswith("<div")


SCORES = {
    "right but loud": (LOUD, "double", 3.0),
    "partly right": ("def double(x):\n    return 6.0", "double", 1.0),
    "raises": ("def double(x):\n    return x.missing", "double", 0.0),
    "stub": (STUB, "double", 0.0),
    "unknown name": (LOUD, "duble", 0.0),
}


def test_nbgrader_reads_the_points_from_the_check_cell(run):
    sources = [text for source, name, _ in SCORES.values() for text in (source, f'check("{name}")')]
    for (case, (_, _, score)), cell in zip(SCORES.items(), run(SETUP, *sources)[2::2], strict=True):
        cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 3, "grade_id": "x"}
        assert determine_grade(cell) == (score, 3), case


def test_an_untouched_notebook_runs_to_its_end(run):
    given = 'if ready("double"):\n    print(double(2))'
    cells = run(SETUP, STUB, 'check("double")', given, 'hint("double")')
    assert cells[0].outputs[0].text == "901 Tiny: 3 exercises, 7 points and 2 by hand\n"
    assert cells[3].outputs[0].text == "skipped until you have written double\n"
    assert cells[4].outputs[0].text == "hint 1 of 3: a\n"
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert kinds == {"stream", "execute_result"}
    assert all(o.name == "stdout" for c in cells for o in c.outputs if o.output_type == "stream")
