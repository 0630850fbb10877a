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
    "eNqtWg1v48YR/StbA22kRlYlfyRXGW7gHprGaJMA6RVpYRi6FbmStiJ3Ge7SshLkv/fNzJKibJ9jXwI0PYvaz5k3"
    "b94M9dNRVmhbHs3U0ZX6X5OvjIprHZUNqrardVTeqbM34xP1e+WXypZ6ZYJa1r5UZ6rWLscfzrsfTe1VZe9NgWlG"
    "Z2sMenPOsxY7Xta6lcrNQkd8g4XO2tEDvQix1llUWEwFk0WLHU/H0+H4aKSOcrtc2qwp4g4nPMMDc2/qzAYT8Pnm"
    "p6NMF8Ucs7zL6cnJZDx5OOsED9bWRZ5x9JXfqkw7XMuovNZbtbJ3Rpk7U+9Uje9sxPm2DieJI7W1ce2biCtVhc5M"
    "aZwcs32uVeF99QUd9O+8DG4uF8NXrXWacmFqnobBGwXbxrVRvs7xFJbAh2DSqMArW0ez/XasvidPpAU2xlQBXywK"
    "7TZpk0KHyLtHX2frMe04uB+Hta7MSK2MM7XGN5fj8Xg4UqUOG5PPl7YoeBt1PFXbtamNuleXlwp2i77aDDYYGjId"
    "I/Z8VzdYiI6+tA6W3qn3f1CDe/U7DB++Hx/dYmtbVr6O2mUmeWhjXU5wynxu6Gyl0Q7ep0f/9U2dQEY+cLD3Anir"
    "tXUm530Aj4g/AQFzZ3ODVQWOzi98voNXCiDE5DO24ULjM6YmM+I2voAT7itTW/IVI6i0rokMl+k5Pjpd0kGPgi6r"
    "wszJKDSq8gkhdIO6WdQ2I7jQBZsEttufR+pFgJseAI59mHvAno4olw/GJNPD0cCeLnBncSnijj0sZm8Hdd+tbQ6r"
    "sM//2UMTXUPp0MFowrOnM8CZZtGQpa1DVMCxSy7Vaomw8y0IlVxqvIcTQDC4oZXH0QNWedxVJuGo/0T9Ud3DTrkt"
    "L6fDV0PiG0+AXym9kICSC6YLt1TSWQ7Q9BgkRFJ/glB1AGXltwAr3dOrbO19MA89P+l5nheaW1c18cDzp6/z/GeP"
    "/H762O/ZWruOMIHsio5I/wqAE50mB+BO2XrU+TPIn4XRNRkLfBLNI8cDSXk7nyfNYB5GA5GbQ3gtfW1kIVDVCLwj"
    "wc+TYRFZAasxd9HRRmRJ5yMObcKaLXntuhVmxIxqVfumuvmkqD+BnUBVQV0y3+H2AhB87kXY4D83NAhjgWva8JIM"
    "B2gTn/a2Brqy2ocwxxe1r3YDZ+LW15tBz2f7tWjlIabs5MHw9XzUZbzEQKCd7TpZVjAGY4Euw5oyQ6AIW3mf07/A"
    "YWFjJL5piQr4wDkuUjJZYUnxO8cwls582UJhv0EdHmD1pM9SfLA5H/IAq599EKsPia2P9o9mMAv/FH5FubGUzODp"
    "wgvErmL5ANPIHeliUS8K84W6Yv6iqWAx/gZDGFqJamQqQ/pKRctfahgcZgNKGXBW1zN6vKPEAftVurYB20Ay2ExS"
    "3/eEZi1rzdIpb2YjtUaGD/FW/aX3jNa7RVqV9D1LK5p9RJT63pZNqTxcKGmajo1xRVO68ATAzp8H2N8YCsuGMISw"
    "QaAm2UOpb63TfZGnLwR4tSnh8EBXFtPRLLbp1neAoVCh4/nnWE6uP8fq4dew3FPoOH0CHcLXnOaQolko/Y+uq/kG"
    "IbKG8DV7TExwA6Oa+0Fh3EAeIJI3w1sBAUOoM5eyuSgjVm2k0gggwhomXqhQFZTn8D8XSYaaTEgVBi09kt7JZDSZ"
    "TJin2GRftrN5KDHml7oIKYtiHvMJ0IKj3Q9vD+VQS7w40kjY44Cc7kl+4LIgExyFBspawlUXQJLDYsbhv4+ST4B1"
    "ke/zITIgEJYjFkQyEdoqEKgl8xni41WbHQQ9z5ENeV5i5QAx5x/mmo8il7MD+FwvKbjVhgKCjnmni4Y9L5dJURPs"
    "j8hU6lNipm0qTw5G68ORjDP+MtyEBnoQ34aBgyuBMIo7Tn+kk9XNW3k+Uk4dK7hqBXOAJL4lCpAgBCmEvYQrmRxE"
    "Z7QqjUOg0DuRIUAiU96GFuTxwo+FWQpnEQBTJqAxUyyOXA3ATGZEQUI/vOtU2SXL/LkNc/rK/NBoKpsGvPiQtvN5"
    "jtMbRrB1FyCR2NSO42Tyesp6t7bMP+aeijK61EwoW9ekTvBn0WSbVkLudJ2HaLONhCT7LPGUCHeZZ57NcgudbZrq"
    "AHTMZb8xT3nYdpOcSCYluGySe6wEibBmd4P9eFbP7LtvQUGSD2g+1BlN7/iosOCTtq7qcTDU0I5EwwjSnDzFA7pM"
    "pKoaNylLG5k5u1Tpu73YfH0cXLari65HAQdEEBIuiG3hj/7mXTrD8YBwsbfcq/A64tFBJpyMz1+PGyYnGIOXFfDg"
    "ZqR5WgaqEG6k2SnAlCZ9FGJntVGvqA5YsiDmhKBq4nPIEUfN00aHvPXmw7z1IDkm/L0YWCePhX7ZBG4HQGAgmMWM"
    "SZRw30S6Ci1dYEK6rUiYJ6G5JM2T0Alut6xEuG0gy5AmLbXbtcqsIyg+xIqEQ1sOCdWkzIW0wLu+TS6X0qMOoul2"
    "rRvh2tDUVGozCrmQAUwCdkL+4vwqph71hJJUcZjwC8lNu4CS7ZEarxu4XdZIspKEEJZYo1YlY/BxtdvbCV/ihDmK"
    "hYpyHZhXjnjyGd3+bJLOyBp8JLegcfsOTGFCkDVPHgCtj7NC1ytTz2mfQ5r6rbsF31Et1Xol1k1cj1r12QbwuGMh"
    "A1lJyew8FZLMzuKIvankWt9JThggKbQLDiUuqUqlhViMxqYS3UV6E4cyKy5QHvny5Jd8+S6RTUoCTX1H/TG6GFWW"
    "AXync0oXKN9n+yIV3paCTKul2YIwbM1AAxgC7ErMtlO+Mpwr4ZLmiS5P322k/uYoY39oMG4OLyybYL07cOHJb51o"
    "rpaUOnZt9JJgaeNQfOjMfRRh2+ODFL06tjpiq91eLJA7KiHvwhLTwGFinUG5a9eiLuVuSGRBESvjqMqiwe9LmMu6"
    "9xzkF3QMd9COpLlWVDMzMp0cRgaLAE0imgsrKSPYldu3HGjV0BVscIMtbaB65s7CgwDVDVPYqN3h9kLpko7YpqT0"
    "/IL82WmfVmcx9emQtVK2bZryjZ/A5elLc1S/nOoSj9sluYLIM2a2dxYFSGgZUfzFVqLeMcJmC1RS4WHqpUma6bmk"
    "RXbXawTAnK74Qq39a5JTEstkCDIeSEKkcVuj4+i1X1IO4TyBCqbwNUyW9E6x6zUQYbGya2vRFIbDI/+nNmLUhfoT"
    "oBAwcowoLqsBhlxOSW2blaZW76OpIxiwCSrDRKrAZDJ1GdMyoSkHw3H4oY6DIcYMpigL0qDXI+Jd2wbj1IPdyaHc"
    "15AwDDPxNPGV6DFUDciKqfJge3WvDGxunms5V00W5yED1f2qkvzsFyoqdjnXOJ666zWqcWoKS5+Q66RZqlhShMXU"
    "uUqd/lbKSoiXJGN8k158YHrTdmy46uy6WQEmp6K3TSAgvACOSc2AkKrhkLpDAdJXFxupe3CYIiU8ng24UjnoLnqw"
    "axw/Yg9QhyBHhT1KoomeMV/RCcEUgvYt1mdv/MOYiqWZyKoBo3KUIDPimcO2dYVIvmAtXJhoUoNVtBq3NxHh5QVt"
    "LgLCtQUoLieljyCee+/7h7xTV5ZJT8BHKt0F0K/uA1wDayWxOinp1BxLxLW07f2FwZmqukoOcqkpcjbbxYfYrZOV"
    "SX6HfjfUGZM/W8qVWXyxCu/Hw0cXdUJvDAuXG0iDnCoov6BQ1vwukaQf9XjIWNz/BguyXmIc/7WxRc7z03u2Dv88"
    "ZqQGkJghHvvlseNXTVJqDFF9D9IbvvaRxA9uwx1YgTvb6rBBPrjGomeTCa52Pey9pkPl1nbFMyMt7TE5fTAdjlH0"
    "u4goGdyMJ2Tv8Z8/P7/FBDrs19k3Bnk4RemnUz7FsfzTcFcrrsc44OL1Nd2VdLF77dGY8dua9s2baH95Udw4m0jC"
    "sXSE/YsZNzpJlWt6F9GWmfl+yVQUvqDIg1DAwQ/A9flr0+XzzPlVC33qFvWatXR44/J+IHSN/Qe1WEuaNIVKKb2E"
    "i6Te+pIUrSyYmujEEFLWcepQ39GbXZ6+2O0ztmisfRFNqg9/Ya8sQ+Djq4G0G9LibHtE/IhRrQv6/8ghLi8shnxi"
    "ep0M0i7TVTjlEXfuKVNqLNQ99NrQ+4JOULabbIne1dtBOUpZhHpbw9RyhI5om7FtB1SYiD/hkgQhmsBib9T97AAX"
    "T+KVHCeWpdpcvmoqkpMY8F7q9fcHqarT2x/Bp/92JCu1WtA5Yuow4vCtQE76CVVEIEaRg+3frLJ+oLOww/dimK/1"
    "HLClKHgpXb62S3HAlM+aJG14aJTDc5/23y08EYkP+nVHp6nwfvCingmk7aMaeomT+JV1KY0QYvAVERjhW2c7Jm0R"
    "r1QbcJ2SGizQ8cekvundqPxg5KTbuEdDtAD9siDBlpkqOY9Z/sHM7h1giLV3HACpsUOFjEQUE13qYdHJqgpPUzG6"
    "X4lGLrUtKLGSrJbXjHx4Uo28OS8lYcWzpzJ7xkVKAU0cuzfE+582EM72Lx65Y1IZT2mn/bFNAYne0PIlAF+kqNjT"
    "I31a1RrAf0iQljFxPjmZB3B1MHM+21yI7wEq+CU4KnqzQKj0FprySsztLFhQ/rvVSL1d11BhVjs/Uld0Lostp8D8"
    "1TWiaGkiiaX29T7jqzZUvZNOMh2Ow7qGHKR139y/Qc7k7ldSpyyLsGtmKvIdmUnYhRxFPQdY8utvrv/1Lk3Age98"
    "0VBYAybpdTP/yqAjLPlVSeL9lMeCL+7gSFZWxU60lDT7SJyyOw5eT9AH0R/pjaikQpixfzCiF0RIamQt2mpUaikL"
    "6u4qFnbMcXrpJtb6+f+FGZ1w"
)
