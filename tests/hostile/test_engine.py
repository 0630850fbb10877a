"""No attack wins anything behind the walls, and each wins where its wall is taken away.

`make test` runs every attack at the strongest level of the machine, and without the outer wall
those on files, which that wall hides too; `benchmarks/hostile.py` runs all in every setting, and as
an ordinary user.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from firsthand.grading.sandbox import INNER, NONE, levels
from tests.hostile.attack import NO_WALLS, OWN, SAME_PROCESS, WITHOUT
from tests.hostile.attacks import ATTACKS
from tests.hostile.engine import chosen

ROOT = Path(__file__).resolve().parents[2]
BEST = levels.reach().level
ON_FILES = [n for n, attack in ATTACKS.items() if attack.aims_at == "file system of a worker"]
CONTROLS = [SAME_PROCESS, WITHOUT, NO_WALLS]

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(BEST == NONE, reason=f"no walls here: {levels.reach().obstacle}"),
]


def ran(folder: Path, settings: str, *names: str) -> dict[str, dict[str, list[str]]]:
    """What each attack won, by setting."""
    line = [sys.executable, "-m", "tests.hostile.engine", str(folder), settings, *names]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


def test_there_are_many_attacks_of_every_class():
    assert len(ATTACKS) >= 60
    assert min(Counter(attack.kind for attack in ATTACKS.values()).values()) >= 1
    assert {a.control.partition(": ")[0] for a in ATTACKS.values()} == {
        NO_WALLS,
        SAME_PROCESS,
        WITHOUT.partition(": ")[0],
        OWN,
    }


def test_no_attack_wins_behind_the_strongest_walls(tmp_path):
    found = ran(tmp_path, BEST)[BEST]
    assert {name: won for name, won in found.items() if won} == {}
    assert set(found) == {*ATTACKS, "honest before", "honest after"}


@pytest.mark.skipif(BEST == INNER, reason="these are the strongest walls of this machine")
def test_no_attack_on_files_wins_without_the_outer_wall(tmp_path):
    found = ran(tmp_path, INNER, *ON_FILES)[INNER]
    assert {name: won for name, won in found.items() if won} == {}


def test_every_attack_wins_where_its_wall_is_taken_away(tmp_path):
    found = ran(tmp_path, ",".join(CONTROLS))
    for setting in CONTROLS:
        assert [name for name in chosen(setting) if not found[setting][name]] == [], setting
        assert not found[setting].get("honest before"), setting
