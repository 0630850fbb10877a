"""The beta distribution against binomial sums and printed quantiles."""

from math import comb

import pytest

from firsthand.kit.beta import beta_cdf, beta_quantile, t_quantile


@pytest.mark.parametrize(
    ("a", "b", "x"), [(1, 10, 0.3), (3, 4, 0.2), (7, 2, 0.9), (300, 701, 0.31)]
)
def test_whole_shapes_are_binomial_tails(a, b, x):
    n = a + b - 1
    tail = sum(comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))
    assert beta_cdf(x, a, b) == pytest.approx(tail, rel=1e-9)


def test_outside_the_unit_interval_nothing_or_all_lies_below():
    assert beta_cdf(-0.1, 2, 3) == beta_cdf(0, 2, 3) == 0
    assert beta_cdf(1, 2, 3) == beta_cdf(1.1, 2, 3) == 1


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (1, 40), (2.5, 7), (400, 3)])
def test_the_quantile_inverts_the_distribution_function(a, b):
    for p in (1e-6, 0.025, 0.5, 0.975):
        assert beta_cdf(beta_quantile(p, a, b), a, b) == pytest.approx(p, rel=1e-8)
    assert beta_quantile(0, a, b) == 0 and beta_quantile(1, a, b) == pytest.approx(1)


def test_no_success_in_ten_has_a_closed_form():
    assert beta_quantile(0.975, 1, 10) == pytest.approx(1 - 0.025 ** (1 / 10), rel=1e-12)


@pytest.mark.parametrize(
    ("p", "freedom", "printed"),
    [(0.975, 1, 12.706), (0.975, 4, 2.776), (0.95, 9, 1.833), (0.025, 30, -2.042), (0.5, 7, 0)],
)
def test_students_t_has_the_quantiles_of_the_tables(p, freedom, printed):
    assert t_quantile(p, freedom) == pytest.approx(printed, abs=6e-4)


@pytest.mark.parametrize(("a", "b"), [(0, 1), (1, -2), (float("nan"), 1), (float("inf"), 1)])
def test_impossible_shapes_are_refused(a, b):
    with pytest.raises(ValueError, match="shape parameters"):
        beta_quantile(0.5, a, b)


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="probability"):
        beta_quantile(1.5, 1, 1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        t_quantile(1.0, 3)
