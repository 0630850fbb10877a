"""Frames to try the decoder with: valid ones, and mutations that know what a frame is made of."""

import json
import random
from collections import namedtuple
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from firsthand.grading import values, wire
from firsthand.grading.peer import materialise
from firsthand.grading.wire import Message, WireError

Pair = namedtuple("Pair", "left right")

VALID: list[object] = [
    None,
    True,
    -7,
    1 << 70,
    2.5,
    float("nan"),
    "text ü",
    b"bytes",
    1 + 2j,
    [1, [2, [3]]],
    (1, "a"),
    {"a": 1, 2: (3, 4)},
    {1, 2, 3},
    frozenset(("x", "y")),
    slice(1, None, 2),
    ...,
    torch.float32,
    torch.Size([2, 3]),
    torch.arange(12.0).reshape(3, 4),
    torch.ones(3, requires_grad=True),
    torch.tensor([True, False]),
    torch.zeros(0, 5),
    torch.ones(2, dtype=torch.bfloat16),
    torch.ones(2, dtype=torch.complex64),
    np.arange(6, dtype=np.int16).reshape(2, 3),
    np.float64(1.5),
    np.array(3, dtype=np.uint8),
    Pair(1, torch.ones(2)),
    ("ok", [torch.ones(1), np.ones(1)], {"k": [None, Pair(1, 2)]}),
]
_TAGS = "l t d s z S e D Z T a g n i f y c R L ? tg".split()
_DTYPES = ["float32", "bool", "bfloat16", "int8", "complex128", "object", ""]
_NUMBERS = [0, 1, -1, 16, 1 << 31, 1 << 53, 1 << 63, -(1 << 64), 10**400, 0.5, 1e308]
_SCALARS = [None, True, False, "", "nan", "ff", "-0", "\ud800", "x" * 99, *_NUMBERS]
_BYTES = [b"NaN", b"Infinity", b"[", b'"', b"\xff", b"\\ud800", b"1e999", b"9" * 5000, b"[" * 3000]


def _packed(value: object) -> tuple[list[Any], bytearray]:
    encoder = values.Encoder(lambda _: ["R", 5, "object"])
    _, header, *parts = wire.pack("ok", 3, [], encoder.body(value))
    return json.loads(bytes(header)), bytearray(b"".join(bytes(part) for part in parts))


def _leaves(node: list[Any], path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    for index, child in enumerate(node):
        yield (*path, index)
        if isinstance(child, list):
            yield from _leaves(child, (*path, index))


def _junk(draw: random.Random, depth: int = 0) -> Any:
    if depth < 3 and draw.random() < 0.5:
        inside = [_junk(draw, depth + 1) for _ in range(draw.randrange(4))]
        return [draw.choice(_TAGS), *inside]
    return draw.choice([*_SCALARS, *_DTYPES, *_TAGS])


def _mutated(draw: random.Random, fields: list[Any]) -> None:
    """Change one place of a header."""
    path = draw.choice(list(_leaves(fields)))
    place = fields
    for index in path[:-1]:
        place = place[index]
    last, kind = path[-1], draw.randrange(6)
    if kind == 0:
        place[last] = _junk(draw)
    elif kind == 1:
        place[last] = draw.choice(_NUMBERS)
    elif kind == 2:
        del place[last]
    elif kind == 3:
        place.insert(last, place[last])
    elif kind == 4:
        place[last] = draw.choice([*_TAGS, *_DTYPES])
    else:
        for _ in range(draw.choice((2, 39, 45))):
            place[last] = ["l", place[last]]


def _scrambled(draw: random.Random, data: bytearray) -> bytearray:
    """Change a few bytes."""
    for _ in range(draw.randrange(1, 4)):
        at = draw.randrange(len(data) + 1)
        kind = draw.randrange(4)
        if kind == 0 and at < len(data):
            data[at] = draw.randrange(256)
        elif kind == 1:
            del data[at : at + draw.randrange(1, 9)]
        elif kind == 2:
            data[at:at] = draw.choice(_BYTES)
        else:
            data[at:at] = data[: draw.randrange(len(data) + 1)]
    return data


def frames(seed: int, count: int) -> Iterator[tuple[bytes, bytearray]]:
    """Headers and blobs made from valid ones; some stay valid."""
    draw = random.Random(seed)
    for _ in range(count):
        fields, blob = _packed(draw.choice(VALID))
        for _ in range(draw.randrange(4)):
            if fields:
                _mutated(draw, fields)
        header = bytearray(json.dumps(fields).encode())
        if draw.random() < 0.3:
            header = _scrambled(draw, header)
        if draw.random() < 0.3:
            blob = _scrambled(draw, blob)
        yield bytes(header), blob


def _bring(tag: str, arguments: list[Any]) -> object:
    if tag not in ("R", "L"):
        raise WireError("unknown tag")
    return len(arguments)


def decoded(header: bytes, blob: bytearray) -> bool:
    """Whether a frame is a message with a value. Raises what the decoder must not raise."""
    try:
        message: Message = wire.unpack(header, blob)
        value = values.decode(message.node, materialise(message), _bring)
    except WireError:
        return False
    repr(value)[:10]  # what a test's message would do with it
    return True
