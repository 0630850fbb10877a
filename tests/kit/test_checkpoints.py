"""Shipped checkpoints: loading, the manifest, and that its numbers are those of the weights."""

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import torch

from firsthand.kit import checkpoints, data, hooked

ROOT = Path(__file__).parents[2]


def test_every_checkpoint_loads_and_fits_its_model():
    assert "char_2l" in checkpoints.names()
    for name in checkpoints.names():
        shipped = checkpoints.load(name)
        model = hooked.build(**shipped.config)
        model.load_state_dict(shipped.state_dict)
        assert all(tensor.dtype == torch.float32 for tensor in shipped.state_dict.values())
        assert (ROOT / shipped.script).is_file()


def test_the_manifests_losses_are_those_of_the_shipped_weights():
    shipped = checkpoints.load("char_2l")
    model = hooked.build(**shipped.config)
    model.load_state_dict(shipped.state_dict)
    text = data.king_james()
    train, validation = data.split(data.encode(text, data.characters(text)))
    with torch.no_grad():
        rows = data.windows(validation, length=shipped.config["n_ctx"] + 1)
        logits = torch.cat([model(batch[:, :-1]) for batch in rows.split(256)])
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())
    assert loss.item() == pytest.approx(shipped.metrics["validation_nats"], abs=2e-4)
    bigram = data.bigram_loss(train, validation, vocabulary_size=shipped.config["d_vocab"])
    assert bigram == pytest.approx(shipped.metrics["bigram_nats"], abs=1e-4)


def test_the_last_position_of_the_context_was_trained_too():
    shipped = checkpoints.load("char_2l")
    model = hooked.build(**shipped.config)
    model.load_state_dict(shipped.state_dict)
    text = data.king_james()
    validation = data.split(data.encode(text, data.characters(text)))[1]
    rows = data.windows(validation, length=shipped.config["n_ctx"] + 1)
    with torch.no_grad():
        logits = model(rows[:, :-1])[:, -1]
    assert (
        torch.nn.functional.cross_entropy(logits, rows[:, -1])
        < shipped.metrics["validation_nats"] + 0.1
    )


def test_gains_and_biases_were_trained_away_from_their_start():
    weights = checkpoints.load("char_2l").state_dict
    for name in ("blocks.0.ln1.w", "ln_final.w"):
        assert (weights[name] - 1).abs().max() > 0.05
    for name in ("blocks.0.attn.b_Q", "blocks.1.mlp.b_in", "unembed.b_U", "blocks.0.attn.b_O"):
        assert weights[name].abs().max() > 0.05


def test_loading_twice_gives_independent_tensors():
    first, second = checkpoints.load("char_2l"), checkpoints.load("char_2l")
    first.state_dict["embed.W_E"].zero_()
    assert second.state_dict["embed.W_E"].abs().sum() > 0


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'char_2l'"):
        checkpoints.load("char_2")
    with pytest.raises(ValueError, match=r"there is .*char_2l"):
        checkpoints.load("gpt2")


def test_a_damaged_file_is_refused(monkeypatch):
    original = checkpoints.packaged_file

    def damaged(name: str) -> bytes:
        raw = original(name)
        return raw if name == checkpoints.MANIFEST else raw[:-1] + bytes([raw[-1] ^ 1])

    monkeypatch.setattr(checkpoints, "packaged_file", damaged)
    with pytest.raises(ValueError, match=r"char_2l\.safetensors has sha256"):
        checkpoints.load("char_2l")


def test_the_manifest_has_the_documented_keys():
    manifest = tomllib.loads(data.packaged_file(checkpoints.MANIFEST).decode())
    for row in manifest.values():
        assert {"file", "sha256", "script", "seed", "config", "metrics"} <= set(row)


def test_the_script_keeps_other_rows_of_the_manifest(tmp_path):
    (tmp_path / "manifest.toml").write_text('[other]\nseed = 1\n\n[char_2l]\nfile = "old"\n')
    command = [sys.executable, ROOT / "scripts/train_char_2l.py", "--steps", "1"]
    subprocess.run([*command, "--target", tmp_path], check=True, capture_output=True, timeout=120)
    manifest = tomllib.loads((tmp_path / "manifest.toml").read_text())
    assert manifest["other"] == {"seed": 1}
    assert manifest["char_2l"]["steps"] == 1
    raw = (tmp_path / "char_2l.safetensors").read_bytes()
    assert manifest["char_2l"]["sha256"] == hashlib.sha256(raw).hexdigest()
