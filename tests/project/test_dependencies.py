"""The files that name dependencies agree: pyproject, requirements.in, lock, Makefile, conda."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import write_environment

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()
LOCK = (ROOT / "requirements.lock").read_text()
LOCKED = [Requirement(line) for line in write_environment.locked(LOCK)]
LOCKED_NAMES = {canonicalize_name(requirement.name) for requirement in LOCKED}
TORCH = write_environment.torch_pin(MAKEFILE)


def requirements_in() -> list[Requirement]:
    lines = (ROOT / "requirements.in").read_text().splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def pip_section() -> list[str]:
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    return next(entry["pip"] for entry in dependencies if isinstance(entry, dict))


def test_every_dependency_of_the_package_but_torch_is_in_requirements_in():
    project = PROJECT["project"]
    wanted = names([*project["dependencies"], *project["optional-dependencies"]["dev"]])
    present = {canonicalize_name(requirement.name) for requirement in requirements_in()}
    missing = wanted - {"torch"} - present
    assert not missing, f"requirements.in lacks {sorted(missing)}; add them and run `make lock`"


def test_requirements_in_names_only_what_the_package_the_build_or_torch_needs():
    project = PROJECT["project"]
    known = names([*project["dependencies"], *project["optional-dependencies"]["dev"]])
    known |= names(PROJECT["build-system"]["requires"])
    known |= {"filelock", "fsspec", "jinja2", "networkx", "sympy", "typing-extensions"}  # torch's
    extra = {canonicalize_name(requirement.name) for requirement in requirements_in()} - known
    assert not extra, f"pyproject.toml lacks {sorted(extra)}"


@pytest.mark.parametrize("requirement", requirements_in(), ids=str)
def test_the_lock_satisfies_requirements_in(requirement):
    versions = [r.specifier for r in LOCKED if canonicalize_name(r.name) == requirement.name]
    assert versions, f"requirements.lock lacks {requirement}; run `make lock`"
    for pin in versions:
        version = str(pin).removeprefix("==")
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_the_lock_holds_the_installed_needs_of_torch():
    metadata = pytest.importorskip("importlib.metadata")
    for text in metadata.requires("torch") or []:
        need = Requirement(text)
        accelerated = canonicalize_name(need.name).startswith(("nvidia", "cuda", "triton"))
        if accelerated or (need.marker and not need.marker.evaluate({"extra": ""})):
            continue
        locked = [r for r in LOCKED if canonicalize_name(r.name) == canonicalize_name(need.name)]
        assert locked, f"torch {TORCH} needs {need}; add it to requirements.in and run `make lock`"
        for pin in locked:
            version = str(pin.specifier).removeprefix("==")
            assert need.specifier.contains(version), f"torch needs {need}; locked: {version}"


def test_what_is_excluded_is_neither_locked_nor_needed():
    lines = (ROOT / "requirements.excluded").read_text().splitlines()
    excluded = {canonicalize_name(line) for line in lines if not line.startswith("#")}
    assert not excluded & LOCKED_NAMES
    checked = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_torch_and_its_accelerator_packages_stay_out_of_the_lock():
    heavy = [n for n in LOCKED_NAMES if n.startswith(("torch", "nvidia", "cuda", "triton"))]
    assert not heavy, (
        f"requirements.lock holds {heavy}; torch is installed before it, see decision 1"
    )


def test_torch_has_one_pin_in_makefile_pyproject_and_environment():
    assert re.fullmatch(r"\d+\.\d+\.\d+", TORCH), f"Makefile pins torch to {TORCH!r}"
    assert f"torch=={TORCH}" in PROJECT["project"]["dependencies"], "pyproject.toml differs"
    assert f"torch=={TORCH}" in pip_section(), "environment.yml differs; run `make lock`"


def test_environment_yml_is_what_the_lock_and_the_makefile_give():
    expected = write_environment.environment(LOCK, MAKEFILE)
    assert (ROOT / "environment.yml").read_text() == expected, "run `make lock`"


def test_environment_yml_installs_the_package_itself():
    assert pip_section()[-1] == "-e ."


def test_every_line_of_the_lock_has_an_exact_version_and_hashes():
    blocks = [block for block in re.split(r"\n(?=[A-Za-z0-9])", LOCK) if "==" in block]
    assert len(blocks) == len(LOCKED) > 100
    for block in blocks:
        assert "--hash=sha256:" in block, f"no hash: {block.splitlines()[0]}"


def test_the_build_backend_is_locked_since_the_install_runs_without_build_isolation():
    for text in PROJECT["build-system"]["requires"]:
        backend = Requirement(text)
        pins = [r.specifier for r in LOCKED if canonicalize_name(r.name) == backend.name]
        assert pins, f"requirements.lock lacks {backend}"
        assert all(backend.specifier.contains(str(pin).removeprefix("==")) for pin in pins)


def test_the_setup_probes_the_index_with_a_locked_package():
    probe = re.search(r"s/\^\\\((\w+)==", (ROOT / "scripts/setup.sh").read_text())
    assert probe is not None
    assert probe[1] in LOCKED_NAMES


def test_the_decision_names_every_direct_dependency():
    text = (ROOT / "docs/decisions/0001-dependencies.md").read_text()
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    for name in names([*project["dependencies"], *extras["dev"], *extras["real-models"]]):
        assert f"`{name}`" in text, (
            f"docs/decisions/0001-dependencies.md gives no reason for {name}"
        )
