from dataclasses import replace

import pytest

from firsthand.authoring import check, graded, written
from firsthand.authoring.check import FAST, QUICK, SLOW, check_units
from firsthand.authoring.subject import Subject
from firsthand.unit import load_unit
from tests.golden import edit


def subject_of(unit):
    return Subject(load_unit(unit.folder), 1, None)


def test_the_golden_unit_keeps_every_invariant(built, console, monkeypatch):
    monkeypatch.setattr(graded, "WORKERS", 1)  # each imports torch and warms a process of its own
    findings = check_units([built], seeds=1, console=console)
    assert findings, console.file.getvalue()
    assert [f.invariant for f in findings] == [sentence for sentence, _ in FAST + SLOW]
    assert console.file.getvalue().count("✓ holds") == len(FAST + SLOW)


def test_the_check_stops_at_the_first_broken_invariant_and_says_how_to_mend_it(built, console):
    (built.folder / "design.md").unlink()
    findings = check_units([built], fast=True, console=console)
    assert not findings
    assert [f.holds for f in findings] == [True] * 6 + [False]
    text = console.file.getvalue()
    assert "✗ broken  design.md has at most 60 lines" in text
    assert "design.md is missing; write objectives" in text


TOML, SOURCE, TESTS, WRONG = "unit.toml", "unit.py", "tests", "wrong"

BROKEN = {
    "prerequisite": (
        written.ids_resolve,
        TOML,
        "prerequisites = []",
        'prerequisites = ["100_none"]',
        "prerequisite '100_none' is no unit of the course",
    ),
    "circle": (
        written.ids_resolve,
        TOML,
        "prerequisites = []",
        'prerequisites = ["101_weighted_means"]',
        "prerequisites run in a circle: 101_weighted_means -> 101_weighted_means",
    ),
    "unknown mark": (
        written.exercise_sets_agree,
        TESTS,
        'exercise("Standardiser")',
        'exercise("Standardizer")',
        "graders mark the exercise 'Standardizer', which unit.toml does not have",
    ),
    "untested": (
        written.exercise_sets_agree,
        TESTS,
        'exercise("Standardiser")',
        'exercise("weighted_mean")',
        "no test is marked with the exercise 'Standardiser'",
    ),
    "minutes": (written.sizes_are_kept, TOML, "minutes = 15", "minutes = 26", "takes 26 minutes"),
    "solution lines": (
        written.sizes_are_kept,
        SOURCE,
        "    weighted_rows = values * weights\n",
        "    weighted_rows = values * weights\n" + "    values = values\n" * 39,
        "weighted_mean: 41 solution lines; at most 40",
    ),
    "code lines": (
        written.sizes_are_kept,
        SOURCE,
        "EPSILON = 1e-6\n",
        "EPSILON = 1e-6\n" + "EPSILON = 1e-6\n" * 700,
        "lines of code; at most 700",
    ),
    "two hints": (
        written.hints_are_complete,
        TOML,
        '"Divide at the end."]',
        "]",
        "weighted_mean has 2 hints; write 3",
    ),
    "same hint": (
        written.hints_are_complete,
        TOML,
        '"Divide at the end."]',
        '"Look at the sum of the weights."]',
        "weighted_mean gives one hint twice",
    ),
    "rubric": (
        written.hints_are_complete,
        TOML,
        'rubric = ["1 point: names zero weights", "1.5 points: says what the code should do"]',
        "",
        "limits has no rubric",
    ),
    "visible": (
        written.tests_are_enough,
        TESTS,
        "    @pytest.mark.visible\n    def test_the_worked",
        "    def test_the_worked",
        "weighted_mean has no visible test",
    ),
    "two tests": (
        written.tests_are_enough,
        TESTS,
        "    def test_a_constant_row",
        "    def constant_row",
        "Standardiser has 2 tests; write at least 3",
    ),
    "four wrong answers": (
        written.wrong_answers_are_enough,
        WRONG,
        '@wrong("Standardiser", caught_by="test_fresh',
        '@print("Standardiser", caught_by="test_fresh',
        "Standardiser has 4 wrong answers; write at least 5",
    ),
    "unknown test": (
        written.wrong_answers_are_enough,
        WRONG,
        'caught_by="test_a_constant_row_gives_zeros"',
        'caught_by="test_a_constant_row"',
        "Standardiser has no test 'test_a_constant_row'",
    ),
    "early name": (
        written.names_are_given_first,
        SOURCE,
        "    print(repr(object()))",
        "    print(sample)",
        "uses 'sample', which no cell before it gives",
    ),
    "early name in a function": (
        written.names_are_given_first,
        SOURCE,
        "        centred = rows - self.mean[:, None]",
        "        centred = rows - later",
        "exercise cell Standardiser uses 'later'",
    ),
    "leak in prose": (
        written.solutions_are_not_given_away,
        SOURCE,
        "# Write `forward`.",
        "# Write `weighted_rows  =  values * weights`.",
        "the solution line `weighted_rows = values * weights` of weighted_mean stands in the prose",
    ),
    "leak in a hint": (
        written.solutions_are_not_given_away,
        TOML,
        '"Divide at the end."]',
        '"It is: centred = rows - self.mean[:, None]"]',
        "stands in a hint of weighted_mean",
    ),
    "stub that does something": (
        graded.stub_scores_nothing,
        SOURCE,
        '    """Return "plain" or "weighted"."""\n',
        '    """Return "plain" or "weighted"."""\n    return "plain"\n',
        "untouched, which_is_larger passes 2 of its tests",
    ),
    "wrong solution": (
        graded.solution_scores_full,
        SOURCE,
        "    return weighted_rows.sum(-1) / weights.sum(-1)",
        "    return weighted_rows.sum(-1) / weights.sum()",
        "course key 0: the solution of weighted_mean gets",
    ),
    "cell that raises": (
        graded.solution_scores_full,
        SOURCE,
        "EPSILON = 1e-6",
        "EPSILON = 1e-6\n1 / 0",
        "a cell of the solution raises: spread",
    ),
    "solution that goes online": (
        graded.solution_scores_full,
        SOURCE,
        "EPSILON = 1e-6",
        'import socket\n\nsocket.getaddrinfo("example.org", 80)\nEPSILON = 1e-6',
        "no network here: something tried to reach 'example.org'",
    ),
    "grader that goes online": (
        graded.solution_scores_full,
        TESTS,
        "        values = torch.tensor([[1.0, 3.0], [1.0, 3.0]])",
        '        import socket; socket.getaddrinfo("example.org", 80)\n'
        "        values = torch.tensor([[1.0, 3.0], [1.0, 3.0]])",
        "the solution of weighted_mean gets",
    ),
    "budget": (
        graded.solution_scores_full,
        TOML,
        "graders = 20",
        "graders = 0.0001",
        "their budget is 0.0001 s",
    ),
    "randomness": (
        graded.reports_repeat,
        TESTS,
        '    assert answer == "plain", "compute both for the example"',
        '    import time\n    assert False, f"compute {time.time_ns()}"',
        "two runs with one course key differ",
    ),
}


def place(unit, where):
    return {TESTS: unit.graders[0], WRONG: unit.wrong_answers}.get(where) or unit.folder / where


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_invariant_is_seen(unit, case):
    invariant, where, old, new, message = BROKEN[case]
    subject = subject_of(unit)
    edit(place(unit, where), old, new)
    subject = subject_of(unit)
    try:
        assert message in invariant(subject)
    finally:
        subject.close()


def test_a_wrong_answer_that_shows_another_hint_is_seen(unit, in_this_process):
    edit(unit.wrong_answers, 'hint="add EPSILON"', 'hint="divide by nothing"')
    problem = graded.wrong_answers_are_caught(subject_of(unit))
    assert problem.startswith("wrong_101_weighted_means.py:68: Standardiser/has_no_epsilon shows")
    assert "another hint than 'divide by nothing'" in problem


def test_a_wrong_answer_that_passes_its_test_is_seen(unit):
    named, other = "test_a_constant_row_gives_zeros", "test_fresh_rows_keep_the_fitted_scale"
    edit(unit.wrong_answers, named, other)
    names = [a.name for a in subject_of(unit).wrong_answers]
    graded._start(unit)
    case = graded._examine_case(names.index("has_no_epsilon"))
    assert case == (f"passes {other}; it fails {named}", "", None)


def test_a_stub_that_fails_instead_of_being_not_started_is_seen(unit):
    old = '    """Return "plain" or "weighted"."""\n'
    edit(unit.folder / "unit.py", old, old + '    return "neither"\n')
    assert graded.stub_scores_nothing(subject_of(unit)) == ""
    graded._start(unit)
    uncaught = graded._examine_case(-1).uncaught
    assert uncaught.startswith("which_is_larger is failed (the answer is one of the two words")


def test_transports_that_differ_are_seen(unit):
    edit(
        unit.folder / "unit.py",
        '    return "plain"\n',
        "    import sys\n"
        '    return "weighted" if "_pytest" in sys.modules else "plain"  # never in a worker\n',
    )
    graded._start(unit)
    case = graded._examine_case(-graded.CONTROLS)
    assert case.uncaught == "" and case.report.points == unit.points
    assert '"points": 1.0' in case.difference or "passed" in case.difference
    subject = subject_of(unit)
    subject.differences.append(f"the solution: {case.difference}")
    assert "worker and kernel differ on the solution: " in graded.transports_agree(subject)


def test_a_quick_check_grades_wrong_answers_in_a_worker_alone(unit, monkeypatch):
    asked = []
    monkeypatch.setattr(
        Subject, "kernel_report", lambda self, cells, *rest, **named: asked.append(cells)
    )
    monkeypatch.setattr(graded, "_difference", lambda process, kernel: "" if kernel else "differs")
    monkeypatch.setattr(graded, "_mine", Subject(load_unit(unit.folder), 1, None, quick=True))
    assert not graded._examine_case(0).difference and not asked
    assert graded._examine_case(-2).difference and len(asked) == 1
    graded._mine.close()


def test_a_term_that_the_text_does_not_use_is_seen(unit):
    path = unit.folder / "glossary.toml"
    path.write_text('"weighted mean" = "A mean in which each value counts by its weight."\n')
    assert written.glossary_is_used(subject_of(unit)) == ""
    path.write_text('"harmonic mean" = "The inverse of the mean of inverses."\n')
    assert "glossary.toml has 'harmonic mean'" in written.glossary_is_used(subject_of(unit))


def test_a_quick_check_claims_no_more_than_it_proves(built, console, monkeypatch):
    for name in ("wrong_answers_are_caught", "transports_agree"):
        proved = [sentence for sentence, prove in QUICK if prove is getattr(graded, name)]
        full = [sentence for sentence, prove in SLOW if prove is getattr(graded, name)]
        assert len(proved) == len(full) == 1 and proved != full
    monkeypatch.setattr(check, "FAST", ())
    monkeypatch.setattr(check, "QUICK", (("a quick line", lambda subject: ""),))
    assert [f.invariant for f in check_units([built], quick=True, console=console)] == [
        "a quick line"
    ]


def test_a_quick_check_sees_a_wrong_answer_that_passes(unit):
    subject = Subject(load_unit(unit.folder), 1, None, quick=True)
    right = {cell.name: cell.source for cell in subject.cells if cell.kind == "exercise"}
    answer = subject.wrong_answers[0]
    same = replace(answer, source=right[answer.exercise])
    told = graded._not_failed(subject, subject.cells, same, ())
    assert told == f"passes {answer.caught_by}; it fails nothing"
    assert graded._not_failed(subject, subject.with_answer(answer), answer, ()) == ""
    subject.close()


def test_stale_and_stray_files_are_seen(built):
    subject = subject_of(built)
    assert written.built_files_are_fresh(subject) == written.folder_is_clean(subject) == ""
    (built.root / "curriculum" / "README.md").write_text("old")
    assert "curriculum/README.md is stale" in written.built_files_are_fresh(subject)
    (built.folder / "old.py").write_text("")
    assert written.folder_is_clean(subject).endswith("old.py does not belong there; remove it")


def test_plots_need_number_description_and_explanation(built):
    def problem():
        return written.plots_are_enough(subject_of(built))

    assert problem() == ""
    text = built.solution_notebook.read_text()
    built.solution_notebook.write_text(text.replace("What you should see", "Look"))
    assert "needs prose after it" in problem()
    built.solution_notebook.write_text(text.replace('"alt": "And again"', '"alt": ""'))
    assert "shows a plot without a description" in problem()
    built.solution_notebook.write_text(text.replace('"image/png": [', '"image/gif": [', 1))
    assert problem() == "2 plots; draw at least 3"


def test_check_cells_that_show_less_than_full_marks_are_seen(built):
    edit(built.solution_notebook, '"4.0"', '"3.0"')
    problem = written.checks_show_full_marks(subject_of(built))
    assert "101-weighted_mean-check shows 3.0 of 4 points; run `firsthand dev build 101`" in problem


def test_a_number_used_twice_is_seen(built):
    import shutil

    other = built.folder.parent / "101_other"
    shutil.copytree(built.folder, other)
    problem = written.ids_resolve(subject_of(replace(built)))
    assert problem.startswith("101_other has the number 101 too")
