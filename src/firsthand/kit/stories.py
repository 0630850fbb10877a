"""Twelve-word stories, the rule that says when one is injurious, and a small filter to attack.

The stories are random words, not English. What they share with text is that some words are far
rarer than others, that an injury depends on words at a distance from each other, and that its
meaning can be turned by a word in between. The rule takes the place of the human labeller in
Ziegler et al. 2022, Adversarial training for high-stakes reliability.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

LENGTH = 12
"""Words in a story."""

_CLASSES = {
    "harm": "hit kicked cut burned bit stung",
    "person": "he she boy girl guard queen",
    "negation": "not never almost",
    "other": "the a and then of home rain door walked old river sang slept bread lamp dog far",
}
WORDS = tuple(" ".join(_CLASSES.values()).split())
"""The vocabulary; a word's place is its token."""
HARM, PERSON, NEGATION, OTHER = (
    [WORDS.index(word) for word in words.split()] for words in _CLASSES.values()
)
_KIND = torch.tensor(
    [place for place, words in enumerate(_CLASSES.values()) for _ in words.split()]
)
_SHARES = {"harm": 0.03, "person": 0.15, "negation": 0.08, "other": 0.74}
_DECAY = {"harm": 0.5, "person": 0.5, "negation": 0.5, "other": 0.9}


def text(tokens: Tensor) -> str:
    """The words of one story [LENGTH]."""
    return " ".join(WORDS[token] for token in tokens.tolist())


def injurious(tokens: Tensor) -> Tensor:
    """Whether somebody is hurt: the label that a careful human would give.

    A harm word hurts if no negation stands in the two places before it, and a person follows within
    four places. One such word is enough.  tokens: [story place].  Returns bool [story].
    """
    kind = _KIND[tokens]
    harm, person, negation = kind == 0, kind == 1, kind == 2
    denied, someone = torch.zeros_like(harm), torch.zeros_like(harm)
    for distance in (1, 2):
        denied[:, distance:] |= negation[:, :-distance]
    for distance in (1, 2, 3, 4):
        someone[:, :-distance] |= person[:, distance:]
    return (harm & ~denied & someone).any(1)


def word_frequencies() -> Tensor:
    """The share of each word in stories of a neutral mood, [word].

    Within a class, each word is rarer than the one before it.
    """
    shares = []
    for name, words in _CLASSES.items():
        raw = torch.tensor([_DECAY[name] ** place for place in range(len(words.split()))])
        shares.append(_SHARES[name] * raw / raw.sum())
    return torch.cat(shares).double()


def draw_completions(prompts: int, completions: int, seed: int) -> Tensor:
    """What a generator would write for random prompts: tokens [prompt completion LENGTH].

    A prompt has a mood, a standard normal number; harm words are e^mood times as frequent under it.
    """
    generator = torch.Generator().manual_seed(seed)
    mood = torch.randn(prompts, 1, generator=generator, dtype=torch.float64)
    weights = word_frequencies().repeat(prompts, 1)
    weights[:, HARM] *= mood.exp()
    drawn = torch.multinomial(weights, completions * LENGTH, replacement=True, generator=generator)
    return drawn.view(prompts, completions, LENGTH)


def draw_stories(n: int, seed: int) -> tuple[Tensor, Tensor]:
    """Stories of `n` prompts, and whether each is injurious: tokens [n LENGTH], bool [n]."""
    tokens = draw_completions(n, 1, seed)[:, 0]
    return tokens, injurious(tokens)


class StoryFilter(nn.Module):
    """A classifier of stories: features of seven neighbouring words, mixed, and summed over places.

    Input: one-hot words, float [story LENGTH word].  Output: [story], the logit that the story is
    injurious.
    """

    def __init__(self, width: int = 12) -> None:
        super().__init__()
        self.look = nn.Conv1d(len(WORDS), width, 7, padding=3)
        self.mix = nn.Conv1d(width, width, 1)
        self.out = nn.Linear(width, 1)

    def forward(self, words: Tensor) -> Tensor:
        """Logits [story] of one-hot stories [story LENGTH word]."""
        gelu = nn.functional.gelu
        return self.out(gelu(self.mix(gelu(self.look(words.transpose(1, 2))))).sum(2)).squeeze(1)

    @torch.no_grad()
    def score(self, tokens: Tensor) -> Tensor:
        """Logits [story] of tokens [story LENGTH]; the higher, the more it looks like an injury."""
        return torch.cat([self(one_hot(part)) for part in tokens.split(10_000)])

    @torch.enable_grad()
    def gradient(self, tokens: Tensor) -> Tensor:
        """Derivative of each story's score by its one-hot words, [story LENGTH word]."""
        words = one_hot(tokens).requires_grad_(True)
        return torch.autograd.grad(self(words).sum(), words)[0]


def one_hot(tokens: Tensor) -> Tensor:
    """Stories [story place] as float32 one-hot rows [story place word]."""
    return nn.functional.one_hot(tokens, len(WORDS)).float()


def train_filter(
    tokens: Tensor,
    labels: Tensor,
    *,
    steps: int,
    seed: int,
    start: StoryFilter | None = None,
    lr: float = 0.01,
) -> StoryFilter:
    """Train on batches of 128 with Adam, the learning rate falling linearly to 0; a frozen filter.

    start: a filter to go on from, which stays as it is; by default a new one.  labels: bool
    [story].  Global randomness stays untouched.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = StoryFilter()
    if start is not None:
        network.load_state_dict(start.state_dict())
    optimiser = torch.optim.Adam(network.parameters(), lr)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / steps)
    for _ in range(steps):
        rows = torch.randint(len(tokens), (128,), generator=generator)
        logits = network(one_hot(tokens[rows]))
        loss = nn.functional.binary_cross_entropy_with_logits(logits, labels[rows].float())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval().requires_grad_(False)


class Counted:
    """A function of stories that counts the rows it was asked about."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        self.function, self.rows = function, 0

    def __call__(self, tokens: Tensor) -> Tensor:
        """The function's answer for tokens [story LENGTH]."""
        self.rows += len(tokens)
        return self.function(tokens)


class Attack(NamedTuple):
    """How one attack ended."""

    tokens: Tensor
    """The story it ended with, [LENGTH]."""
    queries: int
    """Rows asked of the classifier."""
    success: bool
    """Whether the score of that story is below the threshold."""


def random_attack(
    score: Callable[[Tensor], Tensor],
    oracle: Callable[[Tensor], Tensor],
    story: Tensor,
    threshold: float,
    budget: int,
    seed: int,
) -> Attack:
    """Hill climbing without gradients: 32 random words at random places, keep the best, repeat.

    score: a classifier, tokens [n LENGTH] -> [n]; every row is a query.  oracle: whether a story is
    injurious.  story: an injurious one, [LENGTH].
    """
    generator = torch.Generator().manual_seed(seed)
    story, lowest, used = story.clone(), score(story[None]).item(), 1
    while lowest >= threshold and used < budget:
        tries = story.repeat(min(32, budget - used), 1)
        places = torch.randint(len(story), (len(tries),), generator=generator)
        words = torch.randint(len(WORDS), (len(tries),), generator=generator)
        tries[torch.arange(len(tries)), places] = words
        scores = score(tries).where(oracle(tries), torch.inf)
        used += len(tries)
        if scores.min() < lowest:
            story, lowest = tries[scores.argmin()], scores.min().item()
    return Attack(story, used, lowest < threshold)
