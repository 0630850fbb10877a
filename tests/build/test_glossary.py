"""A unit's terms: what a glossary may hold, and where a term counts as used."""

import pytest

from firsthand.build.glossary import find_term, load_glossary
from firsthand.unit import CourseError


@pytest.mark.parametrize(
    "text",
    [
        "the residual stream is",
        "Residual stream",
        "two residual streams.",
        "the *residual\nstream* is",
    ],
)
def test_a_term_is_found_in_running_text(text):
    match = find_term("residual stream", text)
    assert match is not None
    assert "esidual" in text[match.start() : match.end()]


@pytest.mark.parametrize(
    "text",
    [
        "`residual stream`",
        "```\nresidual stream\n```",
        "$x_{residual stream}$",
        "## The residual stream",
        "the residual streaming",
        "non-residual stream",
        "Residual Stream Processing",
    ],
)
def test_code_formulas_headings_and_other_words_do_not_count(text):
    assert find_term("residual stream", text) is None


def test_a_place_in_the_text_is_that_in_what_was_written():
    text = "`logit` and $logit$\n\n```\nlogit\n```\nnow logits"
    match = find_term("logit", text)
    assert text[match.start() : match.end()] == "logits"


def test_a_unit_without_a_glossary_has_no_terms(unit):
    assert load_glossary(unit) == {}


def test_terms_keep_the_order_of_the_file(unit):
    (unit.folder / "glossary.toml").write_text('"weight" = "A factor."\n"mean" = "A sum."\n')
    assert load_glossary(unit) == {"weight": "A factor.", "mean": "A sum."}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"mean" = "no full stop"', "'mean' is 'no full stop'"),
        ('"mean" = 3', "'mean' is 3; write its definition"),
        ('[mean]\ntext = "A sum."', "write its definition"),
        ('"`mean`" = "A sum."', "'`mean`' is no term"),
        ("mean", "is not valid TOML"),
    ],
)
def test_a_wrong_glossary_is_told_with_its_file(unit, text, message):
    (unit.folder / "glossary.toml").write_text(text)
    with pytest.raises(CourseError) as raised:
        load_glossary(unit)
    assert message in str(raised.value)
    assert f"curriculum/{unit.id}/glossary.toml" in str(raised.value)
