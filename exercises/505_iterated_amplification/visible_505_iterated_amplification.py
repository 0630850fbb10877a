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
    "eNq9WQ1vG7kR/SusgSJSTlEtxXGvdtMgd9fDFTg0RZMiBQxDoHYpidUuuUfuWlYP99/73pCrrzgukvYCBLG0H+Tw"
    "zZuZN6Ofz4pK2/rsSp29cWph74zS1dIH265qW6hWx3UcqTZo66xbKu9Uu8IjLm5MiMov8FGZ+8aEVm1WXtmoVqZq"
    "TKnmW1X4xhp5iO9URgdngoq+usNVXuLqaoOtfNdijw4P6bmpsCEvKo01fYit0qr2pcGHWPlN6TdO6SUM4oUOW9/Z"
    "iA1lfdo4iKZoLSy9GE+H47OROivtYmGLrmq3OOdzXDD3JhR4K+L7zc9nha6qGd7yruSV6fn4HA8VTXdwMV07WmmK"
    "CyvrWlnl7P3KBEMAiEhlauNg+KLFidcqtqaJyi6UbaMqtkVl1EpHmOyWOOePr2jkn3Wxyvfy9UXwtZqo1ivHdc1P"
    "HezcqsquTbW9ArwdtkjQ8nliCsjmgSDwcm/FXBdrweHb3Rs/KutU0G5pBpMRlv9KTYYJ9LX6Le6+fKlwXO1KVdo7"
    "Wxq6043PbrGIrRsfWu0Kg2O/wIW1dSX5U8BH3KU2mn7gpdcqFh6owKl+g41xCtfVc2CCT/Stoc0u86m3+6cOvqYD"
    "xSBAZqqF2F9b17XitAk3drqmDWdtgI26mi0q7wOfa3z2Cn0dOiBS0EW0vstOv/1lpD7b8ZMTx9uCZpoavsVh5nRu"
    "qRY+wIPGJBgZHKUpAGVy05WctAmmtImseFpCInTt6lVyVt3okK8kKFofitVYJ7+54VVyeM0oAkZgfQqrZApjs6pU"
    "8JvISPJwmIA44KZ0sCw8vKn9nSlvx6Xv5pUZDMd0H/5wkcEwGe9wqs3KpNiX7UjHumm3D1Di4nFKvHGJB7WB2wq1"
    "cz44QYy8A8ODaYzOh9mRQZgUScvolbkzYavEz7Rl7fymMuXSnNLk/IAmctCZLoou6GJ7xJPpr8OT4wTxbuNTDCvk"
    "rLprNY8VGYgt7sx1W6xMvAIK8BZ5xNOTMpGnLwEJPOHdiGlk7sGGukMCXJoU0BGHFNq860J6FY4X56W7FXByyCTz"
    "LZAZMfuseKdODg5GpwflOjKT7uN0btqNgefP5bmJ4IuFxsxNM1lswHcqOx/HlZ6+uBy05r4dG0fXD4bDcWmXcOBg"
    "eHP1NXB9MrfLJ0P1OzV9+vTyQv1R4aWAENlI8uSruELG7qzujyDHoWGVje2nZ6L3RHXrO/BOxw57SXKVXb1k16VB"
    "cdJYXNxypZyHOQD4wFdqAwPIvFQPDd1xQrjpIeFQCcsZStsR1S5+Hao9P0lJOG3pES4/4E9OoX0i6m9ZgBvXr9Rr"
    "lm6msL5eyF1xgOy4D8G5WVonLHvbVDYRT3jL8rBWfwI/1DekJg8RhZvNDRxc3l7zWRsQsaIbdFmqrmFlW6f7AmPa"
    "brzUeDawLi0sqv+Qla7qaqe2vZTIdiFNVNuRJNqteil35I1049M58sYZqdTcZpdRBDStmoqZCmxx5CGogWpNIhBN"
    "sAdh0qavTmp80zW2klCVNM9vSRps1dL7kgk51gAJ7/ToxlMqHZY4XQPwxXHSuvwSTHq3Cr5brjJDwH3E6J4gc4kQ"
    "+AunSvRC8KJC4JjELgpic7OgBhAcRQ/ZVjj0GiS4mSur6lu5ic+1+tet8owwJCCzgePrGrzT9ywYaYNWr02qQ1Ck"
    "dVenx+uxEs5TaLhl7HVqafXSO2RceHQjmw6EITdXI5X+/dU7cwv5kyC56a8MxxrrD6bDa9mUFMuibIIMPS6wC7Jb"
    "qsr9JoPS1pOXoC3+Tl9Oh1izJcXPH2Di88eZ+I4JD6m/EUHpPCJ1To18WDiuhE272BQmRoZlTJm+5xcsFTHAG5TO"
    "3BaGQxqU/rHslSk3K5FvxeovkMUeElY55lkjURq6itEYdGt4YwKUWhQ8JLE+tdV6iyDm8aDDihWlUpnEC7M/+VgC"
    "EeHCN52V1cg0yrBrJX7tCcvn0wLX8ALVJYB3y1lSHa1hitsYu1wBWKkmIsiR3gRVMfGpdCw3hBQKy7RIGmDNV2ow"
    "Uc/kEEM8stAg5MkjIh65IWr1A/d3BFxk2Qhl1H4ezXJb9iTuE5HkuKUndzWbuG0il0agaQa1RBzpBIqyXjSam39c"
    "eJlaz7qmxHH/F9F1+SGDLj8g0MUJgfyuVZW6cZpyKb6YycGLOily+kvOPELp1EQZ7ZGf+3IrlHmPxjhxsVetdFDn"
    "irQcKDloRmqNmkUiCSsywGNZOfW1YVnr+wSjtG+aPS5y3EjeErBZf6BrUdYmoonH6gct+s/kgKjFPSlGBfx/uJLr"
    "SYvg/GwZdAmCpDY7oBTHa/X9uAg+xhmcFnDEQW8aGZbsHi8qjUrmBkB2AvWfX91dHiIh/tuEtPxIOssN6vdI6uY1"
    "y5oc5vDMY9C4nCGHtGbGKOsDes8KXhFFu39oMIyf0W0mNHLbyiRA/xKytM9VbiwM7LXU2CHYXMj64QSpLNTOBf5J"
    "zpkf6S+OanTaEpQFFEdE//qjRD+s6wdR8n9sOl5LxSUGm4DKKH4aJWImzb2r5U7EN+UP3BBSif7eV2Rtajd0k/Nc"
    "ar56tcgUlCccoxRMfdsu0OUb9EmRO9os9lcGi0DvyUZc96S9BR9Va2v2REG8ga41neImf0+6ITXILyE15VPSmrlX"
    "BTnIrv793+Su99Pb1r/53cArIwk8pJykb6w8vcqRDxCMBU13jFKZu5D3x3O0Wvo8NjyA67EJR9wCxhrlp5iZEL7M"
    "kGP6QC1OSY+aRND1CJZFQE9LHpBjOCmxcDKCQOzk9IH0wB4yKTWqltzspoaV88ScEYkuwyjYeZea/i7cWY4LnbfR"
    "7OR2bKRjBRE5Ltgl0uyKlPEFz793iQgV2jW1xEqOSuouKch+Ctj3wG3fOvczKpS2QASu8wDrfPyHVG2xqjOmjMnV"
    "KWpJ8jzWlEjS2/hfaJYMPSHadymLpIaTYrfHujS9itujitbOpckAPSDU2M1b81Q2V22lNxBGWdlI6JF6jEhws3ys"
    "egvyM+tm919iZHLUfTyKXt78GL1H0jNyPxZ6JDGfTdNAico6D4kYpzI22s/U2NQ/O9XifWu9PXqT47f0XiILfScz"
    "SvZNHKrmoN/vi6dD8rxNL7FUpdHfjpY7B0OzpHuMvLBz48FqH3LjDkjFlRocUgoRzGFQIhWy7j7ZpN6hJwmkzUNJ"
    "cJgtzNad2PDBzwOBgjmN+TzFV9zCzqbjs/upCqEbqX+mshwPYptJF7c5M0jGDfShvXJKSJSDlWQHPio1nz34vmfC"
    "QY7HPlAwewezfcMTBybm2ZQzlhOKUa48O1cdWZZifx8T/EbRZMJRVJDhQucX5y9myf0cUoossIUYdcLpCwlO35q5"
    "9+uDtSayWKMBNtf7dhWYSbRDY/52VZmlCRSYr+l1i40nIP/b/OuJFWEgAGchFDnRyeKEdzdGr7Mjo4QQlC/yPl5t"
    "s5KZnE9mgN1FZJgah5QBYSwCM71AEVdIm+uDWopmbypxc0GYj2ai+P77XmDEPIGB6H5W6W2avvXbwKkO3kct4BJp"
    "3ZSrL2VV/N8vc32YFcmDuDbUiWhiWupr1iH5LUxuSrudhEr6TYphkBR9yrvtrjZd52HlHYGybveblIxtvUn9O5kj"
    "odHatpJ89JfsbHXs7F/+AwGyPZA="
)
