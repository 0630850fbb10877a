"""No file of the repository names a package registry's host or a folder of somebody's machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IGNORED = {".git", ".venv", ".setup.log", "work", "build", "__pycache__", ".ipynb_checkpoints"}

# Put together here, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("download", "pytorch", "org"),
        ("anaconda", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
    ]
]
# A home folder with its owner's name, or a checkout under /work or /workspace.
MACHINE_PATH = re.compile(
    rb"(?<![\w.~}/])/(?:home|Users)/[a-z][\w.-]*/|(?<![\w.~}/])/work(?:space)?/[a-z][\w-]*/(?:src|\.venv)\b"
)


def repository_files() -> list[Path]:
    """Tracked files and new ones that git does not ignore; without git, all that is no product."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [
            path
            for path in ROOT.rglob("*")
            if not IGNORED.intersection(path.relative_to(ROOT).parts)
            and not any(
                part.endswith(("_cache", ".egg-info", ".hypothesis")) for part in path.parts
            )
        ]
    return [path for path in paths if path.is_file() and path != Path(__file__)]


FILES = repository_files()


def test_the_search_sees_the_repository():
    seen = {path.relative_to(ROOT).as_posix() for path in FILES}
    assert {
        "Makefile",
        "requirements.lock",
        "pyproject.toml",
        ".github/workflows/checks.yml",
    } <= seen


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_the_host_of_a_package_registry(host):
    hits = [str(path.relative_to(ROOT)) for path in FILES if host.encode() in path.read_bytes()]
    assert not hits, f"{hits} name {host}; write which setting of pip chooses the index instead"


def test_no_file_names_a_folder_of_this_machine():
    hits = [str(p.relative_to(ROOT)) for p in FILES if str(ROOT).encode() in p.read_bytes()]
    assert not hits, f"{hits} name this checkout's absolute path; write it relative to the root"


def test_no_file_names_a_folder_of_a_persons_machine():
    hits = {
        str(path.relative_to(ROOT)): found[0]
        for path in FILES
        if (found := MACHINE_PATH.search(path.read_bytes()))
    }
    assert not hits, f"absolute paths of a machine: {hits}"


@pytest.mark.parametrize(
    "text", [b'"/home/ada/firsthand"', b"/Users/ada/x", b" /workspace/course/src/"]
)
def test_the_pattern_of_machine_paths_finds_them(text):
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize(
    "text", [b"$HOME/work/402/src", b"work/402", b"example.com/home/ada/", b"/usr/bin"]
)
def test_the_pattern_of_machine_paths_leaves_others(text):
    assert not MACHINE_PATH.search(text)
