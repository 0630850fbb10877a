"""Classical item analysis: how hard each exercise was, and whether it tells learners apart.

Difficulty is the mean share of an exercise's points. Discrimination is the correlation of that
share with the points of all *other* exercises; with the exercise itself in the total the number
would be too high (Guilford 1953, The correlation of an item with a composite of the remaining items
in a test, Educational and Psychological Measurement 13, 87-93). Intervals are at 95 %: Wilson's for
shares, which Brown, Cai and DasGupta (2001, Interval Estimation for a Binomial Proportion,
Statistical Science 16, 101-133) recommend for small numbers; Fisher's z for correlations.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from firsthand.cohort.submitted import Submitted, is_started
from firsthand.report import Status
from firsthand.unit import Exercise, Unit

Z = 1.959964  # of a two-sided interval at 95 %
FEWEST_FOR_CORRELATION = 3


class Interval(NamedTuple):
    """Both ends of an interval at 95 %."""

    low: float
    high: float


@dataclass(frozen=True)
class Item:
    """One exercise over a cohort.

    learners: graded submissions. started, solved: how many of them wrote something, and have full
    marks. mean_share: mean of points / max points, 0 to 1; None without learners.
    discrimination: -1 to 1, or None, and then `undefined` says why. faults: submissions in which a
    grader broke.
    """

    name: str
    max_points: float
    learners: int
    started: int
    solved: int
    mean_share: float | None
    solved_interval: Interval | None
    discrimination: float | None
    discrimination_interval: Interval | None
    undefined: str
    faults: int

    @property
    def solved_share(self) -> float | None:
        """The share of learners with full marks, or None without learners."""
        return self.solved / self.learners if self.learners else None


def graded(rows: Sequence[Submitted]) -> list[Submitted]:
    """The submissions that could be read; the zeros of the others say nothing of an exercise."""
    return [row for row in rows if not row.report.rejected]


def analyse(unit: Unit, rows: Sequence[Submitted]) -> list[Item]:
    """One `Item` for each exercise that graders score, in the unit's order.

    Exercises that are graded by hand are left out: their points are in no report.
    """
    readable = graded(rows)
    exercises = [e for e in unit.exercises if e.kind != "rubric"]
    points = {e.name: [_points(row, e.name) for row in readable] for e in exercises}
    return [_item(e, readable, points) for e in exercises]


def _points(row: Submitted, exercise: str) -> float:
    result = row.result(exercise)
    return result.points if result else 0.0


def _item(exercise: Exercise, rows: list[Submitted], points: dict[str, list[float]]) -> Item:
    results = [r for row in rows if (r := row.result(exercise.name)) is not None]
    shares = [p / exercise.points for p in points[exercise.name]]
    others = [
        sum(column[i] for name, column in points.items() if name != exercise.name)
        for i in range(len(rows))
    ]
    solved = sum(r.status is Status.PASSED for r in results)
    discrimination, undefined = _discrimination(shares, others, alone=len(points) == 1)
    return Item(
        name=exercise.name,
        max_points=exercise.points,
        learners=len(rows),
        started=sum(is_started(r) for r in results),
        solved=solved,
        mean_share=statistics.fmean(shares) if shares else None,
        solved_interval=wilson(solved, len(rows)) if rows else None,
        discrimination=discrimination,
        discrimination_interval=fisher(discrimination, len(rows)),
        undefined=undefined,
        faults=sum(any(t.status is Status.FAULT for t in r.tests) for r in results),
    )


def _discrimination(
    shares: Sequence[float], others: Sequence[float], *, alone: bool
) -> tuple[float | None, str]:
    """The correlation, or None and the reason."""
    if alone:
        return None, "the unit has no other exercise to compare with"
    if len(shares) < FEWEST_FOR_CORRELATION:
        return None, f"fewer than {FEWEST_FOR_CORRELATION} submissions"
    if _constant(shares):
        return None, "all have the same points here"
    if _constant(others):
        return None, "all have the same points elsewhere"
    return statistics.correlation(shares, others), ""


def _constant(values: Sequence[float]) -> bool:
    """Whether they differ by no more than rounding does."""
    return max(values) - min(values) < 1e-9


def wilson(successes: int, n: int) -> Interval:
    """Wilson's score interval for a share. Raises ValueError unless 0 <= successes <= n, n > 0."""
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"{successes} of {n} is no share")
    share = successes / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def fisher(correlation: float | None, n: int) -> Interval | None:
    """Fisher's z interval for a correlation of n pairs; None for fewer than 4 or for exactly ±1."""
    if correlation is None or n < 4 or abs(correlation) > 1 - 1e-12:
        return None
    z, half = math.atanh(correlation), Z / math.sqrt(n - 3)
    return Interval(math.tanh(z - half), math.tanh(z + half))
