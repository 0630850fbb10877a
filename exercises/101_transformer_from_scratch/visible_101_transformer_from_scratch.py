"""The tests of unit 101 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import math
import pytest
import torch


@pytest.mark.exercise("Attention")
class TestAttention:
    @pytest.mark.visible
    def test_without_queries_and_keys_it_averages_the_past(self, submission):
        module = submission.Attention(d_model=1, n_heads=1, d_head=1)
        weights = {name: torch.zeros(1, 1, 1) for name in ("W_Q", "W_K", "W_V", "W_O")}
        weights |= {
            "W_V": torch.ones(1, 1, 1),
            "W_O": 2 * torch.ones(1, 1, 1),
            "b_O": torch.ones(1),
        }
        module.load_state_dict(
            weights | {name: torch.zeros(1, 1) for name in ("b_Q", "b_K", "b_V")}
        )
        got = module(torch.tensor([[[1.0], [3.0]]]))
        compare.close(
            got, torch.tensor([[[3.0], [5.0]]]), what="twice the mean of the past, plus one"
        )


@pytest.mark.exercise("TransformerBlock")
class TestTransformerBlock:
    @pytest.mark.visible
    def test_a_block_with_zero_weights_returns_its_input(self, submission):
        block = submission.TransformerBlock(d_model=3, n_heads=2, d_head=4, d_mlp=5)
        x = torch.tensor([[[1.0, 2.0, 4.0], [0.0, -1.0, 7.0]]])
        compare.equal(block(x), x, what="a block that writes nothing")


@pytest.mark.exercise("future_leak")
class TestFutureLeak:
    @pytest.mark.visible
    def test_a_bigram_model_moves_at_the_changed_position_only(self, submission):
        table = torch.tensor([[0.5, 0.5], [0.2, 0.8]])
        model = submission.public("firsthand.kit.planted.language:bigram_model")(table)
        got = submission.future_leak(model, torch.tensor([0, 1]), 2)
        compare.close(
            got,
            torch.tensor([[0.916291, 0.0], [0.0, 0.916291]]),
            what="future_leak: ln 0.5 - ln 0.2",
        )


@pytest.mark.exercise("diagnose")
class TestDiagnose:
    @pytest.mark.visible
    def test_every_suspect_has_a_kind_and_every_kind_occurs_once(self, submission):
        got = submission.diagnose()
        compare.equal(sorted(got), ["A", "B", "C", "D"], what="the suspects in diagnose()")
        kinds = sorted(str(kind) for kind in got.values())
        compare.equal(
            kinds, ["clean", "mixes_batch", "next", "no_positions"], what="the kinds in diagnose()"
        )


@pytest.mark.exercise("per_token_loss")
class TestPerTokenLoss:
    @pytest.mark.visible
    def test_a_uniform_prediction_costs_the_log_of_the_vocabulary(self, submission):
        got = submission.per_token_loss(torch.zeros(1, 3, 4), torch.tensor([[0, 3, 1]]))
        compare.close(
            got, torch.tensor([[1.386294, 1.386294]]), what="per_token_loss of uniform logits"
        )


@pytest.mark.exercise("Transformer")
class TestTransformer:
    @pytest.mark.visible
    def test_with_zero_weights_the_logits_are_the_unembedding_bias(self, submission):
        model = submission.Transformer(
            n_layers=1, d_model=4, n_heads=2, d_head=3, d_mlp=5, d_vocab=3, n_ctx=4
        )
        weights = {name: torch.zeros_like(tensor) for name, tensor in model.state_dict().items()}
        weights["unembed.b_U"] = torch.tensor([1.0, 2.0, 3.0])
        model.load_state_dict(weights)
        expected = torch.tensor([[[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]])
        compare.close(model(torch.tensor([[0, 2]])), expected, what="the logits of two tokens")


@pytest.mark.exercise("causal_mask")
class TestCausalMask:
    @pytest.mark.visible
    def test_equal_scores_become_equal_shares_of_the_past(self, submission):
        got = submission.causal_mask(torch.zeros(1, 1, 3, 3)).softmax(-1)[0, 0]
        expected = torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3]])
        compare.close(got, expected, what="the softmax of causal_mask(zeros)")


@pytest.mark.exercise("attention_pattern")
class TestAttentionPattern:
    @pytest.mark.visible
    def test_the_worked_example_has_scores_zero_and_log_three(self, submission):
        q = math.log(3) / 2 * torch.ones(1, 2, 1, 4)
        k = torch.tensor([0.0, 1.0])[None, :, None, None] * torch.ones(1, 2, 1, 4)
        expected = torch.tensor([[[[1.0, 0.0], [0.25, 0.75]]]])
        compare.close(
            submission.attention_pattern(q, k),
            expected,
            what="attention_pattern on the worked example",
        )


@pytest.mark.exercise("sample")
class TestSample:
    @pytest.mark.visible
    def test_a_model_that_counts_is_continued_by_counting(self, submission):
        model = submission.public("firsthand.kit.planted.language:bigram_model")(
            torch.eye(5).roll(1, 1), n_ctx=2
        )
        got = submission.sample(
            model, torch.tensor([2]), 4, 0.0, submission.public("firsthand.kit.rng:generator")(0)
        )
        compare.equal(got, torch.tensor([2, 3, 4, 0, 1]), what="four tokens after 2, modulo 5")


@pytest.mark.exercise("embed")
class TestEmbed:
    @pytest.mark.visible
    def test_the_worked_example_adds_token_and_position(self, submission):
        W_E = torch.tensor([[1.0, 0.0], [0.0, 2.0], [5.0, 5.0]])
        W_pos = torch.tensor([[10.0, 10.0], [20.0, 20.0], [30.0, 30.0]])
        got = submission.embed(torch.tensor([[2, 0]]), W_E, W_pos)
        compare.close(
            got, torch.tensor([[[15.0, 15.0], [21.0, 20.0]]]), what="embed on the worked example"
        )


@pytest.mark.exercise("layer_norm")
class TestLayerNorm:
    @pytest.mark.visible
    def test_the_worked_example_has_variance_one_and_epsilon_three(self, submission):
        w, b = torch.tensor([2.0, 4.0]), torch.tensor([0.0, 1.0])
        got = submission.layer_norm(torch.tensor([[[1.0, 3.0]]]), w, b, 3.0)
        compare.close(got, torch.tensor([[[-1.0, 3.0]]]), what="layer_norm on the worked example")


@pytest.mark.exercise("gelu_mlp")
class TestGeluMlp:
    @pytest.mark.visible
    def test_the_worked_example_is_two_times_gelu_of_one_plus_three(self, submission):
        one = torch.ones(1, 1)
        got = submission.gelu_mlp(one[None], one, torch.zeros(1), 2 * one, 3 * torch.ones(1))
        compare.close(
            got, torch.tensor([[[4.682384]]]), rtol=1e-5, what="gelu_mlp on the worked example"
        )


@pytest.mark.exercise("reverse_floor")
class TestReverseFloor:
    @pytest.mark.visible
    def test_the_answer_is_two_numbers_and_no_loss_is_negative(self, submission):
        got = submission.reverse_floor()
        compare.equal(len(got), 2, what="the number of predicted losses")
        for value in got:
            compare.at_least(value, 0.0, what="a predicted loss")


@pytest.mark.exercise("train_reverse")
class TestTrainReverse:
    @pytest.mark.visible
    def test_there_is_one_row_for_each_step_and_one_column_for_each_half(self, submission):
        sizes = {
            "n_layers": 1,
            "d_model": 8,
            "n_heads": 2,
            "d_head": 4,
            "d_mlp": 8,
            "d_vocab": 4,
            "n_ctx": 6,
        }
        model = submission.public("firsthand.kit.hooked:build")(**sizes)
        got = submission.train_reverse(
            model, 2, 3, 4, submission.public("firsthand.kit.rng:generator")(0)
        )
        compare.shape(got, (2, 2), what="train_reverse with 2 steps")
        compare.close(
            got[0],
            torch.full((2,), math.log(4)),
            rtol=0.05,
            what="the losses of an untrained model, near ln 4",
        )


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq1Wn+PG7cR/SrE/RNdo1Osc5IWJ7hp2iZNACd2gkuNwjjI1C6lpbW7XJNc6ZQg371vZsjV6mxfbccFEp+0yx/D"
    "mTczb4b67ayotW3OrtTZP3QfdK10jKaN1rVKt6VaG1NerJ3fa1+qWh+MDypWOipdlio65VqjvAm27DE1RG90o7Q3"
    "SqvCNV1tosGsdtPrjVGNK02tJsEUvPzDqbKt+tfT64vLT4IqTYHX/sK19UFhw+Z8ygLEChN12KpCt2plVOfdzpTK"
    "200Vr7CNxyDXqGBe9aYtDKbWtdtjxOqgbAwQbgeZjbIBU01pi6hXtaGd6S1kcdik0vVa8c6T72wdXQuBit57W/R1"
    "30xVUekuGq/m57OzqTor7XpNr+IBervEA3NrfGGDCfj+/LezQtf1UpamJ5cPZg/uzprjQWXbyDPOnlW2qNQOinEe"
    "h6xduwmkXY1/tqYVTex5EJ6SSrpa47D7ykDXNkLzGBG+Uk/oDGQTt+Zhce+g2c7gJR6rF7xceMGn+L4tza1tN7QL"
    "6+T5TpU3am9jRY8wDsJgHUhpNmT35yvV3ajOFtsgdnd7spQyGnLJhs1MPXXBsn2tagGewMMsvX+27FzgrZ8tv3ku"
    "otxA9zAD9Gt4fUiwYMnX1oeI75gdhskYvDN5NI1lxay802WhMRzQ8Dx7pWNRzc5usJdtOuehnsJA1cDc2da2JeGd"
    "8EbCNEa3UAM9uq4Ak9A3hJajEDtd94NG74B9oQhfB4Cc8MEOIkCCf7AJbeQTN7btI+NjTlhodUPinJlmZUp637kE"
    "BpLQ9ytAj5BBB+gTrm5+n6p3wtblCbaekE4EO/oW5yLvpCOz6nbaW1INEMA4s2uxZjcYMagWzqhroLskCJHXuH37"
    "FQn92Lkt4gXrpUDQgH8lEF/xs2H1pE7elhBFnveqhyRBoG26QGOgM3JcA1AZUbZzSX2YOSlt8+gCjrM1pqPP1743"
    "54C4LcyUhreqtDtbGnL9ybD3p7T6+Sy88nGCmBJtY4LaT+FBfVCrN2Dk8/sx8h/Xe9aJ0htvaC1ymKeHa+eLCnGD"
    "PEK3B7XRFgpdWcA7HdHCrznmCaDo6cbr0kJzC3Ji0kAdxL9HPhwq23XQS1GZYss4uYuoL0aIYgguSb4TWH3xsWEl"
    "IYuMbg07qLi5BC8C/tYcUqpAJsBp1+QgCNJwFsvoeUbvQkG2XhkaE5S51UWE8/xqvEsztApuHRt9OwWI4WTZwx3+"
    "8TKdMc1LRrLBDLoLkw4WnqoyHjrzSB6vnKvPZ5C3B5L0xrW6fjQ/R3Lx2+Ttfey9WXC6MeVybesa7o5nbeB81h3e"
    "gJYv7kfLj5CTYywf5uhWnM78HV+DFN71m4qkQcqSw00BtkhRpqVwD7eFVHx4cWWOPq3Z6Gh35j5gFJzel3S4E2R8"
    "/seR8fANyNC3AotXjPMty4rI2lAUIRvCDbSc8CS7IV9508B1gInAvkyRnEdURpdsZWNb14UZ/lCopvMF3u5KbaAD"
    "SY9ZpxzyBjEYjvi2VSQ/cmcbZf5MidQUcFTp1MH1x2DCm15j1bRjRxTJc2z8ZIWV4QZwdCyKD+rir/hY4en2k8Uo"
    "HuVoRrtjNFlhmpF9TFs1JTES+f2B9nPOspKPSFkcUCADMpVd9awOJ8kAWhihrtEHgmIpQdutXiKEi6oo9XvQJvAD"
    "W9t4UHvnt4icLoY7ULscZ7WBQi6Tqk4A9+VbAXeC0Q9E37dEWhA8WQFkc/rCYWeaMCYZSrwHdMKDmpYSxOX93hC3"
    "DGz1b5lNpjAM1gGM3WaeInOeLX9SzyuFAH/D8BOaRFBIRCaj5XmCxQ25QZAcEMQg25nshcQiEAtkCiQXYrsvhS6n"
    "PIMVreesQpEhLdLYWyG8o/0WMD3Dic6fJH0iW/Oe4lM5ca7wzgFn74+776DnkKsB1pMUAZjBvBNAqA/i4i3KhT52"
    "fcwpXhOxbkn9TAZRIOxIw+R8TPRWjqgogrMJrwNuHNu+zoA7Adpf3g601xH6znC7y9zhJkAGjgo2YeLe4ByZede2"
    "NdrDv7rEc0pHoao9SE6QaSk1sOp44yHcFP2KqVPiAZUFPRrIA09aLREo9zoxJ9bQrfobLI3Hn/LbZF9Ob+AEfa0T"
    "jjglwsaCg0bHSijSpfpMvnX2PE2mBWE4XhF/P5BW479c6yHJ253m6JNAw0gt7cZGioqqdhvmmUIVj8Qn5CqwoayQ"
    "TvwWar0xdb9s6u7/y67Z/mxWzuVSAFAwTdWrk2jLIyxXzdm8hH8vOCG2hhR0PUCAVwhjd0pkaKjNq2z0UY1xpH5M"
    "56m6rdezup3P9izM8HW1kM9YjrMYnfrI7sE5cNQcLe1oH659WM5W1e3lUJ//8Pgp5XMWF9oHIg/vz6u/VqvaFVtJ"
    "PHtvYVJiPuwp9kgNaRNLUQXpSBIW11ClOBQlPHj0UCYbTgDpKHm16HqAJ7yhNBvHlGuv20A+Y/zfSbB3pNN3CPhJ"
    "ZBog+YG57TrRQzlO48q+xjEYWyOodDog3Ky9aySschkqHiWgtFkhzpfGMx4ZDqx/KcTUD7z4Y3CHK+gJSTKaxNvi"
    "TD1BSmGYYWht1nEUwtiReSHWLdtmImJMEUa+mUohn0NLEvmRTJnI1/NjV4Efp7EjeHMIq1tQdJD4UYhDuix7kJeU"
    "737JVd7yl/dPbFznpUCkUz36eimGaDZWbaxc4MIttaW45cWBjEpCphBXiaHB7LvkzFAj97OolpYs/PZUN4Lluya7"
    "oclwCs3XAP6HKsHMJweF5HZbyu3zrxLFvvN2cErmmwzkVMxdI4bR6AtYdSUENJWaVALl/WDdPg7QEytQi4pQzhCS"
    "MBCh8dwTY3mkMoVSJXSyUM+vpurqYn4zw9dlIueTi3kGK2osqjm1VLhjup5zKsGcFpnj/x9BvEABYUYJksFu2vdH"
    "4fWobRIpjaa+XOqoRI9SidRXuxCEb+YBkXwakKP+mfQJderAblt6FlBxs+rvC4Id8MLHWtIGH7uj8GbmHuB4hVEv"
    "pwqyI9PDcY7VWu7zgvT2QewuhwpmKCQ539Ir9riEpqdAieaCnlunjWmFYAgaXlKpI91sLjjBQvoVlFskaA18hCsk"
    "OGsKPARRvQquhvISG59JI4KgMMNmBtJIXVAud67QK2okAMcLyXHqwWyWXlzMRQih+AXWbCDYInXAb22D0pND8LEk"
    "5nngdNRTCcMUkvPxBzW2mF4BHdJlz2HrtIE/JX7uqQcIcYu6BzcgrmDYN0ZV5ZHCSF/lvoJRRixro7fvWCr+oVgV"
    "+tChqhqlTto5dcELfPYjKDUcmcc9bmQtag0BY3uPUMDw+rnnfoYsTJSDkZwvJShkmFSNHmnS8Dq1OnTLfZ2FRBsO"
    "KYQ6iFNbSq+SzKlxIgMlf0svX/pvD6SEkkYRPZgP/G1K9JMKxTBqkKvv18dAlkAeoj7IAnc25g5O1a/XdVoNAY27"
    "b0mMe/GGVLOXjHVC+XKNWJisGQE31QvtzgZLFuGLELGQET6S+C0pFcsFYIf8+UgbRiklBz0OF9RJky0x9764Rw3C"
    "Fqn8YxcP87cUD1K4U0AzQJZeUbmll5eUM0fVw+jlsVzkxiS7Ksbn0hGIijnFct8Hr1Xf2jUXBxzydENpbEeqTi8W"
    "qcspoylLtGksBRcDu1pR2jWHxBBOlx1vR2FqNyA2qAuAazL/bHf+YTDBkXP3rnJ1KU32RKPk1lKMnHu1Q1r0fStB"
    "VTN2cgSnBtMd84+tn+4Ml+vauVOWdfl+EPjyf7ZKhfSUXu/Jrc1+oC0hmm7cGSV9j8l+35XEybE9G/00UXMllHvz"
    "yDCXf6IbzovLdNvCbMhmg4Vs5E/nuQ0qI+68f0FrvBj12Ynj4igSqTampSrB+UcbuojBgcZXaDR1qmbr2naT+Xm+"
    "lCVQT1MrooAmXkLNPKtZpLSLo4SuZgoek1R8kvn7M6lvB0ForboFPqUoPt4Ac7cGJgOC1whslYKKNV0y8wU0w4/C"
    "EHF9nIt6bjQASwBYdFMhPiGxnxdEOqWQI2WJ9LPu4/YM22VSzruy+zsU7SOT+MDJIF3ioCA3t3GcG/XhlIJx+ZJo"
    "6C1Dm8gy14bELJZFvGUA/VMa4yNulbqX0TQd4ajnW6HhInC4A+IiyxOpGo98oHSnfZwdsdnglLZ1jdX15KR+mFIM"
    "PgHreUIrWc2WixEeuT9XSqPgg64JZeH1sYksQhNwxl351NuYKu5fFJW9kNvRFLPaIYmlu/kUmpmuMMG/j1uBanS1"
    "+di06iSO3aubtNGpdu5xAoE/xi2phX+P3GcPlby5SpfL1Ey2oZmpn3qTbyVHeTK5fjTt0KturPeOzDHw1glwmL+g"
    "CLAZzrmLj3qirA/j31QMJWVqaoxud1O3u9EwdZHloQZBxdy40N4fRiXpOmU5k+/EOM63x/6WpDcbhzphlHMXcjdj"
    "g9Q85dCM5r0YIJcn+jLkgdRskL6jrelLecH3JinZvEl/ySHzbDXRrVwTpWZGUkLf5tb+MQHkohWrRe+kbzNqaaJq"
    "J2cOmS3zheFmAxdA+bRQbQ89pGubApWTNH/nciYK0rVtbNTDL5dYylt4mx24IXeXe6qdoAM5Man1eF1EdJF+IABg"
    "sAKgR5gEoD6oSdIQkIAD4ZR0R02zhXGP+m9uLW3rPtDPRNIVzQQeln52sap1UpTz6V6wHi77uZXKjU+oHTENOb5U"
    "E/BbqsdsTPzp6K70jX5EgCQwdlhySPa++YP5Mh4bPUtqCy5D4YllnzrhQyYr2NisnNuOVpvzcp2GKmnFf+uwh58p"
    "Q/X0DHvN/zxVQ5tTfR/U12CpVEz+aAzCaW76d/2qtoXKoRLI9ah/QPGjGYJIqEDYtrRLnlXrA3NhuccihdG9ivwO"
    "DSrb2xIR8cvP2eL4M3SFOIkDglTCY+xMya/bbESUxbb8iRbIDb4EGKx+AaiSRYVzEto4PDM4qIdnf5VSNtpYy+WT"
    "GilY+q5Zwb//F7O4RoQ="
)
