"""A wrong grader that was mended: who gains or loses is shown before anything is written."""

import re

import pytest

from tests.cohort.course_folder import WRONG, released

pytestmark = pytest.mark.end_to_end


def mend(unit):
    """Two tests of the Counter are one now, which the learners' Counter fails."""
    path = unit.graders[0]
    text, count = re.subn(
        r"assert submission\.Counter\(\)\(\) == 1", "assert 0 == 1", path.read_text()
    )
    assert count == 1
    path.write_text(text)


def test_a_regrade_is_shown_first_and_written_when_asked(tmp_path, monkeypatch):
    course = released(tmp_path, monkeypatch, ["ada", "bo", "cy"])
    notebooks = {"ada": course.notebook(), "bo": course.notebook(**WRONG), "cy": "no notebook"}
    assert course.hand_in_files(notebooks).code == 0
    assert course.run("grade", "900", "--processes", "1").code == 0
    before = course.scores()
    assert "No score changes." in course.run("regrade", "900").output

    mend(course.unit)
    shown = course.run("regrade", "900", "--processes", "1")
    rows = [line.split() for line in shown.output.splitlines() if " Counter " in line]
    assert rows == [["ada", "Counter", "2", "1", "-1"], ["bo", "Counter", "2", "1", "-1"]]
    assert "2 learners of 3 would have another score" in shown.output
    assert course.scores() == before, "the dry run wrote to the gradebook"

    written = course.run("regrade", "900", "--write")
    assert "0 graded now, 3 written" in written.output
    after = course.scores()
    assert after["ada"] == before["ada"] | {"Counter": 1.0}
    assert after["cy"] == before["cy"]
    assert "No score changes." in course.run("regrade", "900").output
    assert "0 graded now, 0 written" in course.run("grade", "900").output


def test_a_grader_that_hangs_is_told_with_exit_code_3_and_everyone_is_graded(tmp_path, monkeypatch):
    course = released(tmp_path, monkeypatch, ["ada", "bo"])
    course.edit("call_seconds = 4.0", "call_seconds = 4.0\ntest_seconds = 5.0")
    path = course.unit.graders[0]
    hangs = (
        '\n@pytest.mark.exercise("scaled")\ndef test_it_hangs(submission):\n    while True: pass\n'
    )
    path.write_text(path.read_text() + hangs)
    assert (
        course.hand_in_files({"ada": course.notebook(), "bo": course.notebook(**WRONG)}).code == 0
    )
    done = course.run("grade", "900", "--processes", "1")
    assert done.code == 3
    assert "scaled: test_it_hangs: the grader broke off: it did not end within 5 s" in done.output
    assert course.scores()["ada"]["scaled"] == 3.0
    assert 0 < course.scores()["bo"]["scaled"] < 3.0
