"""Figures of training transcripts: what is drawn where, with how many panels."""

import numpy as np

from firsthand.kit import plots, transcript_figures


def test_segment_errors_have_dots_where_honest_and_draw_zero_at_1e_8():
    fig = transcript_figures.segment_errors(
        {"device": [0, 1e-3, 0], "forged": [0.5, 2, 1]}, 0.03, honest={"device"}
    )
    device, forged, tolerance = fig.axes[0].lines
    assert (device.get_marker(), forged.get_marker()) == (".", "x")
    assert device.get_ydata().tolist() == [1e-8, 1e-3, 1e-8]
    assert tolerance.get_ydata()[0] == 0.03 and fig.axes[0].get_yscale() == "log"


def test_errors_by_interval_have_their_limits_in_their_colours():
    fig = transcript_figures.errors_by_interval(
        (1, 5), {"a": [0.1, 0.2], "b": [1, 2]}, {"limit of a": 0.05, "limit of b": 3}, ylabel="y"
    )
    lines = fig.axes[0].lines
    assert [line.get_label() for line in lines] == ["a", "b", "limit of a", "limit of b"]
    assert [line.get_color() for line in lines] == [*plots.COLOURS[:2]] * 2
    assert [label.get_text() for label in fig.axes[0].get_xticklabels()] == ["1", "5"]


def test_detection_is_drawn_by_segments_and_by_share():
    fig = transcript_figures.detection(
        {"one": ([0, 0.5, 1], {1: 0.4, 2: 1.0})}, {"long": [0, 1], "short": [0, 0.6, 1]}, ("l", "r")
    )
    curve, points = fig.axes[0].lines
    assert list(curve.get_xdata()) == [0, 1, 2] and list(points.get_xdata()) == [1, 2]
    assert list(points.get_ydata()) == [0.4, 1.0]
    long, short, _ = fig.axes[1].lines
    assert list(long.get_xdata()) == [0, 1] and list(short.get_xdata()) == [0, 0.5, 1]
    assert [axis.get_title() for axis in fig.axes] == ["l", "r"]


def test_traces_count_every_record_also_beyond_the_ends():
    panels = {"used": np.array([0.7, 0.1, -0.9]), "unused": np.array([0.0])}
    fig = transcript_figures.traces(panels)
    counts = [sum(bar.get_height() for bar in axis.patches) for axis in fig.axes]
    assert counts == [3, 1] and [axis.get_title() for axis in fig.axes] == list(panels)
    assert plots.png(fig).startswith(b"\x89PNG")
    assert panels["used"].tolist() == [0.7, 0.1, -0.9]
