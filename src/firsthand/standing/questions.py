"""The two questions that are asked once about each finished unit."""

from pathlib import Path

from firsthand import journal
from firsthand.journal import UnitStanding
from firsthand.unit import CourseError, Unit

QUESTIONS = {
    "absorbing": "How absorbing was it? 1 (not at all) to 5 (very)",
    "more": "More of this kind of work? 1 (no) to 5 (much more)",
}
SKIPPED = "skipped"


def due(standing: UnitStanding) -> bool:
    """Whether the unit is finished and its questions were not put yet.

    An introduction to the course is no sample of any work: nothing is asked about it.
    """
    return standing.finished and not standing.asked and standing.unit.kind != "introduction"


def answer(root: Path, unit: Unit, answers: dict[str, int | None]) -> None:
    """Record the answers; None is a question that was put and skipped.

    Raises CourseError for an answer that is no whole number from 1 to 5 (nothing is recorded then),
    and where the journal cannot be written.
    """
    for name, value in answers.items():
        if value is not None and not is_valid(value):
            raise CourseError(f"{name} is {value!r}; use a whole number from 1 to 5.")
    try:
        for name, value in answers.items():
            told = SKIPPED if value is None else str(value)
            journal.record(root, "fit", unit.id, detail=f"{name}={told}")
    except OSError as error:
        where = journal.journal_file(root)
        raise CourseError(f"{where} cannot be written: {error.strerror}.") from None


def is_valid(value: object) -> bool:
    """Whether this is an answer: a whole number from 1 to 5."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5
