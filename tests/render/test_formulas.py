"""Formulas as MathML: those of the units, and those of people who mean no good."""

import re

import pytest

from firsthand.render.formulas import LONGEST, FormulaError, mathml, mathml_or_source


def test_a_formula_becomes_mathml():
    assert mathml(r"\frac{1}{d}", display=False) == (
        "<math><mfrac><mn>1</mn><mi>d</mi></mfrac></math>"
    )


def test_limits_stand_below_in_a_display_and_beside_in_a_line():
    formula = r"\sum_{i=0}^k c_i"
    assert "<munderover>" in mathml(formula, display=True)
    assert 'display="block"' in mathml(formula, display=True)
    assert 'display="block"' not in mathml(formula, display=False)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"\nosuchcommand", "nosuchcommand"),
        (r"\frac{1", "}"),
        ("x" * (LONGEST + 1), f"at most {LONGEST}"),
        (r"\def\a{\a\a}\a", r"the formula uses \def"),
        (r"\newcommand\a{x}\a", r"the formula uses \newcommand"),
        (r"\let\a=x\a", r"the formula uses \let"),
    ],
    ids=["unknown", "unclosed", "long", "def", "newcommand", "let"],
)
def test_what_cannot_be_converted_is_told(formula, message):
    with pytest.raises(FormulaError, match=re.escape(message)):
        mathml(formula, display=False)


def test_left_is_no_macro():
    assert "<math" in mathml(r"\left(x\right)", display=False)


@pytest.mark.parametrize("nested", [r"\sqrt ", "{", r"\left(", r"\begin{matrix}", "x^{"])
def test_the_deepest_formula_that_is_let_through_ends_no_process(nested):
    assert mathml_or_source(nested * (LONGEST // len(nested)), display=False)


HOSTILE = [
    r"\text{<script>alert(1)</script>}",
    "<img src=x onerror=alert(1)>",
    r"\href{javascript:alert(1)}{x}",
    r"\style{background:url(x)}{x}",
    r"\color{red\" onclick=\"alert(1)}x",
    r"\class{a\" onclick=\"alert(1)}{x}",
    r"\operatorname{</math><script>alert(1)</script>}",
    r"\foo</code><script>alert(1)</script>",
]


@pytest.mark.parametrize("formula", HOSTILE)
def test_nothing_in_a_formula_is_alive(formula):
    shown = mathml_or_source(formula, display=False)
    tags = set(re.findall(r"<(\w+)", shown))
    assert tags <= {"math", "mi", "mo", "mn", "mtext", "mrow", "mspace", "code"}, shown
    assert not re.search(r"<[^>]*\b(on\w+|href|src|style)\s*=", shown), shown


def test_source_that_cannot_be_converted_keeps_its_marks():
    assert mathml_or_source(r"\foo<b>", display=True) == "<code>$$\\foo&lt;b&gt;$$</code>"
    assert mathml_or_source(r"\foo", display=False) == "<code>$\\foo$</code>"
