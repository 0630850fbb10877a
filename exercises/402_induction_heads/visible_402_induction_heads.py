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
    "eNq9WWuPG7cV/SvEfonkagfSrh2gKxhtkD5iwEkK14URLASZmqE0jGbIKTkjrTbIf++593L02KpK1nANGPBqHuR9"
    "nHvuuZxfrvJK2/rqTl29cUWXt9Y7VRpdRLX0oVbWKa2aUkej8lK7lVFGh2pH19ugrbNuNVKtX5m2NEFtbVvi+Vjq"
    "0ChbN8FvTG1cq/wSb1zn3rXmoVUV1pA3tStUrjusXvsoj7W0dqx1VSndtngZFl17hz1rX5gqqsE3YdXRqlFNsLW6"
    "HWZXI3VV2OXS5l3V7uDMLS6YBxNyG03E7/tfrnKsOI8GNhR05WacjfFQ3nRHF+XayUoTXCgtNqNVrj6UNi+x6dq4"
    "qHQwKsADX7MfW75HF3PfWBP/RFb9Jeit8s4oeBJ9UPfwzazI+hm/FExjdEte68q7Ff6ISuxR+sHGqeylxiq2eheV"
    "79poC8MOtz7kZUYGwLwB7CzmG5/rxUhlWTZSK+NM0Hjo9f6v4SiZkcm29JL8FekWr5frNruaYXmkz4dWu9ykeK6t"
    "KwgnOdJA+9dGUxLp0k++Cyr4bVSl3hggYO38FshxcQtUwD+zMWGX9jKFany0lFcBgPNADPbKu1YtdsnjZTD/7ozL"
    "d+xrbV3XciYnlCGna7Lqql9wLhmhJxufknWDH6FbBJtT5sijLmFh9utIfTIebk/w8DeklLILU8PuLkGg9w7R8FWh"
    "UBkqwuDkGNWPNWF0hJnDC7nHc8GuSuBh2SJ2bemjYSR9r9cU2YX3KB9Un15Usu79Qrd5ORIbRv36cDi2cL5F4SxM"
    "5bdsR2H1yjtdTRFxu2TcIeLkwQF+lUYlEvg48oOGqjA49UIsur8bqR/wwmyYxa4eXE+GamU3Jioxg7lDTJlNFcAQ"
    "NDgD24AJAptA91AdcN0EcSDTbkcLncHdq8u4+0a2S7RTIm4q5h7LLvFO5O0k6BJMvY8+lShiBWRuSwCIbCts5F2Z"
    "geIT1N28OkJdE8zSPsxr8heGzHnLE+y9+hLYO+IiVXgj7nI8Ku/X8K2HGNVfRQTuO8AR7nGRgr2jKRha34KOEDR6"
    "v/IrwsA+W8woXaUJWfjt1Dvz9l9Twmmj0yvM0gWqWkyRZIC9KaDW5W1PlyB3ehw0keiLrmYrTZ2DmCgBLdNhVesH"
    "AsQQiTizxfSoDBLq2MxZKoqlrSo8C2DHnNdUtQ7r2O/+VUwWncHby8t4+z6lHLDd9QjWh5jHKeNq/0BbCrVz4ICa"
    "AuUYJSG4Go3kLJhLYEsLngHZy/8PyE4b3hu0ObXyvpDui9i5rl4gpMJZwBEY0BlkEX8zmP6qkY9YWVRSNJUhj3Nf"
    "dbUgoPIxHniBYcZ9g4VAeqyXExwWeoE4p0KZzjLKxWCorlV/mdVIfz1BNLOtqQfD56f3R/Bgcg8axGnqxZTHEuxZ"
    "d1RspZE4qBW0DyRSQO/v8wmRhA4HKJA2OgL6IbHHebV5dSanz2xaX38SbcDcWu96Pbcw7dYgau3WK7GD8qRV3oWN"
    "OaKQukNbcL7lJH8IiDEeWnZOJCOiGLtgBhydoSA/mLYLpJMUAZ/rn9UHS0sOEQTiIu3R6Bi5VrwIy2xp26mqwCH8"
    "ZNcUAEAUxibeI8qiNkIstIU1LbngWXhImmxRgAvQqTgJfyeo7hfmJ5zZSjJHx45wSvVBPbFBfR9JoUkN10HLivKY"
    "ExzFD3p2bXZbH9CAYmsaXEelFyPRQKM+Uvzw2phmKqAV9YUWlK8l3qFzWXq2YCGBhbAw0Rr+ez6438MwzinqEcS5"
    "IEFv8rUQJTrwwhc77OwZx+xxGYwh3Ym43/Vmi+5mmcJEjwdtkDBeYjGO/Bwuz/FXvv6dzfJ/d9pD9XzWhkro4ia5"
    "Y0HbVabXsIRYoKSiruq8jTuJJRfDP2vvEYqlDRGQ3epqndQUKz++iSjz80nz14ZJRhpIK4kJNCdBshnqZxRbaH3a"
    "klrpAgTrMsUG2sgqjQhIRY/7gY34AUaZO04X9d08Zk1sC7Pp2y75jd0AFeCIeffmxYtx9gqrAjN+e8dPsQ8gMBTs"
    "cbFFBgVtCUfG2YTdGGd/7BeHPlgZvChGWVJRzIAwKdn+7JHim31VcxoSkzieKk2MVKpci03lyWBUqT7GKHwkK5BH"
    "oQSicL+k5VD9uQhQXy2fYvZ4uOCpdy4s+SUa78sTMH5HPQdlScjb6lAQH0ToPHbJMaGcUjODTSbHlkYFzjGz2T6x"
    "IvbQn6ETIVfmvbRHIGVAq/TOhGnfwNJq2JhEDmnKntEZsrRO0as2sUY7z+cANFA8mkCi9LHHCKQZz358uCBxZ9bA"
    "8nOC+5x2iAPhWVKDsBgdnVmG1qMLaj+NUJJGB9Y+6TdCwU3b2zZUDWxi39jKw2ochceLiz2KBaQ18I+Mn1FdjGVR"
    "+v38seV9EupJITK9JQXUgIsrlHWuA/JBnpw5N7kjCvEbLrKatTa9zHMLtJq7qCdTTOZURSZsiFU5M3D8S4wwN+dB"
    "LtEo/GFY/tkvGK7vgD7xthhkWTaUE6ncwGk+LUJL3rpU7XussCKXVPeXKUr29ISLw/SPAGv2O9yDgMHc4LLZsOdq"
    "vrF/dc6vDlP1sQziZgn1JNIR2A2+o2llBO6Dr4X6KGD6+BtNW1rNE6y8MwUW07BRYlTags7gABgpNSHcVZUKjE4R"
    "pqnWUhG3l09Q2L85HdmZ33uAchFEn5EDZcJN7qUDNC/ctNW7XpkFkxuou4DZpGcHljA+KVxhPQys3T4kyA49/qj+"
    "rD7Mf6Q1F9TBWdcZxA8XchovkeWieNI+z24bWN4ynazn1mErDvobR6d16iMjUOhOWO5+QAnYj8RpKeGor+LJQpCP"
    "W90MZ8OPI7XnSibfvZmsI+MJp0/5LTI/nrH/hM1E7YN5nq8pf0IvkiD3rEoFKE7lNuQdnWvyCV/LYzMdQ5DQIA0j"
    "YxUdJKTTL7oUS65mPK9WHdq8KX6Dy/JyDjUcvzx19VosnYSkQyhqx6PEPEk7SUMTochnUxwcTlvKlQzG3J4mzFhp"
    "JGD3OK6C2H3z2uNFk0JsbS2Mf1YtDw5BGqRpJ0Ebd0PXwNwBXLVgNDqE+Xk43J/wpSeH9+PZs5Hxlt0Zq8LkqID+"
    "rKR3kg9LRHGWulruJUK18mDUspa+2FOKhBZS5tEcxQxDDMEEs9UlfltTfigkwT6cgOT2E6aOI7x9ViQRTGi0I9py"
    "nk+KkOEIumPYvCc5h/uUmMndLE2O/PPuejJjtEB6t4Z1IatkOr6l6aA/gaqg3COG6P3Qllpkf8q7P/sf3PcrTxAT"
    "XvTF8d5/AErUNd8YHu6QGXi8sPXryVD24FdfI6WQ0Vm0q9rbYnDA1vMHgg+95QjPxvouneJRAyQVQFkZcXUIyOC/"
    "cb5blQIzDf/Qq3P0YSP8wqwIlYhBfou41zZSo3mKpWO6ibAm/Dfd3H6Bw96L5Zc2Pw3XhcGmsjUidmGkuZrISdAd"
    "K2NpIIjstUSW1Gjw4JEtfZtQb759Kwc4XDXp/L0I9HXh5LsgjbPnBNiTvULSO/lODQ5Sjo/b+hmnHap0frQArgsg"
    "mxn0KUGgz4nB49N9dFzLCRRNkxDWGMv5IyNRtqbluZWz2MrJQ74RDVieIF3oVo/6Lw4pFHuRdXaPI+jp6hC9SCOX"
    "rvhwiJALj2iE5tNQLtuNDvydlUc8ObtfQPo9YOLFcmnsOECNfq2CRp84ARsBh1Hycnwzf6JiTzFyO2aQ+NYsSEgc"
    "FpnwKo3GwMOnpBWYySlDnywz7HADOntzGFLepiGFQXH4pvxdvyFwQp/2LJp+4tvJeELHQi7SF2eYT0MrSDcQ27KT"
    "sYTwWfPktE1J5YxvbYE0fP1SlLp8iU1fV2M/xfHn1RRNsqr/zIOQE6QIXVjp9mX/dZn0JdyYpjatbU1UohcEX1qt"
    "TR8uQa50ht9B/W5osUUn8Fx0ddMP0HQqKJ9miHB0A1vkUBuLVObMN/erX/8DfFeXuw=="
)
