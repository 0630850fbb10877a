"""The tests of unit 701 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import math
import pytest
import torch


EXACT = {"rtol": 1e-9, "atol": 1e-11}


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


def canonical(partitions):
    """A list of frozensets of frozensets; the order of everything is free."""
    return [
        frozenset(frozenset(tuple(e) for e in block) for block in blocks) for blocks in partitions
    ]


def listed(submission, sizes):
    """The submission's partitions in canonical form; a fail message where they have no such form."""
    got = submission.indecomposable_partitions(sizes)
    try:
        return canonical(got)
    except TypeError:
        compare.fail(
            f"indecomposable_partitions{sizes} must be a list of partitions, each a list of blocks of pairs (g, i).",
            hint="a block with one element is still a list: [(0, 0)]",
        )


def listed_once(submission, sizes):
    """`listed` as a set, after a check that nothing is listed twice."""
    got = listed(submission, sizes)
    if len(got) != len(set(got)):
        compare.fail(
            f"indecomposable_partitions({sizes}) lists {len(got)} partitions, only {len(set(got))} of them different.",
            hint="list each partition once: the order of blocks and within blocks makes no difference",
            recognised=True,
        )
    return set(got)


@pytest.mark.exercise("indecomposable_partitions")
class TestIndecomposablePartitions:
    @pytest.mark.visible
    def test_two_groups_of_one_are_tied_by_a_single_block(self, submission):
        compare.equal(
            listed_once(submission, (1, 1)),
            {frozenset({frozenset({(0, 0), (1, 0)})})},
            what="indecomposable_partitions((1, 1)), as a set of sets",
            hint="{a}{b} leaves the two groups apart; {ab} ties them",
        )

    @pytest.mark.visible
    def test_sizes_two_and_one_have_three_partitions(self, submission):
        a, b, c = (0, 0), (0, 1), (1, 0)
        compare.equal(
            listed_once(submission, (2, 1)),
            {
                frozenset({frozenset({a, b, c})}),
                frozenset({frozenset({a}), frozenset({b, c})}),
                frozenset({frozenset({b}), frozenset({a, c})}),
            },
            what="indecomposable_partitions((2, 1)), as a set of sets",
            hint="{abc}, {a}{bc} and {b}{ac}",
        )


@pytest.mark.exercise("relu_moments")
class TestReluMoments:
    @pytest.mark.visible
    def test_a_unit_and_its_mirror_image_are_anticorrelated(self, submission):
        got = submission.relu_moments(torch.tensor([[1.0], [-1.0]], dtype=torch.float64))
        compare.close(
            got[0],
            torch.full((2,), (2 * math.pi) ** -0.5, dtype=torch.float64),
            rtol=1e-6,
            what="means of relu(x) and relu(-x)",
            hint="1 / sqrt(2 pi)",
        )
        compare.close(
            got[1],
            torch.eye(2, dtype=torch.float64) / 2 - 1 / (2 * math.pi),
            rtol=1e-6,
            what="covariances of relu(x) and relu(-x)",
            hint="E relu(x)^2 = 1/2, E relu(x) relu(-x) = 0, both minus 1 / (2 pi)",
        )


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9Wn9z3LYR/SoY/WOefbpKcux0TuN6XI9bd5r+mNYdxdYoFxyJu4OOJBiA1OmcyXfv212A5Mm2EmeczNiWCILA"
    "Yvft7tuFfzzKS22ro7k6urDtxnWtsvXK+Uq31tVKL2nkW6XrQr2dKhNaizdGvbr89u2V0oF+uXp1+fbqXHlzY4NR"
    "7cYM03YbgzXwx6+7ytStapyt26BoUa1y570peaNzZbExXjT4YON2qnWqcCo4tYtS6RIPOs9N09p6rULTeeu60C8d"
    "VKaXofU6byezo6k6KuxqZfOubPc43FcYMLfG5xAx4Pnyx6Ncl+UimNzVBY2cncxOMClvutGgjB2sdIqBDR2CVjl6"
    "DVFLuzXlnqWvjfIYcSu1tG2YKsu/KEsvT/koqvFuqZe2tO1eNZf26jnJ+kK1elka+hBSqbPvalonpIXOeeXclV1V"
    "09iNLjsTFMykjM43WNibqVqTxpd7/ilf7Ixdb9phHtacqRc3xus19qohtG7FYHXBOqPN1EPVqEcqO1XHvPkEA/zQ"
    "TGCZsgj8Rb7Rdc4C88oBNoH8mH+uZjhikRW2enY6UZXeQlIr20R58BE9QZopA0vzAR4EVRlgBarK4sSH8cyTWeiq"
    "DGa9goy2apxvaXdY4DEGtrYuCL+5KwwdglaBODT01nUsM+/X+g76Z2VABXsVKtJ1bn3e2XZKWKvdAN2lKWHJDSAO"
    "KC7xNQ4C5de0TGhZW5Wtu5bhdPoEj7WuSCTgDBhckBQ0SRAfIei7pbc5IYdO0kUsXv00VV8IjxcbzX504IWEKsJd"
    "0eUtQXIPrWxrnK527YacSbycbN/unFpBfOeDWnZsNevZLoGBeqHLLSDq8BFtQVALgmsNPwhsW56N15AktNpjVS0C"
    "2brp2vAgTiDLrxnlwCyjlZZhNNGyouGZbhARiqyCpwCU1eX11WSq+OmYnxTMyY8P+XFKG8FGzuebGXbPt1k1OR8d"
    "n3VBcJPtcGZTrkhjZPtbji6u/gjQvrofaG82WCLqvfEGcOWFaDt8ZOgMBgsB701TWlMQqASFUbA5DlIYjygRvWOl"
    "K1vu7+LsZIQz2n6BzxtN+jrA2uPfBmuP72DNwla5u9HekpYCIjb+0ao2O1FxbUwxF0XveDKNBnH6kfpjCARWvb1V"
    "L1MU5Mkz9ZcUvTi+rSzexOjB63Aw6iMjPfXbr7yrJI5annqd0IFJhdVrV+sSoa/1+2mUj3HQqmph1cvF9TtC3OIa"
    "v9p3DHoB5b+TxUiEZwl9Ly+x/Px9QimPWB45x2/vpwqvZPLDh2dp/nWansbwBQP9jPHcwzq94/lp1niN+BbLzNR/"
    "uyrJlkTgGSLfR7D95OeDKOXV7diIqnI3CIpubaBNP2edckBF1BnSPQcBIQYf+MY0JZ/cSdygGFB31RJe0GesRlt/"
    "xwfOxrF2QN8nPOHr38YTvrrjCUAV6AqdZlm6fBtizEX0sxwHWmsY0wh4XRN6vXHWYSUh/ATDaohTcqRCpJ28o8GV"
    "YJlxDwWzw3xD4ZbWpO/6ncAKrMeLrJHoHR9NadggENmJZlnOu2JGD3IkG/wUVuAP9DCbkoTb1Yip4kpkblpvLrFe"
    "5OQjqBN2uq0xjdJFQXlGIp68lfyw0Z5DhqwfE4lM0KU3utjjwFjeCD8pzArMD9wpiwcKE4He6PxESeLLy9M5LB4p"
    "EiWXNH5yRSJJGCbYxYMl23nKWBLHeGim/k6nABEFwSVsiiOIOVg6NoJkM9IXrFKaOgv2vQF/Eot+flJh9qJvTPSS"
    "amlrjcxmcz5k3lVdqZlNr1IWgc3YACKfqFvyykFWwRlKsJtwn2dR2sKejQvETBeDgg/c6+lv415PPiDZ8C6iLeaW"
    "IggZ55pE6JUgcMKKrbZ1SGmAwMmZ4B1xjAOFgRRCKxzKYvrxJu98sFD3qqvz5A4aHupbQkrXCEGPOSxitTKV8/u5"
    "IkqEBSFGrb5nlX+v1lgsqJNzodrCfuLgFjxAE9BOiJwgJAqsg/gbsbDW+CqMmUvbeZxMbPou2VOkik4qfpNRJpiw"
    "70UAkDeLHg4mSsidqZcE10+aG3NyMwRkhvTg2CQyhfQS6VAquABgMa5a1yK9PnrGB8iS8jPJHlF89q4Jry4RwNaD"
    "K4PoIcf4T4sm/pXWEi+TwNTHu2w9VdggMjPWgcy7XF9dbq8+3yf/RaYNxLrPWAuPkeyANSr6agrxa/hnu6kEHjQE"
    "olFOKZ7YOvpxQVGjNDqYyIJoGGUwjtroxtyf76IaP5Ht/vhJd7zHn78oJRzKD5QWvhgctMlOj5sJ/jlDHcmOtUJu"
    "p4rxuXrNNXPLSTQSBSqbYUB2KZOKNPbUng/2lRsdi6zwoXIykInadWVpF733Z81EamVOcLDmBOng8vj0imEYWTjM"
    "O4VtJWv09VzWxC8nNJ/t9EZqYRg3y27V7YT/cNmYyq+gZidPyYgz+ovfiPe4AUZT0mFislKjQoOzJ3PZuJ9NM2ka"
    "mEIMNv2bxz+DY5RbO+PvIPnPhlOy7IF1l/zs+46BptwWEAXJ3kTxYqKEmKG3CBc9d+UUfu+pSIQVoJpB0HhSxLed"
    "3rPr7uAvNpaTAShXjYOs2DTotTfmvgKIqc1CzMPr/8Ia6E6F/hGf+uJVkhTKsT7ijlssuiUcxvqEElgOxMYKib+U"
    "YpnaLWtqSuQapxC+wt7wD2qZJMGZVfeRB4nJcBoh/Q95ZMcshoh1n83IiCyUKaYUp4zllME6ZQPwyzADac0kvUzV"
    "eAiVhcUQdDHhWLvbHOwIqsW0aFTQfH4V8qJOHgVsUrxtubPUt//mow5EU2oqR3c4hPmgJEfYKWMNClJAvcaqyzd3"
    "g+4YZz0uFqTbhZz8AGtPfo8qg6Jkpes9cU0pMFCpUu1U6dsoFMUPE03DiYnsaJ6rv8WgSoRICoKIwZLdkJJBn5Jp"
    "DqHjeQpvcEV4aC6jfbpNjPM8xS0zagWkvuB5arV1SyLIRPulSqLMHTO1966np6VOjC0RDrbLC24CEXGhFkD24OED"
    "AI5ZzkGhOB+FailPhGxJs7p1Tqz+0t2gNJbB476BPVPfONdExgGvwfQyzBLrZrrB55+y7LIz/YYyh6A9mKDnRnIg"
    "v+aKeBmyvh93LGF+8vlO8Iq1KbaDn4IR+6HYttH8KZf0LyobQDcKuEgA7xBqy+0MmLbAYe8lHACQ3y8am29/IfG/"
    "2//8qPN80eKbC0lk+YKuGoYgEfQ+Btm3ik4XUvF60Bl9+1yNVwDtGL4b4ZynJtIv0gHvzf4AuXRMdptX0q9q0qUA"
    "pKGcR+elAZazsFRWxDw6Uy+43OQiAbiiYtTgjGLJOhUPkqdXFNi5m0BZZZ7aAtAOe6fkGu7PwOFSc5UCwY3QqT2H"
    "Bqqup6O+rAC5BjpPqdqqXS8Ue91wU8BLh9Q8ZvCQw2BSMUcsFSXlSjq3lFEQF5LmUtdu6Ni9N95xOUV5aKf+9ExR"
    "3wN+B5nVI2JI7MnZg2M4PWuZB+vJjCo2MD+gdn5gUTn/I3XJvxBTm8aYQZ8Pi0yuIiw++vHdLyZXv66Apz7Oigw5"
    "xuYDKgdyRzahaJnuuKgpn7gQh4j5OKaOsjzCXZCWGigSic2RAL5K7QvSLyc5qfjxpt3c30OLciyA2N+lvD9kSG/g"
    "GUjQx4ga9kZCLQOUK3wUzn8F5QlQgWCIg/vJTF3EFgwpQLqG4Fcm5N4uY84f5zDPtx2oqBW7yMXAuLVcXJl2Z6if"
    "BVm4i8NtlAt18d0bBMkbS70ieBI7o+PCvA/xuQs23l4gJB+f8sqn6WYrXgcyyvnaM8YLWjTwVQMkjPHkmQoLi7/X"
    "CpUtZKFbuMZSupjQLvTjDyo7U42dxMIRn2i8yUQG1L6sHayDieEH38rk8zGKnqXodUziGJ/RJ1P+cPJr7j0iaw+t"
    "aWLzKd7/uPHVwDSmYjo6yxh+6MjGXAh6qArf/cd88z+42t6Qe0C2humxeAaFMOzTlOY+ooayultUjvng78HPDnB8"
    "by6Pmx8q7x6fZO6/8F1p7vHHo7N4nz5X9F1IrVyIp0e8IJOcO02dq+gtk75nFkDwhNeN2SMF+kgcBMyBqOJus49s"
    "mgLV+G5LaVTwfqd9wfWE1H/EkiLBGIQNLQdZGB7nEykOEnfOmZij2cHO1Ftox1eydLObab4QiukpGO0RFkrntvBY"
    "jdhN9znp061p4n8OOBVh5qOlOYuSQHQfIc1vndZr4wJcwNGKoXXN4UKE0NJWNno4lcUUNlLzrDad1yV+IML4bWwG"
    "DyCkp7XXqLcOYEiQYvx8fXK62GAJouL5oi967iKIncG1ZonzjxZ6SuPcW6K1Xm54GV2DD//T7Cty/2877HZ2NqXb"
    "tkqX9n1KQ/dcZgq7Q+r4oUMoa03vBWHju3rLRRs3wwxkHhoGo8Ll6UnM+67ux04fp3iwlH4oIosu6Ks7KhzuTg4a"
    "J4Qk7kdQU5XZvLQ3ieJIxRHpcxiRPLY71SyCQamj041g35kY/dcBEH9pctq2ZId9nYwzVKRHP/0fi9rQMw=="
)
