"""Values as nodes of a message: what crosses the boundary by value, and how.

Numbers, strings, bytes, None, lists, tuples, named tuples, dicts, sets, slices, `...`,
`torch.Size`, dtypes, tensors, numpy arrays and scalars are copied. Everything else crosses as a
handle, which the caller makes, or not at all.
"""

import math
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import torch

from firsthand.grading.wire import (
    ALIGNMENT,
    MAX_BLOB,
    NUMPY_DTYPES,
    TORCH_DTYPES,
    Body,
    Buffer,
    Node,
    Unsupported,
    WireError,
)

MAX_DEPTH = 40  # levels of nesting
MAX_DIGITS = 3_500  # of an integer in hexadecimal: Python refuses to print much longer ones
MAX_ALIKE = 64  # keys of a dict, or items of a set, that have one hash
_EXACT = 1 << 53  # beyond this, JSON readers disagree about integers
_NAME_LENGTH = 80
_TORCH_NAMES = {dtype: name for name, dtype in TORCH_DTYPES.items()}
_NUMPY_NAMES = {dtype: name for name, dtype in NUMPY_DTYPES.items()}

Export: TypeAlias = Callable[[object], list[Any]]
Import: TypeAlias = Callable[[str, list[Any]], object]


class Record(tuple[Any, ...]):
    """A named tuple from the other side: a plain tuple whose items also have names."""

    _fields: tuple[str, ...]
    _type_name: str

    def __new__(cls, type_name: str, fields: Sequence[str], values: Sequence[Any]) -> "Record":
        """A record called `type_name`, with as many fields as values."""
        self = super().__new__(cls, values)
        self.__dict__["_fields"] = tuple(fields)
        self.__dict__["_type_name"] = type_name
        return self

    def __getattribute__(self, name: str) -> Any:
        # Before tuple's own methods: a field may be called `count` or `index`.
        fields = super().__getattribute__("__dict__").get("_fields", ())
        if name in fields:
            return self[fields.index(name)]
        return super().__getattribute__(name)

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{self._type_name}({inside})"


class Encoder:
    """Turns one message's value into a node, and collects its tensors and arrays.

    export: gets what does not cross by value; returns its node or raises Unsupported.
    """

    def __init__(self, export: Export) -> None:
        self._export = export
        self._indices: dict[int, int] = {}
        self._specs: list[list[Any]] = []
        self._parts: list[Buffer] = []
        self._size = 0
        self.originals: list[Any] = []  # the tensors and arrays; held, so that no id is used twice

    def body(self, value: object) -> Body:
        """`value`, ready for `wire.pack`. Raises Unsupported."""
        return Body(self.node(value), self._specs, self._parts, self._size)

    def node(self, value: object, depth: int = 0) -> Node:
        """The node for `value`, whose tensors are collected on the way. Raises Unsupported."""
        if value is None or value is True or value is False:
            return value
        if depth > MAX_DEPTH:
            raise Unsupported(f"a value nested more than {MAX_DEPTH} levels deep cannot cross")
        encode = _ENCODERS.get(type(value))
        if encode is not None:
            return encode(self, value, depth + 1)
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, np.generic):
            return self._scalar(value, depth)
        if isinstance(value, torch.dtype) and value in _TORCH_NAMES:
            return ["D", _TORCH_NAMES[value]]
        names = _field_names(value)
        if names is not None:
            title = str(getattr(value, "_type_name", type(value).__name__))[:_NAME_LENGTH]
            return ["n", title, names, *self._nodes(value, depth + 1)]
        return self._export(value)

    def _nodes(self, values: Any, depth: int) -> list[Node]:
        return [self.node(value, depth) for value in values]

    def _mapping(self, value: dict[Any, Any], depth: int) -> Node:
        if not all(_is_key(key) for key in value):
            return self._export(value)
        flat: list[Node] = ["d"]
        for key, item in value.items():
            flat += (self.node(key, depth), self.node(item, depth))
        return flat

    def _set(self, value: set[Any] | frozenset[Any], depth: int) -> Node:
        if not all(_is_key(item) for item in value):
            return self._export(value)
        return ["s" if type(value) is set else "z", *self._nodes(value, depth)]

    def _scalar(self, value: np.generic, depth: int) -> Node:
        if _crosses(value):
            return ["g", self._array(np.asarray(value))]
        plain = value.item()
        return self._export(value) if isinstance(plain, np.generic) else self.node(plain, depth)

    def _tensor(self, tensor: torch.Tensor) -> Node:
        if id(tensor) not in self._indices:
            name = _TORCH_NAMES.get(tensor.dtype)
            if tensor.layout is not torch.strided or tensor.device.type != "cpu" or name is None:
                what = f"{tensor.dtype} tensor of layout {tensor.layout} on {tensor.device}"
                raise Unsupported(f"a {what} cannot cross: return a plain tensor on the CPU")
            try:
                flat = _plain(tensor)
            except RuntimeError as error:  # inside torch.func: a wrapped tensor has no bytes
                what = "a tensor without data of its own cannot cross"
                raise Unsupported(f"{what}: {error}") from None
            form = "tg" if tensor.requires_grad else "t"
            self._store(tensor, [form, name, *tensor.shape], flat)
        return ["T", self._indices[id(tensor)]]

    def _array(self, array: np.ndarray) -> int:
        if id(array) not in self._indices:
            native = array.dtype.newbyteorder("=")
            flat = np.asarray(array, dtype=native, order="C").reshape(-1).view(np.uint8)
            self._store(array, ["a", _NUMPY_NAMES[native], *array.shape], flat)
        return self._indices[id(array)]

    def _store(self, original: Any, spec: list[Any], flat: Any) -> None:
        padding = -self._size % ALIGNMENT
        if padding:
            self._parts.append(bytes(padding))
        if flat.size:
            self._parts.append(memoryview(flat))
        self._size += padding + flat.size
        if self._size > MAX_BLOB:
            raise Unsupported(f"more than {MAX_BLOB >> 20} MiB of tensors cannot cross in one call")
        self._indices[id(original)] = len(self._specs)
        self._specs.append(spec)
        self.originals.append(original)


def _plain(tensor: torch.Tensor) -> np.ndarray:
    """The bytes of a tensor's values in C order."""
    plain = tensor.as_subclass(torch.Tensor).detach().resolve_conj().resolve_neg().contiguous()
    if plain.numel() == 0:
        return np.empty(0, dtype=np.uint8)
    return plain.reshape(-1).view(torch.uint8).numpy()


def _crosses(array: Any) -> bool:
    return array.dtype.newbyteorder("=") in _NUMPY_NAMES


def _is_key(value: object) -> bool:
    """Whether a value keeps its hash and equality on the other side."""
    if type(value) in (tuple, frozenset):
        return all(_is_key(item) for item in value)  # type: ignore[attr-defined]
    return value is None or value is Ellipsis or type(value) in _HASHABLE


_HASHABLE = {bool, int, float, complex, str, bytes, torch.dtype, torch.Size}


def _field_names(value: object) -> list[str] | None:
    """Names of a named tuple's items, also of what torch.max and the like return."""
    if not isinstance(value, tuple):
        return None
    names = getattr(value, "_fields", None)
    if names is None and type(value).__module__ == "torch.return_types":
        names = type(value).__match_args__  # type: ignore[attr-defined]
    if type(names) is not tuple or len(names) != len(value):
        return None
    return list(names) if all(map(_is_field, names)) else None


def _is_field(name: object) -> bool:
    return (
        type(name) is str
        and name.isidentifier()
        and not name.startswith("_")
        and len(name) <= _NAME_LENGTH
    )


def _encode_int(_: Encoder, value: int, __: int) -> Node:
    if -_EXACT < value < _EXACT:
        return value
    digits = f"{value:x}"
    if len(digits) > MAX_DIGITS:
        raise Unsupported(f"an integer of more than {MAX_DIGITS} hexadecimal digits cannot cross")
    return ["i", digits]


def _encode_str(_: Encoder, value: str, __: int) -> Node:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Unsupported("text with half a surrogate pair cannot cross") from None
    return value


def _encode_float(_: Encoder, value: float, __: int) -> Node:
    return value if math.isfinite(value) else ["f", str(value)]


def _encode_array(encoder: Encoder, value: np.ndarray, _: int) -> Node:
    return ["a", encoder._array(value)] if _crosses(value) else encoder._export(value)


def _sequence(tag: str) -> Callable[[Encoder, Any, int], Node]:
    return lambda encoder, value, depth: [tag, *encoder._nodes(value, depth)]


_ENCODERS: dict[type, Callable[[Encoder, Any, int], Node]] = {
    int: _encode_int,
    float: _encode_float,
    str: _encode_str,
    bytes: lambda _, value, __: ["y", value.hex()],
    complex: lambda encoder, value, depth: ["c", *encoder._nodes((value.real, value.imag), depth)],
    list: _sequence("l"),
    tuple: _sequence("t"),
    torch.Size: _sequence("Z"),
    dict: Encoder._mapping,
    OrderedDict: Encoder._mapping,
    defaultdict: Encoder._mapping,
    Counter: Encoder._mapping,
    set: Encoder._set,
    frozenset: Encoder._set,
    slice: lambda encoder, value, depth: [
        "S",
        *encoder._nodes((value.start, value.stop, value.step), depth),
    ],
    type(Ellipsis): lambda _, __, ___: ["e"],
    np.ndarray: _encode_array,
}


def decode(node: Node, tensors: Sequence[Any], bring: Import) -> Any:
    """The value of a node.

    tensors: what the indices in the node stand for, in the order of `Message.stored`.
    bring: gets the tag and the arguments of a handle; returns the object or raises WireError.
    Raises WireError, and nothing else, for a node that the format does not allow.
    """
    try:
        return _Decoder(tensors, bring).value(node, 0)
    except (ValueError, TypeError, RuntimeError, OverflowError, LookupError) as error:
        raise WireError(f"not a value: {type(error).__name__}") from None


class _Decoder:
    def __init__(self, tensors: Sequence[Any], bring: Import) -> None:
        self._tensors = tensors
        self._bring = bring

    def value(self, node: Node, depth: int) -> Any:
        kind = type(node)
        if kind is str:
            if not node.isascii():
                node.encode()  # raises for half a surrogate pair, which no file could hold
            return node
        if node is None or kind is bool or kind is int or kind is float:
            return node
        if kind is not list or not node or type(node[0]) is not str or depth > MAX_DEPTH:
            raise WireError("a value is a scalar or a list that begins with a tag")
        decode_tag = _DECODERS.get(node[0])
        return (
            self._bring(node[0], node[1:])
            if decode_tag is None
            else decode_tag(self, node[1:], depth + 1)
        )

    def values(self, nodes: list[Node], depth: int) -> list[Any]:
        return [self.value(node, depth) for node in nodes]

    def mapping(self, nodes: list[Node], depth: int) -> dict[Any, Any]:
        flat = self.values(nodes, depth)
        return dict(zip(_spread(flat[::2]), flat[1::2], strict=True))

    def complex(self, nodes: list[Node], depth: int) -> complex:
        real, imaginary = self.values(nodes, depth)
        if type(real) is not float or type(imaginary) is not float:
            raise WireError("a complex number has two floats")
        return complex(real, imaginary)

    def slice(self, nodes: list[Node], depth: int) -> slice:
        start, stop, step = self.values(nodes, depth)
        return slice(start, stop, step)

    def tensor(self, nodes: list[Node], kinds: type | tuple[type, ...]) -> Any:
        (index,) = nodes
        if type(index) is not int or not 0 <= index < len(self._tensors):
            raise WireError("no such tensor")
        value = self._tensors[index]
        if not isinstance(value, kinds):
            raise WireError("a tensor is not an array")
        return value

    def record(self, nodes: list[Node], depth: int) -> Record:
        title, fields, *values = nodes
        if type(title) is not str or type(fields) is not list or len(fields) != len(values):
            raise WireError("a record has a title and a name for each value")
        if not all(map(_is_field, fields)):
            raise WireError("a field's name is a public identifier")
        return Record(self.value(title[:_NAME_LENGTH], depth), fields, self.values(values, depth))


def _spread(keys: list[Any]) -> list[Any]:
    """The keys, unless so many share a hash that a table of them takes the square of the time."""
    if len(keys) > MAX_ALIKE and max(Counter(map(hash, keys)).values()) > MAX_ALIKE:
        raise WireError("too many keys hash alike")
    return keys


def _one(nodes: list[Node], kind: type) -> Any:
    (only,) = nodes
    if type(only) is not kind:
        raise WireError(f"expected {kind.__name__}")
    return only


def _decode_int(_: _Decoder, nodes: list[Node], __: int) -> int:
    digits = _one(nodes, str)
    if len(digits) > MAX_DIGITS + 1:
        raise WireError("an integer is too long")
    return int(digits, 16)


_NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def _decode_float(_: _Decoder, nodes: list[Node], __: int) -> float:
    name = _one(nodes, str)
    if name not in _NON_FINITE:
        raise WireError("unknown float")
    return _NON_FINITE[name]


def _decode_dtype(_: _Decoder, nodes: list[Node], __: int) -> torch.dtype:
    dtype = TORCH_DTYPES.get(_one(nodes, str))
    if dtype is None:
        raise WireError("unknown dtype")
    return dtype


def _decode_size(_: _Decoder, nodes: list[Node], __: int) -> torch.Size:
    if not all(type(length) is int and abs(length) < 1 << 62 for length in nodes):
        raise WireError("a size is made of integers")
    return torch.Size(nodes)


def _decode_ellipsis(_: _Decoder, nodes: list[Node], __: int) -> Any:
    if nodes:
        raise WireError("an ellipsis is empty")
    return Ellipsis


_DECODERS: dict[str, Callable[[_Decoder, list[Node], int], Any]] = {
    "i": _decode_int,
    "f": _decode_float,
    "y": lambda _, nodes, __: bytes.fromhex(_one(nodes, str)),
    "c": _Decoder.complex,
    "l": _Decoder.values,
    "t": lambda decoder, nodes, depth: tuple(decoder.values(nodes, depth)),
    "d": _Decoder.mapping,
    "s": lambda decoder, nodes, depth: set(_spread(decoder.values(nodes, depth))),
    "z": lambda decoder, nodes, depth: frozenset(_spread(decoder.values(nodes, depth))),
    "S": _Decoder.slice,
    "e": _decode_ellipsis,
    "D": _decode_dtype,
    "Z": _decode_size,
    "T": lambda decoder, nodes, _: decoder.tensor(nodes, torch.Tensor),
    "a": lambda decoder, nodes, _: decoder.tensor(nodes, np.ndarray),
    "g": lambda decoder, nodes, _: decoder.tensor(nodes, np.ndarray)[()],
    "n": _Decoder.record,
}
