"""Prove every invariant of a unit, one line each; stop at the first that is broken, with its mend.

What the invariants are is written in `written` (read off the files) and `graded` (proved by grading
and running). This module only orders, times and prints them.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firsthand.authoring import graded, written
from firsthand.authoring.subject import Subject
from firsthand.unit import CourseError, Unit

if TYPE_CHECKING:
    from rich.console import Console

Invariant = tuple[str, Callable[[Subject], str]]

FAST: tuple[Invariant, ...] = (
    ("ids and prerequisites resolve", written.ids_resolve),
    ("the source keeps the unit format", written.source_is_valid),
    ("unit.toml, cells and graders name the same exercises", written.exercise_sets_agree),
    ("sections and exercises are headed", written.exercises_are_headed),
    ("sizes are kept: exercises, minutes, lines", written.sizes_are_kept),
    ("three hints for each exercise", written.hints_are_complete),
    ("design.md has at most 60 lines", written.design_is_short),
    ("the text uses every term of glossary.toml", written.glossary_is_used),
    ("a visible test for each exercise, three in all for code", written.tests_are_enough),
    ("five wrong answers for each code exercise", written.wrong_answers_are_enough),
    ("no stray files", written.folder_is_clean),
    ("no name is used before it is given", written.names_are_given_first),
    ("no solution line stands outside of the solutions", written.solutions_are_not_given_away),
    ("exercises/, solutions/ and curriculum/README.md are fresh", written.built_files_are_fresh),
    ("three plots, each described and explained", written.plots_are_enough),
    ("check cells of the solution notebook show full marks", written.checks_show_full_marks),
    ("the untouched notebook scores 0", graded.stub_scores_nothing),
    ("the solution scores full marks within its budget, offline", graded.solution_scores_full),
)
SLOW: tuple[Invariant, ...] = (
    (
        "stub not started; wrong answers caught, each with its hint",
        graded.wrong_answers_are_caught,
    ),
    ("learner's kernel and worker process report the same", graded.transports_agree),
    ("one course key gives one report", graded.reports_repeat),
    ("the untouched notebook runs, offline, silent on stderr", graded.untouched_notebook_runs),
)
# What a quick check proves of them is less, and its lines say so.
QUICK: tuple[Invariant, ...] = (
    (
        "stub not started; every wrong answer fails the test named for it",
        graded.wrong_answers_are_caught,
    ),
    ("kernel and worker process report the same of solution and stub", graded.transports_agree),
    *SLOW[2:],
)


@dataclass(frozen=True)
class Finding:
    """One invariant of one unit: whether it holds, and if not, what is broken and its mend."""

    unit: str
    invariant: str
    holds: bool
    detail: str
    seconds: float


class Findings(list[Finding]):
    """All findings; true when every one holds."""

    def __bool__(self) -> bool:
        """Whether every invariant that was reached holds."""
        return all(finding.holds for finding in self)


def check_units(
    units: Sequence[Unit],
    *,
    seeds: int = 3,
    fast: bool = False,
    quick: bool = False,
    console: "Console | None" = None,
) -> Findings:
    """Check units in order, and print one line for each invariant.

    A unit's check stops at its first broken invariant. seeds: how many course keys the solution is
    graded with. fast: leave out what takes more than seconds, and grade with one key.
    quick: everything, but with one key, and of wrong answers only that the named test fails each.
    """
    if console is None:
        from rich.console import Console

        console = Console(highlight=False)
    findings = Findings()
    for unit in units:
        subject = Subject(unit, 1 if fast or quick else seeds, console, quick=quick)
        console.print(f"{unit.id}  {unit.title}", markup=False, soft_wrap=True)
        try:
            for invariant in FAST if fast else FAST + (QUICK if quick else SLOW):
                finding = _examine(subject, invariant)
                findings.append(finding)
                _print(console, finding)
                if not finding.holds:
                    break
        finally:
            subject.close()
    return findings


def _examine(subject: Subject, invariant: Invariant) -> Finding:
    sentence, examine = invariant
    started = time.perf_counter()
    try:
        problem = examine(subject)
    except CourseError as error:
        problem = str(error)
    seconds = time.perf_counter() - started
    return Finding(subject.unit.id, sentence, not problem, problem, seconds)


def _print(console: "Console", finding: Finding) -> None:
    mark, word = ("✓", "holds ") if finding.holds else ("✗", "broken")
    seconds = f"  {finding.seconds:.0f} s" if finding.seconds >= 1 else ""
    line = f"  {mark} {word}  {finding.invariant}{seconds}"
    console.print(line, markup=False, soft_wrap=True)
    if finding.detail:
        console.print(f"            {finding.detail}", markup=False, soft_wrap=True)
