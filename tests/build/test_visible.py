import ast
from dataclasses import replace

import pytest

from firsthand.build.visible import (
    same_visible,
    unit_from_visible,
    visible_file,
    visible_source,
)
from firsthand.unit import CourseError
from tests.golden import edit


def test_visible_tests_travel_with_what_they_use_and_nothing_else(unit):
    text = visible_source(unit)
    for kept in ("test_the_worked_example_gives_two", "EXAMPLE", "def example", "tolerance",
                 "def expected", "test_the_answer_is_one_of", "import pytest"):  # fmt: skip
        assert kept in text
    for hidden in ("by_hand", "SECRET_ORACLE", "random_rows", "math", "fresh_rows", "agrees_with"):
        assert hidden not in text
    ast.parse(text)


def test_the_visible_file_is_graded_without_the_repository(unit, tmp_path_factory):
    from firsthand.build.source import read_source
    from firsthand.grading.engine import Grader

    cells = read_source(unit)
    path = tmp_path_factory.mktemp("bundle") / unit.visible_tests.name
    path.write_text(visible_file(unit))
    bundled = unit_from_visible(path)
    with Grader(bundled, tests=[path], reference=[]) as grader:
        report = grader.grade(cells)
    assert [t.sentence for e in report.exercises for t in e.tests] == [
        "the worked example gives two",
        "rows it was fitted on get mean zero and spread one",
        "the answer is one of the two words",
    ]
    assert report.points == report.max_points == 9


def test_the_unit_comes_back_from_the_file(unit, tmp_path):
    path = tmp_path / "visible.py"
    path.write_text(visible_file(unit))
    assert replace(unit_from_visible(path), root=unit.root) == unit
    assert unit_from_visible(path).root == tmp_path


def test_hints_cannot_be_read_in_passing(unit):
    assert unit.exercises[0].hints[0] not in visible_file(unit)


@pytest.mark.parametrize("text", ["", "UNIT_DATA = 'abc'", "UNIT_DATA = (", "UNIT_DATA = 'eA=='"])
def test_a_damaged_file_says_so(tmp_path, text):
    path = tmp_path / "visible.py"
    path.write_text(text)
    with pytest.raises(CourseError, match="holds no readable unit"):
        unit_from_visible(path)


def test_two_compressions_of_one_unit_are_the_same(unit):
    import base64
    import zlib

    text = visible_file(unit)
    start = text.index("UNIT_DATA = (")
    packed = ast.literal_eval(ast.parse(text[start:]).body[0].value)
    other = base64.b64encode(zlib.compress(zlib.decompress(base64.b64decode(packed)), 0)).decode()
    rewritten = f'{text[:start]}UNIT_DATA = (\n    "{other}"\n)\n'
    assert rewritten != text and same_visible(rewritten, text)
    assert not same_visible(rewritten.replace("gives_two", "gives_three"), text)


def test_one_name_with_two_meanings_is_refused(unit):
    other = unit.root / "graders" / f"test_{unit.id}_more.py"
    other.write_text(unit.graders[0].read_text())
    edit(other, "EXAMPLE = torch.tensor([[1.0, 4.0]])", "EXAMPLE = torch.zeros(1, 2)")
    with pytest.raises(CourseError, match="'EXAMPLE', which visible tests use, means something"):
        visible_source(unit)
