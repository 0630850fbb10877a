"""hint and solution in a terminal go on from the notebook, and from `firsthand check`."""

from firsthand import journal
from tests.cli.conftest import ANSWERS, SQUARES

WORK = "work/901_tiny/901_tiny.ipynb"


def noted(course, kind):
    return [(e.exercise, e.detail) for e in journal.events(course.root) if e.kind == kind]


def test_each_call_shows_one_more_hint_and_counts_it(course):
    lines = [course.run("hint", "901/double").stdout for _ in range(4)]
    assert lines == [
        "hint 1 of 3: a\n",
        "hint 2 of 3: b\n",
        "hint 3 of 3 (the last one): c\n",
        "hint 3 of 3 (the last one): c\n",
    ]
    assert noted(course, "hint") == [("double", "1"), ("double", "2"), ("double", "3")]


def test_the_mistake_of_the_last_check_comes_first(course):
    course.write(WORK, SQUARES)
    course.run("check", "901")
    assert noted(course, "check")[0] == ("double", "you squared it")
    assert course.run("hint", "901/double").stdout == "about your last check: you squared it\n"
    assert course.run("hint", "901/double").stdout == "hint 1 of 3: a\n"


def test_a_solution_opens_after_full_marks(course):
    closed = course.run("solution", "901/double")
    assert (closed.returncode, closed.stdout) == (2, "")
    assert "To give up:  firsthand solution 901/double --give-up" in closed.stderr
    course.write(WORK, ANSWERS)
    course.run("check", "901/double")
    assert "    return x + x\n" in course.run("solution", "901/double").stdout
    assert noted(course, "solution") == [("double", "full marks")]


def test_giving_up_opens_it_too(course):
    result = course.run("solution", "901/double", "--give-up")
    assert (result.returncode, "    return x + x\n" in result.stdout) == (0, True)
    assert noted(course, "solution") == [("double", "gave up")]


def test_an_exercise_must_be_named(course):
    for command in ("hint", "solution"):
        result = course.run(command, "901")
        assert result.returncode == 2
        assert "Type 901/ and one of: double, quadruple, essay." in result.stderr
        assert "Did you mean 'double'?" in course.run(command, "901/duble").stderr


def test_an_exercise_may_follow_after_a_space_or_stand_alone(course):
    assert course.run("hint", "901", "double").stdout == "hint 1 of 3: a\n"
    assert "no unit 'double'" in course.run("hint", "double").stderr
    course.run("start", "901")
    assert course.run("hint", "double").stdout == "hint 2 of 3: b\n"
    twice = course.run("hint", "901/double", "quadruple")
    assert (twice.returncode, twice.stderr.count("\n")) == (2, 1)
