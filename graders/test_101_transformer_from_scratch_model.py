"""Graders of 101, the model. Oracle: the kit's reference model with the same weights."""

import pytest
import torch

from firsthand import compare
from firsthand.kit import checkpoints, hooked

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


def load(module, weights):
    """The learner's module in float64 with these weights."""
    module = module.double()
    module.load_state_dict(weights)
    return module


MODEL_SIZES = (
    {"n_layers": 0, "d_model": 6, "n_heads": 1, "d_head": 3, "d_mlp": 4, "d_vocab": 9, "n_ctx": 7},
    {
        "n_layers": 1,
        "d_model": 7,
        "n_heads": 2,
        "d_head": 5,
        "d_mlp": 10,
        "d_vocab": 13,
        "n_ctx": 6,
    },
    {"n_layers": 3, "d_model": 8, "n_heads": 3, "d_head": 2, "d_mlp": 5, "d_vocab": 11, "n_ctx": 9},
)


def reference(sizes, weights):
    """The kit's model in float64 with these weights."""
    model = hooked.build(**sizes).double()
    model.load_state_dict(weights)
    return model


def logits_of(sizes, weights, tokens):
    with torch.no_grad():
        return reference(sizes, weights)(tokens)


def reordered(weights, order):
    """The weights with block i replaced by block order[i]."""
    moved = {}
    for name in weights:
        parts = name.split(".")
        source = (
            ".".join(["blocks", str(order[int(parts[1])]), *parts[2:]])
            if parts[0] == "blocks"
            else name
        )
        moved[name] = weights[source]
    return moved


def wrong_logits(sizes, weights, tokens):
    """What known mistakes give, by hint."""
    n, d = sizes["n_layers"], sizes["d_model"]
    model = reference(sizes, weights)
    with torch.no_grad():
        final = (
            model.run_with_cache(tokens)[1][f"blocks.{n - 1}.hook_resid_post"]
            if n
            else model.embed.W_E[tokens]
        )
    if not n:
        final = final + weights["pos_embed.W_pos"][: tokens.shape[1]]
    W_U, b_U = weights["unembed.W_U"], weights["unembed.b_U"]
    plain = {"ln_final.w": torch.ones(d).double(), "ln_final.b": torch.zeros(d).double()}
    return {
        "GPT-2 has one more norm than the blocks need": final @ W_U + b_U,
        "this checkpoint is not tied: W_U is its own": logits_of(
            sizes, weights | {"unembed.W_U": weights["embed.W_E"].T}, tokens
        ),
        "b_U is missing": logits_of(
            sizes, weights | {"unembed.b_U": torch.zeros_like(b_U)}, tokens
        ),
        "every block has parameters of its own": logits_of(
            sizes, reordered(weights, [0] * n), tokens
        ),
        "return logits: no softmax at the end": logits_of(sizes, weights, tokens).softmax(-1),
        "return logits: no log_softmax at the end": logits_of(sizes, weights, tokens).log_softmax(
            -1
        ),
        "the first block reads the embedding: the order is reversed": logits_of(
            sizes, reordered(weights, list(range(n))[::-1]), tokens
        ),
        "the final norm has a gain and a bias": logits_of(sizes, weights | plain, tokens),
        "the positions are missing": logits_of(
            sizes,
            weights | {"pos_embed.W_pos": torch.zeros_like(weights["pos_embed.W_pos"])},
            tokens,
        ),
    }


@pytest.mark.exercise("Transformer")
class TestTransformer:
    @pytest.mark.visible
    def test_two_tokens_can_be_followed_by_hand(self, submission):
        model = submission.Transformer(
            n_layers=1, d_model=2, n_heads=2, d_head=1, d_mlp=1, d_vocab=3, n_ctx=4
        )
        weights = {name: torch.zeros_like(tensor) for name, tensor in model.state_dict().items()}
        weights |= {
            "embed.W_E": torch.tensor([[0.0, 1.0], [9.0, 9.0], [2.0, 2.0]]),
            "pos_embed.W_pos": torch.tensor([[1.0, 2.0], [4.0, 0.0], [9.0, 9.0], [9.0, 9.0]]),
            "blocks.0.mlp.b_out": torch.tensor([-3.0, 3.0]),  # (1, 3), (6, 2) -> (-2, 6), (3, 5)
            "blocks.0.attn.b_O": torch.tensor([5.0, 0.0]),  # -> (3, 6), (8, 5)
            "ln_final.w": torch.tensor([2.0, 3.0]),  # read as (-1, 1), (1, -1), times (2, 3)
            "ln_final.b": torch.tensor([0.5, 0.0]),  # -> (-1.5, 3), (2.5, -3)
            "unembed.W_U": torch.tensor([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]]),
            "unembed.b_U": torch.tensor([0.0, 10.0, 0.0]),
        }
        model.load_state_dict(weights)
        with submission.forbidding(*LIBRARY_LAYERS):
            got = model(torch.tensor([[0, 2]]))
        compare.close(
            got,
            torch.tensor([[[-1.5, 13.0, 0.0], [2.5, 7.0, 2.0]]]),
            atol=1e-3,
            what="the logits of two tokens",
            known={
                "GPT-2 has one more norm than the blocks need": torch.tensor(
                    [[[3.0, 16.0, 12.0], [8.0, 15.0, 21.0]]]
                ),
                "b_U is missing": torch.tensor([[[-1.5, 3.0, 0.0], [2.5, -3.0, 2.0]]]),
                "the final norm has a gain and a bias": torch.tensor(
                    [[[-1.0, 11.0, -1.0], [1.0, 9.0, 1.0]]]
                ),
            },
        )

    @pytest.mark.weight(3)
    def test_logits_equal_those_of_the_reference_model_for_any_sizes(self, submission, generator):
        for sizes in MODEL_SIZES:
            weights = randomised(generator, hooked.build(**sizes).state_dict())
            tokens = torch.randint(sizes["d_vocab"], (3, 5), generator=generator)
            model = load(submission.Transformer(**sizes), weights)
            with compare.unchanged(tokens=tokens), submission.forbidding(*LIBRARY_LAYERS):
                got = model(tokens)
            compare.close(
                got,
                logits_of(sizes, weights, tokens),
                rtol=1e-7,
                atol=1e-8,
                what=f"the logits of a random model with {sizes['n_layers']} layers",
                hint="follow the stream: embedding, blocks in order, final norm, W_U, b_U",
                known=wrong_logits(sizes, weights, tokens),
            )

    @pytest.mark.weight(2)
    def test_the_shipped_checkpoint_gives_its_own_logits(self, submission, generator):
        shipped = checkpoints.load("char_2l")
        size = shipped.config["d_vocab"]
        tokens = torch.randint(size, (3, 24), generator=generator)
        model = submission.Transformer(**shipped.config)
        model.load_state_dict(shipped.state_dict)
        wide = {name: tensor.double() for name, tensor in shipped.state_dict.items()}
        expected = logits_of(shipped.config, wide, tokens)
        with submission.forbidding(*LIBRARY_LAYERS):
            narrow_logits = model(tokens)
            wide_logits = model.double()(tokens)
        compare.close(
            narrow_logits, expected, rtol=1e-4, atol=1e-4, what="the checkpoint's logits in float32"
        )
        compare.close(
            wide_logits, expected, rtol=1e-9, atol=1e-9, what="the checkpoint's logits in float64"
        )

    def test_any_number_of_tokens_up_to_the_context_is_allowed(self, submission, generator):
        for sizes in MODEL_SIZES:
            weights = randomised(generator, hooked.build(**sizes).state_dict())
            model = load(submission.Transformer(**sizes), weights)
            for shape in ((1, 1), (2, sizes["n_ctx"])):
                tokens = torch.randint(sizes["d_vocab"], shape, generator=generator)
                expected = logits_of(sizes, weights, tokens)
                compare.close(
                    model(tokens),
                    expected,
                    rtol=1e-7,
                    atol=1e-8,
                    what=f"the logits of tokens {list(shape)}",
                )

    def test_later_tokens_do_not_move_earlier_logits(self, submission, generator):
        for sizes in MODEL_SIZES:
            model = load(
                submission.Transformer(**sizes),
                randomised(generator, hooked.build(**sizes).state_dict()),
            )
            tokens = torch.randint(sizes["d_vocab"], (2, 6), generator=generator)
            place = int(torch.randint(1, 6, (), generator=generator))
            changed = tokens.clone()
            changed[:, place] = (changed[:, place] + 1) % sizes["d_vocab"]
            before, after = model(tokens)[:, :place], model(changed)[:, :place]
            compare.close(after, before, atol=1e-9, what="the logits before a changed token")

    def test_gradients_reach_every_parameter(self, submission, generator):
        gradients_of = submission.public("firsthand.kit.rng:parameter_gradients")
        for sizes in MODEL_SIZES:
            weights = randomised(generator, hooked.build(**sizes).state_dict())
            tokens = torch.randint(sizes["d_vocab"], (2, 4), generator=generator)
            cotangent = draw(generator, 2, 4, sizes["d_vocab"])
            model = reference(sizes, weights)
            named = dict(model.named_parameters())
            wanted = torch.autograd.grad((model(tokens) * cotangent).sum(), list(named.values()))
            found = gradients_of(
                load(submission.Transformer(**sizes), weights), [tokens], cotangent
            )
            for name, want in zip(named, wanted, strict=True):
                got = (
                    torch.zeros_like(want)
                    if name.endswith("b_K") and found.get(name) is None
                    else found.get(name)
                )
                compare.close(
                    got,
                    want,
                    rtol=1e-6,
                    atol=1e-7,
                    what=f"the gradient of the logits with respect to {name}",
                    hint="gradients must flow: no detach, item or numpy in the forward path",
                )
