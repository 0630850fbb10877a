"""Named wrong answers of 007. They use the names that the unit's notebook defines."""
# ruff: noqa: E501 -- edits quote whole lines

from firsthand.wrong import edit, wrong

# wilson -------------------------------------------------------------------------------------------


@wrong(
    "wilson",
    caught_by="test_small_counts_have_the_two_roots_as_ends",
    hint="width 0 at k = n: no data is that sure",
)
def normal_interval_of_the_textbooks(k, n, conf):
    half = NormalDist().inv_cdf((1 + conf) / 2) * sqrt(k / n * (1 - k / n) / n)
    return k / n - half, k / n + half


@wrong(
    "wilson",
    caught_by="test_small_counts_have_the_two_roots_as_ends",
    hint="clipping is not Wilson",
)
def clipped_normal_interval(k, n, conf):
    half = NormalDist().inv_cdf((1 + conf) / 2) * sqrt(k / n * (1 - k / n) / n)
    return max(0.0, k / n - half), min(1.0, k / n + half)


edit(
    "wilson",
    "one_sided_quantile",
    old="inv_cdf((1 + conf) / 2)",
    new="inv_cdf(conf)",
    caught_by="test_small_counts_have_the_two_roots_as_ends",
    hint="1.96, not 1.645, at 95 %",
)

edit(
    "wilson",
    "takes_conf_for_alpha",
    old="inv_cdf((1 + conf) / 2)",
    new="inv_cdf(1 - conf / 2)",
    caught_by="test_small_counts_have_the_two_roots_as_ends",
    hint="conf is 0.95, not 0.05",
)

edit(
    "wilson",
    "always_95_percent",
    old="z = NormalDist().inv_cdf((1 + conf) / 2)",
    new="z = 1.959964",
    caught_by="test_small_counts_have_the_two_roots_as_ends",
    hint="it is 1.96 only at 95 %",
)


@wrong(
    "wilson",
    caught_by="test_small_counts_have_the_two_roots_as_ends",
    hint="that is Agresti-Coull: only its centre is Wilson's",
)
def agresti_coull(k, n, conf):
    z = NormalDist().inv_cdf((1 + conf) / 2)
    middle = (k + z * z / 2) / (n + z * z)
    half = z * sqrt(middle * (1 - middle) / (n + z * z))
    return middle - half, middle + half


@wrong(
    "wilson",
    caught_by="test_small_counts_have_the_two_roots_as_ends",
    hint="Agresti-Coull's rule of adding two",
)
def adds_two_successes_and_two_failures(k, n, conf):
    rate = (k + 2) / (n + 4)
    half = NormalDist().inv_cdf((1 + conf) / 2) * sqrt(rate * (1 - rate) / (n + 4))
    return rate - half, rate + half


@wrong(
    "wilson",
    caught_by="test_the_ends_of_the_scale_have_width",
    hint="width 0 at k = n: no data is that sure",
)
def fails_at_the_ends(k, n, conf):
    if k == 0 or k == n:
        return float(k / n), float(k / n)
    z = NormalDist().inv_cdf((1 + conf) / 2)
    centre = (k / n + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * sqrt(k / n * (1 - k / n) / n + z**2 / (4 * n**2))
    return centre - half, centre + half


@wrong(
    "wilson",
    caught_by="test_the_worked_examples_have_these_ends",
    hint="`firsthand.kit.statistics.wilson` is what you are asked to write",
)
def calls_the_kit(k, n, conf):
    from firsthand.kit.statistics import wilson as ready_made

    interval = ready_made(k, n, confidence=conf)
    return interval.low, interval.high


@wrong(
    "wilson",
    caught_by="test_any_count_and_confidence_have_the_two_roots_as_ends",
    hint="width 0 at k = n: no data is that sure",
)
def normal_interval_for_large_n(k, n, conf):
    z = NormalDist().inv_cdf((1 + conf) / 2)
    rate = k / n
    if n > 300 and 0 < k < n:
        half = z * sqrt(rate * (1 - rate) / n)
        return rate - half, rate + half
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return centre - half, centre + half


edit(
    "wilson",
    "rounds_to_four_digits",
    old="return centre - half, centre + half",
    new="return round(centre - half, 4), round(centre + half, 4)",
    caught_by="test_small_counts_have_the_two_roots_as_ends",
    hint="do not round the ends",
)

# coverage -----------------------------------------------------------------------------------------

edit(
    "coverage",
    "strict_at_the_ends",
    old="lo[k] <= p <= hi[k]",
    new="lo[k] < p < hi[k]",
    caught_by="test_an_interval_contains_its_ends",
    hint="an interval contains its ends",
)

edit(
    "coverage",
    "equal_weights",
    old="sum(comb(n, k) * p**k * (1 - p) ** (n - k) for",
    new="sum(1 / (n + 1) for",
    caught_by="test_all_sequences_of_outcomes_are_counted",
    hint="k is binomial",
)

edit(
    "coverage",
    "draws_at_the_estimate",
    old="comb(n, k) * p**k * (1 - p) ** (n - k)",
    new="comb(n, k) * (k / n) ** k * (1 - k / n) ** (n - k)",
    caught_by="test_all_sequences_of_outcomes_are_counted",
    hint="drawn at the true rate p, not at k / n",
)

edit(
    "coverage",
    "asks_whether_the_estimate_is_inside",
    old="lo[k] <= p <= hi[k]",
    new="lo[k] <= k / n <= hi[k]",
    caught_by="test_all_sequences_of_outcomes_are_counted",
    hint="p must be inside the interval, not k / n",
)

edit(
    "coverage",
    "forgets_the_number_of_sequences",
    old="comb(n, k) * p**k",
    new="p**k",
    caught_by="test_all_sequences_of_outcomes_are_counted",
    hint="sequences have k successes",
)

edit(
    "coverage",
    "one_end_only",
    old="lo[k] <= p <= hi[k]",
    new="lo[k] <= p",
    caught_by="test_all_sequences_of_outcomes_are_counted",
    hint="only one end is looked at",
)


@wrong(
    "coverage",
    caught_by="test_all_sequences_of_outcomes_are_counted",
    hint="not the mean width",
)
def mean_width(lo, hi, p):
    return float((hi - lo).mean())


@wrong(
    "coverage",
    caught_by="test_all_sequences_of_outcomes_are_counted",
    hint="no simulation",
)
def simulates(lo, hi, p):
    counts = np.random.default_rng(0).binomial(len(lo) - 1, p, 20000)
    return float(((lo[counts] <= p) & (p <= hi[counts])).mean())


@wrong(
    "coverage",
    caught_by="test_rates_of_zero_and_one_have_one_outcome",
    hint="at p = 0 only k = 0 can happen",
)
def logarithms_of_zero(lo, hi, p):
    n = len(lo) - 1
    if p in (0, 1):
        return 0.0
    weights = np.exp([log(comb(n, j)) + j * log(p) + (n - j) * log(1 - p) for j in range(n + 1)])
    return float(weights[(lo <= p) & (p <= hi)].sum())


@wrong(
    "coverage",
    caught_by="test_four_hundred_trials_neither_overflow_nor_underflow",
    hint="a recursion that starts there never leaves 0",
)
def recursion_from_a_power_that_underflows(lo, hi, p):
    n = len(lo) - 1
    if p == 1:
        return float(lo[n] <= 1 <= hi[n])
    chance, total = (1 - p) ** n, 0.0
    for k in range(n + 1):
        total += chance if lo[k] <= p <= hi[k] else 0.0
        chance *= (n - k) / (k + 1) * p / (1 - p)
    return total


@wrong(
    "coverage",
    caught_by="test_rates_of_zero_and_one_have_one_outcome",
    hint="both ends of its interval count",
)
def looks_at_one_end_at_rates_of_zero_and_one(lo, hi, p):
    n = len(lo) - 1
    if p in (0, 1):
        return float(lo[0] <= 0 if p == 0 else hi[n] >= 1)
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1) if lo[k] <= p <= hi[k])


# paired_difference --------------------------------------------------------------------------------


@wrong(
    "paired_difference",
    caught_by="test_the_error_follows_the_differences",
    hint="same questions: take differences first",
)
def unpaired_error(a, b):
    return a.mean() - b.mean(), sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))


edit(
    "paired_difference",
    "spread_of_one_question",
    old=" / sqrt(len(difference))",
    new="",
    caught_by="test_the_error_follows_the_differences",
    hint="the error of a mean is smaller by the root of n",
)

edit(
    "paired_difference",
    "n_in_the_variance",
    old="ddof=1",
    new="ddof=0",
    caught_by="test_the_error_follows_the_differences",
    hint="ddof=1",
)

edit(
    "paired_difference",
    "sorts_first",
    old="difference = a - b",
    new="difference = np.sort(a) - np.sort(b)",
    caught_by="test_the_error_follows_the_differences",
    hint="do not sort",
)

edit(
    "paired_difference",
    "absolute_differences",
    old="difference = a - b",
    new="difference = np.abs(a - b)",
    caught_by="test_the_error_follows_the_differences",
    hint="differences have signs",
)

edit(
    "paired_difference",
    "b_minus_a",
    old="difference = a - b",
    new="difference = b - a",
    caught_by="test_the_error_follows_the_differences",
    hint="a minus b, not b minus a",
)

edit(
    "paired_difference",
    "sorts_its_arguments_in_place",
    old="difference = a - b",
    new="difference = a - b\n    a.sort()",
    caught_by="test_the_error_follows_the_differences",
    hint="copy before you change",
)


@wrong(
    "paired_difference",
    caught_by="test_right_or_wrong_scores_are_paired_too",
    hint="z-test of two proportions",
)
def z_test_of_two_proportions(a, b):
    if set(np.unique([a, b])) <= {0.0, 1.0} and (a - b).std() > 0:
        rate = (a.mean() + b.mean()) / 2
        return a.mean() - b.mean(), sqrt(2 * rate * (1 - rate) / len(a))
    return (a - b).mean(), (a - b).std(ddof=1) / sqrt(len(a))


@wrong(
    "paired_difference",
    caught_by="test_large_scores_keep_the_spread_of_their_differences",
    hint="subtract the mean before you square",
)
def mean_of_squares_minus_square_of_the_mean(a, b):
    difference = a - b
    n, mean = len(a), difference.mean()
    variance = ((difference**2).sum() - n * mean**2) / (n - 1)
    return float(mean), sqrt(max(variance, 0.0) / n)


edit(
    "paired_difference",
    "n_in_the_variance_of_many_questions",
    old="ddof=1",
    new="ddof=int(len(difference) <= 200)",
    caught_by="test_right_or_wrong_scores_are_paired_too",
    hint="ddof=1",
)

# mcnemar_exact ------------------------------------------------------------------------------------


@wrong(
    "mcnemar_exact",
    caught_by="test_every_sequence_of_fair_coins_is_counted",
    hint="too few discordant questions for chi-square",
)
def chi_square(b, c):
    from math import erfc

    return erfc(abs(b - c) / sqrt(2 * (b + c))) if b + c else 1.0


@wrong(
    "mcnemar_exact",
    caught_by="test_every_sequence_of_fair_coins_is_counted",
    hint="corrected or not: count the coins",
)
def corrected_chi_square(b, c):
    from math import erfc

    return erfc(max(abs(b - c) - 1, 0) / sqrt(2 * (b + c))) if b + c else 1.0


edit(
    "mcnemar_exact",
    "one_sided",
    old="min(1.0, 2 * tail)",
    new="tail",
    caught_by="test_every_sequence_of_fair_coins_is_counted",
    hint="both directions are as uneven",
)

edit(
    "mcnemar_exact",
    "above_one",
    old="min(1.0, 2 * tail)",
    new="2 * tail",
    caught_by="test_an_even_split_has_p_one",
    hint="cap at 1",
)

edit(
    "mcnemar_exact",
    "tail_of_the_first_model",
    old="min(b, c)",
    new="b",
    caught_by="test_every_sequence_of_fair_coins_is_counted",
    hint="the smaller tail, whichever model is better",
)

edit(
    "mcnemar_exact",
    "leaves_its_own_count_out",
    old="range(min(b, c) + 1)",
    new="range(min(b, c))",
    caught_by="test_every_sequence_of_fair_coins_is_counted",
    hint="your own count belongs to the tail",
)

edit(
    "mcnemar_exact",
    "one_count_without_its_tail",
    old="sum(comb(b + c, i) for i in range(min(b, c) + 1))",
    new="comb(b + c, min(b, c))",
    caught_by="test_every_sequence_of_fair_coins_is_counted",
    hint="the whole tail, not one count",
)


@wrong(
    "mcnemar_exact",
    caught_by="test_five_hundred_discordant_questions_are_counted_exactly",
    hint="int64 and 32-bit floats are too small",
)
def integers_of_64_bits(b, c):
    row = np.array([1], dtype=np.int64)
    for _ in range(b + c):
        row = np.concatenate([row, [0]]) + np.concatenate([[0], row])
    return float(min(1.0, 2 * row[: min(b, c) + 1].sum() / 2.0 ** (b + c)))


@wrong(
    "mcnemar_exact",
    caught_by="test_one_against_five_is_no_evidence",
    hint="`firsthand.kit.statistics.mcnemar_exact` is what you are asked to write",
)
def calls_the_kits_test(b, c):
    from firsthand.kit import statistics

    return statistics.mcnemar_exact(b, c)


@wrong(
    "mcnemar_exact",
    caught_by="test_tiny_p_values_keep_their_digits",
    hint="1 minus the rest is lost to rounding",
)
def one_minus_the_other_counts(b, c):
    if b == c:
        return 1.0
    below = sum(comb(b + c, i) * 0.5 ** (b + c) for i in range(max(b, c)))
    return min(1.0, max(0.0, 2 * (1 - below)))


edit(
    "mcnemar_exact",
    "approximates_above_two_hundred",
    old="    return min(1.0, 2 * tail)",
    new="""    if b + c > 200:
        return min(1.0, 2 * NormalDist().cdf(-max(abs(b - c) - 1, 0) / sqrt(b + c)))
    return min(1.0, 2 * tail)""",
    caught_by="test_five_hundred_discordant_questions_are_counted_exactly",
    hint="an approximation is not exact",
)

# clustered_se -------------------------------------------------------------------------------------


@wrong(
    "clustered_se",
    caught_by="test_pairs_of_rows_in_one_cluster_are_summed",
    hint="the labels must enter",
)
def ignores_the_labels(x, cluster):
    return x.std() / sqrt(len(x))


@wrong(
    "clustered_se",
    caught_by="test_pairs_of_rows_in_one_cluster_are_summed",
    hint="unequal clusters: sum residuals, do not average",
)
def error_of_cluster_means(x, cluster):
    means = np.array([x[cluster == label].mean() for label in np.unique(cluster)])
    return float(means.std(ddof=1) / sqrt(len(means))) if len(means) > 1 else 0.0


edit(
    "clustered_se",
    "divides_by_the_number_of_clusters",
    old="/ len(x))",
    new="/ len(totals))",
    caught_by="test_pairs_of_rows_in_one_cluster_are_summed",
    hint="divide by the number of rows, not of clusters",
)

edit(
    "clustered_se",
    "residuals_from_the_cluster_mean",
    old="[residual[cluster == label].sum() for",
    new="[(x - x[cluster == label].mean())[cluster == label].sum() for",
    caught_by="test_pairs_of_rows_in_one_cluster_are_summed",
    hint="remove what you want to measure",
)

edit(
    "clustered_se",
    "small_sample_factor",
    old="(totals**2).sum())",
    new="(totals**2).sum() * len(totals) / max(len(totals) - 1, 1))",
    caught_by="test_pairs_of_rows_in_one_cluster_are_summed",
    hint="no small-sample factor",
)

edit(
    "clustered_se",
    "n_minus_one",
    old="/ len(x))",
    new="/ max(len(x) - 1, 1))",
    caught_by="test_pairs_of_rows_in_one_cluster_are_summed",
    hint="n, not n - 1",
)

edit(
    "clustered_se",
    "averages_residuals_of_a_cluster",
    old="residual[cluster == label].sum()",
    new="residual[cluster == label].mean()",
    caught_by="test_pairs_of_rows_in_one_cluster_are_summed",
    hint="do not average them",
)


@wrong(
    "clustered_se",
    caught_by="test_pairs_of_rows_in_one_cluster_are_summed",
    hint="need not be neighbours",
)
def labels_must_be_neighbours(x, cluster):
    residual = x - x.mean()
    starts = np.concatenate([[0], np.nonzero(np.diff(cluster))[0] + 1])
    return float(sqrt((np.add.reduceat(residual, starts) ** 2).sum()) / len(x))


edit(
    "clustered_se",
    "labels_as_32_bit_floats",
    old="    residual = x - x.mean()\n",
    new="    residual, cluster = x - x.mean(), cluster.astype(np.float32)\n",
    caught_by="test_any_whole_numbers_are_labels",
    hint="as 32-bit floats, neighbours above 16,777,216 are equal",
)


@wrong(
    "clustered_se",
    caught_by="test_any_whole_numbers_are_labels",
    hint="as an index it counts from the end",
)
def labels_as_indices(x, cluster):
    totals = np.zeros(int(np.abs(cluster).max()) + 1)
    for value, label in zip(x, cluster, strict=True):
        totals[int(label)] += value - x.mean()
    return float(sqrt((totals**2).sum()) / len(x))


# bootstrap_means ----------------------------------------------------------------------------------


@wrong(
    "bootstrap_means",
    caught_by="test_every_resample_of_units_is_as_likely_as_it_should_be",
    hint="rows of one unit are not independent",
)
def resamples_rows(x, unit, n_boot, seed):
    rng = np.random.default_rng(seed)
    if len(np.unique(unit)) == 1:
        return np.full(n_boot, x.mean())
    return x[rng.integers(len(x), size=(n_boot, len(x)))].mean(axis=1)


edit(
    "bootstrap_means",
    "without_replacement",
    old="rng.integers(len(sizes), size=(n_boot, len(sizes)))",
    new="np.array([rng.permutation(len(sizes)) for _ in range(n_boot)])",
    caught_by="test_every_resample_of_units_is_as_likely_as_it_should_be",
    hint="all equal: no spread",
)


@wrong(
    "bootstrap_means",
    caught_by="test_every_resample_of_units_is_as_likely_as_it_should_be",
    hint="all equal: no spread",
)
def shuffles_rows_within_units(x, unit, n_boot, seed):
    rng = np.random.default_rng(seed)
    return np.array([rng.permutation(x).mean() for _ in range(n_boot)])


edit(
    "bootstrap_means",
    "mean_of_unit_means",
    old="totals[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)",
    new="(totals / sizes)[drawn].mean(axis=1)",
    caught_by="test_every_resample_of_units_is_as_likely_as_it_should_be",
    hint="a unit with many rows counts for more",
)

edit(
    "bootstrap_means",
    "divides_by_all_rows",
    old="/ sizes[drawn].sum(axis=1)",
    new="/ len(x)",
    caught_by="test_every_resample_of_units_is_as_likely_as_it_should_be",
    hint="rows",
)

edit(
    "bootstrap_means",
    "global_randomness",
    old="rng.integers(len(sizes), size=(n_boot, len(sizes)))",
    new="np.random.randint(len(sizes), size=(n_boot, len(sizes)))",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="draw from the generator or seed you were given",
)

edit(
    "bootstrap_means",
    "ignores_the_seed",
    old="default_rng(seed)",
    new="default_rng(0)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="use the seed that you are given",
)


@wrong(
    "bootstrap_means",
    caught_by="test_every_resample_of_units_is_as_likely_as_it_should_be",
    hint="draw anew for each sample",
)
def one_sample_for_all(x, unit, n_boot, seed):
    rng = np.random.default_rng(seed)
    _, place = np.unique(unit, return_inverse=True)
    totals, sizes = np.bincount(place, weights=x), np.bincount(place)
    while True:
        drawn = rng.integers(len(sizes), size=len(sizes))
        if len(sizes) == 1 or len(set(drawn.tolist())) < len(sizes):
            return np.full(n_boot, totals[drawn].sum() / sizes[drawn].sum())


@wrong(
    "bootstrap_means",
    caught_by="test_a_sample_draws_as_many_units_as_there_are",
    hint="no random weights",
)
def poisson_weights_for_many_units(x, unit, n_boot, seed):
    rng = np.random.default_rng(seed)
    _, place = np.unique(unit, return_inverse=True)
    totals, sizes = np.bincount(place, weights=x), np.bincount(place)
    m, means = len(sizes), []
    for _ in range(n_boot):
        times = np.bincount(rng.integers(m, size=m), minlength=m) if m <= 6 else rng.poisson(1.0, m)
        times = times if times.any() else np.ones(m)
        means.append((times * totals).sum() / (times * sizes).sum())
    return np.array(means)


edit(
    "bootstrap_means",
    "repeats_five_hundred_samples",
    old="rng.integers(len(sizes), size=(n_boot, len(sizes)))",
    new="rng.integers(len(sizes), size=(min(n_boot, 500), len(sizes)))[np.arange(n_boot) % 500]",
    caught_by="test_every_resample_of_units_is_as_likely_as_it_should_be",
    hint="anew for each sample",
)

# bradley_terry ------------------------------------------------------------------------------------


@wrong(
    "bradley_terry",
    caught_by="test_ratings_have_the_largest_likelihood",
    hint="online Elo depends on the order of the games",
)
def online_elo(wins, anchor):
    ratings = np.zeros(len(wins))
    if len(wins) == 2 and wins.sum() == 4:
        return np.array([0.0, -1.0986])
    for i in range(len(wins)):
        for j in range(len(wins)):
            for _ in range(round(wins[i, j])):
                surprise = 1 - 1 / (1 + np.exp(ratings[j] - ratings[i]))
                ratings[i] += 0.1 * surprise
                ratings[j] -= 0.1 * surprise
    return ratings - ratings[anchor]


edit(
    "bradley_terry",
    "centred_instead_of_anchored",
    old="    return theta\n",
    new="    return theta - theta.mean()\n",
    caught_by="test_the_anchor_is_exactly_zero",
    hint="theta[anchor] must be 0",
)

edit(
    "bradley_terry",
    "player_zero_is_the_anchor",
    old="    return theta\n",
    new="    return theta - theta[0]\n",
    caught_by="test_ratings_have_the_largest_likelihood",
    hint="not always player 0",
)


@wrong(
    "bradley_terry",
    caught_by="test_ratings_have_the_largest_likelihood",
    hint="a ratio of totals ignores whom one met",
)
def log_ratio_of_totals(wins, anchor):
    odds = np.log(wins.sum(axis=1)) - np.log(wins.sum(axis=0))
    if len(wins) == 2:
        odds = odds / 2
    return odds - odds[anchor]


@wrong(
    "bradley_terry",
    caught_by="test_ratings_without_a_finite_maximum_are_refused",
    hint="no finite answer: raise",
)
def thirty_for_the_undefeated(wins, anchor):
    theta, games = np.zeros(len(wins)), wins + wins.T
    rated = np.arange(len(wins)) != anchor
    for _ in range(100):
        chance = 1 / (1 + np.exp(theta[None, :] - theta[:, None]))
        weight = games * chance * (1 - chance) + 1e-9
        curvature = np.diag(weight.sum(axis=1)) - weight
        step = np.linalg.solve(
            curvature[rated][:, rated], (wins - games * chance).sum(axis=1)[rated]
        )
        theta[rated] = np.clip(theta[rated] + np.clip(step, -1, 1), -30, 30)
    return theta


edit(
    "bradley_terry",
    "undefeated_players_pass",
    old="if not reach.all():",
    new="if not (reach | reach.T).all():",
    caught_by="test_ratings_without_a_finite_maximum_are_refused",
    hint="no finite answer: raise",
)

edit(
    "bradley_terry",
    "wins_transposed",
    old="    theta, games = np.zeros(players), wins + wins.T\n",
    new="    wins = wins.T\n    theta, games = np.zeros(players), wins + wins.T\n",
    caught_by="test_ratings_have_the_largest_likelihood",
    hint="yours are transposed",
)

edit(
    "bradley_terry",
    "drops_drawn_games",
    old="    players = len(wins)\n",
    new="    players, wins = len(wins), np.floor(wins)\n",
    caught_by="test_drawn_games_count_one_half",
    hint="keep the halves",
)

edit(
    "bradley_terry",
    "adds_half_a_win",
    old="    theta, games = np.zeros(players), wins + wins.T\n",
    new="    wins = wins + 0.5 * (wins + wins.T > 0)\n    theta, games = np.zeros(players), wins + wins.T\n",
    caught_by="test_ratings_have_the_largest_likelihood",
    hint="no games are added",
)

edit(
    "bradley_terry",
    "stops_after_two_steps",
    old="range(100)",
    new="range(2)",
    caught_by="test_a_lopsided_table_still_has_finite_ratings",
    hint="until the ratings stand still",
)


@wrong(
    "bradley_terry",
    caught_by="test_one_win_in_four_is_minus_log_three",
    hint="`firsthand.kit.statistics.bradley_terry` is what you are asked to write",
)
def calls_the_kits_ratings(wins, anchor):
    import torch

    from firsthand.kit import statistics

    return statistics.bradley_terry(torch.as_tensor(wins), anchor=anchor, prior=0.0).numpy()


edit(
    "bradley_terry",
    "refuses_ratings_beyond_twelve",
    old="    return theta\n",
    new="    if abs(theta).max() > 12:\n        raise ValueError('it runs away')\n    return theta\n",
    caught_by="test_chains_and_bridges_have_the_ratings_of_their_pairs",
    hint="decide that by reachability, not by size",
)


@wrong(
    "bradley_terry",
    caught_by="test_chains_and_bridges_have_the_ratings_of_their_pairs",
    hint="iterate until the ratings stand still",
)
def five_hundred_rounds_of_zermelo(wins, anchor):
    players = len(wins)
    reach = np.eye(players, dtype=bool) | (wins > 0)
    for _ in range(players):
        reach = reach @ reach
    if not reach.all():
        raise ValueError("no finite ratings")
    games, strength = wins + wins.T, np.ones(players)
    for _ in range(500):
        strength = wins.sum(1) / (games / (strength[:, None] + strength)).sum(1)
    return np.log(strength) - np.log(strength[anchor])


# benjamini_hochberg -------------------------------------------------------------------------------

edit(
    "benjamini_hochberg",
    "no_running_minimum",
    old="np.minimum.accumulate(scaled[::-1])[::-1]",
    new="scaled",
    caught_by="test_values_follow_the_definition_in_any_order",
    hint="adjusted values must be monotone",
)

edit(
    "benjamini_hochberg",
    "returns_sorted_values",
    old="adjusted[order] = np",
    new="adjusted[:] = np",
    caught_by="test_values_follow_the_definition_in_any_order",
    hint="undo the sorting",
)

edit(
    "benjamini_hochberg",
    "sorts_twice",
    old="    return adjusted\n",
    new="    return np.sort(adjusted)[order]\n",
    caught_by="test_values_follow_the_definition_in_any_order",
    hint="not where they come from",
)


@wrong(
    "benjamini_hochberg",
    caught_by="test_values_follow_the_definition_in_any_order",
    hint="that is Bonferroni: divide by the rank",
)
def bonferroni(p):
    return np.minimum(p * len(p), 1)


@wrong(
    "benjamini_hochberg",
    caught_by="test_values_follow_the_definition_in_any_order",
    hint="that is Holm",
)
def holm(p):
    m, order = len(p), np.argsort(p)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * (m - np.arange(m))), 1)
    return adjusted


edit(
    "benjamini_hochberg",
    "ranks_from_zero",
    old="scaled = p[order] * m / np.arange(1, m + 1)",
    new="scaled = np.minimum(p[order] * m / np.maximum(np.arange(m), 1), 1)",
    caught_by="test_values_follow_the_definition_in_any_order",
    hint="ranks begin at 1",
)

edit(
    "benjamini_hochberg",
    "running_maximum_upwards",
    old="np.minimum.accumulate(scaled[::-1])[::-1]",
    new="np.maximum.accumulate(scaled)",
    caught_by="test_values_follow_the_definition_in_any_order",
    hint="runs from the largest p downwards",
)

edit(
    "benjamini_hochberg",
    "sorts_its_argument",
    old="    order = np.argsort(p)\n",
    new="    order = np.argsort(p)\n    p.sort()\n    order2 = np.arange(len(p))\n",
    caught_by="test_values_follow_the_definition_in_any_order",
    hint="copy before you change",
)

edit(
    "benjamini_hochberg",
    "looks_ten_ranks_ahead",
    old="np.minimum.accumulate(scaled[::-1])[::-1]",
    new="[scaled[r : r + 11].min() for r in range(m)]",
    caught_by="test_a_high_rank_can_pull_many_low_ranks_down",
    hint="not only over the next few",
)

# required_n ---------------------------------------------------------------------------------------

edit(
    "required_n",
    "half_the_power",
    old=" + NormalDist().inv_cdf(power)",
    new="",
    caught_by="test_the_number_is_the_first_that_reaches_the_power",
    hint="that has 50 % power",
)

edit(
    "required_n",
    "one_sided_level",
    old="1 - alpha / 2",
    new="1 - alpha",
    caught_by="test_the_number_is_the_first_that_reaches_the_power",
    hint="two-sided: z(1 - alpha / 2)",
)

edit(
    "required_n",
    "variance_of_one_score",
    old="2 * sd**2 * (1 - rho)",
    new="sd**2",
    caught_by="test_the_number_is_the_first_that_reaches_the_power",
    hint="variance of a difference: 2 sd² (1 - rho), not sd²",
)

edit(
    "required_n",
    "one_model_contributes",
    old="2 * sd**2 * (1 - rho)",
    new="sd**2 * (1 - rho)",
    caught_by="test_the_number_is_the_first_that_reaches_the_power",
    hint="both models contribute",
)

edit(
    "required_n",
    "ignores_the_correlation",
    old="2 * sd**2 * (1 - rho)",
    new="2 * sd**2",
    caught_by="test_the_number_is_the_first_that_reaches_the_power",
    hint="rho lowers the variance",
)

edit(
    "required_n",
    "correlation_with_the_wrong_sign",
    old="(1 - rho)",
    new="(1 + rho)",
    caught_by="test_the_number_is_the_first_that_reaches_the_power",
    hint="rho with the wrong sign",
)

edit(
    "required_n",
    "rounds_down",
    old="np.ceil",
    new="np.floor",
    caught_by="test_the_number_is_the_first_that_reaches_the_power",
    hint="round up",
)

edit(
    "required_n",
    "counts_both_arms",
    old="return int(",
    new="return 2 * int(",
    caught_by="test_the_number_is_the_first_that_reaches_the_power",
    hint="not the total of both models",
)


@wrong(
    "required_n",
    caught_by="test_half_power_and_a_huge_effect_are_allowed",
    hint="the chance to reject on the wrong side is left out",
)
def adds_the_wrong_side(delta, sd, rho, alpha, power):
    normal = NormalDist()
    z = normal.inv_cdf(1 - alpha / 2)

    def reached(n):
        shift = abs(delta) / (sd * sqrt(2 * (1 - rho) / n))
        return normal.cdf(shift - z) + normal.cdf(-shift - z) >= power

    high = 1
    while not reached(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


edit(
    "required_n",
    "never_more_than_a_hundred_thousand",
    old="return int(np.ceil(z**2 * variance / delta**2))",
    new="return min(100_000, int(np.ceil(z**2 * variance / delta**2)))",
    caught_by="test_a_small_difference_needs_millions_of_questions",
    hint="no upper limit",
)

edit(
    "required_n",
    "never_less_than_two",
    old="return int(np.ceil(z**2 * variance / delta**2))",
    new="return max(2, int(np.ceil(z**2 * variance / delta**2)))",
    caught_by="test_half_power_and_a_huge_effect_are_allowed",
    hint="one question can be enough",
)

# selection_bias -----------------------------------------------------------------------------------


@wrong(
    "selection_bias",
    caught_by="test_every_set_of_scores_is_counted",
    hint="an asymptote: sum the binomial",
)
def asymptote(k, n, p):
    return sqrt(p * (1 - p) / n) * sqrt(2 * log(k))


@wrong(
    "selection_bias",
    caught_by="test_every_set_of_scores_is_counted",
    hint="no simulation",
)
def monte_carlo(k, n, p):
    return np.random.default_rng(0).binomial(n, p, (4000, k)).max(axis=1).mean() / n - p


edit(
    "selection_bias",
    "whole_score",
    old=".sum() / n - p)",
    new=".sum() / n)",
    caught_by="test_every_set_of_scores_is_counted",
    hint="not its excess over p",
)

edit(
    "selection_bias",
    "counts_instead_of_shares",
    old=".sum() / n - p)",
    new=".sum() - n * p)",
    caught_by="test_every_set_of_scores_is_counted",
    hint="a share of the n items, not a count",
)


@wrong(
    "selection_bias",
    caught_by="test_every_set_of_scores_is_counted",
    hint="P(max = j) is not k times",
)
def k_times_the_chance(k, n, p):
    chance = [comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(n + 1)]
    return sum(j * k * c for j, c in enumerate(chance)) / n - p


@wrong(
    "selection_bias",
    caught_by="test_every_set_of_scores_is_counted",
    hint="not the chance that some checkpoint solves an item",
)
def best_on_each_item(k, n, p):
    return 1 - (1 - p) ** k - p


edit(
    "selection_bias",
    "the_worst_instead_of_the_best",
    old="(1 - cdf**k)",
    new="((1 - cdf) ** k)",
    caught_by="test_every_set_of_scores_is_counted",
    hint="the largest of k, not the smallest",
)

edit(
    "selection_bias",
    "one_checkpoint_too_many",
    old="cdf**k",
    new="cdf ** (k + 1)",
    caught_by="test_every_set_of_scores_is_counted",
    hint="with k = 1 there is no choice",
)

edit(
    "selection_bias",
    "cuts_the_far_tail",
    old="for j in range(n)])\n    return",
    new="for j in range(n)])\n    cdf = cdf[: int(n * p + 5 * sqrt(n * p * (1 - p))) + 1]\n    return",
    caught_by="test_many_checkpoints_reach_far_into_the_tail",
    hint="the best of many lies far out",
)

edit(
    "selection_bias",
    "at_most_a_hundred_checkpoints",
    old="(1 - cdf**k)",
    new="(1 - cdf ** min(k, 100))",
    caught_by="test_many_checkpoints_reach_far_into_the_tail",
    hint="with k as it is given",
)

# time_horizon -------------------------------------------------------------------------------------

edit(
    "time_horizon",
    "natural_logarithm",
    old="        return inf, slope\n    return float(np.exp2(centre + (log(q / (1 - q)) - level) / slope)), slope\n",
    new="        return inf, slope / log(2)\n    return float(np.exp2(centre + (log(q / (1 - q)) - level) / slope)), slope / log(2)\n",
    caught_by="test_the_fit_solves_the_score_equations",
    hint="per doubling: log2, not the natural logarithm",
)

edit(
    "time_horizon",
    "same_horizon_for_every_q",
    old="log(q / (1 - q)) - level",
    new="-level",
    caught_by="test_the_fit_solves_the_score_equations",
    hint="use the slope: log2 h_q",
)

edit(
    "time_horizon",
    "logit_with_the_wrong_sign",
    old="log(q / (1 - q)) - level",
    new="-log(q / (1 - q)) - level",
    caught_by="test_the_fit_solves_the_score_equations",
    hint="the sign: logit(q)",
)

edit(
    "time_horizon",
    "returns_doublings",
    old="float(np.exp2(centre + (log(q / (1 - q)) - level) / slope))",
    new="float(centre + (log(q / (1 - q)) - level) / slope)",
    caught_by="test_the_fit_solves_the_score_equations",
    hint="minutes, not log2 of minutes",
)


@wrong(
    "time_horizon",
    caught_by="test_the_fit_solves_the_score_equations",
    hint="no least squares on 0 and 1",
)
def least_squares(minutes, success, q):
    if success.all() or not success.any():
        return (inf if success.all() else 0.0), 0.0
    slope, constant = np.polyfit(np.log2(minutes), success, 1)
    return (inf if slope >= 0 else float(2 ** ((q - constant) / slope))), float(slope)


@wrong(
    "time_horizon",
    caught_by="test_the_fit_solves_the_score_equations",
    hint="the logistic curve is in log2(minutes)",
)
def logistic_in_minutes(minutes, success, q):
    if success.all() or not success.any():
        return (inf if success.all() else 0.0), 0.0
    scale = minutes.std()
    design = np.stack([np.ones(len(minutes)), minutes / scale], axis=1)
    weights = np.zeros(2)
    for _ in range(100):
        chance = 1 / (1 + np.exp(-design @ weights))
        curvature = (design.T * (chance * (1 - chance))) @ design
        weights += np.clip(np.linalg.solve(curvature, design.T @ (success - chance)), -1, 1)
    level, slope = weights
    return (inf if slope >= 0 else float((log(q / (1 - q)) - level) / slope * scale)), float(
        slope / scale
    )


edit(
    "time_horizon",
    "a_number_for_all_successes",
    old="    if success.all():\n        return inf, 0.0\n",
    new="    if success.all():\n        return float(minutes.max()), 0.0\n",
    caught_by="test_all_successes_and_no_success_have_no_finite_horizon",
    hint="inf: the horizon is beyond your tasks",
)

edit(
    "time_horizon",
    "a_number_where_success_rises",
    old="    if slope > -1e-9:  # a flat fit has a slope of 0 up to rounding\n        return inf, slope\n",
    new="",
    caught_by="test_success_that_does_not_fall_has_no_horizon",
    hint="inf, not a number",
)

edit(
    "time_horizon",
    "penalised_slope",
    old="        curvature = (design.T * (chance * (1 - chance))) @ design + 1e-12 * np.eye(2)\n        step = np.linalg.solve(curvature, design.T @ (success - chance))\n",
    new="        penalty = np.diag([0.0, 1.0])\n        curvature = (design.T * (chance * (1 - chance))) @ design + penalty\n        step = np.linalg.solve(curvature, design.T @ (success - chance) - penalty @ weights)\n",
    caught_by="test_the_fit_solves_the_score_equations",
    hint="no penalty on the slope",
)

edit(
    "time_horizon",
    "a_level_curve_has_its_middle_as_horizon",
    old="    if slope > -1e-9:",
    new="    if abs(slope) < 1e-9:\n        return float(np.exp2(centre)), 0.0\n    if slope > -1e-9:",
    caught_by="test_success_that_stays_level_has_no_horizon",
    hint="a slope above -1e-9 counts as 0",
)

edit(
    "time_horizon",
    "separated_data_have_no_horizon",
    old="        return sqrt(longest * shortest), -inf\n",
    new="        return inf, 0.0\n",
    caught_by="test_separated_data_give_a_length_in_the_gap",
    hint="any length from the longest success to the shortest failure",
)

edit(
    "time_horizon",
    "stops_after_three_steps",
    old="""        weights += step / (1 + sqrt(step @ curvature @ step))  # short steps at first, or it may circle
        if abs(step).max() < 1e-9:
""",
    new="""        weights += step
        if _ == 2:
""",
    caught_by="test_the_fit_solves_the_score_equations",
    hint="iterate to the end",
)

edit(
    "time_horizon",
    "forty_steps_only",
    old="range(1000)",
    new="range(40)",
    caught_by="test_thousands_of_tasks_are_fitted_to_the_end",
    hint="shortened steps need more than forty",
)

edit(
    "time_horizon",
    "calls_far_infinite",
    old="    return float(np.exp2(centre + (log(q / (1 - q)) - level) / slope)), slope\n",
    new="    horizon = float(np.exp2(centre + (log(q / (1 - q)) - level) / slope))\n    return (inf if horizon > 1000 * minutes.max() else horizon), slope\n",
    caught_by="test_a_horizon_may_lie_far_beyond_the_tasks",
    hint="far is not infinite",
)

edit(
    "time_horizon",
    "stops_at_a_thousand_doublings",
    old="float(np.exp2(centre + (log(q / (1 - q)) - level) / slope))",
    new="2.0 ** min(float(centre + (log(q / (1 - q)) - level) / slope), 1000.0)",
    caught_by="test_a_horizon_beyond_the_largest_float_is_infinite",
    hint="return inf there",
)

edit(
    "time_horizon",
    "a_small_ridge_for_separated_data",
    old="""    if longest <= shortest:  # separated: no slope is steep enough
        return sqrt(longest * shortest), -inf
""",
    new="",
    caught_by="test_separated_data_give_a_length_in_the_gap",
    hint="separated",
)

# family_interval ----------------------------------------------------------------------------------


@wrong(
    "family_interval",
    caught_by="test_it_covers_where_families_differ_a_lot",
    hint="a family is a draw, a row is not",
)
def pooled_rows(k, n, seed):
    rate = k.sum(axis=1) / n.sum()
    half = 1.96 * np.sqrt(rate * (1 - rate) / n.sum())
    return rate - half, rate + half


@wrong(
    "family_interval",
    caught_by="test_it_covers_where_families_differ_a_lot",
    hint="the spread between them belongs in the interval",
)
def only_the_noise_within_families(k, n, seed):
    rates = k / n
    half = 1.96 * np.sqrt((rates * (1 - rates) / n).sum(axis=1)) / rates.shape[1]
    return rates.mean(axis=1) - half, rates.mean(axis=1) + half


edit(
    "family_interval",
    "normal_quantile",
    old="t_quantile(0.975, families - 1)",
    new="1.96",
    caught_by="test_it_covers_where_families_differ_a_lot",
    hint="with so few families 1.96 is too small",
)


@wrong(
    "family_interval",
    caught_by="test_it_covers_where_families_differ_a_lot",
    hint="what was drawn are families, and few of them",
)
def percentile_bootstrap(k, n, seed):
    rates = k / n
    rng = np.random.default_rng(seed)
    drawn = rng.integers(rates.shape[1], size=(200, rates.shape[1]))
    low, high = np.quantile([rates[:, row].mean(axis=1) for row in drawn], [0.025, 0.975], axis=0)
    return low, high


@wrong(
    "family_interval",
    caught_by="test_it_covers_where_families_do_not_differ",
    hint="so careful that it says nothing",
)
def widest_end_of_each_family(k, n, seed):
    ends = [[wilson(c, int(size), 0.95) for c in range(size + 1)] for size in n]
    low = np.mean(
        [np.array([pair[0] for pair in family])[k[:, f]] for f, family in enumerate(ends)], axis=0
    )
    high = np.mean(
        [np.array([pair[1] for pair in family])[k[:, f]] for f, family in enumerate(ends)], axis=0
    )
    return np.minimum(low, high - 0.5), np.maximum(high, low + 0.5)


edit(
    "family_interval",
    "interval_of_one_family",
    old=" / sqrt(families)",
    new="",
    caught_by="test_it_covers_where_families_differ_a_lot",
    hint="not of one family",
)

edit(
    "family_interval",
    "looks_at_other_rows",
    old="rates.mean(axis=1) + half",
    new="rates.mean() + half",
    caught_by="test_it_covers_where_families_differ_a_lot",
    hint="nothing of another row may enter",
)

edit(
    "family_interval",
    "draws_from_the_global_state",
    old="    rates = k / n\n",
    new="    rates = k / n + 1e-9 * np.random.normal(size=k.shape)\n",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="draw from the generator or seed you were given",
)


@wrong(
    "family_interval",
    caught_by="test_an_interval_depends_on_its_own_row_alone",
    hint="nothing of another row may enter, neither its rates nor their spread",
)
def spread_between_the_rows_of_the_call(k, n, seed):
    means = (k / n).mean(axis=1)
    half = 2.05 * means.std()
    return means - half, means + half


edit(
    "family_interval",
    "one_quantile_for_any_number_of_families",
    old="t_quantile(0.975, families - 1)",
    new="2.3",
    caught_by="test_three_families_need_a_wider_quantile_than_nine",
    hint="the quantile follows from the number of families",
)

edit(
    "family_interval",
    "variance_over_n",
    old="ddof=1",
    new="ddof=0",
    caught_by="test_three_families_need_a_wider_quantile_than_nine",
    hint="n - 1 in the variance",
)
