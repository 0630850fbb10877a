"""Graders of 802, part 3: sampling, traces in the losses, the audit. Oracles: enumeration, planted claims."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import torch

from firsthand import compare


def caught_by_listing(segments, forged, drawn):
    """The share of all draws that contain one of the first `forged` segments."""
    draws = list(combinations(range(segments), drawn))
    return sum(min(draw, default=segments) < forged for draw in draws) / len(draws)


@pytest.mark.exercise("catch_probability")
class TestCatchProbability:
    @pytest.mark.visible
    def test_three_draws_of_ten_catch_two_forgeries_in_half_of_the_audits(self, submission):
        compare.close(
            submission.catch_probability(10, 2, 3),
            1 - (8 * 7 * 6) / (10 * 9 * 8),
            what="catch_probability(10, 2, 3)",
            known={"a segment is not drawn twice": 1 - 0.8**3},
        )

    @pytest.mark.weight(3)
    def test_it_is_the_share_of_draws_with_a_forged_segment(self, submission, generator):
        cases = [(9, 3, 4), (11, 2, 5)]  # here every known mistake gives another value
        for segments in (1, 2, 5, 9, 11):
            drawn = torch.randint(segments + 1, (segments + 1,), generator=generator).tolist()
            cases += [(segments, forged, drawn[forged]) for forged in range(segments + 1)]
        for segments, forged, drawn in cases:
            expected = caught_by_listing(segments, forged, drawn)
            known = {
                "a segment is not drawn twice: no replacement": 1 - (1 - forged / segments) ** drawn,
                "a sum of probabilities counts draws with two forgeries twice": drawn * forged / segments,
                "that is the probability of missing all of them": 1 - expected,
                "the probability of at least one, not of exactly one": math.comb(segments - forged, drawn - 1) * forged / math.comb(segments, drawn) if drawn else 0.0,
                "the probability of at least one, not of drawing all of them": math.comb(segments - forged, drawn - forged) / math.comb(segments, drawn) if drawn >= forged else 0.0,
            }  # fmt: skip
            compare.close(
                submission.catch_probability(segments, forged, drawn),
                expected,
                what=f"catch_probability({segments}, {forged}, {drawn})",
                hint="1 minus the share of draws that avoid every forged segment",
                known={k: v for k, v in known.items() if abs(v - expected) > 1e-4},
            )

    def test_nothing_forged_or_nothing_drawn_is_never_caught(self, submission):
        for segments in (1, 7, 30):
            for forged, drawn in ((0, segments), (segments, 0), (0, 0)):
                compare.close(
                    submission.catch_probability(segments, forged, drawn), 0.0,
                    what=f"catch_probability({segments}, {forged}, {drawn})", hint="no draw contains a forged segment",
                )  # fmt: skip

    def test_more_draws_than_honest_segments_are_certain_to_catch(self, submission):
        for segments, forged in ((6, 2), (30, 3), (12, 12)):
            for drawn in (segments - forged + 1, segments):
                compare.close(
                    submission.catch_probability(segments, forged, drawn), 1.0, rtol=1e-12, atol=0.0,
                    what=f"catch_probability({segments}, {forged}, {drawn})",
                    hint="comb(n - f, q) is 0 where q exceeds n - f",
                )  # fmt: skip

    @pytest.mark.weight(2)
    def test_large_logs_lose_no_digits(self, submission):
        cases = (
            (1_000_000, 1, 1),
            (1_000_000, 1, 3),
            (100_000, 3, 500),
            (20_000, 2, 9_000),
            (3_000, 40, 200),
        )
        for segments, forged, drawn in cases:
            missed = Fraction(1)
            for j in range(min(drawn, forged)):
                few, many = min(drawn, forged), max(drawn, forged)
                missed *= Fraction(segments - many - j, segments - j) if few else 1
            compare.close(
                submission.catch_probability(segments, forged, drawn),
                float(1 - missed),
                rtol=1e-9,
                atol=0.0,
                what=f"catch_probability({segments}, {forged}, {drawn})",
                hint="whole numbers are exact in Python, logarithms and powers are not: divide once, at the end",
            )


# --------------------------------------------------------------------------------------------------


def tail(k, n):
    return sum(math.comb(n, m) for m in range(k, n + 1)) / 2**n


def comparisons(drops, claimed, *, centre=True, axis=1, total=False):
    """(larger, n) by loops over records; the switches are known mistakes."""
    rows, columns = drops.shape
    values = drops.tolist()
    if centre and axis == 1:
        for i in range(rows):
            row = sorted(values[i])
            middle = (row[(columns - 1) // 2] + row[columns // 2]) / 2
            values[i] = [v - middle for v in values[i]]
    if centre and axis == 0:
        values = (drops - np.median(drops, axis=0)).tolist()
    larger = n = 0
    for j in range(columns):
        yes = [values[i][j] for i in range(rows) if claimed[i][j]]
        no = [values[i][j] for i in range(rows) if not claimed[i][j]]
        if yes and no:
            n += 1
            a, b = math.fsum(yes), math.fsum(no)
            if not total:
                a, b = a / len(yes), b / len(no)
            larger += a > b
    return larger, n


def planted(rng, segments, records, *, effect=0.0, common=3.0):
    """Drops with a strong common part per segment and per record, and `effect` where claimed."""
    claimed = rng.random((segments, records)) < rng.uniform(0.2, 0.6, (segments, 1))
    drops = rng.standard_normal((segments, records)) + common * rng.standard_normal((segments, 1))
    drops = drops + 2 * rng.standard_normal((1, records)) + effect * claimed
    return drops, claimed


@pytest.mark.exercise("inclusion_p_value")
class TestInclusionPValue:
    def p(self, submission, drops, claimed):
        with compare.unchanged(drops=drops, claimed=claimed):
            got = submission.inclusion_p_value(drops, claimed)
        return compare.number(got, what="inclusion_p_value")

    @pytest.mark.visible
    def test_two_of_two_records_give_a_quarter(self, submission):
        drops = np.array([[2.0, 0.0, 1.0], [0.0, 2.0, 1.0]])
        claimed = np.array([[True, False, False], [False, True, False]])
        compare.close(
            submission.inclusion_p_value(drops, claimed),
            0.25,
            what="inclusion_p_value of the worked example",
            known={
                "leave out a record that is claimed nowhere, and sum one tail only": 0.5,
                "small p where claimed drops are larger: sum from k up to n": 1.0,
            },
        )

    @pytest.mark.weight(3)
    def test_it_is_the_exact_tail_of_a_count_over_records(self, submission, seed):
        rng = np.random.default_rng(seed)
        for segments, records in ((12, 101), (5, 8), (9, 25), (2, 40)):
            for _ in range(3):
                drops, claimed = planted(rng, segments, records, effect=rng.uniform(-0.3, 0.5))
                k, n = comparisons(drops, claimed)
                normal = 0.5 * math.erfc((k - n / 2) / math.sqrt(n / 2)) if n else 1.0
                lower = tail(n - k, n)
                pairs = (drops - np.median(drops, axis=1, keepdims=True) > 0)[claimed]
                known = {
                    "subtract the median of each segment first": tail(*comparisons(drops, claimed, centre=False)),
                    "the median of each segment is over the records: axis 1": tail(*comparisons(drops, claimed, axis=0)),
                    "compare means, not sums: a record has more unclaimed segments than claimed ones": tail(*comparisons(drops, claimed, total=True)),
                    "the exact tail: no normal approximation": normal,
                    "small p where claimed drops are larger: sum from k up to n": lower,
                    "the tail includes k itself": tail(k + 1, n),
                    "one-sided: a smaller drop is no sign of use": min(1.0, 2 * min(tail(k, n), tail(n - k, n))),
                    "records claimed everywhere or nowhere have nothing to compare: leave them out of n": tail(k, records),
                    "one record is one observation, however often it was seen": tail(int(pairs.sum()), pairs.size),
                    "that is the probability of this count alone: sum the tail": math.comb(n, k) / 2**n,
                    "records claimed everywhere have nothing to compare: leave them out of n": tail(k, int(claimed.any(axis=0).sum())),
                    "records claimed nowhere have nothing to compare: leave them out of n": tail(k, int((~claimed).any(axis=0).sum())),
                }  # fmt: skip
                expected = tail(k, n)
                compare.close(
                    self.p(submission, drops, claimed),
                    expected,
                    rtol=1e-6,
                    atol=0.0,
                    what=f"inclusion_p_value of {segments} segments and {records} records",
                    hint="count the records whose mean centred drop is larger where claimed; exact upper tail of fair coins",
                    known={
                        h: v for h, v in known.items() if abs(v - expected) > 1e-6 * expected + 1e-9
                    },
                )

    def test_what_a_segment_does_to_every_record_makes_no_difference(self, submission, seed):
        rng = np.random.default_rng(seed)
        for segments, records in ((7, 30), (12, 21)):
            drops, claimed = planted(rng, segments, records, effect=0.5, common=0.0)
            shifted = drops + rng.integers(-60, 60, (segments, 1))
            compare.close(
                self.p(submission, shifted, claimed),
                tail(*comparisons(shifted, claimed)),
                rtol=1e-6,
                what="inclusion_p_value after adding a constant to all drops of each segment",
                hint="subtract the median of each segment first",
            )

    def test_equal_means_are_not_larger(self, submission):
        claimed = np.array([[True, False, True, False], [False, True, False, True]])
        drops = np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]])
        compare.close(
            self.p(submission, drops, claimed), 1.0,
            what="inclusion_p_value where all means are equal",
            hint="a record with equal means is not larger",
        )  # fmt: skip
        drops = np.array(
            [[3.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]]
        )  # medians .5 and .5: one larger
        compare.close(
            self.p(submission, drops, claimed), tail(1, 4),
            what="inclusion_p_value with one larger record and three ties",
            hint="a tie counts in n, but not as larger",
        )  # fmt: skip

    @pytest.mark.weight(2)
    def test_records_without_a_comparison_are_left_out(self, submission, seed):
        rng = np.random.default_rng(seed)
        for segments, records in ((4, 9), (6, 12)):
            drops, claimed = planted(rng, segments, records, effect=2.0)
            claimed[:, 0], claimed[:, 1] = True, False
            claimed[:, 2] = np.arange(segments) == 0
            k, n = comparisons(drops, claimed)
            compare.close(
                self.p(submission, drops, claimed), tail(k, n), rtol=1e-6,
                what="inclusion_p_value where one record is claimed in all segments and one in none",
                hint="a record that is claimed in all segments or in none has nothing to compare: leave it out of n",
                known={"such a record still counts for its segment's median": self.dropped(drops, claimed)},
            )  # fmt: skip
        for claimed in (np.zeros((3, 5), bool), np.ones((3, 5), bool)):
            compare.close(
                self.p(submission, rng.standard_normal((3, 5)), claimed), 1.0,
                what="inclusion_p_value without any comparison", hint="with n = 0, p = 1",
            )  # fmt: skip
        compare.close(
            self.p(submission, rng.standard_normal((1, 4)), np.array([[True, False, True, False]])), 1.0,
            what="inclusion_p_value of a single segment", hint="with n = 0, p = 1",
        )  # fmt: skip

    def dropped(self, drops, claimed):
        kept = claimed.any(axis=0) & ~claimed.all(axis=0)
        return tail(*comparisons(drops[:, kept], claimed[:, kept]))

    def test_claims_that_are_made_up_are_seldom_significant(self, submission, seed):
        rng = np.random.default_rng(seed)
        below = 0
        for _ in range(60):
            drops, claimed = planted(rng, 8, 41)
            below += self.p(submission, drops, claimed) <= 0.05
        # P(p <= .05) is at most .05; P(Bin(60, .05) > 13) < 1e-5.
        compare.at_most(below, 13, what="the number of 60 made-up claims with p below 0.05", hint="one record is one observation: its segments are not independent")  # fmt: skip

    def test_a_thousand_records_do_not_overflow(self, submission, seed):
        rng = np.random.default_rng(seed)
        for records in (1297, 2100):
            drops, claimed = planted(rng, 4, records, effect=0.3, common=0.0)
            k, n = comparisons(drops, claimed)
            exact = float(Fraction(sum(math.comb(n, m) for m in range(k, n + 1)), 2**n))
            compare.close(
                self.p(submission, drops, claimed), exact, rtol=1e-3, atol=0.0,
                what=f"inclusion_p_value of {records} records",
                hint="2**n is no float for n above 1,023: keep whole numbers and divide once",
            )  # fmt: skip


# --------------------------------------------------------------------------------------------------

TOLERANCE = 0.05
FIRST_CHECK = "check the paperwork against what was agreed before any replay"


def moved(rng, state, size=1.0, *, only=""):
    """A state at this distance from `state`, in all its arrays or in those whose names begin with `only`."""
    step = {k: rng.standard_normal(v.shape) * k.startswith(only) for k, v in state.items()}
    length = math.sqrt(sum(float((v**2).sum()) for v in step.values()))
    return {k: (v + (size / length) * step[k]).astype(np.float32) for k, v in state.items()}


class Claim:
    """A planted claim: what the prover says, what was agreed, and what replays would give.

    forged: segments whose replay ends elsewhere.  noise: relative error of honest segments.
    """

    def __init__(
        self,
        submission,
        rng,
        *,
        segments=12,
        forged=(),
        noise=0.3 * TOLERANCE,
        every=3,
        short=0,
        travel=None,
    ):
        self.submission = submission
        steps = every * segments - short
        self.agreed = {
            "order": rng.integers(0, 50, (steps, 4)),
            "every": every,
            "lr": 0.1,
            "momentum": 0.9,
        }
        start = {k: rng.standard_normal(s).astype(np.float32) for k, s in {"w1": (3, 2), "b1": (2,), "momentum.w1": (3, 2), "momentum.b1": (2,)}.items()}  # fmt: skip
        self.checkpoints, self.replays, self.asked = [start], [], []
        for i in range(segments):
            size = travel[i] if travel else 1.0
            end = moved(rng, self.checkpoints[-1], size)
            self.checkpoints.append(end)
            self.replays.append(
                moved(rng, self.checkpoints[-2], size)
                if i in forged
                else moved(rng, end, noise * size)
            )
        self.agreed["initial"] = {k: v.copy() for k, v in start.items()}
        self.said = {"every": every, "lr": 0.1, "momentum": 0.9}
        self.root = None

    def sealed(self):
        """The root over what the claim says now."""
        return self.submission.transcript_root(
            self.agreed["order"],
            self.said["every"],
            self.said["lr"],
            self.said["momentum"],
            self.checkpoints,
        )

    def replay(self, i):
        self.asked.append(int(i))
        return self.replays[int(i)] if 0 <= int(i) < len(self.replays) else self.replays[0]

    def audit(self, budget, seed, tolerance=TOLERANCE):
        """The verdict as a bool; what was replayed is in `asked`."""
        self.asked = []
        root = self.sealed() if self.root is None else self.root
        claim = {"checkpoints": self.checkpoints, **self.said, "root": root}
        with compare.unchanged(claim=claim, agreed=self.agreed):
            got = self.submission.accept(claim, self.agreed, self.replay, budget, tolerance, seed)
        if not isinstance(got, bool | np.bool_):
            compare.fail(
                f"accept came back as {type(got).__name__}; a bool is expected.",
                hint="return True or False",
            )
        if len(self.asked) > budget:
            compare.fail(
                f"{len(self.asked)} segments were replayed with a budget of {budget}.",
                hint="each call of `replay` costs one of the budget",
                recognised=True,
            )
        return bool(got)


def bad_paper(rng, make):
    """Claims whose every segment replays well, but whose papers are not in order: (what, hint, claim)."""
    other_start = make()
    other_start.agreed["initial"] = moved(rng, other_start.agreed["initial"])
    yield (
        "starts elsewhere than agreed",
        "compare the first checkpoint with the agreed start, as bytes",
        other_start,
    )
    other_momentum = make()
    other_momentum.agreed["initial"]["momentum.w1"][0, 0] += np.float32(1)
    yield (
        "starts with another momentum than agreed",
        "the momentum belongs to the agreed start: compare canonical bytes",
        other_momentum,
    )
    zero = make()
    for state in (zero.agreed["initial"], zero.checkpoints[0]):
        state["b1"][0] = 0.0
    zero.checkpoints[0]["b1"][0] = -0.0
    yield (
        "differs from the agreed start in one bit",
        "bit for bit: compare canonical bytes, not numbers",
        zero,
    )
    for name, value in (("lr", 0.2), ("momentum", 0.5), ("lr", 0.1 + 1e-9)):
        changed = make()
        changed.said[name] = value
        yield (
            f"has another {name} than agreed",
            "compare the settings with the agreed ones, not with themselves",
            changed,
        )
    every = make()
    every.said["every"] = every.agreed["every"] + 1
    yield "has another interval than agreed", "the interval is the verifier's to choose", every
    own = make()
    own.root = own.sealed()
    own.checkpoints = [*own.checkpoints[:-1], moved(rng, own.checkpoints[-1], 1e-3)]
    yield "was edited after its root was published", "compute the root again and compare", own
    noise = make()
    noise.root = rng.bytes(32)
    yield "has a root of something else", "compute the root again and compare", noise
    order = make()
    order.root = order.submission.transcript_root(
        order.agreed["order"][::-1].copy(), 3, 0.1, 0.9, order.checkpoints
    )
    yield "was sealed with another data order", "the root covers the agreed order", order
    short = make()
    short.checkpoints = short.checkpoints[:-1]
    yield (
        "lacks the last checkpoint",
        "how many checkpoints do the agreed order and interval give?",
        short,
    )
    long = make()
    long.checkpoints = [*long.checkpoints, moved(rng, long.checkpoints[-1], 1e-3)]
    yield (
        "has a checkpoint too many",
        "how many checkpoints do the agreed order and interval give?",
        long,
    )


@pytest.mark.exercise("accept")
class TestAccept:
    @pytest.mark.visible
    def test_an_honest_claim_is_accepted_and_an_edited_one_is_not(self, submission):
        rng = np.random.default_rng(0)
        states = [{"w": rng.standard_normal(3), "momentum.w": np.zeros(3)} for _ in range(3)]
        order = np.array([[0, 1], [1, 0], [0, 0], [1, 1]])
        agreed = {"order": order, "every": 2, "lr": 0.1, "momentum": 0.9, "initial": states[0]}
        claim = {"checkpoints": states, "every": 2, "lr": 0.1, "momentum": 0.9, "root": bytes(32)}

        def replay(i):
            return states[i + 1]

        compare.equal(
            submission.accept(claim, agreed, replay, 1, 0.05, 0), False,
            what="accept of a claim whose root is 32 zero bytes",
            hint="compute the root again and compare",
        )  # fmt: skip
        claim["root"] = submission.transcript_root(order, 2, 0.1, 0.9, states)
        compare.equal(
            submission.accept(claim, agreed, replay, 1, 0.05, 0),
            True,
            what="accept of an honest claim",
        )
        edited = claim | {"checkpoints": [states[0], states[2], states[2]]}
        compare.equal(
            submission.accept(edited, agreed, replay, 1, 0.05, 0), False,
            what="accept of a claim whose checkpoint was exchanged after the root was published",
            hint="compute the root again and compare",
        )  # fmt: skip

    @pytest.mark.weight(2)
    def test_honest_claims_pass_with_the_rounding_of_another_device(self, submission, seed):
        rng = np.random.default_rng(seed)
        for number in range(8):
            claim = Claim(
                submission,
                rng,
                segments=int(rng.integers(3, 9)),
                short=number % 3,
                noise=(0.0, 0.5, 0.9)[number % 3] * TOLERANCE,
            )
            for budget in (0, 2, 20):
                if not claim.audit(budget, seed=number):
                    compare.fail(
                        f"an honest claim was rejected with a budget of {budget} replays.",
                        hint="an error up to the tolerance is rounding; the last segment may be shorter",
                    )

    @pytest.mark.weight(4)
    def test_claims_whose_papers_are_not_in_order_never_pass(self, submission, seed):
        rng = np.random.default_rng(seed)

        def make():
            return Claim(submission, rng, segments=5, noise=0.0)

        for what, hint, claim in bad_paper(rng, make):
            for budget in (0, 5):
                if claim.audit(budget, seed=1):
                    compare.fail(
                        f"a claim that {what} was accepted (budget {budget}).",
                        hint=hint,
                        recognised=True,
                    )

    @pytest.mark.weight(2)
    def test_a_full_audit_finds_one_forged_segment(self, submission, seed):
        rng = np.random.default_rng(seed)
        for segments in (1, 4, 7):
            for bad in {0, segments // 2, segments - 1}:
                size = [1.0] * segments
                size[bad] = 0.01  # the smallest update
                claim = Claim(submission, rng, segments=segments, forged=(bad,), travel=size)
                if claim.audit(segments + 2, seed=int(rng.integers(1000))):
                    compare.fail(
                        f"a claim of {segments} segments with one forged was accepted although all could be replayed.",
                        hint="replay every drawn segment, and compare in units of its travel: small updates may be forged too",
                    )

    @pytest.mark.weight(2)
    def test_a_full_audit_finds_a_forged_momentum(self, submission, seed):
        rng = np.random.default_rng(seed)
        for segments in (1, 3, 6):
            for bad in {0, segments - 1}:
                claim = Claim(submission, rng, segments=segments, noise=0.0)
                end = claim.checkpoints[bad + 1]
                claim.replays[bad] = moved(rng, end, 0.5, only="momentum.")
                if claim.audit(segments, seed=int(rng.integers(1000))):
                    replayed = bad in claim.asked
                    compare.fail(
                        f"a claim of {segments} segments was accepted although the momentum of one is not that of the replay.",
                        hint="the next replay starts from the claimed momentum: compare the whole state"
                        if replayed
                        else "the budget is enough for every segment: replay each one",
                        recognised=replayed,
                    )

    def test_the_tolerance_decides(self, submission, seed):
        rng = np.random.default_rng(seed)
        for tolerance in (0.3, 0.01):
            for share, expected in ((0.8, True), (1.25, False)):
                claim = Claim(submission, rng, segments=4, noise=share * tolerance)
                compare.equal(
                    claim.audit(4, seed=3, tolerance=tolerance), expected,
                    what=f"accept where every error is {share} of the tolerance",
                    hint="reject where one error is above `tolerance`: no mean over segments, no constant of your own",
                )  # fmt: skip
        exact = Claim(submission, rng, segments=4, noise=0.0)
        compare.equal(
            exact.audit(4, seed=5, tolerance=0.0),
            True,
            what="accept of exact replays with the tolerance 0",
            hint="an error equal to the tolerance is not above it",
        )
        wide = Claim(submission, rng, segments=3, noise=0.0)
        for i, end in enumerate(
            wide.checkpoints[1:]
        ):  # the claim goes three times as far as the replay
            start = wide.checkpoints[i]
            wide.replays[i] = {
                k: (start[k] + (v - start[k]) / 3).astype(np.float32) for k, v in end.items()
            }
        if wide.audit(3, seed=1, tolerance=1.0):
            compare.fail(
                "a claim that travels three times as far as its replay was accepted with the tolerance 1.",
                hint="segment_error(start, claim, replay): the unit is the travel of the replay",
                recognised=True,
            )
        mixed = Claim(submission, rng, segments=6, noise=0.0, forged=(int(rng.integers(6)),))
        if mixed.audit(6, seed=2, tolerance=0.6):
            compare.fail("a claim with one forged segment was accepted: its other errors are small.", hint="each segment must stay within the tolerance, not their mean", recognised=True)  # fmt: skip

    @pytest.mark.weight(2)
    def test_checkpoints_that_are_not_numbers_are_rejected(self, submission, seed):
        rng = np.random.default_rng(seed)
        for value in (np.nan, np.inf):
            claim = Claim(submission, rng, segments=4, noise=0.0)
            for state in claim.checkpoints[2:]:
                state["w1"][0, 0] = value
            for state in claim.replays[1:]:
                state["w1"][1, 1] = value
            with np.errstate(all="ignore"):
                accepted = claim.audit(4, seed=int(rng.integers(100)))
            if accepted:
                compare.fail(
                    f"a claim with checkpoints of {value} was accepted.",
                    hint="NaN > tolerance is False: accept only what is below the tolerance",
                    recognised=True,
                )

    @pytest.mark.weight(2)
    def test_the_budget_is_spent_on_different_segments(self, submission, seed):
        rng = np.random.default_rng(seed)
        for segments, budget in ((9, 4), (5, 5), (3, 8), (7, 1), (6, 0)):
            claim = Claim(submission, rng, segments=segments, short=int(rng.integers(3)))
            for audit in range(3):
                claim.audit(budget, seed=audit)
                if len(set(claim.asked)) != len(claim.asked):
                    compare.fail(
                        "a segment was replayed twice.",
                        hint="draw without replacement",
                        recognised=True,
                    )
                if len(claim.asked) != min(budget, segments):
                    compare.fail(
                        f"{len(claim.asked)} of {segments} segments were replayed with a budget of {budget}.",
                        hint="an honest claim is replayed in min(budget, segments) segments",
                    )

    @pytest.mark.weight(5)
    def test_every_segment_is_equally_likely_to_be_drawn(self, submission, seed):
        rng = np.random.default_rng(seed)
        segments, budget, audits = 6, 2, 180
        claim = Claim(submission, rng, segments=segments, travel=[1.0, 4.0, 1.0, 0.1, 2.0, 5.0])
        claim.root = claim.sealed()
        pairs = {pair: 0 for pair in combinations(range(segments), budget)}
        for number in range(audits):
            claim.audit(budget, seed=seed % 100_000 + number)
            pairs[tuple(sorted(claim.asked))] = pairs.get(tuple(sorted(claim.asked)), 0) + 1
        counts = [sum(n for pair, n in pairs.items() if i in pair) for i in range(segments)]
        if min(counts) == 0:
            hint = "draw from `seed`: a segment that is never drawn may be forged for nothing"
            if sum(n > 0 for n in pairs.values()) == 1:
                hint = "the same segments in every audit: draw from `seed`, which the prover cannot know"
                if pairs[1, 5]:
                    hint = "the largest updates in every audit: their size is the prover's to shape; draw from `seed`"
            compare.fail(
                f"over {audits} seeds, segments were drawn {counts} times.",
                hint=hint,
                recognised=True,
            )
        compare.chi_square(
            list(pairs.values()),
            torch.full((len(pairs),), 1 / len(pairs)),
            what=f"the pairs of segments drawn over {audits} seeds",
            hint="every set of segments must be equally likely: not the largest updates, not neighbours",
        )

    @pytest.mark.weight(2)
    def test_the_seed_decides_and_global_randomness_is_untouched(self, submission, seed):
        rng = np.random.default_rng(seed)
        first, second = (Claim(submission, rng, segments=20) for _ in range(2))
        drawn = []
        with compare.untouched_randomness(submission):
            for claim in (first, second, first):
                claim.audit(5, seed=seed % 1000)
                drawn.append(sorted(claim.asked))
        if drawn[0] != drawn[2]:
            compare.fail(
                "two audits with the same seed drew different segments.",
                hint="all randomness comes from `seed`",
                recognised=True,
            )
        if drawn[0] != drawn[1]:
            compare.fail(
                "the draw depends on what the prover sent.",
                hint="all randomness comes from `seed`, which the prover does not know",
                recognised=True,
            )

    @pytest.mark.weight(2)
    def test_forged_claims_pass_as_often_as_sampling_allows(self, submission, seed):
        rng = np.random.default_rng(seed)
        for forged, budget in ((6, 4), (9, 3)):
            passed = 0
            for number in range(12):
                where = rng.choice(12, forged, replace=False).tolist()
                claim = Claim(submission, rng, segments=12, forged=where)
                passed += claim.audit(budget, seed=seed % 10_000 + number)
            # C(6, 4) / C(12, 4) = .030 and C(3, 3) / C(12, 3) = .005 for each claim: more than 5 of 12 has p < 1e-6.
            if passed > 5:
                compare.fail(
                    f"{passed} of 12 claims with {forged} of 12 segments forged were accepted.",
                    hint="reject as soon as one replayed segment is off",
                )
