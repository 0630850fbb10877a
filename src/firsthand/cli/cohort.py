"""What `firsthand course` does: one function for each command."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from firsthand.cli import BELOW, FAULT
from firsthand.cli.console import say
from firsthand.cli.course import tracked
from firsthand.cohort.course import FILE, Course, checked_due, find_course
from firsthand.cohort.create import copy_unit, create_course, prepare
from firsthand.cohort.lock import only_run
from firsthand.render import number
from firsthand.unit import CourseError, Unit, course_root, find_unit

if TYPE_CHECKING:
    from firsthand.cohort.grading import Cohort, Summary
    from firsthand.cohort.regrade import Change


def init(
    folder: Path,
    roster: Path,
    units: Sequence[str],
    dues: Sequence[str],
    exchange: str,
    db_url: str,
    course_id: str,
) -> None:
    """Make the folder and say what comes next."""
    root = course_root()
    chosen: dict[str, datetime | None] = {find_unit(text, root).id: None for text in units}
    for text in dues:
        unit = find_unit(text.partition("=")[0], root).id
        if unit not in chosen:
            raise CourseError(f"--due is {text!r}, and {unit} is not among the units.")
        chosen[unit] = _date(text)
    made = create_course(
        folder,
        project=root,
        roster=roster,
        units=chosen,
        exchange=Path(exchange) if exchange else None,
        db_url=db_url,
        course_id=course_id,
    )
    learners = len(made.students())
    say(f"{made.folder}: {_count(len(chosen), 'unit')}, {_count(learners, 'learner')}")
    say(f"{FILE} is yours to edit. course.key must stay secret, and the same for a term.")
    say(f"next: cd {folder} && firsthand course release {next(iter(chosen))[:3]}")


def release(folder: Path, text: str) -> None:
    """Copy the unit's notebooks, let nbgrader make the assignment, and publish it."""
    course, unit = _found(folder, text)
    from firsthand.cohort.course import prepare_environment
    from firsthand.gradebook import book
    from firsthand.gradebook.driver import Driver

    with only_run(course.folder, "firsthand course release"):
        prepare_environment(course)
        prepare(course)
        copy_unit(course, unit)
        with Driver(course.folder) as driver:
            driver.generate(unit.id)
            book.write_assignment(course.db_url, course.course_id, unit.id, course.due(unit))
            if course.exchange is not None:
                driver.release(unit.id)
    made = course.folder / "release" / unit.id
    where = "in the exchange" if course.exchange else f"give learners the files in {made}"
    say(f"released {unit.id}: {where}")


def collect(folder: Path, text: str, source: str) -> bool:
    """Fetch the submissions; whether any was refused."""
    course, unit = _found(folder, text)
    before = _files(course, unit)
    with only_run(course.folder, "firsthand course collect"):
        if source:
            from firsthand.cohort.arrivals import take_files

            taken, refused = take_files(course, unit, Path(source))
        else:
            taken, refused = _from_exchange(course, unit)
    say(f"{unit.id}: {_count(len(taken), 'submission')} of {len(course.students())} learners")
    new = [learner for learner, file in _files(course, unit).items() if before.get(learner) != file]
    say(f"new or changed: {', '.join(new) or 'none'}")
    _list("refused, and not collected:", refused)
    if missing := [s for s in course.students() if not _handed_in(course, unit, s)]:
        say(f"nothing handed in so far: {', '.join(missing)}")
    say(f"next: firsthand course grade {unit.number}, which grades what is new")
    return bool(refused)


def _handed_in(course: Course, unit: Unit, student: str) -> bool:
    return _submitted(course, unit, student).is_dir()


def _submitted(course: Course, unit: Unit, student: str) -> Path:
    return course.folder / "submitted" / student / unit.id


def _files(course: Course, unit: Unit) -> dict[str, tuple[int, int]]:
    """What was collected of each learner, as far as it tells one submission from the next."""
    found = {student: _submitted(course, unit, student) for student in course.students()}
    entries = {student: folder.stat() for student, folder in found.items() if folder.is_dir()}
    return {student: (entry.st_ino, entry.st_mtime_ns) for student, entry in entries.items()}


def _from_exchange(course: Course, unit: Unit) -> tuple[list[str], dict[str, str]]:
    if course.exchange is None:
        raise CourseError(
            f"{course.folder / FILE} names no exchange. Name one, or give the folder "
            "with the files: --from DIR."
        )
    from firsthand.gradebook.driver import Driver

    prepare(course)
    with Driver(course.folder) as driver:
        taken, refusals = driver.collect(unit.id)
    return taken, {refusal.folder: refusal.reason for refusal in refusals}


def grade(folder: Path, text: str, processes: int | None, again: bool, cluster: str) -> int:
    """Bring the gradebook up to date; the exit code."""
    course, unit = _found(folder, text)
    from firsthand.cohort.grading import grade_unit

    with only_run(course.folder, "firsthand course grade"):
        summary = grade_unit(
            course, unit, processes=processes, again=again, track=tracked, cluster=cluster
        )
    _show_scores(course, unit)
    _show_summary(summary)
    return _exit_code(summary)


def regrade(folder: Path, text: str, processes: int | None, write: bool, cluster: str) -> int:
    """Show what would change, and write it if asked; the exit code."""
    course, unit = _found(folder, text)
    from firsthand.cohort.grading import Cohort, faults, grade_missing, write_gradebook
    from firsthand.cohort.regrade import changes
    from firsthand.grading.results import Results

    with only_run(course.folder, "firsthand course regrade"), Results(course.results) as results:
        prepare(course)
        cohort = Cohort(course, unit)
        summary = grade_missing(
            cohort, results, processes=processes, again=False, track=tracked, cluster=cluster
        )
        found = changes(cohort, results)
        _show_changes(found, cohort)
        if write:
            write_gradebook(cohort, cohort.stale(), summary, tracked)
        summary.faults = faults(cohort, results)
    _show_summary(summary)
    if found and not write:
        say("Nothing is written yet: add --write to write it.")
    return _exit_code(summary)


def feedback(folder: Path, text: str) -> int:
    """Make every graded learner's page, and publish the pages; the exit code."""
    course, unit = _found(folder, text)
    from firsthand.gradebook.driver import Driver

    problems: dict[str, str] = {}
    with only_run(course.folder, "firsthand course feedback"):
        graded = [
            p.parent.name for p in sorted((course.folder / "autograded").glob(f"*/{unit.id}"))
        ]
        if not graded:
            raise CourseError(
                f"nothing of {unit.id} is graded; run `firsthand course grade {unit.number}`."
            )
        with Driver(course.folder) as driver, tracked("feedback", len(graded)) as advance:
            for student in graded:
                try:
                    driver.feedback(unit.id, student)
                    if course.exchange is not None:
                        driver.release_feedback(unit.id, student)
                except CourseError as error:
                    problems[student] = str(error)
                advance()
    where = "in the exchange" if course.exchange else f"in {course.folder / 'feedback'}"
    say(f"{unit.id}: {_count(len(graded) - len(problems), 'page')} {where}")
    _list("without a page:", problems)
    say_waiting(course, unit)
    return BELOW if problems else 0


def say_waiting(course: Course, unit: Unit) -> None:
    """Say what the gradebook lacks: submissions not graded, and points for texts (shown as 0)."""
    from firsthand.cohort.rows import ungraded
    from firsthand.gradebook import book

    if late := ungraded(course, unit):
        say(
            f"{unit.id}: collected and not graded, so not in this: {', '.join(late)}. "
            f"`firsthand course grade {unit.number}` grades what is new."
        )

    rows = book.scores(course.db_url, unit.id).values()
    waiting = sum(cell.waiting for row in rows for cell in row.values())
    if waiting:
        say(
            f"{_count(waiting, 'answer')} of {unit.id} wait for your points in the formgrader; "
            "until then they count 0 in pages and exports."
        )


def _found(folder: Path, text: str) -> tuple[Course, Unit]:
    course = find_course(folder)
    return course, course.unit(text)


def _date(text: str) -> datetime | None:
    _, _, written = text.partition("=")
    try:
        due: object = datetime.fromisoformat(written)
    except ValueError:
        due = repr(written)
    return checked_due(due, "--due")


def _show_scores(course: Course, unit: Unit) -> None:
    """A line for each exercise: what the gradebook holds after the run."""
    from firsthand.gradebook import book

    rows = list(book.scores(course.db_url, unit.id).values())
    size = max(len(e.name) for e in unit.exercises)
    say(f"{'exercise':<{size}}  {'mean':>12}  full marks")
    for exercise in unit.exercises:
        manual = exercise.kind == "rubric"
        cells = [row.get(exercise.name if manual else f"check_{exercise.name}") for row in rows]
        given = [c for c in cells if c is not None]
        points = [p for c in given for p in [c.automatic if c.manual is None else c.manual]]
        known = [p for p in points if p is not None]
        mean = number(sum(known) / len(known)) if known else "–"
        full = sum(p >= c.worth - 1e-6 for c, p in zip(given, points, strict=True) if p is not None)
        waiting = sum(c.waiting for c in given)
        wait = f"  {waiting} wait for your points in the formgrader" if waiting else ""
        shown = f"{mean} / {number(exercise.points)}"
        say(f"{exercise.name:<{size}}  {shown:>12}  {full} of {len(known)}{wait}")
    say()


def _show_summary(summary: "Summary") -> None:
    say(
        f"{_count(summary.submissions, 'submission')}: {summary.graded} graded now, "
        f"{summary.written} written to the gradebook · isolation {summary.isolation}"
    )
    _list("0 points, because the file could not be read:", summary.rejected)
    _list("graders that broke (our bug; nobody lost points):", summary.faults)
    _list("without a score:", summary.problems)


def _show_changes(found: "Sequence[Change]", cohort: "Cohort") -> None:
    if not found:
        say("No score changes.")
        return
    wide = max(len("learner"), *(len(c.learner) for c in found))
    name = max(len("exercise"), *(len(c.exercise) for c in found))
    say(f"{'learner':<{wide}}  {'exercise':<{name}}  before  after  difference")
    for change in found:
        before = "–" if change.before is None else number(change.before)
        told = "" if change.kept is None else f"  your {number(change.kept)} by hand stay"
        say(
            f"{change.learner:<{wide}}  {change.exercise:<{name}}  {before:>6}  "
            f"{number(change.after):>5}  {change.difference:>+10.4g}{told}"
        )
    learners = len({change.learner for change in found})
    say(f"{_count(learners, 'learner')} of {len(cohort.keys)} would have another score.")


def _exit_code(summary: "Summary") -> int:
    if summary.faults:
        return FAULT
    return BELOW if summary.problems else 0


def _list(title: str, rows: Mapping[str, str]) -> None:
    if rows:
        say(title)
    for name, reason in rows.items():
        say(f"  {name}: {reason}")


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
