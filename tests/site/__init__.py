"""A small course with everything that a site is made from, and its pages."""

import base64
import json
from pathlib import Path

from firsthand.build.notebooks import build
from firsthand.unit import Unit
from tests.golden import copy_course, edit

# The smallest picture there is: one pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
ALT = "Histogram of means <around> 0"
README = """# firsthand

```
make learn
```

Average by hand. See [the map](curriculum/README.md) and [the licence](LICENSE).

## Set-up

Run [the unit](exercises/101_weighted_means/101_weighted_means.ipynb), or read
[how it is graded in CI](docs/ci.md#files).

## For learners

`[not](a-link.md)` is code.
"""
CI = """# Grading in CI

## Files

The [workflow](ci/fork.yml), the [opening](../README.md), [elsewhere](https://example.org/).
"""
GLOSSARY = """"weighted mean" = "A mean in which each value counts by its weight."
"row" = "The values that are averaged together."
"""


def small_course(root: Path) -> Unit:
    """The golden course, not executed, with one plot, a term, a README and a manual."""
    unit = copy_course(root)
    (unit.folder / "glossary.toml").write_text(GLOSSARY)
    opening = "# You will average rows of numbers."
    edit(
        unit.folder / "unit.py", opening, "# You will take *weighted\n# means* of rows of numbers."
    )
    build(unit, execute=False)
    for cell in ("101-plot_means", "101-weighted_mean", "101-weighted_mean-check"):
        draw(unit, cell)
    for name, text in {
        "README.md": README,
        "LICENSE": "MIT",
        "curriculum/README.md": "# The course\n",
        "docs/ci.md": CI,
        "docs/ci/fork.yml": "on: push\n",
        "docs/writing.md": "# Writing a unit\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return unit


def draw(unit: Unit, cell_id: str) -> None:
    """Give a cell of the solution notebook the outputs of one that prints and draws."""
    notebook = json.loads(unit.solution_notebook.read_text())
    picture = {"image/png": base64.b64encode(PNG).decode(), "text/plain": "a figure"}
    metadata = {"image/png": {"alt": ALT}}
    (cell,) = (c for c in notebook["cells"] if c["id"] == cell_id)
    cell["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "printed by the solution"},
        {"output_type": "display_data", "data": picture, "metadata": metadata},
    ]
    unit.solution_notebook.write_text(json.dumps(notebook))
