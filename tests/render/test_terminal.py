"""Plain text: every width, no colour unless asked for, no control character of a submission."""

import re

import pytest

from firsthand import render
from tests.render.samples import EXERCISES, REJECTED, WHOLE, report, unit

FAILED = """\
✗ score                               failed · 1 of 3 tests · 1 / 3 points · 0.1 s
  ✓ it is right
  ✗ lags vary
      got 0.25
      → look it up
  ✗ it is fast
  your printed output (2 lines)
      one
      two
  hint 1 of 3:  hint("score")"""


def text_of(result, **options):
    return render.text(report(result), exercise=result.name, unit=unit(), **options)


def test_a_failure_reads_like_this():
    assert text_of(EXERCISES["failed"], width=82) == FAILED


@pytest.mark.parametrize("width", [10, 24, 40, 80, 100])
@pytest.mark.parametrize("colour", [False, True])
def test_no_line_is_wider_than_the_terminal(width, colour):
    texts = [text_of(result, width=width, colour=colour) for result in EXERCISES.values()]
    texts.append(render.text(WHOLE, unit=unit(), width=width, colour=colour))
    for line in "\n".join(texts).split("\n"):
        assert len(re.sub(r"\x1b\[\d+m", "", line)) <= max(width, 24)


@pytest.mark.parametrize("key", EXERCISES)
def test_colour_only_adds_escape_sequences(key):
    painted = text_of(EXERCISES[key], colour=True)
    assert re.sub(r"\x1b\[\d+m", "", painted) == text_of(EXERCISES[key])


def test_without_colour_there_is_no_control_character():
    for result in EXERCISES.values():
        assert not re.search(
            r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text_of(result)
        )


def test_the_whole_unit_ends_in_its_total():
    lines = render.text(WHOLE, unit=unit()).split("\n")
    assert lines[0] == "901_tiny  Tiny"
    assert lines[-3:] == [
        "5 / 7 points · 1 of 3 exercises passed",
        "1 more exercise: up to 4 points graded by hand",
        "graders 0123456789abcdef · isolation process-only",
    ]


def test_a_rejected_submission_gives_its_reason():
    assert "not graded: bob.ipynb is not valid JSON" in render.text(REJECTED)


def test_the_table_has_one_line_for_each_submission():
    lines = render.table([WHOLE, REJECTED]).split("\n")
    assert [line.split() for line in lines[1:3]] == [
        ["ada", "5", "/", "7", "1", "of", "3", "grader", "fault"],
        ["bob", "0", "/", "1", "0", "of", "1", "not", "graded"],
    ]
    assert lines[-2:] == [
        "graders 0123456789abcdef · isolation process-only",
        "graders 0123456789abcdef · isolation kernel",
    ]


def test_a_terminal_without_our_symbols_gets_plain_ones():
    plain = render.ascii_only(text_of(EXERCISES["failed"]))
    assert plain.isascii()
    assert "x lags vary" in plain
    assert "?" not in plain


def test_of_a_long_path_the_table_shows_the_end():
    long = report(EXERCISES["passed"], submission="submitted/" * 10 + "ada.ipynb")
    line = render.table([long], width=60).split("\n")[1]
    assert line.startswith("…")
    assert "ted/ada.ipynb  " in line
    assert len(line) <= 60


def test_among_others_a_passed_exercise_is_one_line():
    whole = report(EXERCISES["passed"], EXERCISES["not started"], EXERCISES["failed"])
    lines = render.text(whole, unit=unit()).split("\n")
    assert [line.split(" ")[0] for line in lines[:6]] == ["901_tiny", "", "✓", "·", "", "✗"]
