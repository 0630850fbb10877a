import re

import pytest

from firsthand.build.source import headings, learner_copy, read_source
from firsthand.unit import CourseError
from tests.golden import edit

SET_UP = 'use_unit("101_weighted_means")\n'


def test_every_kind_of_cell_is_read_in_order(unit):
    cells = read_source(unit)
    kinds = [(c.kind, c.name) for c in cells if c.kind != "prose"]
    assert kinds == [
        ("given", ""),
        ("given", "spread"),
        ("exercise", "weighted_mean"),
        ("exercise", "Standardiser"),
        ("check", "Standardiser"),
        ("slow", ""),
        ("given", "plot_means"),
        ("answer", "which_is_larger"),
        ("rubric", "limits"),
    ]
    assert [c.seconds for c in cells if c.kind == "slow"] == [30]


def test_a_comment_that_looks_like_a_command_stays_a_comment(unit):
    given = next(c for c in read_source(unit) if c.name == "spread")
    assert given.source.startswith("# cat and dog stay a comment")


def test_a_learner_gets_the_stub_at_the_indentation_of_the_solution(unit):
    cells = {c.name: c for c in read_source(unit) if c.kind == "exercise"}
    copy = learner_copy(cells["Standardiser"].source)
    assert copy.endswith('"row item"]:\n        raise NotImplementedError')
    assert "centred" not in copy and "SOLUTION" not in copy


def test_headings_in_a_code_fence_do_not_count():
    assert headings("# A\n```\n# b\n```\n## C") == [(1, "A", 0), (2, "C", 4)]


BROKEN = {
    "unknown key": (
        '# %% exercise="weighted_mean"',
        '# %% exercize="weighted_mean"',
        r"unit.py:34: unknown key 'exercize' in the cell header. Did you mean 'exercise'\?",
    ),
    "key without a value": ("# %% slow=30", "# %% slow", r"free text 'slow' in the cell header"),
    "seconds that are no number": ("# %% slow=30", '# %% slow="x"', r"slow is 'x'; it"),
    "text in the header": ("# %% slow=30", "# %% Train", r"free text 'Train' in the cell header"),
    "unquoted value": (
        '# %% name="spread"',
        "# %% name=spread",
        r"cannot read .*name=spread.* in the cell header; write key=\"text\"",
    ),
    "key twice": ("# %% slow=30", "# %% slow=30 slow=40", r"the key 'slow' occurs twice"),
    "two kinds": (
        '# %% check="Standardiser"',
        '# %% check="Standardiser" exercise="Standardiser"',
        r"a cell is one of check and exercise, not both|one of exercise and check",
    ),
    "name of an exercise": (
        '# %% answer="which_is_larger"',
        '# %% answer="which_is_larger" name="x"',
        r"answer already names the cell; drop name='x'",
    ),
    "name taken": ('# %% name="plot_means"', '# %% name="spread"', r"the name 'spread' is taken"),
    "magic": ("EPSILON = 1e-6", "EPSILON = 1e-6\n%time 1", r"Magics and shell lines are not"),
    "shell": ("EPSILON = 1e-6", "EPSILON = 1e-6\n!ls", r"Magics and shell lines are not allowed"),
    "header in a function": (
        "    weighted_rows = values",
        "    # %% here\n    weighted_rows = values",
        r"unit.py:\d+: `# %%` inside a block splits the cell",
    ),
    "header at the margin in a function": (
        "    weighted_rows = values",
        "# %%\n    weighted_rows = values",
        r"exactly one `### BEGIN SOLUTION`",
    ),
    "no region": ("    ### BEGIN SOLUTION\n    w", "    w", r"seen: ### END SOLUTION"),
    "two regions": (
        "    ### BEGIN SOLUTION\n    weighted",
        "    ### BEGIN SOLUTION\n    ### END SOLUTION\n    ### BEGIN SOLUTION\n    weighted",
        r"needs exactly one `### BEGIN SOLUTION`",
    ),
    "empty region": ('    return "plain"\n', "", r"the solution region is empty"),
    "region in given code": (
        "EPSILON = 1e-6",
        "### BEGIN SOLUTION\nEPSILON = 1e-6\n### END SOLUTION",
        r"'BEGIN SOLUTION' in a given cell; nbgrader would act on it",
    ),
    "no set-up call": (SET_UP, "", r"the set-up cell must end in the line use_unit"),
    "another unit": ('use_unit("101_w', 'use_unit("102_w', r'must end in the line use_unit\("101'),
    "code in the set-up cell": (SET_UP, "x = 1\n" + SET_UP, r"unit.py:\d+: the set-up cell holds"),
    "two titles": ("# ## Measure", "# # Measure", r"a second `# Measure`; only the first cell"),
    "level skipped": ("# ## Build", "# ### Build", r"'Build' jumps from level 1 to 3"),
    "level four": ("# ## Measure", "# #### Measure", r"'Measure' has level 4; use ## for"),
    "statement without its name": (
        "# ### limits",
        "# ### Limits",
        r"the cell before 'limits' must be prose that begins with `### limits`",
    ),
    "not in the metadata": (
        '# %% exercise="Standardiser"',
        '# %% exercise="Standardizer"',
        r"exercise 'Standardizer' is not in unit.toml. Did you mean 'Standardiser'\?",
    ),
    "another kind in the metadata": (
        '# %% answer="which_is_larger"',
        '# %% exercise="which_is_larger"',
        r"of kind exercise here and answer in unit.toml",
    ),
    "name not defined": ("def weighted_mean(", "def mean(", r"defines 'weighted_mean' 0 times"),
    "answer with arguments": (
        "def which_is_larger()",
        "def which_is_larger(x=1)",
        r"an answer is a function without arguments",
    ),
    "check with other code": (
        '\ncheck("Standardiser")',
        '\nprint(1)',
        r"a check cell holds the one line check\(\"Standardiser\"\)",
    ),
    "code rubric": (
        '# %% [markdown] rubric="limits"',
        '# %% rubric="limits"',
        r"rubric in a code cell; write `# %% \[markdown\] rubric",
    ),
    "text before the first cell": (
        "# %% [markdown]\n# # W",
        "x = 1\n# %% [markdown]\n# # W",
                                   r"unit.py:1: text before the first cell"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_source_is_refused_with_file_line_and_mend(unit, case):
    old, new, message = BROKEN[case]
    edit(unit.folder / "unit.py", old, new)
    with pytest.raises(CourseError, match=message) as caught:
        read_source(unit)
    assert re.match(r"curriculum/101_weighted_means/unit\.py:\d+: ", str(caught.value))


def test_an_empty_cell_is_refused(unit):
    edit(unit.folder / "unit.py", "# %% slow=30", "# %%\n\n# %% slow=30")
    with pytest.raises(CourseError, match="the cell is empty; drop it"):
        read_source(unit)


def test_an_exercise_without_a_cell_is_named(unit):
    text = (unit.folder / "unit.py").read_text()
    (unit.folder / "unit.py").write_text(text[: text.index("# %% [markdown]\n# ### limits")])
    with pytest.raises(CourseError, match="has the exercise 'limits', but no cell is marked"):
        read_source(unit)


def test_a_missing_source_names_the_command_that_makes_one(unit):
    (unit.folder / "unit.py").unlink()
    with pytest.raises(CourseError, match=r"unit.py does not exist; `firsthand dev new`"):
        read_source(unit)
