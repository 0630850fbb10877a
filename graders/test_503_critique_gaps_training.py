"""Graders of 503, training: a loop over answers and planted chains with known joints as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import product
from math import log

import pytest
import torch

from firsthand import compare


def loss_by_loop(logits, broken, target=None):
    """The stated loss, a row at a time. target: lines that count instead of the broken ones."""
    total, count = logits.sum() * 0, 0
    for row, lines in zip(logits, broken if target is None else target, strict=True):
        if lines.any():
            row = row - row.max().detach()
            total = total - (row[lines].exp().sum() / row.exp().sum()).log()
            count += 1
    return total / max(count, 1)


def drawn_batch(batch, lines, generator, *, valid):
    """Logits and broken lines; the first `valid` answers have none, the others one to all."""
    logits = 2 * torch.randn(batch, lines, generator=generator, dtype=torch.float64)
    broken = torch.rand(batch, lines, generator=generator) < 0.4
    broken[torch.arange(batch), torch.randint(lines, (batch,), generator=generator)] = True
    broken[:valid] = False
    return logits, broken


def loss_mistakes(logits, broken):
    flawed = broken.any(1)
    first = torch.nn.functional.one_hot(broken.long().argmax(1), broken.shape[1]).bool() & broken
    right = loss_by_loop(logits, broken)
    log_p = logits.log_softmax(1)
    per_line = torch.nn.functional.binary_cross_entropy_with_logits
    return {
        "any broken line is a right critique: sum their probabilities": loss_by_loop(
            logits, broken, first
        ),
        "valid answers have nothing to point at: divide by the number of flawed answers": right
        * flawed.sum()
        / len(flawed),
        "the mean over answers, not the sum": right * flawed.sum(),
        "one softmax over lines, not a yes or no for each line": per_line(
            logits[flawed], broken[flawed].double()
        ),
        "the log of the summed probabilities, not the sum of their logs": -(log_p * broken).sum()
        / flawed.sum(),
        "the log of the summed probabilities, not the mean of their logs": -(
            (log_p * broken).sum(1)[flawed] / broken.sum(1)[flawed]
        ).mean(),
        "minus the log: a better critic has a lower loss": -right,
    }


@pytest.mark.exercise("critique_loss")
class TestCritiqueLoss:
    @pytest.mark.visible
    def test_two_equal_logits_cost_log_two_or_nothing(self, submission):
        logits = torch.zeros(2, 2)
        compare.close(
            submission.critique_loss(logits, torch.tensor([[True, False], [False, False]])),
            torch.tensor(log(2)),
            what="critique_loss of the worked example",
            hint="half of the probability is on the broken line; the valid answer does not count",
        )
        compare.close(
            submission.critique_loss(logits, torch.tensor([[True, True], [False, False]])),
            torch.tensor(0.0),
            what="critique_loss where both lines are broken",
            hint="all of the probability is on broken lines",
        )

    @pytest.mark.weight(3)
    def test_only_the_total_on_broken_lines_of_flawed_answers_counts(self, submission, generator):
        for batch, lines, valid in ((7, 3, 2), (12, 8, 5), (5, 10, 0), (1, 4, 0)):
            logits, broken = drawn_batch(batch, lines, generator, valid=valid)
            with compare.unchanged(logits=logits, broken=broken):
                got = submission.critique_loss(logits, broken)
            compare.close(
                got,
                loss_by_loop(logits, broken),
                what="critique_loss",
                hint="minus the log of the softmax probability on all broken lines together, averaged over flawed answers",
                known=loss_mistakes(logits, broken),
            )

    @pytest.mark.weight(2)
    def test_the_gradient_is_that_of_the_stated_loss(self, submission, generator):
        for batch, valid in ((6, 0), (9, 4)):
            logits, broken = drawn_batch(batch, 8, generator, valid=valid)
            logits.requires_grad_(True)
            compare.gradient(
                submission.critique_loss(logits, broken),
                loss_by_loop(logits, broken),
                {"logits": logits},
                cotangent=torch.tensor(1.0, dtype=torch.float64),
                what="critique_loss",
            )

    @pytest.mark.weight(2)
    def test_valid_answers_alone_give_zero_with_gradient_zero(self, submission, generator):
        for batch in (1, 5):
            logits = torch.randn(batch, 8, generator=generator, requires_grad=True)
            broken = torch.zeros(batch, 8, dtype=torch.bool)
            got = submission.critique_loss(logits, broken)
            compare.close(
                got,
                torch.tensor(0.0),
                what="critique_loss where no answer is flawed",
                hint="what is a mean over no answers? The statement says 0",
            )
            compare.gradient(
                got,
                logits.sum() * 0,
                {"logits": logits},
                cotangent=torch.tensor(1.0),
                what="critique_loss where no answer is flawed",
                hint="a part of the graph with gradient 0: for example an empty sum over the logits",
            )

    @pytest.mark.weight(2)
    def test_logits_hundreds_apart_do_no_harm(self, submission, generator):
        for scale in (150.0, 700.0):
            logits = scale * torch.rand(4, 5, generator=generator)
            logits[:, 0] = -scale
            broken = torch.zeros(4, 5, dtype=torch.bool)
            broken[:, 0] = True
            logits.requires_grad_(True)
            wanted = (logits.detach().logsumexp(1) + scale).mean()
            got = submission.critique_loss(logits, broken)
            compare.close(
                got,
                wanted,
                what="critique_loss with logits hundreds apart",
                hint="stay in log space: logsumexp over the broken lines minus logsumexp over all",
            )
            (slope,) = torch.autograd.grad(got, logits)
            if not bool(slope.isfinite().all()):
                compare.fail(
                    "the gradient of critique_loss with logits hundreds apart is not finite.",
                    hint="stay in log space: logsumexp over the broken lines minus logsumexp over all",
                )

    def test_a_number_added_to_all_logits_of_a_row_changes_nothing(self, submission, generator):
        for shift in (-1e5, -3e4, 3e4, 1e5):
            logits, broken = drawn_batch(6, 5, generator, valid=1)
            logits = logits.round()  # whole numbers, so that float32 holds them too
            broken[:, 0] = False
            broken[1:, 1] = True
            moved = logits + shift
            moved[::3] = logits[::3]
            compare.close(
                submission.critique_loss(moved, broken),
                loss_by_loop(logits, broken),
                atol=0.03,  # float32 rounds log-sum-exps of this size to 1/128
                what=f"critique_loss with {shift:+g} added to all logits of some rows",
                hint="the loss depends on differences of logits alone: no number of yours may stand beside them",
                known={
                    f"{filler:g} is not below all logits: fill with minus infinity": lambda f=filler, m=moved, b=broken: (
                        (m.logsumexp(1) - m.masked_fill(~b, f).logsumexp(1)).mul(b.any(1)).sum()
                        / b.any(1).sum()
                    )
                    for filler in (-1e2, -1e3, -1e4, -1e5)
                },
            )


class Planted:
    """A generator whose logits depend on every cell of the answer; it counts its calls."""

    def __init__(self, cells, digits, blank, generator):
        self.cells, self.digits, self.blank = cells, digits, blank
        self.table = 1.2 * torch.randn(
            cells, digits + 1, cells, digits, generator=generator, dtype=torch.float64
        )
        self.calls = 0

    def logits(self, answers):
        values = torch.where(answers == self.blank, self.digits, answers)
        return sum(self.table[cell, values[:, cell]] for cell in range(self.cells))

    def ask(self, answers):
        self.calls += 1
        if self.calls > 10 * self.cells:
            compare.fail(
                f"next_logits was called more than {10 * self.cells} times for answers of {self.cells} cells.",
                hint="hand the whole batch to next_logits, once for each cell number",
                recognised=True,
            )
        return self.logits(answers).float()

    def joint(self, row):
        """Probability of every way to fill the blanks of one row, from left to right."""
        places = [cell for cell, value in enumerate(row) if value == self.blank]
        outcomes = {}
        for digits in product(range(self.digits), repeat=len(places)):
            state, p = list(row), 1.0
            for place, digit in zip(places, digits, strict=True):
                p *= float(self.logits(torch.tensor([state]))[0, place].softmax(0)[digit])
                state[place] = digit
            outcomes[tuple(state)] = p
        return outcomes


def certain(answers, cells, digits, blank):
    """Logits of a generator that is sure of each digit, which follows from everything that stands there."""
    empty = answers == blank
    number = (answers.masked_fill(empty, 0) * torch.arange(1, cells + 1)).sum(1) + empty.sum(1)
    digit = (number[:, None] + torch.arange(cells)) % digits
    return torch.zeros(len(answers), cells, digits).scatter(2, digit[..., None], 1.0).log()


def filled_in(answers, digits, blank, order):
    """What the certain generator gives if blanks are filled in this order; None: all in one call."""
    result, cells = answers.clone(), answers.shape[1]
    asked = answers
    for cell in order or range(cells):
        drawn = certain(result if order else asked, cells, digits, blank)[:, cell].argmax(1)
        result[:, cell] = torch.where(result[:, cell] == blank, drawn, result[:, cell])
    return result


def with_blanks(rows, cells, digits, blank, generator):
    answers = torch.randint(digits, (rows, cells), generator=generator)
    hidden = torch.rand(rows, cells, generator=generator) < 0.6
    return answers.masked_fill(hidden, blank)


def blanks_of_the_first_row(answers, cells, digits, blank):
    """The certain generator, if every row is filled where the first one has blanks."""
    result = answers.clone()
    for cell in range(cells):
        if answers[0, cell] == blank:
            result[:, cell] = certain(result, cells, digits, blank)[:, cell].argmax(1)
    return result


def everywhere(answers, cells, digits, blank):
    """The certain generator, if the clues are drawn again too."""
    result = answers.clone()
    for cell in range(cells):
        result[:, cell] = certain(result, cells, digits, blank)[:, cell].argmax(1)
    return result


@pytest.mark.exercise("fill_blanks")
class TestFillBlanks:
    @pytest.mark.visible
    def test_a_generator_that_always_says_two_fills_with_twos(self, submission):
        def always_two(answers):
            return torch.tensor([0.0, 0.0, 1.0]).log().expand(*answers.shape, 3).clone()

        compare.equal(
            submission.fill_blanks(always_two, torch.tensor([[0, 4, 4, 1]]), 4, 0),
            torch.tensor([[0, 2, 2, 1]]),
            what="fill_blanks of the worked example",
            hint="given cells stay, blanks become 2",
        )

    @pytest.mark.visible
    def test_each_row_has_blanks_of_its_own_and_later_cells_see_earlier_ones(self, submission):
        def blanks_left(answers):
            """Sure of one digit: how many other blanks the row still has."""
            others = (answers == 4).sum(1) - 1
            digit = others.clamp(min=0)[:, None].expand(answers.shape)
            return torch.nn.functional.one_hot(digit, 4).float().log()

        compare.equal(
            submission.fill_blanks(blanks_left, torch.tensor([[1, 4, 4, 0], [4, 3, 4, 4]]), 4, 0),
            torch.tensor([[1, 1, 0, 0], [2, 3, 1, 0]]),
            what="fill_blanks with a generator that counts the blanks that are left",
            hint="in the second row three blanks are seen at cell 0, two at cell 2 and one at cell 3",
        )

    @pytest.mark.weight(2)
    def test_later_cells_see_what_was_drawn_before(self, submission, generator):
        for cells, digits, blank in ((6, 3, 3), (9, 4, 7), (4, 2, -1)):
            answers = with_blanks(10, cells, digits, blank, generator)
            with compare.unchanged(answers=answers):
                got = submission.fill_blanks(
                    lambda seen, c=cells, d=digits, b=blank: certain(seen, c, d, b),
                    answers,
                    blank,
                    7,
                )
            compare.equal(
                got,
                filled_in(answers, digits, blank, range(cells)),
                what="fill_blanks with a generator that is certain of every digit",
                hint="from left to right; each call sees the clues and all digits drawn so far",
                known={
                    "the clues are not yours: only blanks are drawn": everywhere(
                        answers, cells, digits, blank
                    ),
                    "later cells must see earlier ones: ask again after each cell": filled_in(
                        answers, digits, blank, None
                    ),
                    "from left to right, not from right to left": filled_in(
                        answers, digits, blank, range(cells - 1, -1, -1)
                    ),
                    "each row has blanks of its own": blanks_of_the_first_row(
                        answers, cells, digits, blank
                    ),
                    "fill the blanks: this is the question as it was": answers,
                },
            )

    def test_the_batch_is_asked_at_once(self, submission, generator):
        planted = Planted(6, 3, 3, generator)
        answers = with_blanks(40, 6, 3, 3, generator)
        submission.fill_blanks(planted.ask, answers, 3, 1)
        if planted.calls > 6:
            compare.fail(
                f"40 rows of 6 cells took {planted.calls} calls of next_logits; 6 are enough.",
                hint="hand the whole batch to next_logits, once for each cell number",
                recognised=True,
            )

    @pytest.mark.weight(3)
    def test_draws_follow_the_joint_of_a_planted_chain(self, submission, generator, seed):
        for cells, digits, blanks in ((4, 3, (0, 2, 3)), (3, 4, (0, 1)), (5, 2, (1, 2, 3, 4))):
            blank = digits
            planted = Planted(cells, digits, blank, generator)
            row = torch.randint(digits, (cells,), generator=generator)
            row[list(blanks)] = blank
            joint = planted.joint(row.tolist())
            got = submission.fill_blanks(planted.ask, row.repeat(4000, 1), blank, seed % 1000)
            compare.shape(got, (4000, cells), what="fill_blanks")
            rows = [tuple(answer) for answer in got.tolist()]
            if len(set(rows)) == 1:
                compare.fail(
                    "4,000 rows of one question were all filled alike.",
                    hint="sample from the softmax, and for each row on its own",
                    recognised=True,
                )
            if any(answer not in joint for answer in rows):
                compare.fail(
                    "fill_blanks changed a given cell or left a blank.",
                    hint="the clues are not yours: only blanks are drawn",
                )
            compare.chi_square(
                [rows.count(answer) for answer in joint],
                torch.tensor(list(joint.values())),
                what="4,000 answers to one question",
                hint="each blank is drawn from the softmax of its logits, given all that stands there, with a fresh draw for each row and cell",
            )

    @pytest.mark.weight(2)
    def test_rows_are_drawn_independently(self, submission, generator):
        """Counts over many seeds are as spread as those of independent rows: Pearson's statistic is 1 for each degree of freedom."""
        rows, digits, seeds = 64, 8, torch.randint(10**6, (40,), generator=generator).tolist()
        # In cells 0 and 1 two digits are equally likely, in cells 2 and 3 all eight.
        logits = torch.zeros(4, digits).masked_fill(
            (torch.arange(digits) > 1) & (torch.arange(4)[:, None] < 2), -torch.inf
        )
        wanted = rows * logits.softmax(1)
        spread = torch.zeros(4)
        for seed in seeds:
            got = submission.fill_blanks(
                lambda answers: logits.expand(len(answers), 4, digits).clone(),
                torch.full((rows, 4), digits),
                digits,
                seed,
            )
            compare.shape(got, (rows, 4), what="fill_blanks")
            counts = (torch.as_tensor(got)[..., None] == torch.arange(digits)).sum(0)
            freedom = (wanted > 0).sum(1) - 1
            spread += ((counts - wanted) ** 2 / wanted.clamp(min=1e-9)).sum(1) / freedom
        # 80 and 560 degrees of freedom: right draws leave these ranges once in 10^9 times, see design.md.
        for cells, low, high in ((slice(0, 2), 0.25, 2.5), (slice(2, 4), 0.65, 1.45)):
            ratio = float(spread[cells].mean()) / len(seeds)
            if not low < ratio < high:
                compare.fail(
                    f"over {len(seeds)} seeds, the variance of how many of {rows} equal rows get a digit "
                    f"is {ratio:.2f} times that of independent rows.",
                    hint="rows are drawn independently: shares that are always met, or rows that go together, are not independent draws",
                    recognised=True,
                )

    def test_the_seed_decides_and_global_randomness_is_untouched(self, submission, generator):
        planted = Planted(6, 4, 4, generator)
        answers = torch.full((30, 6), 4)
        with compare.untouched_randomness(submission):
            once = submission.fill_blanks(planted.ask, answers, 4, 11)
        again = submission.fill_blanks(planted.ask, answers, 4, 11)
        other = submission.fill_blanks(planted.ask, answers, 4, 12)
        compare.equal(
            again,
            once,
            what="a second call with the same seed",
            hint="a generator of your own, made from `seed` in each call",
        )
        if torch.equal(torch.as_tensor(other), torch.as_tensor(once)):
            compare.fail(
                "two seeds gave the same draws.",
                hint="the seed you were given must decide",
                recognised=True,
            )

    def test_a_row_without_blanks_stays_as_it_is(self, submission, generator):
        answers = with_blanks(6, 5, 3, 9, generator)
        answers[2:4] = torch.randint(3, (2, 5), generator=generator)
        planted = Planted(5, 3, 9, generator)
        got = submission.fill_blanks(planted.ask, answers, 9, 3)
        compare.equal(
            torch.as_tensor(got)[2:4],
            answers[2:4],
            what="rows without blanks",
            hint="the clues are not yours: only blanks are drawn",
        )
