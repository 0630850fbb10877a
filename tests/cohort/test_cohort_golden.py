"""The cohort of a unit with a class, an answer and free text, of which every score is plain."""

from tests.cohort.cohort import Cohort, gradebook, graded
from tests.cohort.course import REPOSITORY

__all__ = ["gradebook", "graded"]


class TestCohortGolden(Cohort):
    number = "900"
    origin = REPOSITORY / "tests" / "golden_course"
    config = "c.Grade.cell_seconds = 4.0\nc.Grade.call_seconds = 4.0\n"
