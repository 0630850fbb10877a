"""The hooked transformer against TransformerLens, where the extra `real-models` is installed."""

import pytest
import torch
from torch import nn

from firsthand.kit import hooked

lens = pytest.importorskip(
    "transformer_lens", reason="the optional extra real-models (transformer-lens) is not installed"
)

SIZES = dict(n_layers=2, d_model=24, n_heads=3, d_head=8, d_vocab=31, n_ctx=12, d_mlp=40)
MUST_AGREE = ("attn.hook_pattern", "attn.hook_z", "hook_resid_post")
ATTENTION = ("W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V", "b_O")


def randomise(bridge):
    """Random weights and biases; layer norms keep gain 1 and bias 0."""
    generator = torch.Generator().manual_seed(0)
    norms = {id(p) for m in bridge.modules() if isinstance(m, nn.LayerNorm) for p in m.parameters()}
    with torch.no_grad():
        for parameter in bridge.parameters():
            if id(parameter) not in norms:
                parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator))


def copied_state(bridge, model):
    """The weights of the bridge under the names of the hooked transformer."""
    state = dict(model.state_dict())
    state |= {"embed.W_E": bridge.W_E, "pos_embed.W_pos": bridge.W_pos, "unembed.W_U": bridge.W_U}
    names = [f"attn.{name}" for name in ATTENTION]
    if not model.cfg.attn_only:
        names += ["mlp.W_in", "mlp.b_in", "mlp.W_out", "mlp.b_out"]
    for name in names:
        stacked = getattr(bridge, name.split(".")[1])
        for layer in range(SIZES["n_layers"]):
            state[f"blocks.{layer}.{name}"] = stacked[layer]
    state["unembed.b_U"] = torch.zeros(SIZES["d_vocab"])  # the small bridges have none
    return {name: value.detach().clone() for name, value in state.items()}


@pytest.mark.parametrize("attn_only", [True, False])
def test_logits_and_shared_activations_agree(attn_only):
    from transformer_lens.config import TransformerBridgeConfig
    from transformer_lens.model_bridge import TransformerBridge

    bridge = TransformerBridge.boot_native(
        TransformerBridgeConfig(
            **SIZES, attn_only=attn_only, act_fn="gelu_new", normalization_type="LN"
        )
    )
    randomise(bridge)
    model = hooked.build(**SIZES, attn_only=attn_only)
    model.load_state_dict(copied_state(bridge, model))

    tokens = torch.randint(0, 31, (4, 11), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        logits, cache = model.run_with_cache(tokens)
        expected, theirs = bridge.run_with_cache(tokens)
    torch.testing.assert_close(logits, expected, rtol=1e-5, atol=1e-5)
    shared = [n for n in cache if n in theirs and "ln" not in n and "scores" not in n]
    assert {f"blocks.1.{name}" for name in MUST_AGREE} <= set(shared)
    for name in shared:
        ours = cache[name].expand(4, *cache[name].shape) if cache[name].ndim == 2 else cache[name]
        torch.testing.assert_close(
            ours, theirs[name].expand(4, *theirs[name].shape[1:]).reshape(ours.shape),
            rtol=1e-5, atol=1e-5, msg=lambda text, name=name: f"{name}: {text}",
        )  # fmt: skip
