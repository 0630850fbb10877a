"""What suits a learner, for a terminal: one block for each strand."""

import textwrap
from collections.abc import Sequence

from rich.text import Text

from firsthand.standing.fit import ENOUGH, Measure, Strand, shown, spread, verdict
from firsthand.standing.terminal import LEAST, bar, painted
from firsthand.standing.words import count

LABEL = 27
NOBODY = "No unit is finished yet, so there is nothing to tell. It is asked and counted as you go."


def text(found: Sequence[Strand], *, width: int = 80, colour: bool = False) -> str:
    """Every strand with its measures. Options as for `terminal.text`."""
    width = max(width, LEAST)
    if not any(strand.units for strand in found):
        return textwrap.fill(NOBODY, width)
    lines: list[Text] = []
    for strand in found:
        lines += [*_strand(strand, width), Text()]
    closing = [
        verdict(found),
        "Each number is the median over the units, then the lowest and the highest. Time is what "
        "the journal has seen; a pause counts as 10 minutes at most.",
    ]
    lines += [Text(line) for part in closing for line in textwrap.wrap(part, width)]
    return painted(lines, width, colour)


def _strand(strand: Strand, width: int) -> list[Text]:
    head = [Text(strand.name, style="bold")]
    told = f"{count(len(strand.units), 'finished unit')}"
    if strand.units:
        told += f": {', '.join(u.number for u in strand.units)}"
    if strand.begun:
        told += f"; {count(strand.begun, 'unit')} begun"
    if not strand.enough:
        told += f"; too little to tell, {ENOUGH} are the least"
    head += [Text(f"  {line}") for line in textwrap.wrap(told, width - 2)]
    if not strand.units:
        return head
    return [*head, *(row for m in strand.measures for row in _measure(*m, strand, width))]


def _measure(name: str, measure: Measure, kind: str, strand: Strand, width: int) -> list[Text]:
    value, ends = shown(measure.median, kind), spread(measure, kind)
    n = len(measure.known)
    known = "" if n == len(strand.units) else f"({n} of {len(strand.units)} units)"
    told = "  ".join(part for part in (f"{value:>6}", f"{ends:<15}" if ends else "", known) if part)
    if width < 60:
        return [Text(f"  {name}"), Text(f"    {told}".rstrip())]
    shares = {"%": 1.0, "answer": 5.0}
    drawn = measure.median is not None and kind in shares and width >= 76
    line = f"  {name:<{LABEL}}{value:>6}  {ends:<16}"
    picture = Text(bar((measure.median or 0) / shares[kind])) if drawn else Text(" " * 10)
    picture.stylize("cyan" if strand.enough else "dim")
    return [Text.assemble(line, picture, f"  {known}" if known else "")]
