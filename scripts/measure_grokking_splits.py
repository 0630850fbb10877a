"""Train modular addition (p = 53) on other splits and print what unit 403 tells of its run.

    python scripts/measure_grokking_splits.py 100 101 102      one to two minutes of a core each

Each number is the seed of a split of 40 % of the pairs; the weights always start from seed 0, as in
the notebook. A split drawn in another right way from the notebook's seed is such a split.
`argsort`, `last` and `turned` are three of these: the order of random numbers, the last rows of the
permutation that the reference draws from seed 0, and a part of it that begins in the middle.
The functions are those of the unit's solution.
"""

import sys

import torch

from firsthand.grading.intake import reference_cells
from firsthand.kit import modular
from firsthand.unit import exercise_cells, find_unit

P, FRACTION = 53, 0.4
IMPORTS = """
import math
import torch
from jaxtyping import Float, Int
from torch import Tensor
from firsthand.kit import modular
"""


def functions() -> dict:
    """The unit's own functions, by name: its solutions, executed."""
    sources = exercise_cells(reference_cells(find_unit("403")))
    scope: dict = {}
    exec(IMPORTS + "\n\n".join(sources.values()), scope)
    return scope


def split(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The row numbers to train and to test on."""
    size = int(FRACTION * P * P)
    if name == "argsort":
        order = torch.rand(P * P, generator=torch.Generator().manual_seed(0)).argsort()
    else:
        seed = 0 if name in ("last", "turned") else int(name)
        order = torch.randperm(P * P, generator=torch.Generator().manual_seed(seed))
    if name == "last":
        order = order.flip(0)
    if name == "turned":
        start = int(torch.randint(P * P, (1,), generator=torch.Generator().manual_seed(0)))
        order = torch.cat([order[start:], order[:start]])
    return order[:size], order[size:]


def measured(name: str, unit: dict) -> str:
    """One line: the figures of the run on this split."""
    a, b = torch.arange(P).repeat_interleave(P), torch.arange(P).repeat(P)
    tokens, labels = torch.stack([a, b, torch.full_like(a, P)], dim=1), (a + b) % P
    train, test = split(name)
    run = modular.train(tokens, labels, train, steps=1800, seed=0, progress=False)
    snapshots = torch.stack([modular.logits_of(state, tokens) for state in run.states])
    right = (snapshots.argmax(-1) == labels)[:, test].double()
    accuracy = right.mean(1)
    shares = unit["frequency_shares"](run.states[-1]["embed.W_E"][:P])
    key = [k + 1 for k in range(len(shares)) if shares[k] > 0.05]
    curves = unit["progress_measures"](snapshots, labels, train, test, key)
    weights = torch.tensor([sum(w.pow(2).sum().item() for w in s.values()) for s in run.states])
    ends = unit["phases"](run.step, curves["restricted"], curves["excluded"], weights, P)
    network = modular.new_model(P, 0)
    network.load_state_dict(run.states[-1])
    with torch.no_grad():
        explained = unit["neuron_frequency"](modular.mlp_activations(network, tokens))[1]
    formed = None if ends[1] is None else run.step.index(ends[1])
    mirrored = torch.isin(tokens[test, 1] * P + tokens[test, 0], train)
    when = "never"
    if formed is not None:
        apart = [right[formed, rows].mean().item() for rows in (mirrored, ~mirrored)]
        when = f"{accuracy[formed]:.3f} ({apart[0]:.2f}/{apart[1]:.2f})"
    half = next((s for s, share in zip(run.step, accuracy, strict=True) if share > 0.5), None)
    fve = unit["fve_trig"](snapshots[-1].reshape(P, P, P), key)
    figures = {
        "end": f"{accuracy[-1]:.3f}", "half at": half, "formed": when, "ends": ends,
        "keys": len(key), "share": f"{sum(shares[k - 1] for k in key):.3f}", "FVE": f"{fve:.3f}",
        "pure": f"{(explained > 0.85).double().mean():.2f}",
        "median": f"{explained.median():.2f}",
        "excluded": f"{curves['excluded'][-1]:.1f}",
        "restricted": f"{curves['restricted'][-1]:.1e}", "test": f"{curves['test'][-1]:.1e}",
        "weights": f"{weights[6]:.0f} to {weights[-1]:.0f}",
    }  # fmt: skip
    return f"{name:>8s}: " + ", ".join(f"{key} {value}" for key, value in figures.items())


def main() -> None:
    """Print one line for each split named."""
    unit = functions()
    for name in sys.argv[1:]:
        print(measured(name, unit), flush=True)


if __name__ == "__main__":
    main()
