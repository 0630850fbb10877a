"""Graders of 403, part 2: the exact adder, the fit of the logits, the frequencies of neurons.

Oracles: the closed form by loops over triples, least squares on an explicit design matrix, and
planted neurons.
"""

import itertools
import math

import pytest
import torch

from firsthand import compare

PRIMES = (5, 7, 11, 13)


def drawn(generator, low, high):
    """An integer from low to high - 1."""
    return int(torch.randint(low, high, (), generator=generator))


def some_frequencies(generator, p, n):
    """Draw n different frequencies in random order."""
    return (torch.randperm((p - 1) // 2, generator=generator)[:n] + 1).tolist()


def adder_by_loop(p, freqs, sharp, *, signs=(1, 1, -1), inside=1.0):
    """The sum of cosines for every triple; the switches are known mistakes."""
    out = torch.zeros(p, p, p, dtype=torch.float64)
    for a, b, c in itertools.product(range(p), repeat=3):
        turn = signs[0] * a + signs[1] * b + signs[2] * c
        out[a, b, c] = sharp * sum(math.cos(inside * 2 * math.pi * k * turn / p) for k in freqs)
    return out


def mixed_signs(p, freqs, sharp):
    """What cos cos + sin sin in place of cos cos - sin sin gives."""
    w = 2 * math.pi / p * torch.tensor(freqs, dtype=torch.float64)[:, None, None, None]
    a, b, c = torch.meshgrid(*3 * [torch.arange(p)], indexing="ij")
    terms = (w * (a - b)).cos() * (w * c).cos() + (w * (a + b)).sin() * (w * c).sin()
    return sharp * terms.sum(0)


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

    @pytest.mark.weight(3)
    def test_logits_are_the_sum_of_cosines_for_any_prime(self, submission, generator):
        for _ in range(4):
            p = PRIMES[drawn(generator, 0, 4)]
            freqs = some_frequencies(generator, p, 2)
            sharp = 0.5 + 3 * float(torch.rand((), generator=generator))
            table = torch.zeros(p, p, p, dtype=torch.float64)
            for a, b in itertools.product(range(p), repeat=2):
                table[a, b, (a + b) % p] = sharp
            exact = adder_by_loop(p, freqs, sharp)
            known = {
                "sum over all frequencies": adder_by_loop(p, freqs[:1], sharp),
                "cos cos - sin sin: you computed a - b": adder_by_loop(p, freqs, sharp,
                                                                       signs=(1, -1, -1)),
                "c enters with a minus": adder_by_loop(p, freqs, sharp, signs=(1, 1, 1)),
                "mind the sign: cos(x + y) = cos x cos y - sin x sin y":
                    mixed_signs(p, freqs, sharp),
                "no table of answers: logits must be smooth in c": table,
                "`sharp` multiplies the logits": exact / sharp,
                "`sharp` multiplies the logits, not the angle":
                    adder_by_loop(p, freqs, 1.0, inside=sharp),
                "a sum, not a mean over frequencies": exact / len(freqs),
                "the axes are a, b, c": exact.permute(2, 0, 1),
            }  # fmt: skip
            compare.close(
                submission.fourier_adder(p, freqs, sharp),
                exact,
                rtol=0,
                atol=1e-11,
                what="fourier_adder",
                hint="sharp times the sum over freqs of cos(w_k (a + b - c)), in float64",
                known=known,
            )

    def test_the_result_is_float64_and_answers_every_sum(self, submission, generator):
        for p in (23, 31, 37):
            freqs = some_frequencies(generator, p, 1 + drawn(generator, 0, 4))
            logits = submission.fourier_adder(p, freqs, 1.0)
            compare.shape(logits, (p, p, p), what="fourier_adder")
            if logits.dtype != torch.float64:
                compare.fail(
                    f"fourier_adder came back as {logits.dtype}; torch.float64 is expected.",
                    hint="compute the angles in float64",
                    recognised=True,
                )
            x = torch.arange(p)
            compare.equal(
                logits.argmax(-1),
                (x[:, None] + x) % p,
                what="the best answers",
                hint="the peak is where c = a + b modulo p",
            )

    def test_sharp_scales_the_logits_and_may_be_negative_or_zero(self, submission, generator):
        for sharp in (-2.0, 0.0, 7.5):
            p = PRIMES[drawn(generator, 0, 4)]
            freqs = some_frequencies(generator, p, 2)
            with compare.unchanged(freqs=freqs):
                got = submission.fourier_adder(p, freqs, sharp)
            compare.close(
                got,
                adder_by_loop(p, freqs, sharp),
                rtol=0,
                atol=1e-10,
                what=f"fourier_adder with sharp = {sharp}",
                hint="`sharp` multiplies the logits",
            )


def waves(p, freqs, signs=(1, 1, -1)):
    """One column cos(w_k (a + b - c)) for each frequency: [p^3 k]."""
    return torch.stack([adder_by_loop(p, [k], 1.0, signs=signs).flatten() for k in freqs], dim=1)


def fve_by_least_squares(
    logits, freqs, *, centre=True, pairs=False, common=False, signs=(1, 1, -1)
):
    """1 - residual / total with an explicit design matrix; the switches are known mistakes."""
    p = len(logits)
    y = logits.double()
    y = y - y.mean(-1, keepdim=True) if centre else y
    y = (y - y.mean((0, 1)) if pairs else y).flatten()
    design = waves(p, freqs, signs)
    design = design.sum(1, keepdim=True) if common else design
    fit = design @ torch.linalg.lstsq(design, y[:, None]).solution
    return float(1 - (y - fit[:, 0]).pow(2).sum() / y.pow(2).sum())


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

    @pytest.mark.weight(3)
    def test_it_is_the_share_explained_by_least_squares(self, submission, generator):
        hint = "centre over c, one coefficient for each frequency, 1 - residual / total"
        for _ in range(4):
            p = (7, 11)[drawn(generator, 0, 2)]
            freqs = some_frequencies(generator, p, 3)
            sizes = torch.rand(3, generator=generator, dtype=torch.float64) * 3 - 1.5
            logits = torch.randn(p, p, p, generator=generator, dtype=torch.float64)
            for k, size in zip(freqs, sizes.tolist(), strict=True):
                logits += adder_by_loop(p, [k], 1.0) * (size + math.copysign(0.5, size))
            logits += 3 * torch.rand(p, p, 1, generator=generator, dtype=torch.float64) + 1
            exact = fve_by_least_squares(logits, freqs[:2])
            known = {
                "softmax ignores constants: subtract the mean over c":
                    fve_by_least_squares(logits, freqs[:2], centre=False),
                "subtract the mean over c only, not the mean over pairs": fve_by_least_squares(
                    logits, freqs[:2], pairs=True
                ),
                "one coefficient for each frequency, not a common one":
                    fve_by_least_squares(logits, freqs[:2], common=True),
                "c enters with a minus": fve_by_least_squares(logits, freqs[:2], signs=(1, 1, 1)),
                "a plus b": fve_by_least_squares(logits, freqs[:2], signs=(1, -1, -1)),
                "squares, not their root: 1 - residual / total": exact**0.5,
                "sum over all of `freqs`": fve_by_least_squares(logits, freqs[:1]),
                "that is what is *not* explained": 1 - exact,
            }  # fmt: skip
            with compare.unchanged(logits=logits):
                got = submission.fve_trig(logits, freqs[:2])
            compare.close(
                compare.number(got, what="fve_trig"),
                exact,
                rtol=0,
                atol=1e-8,
                what="fve_trig",
                hint=hint,
                known=known,
            )

    def test_what_is_added_to_all_answers_of_a_pair_changes_nothing(self, submission, generator):
        for _ in range(3):
            p = (7, 11, 13)[drawn(generator, 0, 3)]
            logits = torch.randn(p, p, p, generator=generator, dtype=torch.float64)
            logits += 2 * adder_by_loop(p, [1], 1.0)
            shifted = logits + 50 * torch.randn(p, p, 1, generator=generator, dtype=torch.float64)
            compare.close(
                compare.number(submission.fve_trig(shifted, [1, 2]), what="fve_trig"),
                fve_by_least_squares(logits, [1, 2]),
                rtol=0,
                atol=1e-6,  # float32 has tests of its own
                what="fve_trig after a shift",
                hint="softmax ignores constants: subtract the mean over c",
            )

    def test_a_bias_of_the_answers_counts_as_variance(self, submission, generator):
        for _ in range(3):
            p = (7, 11)[drawn(generator, 0, 2)]
            logits = adder_by_loop(p, [2], 1.0) + 2 * torch.randn(
                p, generator=generator, dtype=torch.float64
            )
            compare.close(
                float(submission.fve_trig(logits, [2])),
                fve_by_least_squares(logits, [2]),
                rtol=0,
                atol=1e-8,
                what="fve_trig of logits with a bias for each answer",
                hint="only the mean over c is subtracted, not the mean over pairs",
            )

    def test_constant_logits_and_empty_lists_give_zero(self, submission, generator):
        level = float(drawn(generator, 1, 9))
        noise = torch.randn(5, 5, 5, generator=generator)
        uneven = torch.rand(11, 11, 1, generator=generator, dtype=torch.float64).expand(11, 11, 11)
        for logits, freqs in (
            (torch.zeros(7, 7, 7), [1]), (torch.full((5, 5, 5), level), [1, 2]), (noise, []),
            (torch.full((7, 7, 7), 0.1, dtype=torch.float64), [1, 2, 3]),
            (torch.full((11, 11, 11), 0.1, dtype=torch.float64), [2]),
            (uneven.contiguous(), [1, 2, 3, 4, 5]),
        ):  # fmt: skip
            compare.close(
                compare.number(submission.fve_trig(logits, freqs), what="fve_trig"),
                0.0,
                atol=1e-12,
                what="fve_trig of constant logits or without frequencies",
                hint="what happens when the denominator is zero or only rounding, "
                "or the list empty?",
            )

    def test_the_size_of_the_logits_changes_no_share(self, submission, generator):
        for scale in (1e-7, 1e-4, 1e6):
            p = (5, 7)[drawn(generator, 0, 2)]
            logits = torch.randn(p, p, p, generator=generator, dtype=torch.float64)
            logits += 2 * adder_by_loop(p, [1], 1.0)
            compare.close(
                compare.number(submission.fve_trig(scale * logits, [1, 2]), what="fve_trig"),
                fve_by_least_squares(logits, [1, 2]),
                rtol=0,
                atol=1e-6,  # float32 has tests of its own
                what=f"fve_trig of logits times {scale:g}",
                hint="a share does not depend on the unit: no fixed limit decides what is zero",
            )

    def test_small_waves_on_large_float32_logits_are_measured_in_float64(
        self, submission, generator
    ):
        for _ in range(3):
            p = 11
            logits = adder_by_loop(p, [3], 1e-3).float()
            logits += 4 * drawn(generator, 100, 200)  # a step of float32 there is 3e-5 to 6e-5
            expected = fve_by_least_squares(logits, [3])
            compare.close(
                float(submission.fve_trig(logits, [3])),
                expected,
                atol=1e-6,
                what="fve_trig of a small wave on a large constant",
                hint="convert to float64 before you subtract the mean",
            )

    @pytest.mark.weight(2)
    def test_small_waves_on_large_float64_logits_are_measured(self, submission, generator):
        # part: of the squares of the logits, in all y together
        for part, scale in ((1e-4, 1.0), (1e-8, 1.0), (1.6e-20, 1e4), (1.6e-20, 1e-4)):
            p = (5, 7)[drawn(generator, 0, 2)]
            small = torch.randn(p, p, p, generator=generator, dtype=torch.float64)
            small += 2 * adder_by_loop(p, [1], 1.0)
            small = small - small.mean(-1, keepdim=True)
            level = 1 + torch.rand(p, p, 1, generator=generator, dtype=torch.float64)
            unit = (p * level.pow(2).sum() / small.pow(2).sum()).sqrt()
            logits = scale * (level + part**0.5 * unit * small)
            compare.close(
                compare.number(submission.fve_trig(logits, [1, 2]), what="fve_trig"),
                fve_by_least_squares(small, [1, 2]),
                rtol=0,
                atol={1e-4: 1e-11, 1e-8: 1e-9}.get(part, 1e-4),
                what="fve_trig of a small wave on a large constant",
                hint="zero is: a sum of y ** 2 of at most 1e-20 of that of the logits"
                if part < 1e-8
                else "compute in float64: what remains after the mean is small",
                known={
                    "keep float64: you rounded the logits to float32":
                        fve_by_least_squares(logits.float().double(), [1, 2]),
                } if part >= 1e-8 else None,
            )  # fmt: skip


TERMS = ("cos a", "sin a", "cos b", "sin b", "cos cos", "cos sin", "sin cos", "sin sin")


def design_of(p, k):
    """The eight functions on all pairs: [p*p 8]."""
    w, rows = 2 * math.pi * k / p, []
    for a in range(p):
        for b in range(p):
            ca, sa, cb, sb = math.cos(w * a), math.sin(w * a), math.cos(w * b), math.sin(w * b)
            rows.append([ca, sa, cb, sb, ca * cb, ca * sb, sa * cb, sa * sb])
    return torch.tensor(rows, dtype=torch.float64)


def fve_of_frequencies(activations, terms=range(8), *, centre=True):
    """FVE [k n] of every frequency by least squares."""
    p = math.isqrt(len(activations))
    y = activations.double()
    y = y - y.mean(0) if centre else y
    found = []
    for k in range(1, (p - 1) // 2 + 1):
        design = design_of(p, k)[:, list(terms)]
        fit = design @ torch.linalg.lstsq(design, y).solution
        found.append(1 - (y - fit).pow(2).sum(0) / y.pow(2).sum(0))
    return torch.stack(found)


def planted_neurons(generator, p, n, noise):
    """ReLU neurons of one frequency each: activations [p*p n] and frequencies [n]."""
    a, b = torch.arange(p).repeat_interleave(p)[:, None], torch.arange(p).repeat(p)[:, None]
    k = torch.randint(1, (p - 1) // 2 + 1, (n,), generator=generator)
    phase = 2 * math.pi * torch.rand(3, n, generator=generator, dtype=torch.float64)
    w = 2 * math.pi * k / p
    inside = (w * a + phase[0]).cos() + (w * b + phase[1]).cos() * 1.3
    inside = inside + 0.8 * (w * (a + b) + phase[2]).cos() + 0.2
    out = inside.relu()
    return out + noise * torch.randn(out.shape, generator=generator, dtype=torch.float64), k


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

    @pytest.mark.weight(3)
    def test_the_share_is_that_of_the_eight_functions_together(self, submission, generator):
        hint = "fit all eight functions together to the centred activation"
        for _ in range(3):
            p = (7, 11)[drawn(generator, 0, 2)]
            activations, _ = planted_neurons(generator, p, 6 + drawn(generator, 0, 3), 0.3)
            table = fve_of_frequencies(activations)
            alone = torch.stack([fve_of_frequencies(activations, [i]) for i in range(8)])
            known = {
                "products count: they are what the MLP makes":
                    fve_of_frequencies(activations, range(4)).amax(0),
                "single numbers count too, not only the products":
                    fve_of_frequencies(activations, range(4, 8)).amax(0),
                "cos(w b) and sin(w b) are two of the eight": fve_of_frequencies(
                    activations, [0, 1, 4, 5, 6, 7]
                ).amax(0),
                "cos(w a) and sin(w a) are two of the eight": fve_of_frequencies(
                    activations, range(2, 8)
                ).amax(0),
                "all eight functions together, not the best of them": alone.amax((0, 1)),
                "variance, not the second moment: subtract the mean":
                    fve_of_frequencies(activations, centre=False).amax(0),
            }  # fmt: skip
            with compare.unchanged(activations=activations):
                frequency, explained = found_by(submission, activations)
            compare.close(
                explained.double(),
                table.amax(0),
                rtol=1e-6,
                atol=1e-8,
                hint=hint,
                what="the FVE of the neurons",
                known=known,
            )
            compare.equal(
                frequency,
                table.argmax(0) + 1,
                what="the frequencies of the neurons",
                hint="the frequency with the largest FVE, counted from 1",
                known={"frequencies are counted from 1": table.argmax(0)},
            )

    def test_planted_frequencies_are_found_for_any_prime(self, submission, generator):
        for p in (13, 17, 23):
            activations, k = planted_neurons(generator, p, 30, 0.05)
            frequency, _ = found_by(submission, activations)
            compare.equal(
                frequency,
                k,
                what="the frequencies of planted neurons",
                hint="row a * p + b belongs to (a, b); frequencies run to (p-1)/2",
                known={"k and p - k are the same: 1 to (p-1)/2": p - k},
            )

    def test_functions_of_one_number_are_explained_too(self, submission, generator):
        for _ in range(3):
            p = (7, 11, 13)[drawn(generator, 0, 3)]
            k = drawn(generator, 1, (p + 1) // 2)
            x = torch.arange(p, dtype=torch.float64) * 2 * math.pi * k / p
            only_a = (x + 1).cos().repeat_interleave(p)
            only_b = (x + 2).cos().repeat(p)
            frequency, explained = found_by(submission, torch.stack([only_a, only_b], 1))
            compare.equal(
                frequency,
                torch.tensor([k, k]),
                what="the frequencies",
                hint="cos(w a), sin(w a), cos(w b), sin(w b) are four of the eight",
            )
            compare.close(
                explained.double(),
                torch.ones(2, dtype=torch.float64),
                atol=1e-8,
                what="the FVE of waves of one number",
                hint="cos(w a), sin(w a), cos(w b), sin(w b) are four of the eight",
            )

    @pytest.mark.weight(2)
    def test_the_eight_functions_of_a_frequency_compete_together(self, submission, generator):
        wrong_choice = "the frequency whose eight functions together explain most, not the one \
with the largest single function"
        for p in (7, 11, 13):
            n = 6
            activations = 0.05 * torch.randn(p * p, n, generator=generator, dtype=torch.float64)
            truth = []
            for i in range(n):
                first, second = some_frequencies(generator, p, 2)
                truth.append(first)
                sizes = 1 + 0.2 * torch.rand(8, generator=generator, dtype=torch.float64)
                waves = design_of(p, first)
                activations[:, i] += (waves / waves.norm(dim=0)) @ sizes * p
                loud = design_of(p, second)[:, drawn(generator, 0, 8)]
                activations[:, i] += 2 * p * loud / loud.norm()
            table = fve_of_frequencies(activations)
            alone = torch.stack([fve_of_frequencies(activations, [i]) for i in range(8)])
            loudest = alone.amax(0).argmax(0)
            frequency, explained = found_by(submission, activations)
            compare.equal(
                frequency,
                torch.tensor(truth),
                what="the tensor of frequencies",
                hint="compare what the eight functions of each frequency explain together",
                known={wrong_choice: loudest + 1},
            )
            compare.close(
                explained.double(),
                table.amax(0),
                rtol=0,
                atol=1e-6,
                what="the FVE of the neurons",
                hint="the FVE of the chosen frequency",
            )

    def test_dead_neurons_have_fve_0(self, submission, generator):
        for p in (5, 7, 11):
            activations, _ = planted_neurons(generator, p, 4, 0.1)
            activations[:, 1] = 0
            activations[:, 2] = 0.1 + drawn(generator, 1, 5)
            frequency, explained = found_by(submission, activations.float())
            compare.close(
                explained[1:3].double(),
                torch.zeros(2).double(),
                atol=1e-6,
                what="the FVE of neurons that never change",
                hint="a dead neuron has no variance: return 0, not nan",
            )
            if not bool(((frequency >= 1) & (frequency <= (p - 1) // 2)).all()):
                compare.fail("a dead neuron has a frequency outside of 1 to (p-1)/2.")
            table = fve_of_frequencies(activations.float()[:, [0, 3]])
            compare.close(
                explained[[0, 3]].double(),
                table.amax(0),
                atol=1e-6,
                what="the FVE of the living neurons beside dead ones",
                hint="dead neurons change nothing for the others",
            )

    def test_dead_neurons_of_any_size_are_dead(self, submission, generator):
        for p, size in ((5, 1e6), (7, 3e8), (11, 1e-3)):
            level = size * torch.rand(6, generator=generator, dtype=torch.float64)
            _, explained = found_by(submission, level.expand(p * p, 6).contiguous())
            compare.close(
                explained.double(),
                torch.zeros(6).double(),
                atol=1e-6,
                what="the FVE of neurons that never change, at a high level",
                hint="rounding in the mean is no variance: compare with the size of the activation",
            )

    def test_living_neurons_of_any_size_are_alive(self, submission, generator):
        for p, size in ((5, 1e-7), (7, 1e7), (11, 1e-4)):
            activations, _ = planted_neurons(generator, p, 4, 0.2)
            _, explained = found_by(submission, size * activations)
            compare.close(
                explained.double(),
                fve_of_frequencies(activations).amax(0),
                rtol=1e-5,
                atol=1e-6,
                what=f"the FVE of activations times {size:g}",
                hint="a share does not depend on the unit: no fixed limit decides what is dead",
            )

    @pytest.mark.weight(2)
    def test_small_changes_on_a_high_level_are_alive(self, submission, generator):
        dead = "dead is at most 1e-20 of the sum of squares of the activation, nothing above"
        for part, tolerance, hint in (
            (1e-8, 1e-9, "convert the activations to float64 before you subtract the mean"),
            (1e-13, 1e-5, dead),
            (1.6e-20, 1e-4, dead),
            (0.6e-20, 1e-4, "at most 1e-20 of the sum of squares of the activation is dead"),
        ):
            p = (5, 7)[drawn(generator, 0, 2)]
            small, _ = planted_neurons(generator, p, 4, 0.2)
            small = small - small.mean(0)
            level = 1 + torch.rand(4, generator=generator, dtype=torch.float64)
            unit = (p * p * level.pow(2) / small.pow(2).sum(0)).sqrt()
            scale = 1e3 if part < 1e-13 else 1.0
            _, explained = found_by(submission, scale * (level + part**0.5 * unit * small))
            zeros = torch.zeros(4, dtype=torch.float64)
            compare.close(
                explained.double(),
                zeros if part < 1e-20 else fve_of_frequencies(small).amax(0),
                rtol=0,
                atol=tolerance,
                what="the FVE of neurons that change little",
                hint=hint,
                known={dead: zeros} if part > 1e-20 else None,
            )
