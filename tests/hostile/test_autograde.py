"""Hostile files and folders, graded by one `nbgrader autograde`: an explicit 0 each, and no harm.

`benchmarks/attacks_on_nbgrader.py` sends every attack through stock nbgrader too, where most of
those below win, and through every level of ours.
"""

import pytest

from firsthand.grading.sandbox import NONE, levels
from tests.hostile.attacks import ATTACKS
from tests.hostile.autograde import Hall
from tests.hostile.notebooks import FOLDERS

pytestmark = pytest.mark.end_to_end

# A few of the attacks on the engine: how they reach it is the same for all.
# The reading of malformed files is tested in `tests/gradebook/test_reading.py`.
LEFT_OUT = [attack.name for attack in FOLDERS if attack.kind == "malformed"][2:-2]
CODE = [
    "reads_the_graders",
    "changes_the_gradebook",
    "replaces_the_comparison",
    "ends_its_process_in_a_cell",
    "tells_a_line_of_a_megabyte",
    "changes_what_all_tests_share",
]


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    base = tmp_path_factory.mktemp("hall")
    # Without walls there would be nothing to hold the code: then only what runs none is tried.
    walled = levels.reach().level != NONE
    made = Hall(base, levels.reach().level)
    made.attacks = [attack for attack in FOLDERS if attack.name not in LEFT_OUT]
    made.attacks += [ATTACKS[name] for name in CODE if walled]
    for attack in made.attacks:
        made.add(attack)
    made.status, made.log = made.grade()
    yield made
    made.listener.close()


def test_the_batch_ends_well(hall):
    assert hall.status == 0, hall.log[-3000:]
    assert "ERROR" not in hall.log


def test_no_submission_wins_anything_and_each_has_a_score_and_a_page(hall):
    found = {attack.name: hall.won(attack.name) for attack in hall.attacks}
    assert {name: won for name, won in found.items() if won} == {}


def test_nothing_else_has_changed(hall):
    assert hall.changed == []
    scores = hall.scores()
    assert sum(scores["honest"].values()) == sum(scores["neighbour"].values()) == 9
