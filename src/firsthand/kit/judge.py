"""The sparse judge: a small network that classifies a digit from a few revealed pixels.

The judge is trained beforehand on random nonzero pixels and then frozen.  It cannot be lied to
about a pixel's value, only shown a misleading choice of pixels.  Source: Irving, Christiano, Amodei
2018, AI safety via debate, section 3.1; their judge is a convolutional network on MNIST, this one a
two-layer perceptron on 8x8 digits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from importlib.resources import files

import safetensors.torch
import torch
from torch import Tensor, nn

from firsthand.kit.digits import N_CLASSES, N_PIXELS

Judge = Callable[[Tensor], Tensor]
"""masks: bool [set 64] -> logits: float32 [set 10], for one fixed image."""


class SparseJudge(nn.Module):
    """Perceptron 128 - width - width - 10 with ReLU.

    Input: [batch 128], the mask plane then the masked-value plane.  Output: logits [batch 10].
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(2 * N_PIXELS, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, N_CLASSES),
        )

    def forward(self, planes: Tensor) -> Tensor:
        """Logits [batch 10] of planes [batch 128]."""
        return self.layers(planes)


def encode(image: Tensor, masks: Tensor) -> Tensor:
    """What the judge sees of one image under each mask.

    image: [64].  masks: bool [set 64].  Returns float32 [set 128].
    """
    shown = masks.to(torch.float32)
    return torch.cat([shown, shown * image], -1)


def judge_of(network: SparseJudge, image: Tensor) -> Judge:
    """The judge of one image: a function of the masks alone, without gradients."""

    @torch.no_grad()
    def judge(masks: Tensor) -> Tensor:
        return network(encode(image, masks))

    return judge


class BudgetExceeded(RuntimeError):
    """More rows were asked of a metered judge than its budget allows."""


class MeteredJudge:
    """Counts the rows that a debater asks of a judge and refuses those beyond the budget.

    A refused call costs nothing and returns nothing: it raises BudgetExceeded, and `exceeded` stays
    True until `reset`.
    """

    def __init__(self, judge: Judge, budget: int) -> None:
        self.judge, self.budget = judge, budget
        self.used, self.exceeded = 0, False

    def reset(self) -> None:
        """Start a new move: nothing used."""
        self.used, self.exceeded = 0, False

    def __call__(self, masks: Tensor) -> Tensor:
        """Logits of masks, bool [set 64], if the budget allows."""
        if masks.ndim != 2 or masks.shape[1] != N_PIXELS or masks.dtype != torch.bool:
            seen = f"{masks.dtype} {list(masks.shape)}"
            raise TypeError(f"the judge takes bool masks of shape [m, 64], got {seen}")
        if self.used + len(masks) > self.budget:
            self.exceeded = True
            raise BudgetExceeded(
                f"this call asks for {len(masks)} rows, {self.used} of {self.budget} are used "
                "in this move; ask for fewer sets"
            )
        self.used += len(masks)
        return self.judge(masks)


def train_judge(
    images: Tensor,
    labels: Tensor,
    *,
    n_pixels: int,
    width: int,
    steps: int,
    seed: int,
    batch: int = 128,
    lr: float = 1e-3,
) -> SparseJudge:
    """Train a judge on `n_pixels` random nonzero pixels per image, drawn afresh at every step.

    Adam, its learning rate falling linearly to 0.

    images: [image 64].  labels: int64 [image].  Returns the network in evaluation mode.  Global
    randomness stays untouched.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = SparseJudge(width)
    optimiser = torch.optim.Adam(network.parameters(), lr)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / steps)
    for _ in range(steps):
        chosen = torch.randint(len(images), (batch,), generator=generator)
        masks = random_masks(images[chosen], n_pixels=n_pixels, generator=generator)
        logits = network(torch.cat([masks.float(), images[chosen] * masks], 1))
        optimiser.zero_grad()
        nn.functional.cross_entropy(logits, labels[chosen]).backward()
        optimiser.step()
        schedule.step()
    return network.eval().requires_grad_(False)


def random_masks(images: Tensor, *, n_pixels: int, generator: torch.Generator) -> Tensor:
    """Random masks of `n_pixels` distinct nonzero pixels; of all of them where there are fewer.

    images: [image 64].  Returns bool [image 64].
    """
    keys = torch.rand(images.shape, generator=generator).masked_fill(images <= 0, -1.0)
    top = keys.topk(n_pixels, dim=1).indices
    return torch.zeros_like(images, dtype=torch.bool).scatter_(1, top, True) & (images > 0)


def load_judge(n_pixels: int) -> SparseJudge:
    """The shipped judge for 4 or 6 pixels (`scripts/train_digit_judges.py`, split of seed 0).

    Raises ValueError for another number of pixels and for a damaged file.
    """
    if n_pixels not in (4, 6):
        raise ValueError(
            f"judges are shipped for 4 and 6 pixels, not for {n_pixels}; train one with train_judge"
        )
    folder, name = files("firsthand.kit").joinpath("files"), f"digit_judge_{n_pixels}.safetensors"
    data = folder.joinpath(name).read_bytes()
    expected = json.loads(folder.joinpath("digit_judges.json").read_text())[name]["sha256"]
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise ValueError(
            f"{name} has sha256 {found[:12]}..., not {expected[:12]}...: install the package again"
        )
    weights = safetensors.torch.load(data)
    network = SparseJudge(weights["layers.0.weight"].shape[0])
    network.load_state_dict(weights)
    return network.eval().requires_grad_(False)
