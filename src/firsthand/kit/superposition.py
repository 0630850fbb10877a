"""Toy models of superposition: their initial weights, features in pairs, and figures of W."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor

from firsthand.kit.plots import COLOURS, figure


def initial_weights(
    instances: int, m: int, n: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """W [instances m n] with independent normal entries of variance 1/m, and b [instances n] of 0.

    Two calls with generators in the same state give the same weights.
    """
    weights = torch.randn(instances, m, n, generator=generator) / m**0.5
    return weights, torch.zeros(instances, n)


def pair_sampler(
    p_active: Tensor, batch: int, pairs: int, *, exclusive: bool = False
) -> Callable[[torch.Generator], Tensor]:
    """A function from a generator to features [instance batch 2*pairs] that come in pairs.

    Features 2j and 2j + 1 are a pair. With probability p_active [instance] a pair is active:
    both features together, or one of the two, each as often, when `exclusive`. Active features
    are independent and uniform on [0, 1]; all others are 0.
    Source: Elhage et al. 2022, correlated and anticorrelated feature sets.
    """
    shape = (len(p_active), batch, pairs)

    def draw(generator: torch.Generator) -> Tensor:
        active = torch.rand(shape, generator=generator) < p_active[:, None, None]
        first = torch.rand(shape, generator=generator) < 0.5
        both = torch.stack([active, active], dim=-1)
        one = torch.stack([active & first, active & ~first], dim=-1)
        values = torch.rand(*shape, 2, generator=generator)
        return (values * (one if exclusive else both)).flatten(2)

    return draw


def columns_in_the_plane(
    panels: Mapping[str, Tensor], *, colours: Sequence[int] | None = None, per_row: int = 4
) -> Figure:
    """Columns of W [2 n] as arrows from the origin, one panel for each title, with a unit circle.

    colours: for each column the index of a colour; by default each has its own.
    Raises ValueError for a W whose first axis is not 2.
    """
    per_row = min(per_row, len(panels))
    rows = -(-len(panels) // per_row)
    fig, axes = figure(rows, per_row, width=2.3 * per_row, height=2.5 * rows)
    for axis in np.ravel(axes)[len(panels) :]:
        axis.set_axis_off()
    for axis, (title, columns) in zip(np.ravel(axes), panels.items(), strict=False):
        if columns.shape[0] != 2:
            raise ValueError(f"W must be [2 n] to be drawn in the plane, not {list(columns.shape)}")
        angle = np.linspace(0, 2 * np.pi, 100)
        axis.plot(np.cos(angle), np.sin(angle), color="0.8", linewidth=0.8)
        for index, (x, y) in enumerate(columns.detach().T.tolist()):
            colour = COLOURS[(index if colours is None else colours[index]) % len(COLOURS)]
            axis.plot([0, x], [0, y], color=colour, linewidth=1.6)
            axis.plot([x], [y], "o", color=colour, markersize=4)
        axis.set(xlim=(-1.45, 1.45), ylim=(-1.45, 1.45), aspect="equal", title=title)
        axis.title.set_fontsize(9)
        axis.set_axis_off()
    return fig


def phase_map(
    phases: Tensor, p: Tensor, importance: Tensor, boundary: tuple[Tensor, Tensor] | None = None
) -> Figure:
    """Phases [p importance] of models with two features in one dimension, as a map with log axes.

    phases: integers 0 (first only), 1 (extra only), 2 (antipodal), 3 (both, same sign).
    p, importance: the grid's values, ascending and evenly spaced on a log scale.
    boundary: importances and densities of a line to draw over the map.
    """
    names = ("first only", "extra only", "antipodal", "both, same sign")
    marks = ("o", "s", "^", "x")
    fig, axis = figure(width=5.6, height=3.8)
    column, row = np.meshgrid(importance.numpy(), p.numpy())
    for phase, (name, mark) in enumerate(zip(names, marks, strict=True)):
        here = phases.numpy() == phase
        if here.any():
            style = {"color": COLOURS[phase], "marker": mark, "linestyle": "none"}
            axis.plot(column[here], row[here], label=name, markersize=8, **style)
    if boundary is not None:
        axis.plot(boundary[0], boundary[1], color="black", linewidth=1.5, label="theory")
    axis.set(xscale="log", yscale="log", xlabel="importance of the extra feature")
    axis.set_ylabel("density")
    axis.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig
