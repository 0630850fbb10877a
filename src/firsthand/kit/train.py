"""A training loop that logs, copies weights, shows progress on one line and keeps a time limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn


@dataclass
class Run:
    """What `fit` recorded. Entry i of every list belongs to `steps[i]`."""

    steps: list[int] = field(default_factory=list)
    """Updates made when the entry was written: 0, every, 2 * every, ..., and the last one."""
    loss: list[float] = field(default_factory=list)
    """Loss of the batch that comes next after that many updates."""
    measured: list[Any] = field(default_factory=list)
    """What `measure` returned; empty without it."""
    snapshots: dict[int, dict[str, Tensor]] = field(default_factory=dict)
    """Copies of the state dict, by the number of updates made."""


def snapshot(module: nn.Module) -> dict[str, Tensor]:
    """A copy of the state dict that later updates do not touch."""
    return {name: tensor.detach().clone() for name, tensor in module.state_dict().items()}


def fit(
    module: nn.Module,
    sample: Callable[[torch.Generator], Any],
    loss: Callable[[nn.Module, Any], Tensor],
    *,
    steps: int,
    seed: int,
    every: int = 25,
    learning_rate: float = 1e-3,
    weight_decay: float = 0.01,
    betas: tuple[float, float] = (0.9, 0.999),
    measure: Callable[[nn.Module], Any] | None = None,
    keep: Collection[int] = (),
    max_seconds: float = 300.0,
    label: str = "training",
    progress: bool = True,
) -> Run:
    """Train `module` in place with AdamW and return what was recorded on the way.

    sample: draws a batch from the generator it is given, which `seed` determines.
    loss: module and batch to a scalar.
    every: number of updates between two entries of the record.
    betas: AdamW's decay of its running means of the gradient and of its square.
    measure: called on the module for every entry, without gradients and in eval mode; the mode
        is restored afterwards.
    keep: numbers of updates (0 to steps) after which the weights are copied.
    max_seconds: wall-clock limit; TimeoutError names the step that was reached.
    Raises ValueError when the loss is no longer finite, or when steps or every is below 1.
    """
    if steps < 1 or every < 1:
        raise ValueError(f"steps and every must be at least 1, not {steps} and {every}")
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(
        module.parameters(), lr=learning_rate, weight_decay=weight_decay, betas=betas
    )
    run, line, started = Run(), _ProgressLine(label, steps, progress), time.monotonic()
    for step in range(steps + 1):
        if step in keep:
            run.snapshots[step] = snapshot(module)
        value = loss(module, sample(generator))
        if not torch.isfinite(value):
            raise ValueError(f"{label}: the loss is {value.item()} after {step} updates")
        if step % every == 0 or step == steps:
            run.steps.append(step)
            run.loss.append(value.item())
            if measure is not None:
                run.measured.append(_without_gradients(measure, module))
            line.write(step, value.item())
        if step == steps:
            break
        if time.monotonic() - started > max_seconds:
            raise TimeoutError(f"{label}: {max_seconds:g} s are over after {step} of {steps} steps")
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        optimiser.step()
    line.end()
    return run


def _without_gradients(measure: Callable[[nn.Module], Any], module: nn.Module) -> Any:
    was_training = module.training
    module.eval()
    try:
        with torch.no_grad():
            return measure(module)
    finally:
        module.train(was_training)


class _ProgressLine:
    """One line on stdout, rewritten in place. It shows no times, so equal runs print equal text."""

    def __init__(self, label: str, steps: int, enabled: bool) -> None:
        self.label, self.steps, self.enabled = label, steps, enabled

    def write(self, step: int, loss: float) -> None:
        if self.enabled:
            done = 20 * step // self.steps
            bar = "=" * done + " " * (20 - done)
            text = f"{self.label} [{bar}] step {step}/{self.steps} loss {loss:.3f}"
            print("\r" + text, end="", flush=True)

    def end(self) -> None:
        if self.enabled:
            print()
