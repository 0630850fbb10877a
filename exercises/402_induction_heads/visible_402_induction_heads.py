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
    def test_the_same_tokens_give_the_clean_pattern(self, submission):
        model = submission.public("firsthand.kit.planted.induction:induction")(
            previous_head=(0, 1), induction_head=(1, 2), n_layers=2, n_heads=3, d_vocab=9, n_ctx=8
        )
        clean = torch.tensor([[0, 1, 2, 1, 2]])
        got = submission.patch_keys(model, clean, clean, (0, 1), (1, 2))
        compare.shape(got, (1, 5, 5), what="patch_keys")
        hint = "clean plus the sender's corrupt output, minus its clean output"
        match = torch.tensor([0.0, 0.0, 1.0, 0.0])
        compare.close(got[0, 3, :4], match, atol=1e-4, what="query 3", hint=hint)
        corrupt = torch.tensor([[0, 3, 4, 3, 4]])
        got = submission.patch_keys(model, clean, corrupt, (0, 1), (1, 2))
        even = torch.full((4,), 0.25)
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
        compare.close(score, torch.tensor([0.75]), what="prefix_matching_score")


NOISE = (
    "noise = sd of the first differences of the raw curve, over sqrt(2); return None only when "
    "the gain is below 3 times that"
)


def near(got, expected, *, within, what, hint, known=None):
    """The two indices agree to `within`; a known mistake is named when it agrees better."""
    if got is None:
        compare.fail(f"{what} came back as None; two indices are expected.", hint=NOISE)
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        compare.fail(f"{what} came back as {got!r}; two indices are expected.", hint=hint)
    pairs = list(zip(got, expected, strict=True))
    if any(int(a) != a for a, _ in pairs) or any(abs(a - b) > within for a, b in pairs):
        for mistake, value in (known or {}).items():
            if tuple(got) == tuple(value):
                compare.fail(f"{what} is not the window.", hint=mistake, recognised=True)
        compare.fail(f"{what} is off by more than {within} points.", hint=hint)


@pytest.mark.exercise("phase_change")
class TestPhaseChange:
    @pytest.mark.visible
    def test_the_worked_example_changes_from_3_to_5(self, submission):
        curve = torch.tensor([0.0, 0.0, 0.0, 0.2, 0.5, 0.95, 1.0, 1.0])
        window = submission.phase_change(curve, 1)
        near(window, (3, 5), within=0, what="phase_change", hint="10 % and 90 % of the rise")


@pytest.mark.exercise("copying_score")
class TestCopyingScore:
    @pytest.mark.visible
    def test_the_worked_example_scores_a_half(self, submission):
        tokens = torch.tensor([[1, 3]])
        pattern = torch.tensor([[[1.0, 0.0], [0.9, 0.1]]])
        head_logits = torch.tensor([[[-2.0, 3.0, -2.0, 1.0], [5.0, 10.0, 5.0, 8.0]]])
        score = submission.copying_score(head_logits, pattern, tokens)
        compare.close(score, 0.5, what="copying_score")


@pytest.mark.exercise("icl_score")
class TestIclScore:
    @pytest.mark.visible
    def test_the_worked_example_scores_minus_a_half(self, submission):
        loss = torch.tensor([[3.0, 2.0, 2.5, 1.5]])
        score = submission.icl_score(loss, slice(0, 2), slice(2, 4))
        hint = (
            "one mean over all rows and all positions of each slice: loss[:, late], loss[:, early]"
        )
        compare.close(score, -0.5, what="icl_score", hint=hint)


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
    "eNq1WWuPG7cV/SvEfonkagfSrh2gKxitkT5iwEkA14URLASFmqE0jGaGU5IjrTbIf++593L02Kqy13WBGFnNg7yP"
    "c889l/PbVV5pW1/dqau3TdHl0bpGlUYXQS2dr5VtlFZtqYNReamblVFG+2pH16PXtrHNaqSiW5lYGq+2NpZ4PpTa"
    "t8rWrXcbU5smKrfEG9e5a6J5iKrCGvKmbgqV6w6r1y7IY5HWDrWuKqVjxMuw6No12LN2hamCGrzxq45WDWqCrdXt"
    "MLsaqavCLpc276q4gzO3uGAejM9tMAG/73+7yrHiPBjYUNCVm3E2fvrWBBdKi4XpjauPpc1LbLA2TVDaG+VhravZ"
    "5i3fo4u5a60JfyIL/uL1VrnGKFgdnFf38MOsyNIZv+RNa3QkD3XlmhX+CEoMUvrBhqnspcYqRL0LynUx2MKwc9H5"
    "vMzIAJg3gJ3FfONyvRipLMtGamUa4zUeer3/azhKZmSyLb0kfwW6xevlOmZXMyyPVDkfdZObFLu1bQrCRI6Q0/61"
    "0ZQwuvSz67zybhtUqTcG2V43bguUNGELBMA/szF+l/YyhWpdsJRDSXbjgA7slXdRLXbJ46U3/+pMk+/Y19o2XeSs"
    "TShDja7Jqqt+wblkhJ5sXUrWDX74buFtTpkjj7qU99nvI/VZub89yf3fkD7KJMzyu7uU7t4TeO6qQgHxKsC45ATV"
    "hTV+dISPwwu5w3PerkrkfhkRp1i6YBg1P+g1RXHhHMoCVaUXlax7v9AxL0diw6hfH86FCEcjCmJhKrdlOwqrV67R"
    "1RTRtUvGGKJLHhygVmlUGAGNozxoqbp8o16IRfd3I/UjXpgNs9DVg+vJUK3sxgQlZjAniCmzqULivQYXYBtUuGcT"
    "6B4qAa4bLw5kutnRQmcw9uoyxt7IdolOSsRNhdxh2SXeCbydBF2CqffRp3JErIDCbQmwkG2FDbwrM0t4grCbV0cI"
    "a71Z2od5Tf7CkDlveYKzV18bZ0ccowpnxDX2vXJuDT96OFFdVUTCrgP04AoXHxg4mIJh9B1oBgGi9yu3onzvM8NM"
    "0VWaUITfjXpv3v1zSphsdXqFmbZAtYopEngwMAXPNnnsaRAETY+j/BMt0dVspYn9iWESqDLtV7V+oOQPEfQzW0yP"
    "IJ8QxmbOUgEsbVXhWYA45LymqrVfh373b0Ky6Ay2Xl7G1g8pvYDorkerPsQ8TBlD+wdiKZTNgQNCCpRekITgajCS"
    "M28uASsteAZQL/93QJ02rbdoVWrlXCHdEnFqunqB8AkXATNgtsYgY/ibgfNXjdiHyqJCgqkMeZe7qqsl25UL4VDv"
    "DCnmfm7c6bG+/XMI6AXikgrlN8so7oOhulb9ZVYP/fUEx8xGUw+Gz0/lT+C35B40Q6Opn1LOSrBi3VFhlUbioFbQ"
    "KpA0Hv27zx1EDboU0k5a5gjUhyQe59Dm1Zn8PbPxfPtJOoBptd71Wmth4tYgQnHrlOxJOdEq7/zGHFFD3YHaGxc5"
    "oR894omHll0jcg4RC503A47EUBDtTew86RpFgOa6ZrXAso/DAfG2SHu0OgSuASeiL1vaOFUVuIGf7NoCyQ7CusRn"
    "REXUCohdtrAmkguOhYKkxBYFahzdhgP+d4LlfmF+ojFbSdzo2BFOnz6oHTao7wUpNKlpNtCZohTmBD3xg55dm93W"
    "eTSREE2L66jgYiSaZdRHih9eG9NOBaCiltBG8rXE23dNlp4tWAxgISxMdIX/PR/IH2AY5xS1B0JckNg2+VoIEF10"
    "4YoddnaMWfa49MaQTkTc73qzRROz1GACx4PWSxgvsRNHfg6X5/grX39mw/vv3fJQKV/cFAlJ3Oh2LDa7yvT6ktAJ"
    "RFTUGRtnw07ixsD/R+0c3F5aHwDPra7WSf2wUuObiCg/n/R4bZg8pAlESYKneQUSy1BPojhCh9OW1A4XIM6GY/kj"
    "9jZ3nAFqkXnI2hALs+k7JLmHRZF9QINp8+bFi3H2KlMfAQO3veOn2FTwD2rwuH4C55koC/aOswlbO87+2C+OVr4y"
    "eJGeUMGSuGECg0m9ic9V9W8kyswNBEHwKGn1RBIND3MmBKpCLrO2cmQ4ClAfw+8pzo4FPE+Rc2G2r90EX54A6Hvi"
    "f5QNoWWrfUH1GqCvCE5gBir4U+pkgMgkFkmOc8KYbfZZEpGFXgl9Bpkw7+UzoiEDT6V3xk/7ZpJWw8YkLkjL9YzL"
    "MKN1il4tiTW6cTxDk2h/NJ7E4GOfcEginqV4MJcYc1Vj+TlBdE47hIHwIKkwWIzuyixA69EFtVf8lJDRgVVP+oFQ"
    "ZBt724aqhU3sG1t5WI2j8HhxsUexgPo+/iPjZwTysSxKv58/GnxIAjkpM6afpEZacGUVHKLrkQ/y5MyZwx2Vvdtw"
    "xdSscellng2gm5qLOi7FZE6lYPyGWI8zA8e/9phwcx7Q4nnhDsPnr27B0HwPpIlnxSDLsqGc3OQGDvKpCtrjFkhz"
    "RBZ7XLDqlbT2lyki9vQkiEMiOVUD77qmGPQ73YMowbAgoxnwdoN/p/f3K815JX6mByb3eVZvYa8SwLWf6J7SB56A"
    "4r0psKsGcUuASlvQQRWQITUlNLmqUiXRSD5NRZWqNV4+emBv5nSuZT735OEiWr6Q2GRcTK6kUyYnhLPVu14OeZMb"
    "SCoP8d+XPOsGl2SlUBmmv27vPgYzevxR/Vl9nP9Eay6olbKYMogVLuQ0q4GqiuJJgzu7rWdNyRyxntum7STAbxs6"
    "0lK/MACEw4S67gcU7P18mZYS4vkmnCwEzbbV7XA2/GWk9gTIjLo3k8VbOCHqKb9F5ocz9p9QlEhs0MnzhdzPaDAS"
    "5J4qqdLEqdz6vKPDPz4GizyD0kxPUgDkY2Vuoak8HRvRpVBy2eJ5terQgE3xCYLKyzkkaPj/8hErNBv6I4R0UkP9"
    "dJToJCkZ6UiizvgAhwPBKUp5kSmT+8uEaShpbnaFYyjo3HefPTY0ybJoa6Hss3J0cAjIII0TCca467sW5g7gqgUl"
    "0enFr8Ph/hgsPTm8H8+ejYJ37M5YFSYH2vtDht5JPmUQ/Vfqarnv8dXKgQXLWhpbTxUSWmiRR3MUM0g0ggSGl0u8"
    "tab8UEi8fTgBxO0XyPojbH0xaggSNCcRHUFd0nEKshlAYwyRD6S9cJ+SMLmbpTGMf95dT2aMDIjeaFjEsS6l80wV"
    "3P6YpoJmDphIDy1Gelx/7Lk/+B7c9ytP4D8v+uJ47z8AEeqabwwPd8gMPF7Y+vVkKHvwq6+RPujbLNhV7WwxOODo"
    "+VL8Y285wrOxrktHXdTEqI1TBkZcCQIo+G8a161KgZSGf5j/c3RrI7zBbAdJh6l4i7jXNlADeYqbYxoJsMb/J43c"
    "fuXTz4tllTY6Dc2F6aKyNaJzYa64msgRyh1LVmkCiOK1RJFkonfghy0dzKu3372Tkw+uhnT4XHg6Wj/52EWz4Tm1"
    "9GQvn/RJvlODg+7iM6l++IhDlQ5eFsBwARQzMz4tfPQqMXh8uo8Oazm6oVkNihczLn85IyrWtDy3YxZHOXnIN4IB"
    "exN8Cx31qD9uT6HYi6KzexzBTFeH6AWahXTFpyqEUnhEgyofGXKJbrTnj4c8e8lh9gJS7QHzJJZL88ABVvRr5TX4"
    "/wRYBBxGycvxzfyJxjzFyO2YQeKiWZAYOCwy4VVajUmEjxIrsFCjDH2by7DDDajr7WF6eJemBwbF4UPp9/2GwAl9"
    "w7Jo3IlHJ+MJnac0gT6jwnyaJkGmnliUnQwlxMuaR5ptSipnfGsLpOHbl3JEIZ8c02fE0I9X/B0xRZOs6r9xIOQE"
    "KUIXVrp92X8yJY0IN6ap/WpbE23oBcGXVovpCx2IlA61O6jVDS226ASei65u+8mWjtPkWwWRi25hi5z8YpHKnPmQ"
    "fPX7vwFW2jiZ"
)
