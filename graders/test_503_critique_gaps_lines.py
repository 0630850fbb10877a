"""Graders of 503, lines and their judge: sets of digits, collected in a loop, as the oracle."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import pairwise

import pytest
import torch

from firsthand import compare


def cells_of(line, n):
    return [n * line + k for k in range(n)] if line < n else [n * k + (line - n) for k in range(n)]


def judged(answers, n, rule):
    """The 2n flags of each answer; `rule` says of the digits of one line whether it is broken."""
    return torch.tensor(
        [
            [bool(rule([answer[cell] for cell in cells_of(line, n)])) for line in range(2 * n)]
            for answer in answers.tolist()
        ]
    )


def flags(answers, n):
    return judged(answers, n, lambda digits: set(digits) != set(range(n)))


def whole_squares(count, n, generator):
    """Latin squares: a cyclic one with its rows, columns and digits permuted."""
    cyclic = (torch.arange(n)[:, None] + torch.arange(n)) % n
    found = []
    for _ in range(count):
        rows, columns, digits = (torch.randperm(n, generator=generator) for _ in range(3))
        found.append(digits[cyclic[rows][:, columns]].flatten())
    return torch.stack(found)


def spoiled_squares(count, n, generator):
    """Latin squares with 0 to 3 cells drawn again."""
    answers = whole_squares(count, n, generator)
    for row in range(count):
        for _ in range(row % 4):
            cell = int(torch.randint(n * n, (), generator=generator))
            answers[row, cell] = torch.randint(n, (), generator=generator)
    return answers


# Lines that agree with 0 1 ... n - 1 in sum and sum of squares, in the cubes too, or in sum and product of d + 1.
LOOKALIKES = {
    6: [[6, 1, 1, 2, 2, 3]],
    8: [[0, 0, 3, 3, 5, 5, 6, 6], [1, 1, 1, 2, 5, 6, 6, 6], [0, 2, 2, 3, 3, 3, 6, 9]],
}


def unusual_line(n):
    """Different whole numbers with the sum of 0 to n - 1, one of them below 0 and one above n - 1."""
    return [-1, *range(1, n - 1), n]


def unlike_in_sum_and_squares(digits):
    n = len(digits)
    return sum(digits) != n * (n - 1) // 2 or sum(d * d for d in digits) != sum(
        d * d for d in range(n)
    )


def line_mistakes(answers, n):
    wanted = flags(answers, n)
    adjacent = judged(answers, n, lambda digits: any(a == b for a, b in pairwise(digits)))
    return {
        **{
            f"entries may be any whole numbers: a cast to {bits} bits cuts large ones off": flags(
                answers % 2**bits, n
            )
            for bits in (32, 16, 8)
        },
        "different numbers with the right sum need not be the digits": judged(
            answers, n, lambda digits: len(set(digits)) != n or sum(digits) != n * (n - 1) // 2
        ),
        "a number below 0 is not a digit either": judged(
            answers, n, lambda digits: len(set(digits)) != n or max(digits) >= n
        ),
        "two lines can have one sum: look at the digits themselves": judged(
            answers, n, lambda digits: sum(digits) != n * (n - 1) // 2
        ),
        "a blank is not a digit: its lines are broken": judged(
            answers, n, lambda digits: len(set(digits)) != n
        ),
        "other numbers can have the same sum and the same sum of squares": judged(
            answers, n, unlike_in_sum_and_squares
        ),
        "rows come first, then columns": torch.cat([wanted[:, n:], wanted[:, :n]], 1),
        "a digit can repeat at a distance: compare all cells of a line": adjacent,
        "which lines are broken, not whether any is": wanted.any(1),
        "True stands for a broken line, not for a whole one": ~wanted if wanted.any() else None,
        "columns are lines too": torch.cat([wanted[:, :n], wanted[:, :n]], 1),
    }


def check_lines(submission, answers, n, what):
    with compare.unchanged(answers=answers):
        got = submission.broken_lines(answers)
    compare.equal(
        got,
        flags(answers, n),
        what=what,
        hint="a line is whole if it holds each of the digits 0 to n - 1 once",
        known=line_mistakes(answers, n),
    )


@pytest.mark.exercise("broken_lines")
class TestBrokenLines:
    @pytest.mark.visible
    def test_the_two_worked_squares_are_read_line_by_line(self, submission):
        compare.equal(
            submission.broken_lines(torch.tensor([[0, 1, 1, 0], [0, 0, 1, 1]])),
            torch.tensor([[False, False, False, False], [True, True, False, False]]),
            what="broken_lines of the worked example",
            hint="the second square has the rows 0 0 and 1 1; its columns are 0 1 and 0 1",
        )

    @pytest.mark.weight(3)
    def test_spoiled_squares_of_every_order_agree_with_the_sets(self, submission, generator):
        for n in (2, 3, 4, 5, 3):
            answers = spoiled_squares(24, n, generator)
            check_lines(submission, answers, n, f"broken_lines of squares of order {n}")

    def test_latin_squares_have_no_broken_line(self, submission, generator):
        for n in (1, 2, 4, 6):
            answers = whole_squares(5, n, generator)
            check_lines(submission, answers, n, f"broken_lines of Latin squares of order {n}")

    def test_a_line_with_the_right_sum_may_be_broken(self, submission, generator):
        for n in (3, 4, 5, 6):
            answers = whole_squares(8, n, generator)
            middle = [0] * n
            middle[: n // 2], middle[n - n // 2 :] = [0] * (n // 2), [n - 1] * (n // 2)
            if n % 2:
                middle[n // 2] = (n - 1) // 2
            for row, answer in enumerate(answers):
                # 6 1 1 2 2 3 has the sum and the sum of squares of 0 1 2 3 4 5.
                other = {3: [1, 1, 1], 6: [6, 1, 1, 2, 2, 3]}.get(n, middle)
                answer[cells_of(row % (2 * n), n)] = torch.tensor(other if row % 2 else middle)
            check_lines(submission, answers, n, f"broken_lines with unusual lines of order {n}")

    def test_lines_that_agree_in_sums_of_powers_may_be_broken(self, submission, generator):
        for n, lines in LOOKALIKES.items():
            answers = whole_squares(2 * len(lines), n, generator)
            for row, answer in enumerate(answers):
                place = int(torch.randint(n, (), generator=generator)) + n * (row % 2)
                shuffled = torch.randperm(n, generator=generator)
                answer[cells_of(place, n)] = torch.tensor(lines[row // 2])[shuffled]
            check_lines(submission, answers, n, f"broken_lines with unusual lines of order {n}")

    @pytest.mark.weight(2)
    def test_blanks_and_other_numbers_break_their_lines(self, submission, generator):
        for n in (2, 4, 5):
            answers = whole_squares(12, n, generator)
            for row, answer in enumerate(answers):
                cell = torch.randint(n * n, (), generator=generator)
                answer[cell] = (n, -1, n + 3)[row % 3]
            check_lines(submission, answers, n, f"broken_lines with blanks, order {n}")

    def test_large_numbers_break_their_lines(self, submission, generator):
        for n in (2, 4):
            for power in (8, 16, 32, 53, 62):
                answers = whole_squares(2, n, generator)
                for answer, step in zip(answers, (2**power, -(2**power)), strict=True):
                    answer[torch.randint(n * n, (), generator=generator)] += step
                check_lines(
                    submission, answers, n, f"broken_lines with an entry near 2**{power}, order {n}"
                )

    def test_different_numbers_with_the_right_sum_may_be_broken(self, submission, generator):
        for n in (3, 4, 6):
            answers = whole_squares(6, n, generator)
            for row, answer in enumerate(answers):
                answer[cells_of((row + n - 2) % (2 * n), n)] = torch.tensor(unusual_line(n))
            check_lines(submission, answers, n, f"broken_lines with unusual lines of order {n}")

    def test_one_answer_is_a_batch_too(self, submission, generator):
        answers = spoiled_squares(8, 4, generator)[5:6]
        check_lines(submission, answers, 4, "broken_lines of a batch of one")


class Reader:
    """The cells of one answer; counts the readings."""

    def __init__(self, answer):
        self.answer, self.cells = answer, []

    def read(self, cell):
        self.cells.append(int(cell))
        if not 0 <= int(cell) < len(self.answer):
            compare.fail(
                f"read was asked for cell {int(cell)} of {len(self.answer)}.",
                hint="row i holds cells n*i to n*i + n - 1; column j holds j, j + n, j + 2n, ...",
                recognised=True,
            )
        return self.answer[int(cell)]


def verdict_mistakes(answers, n):
    """Verdicts of known mistakes on all lines of these answers, one after the other."""

    def by_line(rule):
        return [
            rule(answer, line, [answer[cell] for cell in cells_of(line, n)])
            for answer in answers
            for line in range(2 * n)
        ]

    def broken(digits):
        return set(digits) != set(range(n))

    def across(answer, line, _):
        return broken([answer[cell] for cell in cells_of((line + n) % (2 * n), n)])

    def run_of_cells(answer, line, _):
        return broken([answer[cell] for cell in cells_of(line % n, n)])

    def anything(answer, *_):
        return bool(flags(torch.tensor([answer]), n).any())

    wanted = by_line(lambda answer, line, digits: broken(digits))
    return wanted, {
        "different numbers with the right sum need not be the digits": by_line(
            lambda answer, line, digits: len(set(digits)) != n or sum(digits) != n * (n - 1) // 2
        ),
        "a number below 0 is not a digit either": by_line(
            lambda answer, line, digits: len(set(digits)) != n or max(digits) >= n
        ),
        "two lines can have one sum": by_line(
            lambda answer, line, digits: sum(digits) != n * (n - 1) // 2
        ),
        "a blank is not a digit": by_line(lambda answer, line, digits: len(set(digits)) != n),
        "rows are lines 0 to n - 1, columns n to 2n - 1": by_line(across),
        "column j holds the cells j, j + n, j + 2n, ...": by_line(run_of_cells),
        "this line must be broken, not some line": by_line(anything),
        "True means that the line is broken": [not verdict for verdict in wanted],
    }


def judge(submission, answer, line, n):
    """One verdict, after counting its readings."""
    reader = Reader(answer)
    got = submission.verify_critique(reader.read, line, n)
    if len(reader.cells) > n:
        compare.fail(
            f"verify_critique read {len(reader.cells)} cells of a square of order {n}; the judge may read {n}.",
            hint="the judge is cheap: read the cells of the named line only",
            recognised=True,
        )
    return got


def check_verdicts(submission, answers, n, what):
    got = [judge(submission, answer, line, n) for answer in answers for line in range(2 * n)]
    wanted, known = verdict_mistakes(answers, n)
    compare.equal(
        got,
        wanted,
        what=f"the list of verdicts on lines 0 to {2 * n - 1} of {what}",
        hint="the critique is right if the digits of this very line are not 0 to n - 1",
        known=known,
    )


@pytest.mark.exercise("verify_critique")
class TestVerifyCritique:
    @pytest.mark.visible
    def test_the_worked_critiques_are_judged_with_two_readings(self, submission):
        for line, wanted in ((0, True), (3, False)):
            readings = []

            def read(cell, readings=readings):
                readings.append(cell)
                return [0, 0, 1, 1][cell]

            got = submission.verify_critique(read, line, 2)
            compare.equal(got, wanted, what=f"verify_critique of line {line} of 0 0 / 1 1")
            compare.at_most(
                len(readings), 2, what="the number of readings", hint="read one line only"
            )

    @pytest.mark.weight(3)
    def test_a_critique_is_right_exactly_if_its_line_is_broken(self, submission, generator):
        for n in (2, 3, 4, 5):
            answers = spoiled_squares(4, n, generator).tolist()
            # A row exchange breaks two columns and no row; its mirror image breaks two rows.
            swapped = whole_squares(1, n, generator)[0]
            swapped[:2] = swapped[:2].flip(0)
            answers += [swapped.tolist(), swapped.view(n, n).T.flatten().tolist()]
            check_verdicts(submission, answers, n, f"squares of order {n}")

    def test_at_most_one_line_is_read(self, submission, generator):
        for n in (1, 3, 6):
            answers = spoiled_squares(4, n, generator)[2:].tolist()
            check_verdicts(submission, answers, n, f"squares of order {n}")

    def test_a_number_that_is_no_line_is_refused(self, submission):
        for n in (2, 4):
            lines = (-1, -n, 2 * n, 2 * n + 1, 99)
            compare.equal(
                [judge(submission, [0] * (n * n), line, n) for line in lines],
                [False] * len(lines),
                what=f"the list of verdicts on {', '.join(map(str, lines))} for a square of order {n}",
                hint="a number that is no line is no critique: return False",
            )

    def test_lines_with_the_right_sum_or_a_blank_are_broken_too(self, submission, generator):
        for n in (3, 4):
            answer = whole_squares(1, n, generator)[0]
            odd, blank = answer.clone(), answer.clone()
            odd[:n] = torch.tensor([1, 1, 1] if n == 3 else [0, 3, 3, 0])
            blank[n * n - 1] = n
            check_verdicts(
                submission, [odd.tolist()], n, f"a square of order {n} with the first row redrawn"
            )
            check_verdicts(submission, [blank.tolist()], n, f"a square of order {n} with a blank")

    def test_lines_that_agree_in_sums_of_powers_may_be_broken(self, submission, generator):
        for n, lines in LOOKALIKES.items():
            got = []
            for digits in lines:
                answer = whole_squares(1, n, generator)[0]
                line = int(torch.randint(2 * n, (), generator=generator))
                shuffled = torch.randperm(n, generator=generator)
                answer[cells_of(line, n)] = torch.tensor(digits)[shuffled]
                got.append(judge(submission, answer.tolist(), line, n))
            compare.equal(
                got,
                [True] * len(lines),
                what=f"the list of verdicts on lines of the digits {', '.join(' '.join(map(str, digits)) for digits in lines)}",
                hint="a line is whole if it holds each of the digits 0 to n - 1 once",
                known={
                    "other numbers can have the same sum and the same sum of squares": [
                        unlike_in_sum_and_squares(digits) for digits in lines
                    ]
                },
            )

    def test_different_numbers_with_the_right_sum_may_be_broken(self, submission, generator):
        for n in (3, 4):
            for line in (1, n + 1):
                answer = whole_squares(1, n, generator)[0]
                answer[cells_of(line, n)] = torch.tensor(unusual_line(n))
                check_verdicts(
                    submission,
                    [answer.tolist()],
                    n,
                    f"a square of order {n} with line {line} redrawn",
                )

    def test_numbers_below_zero_break_their_lines(self, submission, generator):
        for n in (2, 5):
            answer = whole_squares(1, n, generator)[0]
            answer[answer.argmin()] = -1
            check_verdicts(
                submission, [answer.tolist()], n, f"a square of order {n} with a -1 in it"
            )
