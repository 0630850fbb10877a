"""Token languages: what repeats, and what does not."""

import itertools

import pytest
import torch

from firsthand.kit import languages


def draw(n=200, *, length=40, d_vocab=50, periods=(5, 17), seed=0):
    return languages.variable_repeats(
        n, length=length, d_vocab=d_vocab, periods=periods,
        generator=torch.Generator().manual_seed(seed),
    )  # fmt: skip


def test_rows_repeat_with_their_own_period():
    tokens, period = draw()
    assert tokens.shape == (200, 40) and tokens.dtype == torch.int64
    assert (tokens[:, 0] == 0).all() and (tokens[:, 1:] > 0).all() and tokens.max() == 49
    assert set(period.tolist()) == set(range(5, 18))
    for row, p in zip(tokens.tolist(), period.tolist(), strict=True):
        assert all(row[i] == row[i - p] for i in range(p + 1, 40))


def test_segments_are_uniform_and_differ_between_rows():
    tokens, _ = draw(n=4000, d_vocab=11)
    counts = torch.bincount(tokens[:, 1:6].flatten(), minlength=11)[1:].double()
    expected = counts.sum() / 10
    assert ((counts - expected).pow(2) / expected).sum() < 40  # 9 degrees of freedom, p < 1e-5
    assert len({tuple(row) for row in draw().tokens.tolist()}) == 200


def test_equal_ends_make_the_lag_a_constant():
    assert set(draw(periods=(9, 9)).period.tolist()) == {9}


def test_repeated_positions_line_up_with_token_losses():
    repeats = draw(n=5)
    where = languages.repeated_positions(repeats)
    assert where.shape == (5, 39)
    for row in range(5):
        p = int(repeats.period[row])
        assert where[row].tolist() == [i + 1 - p >= 1 for i in range(39)]


def test_bigram_rows_follow_the_table_and_repeat():
    source = torch.Generator().manual_seed(2)
    table = languages.bigram_table(30, successors=4, generator=source)
    assert table.shape == (30, 4) and table.min() >= 1
    assert all(len(set(row)) == 4 for row in table.tolist())
    tokens, period = languages.bigram_repeats(
        300, length=40, table=table, periods=(8, 16), generator=source
    )
    for row, p in zip(tokens.tolist(), period.tolist(), strict=True):
        assert all(row[i] == row[i - p] for i in range(p + 1, 40))
        assert all(row[i + 1] in table[row[i]] for i in range(1, p))
    used = {(a, b) for row, p in zip(tokens.tolist(), period.tolist(), strict=True)
            for a, b in itertools.pairwise(row[1 : p + 1])}  # fmt: skip
    assert len(used) > 0.9 * 29 * 4


@pytest.mark.parametrize("periods", [(0, 5), (6, 5), (5, 40)])
def test_impossible_periods_are_refused(periods):
    with pytest.raises(ValueError, match="periods must rise"):
        draw(periods=periods)


def test_accuracy_counts_repeated_tokens_only():
    repeats = draw(n=6)
    right = torch.nn.functional.one_hot(repeats.tokens.roll(-1, dims=1), 50).float()
    where = languages.repeated_positions(repeats)
    assert languages.repeated_accuracy(right, repeats) == 1.0
    spoiled = right.clone()
    spoiled[:, :-1][~where] = 0  # the guess becomes token 0, which never comes
    assert languages.repeated_accuracy(spoiled, repeats) == 1.0
    spoiled[0, :-1][where[0]] = 0
    expected = where[1:].sum() / where.sum()
    assert abs(languages.repeated_accuracy(spoiled, repeats) - expected.item()) < 1e-6
