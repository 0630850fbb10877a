"""Whether the notebook on disk is older than what the learner sees in JupyterLab."""

import time
from collections.abc import Sequence

from firsthand.journal import Event
from firsthand.render.rows import fraction
from firsthand.report import Report, Status
from firsthand.unit import Unit

LEEWAY = 2.0  # seconds between a check and the save that comes with it


def note(unit: Unit, report: Report, before: Sequence[Event]) -> str:
    """What to say where a check in the notebook, after the last save, came to something else.

    before: the journal from before this check. "" where nothing contradicts the file.
    """
    try:
        saved = unit.work_notebook.stat().st_mtime
    except OSError:
        return ""
    last = {e.exercise: e for e in before if e.kind == "check" and e.unit == unit.id}
    for result in report.exercises:
        event = last.get(result.name)
        if event is None or result.status is Status.MANUAL or event.time < saved + LEEWAY:
            continue
        if abs(event.points - result.points) > 1e-6:
            points = fraction(event.points, event.max_points)
            return (
                f"The file was saved {_ago(time.time() - saved)} ago, and your later check of "
                f"{result.name} in the notebook came to {points}. "
                "Save the notebook (Ctrl+S, Command+S) and check again. If it is saved: restart "
                "its kernel and run all cells, for the kernel may know names that the file lacks."
            )
    return ""


def _ago(seconds: float) -> str:
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "less than a second"
