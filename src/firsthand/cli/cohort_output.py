"""What `firsthand course` writes for others: the report, csv files, Gradescope's bundle."""

import os
from pathlib import Path

from firsthand.cli.cohort import say_waiting
from firsthand.cli.console import say, waiting
from firsthand.cohort import lms
from firsthand.cohort.course import Course, find_course
from firsthand.cohort.create import prepare
from firsthand.unit import CourseError, Unit

FORMATS = ("nbgrader", "canvas", "moodle", "gradescope")


def report(folder: Path, text: str, to: str) -> None:
    """Write the cohort report and say where it is."""
    course = find_course(folder)
    unit = course.unit(text)
    from firsthand.cohort.report import write_report
    from firsthand.cohort.rows import submitted_rows

    target = Path(to) if to else course.folder / "report" / unit.id
    with waiting(f"report on {unit.number}"):
        page = write_report(unit, submitted_rows(course, unit), target, due=course.units[unit.id])
    say(f"wrote {page}")


def export(folder: Path, text: str, format_name: str, to: str) -> None:
    """Write the csv of one system and say where it is."""
    course = find_course(folder)
    if format_name not in FORMATS:
        raise CourseError(f"--format is {format_name!r}; use one of {', '.join(FORMATS)}.")
    if format_name in ("canvas", "moodle") and not text:
        raise CourseError(f"--format {format_name} needs a unit: its file holds one assignment.")
    name = "grades.csv" if format_name == "nbgrader" else f"{format_name}{text and '-'}{text}.csv"
    target = Path(to).absolute() if to else course.folder / name
    if not target.parent.is_dir():
        raise CourseError(f"{target} cannot be written: {target.parent} is no folder.")
    prepare(course)
    if format_name == "nbgrader":
        from firsthand.gradebook.driver import Driver

        with Driver(course.folder) as driver:
            driver.export(target, [course.unit(text).id] if text else [])
    else:
        unit = course.unit(text) if text else None
        part = target.with_name(f".{target.name}.part")
        part.write_text(_platform_csv(course, unit, format_name), encoding="utf-8", newline="")
        os.replace(part, target)
    say(f"wrote {target}")
    if format_name != "gradescope":
        for name in [course.unit(text).id] if text else course.units:
            say_waiting(course, course.unit(name))


def _platform_csv(course: Course, unit: Unit | None, format_name: str) -> str:
    from firsthand.cohort.rows import platform_scores

    if unit is None or format_name == "gradescope":
        students = course.students().values()
        rows = [lms.Score(s.id, s.first_name, s.last_name, s.email, None) for s in students]
        return lms.gradescope(rows)
    points = sum(exercise.points for exercise in unit.exercises)
    write = lms.canvas if format_name == "canvas" else lms.moodle
    return write(platform_scores(course, unit), unit.title, points)


def gradescope(folder: Path, text: str, to: str) -> None:
    """Write the unit's autograder for Gradescope and say where it is."""
    course = find_course(folder)
    unit = course.unit(text)
    from firsthand.cohort.gradescope_bundle import build_bundle

    target = Path(to) if to else course.folder
    made = build_bundle(unit, target, key=course.key, isolation=course.isolation)
    say(f"wrote {made}")
