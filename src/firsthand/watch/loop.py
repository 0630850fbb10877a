"""What `firsthand watch` does, without a terminal, a file or a process: events in, actions out.

The state holds the last result of every exercise. A save is compared with the save before; what it
touches is owed a run until a report of the newest save covers it, so that an exercise that an
abandoned run had begun is not forgotten. The result shown is always of the newest save. What the
learner edited is graded first, by itself, and what uses it after that: the result that somebody
waits for does not wait for the others.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from firsthand.report import ExerciseResult, Report, Status
from firsthand.unit import Cell, Exercise, Unit
from firsthand.watch.changes import edited, touched

KEYS = "hnlrxq"
BROKEN = "The grading process broke. This is our bug, not yours. r starts it again."


@dataclass(frozen=True)
class Grade:
    """Grade these exercises of these cells; the job replaces all before it."""

    job: int
    cells: tuple[Cell, ...]
    exercises: tuple[str, ...]
    known_right: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """Note the checks of a report in the journal."""

    report: Report


@dataclass(frozen=True)
class Hint:
    """Find the exercise's next hint, and give it to `hinted`."""

    exercise: str


@dataclass(frozen=True)
class Reset:
    """Put the exercise's stub back."""

    exercise: str


@dataclass(frozen=True)
class Quit:
    """End."""


Action = Grade | Record | Hint | Reset | Quit


@dataclass
class State:
    """What is drawn. `clock`: when the last save was noticed, such as "14:03:22"."""

    unit: Unit
    file: str
    results: dict[str, ExerciseResult] = field(default_factory=dict)
    report: Report | None = None
    shown: str = ""
    running: tuple[str, ...] = ()
    begun: str = ""
    ready: bool = False
    clock: str = ""
    ran: tuple[str, ...] = ()
    seconds: float = 0.0
    problem: str = ""
    note: str = ""
    hint: str = ""
    listing: bool = False
    asking: bool = False
    fault: str = ""

    @property
    def automatic(self) -> list[Exercise]:
        """The exercises that graders award points for."""
        return [e for e in self.unit.exercises if e.kind != "rubric"]

    @property
    def points(self) -> float:
        """Points of the results that are there."""
        return sum(r.points for r in self.results.values())

    def full(self, name: str) -> bool:
        """Whether the exercise has full marks."""
        result = self.results.get(name)
        return result is not None and result.points >= result.max_points - 1e-6

    @property
    def finished(self) -> bool:
        """Whether every one of them has full marks."""
        return all(self.full(e.name) for e in self.automatic)

    def whole(self) -> Report | None:
        """The last report with the results of all exercises that have one."""
        if self.report is None:
            return None
        rows = [
            self.results.get(e.name)
            or ExerciseResult(e.name, e.kind, Status.MANUAL, 0.0, float(e.points))
            for e in self.unit.exercises
            if e.name in self.results or e.kind == "rubric"
        ]
        return replace(self.report, exercises=tuple(rows))


class Loop:
    """The state and what changes it. file: the name of the watched file, as shown."""

    def __init__(self, unit: Unit, file: str) -> None:
        self.state = State(unit, file)
        self._cells: tuple[Cell, ...] | None = None
        self._owed: set[str] = set()
        self._edited: tuple[str, ...] = ()
        self._job = 0
        self._remark = ""  # a note on results, as they stood
        self._told = False  # the note is about the save that it causes, and outlives it

    def saved(self, cells: tuple[Cell, ...], *, clock: str, file: str = "") -> list[Action]:
        """The file was saved and read."""
        state = self.state
        state.problem, state.asking = "", False
        state.note = state.note if self._told else ""
        self._told = False
        state.clock, state.file, state.ran = clock, file or state.file, ()
        before, self._cells = self._cells, cells
        self._owed |= set(touched(state.unit, before, cells))
        changed = edited(before, cells) if before is not None else ()
        # A newer save does not make us forget what the one before it was about.
        self._edited = changed + tuple(n for n in self._edited if n not in changed)
        if self._owed:
            return self._grade()
        state.running = ()
        return []

    def unreadable(self, problem: str) -> list[Action]:
        """The file is gone or is no notebook. What was graded stays on the screen."""
        self.state.problem = problem
        return []

    def ready(self) -> list[Action]:
        """The graders are collected."""
        self.state.ready = True
        return []

    def begun(self, job: int, exercise: str) -> list[Action]:
        """The first test of an exercise runs."""
        if job == self._job:
            self.state.begun = exercise
        return []

    def graded(self, job: int, report: Report, seconds: float = 0.0) -> list[Action]:
        """A report has come. One of an older save is recorded, and not shown."""
        results = [r for r in report.exercises if r.status is not Status.MANUAL]
        if job != self._job:
            return [Record(report)]
        state = self.state
        if not state.ran:
            # What the very first run took is the start of the graders: that says nothing.
            state.seconds = seconds if state.report else 0.0
        state.ready, state.fault, state.report, state.begun = True, "", report, ""
        names = {r.name for r in results}
        state.ran += tuple(r.name for r in results if r.name not in state.ran)
        self._owed -= names
        state.results.update((r.name, r) for r in results)
        if state.shown in names:
            state.hint = ""
        if state.note == self._remark:  # it was about results older than these
            state.note = ""
        self._choose(names)
        state.running = ()
        return [Record(report), *(self._grade() if self._owed else [])]

    def hinted(self, text: str) -> None:
        """Show the hint that was asked for."""
        self.state.hint = text

    def broke(self, text: str) -> list[Action]:
        """The grading process broke; `text` is what it said."""
        state = self.state
        state.fault, state.running, state.begun = text, (), ""
        return []

    def key(self, key: str) -> list[Action]:
        """A key was pressed. Others than `KEYS` do nothing."""
        state = self.state
        if state.asking:
            return self._answer(key)
        if key in KEYS and key != "l":
            state.listing = False
        state.note = "" if key in KEYS else state.note
        match key:
            case "h":
                return self._hint()
            case "n":
                self._next()
            case "l":
                state.listing = not state.listing
            case "r":
                return self._again()
            case "x":
                self._ask()
            case "q":
                return [Quit()]
        return []

    def say(self, note: str) -> None:
        """Show one line until the next key, also over a save that it is about."""
        self.state.note, self._told = note, True

    def _grade(self) -> list[Action]:
        """Ask for the exercises that were edited, or is shown; for all that is owed after that."""
        state = self.state
        assert self._cells is not None
        self._job += 1
        owed = [e.name for e in state.automatic if e.name in self._owed]
        first = [n for n in owed if n in (self._edited or (state.shown,))] or owed
        state.running = (*first, *(n for n in owed if n not in first))
        state.begun = ""
        right = tuple(n for n in state.results if n not in self._owed and state.full(n))
        return [Grade(self._job, self._cells, tuple(first), right)]

    def _choose(self, ran: Collection[str]) -> None:
        """Show what the learner works on: of the edited exercises the first that is wrong."""
        state = self.state
        mine = [n for n in self._edited if n in ran]
        self._edited = ()
        wrong = [n for n in mine if not state.full(n)]
        chosen = (wrong or mine)[:1]
        if not chosen and not state.shown:
            failed = [e.name for e in state.automatic if not state.full(e.name)]
            written = [n for n in failed if state.results[n].status is not Status.NOT_STARTED]
            chosen = (written or failed or [e.name for e in state.automatic])[:1]
        if chosen:
            hint = state.hint if chosen[0] == state.shown else ""
            self._show(chosen[0])
            state.hint = hint

    def _show(self, name: str) -> None:
        self.state.shown, self.state.hint, self.state.listing = name, "", False

    def _next(self) -> None:
        """Show the next exercise without full marks, from the shown one on, round the end."""
        state = self.state
        names = [e.name for e in state.automatic]
        start = names.index(state.shown) + 1 if state.shown in names else 0
        open_ones = [n for n in names[start:] + names[:start] if not state.full(n)]
        if not open_ones:
            self._remark = state.note = "Every exercise of this unit passes."
        elif open_ones[0] == state.shown:
            self._remark = state.note = f"{state.shown} is the only one left."
        else:
            self._show(open_ones[0])

    def _hint(self) -> list[Action]:
        state = self.state
        if not state.shown:
            state.note = "Nothing is graded yet: hints follow the first result."
            return []
        if state.full(state.shown):
            self._remark = state.note = f"{state.shown} passes: it needs no hint."
            return []
        return [Hint(state.shown)]

    def _again(self) -> list[Action]:
        if self._cells is None:
            return []
        self._owed = {e.name for e in self.state.automatic}
        self.state.fault, self.state.ran = "", ()
        return self._grade()

    def _ask(self) -> None:
        state = self.state
        if not state.shown:
            state.note = "Nothing is graded yet."
        elif not state.file.endswith(".ipynb"):
            state.note = f"x works on a notebook; {state.file} is an export."
        else:
            state.asking = True

    def _answer(self, key: str) -> list[Action]:
        state = self.state
        if key == "q":
            return [Quit()]
        if key not in "yYnN\x1b":
            return []
        state.asking = False
        if key in "yY":
            return [Reset(state.shown)]
        state.note = f"{state.shown} stays as it is."
        return []
