import pytest

from firsthand.cohort.items import analyse, fisher, wilson
from firsthand.cohort.submitted import Submitted
from tests.cohort.synthetic import FAILED, FAULT, NOT_STARTED, PASSED, report, result, row, unit

FULL, HALF, NONE = (PASSED, PASSED), (PASSED, FAILED), (FAILED, FAILED)


def items(tmp_path, rows):
    return {item.name: item for item in analyse(unit(tmp_path), rows)}


def test_difficulty_is_the_mean_share_of_points(tmp_path):
    rows = [
        row("a", FULL, (PASSED,)),
        row("b", HALF, (FAILED,)),
        row("c", (NOT_STARTED, NOT_STARTED), (PASSED,)),
        row("d", FULL, (FAILED,)),
    ]
    smoothed = items(tmp_path, rows)["smoothed"]
    assert smoothed.mean_share == pytest.approx((1 + 0.5 + 0 + 1) / 4)
    assert (smoothed.learners, smoothed.started, smoothed.solved) == (4, 3, 2)
    assert smoothed.solved_share == 0.5


def test_discrimination_is_the_correlation_with_the_other_exercises(tmp_path):
    # Shares of smoothed 1, 1/2, 0, 1 against points of spread 2, 0, 0, 0: by hand 1 / sqrt(2.75).
    rows = [
        row("a", FULL, (PASSED,)),
        row("b", HALF, (FAILED,)),
        row("c", NONE, (FAILED,)),
        row("d", FULL, (FAILED,)),
    ]
    found = items(tmp_path, rows)
    expected = 0.75 / (0.6875**0.5 * 3**0.5)
    assert found["smoothed"].discrimination == pytest.approx(expected)
    assert found["spread"].discrimination == pytest.approx(expected)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("a", FULL, (PASSED,)), ("b", NONE, (FAILED,))], "fewer than 3"),
        ([(x, FULL, (y,)) for x, y in zip("abc", (PASSED, FAILED, PASSED), strict=True)], "here"),
        ([(x, y, (PASSED,)) for x, y in zip("abc", (FULL, HALF, NONE), strict=True)], "elsewhere"),
    ],
)
def test_without_variation_discrimination_is_undefined_and_says_why(tmp_path, rows, why):
    smoothed = items(tmp_path, [row(*r) for r in rows])["smoothed"]
    assert smoothed.discrimination is None
    assert why in smoothed.undefined


def test_unreadable_files_and_exercises_graded_by_hand_are_left_out(tmp_path):
    rejected = report(result("smoothed", NOT_STARTED), rejected="not valid JSON")
    found = items(tmp_path, [row("a", FULL, (PASSED,)), Submitted("b", "", rejected)])
    assert set(found) == {"smoothed", "spread"}
    assert found["smoothed"].mean_share == 1


def test_grader_faults_are_counted(tmp_path):
    assert items(tmp_path, [row("a", (PASSED, FAULT), (PASSED,))])["smoothed"].faults == 1


def test_without_submissions_there_is_no_share(tmp_path):
    smoothed = items(tmp_path, [])["smoothed"]
    assert (smoothed.mean_share, smoothed.solved_share, smoothed.solved_interval) == (None,) * 3


@pytest.mark.parametrize(("solved", "n"), [(81, 263), (1, 3), (0, 20), (7, 7)])
def test_the_ends_of_wilsons_interval_are_where_the_share_is_just_surprising(solved, n):
    low, high = wilson(solved, n)
    for end in (low, high):
        if 0 < end < 1:
            deviation = abs(solved / n - end) / (end * (1 - end) / n) ** 0.5
            assert deviation == pytest.approx(1.959964)
    assert low <= solved / n <= high


def test_no_share_has_no_interval():
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)
    with pytest.raises(ValueError, match="0 of 0"):
        wilson(0, 0)


def test_fisher_interval_is_symmetric_in_z_and_needs_four_pairs():
    low, high = fisher(0.0, 103)
    assert (low, high) == pytest.approx((-0.193525, 0.193525), abs=1e-5)  # tanh(0.1959964)
    assert fisher(0.5, 3) is None
