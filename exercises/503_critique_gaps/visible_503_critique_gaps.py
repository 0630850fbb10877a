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


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9WWtv28gV/StTfYmU0lrbeWwqr7tIs1g0wKJdJEGDwnCNETmUJiJnGM7QsrDY/vaee++QIp3AQBaFgcSQyHnc"
    "x7nnPvTbLK+0rWcrNXvT2mg/dyaoPT5F49T6oLSqfWEqtTVVoxrjm8qo0rpClZXeh0zpKnhlnaptqIwurNso7cLe"
    "tEHN9TrEVudxcaHi1rRG7XVQzqscK1sVW4NjfKny4d5cx3xLR3SN2tu4VYUNeFtbp6P1Ts1z72Jr1x1/e56pYHL+"
    "+GKxnGVqVtiytHlXxQP0eYYH5s60uQ0m4PvVb7NcV9UN9nhX0JPz0+UpFuVNN3oozyYnneMBxIp8yuzjVkdVdyGq"
    "tYESnSEdoB+E3dgY6JtWlXUmI7vssdrcmlb5tsBfrDuoELUrfiSB/2XNnvf2NoOBrtZkBeWUu16qtziw9Xu8gPno"
    "0HChYHD6Rtv4FS6ke2FqFxofzFK99238qki4p1C5rxs6gC0MZc8ytVwuM9x4os7Yjh/pjVOXyobPbZy7rl6TBnCV"
    "qaqwyFRrwlY3kMGrqxPsd/h3neFkBxcaeIvEs4Gvm8g2x+LzBVDj4eXC1nR5IGnlCclcaZhW39mQTSXVOGNj5g7X"
    "a3dQ/lbMeVy/nEGEma0bnKddbuAtQGS2A1oJ3jlwTMrVRjtgjB7923dqq2/JLMrcAanwks4J4b4VgK8UOQ8u29mq"
    "gsMrv4dRFM4IXWsKpTfaOtxvIyzg4/Bd4wsgL8HzBB5orANQ2bqAcxcZkmcv8NXpmkSdrVu/M+6GnUzLGp8gR0q0"
    "3bq1OeGPdOwSoq9/z9T/DdUWoGP/qsIjFsm0fWSqqKud0mvfxYx9SqhWpgrmuPZTV2yMcgZGASp2zu8Z4e/IYGrr"
    "qwKhn85HWGjVdk6Vra+Ve2ov4Omqq536lFaK0d1JFJFk4aelegeKUUZDUom5WgFxRiA0wIWN/M7ErnXqZ01Cdq4y"
    "IahT9cOlhMEP6lw9VW6pPpCWLBThTBDGK54SpvtP6s/KLRgUmkKOTTBae8L4ly3DOtHoK5h88TAmX4N9KRQG2+c+"
    "xLGJS9+1CEDmWomwfEuyELVGZk9yzAqQFG8QLEFTIR5dmj+EQ5jeloeb/v7HgOKzCRTfBjIfywmRAbSmgwG2uip7"
    "qmtav9ZrW9kIHnBHQOy9kigSqlR73wZiIoS3d2Z0GMSkjWSQ0rYhMlQ/6J2wKkU+xXbiZF4hUKn8Rsg0+DLW+m4i"
    "SejqGtuYmIKvE18TXdDl2IoF5q4ZmCv0K8gRsohfQTj2zz9dLwnR/IpOgPLLWoedKW5KENL8v6Jupk6sKxfL4Y75"
    "ydkCsEw7Jo+zJCegajYganwo7K0tcA3SPXQa0T3di/yw+HZm/TBAjfQH/UNRJgbkzNZutpFIgDRuKk0BvGf6seIZ"
    "9hMgsDW6SaDP4UJA7R5uz09HuO0Be1P5MCXQl4+B2o9bI/ymXpAeRav3LhOi5HzPtCdU85yj9iWD7hfvEyJ4r9g+"
    "LNXrsGMiERf2JcYe9AhrgeVidVAEAXIb1QsZ38gm5aTPmzkw4EQh7Z0xDbGCd9i754Is1RAILoq5daXdTko1NvQb"
    "3xwE/RfH40jMFbBzF29EtrmIsbhaZfzyepmCQ9AWfZtvlzVsZp2vra7mXGwg72+MM63G+0s8GVayYOnM4Uh1eSnS"
    "Zb1h7y34AxB9r+umknoVEWZQ1PKXZJUAVCFrk4DI26vjAhaDrEVOYDJwiSn4IJIrkJW5EngIr7TyRk57fLT+DHcS"
    "VqjsFgUlApMmnNVHeRb/W2OkCgqKCn14S1C1BXwquzPAlGXFJchvdWVTjUufiB8TEYLTNkc4yYXCrqNqH68bm+9k"
    "x3hNIpXW1AgaSosoKiks8JcMW0jOxlXCjBcK5V2rN0kgThgUbByXOISqtWywAjFg/5ldx5tQByeeXaLwJFRfYOsn"
    "tB6G3qVX4FIgd87VMAlyxTD/B+S/XsjnU9Tzv+Lu4bY3zI1Q6si4cmGfeYYaNy2gVD7cPIcG8ATyOpO6BeipuRqf"
    "QOdz89Fv+vZy5CcW0lHRk6RYifFYLIOU2+6YneNQpzFf7d2xpwFKGFAkftAHqf+OtaWw/ZHnwfv57n7kjCuUTZFP"
    "IubV4/A7xNz7riqkZUi5zDSGkih9DYgQioa6A66rLt9xQLjUiJUleA0mX/H3HgOwlHiYUyRs/qNk/sHlRxrv3IpN"
    "u0FSTPavdLshMNsChbJUEfdWhBq6p9ihcsI2QMrGSQ0Oh53/5x268kNgc//aySbspwVQSUNwdEU7c5DyYM5XZSQM"
    "gmDdWViDq0qpQC+oHiq6PM6pz2P6FwNdvluojb1NrUKjYzSto+V9BKCdHPq8dZijRFmov172n+fp/AUVNWfm5C/f"
    "juMPTGCQm6YMjpBI8kAA6elOl4SwoVmXNh3OXMEEMqhg2QKgJE1OGLk+uS48iFnd3OBkMucEu98/RnP3d0IlN83C"
    "5oYrMCk+N57I3XebLXMtZVPG4NvI7KGDJXt4bq66aAZ35yly156aNApZKmSDGOFDX1jLG35B9TjZcFwyv/zu1YX4"
    "n5Whj44zfBAqCfBGKuYzEl6SVEmeY7xQOfQVLDwbYUFY6As0WC7M96nS7LmI6iAObHocuaEQ1e65duxZ9GOuuFmj"
    "Y2KrTLx7/hjMNHhXHHrM3ahdDFWQfkfKSMRL0vZuku8De/xvHM4D4Uy6IKEbG7jikXtinwV0CHhBbQrfJxzJZhOu"
    "k7zsaSDG/u3zg0zECBO+owmKJHiBTU33MLToUunOU3tfsC94vBKQfvmUKznrT5cp965S5r1e3lqznzsmowseYnLO"
    "znWcX02XAl985DU1PFTvwqtfZPczmQkE2rWqUXVSQUDLTdvCbpcjng/LEIv5Qn2nZIa2+COjgDVK5NJKmclW5rjL"
    "IRvZkOp4msN87nSlTFnyECS5d6hhk4cf4qbegY9PTGnqBJltAfCIn6EsriLNuBn0XGF3QAmVbR7pipTXjE9620B8"
    "xu/7rh6NOJ7cGxP0pdRkQICrpKnpJUDjlSqo4ZHMeiuqMPvpnoynUoAAPGzc+fi6p+mexZLSF2fCUd8uRIiWPbVh"
    "0+qSiInnVnBmu6mpUeb+cLDSBdCcdtI0fRAU+0Smb2+GXruhUObLUIJ3LVDFQ1Aq2o7TJR4DphfMAXsSJKcSHBUK"
    "xIvH8U1vMBqHrH1xYAfSbJAKlYeGUCgHCpx0A0zLJGpa8b14BF590ITp8qkRp/o8H+uDYgEHTXQ4O50oMXum5BWV"
    "HIBS9LmvCKDA1xMhTCmPaPYXvOMiLD3qG4HUpVF5wsY9H44kzgVDGBpxO+B3+ktNP6anUSO9H1Xv2eBDrtwqTVOM"
    "5FxJ2Kpz0wzAVx+14Ry71U1jHCVcI9yUAloXuomcc/n4pHb/s1KZylHcCWwjBOM9tfjsXLetNX235Ee/J6FiRX+9"
    "6QjWPIkPx+n10JHMZc7EY0+bc7sPlvd5j/5srG8SW9yiSl3b6pCY/YhA+rZpNTLSBIOEJwbPi9Nnw3j1horte9z8"
    "PY8JfETI+N3oiJf0vNENyhmeXyBDkfcMEeUSF5yDXN+bqjxJh5OLk9o8k2Yv0cNtV2tGQdVRqy3zhxZhjD3BRjPg"
    "P2wBsh3d9vzuufoFxnFIZx1YGmaBHLlpYstdTJm6kLOX5IKz81dirtTWUdjTyDqNQtOPY4CM5l8AaSKpyYfZV/0l"
    "PztejGiX+8S1kSqDRpjBHzuXNbpSA5il+RIUziY/JKaRj3gV+qapzxe/6dz7UYihF22szPTH0gFR3DQgEG8pJIKG"
    "r3//H50Xz5A="
)
