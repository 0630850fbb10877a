"""Fifteen submissions of one unit, and the score that each must get."""

import json
import re
from dataclasses import dataclass

from firsthand.build.source import learner_copy
from firsthand.grading import intake
from firsthand.unit import Unit, exercise_cells, used_by
from firsthand.wrong import WrongAnswer, load_wrong_answers
from tests.cohort.notebooks import (
    Notebook,
    filled,
    grade_id,
    with_code_cell,
    without_markers,
    written_differently,
)

NOISE = (
    "import logging\nimport sys\nimport warnings\n"
    "warnings.warn('this is only a warning')\nlogging.error('only a log line')\n"
    "print('\\x1b[31mred\\x1b[0m', file=sys.stderr)\n"
)
ESSAY = "It fails for <script>alert('tag')</script> and where a < b."


@dataclass(frozen=True)
class Submission:
    """What a learner hands in.

    lost: the exercises that give less than full marks, with the points they give, or None where it
    only must be less. essays: whether free text was written. reads: a part of the feedback page.
    """

    student: str
    text: str
    lost: dict[str, float | None]
    essays: bool = True
    reads: str = ""


def submissions(unit: Unit, release: Notebook) -> list[Submission]:
    """One of each kind."""
    return [
        *_right(unit, release),
        *_partial(unit, release),
        *_wrong(unit, release),
        *_broken(unit, release),
    ]


def _reference(unit: Unit) -> dict[str, str]:
    cells = exercise_cells(intake.reference_cells(unit))
    essays = {e.name: ESSAY for e in unit.exercises if e.kind == "rubric"}
    return {name: without_markers(source) for name, source in cells.items()} | essays


def _right(unit: Unit, release: Notebook) -> list[Submission]:
    sources = _reference(unit)
    complete = filled(release, sources)
    restyled = {
        e.name: written_differently(sources[e.name], helper="passed_on")
        for e in unit.exercises
        if e.kind != "rubric"
    }
    other = with_code_cell(
        filled(release, sources | restyled), "def passed_on(value):\n    return value", at=2
    )
    code = [e.name for e in unit.exercises if e.kind != "rubric"]
    noisy = filled(release, sources | {name: NOISE + sources[name] for name in code})
    reordered = complete | {"cells": complete["cells"][::-1]}
    return [
        Submission("complete", json.dumps(complete), {}),
        Submission("written_differently", json.dumps(other), {}),
        Submission("warnings", json.dumps(noisy), {}),
        Submission("reordered", json.dumps(reordered), {}),
    ]


def _partial(unit: Unit, release: Notebook) -> list[Submission]:
    sources = _reference(unit)
    names = [e.name for e in unit.exercises if e.kind != "rubric"]
    half = names[: len(names) // 2]
    untouched: dict[str, float | None] = dict.fromkeys(names, 0.0)
    return [
        Submission(
            "half_done",
            json.dumps(filled(release, {name: sources[name] for name in half})),
            {name: 0.0 for name in names if name not in half},
            essays=False,
            reads="not started",
        ),
        Submission("untouched", json.dumps(release), untouched, essays=False, reads="not started"),
    ]


def chosen_wrong_answers(unit: Unit) -> list[WrongAnswer]:
    """Five named wrong answers, spread over the exercises."""
    answers = load_wrong_answers(unit, intake.reference_cells(unit))
    seen: dict[str, int] = {}
    ranked = []
    for answer in answers:
        seen[answer.exercise] = seen.get(answer.exercise, 0) + 1
        ranked.append((seen[answer.exercise], answer))
    return [answer for _, answer in sorted(ranked, key=lambda pair: pair[0])][:5]


def _wrong(unit: Unit, release: Notebook) -> list[Submission]:
    sources = _reference(unit)
    return [
        Submission(
            f"wrong{number}",
            json.dumps(filled(release, sources | {answer.exercise: answer.source})),
            {answer.exercise: None},
            reads=answer.hint,
        )
        for number, answer in enumerate(chosen_wrong_answers(unit), start=1)
    ]


def _broken(unit: Unit, release: Notebook) -> list[Submission]:
    sources = _reference(unit)
    code = [e.name for e in unit.exercises if e.kind == "code"]
    first = code[0]
    functions = [n for n in code[1:] if re.search(rf"^def {n}\b", sources[n], re.MULTILINE)]
    # One that builds on little is graded again, with references, the least often.
    endless_one = min(functions, key=lambda name: (len(used_by(unit, name)), code.index(name)))
    names = [e.name for e in unit.exercises if e.kind != "rubric"]
    zero: dict[str, float | None] = dict.fromkeys(names, 0.0)
    raising = f"import a_module_that_is_not_there\n{sources[first]}"
    stub = learner_copy(exercise_cells(intake.reference_cells(unit))[endless_one])
    endless = {
        first: f"{sources[first]}\nwhile True:\n    pass",
        # It waits for ever instead of counting: the other test process has use for the core.
        endless_one: stub.replace("raise NotImplementedError", "__import__('time').sleep(1e6)"),
    }
    complete = filled(release, sources)
    deleted = [
        cell
        for cell in complete["cells"]
        if grade_id(cell) != first and not grade_id(cell).startswith("check_")
    ]
    return [
        Submission(
            "raises_at_import",
            json.dumps(filled(release, sources | {first: raising})),
            {first: 0.0},
            reads="a_module_that_is_not_there",
        ),
        Submission(
            "endless",
            json.dumps(filled(release, sources | endless)),
            {first: 0.0, endless_one: 0.0},
            reads="timed out",
        ),
        Submission("deleted_cells", json.dumps(complete | {"cells": deleted}), {first: 0.0}),
        Submission(
            "broken_json",
            json.dumps(complete)[:-200],
            zero,
            essays=False,
            reads="is not valid JSON",
        ),
    ]
