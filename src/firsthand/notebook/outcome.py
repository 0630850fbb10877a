"""What `check` shows under its cell."""

from typing import Any

from firsthand import render
from firsthand.notebook.kernel import in_terminal
from firsthand.report import Report
from firsthand.unit import Unit

FAULT = (
    "check() itself broke. This is our bug, not yours. Nothing was deducted: "
    "scores that count come from a run outside of your notebook."
)


class Outcome:
    """The last value of a check cell: HTML for you, the bare number of points for nbgrader.

    points: what the exercise earned; 0 where nothing could be graded. report: None where nothing
    could be graded.
    """

    def __init__(self, html: str, text: str, points: float, report: Report | None = None) -> None:
        self.html = html
        self.text = text
        self.points = float(points)
        self.report = report

    @classmethod
    def of_report(
        cls,
        report: Report,
        name: str,
        *,
        unit: Unit,
        hints_seen: int,
        timings: bool,
        notes: tuple[str, ...],
    ) -> "Outcome":
        """The result of one exercise."""
        html = render.html(
            report, exercise=name, unit=unit, hints_seen=hints_seen, timings=timings, notes=notes
        )
        text = render.text(
            report, exercise=name, unit=unit, hints_seen=hints_seen, timings=timings, notes=notes
        )
        result = report.exercise(name)
        return cls(html, text, min(max(result.points, 0.0), result.max_points), report)

    @classmethod
    def of_notice(cls, name: str, message: str) -> "Outcome":
        """Nothing was graded, and the learner can mend it."""
        return cls(
            render.notice(name, message), f"· {render.clean(name)}: {render.clean(message)}", 0.0
        )

    @classmethod
    def of_fault(cls, name: str, details: str) -> "Outcome":
        """Nothing was graded, and it is our fault. The details go into a fold."""
        html = render.notice(name, FAULT, detail=details, fault=True)
        return cls(html, f"! {render.clean(name)}: {FAULT}\n{render.clean(details)}", 0.0)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        plain = self.text if in_terminal() else repr(round(self.points, 4))
        return {"text/html": self.html, "text/plain": plain}

    def __repr__(self) -> str:
        """The same result for people without HTML."""
        return self.text
