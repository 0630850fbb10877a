"""Pairs of submissions that share more code than the exercise explains: a reason to look, no proof.

First a filter that is about linear in the cohort: fingerprints of each cell in an inverted index.
What everybody was given (stub, given cells) or would write (the reference solution) is left out,
and so is any passage that more than `ceiling` submissions share: right answers to a short exercise
look alike. That is the rule of MOSS's option -m: a passage in many programs "is probably legitimate
sharing". Only pairs that share several of the remaining, rare passages are compared in full, with
copydetect, which would take a time quadratic in the cohort for all pairs.
"""

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from firsthand.cohort.fingerprints import grams, tokens, winnow
from firsthand.cohort.submitted import Submitted

COMMON_SHARE = 0.05  # of the cohort; a passage in more submissions is no evidence
COMMON_FLOOR = 3  # but in a small cohort, as many as this may share one
FEWEST_OWN_TOKENS = 40  # shorter cells are right or wrong, not somebody's
FEWEST_SHARED = 8  # rare passages; with fewer, honest answers to one short exercise are listed
LEAST_CONTAINED = 0.5  # of the rare passages of the cell that has fewer
LEAST_SIMILAR = 0.8  # copydetect's similarity of the more similar side
MOST_COMPARED = 5_000  # pairs for each exercise
_MOST_CHARACTERS = 200_000  # of one cell
_NOISE_CHARACTERS = 25  # copydetect's default: shorter matches are noise


@dataclass(frozen=True)
class Pair:
    """Two learners' cells of one exercise.

    shared: rare passages in common. rare: of how many, in the cell that has fewer. similarities:
    the share of each learner's own code, 0 to 1, that copydetect finds in the other's.
    """

    exercise: str
    learners: tuple[str, str]
    shared: int
    rare: int
    similarities: tuple[float, float]


@dataclass(frozen=True)
class Comparison:
    """One exercise over the cohort.

    compared: cells long enough to compare. left_out: started cells with too little code of their
    own. ceiling: a passage in more cells than this is no evidence. candidates: pairs that the
    filter passed on; unread: those of them beyond `MOST_COMPARED`.
    """

    exercise: str
    compared: int
    left_out: int
    ceiling: int
    candidates: int
    unread: int
    pairs: tuple[Pair, ...]


def compare(
    exercise: str, rows: Sequence[Submitted], given: Iterable[str], reference: str = ""
) -> Comparison:
    """The similar pairs of one exercise, the most similar first.

    given: sources that every learner had, such as the stub and the given cells.
    reference: the reference solution.
    """
    explained = [*given, reference]
    known = {h for source in explained for h in grams(tokens(source))}
    sources = {r.learner: r.cells[exercise] for r in rows if r.cells.get(exercise, "").strip()}
    hashes = {learner: grams(tokens(source)) for learner, source in sources.items()}
    prints = {learner: winnow(mine) - known for learner, mine in hashes.items()}
    ceiling = max(COMMON_FLOOR, int(COMMON_SHARE * len(prints)))
    long_enough = [
        learner
        for learner, mine in hashes.items()
        if sum(h not in known for h in mine) >= FEWEST_OWN_TOKENS
    ]
    rare = _rare(prints, ceiling, long_enough)
    candidates = sorted(_candidates(rare), key=lambda pair: (-pair[1], pair[0]))
    compared = candidates[:MOST_COMPARED]
    found = _compared(exercise, compared, rare, sources, explained)
    return Comparison(
        exercise,
        compared=len(rare),
        left_out=len(sources) - len(rare),
        ceiling=ceiling,
        candidates=len(candidates),
        unread=len(candidates) - len(compared),
        pairs=tuple(sorted(found, key=lambda p: (-max(p.similarities), -p.shared, p.learners))),
    )


def _rare(
    prints: Mapping[str, frozenset[int]], ceiling: int, learners: Sequence[str]
) -> dict[str, frozenset[int]]:
    """What these learners' cells hold and few others; cells too short to compare count too."""
    holders = Counter(h for mine in prints.values() for h in mine)
    return {
        learner: frozenset(h for h in prints[learner] if holders[h] <= ceiling)
        for learner in learners
    }


def _candidates(rare: Mapping[str, frozenset[int]]) -> list[tuple[tuple[str, str], int]]:
    """Pairs with how many rare passages they share, from an index by passage."""
    index: dict[int, list[str]] = defaultdict(list)
    for learner in sorted(rare):
        for passage in rare[learner]:
            index[passage].append(learner)
    shared: Counter[tuple[str, str]] = Counter()
    for holders in index.values():
        shared.update(combinations(holders, 2))
    return [
        (pair, count)
        for pair, count in shared.items()
        if count >= FEWEST_SHARED and count >= LEAST_CONTAINED * _fewer(rare, pair)
    ]


def _fewer(rare: Mapping[str, frozenset[int]], pair: tuple[str, str]) -> int:
    return min(len(rare[learner]) for learner in pair)


def _compared(
    exercise: str,
    candidates: Sequence[tuple[tuple[str, str], int]],
    rare: Mapping[str, frozenset[int]],
    sources: Mapping[str, str],
    explained: Sequence[str],
) -> list[Pair]:
    """The candidates that copydetect finds similar too."""
    if not candidates:
        return []
    import copydetect  # type: ignore[import-untyped]

    known = {h for source in explained for h in _code_prints(source, set()).hashes}
    learners = {learner for pair, _ in candidates for learner in pair}
    prints = {learner: _code_prints(sources[learner], known) for learner in learners}
    pairs = []
    for (first, second), shared in candidates:
        _, similarities, _ = copydetect.compare_files(prints[first], prints[second])
        both = (float(similarities[0]), float(similarities[1]))
        if max(both) >= LEAST_SIMILAR:
            fewer = _fewer(rare, (first, second))
            pairs.append(Pair(exercise, (first, second), shared, fewer, both))
    return pairs


def _code_prints(source: str, known: set[int]) -> Any:
    """The fingerprints that copydetect takes of a cell, without those of `known` code.

    Its own argument `boilerplate` also drops every passage that a cell holds twice. A window of 1
    keeps all fingerprints: its hashes differ from run to run, and so would a choice among them.
    """
    import copydetect
    from copydetect.utils import get_token_coverage  # type: ignore[import-untyped]

    found = copydetect.CodeFingerprint(
        "cell.py",
        _NOISE_CHARACTERS,
        1,
        fp=io.StringIO(source[:_MOST_CHARACTERS]),
        language="python",
    )
    found.hashes = found.hashes - known
    found.hash_idx = {h: places for h, places in found.hash_idx.items() if h in found.hashes}
    length = len(found.filtered_code)
    found.token_coverage = get_token_coverage(found.hash_idx, found.k, length)
    return found
