"""Graders of 101, attention. Oracles: one head after the other, and torch's own attention."""

import math

import pytest
import torch
from torch import nn

from firsthand import compare

LIBRARY_ATTENTION = (
    "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.functional.multi_head_attention_forward",
    "torch._scaled_dot_product_attention_math",
    "torch._native_multi_head_attention",
    "torch.ops.aten._scaled_dot_product_flash_attention_for_cpu",
    "firsthand.kit.layers.Attention",
)


NAMES = ("W_Q", "W_K", "W_V", "b_Q", "b_K", "b_V", "W_O", "b_O")


def draw(generator, *shape):
    """N(0, 1) draws in float64."""
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def masked(scores, hidden):
    return scores.masked_fill(hidden, -torch.inf)


def future(n, diagonal=1):
    """[n n], True above the given diagonal."""
    place = torch.arange(n)
    return place[None, :] - place[:, None] >= diagonal


def draw_weights(generator, *, d_model, n_heads, d_head):
    into, bias = (n_heads, d_model, d_head), (n_heads, d_head)
    shapes = (into, into, into, bias, bias, bias, (n_heads, d_head, d_model), (d_model,))
    return {name: draw(generator, *shape) / 2 for name, shape in zip(NAMES, shapes, strict=True)}


def head_terms(x, weights):
    """What each head adds, [h b p d], one head and one row after the other."""
    terms = []
    for h in range(len(weights["W_Q"])):
        rows = []
        for row in x:
            q, k, v = (row @ weights[f"W_{c}"][h] + weights[f"b_{c}"][h] for c in "QKV")
            pattern = masked(q @ k.T / math.sqrt(q.shape[-1]), future(len(row))).softmax(-1)
            rows.append(pattern @ v @ weights["W_O"][h])
        terms.append(torch.stack(rows))
    return torch.stack(terms)


def expected_attention(x, weights):
    return head_terms(x, weights).sum(0) + weights["b_O"]


def load_attention(submission, weights):
    """The learner's module with these weights, in their dtype."""
    h, d, e = weights["W_Q"].shape
    module = submission.Attention(d_model=d, n_heads=h, d_head=e)
    module = module.double() if weights["W_Q"].dtype == torch.float64 else module
    module.load_state_dict(weights)
    return module


def wrong_outputs(x, w):
    """What known mistakes give, by hint."""
    zero = {name: torch.zeros_like(w[name]) for name in w}
    terms = head_terms(x, w)
    q, k, v = (
        torch.stack([x @ w[f"W_{c}"][h] + w[f"b_{c}"][h] for h in range(len(terms))], 1)
        for c in "QKV"
    )
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    pattern = masked(scores, future(x.shape[1])).softmax(-1)
    centred = x - x.mean(-1, keepdim=True)
    normal = centred / (centred.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt()
    return {
        "there is one output bias: b_O is added once, not once per head": terms.sum(0)
        + len(terms) * w["b_O"],
        "b_O is missing": terms.sum(0),
        "b_V is missing": expected_attention(x, w | {"b_V": zero["b_V"]}),
        "b_Q is missing": expected_attention(x, w | {"b_Q": zero["b_Q"]}),
        "W_O[h] belongs to head h": expected_attention(x, w | {"W_O": w["W_O"].flip(0)}),
        "sum over keys: the pattern is transposed": (pattern.mT @ v @ w["W_O"]).sum(1) + w["b_O"],
        "nothing stops the future: the pattern is not causal": (
            scores.softmax(-1) @ v @ w["W_O"]
        ).sum(1)
        + w["b_O"],
        "the module does no normalisation; the block does": expected_attention(normal, w),
        "heads are added, not averaged": terms.mean(0) + w["b_O"],
    }


SIZES = ((2, 11, 7), (3, 5, 4), (1, 6, 3))


@pytest.mark.exercise("Attention")
class TestAttention:
    @pytest.mark.visible
    def test_two_heads_of_width_one_can_be_followed_by_hand(self, submission):
        # At position 1 head 0 has the scores 0 and ln 3, head 1 the scores ln 4 and 0, so they read
        # with weights 1/4, 3/4 and 4/5, 1/5. Their values are 5, 9 and 10, 5.
        log3, log4 = math.log(3), math.log(4)
        weights = {
            "W_Q": torch.tensor([[[0.0], [0.5]], [[0.0], [1.0]]]),
            "b_Q": torch.tensor([[0.5], [0.0]]),
            "W_K": torch.tensor([[[0.0], [log3]], [[log4], [0.0]]]),
            "b_K": torch.tensor([[0.0], [7.0]]),
            "W_V": torch.tensor([[[4.0], [8.0]], [[10.0], [5.0]]]),
            "b_V": torch.tensor([[1.0], [0.0]]),
            "W_O": torch.tensor([[[1.0, -1.0]], [[0.0, 2.0]]]),
            "b_O": torch.tensor([100.0, 0.0]),
        }
        module = submission.Attention(d_model=2, n_heads=2, d_head=1)
        module.load_state_dict(weights)
        with submission.forbidding(*LIBRARY_ATTENTION):
            got = module(torch.tensor([[[1.0, 0.0], [0.0, 1.0]]]))
        # Position 0: 5 (1, -1) + 10 (0, 2) + b_O. Position 1: 8 (1, -1) + 9 (0, 2) + b_O.
        compare.close(
            got,
            torch.tensor([[[105.0, 15.0], [108.0, 10.0]]]),
            what="Attention with two heads of width 1",
            known={
                "there is one output bias: b_O is added once, not once per head": torch.tensor(
                    [[[205.0, 15.0], [208.0, 10.0]]]
                ),
                "b_O is missing": torch.tensor([[[5.0, 15.0], [8.0, 10.0]]]),
                "b_V is missing": torch.tensor([[[104.0, 16.0], [107.0, 11.0]]]),
                "nothing stops the future: the pattern is not causal": torch.tensor(
                    [[[107.535898, 7.464102], [108.0, 10.0]]]
                ),
            },
        )

    @pytest.mark.weight(3)
    def test_it_is_the_sum_over_heads_of_projected_mixed_values(self, submission, generator):
        for heads, d_model, d_head in SIZES:
            weights = draw_weights(generator, d_model=d_model, n_heads=heads, d_head=d_head)
            x = draw(generator, 3, 5, d_model)
            module = load_attention(submission, weights)
            with compare.unchanged(x=x), submission.forbidding(*LIBRARY_ATTENTION):
                got = module(x)
            compare.close(
                got,
                expected_attention(x, weights),
                rtol=1e-8,
                atol=1e-9,
                what=f"Attention(d_model={d_model}, n_heads={heads}, d_head={d_head})",
                hint="compare one head with explicit matrices: x @ W_Q[h] + b_Q[h] and so on",
                known=wrong_outputs(x, weights),
            )

    def test_it_agrees_with_torch_where_heads_fill_the_width(self, submission, generator):
        for heads, d_head in ((2, 3), (3, 2), (4, 1)):
            d_model = heads * d_head
            w = draw_weights(generator, d_model=d_model, n_heads=heads, d_head=d_head)
            theirs = nn.MultiheadAttention(d_model, heads, batch_first=True, dtype=torch.float64)
            stacked = [w[f"W_{c}"].permute(0, 2, 1).reshape(d_model, d_model) for c in "QKV"]
            with torch.no_grad():
                theirs.in_proj_weight.copy_(torch.cat(stacked))
                theirs.in_proj_bias.copy_(torch.cat([w[f"b_{c}"].reshape(-1) for c in "QKV"]))
                theirs.out_proj.weight.copy_(w["W_O"].reshape(d_model, d_model).T)
                theirs.out_proj.bias.copy_(w["b_O"])
            x = draw(generator, 2, 4, d_model)
            expected = theirs(x, x, x, attn_mask=future(4), need_weights=False)[0].detach()
            got = load_attention(submission, w)(x)
            compare.close(got, expected, rtol=1e-8, atol=1e-9, what="Attention where h * e = d")

    def test_a_changed_token_moves_nothing_before_it(self, submission, generator):
        for heads, d_model, d_head in SIZES:
            module = load_attention(
                submission, draw_weights(generator, d_model=d_model, n_heads=heads, d_head=d_head)
            )
            x = draw(generator, 2, 6, d_model)
            before = module(x)
            place = int(torch.randint(1, 6, (), generator=generator))
            x[:, place] += 3.0
            after = module(x)
            compare.close(
                after[:, :place],
                before[:, :place],
                atol=1e-9,
                what="the output before a changed token",
                hint="nothing stops the future: the pattern is not causal",
            )

    def test_silencing_a_head_removes_its_own_term(self, submission, generator):
        for heads, d_model, d_head in ((2, 11, 7), (3, 5, 4), (4, 7, 2)):
            weights = draw_weights(generator, d_model=d_model, n_heads=heads, d_head=d_head)
            x = draw(generator, 2, 4, d_model)
            head = int(torch.randint(heads, (), generator=generator))
            silenced = weights | {"W_O": weights["W_O"].clone()}
            silenced["W_O"][head] = 0
            removed = load_attention(submission, weights)(x) - load_attention(submission, silenced)(
                x
            )
            compare.close(
                removed,
                head_terms(x, weights)[head],
                rtol=1e-8,
                atol=1e-9,
                what="what is missing without one head",
                hint="W_O[h] belongs to head h",
            )

    def test_one_token_and_one_row_are_enough(self, submission, generator):
        for shape in ((1, 1), (1, 4), (3, 1)):
            weights = draw_weights(generator, d_model=5, n_heads=2, d_head=3)
            x = draw(generator, *shape, 5)
            got = load_attention(submission, weights)(x)
            compare.close(
                got,
                expected_attention(x, weights),
                rtol=1e-8,
                atol=1e-9,
                what=f"Attention on {list(shape)} tokens",
            )

    def test_gradients_reach_the_input_and_every_parameter(self, submission, generator):
        gradients_of = submission.public("firsthand.kit.rng:parameter_gradients")
        for heads, d_model, d_head in SIZES:
            weights = draw_weights(generator, d_model=d_model, n_heads=heads, d_head=d_head)
            x, cotangent = (
                draw(generator, 2, 4, d_model).requires_grad_(),
                draw(generator, 2, 4, d_model),
            )
            leaves = {name: tensor.clone().requires_grad_() for name, tensor in weights.items()}
            expected = expected_attention(x, leaves)
            wanted = torch.autograd.grad(
                (expected * cotangent).sum(), list(leaves.values()), retain_graph=True
            )
            module = load_attention(submission, weights)
            compare.gradient(
                module(x),
                expected,
                {"x": x},
                cotangent=cotangent,
                rtol=1e-7,
                atol=1e-9,
                what="Attention",
            )
            found = gradients_of(module, [x.detach()], cotangent)
            for name, want in zip(leaves, wanted, strict=True):
                got = found.get(name)
                compare.close(
                    torch.zeros_like(want) if got is None and name == "b_K" else got,
                    want,
                    rtol=1e-7,
                    atol=1e-9,
                    what=f"the gradient of Attention with respect to {name}",
                    hint="gradients must flow: no detach, item or numpy in the forward path",
                )
