"""The whole hostile suite in every setting: all attacks, at every level, as every user.

`make test` runs a part of this, chosen so that it stays short (`tests/hostile/test_engine.py`).

OMP_NUM_THREADS=1 python benchmarks/hostile.py
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from firsthand.grading.sandbox import LEVELS, NONE, levels
from tests import ordinary_user
from tests.hostile.attack import NO_WALLS, SAME_PROCESS, WITHOUT
from tests.hostile.attacks import ATTACKS
from tests.hostile.engine import chosen

ROOT = Path(__file__).resolve().parents[1]
CONTROLS = (SAME_PROCESS, WITHOUT, NO_WALLS)
PROGRAM = (
    "import sys\nsys.path.insert(0, sys.argv.pop(1))\nfrom tests.hostile.engine import main\nmain()"
)


def as_this_user(folder: Path, setting: str) -> subprocess.CompletedProcess[str]:
    """Run one setting as the user who runs this."""
    line = [sys.executable, "-m", "tests.hostile.engine", str(folder), setting]
    return subprocess.run(line, capture_output=True, text=True, cwd=ROOT, timeout=1800)


def as_ordinary_user(folder: Path, setting: str) -> subprocess.CompletedProcess[str]:
    """Run one setting as a user without rights: both sides, the grader and the submission."""
    shutil.copytree(ROOT / "tests" / "hostile", folder / "tests" / "hostile")
    (folder / "arena").mkdir()
    (folder / "arena").chmod(0o777)
    arguments = (str(folder), str(folder / "arena"), setting)
    return ordinary_user.run_python("-c", PROGRAM, *arguments, timeout=1800)


def row(user: str, setting: str) -> None:
    """Run one setting and print what came of it."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        run = as_this_user if user == "this user" else as_ordinary_user
        done = run(Path(base), setting)
    if done.returncode:
        sys.exit(f"{user}, {setting}: {done.stderr[-2000:]}")
    found = json.loads(done.stdout)[setting]
    tried = [name for name in found if name in ATTACKS]
    won = [name for name in tried if found[name]]
    wrong = [n for n in tried if n not in won] if setting in CONTROLS else won
    wrong += [name for name in ("honest before", "honest after") if found.get(name)]
    seconds = time.perf_counter() - started
    print(f"{user:14} {setting:18} {len(tried):3} tried {len(won):3} won  {seconds:4.0f} s", end="")
    print(f"  WRONG: {', '.join(wrong)}" if wrong else "", flush=True)


def main() -> None:
    """Print a row for each setting."""
    best = levels.reach().level
    walled = [v for v in LEVELS if v != NONE and LEVELS.index(v) >= LEVELS.index(best)]
    kinds = Counter(attack.kind for attack in ATTACKS.values())
    print(", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    for level in walled:
        row("this user", level)
        if not ordinary_user.unavailable():
            row("ordinary user", level)
    for control in CONTROLS:
        assert chosen(control)
        row("this user", control)


if __name__ == "__main__":
    main()
