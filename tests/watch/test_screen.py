"""What is drawn: it fits every window, says the same without colour, and hides nothing hostile."""

from dataclasses import replace

import pytest
from rich.text import Text

from firsthand.report import Status, TestResult
from firsthand.watch import screen
from firsthand.watch.loop import State
from tests.render import samples
from tests.watch.window import plain

STAGE = (9, 1, 3)


def state(**fields):
    """A state in which "score" failed, "guess" was not begun and "limits" is for a person."""
    failed = samples.EXERCISES["failed"]
    report = samples.report(failed, isolation="full")
    made = State(samples.unit(), "work/901_tiny/901_tiny.ipynb", ready=True, report=report)
    made.results = {"score": replace(failed, points=2.0, max_points=5.0)}
    made.shown, made.clock, made.ran, made.seconds = "score", "14:03:22", ("score",), 0.123
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def drawn(made, **options):
    return "\n".join(screen.draw(made, **{"stage": STAGE, "width": 80, "height": 40} | options))


def test_the_window_of_the_specification():
    text = drawn(state(), width=90)
    lines = text.split("\n")
    assert lines[0].startswith("901 Tiny ") and lines[0].endswith("work/901_tiny/901_tiny.ipynb")
    assert "✗ score  2/5" in text and "· guess  ?/1" in text and "– limits by hand" in text
    assert "saved 14:03:22 · 1 of 2 exercises run · result in 0.12 s" in text
    assert "got 0.25" in text and "→ look it up" in text
    assert "unit ███████░░░░░░░░░░░░░░░ 2/6 points" in text
    assert "stage 9 ███████░░░░░░░░░░░░░░░ 1/3 units" in text
    assert lines[-1] == "h hint   n next   l list   r rerun   x reset this exercise   q quit"


HINT = "hint 1 of 3: " + "read the section on masks again, and slowly. " * 4
STATES = {
    "result": {},
    "hint": {"hint": HINT},
    "list": {"listing": True},
    "asking": {"asking": True},
    "problem": {"problem": "not readable as a notebook yet: " + "x" * 300},
    "fault": {"fault": "Traceback\n" + "\n".join(f"  line {i} of the trace" for i in range(30))},
    "warming": {"ready": False, "report": None, "results": {}, "shown": ""},
    "grading": {"running": ("score", "guess"), "begun": "guess"},
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize(
    ("width", "height"), [(120, 50), (80, 24), (40, 24), (40, 10), (24, 8)], ids=str
)
def test_it_fits_the_window(name, width, height):
    lines = screen.draw(state(**STATES[name]), width=width, height=height, stage=STAGE)
    assert len(lines) <= height
    wide = [line for line in lines if Text(line).cell_len > width]
    assert not wide
    if height >= 24:
        assert "yes" in lines[-1] or "quit" in lines[-1]


@pytest.mark.parametrize("name", STATES)
def test_colour_changes_no_word(name):
    made = state(**STATES[name])
    without, coloured = drawn(made), drawn(made, colour=True)
    assert "\x1b" not in without and "\x1b[" in coloured
    assert plain(coloured) == without


def test_a_low_window_says_that_something_is_left_out():
    text = drawn(state(hint=HINT), height=14)
    assert "more lines; make the window taller" in text and "0 of 2 exercises pass" in text


def test_while_it_grades_the_last_result_stays_and_is_marked():
    text = drawn(state(running=("score", "guess"), begun="guess", ran=()))
    assert "… score" in text and "grading guess (2 of 2) …" in text and "got 0.25" in text


def test_states_in_words():
    assert "warming up" in drawn(state(**STATES["warming"]))
    assert "no code has changed" in drawn(state(ran=()))
    assert "Reset score to its stub?" in drawn(state(asking=True))
    assert "This is our bug, not yours." in drawn(state(fault="KeyError: 1"))
    assert "KeyError: 1" in drawn(state(fault="KeyError: 1"))


def test_the_list_has_every_exercise():
    text = drawn(state(listing=True))
    assert "✗ score       2 / 5  failed          about 20 minutes" in text
    assert "not graded yet" in text and "up to 4  graded by hand" in text
    assert "got 0.25" not in text


def test_a_finished_unit_says_so():
    done = {
        name: samples.exercise(samples.test("it holds"), name=name) for name in ("score", "guess")
    }
    text = drawn(state(results=done))
    assert "Every exercise of this unit passes." in text


def test_what_a_submission_says_cannot_move_the_cursor():
    bad = TestResult(
        "t", samples.HOSTILE, Status.FAILED, False, 1, 0.0, 1.0, message=samples.HOSTILE
    )
    made = state(results={"score": samples.exercise(bad)}, file=f"a{samples.HOSTILE}.ipynb")
    text = drawn(made, width=100)
    assert not [c for c in text if c != "\n" and (ord(c) < 32 or c in "\x7f\x9b\u202e\u2028")]


def test_a_block_for_logs_has_the_result_and_no_control_codes():
    text = screen.block(state(), width=80)
    assert "✗ score" in text and "got 0.25" in text and "unit 2 / 6 points" in text
    assert "\x1b" not in text and "quit" not in text
    assert screen.block(state(problem="it is gone")) == "! it is gone"
