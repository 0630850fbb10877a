"""The csv files of a cohort report: every row, where the page shows the first ones."""

from firsthand.cohort.report.findings import Findings
from firsthand.cohort.sheet import Cell, sheet


def tables(findings: Findings) -> dict[str, str]:
    """The text of each csv file, by its name."""
    return {
        "learners.csv": _learners(findings),
        "exercises.csv": _exercises(findings),
        "mistakes.csv": _mistakes(findings),
        "similar.csv": _similar(findings),
    }


def _learners(findings: Findings) -> str:
    names = [exercise.name for exercise in findings.unit.exercises]
    header = ["learner", "name", "points", "max points", "points by hand up to", "submitted at"]
    header += ["late", "rejected", "cell errors", "isolation", "graders", *names]
    rows: list[list[Cell]] = []
    for row in findings.rows:
        report = row.report
        results = [row.result(name) for name in names]
        rows.append([
            row.learner,
            row.name,
            report.points,
            report.max_points,
            report.manual_points,
            row.submitted_at.isoformat(timespec="seconds") if row.submitted_at else None,
            "late" if row.late(findings.due) else "",
            report.rejected,
            len(report.cell_errors),
            report.isolation,
            report.suite_hash,
            *(r.points if r and r.kind != "rubric" else None for r in results),
        ])  # fmt: skip
    return sheet(header, rows)


def _exercises(findings: Findings) -> str:
    header = ["exercise", "max points", "learners", "started", "solved", "mean share of points"]
    header += ["solved low", "solved high", "discrimination", "discrimination low"]
    header += ["discrimination high", "why undefined", "grader faults"]
    rows: list[list[Cell]] = []
    for item in findings.items:
        solved = item.solved_interval or (None, None)
        told = item.discrimination_interval or (None, None)
        rows.append([
            item.name,
            item.max_points,
            item.learners,
            item.started,
            item.solved,
            item.mean_share,
            *solved,
            item.discrimination,
            *told,
            item.undefined,
            item.faults,
        ])  # fmt: skip
    return sheet(header, rows)


def _mistakes(findings: Findings) -> str:
    header = ["exercise", "recognised", "status", "mistake", "message", "count", "of started"]
    header += ["share", "share low", "share high", "learners"]
    rows: list[list[Cell]] = []
    for mistake in findings.mistakes:
        recognised = "yes" if mistake.recognised else "no"
        rows.append([
            mistake.exercise,
            recognised,
            mistake.status.value,
            mistake.what,
            mistake.example,
            mistake.count,
            mistake.started,
            mistake.share,
            *mistake.interval,
            "; ".join(mistake.learners),
        ])  # fmt: skip
    return sheet(header, rows)


def _similar(findings: Findings) -> str:
    header = ["first", "second", "exercise", "rare passages in common", "of"]
    header += ["similarity of the first", "similarity of the second"]
    rows: list[list[Cell]] = [
        [*learners, pair.exercise, pair.shared, pair.rare, *pair.similarities]
        for learners, pairs in findings.similar
        for pair in pairs
    ]
    return sheet(header, rows)
