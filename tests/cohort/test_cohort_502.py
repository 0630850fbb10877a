"""The cohort of unit 502."""

from tests.cohort.cohort import Cohort, gradebook, graded

__all__ = ["gradebook", "graded"]


class TestCohort502(Cohort):
    number = "502"
