"""One of several instructors who work on a gradebook at once: `python -m ... URL NUMBER`.

Everybody writes the same new rows, and a score of their own into each learner's.
"""

import sys
from functools import partial

from firsthand.gradebook.book import (
    Student,
    create_schema,
    opened,
    retried,
    write_assignment,
    write_roster,
)

LEARNERS = [f"learner{number}" for number in range(12)]
CELLS = [f"cell{number}" for number in range(4)]
UNIT = "900_golden"


def main(url: str, number: int) -> None:
    """Make the tables and rows, with the others; then give every learner NUMBER points."""
    create_schema(url, "course")
    write_roster(url, "course", {name: Student(name, "First", "Last") for name in LEARNERS})
    write_assignment(url, "course", UNIT, None)
    with opened(url, "course") as gradebook:

        def write(function, *arguments, **values):
            return retried(partial(function, *arguments, **values), recover=gradebook.db.rollback)

        write(gradebook.update_or_create_notebook, UNIT, UNIT)
        for cell in CELLS:
            values = {"max_score": 9, "cell_type": "code"}
            write(gradebook.update_or_create_grade_cell, cell, UNIT, UNIT, **values)
        for name in LEARNERS:
            write(gradebook.update_or_create_submission, UNIT, name)
            write(give_points, gradebook, name, number)


def give_points(gradebook, name, number) -> None:
    """As the formgrader does it."""
    grade = gradebook.find_grade(CELLS[number], UNIT, UNIT, name)
    grade.manual_score = number + 1
    gradebook.db.commit()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
