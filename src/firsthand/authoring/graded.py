"""Invariants proved by grading and running: each returns "" or what is broken and its mend.

The graders and the kernel run with every connection to another machine refused
(`firsthand.build.offline`); the worker refuses them too while it grades the reference.
"""

import difflib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, NamedTuple, TypeVar

from firsthand.authoring.subject import Subject
from firsthand.build import offline
from firsthand.build.notebooks import exercise_notebook
from firsthand.grading.plugin import function_of
from firsthand.report import ExerciseResult, Report, Status
from firsthand.unit import Cell, Unit
from firsthand.wrong import WrongAnswer

Item = TypeVar("Item")
WORKERS = 2
CONTROLS = 2  # cases beside the wrong answers: the solution and the stub, at -2 and -1
_BLOCK = Cell("given", "", "from firsthand.build.offline import block\nblock()\ndel block")


class Case(NamedTuple):
    """What grading one case showed, "" where all is well; the report of the solution itself."""

    uncaught: str
    difference: str  # between the two transports
    report: Report | None


def stub_scores_nothing(subject: Subject) -> str:
    """The untouched notebook: 0 points, and no cell raises.

    The first test of each exercise stands for all here; they all run, on both transports, together
    with the wrong answers.
    """
    with offline.blocked():
        report = subject.grader.grade(subject.stub, stop_early=True)
    started = [e for e in report.exercises if e.points or e.passed]
    if started:
        return f"untouched, {started[0].name} passes {started[0].passed} of its tests"
    if report.cell_errors:
        return f"untouched, a cell raises: {report.cell_errors[0]}"
    return ""


def solution_scores_full(subject: Subject) -> str:
    """The reference: full marks within the graders' budget, on every course key."""
    fastest = float("inf")
    for key, report in enumerate(_reports(subject)):
        if problem := _not_full(report):
            return f"course key {key}: {problem}"
        subject.reports.append(report)
        fastest = min(fastest, report.seconds)
    budget = subject.unit.grader_seconds
    if fastest > budget * _crowding():
        return f"graders take {fastest:.1f} s; their budget is {budget:g} s (seconds in unit.toml)"
    return ""


def wrong_answers_are_caught(subject: Subject) -> str:
    """Each wrong answer fails the test named for it, and the learner reads its hint."""
    count = len(subject.wrong_answers)
    cases = range(-CONTROLS, count)
    results = _pooled(subject, "wrong answers", _examine_case, cases)
    for index, case in zip(cases, results, strict=True):
        subject.again = case.report or subject.again
        if case.difference:
            subject.differences.append(f"{_case_name(subject, index)}: {case.difference}")
        if case.uncaught and index < 0:
            return f"{_case_name(subject, index)}: {case.uncaught}"
        if case.uncaught:
            line = subject.wrong_answers[index].line
            where = f"{subject.unit.wrong_answers.name}:{line}"
            return f"{where}: {_case_name(subject, index)} {case.uncaught}"
    return ""


def reports_repeat(subject: Subject) -> str:
    """The same submission and course key twice: the same report.

    The second is the one that was graded among the wrong answers, in another process.
    """
    first = subject.reports[0] if subject.reports else _report(subject, 0)
    found = _difference(first, subject.again or _report(subject, 0))
    return f"two runs with one course key differ: {found}; draw from `generator`" if found else ""


def transports_agree(subject: Subject) -> str:
    """Learner's kernel and worker process give one report: solution, stub and wrong answers.

    They were compared while the wrong answers were graded, just before.
    """
    return f"worker and kernel differ on {subject.differences[0]}" if subject.differences else ""


def untouched_notebook_runs(subject: Subject) -> str:
    """The learner's notebook runs from top to bottom; checks show 0 and write nothing to stderr."""
    from firsthand.build.execution import run_notebook, shown_score

    notebook = exercise_notebook(subject.unit, subject.cells)
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


def _reports(subject: Subject) -> Iterator[Report]:
    """The solution's reports with the course keys "0", "1", ..."""
    if subject.seeds == 1:  # not worth the start of two processes
        return iter([_report(subject, 0)])
    return _pooled(subject, "course keys", _report_of_mine, range(subject.seeds))


def _report(subject: Subject, key: int) -> Report:
    from firsthand.grading.engine import Grader

    blocking = [_BLOCK] if key == 0 else []
    with Grader(subject.unit, key=str(key), reference=subject.cells) as grader, offline.blocked():
        return grader.grade([*blocking, *subject.cells])


def _pooled(
    subject: Subject, what: str, work: Callable[[int], Item], items: Sequence[int]
) -> Iterator[Item]:
    """`work` on each item in two processes that hold the unit, in order, under a progress bar."""
    if subject.workers is None:
        # Spawned, not forked: this process has torch's threads, and each starts own workers.
        subject.workers = ProcessPoolExecutor(
            WORKERS,
            get_context("spawn"),
            initializer=_start,
            initargs=(subject.unit, subject.quick),
        )
    futures = [subject.workers.submit(work, item) for item in items]
    try:
        with _bar(subject, what, len(items)) as advance:
            for future in futures:
                yield future.result()
                advance()
    finally:
        for future in futures:
            future.cancel()


_mine: Subject | None = None  # in a process of the pool: the unit it grades


def _start(unit: Unit, quick: bool = False) -> None:
    global _mine
    import torch

    torch.set_num_threads(1)
    _mine = Subject(unit, 1, None, quick=quick)


def _report_of_mine(key: int) -> Report:
    assert _mine is not None, "this process was not prepared"
    return _report(_mine, key)


def _examine_case(index: int) -> Case:
    assert _mine is not None, "this process was not prepared"
    controls = {-2: _mine.cells, -1: _mine.stub}
    answer = None if index < 0 else _mine.wrong_answers[index]
    cells = controls[index] if answer is None else _mine.with_answer(answer)
    exercises = None if answer is None else {answer.exercise}
    others = [e.name for e in _mine.unit.exercises if exercises and e.name not in exercises]
    if answer is not None and _mine.quick:
        return Case(_not_failed(_mine, cells, answer, others), "", None)
    with offline.blocked():
        process = _mine.grader.grade(cells, exercises=exercises, known_right=others)
        kernel = _mine.kernel_report(cells, exercises, known_right=others)
    if answer is None:
        found = _not_full(process) if index == -CONTROLS else _started(process)
    else:
        found = _not_caught(process.exercise(answer.exercise), answer)
    again = process if index == -CONTROLS else None
    return Case(found, _difference(process, kernel), again)


def _not_failed(
    subject: Subject, cells: Sequence[Cell], answer: WrongAnswer, others: Sequence[str]
) -> str:
    """What is wrong with a quick look at a wrong answer: the test named for it must fail it."""
    first = answer.caught_by.partition("[")[0]
    with offline.blocked():
        report = subject.grader.grade(
            cells, exercises={answer.exercise}, known_right=others, stop_early=True, first=first
        )
    missed = [t for t in report.exercise(answer.exercise).tests if t.status is not Status.PASSED]
    if faults := [t for t in missed if t.status is Status.FAULT]:
        return f"breaks the grader {faults[0].name}: {faults[0].message}"
    names = [function_of(t.name) for t in missed]
    if first not in names:
        return f"passes {answer.caught_by}; it fails {', '.join(names) or 'nothing'}"
    return ""


def _started(report: Report) -> str:
    """The first exercise of an untouched notebook that is anything but not started.

    Given code of an exercise may call an earlier one: a report then names that one as not written.
    """
    for exercise in report.exercises:
        unwritten = all(
            t.status is Status.NOT_STARTED or t.message.endswith("is not written yet.")
            for t in exercise.tests
        )
        if not unwritten and exercise.status is not Status.MANUAL:
            return f"{exercise.name} is {exercise.status}{_why(exercise)}"
    return f"it scores {report.points:g}" if report.points else ""


def _case_name(subject: Subject, index: int) -> str:
    if index < 0:
        return "the solution" if index == -CONTROLS else "the stub"
    answer = subject.wrong_answers[index]
    return f"{answer.exercise}/{answer.name}"


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
    names = sorted({function_of(t.name) for t in missed})
    if faults := [t for t in missed if t.status is Status.FAULT]:
        return f"breaks the grader {faults[0].name}: {faults[0].message}"
    if answer.caught_by.partition("[")[0] not in names:
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
    before, after = _lines(left.comparable()), _lines(right.comparable())
    if before == after:
        return ""
    changed = [
        line.strip()[:160]
        for line in difflib.unified_diff(before, after, lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    return " / ".join(changed[:4])


def _lines(table: dict[str, Any]) -> list[str]:
    return json.dumps(table, indent=1, sort_keys=True, default=str).splitlines()


@contextmanager
def _bar(subject: Subject, what: str, total: int) -> Iterator[Any]:
    if subject.console is None or not subject.console.is_terminal:
        yield lambda: None
        return
    from rich.progress import Progress

    with Progress(console=subject.console, transient=True) as progress:
        task = progress.add_task(f"{subject.unit.number} {what}", total=total)
        yield lambda: progress.advance(task)
