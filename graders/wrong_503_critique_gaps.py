"""Named wrong answers of 503. They use the names that the unit's notebook defines."""
# ruff: noqa: E501 -- edits quote whole lines

from itertools import product
from math import isqrt

import torch

from firsthand.wrong import edit, wrong

# broken_lines -------------------------------------------------------------------------------------


@wrong(
    "broken_lines",
    caught_by="test_a_line_with_the_right_sum_may_be_broken",
    hint="two lines can have one sum",
)
def compares_sums(answers):
    n = isqrt(answers.shape[1])
    grid = answers.reshape(-1, n, n)
    return torch.cat([grid.sum(2), grid.sum(1)], 1) != n * (n - 1) // 2


@wrong(
    "broken_lines",
    caught_by="test_spoiled_squares_of_every_order_agree_with_the_sets",
    hint="a digit can repeat at a distance",
)
def sees_only_neighbours(answers):
    n = isqrt(answers.shape[1])
    grid = answers.reshape(-1, n, n)
    lines = torch.cat([grid, grid.transpose(1, 2)], 1)
    return (lines[..., 1:] == lines[..., :-1]).any(-1)


@wrong(
    "broken_lines",
    caught_by="test_blanks_and_other_numbers_break_their_lines",
    hint="a blank is not a digit",
)
def counts_distinct_entries(answers):
    n = isqrt(answers.shape[1])
    grid = answers.reshape(-1, n, n)
    lines = torch.cat([grid, grid.transpose(1, 2)], 1).sort(-1).values
    return (lines[..., 1:] == lines[..., :-1]).any(-1)


@wrong(
    "broken_lines",
    caught_by="test_blanks_and_other_numbers_break_their_lines",
    hint="a line is whole if it holds each of the digits",
)
def always_expects_four_digits(answers):
    n = isqrt(answers.shape[1])
    grid = answers.reshape(-1, n, n)
    lines = torch.cat([grid, grid.transpose(1, 2)], 1).sort(-1).values
    return (lines[..., 1:] == lines[..., :-1]).any(-1) | (lines < 0).any(-1) | (lines > 4).any(-1)


edit(
    "broken_lines",
    "puts_columns_first",
    old="[grid, grid.mT]",
    new="[grid.mT, grid]",
    caught_by="test_the_two_worked_squares_are_read_line_by_line",
    hint="rows come first, then columns",
)

edit(
    "broken_lines",
    "reads_rows_twice",
    old="grid.mT",
    new="grid",
    caught_by="test_spoiled_squares_of_every_order_agree_with_the_sets",
    hint="columns are lines too",
)

edit(
    "broken_lines",
    "flags_the_answer_only",
    old=".any(dim=-1)",
    new=".any(dim=-1).any(dim=-1)",
    caught_by="test_the_two_worked_squares_are_read_line_by_line",
    hint="which lines are broken, not whether any is",
)

edit(
    "broken_lines",
    "marks_whole_lines",
    old="!= torch.arange(n)).any(dim=-1)",
    new="== torch.arange(n)).all(dim=-1)",
    caught_by="test_the_two_worked_squares_are_read_line_by_line",
    hint="True stands for a broken line",
)


@wrong(
    "broken_lines",
    caught_by="test_different_numbers_with_the_right_sum_may_be_broken",
    hint="different numbers with the right sum",
)
def checks_that_numbers_differ_and_add_up(answers):
    n = isqrt(answers.shape[1])
    grid = answers.reshape(-1, n, n)
    lines = torch.cat([grid, grid.transpose(1, 2)], 1).sort(-1).values
    repeats = (lines[..., 1:] == lines[..., :-1]).any(-1)
    return repeats | (lines.sum(-1) != n * (n - 1) // 2)


@wrong(
    "broken_lines",
    caught_by="test_a_line_with_the_right_sum_may_be_broken",
    hint="the same sum of squares",
)
def compares_sums_and_squares(answers):
    n = isqrt(answers.shape[1])
    grid = answers.reshape(-1, n, n)
    lines, digits = torch.cat([grid, grid.transpose(1, 2)], 1), torch.arange(n)
    return (lines.sum(-1) != digits.sum()) | ((lines**2).sum(-1) != (digits**2).sum())


@wrong(
    "broken_lines",
    caught_by="test_large_numbers_break_their_lines",
    hint="a cast to 32 bits cuts large ones off",
)
def casts_to_32_bits(answers):
    n = isqrt(answers.shape[1])
    grid = answers.to(torch.int32).view(-1, n, n)
    lines = torch.cat([grid, grid.transpose(1, 2)], 1).sort(-1).values
    return (lines != torch.arange(n, dtype=torch.int32)).any(-1)


@wrong(
    "broken_lines",
    caught_by="test_large_numbers_break_their_lines",
    hint="a cast to 8 bits cuts large ones off",
)
def casts_to_bytes(answers):
    n = isqrt(answers.shape[1])
    grid = answers.to(torch.uint8).view(-1, n, n)
    lines = torch.cat([grid, grid.transpose(1, 2)], 1).sort(-1).values
    return (lines != torch.arange(n, dtype=torch.uint8)).any(-1)


@wrong(
    "broken_lines",
    caught_by="test_lines_that_agree_in_sums_of_powers_may_be_broken",
    hint="a line is whole if it holds each of the digits",
)
def compares_sums_of_three_powers(answers):
    n = isqrt(answers.shape[1])
    grid = answers.reshape(-1, n, n)
    lines, digits = torch.cat([grid, grid.transpose(1, 2)], 1), torch.arange(n)
    return torch.stack([(lines**k).sum(-1) != (digits**k).sum() for k in (1, 2, 3)]).any(0)


# verify_critique ----------------------------------------------------------------------------------


@wrong(
    "verify_critique",
    caught_by="test_at_most_one_line_is_read",
    hint="the judge is cheap",
)
def reads_the_whole_square(read, line, n):
    answer = torch.tensor([[read(cell) for cell in range(n * n)]])
    return 0 <= line < 2 * n and bool(broken_lines(answer)[0, line])


@wrong(
    "verify_critique",
    caught_by="test_a_critique_is_right_exactly_if_its_line_is_broken",
    hint="the judge is cheap",
)
def accepts_any_critique_of_a_flawed_answer(read, line, n):
    answer = torch.tensor([[read(cell) for cell in range(n * n)]])
    return 0 <= line < 2 * n and bool(broken_lines(answer).any())


@wrong(
    "verify_critique",
    caught_by="test_lines_with_the_right_sum_or_a_blank_are_broken_too",
    hint="two lines can have one sum",
)
def adds_the_digits_up(read, line, n):
    if not 0 <= line < 2 * n:
        return False
    cells = [line * n + k if line < n else line - n + n * k for k in range(n)]
    return sum(read(cell) for cell in cells) != n * (n - 1) // 2


@wrong(
    "verify_critique",
    caught_by="test_lines_with_the_right_sum_or_a_blank_are_broken_too",
    hint="a blank is not a digit",
)
def looks_for_repeats_only(read, line, n):
    if not 0 <= line < 2 * n:
        return False
    cells = [line * n + k if line < n else line - n + n * k for k in range(n)]
    return len({read(cell) for cell in cells}) < n


@wrong(
    "verify_critique",
    caught_by="test_different_numbers_with_the_right_sum_may_be_broken",
    hint="different numbers with the right sum",
)
def checks_that_digits_differ_and_add_up(read, line, n):
    if not 0 <= line < 2 * n:
        return False
    cells = [line * n + k if line < n else line - n + n * k for k in range(n)]
    digits = [read(cell) for cell in cells]
    return len(set(digits)) < n or sum(digits) != n * (n - 1) // 2


@wrong(
    "verify_critique",
    caught_by="test_numbers_below_zero_break_their_lines",
    hint="a number below 0 is not a digit either",
)
def allows_numbers_below_zero(read, line, n):
    if not 0 <= line < 2 * n:
        return False
    cells = [line * n + k if line < n else line - n + n * k for k in range(n)]
    digits = [read(cell) for cell in cells]
    return len(set(digits)) < n or max(digits) >= n


edit(
    "verify_critique",
    "believes_a_line_that_is_not_there",
    old="return False",
    new="return True",
    caught_by="test_a_number_that_is_no_line_is_refused",
    hint="a number that is no line is no critique",
)

edit(
    "verify_critique",
    "counts_lines_from_the_end",
    old="if not 0 <= line < 2 * n:",
    new="line = line + 2 * n if line < 0 else line\n    if not 0 <= line < 2 * n:",
    caught_by="test_a_number_that_is_no_line_is_refused",
    hint="a number that is no line is no critique",
)

edit(
    "verify_critique",
    "takes_a_run_of_cells_for_a_column",
    old="range(line - n, n * n, n)",
    new="range((line - n) * n, (line - n) * n + n)",
    caught_by="test_a_critique_is_right_exactly_if_its_line_is_broken",
    hint="column j holds the cells j, j + n, j + 2n",
)


edit(
    "verify_critique",
    "says_that_the_line_is_whole",
    old="!= list(range(n))",
    new="== list(range(n))",
    caught_by="test_a_critique_is_right_exactly_if_its_line_is_broken",
    hint="True means that the line is broken",
)


@wrong(
    "verify_critique",
    caught_by="test_lines_that_agree_in_sums_of_powers_may_be_broken",
    hint="the same sum and the same sum of squares",
)
def compares_sums_and_squares_of_a_line(read, line, n):
    if not 0 <= line < 2 * n:
        return False
    cells = range(line * n, line * n + n) if line < n else range(line - n, n * n, n)
    digits = [read(cell) for cell in cells]
    if sum(digits) != sum(range(n)):
        return True
    return sum(d * d for d in digits) != sum(d * d for d in range(n))


# critique_loss ------------------------------------------------------------------------------------


@wrong(
    "critique_loss",
    caught_by="test_only_the_total_on_broken_lines_of_flawed_answers_counts",
    hint="any broken line is a right critique",
)
def wants_the_first_broken_line(logits, broken):
    flawed = broken.any(1)
    if not flawed.any():
        return logits.sum() * 0
    return torch.nn.functional.cross_entropy(logits[flawed], broken[flawed].long().argmax(1))


@wrong(
    "critique_loss",
    caught_by="test_only_the_total_on_broken_lines_of_flawed_answers_counts",
    hint="one softmax over lines",
)
def asks_yes_or_no_for_each_line(logits, broken):
    flawed = broken.any(1)
    if not flawed.any():
        return logits.sum() * 0
    return torch.nn.functional.binary_cross_entropy_with_logits(
        logits[flawed], broken[flawed].to(logits.dtype)
    )


@wrong(
    "critique_loss",
    caught_by="test_logits_hundreds_apart_do_no_harm",
    hint="stay in log space",
)
def adds_probabilities_before_the_log(logits, broken):
    flawed = broken.any(1)
    if not flawed.any():
        return logits.sum() * 0
    return -(logits.softmax(1) * broken).sum(1)[flawed].log().mean()


@wrong(
    "critique_loss",
    caught_by="test_only_the_total_on_broken_lines_of_flawed_answers_counts",
    hint="not the mean of their logs",
)
def averages_the_logs(logits, broken):
    flawed = broken.any(1)
    if not flawed.any():
        return logits.sum() * 0
    return -((logits.log_softmax(1) * broken).sum(1) / broken.sum(1))[flawed].mean()


@wrong(
    "critique_loss",
    caught_by="test_valid_answers_alone_give_zero_with_gradient_zero",
    hint="what is a mean over no answers",
)
def divides_by_no_answers(logits, broken):
    flawed = broken.any(1)
    logits, broken = logits[flawed], broken[flawed]
    return -(logits.masked_fill(~broken, -torch.inf).logsumexp(1) - logits.logsumexp(1)).mean()


@wrong(
    "critique_loss",
    caught_by="test_valid_answers_alone_give_zero_with_gradient_zero",
    hint="a part of the graph with gradient 0",
)
def returns_a_bare_zero(logits, broken):
    flawed = broken.any(1)
    if not flawed.any():
        return torch.tensor(0.0)
    logits, broken = logits[flawed], broken[flawed]
    return -(logits.masked_fill(~broken, -torch.inf).logsumexp(1) - logits.logsumexp(1)).mean()


@wrong(
    "critique_loss",
    caught_by="test_only_the_total_on_broken_lines_of_flawed_answers_counts",
    hint="valid answers have nothing to point at",
)
def averages_over_valid_answers_too(logits, broken):
    flawed, answers = broken.any(1), len(logits)
    logits, broken = logits[flawed], broken[flawed]
    share = logits.masked_fill(~broken, -torch.inf).logsumexp(1) - logits.logsumexp(1)
    return -share.sum() / answers


@wrong(
    "critique_loss",
    caught_by="test_a_number_added_to_all_logits_of_a_row_changes_nothing",
    hint="-10000 is not below all logits: fill with minus infinity",
)
def fills_with_a_large_negative_number(logits, broken):
    flawed = broken.any(-1)
    logits, broken = logits[flawed], broken[flawed]
    on_broken = logits.masked_fill(~broken, -1e4).logsumexp(-1)
    return (logits.logsumexp(-1) - on_broken).sum() / max(len(logits), 1)


@wrong(
    "critique_loss",
    caught_by="test_a_number_added_to_all_logits_of_a_row_changes_nothing",
    hint="no number of yours may stand beside them",
)
def clamps_the_logits(logits, broken):
    flawed = broken.any(-1)
    logits, broken = logits[flawed].clamp(-1e4, 1e4), broken[flawed]
    on_broken = logits.masked_fill(~broken, -torch.inf).logsumexp(-1)
    return (logits.logsumexp(-1) - on_broken).sum() / max(len(logits), 1)


edit(
    "critique_loss",
    "adds_instead_of_averaging",
    old=" / max(len(logits), 1)",
    new="",
    caught_by="test_only_the_total_on_broken_lines_of_flawed_answers_counts",
    hint="the mean over answers, not the sum",
)

edit(
    "critique_loss",
    "rewards_a_bad_critic",
    old="return -log_share",
    new="return log_share",
    caught_by="test_only_the_total_on_broken_lines_of_flawed_answers_counts",
    hint="a better critic has a lower loss",
)

edit(
    "critique_loss",
    "cuts_the_graph",
    old="logits, broken = logits[flawed], broken[flawed]",
    new="logits, broken = logits.detach()[flawed], broken[flawed]",
    caught_by="test_the_gradient_is_that_of_the_stated_loss",
    hint="gradients must flow",
)

# fill_blanks --------------------------------------------------------------------------------------


@wrong(
    "fill_blanks",
    caught_by="test_the_batch_is_asked_at_once",
    hint="hand the whole batch to next_logits",
)
def asks_row_by_row(next_logits, answers, blank, seed):
    generator = torch.Generator().manual_seed(seed)
    filled = answers.clone()
    for row in range(len(filled)):
        for cell in range(filled.shape[1]):
            if filled[row, cell] == blank:
                p = next_logits(filled[row : row + 1])[0, cell].softmax(-1)
                filled[row, cell] = torch.multinomial(p, 1, generator=generator)[0]
    return filled


@wrong(
    "fill_blanks",
    caught_by="test_later_cells_see_what_was_drawn_before",
    hint="later cells must see earlier ones",
)
def fills_everything_from_one_call(next_logits, answers, blank, seed):
    generator = torch.Generator().manual_seed(seed)
    p = next_logits(answers).softmax(-1)
    drawn = torch.multinomial(p.flatten(0, 1), 1, generator=generator).view(answers.shape)
    return torch.where(answers == blank, drawn, answers)


@wrong(
    "fill_blanks",
    caught_by="test_draws_follow_the_joint_of_a_planted_chain",
    hint="with a fresh draw for each row and cell",
)
def reuses_one_draw_for_all_cells(next_logits, answers, blank, seed):
    filled = answers.clone()
    for cell in range(filled.shape[1]):
        generator = torch.Generator().manual_seed(seed)
        p = next_logits(filled)[:, cell].softmax(-1)
        drawn = torch.multinomial(p, 1, generator=generator)[:, 0]
        filled[:, cell] = torch.where(filled[:, cell] == blank, drawn, filled[:, cell])
    return filled


@wrong(
    "fill_blanks",
    caught_by="test_draws_follow_the_joint_of_a_planted_chain",
    hint="for each row on its own",
)
def draws_once_for_all_rows(next_logits, answers, blank, seed):
    generator = torch.Generator().manual_seed(seed)
    filled = answers.clone()
    for cell in range(filled.shape[1]):
        p = next_logits(filled)[:, cell].softmax(-1).cumsum(-1)
        u = torch.rand((), generator=generator) * p[:, -1:]
        drawn = (p <= u).sum(-1)
        filled[:, cell] = torch.where(filled[:, cell] == blank, drawn, filled[:, cell])
    return filled


@wrong(
    "fill_blanks",
    caught_by="test_each_row_has_blanks_of_its_own_and_later_cells_see_earlier_ones",
    hint="each row has blanks of its own",
)
def looks_for_blanks_in_the_first_row(next_logits, answers, blank, seed):
    generator = torch.Generator().manual_seed(seed)
    filled = answers.clone()
    for cell in range(filled.shape[1]):
        if filled[0, cell] == blank:
            p = next_logits(filled)[:, cell].softmax(-1)
            filled[:, cell] = torch.multinomial(p, 1, generator=generator)[:, 0]
    return filled


@wrong(
    "fill_blanks",
    caught_by="test_rows_are_drawn_independently",
    hint="shares that are always met",
)
def spreads_the_draws_evenly_over_the_rows(next_logits, answers, blank, seed):
    generator = torch.Generator().manual_seed(seed)
    filled, rows = answers.clone(), len(answers)
    for cell in range(filled.shape[1]):
        p = next_logits(filled)[:, cell].softmax(-1).double().cumsum(-1)
        place = torch.randperm(rows, generator=generator).double()
        u = (place + torch.rand((), dtype=torch.float64, generator=generator)) / rows
        drawn = (p <= u[:, None] * p[:, -1:]).sum(-1)
        filled[:, cell] = torch.where(filled[:, cell] == blank, drawn, filled[:, cell])
    return filled


@wrong(
    "fill_blanks",
    caught_by="test_rows_are_drawn_independently",
    hint="shares that are always met",
)
def pairs_each_draw_with_its_mirror_image(next_logits, answers, blank, seed):
    generator = torch.Generator().manual_seed(seed)
    filled, rows = answers.clone(), len(answers)
    for cell in range(filled.shape[1]):
        p = next_logits(filled)[:, cell].softmax(-1).double().cumsum(-1)
        half = torch.rand((rows + 1) // 2, dtype=torch.float64, generator=generator)
        u = torch.cat([half, 1 - half])[:rows]
        drawn = (p <= u[:, None] * p[:, -1:]).sum(-1).clamp(max=p.shape[-1] - 1)
        filled[:, cell] = torch.where(filled[:, cell] == blank, drawn, filled[:, cell])
    return filled


@wrong(
    "fill_blanks",
    caught_by="test_rows_are_drawn_independently",
    hint="rows that go together",
)
def draws_once_for_each_pair_of_rows(next_logits, answers, blank, seed):
    generator = torch.Generator().manual_seed(seed)
    filled, rows = answers.clone(), len(answers)
    for cell in range(filled.shape[1]):
        p = next_logits(filled)[:, cell].softmax(-1).double().cumsum(-1)
        u = torch.rand(rows, dtype=torch.float64, generator=generator)
        u = u[torch.arange(rows) // 2 * 2]
        drawn = (p <= u[:, None] * p[:, -1:]).sum(-1)
        filled[:, cell] = torch.where(filled[:, cell] == blank, drawn, filled[:, cell])
    return filled


edit(
    "fill_blanks",
    "takes_the_most_likely_digit",
    old="torch.multinomial(probability, 1, generator=generator)[:, 0]",
    new="probability.argmax(dim=-1)",
    caught_by="test_draws_follow_the_joint_of_a_planted_chain",
    hint="sample from the softmax",
)

edit(
    "fill_blanks",
    "draws_uniformly_among_possible_digits",
    old=".softmax(dim=-1)",
    new=".exp().gt(0).float()",
    caught_by="test_draws_follow_the_joint_of_a_planted_chain",
    hint="from the softmax of its logits",
)

edit(
    "fill_blanks",
    "overwrites_the_clues",
    old="torch.where(filled[:, cell] == blank, drawn, filled[:, cell])",
    new="drawn",
    caught_by="test_later_cells_see_what_was_drawn_before",
    hint="the clues are not yours",
)

edit(
    "fill_blanks",
    "goes_from_right_to_left",
    old="range(filled.shape[1])",
    new="reversed(range(filled.shape[1]))",
    caught_by="test_later_cells_see_what_was_drawn_before",
    hint="from left to right",
)

edit(
    "fill_blanks",
    "changes_the_question",
    old="answers.clone()",
    new="answers",
    caught_by="test_later_cells_see_what_was_drawn_before",
    hint="copy before you change",
)

edit(
    "fill_blanks",
    "uses_the_global_seed",
    old="torch.Generator().manual_seed(seed)",
    new="torch.manual_seed(seed)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="draw from the generator or seed you were given",
)

edit(
    "fill_blanks",
    "ignores_the_seed",
    old="manual_seed(seed)",
    new="manual_seed(0)",
    caught_by="test_the_seed_decides_and_global_randomness_is_untouched",
    hint="the seed you were given must decide",
)

# gdc ----------------------------------------------------------------------------------------------


edit(
    "gdc",
    "rejects_every_flawed_answer",
    old="(~broken.gather(-1, named[..., None])[..., 0]).double()",
    new="valid",
    caught_by="test_the_worked_question_has_a_gap_of_one_third",
    hint="only verified critiques reject",
)


@wrong(
    "gdc",
    caught_by="test_skills_are_averaged_over_questions",
    hint="a random answer of those that remain, not the first",
)
def takes_the_first_that_remains(broken, score, named):
    valid = (~broken.any(-1)).double()
    kept = ~broken.gather(-1, named[..., None])[..., 0]
    first = kept.double().argmax(1, keepdim=True)
    c = (valid.gather(1, first)[:, 0] * kept.any(1)).mean().item()
    d = valid.gather(1, score.argmax(1, keepdim=True)).mean().item()
    g = valid.mean().item()
    return {"G": g, "D": d, "C": c, "GD": d - g, "GC": c - g, "DC": d - c}


@wrong(
    "gdc",
    caught_by="test_skills_are_averaged_over_questions",
    hint="average C over questions",
)
def pools_all_answers_that_remain(broken, score, named):
    valid = (~broken.any(-1)).double()
    kept = ~broken.gather(-1, named[..., None])[..., 0]
    g, c = valid.mean().item(), valid[kept].mean().item()
    d = valid.gather(1, score.argmax(1, keepdim=True)).mean().item()
    return {"G": g, "D": d, "C": c, "GD": d - g, "GC": c - g, "DC": d - c}


edit(
    "gdc",
    "lets_the_truth_choose",
    old="valid.gather(1, score.argmax(dim=1, keepdim=True)).mean().item()",
    new="valid.max(dim=1).values.mean().item()",
    caught_by="test_skills_are_averaged_over_questions",
    hint="the discriminator chooses, not the truth",
)

edit(
    "gdc",
    "divides_by_no_answers",
    old=".clamp(min=1)",
    new="",
    caught_by="test_a_question_with_all_answers_rejected_counts_as_zero",
    hint="where no answer remains",
)

edit(
    "gdc",
    "squashes_the_scores_first",
    old="score.argmax(",
    new="score.sigmoid().argmax(",
    caught_by="test_scores_may_be_large_logits",
    hint="scores that differ must stay different",
)


@wrong(
    "gdc",
    caught_by="test_scores_are_compared_as_they_are",
    hint="scores that differ must stay different",
)
def chooses_by_a_probability_in_single_precision(broken, score, named):
    total = {"G": 0.0, "D": 0.0, "C": 0.0}
    chance = score.float().sigmoid()
    for lines, scores, names in zip(broken.tolist(), chance.tolist(), named.tolist(), strict=True):
        valid = [not any(line) for line in lines]
        kept = [v for v, line, name in zip(valid, lines, names, strict=True) if not line[name]]
        total["G"] += sum(valid) / len(valid)
        total["D"] += valid[scores.index(max(scores))]
        total["C"] += sum(kept) / len(kept) if kept else 0.0
    g, d, c = (total[key] / len(broken) for key in "GDC")
    return {"G": g, "D": d, "C": c, "GD": d - g, "GC": c - g, "DC": d - c}


@wrong(
    "gdc",
    caught_by="test_scores_are_compared_as_they_are",
    hint="start the search at the first score or at minus infinity",
)
def searches_from_a_hundred_below_zero(broken, score, named):
    total = {"G": 0.0, "D": 0.0, "C": 0.0}
    for lines, scores, names in zip(broken.tolist(), score.tolist(), named.tolist(), strict=True):
        valid = [not any(line) for line in lines]
        kept = [v for v, line, name in zip(valid, lines, names, strict=True) if not line[name]]
        best, high = 0, -100.0
        for number, value in enumerate(scores):
            if value > high:
                best, high = number, value
        total["G"] += sum(valid) / len(valid)
        total["D"] += valid[best]
        total["C"] += sum(kept) / len(kept) if kept else 0.0
    g, d, c = (total[key] / len(broken) for key in "GDC")
    return {"G": g, "D": d, "C": c, "GD": d - g, "GC": c - g, "DC": d - c}


edit(
    "gdc",
    "compares_scores_in_single_precision",
    old="score.argmax(",
    new="score.float().argmax(",
    caught_by="test_scores_are_compared_as_they_are",
    hint="float32 makes some of them equal",
)

edit(
    "gdc",
    "leaves_out_questions_without_an_answer",
    old="(valid.sum(dim=1) / kept.sum(dim=1).clamp(min=1)).mean().item()",
    new="(valid.sum(dim=1) / kept.sum(dim=1)).nanmean().item()",
    caught_by="test_a_question_with_all_answers_rejected_counts_as_zero",
    hint="a question without an answer left counts, with C = 0",
)

edit(
    "gdc",
    "divides_by_all_answers",
    old="kept.sum(dim=1).clamp(min=1)",
    new="kept.shape[1]",
    caught_by="test_skills_are_averaged_over_questions",
    hint="divide by the number that remain",
)

edit(
    "gdc",
    "picks_the_lowest_score",
    old="score.argmax(",
    new="score.argmin(",
    caught_by="test_skills_are_averaged_over_questions",
    hint="the highest score is chosen",
)

edit(
    "gdc",
    "picks_the_last_of_equal_scores",
    old="score.argmax(dim=1, keepdim=True)",
    new="score.shape[1] - 1 - score.flip(1).argmax(dim=1, keepdim=True)",
    caught_by="test_the_first_of_several_highest_scores_is_chosen",
    hint="the first answer with the highest score",
)

edit(
    "gdc",
    "turns_the_gap_around",
    old='"DC": d - c',
    new='"DC": c - d',
    caught_by="test_skills_are_averaged_over_questions",
    hint="DC is D minus C",
)

# gap_verdict --------------------------------------------------------------------------------------


@wrong(
    "gap_verdict",
    caught_by="test_p_counts_the_sign_patterns",
    hint="paired by their number",
)
def pairs_rows_by_their_place(width, gap, run, smaller, larger):
    low, high = gap[width == smaller].tolist(), gap[width == larger].tolist()
    changes = [b - a for a, b in zip(low, high, strict=True)]
    sums = [
        abs(sum(s * c for s, c in zip(signs, changes, strict=True)))
        for signs in product((1, -1), repeat=len(changes))
    ]
    p = sum(total >= abs(sum(changes)) - 1e-9 for total in sums) / len(sums)
    change = sum(changes) / len(changes)
    verdict = "no clear trend" if p > 0.05 else "closes" if change < 0 else "widens"
    return {"change": change, "p": p, "verdict": verdict}


@wrong(
    "gap_verdict",
    caught_by="test_p_counts_the_sign_patterns",
    hint="the two widths that were asked for",
)
def takes_the_smallest_and_largest_width(width, gap, run, smaller, larger):
    found = dict(zip(zip(width.tolist(), run.tolist(), strict=True), gap.tolist(), strict=True))
    low, high = int(width.min()), int(width.max())
    changes = [
        found[high, r] - value for (w, r), value in found.items() if w == low and (high, r) in found
    ]
    sums = [
        abs(sum(s * c for s, c in zip(signs, changes, strict=True)))
        for signs in product((1, -1), repeat=len(changes))
    ]
    p = sum(total >= abs(sum(changes)) - 1e-9 for total in sums) / len(sums)
    change = sum(changes) / len(changes)
    verdict = "no clear trend" if p > 0.05 else "closes" if change < 0 else "widens"
    return {"change": change, "p": p, "verdict": verdict}


@wrong(
    "gap_verdict",
    caught_by="test_ties_between_sums_count",
    hint="sums that agree within 1e-9 count as equal",
)
def adds_in_single_precision(width, gap, run, smaller, larger):
    found = dict(zip(zip(width.tolist(), run.tolist(), strict=True), gap.tolist(), strict=True))
    changes = torch.tensor(
        [
            found[larger, r] - v
            for (w, r), v in found.items()
            if w == smaller and (larger, r) in found
        ]
    )
    signs = torch.tensor(list(product((1.0, -1.0), repeat=len(changes))))
    sums = (signs * changes).sum(1).abs()
    p = (sums >= changes.sum().abs() - 1e-9).double().mean().item()
    change = changes.mean().item()
    verdict = "no clear trend" if p > 0.05 else "closes" if change < 0 else "widens"
    return {"change": change, "p": p, "verdict": verdict}


edit(
    "gap_verdict",
    "judges_by_the_sign",
    old='"no clear trend" if p > 0.05 else "closes"',
    new='"closes"',
    caught_by="test_three_to_five_runs_never_decide",
    hint="the verdict comes from p",
)

edit(
    "gap_verdict",
    "subtracts_the_wrong_way",
    old="found[larger, r] - value for",
    new="value - found[larger, r] for",
    caught_by="test_p_counts_the_sign_patterns",
    hint="larger minus smaller",
)

edit(
    "gap_verdict",
    "tests_one_side",
    old="[abs(sum(s * c for s, c in zip(signs, changes)))",
    new="[sum(s * c for s, c in zip(signs, changes))",
    caught_by="test_p_counts_the_sign_patterns",
    hint="two-sided",
)

edit(
    "gap_verdict",
    "counts_larger_sums_only",
    old=">= abs(sum(changes)) - 1e-9",
    new="> abs(sum(changes)) + 1e-9",
    caught_by="test_p_counts_the_sign_patterns",
    hint="sums of the same size, not only larger ones",
)

edit(
    "gap_verdict",
    "trusts_the_rounding",
    old=">= abs(sum(changes)) - 1e-9",
    new=">= abs(sum(changes))",
    caught_by="test_ties_between_sums_count",
    hint="sums that agree within 1e-9 count as equal",
)

edit(
    "gap_verdict",
    "takes_a_tolerance_relative_to_the_sum",
    old=">= abs(sum(changes)) - 1e-9",
    new=">= abs(sum(changes)) * (1 - 1e-9)",
    caught_by="test_sums_near_zero_may_tie",
    hint="however small they are",
)

edit(
    "gap_verdict",
    "takes_a_wide_tolerance",
    old=">= abs(sum(changes)) - 1e-9",
    new=">= abs(sum(changes)) - 1e-6",
    caught_by="test_small_changes_count",
    hint="1e-06 is too wide",
)

edit(
    "gap_verdict",
    "takes_a_tolerance_ten_times_too_wide",
    old=">= abs(sum(changes)) - 1e-9",
    new=">= abs(sum(changes)) - 1e-8",
    caught_by="test_small_changes_count",
    hint="1e-08 is too wide",
)

edit(
    "gap_verdict",
    "adds_instead_of_averaging",
    old="sum(changes) / len(changes)",
    new="sum(changes)",
    caught_by="test_p_counts_the_sign_patterns",
    hint="the mean over runs, not the sum",
)

edit(
    "gap_verdict",
    "mixes_up_the_verdicts",
    old='"closes" if change < 0 else "widens"',
    new='"widens" if change < 0 else "closes"',
    caught_by="test_runs_that_agree_close_or_widen_the_gap",
    hint='"closes" below 0',
)

# found_by_chance ----------------------------------------------------------------------------------

edit(
    "found_by_chance",
    "counts_one_broken_line",
    old="1 - 6 / 8 * 5 / 7",
    new="2 / 8",
    caught_by="test_both_checks_miss_or_one_of_them_hits",
    hint="breaks its row and its column",
)

edit(
    "found_by_chance",
    "draws_with_replacement",
    old="6 / 8 * 5 / 7",
    new="(6 / 8) ** 2",
    caught_by="test_both_checks_miss_or_one_of_them_hits",
    hint="the second is drawn from seven",
)

edit(
    "found_by_chance",
    "adds_the_chances",
    old="1 - 6 / 8 * 5 / 7",
    new="2 / 8 + 2 / 8",
    caught_by="test_both_checks_miss_or_one_of_them_hits",
    hint="do not count that twice",
)

# assisted -----------------------------------------------------------------------------------------


edit(
    "assisted",
    "gives_the_critique_for_free",
    old="alone, together = (broken.gather(1, lines[:, :m]).any(dim=1).double() for lines in (order, helped))",
    new="alone, together = (broken.gather(1, lines[:, :k]).any(dim=1).double() for lines, k in ((order, m), (helped, m + 1)))",
    caught_by="test_both_raters_make_m_checks",
    hint="the critique costs one",
)

edit(
    "assisted",
    "checks_the_named_line_twice",
    old="order[order != named].view(len(order), -1)",
    new="order",
    caught_by="test_the_named_line_is_not_checked_twice",
    hint="lines other than the named one",
)

edit(
    "assisted",
    "checks_nothing_but_the_named_line",
    old="torch.cat([named, others], dim=1)",
    new="named.expand(-1, order.shape[1])",
    caught_by="test_both_raters_make_m_checks",
    hint="goes on with its own order",
)


edit(
    "assisted",
    "ignores_the_order",
    old="order[flawed]",
    new="torch.arange(order.shape[1]).expand(int(flawed.sum()), -1)",
    caught_by="test_both_raters_make_m_checks",
    hint="follow the rater's own order",
)

edit(
    "assisted",
    "counts_valid_answers",
    old="flawed = broken.any(dim=1)",
    new="flawed = torch.ones(len(broken), dtype=torch.bool)",
    caught_by="test_valid_answers_are_left_out",
    hint="valid answers have no flaw to find",
)

edit(
    "assisted",
    "treats_the_arms_as_unpaired",
    old="gain.std().item() / sqrt(len(gain))",
    new="sqrt((alone.var() + together.var()).item() / len(gain))",
    caught_by="test_the_error_is_that_of_paired_answers",
    hint="the same answers in both arms",
)

edit(
    "assisted",
    "reports_the_spread_of_one_answer",
    old="gain.std().item() / sqrt(len(gain))",
    new="gain.std().item()",
    caught_by="test_both_raters_make_m_checks",
    hint="divide by the root of n",
)

edit(
    "assisted",
    "divides_by_n",
    old="gain.std().item()",
    new="gain.std(correction=0).item()",
    caught_by="test_both_raters_make_m_checks",
    hint="n - 1 in the variance",
)

edit(
    "assisted",
    "subtracts_the_wrong_way",
    old="gain = together - alone",
    new="gain = alone - together",
    caught_by="test_both_raters_make_m_checks",
    hint="assisted minus unassisted",
)

# hardest_for_critic -------------------------------------------------------------------------------

edit(
    "hardest_for_critic",
    "may_pick_a_valid_answer",
    old=".masked_fill(~flawed, torch.inf)",
    new="",
    caught_by="test_valid_candidates_are_never_chosen",
    hint="the answer must be wrong",
)


@wrong(
    "hardest_for_critic",
    caught_by="test_the_least_total_on_broken_lines_wins",
    hint="not the smallest on any line",
)
def looks_at_all_lines(broken, probability):
    flawed = broken.any(-1)
    least = probability.min(-1).values.masked_fill(~flawed, torch.inf)
    return torch.where(flawed.any(1), least.argmin(1), -1)


@wrong(
    "hardest_for_critic",
    caught_by="test_the_least_total_on_broken_lines_wins",
    hint="unsure of everything",
)
def picks_the_least_sure_critic(broken, probability):
    flawed = broken.any(-1)
    sure = probability.max(-1).values.masked_fill(~flawed, torch.inf)
    return torch.where(flawed.any(1), sure.argmin(1), -1)


@wrong(
    "hardest_for_critic",
    caught_by="test_the_least_total_on_broken_lines_wins",
    hint="not the least noticed of them",
)
def looks_at_the_least_noticed_line(broken, probability):
    flawed = broken.any(-1)
    least = probability.masked_fill(~broken, torch.inf).min(-1).values
    return torch.where(flawed.any(1), least.argmin(1), -1)


@wrong(
    "hardest_for_critic",
    caught_by="test_the_least_total_on_broken_lines_wins",
    hint="the total on broken lines, not their mean",
)
def averages_over_broken_lines(broken, probability):
    flawed = broken.any(-1)
    mean = (probability * broken).sum(-1) / broken.sum(-1).clamp(min=1)
    return torch.where(flawed.any(1), mean.masked_fill(~flawed, torch.inf).argmin(1), -1)


@wrong(
    "hardest_for_critic",
    caught_by="test_the_least_total_on_broken_lines_wins",
    hint="least, not most",
)
def picks_the_easiest(broken, probability):
    flawed = broken.any(-1)
    noticed = (probability * broken).sum(-1).masked_fill(~flawed, -1)
    return torch.where(flawed.any(1), noticed.argmax(1), -1)


@wrong(
    "hardest_for_critic",
    caught_by="test_the_first_of_several_that_tie_is_chosen",
    hint="the first of several that tie",
)
def picks_the_last_of_equals(broken, probability):
    flawed = broken.any(-1)
    noticed = (probability * broken).sum(-1).masked_fill(~flawed, torch.inf)
    last = noticed.shape[1] - 1 - noticed.flip(1).argmin(1)
    return torch.where(flawed.any(1), last, -1)


@wrong(
    "hardest_for_critic",
    caught_by="test_small_differences_decide",
    hint="no rounding before they are compared",
)
def rounds_the_sums(broken, probability):
    noticed = ((probability * broken).sum(-1) * 1e6).round() / 1e6
    noticed = noticed.masked_fill(~broken.any(-1), torch.inf)
    return torch.where(broken.any(-1).any(-1), noticed.argmin(-1), -1)


@wrong(
    "hardest_for_critic",
    caught_by="test_small_differences_decide",
    hint="no rounding before they are compared",
)
def asks_for_a_clear_improvement(broken, probability):
    chosen = []
    noticed = (probability * broken).sum(-1).tolist()
    for sums, flaws in zip(noticed, broken.any(-1).tolist(), strict=True):
        best, least = -1, float("inf")
        for number, (value, flawed) in enumerate(zip(sums, flaws, strict=True)):
            if flawed and value < least - 1e-6:
                best, least = number, value
        chosen.append(best)
    return torch.tensor(chosen)


edit(
    "hardest_for_critic",
    "forgets_questions_without_a_flaw",
    old="torch.where(flawed.any(dim=1), noticed.argmin(dim=1), -1)",
    new="noticed.argmin(dim=1)",
    caught_by="test_questions_without_a_flawed_candidate_give_minus_one",
    hint="-1 where no candidate is flawed",
)
