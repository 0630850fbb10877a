"""The hand-written induction model does what its docstring says, wherever its heads are."""

import pytest
import torch

from firsthand.kit import hooked
from firsthand.kit.planted.induction import induction

CASES = [((0, 0), (1, 2), 2), ((0, 2), (1, 0), 2), ((0, 1), (2, 1), 3), ((1, 2), (2, 0), 3)]


def planted(case, **changes):
    previous, inducing, layers = case
    return induction(
        previous_head=previous, induction_head=inducing, n_layers=layers, n_heads=3,
        d_vocab=13, n_ctx=19, **changes,
    )  # fmt: skip


def repeated(copies=3):
    segment = torch.tensor([4, 9, 2, 11, 7])
    return torch.cat([torch.zeros(1, dtype=torch.long), segment.repeat(copies)])[None]


@pytest.mark.parametrize("case", CASES)
def test_heads_attend_where_they_should(case):
    with torch.no_grad():
        _, cache = planted(case).run_with_cache(repeated())
    (layer, head), tokens = case[0], repeated()[0].tolist()
    pattern = cache[f"blocks.{layer}.attn.hook_pattern"][0, head]
    torch.testing.assert_close(pattern.diagonal(-1), torch.ones(15), rtol=0, atol=1e-6)
    layer, head = case[1]
    pattern = cache[f"blocks.{layer}.attn.hook_pattern"][0, head]
    for q in range(16):
        after = [j + 1 for j in range(q) if tokens[j] == tokens[q]] or list(range(q + 1))
        expected = torch.zeros(16)
        expected[after] = 1 / len(after)
        torch.testing.assert_close(pattern[q], expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_the_induction_head_writes_the_gain_on_the_right_token(case):
    model, tokens = planted(case, gain=6.0), repeated()
    with torch.no_grad():
        _, cache = model.run_with_cache(tokens)
        layer, head = case[1]
        written = hooked.stack_head_results(model, cache)[layer, head, 0] @ model.W_U
    for q in range(6, 15):
        expected = torch.zeros(13)
        expected[tokens[0, q + 1]] = 6.0
        torch.testing.assert_close(written[q], expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_other_heads_change_the_logits_but_no_pattern_of_the_circuit(case):
    model, tokens = planted(case), repeated()
    others = [(i, h) for i in range(case[2]) for h in range(3) if (i, h) not in case[:2]]

    def silent(head):
        def zero(z, name):
            z = z.clone()
            z[:, :, head] = 0
            return z

        return zero

    layer, head = case[1]
    name = f"blocks.{layer}.attn.hook_pattern"
    with torch.no_grad():
        clean, cache = model.run_with_cache(tokens, name)
        for i, h in others:
            with model.hooks([(f"blocks.{i}.attn.hook_z", silent(h))]):
                logits, changed = model.run_with_cache(tokens, name)
            torch.testing.assert_close(changed[name][:, head], cache[name][:, head])
            assert (logits - clean).abs().max() > 0.1


def test_the_seed_draws_the_other_heads_only():
    a, b = (planted(CASES[0], seed=seed) for seed in (1, 2))
    assert torch.equal(a.blocks[1].attn.W_Q[2], b.blocks[1].attn.W_Q[2])
    assert not torch.equal(a.blocks[1].attn.W_Q[0], b.blocks[1].attn.W_Q[0])


def test_impossible_circuits_are_refused():
    with pytest.raises(ValueError, match=r"no head \(1, 3\)"):
        planted(((0, 0), (1, 3), 2))
    with pytest.raises(ValueError, match="earlier layer"):
        planted(((1, 0), (1, 1), 2))
