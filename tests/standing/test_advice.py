"""What to take next, and why: advice in words, and never a lock."""

import pytest

from firsthand.standing.advice import hardest, here, next_step, place_line
from firsthand.standing.fit import strands
from tests.standing.learners import NOON, UNITS, Learner, course, half_way, unit


def test_a_beginner_takes_the_first_unit_that_builds_on_nothing():
    step = next_step(course())
    assert (step.target, step.minutes) == ("001/part_1", 20)
    assert step.why == "it comes next in the course and builds on no other unit"


def test_whoever_stopped_in_a_unit_goes_on_there():
    step = next_step(course(half_way().events))
    assert step.target == "401/part_2"
    assert step.why.startswith("you stopped here on ") and "2026" in step.why
    assert step.why.endswith("; 1 of 3 exercises are done")


def test_of_two_unfinished_units_the_one_touched_last_counts():
    learner = half_way().check("501", "part_1")
    assert next_step(course(learner.events)).target == "501/part_2"
    assert here(course(learner.add("hint", "401").events)).number == "401"


def test_a_notebook_that_was_only_copied_is_where_you_are():
    step = next_step(course(saved={"402_x": NOON}))
    assert step.target == "402/part_1" and "0 of 3 exercises are done" in step.why


def test_after_a_unit_comes_the_first_whose_prerequisites_are_done():
    learner = Learner().finish("001").finish("402")
    step = next_step(course(learner.events))
    assert step.target == "401/part_1"
    assert step.why == "you have done what it builds on: 001 Tensors, strides, einops"


def test_a_unit_that_was_tested_out_of_counts_as_done():
    learner = Learner().check("001", "part_3").add("test-out", "001", "part_3")
    now = course(learner.events)
    assert next_step(now).target == "401/part_1" and here(now) is None
    assert now.missing(UNITS[1]) == [] and now.missing(UNITS[2]) == [UNITS[1]]


def test_where_nothing_is_ready_the_reason_says_what_is_missing():
    units = [unit("401", before=["402"]), unit("402", before=["401"])]
    step = next_step(course(units=units))
    assert step.target == "401/part_1"
    assert step.why == "it comes next in the course; it builds on 402 Title of 402"


def test_prerequisites_that_are_still_to_come_hold_nobody_up():
    alone = unit("402", before=["101"])
    assert course(units=[alone]).missing(alone) == []


def test_when_all_is_done_there_is_no_next_step():
    learner = Learner().finish("001")
    assert next_step(course(learner.events, [UNITS[0]])) is None
    assert next_step(course(units=[])) is None


def test_the_exercise_with_most_checks_is_named_from_three_on():
    assert hardest(course(Learner().finish("001", first=1.0).events)) is None
    where, exercise, attempts = hardest(course(half_way().events))
    assert (where.number, exercise.name, attempts) == ("401", "part_2", 4)


@pytest.mark.parametrize(
    ("number", "ending"), [("401", "next: part_2"), ("001", "next: 401/part_2")]
)
def test_the_place_in_the_course_is_one_line(number, ending):
    now = course(half_way().events)
    line = place_line(now, next(u for u in UNITS if u.number == number))
    assert "course: 1 of 5 units done" in line and line.endswith(ending) and "\n" not in line


def test_every_unit_of_the_real_course_has_a_strand_but_those_of_the_last_stage():
    from pathlib import Path

    from firsthand.standing.place import load

    real = load(Path(__file__).resolve().parents[2])
    names = {stage.number: stage.strand for stage in real.stages}
    assert names.pop(9) == "" and all(names.values())
    assert set(names.values()) == {
        "engineering", "interpretability", "oversight", "robustness and evals", "theory",
        "governance and security",
    }  # fmt: skip
    assert strands(course()) == []
