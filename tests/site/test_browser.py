"""The site of the real course, opened from the disk in a browser without a network."""

import importlib.util
import io
import os
import time
from pathlib import Path

import pytest
from rich.console import Console

from firsthand.site import build_site
from firsthand.unit import load_units
from tests.browser.jupyter import chromium
from tests.browser.offline import offline_page

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(not chromium(), reason="needs Chromium (Debian's package chromium)"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None,
        reason="needs playwright (`pip install playwright`)",
    ),
]

ROOT = Path(__file__).resolve().parents[2]
UNITS = load_units(ROOT)
BUDGET = 120  # seconds of processor time, which another run beside this one does not change


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real") / "site"
    console = Console(file=io.StringIO(), width=100)
    started = time.process_time()
    assert build_site(ROOT, folder, console=console), console.file.getvalue()
    assert time.process_time() - started < BUDGET
    return folder


@pytest.fixture(scope="module", params=["light", "dark, 360 px"])
def window(request):
    narrow = request.param != "light"
    with offline_page(width=360 if narrow else 1200, dark=narrow) as (page, wrong):
        yield page, wrong, narrow


def photograph(page, name):
    """A picture of the window, in the folder FIRSTHAND_SCREENSHOTS where it is set."""
    if folder := os.environ.get("FIRSTHAND_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"site-{name}.png")


def test_every_page_opens_from_the_disk_and_fits(site, window):
    page, wrong, narrow = window
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 10
    for path in pages:
        page.goto(path.as_uri())
        across = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert across <= 0, f"{path.name} is {across} px wider than the window"
        if path.stem in ("index", "map", "glossary"):
            photograph(page, f"{path.stem}-{'narrow' if narrow else 'wide'}")
    assert wrong == []


def test_the_dark_theme_follows_the_system(site, window):
    page, _, dark = window
    page.goto((site / "index.html").as_uri())
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    lightness = sum(int(part) for part in colour[4:-1].split(",")[:3]) / 3
    assert (lightness < 60) == dark, colour


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.number)
def test_formulas_and_plots_of_a_unit_are_drawn(site, window, unit):
    page, wrong, narrow = window
    page.goto((site / f"units/{unit.id}.html").as_uri())
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.src)")
    assert broken == []
    heights = page.evaluate(
        "[...document.querySelectorAll('div.math > math')]"
        ".map(m => m.getBoundingClientRect().height)"
    )
    displayed = sum(
        text.count("$$") // 2 for text in [(unit.folder / "unit.py").read_text(encoding="utf-8")]
    )
    assert len(heights) == displayed and all(height > 15 for height in heights)
    # A fraction is drawn as one: higher than a line of text.
    for fraction in page.locator("div.math mfrac").all()[:3]:
        assert fraction.bounding_box()["height"] > 22
    photograph(page, f"{unit.number}-{'narrow' if narrow else 'wide'}")
    assert wrong == []


def test_a_search_finds_a_term_with_an_excerpt_and_leads_to_it(site, window):
    page, wrong, narrow = window
    page.goto((site / "index.html").as_uri())
    if narrow:
        page.locator(".header-left label[for='__navigation'], label.nav-overlay-icon").locator(
            "visible=true"
        ).first.click()
    page.locator("input[name=q]").fill("induction head")
    page.locator("input[name=q]").press("Enter")
    first = page.locator("#search-results li").first
    first.locator(".context").wait_for()
    assert "An attention head that looks for an earlier copy" in first.inner_text()
    photograph(page, f"search-{'narrow' if narrow else 'wide'}")
    first.locator("a").first.click()
    page.wait_for_url("**/glossary.html*#term-induction-head")
    page.locator("dt#term-induction-head + dd a").click()
    page.wait_for_url("**/units/402_induction_heads.html#use-402-induction-head")
    assert page.locator("#use-402-induction-head").is_visible()
    assert wrong == []


def test_a_search_for_nothing_says_so(site, window):
    page, wrong, _ = window
    page.goto(f"{(site / 'search.html').as_uri()}?q=xylophone")
    page.get_by_text("did not match any documents").wait_for()
    assert wrong == []
