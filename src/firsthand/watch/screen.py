"""What `firsthand watch` shows, from its state alone: a list of lines that fit the window.

With colour the lines carry Rich's styles; words and symbols say the same without. Where there is
no terminal, `block` gives one piece of text for each save.
"""

from io import StringIO

from rich.console import Console
from rich.text import Text

from firsthand.render import number, text
from firsthand.render.rows import SYMBOLS, one_line
from firsthand.report import Status
from firsthand.unit import Exercise
from firsthand.watch.loop import BROKEN, State

MIN_WIDTH = 24
MAX_WIDTH = 100
BUSY = "…"
BAR = 22
MENU = (*("h hint", "n next", "l list", "r rerun", "x reset this exercise", "q quit"),)
_STYLES = {
    Status.PASSED: "green",
    Status.FAILED: "red",
    Status.RAISED: "red",
    Status.TIMED_OUT: "red",
    Status.FAULT: "yellow",
}
FULL, EMPTY = "█", "░"


def draw(
    state: State,
    *,
    width: int = 80,
    height: int = 24,
    colour: bool = False,
    stage: tuple[int, int, int] | None = None,
) -> list[str]:
    """The lines of the whole window, at most `height`, none wider than `width`.

    colour: whether they carry escape sequences. stage: its number, finished units, units.
    """
    width = max(min(width, MAX_WIDTH), MIN_WIDTH)
    head, grid = _head(state, width), [] if state.listing else _grid(state, width)
    body, foot = _body(state, width, colour), _foot(state, width, stage)
    if grid and len(head) + len(grid) + len(body) + len(foot) + 2 > height:
        grid = [_counted(state)]
    room = height - len(head) - len(grid) - len(foot) - 2
    if len(body) > room:
        kept = max(room - 1, 0)
        left = len(body) - kept
        body = [*body[:kept], Text(f"… {left} more lines; make the window taller", style="dim")]
    lines = [*head, *grid, Text(), *body, Text(), *foot][:height]
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return _printed(lines, width, colour)


def block(state: State, *, width: int = 80) -> str:
    """The state after a save as plain text, for logs and screen readers."""
    if state.problem or state.fault:
        return "\n".join(_printed(_status(state, width), width, False))
    lines = [*_head(state, width), *_grid(state, width), Text(), *_body(state, width, False)]
    points = f"{number(state.points)} / {number(state.unit.points)} points"
    return "\n".join([*_printed([*lines, Text()], width, False), f"unit {points}"])


def _head(state: State, width: int) -> list[Text]:
    title = Text(f"{state.unit.number} {state.unit.title}", style="bold")
    title.truncate(width, overflow="ellipsis")
    file = one_line(state.file)
    if title.cell_len + len(file) + 2 <= width:
        gap = " " * (width - title.cell_len - len(file))
        return [title.append(gap + file, style="dim not bold")]
    # Of a long path the end tells more.
    return [title, Text(file if len(file) <= width else f"…{file[1 - width :]}", style="dim")]


def _grid(state: State, width: int) -> list[Text]:
    """All exercises in as many columns as fit, three at most."""
    exercises = state.unit.exercises
    names = max(len(e.name) for e in exercises)
    cell = names + 12
    columns = max(1, min(3, (width - 2) // cell))
    rows: list[Text] = []
    for start in range(0, len(exercises), columns):
        row = Text("  ")
        for exercise in exercises[start : start + columns]:
            row.append_text(_cell(state, exercise, names))
        row.rstrip()
        row.truncate(width, overflow="ellipsis")
        rows.append(row)
    return rows


def _cell(state: State, exercise: Exercise, names: int) -> Text:
    mark, style = _mark(state, exercise)
    name_style = "bold" if exercise.name == state.shown else ""
    cell = Text().append(f"{mark} ", style=style)
    cell.append(f"{exercise.name:<{names}} ", style=name_style)
    return cell.append(f"{_points(state, exercise):<9}", style="dim")


def _points(state: State, exercise: Exercise) -> str:
    if exercise.kind == "rubric":
        return "by hand"
    result = state.results.get(exercise.name)
    return f"{number(result.points) if result else '?'}/{number(exercise.points)}"


def _mark(state: State, exercise: Exercise) -> tuple[str, str]:
    if exercise.name in state.running:
        return BUSY, "yellow"
    if exercise.kind == "rubric":
        return SYMBOLS[Status.MANUAL], ""
    result = state.results.get(exercise.name)
    status = result.status if result else Status.NOT_STARTED
    return SYMBOLS[status], _STYLES.get(status, "")


def _counted(state: State) -> Text:
    passed = sum(state.full(e.name) for e in state.automatic)
    return Text(f"  {passed} of {len(state.automatic)} exercises pass")


def _body(state: State, width: int, colour: bool) -> list[Text]:
    """How things stand, then the list or the shown exercise, then its hint."""
    lines = _status(state, width)
    if state.listing:
        return [*lines, Text(), *_listed(state, width)]
    report = state.whole()
    if report is not None and state.shown in state.results:
        shown = text(report, exercise=state.shown, unit=state.unit, width=width, colour=colour)
        lines += [Text(), *(Text.from_ansi(line) for line in shown.split("\n"))]
    if state.hint:
        lines += [Text(), *_wrapped(one_line(state.hint, 2000), width, "  ", "yellow")]
    if state.finished and state.results:
        done = "Every exercise of this unit passes. firsthand learn goes on with the next."
        lines += [Text(), *_wrapped(done, width, "", "green")]
    return lines


def _status(state: State, width: int) -> list[Text]:
    """One paragraph on what happens now, with what is wrong before what is well."""
    if state.fault:
        said = [one_line(line) for line in state.fault.strip().split("\n")[-6:]]
        lines = _wrapped(BROKEN, width, "", "yellow")
        return lines + [part for line in said for part in _wrapped(line, width, "    ", "dim")]
    if state.problem:
        return _wrapped(f"! {one_line(state.problem, 600)}", width, "", "yellow")
    note = _wrapped(one_line(state.note, 600), width, "", "yellow") if state.note else []
    return note + _wrapped(_progress(state), width, "", "dim")


def _progress(state: State) -> str:
    if not state.ready:
        return "warming up: the first result takes a few seconds …"
    if state.running:
        total = len(state.ran) + len(state.running)
        if state.begun not in state.running:
            return f"grading {total} of {len(state.automatic)} exercises …"
        place = len(state.ran) + state.running.index(state.begun) + 1
        return f"grading {state.begun} ({place} of {total}) …"
    if not state.ran:
        return f"saved {state.clock} · no code has changed since the last run"
    counted = f"{len(state.ran)} of {len(state.automatic)} exercises"
    took = f" · result in {state.seconds:.2f} s" if state.seconds else ""
    return f"saved {state.clock} · {counted} run{took}"


def _listed(state: State, width: int) -> list[Text]:
    """All exercises with points, status and minutes, of which a narrow window leaves out some."""
    rows: list[Text] = []
    names = max(len(e.name) for e in state.unit.exercises)
    for exercise in state.unit.exercises:
        mark, style = _mark(state, exercise)
        result = state.results.get(exercise.name)
        told = result.status.value if result else "not graded yet"
        told = Status.MANUAL.value if exercise.kind == "rubric" else told
        bold = "bold" if exercise.name == state.shown else ""
        row = Text().append(f"{mark} ", style=style).append(f"{exercise.name:<{names}}", bold)
        row.append(f"  {_points_of(state, exercise):>9}")
        if width >= names + 13 + 16:
            row.append(f"  {told:<14}")
        if width >= names + 13 + 16 + 20:
            row.append(f"  about {exercise.minutes} minutes", style="dim")
        row.truncate(width, overflow="ellipsis")
        rows.append(row)
    return rows


def _points_of(state: State, exercise: Exercise) -> str:
    if exercise.kind == "rubric":
        return f"up to {number(exercise.points)}"
    result = state.results.get(exercise.name)
    return f"{number(result.points) if result else '?'} / {number(exercise.points)}"


def _foot(state: State, width: int, stage: tuple[int, int, int] | None) -> list[Text]:
    if state.asking:
        question = f"Reset {state.shown} to its stub? What you wrote is kept as a backup."
        return [*_wrapped(question, width, "", "bold yellow"), Text("y yes   n no", style="bold")]
    unit = ("unit", state.points, state.unit.points, "points")
    rows = [unit] if stage is None else [unit, (f"stage {stage[0]}", *stage[1:], "units")]
    beside = Text("        ").join(_bar(*row, width) for row in rows)
    if beside.cell_len <= width:
        return [beside, *_menu(width)]
    label = max(len(row[0]) for row in rows)
    return [*(_bar(f"{row[0]:<{label}}", *row[1:], width) for row in rows), *_menu(width)]


def _bar(what: str, have: float, of: float, noun: str, width: int) -> Text:
    size = BAR if width >= 60 else 10 if width >= 40 else 5
    done = min(int(size * have / of + 1e-9), size) if of else 0
    bar = Text(f"{what} ")
    bar.append(FULL * done, style="green").append(EMPTY * (size - done), style="dim")
    return bar.append(f" {number(have)}/{number(of)} {noun}")


def _menu(width: int) -> list[Text]:
    """The keys on one line, on as many as a narrow window needs."""
    rows: list[Text] = [Text()]
    for entry in MENU:
        key, words = entry.split(" ", 1)
        if rows[-1].cell_len and rows[-1].cell_len + 3 + len(entry) > width:
            rows.append(Text())
        rows[-1].append("   " if rows[-1].cell_len else "")
        rows[-1].append(key, style="bold").append(f" {words}", style="dim")
    return rows


def _wrapped(line: str, width: int, indent: str, style: str) -> list[Text]:
    console = Console(width=width, file=StringIO())
    parts = Text(line, style=style).wrap(console, max(width - len(indent), 10))
    return [Text(indent).append_text(part) for part in parts]


def _printed(lines: list[Text], width: int, colour: bool) -> list[str]:
    """The lines as strings, with escape sequences where there is colour."""
    file = StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        highlight=False,
        no_color=not colour,
        emoji=False,
        markup=False,
    )
    for line in lines:
        console.print(line, soft_wrap=True, end="\n")
    return file.getvalue().split("\n")[:-1]
