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
    "eNq9WQuP28YR/iuLA5pQNk++ly+tzufgkNZtgaIt0gBpezjIK3IkbkRyebvLk4U0/e39ZnZJSef4AheOAcM4Lpe7"
    "8/jmm4d+PCpqbZqjmTr6xrae3IMO5oFUqBz5ytalV4X1QWnlg3VbtTR1IKdqE0JN6r7X+GubK92WSpcP5Lx2Rtcq"
    "OG1a065UaftFTR7n4UzT4D+LM3i3WmpT945UdnrOq2eXqjFtH7B5Y0KFDcHaOldnJ/z24kJWbR8mwx9KL5dUBL6l"
    "I7e0rtFtQcq2ctmKWnIaMn/pld20Ch90ffAq0wsP6YowmR7l6qg0y6Up+jpsYYJzLNA7coXx5PF8++NRoet67qmw"
    "bckrZyfTE2wqun5vMa4dnHSGhcq0QU45+r6ynpQvLGyqSipMSWpTEcR0gwmV8WpNXZhBeN5slwo3i9EN+VxZx0ve"
    "NvQ1i/0dXMFaer2kYdOXww2mVdoX1JZsGutKctFBpoXl+a5a+zBVf7IbBZNtDw6BZ/lvZ4pQb9WCamwiXVRyK2ys"
    "Ah9/+yxedcuf3k371tz3lE2mwdbGh2yS8113M+Uo9A7+gDyQ3bJcKtv/VL1ScITvm2yiXogg6eH1NcxB3dEdrjVN"
    "Z11g58KaL7GwBoAYsYUtieVqSDPYeOkPwOCIUti0hfwV1SVjKBqs2YOtt4AZO44cMXYWFDZEbfrexwMY/GM44C8d"
    "1AZ6NPaBSsFQgi2uP2XpWlzBoozfzGG3ebqT93c2IeMCD65fwNgME1a1T8C7+ylX/zf4zg/A9wZO21SmqFTH+pig"
    "fugR0D4Y4Kurde8NIjSPQdc5u9ALI4jUdVfpF0AyTOeJ2FhL2gxh679WN8AUFhlDAo+/Z/8Uv03UtTpVx4qfX+EZ"
    "f55OpuofFrFJatm3CFpgYXz9H9UBMUsoy4AFvDp4BkwENC4shAKS/UxVugYv3ULb0zvVtxCfdWmIAisFhtFuRUEc"
    "YiCAdrpdUbZWz3E5H7qsrQ6XF1eqtqvjorIcZQvEwko3jb5SGZbnafm5MuoZ78u6CR6yFhqYSVw67bLjbjKZ0rsu"
    "S8i9Snd70TqZLdpTdOezN5PIkYcvs8qsKhDRx6L83+Ts6AjBeAFmSLzZqgp2hov7DrwIE/ZtOVN6wZR5Pv0KeH8A"
    "AZWsPEdE2zcLEnYJTN3+EaTP9iFN70Ccc0CL80R9gOXLXwfLh0T656VACChtugB2qUnjElgY6nc1CaygCFKGGBux"
    "yxSLR1nMUxxsCFbnAEbyATA2HNGOdMkRD6ALlr+B1cYbSjmO7Y0/d1d5xYTI7JgkijQb7QsuWfIFW9srDVLSKxLL"
    "sheuB6Z+tSOWq50/r1XGu75QVe8SO54CZKMw15zMxmWGBes3fv5itxNJBiKMj69h4fexdvE01v4FBfDoOVWLqXQy"
    "Voy9XBgyvSh1QKFAAcEK7MFAoA5WbpYM5CN9mvbBBFIPxtZCu4UYm2O0r+unKDXyMoFRo7Kfg01PDxB4A/W0g8dr"
    "a9deQZnLk5MxebZ4F9MMGCEIGloi1FBCfFHmmHhLS8kYjCftUvDyPhBXaZtYbwkWv+1jSVMQGFuHoIv1HM/zBZw6"
    "T6mOr2K3yMalcQj/sLHI5u1wD8iyc6yHGPjblJlZ1oqv5/jnBzGFfBfRzJQn8ZOlVyiqCBiLd/DDRDmmGJIcqwEF"
    "eDWxyi8wm279htwjvN0M2VukZqOx+QoJ1UAssu29qLuzE9s+7mQP1Jy7NnoL96xQhnKyAzsubLll4aLnZsyTKS5R"
    "FGz9UNJGnmRTbCxrWMDIjyF5sgfJ6A9AUsx4AMizDwLyw7XBI4b9hNx5wwql+mVlY5nY9b7CXwNRMvqYWtT3vClB"
    "lGRZPgONcFLGlUgVC1hD4PkX2BO5JlbdTpeGEMwJTh3U5Ee5GidEsqx1kdDl+4UU44zOJSgiGl4Q5BAlOIW/jJAd"
    "zz4er5muNAueSZGyBuHcznKFf3+FyHeTj6a6v7V7GnBWBcQ4yBF251+dsR2ORREqueDgEj1GKZe7PnD0YY13ohpm"
    "TD6FG2iOEiz0nEjmDNMD6Jz/Olx28agtES9LilqzunoZEgpGK4jfeQPzWCyG/TrGVfSgMH/DFaVkOn4pEURSiMem"
    "MbVkDbW9IOZNjaih1KdxhDJzJOpbS9OyjCBBydXOBQEow8T0Q++XArRM5MYMpmsmQClqXILXRtdrTrG2X1UMMYY8"
    "Al5895bFeXuVlGY2KAo0YBTdmyN/r7g4iK1oi8J3BJ2oMGZ+nJergkWKHcaiL1ELzoYUn3J9xodSiXx9uO6nkqMz"
    "iyiox13SP2FvFAnarYAiZZaig09t2X58yVmi8gJGWF/x3taKcMjFkn9ydkb38bUm5/8KcS8mimQ3cDM+it2mNAYV"
    "kgBy8wD+oSYYlj/E26DNEowNNtw8VXryMGAe7z+IlN99mGTfD7FPSKcxie9iZ+jnh0EJ3BRbLNP+0DsD3ffCyy6l"
    "ZYkA5mayqLhbKSU6fu/0RupCZl04Ya/MlPqiMR7pK5ay0SBDYbtHrHEh0jpfM3A6n91ybKqVeUj8Lj1xZGi2kggh"
    "N12n8/0t+wyqZzeTuyuR4hb0nMcL77hgfW/tuRq+QQGVgngyUb8Z/kYfpoFjDoSE/UKH7DZdmMsld5PJx9er30kB"
    "JBWE9GSpexXG3rRqUfP0yXc2+GQoLpFhhi33mVc7E5OXCcSYmYrUn0Zic1Kyic3a6OLtY/QeVAm72dgcKZ47CH8A"
    "45efYxSwS+tjLO+qLO5yBKBc0A4xHKTkHEuiWPRhg2Dkj3bkVn7J32xjLS8E63uwl9jx/YHU3vQpeRxdmaMUMsgX"
    "MqNILdQ4f2LSvefTkni36YrdBAq027sHg9JJPYtDiGwnBhS95zFTNl7J5D6o+voab6+GkdV9rDnH015dw7wveZhA"
    "x6AcAJcL0uXHw/NNMnUSIbY+OrGlwFBz9vL2YGS6m5YWcN2Chq6hfDyyegqEDbKLbudJ4c8Pv5tUjSfqck2sG4Yq"
    "gNVKjWaZcwKTBl1aSl0zazZ6y7O8jgfDsUmvCAiGZRy6HB/ROVMpvvaQKAWrrR9PqSNTCgN2LlVvb3kI+1ZZZkiu"
    "+yIPQ1Y/VWCWNjlM+jtOq0kZKdvr7UDu4jq0X/ydJGzH1an4pgPhNUVLjXZz+SpjjswGEb9Q/92TMA2YpB7Apv0J"
    "Ozamb4ZNAC9elwbV9GI7k1qNTZOzNKh71Cv20EvRWcz9Wp0kIPNWzr/tx1cHN/GsaK9WEbcyx+KzJF0uZT8v78au"
    "MFsyYBzTPKorxHrDDwgxWXm9maU2Fh8p+c0iPkuK8xIWgHx4qoRwVJs03Jw7Yh0PYuC3H64k3p97PYqlTxclTzog"
    "iXfogkONL04ONP4FLY/OVHwzO3BDgjD6PURW+gUlVyX5An0flZGd4kwB8VAzC4E4O9KBQxfu5Xo5ujgNljn9xso4"
    "l7/3WDlCQEysBhOLG/dkS4360M/vWvNBVJ6FJA7M49SYRxOJ4odT/aNjR+YR+MqIJYVhxiExrvLhEwFymu1wlzCO"
    "TQ5+PmH6yMcfsHgKi5x1oNVpvH42Mr6UJSkbyyRil28lCnDXoJhpi7qXLBq7njFxx687Zx9omGQcXsZsBI7zPLXc"
    "VNuUzXe/kiQC4FyzSD8rZQMc4nu0/OJcKSkH/nOqND4OA3ggmvNwsK9pvx/uyHb8+4JMEYaoRkVWptpul2juUpNP"
    "7iCIOCAE/ZcnZ3MemM9x+5r8HCzgvVmaNELaBX2MARtoYe1676xLXu90hw94iG5oVUMXgiHrKS46Q4V/83M/YnL9"
    "zRcfx4vVHpFIbDmULve98SbQGMO+cn27loJ0Q/VDmhwc9j4/Zy6piiGWvNxpKJOF/ASlmUyvE3UOtcve98kMVxHO"
    "wpNmgJQUreOcWOYXMcQHhMVgHEac8nNfRY1UIwj1WAyJ2Fw4IxxL3j3EjIA+Mj0nAMEf2q+aYp7YN+Ce5376H5xB"
    "PPE="
)
