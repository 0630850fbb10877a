"""Attacks by the submitted file and its folder: what is in it decides nothing but the answers."""

import json
import os
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cohort.notebooks import Notebook, filled, grade_id, with_code_cell
from tests.hostile.attack import WRONG

SCRIPT = "alert(903)"  # what an attack on a page would run


@dataclass(frozen=True)
class FolderAttack:
    """One hostile folder. write: makes it, from the released notebook of wrong answers.

    stock: what nbgrader alone makes of it: "points", "no score", "a live script", "a copy of a
    secret file", or "" where it holds too.
    """

    name: str
    kind: str
    write: Callable[[Path, Notebook, Path], None]
    stock: str


def unit_file(folder: Path) -> Path:
    """Where the notebook of a submission belongs."""
    return folder / f"{folder.name}.ipynb"


def _changed(change: Callable[[Notebook], None]) -> Callable[[Path, Notebook, Path], None]:
    def write(folder: Path, notebook: Notebook, _: Path) -> None:
        copy = deepcopy(notebook)
        change(copy)
        unit_file(folder).write_text(json.dumps(copy))

    return write


def _raw(content: bytes) -> Callable[[Path, Notebook, Path], None]:
    return lambda folder, _, __: unit_file(folder).write_bytes(content) and None


def _is_check(cell: dict[str, Any]) -> bool:
    return grade_id(cell).startswith("check_")


def _delete_checks(notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if not _is_check(cell)]


def _delete_all(notebook: Notebook) -> None:
    notebook["cells"] = []


def _double_all(notebook: Notebook) -> None:
    notebook["cells"] = notebook["cells"] * 2


def _reflag(notebook: Notebook) -> None:
    for cell in filter(_is_check, notebook["cells"]):
        cell["metadata"]["nbgrader"]["grade"] = False


def _raise_points(notebook: Notebook) -> None:
    for cell in filter(_is_check, notebook["cells"]):
        cell["metadata"]["nbgrader"]["points"] = 10**6


def _solve_in_checks(notebook: Notebook) -> None:
    for cell in filter(_is_check, notebook["cells"]):
        cell["source"] = "99"
        cell["metadata"]["nbgrader"] |= {"solution": True, "locked": False}


def _forged_outputs(notebook: Notebook) -> None:
    for cell in filter(_is_check, notebook["cells"]):
        data = {"text/plain": "3", "text/html": f"<script>{SCRIPT}</script>"}
        cell["outputs"] = [{"output_type": "execute_result", "data": data, "metadata": {}}]
        cell["outputs"][0]["execution_count"] = 1


def _odd_ids(notebook: Notebook) -> None:
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = "../" * number + "same"
        cell["attachments"] = {"x" * 1000: {"image/png": "x"}}


def _odd_types(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["cell_type"] = "raw"
    notebook["metadata"] = {"kernelspec": {"name": "../../bin/sh", "display_name": SCRIPT}}


def _essay(text: str) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        notebook["cells"] = filled(notebook, {"essay": text})["cells"]

    return change


def _own_cell(source: str) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        notebook["cells"] = with_code_cell(notebook, source, at=1)["cells"]

    return change


def _no_cell(notebook: Notebook) -> None:
    notebook["cells"][0] = {"cell_type": "code"}


def _large(folder: Path, notebook: Notebook, _: Path) -> None:
    copy = deepcopy(notebook)
    output = {"output_type": "stream", "name": "stdout", "text": "x" * (25 << 20)}
    next(c for c in copy["cells"] if c["cell_type"] == "code")["outputs"] = [output]
    unit_file(folder).write_text(json.dumps(copy))


def _deep(folder: Path, notebook: Notebook, _: Path) -> None:
    text = json.dumps(notebook | {"metadata": {"x": 0}})
    unit_file(folder).write_text(text.replace('{"x": 0}', '{"x": ' * 490 + "0" + "}" * 490))


def _linked(folder: Path, _: Notebook, base: Path) -> None:
    unit_file(folder).symlink_to(base / "course" / "gradebook.db")


def _links_beside(folder: Path, notebook: Notebook, base: Path) -> None:
    unit_file(folder).write_text(json.dumps(notebook))
    (folder / "data.txt").symlink_to(base / "secret.txt")
    (folder / "above").symlink_to(base)


def _odd_files(folder: Path, notebook: Notebook, _: Path) -> None:
    unit_file(folder).write_text(json.dumps(notebook))
    os.mkfifo(folder / "pipe")
    (folder / "two\nlines.txt").write_text("x")
    (folder / "\x1b[31mred.ipynb").write_text("{}")


def _other_name(folder: Path, notebook: Notebook, _: Path) -> None:
    (folder / "my homework (1).ipynb").write_text(json.dumps(notebook))


def _folder_for_file(folder: Path, _: Notebook, __: Path) -> None:
    unit_file(folder).mkdir()
    (unit_file(folder) / "x.ipynb").write_text("{}")


def _pipe_for_file(folder: Path, _: Notebook, __: Path) -> None:
    os.mkfifo(unit_file(folder))


def _device_like(folder: Path, _: Notebook, __: Path) -> None:
    unit_file(folder).symlink_to("/dev/zero")


_ALWAYS_EQUAL = (
    "class Equal:\n    def __eq__(self, other):\n        return True\n"
    "    def __sub__(self, other):\n        return 0\n"
    "double = twice = place = lambda *a: Equal()"
)
_DROP_ASSERTS = """
import ast
from IPython import get_ipython
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
if get_ipython():
    get_ipython().ast_transformers.append(Drop())
"""
_DROP_CELLS = """
from IPython import get_ipython
if get_ipython():
    get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\\n"])
"""
_REPLACE_SHELL = """
from IPython import get_ipython
if get_ipython():
    async def nothing(*arguments, **options):
        return False
    get_ipython().run_ast_nodes = nothing
"""

FOLDERS = [
    FolderAttack("deletes_the_checks", "cells", _changed(_delete_checks), "no score"),
    FolderAttack("deletes_all_cells", "cells", _changed(_delete_all), "no score"),
    FolderAttack("has_every_cell_twice", "cells", _changed(_double_all), "no score"),
    FolderAttack("flags_the_checks_as_ungraded", "cells", _changed(_reflag), "no score"),
    FolderAttack("raises_the_points_of_the_checks", "cells", _changed(_raise_points), ""),
    FolderAttack("writes_its_own_checks", "cells", _changed(_solve_in_checks), "no score"),
    FolderAttack("forges_outputs", "markup", _changed(_forged_outputs), ""),
    FolderAttack("has_odd_ids_and_attachments", "cells", _changed(_odd_ids), "no score"),
    FolderAttack("has_odd_cell_types", "cells", _changed(_odd_types), "no score"),
    FolderAttack("has_a_cell_without_text", "malformed", _changed(_no_cell), "no score"),
    FolderAttack("is_empty", "malformed", _raw(b""), "no score"),
    FolderAttack("is_binary", "malformed", _raw(bytes(range(256)) * 9), "no score"),
    FolderAttack("is_a_list", "malformed", _raw(b"[1, 2]"), "no score"),
    FolderAttack("is_nested", "malformed", _raw(b"[" * 200_000), "no score"),
    FolderAttack("is_of_a_later_format", "malformed", _raw(b'{"nbformat": 99}'), "no score"),
    FolderAttack("is_of_an_older_format", "malformed", _raw(b'{"nbformat": 3}'), "no score"),
    FolderAttack("has_a_number_too_long", "malformed", _raw(b"9" * 10_000), "no score"),
    FolderAttack("has_deep_metadata", "malformed", _deep, ""),
    FolderAttack("has_outputs_of_megabytes", "malformed", _large, ""),
    FolderAttack("is_a_link_to_the_gradebook", "links", _linked, "no score"),
    FolderAttack("is_a_link_to_a_device", "links", _device_like, ""),
    FolderAttack("has_links_beside_it", "links", _links_beside, "a copy of a secret file"),
    FolderAttack("has_odd_files_beside_it", "links", _odd_files, ""),
    FolderAttack("has_another_name", "cells", _other_name, "no score"),
    FolderAttack("is_a_folder", "malformed", _folder_for_file, "no score"),
    FolderAttack("is_a_pipe", "links", _pipe_for_file, ""),
    FolderAttack(
        "has_a_script_in_its_text",
        "markup",
        _changed(_essay(f"<script>{SCRIPT}</script><img src=x onerror={SCRIPT}>")),
        "a live script",
    ),
    FolderAttack(
        "has_a_link_that_runs",
        "markup",
        _changed(_essay(f"[here](javascript:{SCRIPT}) [there][1]\n\n[1]: JaVaScript:{SCRIPT}")),
        "a live script",
    ),
    FolderAttack(
        "has_a_formula_that_runs",
        "markup",
        _changed(_essay(f"$\\href{{javascript:{SCRIPT}}}{{here}}$")),
        "a live script",
    ),
    FolderAttack(
        "displays_a_script",
        "markup",
        _changed(
            _own_cell(
                "from IPython.display import HTML, display\n"
                f"display(HTML('<script>{SCRIPT}</script>'))"
            )
        ),
        "a live script",
    ),
    FolderAttack(
        "prints_a_script",
        "markup",
        _changed(_own_cell(f"print('<script>{SCRIPT}</script>\\x1b]8;;javascript:{SCRIPT}\\x07')")),
        "",
    ),
    FolderAttack("removes_asserts", "IPython", _changed(_own_cell(_DROP_ASSERTS)), "points"),
    FolderAttack("replaces_later_cells", "IPython", _changed(_own_cell(_DROP_CELLS)), "points"),
    FolderAttack("replaces_the_shell", "IPython", _changed(_own_cell(_REPLACE_SHELL)), "points"),
    FolderAttack(
        "answers_what_equals_everything",
        "IPython",
        lambda folder, notebook, _: (
            unit_file(folder).write_text(
                json.dumps(filled(notebook, {name: _ALWAYS_EQUAL for name in WRONG}))
            )
            and None
        ),
        "points",
    ),
]
