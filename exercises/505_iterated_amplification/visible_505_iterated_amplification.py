"""The tests of unit 505 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import pytest
import torch


@pytest.mark.exercise("amplify")
class TestAmplify:
    @pytest.mark.visible
    def test_two_single_steps_make_a_square(self, submission):
        p = torch.tensor([[1, 2, 0]])
        got = submission.amplify(lambda p, k: p, lambda p: p, p, torch.tensor([2]))
        compare.equal(
            got,
            torch.tensor([[2, 0, 1]]),
            what="amplify with k = 2",
            hint="answer k // 2 first, then ask for the rest at the first answer",
        )


@pytest.mark.exercise("amplify_distance")
class TestAmplifyDistance:
    @pytest.mark.visible
    def test_a_path_of_two_edges_has_their_sum(self, submission):
        inf = float("inf")
        w = torch.tensor([[[inf, 1.0, inf], [inf, inf, 2.0], [inf, inf, inf]]])
        one_edge = torch.tensor([[[0.0, 1.0, inf], [inf, 0.0, 2.0], [inf, inf, 0.0]]])
        got = submission.amplify_distance(lambda w, length: one_edge, w, torch.tensor([2]))
        expected = torch.tensor([[[0.0, 1.0, 3.0], [inf, 0.0, 2.0], [inf, inf, 0.0]]])
        compare.close(got, expected, what="amplify_distance with at most two edges",
                      hint="the best midpoint: first half to m, second half from m")  # fmt: skip


@pytest.mark.exercise("ema_update")
class TestEmaUpdate:
    @pytest.mark.visible
    def test_the_worked_example_keeps_three_quarters(self, submission):
        slow, fast = {"w": torch.tensor([1.0])}, {"w": torch.tensor([0.0])}
        got = submission.ema_update(slow, fast, 0.75)
        compare.close(got, {"w": torch.tensor([0.75])}, what="ema_update",
                      hint="rate is the share that is kept of `slow`")  # fmt: skip


@pytest.mark.exercise("distill_step")
class TestDistillStep:
    @pytest.mark.visible
    def test_a_new_learner_starts_near_log_n(self, submission):
        learner, p = submission.Learner(3, 0), torch.tensor([[1, 2, 0]])
        loss = submission.distill_step(learner, lambda p: p, p, torch.tensor([1]), "iterated", 0.9)
        compare.between(
            loss,
            0.5,
            2.2,
            what="the loss of a new learner with three elements",
            hint="mean cross-entropy over all rows and elements, as a number",
        )


@pytest.mark.exercise("systematic_error")
class TestSystematicError:
    @pytest.mark.visible
    def test_one_misread_step_on_a_cycle_of_four(self, submission):
        p, wrong = torch.tensor([1, 2, 3, 0]), torch.tensor([2, 2, 3, 0])
        for k, expected in ((0, 0.0), (1, 0.25), (2, 0.5), (3, 0.75)):
            compare.close(submission.systematic_error(wrong, p, k), expected,
                          what=f"systematic_error with k = {k}",
                          hint="after a wrong step, go on from where it led")  # fmt: skip


@pytest.mark.exercise("noise_in_x")
class TestNoiseInX:
    @pytest.mark.visible
    def test_the_answer_is_a_share(self, submission):
        compare.between(submission.noise_in_x(), 0.0, 1.0, what="noise_in_x",
                        hint="an accuracy, from 0 to 1")  # fmt: skip


@pytest.mark.exercise("trivial_floor")
class TestTrivialFloor:
    @pytest.mark.visible
    def test_the_worked_example_with_six_elements(self, submission):
        for k, expected in ((1, 1 / 6), (2, 1 / 3), (4, 1 / 2), (6, 2 / 3)):
            got = submission.trivial_floor(6, k)
            compare.close(
                got,
                expected,
                what=f"trivial_floor(6, {k})",
                rtol=1e-9,
                hint="exact: count the cycle lengths from 1 to n that divide k",
            )


@pytest.mark.exercise("moved_accuracy")
class TestMovedAccuracy:
    @pytest.mark.visible
    def test_the_item_that_stays_does_not_count(self, submission):
        truth, pred = torch.tensor([[1, 0, 2]]), torch.tensor([[1, 1, 2]])
        compare.close(
            submission.moved_accuracy(pred, truth),
            0.5,
            what="moved_accuracy",
            hint="items whose true answer is the item itself are free: leave them out",
        )


@pytest.mark.exercise("held_out")
class TestHeldOut:
    @pytest.mark.visible
    def test_equal_rows_get_equal_flags(self, submission):
        rows = torch.tensor([[1, 2, 0], [1, 2, 0], [0, 2, 1], [1, 2, 0]])
        for salt in range(6):
            got = submission.held_out(rows, 0.5, salt)
            compare.shape(got, (4,), what="held_out")
            compare.equal(got[[1, 3]], got[[0, 0]], what="the flags of three equal rows",
                          hint="the same permutation fell on both sides: decide by the content "
                          "of the row alone")  # fmt: skip


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9WX9vG8cR/SpbAYVJh2ZFWnYDqWrgpA1SIKiL2oX/EARiebfkbXm3e9m9E8UG+e59b3aPIhlZhY3GgGGRe3v7"
    "482bmTfDn8+KWtvm7FKdvXVqZe+M0vXaB9tVjS1Up+MmTlQXtHXWrZV3qqswxcWtCVH5FT4qc9+a0Klt5ZWNqjJ1"
    "a0q13KnCt9bIJL5TGx2cCSr6+g6jHOLqaoutfN9hjx6T9NLU2JCDSmNNH2KntGp8afAh1n5b+q1Teo0DcaDH1nc2"
    "YkNZn2ccRVN0Fie9mM7H07OJOivtamWLvu52uOdLDJh7Ewq8FfH95uezQtf1Am95V3Jkfj49x6Si7Q8G09jRSnMM"
    "VNZ1ssrZh8oEQwCISG0a43DwVYcbb1TsTBuVXSnbRVXsitqoSkcc2a1xzx+/4SH/qosqP8vjq+AbNVOdV47rmp96"
    "nHOnarsx9e4S8PbYIkHL+cQUkC0DQeDwcIqlLjaCw3f7N35U1qmg3dqMZhMs/5WajRPoG/V7PL2+VriudqUq7Z0t"
    "Dc3ppme3WMQ2rQ+ddoXBtV9hYGNdSf4UsBF3aYymHTj0RsXCAxUY1W+xMW7h+mYJTPCJtjU8s8t8Gs79Uw9b04By"
    "IEBm6pWcv7Gu78RoM27sdMMznHUBZ9T1YlV7Hziv9dkqtHXogUhBE/H0fTb67S8T9dmGn50Y3hY8pmlgW1xmSeOW"
    "auUDLGhMgpHOUZoCUCYzXcpN22BKm8iK2eISoe+qb5KxmlaHPJKg6HwoqqlOdnPjy2Twhl4EjMD65FbpKPTNulbB"
    "byM9ycNgAuKIm9LAsvD4pvF3prydlr5f1mY0ntJ8+MNFRuN0eIdbbSuTfF+2Ix2btts9QomLpynx1iUeNAZmK9Te"
    "+OAEMfIODA+mNTpfZk8GYVIkLaNX5s6EnRI78ywb57e1KdfmlCbnBzSRiy50UfRBF7sjnsx/G54cB4j3W598WCFm"
    "NX2nea1IR+zwZKm7ojLxEijAWuQRb0/KRN6+BCSwhHcThpGlBxuaHgFwbZJDR1xSaPO+D+lVGF6Ml57WwMkhkix3"
    "QGbC6FPxSZMMHIxOE2UckUkPfro03dbA8ucybyb4YqEpY9NCFhvxndoup7HS81evR52576bG0fSj8Xha2jUMOBrf"
    "XH4NXJ8t7frZWP1BzZ8/f32h/qTwUoCLbCV48lWMkLH7Uw9XkOvwYLWN3adHog9Eded78E7HHntJcJVdvUTXtUFy"
    "0lhczHKpnMdxAPCBrdQWByDzUj40NMcJ4eaHhEMmLBdIbUdUu/htqPbyJCThtqWHu/yAPzmEDoFoeGQBbtx8o94w"
    "dTOEDflCnooBZMcHF1yatXXCsndtbRPxhLdMDxv1Z/BDfUtq8hJRuNnewMDl7RXn2gCPFd2gy1L1LTPbJj0XGNN2"
    "07XG3MC8tLLI/mNmurpvnNoNUiKfC2Gi3k0k0O7UtTyRN9KDT+fIW2ckU3ObfUQR0LRqa0YqsMWRh6AGsjWJQDTB"
    "HrhJl746yfFt39paXFXCPL8labBTa+9LBuTYACS8M6AbT6l0mOJ0A8BXx0Hr9Zdg0vsq+H5dZYaA+/DRB4IsxUNg"
    "L9wq0QvOiwyBaxK7KIgtzYoaQHAUPWQ74dAbkOBmqaxqbuUhPjfq37fK08MQgMwWhm8a8E7fM2GkDTq9MSkPQZE2"
    "fZOmN1MlnKfQcOs46NTS6rV3iLiw6FY2HQlDbi4nKv37u3fmFvInQXIzjIynGuuP5uMr2ZQUy6Jshgg9LbALolvK"
    "ysMmo9I2s2vQFn/n1/Mx1uxI8fNHmPjyaSa+Z8BD6G9FUDoPT11SIx8mjkth0943hYmRbhlTpB/4hZOKGOADSmdu"
    "i4NDGpT+qeiVKbcoEW/l1F8gij0mrLLPM0ciNfQ1vTHozvDBDCh1SHgIYkNoa/QOTszrQYcVFaVSmcQLoz/5WAIR"
    "4cK3vZXVyDTKsCsldh0Iy/lpgStYgeoSwLv1IqmOzjDEbY1dVwBWsokIcoQ3QVWO+FwqlhtCCoVlOgQNsOYrNZqp"
    "F3KJMaasNAh5MkXEIzdErn7k+Z6AqywboYy6z6NZLsuexYdAJDFu7cldzSJul8il4WiaTi0eRzqBoswXrebmHxde"
    "ptGLvi1x3S8hui5OOOT31aqkjtOoS/3FYA5qNEmU02Ry7QmypybQqJD80pc7Yc0H1MaJjoNwpY16V6TlwMpRO1Eb"
    "pC1ySYiRMZ7Kyqm0DetG3yckpYLTLHMR5ibyluDNFARpi8w2E1k8VT9okYAm+0QjFkpuKvj/y5VcT6oE5xfroEtw"
    "JFXaAdk4Xqnvp0XwMS5gt4ArjoajkWTp3NNVrZHM3AjIzlAA5Ff3w2PExP+YkJafSHG5RQqfSOq8YmaTyxzeeQom"
    "lwuEkc4s6GiDTz8QgyMiah8mjcbxMwrOhEauXBkHaF9Clva5zLWFwXktZXYINueyoT9BNgu7c45/lsPmR0qMozSd"
    "tgRrAcUR17/+KNcPU/uBo/wf6443knSJwTYgOYqdJomYSXbv07kT/U0FBDOElKW/9zVZmyoO3eZQl+qvQTAyCuUm"
    "xyQ501C5C3T5AW1S5KI26/3KYBFIPtmI655UuOCj6mzDsiiINVC4plvc5O9JOqQa+RpqUz4luZnLVZCD7Bre/10u"
    "fD+9cv2H3/e8MpLAQzJK+sbkMwgd+QDNWPDojl4qrRfy/riV1kipx5oHcD3V5Ig7wNggAxULE8KX6XPMH0nHKehR"
    "lgi6Hs6yCihryQNyDDclFk66EPCdHD4QHlhGJrFG4ZLr3VSzsqWYIyLRpRsFu+xT3d+HO8uOofM2mr3ijq0UrSAi"
    "Owb7QJpNkSK+4PnPPhGhRsWm1ljJUUzdJRE5NAKHMrgbquehTYXsFojA/6BL2vCEMH9J0SDVjtStA2alGQTZAzqo"
    "0lwq8omkmHjfOs0N1pyAld5C42SRIi5ECtGzwLHyqUQsCC6sW9x/iUR8VEg8iV7e/Bi9J8IsYjgWeiLAns1Tb4gi"
    "Ofd76G/SAXpoj7E+f3Eqq4cqeXf0Jjtp6T1nTBnFdtJuZAnE/mh23od9MTsky9v0ElNO6uLt6bU3MLRHekYPCnsz"
    "Hqz2a27cAalYqdEhpeCJ7OskUiF6PgSNVAYMJIFEeSyYjfMJ8+lOzvCrTn+g9k0dO08RFXc4Z9tzbu+YL3PoT3Wz"
    "NE6sO5QjwPrBCKyWcJyDZdRW5D7LnxwgJznS7yHlxmwgyPWSjz5wl98oUkw4Yi+ZKLR7df5qkczEvqCkYVuIzU64"
    "dyFO5Duz9H5zsNZMFms1QOF631WBHq8dauF3VW3WJlDQvaF1LDaegaTv8g8WVhKxAJ+FR2QTJYsBPt0avcmAR6E6"
    "lCbiLF7tsnKYnc8WSCcuIhI0uKT05GIRGFkFilgFGOIgd6G+mgu/Lwj1URsS3/84JPSYmx4QuS9qvUsNr2EbCCcH"
    "syL2com0burvv5ZV8f+wzNVh9GL7I24MdRnqho56lnFffn6Sh1LhJmGQfgYiXZOCTvGx2+eCq9wfvCNQ1u1/BpJO"
    "qTdxzxmhcGe7WuLG37Kx1bGxf/kvbgQLkQ=="
)
