"""Modular addition: the network at its last position, training, and the shipped run."""

import pytest
import torch

from firsthand.kit import checkpoints, hooked, modular


def task(p):
    a, b = torch.arange(p).repeat_interleave(p), torch.arange(p).repeat(p)
    return torch.stack([a, b, torch.full_like(a, p)], dim=1), (a + b) % p


def test_the_last_position_is_that_of_the_whole_network():
    tokens, _ = task(7)
    model = modular.new_model(7, 3)
    logits, cache = model.run_with_cache(tokens, "blocks.0.mlp.hook_post")
    torch.testing.assert_close(modular.answer_logits(model, tokens), logits[:, -1, :7])
    post = cache["blocks.0.mlp.hook_post"][:, -1]
    torch.testing.assert_close(modular.mlp_activations(model, tokens), post)


def test_gradients_are_those_of_the_whole_network():
    tokens, labels = task(5)
    gradients = []
    for logits_of in (lambda m: modular.answer_logits(m, tokens), lambda m: m(tokens)[:, -1, :5]):
        model = modular.new_model(5, 1)
        modular.cross_entropy(logits_of(model), labels).mean().backward()
        gradients.append({name: w.grad for name, w in model.named_parameters()})
    for name, gradient in gradients[0].items():
        torch.testing.assert_close(gradient, gradients[1][name], rtol=1e-3, atol=1e-6, msg=name)


def test_cross_entropy_is_in_float64():
    logits = torch.tensor([[20.0, 0.0], [0.0, 0.0]])
    loss = modular.cross_entropy(logits, torch.tensor([0, 1]))
    assert loss.dtype == torch.float64
    assert loss.tolist() == pytest.approx([2.0611536e-9, 0.69314718], rel=1e-6)


def test_training_fits_the_training_rows_and_keeps_the_weights():
    tokens, labels = task(7)
    train = torch.arange(0, 49, 2)
    run = modular.train(tokens, labels, train, steps=60, seed=0, every=25, progress=False)
    assert run.step == [0, 25, 50, 60] and len(run.states) == 4
    first, last = (modular.logits_of(run.states[i], tokens) for i in (0, -1))
    assert first.shape == (49, 7)
    assert modular.cross_entropy(last, labels)[train].mean() < 0.1
    assert modular.cross_entropy(first, labels)[train].mean() > 1.0
    again = modular.train(tokens, labels, train, steps=60, seed=0, every=25, progress=False)
    assert torch.equal(again.states[-1]["embed.W_E"], run.states[-1]["embed.W_E"])


def test_the_metrics_of_the_shipped_run_are_those_of_its_weights():
    shipped, log = checkpoints.load("modular_113"), modular.load_log("modular_113")
    tokens, labels = task(113)
    is_test = torch.ones(113 * 113, dtype=torch.bool)
    is_test[log.train_index] = False
    logits = modular.logits_of(shipped.state_dict, tokens)
    right = (logits.argmax(1) == labels)[is_test].double().mean().item()
    loss = modular.cross_entropy(logits, labels)[is_test].mean().item()
    assert right == pytest.approx(shipped.metrics["accuracy"], abs=1e-3)
    assert loss == pytest.approx(shipped.metrics["test"], rel=0.05)
    assert {len(curve) for curve in log.curves.values()} == {len(log.step)} == {len(log.power)}
    assert log.power.sum(1).sub(1).abs().max() < 1e-5
    assert hooked.build(**shipped.config).cfg.activation == "relu"


def test_a_log_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="char_2l"):
        modular.load_log("char_2l")
