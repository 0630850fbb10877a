"""Graders of 701, the ReLU layer: quadrature over angles, and samples, as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

import math

import pytest
import torch

from firsthand import compare


def draw(n, generator):
    """One integer from 0 to n - 1."""
    return int(torch.randint(n, (1,), generator=generator))


def relu_quadrature(W, points=20_000):
    """E[relu(z_i) relu(z_j)] over the angle of a standard Gaussian in the plane of rows i and j; E r^2 = 2."""
    s = W.square().sum(1).sqrt()
    phi = (torch.arange(points, dtype=torch.float64) + 0.5) * (2 * math.pi / points)
    second = torch.zeros(len(W), len(W), dtype=torch.float64)
    for i in range(len(W)):
        for j in range(len(W)):
            if s[i] > 0 and s[j] > 0:
                u, v = W[i] / s[i], W[j] / s[j]
                along = float(u @ v)
                across = float(
                    (v - along * u).square().sum().sqrt()
                )  # W[j] in the basis (u, orthogonal)
                values = phi.cos().clamp(min=0) * (along * phi.cos() + across * phi.sin()).clamp(
                    min=0
                )
                second[i, j] = s[i] * s[j] * 2 * values.mean()
    mean = s * phi.cos().clamp(min=0).mean() * math.sqrt(math.pi / 2)  # E r = sqrt(pi / 2)
    return mean, second


def arc_cosine(W, mistake):
    """The closed form with one named mistake: (mean, covariance)."""
    s = W.square().sum(1).sqrt()
    if mistake == "squared norms":
        s = s.square()
    scale = torch.outer(s, s)
    cosine = ((W @ W.T) / torch.where(scale > 0, scale, torch.ones_like(scale))).clamp(-1, 1)
    t = cosine.acos()
    second = scale * (t.sin() + (math.pi - t) * cosine) / (2 * math.pi)
    if mistake == "angle":
        second = scale * (t.sin() + t * cosine) / (2 * math.pi)
    if mistake == "pi":
        second = 2 * second
    mean = s / math.sqrt(2 * math.pi)
    if mistake == "half normal":
        mean = 2 * mean
    if mistake == "zero mean":
        mean = 0 * mean
    if mistake == "independent":
        return mean, torch.diag((second - torch.outer(mean, mean)).diag())
    if mistake == "second moments":
        return mean, second
    return mean, second - torch.outer(mean, mean)


RELU_MISTAKES = {
    "the covariance is asked for: subtract the outer product of the means": "second moments",
    "the kernel has pi - theta, not theta": "angle",
    "divide by 2 pi: relu cuts off half of the Gaussian": "pi",
    "the mean of relu(z) is s / sqrt(2 pi), half of that of |z|": "half normal",
    "scale by the norms of the rows, not by their squares": "squared norms",
    "units share their inputs: fill the entries off the diagonal too": "independent",
    "relu has a positive mean even when z has mean 0": "zero mean",
}


def check_moments(got, W, what):
    if not isinstance(got, tuple | list) or len(got) != 2:
        compare.fail(
            "relu_moments must return a pair (mean, covariance).", hint="return mean, covariance"
        )
    if any(bool(torch.as_tensor(part).isnan().any()) for part in got):
        compare.fail(
            f"relu_moments of {what} has entries that are nan.",
            hint="keep the cosine within -1 and 1, and a row of zeros out of the division",
            recognised=True,
        )
    mean, second = relu_quadrature(W)
    expected = (mean, second - torch.outer(mean, mean))
    for index, name in ((1, "covariance"), (0, "mean")):
        compare.close(
            got[index],
            expected[index],
            rtol=1e-6,  # the quadrature is good to 1e-8
            atol=2e-7 * float(W.square().sum(1).max()),
            what=f"the {name} of {what}",
            hint="the norms of the rows, the angle between them, and the two formulas of the statement",
            known={text: arc_cosine(W, mistake)[index] for text, mistake in RELU_MISTAKES.items()},
        )


@pytest.mark.exercise("relu_moments")
class TestReluMoments:
    @pytest.mark.visible
    def test_a_unit_and_its_mirror_image_are_anticorrelated(self, submission):
        got = submission.relu_moments(torch.tensor([[1.0], [-1.0]], dtype=torch.float64))
        compare.close(
            got[0],
            torch.full((2,), (2 * math.pi) ** -0.5, dtype=torch.float64),
            rtol=1e-6,
            what="means of relu(x) and relu(-x)",
            hint="1 / sqrt(2 pi)",
        )
        compare.close(
            got[1],
            torch.eye(2, dtype=torch.float64) / 2 - 1 / (2 * math.pi),
            rtol=1e-6,
            what="covariances of relu(x) and relu(-x)",
            hint="E relu(x)^2 = 1/2, E relu(x) relu(-x) = 0, both minus 1 / (2 pi)",
        )

    @pytest.mark.weight(3)
    def test_means_and_covariances_follow_from_quadrature(self, submission, generator):
        for hidden, n in ((3, 4), (6, 2), (4, 9), (1, 3)):
            W = torch.randn(hidden, n, generator=generator, dtype=torch.float64) * (
                0.2 + 2 * torch.rand(hidden, 1, generator=generator, dtype=torch.float64)
            )
            with compare.unchanged(W=W), compare.untouched_randomness(submission):
                got = submission.relu_moments(W)
            check_moments(got, W, f"a layer with {hidden} units and {n} inputs")

    def test_parallel_and_opposite_rows_are_finite(self, submission, generator):
        row = torch.randn(5, generator=generator, dtype=torch.float64)
        W = torch.stack(
            [
                row,
                3 * row,
                -0.7 * row,
                row / 3,
                torch.randn(5, generator=generator, dtype=torch.float64),
            ]
        )
        check_moments(submission.relu_moments(W), W, "a layer with parallel rows")

    def test_dead_units_have_no_mean_and_no_covariance(self, submission, generator):
        W = torch.randn(4, 3, generator=generator, dtype=torch.float64)
        W[draw(4, generator)] = 0.0
        check_moments(submission.relu_moments(W), W, "a layer with a row of zeros")

    def test_short_rows_are_not_dead(self, submission, generator):
        for n in (2, 5):
            units = torch.randn(4, n, generator=generator, dtype=torch.float64)
            units /= units.norm(dim=1, keepdim=True)
            size = torch.tensor([2.0, 1e-4, 0.3, 3e-4], dtype=torch.float64)
            size = size[torch.randperm(4, generator=generator)]
            got = submission.relu_moments(units * size[:, None])
            if not isinstance(got, tuple | list) or len(got) != 2:
                compare.fail(
                    "relu_moments must return a pair (mean, covariance).",
                    hint="return mean, covariance",
                )
            mean, second = relu_quadrature(units)
            expected = (mean, second - torch.outer(mean, mean))
            for part, wanted, scale, name in zip(
                got, expected, (size, torch.outer(size, size)), ("mean", "covariance"), strict=True
            ):
                compare.shape(
                    part, tuple(scale.shape), what=f"the {name} of a layer with short rows"
                )
                compare.close(
                    torch.as_tensor(part) / scale,
                    wanted,
                    rtol=1e-3,  # room for a small number added to a denominator
                    atol=1e-4,
                    what=f"the {name} of a layer with short rows, divided by the norms,",
                    hint="only a row of zeros is dead: a row of norm 0.0001 has a mean and a variance, and all scale with the norms",
                )

    def test_a_wide_layer_agrees_with_samples(self, submission, generator):
        W = torch.randn(64, 64, generator=generator, dtype=torch.float64) / 8
        V = torch.randn(16, 64, generator=generator, dtype=torch.float64) / 8
        mean, covariance = (
            torch.as_tensor(part, dtype=torch.float64) for part in submission.relu_moments(W)
        )
        compare.shape(covariance, (64, 64), what="the covariance of 64 units")
        estimate = float((V @ mean).square().sum() + (V @ covariance @ V.T).trace())
        sampled = (
            ((torch.randn(20_000, 64, generator=generator, dtype=torch.float64) @ W.T).relu() @ V.T)
            .square()
            .sum(1)
        )
        error = float(sampled.std()) / 20_000**0.5
        compare.between(
            estimate,
            float(sampled.mean()) - 7 * error,  # seven standard errors
            float(sampled.mean()) + 7 * error,
            what="E of the squared output of a random layer",
            hint="mean square = square of the mean + trace of the covariance",
        )
