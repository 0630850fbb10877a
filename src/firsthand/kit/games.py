"""The sparse-pixel debate as a game between two functions.

The honest debater claims the true class, the liar another one.  They reveal pixels of the image in
turns; after `k` pixels the judge compares the logits of the two claims, a tie going to the liar.
Source: Irving, Christiano, Amodei 2018, section 3.1 (debate with precommitted claims).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from firsthand.kit.digits import N_PIXELS, ink
from firsthand.kit.judge import Judge, MeteredJudge

ROLES = ("honest", "liar")


@dataclass(frozen=True)
class Position:
    """What a debater knows when it is its turn.

    claims: (true class, lie). revealed: pixel ids in the order of play.
    """

    image: Tensor  # float32 [64]
    role: str  # "honest" or "liar"
    claims: tuple[int, int]
    revealed: tuple[int, ...]
    k: int

    @property
    def legal(self) -> list[int]:
        """Nonzero pixels that are not yet revealed, ascending."""
        return [pixel for pixel in ink(self.image).tolist() if pixel not in self.revealed]

    @property
    def plies_left(self) -> int:
        """Moves still to be made by both, this one included."""
        return self.k - len(self.revealed)

    @property
    def last_is_honest(self) -> bool:
        """Whether the honest debater makes the last move."""
        return (self.role == "honest") == (self.plies_left % 2 == 1)


Debater = Callable[[Position, Judge, int], int]
"""(position, judge of this image, seed) -> the id of the pixel to reveal."""


class Played(NamedTuple):
    """One finished debate."""

    revealed: tuple[int, ...]  # pixel ids in the order of play
    margin: float  # logit of the truth minus logit of the lie, on the revealed pixels
    honest_won: bool
    forfeits: dict[str, int]  # moves that were replaced, by role
    rows: int  # judge rows that the debaters used


def mask_of(sets: list[list[int]] | Tensor) -> Tensor:
    """Masks of sets of pixel ids. sets: [set size].  Returns bool [set 64]."""
    ids = torch.as_tensor(sets, dtype=torch.int64)
    return torch.zeros(len(ids), N_PIXELS, dtype=torch.bool).scatter_(1, ids, True)


def margins(judge: Judge, claims: tuple[int, int], sets: list[list[int]] | Tensor) -> Tensor:
    """Logit of the truth minus logit of the lie after each set of pixels.

    Returns [set]; positive means the truth wins.
    """
    logits = judge(mask_of(sets))
    return logits[:, claims[0]] - logits[:, claims[1]]


def play(
    image: Tensor,
    claims: tuple[int, int],
    *,
    k: int,
    honest_first: bool,
    honest: Debater,
    liar: Debater,
    judge: Judge,
    seed: int,
    budget: int,
) -> Played:
    """Play one debate of k pixels.

    Each move may ask the judge for `budget` rows.  A move that is illegal, or whose debater went
    over the budget, is replaced by a random legal one and counted; an integer of NumPy or torch
    counts as its number.  Every move gets its own seed,
    derived from `seed`. Raises ValueError if the image has fewer than k nonzero pixels.
    """
    if len(ink(image)) < k:
        raise ValueError(
            f"the image has {len(ink(image))} nonzero pixels, a debate of {k} needs as many"
        )
    generator = torch.Generator().manual_seed(seed)
    meter, rows = MeteredJudge(judge, budget), 0
    debaters, forfeits = {"honest": honest, "liar": liar}, {"honest": 0, "liar": 0}
    revealed: tuple[int, ...] = ()
    for ply in range(k):
        role = ROLES[(ply % 2 == 0) != honest_first]
        position = Position(image, role, claims, revealed, k)
        meter.reset()
        move_seed, spare = torch.randint(2**31, (2,), generator=generator).tolist()
        pixel = _asked(debaters[role], position, meter, move_seed)
        rows += meter.used
        if pixel is None:
            forfeits[role] += 1
            pixel = position.legal[spare % len(position.legal)]
        revealed = (*revealed, pixel)
    margin = margins(judge, claims, [list(revealed)]).item()
    return Played(revealed, margin, margin > 0, forfeits, rows)


def _asked(debater: Debater, position: Position, meter: MeteredJudge, seed: int) -> int | None:
    """The debater's pixel, or None if it is illegal or the budget was exceeded.

    Other errors pass through.
    """
    try:
        pixel = debater(position, meter, seed)
    except RuntimeError:
        if meter.exceeded:
            return None
        raise
    whole = _whole(pixel)
    return whole if whole in position.legal and not meter.exceeded else None


def _whole(pixel: object) -> int | None:
    """A pixel id as an int: an int, a NumPy integer or an integer tensor of one element."""
    if isinstance(pixel, bool) or getattr(pixel, "dtype", None) == torch.bool:
        return None
    try:
        return operator.index(pixel)  # type: ignore[arg-type]
    except TypeError:
        return None
