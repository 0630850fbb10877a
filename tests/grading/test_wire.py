"""Every type survives the wire; no bytes make the reader raise anything but WireError."""

import json
import math
import random
from collections import Counter, OrderedDict, namedtuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.grading import values, wire
from firsthand.grading.wire import Unsupported, WireError


def refuse(value):
    raise Unsupported(type(value).__name__)


def bring(tag, arguments):
    if tag == "R" and len(arguments) == 1 and type(arguments[0]) is int:
        return object()
    raise WireError("no handle")


def frame_of(value):
    encoder = values.Encoder(refuse)
    return b"".join(wire.pack("ok", 7, [3, 4], encoder.body(value)))


def read(frame):
    header, blob = wire.PREFIX.unpack(frame[: wire.PREFIX.size])
    rest = frame[wire.PREFIX.size :]
    assert len(rest) == header + blob
    message = wire.unpack(rest[:header], bytearray(rest[header:]))
    return message, values.decode(message.node, [s.value for s in message.stored], bring)


def crossed(value):
    message, result = read(frame_of(value))
    assert (message.kind, message.number, message.dropped) == ("ok", 7, [3, 4])
    return result


def same(left, right):
    """Equality of type and value, with NaN equal to itself."""
    if isinstance(left, float) and math.isnan(left):
        return isinstance(right, float) and math.isnan(right)
    if isinstance(left, list | tuple):
        return type(left) is type(right) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[k], right[k]) for k in left)
    return type(left) is type(right) and left == right


keys = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.tuples(st.integers(), st.text(max_size=3)),
    st.frozensets(st.integers(), max_size=3),
)
scalars = st.one_of(
    keys,
    st.floats(),
    st.complex_numbers(allow_nan=False),
    st.integers(-(1 << 4000), 1 << 4000),
    st.just(...),
    st.sampled_from([torch.float32, torch.bfloat16, torch.bool, torch.complex64, torch.uint16]),
    st.lists(st.integers(0, 9), max_size=4).map(torch.Size),
    st.builds(slice, st.none() | st.integers(), st.none() | st.integers(), st.none()),
)
nested = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(nested)
def test_plain_values_cross_unchanged(value):
    assert same(value, crossed(value))


@settings(max_examples=50, deadline=None)
@given(st.sets(keys, max_size=5))
def test_sets_cross_unchanged(value):
    assert crossed(value) == value and type(crossed(value)) is set


@pytest.mark.parametrize("dtype", list(wire.TORCH_DTYPES.values()), ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,), (2, 3, 5)])
def test_tensors_of_every_dtype_and_shape_cross(dtype, shape):
    value = (torch.arange(math.prod(shape)) % 2).reshape(shape).to(dtype)
    result = crossed({"x": value})["x"]
    assert type(result) is torch.Tensor
    assert result.dtype is dtype and result.shape == value.shape
    assert torch.equal(result, value)


@pytest.mark.parametrize("name", list(wire.NUMPY_DTYPES))
def test_arrays_and_numpy_scalars_of_every_dtype_cross(name):
    value = (np.arange(6) % 2).reshape(2, 3).astype(name)
    for array in (value, value.T, value[:, ::2], value[:0], value[0, 0, None][0:1].reshape(())):
        result = crossed(array)
        assert type(result) is np.ndarray and result.dtype == array.dtype
        assert result.shape == array.shape and np.array_equal(result, array)
    scalar = crossed(value[1, 2])
    assert type(scalar) is type(value[1, 2]) and scalar == value[1, 2]


def test_a_big_endian_array_crosses_with_its_values():
    assert crossed(np.arange(4, dtype=">i4")).tolist() == [0, 1, 2, 3]


def test_numpy_text_crosses_as_text():
    assert same(crossed(np.str_("abc")), "abc")


def test_the_contents_of_views_and_lazy_tensors_cross():
    base = torch.arange(24.0).reshape(2, 3, 4)
    z = torch.complex(base, -base)
    for tensor in (base.permute(2, 0, 1), base[:, ::2, 1], base.expand(5, 2, 3, 4), z.conj()):
        assert torch.equal(crossed(tensor), tensor)
    assert torch.equal(crossed(z.conj().imag), z.conj().imag)


def test_nan_and_infinities_in_tensors_cross():
    value = torch.tensor([math.nan, math.inf, -math.inf, -0.0])
    assert torch.equal(crossed(value).view(torch.int32), value.view(torch.int32))


def test_a_parameter_crosses_as_a_tensor_that_requires_grad():
    message, _ = read(frame_of([torch.nn.Parameter(torch.ones(2)), torch.ones(2)]))
    assert [stored.requires_grad for stored in message.stored] == [True, False]
    assert type(message.stored[0].value) is torch.Tensor


def test_one_tensor_in_two_places_stays_one_tensor():
    x = torch.zeros(3)
    first, second, third = crossed([x, x, x.clone()])
    assert first is second and first is not third


def test_tensors_of_a_message_share_no_memory():
    first, second = crossed([torch.zeros(3), torch.zeros(3)])
    first += 1
    assert second.tolist() == [0, 0, 0]


def test_dict_subclasses_of_the_library_cross_as_dicts():
    value = [OrderedDict(b=1, a=2), Counter("aab")]
    assert same(crossed(value), [{"b": 1, "a": 2}, {"a": 2, "b": 1}])


def test_a_named_tuple_crosses_as_a_tuple_with_names():
    score = namedtuple("Score", "count index mean")(1, [2], torch.ones(1))
    result = crossed(score)
    assert isinstance(result, tuple) and tuple(result)[:2] == (1, [2])
    assert result.count == 1 and result.index == [2] and result.mean.item() == 1
    assert repr(result).startswith("Score(count=1, index=[2]")
    with pytest.raises(AttributeError):
        _ = result.median
    assert crossed(result).count == 1


def test_what_torch_max_returns_crosses_with_its_names():
    result = crossed(torch.tensor([[1.0, 3.0], [5.0, 2.0]]).max(dim=1))
    assert result.values.tolist() == [3, 5] and result.indices.tolist() == [1, 0]


@pytest.mark.parametrize(
    "value",
    [
        object(),
        torch.nn.Linear(2, 2),
        print,
        {object(): 1},
        {object()},
        np.array([None]),
        torch.empty(2, device="meta"),
        torch.eye(2).to_sparse(),
        "\ud800",
        1 << 100_000,
        np.longdouble(1),
        type("MyList", (list,), {})(),
        torch.zeros(2, dtype=torch.float8_e4m3fn),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_cross_is_refused_by_the_sender(value):
    with pytest.raises(Unsupported):
        frame_of(value)


def test_values_that_contain_themselves_are_refused_by_the_sender():
    value = []
    value.append(value)
    with pytest.raises(Unsupported, match="nested"):
        frame_of(value)


def test_a_tensor_inside_vmap_is_refused_by_the_sender():
    def send(x):
        frame_of(x)
        return x

    with pytest.raises(Unsupported, match="data of its own"):
        torch.func.vmap(send)(torch.ones(2, 2))


def test_too_many_numbers_in_one_message_are_refused_by_the_sender():
    with pytest.raises(Unsupported, match="use a tensor"):
        frame_of([0.123456789] * 1_000_000)


def test_bytes_that_are_no_bool_become_true():
    header = json.dumps(["ok", 1, [], [["t", "bool", 3], ["a", "bool", 2]], None]).encode()
    message = wire.unpack(header, bytearray([0, 2, 255, *[0] * 61, 7, 0]))
    tensor, array = (stored.value for stored in message.stored)
    assert tensor.view(torch.uint8).tolist() == [0, 1, 1]
    assert array.view(np.uint8).tolist() == [1, 0]


def message(*, specs=(), node=None, blob=b""):
    return json.dumps(["ok", 1, [], list(specs), node]).encode(), bytearray(blob)


@pytest.mark.parametrize(
    ("header", "blob"),
    [
        (b"", b""),
        (b"[" * 200_000, b""),
        (b'["ok",1,[],[],NaN]', b""),
        (b'["ok",1,[],[],Infinity]', b""),
        (b'{"ok":1}', b""),
        (b'["ok",1,[],[]]', b""),
        (b'["ok",true,[],[],null]', b""),
        (b'["ok",1,["a"],[],null]', b""),
        (b"9" * 10_000, b""),
        message(blob=b"x"),
        message(specs=[["t", "float32", 2]], blob=b"1234567"),
        message(specs=[["t", "float32", 2]], blob=b"123456789"),
        message(specs=[["t", "float32", -1]]),
        message(specs=[["t", "float32", True]], blob=b"1234"),
        message(specs=[["t", "float32", 1 << 62]]),
        message(specs=[["t", "float32", 0, 1 << 29, 1 << 29, 1 << 29]]),
        message(specs=[["t", "float32", *[1] * 17]], blob=b"1234"),
        message(specs=[["t", "object", 1]]),
        message(specs=[["t", [], 1]]),
        message(specs=[["tg", "int64", 1]], blob=b"12345678"),
        message(specs=[["a", "bfloat16", 1]], blob=b"12"),
        message(specs=[["q", "int8", 1]], blob=b"1"),
        message(specs=["tensor"]),
    ],
)
def test_a_malformed_message_raises_wire_error(header, blob):
    with pytest.raises(WireError):
        wire.unpack(header, bytearray(blob))


@pytest.mark.parametrize(
    "node",
    [
        {},
        [],
        [1],
        ["?"],
        ["i", 5],
        ["i", "xyz"],
        ["i", "f" * 30_000],
        ["f", "1"],
        ["y", "0"],
        ["c", 1, 2],
        ["c", 1.0],
        ["S", 1],
        ["e", 1],
        ["D", "object"],
        ["D", []],
        ["Z", "a"],
        ["Z", 1 << 63],
        ["T", 0],
        ["T", -1],
        ["T", True],
        ["a", 0],
        ["d", 1],
        ["d", ["l"], 1],
        ["s", ["l"]],
        ["n", "A", ["_x"], 1],
        ["n", "A", ["a", "b"], 1],
        ["n", "A", ["a b"], 1],
        ["R", "1"],
        "\ud800",
        ["l", [[]]],
    ],
    ids=str,
)
def test_a_malformed_value_raises_wire_error(node):
    with pytest.raises(WireError):
        values.decode(node, [], bring)


def test_deep_nesting_raises_wire_error():
    node = 1
    for _ in range(500):
        node = ["l", node]
    with pytest.raises(WireError):
        values.decode(node, [], bring)


def samples():
    point = namedtuple("Point", "x y")(1, 2.5)
    return [
        [1, -2.5, "é", None, True, 1 << 70, math.nan, b"ab", 2j, slice(1, None), ..., {1, 2}],
        {"a": torch.randn(3, 4), "b": np.arange(5), ("k", 1): [point, torch.Size([2])]},
        (torch.ones(2, dtype=torch.bool), np.float32(3), torch.float16, {"deep": [[[{"x": ()}]]]}),
        [torch.zeros(0, 3), torch.ones(1, requires_grad=True), frozenset({"q"})],
    ]


def mutate(frame, rng):
    data = bytearray(frame)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[place] = rng.randrange(256)
            case 1:
                data[place] ^= 1 << rng.randrange(8)
            case 2:
                del data[place : place + rng.randint(1, 8)]
            case 3:
                data[place:place] = bytes(rng.choice(b'[]{},"0123456789TRLdaZe') for _ in range(3))
            case 4:
                other = rng.randrange(len(data) or 1)
                data[place : place + 6] = data[other : other + 6]
        if not data:
            break
    return bytes(data)


def test_mutated_messages_raise_nothing_but_wire_error():
    rng = random.Random(0)
    frames = [frame_of(value) for value in samples()]
    accepted = rejected = 0
    for number in range(24_000):
        frame = frames[number % len(frames)]
        header, _ = wire.PREFIX.unpack(frame[: wire.PREFIX.size])
        body = frame[wire.PREFIX.size :]
        # Mostly the header: that is where the structure is.
        text, blob = body[:header], body[header:]
        text = mutate(text, rng)
        if blob and number % 5 == 0:
            blob = mutate(blob, rng)
        try:
            received = wire.unpack(text, bytearray(blob))
            values.decode(received.node, [s.value for s in received.stored], bring)
            accepted += 1
        except WireError:
            rejected += 1
    assert accepted > 100 and rejected > 10_000, (accepted, rejected)
