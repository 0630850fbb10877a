"""4x4 Latin squares as questions, and a small network that answers, scores and criticises.

A question is a square of which 8 cells are given; an answer fills all 16. A line is a row or a
column, and an answer is valid if no line repeats a digit: easy to check line by line, hard to hit
by chance. One trunk has three heads (next digit, validity, which line is broken), after the joint
training of Saunders et al. 2022, Self-critiquing models for assisting human evaluators; their
models are language models and their answers summaries.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from itertools import permutations, product
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

ORDER = 4
CELLS = ORDER * ORDER
LINES = 2 * ORDER
BLANK = ORDER
"""Cells are numbered row by row; digits are 0 to 3, and BLANK is an empty cell."""

BrokenLines = Callable[[Tensor], Tensor]
FillBlanks = Callable[[Callable[[Tensor], Tensor], Tensor, int, int], Tensor]
CritiqueLoss = Callable[[Tensor, Tensor], Tensor]


@lru_cache(maxsize=1)
def _all_squares() -> Tensor:
    rows = list(permutations(range(ORDER)))
    found = [
        sum(square, ())
        for square in product(rows, repeat=ORDER)
        if all(len(set(column)) == ORDER for column in zip(*square, strict=True))
    ]
    return torch.tensor(found)


def squares() -> Tensor:
    """All Latin squares of order 4: int64 [576 16]."""
    return _all_squares().clone()


def draw_squares(count: int, *, seed: int) -> Tensor:
    """Latin squares drawn with replacement: int64 [count 16]."""
    return _squares(count, torch.Generator().manual_seed(seed))


def draw_questions(count: int, *, seed: int, given: int = 8) -> Tensor:
    """Squares with `given` cells shown and the others BLANK: int64 [count 16]."""
    return _questions(count, torch.Generator().manual_seed(seed), given)


def one_cell_flaws(answers: Tensor, *, seed: int) -> Tensor:
    """Each answer [count 16] with one random cell changed to another digit."""
    return _one_cell(answers, torch.Generator().manual_seed(seed))


def row_swaps(answers: Tensor, *, seed: int) -> Tensor:
    """Each answer [count 16] with two cells of one random row exchanged.

    In a valid square all rows stay valid and exactly two columns break.
    """
    return _row_swap(answers, torch.Generator().manual_seed(seed))


def rewrites(answers: Tensor) -> Tensor:
    """Every way to rewrite one cell, unchanged ones included: int64 [count 64 16].

    Candidate 4 * cell + digit has that digit in that cell.
    """
    changed = answers[:, None].repeat(1, CELLS * ORDER, 1)
    number = torch.arange(CELLS * ORDER)
    changed[:, number, number // ORDER] = number % ORDER
    return changed


class ThreeHeads(nn.Module):
    """Perceptron of two ReLU layers over one-hot cells, with three linear heads."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Linear(CELLS * (ORDER + 1), width), nn.ReLU(), nn.Linear(width, width), nn.ReLU()
        )
        self.digit = nn.Linear(width, CELLS * ORDER)
        self.valid = nn.Linear(width, 1)
        self.line = nn.Linear(width, LINES)

    def features(self, answers: Tensor) -> Tensor:
        """The trunk's output [batch width] for answers, int64 [batch 16]."""
        return self.trunk(nn.functional.one_hot(answers, ORDER + 1).flatten(1).float())

    def next_logits(self, answers: Tensor) -> Tensor:
        """Generator: logits [batch 16 4] of the digit in each cell."""
        return self.digit(self.features(answers)).view(-1, CELLS, ORDER)

    def score(self, answers: Tensor) -> Tensor:
        """Discriminator: logit [batch] of the answer being valid."""
        return self.valid(self.features(answers))[:, 0]

    def line_logits(self, answers: Tensor) -> Tensor:
        """Critic: logits [batch 8] of the line to point at; rows come first."""
        return self.line(self.features(answers))


def train_three_heads(
    width: int,
    *,
    broken_lines: BrokenLines,
    fill_blanks: FillBlanks,
    critique_loss: CritiqueLoss,
    seed: int,
    steps: int = 900,
    batch: int = 256,
    lr: float = 3e-3,
) -> ThreeHeads:
    """Train generator, discriminator and critic together, Adam with a rate falling linearly to 0.

    The generator sees a square of which some cells are blank and predicts those. The other heads
    see a quarter each of valid squares, one-cell flaws, row swaps and answers of the network
    itself, which are drawn afresh every 25 steps. Global randomness stays untouched.

    broken_lines: answers [batch 16] -> bool [batch 8].  fill_blanks(next_logits, answers, blank,
    seed) -> answers.  critique_loss(logits [batch 8], broken) -> scalar.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = ThreeHeads(width)
    optimiser = torch.optim.Adam(network.parameters(), lr)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / steps)
    own = torch.empty(0, CELLS, dtype=torch.int64)
    for step in range(steps):
        if step % 25 == 0:
            with torch.no_grad():
                asked = _questions(4 * batch, generator, CELLS // 2)
                drawn = int(torch.randint(2**31, (), generator=generator))
                own = fill_blanks(network.next_logits, asked, BLANK, drawn)
        answers = _mixed(own, batch // 4, generator)
        broken = broken_lines(answers)
        features = network.features(answers)
        discriminator = nn.functional.binary_cross_entropy_with_logits(
            network.valid(features)[:, 0], (~broken.any(1)).float()
        )
        critic = critique_loss(network.line(features), broken)
        loss = _generator_loss(network, batch, generator) + discriminator + critic
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval().requires_grad_(False)


class Gaps(NamedTuple):
    """Measured answers of many trainings, one row for each; made by `scripts/measure_critics.py`.

    width, run: int64 [row]; run r is seed r.  G, D, C: float64 [row], as unit 503 defines them, on
    1,000 questions with 8 answers each.
    """

    width: Tensor
    run: Tensor
    G: Tensor
    D: Tensor
    C: Tensor


def measured_gaps() -> Gaps:
    """The shipped table."""
    with files("firsthand.kit").joinpath("files/latin_gaps.npz").open("rb") as stream:
        archive = np.load(stream, allow_pickle=False)
        return Gaps(*(torch.from_numpy(archive[name]) for name in Gaps._fields))


def _squares(count: int, generator: torch.Generator) -> Tensor:
    known = _all_squares()
    return known[torch.randint(len(known), (count,), generator=generator)]


def _questions(count: int, generator: torch.Generator, given: int) -> Tensor:
    asked = _squares(count, generator)
    hidden = torch.rand(count, CELLS, generator=generator).argsort(1)[:, given:]
    return asked.scatter(1, hidden, BLANK)


def _one_cell(answers: Tensor, generator: torch.Generator) -> Tensor:
    cell = torch.randint(CELLS, (len(answers), 1), generator=generator)
    step = torch.randint(1, ORDER, (len(answers), 1), generator=generator)
    return answers.scatter(1, cell, (answers.gather(1, cell) + step) % ORDER)


def _row_swap(answers: Tensor, generator: torch.Generator) -> Tensor:
    row = torch.randint(ORDER, (len(answers), 1), generator=generator)
    pair = torch.rand(len(answers), ORDER, generator=generator).argsort(1)[:, :2] + ORDER * row
    return answers.scatter(1, pair, answers.gather(1, pair.flip(1)))


def _mixed(own: Tensor, quarter: int, generator: torch.Generator) -> Tensor:
    """A quarter each of valid squares, one-cell flaws, row swaps and the network's own answers."""
    valid, one, swap = _squares(3 * quarter, generator).split(quarter)
    rows = torch.randint(len(own), (quarter,), generator=generator)
    return torch.cat([valid, _one_cell(one, generator), _row_swap(swap, generator), own[rows]])


def _generator_loss(network: ThreeHeads, batch: int, generator: torch.Generator) -> Tensor:
    """Cross-entropy of the blank cells, with a random number of blanks already filled in order."""
    target = _squares(batch, generator)
    hidden = (
        torch.rand(batch, CELLS, generator=generator).argsort(1)[:, CELLS // 2 :].sort(1).values
    )
    start = torch.randint(CELLS // 2, (batch, 1), generator=generator)
    late = torch.arange(CELLS // 2) >= start
    blank = torch.zeros(batch, CELLS, dtype=torch.bool).scatter(1, hidden, late)
    logits = network.next_logits(target.masked_fill(blank, BLANK))
    return nn.functional.cross_entropy(logits[blank], target[blank])
