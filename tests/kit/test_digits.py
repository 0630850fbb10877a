"""The digits: what ships, and that the split never leaks."""

import hashlib

import torch

from firsthand.kit.digits import N_TRAIN, ink, load_digits, split_digits


def test_the_data_are_the_1797_images_of_the_source():
    images, labels = load_digits()
    assert images.shape == (1797, 64) and images.dtype == torch.float32
    assert labels.dtype == torch.int64 and labels.bincount().tolist() == [
        178,
        182,
        177,
        183,
        181,
        182,
        181,
        179,
        174,
        180,
    ]
    raw = (images * 16).to(torch.uint8).numpy().tobytes() + labels.to(torch.uint8).numpy().tobytes()
    assert (
        hashlib.sha256(raw).hexdigest()
        == "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"
    )


def test_pixels_lie_between_paper_and_full_ink():
    images = load_digits().images
    assert images.min() == 0 and images.max() == 1
    inked = (images > 0).sum(1)
    assert inked.min() == 16 and inked.max() == 42


def test_the_split_uses_every_image_once():
    for seed in (0, 3):
        train, test = split_digits(seed=seed)
        assert len(train.images) == N_TRAIN and len(test.images) == 500
        together = torch.cat([train.images, test.images])
        key = lambda rows: sorted(map(tuple, (rows * 16).int().tolist()))  # noqa: E731
        assert key(together) == key(load_digits().images)


def test_the_split_depends_on_the_seed_and_not_on_global_randomness():
    state = torch.random.get_rng_state()
    first, again, other = split_digits(), split_digits(), split_digits(seed=1)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(first[1].labels, again[1].labels)
    assert not torch.equal(first[1].images, other[1].images)


def test_ink_lists_nonzero_pixels_however_faint():
    image = torch.zeros(64)
    image[[5, 63, 9]] = torch.tensor([1.0, 1e-6, 0.5])
    assert ink(image).tolist() == [5, 9, 63]
    assert ink(torch.zeros(64)).tolist() == []
