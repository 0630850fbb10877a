"""What a notebook notes of a learner's work, where, and when it notes nothing."""

import pytest

from firsthand import check, hint, journal, notebook, use_unit
from firsthand.build.visible import visible_file
from firsthand.notebook.memory import Memory
from firsthand.notebook.session import Session


@pytest.fixture
def names(session, monkeypatch):
    use_unit("901_tiny")
    namespace = {}
    monkeypatch.setattr("firsthand.notebook.namespace", lambda caller: namespace)
    return namespace


@pytest.fixture
def restart(names, monkeypatch):
    """A new kernel with the same notebook."""

    def begin():
        notebook._session._forget()
        monkeypatch.setattr(notebook, "_session", Session())
        use_unit("901_tiny")

    return begin


def double(x):
    return x + x


def squared(x):
    return x * x


def noted(course):
    return [(e.kind, e.exercise, e.detail) for e in journal.events(course.root)]


def test_a_check_is_noted_with_points_state_and_the_mistake(names, course):
    names["double"] = squared
    check("double")
    names["double"] = double
    check("double")
    first, second = journal.events(course.root)
    assert (first.unit, first.exercise, first.status) == ("901_tiny", "double", "failed")
    assert (first.points, first.max_points, first.detail) == (0.0, 3.0, "you squared it")
    assert (second.points, second.status, second.detail) == (3.0, "passed", "")


def test_what_a_person_grades_is_not_noted_as_a_check(names, course):
    check("essay")
    assert noted(course) == []


def test_hints_go_on_after_a_restart(names, restart, course, capsys):
    hint("double")
    restart()
    capsys.readouterr()
    hint("double")
    assert capsys.readouterr().out == "hint 2 of 3: b\n"
    assert noted(course) == [("hint", "double", "1"), ("hint", "double", "2")]


def test_the_last_mistake_outlives_a_restart_and_is_shown_once(names, restart, capsys):
    names["double"] = squared
    check("double")
    restart()
    capsys.readouterr()
    for _ in range(2):
        hint("double")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "about your last check: you squared it",
        "hint 1 of 3: a",
    ]


def test_a_mended_mistake_is_no_longer_hinted_at(names, capsys):
    names["double"] = squared
    check("double")
    names["double"] = lambda x: x + 3
    check("double")
    capsys.readouterr()
    hint("double")
    assert capsys.readouterr().out == "hint 1 of 3: a\n"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NBGRADER_EXECUTION", "validate"),
        ("NBGRADER_EXECUTION", "autograde"),
        ("FIRSTHAND_EXECUTING_SOLUTION", "1"),
        ("FIRSTHAND_WORKER", "1"),
    ],
)
def test_nothing_is_noted_while_a_notebook_is_run_for_somebody_else(
    names, restart, course, monkeypatch, variable, value
):
    monkeypatch.setenv(variable, value)
    course.visible_tests.parent.mkdir(parents=True)
    course.visible_tests.write_text(visible_file(course))
    restart()
    names["double"] = squared
    check("double")
    hint("double")
    assert not journal.journal_file(course.root).exists()


def test_nothing_is_noted_of_the_solution_notebook(names, restart, course, monkeypatch):
    course.solution_notebook.parent.mkdir(parents=True)
    monkeypatch.chdir(course.solution_notebook.parent)
    restart()
    names["double"] = double
    assert check("double").points == 3.0
    assert not journal.journal_file(course.root).exists()


def test_a_bundle_counts_hints_without_a_file(session, course, monkeypatch, tmp_path, capsys):
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "visible_901_tiny.py").write_text(visible_file(course))
    monkeypatch.setenv("FIRSTHAND_COURSE", str(bundle))
    monkeypatch.chdir(bundle)
    use_unit("901_tiny")
    capsys.readouterr()
    for _ in range(2):
        hint("double")
    assert capsys.readouterr().out == "hint 1 of 3: a\nhint 2 of 3: b\n"
    assert [path.name for path in bundle.iterdir()] == ["visible_901_tiny.py"]


def test_a_full_disk_costs_the_record_and_not_the_check(names, course, monkeypatch, capsys):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "record", full)
    names["double"] = double
    assert check("double").points == 3.0
    capsys.readouterr()
    for _ in range(2):
        hint("double")
    assert capsys.readouterr().out == "hint 1 of 3: a\nhint 2 of 3: b\n"


def test_events_of_other_units_do_not_count(course):
    journal.record(course.root, "hint", "902_other", "double", detail="2")
    assert Memory(course, course.root).hints_seen("double") == 0
