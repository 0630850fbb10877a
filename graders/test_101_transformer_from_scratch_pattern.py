"""Graders of 101, mask and pattern. Oracles: nested loops in float64."""

import math

import pytest
import torch

from firsthand import compare

KEEP_DTYPE = "keep the dtype of the input, compute in float64 if given float64"


LIBRARY_ATTENTION = (
    "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.functional.multi_head_attention_forward",
    "torch._scaled_dot_product_attention_math",
    "torch._native_multi_head_attention",
    "torch.ops.aten._scaled_dot_product_flash_attention_for_cpu",
    "firsthand.kit.layers.Attention",
)


def draw(generator, *shape):
    """N(0, 1) draws in float64."""
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def check_dtype(got, dtype, what):
    """Fail unless the result is a tensor of this dtype."""
    if not isinstance(got, torch.Tensor) or got.dtype != dtype:
        compare.fail(
            f"{what} came back as {compare.type_name(got)}; {dtype} is expected.", hint=KEEP_DTYPE
        )


def masked(scores, hidden):
    return scores.masked_fill(hidden, -torch.inf)


def future(n, diagonal=1):
    """[n n], True above the given diagonal."""
    place = torch.arange(n)
    return place[None, :] - place[:, None] >= diagonal


def looped_softmax(scores):
    """Row-wise causal softmax of [b h p p] in float64, number by number."""
    out = torch.zeros(scores.shape, dtype=torch.float64)
    for index in torch.cartesian_prod(*(torch.arange(n) for n in scores.shape[:3])).tolist():
        row = scores[tuple(index)].tolist()[: index[2] + 1]
        powers = [math.exp(value - max(row)) for value in row]
        for key, power in enumerate(powers):
            out[(*index, key)] = power / math.fsum(powers)
    return out


def wrong_masks(scores):
    """Softmax of what known mistakes give, by hint."""
    n = scores.shape[-1]
    return {
        "row = query, column = key: you hide the past and show the future": masked(
            scores, future(n).T
        ).softmax(-1),
        "0 is a large score: the mask must vanish after the softmax": scores.masked_fill(
            future(n), 0.0
        ).softmax(-1),
        "position i sees i+1: perturb the next token and look": masked(
            scores, future(n, 2)
        ).softmax(-1),
        "nothing is masked": scores.softmax(-1),
    }


def check_first_row(masked_scores):
    """Fail if a token does not see itself; tell a hidden past from a hidden diagonal."""
    if torch.isfinite(masked_scores.diagonal(dim1=-2, dim2=-1)).all():
        return
    n = masked_scores.shape[-1]
    if n > 1 and torch.isfinite(masked_scores[..., 0, 1:]).all():
        compare.fail(
            "causal_mask hides the diagonal and what is below it, so the last row is empty.",
            hint="that is the past: hide what lies above the diagonal, and keep the diagonal",
            recognised=True,
        )
    compare.fail(
        "causal_mask hides entries on the diagonal, so the first row has nothing left.",
        hint="a token sees itself: the first row would be empty",
        recognised=True,
    )


@pytest.mark.exercise("causal_mask")
class TestCausalMask:
    @pytest.mark.visible
    def test_equal_scores_become_equal_shares_of_the_past(self, submission):
        got = submission.causal_mask(torch.zeros(1, 1, 3, 3))
        compare.shape(got, (1, 1, 3, 3), what="causal_mask")
        check_first_row(got)
        third = 1 / 3
        expected = torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [third, third, third]])
        compare.close(
            got.softmax(-1)[0, 0],
            expected,
            what="the softmax of causal_mask(zeros)",
            known={
                "row = query, column = key: you hide the past and show the future": expected.flip(
                    0, 1
                ),
                "0 is a large score: the mask must vanish after the softmax": torch.full(
                    (3, 3), third
                ),
                "position i sees i+1: perturb the next token and look": torch.tensor(
                    [[0.5, 0.5, 0.0], [third, third, third], [third, third, third]]
                ),
            },
        )

    @pytest.mark.weight(2)
    def test_a_softmax_over_keys_gives_the_future_probability_zero(self, submission, generator):
        for batch, heads, n in ((2, 3, 4), (1, 2, 7), (3, 1, 5), (2, 2, 1)):
            scores = 2 * draw(generator, batch, heads, n, n)
            got = submission.causal_mask(scores)
            compare.shape(got, scores.shape, what="causal_mask")
            check_first_row(got)
            compare.close(
                got.softmax(-1),
                looped_softmax(scores),
                atol=0,
                rtol=1e-9,
                what="the softmax of causal_mask",
                hint="row i keeps columns 0 to i; the others get probability exactly 0",
                known=wrong_masks(scores),
            )

    def test_the_mask_wins_against_the_lowest_scores(self, submission, generator):
        for dtype, size in ((torch.float32, 1e5), (torch.float16, 6e4), (torch.float64, 1e5)):
            scores = (-size * (0.9 + 0.1 * torch.rand(2, 2, 5, 5, generator=generator))).to(dtype)
            got = submission.causal_mask(scores)
            check_dtype(got, dtype, f"causal_mask of {dtype}")
            probability = got.double().softmax(-1)
            compare.close(
                probability,
                looped_softmax(scores.double()),
                atol=1e-300,
                rtol=1e-9,
                what=f"the softmax of causal_mask for {dtype} scores near {-size:g}",
                hint="use the dtype's own minimum or -inf",
            )

    def test_visible_scores_keep_their_bits(self, submission, generator):
        for n in (1, 3, 6):
            scores = 1e3 * draw(generator, 2, 3, n, n).float()
            got = submission.causal_mask(scores)
            compare.shape(got, scores.shape, what="causal_mask")
            kept = ~future(n)
            compare.equal(
                got[..., kept], scores[..., kept], what="causal_mask on and below the diagonal"
            )

    def test_the_argument_stays_as_it_was(self, submission, generator):
        for n in (2, 4, 5):
            scores = draw(generator, 2, 2, n, n)
            with compare.unchanged(scores=scores):
                submission.causal_mask(scores)

    def test_gradients_reach_the_visible_scores(self, submission, generator):
        for n in (3, 4, 6):
            scores = draw(generator, 1, 2, n, n).requires_grad_()
            got = submission.causal_mask(scores)
            expected = masked(scores, future(n))
            cotangent = draw(generator, 1, 2, n, n)
            compare.gradient(
                got.softmax(-1),
                expected.softmax(-1),
                {"scores": scores},
                cotangent=cotangent,
                what="causal_mask",
            )


def looped_pattern(q, k):
    """Causal attention weights of [b p h e] queries and keys, number by number."""
    scores = torch.zeros(q.shape[0], q.shape[2], q.shape[1], q.shape[1], dtype=torch.float64)
    for row, head, i, j in torch.cartesian_prod(*(torch.arange(n) for n in scores.shape)).tolist():
        products = (
            a * b for a, b in zip(q[row, i, head].tolist(), k[row, j, head].tolist(), strict=True)
        )
        scores[row, head, i, j] = math.fsum(products) / math.sqrt(q.shape[-1])
    return looped_softmax(scores)


def wrong_patterns(q, k):
    """What known mistakes give, by hint."""
    b, p, h, e = q.shape
    raw = torch.stack([q[:, :, head] @ k[:, :, head].transpose(1, 2) for head in range(h)], 1)
    hidden = future(p)
    scores = raw / math.sqrt(e)
    mixed = q.reshape(b, h, p, e) @ k.reshape(b, h, p, e).transpose(2, 3) / math.sqrt(e)
    return {
        "divide by the root of the head dimension, not of h * e": masked(
            raw / math.sqrt(h * e), hidden
        ).softmax(-1),
        "divide by the root of e, not by e": masked(raw / e, hidden).softmax(-1),
        "the scores are not scaled": masked(raw, hidden).softmax(-1),
        "each *query* row sums to one: softmax over keys": masked(scores, hidden).softmax(-2),
        "renormalise: mask the scores, not the probabilities": scores.softmax(-1).masked_fill(
            hidden, 0.0
        ),
        "row = query, column = key": masked(scores.transpose(2, 3), hidden).softmax(-1),
        "rearrange the axes, then multiply: a view mixes heads with positions": masked(
            mixed, hidden
        ).softmax(-1),
        "the mask is missing": scores.softmax(-1),
    }


def rescaled(got, q, k):
    """The pattern whose scores are q . k times one factor, read off the first two weights of `got`.

    With the right factor, or without any that fits, it agrees with nothing wrong.
    """
    raw = torch.stack([q[:, :, head] @ k[:, :, head].mT for head in range(q.shape[2])], 1)
    if not isinstance(got, torch.Tensor) or got.shape != raw.shape or q.shape[1] < 2:
        return torch.zeros(0)
    weights = got[0, 0, 1, :2].detach().double().log()
    factor = (weights[0] - weights[1]) / (raw[0, 0, 1, 0] - raw[0, 0, 1, 1])
    return masked(raw * factor, future(q.shape[1])).softmax(-1)


@pytest.mark.exercise("attention_pattern")
class TestAttentionPattern:
    @pytest.mark.visible
    def test_the_worked_example_has_scores_zero_and_log_three(self, submission):
        q = math.log(3) / 2 * torch.ones(1, 2, 2, 4)
        k = torch.tensor([[0.0, 1.0], [1.0, 0.0]])[None, :, :, None] * torch.ones(1, 2, 2, 4)
        with submission.forbidding(*LIBRARY_ATTENTION):
            got = submission.attention_pattern(q, k)
        one = torch.tensor([1.0, 0.0])
        unmasked = torch.tensor([[0.25, 0.75], [0.75, 0.25]])

        def pattern(low, high):
            """Head 0 prefers position 1, head 1 position 0."""
            rows = torch.tensor([[low, high], [high, low]])
            return torch.stack([one.expand(2, 2), rows], 1)[None]

        compare.close(
            got,
            pattern(0.25, 0.75),
            what="attention_pattern on the worked example, with a second head",
            known={
                "the scores are not scaled": pattern(0.1, 0.9),
                "divide by the root of e, not by e": pattern(0.366025, 0.633975),
                "divide by the root of the head dimension, not of h * e": pattern(
                    0.315002, 0.684998
                ),
                "the mask is missing": unmasked[None, :, None].expand(1, 2, 2, 2),
            },
        )

    @pytest.mark.weight(3)
    def test_rows_are_the_softmax_of_scaled_causal_scores(self, submission, generator):
        for shape in ((2, 4, 3, 5), (3, 5, 2, 7), (1, 6, 4, 3)):
            q, k = 2 * draw(generator, *shape), draw(generator, *shape)
            with compare.unchanged(q=q, k=k), submission.forbidding(*LIBRARY_ATTENTION):
                got = submission.attention_pattern(q, k)
            compare.close(
                got,
                looped_pattern(q, k),
                rtol=1e-9,
                atol=1e-12,
                what="attention_pattern",
                hint="check in this order: shape [b h p p], scale, mask, softmax axis",
                known=wrong_patterns(q, k)
                | {"only the scale is off: divide by the root of e": rescaled(got, q, k)},
            )

    def test_rows_sum_to_one_and_nothing_is_ahead(self, submission, generator):
        for batch, n, heads, width in ((2, 3, 4, 5), (1, 1, 1, 3), (3, 6, 1, 2)):
            got = submission.attention_pattern(
                draw(generator, batch, n, heads, width), draw(generator, batch, n, heads, width)
            )
            compare.shape(got, (batch, heads, n, n), what="attention_pattern")
            compare.probability(
                got,
                what="attention_pattern",
                hint="renormalise: mask the scores, not the probabilities",
            )
            compare.close(
                got[..., future(n)],
                torch.zeros_like(got[..., future(n)]),
                atol=0,
                what="the weight on later keys",
            )

    def test_scores_of_size_a_thousand_stay_finite(self, submission, generator):
        for _ in range(3):
            q, k = 60 * draw(generator, 2, 5, 3, 4), 60 * draw(generator, 2, 5, 3, 4)
            compare.close(
                submission.attention_pattern(q, k),
                looped_pattern(q, k),
                atol=1e-9,
                what="attention_pattern with scores of size 1e3 and more",
                hint="exp(1000) is inf: softmax subtracts the largest score first",
            )

    def test_heads_do_not_mix(self, submission, generator):
        for heads in (2, 3, 5):
            q, k = draw(generator, 2, 4, heads, 3), draw(generator, 2, 4, heads, 3)
            order = torch.randperm(heads, generator=generator)
            whole = submission.attention_pattern(q, k)
            compare.shape(whole, (2, heads, 4, 4), what="attention_pattern")
            compare.close(
                submission.attention_pattern(q[:, :, order], k[:, :, order]),
                whole[:, order],
                what="attention_pattern of reordered heads",
                hint="reordering the heads must reorder the patterns and nothing else",
            )

    def test_gradients_reach_queries_and_keys(self, submission, generator):
        for _ in range(3):
            inputs = {name: draw(generator, 2, 4, 3, 5).requires_grad_() for name in ("q", "k")}
            scores = torch.stack(
                [inputs["q"][:, :, h] @ inputs["k"][:, :, h].mT for h in range(3)], 1
            ) / math.sqrt(5)
            expected = masked(scores, future(4)).softmax(-1)
            cotangent = draw(generator, 2, 3, 4, 4)
            got = submission.attention_pattern(*inputs.values())
            compare.gradient(
                got, expected, inputs, cotangent=cotangent, rtol=1e-7, what="attention_pattern"
            )

    def test_the_dtype_of_the_queries_is_kept(self, submission, generator):
        for dtype in (torch.float32, torch.float64):
            q, k = draw(generator, 1, 3, 2, 4).to(dtype), draw(generator, 1, 3, 2, 4).to(dtype)
            check_dtype(submission.attention_pattern(q, k), dtype, f"attention_pattern of {dtype}")
