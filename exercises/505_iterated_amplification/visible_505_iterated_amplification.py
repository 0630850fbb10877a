"""The tests of unit 505 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
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


@pytest.mark.exercise("moved_accuracy")
class TestMovedAccuracy:
    @pytest.mark.visible
    def test_the_item_that_stays_does_not_count(self, submission):
        truth, pred = torch.tensor([[1, 0, 2]]), torch.tensor([[1, 1, 2]])
        compare.close(
            submission.moved_accuracy(pred, truth),
            0.5,
            what="moved_accuracy",
            hint="items whose true answer is the item itself are free: leave them out",
        )


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
    "eNq9Wf1vG8cR/Ve2AgqTDs2KtKwGUtXASRqkQFAXtQv/IAjE8m5Jbnm3e9m9E8UG+d/73uwevyyrsNsYMCxyb28/"
    "3ryZeTP85ayotK3PrtTZG6cW9t4oXS19sO2qtoVqdVzHkWqDts66pfJOtStMcXFjQlR+gY/KPDQmtGqz8spGtTJV"
    "Y0o136rCN9bIJL5TGR2cCSr66h6jHOLqaoOtfNdijw6T9NxU2JCDSmNNH2KrtKp9afAhVn5T+o1TeokDcaDD1vc2"
    "YkNZn2ccRFO0Fie9GE+H47OROivtYmGLrmq3uOdLDJgHEwq8FfH99pezQlfVDG95V3Jkej4+x6Si6Q4G09jRSlMM"
    "rKxrZZWz9ysTDAEgIpWpjcPBFy1uvFaxNU1UdqFsG1WxLSqjVjriyG6Je/70DQ/5F12s8rM8vgi+VhPVeuW4rvm5"
    "wzm3qrJrU22vAG+HLRK0nE9MAdk8EAQO96eY62ItOHy3e+MnZZ0K2i3NYDLC8l+pyTCBvla/x9ObG4Xraleq0t7b"
    "0tCcbnx2h0Vs3fjQalcYXPsVBtbWleRPARtxl9po2oFDr1UsPFCBUf0GG+MWrqvnwASfaFvDM7vMp/7cP3ewNQ0o"
    "BwJkplrI+WvrulaMNuHGTtc8w1kbcEZdzRaV94HzGp+tQluHDogUNBFP32Wj3/06Up9t+MmJ4W3BY5oatsVl5jRu"
    "qRY+wILGJBjpHKUpAGUy05XctAmmtImsmC0uEbp29U0yVt3okEcSFK0PxWqsk93c8CoZvKYXASOwPrlVOgp9s6pU"
    "8JtIT/IwmIA44KY0sCw8vK39vSnvxqXv5pUZDMc0H/5wkcEwHd7hVpuVSb4v25GOddNuH6HExdOUeOMSD2oDsxVq"
    "Z3xwghh5B4YH0xidL7MjgzApkpbRK3NvwlaJnXmWtfObypRLc0qT8wOayEVnuii6oIvtEU+mvw1PjgPEu41PPqwQ"
    "s+qu1bxWpCO2eDLXbbEy8QoowFrkEW9PykTevgQksIR3I4aRuQcb6g4BcGmSQ0dcUmjzrgvpVRhejJeeVsDJIZLM"
    "t0BmxOiz4pM6GTgYnSbKOCKT7v10btqNgeXPZd5E8MVCY8ammSw24DuVnY/jSk9fXQ5a89COjaPpB8PhuLRLGHAw"
    "vL36Grg+m9vls6H6g5o+f355of6k8FKAi2wkePJVjJCxu1P3V5Dr8GCVje2nR6L3RHXrO/BOxw57SXCVXb1E16VB"
    "ctJYXMxypZzHcQDwga3UBgcg81I+NDTHCeGmh4RDJixnSG1HVLv4baj28iQk4balh7v8iD85hPaBqH9kAW5cf6Ne"
    "M3UzhPX5Qp6KAWTHvQvOzdI6YdnbprKJeMJbpoe1+jP4ob4lNXmJKNxsbmHg8u6ac22Ax4pu0GWpuoaZbZ2eC4xp"
    "u/FSY25gXlpYZP8hM13V1U5teymRz4UwUW1HEmi36kaeyBvpwadz5I0zkqm5zS6iCGhaNRUjFdjiyENQA9maRCCa"
    "YA/cpE1fneT4pmtsJa4qYZ7fkjTYqqX3JQNyrAES3unRjadUOkxxugbgi+OgdfklmPRuFXy3XGWGgPvw0T1B5uIh"
    "sBdulegF50WGwDWJXRTE5mZBDSA4ih6yrXDoNUhwO1dW1XfyEJ9r9a875elhCEBmA8PXNXinH5gw0gatXpuUh6BI"
    "665O0+uxEs5TaLhl7HVqafXSO0RcWHQjmw6EIbdXI5X+/c07cwf5kyC57UeGY431B9PhtWxKimVRNkGEHhfYBdEt"
    "ZeV+k0Fp68kNaIu/05vpEGu2pPj5I0x8+TQT3zHgIfQ3Iiidh6fOqZEPE8eVsGnnm8LESLeMKdL3/MJJRQzwAaUz"
    "t8XBIQ1K/1T0ypSblYi3cuovEMUeE1bZ55kjkRq6it4YdGv4YAKUWiQ8BLE+tNV6Cyfm9aDDihWlUpnEC6M/+VgC"
    "EeHCt52V1cg0yrBrJXbtCcv5aYFrWIHqEsC75SypjtYwxG2MXa4ArGQTEeQIb4KqHPG5VCy3hBQKy7QIGmDNV2ow"
    "US/kEkNMWWgQ8mSKiEduiFz9yPMdARdZNkIZtZ9Hs1yWPYv7QCQxbunJXc0ibpvIpeFomk4tHkc6gaLMF43m5h8X"
    "XqbWs64pcd3/RXRdfsigyw8IdHFCIL8rVSVvnIZcii9GcvCiToqc9pI7j5A6NVFGeeTnvtwKZd6jME5c7FUrDdS5"
    "Ii0HSg6akVojZ5FIwooM8FhWTnVtWNb6IcEo5ZtmjYsYN5K3BGzmH+hapLWJaOKx+lGL/jPZIWoxT/JRAf+fruR6"
    "UiI4P1sGXYIgqcwOSMXxWv0wLoKPcQajBVxx0B+NDEvnHi8qjUzmBkB2AvWfX90NDxEQ/21CWn4kleUG+XskefOa"
    "aU0uc3jnMWhczhBDWjOjl/UOvWcFR0TR7icNhvEzqs2ERi5bGQRoX0KW9rnKhYXBeS01dgg2J7K+OUEqC7Vzgn+W"
    "Y+ZH6oujHJ22BGUBxRHRv/4o0Q/z+oGX/B+LjteScYnBJiAzip1GiZhJc+9yuRPxTfkDM4SUon/wFVmbyg3d5DiX"
    "iq9eLTIE5Q7HKDlTX7YLdPkBbVLkijaL/ZXBItB7shHXPSlvwUfV2po1URBroGpNt7jN35NuSAXyDaSmfEpaM9eq"
    "IAfZ1b//u1z1fnrZ+ne/a3hlJIGHpJP0jZmnVznyAYKx4NEdvVT6LuT9cR+tljqPBQ/geqrDEbeAsUb6KWYmhC/T"
    "5Jg+kotT0KMmEXQ9nGURUNOSB+QYbkosnLQg4Ds5fCA8sIZMSo2qJRe7qWBlPzFHRKJLNwp23qWivwv3lu1C5200"
    "O7kdG6lYQUS2C3aBNJsiRXzB8x9dIkKFck0tsZKjkrpPCrLvAvY1cNuXzn2PCqktEIH/Qpe04Qlhvk/RIBWOFK09"
    "ZqXp1dgeHZRoLlX4RFJMvOub5u5qzr5KbyBwskIRFyKF6FngWPlUFhYEZ9bNHr5E6+OoingSvbz5MXpPhFnEcCz0"
    "RIA9m6bGEBVybvbQ36T9s++NsTh/caqp+xJ5e/Qm22jpPWdMGcV20mtk/cPmaHbe/b6YHZLlbXqJKSe18Hb02hkY"
    "2iM9oweFnRkPVvuQG/dAKq7U4JBS8EQ2dRKpED33QSPVAD1JIFEeC2bDfMJ8upMzfNDmDxS+qV3nKaLiFudsOs7t"
    "HPNlDv2paJauiXWHcgRY743AUgnHOVhGbUTrs/bJAXKUI/0OUm7M7oFcL/nonrv8RpFiwhF7yUSh3avzV7NkJjYF"
    "JQ3bQmx2wr0LcSLfmrn364O1JrJYowEK1/tuFejx2qEQfruqzNIECrrXtI7FxhOQ9G3+tcJKIhbgs/CI7KBkMcCn"
    "G6PXGfAoVIfSRJzFq21WDpPzyQzpxEVEghqXlIZcLAIjq0ARVwGGOMhdKK6mwu8LQn3Ug8T3P/YJPeaOB0Tui0pv"
    "U7er3wbCycGsiL1cIq2bmvuXsir+75e5Poxe7H3EtaEuQ9HQUs8y7stvT/JQytskDNJvQKRrUtApPra7XHCdm4P3"
    "BMq63W9A0ib1Ju44IxRubVtJ3PhrNrY6Nvav/wGaTgsP"
)
