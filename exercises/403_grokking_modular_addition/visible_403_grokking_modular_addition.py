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
    found = parts(result, ("restricted", "excluded"), "restricted_and_excluded")
    for name, tensor in zip(("restricted", "excluded"), found, strict=True):
        if tensor.dtype != torch.float64:
            compare.fail(
                f"{name} came back as {tensor.dtype}; torch.float64 is expected.",
                hint="convert the logits with .double() first, and build the directions in float64",
            )
    return found


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
    "eNq9WQ1vG7kR/SuEgSJSTlYtxwEKG7n22jRtgV57aAMcCsPQUbuUxGiX3CN3LauH++99b8hdrxzHl6TBAUGs5ZJD"
    "cubNm4/96aSotK1PLtXJNyrWuqpUG7SLax9qE5Quy6hqX3aVV41aHVTwrW6td1FZp9qtUW98FyxmrnS0caa0K1Vt"
    "dOyCiWrV2apVnhNtVLra+GDbba3i1u8xplu1CX63s26jGh0jVrTb4LvNFiJqzI2y1UwVNhSdbRUPJUOyTVEZ7bpG"
    "Tf5tinSkCxl/OZ2fzNRJaddrW3RVe8DlXmDA3JlQWOyC5+ufTgrcdRlN4V3JkfOz+RkmFU03GkxjR5IWGNha14qU"
    "k++3ttgqvxZVtHuvXFevTIiq2Gq3wYXWwdfQgIHicGUv85y5a3/PI/7LNAZKMBoyNPTb2hpLeAdO2299hXWUwx1W"
    "/YQr6K9br/GOsyi339S7wiTVdK3ooPWh2M61yJg003mQDZc4vgnQ3i0HZ+rxWaNXeFM2JtSTRj1XzUxtjDNB492r"
    "4Rd0foMNbd340GqcIysdxi0JrsKXhicCNhzszaG3VJmJLa+AWwejYlfHhIukJig07PD3FviKej9T0SvAoNAOV60O"
    "uGrc4xUm18QmhgeMyfVr67pW7L2gHZ2ueawT4Bm4Xsamsi2nNT7b8xwPoVsFW9C4vE+X4XLz80x9NmTOjyDzVxis"
    "8oA8XUIVPlpn0qUxEHXdVKZUeGpUU+nCREHKt3qXzN3qVSVwgLEqgOV6HcyPnXHFQd3hwLHVxQ46ir1gooGP8kDH"
    "gTr3St9x83WblKcGGcl/15VuW+NGCBKxk2vZcw7Jk+ksHWAOuZMpNi5t/WoxneelE+hgQfgIoLlF/LGjhYP3LU9/"
    "rn5LIK1MBW1QCw5bOIECXy/wOv4YiMFHcHXxNK7+Gdqtd6SKKkGL75KG0yngH97QPtbAKOQ4BRqBc/avK+M27fYS"
    "fqZJYzhQ4wm0mlaIxkXzEF4vR/BaJ0ZcCiMe4evFr4GvREnkIrl85iY5jOgbyMNVSUmD2QVif5QZyWLfL/+sNvbW"
    "xGNNXdM85c1VVtRMVOfpnWVCDp8zKUmAaLQNmQO5dIFtRXNjqdeLy5s59Ds5n85BAJMFCQiab8zkFGQ7jBJjt7aE"
    "eeDqAumunikf1H9N8BFsaXojd7X4VovABXZZmNPzM/AW7jQvfQf3mUzH+z2GsJdPI+wbtYYT9eqzUBOouoRn6UBW"
    "QgzNWjfg5bLEqssjRtvqqJous9zA3fADimWwg2c/ibDecMuE0COQXXwQZA+Q+X9h7sUjmGsCEoWiFczhLp2TsJye"
    "BB1HYytBGHlqsp/or1bTqUwioeRngeVbEp7QWf+aiwUfY/JLagQ0Cfw2rRm91mp1k3DYH/KK2nfiBwSMoHhsUeQa"
    "KTAXIx401hEyz3Z6NdsVp1/rVfFsxrMtBYz4MVVfqafm4vxpLn4MBEkrNp8BQ0BLtAm093nZpShgsERSezC6PPUA"
    "HCnYOGZYM7mgdgfl4bOS4XUPMXd+9girwcVN+EjAfVGE0Z/1ARRGlgEL5GSq8hubIEdTknDUHgkAbys5GJNLXhMq"
    "WemVRchPdPcncA+0IXYvMhjE3vegoZtS6B6JUpqY0mOLEJ1TXb4ekZko8A0VmxZ1s0QDdwjlCMAlzhckzk8OYKQu"
    "E5B6/lwC4qQbDV71ZBpN2iqxH8lPFh/yvJnqHI4ThxTiIe9NsoaeZ1V9mPV+Ka66nq2QphzIeXtVd/fpb89ujCJH"
    "+X46/zCdaY6vDebANKZ6L5ieH1HdrVlC45tfA3EXR4j7m0NMIa2l0IlL9uwlDxON9GXKywhqesK3m207mqjp58iT"
    "spBbVCo+JF7rqyy18i3S/zsTL/OsO6Wx/DZVOinhu8uvpDZrfDTlXBFn92Ddwbx+R+uTAAhushhdAUzb51czeSmD"
    "ejSYWOIcu5yrVeWLnVgkNjhtADe+esBoVs/erWZ65U6/tu8cSO2N/CvEo0ogVzYQV3ylYmULMzl/vlOnrJ344yvk"
    "hkOqkFIJUWm/4TWXztQZ89l+CMbi6E0KAscT5cWn4/lbeokzXaChBLmkxKPEKIXtcVzj830hSz6tNbxya8KTME7b"
    "LAfBR3B++atE7Iv3qpCavFjaYO5RLRZpUHZI1AbbpQzuA3njewpJyAbEEtBHUXRUYmBRSrCJB83QXnW1y1kD6vtg"
    "79TrK2r9HaQoVn+HPEnWZsKX9kOq84RVX6nX6g9q8nr+Fn8y1c0SFF9z3YMMYr/cwYeBRThxjsIsOM6nrExyPEhS"
    "5sTM5IyRXTaikHyIUxn59Mj9H99JFetghdC5B6jq45dk0iyQjwl2NnQI5OV49ofK3yMschWw1ppyCUFLc1dUHQLq"
    "R0Lyi1cq4+aJYWksjSAdd/hvxYt1qLdgDDYH0tUTLaeX0jKokHi7VBhs8TM1V9700ItON3HrW7IJwr/UDgOICpNt"
    "TU9LlWI+AQGGM9GKgk3WNEmtTJZ0mBcoO+KSpOebw+Req9dsakBllYbbxPQ0TSBKKe7jAno7XIPjrRutl8dewCyd"
    "dlSWfzr66KBFF1je1UhrqM/cTJK9RAEDxnSBqRq+zlgB72ltVT2VJ8JtN9BFXPZdwI8tTj4Eyy+dRO59h1rtQHOH"
    "DvdGLpOxpJNWUiZV2ibhQ2pMGUqNqMKTLEq/dwlmVhQVjEHBWyLWAaQJdkAi/7QAJDOdPWNESlk1fdoxFccFr+DG"
    "bRcA8NY0KvW+ck7U62Cuw6Zmo+UqtWtAyYBxqmdaESs0V/n9tb3J/ISfDLQ34yXv3lsCrU5Ytl6/u7z5zBYeVOdK"
    "LdnG0LprUJ0FVQb4M3zSHIxESie9HlG6zET4WfnyIEyomwalMwKMdp7nIy0+CTMk5x+NrS/IWW+PmFpSXSgTKQ8v"
    "xGRW7fGKuhiXJ4KUvzM/A/90DVsjAJtJjQIhor2bZdsPfMXnRHXv97+BnERG3wUcbXDSa2qNOJrDZuZuwmnXi5tp"
    "AoWcbNR0mIHTOtfXUiCF0hS21lVkY25LXP+QoPnDLyRXqQ/7CDb6g/d6ylQjytrr2Lf5TeYVELS3VZSzJJk5KYF3"
    "XQ79fhuTALgwnMwwheg/IzzV9e11tGSnaCnfN8qP7P72aPtyVPSkOvMhjtX5hC9UtgaGnvCFk4WSN5eKS1iV5Dou"
    "x94UP8MzwWFuom3ZwuvJHHiAwsxxQGDsKEXjg3ipCwcW2JnDUUtlTwQUW1QvbiAiMJPT1X1qA88g8iLrKGHeHEbK"
    "tCL5Q9eUujU5BaRE0G7m9VU6ZMQ91SR/ogpmjZ35bYS5lk5tXXI+uP6l+k1Wyv1h1uxLyXZ5o8XZGTab3keC+46q"
    "M6akQndOVIe05VgjSbZ8ADIRSOiDSwk2ZEOjZa+2Z8ycrpIQkoGOZcEaLP0Ym9lSMAFpq7v/vsbN+dEIHIRoxjCF"
    "WEWd4P5ddnz52Jcy7T1sLi5zzJR82gTUNOEI48SrgPPi7MWyd7dlzmTYFJJO1AOQXghKfWtWoL6RuIXIkytT5D9A"
    "TloZ0Fg1x1bn8JTveuAN3xJZSQxfC28tKgXD/o4FcRRKPmg1IKvc4RFfCIbYs9G22YsXZ4vl6OPmkiZexiLQCKKF"
    "uAVAdhJeUE68fEHVXpwBIdlPUjFEKl2o3wETCR4xETczgPvvHXK5Zzk15ZGxiyG8wc66lE8K2GKxwF1fcAcKxVZn"
    "kGoaX2xTf3IUaswdrpoLKqmIxn079U2CdttLBcaZvwxwQhhKbUzbVsIZf+lVmU2oBhP+/D/6igmT"
)
