"""Debaters of different strength, and the exact value of a debate.

The verdict depends on the set of revealed pixels alone, so a debate of k pixels among n has C(n, k)
leaves, not n! / (n-k)!, and backward induction over sets solves it (unit 502 builds this from
nothing). PUCT: Silver et al. 2017, Mastering the game of Go without human knowledge, here with a
uniform prior.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from firsthand.kit.digits import ink
from firsthand.kit.games import Debater, Position, margins
from firsthand.kit.judge import Judge
from firsthand.kit.subsets import colex, containing, rank, supersets

JUDGE_CHUNK = 20_000  # rows per forward pass: 10 MB of input


def leaf_margins(judge: Judge, claims: tuple[int, int], pixels: Tensor, *, k: int) -> Tensor:
    """Margin of the truth over the lie on every k-subset of `pixels` (ids, [n]).

    Returns [C(n, k)] in colex order.
    """
    chunks = pixels[colex(len(pixels), k)].split(JUDGE_CHUNK)
    return torch.cat([margins(judge, claims, chunk) for chunk in chunks])


def solve(leaves: Tensor, *, n: int, k: int, last_is_max: bool) -> list[Tensor]:
    """Exact values of every position of an alternating game on sets.

    leaves: [C(n, k) ...], colex order; further axes are games solved at once. Returns k + 1 tables;
    table s is [C(n, s) ...] and holds the value of each position with s elements chosen.
    """
    tables = [leaves]
    for size in reversed(range(k)):
        grown = tables[0][supersets(n, size)]
        maximise = last_is_max == ((k - size) % 2 == 1)
        tables.insert(0, grown.amax(1) if maximise else grown.amin(1))
    return tables


class ExactDebater:
    """Plays optimally, by margin, from a solved table. It needs the judge only when it is made.

    `value` is the margin at the end of optimal play by both sides.
    """

    def __init__(
        self, image: Tensor, claims: tuple[int, int], judge: Judge, *, k: int, honest_first: bool
    ) -> None:
        self.pixels = ink(image)
        leaves = leaf_margins(judge, claims, self.pixels, k=k)
        self.tables = solve(
            leaves, n=len(self.pixels), k=k, last_is_max=honest_first == (k % 2 == 1)
        )
        self.value = self.tables[0].item()

    def __call__(self, position: Position, judge: Judge, seed: int) -> int:
        """The best pixel; judge and seed are not used."""
        legal = position.legal
        sets = torch.tensor([[*position.revealed, pixel] for pixel in legal])
        places = torch.searchsorted(self.pixels, sets)
        values = self.tables[len(position.revealed) + 1][rank(places)]
        return legal[int(values.argmax() if position.role == "honest" else values.argmin())]


def random_debater(position: Position, judge: Judge, seed: int) -> int:
    """A uniformly random legal pixel."""
    return position.legal[
        int(torch.randint(len(position.legal), (), generator=torch.Generator().manual_seed(seed)))
    ]


def greedy_debater(position: Position, judge: Judge, seed: int) -> int:
    """The pixel after which the judge leans most to this side, as if the debate ended there."""
    legal = position.legal
    return legal[
        int(_gain(position, judge, [[*position.revealed, pixel] for pixel in legal]).argmax())
    ]


def puct_debater(rollouts: int, *, c: float = 4.0) -> Debater:
    """PUCT from the position, with random completions and one leaf per rollout.

    Leaves are worth 1 where the truth wins, else -1; the most visited move is played.
    """

    def debater(position: Position, judge: Judge, seed: int) -> int:
        generator = torch.Generator().manual_seed(seed)
        tree: dict[frozenset[int], dict[int, list[float]]] = {}
        for _ in range(rollouts):
            state, path = frozenset(position.revealed), []
            while len(state) < position.k:
                new = state not in tree
                edges = tree.setdefault(
                    state, {pixel: [0.0, 0] for pixel in position.legal if pixel not in state}
                )
                sign = 1 if position.last_is_honest == ((position.k - len(state)) % 2 == 1) else -1
                pixel = _puct_best(edges, c=c, sign=sign)
                path.append(edges[pixel])
                state = state | {pixel}
                if new:
                    break
            leaf = _completed(list(state), position, generator)
            won = margins(judge, position.claims, [leaf]).item() > 0
            for edge in path:
                edge[0] += 1.0 if won else -1.0
                edge[1] += 1
        root = tree[frozenset(position.revealed)]
        return max(root, key=lambda pixel: root[pixel][1])

    return debater


def _puct_best(edges: dict[int, list[float]], *, c: float, sign: int) -> int:
    scale = c / len(edges) * sum(visits for _, visits in edges.values()) ** 0.5

    def score(pixel: int) -> float:
        total, visits = edges[pixel]
        return sign * total / max(visits, 1) + scale / (1 + visits)

    return max(edges, key=score)


def _completed(chosen: list[int], position: Position, generator: torch.Generator) -> list[int]:
    """`chosen` filled up to k pixels with random ones."""
    rest = [pixel for pixel in position.legal if pixel not in chosen]
    order = torch.randperm(len(rest), generator=generator).tolist()
    return chosen + [rest[i] for i in order[: position.k - len(chosen)]]


def _gain(position: Position, judge: Judge, sets: list[list[int]]) -> Tensor:
    """Margins from the side of the debater to move."""
    margin = margins(judge, position.claims, sets)
    return margin if position.role == "honest" else -margin


Mover = Callable[[Tensor, int, int, bool, int], int]
"""(leaf table [C(n, k)], n, k, last_is_max, seed) -> the element to choose first."""


def optimal_mover(leaves: Tensor, n: int, k: int, last_is_max: bool, seed: int) -> int:
    """The best first element, from the exact values of all sets of one element."""
    first = solve(leaves, n=n, k=k, last_is_max=last_is_max)[1]
    return int(first.argmax() if last_is_max == (k % 2 == 1) else first.argmin())


def play_on_table(
    leaves: Tensor, *, n: int, k: int, maximiser: Mover, minimiser: Mover, seed: int
) -> float:
    """Value of the full set that two movers choose in turn, the maximiser first.

    leaves: [C(n, k)] in colex order. After each move the rest is a smaller game of the same kind.
    """
    last_is_max = k % 2 == 1
    for ply in range(k):
        mover = maximiser if ply % 2 == 0 else minimiser
        element = mover(leaves, n, k - ply, last_is_max, seed + ply)
        leaves, n = leaves[containing(n, k - ply, element)], n - 1
    return leaves.item()


def lookahead_debater(move: Callable[..., int], depth: int) -> Debater:
    """A debater that plays `move(margin, revealed, pixels, depth, maximise)`.

    It looks no further than the end: before the last move, one ply.
    """

    def debater(position: Position, judge: Judge, seed: int) -> int:
        return move(
            lambda sets: margins(judge, position.claims, sets),
            list(position.revealed),
            ink(position.image).tolist(),
            min(depth, position.plies_left),
            position.role == "honest",
        )

    return debater
