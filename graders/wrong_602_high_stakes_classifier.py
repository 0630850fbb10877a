"""Wrong answers of 602, each with what must catch it."""

from firsthand.wrong import edit, wrong


@wrong("threshold_for_quality", caught_by="test_random_rows_agree_with_a_loop", hint="the weights do nothing yet")
def ignores_the_weights(values, weights):
    return values.mean(-1)


@wrong(
    "threshold_for_quality",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="divide by the summed weights, not by their number",
)
def divides_by_the_count(values, weights):
    return (values * weights).mean(-1)


edit(
    "threshold_for_quality",
    "forgets_to_divide",
    old=" / weights.sum(-1)",
    new="",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="the sum of the weights is missing",
)
edit(
    "threshold_for_quality",
    "sums_all_weights",
    old="weights.sum(-1)",
    new="weights.sum()",
    caught_by="test_each_row_uses_its_own_weights",
    hint="divide by the sum of the weights",
)
edit(
    "threshold_for_quality",
    "reduces_the_wrong_axis",
    old="return weighted_rows.sum(-1) / weights.sum(-1)",
    new="return weighted_rows.sum(0) / weights.sum(0)",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="one number per row: reduce the last axis",
)


@wrong("exact_interval", caught_by="test_random_rows_agree_with_a_loop", hint="the weights do nothing yet")
def ignores_the_weights(values, weights):
    return values.mean(-1)


@wrong(
    "exact_interval",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="divide by the summed weights, not by their number",
)
def divides_by_the_count(values, weights):
    return (values * weights).mean(-1)


edit(
    "exact_interval",
    "forgets_to_divide",
    old=" / weights.sum(-1)",
    new="",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="the sum of the weights is missing",
)
edit(
    "exact_interval",
    "sums_all_weights",
    old="weights.sum(-1)",
    new="weights.sum()",
    caught_by="test_each_row_uses_its_own_weights",
    hint="divide by the sum of the weights",
)
edit(
    "exact_interval",
    "reduces_the_wrong_axis",
    old="return weighted_rows.sum(-1) / weights.sum(-1)",
    new="return weighted_rows.sum(0) / weights.sum(0)",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="one number per row: reduce the last axis",
)
