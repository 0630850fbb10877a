"""The tests of unit 502 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
from firsthand.kit.judge import SparseJudge
import pytest
import torch


@pytest.mark.exercise("sample_mask")
class TestSampleMask:
    @pytest.mark.visible
    def test_one_inked_pixel_is_shown_alone(self, submission):
        x = torch.zeros(1, 64)
        x[0, 3] = 0.1
        mask = submission.sample_mask(x, 2, 0)
        expected = torch.zeros(1, 64, dtype=torch.bool)
        expected[0, 3] = True
        compare.equal(
            mask,
            expected,
            what="sample_mask of an image with ink at pixel 3 only, k = 2",
            hint="reveal what there is: an image with one inked pixel shows one",
        )


@pytest.mark.exercise("judge_input")
class TestJudgeInput:
    @pytest.mark.visible
    def test_the_worked_example_has_the_mask_then_the_values(self, submission):
        planes = submission.judge_input(
            torch.tensor([[0.2, 0.0, 0.8]]), torch.tensor([[True, True, False]])
        )
        compare.close(
            planes,
            torch.tensor([[1.0, 1.0, 0.0, 0.2, 0.0, 0.0]]),
            what="judge_input of the worked example",
            hint="all mask entries first, then the values, 0 where hidden",
        )


@pytest.mark.exercise("train_judge")
class TestTrainJudge:
    @pytest.mark.visible
    def test_the_state_dict_fits_the_network(self, submission):
        state = submission.train_judge(
            torch.rand(20, 64, generator=torch.Generator().manual_seed(0)),
            torch.arange(20) % 10,
            4,
            16,
            2,
            0,
        )
        SparseJudge(16).load_state_dict(dict(state))
        compare.equal(
            sorted(state), sorted(SparseJudge(16).state_dict()), what="the keys of the state dict"
        )


@pytest.mark.exercise("honest_wins")
class TestHonestWins:
    @pytest.mark.visible
    def test_a_third_class_matters_only_without_precommitment(self, submission):
        logits = torch.tensor([[2.0, 1.0, 2.5]])
        compare.equal(
            submission.honest_wins(logits, 0, 1),
            torch.tensor([True]),
            what="honest_wins([2, 1, 2.5], 0, 1)",
            hint="compare only the two claimed logits",
        )
        compare.equal(
            submission.honest_wins(logits, 0, None),
            torch.tensor([False]),
            what="honest_wins([2, 1, 2.5], 0, None)",
            hint="without precommitment every other class may win",
        )


@pytest.mark.exercise("lookahead_move")
class TestLookaheadMove:
    @pytest.mark.visible
    def test_the_greedy_example_takes_the_extreme_pixel(self, submission):
        worth = {0: 0.2, 1: -0.1, 2: 0.5}

        def margin(sets):
            return torch.tensor([sum(worth[pixel] for pixel in chosen) for chosen in sets])

        compare.equal(
            submission.lookahead_move(margin, [], [0, 1, 2], 1, True),
            2,
            what="the maximiser's greedy move",
        )
        compare.equal(
            submission.lookahead_move(margin, [], [0, 1, 2], 1, False),
            1,
            what="the minimiser's greedy move",
            hint="the minimiser wants a small margin",
        )


@pytest.mark.exercise("puct_scores")
class TestPuctScores:
    @pytest.mark.visible
    def test_the_worked_example_prefers_the_better_move(self, submission):
        got = submission.puct_scores(torch.tensor([3.0, 1.0]), torch.tensor([4, 2]), 1.0, True)
        compare.close(
            got,
            torch.tensor([0.994949, 0.908248]),
            rtol=1e-4,
            what="puct_scores of the worked example",
            hint="3/4 + 1/2 * sqrt(6)/5 and 1/2 + 1/2 * sqrt(6)/3",
        )


@pytest.mark.exercise("mcts")
class TestMcts:
    @pytest.mark.visible
    def test_the_worked_example_visits_the_good_pixel_most(self, submission):
        visits = submission.mcts(torch.tensor([0.0, 1.0, 0.0]), 3, 1, True, 50, 1.0, 0)
        compare.equal(int(visits.argmax()), 1, what="the most visited move of the worked example")
        compare.equal(
            int(visits.sum()), 50, what="the sum of the visits", hint="one root visit per rollout"
        )


@pytest.mark.exercise("debate_outcomes")
class TestDebateOutcomes:
    @pytest.mark.visible
    def test_the_worked_example_beats_lie_one_and_loses_to_lie_two(self, submission):
        only = torch.tensor([[2.0, 1.0, 3.0]])
        compare.equal(
            submission.debate_outcomes(only, 0, 2, 2, True, True),
            torch.tensor([True, False]),
            what="debate_outcomes of the worked example",
            hint="one entry for each lie: 1, then 2",
        )
        compare.equal(
            torch.as_tensor(submission.debate_outcomes(only, 0, 2, 2, True, False)),
            torch.tensor(False),
            what="the free game of the worked example",
            hint="without precommitment class 2 wins",
        )


@pytest.mark.exercise("larger_drop")
class TestLargerDrop:
    @pytest.mark.visible
    def test_the_answer_is_one_of_the_two_changes(self, submission):
        answer = submission.larger_drop()
        if answer not in ("precommitment", "order"):
            compare.fail(
                'larger_drop must return "precommitment" or "order".',
                hint="copy one of the two words",
            )


@pytest.mark.exercise("most_frequent_confusion")
class TestMostFrequentConfusion:
    @pytest.mark.visible
    def test_the_answer_is_a_pair_of_digits(self, submission):
        answer = submission.most_frequent_confusion()
        if (
            not isinstance(answer, list | tuple)
            or len(answer) != 2
            or not all(type(a) is int and 0 <= a <= 9 for a in answer)
        ):
            compare.fail(
                "most_frequent_confusion must return (truth, lie), two digits.",
                hint="a tuple of two integers",
            )


@pytest.mark.exercise("debate_report")
class TestDebateReport:
    @pytest.mark.visible
    def test_the_worked_example_gains_one_half(self, submission):
        always = torch.ones(4, 9, dtype=torch.bool)
        report = submission.debate_report(
            torch.tensor([True, False, False, True]), always, always[:, 0], ~always, 0
        )
        compare.close(report["gain"], 0.5, what="gain of the worked example")
        compare.close(
            report["p"], 0.5, what="p of the worked example", hint="discordant 0 and 2: p = 2 * 1/4"
        )
        compare.close(
            report["liar_alone"],
            1.0,
            what="liar_alone of the worked example",
            hint="unopposed is True where the truth wins",
        )


@pytest.mark.exercise("all_logits")
class TestAllLogits:
    @pytest.mark.visible
    def test_the_worked_example_adds_revealed_values(self, submission):
        def total(planes):
            return planes[:, 3:].sum(1, keepdim=True)

        got = submission.all_logits(
            total, torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0, 1, 2]), 2
        )
        compare.close(
            got,
            torch.tensor([[3.0], [4.0], [5.0]]),
            what="all_logits of the worked example",
            hint="rows are the pairs {0,1}, {0,2}, {1,2}",
        )


@pytest.mark.exercise("backup")
class TestBackup:
    @pytest.mark.visible
    def test_the_worked_example_needs_two_good_pairs(self, submission):
        leaves = torch.tensor([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
        for last_is_max in (True, False):
            compare.close(
                submission.backup(leaves, 3, 2, last_is_max),
                torch.tensor([0.0, 1.0]),
                what=f"backup of the worked example, last_is_max={last_is_max}",
                hint="players alternate",
            )


@pytest.mark.exercise("choose")
class TestChoose:
    @pytest.mark.visible
    def test_the_last_move_helps_its_own_side(self, submission):
        image = torch.zeros(64)
        image[[3, 10, 20, 40, 50]] = torch.tensor([0.5, 0.5, 0.5, 0.9, 0.8])

        def judge(masks):
            logits = torch.zeros(len(masks), 10)
            logits[:, 4] = masks[:, 40].float() - masks[:, 50].float()
            return logits

        compare.equal(
            int(submission.choose(image, "honest", (4, 9), [3, 10, 20], judge, 0)),
            40,
            what="the honest last move",
            hint="pixel 40 raises the logit of the truth",
        )
        compare.equal(
            int(submission.choose(image, "liar", (4, 9), [3, 10, 20], judge, 0)),
            50,
            what="the liar's last move",
            hint="pixel 50 lowers the logit of the truth: the liar wants the other side",
        )


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNqtWn9zG7cR/SqoZtqSDc2SspQ4UtWM65m0nuZHJ00n7Wg0NHgHkgjvgMsBJ4rJ5Lv37S5wPEqObDn5I7F0B+CA"
    "3bdv3y7000lRaVufXKiTl+r7rlwbFTc6KhtUa9ebqLxTZy+mp+r3yq+UrfXaBLVqfa3OVKtdiR+cdz+a1qvG3pkK"
    "04wuNhj04pxnLfe8rHVrVZqljniDhc7y6JFehtjqIiospoIposUXn0/n4+nJRJ2UdrWyRVfFPXZ4hgfmzrSFDSbg"
    "9+ufTgpdVQvM8q6kJ6ez6ez+rFM82FgXecbJP/xOFdrhWEaVrd6ptb01ytyadq9avLMR+9s57CRO1M7Gje8ijtRU"
    "ujC1cbLN/FyryvvmM9ro33kZnFwOhlfZOl29NC1Pw+Ctgm3jxijflngKS+CXYNKowCtbR7P9bqq+I0+kBbbGNAEv"
    "lpV22/SRSofIX4++LTZT+uLobho2ujETtTbOtBpvrqbT6Xiiah22plysbFXxZ9SzudptTGvUnbq6UrBb9M12tMXQ"
    "UOgY8c1v2w4L0dZX1sHSe/XmD2p0p36H4eM305MbfNrWjW+jdoVJHtpaVxKcCl8a2ltttIP36dH/fNcmkJEPHOy9"
    "BN5abZ0p+TuAR8SPgIC5taXBqgJH55e+3MMrFRBiygu24VLjd0xNZsRpfAUn3DWmteQrRlBtXRcZLvNz/Op0TRs9"
    "CbpuKrMgo9CoxieE0AnabtnaguBCB+wS2G5+nqj3Atz8CHDsw9ID9rRFOXwwJpkejgb2dIUzi0sRd+xhMXse1L/b"
    "2BJWYZ9/MUATHUPp0MNoxrPnF4AzzaIhK9uGqIBjl1yq1Qph5zMIlRxqeoATQDC6ppWn0QNWZdw3JuFo+ET9Sd3B"
    "TqWtr+bjJ0PiK0+AXyu9lICSA6YDZyrpLQdoegwSImn/iFB1AGXjdwArndOrYuN9MPc9Pxt4nhdaWNd08cjzz5/m"
    "+Y8f+P35Q78XG+16wgSyG9oi/SsATnSaHIAzFZtJ788gP1ZGt2Qs8Ek0DxwPJJV5Pk+6gHkYDURuDuG18q2RhUBV"
    "E/COBD9PhkVkBazG3EVbm5AlnY/YtAkbtuRr169wQcwU1BXTGw4reMDvg4Aa/feaBsGEgDGtf0V2ApKJPgdfApiK"
    "1oewwIvWN/uRM3Hn2+1o4KLDWrTyGFP28mD8dPrpE1wiHLDMbpMMKZCCbcCOYUOJIFBArb0v6V/ArrIxEr1kXgIc"
    "sI/LlDvWWFLczCGLpQtfZ88fPtCGe9A8HZISb2zBmzyC5se/CM37PDYE9wcTloV/Kr+mVFhLIvB04CVCVbFagGnk"
    "jHSwqJeV+Uy9ZLqiqSAtfoMhjKTELDKVEfxSRcsvNQwOswGUjC+r2wt6vKc8Afs1urUBn4FCsIVkuu8IvFrWuki7"
    "vL6YqA0Seog36q+DZ7TeDbKoZOuLtKI5BECt72zd1crDhZKVadsYV3W1C28B2PnjAPtXi5PWtY2sFGLXOjpiNO7Z"
    "Tu/VDx12SOoGpiYWA9b5OXZ+2Yuu2oOlSWnB+Di2ceu4eYzN5NwLmDH8GjZ7GyyevwUWwsuczpCK+Zjf03Y1CSZs"
    "mLWCb9lVovCuYU1zN6qMG8kDhPB2fCPeZ+zQ/JTgSlFArM5IjREyhC5MvFShqSifRTFgY00h5AnLsdlOZ5PZbMYE"
    "xSb7PM/mocSMn+sqpGyJeUwkgAm2dje+OZY9mWCxpYnQxhEr3ZHMwGHBItgKDZS1hKQuASGHxYzDfx8kk4Dnqjzk"
    "PWQ6QLREEIg0IsZpwJyWzGeIiNc5CwjPPMYy5HkJkiPEnP8yyXwQq5wdwef1iqJabUnz0TZvddWx5+UwhB78EuyP"
    "yEjqI6KkXYqIo9H6eCTjjF+G69BB9+FtGDm4EgjbaJnMelhdv5LnE+XUMwVXrWEOsMPXFPtCXGCDcJBqNbOC6Ims"
    "xjgEKr0XuQEkMtdtaUEeL8RYmZWQFQEwpQAaM8fiyMkAzOyCuEd4h786V3bFcn5hw4JemR86TeXRiBcf0+d8WWL3"
    "hhFs3SXUETEMx8ns6Vz17YZOgDC+o+KLDnUhXK1bUiH4seqKbZaKe92WIK9iKyHJPksZTahL5plH09tSF9uuOQId"
    "c9lvzFMett0mJ5JJCS7b5B4rQSKs2Z/gMJ5VMvvua1CQJAKaDxVG03s+qiz4JNdPAw6GDNqTWphAgpOneECfglRz"
    "nCByjvT9t9h8Qxxc5dVFv6NQAyIICZfEtvDH8ON9HsP2gHCxt5yr8jri0VEKnE3Pn44bJicYg5cV8OBkJHYyAzUI"
    "N9LmFGBKkzAKsbfaZFA8ByxZEXNCSXXxMeSIoxbpQ8e89eKXeeteckz4e29gnT4U9HUXuOyHskAwixmTGslZGyGe"
    "6QIT0ml77SIn5wlgIxyiIu5mHUVZBy+ChKXz3XqDnOX2tLDjMpcAQ5psT5zP+ss3bLZXya1SRrRBBNs+uwruC11L"
    "ZTMjjYsSQCFgt8hRnEPFnJOBCpKKDBPekcC0Cyi/HkjttoNrZY2kGXEqqHsYbAXj1VKWaHcIU7zEDktUAg3ZBOwq"
    "Wzz9mCjzbJb2yAJ7IqfItpNuSmVCkDVP74FpiKVKt2vTLug7x1T0W1f+31ChlL0C78bNJEvLHKTTnmkM6g5KWOep"
    "KGQGFkccTCXH+kZ4fwTizwuOJfao4qSFNGurrhFtBZ1Jismsufp44MvTd/nyC8vkSCTftbfU56JDORA+/mfXG/i4"
    "7YtYPidXt3tKvK25r2j99kGSGHqHRi9QeUIsu7iAsVddgGY+8tTpb50zXq4oC3DVQWmCtEfuJIirnLmLolEHoZ2U"
    "go5ZEuy0O+R9snojPFxZIg34pdEgcTWq93ktaizukdylHynjqFKiwW9qANW6NxzLVCBAaQw7iDTXigBmcqWdI1DW"
    "hkAj+reywv7Brt2hS0Crhr7oghtsbYNpL9WtNTvCzjXnykn+ws2l0jVtMWeX9ByP23UvY7JkCnQaHYqsSnOfk0/8"
    "Fvg9f4dMyWbkLIzjc7NoY3TJBTa4BU4ifkDOWZmkZA5tD3AOi9dUYKXsXJth02nQXYreP5aG6Pv87QWd9D3V869J"
    "N0n+kj04C3hRwiGX2zh261cUWSwyUZNUvsXJkoKp9oPWHyBe9w0pDkZCxQMYpAZg1JX6MxARMHIKAq+bEYZczUk/"
    "m7WmJu2DqRMYvwuqwESqqWQy9QfTMqGrR+Np+KGNozHGjOYQ+mnQBwAjN7A40eDrBD1uUUg0hgsJixbuEoXFdFSm"
    "WoLt1Tf7bWkeaxY3XREXoQCkflWRffaOGoldzlWLp754i/qa2rnS4ePK5yLVICnQYmpCpR59FqcS6TXpDN+lKwtM"
    "73LzhevIvjEVYHIqY3O6AO8FUE0q70Oqb0Nq9ASIWV1tpZLBZqqU3ng24EoFnrscwK5z/Ig9QDV/iZp5khQ3PWPa"
    "oh2CMATtO6zP3vinMQ2LLUkgI0blJEFmwjPHuQu10/tLVreViSa1RkV9cacS7FBf0sdFLrhcUuJwUswI4rlrfnjI"
    "X+oLLanyfaRiXAD95Mqeu1ci7bLsTd0uqZ/onqU8lJ9CWocKDRKpq0o23qWcbWV2qccP9RSSTFi3xpT7x4isLuJ7"
    "i+gh+D+4JhMuYwy40jTwNRVAfklxq7kpRqqOWjRUNXCbGgdhKcSg/Vtnq5Lnp+uwHuw8ZqJGdP74zK+eiVSWSmGM"
    "4nmULuLyIwkWnIY7p4JtttVxY3v0GouezWY42uvx4DYNhVfuZhdGWtFT8vBoPp6iZncRITG6ns7I3tNPPzm/wQTa"
    "7JfFVwa5N4XkR3PexTP5p+OmVNxMscHl00uyl9J9HrQ1Y8H5LV+QiayX+9zO2cQI3Igk+1cXfBVHglvTlUGuEsvD"
    "kqmme48aDeIAGz8C1ydPzY2P0yRd4dZUF1Gzp5cWgTdPddGgnd835MXpmzwzMyRNoSpJr+CiUrQbIiotmJrfRAeW"
    "lTjnCfUNXcDy9OV+IKlSsBIm6U4ZVFcRXum7dHfLskM2xFmK6S5pMkCOdM2B9KQmQp1CV3beVzSwzttip7wa1ZOU"
    "BqjdNFZ/uVLzTwmtcsdBCpLSm8iwkCUmmVpsQcWwnKJrSPRhwBspkN8cZZJeFX8A3f3HkfjTaklbiqmlB3NmGZvk"
    "TW6My8YOV5ac3mkv7KKDZOUTPgZFke7vS3BPbQsccdujJkkfPDbK8b6fD5v5b4mdew2yk+epCr53A84hnxuXhq5L"
    "EiP2zQMJZd8Q5RRF1+pizzQr2pIUPKvs1NHIdxN06Sh/iXHaf3hAHLQAXdmTFAWHMbck5zEv35vZ37ZRHegY3amT"
    "QuXGIV5y04h21jR4mu7yDyvRyJW2VdfyhX8lF3q8eUI9f5yXkpjh2XOZfcGlWQXJGvsAPPzNAOHscMXH9UFjPCWK"
    "/FcsFRR0R8vXAHyVouJAaPTbutUA/n1Ks4yJ89npIoBdg1nw3hZCVceoOHvBsPDRLBEqg4XmvBKzMS32GvW4W0/U"
    "q00LkWS18xP1kvZl8ck5MP/yNaJoZSJpmXxvzvhqDdXYJGNMj+OwaaHWaN0Xdy+Q5fgGMInHmutX0xamId+RmYRo"
    "yFFUjcGSX371+t/fpgnY8K2vOgprwCRd7PL1fcwgkD/XSEydMk/w1S0cyZKn2ouOlO4aace+XOvvA+gXUQzp7lGS"
    "F8w43BjRCyIkdZWW+6S2pNSxsTJ9QcGOeZZuucRaP/8fDKJgpw=="
)
