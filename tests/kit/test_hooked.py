"""The hooked transformer against PyTorch's own layers, and its hooks."""

import pytest
import torch
from torch import nn

from firsthand.kit import hooked

SIZES = dict(n_layers=3, d_model=14, n_heads=3, d_head=5, d_vocab=19, n_ctx=11, d_mlp=23)


def randomised(*, seed=0, **switches):
    model = hooked.build(**(SIZES | switches), seed=seed)
    generator = torch.Generator().manual_seed(seed + 100)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.3 * noise if name.endswith(".w") else 0.4 * noise)
    return model


def random_tokens(batch=2, pos=9, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, SIZES["d_vocab"], (batch, pos), generator=generator)


def attention_by_torch(block, x):
    """The attention of one block by nn.MultiheadAttention-like pieces of PyTorch, head by head."""
    attn, n = block.attn, x.shape[1]
    future = torch.ones(n, n, dtype=torch.bool).triu(1)
    out = torch.zeros_like(x)
    for head in range(SIZES["n_heads"]):
        q, k, v = (x @ getattr(attn, f"W_{c}")[head] + getattr(attn, f"b_{c}")[head] for c in "QKV")
        scores = q @ k.transpose(1, 2) / SIZES["d_head"] ** 0.5
        out += scores.masked_fill(future, -torch.inf).softmax(-1) @ v @ attn.W_O[head]
    return out + attn.b_O


def test_logits_are_those_of_the_layers_written_out():
    model, tokens = randomised(), random_tokens()
    x = model.W_E[tokens] + model.W_pos[: tokens.shape[1]]
    for block in model.blocks:
        for norm, layer in (("ln1", None), ("ln2", block.mlp)):
            reference = nn.LayerNorm(SIZES["d_model"], eps=1e-5)
            weights = getattr(block, norm)
            reference.load_state_dict({"weight": weights.w, "bias": weights.b})
            read = reference(x)
            if layer is None:
                x = x + attention_by_torch(block, read)
            else:
                hidden = nn.GELU("tanh")(read @ layer.W_in + layer.b_in)
                x = x + hidden @ layer.W_out + layer.b_out
    final = nn.functional.layer_norm(x, (14,), model.ln_final.w, model.ln_final.b, 1e-5)
    expected = final @ model.W_U + model.unembed.b_U
    torch.testing.assert_close(model(tokens), expected, rtol=1e-4, atol=1e-4)


def test_state_dict_has_the_names_and_shapes_of_transformer_lens():
    state = {k: tuple(v.shape) for k, v in hooked.build(**SIZES).state_dict().items()}
    block = {
        "ln1.w": (14,), "ln1.b": (14,), "ln2.w": (14,), "ln2.b": (14,),
        "attn.W_Q": (3, 14, 5), "attn.W_K": (3, 14, 5), "attn.W_V": (3, 14, 5),
        "attn.W_O": (3, 5, 14), "attn.b_Q": (3, 5), "attn.b_K": (3, 5), "attn.b_V": (3, 5),
        "attn.b_O": (14,), "mlp.W_in": (14, 23), "mlp.b_in": (23,), "mlp.W_out": (23, 14),
        "mlp.b_out": (14,),
    }  # fmt: skip
    expected = {f"blocks.{i}.{name}": shape for i in range(3) for name, shape in block.items()}
    expected |= {"embed.W_E": (19, 14), "pos_embed.W_pos": (11, 14), "ln_final.w": (14,)}
    expected |= {"ln_final.b": (14,), "unembed.W_U": (14, 19), "unembed.b_U": (19,)}
    assert state == expected


def test_switches_leave_out_what_they_say():
    names = set(hooked.build(**SIZES, attn_only=True, layer_norm=False, biases=False).state_dict())
    assert not [n for n in names if "ln" in n or "mlp" in n or ".b_" in n]
    assert "blocks.2.attn.smear" in hooked.build(**SIZES, smeared_keys=True).state_dict()
    assert hooked.build(**(SIZES | {"d_mlp": None})).state_dict()["blocks.0.mlp.b_in"].shape == (
        56,
    )


@pytest.mark.parametrize("switches", [{}, {"attn_only": True}, {"layer_norm": False},
                                      {"positional": "shortformer"}, {"smeared_keys": True},
                                      {"attention_window": 3}, {"biases": False}])  # fmt: skip
def test_looking_at_everything_does_not_change_the_logits(switches):
    # In float64: without layer norm the numbers grow, and products in another order differ visibly.
    model, tokens = randomised(**switches).double(), random_tokens()
    logits, cache = model.run_with_cache(tokens, lambda name: True)
    torch.testing.assert_close(logits, model(tokens), rtol=1e-9, atol=1e-9)
    assert set(cache) == set(model.hook_points)
    bias = model.blocks[1].attn.b_O if model.cfg.biases else 0
    torch.testing.assert_close(
        cache["blocks.1.attn.hook_result"].sum(2) + bias,
        cache["blocks.1.hook_attn_out"],
        rtol=1e-4,
        atol=1e-5,
    )
    for name in ("q", "k", "v"):
        expected = cache["blocks.2.hook_resid_pre"][:, :, None].expand(-1, -1, 3, -1)
        torch.testing.assert_close(cache[f"blocks.2.hook_{name}_input"], expected)


def test_patterns_are_causal_and_windows_bound_them():
    for window, reach in ((None, 9), (3, 3)):
        model = randomised(attention_window=window)
        _, cache = model.run_with_cache(random_tokens(), "blocks.0.attn.hook_pattern")
        pattern = cache["blocks.0.attn.hook_pattern"]
        query, key = torch.meshgrid(torch.arange(9), torch.arange(9), indexing="ij")
        seen = (key <= query) & (key > query - reach)
        assert (pattern[..., ~seen] == 0).all() and (pattern[..., seen] > 0).all()
        torch.testing.assert_close(pattern.sum(-1), torch.ones(2, 3, 9))


def test_shortformer_keeps_positions_out_of_the_residual_stream():
    model = randomised(positional="shortformer")
    _, cache = model.run_with_cache(random_tokens())
    torch.testing.assert_close(cache["blocks.0.hook_resid_pre"], cache["hook_embed"])
    same = torch.full((1, 4), 7)
    _, cache = model.run_with_cache(same)
    values = cache["blocks.0.attn.hook_v"]
    torch.testing.assert_close(values, values[:, :1].expand_as(values))
    assert not torch.allclose(
        cache["blocks.0.attn.hook_q"][:, 0], cache["blocks.0.attn.hook_q"][:, 1]
    )


def test_smeared_keys_mix_each_key_with_its_predecessor():
    model, tokens = randomised(smeared_keys=True), random_tokens()
    plain = randomised()
    plain.load_state_dict({k: v for k, v in model.state_dict().items() if "smear" not in k})
    name = "blocks.0.attn.hook_k"
    key, smeared = (m.run_with_cache(tokens, name)[1][name] for m in (plain, model))
    for head in range(3):
        keep = torch.sigmoid(model.blocks[0].attn.smear[head])
        torch.testing.assert_close(smeared[:, 0, head], key[:, 0, head])
        for j in range(1, 9):
            expected = keep * key[:, j, head] + (1 - keep) * key[:, j - 1, head]
            torch.testing.assert_close(smeared[:, j, head], expected)


def test_hooks_change_what_later_layers_see_and_none_leaves_it():
    model, tokens = randomised(), random_tokens()
    seen = []

    def double(activation, name):
        seen.append(name)
        return 2 * activation

    def only_look(activation, name):
        seen.append(activation.shape)

    name = "blocks.1.hook_resid_pre"
    with model.hooks([(name, double), (name, only_look)]):
        _, cache = model.run_with_cache(tokens)
        assert hooked.hook_count(model) == 2
    _, clean = model.run_with_cache(tokens)
    assert seen == [name, (2, 9, 14)]
    torch.testing.assert_close(cache[name], 2 * clean[name])
    assert not torch.allclose(cache["blocks.1.hook_resid_post"], clean["blocks.1.hook_resid_post"])


def test_each_head_reads_its_own_input_when_it_is_hooked():
    model, tokens = randomised(), random_tokens()

    def shift_one_head(stream, name):
        stream[:, :, 1] += 1.0
        return stream

    keys = "blocks.1.attn.hook_k"
    with model.hooks([("blocks.1.hook_k_input", shift_one_head)]):
        _, changed = model.run_with_cache(tokens)
    _, clean = model.run_with_cache(tokens)
    torch.testing.assert_close(changed["blocks.1.attn.hook_q"], clean["blocks.1.attn.hook_q"])
    torch.testing.assert_close(changed["blocks.1.hook_resid_pre"], clean["blocks.1.hook_resid_pre"])
    # A shift by a constant vector is removed by the layer norm's centring, so none is seen.
    torch.testing.assert_close(changed[keys], clean[keys], rtol=1e-3, atol=1e-4)
    bump = torch.arange(14.0)
    with model.hooks([("blocks.1.hook_k_input", lambda s, n: s + bump * torch.eye(3)[1][:, None])]):
        _, changed = model.run_with_cache(tokens, keys)
    same = [
        bool(torch.allclose(changed[keys][:, :, h], clean[keys][:, :, h], atol=1e-4))
        for h in range(3)
    ]
    assert same == [True, False, True]


def test_hooks_are_removed_after_an_exception_and_nesting_keeps_the_outer_ones():
    model, tokens = randomised(), random_tokens()

    def fail(activation, name):
        raise RuntimeError("stop")

    with model.hooks([("hook_embed", lambda a, n: None)]):
        with pytest.raises(RuntimeError):
            model.run_with_hooks(tokens, [("hook_embed", fail), ("blocks.0.hook_attn_out", fail)])
        assert hooked.hook_count(model) == 1
    assert hooked.hook_count(model) == 0


def test_hook_count_sees_pytorch_hooks_too():
    model = randomised()
    handle = model.blocks[0].register_forward_hook(lambda *a: None)
    assert hooked.hook_count(model) == 1
    handle.remove()
    assert hooked.hook_count(model) == 0


def test_mistakes_are_named():
    model = randomised()
    with pytest.raises(ValueError, match=r"did you mean 'blocks\.0\.attn\.hook_pattern'"):
        model.run_with_cache(random_tokens(), "blocks.0.attn.hook_patern")
    with pytest.raises(ValueError, match="n_ctx = 11"):
        model(random_tokens(pos=12))
    with pytest.raises(ValueError, match="float32"):
        model(torch.zeros(2, 3))
    with pytest.raises(ValueError, match="shortformer"):
        hooked.build(**SIZES, positional="rotary")
    with pytest.raises(ValueError, match="n_heads must be at least 1"):
        hooked.build(**(SIZES | {"n_heads": 0}))


def test_the_seed_decides_the_weights_and_leaves_global_randomness_alone():
    state = torch.random.get_rng_state()
    a, b, c = (hooked.build(**SIZES, seed=s).state_dict() for s in (3, 3, 4))
    assert all(torch.equal(a[k], b[k]) for k in a)
    assert not torch.equal(a["embed.W_E"], c["embed.W_E"])
    assert torch.equal(state, torch.random.get_rng_state())


def test_no_layers_is_a_bigram_table():
    model = randomised(n_layers=0, layer_norm=False)
    with torch.no_grad():
        model.pos_embed.W_pos.zero_()
    tokens = random_tokens()
    expected = (model.W_E @ model.W_U + model.unembed.b_U)[tokens]
    torch.testing.assert_close(model(tokens), expected)


def test_head_results_and_losses():
    model, tokens = randomised(), random_tokens()
    logits, cache = model.run_with_cache(tokens)
    results = hooked.stack_head_results(model, cache)
    assert results.shape == (3, 3, 2, 9, 14)
    torch.testing.assert_close(
        results.sum(1)[2] + model.blocks[2].attn.b_O, cache["blocks.2.hook_attn_out"]
    )
    loss = hooked.token_loss(logits, tokens)
    expected = nn.functional.cross_entropy(
        logits[:, :-1].transpose(1, 2), tokens[:, 1:], reduction="none"
    )
    torch.testing.assert_close(loss, expected)
    assert model.W_Q.shape == (3, 3, 14, 5) and model.W_O.shape == (3, 3, 5, 14)


def test_the_mlp_can_be_a_relu():
    sizes = {"n_layers": 1, "d_model": 8, "n_heads": 2, "d_head": 4, "d_vocab": 5, "n_ctx": 3}
    model = hooked.build(**sizes, activation="relu", init_std=0.5)
    _, cache = model.run_with_cache(torch.tensor([[1, 2, 3]]))
    pre, post = cache["blocks.0.mlp.hook_pre"], cache["blocks.0.mlp.hook_post"]
    assert torch.equal(post, pre.clamp(min=0))
    with pytest.raises(ValueError, match="activation"):
        hooked.build(**sizes, activation="tanh")
