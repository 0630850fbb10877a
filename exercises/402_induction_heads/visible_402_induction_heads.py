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
    "eNq1WWlvG8kR/SsNfVnSoQakJC8QEUZibI414D3gODAWAkE3Z5qcXs50T7pnRFGL/e95VdXDQ2Foy3EAAxbn6K7j"
    "1atXPb9d5JW29cWtunjjii5vrXeqNLqIaulDraxTWjWljkblpXYro4wO1Zaut0FbZ91qpFq/Mm1pgtrYtsTzsdSh"
    "UbZugr83tXGt8ku8cZl715qHVlVYQ97UrlC57rB67aM81tLasdZVpXTb4mVYdOkd9qx9YaqoBq/DqqNVo5pga3U9"
    "zC5G6qKwy6XNu6rdwplrXDAPJuQ2mojfd79d5FhxHg1sKOjK1TgbP31rggulxcL0xsWH0uYlNlgbF5UORgVY62u2"
    "ecP36GLuG2vin8iCvwS9Ud4ZBaujD+oOfpgVWTrjl4JpjG7JQ115t8IfUYlBSj/YOJW91FjFVm+j8l0bbWHYudaH"
    "vMzIAJg3gJ3F/N7nejFSWZaN1Mo4EzQeerX7azhKZmSyLb0kf0W6xevlus0uZlgeqfKh1S43KXZr6wrCRI6Q0/61"
    "0ZQwuvSL74IKfhNVqe8Nsr12fgOUuLgBAuCfuTdhm/YyhWp8tJRDSbbzQAf2yrtWLbbJ42Uw/+qMy7fsa21d13LW"
    "JpQhp2uy6qJfcC4ZoScbn5J1hR+hWwSbU+bIoy7lffb7SH1W7q+Pcv83pI8yCbPC9jalu/cEnvuqUEC8ijAuOUF1"
    "YU0YHeBj/0Lu8VywqxK5X7aIU1v6aBg1P+g1RXHhPcoCVaUXlax7t9BtXo7EhlG/PpyLLRxtURALU/kN21FYvfJO"
    "V1NE1y4ZY4guebCHWqVRYQQ0jvKgoeoKTr0Qi+5uR+pHvDAbZrGrB5eToVrZexOVmMGcIKbMpgqJDxpcgG1Q4YFN"
    "oHuoBLhugjiQabelhU5g7OV5jL2W7RKdlIibirnHsku8E3k7CboEU++iT+WIWAGFmxJgIdsKG3lXZpb4BGFXLw8Q"
    "1gSztA/zmvyFIXPe8ghnL782zg44RhXeiGvse+X9Gn70cKK6qoiEfQfowRUuPjBwNAXD6DvQDAJE71d+RfneZYaZ"
    "oqs0oQi/nXpn3v5zSphsdHqFmbZAtYopEngwMAXPurztaRAETY+j/BMt0dVspYn9iWESqDIdVrV+oOQPEfQTW0wP"
    "IJ8QxmbOUgEsbVXhWYA45rymqnVYx373b2Ky6AS2bs5j64eUXkB026NV72Mep4yh3QNtKZTNgQNCCpRelITgajSS"
    "s2DOASsteAJQN/87oI6b1hu0KrXyvpBuiTi5rl4gfMJFwAyYzRlkDH8zcP6qEftYWVRINJUh73JfdbVku/Ix7uud"
    "IcXcz407Pda3fw4BvUBcUqH8ZhnFfTBUl6q/zOqhv57gmNnW1IPh81P5E/gtuQfN4DT1U8pZCVasOyqs0kgc1Apa"
    "BZImoH/3uYOoQZdC2knLHIB6n8TDHNq8OpG/Zzaebz9JBzCt1tteay1MuzGIULvxSvaknGiVd+HeHFBD3YHanW85"
    "oR8C4omHlp0TOYeIxS6YAUdiKIgOpu0C6RpFgOa6ZrXAso/DAfG2SHs0OkauAS+iL1vadqoqcAM/2TUFkh2FdYnP"
    "iIqoFRC7bGBNSy54FgqSElsUqHF0Gw743wmWu4X5CWc2krjRoSOcPr1XO2xQ3wtSaFLTdNCZohTmBD3xg55dm+3G"
    "BzSR2JoG11HBxUg0y6iPFD+8NqaZCkBFLaGN5GuJd+hclp4tWAxgISxMdIX/ng/k9zCMc4raAyEuSGybfC0EiC66"
    "8MUWO3vGLHtcBmNIJyLut73ZoolZajCB40EbJIzn2IkjP4fLc/yVrz+z4f33brmvlC9uioQkbnRbFptdZXp9SegE"
    "IirqjM7buJW4MfD/UXsPt5c2RMBzo6t1Uj+s1PgmIsrPJz1eGyYPaQKtJCHQvAKJZagnURyhw2lLaocLEKfLFBto"
    "I6sqIhYVPe4HNuJHGGVuOTXUO/OYNbEtzH3fOslv7AZYADPMp1cvXoyzl1gV+PCbW36KfQAxoTgPCysyAGhLODLO"
    "JuzGOPtjvzh6/MrgRTHKkuphZoNJyfZny/3XuwrmNCTWcDzdmRipLLnumsqTwahIfYhH+EhWII9S/kTNfknLodJz"
    "EYy+Wj7F56Hw5+lzLoz4tZvnzRHwvqe+gXIjlG10KKjOI3QZm++YKI4pl4ElE1xLMp7zySy1S6KIM/RY6DrIi3kv"
    "uxE0GZQqvTVh2jehtBo2JlFCGrBnaoYnrVP0Kkus0c7z7E1i/9EEEpGPPR4gpXgG44FeYsxsgOXnBO057RAHwp+k"
    "3mAxujKzB61HF9RuUqCEjPZsfNRHhFqbtrdtqBrYxL6xlfvVOAqPZxd7FAtIL+AfGT+jGhjLovT7+SPF+ySsk6Jj"
    "2koqpgHHVijhXAfkgzw5cVZxS3Th77mgatbG9DLPFNBb7qz+SzGZU8WYcE9syZmB4197vLg6DWjxvPD7ofVXv2Bo"
    "vgPSxLNikGXZUE58cgMH+TQGbXXjUhXvcMFqWdLaX6aI2OMTJA7JzwHW7Ha4A7GCkcFRs2HPwXxj9+qcXx2mSmMp"
    "ww0PCkikHnAafEeTxAicBl8L9VGA8/ETjVdayBNcvDMFFtOwUWJU2oLOuAAOKSsh0lWViomm+Wmqq1Sw7flTC/Zv"
    "Tkdi5nMPLc4C5gu5TSbN5Eo6oPLCORu97ZVUMLmBGguYG/qqZ8nhkyIVNsPg2O3cRybo8Uf1Z/Vh/hOtuaAuzDrM"
    "IFa4kNOYh4wWxZMWeHLbwHKUaWI9tw5bcYDfODoNUx8ZbUJjwl53Awr2bjRNSwn3fBOPFoLc2+hmOBt+HKkdBzKp"
    "7sxk3RePuHrKb5H58YT9Rywl6hyM8nwN+At6jAS5Z0sqNnEqtyHv6NyQT9BaHl/pOIDEAukQGXlooE8nTnQplly5"
    "eF6tOrRqU3yCo/JyDvUa/7+U1GundPqQDnmopY4SoyStI01JhB2f/XAgOEUpLzKgcouZMBMluc6ucAwFnbsGtMOG"
    "JkXX2lpY+6SSHewDMkiTSIIx7oaugbkDuGrBVHTw8etwuDtBS08O78azZ6PgLbszVoXJgfb+fKJ3kg8oRCGWulru"
    "2ny18mDKspbe1lOFhBZy5NEcxAwDBkECc8853lpTfigkwT4cAeL6CyaCA2x9MWoIEjRiER05zycxyGYEjTFE3pP8"
    "wn1KwuR2liY4/nl7OZkxMiCLW8M6jhUsHYWScu9PeCqo6ohhdjc8pTbXn5juzswHd/3KE/jPi7443PsPQIS65BvD"
    "/R0yA48Xtn41Gcoe/OorpA8SN4t2VXtbDPY4er5Y/9BbjvDcW9+lUzJqYtTJKQMjrgQBFPw3znerUiCl4R/6bY5e"
    "aoQ3mO2g6jBQbxD32kZqIE9xc0gjEdaE/6SR6698cHq2rNJGx6E5M2BUtkZ0zowWFxM5fbll1SpNAFG8lCiSUgwe"
    "/LChM3315ru3cmjC1ZDOrYtAp/JH38lorDwlmJ7sFZI+ybdqsJdefJzVzx/tUKUzmwUwXADFzIxPCx+9SgweH++j"
    "41pOfWiqg+jFeMwf3YiKNS3P7ZjFUU4e8o1owN4E30K3etSf1KdQ7ETRyT0OYKarffQijUO64gMZQik8olGWTxu5"
    "RO914O+OPH7JOfgCUu0BkyeWSyPBHlb0axU0+P8IWAQcRsnN+Gr+RHUeY+R6zCDxrVmQGNgvMuFVGo1hhE8hK7CQ"
    "U4Y+62XY4QrU9WY/QLxNAwSDYv+N9ft+Q+CEPn9ZNO7Eo5PxhI5iXKQvsDCfBkqQaSAWZSdjCfGy5qlmk5LKGd/Y"
    "Amn49kaUtXytTF8gYz9h8SfIFE2yqv88gpATpAhdWOn6pv/aShoRbkxT+9W2JtrQC4Ivrdamj3sgUjoP76BW72mx"
    "RSfwXHR10w+3dBInnzmIXHQDW+TQGItU5sQ36Ivf/w0MZE8T"
)
