"""A learner's first minutes in JupyterLab, in a browser, as `firsthand learn` opens it.

The tests go through unit 000 in order, in one window, as a person does.
"""

import importlib.util
import io
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from firsthand import journal
from tests.browser.jupyter import chromium, opened_browser, running_learn

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(not chromium(), reason="needs Chromium (Debian's package chromium)"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None,
        reason="needs playwright (`pip install playwright`)",
    ),
]

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
UNIT = "000_start_here"
FIRST, SECOND = "majority_accuracy", "share_with_error"
HEAD = "def majority_accuracy(votes, truth):\n"
WRONG = f"{HEAD}    return (votes == truth[:, None]).float().mean().item()"
RIGHT = f"{HEAD}    return ((votes.sum(1) * 2 > votes.shape[1]) == truth).float().mean().item()"
ERROR = (
    "def share_with_error(right):\n    p = right.float().mean().item()\n"
    "    return p, (p * (1 - p) / len(right)) ** 0.5"
)
READABLE = 4.5  # WCAG 2, level AA, for text


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of the one unit, for somebody whose home has another kernel named python3."""
    root = tmp_path_factory.mktemp("learner")
    for folder in ("curriculum", "exercises", "solutions"):
        shutil.copytree(ROOT / folder / UNIT, root / folder / UNIT)
    shutil.copy(ROOT / "curriculum" / "stages.toml", root / "curriculum")
    (root / "graders").mkdir()
    for path in (ROOT / "graders").glob(f"test_{UNIT}*.py"):
        shutil.copy(path, root / "graders")
    kernel = root / "home" / ".local/share/jupyter/kernels/python3"
    kernel.mkdir(parents=True)
    other = {"argv": ["/other/python"], "display_name": "Other", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(other))
    return root


@pytest.fixture(scope="module")
def window(course):
    """The notebook, open, and the browser's traffic."""
    from tests.browser.learner_page import LearnerPage

    with running_learn(course, course / "home", UNIT) as (server, address):
        with opened_browser(server) as (page, traffic):
            opened = LearnerPage(page)
            opened.open(address)
            yield opened, traffic


@pytest.fixture
def lab(window):
    return window[0]


def noted(course, kind):
    return [(e.exercise, e.detail) for e in journal.events(course) if e.kind == kind]


def photograph(lab, name):
    """A small picture for README.md and the like, where FIRSTHAND_SCREENSHOTS=1 asks for it."""
    if os.environ.get("FIRSTHAND_SCREENSHOTS") == "1":
        from PIL import Image

        IMAGES.mkdir(exist_ok=True)
        shown = Image.open(io.BytesIO(lab.page.screenshot())).convert("RGB")
        shown.quantize(255, Image.Quantize.MAXCOVERAGE).save(IMAGES / f"{name}.png", optimize=True)


def test_jupyterlab_opens_on_the_notebook_and_on_nothing_else(lab):
    from playwright.sync_api import expect

    tabs = lab.page.locator("#jp-main-dock-panel .lm-TabBar-tab")
    expect(tabs).to_have_count(1)
    expect(tabs).to_have_text(f"{UNIT}.ipynb")
    expect(lab.page.locator(".jp-Launcher")).to_have_count(0)
    expect(lab.page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)
    page = lab.page.locator("body")
    for words in ("Create Assignment", "Formgrader", "Assignment List", "Nbgrader"):
        expect(page).not_to_contain_text(words)
    expect(lab.page.get_by_role("button", name="Validate")).to_be_visible()


def test_the_set_up_cell_prints_one_line_and_the_kernel_is_our_python(lab):
    out = lab.run('use_unit("000_start_here")')
    assert out.all_inner_texts() == ["000 Start here: 2 exercises, 4 points\n"]
    assert "truth of question 0" in lab.run("manual_seed(0)").inner_text()


def test_a_check_before_writing_is_calm(lab):
    from playwright.sync_api import expect

    out = lab.run(f'check("{FIRST}")')
    expect(out).to_contain_text("not started · write it above, then run this cell")
    expect(lab.page.locator(".jp-RenderedText[data-mime-type*='stderr']")).to_have_count(0)


def test_the_mistake_of_the_text_is_graded_as_the_text_says(lab):
    from playwright.sync_api import expect

    lab.write(f"def {FIRST}", WRONG)
    lab.run(f"def {FIRST}")
    out = lab.run(f'check("{FIRST}")')
    expect(out).to_contain_text("failed · 2 of 3 tests · 1.33 / 2 points")
    expect(out).to_contain_text("✗ one majority counts once however large it is")
    expect(out).to_contain_text("that is the average judge")
    out.scroll_into_view_if_needed()
    photograph(lab, "check")


def test_hints_come_one_by_one_in_a_cell_of_the_learner(lab, course):
    lab.cell(f'check("{FIRST}")').locator(".jp-InputArea-prompt").click()
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("b")
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.insert_text(f'hint("{FIRST}")')
    call = f'hint("{FIRST}")'
    shown = [lab.run(call).inner_text() for _ in range(2)]
    assert shown[0].startswith("about your last check: that is the average judge")
    assert shown[1].startswith("hint 1 of 3: ")
    assert noted(course, "hint") == [(FIRST, "mistake"), (FIRST, "1")]


def test_a_solution_is_closed_before_full_marks(lab, course):
    lab.write(f'hint("{FIRST}")', f'solution("{FIRST}")')
    assert "is closed: full marks open it" in lab.run(f'solution("{FIRST}")').inner_text()
    assert noted(course, "solution") == []


def test_the_right_answer_earns_full_marks_and_opens_the_solution(lab, course):
    from playwright.sync_api import expect

    lab.write(f"def {FIRST}", RIGHT)
    lab.run(f"def {FIRST}")
    out = lab.run(f'check("{FIRST}")')
    expect(out).to_contain_text("passed · 3 of 3 tests · 2 / 2 points")
    expect(out).to_contain_text("Five judges who are each right 7 times out of 10")
    shown = lab.run(f'solution("{FIRST}")')
    expect(shown.locator("pre")).to_contain_text("majority = votes.float()")
    assert noted(course, "solution") == [(FIRST, "full marks")]


def test_it_can_be_done_with_the_keyboard_alone(lab):
    """From the cell above the second exercise: arrow keys, Enter, Escape and Shift+Enter."""
    from playwright.sync_api import expect

    keyboard = lab.page.keyboard
    keyboard.press("Escape")
    exercise, check = lab.cell(f"def {SECOND}"), lab.cell(f'check("{SECOND}")')
    for _ in range(8):
        if "jp-mod-active" in (exercise.get_attribute("class") or ""):
            break
        keyboard.press("ArrowDown")
    expect(exercise).to_have_class(re.compile("jp-mod-active"))
    keyboard.press("Enter")
    keyboard.press("ControlOrMeta+A")
    keyboard.insert_text(ERROR)
    lab.pressed(exercise)
    out = lab.pressed(check)
    expect(out).to_contain_text("passed · 4 of 4 tests · 2 / 2 points")


def test_validate_runs_the_visible_tests_and_finds_nothing_wrong(lab):
    from playwright.sync_api import expect

    lab.page.get_by_role("button", name="Validate").click()
    dialog = lab.page.locator(".jp-Dialog", has_text="Validation Results")
    expect(dialog).to_contain_text("Success! Your notebook passes all the tests.")
    lab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_table_of_contents_lists_sections_and_exercises(lab):
    from playwright.sync_api import expect

    lab.page.keyboard.press("ControlOrMeta+Shift+K")
    entries = lab.page.locator(".jp-TableOfContents-content .jp-tocItem-content:visible")
    expect(entries.first).to_have_text("Start here")
    texts = entries.all_inner_texts()
    assert {"Run", "Write and check", FIRST, SECOND, "Where things are"} <= set(texts)
    lab.page.locator(".jp-tocItem-content", has_text=SECOND).click()
    expect(lab.cell(f"def {SECOND}")).to_be_in_viewport()
    photograph(lab, "contents")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_every_word_of_a_result_can_be_read(lab, theme):
    from playwright.sync_api import expect

    lab.theme(theme)
    lab.write(f"def {FIRST}", WRONG)
    lab.run(f"def {FIRST}")
    failed, passed = lab.run(f'check("{FIRST}")'), lab.run(f'check("{SECOND}")')
    expect(failed).to_contain_text("failed")
    # The colours of code are JupyterLab's own; the sentence above it is ours.
    sentence = lab.run(f'solution("{FIRST}")').locator("p")
    for shown, pieces in ((failed, 10), (passed, 10), (sentence, 1)):
        found = lab.contrasts(shown)
        assert len(found) >= pieces
        assert not [(text, value) for text, value in found if value < READABLE]
    if theme == "Dark":
        passed.scroll_into_view_if_needed()
        photograph(lab, "dark")


def test_in_a_narrow_window_nothing_is_cut_off(lab):
    lab.page.set_viewport_size({"width": 600, "height": 900})
    out = lab.run(f'check("{FIRST}")')
    box = out.locator("div").first
    assert box.evaluate("x => x.scrollWidth <= x.clientWidth + 1")
    photograph(lab, "narrow")


def test_nothing_was_asked_of_the_internet(window):
    _, traffic = window
    assert traffic.served
    assert not traffic.refused
