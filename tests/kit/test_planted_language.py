"""Planted language models do what their names say, measured without the graders' code."""

import pytest
import torch

from firsthand.kit import hooked
from firsthand.kit.planted import language

CAUSAL = ("clean", "no_positions", "mixes_batch")


def table_of(model, tokens, size):
    """[p p]: the largest change of a logit at i when token j is replaced."""
    with torch.no_grad():
        before = model(tokens[None])[0]
        out = torch.zeros(len(tokens), len(tokens))
        for j in range(len(tokens)):
            for u in range(size):
                changed = tokens.clone()
                changed[j] = u
                out[:, j] = out[:, j].maximum((model(changed[None])[0] - before).abs().amax(-1))
    return out


def build(kind, **options):
    return language.leaky_model(kind, **({"d_vocab": 6, "n_ctx": 7, "seed": 3} | options)).eval()


TOKENS = torch.tensor([4, 1, 3, 5, 2, 1])


def test_the_bigram_model_predicts_its_table():
    table = torch.tensor([[0.5, 0.5], [0.2, 0.8]])
    model = language.bigram_model(table, n_ctx=3)
    torch.testing.assert_close(model(torch.tensor([[1, 0, 1]])).softmax(-1), table[[1, 0, 1]][None])
    assert model.n_ctx == 3


def test_a_zero_probability_is_never_drawn():
    logits = language.bigram_model(torch.eye(3))(torch.tensor([[2]]))
    assert logits.softmax(-1)[0, 0].tolist() == [0, 0, 1]


@pytest.mark.parametrize("table", [torch.ones(2, 2), torch.tensor([[1.5, -0.5], [0.0, 1.0]])])
def test_a_table_that_is_no_distribution_is_refused(table):
    with pytest.raises(ValueError, match="must be probabilities"):
        language.bigram_model(table)


def test_the_running_sum_adds_up_what_came():
    logits = language.running_sum_model(3)(torch.tensor([[2, 0, 1]]))
    assert logits.tolist() == [[[0, 2, 4], [0, 2, 4], [0, 3, 6]]]


@pytest.mark.parametrize("kind", language.KINDS)
def test_more_tokens_than_the_context_are_refused(kind):
    with pytest.raises(ValueError, match="n_ctx = 7"):
        build(kind)(torch.zeros(1, 8, dtype=torch.int64))


@pytest.mark.parametrize("kind", CAUSAL)
def test_causal_kinds_have_nothing_above_the_diagonal(kind):
    leak = table_of(build(kind), TOKENS, 6)
    assert leak.triu(1).max() < 1e-4
    assert leak.diagonal().min() > 0.1
    assert leak[-1].min() > 1e-3


def test_next_leaks_on_the_first_upper_diagonal_only():
    leak = table_of(build("next"), TOKENS, 6)
    assert leak.diagonal(1).min() > 0.1
    assert leak.triu(2).max() < 1e-4


def test_first_leaks_in_row_zero_only():
    leak = table_of(build("first"), TOKENS, 6)
    assert leak[0, 1:].min() > 1e-2
    assert leak[1:].triu(2).max() < 1e-4 and leak[1:, 1:].triu(1).max() < 1e-4


def test_batch_norm_leaks_everywhere():
    leak = table_of(build("batch_norm"), TOKENS, 6)
    assert (leak.triu(1)[torch.ones(6, 6).triu(1).bool()] > 1e-4).all()


def test_token_leaks_for_its_trigger_alone():
    model = build("token", trigger=0)
    assert table_of(model, TOKENS, 6).diagonal(1).min() > 0.1
    silent = table_of(model, TOKENS - 1, 5)
    assert silent.diagonal(1).max() > 0.1  # the sequence holds 0, the trigger, and 0 is tried
    with torch.no_grad():
        changed = TOKENS.clone()
        changed[3] = 4
        moved = (model(changed[None]) - model(TOKENS[None]))[0, :3].abs().max()
    assert moved < 1e-4


def test_reverse_leaks_on_the_mirror():
    leak = table_of(build("reverse"), TOKENS, 6)
    assert leak[0, 5] > 0.1 and leak[1, 4] > 0.1 and leak[2, 3] > 0.1
    assert leak[0, 1] < 1e-4 and leak[1, 2] < 1e-4


def test_only_no_positions_ignores_the_order_of_its_past():
    shuffled = torch.cat([TOKENS[:-1].flip(0), TOKENS[-1:]])
    for kind in language.KINDS:
        model = build(kind)
        with torch.no_grad():
            moved = (model(TOKENS[None]) - model(shuffled[None]))[0, -1].abs().max()
        assert (moved < 1e-4) == (kind == "no_positions"), kind


def test_only_mixes_batch_depends_on_other_rows():
    for kind in language.KINDS:
        model = build(kind)
        with torch.no_grad():
            moved = (
                (model(torch.stack([TOKENS, TOKENS.flip(0)]))[0] - model(TOKENS[None])[0])
                .abs()
                .max()
            )
        assert (moved > 1e-2) == (kind == "mixes_batch"), kind


def test_dropout_acts_in_training_mode_only():
    model = build("clean", dropout=0.5)
    with torch.no_grad():
        assert torch.equal(model(TOKENS[None]), model(TOKENS[None]))
        model.train()
        assert not torch.equal(model(TOKENS[None]), model(TOKENS[None]))


def test_the_seed_decides_and_the_global_state_is_left_alone():
    state = torch.random.get_rng_state()
    first, again, other = build("clean"), build("clean"), build("clean", seed=4)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(first.W_E, again.W_E) and not torch.equal(first.W_E, other.W_E)


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ValueError, match="no kind 'nxt'"):
        build("nxt")


def kind_by_measurement(model):
    """The kind of a suspect, from its logits alone."""
    with torch.no_grad():
        alone = model(TOKENS[None])[0]
        beside = model(torch.stack([TOKENS, TOKENS.flip(0)]))[0]
        later = model(torch.cat([TOKENS[:-1], TOKENS[-1:] + 2])[None])[0]
        shuffled = model(torch.cat([TOKENS[:-1].flip(0), TOKENS[-1:]])[None])[0]
    if (alone - beside).abs().max() > 1e-3:
        return "mixes_batch"
    if (alone - later)[:-1].abs().max() > 1e-3:
        return "next"
    return "no_positions" if (alone - shuffled)[-1].abs().max() < 1e-4 else "clean"


def test_the_line_up_holds_each_suspect_once_in_an_order_that_the_seed_decides():
    orders = set()
    for seed in range(20):
        suspects = language.line_up(d_vocab=6, n_ctx=6, seed=seed)
        assert list(suspects) == ["A", "B", "C", "D"]
        assert not any(model.training for model in suspects.values())
        kinds = [kind_by_measurement(model) for model in suspects.values()]
        assert sorted(kinds) == sorted(language.SUSPECTS)
        orders.add(tuple(kinds))
    assert len(orders) > 5


def test_a_suspect_does_not_print_its_kind():
    for suspect in language.line_up(d_vocab=5, n_ctx=6, seed=3).values():
        shown = repr(suspect) + repr(vars(suspect)) + "".join(dir(suspect))
        assert not [kind for kind in language.KINDS if kind in shown]


def test_a_recorder_keeps_what_it_was_given():
    inner = hooked.build(n_layers=0, d_model=4, n_heads=1, d_head=2, d_vocab=5, n_ctx=3)
    model = language.recorder(inner)
    tokens = torch.tensor([[1, 2, 3]])
    assert torch.equal(model(tokens), inner(tokens))
    tokens[0, 0] = 4
    assert [batch.tolist() for batch in model.inputs] == [[[1, 2, 3]]]
    with torch.no_grad():
        model(tokens)
    assert model.graphs == [True, False]
    assert model.n_ctx == 3
    assert len(list(model.parameters())) == len(list(inner.parameters()))
