"""The tests of unit 502 that you may read. Your notebook runs them from here.

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


@pytest.mark.exercise("colex_rank")
class TestColexRank:
    @pytest.mark.visible
    def test_the_worked_example_counts_from_zero_to_three(self, submission):
        rank = submission.colex_rank(torch.tensor([[0, 1], [2, 0], [1, 2], [3, 0]]))
        compare.equal(
            rank,
            torch.tensor([0, 1, 2, 3]),
            what="colex_rank of {0,1}, {0,2}, {1,2}, {0,3}",
            hint="{0,3} is number 3 in colex order and number 2 in dictionary order",
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
    "eNqtWm1zG7cR/iuoZtqSDc2SeklkqWrH9TStp3mbxJ20o/HQ4B1IIrwDLgecJCaT/95nd4HjUXIUy8mHxOIR2Fvs"
    "Prv77II/HhWVtvXRhTp6ob7ryrVRcaOjskG1dr2Jyjt1ej49Vr9XfqVsrdcmqFXra3WqWu1K/OG8+8G0XjX2zlTY"
    "ZnSxwaLzM9613LFY69aqNEsd8Q0EnebVI70MsdVFVBCmgimixRtPpvPx9Giijkq7Wtmiq+IOGp7igbkzbWGDCfh8"
    "/eNRoatqgV3elfTkeDad3d91jAcb6yLvOPqXv1WFdjiWUWWrb9Xa3hhlbky7Uy2+sxH63TpoEifq1saN7yKO1FS6"
    "MLVxomZ+rlXlffM3UvSfLAYnl4Phq2ydrl6alrdh8VbBtnFjlG9LPIUl8CGYtCqwZOtot7+dqm/JE0nA1pgm4Itl"
    "pd02vaTSIfLbo2+LzZTeOLqbho1uzEStjTOtxjdX0+l0PFG1DltTLla2qvg16tlc3W5Ma9SdurpSsFv0zXa0xdJQ"
    "6BjxztdtB0Gk+so6WHqn3v5Bje7U77B8/HZ69AavtnXj26hdYZKHttaVBKfCl4Z0q4128D49+p/v2gQy8oGDvZfA"
    "W6utMyW/B/CI+BMQMDe2NJAqcHR+6csdvFIBIaa8YBsuNT5jazIjTuMrOOGuMa0lXzGCauu6yHCZn+Gj0zUpehR0"
    "3VRmQUahVY1PCKETtN2ytQXBhQ7YJbC9+Wmi3gtw8wPAsQ9LD9iTinL4YEwyPRwN7OkKZxaXIu7Yw2L2vKj/bmNL"
    "WIV9/tkATXQMpUMPoxnvnl8AzrSLlqxsG6ICjl1yqVYrhJ3PIFRyqOkeTgDB6JokT6MHrMq4a0zC0fCJ+pO6g51K"
    "W1/Nx0+GxBeeAL9WeikBJQdMB86ppLccoOmxSBJJ+0eEqgMoG38LsNI5vSo23gdz3/OzgedZ0MK6posHnj95muc/"
    "fuD3k4d+Lzba9QkTyG5IRfpXAJzSaXIAzlRsJr0/g/xZGd2SsZBPonngeCCpzPt50wXMw2ig5OYQXivfGhGEVDVB"
    "3pHg582wiEiANM5dpNqELOl8hNImbNiSr1wv4YIyU1BXnN5wWMEDPg8CavTfa1oEEwLGJP+K7AQkU/ocvAlgKlof"
    "wgJftL7ZjZyJt77djgYu2ssiyWNs2cmD8dPTT1/gUsJBlrndJEMKpGAbZMewoUIQKKDW3pf0L2BX2RgpveS8BDhA"
    "j8tUO9YQKW7mkIXowtfZ8/sXtOEeNI+HSYkVW7CSB9D8+GeheT+PDcH9wQnLwj+VX1MprKUQeDrwEqGqmC3ANHJG"
    "OljUy8r8Tb3gdEVbkbT4GyxhJKXMIlsZwS9UtPylhsFhNoCS8WV1e0GPd1QnYL9GtzbgNWAItpBK9y2BV4usi6Tl"
    "9cVEbVDQQ3yj/jp4RvLeoIpKtb5IEs0+AGp9Z+uuVh4ulKpMamNd1dUuvANgZ48D7KsWJ61rG5kpxK51dMRo3LNb"
    "vVPfd9CQ2A1MTVkMWOfn0PyyJ121R5YmpgXj49jGrePmsWwm517AjOHXZLN3weLkAXGqtaMaDNUI3Dm5aHpExRc8"
    "ptItMhpivBK2RCcCNhBUkb9n00vE5CVLU5FoKUqB5NaQymf+BpaXdEHUjCvYVP0j7Uu8yCKJ+M4Ra+BYm9Fn5BO7"
    "JHOpl6NigSVWfaQSpQSkUdt8vSQAf7WDXuwRs6bCCX3NHcripQrABa0aJT2zDAGLwduJXZlRgI54NxR8V0Y6eRww"
    "35AtN/pmTwDBiVKRW1N2BhKenx9PZuczGBkAgtQggXNjcvE+nU2eH8/Uja4AsPvpZYgV4NrcLZC4f3PKc/KODCIl"
    "nJlPdvV3pK7AJUSmlb7lqJZm4JoVHDnUjfEbOSUnF9qVGFApFJnpO2MCJpB6YshnTUWEJ0qENdYUUl0RWhxXsMZs"
    "NuMKxnb6NO/mpVQ6P9VVSHQK+7jSII8YN7obvznkxbkCQ6WJ1JWDsnVHPBRHBDSgCi0UWVLFLgmjEGYc/vsgHo2E"
    "V5V7YgQqBFiWyJLCnSnAGpRWS+YzVKnXmSZIIXqsDJG/JYse4OTs56vQB5Wd0wPQvFpR2ldbagpITYYz6SyHIczg"
    "Q7A/gLJQIE6kdid226/WhysZXRIZ16FDY0DZixAWgLCNls3cMKnrl/J8opx6puAqCkCUjy8p3qWyoVyEPZevORMI"
    "4cx0nYFf6Z3wURulGG5JIK+XylmZlVQzAmDiCLRmDuEgbQDM7IKKk+Qafutc2RX3ewsbFvQVsoGm/nnEwsf0Ol+W"
    "0N4wgq27BH2mEsRxMnt6MXu9sft8yIe6kGKuW6Kp+LPqim3uJXa6LVHdiq2EJPssUR6pbbLPPMp/lrrYds0B6M5/"
    "++TkYdpt8iFZlNCyTd6xEiNSVfsD7NdzDWLXfYkMJESB9oOl0/Y+HVUW6ST314MaDZq8IzY5QYtGjuIFPUVRzSGB"
    "yBzK9+9i6w1hcJWlS3+HRh6AICBcUoqFO4Yv73kO1APAxdxyrsrrGCaHFGk2PXs6bDg3UUUjsYIdnIz5QkpADaKN"
    "ejcucJqIc4i91SaD4UqAyIoSJ5h2Fx8DjjhqkV4U3pc83yNPCX7vDazjhw1f3QUeC4F5IpbFjImtZlaHCM/ZAhvS"
    "aXtuKyfnDUhGOERFqZt5NhUdfBEkKp3v1huULDAyCHY8BiHAEGffUcpnfu4bNtvL5FZpM9sghH6XXQX3ha6lsQoj"
    "jZtWQCFAW5QoLqFizsmAJUvHjg2/UL+0C2jPH7RibQfXiozUU+BU6P5gsBWMV0vbqt0+TPElNCzRKTZkEyRXUfH4"
    "Y8qYp7OkIzdgEzlFtp1M2yoTgsg8vgemIZaYwrYLes8Bjua/9WToa2qks1fg3biZ5NYjB+m0zzQGFJrq1VkaGnAC"
    "FkfsTSXH+lrS/qglKikCxxJ7NJEgQZqpVdcItUIf0hPgd/jy+Jd8+Znl5Eg5vmtvaA5Kh3LI9/ifXW/g47YfcvA5"
    "efqxo7rbmvsdj98+qBFD79DqxaplLhwXMPaqC+ipDjx1/FvXjBcrqgLclVKZIOqRJ03iKmfuolDUQWgnoqBjZgS3"
    "2u3LPlm9kTxcWUoa8EujkcTVqN5lWTR43qG2y7xa1lEnTYvf1gCqdW85lqmBBNEYTphprxX+y8mVNEegrA2BRuhv"
    "ZSX7B7t2+ykSSQ19Uw432NoG016qG2tuCTvXXCsn+Q1vLpWuScVcXdJzPG7XPYvJjCnQaXQoMinNc3A+8dM7qNfZ"
    "jFyFcXweJm6MLqVHLSpqO6kbMO3KJCKzH4sh5zB3TQ14qs61GQ4lB9PH6P1jZYjez+9e0Enfkzz/mnKT2C/Zg6uA"
    "T11gHsfg2K1fUWQxx0RLUvkWJ0sMptoNRsOAeN0PLDkYCRUPYJAGxFFX6s9ARMDKKRJ43Yyw5GpO9NmsNbfj97dO"
    "YPwuqAIbqaWSzTQ/TmLQco/G0/B9G0djrBnNwfPTog8ARh5wcqHB2wl6PMKSaAwXabIAdwnD4nRUplaC7dVfBtnS"
    "PHaZ0HRFXIQCkPpVQ5jTX2iR2OXctHi6N2nRVNPQQCbA3PhcpBYkBVpMQ8p0h5PJqUR6TTyDJieJwcP6aTjHbWQ/"
    "uEwDjr5cFDTIcbmnD6m9DWkQGEBmdbWVRgbKVKm88W7Alfo7dzmAXef4EXuAWv4SLfMkMW56xmmLNETCELTfQj57"
    "49/GNEy2pICMGJWTBJkJ7xznKeWt3l0yu61MNGl0LuyLJ9nIDvUlvVzogssdJQ4nvYwgnm9V9g/5TX2fJU2+j9SL"
    "C6Cf3NjzdFOoXaa9aRoq7RPdw5X77lOS1r5BA0XqqpKNdylnW5nbdAcE9hQSTVi3xpS7xxJZXdzr/X++Dbs/VRqE"
    "wgd3aJLZGBGuNA08T+2QX1IUax6hEse7SEMyvtTAsZgYMYT/3tmq5P1pSNhDn9dM1IisEZ/51TMhztI3jNFJj9K1"
    "bX4koYPT8JxdkM6WO7wGGb2C0NPZDEd7NR7cvaINy3cfhZGLiyn5ezQfT9HAu4gAGV1PZ2T96fNPzt5gAyn7efGF"
    "QSVOAfrRnLV4Jv90PKFKQ8ynN2gv5K5iMASPBVe7fJ0qJF9u/ztnU36QISnsX13wxS3Rb00XTLlnLPciU4f3Hh0b"
    "qAIUP4DaJ0+tlI8nzcO5dSYagZWnLmlw+dNf34jTN3lnzpe0hXomvYKLSmFyiK8kMF2VUHKwzMu5aqiv6bqety93"
    "A4KVQpcwSb9AQOKrCK/0Xrrpl0E4K8Q1i5NfYmgUavDXPgVKhySD98b7ihbWWS12ystRPUlFgWZPY/WXKzV/TmiV"
    "GzHik1TshJSFTDjJ1GILao3lFF1DFBAL3kq7/PagrvQc+QOS338cUUGtlqRSTPM9mDOT2kR28jWKKLa/4OZiT7qw"
    "i/YElk/4GBSFyL9vunvqkOAgtz1qkvTCQ6Mc6n0yHOe/I3b4amiv+NFJ6onv/V6CQz5PMQ1drqWM2I8SJJR9Qymn"
    "KLpWFztOs8I0ic8z507zjXyTRRcicsly3L94kDhIAP3AI90VcW5JzuO8fG9nfzdLXaFjdKe5CjUf+3jJIyTSrGnw"
    "NP3yYy+JVq60rbqWfx5SyfUvK0+o55ezKIkZ3j2X3RfcqFUgsLEPwP0vTAhn+wth7hYa46lQ5N88VeDTHYmvAfgq"
    "RcU+odGndasB/PspzTImzmbHi4DsGsyCdVtIqjpExek5w8JHs0SoDATNWRJnYxL2Ct25W0/Uy00LymS18xP1gvSy"
    "eOUcmH/xClG0MpGYTf6VBeOrNdRxE6kxPY7DpgV3I7nnd+eocnxfnKhkzd2saQvTkO/ITJJoyFHUm8GSn3/x6pvX"
    "aQMUvvFVR2ENmKSfAfA9WMwgkB/3pEydKk/w1Q0cyQSo2gmrlFkbMcm+eesvB+iDMIZ0Uy3FC2YcKkbpBRGSZkzL"
    "XeJe0vjYWJm+vWDHPEsXXWKtn/4PfEAWRA=="
)
