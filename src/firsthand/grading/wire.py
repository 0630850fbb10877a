"""Messages as bytes: a JSON header and raw tensor bytes, nothing that can run.

A frame is `<u32 header bytes> <u64 blob bytes> header blob`. The header is the JSON list
`[kind, number, dropped handles, tensors, value]`; tensors and arrays are described there one by
one and lie in the blob in the same order, each at the next multiple of 64 bytes. The value refers
to them by their index (`values.py`).

`unpack` and `values.decode` are the only entrance for bytes of a hostile peer. They check every
tag, length, dtype and shape, and raise WireError for whatever the format does not allow.
"""

import json
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import torch

PREFIX = struct.Struct("<IQ")
MAX_HEADER = 8 << 20  # bytes
MAX_BLOB = 512 << 20  # bytes
MAX_DIMENSIONS = 16
ALIGNMENT = 64  # bytes, a cache line
_FIELDS = 5

Node: TypeAlias = Any  # what json.loads may return, not yet checked
Buffer: TypeAlias = bytes | bytearray | memoryview

_NAMES = (
    "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 "
    "float16 bfloat16 float32 float64 complex64 complex128"
).split()
TORCH_DTYPES: dict[str, torch.dtype] = {name: getattr(torch, name) for name in _NAMES}
NUMPY_DTYPES: dict[str, np.dtype[Any]] = {  # numpy has no bfloat16
    name: np.dtype(name) for name in _NAMES if name != "bfloat16"
}
_ITEM_BYTES = {name: dtype.itemsize for name, dtype in TORCH_DTYPES.items()}
_DIFFERENTIABLE = {name for name in _NAMES if "float" in name or "complex" in name}


class WireError(Exception):
    """The peer sent something that the format does not allow."""


class Unsupported(TypeError):
    """A value that cannot cross the boundary."""


class Stored(NamedTuple):
    """One tensor or array of a received message, on the message's own memory."""

    value: torch.Tensor | np.ndarray
    requires_grad: bool
    start: int  # in the blob
    stop: int


class Message(NamedTuple):
    """A received message whose value is not decoded yet."""

    kind: str
    number: int
    dropped: list[int]
    stored: list[Stored]
    node: Node
    blob: bytearray


class Body(NamedTuple):
    """A value made ready for a message."""

    node: Node
    specs: list[list[Any]]  # [form, dtype, *shape] of each tensor or array
    parts: list[Buffer]  # their bytes, with the padding between them
    size: int  # bytes of all parts


def pack(kind: str, number: int, dropped: Sequence[int], body: Body) -> list[Buffer]:
    """The frame of a message, as buffers to send one after the other. Raises Unsupported."""
    fields = [kind, number, list(dropped), body.specs, body.node]
    header = json.dumps(fields, separators=(",", ":"), allow_nan=False).encode()
    if len(header) > MAX_HEADER:
        size = f"{len(header) >> 20} MiB of numbers and text"
        raise Unsupported(f"{size} cannot cross in one call: use a tensor")
    return [PREFIX.pack(len(header), body.size), header, *body.parts]


def unpack(header: Buffer, blob: bytearray) -> Message:
    """A received message. Raises WireError, and nothing else, for bytes that are none."""
    try:
        fields = json.loads(bytes(header), parse_constant=_no_constant)
        if type(fields) is not list or len(fields) != _FIELDS:
            raise WireError("a message has five fields")
        kind, number, dropped, specs, node = fields
        if type(kind) is not str or type(number) is not int or type(dropped) is not list:
            raise WireError("a message begins with its kind, its number and the dropped handles")
        if type(specs) is not list or not all(type(handle) is int for handle in dropped):
            raise WireError("handles are integers and tensors come in a list")
        return Message(kind, number, dropped, _stored(specs, blob), node, blob)
    except (ValueError, TypeError, RuntimeError, OverflowError, MemoryError) as error:
        raise WireError(f"not a message: {type(error).__name__}") from None


def _no_constant(name: str) -> None:
    raise WireError(f"{name} is not a number of the format")


def _stored(specs: list[Any], blob: bytearray) -> list[Stored]:
    stored, stop = [], 0
    for spec in specs:
        if type(spec) is not list or len(spec) < 2 or len(spec) > MAX_DIMENSIONS + 2:
            raise WireError("a tensor is described by its form, dtype and shape")
        form, name, *shape = spec
        if type(form) is not str or type(name) is not str or name not in TORCH_DTYPES:
            raise WireError("unknown dtype")
        count, bound = 1, 1
        for length in shape:
            if type(length) is not int or not 0 <= length <= MAX_BLOB:
                raise WireError("a length is out of range")
            count, bound = count * length, bound * max(length, 1)
        start = stop + -stop % ALIGNMENT
        stop = start + count * _ITEM_BYTES[name]
        if stop > len(blob) or bound > MAX_BLOB:
            raise WireError("a tensor is larger than what was sent")
        stored.append(_place(form, name, shape, blob, start, count, stop))
    if stop != len(blob):
        raise WireError("bytes belong to no tensor")
    return stored


def _place(
    form: str, name: str, shape: list[int], blob: bytearray, start: int, count: int, stop: int
) -> Stored:
    if name == "bool" and count:
        flags = np.frombuffer(blob, np.uint8, count, start)
        np.not_equal(flags, 0, out=flags, casting="unsafe")  # torch must never see another byte
    if form == "a" and name in NUMPY_DTYPES:
        if not count:
            return Stored(np.empty(shape, NUMPY_DTYPES[name]), False, start, stop)
        array = np.frombuffer(blob, NUMPY_DTYPES[name], count, start).reshape(shape)
        return Stored(array, False, start, stop)
    if form == "t" or (form == "tg" and name in _DIFFERENTIABLE):
        dtype = TORCH_DTYPES[name]
        if not count:
            return Stored(torch.empty(shape, dtype=dtype), form == "tg", start, stop)
        tensor = torch.frombuffer(blob, dtype=dtype, count=count, offset=start).reshape(shape)
        return Stored(tensor, form == "tg", start, stop)
    raise WireError("unknown form of a tensor")
