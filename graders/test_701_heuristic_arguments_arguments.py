"""Graders of 701, arguments: loops over inputs and brute force over sets of claims as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import combinations, product
from math import isfinite, prod

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


def truth(p, gates):
    """Means and covariances of all wires by a loop over the rows of bits."""
    rows, chances = [], []
    for bits in product((0.0, 1.0), repeat=len(p)):
        wires = list(bits)
        for operation, i, j in gates:
            wires.append(OPERATIONS[operation](wires[i], wires[j]))
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
    return mean, (centred * weight[:, None]).T @ centred


def claimed(mu, gates, claims, mistake=""):
    """Mean propagation with claims, with one named mistake."""
    means, plain = mu.tolist(), mu.tolist()
    for operation, i, j in gates:
        x, y = means[i], means[j]
        if mistake == "downstream":
            x, y = plain[i], plain[j]
        value = OPERATIONS[operation](x, y)
        found = (
            claims.get((i, j)) if mistake == "ordered" else claims.get((i, j), claims.get((j, i)))
        )
        if mistake == "sorted":
            found = claims.get((min(i, j), max(i, j)))
        plain.append(OPERATIONS[operation](plain[i], plain[j]))
        if found is not None and (operation == "*" or mistake == "sums"):
            value = found if mistake == "product mean" else value + found
        if mistake == "first" and found is not None:
            claims = {k: v for k, v in claims.items() if k not in ((i, j), (j, i))}
        means.append(value)
    return torch.tensor(means, dtype=torch.float64)


def pairs_of(gates):
    return sorted({(min(i, j), max(i, j)) for operation, i, j in gates if operation == "*"})


@pytest.mark.exercise("propagate_with_claims")
class TestPropagateWithClaims:
    @pytest.mark.visible
    def test_two_true_claims_cancel_and_one_does_not(self, submission):
        mu = torch.tensor([0.5, 1.0], dtype=torch.float64)
        gates = [("-", 1, 0), ("*", 0, 0), ("*", 0, 2), ("+", 3, 4)]
        for claims, expected in (
            ({}, 0.5),
            ({(0, 0): 0.25}, 0.75),
            ({(0, 0): 0.25, (2, 0): -0.25}, 0.5),
        ):
            compare.close(
                submission.propagate_with_claims(mu, gates, claims)[-1],
                expected,
                what=f"the estimate of a a + a (1 - a) with {len(claims)} claims",
                hint="a claimed product is m_i m_j plus the claim, in whichever order the pair is written",
                **EXACT,
            )

    @pytest.mark.weight(3)
    def test_claims_count_at_products_of_the_pair_and_for_all_wires_after_them(
        self, submission, generator
    ):
        for n, n_gates in ((2, 5), (3, 7), (1, 6), (4, 8)):
            mu = torch.randn(n, generator=generator, dtype=torch.float64)
            gates = circuit(n, n_gates, generator)
            last = n + n_gates
            gates += [("*", n, 0), ("+", n, 0), ("*", last, n), ("*", 0, n), ("-", last + 2, last)]
            claims = {}
            for i, j in [*pairs_of(gates), (0, n + 1)]:
                key = (i, j) if draw(2, generator) else (j, i)
                claims[key] = float(torch.randn(1, generator=generator))
            known = {
                "a covariance has no order: look the pair up as (i, j) and as (j, i)": "ordered",
                "a pair may be written in either order in the claims too, not only sorted": "sorted",
                "a claim is a covariance, not the mean of the product": "product mean",
                "a claim is about products: sums and differences need no covariance": "sums",
                "wires after a claimed product depend on its new mean": "downstream",
                "a claim holds at every product of the pair, not only at the first": "first",
            }
            with (
                compare.unchanged(mu=mu),
                compare.untouched_randomness(submission),
            ):
                got = submission.propagate_with_claims(mu, gates, claims)
            compare.close(
                got,
                claimed(mu, gates, claims),
                what=f"propagate_with_claims with {n} inputs, {len(gates)} gates and {len(claims)} claims",
                hint="mean propagation, plus the claim at each product of the claimed pair",
                known={text: claimed(mu, gates, claims, mistake) for text, mistake in known.items()}
                | {"the claims make no difference to your result": claimed(mu, gates, {})},
                **EXACT,
            )

    def test_all_true_covariances_make_every_mean_exact(self, submission, generator):
        for n in (2, 4):
            p = 0.05 + 0.9 * torch.rand(n, generator=generator, dtype=torch.float64)
            gates = circuit(n, 7, generator)
            mean, covariance = truth(p, gates)
            claims = {(j, i): float(covariance[i, j]) for i, j in pairs_of(gates)}
            compare.close(
                submission.propagate_with_claims(p, gates, claims),
                mean,
                what="propagate_with_claims with every true covariance, against enumeration",
                hint="E[XY] = m_X m_Y + Cov(X, Y) is an identity",
                **EXACT,
            )

    def test_claims_about_other_pairs_change_nothing(self, submission, generator):
        mu = torch.randn(3, generator=generator, dtype=torch.float64)
        gates = [("*", 0, 1), ("+", 3, 2), ("*", 4, 4), ("-", 5, 1)]
        for claims in ({}, {(0, 2): 3.0, (1, 1): -2.0, (3, 2): 5.0, (5, 1): 4.0}, {(40, 2): 1.0}):
            compare.close(
                submission.propagate_with_claims(mu, gates, claims),
                claimed(mu, gates, {}),
                what=f"propagate_with_claims with {len(claims)} claims, none about a product",
                hint="a claim about wires that no gate multiplies changes nothing",
                **EXACT,
            )


class Errors(dict):
    """{chosen pairs: absolute error of the last wire}; `signed` has the errors with their signs."""

    signed: dict


def errors_by_set(p, gates, most):
    """The errors of every set of at most `most` true claims, and the claims."""
    mean, covariance = truth(p, gates)
    true = {(i, j): float(covariance[i, j]) for i, j in pairs_of(gates)}
    signed = {}
    for count in range(most + 1):
        for chosen in combinations(true, count):
            estimate = claimed(p, gates, {pair: true[pair] for pair in chosen})[-1]
            signed[chosen] = float(estimate - mean[-1])
    errors = Errors((chosen, abs(error)) for chosen, error in signed.items())
    errors.signed = signed
    return errors, true


def greedy(errors, true, most):
    """The error that one-at-a-time selection reaches."""
    chosen = ()
    for _ in range(most):
        further = [
            tuple(p for p in true if p in chosen or p == new) for new in true if new not in chosen
        ]
        best = max(further, key=errors.get, default=chosen)
        if errors[best] <= errors[chosen]:
            break
        chosen = best
    return errors[chosen]


def cancelling_sum(n, n_products, generator):
    """A sum of products of overlapping sums and differences, some multiplied once more."""
    gates, terms = [], []
    for _ in range(n_products):
        a, b, c = torch.randperm(n, generator=generator)[:3].tolist()
        left = n + len(gates)
        gates += [
            ("+-"[draw(2, generator)], b, a),
            ("+-"[draw(2, generator)], c, a),
            ("*", left, left + 1),
        ]
        terms.append(left + 2)
    if draw(2, generator):
        gates.append(("*", terms.pop(), terms[0]))
        terms.append(n + len(gates) - 1)
    total = terms[0]
    for term in terms[1:]:
        gates.append(("+-"[draw(2, generator)], total, term))
        total = n + len(gates) - 1
    return gates


def instance(generator, wanted, most):
    """The first of up to 200 drawn instances of which `wanted(errors, true)` is true, or the last."""
    for _ in range(200):
        n = 4 + draw(2, generator)
        p = 0.1 + 0.8 * torch.rand(n, generator=generator, dtype=torch.float64)
        gates = cancelling_sum(n, 3 + draw(2, generator), generator)
        errors, true = errors_by_set(p, gates, most)
        if wanted(errors, true):
            break
    return p, gates, errors, true


def checked(submission, p, gates, most, true, errors):
    """The error of the submission's claims, after checking that they are allowed."""
    with compare.unchanged(p=p):
        claims = submission.cherry_pick(p, gates, most)
    if not isinstance(claims, dict):
        compare.fail(
            "cherry_pick must return a dict from pairs of wires to covariances.",
            hint="an empty dict if no claim does harm",
        )
    if len(claims) > most:
        compare.fail(
            f"cherry_pick returned {len(claims)} claims with max_claims = {most}.",
            hint="at most max_claims claims",
            recognised=True,
        )
    chosen = []
    for key, value in claims.items():
        pair = tuple(sorted(key)) if isinstance(key, tuple) and len(key) == 2 else None
        if pair not in true:
            compare.fail(
                f"cherry_pick made a claim with the key {key!r}.",
                hint="a claim is about two wires that some gate multiplies",
                recognised=True,
            )
        if pair in chosen:
            compare.fail(
                "cherry_pick made two claims about one pair of wires.",
                hint="a covariance has no order: key each pair once",
                recognised=True,
            )
        chosen.append(pair)
        stated = compare.number(value, what="a claimed covariance")
        if not isfinite(stated) or abs(stated - true[pair]) > 1e-9 * (1 + abs(true[pair])):
            compare.fail(
                f"cherry_pick claimed a covariance of {stated:.4g} that is not the true one.",
                hint="every claim is checked: it must be the true covariance of its two wires",
                recognised=True,
            )
    return errors[tuple(pair for pair in true if pair in chosen)]


def judge(reached, errors, most, known):
    """Whether the reached error is the largest possible."""
    largest = max(errors.values())
    if reached >= largest - 1e-9 * (1 + largest):
        return
    hints = [h for h, error in known.items() if abs(reached - error) < 1e-9 * (1 + error)]
    compare.fail(
        f"the error of cherry_pick's claims is {reached:.4g}; some other true claims do more harm.",
        # Two mistakes that end with the same claims cannot be told apart.
        hint=hints[0]
        if len(hints) == 1
        else f"compare the error of every set of at most {most} true claims",
        recognised=len(hints) == 1,
    )


@pytest.mark.exercise("cherry_pick")
class TestCherryPick:
    @pytest.mark.visible
    def test_one_true_claim_moves_a_right_estimate_by_a_quarter(self, submission):
        p = torch.tensor([0.5, 1.0], dtype=torch.float64)
        gates = [("-", 1, 0), ("*", 0, 0), ("*", 0, 2), ("+", 3, 4)]
        claims = submission.cherry_pick(p, gates, 1)
        found = {tuple(sorted(pair)): round(float(value), 9) for pair, value in claims.items()}
        if found not in ({(0, 0): 0.25}, {(0, 2): -0.25}):
            compare.fail(
                f"cherry_pick of a a + a (1 - a) with one claim came back as {claims!r}.",
                hint="Cov(a, a) = .25 or Cov(a, 1 - a) = -.25: either moves the estimate by .25",
            )

    @pytest.mark.weight(3)
    def test_no_other_true_claims_do_more_harm(self, submission, generator):
        for most in (1, 2, 3, 2):
            p, gates, errors, true = instance(generator, self.telling("least harm", most), most)
            reached = checked(submission, p, gates, most, true, errors)
            judge(reached, errors, most, self.known(errors, true, most))

    def known(self, errors, true, most, without=None):
        """The errors that known mistakes end with; `without` leaves some out by a part of the hint."""
        largest = max(errors.values())
        by_size = sorted(true, key=lambda pair: -abs(true[pair]))[:most]
        return {
            hint: error
            for hint, error in {
                "what counts is the error at the last wire, not the size of the covariance": errors[
                    tuple(p for p in true if p in by_size)
                ],
                "this is the least harm: maximise the error": min(errors.values()),
                "an estimate that is too low is as wrong as one that is too high": errors[
                    max(errors.signed, key=errors.signed.get)
                ],
                "the worst set need not contain the worst single claim: try all sets": greedy(
                    errors, true, most
                ),
                "two claims may do more harm than one: use sets of up to max_claims": max(
                    e for s, e in errors.items() if len(s) <= 1
                ),
            }.items()
            if error < largest - 1e-6 and (without is None or without not in hint)
        }

    def telling(self, hint, most, without=None):
        """Whether one mistake, named by a part of its hint, fails and differs from the others."""

        def wanted(errors, true):
            known = self.known(errors, true, most, without)
            mine = [error for text, error in known.items() if hint in text]
            others = [error for text, error in known.items() if hint not in text]
            return bool(mine) and all(abs(mine[0] - other) > 1e-6 for other in others)

        return wanted

    @pytest.mark.weight(2)
    def test_the_worst_pair_need_not_contain_the_worst_single_claim(self, submission, generator):
        single = "more harm than one"  # one at a time often stops after one claim
        p, gates, errors, true = instance(generator, self.telling("try all sets", 2, single), 2)
        reached = checked(submission, p, gates, 2, true, errors)
        judge(reached, errors, 2, self.known(errors, true, 2, single))

    def test_the_worst_four_need_not_contain_the_worst_three(self, submission, generator):
        def wanted(errors, true):
            three = max((s for s in errors if len(s) <= 3), key=errors.get)
            further = [s for s in errors if len(s) == 4 and set(three) < set(s)]
            return errors[three] < max(map(errors.get, further)) < max(errors.values()) - 0.02

        for _ in range(400):
            # Four squares whose claims raise the estimate and four a (1 - a) that lower it, one weakly.
            spread = 0.13 + 0.05 * torch.rand(8, generator=generator, dtype=torch.float64)
            spread[4:] += 0.05
            spread[7] = 0.05 + 0.03 * torch.rand(1, generator=generator, dtype=torch.float64)
            p = torch.cat([(1 - (1 - 4 * spread).sqrt()) / 2, torch.ones(1, dtype=torch.float64)])
            places = torch.randperm(8, generator=generator).tolist()
            p[:8] = p[places].clone()
            gates, terms = [], []
            for bit, place in enumerate(places):
                if place >= 4:
                    gates.append(("-", 8, bit))
                gates.append(("*", bit, 8 + len(gates) if place >= 4 else bit))
                terms.append(8 + len(gates))
            for term in terms[1:]:
                gates.append(("+", terms[0], term))
                terms[0] = 8 + len(gates)
            errors, true = errors_by_set(p, gates, 4)
            if wanted(errors, true):
                break
        three = max((s for s in errors if len(s) <= 3), key=errors.get)
        reached = checked(submission, p, gates, 4, true, errors)
        further = [s for s in errors if len(s) == 4 and set(three) < set(s)]
        known = {
            "the worst four claims need not contain the worst three: try all sets": max(
                map(errors.get, further)
            )
        }
        judge(reached, errors, 4, known)

    def test_the_largest_covariance_need_not_do_most_harm(self, submission, generator):
        def largest_fails(errors, true):
            return (
                errors[(max(true, key=lambda pair: abs(true[pair])),)] < max(errors.values()) - 1e-3
            )

        p, gates, errors, true = instance(generator, largest_fails, 1)
        reached = checked(submission, p, gates, 1, true, errors)
        judge(reached, errors, 1, self.known(errors, true, 1))

    def test_no_claim_is_made_where_each_brings_the_estimate_nearer(self, submission, generator):
        p = 0.1 + 0.8 * torch.rand(3, generator=generator, dtype=torch.float64)
        p[2] = 1.0
        for gates, most in (
            ([("-", 2, 0), ("*", 3, 0), ("-", 2, 1), ("*", 1, 5), ("+", 4, 6)], 2),
            ([("*", 0, 0), ("*", 1, 1), ("+", 3, 4)], 2),
            ([("+", 0, 1), ("*", 3, 0), ("*", 1, 1), ("+", 4, 5)], 1),
        ):
            errors, true = errors_by_set(p, gates, most)
            reached = checked(submission, p, gates, most, true, errors)
            every = max(e for s, e in errors.items() if len(s) == most)
            known = {"an empty dict is allowed: here every true claim helps": every}
            highest = errors[max(errors.signed, key=errors.signed.get)]
            if highest < max(errors.values()) - 1e-6:
                known["an estimate that is too low is as wrong as one that is too high"] = highest
            judge(reached, errors, most, known)

    def test_a_claim_may_make_the_estimate_too_low(self, submission, generator):
        for _ in range(2):
            p, gates, errors, true = instance(generator, self.telling("too low is as wrong", 2), 2)
            reached = checked(submission, p, gates, 2, true, errors)
            judge(reached, errors, 2, self.known(errors, true, 2))
