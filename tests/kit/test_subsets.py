"""Colex numbering against sorted itertools."""

from itertools import combinations
from math import comb

import pytest
import torch

from firsthand.kit.subsets import colex, containing, rank, supersets


def listed(n, k):
    return sorted(combinations(range(n), k), key=lambda subset: subset[::-1])


@pytest.mark.parametrize("n", range(8))
def test_colex_lists_subsets_by_their_reversed_tuples(n):
    for k in range(n + 1):
        assert colex(n, k).tolist() == [list(subset) for subset in listed(n, k)]


def test_rank_inverts_colex_in_any_order_of_elements():
    for n, k in ((9, 4), (6, 6), (11, 1), (5, 0)):
        table = colex(n, k)
        shuffled = table[:, torch.randperm(k, generator=torch.Generator().manual_seed(n))]
        assert rank(shuffled).tolist() == list(range(comb(n, k)))


def test_rank_is_exact_where_floats_are_not():
    row = [*range(40, 59), 64]
    assert (
        rank(torch.tensor([row])).item()
        == sum(comb(element, i + 1) for i, element in enumerate(row))
        > 2**53
    )


@pytest.mark.parametrize(("n", "k"), [(5, 2), (6, 0), (7, 6), (4, 3)])
def test_supersets_add_one_missing_element_each(n, k):
    bigger = [set(subset) for subset in listed(n, k + 1)]
    for subset, row in zip(listed(n, k), supersets(n, k).tolist(), strict=True):
        missing = [element for element in range(n) if element not in subset]
        assert [bigger[r] - set(subset) for r in row] == [{element} for element in missing]


@pytest.mark.parametrize(("n", "k"), [(5, 2), (6, 3), (4, 4), (7, 1)])
def test_containing_is_the_table_of_the_smaller_game(n, k):
    subsets = listed(n, k)
    for element in range(n):
        others = [e for e in range(n) if e != element]
        expected = [{element, *(others[i] for i in rest)} for rest in listed(n - 1, k - 1)]
        assert [set(subsets[r]) for r in containing(n, k, element).tolist()] == expected


def test_tables_may_be_changed_by_the_caller():
    colex(5, 2).zero_()
    supersets(5, 2).zero_()
    assert colex(5, 2)[-1].tolist() == [3, 4] and supersets(5, 2).max() == comb(5, 3) - 1


def test_impossible_sizes_are_refused():
    for call in (
        lambda: colex(-1, 0),
        lambda: colex(3, -1),
        lambda: supersets(3, 3),
        lambda: containing(3, 1, 3),
        lambda: containing(3, 0, 1),
    ):
        with pytest.raises(ValueError, match="needs"):
            call()
