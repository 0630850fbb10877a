"""The sparse judge: what it sees, how it is metered, and its shipped weights."""

from itertools import combinations

import pytest
import torch

from firsthand.kit import judge as judges
from firsthand.kit.digits import split_digits
from firsthand.kit.judge import (
    BudgetExceeded,
    MeteredJudge,
    SparseJudge,
    encode,
    judge_of,
    load_judge,
    random_masks,
    train_judge,
)


def masks(*sets):
    mask = torch.zeros(len(sets), 64, dtype=torch.bool)
    for row, chosen in enumerate(sets):
        mask[row, list(chosen)] = True
    return mask


def test_the_judge_sees_the_mask_and_the_masked_values_only():
    image = torch.rand(64, generator=torch.Generator().manual_seed(0))
    planes = encode(image, masks({1, 7}, set()))
    assert planes[0].nonzero().flatten().tolist() == [1, 7, 65, 71] and planes[1].abs().sum() == 0
    assert planes[0, 65] == image[1]
    edited = image.clone()
    edited[8:] = 0
    assert torch.equal(encode(edited, masks({1, 7})), planes[:1])


def test_a_judge_of_an_image_gives_logits_without_gradients():
    network = SparseJudge(8)
    logits = judge_of(network, torch.ones(64))(masks({0}, {1, 2}))
    assert logits.shape == (2, 10) and not logits.requires_grad


def test_the_meter_counts_rows_and_refuses_those_over_the_budget():
    meter = MeteredJudge(lambda rows: torch.zeros(len(rows), 10), budget=5)
    meter(masks({0}, {1}, {2}))
    with pytest.raises(BudgetExceeded, match="3 of 5"):
        meter(masks({0}, {1}, {2}))
    assert (meter.used, meter.exceeded) == (3, True)
    meter.reset()
    assert meter(masks(*[{i} for i in range(5)])).shape == (5, 10) and not meter.exceeded


@pytest.mark.parametrize(
    "bad",
    [torch.zeros(2, 64), torch.zeros(64, dtype=torch.bool), torch.zeros(2, 63, dtype=torch.bool)],
)
def test_the_meter_takes_boolean_masks_of_64_pixels(bad):
    with pytest.raises(TypeError, match="bool masks"):
        MeteredJudge(lambda rows: rows, budget=9)(bad)


def test_random_masks_are_uniform_over_sets_of_inked_pixels():
    image = torch.zeros(1, 64)
    image[0, [3, 10, 20, 40]] = torch.tensor([0.01, 1.0, 0.5, 0.2])
    drawn = random_masks(
        image.expand(6000, -1), n_pixels=2, generator=torch.Generator().manual_seed(4)
    )
    assert not drawn[:, (image[0] == 0)].any()
    counts = torch.stack(
        [(drawn[:, list(pair)].all(1)).sum() for pair in combinations([3, 10, 20, 40], 2)]
    )
    assert counts.sum() == 6000 and (counts - 1000).abs().max() < 150  # five standard deviations


def test_random_masks_show_all_ink_where_there_is_less():
    images = torch.zeros(2, 64)
    images[0, 5] = 0.3
    assert random_masks(
        images, n_pixels=4, generator=torch.Generator().manual_seed(0)
    ).nonzero().tolist() == [[0, 5]]


def test_training_is_reproducible_and_leaves_global_randomness_alone():
    train, test = split_digits()
    state = torch.random.get_rng_state()
    settings = {"n_pixels": 4, "width": 32, "steps": 150, "lr": 3e-3}
    first, again = (train_judge(train.images, train.labels, seed=2, **settings) for _ in range(2))
    other = train_judge(train.images, train.labels, seed=3, **settings)
    assert torch.equal(torch.random.get_rng_state(), state)
    planes = torch.cat([torch.ones_like(test.images), test.images], 1)
    assert torch.equal(first(planes), again(planes)) and not torch.equal(
        first(planes), other(planes)
    )


@pytest.mark.parametrize(("n_pixels", "low", "high"), [(4, 0.44, 0.56), (6, 0.57, 0.69)])
def test_shipped_judges_have_the_accuracy_of_the_record(n_pixels, low, high):
    network, (_, test) = load_judge(n_pixels), split_digits()
    images, labels = test.images.repeat(5, 1), test.labels.repeat(5)
    shown = random_masks(images, n_pixels=n_pixels, generator=torch.Generator().manual_seed(9))
    accuracy = (
        (network(torch.cat([shown.float(), images * shown], 1)).argmax(1) == labels).double().mean()
    )
    assert low <= accuracy <= high
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_no_judge_ships_for_other_numbers_of_pixels():
    with pytest.raises(ValueError, match="4 and 6"):
        load_judge(5)


def test_damaged_weights_are_refused(monkeypatch):
    monkeypatch.setattr(
        judges.json, "loads", lambda text: {"digit_judge_4.safetensors": {"sha256": "0" * 64}}
    )
    with pytest.raises(ValueError, match="sha256"):
        load_judge(4)
