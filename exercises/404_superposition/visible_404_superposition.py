"""The tests of unit 404 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import math
import pytest
import torch


@pytest.mark.exercise("angle_gaps")
class TestAngleGaps:
    @pytest.mark.visible
    def test_the_worked_example_has_gaps_180_90_90(self, submission):
        W = torch.tensor([[1.0, 0.0, -2.0, 0.1], [0.0, 1.0, 0.0, 0.1]])
        compare.close(submission.angle_gaps(W), torch.tensor([180.0, 90.0, 90.0]), atol=1e-2,
                      what="angle_gaps", hint="three represented features, three gaps")  # fmt: skip


@pytest.mark.exercise("feature_dimensionality")
class TestFeatureDimensionality:
    @pytest.mark.visible
    def test_a_pair_has_halves_and_a_dedicated_feature_has_1(self, submission):
        W = torch.tensor([[[2.0, -2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]]])
        compare.close(submission.feature_dimensionality(W), torch.tensor([[0.5, 0.5, 1.0, 0.0]]),
                      atol=1e-4, what="feature_dimensionality",
                      hint="4 / (4 + 4) twice, 9 / 9, and 0 for the zeros")  # fmt: skip

    @pytest.mark.visible
    def test_a_pentagon_has_two_fifths(self, submission):
        angle = 2 * math.pi * torch.arange(5) / 5
        W = 1.1 * torch.stack([angle.cos(), angle.sin()])[None]
        compare.close(submission.feature_dimensionality(W), torch.full((1, 5), 0.4), atol=1e-4,
                      what="feature_dimensionality of a pentagon",
                      hint="the sum over j of cos^2(72 j) is 5/2")  # fmt: skip


@pytest.mark.exercise("sparse_batch")
class TestSparseBatch:
    @pytest.mark.visible
    def test_density_0_gives_zeros_and_density_1_none(self, submission):
        source = submission.public("firsthand.kit.rng:generator")(0)
        x = submission.sparse_batch(torch.tensor([0.0, 1.0]), 40, 3, source)
        hint = "p_active is the chance of being active"
        compare.shape(x, (2, 40, 3), what="sparse_batch")
        compare.equal(int((x[0] != 0).sum()), 0, what="the number of active features at density 0",
                      hint=hint)  # fmt: skip
        compare.equal(int((x[1] == 0).sum()), 0, what="the number of zeros at density 1",
                      hint=hint)  # fmt: skip
        compare.between(
            x.max().item(),
            0,
            1,
            what="the largest feature",
            hint="active features are uniform on [0, 1]",
        )


@pytest.mark.exercise("reconstruct")
class TestReconstruct:
    @pytest.mark.visible
    def test_the_worked_example_gives_0_point_4_and_0(self, submission):
        W, b = torch.tensor([[[1.0, -1.0]]]), torch.zeros(1, 2)
        x = torch.tensor([[[0.6, 0.2]]])
        hint = "h = W x = 0.4, and W^T h = (0.4, -0.4)"
        compare.close(submission.reconstruct(W, b, x), torch.tensor([[[0.4, 0.0]]]),
                      what="reconstruct", hint=hint)  # fmt: skip
        compare.close(submission.reconstruct(W, b, x, relu=False), torch.tensor([[[0.4, -0.4]]]),
                      what="reconstruct without the ReLU", hint=hint)  # fmt: skip


@pytest.mark.exercise("loss_by_active")
class TestLossByActive:
    @pytest.mark.visible
    def test_the_worked_example_averages_within_each_k(self, submission):
        x = torch.tensor([[0.0, 0.0], [0.5, 0.0], [0.0, 1.0], [0.5, 1.0]])
        got = submission.loss_by_active(x, torch.zeros(4, 2), torch.tensor([1.0, 2.0]))
        compare.close(got, torch.tensor([0.0, 1.125, 2.25]), what="loss_by_active",
                      hint="k = 1: the mean of 0.25 and 2; k = 2: 0.25 + 2")  # fmt: skip


def losses_of(submission, p, importance):
    """The returned dict, which must have the three keys."""
    got = submission.theory_losses(p, importance)
    if not isinstance(got, dict) or sorted(map(str, got)) != ["antipodal", "extra", "first"]:
        seen = sorted(map(str, got)) if isinstance(got, dict) else type(got).__name__
        compare.fail(f"theory_losses came back as {seen}.",
                     hint='return a dict with the keys "first", "extra", "antipodal"')  # fmt: skip
    return got


@pytest.mark.exercise("theory_losses")
class TestTheoryLosses:
    @pytest.mark.visible
    def test_the_worked_example_prefers_the_pair(self, submission):
        got = losses_of(submission, torch.tensor([0.2]), torch.tensor([1.0]))
        variance = "an ignored feature costs its variance, times its importance"
        for key, value in (("first", 0.0567), ("extra", 0.0567)):
            compare.close(got[key], torch.tensor([value]), atol=1e-4, what=f'losses["{key}"]',
                          hint=variance)  # fmt: skip
        compare.close(got["antipodal"], torch.tensor([0.0133]), atol=1e-4,
                      what='losses["antipodal"]',
                      hint="an error comes only when both are active: then in both")  # fmt: skip


@pytest.mark.exercise("superposition_boundary")
class TestSuperpositionBoundary:
    @pytest.mark.visible
    def test_equal_importance_has_four_sevenths(self, submission):
        compare.close(submission.superposition_boundary(torch.tensor([1.0])),
                      torch.tensor([4 / 7]), what="superposition_boundary of importance 1",
                      hint="p * p / 3 = p / 3 - p * p / 4: solve for p")  # fmt: skip


@pytest.mark.exercise("empirical_phase")
class TestEmpiricalPhase:
    @pytest.mark.visible
    def test_the_worked_example_has_phases_0_1_2(self, submission):
        W = torch.tensor([[[-1.0, 0.1]], [[0.2, 0.9]], [[-1.1, 0.8]]])
        compare.equal(submission.empirical_phase(W), torch.tensor([0, 1, 2]),
                      what="empirical_phase", hint="first only, extra only, antipodal")  # fmt: skip


@pytest.mark.exercise("pair_angles")
class TestPairAngles:
    @pytest.mark.visible
    def test_it_returns_three_angles(self, submission):
        answer = submission.pair_angles()
        if not isinstance(answer, (tuple, list)) or len(answer) != 3:
            compare.fail(f"pair_angles() is {answer!r}; three numbers are expected.")
        for angle in answer:
            compare.between(angle, 0, 180, what="an angle",
                            hint="between two directions, in degrees")  # fmt: skip


def trained(submission, *arguments, **options):
    """W and b as train_toys returned them; anything but two tensors is refused."""
    got = submission.train_toys(*arguments, **options)
    pair = isinstance(got, (tuple, list)) and len(got) == 2
    if not pair or not all(isinstance(tensor, torch.Tensor) for tensor in got):
        compare.fail(f"train_toys returned {type(got).__name__}; two tensors are expected.",
                     hint="return W and b, detached, in this order")  # fmt: skip
    return tuple(got)


@pytest.mark.exercise("train_toys")
class TestTrainToys:
    @pytest.mark.visible
    def test_one_feature_that_is_always_one_half_comes_back(self, submission):
        def always(generator):
            return torch.full((1, 8, 1), 0.5)

        W, b = trained(submission, always, torch.ones(1, 1), 1, 300, 0)
        compare.shape(W, (1, 1, 1), what="W")
        compare.shape(b, (1, 1), what="b")
        back = W[0, 0, 0] ** 2 * 0.5 + b[0, 0]
        compare.between(back.item(), 0.49, 0.51, what="the output for the feature 0.5",
                        hint="rate, features, loss, zero_grad, backward, step")  # fmt: skip


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9We9z27gR/Vcw+hLpqjCS43g6ct1O0lzvPHPX6yTueG4cVweSkISYBBgAtKzc3P/etwuQopzUTa5pvtgiiJ+7"
    "b9++BX8dFZXU9WghRpc6bIRvpPNKrJQMrVNeSFMKKV6pH/4pZBBho4RtQ9OGKVprW6pKONWgozLBo8ENhoaNNEIH"
    "sZFelLpWxmtr/CkGNmhSosD7tRKlKnSJ7tuNwvSORpRW+SkvTQv2E66sq7Hcuq2kE42tdsE2aB6/VDUmDk4Gbdbi"
    "ddso11ivA5abHj4KbEWKf/Dyf+Xlp+ICS3ynbK2C2wm7OhwwyUZTMSr1aqWLtgo72OkpGtSdcoX2yuP56tdRIatq"
    "6VVhTUktR7Nshk5F0w4aY9vBTHM0bDQMR7OMLrYWx8UJsEWY0eH4thYyh72x52SExdBMGj2LoG9VtNXGbgUsA5Nq"
    "9hSM7zPxkmZVO+E3NKsUpZPbv9ChXuKHCLQoPGOdF1caRpSmUCKXodgIc03maI1mu5u2zpXzC2GNEsGKwtYNzbgl"
    "1JCbSnJw2E25A4Zwo9fvlWcbBuuKTUanGmdZNhVrZRQ8Zt1Z/2uC7ehCnUava+f5iGmhMq7ULOORrxZT8XesFP9e"
    "79Fio3UARlhZN5XGyHzHr4AhtGUj9B7purGOT5tceqNNSVFQANS031pJA2dQ08+2FTcG1j1AI+AdAyKGQd1iux6n"
    "wJa2G032s7ktdzySsQvjOyUrYRSs7m4WcQZNyMf/Wt7wpLRznlDCyrt4rtarVVuxGWtt2sC4mxOejKzpAKMYtkt2"
    "HHVrbMIVHc21udMFgYxO3ibYXv82Fb8bukcH0L3k88o77B2IuaQz+bauYXl7C2cg7shOW7kT2sQTRQsNXuSyuGFY"
    "3tHoD6EYcVfL4PSdaJwt2yKwUZXE+757pWTpCZ73Z6gTRKSI5+LpaFHqbDJmgVyDHiq0ed5WHEinGgA4r+vx3VRc"
    "ZvXFhHa6AVr7Fxu8mIimar3Is9b4d61S79V4zj333ClytSKmpBZi1o8g8tnDiPxpb4ut0yHxtKPDLxAwVVsj+LtF"
    "S+1UwewH5yT4Ch3NQf6pZENv4jBPo0rt0SmnvdwH3bMB6BxZErwLV/wvmDv5EHEns4+x7hBwFDEUcQruOTBoZW3T"
    "YazrlCsE3RYoEQrn3YlGekaqDgy5Fzw6IqwnI7iSZ8kj7zj1roUd/XLtZBk5zjZB10gCLhPnJuKQJl4QCB15Chwe"
    "wAYdY0yxN4+/tMvWt2CCsHEKeRDmiBB7rYJYXz2q3KNrxvaatrxfBjEua2zAtg1jHHE5F9+I8Vz8gdCwyQrrx/yj"
    "0WgP4gkISTV+MsGvo2nMCVul15ugyqVyzjri4klGyBojRZ/NJxkCdzzhk79XzqbjUqBspcMvmvBUZKUKOC91jByo"
    "TPkRFB8/jOLvW1OC2NkVzHlE9nBXpUOoVFQTLCKY570VOxBxgWe5gnWSg5kxQQh5pZAt/Q1T7QJRDk/DxIVttOIV"
    "yEH30Hw0RDP0gzZLcK4/APOz/wjmA/x/cTZdIyor2nqOdKFUZMpKwjz7eO4VEuVKhvJ3SI0Rir0sAwt3jBCIJ9Yw"
    "7cqRtICbjsiuLvqQXyXdRSy1z8KEdma1pycz7AdbLfvtDLiRJxwjZ91NAL/5H2eAXYLjVGS0zniS3cqqpVXiEDLD"
    "uF+4aYCjs/h4tZhfA9dYcRK3xPuUa0kpBHqxQFfg6PNR9xo9YRPYNwotlinAQErRCFWjAPRaU3xQCnOwZVQ/inZR"
    "tWT7RQ/GTgh5BSjfB9gwR/O5lrTuAcCO/z8Z+pAwz02n0Sx2R/xGzyQIyQIQgbeAFERgJiL6EC94X7N2r5RZgwHn"
    "DLAfIVNIE4Y+X4zrCAcLTY1hxBp+0uuxuG6QCM9BTtbiLYvLlMh9Epphn7uYdNPTW5LtrHcjS75rO7/FeRkdbR3F"
    "xttTBMgtKoroWO5bQou5eigroG0hCnXo9VXC45aNwkDwNQwvUB3VjYjN9y0I4pn9vtwd4bTXL11W9nLnkzaCXm9U"
    "UvnAF4JwNWWrUD2AJHdDCSaxL/d9CHpp/mVfhklw7O4Tee6LUpuM1V0n24hnMBpKJse+4YRB6tapF7k2upSUPKPw"
    "Yo/YvtRgubaI2YhCt+P8uEqclxgw2R5vYyXR5+dMPKecsVYD5iODk2x4R+k6UleKjaQj2eq83lWa7uxM3FzHlDrZ"
    "e/iGUrmjinNsQGtzRAhezYRepUDEaY3FWbsNn3bbOxPjO/FnMYupGRn68xnvoASmqpGSSiw/VtBF+2KfCCGuKon1"
    "qRajumfXFUDRLwGA3PmBowLnbf+QViTps8x3qXr7GgR4/CHykiCGPoNryUCJHxJgtkRXdFYWjUifpS6o9k6leAIO"
    "eEMKTvzSxKT7HEZdG04WXSCzPRhut9JpphyoOBWb9r7LxN8SehupoVqY9XKUsH1hvx3su4d1zL2o9F23YFLzCZnE"
    "XMrx3r69ursGhJonR9wDj/86ig1PM/FivxIzPckomWviBtF8A53H0E2zUpbgHfjucmG42H4jiXIjWUUrz5+cfD5P"
    "/pzyKzgxWgG5mSQasXmsoMF7tq1KEEpXAJDzuBPs/KDW2yjrdksCpfJfgwYPs/H3CKVamh1rBxU08xiDLuqwoBtb"
    "gnAIFDiajDB7rUIPlUeei4lETMHGYIan3oyYuN6M2N0pEwKyzQL2q2A96XgQUUF3ORTlD7vrzUjdwYBvRodCgJ0f"
    "L3hIkha2xVF4U00sP84nT06AqnM8PXkqHgNexxOxBq4AKrQfn0MKjo/Q8dn5BLC6S3d/fCtjK7Vncb6+SeqBpMYQ"
    "YpChn09+F2n30deicGQ2QpOJgpcLC84fCva/FG/buvFkLLbjY9QZWHl4YfkQy/kh0y5zmKmUbveJxfE9VH7ptNvF"
    "ayd1Y3lLvx5fRhrLWdyqLs/FwLM0cFBMnKZ7vbXpsNHdxrB42djtoCJg3TRmQhtMMR2KrXE3/E8Cp8C+n06m/SUn"
    "sx4BkksQ7RPrTfkeF0GO2fA4+fwrvefCtVCOdHkSwGWl3Zr+EoH4g8QVVQKeub6yrVu1iEfkA748MYg40JHy4aFL"
    "OVU3Gn6W1ZLx8zXu5Q555kUqHaOi7NM8CzCynVvBAZSbuOw2lq+fUe2rQrIkpntjQ4U0aFxFEvqpYXirXv6nu6KU"
    "Kthr1lS7mExjKutVBRRWpxm2zNw9JXH5312c3ijVUDLSptAN1/DwrKEvDFPi+njjjJA+vIrlZaotK5OY0oJdM4x4"
    "46/aWIoY4EkUqqoWLGQcGWtf/vaCL97maJeJVxTF1Jf1Dt220UOqgn9ximDyy3/hJWn8Vrl7GLw89Ep/Qd+X91ES"
    "yoK+j5gQpS1UR4DFddHr0BJld/qI8hA10WGWsbT+ZCDSE10AKXcARTopH+t4drw8oLx7KfeYo8EGlaNeGUwx5zka"
    "FC2Opvm22pDqRnqTVYb5j8ACF3Ynfox3Qve/yfD2neIbOYKi7zbuN641NzTjyWxvV3hzPht8gOLLYiVZLR3PZvT+"
    "6azPP+vuS1BT2RC5jj+QsWzmbzGcsyh/Dq5T+TpuvwTnFFJ6MfGAS/geDure3bK4pstaeBuqyUn2NQUlBWCWPk6V"
    "WsLwdbyLgfPlGnjYyFuVFADMAQlAX1ci2+pQsZfJbHVvtkPf/PZv1uRXXg=="
)
