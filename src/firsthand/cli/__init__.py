"""The command `firsthand`: arguments in, exit codes out, and nothing else.

Exit codes: 0 done, or everything passed; 1 something is below; 2 a mistake in what was typed or in
a file; 3 a fault of ours. Commands import what they need when they run, so that `--help` answers
at once.
"""

import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from firsthand.unit import CourseError, missing_package

BELOW, MISTAKE, FAULT = 1, 2, 3


class CourseGroup(typer.core.TyperGroup):
    """Commands whose `CourseError`s become one line, and whose bugs keep their traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; the exit code tells a mistake from a fault."""
        try:
            return super().invoke(ctx)
        except CourseError as error:
            typer.echo(f"firsthand: {error}", err=True)
            raise typer.Exit(MISTAKE) from None
        except (typer.Exit, typer.Abort, TyperException, BrokenPipeError):
            raise
        except Exception as error:
            if missing := missing_package(error):
                typer.echo(f"firsthand: {missing}", err=True)
                raise typer.Exit(MISTAKE) from None
            traceback.print_exc()
            raise typer.Exit(FAULT) from None


OPTIONS: dict[str, Any] = {
    "cls": CourseGroup,
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "add_completion": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
app = typer.Typer(help="Alignment research by hand: notebooks with graded exercises.", **OPTIONS)

Target = Annotated[
    str, typer.Argument(metavar="UNIT", help='Such as "402" or "402_induction_heads".')
]

Separate = Annotated[
    str, typer.Argument(metavar="EXERCISE", help="The same after a space: 502 choose.")
]


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Alignment research by hand: notebooks with graded exercises."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"firsthand {installed('firsthand')}")
        raise typer.Exit


@app.command("list")
def list_units() -> None:
    """Show every unit, with its hours, exercises and points."""
    from firsthand.cli import learner

    learner.list_units()


@app.command()
def start(unit: Target) -> None:
    """Copy a unit's notebook to work/. What you already have there is never overwritten."""
    from firsthand.cli import learner

    learner.start(unit)


@app.command()
def learn(
    unit: Annotated[
        str, typer.Argument(metavar="UNIT", help="Such as 402. Without it: where you stopped.")
    ] = "",
    browser: Annotated[
        str, typer.Option(metavar="default|none", help='"none" prints the address instead.')
    ] = "default",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="0 takes the first free one from 8888 on.")
    ] = 0,
) -> None:
    """Start a unit and open its notebook in JupyterLab."""
    from firsthand.cli import learner

    if browser not in ("default", "none"):
        raise typer.BadParameter(f"{browser!r} is neither default nor none", param_hint="--browser")
    learner.learn(unit, browser=browser == "default", port=port)


@app.command()
def check(
    target: Annotated[
        str,
        typer.Argument(
            metavar="UNIT[/EXERCISE]",
            help="Such as 402 or 402/prefix_matching_score. Without it: what you worked on last.",
        ),
    ] = "",
    exercise: Separate = "",
    test_out: Annotated[
        bool,
        typer.Option("--test-out", help="Grade the last exercise; with full marks, UNIT is done."),
    ] = False,
) -> None:
    """Grade your notebook in work/ and explain what is wrong."""
    from firsthand.cli import learner

    raise typer.Exit(learner.check(target, exercise, test_out=test_out))


@app.command()
def progress(
    html: Annotated[
        str, typer.Option(metavar="FILE", help="Write a page with plots instead.")
    ] = "",
) -> None:
    """Show what you have done, the time it took, and what to take next and why."""
    from firsthand.cli import standing

    standing.progress(html)


@app.command()
def fit() -> None:
    """Show what suits you so far, by strand: time, first checks, hints and your answers."""
    from firsthand.cli import standing

    standing.fit()


@app.command()
def report(
    unit: Target,
    html: Annotated[str, typer.Option(metavar="FILE", help="By default in work/.")] = "",
    pdf: Annotated[str, typer.Option(metavar="FILE", help="As PDF, through chromium.")] = "",
) -> None:
    """Make a unit's report card: your figures and numbers on one page, to show a mentor."""
    from firsthand.cli import standing

    standing.report(unit, html, pdf)


@app.command()
def watch(
    unit: Annotated[
        str, typer.Argument(metavar="UNIT", help="Such as 402. Without it: what you saved last.")
    ] = "",
    file: Annotated[
        str, typer.Option(metavar="PATH", help="Another notebook, or a .py export of one.")
    ] = "",
    once: Annotated[bool, typer.Option("--once", help="Grade once, print, and end.")] = False,
    json: Annotated[bool, typer.Option("--json", help="With --once: the report as JSON.")] = False,
) -> None:
    """Grade your notebook each time you save it. Keys: hint, next, list, rerun, reset, quit.

    Exit code of --once: 0 all passed, 1 something did not, 2 a mistake in a file or in what was
    typed, 3 a grader broke.
    """
    from firsthand.cli.watch import watch as keep_watching

    raise typer.Exit(keep_watching(unit, file=file, once=once, json=json))


ExerciseTarget = Annotated[
    str, typer.Argument(metavar="UNIT/EXERCISE", help="Such as 402/prefix_matching_score.")
]


@app.command()
def hint(target: ExerciseTarget, exercise: Separate = "") -> None:
    """Show the next hint for an exercise, cheapest first, and count it."""
    from firsthand.cli import hints

    hints.hint(target, exercise)


@app.command()
def solution(
    target: ExerciseTarget,
    exercise: Separate = "",
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Open it before full marks; your journal notes it.")
    ] = False,
) -> None:
    """Show the reference solution of an exercise: after full marks, or when you give it up."""
    from firsthand.cli import hints

    hints.solution(target, exercise, give_up=give_up)


@app.command()
def update(
    unit: Annotated[
        str, typer.Argument(metavar="UNIT", help="Such as 402. Without it: all you have started.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
) -> None:
    """Bring a newer course version into your notebooks. Your code and notes are kept."""
    from firsthand.cli import copies

    copies.update(unit, dry_run=dry_run)


@app.command()
def reset(
    target: Annotated[
        str,
        typer.Argument(
            metavar="UNIT[/EXERCISE]", help="Such as 402/prefix_matching_score, or 402 for all."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put an exercise, or a notebook, back to how it was handed out; `undo` brings yours back."""
    from firsthand.cli import copies

    copies.reset(target, yes=yes)


@app.command()
def undo(unit: Target) -> None:
    """Bring back your notebook as it was before the last reset, update or undo."""
    from firsthand.cli import copies

    copies.undo(unit)


@app.command()
def grade(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Notebooks, or folders of them.")
    ],
    unit: Annotated[str, typer.Option(metavar="UNIT", help='Such as "402".')],
    json: Annotated[str, typer.Option(metavar="FILE", help="Write the reports as JSON.")] = "",
    junit: Annotated[str, typer.Option(metavar="FILE", help="Write JUnit XML.")] = "",
    summary: Annotated[
        str, typer.Option(metavar="FILE", help="Write Markdown for the summary of a GitHub job.")
    ] = "",
    gradescope: Annotated[
        str, typer.Option(metavar="FILE", help="Write Gradescope's results.json; one notebook.")
    ] = "",
    classroom: Annotated[
        str, typer.Option(metavar="FILE", help="Write a GitHub Classroom result; one notebook.")
    ] = "",
    min_score: Annotated[
        str, typer.Option(metavar="X", help='Points such as 45, or a share such as "80%".')
    ] = "",
    isolation: Annotated[
        str, typer.Option(metavar="LEVEL", help="full, landlock+seccomp or process-only.")
    ] = "",
) -> None:
    """Grade notebooks. Any FILE may be "-", the standard output.

    Exit code 0: all passed or reach the minimum; 1: not so; 3: a grader broke.
    """
    from firsthand.cli.grade import grade_paths

    outputs = {
        **{"json": json, "junit": junit, "summary": summary},
        **{"gradescope": gradescope, "classroom": classroom},
    }
    raise typer.Exit(
        grade_paths(paths, unit, outputs=outputs, min_score=min_score, isolation=isolation)
    )


@app.command()
def doctor() -> None:
    """Try what this machine can do: walls, speed, versions."""
    from firsthand.cli.doctor import doctor as examine

    raise typer.Exit(examine())


def _add_groups() -> None:
    from firsthand.cli.course import course
    from firsthand.cli.dev import dev

    app.add_typer(course, name="course")
    app.add_typer(dev, name="dev")


_add_groups()
