"""The tests of unit 602 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import pytest
import torch


@pytest.mark.exercise("tool_attack")
class TestToolAttack:
    @pytest.mark.visible
    def test_two_edits_bring_a_score_of_four_down_to_one(self, submission):
        weights = torch.tensor([0.0, 1.0, 2.0])

        def score(tokens):
            return weights[tokens.clamp(0, 2)].sum(1)

        def gradient(tokens):
            return weights.expand(len(tokens), 2, 3)

        def oracle(tokens):
            return tokens[:, 0] > 0

        start = torch.tensor([2, 2])
        tokens, queries, success = submission.tool_attack(
            score, gradient, oracle, start, 1.5, 50, 2
        )
        compare.equal(
            tokens.tolist(),
            [1, 0],
            what="the story that the attack ends with",
            hint="first place 1 becomes word 0, since word 0 at place 0 is not injurious; then place 0 becomes word 1",
        )
        compare.equal(int(queries), 7, what="the queries", hint="1 for the start, then twice 1 + 2")
        compare.equal(bool(success), True, what="success", hint="the last score, 1, is below 1.5")


@pytest.mark.exercise("adversarial_examples")
class TestAdversarialExamples:
    @pytest.mark.visible
    def test_one_attack_comes_first_and_three_near_misses_follow(self, submission):
        attacks = torch.tensor([[0, 1, 2, 3]])
        tokens, labels = submission.adversarial_examples(
            attacks, lambda tokens: tokens[:, 0] == 0, 4, 5, 0
        )
        compare.shape(tokens, (4, 4), what="tokens", hint="n rows in all")
        compare.equal(
            tokens[0],
            attacks[0],
            what="the first row",
            hint="the attacks themselves come first, in order",
        )
        compare.equal(
            (tokens != attacks).sum(1).tolist(),
            [0, 1, 1, 1],
            what="the number of changed words in each row",
            hint="a near miss changes exactly one word",
        )
        compare.equal(labels, tokens[:, 0] == 0, what="the labels", hint="ask the oracle")


@pytest.mark.exercise("threshold_for_quality")
class TestThresholdForQuality:
    @pytest.mark.visible
    def test_the_worked_example_gives_the_third_safe_score(self, submission):
        scores = torch.tensor([0.1, 0.9, 0.2, 0.3, 0.4])
        safe = torch.tensor([True, False, True, True, True])
        compare.close(
            submission.threshold_for_quality(scores, safe, 0.5),
            0.3,
            what="the threshold that keeps half of four safe stories",
            hint="0.1 and 0.2 lie below 0.3: that is half of the safe ones",
        )


@pytest.mark.exercise("exact_interval")
class TestExactInterval:
    @pytest.mark.visible
    def test_no_failure_in_ten_leaves_up_to_31_percent(self, submission):
        low, high = submission.exact_interval(0, 10)
        compare.close(low, 0.0, what="the lower end of exact_interval(0, 10)")
        compare.close(
            high,
            1 - 0.025**0.1,
            what="the upper end of exact_interval(0, 10)",
            hint="(1 - p) ** 10 = 0.025",
        )


@pytest.mark.exercise("attacked_share")
class TestAttackedShare:
    @pytest.mark.visible
    def test_the_answer_is_a_share_and_a_whole_number(self, submission):
        answer = submission.attacked_share()
        if (
            not isinstance(answer, tuple | list)
            or len(answer) != 2
            or not isinstance(answer[0], float | int)
            or not 0 <= answer[0] <= 1
            or type(answer[1]) is not int
        ):
            compare.fail(
                "attacked_share must return (share from 0 to 1, whole number of powers of ten).",
                hint="such as return 0.3, 2",
            )


@pytest.mark.exercise("substitution_gain")
class TestSubstitutionGain:
    @pytest.mark.visible
    def test_the_worked_example_loses_three_tenths(self, submission):
        got = submission.substitution_gain(torch.tensor([[[0.5, 0.2]]]), torch.tensor([[0]]))
        compare.close(
            got,
            torch.tensor([[[0.0, -0.3]]]),
            what="substitution_gain of the worked example",
            hint="word 1 in, word 0 out: 0.2 - 0.5",
        )


@pytest.mark.exercise("median_queries")
class TestMedianQueries:
    @pytest.mark.visible
    def test_the_worked_example_has_the_median_five(self, submission):
        queries = torch.tensor([2, 3, 5, 5, 8])
        success = torch.tensor([True, False, True, True, False])
        compare.close(
            submission.median_queries(queries, success),
            5.0,
            what="median_queries of the worked example",
            hint="S(2) = 4/5; three attacks have 5 queries or more, so S(5) = 4/5 * 1/3",
        )


@pytest.mark.exercise("reliability_report")
class TestReliabilityReport:
    @pytest.mark.visible
    def test_identical_arms_show_nothing(self, submission):
        same = {
            "failures": 0, "released": 100, "kept": 0.98, "examples": 10,
            "success": torch.tensor([True, False, True, False]), "queries": torch.tensor([5, 9, 7, 9]),
        }  # fmt: skip
        report = submission.reliability_report({"base": same, "control": same, "adversarial": same})
        compare.equal(report["verdict"], "not shown", what="the verdict on three identical arms")
        compare.close(report["gain"], 0.0, what="gain of identical arms")
        compare.close(
            report["p"], 1.0, what="p of identical arms", hint="no start tells them apart"
        )
        compare.close(
            report["arms"]["control"]["attack"][0], 0.5, what="attack rate of two of four"
        )


@pytest.mark.exercise("filtered_failure")
class TestFilteredFailure:
    @pytest.mark.visible
    def test_the_worked_example_fails_half_of_the_time(self, submission):
        scores = torch.tensor([[0.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0], [2.0, 2.0, 2.0, 2.0]])
        hurt = torch.tensor([[True, True, False, True], [False] * 4, [True] * 4])
        got = submission.filtered_failure(scores, hurt, 1.0)
        compare.close(
            list(got),
            [1, 5, 0.5, 1],
            what="filtered_failure of the worked example",
            hint="the first prompt fails always, the second never, the third is silent",
        )


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9WQ1v47YZ/itEgLVy66RJLpe2zuWKoFu3AcM2dAW6LQh8tERbrGVRR1Jxja777Xuel5Rs53pX3NAWOBwiiiLf"
    "j+d93g//cFI22m5OZurkS9cG4x91tI9GxdqbULumCqp0ISqtQnR+p5a2icarxsbYGPW61/hrN1W6rZSuHo0P2lvd"
    "qOi1bW27UpXrF40JOA9n2g3+cziDu9VS26b3RhUXz7h6ea02tu0jNm9trLEhOtdM1eU5315dyarr42T4Q+nl0pSR"
    "t3TGL53f6LY0yrVy2cq0xmvI/GFQbtsqfND1MahCLwKkK+Pk7GSqTiq7XNqyb+IOJniGBfO98aUNJuD5/oeTUjfN"
    "PJjStRVXLs/PzrGp7PqDxbR2dNIlFmrbRjnl5NvaBaNC6WBTVZnSVkZtawMx/WBCZYNamy7OIDw3u6XCzWJ0a8JU"
    "Oc+l4DbmC4r9DVxBLYNemmHTh8MNtlU6lKataBrnK+OTg2wLy/OuRod4pv7ktgom2x0dAs/yb2/L2OzUwjTYZHRZ"
    "y62wsYo8/v6jdNU9P30461v7ujfF5Cy6xoZYTKa862GmvIm9hz8gD2R3lEsVh5+qFwqOCP2mmKhPRJD88PIW5jDd"
    "yQOutZvO+UjnwprPsbAGgIjY0lWGcm2MJti49AdgcEQpbNpC/to0FTGUDLY5gG1wgBkdZ7whdhYmbo1p8/chHUDw"
    "j+GAv3RUW+ixcY+mEgxl2OL6C0rX4gqKMn4zh93m+U7u71xGxhUefL+AsQkTqtpn4D38OFX/N/ieHYHvKzhtW9uy"
    "Vh31sVF91yOgQ7TAV9foPlhE6DQFXefdQi+sIFI3Xa0/AZJhumAMjbU02yFswxfqDpjCIjEk8Ph78U/x20Tdqgt1"
    "qvj8As/482Jypv7hEJtGLfsWQQssjK//ozogZgllCVjAq4NnwERA48JBKCA5zFStG/DSPbS9eFB9C/Gpy8aYSKXA"
    "MNqvTBSHWAigvW5Xplirj3E5D102TsfrqxvVuNVpWTtG2QKxsNKbjb5RBZbnefljZdVH3Fd0EzwULTSwk7R00RWn"
    "3WRyZr7viozcm3x3EK2z2ZI9RXeevZ0kjjx+WdR2VYOI3hfl/zbejY4QjJdghsybraphZ7i478CLMGHfVjOlF6TM"
    "Z2efAu+PIKCKyjMi2n6zMMIukdQdnkD68hDS5nsQ5xzQYp5ojrB8/etg+ZhI/7wUCAGlmy6CXRqjcQksDPW7xgis"
    "oAhShhgbsUuKxaMsTnMcbA2szgBG8gEwtoxob3TFiAfQBctfwmrjDZUcR3vjz/1VQZEQyY5ZokSzyb7gkiUv2Lle"
    "aZCSXhmxLL1wOzD1iz2x3Oz9easK7vpA1b3P7HgBkI3C3DKZjcuEBfUbP/9kvxNJBiKMjy9h4TexdvVurP0LCuAx"
    "MFWLqXQ2Voq9qTBkflHpiELBRAQrsAcDgTqo3CwbKCT6tO2jjUY9WtcI7ZZibMZo3zTvotTEywaMmpT9Ldj04giB"
    "d1BPe3i8cW4dFJS5Pj8fk2eLdynNgBGioKE1BjWUEF+SOSXeyplsDOJJ+xy83Afiqtwm1VuCxa/7VNKUBowt3+gY"
    "dblOVdUCrh0SXpESNgunedqTaIcOk81L60EMceuQ59tBAtBo56mhmP7rnLOpRU3ByAx8ECPJdwnnJEOJrCK/Qrll"
    "gL50Bx8mypN8jGRfDZDA35lvfobzdBu2xj9B4t2gpkhNc9KwpQRxNBTZ9UHU3VuQXkk76ZuGWW2rd3DcCgUq0yB4"
    "c+GqHYVLPp2RQXPEolzYhaHYTQxKU2wdNSxh+KdgPT8Aa3IAwCpmPILq5Vuh+vaq4Qn3/oKsekeFcmWzcqmA7PpQ"
    "46+BQolLko76lpsyeI0sy2cgGKZrXIkksoA1BLh/gT2RhVI97nVlDcI8w6mDmnyUq3FCotFGlxldoV9ImU50LkEe"
    "yfCCIA+I4xR+mSA7nn06XnO20hS8kPJlDSq6n00V/v0VIj9M3psE/9YeaMB8C4gx/BGQzz69pB1ORRFTsRRh8Z7i"
    "l4VwiIw+rHEn6mRi8l24geYozmLPFDMnTI+g8+zXYbmrJw2LeFmS15rq6mXMKBitIH7nBjJcKpPDOsVV8qDkhA1r"
    "TcmBfCkRZKRET+1kbtY2pu0FMV81iBqTOzhGKJkjk+Ja2pllAgmKsXYuCECBJqYfusIcoFUmNzKYbkiAUu74DK+t"
    "btZMvq5f1YQYIY+AF9+9ojivbrLSZIOyRGtmknunyOwrlg2pSW1REo+gExXGmgDnTVVJkVLvsegrVImzlPwFOzwP"
    "xw5EhVOpK104RQTGfceWErmEHIKiycTUOlV8A2w7fyYbUEUnUWUnalIgTNml6BdyM3cYe1kQmGMBA61vuBdnUnBk"
    "cMlaUwrXvX+FyqqhBieI+RIRDryNj1KPKu1EjQSBjD4ExlBJDMtv43RQagU2B1Nu31WwHmTCoyj6/O0E/Gb4/YJU"
    "m1L/Pq6GKcAwXoGbUmNm2+96b6H7Qei5pTQ6CdxsQcuaPU4lkfN7r7dSTRImcMJBcSpVycYGpLZUACeDDOXwAemm"
    "hUT5vGbge57dMm7Vyj5m7pdOOrE3rSRCyE23Q3lyT59B9eJu8nAjUtyDuqfpwgeWuW+sfayGb1B25QCfTNTvhr/R"
    "vWngmDVyCoSi1LG4zxdO5ZKHyeT9q9xv6rGIkk4u97zC5ttWLRrOrELnYsiGyvG4Y3d6szexCTK3GLNWmbvaRHpe"
    "Cj2xWZtcvHuK3qMKYj9RmyP9s+8IRzB+/lsMEPYpf4zlfQXG3kgAyjJ4iOHIQnVfLqWCEBsEI390I+/yJb/ZpQ5A"
    "yDf0YDCx45tjrIOZ1VABb+mHFDLIJTLZyI3XOLUiIb/maVm8+3zFfm4FSu79o0VZpT5Ko4tiLwYUfc3hVDFeSeIf"
    "VH15i7c3w6DrdapHx9Ne3MK8zzmCMKegHACXxery/eH5VTZ1FiE1TDqzpcBQM7MFdzRo3c9YS7huYYZeo3o66HoX"
    "CDdIUrqdZ4V/e/jd5Uo9U5ffpJpiqBCoVm5PqykTmLT10ojqhqy50TtOADt2Ram1rw0QDMt4dEAhoXOmcnwdIFGK"
    "Wdc8nW0nphQG7Hyu7F5xdPtKOTKkliaNPAxZw5kCs7TZYdIVMq1mZaSkb3YDuYvr0JrxO0nYnpWr+KYD4W3K1my0"
    "n8tXBTmyGET8QP33QMI8lpIpLDYdzuWxMX8zbAJ48bqyqLQXu5nUcTTNlNKgJlIv6KHnorOY+6U6z0DmVubf9v2r"
    "g7t0VrJXqwzbnFPxWZZuKi0Bl/fDWpgtGzANd57UFWK94WeHlKyC3s5yi4uPlPzSkZ4lxQUJC0A+vquE8KaxeSQ6"
    "94Y6HsXAZ2+vJN6clj2JpV8uSt7pgCzesQuONb46P9L4Z7Q8uVTpzezIDRnC6AURWfl3l6mqTCjRE5oqsVOaNyAe"
    "GrIQiLMzOjJ04V7W0snFeRzN9Juq5qn8fcDKCQJiYjWYWNx4IFtu4odef9+2D6IezE6madbMsUWm+OHU8OTYkXkE"
    "vjKYyWFYMCTGVR4+ESDniZCU+sNI5ehHF9LHdPzZi7Nb5KwjrS7S9bOR8aUsydlYmoF9vpUowF2DYrYtm16yaOqI"
    "xsSdvu68ezTDlOP4MrIROC5w1rmtdzmb739byQTAXLPIP0YVAxzS+wj96FwpKQf+86qyIQ0KOEadcqTYN+awV+6M"
    "6/irhEwYhqhGRVbl2m6faB7yAMD4oyBiQAj6r88v5xyzz3H72oQ5WCAEu7R5vLQP+hQDLpqFc+uDs6653ukOH3D0"
    "bs2qgS4GhmzOcNElKvy7n/rpk/U3Lz5NF6sDIpHY8ihdXvc22GjGGA6179u1FKRb0zzmqcJx7/NT5pKqGGLJy72G"
    "Mveefnb9eZp5Z+ocapeD77MZbhKchSftACkpWsfpssw2UogPCEvBOAxG5UfC2mykGkGop2JIxGbhjHCsuHuIGQF9"
    "YnomAMEf2q/GpDxxaMADz/34P9lVUJ0="
)
