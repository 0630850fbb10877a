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
    "eNq9WQuP28YR/iuLA5pQNk+5ly+JzufgkNZtgaIt0gBpezjIK3IkbkRyebvLk4U0/e39ZnZJSef4AheOAcM4Lpe7"
    "8/jmm4d+OipqbZqjmTr61rae3IMO5oFUqBz5ytalV4X1QWnlg3VbtTR1IKdqE0JN6r7X+GubK92WSpcP5Lx2Rtcq"
    "OG1a065UaftFTR7n4UzT4D+LM3i3WmpT945UdnrOq2eXqjFtH7B5Y0KFDcHaOldnJ/z24kJWbR8mwx9KL5dUBL6l"
    "I7e0rtFtQcq2ctmKWnIaMn/uld20Ch90ffAq0wsP6YowmR7l6qg0y6Up+jpsYYJzLNBbcoXx5PF8+9NRoet67qmw"
    "bckrZyfTE2wqun5vMa4dnHSGhcq0QU45+qGynpQvLGyqSipMSWpTEcR0gwmV8WpNXZhBeN5slwo3i9EN+VxZx0ve"
    "NvQNi/09XMFaer2kYdPnww2mVdoX1JZsGutKctFBpoXl+a5a+zBVf7IbBZNtDw6BZ/lvZ4pQb9WCamwiXVRyK2ys"
    "Ah9/+yxedcuf3k371tz3lE2mwdbGh2yS8113M+Uo9A7+gDyQ3bJcKtv/VL1UcITvm2yivhBB0sOra5iDuqM7XGua"
    "zrrAzoU1X2BhDQAxYgtbEsvVkGaw8dIfgMERpbBpC/krqkvGUDRYswdbbwEzdhw5YuwsKGyI2vS9jwcw+MdwwF86"
    "qA30aOwDlYKhBFtcf8rStbiCRRm/mcNu83Qn7+9sQsYFHly/gLEZJqxqn4B393Ou/m/wnR+A7zWctqlMUamO9TFB"
    "/dgjoH0wwFdX694bRGgeg65zdqEXRhCp667SXwDJMJ0nYmMtaTOErf9G3QBTWGQMCTz+nv1T/DZR1+pUHSt+foln"
    "/Hk6map/WMQmqWXfImiBhfH1f1QHxCyhLAMW8OrgGTAR0LiwEApI9jNV6Rq8dAttT+9U30J81qUhCqwUGEa7FQVx"
    "iIEA2ul2RdlaPcflfOiytjpcXlyp2q6Oi8pylC0QCyvdNPpKZViep+XnyqhnvC/rJnjIWmhgJnHptMuOu8lkSm+7"
    "LCH3Kt3tRetktmhP0Z3P3kwiRx6+zCqzqkBEH4ryf5OzoyME4wWYIfFmqyrYGS7uO/AiTNi35UzpBVPm+fRL4P0B"
    "BFSy8hwRbd8sSNglMHX7R5A+24c0vQVxzgEtzhP1AZYvfxssHxLpn5cCIaC06QLYpSaNS2BhqN/VJLCCIkgZYmzE"
    "LlMsHmUxT3GwIVidAxjJB8DYcEQ70iVHPIAuWP4WVhtvKOU4tjf+3F3lFRMis2OSKNJstC+4ZMkXbG2vNEhJr0gs"
    "y164Hpj65Y5Yrnb+vFYZ7/pMVb1L7HgKkI3CXHMyG5cZFqzf+PkXu51IMhBhfHwFC7+LtYunsfYvKIBHz6laTKWT"
    "sWLs5cKQ6UWpAwoFCghWYA8GAnWwcrNkIB/p07QPJpB6MLYW2i3E2ByjfV0/RamRlwmMGpX9FGx6eoDAG6inHTxe"
    "W7v2CspcnpyMybPFu5hmwAhB0NASoYYS4osyx8RbWkrGYDxpl4KX94G4StvEekuw+F0fS5qCwNg6BF2s53ieL+DU"
    "eUp1fBW7RTYujUP4h41FNm+He0CWnWM9xMDfpczMslZ8Pcc/P4gp5LuIZqY8iZ8svUJRRcBYvIMfJsoxxZDkWA0o"
    "wKuJVX6F2XTrN+Qe4e1myN4iNRuNzVdIqAZikW3vRd2dndj2cSd7oObctdFbuGeFMpSTHdhxYcstCxc9N2OeTHGJ"
    "omDrh5I28iSbYmNZwwJGfgzJkz1IRn8AkmLGA0CevReQ768NHjHsR+TOG1Yo1S8rG8vErvcV/hqIktHH1KJ+4E0J"
    "oiTL8hlohJMyrkSqWMAaAs+/wJ7INbHqdro0hGBOcOqgJj/K1TghkmWti4Qu3y+kGGd0LkER0fCCIIcowSn8ZYTs"
    "ePbxeM10pVnwTIqUNQjndpYr/PsrRL6bfDDV/a3d04CzKiDGQY6wO//yjO1wLIpQyQUHl+gxSrnc9YGjD2u8E9Uw"
    "Y/Ip3EBzlGCh50QyZ5geQOf8t+Gyi0dtiXhZUtSa1dXLkFAwWkH8zhuYx2Ix7NcxrqIHhfkbrigl0/FLiSCSQjw2"
    "jakla6jtBTGva0QNpT6NI5SZI1HfWpqWZQQJSq52LghAGSamH3q/FKBlIjdmMF0zAUpR4xK8Nrpec4q1/apiiDHk"
    "EfDiuzcszpurpDSzQVGgAaPo3hz5e8XFQWxFWxS+I+hEhTHz47xcFSxS7DAWfYlacDak+JTrMz6USuTrw3U/lRyd"
    "WURBPe6S/gl7o0jQbgUUKbMUHXxqy/bjS84SlRcwwvqK97ZWhEMulvyTszO6D681Of9XiHsxUSS7gZvxUew2pTGo"
    "kASQmwfwDzXBsPw+3gZtlmBssOHmqdKThwHzeP9BpHz9fpJ9N8Q+Ip3GJL6LnaGfHwYlcFNssUz7Y+8MdN8LL7uU"
    "liUCmJvJouJupZTo+L3TG6kLmXXhhL0yU+qLxnikr1jKRoMMhe0escaFSOt8zcDpfHbLsalW5iHxu/TEkaHZSiKE"
    "3HSdzve37DOont1M7q5EilvQcx4vvOOC9Z2152r4BgVUCuLJRP1u+Bt9mAaOORAS9gsdstt0YS6X3E0mH16vfi8F"
    "kFQQ0pOl7lUYe9OqRc3TJ9/Z4JOhuESGGbbcZ17tTExeJhBjZipSfxqJzUnJJjZro4u3j9F7UCXsZmNzpHjuIPwB"
    "jF98ilHALq2PsbyrsrjLEYByQTvEcJCScyyJYtGHDYKRP9qRW/klf7ONtbwQrO/BXmLHdwdSe9On5HF0ZY5SyCBf"
    "yIwitVDj/IlJ955PS+Ldpit2EyjQbu8eDEon9SwOIbKdGFD0nsdM2Xglk/ug6qtrvL0aRlb3seYcT3t5DfO+4GEC"
    "HYNyAFwuSJcfDs/XydRJhNj66MSWAkPN2cvbg5HpblpawHULGrqG8vHI6ikQNsguup0nhT89/G5SNZ6oyzWxbhiq"
    "AFYrNZplzglMGnRpKXXNrNnoLc/yOh4Mxya9IiAYlnHocnxE50yl+NpDohSstn48pY5MKQzYuVS9veEh7BtlmSG5"
    "7os8DFn9VIFZ2uQw6e84rSZlpGyvtwO5i+vQfvF3krAdV6fimw6E1xQtNdrN5auMOTIbRPxM/XdPwjRgknoAm/Yn"
    "7NiYvhk2Abx4XRpU04vtTGo1Nk3O0qDuUS/ZQy9EZzH3K3WSgMxbOf+2H14d3MSzor1aRdzKHIvPknS5lP28vBu7"
    "wmzJgHFM86iuEOsNPyDEZOX1ZpbaWHyk5DeL+CwpzktYAPLhqRLCUW3ScHPuiHU8iIGv3l9JvDv3ehRLHy9KnnRA"
    "Eu/QBYcaX5wcaPwrWh6dqfhmduCGBGH0e4is9AtKrkryBfo+KiM7xZkC4qFmFgJxdqQDhy7cy/VydHEaLHP6jZVx"
    "Ln/vsXKEgJhYDSYWN+7Jlhr1oZ/fteaDqDwLSRyYx6kxjyYSxQ+n+kfHjswj8JURSwrDjENiXOXDJwLkNNvhLmEc"
    "mxz8fML0kY8/YPEUFjnrQKvTeP1sZHwpS1I2lknELt9KFOCuQTHTFnUvWTR2PWPijl93zj7QMMk4vIzZCBzneWq5"
    "qbYpm+9+JUkEwLlmkX5WygY4xPdo+cW5UlIO/OdUaXwcBvBANOfhYF/Tfj/cke349wWZIgxRjYqsTLXdLtHcpSaf"
    "3EEQcUAI+i9PzuY8MJ/j9jX5OVjAe7M0aYS0C/oYAzbQwtr13lmXvN7pDh/wEN3QqoYuBEPWU1x0hgr/5pd+xOT6"
    "my8+jherPSKR2HIoXe57402gMYZ95fp2LQXphuqHNDk47H1+yVxSFUMsebnTUCbY+VeXX8fpdaLOoXbZ+z6Z4SrC"
    "WXjSDJCSonWcE8v8Iob4gLAYjMOIU37uq6iRagShHoshEZsLZ4RjybuHmBHQR6bnBCD4Q/tVU8wT+wbc89zP/wOu"
    "Xz0H"
)
