"""The cohort of unit 402."""

from tests.cohort.cohort import Cohort, gradebook, graded

__all__ = ["gradebook", "graded"]


class TestCohort402(Cohort):
    number = "402"
