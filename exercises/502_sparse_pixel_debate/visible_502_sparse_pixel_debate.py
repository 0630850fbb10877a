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

    @pytest.mark.visible
    def test_training_lowers_the_loss(self, submission):
        # Two classes, ink in the left or in the right half: guessing among ten classes costs log(10) = 2.3.
        x = torch.zeros(40, 8, 8)
        x[:20, :, :4] = 0.5
        x[20:, :, 4:] = 0.5
        x, y = x.flatten(1), torch.arange(40) // 20
        network = SparseJudge(16)
        network.load_state_dict(dict(submission.train_judge(x, y, 4, 16, 60, 0)))
        mask = torch.zeros(40, 64)
        mask[:20, [0, 9, 18, 27]] = 1.0
        mask[20:, [7, 14, 21, 28]] = 1.0
        loss = torch.nn.functional.cross_entropy(network(torch.cat([mask, mask * x], 1)), y)
        compare.at_most(
            loss.item(),
            1.0,
            what="the loss on 40 images of two classes after 60 steps",
            hint="train on masks of k pixels, with cross_entropy on logits, and return the weights at the end",
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

    @pytest.mark.visible
    def test_two_plies_count_the_reply_on_top_of_what_is_revealed(self, submission):
        # After pixel 9, the pairs score: 1 and 2 -> -2, 1 and 3 -> 4, 2 and 3 -> 1.
        worth = {(1, 2, 9): -2.0, (1, 3, 9): 4.0, (2, 3, 9): 1.0}

        def margin(sets):
            return torch.tensor([worth.get(tuple(sorted(chosen)), 0.0) for chosen in sets])

        compare.equal(
            submission.lookahead_move(margin, [9], [9, 3, 1, 2], 2, True),
            3,
            what="the maximiser's two-ply move: pixel 3 leaves 1 at worst, 1 and 2 leave -2",
            hint="score a move by the best reply of the other side, on top of what is revealed",
        )
        compare.equal(
            submission.lookahead_move(margin, [9], [9, 3, 1, 2], 2, False),
            2,
            what="the minimiser's two-ply move: pixel 2 leaves 1 at worst, 1 and 3 leave 4",
            hint="score a move by the best reply of the other side, on top of what is revealed",
        )
        compare.equal(
            submission.lookahead_move(margin, [9], [9, 3, 1, 2], 1, True),
            1,
            what="the greedy move when pixels 1, 2 and 3 are equally good",
            hint="equally good pixels: the smallest id",
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

    @pytest.mark.visible
    def test_the_minimiser_and_an_unvisited_move_have_their_scores(self, submission):
        got = submission.puct_scores(torch.tensor([3.0, 1.0]), torch.tensor([4, 2]), 1.0, False)
        compare.close(
            got,
            torch.tensor([-0.505051, -0.091752]),
            rtol=1e-4,
            what="puct_scores of the worked example for the minimiser",
            hint="-3/4 + 1/2 * sqrt(6)/5 and -1/2 + 1/2 * sqrt(6)/3",
        )
        got = submission.puct_scores(torch.tensor([1.0, 0.0]), torch.tensor([1, 0]), 2.0, True)
        compare.close(
            got,
            torch.tensor([1.5, 1.0]),
            what="puct_scores with an unvisited move, c = 2",
            hint="1 + 2/2 * 1/2, and 0 + 2/2 * 1/1",
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

    @pytest.mark.visible
    def test_a_pixel_that_decides_every_pair_is_visited_most(self, submission):
        # Pairs of four elements in colex order, 01 02 12 03 13 23: those with element 1 are worth 1, the others -1.
        pairs = torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
        visits = submission.mcts(pairs, 4, 2, False, 60, 1.0, 0)
        compare.equal(int(visits.argmax()), 1, what="the maximiser's most visited first move")
        visits = submission.mcts(-pairs, 4, 2, True, 60, 1.0, 0)
        compare.equal(
            int(visits.argmax()),
            1,
            what="the minimiser's most visited first move",
            hint="each node reads the value from its mover's side",
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

    @pytest.mark.visible
    def test_elements_of_a_set_stand_for_the_listed_pixels(self, submission):
        def total(planes):
            return planes[:, 5:].sum(1, keepdim=True)

        x, pixels = torch.tensor([1.0, 20.0, 3.0, 40.0, 7.0]), torch.tensor([4, 0, 2])
        compare.close(
            submission.all_logits(total, x, pixels, 2),
            torch.tensor([[8.0], [10.0], [4.0]]),
            what="all_logits of the pixels 4, 0, 2",
            hint="the pairs of elements {0,1}, {0,2}, {1,2} are the pixels {4,0}, {4,2}, {0,2}",
            known={
                "element j of a set is pixels[j], not pixel j": torch.tensor(
                    [[21.0], [4.0], [23.0]]
                ),
                "positions in `pixels` count: do not sort the pixels": torch.tensor(
                    [[4.0], [8.0], [10.0]]
                ),
            },
        )


@pytest.mark.exercise("backup")
class TestBackup:
    @pytest.mark.visible
    def test_the_worked_example_depends_on_who_moves_last(self, submission):
        pairs = torch.tensor(
            [[1.0, 1.0], [0.0, 1.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
        )
        for last_is_max, expected in ((True, [1.0, 1.0]), (False, [0.0, 1.0])):
            compare.close(
                submission.backup(pairs, 4, 2, last_is_max),
                torch.tensor(expected),
                what=f"backup of the worked example, last_is_max={last_is_max}",
                hint="players alternate, and you are told who makes the last move",
            )
        one = torch.tensor([[0.2], [0.7], [0.5]])
        for last_is_max, expected in ((True, 0.7), (False, 0.2)):
            compare.close(
                submission.backup(one, 3, 1, last_is_max),
                torch.tensor([expected]),
                what=f"backup of three elements, k = 1, last_is_max={last_is_max}",
                hint="with one move left its mover takes the best element",
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

    @pytest.mark.visible
    def test_the_move_before_the_last_counts_the_reply(self, submission):
        # 40 alone is worth 2 to its side, but together with 50 it is worth -1; 20 is worth 1 whatever follows.
        image = torch.zeros(64)
        image[[3, 10, 20, 40, 50]] = torch.tensor([0.5, 0.5, 0.5, 0.9, 0.8])
        for role, claims in (("honest", (4, 9)), ("liar", (9, 4))):

            def judge(masks):
                logits, m = torch.zeros(len(masks), 10), masks.float()
                logits[:, 4] = m[:, 20] + 2 * m[:, 40] - 3 * m[:, 40] * m[:, 50]
                return logits

            compare.equal(
                int(submission.choose(image, role, claims, [3, 10], judge, 0)),
                20,
                what=f"the move of the {role} side with two moves left",
                hint="for each of your pixels look at every reply of the other side",
            )


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9Wg1vI7cR/SusgTZSI6uSPy5XGW7gHprGaJMA6RVpYRg6apeSWO2Se0uuZSXIf++bGe5qZd/5zskhQNOzViSX"
    "nHnz5s1QPx1lhbbl0UwdXan/NfnKqLjWUdmgartaR+WdOns5PlG/V36pbKlXJqhl7Ut1pmrtcvzhvPvR1F5V9t4U"
    "mGZ0tsagl+c8a7HjZa1bqdwsdMQ3WOisHT3QixBrnUWFxVQwWbR44+l4OhwfjdRRbpdLmzVF3GGHZ3hg7k2d2WAC"
    "Pt/8dJTpophjlnc5PTmZjCcYlFVN76E8O1jpBA/W1kVe5ehrv1WZdjiqUXmtt2pl74wyd6beqRrf2Yg9bx12F0dq"
    "a+PaNxHHrAqdmdI42Xr7XKvC++pL2vzfeRlYQw6Lr1qLNeXC1DwNgzcK9o5ro3yd4ymsgw/BpFGBV7aOZvvtWP1A"
    "3kkLbIypAr5YFNpt0ksKHSK/Pfo6W4/pjYP7cVjryozUyjhTa3xzOR6PhyNV6rAx+Xxpi4Jfo46nars2tVH36vJS"
    "wW7RV5vBBkNDpmPEO1/XDRairS+tg/V36s0f1OBe/Q7Dh2/GR7d4tS0rX0ftMpO8trEuJ4hlPje0t9JoB0TQo//6"
    "pk7AIx842HsBDNbaOpPzewCZiD8BC3Nnc4NVBaLOL3y+g1cKoMbkM7bhQuMzpiYz4jS+gBPuK1Nb8hWjqrSuiQyh"
    "6Tk+Ol3SRo+CLqvCzMkoNKryCSF0grpZ1DYjuNABmwTA259H6heDcHoAQvZr7hEetG0xSDAmuQPOBx51ATuImxGf"
    "7HVxRTuo+25tc1iKcfDPHsLoaEqHDloTnj2dAeI0i4YsbR2iArZdcrNWS4Snb4Gp5EzjPcQAjMENrTyOHlDL464y"
    "CVv9J+qP6h62y215OR0+GybfegqCldILCTI5YDpwSzmd5QBXj0FCOPVnCF8HoFZ+CwDTOb3K1t4H8xANkx4aeKG5"
    "dVUTD9Bw+jw0vHiMhbNHUDh9DIVsrV3HtQiAinZN/wrOExMnn+CY2XrUuTjIn4XRNdkPtBPNIywAXHk7nyfNYDEG"
    "CHGgQxQufW1kITDaCPQkHMGTYSRZAasxxdHWRmRc5yM2bcKajXvtuhVmRKBqVfumuvmsqD+D6cBoQV0yLeL0ghl8"
    "7gXi4D83NAhjAXV64SUZDmgn2u29GoDLah/CHF/UvtoNnIlbX28GPTfu16KVh5iykwfD59NWlywTUYGdtutkWYEd"
    "jAVWDWtKIIGCbuV9Tv8CmoWNkWip5TNABvu4SDlnhSXF7xzWWDrzZQuF/Qvq8AC+J30y443NeZMH8H3xXvg+5L9+"
    "AHxSorPwWeFXlFZLSSqejLBAiCtWIzCXnJsOG/WiMF+qK6Y5mgqy428whOGWGEmmMsyvVLT8pYYTYEogl0FodT2j"
    "xzvKObBppWsb8BooEJtJ1vyBEK5lrVna5c1spNYQByHeqr/0ntF6t8jIkvlnaUWzj5JS39uyKZWHWyXD07YxrmhK"
    "F94BuvOnQfc3hseyIVwhlBC8SUVR1lzrdF6k+AsBY21KgCDQkcV0NIttuvUdiCh8aHv+KTKU48+xevg1ZPixiDl9"
    "B2KE6jlDIuOz7vofmUDzqUJkSeJr9qKY5QaGNveDwriBPEDEb4a3AgyGVWdCZXMRWiwCSfQRaIRdTLxQoSooReJ/"
    "LpLSNZmQL4xceuTLk8loMpkwn7EZv2pn81Bi1q90EVICxjzmHSAIW7sf3h6qq5agsaWRsMwBid2TmsFhQTrYCg2U"
    "tYTTLoAuh8WMw3+/SI0B6kW+T6VInkBdjvgQBUYIrEC0lsxniLdXbRYRRD1FSoQGiZ8DFJ2/n5M+GQmdHUDqekkk"
    "oDYUOLT1O100jAY5YIquYH9EllOfE4NtU1V0MFofjmTs8ZfhJjSQnPg2DBzcC9RRfHLqJCmubl7J85Fy6ljBfSuY"
    "CGTyHVGFBCvII+wVYckkIrKlFX0cFoXeiaoBOpkaN7QgjxceLcxSuI1AmbIIjZliceR5gGgyI6oSmuK3TpVdciUx"
    "t2FOX5m3jaZqbcCLD+l1Ps+xe8Ootu4CZBOb2nHsTJ5Pba/XlnnK3FMtSIeaCbXrmpQN/iyabNMq0p2u8xBttpEw"
    "ZZ8lPpPaQOaZJzPkQmebpjoAInPeb8BnHvbeJMeSmQlCm+QyK8EkjNudaj+eBTr78ztQleQSmg+1R9M73ioseKct"
    "53r8DXW1IxEygvon7/GALoupqsZBytJGZtguzfruXWzSPjYu29WldEDdCJQQOi6IleGj/su7VIjtAfXiAzlX4XXE"
    "o4MsOhmfPx9LTGIwBi8rgMLJSEO1TFUhBKksoKBTmvRWiJ3VRr1aPmDJghgWAq2JT6FJHDVPLzrkt5fv57cHiTVh"
    "8leB7eRxMVE2gTsTECwIejFtEjnc1pEGR0srmJAsIJLonXBdkoZKiEVesKxsuIMhy5DuLbXbtUqvIzLexIqESFuF"
    "CSWlrIeUwm99lWAg5U0dRCPuWtfC3aGpqepnZHKxBOgEvAm5j3OzmH/UE15SPGLCBxKjdgGV4iPFXzeAgqyRZCoJ"
    "KyyxRolMxuDtare3E77EDnMUJBXlSTC0bPHkBZ3+bJL2yDp/JKegcftmUGFCkDVPHoCvj71C1ytTz+k9h3T2WzQu"
    "vqcarvVUrJu4HrUKtw30ccdWBtKVEuF5KmCZ2cU5e/PJUb+XfDJAQmkXHEr8UnVMC7HgjU0lOo40LTZlVlwYPfLv"
    "yYf8+zqRUkogTX1H7Ts6GFW0Abyoc0o1rkBq6opjIEAKQa2WZgtisTWDDwAJsDUx4E75ynCehZuadzSh+q4kNTlH"
    "+fy2wbg5nLBsgvXuwK0nv0WSulpS2tm1UU4CqI1X8asz91HEc483UpTr2OqSrXZ78UEuqoT4C0uMBCeKxQblrl2L"
    "Gqu7IZEKRbaMo+qOBr8pYULr3jAZXNA23EEHleZaUebM5rRzGB5sA4SJMC+spJtgV27f/qBVQ1cowjW2tIHqqDsL"
    "rwJoN0x1o/YNtxdKl7TFNp2l5xfk405LtbqNKVKHrJXLbZ+XT/wOrJ5+bH7rl3Fd0nK7JH8QjcbM9s6ioAktc4q/"
    "2ErU7kYobYFUKm5MvTRJgz2V8Mjueo2gmNMRP1LPf+rElgQ5GYcMCjIR+d32C3Cc2i8p/3COQeVU+BpmTPqp2PV6"
    "nrBi2bXdaApD5BEmUucz6kL9CfAIGDlGtJfVAEMup6TozUpTx/rR1BGM2gSVYSJVfjKZGqNpmdCUg+E4vK3jYIgx"
    "gylKjzTo+Sh53bbpOG3h7eRk7rFIaIaZeJ94TfQdKhNk1FTdsL26mw+bm6c651WTxXnIQIm/qj1w9hgGLz5QyDEK"
    "uLTydG9Qm9JQa1tam1yezVKhlAIxpmZbusNo1bIwQUmqyDfpSgfTm7ahxAVw14AL8ALV323uAS8GUFHqS4RUmIfU"
    "vApQ17rYSLmFzRQpV/JsIJiqUHfRQ2Lj+BE7hZoVOYr9UdJg9IxpjXYIQpEA2GJ9dtA/jKlY6YlKGzBQRwlFI545"
    "bDtrCPgLltuFiSb1hEX6cUcWRFBe0MtFj7i27sXhpOKSIOAbhP1DflNXDUp7wkfqIgjGn92SuAb8SiJ/Euupd5f4"
    "bWnb8wvRM6N1BSTUV1PkbLaL95Fgp1KTwg/9Bq4zJn+ygiyz+NFCvx8in7SWFBZkqLjcQGnkVLj5BUW85ttUUpfU"
    "giIDchsfZMnyi7H918YWOc9Pt4pdTPCYkRpAxYZ47JfHji/WpMIZqmNoM7nPbB9JTOGE3EiWEGD7Hfb5B9dY9Gwy"
    "wdGuh71LSRSMbXM/M9KZHxMQBtPh+G0DIYHIGdyMJ+SD8Z+/OL/FBNrsN9m3Bik8Re7nU97FsfzTcNMtrsfY4OL5"
    "peSVNON7Hd2Y8T1Ue88o5YVclTfOJuJwrERh/2LGvVkS/pquVNrqNt8vmWrRj6gtoTGw8QPAffHcTPsIYScfINiv"
    "2wihXlav5UznMS7vx0t3ZfGgAmy5laZQAaeX8JpUeV+RZpYF01UAEYkUk5x01Pd0tc3TF7t9rhfFti/nSUPiL7wr"
    "y8AP+GogjY+0OLsDxDBioOuC/j8yE8hVzJB3TPfp4PYyHYWTJVHsnlmlskO1RXek3he0g7J9yZaygHo1KEcp2VDn"
    "bZiapFAgbfu47dkKYfEnHJJQRRNYOo6632Lg4EkKky/FstQlkK+aisQpBryRzsGbg4zWqfdfQLv/diRStVrQPmLq"
    "f2LzrdxOygt1SiCSkY3tr5FZedBe2OF7ac3HegrrUmJ8LKt+in7JAaE+aaa0iUNDHZ7ltH9r8o6AfdBhPDpNLYAH"
    "v15gnmk7v4aupxINs8qlEcIfviKeI8zrbMfcLlKYqg+uhFKrB5XCMel7ugmWX9acdC/usRUtQD+3SFBmQksO5WTw"
    "YGZ34xli7R0HRWoxUakkUcZ8mDpstLOqwtNUAu9XopFLbQvKySTS5VKVN08alF/OS0mo8eypzJ5xGVRAYcfuPnz/"
    "ew/C3v6alXs3lfGUndpfJRUQ/A0tXyIIihQpexalT6taIxgekqZlTJxPTuYBlB7MnPc2FzJ8gAqWsc5Hs0D49Baa"
    "8kqcAljr1HfY0ki9WtcQcFY7P1JXtC+LV04RB1fXiKyliaSz2t83ML5qQz0Dklimw3FY11CStO7L+5dIrdyHS8KW"
    "FRXempmKfEdmEsYhR1GnA5b85tvrf71OE7DhO180FOqASbpc559ZdCQmP7VJuSClu+CLOziSRVmxExkmbUfSteyO"
    "gwsV+iAyJd31SsaEGfsbI8pBhKSW2qKtd6Uys6Dzrv5hxxynq0Ox1s//B8AO98Q="
)
