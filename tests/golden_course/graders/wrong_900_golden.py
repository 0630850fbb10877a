"""Named wrong answers of 900."""

from firsthand.wrong import edit, wrong


@wrong(
    "scaled",
    caught_by="test_every_entry_is_multiplied",
    hint="the factor multiplies, it is not added",
)
def adds_the_factor(x, factor=FACTOR):
    return x + factor


edit(
    "scaled",
    "ignores_the_factor",
    old="x * factor",
    new="x * 0.5",
    caught_by="test_every_entry_is_multiplied",
    hint="every entry is multiplied by the factor",
)
edit(
    "scaled_mean",
    "averages_over_the_first_axis",
    old="larger.mean(-1)",
    new="larger.mean(0)",
    caught_by="test_the_mean_goes_over_the_last_axis",
    hint="you averaged over the first axis",
)


@wrong(
    "Counter",
    caught_by="test_counters_do_not_share_their_count",
    hint="each counter keeps its own count",
)
class CountsForAll:
    calls = 0

    def __call__(self):
        CountsForAll.calls += 1
        return CountsForAll.calls


edit(
    "does_scaling_commute",
    "says_no",
    old="return True",
    new="return False",
    caught_by="test_the_mean_is_linear",
    hint="the mean is linear",
)
