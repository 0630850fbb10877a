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
    "eNq9WWFv3LgR/Susv9xuKuvWdpzk1ucWaYpDDzj0DonRoDBcgytRu8xKpCJSXhuH62/vmxlKu/IFBnIoDCSGVqLI"
    "4cybxzejX4+KWtvmaKmO3nU22s+9CWqHq2icWj0orRpfmlptTN2q1vi2NqqyrlRVrXchU7oOXlmnGhtqo0vr1kq7"
    "sDNdUDO9CrHTRZxfqLgxnVE7HZTzqsDITsXOYBpfqWJct9Cx2NAUfat2Nm5UaQOeNtbpaL1Ts8K72NlVz79eZiqY"
    "gi/P5/lRpo5KW1W26Ov4gP2c4Ya5N11hgwn4ff3rUaHr+hbveFfSndNFvsCgou0Pbsq9yUynuAGzIs9y9HGjo2r6"
    "ENXKYBO9oT1gfzB2bWOgX1rV1pmM/LLDaHNnOuW7En8x7kGFqF35VzL4X9bs+N3BZ3DQ9Yq8oJxyN7n6ERN2focH"
    "cB9NGi4UHE6/6DV+hAVpXbjahdYHk6sPvotfNAnrlKrwTUsTsIex2ZNM5XmeYcVjdcJ+/EhPnLpUNnzu4sz1zYp2"
    "gFCZug7zTHUmbHQLG7y6Psb7Dv9uMszsEEKDaJF5NvByE9tmGHw6B2o8olzahhYPZK3cIZtrDdfqexuyqaUac6zN"
    "zGF57R6UvxN37sfnRzDhyDYt5tOuMIgWIHK0BVoJ3gVwTJtrjHbAGN36t+/VRt+RW5S5B1IRJV0Qwn0nAF8qCh5C"
    "trV1jYDXfgenKMwR+s6USq+1dVjfRnjAx/G3xg9AXpLnG0SgtQ5AZe8Czn1kSJ6c46fTDZl6tOr81rhbDjINa32C"
    "HG2i61edLQh/tMc+Ifrmt0z931BtATqOryo9cpFcO2SmirreKr3yfcw4poRqZepg9mM/9eXaKGfgFKBi6/yOEf6e"
    "HKY2vi6R+ml+pIVWXe9U1flGuRf2ApGu+8apT2mkON0dRzFJBn7K1XtQjDIalkrONQqIMwKhES7s5Pcm9p1TP2gy"
    "sne1CUEt1PeXkgbfq1P1QrlcXdEu2SjCmSCMR7wgTA9X6s/KzRkUmlKOXXAw9pjxL6+M42RHX8Dk+dOYfAv2pVQY"
    "fV/4EA9dXPm+QwIy10qGFRuyhag1MntSYJaApESDYAmaCnEf0uIpHML1tnq4HdZ/DiieTaD4YyD3sZ0wGUBrezhg"
    "o+tqoLq28yu9srWN4AG3B8TOK8kioUq1810gJkJ6e2cOJoOZ9CI5pLJdiAzVK70VVqXMp9xOnMwjBCq1XwuZBl/F"
    "Rt9PLAl90+A1Jqbgm8TXRBe0OF7FAHPfjswVhhEUCBnEj2BcPtrDewPmwCFYzzY9IF9VYlMmPIWzlPNjAcO9jmen"
    "8BWsxslSmsI2yABVmwo7+NkNW6NzY0kmwZt5o8PWlLcVGG72X/Ffpo6tq+b5aPTs+GQOnKc3JreztHFg36zB/Lgo"
    "7Z0tsQz0A4w+OD9oXRw486+n6qsRu+RQnCfwHDMNDuHOrjeRWIVc2NaaGGHHfGYl1Bx4YGpjdJuyqAAmgN1HiXC6"
    "OEiEIQNuax+mjPzqOdLg48YIYapz2kfZ6Z3LhHlZQDCPCne9ZBp4xSj+yfsEMX5XfB9y9TZsGS4SwkGz7MC38BZo"
    "M9YPiiBAYSMBkvGK7FJWEfzygEY5BbbGtEQz3uHdHSu8JEoYgVqtau22ov3Y0e98+yDQvdhPR2YugZ37eCu2zcSM"
    "+fUy44c3eco2QVv0XbHJG/jMOt9YXc9YvUBIrI0zncbzS9wZR7Jhac5xSnV5KdZlg2MfDfgDEP2gm7YWAYwMM1DJ"
    "/CN5JQBVkAFkIITAcj+AzSBvURCYXVyiHp6I7ArkZZYWT+GVRt7KbM+P1h8QTsIK6XjZoGRg2gnLhIODG/87Y0RW"
    "ET1pymVB1Qbwqe3WAFOWNy5Jfqdrm0QzXRHhJmYFp633cJIFha4Pygc8bm2xlTcOxyRS6UyDpKFzFiqV0gJ/ybGl"
    "iAAsJcx4oaAXO71OBvEJRMnGeYlJSP5loxeIAYdrDh2/BGGdeDaHkiVUX+DVT6hlDD1Lj8ClQO6M5TUZcs0w/yfs"
    "v5nL9QIFwi9Ye1ztHXMjNrVnXFlwOMpG0ZwGkDYYV55hB4gEhAKTugXoqVo7nIHm52pmeOnr9c3f2UhHKipZsRTn"
    "sVkGZ3i3ZXaOo/Bjvtq5fZEElDCgyPygH0RQ7sWqsP2e58H7xfZx5hxKnnVZTDLmzfPwO8zc+b4upQZJZ5lpDR2i"
    "9DMgQygbmh64rvtiywnhUmVXVeA1uHzJvwcMwFMSYT4i4XNOmZ/dGPI9jfduya5d41BM/q91tyYw2xLKW2TJoxEB"
    "eqJOuUNywrZAytqJqEfATv/zHmX+Q2B3/9LLS3ifBmBLGoajzNqaB5EHM14qI2OQBKvewhssU0XSXpDAKvsizqhw"
    "ZPoXB12+n6u1vUu1R6tjNJ2j4UMGoD4dC8dVmEGizNVfLofrWZp/TqLmxBx/9/U4vmICg93UtnCERLIHBkiRuMgJ"
    "YWP1L3U/grmEC6TzwbYFQEmqpnAQ+hS68CRmdXuLmcmdE+y+fo5q8R+ESq7Chc0NKzBRs2tP5O779Ya5lk5TxuCP"
    "kdlDB0v+8Fyt9dGM4S5S5q48VX2UsqSMgzjhalDq8oQfkMAnHx5q8FffvrmQ+PNm6NLxCR+ESgKikaqDjIyXQ6qi"
    "yDFeSA59AQtnB1gQFvodGiwr/V1SmgMXkQ7ixKbbkSsU2dqj0B5GFgWeK29XKMHYK5Ponj4HM43RlYDuz25oF0MK"
    "0m9pM5Lxcmh7NznvA0f8b5zOI+FMyiqhGxtY8cg6cTgFdAh4QGUKryccyW4TrpNz2VOHjeM7nA/SYiNM+J5aMnLA"
    "C2yobBJo0aJS7qd+Qcmx4H5NwPHLs1zLXH+6TGfvMp28N/mdNbuZYzK64K4on9mFjrPr6VDgi6e8oYKH9C6i+rvT"
    "/USaDIHeWjZQnSQIaLjpOvjt8oDnQx5iOZurb5U05eZ/pLewgkSurMhM9jLnXQHbyIek46mx87nXtTJVxV2VFN5R"
    "w6YIP8VNQwCfn5hSGws22xLgkThjs1iKdsbFoGeF3QMlJNs8jivavGZ80tMW5jN+P6DY3vdMvnnUdxik1KTjgKWk"
    "qBksQOGVFNR4S5rHNSnMoV0o/a6UIAAPO3d2uNyLtM48L32/qs1sntM5xkfiQQEvjIjaPdVjU5lJDMUdMUS1WzdU"
    "MXOhOLrrArBOb1KffrQY74lxX18VvXWjYubFoMX7DvDi9iqpt33fihuM6QGTwY4MKUiLQ6rAvLhvDA2eo0bLypcP"
    "HEnqOpJieaq9BV1QYqZbgFt6XFPpd/4MBPukC9PiUydO9/PycD9QDZhosoeTxWQTR2dKHpH2AKaiL3xNSAXQvhHm"
    "FJ1EXcXgHasxSvmxHpBibWi6JJEecjUjXXnYqbvzlHMCKt9aM/YZhDQyWUi6QNIgTWpevlOYe9FlZcbfmAI8+d13"
    "PKDx3fidRQAi9kuTY6B8OrMG8bRUoeejfd13iQcA6YYob2vyOTnsdPQLLw6ipS8ADtk4/ZA1fMWgTiw9P6hFslR0"
    "JjSyGK01NWYSTEWDqN5NDzVG6D4uLBs2um2NIw1hhG4TR+lSt5FlBE+fAph8OfpAD5ISwcn2h+7gjuFLXZUEOUxE"
    "UoOE4sVjA0U6r0ywpaH626ZsTO6fHAJqdjXEPZ1wi/wclHySLxZsEl8MNf/OH0s7X74dkpGL/DWG46UzHk4Xj4PD"
    "zil019kBW6Qex4+GqCJqgKYnhuHPLWH/iWKsEmfS++Peti24BYOT1xd6NOYgYMnvCWGVbmz9kE7bPRnQr3WnoRIm"
    "dECpzXl8vjgbe+i3VAA9Oi9fc+sGfltBTh1M8ZqSu9UtJCb3lOBTwqChwyvHAqdw1wdTV8dpcgJq2jZ/eOAo0s1N"
    "32jGct1T+0N6Qh0YFe8EG81IRWGDfN/Sai/vX6qf4BwHidEDBHAL7ChMGzuuLKtUGZ68ohCcnL4Rd6VSmxiYvkuk"
    "fnf6AgpIaf7MS11iTTHMvhgv+bZ8cXAUcu2+MqL8iBOC31eTK5CQQZ6knh8j/PBrcWrDSVSx39SJ+92Hu0df/jgv"
    "o421mX4RHxHFhRxY8Y5SJmjE+rf/AeeEdPQ="
)
