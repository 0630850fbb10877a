"""What a learner did, one line each, in a file of their own: `work/.firsthand/journal.jsonl`.

Checks, hints, opened solutions and answers about fit are added at the end and never changed, so
that two notebooks may write at once and a crash loses at most the last line. Progress, time spent
and what to do next are reckoned from it. It stays on this machine; deleting it loses no work.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from firsthand.unit import Exercise, Unit

KINDS = ("opened", "check", "hint", "solution", "fit", "reset", "undo", "update", "test-out")
IDLE_SECONDS = 600.0  # a longer pause between two events is counted as this much work
FILE = Path("work", ".firsthand", "journal.jsonl")


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    time: seconds since 1970. kind: one of `KINDS`. exercise: its name, or "" for the whole unit.
    points, max_points, status: of a check. detail: which hint ("1", "2", "mistake"), how a solution
    was opened ("full marks", "gave up"), an answer about fit ("absorbing=4"), or the hint about the
    mistake that a check recognised.
    """

    time: float
    kind: str
    unit: str
    exercise: str = ""
    points: float = 0.0
    max_points: float = 0.0
    status: str = ""
    detail: str = ""


@dataclass
class Standing:
    """What is known of one exercise. `attempts`: checks of written work, until full marks."""

    best: float = 0.0
    status: str = ""
    attempts: int = 0
    hints: int = 0
    solution: str = ""
    last: float = 0.0


@dataclass
class UnitStanding:
    """What is known of one unit.

    seconds: time spent, as far as the events show it. fit: answers about fit, by question; asked:
    whether the questions were put, answered or not. tested_out: whether its last exercise was
    passed in place of all.
    """

    unit: Unit
    exercises: dict[str, Standing] = field(default_factory=dict)
    seconds: float = 0.0
    first: float = 0.0
    last: float = 0.0
    fit: dict[str, int] = field(default_factory=dict)
    asked: bool = False
    tested_out: bool = False

    @property
    def points(self) -> float:
        """The best points of every exercise that graders award."""
        return sum(s.best for s in self.exercises.values())

    @property
    def hints(self) -> int:
        """Hints that were shown."""
        return sum(s.hints for s in self.exercises.values())

    @property
    def started(self) -> bool:
        """Whether anything was recorded."""
        return self.last > 0

    @property
    def finished(self) -> bool:
        """Whether every automatic exercise has had full marks."""
        return self.next_exercise is None and bool(self.exercises)

    @property
    def done(self) -> bool:
        """Whether it counts as done where another unit builds on it."""
        return self.finished or self.tested_out

    @property
    def last_exercise(self) -> Exercise | None:
        """The last automatic exercise: the one that tests out of the unit."""
        automatic = [e for e in self.unit.exercises if e.name in self.exercises]
        return automatic[-1] if automatic else None

    @property
    def next_exercise(self) -> Exercise | None:
        """The first automatic exercise without full marks."""
        for exercise in self.unit.exercises:
            if exercise.kind != "rubric" and not self._full(exercise):
                return exercise
        return None

    def _full(self, exercise: Exercise) -> bool:
        return self.exercises[exercise.name].best >= exercise.points - 1e-6


def journal_file(root: Path) -> Path:
    """Where the journal of the course at `root` is."""
    return root / FILE


def record(
    root: Path,
    kind: str,
    unit: str,
    exercise: str = "",
    *,
    points: float = 0.0,
    max_points: float = 0.0,
    status: str = "",
    detail: str = "",
) -> None:
    """Add one event.

    Raises ValueError for an unknown kind, and OSError where the line cannot be written: callers
    go on without it, for a full disk must not cost a learner the result of a check.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}: one of {', '.join(KINDS)}")
    event = Event(time.time(), kind, unit, exercise, points, max_points, status, detail)
    line = json.dumps(asdict(event), ensure_ascii=False) + "\n"
    path = journal_file(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    # One write of one line at the end: lines of two notebooks do not mix.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def events(root: Path) -> list[Event]:
    """Everything recorded, in order of time. Lines that are no event are left out."""
    try:
        text = journal_file(root).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    found = [event for line in text.split("\n") if (event := _event(line)) is not None]
    return sorted(found, key=lambda event: event.time)


def _event(line: str) -> Event | None:
    # Half a line, which a full disk left behind, stands before the next one.
    line = line[max(line.rfind('{"time": '), 0) :]
    try:
        event = Event(**json.loads(line))
        numbers = [float(value) for value in (event.time, event.points, event.max_points)]
    except (ValueError, TypeError):
        return None
    texts = (event.kind, event.unit, event.exercise, event.status, event.detail)
    whole = all(isinstance(text, str) for text in texts) and event.kind in KINDS
    return event if whole and all(0 <= n < float("inf") for n in numbers) else None


def standings(units: Sequence[Unit], found: Iterable[Event]) -> dict[str, UnitStanding]:
    """What is known of every unit, by id."""
    table = {unit.id: _empty(unit) for unit in units}
    for event in found:
        if (standing := table.get(event.unit)) is not None:
            _add(standing, event)
    return table


def _empty(unit: Unit) -> UnitStanding:
    automatic = [e.name for e in unit.exercises if e.kind != "rubric"]
    return UnitStanding(unit, {name: Standing() for name in automatic})


def _add(standing: UnitStanding, event: Event) -> None:
    if standing.last:
        standing.seconds += min(max(event.time - standing.last, 0.0), IDLE_SECONDS)
    standing.first = standing.first or event.time
    standing.last = event.time
    standing.tested_out |= event.kind == "test-out"
    if event.kind == "fit":
        standing.asked = True
        name, _, value = event.detail.partition("=")
        if value.isdigit():
            standing.fit[name] = int(value)
    exercise = standing.exercises.get(event.exercise)
    if exercise is None:
        return
    exercise.last = event.time
    if event.kind == "hint":
        exercise.hints += 1
    elif event.kind == "solution":
        exercise.solution = event.detail
    elif event.kind == "check":
        full = standing.unit.exercise(event.exercise).points
        if event.status != "not started" and exercise.best < full - 1e-6:
            exercise.attempts += 1
        exercise.best = max(exercise.best, min(event.points, full))
        exercise.status = event.status
