"""The report card: what the notebook shows beside what the journal knows, and no markup."""

import re

import pytest

from firsthand import journal
from firsthand.standing.card import card
from firsthand.standing.place import load
from firsthand.unit import CourseError
from tests.render.samples import HOSTILE
from tests.standing import notebooks
from tests.standing.learners import NOON
from tests.standing.notebooks import cell, figure, png, printed, write_work
from tests.standing.test_page import attributes, told

ANSWER = "def guess():\n    # Prediction: tails\n    return 'heads'"


@pytest.fixture
def unit(tmp_path):
    return notebooks.write_unit(tmp_path)


def checks(unit, *rows):
    """Record checks of (exercise, points, status)."""
    for name, points, status in rows:
        journal.record(unit.root, "check", unit.id, name, points=points, status=status)


def finished(unit):
    write_work(
        unit,
        {"guess": ANSWER, "measure": "def measure(): ...", "limits": "One\nparagraph.\n\n- a\n- b"},
        {
            "plot": [figure("The first."), printed("loss 0.5\n")],
            "guess-check": [printed("not for the card\n")],
            "show": [figure("Heads are higher."), printed("heads 0.75\n")],
            "table": [printed("measure   paper   ours\nheads     0.7     0.75\n")],
        },
    )
    checks(unit, ("measure", 3, "passed"), ("guess", 0, "failed"), ("guess", 2, "passed"))


def made(unit):
    return card(load(unit.root), unit, now=NOON)


def test_a_finished_unit_shows_figures_table_prediction_and_points(unit):
    finished(unit)
    text = told(made(unit))
    for said in (
        "402 Heads & tails", "points 5 of 5", "exercises 2 of 2", "Author 2022, <b>Paper</b>",
        "Made smaller: Smaller.", "heads 0.7 0.75", "Which is larger ?", "Prediction: tails",
        "right after 2 checks", "figure 2", "heads 0.75",
        "Figure 1 · First part. The unit expects: The first.",
        "In my own words limits One paragraph.", "limits is read by a person: up to 4 points.",
    ):  # fmt: skip
        assert said in text, said
    assert "Not finished" not in text and "not for the card" not in text


def test_what_was_measured_ends_with_the_section(unit):
    finished(unit)
    measured = made(unit).split("<h4>measured</h4>")[1].split("</section>")[0]
    assert "figure 2" in measured and "figure 1" not in measured and "paper   ours" not in measured


def test_each_figure_is_a_picture_with_a_description(unit):
    finished(unit)
    write_work(unit, outputs={"plot": [figure("")], "show": [figure("Heads.")]})
    images = re.findall(r'<img alt="([^"]+)" src="data:image/png;base64,([^"]+)">', made(unit))
    assert [alt for alt, _ in images] == ["Figure 1, without a description", "Heads."]
    assert {data for _, data in images} == {png()}


def test_an_unfinished_unit_says_so_and_shows_what_is_there(unit):
    write_work(unit, outputs={"plot": [figure("The first.")]})
    checks(unit, ("measure", 3, "passed"))
    text = told(made(unit))
    assert "Not finished: 1 of 2 exercises done." in text and "Figure 1" in text
    assert "Not answered yet." in text and "The table is not there yet" in text
    assert "In my own words" not in text


def test_a_unit_tested_out_of_and_a_solution_read_before_are_told(unit):
    write_work(unit)
    journal.record(unit.root, "test-out", unit.id, "guess")
    journal.record(unit.root, "solution", unit.id, "measure", detail="gave up")
    text = told(made(unit))
    assert "Tested out: its last exercise was passed" in text and "Not finished" not in text
    assert "solutions read before full marks 1" in text


def test_the_first_check_tells_whether_the_prediction_was_right(unit):
    write_work(unit, {"guess": ANSWER})
    assert "not checked yet" in made(unit)
    checks(unit, ("guess", 2, "passed"))
    assert "right at the first check" in made(unit)


def test_a_cell_of_the_learners_own_is_shown_as_that(unit):
    mine = cell("mine", "code", "", "", "plt.plot()", [figure("My plot."), printed("own 1\n")])
    write_work(unit, {"guess": ANSWER}, added=[(5, mine)])
    text = made(unit)
    assert "Figure 1 · a cell of my own.<" in text and "own 1" in text


def test_nothing_of_a_notebook_is_markup(unit):
    hostile = figure(HOSTILE, **{"text/html": "<script>alert(3)</script>"})
    page = {"output_type": "execute_result", "data": {"text/html": "<script>alert(4)</script>",
            "text/plain": HOSTILE}}  # fmt: skip
    svg = {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload=alert(5)>"}}
    mine = cell("mine", "code", "", "", HOSTILE, [hostile, page, svg, printed(HOSTILE)])
    sources = {"guess": f"# {HOSTILE}", "limits": f"{HOSTILE}\n\n- {HOSTILE}"}
    outputs = {"plot": [hostile], "show": [page, svg], "table": [printed(HOSTILE), page]}
    write_work(unit, sources, outputs, added=[(5, mine)])
    text = made(unit)
    assert "<script" not in text and "<img src=x" not in text and "<svg" not in text
    assert attributes(text, "on") == []
    assert not set("\x1b\x00\x08\u202e\u2028") & set(text)
    assert text.count("<img ") == 2
    assert all(value.startswith("data:image/png;base64,") for value in attributes(text, "src"))
    assert all(value.startswith("#figure-") for value in attributes(text, "href"))
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text


@pytest.mark.parametrize(
    "data",
    ["not base64!", "PHNjcmlwdD4=", "", 5, ['"><script>'], {"a": 1}, None],
)
def test_what_is_no_picture_is_left_out(unit, data):
    write_work(unit, outputs={"plot": [{"output_type": "display_data", "metadata": 3,
                                        "data": {"image/png": data}}]})  # fmt: skip
    assert "<img" not in made(unit)


def test_too_many_figures_are_left_out_and_counted(unit):
    write_work(unit, outputs={"plot": [figure(f"Number {i}.") for i in range(43)]})
    text = made(unit)
    assert text.count("<img ") == 40 and "3 figures left out" in text


@pytest.mark.parametrize(
    "outputs", [None, 3, [None], [{}], [{"data": []}], [{"output_type": "stream", "text": 3}]]
)
def test_odd_outputs_are_passed_over(unit, outputs):
    write_work(unit)
    made_up = unit.work_notebook.read_text().replace(
        '"outputs": []', '"outputs": ' + __import__("json").dumps(outputs)
    )
    unit.work_notebook.write_text(made_up)
    assert "Not finished" in made(unit)


def test_without_a_notebook_one_line_says_what_to_do(unit):
    with pytest.raises(CourseError, match="`firsthand learn 402` starts the unit"):
        made(unit)
    unit.work_notebook.parent.mkdir(parents=True)
    unit.work_notebook.write_text("{")
    with pytest.raises(CourseError, match="is not valid JSON"):
        made(unit)


def test_a_wide_figure_takes_the_whole_width(unit):
    write_work(unit, outputs={"plot": [figure("A.", png(9, 3))], "show": [figure("B.")]})
    assert re.findall(r'<figure id="figure-(\d)"( class="wide")?>', made(unit)) == [
        ("1", ' class="wide"'), ("2", ""),
    ]  # fmt: skip
