"""`check` always ends in an outcome with a number; the other calls print and never raise."""

import os
import subprocess
import sys
import warnings

import pytest

from firsthand import check, hint, journal, ready, use_unit
from firsthand.build.visible import visible_file
from firsthand.notebook import Outcome, fit, progress
from firsthand.notebook import session as session_module
from firsthand.notebook.kernel import in_script
from firsthand.report import Status


@pytest.fixture
def names(session, monkeypatch):
    """The namespace that cells would have."""
    use_unit("901_tiny")
    namespace = {}
    monkeypatch.setattr("firsthand.notebook.namespace", lambda caller: namespace)
    return namespace


def double(x):
    return x + x


def squared(x):
    print("squaring")
    return x * x


def not_written(x):
    raise NotImplementedError


def test_use_unit_says_which_unit_it_is(session, capsys):
    use_unit("901_tiny")
    assert capsys.readouterr().out == "901 Tiny: 3 exercises, 7 points and 2 by hand\n"


def test_use_unit_of_an_unknown_unit_prints_what_to_do(session, capsys):
    use_unit("902_tiny")
    out = capsys.readouterr().out
    assert "no unit '902_tiny'. Did you mean '901_tiny'?" in out


def test_a_right_answer_earns_its_points(names):
    names["double"] = double
    outcome = check("double")
    assert outcome.points == 3.0
    assert outcome.report.exercise("double").status is Status.PASSED
    assert "✓ double" in repr(outcome)


def test_a_script_prints_the_result_and_a_prompt_shows_it_itself(names, capsys, monkeypatch):
    names["double"] = double
    capsys.readouterr()
    monkeypatch.setattr("firsthand.notebook.in_script", in_script)
    outcome = check("double")
    assert capsys.readouterr().out == f"{outcome!r}\n"
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    check("double")
    assert capsys.readouterr().out == ""


def test_a_wrong_answer_is_explained(names):
    names["double"] = squared
    outcome = check("double")
    assert outcome.points == 0.0
    assert "→ you squared it" in repr(outcome)
    assert "your printed output" in repr(outcome)


def test_the_function_may_be_given_instead_of_its_name(names):
    names["double"] = double
    assert check(double).points == 3.0


def test_a_stub_is_not_started(names):
    names["double"] = not_written
    outcome = check("double")
    assert (outcome.points, "not started" in repr(outcome)) == (0.0, True)


def test_a_missing_name_is_not_started(names):
    assert "not started" in repr(check("double"))


def test_a_rubric_is_graded_by_hand(names):
    outcome = check("essay")
    assert (outcome.points, "graded by hand" in repr(outcome)) == (0.0, True)


def test_an_unknown_exercise_gets_a_suggestion(names):
    outcome = check("duble")
    assert "Did you mean 'double'?" in repr(outcome)
    assert outcome.points == 0.0


def test_check_before_use_unit_says_what_to_run(session):
    outcome = check("double")
    assert "use_unit(" in repr(outcome)
    assert outcome.points == 0.0


@pytest.mark.parametrize(
    "error", [RuntimeError("boom"), SystemExit(3), RecursionError(), MemoryError()]
)
def test_when_something_of_ours_breaks_it_is_still_an_outcome(names, monkeypatch, error):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(session_module, "_stamp", broken)
    outcome = check("double")
    assert "This is our bug, not yours" in repr(outcome)
    assert type(error).__name__ in outcome.html
    assert outcome.points == 0.0


def test_an_interrupted_check_is_an_outcome(names, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(session_module, "_stamp", interrupted)
    assert "interrupted" in repr(check("double"))


def test_a_name_that_cannot_be_shown_is_still_an_outcome(names):
    class Odd:
        @property
        def __name__(self):
            raise ValueError("no name")

    assert "This is our bug" in repr(check(Odd()))


def test_nothing_reaches_stderr(names, capfd):
    def loud(x):
        warnings.warn("a warning", stacklevel=1)
        print("to stderr", file=sys.stderr)
        os.write(2, b"from compiled code\n")
        return x + x

    names["double"] = loud
    assert check("double").points == 3.0
    assert capfd.readouterr().err == ""


def test_stderr_is_as_before_afterwards(names, capfd):
    names["double"] = double
    check("double")
    print("again", file=sys.stderr)
    os.write(2, b"and again\n")
    assert capfd.readouterr().err == "again\nand again\n"


def test_graders_are_collected_once_and_again_when_a_file_changes(names, course):
    names["double"] = squared
    check("double")
    first = session_of(names)._grader
    check("double")
    assert session_of(names)._grader is first
    path = course.graders[0]
    path.write_text(path.read_text().replace("you squared it", "it is squared"))
    assert "→ it is squared" in repr(check("double"))
    assert session_of(names)._grader is not first


def session_of(_names):
    from firsthand import notebook

    return notebook._session


def test_changed_points_are_seen(names, course):
    names["double"] = double
    check("double")
    toml = course.folder / "unit.toml"
    toml.write_text(toml.read_text().replace("points = 3", "points = 30"))
    assert check("double").points == 30.0


def test_an_executed_solution_carries_no_timings(names, monkeypatch):
    names["double"] = double
    assert " s\n" in repr(check("double"))
    monkeypatch.setenv("FIRSTHAND_EXECUTING_SOLUTION", "1")
    outcomes = [check("double"), check("double")]
    assert " s\n" not in repr(outcomes[0])
    assert outcomes[0].html == outcomes[1].html


VISIBLE = """
import pytest
@pytest.mark.exercise("double")
@pytest.mark.visible
def test_two_times_three_is_six(submission):
    assert submission.double(3.0) == 6.0, "double(3) is not 6"
"""


def test_the_validate_button_runs_visible_tests_only(names, course, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    course.visible_tests.parent.mkdir(parents=True)
    course.visible_tests.write_text(VISIBLE)
    session_of(names)._forget()
    names["double"] = lambda x: 6.0
    outcome = check("double")
    assert outcome.points == 3.0
    assert [t.sentence for t in outcome.report.exercise("double").tests] == [
        "two times three is six"
    ]
    assert "visible tests only" in repr(outcome)


def test_without_hidden_graders_the_visible_ones_run(names, course, monkeypatch):
    course.visible_tests.parent.mkdir(parents=True)
    course.visible_tests.write_text(VISIBLE)
    monkeypatch.setenv("FIRSTHAND_GRADERS", str(course.root / "nothing"))
    session_of(names)._forget()
    names["double"] = double
    assert "visible tests only" in repr(check("double"))


def test_without_any_graders_the_learner_is_told(names, course, monkeypatch):
    monkeypatch.setenv("FIRSTHAND_GRADERS", str(course.root / "nothing"))
    session_of(names)._forget()
    assert "has no graders here" in repr(check("double"))


def test_a_bundle_beside_the_notebook_is_found(session, course, monkeypatch, tmp_path, capsys):
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "visible_901_tiny.py").write_text(visible_file(course))
    monkeypatch.setenv("FIRSTHAND_COURSE", str(bundle))  # no course there
    monkeypatch.chdir(bundle)
    use_unit("901_tiny")
    assert "visible tests only" in capsys.readouterr().out
    names = {"double": lambda x: 6.0}
    monkeypatch.setattr("firsthand.notebook.namespace", lambda caller: names)
    outcome = check("double")
    assert outcome.points == 3.0
    assert [t.visible for t in outcome.report.exercise("double").tests] == [True]
    hint("double")
    assert capsys.readouterr().out == "hint 1 of 3: a\n"


def test_in_a_bundle_an_exercise_without_visible_tests_says_so(
    session, course, monkeypatch, tmp_path
):
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "visible_901_tiny.py").write_text(visible_file(course))
    monkeypatch.setenv("FIRSTHAND_COURSE", str(bundle))
    monkeypatch.chdir(bundle)
    use_unit("901_tiny")
    names = {"quadruple": lambda x: 4 * x}
    monkeypatch.setattr("firsthand.notebook.namespace", lambda caller: names)
    outcome = check("quadruple")
    assert outcome.points == 0.0
    assert "no visible test" in repr(outcome)


def test_without_course_and_bundle_one_line_says_so(session, monkeypatch, tmp_path, capsys):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("FIRSTHAND_COURSE", str(empty))
    monkeypatch.chdir(empty)
    use_unit("901_tiny")
    out = capsys.readouterr().out
    assert "Nor is there a file visible_901_tiny.py beside this notebook." in out
    assert out.count("\n") == 1


def test_the_plain_text_in_a_kernel_is_the_bare_number(names, monkeypatch):
    names["double"] = double
    outcomes = [check("double"), check("duble"), check("essay"), Outcome.of_fault("x", "details")]
    monkeypatch.setattr("firsthand.notebook.outcome.in_terminal", lambda: False)
    plain = [o._repr_mimebundle_()["text/plain"] for o in outcomes]
    assert plain == ["3.0", "0.0", "0.0", "0.0"]


def test_hints_come_one_at_a_time_and_the_last_one_stays(names, capsys):
    for _ in range(4):
        hint("double")
    assert capsys.readouterr().out.split("\n")[:4] == [
        "hint 1 of 3: a",
        "hint 2 of 3: b",
        "hint 3 of 3 (the last one): c",
        "hint 3 of 3 (the last one): c",
    ]


def test_the_recognised_mistakes_hint_comes_first_and_once(names, capsys):
    names["double"] = squared
    check("double")
    hint("double")
    hint("double")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "about your last check: you squared it",
        "hint 1 of 3: a",
    ]


def test_the_outcome_offers_the_next_hint(names, capsys):
    names["double"] = squared
    hint("double")
    assert "hint 2 of 3" in repr(check("double"))


def test_hints_of_unknown_and_rubric_exercises_are_one_line(names, capsys):
    hint("duble")
    hint("essay")
    lines = capsys.readouterr().out.split("\n")
    assert "Did you mean 'double'?" in lines[0]
    assert lines[1].startswith("essay has no hints.")


def test_ready_is_quiet_when_everything_is_written(names, capsys):
    names["double"] = double
    assert ready("double") is True
    assert capsys.readouterr().out == ""


def test_ready_names_what_is_missing(names, capsys):
    names.update(double=not_written, quadruple=double)
    assert ready("double", "quadruple", "other") is False
    assert capsys.readouterr().out == "skipped until you have written double and other\n"


def test_progress_lists_every_exercise(names, capsys):
    names["double"] = double
    check("double")
    progress()
    assert capsys.readouterr().out.split("\n")[:3] == [
        "✓ double  passed  3 / 3 points",
        "· quadruple  not checked  / 4 points",
        "– essay  graded by hand, up to 2 points",
    ]


def test_progress_ends_with_the_place_in_the_course(names, capsys):
    names["double"] = double
    check("double")
    progress()
    last = capsys.readouterr().out.strip().split("\n")[-1]
    assert last == "stage 9: 0 of 1 units done · course: 0 of 1 units done · next: quadruple"


def test_progress_is_a_function_after_its_first_call(names):
    progress()
    import firsthand

    assert firsthand.progress is progress and firsthand.fit is fit


def test_fit_is_noted_once_the_unit_is_finished(names, course, capsys):
    fit(absorbing=4)
    assert "unit 901 is not finished: 2 exercises left" in capsys.readouterr().out
    for name, points in (("double", 3), ("quadruple", 4)):
        journal.record(course.root, "check", "901_tiny", name, points=points, status="passed")
    progress()
    assert "how was it? fit(absorbing=1 to 5, more=1 to 5)" in capsys.readouterr().out
    fit()
    fit(absorbing=6)
    assert "absorbing is 6; use a whole number" in capsys.readouterr().out
    fit(absorbing=4, more=5)
    fit(absorbing=4, more=5)
    assert "noted for 901: absorbing 4 and more 5." in capsys.readouterr().out
    kept = [e.detail for e in journal.events(course.root) if e.kind == "fit"]
    assert kept == ["absorbing=4", "more=5"]
    progress()
    assert "how was it" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["NBGRADER_EXECUTION", "FIRSTHAND_EXECUTING_SOLUTION"])
def test_fit_keeps_nothing_where_nobody_sits_before_the_notebook(names, course, monkeypatch, name):
    for exercise, points in (("double", 3), ("quadruple", 4)):
        journal.record(course.root, "check", "901_tiny", exercise, points=points)
    monkeypatch.setenv(name, "1" if name.startswith("FIRST") else "autograde")
    fit(absorbing=4)
    assert not any(e.kind == "fit" for e in journal.events(course.root))


def test_everything_is_silent_in_a_grading_worker(names, monkeypatch, capsys):
    monkeypatch.setenv("FIRSTHAND_WORKER", "1")
    names["double"] = double
    assert ready("double") is False
    results = [check("double"), hint("double"), use_unit("nothing"), progress(), fit(more=1)]
    assert results == [None] * 5
    assert capsys.readouterr() == ("", "")


def test_importing_the_notebook_interface_is_light():
    script = (
        "import sys; from firsthand import check, hint, ready, use_unit;"
        "print([m for m in ('torch', 'pytest', 'nbformat', 'rich', 'numpy') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout == "[]\n"


def test_an_unknown_attribute_of_the_package_is_an_error():
    import firsthand

    with pytest.raises(AttributeError, match="no attribute 'chek'"):
        _ = firsthand.chek


def test_without_a_name_each_call_lists_the_exercises(names, capsys):
    assert "It has: double, quadruple, essay." in repr(check())
    hint()
    assert "name an exercise of the unit. It has: double" in capsys.readouterr().out
