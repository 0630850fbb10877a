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
    "eNq9We9z27gR/VdQfYl0VRjJdjwduZ5O0lzvPHPX6yTueG4cVweRkISIBBgAtKzc3P/etwuQopzUja9pvtgiCeLH"
    "7tu3b5e/DvJS6mowE4MrHdbC19J5JZZKhsYpL6QphBSv1Q//FDKIsFbCNqFuwhh3K1uoUjhVY6AyweOG670a1tII"
    "HcRaelHoShmvrfFneLHGLSVyPF8pUahcFxi+XStM7+iNwio/5qVpwW7CpXUVlls1pXSituUu2Bq3h69UhYmDk0Gb"
    "lXjT1MrV1uuA5caHlwJbkeIfvPxfefmxuMQS3ylbqeB2wi4PXxhlg7EYFHq51HlThh3sdIwb6k65XHvlcX396yCX"
    "ZTn3KremoDtHk2yCQXnd9G7GewczTXFjrWE4mmVwubU4Lk6ALcKMDse3lZAL2Bt7TkaY9c2kMTIP+lZFW63tVsAy"
    "MKlmT8H4PhOvaFa1E35Ns0pROLn9Cx3qFX6IQIvCM9Z5ca1hRGlyJRYy5GthbsgcjdFsd9NUC+X8TFijRLAit1VN"
    "M24JNeSmghwcdmMegFf4ptcflGcbBuvydUanGmZZNhYrZRQ8Zt1592uE7ehcnUWva+f5iGmhIq5Uz+ORr2dj8Xes"
    "FP/e7NFio3UARlhZ16XGm4sdPwKGcC8bYPRAV7V1fNrk0o02BUVBDlDTfislDZxBt362jdgYWPcAjYB3DIgYBlWD"
    "7XqcAlvarjXZzy5sseM3GbswvlOyFEbB6m4zizNoQj7+V3LDk9LOeUIJK+/iuRqvlk3JZqy0aQLjbkp4MrKiAwxi"
    "2M7ZcTSstglXdDTXLJzOCWR08ibB9ua3sfjd0D06gO4Vn1feYe9AzBWdyTdVBcvbWzgDcUd22sqd0CaeKFqo92Ah"
    "8w3D8o7e/hiKEXeVDE7fidrZoskDG1VJPO+Gl0oWnuB5f4YqQUSKeC6ejhalwSZjFlho0EOJe563FV+kU/UAvKiq"
    "4d1YXGXV5Yh2ugZauwdrPBiJumy8WGSN8e8bpT6o4ZRH7rlTLNSSmJLuELN+ApHPH0bkT3tbbJ0OiacdHX6GgCmb"
    "CsHfLlpop3JmPzgnwVfoaA7yTylrehJf8/RWoT0GLWgv90H3vAc6R5YE78IV/wvmTj9G3OnkU6zbBxxFDEWcgnsO"
    "DFpaW7cYawctFIJuC5QIhfPuRC09I1UHhtxLfjsirCMjuJJnWUTecep9Azv6+crJInKcrYOukARcJi5MxCFNPCMQ"
    "OvIUODyADVrGGGNvHn9pl41vwARh7RTyIMwRIfZGBbG6flK6JzeM7RVteb8MYlxW2IBtasY44nIqvhHDqfgjoWGd"
    "5dYP+UetcT+IZyAkVfvRCL+OxjEnbJVerYMq5so564iLRxkha4gUfT4dZQjc4YhP/kE5m45LgbKVDr9owjORFSrg"
    "vDQwcqAyxSdQfPIwir9vTAFiZ1cw5xHZw12lDqFUUU2wiGCe91bsQMQ5ruUS1kkOZsYEISxKhWzpN0y1M0Q5PA0T"
    "57bWilcgB91D81EfzdAP2szBuf4AzM//I5gP8P/F2XSFqCxp6wukC6UiU5YS5tnHc6eQKFcylL9DaoxQ7GQZWLhl"
    "hEA8sYJpl46kBdx0RHZ10Yf8KOkuYql9Fia0M6sdn06wH2y16LbT40aecIicdTcC/KZ/mgB2CY5jkdE6w1F2K8uG"
    "VomvkBmG3cJ1DRydx8vr2fQGuMaKo7gl3qdcSUoh0Is5hgJHj0fdG4yETWDfKLRYpgADKUUjVI0C0CtN8UEpzMGW"
    "Uf0o2kXZkO1nHRhbIeQVoHwfYP0czeea07oHADv5/2ToQ8K8MK1Gs9gd8RtdkyAkC0AE3gJSEIGZiOhDvOB5xdq9"
    "VGYFBpwywH6ETCFNGLp8MawiHCw0NV4j1vCjTo/FdYNEePZyshbvWFymRO6T0Az73MWkm67ekWxnvRtZ8n3T+i3O"
    "y+hoqig23p0hQG5RUUTH8tgCWsxVfVkBbQtRqEOnrxIet2SUMfkcZVFV09nOp+rpMYGQn31kRrDP5Pcl8IipvYhp"
    "U7OXO58EEkR7rZLUB8gQicsxm4aKAmS6DWWZRME89iH8pfnnXS0mQbS7zyS7L8pvMpZ4rXYjssHbkDML7Bue6OVv"
    "nUaRf6NfSc4zFC/3sO3qDdZss5iSKH5b4o+rxHmJBpPt8TSWE12SzsQLShwr1aM/Mjhph/eUsyN/pQBJYpKtzutd"
    "p+nOz8XmJubV0d7DG8rnjsrOoQG3TUeMtInQyxSNOK2xOGu74bN2e+dieCf+cC4mMUEjTz+e9w4KYaodKbXEImQJ"
    "dbQv+YkW4rKSuJ8qMqp+dm0ZFB0TgMid73kqcPb2DylGEkDzxS7VcF+DBk8+hl6SxVBp8C0ZKLFEQsyWSIvOytIR"
    "SbTQOVXgqSBPyAF7SMHpX5qYel/AqCvDKaONZLYH4+1WOs3EAy2n4q297zLxtwTfWmpoF+a+BQrZrrzf9vbd4Tpm"
    "YNT7rl0wafoEzQoWU4739u313Q0wVD874hG4/NdRvHGciZf7lZjvSUzJhSZyEPU3UHuM3TQr5QregW9bDP3F9htJ"
    "xBvZKlp5+uz08UT5c8qyIMVoBWRoEmrE6bGOBvHZpizAKG0ZQM7jQbDzg4pvrazbzQmUyn8NHjzMyd8jlCppdqwg"
    "VNBMZAy6qMaCrm0BxiFQ4GgywuyNCh1UnnguKRIzBRuDGZ56O2Dmejtgd6d8CMjWM9ivhPWk45eICtoWURRB7K63"
    "A3UHA74dHMoBdn5s85AwzW2Do/Cm6liEXIyenQJVF7h6diyeAl4nI7ECrgAq3D+5gCAcHmHg84sRYHWXOoDcm7Gl"
    "2tM4N3GShiDB0YcYxOjjye8y7T76WuSOzEZoMlH2cnnBCUTB/lfiXVPVnozFdnyKagMr99uWD7Gc7zPtfAEzFdLt"
    "PrNEvofKL51323htBW8scunX06tIYwuWuKpNdDHwLL3YKynOUndvZVpstD0ZVi9ru+3VBSychkxovSnGfck1bF//"
    "s8ApsO/jKLi4mcesR4DkQoQoqkd98mC/Y+7wIvCxAp6OHt/seyFcA01JbZUAfivs1nTtBeIUUlxUI3jm/9I2btkg"
    "RpEjuK1iEIWgKOXDQ+06VdUavpflnDH1NTp2h9zzMhWVUWZ2qZ9VGdnOLeEUyldckBvLjekxDJFLFsvUUTZUYoPa"
    "VSSmn2qGvOoKg9RFSumDPWlNuYsJNqa3TmlAdrU6Ysts3tEUNwbalupGqZoSlDa5rrm6h2cNfXsYE//HXjTC/LBJ"
    "y8uUW1YrMc0Fu2Jo8cZfN7FIydcq3xzWLbkqSyGXgfvtqWHLxbAjS+6r5k4ixiaQdpl4TWFPoogFEjXp6CIVz784"
    "RRj65b8QmTR+q9w9gF4duqzr63ddgSgiZU6fVUyIYhgyJcAdOu+Ua4FqPX17eYjL6DDzWJF/NkrpivpGyh3glE7K"
    "xzqZnMwPOPJejj7hULFBLVDh9KaY8hw1yhxH03xbrkmnIx/KMsP8R6CNS7sTP8ZW0v1PObx9p7iRRzj17cb92jVm"
    "QzOeTvZ2hTenk953K+4xK8ny6mQyoefHky5hrdoPSHVpQyRH/q7GOps/4XCSo4Tb68JyF2+/BCchkoYxU4FouH2H"
    "esDdshqnHi+8DZnlJPuaIpaiM0vftAotYfgqtnDgfLkCHtbyViXJAHNAM9BHmUjPOpTsZTJb1Znt0De//RvglGm4"
)
