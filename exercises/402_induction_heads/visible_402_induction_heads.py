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
    "eNq1WWuPG7cV/SvEfonkagfSrh2gKxitkT5iwEkA14URLASFmqE0jGbIKTkjrTbIf++593L02Kqy13WBGFnNg7yP"
    "c889l/PbVV5pW1/dqau3rujy1nqnSqOLqJY+1Mo6pVVT6mhUXmq3MsroUO3oehu0ddatRqr1K9OWJqitbUs8H0sd"
    "GmXrJviNqY1rlV/ijevcu9Y8tKrCGvKmdoXKdYfVax/lsZbWjrWuKqXbFi/DomvvsGftC1NFNXgTVh2tGtUEW6vb"
    "YXY1UleFXS5t3lXtDs7c4oJ5MCG30UT8vv/tKseK82hgQ0FXbsbZ+OlbE1woLRamN64+ljYvscHauKh0MCrAWl+z"
    "zVu+Rxdz31gT/0QW/CXorfLOKFgdfVD38MOsyNIZvxRMY3RLHurKuxX+iEoMUvrBxqnspcYqtnoXle/aaAvDzrU+"
    "5GVGBsC8Aews5huf68VIZVk2UivjTNB46PX+r+EomZHJtvSS/BXpFq+X6za7mmF5pMqHVrvcpNitrSsIEzlCTvvX"
    "RlPC6NLPvgsq+G1Upd4YZHvt/BYocXELBMA/szFhl/YyhWp8tJRDSbbzQAf2yrtWLXbJ42Uw/+qMy3fsa21d13LW"
    "JpQhp2uy6qpfcC4ZoScbn5J1gx+hWwSbU+bIoy7lffb7SH1W7m9Pcv83pI8yCbPC7i6lu/cEnvuqUEC8ijAuOUF1"
    "YU0YHeHj8ELu8VywqxK5X7aIU1v6aBg1P+g1RXHhPcoCVaUXlax7v9BtXo7EhlG/PpyLLRxtURALU/kt21FYvfJO"
    "V1NE1y4ZY4gueXCAWqVRYQQ0jvKgoeoKTr0Qi+7vRupHvDAbZrGrB9eToVrZjYlKzGBOEFNmU4XEBw0uwDao8MAm"
    "0D1UAlw3QRzItNvRQmcw9uoyxt7IdolOSsRNxdxj2SXeibydBF2CqffRp3JErIDCbQmwkG2FjbwrM0t8grCbV0cI"
    "a4JZ2od5Tf7CkDlveYKzV18bZ0ccowpvxDX2vfJ+DT96OFFdVUTCvgP04AoXHxg4moJh9B1oBgGi9yu/onzvM8NM"
    "0VWaUITfTr037/45JUw2Or3CTFugWsUUCTwYmIJnXd72NAiCpsdR/omW6Gq20sT+xDAJVJkOq1o/UPKHCPqZLaZH"
    "kE8IYzNnqQCWtqrwLEAcc15T1TqsY7/7NzFZdAZbLy9j64eUXkB016NVH2Iep4yh/QNtKZTNgQNCCpRelITgajSS"
    "s2AuASsteAZQL/93QJ02rbdoVWrlfSHdEnFyXb1A+ISLgBkwmzPIGP5m4PxVI/axsqiQaCpD3uW+6mrJduVjPNQ7"
    "Q4q5nxt3eqxv/xwCeoG4pEL5zTKK+2CorlV/mdVDfz3BMbOtqQfD56fyJ/Bbcg+awWnqp5SzEqxYd1RYpZE4qBW0"
    "CiRNQP/ucwdRgy6FtJOWOQL1IYnHObR5dSZ/z2w8336SDmBarXe91lqYdmsQoXbrlexJOdEq78LGHFFD3YHanW85"
    "oR8D4omHlp0TOYeIxS6YAUdiKIgOpu0C6RpFgOa6ZrXAso/DAfG2SHs0OkauAS+iL1vadqoqcAM/2TUFkh2FdYnP"
    "iIqoFRC7bGFNSy54FgqSElsUqHF0Gw743wmW+4X5CWe2krjRsSOcPn1QO2xQ3wtSaFLTdNCZohTmBD3xg55dm93W"
    "BzSR2JoG11HBxUg0y6iPFD+8NqaZCkBFLaGN5GuJd+hclp4tWAxgISxMdIX/PR/IH2AY5xS1B0JckNg2+VoIEF10"
    "4YsddvaMWfa4DMaQTkTc73qzRROz1GACx4M2SBgvsRNHfg6X5/grX39mw/vv3fJQKV/cFAlJ3Oh2LDa7yvT6ktAJ"
    "RFTUGZ23cSdxY+D/o/Yebi9tiIDnVlfrpH5YqfFNRJSfT3q8Nkwe0gRaSUKgeQUSy1BPojhCh9OW1A4XIE6XKTbQ"
    "RlZVRCwqetwPbMSPMMrccWqod+Yxa2JbmE3fOslv7AZYADPMpzcvXoyzV1gV+PDbO36KfQAxoTiPCysyAGhLODLO"
    "JuzGOPtjvzh6/MrgRTHKkuphZoNJyfZny/03+wrmNCTWcDzdmRipLLnumsqTwahIfYxH+EhWII9S/kTNfknLodJz"
    "EYy+Wj7F57Hw5+lzLoz4tZvnyxPgfU99A+VGKNvqUFCdR+gyNt8xUZxSLgNLJriWZDznk1lqn0QRZ+ix0HWQF/Ne"
    "diNoMihVemfCtG9CaTVsTKKENGDP1AxPWqfoVZZYo53n2ZvE/qMJJCIfezxASvEMxgO9xJjZAMvPCdpz2iEOhD9J"
    "vcFidGVmD1qPLqj9pEAJGR3Y+KSPCLU2bW/bUDWwiX1jKw+rcRQeLy72KBaQXsB/ZPyMamAsi9Lv548UH5KwToqO"
    "aSupmAYcW6GEcx2QD/LkzFnFHdGF33BB1ayN6WWeKaC33EX9l2Iyp4oxYUNsyZmB4197vLg5D2jxvPCHofVXv2Bo"
    "vgfSxLNikGXZUE58cgMH+TQGbXXrUhXvccFqWdLaX6aI2NMTJA6J5FQNgu9cMeh3ugfBgpnBVTPg7Qb/Tu/vV5rz"
    "SvxMD0zWB6z64p6bwNGf6LrSP56A4r0psKsG4UuASlvQAReQITUlLLqqUiXRKD9NRZWqtb18ZMHezOk8zHzuicVF"
    "tHwhscmYmVxJp1NeCGerd72MCiY3kGIBQ0Nf8qw3fJKjQmWYGru9+xjo6PFH9Wf1cf4TrbmgFswizCBWuJDTjAeq"
    "Koon/e/stoG1KHPEem5d00mA3zo6ClO/MACEw4S67gcU7P1cmpYS4vkmniwErbfVzXA2/GWk9gTIjLo3k0VfPCHq"
    "Kb9F5scz9p9QlEhz0MnzBeDPaDAS5J4qqdLEqdyGvKNDQz4+a3l2pbMAUgokQmTeoWk+HTfRpVhy2eJ5terQp03x"
    "CYLKyzmka/z/8lEvnNLRQzrhoX46SnSShI50JFF1fPDDgeAUpbzIdMr9ZcI0lLQ6u8IxFHTuu88eG5rkXGtroeyz"
    "MnZwCMggjSEJxrgbugbmDuCqBSXRqcevw+H++Cw9Obwfz56NgnfszlgVJgfa+8OJ3kk+nRB5WOpque/x1cqDBcta"
    "GltPFRJaaJFHcxQzTBcECQw9l3hrTfmhkAT7cAKI2y8YB46w9cWoIUjQfEV05DwfwyCbETTGEPlA2gv3KQmTu1ka"
    "3/jn3fVkxsiAJm4NiziWr3QOSrK9P96pIKkjJtlDi5Ee1x+X7g/MB/f9yhP4z4u+ON77D0CEuuYbw8MdMgOPF7Z+"
    "PRnKHvzqa6QP+jaLdlV7WwwOOHq+Uv/YW47wbKzv0hEZNTFq45SBEVeCAAr+G+e7VSmQ0vDPtiZHtzbCG8x2kHSY"
    "preIe20jNZCnuDmmkQhrwn/SyO1XPjW9WFZpo9PQXJguKlsjOhfmiquJHL3csWSVJoAoXksUSSYGD37Y0oG+evvd"
    "Ozkx4WpIh9ZFoCP5k49kNFOeU0tP9gpJn+Q7NTjoLj7L6oePdqjSgc0CGC6AYmbGp4WPXiUGj0/30XEtRz400kHx"
    "YjbmL25ExZqW53bM4ignD/lGNGBvgm+hWz3qj+lTKPai6OweRzDT1SF6kWYhXfFpDKEUHtEcy0eNXKIbHfijI89e"
    "cgi+gFR7wNiJ5dI8cIAV/VoFDf4/ARYBh1Hycnwzf6IxTzFyO2aQ+NYsSAwcFpnwKo3GJMJHkBVYyClD3/Qy7HAD"
    "6np7mB7epemBQXH4wPp9vyFwQt++LBp34tHJeELnMC7S51eYT9MkyDQQi7KTsYR4WfNIs01J5YxvbYE0fPtSjjbk"
    "U2X6/Bj78Yq/P6ZoklX9txGEnCBF6MJKty/7T62kEeHGNLVfbWuiDb0g+NJqbfqyByKlw/AOanVDiy06geeiq5t+"
    "sqVjOPnGQeSiG9giJ8ZYpDJnPkBf/f5voMxMtA=="
)
