"""What a save, a result and a key lead to, without files, processes or a terminal."""

import pytest

from firsthand.report import ExerciseResult, Report, Status, TestResult
from firsthand.watch.loop import Grade, Hint, Loop, Quit, Record, Reset
from tests.grading import tiny

RIGHT, WRONG, STUB = Status.PASSED, Status.FAILED, Status.NOT_STARTED
OTHER = "def double(x):\n    return x * x"


@pytest.fixture
def loop(tmp_path):
    return Loop(tiny.tiny_unit(tmp_path), "work/901_tiny/901_tiny.ipynb")


def report(**statuses):
    """A report in which each exercise has one test of this status."""
    points = {"double": 3.0, "quadruple": 4.0}
    rows = []
    for name, status in statuses.items():
        got = points[name] * (status is RIGHT)
        test = TestResult(f"test_{name}", "it holds", status, False, 1, got, points[name])
        rows.append(ExerciseResult(name, "code", status, got, points[name], (test,)))
    return Report("901_tiny", "Tiny", tuple(rows), "0" * 16, "full", 0.1)


def save(loop, *cells, clock="12:00:00"):
    return loop.saved(tuple(tiny.cells(*cells)), clock=clock)


def finish(loop, actions, **statuses):
    """Answer each request to grade with these results until none is left; all results' names."""
    ran = []
    while grades := [action for action in actions if isinstance(action, Grade)]:
        (grade,) = grades
        ran.append(grade.exercises)
        result = report(**{name: statuses[name] for name in grade.exercises})
        actions = loop.graded(grade.job, result)
        assert actions[0] == Record(result)
    return ran


def started(loop, **statuses):
    """The loop after the first save with this result."""
    (grade,) = save(loop)
    loop.graded(grade.job, report(**(statuses or {"double": RIGHT, "quadruple": RIGHT})))
    return loop


def test_the_first_save_grades_all_and_the_result_is_recorded(loop):
    (grade,) = save(loop)
    assert isinstance(grade, Grade)
    assert grade.exercises == ("double", "quadruple") and grade.known_right == ()
    assert loop.state.running == grade.exercises
    loop.begun(grade.job, "quadruple")
    assert loop.state.begun == "quadruple"
    result = report(double=WRONG, quadruple=STUB)
    assert loop.graded(grade.job, result) == [Record(result)]
    assert loop.state.running == () and loop.state.shown == "double"


def test_only_what_changed_is_graded_and_the_rest_keeps_its_result(loop):
    started(loop)
    (grade,) = save(loop, tiny.DOUBLE, "def quadruple(x): pass")
    assert grade.exercises == ("quadruple",) and grade.known_right == ("double",)
    loop.graded(grade.job, report(quadruple=WRONG))
    assert loop.state.results["double"].status is RIGHT
    assert loop.state.results["quadruple"].status is WRONG
    assert loop.state.points == 3 and loop.state.shown == "quadruple"
    assert [r.name for r in loop.state.whole().exercises] == ["double", "quadruple", "essay"]


def test_a_save_without_a_change_of_code_grades_nothing(loop):
    started(loop)
    assert save(loop, clock="12:00:09") == []
    assert loop.state.ran == () and loop.state.clock == "12:00:09"


def test_what_was_edited_comes_first_and_what_uses_it_after_that(loop):
    started(loop)
    assert loop.state.shown == "double"
    (first,) = save(loop, OTHER)
    assert first.exercises == ("double",) and loop.state.running == ("double", "quadruple")
    record, second = loop.graded(first.job, report(double=RIGHT), 0.2)
    assert isinstance(record, Record) and second.exercises == ("quadruple",)
    assert second.known_right == ("double",) and loop.state.running == ("quadruple",)
    assert loop.graded(second.job, report(quadruple=WRONG), 0.9) == [
        Record(report(quadruple=WRONG))
    ]
    assert loop.state.ran == ("double", "quadruple") and loop.state.running == ()
    assert loop.state.seconds == 0.2, "what the learner waited for"


def test_a_wrong_one_is_not_known_to_be_right_for_those_that_use_it(loop):
    started(loop)
    (first,) = save(loop, OTHER)
    _, second = loop.graded(first.job, report(double=WRONG))
    assert second.exercises == ("quadruple",) and second.known_right == ()


def test_a_change_around_the_exercises_runs_the_shown_one_first(loop):
    started(loop)
    assert finish(
        loop, save(loop, tiny.DOUBLE, tiny.QUADRUPLE, "k = 1"), double=RIGHT, quadruple=RIGHT
    ) == [("double",), ("quadruple",)]


def test_a_newer_save_takes_over_what_the_older_one_owed(loop):
    started(loop)
    (first,) = save(loop, OTHER)
    (second,) = save(loop, OTHER, tiny.QUADRUPLE + "\n# more")
    assert second.job > first.job and second.exercises == ("double", "quadruple")
    assert second.known_right == ()
    # Even when the second save undoes the first: the first run may have been abandoned.
    (third,) = save(loop)
    assert third.exercises == ("double", "quadruple")


def test_a_late_result_of_an_older_save_is_recorded_and_not_shown(loop):
    started(loop)
    (first,) = save(loop, OTHER)
    save(loop, OTHER + "\n#")
    late = report(double=WRONG)
    assert loop.graded(first.job, late) == [Record(late)]
    assert loop.state.results["double"].status is RIGHT and loop.state.running
    loop.begun(first.job, "quadruple")
    assert loop.state.begun == ""


def test_of_the_edited_exercises_the_first_wrong_one_is_shown(loop):
    started(loop)
    finish(loop, save(loop, OTHER, tiny.QUADRUPLE + "\n#"), double=RIGHT, quadruple=WRONG)
    assert loop.state.shown == "quadruple"
    finish(loop, save(loop), double=RIGHT, quadruple=RIGHT)
    assert loop.state.shown == "double"


def test_an_exercise_that_broke_by_a_change_elsewhere_does_not_steal_the_screen(loop):
    started(loop)
    finish(loop, save(loop, OTHER), double=RIGHT, quadruple=WRONG)
    assert loop.state.shown == "double"


def test_an_unreadable_file_is_said_and_the_results_stay(loop):
    started(loop)
    loop.unreadable("not readable as a notebook yet: no JSON")
    assert loop.state.problem and loop.state.points == 7
    assert save(loop) == [] and loop.state.problem == ""


def test_next_goes_round_the_open_ones(loop):
    started(loop, double=WRONG, quadruple=WRONG)
    shown = []
    for _ in range(3):
        loop.key("n")
        shown.append(loop.state.shown)
    assert shown == ["quadruple", "double", "quadruple"]


def test_next_says_when_none_is_left(loop):
    started(loop, double=WRONG, quadruple=RIGHT)
    loop.key("n")
    assert loop.state.note == "double is the only one left."
    finish(loop, save(loop, OTHER), double=RIGHT, quadruple=RIGHT)
    loop.key("n")
    assert loop.state.note == "Every exercise of this unit passes."


def test_a_hint_is_of_the_shown_exercise_and_goes_with_its_next_result(loop):
    assert loop.key("h") == [] and "Nothing is graded" in loop.state.note
    started(loop, double=WRONG, quadruple=WRONG)
    assert loop.key("h") == [Hint("double")]
    loop.hinted("hint 1 of 3: a")
    assert loop.state.hint
    finish(loop, save(loop, OTHER), double=WRONG, quadruple=WRONG)
    assert loop.state.hint == ""


def test_what_passes_needs_no_hint(loop):
    started(loop)
    assert loop.key("h") == [] and "needs no hint" in loop.state.note


def test_the_list_opens_and_closes(loop):
    started(loop)
    loop.key("l")
    assert loop.state.listing
    loop.key("l")
    assert not loop.state.listing
    loop.key("l")
    finish(loop, save(loop, OTHER), double=WRONG, quadruple=WRONG)
    assert not loop.state.listing, "a result of what was just saved is shown"


def test_rerun_grades_everything_again(loop):
    assert loop.key("r") == []
    started(loop)
    (grade,) = loop.key("r")
    assert grade.exercises == ("double",) and grade.known_right == ()
    assert finish(loop, [grade], double=RIGHT, quadruple=WRONG) == [("double",), ("quadruple",)]


def test_reset_asks_first(loop):
    started(loop, double=WRONG, quadruple=WRONG)
    assert loop.key("x") == [] and loop.state.asking
    assert loop.key("h") == [] and loop.state.asking, "other keys do not answer"
    assert loop.key("n") == [] and not loop.state.asking
    loop.key("x")
    assert loop.key("y") == [Reset("double")]
    loop.say("double is its stub again")
    save(loop, OTHER)
    assert loop.state.note == "double is its stub again", "it outlives the save that it made"
    save(loop)
    assert loop.state.note == ""


def test_reset_is_refused_for_an_export(loop):
    started(loop)
    loop.state.file = "work/901_tiny/901_tiny.py"
    assert loop.key("x") == [] and not loop.state.asking and "export" in loop.state.note


def test_a_broken_grader_is_said_and_rerun_starts_it_again(loop):
    started(loop)
    save(loop, OTHER)
    loop.broke("Traceback ...")
    assert loop.state.fault and not loop.state.running
    assert isinstance(loop.key("r")[0], Grade) and not loop.state.fault


def test_q_quits_also_while_it_asks_and_other_keys_do_nothing(loop):
    started(loop)
    assert loop.key("q") == [Quit()]
    loop.key("x")
    assert loop.key("q") == [Quit()]
    before = vars(loop.state).copy()
    for key in "zZ1\x00\t é":
        assert loop.key(key) == []
    assert vars(loop.state) == before


def test_a_remark_on_results_goes_with_them(loop):
    started(loop)
    loop.key("h")
    assert "needs no hint" in loop.state.note
    (grade,) = loop.key("r")
    assert loop.state.note == ""
    loop.key("h")
    loop.graded(grade.job, report(double=WRONG, quadruple=WRONG))
    assert loop.state.note == ""
