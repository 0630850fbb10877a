"""Latin squares, their flaws and the three-headed network."""

import hashlib

import pytest
import torch

from firsthand.kit import latin, rng


def whole(answers):
    """Which lines are whole, by a loop: bool [batch 8], rows first."""
    lines = [range(4 * i, 4 * i + 4) for i in range(4)] + [range(j, 16, 4) for j in range(4)]
    return torch.tensor(
        [[{answer[cell] for cell in line} == {0, 1, 2, 3} for line in lines] for answer in answers]
    )


def broken_lines(answers):
    grid = answers.view(-1, 4, 4)
    lines = torch.cat([grid, grid.transpose(1, 2)], 1).sort(-1).values
    return (lines != torch.arange(4)).any(-1)


def fill_blanks(next_logits, answers, blank, seed):
    generator = torch.Generator().manual_seed(seed)
    answers = answers.clone()
    for cell in range(16):
        drawn = torch.multinomial(next_logits(answers)[:, cell].softmax(1), 1, generator=generator)
        answers[:, cell] = torch.where(answers[:, cell] == blank, drawn[:, 0], answers[:, cell])
    return answers


def critique_loss(logits, broken):
    share = logits.log_softmax(1).masked_fill(~broken, -1e9).logsumexp(1)
    return -share[broken.any(1)].mean()


def test_there_are_576_different_squares_of_order_four():
    found = latin.squares()
    assert found.shape == (576, 16)
    assert len({tuple(square) for square in found.tolist()}) == 576
    assert bool(whole(found.tolist()).all())


def test_the_caller_may_change_the_list_of_squares():
    latin.squares().zero_()
    assert int(latin.squares().sum()) == 576 * 24


def test_a_question_shows_eight_cells_of_a_square():
    asked = latin.draw_questions(50, seed=1)
    assert bool((asked == latin.BLANK).sum(1).eq(8).all())
    known = latin.squares()
    for question in asked:
        given = question != latin.BLANK
        assert bool((known[:, given] == question[given]).all(1).any())
    assert torch.equal(asked, latin.draw_questions(50, seed=1))
    assert not torch.equal(asked, latin.draw_questions(50, seed=2))


def test_one_cell_flaws_break_one_row_and_one_column():
    spoiled = latin.one_cell_flaws(latin.draw_squares(60, seed=2), seed=3)
    flags = ~whole(spoiled.tolist())
    assert bool(flags[:, :4].sum(1).eq(1).all())
    assert bool(flags[:, 4:].sum(1).eq(1).all())


def test_row_swaps_break_two_columns_and_no_row():
    swapped = latin.row_swaps(latin.draw_squares(60, seed=2), seed=3)
    flags = ~whole(swapped.tolist())
    assert not bool(flags[:, :4].any())
    assert bool(flags[:, 4:].sum(1).eq(2).all())


def test_rewrites_change_one_cell_to_every_digit():
    square = latin.draw_squares(2, seed=4)
    candidates = latin.rewrites(square)
    assert candidates.shape == (2, 64, 16)
    assert bool((candidates != square[:, None]).sum(2).le(1).all())
    assert (candidates == square[:, None]).all(2).sum().item() == 2 * 16
    assert candidates[1, 4 * 5 + 3, 5] == 3


def test_training_learns_and_leaves_global_randomness_alone():
    before = rng.digest()
    parts = {
        "broken_lines": broken_lines,
        "fill_blanks": fill_blanks,
        "critique_loss": critique_loss,
    }
    network = latin.train_three_heads(64, **parts, seed=0, steps=250)
    short, again = (latin.train_three_heads(8, **parts, seed=1, steps=30) for _ in range(2))
    assert rng.digest() == before
    spoiled = latin.one_cell_flaws(latin.draw_squares(400, seed=5), seed=6)
    logits = network.line_logits(spoiled)
    assert torch.equal(short.line_logits(spoiled), again.line_logits(spoiled))
    assert logits.shape == (400, 8)
    assert network.next_logits(spoiled).shape == (400, 16, 4)
    assert network.score(spoiled).shape == (400,)
    hits = broken_lines(spoiled).gather(1, logits.argmax(1, keepdim=True)).double().mean()
    assert hits > 0.35  # two of eight lines are broken: chance is 0.25
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_the_shipped_table_has_eight_runs_at_four_widths():
    table = latin.measured_gaps()
    assert table.width.unique().tolist() == [16, 32, 64, 128]
    assert sorted(table.run[table.width == 32].tolist()) == list(range(8))
    for values in (table.G, table.D, table.C):
        assert values.dtype == torch.float64
        assert bool(((values >= 0) & (values <= 1)).all())
    assert bool((table.C >= table.G).all())


@pytest.mark.parametrize("name", ["latin_gaps.npz"])
def test_the_shipped_table_is_the_one_that_the_notice_names(name):
    from importlib.resources import files

    folder = files("firsthand.kit").joinpath("files")
    found = hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest()
    assert found in folder.joinpath("NOTICE.md").read_text()
