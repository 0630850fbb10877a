from dataclasses import replace

from firsthand.cohort.mistakes import common_mistakes
from tests.cohort.synthetic import FAILED, FAULT, NOT_STARTED, PASSED, RAISED, WINDOW, row, unit


def found(tmp_path, *rows):
    return [m for m in common_mistakes(unit(tmp_path), rows) if m.exercise == "smoothed"]


def test_a_recognised_mistake_is_told_by_its_hint(tmp_path):
    other_message = replace(WINDOW, message="the first mean is 0.1, expected 1.0", name="other")
    rows = [row("a", (PASSED, WINDOW), ()), row("b", (PASSED, other_message), ())]
    (mistake,) = found(tmp_path, *rows, row("c", (PASSED, PASSED), ()))
    assert mistake.recognised
    assert mistake.what == "The first windows are shorter."
    assert (mistake.learners, mistake.started) == (("a", "b"), 3)
    assert mistake.share == 2 / 3


def test_a_learner_counts_once_with_the_recognised_mistake_first(tmp_path):
    (mistake,) = found(tmp_path, row("a", (FAILED, RAISED, WINDOW), ()))
    assert mistake.recognised


def test_other_failures_are_grouped_by_test_and_exception(tmp_path):
    other = replace(RAISED, message="TypeError: 'NoneType' object is not iterable")
    rows = [row(str(i), (PASSED, t), ()) for i, t in enumerate((RAISED, other, FAILED, RAISED))]
    mistakes = found(tmp_path, *rows)
    assert [(m.count, m.example.split(":")[0]) for m in mistakes] == [
        (2, "IndexError"),
        (1, "TypeError"),
        (1, "got 3, expected 2"),
    ]
    assert {m.what for m in mistakes} == {"that holds"}


def test_who_wrote_nothing_and_what_is_our_fault_is_no_mistake(tmp_path):
    assert found(tmp_path, row("a", (NOT_STARTED,), ()), row("b", (PASSED, FAULT), ())) == []
