"""The text that the language units train on, its characters and its split.

The text is the beginning of the King James Bible (Genesis 1:1 to 2 Samuel 12:22), one verse a
line, from Debian's package `bible-kjv-text`; `files/NOTICE.md` states its source and licence,
`scripts/make_text.py` made the file. It has 1,199,927 characters, 62 of them different.
"""

from __future__ import annotations

import hashlib
import lzma
from functools import cache
from importlib import resources

import numpy as np
import torch
from torch import Tensor

TEXT_SHA256 = "c19f73a7facba6ffc48e494868dbed53fd7a4eb5cf102f1b19968d08a5fb6d4a"


def packaged_file(name: str) -> bytes:
    """The bytes of a file in `firsthand/kit/files`. Raises FileNotFoundError if there is none."""
    return (resources.files("firsthand.kit") / "files" / name).read_bytes()


@cache
def king_james() -> str:
    """The whole text. Raises ValueError if the shipped file is damaged."""
    raw = lzma.decompress(packaged_file("king_james.txt.xz"))
    found = hashlib.sha256(raw).hexdigest()
    if found != TEXT_SHA256:
        raise ValueError(
            f"king_james.txt.xz has sha256 {found[:12]}..., not {TEXT_SHA256[:12]}...: "
            "install the package again"
        )
    return raw.decode("ascii")


def characters(text: str) -> str:
    """The different characters of a text in code point order; a character's place is its token."""
    return "".join(sorted(set(text)))


def encode(text: str, vocabulary: str) -> Tensor:
    """Tokens [len(text)], int64. Raises ValueError on a character that the vocabulary lacks."""
    known = np.array([ord(character) for character in vocabulary])
    order = np.argsort(known)
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    place = np.searchsorted(known[order], codes).clip(max=len(known) - 1)
    unknown = known[order][place] != codes
    if unknown.any():
        raise ValueError(
            f"no token for {chr(codes[unknown][0])!r}: the vocabulary is {vocabulary!r}"
        )
    return torch.from_numpy(order[place].astype(np.int64))


def decode(tokens: Tensor, vocabulary: str) -> str:
    """The text of tokens [p]; the inverse of `encode`."""
    return "".join(vocabulary[token] for token in tokens.tolist())


def split(tokens: Tensor, *, fraction: float = 0.9) -> tuple[Tensor, Tensor]:
    """The first `fraction` of the tokens to train on and the rest to validate on.

    The cut is one position: windows drawn at random from both sides of it can never overlap.
    Raises ValueError unless 0 < fraction < 1.
    """
    if not 0 < fraction < 1:
        raise ValueError(f"fraction is {fraction}; it must lie between 0 and 1")
    cut = int(len(tokens) * fraction)
    return tokens[:cut], tokens[cut:]


def windows(tokens: Tensor, *, length: int) -> Tensor:
    """Windows [n length] side by side, for evaluation; an incomplete last one is dropped."""
    count = len(tokens) // length
    return tokens[: count * length].reshape(count, length)


def random_windows(
    tokens: Tensor, *, length: int, batch: int, generator: torch.Generator
) -> Tensor:
    """A batch [batch length] of windows at random places, for training.

    Raises ValueError if the text is shorter than one window.
    """
    if len(tokens) < length:
        raise ValueError(f"{len(tokens)} tokens are too few for windows of {length}")
    starts = torch.randint(len(tokens) - length + 1, (batch, 1), generator=generator)
    return tokens[starts + torch.arange(length)]


def unigram_loss(train: Tensor, validation: Tensor, *, vocabulary_size: int) -> float:
    """Mean nats per validation token of add-one letter frequencies of the training part."""
    counts = torch.bincount(train, minlength=vocabulary_size).double() + 1
    return float(-(counts / counts.sum()).log()[validation].mean())


def bigram_loss(train: Tensor, validation: Tensor, *, vocabulary_size: int) -> float:
    """Mean nats per validation token after the first, by add-one frequencies of token pairs."""
    pairs = train[:-1] * vocabulary_size + train[1:]
    counts = (
        torch.bincount(pairs, minlength=vocabulary_size**2).reshape(vocabulary_size, -1).double()
        + 1
    )
    table = (counts / counts.sum(1, keepdim=True)).log()
    return float(-table[validation[:-1], validation[1:]].mean())
