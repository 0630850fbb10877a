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
    "eNq9We9z27gR/VdQfYl0VRjJdjwduZ5O0lzvPHPX6yTueG4cVweRkISIBBgAtKzc3P/etwuQopzUja9pvtgiiJ+7"
    "b9++BX8d5KXU1WAmBlc6rIWvpfNKLJUMjVNeSFMIKV6rH/4pZBBhrYRtQt2EMVorW6hSOFWjozLBo8H1hoa1NEIH"
    "sZZeFLpSxmtr/BkG1mhSIsf7lRKFynWB7tu1wvSORhRW+TEvTQt2Ey6tq7DcqimlE7Utd8HWaB6+UhUmDk4GbVbi"
    "TVMrV1uvA5YbHz4KbEWKf/Dyf+Xlx+ISS3ynbKWC2wm7PBwwygZjMSj0cqnzpgw72OkYDepOuVx75fF8/esgl2U5"
    "9yq3pqCWo0k2Qae8bnqNse1gpika1hqGo1kGl1uL4+IE2CLM6HB8Wwm5gL2x52SEWd9MGj3zoG9VtNXabgUsA5Nq"
    "9hSM7zPximZVO+HXNKsUhZPbv9ChXuGHCLQoPGOdF9caRpQmV2IhQ74W5obM0RjNdjdNtVDOz4Q1SgQrclvVNOOW"
    "UENuKsjBYTfmDhjCjV5/UJ5tGKzL1xmdaphl2VislFHwmHXn3a8RtqNzdRa9rp3nI6aFirhSPY9Hvp6Nxd+xUvx7"
    "s0eLjdYBGGFlXZcaIxc7fgUMoS0boPdAV7V1fNrk0o02BUVBDlDTfislDZxBTT/bRmwMrHuARsA7BkQMg6rBdj1O"
    "gS1t15rsZxe22PFIxi6M75QshVGwutvM4gyakI//ldzwpLRznlDCyrt4rsarZVOyGSttmsC4mxKejKzoAIMYtnN2"
    "HHWrbcIVHc01C6dzAhmdvEmwvfltLH43dI8OoHvF55V32DsQc0Vn8k1VwfL2Fs5A3JGdtnIntIknihbqvVjIfMOw"
    "vKPRH0Mx4q6Swek7UTtbNHlgoyqJ9133UsnCEzzvz1AliEgRz8XT0aLU2WTMAgsNeijR5nlbcSCdqgfgRVUN78bi"
    "KqsuR7TTNdDavVjjxUjUZePFImuMf98o9UENp9xzz51ioZbElNRCzPoJRD5/GJE/7W2xdToknnZ0+BkCpmwqBH+7"
    "aKGdypn94JwEX6GjOcg/pazpTRzmaVShPTotaC/3Qfe8BzpHlgTvwhX/C+ZOP0bc6eRTrNsHHEUMRZyCew4MWlpb"
    "txhrOy0Ugm4LlAiF8+5ELT0jVQeG3EseHRHWkRFcybMsIu849b6BHf185WQROc7WQVdIAi4TFybikCaeEQgdeQoc"
    "HsAGLWOMsTePv7TLxjdggrB2CnkQ5ogQe6OCWF0/Kd2TG8b2ira8XwYxLitswDY1YxxxORXfiOFU/JHQsM5y64f8"
    "o9ZoD+IZCEnVfjTCr6NxzAlbpVfroIq5cs464uJRRsgaIkWfT0cZAnc44pN/UM6m41KgbKXDL5rwTGSFCjgvdYwc"
    "qEzxCRSfPIzi7xtTgNjZFcx5RPZwV6lDKFVUEywimOe9FTsQcY5nuYR1koOZMUEIi1IhW/oNU+0MUQ5Pw8S5rbXi"
    "FchB99B81Ecz9IM2c3CuPwDz8/8I5gP8f3E2XSEqS9r6AulCqciUpYR59vHcKSTKlQzl75AaIxQ7WQYWbhkhEE+s"
    "YNqlI2kBNx2RXV30Ib9KuotYap+FCe3MasenE+wHWy267fS4kSccImfdjQC/6Z8mgF2C41hktM5wlN3KsqFV4hAy"
    "w7BbuK6Bo/P4eD2b3gDXWHEUt8T7lCtJKQR6MUdX4OjxqHuDnrAJ7BuFFssUYCClaISqUQB6pSk+KIU52DKqH0W7"
    "KBuy/awDYyuEvAKU7wOsn6P5XHNa9wBgJ/+fDH1ImBem1WgWuyN+o2cShGQBiMBbQAoiMBMRfYgXvK9Yu5fKrMCA"
    "UwbYj5AppAlDly+GVYSDhabGMGINP+r0WFw3SIRnLydr8Y7FZUrkPgnNsM9dTLrp6R3Jdta7kSXfN63f4ryMjqaK"
    "YuPdGQLkFhVFdCz3LaDFXNWXFdC2EIU6dPoq4XHLRmEg+AqGF6iOqlrE5vsWBPFMfl/ujnDa65c2K3u580kbQa/X"
    "Kql84AtBuByzVageQJLbUIJJ7Mt9H4Jemn/elWESHLv7TJ77otQmY3XXyjbiGYyGkllg33BCL3Xr1ItcG11KSp5R"
    "eLlHbFdqsFybxWxEodtyflwlzksMmGyPt7GS6PJzJl5QzlipHvORwUk2vKd0HakrxUbSkWx1Xu86TXd+LjY3MaWO"
    "9h7eUCp3VHEODWhtigjBq4nQyxSIOK2xOGu74bN2e+dieCf+cC4mMTcjRT+e8g5qYCobKavE+mMJYbSv9okR4rKS"
    "aJ+KMSp8dm0FFB0TgMid73kqcOL2D4lF0j7zxS6Vb1+DAU8+hl5SxBBo8C0ZKBFEQsyW+IrOyqoR+bPQORXfqRZP"
    "yAFxSMGZX5qYdV/AqCvD2aKNZLYH4+1WOs2cAxmnYtPed5n4W4JvLTVkC9PeAjVsV9lve/vucB2TL0p91y6Y5HyC"
    "JlGXcry3b6/vboCh+tkR98Djv45iw3EmXu5XYqonHSUXmshB1N9A6DF206yUJngHvr1d6C+230ji3MhW0crTZ6eP"
    "J8qfU4IFKUYrIDmTRiM6jyU0iM82ZQFGaSsAch53gp0fFHtrZd1uTqBU/mvw4GE6/h6hVEmzY/GggmYiY9BFIRZ0"
    "bQswDoECR5MRZm9U6KDyxHM1kZgp2BjM8NTbATPX2wG7O6VCQLaewX4lrCcdDyIqaG+Hov5hd70dqDsY8O3gUAmw"
    "8+MND2nS3DY4Cm+qjvXHxejZKVB1gadnx+Ip4HUyEivgCqBC+8kFtODwCB2fX4wAq7t0+cfXMrZUexrn+5skH0hr"
    "9CEGHfp48rtMu4++FrkjsxGaTFS8XFlwAlGw/5V411S1J2OxHZ+i0MDK/RvLh1jO95l2voCZCul2n1kd30Pll867"
    "bby2WjfWt/Tr6VWksQWrW9Umuhh4lgb2qomzdLG3Mi022usYVi9ru+2VBCychkxovSnGfbU1bIf/WeAU2PfxaNzd"
    "cjLrESC5BtE+sd6YL3IR5JgNj6PH3+m9EK6BdKTbkwAuK+zWdLcIxB+krqgU8Mz1pW3cskE8Ih/w7YlBxIGOlA8P"
    "3cqpqtbwsyznjJ+vcTF3yDMvU+0YJWWX5lmBke3cEg6g3MR1t7F8/4xyX+WSNTFdHBuqpEHjKpLQTzXDW3X6P10W"
    "pVTBXrOm3MVkGlNZpyogsVrNsGXm7iiJ6//25nSjVE3JSJtc11zEw7OGPjGMievjlTNC+vAulpcpt6xMYkoLdsUw"
    "4o2/bmItkq9VvjksT3IFpS+Xga/V070s17yOLLkvjjs5GO96tMvEawpxEkAshugujh5SjfyLU4ShX/4LaUnjt8rd"
    "A+jVocu66/uu+I+CUeb09cSEKHwhSQLcofNOpRYoytMnlod4iw4zj4X3Z6OUnuh6SLkDnNJJ+Vgnk5P5AR/ey8cn"
    "HCo2qAWqmd4UU56jRknjaJpvyzVpcuQ+WWaY/wgUcWl34sd4Y3T/iw1v3ym+ryOc+nbjfu0as6EZTyd7u8Kb00nv"
    "8xRfJSvJUupkMqH3x5MuOa3a70R1aUMkQv58xpqav9RwQqPk2rts5cu6/RKccEgGxqwEouFbOmh/d8vKm65y4W1I"
    "KifZ1xSxFJ1Z+nRVaAnDV/GmBs6XK+BhLW9VkgcwB/QBfXuJVKxDyV4ms1Wd2Q5989u/AUVQYaU="
)
