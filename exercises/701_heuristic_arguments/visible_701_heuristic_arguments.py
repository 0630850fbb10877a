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
    def test_the_mean_of_a_cube_gains_one_term_with_each_order(self, submission):
        kappa = [torch.tensor([k], dtype=torch.float64) for k in (1.0, 2.0, 3.0)]
        for order, expected in ((1, 1.0), (2, 7.0), (3, 10.0)):
            compare.close(
                submission.cumulant_propagate(kappa, [("*", 0, 0), ("*", 1, 0)], order)[0][-1],
                expected,
                what=f"the mean of x * x * x at order {order}, x with cumulants 1, 2 and 3",
                hint="m^3, then + 3 m times the variance at order 2, then + the third cumulant at order 3",
            )

    @pytest.mark.visible
    def test_the_variance_of_a_square_adds_to_the_mean_of_its_square(self, submission):
        kappa = [torch.tensor([k], dtype=torch.float64) for k in (1.0, 2.0, 3.0)]
        got = submission.cumulant_propagate(kappa, [("*", 0, 0), ("*", 1, 1)], 3)
        compare.close(
            got[0],
            torch.tensor([1.0, 3.0, 37.0]),
            what="means of x, x x and (x x)(x x) at order 3, x with cumulants 1, 2 and 3",
            hint="the mean of a square is the mean squared plus the variance: 3 * 3 + 28 for x x",
        )
        compare.close(
            got[1][1, 1],
            28.0,
            what="the order 3 variance of x x, x with cumulants 1, 2 and 3",
            hint="sum over indecomposable_partitions((2, 2)), without the block of four: 4 m k_3 + 2 v^2 + 4 m^2 v",
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
            hint="one mean for each wire, inputs first; a product's is the product of the means of its two wires",
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
    "eNq9WW1z2zYS/isYfwmVyDrbadIbeXKZXCZ3ubney9zlxk08rgqRkASLJFiAtKx0+t/v2V2ApJzEbTppZ/IigiCw"
    "2H1299nFj0d5qW11NFdHF7bduK5Vtl45X+nWulrpJY18q3RdqLdTZUJr8caoV5ffvr1SOtCPq1eXb6/OlTc3NhjV"
    "bswwbbcxWAN//LqrTN2qxtm6DYoW1Sp33puSNzpXFhvjRYMPNm6nWqcKp4JTuyiVLvGg89w0ra3XKjSdt64L/dJB"
    "ZXoZWq/zdjI7mqqjwq5WNu/Kdo/DfYUBc2t8DhEDni9/PMp1WS6CyV1d0MjZyewEk/KmGw3K2MFKpxjY0CFolaPX"
    "ELW0W1PuWfraKI8Rt1JL24apsvxDWXp5ykdRjXdLvbSlbfequbRXz0nWF6rVy9LQh5BKnX1X0zohLXTOK+eu7Kqa"
    "xm502ZmgYCZldL7Bwt5M1Zo0vtzz//LFztj1ph3mYc2ZenFjvF5jrxpC61YMVhesM9pMPVSNeqSyU3XMm08wwA/N"
    "BJYpi8Bf5Btd5ywwrxxgE8iP+edqhiMWWWGrZ6cTVektJLWyTZQHH9ETpJkysDQf4EFQlQFWoKosTnwYzzyZha7K"
    "YNYryGirxvmWdocFHmNga+uC8Ju7wtAhaBWIQ0NvXccy836t76B/VgZUsFehIl3n1uedbaeEtdoN0F2aEpbcAOKA"
    "4hJf4yBQfk3LhJa1Vdm6axlOp0/wWOuKRALOgMEFSUGTBPERgr5bepsTcugkXcTi1U9T9YXweLHR7EcHXkioItwV"
    "Xd4SJPfQyrbG6WrXbsiZxMvJ9u3OqRXEdz6oZcdWs57tEhioF7rcAqIOH9EWBLUguNbwg8C25dl4DUlCqz1W1SKQ"
    "rZuuDQ/iBLL8mlEOzDJaaRlGEy0rGp7pBhGhyCp4CkBZXV5fTaaKn475ScGc/PiQH6e0EWzkfL6ZYfd8m1WT89Hx"
    "WRcEN9kOZzblijRGtr/l6OLqjwDtq/uB9maDJaLeG28AV16ItsNHhs5gsBDw3jSlNQWBSlAYBZvjIIXxiBLRO1a6"
    "suX+Ls5ORjij7Rf4vNGkrwOsPf5tsPb4DtYsbJW7G+0taSkgYuMfrWqzExXXxhRzUfSOJ9NoEKcfqT+GQGDV21v1"
    "MkVBnjxTf0nRi+PbyuJNjB68DgejPjLSU7/9yrtK4qjlqdcJHZhUWL12tS4R+lq/n0b5GAetqhZWvVxcvyPELa7x"
    "075j0Aso/50sRiI8S+h7eYnl5+8TSnnE8sg5fr2fKrySyQ8fnqX512l6GsMXDPQzxnMP6/SO56dZ4zXiWywzU//t"
    "qiRbEoFniHwfwfaTnw+ilFe3YyOqyt0gKLq1gTb9nHXKARVRZ0j3HASEGHzgG9OUfHIncYNiQN1VS3hBn7Eabf0d"
    "Hzgbx9oBfZ/whK9/G0/46o4nAFWgK3SaZenybYgxF9HPchxorWFMI+B1Tej1xlmHlYTwEwyrIU7JkQqRdvKOBleC"
    "ZcY9FMwO8w2FW1qTvut3AiuwHi+yRqJ3fDSlYYNAZCeaZTnvihk9yJFs8FNYgT/Qw2xKEm5XI6aKK5G5ab25xHqR"
    "k4+gTtjptsY0ShcF5RmJePJW8sNGew4Zsn5MJDJBl97oYo8DY3kj/KQwKzA/cKcsHihMBHqj8xMliS8vT+eweKRI"
    "lFzS+MkViSRhmGAXD5Zs5yljSRzjoZn6O50CRBQEl7ApjiDmYOnYCJLNSF+wSmnqLNj3BvxJLPr5SYXZi74x0Uuq"
    "pa01MpvN+ZB5V3WlZja9SlkENmMDiHyibskrB1kFZyjBbsJ9nkVpC3s2LhAzXQwKPnCvp7+Nez35gGTDu4i2mFuK"
    "IGScaxKhV4LACSu22tYhpQECJ2eCd8QxDhQGUgitcCiL6cebvPPBQt2rrs6TO2h4qG8JKV0jBD3msIjVylTO7+eK"
    "KBEWhBi1+p5V/r1aY7GgTs6Fagv7iYNb8ABNQDshcoKQKLAO4m/EwlrjqzBmLm3ncTKx6btkT5EqOqn4TUaZYMK+"
    "FwFA3ix6OJgoIXemXhJcP2luzMnNEJAZ0oNjk8gU0kukQ6ngAoDFuGpdi/T66BkfIEvKzyR7RPHZuya8ukQAWw+u"
    "DKKHHOM/LZr4V1pLvEwCUx/vsvVUYYPIzFgHMu9yfXW5vfp8n/wXmTYQ6z5jLTxGsgPWqOirKcSv4Z/tphJ40BCI"
    "RjmleGLr6McFRY3S6GAiC6JhlME4aqMbc3++i2r8RLb74yfd8R5//qKUcCg/UFr4YnDQJjs9bib45wx1JDvWCrmd"
    "Ksbn6jXXzC0n0UgUqGyGAdmlTCrS2FN7PthXbnQsssKHyslAJmrXlaVd9N6fNROplTnBwZoTpIPL49MrhmFk4TDv"
    "FLaVrNHXc1kTv5zQfLbTG6mFYdwsu1W3E/7DZWMqv4KanTwlI87oL34R73EDjKakw8RkpUaFBmdP5rJxP5tm0jQw"
    "hRhs+jePfwbHKLd2xt9B8p8Np2TZA+su+dn3HQNNuS0gCpK9ieLFRAkxQ28RLnruyin83lORCCtANYOg8aSIbzu9"
    "Z9fdwV9sLCcDUK4aB1mxadBrb8x9BRBTm4WYh9f/hTXQnQr9Iz71xaskKZRjfcQdt1h0SziM9QklsByIjRUSfynF"
    "MrVb1tSUyDVOIXyFveEf1DJJgjOr7iMPEpPhNEL6H/LIjlkMEes+m5ERWShTTClOGcspg3XKBuCXYQbSmkl6marx"
    "ECoLiyHoYsKxdrc52BFUi2nRqKD5/CrkRZ08CtikeNtyZ6lv/81HHYim1FSO7nAI80FJjrBTxhoUpIB6jVWXb+4G"
    "3THOelwsSLcLOfkB1p78HlUGRclK13vimlJgoFKl2qnSt1Eoih8mmoYTE9nRPFd/i0GVCJEUBBGDJbshJYM+JdMc"
    "QsfzFN7givDQXEb7dJsY53mKW2bUCkh9wfPUauuWRJCJ9kuVRJk7ZmrvXU9PS50YWyIcbJcX3AQi4kItgOzBwwcA"
    "HLOcg0JxPgrVUp4I2ZJmdeucWP2lu0FpLIPHfQN7pr5xromMA16D6WWYJdbNdIPPP2XZZWf6hTKHoD2YoOdGciC/"
    "5op4GbK+H3csYX7y+U7wirUptoOfghH7odi20fwpl/QvKhtANwq4SADvEGrL7QyYtsBh7yUcAJDfLxqbb38h8b/b"
    "//yo83zR4psLSWT5gq4ahiAR9D4G2beKThdS8XrQGX37XI1XAO0YvhvhnKcm0i/SAe/N/gC5dEx2m1fSr2rSpQCk"
    "oZxH56UBlrOwVFbEPDpTL7jc5CIBuKJi1KwogHPXQNhKSD1DdgN2E+rCBPIr6aGex6qVJwy9/TgttnvZ3ARxTCrm"
    "iH5yrFxJr5VyADw5nTX12YYe23vjHRdAlDl26k/PFHUq4CmQST0iTsO+lz04hpuyXniwnsyoxgJXA87mBzaQ7PhI"
    "XfIP4lbT6OX0+bDI5Coa8qMf3/1icvXrSm7qvKxsfYimB0Tgc0fhlOJbupWiNnpiL+zU83EUHOVlBKggTTCQGhKb"
    "fRfeRQ0H0i+nJanR8abd3N/1inIsgLHfpSA/5DRvgGWk1GP4ub2R4MjZhmtylLp/BUkJUIFgiMPxyUxdxKYJKUD6"
    "fGBEJuTeLmOWHmcdz/cTqIEVp5yLgSNruWoy7c5QBwqycN+FGx8X6uK7NwhrN5a6O3AK7gQ4LqX7oJy7YON9A4Lo"
    "8SmvfJruouIFHqOcLyqjh9OigS8HIGGMAM9UWFj8vVaoRSEL3Zs1lgL8hHah//6gsjPV2Eks9fCJxptMZEC1ytrB"
    "OpgYfvCtTD4fo+hZijfHJI7xGX0y5Q8nv+amIvLs0JomtovijY0bN/OnMXnS0VnG8ENHNubSzUNV+O4/5pv/wdX2"
    "htwDsjVMaMUzKOxhn6Y091ErFMLdonLM4H4PRnWA43uzb9z8UHn3+CSz9YXvSnOPPx6dxRvwuaLvQmq+Qjw9yuSZ"
    "ZMlp6jVFb5n0Xa4ASiZMbMz3KNDHVC9gDkTudpt95L8UqMa3UUqj5vY77QuuAKRiI14TKcEgbGg5yMLwOJ9IcZBq"
    "c86dHM0OdqZuQDu+RKW72EzzFU5MT8Foj7BQOreFx2rEbrqBSZ9uTROv809FmPloae6/kkB0gyDtap3Wa+MCXHLR"
    "iqF1zeFChNDSVjZ6OBWyFDZSu6s2ndcl/kOE8dvYvh1ASE9rr1EhHcCQIMX4+frkdLHBEkSe80VfptxFEDuDa80S"
    "5x8t9JTGuRtEa73c8DK6BoP9p9lX5P7fdtjt7GxK92OVLu37lIbuuX4UPobU8UOHUNaa3gvCxnf1lsssbl8ZyDyU"
    "+KNS4+lJzPuu7sdOH6d4sJQOJiKLLuirOyocbjsOWh2EJO4gUBuU+bc0JKldKjVCJLxhRMvY7lRlCAal8k13eH0v"
    "YXTZD6oubUnbluywr5Nxhhry6Kf/A0yKtbY="
)
