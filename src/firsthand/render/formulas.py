"""Formulas in LaTeX's notation as MathML, which browsers draw by themselves.

No script, no font and no network is needed to read the pages. Why not MathJax:
`docs/decisions/0015-site.md`.
"""

import html
import re
from functools import cache
from typing import Any

# The converter recurses, and ends the process where a formula is nested some 10,000 deep. So long
# formulas and macros, with which a short one could become so, are refused: learners write them too.
LONGEST = 2000  # characters
_MACRO = re.compile(r"\\([gex]?def|let|(re)?newcommand|providecommand)(?![A-Za-z])")


class FormulaError(ValueError):
    """A formula that cannot be converted; the message says where it goes wrong."""


def mathml(latex: str, *, display: bool) -> str:
    """The formula as a `<math>` element, all text in it escaped.

    display: on a line of its own, with the limits of sums below and above. Raises FormulaError.
    """
    if len(latex) > LONGEST:
        raise FormulaError(f"the formula has {len(latex)} characters; at most {LONGEST}.")
    if macro := _MACRO.search(latex):
        raise FormulaError(f"the formula uses {macro[0]}; write it without macros of its own.")
    converter, error = _converter()
    try:
        return str(converter.convert_with_local_state(latex.strip(), displaystyle=display))
    except error as problem:
        raise FormulaError(str(problem).strip()) from None


def mathml_or_source(latex: str, *, display: bool) -> str:
    """The same for text that somebody else wrote: what cannot be converted is shown as written."""
    try:
        return mathml(latex, display=display)
    except FormulaError:
        mark = "$$" if display else "$"
        return f"<code>{html.escape(mark + latex + mark)}</code>"


@cache
def _converter() -> tuple[Any, type[Exception]]:
    from math_core import LatexError, LatexToMathML

    return LatexToMathML(fancy_error=False), LatexError
