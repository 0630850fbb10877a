"""A page of its own: skeleton, style and pieces, for the cohort report and the learner's pages.

The pieces escape what they are given. A page is one file that needs no script and loads nothing;
a content security policy says so to the browser.
"""

import re
from collections.abc import Sequence
from html import escape

from firsthand.render.rows import clean, one_line

MOST_LINES = 80  # of a learner's code

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --page: #ffffff; --line: #d8d8d8;
  --quiet: #5c5c5c; --tint: #f4f4f2; --warn: #b07a00; --link: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --page: #161616; --line: #3a3a3a; --quiet: #a6a6a6; --tint: #212121;
    --link: #7db7f0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
header p { margin: 0; color: var(--quiet); }
h1 { margin: 0 0 1rem; font-size: 1.8rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .5rem; padding-bottom: .2rem; font-size: 1.25rem;
  border-bottom: 1px solid var(--line); }
h3 { margin: 1.5rem 0 .4rem; font-size: 1rem; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, monospace; font-size: .875em; }
small, .quiet { color: var(--quiet); font-size: .875em; }
small { white-space: nowrap; }
.facts { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin: 0; }
.facts dt, .notes dt { color: var(--quiet); font-size: .875rem; }
.facts dd { margin: 0; font-size: 1.25rem; }
.notes dd { margin: 0 0 .75rem; max-width: 46rem; }
.attention { margin: 1.25rem 0 0; padding: .6rem 1rem .6rem 2rem; background: var(--tint);
  border-left: 4px solid var(--warn); }
figure { margin: 1rem 0; max-width: 38rem; }
figure svg { display: block; width: 100%; height: auto; }
.table { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem 1rem .3rem 0; vertical-align: top; text-align: right;
  border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--quiet); font-weight: 600; vertical-align: bottom; }
.left { text-align: left; min-width: 8rem; max-width: 34rem; white-space: normal;
  overflow-wrap: break-word; }
.group { padding-top: 1rem; text-align: left; color: var(--ink); }
.upright { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left;
  padding: .7rem 0 0; font-family: ui-monospace, monospace; font-weight: 400; }
details { margin: .5rem 0; }
summary { cursor: pointer; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
.pair div { min-width: 0; }
pre { margin: 0; padding: .6rem; overflow-x: auto; background: var(--tint); line-height: 1.4; }
@media print { body { font-size: 11px; } main { max-width: none; padding: 0; }
  figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } .table { overflow: visible; } }
"""


GENERATOR = '<meta name="generator" content="firsthand">'


def document(title: str, parts: Sequence[str], *, style: str = "", images: bool = False) -> str:
    """The whole page from its pieces, which are HTML already; empty ones are left out.

    style: more rules after `STYLE`. images: whether pictures may stand in the page as data.
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'" + "; img-src data:" * images
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n{GENERATOR}\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """A row of labelled numbers."""
    terms = "".join(f"<div><dt>{text(k)}</dt><dd>{text(v)}</dd></div>" for k, v in pairs)
    return f'<dl class="facts">{terms}</dl>'


def notes(pairs: Sequence[tuple[str, str]]) -> str:
    """Terms, each with what it means below it."""
    terms = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in pairs)
    return f'<dl class="notes">{terms}</dl>'


def text(value: str) -> str:
    """One line of text, cleaned and escaped."""
    return escape(one_line(value))


def marked_up(value: str) -> str:
    """`text`, with names between backticks set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text(value))


def code(source: str) -> str:
    """Somebody's code as it is, at most `MOST_LINES` lines of it."""
    lines = clean(source).strip("\n").split("\n")
    left = len(lines) - MOST_LINES
    shown = [*lines[:MOST_LINES], f"… {left} more lines"] if left > 0 else lines
    return "<pre>" + escape("\n".join(shown)) + "</pre>"


def percent(share: float | None) -> str:
    """Such as "38 %", or a dash where there is none."""
    return "–" if share is None else f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def decimal(value: float, digits: int) -> str:
    """A number of so many digits after the point, with a true minus sign and no "-0"."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def number_range(interval: tuple[float, float] | None, *, scale: float = 1, digits: int = 0) -> str:
    """An interval in brackets, small, after its number; nothing where there is none."""
    if interval is None:
        return ""
    low, high = (decimal(scale * end, digits) for end in interval)
    return f" <small>({low} to {high})</small>"


def link(file: str) -> str:
    """A link to a file beside the page."""
    return f'<a href="{escape(file)}">{escape(file)}</a>'


def listed(lines: Sequence[str], name: str) -> str:
    """A list of sentences."""
    rows = "".join(f"<li>{marked_up(line)}</li>" for line in lines)
    return f'<ul class="{name}">{rows}</ul>'


def section(title: str, *parts: str) -> str:
    """A heading with what stands below it."""
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    left: int,
    last_left: int = 0,
    upright: int | None = None,
) -> str:
    """A table of cells that are HTML already.

    left, last_left: how many columns of text stand at either side; the others are numbers.
    upright: from this column on, the names of columns of numbers stand upright to save room.
    """
    texts = _texts(len(header), left, last_left)
    return _framed(_head(header, texts, upright) + _body(rows, texts))


def grouped(
    header: Sequence[str],
    groups: Sequence[tuple[str, Sequence[Sequence[str]]]],
    *,
    left: int,
    last_left: int = 0,
) -> str:
    """One table of several groups of rows, each below its name; names are HTML already."""
    texts = _texts(len(header), left, last_left)
    bodies = "".join(
        _body(rows, texts, f'<tr><th colspan="{len(header)}" class="group">{name}</th></tr>')
        for name, rows in groups
    )
    return _framed(_head(header, texts, None) + bodies)


def _framed(inner: str) -> str:
    return f'<div class="table"><table>{inner}</table></div>'


def _texts(columns: int, left: int, last_left: int) -> set[int]:
    return {*range(left), *range(columns - last_left, columns)}


def _head(header: Sequence[str], texts: set[int], upright: int | None) -> str:
    cells = []
    for i, name in enumerate(header):
        stands = upright is not None and i >= upright and i not in texts
        inner = f'<span class="upright">{text(name)}</span>' if stands else text(name)
        cells.append(f'<th scope="col"{_side(i, texts)}>{inner}</th>')
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _body(rows: Sequence[Sequence[str]], texts: set[int], first: str = "") -> str:
    lines = (
        "".join(f"<td{_side(i, texts)}>{cell}</td>" for i, cell in enumerate(row)) for row in rows
    )
    return f"<tbody>{first}{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody>"


def _side(column: int, texts: set[int]) -> str:
    return ' class="left"' if column in texts else ""
