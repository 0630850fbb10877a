"""JupyterLab is started with our settings and our Python first, and the home is left alone."""

import json
import os
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core import paths
from jupyterlab_server.config import get_page_config
from jupyterlab_server.settings_utils import _get_overrides

from firsthand.cli import lab

INSTRUCTORS = ("create-assignment", "assignment-list", "course-list", "formgrader", "menu")


@pytest.fixture
def started(tmp_path, monkeypatch):
    """JupyterLab's environment and command, for somebody whose home has a "python3" of its own."""
    kernel = tmp_path / "home/.local/share/jupyter/kernels/python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps({"argv": ["/other/python"], "language": "x"}))
    for variable in [name for name in os.environ if "JUPYTER" in name]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.setenv("JUPYTER_PATH", str(kernel.parent.parent))
    calls = []
    monkeypatch.setattr(lab.os, "execve", lambda *arguments: calls.append(arguments))
    notebook = tmp_path / "course/work/901_tiny/901_tiny.ipynb"
    lab.open_lab(notebook, tmp_path / "course", browser=False, port=0)
    ((_, command, environment),) = calls
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return command


def test_the_kernel_is_the_python_of_firsthand(started, monkeypatch, tmp_path):
    assert str(tmp_path / "home/.local/share/jupyter") in paths.jupyter_path()
    found = KernelSpecManager().get_kernel_spec("python3")
    assert Path(found.resource_dir) == Path(sys.prefix, "share/jupyter/kernels/python3")
    assert os.environ["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


def test_the_instructors_panels_are_off_and_validate_stays(started):
    disabled = get_page_config([])["disabledExtensions"]
    assert {f"@jupyter/nbgrader:{name}" for name in INSTRUCTORS} <= set(disabled)
    assert "@jupyter/nbgrader:validate-assignment" not in disabled


def test_no_news_is_asked_for(started, tmp_path):
    overrides, problem = _get_overrides(str(tmp_path))
    assert not problem
    notification = overrides["@jupyterlab/apputils-extension:notification"]
    assert notification == {"fetchNews": "false", "checkForUpdates": False}


def test_open_tabs_are_kept_with_the_work(started, tmp_path):
    tabs = tmp_path / "course/work/.firsthand/jupyterlab"
    assert f"--LabApp.workspaces_dir={tabs}" in started


def test_a_variable_that_was_not_set_gets_one_folder(monkeypatch):
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    assert lab._environment("t")["JUPYTER_CONFIG_PATH"] == str(lab.SETTINGS)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/mine")
    assert lab._environment("t")["JUPYTER_CONFIG_PATH"] == f"{lab.SETTINGS}{os.pathsep}/mine"
