import pytest

pytest.register_assert_rewrite("tests.cohort.cohort", "tests.cohort.course")
