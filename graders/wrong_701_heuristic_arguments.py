"""Named wrong answers of 701. They use the names that the unit's notebook defines."""
# ruff: noqa: E501 -- edits quote whole lines

from firsthand.wrong import edit, wrong

# exact_mean ---------------------------------------------------------------------------------------

edit(
    "exact_mean",
    "weights_all_rows_alike",
    old="weight = (bits * p + (1 - bits) * (1 - p)).prod(dim=1)",
    new="weight = torch.full((len(bits),), 0.5 ** len(p), dtype=torch.float64)",
    caught_by="test_means_weight_every_row_by_its_probability",
    hint="weight by p",
)

edit(
    "exact_mean",
    "reverses_the_bits",
    old="wires = list(bits.T)",
    new="wires = list(bits.T.flip(0))",
    caught_by="test_means_weight_every_row_by_its_probability",
    hint="bit i goes with p[i]",
)

edit(
    "exact_mean",
    "works_in_single_precision",
    old="p))), dtype=torch.float64)",
    new="p))), dtype=torch.float32)\n    p = p.float()",
    caught_by="test_nine_digits_survive_large_powers",
    hint="It came back as float32",
)

edit(
    "exact_mean",
    "treats_differences_as_sums",
    old='x - y if operation == "-" else x * y',
    new='x + y if operation == "-" else x * y',
    caught_by="test_a_difference_is_the_first_wire_minus_the_second",
    hint="a difference is wire i minus wire j",
)

edit(
    "exact_mean",
    "returns_the_last_wire_only",
    old="for wire in wires])",
    new="for wire in wires[-1:]])",
    caught_by="test_means_weight_every_row_by_its_probability",
    hint="one for each wire",
)


@wrong(
    "exact_mean",
    caught_by="test_means_weight_every_row_by_its_probability",
    hint="evaluate, then average",
)
def averages_gate_by_gate(p, gates):
    means = list(p)
    for operation, i, j in gates:
        x, y = means[i], means[j]
        means.append(x + y if operation == "+" else x - y if operation == "-" else x * y)
    return torch.stack(means)


@wrong(
    "exact_mean",
    caught_by="test_the_circuit_of_figure_6_has_mean_four",
    hint="gate t is wire n + t",
)
def counts_wires_from_the_gates(p, gates):
    bits = torch.tensor(list(product((0.0, 1.0), repeat=len(p))), dtype=torch.float64)
    weight = (bits * p + (1 - bits) * (1 - p)).prod(dim=1)
    wires = list(bits.T)
    for operation, i, j in gates:
        x, y = wires[i - 1 if i >= len(p) else i], wires[j - 1 if j >= len(p) else j]
        wires.append(x + y if operation == "+" else x - y if operation == "-" else x * y)
    return torch.stack([(weight * wire).sum() for wire in wires])


# mean_propagate -----------------------------------------------------------------------------------


@wrong(
    "mean_propagate",
    caught_by="test_every_product_is_presumed_independent",
    hint="the presumption is applied to every product",
)
def special_cases_squares(mu, gates):
    means = list(mu)
    for operation, i, j in gates:
        x, y = means[i], means[j]
        if operation == "*":
            means.append(x if i == j else x * y)  # a squared bit is the bit
        else:
            means.append(x + y if operation == "+" else x - y)
    return torch.stack(means)


edit(
    "mean_propagate",
    "adds_at_products",
    old="else x * y)",
    new="else x + y)",
    caught_by="test_every_product_is_presumed_independent",
    hint="a product is not a sum of means",
)

edit(
    "mean_propagate",
    "adds_at_differences",
    old="else x - y if",
    new="else x + y if",
    caught_by="test_every_product_is_presumed_independent",
    hint="a difference is wire i minus wire j",
)

edit(
    "mean_propagate",
    "leaves_the_inputs_out",
    old="return torch.stack(means)",
    new="return torch.stack(means[len(mu) :] or means)",
    caught_by="test_the_estimate_of_figure_6_is_three_and_three_quarters",
    hint="one mean for each wire, inputs first",
)


@wrong(
    "mean_propagate",
    caught_by="test_every_product_is_presumed_independent",
    hint="draw from the generator or seed",
)
def samples_the_inputs(mu, gates):
    means = list((torch.rand(200_000, len(mu), dtype=torch.float64) < mu).double().T)
    for operation, i, j in gates:
        x, y = means[i], means[j]
        means.append(x + y if operation == "+" else x - y if operation == "-" else x * y)
    return torch.stack([wire.mean() for wire in means])


edit(
    "mean_propagate",
    "takes_means_for_probabilities",
    old="means = list(mu)",
    new="means = list(mu.clamp_(0, 1))",
    caught_by="test_every_product_is_presumed_independent",
    hint="changed its argument `mu`",
)


@wrong(
    "mean_propagate",
    caught_by="test_a_difference_and_its_reverse_have_opposite_signs",
    hint="i - j and j - i differ in sign",
)
def looks_gates_up_by_their_pair_of_wires(mu, gates):
    means, seen = list(mu), {}
    for operation, i, j in gates:
        key = (operation, min(i, j), max(i, j))
        if key not in seen:
            x, y = means[i], means[j]
            seen[key] = x + y if operation == "+" else x - y if operation == "-" else x * y
        means.append(seen[key])
    return torch.stack(means)


# covariance_propagate -----------------------------------------------------------------------------

edit(
    "covariance_propagate",
    "drops_the_last_terms_of_the_variance",
    old="m[j], m[i], C[i, i] * C[j, j] + C[i, j] ** 2",
    new="m[j], m[i], 0.0",
    caught_by="test_all_means_and_covariances_follow_from_moments_without_higher_cumulants",
    hint="the variance of a product has two more terms",
)

edit(
    "covariance_propagate",
    "drops_the_squared_covariance",
    old=" + C[i, j] ** 2",
    new="",
    caught_by="test_all_means_and_covariances_follow_from_moments_without_higher_cumulants",
    hint="lacks C_XY^2",
)

edit(
    "covariance_propagate",
    "fills_one_triangle",
    old="C[z, :z] = C[:z, z] = a",
    new="C[z, :z] = a",
    caught_by="test_all_means_and_covariances_follow_from_moments_without_higher_cumulants",
    hint="fill both triangles",
)

edit(
    "covariance_propagate",
    "presumes_independent_means",
    old="m[z] = m[i] * m[j] + C[i, j]",
    new="m[z] = m[i] * m[j]",
    caught_by="test_the_circuit_of_figure_6_is_exact",
    hint="the mean of a product is m_X m_Y plus C_XY",
)

edit(
    "covariance_propagate",
    "forgets_the_cross_term_of_sums",
    old="2 * a * b * C[i, j] + extra",
    new='(2 * a * b * C[i, j] if operation == "*" else 0.0) + extra',
    caught_by="test_sums_and_differences_are_exact",
    hint="the cross term 2 C_XY",
)

edit(
    "covariance_propagate",
    "forgets_the_sign_of_differences",
    old='1.0 if operation == "+" else -1.0, 0.0\n            m[z] = m[i] + b * m[j]',
    new='1.0, 0.0\n            m[z] = m[i] + (b if operation == "+" else -b) * m[j]',
    caught_by="test_sums_and_differences_are_exact",
    hint="a difference subtracts the covariances",
)

edit(
    "covariance_propagate",
    "swaps_the_means",
    old="a, b, extra = m[j], m[i], C",
    new="a, b, extra = m[i], m[j], C",
    caught_by="test_all_means_and_covariances_follow_from_moments_without_higher_cumulants",
    hint="each mean goes with the other wire's covariance",
)

edit(
    "covariance_propagate",
    "leaves_parents_uncorrelated",
    old="        C[z, z] = a**2",
    new="        C[z, i] = C[i, z] = C[z, j] = C[j, z] = 0.0\n        C[z, z] = a**2",
    caught_by="test_all_means_and_covariances_follow_from_moments_without_higher_cumulants",
    hint="correlated with its own parents",
)

edit(
    "covariance_propagate",
    "takes_inputs_for_independent",
    old="m[:n], C[:n, :n] = mu, cov",
    new="m[:n], C[:n, :n] = mu, torch.diag(cov.diag())",
    caught_by="test_all_means_and_covariances_follow_from_moments_without_higher_cumulants",
    hint="for each gate: the mean",
)

edit(
    "covariance_propagate",
    "ties_a_copy_of_a_product_to_the_first",
    old="        C[z, :z] = C[:z, z] = a * C[i, :z] + b * C[j, :z]",
    new="""        C[z, :z] = C[:z, z] = a * C[i, :z] + b * C[j, :z]
        for t, (other, k, l) in enumerate(gates[: z - n]):
            if operation == other == "*" and {k, l} == {i, j}:
                C[z, n + t] = C[n + t, z] = C[n + t, n + t]
                break""",
    caught_by="test_a_second_copy_of_a_product_is_no_exception",
    hint="a second copy of a product follows the rule",
)

# indecomposable_partitions ------------------------------------------------------------------------

edit(
    "indecomposable_partitions",
    "lists_all_partitions",
    old=" if connected(blocks)]",
    new="]",
    caught_by="test_partitions_are_those_whose_blocks_connect_all_groups",
    hint="these are all partitions",
)

edit(
    "indecomposable_partitions",
    "wants_every_block_in_two_groups",
    old="        return len(tied) == len(sizes)",
    new="        return all(len({g for g, _ in block}) > 1 for block in blocks)",
    caught_by="test_partitions_are_those_whose_blocks_connect_all_groups",
    hint="a block may lie inside one group",
)

edit(
    "indecomposable_partitions",
    "takes_pairings_only",
    old=" if connected(blocks)]",
    new=" if connected(blocks) and all(len(block) == 2 for block in blocks)]",
    caught_by="test_partitions_are_those_whose_blocks_connect_all_groups",
    hint="not only pairs",
)

edit(
    "indecomposable_partitions",
    "forgets_the_single_block",
    old=" if connected(blocks)]",
    new=" if connected(blocks) and len(blocks) > 1]",
    caught_by="test_partitions_are_those_whose_blocks_connect_all_groups",
    hint="the partition with one block counts too",
)

edit(
    "indecomposable_partitions",
    "lists_partitions_twice",
    old=" if connected(blocks)]",
    new=" if connected(blocks) for blocks in (blocks, blocks[::-1])[: 1 + (len(blocks) > 1)]]",
    caught_by="test_every_partition_is_listed_once",
    hint="list each partition once",
)

edit(
    "indecomposable_partitions",
    "ties_by_equal_index",
    old="groups = {g for g, _ in block}",
    new="groups = {g for g, i in block if i == block[0][1]}",
    caught_by="test_partitions_are_those_whose_blocks_connect_all_groups",
    hint="need not have the same index i",
)

edit(
    "indecomposable_partitions",
    "asks_that_some_block_touches_all_groups",
    old="        return len(tied) == len(sizes)",
    new="        return any(len({g for g, _ in block}) == len(sizes) for block in blocks)",
    caught_by="test_partitions_are_those_whose_blocks_connect_all_groups",
    hint="no single block has to touch all groups",
)

edit(
    "indecomposable_partitions",
    "ties_each_group_to_some_other",
    old="""        tied = {0}
        for _ in sizes:
            for block in blocks:
                groups = {g for g, _ in block}
                if groups & tied:
                    tied |= groups
""",
    new="""        tied = set(range(len(sizes) == 1))
        for block in blocks:
            groups = {g for g, _ in block}
            if len(groups) > 1:
                tied |= groups
""",
    caught_by="test_partitions_are_those_whose_blocks_connect_all_groups",
    hint="each group is tied to some other",
)

edit(
    "indecomposable_partitions",
    "lists_some_partitions_twice_from_the_start",
    old="return [blocks for blocks in partitions(everything) if connected(blocks)]",
    new="return [blocks for blocks in partitions(everything) * 2 if connected(blocks)]",
    caught_by="test_sizes_two_and_one_have_three_partitions",
    hint="list each partition once",
)

# cumulant_propagate -------------------------------------------------------------------------------

edit(
    "cumulant_propagate",
    "leaves_the_third_cumulants_of_inputs_out",
    old="return float(kappa[len(wires) - 1][newest]) if wires[0] == newest else 0.0",
    new="return float(kappa[len(wires) - 1][newest]) if wires[0] == newest and len(wires) < 3 else 0.0",
    caught_by="test_all_joint_cumulants_follow_from_older_ones",
    hint="the inputs bring their own third cumulants",
)

edit(
    "cumulant_propagate",
    "adds_at_differences",
    old='sign = 1 if operation == "+" else -1',
    new="sign = 1",
    caught_by="test_all_joint_cumulants_follow_from_older_ones",
    hint="a difference subtracts",
)

edit(
    "cumulant_propagate",
    "expands_only_one_occurrence",
    old="groups = [(i, j) if wire == newest else (wire,) for wire in wires]",
    new="groups = [*((wire,) for wire in wires[:-1]), (i, j)]",
    caught_by="test_all_joint_cumulants_follow_from_older_ones",
    hint="in all places where it occurs",
)

edit(
    "cumulant_propagate",
    "drops_the_highest_order",
    old="<= order]",
    new="<= min(order, 2)]",
    caught_by="test_the_mean_of_a_cube_gains_one_term_with_each_order",
    hint="the inputs bring their own third cumulants",
)

edit(
    "cumulant_propagate",
    "fills_sorted_entries_only",
    old="entries = [cumulant(wires) for wires in product(range(size), repeat=r)]",
    new="entries = [cumulant(wires) if list(wires) == sorted(wires) else 0.0 for wires in product(range(size), repeat=r)]",
    caught_by="test_cumulants_do_not_depend_on_the_order_of_their_places",
    hint="fill all entries of the array",
)

edit(
    "cumulant_propagate",
    "fills_distinct_wires_only",
    old="entries = [cumulant(wires) for wires in product(range(size), repeat=r)]",
    new="entries = [cumulant(wires) if r < 3 or len(set(wires)) == r else 0.0 for wires in product(range(size), repeat=r)]",
    caught_by="test_all_joint_cumulants_follow_from_older_ones",
    hint="in all places where it occurs",
)

edit(
    "cumulant_propagate",
    "returns_every_order_that_kappa_has",
    old="for r in range(1, order + 1):",
    new="for r in range(1, len(kappa) + 1):",
    caught_by="test_all_joint_cumulants_follow_from_older_ones",
    hint="no more and no fewer",
)

edit(
    "cumulant_propagate",
    "merges_copies_of_a_product",
    old="        wires = tuple(sorted(wires))\n",
    new="""        first = {w: w for w in range(n)}
        for t, (operation, i, j) in enumerate(gates):
            copies = [u for u, g in enumerate(gates[:t]) if operation == g[0] == "*" and {i, j} == {g[1], g[2]}]
            first[n + t] = n + copies[0] if copies else n + t
        wires = tuple(sorted(first[w] for w in wires))
""",
    caught_by="test_a_second_copy_of_a_product_is_no_exception",
    hint="a second copy of a product follows the rule",
)

# first_exact_order --------------------------------------------------------------------------------

edit(
    "first_exact_order",
    "counts_occurrences_of_the_bit",
    old="return 2, 3, 2, 0, 2",
    new="return 2, 3, 3, 0, 0",
    caught_by="test_the_cube_of_a_fair_bit_is_measured",
    hint="the third cumulant p(1-p)(1-2p) of a fair bit is 0",
)

edit(
    "first_exact_order",
    "takes_both_fourth_powers_for_the_same",
    old="return 2, 3, 2, 0, 2",
    new="return 2, 3, 2, 0, 0",
    caught_by="test_both_ways_to_write_the_fourth_power_are_measured",
    hint="the chain is exact at one of the orders",
)

# propagate_with_claims ----------------------------------------------------------------------------

edit(
    "propagate_with_claims",
    "looks_up_one_order_only",
    old="claims.get((i, j), claims.get((j, i), 0.0))",
    new="claims.get((i, j), 0.0)",
    caught_by="test_claims_count_at_products_of_the_pair_and_for_all_wires_after_them",
    hint="look the pair up as (i, j) and as (j, i)",
)

edit(
    "propagate_with_claims",
    "looks_up_sorted_pairs_only",
    old="claims.get((i, j), claims.get((j, i), 0.0))",
    new="claims.get((min(i, j), max(i, j)), 0.0)",
    caught_by="test_claims_count_at_products_of_the_pair_and_for_all_wires_after_them",
    hint="not only sorted",
)

edit(
    "propagate_with_claims",
    "takes_a_claim_for_the_product_mean",
    old="means.append(x * y + claims.get((i, j), claims.get((j, i), 0.0)))",
    new="means.append(torch.as_tensor(claims.get((i, j), claims.get((j, i), x * y)), dtype=torch.float64))",
    caught_by="test_claims_count_at_products_of_the_pair_and_for_all_wires_after_them",
    hint="a claim is a covariance, not the mean of the product",
)

edit(
    "propagate_with_claims",
    "adds_claims_to_sums",
    old='means.append(x + y if operation == "+" else x - y)',
    new='means.append((x + y if operation == "+" else x - y) + claims.get((i, j), claims.get((j, i), 0.0)))',
    caught_by="test_claims_count_at_products_of_the_pair_and_for_all_wires_after_them",
    hint="a claim is about products",
)


@wrong(
    "propagate_with_claims",
    caught_by="test_claims_count_at_products_of_the_pair_and_for_all_wires_after_them",
    hint="wires after a claimed product depend on its new mean",
)
def keeps_old_means_downstream(mu, gates, claims):
    plain = mean_propagate(mu, gates)
    means = plain.clone()
    for z, (operation, i, j) in enumerate(gates, start=len(mu)):
        if operation == "*":
            means[z] = plain[i] * plain[j] + claims.get((i, j), claims.get((j, i), 0.0))
    return means


@wrong(
    "propagate_with_claims",
    caught_by="test_claims_count_at_products_of_the_pair_and_for_all_wires_after_them",
    hint="not only at the first",
)
def uses_each_claim_up(mu, gates, claims):
    means = list(mu)
    for operation, i, j in gates:
        x, y = means[i], means[j]
        if operation == "*":
            means.append(x * y + claims.pop((i, j), claims.pop((j, i), 0.0)))
        else:
            means.append(x + y if operation == "+" else x - y)
    return torch.stack(means)


@wrong(
    "propagate_with_claims",
    caught_by="test_two_true_claims_cancel_and_one_does_not",
    hint="the claims make no difference",
)
def ignores_the_claims(mu, gates, claims):
    return mean_propagate(mu, gates)


# cherry_pick --------------------------------------------------------------------------------------


@wrong(
    "cherry_pick",
    caught_by="test_the_worst_pair_need_not_contain_the_worst_single_claim",
    hint="try all sets",
)
def adds_one_claim_at_a_time(p, gates, max_claims):
    pairs = sorted({tuple(sorted((i, j))) for operation, i, j in gates if operation == "*"})
    size = len(p) + len(gates)
    means = exact_mean(p, [*gates, *(("*", i, j) for i, j in pairs)])
    true = {
        pair: float(means[size + k] - means[pair[0]] * means[pair[1]])
        for k, pair in enumerate(pairs)
    }
    claims = {}

    def error(claims):
        return abs(float(propagate_with_claims(p, gates, claims)[-1] - means[size - 1]))

    for _ in range(max_claims):
        further = [claims | {pair: true[pair]} for pair in pairs if pair not in claims]
        best = max(further, key=error, default=claims)
        if error(best) <= error(claims):
            break
        claims = best
    return claims


@wrong(
    "cherry_pick",
    caught_by="test_the_largest_covariance_need_not_do_most_harm",
    hint="not the size of the covariance",
)
def takes_the_largest_covariances(p, gates, max_claims):
    pairs = sorted({tuple(sorted((i, j))) for operation, i, j in gates if operation == "*"})
    size = len(p) + len(gates)
    means = exact_mean(p, [*gates, *(("*", i, j) for i, j in pairs)])
    true = {
        pair: float(means[size + k] - means[pair[0]] * means[pair[1]])
        for k, pair in enumerate(pairs)
    }
    return dict(sorted(true.items(), key=lambda item: -abs(item[1]))[:max_claims])


@wrong(
    "cherry_pick", caught_by="test_no_other_true_claims_do_more_harm", hint="every claim is checked"
)
def lies(p, gates, max_claims):
    pairs = sorted({tuple(sorted((i, j))) for operation, i, j in gates if operation == "*"})
    return {pair: 100.0 for pair in pairs[:max_claims]}


@wrong(
    "cherry_pick",
    caught_by="test_no_other_true_claims_do_more_harm",
    hint="at most max_claims claims",
)
def reports_all_claims(p, gates, max_claims):
    pairs = sorted({tuple(sorted((i, j))) for operation, i, j in gates if operation == "*"})
    size = len(p) + len(gates)
    means = exact_mean(p, [*gates, *(("*", i, j) for i, j in pairs)])
    return {
        pair: float(means[size + k] - means[pair[0]] * means[pair[1]])
        for k, pair in enumerate(pairs)
    }


edit(
    "cherry_pick",
    "does_least_harm",
    old="worst, largest = {}, -1.0",
    new="worst, largest = {}, math.inf",
    caught_by="test_one_true_claim_moves_a_right_estimate_by_a_quarter",
    hint="this is the least harm",
)

edit(
    "cherry_pick",
    "only_raises_the_estimate",
    old="error = abs(float(propagate_with_claims(p, gates, claims)[-1] - means[size - 1]))",
    new="error = float(propagate_with_claims(p, gates, claims)[-1] - means[size - 1])",
    caught_by="test_a_claim_may_make_the_estimate_too_low",
    hint="too low is as wrong",
)

edit(
    "cherry_pick",
    "always_makes_all_allowed_claims",
    old="for count in range(max_claims + 1):",
    new="for count in range(max_claims, max_claims + 1):",
    caught_by="test_no_claim_is_made_where_each_brings_the_estimate_nearer",
    hint="an empty dict is allowed",
)

edit(
    "cherry_pick",
    "claims_product_means",
    old="float(means[size + k] - means[pair[0]] * means[pair[1]])",
    new="float(means[size + k])",
    caught_by="test_no_other_true_claims_do_more_harm",
    hint="it must be the true covariance",
)


@wrong(
    "cherry_pick",
    caught_by="test_the_worst_four_need_not_contain_the_worst_three",
    hint="the worst four claims need not contain the worst three",
)
def tries_all_sets_of_three_and_adds_to_the_worst(p, gates, max_claims):
    pairs = sorted({tuple(sorted((i, j))) for operation, i, j in gates if operation == "*"})
    size = len(p) + len(gates)
    means = exact_mean(p, [*gates, *(("*", i, j) for i, j in pairs)])
    true = {
        pair: float(means[size + k] - means[pair[0]] * means[pair[1]])
        for k, pair in enumerate(pairs)
    }

    def error(chosen):
        claims = {pair: true[pair] for pair in chosen}
        return abs(float(propagate_with_claims(p, gates, claims)[-1] - means[size - 1]))

    few = min(max_claims, 3)
    chosen = max((c for r in range(few + 1) for c in combinations(pairs, r)), key=error)
    while len(chosen) < max_claims:
        further = [(*chosen, pair) for pair in pairs if pair not in chosen]
        if not further or error(max(further, key=error)) <= error(chosen):
            break
        chosen = max(further, key=error)
    return {pair: true[pair] for pair in chosen}


# coherence_gaps -----------------------------------------------------------------------------------

edit(
    "coherence_gaps",
    "does_not_move_the_wires",
    old="moved = [(operation, i + (i >= n), j + (j >= n)) for operation, i, j in gates]",
    new="moved = list(gates)",
    caught_by="test_gaps_of_planted_estimators_follow_their_definitions",
    hint="moves up by one",
)

edit(
    "coherence_gaps",
    "gives_the_constant_a_variance",
    old="    wider[:n, :n] = cov",
    new="    wider[:n, :n] = cov\n    wider[n, n] = 1.0",
    caught_by="test_gaps_of_planted_estimators_follow_their_definitions",
    hint="the appended constant has variance 0",
)

edit(
    "coherence_gaps",
    "subtracts_in_the_other_order",
    old='("-", last + 1, n)',
    new='("-", n, last + 1)',
    caught_by="test_gaps_of_planted_estimators_follow_their_definitions",
    hint="Y - c, not c - Y",
)

edit(
    "coherence_gaps",
    "subtracts_the_estimate_once",
    old="doubled - 2 * value",
    new="doubled - value",
    caught_by="test_gaps_of_planted_estimators_follow_their_definitions",
    hint="minus twice the estimate of Y",
)

edit(
    "coherence_gaps",
    "swaps_differences",
    old='        if operation != "-"\n',
    new="",
    caught_by="test_gaps_of_planted_estimators_follow_their_definitions",
    hint="a difference may not be swapped",
)

edit(
    "coherence_gaps",
    "keeps_the_sign_of_the_change",
    old="max((abs(other - value) for other in swapped), default=0.0)",
    new="max((other - value for other in swapped), default=0.0)",
    caught_by="test_the_change_of_reordering_is_the_largest_one_and_absolute",
    hint="the largest absolute change",
)

edit(
    "coherence_gaps",
    "reverses_recompute",
    old="copied - square",
    new="square - copied",
    caught_by="test_covariance_propagation_fails_recompute_alone",
    hint="not the reverse",
)

edit(
    "coherence_gaps",
    "adds_up_the_changes",
    old="max((abs(other - value) for other in swapped), default=0.0)",
    new="sum(abs(other - value) for other in swapped)",
    caught_by="test_gaps_of_planted_estimators_follow_their_definitions",
    hint="the largest change, not the sum",
)

edit(
    "coherence_gaps",
    "asks_again_for_every_gate",
    old="max((abs(other - value) for other in swapped), default=0.0)",
    new="max((abs(other - estimate(mu, cov, gates)) for _ in range(3) for other in swapped), default=0.0)",
    caught_by="test_the_estimator_is_called_at_most_twice_for_each_gate_and_eight_times_more",
    hint="keep the estimate of Y",
)

edit(
    "coherence_gaps",
    "moves_the_inputs_too",
    old="(operation, i + (i >= n), j + (j >= n))",
    new="(operation, i + 1, j + 1)",
    caught_by="test_gaps_of_planted_estimators_follow_their_definitions",
    hint="inputs keep their numbers",
)

edit(
    "coherence_gaps",
    "drops_the_covariances_of_the_inputs",
    old="wider[:n, :n] = cov",
    new="wider[:n, :n] = torch.diag(cov.diag())",
    caught_by="test_gaps_of_planted_estimators_follow_their_definitions",
    hint="the inputs keep their covariances",
)

edit(
    "coherence_gaps",
    "does_not_swap_back",
    old="""        estimate(mu, cov, [*gates[:t], (operation, j, i), *gates[t + 1 :]])
""",
    new="""        estimate(mu, cov, [*[(o, *(w if o == "-" else w[::-1])) for o, *w in gates[:t]], (operation, j, i), *gates[t + 1 :]])
""",
    caught_by="test_a_circuit_of_two_gates_has_its_wires_moved",
    hint="swap one gate at a time",
)

# relu_moments -------------------------------------------------------------------------------------

edit(
    "relu_moments",
    "returns_second_moments",
    old="return mean, second - torch.outer(mean, mean)",
    new="return mean, second",
    caught_by="test_means_and_covariances_follow_from_quadrature",
    hint="the covariance is asked for",
)

edit(
    "relu_moments",
    "takes_the_angle_itself",
    old="(math.pi - angle) * cosine",
    new="angle * cosine",
    caught_by="test_means_and_covariances_follow_from_quadrature",
    hint="pi - theta",
)

edit(
    "relu_moments",
    "forgets_half_of_the_gaussian",
    old="/ (2 * math.pi)\n",
    new="/ math.pi\n",
    caught_by="test_means_and_covariances_follow_from_quadrature",
    hint="divide by 2 pi",
)

edit(
    "relu_moments",
    "takes_the_mean_of_the_modulus",
    old="mean = s / math.sqrt(2 * math.pi)",
    new="mean = 2 * s / math.sqrt(2 * math.pi)",
    caught_by="test_a_unit_and_its_mirror_image_are_anticorrelated",
    hint="half of that of |z|",
)

edit(
    "relu_moments",
    "divides_by_zero_norms",
    old="scale.clamp(min=1e-300)",
    new="scale",
    caught_by="test_dead_units_have_no_mean_and_no_covariance",
    hint="a row of zeros out of the division",
)

edit(
    "relu_moments",
    "leaves_the_cosine_unclamped",
    old=".clamp(-1, 1)",
    new=" * (1 + 1e-15)",
    caught_by="test_parallel_and_opposite_rows_are_finite",
    hint="keep the cosine within -1 and 1",
)

edit(
    "relu_moments",
    "presumes_independent_units",
    old="return mean, second - torch.outer(mean, mean)",
    new="return mean, torch.diag((second - torch.outer(mean, mean)).diag())",
    caught_by="test_means_and_covariances_follow_from_quadrature",
    hint="fill the entries off the diagonal too",
)

edit(
    "relu_moments",
    "takes_short_rows_for_dead",
    old="s = W.norm(dim=1)",
    new="s = W.norm(dim=1)\n    s = torch.where(s > 1e-3, s, 0.0)",
    caught_by="test_short_rows_are_not_dead",
    hint="only a row of zeros is dead",
)
