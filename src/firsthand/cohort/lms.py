"""Scores as the csv files that Canvas, Moodle and Gradescope read.

The columns come from what each system documents or, for Canvas and Moodle, from the source of its
importer:

- Canvas: `lib/gradebook_importer.rb` in github.com/instructure/canvas-lms.
- Moodle: docs.moodle.org/en/Grade_import and `grade/import/csv/` in github.com/moodle/moodle.
- Gradescope: guides.gradescope.com, "Adding Students and Staff" (article 21926598776333).

Text is made safe for spreadsheets (`firsthand.cohort.sheet`). An id or address that begins like a
formula therefore gets an apostrophe and is not found by the system, which says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from firsthand.cohort.sheet import sheet
from firsthand.unit import CourseError


@dataclass(frozen=True)
class Score:
    """One learner's score of one assignment.

    points: with those given by hand, as in the gradebook; None where nothing was submitted.
    """

    learner: str
    first_name: str
    last_name: str
    email: str
    points: float | None


def canvas(
    rows: Iterable[Score],
    assignment: str,
    points: float,
    *,
    learner_is: Literal["SIS Login ID", "SIS User ID"] = "SIS Login ID",
) -> str:
    """A file for Canvas: Grades, Import.

    Five columns about the learner come first, in a fixed order. Canvas finds a learner by `ID`,
    its own number, which only Canvas knows and which may be empty; then by SIS user id, by SIS
    login id, at last by name. learner_is: which of the two the roster's ids are.
    The row "Points Possible" gives a new assignment its points. An assignment of the same title is
    filled; "Title (123)" names the assignment of Canvas's number 123. Others are offered as new.
    Where a learner has no score the cell is empty.
    """
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    table: list[list[str | float | None]] = [["    Points Possible", "", "", "", "", points]]
    for row in rows:
        user, login = ("", row.learner) if learner_is == "SIS Login ID" else (row.learner, "")
        student = ", ".join(part for part in (row.last_name, row.first_name) if part)
        table.append([student, "", user, login, "", row.points])
    return sheet(header, table)


def moodle(rows: Iterable[Score], assignment: str, points: float) -> str:
    """A file for Moodle: Grades, Import, CSV file.

    In the preview choose "Email address" or "ID number" for "Map from" and the same for "Map to",
    and map the last column to the grade item; `points` is that item's maximum grade.
    Moodle stops at the first learner it does not know, and distinguishes capitals in addresses.
    "-" stands for no grade. Raises CourseError for a score above `points`, which Moodle takes only
    with its setting unlimitedgrades.
    """
    header = ["First name", "Last name", "ID number", "Email address", assignment]
    table: list[list[str | float | None]] = []
    for row in rows:
        if row.points is not None and row.points > points + 1e-9:
            raise CourseError(
                f"{row.learner} has {row.points:g} of {points:g} points in {assignment}; "
                "give the assignment's full points, with those given by hand."
            )
        who = [row.first_name, row.last_name, row.learner, row.email]
        table.append([*who, row.points])
    return sheet(header, table, absent="-")


def gradescope(rows: Iterable[Score]) -> str:
    """A roster for Gradescope: Roster, Add Students or Staff, CSV File.

    Names and e-mail addresses are what Gradescope asks for; each address must occur once.
    Gradescope's guides describe no import of scores: there they come from an autograder.
    Raises CourseError for a learner without an address, or two with the same.
    """
    table: list[list[str | float | None]] = []
    seen: dict[str, str] = {}
    for row in rows:
        address = row.email.strip().lower()
        if not address:
            raise CourseError(
                f"{row.learner} has no e-mail address; Gradescope needs one: add it to the roster."
            )
        if address in seen:
            raise CourseError(
                f"{seen[address]} and {row.learner} have the same e-mail address {row.email!r}; "
                "Gradescope takes each once: mend the roster."
            )
        seen[address] = row.learner
        table.append([row.first_name, row.last_name, row.email, row.learner])
    return sheet(["First Name", "Last Name", "Email", "SID"], table)
