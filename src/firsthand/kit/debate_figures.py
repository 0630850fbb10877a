"""Figures of the sparse-pixel debate: digits, protocols, confusions, strengths, debates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import matplotlib.patheffects as patheffects
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from firsthand.kit.plots import COLOURS, figure
from firsthand.kit.statistics import wilson


class ShownDebate(NamedTuple):
    """A debate to draw."""

    title: str
    image: Tensor  # [64]
    revealed: Sequence[int]  # pixel ids in the order of play
    truth: Tensor  # [ply + 1], the judge's logit of the truth before the first and after each pixel
    lie: Tensor  # [ply + 1]


def draw_digit(axis: Axes, image: Tensor, *, revealed: Sequence[int] = (), title: str = "") -> None:
    """One digit [64]; revealed pixels are numbered in the order of play, two colours in turn."""
    axis.imshow(image.view(8, 8), cmap="Greys", vmin=0, vmax=1)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.set_title(title, fontsize=9)
    for ply, pixel in enumerate(revealed):
        text = axis.text(
            pixel % 8,
            pixel // 8,
            str(ply + 1),
            ha="center",
            va="center",
            color=COLOURS[ply % 2],
            weight="bold",
        )
        text.set_path_effects([patheffects.withStroke(linewidth=3, foreground="white")])


def digit_row(images: Tensor, titles: Sequence[str]) -> Figure:
    """Digits [digit 64] side by side."""
    fig, axes = figure(1, len(images), width=float(len(images)), height=1.3)
    for axis, image, title in zip(axes, images, titles, strict=True):
        draw_digit(axis, image, title=title)
    return fig


def protocol_bars(outcomes: Mapping[str, Tensor]) -> Figure:
    """Share of images won under each protocol, with 95 % Wilson intervals.

    outcomes: bool [image] for each protocol.
    """
    fig, axis = figure(width=7.5, height=3.4)
    for x, won in enumerate(outcomes.values()):
        rate, low, high = wilson(int(won.sum()), len(won))
        axis.bar(x, rate, color=COLOURS[0 if x else 5], width=0.65)
        axis.errorbar(x, rate, yerr=[[rate - low], [high - rate]], color="black", capsize=3)
        axis.text(x, high + 0.02, f"{rate:.2f}", ha="center", fontsize=9)
    axis.set_xticks(range(len(outcomes)), list(outcomes), fontsize=8)
    axis.set(ylim=(0, 1.08), ylabel="truth wins (all nine lies fail)")
    return fig


def confusion_matrix(counts: Tensor) -> Figure:
    """Counts int64 [truth lie] as a heat map with the nonzero entries written in."""
    fig, axis = figure(width=4.6, height=3.8)
    picture = axis.imshow(counts, cmap="Blues")
    for truth, lie in torch.nonzero(counts).tolist():
        shade = "white" if counts[truth, lie] > 0.6 * counts.max() else "black"
        label = str(int(counts[truth, lie]))
        axis.text(lie, truth, label, ha="center", va="center", fontsize=8, color=shade)
    axis.set(xlabel="lie", ylabel="truth", xticks=range(10), yticks=range(10))
    fig.colorbar(picture, ax=axis, label="images where the lie wins")
    return fig


def strength_curves(
    rollouts: Sequence[int], won: Mapping[str, Sequence[Tensor]], exact: Tensor
) -> Figure:
    """Share of games won by search strength, an arm a line, with the exact value and its interval.

    won: for each arm one bool [game] for each entry of `rollouts`. exact: bool [game].
    """
    fig, axis = figure(width=6.5, height=3.4)
    places = range(len(rollouts))
    for (arm, games), marker in zip(won.items(), "os^Dv", strict=False):
        axis.plot(places, [game.float().mean() for game in games], marker=marker, label=arm)
    rate, low, high = wilson(int(exact.sum()), len(exact))
    axis.axhline(rate, color="black", linestyle="--", label="both optimal (exact value)")
    axis.axhspan(low, high, color="black", alpha=0.08)
    axis.set_xticks(places, [str(count) for count in rollouts])
    axis.set(xlabel="PUCT rollouts for each move", ylabel="truth wins", ylim=(-0.03, 1.03))
    axis.legend(fontsize=8, loc="lower right")
    return fig


def debates(shown: Sequence[ShownDebate]) -> Figure:
    """Above each digit with its numbered pixels, below the two logits after each pixel."""
    fig, axes = figure(2, len(shown), width=2.5 * len(shown), height=4.6)
    for column, debate in enumerate(shown):
        draw_digit(axes[0, column], debate.image, revealed=debate.revealed, title=debate.title)
        plies = range(len(debate.revealed) + 1)
        axes[1, column].plot(plies, debate.truth, color=COLOURS[0], marker="o", label="truth")
        axes[1, column].plot(plies, debate.lie, color=COLOURS[1], marker="s", label="lie")
        axes[1, column].set(xlabel="pixels revealed", xticks=plies)
    axes[1, 0].set_ylabel("logit")
    axes[1, 0].legend(fontsize=8)
    return fig
