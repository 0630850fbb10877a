"""The tests of unit 403 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import math
import pytest
import torch


@pytest.mark.exercise("fourier_adder")
class TestFourierAdder:
    @pytest.mark.visible
    def test_the_worked_example_answers_2(self, submission):
        logits = submission.fourier_adder(3, [1], 2.0)
        compare.shape(logits, (3, 3, 3), what="fourier_adder(3, [1], 2.0)")
        compare.close(
            logits[1, 1].float(),
            torch.tensor([-1.0, -1.0, 2.0]),
            atol=1e-5,
            what="fourier_adder(3, [1], 2.0)[1, 1]",
            hint="2 cos(w (1 + 1 - c))",
        )


@pytest.mark.exercise("fve_trig")
class TestFveTrig:
    @pytest.mark.visible
    def test_nine_parts_of_twenty_five(self, submission):
        x = torch.arange(7)
        turn = (x[:, None, None] + x[:, None] - x).double() * (2 * math.pi / 7)
        logits = 3 * turn.cos() + 4 * (2 * turn).cos()
        for freqs, expected in (([1], 0.36), ([1, 2], 1.0), ([3], 0.0)):
            compare.close(
                float(submission.fve_trig(logits, freqs)),
                expected,
                atol=1e-6,
                what=f"fve_trig(logits, {freqs})",
                hint="the share of the squared length that the waves of freqs hold",
            )


@pytest.mark.exercise("neuron_frequency")
class TestNeuronFrequency:
    @pytest.mark.visible
    def test_a_wave_of_a_plus_b_is_explained_in_full(self, submission):
        a, b = torch.arange(5).repeat_interleave(5), torch.arange(5).repeat(5)
        neuron = 7 + torch.cos(4 * math.pi / 5 * (a + b))
        frequency, explained = submission.neuron_frequency(neuron[:, None])
        compare.equal(frequency, torch.tensor([2]), what="the frequency", hint="1 to (p-1)/2")
        compare.close(
            explained.float(),
            torch.tensor([1.0]),
            atol=1e-4,
            what="its FVE",
            hint="subtract the mean; cos(a + b) is a sum of two products",
        )


@pytest.mark.exercise("modadd_split")
class TestModaddSplit:
    @pytest.mark.visible
    def test_the_worked_example_has_nine_rows_and_four_of_them_to_train_on(self, submission):
        source = submission.public("firsthand.kit.rng:generator")(0)
        tokens, labels, train, test = submission.modadd_split(3, 0.5, source)
        hint = "row a * p + b is (a, b, p), and its label (a + b) % p"
        compare.equal(tokens[5], torch.tensor([1, 2, 3]), what="tokens[5]", hint=hint)
        compare.equal(labels, torch.tensor([0, 1, 2, 1, 2, 0, 2, 0, 1]), what="labels", hint=hint)
        compare.shape(train, (4,), what="train", hint="int(frac * p * p) rows, rounded down")
        compare.shape(test, (5,), what="test", hint="all rows that are not in train")


@pytest.mark.exercise("fourier_basis")
class TestFourierBasis:
    @pytest.mark.visible
    def test_the_worked_example_has_three_rows(self, submission):
        expected = torch.tensor(
            [[0.57735, 0.57735, 0.57735], [0.81650, -0.40825, -0.40825], [0.0, 0.70711, -0.70711]]
        )
        compare.close(
            submission.fourier_basis(3).float(),
            expected,
            atol=1e-4,
            what="fourier_basis(3)",
            hint="constant, cos and sin of w = 2 pi k / p, each of length 1",
        )


SHARES = "add the squares of cosine and sine over all columns; divide by the total of frequencies"


@pytest.mark.exercise("frequency_shares")
class TestFrequencyShares:
    @pytest.mark.visible
    def test_one_hot_columns_have_equal_shares(self, submission):
        shares = submission.frequency_shares(torch.eye(5)[:, :2])
        compare.close(
            shares.float(), torch.tensor([0.5, 0.5]), what="frequency_shares", hint=SHARES
        )


@pytest.mark.exercise("restricted_and_excluded")
class TestRestrictedAndExcluded:
    @pytest.mark.visible
    def test_the_sum_wave_is_kept_and_the_difference_wave_is_not(self, submission):
        a, b = torch.arange(5).repeat_interleave(5), torch.arange(5).repeat(5)
        w = 2 * math.pi / 5
        plus, minus = (w * (a + b)).cos()[:, None], (w * (a - b)).cos()[:, None]
        logits = (2 + plus + minus).repeat(1, 5)
        restricted, excluded = submission.restricted_and_excluded(logits, [1])
        compare.close(
            restricted.float(),
            (2 + plus).repeat(1, 5),
            atol=1e-5,
            what="restricted",
            hint="the mean, and the functions cos and sin of w (a + b)",
        )
        compare.close(
            excluded.float(),
            (2 + minus).repeat(1, 5),
            atol=1e-5,
            what="excluded",
            hint="the logits minus the functions of w (a + b); the mean stays",
        )


@pytest.mark.exercise("progress_measures")
class TestProgressMeasures:
    @pytest.mark.visible
    def test_logits_of_zero_cost_ln_p(self, submission):
        labels = torch.arange(9) % 3
        train, test = torch.arange(4), torch.arange(4, 9)
        got = submission.progress_measures(torch.zeros(2, 9, 3), labels, train, test, [1])
        for key in ("train", "test", "restricted", "excluded"):
            compare.close(
                got[key].double(),
                torch.full((2,), math.log(3)).double(),
                atol=1e-6,
                what=f'"{key}"',
                hint="mean cross-entropy in nats",
            )


@pytest.mark.exercise("phases")
class TestPhases:
    @pytest.mark.visible
    def test_the_worked_example_ends_at_10_40_and_40(self, submission):
        restricted = torch.tensor([4.0, 3.0, 0.2, 3.0, 0.2, 0.1])
        excluded = torch.tensor([4.0, 0.5, 0.6, 2.0, 3.0, 4.0])
        weights = torch.tensor([9.0, 9, 8, 7, 5, 4.9])
        got = submission.phases([0, 10, 20, 30, 40, 50], restricted, excluded, weights, 53)
        compare.equal(
            tuple(got),
            (10, 40, 40),
            what="phases",
            hint="lowest excluded; restricted low twice in a row; weights near the end",
        )


@pytest.mark.exercise("accuracy_when_formed")
class TestAccuracyWhenFormed:
    @pytest.mark.visible
    def test_the_answer_is_a_share(self, submission):
        compare.between(
            submission.accuracy_when_formed(),
            0,
            1,
            what="accuracy_when_formed()",
            hint="a share of the test rows, from 0 to 1",
        )


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9WQ2P27gR/SvEAkXsxHHX3g1Q7CLXpk1zLdBrD22AQ2EsfLRE24wlUiGltd3D/fe+N5S08mazTdIgQJC1KHJI"
    "zrx586FfzrJC2/LsSp29UrHURaHqoF1c+1CaoHSeR1X6vCm8qtTqqIKvdW29i8o6VW+NeuObYDFzpaONE6Vdrkqj"
    "YxNMVKvGFrXynGij0sXGB1tvSxW3fo8xXatN8LuddRtV6Rixot4G32y2EFFibpStJiqzIWtsrXgoGZJtssJo11Rq"
    "9C+TpSNdyviL8fRsos5yu17brCnqIy53gQFzMCGz2AXPi1/OMtx1GU3mXc6R+fn0HJOyqhkMprETSTMMbK2rRcrZ"
    "T1ubbZVfiyrqvVeuKVcmRJVttdvgQuvgS2jAQHG4spd5zhzq3/OI/zSVgRKMhgwN/da2xBLegdP2W19gHeVwh1U3"
    "4Rr6a9ZrvOMsyu029S4zSTVNLTqofci2Uy0yRtV4GmTDJY5vArR3y8GJenjW4BXe5JUJ5ahST1U1URvjTNB497L/"
    "BZ3fYENbVj7UGudolQ7j5gRX5nPDEwEbDvbm0FuqzMSaV8Ctg1GxKWPCRVITFBp2+HsLfEW9n6joFWCQaYerFkdc"
    "Ne7xCpNLYhPDPcbk+qV1TS32ntGOTpc81hnwDFwvY1XYmtMq39pzjofQrILNaFzep2nhcvPrRH0xZOYnkPkLDFZ4"
    "QJ4uoTIfrTPp0hiIuqwKkys8VaoqdGaiIOUHvUvmrvWqEDjAWAXAslgH874xLjuqAw4ca53toKPYCSYa+CgPdByo"
    "c6/0gZuv66Q81ctI/rsudF0bN0CQiB0tZM8pJI/Gk3SAKeSOxtg4t+XL2XjaLh1BBzPCRwDNLeL7hhYO3tc8/Vz9"
    "lkBamQLaoBYctnACBb6e4XV8H4jBB3B1+Tiu/hHqrXekiiJBi++ShtMp4B/e0D7WwCjkOAUagXN2rwvjNvX2Cn6m"
    "SWM4UOUJtJJWiMZFcx9eLwbwWidGXAojnuDr4lvgK1ESuUgu33KTHEb0DeThqqSk3uwCsT/KjGSxn5Z/Vht7a+Kp"
    "phY0T35z3SpqIqrz9M48IYfPLSlJgKi0DS0HcukM24rmhlIXs6ubKfQ7mo+nIIDRjAQEzVdm9Bxk248SY7c2h3ng"
    "6gLpplSNgxPE3n3+Y4J/ADAvHgfMK7WGT3TasLg1mDeHo+hAkkFIbJVoQLN5jlVXJwS11VFVTUtaPRUD1hTL2IUz"
    "PgqYzg7LBLgTzFx+FDP3gPZ/QejiAQhVAXE/qwVCuEvjJMqmJzH2ydhKAEPaGe1H+tlqPJZJ5If2WVD2lvwl7NS9"
    "5mIx95DLkhqBNOK4TmsGr7Va3SRYdYe8pvadwJq4EFAOLYrUIcXZbEBrxjpi68lOrya77Pl3epU9mfBsSwzLj7F6"
    "ph6bi/OnufjR8x2tWH0BDAEt0SaA3KVZV6KA3hJJ7cHo/LkH4MioxjFhmsgFtTsqDxeUhK25j7n5+QMkBY814RMB"
    "91URBoct9RGMRNKAU7e5UeE3NkGOpiR/qD3iOW8rKRVzRV4TKlnplUUET+z1J1AJtCF2z1owiL3vQEM3pdA98p40"
    "MWW7FhG3zVz5esBNosA3VGxa1EwSDRwQmRFPc5wvCO+MjkiMmsRUY/X0qcS3UTMYvO64MZq0VSIzcpksPrbzviDc"
    "uY51kD0cyV17VTZ3WWnHUiT3kzQ8naOfzuzDlwZzoGJTfBDj5ieUdWuW0NzmWyDn8gQ5f3VIjElPKaLhkh0LycNI"
    "I6sY8zJi/Y647WZbDyZq+ivSl1bILQoIHxI/dcWPWvkaWfnBxKt21kFpLL9NBUjKww7tKymZKh9NPlXEyx3odkC0"
    "3zGfoyMTpGQjQhqM2aU9E3kpg3owmLx9jl3malX4bCcWiRVOG8BxL+8xk9WTd6uJXrnn39l3DuT0Rv5l4hk5ECgb"
    "iEu9VLGwmRnNn+7Uc5Y0/PEMKVsfwVOEF5V2Gy64dKLOmWZ2QzAWR28SmZ9OlBefj+cfPEoCZ5pAQwlySW0n+UoK"
    "v8P4xOe7+pK8WGp419aER2Gctln2gk/g/OKbRN7LD4qDkvyW22DuUC0WqVANSPQFa6XE6iPp3AcKScgGxBLQB9Fw"
    "kPljUcp7iQfNEF00pWujP8ruYA/q9TW1/g5SFIuyYztJ1rbELV2BVH4JO75Ur9Uf1Oj19C3+pEkIlALF11x3LxPY"
    "L3fwYWARTtxGU9YB8zELhpbXk5QpMTM6Z4SWjSikPcRzGfn8CPxv30hx6WCF0Lh7qOrikCS4rFtPCXbSF+7ycjj7"
    "Y1XpCRa5ClirTb6EoKU5ZEWDwPiJkPzqBcSwp2FYsUp/Rscd/lvxYg3KIBiDNXu6eqLl9FIq+QIJtEv5+hY/U8/j"
    "TQe96HQVt74mmyCMS0rfgygzra3paamAa09AgOFMtKJgk6VGUiuTHh2mWcDEJUnPV8fRnVYX7DVAZYWG28T0NE4g"
    "SqnqwwI6OyzA8dYN1stjJ2CSTjuolj8ffXTQrAmsukqkJ9Rn2+ORvUQBPcZ0hqkavs5YAe+pbVE8lu/BbTfQRVx2"
    "zblPLTI+BsuvnQzufYOa60hzhwb3Ri7TYkknraQiL7dVwgcIK6Sh1B/KPMki93uXYGZFUcEY1KE5Yh1AmmAHJPJP"
    "DUAy09kzRqTUU9OnHVNqXPAablw3AQCvTaVSS6rNiTodTHXYlOx/XKcuCigZME51SS1iheYKv1/Ym5af8JOB9ma4"
    "5N0HS6DVEcvPxburmy/srEF1LteSbfQdtQpVFmr1AH+GT5qjkUjppAUjSpeZCD8rnx+FCXVVoQRGgNHO83ykxUdh"
    "hiT7k7H1FTnr7QlTS6oLZSLl4YWYzKo9XlEXwzJDkPI35mfgn6ZixwJgM6ngFyLau0lr+56v+Jyo7sO2NJCTyOjH"
    "gKP1Trqg1oijKWxmDiNOW8xuxgkUcrJB82ACTmtcVxOBFHKT2VIXkf2yLXH9c4Lmz/8juUrt0Qew0R2801NLNaKs"
    "vY5d9920vAKC9raIcpYks01K4F1XfRsewkQAXBhOZphCdN39x5qxnY6WcERkYvzskH9iU7ZD29ejokfV2R7iVJ2P"
    "+EJhS2DoEV84myl5c6W4hFVJW8e1sTfFz/BEcNg2MLfsrHVkDjxAYeY0IDB25KLxXrzUhT0L7MzxpDWyJwKyLaoX"
    "1xMRmMnp4i61gWcQeZF11B3z3jUWnTE5L7BzclSkCacnSBeU7yAmQvMdmedgHzYCarYsO4Zq00M6YFLIqSzcnqUW"
    "YyFLcROQJrq7z0zcnN9O4POIHgwLiA2MLcGsm9bR5JtXymz30LFA9JSZ+LQJqCHCCaaIDwHD5fnFsoP3ss0c2EyR"
    "Ds49UFwKKnxtVqCagbiZyJMrU+TfQQZaGdBGMcVWcyDzx87Q/Sc1Zu79R7Nbi8zcsC9i4aiZku86Fcih7YwI9oKh"
    "rW20des1s/PZcvCNb0mbL2MWaATRQtyCr3ZC50jfX1xQtZfn6jcdLlPxQeqaqd+dn4M5c01uFUQw4t61/eVyT9pU"
    "kEfGLoZwAhvqXDrr2GI2w10vuAOFYqtzSDWVz7aprzegdnPAVdsCRiqQYb9LvZK0XT6eiFT4C/OFHk6g/dT+s3Uh"
    "Pvp9p8rWhKo34a//BcNWt24="
)
