"""Train three-headed networks and store their gaps, for unit 503's plot of gaps against width.

    python scripts/measure_critics.py [--widths 16 32 64 128] [--runs 8] [--first 0]

Writes src/firsthand/kit/files/latin_gaps.npz (described in `firsthand.kit.latin`). Run r is seed r.
1,000 questions for each network, 8 answers each. About two minutes on one core.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from firsthand.kit.latin import (
    BLANK,
    CELLS,
    LINES,
    ORDER,
    ThreeHeads,
    draw_questions,
    train_three_heads,
)

QUESTIONS, ANSWERS = 1000, 8


def broken_lines(answers: Tensor) -> Tensor:
    """Which rows and columns repeat a digit: bool [batch 8]."""
    present = torch.nn.functional.one_hot(answers.view(-1, ORDER, ORDER), ORDER)
    return torch.cat([present.sum(2).ne(1).any(2), present.sum(1).ne(1).any(2)], 1)


def fill_blanks(next_logits, answers: Tensor, blank: int, seed: int) -> Tensor:
    """Blank cells drawn from left to right."""
    draws = torch.Generator().manual_seed(seed)
    answers = answers.clone()
    for cell in range(CELLS):
        empty = (answers[:, cell] == blank).nonzero()[:, 0]
        if len(empty):
            weights = next_logits(answers[empty])[:, cell].exp()
            answers[empty, cell] = torch.multinomial(weights, 1, generator=draws)[:, 0]
    return answers


def critique_loss(logits: Tensor, broken: Tensor) -> Tensor:
    """Mean over flawed answers of minus the log of the probability on broken lines."""
    kept = broken.any(1)
    if not kept.any():
        return 0 * logits.sum()
    log_p = logits[kept].log_softmax(1)
    return -log_p.masked_fill(~broken[kept], -torch.inf).logsumexp(1).mean()


def gaps(network: ThreeHeads, seed: int) -> tuple[float, float, float]:
    """G, D and C of one network, as unit 503 defines them."""
    asked = draw_questions(QUESTIONS, seed=10_000 + seed).repeat_interleave(ANSWERS, 0)
    answers = fill_blanks(network.next_logits, asked, BLANK, 20_000 + seed)
    broken = broken_lines(answers).view(QUESTIONS, ANSWERS, LINES)
    scores = network.score(answers).view(QUESTIONS, ANSWERS)
    named = network.line_logits(answers).argmax(1).view(QUESTIONS, ANSWERS)
    valid = ~broken.any(2)
    kept = ~broken.gather(2, named[..., None])[..., 0]
    chosen = [bool(row[best]) for row, best in zip(valid, scores.argmax(1).tolist(), strict=True)]
    shares = [
        float(row[keep].double().mean()) if keep.any() else 0.0
        for row, keep in zip(valid, kept, strict=True)
    ]
    return float(valid.double().mean()), float(np.mean(chosen)), float(np.mean(shares))


def main() -> None:
    """Train, measure, report progress, and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--widths", type=int, nargs="+", default=[16, 32, 64, 128])
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--first", type=int, default=0, help="the first run's number and seed")
    parser.add_argument("--file", type=Path, default=Path("src/firsthand/kit/files/latin_gaps.npz"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    parts = {
        "broken_lines": broken_lines,
        "fill_blanks": fill_blanks,
        "critique_loss": critique_loss,
    }
    rows = []
    for width in arguments.widths:
        for run in range(arguments.first, arguments.first + arguments.runs):
            g, d, c = gaps(train_three_heads(width, **parts, seed=run), run)
            rows.append((width, run, g, d, c))
            print(f"width {width:3d} run {run}: G {g:.3f} D {d:.3f} C {c:.3f} DC {d - c:+.3f}")
    table = np.array(rows)
    columns = {"width": table[:, 0].astype(np.int64), "run": table[:, 1].astype(np.int64)}
    columns |= {name: table[:, 2 + place] for place, name in enumerate("GDC")}
    np.savez_compressed(arguments.file, **columns)
    print(arguments.file.name, hashlib.sha256(arguments.file.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
