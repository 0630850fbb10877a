"""An instructor grades free text in nbgrader's formgrader, in a browser.

The pages show what learners handed in, so nothing of it may run there, and they must work on a
machine without internet access.
"""

import importlib.util
import os
from pathlib import Path

import pytest

from firsthand.cohort.course import load_course
from firsthand.gradebook import book
from tests.browser.jupyter import chromium, opened_browser, running_lab
from tests.cohort.course_folder import WRONG, released

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(not chromium(), reason="needs Chromium (Debian's package chromium)"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None,
        reason="needs playwright (`pip install playwright`)",
    ),
]

UNIT = "900_golden"
FORMULA = r"It overflows: $\frac{1}{d}$ is infinite."
SCRIPT = "<script>window.stolen = 1; fetch('/stolen')</script>"
ESSAY = f"""It overflows. {SCRIPT}

<img src=x onerror="window.stolen = 1; fetch('/stolen')"> <svg onload="window.stolen = 1"></svg>

[the proof](javascript:window.stolen=1)
"""
PRINTS = f"""def scaled(x, factor):
    print({SCRIPT!r})
    raise ValueError({SCRIPT!r})
"""


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def term(tmp_path_factory, monkeypatch_module):
    """A graded course: alice is right, bob made a mistake, mallory handed in scripts."""
    base = tmp_path_factory.mktemp("browser")
    exchange = base / "exchange"
    exchange.mkdir(mode=0o777)
    students = ["alice", "bob", "mallory"]
    course = released(base, monkeypatch_module, students, "--exchange", str(exchange))
    roster = course.folder / "roster.csv"
    for learner in students:
        named = roster.read_text().replace(f"{learner},First", f"{learner},{learner.title()}")
        roster.write_text(named)
    texts = {
        "alice": course.notebook(),
        "bob": course.notebook(**WRONG, limits=FORMULA),
        "mallory": course.notebook(scaled=PRINTS, limits=ESSAY),
    }
    assert course.hand_in_files(texts).code == 0
    done = course.run("grade", "900", "--processes", "1")
    assert "3 graded now, 3 written" in done.output, done.output
    return course


@pytest.fixture(scope="module")
def window(term):
    """A page that is logged in, the server's address, and the browser's traffic."""
    with running_lab(term.folder, term.base / "home") as server, opened_browser(server) as opened:
        page, traffic = opened
        page.goto(f"{server.url}/formgrader")
        for token in ("not the token", server.token):
            assert page.get_by_role("link", name="Manage Students").count() == 0
            page.locator("#password_input").fill(token)
            page.locator("#login_submit").click()
        page.get_by_role("link", name="Manage Students").wait_for()
        yield page, server.url, traffic


def gradebook_row(page, learner):
    """The learner's row of formgrader's table of submissions, reached from the start page."""
    page.get_by_role("link", name="Manual Grading").click()
    for _ in ("the assignment", "its notebook"):
        page.locator("table").get_by_role("link", name=UNIT, exact=True).click()
    page.get_by_role("link", name="Submission #1").wait_for()
    page.get_by_role("button", name="Show All Names").click()
    return page.locator("tr").filter(has=page.get_by_role("link", name=f"Last, {learner}"))


def stored(term, learner, cell="limits"):
    """What the gradebook's database holds of one cell."""
    return book.scores(load_course(term.folder).db_url, UNIT)[learner][cell]


def photograph(page, name):
    """A picture of the whole page, in the folder FIRSTHAND_SCREENSHOTS where it is set."""
    if folder := os.environ.get("FIRSTHAND_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_points_for_free_text_change_the_total(term, window):
    from playwright.sync_api import expect

    page, url, _ = window
    page.goto(f"{url}/formgrader")
    row = gradebook_row(page, "Alice")
    expect(row.locator(".score")).to_have_text("10 / 12")
    expect(row.locator(".needs-manual-grade .glyphicon-ok")).to_have_count(1)
    photograph(page, "gradebook")
    row.get_by_role("link", name="Last, Alice").click()
    expect(page.locator("input.score#check_scaled")).to_have_attribute("placeholder", "3")
    photograph(page, "submission-right")
    with page.expect_response("**/formgrader/api/grade/*") as answer:
        page.locator("input.score#limits").fill("1.5")
        page.locator("input.score#limits").press("Tab")
    assert answer.value.ok
    score = stored(term, "alice")
    assert (score.manual, score.waiting) == (1.5, False)
    row = gradebook_row(page, "Alice")
    expect(row.locator(".score")).to_have_text("11.5 / 12")
    expect(row.locator(".needs-manual-grade .glyphicon-ok")).to_have_count(0)


def test_a_submission_shows_the_report_with_its_hint_and_points(window):
    from playwright.sync_api import expect

    page, url, _ = window
    page.goto(f"{url}/formgrader")
    gradebook_row(page, "Bob").get_by_role("link", name="Last, Bob").click()
    report = page.locator(".output_html").filter(has_text="scaled").first
    expect(report).to_contain_text("0 / 3 points")
    expect(report).to_contain_text("the factor multiplies, it is not added")
    expect(page.locator("input.score#check_scaled")).to_have_attribute("placeholder", "0")
    photograph(page, "submission-wrong")


def test_nothing_that_a_learner_wrote_runs(window):
    from playwright.sync_api import expect

    page, url, traffic = window
    page.goto(f"{url}/formgrader")
    gradebook_row(page, "Mallory").get_by_role("link", name="Last, Mallory").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("body")).to_contain_text("It overflows. <script>")  # shown as text
    page.get_by_text("the proof").click()
    photograph(page, "submission-hostile")
    assert page.evaluate("typeof window.stolen") == "undefined"
    assert not [address for address in traffic.served if "stolen" in address]


def test_the_pages_need_nothing_from_the_internet(window):
    page, url, traffic = window
    page.goto(f"{url}/formgrader/gradebook")
    page.wait_for_load_state("networkidle")
    assert traffic.served
    assert not traffic.refused


def test_a_formula_is_drawn_in_a_submission(window):
    page, url, traffic = window
    page.goto(f"{url}/formgrader")
    gradebook_row(page, "Bob").get_by_role("link", name="Last, Bob").click()
    fraction = page.locator("math mfrac")
    fraction.wait_for()
    assert fraction.bounding_box()["height"] > 20  # a line of text has less
    assert not traffic.refused


def test_a_feedback_page_needs_nothing_from_the_internet_and_draws_formulas(term, window):
    done = term.run("feedback", "900")
    assert done.code == 0, done.output
    (path,) = (term.folder / "feedback" / "bob").rglob("*.html")
    page, _, traffic = window
    before = len(traffic.refused)
    page.goto("about:blank")
    page.set_content(path.read_text(encoding="utf-8"), wait_until="load")
    assert page.locator("math mfrac").bounding_box()["height"] > 20
    assert page.locator(".output_html").filter(has_text="0 / 3 points").count() == 1
    photograph(page, "feedback")
    assert traffic.refused[before:] == []
