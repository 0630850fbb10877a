"""Graders of 402, part 2: copying and in-context learning.

Oracles: loops over rows and queries, heads with a known effect.
"""

import math

import pytest
import torch

from firsthand import compare


def draw_sizes(generator, **ranges):
    """One integer per name, uniform in its inclusive range."""
    return {
        name: int(torch.randint(low, high + 1, (), generator=generator))
        for name, (low, high) in ranges.items()
    }


def random_pattern(generator, *shape):
    """Causal attention: rows of the last axis sum to 1, no weight on later keys."""
    scores = torch.randn(*shape, generator=generator) * 2
    future = torch.ones(shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(future, -torch.inf).softmax(-1)


@pytest.mark.exercise("copying_score")
class TestCopyingScore:
    @pytest.mark.visible
    def test_the_worked_example_scores_a_half(self, submission):
        tokens = torch.tensor([[1, 3]])
        pattern = torch.tensor([[[1.0, 0.0], [0.9, 0.1]]])
        head_logits = torch.tensor([[[-2.0, 3.0, -2.0, 1.0], [5.0, 10.0, 5.0, 8.0]]])
        score = submission.copying_score(head_logits, pattern, tokens)
        known = {"a constant added to all logits is not copying: centre first": 0.3055556}
        compare.close(score, 0.5, what="copying_score", known=known)

    @pytest.mark.weight(3)
    def test_the_share_of_the_attended_token_is_averaged(self, submission, generator):
        for _ in range(4):
            s = draw_sizes(generator, batch=(2, 3), pos=(5, 7), vocab=(11, 14))
            tokens = torch.randint(0, 9, (s["batch"], s["pos"]), generator=generator)
            pattern = random_pattern(generator, s["batch"], s["pos"], s["pos"])
            logits = torch.randn(s["batch"], s["pos"], s["vocab"], generator=generator) + 0.7
            known = {
                "a constant added to all logits is not copying: centre first":
                    loop_copying(logits, pattern, tokens, centre=False),
                "centre first, then keep what is positive":
                    loop_copying(logits, pattern, tokens, centre="after"),
                "use the head's direct logits, not probabilities":
                    loop_copying(logits.softmax(-1), pattern, tokens),
                "only the tokens of this row belong in the sum":
                    loop_copying(logits, pattern, tokens, everything=True),
                "what does the head look *at*? Not the token at the query position":
                    loop_copying(logits, pattern, tokens, own=True),
                "distinct tokens: a token that occurs twice is counted once":
                    loop_copying(logits, pattern, tokens, twice=True),
                "the whole row belongs in the sum, later positions too":
                    loop_copying(logits, pattern, tokens, causal=True),
                "return 2 * share - 1":
                    (loop_copying(logits, pattern, tokens) + 1) / 2,
            }  # fmt: skip
            with compare.unchanged(head_logits=logits, pattern=pattern, tokens=tokens):
                got = submission.copying_score(logits, pattern, tokens)
            if isinstance(got, float) and math.isnan(got):
                compare.fail(
                    "copying_score is nan.",
                    hint="what happens when the sum is zero? The share is then 0",
                    recognised=True,
                )
            compare.close(
                got,
                loop_copying(logits, pattern, tokens),
                what="copying_score",
                hint="for each query: the attended token's part of what is raised among the "
                "row's distinct tokens",
                known=known,
            )

    def test_a_copying_head_scores_one_and_its_opposite_minus_one(self, submission, generator):
        for _ in range(3):
            s = draw_sizes(generator, batch=(2, 3), pos=(5, 7), vocab=(12, 15))
            tokens = torch.rand(s["batch"], s["vocab"], generator=generator).argsort(1)
            tokens = tokens[:, : s["pos"]]
            pattern = random_pattern(generator, s["batch"], s["pos"], s["pos"])
            attended = tokens.gather(1, pattern.argmax(-1))
            copy = torch.nn.functional.one_hot(attended, s["vocab"]) * 3.0
            offset = torch.randn(s["batch"], s["pos"], 1, generator=generator)
            for sign, expected in ((1, 1.0), (-1, -1.0)):
                got = submission.copying_score(sign * copy + offset, pattern, tokens)
                compare.close(
                    got,
                    expected,
                    atol=1e-4,
                    what=f"copying_score of a head that {'raises' if sign > 0 else 'lowers'} only "
                    "the attended token, plus a constant",
                    hint="a constant added to all logits is not copying: centre first",
                )

    def test_queries_that_raise_nothing_count_with_share_zero(self, submission, generator):
        for _ in range(3):
            tokens = torch.randint(0, 6, (3, 5), generator=generator)
            pattern = random_pattern(generator, 3, 5, 5)
            logits = torch.randn(3, 5, 9, generator=generator)
            logits[1, 2:] = torch.tensor([0.0] * 6 + [2.0] * 3)  # raises tokens of no row
            hint = "a query that raises nothing has share 0, and counts in the average"
            compare.close(
                submission.copying_score(logits, pattern, tokens),
                loop_copying(logits, pattern, tokens),
                what="copying_score of a head that raises nothing at some queries",
                hint=hint,
                known={hint: loop_copying(logits, pattern, tokens, skip=True)},
            )

    def test_raising_nothing_scores_minus_one(self, submission, generator):
        for batch, pos in ((1, 1), (2, 4), (3, 5)):
            tokens = torch.randint(0, 6, (batch, pos), generator=generator)
            pattern = random_pattern(generator, batch, pos, pos)
            logits = torch.full((batch, pos, 9), 1.5)
            lowered = torch.zeros(batch, pos, 9)
            lowered[..., 7:] = 2.0
            for values in (logits, lowered):
                compare.close(
                    submission.copying_score(values, pattern, tokens),
                    -1.0,
                    what="copying_score of a head that raises no token of the row",
                    hint="what happens when the sum is zero? The share is then 0",
                )

    def test_renaming_tokens_and_permuting_logits_changes_nothing(self, submission, generator):
        for _ in range(3):
            tokens = torch.randint(0, 8, (2, 6), generator=generator)
            pattern = random_pattern(generator, 2, 6, 6)
            logits = torch.randn(2, 6, 13, generator=generator)
            rename = torch.randperm(13, generator=generator)
            renamed = torch.empty_like(logits)
            renamed[..., rename] = logits
            compare.close(
                submission.copying_score(renamed, pattern, rename[tokens]),
                submission.copying_score(logits, pattern, tokens),
                what="copying_score after renaming the vocabulary",
                hint="only the row's own tokens count, whatever their numbers",
            )


def loop_copying(
    logits,
    pattern,
    tokens,
    *,
    centre=True,
    everything=False,
    own=False,
    twice=False,
    causal=False,
    skip=False,
):
    """Copying score by loops over rows and queries; the switches are the known mistakes."""
    batch, pos, vocab = logits.shape
    shares = []
    for b in range(batch):
        for q in range(pos):
            values = logits[b, q].double().tolist()
            mean = math.fsum(values) / vocab
            if centre == "after":
                raised = [max(0.0, x) for x in values]
                mean = math.fsum(raised) / vocab
                raised = [x - mean for x in raised]
            else:
                raised = [max(0.0, x - (mean if centre else 0.0)) for x in values]
            weights = pattern[b, q].tolist()
            at = q if own else weights.index(max(weights))
            row = tokens[b].tolist()
            seen = sorted(set(row[: q + 1] if causal else row))
            among = range(vocab) if everything else row if twice else seen
            total = math.fsum(raised[t] for t in among)
            if total > 0 or not skip:
                shares.append(raised[row[at]] / total if total > 0 else 0.0)
    return 2 * math.fsum(shares) / len(shares) - 1


@pytest.mark.exercise("icl_score")
class TestIclScore:
    @pytest.mark.visible
    def test_the_worked_example_scores_minus_a_half(self, submission):
        loss = torch.tensor([[3.0, 2.0, 2.5, 1.5]])
        score = submission.icl_score(loss, slice(0, 2), slice(2, 4))
        hint = (
            "one mean over all rows and all positions of each slice: loss[:, late], loss[:, early]"
        )
        known = {"more negative = more in-context learning: late minus early": 0.5}
        compare.close(score, -0.5, what="icl_score", hint=hint, known=known)

    @pytest.mark.weight(2)
    def test_it_is_the_mean_late_loss_minus_the_mean_early_loss(self, submission, generator):
        for _ in range(4):
            s = draw_sizes(generator, batch=(3, 5), pos=(14, 18), early=(3, 4), late=(6, 8))
            loss = torch.rand(s["batch"], s["pos"], generator=generator) * 4
            loss = loss + torch.linspace(9, 0, s["pos"])  # falls, as a loss in context does
            early, late = slice(2, 2 + s["early"]), slice(s["pos"] - s["late"], s["pos"])
            means = []
            for part in (early, late):
                values = [float(row[i]) for row in loss for i in range(s["pos"])[part]]
                means.append(math.fsum(values) / len(values))
            known = {
                "more negative = more in-context learning: late minus early": means[0] - means[1],
                "a difference in nats, not a ratio": means[1] / means[0],
                "average over all positions of the slices, not one each":
                    float((loss[:, -1] - loss[:, 2]).mean()),
            }  # fmt: skip
            with compare.unchanged(loss=loss):
                got = submission.icl_score(loss, early, late)
            compare.close(
                got,
                means[1] - means[0],
                atol=1e-5,
                what="icl_score with slices of different lengths",
                hint="one mean over all rows and all positions of each slice",
                known=known,
            )

    def test_slices_may_have_negative_and_open_ends(self, submission, generator):
        for early, late in (
            (slice(1, 3), slice(-4, None)),
            (slice(None, 2), slice(-6, -1)),
            (slice(-9, -7), slice(8, 9)),
        ):
            loss = torch.rand(3, 11, generator=generator) + torch.linspace(0, 3, 11)
            columns = [list(range(11))[part] for part in (early, late)]
            first, last = (
                math.fsum(float(row[i]) for row in loss for i in part) / (3 * len(part))
                for part in columns
            )
            compare.close(
                submission.icl_score(loss, early, late),
                last - first,
                atol=1e-5,
                what=f"icl_score(loss, {early}, {late}) of a loss that grows",
                hint="index with the slice itself: loss[:, late]; the score may be positive",
            )

    def test_a_constant_added_to_the_loss_changes_nothing(self, submission, generator):
        for shift in (0.5, 3.0, -2.0):
            loss = torch.rand(2, 9, generator=generator)
            plain = submission.icl_score(loss, slice(0, 3), slice(5, 9))
            moved = submission.icl_score(loss + shift, slice(0, 3), slice(5, 9))
            compare.close(
                moved,
                plain,
                atol=1e-5,
                what="icl_score after adding a constant to every loss",
                hint="a difference in nats, not a ratio",
            )
