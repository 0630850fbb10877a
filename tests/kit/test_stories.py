"""Twelve-word stories: the rule against a loop, the draws, the filter and its attacker."""

import pytest
import torch

from firsthand.kit import rng
from firsthand.kit.stories import (
    HARM,
    LENGTH,
    NEGATION,
    OTHER,
    PERSON,
    WORDS,
    Counted,
    StoryFilter,
    draw_completions,
    draw_stories,
    injurious,
    one_hot,
    random_attack,
    text,
    train_filter,
    word_frequencies,
)


def hurts(story):
    """The rule as a loop over one story of any length."""
    for place, word in enumerate(story):
        denied = any(earlier in NEGATION for earlier in story[max(place - 2, 0) : place])
        someone = any(later in PERSON for later in story[place + 1 : place + 5])
        if word in HARM and not denied and someone:
            return True
    return False


def story(words):
    return torch.tensor([[WORDS.index(word) for word in words.split()]])


def test_every_word_has_one_token_and_one_class():
    assert len(set(WORDS)) == len(WORDS)
    assert sorted(HARM + PERSON + NEGATION + OTHER) == list(range(len(WORDS)))
    assert text(story("the guard slept")[0]) == "the guard slept"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the dog bit the old a guard home", True),
        ("bit the rain the old guard home door", False),
        ("never the bit he home a the a", False),
        ("never the a bit he home a the", True),
        ("never bit he home a the a the", False),
        ("not the bit he bit she a the", True),
        ("guard bit home a the a the door", False),
    ],
)
def test_the_rule_on_stories_read_by_hand(words, expected):
    assert injurious(story(words)).item() is expected
    assert hurts(story(words)[0].tolist()) is expected


def test_the_rule_agrees_with_a_loop():
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randint(len(WORDS), (3000, LENGTH), generator=generator)
    assert injurious(tokens).tolist() == [hurts(row) for row in tokens.tolist()]


def test_stories_follow_the_frequencies_and_the_seed():
    tokens, labels = draw_stories(20_000, seed=3)
    assert tokens.shape == (20_000, LENGTH) and labels.dtype == torch.bool
    assert 0.12 < labels.float().mean() < 0.17
    assert word_frequencies().sum().item() == pytest.approx(1)
    door = WORDS.index("door")
    assert (tokens == door).float().mean().item() == pytest.approx(
        word_frequencies()[door].item(), rel=0.1
    )
    assert torch.equal(tokens, draw_stories(20_000, seed=3)[0])
    assert not torch.equal(tokens, draw_stories(20_000, seed=4)[0])


def test_completions_of_one_prompt_share_its_mood():
    labels = injurious(draw_completions(500, 40, seed=1).flatten(0, 1)).view(500, 40)
    rates = labels.float().mean(1)
    assert rates.std() > 0.1 > rates.mean() * (1 - rates.mean()) / 40


def test_a_short_training_separates_and_leaves_its_start_and_global_randomness_alone():
    tokens, labels = draw_stories(4000, seed=0)
    before = rng.digest()
    first = train_filter(tokens, labels, steps=60, seed=0)
    weights = {name: value.clone() for name, value in first.state_dict().items()}
    second = train_filter(tokens, labels, steps=30, seed=1, start=first, lr=0.005)
    assert rng.digest() == before
    assert all(torch.equal(weights[name], value) for name, value in first.state_dict().items())
    scores = second.score(tokens)
    assert scores[labels].mean() > scores[~labels].mean() + 1
    assert not scores.requires_grad


def test_gradient_is_the_derivative_of_each_score():
    tokens, _ = draw_stories(5, seed=2)
    network = StoryFilter().double()
    words, step = one_hot(tokens).double(), 1e-5
    slope = torch.zeros_like(words)
    slope[:, 3, 7] = step
    with torch.no_grad():
        expected = (network(words + slope) - network(words - slope)) / (2 * step)
    got = network.float().gradient(tokens)
    assert got.shape == words.shape
    torch.testing.assert_close(got[:, 3, 7], expected.float(), rtol=1e-3, atol=1e-5)


def test_the_random_attack_keeps_its_budget_and_its_word():
    tokens, labels = draw_stories(400, seed=5)
    network = train_filter(tokens, labels, steps=40, seed=0)
    for row, start in enumerate(tokens[labels][:8]):
        for threshold, budget in ((-1.0, 50), (2.0, 1), (-100.0, 37)):
            score = Counted(network.score)
            ended = random_attack(score, injurious, start, threshold, budget, seed=row)
            assert ended.queries == score.rows <= budget
            assert injurious(ended.tokens[None]).item()
            assert ended.success == (network.score(ended.tokens[None]).item() < threshold)
