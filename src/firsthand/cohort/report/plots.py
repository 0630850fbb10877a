"""The three plots of the cohort page, as pieces of SVG that follow the page's own colours."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from firsthand.cohort.items import Item
from firsthand.render.figures import BLUE, INK, ORANGE, new_figure, settings, svg


def score_histogram(points: Sequence[float], max_points: float) -> str:
    """How many learners have how many points, in at most 20 bins of equal width."""
    bins = min(20, max(1, round(max_points)))
    with settings():
        figure, axis = new_figure(2.6)
        counts, edges, _ = axis.hist(
            points, bins=bins, range=(0, max_points), color=BLUE, rwidth=0.94
        )
        axis.set(xlabel="points", ylabel="learners", xlim=(0, max_points))
        axis.yaxis.get_major_locator().set_params(integer=True)
        top = int(counts.argmax())
        told = (
            f"Histogram of points from 0 to {max_points:g}: the fullest bin, "
            f"{edges[top]:.4g} to {edges[top + 1]:.4g} points, holds {int(counts[top])} "
            f"of {len(points)} learners."
        )
        return svg(figure, "scores", told)


def item_bars(items: Sequence[Item]) -> str:
    """Difficulty of each exercise, and beside it how well it tells learners apart."""
    with settings():
        figure, (left, right) = new_figure(0.9 + 0.32 * len(items), columns=2)
        rows = range(len(items))
        left.barh(rows, [i.solved_share or 0 for i in items], color=BLUE, height=0.55)
        for row, item in enumerate(items):
            _interval(left, row, item.solved_interval)
            if item.mean_share is not None:
                left.plot(item.mean_share, row, "D", color=ORANGE, markersize=5)
            _interval(right, row, item.discrimination_interval)
            if item.discrimination is not None:
                right.plot(item.discrimination, row, "o", color=BLUE, markersize=5)
            else:
                right.text(0, row, "–", ha="center", va="center")
        left.set_yticks(rows, [item.name for item in items], family="monospace", fontsize=7.5)
        left.set(xlim=(0, 1), ylim=(len(items) - 0.4, -0.6), xlabel="solved (bar), points (◆)")
        right.set(xlim=(-1.05, 1.05), xticks=(-1, -0.5, 0, 0.5, 1), xlabel="discrimination")
        right.tick_params(left=False)
        right.spines["left"].set_visible(False)
        right.axvline(0, color=INK, linewidth=0.8)
        return svg(figure, "items", "; ".join(_told(item) for item in items) + ".")


def _interval(axis: Any, row: int, interval: tuple[float, float] | None) -> None:
    if interval is not None:
        axis.plot(interval, (row, row), color=INK, linewidth=1.2, marker="|", markersize=5)


def _told(item: Item) -> str:
    share = "no submissions" if item.solved_share is None else f"{item.solved_share:.0%} solved"
    told = "undefined" if item.discrimination is None else f"{item.discrimination:.2f}"
    return f"{item.name}: {share}, discrimination {told}"


def time_line(times: Sequence[datetime], due: datetime | None) -> str:
    """The share of these submissions that had come in, over time; the due date as a line."""
    moments = sorted(time.astimezone() for time in times)
    told = f"Share of {len(moments)} submissions over time, from {_day(moments[0])}"
    told += f" to {_day(moments[-1])}."
    with settings():
        figure, axis = new_figure(2.4)
        _steps(axis, moments)
        ends = [moments[0], moments[-1]]
        if due is not None:
            ends.append(due.astimezone())
            _due(axis, due.astimezone())
            late = sum(moment > due.astimezone() for moment in moments)
            told += f" Due {_day(due.astimezone())}: {late} came later."
        margin = max((max(ends) - min(ends)) / 20, timedelta(hours=1))  # one alone has no extent
        axis.set_xlim(min(ends) - margin, max(ends) + margin)
        axis.set(ylabel="share submitted", ylim=(0, 1.04))
        return svg(figure, "times", told)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _steps(axis: Any, moments: Sequence[datetime]) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    n = len(moments)
    places = sorted({*range(0, n, max(1, n // 200)), n - 1})  # a longer path looks the same
    shares = [(place + 1) / n for place in places]
    marker = "o" if n <= 60 else ""
    axis.step(
        [moments[p] for p in places], shares, where="post", color=BLUE, marker=marker, markersize=3
    )
    zone = moments[0].tzinfo
    locator = AutoDateLocator(maxticks=9, tz=zone)  # type: ignore[no-untyped-call]
    axis.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, tz=zone)  # type: ignore[no-untyped-call]
    axis.xaxis.set_major_formatter(formatter)


def _due(axis: Any, due: datetime) -> None:
    axis.axvline(due, color=ORANGE, linestyle="--")
    axis.annotate(
        "due", (due, 0.05), xytext=(-4, 0), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="right", color=ORANGE,
    )  # fmt: skip
