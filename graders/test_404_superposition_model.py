"""Graders of 404, part 1: features and the model.

Oracles: counts against their probabilities, and loops over instances, inputs and features.
"""

import pytest
import torch

from firsthand import compare

SIGMAS = 5.5  # two-sided 4e-8 for each number compared


def densities(generator, count):
    """Pairwise different densities between 0.1 and 0.9, in random order."""
    steps = (torch.arange(count) + 0.2 + 0.6 * torch.rand(count, generator=generator)) / count
    return (0.1 + 0.8 * steps)[torch.randperm(count, generator=generator)]


def a_generator(submission, generator):
    """A generator on the learner's side, with a drawn seed, and the seed."""
    seed = int(torch.randint(2**31, (), generator=generator))
    return submission.public("firsthand.kit.rng:generator")(seed), seed


@pytest.mark.exercise("sparse_batch")
class TestSparseBatch:
    @pytest.mark.visible
    def test_density_0_gives_zeros_and_density_1_none(self, submission):
        source = submission.public("firsthand.kit.rng:generator")(0)
        x = submission.sparse_batch(torch.tensor([0.0, 1.0]), 40, 3, source)
        hint = "p_active is the chance of being active"
        compare.shape(x, (2, 40, 3), what="sparse_batch")
        compare.equal(int((x[0] != 0).sum()), 0, what="the number of active features at density 0",
                      hint=hint)  # fmt: skip
        compare.equal(int((x[1] == 0).sum()), 0, what="the number of zeros at density 1",
                      hint=hint)  # fmt: skip
        compare.between(
            x.max().item(),
            0,
            1,
            what="the largest feature",
            hint="active features are uniform on [0, 1]",
        )

    @pytest.mark.weight(2)
    def test_each_instance_has_its_own_density(self, submission, generator):
        for count, n in ((3, 2), (4, 7), (2, 5)):
            p = densities(generator, count)
            source, _ = a_generator(submission, generator)
            with compare.unchanged(p_active=p):
                x = submission.sparse_batch(p, 4000, n, source)
            compare.shape(x, (count, 4000, n), what="sparse_batch")
            if x.dtype != torch.float32:
                compare.fail(f"sparse_batch came back as {x.dtype}; float32 is expected.")
            rate = (x != 0).double().mean((1, 2))
            self.rates_fit(rate, p.double(), 4000 * n)

    @staticmethod
    def rates_fit(rate, p, draws):
        """Rates of active features agree with p up to chance; known mistakes are named."""

        def fits(wanted):
            spread = (wanted * (1 - wanted) / draws).sqrt().clamp(min=1e-9)
            return bool(((rate - wanted).abs() < SIGMAS * spread).all())

        if fits(p):
            return
        seen = f"the shares of active features are off by up to {(rate - p).abs().max():.3f}."
        hints = {
            "p_active is the chance of being *active*, not of being 0": 1 - p,
            "instance i has density p_active[i]: all came out with the first one": p[:1].expand_as(
                p
            ),
            "instance i has density p_active[i]: all came out with the mean": p.mean().expand_as(p),
            "p_active is applied once, not twice": p**2,
        }
        for hint, wanted in hints.items():
            if fits(wanted):
                compare.fail(seen, hint=hint, recognised=True)
        compare.fail(seen, hint="a feature of instance i is active with probability p_active[i]")

    @pytest.mark.weight(2)
    def test_active_features_are_uniform_whatever_the_density(self, submission, generator):
        for p in (0.15, 0.5, 1.0):
            source, _ = a_generator(submission, generator)
            x = submission.sparse_batch(torch.tensor([p, p]), 3000, 3, source)
            active = x[x != 0]
            if len(active) == 0:
                compare.fail(
                    f"no feature is active at density {p}.",
                    hint="p_active is the chance of being active",
                )
            if p < 1 and active.max() <= p + 1e-6:
                compare.fail(
                    f"no feature is larger than its density {p}.",
                    hint="the size of a feature must not depend on p: draw it apart from the mask",
                    recognised=True,
                )
            compare.between(active.min().item(), 0, 1, what="the smallest active feature",
                            hint="active features are uniform on [0, 1]")  # fmt: skip
            compare.between(active.max().item(), 0, 1, what="the largest active feature",
                            hint="active features are uniform on [0, 1]")  # fmt: skip
            compare.chi_square(
                (active.double() * 10).long().clamp(max=9).bincount(minlength=10),
                torch.full((10,), 0.1), what=f"sizes of active features at density {p}",
                hint="active features are uniform on [0, 1], whatever the density",
            )  # fmt: skip

    @pytest.mark.weight(2)
    def test_features_are_active_independently(self, submission, generator):
        for _ in range(3):
            p = float(0.3 + 0.4 * torch.rand((), generator=generator))
            source, _ = a_generator(submission, generator)
            x = submission.sparse_batch(torch.tensor([p, p]), 3000, 3, source)
            on = (x != 0).long()
            if bool((on[:, :, 0] == on[:, :, 1]).all()):
                compare.fail("all features of an input are active together.", recognised=True,
                             hint="features are independent: a mask for each one")  # fmt: skip
            if bool((on[0] == on[1]).all()):
                compare.fail("all instances have the same active features.", recognised=True,
                             hint="instances are independent: draw for each of them")  # fmt: skip
            if bool((on[:, :1] == on).all()):
                compare.fail("all inputs have the same active features.", recognised=True,
                             hint="inputs are independent: draw for each of them")  # fmt: skip
            weights = torch.tensor([1, 2, 4])
            chance = torch.tensor([p**k * (1 - p) ** (3 - k) for k in (0, 1, 1, 2, 1, 2, 2, 3)])
            for instance in on:
                compare.chi_square((instance * weights).sum(1).bincount(minlength=8), chance,
                                   what="patterns of active features",
                                   hint="each feature is active on its own")  # fmt: skip
            both = (on[0, :, 0] * on[0, :, 1]).bool()
            sizes = x[0, both][:, :2].T
            if both.sum() > 2 and bool((sizes[0] == sizes[1]).all()):
                compare.fail("active features of an input have equal sizes.", recognised=True,
                             hint="draw a size for each feature")  # fmt: skip
            across = (on[0, :, 0] * on[1, :, 0]).double().mean().item()
            spread = (p**2 * (1 - p**2) / 3000) ** 0.5
            compare.between(across, p**2 - SIGMAS * spread, p**2 + SIGMAS * spread,
                            what="the share of inputs with feature 0 active in two instances",
                            hint="instances are independent")  # fmt: skip

    def test_the_generator_alone_decides(self, submission, generator):
        new = submission.public("firsthand.kit.rng:generator")
        p = densities(generator, 3)
        _, seed = a_generator(submission, generator)
        source = new(seed)
        with compare.untouched_randomness(submission):
            first = submission.sparse_batch(p, 20, 4, source)
        second = submission.sparse_batch(p, 20, 4, source)
        again = submission.sparse_batch(p, 20, 4, new(seed))
        hint = "draw from `generator`, and from nothing else; never seed it again"
        compare.equal(
            again, first, what="the features from a generator in the same state", hint=hint
        )
        if torch.equal(first, second):
            compare.fail("two calls with one generator gave equal features.", hint=hint)

    def test_single_inputs_and_single_features_work(self, submission, generator):
        for count, batch, n in ((1, 1, 1), (3, 1, 2), (1, 6, 1)):
            source, _ = a_generator(submission, generator)
            x = submission.sparse_batch(torch.ones(count), batch, n, source)
            compare.shape(x, (count, batch, n), what="sparse_batch")
            compare.at_least(
                x.min().item(),
                1e-9,
                what="the smallest feature at density 1",
                hint="at density 1 all features are active: above 0",
            )


def one_by_one(W, b, x, *, relu=True, sign=1, relu_hidden=False, late_bias=False, other=0):
    """The model by loops over instances and inputs; the switches are known mistakes."""
    rows = []
    for i in range(len(W)):
        matrix, bias = W[i], sign * b[(i + other) % len(b)]
        outputs = []
        for vector in x[i]:
            hidden = torch.stack([(row * vector).sum() for row in matrix])
            hidden = hidden.relu() if relu_hidden else hidden
            back = torch.stack([(column * hidden).sum() for column in matrix.T])
            if late_bias:
                outputs.append(back.relu() + bias)
            else:
                outputs.append((back + bias).relu() if relu else back + bias)
        rows.append(torch.stack(outputs))
    return torch.stack(rows)


def random_toys(generator, instances, m, n, batch):
    """Weights, biases and features of random toys."""
    W = torch.randn(instances, m, n, generator=generator) / m**0.5
    b = 0.4 * torch.randn(instances, n, generator=generator)
    return W, b, torch.rand(instances, batch, n, generator=generator)


@pytest.mark.exercise("reconstruct")
class TestReconstruct:
    @pytest.mark.visible
    def test_the_worked_example_gives_0_point_4_and_0(self, submission):
        W, b = torch.tensor([[[1.0, -1.0]]]), torch.zeros(1, 2)
        x = torch.tensor([[[0.6, 0.2]]])
        hint = "h = W x = 0.4, and W^T h = (0.4, -0.4)"
        compare.close(submission.reconstruct(W, b, x), torch.tensor([[[0.4, 0.0]]]),
                      what="reconstruct", hint=hint)  # fmt: skip
        compare.close(submission.reconstruct(W, b, x, relu=False), torch.tensor([[[0.4, -0.4]]]),
                      what="reconstruct without the ReLU", hint=hint)  # fmt: skip

    @pytest.mark.weight(3)
    def test_each_instance_is_its_own_model(self, submission, generator):
        for instances, m, n, batch in ((2, 3, 5, 4), (4, 2, 3, 6), (3, 5, 4, 2), (1, 1, 2, 1)):
            W, b, x = random_toys(generator, instances, m, n, batch)
            known = {
                "the bias is added to W^T h, not subtracted": one_by_one(W, b, x, sign=-1),
                "the bias is missing": one_by_one(W, b, x, sign=0),
                "the ReLU is on the output, not on the hidden layer":
                    one_by_one(W, b, x, relu=False, relu_hidden=True),
                "the ReLU is on the output only": one_by_one(W, b, x, relu_hidden=True),
                "the bias comes before the ReLU": one_by_one(W, b, x, late_bias=True),
                "the ReLU is missing": one_by_one(W, b, x, relu=False),
                "one bias for each instance: the first one's was used for all":
                    one_by_one(W, b[:1].expand_as(b), x),
            }  # fmt: skip
            with compare.unchanged(W=W, b=b, x=x):
                got = submission.reconstruct(W, b, x)
            compare.close(got, one_by_one(W, b, x), atol=1e-5, what="reconstruct", known=known,
                          hint="for each instance: h = W x, then ReLU(W^T h + b)")  # fmt: skip

    def test_without_relu_the_model_is_linear(self, submission, generator):
        for instances, m, n, batch in ((2, 3, 5, 4), (3, 1, 2, 5), (1, 4, 3, 2)):
            W, b, x = random_toys(generator, instances, m, n, batch)
            known = {"relu=False leaves the ReLU out": one_by_one(W, b, x)}
            compare.close(submission.reconstruct(W, b, x, False),
                          one_by_one(W, b, x, relu=False), atol=1e-5, known=known,
                          what="reconstruct with relu=False",
                          hint="relu=False: W^T W x + b")  # fmt: skip
            compare.close(submission.reconstruct(W, b, x, relu=True), one_by_one(W, b, x),
                          atol=1e-5, what="reconstruct with relu=True",
                          hint="relu=True is the default: ReLU(W^T W x + b)")  # fmt: skip

    def test_an_instance_does_not_feel_its_neighbours(self, submission, generator):
        for _ in range(3):
            W, b, x = random_toys(generator, 3, 2, 4, 5)
            before = submission.reconstruct(W, b, x)
            W[1:], b[1:], x[1:] = W[1:] + 1, b[1:] - 1, x[1:] * 2
            compare.close(submission.reconstruct(W, b, x)[0], before[0],
                          what="the output of instance 0 after a change of the others",
                          hint="instances must not mix")  # fmt: skip

    @pytest.mark.weight(2)
    def test_gradients_reach_weights_biases_and_features(self, submission, generator):
        for relu in (True, False, True):
            W, b, x = random_toys(generator, 2, 3, 4, 5)
            cotangent = torch.randn(x.shape, generator=generator)
            inputs = {"W": W.requires_grad_(), "b": b.requires_grad_(), "x": x.requires_grad_()}
            compare.gradient(submission.reconstruct(W, b, x, relu),
                             one_by_one(W, b, x, relu=relu), inputs, cotangent=cotangent,
                             atol=1e-4, what="reconstruct",
                             hint="W is used twice, and both uses have a gradient: "
                             "no detach, item, data or numpy")  # fmt: skip
