"""Graders of 802, part 1: commitments. Oracles: a recursive tree, the definition of the seed."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from hashlib import sha256

import numpy as np
import pytest

from firsthand import compare

INJECTIVE = "write a length in front of every part: name, dtype, shape, elements"


def random_state(rng, *, names=("w1", "b1", "momentum.w1")):
    """A state of small arrays with pairwise different shapes."""
    shapes = [(3, 4), (5,), (2, 1, 3), (7,), (1, 6)]
    return {
        name: rng.standard_normal(shape).astype(np.float32)
        for name, shape in zip(names, shapes, strict=False)
    }


def encoded(submission, state, what="canonical_bytes"):
    """The submission's encoding, checked to be bytes."""
    with compare.unchanged(state=state):
        got = submission.canonical_bytes(state)
    if not isinstance(got, bytes | bytearray):
        compare.fail(
            f"{what} came back as {type(got).__name__}; bytes are expected.", hint="return bytes"
        )
    return bytes(got)


def must_differ(submission, first, second, what, hint):
    if encoded(submission, first) == encoded(submission, second):
        compare.fail(
            f"two states that differ in {what} have the same bytes.", hint=hint, recognised=True
        )


@pytest.mark.exercise("canonical_bytes")
class TestCanonicalBytes:
    @pytest.mark.visible
    def test_a_vector_and_a_column_have_different_bytes(self, submission):
        flat = submission.canonical_bytes({"a": np.array([1.0])})
        column = submission.canonical_bytes({"a": np.array([[1.0]])})
        if not isinstance(flat, bytes):
            compare.fail(
                f"canonical_bytes came back as {type(flat).__name__}; bytes are expected.",
                hint="return bytes",
            )
        if flat == column:
            compare.fail(
                'canonical_bytes({"a": [1.]}) equals canonical_bytes({"a": [[1.]]}).',
                hint="the shape belongs to the state",
            )

    @pytest.mark.weight(2)
    def test_the_same_state_has_the_same_bytes(self, submission, seed):
        rng = np.random.default_rng(seed)
        for names in (
            ("w1", "b1", "momentum.w1"),
            ("zeta", "alpha", "Beta", "", "µ"),
            ("b", "B", "a"),
        ):
            state = random_state(rng, names=names)
            expected = encoded(submission, state)
            backwards = dict(reversed(state.items()))
            if encoded(submission, backwards) != expected:
                compare.fail(
                    "a state whose names were inserted in another order has other bytes.",
                    hint="sort the names",
                    recognised=True,
                )
            copied = {name: array.copy() for name, array in state.items()}
            if encoded(submission, copied) != expected:
                compare.fail(
                    "two calls with equal states gave different bytes.",
                    hint="bytes may depend on names, dtypes, shapes and elements, on nothing else",
                )

    def test_the_layout_in_memory_makes_no_difference(self, submission, seed):
        rng = np.random.default_rng(seed)
        for _ in range(3):
            state = random_state(rng)
            layouts = submission.public("firsthand.kit.deterministic:over_layouts")(
                submission.canonical_bytes, state
            )
            if len(set(map(bytes, layouts))) != 1:
                compare.fail(
                    "a transposed or sliced view with the same elements has other bytes.",
                    hint="elements row by row, whatever the layout: array.tobytes()",
                    recognised=True,
                )

    @pytest.mark.weight(2)
    def test_any_change_of_an_array_changes_the_bytes(self, submission, seed):
        rng = np.random.default_rng(seed)
        base = random_state(rng)
        w = base["w1"]
        ulp = np.nextafter(w, np.float32(np.inf)).astype(np.float32)
        signed = {"w1": np.array([0.0, 1.0], np.float32)}
        bits = np.array([0x7FC00000, 0x3F800000], np.uint32)
        payload = bits + np.array([1, 0], np.uint32)
        large = rng.standard_normal(5000)
        edited = large.copy()
        edited[2500] += 1.0
        cases = (
            (base, base | {"w1": ulp}, "the last bit of a number", "write the bits, not a printed number"),
            ({"w1": large}, {"w1": edited}, "one element in the middle of a large array", "str(array) prints a few digits and leaves out the middle of a large array"),
            (signed, {"w1": np.array([-0.0, 1.0], np.float32)}, "the sign of a zero", "write the bits: -0.0 and 0.0 are equal as numbers"),
            ({"w1": bits.view(np.float32)}, {"w1": payload.view(np.float32)}, "the bits of a NaN", "write the bits: NaN has many of them"),
            (base, base | {"w1": w.reshape(4, 3)}, "the shape of an array", "the shape belongs to the state"),
            ({"w1": np.float32(1.5).reshape(())}, {"w1": np.array([1.5], np.float32)}, "() against (1,)", "a scalar array has the shape ()"),
            ({"w1": np.zeros((0, 3))}, {"w1": np.zeros((3, 0))}, "the shape of an empty array", "the shape belongs to the state"),
            (base, base | {"w1": w.view(np.int32)}, "the dtype, float32 against int32", "the dtype belongs to the state"),
            ({"w1": np.zeros(4, np.float32)}, {"w1": np.zeros(4, np.float64)}, "the dtype, float32 against float64", "the dtype belongs to the state"),
            ({"w1": np.ones(3, np.uint8)}, {"w1": np.ones(3, bool)}, "the dtype, uint8 against bool", "the dtype belongs to the state"),
        )  # fmt: skip
        for first, second, what, hint in cases:
            must_differ(submission, first, second, what, hint)

    def test_names_and_the_set_of_arrays_change_the_bytes(self, submission, seed):
        base = random_state(np.random.default_rng(seed))
        renamed = {("w2" if name == "w1" else name): array for name, array in base.items()}
        empty = np.zeros((0,), np.float32)
        must_differ(submission, base, renamed, "a name", "the name belongs to the state")
        swapped = base | {"w1": base["b1"], "b1": base["w1"]}
        must_differ(
            submission, base, swapped, "which array has which name", "the name belongs to the state"
        )
        must_differ(
            submission,
            base,
            base | {"w9": empty},
            "an empty array",
            "an array without elements counts too",
        )
        must_differ(
            submission,
            {},
            {"": empty},
            "an empty array with an empty name",
            "an array without elements counts too",
        )
        encoded(submission, {})

    @pytest.mark.weight(2)
    def test_the_parts_do_not_run_together(self, submission, seed):
        rng = np.random.default_rng(seed)
        x, y = (int(v) for v in rng.integers(65, 90, 2))

        def u8(*values):
            return np.frombuffer(
                b"".join(v if isinstance(v, bytes) else bytes([v]) for v in values), np.uint8
            )

        pairs = [({"ab": u8(x, y)}, {"a": u8(b"b", x, y)}), ({"ab": u8(x)}, {"a": u8(b"b", x)})]
        for middle in (b"b", b"b|u1", b"buint8", b"|u1b", b"uint8b", b"b1", b"b(1,)", b"b|u1(1,)", b"buint8(1,)", b"\x00b\x00", b",b,", b":b:", b"b:", b"b=", b" b ", b"|b|"):  # fmt: skip
            pairs.append(({"a": u8(x), "b": u8(y)}, {"a": u8(x, middle, y)}))
        pairs.append(({"a": u8(x), "b": u8(y)}, {"a" + chr(x) + "b": u8(y)}))
        pairs.append(({"a1": u8(x)}, {"a": u8(b"1", x)}))
        pairs.append(({"ab": u8(x), "c": u8(y)}, {"a": u8(x), "bc": u8(y)}))
        pairs.append(({"a": u8(x, y), "b": u8(x)}, {"a": u8(x), "b": u8(y, x)}))
        for first, second in pairs:
            must_differ(
                submission, first, second, "where a name ends and its numbers begin", INJECTIVE
            )

    def test_many_small_states_are_all_told_apart(self, submission, seed):
        rng = np.random.default_rng(seed)
        states = [
            {name: np.array(values, dtype).reshape(shape) for name in names}
            for names in (("a",), ("b",), ("a", "b"))
            for values, shapes in (([1, 0], ((2,), (1, 2), (2, 1))), ([0, 1], ((2,),)), ([1], ((1,), ())))
            for shape in shapes
            for dtype in (np.uint8, np.int16, np.float32)
        ]  # fmt: skip
        codes = [encoded(submission, states[i]) for i in rng.permutation(len(states))]
        if len(set(codes)) != len(states):
            compare.fail(
                f"{len(states)} different states have {len(set(codes))} different encodings.",
                hint=INJECTIVE,
            )


# --------------------------------------------------------------------------------------------------


def h(prefix, *parts):
    return sha256(prefix + b"".join(parts)).digest()


def split(count):
    """The largest power of two below count."""
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def tree_root(leaves, leaf=b"\x00", node=b"\x01"):
    if len(leaves) == 1:
        return h(leaf, leaves[0])
    k = split(len(leaves))
    return h(node, tree_root(leaves[:k], leaf, node), tree_root(leaves[k:], leaf, node))


def tree_path(leaves, index, leaf=b"\x00", node=b"\x01"):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*tree_path(leaves[:k], index, leaf, node), tree_root(leaves[k:], leaf, node)]
    return [*tree_path(leaves[k:], index - k, leaf, node), tree_root(leaves[:k], leaf, node)]


def climbed(leaf_hash, index, count, path):
    """The root that a path leads to, by recursion from the top, or None if it has the wrong length."""
    if count == 1:
        return leaf_hash if not path else None
    if not path:
        return None
    k = split(count)
    below = climbed(
        leaf_hash, index % k if index < k else index - k, k if index < k else count - k, path[:-1]
    )
    if below is None:
        return None
    return h(b"\x01", below, path[-1]) if index < k else h(b"\x01", path[-1], below)


def siblings_of(index, count):
    """How many siblings the path of a place has."""
    if count == 1:
        return 0
    k = split(count)
    return 1 + (siblings_of(index, k) if index < k else siblings_of(index - k, count - k))


def with_a_zero_at_the_end(rng):
    """A record whose SHA-256 ends in a zero byte, as one in 256 does."""
    while True:
        record = rng.bytes(12)
        if h(b"", record)[-1] == 0:
            return record


def random_leaves(rng, count):
    return [rng.bytes(int(n)) for n in rng.integers(5, 40, count)]


def verdict(submission, root, leaf, index, count, path):
    """The submission's answer as a bool; an exception is a failure of its own."""
    with compare.unchanged(path=path):
        try:
            got = submission.verify_inclusion(root, leaf, index, count, path)
        except Exception as error:
            if type(error).__name__ in (
                "NotImplementedError",
                "NameMissing",
                "SubmissionDied",
                "SubmissionTimeout",
            ):
                raise
            compare.fail(
                f"verify_inclusion raised {getattr(error, 'type_name', type(error).__name__)} on what a prover sent.",
                hint="False, not a crash: the prover chooses index and path",
                recognised=True,
            )
    if not isinstance(got, bool | np.bool_):
        compare.fail(
            f"verify_inclusion came back as {type(got).__name__}; a bool is expected.",
            hint="return True or False",
        )
    return bool(got)


@pytest.mark.exercise("verify_inclusion")
class TestVerifyInclusion:
    @pytest.mark.visible
    def test_the_worked_example_accepts_index_0_only(self, submission):
        a, b = sha256(b"\x00A").digest(), sha256(b"\x00B").digest()
        root = sha256(b"\x01" + a + b).digest()
        compare.equal(
            submission.verify_inclusion(root, b"A", 0, 2, [b]),
            True,
            what='verify_inclusion(root, b"A", 0, 2, [b])',
            hint="leaves are hashed after the byte 00, pairs after the byte 01",
        )
        compare.equal(
            submission.verify_inclusion(root, b"A", 1, 2, [b]),
            False,
            what='verify_inclusion(root, b"A", 1, 2, [b])',
            hint="the index says on which side the sibling stands",
        )

    @pytest.mark.weight(3)
    def test_every_leaf_of_every_tree_up_to_33_leaves_is_proved(self, submission, seed):
        rng = np.random.default_rng(seed)
        for count in (2, 3, 4, 1, 5, 6, 7, 8, 11, 13, 16, 17, 21, 32, 33):
            leaves = random_leaves(rng, count)
            root = tree_root(leaves)
            indices = range(count) if count < 9 else {0, 1, count // 2, count - 2, count - 1}
            for index in indices:
                path = tree_path(leaves, index)
                if verdict(submission, root, leaves[index], index, count, path):
                    continue
                plain = tree_root(leaves, b"", b""), tree_path(leaves, index, b"", b"")
                ones = (
                    tree_root(leaves, b"\x01", b"\x01"),
                    tree_path(leaves, index, b"\x01", b"\x01"),
                )
                hint = (
                    "an odd index is a right node; a last node without a partner uses up no sibling"
                )
                recognised = False
                bare = tree_root(leaves, b"", b"\x01"), tree_path(leaves, index, b"", b"\x01")
                if verdict(submission, bare[0], leaves[index], index, count, bare[1]):
                    hint, recognised = "a leaf is hashed after the byte 00", True
                elif verdict(submission, plain[0], leaves[index], index, count, plain[1]):
                    hint, recognised = (
                        "the prefixes are missing: 00 before a leaf, 01 before two children",
                        True,
                    )
                elif verdict(submission, ones[0], leaves[index], index, count, ones[1]):
                    hint, recognised = "leaves and nodes need different prefixes: 00 and 01", True
                elif count & (count - 1) and verdict(submission, *lopsided(leaves, index)):
                    hint, recognised = (
                        "a last node without a partner moves up unchanged: it uses up no sibling",
                        True,
                    )
                compare.fail(
                    f"the honest path of leaf {index} of {count} was rejected.",
                    hint=hint,
                    recognised=recognised,
                )

    @pytest.mark.weight(2)
    def test_the_path_of_one_place_proves_no_other_place(self, submission, seed):
        rng = np.random.default_rng(seed)
        for count in (2, 3, 6, 7, 8, 13):
            leaves = random_leaves(rng, count)
            root, index = tree_root(leaves), int(rng.integers(count))
            path, leaf = tree_path(leaves, index), leaves[index]
            for other in range(count):
                if other != index and verdict(submission, root, leaf, other, count, path):
                    compare.fail(
                        f"the path of leaf {index} of {count} was accepted for index {other}.",
                        hint="the index decides at each level on which side the sibling stands, and with the count whether there is one",
                    )
            more = [*leaves, rng.bytes(9)]
            far = tree_root(more), more[-1], count, count, tree_path(more, count)
            behind = root, leaves[-1], -1, count, tree_path(leaves, count - 1)
            if verdict(submission, *far) or verdict(submission, *behind):
                compare.fail(
                    f"index {count} or -1 was accepted in a list of {count}.",
                    hint="an index outside of 0 to count - 1 is False",
                    recognised=True,
                )
            for outside in (-1, -count, count, count + index, index + 2 * count, index - 2 * count):
                if verdict(submission, root, leaf, outside, count, path):
                    compare.fail(
                        f"index {outside} was accepted in a list of {count}.",
                        hint="an index outside of 0 to count - 1 is False",
                        recognised=True,
                    )

    @pytest.mark.weight(2)
    def test_paths_of_the_wrong_length_prove_nothing(self, submission, seed):
        rng = np.random.default_rng(seed)
        for count in (1, 2, 3, 5, 7, 8, 12):
            leaves = random_leaves(rng, count)
            root = tree_root(leaves)
            for index in range(count):
                path = tree_path(leaves, index)
                extra = [*path, rng.bytes(32)]
                top = h(b"\x01", root, extra[-1]) if index == 0 else root
                # Below a larger tree's root the honest path of a part would lead to the part's root.
                for label, under, cut in (
                    ("one entry too many", top, extra),
                    ("one entry too many", root, extra),
                    ("a missing last entry", climbed_or(leaves, index, path[:-1]), path[:-1]),
                    ("no entries", h(b"\x00", leaves[index]), []),
                ):
                    if climbed(h(b"\x00", leaves[index]), index, count, cut) == under:
                        continue  # an honest proof after all: a list of one
                    if verdict(submission, under, leaves[index], index, count, cut):
                        compare.fail(
                            f"a path with {label} was accepted for leaf {index} of {count}.",
                            hint="every level with a partner uses exactly one sibling, and none may be left over",
                        )

    def test_a_changed_leaf_or_sibling_is_rejected(self, submission, seed):
        rng = np.random.default_rng(seed)
        for count in (1, 4, 7, 10):
            leaves = random_leaves(rng, count)
            root, index = tree_root(leaves), int(rng.integers(count))
            path = tree_path(leaves, index)
            if verdict(submission, rng.bytes(32), leaves[index], index, count, path):
                compare.fail(
                    "a proof was accepted under another root.",
                    hint="compare the last hash with the root",
                    recognised=True,
                )
            bad = [("another leaf", root, leaves[index] + b"\x00", path)]
            bad += [
                (
                    "a changed sibling",
                    root,
                    leaves[index],
                    [*path[:i], rng.bytes(32), *path[i + 1 :]],
                )
                for i in range(len(path))
            ]
            if len(path) > 1:
                bad.append(("its entries reversed", root, leaves[index], path[::-1]))
            for label, under, leaf, siblings in bad:
                if verdict(submission, under, leaf, index, count, siblings):
                    compare.fail(
                        f"a proof with {label} was accepted.",
                        hint="compare the last hash with the root",
                    )

    def test_a_node_is_no_leaf(self, submission, seed):
        rng = np.random.default_rng(seed)
        leaves = random_leaves(rng, 4)
        left, right = (
            h(b"\x01", h(b"\x00", a), h(b"\x00", b)) for a, b in (leaves[:2], leaves[2:])
        )
        inside = h(b"\x00", leaves[0]) + h(b"\x00", leaves[1])  # the bytes under the left node
        for prefix in (b"\x01", b"\x00", b""):
            root = h(prefix, sha256(prefix + inside).digest(), right)
            accepted = verdict(submission, root, inside, 0, 2, [right])
            if accepted:
                compare.fail(
                    "the two hashes below a node were accepted as a leaf.",
                    hint="leaves and nodes need different prefixes: 00 and 01",
                )
        if verdict(submission, h(b"\x01", left, right), inside, 0, 2, [right]):
            compare.fail(
                "the two hashes below a node were accepted as a leaf.",
                hint="leaves and nodes need different prefixes: 00 and 01",
            )

    def test_random_proofs_agree_with_a_climb_from_the_top(self, submission, seed):
        rng = np.random.default_rng(seed)
        for _ in range(40):
            count = int(rng.integers(1, 12))
            index, length = int(rng.integers(count)), int(rng.integers(0, 5))
            path, leaf = [rng.bytes(32) for _ in range(length)], rng.bytes(9)
            top = climbed(h(b"\x00", leaf), index, count, path)
            root = top if top is not None else rng.bytes(32)
            got = verdict(submission, root, leaf, index, count, path)
            compare.equal(
                got,
                top is not None,
                what=f"verify_inclusion for index {index} of {count} and {length} siblings",
                hint="how many siblings does this place have?",
            )

    def test_lists_too_long_for_floats_are_proved_too(self, submission, seed):
        rng = np.random.default_rng(seed)
        for count in (2**49 + 1, 2**60 - 1, 3 * 2**55 + 7):
            for index in (count - 1, int(rng.integers(count)), 0):
                path = [rng.bytes(32) for _ in range(siblings_of(index, count))]
                leaf = rng.bytes(9)
                root = climbed(h(b"\x00", leaf), index, count, path)
                if not verdict(submission, root, leaf, index, count, path):
                    compare.fail(
                        f"an honest path of {len(path)} siblings was rejected for index {index} of {count}.",
                        hint="count levels in whole numbers: a logarithm in floats is off for long lists",
                    )


def climbed_or(leaves, index, path):
    """The root that a shortened path leads to if missing levels are simply passed over."""
    node, i, last = h(b"\x00", leaves[index]), index, len(leaves) - 1
    for sibling in path:
        while i % 2 == 0 and i == last and last:
            i, last = i // 2, last // 2
        node = h(b"\x01", sibling, node) if i % 2 else h(b"\x01", node, sibling)
        i, last = i // 2, last // 2
    return node


def lopsided(leaves, index):
    """A proof in a tree whose last node without a partner is paired with itself."""
    level, path, i = [h(b"\x00", leaf) for leaf in leaves], [], index
    while len(level) > 1:
        level = level + [level[-1]] * (len(level) % 2)
        path.append(level[i ^ 1])
        level = [h(b"\x01", a, b) for a, b in zip(level[::2], level[1::2], strict=True)]
        i //= 2
    return level[0], leaves[index], index, len(leaves), path


# --------------------------------------------------------------------------------------------------


def seeded_order(digest, n, steps, batch, *, fresh=True):
    """The order that a digest gives; fresh=False repeats the first permutation in each epoch."""
    generator = np.random.default_rng(int.from_bytes(digest, "big"))
    first, stream = generator.permutation(n).tolist(), []
    stream += first
    while len(stream) < steps * batch:
        stream += generator.permutation(n).tolist() if fresh else first
    return np.array(stream[: steps * batch]).reshape(steps, batch)


def right_order(records, nonce, steps, batch, **kwargs):
    digest = h(b"", *(h(b"", record) for record in records), nonce)
    return seeded_order(digest, len(records), steps, batch, **kwargs)


def given_order(submission, records, nonce, steps, batch):
    """The submission's order, checked to be an integer array of the right shape."""
    with compare.unchanged(records=records):
        got = submission.data_order(records, nonce, steps, batch)
    compare.shape(got, (steps, batch), what="data_order")
    if not np.issubdtype(np.asarray(got).dtype, np.integer):
        compare.fail(
            f"data_order has dtype {np.asarray(got).dtype}; int64 is expected.",
            hint="record numbers are integers",
        )
    return np.asarray(got)


@pytest.mark.exercise("data_order")
class TestDataOrder:
    @pytest.mark.visible
    def test_the_worked_example_gives_two_epochs(self, submission):
        got = submission.data_order([b"red", b"green", b"blue"], b"once", 2, 3)
        compare.equal(
            np.asarray(got),
            np.array([[2, 1, 0], [0, 2, 1]]),
            what='data_order([b"red", b"green", b"blue"], b"once", 2, 3)',
            hint="hash each record, hash the hashes and the nonce, seed the generator with that as a big-endian integer",
            known={"the nonce belongs to the seed": np.array([[2, 0, 1], [1, 0, 2]])},
        )

    @pytest.mark.weight(3)
    def test_the_order_follows_the_definition(self, submission, seed):
        rng = np.random.default_rng(seed)
        for n, steps, batch in ((7, 9, 3), (5, 4, 5), (11, 3, 4), (4, 3, 9), (1, 2, 2), (6, 1, 1)):
            records, nonce = [*random_leaves(rng, n - 1), with_a_zero_at_the_end(rng)], rng.bytes(8)
            together = b"".join(records)
            hashes = b"".join(h(b"", r) for r in records)
            known = {
                "hash each record before they are joined": seeded_order(h(b"", together, nonce), n, steps, batch),
                "the nonce belongs to the seed": seeded_order(h(b"", hashes), n, steps, batch),
                "the records belong to the seed, not the nonce alone": seeded_order(h(b"", nonce), n, steps, batch),
                "the nonce comes after the record hashes": seeded_order(h(b"", nonce, hashes), n, steps, batch),
                "a new permutation for each epoch, from one generator": right_order(records, nonce, steps, batch, fresh=False),
                "big-endian: int.from_bytes(digest, 'big')": seeded_order(h(b"", hashes, nonce)[::-1], n, steps, batch),
                "every digest has 32 bytes: zeros at its end belong to it": seeded_order(h(b"", *(h(b"", r).rstrip(b"\x00") for r in records), nonce), n, steps, batch),
                "raw digests, not their hexadecimal text": seeded_order(h(b"", "".join(h(b"", r).hex() for r in records).encode(), nonce), n, steps, batch),
            }  # fmt: skip
            expected = right_order(records, nonce, steps, batch)
            known["a row for each step: reshape(steps, batch)"] = expected.reshape(batch, steps).T
            compare.equal(
                given_order(submission, records, nonce, steps, batch),
                expected,
                what=f"the order of {n} records in {steps} batches of {batch}",
                hint="one generator seeded with the digest; epochs laid end to end, cut into batches",
                known={k: v for k, v in known.items() if not np.array_equal(v, expected)},
            )

    def test_every_epoch_holds_each_record_once(self, submission, seed):
        rng = np.random.default_rng(seed)
        for n, epochs, batch in ((6, 2, 4), (10, 2, 5), (3, 4, 6)):
            order = given_order(
                submission, random_leaves(rng, n), rng.bytes(4), n * epochs // batch, batch
            )
            for epoch in order.reshape(epochs, n):
                if sorted(epoch.tolist()) != list(range(n)):
                    compare.fail(
                        "an epoch does not hold each record exactly once.",
                        hint="batches are cut from permutations laid end to end: nothing is dropped or drawn twice",
                        recognised=True,
                    )

    @pytest.mark.weight(2)
    def test_a_change_anywhere_in_the_data_moves_the_order(self, submission, seed):
        rng = np.random.default_rng(seed)
        records, nonce = random_leaves(rng, 60), rng.bytes(8)
        before = given_order(submission, records, nonce, 8, 15)
        at = int(rng.integers(1, 59))
        edited, shifted, swapped = (records.copy() for _ in range(3))
        edited[at] = edited[at][:-1] + bytes([edited[at][-1] ^ 1])
        shifted[at], shifted[at + 1] = records[at][:-1], records[at][-1:] + records[at + 1]
        swapped[at], swapped[at - 1] = records[at - 1], records[at]
        changes = {
            "one bit of a record": (
                edited,
                nonce,
                "the records belong to the seed, not the nonce alone",
            ),
            "the border between two records": (
                shifted,
                nonce,
                "hash each record before they are joined",
            ),
            "the places of two records": (
                swapped,
                nonce,
                "hash the record hashes in the order of the records",
            ),
            "the nonce": (records, nonce + b"\x00", "the nonce belongs to the seed"),
        }
        for what, (changed, new_nonce, hint) in changes.items():
            after = given_order(submission, changed, new_nonce, 8, 15)
            moved = float((before != after).mean())
            if moved < 0.8:
                compare.fail(
                    f"after a change of {what}, {100 * moved:.0f} % of the places hold another record; nearly all should.",
                    hint=hint,
                    recognised=True,
                )

    def test_the_same_arguments_give_the_same_order(self, submission, seed):
        rng = np.random.default_rng(seed)
        for n in (9, 14):
            records, nonce = random_leaves(rng, n), rng.bytes(5)
            with compare.untouched_randomness(submission):
                first, second = (given_order(submission, records, nonce, 5, 4) for _ in range(2))
            compare.equal(
                second,
                first,
                what="a second call with the same arguments",
                hint="a new generator in each call, seeded with the digest",
            )
