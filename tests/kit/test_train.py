"""The training loop: what it records, keeps and refuses."""

import pytest
import torch
from torch import nn

from firsthand.kit import train


def sample(generator):
    x = torch.randn(32, 3, generator=generator)
    return x, x @ torch.tensor([1.0, -2.0, 0.5])


def loss(module, batch):
    x, y = batch
    return (module(x)[:, 0] - y).pow(2).mean()


def fresh():
    module = nn.Linear(3, 1)
    with torch.no_grad():
        module.weight.fill_(0.1)
        module.bias.fill_(0.2)
    return module


def test_it_learns_and_records_at_the_stated_steps(capsys):
    module = fresh()
    run = train.fit(
        module, sample, loss, steps=330, seed=0, every=100, learning_rate=0.02,
        measure=lambda m: m.bias.item(), keep=(0, 100, 330), label="line",
    )  # fmt: skip
    assert run.steps == [0, 100, 200, 300, 330] and len(run.loss) == len(run.measured) == 5
    assert run.loss[-1] < 0.05 * run.loss[0]
    assert set(run.snapshots) == {0, 100, 330}
    assert torch.equal(run.snapshots[0]["weight"], fresh().weight)
    assert torch.equal(run.snapshots[330]["weight"], module.weight)
    assert not torch.equal(run.snapshots[100]["weight"], module.weight)
    assert run.measured[0] == pytest.approx(0.2)
    out, err = capsys.readouterr()
    assert err == "" and out.count("\n") == 1 and out.startswith("\rline [")
    assert "step 330/330" in out


def test_the_seed_decides_the_batches():
    losses = [
        train.fit(fresh(), sample, loss, steps=5, seed=s, every=1, progress=False).loss
        for s in (1, 1, 2)
    ]
    assert losses[0] == losses[1] and losses[0] != losses[2]


def test_measuring_does_not_change_the_training_or_leave_eval_mode():
    modes = []

    class Noted(nn.Linear):
        def forward(self, x):
            modes.append((self.training, torch.is_grad_enabled()))
            return super().forward(x)

    module = Noted(3, 1)
    train.fit(
        module, sample, loss, steps=1, seed=0, measure=lambda m: m(torch.ones(1, 3)), progress=False
    )
    assert module.training
    assert modes == [(True, True), (False, False), (True, True), (False, False)]


def test_time_is_limited():
    with pytest.raises(TimeoutError, match="slow: 0 s are over after 0 of 3 steps"):
        train.fit(
            fresh(), sample, loss, steps=3, seed=0, max_seconds=0, label="slow", progress=False
        )


def test_a_loss_that_is_not_finite_stops_the_run():
    with pytest.raises(ValueError, match="loss is nan after 0 updates"):
        train.fit(
            fresh(), sample, lambda m, b: loss(m, b) * float("nan"), steps=3, seed=0, progress=False
        )
    with pytest.raises(ValueError, match="at least 1"):
        train.fit(fresh(), sample, loss, steps=0, seed=0)


def test_snapshots_are_copies():
    module = fresh()
    copy = train.snapshot(module)
    with torch.no_grad():
        module.weight.add_(1)
    assert not torch.equal(copy["weight"], module.weight) and not copy["weight"].requires_grad
