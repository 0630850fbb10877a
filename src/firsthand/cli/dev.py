"""The author's commands: new, build, check, mutants, site."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from firsthand.cli import BELOW, OPTIONS

if TYPE_CHECKING:
    from firsthand.unit import Unit

dev = typer.Typer(help="For authors: make, build and check units.", **OPTIONS)

Units = Annotated[
    list[str] | None,
    typer.Argument(metavar="UNIT...", help="Such as 402. Without it: every unit."),
]


@dev.command()
def new(
    unit: Annotated[str, typer.Argument(metavar="ID", help='Such as "407_path_patching".')],
    title: Annotated[str, typer.Option(help="The unit's title.")],
    paper: Annotated[str, typer.Option(help='Such as "Wang et al. 2022, ...".')],
    exercises: Annotated[str, typer.Option(help="Names of functions, separated by commas.")],
) -> None:
    """Scaffold a unit that is valid and green at once."""
    from firsthand.authoring.new import new_unit
    from firsthand.cli.console import rich_console

    names = [name.strip() for name in exercises.split(",") if name.strip()]
    new_unit(unit, title=title, paper=paper, exercises=names, console=rich_console())


@dev.command()
def build(
    units: Units = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail on anything stale.")
    ] = False,
    execute: Annotated[
        bool, typer.Option(help="Run the solution notebook, for its plots and outputs.")
    ] = True,
) -> None:
    """Make exercises/ and solutions/ from the units' sources."""
    from firsthand.build.notebooks import build_units
    from firsthand.cli.console import rich_console

    if not build_units(_units(units), check=check, execute=execute, console=rich_console()):
        raise typer.Exit(BELOW)


@dev.command("check")
def check_units(
    units: Units = None,
    seeds: Annotated[int, typer.Option(min=1, help="Course keys to grade the solution with.")] = 3,
    fast: Annotated[bool, typer.Option("--fast", help="Only what takes seconds.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="One course key; wrong answers need only fail.")
    ] = False,
) -> None:
    """Prove every invariant of a unit, one line each.

    It stops at the first that is broken, and says how to mend it.
    """
    from firsthand.authoring.check import check_units as checked
    from firsthand.cli.console import rich_console

    if not checked(_units(units), seeds=seeds, fast=fast, quick=quick, console=rich_console()):
        raise typer.Exit(BELOW)


@dev.command()
def mutants(
    target: Annotated[
        str, typer.Argument(metavar="UNIT[/EXERCISE]", help="Such as 402 or 402/copying_score.")
    ],
    json: Annotated[str, typer.Option(metavar="FILE", help="Write the result as JSON.")] = "",
) -> None:
    """Change the reference solutions; list changes that no test sees."""
    from firsthand.authoring.mutants import run_mutants
    from firsthand.cli.console import rich_console
    from firsthand.unit import find_unit

    text, _, name = target.partition("/")
    unit = find_unit(text)
    names = [unit.exercise(name).name] if name else []
    if not run_mutants(unit, exercises=names, json_file=json, console=rich_console()):
        raise typer.Exit(BELOW)


@dev.command()
def site(
    output: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where to put it. Without it: build/site."),
    ] = None,
) -> None:
    """Make the whole curriculum a static site, to be read offline.

    It opens and searches from the file system. Nothing is written where a link is dead, or where
    a page would show a solution or a hidden test.
    """
    from firsthand.cli.console import rich_console
    from firsthand.site import build_site
    from firsthand.unit import course_root

    root = course_root()
    if not build_site(root, output or root / "build" / "site", console=rich_console()):
        raise typer.Exit(BELOW)


def _units(texts: list[str] | None) -> "list[Unit]":
    from firsthand.unit import course_root, find_unit, load_units

    root = course_root()
    return [find_unit(text, root) for text in texts] if texts else load_units(root)
