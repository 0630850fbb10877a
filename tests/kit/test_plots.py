"""Figures: equal bytes, a description, and the attention grid."""

import numpy as np
import pytest
import torch

from firsthand.kit import plots

PNG = b"\x89PNG\r\n\x1a\n"


def simple():
    fig, axis = plots.figure()
    axis.plot([0, 1, 2], [3, 1, 2], label="a")
    axis.legend()
    return fig


def test_equal_figures_have_equal_bytes_without_date_or_version():
    first, second = plots.png(simple()), plots.png(simple())
    assert first == second and first.startswith(PNG)
    assert b"tEXt" not in first and b"tIME" not in first


def test_show_displays_one_image_with_its_description(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    plots.show(simple(), alt='a falling <line> "x"')
    data, metadata = shown[0]._repr_mimebundle_()
    assert len(shown) == 1 and set(data) == {"image/png"}
    assert metadata == {"image/png": {"alt": 'a falling <line> "x"'}}


def test_a_figure_without_description_is_refused():
    with pytest.raises(ValueError, match="description"):
        plots.show(simple(), alt="  ")


def test_the_grid_has_one_panel_per_head_on_one_scale():
    patterns = torch.rand(5, 6, 6).tril()
    fig = plots.attention_grid(patterns, titles=[f"h{i}" for i in range(5)], columns=3)
    panels = [axis for axis in fig.axes if axis.get_title()]
    assert [axis.get_title() for axis in panels] == ["h0", "h1", "h2", "h3", "h4"]
    for axis, pattern in zip(panels, patterns, strict=True):
        image = axis.get_images()[0]
        np.testing.assert_allclose(image.get_array(), pattern)
        assert image.get_clim() == (0, 1)
    assert plots.png(fig).startswith(PNG)


def test_labels_appear_only_where_they_can_be_read():
    small, large = (
        plots.attention_grid(torch.rand(1, n, n), labels=[str(i) for i in range(n)])
        for n in (4, 30)
    )
    assert [t.get_text() for t in small.axes[0].get_xticklabels()] == ["0", "1", "2", "3"]
    assert len(large.axes[0].get_xticks()) < 30


def test_a_wrong_shape_is_named():
    with pytest.raises(ValueError, match=r"\[head query key\], not \[3, 3\]"):
        plots.attention_grid(torch.rand(3, 3))


def test_curves_keep_a_labels_colour_from_panel_to_panel():
    x = [0, 1, 2]
    panels = {"one": {"a": (x, x), "b": (x, [2, 1, 0])}, "two": {"b": (x, torch.ones(3))}}
    fig = plots.curves(panels, xlabel="updates", ylim={"two": (0, 4)})
    first, second = fig.axes
    assert [line.get_label() for line in first.lines] == ["a", "b"]
    assert first.lines[1].get_color() == second.lines[0].get_color() != first.lines[0].get_color()
    assert first.get_legend() is not None and second.get_legend() is None
    assert second.get_ylim() == (0, 4) and second.get_title() == "two"
    np.testing.assert_allclose(second.lines[0].get_ydata(), 1)


def test_bars_show_their_values():
    fig = plots.bars({"x": 0.25, "y": -0.1}, ylabel="share")
    axis = fig.axes[0]
    assert [patch.get_height() for patch in axis.patches] == [0.25, -0.1]
    assert [text.get_text() for text in axis.texts] == ["0.25", "-0.10"]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["x", "y"]


def test_heat_maps_share_one_scale():
    images = {"a": torch.rand(3, 5), "b": np.ones((3, 5))}
    fig = plots.heat_maps(images, xlabel="t", ylabel="p", label="nats", limits=(0, 4))
    for axis, image in zip(fig.axes, images.values(), strict=False):
        drawn = axis.get_images()[0]
        np.testing.assert_allclose(drawn.get_array(), image)
        assert drawn.get_clim() == (0, 4) and drawn.origin == "lower"


def test_a_matrix_has_its_values_in_its_cells():
    values = torch.tensor([[0.1, 0.75, 0.3], [0.0, 1.0, 0.5]])
    fig = plots.matrix(values, rows=["r", "s"], columns=["a", "b", "c"], ylabel="y", xlabel="x")
    axis = fig.axes[0]
    written = {text.get_position(): text.get_text() for text in axis.texts}
    assert written[(1, 0)] == "0.75" and written[(0, 1)] == "0.00" and len(written) == 6
    assert [label.get_text() for label in axis.get_yticklabels()] == ["r", "s"]


def test_values_may_be_part_of_a_graph():
    graph = torch.rand(1, 3, 3, requires_grad=True) * 1
    line, square = graph[0, 0], graph[0]
    names = ["a", "b", "c"]
    figures = [
        plots.attention_grid(graph),
        plots.curves({"one": {"a": (line, line)}}, xlabel="x"),
        plots.bars({"a": line[0]}, ylabel="y"),
        plots.heat_maps({"a": square}, xlabel="x", ylabel="y", label="z", limits=(0, 1)),
        plots.matrix(square, rows=names, columns=names, ylabel="y", xlabel="x"),
    ]
    drawn = figures[1].axes[0].lines[0].get_ydata()
    np.testing.assert_allclose(drawn, line.detach())
    assert all(plots.png(fig).startswith(PNG) for fig in figures)
