"""Scores, statuses and messages of whole submissions, on both transports."""

import types

import pytest
import torch

from firsthand.grading.cells import run_cell
from firsthand.grading.engine import Grader
from firsthand.grading.sandbox import levels
from firsthand.report import Report, Status
from firsthand.unit import CourseError
from tests.grading import tiny


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    unit = tiny.tiny_unit(tmp_path_factory.mktemp("course"))
    with Grader(unit, reference=tiny.cells(), key="test", call_seconds=1, cell_seconds=2) as grader:
        yield grader


def kernel_of(cells):
    kernel = types.ModuleType("kernel")
    for cell in cells:
        run_cell(cell.name, cell.source, kernel.__dict__)
    return kernel.__dict__


STUBS = (tiny.STUB.format(name="double"), tiny.STUB.format(name="quadruple"))
SUBMISSIONS = {
    "reference": tiny.cells(),
    "stub": tiny.cells(*STUBS),
    "squares": tiny.cells("def double(x):\n    return x * x"),
    "constant": tiny.cells("def double(x):\n    return 6.0"),
    "raises": tiny.cells("def double(x):\n    y = x\n    return y.missing"),
    "in place": tiny.cells("def double(x):\n    x *= 2\n    return x"),
    "object": tiny.cells("def double(x):\n    return object()"),
    "prints": tiny.cells("def double(x):\n    print('seen')\n    return x + x"),
}


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_both_transports_give_the_same_report(grader, name):
    process = grader.grade(SUBMISSIONS[name])
    kernel = grader.grade_namespace(kernel_of(SUBMISSIONS[name]))
    assert process.comparable() == kernel.comparable()
    assert (process.isolation, kernel.isolation) == (levels.reach().level, "kernel")


def test_the_reference_scores_full(grader):
    report = grader.grade(SUBMISSIONS["reference"])
    assert [e.points for e in report.exercises] == [3.0, 4.0, 0.0]
    assert report.exercise("essay").status is Status.MANUAL
    assert (report.points, report.max_points, report.manual_points) == (7.0, 7.0, 2.0)


def test_a_stub_is_not_started_and_scores_nothing(grader):
    report = grader.grade(SUBMISSIONS["stub"])
    assert [e.status for e in report.exercises[:2]] == [Status.NOT_STARTED] * 2
    assert report.points == 0


def test_points_follow_the_weights(grader):
    report = grader.grade(SUBMISSIONS["constant"])
    assert report.exercise("double").points == pytest.approx(1.0)


def test_a_recognised_mistake_is_the_one_shown(grader):
    shown = grader.grade(SUBMISSIONS["squares"]).exercise("double").shown
    assert (shown.hint, shown.recognised) == ("you squared it", True)


def test_an_early_mistake_does_not_cost_later_points(grader):
    result = grader.grade(SUBMISSIONS["squares"]).exercise("quadruple")
    assert result.points == 4.0
    assert result.with_reference == ("double",)


@pytest.mark.parametrize("right", ["", "if not isinstance(x, str): return double(double(x))"])
def test_a_reference_that_stands_in_cannot_be_brought_out(grader, right):
    thief = f"""
import sys
def quadruple(x):
    found = vars(sys.modules["__main__"])["double"].__code__.co_code.hex()
    print("stolen", found)
    {right}
    raise ValueError("stolen " + found)
"""
    report = grader.grade(tiny.cells("def double(x):\n    return x * x", thief))
    result = report.exercise("quadruple")
    assert result.with_reference == ("double",)
    assert "stolen" not in report.to_json()
    assert "shown once `double` is right" in result.shown.message


def test_what_is_known_to_be_right_is_not_replaced(grader):
    squares = SUBMISSIONS["squares"]
    for known, replaced in (((), ("double",)), (("double",), ())):
        report = grader.grade(squares, exercises={"quadruple"}, known_right=known)
        assert report.exercise("quadruple").with_reference == replaced


def test_the_learners_own_line_is_named_when_the_code_raises(grader):
    shown = grader.grade(SUBMISSIONS["raises"]).exercise("double").shown
    assert shown.status is Status.RAISED
    assert (shown.line.cell, shown.line.number) == ("double", 3)
    assert shown.line.text.strip() == "return y.missing"
    assert "AttributeError" in shown.message


def test_an_answer_that_breaks_the_comparison_is_wrong_and_no_grader_fault(grader):
    result = grader.grade(SUBMISSIONS["object"]).exercise("double")
    assert (result.status, result.points) == (Status.FAILED, 0)


def test_output_of_visible_tests_is_kept_and_that_of_hidden_ones_dropped(grader):
    assert grader.grade(SUBMISSIONS["prints"]).exercise("double").output == "seen\n"


ENDLESS = "while torch.is_tensor(x):\n        pass"
DEADLY = "if torch.is_tensor(x):\n        import os\n        os._exit(0)"


@pytest.mark.parametrize(("body", "status"), [(ENDLESS, "timed out"), (DEADLY, "raised")])
def test_a_call_that_hangs_or_dies_costs_that_test_and_no_other(grader, body, status):
    report = grader.grade(tiny.cells(f"def double(x):\n    {body}\n    return x + x"))
    assert [t.status for t in report.exercise("double").tests] == ["passed", status]
    assert report.exercise("double").points == pytest.approx(1.0)
    assert report.exercise("quadruple").points == 4.0


def test_after_two_timeouts_of_an_exercise_the_rest_gets_a_tenth_of_the_time(tmp_path):
    late = "".join(
        f'\n@pytest.mark.exercise("double")\ndef test_late_{i}(submission):\n'
        f"    compare.close(submission.double(9), 18)\n"
        for i in range(4)
    )
    unit = tiny.tiny_unit(tmp_path, graders=tiny.GRADERS + late)
    cells = tiny.cells("def double(x):\n    while x == 9:\n        pass\n    return x + x")
    with Grader(unit, reference=tiny.cells(), key="test", call_seconds=5) as grader:
        tests = [t for t in grader.grade(cells).exercise("double").tests if "late" in t.name]
    assert [t.status for t in tests] == [Status.TIMED_OUT] * 4
    assert min(t.seconds for t in tests[:2]) > 4.5 > max(t.seconds for t in tests[2:])


BAD_CELLS = ["while True: pass", "import os; os._exit(1)", "1 / 0", "this is not python"]


@pytest.mark.parametrize("bad", BAD_CELLS)
def test_a_bad_cell_is_named_and_costs_nothing_else(grader, bad):
    report = grader.grade(tiny.cells(tiny.DOUBLE, tiny.QUADRUPLE, bad))
    assert report.points == 7.0
    assert len(report.cell_errors) == 1
    assert report.cell_errors[0].startswith("your cell 0")


def test_a_missing_name_is_not_started_and_near_names_are_suggested(grader):
    report = grader.grade(tiny.cells("def doubled(x):\n    return x + x"))
    shown = report.exercise("double").shown
    assert shown.status is Status.NOT_STARTED
    assert "doubled" in shown.message


def test_a_value_that_claims_to_be_equal_to_everything_is_not_believed(grader):
    liar = (
        "class Liar:\n    def __eq__(self, other): return True\n"
        "    def __bool__(self): return True\n    def __float__(self): return 6.0\n"
        "def double(x):\n    return Liar()"
    )
    assert grader.grade(tiny.cells(liar)).exercise("double").points == 0


def test_a_broken_grader_costs_nothing_but_protects_no_wrong_answer(tmp_path):
    broken = '\n@pytest.mark.exercise("double")\ndef test_of_ours(submission):\n    1 / 0\n'
    unit = tiny.tiny_unit(tmp_path, graders=tiny.GRADERS + broken)
    with Grader(unit, reference=tiny.cells(), key="test") as grader:
        report = grader.grade(tiny.cells())
        wrong = grader.grade(tiny.cells("def double(x):\n    return 0"))
    assert report.points == 7.0
    assert report.has_fault
    assert report.exercise("double").status is Status.FAULT
    assert wrong.exercise("double").points < 3.0


def test_hidden_inputs_change_with_the_course_key_and_only_with_it(tmp_path):
    peek = (
        '\n@pytest.mark.exercise("double")\n'
        "def test_of_seed(submission, seed):\n    compare.fail(str(seed))\n"
    )
    unit = tiny.tiny_unit(tmp_path, graders=tiny.GRADERS + peek)
    seen = []
    for key in ("a", "b", "a"):
        with Grader(unit, reference=tiny.cells(), key=key) as grader:
            seen.append(grader.grade(tiny.cells()).exercise("double").shown.message)
    assert seen[0] == seen[2] != seen[1]


def test_the_learners_global_randomness_survives_a_check(grader):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    grader.grade_namespace(kernel_of(SUBMISSIONS["squares"]))
    assert torch.equal(before, torch.get_rng_state())


def test_the_learners_functions_survive_a_check_on_the_reference(grader):
    namespace = kernel_of(SUBMISSIONS["squares"])
    before = namespace["double"]
    result = grader.grade_namespace(namespace, exercises={"quadruple"}).exercise("quadruple")
    assert result.with_reference == ("double",)
    assert namespace["double"] is before


def test_a_report_survives_json(grader):
    report = grader.grade(SUBMISSIONS["raises"])
    assert Report.from_json(report.to_json()) == report


def test_an_unreadable_submission_scores_nothing_and_says_why(grader):
    report = grader.reject("it is not JSON", submission="alice")
    assert (report.points, report.max_points, report.rejected) == (0, 7.0, "it is not JSON")
    assert [len(e.tests) for e in report.exercises] == [2, 2, 0]


def test_a_test_without_an_exercise_is_an_authors_error(tmp_path):
    unit = tiny.tiny_unit(tmp_path, graders="def test_x(): pass")
    with pytest.raises(CourseError, match=r"has no @pytest\.mark\.exercise"):
        Grader(unit)


def test_graders_that_cannot_be_collected_are_an_authors_error(tmp_path):
    unit = tiny.tiny_unit(tmp_path, graders="import nothing_of_this_name")
    with pytest.raises(CourseError, match="cannot be collected"):
        Grader(unit)


def test_an_exercise_without_tests_is_an_authors_error(tmp_path):
    only_double = tiny.GRADERS[: tiny.GRADERS.index('@pytest.mark.exercise("quadruple")')]
    unit = tiny.tiny_unit(tmp_path, graders=only_double)
    with pytest.raises(CourseError, match=r"marked exercise\('quadruple'\)"):
        Grader(unit)


def test_without_a_reference_a_strange_answer_is_wrong_and_no_fault(tmp_path):
    strict = tiny.GRADERS.replace(
        "compare.close(submission.double(3.0), 6.0", "compare.close(submission.double(3.0)[0], 6.0"
    )
    unit = tiny.tiny_unit(tmp_path, graders=strict)
    with Grader(unit, reference=(), key="test") as grader:
        result = grader.grade(tiny.cells()).exercise("double")
    assert [t.status for t in result.tests] == [Status.FAILED, Status.PASSED]


def test_an_exercise_that_calls_an_unwritten_one_is_not_called_unwritten_itself(grader):
    cells = tiny.cells(STUBS[0])
    for report in (grader.grade(cells), grader.grade_namespace(kernel_of(cells))):
        assert report.exercise("double").status is Status.NOT_STARTED
        assert report.exercise("quadruple").with_reference == ("double",)
        assert report.exercise("quadruple").points == 4.0
    with Grader(grader.unit, reference=(), key="test") as bundle:
        shown = bundle.grade(cells).exercise("quadruple").shown
    assert (shown.status, shown.message) == (Status.RAISED, "`double` is not written yet.")


def test_tests_run_with_one_thread_and_the_learner_keeps_hers(tmp_path):
    counted = (
        '\n@pytest.mark.exercise("double")\n'
        "def test_of_threads(submission):\n"
        "    import torch\n"
        "    compare.equal(torch.get_num_threads(), 1, what='threads')\n"
    )
    unit = tiny.tiny_unit(tmp_path, graders=tiny.GRADERS + counted)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with Grader(unit, reference=tiny.cells(), key="test") as grader:
            assert grader.grade(tiny.cells()).points == 7.0
            assert grader.grade_namespace(kernel_of(tiny.cells())).points == 7.0
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_cell_that_is_no_python_was_started_and_says_its_syntax_error(grader):
    broken = "def double(x)\n    return x + x"
    result = grader.grade(tiny.cells(broken)).exercise("double")
    assert (result.status, result.points) == (Status.RAISED, 0)
    assert result.shown.message.startswith("SyntaxError: expected ':'")
    assert (result.shown.line.number, result.shown.line.text) == (1, "def double(x)")


def test_a_cell_whose_definition_raises_says_why(grader):
    broken = "def double(x: Tensr):\n    return x + x"
    shown = grader.grade(tiny.cells(broken)).exercise("double").shown
    assert shown.message.startswith("NameError: name 'Tensr' is not defined")


def test_a_syntax_error_is_told_before_an_earlier_mistake(grader):
    cells = tiny.cells("def double(x):\n    return x * x", "def quadruple(x):\n    return (x")
    result = grader.grade(cells).exercise("quadruple")
    assert result.with_reference == ()
    assert result.shown.message.startswith("SyntaxError")


@pytest.mark.parametrize("stub_ran", [True, False])
def test_in_a_kernel_the_newest_cell_of_an_exercise_counts(grader, stub_ran):
    kernel = kernel_of(tiny.cells(*STUBS)) if stub_ran else {}
    kernel["In"] = ["", STUBS[0], "def double(x)\n    return x + x", "check('double')"]
    shown = grader.grade_namespace(kernel, exercises={"double"}).exercise("double").shown
    assert shown.message == "SyntaxError: expected ':'"
    kernel["In"].append("%time 1\n" + STUBS[0])
    result = grader.grade_namespace(kernel, exercises={"double"}).exercise("double")
    assert result.status is Status.NOT_STARTED
