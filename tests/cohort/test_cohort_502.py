"""The cohort of unit 502."""

import pytest

from tests.cohort.cohort import Cohort, gradebook, graded

__all__ = ["gradebook", "graded"]


@pytest.mark.end_to_end
class TestCohort502(Cohort):
    number = "502"
