"""progress, fit, report, test-out and where learn goes on, as a learner types them."""

import errno
import sys

import pytest

from firsthand import journal
from firsthand.cli import lab, learner, standing
from firsthand.unit import load_unit
from tests.cli.conftest import ANSWERS, STUBS
from tests.grading import tiny
from tests.watch.window import Window

WORK = "work/901_tiny/901_tiny.ipynb"


def kinds(course):
    return [event.kind for event in journal.events(course.root)]


def finish(course, unit="901_tiny"):
    for name, points in (("double", 3), ("quadruple", 4)):
        journal.record(course.root, "check", unit, name, points=points, status="passed")


def second(course, number="902", before="901_tiny"):
    """Another unit that builds on the first."""
    folder = course.root / f"curriculum/{number}_more"
    folder.mkdir()
    text = tiny.UNIT_TOML.replace('"Tiny"', '"More"')
    (folder / "unit.toml").write_text(
        text.replace("prerequisites = []", f'prerequisites = ["{before}"]')
    )
    return load_unit(folder)


def test_progress_shows_what_was_checked(course):
    assert "nothing is recorded yet" in course.run("progress").stdout
    course.write(WORK, {"double": ANSWERS["double"], "quadruple": STUBS["quadruple"]})
    course.run("check", "901")
    result = course.run("progress")
    assert result.returncode == 0, result.stderr
    assert "3/7" in result.stdout and "Next: 901/quadruple, about 5 min" in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("columns", [40, 100])
def test_progress_fits_the_terminal(course, columns):
    second(course)
    finish(course)
    lines = course.run("progress", columns=columns).stdout.split("\n")
    assert max(len(line) for line in lines[:-2]) <= columns


def test_progress_in_plain_ascii(course):
    finish(course)
    result = course.spawn("progress", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 0, result.stderr
    assert result.stdout.isascii() and "##########  done 7/7" in result.stdout


def test_the_progress_page_is_written_where_it_is_asked_for(course):
    result = course.run("progress", "--html", "page.html")
    assert (result.returncode, result.stdout) == (0, "wrote page.html\n")
    assert "<h1>Progress</h1>" in (course.root / "page.html").read_text()
    course.write(WORK, STUBS)
    result = course.run("progress", "--html", WORK)
    assert result.returncode == 2 and "left as it is" in result.stderr


def test_fit_says_when_there_is_nothing_to_tell(course):
    result = course.run("fit")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("No unit is finished yet")


def test_a_report_card_lies_beside_the_notebook(course):
    result = course.run("report", "901")
    assert result.returncode == 2 and "`firsthand learn 901` starts the unit" in result.stderr
    course.write(WORK, ANSWERS)
    result = course.run("report", "901")
    assert result.stdout.startswith("wrote work/901_tiny/report_901.html\n"), result.stderr
    assert "not finished" in result.stdout
    assert "Not finished" in (course.root / "work/901_tiny/report_901.html").read_text()


def test_without_chromium_the_card_is_html_and_a_line_says_how_to_print_it(course, monkeypatch):
    monkeypatch.setattr("firsthand.standing.files.shutil.which", lambda name: None)
    course.write(WORK, ANSWERS)
    result = course.run("report", "901", "--pdf", "card.pdf")
    assert "wrote work/901_tiny/report_901.html" in result.stdout
    assert "print it to a PDF" in result.stdout and not (course.root / "card.pdf").exists()


def test_the_last_exercise_tests_out_of_a_unit(course):
    more = second(course)
    course.write(WORK, {"double": STUBS["double"], "quadruple": ANSWERS["quadruple"]})
    result = course.run("check", "901/quadruple")
    assert "`firsthand check 901/quadruple --test-out` counts the unit as done" in result.stdout
    assert "first 901" in course.run("list").stdout
    result = course.run("check", "901", "--test-out")
    assert result.returncode == 0, result.stderr
    assert "unit 901 counts as done now: tested out." in result.stdout
    assert kinds(course)[-1] == "test-out"
    listed = course.run("list").stdout
    assert "tested out" in listed and "· ready" in listed and more.number in listed


def test_less_than_full_marks_do_not_test_out(course):
    course.write(WORK, {"quadruple": "def quadruple(x):\n    return 4 * x"})
    result = course.run("check", "901", "--test-out")
    assert result.returncode == 1
    assert "not tested out: that takes full marks in quadruple." in result.stdout
    assert "test-out" not in kinds(course)


def test_an_earlier_exercise_or_an_opened_solution_does_not_test_out(course):
    course.write(WORK, ANSWERS)
    result = course.run("check", "901/double", "--test-out")
    assert result.returncode == 2 and "its last exercise is quadruple" in result.stderr
    journal.record(course.root, "solution", "901_tiny", "quadruple", detail="gave up")
    result = course.run("check", "901", "--test-out")
    assert result.returncode == 2 and "was opened before full marks" in result.stderr


def test_a_fault_of_ours_does_not_test_out(course):
    path = course.unit.graders[0]
    path.write_text(path.read_text().replace("compare.close(submission.quad", "compare.closs(s.q"))
    course.write(WORK, ANSWERS)
    result = course.run("check", "901", "--test-out")
    assert result.returncode == 3 and "not tested out" in result.stdout


def test_learn_goes_on_where_you_stopped(course, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(lab, "open_lab", lambda path, *_, **__: opened.append(path.name))
    more = second(course)
    more.exercise_notebook.parent.mkdir(parents=True)
    more.exercise_notebook.write_bytes(course.unit.exercise_notebook.read_bytes())
    learner.learn("", browser=False, port=0)
    assert "901/double: it comes next in the course" in capsys.readouterr().out
    learner.learn("902", browser=False, port=0)
    learner.learn("", browser=False, port=0)
    assert "902/double: you stopped here on" in capsys.readouterr().out
    finish(course, "902_more")
    learner.learn("", browser=False, port=0)
    finish(course)
    learner.learn("", browser=False, port=0)
    names = [name[:3] for name in opened]
    assert names == ["901", "902", "902", "901", "901"]
    assert kinds(course).count("opened") == 5


def test_learn_goes_on_where_the_journal_cannot_be_written(course, monkeypatch):
    opened = []
    monkeypatch.setattr(lab, "open_lab", lambda path, *_, **__: opened.append(path.name))
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(journal, "record", lambda *_, **__: (_ for _ in ()).throw(full))
    learner.learn("901", browser=False, port=0)
    assert opened == ["901_tiny.ipynb"]


ABSORBING, MORE = "How absorbing was it?", "More of this kind of work?"


def asked(course, *typed):
    """What `progress` shows in a terminal where `typed` answers what is awaited before each."""
    command = [sys.executable, "-c", "from firsthand.cli import app; app()", "progress"]
    with Window(cwd=course.root, command=command) as window:
        for awaited, keys in typed:
            window.wait_output(awaited)
            window.press(keys)
        window.wait_output("with plots:")
        assert window.end() == 0
        return window.output


def answers(course):
    return [event.detail for event in journal.events(course.root) if event.kind == "fit"]


def test_the_two_questions_are_asked_once_in_a_terminal(course):
    finish(course)
    assert course.run("progress").returncode == 0
    assert answers(course) == []  # nobody was there to answer
    asked(course, (ABSORBING, "4\r"), (MORE, "5\r"))
    assert answers(course) == ["absorbing=4", "more=5"]
    assert ABSORBING not in asked(course)


def test_what_is_no_answer_is_asked_again_and_enter_skips_for_good(course):
    finish(course)
    asked(course, (ABSORBING, "7\r"), ("is no number from 1 to 5", "2\r"), (MORE, "\r"))
    assert answers(course) == ["absorbing=2", "more=skipped"]
    assert MORE not in asked(course)


def test_the_end_of_input_skips_too(course):
    finish(course)
    asked(course, (ABSORBING, "\x04"), (MORE, "\x04"))
    assert answers(course) == ["absorbing=skipped", "more=skipped"]


def test_a_check_that_finishes_the_unit_asks(course, monkeypatch):
    course.write(WORK, ANSWERS)
    monkeypatch.setattr(standing, "ask", lambda unit, _: journal.record(
        unit.root, "fit", unit.id, detail="absorbing=1"))  # fmt: skip
    assert course.run("check", "901/double").returncode == 0
    assert answers(course) == []
    course.run("check", "901")
    course.run("check", "901")
    assert answers(course) == ["absorbing=1"]
