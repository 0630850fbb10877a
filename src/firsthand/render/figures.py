"""Plots as pieces of SVG that follow the page's own colours.

They need no script and no file. Text and axes take the colour of the text around them
(`currentColor`), so that they read on a light and on a dark page. Equal data give equal bytes.
"""

import io
import re
from html import escape
from typing import Any

# Okabe and Ito's palette: told apart by readers with any kind of colour vision.
BLUE, ORANGE = "#0072B2", "#D55E00"
INK = "#010203"  # drawn in this colour, shown in the page's
_WIDTH = 5.2  # inches: its 9 point text is still readable on a screen 400 pixels wide
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "firsthand",
    "font.family": "sans-serif",
    "font.size": 9,
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor"), INK),
    **dict.fromkeys(("xtick.color", "ytick.color"), INK),
}


def settings() -> Any:
    """The settings of matplotlib for one plot; the salt makes its ids repeatable."""
    import matplotlib

    return matplotlib.rc_context(_SETTINGS)


def new_figure(height: float, *, columns: int = 1) -> tuple[Any, Any]:
    """A figure without pyplot: nothing stays open and no backend is chosen."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), layout="constrained", facecolor="none")
    axes = figure.subplots(1, columns, sharey=columns > 1)
    for axis in figure.axes:
        axis.set_facecolor("none")
        axis.spines[["top", "right"]].set_visible(False)
    return figure, axes


def svg(figure: Any, name: str, alt: str) -> str:
    """The figure as one <svg>, scaled to its column, with `alt` for whoever cannot see it.

    name: begins its ids, which must be unique in the page.
    """
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :].strip()
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\1{name}-", text)
    text = text.replace(INK, "currentColor")
    return text.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)
