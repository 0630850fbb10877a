"""The progress page: one file that needs nothing else, with the same facts as the terminal."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

from firsthand.standing.page import page
from tests.render.samples import HOSTILE
from tests.standing.learners import NOON, Learner, course, half_way, sampler, unit


def told(text):
    """The page as its reader sees it, without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def attributes(text, prefix):
    """The values of every attribute whose name begins so, as a browser would read them."""
    values = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            values.extend(value or "" for name, value in attrs if name.startswith(prefix))

    Reader().feed(text)
    return values


def test_the_page_says_what_the_terminal_says():
    text = told(page(course(half_way().events), now=NOON))
    for said in (
        "21 September 2026", "units done 1 of 5", "points 17 of 60",
        "Next: 401 A mathematical framework for transformer circuits , exercise part_2 , about 20",
        "you stopped here on", "Most checks so far: 401/part_2 (4)", "you are here; open: part_2",
        "first 402 and 501", "every unit opens",
    ):  # fmt: skip
        assert said in text


def test_the_page_needs_nothing_else():
    text = page(course(sampler().events, sampler.units), now=NOON)
    assert "<script" not in text and "default-src 'none'" in text and "img-src" not in text
    assert attributes(text, "src") == [] and attributes(text, "on") == []
    links = attributes(text, "href") + attributes(text, "xlink:href")
    assert links and all(link.startswith("#") for link in links)
    assert not re.findall(r"""url\((?!#)|@import|[^"]\bhttps?://""", text)


def test_every_plot_and_bar_says_what_it_shows():
    text = page(course(sampler().events, sampler.units), now=NOON)
    labels = re.findall(r'<svg role="img" aria-label="([^"]+)"', text)
    assert len(labels) == text.count("<svg") == 4
    assert labels[0].startswith("Time by unit. 001: 27 min spent of 60 min stated")
    assert (
        "interpretability, 2 units, too few to tell: absorbing (1 to 5) 4.5 (4 to 5)" in labels[3]
    )
    bars = re.findall(r'class="bar" role="img" aria-label="(\d+) percent of the points"', text)
    assert bars == ["100"] * 5 + ["33", "33"]


def test_ids_of_plots_are_unique():
    text = page(course(sampler().events, sampler.units), now=NOON)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids)) > 0


def test_equal_journals_make_equal_pages():
    assert page(course(half_way().events), now=NOON) == page(course(half_way().events), now=NOON)


def test_it_says_when_there_is_too_little_to_tell():
    assert "No unit is finished yet: nothing to tell." in page(course(), now=NOON)
    text = told(page(course(sampler().events, sampler.units), now=NOON))
    assert "Too little to tell: a comparison needs 3 finished units" in text
    assert "interpretability, 2 units: too little to tell" in text
    assert "oversight" not in text.split("What suits you")[1].split("How to read")[0].replace(
        "oversight and debate", ""
    )


def test_a_page_can_be_made_of_any_journal():
    for learner in (Learner(), Learner().add("hint", "001", "part_1"), Learner().finish("001")):
        assert "<h1>Progress</h1>" in page(course(learner.events), now=NOON)
    assert "<h1>Progress</h1>" in page(course(units=[]), now=NOON)
    done = page(course(Learner().finish("001").events, [unit("001")]), now=NOON)
    assert "Every unit is done." in done and "You were last in 001" in done


def test_nothing_of_the_journal_or_the_course_is_markup():
    learner = half_way()
    learner.add("check", "401", "part_3", points=1.0, status=HOSTILE)
    learner.add("solution", "401", "part_3", detail=HOSTILE)
    text = page(course(learner.events, [replace(unit("401"), title=HOSTILE)]), now=NOON)
    assert "<script" not in text and "<img" not in text and "\x1b" not in text
    assert "&lt;script&gt;" in text
