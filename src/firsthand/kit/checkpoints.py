"""Trained models that ship with the course, and the manifest that says where they come from.

`files/manifest.toml` has one table for each checkpoint:

    [char_2l]
    file = "char_2l.safetensors"      weights, float16
    sha256 = "..."                    of that file
    script = "scripts/train_char_2l.py"
    seed = 0
    config = {n_layers = 2, ...}      keyword arguments of `kit.hooked.build`
    metrics = {validation_nats = ...} measured at the end of training, on the float16 weights
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from dataclasses import dataclass
from typing import Any

import safetensors.torch
import torch
from torch import Tensor

from firsthand.kit.data import packaged_file

MANIFEST = "manifest.toml"


@dataclass(frozen=True)
class Checkpoint:
    """A shipped model: float32 weights under the names of `kit.hooked`, and `build`'s arguments."""

    name: str
    config: dict[str, Any]
    state_dict: dict[str, Tensor]
    script: str
    seed: int
    metrics: dict[str, float]


def names() -> list[str]:
    """The names of all shipped checkpoints."""
    return sorted(manifest())


def load(name: str) -> Checkpoint:
    """The checkpoint of this name, its file checked against the manifest's sha256.

    Weights are stored as float16 and returned as float32; every call returns new tensors.
    Raises ValueError for a name that does not exist and for a damaged file.
    """
    known = manifest()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(sorted(known))}"
        raise ValueError(f"no checkpoint {name!r}; {hint}")
    row = known[name]
    raw = verified_file(row, "file", "sha256")
    weights = {key: tensor.to(torch.float32) for key, tensor in safetensors.torch.load(raw).items()}
    return Checkpoint(name, row["config"], weights, row["script"], row["seed"], row["metrics"])


def verified_file(row: dict[str, Any], name_key: str, sha256_key: str) -> bytes:
    """The packaged file that a row of the manifest names, checked against the row's sha256.

    Raises ValueError for a file that is not the one of the manifest.
    """
    raw, wanted = packaged_file(row[name_key]), row[sha256_key]
    found = hashlib.sha256(raw).hexdigest()
    if found != wanted:
        raise ValueError(
            f"{row[name_key]} has sha256 {found[:12]}..., the manifest says {wanted[:12]}...: "
            f"install the package again, or run {row['script']}"
        )
    return raw


def manifest() -> dict[str, dict[str, Any]]:
    """The rows of the manifest by name."""
    return tomllib.loads(packaged_file(MANIFEST).decode("utf-8"))
