"""Named wrong answers of 402, each with the test and the hint that must catch it."""

import torch

from firsthand.wrong import edit, wrong

# repeated_tokens

edit(
    "repeated_tokens", "draws_one_segment_for_all_rows",
    old="torch.randint(1, d_vocab, (n, segment), generator=generator)",
    new="torch.randint(1, d_vocab, (1, segment), generator=generator).expand(n, -1)",
    caught_by="test_each_row_has_a_segment_of_its_own", hint="sample one segment per row",
)  # fmt: skip
edit(
    "repeated_tokens", "repeats_the_start_token",
    old="torch.cat([start, drawn.repeat(1, repeats)], dim=1)",
    new="torch.cat([start, drawn], dim=1).repeat(1, repeats)",
    caught_by="test_every_copy_has_the_segment_in_the_same_order",
    hint="the start token appears once",
)  # fmt: skip
edit(
    "repeated_tokens", "uses_token_0_in_the_segment",
    old="torch.randint(1, d_vocab, (n, segment), generator=generator)",
    new="torch.randint(0, d_vocab, (n, segment), generator=generator)",
    caught_by="test_tokens_are_uniform_from_1_to_the_last", hint="0 is reserved",
)  # fmt: skip
edit(
    "repeated_tokens", "repeats_each_token_instead_of_the_segment",
    old="drawn.repeat(1, repeats)", new="drawn.repeat_interleave(repeats, dim=1)",
    caught_by="test_every_copy_has_the_segment_in_the_same_order",
    hint="repeat means the same tokens in the same order",
)  # fmt: skip
edit(
    "repeated_tokens", "leaves_out_the_start_token",
    old="torch.cat([start, drawn.repeat(1, repeats)], dim=1)", new="drawn.repeat(1, repeats)",
    caught_by="test_every_copy_has_the_segment_in_the_same_order", hint="one start token",
)  # fmt: skip
edit(
    "repeated_tokens", "draws_from_the_global_generator",
    old="(n, segment), generator=generator)", new="(n, segment))",
    caught_by="test_the_seed_decides_and_nothing_else", hint="draw from `generator`",
)  # fmt: skip
edit(
    "repeated_tokens", "never_draws_the_last_token",
    old="torch.randint(1, d_vocab, (n, segment)",
    new="torch.randint(1, max(2, d_vocab - 1), (n, segment)",
    caught_by="test_tokens_are_uniform_from_1_to_the_last",
    hint="every token from 1 to d_vocab - 1 is equally likely",
)  # fmt: skip


edit(
    "repeated_tokens", "does_not_move_the_generator_on",
    old="    start = torch.zeros",
    new="    generator = torch.Generator().manual_seed(generator.initial_seed())\n"
    "    start = torch.zeros",
    caught_by="test_a_generator_gives_new_rows_at_every_call", hint="do not seed another",
)  # fmt: skip
edit(
    "repeated_tokens", "sorts_the_segment",
    old="(n, segment), generator=generator)", new="(n, segment), generator=generator).sort(1)[0]",
    caught_by="test_tokens_of_a_segment_are_independent", hint="no sorting",
)  # fmt: skip
edit(
    "repeated_tokens", "counts_up_from_a_random_token",
    old="torch.randint(1, d_vocab, (n, segment), generator=generator)",
    new="(torch.randint(0, d_vocab - 1, (n, 1), generator=generator) + torch.arange(segment))"
    " % (d_vocab - 1) + 1",
    caught_by="test_tokens_of_a_segment_are_independent", hint="no counting up",
)  # fmt: skip


@wrong(
    "repeated_tokens",
    caught_by="test_tokens_of_a_segment_are_independent",
    hint="may occur twice",
)
def draws_without_replacement_where_it_can(n, segment, repeats, d_vocab, generator):
    if segment < d_vocab:
        drawn = torch.rand(n, d_vocab - 1, generator=generator).argsort(1)[:, :segment] + 1
    else:
        drawn = torch.randint(1, d_vocab, (n, segment), generator=generator)
    return torch.cat([torch.zeros(n, 1, dtype=torch.long), drawn.repeat(1, repeats)], dim=1)


# prefix_matching_score

edit(
    "prefix_matching_score", "scores_the_same_token",
    old="after[:, :, 1:] = same[:, :, :-1]", new="after[:] = same",
    caught_by="test_lags_may_differ_from_row_to_row",
    hint="you score attention to the *same* token, not to the one after it",
)  # fmt: skip
edit(
    "prefix_matching_score", "averages_over_all_queries",
    old="queries = same.any(dim=2).sum()",
    new="queries = torch.tensor(tokens.numel())",
    caught_by="test_lags_may_differ_from_row_to_row",
    hint="only positions that have something to match",
)  # fmt: skip
edit(
    "prefix_matching_score", "takes_the_mean_over_copies",
    old="landed = (pattern * after[:, None]).sum((0, 2, 3))",
    new="share = after / after.sum(-1, keepdim=True).clamp(min=1)\n"
    "    landed = (pattern * share[:, None]).sum((0, 2, 3))",
    caught_by="test_every_earlier_copy_counts", hint="a perfect head may split its attention",
)  # fmt: skip
edit(
    "prefix_matching_score", "averages_over_heads",
    old="return landed / queries.clamp(min=1)",
    new="return landed.mean() / queries.clamp(min=1)",
    caught_by="test_lags_may_differ_from_row_to_row", hint="do not average over heads",
)  # fmt: skip
edit(
    "prefix_matching_score", "is_nan_without_repetitions",
    old="queries.clamp(min=1)", new="queries",
    caught_by="test_no_repeated_token_scores_zero",
    hint="what happens when no query has an earlier copy?",
)  # fmt: skip
edit(
    "prefix_matching_score", "averages_the_averages_of_rows",
    old="    return landed / queries.clamp(min=1)",
    new="    rows = (pattern * after[:, None]).sum((2, 3))\n"
    "    return (rows / same.any(-1).sum(-1).clamp(min=1)[:, None]).mean(0)",
    caught_by="test_queries_are_pooled_over_rows", hint="pool the queries of all rows",
)  # fmt: skip
edit(
    "prefix_matching_score", "counts_the_query_as_its_own_copy",
    old=".tril(-1)", new=".tril(0)",
    caught_by="test_lags_may_differ_from_row_to_row",
    hint="only positions that have something to match",
)  # fmt: skip


edit(
    "prefix_matching_score", "leaves_out_the_query_itself",
    old="landed = (pattern * after[:, None])", new="landed = (pattern * after.tril(-1)[:, None])",
    caught_by="test_every_earlier_copy_counts", hint="comes q itself, and it counts",
)  # fmt: skip
edit(
    "prefix_matching_score", "changes_the_pattern_in_place",
    old="landed = (pattern * after[:, None])", new="landed = pattern.mul_(after[:, None])",
    caught_by="test_lags_may_differ_from_row_to_row", hint="the caller still needs its values",
)  # fmt: skip


@wrong(
    "prefix_matching_score",
    caught_by="test_lags_may_differ_from_row_to_row",
    hint="lags vary: look the token up",
)
def uses_the_lag_of_the_first_row(pattern, tokens):
    again = (tokens[0] == tokens[0, 0]).nonzero().flatten()
    lag = int(again[1]) if len(again) > 1 else tokens.shape[1] // 2
    return pattern.diagonal(1 - lag, 2, 3).mean((0, 2))


@wrong(
    "prefix_matching_score",
    caught_by="test_every_earlier_copy_counts",
    hint="every earlier occurrence counts, not only the latest",
)
def looks_only_at_the_latest_copy(pattern, tokens):
    total, queries = pattern.new_zeros(pattern.shape[1]), 0
    for b, row in enumerate(tokens.tolist()):
        for q in range(len(row)):
            copies = [j for j in range(q) if row[j] == row[q]]
            if copies:
                total, queries = total + pattern[b, :, q, copies[-1] + 1], queries + 1
    return total / max(1, queries)


# copying_score

edit(
    "copying_score", "measures_probabilities",
    old="raised = (head_logits - head_logits.mean(-1, keepdim=True)).relu()",
    new="head_logits = head_logits.softmax(-1)\n"
    "    raised = (head_logits - head_logits.mean(-1, keepdim=True)).relu()",
    caught_by="test_the_share_of_the_attended_token_is_averaged",
    hint="use the head's direct logits",
)  # fmt: skip
edit(
    "copying_score", "does_not_centre",
    old="(head_logits - head_logits.mean(-1, keepdim=True)).relu()", new="head_logits.relu()",
    caught_by="test_a_copying_head_scores_one_and_its_opposite_minus_one",
    hint="a constant added to all logits is not copying",
)  # fmt: skip
edit(
    "copying_score", "centres_after_the_relu",
    old="raised = (head_logits - head_logits.mean(-1, keepdim=True)).relu()",
    new="raised = head_logits.relu() - head_logits.relu().mean(-1, keepdim=True)",
    caught_by="test_the_share_of_the_attended_token_is_averaged", hint="centre first",
)  # fmt: skip
edit(
    "copying_score", "divides_by_the_whole_vocabulary",
    old="total = (raised * present[:, None]).sum(-1)", new="total = raised.sum(-1)",
    caught_by="test_the_share_of_the_attended_token_is_averaged",
    hint="only the tokens of this row",
)  # fmt: skip
edit(
    "copying_score", "takes_the_token_at_the_query",
    old="attended = tokens.gather(1, pattern.argmax(-1))", new="attended = tokens",
    caught_by="test_the_share_of_the_attended_token_is_averaged", hint="what does the head look",
)  # fmt: skip
edit(
    "copying_score", "counts_repeated_tokens_twice",
    old="total = (raised * present[:, None]).sum(-1)",
    new="total = raised.gather(-1, tokens[:, None].expand(-1, tokens.shape[1], -1)).sum(-1)",
    caught_by="test_the_share_of_the_attended_token_is_averaged", hint="distinct tokens",
)  # fmt: skip
edit(
    "copying_score", "is_nan_when_nothing_is_raised",
    old="share = torch.where(total > 0, of_attended / total, torch.zeros_like(total))",
    new="share = of_attended / total",
    caught_by="test_raising_nothing_scores_minus_one", hint="has share 0",
)  # fmt: skip
edit(
    "copying_score", "returns_the_share_itself",
    old="return float(2 * share.mean() - 1)", new="return float(share.mean())",
    caught_by="test_the_share_of_the_attended_token_is_averaged", hint="return 2 * share - 1",
)  # fmt: skip

edit(
    "copying_score", "sums_over_the_tokens_read_so_far",
    old="    total = (raised * present[:, None]).sum(-1)",
    new="    present = torch.nn.functional.one_hot(tokens, vocab).cumsum(1).clamp(max=1)\n"
    "    total = (raised * present).sum(-1)",
    caught_by="test_the_share_of_the_attended_token_is_averaged", hint="later positions too",
)  # fmt: skip
edit(
    "copying_score", "leaves_out_queries_that_raise_nothing",
    old="return float(2 * share.mean() - 1)",
    new="return float(2 * share[total > 0].mean() - 1) if bool((total > 0).any()) else -1.0",
    caught_by="test_queries_that_raise_nothing_count_with_share_zero",
    hint="a query that raises nothing has share 0",
)  # fmt: skip

# icl_score

edit(
    "icl_score", "is_early_minus_late",
    old="loss[:, late].mean() - loss[:, early].mean()",
    new="loss[:, early].mean() - loss[:, late].mean()",
    caught_by="test_it_is_the_mean_late_loss_minus_the_mean_early_loss",
    hint="more negative = more in-context learning",
)  # fmt: skip
edit(
    "icl_score", "is_a_ratio",
    old="loss[:, late].mean() - loss[:, early].mean()",
    new="loss[:, late].mean() / loss[:, early].mean()",
    caught_by="test_it_is_the_mean_late_loss_minus_the_mean_early_loss",
    hint="a difference in nats",
)  # fmt: skip
edit(
    "icl_score", "takes_single_positions",
    old="loss[:, late].mean() - loss[:, early].mean()",
    new="loss[:, -1].mean() - loss[:, early.start or 0].mean()",
    caught_by="test_it_is_the_mean_late_loss_minus_the_mean_early_loss",
    hint="average over all positions of the slices",
)  # fmt: skip
edit(
    "icl_score", "slices_rows_instead_of_positions",
    old="loss[:, late].mean() - loss[:, early].mean()",
    new="loss[late].mean() - loss[early].mean()",
    caught_by="test_slices_may_have_negative_and_open_ends",
    hint="one mean over all rows and all positions",
)  # fmt: skip
edit(
    "icl_score", "includes_the_end_of_a_slice",
    old="loss[:, early].mean()", new="loss[:, early.start : (early.stop or -1) + 1].mean()",
    caught_by="test_it_is_the_mean_late_loss_minus_the_mean_early_loss",
    hint="one mean over all rows and all positions of each slice",
)  # fmt: skip
edit(
    "icl_score", "ignores_the_early_slice",
    old="loss[:, early].mean()", new="loss.mean()",
    caught_by="test_it_is_the_mean_late_loss_minus_the_mean_early_loss",
    hint="one mean over all rows and all positions of each slice",
)  # fmt: skip

edit(
    "icl_score", "is_never_positive",
    old="loss[:, late].mean() - loss[:, early].mean()",
    new="-abs(loss[:, late].mean() - loss[:, early].mean())",
    caught_by="test_slices_may_have_negative_and_open_ends", hint="the score may be positive",
)  # fmt: skip

# train_and_track

edit(
    "train_and_track", "draws_a_new_probe_at_every_entry",
    old="        logits, cache = model.run_with_cache(probe, names)\n",
    new="        fresh = torch.Generator().manual_seed(int(model.W_E.abs().sum() * 1e3))\n"
    "        probe = draw(64, fresh).tokens\n"
    "        logits, cache = model.run_with_cache(probe, names)\n",
    caught_by="test_the_curves_are_those_of_the_returned_weights_on_the_probe",
    hint="hold the probe fixed",
)  # fmt: skip
edit(
    "train_and_track", "trains_on_the_probe",
    old="lambda generator: draw(BATCH, generator).tokens", new="lambda generator: probe",
    caught_by="test_training_improves_rows_it_has_never_seen",
    hint="the probe is only measured on: hold it out of training",
)  # fmt: skip
edit(
    "train_and_track", "keeps_three_times_the_final_weights",
    old="[run.snapshots[step] for step in kept]", new="[run.snapshots[steps]] * 3",
    caught_by="test_it_starts_at_the_stated_model_and_each_state_differs",
    hint="clone: all three states are equal",
)  # fmt: skip
edit(
    "train_and_track", "logs_four_times_too_rarely",
    old="        every=every,\n", new="        every=4 * every,\n",
    caught_by="test_the_curves_are_those_of_the_returned_weights_on_the_probe",
    hint="the change is a single point",
)  # fmt: skip
edit(
    "train_and_track", "ignores_the_seed",
    old="new_model(n_layers, seed)", new="new_model(n_layers, 0)",
    caught_by="test_it_starts_at_the_stated_model_and_each_state_differs",
    hint="start from new_model(n_layers, seed)",
)  # fmt: skip
edit(
    "train_and_track", "seeds_the_global_generator",
    old="    logged = [", new="    torch.manual_seed(seed)\n    logged = [",
    caught_by="test_equal_arguments_give_equal_results",
    hint="draw from generators made from `seed`",
)  # fmt: skip
edit(
    "train_and_track", "averages_the_loss_over_positions",
    old='"loss": loss.mean(0),', new='"loss": loss.mean(1),',
    caught_by="test_the_curves_are_those_of_the_returned_weights_on_the_probe",
    hint="report the loss of every predicted token",
)  # fmt: skip
edit(
    "train_and_track", "tracks_the_last_layer_only",
    old='"prefix": torch.stack([prefix_matching_score(cache[n], probe) for n in names])',
    new='"prefix": torch.stack([prefix_matching_score(cache[names[-1]], probe) for n in names])',
    caught_by="test_the_curves_are_those_of_the_returned_weights_on_the_probe",
    hint="prefix_matching_score on the probe for every layer",
)  # fmt: skip
edit(
    "train_and_track", "calls_the_first_entry_the_middle",
    old="logged[len(logged) // 2]", new="logged[1]",
    caught_by="test_the_curves_are_those_of_the_returned_weights_on_the_probe", hint="states",
)  # fmt: skip

edit(
    "train_and_track", "measures_with_gradients",
    old="    def measure(model: nn.Module)",
    new="    @torch.enable_grad()\n    def measure(model: nn.Module)",
    caught_by="test_the_curves_are_those_of_the_returned_weights_on_the_probe",
    hint="measure without gradients",
)  # fmt: skip
edit(
    "train_and_track", "trains_on_one_batch_again_and_again",
    old="draw(BATCH, generator)", new="draw(BATCH, torch.Generator().manual_seed(seed))",
    caught_by="test_training_improves_rows_it_has_never_seen",
    hint="train on new rows from `draw` in every update",
)  # fmt: skip

# phase_change

edit(
    "phase_change", "does_not_smooth",
    old="smooth // 2", new="0",
    caught_by="test_noise_is_smoothed_before_the_rise_is_sought", hint="smooth first",
)  # fmt: skip
edit(
    "phase_change", "uses_absolute_levels",
    old="s[i] - s[first] >= share * gain", new="s[i] >= share",
    caught_by="test_smooth_rises_between_any_levels_are_found",
    hint="10 % and 90 % of *this* rise",
)  # fmt: skip
edit(
    "phase_change", "smooths_with_a_trailing_window",
    old="values[max(0, i - half) : i + half + 1]", new="values[max(0, i - smooth + 1) : i + 1]",
    caught_by="test_smooth_rises_between_any_levels_are_found", hint="use a centred window",
)  # fmt: skip
edit(
    "phase_change", "finds_a_window_in_noise",
    old="if gain <= 3 * pstdev(b - a for a, b in pairwise(values)) / 2**0.5:",
    new="if gain <= 0:",
    caught_by="test_flat_noise_and_falling_curves_have_no_phase_change",
    hint="return None if the rise is within the noise",
)  # fmt: skip
edit(
    "phase_change", "takes_the_noise_for_the_curve_itself",
    old="pstdev(b - a for a, b in pairwise(values)) / 2**0.5", new="pstdev(values)",
    caught_by="test_the_noise_is_the_sd_of_differences_over_root_two",
    hint="noise = sd of the first differences",
)  # fmt: skip
edit(
    "phase_change", "forgets_the_root_of_two",
    old=" / 2**0.5", new="",
    caught_by="test_the_noise_is_the_sd_of_differences_over_root_two",
    hint="noise = sd of the first differences",
)  # fmt: skip
edit(
    "phase_change", "takes_the_longest_rise",
    old="gain, first = max(rises, key=lambda rise: rise[0])",
    new="longest = max(end - start for end, (_, start) in enumerate(rises, 1))\n"
    "    gain, first = next(x for end, x in enumerate(rises, 1) if end - x[1] == longest)",
    caught_by="test_the_largest_gain_wins_and_not_the_longest_rise",
    hint="take the rise with the largest gain",
)  # fmt: skip
edit(
    "phase_change", "divides_the_sd_by_one_less",
    old="pstdev(b - a for a, b in pairwise(values))",
    new="float(curve.double().diff().std())",
    caught_by="test_a_rise_may_pause_but_not_dip", hint="noise = sd of the first differences",
)  # fmt: skip
edit(
    "phase_change", "changes_the_curve_in_place",
    old="    values, half", new="    curve -= curve.min() if len(curve) else 0\n    values, half",
    caught_by="test_the_largest_gain_wins_and_not_the_longest_rise",
    hint="the caller still needs its values",
)  # fmt: skip


@wrong(
    "phase_change",
    caught_by="test_the_rise_is_monotone_and_in_time_order",
    hint="the rise must be monotone and in time order",
)
def takes_the_global_minimum_and_maximum(curve, smooth):
    values, half = curve.double(), smooth // 2
    s = [values[max(0, i - half) : i + half + 1].mean().item() for i in range(len(values))]
    first, last = (s.index(min(s)), s.index(max(s))) if s else (0, 0)
    if last <= first or s[last] - s[first] < 3 * values.diff().std(correction=0) / 2**0.5:
        return None
    low, high = (
        next(i for i in range(first, last + 1) if s[i] - s[first] >= share * (s[last] - s[first]))
        for share in (0.1, 0.9)
    )
    return low, high


# pattern_preserving_ablation

edit(
    "pattern_preserving_ablation", "recomputes_the_patterns",
    old="hooks = [(name, lambda pattern, name: clean[name]) for name in names]", new="hooks = []",
    caught_by="test_patterns_stay_and_everything_else_is_recomputed",
    hint="later patterns must come from the clean run",
)  # fmt: skip
edit(
    "pattern_preserving_ablation", "freezes_only_the_ablated_layers",
    old="clean[name]) for name in names]",
    new='clean[name]) for name in names if int(name.split(".")[1]) in dict(heads)]',
    caught_by="test_any_single_head_can_be_ablated", hint="freeze",
)  # fmt: skip
edit(
    "pattern_preserving_ablation", "silences_the_whole_layer",
    old="z.index_fill(2, torch.tensor(head), 0.0)", new="0 * z",
    caught_by="test_any_single_head_can_be_ablated", hint="one head at a time",
)  # fmt: skip
edit(
    "pattern_preserving_ablation", "replaces_z_by_its_mean",
    old="z.index_fill(2, torch.tensor(head), 0.0)",
    new="torch.where(torch.arange(z.shape[2])[:, None] == head, z.mean((0, 1)), z)",
    caught_by="test_patterns_stay_and_everything_else_is_recomputed", hint="z to zero",
)  # fmt: skip
edit(
    "pattern_preserving_ablation", "forgets_to_return_the_changed_z",
    old="return lambda z, name: z.index_fill(2, torch.tensor(head), 0.0)",
    new="return lambda z, name: None",
    caught_by="test_any_single_head_can_be_ablated",
    hint="the ablated heads still write: set their z to zero",
)  # fmt: skip
edit(
    "pattern_preserving_ablation", "ablates_only_the_last_head",
    old="for layer, head in heads]", new="for layer, head in heads[-1:]]",
    caught_by="test_patterns_stay_and_everything_else_is_recomputed",
    hint="all heads of the list are ablated",
)  # fmt: skip


edit(
    "pattern_preserving_ablation", "ablates_a_head_that_is_named_twice_not_at_all",
    old="for layer, head in heads]",
    new="for layer, head in heads if heads.count((layer, head)) % 2]",
    caught_by="test_patterns_stay_and_everything_else_is_recomputed", hint="z at zero",
)  # fmt: skip


@wrong(
    "pattern_preserving_ablation",
    caught_by="test_the_next_logit_falls_by_5_without_the_hand_written_head",
    hint="the ablated heads still write",
)
def returns_the_clean_logits(model, tokens, heads):
    with torch.no_grad():
        return model(tokens)


@wrong(
    "pattern_preserving_ablation",
    caught_by="test_no_hook_is_left_even_after_an_exception",
    hint="remove hooks in `finally`",
)
def leaves_its_hooks(model, tokens, heads):
    names = [f"blocks.{layer}.attn.hook_pattern" for layer in range(model.cfg.n_layers)]
    _, clean = model.run_with_cache(tokens, names)
    for name in names:
        model.hook_points[name].functions.append(lambda pattern, name: clean[name])

    def silence(head):
        def zero(z, name):
            z = z.clone()
            z[:, :, head] = 0
            return z

        return zero

    for layer, head in heads:
        model.hook_points[f"blocks.{layer}.attn.hook_z"].functions.append(silence(head))
    logits = model(tokens)
    for point in model.hook_points.values():
        point.functions.clear()
    return logits


@wrong(
    "pattern_preserving_ablation",
    caught_by="test_no_hook_is_left_even_after_an_exception",
    hint="leave the weights alone",
)
def zeroes_the_weights(model, tokens, heads):
    names = [f"blocks.{layer}.attn.hook_pattern" for layer in range(model.cfg.n_layers)]
    with torch.no_grad():
        _, clean = model.run_with_cache(tokens, names)
        for layer, head in heads:
            model.blocks[layer].attn.W_O[head] = 0
        return model.run_with_hooks(tokens, [(n, lambda p, name: clean[name]) for n in names])


# removed_shares

edit(
    "removed_shares", "expects_a_quarter", old="return 0.04, 1.0", new="return 0.25, 0.97",
    caught_by="test_one_head_alone_is_hardly_missed", hint="Who else does the same job?",
)  # fmt: skip
edit(
    "removed_shares", "exchanges_the_two", old="return 0.04, 1.0", new="return 0.97, 0.03",
    caught_by="test_the_whole_set_is_missed", hint="removed([strongest])",
)  # fmt: skip
edit(
    "removed_shares", "answers_in_percent", old="return 0.04, 1.0", new="return 3, 97",
    caught_by="test_it_returns_two_shares", hint="1 means that all of it is gone",
)  # fmt: skip

# patch_keys

edit(
    "patch_keys", "patches_queries_and_values_too",
    old='        with model.hooks([(f"blocks.{layer}.hook_k_input", swap)]):\n',
    new='        names = [f"blocks.{layer}.hook_{x}_input" for x in "qkv"]\n'
    "        with model.hooks([(name, swap) for name in names]):\n",
    caught_by="test_only_this_sender_and_only_the_keys_change",
    hint="keys only: q and v must stay clean",
)  # fmt: skip
edit(
    "patch_keys", "patches_the_whole_sending_layer",
    old="model.run_with_cache(tokens, z)[1][z][:, :, sender_head] @ output",
    new="model.run_with_cache(tokens, z)[1][z].flatten(2)"
    " @ model.blocks[sender_layer].attn.W_O.flatten(0, 1)",
    caught_by="test_only_this_sender_and_only_the_keys_change",
    hint="one head: the sender's whole layer was exchanged",
)  # fmt: skip
edit(
    "patch_keys", "exchanges_clean_and_corrupt",
    old="    z, pattern = f",
    new="    clean, corrupt = corrupt, clean\n    z, pattern = f",
    caught_by="test_only_this_sender_and_only_the_keys_change",
    hint="clean and corrupt are exchanged",
)  # fmt: skip
edit(
    "patch_keys", "adds_without_taking_the_clean_part_away",
    old="(after - before)", new="after",
    caught_by="test_equal_tokens_give_the_clean_pattern_and_others_an_even_one",
    hint="the sender's clean output must leave",
)  # fmt: skip
edit(
    "patch_keys", "runs_the_receiver_on_the_corrupt_tokens",
    old="            return model.run_with_cache(clean, pattern)[1][pattern][:, head]",
    new="            pass\n"
    "        return model.run_with_cache(corrupt, pattern)[1][pattern][:, head]",
    caught_by="test_only_this_sender_and_only_the_keys_change",
    hint="nothing else comes from the corrupt run",
)  # fmt: skip
edit(
    "patch_keys", "accepts_a_sender_in_the_same_layer",
    old="if sender_layer >= layer:", new="if sender_layer > layer:",
    caught_by="test_a_sender_in_the_same_or_a_later_layer_is_refused",
    hint="raise ValueError unless the sender's layer is before",
)  # fmt: skip
edit(
    "patch_keys", "lets_the_change_run_through_other_layers",
    old='(f"blocks.{layer}.hook_k_input", swap)',
    new='(f"blocks.{i}.hook_k_input", swap) for i in range(sender_layer + 1, layer + 1)',
    caught_by="test_only_the_direct_path_counts", hint="only the direct path",
)  # fmt: skip


@wrong("patch_keys", caught_by="test_no_hook_is_left", hint="remove hooks in `finally`")
def leaves_its_hook(model, clean, corrupt, sender, receiver):
    if sender[0] >= receiver[0]:
        raise ValueError("sender must be earlier")
    z, pattern = f"blocks.{sender[0]}.attn.hook_z", f"blocks.{receiver[0]}.attn.hook_pattern"
    output = model.blocks[sender[0]].attn.W_O[sender[1]]
    before, after = (
        model.run_with_cache(t, z)[1][z][:, :, sender[1]] @ output for t in (clean, corrupt)
    )

    def swap(key_input, name):
        key_input = key_input.clone()
        key_input[:, :, receiver[1]] += after - before
        return key_input

    point = model.hook_points[f"blocks.{receiver[0]}.hook_k_input"]
    point.functions[:] = [swap]
    return model.run_with_cache(clean, pattern)[1][pattern][:, receiver[1]]


edit(
    "patch_keys", "averages_the_change_over_the_rows",
    old="(after - before)[:, :, None]",
    new="(after - before).mean(0, keepdim=True).expand_as(after)[:, :, None]",
    caught_by="test_only_this_sender_and_only_the_keys_change",
    hint="exchange the sender's z @ W_O",
)  # fmt: skip

# kcomp_matrix

edit(
    "kcomp_matrix", "has_senders_in_the_columns",
    old="return torch.stack(drops)", new="return torch.stack(drops, dim=1)",
    caught_by="test_trained_like_weights_give_the_difference_of_scores",
    hint="rows are senders",
)  # fmt: skip
edit(
    "kcomp_matrix", "subtracts_the_other_way_round",
    old="whole - prefix_matching_score(torch.stack(patched, dim=1), clean)",
    new="prefix_matching_score(torch.stack(patched, dim=1), clean) - whole",
    caught_by="test_exactly_the_planted_pair_composes",
    hint="drop = clean score minus patched score",
)  # fmt: skip
edit(
    "kcomp_matrix", "exchanges_the_batches",
    old="patch_keys(model, clean, corrupt,", new="patch_keys(model, corrupt, clean,",
    caught_by="test_trained_like_weights_give_the_difference_of_scores",
    hint="on the clean tokens",
)  # fmt: skip
edit(
    "kcomp_matrix", "starts_from_the_corrupt_batch",
    old="    heads, name = range(model.cfg.n_heads),",
    new="    clean, corrupt = corrupt, clean\n    heads, name = range(model.cfg.n_heads),",
    caught_by="test_trained_like_weights_give_the_difference_of_scores",
    hint="start from the clean run",
)  # fmt: skip
edit(
    "kcomp_matrix", "scores_all_queries",
    old="whole - prefix_matching_score(torch.stack(patched, dim=1), clean)",
    new="(model.run_with_cache(clean, name)[1][name] - torch.stack(patched, dim=1))"
    ".abs().sum(-1).mean((0, 2))",
    caught_by="test_trained_like_weights_give_the_difference_of_scores",
    hint="clean score minus patched score",
)  # fmt: skip
edit(
    "kcomp_matrix", "patches_one_sender_for_all_rows",
    old="(0, i), (1, j))", new="(0, 0), (1, j))",
    caught_by="test_trained_like_weights_give_the_difference_of_scores", hint="sender",
)  # fmt: skip
edit(
    "kcomp_matrix", "returns_the_patched_score",
    old="whole - prefix", new="prefix",
    caught_by="test_equal_batches_and_unrelated_layers_give_zeros",
    hint="clean score minus patched score",
)  # fmt: skip

edit(
    "kcomp_matrix", "takes_absolute_values",
    old="return torch.stack(drops)", new="return torch.stack(drops).abs()",
    caught_by="test_trained_like_weights_give_the_difference_of_scores",
    hint="clean score minus patched score",
)  # fmt: skip

# smear_keys

edit(
    "smear_keys", "detaches_the_previous_key",
    old="key[:, :-1]", new="key[:, :-1].detach()",
    caught_by="test_gradients_reach_the_keys_and_the_logits", hint="no detach",
)  # fmt: skip
edit(
    "smear_keys", "uses_alpha_without_the_sigmoid",
    old="alpha.sigmoid()", new="alpha",
    caught_by="test_each_key_is_mixed_with_its_predecessor_by_its_heads_logit",
    hint="alpha is a logit",
)  # fmt: skip
edit(
    "smear_keys", "rolls_the_last_key_to_the_front",
    old="return torch.cat([key[:, :1], mixed], dim=1)",
    new="return keep * key + (1 - keep) * key.roll(1, dims=1)",
    caught_by="test_each_key_is_mixed_with_its_predecessor_by_its_heads_logit",
    hint="you leaked the *last* key",
)  # fmt: skip
edit(
    "smear_keys", "mixes_the_first_key_with_zero",
    old="torch.cat([key[:, :1], mixed], dim=1)",
    new="torch.cat([keep * key[:, :1], mixed], dim=1)",
    caught_by="test_a_single_position_stays_as_it_is", hint="key 0 stays as it is",
)  # fmt: skip
edit(
    "smear_keys", "exchanges_the_weights",
    old="keep * key[:, 1:] + (1 - keep) * key[:, :-1]",
    new="(1 - keep) * key[:, 1:] + keep * key[:, :-1]",
    caught_by="test_large_logits_keep_or_replace_the_key", hint="large alpha = unchanged keys",
)  # fmt: skip
edit(
    "smear_keys", "mixes_with_the_next_key",
    old="    return torch.cat([key[:, :1], mixed], dim=1)",
    new="    mixed = keep * key[:, :-1] + (1 - keep) * key[:, 1:]\n"
    "    return torch.cat([mixed, key[:, -1:]], dim=1)",
    caught_by="test_later_keys_do_not_change_earlier_ones", hint="that is the future",
)  # fmt: skip
edit(
    "smear_keys", "uses_one_logit_for_all_heads",
    old="alpha.sigmoid()[:, None]", new="alpha.sigmoid()[0]",
    caught_by="test_each_key_is_mixed_with_its_predecessor_by_its_heads_logit",
    hint="one logit per head",
)  # fmt: skip
edit(
    "smear_keys", "cuts_the_graph",
    old="alpha.sigmoid()[:, None]", new="alpha.detach().sigmoid()[:, None]",
    caught_by="test_gradients_reach_the_keys_and_the_logits", hint="no detach",
)  # fmt: skip


@wrong(
    "smear_keys",
    caught_by="test_each_key_is_mixed_with_its_predecessor_by_its_heads_logit",
    hint="*unmixed* key j - 1",
)
def mixes_with_the_already_mixed_key(key, alpha):
    keep = alpha.sigmoid()[:, None]
    mixed = [key[:, 0]]
    for j in range(1, key.shape[1]):
        mixed.append(keep * key[:, j] + (1 - keep) * mixed[-1])
    return torch.stack(mixed, dim=1)
