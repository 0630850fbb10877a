"""Every unit of the course, against nbgrader's own release step."""

from pathlib import Path

from firsthand.unit import load_units
from tests.build.release import cells_in, released_cells

ROOT = Path(__file__).parents[2]


def test_nbgraders_release_of_every_unit_equals_exercises(tmp_path):
    units = [u for u in load_units(ROOT) if u.solution_notebook.is_file()]
    assert units, "no unit is built; run `firsthand dev build`"
    released = released_cells(units, tmp_path)
    for unit in units:
        ours = cells_in(unit.exercise_notebook)
        assert released[unit.id] == ours, f"{unit.id}: nbgrader releases other cells than ours"
