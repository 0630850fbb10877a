"""What a learner calls in a notebook: `use_unit`, `check`, `hint`, `ready` and the like.

`check` always ends in an `Outcome`, whatever happens: nbgrader reads a score from the outputs of
its cell, where an exception or a line on stderr means 0 and a text that is no number means full
marks. Inside a grading worker all of them are silent: there the grader decides what runs.
"""

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from firsthand.notebook import restart
from firsthand.notebook.kernel import in_script, namespace, quiet, show
from firsthand.notebook.outcome import Outcome
from firsthand.notebook.session import Session
from firsthand.notebook.written import is_written
from firsthand.unit import CourseError, missing_package

__all__ = ["Outcome", "check", "fit", "hint", "progress", "ready", "solution", "use_unit"]

_session = Session()


def use_unit(unit: str) -> None:
    """Say which unit this notebook is: its id, such as "402_induction_heads". Prints one line."""
    if _in_worker():
        return
    try:
        print(_session.use(unit))
    except CourseError as error:
        print(f"check() will not work here: {error}")


def check(name: str | Callable[..., Any] = "") -> Outcome | None:
    """Grade one exercise of this notebook and explain the first thing that is wrong.

    name: the exercise, which is the name of the function or class that you write. What you see
    here is for you: scores that count come from a run outside of your notebook. A script, which
    shows no last value of a cell, prints it.
    """
    if _in_worker():
        return None
    outcome = _outcome(name, namespace(sys._getframe(1)))
    if in_script():
        show(outcome)
    return outcome


def _outcome(name: str | Callable[..., Any], names: dict[str, Any]) -> Outcome:
    wanted = "check"
    try:
        asked = _exercise_name(name)
        wanted = asked or wanted
        with quiet():
            return _session.check(asked, names)
    except CourseError as error:
        return Outcome.of_notice(wanted, str(error))
    except KeyboardInterrupt:
        return Outcome.of_notice(wanted, "interrupted. Run this cell again to check.")
    except (Exception, SystemExit) as error:
        if notice := restart.note() or missing_package(error):
            return Outcome.of_notice(wanted, notice)
        return Outcome.of_fault(wanted, traceback.format_exc())


def hint(name: str | Callable[..., Any] = "") -> None:
    """Print the next hint for an exercise, cheapest first. Call it again for the one after that.

    A mistake that the last `check` recognised has a hint of its own, which comes first.
    """
    if _in_worker():
        return
    try:
        print(_session.hint(_exercise_name(name)))
    except CourseError as error:
        print(error)


def solution(name: str | Callable[..., Any] = "", give_up: str | Callable[..., Any] = "") -> None:
    """Show the reference solution of an exercise: after full marks, or when you give it up.

    give_up: the exercise's name once more, so that nobody gives up by accident. Which solutions
    you opened, and why, is noted in your journal in work/ and nowhere else.
    """
    if _in_worker():
        return
    try:
        given_up = _exercise_name(give_up) if give_up else ""
        show(_session.solution(_exercise_name(name), given_up))
    except CourseError as error:
        print(error)


def ready(*names: str) -> bool:
    """Whether all these exercises are written; if not, print one line that says which are missing.

    For given code that calls exercises: `if ready("attention_pattern"):`. An exercise counts as
    written once its `raise NotImplementedError` is gone. Always False inside a grading worker,
    where plots and training are not run.
    """
    if _in_worker():
        return False
    known = namespace(sys._getframe(1))
    missing = [n for n in names if n not in known or not is_written(known[n])]
    if missing:
        print(f"skipped until you have written {_listed(missing)}")
    return not missing


def progress() -> None:
    """Print one line for each exercise of the unit, and one for your place in the course.

    An exercise's line says what its last check in this kernel came to.
    """
    if _in_worker():
        return
    try:
        print(_session.progress())
    except CourseError as error:
        print(error)


def fit(*, absorbing: int | None = None, more: int | None = None) -> None:
    """Note how a finished unit was, in your journal in work/ and nowhere else.

    absorbing: 1 (not at all) to 5 (very). more: whether you want more of this kind of work, 1 (no)
    to 5 (much more). `firsthand fit` shows what the answers add up to, by kind of work.
    """
    if _in_worker():
        return
    try:
        print(_session.fit({"absorbing": absorbing, "more": more}))
    except CourseError as error:
        print(error)


def _exercise_name(name: str | Callable[..., Any]) -> str:
    """The name itself, or that of the function or class that was given instead of it."""
    return name if isinstance(name, str) else str(getattr(name, "__name__", type(name).__name__))


def _in_worker() -> bool:
    return os.environ.get("FIRSTHAND_WORKER") == "1"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
