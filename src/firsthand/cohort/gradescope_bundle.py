"""A unit -> the zip file that Gradescope makes an autograder's image from.

`setup.sh` and `run_autograder` are at its root, as
https://gradescope-autograders.readthedocs.io/en/latest/specs/ asks; `course/` holds a course of
this one unit. Learners never see the file: it holds the hidden graders, solutions and course key.
"""

import os
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from firsthand import render
from firsthand.cohort.gradescope_run import FAULT
from firsthand.unit import CourseError, Unit

PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = PACKAGE.parents[1]
PROJECT_FILES = ("LICENSE", "README.md", "pyproject.toml", "requirements.lock", "scripts/setup.sh")
_PROGRAMS = ("run_autograder", "setup.sh")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold

# `scripts/setup.sh` installs torch and the locked packages, as everywhere else.
_SETUP = """\
#!/usr/bin/env bash
# Prepares the image of an autograder: Python, bubblewrap, the locked packages.
set -eu
course=${{FIRSTHAND_AUTOGRADER:-/autograder}}/source/course

fits() {{
  "$1" -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' \\
    2>/dev/null
}}
find_python() {{
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if fits "$candidate"; then return 0; fi
  done
  return 1
}}

if command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install -y --no-install-recommends bubblewrap ||
    echo "setup: no bubblewrap here; submissions get the walls that the kernel alone can build."
  for version in 3.13 3.12 3.11; do
    if find_python; then break; fi
    apt-get install -y --no-install-recommends "python$version" "python$version-venv" || true
  done
fi
cd "$course"
TORCH={torch} TORCH_ARGS={torch_args} sh scripts/setup.sh
"""

_RUN = """\
#!/usr/bin/env bash
# Grades what one learner submitted, and always leaves a results.json.
set -u
autograder=${{FIRSTHAND_AUTOGRADER:-/autograder}}
course=$autograder/source/course
python=${{FIRSTHAND_PYTHON:-$course/.venv/bin/python}}
results=$autograder/results/results.json
export FIRSTHAND_COURSE=$course FIRSTHAND_COURSE_KEY_FILE=$course/course.key
export PYTHONDONTWRITEBYTECODE=1
unset FIRSTHAND_COURSE_KEY FIRSTHAND_GRADERS

mkdir -p "$autograder/results"
rm -f "$results"
cd "$autograder" || exit 1
"$python" -P -m firsthand.cohort.gradescope_run \\
  {unit} "$autograder/submission" "$results" {isolation}
code=$?
[ -s "$results" ] && exit 0
echo "run_autograder: Python ended with code $code before it could write results.json."
echo "137 means that it was killed: give the autograder more memory in Gradescope's settings."
cat >"$results" <<'JSON'
{fault}
JSON
"""


def build_bundle(
    unit: Unit,
    target: Path,
    *,
    key: str | None = None,
    torch_args: str | None = None,
    isolation: str = "",
) -> Path:
    """Write the bundle to the file `target`, or into the folder `target`; the file's path.

    The same content gives the same bytes. key: the course key, from the environment by default.
    torch_args: arguments of torch's own `pip install`, by default those in TORCH_ARGS. isolation:
    the walls around submitted code, by default the strongest that Gradescope's container allows.
    Raises CourseError where a notebook is not built, or this is no clone of the project.
    """
    path = target / f"gradescope_{unit.id}.zip" if target.is_dir() else target
    key = _course_key() if key is None else key
    torch_args = os.environ.get("TORCH_ARGS", "") if torch_args is None else torch_args
    files = dict(_course_files(unit)) | dict(_project_files())
    files["course/course.key"] = key.encode()
    files["setup.sh"] = _setup(torch_args).encode()
    files["run_autograder"] = _run(unit, isolation).encode()
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write(fresh, files)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise CourseError(f"{path} cannot be written: {error.strerror}.") from None
    return path


def _course_key() -> str:
    from firsthand.grading.conditions import course_key

    return course_key()


def _run(unit: Unit, isolation: str) -> str:
    fault = render.gradescope_fault(FAULT)
    return _RUN.format(unit=unit.id, isolation=shlex.quote(isolation), fault=fault)


def _setup(torch_args: str) -> str:
    table = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (pin,) = [d for d in table["project"]["dependencies"] if d.startswith("torch==")]
    version = pin.removeprefix("torch==")
    return _SETUP.format(torch=shlex.quote(version), torch_args=shlex.quote(torch_args))


def _course_files(unit: Unit) -> Iterator[tuple[str, bytes]]:
    if not unit.graders:
        raise CourseError(f"unit {unit.number} has no graders, so nothing can be graded.")
    for notebook in (unit.exercise_notebook, unit.solution_notebook):
        if not notebook.is_file():
            raise CourseError(
                f"{notebook} does not exist. Run `firsthand dev build {unit.number}`."
            )
        yield f"course/{notebook.relative_to(unit.root).as_posix()}", notebook.read_bytes()
    stages = unit.root / "curriculum" / "stages.toml"
    for path in [stages, *_tree(unit.folder)]:
        yield f"course/{path.relative_to(unit.root).as_posix()}", path.read_bytes()
    for path in unit.graders:
        yield f"course/graders/{path.name}", path.read_bytes()


def _project_files() -> Iterator[tuple[str, bytes]]:
    for name in PROJECT_FILES:
        path = PROJECT / name
        if not path.is_file():
            raise CourseError(
                f"{path} does not exist. A bundle is made from a clone of firsthand, "
                "which has the locked versions."
            )
        yield f"course/{name}", path.read_bytes()
    for path in _tree(PACKAGE):
        yield f"course/{path.relative_to(PROJECT).as_posix()}", path.read_bytes()


def _tree(folder: Path) -> Iterator[Path]:
    """The files below a folder, without caches and hidden ones."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(p.startswith(".") or p == "__pycache__" for p in parts):
            yield path


def _write(path: Path, files: dict[str, bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, ZipFile(file, "w") as archive:
        for name in sorted(files):
            info = ZipInfo(name, _EPOCH)
            info.create_system = 3  # Unix, on every system: the permissions below are its
            info.external_attr = (0o100755 if name in _PROGRAMS else 0o100644) << 16
            archive.writestr(info, files[name], ZIP_DEFLATED, compresslevel=9)
