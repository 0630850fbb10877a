"""The tests of unit 505 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import numpy as np
import pytest
import torch


@pytest.mark.exercise("amplify")
class TestAmplify:
    @pytest.mark.visible
    def test_two_single_steps_make_a_square(self, submission):
        p = torch.tensor([[1, 2, 0]])
        got = submission.amplify(lambda p, k: p, lambda p: p, p, torch.tensor([2]))
        compare.equal(
            got,
            torch.tensor([[2, 0, 1]]),
            what="amplify with k = 2",
            hint="answer k // 2 first, then ask for the rest at the first answer",
        )

    @pytest.mark.visible
    def test_only_the_row_with_k_3_is_asked_about(self, submission):
        p, k, calls = torch.tensor([[1, 2, 3, 0], [1, 2, 3, 0]]), torch.tensor([1, 3]), []

        def answer(p, k):  # right on this cycle: k steps lead from x to x + k
            calls.append((len(p), k.tolist()))
            return (torch.arange(4) + k[:, None]) % 4

        got = submission.amplify(answer, lambda p: (p + 1) % 4, p, k)  # H misreads each step
        compare.equal(got, torch.tensor([[2, 3, 0, 1], [3, 0, 1, 2]]),
                      what="amplify with k = [1, 3]",
                      hint="k = 1: look(p); k = 3: ask for 1, then 2 at the answer")  # fmt: skip
        compare.equal(calls, [(1, [1]), (1, [2])], what="the rows and powers of the calls",
                      hint="two calls of `answer`, for all rows with k > 1 together")  # fmt: skip


@pytest.mark.exercise("amplify_distance")
class TestAmplifyDistance:
    @pytest.mark.visible
    def test_a_path_of_two_edges_has_their_sum(self, submission):
        inf = float("inf")
        w = torch.tensor([[[inf, 1.0, inf], [inf, inf, 2.0], [inf, inf, inf]]])
        one_edge = torch.tensor([[[0.0, 1.0, inf], [inf, 0.0, 2.0], [inf, inf, 0.0]]])
        got = submission.amplify_distance(lambda w, length: one_edge, w, torch.tensor([2]))
        expected = torch.tensor([[[0.0, 1.0, 3.0], [inf, 0.0, 2.0], [inf, inf, 0.0]]])
        compare.close(got, expected, what="amplify_distance with at most two edges",
                      hint="the best midpoint: first half to m, second half from m")  # fmt: skip


def whole(generator, low, high):
    """One integer from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=generator))


def weights(generator, dtype=torch.float32):
    """A small state dict of floats, with a counter among them."""
    return {
        "embed.weight": torch.randn(3, 5, generator=generator, dtype=dtype),
        "bias": torch.randn(4, generator=generator, dtype=dtype),
        "scale": torch.randn((), generator=generator, dtype=dtype),
        "seen": torch.tensor(whole(generator, 1, 10**6)),
        "mask": torch.rand(6, generator=generator) < 0.5,
        "small": torch.randint(100, (2,), generator=generator, dtype=torch.int32),
    }


@pytest.mark.exercise("ema_update")
class TestEmaUpdate:
    @pytest.mark.visible
    def test_the_worked_example_keeps_three_quarters(self, submission):
        slow, fast = {"w": torch.tensor([1.0])}, {"w": torch.tensor([0.0])}
        got = submission.ema_update(slow, fast, 0.75)
        compare.close(got, {"w": torch.tensor([0.75])}, what="ema_update",
                      hint="rate is the share that is kept of `slow`")  # fmt: skip


@pytest.mark.exercise("distill_step")
class TestDistillStep:
    @pytest.mark.visible
    def test_a_new_learner_starts_near_log_n(self, submission):
        learner, p = submission.Learner(3, 0), torch.tensor([[1, 2, 0]])
        loss = submission.distill_step(learner, lambda p: p, p, torch.tensor([1]), "iterated", 0.9)
        compare.between(
            loss,
            0.5,
            2.2,
            what="the loss of a new learner with three elements",
            hint="mean cross-entropy over all rows and elements, as a number",
        )

    @pytest.mark.visible
    def test_the_slow_copy_answers_the_smaller_questions(self, submission):
        learner, p = submission.Learner(3, 0), torch.tensor([[1, 2, 0]])
        weights, far = learner.fast.state_dict(), torch.zeros(3, 48)
        learner.fast.load_state_dict(
            {**weights, "unembed.weight": far, "unembed.bias": torch.tensor([1.0, 0.0, 0.0])}
        )  # the fast copy says 0 everywhere, the slow one 2
        learner.slow.load_state_dict(
            {**weights, "unembed.weight": far, "unembed.bias": torch.tensor([0.0, 0.0, 1.0])}
        )
        loss = submission.distill_step(learner, lambda p: p, p, torch.tensor([4]), "iterated", 0.9)
        compare.close(loss, 1.55144, what='the loss of the arm "iterated"',
                      hint="the target is 2 at each element: what the slow copy says")  # fmt: skip

    @pytest.mark.visible
    def test_the_slow_copy_moves_by_one_minus_rate(self, submission):
        learner, p = submission.Learner(3, 0), torch.tensor([[1, 2, 0]])
        start = learner.fast.state_dict()["unembed.weight"].clone()  # both copies start here
        submission.distill_step(learner, lambda p: p, p, torch.tensor([1]), "iterated", 0.75)
        fast = learner.fast.state_dict()["unembed.weight"] - start
        slow = learner.slow.state_dict()["unembed.weight"] - start
        compare.close(slow, 0.25 * fast, rtol=0.01, what="the move of the slow copy",
                      hint="rate 0.75: a quarter of the fast copy's own move")  # fmt: skip


@pytest.mark.exercise("systematic_error")
class TestSystematicError:
    @pytest.mark.visible
    def test_one_misread_step_on_a_cycle_of_four(self, submission):
        p, wrong = torch.tensor([1, 2, 3, 0]), torch.tensor([2, 2, 3, 0])
        for k, expected in ((0, 0.0), (1, 0.25), (2, 0.5), (3, 0.75)):
            compare.close(submission.systematic_error(wrong, p, k), expected,
                          what=f"systematic_error with k = {k}",
                          hint="after a wrong step, go on from where it led")  # fmt: skip


@pytest.mark.exercise("noise_in_x")
class TestNoiseInX:
    @pytest.mark.visible
    def test_the_answer_is_a_share(self, submission):
        compare.between(submission.noise_in_x(), 0.0, 1.0, what="noise_in_x",
                        hint="an accuracy, from 0 to 1")  # fmt: skip


def a_float(got, what, hint):
    """`got` is a float of Python or numpy: no int, and no tensor with one entry."""
    if not isinstance(got, float | np.floating):
        compare.fail(f"{what} came back as {type(got).__name__}; a float is expected.", hint=hint,
                     recognised=True)  # fmt: skip


@pytest.mark.exercise("trivial_floor")
class TestTrivialFloor:
    @pytest.mark.visible
    def test_the_worked_example_with_six_elements(self, submission):
        for k, expected in ((1, 1 / 6), (2, 1 / 3), (4, 1 / 2), (6, 2 / 3)):
            got = submission.trivial_floor(6, k)
            compare.close(
                got,
                expected,
                what=f"trivial_floor(6, {k})",
                rtol=1e-9,
                hint="exact: count the cycle lengths from 1 to n that divide k",
            )
            a_float(got, f"trivial_floor(6, {k})", "return a float: float(...) makes one")


@pytest.mark.exercise("moved_accuracy")
class TestMovedAccuracy:
    @pytest.mark.visible
    def test_the_item_that_stays_does_not_count(self, submission):
        truth, pred = torch.tensor([[1, 0, 2]]), torch.tensor([[1, 1, 2]])
        got = submission.moved_accuracy(pred, truth)
        compare.close(
            got,
            0.5,
            what="moved_accuracy",
            hint="items whose true answer is the item itself are free: leave them out",
        )
        a_float(got, "moved_accuracy", "return a float: .item() makes one of a tensor")


@pytest.mark.exercise("held_out")
class TestHeldOut:
    @pytest.mark.visible
    def test_equal_rows_get_equal_flags(self, submission):
        rows = torch.tensor([[1, 2, 0], [1, 2, 0], [0, 2, 1], [1, 2, 0]])
        for salt in range(6):
            got = submission.held_out(rows, 0.5, salt)
            compare.shape(got, (4,), what="held_out")
            compare.equal(got[[1, 3]], got[[0, 0]], what="the flags of three equal rows",
                          hint="the same permutation fell on both sides: decide by the content "
                          "of the row alone")  # fmt: skip


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9WQ1vG8cR/StbAYXJhGFFRXZTqW7gpA1SIGiKxEUKCAKxvFuSW97tMrt3otkg/73vzexRJO2oSNoYMCxyP2dn"
    "3sy8Gf5wUTXWtxc35uLrYJb+wRnbrGLy3br1lels3uSJ6ZL1wYeVicF0aywJeedSNnGJj8a92brUmd06Gp/N2jVb"
    "V5vF3lRx650s4p7G2RRcMjk2DxjlEE83O1wV+w539FhkF67BhRw0FmfGlDtjTRtrhw+5ibs67oKxKwjEgR5XP/iM"
    "C+V8yjjKruo8JL2eXo2nFxNzUfvl0ld90+3xzo8x4N64VGFXxve7Hy4q2zRz7Iqh5sjV5fQSi6ptfzSoYycnXWFg"
    "7UMnp1x8t3bJUQHUSONaFyD4ssOLNyZ3bpuNXxrfZVPtq8aZtc0QOazwzq8+pZB/sdW6zJXxZYqtmZkumsBz3fc9"
    "5Nybxm9cs7+BentcoarleuoUKlskKoHDgxQLW21ED58fdnxlfDDJhpUbzSY4/kMzG6vSN+a3mH350uC5NtSm9g++"
    "djRnmF7c4xDfbmPqbKgcnv0cAxsfauKngo14S+ss7cChVyZXEVqBUeMOF+MVoW8X0Ak+0baOMoeCp0Hu73vYmgYU"
    "gaAy1yxF/taHvhOjzXhxsC1luOgSZLTNfNnEmLhuG4tVaOvUQyMVTUTp+2L0+x8n5hcbfnZmeF9RTNfCtnjMgsat"
    "zTImWNA5VSOdo3YVVKlmupGXbpOrvYIVq8UlUt+tP1VjtVubyoiqooupWk+t2i2Mb9TgLb0IOgLq1a1UFPpm05gU"
    "d5meFGEwUeKIl9LAcvD4ro0Prr6f1rFfNG40ntJ8+MNDRmMVPuBVu7VT35frCMd22+3fAYnrpyHxdVActA5mq8zB"
    "+MAEdRQDEJ7c1tnymAMYBEmZsMzRuAeX9kbsTFk2Ie4aV6/cOUwuj2AiD53bquqTrfYnOLn6dXByGiBe76L6sEHM"
    "avvO8lmZjthhZmG7au3yDbQAaxFHfD0hk/n6GiqBJWKYMIwsItDQ9giAK6cOnfFIgc3rPulWGF6Mp7MN9BQQSRZ7"
    "aGbC6LPmTKsGTs7qQhlHZLKDny5ct3Ow/KWsm4l+cdCUsWkuh424p/GLaV7bq+cvRp17001doOlH4/G09isYcDS+"
    "u/kEen228KtnY/M7c/XBBy+uzR8NNiW4yE6CJ7dihIg9SD08QZ5DwRqfu58fib6jVvexB+5s7nGXBFe5NUp0XTkk"
    "J4vDxSw3JkSIAwUf2crsIACRp/nQ0RxngLs6BhwyYT1HajuB2vWvA7WPz0ISXltHuMuX+FNC6BCIhikP5ebNp+YV"
    "UzdD2JAvZFYMIDc+uuDCrXwQlH27bbwCT3DL9LAxfwI+zGeEJh+RBZvbOxi4vr/lWp/gscIbbF2bfsvMttF5UaNe"
    "N11ZrE3MS0uP7D9mpmv6Npj9QCWKXAgTzX4igXZvXsqM7NCJn4+Rr4OTTM1rDhFFlGbNtmGkAloCcQhoIFsTCNQm"
    "0AM36fRrkBy/7be+EVeVMM9vSg32ZhVjzYCcWygJewbt5nMoHac420Lhy9Og9eJ9IOn1OsV+tS4IAfbho48AWYiH"
    "wF54lcILzosMgWdSd1k0tnBLcgDRo/Ah3wmGXgEEdwvjTXsvk/jcmn/dm0gPQwByOxi+bYE7+4YJQy/o7MZpHgIj"
    "bftWl7dTI5gn0QirPPDU2ttVDIi4sOhOLh0JQu5uJkb//S0Gdw/6oyq5G0bGU4vzR1fjW7mUECukbIYIPa1wC6Kb"
    "ZuXhklHt29lLwBZ/r15ejXFmR4hfvgOJHz+NxNcMeAj9WyGUIcJTF+TIx4njRtB08E1BYqZbZo30A74gqZABTpA6"
    "81oIDmpQx6eiV4HcvEa8FanfQxR7F7EqPs8cidTQN/TGZDvHiRm01CHhIYgNoa21ezgxnwceVq1JlWolL4z+xGMN"
    "jQgWPuu9nEakkYbdGrHrAFiu1wNuYQWySyg+rObKOjrHELdzfrWGYiWbCCFHeBOtiogfSMVyR5WCYbkOQQOo+dCM"
    "ZuYjecQYS5YWgDxbIuSRFyJXv2P+AMBloY1gRt0vg1kpy57lx0AkMW4ViV3LIm6v4LJwNEunFo8jnABR5out5eU/"
    "Tbxca+f9tsZz/xfS9eJtBL14C0DXZwCKh1JV8sZ5yCX5YiQHLlpl5LSXvHmC1GmpZZRHcRHrvUDmOxTGisWBtdJA"
    "faj0OEBytJ2YDXIWgSSoKAqeysla16ZVa9+oGqV8s6xxEeMmskuUzfwDXou0NhNOPDVfWuF/rjhEK+ZRHxXl/yPU"
    "PE9KhBDnq2RrAETL7IRUnG/NF9MqxZznMFrCE0eDaESYyj1dNhaZLIyg2RnYf9l6GB4jIP7bJT1+IpXlDvl7Innz"
    "lmlNHnP85ilgXM8RQzo3p5cNDv2ICo4Io31cNBrnX1BtqjZK2cogQPtSZXrPTSksHOT15Ngp+ZLIhuYEoSzQLgn+"
    "WYmZP1FfnORovRKQhSpOgP7JTwL9OK8fecn/seh4JRmXOtglZEax00SBqZz7kMuDkG/SH5ghaYr+IjZErZYbdlvi"
    "nBZfA1tkCCodjok601C2i+rKBG1SlYq2kP21wyHge3IRzz0rb4FH0/mWNVESa6Bq1Vfcle/KG7RAfgmqKZ+Ua5Za"
    "FeAguob9vylV788vW/8eDw2voknoQ9KJfmPmGViOfABhrCh6oJdK34W4P+2jtVLnseCBup7qcOQ91Ngi/VRzl9L7"
    "aXJcvSMXa9AjJxHtRjjLMqGmJQ6IMbyUugjSgoDvlPCB8MAaUpkaWUspdrVgZT+xRERql26U/KLXor9PD57twhB9"
    "dge6nbdSsQKIbBccAmkxhUZ80ec3vQKhQblmVjgpkEk9KIMcuoBDDdwNpfPQo0JqS9TAbWlgXU7/oNkWpwbn6qym"
    "Vq8lyEtbUzzJ7vN/gZkKega0P2sU0YKTZHfQde0GFveoVZR2QTsDtIBA49BvLV3ZkrWN3YEYFWYjrkfo0SOBzfqp"
    "7C2an/swf/M+WiYn1ceT2iuXn2rv9B3Xx+9A7MdBTwTmiyttKJFZlyYR/VTaRo89NRb1H51z8aG03p/sZPtN9ylY"
    "aDvpUbJuYlO1OP3jvVid1PJeNzFVaevvAMuDgcFZdI6elw5mPDrtbWw8QFN5bUbHkIIHsxmkoELUfQw2WjsMIAG1"
    "eVcQHBcJi3RnMrz180AiYdY2XyT5ynvIue259rGrQtVNzD81Lecj32bQxTR7BircyB7LK68caxC2e8nwe7oxqJJ0"
    "B0D05UZuvT2+7zA6cD4vccY+1ld49GmLSG1Oqobcc83zM/tn/AGFIT11Vd/dluR0IvLBtCIWyoip+Qb3R4oikmuH"
    "qj5QV230W/b9NaI8ehq/kYq5dOJr9BtxkueXz+cKKrY+hWz4SsQ/IzLqKrFzixg3R2fN5LCthQl53ufrxPhkA8r9"
    "b9eNW7lE2vqKWPK4eAaX+rb8JuOFbojZCr3K7BMVysPZnbObAo8sjgk+jWyCrV3hR7PL2RxmChlxq8Ujpe2Yq8T8"
    "IarIawTjzVGGRgl5JWq8pslOOq34/vuBtuTS1wGV/6ixe+3pDdfA/AGYQobhEXquZoAXcir+H465PY61REzeOLJP"
    "lEYdWTuzm/zCJpNSxCv90V+66FxaJ2g07w4Z77a0QB+oKB8Ov3RJMzg67QqQOojDdb5rJMr9tRjbnBr7x/8AZQ5b"
    "UQ=="
)
