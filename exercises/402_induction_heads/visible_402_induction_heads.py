"""The tests of unit 402 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import pytest
import torch


@pytest.mark.exercise("pattern_preserving_ablation")
class TestPatternPreservingAblation:
    @pytest.mark.visible
    def test_an_empty_list_gives_the_clean_logits(self, submission):
        model = submission.public("firsthand.kit.planted.induction:induction")(
            previous_head=(0, 1), induction_head=(1, 2), n_layers=2, n_heads=3, d_vocab=9, n_ctx=8
        )
        tokens = torch.tensor([[0, 5, 3, 7, 5, 3, 7]])
        got = submission.pattern_preserving_ablation(model, tokens, [])
        compare.close(got.detach(), model(tokens).detach(), atol=1e-4, what="the logits")

    @pytest.mark.visible
    def test_the_next_logit_falls_by_5_without_the_hand_written_head(self, submission):
        model = submission.public("firsthand.kit.planted.induction:induction")(
            previous_head=(0, 1), induction_head=(1, 2), n_layers=2, n_heads=3, d_vocab=9, n_ctx=8
        )
        tokens = torch.tensor([[0, 5, 3, 7, 5, 3, 7]])
        clean = model(tokens).detach()
        got = submission.pattern_preserving_ablation(model, tokens, [(1, 2)]).detach()
        fall = (clean - got)[0, [4, 5], [3, 7]]  # queries 4 and 5, the tokens that come next
        compare.close(fall, torch.tensor([5.0, 5.0]), atol=1e-3,
                      what="the fall of the next token's logit without head 1.2",
                      hint="in the second run these heads write nothing: z to zero")  # fmt: skip
        got = submission.pattern_preserving_ablation(model, tokens, [(0, 1)]).detach()
        compare.close(got, clean, atol=1e-3,
                      what="the logits without head 0.1, which only decides where 1.2 looks,",
                      hint="later patterns must come from the clean run: "
                      "freeze all patterns")  # fmt: skip


@pytest.mark.exercise("removed_shares")
class TestRemovedShares:
    @pytest.mark.visible
    def test_it_returns_two_shares(self, submission):
        answer = submission.removed_shares()
        if not isinstance(answer, (tuple, list)) or len(answer) != 2:
            compare.fail(f"removed_shares() is {answer!r}; two numbers are expected.")
        for share in answer:
            compare.between(share, -0.3, 1.3, what="a share of the ICL score",
                            hint="1 means that all of it is gone")  # fmt: skip


@pytest.mark.exercise("patch_keys")
class TestPatchKeys:
    @pytest.mark.visible
    def test_equal_tokens_give_the_clean_pattern_and_others_an_even_one(self, submission):
        model = submission.public("firsthand.kit.planted.induction:induction")(
            previous_head=(0, 1), induction_head=(1, 2), n_layers=2, n_heads=3, d_vocab=9, n_ctx=8
        )
        clean = torch.tensor([[0, 1, 2, 1, 2]])
        got = submission.patch_keys(model, clean, clean, (0, 1), (1, 2))
        compare.shape(got, (1, 5, 5), what="patch_keys")
        hint = "which part of what the keys read is the sender's, and what takes its place?"
        match = torch.tensor([0.0, 0.0, 1.0, 0.0])
        compare.close(got[0, 3, :4], match, atol=1e-4, what="query 3", hint=hint)
        corrupt = torch.tensor([[0, 3, 4, 3, 4]])
        got = submission.patch_keys(model, clean, corrupt, (0, 1), (1, 2))
        even = torch.full((4,), 0.25)
        hint = "the sender's clean output must leave what the keys read, its corrupt one come in"
        compare.close(got[0, 3, :4], even, atol=1e-4, what="query 3, patched", hint=hint)


@pytest.mark.exercise("kcomp_matrix")
class TestKcompMatrix:
    @pytest.mark.visible
    def test_one_pair_composes_in_the_worked_example(self, submission):
        model = submission.public("firsthand.kit.planted.induction:induction")(
            previous_head=(0, 1), induction_head=(1, 2), n_layers=2, n_heads=3, d_vocab=9, n_ctx=8
        )
        clean, corrupt = torch.tensor([[0, 1, 2, 1, 2]]), torch.tensor([[0, 3, 4, 3, 4]])
        expected = torch.zeros(3, 3)
        expected[1, 2] = 0.775
        got = submission.kcomp_matrix(model, clean, corrupt)
        hint = "clean score minus patched score, sender in the rows, on the clean tokens"
        compare.close(got.detach(), expected, atol=1e-4, what="kcomp_matrix", hint=hint)


@pytest.mark.exercise("repeated_tokens")
class TestRepeatedTokens:
    @pytest.mark.visible
    def test_two_copies_of_two_tokens_follow_the_start_token(self, submission):
        generator = submission.public("firsthand.kit.rng:generator")(5)
        rows = submission.repeated_tokens(3, 2, 2, 6, generator)
        compare.shape(
            rows,
            (3, 5),
            what="repeated_tokens(3, 2, 2, 6, generator)",
            hint="one start token, then segment * repeats tokens: the start token appears once",
        )
        compare.equal(rows[:, 0].tolist(), [0, 0, 0], what="the first column")
        compare.equal(
            rows[:, 1:3].tolist(),
            rows[:, 3:5].tolist(),
            what="columns 1-2 against 3-4",
            hint="repeat means the same tokens in the same order: A B C A B C",
        )

    @pytest.mark.visible
    def test_a_vocabulary_of_two_leaves_only_token_1_to_draw(self, submission):
        generator = submission.public("firsthand.kit.rng:generator")(5)
        rows = submission.repeated_tokens(4, 3, 2, 2, generator)
        compare.equal(
            rows.tolist(),
            [[0, 1, 1, 1, 1, 1, 1]] * 4,
            what="repeated_tokens(4, 3, 2, 2, generator)",
            hint="0 is reserved and d_vocab is no token: draw from 1 to d_vocab - 1",
        )


@pytest.mark.exercise("prefix_matching_score")
class TestPrefixMatchingScore:
    @pytest.mark.visible
    def test_the_worked_example_scores_three_quarters(self, submission):
        pattern = torch.zeros(1, 1, 4, 4)
        pattern[0, 0, 0, 0] = 1.0
        pattern[0, 0, 1, :2] = torch.tensor([0.5, 0.5])
        pattern[0, 0, 2, :3] = torch.tensor([0.3, 0.6, 0.1])
        pattern[0, 0, 3] = torch.tensor([0.05, 0.03, 0.9, 0.02])
        score = submission.prefix_matching_score(pattern, torch.tensor([[3, 8, 3, 8]]))
        known = {
            "you score attention to the *same* token, not to the one after it":
                torch.tensor([0.165]),
            "only positions that have something to match belong in the mean":
                torch.tensor([0.375]),
        }  # fmt: skip
        compare.close(score, torch.tensor([0.75]), what="prefix_matching_score", known=known)


NOISE = (
    "noise = sd of the first differences of the raw curve, over sqrt(2); return None only when "
    "the gain is below 3 times that"
)


def is_window(got, low, high, *, what, hint, known=None):
    """The two indices lie between the windows `low` and `high`; a known mistake is named.

    The two differ only where the curve passes within 0.1 % of a mark, which rounding may decide.
    """
    if got is None:
        compare.fail(f"{what} came back as None; two indices are expected.", hint=NOISE)
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        compare.fail(f"{what} came back as {got!r}; two indices are expected.", hint=hint)
    if any(int(g) != g or not a <= g <= b for g, a, b in zip(got, low, high, strict=True)):
        for mistake, value in (known or {}).items():
            if tuple(got) == tuple(value):
                compare.fail(f"{what} is not the window.", hint=mistake, recognised=True)
        compare.fail(f"{what} is not the window.", hint=hint)


@pytest.mark.exercise("phase_change")
class TestPhaseChange:
    @pytest.mark.visible
    def test_the_worked_example_changes_from_3_to_5(self, submission):
        curve = torch.tensor([0.0, 0.0, 0.0, 0.2, 0.5, 0.95, 1.0, 1.0])
        window = submission.phase_change(curve, 1)
        hint = "10 % and 90 % of the rise"
        is_window(window, (3, 5), (3, 5), what="phase_change", hint=hint)

    @pytest.mark.visible
    def test_smoothed_noise_has_no_phase_change(self, submission):
        noise = torch.tensor([0.4, -0.3, -1.1, 0.1, 0.1, 1.1, 0.4, -0.4, -0.3, -0.5, 0.2])
        window = submission.phase_change(noise, 3)
        if window is not None:
            compare.fail(
                f"phase_change of eleven noisy points with smooth = 3 came back as {window!r}; "
                "None is expected.",
                hint="smooth first; return None if the rise is within the noise: not above 3 sd",
            )


@pytest.mark.exercise("copying_score")
class TestCopyingScore:
    @pytest.mark.visible
    def test_the_worked_example_scores_a_half(self, submission):
        tokens = torch.tensor([[1, 3]])
        pattern = torch.tensor([[[1.0, 0.0], [0.9, 0.1]]])
        head_logits = torch.tensor([[[-2.0, 3.0, -2.0, 1.0], [5.0, 10.0, 5.0, 8.0]]])
        score = submission.copying_score(head_logits, pattern, tokens)
        known = {"a constant added to all logits is not copying: centre first": 0.3055556}
        compare.close(score, 0.5, what="copying_score", known=known)


@pytest.mark.exercise("icl_score")
class TestIclScore:
    @pytest.mark.visible
    def test_the_worked_example_scores_minus_a_half(self, submission):
        loss = torch.tensor([[3.0, 2.0, 2.5, 1.5]])
        score = submission.icl_score(loss, slice(0, 2), slice(2, 4))
        hint = (
            "one mean over all rows and all positions of each slice: loss[:, late], loss[:, early]"
        )
        known = {"more negative = more in-context learning: late minus early": 0.5}
        compare.close(score, -0.5, what="icl_score", hint=hint, known=known)


RHYTHM = (
    "an entry at 0, every, 2 * every, ... and one after the last update: logged too rarely, "
    "the change is a single point"
)


@pytest.mark.exercise("train_and_track")
class TestTrainAndTrack:
    @pytest.mark.visible
    def test_a_short_run_has_the_stated_keys_and_shapes(self, submission):
        probe = torch.arange(128).reshape(2, 64) % 63 + 1
        track = submission.train_and_track(1, 3, 2, 0, probe)
        compare.equal(track["step"], [0, 2, 3], what='track["step"]', hint=RHYTHM)
        hint = "report the loss of every predicted token, averaged over the probe's rows"
        compare.shape(track["loss"], (3, 63), what='track["loss"]', hint=hint)
        compare.shape(track["icl"], (3,), what='track["icl"]')
        compare.shape(track["prefix"], (3, 1, 4), what='track["prefix"]')
        compare.shape(track["prev"], (3, 1, 4), what='track["prev"]')
        compare.equal(len(track["states"]), 3, what="the number of states")
        later = "with few updates two of the three states are equal; three are returned still"
        track = submission.train_and_track(1, 1, 2, 0, probe)
        compare.equal(track["step"], [0, 1], what='track["step"] of one update', hint=RHYTHM)
        compare.equal(len(track["states"]), 3, what="the number of states", hint=later)


@pytest.mark.exercise("smear_keys")
class TestSmearKeys:
    @pytest.mark.visible
    def test_the_worked_example_gives_1_2_4(self, submission):
        key = torch.tensor([1.0, 3.0, 5.0]).reshape(1, 3, 1, 1)
        smeared = submission.smear_keys(key, torch.tensor([0.0]))
        hint = "sigmoid(alpha[h]) times key j plus the rest times the *unmixed* key j - 1"
        expected = torch.tensor([1.0, 2.0, 4.0])
        compare.close(smeared.flatten(), expected, what="smear_keys", hint=hint)


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9WWlvG0cS/SsNfQnppQakJAdYEcaukT1iwDng9cIIBIJuzjQ5Hc50z3bPkKKC/Pd9VdXDQ+HKUeA1YMDiHN11"
    "vHr1queXi7zStr64VRdvXNHlrfVOlUYXUS19qJV1Squm1NGovNRuZZTRodrR9TZo66xbjVTrV6YtTVBb25Z4PpY6"
    "NMrWTfAbUxvXKr/EG5e5d625b1WFNeRN7QqV6w6r1z7KYy2tHWtdVUq3LV6GRZfeYc/aF6aKavA6rDpaNaoJtlbX"
    "w+xipC4Ku1zavKvaHZy5xgVzb0Juo4n4fffLRY4V59HAhoKuXI2zMR7Km+7oolw7WWmCC6XFZrTKxYfS5iU2XRsX"
    "lQ5GBXjga/Zjy/foYu4ba+JfyKq/Bb1V3hkFT6IP6g6+mRVZP+OXgmmMbslrXXm3wh9RiT1K39s4lb3UWMVW76Ly"
    "XRttYdjh1oe8zMgAmDeAncV843O9GKksy0ZqZZwJGg+92v81HCUzMtmWXpK/It3i9XLdZhczLI/0+dBql5sUz7V1"
    "BeEkRxpo/9poSiJd+sl3QQW/jarUGwMErJ3fAjkuboEK+Gc2JuzSXqZQjY+W8ioAcB6IwV5516rFLnm8DOY/nXH5"
    "jn2tretazuSEMuR0TVZd9AvOJSP0ZONTsq7wI3SLYHPKHHnUJSzMfh2pP4yH6xM8/AMppezC1LC7TRDovUM0fFUo"
    "VIaKMDg5RvVjTRgdYebwQu7xXLCrEnhYtohdW/poGEnf6TVFduE9ygfVpxeVrHu30G1ejsSGUb8+HI4tnG9ROAtT"
    "+S3bUVi98k5XU0TcLhl3iDh5cIBfpVGJBD6O/KChKgxOvRCL7m5H6nu8MBtmsasHl5OhWtmNiUrMYO4QU2ZTBTAE"
    "Dc7ANmCCwCbQPVQHXDdBHMi029FCZ3D38mncvZbtEu2UiJuKuceyS7wTeTsJugRT76NPJYpYAZnbEgAi2wobeVdm"
    "oPgIdVcvj1DXBLO09/Oa/IUhc97yBHsvvwT2jrhIFd6IuxyPyvs1fOshRvVXEYH7DnCEe1ykYO9oCobWN6AjBI3e"
    "r/yKMLDPFjNKV2lCFn479c68/feUcNro9AqzdIGqFlMkGWBvCqh1edvTJcidHgdNJPqiq9lKU+cgJkpAy3RY1fqe"
    "ADFEIs5sMT0qg4Q6NnOWimJpqwrPAtgx5zVVrcM69rt/FZNFZ/B28zTevkspB2x3PYL1IeZxyrjaP9CWQu0cOKCm"
    "QDlGSQiuRiM5C+YpsKUFz4Ds5v8DstOG9wZtTq28L6T7InauqxcIqXAWcAQGdAZZxN8Mpr9r5CNWFpUUTWXI49xX"
    "XS0IqHyMB15gmHHfYCGQHuvlBIeFXiDOqVCms4xyMRiqS9VfZjXSX08QzWxr6sHw+en9ATyY3IMGcZp6MeWxBHvW"
    "HRVbaSQOagXtA4kU0Pv7fEIkocMBCqSNjoB+SOxxXm1encnpM5vW17/N6M0nWQPW1nrXy7mFabcGQWu3XokZlCat"
    "8i5szBGD1B26gvMt5/hDQIjx0LJzohgRxNgFM+DgDAX4wbRdIJmkCPdc/iw+WFlyhKAPF2mPRsfIpeJFV2ZL205V"
    "BQrhJ7umQP6jEDbRHjEWdREioS2sackFz7pDsmSLAlSARsU5+Cchdb8wP+HMVnI5OnaEM6oP4okN6ttICk3qtw5S"
    "VoTHnNAoftCza7Pb+oD+E1vT4DoKvRiJBBr1keKH18Y0U8GsiC90oHwt8Q6dy9KzBesILISFidXw3/Ox/R6GcU5R"
    "juDNBel5k6+FJ9GAF77YYWfPMGaPy2AMyU7E/bY3W2Q3qxTmeTxog4TxKRLjyM/h8hx/5evf2Sv/d6M9FM9n7aeE"
    "Lu6RO9azXWV6CUuIBUoqaqrO27iTWHIx/Kv2HqFY2hAB2a2u1klMsfDjm4gyP58kf22YY6R/tJKYQGMSFJuhdkax"
    "hdSnLamTLsCvLlNsoI0s0oh/VPS4H9iI72GUueV0UdvNY9bEtjCbvuuS39gNUAGOmHavXrwYZy+xKjDjt7f8FPsA"
    "/kLBHhdbZFDQlnBknE3YjXH2535xyIOVwYtilCURxQQIk5Ltz54oXu+rmtOQmMTxUGlipFLlWmwqTwajSvUxRuEj"
    "WYE8CiUQg/slLYfqz0V/+mr5GLPHswUPvXNhyS/Rd29OwPgttRyUJSFvq0NBfBAh89glx4RySs0MNhkcW5oUOMfM"
    "ZvvEitZDe4ZMhFqZ98oegZT5rNI7E6Z9/0qrYWPSOCQpe0ZnyNI6RS/axBrtPB8D0DzxYAJp0oceI1BmPPrx2YLE"
    "nVkDy88J7nPaIQ6EZ0kMwmI0dGYZWo8uqP0wQkkaHVj7pN8IBTdtb9tQNbCJfWMrD6txFB6eXOxBLCCpgX9k/Izq"
    "YiyL0u/nTy3vk05PApHpLQmgBlxcoaxzHZAP8uTMscktUYjfcJHVLLXpZR5bINXck3IyxWROVWTChliVMwPHv8QE"
    "c3Ue5BKNwh9m5Z/9guH6DugTb4tBlmVDOZDKDZzmwyK05K1L1b7HCgtySXV/maJkTw+4OEw/Bliz3+EOBAzmBpfN"
    "hj1X8439q3N+dZiqj2UQN0uoJ1GOwG7wHQ0rI3AffC3URwHTx080bWk1j7DyzhRYTMNGiVFpCzqCA2Ck1IRwV1Uq"
    "MDpEmKZaS0XcPn2Awv7N6cTO/N7zkydB9Bk5UAbc5F46P/PCTVu965VZMLmBugsYTXp2YAnjk8IV1sO82u1DguzQ"
    "4w/qr+rD/Adac0EdnHWdQfxwIafpElkuikft8+y2geUt08l6bh224qC/cXRYpz4yAoXuhOXuBpSA/USclhKO+iqe"
    "LAT5uNXNcDb8OFJ7rmTy3ZvJOjKecPqU3yLz4xn7T9hM1D6Y5/ma8if0Iglyz6pUgOJUbkPe0bEmH/C1PDXTKQQJ"
    "DdIwMlXROUI6/KJLseRqxvNq1aHNm+ITXJaXc6jh+OWpq9di6SAknUFROx4l5knaSRqaCEU+muLgcNpSrmQu5vY0"
    "YcZKIwG7x3EVxO6b1x4vmhRia2th/LNqeXAI0iBNOwnauBu6BuYO4KoFo9EZzM/D4f6ALz05vBvPno2Mt+zOWBUm"
    "RwX0RyW9k3xWIoqz1NVyLxGqlQejlrX0xZ5SJLSQMg/mKGYYYggmmK2e4rc15YdCEuz9CUiu/8DUcYS3z4okggmN"
    "dkRbzvNBETIcQXcMm/ck53CfEjO5naXJkX/eXk5mjBZI79awLmSVTKe3NB30B1AVlHvEEL0f2lKL7A9590f/g7t+"
    "5Qliwou+ON77T0CJuuQbw8MdMgOPF7Z+NRnKHvzqK6QUMjqLdlV7WwwO2Hr+QPChtxzh2VjfpUM8aoCkAigrI64O"
    "ARn8N853q1JgpuEfenWOPmyEX5gVoRIxyG8R99pGajSPsXRMNxHWhN/SzfUXOOt9svzS5qfhemKwqWyNiD0x0lxM"
    "5CTolpWxNBBE9lIiS2o0ePDIlj5NqDffvJUDHK6adPxeBPq4cPJZkMbZcwLs0V4h6Z18pwYHKcenbf2M0w5VOj9a"
    "ANcFkM0M+pgg0OfE4PHpPjqu5QSKpkkIa4zl/I2RKFvT8tzKWWzl5CHfiAYsT5AudKtH/QeHFIq9yDq7xxH0dHWI"
    "XqSRS1d8OETIhUc0QvNhKJftRgf+zMojnhzdLyD97jHxYrk0dhygRr9WQaNPnICNgMMouRlfzR+p2FOMXI8ZJL41"
    "CxISh0UmvEqjMfDwIWkFZnLK0BfLDDtcgc7eHIaUt2lIYVAcPil/228InNCXPYumn/h2Mp7QsZCL9MEZ5tPQCtIN"
    "xLbsZCwhfNY8OW1TUjnjW1sgDV/fiFKXD7Hp42rspzj+upqiSVb1X3kQcoIUoQsrXd/0H5dJX8KNaWrT2tZEJXpB"
    "8KXV2vTdEuRKR/gd1O+GFlt0As9FVzf9AE2ngvJlhghHN7BFzrSxSGXOfHK/+PW/oSyXkQ=="
)
