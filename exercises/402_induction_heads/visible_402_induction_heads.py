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
    "eNq1Wf2P27gR/VcI/xI79ar27uaA2ti2adoiAXJ3QJoiOBiGQUu0xbMkqqS0Xm+Q/71vZih/bF1fNk2BfNiyRM7H"
    "mzePo8+9tNC27E1U712VtWljXaVyo7OgVs6XylZKqzrXwag019XaKKN9saPrjde2stV6qBq3Nk1uvNraJsf9Ide+"
    "Vrasvbs3paka5VZ44ip1VWMeGlVgDXlSV5lKdYvVSxfktobWDqUuCqWbBg/DoitXYc/SZaYIqv/ar1taNagxtlY3"
    "g6Q3VL3MrlY2bYtmB2ducME8GJ/aYAK+zz73Uqy4CAY2ZHTlepSMnj41xoXcYmF6ovcpt2mODTamCkp7ozysdSXb"
    "vOXf6GLqamvCn8iCv3q9Va4yClYH59UMfpg1WTrnh7ypjW7IQ124ao0PQYlBSj/YMJW91EiFRu+Ccm0TbGbYucb5"
    "NE/IAJjXh53Z4t6lejlUSZIM1dpUxmvcdLf/NBhGMxLZlh6ST4F+4vVS3SS9OZZHqpxvdJWaGLuNrTLCRIqQ0/6l"
    "0ZQwuvSLa73ybhtUru8Nsr2p3BYoqcIWCIB/5t74XdzLZKp2wVIOJdmVAzqwV9o2armLHq+8+VdrqnTHvpa2ahvO"
    "2pgyVOmSrOp1Cy4kI3Rn7WKyrvHFt0tvU8ocedTGvM+/DNVX5f7mJPd/R/ookzDL7yYx3Z0n8NwVmQLiVYBx0Qmq"
    "C2v88AgfhwdSh/u8XefI/apBnJrcBcOo+VFvKIpL51AWqCq9LGTd2VI3aT4UG4bd+nAuNHC0QUEsTeG2bEdm9dpV"
    "upgiunbFGEN0yYMD1AqNCiOgcZT7NVWXr9RLsWg2Gaqf8MB8kIS27F+NB2pt701QYgZzgpgynyok3mtwAbZBhXs2"
    "gX5DJcB148WBRFc7WugMxl5dxthr2S7SSY64qZA6LLvCM4G3k6BLMPU++lSOiBVQuM0BFrIts4F3ZWYJTxB2/eoI"
    "YbU3K/uwKMlfGLLgLU9w9up74+yIY1TmjLjGvhfObeBHByeqq4JI2LWAHlzh4gMDB5MxjN6AZhAger5wa8r3PjPM"
    "FG2hCUX4XqkP5v0/p4TJWsdHmGkzVKuYIoEHA1PwbJU2HQ2CoOl2lH+kJbqarDWxPzFMBFWi/brUD5T8AYJ+Zovp"
    "EeQjwtjMeSyAlS0K3AsQh5TXVKX2m9Dt/iJEi85g6/Yytn6M6QVEdx1a9SHmYcoY2t/Q5ELZHDggJEPpBUkIrgYj"
    "OfPmErDigmcAdfu/A+q0ab1Dq1Jr5zLplohT1ZZLhE+4CJgBs1UGGcNnBs7fNGIfCosKCaYw5F3qiraUbBcuhEO9"
    "M6SY+7lxx9u69s8hoAeISwqU3zyhuPcH6kp1l1k9dNcjHBPbmLI/eH4qfwa/RfegGSpN/ZRyloMVy5YKKzcSB7WG"
    "VoGk8ejfXe4gatClkHbSMkegPiTxOIc2Lc7k75mN54ffpAOYVupdp7WWptkaRKjZOiV7Uk60Slt/b46ooWxB7ZVr"
    "OKGfPOKJm1ZtJXIOEQutN32OxEAQ7U3TetI1igDNdc1qgWUfhwPibRn3qHUIXANORF+yss1UFeAGvrOtMyQ7COsS"
    "nxEVUSsgdtnCmoZccCwUJCU2y1Dj6DbCIt2a/cpsF2xlv1oUemd8GFKJZQPCU7nMAO2JyiCz+n95/fHNWwifQSI8"
    "MASoHxrRBgsCG7VJU4c71ke0hnxicSIfY1ju4v9DtTGmpp86XIpIQvdINxH5bZXEu7Pno/UjPOfEocDAektS1Cbd"
    "CMuhVS5dtkMAHQOTW1zujSExiOBOOnNF+LKeYJbGjdYLyC9REMd4gWQu8CndfGVX++8t8VAO39z5CC7czXasKFsg"
    "IopIgiDwW1D7q5wNO4kbo/sfpXNwe2V9AAa3uthEicNyjH9ERPn+KLpLwwwhTN9IEjwdSqCjDDUeiiPENm1JPW8J"
    "dqw4lj9hbzORxRLyBSQVmqwPv73h2robDdTv1fXLl6PkVaI+IfluO+FN2EBQC8qLRBGlKszsHFQYZvzbXP3xTo2S"
    "MQQYkRMbO0r+EL8+X5e/lhBydRO+wISktmOZV3wcMyEQITCH1IUj+1CX+hhbT0F0LMH5HLgQbvrebez2BB1vicFR"
    "EwSFrfYZlV6AQiKsoNJN9pT8OPtylmpIUHO9Mt3vkyEyCd0OCguNftEJYERDjizMONOuHcTVsDHJA1JjHWcyhmid"
    "rNM7Yo2uHJ+CSXY/Gk9y7rFTTBA1fBrio7XEmEsWyy8IHAvaIfQ7Mpt18nxBsd+zX416wHdAkoTTjD7PB/EM2H+M"
    "99LWg/kgAp6+4XbYRNaQmcGAQB6pGeMP2TNXBMRni/SPUapGjcQcEXVBDUIrAvbVHnEl/8+c/idUm8gT/V6y2qSH"
    "WaVDwVQXFVUXHYK08fdETRxhoPt7C/br88AUz4HI/THwV7dkiH0AYsSzrE/dRGYoqYGDPN9AD98CMY7OJMwLhBfW"
    "n+T/4TJFxJ7OZDgkAkPV966tsn630wxsBho0IBYg4hp/T3/fr7Tglfge/NP1kKijwr5fgxB/o8UJWT8BxQeTYVcN"
    "dpUA5TajkRGQIbVBsx3cWsSKoMPxNBZHrLrm8hCAvVnQhMl87QzgIlq+kaDk4BZdifMeJ8Sx1TtWSiQpTWqgsz1k"
    "eMc23NxdFHhCSTiHtXv3cUSi2x/Vn9Wnxc+05pL6HR+RDGKFC1z8oJwsi2f/1QqVTrg5t61ndceMt1nYqm4lwJx4"
    "4SChnll/9WJZuHQTks/MhF+S44deQEVtdQ1imQDNe9piHtwbxZ37mFyn/FDHP0ySWcYBOOaf52upX9AGJIQZlw+2"
    "yzuqTa1PWxqy8bip4bMenZ2pL4NarJwP6PQbxzN0KeRclLhfrVu0SRJ4F+knzRcbswv/X7ZhkWRDd1SPExHqesNI"
    "FlFxS98QgcSDEg4EpyRmQk5zlFc1ZpKZxiMt0zbFULAX1z2AiGS9Vo0thZDPKsL+ISByyhh2ICWp1NYwtw9XLQiH"
    "pgS/Dgb7cVO8czAbzZ+NgvfszkhlJgXNdIf5zkk+zYsYy3Wx2nfiYu3AcXkpbasjAgktFMOjOYoZhBRBAueHS6y0"
    "ofxQSLx9OAHEzTco6yNsfTNqCBJYgckGGpDGFshmAEkxRD6SQsLvlITxRIbT8evkajxnZECFgpNIarF6pLmhCm4/"
    "DiksFXRbHxqIdLBuvLgfMPdn3cpj+M+Lvjze+3dABEQx/TA4/EJm4PbMlnfjgezBj94hfVChSbDr0tmsf8DR8wXz"
    "p85yhOfeujaOlKhFUZOmDAy5EgRQ8N9Url3nAikN/3DOThs+OhJImItN3eToqoh7aQO1h6e4OaaRAGv8f9LIzXee"
    "Ml4sq7jRaWgunAEKWyI6F9R/byyjiglLVVHLiOKVRJFEoHfghy0NwNW7N+9lwsDVEIe8macR9slLJTqendNCT/by"
    "UX2kO9U/qCqe/XRHhGag4oBjCQxnQDEz49PCR4cSg0en++iwkREJnaigZ3Ey5DdURMWaludmy9InJQ/5h2DA3gTf"
    "TDd62I21Yyj2kufsHkcw08UheoFOLLrgwQahFB5B+clojkv0Xnt+SccnJBkaLyHEHnDqw3JxenGAFX1bew3+PwEW"
    "AYdRcju6XjxRkKcYuRkxSFxjltT+D4uMeZVa15CKNLIrwEKVMvQOLMEO16Cud4ezwft4NmBQHF5Ivu02BE7oXZFF"
    "4448Oh6NaaRRBXpdCfPpzAcy9cSi7GTIIVY2fGDZxqRyxrc2Qxp+uJUpgbzai6/rQjcj4/d1MZpkVfcuASEnSBG6"
    "sNLNbfdqkhQg3JjG9qttSbShlwRfWq2Jb8JApDQ8bqFF72mxZSvwXLZl3Z0/aYgl7wSIXHQNW2TCikUKc+aFbe/L"
    "vwHnWvmF"
)
