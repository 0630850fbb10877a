"""The tests of unit 101 that you may read. Your notebook runs them from here.

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
    "eNq1Wv1zG7cR/Vcw+iWUTTGibCcdadTUSZsmM47tpEo9HY+GBu9AEibucAZwpJhM/ve+3cUdj7Kt2o474w/yDp+L"
    "t2/fLvj7UeG0rY7O1dF3uo3aKZ2SqZP1tdJ1qRbGlCcLH7Y6lMrpnQlRpZVOSpelSl752qhgoi1bdI0pGF0pHYzS"
    "qvBV40wy6FUvW700qvKlcWoUTcHDPxgrW6t/Pr86OfsiqtIUeB1OfO12ChNWx2NeQFqho45rVehazY1qgt+YUgW7"
    "XKVzTBPQyFcqmjetqQuDrs75LVrMd8qmiMVtsGajbERXU9oi6bkzNDO9xVo8Jllpt1A88+gH65KvsaCiDcEWrWur"
    "sSpWukkmqOnx5Gisjkq7WNCrtIPdzvDA3JhQ2Ggivr/8/ajQzs1kaHpydjo5vd1rigcrWyfucfRiZYuV2sAwPmCT"
    "ztfLSNbV+GdtarHElhvhKZmkcRqb3a4MbG0TLI8W8Rv1jPZAZ+IX3CxtPSzbGLzEY/WKh4uveBc/1qW5sfWSZmGb"
    "vNyo8lptbVrRI7TDYjAOVmmWdO4v56q5Vo0t1lHO3W/ppJTRWJdMWE3Ucx8tn69VNcATuZml9y9mjY889YvZP17K"
    "Uq5hexwD7Gt4fKzggle+sCEmfEfv2HdG443pWlNbNsw8eF0WGs0BjcC95zoVq8nRNeayVeMDzFMYmBqYO1rbuiS8"
    "E95oMZXRNcxAj65WgElsK0LLfhEb7dreorfAfqEIXzuAnPDBDiJAgn/wEdrEO65s3SbGx5SwUOuKlnNkqrkp6X3j"
    "MxhohaGdA3qEDNpAm3F1/cdYfRC2zg6w9YxsItjRN9gXeSdtmU230cGSaYAAxpldyGk2/SFGVcMZtQO6S4IQeY3f"
    "1t/Qop94vwZfsF0KkAb8K4P4nJ/1o2dz8rSEKPK8Ny1WEgXaponUBjYjxzUAlRFje5/Nh56j0laXJ3CctTENfb4K"
    "rTkGxG1hxtS8VqXd2NKQ64/6ue/T6MeT+CakETgl2cpEtR3Dg9qo5u/AyMO7MfIf3wa2idLLYGgscpjnuysfihV4"
    "gzxC1zu11BYGnVvAO2/Rwq+Z8wRQ9HQZdGlhuQtyYrKAi+LfAx+OK9s0sEuxMsWacXIbUY8GiGIIzmh9B7B69Llh"
    "JZRFh24NO6i4uZAXAX9tdjlUIBJgtwtyEJA0nMUyel7Qu1jQWc8NtYnK3OgiwXl+M8HnHlpFv0iVvhkDxHCyzsM9"
    "/gnSnTHNQyY6gwlsF0cNTnisyrRrzKU8nnvvjidYbwsk6aWvtbucHiO4hHX29ja1wVxwuDHlbGGdg7vjWR05njW7"
    "d6Dl0d1oeYp1MsfyZvZuxeEs3PI1rCL4drmi1SBkyebGAFsilqmJ7uG2WBVvXlyZ2ac2S53sxtwFjILD+4w2d4CM"
    "h38eGQ/egQx9I7B4wzhf81rBrBWxCJ0h3EDLDg+iG+JVMBVcB5iI7MvE5NxiZXTJp2xs7Zs4wX9E1bS/yNOdqyVs"
    "IOGxsylTXr8MhiO+rRWtH7GzTtJ/omTVRDiq9Grn2z2Z8KQZaZdKph29AQ+N1RdzjAw3gKNjUHxQJ3/FxxWerr84"
    "Vl8qph1zfCH81ImZ/DUjex+2HAUxWvLHA+2XLspKPCJjMaFgG4hUdt6yObwEA1hhgLpK7wiKpZC2n78GhYupKPQH"
    "yCboA+ts2qmtD2swp0/xFtTOhlGtl5Czhj6G+gBwX70XcAcY/UT0fU+iBeTJBqAzpy9MO+OMMYlQ4j2QEwHStBQS"
    "l/dbQ9oy8ql/z2oy0zBUBzB20+kU6fNi9rN6uVIg+GuGn8gkgkIWMtkE9JhhcU1uECUGRDmQ9UTmQmARdEU6CgQX"
    "UruvRS7nOIMRbeCoQsyQB6nsjQjewXwXOHqGE+0/r/SZTM1zik91gXOOdx44+3jc/QA7xy4bYDtJEoAerDsBBLcT"
    "F6+RLrSpaVMX4jUJ65rMz2IQCcKGLEzOx0Jv7kmKgpxNfBtwQ2573AHuAGh/eT/Q3kboB8PttnKHmwAZ2CrUhElb"
    "k92cmMzZ2ugA/2qyzik9UVW9k5gg3XJoYNPxxAy8K5JU7ZylU9YBKwt51IsH7jSfgSi3OisntlBudQmc/g1Hjvf3"
    "udmFOp08Uve6Ue6p0RRvcMirEXPUGciqscf0Ije5jx6nDx9+Pd13u3fvwfFxR2YvZjhNEeD06RPVNv50KSBiv91o"
    "JqWMJQZwaZc2jUGWyvkly09RkHs9FLvksKJgkQ3xHsW9NK6dVa75/4puhgWfNod4yQuIY3NS64WEuYXlZLo7dXKL"
    "IPAhEYfIdNUjg0eIQy/LGqlP2VcdFg5SjxJw4LwFZxqNW0zQoR7tleKIX47lnaunk+3g83ysnjyd/eP5v/LBqwhL"
    "CqO4+qzP0X968nysFgGpOOb7eFX9WM2dL9YSdrbB4uRI97Cf2L0wpJkscQqCkYQrzqBKcScKd/DnPkk2TP+Z1rvR"
    "km+BkfiOxGzIKFdB15HKECZ8Swv7QDF9S34f8FKPvE+MbFdZHMp2Kl+2DttgCA0Q0egY80FIhk3GEMcR7NnOID6U"
    "Joi2obNm+0sapn7iwZ9AOZzDTgiRyWTVlibqGQIK5z9o6swiDQiM/ZUHYtvy2Ywmk8lxDjPsDPw+PxhgEM161EF7"
    "Q50PYJgf7LEIcuNXbc2TTF7Mfu3A3T2az379+HDG2V3mGZ2z0LcTMJDV0KRp5SOna7kYxYUu5ilKBFk4nGddhuPe"
    "ZF+F+biKRRm0xN73B7gBHD80xPWlhUNIvgXsP5X/dSqyN0hXZMsRffpNFta33vbOyCqTAZxTuCu9NtT6BNJnLrIz"
    "J5iU+HTzIda2qYecnAIVpgjdDDJx/wSLd5UwXo/kozAqG1sW9fJ8rM5PptcTfJ1lST46mXaYRWZFmaaWvHYo0rMi"
    "Yy+jQab4+xRyC8IPxyi0GO2y/ngUXg2KJYmiZK7G5TpKCkiQyHzOxyik3DVI5AKAHFXNpDqoc911XdOziDybTX8X"
    "+TXAC29rRhN87jrCu/V6hOMVRr0eK6wdgRyOs8/RuuoupG4b5dxlU9H06SOHU3rFHpfR9JwUCqfxXDCtTC36QdDw"
    "mhIcqWFzmgm6aecwbpGh1csNzovgrERCY66VKT2P3sF4WYOzOTs1e5lBMcG0RqdROdv4QoO8pgihuREB5vU1mupA"
    "37s2OcYCgrZCcsuku0+BuUnrNNVQIHqwgAq7+KQaFksmQEIK6h1XHdbqxyTFA5X7YKjCtdAVlEQZdohBArmXJVJC"
    "uSs3lBYzZ/T6A7PCP0VQsY0NEqhBnKSZc8G7wOcwwE/FdDwsZyOqUhUIwNoG+D9j6peWSxcyMOkLhm93/0A8YXLi"
    "uZdL/etc1dA1l3CykmYeIahhOc5SLJXITTUSaSjBWsr2Umo7lWxJakL0YNpXUMckKSknjINauPpxsWevjOyYkPlv"
    "JTAfTMzFmlW7WLg8GliMyx95GXfiDfFlK2HqQN916WBhOssIrikHqDc2WjoRvvOQEzIiPtjb5L4Bw0Vgh5x4f+8w"
    "iCMd0zFHUNFMpkTfu8iOaoE14vfnTgim70kIJEcnFjNAlp5zEjU7o0A5yAgGL/eZIdcg2VXRvssSgajUxVUu8eC1"
    "amtLMT7znK4odm3I1PnFRS5oSmsKDXVuS7xicK5WjHbFPBjj4bDD6YihNj1iozoBuEbTLzfHnwYTbLkr1K28K6We"
    "nrWTXFDKIXdl2T4WhrYWOteMnY62qZZ06/iHp5+vB2cL5/2htDr7OAh89T+roqJ0yqC35NZm22uVmEwzLIKSvYfK"
    "vm1KEuCYng/9MDpz2tOV4U8nk7N7dJl5cpYvVlgC2e7AYnfI96ddxVNa3Hr/isZ4xbPJFRhFNKqhk8DFlkY5no2+"
    "fXz13Q9jvj+FXlqamnIFHy7xiSKZgOISJ5dGL3mksdypTRbONqPp8bXExNg428VcbAmWkmXxVqYfr5++50XzrS7G"
    "cjUAStYY3vZyZQZnBggvwGwrBRtrulDmy2bGH/EQKXwsmepr1ABDAFl0KyFOIeTPAyKeEucgnJZtIbWruxQ943aW"
    "4fehmv6WMPvM0j1yNMgXNki/zU0aBke9OxRenLRk8XnD2CaJzJkgSYtZkW4YQX+XOvpAUeVKZTJVQ3hp+Qaov/Tr"
    "73s4tYK2SActT5VudJDkXUBZYZe29pXVbnSQNYyJhA9Byf4n4cSWFxnVBQWPRm7JbfrEK0EZeLEvGMuiCTjDCnyu"
    "ZIwVVyuKlT2Rm9BMWnUfxfI9fOZm1iss6+8SV9AajTOfW1cdENmdtskTHVrnDicQ+KPdjMr1d6z76IGSN+f5IplU"
    "tI3VRP3cmu4GchAos+snU/d16cqG4Ok4euE6Ag67L5D+toNzV7FHFlG63fD3E30iGSU7HNzk5sp2pXHURbceKgus"
    "WBwXOoTdIBFd5DBnuvsvJvp6X82S+GaTxDReVh90L+QexkbJdMq+8MxzMUDODuxlyAOpxCDFROvoS3nCdyQ52rzL"
    "ftkhu95qpGu5EsoljGyEtu4Sn8Wed3OqitFS8E4a7uuUyNXJmWMnl/lycLmEC9iNuVB1CzvkK5rCplzRncqeiKSd"
    "rWzS/a+UeJU38Dbbi0MuGbeUN8EGsmMy6/5qiPQi/RgAwGADwI44EoB6p0bZQkACNoRd0n009RbJPai2+YXUottI"
    "PwnJ1zEjeFj+icXc6WwoH/IvGlx/sf/Tk+fy+wpKcMFpCPKlGkHgUkJmUxZQe3elb/SDAQSBocOSQ7L3TU+ns7Qv"
    "78yoCDiLRSCZfeiED1itYGIz9349GG3KwzUapqQR/63jFn6mDGXRE8w1/Xqs+qKm+jGqx5CplE0+NQZ02lXym3bu"
    "bKE6qgRyAxIgaPxkehKJKyi2Nc3S9XJ6x2JY7qzIYHSHIr85g8m2tgQjfvWQTxz/9bUgDuKAICXuaDtR8ks2m8Cy"
    "mJY/0QBdWS8DBqOfAKp0oiI6CW1MzwwOqtzZ3ySXTTY5uWhSAwNLlbUz8B//BdrBLzk="
)
