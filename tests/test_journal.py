"""The learner's journal: nothing is lost, nothing broken in it matters, and time is reckoned."""

import json
import threading
from pathlib import Path

import pytest

from firsthand import journal
from firsthand.unit import Exercise, Unit


def unit(*names, number="402"):
    exercises = tuple(Exercise(name, 4.0, 10, 1, 1) for name in names)
    essay = Exercise("essay", 3.0, 10, 1, 1, kind="rubric")
    root = Path("course")
    return Unit(f"{number}_x", root, "X", "", "", "", 60, 2, (), 60, 20, (*exercises, essay))


def event(time, kind="check", exercise="a", points=0.0, status="failed", detail=""):
    return journal.Event(time, kind, "402_x", exercise, points, 4.0, status, detail)


def standing(*found, names=("a", "b")):
    return journal.standings([unit(*names)], found)["402_x"]


def test_what_is_recorded_is_read_back(tmp_path):
    journal.record(tmp_path, "check", "402_x", "a", points=2.5, max_points=4, status="failed")
    journal.record(tmp_path, "hint", "402_x", "a", detail="1")
    first, second = journal.events(tmp_path)
    assert (first.kind, first.points, first.status) == ("check", 2.5, "failed")
    assert (second.kind, second.detail) == ("hint", "1") and second.time >= first.time


def test_no_journal_is_no_event(tmp_path):
    assert journal.events(tmp_path) == []


def test_an_unknown_kind_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(ValueError, match="unknown kind 'chek'"):
        journal.record(tmp_path, "chek", "402_x")
    assert not journal.journal_file(tmp_path).exists()


@pytest.mark.parametrize(
    "line",
    ["", "{", "[]", "null", '{"time": 1}', b"\xff\xfe", '{"time":"x","kind":"check","unit":"u"}',
     '{"time":1,"kind":"chek","unit":"u"}', '{"time":1,"kind":"check","unit":3}',
     '{"time":NaN,"kind":"check","unit":"u"}', '{"time":1,"kind":"check","unit":"u","more":1}',
     '{"time":1,"kind":"check","unit":"u","points":Infinity}'],
)  # fmt: skip
def test_a_broken_line_costs_only_itself(tmp_path, line):
    journal.record(tmp_path, "opened", "402_x")
    with journal.journal_file(tmp_path).open("ab") as file:
        file.write((line if isinstance(line, bytes) else line.encode()) + b"\n")
    journal.record(tmp_path, "hint", "402_x", "a")
    assert [e.kind for e in journal.events(tmp_path)] == ["opened", "hint"]


def test_two_writers_lose_and_mix_no_line(tmp_path):
    def write(name):
        for _ in range(200):
            journal.record(tmp_path, "hint", "402_x", name, detail="d" * 300)

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = journal.journal_file(tmp_path).read_text().splitlines()
    names = sorted(json.loads(line)["exercise"] for line in lines)
    assert names == ["a"] * 200 + ["b"] * 200


def test_the_best_points_count_and_attempts_end_at_full_marks():
    found = standing(
        event(1, status="not started"), event(2, points=1), event(3, points=4, status="passed"),
        event(4, points=2),
    )  # fmt: skip
    assert (found.exercises["a"].best, found.exercises["a"].attempts) == (4, 2)
    assert found.points == 4 and found.next_exercise.name == "b" and not found.finished


def test_points_above_what_an_exercise_is_worth_now_are_cut():
    assert standing(event(1, points=9)).points == 4


def test_a_unit_is_finished_without_its_free_text():
    found = standing(event(1, points=4), event(2, exercise="b", points=4))
    assert found.finished and found.next_exercise is None


def test_time_is_the_sum_of_pauses_and_a_long_one_counts_little():
    found = standing(event(100), event(160), event(100_000), event(100_030))
    assert found.seconds == 60 + journal.IDLE_SECONDS + 30
    assert (found.first, found.last) == (100, 100_030)


def test_hints_solutions_and_answers_about_fit_are_kept():
    found = standing(
        event(1, "hint", detail="1"), event(2, "hint", detail="2"),
        event(3, "solution", detail="gave up"), event(4, "fit", "", detail="absorbing=4"),
        event(5, "fit", "", detail="absorbing=many"),
    )  # fmt: skip
    assert found.hints == 2 and found.exercises["a"].solution == "gave up"
    assert found.fit == {"absorbing": 4} and found.asked


def test_a_skipped_question_was_asked_and_has_no_answer():
    found = standing(event(1, "fit", "", detail="absorbing=skipped"))
    assert found.asked and found.fit == {} and not standing(event(1)).asked


def test_a_unit_is_done_when_finished_or_tested_out():
    assert not standing(event(1, points=4)).done
    assert standing(event(1, points=4), event(2, exercise="b", points=4)).done
    out = standing(event(1, "test-out", "b"))
    assert out.done and out.tested_out and not out.finished and out.last_exercise.name == "b"


def test_units_and_exercises_that_are_gone_are_left_out():
    gone = journal.Event(1, "check", "999_gone", "a", 4, 4)
    assert not standing(gone).started
    assert standing(event(1, exercise="renamed", points=4)).points == 0


def test_half_a_line_of_a_full_disk_costs_no_other(tmp_path):
    journal.record(tmp_path, "check", "402_x", "a", detail='of {"time": 3}')
    path = journal.journal_file(tmp_path)
    path.write_text(path.read_text() + path.read_text()[:40])
    journal.record(tmp_path, "hint", "402_x", "b")
    found = journal.events(tmp_path)
    assert [(e.kind, e.exercise) for e in found] == [("check", "a"), ("hint", "b")]


def test_a_detail_may_hold_any_line_separator(tmp_path):
    journal.record(tmp_path, "check", "402_x", "a", detail="one\u2028two\x85three\nfour")
    (found,) = journal.events(tmp_path)
    assert found.detail == "one\u2028two\x85three\nfour"
