"""`firsthand dev mutants`: change the reference solutions, and list the changes that no test sees.

A survivor is a hole in the graders, or equivalent to the reference. An equivalent one is recorded
with its reason in the unit's `equivalent.toml` and is then neither listed nor counted.
"""

import difflib
import json
import os
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from firsthand.authoring.mutate import Mutant, mutants_of
from firsthand.unit import Cell, CourseError, Unit, exercise_cells, with_source

if TYPE_CHECKING:
    from rich.console import Console

    from firsthand.grading.engine import Grader

TARGET = 0.95
CALL_SECONDS = 8.0  # a mutant may loop for ever; a right call of every unit takes less


@dataclass(frozen=True)
class Survivor:
    """A mutant that passed every test of its exercise."""

    exercise: str
    key: str
    operator: str
    diff: str


@dataclass(frozen=True)
class MutationResult:
    """How the mutants of a unit fared. `equivalent` are recorded and count neither way."""

    unit: str
    killed: int
    equivalent: int
    survivors: tuple[Survivor, ...]

    @property
    def share(self) -> float:
        """Killed mutants among those that are not equivalent, 0 to 1."""
        judged = self.killed + len(self.survivors)
        return self.killed / judged if judged else 1.0

    @property
    def good(self) -> bool:
        """Whether the share reaches the standard's 95 %."""
        return self.share >= TARGET


def run_mutants(
    unit: Unit,
    *,
    console: "Console",
    json_file: str = "",
    exercises: Sequence[str] = (),
    workers: int = 2,
) -> bool:
    """Grade every mutant, print the survivors with their diff, and say whether 95 % were killed."""
    result = grade_mutants(unit, console=console, exercises=exercises, workers=workers)
    if json_file:
        Path(json_file).write_text(json.dumps(asdict(result), indent=2), encoding="utf-8")
    for survivor in result.survivors:
        console.print(f"survived  {survivor.key}  {survivor.operator}", markup=False)
        console.print(survivor.diff, markup=False, highlight=False)
    console.print(
        f"{unit.id}: {result.killed} of {result.killed + len(result.survivors)} mutants killed "
        f"({result.share:.1%}), {result.equivalent} equivalent",
        highlight=False,
    )
    return result.good


def grade_mutants(
    unit: Unit, *, console: "Console", exercises: Sequence[str] = (), workers: int = 2
) -> MutationResult:
    """Grade every mutant of the unit (or of these exercises) in parallel processes."""
    from firsthand.build.source import read_source

    cells = read_source(unit)
    sources = exercise_cells(cells)
    chosen = [
        e.name for e in unit.exercises if e.name in sources and e.name in (exercises or sources)
    ]
    mutants = [m for name in chosen for m in mutants_of(name, sources[name])]
    recorded = _recorded(unit, {m.key for m in mutants}, chosen)
    waiting = [m for m in mutants if m.key not in recorded]
    survivors: list[Survivor] = []
    for mutant, survived in zip(
        waiting, _verdicts(unit, cells, waiting, console, workers), strict=True
    ):
        if survived:
            diff = _diff(sources[mutant.exercise], mutant.source)
            survivors.append(Survivor(mutant.exercise, mutant.key, mutant.operator, diff))
    killed = len(waiting) - len(survivors)
    return MutationResult(unit.id, killed, len(mutants) - len(waiting), tuple(survivors))


def _verdicts(
    unit: Unit, cells: Sequence[Cell], mutants: Sequence[Mutant], console: "Console", workers: int
) -> Iterator[bool]:
    """For each mutant, in order, whether it survived."""
    from rich.progress import track

    if not mutants:
        return
    # spawned, not forked: a process of ours has torch's threads, and each worker warms its own
    # zygote
    pool = ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_start, initargs=(unit, list(cells))
    )
    with pool:
        yield from track(
            pool.map(_survives, mutants, chunksize=4),
            total=len(mutants),
            description=f"{unit.number} mutants",
            console=console,
            disable=not console.is_terminal,
        )


_grade_one: partial[bool] | None = None


def _start(unit: Unit, cells: list[Cell]) -> None:
    """Prepare one worker process: the collected graders and a warm zygote."""
    global _grade_one
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import torch

    from firsthand.grading.engine import Grader

    torch.set_num_threads(1)
    grader = Grader(unit, reference=cells, call_seconds=CALL_SECONDS, cell_seconds=CALL_SECONDS)
    _grade_one = partial(_passes, grader, cells)


def _passes(grader: "Grader", cells: list[Cell], mutant: Mutant) -> bool:
    changed = with_source(cells, mutant.exercise, mutant.source)
    report = grader.grade(changed, exercises={mutant.exercise}, stop_early=True)
    return report.points == report.max_points


def _survives(mutant: Mutant) -> bool:
    assert _grade_one is not None, "the worker was not prepared"
    return _grade_one(mutant)


def _recorded(unit: Unit, keys: set[str], exercises: Sequence[str]) -> dict[str, str]:
    """The reasons in `equivalent.toml` by key.

    A key that no mutant has is an error: the code has changed.
    """
    path = unit.folder / "equivalent.toml"
    if not path.is_file():
        return {}
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    recorded: dict[str, str] = {}
    for row in rows:
        if set(row) != {"key", "reason"} or len(row["reason"]) < 10:
            raise CourseError(f"{path}: a mutant has a key and a reason of some words, not {row}.")
        if row["key"].rpartition("-")[0] not in exercises:
            continue
        if row["key"] not in keys:
            raise CourseError(f"{path}: no mutant has the key {row['key']!r}. Remove the entry.")
        recorded[row["key"]] = row["reason"]
    return recorded


def _diff(before: str, after: str) -> str:
    """A unified diff of the code alone: both sides laid out alike, without comments."""
    import ast

    left, right = ast.unparse(ast.parse(before)), ast.unparse(ast.parse(after))
    lines = difflib.unified_diff(left.splitlines(), right.splitlines(), lineterm="", n=1)
    return "\n".join(list(lines)[2:])
