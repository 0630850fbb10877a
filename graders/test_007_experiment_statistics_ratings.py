"""Graders of 007, ratings and many tests: other algorithms and definitions as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import product
from math import log
from statistics import NormalDist

import numpy as np
import pytest
import torch

from firsthand import compare

NORMAL = NormalDist()


def numpy_generator(generator):
    """A NumPy generator whose seed is drawn from the test's own generator."""
    return np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))


class Waiting(dict):
    """Known mistakes, computed only when a comparison has failed."""

    def __init__(self, function, *arguments):
        super().__init__()
        self.function, self.arguments = function, arguments

    def __bool__(self):
        return True

    def items(self):
        return self.function(*self.arguments).items()


def fitted(wins, anchor, steps=4000):
    """Ratings by minorise-maximise steps: slow, and another algorithm than Newton's."""
    games, strength = wins + wins.T, np.ones(len(wins))
    for _ in range(steps):
        strength = wins.sum(1) / (games / (strength[:, None] + strength)).sum(1)
        strength = strength / strength[anchor]
    return np.log(strength)


def elo(wins, anchor):
    """Ratings by one pass of online updates over the games in order."""
    ratings = np.zeros(len(wins))
    for i, j in product(range(len(wins)), repeat=2):
        for _ in range(round(wins[i, j])):
            surprise = 1 - 1 / (1 + np.exp(ratings[j] - ratings[i]))
            ratings[i] += 0.1 * surprise
            ratings[j] -= 0.1 * surprise
    return ratings - ratings[anchor]


def rating_mistakes(wins, anchor):
    theta = fitted(wins, anchor)
    won, lost = wins.sum(1), wins.sum(0)
    odds = np.log(won / lost)
    whole = np.floor(wins)
    known = {
        "theta[anchor] must be 0: your ratings are shifted": theta - theta.mean(),
        "the anchor is an argument, not always player 0": theta - theta[0],
        "the anchor is an argument, not always the last player": theta - theta[-1],
        "wins[i, j] counts games that i won: yours are transposed": -theta,
        "opponents differ in strength: a ratio of totals ignores whom one met": odds - odds[anchor],
        "opponents differ in strength: counting wins ignores whom one met": np.log(won)
        - np.log(won)[anchor],
        "opponents differ in strength: a share of wins ignores whom one met": (
            won / (won + lost) - (won / (won + lost))[anchor]
        ),
        "nats: natural logarithms, with no factor": theta / log(10) * 400,
        "ratings are logarithms of strengths": np.exp(theta),
        "online Elo depends on the order of the games: maximise the likelihood": elo(wins, anchor),
    }
    # The ratings after adding half a win to each pair, as libraries do to keep everything finite.
    met = (wins + wins.T > 0) * 0.5
    known["maximum likelihood: no games are added to those that were played"] = fitted(
        wins + met, anchor
    )
    if (whole + whole.T).sum() and (whole.sum(1) > 0).all():
        known["a drawn game counts one half in both directions: keep the halves"] = fitted(
            whole, anchor
        )
    return known


def random_table(rng, players, *, halves=False):
    """Wins with a finite maximum: a cycle through all players, some pairs unplayed."""
    truth = rng.normal(0, 1, players)
    wins = np.zeros((players, players))
    for i in range(players):
        for j in range(i):
            count = int(rng.integers(3, 15)) if rng.random() < 0.7 else 0
            won = rng.binomial(count, 1 / (1 + np.exp(truth[j] - truth[i])))
            wins[i, j], wins[j, i] = won, count - won
    order = rng.permutation(players)
    for i, j in zip(order, np.roll(order, 1), strict=True):
        wins[i, j] += 1 + (2 if players == 2 and i < j else 0)
    if halves:
        drawn = np.triu(rng.integers(0, 3, (players, players)), 1) / 2
        wins += drawn + drawn.T
    return wins


@pytest.mark.exercise("bradley_terry")
class TestBradleyTerry:
    @pytest.fixture(autouse=True)
    def the_kit_is_out_of_reach(self, submission):
        with submission.forbidding("firsthand.kit.statistics.bradley_terry"):
            yield

    @pytest.mark.visible
    def test_one_win_in_four_is_minus_log_three(self, submission):
        compare.close(
            submission.bradley_terry(np.array([[0.0, 3.0], [1.0, 0.0]]), 0),
            np.array([0.0, -1.098612]),
            atol=1e-3,  # the statement allows it: an iteration may stop early
            what="bradley_terry of the worked example",
            hint="log odds of one win in four: ln(1/3). Iterate until the ratings stand still",
        )

    @pytest.mark.weight(3)
    def test_ratings_have_the_largest_likelihood(self, submission, generator):
        rng = numpy_generator(generator)
        for players in (4, 3, 6, 2):
            self.compared(submission, rng, random_table(rng, players))

    @pytest.mark.weight(2)
    def test_drawn_games_count_one_half(self, submission, generator):
        rng = numpy_generator(generator)
        for players in (3, 4, 5):
            self.compared(submission, rng, random_table(rng, players, halves=True))

    @staticmethod
    def compared(submission, rng, wins):
        anchor = int(rng.integers(1, len(wins)))
        with compare.unchanged(wins=wins):
            got = submission.bradley_terry(wins, anchor)
        compare.close(
            got,
            fitted(wins, anchor),
            rtol=1e-3,
            atol=1e-3,  # the statement allows it: an iteration may stop early
            what=f"bradley_terry of {len(wins)} players",
            hint="at the maximum every player wins as often as the ratings predict",
            known=Waiting(rating_mistakes, wins, anchor),
        )

    def test_the_anchor_is_exactly_zero(self, submission, generator):
        rng = numpy_generator(generator)
        for players in (2, 3, 5):
            wins = random_table(rng, players)
            for anchor in {0, players - 1, int(rng.integers(players))}:
                compare.close(
                    np.asarray(submission.bradley_terry(wins, anchor))[anchor],
                    0.0,
                    atol=1e-9,
                    what="the rating of the anchor",
                    hint="theta[anchor] must be 0: ratings are differences to the anchor",
                )

    def test_a_lopsided_table_still_has_finite_ratings(self, submission, generator):
        rng = numpy_generator(generator)
        for strong in (60, 150, 400):
            wins = np.array([[0.0, strong, strong], [1, 0, 3], [0, 2, 0]])
            place = rng.permutation(3)
            wins = wins[place][:, place]
            compare.close(
                submission.bradley_terry(wins, 1),
                fitted(wins, 1),
                rtol=1e-3,
                atol=1e-3,  # the statement allows it: an iteration may stop early
                what="bradley_terry when one player hardly ever loses",
                hint="iterate until the ratings stand still, and limit the size of a step",
            )

    def test_chains_and_bridges_have_the_ratings_of_their_pairs(self, submission, generator):
        # Without a cycle each pair's log odds are the difference of its ratings.
        rng = numpy_generator(generator)
        tables = {
            "ratings that span 28 nats": [(1000, 1)] * 4,
            "two groups joined by four games": [(300, 200), (3, 1), (100, 400)],
        }
        for name, results in tables.items():
            players = len(results) + 1
            wins, theta = np.zeros((players, players)), np.zeros(players)
            place = rng.permutation(players)
            for t, (won, lost) in enumerate(results):
                i, j = place[t], place[t + 1]
                wins[i, j], wins[j, i] = won, lost
                theta[j] = theta[i] - log(won / lost)
            anchor = int(rng.integers(players))
            try:
                got = submission.bradley_terry(wins, anchor)
            except ValueError:
                compare.fail(
                    f"bradley_terry raised ValueError for {name}.",
                    hint="ratings far apart are finite as long as everybody has beaten everybody else by way of others: decide that by reachability, not by size",
                    recognised=True,
                )
            compare.close(
                got,
                theta - theta[anchor],
                rtol=1e-3,
                atol=1e-3,  # the statement allows it: an iteration may stop early
                what=f"bradley_terry of {name}",
                hint="iterate until the ratings stand still: far ratings, and few games between two groups, need many rounds",
            )

    @pytest.mark.weight(2)
    def test_ratings_without_a_finite_maximum_are_refused(self, submission, generator):
        rng = numpy_generator(generator)
        undefeated = random_table(rng, 4)
        undefeated[1:, 0] = 0
        undefeated[0, 1:] += 1
        winless = undefeated.T.copy()
        apart = np.zeros((5, 5))
        apart[:2, :2], apart[2:, 2:] = random_table(rng, 2), random_table(rng, 3)
        one_way = apart.copy()
        one_way[1, 3] = 2
        idle = np.zeros((3, 3))
        idle[:2, :2] = random_table(rng, 2)
        cases = {
            "one player never lost": undefeated,
            "one player never won": winless,
            "two groups never met": apart,
            "one group never beat the other": one_way,
            "one player never played": idle,
        }
        for name, wins in cases.items():
            place = rng.permutation(len(wins))
            try:
                submission.bradley_terry(wins[place][:, place], int(rng.integers(len(wins))))
            except ValueError:
                continue
            compare.fail(
                f"bradley_terry returned ratings although {name}; a ValueError is expected.",
                hint="no finite answer: raise. Everybody must have beaten everybody else, at least by way of others",
                recognised=True,
            )


def adjusted_by_definition(p):
    """The smallest level at which each hypothesis is reported, by loops."""
    m = len(p)
    return np.array(
        [min(m * q / sum(r <= q for r in p) for q in p if q >= own) for own in p.tolist()]
    )


def adjustment_mistakes(p):
    m, order = len(p), np.argsort(p, kind="stable")
    rank = np.empty(m)
    rank[order] = np.arange(1, m + 1)
    right = adjusted_by_definition(p)
    sorted_p = p[order]
    upward = np.empty(m)
    upward[order] = np.maximum.accumulate(sorted_p * m / np.arange(1, m + 1))
    from_zero = np.minimum.accumulate((sorted_p * m / np.maximum(np.arange(m), 1))[::-1])[::-1]
    unsorted = np.empty(m)
    unsorted[order] = np.minimum(from_zero, 1)
    ten_ahead = np.empty(m)
    scaled = sorted_p * m / np.arange(1, m + 1)
    ten_ahead[order] = [scaled[r : r + 11].min() for r in range(m)]
    holm = np.empty(m)
    holm[order] = np.minimum(np.maximum.accumulate(sorted_p * (m - np.arange(m))), 1)
    return {
        "adjusted values must be monotone: take the running minimum from the largest p downwards": p
        * m
        / rank,
        "adjusted values must be monotone: the running minimum comes first, then the cap at 1": np.minimum(
            p * m / rank, 1
        ),
        "in the order in which the p-values came: undo the sorting": right[order],
        "in the order in which the p-values came: `order` is where they go to, not where they come from": np.sort(
            right
        )[order],
        "that is Bonferroni: divide by the rank": np.minimum(p * m, 1),
        "that is Bonferroni, without a cap: divide by the rank": p * m,
        "that is Holm: it bounds the chance of any false alarm": holm,
        "the running minimum runs from the largest p downwards": upward,
        "the running minimum starts at the largest p-value, not at the smallest": np.full(
            m, (sorted_p * m / np.arange(1, m + 1)).min()
        ),
        "ranks begin at 1": unsorted,
        "the minimum runs over all higher ranks, not only over the next few": ten_ahead,
    }


@pytest.mark.exercise("benjamini_hochberg")
class TestBenjaminiHochberg:
    @pytest.mark.visible
    def test_the_worked_example_is_adjusted_to_these_values(self, submission):
        compare.close(
            submission.benjamini_hochberg(np.array([0.01, 0.02, 0.04, 0.2])),
            np.array([0.04, 0.04, 0.0533333, 0.2]),
            what="benjamini_hochberg of the worked example",
            hint="4 p / rank, then the running minimum from the right",
        )

    @pytest.mark.weight(3)
    def test_values_follow_the_definition_in_any_order(self, submission, generator):
        rng = numpy_generator(generator)
        for m in (5, 9, 24):
            p = rng.random(m) ** 2
            p[: m // 2] = p[m // 2 : 2 * (m // 2)] * rng.uniform(1.0, 1.05, m // 2)
            p = rng.permutation(np.minimum(p, 1))
            with compare.unchanged(p=p):
                got = submission.benjamini_hochberg(p)
            compare.close(
                got,
                adjusted_by_definition(p),
                what="benjamini_hochberg",
                hint="the smallest level at which each would be reported",
                known=adjustment_mistakes(p),
            )

    def test_a_high_rank_can_pull_many_low_ranks_down(self, submission, generator):
        rng = numpy_generator(generator)
        for m in (20, 60):
            p = rng.uniform(0.04, 0.05, m)
            p[: m // 4] = rng.uniform(0.001, 0.01, m // 4)
            p = rng.permutation(p)
            compare.close(
                submission.benjamini_hochberg(p),
                adjusted_by_definition(p),
                what=f"benjamini_hochberg of {m} p-values, most of them alike",
                hint="the smallest m p / s over all ranks s from one's own to m",
                known=adjustment_mistakes(p),
            )

    def test_equal_p_values_get_equal_values(self, submission, generator):
        rng = numpy_generator(generator)
        for m in (4, 8, 15):
            p = rng.permutation(np.repeat(rng.random(3), m)[: 2 * m]) / 2
            compare.close(
                submission.benjamini_hochberg(p),
                adjusted_by_definition(p),
                what="benjamini_hochberg with ties",
                hint="ties share the rank of the last of them, which the running minimum does by itself",
                known=adjustment_mistakes(p),
            )

    def test_a_single_p_value_stays_as_it_is(self, submission, generator):
        rng = numpy_generator(generator)
        for p in (0.0, 1.0, float(rng.random())):
            compare.close(
                submission.benjamini_hochberg(np.array([p])),
                np.array([p]),
                what="benjamini_hochberg of one p-value",
                hint="with m = 1 there is nothing to correct",
            )

    def test_false_ones_are_a_small_share_of_those_reported(self, submission, generator):
        # Exact bound 0.1 * 20/30 = 0.067 (independent tests); 300 families: measured .055 to .075.
        rng = numpy_generator(generator)
        shares, found = [], 0
        for _ in range(300):
            z = rng.normal(np.where(np.arange(30) < 10, 3.0, 0.0), 1)
            p = np.array([2 * (1 - NORMAL.cdf(abs(v))) for v in z])
            reported = np.asarray(submission.benjamini_hochberg(p), dtype=float) <= 0.1
            shares.append(reported[10:].sum() / max(reported.sum(), 1))
            found += int(reported[:10].sum())
        compare.at_most(
            float(np.mean(shares)),
            0.11,
            what="the mean share of false ones at level 0.1",
            hint="adjusted values are too small: m p / rank",
        )
        compare.at_least(
            found / 3000,
            0.6,
            what="the share of real differences found at level 0.1",
            hint="adjusted values are too large: divide by the rank",
        )
