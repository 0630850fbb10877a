"""Processor time that a submission may use for the tests of one exercise.

A deadline on the clock is unfair on a busy machine and generous on an idle one; processor time is
neither. The warm process reads it from the system, so a submission cannot misreport it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from firsthand.grading.client import Session
from firsthand.grading.outcome import Verdict
from firsthand.report import Status
from firsthand.unit import Exercise


class Budget:
    """What one exercise has used of its allowance. `used`: seconds of processor time."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self.allowed = exercise.cpu_seconds
        self.used = 0.0

    @property
    def exceeded(self) -> bool:
        """Whether there is an allowance, and it is used up."""
        return 0 < self.allowed < self.used

    @contextmanager
    def charging(self, session: Session) -> Iterator[None]:
        """Charge what the learner's side uses in the block; nothing where there is no allowance.

        A process that has ended cannot be asked any more: then the deadlines of its calls, which
        bound what it used, are all that counts.
        """
        if not self.allowed:
            yield
            return
        before = session.cpu_seconds()
        try:
            yield
        finally:
            self.used += max(0.0, session.cpu_seconds() - before)

    def verdict(self) -> Verdict:
        """What is said of a test that the allowance did not reach to."""
        return Verdict(
            Status.TIMED_OUT,
            f"`{self._exercise.name}` used {self.used:.1f} s of processor time; its tests may use "
            f"{self.allowed:g} s together.",
            "does it do more work than the statement asks for?",
        )
