"""What a result says, whatever the format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand import render
from firsthand.render.rows import MAX_ROWS, Context, exercise_rows
from firsthand.report import Status
from tests.render import samples
from tests.render.samples import EXERCISES, exercise, report, test, unit


def rows_of(result, *, isolation="kernel", **context):
    context = Context(unit=unit(), **context)
    return exercise_rows(report(result, isolation=isolation), result, context)


def words_of(result, **options):
    rows = rows_of(result, **options)
    return "\n".join(f"{row.text} {row.summary} {' '.join(row.folded)}" for row in rows)


@pytest.mark.parametrize("key", [k for k in EXERCISES if k not in ("hostile", "graded by hand")])
def test_the_first_line_alone_tells_the_state(key):
    head = rows_of(EXERCISES[key])[0]
    assert (head.kind, head.text) == ("head", "score")
    assert key in head.summary


def test_the_first_line_tells_tests_points_and_seconds():
    assert rows_of(EXERCISES["failed"])[0].summary == "failed · 1 of 3 tests · 1 / 3 points · 0.1 s"


def test_seconds_are_left_out_on_request():
    assert "0.1 s" not in words_of(EXERCISES["failed"], timings=False)


def test_only_the_recognised_failure_is_expanded():
    words = words_of(EXERCISES["failed"])
    assert "got 0.25" in words
    assert "look it up" in words
    assert "it is fast" in words
    assert "never expanded" not in words


def test_an_exception_shows_its_type_and_the_learners_own_line():
    code = next(row for row in rows_of(EXERCISES["raised"]) if row.kind == "code")
    assert (code.text, code.summary) == ("return total / 0", "line 4 of score")
    assert "ZeroDivisionError: division by zero" in words_of(EXERCISES["raised"])


def test_what_the_reference_stood_in_for_is_named():
    assert "the reference in place of your earlier" in words_of(EXERCISES["raised"])


def test_not_started_is_one_calm_line():
    (row,) = rows_of(EXERCISES["not started"])
    assert row.summary == "not started · write it above, then run this cell"


def test_not_started_outside_of_a_kernel_gives_the_points():
    row = rows_of(EXERCISES["not started"], isolation="process-only")[0]
    assert row.summary == "not started · 0 / 1 point"


def test_a_stub_that_another_exercise_needs_is_named_outside_of_a_kernel():
    result = exercise(
        test("it is right", Status.NOT_STARTED, message="`double` is not written yet.")
    )
    assert "`double` is not written yet." in words_of(result, isolation="process-only")


def test_a_grader_fault_is_ours():
    words = words_of(EXERCISES["grader fault"])
    assert "This is our bug, not yours. Nothing was deducted." in words
    assert "KeyError: 'x'" in words
    assert "2 / 2 points" in words


def test_a_fault_does_not_hide_a_failure_that_can_be_mended():
    result = exercise(
        test("it is odd", Status.FAULT, message="KeyError"),
        test("lags vary", Status.FAILED, message="got 0.25"),
    )
    words = words_of(result)
    assert "got 0.25" in words
    assert "1 test broke. This is our bug" in words


def test_full_marks_bring_the_meaning():
    assert "It `means` much." in words_of(EXERCISES["passed"])
    assert "It `means` much." not in words_of(EXERCISES["failed"])


def test_the_next_hint_is_offered_in_a_kernel_only():
    offer = rows_of(EXERCISES["failed"], hints_seen=1)[-1]
    assert (offer.text, offer.summary) == ("hint 2 of 3", 'hint("score")')
    assert "hint(" not in words_of(EXERCISES["failed"], isolation="process-only")
    assert "hint(" not in words_of(EXERCISES["passed"])


def test_a_hint_that_the_message_holds_is_not_repeated():
    result = exercise(
        test("it is right", Status.FAILED, message="got 1: look it up", hint="look it up")
    )
    assert words_of(result).count("look it up") == 1


def test_long_output_is_folded_and_cut_in_the_middle():
    result = exercise(test("it is right"), output="".join(f"line {i}\n" for i in range(1000)))
    fold = next(row for row in rows_of(result) if row.kind == "fold")
    assert fold.text == "your printed output (1000 lines)"
    assert (fold.folded[0], fold.folded[-1]) == ("line 0", "line 999")
    assert len(fold.folded) < 50


def test_a_progress_line_counts_as_what_it_ends_as():
    result = exercise(test("it is right"), output="\rstep 1\rstep 2\r\nready\n\rhalf\r")
    fold = next(row for row in rows_of(result) if row.kind == "fold")
    assert fold.folded == ("step 2", "ready", "half")


@given(
    passed=st.integers(0, 40),
    failed=st.integers(0, 40),
    message=st.text(max_size=400),
    output=st.text(max_size=50),
)
def test_no_result_takes_more_than_fifteen_lines(passed, failed, message, output):
    tests = [test(f"p {i}") for i in range(passed)]
    tests += [test(f"f {i}", Status.FAILED, message=message, hint="h") for i in range(failed)]
    if tests:
        rows = rows_of(exercise(*tests, output=output, with_reference=("earlier",)))
        assert sum(row.text.count("\n") + 1 for row in rows) <= MAX_ROWS


def test_folded_tests_are_counted():
    tests = [test(f"p {i}") for i in range(20)] + [test("f", Status.FAILED, message="no")]
    fold = rows_of(exercise(*tests))[1]
    assert (fold.text, len(fold.folded)) == ("20 tests passed", 20)


@given(st.text())
def test_cleaned_text_has_no_control_direction_or_surrogate_characters(text):
    cleaned = render.clean(text)
    cleaned.encode("utf-8")
    assert not set(cleaned) & set("\x00\x07\x08\x1b\r\x7f\x9b\u202e\u2066\u2028")
    assert render.clean(cleaned) == cleaned


@pytest.mark.parametrize("text", ["naïve café", "θ ≤ 0.5 · ∑", "日本語", "a\nb"])
def test_cleaning_leaves_ordinary_text(text):
    assert render.clean(text) == text


def test_escape_sequences_go_as_a_whole():
    assert render.clean("\x1b[1;31mred\x1b[0m\x1b]0;title\x07!") == "red!"


def test_hostile_text_keeps_its_words():
    assert "gnp.exe" in words_of(samples.EXERCISES["hostile"])


@pytest.mark.parametrize(
    ("value", "shown"),
    [(2, "2"), (2.5, "2.5"), (5 / 3, "1.67"), (0, "0"), (10, "10"), (100, "100")],
)
def test_points_have_no_needless_zeros(value, shown):
    assert render.number(value) == shown
