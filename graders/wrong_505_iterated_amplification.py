"""Named wrong answers of 505, each with the test and the hint that must catch it."""

import torch

from firsthand.wrong import edit, wrong

# trivial_floor

edit(
    "trivial_floor", "one_over_n",
    old="sum(k % length == 0 for length in range(1, n + 1)) / n", new="1 / n if k else 1.0",
    caught_by="test_it_is_the_share_over_all_permutations", hint="short cycles return early",
)  # fmt: skip
edit(
    "trivial_floor", "common_divisor",
    old="sum(k % length == 0 for length in range(1, n + 1)) / n",
    new="__import__('math').gcd(k, n) / n if k else 1.0",
    caught_by="test_it_is_the_share_over_all_permutations",
    hint="not those that n and k share",
)  # fmt: skip
edit(
    "trivial_floor", "divisors_above_n",
    old="range(1, n + 1)) / n", new="range(1, max(n, k) + 1)) / n",
    caught_by="test_it_is_the_share_over_all_permutations", hint="no cycle is longer than n",
)  # fmt: skip
edit(
    "trivial_floor", "zero_at_k_0",
    old="return sum(", new="return 0.0 if k == 0 else sum(",
    caught_by="test_the_power_0_leaves_everything_in_place", hint="every length divides 0",
)  # fmt: skip
edit(
    "trivial_floor", "only_shorter_cycles",
    old="range(1, n + 1)) / n", new="range(1, (min(n + 1, k) if k else n + 1))) / n",
    caught_by="test_it_is_the_share_over_all_permutations", hint="not only after fewer",
)  # fmt: skip


@wrong("trivial_floor", caught_by="test_it_is_the_share_over_all_permutations", hint="exact")
def samples_permutations(n, k):
    p = permutations(4000, n, torch.Generator().manual_seed(0))
    back = power(p, torch.full((4000,), k)) == torch.arange(n)
    return back.double().mean().item()


@wrong("trivial_floor", caught_by="test_it_is_the_share_over_all_permutations", hint="exact")
def the_worked_example_only(n, k):
    return {1: 1 / 6, 2: 1 / 3, 4: 1 / 2, 6: 2 / 3}.get(k, 1 / n)


@wrong(
    "trivial_floor",
    caught_by="test_larger_permutations_too",
    hint="exact",
)
def short_cycles_only(n, k):
    return sum(k % length == 0 for length in range(1, min(n, 12) + 1)) / n


edit(
    "trivial_floor", "lengths_up_to_40",
    old="range(1, n + 1)) / n", new="range(1, min(n, 40) + 1)) / n",
    caught_by="test_larger_permutations_too", hint="however large n is",
)  # fmt: skip
edit(
    "trivial_floor", "an_int_at_k_0",
    old="return sum(", new="return 1 if k == 0 else sum(",
    caught_by="test_the_power_0_leaves_everything_in_place", hint="1.0, not 1",
)  # fmt: skip

# moved_accuracy

edit(
    "moved_accuracy", "all_items",
    old="(pred == truth)[moved]", new="(pred == truth)",
    caught_by="test_only_items_that_truly_move_are_counted", hint="are free: leave them out",
)  # fmt: skip
edit(
    "moved_accuracy", "mask_from_the_prediction",
    old="moved = truth != ", new="moved = pred != ",
    caught_by="test_only_items_that_truly_move_are_counted", hint="the mask comes from the truth",
)  # fmt: skip
edit(
    "moved_accuracy", "mean_of_row_means",
    old="return (pred == truth)[moved].double().mean().item()",
    new="rows = [(a == t)[m].double().mean() for a, t, m in zip(pred, truth, moved) if m.any()]\n"
    "    return torch.stack(rows).mean().item()",
    caught_by="test_only_items_that_truly_move_are_counted", hint="pool the items of all rows",
)  # fmt: skip
edit(
    "moved_accuracy", "divides_by_all_items",
    old="(pred == truth)[moved].double()", new="((pred == truth) & moved).double()",
    caught_by="test_only_items_that_truly_move_are_counted", hint="not of all",
)  # fmt: skip
edit(
    "moved_accuracy", "zero_when_nothing_moves",
    old='float("nan")', new="0.0",
    caught_by="test_without_moved_items_it_is_nan", hint="return nan",
)  # fmt: skip
edit(
    "moved_accuracy", "marks_free_items_in_place",
    old="    return (pred == truth)", new="    pred[~moved] = -1\n    return (pred == truth)",
    caught_by="test_only_items_that_truly_move_are_counted", hint="copy before you change",
)  # fmt: skip

edit(
    "moved_accuracy", "both_must_move",
    old="moved = truth != torch.arange(truth.shape[1])",
    new="here = torch.arange(truth.shape[1])\n    moved = (truth != here) & (pred != here)",
    caught_by="test_only_items_that_truly_move_are_counted", hint="not those alone that pred moves",
)  # fmt: skip

edit(
    "moved_accuracy", "a_tensor",
    old=".double().mean().item()", new=".double().mean()",
    caught_by="test_only_items_that_truly_move_are_counted", hint=".item() makes one of a tensor",
)  # fmt: skip
edit(
    "moved_accuracy", "a_tensor_of_nan",
    old='return float("nan")', new='return torch.tensor(float("nan"))',
    caught_by="test_without_moved_items_it_is_nan", hint="return a float here too",
)  # fmt: skip
edit(
    "moved_accuracy", "rounded",
    old="return (pred == truth)[moved].double().mean().item()",
    new="return round((pred == truth)[moved].double().mean().item(), 4)",
    caught_by="test_only_items_that_truly_move_are_counted", hint="do not round it",
)  # fmt: skip

# held_out


@wrong(
    "held_out", caught_by="test_the_side_of_a_row_depends_on_nothing_but_the_row",
    hint="decide by the content",
)  # fmt: skip
def a_seeded_random_mask(p, share, salt):
    return torch.rand(len(p), generator=torch.Generator().manual_seed(salt)) < share


@wrong(
    "held_out", caught_by="test_the_side_of_a_row_depends_on_nothing_but_the_row",
    hint="decide by the content",
)  # fmt: skip
def the_first_rows_of_the_batch(p, share, salt):
    return (torch.arange(len(p)) + salt) % len(p) < share * len(p)


@wrong(
    "held_out", caught_by="test_about_the_stated_share_is_held_out", hint="differs from row to row"
)
def by_the_sum_of_the_row(p, share, salt):
    digest = [hashlib.sha256(repr((salt, int(row.sum()))).encode()).digest() for row in p]
    return torch.tensor(
        [int.from_bytes(d[:8], "big") / 2**64 < share for d in digest], dtype=torch.bool
    )


@wrong(
    "held_out",
    caught_by="test_about_the_stated_share_is_held_out",
    hint="every permutation has chance",
)
def by_the_first_image(p, share, salt):
    digest = [hashlib.sha256(repr((salt, int(row[0]))).encode()).digest() for row in p]
    return torch.tensor(
        [int.from_bytes(d[:8], "big") / 2**64 < share for d in digest], dtype=torch.bool
    )


@wrong(
    "held_out",
    caught_by="test_the_side_of_a_row_depends_on_nothing_but_the_row",
    hint="decide by the content",
)
def hashes_the_place_too(p, share, salt):
    digest = [
        hashlib.sha256(repr((salt, place, row)).encode()).digest()
        for place, row in enumerate(p.tolist())
    ]
    return torch.tensor(
        [int.from_bytes(d[:8], "big") / 2**64 < share for d in digest], dtype=torch.bool
    )


edit(
    "held_out", "the_training_side",
    old="< share)", new=">= share)",
    caught_by="test_about_the_stated_share_is_held_out", hint="you returned the training side",
)  # fmt: skip
edit(
    "held_out", "ignores_the_salt",
    old="repr((salt, row))", new="repr(row)",
    caught_by="test_two_salts_give_unrelated_splits", hint="the salt names the split",
)  # fmt: skip
edit(
    "held_out", "one_side_for_the_batch",
    old="repr((salt, row))", new="repr((salt, p.tolist()))",
    caught_by="test_the_side_of_a_row_depends_on_nothing_but_the_row", hint="decide by the content",
)  # fmt: skip

edit(
    "held_out", "one_of_100_classes",
    old='int.from_bytes(digest[:8], "big") / 2**64 < share',
    new='int.from_bytes(digest[:8], "big") % 100 < 100 * share',
    caught_by="test_about_the_stated_share_is_held_out", hint="not one of 100 classes",
)  # fmt: skip
edit(
    "held_out", "all_but_two_elements",
    old="repr((salt, row))", new="repr((salt, row[:-2]))",
    caught_by="test_similar_permutations_are_decided_apart", hint="two independent coins",
)  # fmt: skip
edit(
    "held_out", "multiplies_by_the_salt",
    old='digest = hashlib.sha256(repr((salt, row)).encode()).digest()\n'
    '        flags.append(int.from_bytes(digest[:8], "big") / 2**64 < share)',
    new='digest = hashlib.sha256(repr(row).encode()).digest()\n'
    '        flags.append((salt + 1) * int.from_bytes(digest[:8], "big") % 2**64 / 2**64 < share)',
    caught_by="test_two_salts_give_unrelated_splits", hint="hash the salt together with the row",
)  # fmt: skip

edit(
    "held_out", "one_coin_for_the_inverse_too",
    old="repr((salt, row))", new="repr((salt, min(row, [row.index(x) for x in range(len(row))])))",
    caught_by="test_relatives_of_a_permutation_are_decided_apart", hint="its inverse are two",
)  # fmt: skip
edit(
    "held_out", "one_coin_for_both_directions",
    old="repr((salt, row))", new="repr((salt, min(row, row[::-1])))",
    caught_by="test_relatives_of_a_permutation_are_decided_apart", hint="read backwards are two",
)  # fmt: skip
edit(
    "held_out", "digits_in_a_line",
    old="repr((salt, row))", new='f"{salt}:" + "".join(map(str, row))',
    caught_by="test_numbers_of_two_digits_are_kept_apart", hint="with a comma, say",
)  # fmt: skip
edit(
    "held_out", "a_number_with_base_ten",
    old="repr((salt, row))",
    new="repr((salt, sum(x * 10**i for i, x in enumerate(row))))",
    caught_by="test_numbers_of_two_digits_are_kept_apart", hint="with a comma, say",
)  # fmt: skip

# amplify

edit(
    "amplify", "half_twice",
    old="answer(p[hard], k[hard] - half)", new="answer(p[hard], half)",
    caught_by="test_the_second_question_is_asked_at_the_first_answer", hint="3 = 1 + 2",
)  # fmt: skip
edit(
    "amplify", "both_at_x",
    old="second.gather(1, first)", new="second",
    caught_by="test_the_second_question_is_asked_at_the_first_answer", hint="ask in sequence",
)  # fmt: skip
edit(
    "amplify", "larger_part_first",
    old="half = k[hard] // 2", new="half = k[hard] - k[hard] // 2",
    caught_by="test_the_second_question_is_asked_at_the_first_answer", hint="floor(k / 2) first",
)  # fmt: skip
edit(
    "amplify", "reads_p_itself",
    old="look(p[~hard])", new="p[~hard]",
    caught_by="test_k_1_is_the_experts_own_look_up", hint="H's step is look(p)",
)  # fmt: skip
edit(
    "amplify", "gathers_along_the_batch",
    old="second.gather(1, first)", new="second.gather(0, first % len(second))",
    caught_by="test_the_second_question_is_asked_at_the_first_answer",
    hint="ask for the rest at the first answer",
)  # fmt: skip


@wrong(
    "amplify", caught_by="test_k_1_is_the_experts_own_look_up", hint="k = 1 is `look`, not `answer`"
)
def asks_about_single_steps_too(answer, look, p, k):
    half = (k // 2).clamp(min=1)
    first = answer(p, half)
    second = answer(p, (k - half).clamp(min=1))
    return torch.where(k[:, None] == 1, first, second.gather(1, first))


@wrong(
    "amplify",
    caught_by="test_the_second_question_is_asked_at_the_first_answer",
    hint="one level only",
)
def goes_to_the_bottom_itself(answer, look, p, k):
    if bool((k == 1).all()):
        return look(p)
    step = look(p)
    reached = torch.arange(p.shape[1]).expand_as(p)
    for taken in range(int(k.max())):
        reached = torch.where((k > taken)[:, None], step.gather(1, reached), reached)
    return reached


@wrong(
    "amplify", caught_by="test_the_second_question_is_asked_at_the_first_answer", hint="not from p"
)
def computes_the_power(answer, look, p, k):
    return torch.where(k[:, None] == 1, look(p), power(p, k))


@wrong(
    "amplify", caught_by="test_the_learner_is_asked_twice_about_the_rows_that_need_it",
    hint="two calls of `answer`",
)  # fmt: skip
def asks_row_by_row(answer, look, p, k):
    result = look(p).clone()
    for b in range(len(p)):
        if k[b] > 1:
            half = k[b : b + 1] // 2
            first = answer(p[b : b + 1], half)
            result[b] = answer(p[b : b + 1], k[b : b + 1] - half).gather(1, first)[0]
    return result


edit(
    "amplify", "writes_into_the_look_up",
    old="""    result = torch.empty_like(p)
    hard = k > 1
    if not hard.all():
        result[~hard] = look(p[~hard])
""",
    new="    result, hard = look(p), k > 1\n",
    caught_by="test_a_learner_without_mistakes_makes_the_expert_right", hint="may be p itself",
)  # fmt: skip
edit(
    "amplify", "the_powers_of_the_first_row",
    old="half = k[hard] // 2", new="half = k[hard][:1].expand(int(hard.sum())) // 2",
    caught_by="test_the_second_question_is_asked_at_the_first_answer",
    hint="the second reply, read at the first answers",
)  # fmt: skip


@wrong("amplify", caught_by="test_equal_rows_are_each_asked_about", hint="is asked about twice")
def asks_equal_questions_once(answer, look, p, k):
    result, hard = look(p).clone(), k > 1
    if hard.any():
        both = torch.cat([p[hard], k[hard, None]], 1)
        rows, back = both.unique(dim=0, return_inverse=True)
        rows, power = rows[:, :-1], rows[:, -1]
        first, second = answer(rows, power // 2), answer(rows, power - power // 2)
        result[hard] = second.gather(1, first)[back]
    return result


@wrong(
    "amplify",
    caught_by="test_the_learner_is_asked_twice_about_the_rows_that_need_it",
    hint="k // 2 first",
)
def splits_off_a_power_of_two(answer, look, p, k):
    result, hard = look(p).clone(), k > 1
    if hard.any():
        large = torch.tensor([2 ** ((int(power) - 1).bit_length() - 1) for power in k[hard]])
        first, second = answer(p[hard], k[hard] - large), answer(p[hard], large)
        result[hard] = second.gather(1, first)
    return result


# amplify_distance

edit(
    "amplify_distance", "half_twice",
    old="answer(w[hard], length[hard] - half)", new="answer(w[hard], half)",
    caught_by="test_the_best_midpoint_of_two_replies_is_taken", hint="3 = 1 + 2",
)  # fmt: skip
edit(
    "amplify_distance", "keeps_the_diagonal",
    old="    result.diagonal(dim1=1, dim2=2).zero_()\n", new="",
    caught_by="test_one_edge_is_the_experts_own_knowledge", hint="staying is free",
)  # fmt: skip
edit(
    "amplify_distance", "adds_entry_by_entry",
    old="(first[:, :, :, None] + second[:, None]).amin(2)", new="first + second",
    caught_by="test_the_best_midpoint_of_two_replies_is_taken", hint="through which vertex",
)  # fmt: skip
edit(
    "amplify_distance", "longest_path",
    old=".amin(2)", new=".amax(2)",
    caught_by="test_the_best_midpoint_of_two_replies_is_taken", hint="take the minimum",
)  # fmt: skip
edit(
    "amplify_distance", "ignores_directions",
    old="second[:, None])", new="second.mT[:, None])",
    caught_by="test_the_best_midpoint_of_two_replies_is_taken", hint="edges have a direction",
)  # fmt: skip
edit(
    "amplify_distance", "changes_w",
    old="result = w.clone()", new="result = w",
    caught_by="test_one_edge_is_the_experts_own_knowledge", hint="copy before you change",
)  # fmt: skip


@wrong(
    "amplify_distance",
    caught_by="test_the_best_midpoint_of_two_replies_is_taken",
    hint="does not solve the task itself",
)
def solves_it_alone(answer, w, length):
    step = w.clone()
    step.diagonal(dim1=1, dim2=2).zero_()
    result = step.clone()
    for used in range(1, int(length.max())):
        longer = (result[:, :, :, None] + step[:, None]).amin(2)
        result = torch.where((length > used)[:, None, None], longer, result)
    return result


edit(
    "amplify_distance", "larger_part_first",
    old="half = length[hard] // 2", new="half = length[hard] - length[hard] // 2",
    caught_by="test_the_best_midpoint_of_two_replies_is_taken", hint="floor(L / 2) edges",
)  # fmt: skip
edit(
    "amplify_distance", "zero_diagonal_for_all",
    old="    return result\n",
    new="    result.diagonal(dim1=1, dim2=2).zero_()\n    return result\n",
    caught_by="test_the_best_midpoint_of_two_replies_is_taken", hint="used as they come",
)  # fmt: skip


@wrong(
    "amplify_distance",
    caught_by="test_the_best_midpoint_of_two_replies_is_taken",
    hint="any vertex, i and j among them",
)
def a_third_vertex_in_the_middle(answer, w, length):
    result = w.clone()
    result.diagonal(dim1=1, dim2=2).zero_()
    hard = length > 1
    if hard.any():
        half = length[hard] // 2
        first, second = answer(w[hard], half), answer(w[hard], length[hard] - half)
        sums = first[:, :, :, None] + second[:, None]
        eye = torch.eye(w.shape[1], dtype=torch.bool)
        result[hard] = sums.masked_fill(eye[:, :, None] | eye[None], float("inf")).amin(2)
    return result


edit(
    "amplify_distance", "the_smaller_of_0_and_the_diagonal",
    old="    result.diagonal(dim1=1, dim2=2).zero_()\n",
    new="    result.diagonal(dim1=1, dim2=2).clamp_(max=0)\n",
    caught_by="test_the_diagonal_may_hold_anything", hint="whatever stands there",
)  # fmt: skip
edit(
    "amplify_distance", "times_0_on_the_diagonal",
    old="result = w.clone()\n    result.diagonal(dim1=1, dim2=2).zero_()\n",
    new="result = w * (1 - torch.eye(w.shape[1]))\n",
    caught_by="test_the_diagonal_may_hold_anything", hint="nothing times 0",
)  # fmt: skip
edit(
    "amplify_distance", "a_million_for_infinity",
    old="        result[hard] = (first[:, :, :, None] + second[:, None]).amin(2)",
    new="        first, second = first.clamp(max=1e6), second.clamp(max=1e6)\n"
    "        best = (first[:, :, :, None] + second[:, None]).amin(2)\n"
    "        result[hard] = best.masked_fill(best >= 1e6, float('inf'))",
    caught_by="test_long_edges_are_no_missing_edges", hint="infinity needs no large number",
)  # fmt: skip

# ema_update

edit(
    "ema_update", "exchanges_the_rate",
    old="new.mul_(1 - rate).add_(slow[name].detach(), alpha=rate)",
    new="new.mul_(rate).add_(slow[name].detach(), alpha=1 - rate)",
    caught_by="test_floats_are_mixed_and_counters_are_copied", hint="yours is exchanged",
)  # fmt: skip
edit(
    "ema_update", "changes_fast",
    old="tensor.detach().clone()", new="tensor.detach()",
    caught_by="test_floats_are_mixed_and_counters_are_copied", hint="copy before you change",
)  # fmt: skip
edit(
    "ema_update", "keeps_the_graph",
    old="""        new = tensor.detach().clone()
        if new.is_floating_point():
            new.mul_(1 - rate).add_(slow[name].detach(), alpha=rate)
        mixed[name] = new""",
    new="""        mixed[name] = tensor
        if tensor.is_floating_point():
            mixed[name] = rate * slow[name] + (1 - rate) * tensor""",
    caught_by="test_the_result_carries_no_gradients", hint="no gradients through the teacher",
)  # fmt: skip
edit(
    "ema_update", "returns_fast",
    old="            new.mul_(1 - rate).add_(slow[name].detach(), alpha=rate)",
    new="            pass",
    caught_by="test_floats_are_mixed_and_counters_are_copied", hint="mix the two",
)  # fmt: skip


@wrong(
    "ema_update",
    caught_by="test_floats_are_mixed_and_counters_are_copied",
    hint="a counter is no weight",
)
def averages_counters(slow, fast, rate):
    return {n: rate * slow[n].detach() + (1 - rate) * t.detach() for n, t in fast.items()}


@wrong(
    "ema_update",
    caught_by="test_floats_are_mixed_and_counters_are_copied",
    hint="copy before you change",
)
def updates_slow_in_place(slow, fast, rate):
    for name, tensor in fast.items():
        if tensor.is_floating_point():
            slow[name].detach().mul_(rate).add_(tensor.detach(), alpha=1 - rate)
        else:
            slow[name] = tensor.clone()
    return {name: tensor.detach() for name, tensor in slow.items()}


@wrong(
    "ema_update",
    caught_by="test_floats_are_mixed_and_counters_are_copied",
    hint="a counter is no weight",
)
def only_int64_is_a_counter(slow, fast, rate):
    mixed = {}
    for name, tensor in fast.items():
        if tensor.dtype == torch.int64:
            mixed[name] = tensor.clone()
        else:
            mixed[name] = rate * slow[name].detach() + (1 - rate) * tensor.detach()
    return mixed


edit(
    "ema_update", "float32_and_float64_only",
    old="if new.is_floating_point():", new="if new.dtype in (torch.float32, torch.float64):",
    caught_by="test_floats_of_every_precision_are_mixed", hint="bfloat16 are floating-point too",
)  # fmt: skip

# distill_step

edit(
    "distill_step", "asks_the_fast_copy",
    old="return learner.slow(p, k).argmax(-1)", new="return learner.fast(p, k).argmax(-1)",
    caught_by="test_the_targets_of_the_iterated_arm_come_from_the_slow_copy", hint="moving targets",
)  # fmt: skip
edit(
    "distill_step", "true_labels_for_all",
    old="targets = amplify(slow, look, p, k)", new="targets = power(p, k)",
    caught_by="test_the_targets_of_the_iterated_arm_come_from_the_slow_copy",
    hint="true labels as targets",
)  # fmt: skip
edit(
    "distill_step", "reads_p_instead_of_asking_h",
    old="targets = amplify(slow, look, p, k)", new="targets = amplify(slow, lambda p: p, p, k)",
    caught_by="test_the_targets_of_the_iterated_arm_come_from_the_slow_copy",
    hint="you used p where H should answer",
)  # fmt: skip
edit(
    "distill_step", "one_round_is_iterated",
    old='targets = amplify(alone, look, p, k)', new='targets = amplify(slow, look, p, k)',
    caught_by="test_the_other_arms_have_their_own_targets", hint='the arm "iterated"',
)  # fmt: skip
edit(
    "distill_step", "h_alone_knows_p",
    old="torch.where(k[:, None] == 1, look(p), torch.arange(p.shape[1]))",
    new="torch.where(k[:, None] == 1, p, torch.arange(p.shape[1]))",
    caught_by="test_the_other_arms_have_their_own_targets", hint="its step is look(p)",
)  # fmt: skip
edit(
    "distill_step", "never_moves_the_slow_copy",
    old="    learner.slow.load_state_dict("
    "ema_update(learner.slow.state_dict(), learner.fast.state_dict(), rate))\n",
    new="",
    caught_by="test_the_slow_copy_becomes_the_average_after_the_update", hint="never updated",
)  # fmt: skip
edit(
    "distill_step", "averages_before_the_step",
    old="    learner.optimiser.step()\n"
    "    learner.slow.load_state_dict("
    "ema_update(learner.slow.state_dict(), learner.fast.state_dict(), rate))\n",
    new="    learner.slow.load_state_dict("
    "ema_update(learner.slow.state_dict(), learner.fast.state_dict(), rate))\n"
    "    learner.optimiser.step()\n",
    caught_by="test_the_slow_copy_becomes_the_average_after_the_update",
    hint="after the step of the optimiser",
)  # fmt: skip
edit(
    "distill_step", "adds_up_gradients",
    old="    learner.optimiser.zero_grad()\n", new="",
    caught_by="test_each_update_follows_the_gradient_of_its_own_batch",
    hint="zero_grad before backward",
)  # fmt: skip
edit(
    "distill_step", "sums_the_loss",
    old="targets.flatten())", new='targets.flatten(), reduction="sum")',
    caught_by="test_the_targets_of_the_iterated_arm_come_from_the_slow_copy", hint="not a sum",
)  # fmt: skip
edit(
    "distill_step", "accepts_any_arm",
    old='            raise ValueError(f"unknown arm {arm!r}")',
    new="            targets = alone(p, k)",
    caught_by="test_an_unknown_arm_raises_a_value_error", hint="fail loudly",
)  # fmt: skip

edit(
    "distill_step", "seven_elements_only",
    old="learner.fast(p, k).flatten(0, 1), targets.flatten()",
    new="learner.fast(p, k).reshape(-1, N), targets.flatten()",
    caught_by="test_the_targets_of_the_iterated_arm_come_from_the_slow_copy", hint="shape",
)  # fmt: skip
edit(
    "distill_step", "h_alone_knows_seven_elements",
    old="torch.where(k[:, None] == 1, look(p), torch.arange(p.shape[1]))",
    new="torch.where(k[:, None] == 1, look(p), torch.arange(N))",
    caught_by="test_the_other_arms_have_their_own_targets", hint="must match",
)  # fmt: skip
edit(
    "distill_step", "loss_after_the_update",
    old="    return loss.item()",
    new="    return F.cross_entropy(learner.fast(p, k).flatten(0, 1), targets.flatten()).item()",
    caught_by="test_the_targets_of_the_iterated_arm_come_from_the_slow_copy",
    hint="the loss after the update",
)  # fmt: skip
edit(
    "distill_step", "always_the_notebooks_rate",
    old="learner.fast.state_dict(), rate)", new="learner.fast.state_dict(), 0.97)",
    caught_by="test_the_slow_copy_becomes_the_average_after_the_update",
    hint="use the argument `rate`",
)  # fmt: skip
edit(
    "distill_step", "h_alone_takes_one_step_for_all",
    old="torch.where(k[:, None] == 1, look(p), torch.arange(p.shape[1]))", new="look(p)",
    caught_by="test_the_other_arms_have_their_own_targets", hint="not one step",
)  # fmt: skip

edit(
    "distill_step", "follows_the_sum_of_the_losses",
    old="    loss.backward()", new="    (loss * p.numel()).backward()",
    caught_by="test_another_optimiser_gets_the_gradient_of_the_mean", hint="not of the sum",
)  # fmt: skip
edit(
    "distill_step", "follows_the_mean_over_rows",
    old="    loss.backward()", new="    (loss * p.shape[1]).backward()",
    caught_by="test_another_optimiser_gets_the_gradient_of_the_mean",
    hint="yours sums the elements of a row",
)  # fmt: skip
edit(
    "distill_step", "an_optimiser_of_its_own",
    old="    learner.optimiser.zero_grad()\n    loss.backward()\n    learner.optimiser.step()\n",
    new="""    if not hasattr(learner, "mine"):
        learner.mine = torch.optim.AdamW(
            learner.fast.parameters(), lr=learner.optimiser.param_groups[0]["lr"], fused=True
        )
    learner.mine.zero_grad()
    loss.backward()
    learner.mine.step()
""",
    caught_by="test_another_optimiser_gets_the_gradient_of_the_mean",
    hint="one step of learner.optimiser",
)  # fmt: skip
edit(
    "distill_step", "clips_the_gradient",
    old="    learner.optimiser.step()",
    new="    nn.utils.clip_grad_norm_(learner.fast.parameters(), 0.1)\n"
    "    learner.optimiser.step()",
    caught_by="test_another_optimiser_gets_the_gradient_of_the_mean", hint="as it is",
)  # fmt: skip

# systematic_error

edit(
    "systematic_error", "wrong_at_the_first_step_only",
    old="    for _ in range(k):\n        reached, truth = wrong[reached], p[truth]",
    new="    for step in range(k):\n        reached, truth = (p if step else wrong)[reached], p[truth]",  # noqa: E501
    caught_by="test_both_maps_are_followed_for_k_steps", hint="not at one of them only",
)  # fmt: skip
edit(
    "systematic_error", "wrong_at_the_last_step_only",
    old="reached, truth = wrong[reached], p[truth]", new="reached, truth = wrong[truth], p[truth]",
    caught_by="test_both_maps_are_followed_for_k_steps", hint="not at one of them only",
)  # fmt: skip
edit(
    "systematic_error", "one_step_too_few",
    old="range(k)", new="range(max(k - 1, 0))",
    caught_by="test_both_maps_are_followed_for_k_steps", hint="one too few",
)  # fmt: skip
edit(
    "systematic_error", "share_of_right_answers",
    old="(reached != truth)", new="(reached == truth)",
    caught_by="test_both_maps_are_followed_for_k_steps", hint="the share of *wrong* answers",
)  # fmt: skip


@wrong(
    "systematic_error", caught_by="test_both_maps_are_followed_for_k_steps", hint="not independent"
)
def as_if_independent(wrong, p, k):
    share = (wrong != p).double().mean().item()
    return 1 - (1 - share) ** k


@wrong(
    "systematic_error",
    caught_by="test_both_maps_are_followed_for_k_steps",
    hint="a bound, not the value",
)
def the_union_bound(wrong, p, k):
    return k * (wrong != p).double().mean().item()


edit(
    "systematic_error", "moved_elements_only",
    old="return (reached != truth).double().mean().item()",
    new="moved = truth != torch.arange(len(p))\n"
    "    return (reached != truth)[moved].double().sum().item() / max(int(moved.sum()), 1)",
    caught_by="test_both_maps_are_followed_for_k_steps", hint="moved or not",
)  # fmt: skip

edit(
    "systematic_error", "no_power_above_16",
    old="range(k)", new="range(min(k, 16))",
    caught_by="test_large_powers_are_followed_to_the_end", hint="yours end early",
)  # fmt: skip
edit(
    "systematic_error", "k_modulo_the_common_period",
    old="range(k)", new="range(k % __import__('math').lcm(*range(1, len(p) + 1)))",
    caught_by="test_a_map_that_never_comes_back", hint="k cannot be reduced",
)  # fmt: skip
