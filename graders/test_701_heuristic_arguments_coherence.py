"""Graders of 701, coherence: closed forms and planted estimators."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

import pytest
import torch

from firsthand import compare

KEYS = ("iterated", "additive", "reorder", "recompute")


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


def inputs(n, generator):
    """Means and a covariance matrix of n correlated inputs."""
    root = torch.randn(n, n, generator=generator, dtype=torch.float64)
    return torch.randn(n, generator=generator, dtype=torch.float64), root @ root.T / n


def second_order(mu, cov, gates):
    """Covariance propagation in plain numbers; the planted estimators are made from it."""
    m, C = mu.tolist(), [row[:] for row in cov.tolist()]
    for operation, i, j in gates:
        a, b = (m[j], m[i]) if operation == "*" else (1.0, 1.0 if operation == "+" else -1.0)
        value = m[i] * m[j] + C[i][j] if operation == "*" else m[i] + b * m[j]
        extra = C[i][i] * C[j][j] + C[i][j] ** 2 if operation == "*" else 0.0
        row = [a * x + b * y for x, y in zip(C[i], C[j], strict=True)]
        variance = a * a * C[i][i] + b * b * C[j][j] + 2 * a * b * C[i][j] + extra
        for old, entry in zip(C, row, strict=True):
            old.append(entry)
        C.append([*row, variance])
        m.append(value)
    return m[-1]


def lopsided(mu, cov, gates):
    """An estimator that trusts the first operand of "+" and "*" more than the second."""
    m = mu.tolist()
    for t, (operation, i, j) in enumerate(gates, start=1):
        x, y = m[i], m[j]
        shift = 0.1 * t * x
        m.append(x - y if operation == "-" else (x + y if operation == "+" else x * y) + shift)
    return m[-1] + 0.01 * float(cov.trace())


def shrunk(mu, cov, gates):
    return 0.9 * second_order(mu, cov, gates)


def shifted(mu, cov, gates):
    return second_order(mu, cov, gates) - 0.75


def variance_aware(mu, cov, gates):
    """Adds the inputs' total variance and mean: sees what is appended to the inputs."""
    return second_order(mu, cov, gates) + 0.1 * float(cov.sum()) + 0.01 * float(mu.sum())


def gaps(estimate, mu, cov, gates, mistake=""):
    """The four gaps by the definitions, with one named mistake."""
    n, last = len(mu), len(mu) + len(gates) - 1
    c = estimate(mu, cov, gates)
    first_moved = {"shift": last + 1, "inputs": 0}.get(mistake, n)

    def up(w):
        return w + 1 if w >= first_moved else w

    longer = torch.tensor([*mu.tolist(), 0.0 if mistake == "constant" else c], dtype=torch.float64)
    wider = torch.zeros(n + 1, n + 1, dtype=torch.float64)
    wider[:n, :n] = torch.diag(cov.diag()) if mistake == "diagonal" else cov
    if mistake == "variance":
        wider[n, n] = 1.0
    residual = [(o, up(i), up(j)) for o, i, j in gates] + [
        ("-", n, last + 1) if mistake == "sign" else ("-", last + 1, n)
    ]
    swaps = []
    for t, (o, i, j) in enumerate(gates):
        if o != "-" or mistake == "difference":
            swaps.append(estimate(mu, cov, [*gates[:t], (o, j, i), *gates[t + 1 :]]) - c)
    if mistake == "restore":
        swaps, so_far = [], list(gates)
        for t, (o, i, j) in enumerate(gates):
            if o != "-":
                so_far[t] = (o, j, i)
                swaps.append(estimate(mu, cov, so_far) - c)
    if mistake == "together":
        swaps = [estimate(mu, cov, [(o, i, j) if o == "-" else (o, j, i) for o, i, j in gates]) - c]
    reorder = sum(map(abs, swaps)) if mistake == "sum" else max(map(abs, swaps), default=0.0)
    if mistake == "signed":
        reorder = max(swaps, default=0.0)
    square = estimate(mu, cov, [*gates, ("*", last, last)])
    copied = estimate(mu, cov, [*gates, gates[-1], ("*", last, last + 1)])
    return {
        "iterated": estimate(longer, wider, residual),
        "additive": estimate(mu, cov, [*gates, ("+", last, last)])
        - (c if mistake == "once" else 2 * c),
        "reorder": reorder,
        "recompute": square - copied if mistake == "reversed" else copied - square,
    }


MISTAKES = {
    "iterated": {
        "an input was appended: every wire that is a gate moves up by one": "shift",
        "only gates' wires move up by one: inputs keep their numbers": "inputs",
        "the inputs keep their covariances when c is appended": "diagonal",
        "the appended constant has variance 0": "variance",
        "append the estimate c itself, not 0": "constant",
        "Y - c, not c - Y": "sign",
    },
    "additive": {"the estimate of Y + Y minus twice the estimate of Y": "once"},
    "reorder": {
        "a difference may not be swapped: it changes its value": "difference",
        "swap one gate at a time, not all at once": "together",
        "swap one gate at a time: put its operands back before you swap the next": "restore",
        "the largest change, not the sum of changes": "sum",
        "the largest absolute change: a change may be negative": "signed",
    },
    "recompute": {"the estimate of Y Y' minus that of Y Y, not the reverse": "reversed"},
}


def reported(submission, estimate, mu, cov, gates):
    """The submission's gaps as a dict of floats with the right keys."""
    got = submission.coherence_gaps(estimate, mu, cov, gates)
    if not isinstance(got, dict) or set(got) != set(KEYS):
        compare.fail(
            f"coherence_gaps must return a dict with the keys {', '.join(KEYS)}.",
            hint="four keys, spelled as in the statement",
        )
    return {key: compare.number(got[key], what=f"the gap {key!r}") for key in KEYS}


def check_gaps(got, estimate, mu, cov, gates, what, keys=KEYS):
    """Compare gap by gap with the definitions."""
    expected = gaps(estimate, mu, cov, gates)
    for key in keys:
        compare.close(
            got[key],
            expected[key],
            rtol=1e-8,
            atol=1e-9,
            what=f"the gap {key!r} of {what}",
            hint="edit the circuit as the statement says, and call the estimator on it",
            known={
                text: gaps(estimate, mu, cov, gates, m)[key] for text, m in MISTAKES[key].items()
            },
        )


@pytest.mark.exercise("coherence_gaps")
class TestCoherenceGaps:
    @pytest.mark.visible
    def test_an_estimator_shrunk_by_a_tenth_predicts_its_own_error(self, submission):
        def estimate(mu, cov, gates):
            known = mu.tolist()
            for kind, left, right in gates:
                u, v = known[left], known[right]
                known.append({"+": u + v, "-": u - v, "*": u * v}[kind])
            return 0.9 * known[-1]

        half, one = torch.tensor([0.5], dtype=torch.float64), torch.ones(1, 1, dtype=torch.float64)
        got = submission.coherence_gaps(estimate, half, one, [("*", 0, 0)])
        for key, expected in (
            ("iterated", 0.0225),
            ("additive", 0.0),
            ("reorder", 0.0),
            ("recompute", 0.0),
        ):
            compare.close(
                got[key],
                expected,
                rtol=1e-8,
                atol=1e-9,
                what=f"the gap {key!r} of .9 times mean propagation",
                hint=".9 * (.25 - .225) = .0225; the others are 0",
            )

    @pytest.mark.visible
    def test_a_circuit_of_two_gates_has_its_wires_moved(self, submission):
        def estimate(
            mu, cov, gates
        ):  # trusts the first operand of "+" and "*" more than the second
            known = mu.tolist()
            for kind, left, right in gates:
                u, v = known[left], known[right]
                known.append({"+": u + v + 0.5 * u, "-": u - v, "*": u * v + 0.25 * u}[kind])
            return known[-1]

        mu = torch.tensor([4.0, 2.0], dtype=torch.float64)
        cov = torch.eye(2, dtype=torch.float64)
        got = submission.coherence_gaps(estimate, mu, cov, [("+", 0, 1), ("*", 2, 0)])
        for key, expected, hint in (
            (
                "iterated",
                0.0,
                "with c as input 2 the gates are (+, 0, 1) as wire 3 and (*, 3, 0) as wire 4: inputs keep their numbers",
            ),
            ("additive", 17.0, "the estimate of Y + Y is 2.5 * 34 here, so the gap is 85 - 68"),
            (
                "reorder",
                4.25,
                "(+, 1, 0) alone gives 29.75, (*, 0, 2) alone 33, and the estimate of Y is 34; swap one gate at a time",
            ),
            ("recompute", 0.0, "the estimates of Y Y' and of Y Y are equal here"),
        ):
            compare.close(
                got[key],
                expected,
                rtol=1e-8,
                atol=1e-9,
                what=f"the gap {key!r} of a circuit of two gates",
                hint=hint,
            )

    @pytest.mark.weight(2)
    def test_covariance_propagation_fails_recompute_alone(self, submission, generator):
        for n, n_gates in ((2, 2), (3, 3)):
            noise = 0.0
            while noise < 0.01:  # a wire minus itself has none
                mu, cov = inputs(n, generator)
                gates = [*circuit(n, n_gates, generator, "+-"), ("*", n, n + n_gates - 1)]
                rows = list(torch.eye(n, dtype=torch.float64))
                for operation, i, j in gates[:-1]:
                    rows.append(rows[i] + rows[j] if operation == "+" else rows[i] - rows[j])
                x, y = rows[n], rows[-1]
                # What order 2 takes for fresh randomness:
                noise = float((x @ cov @ x) * (y @ cov @ y) + (x @ cov @ y) ** 2)
            got = reported(submission, second_order, mu, cov, gates)
            expected = {
                "iterated": 0.0,
                "additive": 0.0,
                "reorder": 0.0,
                "recompute": -noise,
            }
            for key in KEYS:
                compare.close(
                    got[key],
                    expected[key],
                    rtol=1e-8,
                    atol=1e-8,
                    what=f"the gap {key!r} of covariance propagation",
                    hint="Y' repeats the last gate; multiply the last wire by it",
                    known={
                        text: gaps(second_order, mu, cov, gates, m)[key]
                        for text, m in MISTAKES[key].items()
                    },
                )

    @pytest.mark.weight(3)
    def test_gaps_of_planted_estimators_follow_their_definitions(self, submission, generator):
        planted = {
            "a shrunk": shrunk,
            "a shifted": shifted,
            "a lopsided": lopsided,
            "a variance-aware": variance_aware,
        }
        for name, estimate in planted.items():
            for n, n_gates in ((2, 4), (3, 3)):
                mu, cov = inputs(n, generator)
                gates = [
                    *circuit(n, n_gates - 1, generator),
                    ("-", n, 0),
                    ("*", n + n_gates - 1, 1),
                    ("+", n + n_gates, n),
                    ("*", n + n_gates + 1, 0),
                ]
                with compare.unchanged(mu=mu, cov=cov):
                    got = reported(submission, estimate, mu, cov, gates)
                # Y Y' may be written as Y' Y, which a lopsided estimator tells apart.
                keys = KEYS[:3] if estimate is lopsided else KEYS
                check_gaps(got, estimate, mu, cov, gates, f"{name} estimator", keys=keys)

    def test_the_change_of_reordering_is_the_largest_one_and_absolute(self, submission, generator):
        for sign in (1.0, -1.0):
            mu = (
                sign
                * torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
                * (1 + torch.rand(1, generator=generator, dtype=torch.float64))
            )
            cov = torch.zeros(3, 3, dtype=torch.float64)
            gates = [("+", 0, 1), ("-", 3, 0), ("+", 4, 2), ("+", 5, 1)]
            check_gaps(
                reported(submission, lopsided, mu, cov, gates),
                lopsided,
                mu,
                cov,
                gates,
                "a lopsided estimator",
                keys=("reorder",),
            )

    def test_a_circuit_of_differences_has_nothing_to_reorder(self, submission, generator):
        mu, cov = inputs(2, generator)
        gates = [("-", 0, 1), ("-", 2, 0)]
        check_gaps(
            reported(submission, shrunk, mu, cov, gates),
            shrunk,
            mu,
            cov,
            gates,
            "a circuit of differences",
        )

    def test_the_estimator_is_called_at_most_twice_for_each_gate_and_eight_times_more(
        self, submission, generator
    ):
        mu, cov = inputs(2, generator)
        for n_gates in (1, 6):
            gates, calls = circuit(2, n_gates, generator, "+*"), []

            def counted(mu, cov, gates, calls=calls):
                calls.append(1)
                return second_order(mu, cov, gates)

            reported(submission, counted, mu, cov, gates)
            if not 1 <= len(calls) <= 2 * n_gates + 8:
                compare.fail(
                    f"the estimator was called {len(calls)} times for {n_gates} gates; {2 * n_gates + 8} calls are allowed.",
                    hint="keep the estimate of Y: one call for each swapped gate and five more are enough",
                    recognised=True,
                )
