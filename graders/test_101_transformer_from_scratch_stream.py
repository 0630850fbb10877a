"""Graders of 101, embedding, norm, MLP. Oracles: Python loops; torch's operations for gradients."""

import math

import pytest
import torch
import torch.nn.functional as F

from firsthand import compare

KEEP_DTYPE = "keep the dtype of the input, compute in float64 if given float64"
LIBRARY_NORM = (
    "torch.nn.functional.layer_norm",
    "torch.layer_norm",
    "torch.group_norm",
    "torch.instance_norm",
    "torch.batch_norm",
    "torch.rms_norm",
    "torch._fused_rms_norm",
    "torch._batch_norm_impl_index",
    "torch._native_batch_norm_legit",
)
LIBRARY_GELU = ("torch.nn.functional.gelu",)


def draw(generator, *shape):
    """N(0, 1) draws in float64."""
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def integer(generator, low, high):
    """An integer from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=generator))


def check_dtype(got, dtype, what):
    """Fail unless the result is a tensor of this dtype."""
    if not isinstance(got, torch.Tensor) or got.dtype != dtype:
        compare.fail(
            f"{what} came back as {compare.type_name(got)}; {dtype} is expected.", hint=KEEP_DTYPE
        )


def leaves(**tensors):
    """The same tensors, asking for gradients."""
    return {name: tensor.clone().requires_grad_() for name, tensor in tensors.items()}


def looped_embed(tokens, W_E, W_pos):
    rows = [
        [[W_E[t][k] + W_pos[i][k] for k in range(W_E.shape[1])] for i, t in enumerate(row)]
        for row in tokens.tolist()
    ]
    return torch.tensor(rows, dtype=torch.float64)


def draw_embedding(generator, *, batch, positions, context):
    tokens = torch.randint(7, (batch, positions), generator=generator)
    return tokens, draw(generator, 7, 5), draw(generator, context, 5)


@pytest.mark.exercise("embed")
class TestEmbed:
    @pytest.mark.visible
    def test_the_worked_example_adds_token_and_position(self, submission):
        W_E = torch.tensor([[1.0, 0.0], [0.0, 2.0], [5.0, 5.0]])
        W_pos = torch.tensor([[10.0, 10.0], [20.0, 20.0], [30.0, 30.0]])
        got = submission.embed(torch.tensor([[2, 0]]), W_E, W_pos)
        compare.close(
            got, torch.tensor([[[15.0, 15.0], [21.0, 20.0]]]), what="embed on the worked example"
        )

    @pytest.mark.weight(2)
    def test_positions_count_from_zero_in_every_row_of_the_batch(self, submission, generator):
        for batch, positions, context in ((3, 4, 9), (2, 6, 8), (4, 2, 4)):
            tokens, W_E, W_pos = draw_embedding(
                generator, batch=batch, positions=positions, context=context
            )
            tokens[0, 0] = 6  # more tokens than positions: in the last case 6 is beyond W_pos
            with compare.unchanged(tokens=tokens, W_E=W_E, W_pos=W_pos):
                got = submission.embed(tokens, W_E, W_pos)
            running = torch.arange(batch * positions).reshape(batch, positions) % context
            compare.close(
                got,
                looped_embed(tokens, W_E, W_pos),
                what="embed",
                hint="which row of W_pos belongs to the token at index i?",
                known={
                    "positions are 0, 1, 2, ..., whatever the tokens are": W_E[tokens]
                    + W_pos[tokens.clamp(max=context - 1)],
                    "a token is a row of W_E, however short W_pos is": W_E[
                        tokens.clamp(max=context - 1)
                    ]
                    + W_pos[:positions],
                    "the first token has position 0": W_E[tokens] + W_pos[-positions:],
                    "every row starts at 0": W_E[tokens] + W_pos[running],
                    "GPT-2 does not scale; only the 2017 paper does": W_E[tokens] * math.sqrt(5)
                    + W_pos[:positions],
                    "the position vector is missing": W_E[tokens],
                },
            )

    def test_every_position_of_the_context_is_usable_and_one_token_is_enough(
        self, submission, generator
    ):
        for batch, positions in ((2, 9), (1, 1), (1, 9)):
            tokens, W_E, W_pos = draw_embedding(
                generator, batch=batch, positions=positions, context=9
            )
            cut = W_E[tokens] + W_pos[torch.arange(positions).clamp(max=7)]
            compare.close(
                submission.embed(tokens, W_E, W_pos),
                looped_embed(tokens, W_E, W_pos),
                what=f"embed with {positions} of 9 positions",
                hint="try length 1 by hand, and length c",
                known={"the last row of W_pos is usable": cut},
            )

    def test_gradients_count_repeated_tokens(self, submission, generator):
        for _ in range(3):
            tokens, W_E, W_pos = draw_embedding(generator, batch=4, positions=5, context=8)
            inputs = leaves(W_E=W_E, W_pos=W_pos)
            got = submission.embed(tokens, inputs["W_E"], inputs["W_pos"])
            expected = F.embedding(tokens, inputs["W_E"]) + inputs["W_pos"].narrow(0, 0, 5)
            compare.gradient(
                got, expected, inputs, cotangent=draw(generator, 4, 5, 5), what="embed"
            )

    def test_the_dtype_of_the_tables_is_kept(self, submission, generator):
        tokens, W_E, W_pos = draw_embedding(generator, batch=2, positions=3, context=4)
        for dtype in (torch.float32, torch.float64):
            check_dtype(
                submission.embed(tokens, W_E.to(dtype), W_pos.to(dtype)),
                dtype,
                f"embed of {dtype} tables",
            )


def looped_norm(x, w, b, eps):
    """Layer norm of [b p d], number by number."""
    out = torch.empty_like(x)
    for row, place in torch.cartesian_prod(
        torch.arange(x.shape[0]), torch.arange(x.shape[1])
    ).tolist():
        values = x[row, place].tolist()
        mean = math.fsum(values) / len(values)
        root = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values) + eps)
        for k, value in enumerate(values):
            out[row, place, k] = (value - mean) / root * w[k] + b[k]
    return out


def wrong_norms(x, w, b, eps):
    """What known mistakes give, by hint."""
    centred = x - x.mean(-1, keepdim=True)
    variance = centred.pow(2).mean(-1, keepdim=True)
    right = centred / (variance + eps).sqrt()
    across = x - x.mean(1, keepdim=True)
    return {
        "divide by d, not d-1": centred / (x.var(-1, keepdim=True) + eps).sqrt() * w + b,
        "sqrt(var + eps): eps belongs inside the root": centred / (variance.sqrt() + eps) * w + b,
        "the gain w is learned: multiply by it": right + b,
        "the bias b is learned: add it": right * w,
        "the gain and bias are learned: use both": right,
        "each position is normalised on its own": across
        / (across.pow(2).mean(1, keepdim=True) + eps).sqrt()
        * w
        + b,
        "divide by the standard deviation, not by the variance": centred / (variance + eps) * w + b,
        "eps is an argument: use the one you are given": centred / (variance + 1e-5).sqrt() * w + b,
        "subtract the mean before you divide": x / (variance + eps).sqrt() * w + b,
    }


@pytest.mark.exercise("layer_norm")
class TestLayerNorm:
    @pytest.mark.visible
    def test_the_worked_example_has_variance_one_and_epsilon_three(self, submission):
        w, b = torch.tensor([2.0, 4.0]), torch.tensor([0.0, 1.0])
        with submission.forbidding(*LIBRARY_NORM):
            got = submission.layer_norm(torch.tensor([[[1.0, 3.0]]]), w, b, 3.0)
        compare.close(
            got,
            torch.tensor([[[-1.0, 3.0]]]),
            what="layer_norm on the worked example",
            known={"divide by d, not d-1": torch.tensor([[[-0.894427, 2.788854]]])},
        )

    @pytest.mark.weight(2)
    def test_it_is_right_for_any_gain_bias_and_epsilon(self, submission, generator):
        for shape, eps in (((3, 5, 4), 0.1), ((2, 4, 7), 1e-3), ((4, 3, 3), 0.5)):
            x, w, b = draw(generator, *shape), draw(generator, shape[2]), draw(generator, shape[2])
            with compare.unchanged(x=x, w=w, b=b), submission.forbidding(*LIBRARY_NORM):
                got = submission.layer_norm(x, w, b, eps)
            compare.close(
                got,
                looped_norm(x, w, b, eps),
                rtol=1e-9,
                atol=1e-10,
                what="layer_norm with random gain, bias and eps",
                hint="factor by factor: mean, biased variance, eps, root, gain, bias",
                known=wrong_norms(x, w, b, eps),
            )

    def test_a_constant_vector_becomes_the_bias_and_scale_does_not_matter(
        self, submission, generator
    ):
        for scale in (1e-4, 1.0, 1e4):
            x, w, b = draw(generator, 2, 3, 6) * scale, draw(generator, 6), draw(generator, 6)
            x[0, 1] = 3.0 * scale
            with submission.forbidding(*LIBRARY_NORM):
                got = submission.layer_norm(x, w, b, 1e-5)
            compare.close(
                got,
                looped_norm(x, w, b, 1e-5),
                rtol=1e-8,
                atol=1e-9,
                what=f"layer_norm of inputs of size {scale:g}, one of them constant",
                hint="eps keeps a constant vector from dividing by zero",
                known=wrong_norms(x, w, b, 1e-5),
            )

    def test_gradients_go_through_the_statistics_too(self, submission, generator):
        for shape, eps in (((2, 3, 5), 0.1), ((3, 2, 4), 1e-5), ((1, 1, 6), 0.3)):
            inputs = leaves(
                x=draw(generator, *shape), w=draw(generator, shape[2]), b=draw(generator, shape[2])
            )
            with submission.forbidding(*LIBRARY_NORM):
                got = submission.layer_norm(*inputs.values(), eps)
            expected = F.layer_norm(inputs["x"], shape[2:], inputs["w"], inputs["b"], eps)
            compare.gradient(
                got,
                expected,
                inputs,
                cotangent=draw(generator, *shape),
                rtol=1e-7,
                what="layer_norm",
            )

    def test_the_dtype_of_the_input_is_kept(self, submission, generator):
        for dtype in (torch.float32, torch.float64):
            x, w, b = (draw(generator, *shape).to(dtype) for shape in ((2, 3, 4), (4,), (4,)))
            with submission.forbidding(*LIBRARY_NORM):
                check_dtype(submission.layer_norm(x, w, b, 1e-3), dtype, f"layer_norm of {dtype}")


def looped_mlp(x, W_in, b_in, W_out, b_out):
    """The MLP of [b p d], number by number, with the tanh GELU."""
    rows = []
    for vector in x.reshape(-1, x.shape[-1]).tolist():
        pre = [
            b_in[f].item() + math.fsum(v * W_in[k, f].item() for k, v in enumerate(vector))
            for f in range(len(b_in))
        ]
        bent = [
            0.5 * a * (1 + math.tanh(math.sqrt(2 / math.pi) * (a + 0.044715 * a**3))) for a in pre
        ]
        rows.append(
            [
                b_out[k].item() + math.fsum(a * W_out[f, k].item() for f, a in enumerate(bent))
                for k in range(len(b_out))
            ]
        )
    return torch.tensor(rows, dtype=torch.float64).reshape(*x.shape[:2], -1)


def wrong_mlps(x, W_in, b_in, W_out, b_out):
    """What known mistakes give, by hint."""
    pre = x @ W_in + b_in
    bent = F.gelu(pre, approximate="tanh")
    cube_of_all = 0.5 * pre * (1 + torch.tanh(math.sqrt(2 / math.pi) * (pre + 0.044715 * pre) ** 3))
    return {
        "GPT-2 uses the tanh form of GELU, not the exact one": F.gelu(pre) @ W_out + b_out,
        "this is ReLU; GPT-2 uses the tanh form of GELU": pre.relu() @ W_out + b_out,
        "x * sigmoid(1.702 x) is close, but the checkpoint was trained with tanh": pre
        * torch.sigmoid(1.702 * pre)
        @ W_out
        + b_out,
        "b_in is missing": F.gelu(x @ W_in, approximate="tanh") @ W_out + b_out,
        "b_out is missing": bent @ W_out,
        "nothing bends the output: GELU stands between the two maps": F.gelu(
            bent @ W_out + b_out, approximate="tanh"
        ),
        "the cube is of x alone: x + 0.044715 x^3": cube_of_all @ W_out + b_out,
        "the factor 1/2 is missing": 2 * bent @ W_out + b_out,
    }


def draw_mlp(generator, *, batch, positions, d_model, d_mlp):
    shapes = {
        "x": (batch, positions, d_model),
        "W_in": (d_model, d_mlp),
        "b_in": (d_mlp,),
        "W_out": (d_mlp, d_model),
    }
    return {name: draw(generator, *shape) for name, shape in shapes.items()} | {
        "b_out": draw(generator, d_model)
    }


@pytest.mark.exercise("gelu_mlp")
class TestGeluMlp:
    @pytest.mark.visible
    def test_the_worked_example_is_two_times_gelu_of_one_plus_three(self, submission):
        one = torch.ones(1, 1)
        with submission.forbidding(*LIBRARY_GELU):
            got = submission.gelu_mlp(one[None], one, torch.zeros(1), 2 * one, 3 * torch.ones(1))
        compare.close(
            got, torch.tensor([[[4.682384]]]), rtol=1e-5, what="gelu_mlp on the worked example"
        )

    @pytest.mark.weight(2)
    def test_it_is_linear_tanh_gelu_linear_with_both_biases(self, submission, generator):
        for sizes in ((3, 5, 4, 7), (2, 1, 6, 3), (1, 4, 2, 5)):
            given = draw_mlp(
                generator,
                **dict(zip(("batch", "positions", "d_model", "d_mlp"), sizes, strict=True)),
            )
            with compare.unchanged(**given), submission.forbidding(*LIBRARY_GELU):
                got = submission.gelu_mlp(*given.values())
            compare.close(
                got,
                looped_mlp(**given),
                rtol=1e-9,
                atol=1e-10,
                what="gelu_mlp",
                hint="go through the formula term by term, in float64",
                known=wrong_mlps(**given),
            )

    def test_large_inputs_pass_or_vanish(self, submission, generator):
        given = draw_mlp(generator, batch=2, positions=3, d_model=4, d_mlp=5)
        for scale in (1.0, 6.0, 20.0):
            given["x"] = draw(generator, 2, 3, 4) * scale
            with submission.forbidding(*LIBRARY_GELU):
                got = submission.gelu_mlp(*given.values())
            compare.close(
                got,
                looped_mlp(**given),
                rtol=1e-9,
                atol=1e-9,
                what=f"gelu_mlp of inputs of size {scale:g}",
            )

    def test_each_position_is_treated_alone(self, submission, generator):
        for _ in range(3):
            given = draw_mlp(generator, batch=3, positions=5, d_model=4, d_mlp=6)
            with submission.forbidding(*LIBRARY_GELU):
                before = submission.gelu_mlp(*given.values())
                place = integer(generator, 0, 4)
                given["x"][1, place] += 1.0
                after = submission.gelu_mlp(*given.values())
            compare.shape(after, (3, 5, 4), what="gelu_mlp")
            after[1, place] = before[1, place]
            compare.close(
                after,
                before,
                what="gelu_mlp at the positions that did not change",
                hint="each position alone",
            )

    def test_gradients_reach_every_argument(self, submission, generator):
        for _ in range(3):
            inputs = leaves(**draw_mlp(generator, batch=2, positions=3, d_model=4, d_mlp=5))
            with submission.forbidding(*LIBRARY_GELU):
                got = submission.gelu_mlp(*inputs.values())
            x, W_in, b_in, W_out, b_out = inputs.values()
            expected = F.linear(
                F.gelu(F.linear(x, W_in.T, b_in), approximate="tanh"), W_out.T, b_out
            )
            compare.gradient(
                got,
                expected,
                inputs,
                cotangent=draw(generator, 2, 3, 4),
                rtol=1e-7,
                what="gelu_mlp",
            )

    def test_the_dtype_of_the_input_is_kept(self, submission, generator):
        for dtype in (torch.float32, torch.float64):
            given = draw_mlp(generator, batch=2, positions=3, d_model=4, d_mlp=5)
            with submission.forbidding(*LIBRARY_GELU):
                got = submission.gelu_mlp(*(tensor.to(dtype) for tensor in given.values()))
            check_dtype(got, dtype, f"gelu_mlp of {dtype}")
