"""Toy models of superposition: weights to start from, features in pairs, figures."""

import pytest
import torch

from firsthand.kit import plots, superposition


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_initial_weights_have_variance_one_over_m_and_come_from_the_generator():
    weights, bias = superposition.initial_weights(40, 5, 30, generator())
    assert weights.shape == (40, 5, 30) and bias.shape == (40, 30)
    assert abs(weights.var().item() - 1 / 5) < 0.01 and not bias.any()
    again, _ = superposition.initial_weights(40, 5, 30, generator())
    other, _ = superposition.initial_weights(40, 5, 30, generator(1))
    assert torch.equal(weights, again) and not torch.equal(weights, other)


def test_features_of_a_correlated_pair_are_active_together_with_independent_values():
    x = superposition.pair_sampler(torch.tensor([0.2, 0.7]), 4000, 3)(generator())
    assert x.shape == (2, 4000, 6)
    active = x > 0
    assert torch.equal(active[..., ::2], active[..., 1::2])
    rate = active.double().mean((1, 2))
    assert abs(rate[0] - 0.2) < 0.03 and abs(rate[1] - 0.7) < 0.03
    both = x[1, :, :2][active[1, :, 0]]
    assert abs(both.T.corrcoef()[0, 1]) < 0.1
    patterns = active[1, :, ::2].double()
    assert abs(patterns.T.corrcoef()[0, 1]) < 0.1  # pairs are independent of each other


def test_at_most_one_feature_of_an_exclusive_pair_is_active():
    p = torch.tensor([0.0, 0.5, 1.0])
    x = superposition.pair_sampler(p, 4000, 2, exclusive=True)(generator())
    count = (x > 0).view(3, 4000, 2, 2).sum(-1)
    assert count[0].max() == 0 and count[1].max() == 1 and bool((count[2] == 1).all())
    assert abs((count[1] == 1).double().mean() - 0.5) < 0.05
    assert abs((x[2, :, 0] > 0).double().mean() - 0.5) < 0.05


def test_a_sampler_draws_from_the_generator_alone():
    draw = superposition.pair_sampler(torch.tensor([0.5]), 10, 2)
    state = torch.random.get_rng_state()
    source = generator(3)
    first, second = draw(source), draw(source)
    assert torch.equal(first, draw(generator(3))) and not torch.equal(first, second)
    assert torch.equal(state, torch.random.get_rng_state())


def test_columns_are_drawn_one_panel_each_and_must_lie_in_a_plane():
    panels = {str(k): torch.randn(2, 5, generator=generator(k)) for k in range(5)}
    fig = superposition.columns_in_the_plane(panels, per_row=3)
    assert [axis.get_title() for axis in fig.axes][:5] == list(panels)
    assert plots.png(fig).startswith(b"\x89PNG")
    with pytest.raises(ValueError, match=r"\[2 n\]"):
        superposition.columns_in_the_plane({"three": torch.ones(3, 4)})


def test_a_phase_map_shows_each_phase_that_occurs_and_the_line():
    grid = torch.logspace(-1, 1, 3)
    line = (grid, torch.full((3,), 0.4))
    phases = torch.tensor([[2, 2, 2], [0, 2, 1], [0, 0, 1]])
    fig = superposition.phase_map(phases, grid / 10, grid, line)
    labels = [text.get_text() for text in fig.axes[0].get_legend().get_texts()]
    assert labels == ["first only", "extra only", "antipodal", "theory"]
