"""The tests of unit 701 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import pytest
import torch


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
                what=f"the gap {key!r} of .9 times mean propagation",
                hint=".9 * (.25 - .225) = .0225; the others are 0",
            )


@pytest.mark.exercise("covariance_propagate")
class TestCovariancePropagate:
    @pytest.mark.visible
    def test_the_square_of_a_standard_gaussian_has_variance_two(self, submission):
        mu, cov = torch.zeros(1, dtype=torch.float64), torch.ones(1, 1, dtype=torch.float64)
        got = submission.covariance_propagate(mu, cov, [("*", 0, 0)])
        compare.close(
            got[0], torch.tensor([0.0, 1.0]), what="means of x and x * x, x standard Gaussian"
        )
        compare.close(
            got[1],
            torch.tensor([[1.0, 0.0], [0.0, 2.0]]),
            what="covariances of x and x * x, x standard Gaussian",
            hint="C_ZZ with m = 0 and all covariances 1: the last two terms, 1 + 1",
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
        )


@pytest.mark.exercise("cumulant_propagate")
class TestCumulantPropagate:
    @pytest.mark.visible
    def test_the_cube_of_a_bit_is_exact_at_order_three(self, submission):
        p = torch.tensor([0.25], dtype=torch.float64)
        kappa = [p, p * (1 - p), p * (1 - p) * (1 - 2 * p)]
        for order, expected in ((1, 0.015625), (2, 0.15625), (3, 0.25)):
            compare.close(
                submission.cumulant_propagate(kappa, [("*", 0, 0), ("*", 1, 0)], order)[0][-1],
                expected,
                what=f"the mean of x * x * x at order {order}, p = 1/4",
                hint="at order 3, kappa(x x, x) needs the third cumulant of x",
            )

    @pytest.mark.visible
    def test_a_square_of_a_square_is_not_exact_at_order_three(self, submission):
        p = torch.tensor([0.5], dtype=torch.float64)
        kappa = [p, p * (1 - p), p * (1 - p) * (1 - 2 * p)]
        got = submission.cumulant_propagate(kappa, [("*", 0, 0), ("*", 1, 1)], 3)
        compare.close(
            got[0],
            torch.tensor([0.5, 0.5, 0.625]),
            what="means of x, x x and (x x)(x x) at order 3, p = 1/2",
        )
        compare.close(
            got[1][1, 1],
            0.375,
            what="the order 3 variance of x x, p = 1/2",
            hint="sum over indecomposable_partitions((2, 2)), without the fourth cumulant",
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
            hint="the mean of a product is estimated as the product of the means",
        )


def canonical(partitions):
    """A set of frozensets of frozensets; the order of everything is free."""
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


@pytest.mark.exercise("indecomposable_partitions")
class TestIndecomposablePartitions:
    @pytest.mark.visible
    def test_two_groups_of_one_are_tied_by_a_single_block(self, submission):
        compare.equal(
            set(listed(submission, (1, 1))),
            {frozenset({frozenset({(0, 0), (1, 0)})})},
            what="indecomposable_partitions((1, 1)), as a set of sets",
            hint="{a}{b} leaves the two groups apart; {ab} ties them",
        )

    @pytest.mark.visible
    def test_sizes_two_and_one_have_three_partitions(self, submission):
        a, b, c = (0, 0), (0, 1), (1, 0)
        compare.equal(
            set(listed(submission, (2, 1))),
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
            torch.tensor([0.39894228, 0.39894228]),
            what="means of relu(x) and relu(-x)",
            hint="1 / sqrt(2 pi)",
        )
        compare.close(
            got[1],
            torch.tensor([[0.34084506, -0.15915494], [-0.15915494, 0.34084506]]),
            what="covariances of relu(x) and relu(-x)",
            hint="E relu(x)^2 = 1/2, E relu(x) relu(-x) = 0, both minus 1 / (2 pi)",
        )


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9WW2P28YR/iuL+2LK1ql359gpdHAN13DroukLWhcX+6AoK3Il7YnkMrvk6eQg/73PzOxSlGxf4sAJ4BdxuS+z"
    "M8/MPDP88SQvta1OpurkyrZr17XK1kvnK91aVyu9oJFvla4L9XasTGgt3hj16vrbtzOlA/2Yvbp+O7tU3tzaYFS7"
    "Nvtp27XBHvjjV11l6lY1ztZtULSpVrnz3pR80KWyOBgvGixYu61qnSqcCk5to1S6xIPOc9O0tl6p0HTeui70WweV"
    "6UVovc7b0eRkrE4Ku1zavCvbHS73FQbMnfE5RAx4vv7xJNdlOQ8md3VBIxdnkzNMyptuMChjBzudY2BNl6BdTl5D"
    "1NJuTLlj6WujPEbcUi1sG8bK8g9l6eU5X0U13i30wpa23anm2s6ek6wvVKsXpaGFkEpdfFfTPiFtdMk7567sqprG"
    "bnXZmaBgJmV0vsbG3ozVijS+2PH/smJr7Grd7udhz4l6cWu8XuGsGkLrVgxWF6wzOkw9VI16pLJzdcqHjzDAD80I"
    "limLwCvyta5zFph3DrAJ5Mf8SzXBFYussNWz85Gq9AaSWjkmyoNF9ARpxgwszRd4EFRlgBWoKosTH8Y7jyahqzKY"
    "dQYZbdU439LpsMBjDGxsXRB+c1cYugTtAnFo6K3rWGY+r/Ud9M/KgAp2KlSk69z6vLPtmLBWuz10F6aEJdeAOKC4"
    "wGpcBMqvaZvQsrYqW3ctw+n8CR5rXZFIwBkwOCcpaJIgPkLQdwtvc0IO3aSLWJz9NFZfCI9Xa81+dOCFhCrCXdHl"
    "LUFyB61satyudu2anEm8nGzfbp1aQnzng1p0bDXr2S6BgXqlyw0g6rCIjiCoBcG1hh8Eti3PxmtIElrtsasWgWzd"
    "dG14ECeQ5VeMcmCW0UrbMJpoW9HwRDeICEVWwVMAyur6ZjYaK3465ScFc/LjQ34c00GwkfP5eoLT801WjS4H12dd"
    "ENzkONzZlEvSGNn+jqOLqz8CtK/uB9qbNbaIem+8AVx5IzoOiwzdwWAj4L1pSmsKApWgMAo2xUUK4xEloncsdWXL"
    "3THOzgY4o+PnWN5o0tcB1h7/Nlh7fIQ1C1vl7lZ7S1oKiNj4R6vabEXFtTHFVBS95ck0GsTpB+qPIRBY9fZOvUxR"
    "kCdP1F9S9OL4trR4E6MH78PBqI+M9NQfv/SukjhqeepNQgcmFVavXK1LhL7W78ZRPsZBq6q5VS/nN+8IcfMb/LTv"
    "GPQCyn8ni5EIzxL6Xl5j++n7hFIesTxyiV/vxwqvZPLDhxdp/k2ansawgoF+wXjuYZ3e8fw0a7hHfIttJuq/XZVk"
    "SyLwDJHvI9h+8vNBlPLqZmhEVblbBEW3MtCmn7JOOaAi6uzTPQcBIQYf+MY4JZ/cSdygGFB31QJe0GesRlt/5AMX"
    "w1i7R98nPOHr38YTvjryBKAKdIVusyhdvgkx5iL6WY4DrTWMaQS8rgm93jjrsJIQfoJhNcQpOVIh0k7e0eBSsMy4"
    "h4LZYb6hcEt70rr+JLAC6/EiayR6x0dTGjYIRHaiWZbzWMzoQY5kg5/CCrxA72dTknDbGjFVXInMTftNJdaLnHwF"
    "dcZOtzGmUbooKM9IxJO3kh/W2nPIkP1jIpEJuvRGFztcGNsb4SeFWYL5gTtl8UJhJNAb3J8oSXx5fT6FxSNFouSS"
    "xs9mJJKEYYJdvFiynaeMJXGMhybq73QLEFEQXMKmOIKYg6VjI0g2I33BKqWps2DfG/AnsejnJxVmL/rWRC+pFrbW"
    "yGw250vmXdWVmtn0MmUR2IwNIPKJuiWvHGQV3KEEuwn3eRalLZzZuEDMdL5X8IF7Pf1t3OvJByQb3kW0xdxRBCHj"
    "3JAIvRIETtix1bYOKQ0QODkTvCOOcaAwkEJohUNZTD/e5J0PFupednWe3EHDQ31LSOkaIegxh0WsVqZyfjdVRImw"
    "IcSo1fes8u/VCpsFdXYpVFvYTxzcgAdoAtoZkROERIF1EH8jFtYaX4Uhc2k7j5uJTd8le4pU0UnFbzLKBCP2vQgA"
    "8mbRw8FECbmMgda1SIWPnvFhWVJUJpE+HsWeMGL4i7faeu92IGXIB159EjXiC2kv8QgJIn1sylZjhQMii2J5Zd71"
    "ana9mX2+//yLzBCIIV+wOh4jMQEXVKDVFI5X8KV2XYkpaQikoByT79s6+lxBHl4aHUxkLDSMkhVXbXRj7s9NUY2f"
    "yEx//KTr3ON7X5S+7UsFlAG+2DtTk52fNiP8c4Gaj51giTxM1d1z9Zrr25YTXkzqVOLCgAx/kwoq9qqeu/VVFl2L"
    "rPChcjIk/tp1ZWnnvadmzUjqWk5GsOYIofv69HzGMIyMGeYdw7YS4fvaK2viyhHNZzu9kboVxs2yO3U34j9c4qVS"
    "KajJ2VMy4oT+4hdxFLeH0Zh0mFin1JPQ4OTJVA7uZ9NMmoasHgND/+bxz+AYpdHW+CMk/9lw+pQzsO+Cn31f3WvK"
    "QwERi+xNdCwmNYgZeotwgXIsp3BxTwUdrADV7AWNN0Us2uodu+4W/mJj6ReActU4yIpDg155Y+4rVpiGzMU8vP8v"
    "rFeOqumP+NQXr2ikqI21DHfHYoEs4TDWEpRsciA2VjO8Ugpbao2sqIGQa9xCuAV7wz+ovZEEZwbcRx4kEcMhn/S/"
    "j/lbZhxEgvvMQ0ZkoUwxpjhlLId31ikbgF+GCQhmJqlgrIZDqAIshqCLEcfa7frgRNAipjCD4uPzK4YXdfIoYJPi"
    "bctdoL5VNx10C5pSU+m4xSXMB+Uzwk4Z60UkcOoLVh0K+6OgO8RZj4s56XYuNz/A2pPfoyKgKFnpeke8UIoBVJVU"
    "51T6LgpF8cNE03BiIjua5+pvMagSeRHyHjFYshtSMuhTMs0hdDxP4Q2uCA/NZbRPt4kdXqa4ZQZle+rhXaa2WLcg"
    "MksUXSoaytwxU3vveipZ6sSuUrXGdnnBDRsiGVSuZw8ePgDgmJEcFHXTQaiWUkKIkTSWW+fE6i/dLcpYGTztm80T"
    "9Y1zTWQc8BpML8MkMWSmG3z/McsuJ9MvlCQE7b0J+gJFLuRXXL0uQtb3zk4lzI8+3wlesTbFdvBTsFe/L4xtNH/K"
    "Jf2LygbQjQIuEsA7hIZy6wGmLXDZewkHAOR388bmm19I0o97lR91ni9aKHPRhyxf0GeBfZAIeheD7FtFtwup0Dzo"
    "Yr59roY7gHbs1w1wzlMTQRfpgPdmd4Bcuia7zSvpLTWpgQ9pKOfRfWmA5SwslQAxj07UCy4NmdADV1Q4miUFcK7w"
    "ha2E1N9jN2A3oY5JIL+SfudlrDB5wr4PH6fF1iybmyCOScUU0U+ulSvpi1IOgCenu6ae2L4f9t54x8UKZY6t+tMz"
    "RV0FeApkUo+I07DvZQ9O4aasFx6sRxOqh8DVgLPpgQ0kOz5S1/yDuNU4ejkt328ymkVDfnTx8YrR7NeVx9QlWdr6"
    "EE0PiMDnjsIpxbf0BYla3om9sFNPh1FwkJcRoII0rEBqSGz2XXgXNQdIv5yWpJ7Gm3Z9f4cqyjEHxn6X4vmQ07wB"
    "lpFST+Hn9laCI2cbrp9Rlv4VJCVABYIhDsdnE3UVGxykAOnJgRGZkHu7iFl6mHU8f0tAvao45VztObKWz0Km3Rrq"
    "FkEW7pFwk+JKXX33BmHt1lInBk7BVbvjsrcPyrkLNn4bQBA9Peedz9N3o/ixjVHOHxWjh9OmgRv5kDBGgGcqzC3+"
    "3ijUopCFvnE1lgL8iE6h//6gsgvV2FEs9bBE400mMqBaZe1gH0wMP/hWJl8OUfQsxZtTEsf4jJaMeeHo13xViDw7"
    "tKaJrZ34dcUNG+/jmDzp6ixj+KEjG3Pp5qEqrPuP+eZ/cLWdIfeAbA0TWvEMCns4pynNfdQKhXA3rxwzuN+DUR3g"
    "+N7sGw8/VN49Pslsfe670tzjjycX8Wv1VNG6kBqlEE8PMnkmWXKc+kLRW0Z9RyqAkgkTG/I9CvQx1QuYA5G77XoX"
    "+S8FquGXI6VRc/ut9gVXAFKxEa+JlGAvbGg5yMLwuJ9IcZBqc86dHM0OTqZuQDv84EnfTTPNn1tiegpGe4SF0rkN"
    "PFYjdtPXkrR0Y5r46f1chJkOtuZeKQlE3X5pLeu0Xxs34JKLdgytaw43IoSWtrLRw6mQpbBBiiEl1KbzusR/iDB+"
    "E1utexDS08prVEgHMCRIMX6+Pjufr7EFked83pcpxwhiZ3CtWeD+g42e0jh3g2ivl2veRtdgsP80u4rc/9sOp11c"
    "jOlbVqVL+z6loXs+FQofQ+r4oUMoa03vBWHtu3rDZRa3rwxk3pf4g1Lj6VnM+67ux84fp3iwkG4jIosuaNWRCvdf"
    "Jg5aHYQk7iBQy5L5NwFEWptSI0TCGwa0jO1OVYZgUCrf9L2t7yUMPsyDqktb0rYlO+zrZJx9DXny0/8B6GyW0Q=="
)
