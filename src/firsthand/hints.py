"""Which hint comes next: the one rule of the notebook, the command line and `firsthand watch`.

A mistake that the last check recognised has a hint of its own, which is shown first and once. Then
follow the exercise's hints, cheapest first, one more each time; after the last it is shown again.
"""

from collections.abc import Iterable
from typing import NamedTuple

from firsthand.journal import Event
from firsthand.unit import Exercise

MISTAKE = "mistake"


class Hint(NamedTuple):
    """A hint to show.

    text: one paragraph, not wrapped. rung: what the journal records as its detail, "mistake", "1",
    "2" and so on; "" where nothing new is shown, which is not recorded.
    """

    text: str
    rung: str


def next_hint(exercise: Exercise, seen: int, mistake: str = "") -> Hint:
    """The hint to show now.

    seen: how many of `exercise.hints` have been shown. mistake: the hint about the mistake that
    the last check recognised, or "" where there is none or it has been shown since.
    """
    if mistake:
        return Hint(f"about your last check: {mistake}", MISTAKE)
    hints = exercise.hints
    if not hints:
        by_hand = " A person reads it: the points are in the text above."
        return Hint(f"{exercise.name} has no hints." + by_hand * (exercise.kind == "rubric"), "")
    shown = min(max(seen, 0), len(hints) - 1)
    last = " (the last one)" if shown + 1 == len(hints) else ""
    text = f"hint {shown + 1} of {len(hints)}{last}: {hints[shown]}"
    return Hint(text, str(shown + 1) if seen < len(hints) else "")


def rungs_seen(found: Iterable[Event], unit: str, exercise: str) -> int:
    """How many of an exercise's hints the journal says were shown. unit: its id."""
    hints = (e for e in found if (e.kind, e.unit, e.exercise) == ("hint", unit, exercise))
    return max((int(e.detail) for e in hints if e.detail.isdecimal()), default=0)


def mistake_shown(found: Iterable[Event], unit: str, exercise: str) -> bool:
    """Whether the hint about a mistake was shown since the exercise's last check."""
    shown = False
    for event in found:
        if (event.unit, event.exercise) == (unit, exercise):
            if event.kind == "check":
                shown = False
            elif event.kind == "hint" and event.detail == MISTAKE:
                shown = True
    return shown
