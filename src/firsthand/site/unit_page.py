"""The page of one unit: its exercise notebook, with the plots that a learner should see.

The plots are those of the executed solution notebook, cell by cell. Nothing else of it is taken:
no source, no text output, and nothing at all of exercise and check cells.
"""

import base64
import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firsthand.build.glossary import find_term
from firsthand.build.notebooks import LONGEST_ID
from firsthand.build.source import headings
from firsthand.unit import CourseError, Unit

PLOTTING = ("given", "slow")  # the kinds of cells whose pictures are shown

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Plot:
    """One picture: its file's name, the PNG, and what a person who cannot see it is told."""

    name: str
    png: bytes
    alt: str


@dataclass(frozen=True)
class Use:
    """Where a term is first used: a unit and the heading above."""

    unit: Unit
    heading: str
    anchor: str


def read_notebooks(unit: Unit) -> tuple[Notebook, Notebook]:
    """The exercise notebook and the solution notebook, made by the same build.

    Raises CourseError where one is missing, or is of another build.
    """
    mend = f"run `firsthand dev build {unit.number}`"
    made = []
    for path in (unit.exercise_notebook, unit.solution_notebook):
        name = path.relative_to(unit.root).as_posix()
        try:
            made.append(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise CourseError(f"{name} is missing; {mend}.") from None
        except ValueError as error:
            raise CourseError(f"{name} is no notebook: {error}; {mend}.") from None
    versions = [notebook["metadata"]["firsthand"]["version"] for notebook in made]
    if versions[0] != versions[1]:
        raise CourseError(f"the two notebooks of {unit.id} are of different builds; {mend}.")
    return made[0], made[1]


def plots_of(solved: Notebook) -> dict[str, list[Plot]]:
    """The plots of the given cells, by cell id.

    Raises CourseError for one without a description.
    """
    plots: dict[str, list[Plot]] = {}
    for cell in solved["cells"]:
        if cell["cell_type"] != "code" or cell["metadata"]["firsthand"]["kind"] not in PLOTTING:
            continue
        found = [o for o in cell["outputs"] if "image/png" in o.get("data", {})]
        for number, output in enumerate(found, start=1):
            alt = output["metadata"].get("image/png", {}).get("alt", "")
            if not alt:
                raise CourseError(
                    f"{cell['id']} shows a plot without a description; use plots.show(fig, alt=...)"
                )
            png = base64.b64decode("".join(output["data"]["image/png"]))
            plots.setdefault(cell["id"], []).append(Plot(f"{cell['id']}-{number}.png", png, alt))
    return plots


def with_plots(exercise: Notebook, plots: Mapping[str, Sequence[Plot]], folder: str) -> Notebook:
    """The notebook without outputs, each plot in a cell of its own below the one that draws it.

    folder: where the pictures are, seen from the page.
    """
    cells: list[dict[str, Any]] = []
    for cell in exercise["cells"]:
        cells.append(dict(cell) | ({"outputs": []} if cell["cell_type"] == "code" else {}))
        for plot in plots.get(cell["id"], []):
            alt = " ".join(plot.alt.split())
            source = f"```{{image}} {folder}/{plot.name}\n:alt: {alt}\n:class: plot\n```"
            name = Path(plot.name).stem[-LONGEST_ID:]
            cells.append({"cell_type": "markdown", "id": name, "metadata": {}, "source": source})
    return dict(exercise) | {"cells": cells}


def with_facts(notebook: Notebook, unit: Unit, units: Mapping[str, Unit]) -> Notebook:
    """The notebook with a box below its title: hours, points, what comes before, how to start.

    Raises CourseError for a prerequisite that is no unit.
    """
    if missing := [name for name in unit.prerequisites if name not in units]:
        raise CourseError(f"curriculum/{unit.id}: prerequisite {missing[0]!r} is no unit.")
    notebook = copy.deepcopy(notebook)
    first = notebook["cells"][0]
    title, _, rest = "".join(first["source"]).partition("\n")
    before = ", ".join(
        f"[{units[i].number} {units[i].title}]({i}.ipynb)" for i in unit.prerequisites
    )
    facts = [
        f"about {duration(unit)}",
        f"{len(unit.exercises)} exercises",
        points(unit),
        f"after {before}" if before else "no unit before it is needed",
    ]
    box = (
        f"```{{admonition}} Unit {unit.number}\n:class: unit\n\n{' · '.join(facts)}\n\n"
        f"{f'Paper: {paper(unit)}.' if paper(unit) else ''}\n\n"
        f"Work on it: `make learn UNIT={unit.number}`. On this page nothing runs; plots are those "
        "of the solved notebook.\n```"
    )
    first["source"] = f"{title}\n\n{box}\n{rest}"
    return notebook


def with_terms(
    notebook: Notebook, unit: Unit, terms: Sequence[str]
) -> tuple[Notebook, dict[str, Use]]:
    """The notebook with the first use of each term marked and linked to the glossary.

    Returns it and where the terms are used; a term that the unit does not use is left out.
    """
    notebook, uses = copy.deepcopy(notebook), {}
    for term in sorted(terms, key=len, reverse=True):  # the longer one, where one holds another
        heading = ""
        for cell in notebook["cells"]:
            if cell["cell_type"] != "markdown":
                continue
            source = "".join(cell["source"])
            if match := find_term(term, source):
                above = headings(source[: match.start()])
                heading = above[-1][1] if above else heading
                anchor = f"use-{unit.number}-{slug(term)}"
                words = " ".join(match[0].split())
                marked = f"[{{term}}`{words} <{term}>`]{{#{anchor}}}"
                cell["source"] = source[: match.start()] + marked + source[match.end() :]
                uses[term] = Use(unit, heading, anchor)
                break
            heading = headings(source)[-1][1] if headings(source) else heading
    return notebook, uses


def write_page(notebook: Notebook, path: Path) -> None:
    """Write a notebook for Sphinx, its code to be coloured as Python."""
    metadata = {"language_info": {"name": "python", "pygments_lexer": "python"}}
    metadata["kernelspec"] = notebook["metadata"]["kernelspec"]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(dict(notebook) | {"metadata": metadata}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")


def paper(unit: Unit) -> str:
    """What the unit replicates; "" for an introduction, which replicates nothing."""
    return unit.paper if unit.kind == "replication" else ""


def duration(unit: Unit) -> str:
    """Such as "5 h", or "10 min" below an hour."""
    return f"{unit.minutes} min" if unit.minutes < 60 else f"{unit.minutes / 60:.3g} h"


def points(unit: Unit) -> str:
    """Such as "40 points + 4 by hand"."""
    by_hand = sum(e.points for e in unit.exercises if e.kind == "rubric")
    return f"{unit.points:g} points" + (f" + {by_hand:g} by hand" if by_hand else "")


def slug(text: str) -> str:
    """A text as part of an anchor: lower case, words joined by hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
