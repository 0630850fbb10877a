"""The vocabulary of graders says what is wrong, and never takes wrong for right."""

import math

import numpy as np
import pytest
import torch

from firsthand import compare
from firsthand.compare import Mismatch


def message_of(call, *args, **options):
    with pytest.raises(Mismatch) as caught:
        call(*args, **options)
    return str(caught.value)


EQUAL_PAIRS = [
    (torch.ones(3), torch.ones(3)),
    (torch.ones(3, dtype=torch.float64), torch.ones(3)),
    (np.ones(3), torch.ones(3)),
    (0.5, torch.tensor(0.5)),
    (torch.tensor(0.5), 0.5),
    ([1.0, 2.0], (1.0, 2.0)),
    ({"loss": torch.ones(2)}, {"loss": torch.ones(2)}),
    (torch.tensor([math.inf, 1.0]), torch.tensor([math.inf, 1.0])),
    (torch.empty(0, 4), torch.empty(0, 4)),
    (1 + 2j, 1 + 2j),
    (torch.tensor(1 + 2j), torch.tensor(1 + 2j)),
]


@pytest.mark.parametrize(("got", "expected"), EQUAL_PAIRS)
def test_close_accepts_equal_values_of_other_types(got, expected):
    compare.close(got, expected)


UNEQUAL_PAIRS = [
    (torch.full((3,), math.nan), torch.ones(3), "nan in 3 of 3"),
    (torch.ones(1), torch.ones(3), "has shape [1]; [3]"),
    (torch.ones(3, 1), torch.ones(3), "has shape [3, 1]"),
    (torch.tensor(1.0), torch.ones(3), "has shape []"),
    (torch.tensor([math.inf]), torch.tensor([-math.inf]), "wrong"),
    (torch.tensor([math.inf]), torch.tensor([1.0]), "wrong"),
    (torch.tensor([1.0]), torch.tensor([math.inf]), "wrong"),
    (None, 1.0, "None (is a `return` missing?)"),
    ("1.0", 1.0, "a str"),
    ([1.0], [1.0, 2.0], "has 1 items; 2"),
    ({"a": 1.0}, {"a": 1.0, "b": 2.0}, "lacks the key 'b'"),
    ({"a": 1.0, "b": 2.0}, {"a": 1.0}, "key 'b', which the statement does not name"),
    ({"a": 1.0}, {"a": 2.0}, "under the key 'a' is wrong"),
    ([1.0, [2.0, 3.0]], [1.0, [2.0, 4.0]], "at index 1, 1 is wrong"),
    (object(), torch.ones(2), "an object of type object"),
]


@pytest.mark.parametrize(("got", "expected", "text"), UNEQUAL_PAIRS)
def test_close_refuses_and_says_why(got, expected, text):
    assert text in message_of(compare.close, got, expected)


def test_close_names_the_size_and_place_of_the_largest_difference():
    got = torch.zeros(2, 3)
    got[1, 2] = 0.25
    text = message_of(compare.close, got, torch.zeros(2, 3))
    assert "1 of 6 entries" in text
    assert "0.25" in text
    assert "[1, 2]" in text


def test_expected_values_are_shown_only_inside_a_visible_test():
    hidden = message_of(compare.close, 1.0, 4321.0)
    assert "4321" not in hidden
    with compare.revealing(True):
        assert "4321 is expected" in message_of(compare.close, 1.0, 4321.0)


def test_a_known_mistake_is_named_after_the_comparison_failed():
    with pytest.raises(Mismatch) as caught:
        compare.close(2.0, 1.0, hint="general", known={"never": 3.0, "you doubled it": lambda: 2.0})
    assert (caught.value.hint, caught.value.recognised) == ("you doubled it", True)
    with pytest.raises(Mismatch) as caught:
        compare.close(5.0, 1.0, hint="general", known={"you doubled it": 2.0})
    assert (caught.value.hint, caught.value.recognised) == ("general", False)


def test_a_known_mistake_is_not_looked_for_when_the_answer_is_right():
    compare.close(1.0, 1.0, known={"x": lambda: pytest.fail("looked")})


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        *[
            (3, 3),
            (True, True),
            (None, None),
            ((1, 2), (1, 2)),
            ([1], (1,)),
            ({1}, {1}),
            ("a", "a"),
        ],
        *[(torch.tensor([1, 2]), torch.tensor([1, 2])), (torch.tensor(3), 3), (3, torch.tensor(3))],
    ],
)
def test_equal_accepts_the_same_value(got, expected):
    compare.equal(got, expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        *[(1, True), (True, 1), (None, 0), ("1", 1), ((1, 2), (1, 3)), ((1,), (1, 2)), ({1}, {2})],
        *[(torch.tensor([1, 2]), torch.tensor([1, 3])), (torch.ones(2), torch.ones(3))],
        (object(), 1),
    ],
)
def test_equal_refuses_another_value(got, expected):
    message_of(compare.equal, got, expected)


def test_a_graph_that_is_cut_has_no_gradient():
    x = torch.randn(3, requires_grad=True)
    weights = torch.randn(3)
    compare.gradient(x * 2, x * 2, {"x": x}, cotangent=weights)
    assert "cut" in message_of(compare.gradient, x.detach() * 2, x * 2, {"x": x}, cotangent=weights)
    assert "with respect to x" in message_of(
        compare.gradient, x * 3, x * 2, {"x": x}, cotangent=weights
    )


def test_a_gradient_that_misses_one_input_is_found():
    x, y = torch.randn(3, requires_grad=True), torch.randn(3, requires_grad=True)
    text = message_of(
        compare.gradient, x * y.detach(), x * y, {"x": x, "y": y}, cotangent=torch.ones(3)
    )
    assert "no gradient with respect to y" in text


@pytest.mark.parametrize(
    "value",
    [
        torch.ones(2),
        np.ones(2),
        [1, 2],
        {"k": torch.ones(2)},
        [torch.ones(1)],
        torch.tensor([math.nan]),
    ],
)
def test_unchanged_accepts_what_stays_the_same(value):
    with compare.unchanged(value=value):
        pass


def test_unchanged_finds_in_place_changes():
    for value, change in [
        (torch.ones(2), lambda v: v.add_(1)),
        (np.ones(2), lambda v: v.__iadd__(1)),
        ([1], lambda v: v.append(2)),
        ({"k": torch.ones(2)}, lambda v: v["k"].mul_(0)),
    ]:
        with pytest.raises(Mismatch, match="`value` in place"), compare.unchanged(value=value):
            change(value)


def test_probabilities_are_nonnegative_and_sum_to_one_over_the_axis():
    compare.probability(torch.full((2, 4), 0.25))
    assert "axis 0" in message_of(compare.probability, torch.full((2, 4), 0.25), axis=0)
    assert "negative" in message_of(compare.probability, torch.tensor([1.5, -0.5]))
    assert "nan" in message_of(compare.probability, torch.tensor([math.nan, 1.0]))
    assert "None" in message_of(compare.probability, None)


def test_chi_square_accepts_honest_draws_and_refuses_others():
    table = torch.tensor([0.5, 0.3, 0.2])
    for seed in range(50):
        draws = torch.multinomial(
            table, 2000, replacement=True, generator=torch.Generator().manual_seed(seed)
        )
        compare.chi_square(torch.bincount(draws, minlength=3), table)
    assert "distribution" in message_of(compare.chi_square, [1000, 500, 500], table)
    assert "never occur" in message_of(compare.chi_square, [5, 5, 1], torch.tensor([0.5, 0.5, 0.0]))


def test_bounds_refuse_nan_and_non_numbers():
    compare.at_least(0.5, 0.5)
    compare.at_most(torch.tensor(0.5), 0.5)
    compare.between(np.float64(0.5), 0.0, 1.0)
    for bad in (math.nan, None, True, torch.ones(2), "0.5"):
        message_of(compare.at_least, bad, 0.0)
    assert "0.3; at least 0.4" in message_of(compare.at_least, 0.3, 0.4)
    assert "from 0 to 1" in message_of(compare.between, 2, 0, 1)


def test_where_nothing_came_back_the_hint_is_about_that():
    for call in (
        lambda: compare.shape(None, (2,), hint="the shape"),
        lambda: compare.probability(None, hint="the axis"),
    ):
        with pytest.raises(compare.Mismatch, match="came back as None") as caught:
            call()
        assert caught.value.hint == "does every path of your code return its result?"
