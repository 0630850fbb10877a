"""What nbgrader's own `generate_assignment` releases, in a temporary copy of a course."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from firsthand.build import skip_uri_grammar

ROOT = Path(__file__).parents[2]
_PROGRAM = """
import sys
from firsthand.build import skip_uri_grammar
skip_uri_grammar()
from nbgrader.apps import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader
config = PyFileConfigLoader("nbgrader_config.py", path=".").load_config()
config.CourseDirectory.root = "."
config.CourseDirectory.db_url = "sqlite:///gradebook.db"
config.CourseDirectory.release_directory = "released"
api = NbGraderAPI(config=config)
for unit in sys.argv[1:]:
    result = api.generate_assignment(unit, force=True)
    if not result["success"]:
        print(result.get("log"), result.get("error"))
        sys.exit(1)
"""


def released_cells(units, folder):
    """The cells of nbgrader's release notebooks, by unit id."""
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for unit in units:
        shutil.copytree(unit.solution_notebook.parent, folder / "solutions" / unit.id)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # alembic is there
    home = folder / "home"
    home.mkdir()
    environment = os.environ | {"PATH": path, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home)}
    command = [sys.executable, "-c", _PROGRAM, *(unit.id for unit in units)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    made = folder / "released"
    return {unit.id: cells_in(made / unit.id / f"{unit.id}.ipynb") for unit in units}


def cells_in(path):
    """The cells of a notebook file, each text in one piece."""
    skip_uri_grammar()
    import nbformat

    return nbformat.read(path, as_version=4)["cells"]
