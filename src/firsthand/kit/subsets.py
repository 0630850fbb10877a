"""Numbering of the k-subsets of {0, ..., n-1} in colexicographic order.

Colex compares two subsets by their largest differing element, so the subsets of {0, ..., n-1} come
first among those of {0, ..., n}: the rank of a set does not depend on n.  The rank of c_0 < c_1 <
... is sum_i C(c_i, i + 1) (the combinatorial number system; Knuth, The Art of Computer Programming
4A, 7.2.1.3).
"""

from __future__ import annotations

from functools import lru_cache
from math import comb

import torch
from torch import Tensor


def rank(subsets: Tensor) -> Tensor:
    """Colex rank of each row.

    subsets: int64 [set k], distinct entries >= 0, in any order.  Returns int64 [set]; all 0 when k
    is 0.
    """
    ascending = subsets.sort(-1).values
    k = subsets.shape[1]
    if not ascending.numel():
        return torch.zeros(len(subsets), dtype=torch.int64)
    rows = max(64, int(ascending[:, -1].max()) + 1)
    return _binomials(rows, k)[ascending, torch.arange(k)].sum(1)


@lru_cache(maxsize=8)
def _binomials(rows: int, k: int) -> Tensor:
    """C(element, i + 1) for every element below `rows` and every place i below k."""
    table = [[comb(element, i + 1) for i in range(k)] for element in range(rows)]
    return torch.tensor(table, dtype=torch.int64)


@lru_cache(maxsize=8)
def _colex(n: int, k: int) -> Tensor:
    return _listed(n, k)


def _listed(n: int, k: int) -> Tensor:
    """Sets with the largest element `top` are `top` added to the first C(top, k-1) smaller sets."""
    if k == 0:
        return torch.zeros(1, 0, dtype=torch.int64)
    if n < k:
        return torch.zeros(0, k, dtype=torch.int64)
    smaller = _listed(n - 1, k - 1)
    blocks = [smaller[: comb(top, k - 1)] for top in range(k - 1, n)]
    tops = torch.arange(k - 1, n).repeat_interleave(torch.tensor([len(b) for b in blocks]))
    return torch.cat([torch.cat(blocks), tops[:, None]], 1)


def colex(n: int, k: int) -> Tensor:
    """All k-subsets of {0, ..., n-1}, each ascending, in colex order.

    Returns int64 [C(n, k), k].  Raises ValueError for negative arguments.
    """
    if n < 0 or k < 0:
        raise ValueError(f"colex needs n >= 0 and k >= 0, got n={n}, k={k}")
    return _colex(n, k).clone()


@lru_cache(maxsize=8)
def _supersets(n: int, k: int) -> Tensor:
    small = _colex(n, k)
    member = torch.zeros(len(small), n, dtype=torch.bool).scatter_(1, small, True)
    outside = torch.nonzero(~member)[:, 1].view(len(small), n - k)
    grown = torch.cat([small[:, None].expand(-1, n - k, -1), outside[..., None]], 2)
    return rank(grown.reshape(-1, k + 1)).view(len(small), n - k)


def supersets(n: int, k: int) -> Tensor:
    """For each k-subset, the ranks of the (k+1)-subsets that contain it.

    Returns int64 [C(n, k), n - k]: row r belongs to the set of colex rank r; column j adds the j-th
    smallest element outside of it.  Raises ValueError unless 0 <= k < n.  The cache keeps the last
    8 tables (at most 4 MB each for n <= 42 and k <= 3).
    """
    if not 0 <= k < n:
        raise ValueError(f"supersets needs 0 <= k < n, got n={n}, k={k}")
    return _supersets(n, k).clone()


def containing(n: int, k: int, element: int) -> Tensor:
    """Ranks of the k-subsets that contain `element`, ordered by the colex rank of their rest.

    Returns int64 [C(n-1, k-1)].  With the elements above `element` moved down by one,
    `values[containing(n, k, element)]` is the leaf table of the game on the other n - 1 elements in
    which k - 1 moves are still to be made.
    """
    if not 0 <= element < n or not 1 <= k <= n:
        raise ValueError(
            f"containing needs 1 <= k <= n and 0 <= element < n; got {n=}, {k=}, {element=}"
        )
    rest = colex(n - 1, k - 1)
    rest = rest + (rest >= element)
    return rank(torch.cat([rest, torch.full((len(rest), 1), element)], 1))
