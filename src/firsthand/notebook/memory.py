"""What was checked, hinted and opened in one unit: the journal's memory, or that of one process.

In a course it is the learner's journal, so hints stay counted when a kernel restarts, and the
notebook and the command line go on from each other. Where no course is (a student bundle), while a
notebook is executed for somebody else, and where the disk is full, this process remembers alone.
"""

import os
import time
from pathlib import Path

from firsthand import hints, journal
from firsthand.hints import Hint
from firsthand.journal import Event, Standing
from firsthand.report import ExerciseResult, Report, Status
from firsthand.unit import Exercise, Unit

FULL_MARKS, GAVE_UP = "full marks", "gave up"
# Set by `firsthand dev build` and by nbgrader: then nobody sits before the notebook.
EXECUTED_BY = ("FIRSTHAND_EXECUTING_SOLUTION", "NBGRADER_EXECUTION")


class Memory:
    """The events of one unit. Nothing here raises because of a file."""

    def __init__(self, unit: Unit, root: Path | None) -> None:
        """root: the course whose journal it is; None keeps everything in this process."""
        self.unit = unit
        self._root = None if any(os.environ.get(name) for name in EXECUTED_BY) else root
        self._unwritten: list[Event] = []

    def checked(self, result: ExerciseResult) -> None:
        """Note what a check came to, and the hint about the mistake that it recognised."""
        shown = result.shown
        self._add(
            "check",
            result.name,
            points=result.points,
            max_points=result.max_points,
            status=result.status.value,
            detail=shown.hint if shown and shown.recognised else "",
        )

    def checked_all(self, report: Report) -> None:
        """Note the exercises of a report on which there is any work."""
        for result in report.exercises:
            if result.status not in (Status.MANUAL, Status.NOT_STARTED):
                self.checked(result)

    def hint(self, exercise: Exercise) -> Hint:
        """The next hint, which then counts as seen."""
        found = self.events()
        mistake = self._unseen_mistake(found, exercise.name)
        seen = hints.rungs_seen(found, self.unit.id, exercise.name)
        hint = hints.next_hint(exercise, seen, mistake)
        if hint.rung:
            self._add("hint", exercise.name, detail=hint.rung)
        return hint

    def hints_seen(self, name: str) -> int:
        """How many of an exercise's own hints were shown."""
        return hints.rungs_seen(self.events(), self.unit.id, name)

    def standing(self, name: str) -> Standing:
        """What is known of an exercise; an empty one where a person grades it."""
        known = journal.standings([self.unit], self.events())[self.unit.id].exercises
        return known.get(name) or Standing(solution=self._opened(name))

    def solution_opened(self, name: str, how: str) -> None:
        """Note how a reference solution was opened: `FULL_MARKS` or `GAVE_UP`."""
        self._add("solution", name, detail=how)

    def events(self) -> list[Event]:
        """Everything known, in order of time."""
        written = journal.events(self._root) if self._root else []
        return sorted([*written, *self._unwritten], key=lambda event: event.time)

    def _opened(self, name: str) -> str:
        found = [e.detail for e in self.events() if e.kind == "solution" and self._about(e, name)]
        return found[-1] if found else ""

    def _unseen_mistake(self, found: list[Event], name: str) -> str:
        checks = [e for e in found if e.kind == "check" and self._about(e, name)]
        if not checks or hints.mistake_shown(found, self.unit.id, name):
            return ""
        return checks[-1].detail

    def _about(self, event: Event, name: str) -> bool:
        return (event.unit, event.exercise) == (self.unit.id, name)

    def _add(
        self,
        kind: str,
        name: str,
        *,
        points: float = 0.0,
        max_points: float = 0.0,
        status: str = "",
        detail: str = "",
    ) -> None:
        unit = self.unit.id
        if self._root is not None:
            try:
                journal.record(
                    self._root,
                    kind,
                    unit,
                    name,
                    points=points,
                    max_points=max_points,
                    status=status,
                    detail=detail,
                )
                return
            except OSError:  # a full disk costs the record, never the check
                pass
        event = Event(time.time(), kind, unit, name, points, max_points, status, detail)
        self._unwritten.append(event)
