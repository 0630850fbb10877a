"""nbgrader, by configuration. No other package imports it.

`configuration` is what makes nbgrader this project's: it puts `steps`, `scoring` and `saving` into
`nbgrader autograde`, and `collecting` into `nbgrader collect`. `driver` runs nbgrader's commands in
this process; `book` reads and writes the gradebook. Names are loaded on first use: importing
nbgrader takes seconds.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firsthand.gradebook.collecting import OwnedCollect
    from firsthand.gradebook.export import CsvExport
    from firsthand.gradebook.graders import close_graders, grader_of
    from firsthand.gradebook.saving import SaveGrades
    from firsthand.gradebook.scoring import Grade
    from firsthand.gradebook.steps import (
        Rebuild,
        SubmissionExporter,
        guard_submission,
        read_submission,
        rebuild,
        restore_visible_tests,
    )

_PLACES = {
    "OwnedCollect": "collecting",
    "CsvExport": "export",
    "SaveGrades": "saving",
    "Grade": "scoring",
    "close_graders": "graders",
    "grader_of": "graders",
}

__all__ = [
    "CsvExport",
    "Grade",
    "OwnedCollect",
    "Rebuild",
    "SaveGrades",
    "SubmissionExporter",
    "close_graders",
    "grader_of",
    "guard_submission",
    "read_submission",
    "rebuild",
    "restore_visible_tests",
]


def __getattr__(name: str) -> Any:
    """The names that nbgrader's configuration and tests use, imported when first asked for."""
    if name in __all__:
        from importlib import import_module

        module = import_module(f"firsthand.gradebook.{_PLACES.get(name, 'steps')}")
        return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
