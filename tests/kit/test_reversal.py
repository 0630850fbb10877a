"""The reversal task: its sequences, the split of the loss, and where a copying head looks."""

import pytest
import torch

from firsthand.kit import reversal


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_second_half_is_the_mirror_image_of_a_uniform_first_half():
    tokens = reversal.sequences(2000, half=3, d_vocab=4, generator=generator())
    assert tokens.shape == (2000, 6) and tokens.dtype == torch.int64
    for place in range(3):
        assert torch.equal(tokens[:, place], tokens[:, 5 - place])
        assert (torch.bincount(tokens[:, place], minlength=4) / 2000 - 0.25).abs().max() < 0.05
    assert torch.equal(tokens, reversal.sequences(2000, half=3, d_vocab=4, generator=generator()))


def test_the_token_after_the_middle_counts_to_the_second_half():
    loss = torch.tensor([[1.0, 3.0, 10.0, 20.0, 30.0]])  # predictions of tokens 1 to 5, half is 3
    assert reversal.half_means(loss) == (2.0, 20.0)
    with pytest.raises(ValueError, match="4 losses in a row"):
        reversal.half_means(loss[:, :4])


def test_mirror_mass_is_one_for_a_head_that_looks_at_the_next_copy():
    half, pattern = 4, torch.zeros(2, 3, 8, 8)
    tokens = reversal.sequences(2, half=half, d_vocab=50, generator=generator())
    for query in range(half, 2 * half - 1):
        # the next token is the mirror image of an earlier one: that is where head 1 looks
        key = 2 * half - 1 - (query + 1)
        assert torch.equal(tokens[:, query + 1], tokens[:, key])
        pattern[:, 1, query, key] = 1.0
        pattern[0, 2, query, key] = 0.5
    assert reversal.mirror_mass(pattern).tolist() == [0.0, 1.0, 0.25]
