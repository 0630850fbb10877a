"""The commands progress, fit and report, and what a check leads to: test-out and two questions."""

import sys
import time
from contextlib import suppress
from pathlib import Path

from firsthand import journal
from firsthand.cli.console import colour, say, short, width
from firsthand.journal import UnitStanding
from firsthand.report import Report, Status
from firsthand.standing import questions
from firsthand.unit import CourseError, Unit, course_root, find_unit


def progress(html: str) -> None:
    """Print the learner's progress, or write it as a page."""
    from firsthand.standing import place

    course = place.load(course_root())
    finished = [u for u in course.units if questions.due(course.standing(u))]
    if finished:  # only about the last one: nobody wants ten questions at once
        last = max(finished, key=course.touched)
        ask(last, course.standing(last))
        course = place.load(course.root)
    if not html:
        from firsthand.standing import terminal

        say(terminal.text(course, width=width(), colour=colour()))
        say("with plots:  firsthand progress --html progress.html")
        return
    from firsthand.standing import files, page

    files.write_html(page.page(course, now=time.time()), Path(html))
    say(f"wrote {short(Path(html))}")


def fit() -> None:
    """Print how units of each strand went and what they were like."""
    from firsthand.standing import fit_screen, place
    from firsthand.standing.fit import strands

    course = place.load(course_root())
    say(fit_screen.text(strands(course), width=width(), colour=colour()))


def report(text: str, html: str, pdf: str) -> None:
    """Write a unit's report card as HTML, PDF or both."""
    from firsthand.standing import card, files, place

    unit = find_unit(text)
    course = place.load(unit.root)
    page = card.card(course, unit, now=time.time())
    printed = bool(pdf) and files.write_pdf(page, Path(pdf))
    if printed:
        say(f"wrote {short(Path(pdf))}")
    if html or not printed:
        path = Path(html) if html else unit.work_notebook.parent / f"report_{unit.number}.html"
        files.write_html(page, path)
        say(f"wrote {short(path)}")
    if pdf and not printed:
        say("no chromium is installed here: open that page in a browser and print it to a PDF.")
    if not course.standing(unit).finished:
        say(f"unit {unit.number} is not finished; the card says so.")


def exercise_to_test_out(unit: Unit, name: str) -> str:
    """The unit's last exercise. Raises CourseError where it cannot test out of the unit."""
    standing = _standing(unit)
    last = standing.last_exercise
    if last is None:
        raise CourseError(f"unit {unit.number} has no exercise that graders check.")
    if name and unit.exercise(name).name != last.name:
        raise CourseError(
            f"{name} does not test out of {unit.number}: its last exercise is {last.name}."
        )
    if standing.exercises[last.name].solution == "gave up":
        raise CourseError(
            f"the solution of {last.name} was opened before full marks, so it shows nothing "
            f"about the rest of {unit.number}. Every other unit opens all the same."
        )
    return last.name


def after_check(unit: Unit, report: Report, name: str, *, test_out: bool) -> None:
    """Say what the check leads to: tested out, or finished and then two questions."""
    standing = _standing(unit)
    last = standing.last_exercise
    passed = last is not None and name == last.name and _passed(report, name)
    if test_out and not passed:
        say(f"not tested out: that takes full marks in {name}.")
    elif test_out and not standing.finished:
        with suppress(OSError):
            journal.record(unit.root, "test-out", unit.id, name)
        say(f"unit {unit.number} counts as done now: tested out.")
    elif passed and not standing.done:
        say(
            f"{name} is the last exercise of {unit.number}. If you know the rest: "
            f"`firsthand check {unit.number}/{name} --test-out` counts the unit as done."
        )
    if questions.due(standing):
        ask(unit, standing)


def ask(unit: Unit, standing: UnitStanding) -> None:
    """Put the two questions about a finished unit, once, where a person sits at a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or not questions.due(standing):
        return
    say(f"\n{unit.number} {unit.title} is finished. Two questions, once; Enter skips one.")
    answers = {name: _answer(question) for name, question in questions.QUESTIONS.items()}
    try:
        questions.answer(unit.root, unit, answers)
    except CourseError as error:  # a full disk costs the answers, never the check before them
        say(f"{error} Your answers were not kept.")
        return
    say("`firsthand fit` shows what your answers add up to.\n")


def _answer(question: str) -> int | None:
    while True:
        try:
            typed = input(f"{question}: ").strip()
        except EOFError:
            say()
            return None
        if not typed:
            return None
        if typed.isascii() and typed.isdigit() and questions.is_valid(int(typed)):
            return int(typed)
        say(f"{typed[:20]!r} is no number from 1 to 5; Enter skips.")


def _standing(unit: Unit) -> UnitStanding:
    return journal.standings([unit], journal.events(unit.root))[unit.id]


def _passed(report: Report, name: str) -> bool:
    result = report.exercise(name)
    # A grader fault gives its points away; it proves nothing.
    return result.status is Status.PASSED
