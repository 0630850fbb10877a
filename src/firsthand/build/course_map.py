"""The generated map of the course, `curriculum/README.md`: stages, units, and what is planned."""

import tomllib
from pathlib import Path

from firsthand.unit import Unit, load_stages, load_units

HEAD = """# The course

Made by `firsthand dev build` from `stages.toml` and the units; do not edit. A unit opens whatever
you did before: stages are advice. Planned units have a number and a title, and nothing to run yet.
"""


def course_map(root: Path) -> str:
    """The text of `curriculum/README.md`."""
    units = load_units(root)
    planned = _planned(root, {unit.number for unit in units})
    hours = sum(unit.minutes for unit in units) / 60
    count = f"{len(units)} unit{'' if len(units) == 1 else 's'}"
    parts = [f"{HEAD}\n{count}, about {hours:.0f} hours; {len(planned)} more are planned."]
    for stage in load_stages(root):
        digit = str(stage.number)
        parts.append(f"## {stage.number} {stage.title}\n\n{stage.aim}")
        if there := [u for u in units if u.id.startswith(digit)]:
            parts.append(_table(there))
        if coming := [f"{n} {text}" for n, text in planned if n.startswith(digit)]:
            parts.append("Planned: " + " · ".join(coming) + ".")
    return "\n\n".join(parts) + "\n"


def write_map(root: Path) -> None:
    """Write `curriculum/README.md`."""
    _path(root).write_text(course_map(root), encoding="utf-8")


def is_map_stale(root: Path) -> bool:
    """Whether `curriculum/README.md` differs from what the course is now."""
    path = _path(root)
    return not path.is_file() or path.read_text(encoding="utf-8") != course_map(root)


def _path(root: Path) -> Path:
    return root / "curriculum" / "README.md"


def _planned(root: Path, existing: set[str]) -> list[tuple[str, str]]:
    table = tomllib.loads((root / "curriculum" / "stages.toml").read_text(encoding="utf-8"))
    rows = [row for row in table.get("planned", []) if row["number"] not in existing]
    return [(r["number"], r["title"] + (f" ({r['source']})" if r["source"] else "")) for r in rows]


def _table(units: list[Unit]) -> str:
    rows = ["| unit | replicates | hours | exercises | points |", "|---|---|---|---|---|"]
    for unit in units:
        folder = f"../exercises/{unit.id}/{unit.id}.ipynb"
        by_hand = sum(e.points for e in unit.exercises if e.kind == "rubric")
        points = f"{unit.points:g}" + (f" + {by_hand:g} by hand" if by_hand else "")
        paper = unit.paper.replace("|", "\\|")
        rows.append(
            f"| [{unit.number} {unit.title}]({folder}) | {paper} | {unit.minutes / 60:.1f} "
            f"| {len(unit.exercises)} | {points} |"
        )
    return "\n".join(rows)
