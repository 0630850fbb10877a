"""Progress and fit in a terminal: nothing is cut off, and words say what colours say."""

import pytest

from firsthand.standing import fit_screen, terminal
from firsthand.standing.fit import strands
from tests.standing.learners import Learner, course, half_way, sampler, unit

WIDTHS = [24, 40, 76, 80, 100]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_line_fits(width):
    for events in ([], half_way().events, sampler().events):
        now = course(events)
        lines = terminal.text(now, width=width).split("\n")
        lines += fit_screen.text(strands(now), width=width).split("\n")
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [40, 80, 100])
def test_it_says_what_is_done_where_you_are_and_what_is_next(width):
    text = terminal.text(course(half_way().events), width=width)
    flowing = " ".join(text.split())
    for said in (
        "001 Tensors, strides, einops", "done 12/12", "24 min", "2 hints", "5/12",
        "← you are here", "open: part_2", "first 401", "Next: 401/part_2, about 20 min",
        "Most checks so far: 401/part_2 (4).", "every unit opens",
        "42 min of 2.0 h · 5 / 24 points",
    ):  # fmt: skip
        assert said in flowing
    assert text.count("you are here") == 1


def test_a_unit_takes_one_line_at_80_columns():
    lines = terminal.text(course(half_way().events), width=80).split("\n")
    (row,) = [line for line in lines if line.startswith("  001")]
    assert row == (
        "  001 Tensors, strides, einops     ██████████  done 12/12       24 min   0 hints"
    )


def test_a_beginner_and_somebody_who_is_through_are_told_so():
    assert terminal.text(course()).startswith("nothing is recorded yet")
    through = terminal.text(course(Learner().finish("001").events, [unit("001")]))
    assert "Every unit is done." in through and "Next:" not in through


def test_tested_out_is_told_apart_from_done():
    learner = Learner().check("001", "part_3").add("test-out", "001", "part_3")
    assert "tested out 4/12" in terminal.text(course(learner.events))


def test_colour_is_added_only_where_it_is_wanted():
    now = course(half_way().events)
    plain = terminal.text(now, width=80)
    assert "\x1b" not in plain
    coloured = terminal.text(now, width=80, colour=True)
    assert "\x1b[" in coloured
    stripped = __import__("re").sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in stripped.split("\n")] == plain.split("\n")


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0, "░" * 10), (0.001, "█" + "░" * 9), (0.5, "█" * 5 + "░" * 5), (0.999, "█" * 9 + "░"),
     (1, "█" * 10)],
)  # fmt: skip
def test_a_bar_is_full_only_at_the_end(share, drawn):
    assert terminal.bar(share) == drawn


def test_fit_shows_each_measure_with_its_spread_and_units():
    text = fit_screen.text(strands(course(sampler().events, sampler.units)), width=80)
    assert "3 finished units: 001, 002, 003" in text
    assert "points at the first check   100\N{NO-BREAK SPACE}%  25\N{NO-BREAK SPACE}% to" in text
    assert "too little to tell, 3 are the least" in text
    assert "(1 of 2 units)" in text
    assert "Too little to tell: a comparison needs 3 finished units" in text


def test_fit_of_a_beginner_says_there_is_nothing_to_tell():
    assert fit_screen.text(strands(course())).startswith("No unit is finished yet")
