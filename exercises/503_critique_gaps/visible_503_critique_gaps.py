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
        compare.equal(got["verdict"], "closes", what="the verdict of six runs that fall alike")
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


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9WWtvG8cV/StTfTHpUowkW45LRQ3cBEENBG1gGw0KQRWGu7PkmLsz65lZUUKQ/vaee+/sclc2BDgoBNgCuTuP"
    "+zj33Ad/OypqbZujlTr6IdhkP3Umqj0+JePU+l5p1fjS1Gpr6la1xre1UZV1papqvY8LpevolXWqsbE2urRuo7SL"
    "exOimul1TEEXaX6h0tYEo/Y6KudVgZVBpWBwjK9UMdxb6FRs6YiuVXubtqq0EW8b63Sy3qlZ4V0Kdt3xt5cLFU3B"
    "H8/ny6OFOiptVdmiq9M99HmBB+bOhMJGE/H96rejQtf1DfZ4V9KTs5PlCRYVbTd6KM8mJ53hAcRKfMrRr1udVNPF"
    "pNYGSnSGdIB+EHZjU6RvWtXWmQXZZY/V5tYE5UOJv1h3r2LSrvyeBP6XNXve29sMBrpakxWUU+56qd7iwOD3eAHz"
    "0aHxQsHg9I228StcSPfC1C62Ppqleu9D+qJIuKdUhW9aOoAtDGVPF2q5XC5w47E6ZTs6dals/BTSrDB1HeG/TbAl"
    "HmYxl8HErW7N7Bh7Hf5hBewH9xl4yshquoo+LAfBZlh9NgdkPFxc2oZujiSqPCGBaw276jsLZE3E1DhjY2ZuDsS5"
    "e+VvxZaH9cujawhumxbnaVcYuAr4ONoBqoTtAiAmzRqjHQBGj/7tO7XVt2QTZe4AU7hIFwRvHwTdK0Weg792tq7h"
    "7drvYRaFM2IXDDTcaOtwv00wgU/Dd40vwLtEzjOYv7UOKGXTAstdYjyenpOldUOiHq2D3xl3wx6mZa3PeCMlQrcO"
    "tiDwkY5dhvP17wv1f4O0BeLY16r0CEQybR+WKul6p/Tad2nBTiVIK1NHc1j7sSs3RjkDoySvds7vGd7vyGBq6+sS"
    "cZ/PR0xoFTqnquAb5Z5bgk7dNU59zCvF6O44iUiy8ONSvQO/KKMhqQRcowA5IxAa4MJGfmdSF5z6SZOQnatNjOpE"
    "fXcpMfCdOlPPlVuqD6QlC0U4E4TxiucE6v6T+jPwzaDQFG9sgtHaYw4A2TKsE42+gMnzxzH5BtRLoTDYvvAxjU1c"
    "+S6oIEQbJZq3JAvxamLqJMesAEnxBsESHBXTwaXFYziE6W11f9Pf/xRQfDGB4ttI5mM5ITKA1nYwwFbXVc9zbfBr"
    "vba1TeABdwDE3iuJIuFJtfchEksivL0zo8MgJm0kg1Q2xMRQ/aB3QqkU+RTbmZB5hUCl9hth0uir1Oi7iSSxaxps"
    "Y2KKvslkTXRBl2MrFpi7dmCu2K8gR8gifgXh2D//dL0kxPErOgHKLxsdd6a8qUBIs/+Kugt1bF01Xw53gJXngGXe"
    "MXm8yHICqmYDpsaH0t7aEtcg10OnmeuaNWWriu9Fcph/PbN+GKBG+oP+oSgTAxJmsJttIhIgjdtaUwDvmX6seIb9"
    "BAhsjW4z6Au4EFB7gNuzkxFue8De1D5OCfTVU6D2160RflPnpEcZ9N4thCg52TPtCdW85Kh9xaD72fuMCN4rto9L"
    "9SbumEjEhX19sQc9wlpguVTfK4IAuY2KhQXfyCbljM+bOTDgRCHtnTEtsYJ32LvnaiwXEAguirl1rd1O6jQ29A++"
    "vRf0XxyOIzFXwM5duhHZZiLG/Gq14JfXyxwcgrbkQ7FdNrCZdb6xup5xpYG8vzHOBI33l3gyrGTB8pnDkeryUqRb"
    "9IZ9sOAPQPS9btpailVEmEFFy1+yVSJQhaxNAiJvrw4LWAyyFjmBycBlpuCDSK5IVuZK4DG80sobOe3p0foT3ElY"
    "oZpbFJQIzJpwVh/lWfwPxkgVFBVV+fCWoGoL+NR2Z4Apy4pLkN/q2uYClz4RP2YiBKdtDnCSC4VdR6U+Xre22MmO"
    "8ZpMKsE0CBpKiygqKSzwlwxbSs7GVcKMFwrlXdCbLBAnDAo2jkscQtXaYrACMWD/mV3Hm1D0Zp5dovAkVF9g60f0"
    "HYbe5VfgUiBXymES5Iph/g/Ifz2Xzyco5n/B3cNtPzA3QqkD48qFfeYZaty8gFL5cPMMGsATyOtM6hagp85qfAKd"
    "z51Hv+nry5EfWUhHRU+WYiXGY7EMUm7YMTunoU5jvtq7Q0MDlDCgSPyo76X+O9SWwvYHngfvF7uHkTOuUDZlMYmY"
    "10/D7xBz77u6lJYh5zLTGkqi9DUiQigamg64rrtixwHhchdWVeA1mHzF33sMwFLiYU6RsPn3kvkHlx9ovHMrNu0G"
    "STHbv9ZhQ2C2JQplqSIerIgNdM+xQ+WEbYGUjZMaHA47+887tOT3kc39SyebsJ8WQCUNwdEV7cy9lAczvmpBwiAI"
    "1p2FNbiqlAr0guqhsivSjPo8pn8x0OW7udrY29wqtDolExwt7yMAveTQ563jDCXKXP31sv88y+fPqag5Ncd/+Xoc"
    "f2ACg9w0YnCERJIHAkhPd7IkhA2duvTocOYKJpApBcsWASVpcuLI9dl18VHM6vYGJ5M5J9j99imau78TKrlpFjY3"
    "XIFJ8bnxRO6+22yZaymbMgbfJmYPHS3Zw3NzBcUGdxc5cteemjQKWSpkoxjhQ19Yyxt+QfU42XBcMr/65vWF+J+V"
    "oY+OM3wUKonwRi7mFyS8JKmKPMd4oXLoC1h4McKCsNBnaLBcmO9zpdlzEdVBHNj0OHFDIao9cO3Ys+jHXHmzRsfE"
    "Vpl49+wpmGnwrjj0kLtRuxiqIP2OlJGIl6Tt3STfR/b43zicB8KZdEFCNzZyxSP3pD4L6BjxgtoUvk84ks0mXCd5"
    "2dM0jP3b5wcZhxEmfEcTFEnwApuG7mFo0aXSnef2vmRf8HglIv3yKVdy1p8uc+5d5cx7vby1Zj9zTEYXPMHknF3o"
    "NLuaLgW++Mhranio3oVXP8vupzITiLRr1aDqpIKAlpsQYLfLEc/HZUzlbK6+UTxFc/M/MgpYo0SurJSZbGWOuwKy"
    "kQ2pjqc5zKdO18pUFQ9BsnuHGraf1z3CTb0Dn56Y8tQJMtsS4BE/Q1lcRZpxM+i5wu6AEirbPNIVKa8Zn/S2hfiM"
    "3/ddMxpxPHswJuhLqcmAAFdJU9NLgMYrV1DDIxn01lRh9tM9GU/lAAF42Liz8XXP8z3zJaUvzoSjvl2IEC17bsOm"
    "1SURE8+t4MywaahR5v5wsNIF0Jx30ih9EBT7RKavb4beuKFQ5stQgncBqOIhKBVth+kSjwHzC+aAPQlSUAmOCgXi"
    "pcP4pjcYjUPWvrxnB9JskAqVx4ZQKAdKnHQDTMskalrxnT8Brz5qwnz51IhTfV6O9UGxgIMmOpyeTJQ4eqHkFZUc"
    "gFLyha8JoMDXMyFMKY9o9he94yIsP+obgdylUXnCxj0bjiTOBUMYGnE74Hf6Mw1xBq2gUSO9H1Xvi8GHXLnVmqYY"
    "2bmSsFXnphmArz5owzl2q9vWOEq4RrgpB7QudZs45/LxWe3+N6Uql6O4E9hGCKYHavHZhQ7Bmr5b8qMfk1Cxor/e"
    "dARrnsTHw/R66EhmMmfisactuN0Hy/uiR/9irG8WW9yiKt3Y+j4z+wGB9G0TNDLSBIOEJwbP+cmLYbx6Q8X2A27+"
    "lscEPiFk/G50xCt63uoW5QzPL5ChyHuGiHKJC85Aru9NXR3nw8nFWW2eSbOX6OG2azSjoO6o1Zb5Q0AYY0+0yQz4"
    "j1uAbEe3vbx7qX6GcRzSWQeWhlkgR2HaFLiLqXIXcvqKXHB69lrMlds6CnsaWedRaP5lDJDR/PMfTSQ1+XDxRX/J"
    "b44XI9rlPnFtpMqgEWb0h85lja7UAGZ5vgSFF5NfEfPIR7wKffPU57PfdB78KMTQSzbVZvpL6YAobhoQiLcUElHD"
    "17//D8o6znA="
)
