"""Named wrong answers of 502. They use the names that the unit's notebook defines."""
# ruff: noqa: E501 -- edits quote whole lines

from firsthand.wrong import edit, wrong

# sample_mask --------------------------------------------------------------------------------------

edit(
    "sample_mask",
    "draws_among_all_pixels",
    old=".masked_fill(x == 0, -1.0)",
    new="",
    caught_by="test_each_row_shows_k_distinct_pixels_or_all_it_has",
    hint="count every nonzero pixel",
)

edit(
    "sample_mask",
    "shows_blank_pixels_where_ink_is_short",
    old=" & (x != 0)",
    new="",
    caught_by="test_only_inked_pixels_are_revealed",
    hint="only inked pixels may be revealed",
)

edit(
    "sample_mask",
    "uses_a_threshold_for_ink",
    old="return torch.zeros_like(x, dtype=torch.bool).scatter(1, top, True) & (x != 0)",
    new="return torch.zeros_like(x, dtype=torch.bool).scatter(1, top, True) & (x > 0.25)",
    caught_by="test_faint_pixels_count_as_ink",
    hint="count every nonzero pixel",
)

edit(
    "sample_mask",
    "one_draw_for_the_whole_batch",
    old="torch.rand(x.shape, generator=generator)",
    new="torch.rand(x.shape[1], generator=generator).expand_as(x)",
    caught_by="test_every_set_of_inked_pixels_is_equally_likely",
    hint="each image gets its own draw",
)

edit(
    "sample_mask",
    "takes_the_brightest_pixels",
    old="keys = torch.rand(x.shape, generator=generator).masked_fill(x == 0, -1.0)",
    new="keys = x + 1e-9 * torch.rand(x.shape, generator=generator)",
    caught_by="test_every_set_of_inked_pixels_is_equally_likely",
    hint="not the brightest",
)

edit(
    "sample_mask",
    "ignores_the_seed",
    old="generator = torch.Generator().manual_seed(seed)",
    new="generator = torch.Generator().manual_seed(0)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="use the seed that you are given",
)

edit(
    "sample_mask",
    "seeds_the_global_state",
    old="generator = torch.Generator().manual_seed(seed)",
    new="torch.manual_seed(seed)\n    generator = None",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="seed you were given",
)


@wrong(
    "sample_mask",
    caught_by="test_each_row_shows_k_distinct_pixels_or_all_it_has",
    hint="without replacement",
)
def draws_with_replacement(x, k, seed):
    generator = torch.Generator().manual_seed(seed)
    weights = (x != 0).float() + 1e-12
    chosen = torch.multinomial(weights, k, replacement=True, generator=generator)
    return torch.zeros_like(x, dtype=torch.bool).scatter(1, chosen, True) & (x != 0)


# judge_input --------------------------------------------------------------------------------------

edit(
    "judge_input",
    "shows_values_twice",
    old="[shown, shown * x]",
    new="[shown * x, shown * x]",
    caught_by="test_planes_follow_a_slow_loop",
    hint="the judge must tell hidden from blank",
)

edit(
    "judge_input",
    "leaves_the_mask_plane_empty",
    old="[shown, shown * x]",
    new="[0 * shown, shown * x]",
    caught_by="test_planes_follow_a_slow_loop",
    hint="the mask plane must not be empty",
)

edit(
    "judge_input",
    "leaks_hidden_pixels",
    old="[shown, shown * x]",
    new="[shown, x]",
    caught_by="test_editing_a_hidden_pixel_changes_nothing",
    hint="hidden pixels leak",
)

edit(
    "judge_input",
    "swaps_the_planes",
    old="[shown, shown * x]",
    new="[shown * x, shown]",
    caught_by="test_planes_follow_a_slow_loop",
    hint="planes swapped",
)

edit(
    "judge_input",
    "interleaves_the_planes",
    old="torch.cat([shown, shown * x], dim=1)",
    new="torch.stack([shown, shown * x], dim=2).flatten(1)",
    caught_by="test_planes_follow_a_slow_loop",
    hint="planes interleaved",
)

edit(
    "judge_input",
    "multiplies_in_place",
    old="return torch.cat([shown, shown * x], dim=1)",
    new="x *= shown\n    return torch.cat([shown, x], dim=1)",
    caught_by="test_planes_follow_a_slow_loop",
    hint="your caller still needs x",
)

edit(
    "judge_input",
    "marks_hidden_instead_of_revealed",
    old="[shown, shown * x]",
    new="[1 - shown, shown * x]",
    caught_by="test_planes_follow_a_slow_loop",
    hint="1 stands for a revealed pixel",
)

# train_judge --------------------------------------------------------------------------------------

edit(
    "train_judge",
    "keeps_one_mask_per_image",
    old="sample_mask(X[rows], k, seed=1_000_003 * seed + step)",
    new="sample_mask(X, k, seed)[rows]",
    caught_by="test_four_pixels_give_the_accuracy_of_fresh_masks",
    hint="fresh masks of k inked pixels at every step",
)

edit(
    "train_judge",
    "one_mask_seed_for_all_steps",
    old="seed=1_000_003 * seed + step)",
    new="seed=seed)",
    caught_by="test_every_step_draws_masks_of_its_own",
    hint="with one seed for all of them, every step shows the same",
)

edit(
    "train_judge",
    "start_weights_from_the_global_state",
    old="        torch.manual_seed(seed)\n",
    new="",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="all randomness follows from the seed",
)

edit(
    "train_judge",
    "masks_over_all_pixels",
    old="mask = sample_mask(X[rows], k, seed=1_000_003 * seed + step)",
    new="mask = sample_mask(torch.ones(128, 64), k, seed=1_000_003 * seed + step)",
    caught_by="test_four_pixels_give_the_accuracy_of_fresh_masks",
    hint="fresh masks of k inked pixels at every step",
)

edit(
    "train_judge",
    "trains_on_full_images",
    old="mask = sample_mask(X[rows], k, seed=1_000_003 * seed + step)",
    new="mask = X[rows] > 0",
    caught_by="test_four_pixels_give_the_accuracy_of_fresh_masks",
    hint="train on masks of k pixels",
)

edit(
    "train_judge",
    "softmax_before_the_loss",
    old="logits = network(judge_input(X[rows], mask))",
    new="logits = network(judge_input(X[rows], mask)).softmax(1)",
    caught_by="test_four_pixels_give_the_accuracy_of_fresh_masks",
    hint="logits into cross_entropy",
)

edit(
    "train_judge",
    "always_four_pixels",
    old="sample_mask(X[rows], k,",
    new="sample_mask(X[rows], 4,",
    caught_by="test_sixteen_pixels_give_more",
    hint="train with the k that you are given",
)

edit(
    "train_judge",
    "returns_the_start_weights",
    old="generator = torch.Generator().manual_seed(seed)",
    new="generator = torch.Generator().manual_seed(seed)\n    start = {name: value.clone() for name, value in network.state_dict().items()}\n    return start",
    caught_by="test_four_pixels_give_the_accuracy_of_fresh_masks",
    hint="train on masks of k pixels",
)

edit(
    "train_judge",
    "seeds_the_global_state",
    old="with torch.random.fork_rng(devices=[]):",
    new="if True:",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="seed you were given",
)

edit(
    "train_judge",
    "ignores_the_seed",
    old="        torch.manual_seed(seed)",
    new="        seed = 0\n        torch.manual_seed(seed)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="use the seed for start weights, batches and masks",
)

# honest_wins --------------------------------------------------------------------------------------

edit(
    "honest_wins",
    "argmax_under_precommitment",
    old="return logits[:, honest] > logits[:, liar]",
    new="return logits.argmax(1) == honest",
    caught_by="test_precommitment_compares_the_two_claims",
    hint="a third class may be largest",
)

edit(
    "honest_wins",
    "ties_to_the_honest_side",
    old="return logits[:, honest] > logits[:, liar]",
    new="return logits[:, honest] >= logits[:, liar]",
    caught_by="test_ties_go_to_the_liar",
    hint="ties go to the liar",
)

edit(
    "honest_wins",
    "free_ties_to_the_honest_side",
    old="return logits[:, honest] > logits[:, others].amax(dim=1)",
    new="return logits[:, honest] >= logits[:, others].amax(dim=1)",
    caught_by="test_ties_go_to_the_liar",
    hint="ties go to the liar",
)

edit(
    "honest_wins",
    "swaps_the_roles",
    old="return logits[:, honest] > logits[:, liar]",
    new="return logits[:, honest] < logits[:, liar]",
    caught_by="test_precommitment_compares_the_two_claims",
    hint="roles swapped",
)

edit(
    "honest_wins",
    "asks_for_half_the_probability",
    old="return logits[:, honest] > logits[:, liar]",
    new="return logits.softmax(1)[:, honest] > 0.5",
    caught_by="test_precommitment_compares_the_two_claims",
    hint="not a probability",
)

edit(
    "honest_wins",
    "free_game_against_one_class",
    old="logits[:, others].amax(dim=1)",
    new="logits[:, honest - 1]",
    caught_by="test_without_precommitment_every_other_class_may_win",
    hint="every class may win",
)

edit(
    "honest_wins",
    "free_game_beats_any_class",
    old="logits[:, others].amax(dim=1)",
    new="logits[:, others].amin(dim=1)",
    caught_by="test_without_precommitment_every_other_class_may_win",
    hint="the truth must beat all other classes",
)

edit(
    "honest_wins",
    "ten_classes_written_out",
    old="torch.arange(logits.shape[1]) != honest",
    new="[c for c in range(min(10, logits.shape[1])) if c != honest]",
    caught_by="test_without_precommitment_every_other_class_may_win",
    hint="the truth must beat every other class",
)

# all_logits ---------------------------------------------------------------------------------------

edit(
    "all_logits",
    "takes_positions_for_pixel_ids",
    old="pixels[colex(len(pixels), k)]",
    new="colex(len(pixels), k)",
    caught_by="test_rows_are_the_logits_of_the_subsets_in_colex_order",
    hint="element j of a set is pixels[j]",
)

edit(
    "all_logits",
    "dictionary_order",
    old="pixels[colex(len(pixels), k)]",
    new="(torch.combinations(pixels, k) if k else torch.zeros(1, 0, dtype=torch.int64))",
    caught_by="test_rows_are_the_logits_of_the_subsets_in_colex_order",
    hint="not in dictionary order",
)

edit(
    "all_logits",
    "one_row_for_each_call",
    old=".split(20_000)",
    new=".split(1)",
    caught_by="test_sets_are_judged_in_batches_of_at_most_twenty_thousand",
    hint="batch: send many sets in one call",
)

edit(
    "all_logits",
    "everything_in_one_call",
    old=".split(20_000)",
    new=".split(10**9)",
    caught_by="test_sets_are_judged_in_batches_of_at_most_twenty_thousand",
    hint="at most 20,000 rows in a call",
)

edit(
    "all_logits",
    "leaks_hidden_values",
    old="judge(judge_input(x.expand(len(chosen), -1), mask))",
    new="judge(torch.cat([mask.float(), x.expand(len(chosen), -1)], 1))",
    caught_by="test_rows_are_the_logits_of_the_subsets_in_colex_order",
    hint="hidden pixels leak",
)

edit(
    "all_logits",
    "returns_probabilities",
    old="return torch.cat(logits)",
    new="return torch.cat(logits).softmax(1)",
    caught_by="test_rows_are_the_logits_of_the_subsets_in_colex_order",
    hint="raw logits are asked for",
)

edit(
    "all_logits",
    "sorts_the_pixels",
    old="pixels[colex(len(pixels), k)]",
    new="pixels.sort().values[colex(len(pixels), k)]",
    caught_by="test_rows_are_the_logits_of_the_subsets_in_colex_order",
    hint="do not sort the pixels",
)

# backup -------------------------------------------------------------------------------------------

edit(
    "backup",
    "always_maximises",
    old="grown.amax(dim=1) if maximise else grown.amin(dim=1)",
    new="grown.amax(dim=1)",
    caught_by="test_values_follow_play_over_sequences",
    hint="players alternate: not every move is the maximiser's",
)

edit(
    "backup",
    "always_minimises",
    old="grown.amax(dim=1) if maximise else grown.amin(dim=1)",
    new="grown.amin(dim=1)",
    caught_by="test_values_follow_play_over_sequences",
    hint="players alternate: not every move is the minimiser's",
)

edit(
    "backup",
    "counts_parity_from_the_first_move",
    old="((k - size) % 2 == 1)",
    new="(size % 2 == 0)",
    caught_by="test_values_follow_play_over_sequences",
    hint="you are told who moves last",
)

edit(
    "backup",
    "averages_over_the_opponent",
    old="grown.amin(dim=1)",
    new="grown.mean(dim=1)",
    caught_by="test_values_follow_play_over_sequences",
    hint="nature does not: no mean",
)

edit(
    "backup",
    "first_game_only",
    old="return values[0]",
    new="return values[0, :1]",
    caught_by="test_values_follow_play_over_sequences",
    hint="all games at once",
)

edit(
    "backup",
    "needs_a_move",
    old="    return values[0]",
    new="    return values[0] if k else torch.zeros(values.shape[1])",
    caught_by="test_nothing_to_play_leaves_the_value_itself",
    hint="the value itself",
)

edit(
    "backup",
    "stops_one_move_early",
    old="for size in reversed(range(k)):",
    new="for size in reversed(range(min(k, 1), k)):",
    caught_by="test_values_follow_play_over_sequences",
    hint="the last step is missing",
)

# debate_outcomes ----------------------------------------------------------------------------------

edit(
    "debate_outcomes",
    "last_mover_from_the_first_alone",
    old="honest_last = honest_first == (k % 2 == 1)",
    new="honest_last = not honest_first",
    caught_by="test_each_lie_is_its_own_game",
    hint="k odd and k even differ",
)

edit(
    "debate_outcomes",
    "counts_the_truth_as_a_lie",
    old="range(logits.shape[1]) if label != truth]",
    new="range(logits.shape[1])]",
    caught_by="test_each_lie_is_its_own_game",
    hint="nine lies, not ten",
)

edit(
    "debate_outcomes",
    "lets_the_liar_switch",
    old="honest_wins(logits, truth, lie)",
    new="honest_wins(logits, truth, None)",
    caught_by="test_each_lie_is_its_own_game",
    hint="the claim is fixed before the first pixel",
)

edit(
    "debate_outcomes",
    "averages_over_lies",
    old="return won if precommit",
    new="return won.float().mean() if precommit",
    caught_by="test_each_lie_is_its_own_game",
    hint="not their mean",
)

edit(
    "debate_outcomes",
    "takes_the_worst_lie",
    old="return won if precommit",
    new="return won.all() if precommit",
    caught_by="test_each_lie_is_its_own_game",
    hint="the worst is taken later",
)

edit(
    "debate_outcomes",
    "ties_to_the_honest_side",
    old="honest_wins(logits, truth, lie)",
    new="(logits[:, truth] >= (logits[:, lie] if lie is not None else logits.amax(1)))",
    caught_by="test_ties_go_to_the_liar",
    hint="ties go to the liar",
)

edit(
    "debate_outcomes",
    "lies_by_strength",
    old="    leaves = ",
    new="    if precommit:\n        lies = sorted(lies, key=lambda lie: -logits[:, lie].sum())\n    leaves = ",
    caught_by="test_each_lie_is_its_own_game",
    hint="lies in ascending class order",
)


@wrong(
    "debate_outcomes",
    caught_by="test_without_precommitment_there_is_one_game",
    hint="the liar may change its class to the end",
)
def free_game_as_worst_of_fixed_claims(logits, truth, n, k, honest_first, precommit):
    lies = [label for label in range(logits.shape[1]) if label != truth]
    leaves = torch.stack([honest_wins(logits, truth, lie) for lie in lies], dim=1)
    won = backup(leaves.float(), n, k, honest_first == (k % 2 == 1)) > 0.5
    return won if precommit else bool(won.all())


# lookahead_move -----------------------------------------------------------------------------------

edit(
    "lookahead_move",
    "hopes_for_the_best_reply",
    old=".amin(dim=1)",
    new=".amax(dim=1)",
    caught_by="test_two_plies_avoid_a_trap_that_greedy_falls_into",
    hint="the reply is the opponent's best, not mine",
)

edit(
    "lookahead_move",
    "always_maximises",
    old="sign = 1 if maximise else -1",
    new="sign = 1",
    caught_by="test_moves_follow_full_enumeration",
    hint="the minimiser wants a small margin",
)

edit(
    "lookahead_move",
    "offers_revealed_pixels_again",
    old="sorted(set(pixels) - set(revealed))",
    new="sorted(pixels)",
    caught_by="test_moves_follow_full_enumeration",
    hint="a revealed pixel is gone",
)

edit(
    "lookahead_move",
    "scores_the_new_pixel_alone",
    old="margin([[*revealed, pixel] for pixel in legal])",
    new="margin([[pixel] for pixel in legal])",
    caught_by="test_moves_follow_full_enumeration",
    hint="the judge sees all revealed pixels",
)

edit(
    "lookahead_move",
    "one_call_for_each_set",
    old="margin([[*revealed, pixel] for pixel in legal])",
    new="torch.cat([margin([[*revealed, pixel]]) for pixel in legal])",
    caught_by="test_margin_is_called_once",
    hint="one batched call",
)

edit(
    "lookahead_move",
    "largest_pixel_on_ties",
    old="legal = sorted(set(pixels) - set(revealed))",
    new="legal = sorted(set(pixels) - set(revealed), reverse=True)",
    caught_by="test_equally_good_pixels_give_the_smallest",
    hint="the smallest id",
)

edit(
    "lookahead_move",
    "never_looks_two_plies_ahead",
    old="if depth == 1 or len(legal) == 1:",
    new="if True:",
    caught_by="test_two_plies_avoid_a_trap_that_greedy_falls_into",
    hint="depth 2 must look at replies",
)

edit(
    "lookahead_move",
    "forgets_the_last_pixel",
    old="if depth == 1 or len(legal) == 1:",
    new="if depth == 2 and len(legal) == 1:\n        return -1\n    if depth == 1:",
    caught_by="test_the_last_pixel_needs_no_reply",
    hint="no reply to imagine",
)

# puct_scores --------------------------------------------------------------------------------------

edit(
    "puct_scores",
    "divides_by_no_visits",
    old="visits.clamp(min=1)",
    new="visits",
    caught_by="test_an_unvisited_move_has_mean_zero",
    hint="unvisited: the mean counts as 0",
)

edit(
    "puct_scores",
    "minimiser_does_not_explore",
    old="return (mean if maximise else -mean) + bonus",
    new="return mean + bonus if maximise else -(mean + bonus)",
    caught_by="test_scores_follow_a_scalar_loop",
    hint="both players explore",
)

edit(
    "puct_scores",
    "root_over_the_quotient",
    old="visits.sum().sqrt() / (1 + visits)",
    new="(visits.sum() / (1 + visits)).sqrt()",
    caught_by="test_scores_follow_a_scalar_loop",
    hint="the root is of N alone",
)

edit(
    "puct_scores",
    "prior_of_one",
    old="c / len(visits)",
    new="c",
    caught_by="test_scores_follow_a_scalar_loop",
    hint="the prior is 1/A",
)

edit(
    "puct_scores",
    "liar_maximises_too",
    old="(mean if maximise else -mean)",
    new="mean",
    caught_by="test_scores_follow_a_scalar_loop",
    hint="negate the mean for the minimiser",
)

edit(
    "puct_scores",
    "root_of_the_own_visits",
    old="visits.sum().sqrt()",
    new="visits.sqrt()",
    caught_by="test_scores_follow_a_scalar_loop",
    hint="N is the sum of all visits",
)

edit(
    "puct_scores",
    "no_one_in_the_denominator",
    old="(1 + visits)",
    new="visits.clamp(min=1)",
    caught_by="test_scores_follow_a_scalar_loop",
    hint="1 + n in the denominator",
)

# mcts ---------------------------------------------------------------------------------------------

edit(
    "mcts",
    "every_node_maximises",
    old="maximise = last_is_max == ((k - len(state)) % 2 == 1)",
    new="maximise = True",
    caught_by="test_a_game_of_one_move_follows_puct_exactly",
    hint="whose move is it?",
)

edit(
    "mcts",
    "only_the_root_knows_its_side",
    old="((k - len(state)) % 2 == 1)",
    new="(k % 2 == 1)",
    caught_by="test_replies_are_searched_and_not_left_to_chance",
    hint="from its mover's side",
)

edit(
    "mcts",
    "flips_the_value_on_the_way_up",
    old="            total[move] += value",
    new="            total[move] += value\n            value = -value",
    caught_by="test_replies_are_searched_and_not_left_to_chance",
    hint="the one backed-up value",
)

edit(
    "mcts",
    "returns_mean_values",
    old="return tree[()][2]",
    new="return tree[()][1] / tree[()][2].clamp(min=1)",
    caught_by="test_a_game_of_one_move_follows_puct_exactly",
    hint="visit counts are asked for",
)

edit(
    "mcts",
    "counts_one_rollout_too_few",
    old="for _ in range(rollouts):",
    new="for _ in range(rollouts - (rollouts > 1)):",
    caught_by="test_worthless_leaves_spread_the_visits_evenly",
    hint="each rollout passes through the root once",
)

edit(
    "mcts",
    "seed_is_ignored",
    old="generator = torch.Generator().manual_seed(seed)",
    new="generator = torch.Generator().manual_seed(0)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="draw them from `seed`",
)

edit(
    "mcts",
    "global_randomness",
    old="torch.randperm(n, generator=generator)",
    new="torch.randperm(n)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="draw",
)


@wrong(
    "mcts",
    caught_by="test_search_finds_the_only_winning_move",
    hint="a node is a set",
)
def one_node_for_each_size(values, n, k, last_is_max, rollouts, c, seed):
    generator = torch.Generator().manual_seed(seed)
    tables = [(torch.zeros(n), torch.zeros(n, dtype=torch.int64)) for _ in range(k)]
    for _ in range(rollouts):
        state, path, new = [], [], False
        while len(state) < k and not new:
            total, visits = tables[len(state)]
            new = int(visits.sum()) == 0
            scores = puct_scores(total, visits, c, last_is_max == ((k - len(state)) % 2 == 1))
            scores[state] = float("-inf")
            path.append((total, visits, int(scores.argmax())))
            state.append(int(scores.argmax()))
        rest = [e for e in torch.randperm(n, generator=generator).tolist() if e not in state]
        value = values[rank(torch.tensor([[*state, *rest[: k - len(state)]]]))[0]]
        for total, visits, move in path:
            total[move] += value
            visits[move] += 1
    return tables[0][1]


@wrong(
    "mcts",
    caught_by="test_visits_have_the_distribution_of_the_rollouts_described",
    hint="replies in the tree are searched",
)
def plays_replies_at_random(values, n, k, last_is_max, rollouts, c, seed):
    generator = torch.Generator().manual_seed(seed)
    total, visits = torch.zeros(n), torch.zeros(n, dtype=torch.int64)
    for _ in range(rollouts):
        move = int(puct_scores(total, visits, c, last_is_max == (k % 2 == 1)).argmax())
        rest = [e for e in torch.randperm(n, generator=generator).tolist() if e != move]
        total[move] += values[rank(torch.tensor([[move, *rest[: k - 1]]]))[0]]
        visits[move] += 1
    return visits


@wrong(
    "mcts",
    caught_by="test_worthless_leaves_spread_the_visits_evenly",
    hint="is what you are asked to write",
)
def solves_the_game_instead(values, n, k, last_is_max, rollouts, c, seed):
    start = search.solve(values, n=n, k=k, last_is_max=last_is_max)[1]
    visits = torch.zeros(n, dtype=torch.int64)
    visits[start.argmax() if last_is_max == (k % 2 == 1) else start.argmin()] = rollouts
    return visits


# debate_report ------------------------------------------------------------------------------------

edit(
    "debate_report",
    "mean_over_lies_as_the_gain",
    old='"gain": difference.mean().item(),',
    new='"gain": (debate.double().mean() - random.double().mean()).item(),',
    caught_by="test_shares_follow_loops_over_images",
    hint="do not set the mean over lies against it",
)

edit(
    "debate_report",
    "any_lie_beaten_counts",
    old="survives = debate.all(dim=1)",
    new="survives = debate.any(dim=1)",
    caught_by="test_shares_follow_loops_over_images",
    hint="an image counts if its truth beats all lies",
)

edit(
    "debate_report",
    "nine_games_as_nine_samples",
    old="(4000, len(difference))",
    new="(4000, 9 * len(difference))",
    caught_by="test_the_interval_resamples_images_with_both_arms",
    hint="the image is the unit",
)


@wrong(
    "debate_report",
    caught_by="test_the_interval_resamples_images_with_both_arms",
    hint="both arms together",
)
def resamples_the_arms_apart(random, debate, free, unopposed, seed):
    survives, n = debate.all(1).double(), len(random)
    generator = torch.Generator().manual_seed(seed)
    draws = [torch.randint(n, (4000, n), generator=generator) for _ in range(2)]
    gains = survives[draws[0]].mean(1) - random.double()[draws[1]].mean(1)
    low, high = gains.quantile(torch.tensor([0.025, 0.975], dtype=torch.float64)).tolist()
    better, worse = int((survives > random).sum()), int((survives < random).sum())
    tail = sum(comb(better + worse, i) for i in range(min(better, worse) + 1)) / 2 ** (
        better + worse
    )
    return {
        "debate_all": survives.mean().item(),
        "debate_mean": debate.double().mean().item(),
        "gain": (survives - random.double()).mean().item(),
        "gain_lo": low,
        "gain_hi": high,
        "p": min(1.0, 2 * tail),
        "precommit_gain": (survives - free.double()).mean().item(),
        "liar_alone": 1 - unopposed.double().mean().item(),
    }


edit(
    "debate_report",
    "one_sided_test",
    old="min(1.0, 2 * tail)",
    new="tail",
    caught_by="test_p_is_the_exact_test_of_the_discordant_images",
    hint="two-sided: twice the smaller tail",
)

edit(
    "debate_report",
    "normal_approximation",
    old='"p": min(1.0, 2 * tail),',
    new='"p": __import__("math").erfc(abs(better - worse) / max(2 * (better + worse), 1) ** 0.5),',
    caught_by="test_p_is_the_exact_test_of_the_discordant_images",
    hint="no normal approximation",
)

edit(
    "debate_report",
    "p_above_one",
    old="min(1.0, 2 * tail)",
    new="2 * tail",
    caught_by="test_p_is_the_exact_test_of_the_discordant_images",
    hint="p is at most 1",
)

edit(
    "debate_report",
    "liar_alone_as_the_honest_share",
    old="1 - unopposed.double()",
    new="unopposed.double()",
    caught_by="test_shares_follow_loops_over_images",
    hint="liar_alone is the liar's share",
)

edit(
    "debate_report",
    "seed_is_ignored",
    old="torch.Generator().manual_seed(seed)",
    new="torch.Generator().manual_seed(0)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="draw the resamples from `seed`",
)

edit(
    "debate_report",
    "no_interval",
    old='"gain_lo": low,',
    new='"gain_lo": difference.mean().item(),',
    caught_by="test_the_interval_resamples_images_with_both_arms",
    hint="an interval is asked for",
)

# choose -------------------------------------------------------------------------------------------


@wrong(
    "choose",
    caught_by="test_games_that_greedy_play_throws_away_are_saved",
    hint="greedy is not enough with two moves left",
)
def greedy(image, role, claims, revealed, judge, seed):
    legal = [pixel for pixel in torch.nonzero(image).flatten().tolist() if pixel not in revealed]
    mask = torch.zeros(len(legal), 64, dtype=torch.bool)
    for row, pixel in enumerate(legal):
        mask[row, [*revealed, pixel]] = True
    logits = judge(mask)
    mine, theirs = claims if role == "honest" else claims[::-1]
    return legal[int((logits[:, mine] - logits[:, theirs]).argmax())]


@wrong(
    "choose",
    caught_by="test_a_forced_win_near_the_end_is_taken",
    hint="whose claim are you arguing for?",
)
def always_argues_for_the_truth(image, role, claims, revealed, judge, seed):
    legal = [pixel for pixel in torch.nonzero(image).flatten().tolist() if pixel not in revealed]
    mask = torch.zeros(len(legal), 64, dtype=torch.bool)
    for row, pixel in enumerate(legal):
        mask[row, [*revealed, pixel]] = True
    logits = judge(mask)
    return legal[int((logits[:, claims[0]] - logits[:, claims[1]]).argmax())]


@wrong(
    "choose",
    caught_by="test_little_is_given_away_before_a_trained_judge",
    hint="with one or two moves left",
)
def plays_at_random(image, role, claims, revealed, judge, seed):
    legal = [pixel for pixel in torch.nonzero(image).flatten().tolist() if pixel not in revealed]
    return legal[int(torch.randint(len(legal), (), generator=torch.Generator().manual_seed(seed)))]


@wrong("choose", caught_by="test_a_forced_win_near_the_end_is_taken", hint="not the new one alone")
def shows_the_new_pixel_alone(image, role, claims, revealed, judge, seed):
    legal = [pixel for pixel in torch.nonzero(image).flatten().tolist() if pixel not in revealed]
    logits = judge(torch.eye(64, dtype=torch.bool)[legal])
    mine, theirs = claims if role == "honest" else claims[::-1]
    return legal[int((logits[:, mine] - logits[:, theirs]).argmax())]


edit(
    "choose",
    "ignores_the_budget",
    old="<= 1900",
    new="<= 10**9",
    caught_by="test_moves_are_legal_and_within_the_budget",
    hint="stay within 2,000 rows",
)

edit(
    "choose",
    "reveals_a_pixel_twice",
    old="if pixel not in revealed]",
    new="]",
    caught_by="test_moves_are_legal_and_within_the_budget",
    hint="return a legal pixel id",
)

edit(
    "choose",
    "returns_a_position",
    old="return int(pool[torch.cat(after).argmax()])",
    new="return int(torch.cat(after).argmax())",
    caught_by="test_a_forced_win_near_the_end_is_taken",
    hint="return the id of a nonzero pixel",
)

edit(
    "choose",
    "moves_last_in_every_game",
    old="left % 2 == 1)",
    new="True)",
    caught_by="test_a_forced_win_near_the_end_is_taken",
    hint="with one or two moves left",
)

# Of tired learners and of shortcuts -----------------------------------------------------------------


@wrong(
    "sample_mask",
    caught_by="test_every_set_of_inked_pixels_is_equally_likely",
    hint="uniform among the nonzero pixels",
)
def takes_neighbours_in_reading_order(x, k, seed):
    generator = torch.Generator().manual_seed(seed)
    mask = torch.zeros_like(x, dtype=torch.bool)
    for row in range(len(x)):
        place = torch.nonzero(x[row]).flatten()
        if len(place):
            start = int(torch.randint(len(place), (), generator=generator))
            mask[row, place.roll(-start)[:k]] = True
    return mask


edit(
    "sample_mask",
    "sixty_four_pixels_written_out",
    old="torch.rand(x.shape, generator=generator)",
    new="torch.rand(len(x), 64, generator=generator)",
    caught_by="test_the_width_of_the_image_may_vary",
    hint="size",
)


@wrong(
    "sample_mask",
    caught_by="test_each_row_shows_k_distinct_pixels_or_all_it_has",
    hint="is what you are asked to write",
)
def calls_the_kit_for_masks(x, k, seed):
    from firsthand.kit.judge import random_masks

    return random_masks(x, n_pixels=k, generator=torch.Generator().manual_seed(seed))


edit(
    "sample_mask",
    "at_most_four_pixels",
    old="keys.topk(k, dim=1)",
    new="keys.topk(min(k, 4), dim=1)",
    caught_by="test_each_row_shows_k_distinct_pixels_or_all_it_has",
    hint="k distinct pixels",
)


@wrong(
    "judge_input",
    caught_by="test_planes_follow_a_slow_loop",
    hint="is what you are asked to write",
)
def calls_the_kit_for_planes(x, mask):
    from firsthand.kit import judge

    return judge.encode(x, mask)


edit(
    "judge_input",
    "always_single_precision",
    old="return torch.cat([shown, shown * x], dim=1)",
    new="return torch.cat([shown, shown * x], dim=1).float()",
    caught_by="test_the_dtype_is_that_of_the_image",
    hint="floats of x's dtype",
)

edit(
    "judge_input",
    "marks_inked_pixels_only",
    old="shown = mask.to(x.dtype)",
    new="shown = (mask & (x > 0)).to(x.dtype)",
    caught_by="test_planes_follow_a_slow_loop",
    hint="all mask entries first, then the values",
)

edit(
    "judge_input",
    "shows_ink_without_its_strength",
    old="shown * x]",
    new="shown * (x > 0)]",
    caught_by="test_planes_follow_a_slow_loop",
    hint="all mask entries first, then the values",
)


@wrong(
    "train_judge",
    caught_by="test_four_pixels_give_the_accuracy_of_fresh_masks",
    hint="is what you are asked to write",
)
def calls_the_kit_for_training(X, y, k, width, steps, seed):
    from firsthand.kit import judge

    network = judge.train_judge(X, y, n_pixels=k, width=width, steps=steps, seed=seed, lr=3e-3)
    return dict(network.state_dict())


edit(
    "train_judge",
    "never_lowers_the_learning_rate",
    old="3e-3 * (1 - step / steps)",
    new="3e-3",
    caught_by="test_the_learning_rate_falls_linearly",
    hint="set it at every step",
)

edit(
    "train_judge",
    "reaches_zero_one_step_early",
    old="3e-3 * (1 - step / steps)",
    new="3e-3 * (1 - step / max(1, steps - 1))",
    caught_by="test_the_learning_rate_falls_linearly",
    hint="set it at every step",
)

edit(
    "train_judge",
    "trains_on_twice_as_many_pixels",
    old="sample_mask(X[rows], k,",
    new="sample_mask(X[rows], 2 * k,",
    caught_by="test_sixteen_pixels_give_more",
    hint="train with the k that you are given",
)

edit(
    "train_judge",
    "a_batch_of_one",
    old="(128,)",
    new="(1,)",
    caught_by="test_four_pixels_give_the_accuracy_of_fresh_masks",
    hint="train on masks of k pixels",
)

edit(
    "honest_wins",
    "takes_class_zero_for_no_claim",
    old="if liar is not None:",
    new="if liar:",
    caught_by="test_class_zero_is_a_claim_like_any_other",
    hint="0 is a class, None is no claim",
)

edit(
    "honest_wins",
    "blots_out_the_truth_in_place",
    old="    others = torch.arange(logits.shape[1]) != honest\n    return logits[:, honest] > logits[:, others].amax(dim=1)",
    new="    mine = logits[:, honest].clone()\n    logits[:, honest] = float('-inf')\n    return mine > logits.amax(dim=1)",
    caught_by="test_without_precommitment_every_other_class_may_win",
    hint="logits",
)

edit(
    "honest_wins",
    "argmax_without_precommitment",
    old="return logits[:, honest] > logits[:, others].amax(dim=1)",
    new="return logits.argmax(dim=1) == honest",
    caught_by="test_ties_go_to_the_liar",
    hint="ties go to the liar",
)


edit(
    "all_logits",
    "drops_the_last_batch",
    old="return torch.cat(logits)",
    new="return torch.cat(logits[:-1] or logits)",
    caught_by="test_sets_are_judged_in_batches_of_at_most_twenty_thousand",
    hint="all_logits",
)

edit(
    "all_logits",
    "four_pixels_written_out",
    old="colex(len(pixels), k)",
    new="colex(len(pixels), 4)",
    caught_by="test_rows_are_the_logits_of_the_subsets_in_colex_order",
    hint="all_logits",
)

edit(
    "all_logits",
    "images_of_sixty_four_pixels",
    old="torch.zeros(len(chosen), len(x), dtype=torch.bool)",
    new="torch.zeros(len(chosen), 64, dtype=torch.bool)",
    caught_by="test_rows_are_the_logits_of_the_subsets_in_colex_order",
    hint="size",
)


@wrong(
    "backup",
    caught_by="test_values_follow_play_over_sequences",
    hint="is what you are asked to write",
)
def calls_the_kit_to_solve(values, n, k, last_is_max):
    return search.solve(values, n=n, k=k, last_is_max=last_is_max)[0][0]


edit(
    "backup",
    "averages_over_the_maximiser",
    old="grown.amax(dim=1)",
    new="grown.mean(dim=1)",
    caught_by="test_values_follow_play_over_sequences",
    hint="no mean",
)

edit(
    "backup",
    "at_most_four_moves",
    old="reversed(range(k))",
    new="reversed(range(min(k, 4)))",
    caught_by="test_values_follow_play_over_sequences",
    hint="out of bounds",
)

edit(
    "backup",
    "both_players_want_the_same",
    old="maximise = last_is_max == ((k - size) % 2 == 1)",
    new="maximise = last_is_max",
    caught_by="test_values_follow_play_over_sequences",
    hint="players alternate",
)

edit(
    "debate_outcomes",
    "last_mover_for_odd_k_only",
    old="honest_last = honest_first == (k % 2 == 1)",
    new="honest_last = honest_first",
    caught_by="test_each_lie_is_its_own_game",
    hint="k odd and k even differ",
)

edit(
    "debate_outcomes",
    "ten_classes_written_out",
    old="range(logits.shape[1]) if",
    new="range(min(10, logits.shape[1] + 1)) if",
    caught_by="test_each_lie_is_its_own_game",
    hint="out of bounds",
)


@wrong(
    "debate_outcomes",
    caught_by="test_ties_go_to_the_liar",
    hint="ties go to the liar",
)
def free_game_by_argmax(logits, truth, n, k, honest_first, precommit):
    last = honest_first == (k % 2 == 1)
    if not precommit:
        return bool(backup((logits.argmax(1) == truth).float()[:, None], n, k, last)[0] > 0.5)
    lies = [label for label in range(logits.shape[1]) if label != truth]
    leaves = torch.stack([honest_wins(logits, truth, lie) for lie in lies], dim=1)
    return backup(leaves.float(), n, k, last) > 0.5


@wrong(
    "debate_outcomes",
    caught_by="test_each_lie_is_its_own_game",
    hint="is what you are asked to write",
)
def calls_the_kit_for_outcomes(logits, truth, n, k, honest_first, precommit):
    lies = [label for label in range(logits.shape[1]) if label != truth] if precommit else [None]
    leaves = torch.stack([honest_wins(logits, truth, lie) for lie in lies], dim=1).float()
    won = search.solve(leaves, n=n, k=k, last_is_max=honest_first == (k % 2 == 1))[0][0] > 0.5
    return won if precommit else bool(won[0])


edit(
    "lookahead_move",
    "averages_over_replies",
    old=".amin(dim=1)",
    new=".mean(dim=1)",
    caught_by="test_moves_follow_full_enumeration",
    hint="no mean over replies",
)

edit(
    "lookahead_move",
    "forgets_what_is_revealed_at_depth_two",
    old="[[*revealed, pixel, reply] for",
    new="[[pixel, reply] for",
    caught_by="test_moves_follow_full_enumeration",
    hint="the judge sees all revealed pixels",
)

edit(
    "lookahead_move",
    "keeps_the_order_of_the_pixels",
    old="sorted(set(pixels) - set(revealed))",
    new="[pixel for pixel in pixels if pixel not in revealed]",
    caught_by="test_equally_good_pixels_give_the_smallest",
    hint="the smallest id",
)

edit(
    "puct_scores",
    "whole_number_division",
    old="total / visits.clamp(min=1)",
    new="total // visits.clamp(min=1)",
    caught_by="test_scores_follow_a_scalar_loop",
    hint="3/4 + 1/2 * sqrt(6)/5",
)

edit(
    "puct_scores",
    "one_more_visit_in_all",
    old="visits.sum().sqrt()",
    new="(1 + visits.sum()).sqrt()",
    caught_by="test_before_the_first_visit_all_scores_are_zero",
    hint="3/4 + 1/2 * sqrt(6)/5",
)

edit(
    "puct_scores",
    "unvisited_moves_come_first",
    old="return (mean if maximise else -mean) + bonus",
    new="return ((mean if maximise else -mean) + bonus).masked_fill(visits == 0, 1e9)",
    caught_by="test_an_unvisited_move_has_mean_zero",
    hint="1 + 2/2 * 1/2",
)

edit(
    "puct_scores",
    "divides_in_place",
    old="mean = total / visits.clamp(min=1)",
    new="mean = total.div_(visits.clamp(min=1))",
    caught_by="test_scores_follow_a_scalar_loop",
    hint="total",
)


@wrong(
    "mcts",
    caught_by="test_visits_have_the_distribution_of_the_rollouts_described",
    hint="one entry of the table for each rollout",
)
def bandit_over_exact_values(values, n, k, last_is_max, rollouts, c, seed):
    exact = []
    for first in range(n):
        left = values[containing(n, k, first)][:, None]
        exact.append(backup(left, n - 1, k - 1, last_is_max))
    exact, generator = torch.cat(exact), torch.Generator().manual_seed(seed)
    total, visits = torch.zeros(n), torch.zeros(n, dtype=torch.int64)
    for _ in range(rollouts):
        move = int(puct_scores(total, visits, c, last_is_max == (k % 2 == 1)).argmax())
        noise = 0.2 * torch.randn((), generator=generator) if k > 1 and values.std() > 0 else 0
        total[move] += exact[move] + noise
        visits[move] += 1
    return visits


edit(
    "mcts",
    "sequences_as_nodes",
    old="state = tuple(sorted((*state, int(legal[move]))))",
    new="state = (*state, int(legal[move]))",
    caught_by="test_visits_have_the_distribution_of_the_rollouts_described",
    hint="the same set reached in two orders is the same node",
)

edit(
    "mcts",
    "a_new_node_makes_no_move",
    old="            path.append((total, visits, move))",
    new="            if new and state:\n                break\n            path.append((total, visits, move))",
    caught_by="test_visits_have_the_distribution_of_the_rollouts_described",
    hint="a new node makes its own first move",
)

edit(
    "mcts",
    "completes_with_the_smallest_elements",
    old="torch.randperm(n, generator=generator).tolist()",
    new="range(n)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="draw them from `seed`",
)


@wrong(
    "debate_report",
    caught_by="test_p_is_the_exact_test_of_the_discordant_images",
    hint="is what you are asked to write",
)
def calls_the_kit_for_statistics(random, debate, free, unopposed, seed):
    from firsthand.kit.statistics import mcnemar_exact, paired_bootstrap

    survives = debate.all(1)
    gain, low, high = paired_bootstrap(survives, random, seed=seed)
    return {
        "debate_all": survives.double().mean().item(),
        "debate_mean": debate.double().mean().item(),
        "gain": gain,
        "gain_lo": low,
        "gain_hi": high,
        "p": mcnemar_exact(int((survives & ~random).sum()), int((~survives & random).sum())),
        "precommit_gain": (survives.double() - free.double()).mean().item(),
        "liar_alone": 1 - unopposed.double().mean().item(),
    }


edit(
    "debate_report",
    "normal_interval",
    old="low, high = difference[rows].mean(dim=1).quantile(tails).tolist()",
    new="half = 1.96 * difference.std().item() / len(difference) ** 0.5\n    low, high = difference.mean().item() - half, difference.mean().item() + half",
    caught_by="test_the_interval_resamples_images_with_both_arms",
    hint="draw the resamples from `seed`",
)

edit(
    "debate_report",
    "ninety_percent_interval",
    old="torch.tensor([0.025, 0.975], dtype=torch.float64)",
    new="torch.tensor([0.05, 0.95], dtype=torch.float64)",
    caught_by="test_the_interval_resamples_images_with_both_arms",
    hint="2.5 % and 97.5 % points",
)

edit(
    "debate_report",
    "nine_lies_written_out",
    old='"debate_mean": debate.double().mean().item(),',
    new='"debate_mean": debate.double().sum().item() / (9 * len(debate)),',
    caught_by="test_shares_follow_loops_over_images",
    hint="share of (image, lie) pairs",
)


@wrong(
    "choose",
    caught_by="test_games_that_greedy_play_throws_away_are_saved",
    hint="spend the budget on whole endings",
)
def greedy_until_two_moves_are_left(image, role, claims, revealed, judge, seed):
    legal = [pixel for pixel in torch.nonzero(image).flatten().tolist() if pixel not in revealed]
    mine, theirs = claims if role == "honest" else claims[::-1]

    def margin(sets):
        logits = judge(torch.zeros(len(sets), 64, dtype=torch.bool).scatter(1, sets, True))
        return logits[:, mine] - logits[:, theirs]

    if len(revealed) == 2:
        sets = torch.tensor([[*revealed, a, b] for a in legal for b in legal if a != b])
        return legal[int(margin(sets).view(len(legal), -1).amin(1).argmax())]
    return legal[int(margin(torch.tensor([[*revealed, pixel] for pixel in legal])).argmax())]


edit(
    "choose",
    "knows_the_first_ten_pixels_only",
    old="pool = torch.cat([order[: m // 2], order[len(order) - (m - m // 2) :]])",
    new="m = max(left, min(m, 10))\n    pool = legal[:m]",
    caught_by="test_games_that_greedy_play_throws_away_are_saved",
    hint="spend the budget on whole endings",
)

edit(
    "choose",
    "breaks_ties_with_global_randomness",
    old="return int(pool[torch.cat(after).argmax()])",
    new="after = torch.cat(after)\n    return int(pool[(after + 1e-6 * torch.rand(len(after))).argmax()])",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="seed",
)

edit(
    "choose",
    "asks_the_shipped_judge",
    old="logits = judge(mask)",
    new="logits = judge_of(load_judge(4), image)(mask)",
    caught_by="test_a_forced_win_near_the_end_is_taken",
    hint="with one or two moves left",
)

edit(
    "choose",
    "honest_always_moves_first",
    old="left % 2 == 1)",
    new="role == 'liar')",
    caught_by="test_a_forced_win_near_the_end_is_taken",
    hint="with one or two moves left",
)
