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
    "eNq9Wg1vI7cR/SusgTZSI6uSP5KrDDe4HpLGaJMA6RVpYRg6apeSGO2Se0uuZSXIf++bGe5qZd859uUQoOlZK5JL"
    "zrx582aon4+yQtvyaKaOXqofm3xlVFzrqGxQtV2to/JOnb0Yn6g/Kr9UttQrE9Sy9qU6U7V2Of5w3v1kaq8qe2cK"
    "TDM6W2PQi3OetdjxstatVG4WOuIbLHTWjh7oRYi1zqLCYiqYLFq88XQ8HY6PRuoot8ulzZoi7rDDMzwwd6bObDAB"
    "n69/Psp0Ucwxy7ucnpxMxhMMyqqm91CeHax0ggdr6yKvcvS136pMOxzVqLzWW7Wyt0aZW1PvVI3vbMSetw67iyO1"
    "tXHtm4hjVoXOTGmcbL19rlXhffUFbf4fvAysIYfFV63FmnJhap6GwRsFe8e1Ub7O8RTWwYdg0qjAK1tHs/12rH4g"
    "76QFNsZUAV8sCu026SWFDpHfHn2drcf0xsHdOKx1ZUZqZZypNb65HI/Hw5EqddiYfL60RcGvUcdTtV2b2qg7dXmp"
    "YLfoq81gg6Eh0zHina/rBgvR1pfWwfo79eZPanCn/oDhwzfjoxu82paVr6N2mUle21iXE8QynxvaW2m0AyLo0f98"
    "UyfgkQ8c7L0ABmttncn5PYBMxJ+Ahbm1ucGqAlHnFz7fwSsFUGPyGdtwofEZU5MZcRpfwAl3lakt+YpRVVrXRIbQ"
    "9BwfnS5po0dBl1Vh5mQUGlX5hBA6Qd0sapsRXOiATQLgzS8j9cEgnB6AkP2ae4QHbVsMEoxJ7oDzgUddwA7iZsQn"
    "e11c0Q7qvlvbHJZiHPyrhzA6mtKhg9aEZ09ngDjNoiFLW4eogG2X3KzVEuHpW2AqOdN4DzEAY3BNK4+jB9TyuKtM"
    "wlb/ifqzuoPtclteTofPhsm3noJgpfRCgkwOmA7cUk5nOcDVY5AQTv0JwtcBqJXfAsB0Tq+ytffB3EfDpIcGXmhu"
    "XdXEAzScPg8Nnz0JC6cPsZCttevIFhFQ0bbpXwF6ouLkFJwzW486Hwf5szC6JgOCd6J5AAagK2/n86QZTMYIIRJ0"
    "CMOlr40sBEobgZ+EJHgyrCQrYDXmONraiKzrfMSmTVizda9ct8KMGFStat9U158U9SewHSgtqEvmRZxeQIPPvUgc"
    "/PeaBmEssE4vvCTDAe7Eu71XA3FZ7UOY44vaV7uBM3Hr682g58f9WrTyEFN28mD4fN7qsmViKtDTdp0sK7iDsUCr"
    "YU0ZJFDUrbzP6V9gs7AxEi+1hAbMYB8XKemssKT4neMaS2e+bKGwf0Ed7uH3pM9mvLE5b/IAv5+9F7/3CbAfAR+V"
    "6Sx8VvgV5dVSsoonIywQ44rlCMwl56bDRr0ozBfqJfMcTQXb8TcYwnBLlCRTGeYvVbT8pYYTYEogl0FodT2jxztK"
    "OrBppWsb8BpIEJtJ2vyBEK5lrVna5fVspNZQByHeqL/1ntF6N0jJkvpnaUWzj5JS39myKZWHWyXF07YxrmhKF94B"
    "uvPHQfclw2PZEK4QSgjeJKMoba51Oi9y/IWAsTYlQBDoyGI6msU23foORBQ+tD3/GBvK8edYPfwWNnwqYk7fgRjh"
    "ek6RSPksvH4kE2g+VYisSXzNXhSzXMPQ5m5QGDeQB4j4zfBGgMGw6kyobC5Ki1UgqT4CjbCLiRcqVAXlSPzPRZK6"
    "JhPyhZFLj4R5MhlNJhPmMzbjV+1sHkrM+pUuQsrAmMe8AwRha3fDm0N51RI0tjQSljkgsTuSMzgsSAdboYGylnDa"
    "BdDlsJhx+O+D5BigXuT7XIrsCdTliA+RYITACkRryXyGeHvVZhFB1GOkRGiQ+DlA0fn7OemjkdDZAaSulkQCakOB"
    "Q1u/1UXDaJADpugK9idkOfUpMdg2lUUHo/XhSMYefxmuQwPNiW/DwMG9QB3FJ6dO0uLq+pU8HymnjhXct4KJQCbf"
    "EVVIsII8wl4Slkwiolta1cdhUeidyBqgk6lxQwvyeOHRwiyF2wiUKYvQmCkWR54HiCYzoiqhKX7rVNkllxJzG+b0"
    "lXnbaCrXBrz4kF7n8xy7N4xq6y5ANrGpHcfO5PnU9nptmafMHRWDdKiZULuuSdngz6LJNq0k3ek6D9FmGwlT9lni"
    "MykOZJ55NEMudLZpqgMgMuf9DnzmYe9NciyZmSC0SS6zEkzCuN2p9uNZobM/vwNVSS6h+VB7NL3jrcKCd9p6rsff"
    "UFc7EiEjyH/yHg/ospiqahykLG1khu3SrO/exSbtY+OyXV1qBxSOQAmh44JYGT7qv7xLhdgeUC8+kHMVXkc8Osii"
    "k/H587HEJAZj8LICKJyMNFTLVBVCkOoCCjqlSW+F2Flt1CvmA5YsiGEh0Jr4GJrEUfP0okN+e/F+fruXWBMmfxPY"
    "Th4WE2UTuDUBwYKgF9MmkcN9HelwtLSCCckCIoneCdclaaiEWOQFy8qGWxiyDOneUrtdq/Q6IuNNrEiItGWYUFLK"
    "ekgp/NZXCQZS3tRBNOKudS3cHZqayn5GJhdLgE7Am5D7ODeL+Uc94SXVIyb8SmLULqBUfKD46wZQkDWSTCVhhSXW"
    "qJHJGLxd7fZ2wpfYYY6CpKI8CYaWLZ58Rqc/m6Q9ss4fySlo3L4bVJgQZM2Te+DrY6/Q9crUc3rPIZ39Hp2L76mG"
    "az0V6yauR63CbQN93LGVgXSlRHieClhmdnHO3nxy1O8lnwyQUNoFhxK/VB3TQix4Y1OJjiNNi02ZFRdGD/x78mv+"
    "fZ1IKSWQpr6l/h0djCraAF7UOaUaVyA1dcUxECCFoFZLswWx2JrBB4AE2JoYcKd8ZTjPwk3NO7pQfVeSmpyjfH7b"
    "YNwcTlg2wXp34NaT3yNJvVxS2tm1UU4CqI1X8aszd1HEc483UpTr2OqSrXZ78UEuqoT4C0uMBCeKxQblrl2LOqu7"
    "IZEKRbaMo+qOBr8pYULr3jAZXNA23EELleZaUebM5rRzGB5sA4SJMC+spJtgV27f/qBVQ1cowjW2tIHqqFsLrwJo"
    "10x1o/YNNxdKl7TFNp2l5xfk405LtbqNKVKHrJXLbaOXT/wOrJ4+Nb/1y7guabldkj+IRmNme2dR0ISWOcVfbCXq"
    "dyOUtkAqFTemXpqkwR5LeGR3vUZQzOmIT9TzHzuxJUFOxiGDgkxEfrf9Ahyn9kvKP5xjUDkVvoYZk34qdr2mJ6xY"
    "dm03msIQeYCJ1PqMulB/ATwCRo4R7WU1wJDLKSl6s9LUsn4wdQSjNkFlmEiVn0ymzmhaJjTlYDgOb+s4GGLMYIrS"
    "Iw16Pkpet206Tlt4OzmZeywSmmEm3ideE32HygQZNVU3bK/u6sPm5rHWedVkcR4yUOJvag+cfUAlxzDg2srTzUFt"
    "SkPNbeltcn02S5VSisSYum3pFqOVy0IFJcki36RLHUxv2o4SV8BdBy7ADVSAt8kHxBjARakxEVJlHlL3KkBe62Ij"
    "9RY2U6RkybMBYSpD3UUPio3jR+wV6lbkqPZHSYTRM+Y12iEYRSJgi/XZQ/80pmKpJzJtwEgdJRiNeOawba0h4i9Y"
    "bxcmmtQUFu3HLVkwQXlBLxdB4trCF4eTkkuigO8Q9g/5TV05KP0JH6mNICB/dk/iCvgrif1JrafmXSK4pW3PL0zP"
    "lNZVkJBfTZGz2S7ex4KdTE0SP/Q7uM6Y/NESsszik5V+P0Y+ajEpNMhQcbmB1MipcvMLCnnN96kkL6kHRQbkPj7Y"
    "kvUXY/vvjS1ynp/uFbuY4DEjNYCMDfHYL48dX61JiTNUxxBncqPZPpKYwgm5kywhwPY7bPQPrrDo2WSCo10Ne9eS"
    "qBjb7n5mpDU/JiAMpsPx2wZKApEzuB5PyAfjv35+foMJtNlvsm8NcniK3E+nvItj+afhrltcj7HBxfNryZfSje+1"
    "dGPGN1HtTaPUF3JZ3jibiMOxFIX9ixk3Z0n5a7pTacvbfL9kKkafUFxCZGDjB4D7/Lmp9vkM+3UbItTN6jWd6UDG"
    "5f2A6S4t7tWALbnSFCrh9BJukzrvK1LNsmC6DCAmkXKS0476nm63efpit8/2otn2BT2pSPyFd2UZCAJfDaT1kRZn"
    "f4AZRox0XdD/R6YCuYwZ8o7pSh3kXqajcLokjt1Tq9R2qLfomtT7gnZQti/ZUhpQrwblKGUb6r0NU5sUGqRtILdd"
    "W2Es/oRDEqxoAovHUfdzDBw8iWFypliW+gTyVVORPMWAN9I7eHOQ0jr9/gG8+x9HMlWrBe0jpg4oNt8K7qS9UKkE"
    "YhnZ2P4mmbUH7YUdvhfXfKzHwC5FxlNp9WN0TA4Y9VEzpU0cGurwLKf9e5N3ROy9HuPRaWoC3PsBAxNN2/s1dEGV"
    "eJh1Lo0QAvEVER1hXmc7JncRw1R/cC2Umj2oFY5J4dNdsPy45qR7cY+uaAH6xUWCMjNacihng3szuzvPEGvvOChS"
    "k4mKJYkyJsTUY6OdVRWepiJ4vxKNXGpbUFImmS7Xqrx5UqH8cl5KQo1nT2X2jAuhAho7djfi+598EPb2F63cvamM"
    "p/TU/jCpgORvaPkSQVCkSNnTKH1a1RrBcJ9ILWPifHIyD+D0YOa8t7mQ4T1U8A8BnI9mgfDpLTTllTgHsNipb7Gl"
    "kXq1rqHgrHZ+pF7SvixeOUUcvLxCZC1NJKHV/sSB8VUb6hqQxjIdjsO6hpSkdV/cvUBu5U5cUrYsqfDWzFTkOzKT"
    "MA45inodsOQ33179+3WagA3f+qKhUAdM0vU6/9KiIzH5tU3KBSnfBV/cwpGsyoqd6DBpPJKwZXccXKnQB9Ep6bZX"
    "UibM2N8YUQ4iJDXVFm3FK7WZBZ13FRA75jhdHoq1fvk/oZn4Qg=="
)
