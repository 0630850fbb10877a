"""The author's commands reach the functions behind them, and their verdict is the exit code."""

import pytest

from firsthand.authoring import check, mutants, new
from firsthand.build import notebooks


@pytest.fixture
def called(monkeypatch):
    """Replaces the functions behind the commands; `called.verdict` is what they return."""

    class Called(list):
        verdict = True

        def stand_in(self, *arguments, console, **options):
            self.append((*arguments, options))
            return self.verdict

    called = Called()
    monkeypatch.setattr(notebooks, "build_units", called.stand_in)
    monkeypatch.setattr(check, "check_units", called.stand_in)
    monkeypatch.setattr(new, "new_unit", called.stand_in)
    monkeypatch.setattr(mutants, "run_mutants", called.stand_in)
    return called


COMMANDS = [["dev", "build"], ["dev", "check"], ["dev", "mutants", "901"]]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(("verdict", "code"), [(True, 0), (False, 1)])
def test_the_verdict_is_the_exit_code(course, called, arguments, verdict, code):
    called.verdict = verdict
    assert course.run(*arguments).returncode == code


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize("texts", [[], ["901"], ["901_tiny"]], ids=["all", "number", "id"])
def test_units_are_looked_up(course, called, command, texts):
    course.run("dev", command, *texts)
    assert called[0][0] == [course.unit]


def test_options_are_passed_on(course, called):
    course.run("dev", "build", "--check", "--no-execute")
    course.run("dev", "check", "--seeds", "20", "--fast")
    course.run("dev", "mutants", "901/double", "--json", "out.json")
    assert [options for *_, options in called] == [
        {"check": True, "execute": False},
        {"seeds": 20, "fast": True, "quick": False},
        {"exercises": ["double"], "json_file": "out.json"},
    ]


@pytest.mark.parametrize(
    "arguments", [["build", "902"], ["check", "902"], ["mutants", "901/dubble"]], ids=" ".join
)
def test_an_unknown_name_is_exit_code_2(course, called, arguments):
    result = course.run("dev", *arguments)
    assert result.returncode == 2
    assert "Did you mean" in result.stderr
    assert called == []


def test_building_a_unit_without_a_source_is_one_line(course):
    result = course.run("dev", "build", "901")
    assert result.returncode == 2
    assert "unit.py" in result.stderr
    assert "Traceback" not in result.stderr


def test_new_splits_the_names_of_exercises(course, called):
    result = course.run(
        *("dev", "new", "902_more", "--title", "T", "--paper", "P", "--exercises", "first, second,")
    )
    assert result.returncode == 0
    assert called == [("902_more", {"title": "T", "paper": "P", "exercises": ["first", "second"]})]
