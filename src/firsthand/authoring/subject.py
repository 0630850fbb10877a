"""What the invariants of a unit are checked on: its cells, graders and wrong answers, read once."""

import json
import os
import types
from collections.abc import Collection, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import StringIO
from typing import TYPE_CHECKING, Any

from firsthand.build.notebooks import stub_source, with_checks
from firsthand.build.source import read_source
from firsthand.unit import Cell, Unit, with_source
from firsthand.wrong import WrongAnswer, load_wrong_answers

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from rich.console import Console

    from firsthand.grading.engine import Grader
    from firsthand.grading.plugin import Suite
    from firsthand.report import Report


@dataclass
class Subject:
    """One unit under check. Everything is read or started when an invariant first asks for it."""

    unit: Unit
    seeds: int
    console: "Console | None"
    quick: bool = False  # wrong answers must fail a test; which, and with which hint, is left open
    reports: list["Report"] = field(default_factory=list)  # of the solution, by course key
    again: "Report | None" = None  # of the solution, graded a second time
    differences: list[str] = field(default_factory=list)  # between the two transports
    workers: "ProcessPoolExecutor | None" = None

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of `unit.py` with generated checks: the reference solutions."""
        return with_checks(read_source(self.unit))

    @cached_property
    def stub(self) -> list[Cell]:
        """The cells as a learner first sees them."""
        return [replace(cell, source=stub_source(cell)) for cell in self.cells]

    @cached_property
    def wrong_answers(self) -> list[WrongAnswer]:
        """The named wrong answers."""
        return load_wrong_answers(self.unit, self.cells)

    @cached_property
    def solved_notebook(self) -> dict[str, Any]:
        """The built solution notebook with its outputs."""
        table: dict[str, Any] = json.loads(self.unit.solution_notebook.read_text(encoding="utf-8"))
        return table

    @cached_property
    def suite(self) -> "Suite":
        """The unit's tests, collected; the engine itself refuses a set that is not complete."""
        from firsthand.grading.plugin import Suite

        return Suite(self.unit.graders, unit=self.unit.id)

    @cached_property
    def grader(self) -> "Grader":
        """The unit's graders with the course key "0"."""
        from firsthand.grading.engine import Grader

        return Grader(self.unit, key="0", reference=self.cells)

    @property
    def code_names(self) -> list[str]:
        """The names of the code exercises."""
        return [e.name for e in self.unit.exercises if e.kind == "code"]

    def with_answer(self, answer: WrongAnswer) -> list[Cell]:
        """The reference cells with one wrong answer in its place."""
        return with_source(self.cells, answer.exercise, answer.source)

    def kernel_report(
        self,
        cells: Sequence[Cell],
        exercises: Collection[str] | None = None,
        known_right: Collection[str] = (),
    ) -> "Report":
        """The report of the learner's-kernel transport, with the cells run in this process."""
        names = namespace(cells)
        return self.grader.grade_namespace(names, exercises=exercises, known_right=known_right)

    def close(self) -> None:
        """End the graders and the processes, if they were started."""
        if self.workers is not None:
            self.workers.shutdown(cancel_futures=True)
        for name in ("grader", "suite"):
            if name in self.__dict__:
                self.__dict__[name].close()


def namespace(cells: Sequence[Cell]) -> dict[str, Any]:
    """What a kernel holds after these cells, run here. They are the author's own and trusted."""
    from firsthand.grading.candidate import RUN_KINDS
    from firsthand.grading.cells import run_cell

    module = types.ModuleType("__main__")
    before = os.environ.get("FIRSTHAND_WORKER")
    os.environ["FIRSTHAND_WORKER"] = "1"  # as in a worker: no plots, no training, no checks
    run = [c for c in cells if c.kind in RUN_KINDS and c.source.strip()]
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            for index, cell in enumerate(run):
                with suppress(Exception):  # a cell that raises loses its names, as in a kernel
                    run_cell(cell.name or f"cell {index + 1}", cell.source, module.__dict__)
    finally:
        if before is None:
            del os.environ["FIRSTHAND_WORKER"]
        else:
            os.environ["FIRSTHAND_WORKER"] = before
    return module.__dict__
