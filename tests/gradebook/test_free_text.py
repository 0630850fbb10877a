"""Free text as nbgrader's pages show it: nothing in it runs, and what was written can be read."""

import json
import re
from html.parser import HTMLParser

import pytest
from nbconvert import HTMLExporter

from firsthand.gradebook import read_submission, rebuild
from firsthand.gradebook.formulas import markdown2html
from tests.cohort.notebooks import filled

LINKS = [
    "[x](javascript:alert(1))",
    "[x](JavaScript\\:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&amp;#106;avascript:alert(1))",
    "[x](&AMP#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58alert(1))",
    "[x](< javascript:alert(1)>)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "![x](vbscript:alert(1))",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\text{<a onclick='alert(1)'>}$",
    "$$</math><a onclick='alert(1)'>$$",
    "\\begin{matrix}<a onclick='alert(1)'>\\end{matrix}",
]


class Attributes(HTMLParser):
    """The addresses and the handlers in a page."""

    def __init__(self):
        super().__init__()
        self.alive = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            bare = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or "script:" in bare.partition("?")[0]:
                self.alive.append((tag, name, value))


def shown(unit, tmp_path, text):
    """The HTML of the free-text cell of a submission with this text."""
    release = json.loads(unit.exercise_notebook.read_text())
    path = tmp_path / "900_golden.ipynb"
    path.write_text(json.dumps(filled(release, {"limits": text})))
    cell = rebuild(unit, read_submission(path)).cells[-1]
    return markdown2html({}, cell.source)


def alive(page):
    parser = Attributes()
    parser.feed(page)
    return parser.alive


@pytest.mark.parametrize("text", LINKS)
def test_no_link_runs_a_script(unit, tmp_path, text):
    assert not alive(shown(unit, tmp_path, text))


def test_the_parser_of_these_tests_sees_a_living_link():
    page = HTMLExporter().markdown2html({}, LINKS[0])
    assert alive(page) == [("a", "href", "javascript:alert(1)")]


def test_ordinary_text_stays_as_it_was_written(unit, tmp_path):
    text = "Heads & tails, *a* < b: see [the paper](https://example.org/?a=1&b=2)."
    page = shown(unit, tmp_path, text)
    assert 'href="https://example.org/?a=1&amp;b=2"' in page
    assert "Heads &amp; tails, <em>a</em> &lt; b" in page


def test_formulas_of_a_learner_are_drawn(unit, tmp_path):
    page = shown(unit, tmp_path, "It is $x < y$, so\n\n$$\\frac{1}{d}$$\n\nand \\\\(z\\\\).")
    assert "<mi>x</mi><mo>&lt;</mo><mi>y</mi>" in page
    assert "<mfrac><mn>1</mn><mi>d</mi></mfrac>" in page
    assert page.count("<math") == 3


def test_a_formula_that_cannot_be_drawn_is_shown_as_written(unit, tmp_path):
    page = shown(unit, tmp_path, "It is $\\nosuchcommand$ or $\\def\\a{<b>}\\a$.")
    assert "<code>$\\nosuchcommand$</code>" in page
    assert "<code>$\\def\\a{&lt;b&gt;}\\a$</code>" in page
