"""The instructor's commands: a course with many learners, with nbgrader underneath."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from firsthand.cli import BELOW, OPTIONS, Target

course = typer.Typer(help="For instructors: release, collect and grade a cohort.", **OPTIONS)

Folder = Annotated[
    Path, typer.Option("--course", metavar="DIR", help="The course's folder, by default this one.")
]
Processes = Annotated[
    int, typer.Option(min=0, help="Submissions to grade at once; 0 is one for each core.")
]
Scheduler = Annotated[
    str,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Grade on the workers of a Dask scheduler, such as tcp://HOST:8786.",
    ),
]
HERE = Path()


@course.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    roster: Annotated[
        Path, typer.Option(metavar="FILE", help="csv: id,first name,last name,email,account")
    ],
    unit: Annotated[list[str], typer.Option(metavar="UNIT", help="Once for each unit.")],
    due: Annotated[
        list[str] | None,
        typer.Option(metavar="UNIT=DATE", help="Such as 402=2027-01-31T23:59:00+01:00."),
    ] = None,
    exchange: Annotated[
        str, typer.Option(metavar="DIR", help="nbgrader's exchange; without it, files.")
    ] = "",
    db_url: Annotated[
        str, typer.Option(metavar="URL", help="Such as postgresql+psycopg://USER@HOST/NAME.")
    ] = "",
    course_id: Annotated[str, typer.Option("--id", metavar="NAME")] = "firsthand",
) -> None:
    """Make a course's folder: an nbgrader course beside the project."""
    from firsthand.cli import cohort

    cohort.init(folder, roster, unit, due or [], exchange, db_url, course_id)


@course.command()
def release(unit: Target, folder: Folder = HERE) -> None:
    """Make the unit's assignment, and put it into the exchange."""
    from firsthand.cli import cohort

    cohort.release(folder, unit)


@course.command()
def collect(
    unit: Target,
    source: Annotated[
        str, typer.Option("--from", metavar="DIR", help="Take files: DIR/<id>/*.ipynb.")
    ] = "",
    folder: Folder = HERE,
) -> None:
    """Fetch submissions. One in somebody else's name is refused.

    Exit code 1: something was refused.
    """
    from firsthand.cli import cohort

    if cohort.collect(folder, unit, source):
        raise typer.Exit(BELOW)


@course.command()
def grade(
    unit: Target,
    processes: Processes = 0,
    again: Annotated[
        bool, typer.Option("--again", help="Also what is graded, such as after a crowded machine.")
    ] = False,
    cluster: Scheduler = "",
    folder: Folder = HERE,
) -> None:
    """Grade what was collected and is not graded yet. Safe to stop and to run again.

    Exit code 1: a submission has no score; 3: a grader broke.
    """
    from firsthand.cli import cohort

    raise typer.Exit(cohort.grade(folder, unit, processes or None, again, cluster))


@course.command()
def regrade(
    unit: Target,
    write: Annotated[bool, typer.Option("--write", help="Write the new scores.")] = False,
    processes: Processes = 0,
    cluster: Scheduler = "",
    folder: Folder = HERE,
) -> None:
    """Show whose scores a mended grader changes, and by how much. Writes with --write only."""
    from firsthand.cli import cohort

    raise typer.Exit(cohort.regrade(folder, unit, processes or None, write, cluster))


@course.command()
def feedback(unit: Target, folder: Folder = HERE) -> None:
    """Make the feedback pages, and put them into the exchange."""
    from firsthand.cli import cohort

    raise typer.Exit(cohort.feedback(folder, unit))


@course.command()
def report(
    unit: Target,
    to: Annotated[
        str, typer.Option(metavar="DIR", help="By default report/ in the course's folder.")
    ] = "",
    folder: Folder = HERE,
) -> None:
    """Write the cohort report: one page, and csv files."""
    from firsthand.cli import cohort_output

    cohort_output.report(folder, unit, to)


@course.command()
def export(
    unit: Annotated[
        str, typer.Argument(metavar="UNIT", help="Such as 402. Without it: every unit.")
    ] = "",
    format_name: Annotated[
        str, typer.Option("--format", metavar="nbgrader|canvas|moodle|gradescope")
    ] = "nbgrader",
    to: Annotated[
        str, typer.Option(metavar="FILE", help="By default a csv in the course's folder.")
    ] = "",
    folder: Folder = HERE,
) -> None:
    """Write scores as csv; for Gradescope the roster."""
    from firsthand.cli import cohort_output

    cohort_output.export(folder, unit, format_name, to)


@course.command()
def gradescope(
    unit: Target,
    to: Annotated[str, typer.Option(metavar="DIR", help="By default the course's folder.")] = "",
    folder: Folder = HERE,
) -> None:
    """Write the unit's autograder for Gradescope. It holds the solutions and the course key."""
    from firsthand.cli import cohort_output

    cohort_output.gradescope(folder, unit, to)


@contextmanager
def tracked(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A progress bar on stderr with the rate and the time left; hidden where nobody watches."""
    import sys

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeLeft(),
    )
    quiet = not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as shown:
        task = shown.add_task(what, total=total, rate="")

        def advance() -> None:
            shown.advance(task)
            speed = shown.tasks[0].speed or 0
            shown.update(task, rate=f"{60 * speed:.0f} a minute")

        yield advance
