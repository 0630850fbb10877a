"""Graders of 701, cumulants: moments with Moebius inversion, and enumeration, as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import combinations_with_replacement, pairwise, permutations, product
from math import factorial, prod

import pytest
import torch

from firsthand import compare

EXACT = {"rtol": 1e-9, "atol": 1e-11}


def draw(n, generator):
    """One integer from 0 to n - 1."""
    return int(torch.randint(n, (1,), generator=generator))


def circuit(n, n_gates, generator, operations="+-*"):
    """Gates on any earlier wires; about a third of them read one wire twice."""
    gates = []
    for t in range(n_gates):
        i, j = draw(n + t, generator), draw(n + t, generator)
        gates.append(
            (operations[draw(len(operations), generator)], i, i if draw(3, generator) == 0 else j)
        )
    return gates


def labelled(elements):
    """All set partitions, by giving each element the label of its block (restricted growth)."""
    found = [[]]
    for _ in elements:
        found = [[*labels, new] for labels in found for new in range(max(labels, default=-1) + 2)]
    return [
        [
            [e for e, b in zip(elements, labels, strict=True) if b == k]
            for k in range(max(labels) + 1)
        ]
        for labels in found
    ]


def joint_moment(wires, known, order):
    """E of a product of wires from their joint cumulants up to `order`."""
    return sum(
        prod(known[tuple(sorted(wires[k] for k in block))] for block in blocks)
        for blocks in labelled(range(len(wires)))
        if max(map(len, blocks)) <= order
    )


def slow(kappa, gates, order):
    """Cumulants through moments: E of products from older cumulants, then Moebius inversion."""
    n = len(kappa[0])
    known = {}
    for r in range(1, order + 1):
        for wires in combinations_with_replacement(range(n), r):
            known[wires] = float(kappa[r - 1][wires[0]]) if len(set(wires)) == 1 else 0.0
    for z, (operation, i, j) in enumerate(gates, start=n):
        parents = (
            [(1.0, (i, j))]
            if operation == "*"
            else [(1.0, (i,)), (1.0 if operation == "+" else -1.0, (j,))]
        )
        fresh = {}
        for r in range(1, order + 1):
            for wires in combinations_with_replacement(range(z + 1), r):
                if z not in wires:
                    continue
                choices = [parents if wire == z else [(1.0, (wire,))] for wire in wires]
                fresh[wires] = sum(
                    (-1) ** (len(blocks) - 1)
                    * factorial(len(blocks) - 1)
                    * prod(
                        sum(
                            prod(a for a, _ in chosen)
                            * joint_moment(sum((w for _, w in chosen), ()), known, order)
                            for chosen in product(*(choices[k] for k in block))
                        )
                        for block in blocks
                    )
                    for blocks in labelled(range(r))
                )
        known |= fresh
    size = n + len(gates)
    return [
        torch.tensor(
            [known[tuple(sorted(w))] for w in product(range(size), repeat=r)], dtype=torch.float64
        ).reshape([size] * r)
        for r in range(1, order + 1)
    ]


def sorted_only(cumulants):
    """The cumulants with zeros wherever the indices do not ascend."""
    found = []
    for value in cumulants:
        index = torch.meshgrid(*[torch.arange(n) for n in value.shape], indexing="ij")
        keep = torch.ones_like(value, dtype=torch.bool)
        for a, b in pairwise(index):
            keep &= a <= b
        found.append(value * keep)
    return found


def enumerated(p, gates):
    """First three joint cumulants of all wires over bits: means and central moments."""
    n, rows, chances = len(p), [], []
    for bits in product((0.0, 1.0), repeat=n):
        wires = list(bits)
        for operation, i, j in gates:
            x, y = wires[i], wires[j]
            wires.append(x + y if operation == "+" else x - y if operation == "-" else x * y)
        rows.append(wires)
        chances.append(
            prod(on if bit else 1 - on for bit, on in zip(bits, p.tolist(), strict=True))
        )
    values, weight = (
        torch.tensor(rows, dtype=torch.float64),
        torch.tensor(chances, dtype=torch.float64),
    )
    mean = weight @ values
    centred = values - mean
    pairs = torch.einsum("r,ra,rb->ab", weight, centred, centred)
    return [mean, pairs, torch.einsum("r,ra,rb,rc->abc", weight, centred, centred, centred)]


def bernoulli(p):
    return [p, p * (1 - p), p * (1 - p) * (1 - 2 * p)]


def check_orders(got, expected, known, what, hint):
    """One tensor for each order; the first that differs is reported."""
    if not isinstance(got, list | tuple) or len(got) != len(expected):
        compare.fail(
            f"{what} must be a list of {len(expected)} tensors, one for each order.",
            hint="orders 1 to `order`, no more and no fewer",
        )
    for r, (mine, wanted) in enumerate(zip(got, expected, strict=True), start=1):
        compare.close(
            mine,
            wanted,
            what=f"cumulants of order {r} of {what}",
            hint=hint,
            known={text: value[r - 1] for text, value in known.items() if len(value) >= r},
            **EXACT,
        )


@pytest.mark.exercise("cumulant_propagate")
class TestCumulantPropagate:
    @pytest.mark.visible
    def test_the_mean_of_a_cube_gains_one_term_with_each_order(self, submission):
        kappa = [torch.tensor([k], dtype=torch.float64) for k in (1.0, 2.0, 3.0)]
        for order, expected in ((1, 1.0), (2, 7.0), (3, 10.0)):
            compare.close(
                submission.cumulant_propagate(kappa, [("*", 0, 0), ("*", 1, 0)], order)[0][-1],
                expected,
                what=f"the mean of x * x * x at order {order}, x with cumulants 1, 2 and 3",
                hint="m^3, then + 3 m times the variance at order 2, then + the third cumulant at order 3",
                **EXACT,
            )

    @pytest.mark.visible
    def test_the_variance_of_a_square_adds_to_the_mean_of_its_square(self, submission):
        kappa = [torch.tensor([k], dtype=torch.float64) for k in (1.0, 2.0, 3.0)]
        got = submission.cumulant_propagate(kappa, [("*", 0, 0), ("*", 1, 1)], 3)
        compare.close(
            got[0],
            torch.tensor([1.0, 3.0, 37.0], dtype=torch.float64),
            what="means of x, x x and (x x)(x x) at order 3, x with cumulants 1, 2 and 3",
            hint="the mean of a square is the mean squared plus the variance: 3 * 3 + 28 for x x",
            **EXACT,
        )
        compare.close(
            got[1][1, 1],
            28.0,
            what="the order 3 variance of x x, x with cumulants 1, 2 and 3",
            hint="sum over indecomposable_partitions((2, 2)), without the block of four: 4 m k_3 + 2 v^2 + 4 m^2 v",
            **EXACT,
        )

    @pytest.mark.weight(4)
    def test_all_joint_cumulants_follow_from_older_ones(self, submission, generator):
        for n, n_gates, order in ((1, 3, 3), (3, 3, 3), (2, 4, 3), (3, 5, 2), (4, 4, 1)):
            kappa = [torch.randn(n, generator=generator, dtype=torch.float64) for _ in range(3)]
            gates = [*circuit(n, n_gates - 1, generator), ("*", n + n_gates - 2, 0)]
            if order == 3:
                gates[0] = ("*", 0, n - 1)
            flat = [kappa[0], kappa[1], 0 * kappa[2]]
            with (
                compare.unchanged(kappa=kappa),
                compare.untouched_randomness(submission),
            ):
                got = submission.cumulant_propagate(kappa, gates, order)
            check_orders(
                got,
                slow(kappa, gates, order),
                {
                    "fill all entries of the array: kappa(a, b) = kappa(b, a)": sorted_only(
                        slow(kappa, gates, order)
                    ),
                    "the inputs bring their own third cumulants, kappa[2]": slow(
                        flat, gates, order
                    ),
                    "a difference subtracts: the minus sign belongs to each place of the second wire": slow(
                        kappa, [("+" if o == "-" else o, i, j) for o, i, j in gates], order
                    ),
                },
                f"cumulant_propagate at order {order} with {n} inputs and {n_gates} gates",
                "expand the newest wire into its parents in all places where it occurs; drop blocks of more than `order` wires",
            )

    def test_a_second_copy_of_a_product_is_no_exception(self, submission, generator):
        for order, n in ((2, 2), (3, 1), (3, 2)):
            kappa = [torch.randn(n, generator=generator, dtype=torch.float64) for _ in range(3)]
            gates = [("*", 0, n - 1), ("*", n - 1, 0), ("*", n, n + 1)]
            single = slow(kappa, [gates[0], ("*", n, n)], order)  # wires 0 to n, then the product
            place = [*range(n), n, n, n + 1]
            merged = [
                value[torch.meshgrid(*[torch.tensor(place)] * (r + 1), indexing="ij")]
                for r, value in enumerate(single)
            ]
            check_orders(
                submission.cumulant_propagate(kappa, gates, order),
                slow(kappa, gates, order),
                {
                    "a second copy of a product follows the rule like any other gate: nobody has said that the two are equal": merged
                },
                f"cumulant_propagate at order {order} where one product is computed twice",
                "a product is expanded into its parents, whatever other gates have the same parents",
            )

    def test_third_cumulants_of_sums_are_exact(self, submission, generator):
        for n in (2, 3):
            kappa = [torch.randn(n, generator=generator, dtype=torch.float64) for _ in range(3)]
            gates = circuit(n, 4, generator, "+-")
            rows = list(torch.eye(n, dtype=torch.float64))
            for operation, i, j in gates:
                rows.append(rows[i] + rows[j] if operation == "+" else rows[i] - rows[j])
            A = torch.stack(rows)
            check_orders(
                submission.cumulant_propagate(kappa, gates, 3),
                [
                    A @ kappa[0],
                    (A * kappa[1]) @ A.T,
                    torch.einsum("an,bn,cn,n->abc", A, A, A, kappa[2]),
                ],
                {},
                f"cumulant_propagate of a linear circuit with {n} inputs",
                "a cumulant is linear in each of its places",
            )

    def test_products_of_three_sums_of_bits_have_the_right_means(self, submission, generator):
        for n in (2, 4):
            p = 0.05 + 0.9 * torch.rand(n, generator=generator, dtype=torch.float64)
            gates = [
                *circuit(n, 2, generator, "+-"),
                ("*", draw(n + 2, generator), n),
                ("*", n + 2, n + 1),
                ("-", n + 3, 0),
            ]
            compare.close(
                submission.cumulant_propagate(bernoulli(p), gates, 3)[0],
                enumerated(p, gates)[0],
                what="order 3 means of a product of three sums, against enumeration",
                hint="E[XYW] needs cumulants up to order 3, and no more",
                **EXACT,
            )
            got = submission.cumulant_propagate(bernoulli(p), gates[:2], 3)
            check_orders(
                got,
                enumerated(p, gates[:2]),
                {},
                "sums of bits, against enumeration",
                "the third joint cumulant is the third central moment",
            )

    @pytest.mark.weight(2)
    def test_cumulants_do_not_depend_on_the_order_of_their_places(self, submission, generator):
        kappa = [torch.randn(2, generator=generator, dtype=torch.float64) for _ in range(3)]
        gates = [("*", 0, 1), ("*", 2, 0), ("+", 3, 1)]
        got = submission.cumulant_propagate(kappa, gates, 3)
        compare.shape(got[2], (5, 5, 5), what="third cumulants")
        for places in permutations(range(3)):
            compare.close(
                torch.as_tensor(got[2]).permute(*places),
                slow(kappa, gates, 3)[2],
                what="third cumulants with their places exchanged",
                hint="fill all entries of the array: kappa(a, b, c) = kappa(c, a, b), also where a wire repeats",
                **EXACT,
            )

    def test_a_circuit_without_gates_keeps_the_cumulants_of_its_inputs(self, submission, generator):
        for order in (1, 2, 3):
            kappa = [torch.randn(3, generator=generator, dtype=torch.float64) for _ in range(order)]
            check_orders(
                submission.cumulant_propagate(kappa, [], order),
                slow(kappa, [], order),
                {},
                f"cumulant_propagate without gates at order {order}",
                "independent inputs: joint cumulants lie on the diagonal, kappa[r-1]",
            )


@pytest.mark.exercise("first_exact_order")
class TestFirstExactOrder:
    @pytest.mark.visible
    def test_the_answer_is_five_orders(self, submission):
        answer = submission.first_exact_order()
        if (
            not isinstance(answer, tuple | list)
            or len(answer) != 5
            or any(o not in (0, 1, 2, 3) for o in answer)
        ):
            compare.fail(
                f"first_exact_order came back as {answer!r}; five integers from 0 to 3 are expected.",
                hint="one for each row of the table",
            )

    def orders(self, submission, rows):
        answer = list(submission.first_exact_order())
        return [int(answer[row - 1]) for row in rows]

    def test_products_of_two_and_cubes_are_measured(self, submission):
        compare.equal(
            self.orders(submission, (1, 2)),
            [2, 3],
            what="the orders of Figure 6 and of the cube with p = 1/4",
            hint="how often does one bit enter a product?",
        )

    def test_the_cube_of_a_fair_bit_is_measured(self, submission):
        compare.equal(
            self.orders(submission, (3,)),
            [2],
            what="the order of the cube with p = 1/2",
            hint="what is the third cumulant of a fair bit?",
            known={
                "measure it: the third cumulant p(1-p)(1-2p) of a fair bit is 0, so order 2 drops nothing": [
                    3
                ]
            },
        )

    @pytest.mark.weight(2)
    def test_both_ways_to_write_the_fourth_power_are_measured(self, submission):
        compare.equal(
            self.orders(submission, (4, 5)),
            [0, 2],
            what="the orders of (x x)(x x) and ((x x) x) x",
            hint="print all three estimates of both circuits",
            known={
                "the chain is exact at one of the orders: print all three of its estimates": [0, 0],
                "the two ways of writing x^4 do not have the same estimates: measure both": [2, 2],
                "higher is not always better: the chain's order 3 estimate is .625": [0, 3],
                "neither of them is exact at order 3: print the estimates": [3, 3],
            },
        )
