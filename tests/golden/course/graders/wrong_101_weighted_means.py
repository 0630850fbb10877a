"""Wrong answers of 101."""

from firsthand.wrong import edit, wrong


def plain(values):
    """A helper travels with the wrong answer that uses it."""
    return values.mean(-1)


@wrong(
    "weighted_mean",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="the weights do nothing yet",
)
def ignores_the_weights(values, weights):
    return plain(values)


@wrong("weighted_mean", caught_by="test_each_row_uses_its_own_weights", hint="divide by the sum")
def is_recursive_and_sums_all(values, weights):
    if len(values) > 1:
        return is_recursive_and_sums_all(values[:1], weights[:1]).expand(len(values))
    return (values * weights).sum(-1) / weights.mean()


edit(
    "weighted_mean",
    "forgets_to_divide",
    old=" / weights.sum(-1)",
    new="",
    caught_by="test_random_rows_agree_with_a_loop",
    hint="the sum of the weights is missing",
)
edit(
    "weighted_mean",
    "sums_all_weights",
    old="weights.sum(-1)",
    new="weights.sum()",
    caught_by="test_each_row_uses_its_own_weights",
    hint="divide by the sum of the weights",
)
edit(
    "weighted_mean",
    "reduces_the_first_axis",
    old="return weighted_rows.sum(-1) / weights.sum(-1)",
    new="return weighted_rows.sum(0) / weights.sum(0)",
    caught_by="test_the_worked_example_gives_two",
    hint="reduce the last axis",
)

edit(
    "Standardiser",
    "does_not_centre",
    old="rows - self.mean[:, None]",
    new="rows",
    caught_by="test_fresh_rows_keep_the_fitted_scale",
    hint="subtract the mean",
)
edit(
    "Standardiser",
    "does_not_scale",
    old="centred / (self.spread[:, None] + EPSILON)",
    new="centred",
    caught_by="test_fresh_rows_keep_the_fitted_scale",
    hint="use the mean and the spread",
)
edit(
    "Standardiser",
    "has_no_epsilon",
    old=" + EPSILON",
    new="",
    caught_by="test_a_constant_row_gives_zeros",
    hint="add EPSILON",
)
edit(
    "Standardiser",
    "centres_in_place",
    old="centred = rows - self.mean[:, None]",
    new="centred = rows.sub_(self.mean[:, None])",
    caught_by="test_fresh_rows_keep_the_fitted_scale",
    hint="changed",
)


@wrong("Standardiser", caught_by="test_fresh_rows_keep_the_fitted_scale", hint="fitted on")
class FitsAnew:
    """Uses the statistics of the rows it is called with."""

    def __init__(self, rows):
        super(FitsAnew, self).__init__()  # noqa: UP008 (renaming must follow it)

    def __call__(self, rows):
        mean = rows.mean(-1, keepdim=True)
        return (rows - mean) / (rows.std(-1, correction=0, keepdim=True) + EPSILON)
