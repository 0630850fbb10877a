"""The job summary: readable Markdown of bounded size, in which a submission's text stays text."""

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from firsthand import render
from tests.render.samples import EXERCISES, HOSTILE, REJECTED, WHOLE, report

FAILED = """\
### 901\\_tiny Tiny

**1 / 3 points**

| | exercise | points | result |
|---|---|---|---|
| ✗ | score | 1 / 3 points | failed · 1 of 3 tests |

**score**

```text
✗ lags vary
got 0.25
→ look it up
```

graders 0123456789abcdef, isolation process-only"""


def page(*reports):
    """The summary as HTML, as a reader of GitHub's Markdown with raw HTML would make it."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    return parser.render(render.github_summary(*reports))


def counted(result):
    return report(result, isolation="process-only")


def test_a_failure_reads_like_this():
    assert render.github_summary(counted(EXERCISES["failed"])) == FAILED


def test_full_marks_need_no_explanation():
    text = render.github_summary(counted(EXERCISES["passed"]))
    assert "```" not in text
    assert "| ✓ | score | 2 / 2 points | passed · 2 of 2 tests |" in text


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("raised", "ZeroDivisionError: division by zero\nline 4 of score: return total / 0"),
        ("timed out", "It did not finish in time."),
        ("grader fault", "This is our bug, not yours. Nothing was deducted."),
    ],
)
def test_each_failure_says_what_it_was(key, told):
    assert told in render.github_summary(counted(EXERCISES[key]))


def test_what_a_person_grades_is_said():
    text = render.github_summary(WHOLE)
    assert "| – | limits |  | up to 4 points graded by hand |" in text


def test_several_reports_are_a_table_and_the_incomplete_ones_are_folded():
    full = report(EXERCISES["passed"], isolation="process-only", submission="cyd")
    text = render.github_summary(WHOLE, REJECTED, full)
    lines = text.split("\n")
    assert lines.count("### 901\\_tiny Tiny") == 1
    assert any(line.startswith("| ! | ada | 5 / 7 points | 1 of 3") for line in lines)
    assert "| ✗ | bob | 0 / 1 point | 0 of 1, not graded |" in lines
    assert "| ✓ | cyd | 2 / 2 points | 1 of 1 |" in lines
    assert re.findall("<summary>(.*?)</summary>", text) == ["ada: 5 / 7 points", "bob: 0 / 1 point"]


def test_a_rejected_submission_gives_its_reason_as_text():
    assert "not graded: bob.ipynb is not valid JSON: &lt;b&gt;." in page(REJECTED)


@pytest.mark.parametrize(
    "text",
    [HOSTILE, "a | b\n|---|", "```\n</details>", "~~~~\n# big", "[x](javascript:1) ![y](http://z)"],
    ids=["markup", "table", "fence", "tildes", "links"],
)
def test_hostile_text_stays_text(text):
    case = replace(EXERCISES["hostile"].tests[0], sentence=text, message=text, hint=text)
    result = replace(EXERCISES["hostile"], name=text, tests=(case,), with_reference=(text,))
    made = report(result, isolation="process-only", submission=text, cell_errors=(text,))
    tags = set(re.findall(r"<([a-z]\w*)", page(made, made)))
    assert tags <= {
        *("h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"),
        *("details", "summary", "pre", "code"),
    }
    assert page(made, made).count("<details>") == 2


def test_a_summary_never_exceeds_what_github_takes():
    names = [replace(WHOLE, submission=f"submission {n}") for n in range(4000)]
    text = render.github_summary(*names)
    assert len(text.encode()) <= 512 << 10
    assert text.endswith(
        "Shortened here: GitHub takes no longer summary. The JSON report holds all of it."
    )
    assert text.count("| submission 3999 |") == 1, "the table comes before the details"
