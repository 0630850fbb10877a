"""Which wrong answers a cohort gave, and how often.

Each learner counts once for each exercise: with the failure that the learner was shown. Recognised
mistakes are grouped by their hint, all others by the test and by what happened there.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from firsthand.cohort.items import Interval, graded, wilson
from firsthand.cohort.submitted import Submitted, is_started
from firsthand.render.rows import clean, one_line
from firsthand.report import Status, TestResult
from firsthand.unit import Unit


@dataclass(frozen=True)
class Mistake:
    """One wrong answer to one exercise.

    what: the hint of a recognised mistake, else the sentence of the test that failed.
    example: the message that most of these learners got, on one line. learners: their ids.
    started: how many learners wrote anything in this exercise.
    """

    exercise: str
    recognised: bool
    status: Status
    what: str
    example: str
    learners: tuple[str, ...]
    started: int

    @property
    def count(self) -> int:
        """How many learners made it."""
        return len(self.learners)

    @property
    def share(self) -> float:
        """Of those who started the exercise."""
        return self.count / self.started

    @property
    def interval(self) -> Interval:
        """Wilson's interval of `share`, at 95 %."""
        return wilson(self.count, self.started)


def common_mistakes(unit: Unit, rows: Sequence[Submitted]) -> list[Mistake]:
    """All mistakes, by the unit's order of exercises, the most frequent first."""
    readable = graded(rows)
    return [m for e in unit.exercises for m in _of_exercise(e.name, readable)]


def _of_exercise(exercise: str, rows: Sequence[Submitted]) -> list[Mistake]:
    groups: dict[tuple[str, ...], list[tuple[str, TestResult]]] = defaultdict(list)
    started = 0
    for row in rows:
        result = row.result(exercise)
        if result is None or not is_started(result):
            continue
        started += 1
        shown = result.shown
        if shown is not None and shown.status is not Status.FAULT:
            groups[_key(shown)].append((row.learner, shown))
    mistakes = [_mistake(exercise, group, started) for group in groups.values()]
    return sorted(mistakes, key=lambda m: (-m.count, not m.recognised, m.what, m.example))


def _key(test: TestResult) -> tuple[str, ...]:
    if test.recognised:
        return ("recognised", one_line(test.hint or test.message))
    raised = clean(test.message).split(":")[0].strip() if test.status is Status.RAISED else ""
    return ("test", test.name, test.status.value, raised)


def _mistake(exercise: str, group: Sequence[tuple[str, TestResult]], started: int) -> Mistake:
    first = group[0][1]
    messages = Counter(one_line(test.message) for _, test in group)
    # The most frequent; of equals the first in the alphabet, so that a page is reproducible.
    example = min(messages, key=lambda text: (-messages[text], text))
    what = (first.hint or first.message) if first.recognised else first.sentence
    learners = tuple(learner for learner, _ in group)
    return Mistake(
        exercise, first.recognised, first.status, one_line(what), example, learners, started
    )
