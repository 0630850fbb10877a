"""Formulas in nbgrader's pages, which must be readable on a machine without internet access.

nbconvert leaves them as `$...$` for MathJax, a script that its pages load from elsewhere. Here they
become MathML while the page is made, and a template of ours takes the place of that script:
`jupyter/nbconvert/templates/base/mathjax.html.j2`, which `configuration` lets nbconvert find.
"""

import html
from collections.abc import Mapping
from typing import Any

from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from firsthand.render.formulas import mathml_or_source


class FormulaRenderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, with formulas as MathML.

    A learner's free text has its tags escaped before it comes here, also those in a formula.
    """

    def block_math(self, body: str) -> str:
        """A formula on a line of its own."""
        return f'<div class="math">{mathml_or_source(html.unescape(body), display=True)}</div>'

    def inline_math(self, body: str) -> str:
        """A formula in a line."""
        return mathml_or_source(html.unescape(body), display=False)

    def latex_environment(self, name: str, body: str) -> str:
        r"""A formula between \begin and \end."""
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


@pass_context
def markdown2html(context: Mapping[str, Any], source: str) -> str:
    """The filter of nbconvert's templates, in `c.HTMLExporter.filters`: Markdown to HTML."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = FormulaRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(source)
