"""Named wrong answers of 403, each with the test and the hint that must catch it."""

import math

import torch

from firsthand.wrong import edit, wrong

# modadd_split

edit(
    "modadd_split",
    "lets_b_change_slowly",
    old="torch.stack([a, b, torch.full_like(a, p)], dim=1)",
    new="torch.stack([b, a, torch.full_like(a, p)], dim=1)",
    caught_by="test_rows_are_all_pairs_with_a_slow_and_end_in_the_token_p",
    hint="a is the slow number",
)
edit(
    "modadd_split",
    "writes_0_for_the_equals_sign",
    old="torch.full_like(a, p)",
    new="torch.full_like(a, 0)",
    caught_by="test_rows_are_all_pairs_with_a_slow_and_end_in_the_token_p",
    hint="token p is '='",
)
edit(
    "modadd_split",
    "multiplies",
    old="(a + b) % p",
    new="(a * b) % p",
    caught_by="test_labels_are_sums_modulo_p",
    hint="the task is addition",
)
edit(
    "modadd_split",
    "does_not_reduce",
    old="(a + b) % p",
    new="a + b",
    caught_by="test_labels_are_sums_modulo_p",
    hint="reduce modulo p",
)
edit(
    "modadd_split",
    "rounds_the_size",
    old="int(frac * p * p)",
    new="round(frac * p * p)",
    caught_by="test_train_and_test_part_the_rows_and_train_has_the_stated_size",
    hint="round down",
)
edit(
    "modadd_split",
    "draws_with_replacement",
    old="torch.randperm(p * p, generator=generator)",
    new="torch.randint(p * p, (p * p,), generator=generator)",
    caught_by="test_train_and_test_part_the_rows_and_train_has_the_stated_size",
    hint="disjoint and complete",
)
edit(
    "modadd_split",
    "tests_on_everything",
    old="order[size:]",
    new="order",
    caught_by="test_train_and_test_part_the_rows_and_train_has_the_stated_size",
    hint="not in train",
)
edit(
    "modadd_split",
    "splits_by_a",
    old="torch.randperm(p * p, generator=generator)",
    new="(torch.randperm(p, generator=generator)[:, None] * p + torch.arange(p)).flatten()",
    caught_by="test_the_split_is_by_random_pairs",
    hint="random pairs, not rows in a block",
)
edit(
    "modadd_split",
    "takes_the_first_rows",
    old="torch.randperm(p * p, generator=generator)",
    new="torch.arange(p * p)",
    caught_by="test_the_split_is_by_random_pairs",
    hint="shuffle the row numbers",
)
edit(
    "modadd_split",
    "draws_from_the_global_generator",
    old="torch.randperm(p * p, generator=generator)",
    new="torch.randperm(p * p)",
    caught_by="test_the_seed_decides_and_nothing_else",
    hint="draw from `generator`",
)


@wrong(
    "modadd_split",
    caught_by="test_every_subset_of_the_rows_is_equally_likely",
    hint="no balancing",
)
def gives_every_answer_equally_many_training_rows(p, frac, generator):
    a, b = torch.arange(p).repeat_interleave(p), torch.arange(p).repeat(p)
    labels, size = (a + b) % p, int(frac * p * p)
    order = torch.randperm(p * p, generator=generator)
    place = torch.zeros(p * p)  # first one row of each answer, in random order, then the next
    for answer in torch.randperm(p, generator=generator).tolist():
        own = order[labels[order] == answer]
        place[own] = torch.arange(p) + torch.rand((), generator=generator)
    order = place.argsort()
    return torch.stack([a, b, torch.full_like(a, p)], dim=1), labels, order[:size], order[size:]


edit(
    "modadd_split",
    "turns_one_fixed_order",
    old="torch.randperm(p * p, generator=generator)",
    new="torch.randperm(p * p, generator=torch.Generator().manual_seed(0)).roll("
    "int(torch.randint(p * p, (), generator=generator)))",
    caught_by="test_every_subset_of_the_rows_is_equally_likely",
    hint="a turn of one fixed order",
)

# fourier_basis

edit(
    "fourier_basis",
    "forgets_the_length",
    old="(2 / p) ** 0.5 * waves",
    new="waves",
    caught_by="test_rows_are_constant_then_cosine_and_sine_of_each_frequency",
    hint="rows need length 1",
)
edit(
    "fourier_basis",
    "puts_all_cosines_first",
    old="torch.stack([angle.cos(), angle.sin()], dim=1).flatten(0, 1)",
    new="torch.cat([angle.cos(), angle.sin()])",
    caught_by="test_rows_are_constant_then_cosine_and_sine_of_each_frequency",
    hint="stand side by side",
)
edit(
    "fourier_basis",
    "puts_the_sine_first",
    old="[angle.cos(), angle.sin()]",
    new="[angle.sin(), angle.cos()]",
    caught_by="test_rows_are_constant_then_cosine_and_sine_of_each_frequency",
    hint="the cosine comes before the sine",
)
edit(
    "fourier_basis",
    "transposes",
    old="return torch.cat([constant, (2 / p) ** 0.5 * waves])",
    new="return torch.cat([constant, (2 / p) ** 0.5 * waves]).T.contiguous()",
    caught_by="test_rows_are_constant_then_cosine_and_sine_of_each_frequency",
    hint="rows are basis functions",
)
edit(
    "fourier_basis",
    "forgets_the_whole_turn",
    old="2 * math.pi / p * k",
    new="math.pi / p * k",
    caught_by="test_rows_are_constant_then_cosine_and_sine_of_each_frequency",
    hint="w = 2 pi k / p",
)
edit(
    "fourier_basis",
    "starts_at_frequency_0",
    old="torch.arange(1, (p - 1) // 2 + 1,",
    new="torch.arange((p - 1) // 2,",
    caught_by="test_rows_are_constant_then_cosine_and_sine_of_each_frequency",
    hint="constant, cos and sin",
)
edit(
    "fourier_basis",
    "computes_angles_in_float32",
    old="torch.arange(1, (p - 1) // 2 + 1, dtype=torch.float64)",
    new="torch.arange(1, (p - 1) // 2 + 1)",
    caught_by="test_rows_are_orthonormal_in_float64",
    hint="compute the angles in float64",
)
edit(
    "fourier_basis",
    "returns_float32",
    old="return torch.cat([constant, (2 / p) ** 0.5 * waves])",
    new="return torch.cat([constant, (2 / p) ** 0.5 * waves]).float()",
    caught_by="test_rows_are_orthonormal_in_float64",
    hint="vanish in float32",
)
edit(
    "fourier_basis",
    "accepts_even_p",
    old="if p < 3 or p % 2 == 0:",
    new="if p < 3:",
    caught_by="test_even_p_and_p_below_3_are_refused",
    hint="even p",
)
edit(
    "fourier_basis",
    "accepts_p_1",
    old="if p < 3 or p % 2 == 0:",
    new="if p % 2 == 0:",
    caught_by="test_even_p_and_p_below_3_are_refused",
    hint="refuse p below 3",
)

# frequency_shares

edit(
    "frequency_shares",
    "counts_the_constant",
    old="return power / power.sum()",
    new="return power / coefficients.pow(2).sum()",
    caught_by="test_shares_are_squared_coefficients_pooled_over_cosine_and_sine",
    hint="the constant is no frequency",
)
edit(
    "frequency_shares",
    "does_not_square",
    old="coefficients[1:].pow(2)",
    new="coefficients[1:].abs()",
    caught_by="test_shares_are_squared_coefficients_pooled_over_cosine_and_sine",
    hint="*squared* coefficient",
)
edit(
    "frequency_shares",
    "counts_cosine_and_sine_apart",
    old=".reshape(-1, 2).sum(1)",
    new="",
    caught_by="test_shares_are_squared_coefficients_pooled_over_cosine_and_sine",
    hint="a frequency is a pair",
)
edit(
    "frequency_shares",
    "pairs_the_wrong_rows",
    old="coefficients[1:].pow(2).sum(1)",
    new="coefficients[:-1].pow(2).sum(1)",
    caught_by="test_shares_are_squared_coefficients_pooled_over_cosine_and_sine",
    hint="squares of cosine and sine",
)
edit(
    "frequency_shares",
    "takes_norms",
    old=".reshape(-1, 2).sum(1)",
    new=".reshape(-1, 2).sum(1).sqrt()",
    caught_by="test_shares_are_squared_coefficients_pooled_over_cosine_and_sine",
    hint="no root",
)
edit(
    "frequency_shares",
    "looks_at_one_column",
    old="pow(2).sum(1).reshape",
    new="pow(2)[:, 0].reshape",
    caught_by="test_shares_are_squared_coefficients_pooled_over_cosine_and_sine",
    hint="over all columns",
)
edit(
    "frequency_shares",
    "is_nan_without_power",
    old="power / power.sum() if power.sum() > flat else torch.zeros_like(power)",
    new="power / power.sum()",
    caught_by="test_an_embedding_without_power_gets_zeros",
    hint="when the total is zero",
)
edit(
    "frequency_shares",
    "takes_rounding_for_power",
    old="if power.sum() > flat else",
    new="if power.sum() > 0 else",
    caught_by="test_an_embedding_without_power_gets_zeros",
    hint="or only rounding",
)
edit(
    "frequency_shares",
    "sorts_the_shares",
    old="power / power.sum() if",
    new="(power / power.sum()).sort(descending=True).values if",
    caught_by="test_shares_are_squared_coefficients_pooled_over_cosine_and_sine",
    hint="squares of cosine and sine",
)

edit(
    "frequency_shares",
    "calls_small_waves_none",
    old="* 1e-20",
    new="* 1e-14",
    caught_by="test_small_waves_on_a_large_constant_count",
    hint="at most 1e-20",
)
edit(
    "frequency_shares",
    "has_a_fixed_limit",
    old="W_E.double().pow(2).sum() * 1e-20",
    new="1e-20",
    caught_by="test_the_limit_of_rounding_is_a_share_of_the_embedding",
    hint="of the sum of squares of all entries",
)


@wrong(
    "frequency_shares",
    caught_by="test_small_waves_on_a_large_constant_count",
    hint="convert W_E to float64",
)
def computes_in_float32(W_E):
    power = (fourier_basis(len(W_E)).float() @ W_E.float())[1:].pow(2).sum(1)
    power = power.reshape(-1, 2).sum(1)
    flat = 1e-12 * W_E.float().pow(2).sum()
    return power / power.sum() if power.sum() > flat else torch.zeros_like(power)


# fourier_adder

edit(
    "fourier_adder",
    "uses_one_frequency",
    old="torch.tensor(freqs, dtype",
    new="torch.tensor(freqs[:1], dtype",
    caught_by="test_logits_are_the_sum_of_cosines_for_any_prime",
    hint="sum over all frequencies",
)
edit(
    "fourier_adder",
    "confuses_the_signs",
    old="cos[:, None, :] - sin[:, :, None]",
    new="cos[:, None, :] + sin[:, :, None]",
    caught_by="test_logits_are_the_sum_of_cosines_for_any_prime",
    hint="mind the sign",
)


@wrong(
    "fourier_adder",
    caught_by="test_logits_are_the_sum_of_cosines_for_any_prime",
    hint="you computed a - b",
)
def subtracts(p, freqs, sharp):
    x = torch.arange(p, dtype=torch.float64)
    turn = 2 * math.pi / p * (x[:, None, None] - x[:, None] - x)
    return sharp * sum((k * turn).cos() for k in freqs)


@wrong(
    "fourier_adder",
    caught_by="test_logits_are_the_sum_of_cosines_for_any_prime",
    hint="no table of answers",
)
def writes_a_table_of_answers(p, freqs, sharp):
    x = torch.arange(p)
    return sharp * torch.nn.functional.one_hot((x[:, None] + x) % p, p).double()


@wrong(
    "fourier_adder",
    caught_by="test_logits_are_the_sum_of_cosines_for_any_prime",
    hint="c enters with a minus",
)
def adds_c(p, freqs, sharp):
    x = torch.arange(p, dtype=torch.float64)
    turn = 2 * math.pi / p * (x[:, None, None] + x[:, None] + x)
    return sharp * sum((k * turn).cos() for k in freqs)


@wrong(
    "fourier_adder",
    caught_by="test_logits_are_the_sum_of_cosines_for_any_prime",
    hint="not the angle",
)
def scales_the_angle(p, freqs, sharp):
    x = torch.arange(p, dtype=torch.float64)
    turn = 2 * math.pi / p * (x[:, None, None] + x[:, None] - x)
    return sum((sharp * k * turn).cos() for k in freqs)


edit(
    "fourier_adder",
    "ignores_sharp",
    old="return sharp * (",
    new="return (",
    caught_by="test_logits_are_the_sum_of_cosines_for_any_prime",
    hint="`sharp` multiplies the logits",
)
edit(
    "fourier_adder",
    "averages_over_frequencies",
    old="return sharp * (",
    new="return sharp / len(freqs) * (",
    caught_by="test_logits_are_the_sum_of_cosines_for_any_prime",
    hint="not a mean",
)
edit(
    "fourier_adder",
    "returns_float32",
    old="torch.tensor(freqs, dtype=torch.float64)",
    new="torch.tensor(freqs, dtype=torch.float32)",
    caught_by="test_logits_are_the_sum_of_cosines_for_any_prime",
    hint="in float64",
)

# fve_trig

edit(
    "fve_trig",
    "does_not_centre",
    old="logits.double() - logits.double().mean(-1, keepdim=True)",
    new="logits.double()",
    caught_by="test_it_is_the_share_explained_by_least_squares",
    hint="softmax ignores constants",
)
edit(
    "fve_trig",
    "centres_over_everything",
    old="logits.double() - logits.double().mean(-1, keepdim=True)",
    new="logits.double() - logits.double().mean()",
    caught_by="test_it_is_the_share_explained_by_least_squares",
    hint="centre over c",
)
edit(
    "fve_trig",
    "centres_over_pairs_too",
    old="    total = y.pow(2)",
    new="    y = y - y.mean((0, 1))\n    total = y.pow(2)",
    caught_by="test_a_bias_of_the_answers_counts_as_variance",
    hint="not the mean over pairs",
)


@wrong(
    "fve_trig", caught_by="test_it_is_the_share_explained_by_least_squares", hint="not a common one"
)
def fits_one_common_coefficient(logits, freqs):
    y = logits.double() - logits.double().mean(-1, keepdim=True)
    x = torch.arange(len(y), dtype=torch.float64)
    turn = 2 * math.pi / len(y) * (x[:, None, None] + x[:, None] - x)
    wave = sum((k * turn).cos() for k in freqs)
    if not freqs or not y.any():
        return 0.0
    return float((y * wave).sum() ** 2 / wave.pow(2).sum() / y.pow(2).sum())


edit(
    "fve_trig",
    "adds_c",
    old="x[None, :, None] - x",
    new="x[None, :, None] + x",
    caught_by="test_it_is_the_share_explained_by_least_squares",
    hint="c enters with a minus",
)
edit(
    "fve_trig",
    "subtracts_b",
    old="x[:, None, None] + x[None, :, None]",
    new="x[:, None, None] - x[None, :, None]",
    caught_by="test_it_is_the_share_explained_by_least_squares",
    hint="a plus b",
)
edit(
    "fve_trig",
    "returns_the_correlation",
    old="return explained / total if",
    new="return (explained / total) ** 0.5 if",
    caught_by="test_it_is_the_share_explained_by_least_squares",
    hint="not their root",
)
edit(
    "fve_trig",
    "returns_the_residual",
    old="return explained / total if",
    new="return 1 - explained / total if",
    caught_by="test_it_is_the_share_explained_by_least_squares",
    hint="*not* explained",
)
edit(
    "fve_trig",
    "is_nan_for_constant_logits",
    old="if total > rounding else 0.0",
    new="if total > rounding else math.nan",
    caught_by="test_constant_logits_and_empty_lists_give_zero",
    hint="denominator is zero",
)
edit(
    "fve_trig",
    "computes_in_float32",
    old="logits.double() - logits.double().mean(-1, keepdim=True)",
    new="(logits.float() - logits.float().mean(-1, keepdim=True)).double()",
    caught_by="test_small_waves_on_large_float32_logits_are_measured_in_float64",
    hint="convert to float64 before",
)

edit(
    "fve_trig",
    "calls_small_logits_constant",
    old="if total > rounding else 0.0",
    new="if total > 1e-8 else 0.0",
    caught_by="test_the_size_of_the_logits_changes_no_share",
    hint="no fixed limit",
)
edit(
    "fve_trig",
    "calls_small_waves_constant",
    old="1e-20 *",
    new="1e-15 *",
    caught_by="test_small_waves_on_large_float64_logits_are_measured",
    hint="at most 1e-20 of that of the logits",
)
edit(
    "fve_trig",
    "rounds_the_logits_to_float32",
    old="    y = logits.double()",
    new="    logits = logits.float()\n    y = logits.double()",
    caught_by="test_small_waves_on_large_float64_logits_are_measured",
    hint="you rounded the logits to float32",
)

# neuron_frequency

edit(
    "neuron_frequency",
    "fits_single_numbers_only",
    old="parts = spectrum[pair, 0], spectrum[0, pair], spectrum[pair, pair].flatten(0, 1)",
    new="parts = spectrum[pair, 0], spectrum[0, pair]",
    caught_by="test_the_share_is_that_of_the_eight_functions_together",
    hint="products count",
)
edit(
    "neuron_frequency",
    "fits_products_only",
    old="parts = spectrum[pair, 0], spectrum[0, pair], spectrum[pair, pair].flatten(0, 1)",
    new="parts = (spectrum[pair, pair].flatten(0, 1),)",
    caught_by="test_the_share_is_that_of_the_eight_functions_together",
    hint="single numbers count too",
)
edit(
    "neuron_frequency",
    "takes_the_best_term",
    old="sum(part.pow(2).sum(0) for part in parts)",
    new="torch.cat(parts).pow(2).amax(0)",
    caught_by="test_the_share_is_that_of_the_eight_functions_together",
    hint="not the best of them",
)
edit(
    "neuron_frequency",
    "divides_by_the_second_moment",
    old="total = centred.pow(2).sum(0)",
    new="total = activations.double().pow(2).sum(0)",
    caught_by="test_the_share_is_that_of_the_eight_functions_together",
    hint="variance, not the second moment",
)
edit(
    "neuron_frequency",
    "counts_from_0",
    old="return index + 1,",
    new="return index,",
    caught_by="test_the_share_is_that_of_the_eight_functions_together",
    hint="counted from 1",
)
edit(
    "neuron_frequency",
    "is_nan_for_dead_neurons",
    old="torch.where(alive, best / total.where(alive, torch.ones_like(total)), 0.0)",
    new="best / total",
    caught_by="test_dead_neurons_have_fve_0",
    hint="return 0, not nan",
)
edit(
    "neuron_frequency",
    "returns_the_copies",
    old="return index + 1,",
    new="return p - 1 - index,",
    caught_by="test_planted_frequencies_are_found_for_any_prime",
    hint="k and p - k are the same",
)
edit(
    "neuron_frequency",
    "forgets_functions_of_b",
    old="parts = spectrum[pair, 0], spectrum[0, pair], spectrum",
    new="parts = spectrum[pair, 0], spectrum",
    caught_by="test_functions_of_one_number_are_explained_too",
    hint="are two of the eight",
)

edit(
    "neuron_frequency",
    "calls_small_changes_dead",
    old="1e-20 * activations",
    new="1e-12 * activations",
    caught_by="test_small_changes_on_a_high_level_are_alive",
    hint="nothing above",
)
edit(
    "neuron_frequency",
    "subtracts_the_mean_in_float32",
    old="activations.double() - activations.double().mean(0)",
    new="(activations.float() - activations.float().mean(0)).double()",
    caught_by="test_small_changes_on_a_high_level_are_alive",
    hint="before you subtract the mean",
)


@wrong(
    "neuron_frequency",
    caught_by="test_the_eight_functions_of_a_frequency_compete_together",
    hint="not the one with the largest single function",
)
def chooses_by_the_largest_single_function(activations):
    p = math.isqrt(len(activations))
    centred = activations.double() - activations.double().mean(0)
    total = centred.pow(2).sum(0)
    F = fourier_basis(p)
    spectrum = torch.einsum("ia,jb,abn->ijn", F, F, centred.reshape(p, p, -1)).pow(2)
    together, single = [], []
    for k in range(1, (p - 1) // 2 + 1):
        pair = slice(2 * k - 1, 2 * k + 1)
        parts = torch.cat(
            [spectrum[pair, 0], spectrum[0, pair], spectrum[pair, pair].flatten(0, 1)]
        )
        together.append(parts.sum(0))
        single.append(parts.amax(0))
    index = torch.stack(single).argmax(0)
    best = torch.stack(together).gather(0, index[None])[0]
    alive = total > 1e-20 * activations.double().pow(2).sum(0)
    return index + 1, torch.where(alive, best / total.where(alive, torch.ones_like(total)), 0.0)


# restricted_and_excluded

edit(
    "restricted_and_excluded",
    "drops_the_mean",
    old="return logits.mean(0) + part, logits - part",
    new="return part, logits - part",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="keep the mean over the pairs",
)
edit(
    "restricted_and_excluded",
    "keeps_one_mean_for_all",
    old="return logits.mean(0) + part, logits - part",
    new="return logits.mean() + part, logits - part",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="one number for each answer, not one for all",
)
edit(
    "restricted_and_excluded",
    "takes_the_mean_over_answers",
    old="return logits.mean(0) + part, logits - part",
    new="return logits.mean(1, keepdim=True) + part, logits - part",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="the mean over pairs",
)
edit(
    "restricted_and_excluded",
    "exchanges_the_two",
    old="return logits.mean(0) + part, logits - part",
    new="return logits - part, logits.mean(0) + part",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="restricted comes first",
)
edit(
    "restricted_and_excluded",
    "forgets_the_sine",
    old="torch.cat([angle.cos(), angle.sin()], dim=1)",
    new="angle.cos()",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="the sine is a direction too",
)
edit(
    "restricted_and_excluded",
    "does_not_normalise",
    old=" * 2**0.5 / p",
    new="",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="directions need length 1",
)
edit(
    "restricted_and_excluded",
    "uses_a_minus_b",
    old="torch.arange(p).repeat_interleave(p) + torch.arange(p).repeat(p)",
    new="torch.arange(p).repeat_interleave(p) - torch.arange(p).repeat(p)",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="a plus b",
)
edit(
    "restricted_and_excluded",
    "takes_the_mean_out_of_excluded",
    old="return logits.mean(0) + part, logits - part",
    new="return logits.mean(0) + part, logits - logits.mean(0) - part",
    caught_by="test_excluded_is_the_rest_with_the_mean",
    hint="the mean stays in both",
)
edit(
    "restricted_and_excluded",
    "rounds_the_directions_to_float32",
    old=" * 2**0.5 / p",
    new=" * 2**0.5 / p\n    directions = directions.float().double()",
    caught_by="test_float32_logits_are_split_in_float64",
    hint="build the directions in float64",
)


@wrong(
    "restricted_and_excluded",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="two directions for each frequency",
)
def keeps_all_functions_of_the_frequency(logits, freqs):
    p, logits = logits.shape[1], logits.double()
    x = torch.arange(p, dtype=torch.float64)
    rows = [torch.full((p,), p**-0.5, dtype=torch.float64)]
    for k in freqs:
        for turn in (0.0, math.pi / 2):
            rows.append((2 / p) ** 0.5 * (2 * math.pi * k / p * x + turn).cos())
    mixed = []
    for k in range(len(freqs)):
        own = [rows[0], rows[2 * k + 1], rows[2 * k + 2]]
        mixed += [torch.outer(f, g).flatten() for f in own for g in own][1:]
    if not mixed:
        return logits.mean(0).expand_as(logits), logits
    directions = torch.stack(mixed, dim=1)
    part = directions @ (directions.T @ logits)
    return logits.mean(0) + part, logits - part


edit(
    "restricted_and_excluded",
    "rounds_the_logits_to_float32",
    old="p, logits = logits.shape[1], logits.double()",
    new="p, logits = logits.shape[1], logits.float().double()",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="you rounded the logits to float32",
)
edit(
    "restricted_and_excluded",
    "returns_float32",
    old="return logits.mean(0) + part, logits - part",
    new="return (logits.mean(0) + part).float(), (logits - part).float()",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="convert the logits with .double() first",
)
edit(
    "restricted_and_excluded",
    "changes_its_argument",
    old="return logits.mean(0) + part, logits - part",
    new="restricted = logits.mean(0) + part\n    logits -= part\n    return restricted, logits",
    caught_by="test_restricted_is_the_mean_and_the_projection",
    hint="copy before you change",
)

# progress_measures

edit(
    "progress_measures",
    "measures_restricted_on_train",
    old='("restricted", restricted, test)',
    new='("restricted", restricted, train)',
    caught_by="test_each_curve_is_the_mean_loss_on_its_rows",
    hint="you exchanged the two sets",
)
edit(
    "progress_measures",
    "measures_excluded_on_test",
    old='("excluded", excluded, train)',
    new='("excluded", excluded, test)',
    caught_by="test_each_curve_is_the_mean_loss_on_its_rows",
    hint="you exchanged the two sets",
)
edit(
    "progress_measures",
    "measures_excluded_on_all_rows",
    old='("excluded", excluded, train)',
    new='("excluded", excluded, torch.arange(len(labels)))',
    caught_by="test_each_curve_is_the_mean_loss_on_its_rows",
    hint="not on all",
)
edit(
    "progress_measures",
    "adds_up_the_losses",
    old=".mean())",
    new=".sum())",
    caught_by="test_each_curve_is_the_mean_loss_on_its_rows",
    hint="means, not sums",
)
edit(
    "progress_measures",
    "computes_in_float32",
    old="modular.cross_entropy(used[rows], labels[rows]).mean()",
    new="torch.nn.functional.cross_entropy(used[rows].float(), labels[rows]).double()",
    caught_by="test_losses_below_1e_9_are_told_from_zero",
    hint="use float64",
)
edit(
    "progress_measures",
    "returns_float32",
    old="torch.stack(values) for name",
    new="torch.stack(values).float() for name",
    caught_by="test_losses_below_1e_9_are_told_from_zero",
    hint="before the softmax",
)
edit(
    "progress_measures",
    "keeps_always_the_same_frequencies",
    old="restricted_and_excluded(logits, freqs)",
    new="restricted_and_excluded(logits, [1, 2])",
    caught_by="test_the_given_frequencies_are_used_for_every_snapshot",
    hint="all of `freqs`",
)


@wrong(
    "progress_measures",
    caught_by="test_each_curve_is_the_mean_loss_on_its_rows",
    hint="mean cross-entropy in nats",
)
def reports_errors_instead_of_losses(snapshots, labels, train, test, freqs):
    error = (snapshots.argmax(-1) != labels).double()
    return {
        "train": error[:, train].mean(1),
        "test": error[:, test].mean(1),
        "restricted": error[:, test].mean(1),
        "excluded": error[:, train].mean(1),
    }


edit(
    "progress_measures",
    "ignores_the_labels",
    old="    curves = {",
    new="    labels = torch.arange(snapshots.shape[2])\n"
    "    labels = ((labels[:, None] + labels) % len(labels)).flatten()\n    curves = {",
    caught_by="test_each_curve_is_the_mean_loss_on_its_rows",
    hint="use the `labels` that you are given",
)
edit(
    "progress_measures",
    "caps_the_loss",
    old="modular.cross_entropy(used[rows], labels[rows]).mean()",
    new="-(used[rows].double().softmax(-1).gather(1, labels[rows][:, None]) + 1e-30).log().mean()",
    caught_by="test_losses_of_hundreds_of_nats_are_not_cut_off",
    hint="take log_softmax",
)
edit(
    "progress_measures",
    "takes_the_logarithm_of_a_softmax",
    old="modular.cross_entropy(used[rows], labels[rows]).mean()",
    new="-used[rows].double().softmax(-1).log().gather(1, labels[rows][:, None]).mean()",
    caught_by="test_losses_of_hundreds_of_nats_are_not_cut_off",
    hint="take log_softmax",
)

# phases

edit(
    "phases",
    "returns_indices",
    old="return step[memorised], step[formed[0]], step[cleaned]",
    new="return memorised, formed[0], cleaned",
    caught_by="test_planted_kinks_are_found",
    hint="not the index",
)
edit(
    "phases",
    "believes_one_low_point",
    old="if low[i] and low[i + 1]]",
    new="if low[i]]",
    caught_by="test_planted_kinks_are_found",
    hint="one low point does not count",
)
edit(
    "phases",
    "ends_formation_before_memorisation",
    old="for i in range(memorised, len(step) - 1)",
    new="for i in range(len(step) - 1)",
    caught_by="test_planted_kinks_are_found",
    hint="formation cannot end before memorisation",
)
edit(
    "phases",
    "believes_a_touch_of_the_weights",
    old="if all(near[i:]))",
    new="if near[i])",
    caught_by="test_planted_kinks_are_found",
    hint="must stay within 10 %",
)
edit(
    "phases",
    "takes_the_second_low_point",
    old="step[formed[0]], step[cleaned]",
    new="step[formed[0] + 1], step[cleaned]",
    caught_by="test_planted_kinks_are_found",
    hint="*first* of the two",
)
edit(
    "phases",
    "takes_log2",
    old="math.log(p)",
    new="math.log2(p)",
    caught_by="test_the_limit_is_a_tenth_of_ln_p",
    hint="natural logarithm",
)
edit(
    "phases",
    "looks_at_one_side",
    old="(weight_sq - weight_sq[-1]).abs()",
    new="(weight_sq - weight_sq[-1])",
    caught_by="test_the_band_is_ten_per_cent_of_the_final_weights_on_both_sides",
    hint="weights below the band are outside of it too",
)
edit(
    "phases",
    "fails_without_formation",
    old="        return step[memorised], None, None",
    new="        formed = [len(step) - 1]",
    caught_by="test_without_formation_the_later_ends_are_none",
    hint="(step, None, None)",
)


@wrong(
    "phases",
    caught_by="test_planted_kinks_are_found",
    hint="lowest excluded",
)
def takes_fixed_parts_of_the_run(step, restricted, excluded, weight_sq, p):
    return step[1], step[len(step) // 3], step[len(step) * 2 // 3]


edit(
    "phases",
    "looks_for_formation_after_memorisation",
    old="for i in range(memorised, len(step) - 1)",
    new="for i in range(memorised + 1, len(step) - 1)",
    caught_by="test_the_band_is_ten_per_cent_of_the_final_weights_on_both_sides",
    hint="at the very snapshot at which memorisation does",
)

# accuracy_when_formed

edit(
    "accuracy_when_formed",
    "predicts_instead_of_measuring",
    old="return 0.31",
    new="return 0.95",
    caught_by="test_the_answer_is_what_a_run_shows",
    hint="measure",
)
edit(
    "accuracy_when_formed",
    "guesses_a_half",
    old="return 0.31",
    new="return 0.5",
    caught_by="test_the_answer_is_what_a_run_shows",
    hint="measure",
)
edit(
    "accuracy_when_formed",
    "repeats_the_statement",
    old="return 0.31",
    new="return 0.75",
    caught_by="test_the_answer_is_what_a_run_shows",
    hint="measure",
)
edit(
    "accuracy_when_formed",
    "answers_in_percent",
    old="return 0.31",
    new="return 31.0",
    caught_by="test_the_answer_is_a_share",
    hint="a share of the test rows",
)
edit(
    "accuracy_when_formed",
    "reads_the_end_of_training",
    old="return 0.31",
    new="return 0.99",
    caught_by="test_the_answer_is_what_a_run_shows",
    hint="measure",
)
