"""Invariants that are proved by grading and running: each returns "" or what is broken and its mend.

The graders and the kernel run with every connection to another machine refused
(`firsthand.build.offline`); the worker refuses them too while it grades the reference.
"""

import difflib
import json
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from firsthand.authoring.subject import Subject
from firsthand.build import offline
from firsthand.report import ExerciseResult, Report, Status
from firsthand.unit import Cell
from firsthand.wrong import WrongAnswer

Item = TypeVar("Item")
_BLOCK = Cell("given", "", "from firsthand.build.offline import block\nblock()\ndel block")


def stub_scores_nothing(subject: Subject) -> str:
    """The untouched notebook: every exercise not started, 0 points."""
    with offline.blocked():
        report = subject.grader.grade(subject.stub)
    for exercise in report.exercises:
        if exercise.status not in (Status.NOT_STARTED, Status.MANUAL):
            return f"untouched, {exercise.name} is {exercise.status}{_why(exercise)}"
    if report.points or report.cell_errors:
        return f"untouched, it scores {report.points:g}; cells that raise: {report.cell_errors}"
    return ""


def solution_scores_full(subject: Subject) -> str:
    """The reference: full marks within the graders' budget, on every course key."""
    from firsthand.grading.engine import Grader

    fastest = float("inf")
    for key in _tracked(subject, "course keys", range(subject.seeds)):
        with (
            Grader(subject.unit, key=str(key), reference=subject.cells) as grader,
            offline.blocked(),
        ):
            report = grader.grade([_BLOCK, *subject.cells] if key == 0 else subject.cells)
        if problem := _not_full(report):
            return f"course key {key}: {problem}"
        fastest = min(fastest, report.seconds)
    budget = subject.unit.grader_seconds
    if fastest > budget * _crowding():
        return f"graders take {fastest:.1f} s; their budget is {budget:g} s (seconds in unit.toml)"
    return ""


def reports_repeat(subject: Subject) -> str:
    """The same submission and course key twice: the same report."""
    with offline.blocked():
        first, second = (subject.grader.grade(subject.cells) for _ in range(2))
    found = _difference(first, second)
    return f"two runs with one course key differ: {found}; draw from `generator`" if found else ""


def wrong_answers_are_caught(subject: Subject) -> str:
    """Each wrong answer fails the test named for it, and the learner reads the hint meant for it."""
    for answer in _tracked(subject, "wrong answers", subject.wrong_answers):
        with offline.blocked():
            report = subject.grader.grade(subject.with_answer(answer), exercises={answer.exercise})
        if problem := _not_caught(report.exercise(answer.exercise), answer):
            where = f"{subject.unit.wrong_answers.name}:{answer.line}"
            return f"{where}: {answer.exercise}/{answer.name} {problem}"
    return ""


def transports_agree(subject: Subject) -> str:
    """Learner's kernel and worker process give one report: solution, stub and wrong answers."""
    cases: list[tuple[str, list[Cell], Collection[str] | None]] = [
        ("the solution", subject.cells, None),
        ("the stub", subject.stub, None),
    ]
    for answer in subject.wrong_answers:
        name = f"{answer.exercise}/{answer.name}"
        cases.append((name, subject.with_answer(answer), {answer.exercise}))
    for name, cells, exercises in _tracked(subject, "transports", cases):
        with offline.blocked():
            process = subject.grader.grade(cells, exercises=exercises)
            kernel = subject.kernel_report(cells, exercises)
        if found := _difference(process, kernel):
            return f"{name}: worker and kernel differ: {found}"
    return ""


def untouched_notebook_runs(subject: Subject) -> str:
    """The learner's notebook runs from top to bottom; checks show 0 and write nothing to stderr."""
    from firsthand.build.execution import run_notebook, shown_score

    notebook = json.loads(subject.unit.exercise_notebook.read_text(encoding="utf-8"))
    outputs = run_notebook(subject.unit, notebook, console=subject.console)
    for cell, shown in zip(notebook["cells"], outputs, strict=True):
        if cell["metadata"]["firsthand"]["kind"] != "check":
            continue
        if errors := [o["text"] for o in shown if o.get("name") == "stderr"]:
            return (
                f"{cell['id']} writes to stderr, which nbgrader scores 0: {errors[0].strip()[:80]}"
            )
        if shown_score({"outputs": shown}) != 0:
            return f"{cell['id']} shows {shown_score({'outputs': shown})} in an untouched notebook"
    return ""


def _crowding() -> float:
    """How many times longer everything takes because of what else this machine runs, at least 1."""
    cores = os.cpu_count() or 1
    return max(1.0, os.getloadavg()[0] / cores) if hasattr(os, "getloadavg") else 1.0


def _not_full(report: Report) -> str:
    if report.cell_errors:
        return f"a cell of the solution raises: {report.cell_errors[0]}"
    for exercise in report.exercises:
        if exercise.status not in (Status.PASSED, Status.MANUAL):
            score = f"{exercise.points:g} of {exercise.max_points:g} points"
            return f"the solution of {exercise.name} gets {score}{_why(exercise)}"
    return ""


def _not_caught(result: ExerciseResult, answer: WrongAnswer) -> str:
    """What is missing: the failing test, or its hint in what the learner reads."""
    missed = [t for t in result.tests if t.status is not Status.PASSED]
    names = sorted({t.name.split("::")[-1].split("[")[0] for t in missed})
    if faults := [t for t in missed if t.status is Status.FAULT]:
        return f"breaks the grader {faults[0].name}: {faults[0].message}"
    if answer.caught_by.split("[")[0] not in names:
        return f"passes {answer.caught_by}; it fails {', '.join(names) or 'nothing'}"
    shown = result.shown
    read = f"{shown.message} {shown.hint}" if shown else ""
    if answer.hint not in read:
        return f"shows another hint than {answer.hint!r}: {read[:300]!r}"
    return ""


def _why(exercise: ExerciseResult) -> str:
    shown = exercise.shown
    return f" ({shown.sentence}: {shown.status}, {shown.message[:200]})" if shown else ""


def _difference(left: Report, right: Report) -> str:
    """The first lines in which two reports differ, or ""."""
    texts = [_lines(report.comparable()) for report in (left, right)]
    if texts[0] == texts[1]:
        return ""
    changed = [
        line.strip()[:160]
        for line in difflib.unified_diff(*texts, lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    return " / ".join(changed[:4])


def _lines(table: dict[str, Any]) -> list[str]:
    return json.dumps(table, indent=1, sort_keys=True, default=str).splitlines()


def _tracked(subject: Subject, what: str, items: Sequence[Item]) -> Iterator[Item]:
    """The items, with a progress bar on a terminal."""
    with _bar(subject, what, len(items)) as advance:
        for item in items:
            yield item
            advance()


@contextmanager
def _bar(subject: Subject, what: str, total: int) -> Iterator[Any]:
    if not subject.console.is_terminal:
        yield lambda: None
        return
    from rich.progress import Progress

    with Progress(console=subject.console, transient=True) as progress:
        task = progress.add_task(f"{subject.unit.number} {what}", total=total)
        yield lambda: progress.advance(task)
