"""Sphinx with MyST-NB and the theme furo, set up without a conf.py, and strict.

Formulas become MathML (`firsthand.render.formulas`) when the pages are built, so no page needs
MathJax. Nothing is executed: the notebooks bring their plots along.
"""

import io
import logging
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firsthand.build import skip_uri_grammar
from firsthand.render.formulas import FormulaError, mathml
from firsthand.site.excerpts import SCRIPT, write_excerpts
from firsthand.unit import CourseError

if TYPE_CHECKING:
    from rich.console import Console

PACKAGES = ("sphinx", "myst_nb", "furo")
STATIC = Path(__file__).parent / "static"

SETTINGS: dict[str, Any] = {
    "project": "firsthand",
    "extensions": ["myst_nb", "firsthand.site.sphinx_build"],
    "root_doc": "index",
    "language": "en",
    "html_theme": "furo",
    "html_title": "firsthand",
    "html_static_path": [str(STATIC)],
    "html_css_files": ["firsthand.css"],
    "html_math_renderer": "mathml",
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_copyright": False,
    "html_permalinks_icon": "#",
    "html_theme_options": {"footer_icons": []},
    "pygments_style": "tango",
    "highlight_language": "none",
    "myst_enable_extensions": ["amsmath", "attrs_inline", "dollarmath"],
    "myst_dmath_double_inline": True,
    "myst_heading_anchors": 3,
    "nb_execution_mode": "off",
}


def build_html(source: Path, html: Path, *, pages: int, console: "Console") -> list[str]:
    """Make the pages of `source` into HTML in the folder `html`.

    pages: how many there are, for the progress bar. Returns Sphinx's warnings, each a problem.
    Raises CourseError where the packages are not installed.
    """
    skip_uri_grammar()
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        raise CourseError(f"the site needs {missing[0]}, which is not installed: run `make setup`.")
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said = io.StringIO()
    with (
        warnings.catch_warnings(),
        patch_docutils(),
        docutils_namespace(),  # what Sphinx adds to docutils is gone afterwards
        _Progress(console, pages) as progress,
    ):
        warnings.simplefilter("ignore")  # of the libraries, about each other
        app = Sphinx(
            str(source),
            None,
            str(html),
            str(html.parent / "doctrees"),
            "html",
            confoverrides=SETTINGS,
            status=None,
            warning=said,
            freshenv=True,
        )
        app.connect("source-read", progress.step)
        app.connect("html-page-context", progress.step)
        app.build(force_all=True)
    write_excerpts(html)
    return [line.replace(f"{source}/", "") for line in _lines(said.getvalue())]


def setup(app: Any) -> dict[str, Any]:
    """The extension that Sphinx loads by this module's name: formulas, and excerpts of a search."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    app.connect("html-page-context", _load_excerpts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _load_excerpts(app: Any, page: str, template: str, context: Any, doctree: Any) -> None:
    if page == "search":
        app.add_js_file(SCRIPT)


def _inline(translator: Any, node: Any) -> None:
    from docutils import nodes

    translator.body.append(f'<span class="math">{_formula(node, display=False)}</span>')
    raise nodes.SkipNode


def _display(translator: Any, node: Any) -> None:
    from docutils import nodes

    translator.body.append(f'<div class="math">{_formula(node, display=True)}</div>')
    raise nodes.SkipNode


def _formula(node: Any, *, display: bool) -> str:
    from sphinx.util import logging as sphinx_logging

    text = node.astext()
    try:
        return mathml(text, display=display)
    except FormulaError as error:
        logger = sphinx_logging.getLogger(__name__)
        logger.warning("formula %r: %s", text, error, location=node)
        return ""


def _lines(said: str) -> list[str]:
    from rich.text import Text

    return [line for line in Text.from_ansi(said).plain.splitlines() if line.strip()]


class _Progress:
    """One progress bar on a terminal, nothing elsewhere: each page is read, and then written."""

    def __init__(self, console: "Console", pages: int) -> None:
        self._bar: Any = None
        self._steps = 2 * pages
        if console.is_terminal:
            from rich.progress import Progress

            self._bar = Progress(console=console, transient=True)

    def __enter__(self) -> "_Progress":
        logging.getLogger("markdown_it").setLevel(logging.WARNING)
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("pages", total=self._steps)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self, *_: object) -> None:
        """One page was read or written."""
        if self._bar is not None:
            self._bar.advance(self._task)
