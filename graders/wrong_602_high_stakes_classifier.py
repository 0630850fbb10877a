"""Named wrong answers of 602. They use the names that the unit's notebook defines."""

from firsthand.wrong import edit, wrong

# threshold_for_quality ----------------------------------------------------------------------------

edit(
    "threshold_for_quality",
    "counts_injurious_stories_too",
    old="kept, below = scores[safe], 0",
    new="kept, below = scores, 0",
    caught_by="test_thresholds_follow_from_counting_safe_stories",
    hint="the injurious ones have no say",
)

edit(
    "threshold_for_quality",
    "releases_the_threshold_itself",
    old="if below / len(kept)",
    new="if (below + count) / len(kept)",
    caught_by="test_thresholds_follow_from_counting_safe_stories",
    hint="released means score < threshold",
)

edit(
    "threshold_for_quality",
    "takes_keep_as_the_share_withheld",
    old=">= keep",
    new=">= 1 - keep",
    caught_by="test_thresholds_follow_from_counting_safe_stories",
    hint="released, not withheld",
)

edit(
    "threshold_for_quality",
    "keeps_more_than_keep",
    old=">= keep",
    new="> keep",
    caught_by="test_the_share_kept_may_equal_keep",
    hint="a share equal to keep is enough",
)

edit(
    "threshold_for_quality",
    "never_returns_infinity",
    old="return inf",
    new="return kept.max().item() + 1",
    caught_by="test_keeping_all_needs_infinity_and_keeping_none_the_lowest_safe_score",
    hint="keeping all takes infinity",
)


@wrong(
    "threshold_for_quality",
    caught_by="test_thresholds_follow_from_counting_safe_stories",
    hint="do not interpolate",
)
def interpolates(scores, safe, keep):
    return torch.quantile(scores[safe], keep).item()


@wrong(
    "threshold_for_quality",
    caught_by="test_equal_scores_are_released_together_or_not_at_all",
    hint="count those strictly below the threshold",
)
def takes_the_sorted_place_without_a_look_at_ties(scores, safe, keep):
    kept = scores[safe].sort().values.tolist()
    place = next(i for i in range(len(kept) + 1) if i / len(kept) >= keep)
    return [*kept, inf][place]


@wrong(
    "threshold_for_quality",
    caught_by="test_thresholds_follow_from_counting_safe_stories",
    hint="0.1 and 0.2 lie below 0.3",
)
def the_best_separation(scores, safe, keep):
    return (scores[safe].mean().item() + scores[~safe].mean().item()) / 2


edit(
    "threshold_for_quality",
    "multiplies_where_it_should_divide",
    old="if below / len(kept) >= keep:",
    new="if below >= keep * len(kept):",
    caught_by="test_a_share_is_the_quotient_as_python_computes_it",
    hint="keep * n may round up",
)

edit(
    "threshold_for_quality",
    "allows_a_slack",
    old=">= keep",
    new=">= keep - 1e-4",
    caught_by="test_no_fewer_than_promised_are_kept_however_many_stories_there_are",
    hint="no slack",
)

edit(
    "threshold_for_quality",
    "allows_a_small_slack",
    old=">= keep",
    new=">= keep - 2e-6",
    caught_by="test_no_fewer_than_promised_are_kept_however_many_stories_there_are",
    hint="no slack",
)

# exact_interval -----------------------------------------------------------------------------------


@wrong(
    "exact_interval",
    caught_by="test_small_counts_follow_the_binomial_tails",
    hint="no normal approximation",
)
def normal_interval(failures, n, confidence=0.95):
    p = failures / max(n, 1)
    half = 1.959964 * (p * (1 - p) / max(n, 1)) ** 0.5
    return p - half, p + half


@wrong(
    "exact_interval",
    caught_by="test_small_counts_follow_the_binomial_tails",
    hint="Wilson's interval is not the exact one",
)
def wilsons_interval(failures, n, confidence=0.95):
    from firsthand.kit.statistics import wilson

    return wilson(failures, n, confidence=confidence)[1:] if n else (0.0, 1.0)


edit(
    "exact_interval",
    "all_of_alpha_on_each_side",
    old="tail = (1 - confidence) / 2",
    new="tail = 1 - confidence",
    caught_by="test_small_counts_follow_the_binomial_tails",
    hint="half of alpha belongs to each end",
)

edit(
    "exact_interval",
    "lower_end_from_the_count_itself",
    old="where_at_most(failures - 1, 1 - tail)",
    new="where_at_most(failures, 1 - tail)",
    caught_by="test_small_counts_follow_the_binomial_tails",
    hint="low is where P(X >= k) = alpha/2",
)

edit(
    "exact_interval",
    "high_before_low",
    old="return bottom, top",
    new="return top, bottom",
    caught_by="test_small_counts_follow_the_binomial_tails",
    hint="low comes first",
)

edit(
    "exact_interval",
    "ignores_the_confidence",
    old="tail = (1 - confidence) / 2",
    new="tail = 0.025",
    caught_by="test_the_confidence_is_a_parameter",
    hint="use the confidence that you are given",
)

edit(
    "exact_interval",
    "no_failure_means_no_doubt",
    old="top = 1.0 if failures == n else where_at_most(failures, tail)",
    new="top = 1.0 if failures == n else 0.0 if failures == 0 else where_at_most(failures, tail)",
    caught_by="test_all_none_and_no_trials_have_the_ends_stated",
    hint="with no failure (or nothing else) the normal interval has no width",
)

edit(
    "exact_interval",
    "knows_nothing_about_no_trials",
    old="return bottom, top",
    new="return (bottom, top) if n else (0.0, 0.0)",
    caught_by="test_all_none_and_no_trials_have_the_ends_stated",
    hint="without a trial nothing is known",
)

edit(
    "exact_interval",
    "single_precision",
    old="i = torch.arange(k + 1, dtype=torch.float64)",
    new="i = torch.arange(k + 1, dtype=torch.float32)",
    caught_by="test_a_hundred_thousand_trials_neither_overflow_nor_lose_digits",
    hint="float64",
)

edit(
    "exact_interval",
    "too_few_halvings",
    old="range(60)",
    new="range(15)",
    caught_by="test_small_counts_follow_the_binomial_tails",
    hint="P(X >= k) = alpha/2 at the lower end",
)

edit(
    "exact_interval",
    "half_of_the_halvings",
    old="range(60)",
    new="range(30)",
    caught_by="test_ends_near_zero_keep_their_digits",
    hint="a small end needs more halvings",
)


@wrong(
    "exact_interval",
    caught_by="test_rare_failures_in_a_few_thousand_trials_follow_the_binomial",
    hint="a Poisson law is an approximation",
)
def poisson_for_rare_failures(failures, n, confidence=0.95):
    tail = (1 - confidence) / 2
    rare = n >= 2000 and failures <= 60
    i = torch.arange(n + 1, dtype=torch.float64)
    whole = torch.lgamma(torch.tensor(n + 1.0, dtype=torch.float64))
    choose = whole - torch.lgamma(i + 1) - torch.lgamma(n - i + 1)

    def at_most(k, p):
        p = torch.tensor(p, dtype=torch.float64)
        j = i[: k + 1]
        if rare:
            return (j * (n * p).log() - n * p - torch.lgamma(j + 1)).exp().sum()
        return (choose[: k + 1] + j * p.log() + (n - j) * (-p).log1p()).exp().sum()

    def where_at_most(k, target):
        low, high = 0.0, 1.0
        for _ in range(60):
            p = (low + high) / 2
            low, high = (p, high) if at_most(k, p) > target else (low, p)
        return low

    top = 1.0 if failures == n else where_at_most(failures, tail)
    return where_at_most(failures - 1, 1 - tail), top


# filtered_failure ---------------------------------------------------------------------------------

edit(
    "filtered_failure",
    "pools_completions",
    old="shares.mean().item() if len(shares) else 0.0",
    new="int(failures.sum()) / max(int(released.sum()), 1)",
    caught_by="test_the_rate_is_that_of_drawing_until_one_passes",
    hint="pooled over completions",
)

edit(
    "filtered_failure",
    "counts_silent_prompts_as_safe",
    old="shares.mean().item() if len(shares) else 0.0",
    new="shares.sum().item() / len(scores)",
    caught_by="test_the_rate_is_that_of_drawing_until_one_passes",
    hint="leave them out of the mean",
)

edit(
    "filtered_failure",
    "reports_the_miss_rate",
    old="shares.mean().item() if len(shares) else 0.0",
    new="int(failures.sum()) / max(int(hurt.sum()), 1)",
    caught_by="test_the_rate_is_that_of_drawing_until_one_passes",
    hint="the classifier's rate, not the system's",
)

edit(
    "filtered_failure",
    "divides_by_all_completions",
    old="failures[speaks].double() / released[speaks]",
    new="failures[speaks].double() / scores.shape[1]",
    caught_by="test_the_rate_is_that_of_drawing_until_one_passes",
    hint="divide by what the prompt releases",
)

edit(
    "filtered_failure",
    "counts_prompts_with_any_failure",
    old="failures[speaks].double() / released[speaks]",
    new="(failures[speaks] > 0).double()",
    caught_by="test_the_rate_is_that_of_drawing_until_one_passes",
    hint="a prompt shows one completion",
)

edit(
    "filtered_failure",
    "releases_the_threshold_itself",
    old="scores < threshold",
    new="scores <= threshold",
    caught_by="test_counts_are_pooled_over_released_completions",
    hint="without equality",
)

edit(
    "filtered_failure",
    "rate_of_nothing_is_nan",
    old="shares.mean().item() if len(shares) else 0.0",
    new="shares.mean().item()",
    caught_by="test_a_system_that_is_always_silent_never_fails",
    hint="zero",
)

edit(
    "filtered_failure",
    "counts_speaking_prompts_as_silent",
    old="int((~speaks).sum())",
    new="int(speaks.sum())",
    caught_by="test_counts_are_pooled_over_released_completions",
    hint="the third is silent",
)

edit(
    "filtered_failure",
    "compares_sigmoids",
    old="scores < threshold",
    new="scores.sigmoid() < torch.tensor(float(threshold)).sigmoid()",
    caught_by="test_scores_of_any_size_are_compared_as_they_are",
    hint="compare the scores themselves",
)

# substitution_gain --------------------------------------------------------------------------------

edit(
    "substitution_gain",
    "returns_the_gradient",
    old="gradient - gradient.gather(2, tokens[:, :, None])",
    new="gradient.clone()",
    caught_by="test_gains_follow_a_loop_over_places_and_words",
    hint="subtract the gradient of the word that leaves",
)

edit(
    "substitution_gain",
    "out_minus_in",
    old="gradient - gradient.gather(2, tokens[:, :, None])",
    new="gradient.gather(2, tokens[:, :, None]) - gradient",
    caught_by="test_gains_follow_a_loop_over_places_and_words",
    hint="in minus out",
)

edit(
    "substitution_gain",
    "size_without_sign",
    old="gradient - gradient.gather(2, tokens[:, :, None])",
    new="(gradient - gradient.gather(2, tokens[:, :, None])).abs()",
    caught_by="test_gains_follow_a_loop_over_places_and_words",
    hint="keep the sign",
)

edit(
    "substitution_gain",
    "word_of_the_first_place",
    old="gradient.gather(2, tokens[:, :, None])",
    new="gradient.gather(2, tokens[:, :1, None].expand(-1, tokens.shape[1], 1))",
    caught_by="test_gains_follow_a_loop_over_places_and_words",
    hint="that of the same place",
)

edit(
    "substitution_gain",
    "centres_over_words",
    old="gradient.gather(2, tokens[:, :, None])",
    new="gradient.mean(2, keepdim=True)",
    caught_by="test_gains_follow_a_loop_over_places_and_words",
    hint="not the mean over words",
)

edit(
    "substitution_gain",
    "subtracts_in_place",
    old="return gradient - gradient.gather(2, tokens[:, :, None])",
    new="gradient -= gradient.gather(2, tokens[:, :, None]).clone()\n    return gradient",
    caught_by="test_gains_follow_a_loop_over_places_and_words",
    hint="copy before you change",
)

edit(
    "substitution_gain",
    "saliency_of_places",
    old="return gradient - gradient.gather(2, tokens[:, :, None])",
    new="return gradient.norm(dim=2)",
    caught_by="test_gains_follow_a_loop_over_places_and_words",
    hint="substitution_gain",
)

# tool_attack --------------------------------------------------------------------------------------

edit(
    "tool_attack",
    "never_asks_the_oracle",
    old="scores = scores.where(oracle(edited), inf)",
    new="scores = scores.clone()",
    caught_by="test_attacks_on_linear_scores_follow_the_recipe",
    hint="ask the oracle about every edit",
)

edit(
    "tool_attack",
    "ranks_by_the_raw_gradient",
    old="substitution_gain(slopes, story[None])",
    new="slopes",
    caught_by="test_the_budget_is_kept_and_the_count_is_true",
    hint="subtract the gradient of the word that leaves",
)

edit(
    "tool_attack",
    "keeps_edits_that_raise_the_score",
    old="if scores[best] < lowest:",
    new="if scores[best] < inf:",
    caught_by="test_attacks_go_on_until_no_edit_helps",
    hint="an edit that does not lower the score is not made",
)

edit(
    "tool_attack",
    "gives_up_after_one_menu",
    old="in ranking.split(menu):",
    new="in ranking.split(menu)[:1]:",
    caught_by="test_attacks_on_curved_scores_follow_the_recipe",
    hint="go on in the same ranking: do not stop",
)

edit(
    "tool_attack",
    "overruns_the_budget",
    old="page = page[: budget - used]",
    new="page = page[:]",
    caught_by="test_the_budget_is_kept_and_the_count_is_true",
    hint="cut the last menu to what is left",
)

edit(
    "tool_attack",
    "does_not_count_gradients",
    old="        used += 1\n",
    new="",
    caught_by="test_attacks_on_linear_scores_follow_the_recipe",
    hint="of score and of gradient",
)

edit(
    "tool_attack",
    "calls_every_attack_a_success",
    old="lowest < threshold)",
    new="True)",
    caught_by="test_attacks_go_on_until_no_edit_helps",
    hint="success means that the last score is below the threshold",
)

edit(
    "tool_attack",
    "takes_the_top_of_the_ranking_unseen",
    old="best = int(scores.argmin())",
    new="best = int((scores < inf).int().argmax())",
    caught_by="test_attacks_on_curved_scores_follow_the_recipe",
    hint="take the",
)

edit(
    "tool_attack",
    "counts_equality_as_success",
    old="lowest < threshold)",
    new="lowest <= threshold)",
    caught_by="test_a_score_equal_to_the_threshold_is_no_success",
    hint="strictly below the threshold",
)

edit(
    "tool_attack",
    "keeps_the_words_that_are_there_in_the_ranking",
    old=".argsort()[: len(story) * (n_words - 1)]",
    new=".argsort()",
    caught_by="test_a_labeller_who_refuses_all_edits_costs_one_ranking",
    hint="a word that is already there is no edit",
)


@wrong(
    "tool_attack",
    caught_by="test_two_edits_bring_a_score_of_four_down_to_one",
    hint="1 for the start, then twice 1 + 2",
)
def random_edits_instead(score, gradient, oracle, story, threshold, budget, menu):
    return random_attack(score, oracle, story, threshold, budget, seed=0)


@wrong(
    "tool_attack",
    caught_by="test_a_start_below_the_threshold_is_a_success_after_one_query",
    hint="below the threshold there is nothing to do",
)
def asks_the_gradient_before_it_looks(score, gradient, oracle, story, threshold, budget, menu):
    story, lowest, used = story.clone(), float(score(story[None])[0]), 1
    while used + 1 < budget:
        slopes = gradient(story[None])
        used += 1
        n_words = slopes.shape[2]
        gains = substitution_gain(slopes, story[None])[0].scatter(1, story[:, None], inf).flatten()
        moved = False
        for page in gains.argsort(stable=True)[: len(story) * (n_words - 1)].split(menu):
            page = page[: budget - used]
            if not len(page):
                break
            edited = story.repeat(len(page), 1)
            edited[torch.arange(len(page)), page // n_words] = page % n_words
            scores = score(edited).where(oracle(edited), inf)
            used += len(page)
            best = int(scores.argmin())
            if scores[best] < lowest:
                story, lowest, moved = edited[best], float(scores[best]), True
                break
        if not moved or lowest < threshold:
            break
    return Attack(story, used, lowest < threshold)


edit(
    "tool_attack",
    "the_last_query_does_not_count",
    old="lowest < threshold)",
    new="lowest < threshold and (used == 1 or used < budget))",
    caught_by="test_a_success_with_the_last_query_is_a_success",
    hint="also when the last query found it",
)

edit(
    "tool_attack",
    "pays_twice_for_an_accepted_edit",
    old="""float(scores[best])
""",
    new="""float(scores[best])
                used += len(score(story[None])) if used < budget else 0
""",
    caught_by="test_attacks_on_linear_scores_follow_the_recipe",
    hint="do not pay for it twice",
)


@wrong(
    "tool_attack",
    caught_by="test_attacks_go_on_until_no_edit_helps",
    hint="also those whose score an earlier menu has asked",
)
def asks_about_no_story_twice(score, gradient, oracle, story, threshold, budget, menu):
    asked = {tuple(story.tolist())}
    lowest, used = float(score(story[None])[0]), 1
    while lowest >= threshold and used + 1 < budget:
        slopes = gradient(story[None])
        used += 1
        n_words = slopes.shape[2]
        gains = substitution_gain(slopes, story[None])[0].scatter(1, story[:, None], inf).flatten()
        ranking = [
            (place // n_words, place % n_words)
            for place in gains.argsort(stable=True)[: len(story) * (n_words - 1)].tolist()
        ]
        edits = [[*story[:t].tolist(), v, *story[t + 1 :].tolist()] for t, v in ranking]
        edits = [edited for edited in edits if tuple(edited) not in asked]
        moved = False
        for begin in range(0, len(edits), menu):
            page = edits[begin : begin + min(menu, budget - used)]
            if not page:
                break
            asked |= set(map(tuple, page))
            edited = torch.tensor(page)
            scores = score(edited).where(oracle(edited), inf)
            used += len(page)
            best = int(scores.argmin())
            if scores[best] < lowest:
                story, lowest, moved = edited[best], float(scores[best]), True
                break
        if not moved:
            break
    return Attack(story, used, lowest < threshold)


@wrong(
    "tool_attack",
    caught_by="test_attacks_go_on_until_no_edit_helps",
    hint="not only for those of the edits that the oracle allows",
)
def scores_only_what_the_oracle_allows(score, gradient, oracle, story, threshold, budget, menu):
    lowest, used = float(score(story[None])[0]), 1
    while lowest >= threshold and used + 1 < budget:
        slopes = gradient(story[None])
        used += 1
        n_words = slopes.shape[2]
        gains = substitution_gain(slopes, story[None])[0].scatter(1, story[:, None], inf).flatten()
        moved = False
        for page in gains.argsort(stable=True)[: len(story) * (n_words - 1)].split(menu):
            page = page[: budget - used]
            if not len(page):
                break
            edited = story.repeat(len(page), 1)
            edited[torch.arange(len(page)), page // n_words] = page % n_words
            edited = edited[oracle(edited)]
            if not len(edited):
                continue
            scores = score(edited)
            used += len(edited)
            best = int(scores.argmin())
            if scores[best] < lowest:
                story, lowest, moved = edited[best], float(scores[best]), True
                break
        if not moved:
            break
    return Attack(story, used, lowest < threshold)


# adversarial_examples -----------------------------------------------------------------------------

edit(
    "adversarial_examples",
    "calls_all_of_them_injurious",
    old="return tokens, oracle(tokens)",
    new="return tokens, torch.ones(n, dtype=torch.bool)",
    caught_by="test_every_label_is_the_oracles",
    hint="do not call them all injurious",
)

edit(
    "adversarial_examples",
    "may_draw_the_same_word",
    old="torch.randint(1, n_words, (m,), generator=generator)",
    new="torch.randint(0, n_words, (m,), generator=generator)",
    caught_by="test_attacks_come_first_and_near_misses_differ_in_one_word",
    hint="the new word must be another one",
)

edit(
    "adversarial_examples",
    "changes_the_same_place_everywhere",
    old="torch.randint(attacks.shape[1], (m,), generator=generator)",
    new="torch.randint(attacks.shape[1], (1,), generator=generator).expand(m)",
    caught_by="test_parents_places_and_words_are_drawn_uniformly",
    hint="independently and uniformly",
)

edit(
    "adversarial_examples",
    "repeats_the_first_attack",
    old="torch.randint(len(attacks), (m,), generator=generator)",
    new="torch.zeros(m, dtype=torch.int64)",
    caught_by="test_parents_places_and_words_are_drawn_uniformly",
    hint="independently and uniformly",
)

edit(
    "adversarial_examples",
    "leaves_the_attacks_out",
    old="    m = n - len(attacks)\n",
    new="    m = n\n",
    caught_by="test_attacks_come_first_and_near_misses_differ_in_one_word",
    hint="n rows in all",
)

edit(
    "adversarial_examples",
    "near_misses_come_first",
    old="torch.cat([attacks, near])",
    new="torch.cat([near, attacks])",
    caught_by="test_attacks_come_first_and_near_misses_differ_in_one_word",
    hint="the attacks themselves come first",
)

edit(
    "adversarial_examples",
    "leaves_the_vocabulary",
    old="(near[rows, places] + shift) % n_words",
    new="near[rows, places] + shift",
    caught_by="test_every_label_is_the_oracles",
    hint="stay inside the vocabulary",
)

edit(
    "adversarial_examples",
    "ignores_the_seed",
    old="manual_seed(seed)",
    new="manual_seed(0)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="draw from the seed that you are given",
)

edit(
    "adversarial_examples",
    "seeds_the_global_state",
    old="generator = torch.Generator().manual_seed(seed)",
    new="torch.manual_seed(seed)\n    generator = None",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="seed you were given",
)

edit(
    "adversarial_examples",
    "asks_twice",
    old="return tokens, oracle(tokens)",
    new="oracle(tokens)\n    return tokens, oracle(tokens)",
    caught_by="test_every_label_is_the_oracles",
    hint="at most once",
)


@wrong(
    "adversarial_examples",
    caught_by="test_every_label_is_the_oracles",
    hint="does not inherit its attack's label",
)
def near_misses_inherit_the_label(attacks, oracle, n, n_words, seed):
    generator = torch.Generator().manual_seed(seed)
    m = n - len(attacks)
    parent = torch.randint(len(attacks), (m,), generator=generator)
    near, rows = attacks[parent], torch.arange(m)
    places = torch.randint(attacks.shape[1], (m,), generator=generator)
    near[rows, places] = (
        near[rows, places] + torch.randint(1, n_words, (m,), generator=generator)
    ) % n_words
    labels = oracle(attacks)
    return torch.cat([attacks, near]), torch.cat([labels, labels[parent]])


@wrong(
    "tool_attack",
    caught_by="test_the_budget_is_kept_and_the_count_is_true",
    hint="copy before you change",
)
def edits_the_callers_story(score, gradient, oracle, story, threshold, budget, menu):
    lowest, used = float(score(story[None])[0]), 1
    while lowest >= threshold and used + 1 < budget:
        slopes = gradient(story[None])
        used += 1
        n_words = slopes.shape[2]
        gains = substitution_gain(slopes, story[None])[0].scatter(1, story[:, None], inf).flatten()
        for page in gains.argsort(stable=True)[: len(story) * (n_words - 1)].split(menu):
            page = page[: budget - used]
            if not len(page):
                break
            edited = story.repeat(len(page), 1)
            edited[torch.arange(len(page)), page // n_words] = page % n_words
            scores = score(edited).where(oracle(edited), inf)
            used += len(page)
            best = int(scores.argmin())
            if scores[best] < lowest:
                story[:], lowest = edited[best], float(scores[best])
                break
        else:
            break
    return Attack(story, used, lowest < threshold)


edit(
    "adversarial_examples",
    "attacks_take_turns",
    old="torch.randint(len(attacks), (m,), generator=generator)",
    new="torch.arange(m) % len(attacks)",
    caught_by="test_attacks_places_and_words_are_drawn_and_do_not_take_turns",
    hint="do not take turns",
)

edit(
    "adversarial_examples",
    "places_are_a_shuffled_list_of_turns",
    old="torch.randint(attacks.shape[1], (m,), generator=generator)",
    new="(torch.randperm(m, generator=generator) % attacks.shape[1])",
    caught_by="test_attacks_places_and_words_are_drawn_and_do_not_take_turns",
    hint="do not take turns",
)

edit(
    "adversarial_examples",
    "place_and_attack_from_streams_of_one_seed",
    old="torch.randint(attacks.shape[1], (m,), generator=generator)",
    new="torch.randint(attacks.shape[1], (m,), generator=torch.Generator().manual_seed(seed))",
    caught_by="test_parents_places_and_words_are_drawn_uniformly",
    hint="no two streams from the same seed",
)

edit(
    "adversarial_examples",
    "word_and_attack_from_streams_of_one_seed",
    old="torch.randint(1, n_words, (m,), generator=generator)",
    new="torch.randint(1, n_words, (m,), generator=torch.Generator().manual_seed(seed))",
    caught_by="test_parents_places_and_words_are_drawn_uniformly",
    hint="no two streams from the same seed",
)


# median_queries -----------------------------------------------------------------------------------


@wrong(
    "median_queries",
    caught_by="test_medians_follow_the_product_of_exact_fractions",
    hint="a failed attack is information",
)
def median_of_successes(queries, success):
    from statistics import median

    wins = queries[success].tolist()
    return float(median(wins)) if wins else inf


edit(
    "median_queries",
    "counts_failures_as_successes",
    old="    survival = 1.0\n",
    new="    survival = 1.0\n    success = torch.ones_like(success)\n",
    caught_by="test_medians_follow_the_product_of_exact_fractions",
    hint="it is censored",
)

edit(
    "median_queries",
    "wants_less_than_one_half",
    old="survival <= 0.5 + 1e-9",
    new="survival < 0.5 - 1e-9",
    caught_by="test_a_survival_of_exactly_one_half_is_enough",
    hint="a survival of exactly one half is enough",
)

edit(
    "median_queries",
    "censored_attacks_leave_before_the_events",
    old="int((queries >= q).sum())",
    new="int(((queries > q) | ((queries == q) & success)).sum())",
    caught_by="test_an_attack_that_failed_at_q_was_still_on_at_q",
    hint="still counts among those with q or more",
)

edit(
    "median_queries",
    "returns_the_last_query_without_a_median",
    old="return inf",
    new="return float(queries.max())",
    caught_by="test_a_median_that_is_not_reached_is_infinite",
    hint="at each number of queries",
)

edit(
    "median_queries",
    "all_attacks_are_at_risk",
    old="int((queries >= q).sum())",
    new="len(queries)",
    caught_by="test_medians_follow_the_product_of_exact_fractions",
    hint="attacks that are still on",
)


@wrong(
    "median_queries",
    caught_by="test_medians_follow_the_product_of_exact_fractions",
    hint="the median is asked for, not the mean",
)
def mean_of_successes(queries, success):
    return queries[success].double().mean().item() if success.any() else inf


edit(
    "median_queries",
    "lets_rounding_decide",
    old="survival <= 0.5 + 1e-9",
    new="survival <= 0.5",
    caught_by="test_rounding_does_not_decide_at_one_half",
    hint="allow 1e-9 for rounding",
)

edit(
    "median_queries",
    "lets_rounding_decide_in_single_precision",
    old="    survival = 1.0\n",
    new="    survival = torch.tensor(1.0)\n",
    caught_by="test_rounding_does_not_decide_at_one_half",
    hint="allow 1e-9 for rounding",
)

edit(
    "median_queries",
    "allows_a_thousandth",
    old="survival <= 0.5 + 1e-9",
    new="survival <= 0.5 + 1e-3",
    caught_by="test_a_survival_just_above_one_half_is_not_enough",
    hint="the slack for rounding is 1e-9",
)

# reliability_report -------------------------------------------------------------------------------

edit(
    "reliability_report",
    "compares_with_the_base",
    old='control, adversarial = arms["control"]["success"]',
    new='control, adversarial = arms["base"]["success"]',
    caught_by="test_gain_and_p_are_paired_and_against_the_control",
    hint="against the control, not against the base",
)

edit(
    "reliability_report",
    "a_larger_control_is_fair",
    old='arms["control"]["examples"] == arms["adversarial"]["examples"]',
    new='arms["control"]["examples"] >= arms["adversarial"]["examples"]',
    caught_by="test_an_unequal_control_makes_the_comparison_unfair",
    hint="exactly the same number of examples",
)

edit(
    "reliability_report",
    "never_looks_at_kept",
    old='report["equal_kept"] = max(kept) - min(kept) <= 0.005 + 1e-9',
    new='report["equal_kept"] = True',
    caught_by="test_a_moved_threshold_makes_the_comparison_unfair",
    hint="of all three arms",
)

edit(
    "reliability_report",
    "compares_kept_of_two_arms",
    old='kept = [arm["kept"] for arm in arms.values()]',
    new='kept = [arms["control"]["kept"], arms["adversarial"]["kept"]]',
    caught_by="test_a_moved_threshold_makes_the_comparison_unfair",
    hint="of all three arms",
)

edit(
    "reliability_report",
    "verdict_without_fairness",
    old='if fair else "unfair comparison"',
    new="if True else None",
    caught_by="test_an_unequal_control_makes_the_comparison_unfair",
    hint="the comparison is unfair, whatever p is",
)

edit(
    "reliability_report",
    "any_gain_helps",
    old='report["p"] < 0.05 and report["gain"] > 0',
    new='report["gain"] > 0',
    caught_by="test_the_verdict_needs_a_gain_over_the_control",
    hint="p is not below 0.05",
)

edit(
    "reliability_report",
    "any_difference_helps",
    old='report["p"] < 0.05 and report["gain"] > 0',
    new='report["p"] < 0.05',
    caught_by="test_the_verdict_needs_a_gain_over_the_control",
    hint="gain must be positive",
)

edit(
    "reliability_report",
    "unpaired_counts",
    old="mcnemar_exact(int((control & ~adversarial).sum()), int((~control & adversarial).sum()))",
    new="mcnemar_exact(int(control.sum()), int(adversarial.sum()))",
    caught_by="test_gain_and_p_are_paired_and_against_the_control",
    hint="count starts on which exactly one is broken",
)

edit(
    "reliability_report",
    "failures_among_safe_stories",
    old='with_interval(arm["failures"], arm["released"])',
    new='with_interval(arm["failures"], int(arm["released"] / arm["kept"]))',
    caught_by="test_each_arm_has_its_exact_intervals_and_median",
    hint="failures among released stories",
)

edit(
    "reliability_report",
    "divides_by_nothing",
    old="count / n if n else 0.0",
    new="count / n",
    caught_by="test_nothing_released_is_a_rate_of_zero_about_which_nothing_is_known",
    hint="zero",
)

edit(
    "reliability_report",
    "gain_the_wrong_way_round",
    old="(control.double() - adversarial.double())",
    new="(adversarial.double() - control.double())",
    caught_by="test_gain_and_p_are_paired_and_against_the_control",
    hint="control minus adversarial",
)

edit(
    "reliability_report",
    "kept_is_measured_from_the_base",
    old="max(kept) - min(kept) <= 0.005 + 1e-9",
    new="max(abs(value - kept[0]) for value in kept) <= 0.005 + 1e-9",
    caught_by="test_a_moved_threshold_makes_the_comparison_unfair",
    hint="two can lie on either side of the third",
)

edit(
    "reliability_report",
    "kept_is_measured_from_the_control",
    old="max(kept) - min(kept) <= 0.005 + 1e-9",
    new="max(abs(value - kept[1]) for value in kept) <= 0.005 + 1e-9",
    caught_by="test_a_moved_threshold_makes_the_comparison_unfair",
    hint="two can lie on either side of the third",
)
