import shutil

import pytest

from firsthand.authoring.check import FAST, SLOW, check_units
from firsthand.authoring.new import new_unit
from firsthand.unit import CourseError
from tests.golden import COURSE


@pytest.fixture
def root(tmp_path):
    (tmp_path / "curriculum").mkdir()
    shutil.copy(COURSE / "curriculum" / "stages.toml", tmp_path / "curriculum")
    return tmp_path


def make(root, console, unit_id="107_path_patching", *, build=False, **changes):
    options = {
        "title": 'Path "patching"',
        "paper": "Wang et al. 2022, Interpretability in the Wild",
        "exercises": ["patch_head", "path_effect"],
    }
    return new_unit(unit_id, root=root, build=build, console=console, **options | changes)


def test_a_new_unit_is_green_at_once(root, console, in_this_process):
    unit = make(root, console, build=True)
    assert [e.name for e in unit.exercises] == ["patch_head", "path_effect"]
    assert unit.title == 'Path "patching"'
    findings = check_units([unit], seeds=2, console=console)
    assert findings, console.file.getvalue()
    assert len(findings) == len(FAST + SLOW)
    assert "created graders/wrong_107_path_patching.py" in console.file.getvalue()


def test_nothing_is_written_over(root, console):
    make(root, console)
    with pytest.raises(CourseError, match=r"107_path_patching has the number 107; choose another"):
        make(root, console)
    shutil.rmtree(root / "curriculum" / "107_path_patching")
    with pytest.raises(CourseError, match=r"graders/test_107_path_patching.py exists already"):
        make(root, console)
    assert not (root / "curriculum" / "107_path_patching").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"unit_id": "7_x"}, "'7_x' is no unit id; use three digits and a name"),
        ({"unit_id": "807_x"}, r"there is no stage 8; curriculum/stages.toml has \[1\]"),
        ({"exercises": []}, "--exercises is empty"),
        ({"exercises": ["q1"]}, "'q1' says nothing; name what the learner writes"),
        ({"exercises": ["class"]}, "'class' cannot name an exercise"),
        ({"exercises": ["Patch"]}, "'Patch' cannot name an exercise"),
        ({"exercises": ["patch", "patch"]}, "the exercise 'patch' is named twice"),
        ({"title": " "}, "--title is ' '; it takes one line of text"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_written(root, console, changes, message):
    with pytest.raises(CourseError, match=message):
        make(root, console, **changes)
    assert [p.name for p in (root / "curriculum").iterdir()] == ["stages.toml"]
