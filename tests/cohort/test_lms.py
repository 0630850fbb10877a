import csv
import io

import pytest

from firsthand.cohort.lms import Score, canvas, gradescope, moodle
from firsthand.cohort.sheet import sheet
from firsthand.unit import CourseError

ADA = Score("ada", "Ada", "Lovelace", "ada@example.org", 12.5)
BOB = Score("bob", "Bob, Jr.", 'O"Neil', "bob@example.org", None)


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def test_canvas_has_its_columns_and_the_row_of_points():
    assert rows(canvas([ADA, BOB], "402 Induction heads", 18)) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "402 Induction heads"],
        ["Points Possible", "", "", "", "", "18"],
        ["Lovelace, Ada", "", "", "ada", "", "12.5"],
        ['O"Neil, Bob, Jr.', "", "", "bob", "", ""],
    ]


def test_canvas_takes_the_roster_id_as_sis_user_id_too():
    assert rows(canvas([ADA], "x", 18, learner_is="SIS User ID"))[2][2:4] == ["ada", ""]


def test_moodle_says_who_and_marks_what_is_missing():
    assert rows(moodle([ADA, BOB], "402 Induction heads", 18)) == [
        ["First name", "Last name", "ID number", "Email address", "402 Induction heads"],
        ["Ada", "Lovelace", "ada", "ada@example.org", "12.5"],
        ["Bob, Jr.", 'O"Neil', "bob", "bob@example.org", "-"],
    ]


def test_moodle_refuses_more_points_than_there_are():
    with pytest.raises(CourseError, match=r"ada has 12\.5 of 10 points"):
        moodle([ADA], "x", 10)


def test_gradescope_gets_a_roster():
    assert rows(gradescope([ADA]))[0] == ["First Name", "Last Name", "Email", "SID"]
    assert rows(gradescope([ADA]))[1] == ["Ada", "Lovelace", "ada@example.org", "ada"]


@pytest.mark.parametrize(
    ("email", "told"), [("", "bob has no e-mail"), ("ADA@example.org", "ada and bob")]
)
def test_gradescope_needs_one_address_for_each(email, told):
    with pytest.raises(CourseError, match=told):
        gradescope([ADA, Score("bob", "Bob", "B", email, 1.0)])


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", "＝1"])
def test_no_text_becomes_a_formula(start):
    name = Score("=id", start, start, start, -1.0)
    for text in (canvas([name], start, 1), moodle([name], start, 1), gradescope([name])):
        for cell in (cell for line in rows(text) for cell in line):
            assert not cell.startswith(("=", "+", "@", "\t", "\r", "＝")), cell
            assert not cell.startswith("-") or cell == "-1", "only the number may be negative"


def test_numbers_stay_numbers():
    assert rows(sheet(["a"], [[-0.25], [2.0], [1 / 3], [None]]))[1:] == [
        ["-0.25"], ["2"], ["0.3333"], [""],
    ]  # fmt: skip
