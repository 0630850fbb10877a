"""Everything that the page and the csv files say, worked out once."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from firsthand.cohort.items import Item, analyse, graded
from firsthand.cohort.mistakes import Mistake, common_mistakes
from firsthand.cohort.similarity import Comparison, Pair, compare
from firsthand.cohort.submitted import Submitted, is_started
from firsthand.grading.intake import reference_cells, stub_cells
from firsthand.unit import Unit, exercise_cells

WEAK_ISOLATION = ("kernel", "process-only")


@dataclass(frozen=True)
class Findings:
    """A cohort's results of one unit."""

    unit: Unit
    rows: tuple[Submitted, ...]
    due: datetime | None
    items: tuple[Item, ...]
    mistakes: tuple[Mistake, ...]
    comparisons: tuple[Comparison, ...]

    @cached_property
    def points(self) -> list[float]:
        """The points of all submissions that could be read."""
        return [row.report.points for row in graded(self.rows)]

    @cached_property
    def times(self) -> list[datetime]:
        """When they came in, as far as it is known."""
        return [row.submitted_at for row in self.rows if row.submitted_at is not None]

    @property
    def late(self) -> int:
        """How many came after the due date."""
        return sum(row.late(self.due) for row in self.rows)

    @property
    def median(self) -> float | None:
        """Of the points, or None without submissions."""
        return statistics.median(self.points) if self.points else None

    @cached_property
    def similar(self) -> list[tuple[tuple[str, str], list[Pair]]]:
        """Similar pairs of learners with their exercises: most exercises, then most passages."""
        groups: dict[tuple[str, str], list[Pair]] = defaultdict(list)
        for comparison in self.comparisons:
            for pair in comparison.pairs:
                groups[pair.learners].append(pair)
        return sorted(groups.items(), key=_rank)

    @cached_property
    def identical(self) -> list[tuple[str, ...]]:
        """Groups of learners whose code agrees to the letter in every exercise, largest first.

        A passage that a whole group shares may be too common to count as evidence of a pair.
        """
        groups: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
        for row in graded(self.rows):
            if row.cells and any(map(is_started, row.report.exercises)):
                groups[tuple(sorted(row.cells.items()))].append(row.learner)
        found = [tuple(learners) for learners in groups.values() if len(learners) > 1]
        return sorted(found, key=lambda learners: (-len(learners), learners))

    def attention(self) -> list[str]:
        """What an instructor should know before reading the numbers."""
        reports = [row.report for row in self.rows]
        found = []
        if rejected := sum(bool(r.rejected) for r in reports):
            found.append(
                f"{rejected} of {len(reports)} files could not be read and have 0 points; "
                "they are left out of all numbers about exercises."
            )
        if same := sum(map(len, self.identical)):
            found.append(
                f"{same} learners handed in code that agrees to the letter with somebody else's: "
                'see "Similar submissions".'
            )
        suites = Counter(r.suite_hash for r in reports)
        if len(suites) > 1:
            found.append(f"{len(suites)} versions of the graders were used: grade again.")
        if weak := sum(r.isolation in WEAK_ISOLATION for r in reports if not r.rejected):
            found.append(
                f"{weak} of {len(reports)} scores come from a process without walls: "
                "code that is meant to cheat could have changed them."
            )
        for item in self.items:
            found += _about(item)
        return found


def _rank(group: tuple[tuple[str, str], list[Pair]]) -> tuple[float, float, tuple[str, str]]:
    learners, pairs = group
    return -len(pairs), -sum(pair.shared for pair in pairs), learners


def _about(item: Item) -> list[str]:
    found = []
    if item.faults:
        found.append(
            f"`{item.name}`: a grader broke for {item.faults} learners. That is our bug and cost "
            "them nothing; grade again after the repair."
        )
    interval = item.discrimination_interval
    if item.discrimination is not None and item.discrimination < 0 and interval:
        sure = "" if interval.high < 0 else " The interval includes 0: it may be chance."
        found.append(
            f"`{item.name}`: learners who did well elsewhere did worse here "
            f"(discrimination {item.discrimination:.2f}). Look for an unclear text or a wrong "
            f"test.{sure}"
        )
    return found


def find(unit: Unit, rows: Sequence[Submitted], due: datetime | None) -> Findings:
    """Analyse a cohort. Raises CourseError where there is code to compare and no built unit."""
    return Findings(
        unit,
        tuple(rows),
        due,
        tuple(analyse(unit, rows)),
        tuple(common_mistakes(unit, rows)),
        tuple(_comparisons(unit, graded(rows))),
    )


def _comparisons(unit: Unit, rows: Sequence[Submitted]) -> list[Comparison]:
    if not any(row.cells for row in rows):
        return []
    stubs = stub_cells(unit)
    given = [cell.source for cell in stubs if cell.kind in ("given", "slow", "exercise")]
    references = exercise_cells(reference_cells(unit))
    code = [e.name for e in unit.exercises if e.kind == "code"]
    return [compare(name, rows, given, references[name]) for name in code]
