"""Graders of 101, the loss. Oracles: math.log in a loop, and the closed form of the gradient."""

import math

import pytest
import torch
import torch.nn.functional as F

from firsthand import compare

LIBRARY_LOSS = (
    "torch.nn.functional.cross_entropy",
    "torch.nn.functional.nll_loss",
    "torch.ops.aten.cross_entropy_loss",
    "torch.ops.aten.nll_loss_nd",
    "torch.ops.aten.nll_loss2d",
    "torch.ops.aten.nll_loss_forward",
    "torch.ops.aten.nll_loss2d_forward",
    "firsthand.kit.hooked.token_loss",
)


def draw(generator, *shape):
    """N(0, 1) draws in float64."""
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def looped_loss(logits, tokens):
    """Surprise of each next token, number by number."""
    out = torch.empty(tokens.shape[0], tokens.shape[1] - 1, dtype=torch.float64)
    for row, i in torch.cartesian_prod(
        torch.arange(out.shape[0]), torch.arange(out.shape[1])
    ).tolist():
        values = logits[row, i].tolist()
        top = max(values)
        total = top + math.log(math.fsum(math.exp(value - top) for value in values))
        out[row, i] = total - values[tokens[row, i + 1]]
    return out


def wrong_losses(logits, tokens):
    """What known mistakes give, by hint."""
    logp = logits.log_softmax(-1)

    def picked(log_probability, labels):
        return -log_probability.gather(-1, labels[..., None])[..., 0]

    right = picked(logp[:, :-1], tokens[:, 1:])
    return {
        "position i predicts token i+1: shift by one": picked(logp, tokens)[:, :-1],
        "position i predicts token i+1: your labels belong to the last p-1 positions": picked(
            logp, tokens
        )[:, 1:],
        "you shifted the other way: position i predicts token i+1": picked(
            logp[:, 1:], tokens[:, :-1]
        ),
        "gather at the token that came, not at token 0": -logp[:, :-1, 0],
        "nats: use the natural logarithm": right / math.log(2),
        "a loss is minus the log-probability: mind the sign": -right,
        "per token: the shape is [b, p-1], without a mean": right.mean(),
        "surprise is minus the log of the probability, not of the logit": -logits[:, :-1].gather(
            -1, tokens[:, 1:, None]
        )[..., 0],
    }


@pytest.mark.exercise("per_token_loss")
class TestPerTokenLoss:
    @pytest.mark.visible
    def test_two_tokens_of_probability_a_tenth_and_a_quarter(self, submission):
        logits = torch.tensor([[[0.9, 0.1], [0.25, 0.75], [0.5, 0.5]]]).log()
        with submission.forbidding(*LIBRARY_LOSS):
            got = submission.per_token_loss(logits, torch.tensor([[0, 1, 0]]))
        compare.close(
            got,
            torch.tensor([[2.302585, 1.386294]]),
            what="per_token_loss: ln 10 and ln 4",
            known={
                "position i predicts token i+1: shift by one": torch.tensor([[0.105361, 0.287682]]),
                "a loss is minus the log-probability: mind the sign": torch.tensor(
                    [[-2.302585, -1.386294]]
                ),
                "nats: use the natural logarithm": torch.tensor([[3.321928, 2.0]]),
            },
        )

    @pytest.mark.weight(3)
    def test_each_position_is_charged_for_the_token_after_it(self, submission, generator):
        for batch, positions, size in ((3, 5, 7), (2, 2, 4), (1, 8, 3)):
            logits = 2 * draw(generator, batch, positions, size)
            tokens = torch.randint(1, size, (batch, positions), generator=generator)
            with (
                compare.unchanged(logits=logits, tokens=tokens),
                submission.forbidding(*LIBRARY_LOSS),
            ):
                got = submission.per_token_loss(logits, tokens)
            compare.close(
                got,
                looped_loss(logits, tokens),
                rtol=1e-9,
                atol=1e-10,
                what="per_token_loss",
                hint="which logits predict token 1, and which token do they meet?",
                known=wrong_losses(logits, tokens),
            )

    def test_huge_logits_and_impossible_tokens_stay_exact(self, submission, generator):
        for scale in (1e3, 1e4, 1.0):
            logits = scale * draw(generator, 2, 4, 5)
            tokens = torch.randint(4, (2, 4), generator=generator)
            tokens[1, 2] = 4  # what came was impossible: an infinite surprise
            logits[:, :, 4] = -torch.inf
            with submission.forbidding(*LIBRARY_LOSS):
                got = submission.per_token_loss(logits, tokens)
            compare.close(
                got,
                looped_loss(logits, tokens),
                rtol=1e-9,
                atol=1e-9,
                what=f"per_token_loss of logits of size {scale:g}",
                hint="log of softmax underflows: log_softmax does not, and nothing needs a cap",
            )

    def test_the_gradient_is_probability_minus_one_hot(self, submission, generator):
        for batch, positions, size in ((2, 4, 5), (1, 3, 6), (3, 2, 3)):
            logits = draw(generator, batch, positions, size).requires_grad_()
            tokens = torch.randint(size, (batch, positions), generator=generator)
            with submission.forbidding(*LIBRARY_LOSS):
                got = submission.per_token_loss(logits, tokens)
            compare.shape(got, (batch, positions - 1), what="per_token_loss")
            if not got.requires_grad:
                compare.fail(
                    "per_token_loss is cut from the graph.",
                    hint="gradients must flow: no detach, item or numpy",
                )
            (found,) = torch.autograd.grad(got.sum(), logits)
            expected = logits.detach().softmax(-1) - F.one_hot(tokens.roll(-1, 1), size)
            expected[:, -1] = 0
            compare.close(
                found, expected, rtol=1e-8, atol=1e-10, what="the gradient of the summed loss"
            )

    def test_the_dtype_of_the_logits_is_kept(self, submission, generator):
        for dtype in (torch.float32, torch.float64):
            got = submission.per_token_loss(
                draw(generator, 2, 3, 4).to(dtype), torch.tensor([[0, 1, 2], [3, 2, 1]])
            )
            if got.dtype != dtype:
                compare.fail(
                    f"per_token_loss of {dtype} logits came back as {got.dtype}.",
                    hint="keep the dtype of the input",
                )
