"""Graders of 701, covariances: moments by set partitions, Isserlis' theorem, enumeration as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import product

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


def correlated(n, generator):
    """Means and a covariance matrix of n correlated inputs."""
    root = torch.randn(n, n, generator=generator, dtype=torch.float64)
    return torch.randn(n, generator=generator, dtype=torch.float64), root @ root.T / n


def moment(wires, m, C):
    """E of a product of wires whose joint cumulants above order 2 are zero: pair up, or take means."""
    if not wires:
        return 1.0
    first, rest = wires[0], wires[1:]
    value = float(m[first]) * moment(rest, m, C)
    for k, other in enumerate(rest):
        value += float(C[first, other]) * moment(rest[:k] + rest[k + 1 :], m, C)
    return value


def slow(mu, cov, gates):
    """Order 2, through moments: E[XY], E[XYW] and E[XYXY] from means and covariances of X, Y and W."""
    n = len(mu)
    size = n + len(gates)
    m, C = torch.zeros(size, dtype=torch.float64), torch.zeros(size, size, dtype=torch.float64)
    m[:n], C[:n, :n] = mu, cov
    for z, (operation, i, j) in enumerate(gates, start=n):
        terms = (
            [(1.0, (i, j))]
            if operation == "*"
            else [(1.0, (i,)), (1.0 if operation == "+" else -1.0, (j,))]
        )
        m[z] = sum(a * moment(wires, m, C) for a, wires in terms)
        for w in range(z):
            value = sum(a * moment((*wires, w), m, C) for a, wires in terms) - float(m[z] * m[w])
            C[z, w] = C[w, z] = value
        square = sum(a * b * moment((*u, *v), m, C) for a, u in terms for b, v in terms)
        C[z, z] = square - float(m[z]) ** 2
    return m, C


def variant(mu, cov, gates, mistake):
    """`slow` by the closed formulas, with one named mistake."""
    n = len(mu)
    size = n + len(gates)
    m, C = torch.zeros(size, dtype=torch.float64), torch.zeros(size, size, dtype=torch.float64)
    m[:n], C[:n, :n] = mu, cov
    for z, (operation, i, j) in enumerate(gates, start=n):
        if operation == "*":
            m[z] = m[i] * m[j] + (0.0 if mistake == "mean" else C[i, j])
            a, b, extra = m[j].clone(), m[i].clone(), C[i, i] * C[j, j] + C[i, j] ** 2
            if mistake == "extra" or (mistake == "same" and i == j):
                extra = 0.0
            if mistake == "squared":
                extra = C[i, i] * C[j, j]
            if mistake == "swapped":
                a, b = b, a
            pair = {i, j}
        else:
            b = 1.0 if operation == "+" or mistake == "sign" else -1.0
            a, extra = 1.0, 0.0
            m[z] = m[i] + (1.0 if operation == "+" else -1.0) * m[j]
        row = a * C[i, :z] + b * C[j, :z]
        cross = 0.0 if mistake == "cross" and operation != "*" else 2 * a * b * C[i, j]
        if mistake == "parents":
            row[[i, j]] = 0.0
        if mistake == "copy" and operation == "*":
            for t, (other, *wires) in enumerate(gates[: z - n]):
                if other == "*" and set(wires) == pair:
                    row[n + t] = C[n + t, n + t]
                    break
        C[z, :z] = row
        if mistake != "triangle":
            C[:z, z] = row
        C[z, z] = a**2 * C[i, i] + b**2 * C[j, j] + cross + extra
    return m, C


MISTAKES = {
    "the variance of a product has two more terms: try Var(X^2) of a Gaussian, 2 s^4 + 4 m^2 s^2": "extra",
    "the variance of a product lacks C_XY^2": "squared",
    "a product of a wire with itself follows the same formulas": "same",
    "the mean of a product is m_X m_Y plus C_XY": "mean",
    "the variance of a sum or difference has the cross term 2 C_XY, with its sign": "cross",
    "a difference subtracts the covariances of the second wire": "sign",
    "C_ZW of a product is m_X C_YW + m_Y C_XW: each mean goes with the other wire's covariance": "swapped",
    "a new wire is correlated with its own parents too": "parents",
    "fill both triangles: a covariance matrix is symmetric": "triangle",
    "a second copy of a product follows the rule like any other gate: nobody has said that the two are equal": "copy",
}


def check_pair(got, expected, known, what, hint):
    """Compare (means, covariances); covariances first tell most mistakes apart."""
    if not isinstance(got, tuple | list) or len(got) != 2:
        compare.fail(f"{what} must be a pair (means, covariances).", hint="return m, C")
    for index, name in ((1, "covariances"), (0, "means")):
        compare.close(
            got[index],
            expected[index],
            what=f"{name} of {what}",
            hint=hint,
            known={text: value[index] for text, value in known.items()},
            **EXACT,
        )


@pytest.mark.exercise("covariance_propagate")
class TestCovariancePropagate:
    @pytest.mark.visible
    def test_the_square_of_a_standard_gaussian_has_variance_two(self, submission):
        mu, cov = torch.zeros(1, dtype=torch.float64), torch.ones(1, 1, dtype=torch.float64)
        got = submission.covariance_propagate(mu, cov, [("*", 0, 0)])
        compare.close(
            got[0],
            torch.tensor([0.0, 1.0], dtype=torch.float64),
            what="means of x and x * x, x standard Gaussian",
            **EXACT,
        )
        compare.close(
            got[1],
            torch.tensor([[1.0, 0.0], [0.0, 2.0]], dtype=torch.float64),
            what="covariances of x and x * x, x standard Gaussian",
            hint="C_ZZ with m = 0 and all covariances 1: the last two terms, 1 + 1",
            **EXACT,
        )

    @pytest.mark.visible
    def test_the_circuit_of_figure_6_is_exact(self, submission):
        mu = torch.tensor([0.5, 0.5, 1.0], dtype=torch.float64)
        cov = torch.diag(torch.tensor([0.25, 0.25, 0.0], dtype=torch.float64))
        gates = [("+", 2, 0), ("+", 2, 1), ("+", 0, 1), ("*", 3, 4), ("*", 4, 5), ("+", 6, 7)]
        compare.close(
            submission.covariance_propagate(mu, cov, gates)[0][-1],
            4.0,
            what="order 2 mean of the Figure 6 circuit",
            hint="1 + y and x + y have covariance .25: add it to the product of their means",
            **EXACT,
        )

    @pytest.mark.weight(3)
    def test_all_means_and_covariances_follow_from_moments_without_higher_cumulants(
        self, submission, generator
    ):
        for n, n_gates in ((1, 4), (3, 5), (2, 7), (4, 4), (3, 6)):
            mu, cov = correlated(n, generator)
            gates = circuit(n, n_gates, generator)
            gates += [
                ("-", n - 1, n),
                ("*", n + n_gates, 0),
                ("*", n, n),
                ("+", n + n_gates + 1, n),
            ]
            known = {text: variant(mu, cov, gates, mistake) for text, mistake in MISTAKES.items()}
            with (
                compare.unchanged(mu=mu, cov=cov),
                compare.untouched_randomness(submission),
            ):
                got = submission.covariance_propagate(mu, cov, gates)
            check_pair(
                got,
                slow(mu, cov, gates),
                known,
                f"covariance_propagate with {n} correlated inputs and {len(gates)} gates",
                "for each gate: the mean, then the row and column of the new wire, then its variance",
            )

    def test_a_second_copy_of_a_product_is_no_exception(self, submission, generator):
        for n in (1, 3):
            mu, cov = correlated(n, generator)
            i, j = draw(n, generator), draw(n, generator)
            gates = [("*", i, j), ("*", j, i), ("*", n, n + 1), ("+", n, n + 1), ("*", i, j)]
            gates.append(("*", n + 1, n + 4))
            known = {text: variant(mu, cov, gates, mistake) for text, mistake in MISTAKES.items()}
            check_pair(
                submission.covariance_propagate(mu, cov, gates),
                slow(mu, cov, gates),
                known,
                "covariance_propagate where one product is computed several times",
                "W in C_ZW = m_X C_YW + m_Y C_XW may be an earlier copy of Z",
            )

    def test_sums_and_differences_are_exact(self, submission, generator):
        for n, n_gates in ((2, 5), (4, 6)):
            mu, cov = correlated(n, generator)
            gates = circuit(n, n_gates, generator, "+-")
            rows = list(torch.eye(n, dtype=torch.float64))
            for operation, i, j in gates:
                rows.append(rows[i] + rows[j] if operation == "+" else rows[i] - rows[j])
            A = torch.stack(rows)
            known = {text: variant(mu, cov, gates, mistake) for text, mistake in MISTAKES.items()}
            check_pair(
                submission.covariance_propagate(mu, cov, gates),
                (A @ mu, A @ cov @ A.T),
                known,
                f"covariance_propagate of a linear circuit with {n} inputs",
                "Var(X - Y) = C_XX - 2 C_XY + C_YY, and the row is C_XW - C_YW",
            )

    def test_means_are_exact_with_one_product_on_any_path(self, submission, generator):
        for n in (2, 3, 5):
            p = 0.05 + 0.9 * torch.rand(n, generator=generator, dtype=torch.float64)
            gates = circuit(n, 4, generator, "+-")
            gates += [("*", draw(n + 4, generator), draw(n + 4, generator)) for _ in range(3)]
            gates += [("+", n + 4, n + 5), ("-", n + 7, n + 6)]
            total = torch.zeros(n + len(gates), dtype=torch.float64)
            for bits in product((0.0, 1.0), repeat=n):
                wires = list(bits)
                for operation, i, j in gates:
                    x, y = wires[i], wires[j]
                    wires.append(
                        x + y if operation == "+" else x - y if operation == "-" else x * y
                    )
                chance = 1.0
                for bit, on in zip(bits, p.tolist(), strict=True):
                    chance *= on if bit else 1 - on
                total += chance * torch.tensor(wires, dtype=torch.float64)
            compare.close(
                submission.covariance_propagate(p, torch.diag(p * (1 - p)), gates)[0],
                total,
                what="means of a circuit with one layer of products, against enumeration",
                hint="E[XY] = m_X m_Y + C_XY is an identity, as long as C_XY is right",
                **EXACT,
            )

    def test_inputs_alone_come_back_as_they_are(self, submission, generator):
        mu, cov = correlated(3, generator)
        check_pair(
            submission.covariance_propagate(mu, cov, []),
            (mu, cov),
            {},
            "covariance_propagate without gates",
            "the wires are the inputs",
        )
