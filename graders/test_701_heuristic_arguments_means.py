"""Graders of 701, means: recursion over one bit at a time, and polynomials, as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

import pytest
import torch

from firsthand import compare

EXACT = {"rtol": 1e-9, "atol": 1e-11}
OPERATIONS = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y}


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


def read_once(n, generator):
    """A circuit that reads every wire at most once, so that its factors are independent."""
    free, gates = torch.randperm(n, generator=generator).tolist(), []
    while len(free) > 1:
        i, j = free.pop(0), free.pop(0)
        gates.append(("+-*"[draw(3, generator)], i, j))
        free.append(n + len(gates) - 1)
    return gates


def probabilities(n, generator):
    return 0.05 + 0.9 * torch.rand(n, generator=generator, dtype=torch.float64)


def run(inputs, gates):
    wires = list(inputs)
    for operation, i, j in gates:
        wires.append(OPERATIONS[operation](wires[i], wires[j]))
    return wires


def looked_up(mu, gates):
    """Mean propagation with each result remembered by operation and unordered pair of wires."""
    means, seen = list(mu), {}
    for operation, i, j in gates:
        key = (operation, min(i, j), max(i, j))
        seen.setdefault(key, OPERATIONS[operation](means[i], means[j]))
        means.append(seen[key])
    return torch.stack(means)


def averaged(p, gates, weighted=True, bits=()):
    """Means of all wires, by fixing one bit after the other."""
    if len(bits) == len(p):
        return torch.tensor(run(bits, gates), dtype=torch.float64)
    on = float(p[len(bits)]) if weighted else 0.5
    return sum(
        share * averaged(p, gates, weighted, (*bits, bit))
        for bit, share in ((1.0, on), (0.0, 1 - on))
    )


@pytest.mark.exercise("exact_mean")
class TestExactMean:
    @pytest.mark.visible
    def test_a_squared_fair_bit_has_mean_one_half(self, submission):
        p = torch.tensor([0.5], dtype=torch.float64)
        compare.close(
            submission.exact_mean(p, [("*", 0, 0)]),
            torch.tensor([0.5, 0.5], dtype=torch.float64),
            what="exact_mean of x * x for a fair bit",
            hint="one mean for each wire: the input x, then x * x; a squared bit is the bit",
            **EXACT,
        )

    @pytest.mark.visible
    def test_the_circuit_of_figure_6_has_mean_four(self, submission):
        p = torch.tensor([0.5, 0.5, 1.0], dtype=torch.float64)
        gates = [("+", 2, 0), ("+", 2, 1), ("+", 0, 1), ("*", 3, 4), ("*", 4, 5), ("+", 6, 7)]
        compare.close(
            submission.exact_mean(p, gates),
            torch.tensor([0.5, 0.5, 1, 1.5, 1.5, 1, 2.25, 1.75, 4], dtype=torch.float64),
            what="exact_mean of the Figure 6 circuit",
            hint="gate t is wire n + t: wire 3 is 1 + x, wire 4 is 1 + y",
            **EXACT,
        )

    @pytest.mark.weight(3)
    def test_means_weight_every_row_by_its_probability(self, submission, generator):
        for n, n_gates in ((1, 4), (3, 6), (4, 7), (6, 5), (2, 9)):
            p, gates = probabilities(n, generator), circuit(n, n_gates, generator)
            gates += [("*", n - 1, 0), ("*", 0, 0)]
            with compare.unchanged(p=p):
                got = submission.exact_mean(p, gates)
            compare.close(
                got,
                averaged(p, gates),
                what=f"exact_mean with {n} bits and {len(gates)} gates",
                hint="sum over the rows: probability of the row times the wire's value on it",
                known={
                    "weight by p: the rows are not equally likely": averaged(
                        p, gates, weighted=False
                    ),
                    "evaluate, then average: a product's mean is not the product of means": torch.stack(
                        run(p, gates)
                    ),
                    "the bits are in the wrong order: bit i goes with p[i]": averaged(
                        p.flip(0), gates
                    ),
                    "a difference is wire i minus wire j, not their sum": averaged(
                        p, [("+" if o == "-" else o, i, j) for o, i, j in gates]
                    ),
                    "only the mean of the last wire came back: one for each wire": averaged(
                        p, gates
                    )[-1:],
                },
                **EXACT,
            )

    def test_a_difference_is_the_first_wire_minus_the_second(self, submission, generator):
        p = torch.cat([probabilities(2, generator), torch.ones(1, dtype=torch.float64)])
        gates = [("-", 2, 0), ("-", 0, 2), ("*", 3, 1), ("-", 5, 3)]
        compare.close(
            submission.exact_mean(p, gates),
            averaged(p, gates),
            what="exact_mean with differences",
            hint='("-", i, j) is wire i minus wire j',
            **EXACT,
        )

    def test_certain_bits_and_circuits_without_gates_are_handled(self, submission, generator):
        for p, gates in (
            (
                torch.tensor([0.0, 1.0, 0.25], dtype=torch.float64),
                [("*", 1, 2), ("+", 0, 1), ("-", 3, 4)],
            ),
            (probabilities(3, generator), []),
            (torch.tensor([1.0], dtype=torch.float64), [("+", 0, 0)]),
        ):
            compare.close(
                submission.exact_mean(p, gates),
                averaged(p, gates),
                what=f"exact_mean with {len(p)} bits and {len(gates)} gates, some bits certain",
                hint="a bit with p = 1 is the constant 1; without gates the wires are the inputs",
                **EXACT,
            )

    def test_nine_digits_survive_large_powers(self, submission, generator):
        p = probabilities(3, generator)
        gates = [("+", 0, 1), ("+", 3, 2), *(("*", 4 + t, 4) for t in range(18))]
        compare.close(
            submission.exact_mean(p, gates),
            averaged(p, gates),
            what="exact_mean of the powers of a sum",
            hint="keep double precision: float32 has seven digits",
            **EXACT,
        )


@pytest.mark.exercise("mean_propagate")
class TestMeanPropagate:
    @pytest.mark.visible
    def test_the_estimate_of_figure_6_is_three_and_three_quarters(self, submission):
        mu = torch.tensor([0.5, 0.5, 1.0], dtype=torch.float64)
        gates = [("+", 2, 0), ("+", 2, 1), ("+", 0, 1), ("*", 3, 4), ("*", 4, 5), ("+", 6, 7)]
        compare.close(
            submission.mean_propagate(mu, gates),
            torch.tensor([0.5, 0.5, 1, 1.5, 1.5, 1, 2.25, 1.5, 3.75], dtype=torch.float64),
            what="mean_propagate of the Figure 6 circuit",
            hint="one mean for each wire, inputs first; a product's is the product of the means of its two wires",
            **EXACT,
        )

    @pytest.mark.weight(2)
    def test_every_product_is_presumed_independent(self, submission, generator):
        for n, n_gates in ((1, 5), (3, 8), (5, 6), (2, 10)):
            mu = torch.randn(n, generator=generator, dtype=torch.float64)
            gates = [*circuit(n, n_gates, generator), ("*", n - 1, n - 1), ("-", 0, n + n_gates)]
            special = list(mu)
            for operation, i, j in gates:
                same = operation == "*" and i == j
                special.append(
                    special[i] if same else OPERATIONS[operation](special[i], special[j])
                )
            with compare.unchanged(mu=mu), compare.untouched_randomness(submission):
                got = submission.mean_propagate(mu, gates)
            compare.close(
                got,
                torch.stack(run(mu, gates)),
                what=f"mean_propagate with {n} inputs and {len(gates)} gates",
                hint="one pass over the gates, with the means of the wires that each gate reads",
                known={
                    "the presumption is applied to every product, to that of a wire with itself too": torch.stack(
                        special
                    ),
                    "a difference is wire i minus wire j, not their sum": torch.stack(
                        run(mu, [("+" if o == "-" else o, i, j) for o, i, j in gates])
                    ),
                    "a product is not a sum of means": torch.stack(
                        run(mu, [("+" if o == "*" else o, i, j) for o, i, j in gates])
                    ),
                },
                **EXACT,
            )

    def test_a_difference_and_its_reverse_have_opposite_signs(self, submission, generator):
        for n in (2, 4):
            mu = torch.randn(n, generator=generator, dtype=torch.float64)
            i, j = torch.randperm(n, generator=generator)[:2].tolist()
            gates = [("-", i, j), ("*", j, i), ("-", j, i), ("+", i, j), ("-", n + 1, n + 3)]
            gates += [("-", n + 3, n + 1), ("*", i, j), ("+", j, i), ("*", n + 2, n + 5)]
            compare.close(
                submission.mean_propagate(mu, gates),
                torch.stack(run(mu, gates)),
                what="mean_propagate of a circuit with i - j and j - i",
                hint='("-", i, j) is wire i minus wire j',
                known={
                    "i - j and j - i differ in sign: a gate is not known by its pair of wires": looked_up(
                        mu, gates
                    )
                },
                **EXACT,
            )

    def test_the_estimate_is_exact_where_no_wire_is_read_twice(self, submission, generator):
        for n in (2, 5, 7):
            p, gates = probabilities(n, generator), read_once(n, generator)
            compare.close(
                submission.mean_propagate(p, gates),
                averaged(p, gates),
                what="mean_propagate of a circuit that reads each wire once",
                hint="independent factors: the presumption is true and the estimate exact",
                **EXACT,
            )

    def test_a_circuit_without_gates_keeps_its_means(self, submission, generator):
        mu = torch.randn(4, generator=generator, dtype=torch.float64)
        compare.close(
            submission.mean_propagate(mu, []),
            mu,
            what="mean_propagate without gates",
            hint="the wires are the inputs",
        )
