"""HTML: nothing from a submission becomes markup, and nothing needs what a sanitizer removes."""

import itertools
import re
from html.parser import HTMLParser

import pytest

from firsthand import render
from tests.render import samples
from tests.render.samples import EXERCISES, REJECTED, WHOLE, report, unit

TAGS = {"div", "span", "b", "code", "details", "summary", "pre"}
# What JupyterLab keeps in an untrusted notebook (measured there), of what is used here.
PROPERTIES = {
    *(
        "border-left padding margin margin-left margin-top max-width line-height display gap"
    ).split(),
    *("flex-wrap opacity color white-space font-family font-size overflow-x overflow-wrap").split(),
}


class Page(HTMLParser):
    """Collects tags, styles and text, and fails where tags do not nest."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.styles, self.text = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        assert {name for name, _ in attrs} <= {"style", "open"}
        self.styles += [value for name, value in attrs if name == "style"]
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def words(self):
        return " ".join("".join(self.text).split())


def page_of(result, **options):
    return Page(render.html(report(result), exercise=result.name, unit=unit(), **options))


def all_pages():
    yield from (page_of(result) for result in EXERCISES.values())
    for whole in (WHOLE, REJECTED, report(*EXERCISES.values())):
        yield Page(render.html(whole, unit=unit()))
    yield Page(render.notice("score", samples.HOSTILE, detail=samples.HOSTILE, fault=True))


def test_only_known_tags_properties_and_attributes_are_used():
    for page in all_pages():
        for style in page.styles:
            names = {declaration.split(":")[0] for declaration in style.split(";")}
            assert names <= PROPERTIES


def test_every_theme_colour_has_a_literal_before_it():
    seen = 0
    for page in all_pages():
        for style in page.styles:
            declarations = [d.partition(":")[::2] for d in style.split(";")]
            for before, (name, value) in itertools.pairwise(declarations):
                if "var(" in value:
                    seen += 1
                    assert before[0] == name
                    assert "var(" not in before[1]
                    assert re.search(r"var\(--jp-[a-z0-9-]+,#[0-9a-f]{6}\)", value)
            assert "var(" not in declarations[0][1]
    assert seen > 20


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("background", ["#ffffff", "#111111"])
def test_literal_colours_can_be_seen_on_light_and_dark(background):
    styles = ";".join(style for page in all_pages() for style in page.styles)
    colours = set(re.findall(r"#[0-9a-f]{6}", styles))
    assert len(colours) >= 4
    for colour in colours:
        lighter, darker = sorted([luminance(colour), luminance(background)], reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3, colour


def test_text_keeps_the_colour_of_the_page():
    for page in all_pages():
        text = page.words()
        assert len(text) > 20
    # Colour is set on single symbols only.
    html = render.html(WHOLE, unit=unit())
    for content in re.findall(r'<b style="color[^>]*>([^<]*)</b>', html):
        assert len(content) == 1


def test_hostile_text_is_shown_as_text():
    words = page_of(EXERCISES["hostile"]).words()
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in words


def test_control_characters_never_reach_the_page():
    html = render.html(report(EXERCISES["hostile"]), exercise="score", unit=unit())
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html
    )


@pytest.mark.parametrize("key", EXERCISES)
def test_the_plain_text_says_the_same(key):
    result = EXERCISES[key]
    text = render.text(report(result), exercise=result.name, unit=unit(), width=1000)
    page = page_of(result).words().replace("▸ ", "")
    for line in text.split("\n"):
        for part in re.split(r"\s{2,}", line.strip().replace("`", "").removeprefix("… ")):
            if "more" not in part:
                assert " ".join(part.split()).removesuffix(":") in page


def test_names_between_backticks_are_code():
    assert "<code>means</code>" in render.html(
        report(EXERCISES["passed"]), exercise="score", unit=unit()
    )


def test_printed_output_is_folded():
    html = render.html(report(EXERCISES["failed"]), exercise="score")
    assert re.search(
        r"<details[^>]*><summary[^>]*>▸ your printed output \(2 lines\)</summary>", html
    )


def test_the_whole_unit_names_every_exercise_and_how_it_was_graded():
    words = Page(render.html(WHOLE)).words()
    assert "5 / 7 points · 1 of 3 exercises passed" in words
    assert "901_tiny" in words
    assert "NameError: name 'x' is not defined" in words
    assert "1 more exercise: up to 4 points graded by hand" in words
    assert "isolation process-only" in words
    assert "graders 0123456789abcdef" in words


def test_a_rejected_submission_gives_its_reason():
    assert "bob.ipynb is not valid JSON: <b>." in Page(render.html(REJECTED)).words()
    words = Page(render.html(REJECTED, exercise="score")).words()
    assert "not graded" in words
    assert "bob.ipynb is not valid JSON: <b>." in words


def test_an_unknown_exercise_is_an_error():
    with pytest.raises(KeyError):
        render.html(WHOLE, exercise="nothing")


def test_notes_come_last():
    assert (
        page_of(EXERCISES["passed"], notes=("visible tests only",))
        .words()
        .endswith("visible tests only")
    )
