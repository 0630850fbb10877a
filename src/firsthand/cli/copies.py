"""The commands that change a learner's copy: update, reset, undo."""

import io
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from firsthand import copies
from firsthand.cli.console import colour, say, short, width
from firsthand.unit import CourseError, Unit, course_root, find_unit, load_units

if TYPE_CHECKING:
    from rich.console import RenderableType

CONTEXT = 2  # lines that agree are shown above and below those that differ
RELOAD = (
    "If the notebook is open, take the new file in: File > Reload Notebook from Disk in "
    "JupyterLab. Do not save the old page over it."
)


def update(text: str, *, dry_run: bool) -> None:
    """Bring one started unit up to date, or all of them; print what changed."""
    written, problems = False, []
    for unit in _started(text):
        try:
            plan = copies.update(unit)
            backup = None if dry_run else copies.apply(plan)
        except CourseError as error:  # one broken notebook does not hold up the others
            problems.append(str(error))
            continue
        _show(plan, backup, dry_run=dry_run)
        written = written or backup is not None
    if written:
        say("\n" + textwrap.fill(RELOAD, width()))
    if problems:
        raise CourseError("\n".join(problems))


def _started(text: str) -> list[Unit]:
    if text:
        return [find_unit(text)]
    units = [u for u in load_units(course_root()) if u.work_notebook.is_file()]
    if not units:
        raise CourseError("work/ holds no notebook yet. `firsthand learn` starts the first unit.")
    return units


def _show(plan: copies.Update, backup: Path | None, *, dry_run: bool) -> None:
    unit = plan.unit
    changed = [c for c in plan.changes if c.kind != "kept" or c.note.startswith(("no ", "del"))]
    kept = len(plan.of("kept"))
    if plan.empty or not (changed or backup):
        say(f"{unit.number} {unit.title}: up to date")
        return
    word = "would change" if dry_run else "updated"
    say(f"{unit.number} {unit.title}: {word}")
    if changed:
        say(_drawn(_table(changed)))
    if kept:
        say(f"  yours, kept as it is: {kept} cell{'' if kept == 1 else 's'}")
    for change in plan.of("conflict"):
        lead = (
            f"{change.title}: you and the course both changed it. {change.note.capitalize()} was "
            "kept; the new version is in a cell right below it."
        )
        say("\n" + textwrap.indent(textwrap.fill(lead, width() - 2), "  "))
        say(_drawn(_side_by_side(change)))
    if backup:
        say(f"  the notebook as it was: {short(backup)}")
        say(f"  bring it back with  firsthand undo {unit.number}")


def _table(changes: list[copies.Change]) -> "RenderableType":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=True)
    for heading in ("", "cell", ""):
        table.add_column(heading, overflow="fold")
    for change in changes:
        table.add_row(_plain(change.kind), _plain(change.title), _plain(change.note))
    return table


def _side_by_side(change: copies.Change) -> "RenderableType":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column("yours (kept)", overflow="fold", ratio=1)
    table.add_column("the course's new version", overflow="fold", ratio=1)
    for mine, new in _beside(change.mine.splitlines(), change.new.splitlines()):
        table.add_row(_plain(mine), _plain(new))
    return table


def _beside(mine: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of texts, one for each stretch; long stretches that agree are cut to their ends."""
    from difflib import SequenceMatcher

    for tag, a, b, c, d in SequenceMatcher(None, mine, new, autojunk=False).get_opcodes():
        left, right = mine[a:b], new[c:d]
        if tag == "equal" and len(left) > 2 * CONTEXT:
            left = right = [*left[:CONTEXT], "…", *left[-CONTEXT:]]
        yield "\n".join(left), "\n".join(right)


def _plain(text: str) -> "RenderableType":
    from rich.text import Text

    from firsthand.render import clean

    return Text(clean(text))


def _drawn(what: "RenderableType") -> str:
    """Rich's drawing as text, so that a stream without our characters gets plain ones."""
    from rich.console import Console

    console = Console(
        file=io.StringIO(), width=width(), force_terminal=colour(), no_color=not colour()
    )
    with console.capture() as captured:
        console.print(what)
    return captured.get().rstrip("\n")


def reset(target: str, *, yes: bool) -> None:
    """Put one exercise, or the whole notebook, back to how it was handed out."""
    text, _, name = target.partition("/")
    unit = find_unit(text)
    if name:
        unit.exercise(name)
    what = f"{name} in {short(unit.work_notebook)}" if name else short(unit.work_notebook)
    if not yes and not _agreed(f"Put {what} back to how it was handed out?", target):
        say("left as it is")
        return
    backup = copies.reset(unit, name or None)
    say(f"put back: {what}")
    say(f"your work is in {short(backup)}")
    say(f"bring it back with  firsthand undo {unit.number}")
    say(textwrap.fill(RELOAD, width()))


def _agreed(question: str, target: str) -> bool:
    if not sys.stdin.isatty():
        raise CourseError(
            "reset asks before it changes anything, and nobody can answer here. "
            f"`firsthand reset {target} --yes` goes on without the question."
        )
    import typer

    return typer.confirm(question)


def undo(text: str) -> None:
    """Bring back the notebook as it was before the last reset, update or undo."""
    unit = find_unit(text)
    backup = copies.undo(unit)
    say(f"brought back {short(unit.work_notebook)} as it was before the last change")
    if backup is not None:
        say(f"what it replaced is in {short(backup)}")
        say(f"bring that back with  firsthand undo {unit.number}")
    say(textwrap.fill(RELOAD, width()))
