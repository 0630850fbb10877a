"""The tests of unit 503 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
from math import log
import pytest
import torch


@pytest.mark.exercise("gdc")
class TestGdc:
    @pytest.mark.visible
    def test_the_worked_question_has_a_gap_of_one_third(self, submission):
        broken = torch.tensor([[[True, False], [False, False], [True, True], [False, False]]])
        compare.close(
            submission.gdc(
                broken, torch.tensor([[0.1, 0.9, 0.3, 0.2]]), torch.tensor([[1, 0, 0, 1]])
            ),
            {"G": 1 / 2, "D": 1.0, "C": 2 / 3, "GD": 1 / 2, "GC": 1 / 6, "DC": 1 / 3},
            what="gdc of the worked example",
            hint="only the third answer is rejected: the critique of the first names a whole line",
        )


@pytest.mark.exercise("gap_verdict")
class TestGapVerdict:
    @pytest.mark.visible
    def test_two_runs_say_nothing_and_six_that_agree_say_closes(self, submission):
        width, run = torch.tensor([8, 8, 64, 64]), torch.tensor([0, 1, 1, 0])
        gap = torch.tensor([0.5, 0.25, 0.25, 0.0], dtype=torch.float64)
        got = submission.gap_verdict(width, gap, run, 8, 64)
        compare.equal(got["verdict"], "no clear trend", what="the verdict of two runs")
        compare.close(
            [got["change"], got["p"]],
            [-0.25, 1.0],
            what="change and p of the worked example",
            hint="run 0 falls by 0.5, run 1 stays: all four sign patterns reach a sum of 0.5 in size",
        )
        width, run = torch.tensor([8] * 6 + [64] * 6), torch.arange(6).repeat(2)
        gap = torch.tensor([0.25] * 6 + [0.0] * 6, dtype=torch.float64)
        got = submission.gap_verdict(width, gap, run, 8, 64)
        compare.equal(
            got["verdict"],
            "closes",
            what="the verdict of six runs that fall alike",
            hint='"closes" below 0 and "widens" above, where p is at most 0.05',
        )
        compare.close(got["p"], 2 / 64, what="p of six runs that fall alike")


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


@pytest.mark.exercise("found_by_chance")
class TestFoundByChance:
    @pytest.mark.visible
    def test_the_prediction_is_a_probability(self, submission):
        compare.between(
            submission.found_by_chance(), 0, 1, what="found_by_chance", hint="a number from 0 to 1"
        )


@pytest.mark.exercise("assisted")
class TestAssisted:
    @pytest.mark.visible
    def test_the_two_worked_answers_give_a_difference_of_one_half(self, submission):
        broken = torch.tensor([[False, True, False], [True, False, False]])
        order = torch.tensor([[0, 2, 1], [0, 1, 2]])
        compare.close(
            submission.assisted(broken, torch.tensor([1, 1]), order, 2),
            {"unassisted": 0.5, "assisted": 1.0, "difference": 0.5, "error": 0.5},
            what="assisted of the worked example",
            hint="assisted, the raters check the lines 1, 0 in both answers",
        )


@pytest.mark.exercise("hardest_for_critic")
class TestHardestForCritic:
    @pytest.mark.visible
    def test_the_flaw_that_the_critic_doubts_is_chosen(self, submission):
        broken = torch.tensor([[[True, False], [False, True]]])
        compare.equal(
            submission.hardest_for_critic(broken, torch.tensor([[[0.7, 0.3], [0.7, 0.3]]])),
            torch.tensor([1]),
            what="hardest_for_critic of the worked example",
            hint="the critic puts 0.7 on the broken line of candidate 0 and 0.3 on that of candidate 1",
        )


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


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9Wf1v3LgR/VdY/5LdVNb5I87H+txDmuLQAIf2kBgNCsM1uBJ3l1mJVETKa+Nw/dv7ZobSSk5gIIfCQGJoJYoc"
    "zrx5fDP67aCotK0PFurgXWuj/dKZoHa4isap5b3SqvalqdTGVI1qjG8qo1bWlWpV6V3IlK6CV9ap2obK6NK6tdIu"
    "7Ewb1EwvQ2x1EefnKm5Ma9ROB+W8KjCyVbE1mMavVDGsW+hYbGiKrlE7GzeqtAFPa+t0tN6pWeFdbO2y418vMhVM"
    "wZdn8/wgUwelXa1s0VXxHvs5xQ1zZ9rCBhPw++q3g0JX1Q3e8a6kOydH+REGFU03uin3JjOd4AbMijzLwaeNjqru"
    "QlRLg010hvaA/cHYtY2BfmlVWWcy8ssOo82taZVvS/zFuHsVonblT2Twv6zZ8bu9z+CgqyV5QTnlrnP1HhO2focH"
    "cB9NGs4VHE6/6DV+hAVpXbjahcYHk6uPvo3fNAnrlKrwdUMTsIex2eNM5XmeYcVDdcx+/ERPnLpQNnxp48x19ZJ2"
    "gFCZqgrzTLUmbHQDG7y6OsT7Dv+uM8zsEEKDaJF5NvByE9tmGHwyB2o8olzamhYPZK3cIZsrDdfqOxuyqaUac6zN"
    "zGF57e6VvxV37sfnBzDhwNYN5tOuMIgWIHKwBVoJ3gVwTJurjXbAGN36t+/URt+SW5S5A1IRJV0Qwn0rAF8oCh5C"
    "trVVhYBXfgenKMwRutaUSq+1dVjfRnjAx+G3xg9AXpLnGSLQWAegsncB5y4yJI/P8NPpmkw9WLZ+a9wNB5mGNT5B"
    "jjbRdsvWFoQ/2mOXEH39e6b+b6i2AB3HV5UeuUiu7TNTRV1tlV76LmYcU0K1MlUw+7Gfu3JtlDNwClCxdX7HCP9A"
    "DlMbX5VI/TQ/0kKrtnNq1fpauef2HJGuutqpz2mkON0dRjFJBn7O1QdQjDIalkrO1QqIMwKhAS7s5A8mdq1TP2sy"
    "snOVCUEdqR8vJA1+VCfquXK5uqRdslGEM0EYj3hOmO6v1J+VmzMoNKUcu2A09pDxL68M42RH38Dk2eOYfAv2pVQY"
    "fF/4EMcuXvmuRQIy10qGFRuyhag1MntSYBaApESDYAmaCnEf0uIxHML1dnV/06//FFA8nUDxfSD3sZ0wGUBrOjhg"
    "o6tVT3VN65d6aSsbwQNuD4idV5JFQpVq59tATIT09s6MJoOZ9CI5ZGXbEBmql3orrEqZT7mdOJlHCFQqvxYyDX4V"
    "a303sSR0dY3XmJiCrxNfE13Q4ngVA8xdMzBX6EdQIGQQP4JxHJ9/ut4SovkFzYDN57UOW1PerEBIs//KdjN1aN1q"
    "ng9rzA6P54BlemNyO0t2AqpmDaLGRWlvbYllcNxjTyO6p3VxPsy/n1kvB6jR/kH/2CgTA87M1q43kUiAdtxUmhJ4"
    "x/RjJTIcJ0BgY3STQF8ghIDaA9yeHI1w2wP2pvJhSqAvnwK1nzZG+E2d0T7KVu9cJkTJ5z3TnlDNC87alwy6X7xP"
    "iOB3xfchV2/DlolEQthLjB3oEd4Cy8XqXhEEKGykFzJekV3Khz6/zImBIAppb41piBW8w7s7FmRJQyC5KOeWlXZb"
    "kWrs6He+uRf0n++nIzMXwM5dvBHbZmLG/GqR8cPrPCWHoC36ttjkNXxmna+trmYsNnDur40zrcbzC9wZRrJhac5h"
    "SnVxIdZlvWMfDPgDEP2o66YSvYoMMxC1/CN5JQBVOLXJQJzbi/0ANoO8RUFgMnCJKXgisiuQl1kJPIZXGnkjsz09"
    "Wn9GOAkrJLtlg5KBaSd8qo/OWfxvjREVFBQJfURLULUBfCq7NcCU5Y1Lkt/qyiaNS1fEj4kIwWnrPZxkQWHXkdrH"
    "48YWW3ljPCaRSmtqJA0dixCVlBb4S44t5czGUsKM5wryrtXrZBAfGJRsnJeYhNRaNniBGLC/5tDxS9DBiWdzCE9C"
    "9Tle/YzSw9Cz9AhcCuTOWA2TIVcM83/A/uu5XB9Bz/+KtYfV3jE3YlN7xpUF+5Nn0LhpAB3lw8oz7ACRwLnOpG4B"
    "eiquxjPQ/Fx89C99vxz5GxvpSPQkKxbiPDbL4Mhtt8zOcdBpzFc7t69pgBIGFJkf9L3ov722FLbf8zx4v9g+zJyx"
    "QlmXxSRjXj8Nv8PMne+qUkqGdJaZxtAhSj8DMoSyoe6A66ortpwQLhViqxV4DS5f8O8eA/CURJiPSPj8Jzn5h5Dv"
    "abxzC3btGodi8n+l2zWB2ZYQyqIiHowINfaecofkhG2AlLUTDY6AnfznA6ry+8Du/rWTl/A+DcCWNAxHVbQ19yIP"
    "ZrxURsYgCZadhTdYVYoCPSc9VHZFnFGdx/QvDrr4MFdre5tKhUbHaFpHw/sMQDk51HnLMINEmau/XPTXszT/nETN"
    "sTl88/04vmQCg93UZXCERLIHBkhNd5QTwoZiXcp0BHMBF0ijgm0LgJIUOWEU+hS68ChmdXODmcmdE+y+eori7u+E"
    "Si6ahc0NKzARn2tP5O679Ya5lk5TxuD7yOyhgyV/eC6uumiGcBcpc5eeijRKWRKyQZxw2QtrecIPSI+TD8eS+eUP"
    "r88l/rwZunR8wgehkoBoJDGfkfFySK0ocowXkkPfwMLpCAvCQl+hwbIw3yWl2XMR6SBObLoduaCQrT0I7TiyqMdc"
    "ebNExcRemUT35CmYaYiuBHR/dkO7GFKQfkubkYyXQ9u7yXkfOOJ/5XQeCGdSBQnd2MCKR9aJ/SmgQ8ADKlN4PeFI"
    "dptwnZzLnhpiHN/+fJCOGGHCd9RBkQNeYFPTOgwtWlSq81TelxwLbq8EHL88y5XM9aeLdPYu0sl7nd9as5s5JqNz"
    "bmLymV3oOLuaDgW+eMprKnhI7yKqX53ux9ITCPTWoobqJEFAw03bwm8XI54PeYjlbK5+UNJDm/+RVsASEnllRWay"
    "lznvCthGPiQdT32YL52ulFmtuAmSwjto2BThx7ipD+DTE1PqOsFmWwI8EmdsFkvRzrgY9KywO6CEZJvHcUWb14xP"
    "etrAfMbvx64etTiePWgT9FJq0iDAUlLU9Bag8EoKarglvd6KFGbf3ZP2VEoQgIedOxsv9zytM8/p+OKTcFS3CxGi"
    "ZE9l2FRdEjFx3wrBbNc1FcpcHw5eOgea05vUTR8MxXti0/cXQ2/dIJR5MUjwrgWquAlKom3fXeI2YHrAHLAjQwqS"
    "4FAoMC/u2ze9w6gdsvTlPQeQeoMkVB5rQkEOlJjpBpiWTtRU8Z09Aa8+6sK0+NSJ0/28GO8HYgETTfZwfDTZxMGp"
    "kkckOQCl6AtfEUCBr2dCmCKPqPcXvGMRRpk+lAFSo/W9lqTNQ65mJCfH/bRbT6kmoPKNNUN7Qbgik4Wk+SNtzCTi"
    "5WuCuRM5Vmb8JSjAk2/e8IDat8PXEAGI2C+9jZ7p6ajqNdNChY5P9HXXpvQHpGtiuq3J5+Swk8EvvDj4lfr0Dkk4"
    "/dzUf2ugfik9H5UgWao1ExpZg1aa+jEJpiI9VOemZxkjdB8XVgsb3TTGkXQwwrKJmnSpm8jqgadPAUy+HHygeyWJ"
    "4GT7s7Z3R/89bZV0OExEUoN74vlDA0UxL02wpaGy26ZsTO6fcL+aXfZxTwfbUX4GJj7Oj47YJL7oS/2dP5Smu3zh"
    "IyOP8lcYjpdOeThdPAwOO6fQbWt7bJFoHD7toXioAJqOGIY/ioT9h4ShOJxJy4870LbgzgsOXF/owZhRwJLfE8JW"
    "urbVfTpk92RAv9athjiY0AGlNufx2dHp0Om+obrnwTH5ijs28NsSKmo0xStK7kY3UJbcSoJPCYOGzqwcC5zAXR9N"
    "tTpMkxNQ07b58wBHkW5uulozlquOuh7SCmrBqHgn2GgGKgob5PuWVntx90L9Auc4KIsOIIBbYEdhmthyQblKBeHx"
    "SwrB8clrcVeqsImB6etB6kqn75SAlOaPsdQc1hTD7Jvxki/A56MTkEv2pRHBR5wQ/L6IXIKEDPIktfoY4eNvuqn7"
    "JlHFflMD7qvPaw++z3FeRhsrM/1uPSCK6zew4i2lTNCI9e//AwGjVg0="
)
