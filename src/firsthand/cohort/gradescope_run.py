"""What the program of a Gradescope bundle does: one submission in, `results.json` out.

    python -P -m firsthand.cohort.gradescope_run UNIT SUBMISSION_FOLDER RESULTS_FILE [ISOLATION]

Gradescope shows what is printed to instructors only.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from firsthand import render
from firsthand.grading.intake import Rejected, read_notebook, submission_cells
from firsthand.report import Report
from firsthand.unit import CourseError, Unit, find_unit

FAULT = (
    "The course's grader failed; it is not your fault, and this is no score. "
    "Tell your instructor, who sees the reason and can run it again."
)


def main(arguments: Sequence[str]) -> int:
    """Grade and write the results; 0. A failure of ours is written too, without a score."""
    number, submission, results, *isolation = arguments
    try:
        unit = find_unit(number)
        report = grade_submission(unit, Path(submission), isolation="".join(isolation))
        print(render.text(report, unit=unit))
        text = render.gradescope(report)
    except CourseError as error:
        print(f"firsthand: {error}")
        text = render.gradescope_fault(FAULT)
    except Exception:
        traceback.print_exc(file=sys.stdout)
        text = render.gradescope_fault(FAULT)
    write_results(Path(results), text)
    return 0


def grade_submission(unit: Unit, folder: Path, *, isolation: str = "") -> Report:
    """The report of the one notebook in a submission's folder; a bad one is rejected in it.

    isolation: the walls, by default the strongest that the container allows.
    Raises CourseError where it allows none and none were asked for by name.
    """
    from firsthand.grading.sandbox import levels
    from firsthand.grading.warm_process import start_early

    level = levels.for_scores(isolation or None)
    start_early(level)
    from firsthand.grading.engine import Grader

    with Grader(unit, isolation=level) as grader:
        try:
            path = submitted_notebook(unit, folder)
            notebook = read_notebook(path)
        except Rejected as error:
            return grader.reject(str(error))
        return grader.grade(submission_cells(unit, notebook), submission=path.name)


def submitted_notebook(unit: Unit, folder: Path) -> Path:
    """The notebook to grade: the one with the unit's name, else the only one.

    Raises Rejected where there is none, or no saying which.
    """
    found = [p for p in sorted(folder.rglob("*.ipynb")) if not _hidden(p.relative_to(folder))]
    named = [p for p in found if p.name == f"{unit.id}.ipynb"]
    for choice in (named, found):
        if len(choice) == 1:
            return choice[0]
    if not found:
        raise Rejected(f"no notebook (*.ipynb) was submitted. Submit {unit.id}.ipynb.")
    raise Rejected(
        f"{len(found)} notebooks were submitted: {', '.join(p.name for p in found[:3])}. "
        f"Submit {unit.id}.ipynb alone."
    )


def write_results(path: Path, text: str) -> None:
    """Write all of the file or nothing: half a `results.json` would read as a failed run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text + "\n", encoding="utf-8")
    fresh.replace(path)


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
