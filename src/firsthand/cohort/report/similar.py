"""The part of the cohort page about similar submissions."""

from collections.abc import Mapping, Sequence

from firsthand.cohort.report.findings import Findings
from firsthand.cohort.similarity import COMMON_FLOOR, COMMON_SHARE, Comparison, Pair
from firsthand.cohort.submitted import Submitted
from firsthand.render.document import code, link, percent, section, table, text

MOST_PAIRS = 50
MOST_SHOWN = 10  # pairs with their code

_CAUTION = (
    "<p><b>Similarity is a reason to look, not a proof.</b> Right answers to a short exercise look "
    "alike, and learners may have worked together as they were allowed to. Read both, and ask, "
    "before you conclude anything.</p>"
)


def section_of(findings: Findings) -> str:
    """Pairs of learners, the exercises in which they are similar, and the code of the first."""
    if not findings.comparisons:
        return ""
    groups = findings.similar
    learners = {row.learner: row for row in findings.rows}
    parts = [_CAUTION, *_identical(findings.identical, learners)]
    parts.append(f"<p>{_rules(findings.comparisons)}</p>")
    if not groups:
        return section("Similar submissions", *parts, "<p>No such pair was found.</p>")
    rows = [_row(pair, pairs, learners) for pair, pairs in groups[:MOST_PAIRS]]
    header = ["learner", "learner", "passages", "exercises, with the share that is the same"]
    parts.append(table(header, rows, left=2, last_left=1))
    if len(groups) > MOST_PAIRS:
        parts.append(f"<p>{len(groups) - MOST_PAIRS} more pairs are not shown here.</p>")
    parts.append(f"<p>All of them: {link('similar.csv')}</p>")
    most = [max(pairs, key=lambda pair: pair.shared) for _, pairs in groups[:MOST_SHOWN]]
    parts += [_codes(pair, learners) for pair in most]
    return section("Similar submissions", *parts)


def _identical(groups: Sequence[tuple[str, ...]], learners: Mapping[str, Submitted]) -> list[str]:
    """One line for each group whose code is the same, letter by letter."""
    return [
        f"<p>The same to the letter: {', '.join(text(learners[one].label) for one in group)}.</p>"
        for group in groups
    ]


def _rules(comparisons: Sequence[Comparison]) -> str:
    left_out = sum(c.left_out for c in comparisons)
    compared = sum(c.compared for c in comparisons)
    unread = sum(c.unread for c in comparisons)
    said = [
        f"{compared} answers were compared, {left_out} were too short or hold too little that was "
        "not given.",
        "Names, comments and layout do not count; the given code and the reference solution do "
        f"not either, nor any passage that more than {percent(COMMON_SHARE)} of the answers share "
        f"(in small cohorts: more than {COMMON_FLOOR}).",
    ]
    if unread:
        said.append(f"{unread} more pairs passed the filter and were not compared: too many.")
    return " ".join(said)


def _row(
    pair: tuple[str, str], pairs: Sequence[Pair], learners: Mapping[str, Submitted]
) -> list[str]:
    told = ", ".join(
        f"<code>{text(p.exercise)}</code> {percent(max(p.similarities))}" for p in pairs
    )
    first, second = (text(learners[learner].label) for learner in pair)
    return [first, second, str(sum(p.shared for p in pairs)), told]


def _codes(pair: Pair, learners: Mapping[str, Submitted]) -> str:
    """Both answers side by side, folded."""
    sides = "".join(
        f"<div><p>{text(learners[learner].label)}, {percent(similarity)} the same</p>"
        f"{code(learners[learner].cells[pair.exercise])}</div>"
        for learner, similarity in zip(pair.learners, pair.similarities, strict=True)
    )
    names = " and ".join(text(learners[learner].label) for learner in pair.learners)
    summary = f"{names}: <code>{text(pair.exercise)}</code>"
    return f'<details><summary>{summary}</summary><div class="pair">{sides}</div></details>'
