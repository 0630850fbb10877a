"""scripts/setup.sh: each way in which a machine can be unfit ends in one clear line."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ["Makefile", "pyproject.toml", "requirements.lock", "scripts/setup.sh"]


@pytest.fixture
def project(tmp_path):
    """A folder with what the set-up reads, and an empty `bin` that comes first on the PATH."""
    for name in FILES:
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, target)
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(project: Path, name: str, script: str) -> Path:
    path = project / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def setup(project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "TORCH": "2.13.0",
        "PYTHON": sys.executable,
        **variables,
    }
    command = ["sh", "scripts/setup.sh"]
    return subprocess.run(
        command,
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def the_one_line(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1, result.stdout + result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 1, f"not one line: {lines}"
    return lines[0]


def test_no_python_is_said_in_one_line(project):
    line = the_one_line(setup(project, PYTHON="no-such-python"))
    assert line.startswith("setup: no Python: 'no-such-python' does not run.")


def test_an_old_python_is_named_with_its_version(project):
    # Stands for Python 3.9: it fails the version test and prints the version when asked.
    old = program(project, "old-python", 'case "$2" in *exit*) exit 1;; *print*) echo 3.9;; esac')
    line = the_one_line(setup(project, PYTHON=str(old)))
    assert "is Python 3.9; firsthand needs 3.11 to 3.14" in line


def test_a_newer_interpreter_is_taken_where_python3_is_too_old(project):
    program(project, "python3", "exit 1")
    program(project, "python3.14", f'exec "{sys.executable}" "$@"')
    program(project, "df", 'printf "Filesystem\\n/dev/x 9 9 1024 9%% /\\n"')
    assert "1 MB free" in the_one_line(setup(project, PYTHON=""))  # it came past the test of Python


def test_a_full_disk_is_said_with_the_space_needed(project):
    program(project, "df", 'printf "Filesystem\\n/dev/x 9 9 1024000 9%% /\\n"')
    line = the_one_line(setup(project))
    assert "only 1000 MB free here; the set-up needs 3000 MB" in line
    assert not (project / ".venv").exists()


def test_no_network_is_said_in_one_line_and_leaves_no_stamp(project):
    # Port 9 of this machine refuses; pip's own settings are put aside.
    offline = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    empty = {"PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "", "PIP_NO_INDEX": "", "PIP_PROXY": ""}
    line = the_one_line(setup(project, **offline, **empty))
    assert line.startswith("setup: no network: pip cannot reach the package index.")
    assert not (project / ".venv/.firsthand-ready").exists()


def test_an_unknown_failure_shows_the_end_of_the_log(project):
    fake_venv(project, "echo Building wheel; echo 'ERROR: odd trouble'; exit 1")
    result = setup(project)
    line = the_one_line(result)
    assert (
        line == "setup: pip cannot download from the package index. The whole log is in .setup.log."
    )
    assert "ERROR: odd trouble" in result.stdout


def test_a_second_run_does_nothing(project):
    fake_venv(project, "exit 0")
    first = setup(project)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "ready in .venv" in first.stdout
    (project / ".setup.log").unlink()
    second = setup(project)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert not (project / ".setup.log").exists()


@pytest.mark.parametrize("change", ["torch", "lock"])
def test_a_change_of_what_it_depends_on_runs_it_again(project, change):
    fake_venv(project, "exit 0")
    assert setup(project).returncode == 0
    version = "2.13.1" if change == "torch" else "2.13.0"
    if change == "lock":
        with (project / "requirements.lock").open("a") as lock:
            lock.write("# changed\n")
    assert "ready in .venv" in setup(project, TORCH=version).stdout


def test_a_moved_folder_gets_a_new_environment(project):
    # The scripts in .venv/bin name the folder in which they were made.
    fake_venv(project, "exit 0")
    assert setup(project).returncode == 0
    project = project.rename(project.with_name("moved"))
    # This interpreter answers questions about itself and cannot make an environment.
    maker = program(project, "maker", f'[ "$1" = -c ] && exec "{sys.executable}" "$@"; exit 1')
    assert "cannot make .venv" in the_one_line(setup(project, PYTHON=str(maker)))


def test_jupyterlab_gets_no_news_and_no_instructor_panels(project):
    fake_venv(project, "exit 0")
    assert setup(project).returncode == 0
    overrides = (project / ".venv/share/jupyter/lab/settings/overrides.json").read_text()
    panels = (project / ".venv/etc/jupyter/labconfig/page_config.json").read_text()
    assert '"fetchNews": "false"' in overrides
    assert '"@jupyter/nbgrader:create-assignment": true' in panels


def fake_venv(project: Path, on_pip: str) -> None:
    """A .venv whose python answers for pip: `--version` works, everything else is `on_pip`."""
    folder = project / ".venv/bin"
    folder.mkdir(parents=True)
    python = folder / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *--version*|*"-c pass"*) exit 0;; esac\n{on_pip}\n')
    python.chmod(0o755)
