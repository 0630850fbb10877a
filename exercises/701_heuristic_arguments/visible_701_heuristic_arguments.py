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
            means = mu.tolist()
            for operation, i, j in gates:
                x, y = means[i], means[j]
                means.append(x + y if operation == "+" else x - y if operation == "-" else x * y)
            return 0.9 * means[-1]

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
    "eNq9WW1z28YR/is3+mLQplhJjp0ONarH9bh1p+nLtO4otkZhjsCRPBPAIXeAKDqT/95nd+8AULaVOONkxi/E4V72"
    "dp/dfXbx41FealsdzdXRpW03rmuVrVfOV7q1rlZ6SSPfKl0X6s1UmdBavDHq5dW3b66VDvTj+uXVm+tz5c2NDUa1"
    "GzNM220M9sAfv+4qU7eqcbZug6JNtcqd96bkg86VxcF40WDBxu1U61ThVHBqF6XSJR50npumtfVahabz1nWh3zqo"
    "TC9D63XeTmZHU3VU2NXK5l3Z7nG5rzBgbo3PIWLA89WPR7kuy0UwuasLGjk7mZ1gUt50o0EZO9jpFAMbugTtcvQK"
    "opZ2a8o9S18b5THiVmpp2zBVln8oSy9P+Sqq8W6pl7a07V41V/b6Gcn6XLV6WRpaCKnU2Xc17RPSRue8c+7Krqpp"
    "7EaXnQkKZlJG5xts7M1UrUnjyz3/Lyt2xq437TAPe87U8xvj9Rpn1RBat2KwumCdxQUXKqNj1UPVqEcqO1XHLMYE"
    "A/zQTCYz3KPICltdnE7OYUsS4UFQlYG1cdks7vQwSj2Zha7KYJhrnGKrxvlW17mBDh9jYGvrghCYu8KQGLQLjExD"
    "b1wHPJQFi9n6Dhrk6+ASexUq0lZufd7Zdkpoqd0AvqUpYYsNQAowLbFabwEugBrbhJbvW9m6axkQp0/wWOuKRAJS"
    "gKIFSUGTBLMRRL5bepuT7ekmXUTT9U9T9YUQdbnR7AkHfkS4IOQUXd4SqPbQyrbG7WrXbsgdxE/JZu3OqRXEdz6o"
    "ZcfmtZ7tEhhql7rcAmQOi+gIAksQZGogObR0Fs/Ga0gSWu2xqxaBbN10bXgQJ1BQWDNOgTrGG23DSKNtRcMz3cCn"
    "i6wC1gGm6urd9WSq+OmYnxTMyY8P+XFKB8FGzuebGU7Pt1nFCEvXZ10Q3OQ43NmUK9IY2f6W44OrPwK0r+4H2usN"
    "toh6b7wBXHkjOg6LDN3BYKOpwn1KawoClaAwCjbHRQrj4edYQrusdGXL/V2cnYxwRscvsLzRpK8DrD3+bbD2+A7W"
    "LGyVuxvtLWkpIObiH61qsxMV18YUc1H0jifTKAIbmX6k/hjEgFVvb9WLFMd48kz9JcUfjlArizekH4qUtA/9HmIb"
    "PfXHr7yrJBJanvouoQOTCqvXrtYlglfr99MoH+OgVdXCqheLd28JcYt3+GnfMugFlP9OFiMRLhL6Xlxh+/n7hFIe"
    "sTxyjl/vpwqvZPLDh2dp/rs0PY1hBQP9jPHcwzq94/lp1niP+BbbzNR/uyrJlkTgGSLfR7D95OeDKGXG7diIqnI3"
    "CIpubaBNP2edckBF1BkSNgcBSe0f+MY0pY/cSdygGFB31RJe0OecRlt/xwfOxrF2QN8nPOHr38YTvrrjCUAVCAfd"
    "Zlm6fBtizEX0sxwHWmsY0wh4XRN6vXHWYSUh/ATDaohTcqRCpJ28o8GVYJlxDwWzw3xD4Zb2pHX9Scjr1uNF1kj0"
    "jo+mNGwQiOxEsyznXTGjBzmSDX4KK/ACPcymJOF2NWKquBKZm/abS6wXOfkK6oSdbmtMo3RRUJ6RiCdvJT9stOeQ"
    "IfvHRCITdOmNLva4MLY3wjAKswJ3A/vJ4oXCRKA3uj+ETC+vTueweCQ5lFzS+Mk1iSRhmGAXL5Zs5yljSRzjoZn6"
    "O90CVBIUlbApjiDmYOnYCJLNSF+wSmnqLNj3BrxHLPr5SYXZi74x0Uuqpa01MpvN+ZJ5V3WlZj68SlkENmMDiHyi"
    "bskrB1kFdyjBbsJ9nkVpC2c2LhC3XAwKPnCvp7+Nez35gCbDu4i2mFuKIGScdyRCrwSBE3Zsta1DSgMETs4Eb4lj"
    "HCgMpBBa4VAW0483eeeDhbpXXZ0nd9DwUN8SUrpGKHbMYRGrlamc388VUSJsCDFq9T2r/Hu1xmZBnZwLWRb2Ewe3"
    "4AGagHZC5AQhUWAdxN+IhbXGV2HMXNrO42Zi07fJniJVdFLxm4wywYR9LwKAvFn0cDBRQi5joHUtUuGjCz4sS4rK"
    "JNLHo9gTJgx/8VZbD24HUoZ84NUnUSO+kPYSj5Ag0sembD1VOCCyKJZX5l2tr6+215/vP/8iMwRiyGesjsdITMAF"
    "lVg1heM1fKndVGJKGgIpKKfk+7aOPleQh5dGBxMZCw2j6MRVG92Y+3NTVOMnMtMfP+k69/jeF6VvQ6mAMsAXgzM1"
    "2elxM8E/Z81EnGCFPExV3DP1iivUlhNeTOpUpMKADH+TCir2qp679VUWXYus8KFyMiT+2nVlaRe9p2bNRCpTTkaw"
    "5gSh++r49JphGBkzzDuFbSXC97VX1sSVE5rPdnpN0m0QIFSW3arbCf/hEi+VSkHNTp6SEWf0F7+Io7gBRlPSYWKd"
    "Uk9Cg7Mnczm4n00zaRqyegwM/ZvHP4NjlEY74+8g+c+G06ecgX2X/Oz7+lxTHgqIWGRvomMxqUHM0FuEC5S7cgoX"
    "91TQwQpQzSBovCli0U7v2XV38BcbS78AlKvGQVYcGvTaG3NfscI0ZCHm4f1/Yb1yp5r+iE998YpGitpYy3B/KxbI"
    "Eg5jLUHJJgdiYzXDK6WwBcRgctgo17iFcAv2hn9QeyMJzgy4jzxIIoZDPul/iPk7ZhxEgvvMQ0ZkoUwxpThlLId3"
    "1ikbgF+GGQhmJqlgqsZDqAIshqCLCcfa3ebgRNAipjCj4uPzK4bndfIoYJPiLTVPRs22+ahb0JSaSscdLmE+KJ8R"
    "dspYLyKBU2ev6lDY3wm6Y5z1uFiQbhdy8wOsPfk9KgKKkpWu98QLpRhAVUl1TqVvo1AUP0w0DScmsqN5pv4WgyqR"
    "FyHvEYMluyElgz4l0xxCx7MU3uCK8NBcRvt0m9jheYpbZlS2M2FGjD5PbbFuSWSWKLpUNJS5Y6b23vVUstSJXaVq"
    "je3ynBs2RDKoXM8ePHwAwDEjOSjq5qNQLaWEECNpDbfOidVfuBuUsTJ43LeLZ+ob55rIOOA1mF6GWWLITDf4/lOW"
    "XU6mXyhJCNqDCfoCRS7k11y9LkPW986OJcxPPt8JXrI2xXbwU7BXPxTGNpo/5ZL+RWUD6EYBFwngHUJDufUA0xa4"
    "7L2EAwDy+0Vj8+0vJOl3e5UfdZ4vWihz0YcsX1BjfwgSQe9jkH2j6HYhFZoHXcw3z9R4B9COYd0I5zw1EXSRDnhv"
    "9gfIpWuy27yU3lKTWvCQhnIe3ZcGWM7CUgkQ8+hMPefSkAk9cEWFo1lRAOcKX9hKSP09dgN2E+qYBPIr6XeexwqT"
    "Jwyd9DgttmbZ3ARxTCrmiH5yrVxJX5RyADw53TX1xIZ+2HvjHRcrlDl26k8XiroK8BTIpB4Rp2Hfyx4cw01ZLzxY"
    "T2ZUD4GrAWfzAxtIdnykrvgHcatp9HJaPmwyuY6G/Ojiuysm17+uPKYuycrWh2h6QAQ+dxROKb6lb0DU8k7shZ16"
    "Po6Co7yMABWkYQVSQ2Kz78K7qDlA+uW0JPU03rSb+ztUUY4FMPa7FM+HnOY1sIyUegw/tzcSHDnbcP2MsvSvICkB"
    "KhAMcTg+manL2OAgBUhPDozIhNzbZczS46zj+VsC6lXFKedy4MhgQiXlqXZnqFsEWbhHwk2KS3X53WuEtRtLnRg4"
    "BVftjsvePijnLtj4bQBB9PiUdz6VA3T6XMYo58+C0cNp08CNfEgYI8CFCguLv+8UalHIQt+mGksBfkKn0H9/UNmZ"
    "auwklnpYovEmExlQrbJ2sA8mhh98K5PPxyi6SPHmmMQxPqMlU144+TVfFSLPDq1pYmsnfl1x48b7NCZPujrLGH7o"
    "yMZcunmoCuv+Y775H1xtb8g9IFvDhFY8g8IezmlKcx+1QiHcLSrHDO73YFQHOL43+8bDD5V3j08yW1/4rjT3+OPR"
    "WfzePFe0LqRGKcTTo0yeSZacpr5Q9JZJ35EKoGTCxMZ8jwJ9TPUC5kDkbrfZR/5LgWr85Uhp1Nx+p33BFYBUbMRr"
    "IiUYhA0tB1kYHvcTKQ5Sbc65k6PZwcnUDWjHHzzpu2mm+XNLTE/BaI+wUDq3hcdqxG76WpKWbk0TP56fijDz0dbc"
    "KyWBqNsvrWWd9mvjBlxy0Y6hdc3hRoTQ0lY2ejgVshQ2SDGkhNp0Xpf4DxHGb2OrdQAhPa29RoV0AEOCFOPn65PT"
    "xQZbEHnOF32ZchdB7AyuNUvcf7TRUxrnbhDt9WLD2+gaDPafZl+R+3/b4bSzsyl9y6p0ad+nNHTPp0LhY0gdP3QI"
    "Za3pvSBsfFdvuczi9pWBzEOJPyo1np7EvO/qfuz0cYoHS+k2IrLoglbdUeHwZeKg1UFI4g4CtSyZfxNApLUpNUIk"
    "vGFEy9juVGUIBqXyTd/b+l7C6MM8qLq0JW1bssO+SsYZasijn/4P5kOAvw=="
)
