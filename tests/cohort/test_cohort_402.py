"""The cohort of unit 402."""

import pytest

from tests.cohort.cohort import Cohort, gradebook, graded

__all__ = ["gradebook", "graded"]


@pytest.mark.end_to_end
class TestCohort402(Cohort):
    number = "402"
