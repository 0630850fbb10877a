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
        compare.equal(got, torch.tensor([[2, 0, 1]]), what="amplify with k = 2",
                      hint="answer k // 2 first, then ask for the rest at the first answer")  # fmt: skip


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
        compare.between(loss, 0.5, 2.2, what="the loss of a new learner with three elements",
                        hint="mean cross-entropy over all rows and elements, as a number")  # fmt: skip


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
            compare.close(got, expected, what=f"trivial_floor(6, {k})", rtol=1e-9,
                          hint="exact: count the cycle lengths from 1 to n that divide k")  # fmt: skip


@pytest.mark.exercise("moved_accuracy")
class TestMovedAccuracy:
    @pytest.mark.visible
    def test_the_item_that_stays_does_not_count(self, submission):
        truth, pred = torch.tensor([[1, 0, 2]]), torch.tensor([[1, 1, 2]])
        compare.close(submission.moved_accuracy(pred, truth), 0.5, what="moved_accuracy",
                      hint="items whose true answer is the item itself are free: leave them out")  # fmt: skip


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
    "eNq9WWtvG8cV/StTAYVJh2ZFWnYDqWrgpA1SIKiL2oU/CAIx3B1yp9yd2czsimKD/Peec2eWIhlZhY3GgGGR87xz"
    "7rlP/nxW1No2Z5fq7K1TK3tnlK7XPtiuamyhOh03caK6oK2zbq28U12FJS5uTYjKr/BRmfvWhE5tK69sVJWpW1Oq"
    "5U4VvrVGFnFPbXRwJqjo6zuMcoinqy2u8n2HO3os0ktT40IOKo0zfYid0qrxpcGHWPtt6bdO6TUE4kCPq+9sxIVy"
    "PmUcRVN0FpJeTOfj6dlEnZV2tbJFX3c7vPMlBsy9CQV2RXy/+fms0HW9wC7vSo7Mz6fnWFS0/cFgGjs6aY6ByrpO"
    "Tjn7UJlgCAARqU1jHARfdXjxRsXOtFHZlbJdVMWuqI2qdITIbo13/vgNhfyrLqo8l8dXwTdqpjqvHM81P/WQc6dq"
    "uzH17hLw9rgiQcv1xBSQLQNB4PAgxVIXG8Hhu/2OH5V1Kmi3NqPZBMd/pWbjBPpG/R6z19cKz9WuVKW9s6WhOt30"
    "7BaH2Kb1odOuMHj2KwxsrCvJnwI64i2N0dQDh96oWHigAqX6LS7GK1zfLIEJPlG3hjK7zKdB7p966JoKFIEAmalX"
    "In9jXd+J0ma82OmGMpx1ATLqerGqvQ9c1/qsFeo69ECkoIoofZ+VfvvLRH224mcnircFxTQNdIvHLKncUq18gAaN"
    "STDSOEpTAMqkpkt5aRtMaRNZsVpMIvRd9U1SVtPqkEcSFJ0PRTXVSW9ufJkU3tCKgBFYn8wqiULbrGsV/DbSkjwU"
    "JiCOeCkVLAePbxp/Z8rbaen7ZW1G4ynVhz88ZDROwju8aluZZPtyHenYtN3uEUpcPE2Jty7xoDFQW6H2ygcniJF3"
    "YHgwrdH5MXsyCJMiaRm9Mncm7JTombJsnN/WplybU5qcH9BEHrrQRdEHXeyOeDL/bXhy7CDeb32yYQWf1fSd5rMi"
    "DbHDzFJ3RWXiJVCAtsgjvp6UiXx9CUigCe8mdCNLDzY0PRzg2iSDjnik0OZ9H9JWKF6Ul2Zr4OTgSZY7IDOh96k4"
    "0yQFB6PTQhmHZ9KDnS5NtzXQ/Lmsmwm+OGhK37SQw0bcU9vlNFZ6/ur1qDP33dQ4qn40Hk9Lu4YCR+Oby6+B67Ol"
    "XT8bqz+o+fPnry/UnxQ2BZjIVpwnt2KEjN1LPTxBnkPBahu7T/dEH4jqzvfgnY497hLnKrd68a5rg+Ckcbio5VI5"
    "D3EA8IGu1BYCkHkpHhqq44Rw80PCIRKWC4S2I6pd/DZUe3nikvDa0sNcfsCf7EIHRzRMWYAbN9+oNwzddGFDvJBZ"
    "UYDc+GCCS7O2Tlj2rq1tIp7wluFho/4MfqhvSU0+Igo32xsouLy94lobYLGSN+iyVH3LyLZJ8wJjum661lgbGJdW"
    "FtF/zEhX941TuyGVyHLBTdS7iTjanbqWGdmRJj6dI2+dkUjNa/YeRUDTqq3pqcAWRx6CGojWJALRBHtgJl366iTG"
    "t31razFVcfP8llKDnVp7X9IhxwYgYc+Abjyl0mGI0w0AXx07rddfgknvq+D7dZUZAu7DRh8IshQLgb7wqkQvGC8i"
    "BJ5J7KIgtjQr5gCCo+RDthMOvQEJbpbKquZWJvG5Uf++VZ4WBgdktlB804B3+p4BI13Q6Y1JcQgZadM3aXkzVcJ5"
    "JhpuHYc8tbR67R08LjS6lUtHwpCby4lK//7unblF+pMguRlGxlON80fz8ZVcSorlpGwGDz0tcAu8W4rKwyWj0jaz"
    "a9AWf+fX8zHO7Ejx80eY+PJpJr6nw4PrbyWhdB6WumSOfBg4LoVNe9sUJkaaZUyefuAXJJVkgBNMnXktBEdqUPqn"
    "vFem3KKEvxWpv4AXeyyxyjbPGInQ0Ne0xqA7w4kZUOoQ8ODEBtfW6B2MmM9DHlZUTJXKlLzQ+5OPJRARLnzbWzmN"
    "TGMadqVErwNhuT4dcAUtMLsE8G69SFlHZ+jitsauKwAr0UQScrg3QVVEfC4Vyw0hRYZlOjgNsOYrNZqpF/KIMZas"
    "NAh5skSSR16IWP3I/J6Aq5w2IjPqPo9muSx7Fh8ckfi4tSd3NYu4XSKXhqFpGrVYHOkEijJetJqXfzzxMo1e9G2J"
    "536JpOvihEN+X61K6Dj1usy/6MxBjSYl5VSZPHuC6KkJNCokv/TlTljzAbVxouOQuFJHvSvScWDlqJ2oDcIWuSTE"
    "yBhP5eRU2oZ1o+8TklLBaZa5cHMT2SV4MwQhtUVkm0laPFU/aEkBTbaJRjSUzFTw/5creZ5UCc4v1kGX4EiqtAOi"
    "cbxS30+L4GNcQG8BTxwNopFkSe7pqtYIZm4EZGcoAPLW/fAYPvE/JqTjJ1JcbhHCJxI6r47eOgWDywXcR2cWNLDR"
    "AxNGR+sOluDGQ5lOpsRmxp9RiCaUckVL/0C9E8okzmWuOQzeYZl+h2BzjBv6FmS5sD7H/mfZnX6k9DgK3+lKsBkQ"
    "HdnA1x+1gcOQf2BA/8d65I0EY2KwDQiaor9JImxKx/dh3klezswI2ggpen/va7I5VSK6zS4w1WVDIknvlJsfk2Rk"
    "Q0Uv0OUJ6qTIxW6uAyqDQ5AKiiMVuMtJLoSvk7Q3eRiQtTcyg08b1dmG5Y3IclItSwqaS1gQgzaUz1C/y8Xwp1ez"
    "//D7PlhGEVhIlEnfGJCG5Ec+II8sWOU5Wq60Y2jLx+21Rso/1kGA6qnGR9wBwgZRqViYEL5M72P+SIhOjpCpiqDr"
    "YSirgFKXHCC/8FJi4aQzAbvJLgUug6VlSuCYzOQaONWxbDNmL0l0aULBLvvUC+jDnWUX0XkbzT4Lj60UsiAhuwh7"
    "55pVkaKA4PnPPhGhRhWn1jjJMcG6S4nl0BwcSuNuqKiH1hUiXiAC/4Mu6cITwvwleYJUTzKXHTArzZCkPaCDys2l"
    "wp9Iior37dTcdM1BWekt8p6cuIj5kEK0KnCsfCo4C4IL6xb3XyI4HxUXT6KXLz9G7wkXC/+Ng55wrmfz1C9i4px7"
    "QLQ36Qo9tMxYs784TbWHynl3tJPdtbTPGVNG0Z20IFkWsWeajffhXqwOSfM2baJbS529Pb32CkY+kuZoQWGvxoPT"
    "fs2NOyAVKzU6pBQskb2eRCqE0AenkUqDgSRIWx5zZuMsYZbuRIZfdf8D8+HUxfNMrOIOcrY91/aOsTK7/VRLSzPF"
    "usMUBVg/KIEVFMQ5OEZtpQRgSZQd5BAY9pDyYjYV5HnJRh+4y29MXEw4Yi+ZKLR7df5qkdTEXqGEYFuIzk64dyFG"
    "5Duz9H5zcNZMDms1QOF531WBFq8d6uN3VW3WJjDJe0PtWFw8A0nf5R8xrARhAT4nHZGNlZwIcHZr9CYDHoXqyD7h"
    "Z7G1y1nD7Hy2QDhxEZ6gwSOlTxeLQM8qUMQqQBEHsQs111z4fUGoj1qT+P7HIZjH3AhB4vui1rvUBBuuQdLkoFb4"
    "Xh6Rzk09/9dyKv4fjrk69F5sicSNYU6GWqJjjku/Lz9JyaRUvSkpSD8Nka4pq07+sdvHgqvcM7wjUNbtfxqS7qk3"
    "cc8ZoXBnu1r8xt+ystWxsn/5L0NdEw8="
)
