"""The cohort page: one HTML text with its style and plots inside, and no script."""

from collections.abc import Sequence

from firsthand.cohort.mistakes import Mistake
from firsthand.cohort.report import plots, similar
from firsthand.cohort.report.findings import Findings
from firsthand.cohort.submitted import Submitted
from firsthand.render.document import (
    decimal,
    document,
    facts,
    grouped,
    link,
    listed,
    marked_up,
    notes,
    number_range,
    percent,
    section,
    table,
    text,
)
from firsthand.render.rows import number

MOST_LEARNERS = 100
MOST_MISTAKES = 5  # for each exercise


def page(findings: Findings) -> str:
    """The whole page. Texts of learners are cleaned and escaped; nothing is loaded from elsewhere.

    A content security policy forbids what the page does not need: scripts, and any other file.
    """
    unit = findings.unit
    title = f"{unit.number} {unit.title}: cohort report"
    parts = [
        _head(findings),
        _scores(findings),
        _exercises(findings),
        _mistakes(findings),
        _times(findings),
        similar.section_of(findings),
        _learners(findings),
        _how_to_read(),
    ]
    return document(title, parts)


def _head(findings: Findings) -> str:
    unit, rows = findings.unit, findings.rows
    shown = [("submissions", str(len(rows)))]
    if findings.median is not None:
        shown.append(("median points", f"{number(findings.median)} of {number(unit.points)}"))
        full = sum(points >= unit.points - 1e-9 for points in findings.points)
        shown.append(("full marks", str(full)))
    if findings.due is not None:
        shown.append(("late", str(findings.late)))
    shown += _versions(findings)
    attention = findings.attention()
    warned = listed(attention, "attention") if attention else ""
    return (
        f"<header><p>{text(unit.id)} · cohort report</p><h1>{text(unit.title)}</h1></header>"
        f"{facts(shown)}{warned}"
    )


def _versions(findings: Findings) -> list[tuple[str, str]]:
    """How it was graded, where all submissions agree on it; `attention` tells of the others."""
    agreed = []
    for label, values in (
        ("isolation", {row.report.isolation for row in findings.rows}),
        ("graders", {row.report.suite_hash[:12] for row in findings.rows}),
    ):
        if values:
            agreed.append((label, ", ".join(sorted(values))))
    return agreed


def _scores(findings: Findings) -> str:
    if not findings.points:
        return section("Scores", "<p>No submission could be read yet.</p>")
    by_hand = sum(e.points for e in findings.unit.exercises if e.kind == "rubric")
    more = f" Up to {number(by_hand)} points by hand come on top." if by_hand else ""
    note = f"<p>Points that graders gave, of {number(findings.unit.points)}.{more}</p>"
    plot = plots.score_histogram(findings.points, findings.unit.points)
    return section("Scores", note, f"<figure>{plot}</figure>")


def _exercises(findings: Findings) -> str:
    if not findings.points:
        return ""
    rows = [
        [
            f"<code>{text(item.name)}</code>",
            f"{item.started} of {item.learners}",
            str(item.solved),
            percent(item.solved_share) + number_range(item.solved_interval, scale=100),
            percent(item.mean_share),
            _discrimination(item.discrimination, item.undefined)
            + number_range(item.discrimination_interval, digits=2),
        ]
        for item in findings.items
    ]
    header = ["exercise", "started", "solved", "solved, share", "points, share", "discrimination"]
    return section(
        "Exercises",
        f"<figure>{plots.item_bars(findings.items)}</figure>",
        table(header, rows, left=1),
        f"<p>All numbers: {link('exercises.csv')}</p>",
    )


def _discrimination(value: float | None, undefined: str) -> str:
    return decimal(value, 2) if value is not None else f"– <small>{text(undefined)}</small>"


def _mistakes(findings: Findings) -> str:
    groups = []
    for exercise in findings.unit.exercises:
        mine = [m for m in findings.mistakes if m.exercise == exercise.name]
        rows = [_mistake(m) for m in mine[:MOST_MISTAKES]]
        if rest := mine[MOST_MISTAKES:]:
            kinds, learners = len(rest), sum(m.count for m in rest)
            rows.append([str(learners), "", f"{kinds} more kinds"])
        if rows:
            groups.append((f"<code>{text(exercise.name)}</code>", rows))
    if not groups:
        return section("Common mistakes", "<p>None: nobody failed a test.</p>")
    note = (
        "<p>Each learner counts once for each exercise, with the failure that they were shown. "
        "A recognised mistake is told by its hint, another by the test that failed. Shares are of "
        "those who started the exercise.</p>"
    )
    header = ["learners", "share", "mistake, and the message of most"]
    shown = grouped(header, groups, left=0, last_left=1)
    return section("Common mistakes", note, shown, f"<p>All of them: {link('mistakes.csv')}</p>")


def _mistake(mistake: Mistake) -> list[str]:
    return [
        str(mistake.count),
        percent(mistake.share) + number_range(mistake.interval, scale=100),
        _told(mistake),
    ]


def _told(mistake: Mistake) -> str:
    kind = "recognised" if mistake.recognised else mistake.status.value
    new = mistake.example and mistake.example != mistake.what
    more = f"{kind} · {marked_up(mistake.example)}" if new else kind
    return f'{marked_up(mistake.what)}<br><span class="quiet">{more}</span>'


def _times(findings: Findings) -> str:
    if not findings.times:
        return ""
    plot = plots.time_line(findings.times, findings.due)
    unknown = len(findings.rows) - len(findings.times)
    told = [f"{findings.late} of {len(findings.times)} came after the due date."]
    if findings.due is None:
        told = ["No due date is set."]
    if unknown:
        told.append(f"The time of {unknown} is not known.")
    return section("Time line", f"<p>{' '.join(told)}</p>", f"<figure>{plot}</figure>")


def _learners(findings: Findings) -> str:
    if not findings.rows:
        return ""
    scored = [e for e in findings.unit.exercises if e.kind != "rubric"]
    ordered = sorted(findings.rows, key=lambda row: (row.report.points, row.learner))
    shown = ordered[:MOST_LEARNERS]
    header = ["learner", "points", *(e.name for e in scored), "note"]
    rows = [_learner(row, findings, [e.name for e in scored]) for row in shown]
    limit = (
        f"The {len(shown)} of {len(ordered)} learners with the fewest points. "
        if len(shown) < len(ordered)
        else "Fewest points first. "
    )
    return section(
        "Learners",
        f"<p>{limit}All of them: {link('learners.csv')}</p>",
        table(header, rows, left=1, last_left=1, upright=2),
    )


def _learner(row: Submitted, findings: Findings, names: Sequence[str]) -> list[str]:
    told = ["late"] if row.late(findings.due) else []
    if row.report.rejected:
        told.append(f"not graded: {row.report.rejected}")
    results = [row.result(name) for name in names]
    points = [number(result.points) if result else "–" for result in results]
    return [text(row.label), number(row.report.points), *points, text(", ".join(told))]


def _how_to_read() -> str:
    terms = {
        "Points, share": "Mean share of an exercise's points: its difficulty; low is hard.",
        "Solved": "Learners with full marks. In brackets Wilson's interval at 95 %: so far off may "
        "the share be, by chance, from that of many more learners like these (Brown, Cai and "
        "DasGupta 2001, Statistical Science 16, 101-133).",
        "Discrimination": "Correlation of an exercise's points with the points of all others "
        "(Guilford 1953, Educational and Psychological Measurement 13, 87-93). Near 0: who "
        "solves it has little to do with who solves the rest. Below 0: look at it. Brackets: "
        "Fisher's z interval at 95 %. A correlation needs variation, so an exercise that all "
        "solve has none.",
    }
    return section("How to read the numbers", notes(list(terms.items())))
