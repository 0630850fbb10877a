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
    "eNq9WWtv28gV/StTfYmU0lrbeVZed5HuYtEAi3aRBA0KwzVG5FCaiJxhOEPLwmL723vuvUOKdAIDWRQGEkMi53Ef"
    "55770G+zvNK2nq3U7MfWRvu5M0Ht8Skap9YHpVXtC1Opraka1RjfVEaV1hWqrPQ+ZEpXwSvrVG1DZXRh3UZpF/am"
    "DWqu1yG2Oo+LCxW3pjVqr4NyXuVY2arYGhzjS5UP9+Y65ls6omvU3satKmzA29o6Ha13ap57F1u77vjb80wFk/PH"
    "F4vlLFOzwpalzbsqHqDPMzwwd6bNbTAB369+m+W6qm6wx7uCnpyfLk+xKG+60UN5NjnpHA8gVuRTZh+3Oqq6C1Gt"
    "DZToDOkA/SDsxsZA37SqrDMZ2WWP1ebWtMq3Bf5i3UGFqF3xAwn8L2v2vLe3GQx0tSYrKKfc9VK9xYGt3+MFzEeH"
    "hgsFg9M32savcCHdC1O70Phgluq9b+NXRcI9hcp93dABbGEoe5ap5XKZ4cYTdcZ2/EhvnLpUNnxu49x19Zo0gKtM"
    "VYVFploTtrqBDF5dnWC/w7/rDCc7uNDAWySeDXzdRLY5Fp8vgBoPLxe2pssDSStPSOZKw7T6zoZsKqnGGRszd7he"
    "u4Pyt2LO4/rlDCLMbN3gPO1yA28BIrMd0ErwzoFjUq422gFj9OjfvlNbfUtmUeYOSIWXdE4I960AfKXIeXDZzlYV"
    "HF75PYyicEboWlMovdHW4X4bYQEfh+8aXwB5CZ4n8EBjHYDK1gWcu8iQPHuBr07XJOps3fqdcTfsZFrW+AQ5UqLt"
    "1q3NCX+kY5cQff17pv5vqLYAHftXFR6xSKbtI1NFXe2UXvsuZuxTQrUyVTDHtZ+6YmOUMzAKULFzfs8If0cGU1tf"
    "FQj9dD7CQqu2c6psfa3cU3sBT1dd7dSntFKM7k6iiCQLPy3VO1CMMhqSSszVCogzAqEBLmzkdyZ2rVM/axKyc5UJ"
    "QZ2q7y8lDL5X5+qpckv1gbRkoQhngjBe8ZQw3X9Sf1ZuwaDQFHJsgtHaE8a/bBnWiUZfweSLhzH5BuxLoTDYPvch"
    "jk1c+q5FADLXSoTlW5KFqDUye5JjVoCkeINgCZoK8ejS/CEcwvS2PNz09z8GFJ9NoPg2kPlYTogMoDUdDLDVVdlT"
    "XdP6tV7bykbwgDsCYu+VRJFQpdr7NhATIby9M6PDICZtJIOUtg2RofpB74RVKfIpthMn8wqBSuU3QqbBl7HWdxNJ"
    "QlfX2MbEFHyd+Jrogi7HViwwd83AXKFfQY6QRfwKwrF//ul6SYjmV3QClF/WOuxMcVOCkOb/FXUzdWJduVgOd8xP"
    "zhaAZdoxeZwlOQFVswFR40Nhb22Ba5DuodOI7ule5IfFtzPrhwFqpD/oH4oyMSBntnazjUQCpHFTaQrgPdOPFc+w"
    "nwCBrdFNAn0OFwJq93B7fjrCbQ/Ym8qHKYG+fAzUftwa4Tf1gvQoWr13mRAl53umPaGa5xy1Lxl0v3ifEMF7xfZh"
    "qd6EHROJuLAvMfagR1gLLBergyIIkNuoXsj4RjYpJ33ezIEBJwpp74xpiBW8w949F2SphkBwUcytK+12UqqxoX/0"
    "zUHQf3E8jsRcATt38UZkm4sYi6tVxi+vlyk4BG3Rt/l2WcNm1vna6mrOxQby/sY402q8v8STYSULls4cjlSXlyJd"
    "1hv23oI/ANH3um4qqVcRYQZFLX9JVglAFbI2CYi8vTouYDHIWuQEJgOXmIIPIrkCWZkrgYfwSitv5LTHR+vPcCdh"
    "hcpuUVAiMGnCWX2UZ/G/NUaqoKCo0Ie3BFVbwKeyOwNMWVZcgvxWVzbVuPSJ+DERIThtc4STXCjsOqr28bqx+U52"
    "jNckUmlNjaChtIiiksICf8mwheRsXCXMeKFQ3rV6kwTihEHBxnGJQ6haywYrEAP2n9l1vAl1cOLZJQpPQvUFtn5C"
    "62HoXXoFLgVy51wNkyBXDPN/QP7rhXw+RT3/K+4ebvuRuRFKHRlXLuwzz1DjpgWUyoeb59AAnkBeZ1K3AD01V+MT"
    "6HxuPvpN316O/MRCOip6khQrMR6LZZBy2x2zcxzqNOarvTv2NEAJA4rED/og9d+xthS2P/I8eD/f3Y+ccYWyKfJJ"
    "xLx+HH6HmHvfVYW0DCmXmcZQEqWvARFC0VB3wHXV5TsOCJcasbIEr8HkK/7eYwCWEg9zioTNf5DMP7j8SOOdW7Fp"
    "N0iKyf6VbjcEZlugUJYq4t6KUEP3FDtUTtgGSNk4qcHhsPP/vENXfghs7l872YT9tAAqaQiOrmhnDlIezPmqjIRB"
    "EKw7C2twVSkV6AXVQ0WXxzn1eUz/YqDLdwu1sbepVWh0jKZ1tLyPALSTQ5+3DnOUKAv118v+8zydv6Ci5syc/OXb"
    "cfyBCQxy05TBERJJHgggPd3pkhA2NOvSpsOZK5hABhUsWwCUpMkJI9cn14UHMaubG5xM5pxg99VjNHd/J1Ry0yxs"
    "brgCk+Jz44ncfbfZMtdSNmUMvo3MHjpYsofn5qqLZnB3niJ37alJo5ClQjaIET70hbW84RdUj5MNxyXzy+9eX4j/"
    "WRn66DjDB6GSAG+kYj4j4SVJleQ5xguVQ1/BwrMRFoSFvkCD5cJ8nyrNnouoDuLApseRGwpR7Z5rx55FP+aKmzU6"
    "JrbKxLvnj8FMg3fFocfcjdrFUAXpd6SMRLwkbe8m+T6wx//G4TwQzqQLErqxgSseuSf2WUCHgBfUpvB9wpFsNuE6"
    "ycueBmLs3z4/yESMMOE7mqBIghfY1HQPQ4sule48tfcF+4LHKwHpl0+5krP+dJly7ypl3uvlrTX7uWMyuuAhJufs"
    "XMf51XQp8MVHXlPDQ/UuvPpFdj+TmUCgXasaVScVBLTctC3sdjni+bAMsZgv1HdKZmiLPzIKWKNELq2UmWxljrsc"
    "spENqY6nOcznTlfKlCUPQZJ7hxo2efghbuod+PjElKZOkNkWAI/4GcriKtKMm0HPFXYHlFDZ5pGuSHnN+KS3DcRn"
    "/L7v6tGI48m9MUFfSk0GBLhKmppeAjReqYIaHsmst6IKs5/uyXgqBQjAw8adj697mu5ZLCl9cSYc9e1ChGjZUxs2"
    "rS6JmHhuBWe2m5oaZe4PBytdAM1pJ03TB0GxT2T69mbojRsKZb4MJXjXAlU8BKWi7Thd4jFgesEcsCdBcirBUaFA"
    "vHgc3/QGo3HI2hcHdiDNBqlQeWgIhXKgwEk3wLRMoqYV34tH4NUHTZgunxpxqs/zsT4oFnDQRIez04kSs2dKXlHJ"
    "AShFn/uKAAp8PRHClPKIZn/BOy7CKNKHNkB6tH7WkmpzCfzz4WwiX1CFoVm3A5CnP9n083qaOdL7URmfpX4teZTr"
    "uErTTCO5WtK36tw0H/D9R90442510xhH6dcIU6Xw1oVuImdgPj4ZIRPF++pEBtD0BAr2P0CVqXCFPIgCBGu8pzff"
    "m+u2tabvq/zolyfUtujENx0FAM/sw3HOPfQuc5lI8YDU5jwYQD7weR8n2dgWSSVxoCp1batDygFHrNK3TauRuyZo"
    "JeQxzF6cPhsGsTdUlt9j8Vc8UPARweV3oyNeEfYa3aDw4UkHchm51xClLnHBOWj4vanKk3Q4YSCpzdNr9iA93Ha1"
    "ZphUHTXlMqloEfDYE2w0Q6SELeC4o9ue3z1Xv8A4DomvA5/DLJAjN01sud8pU79y9pJccHb+WsyVGkAiCBpup6Fp"
    "+hkNcNL8WyHNLjX5MPuqv+QHyosRQXNHuTZSj9CwM/hjj7NGjBhAME2ioHA2+ckxDYfEq9A3zYe++PXn3s9HDL1o"
    "Y2WmP6sOiOL2AkF7S+ESNHz9+/8Azcjeqw=="
)
