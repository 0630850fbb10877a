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
                compare.number(submission.fve_trig(logits, freqs), what="fve_trig"),
                expected,
                atol=1e-6,
                what=f"fve_trig(logits, {freqs})",
                hint="the share of the squared length that the waves of freqs hold",
            )


def parts(result, names, call):
    """The tensors that came back, in this order; the message names what came back instead."""
    listed = " and ".join(names)
    if not isinstance(result, (tuple, list)) or len(result) != len(names):
        length = f" of {len(result)}" if isinstance(result, (tuple, list)) else ""
        compare.fail(
            f"{call} came back as {compare.type_name(result)}{length}; {listed} are expected.",
            hint=f"does every path of your code `return {', '.join(names)}`?",
        )
    for name, tensor in zip(names, result, strict=True):
        if not isinstance(tensor, torch.Tensor):
            compare.fail(
                f"{name} of {call} came back as {compare.type_name(tensor)}; a tensor is expected."
            )
    return result


def found_by(submission, activations):
    """The submission's frequencies and FVE."""
    result = submission.neuron_frequency(activations)
    frequency, explained = parts(result, ("frequencies", "FVE"), "neuron_frequency")
    for name, tensor in (("the frequencies", frequency), ("the FVE", explained)):
        compare.shape(tensor, activations.shape[1:], what=name, hint="one for each neuron")
    return frequency, explained


@pytest.mark.exercise("neuron_frequency")
class TestNeuronFrequency:
    @pytest.mark.visible
    def test_a_wave_of_a_plus_b_is_explained_in_full(self, submission):
        a, b = torch.arange(5).repeat_interleave(5), torch.arange(5).repeat(5)
        neuron = 7 + torch.cos(4 * math.pi / 5 * (a + b))
        frequency, explained = found_by(submission, neuron[:, None])
        hint = "the one with the largest FVE, counted from 1; cos(a + b) is a sum of two products"
        compare.equal(frequency, torch.tensor([2]), what="the frequency", hint=hint)
        compare.close(
            explained.float(),
            torch.tensor([1.0]),
            atol=1e-4,
            what="its FVE",
            hint="subtract the mean; cos(a + b) is a sum of two products",
        )


def split_of(submission, p, frac, seed):
    """The submission's four tensors, with a generator made on its side."""
    source = submission.public("firsthand.kit.rng:generator")(seed)
    result = submission.modadd_split(p, frac, source)
    if not isinstance(result, (tuple, list)) or len(result) != 4:
        compare.fail(
            "modadd_split did not return four tensors: tokens, labels, train and test.",
            hint="does every path of your code return all four, in this order?",
        )
    for name, tensor in zip(("tokens", "labels", "train", "test"), result, strict=True):
        if not isinstance(tensor, torch.Tensor) or tensor.dtype != torch.int64:
            compare.fail(
                f"`{name}` of modadd_split is not a tensor of int64.",
                hint="torch.arange and torch.randperm give int64",
            )
    return result


@pytest.mark.exercise("modadd_split")
class TestModaddSplit:
    @pytest.mark.visible
    def test_the_worked_example_has_nine_rows_and_four_of_them_to_train_on(self, submission):
        tokens, labels, train, test = split_of(submission, 3, 0.5, 0)
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
        basis = submission.fourier_basis(3)
        compare.shape(basis, (3, 3), what="fourier_basis(3)", hint="a constant, a cosine, a sine")
        compare.close(
            basis.float(),
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
        compare.shape(shares, (2,), what="frequency_shares", hint="one for each of 2 frequencies")
        compare.close(
            shares.float(), torch.tensor([0.5, 0.5]), what="frequency_shares", hint=SHARES
        )


def halves_of(submission, logits, freqs):
    """The submission's restricted and excluded logits."""
    result = submission.restricted_and_excluded(logits, freqs)
    return parts(result, ("restricted", "excluded"), "restricted_and_excluded")


@pytest.mark.exercise("restricted_and_excluded")
class TestRestrictedAndExcluded:
    @pytest.mark.visible
    def test_the_sum_wave_is_kept_and_the_difference_wave_is_not(self, submission):
        a, b = torch.arange(5).repeat_interleave(5), torch.arange(5).repeat(5)
        w = 2 * math.pi / 5
        plus, minus = (w * (a + b)).cos()[:, None], (w * (a - b)).cos()[:, None]
        logits = (2 + plus + minus).repeat(1, 5)
        restricted, excluded = halves_of(submission, logits, [1])
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


def curves_of(submission, snapshots, labels, train, test, freqs):
    """The submission's four curves by name."""
    got = submission.progress_measures(snapshots, labels, train, test, freqs)
    keys = ("train", "test", "restricted", "excluded")
    if not isinstance(got, dict):
        compare.fail(
            f"progress_measures came back as {compare.type_name(got)}; a dict is expected.",
            hint="does every path of your code return the dict of the four curves?",
        )
    if set(got) != set(keys):
        compare.fail(
            f"progress_measures has the keys {sorted(map(str, got))}.",
            hint='"train", "test", "restricted" and "excluded"',
        )
    for key in keys:
        compare.shape(got[key], (len(snapshots),), what=f'"{key}"', hint="one loss a snapshot")
        if not isinstance(got[key], torch.Tensor):
            compare.fail(f'"{key}" came back as an array; a tensor is expected.')
    return got


@pytest.mark.exercise("progress_measures")
class TestProgressMeasures:
    @pytest.mark.visible
    def test_logits_of_zero_cost_ln_p(self, submission):
        labels = torch.arange(9) % 3
        train, test = torch.arange(4), torch.arange(4, 9)
        got = curves_of(submission, torch.zeros(2, 9, 3), labels, train, test, [1])
        for key in ("train", "test", "restricted", "excluded"):
            compare.close(
                got[key].double(),
                torch.full((2,), math.log(3)).double(),
                atol=1e-6,
                what=f'"{key}"',
                hint="mean cross-entropy in nats",
            )


def ends_of(submission, step, restricted, excluded, weights, p):
    """The three ends that the submission finds."""
    ends = submission.phases(step, restricted, excluded, weights, p)
    if not isinstance(ends, (tuple, list)) or len(ends) != 3:
        length = f" of {len(ends)}" if isinstance(ends, (tuple, list)) else ""
        compare.fail(
            f"phases came back as {compare.type_name(ends)}{length}; three ends are expected.",
            hint="does every path of your code return three ends, of which two may be None?",
        )
    return tuple(ends)


@pytest.mark.exercise("phases")
class TestPhases:
    @pytest.mark.visible
    def test_the_worked_example_ends_at_10_40_and_40(self, submission):
        restricted = torch.tensor([4.0, 3.0, 0.2, 3.0, 0.2, 0.1])
        excluded = torch.tensor([4.0, 0.5, 0.6, 2.0, 3.0, 4.0])
        weights = torch.tensor([9.0, 9, 8, 7, 5, 4.9])
        got = ends_of(submission, [0, 10, 20, 30, 40, 50], restricted, excluded, weights, 53)
        compare.equal(
            got,
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
    "eNq9WQ1v28gR/SsLA0WkRFYtxQEKG7k2bZprgV57aAMcCsHQrciVtBG5y+ySloTD/fe+N0vSlOP4kjQIEMTicj/f"
    "vHkzs/zlLCu0Lc+u1NkrFUtdFKoO2sW1D6UJSud5VKXPm8KrSq2OKvha19a7qKxT9daoN74JFj1XOto4UdrlqjQ6"
    "NsFEtWpsUSvPjjYqXWx8sPW2VHHr92jTtdoEv9tZt1GVjhEj6m3wzWaLKUr0jbLURGU2ZI2tFTclTbJMVhjtmkqN"
    "/mOytKVLaX8xnp5N1Flu12ubNUV9xOGeo8EcTMgsVsHz4pezDGddRpN5l7NlfjG9QKesagaNqe1kphkattbVMsvZ"
    "T1ubbZVfCxT13ivXlCsTosq22m1woHXwJRAwAA5H9tLPmUP9R27x36YyAMFozKGBb21LDOEZ2G2/9QXGcR6usOo6"
    "XAO/Zr3GO/bivN2i3mUmQdPUgkHtQ7adapljVI2nQRZcYvsmAL1bNk7Uw70Gr/Amr0woR5V6qqqJ2hhngsa7l/0v"
    "YH6DBW1Z+VBr7KMFHcbNSa7M54Y7Ajcc7M2mt4TMxJpHwKmDUbEpY+JFggmAhh3+3oJfUe8nKnoFGmTa4ajFEUeN"
    "e7xC55LcRHPPMTl+aV1Ti71ntKPTJbd1Bj6D18tYFbZmt8q39pzjITSrYDMal+dpWrrc/DpRX0yZ+Qll/gaDFR6U"
    "p0uozEfrTDo0GqIuq8LkCk+VqgqdmShM+UHvkrlrvSqEDjBWAbIs1sG8b4zLjuqADcdaZztgFLuJyQY+ygMdB3Du"
    "lT5w8XWdwFP9HMl/14Wua+MGDJJpRwtZc4qZR+NJ2sAU847GWDi35cvZeNoOHQGDGekjhOYS8X1DCwfva+5+rn5P"
    "Iq1MATSIgsMSTqjA1zO8ju8DOfgAry4f59W/Qr31jlJRJGrxXUI47QL+4Q3tYw2MQo1TkBE4Z/e6MG5Tb6/gZ5oy"
    "hg1VnkQraYVoXDT36fViQK91UsSlKOIJv55/C34lSaIWyeFbbZLNCN5gHo5KSerNLhT7s/RIFvtp+Ve1sbcmniK1"
    "oHnym+sWqIlA5+mdeWIOn1tRkgBRaRtaDeTQGZYV5IazLmZXN1PgO5qPpxCA0YwCBOQrMzqH2Pat5NitzWEeuLpQ"
    "uiknqnHwgtj7TyLUzJzPLyBVOMY09w08ZjQeLvEQqV48TqpXag2/6RCzQAbqnMOZdKAQIWy2QBtIcZ5j1NWJiG11"
    "VFXTClsv16A+p2V8wzEeJVVnq2Ui5QmvLj/Kq3tk/L9o9vwBmlUBuUFWC81wlsZJJE5PQoiTtpWQitI02o/0s9V4"
    "LJ2oIe2zMPEtNU4UrHvNwUKJod4lGMFGcr1OYwavtVrdJOp1m7wm+k6oDxYk4g4tivQixeJsIH3GOlLmyU6vJrvs"
    "/Du9yp5MuLel8A8/xuqZeqwv9p/64kevibRi9QU0BLUETXC9S8WuBIDeEgn2YHR+7kE4qq5xTKomckDtjsrDTSWp"
    "a+5zbn7xgJDBq034RMJ9VYbBp0t9hFNTWOD4bf5U+I1NlKMpqTFqj5jP00raxXySxwQkK72yiPJJ4f4CuQEaYves"
    "JYPY+440dFNOukdulDqmjNgiKrfZLV8P9EsAfENg06BmkmTggOiNmJtjf0GkaXSEIjWtAKmnTyUGjppB43Wnn9Gk"
    "pZLgUe9k8PHj6vVbIdF1qoMM40jt2quyuctcO5ViADhJ1dM++u7MUHxp0AcQm+KDODg/kaxbswRym2/BnMsT5vzd"
    "IXmmPKWoh0N2KiQPI43MY8zDiPU74babbT3oqOmvSHHaSW5RZPiQ9KkrkNTK18jcDyZetb0OSmP4bSpSUq52aF9J"
    "WVX5aPKpIl/uSLcDo/2OOR8dmSSlGpHSUMwuNZrIS2nUg8bk7XOsMlerwmc7sUissNsAjXt5T5msnrxbTfTKnX9n"
    "3zmI0xv5l4ln5GCgLCAu9VLFwmZmNH+6U+cse/jjGdK6PsqnLEAg7RZccOhEXTAV7ZpgLLbeJDE/7SgvPp/PP3iU"
    "Dc40gYYS5lLaTnKaFH6H8YnPdzUodbHU8K6tCY/SOC2z7Cc+ofOLbxJ5Lz8oIErqW26DuWO1WKRCxSDRF6qVkq+P"
    "pHwfAJKYDYolog+i4aA6wKCUG5MPmiG6aErXRn+U5sEe1Otrov4OsygWbse2k4xthVtuDlKJJur4Ur1Wf1Kj19O3"
    "+JM6IVAKFV9z3L1MYL/cwYfBRThxG01ZK8zHLCpaXU+zTMmZ0QUjtCzESdpNnEvL50fg//pGClAHK4TG3WNVF4ck"
    "CWZteyqwk764l5fD3h+rXE+4yFHgWm3yJSZamkNWNAiMn0jJr15kDO89DKtaucPRcYf/VjxYg1IJxmBdn46eZDm9"
    "lGq/QALtUk6/xc90L/Kmo150uopbX1NNEMYl7e9JlJnW1vS0VOS1OyDBsCdaUbjJciTByqRHh2kW0HFJ0fPVcXSH"
    "6oL3EYCs0HCbmJ7GiUQpVX14gs4OC2i8dYPx8thNMEm7HVTUn88+OmjWBFZmJdIT4tneA8laAkDPMZ2hq4avM1bA"
    "e2pbFI/le3DbDbCIy+4C71OLjI/R8msng3vfoOY60tyhwbmRy7Rc0gmVVAfmtkr8gGCF1JTukDJPscj93iWaWQEq"
    "GINaNUesA0kT7cBE/qlBSGY6e8aIlHpq+rRjSo0DXsON6yaA4LWpVLq2anOiDoOpDpuSdyTX6aYFkgwap7qklmlF"
    "5lC1LuxNq0/4yUB7Mxzy7oMhQHXE8nPx7urmC2/fAJ3LtWQb/a1bhSoL9XyAP8MnzdFIpHRyTSOgS0+En5XPj6KE"
    "uqpQAiPAaOe5P8riozRDkv3J3PqKmvX2RKkl1QWYSHl4ICazao9XxGJYZghT/sH8DPrTVLzVANlMKvhFiPZu0tq+"
    "1ys+J6n78OoazEli9GPA1nonXRA18mgKm5nDiN0Ws5txIoXsbHB5MIGmNa6riSAKuclsqYvIO7Utef1zoubPv5Fc"
    "pSvUB7jRbbzDqZUaAWuvY3dDb1pdgUB7W0TZS5qzTUrgXVf9VT0mkwngwnAywxSi+wLw2IVth9ESjohMjJ8m8k+8"
    "uO3Y9vWk6FE4202cwvmILxS2BIce8YWzmZI3V4pDWJW0dVwbe1P8DE+Eh+0l55a3b52Ygw8AzJwGBMaOXBDvp5e6"
    "sFeBnTmeXI3syYBsi+rF9UIEZXK6uEtt4BlkXmQddae8d5ePzpicB9g52SrShNMdpAPKtxITgXwn5jnUhxcBNa81"
    "O4Vq00M6YALkdC6cnqUWYyFLcROQJrq7T1FcnN9X4POIHgwLiA2MLcGsm9bR5LtYymz3wFgoeqpMfNoE1BDhhFPk"
    "h5Dh8uL5sqP3ss0ceJkiNzj3SHEprPC1WUFqBtPNZD45Mqf8J8RAKwPZKKZYag5m/tgZuv/sxsy9/7B2a5GZG96L"
    "WDhqpuTbTwVxaG9GhHvB0NY22rr1mtnFbDn4DrikzZcxCzSCoBC30KudyDnS9xfPCe3lhfpdx8tUfFC6ZuoPFxdQ"
    "zlxTW4URjLh3nwbkcE/aVJBbxiqGdIIa6lxu37HEbIazPucKnBRLXWBWU/lsm+71BtJuDjhqW8BIBTK871KvJG2X"
    "DywyK/yF+UJPJ8h+uv6zdSE++n0HZWtC1Zvw1/8B9vjBcg=="
)
