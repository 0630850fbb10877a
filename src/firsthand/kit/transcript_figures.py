"""Figures of training transcripts: segment errors, detection by an audit, traces of use."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from firsthand.kit.plots import COLOURS, figure


def segment_errors(
    series: Mapping[str, Sequence[float]], tolerance: float, *, honest: Collection[str] = ()
) -> Figure:
    """Errors by segment on a log scale against the tolerance; 0 is drawn at 1e-8.

    series: by label, one error for each segment.   honest: labels with dots; others have crosses.
    """
    fig, axis = figure(width=8.6, height=4.0)
    for number, (name, errors) in enumerate(series.items()):
        axis.plot(
            range(len(errors)),
            np.maximum(errors, 1e-8),
            marker="." if name in honest else "x",
            linewidth=0.6,
            label=name,
            color=COLOURS[number],
        )
    axis.axhline(tolerance, color="grey", linestyle="--", label=f"tolerance {tolerance}")
    axis.set(yscale="log", xlabel="segment", ylabel="segment error (0 drawn at 1e-8)")
    axis.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


def errors_by_interval(
    intervals: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    limits: Mapping[str, float],
    *,
    ylabel: str,
) -> Figure:
    """Errors against the number of steps between checkpoints, each with a limit, on log scales.

    lines: by label, one error for each interval.   limits: by label, in the order of `lines`.
    """
    fig, axis = figure(width=8.2, height=3.6)
    for (label, errors), marker in zip(lines.items(), "oDs^v", strict=False):
        axis.plot(intervals, errors, f"{marker}-", label=label)
    for number, (label, limit) in enumerate(limits.items()):
        style = ("--", ":", "-.")[number % 3]
        axis.axhline(limit, color=COLOURS[number], linestyle=style, label=label)
    axis.set(xscale="log", yscale="log", xlabel="steps between checkpoints", ylabel=ylabel)
    axis.set_xticks(intervals, intervals)
    axis.set_xticks([], minor=True)
    axis.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


def detection(
    counted: Mapping[str, tuple[Sequence[float], Mapping[int, float]]],
    replayed: Mapping[str, Sequence[float]],
    titles: tuple[str, str],
) -> Figure:
    """Probability that an audit detects a forgery: by segments drawn, and by share replayed.

    counted: by label, the curve for 0, 1, ... segments drawn, and points by segments drawn.
    replayed: by label, the curve for 0, 1, ... segments, the last of which replays everything.
    """
    fig, axes = figure(1, 2, width=9.6, height=3.6)
    for number, (label, (curve, points)) in enumerate(counted.items()):
        axes[0].plot(range(len(curve)), curve, color=COLOURS[number], label=label)
        axes[0].plot(list(points), list(points.values()), "o", color=COLOURS[number], markersize=4)
    for number, (label, curve) in enumerate(replayed.items()):
        n = len(curve) - 1
        axes[1].plot([q / n for q in range(n + 1)], curve, color=COLOURS[number], label=label)
    axes[0].set(xlabel="segments drawn", ylabel="probability of detection", title=titles[0])
    axes[1].set(xlabel="share of the training that is replayed", title=titles[1])
    axes[1].axhline(0.95, color="grey", linestyle="--")
    for axis in axes:
        axis.legend(fontsize=8, loc="lower right")
    return fig


def traces(panels: Mapping[str, np.ndarray]) -> Figure:
    """Histograms, one panel each, of the drop in loss that records owe to being claimed.

    panels: by title, one number for each record; what lies beyond 0.5 is in the outermost bars.
    """
    fig, axes = figure(1, len(panels), width=4.2 * len(panels), height=3.4)
    for axis, (title, gaps) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        axis.hist(np.clip(gaps, -0.5, 0.5), bins=np.linspace(-0.5, 0.5, 41), color=COLOURS[0])
        axis.axvline(0, color="black", linewidth=0.8)
        xlabel = "mean drop when claimed minus when not (nats)"
        axis.set(title=title, xlabel=xlabel, ylabel="records")
    return fig
