"""Graders of 101, the block. Oracle: a composition with one head after the other."""

import math

import pytest
import torch
import torch.nn.functional as F

from firsthand import compare
from firsthand.kit import hooked

EPS = 1e-5


LIBRARY_LAYERS = (
    "torch.nn.functional.layer_norm",
    "torch.layer_norm",
    "torch.nn.functional.gelu",
    "torch.nn.functional.scaled_dot_product_attention",
    "firsthand.kit.hooked.HookedTransformer",
    "firsthand.kit.layers.Block",
    "firsthand.kit.layers.Attention",
    "firsthand.kit.layers.MLP",
    "firsthand.kit.layers.LayerNorm",
)


def draw(generator, *shape):
    """N(0, 1) draws in float64."""
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def randomised(generator, state_dict):
    """N(0, 1/4) weights and biases and gains from 0.5 to 2, in float64, under the same names."""
    weights = {name: draw(generator, *tensor.shape) / 2 for name, tensor in state_dict.items()}
    for name in weights:
        if name.split(".")[-1] == "w":
            weights[name] = 0.5 + 1.5 * torch.rand(
                weights[name].shape, generator=generator, dtype=torch.float64
            )
    return weights


def norm(x, w, b):
    centred = x - x.mean(-1, keepdim=True)
    return centred * (centred.square().mean(-1, keepdim=True) + EPS).rsqrt() * w + b


def attend(x, weights):
    """Sum over heads of pattern times projected values, plus the output bias."""
    out = weights["attn.b_O"].expand_as(x)
    ahead = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
    for h in range(len(weights["attn.W_Q"])):
        q, k, v = (x @ weights[f"attn.W_{c}"][h] + weights[f"attn.b_{c}"][h] for c in "QKV")
        scores = (q @ k.mT / math.sqrt(q.shape[-1])).masked_fill(ahead, -torch.inf)
        out = out + scores.softmax(-1) @ v @ weights["attn.W_O"][h]
    return out


def bend(x, weights):
    hidden = F.gelu(x @ weights["mlp.W_in"] + weights["mlp.b_in"], approximate="tanh")
    return hidden @ weights["mlp.W_out"] + weights["mlp.b_out"]


def expected_block(x, weights):
    ln1, ln2 = ((weights[f"ln{i}.w"], weights[f"ln{i}.b"]) for i in (1, 2))
    middle = x + attend(norm(x, *ln1), weights)
    return middle + bend(norm(middle, *ln2), weights)


def wrong_blocks(x, weights):
    """What known mistakes give, by hint."""
    ln1, ln2 = ((weights[f"ln{i}.w"], weights[f"ln{i}.b"]) for i in (1, 2))
    attention = attend(norm(x, *ln1), weights)
    middle = x + attention
    post = norm(x + attend(x, weights), *ln1)
    mlp = bend(norm(middle, *ln2), weights)
    from_normed = norm(x, *ln1) + attention
    return {
        "normalise what the layer reads, not the stream": norm(post + bend(post, weights), *ln2),
        "attention's output is already in the stream when the MLP reads it": middle
        + bend(norm(x, *ln2), weights),
        "there are two norms: the MLP reads through ln2": middle
        + bend(norm(middle, *ln1), weights),
        "the skip carries x itself, not the normalised x": from_normed
        + bend(norm(from_normed, *ln2), weights),
        "the MLP adds to the stream, it does not replace it": mlp,
        "attention adds to the stream, it does not replace it": attention
        + bend(norm(attention, *ln2), weights),
        "attention reads through ln1": x
        + attend(x, weights)
        + bend(norm(x + attend(x, weights), *ln2), weights),
        "the MLP reads through ln2": middle + bend(middle, weights),
    }


BLOCK_SIZES = (
    {"d_model": 11, "n_heads": 2, "d_head": 7, "d_mlp": 5},
    {"d_model": 6, "n_heads": 3, "d_head": 4, "d_mlp": 9},
    {"d_model": 5, "n_heads": 1, "d_head": 3, "d_mlp": 8},
)


def block_weights(generator, sizes):
    model = hooked.build(n_layers=1, d_vocab=2, n_ctx=2, **sizes)
    prefix = "blocks.0."
    state = {
        name.removeprefix(prefix): t
        for name, t in model.state_dict().items()
        if name.startswith(prefix)
    }
    return randomised(generator, state)


def load(module, weights):
    """The learner's module in float64 with these weights."""
    module = module.double()
    module.load_state_dict(weights)
    return module


@pytest.mark.exercise("TransformerBlock")
class TestTransformerBlock:
    @pytest.mark.visible
    def test_two_positions_can_be_followed_by_hand(self, submission):
        block = submission.TransformerBlock(d_model=2, n_heads=2, d_head=1, d_mlp=1)
        weights = {name: torch.zeros_like(tensor) for name, tensor in block.state_dict().items()}
        weights |= {
            "ln1.w": torch.tensor([2.0, 1.0]),  # (1, 3) and (6, 2) are read as (-2, 2) and (2, 0)
            "ln1.b": torch.tensor([0.0, 1.0]),
            "attn.W_V": torch.tensor([[[1.0], [0.0]], [[0.0], [1.0]]]),  # values -2, 2 and 2, 0
            "attn.W_O": torch.tensor([[[1.0, 0.0]], [[0.0, 3.0]]]),  # means of the past, times 1, 3
            "ln2.w": torch.tensor([1.0, 1.0]),  # (-1, 9) and (6, 5) are read as (0, 1) and (2, -1)
            "ln2.b": torch.tensor([1.0, 0.0]),
            "mlp.W_in": torch.tensor([[1.0], [0.0]]),
            "mlp.W_out": torch.tensor([[1.0, -1.0]]),  # g(0) = 0 and g(2) = 1.9546
            "mlp.b_out": torch.tensor([10.0, 0.0]),
        }
        block.load_state_dict(weights)
        with submission.forbidding(*LIBRARY_LAYERS):
            got = block(torch.tensor([[[1.0, 3.0], [6.0, 2.0]]]))
        compare.close(
            got,
            torch.tensor([[[9.0, 9.0], [17.9546, 3.0454]]]),
            atol=1e-3,
            what="a block with two heads of width 1 and one hidden unit",
        )

    @pytest.mark.weight(3)
    def test_attention_and_mlp_read_through_norms_and_add_to_the_stream(
        self, submission, generator
    ):
        for sizes in BLOCK_SIZES:
            weights = block_weights(generator, sizes)
            x = draw(generator, 3, 4, sizes["d_model"])
            block = load(submission.TransformerBlock(**sizes), weights)
            with compare.unchanged(x=x), submission.forbidding(*LIBRARY_LAYERS):
                got = block(x)
            compare.close(
                got,
                expected_block(x, weights),
                rtol=1e-8,
                atol=1e-9,
                what="TransformerBlock with random gains and biases",
                hint="what does each layer read, and to what is its output added?",
                known=wrong_blocks(x, weights),
            )

    def test_a_block_that_writes_nothing_is_exactly_the_identity(self, submission, generator):
        for sizes in BLOCK_SIZES:
            weights = block_weights(generator, sizes)
            for name in ("attn.W_O", "attn.b_O", "mlp.W_out", "mlp.b_out"):
                weights[name] = torch.zeros_like(weights[name])
            x = draw(generator, 2, 5, sizes["d_model"])
            got = load(submission.TransformerBlock(**sizes), weights)(x)
            compare.equal(
                got,
                x,
                what="a block whose output weights are 0",
                hint="the skip carries x itself, not the normalised x",
            )

    def test_each_layer_adds_its_own_term_when_the_other_writes_nothing(
        self, submission, generator
    ):
        silent = {"attn": ("attn.W_O", "attn.b_O"), "mlp": ("mlp.W_out", "mlp.b_out")}
        for sizes in BLOCK_SIZES:
            x = draw(generator, 2, 4, sizes["d_model"])
            for layer, names in silent.items():
                weights = block_weights(generator, sizes)
                weights |= {name: torch.zeros_like(weights[name]) for name in names}
                compare.close(
                    load(submission.TransformerBlock(**sizes), weights)(x),
                    expected_block(x, weights),
                    rtol=1e-8,
                    atol=1e-9,
                    what=f"a block whose {layer} writes nothing",
                    hint="the two layers add to the stream independently of each other",
                )

    def test_the_stream_is_not_changed_in_place(self, submission, generator):
        for sizes in BLOCK_SIZES:
            block = load(submission.TransformerBlock(**sizes), block_weights(generator, sizes))
            x = draw(generator, 1, 3, sizes["d_model"])
            with compare.unchanged(resid=x):
                first = block(x)
            compare.equal(block(x), first, what="a second call on the same input")

    def test_gradients_reach_the_input_and_every_parameter(self, submission, generator):
        gradients_of = submission.public("firsthand.kit.rng:parameter_gradients")
        for sizes in BLOCK_SIZES:
            weights = block_weights(generator, sizes)
            leaves = {name: tensor.clone().requires_grad_() for name, tensor in weights.items()}
            x = draw(generator, 2, 3, sizes["d_model"]).requires_grad_()
            cotangent = draw(generator, 2, 3, sizes["d_model"])
            expected = expected_block(x, leaves)
            wanted = torch.autograd.grad(
                (expected * cotangent).sum(), list(leaves.values()), retain_graph=True
            )
            block = load(submission.TransformerBlock(**sizes), weights)
            compare.gradient(
                block(x),
                expected,
                {"x": x},
                cotangent=cotangent,
                rtol=1e-7,
                atol=1e-8,
                what="TransformerBlock",
            )
            found = gradients_of(block, [x.detach()], cotangent)
            for name, want in zip(leaves, wanted, strict=True):
                # b_K moves all scores of a row alike, which softmax ignores.
                got = (
                    torch.zeros_like(want)
                    if name == "attn.b_K" and found.get(name) is None
                    else found.get(name)
                )
                compare.close(
                    got,
                    want,
                    rtol=1e-7,
                    atol=1e-8,
                    what=f"the gradient of the block with respect to {name}",
                    hint="gradients must flow: no detach, item or numpy in the forward path",
                )
