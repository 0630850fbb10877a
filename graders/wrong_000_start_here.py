"""Wrong answers of 000, each with what must catch it."""

from firsthand.wrong import edit, wrong


@wrong(
    "majority_accuracy",
    caught_by="test_one_majority_counts_once_however_large_it_is",
    hint="that is the average judge",
)
def measures_the_average_judge(votes, truth):
    return (votes == truth[:, None]).float().mean().item()


@wrong(
    "majority_accuracy",
    caught_by="test_one_majority_counts_once_however_large_it_is",
    hint="not all of them",
)
def asks_for_unanimity(votes, truth):
    return (votes == truth[:, None]).all(dim=1).float().mean().item()


@wrong(
    "majority_accuracy",
    caught_by="test_one_majority_counts_once_however_large_it_is",
    hint="not any of them",
)
def is_content_with_one_vote(votes, truth):
    return (votes == truth[:, None]).any(dim=1).float().mean().item()


@wrong(
    "majority_accuracy",
    caught_by="test_one_majority_counts_once_however_large_it_is",
    hint="that is the first judge alone",
)
def asks_the_first_judge(votes, truth):
    return (votes[:, 0] == truth).float().mean().item()


@wrong(
    "majority_accuracy",
    caught_by="test_one_majority_counts_once_however_large_it_is",
    hint="compare it with the truth",
)
def counts_the_majoritys_yes(votes, truth):
    return (votes.float().mean(dim=1) > 0.5).float().mean().item()


edit(
    "majority_accuracy", "counts_the_mistakes", old="majority == truth", new="majority != truth",
    caught_by="test_one_majority_counts_once_however_large_it_is",
    hint="how often the majority is wrong",
)  # fmt: skip
edit(
    "majority_accuracy", "forgets_to_divide",
    old=".float().mean().item()", new=".float().sum().item()",
    caught_by="test_one_majority_counts_once_however_large_it_is",
    hint="divide by how many there are",
)  # fmt: skip


@wrong(
    "majority_accuracy",
    caught_by="test_one_majority_counts_once_however_large_it_is",
    hint="compare the majority's answer",
)
def returns_the_worked_example(votes, truth):
    return 0.5


@wrong(
    "majority_accuracy",
    caught_by="test_one_majority_counts_once_however_large_it_is",
    hint="the caller still needs its values",
)
def changes_the_votes(votes, truth):
    result = ((votes.float().mean(dim=1) > 0.5) == truth).float().mean().item()
    votes[:] = truth[:, None]
    return result


edit(
    "share_with_error", "gives_the_spread_of_single_answers",
    old=" / count) ** 0.5", new=") ** 0.5",
    caught_by="test_the_error_shrinks_with_the_root_of_the_number_of_answers",
    hint="that is the spread of single answers",
)  # fmt: skip
edit(
    "share_with_error", "forgets_the_root", old="count) ** 0.5", new="count)",
    caught_by="test_the_error_shrinks_with_the_root_of_the_number_of_answers",
    hint="the root is missing",
)  # fmt: skip
edit(
    "share_with_error", "divides_after_the_root", old=" / count) ** 0.5", new=") ** 0.5 / count",
    caught_by="test_the_error_shrinks_with_the_root_of_the_number_of_answers",
    hint="n belongs below the root",
)  # fmt: skip
edit(
    "share_with_error", "divides_by_one_less", old=" / count)", new=" / max(count - 1, 1))",
    caught_by="test_the_error_shrinks_with_the_root_of_the_number_of_answers",
    hint="not by n - 1",
)  # fmt: skip
edit(
    "share_with_error", "forgets_the_other_share", old="(share * (1 - share)", new="(share",
    caught_by="test_the_error_shrinks_with_the_root_of_the_number_of_answers",
    hint="not p alone",
)  # fmt: skip
edit(
    "share_with_error", "counts_the_wrong_answers", old="right.float()", new="(~right).float()",
    caught_by="test_the_first_number_is_the_share_of_true",
    hint="that is the share of False",
)  # fmt: skip


@wrong(
    "share_with_error",
    caught_by="test_the_first_number_is_the_share_of_true",
    hint="return share, error",
)
def returns_the_share_alone(right):
    return right.float().mean().item()
