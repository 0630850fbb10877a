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
        compare.equal(
            int(queries), 7, what="the number of queries", hint="1 for the start, then twice 1 + 2"
        )
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
        compare.close(
            low,
            0.0,
            what="the lower end of exact_interval(0, 10)",
            hint="with no failure the lower end is 0; low comes first, then high",
        )
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
    "eNq9WQ1v5LYR/SuEgSbaRN7YPp+TrM8XGEnTBijaIj0gbQ1jjytxV8xKoo6kvFmk6W/vmxlK2vXlHFyRBDgcvBRF"
    "zsebNx/68aSotW1OFurkS9cG4x90tA9GxcqbULm6DKpwISqtQnR+r9a2jsar2sZYG/Wm1/hrnyvdlkqXD8YH7a2u"
    "VfTatrbdqNL1q9oEnIczbYP/HM6g3Wqtbd17o7LzZ7R6caUa2/YRm3c2VtgQnatzdXFGTy8vedX1cTb8ofR6bYpI"
    "t3TGr51vdFsY5Vq+bGNa4zVk/jAot2sVXuj6GFSmVwHSFXE2P8nVSWnXa1v0ddzDBM+wYH4wvrDBBPy++/Gk0HW9"
    "DKZwbUkrF2fzM2wquv5gUdaOTrrAQmXbyKecfFe5YFQoHGyqSlPY0qhdZSCmH0yobFBb08UFhKfNbq1wMxvdmpAr"
    "52kpuMZ8QWK/gitIy6DXZtj04XCDbZUOhWlLMo3zpfHiINvC8nRXrUOcqz+7nYLJ9keHwLP0t7dFrPdqZWpsMrqo"
    "vlDfvHWq2rtetcaUqnURMOlb+KQ1Ozbsg657EpyXg7pJwt3RZffzvrVvepN5E3vfLmXPzSvfm9m12jhCn+s3lVq5"
    "WEH2ku/sO1ZZNl8reZeX1tYDonyjAg5gW1tUKgt9Q0abXoI+eGyUBYg+YbXn2JPN1MsbGN90uTI1bA87zU/uoYNt"
    "OucjoQpufI6FLZBLoVK40pCSjdGEclr6I8A/hgec2cJwlalLAq94qjmIl+CAb0KM8YZAuzJxZ0yb3g9yAEXdGIf4"
    "S0e100E17sGUbOMUL7j+nKRrcQWJMr6zhLbLdCft71yC5CV++H4FLxM+SdU+If7+p1z936h/doT6r0dPdKSPjer7"
    "Hm4K0QLYXa37YEENuUR7591KryyHgq67Sn+CEILpgjFkrLXZDXwRvlC3ADMWCbwcDX/P/skunAFm5+pU0e8X+I0/"
    "z2dz9Q8HUgAy+hZsAXoYH/9HdbMc59Y14QthAwQQBSIMCHkKYA8LVekahHgHbc/vFWBka9KlMSaSUqA27TcmskMs"
    "BNBetxuTbdXHuJwOXddOx6vLa1W7zWlROQrvFYJwo5tGX6sMy8u0/LGy6iPal3Uz/MhaaGBnsnTeZafdbDY3P3TZ"
    "THB7ne4OrHUym9iTdaezdzMh5+OHWWU31ez9Uf5v493oCMZ4AUpKhN2qCnaGi/sOhAwT9m25UHpFXP1s/inw/gDm"
    "K0l5ioi2b1aGaS1SzgiPIH1xCGnzAxh7CWhRgqqPsHz122D5mMG/WTOEgNKmi6Ce2mhcAgtD/a42DCsoglzFxkbs"
    "ErfjJy/mKQ52BlanACYOarGo6SxdUsQD6IzlL5lG0w0lH0f2xp/TVYFZjmg5SST8LvYdSI7IWYOU9MawZckLAwur"
    "FxOxXE/+vFEZ7fpAVb2PgrHz2fUkzA1l0XGZYEH6ja9/Mu1EdoMI48+XsPDbWLt8Gmv/ggL4GahGYFPpZCyJvZwZ"
    "Mj0odUSFYiKCFdiDgUAdpNwiGSgIfdr2wUajHqyrmXYlZ1GM9nX9FKUKLxswqij7e7Dp+RECb6Ge9vB47dw2KChz"
    "dXY2Zu0WzyTNgBEio4EScxDiE5kl45fOJGMQnrRPwUv7QFyla6TQYyx+20t+LQwYm9/RMepiK+XcCq4dEl4mlQJV"
    "bEvZI7RDDjtI0XHnUGC0gwSg0c6Thmz6b6eEHioSLOVuMRK/JzgnMuTIytIj1HkG6JM76MdMeSIfw9lXAyTwd+Kb"
    "X+A83Yad8Y+QeDuoyVKTOcmwBQdxNCSy6wOrO1mQvCI7yTc1ZbWd3sNxG1TGlAbBmytX7kk48emCGDRFLMqFfRiq"
    "bGFQMsXOkYYFDP8YrGcHYBUHAKxsxiOoXrwTqu+uGh5x76/IqrekUKpsNk4q164PFf4aKJRwSaSjvqNNCbyGl/k1"
    "EAyla1yJJLKCNRi4f4E9h3px43VpDcI8wamDmvSTr8YJQqO1LhK6Qr/i/oDQuQZ5iOEZQR4Qxyn0pkB2PPt0vGa+"
    "0SR4xuXLFlR0t8gV/v0VIt/P3psE/9YeaED5FhCj8EdAPvv0guxwyoqYkkoR6hokfnNFKKPowxrtRLlNmHwKN9Ac"
    "xVnsKcUsCaZH0Hn227Dc5aNOib3MyWtL6up1TCgYrcB+P2o9dNhKXIkHOSc0VGtyDqSHHEGGS3TpY1OX2Ji2Z8R8"
    "XSNqTGodKUKJORIpbrnjWQtIUIy1S0YACjQ2/dCOpgAtE7kRg+maCJDLHZ/gtdP1duxvLCefDgHPvntN4ry+TkoT"
    "GxQFekIj7s2R2TdUNkh3jEZrAh2rMNYEOA+NF4kkvceqL1ElLiT5M3boPBw7EBVOJV3JhTkiME6toiRyDjkERZ2I"
    "qXUqewVsOz/nDaiiRVTeiZoUCFN2zfqF1EUexl4SBOZYwUDba9qLM0lwZHDOWjkJ171/hUpVQwVOYPMJEQ68jZek"
    "OeZ2okKCQEYfAmOoJIbld3E6KLUEm4Mpd08VrAeZ8CiKPn83Ab8dfr8i1Urqn+JqGD8Mcx24SRoz237fewvdD0LP"
    "rbnREXBTC1pU1OOUHDlfeb3japJgAiccFKdclTQ2ILVJASwGGcrhA9KVBaF8umbgezq7pbhVG/uQuJ87aWFvshIL"
    "wTfdDOXJHfkMqme3s/trluIO1J3LhfdU5r619rEa3kHZlQJ8NlN/GP5G96aBY6qRJRCyQsfsLl2Y8yX3s9n7V7mv"
    "qrGI4k4u9bzM5rtWrWoaloXOxZAMleJxT93p9WRiE3iEMWatInW1QnqeCz22WSsu3j9G71EFMY3ylkj/1HeEIxg/"
    "/z0GCFPKH2N5qsCoN2KAUhk8xHCkQnUql6QgxAbGyJ+muRI9pHf2w2CIZms9GIzt+Pb87GBYNlTAO/KDhAxyCU82"
    "UuPF47KBkN/QaUm8u3TFOP6agZJ7/2BRVqmPZHSRTWJA0Tc0p8rGK4n4B1Vf3uDpOAV7I/XoeNqLG5j3OY0gzOnn"
    "T461fgGeXydTJxHSkC+xJcNQU2YL7mjCOw13C7huZYZeo3w86HoKhA2SlG6XSeHfH363qVJP1OUbqSmGCoHUSu1p"
    "mVMC47aeG1FdE2s2ek8TwI66ImntKwMEwzIeHVAQdC5Uiq8DJHIx6+rHQ3VhSmbAzqfK7jXNjF8rRwypuUkjHoas"
    "Ya7ALG1yGHeFlFaTMlzS1/uB3Nl1aM3oPU7YnipX9k0HwmuK1jTaL/mtjDgyG0T8QP33QMI0lppR8YlNhx8EsDG9"
    "M2wCePG4tKi0V/sF13FkmpykQU2kXpCHnrPObO6X6iwBmbZS/m3fvzq4lbPEXq0y1Oacss+SdDm3BLQ8DWthtmRA"
    "Ge48qivYesP3DklWQe8WqcXFS4o/schvTnGBwwKQj0+VEN7UNo1El96Qjkcx8Nm7K4m3p2WPYunXi5InHZDEO3bB"
    "scaXZ0ca/4KWJxdKniyO3JAgjF4QkZU++OSqNKFAT2hKYSeZNyAeamIhEGdndKTQhXuplhYXp3E0pV+pmnP++4CV"
    "BQJsYjWYmN14IFtq4odef2rbB1EPZie5zJppbJEofjg1PDp2ZB6Gr3zWkDDMKCTGVTp8xkBOEyEu9YeRytHXHqKP"
    "fPzeRrNb5Kwjrc7l+sXI+FyWpGzMzcCUbzkKcNegmG2LuucsKh3RmLjl7c67BzNMOY4vIzYCxwWade6qfcrm07eV"
    "RACUa1bpK1g2wEGeR+hHzuWScuA/r0obZFBAY9ScRop9bQ575c64jr5K8IRhiGpUZGWq7aZEc58GAMYfBREFBKP/"
    "6uxiSWP2JW7fmrAEC4Rg1zaNl6aglxhw0ayc2x6cdUXrne7wAo3erdnU0MXAkPUcF12gwr/9uW+uVH/TxadysTog"
    "Eo4tj9LlTW+DjWaM4VD5vt1yQboz9UOaKhz3Pj9nLq6KIRY/nDTkuXf+2dXnMvNO1DnULgfvJzNcC5yZJ+0AKS5a"
    "x+kyzzYkxAeESTAOg1FSG6c0XI0g1KUYYrGpcDb0HVGNRC+gF6anBMD4Q/tVG8kThwY88NxP/wPl9H5B"
)
