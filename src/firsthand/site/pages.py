"""Write the site's source: an index, a map, a glossary, a page for each unit, the manuals."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from firsthand.build.glossary import load_glossary
from firsthand.site import unit_page
from firsthand.site.links import sections, site_links
from firsthand.unit import CourseError, Stage, Unit, load_stages, load_units

# Manuals that the side bar names first, under these titles; every other file of docs/ follows.
MANUALS = {"instructors": "In a class", "ci": "In CI", "cli": "The command line"}
LEFT_OUT = ("README",)
# Files below docs/ that a manual shows or offers to take.
TAKEN_ALONG = (".gif", ".json", ".png", ".svg", ".yaml", ".yml")


@dataclass
class Site:
    """What is written and where: `pages` maps files of the repository to files of the source."""

    root: Path
    source: Path
    units: list[Unit]
    pages: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def write(self, page: str, text: str) -> None:
        """Write one page of the source."""
        path = self.source / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.written.append(page)

    def linked(self, text: str, file: str, page: str) -> str:
        """Text of a file of the repository, for a page, with the site's links."""
        return site_links(text, file=file, page=page, pages=self.pages, root=self.root)


def write_pages(root: Path, source: Path) -> list[str]:
    """Write every page of the site into the empty folder `source`; returns their paths there.

    Raises CourseError for a unit that is not built, a wrong glossary, a dead link of a manual.
    """
    site = Site(root, source, load_units(root))
    manuals = _manuals(root)
    site.pages = {"README.md": "index.md", "curriculum/README.md": "map.md"}
    for unit in site.units:
        site.pages[f"exercises/{unit.id}/{unit.id}.ipynb"] = f"units/{unit.id}.ipynb"
    for path in manuals:
        site.pages[f"docs/{path.name}"] = f"docs/{path.name}"
    for path in sorted((root / "docs").rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix in TAKEN_ALONG:
            site.pages[name] = name
            _copy(path, source / name)
    definitions = _definitions(site.units)
    uses = _write_units(site, definitions)
    site.write("glossary.md", _glossary(definitions, uses))
    site.write("map.md", course_map(root, site.units))
    _write_manuals(site, manuals)
    site.write("index.md", _index(site, [path.stem for path in manuals]))
    return site.written


def course_map(root: Path, units: Sequence[Unit]) -> str:
    """The page of all stages: their units with papers, hours, points, and what is planned."""
    planned = tomllib.loads((root / "curriculum" / "stages.toml").read_text(encoding="utf-8"))
    numbers = {unit.number for unit in units}
    rows = [row for row in planned.get("planned", []) if row["number"] not in numbers]
    hours = sum(unit.minutes for unit in units) / 60
    parts = [
        "# The map",
        f"{len(units)} unit{'' if len(units) == 1 else 's'}, about {hours:.0f} hours; "
        f"{len(rows)} more are planned, with hours that are estimates. Stages are advice: a unit "
        "opens whatever you did before.",
    ]
    for stage in load_stages(root):
        there = [unit for unit in units if unit.id.startswith(str(stage.number))]
        parts += _stage(stage, there, [r for r in rows if r["number"][0] == str(stage.number)])
    return "\n\n".join(parts) + "\n"


def _stage(stage: Stage, units: Sequence[Unit], planned: Sequence[Mapping[str, str]]) -> list[str]:
    parts = [f"## {stage.number} {stage.title}", stage.aim]
    if units:
        parts.append(_unit_table(units))
    if planned:
        lines = ["| planned | hours |", "|---|--:|"]
        for row in planned:
            paper = f" ({row['source']})" if row["source"] else ""
            title = _cell(f"{row['number']} {row['title']}{paper}")
            lines.append(f"| {title} | {float(row['hours']):g} |")
        parts.append("\n".join(lines))
    return parts


def _unit_table(units: Sequence[Unit]) -> str:
    names = ("unit", "paper", "time", "exercises", "points", "after")
    lines = [f"| {' | '.join(names)} |", "|---|---|---|--:|---|---|"]
    for unit in units:
        link = f"[{unit.number} {_cell(unit.title)}](units/{unit.id}.ipynb)"
        after = ", ".join(f"[{name[:3]}](units/{name}.ipynb)" for name in unit.prerequisites)
        points = unit_page.points(unit).replace(" points", "")
        lines.append(
            f"| {link} | {_cell(unit_page.paper(unit))} | {unit_page.duration(unit)} "
            f"| {len(unit.exercises)} | {points} | {after} |"
        )
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _definitions(units: Sequence[Unit]) -> dict[str, str]:
    """Term to definition of all units. A term is defined in one place."""
    found: dict[str, tuple[str, str]] = {}
    for unit in units:
        for term in load_glossary(unit):
            if term.lower() in found:
                raise CourseError(
                    f"curriculum/{unit.id}/glossary.toml defines {term!r}, as "
                    f"{found[term.lower()][0]} does; leave it to the unit that comes first."
                )
            found[term.lower()] = unit.id, term
    return {t: d.strip() for unit in units for t, d in load_glossary(unit).items()}


def _write_units(site: Site, definitions: Mapping[str, str]) -> dict[str, unit_page.Use]:
    """Write the page of each unit; returns where each term is first used."""
    uses: dict[str, unit_page.Use] = {}
    by_id = {unit.id: unit for unit in site.units}
    for unit in site.units:
        exercise, solved = unit_page.read_notebooks(unit)
        new = [term for term in definitions if term not in uses]
        notebook, found = unit_page.with_terms(exercise, unit, new)
        uses |= found
        plots = unit_page.plots_of(solved)
        for plot in (plot for group in plots.values() for plot in group):
            path = site.source / "units" / "plots" / plot.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(plot.png)
        notebook = unit_page.with_facts(unit_page.with_plots(notebook, plots, "plots"), unit, by_id)
        unit_page.write_page(notebook, site.source / "units" / f"{unit.id}.ipynb")
        site.written.append(f"units/{unit.id}.ipynb")
    return uses


def _glossary(definitions: Mapping[str, str], uses: Mapping[str, unit_page.Use]) -> str:
    if unused := [term for term in definitions if term not in uses]:
        raise CourseError(f"the glossary has {unused[0]!r}, which no unit's text uses.")
    entries = []
    for term, definition in definitions.items():
        use = uses[term]
        heading = re.sub(r"^\d+\. ", "", use.heading)
        place = f"{use.unit.number}, {heading.replace('_', ' ')}"
        entries.append(
            f"{term}\n  {' '.join(definition.split())} First used in [{place}](#{use.anchor})."
        )
    body = "\n\n".join(entries)
    intro = "The terms of the units, each with the place where it is first used."
    return f"# Glossary\n\n{intro}\n\n```{{glossary}}\n:sorted:\n\n{body}\n```\n"


def _manuals(root: Path) -> list[Path]:
    """The files of docs/ that are pages: those of `MANUALS` first."""
    found = {path.stem: path for path in sorted((root / "docs").glob("*.md"))}
    named = [name for name in MANUALS if name in found]
    others = [name for name in found if name not in MANUALS and name not in LEFT_OUT]
    return [found[name] for name in named + others]


def _write_manuals(site: Site, manuals: Sequence[Path]) -> None:
    readme = (site.root / "README.md").read_text(encoding="utf-8")
    alone = sections(readme, "README.md", "Set-up", "For learners")
    site.write("alone.md", "# Alone\n\n" + site.linked(alone, "README.md", "alone.md"))
    for path in manuals:
        page = f"docs/{path.name}"
        site.write(page, site.linked(path.read_text(encoding="utf-8"), page, page))


def _index(site: Site, manuals: Sequence[str]) -> str:
    """The first page: what this is, the units, and the trees of the side bar."""
    readme = (site.root / "README.md").read_text(encoding="utf-8")
    opening = site.linked(sections(readme, "README.md", ""), "README.md", "index.md")
    named = [f"{title} <docs/{name}>" for name, title in MANUALS.items() if name in manuals]
    others = [f"docs/{name}" for name in manuals if name not in MANUALS]
    units = [f"{unit.number} {unit.title} <units/{unit.id}>" for unit in site.units]
    parts = [
        "# firsthand",
        opening.strip(),
        "## Units",
        _unit_table(site.units),
        "The [map](map.md) has all stages, the units that are planned too. The "
        "[glossary](glossary.md) says what the terms mean.",
        _tree("The course", ["The map <map>", *units, "Glossary <glossary>"]),
        _tree("How to use it", ["Alone <alone>", *named]),
    ]
    return "\n\n".join([*parts, _tree("More", others)] if others else parts) + "\n"


def _tree(caption: str, entries: Sequence[str]) -> str:
    rows = "\n".join(entries)
    return f"```{{toctree}}\n:caption: {caption}\n:hidden:\n:maxdepth: 1\n\n{rows}\n```"


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(path.read_bytes())
