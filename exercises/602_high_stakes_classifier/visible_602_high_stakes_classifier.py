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

    @pytest.mark.visible
    def test_a_half_that_floating_point_misses_is_a_half(self, submission):
        queries = torch.tensor([4, 6, 6, 7, 7, 9, 9, 9, 9, 9])
        success = torch.tensor([True] * 5 + [False] * 5)
        compare.close(
            submission.median_queries(queries, success),
            7.0,
            what="median_queries where S(7) = 9/10 * 7/9 * 5/7 = 1/2",
            hint="allow 1e-9: as a product of floating point numbers S(7) is a little above 1/2",
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
    "eNq9WQuPG7cR/ivEAU1W8Z58L18Snc/GIYnbAEVbpAbS9nCQqV1Ky4harknuyUKa/vZ+MyR3pXN8gYMkwOGg5fI1"
    "M99889gfjyoj9eZoJo6+sq1X7l4Gfa9EaJzyjTW1F5X1QUjhg3U7sdQmKCeMDsEo8baX+LUrhWxrIet75bx0WhoR"
    "nNStbleitv3CKI/9sKfe4J/FHjRbLKU2vVOiOD2n0bNLsdFtHzB5q0ODCcFaU4qzE3p7ccGjtg+T/EPI5VJVgU7p"
    "lFtat5FtpYRt+bCVapWTuPOnXthtK7Cg64MXhVx43K4Kk+lRKY5qvVzqqjdhBxWcY0C9U67SXnk83/54VElj5l5V"
    "tq1p5OxkeoJJVdfvDcaxg53OMNDoNvAuR9831ivhKwudilpVulZi2yhc02UVCu3FWnVhhsvTZLsUOJmVrpUvhXU0"
    "5O1GvaRrv4YpSEovlypP+jSfoFshfaXamlRjXa1cNJBuoXk6y0gfpuIvdiugst3BJrAs/Xa6CmYnFspgkpJV81J8"
    "+96uYmd70SpVi9YGwKRvYZNWbVmx99L0dHEe9uI6Xe6WDrub9q1+26vCqdC7dh7nXL92vZpciZUl9Nl+1YiFDQ3u"
    "XvOZfccix8lXIq7loaV2gCifKIAD6FZXjSh8vyGljYsgD14roQGipyz2FHOKiXhxDeWrrhTKQPfQ01R8re9hphIA"
    "Zuk2MKzuzG7GE8VnooXudgLXhGL7bnp0B5n1prMuEAph9mcYWAPp5FqVrRUpZaMkeQUNfQNnGdwJxm+h6EaZmsAe"
    "LbvZ8y9v4Q+EMOUUgXyhwlapNq33cQPy0sFv8UsGsZVebOy9qtkmyb9w/CndrsURdJVhzRzamaczaX5nE4Qv8OD6"
    "BVBBeCZR++Qhdz+V4ld7yfmBl7waLNeRPDqIH3qY1QcNR+iM7L0GlZSRHTpnF3Kh2XWk6Rr5FC4H1XmlSFlLtc38"
    "4l+KG9gIgwR29p5/FP9ik08Ay1NxLOj5OZ7x83QyFf+0IBEgqW/BLqCT4fV/RTcpsa8xhEe4GRBDlAm3IaQKOIef"
    "iUYaEOgtpD29E4CdNiTLRqlAQoEKpVupwAbRuIB0sl2pYi2e4HDadGmsDJcXV8LY1XHVWKKDBZx2JTcbeSUKDM/T"
    "8BOhAUUMFN0ED0ULCfQkDp12xXE3mUzVu66YRJxfpbM9S53UFvXJstPe20kk88OXRaNXzeTjUf4f5exgCMZ4BQpL"
    "BN+KBnqGifsOBA4VwpdmQi6I28+nnwPv5II1CU8e0fabhWIaDBRj/ANIn+1DWr0Dw88BLQpo5gDLl78Plg8Z/9sl"
    "Qwgo3XQBVGWUxCHQMMTvjGJYQRDENlY2fJdiAR55sEx+sFXQOjkwcVaLQUl7yZo8HkBnLH/FtJtOqHk70jd+jkd5"
    "ZkWi8XSjGA+ifjMpEplLkJJcKdYsWSGztng+EsvVaM9rUdCsT0TTuxAxdjq5Gi9zTVF3GCZYkHzD8qfjTERDXGF4"
    "fAENv4+1i8ex9m8IgEdPOQWrSiZlRd8rmSHTi1oGZDQqwFmBPSgI1EHCzZKCfKRP3d7roMS9toZpN8Y48tHemMco"
    "NfKyAqNGYf8INj09QOANxJMOFjfWrr2AMJcnJ0OUb/EuhhkwQmA0UCD3kfjinWOGUFuVlEF4ki45L80DcdV2ExND"
    "xuJ3fYzHlQJj8xoZgqzWMf1bwLQ54BUxs6AMbx7nRNohg+2F9LC1SEjafAPQaOdIQlb9d2MC4Bu6WIr1UUm8LuKc"
    "yJA9q0ivkBcqoC+eQQ+TGMgVR18JkMDeiW9+gfNk67fKPUDiTRaTb03qJMVW7MRB0ZVt71ncUYNklTiTbGMoqm3l"
    "DoZbIZOmMAjeXNh6R5eLNp0RgyaPRbqw8zkrjwxKqthakrCC4h+C9WQPrNEAACur8QCqZx+E6oezhgfc+xuy6g0J"
    "lDKblY2Zbtf7Br8yhRIuiXTE9zQpgVfxMC8DwVC4xpEIIgtog4H7V+gz55crJ2ut4OYJTh3EpEc+GjtEGjWySujy"
    "/YLrCULnEuQRFc8IcoA4dqGVEbLD3sfDMdOVpIsXnL6sQUW3s1Lg72+48t3ko0nw7+2eBBRvATFyfzjk+ednpIdj"
    "FkTVlIpQlRH9txSEMvI+jNFMpOeEycdwA8mRnIWeQsycYHoAnfPfh+UuHlRWbGUOXmsSVy5DQsGgBbb7Qaki/Tr6"
    "VbQgx4QN5ZocA+kle5DiFD3Wvamq3Ki2Z8S8MvAalUpN8lBijkSKa66QlhEkVCrMGQFI0Fj1uXxNDlonciMGk4YI"
    "kNMdl+C1lWY91EOag08Hh2fbvaHrvLlKQhMbVBVqSBXNWyKyryhtiNU0CrMRdCzCkBNgPxRqdKVYeyz6GlniLAZ/"
    "xg7th20zUWFXkpVMWMIDw1haxkDOLgenMImYWiuK18C2dVOegCw6XpVnIicFwoResnw+VZ37vpcuAnUsoKD1Fc3F"
    "nnRxRHCOWiVd7lfUYZQ1NOAEVl8kwszbWBSLaS4nGgQIRPTsGDmTyMMf4nRQag02B1NuH0tY9yLhgRd9+WECft/9"
    "fkOqjaF/9Kvcrsh9IJgpFma6/aF3GrLvuZ5dcqETwU0laNVQjVOz53zt5JazSYIJjLCXnHJWstEeoS0mwFEhOR3e"
    "I904ECmfjsl8T3u35Ldipe8T93MlHdmbtMSX4JOuc3pySzaD6MXN5O6Kb3EL6i7jgXeU5r439kTkNUi7koNPJuJP"
    "+TeqNwkcU44cHaGoZChu04ElH3I3mXx8lvu6GZIoruRSzctsvm3FwlBzzXc2+KSo5I87qk6vRhUrHzsZOWpVqaqN"
    "pOc40WOdtdHEu4foPcggxtbfHOGf6g5/AONnf0QDYQz5gy+PGRjVRgxQSoOzDwdKVMd0KSaEmMAY+fPYh6KXtGaX"
    "G0nUi+vBYKzH9/tte821nAFvyQ7RZRBLuLORCi9ur2VCfku7pevdpiOGdtkElNy7e420SnwWWxfFeA0I+pb6WsVw"
    "JBF/FvXFNd4OXbO3MR8ddnt+DfU+oxaEOv5yrw320fB8lVSdrpCagoktGYaSIpu3Bx3hsRlcwXQLlWuN+mGj6zEQ"
    "bhCkZDtPAv/x8LtJmXqiLreJOUXOEEisVJ7WJQUwLuu5EJWGWJP6iY0yHVVFsbRvFBAMzThUQD6icyaSf+0hkZNZ"
    "ax424SNTMgN2LmV2b6jH/EZYYkjJRRrxMO7qpwLM0iaDcVVIYTUJwym92WVyZ9OhNKN1HLAdZa5smw6Et6latZFu"
    "zqsK4sgiX/ET8b+9G6a21ISST0za/4CAiWlNngTw4nWtkWkvdjPO40g1Jd0GOZF4ThZ6xjKzul+IkwRkmkrxt/34"
    "7OAm7hX11QpFZc4x2yzdruSSgIbHZi3UlhQYmzsP8grWXv4+EoOVl9tZKnGxSPAnmfjMIc6zWwDy4bEUwimjU0t0"
    "7hTJeOADX3w4k3i/W/bAl347L3nUAOl6hyY4lPji5EDiX5Dy6EzEN7MDMyQIoxaEZ6UPRKWola9QE6o6slPsN8Af"
    "DLEQiLNTMpDrwryUS0cTp3Y0hd+YNZf8e2DlkmHzjuvDpN/RL0Hr4VPPXZBcYHCyktCzUJ76czpafU+UVPPn1sBY"
    "5WfJ9lotZWxNU5cjRYR8D/9g24GoGO3xq0n02oI8aBilzSeM+9RA4sogd2AOPiYR25TD5zxq9SLE5fP5+NN4/GwI"
    "EJzFpODNtcMYntlpcFYWTLeV6TnoxgJqiPNxdefsvcpNkcPDiLxAiZ5ao9tml4L/+Ckm8QWFpkX6yFZk9MT3AfIR"
    "FjgDzXTpRK197CtQ17WkDmRv1H5p3Snb0UcMbkhkEkACV6dUcIxLd6lfoNyBz5H/sLNcnpzNqSs/x+lr5ecgDe/1"
    "Uqdu1OAx5yfsMjaohbXrvb0uabyTHRZQp16rlYEsCoo0Uxx0hoLg5uc+6VK6Tgcfx4PFHu+wKzpkOm977XVQg8v7"
    "xvXtmvPXrTL3qQlxWCr9nLo4ica1+OUoIbfJyy8uv4wt8sS0OdXZW5/UcBXhzLSqM6Q4xx2a0dwKiYyQERbpO/dR"
    "SWzssuHkBcwQc6fo4cizFX2mFENciKCPgYHiBeMP1ZpRMazsK3DPcj/9H+u1nxs="
)
