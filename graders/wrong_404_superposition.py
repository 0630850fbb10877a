"""Named wrong answers to 404."""

import torch

from firsthand.wrong import edit, wrong

# sparse_batch

edit(
    "sparse_batch", "takes_the_density_for_the_chance_of_zero",
    old="< p_active", new=">= p_active",
    caught_by="test_density_0_gives_zeros_and_density_1_none",
    hint="p_active is the chance of being *active*",
)  # fmt: skip
edit(
    "sparse_batch", "uses_the_first_density_for_all",
    old="p_active[:, None, None]", new="p_active[0]",
    caught_by="test_each_instance_has_its_own_density",
    hint="instance i has density p_active[i]",
)  # fmt: skip
edit(
    "sparse_batch", "masks_whole_inputs",
    old="    active = torch.rand(shape, generator=generator)",
    new="    active = torch.rand(shape[:2], generator=generator)[..., None].expand(shape)",
    caught_by="test_features_are_active_independently",
    hint="features are independent: a mask for each one",
)  # fmt: skip
edit(
    "sparse_batch", "masks_all_instances_alike",
    old="    active = torch.rand(shape, generator=generator)",
    new="    active = torch.rand(shape[1:], generator=generator)[None].expand(shape)",
    caught_by="test_features_are_active_independently",
    hint="instances are independent: draw for each of them",
)  # fmt: skip
edit(
    "sparse_batch", "draws_normal_numbers",
    old="return torch.rand(shape", new="return torch.randn(shape",
    caught_by="test_active_features_are_uniform_whatever_the_density",
    hint="active features are uniform on [0, 1]",
)  # fmt: skip
edit(
    "sparse_batch", "draws_from_the_global_generator",
    old="return torch.rand(shape, generator=generator)", new="return torch.rand(shape)",
    caught_by="test_the_generator_alone_decides", hint="draw from",
)  # fmt: skip
edit(
    "sparse_batch", "seeds_the_generator_again",
    old="    shape = (len(p_active), batch, n)\n",
    new="    shape = (len(p_active), batch, n)\n    generator.manual_seed(0)\n",
    caught_by="test_the_generator_alone_decides", hint="never seed it again",
)  # fmt: skip
edit(
    "sparse_batch", "gives_all_features_of_an_input_one_size",
    old="return torch.rand(shape, generator=generator) * active",
    new="return torch.rand((*shape[:2], 1), generator=generator) * active",
    caught_by="test_features_are_active_independently",
    hint="draw a size for each feature",
)  # fmt: skip
edit(
    "sparse_batch", "multiplies_the_size_by_the_density",
    old="* active", new="* active * p_active[:, None, None]",
    caught_by="test_active_features_are_uniform_whatever_the_density",
    hint="must not depend on p",
)  # fmt: skip


@wrong(
    "sparse_batch",
    caught_by="test_active_features_are_uniform_whatever_the_density",
    hint="draw it apart from the mask",
)
def draws_once_for_mask_and_size(p_active, batch, n, generator):
    draw = torch.rand(len(p_active), batch, n, generator=generator)
    return draw * (draw < p_active[:, None, None])


# reconstruct

edit(
    "reconstruct", "subtracts_the_bias",
    old="+ b[:, None]", new="- b[:, None]",
    caught_by="test_each_instance_is_its_own_model", hint="the bias is added",
)  # fmt: skip
edit(
    "reconstruct", "forgets_the_bias",
    old=" + b[:, None]", new="",
    caught_by="test_each_instance_is_its_own_model", hint="the bias is missing",
)  # fmt: skip
edit(
    "reconstruct", "puts_a_relu_on_the_hidden_layer",
    old="x @ W.transpose(1, 2)", new="(x @ W.transpose(1, 2)).relu()",
    caught_by="test_each_instance_is_its_own_model", hint="the ReLU is on the output",
)  # fmt: skip
edit(
    "reconstruct", "ignores_relu",
    old="return output.relu() if relu else output", new="return output.relu()",
    caught_by="test_without_relu_the_model_is_linear", hint="relu=False leaves the ReLU out",
)  # fmt: skip
edit(
    "reconstruct", "adds_the_bias_after_the_relu",
    old="return output.relu() if relu else output",
    new="return (output - b[:, None]).relu() + b[:, None] if relu else output",
    caught_by="test_each_instance_is_its_own_model", hint="the bias comes before the ReLU",
)  # fmt: skip
edit(
    "reconstruct", "uses_the_first_bias_for_all",
    old="b[:, None]", new="b[0]",
    caught_by="test_each_instance_is_its_own_model", hint="one bias for each instance",
)  # fmt: skip
edit(
    "reconstruct", "detaches_the_decoder",
    old="hidden @ W", new="hidden @ W.detach()",
    caught_by="test_gradients_reach_weights_biases_and_features",
    hint="W is used twice, and both uses have a gradient",
)  # fmt: skip


@wrong(
    "reconstruct",
    caught_by="test_each_instance_is_its_own_model",
    hint="for each instance: h = W x",
)
def mixes_the_instances(W, b, x, relu=True):
    hidden = torch.einsum("ibn,jmn->ibm", x, W)
    output = torch.einsum("ibm,imn->ibn", hidden, W) + b[:, None]
    return output.relu() if relu else output


@wrong(
    "reconstruct",
    caught_by="test_each_instance_is_its_own_model",
    hint="for each instance: h = W x",
)
def normalises_the_columns(W, b, x, relu=True):
    W = torch.nn.functional.normalize(W, dim=1)
    output = x @ W.transpose(1, 2) @ W + b[:, None]
    return output.relu() if relu else output


# train_toys

edit(
    "train_toys", "keeps_the_rate_constant",
    old="0.005 * (1 + math.cos(math.pi * step / steps))", new="0.01",
    caught_by="test_a_few_updates_follow_the_recipe", hint="the rate must fall",
)  # fmt: skip
edit(
    "train_toys", "never_sets_the_rate",
    old='group["lr"] = 0.005 * (1 + math.cos(math.pi * step / steps))', new="pass",
    caught_by="test_a_few_updates_follow_the_recipe", hint="Adam's own rate is 0.001",
)  # fmt: skip
edit(
    "train_toys", "lowers_the_rate_along_a_line",
    old="0.005 * (1 + math.cos(math.pi * step / steps))", new="0.01 * (1 - step / steps)",
    caught_by="test_a_few_updates_follow_the_recipe", hint="not as a line",
)  # fmt: skip
edit(
    "train_toys", "counts_updates_from_1",
    old="math.pi * step / steps", new="math.pi * (step + 1) / steps",
    caught_by="test_a_few_updates_follow_the_recipe", hint="the first update has t = 0",
)  # fmt: skip
edit(
    "train_toys", "trains_on_one_batch",
    old="    for step in range(steps):\n",
    new="    x = draw(source)\n    for step in range(steps):\n        draw = lambda source: x\n",
    caught_by="test_a_few_updates_follow_the_recipe", hint="call draw once in each",
)  # fmt: skip
edit(
    "train_toys", "ignores_the_importance",
    old=", importance).mean(1)", new=", torch.ones_like(importance)).mean(1)",
    caught_by="test_a_few_updates_follow_the_recipe",
    hint="importance weighs the squared error",
)  # fmt: skip
edit(
    "train_toys", "averages_over_instances",
    old=".mean(1).sum()", new=".mean(1).mean()",
    caught_by="test_a_few_updates_follow_the_recipe", hint="summed, not averaged",
)  # fmt: skip
edit(
    "train_toys", "ignores_relu",
    old="reconstruct(W, b, x, relu)", new="reconstruct(W, b, x)",
    caught_by="test_a_few_updates_follow_the_recipe", hint="use `relu`",
)  # fmt: skip
edit(
    "train_toys", "seeds_again_in_every_update",
    old="        x = draw(source)\n", new="        x = draw(source.manual_seed(seed))\n",
    caught_by="test_one_generator_serves_for_weights_and_features",
    hint="seed once, before the loop",
)  # fmt: skip
edit(
    "train_toys", "draws_from_a_second_generator",
    old="    parameters = [",
    new="    source = torch.Generator().manual_seed(seed)\n    parameters = [",
    caught_by="test_one_generator_serves_for_weights_and_features",
    hint="one generator for all",
)  # fmt: skip
edit(
    "train_toys", "ignores_the_seed",
    old="manual_seed(seed)", new="manual_seed(0)",
    caught_by="test_a_few_updates_follow_the_recipe", hint="a generator seeded with",
)  # fmt: skip
edit(
    "train_toys", "decays_the_weights",
    old="torch.optim.Adam(parameters)", new="torch.optim.AdamW(parameters)",
    caught_by="test_a_few_updates_follow_the_recipe", hint="Adam without weight decay",
)  # fmt: skip
edit(
    "train_toys", "lets_gradients_pile_up",
    old="        optimiser.zero_grad()\n", new="",
    caught_by="test_a_few_updates_follow_the_recipe", hint="gradients add up otherwise",
)  # fmt: skip
edit(
    "train_toys", "returns_a_part_of_the_graph",
    old="return W.detach(), b.detach()", new="return W, b",
    caught_by="test_a_few_updates_follow_the_recipe", hint="return W.detach()",
)  # fmt: skip

# angle_gaps

edit(
    "angle_gaps", "forgets_that_the_circle_closes",
    old="    following = torch.cat([angle[1:], angle[:1] + 360])\n"
    "    return (following - angle).sort",
    new="    return angle.diff().sort",
    caught_by="test_gaps_are_those_the_columns_were_made_from",
    hint="the circle closes: one gap is missing",
)  # fmt: skip
edit(
    "angle_gaps", "answers_in_radians",
    old="rad2deg().sort().values\n    following = torch.cat([angle[1:], angle[:1] + 360])",
    new="sort().values\n    following = torch.cat([angle[1:], angle[:1] + 2 * math.pi])",
    caught_by="test_gaps_are_those_the_columns_were_made_from",
    hint="in degrees, not in radians",
)  # fmt: skip
edit(
    "angle_gaps", "sorts_ascending",
    old="sort(descending=True)", new="sort()",
    caught_by="test_gaps_are_those_the_columns_were_made_from", hint="largest first",
)  # fmt: skip
edit(
    "angle_gaps", "counts_every_column",
    old="W[:, W.norm(dim=0) > threshold]", new="W",
    caught_by="test_gaps_are_those_the_columns_were_made_from",
    hint="features that are not represented have no direction that counts",
)  # fmt: skip
edit(
    "angle_gaps", "ignores_the_threshold",
    old="> threshold", new="> 0.5",
    caught_by="test_the_threshold_decides_who_is_represented",
    hint="a norm above `threshold`",
)  # fmt: skip
edit(
    "angle_gaps", "counts_a_column_at_the_threshold",
    old="> threshold", new=">= threshold",
    caught_by="test_a_column_as_long_as_the_threshold_is_not_represented",
    hint="a norm *above*",
)  # fmt: skip
edit(
    "angle_gaps", "compares_one_coordinate_with_the_threshold",
    old="W.norm(dim=0) > threshold", new="W[0].abs() > threshold",
    caught_by="test_gaps_are_those_the_columns_were_made_from",
    hint="three represented features",
)  # fmt: skip
edit(
    "angle_gaps", "does_not_sort_the_directions",
    old=".rad2deg().sort().values", new=".rad2deg()",
    caught_by="test_gaps_are_those_the_columns_were_made_from",
    hint="sort the directions",
)  # fmt: skip


@wrong(
    "angle_gaps",
    caught_by="test_gaps_are_those_the_columns_were_made_from",
    hint="do not fold it",
)
def folds_large_gaps(W, threshold=0.5):
    kept = W[:, W.norm(dim=0) > threshold]
    kept = kept[:, torch.atan2(kept[1], kept[0]).argsort()]
    cosine = torch.cosine_similarity(kept, kept.roll(-1, dims=1), dim=0).clamp(-1, 1)
    return cosine.arccos().rad2deg().sort(descending=True).values


# feature_dimensionality

edit(
    "feature_dimensionality", "normalises_both_vectors",
    old="(unit.transpose(1, 2) @ W)", new="(unit.transpose(1, 2) @ unit)",
    caught_by="test_uneven_columns_follow_the_loop", hint="only W_i is made a unit vector",
)  # fmt: skip
edit(
    "feature_dimensionality", "leaves_the_feature_itself_out",
    old="sharing = (unit.transpose(1, 2) @ W).square().sum(-1)",
    new="sharing = (unit.transpose(1, 2) @ W).square().sum(-1) - W.square().sum(1)",
    caught_by="test_uneven_columns_follow_the_loop", hint="j = i too",
)  # fmt: skip
edit(
    "feature_dimensionality", "does_not_square_the_norm",
    old="W.square().sum(1) /", new="W.norm(dim=1) /",
    caught_by="test_uneven_columns_follow_the_loop",
    hint="the numerator is the *squared* norm",
)  # fmt: skip
edit(
    "feature_dimensionality", "does_not_square_the_projections",
    old="@ W).square()", new="@ W).abs()",
    caught_by="test_uneven_columns_follow_the_loop", hint="the projections are squared",
)  # fmt: skip
edit(
    "feature_dimensionality", "projects_onto_the_column_itself",
    old="torch.nn.functional.normalize(W, dim=1)", new="W",
    caught_by="test_uneven_columns_follow_the_loop", hint="project onto the *unit* vector",
)  # fmt: skip
edit(
    "feature_dimensionality", "normalises_the_rows",
    old="normalize(W, dim=1)", new="normalize(W, dim=2)",
    caught_by="test_uneven_columns_follow_the_loop",
    hint="4 / (4 + 4)",
)  # fmt: skip
edit(
    "feature_dimensionality", "divides_by_zero",
    old=".clamp(min=torch.finfo(W.dtype).tiny)", new="",
    caught_by="test_a_column_of_zeros_has_0_and_disturbs_nobody",
    hint="what happens when the denominator is zero?",
)  # fmt: skip


@wrong(
    "feature_dimensionality",
    caught_by="test_uneven_columns_follow_the_loop",
    hint="that is the mean over all features",
)
def returns_the_mean_for_all(W):
    mean = W.shape[1] / W.square().sum((1, 2)).clamp(min=1e-30)
    return mean[:, None].expand(W.shape[0], W.shape[2]) * 1.0


# loss_by_active

edit(
    "loss_by_active", "divides_by_the_batch",
    old="active.bincount(minlength=len(total)).clamp(min=1)", new="len(x)",
    caught_by="test_groups_follow_the_loop",
    hint="divide by the number of inputs with k active features",
)  # fmt: skip
edit(
    "loss_by_active", "adds_up_errors",
    old=" / active.bincount(minlength=len(total)).clamp(min=1)", new="",
    caught_by="test_groups_follow_the_loop", hint="errors are added up, not averaged",
)  # fmt: skip
edit(
    "loss_by_active", "ignores_the_importance",
    old="importance[None]", new="torch.ones_like(importance)[None]",
    caught_by="test_groups_follow_the_loop", hint="importance weighs the squared error",
)  # fmt: skip
edit(
    "loss_by_active", "counts_the_active_outputs",
    old="(x != 0).sum(1)", new="(xhat != 0).sum(1)",
    caught_by="test_groups_follow_the_loop",
    hint="count the active features of x, not of xhat",
)  # fmt: skip
edit(
    "loss_by_active", "forgets_that_none_may_be_active",
    old="return total / active.bincount(minlength=len(total)).clamp(min=1)",
    new="return (total / active.bincount(minlength=len(total)).clamp(min=1))[1:]",
    caught_by="test_groups_follow_the_loop", hint="0 is one of them",
)  # fmt: skip
edit(
    "loss_by_active", "averages_over_nothing",
    old=".clamp(min=1)", new="",
    caught_by="test_a_count_that_no_input_has_gives_0",
    hint="a mean over no inputs: return 0 there",
)  # fmt: skip
edit(
    "loss_by_active", "skips_features_without_importance",
    old="active = (x != 0).sum(1)", new="active = (importance * x != 0).sum(1)",
    caught_by="test_a_feature_without_importance_counts_as_active",
    hint="whatever its importance",
)  # fmt: skip
edit(
    "loss_by_active", "counts_at_least_k",
    old="return total / active.bincount(minlength=len(total)).clamp(min=1)",
    new="number = active.bincount(minlength=len(total))\n"
    "    reverse = lambda t: t.flip(0).cumsum(0).flip(0)\n"
    "    return reverse(total) / reverse(number).clamp(min=1)",
    caught_by="test_groups_follow_the_loop", hint="exactly k active, not at least k",
)  # fmt: skip

# theory_losses

edit(
    "theory_losses", "forgets_both_active",
    old='"antipodal": p**2 * (1 + importance) / 6', new='"antipodal": 0 * p',
    caught_by="test_the_pair_costs_what_the_model_loses",
    hint="what happens when both are on?",
)  # fmt: skip
edit(
    "theory_losses", "holds_the_importance_to_the_diagram",
    old='"first": importance * variance', new='"first": importance.clamp(0.1, 10) * variance',
    caught_by="test_an_ignored_feature_costs_its_variance",
    hint="the extra feature is ignored",
)  # fmt: skip
edit(
    "theory_losses", "predicts_an_ignored_feature_as_0",
    old="variance = p / 3 - p**2 / 4", new="variance = p / 3",
    caught_by="test_an_ignored_feature_costs_its_variance",
    hint="the bias is free",
)  # fmt: skip
edit(
    "theory_losses", "takes_a_third_for_the_smaller",
    old="/ 6", new="/ 3",
    caught_by="test_the_pair_costs_what_the_model_loses", hint="1/6, not 1/3",
)  # fmt: skip
edit(
    "theory_losses", "gives_importance_to_the_first",
    old='"first": importance * variance,\n        "extra": variance,',
    new='"first": variance,\n        "extra": importance * variance,',
    caught_by="test_an_ignored_feature_costs_its_variance",
    hint="importance belongs to the extra feature",
)  # fmt: skip
edit(
    "theory_losses", "takes_p_for_both_active",
    old="p**2 * (1 + importance)", new="p * (1 + importance)",
    caught_by="test_the_pair_costs_what_the_model_loses",
    hint="both are active with probability p * p",
)  # fmt: skip
edit(
    "theory_losses", "charges_the_extra_feature_alone",
    old="p**2 * (1 + importance) / 6", new="p**2 * importance / 6",
    caught_by="test_the_pair_costs_what_the_model_loses",
    hint="1 and importance",
)  # fmt: skip
edit(
    "theory_losses", "takes_the_variance_of_an_active_feature",
    old="variance = p / 3 - p**2 / 4", new="variance = 0 * p + 1 / 12",
    caught_by="test_an_ignored_feature_costs_its_variance",
    hint="it is not always active",
)  # fmt: skip

# superposition_boundary

edit(
    "superposition_boundary", "compares_with_the_first_alone",
    old="torch.minimum(over_first, over_extra)", new="over_first",
    caught_by="test_it_is_where_the_losses_cross", hint='you compared it with "first" alone',
)  # fmt: skip
edit(
    "superposition_boundary", "compares_with_the_extra_alone",
    old="torch.minimum(over_first, over_extra)", new="over_extra",
    caught_by="test_it_is_where_the_losses_cross", hint='you compared it with "extra" alone',
)  # fmt: skip
edit(
    "superposition_boundary", "takes_the_larger_density",
    old="torch.minimum", new="torch.maximum",
    caught_by="test_it_is_where_the_losses_cross", hint="below the *smaller*",
)  # fmt: skip


@wrong(
    "superposition_boundary",
    caught_by="test_it_is_where_the_losses_cross",
    hint="solve for p",
)
def halves_an_interval_from_a_hundredth(importance):
    low, high = torch.full_like(importance, 0.01), torch.ones_like(importance)
    for _ in range(40):
        p = (low + high) / 2
        variance = p / 3 - p**2 / 4
        wins = p**2 * (1 + importance) / 6 < importance.clamp(max=1) * variance
        low, high = torch.where(wins, p, low), torch.where(wins, high, p)
    return low


@wrong(
    "superposition_boundary",
    caught_by="test_it_is_where_the_losses_cross",
    hint="not its second moment",
)
def uses_the_second_moment(importance):
    return torch.minimum(2 * importance, 2 + 0 * importance) / (1 + importance)


@wrong(
    "superposition_boundary",
    caught_by="test_it_is_where_the_losses_cross",
    hint="set the pair's loss equal to each of the others",
)
def returns_the_example_for_all(importance):
    return torch.full_like(importance, 4 / 7)


@wrong(
    "superposition_boundary",
    caught_by="test_it_is_where_the_losses_cross",
    hint="solve for p",
)
def scans_a_coarse_grid(importance):
    p = torch.linspace(0, 1, 51)[:, None]
    variance = p / 3 - p**2 / 4
    pair = p**2 * (1 + importance) / 6
    best = (pair < importance * variance) & (pair < variance)
    return (p * best).max(0).values


# empirical_phase

edit(
    "empirical_phase", "has_no_phase_for_equal_signs",
    old="torch.where(first * extra < 0, 2, 3)", new="2",
    caught_by="test_planted_weights_are_classified",
    hint="equal signs are a phase of their own",
)  # fmt: skip
edit(
    "empirical_phase", "exchanges_the_phases_2_and_3",
    old="2, 3)", new="3, 2)",
    caught_by="test_planted_weights_are_classified",
    hint="antipodal means opposite signs",
)  # fmt: skip
edit(
    "empirical_phase", "exchanges_the_features",
    old="first, extra = W[:, 0, 0], W[:, 0, 1]", new="extra, first = W[:, 0, 0], W[:, 0, 1]",
    caught_by="test_planted_weights_are_classified", hint="the first feature is W[:, 0, 0]",
)  # fmt: skip
edit(
    "empirical_phase", "compares_values_without_their_size",
    old="both = (first.abs() > 0.5) & (extra.abs() > 0.5)",
    new="both = (first > 0.5) & (extra > 0.5)",
    caught_by="test_planted_weights_are_classified", hint="first only, extra only, antipodal",
)  # fmt: skip
edit(
    "empirical_phase", "lets_signed_values_decide",
    old="(extra.abs() > first.abs())", new="(extra > first)",
    caught_by="test_the_sign_of_the_whole_model_does_not_matter",
    hint="first only, extra only, antipodal",
)  # fmt: skip
edit(
    "empirical_phase", "asks_for_weights_near_1",
    old="both = (first.abs() > 0.5) & (extra.abs() > 0.5)",
    new="both = ((first.abs() - 1).abs() < 0.1) & ((extra.abs() - 1).abs() < 0.1)",
    caught_by="test_planted_weights_are_classified", hint="first only, extra only, antipodal",
)  # fmt: skip
edit(
    "empirical_phase", "asks_for_a_small_sum",
    old="torch.where(first * extra < 0, 2, 3)",
    new="torch.where((first + extra).abs() < 1, 2, 3)",
    caught_by="test_planted_weights_are_classified", hint="then the signs",
)  # fmt: skip
edit(
    "empirical_phase", "calls_unrepresented_features_first",
    old="(extra.abs() > first.abs()).long()", new="(extra.abs() > 0.5).long()",
    caught_by="test_with_none_represented_the_larger_decides",
    hint="the larger absolute value decides",
)  # fmt: skip
edit(
    "empirical_phase", "moves_the_threshold",
    old="(extra.abs() > 0.5)", new="(extra.abs() > 0.4)",
    caught_by="test_the_threshold_is_one_half",
    hint="above 0.5",
)  # fmt: skip

edit(
    "empirical_phase", "counts_a_weight_of_one_half",
    old="(extra.abs() > 0.5)", new="(extra.abs() >= 0.5)",
    caught_by="test_the_threshold_is_one_half", hint="exactly 0.5 does not count",
)  # fmt: skip

# pair_angles

edit(
    "pair_angles", "exchanges_the_kinds",
    old="return 90, 180, 0", new="return 180, 90, 0",
    caught_by="test_sparse_correlated_pairs", hint="which angle gives no interference at all?",
)  # fmt: skip
edit(
    "pair_angles", "expects_opposites_in_dense_pairs",
    old="return 90, 180, 0", new="return 90, 180, 90",
    caught_by="test_dense_correlated_pairs", hint="which principal component",
)  # fmt: skip
edit(
    "pair_angles", "answers_in_radians",
    old="return 90, 180, 0", new="return 1.57, 3.14, 0",
    caught_by="test_sparse_exclusive_pairs", hint="which angle gives no interference at all?",
)  # fmt: skip
