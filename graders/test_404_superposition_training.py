"""Graders of 404, part 2: training.

Oracle: Adam written out from its formulas, on a model written as sums over features. The test
deals out the batches itself, so that a few updates decide everything.
"""

import math

import pytest
import torch

from firsthand import compare
from firsthand.kit import superposition

CONSTANT = "set the learning rate before every update: 0.005 * (1 + cos(pi t / steps))"


def cosine(t, steps):
    """The learning rate of update t."""
    return 0.005 * (1 + math.cos(math.pi * t / steps))


def loss_of(W, b, x, importance, relu):
    """Sum over instances of the mean weighted error."""
    total = 0
    for i in range(len(W)):
        back = (x[i] @ W[i].T) @ W[i] + b[i]
        back = back.clamp(min=0) if relu else back
        total = total + ((x[i] - back) ** 2 * importance[i]).sum(1).mean()
    return total


def written_out(batches, W, b, importance, relu=True, *, rate=cosine, decay=0.0, pile=False):
    """W and b after one Adam update for each batch; the keywords are known mistakes."""
    parameters = [W.double(), b.double()]
    before = [torch.zeros_like(p) for p in parameters]
    moments = [[torch.zeros_like(p), torch.zeros_like(p)] for p in parameters]
    for t, x in enumerate(batches):
        leaves = [p.detach().requires_grad_() for p in parameters]
        loss = loss_of(*leaves, x.double(), importance.double(), relu)
        gradients = torch.autograd.grad(loss, leaves)
        if pile:
            before = gradients = [a + g for a, g in zip(before, gradients, strict=True)]
        for k, gradient in enumerate(gradients):
            first, second = moments[k]
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient**2
            moments[k] = [first, second]
            step = first / (1 - 0.9 ** (t + 1)) / ((second / (1 - 0.999 ** (t + 1))).sqrt() + 1e-8)
            eta = rate(t, len(batches))
            parameters[k] = parameters[k] * (1 - eta * decay) - eta * step
    return tuple(p.float() for p in parameters)


def updates(steps):
    """A number of updates in words."""
    return "1 update" if steps == 1 else f"{steps} updates"


def trained(submission, *arguments, **options):
    """W and b as train_toys returned them; anything but two tensors is refused."""
    got = submission.train_toys(*arguments, **options)
    pair = isinstance(got, (tuple, list)) and len(got) == 2
    if not pair or not all(isinstance(tensor, torch.Tensor) for tensor in got):
        compare.fail(f"train_toys returned {type(got).__name__}; two tensors are expected.",
                     hint="return W and b, detached, in this order")  # fmt: skip
    return tuple(got)


class Dealer:
    """Hands out prepared batches, and counts how often it was asked."""

    def __init__(self, batches):
        self.batches, self.calls = batches, 0

    def draw(self, generator):
        self.calls += 1
        return self.batches[min(self.calls, len(self.batches)) - 1].clone()


def features(generator, instances, batch, n, count):
    """Batches of features at density 0.7."""
    shape = (instances, batch, n)
    return [
        torch.rand(shape, generator=generator) * (torch.rand(shape, generator=generator) < 0.7)
        for _ in range(count)
    ]


@pytest.mark.exercise("train_toys")
class TestTrainToys:
    @pytest.mark.visible
    def test_one_feature_that_is_always_one_half_comes_back(self, submission):
        def always(generator):
            return torch.full((1, 8, 1), 0.5)

        W, b = trained(submission, always, torch.ones(1, 1), 1, 300, 0)
        compare.shape(W, (1, 1, 1), what="W")
        compare.shape(b, (1, 1), what="b")
        back = W[0, 0, 0] ** 2 * 0.5 + b[0, 0]
        compare.between(back.item(), 0.49, 0.51, what="the output for the feature 0.5",
                        hint="rate, features, loss, zero_grad, backward, step")  # fmt: skip

    @pytest.mark.weight(4)
    def test_a_few_updates_follow_the_recipe(self, submission, generator):
        # In the last case gradients are near Adam's eps, and no longer free of a factor.
        for instances, m, n, steps, relu, weight in (
            (2, 3, 5, 1, True, 1), (3, 2, 4, 2, True, 1), (2, 1, 3, 5, False, 1),
            (3, 4, 2, 4, True, 1), (4, 2, 3, 3, True, 1e-7),
        ):  # fmt: skip
            seed = int(torch.randint(10**6, (), generator=generator))
            batches = features(generator, instances, 24, n, steps)
            importance = weight * (0.2 + 2 * torch.rand(instances, n, generator=generator))
            start = superposition.initial_weights(
                instances, m, n, torch.Generator().manual_seed(seed)
            )
            dealer = Dealer(batches)
            options = {} if relu else {"relu": False}
            with compare.unchanged(importance=importance):
                W, b = trained(submission, dealer.draw, importance, m, steps, seed, **options)
            for tensor, name in ((W, "W"), (b, "b")):
                if tensor.requires_grad:
                    compare.fail(f"{name} is still part of a graph.", recognised=True,
                                 hint="return W.detach() and b.detach()")  # fmt: skip
            compare.equal(dealer.calls, steps, what=f"the number of draw calls in {steps} updates",
                          hint="new features for every update: call draw once in each")  # fmt: skip
            compare.close(
                (W, b), written_out(batches, *start, importance, relu), rtol=1e-5, atol=2e-5,
                what=f"(W, b) after {updates(steps)}",
                hint="follow the recipe: initial_weights, draw, weighted_error, Adam, its rate",
                known=self.mistakes(batches, start, importance, relu, seed),
            )  # fmt: skip

    @staticmethod
    def mistakes(batches, start, importance, relu, seed):
        """What known mistakes would return."""
        run = lambda **changes: written_out(batches, *start, importance, relu, **changes)  # noqa: E731
        instances, m, n = start[0].shape
        other = superposition.initial_weights(instances, m, n, torch.Generator().manual_seed(0))
        return {
            "the rate must fall: " + CONSTANT: run(rate=lambda t, steps: 0.01),
            "Adam's own rate is 0.001: " + CONSTANT: run(rate=lambda t, steps: 0.001),
            "the first update has t = 0: " + CONSTANT: run(rate=lambda t, s: cosine(t + 1, s)),
            "the rate falls as a cosine, not as a line: " + CONSTANT:
                run(rate=lambda t, steps: 0.01 * (1 - t / steps)),
            "the rate starts at 0.01: " + CONSTANT: run(rate=lambda t, s: 2 * cosine(t, s)),
            "the last update's rate is not 0: divide by steps, not by steps - 1":
                run(rate=lambda t, s: cosine(t, max(s - 1, 1))),
            "Adam without weight decay": run(decay=0.01),
            "zero_grad in every update: gradients add up otherwise": run(pile=True),
            "importance weighs the squared error":
                written_out(batches, *start, torch.ones_like(importance), relu),
            "importance weighs the squared error once, not twice":
                written_out(batches, *start, importance**2, relu),
            "the losses of the instances are summed, not averaged":
                written_out(batches, *start, importance / instances, relu),
            "use `relu`: False trains the linear model, True the other":
                written_out(batches, *start, importance, not relu),
            "the first batch was used for all updates: call draw in each":
                written_out(batches[:1] * len(batches), *start, importance, relu),
            "start from initial_weights with a generator seeded with `seed`":
                written_out(batches, *other, importance, relu),
            "these are the initial weights: do the updates arrive?": start,
        }  # fmt: skip

    @pytest.mark.weight(2)
    def test_one_generator_serves_for_weights_and_features(self, submission, generator):
        for steps in (3, 1, 2):
            seed = int(torch.randint(10**6, (), generator=generator))
            p = 0.4 + 0.5 * torch.rand(2, generator=generator)
            importance = 0.5 + torch.rand(2, 6, generator=generator)
            sampler = submission.public("firsthand.kit.superposition:pair_sampler")(p, 32, 3)
            with compare.untouched_randomness(submission):
                got = trained(submission, sampler, importance, 2, steps, seed)
            expected = self.with_own_draws(p, importance, steps, seed)
            compare.close(
                got, expected, rtol=1e-5, atol=2e-5,
                what=f"(W, b) after {updates(steps)} on features from `draw`",
                hint="one generator: initial_weights takes it first, then draw, time and again",
                known={
                    "seed once, before the loop: the same features came in every update":
                        self.with_own_draws(p, importance, steps, seed, again=True),
                    "one generator for all: the features came from a second one of the same seed":
                        self.with_own_draws(p, importance, steps, seed, second=True),
                },
            )  # fmt: skip

    @staticmethod
    def with_own_draws(p, importance, steps, seed, *, again=False, second=False):
        """The right weights; again: reseeded each time; second: features of a new generator."""
        source, draw = torch.Generator().manual_seed(seed), superposition.pair_sampler(p, 32, 3)
        start = superposition.initial_weights(2, 2, 6, source)
        if second:
            source = torch.Generator().manual_seed(seed)
        batches = []
        for _ in range(steps):
            batches.append(draw(torch.Generator().manual_seed(seed) if again else source))
        return written_out(batches, *start, importance)

    def test_an_instance_trains_as_if_it_were_alone(self, submission, generator):
        for _ in range(3):
            seed = int(torch.randint(10**6, (), generator=generator))
            batches = features(generator, 2, 16, 3, 3)
            importance = 0.5 + torch.rand(2, 3, generator=generator)
            W, b = trained(submission, Dealer(batches).draw, importance, 2, 3, seed)
            changed = [torch.stack([x[0], 1 - x[1]]) for x in batches]
            scaled = importance * torch.tensor([[1.0], [50.0]])
            again, bias = trained(submission, Dealer(changed).draw, scaled, 2, 3, seed)
            compare.close((again[0], bias[0]), (W[0], b[0]), rtol=1e-5, atol=2e-5,
                          what="the weights of instance 0 after a change of the other",
                          hint="sum the losses of the instances")  # fmt: skip
