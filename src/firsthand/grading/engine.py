"""Grade one submission of one unit: cells or a kernel's namespace in, a `Report` out.

The same collected tests run on both transports. In a worker process a submission that dies or hangs
costs the test that it died in, and a fresh worker goes on with the next. Where an earlier exercise
is wrong, those that build on it are graded again with the reference in its place, and the better
result counts.
"""

import hashlib
import os
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from firsthand.grading import intake
from firsthand.grading.budget import Budget
from firsthand.grading.candidate import (
    Candidate,
    KernelCandidate,
    WorkerCandidate,
    shared_zygote,
)
from firsthand.grading.client import Session
from firsthand.grading.conditions import course_key, kept_randomness, one_thread
from firsthand.grading.limits import CELL_SECONDS
from firsthand.grading.outcome import Verdict, blamed, by_its_cell, judge, silenced
from firsthand.grading.plugin import GraderTest, Outcome, Suite, Until
from firsthand.grading.sandbox import NONE, levels
from firsthand.grading.sandbox.probe import require_tight
from firsthand.report import ExerciseResult, Report, Status, TestResult, exercise_status
from firsthand.unit import Cell, CourseError, Exercise, Unit, exercise_cells, used_by

PATIENCE = 2  # tests that may run out of their full time


@dataclass
class _Run:
    """Results of one pass over the tests, by exercise."""

    tests: dict[str, list[TestResult]] = field(default_factory=dict)
    output: dict[str, str] = field(default_factory=dict)
    budgets: dict[str, Budget] = field(default_factory=dict)


class Grader:
    """The collected graders of one unit. A context manager; `close` ends its pytest session."""

    def __init__(
        self,
        unit: Unit,
        *,
        tests: Sequence[Path] | None = None,
        key: str | None = None,
        reference: Sequence[Cell] | None = None,
        cell_seconds: float = CELL_SECONDS,
        call_seconds: float | None = None,
        isolation: str | None = None,
    ) -> None:
        """Collect the unit's graders, or the files `tests`.

        reference: cells with the reference solutions, read from the built notebook when first
        needed. key: the course key, from the environment by default. call_seconds: a lower deadline
        for every call. isolation: the walls around workers, the strongest of this machine by
        default (`sandbox.levels`).
        """
        self.unit = unit
        self.isolation = levels.resolve(isolation)
        self.key = course_key() if key is None else key
        self.suite = Suite(list(tests) if tests is not None else unit.graders, unit=unit.id)
        untested = [
            e.name for e in unit.exercises if e.kind != "rubric" and not self._tests(e.name)
        ]
        if untested and tests is None:
            raise CourseError(f"no test of unit {unit.number} is marked exercise({untested[0]!r}).")
        self._cells = None if reference is None else list(reference)
        self._cell_seconds = cell_seconds
        self._call_seconds = call_seconds
        self._oracle: WorkerCandidate | None = None
        self._probed = False

    def __enter__(self) -> Self:
        """Nothing to start: workers are forked when they are needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the pytest session and the reference's worker."""
        if self._oracle is not None:
            self._oracle.close()
        self.suite.close()

    @property
    def suite_hash(self) -> str:
        """Changes whenever a score could change.

        The graders, the points, and what was taken from the unit.
        """
        rows = repr([(e.name, e.points, e.uses, e.kind) for e in self.unit.exercises])
        return hashlib.sha256(f"{self.suite.digest}\n{rows}\n{self.key}".encode()).hexdigest()[:16]

    @property
    def reference(self) -> list[Cell]:
        """Cells with the reference solutions; empty in a student bundle, which has none."""
        if self._cells is None:
            exists = self.unit.solution_notebook.is_file()
            self._cells = intake.reference_cells(self.unit) if exists else []
        return self._cells

    def grade(
        self,
        cells: Sequence[Cell],
        *,
        submission: str = "",
        exercises: Collection[str] | None = None,
        stop_early: bool = False,
        first: str = "",
        known_right: Collection[str] = (),
    ) -> Report:
        """Grade cells in worker processes.

        exercises: only these; stop_early: no further test of an exercise after a failure, and then
        first: the function of the test to begin with. known_right: earlier exercises that are
        right, so that nothing is graded with the reference in their place.
        """
        sources = exercise_cells(self.reference)
        self._probe_once()
        candidate = self._candidate(cells, sources)
        until = Until(first) if stop_early else None
        return self._report(candidate, submission, exercises, until, known_right)

    def grade_namespace(
        self,
        namespace: dict[str, Any],
        *,
        exercises: Collection[str] | None = None,
        known_right: Collection[str] = (),
    ) -> Report:
        """Grade the names of the running kernel.

        Formative: what runs there can change the grader too.
        """
        candidate = KernelCandidate(namespace, exercise_cells(self.reference))
        with kept_randomness():
            return self._report(candidate, "", exercises, None, known_right)

    def reject(self, reason: str, *, submission: str = "") -> Report:
        """The report of a submission that could not be read.

        0 points for every exercise, and the reason.
        """
        results = tuple(self._unread(e, reason) for e in self.unit.exercises)
        return Report(
            self.unit.id,
            self.unit.title,
            results,
            self.suite_hash,
            self.isolation,
            0.0,
            submission,
            rejected=reason,
        )

    def _candidate(self, cells: Sequence[Cell], sources: Mapping[str, str]) -> WorkerCandidate:
        return WorkerCandidate(
            cells, sources, cell_seconds=self._cell_seconds, isolation=self.isolation
        )

    def _probe_once(self) -> None:
        """Try the walls before the first submission. Raises RuntimeError where they do not hold."""
        if not self._probed and self.isolation != NONE:
            require_tight(shared_zygote(self.isolation).spawn(), self._secrets())
            self._probed = True

    def _secrets(self) -> list[Path]:
        """Files that no submission may read."""
        root = self.unit.folder.parent.parent
        files = [*self.suite.paths, self.unit.solution_notebook, self.unit.folder / "unit.py"]
        files += [root / "gradebook.db", root / "submitted", root / "source"]
        if key := os.environ.get("FIRSTHAND_COURSE_KEY_FILE"):
            files.append(Path(key))
        return [path.absolute() for path in files]

    def _unread(self, exercise: Exercise, reason: str) -> ExerciseResult:
        status = Status.MANUAL if exercise.kind == "rubric" else Status.NOT_STARTED
        tests = tuple(
            self._result(t, exercise, Verdict(Status.NOT_STARTED, reason), 0.0)
            for t in self._tests(exercise.name)
        )
        return ExerciseResult(exercise.name, exercise.kind, status, 0.0, exercise.points, tests)

    def _tests(self, name: str) -> list[GraderTest]:
        return [t for t in self.suite.tests if t.exercise == name]

    def _report(
        self,
        candidate: Candidate,
        submission: str,
        exercises: Collection[str] | None,
        until: Until | None,
        known_right: Collection[str],
    ) -> Report:
        started = time.perf_counter()
        chosen = [e for e in self.unit.exercises if exercises is None or e.name in exercises]
        automatic = [e for e in chosen if e.kind != "rubric"]
        try:
            with one_thread():
                run = self._run(candidate, automatic, until)
                results = {e.name: self._exercise_result(e, run, ()) for e in automatic}
                errors = candidate.cell_errors
                if until is None:
                    self._regrade_with_reference(candidate, automatic, results, known_right)
        finally:
            candidate.close()
        rows = tuple(
            results.get(e.name) or ExerciseResult(e.name, e.kind, Status.MANUAL, 0.0, e.points)
            for e in chosen
        )
        seconds = time.perf_counter() - started
        return Report(
            self.unit.id,
            self.unit.title,
            rows,
            self.suite_hash,
            candidate.isolation,
            seconds,
            submission,
            errors,
        )

    def _run(
        self, candidate: Candidate, exercises: Sequence[Exercise], until: Until | None = None
    ) -> _Run:
        run = _Run()
        for exercise in exercises:
            rows = run.tests.setdefault(exercise.name, [])
            budget = run.budgets.setdefault(exercise.name, Budget(exercise))
            tests = self._tests(exercise.name)
            for test in until.ordered(tests) if until else tests:
                seconds = self._deadline(exercise, run)
                if budget.exceeded:
                    rows.append(self._result(test, exercise, budget.verdict(), 0.0))
                    continue
                with budget.charging(candidate.session()):
                    result, output = self._run_test(candidate, exercise, test, seconds)
                if budget.exceeded:
                    result = self._result(test, exercise, budget.verdict(), result.seconds)
                rows.append(result)
                if test.visible:
                    run.output[exercise.name] = run.output.get(exercise.name, "") + output
                if until and result.status is not Status.PASSED:
                    break
        return run

    def _deadline(self, exercise: Exercise, run: _Run) -> float:
        """Seconds for a call of the exercise's next test.

        Where tests of the exercise, or of one that it builds on, ran out of time twice, the rest
        get a tenth: code that never ends would otherwise hold everybody up for minutes. What is
        quick can still pass, and what builds on such code is graded again on the reference.
        """
        limit = exercise.call_seconds if self._call_seconds is None else self._call_seconds
        seconds = min(limit, exercise.call_seconds)
        names = (exercise.name, *used_by(self.unit, exercise.name))
        before = [result for name in names for result in run.tests.get(name, ())]
        late = sum(result.status is Status.TIMED_OUT for result in before)
        return seconds if late < PATIENCE else max(1.0, seconds / 10)

    def _run_test(
        self, candidate: Candidate, exercise: Exercise, test: GraderTest, seconds: float
    ) -> tuple[TestResult, str]:
        session = candidate.session()
        outcome = self._run_on(session, test, seconds)
        output = session.take_output()
        verdict = judge(outcome.exception, exercise.name)
        if verdict.status is Status.NOT_STARTED:
            error = candidate.why_not_run(exercise.name)
            verdict = by_its_cell(verdict, outcome.exception, error, exercise.name)
        if verdict.foreign and self._reference_passes(exercise, test):
            verdict = blamed(verdict)
        return self._result(test, exercise, verdict, outcome.seconds), output

    def _run_on(self, session: Session, test: GraderTest, seconds: float) -> Outcome:
        started = time.perf_counter()
        with session.one_test(seconds):
            try:
                if session.alive:
                    session.reseed()
            except Exception as error:  # code that replaced the kit's function: it costs this test
                return Outcome(error, time.perf_counter() - started)
            return self.suite.run(test, session.submission, course_key=self.key)

    def _reference_passes(self, exercise: Exercise, test: GraderTest) -> bool:
        """Whether the reference solution passes a test that left a foreign exception.

        Then the grader is sound. A student bundle has no reference: its tests were checked
        against it when they were built.
        """
        if not self.reference:
            return True
        if self._oracle is None:
            self._oracle = self._candidate(self.reference, {})
        seconds = self._deadline(exercise, _Run())
        return self._run_on(self._oracle.session(), test, seconds).exception is None

    def _result(
        self, test: GraderTest, exercise: Exercise, verdict: Verdict, seconds: float
    ) -> TestResult:
        total = sum(t.weight for t in self._tests(exercise.name))
        share = exercise.points * test.weight / total
        earned = share if verdict.status in (Status.PASSED, Status.FAULT) else 0.0
        return TestResult(
            name=test.key,
            sentence=test.sentence,
            status=verdict.status,
            visible=test.visible,
            weight=test.weight,
            points=earned,
            max_points=share,
            message=verdict.message,
            hint=verdict.hint,
            recognised=verdict.recognised,
            line=verdict.line,
            seconds=seconds,
        )

    def _exercise_result(
        self, exercise: Exercise, run: _Run, replaced: tuple[str, ...]
    ) -> ExerciseResult:
        tests = tuple(run.tests[exercise.name])
        status = exercise_status(tests)
        full = bool(tests) and all(t.status in (Status.PASSED, Status.FAULT) for t in tests)
        points = exercise.points if full else round(sum(t.points for t in tests), 4)
        output = run.output.get(exercise.name, "")
        return ExerciseResult(
            exercise.name,
            exercise.kind,
            status,
            float(points),
            float(exercise.points),
            tests,
            replaced,
            output,
            run.budgets[exercise.name].used,
            exercise.cpu_seconds,
        )

    def _regrade_with_reference(
        self,
        candidate: Candidate,
        exercises: Sequence[Exercise],
        results: dict[str, ExerciseResult],
        known_right: Collection[str],
    ) -> None:
        """Grade what builds on a wrong exercise again, on the reference of that exercise."""
        sources = exercise_cells(self.reference)
        judged = dict(results)
        groups: dict[tuple[str, ...], list[Exercise]] = {}
        for exercise in exercises:
            result = results[exercise.name]
            if isinstance(candidate.why_not_run(exercise.name), SyntaxError):
                continue  # no other exercise can help it
            if result.points < exercise.points and result.status is not Status.NOT_STARTED:
                earlier = [n for n in used_by(self.unit, exercise.name) if n not in known_right]
                wrong = self._wrong_before(earlier, candidate, judged)
                if wrong and all(name in sources for name in wrong):
                    groups.setdefault(wrong, []).append(exercise)
        for wrong, members in groups.items():
            repaired = candidate.with_reference(wrong)
            try:
                run = self._run(repaired, members)
            finally:
                repaired.close()
            for exercise in members:
                again = silenced(self._exercise_result(exercise, run, wrong))
                if _says_more(again, results[exercise.name]):
                    results[exercise.name] = again

    def _wrong_before(
        self, names: Sequence[str], candidate: Candidate, judged: dict[str, ExerciseResult]
    ) -> tuple[str, ...]:
        """Those of the earlier exercises `names` that are not right; the unjudged are graded."""
        missing = [self.unit.exercise(n) for n in names if n not in judged]
        run = self._run(candidate, missing)
        judged.update({e.name: self._exercise_result(e, run, ()) for e in missing})
        return tuple(n for n in names if judged[n].points < judged[n].max_points)


def _says_more(again: ExerciseResult, before: ExerciseResult) -> bool:
    """Whether the second result is better, or the first to say anything of the learner's code."""
    blocked = before.status is Status.RAISED and again.points == before.points
    return again.points > before.points or blocked
