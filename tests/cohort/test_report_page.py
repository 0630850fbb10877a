import csv
import re
from dataclasses import replace

import pytest

from firsthand.cohort.report import write_report
from firsthand.cohort.report.page import MOST_LEARNERS
from firsthand.unit import CourseError
from tests.cohort import synthetic
from tests.cohort.synthetic import DUE, FAILED, NOT_STARTED, PASSED, WINDOW, cohort, row
from tests.render.samples import HOSTILE

HALF = (PASSED, FAILED)


@pytest.fixture
def unit(tmp_path):
    tiny = synthetic.unit(tmp_path / "course")
    synthetic.build(tiny)
    return tiny


def page(unit, rows, tmp_path, **options):
    return write_report(unit, rows, tmp_path / "out", **options).read_text()


def read(tmp_path, name):
    with (tmp_path / "out" / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("n", [0, 1, 2, 10])
def test_a_cohort_of_any_size_has_a_page(unit, tmp_path, n):
    text = page(unit, cohort(n), tmp_path, due=DUE)
    assert "Tiny means" in text
    assert len(read(tmp_path, "learners.csv")) == n
    assert [r["exercise"] for r in read(tmp_path, "exercises.csv")] == ["smoothed", "spread"]


def test_the_copy_is_on_the_page_with_the_caution_and_both_answers(unit, tmp_path):
    text = page(unit, cohort(10), tmp_path)
    assert "not a proof" in text
    pairs = read(tmp_path, "similar.csv")
    assert {(p["first"], p["second"]) for p in pairs} == {("learner0000", "learner0009")}
    assert "smoothed" in {p["exercise"] for p in pairs}
    assert text.count("<pre>") == 2
    assert "# I wrote this" in text


def test_the_page_needs_nothing_else(unit, tmp_path):
    text = page(unit, cohort(10), tmp_path, due=DUE)
    assert "<script" not in text
    for address in re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)""", text):
        assert address.startswith("#") or address.endswith(".csv"), address
    assert "default-src 'none'" in text


def test_every_plot_says_what_it_shows(unit, tmp_path):
    text = page(unit, cohort(10), tmp_path, due=DUE)
    plots = re.findall(r"<svg[^>]*>", text)
    assert len(plots) == 3
    for plot in plots:
        alt = re.search(r'role="img" aria-label="([^"]{40,})"', plot)
        assert alt, plot[:200]


def test_ids_of_the_plots_do_not_clash(unit, tmp_path):
    ids = re.findall(r'\bid="([^"]+)"', page(unit, cohort(10), tmp_path, due=DUE))
    assert len(ids) == len(set(ids)) > 10


def test_markup_of_learners_is_text(unit, tmp_path):
    bad = replace(WINDOW, message=HOSTILE, hint=HOSTILE)
    rows = [
        row(f"<b>{i}", (PASSED, bad), HALF, name=HOSTILE, cells={"smoothed": source})
        for i, source in enumerate([synthetic.peculiar(synthetic.random.Random(1)) + HOSTILE] * 2)
    ]
    text = page(unit, rows, tmp_path)
    assert "<script" not in text
    assert "<img" not in text
    assert "onerror=alert" in text, "shown as text"
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_equal_cohorts_give_equal_bytes(unit, tmp_path):
    assert page(unit, cohort(10), tmp_path, due=DUE) == page(unit, cohort(10), tmp_path, due=DUE)


def test_a_long_table_is_cut_and_says_so(unit, tmp_path):
    rows = [row(f"l{i}", HALF, (PASSED,)) for i in range(MOST_LEARNERS + 20)]
    text = page(unit, rows, tmp_path)
    assert f"The {MOST_LEARNERS} of {MOST_LEARNERS + 20} learners" in text
    assert len(read(tmp_path, "learners.csv")) == MOST_LEARNERS + 20


def test_mistakes_are_counted_on_the_page_and_in_the_file(unit, tmp_path):
    rows = [row("a", (PASSED, WINDOW), HALF), row("b", (PASSED, WINDOW), (NOT_STARTED,))]
    text = page(unit, rows, tmp_path)
    assert "The first windows are shorter." in text
    top = read(tmp_path, "mistakes.csv")[0]
    assert (top["recognised"], top["count"], top["learners"]) == ("yes", "2", "a; b")


def test_what_spoils_the_numbers_is_said_first(unit, tmp_path):
    weak = row("a", HALF, HALF)
    weak = replace(weak, report=replace(weak.report, isolation="process-only"))
    lost = row("b", (NOT_STARTED,), (NOT_STARTED,))
    lost = replace(lost, report=replace(lost.report, rejected="not valid JSON", suite_hash="other"))
    text = page(unit, [weak, lost], tmp_path)
    head = text[: text.index("<h2>")]
    assert "1 of 2 files could not be read" in head
    assert "2 versions of the graders" in head
    assert "without walls" in head


def test_reports_of_another_unit_and_learners_who_occur_twice_are_refused(unit, tmp_path):
    rows = [row("a", HALF, HALF)] * 2
    with pytest.raises(CourseError, match="a occurs twice"):
        write_report(unit, rows, tmp_path / "out")
    with pytest.raises(CourseError, match="is about 901_tiny, not 902_other"):
        write_report(replace(unit, id="902_other"), rows[:1], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_one_line(unit, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CourseError, match="cannot be written"):
        write_report(unit, [], tmp_path / "out")


def test_copies_to_the_letter_are_named_however_many_share_them(unit, tmp_path):
    same = [replace(r, cells={"smoothed": "x = 1", "spread": "y = 2"}) for r in cohort(8)[:4]]
    untouched = [row(f"late{i}", (NOT_STARTED,), (NOT_STARTED,)) for i in range(2)]
    untouched = [replace(r, cells={"smoothed": "pass"}) for r in untouched]
    text = page(unit, [*same, *cohort(8)[4:], *untouched], tmp_path)
    assert "4 learners handed in code that agrees to the letter" in text
    group = re.search(r"<p>The same to the letter: (.*?)\.</p>", text).group(1)
    assert [name in group for name in ("learner0000", "learner0003", "late0")] == [
        True,
        True,
        False,
    ]
