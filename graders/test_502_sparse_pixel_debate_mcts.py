"""Graders of 502, tree search: a loop over numbers and exact play as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from functools import lru_cache
from math import comb, sqrt

import pytest
import torch

from firsthand import compare
from firsthand.kit.search import solve


def scalar_scores(total, visits, c, maximise, *, prior=None, root=sqrt):
    """PUCT scores by a loop over numbers."""
    prior = 1 / len(total) if prior is None else prior
    count = sum(visits)
    return [
        (1 if maximise else -1) * (w / n if n else 0.0) + c * prior * root(count) / (1 + n)
        for w, n in zip(total, visits, strict=True)
    ]


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

    @pytest.mark.weight(3)
    def test_scores_follow_a_scalar_loop(self, submission, generator):
        for moves, c in ((2, 0.5), (7, 1.7), (33, 4.0), (1, 2.0)):
            visits = torch.randint(1, 30, (moves,), generator=generator)
            total = (torch.rand(moves, generator=generator) * 2 - 1) * visits
            w, n = total.tolist(), visits.tolist()
            for maximise in (True, False):
                good = scalar_scores(w, n, c, maximise)
                bonus = scalar_scores([0.0] * moves, n, c, True)
                known = {
                    "the prior is 1/A: one over the number of moves": scalar_scores(
                        w, n, c, maximise, prior=1.0
                    ),
                    "N is the sum of all visits, not those of the move": [
                        g - b + c / moves * sqrt(m) / (1 + m)
                        for g, b, m in zip(good, bonus, n, strict=True)
                    ],
                    "the root is of N alone: sqrt(N) / (1 + n)": [
                        g - b + c / moves * sqrt(sum(n) / (1 + m))
                        for g, b, m in zip(good, bonus, n, strict=True)
                    ],
                    "1 + n in the denominator, not n": [
                        g - b + c / moves * sqrt(sum(n)) / m
                        for g, b, m in zip(good, bonus, n, strict=True)
                    ],
                }
                if not maximise:
                    known |= {
                        "the liar minimises: negate the mean for the minimiser": scalar_scores(
                            w, n, c, True
                        ),
                        "both players explore: only the mean changes sign": [
                            -s for s in scalar_scores(w, n, c, True)
                        ],
                    }
                known = {hint: torch.tensor(value) for hint, value in known.items() if moves > 1}
                with compare.unchanged(total=total, visits=visits):
                    got = submission.puct_scores(total, visits, c, maximise)
                compare.close(
                    got,
                    torch.tensor(good),
                    what=f"puct_scores of {moves} moves",
                    known=known,
                    hint="mean from the mover's side, plus c/A * sqrt(N)/(1+n)",
                )

    @pytest.mark.weight(2)
    def test_an_unvisited_move_has_mean_zero(self, submission, generator):
        for moves, c in ((3, 1.0), (8, 2.5), (20, 0.3)):
            visits = torch.randint(0, 3, (moves,), generator=generator)
            visits[:2] = torch.tensor([0, 5])
            total = torch.rand(moves, generator=generator) * visits
            for maximise in (True, False):
                got = submission.puct_scores(total, visits, c, maximise)
                compare.shape(got, (moves,), what="puct_scores")
                if not bool(torch.isfinite(torch.as_tensor(got)).all()):
                    compare.fail(
                        "puct_scores is nan or infinite where a move is unvisited.",
                        recognised=True,
                        hint="unvisited: the mean counts as 0, the bonus does the rest",
                    )
                compare.close(
                    got,
                    torch.tensor(scalar_scores(total.tolist(), visits.tolist(), c, maximise)),
                    what="puct_scores with unvisited moves",
                    hint="unvisited: the mean counts as 0, the bonus does the rest",
                )

    def test_before_the_first_visit_all_scores_are_zero(self, submission):
        for moves in (1, 4, 9):
            got = submission.puct_scores(
                torch.zeros(moves), torch.zeros(moves, dtype=torch.int64), 3.0, True
            )
            compare.close(
                got, torch.zeros(moves), what="puct_scores before any visit", hint="sqrt(0) is 0"
            )


def bandit_visits(values, rollouts, c, maximise):
    """Visits of PUCT in a game of one move, where nothing is random; ties go to the smallest element."""
    total, visits = [0.0] * len(values), [0] * len(values)
    for _ in range(rollouts):
        scores = scalar_scores(total, visits, c, maximise)
        move = scores.index(max(scores))
        total[move] += values[move]
        visits[move] += 1
    return visits


def searched(submission, values, n, k, last_is_max, rollouts, c, seed):
    """The submission's visit counts as a tensor, after checks of shape and sum."""
    visits = submission.mcts(values, n, k, last_is_max, rollouts, c, seed)
    compare.shape(visits, (n,), what="mcts")
    if visits.is_floating_point() and not torch.equal(visits, visits.round()):
        compare.fail(
            "mcts came back with fractions.",
            hint="visit counts are asked for, not mean values",
            recognised=True,
        )
    if int(visits.sum()) != rollouts:
        compare.fail(
            f"visits sum to {int(visits.sum())} after {rollouts} rollouts.",
            recognised=True,
            hint="each rollout passes through the root once: its counts sum to `rollouts`",
        )
    return visits


def decisive_games(n, k, generator, count, last_is_max):
    """(leaves, move) of games of -1 and 1 in which the player to move has exactly one winning move."""
    sign = 1 if last_is_max == (k % 2 == 1) else -1
    found = []
    while len(found) < count:
        share = 0.35 + 0.3 * torch.rand((), generator=generator).item()
        leaves = torch.where(torch.rand(comb(n, k), generator=generator) < share, 1.0, -1.0)
        first = solve(leaves, n=n, k=k, last_is_max=last_is_max)[1] * sign
        if int((first > 0).sum()) == 1:
            found.append((leaves, int(first.argmax())))
    return found


@pytest.mark.exercise("mcts")
class TestMcts:
    @pytest.fixture(autouse=True)
    def the_kit_is_out_of_reach(self, submission):
        with submission.forbidding(
            "firsthand.kit.search.solve",
            "firsthand.kit.search.optimal_mover",
            "firsthand.kit.search.puct_debater",
        ):
            yield

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

    @pytest.mark.weight(2)
    def test_a_game_of_one_move_follows_puct_exactly(self, submission, generator):
        for n, rollouts, c in ((5, 40, 1.0), (3, 25, 0.4), (8, 100, 6.0), (2, 1, 1.0)):
            values = 2 * torch.rand(n, generator=generator) - 1
            values[-1] = values[0]  # two equal moves: the tie rule decides between them
            for last_is_max in (True, False):
                expected = torch.tensor(bandit_visits(values.tolist(), rollouts, c, last_is_max))
                other = torch.tensor(bandit_visits(values.tolist(), rollouts, c, not last_is_max))
                with compare.unchanged(values=values):
                    got = searched(submission, values, n, 1, last_is_max, rollouts, c, 3)
                compare.equal(
                    got,
                    expected,
                    what=f"visits in a game of one move, last_is_max={last_is_max}",
                    hint="follow the largest PUCT score, ties to the smallest element, and add 1 visit and the value",
                    known={
                        "whose move is it? Each node reads the value from its mover's side": other
                    },
                )

    def test_worthless_leaves_spread_the_visits_evenly(self, submission, generator):
        for n, k, times in ((5, 2, 6), (4, 3, 7), (7, 4, 3)):
            got = searched(
                submission, torch.zeros(comb(n, k)), n, k, bool(k % 2), times * n, 1.5, 8
            )
            if int(got.max()) == times * n:
                compare.fail(
                    "all rollouts made the same first move although no leaf is better than another.",
                    recognised=True,
                    hint="the leaf table is used like a judge, one entry for each rollout: do not solve it",
                )
            compare.equal(
                got,
                torch.full((n,), times),
                what="visits when every leaf is worth 0",
                hint="with equal means the bonus picks the move visited least",
            )

    def test_a_forced_game_gives_every_node_its_completions(self, submission, generator):
        for n, rollouts, value in ((2, 30, 1.0), (4, 50, -1.0), (3, 17, 0.5)):
            got = searched(submission, torch.tensor([value]), n, n, True, rollouts, 1.0, 2)
            expected = bandit_visits([value] * n, rollouts, 1.0, n % 2 == 1)
            compare.equal(
                got,
                torch.tensor(expected),
                what="visits when all pixels are revealed in the end",
                hint="every rollout ends in the one full set",
            )

    @pytest.mark.weight(2)
    def test_replies_are_searched_and_not_left_to_chance(self, submission, generator, seed):
        # Reference on 12 seeds: 5. One side's view at every node: at most 1.
        found = 0
        for _ in range(5):
            n, best = 6, int(torch.randint(6, (), generator=generator))
            leaves, sets = torch.ones(comb(n, 2)), torch.combinations(torch.arange(n))
            refutation = {e: int(r) for e, r in enumerate(torch.randperm(n, generator=generator))}
            for a, b in sets.tolist():
                place = b * (b - 1) // 2 + a
                if best not in (a, b) and (
                    refutation[a] == b or refutation[b] == a or (a + b) % 3 == 0
                ):
                    leaves[place] = -1.0
                elif best in (a, b):
                    leaves[place] = 0.25
            exact = solve(leaves, n=n, k=2, last_is_max=False)[1]
            if int(exact.argmax()) != best or int((exact == exact.max()).sum()) > 1:
                found += 1
                continue
            visits = searched(submission, leaves, n, 2, False, 150, 1.0, seed % 1000)
            found += int(visits.argmax()) == best
        compare.at_least(
            found,
            4,
            what="games (of 5) in which the safe move beats moves with a single refutation",
            hint="replies in the tree are searched: a node for each set reads the one backed-up value from its mover's side",
        )

    @pytest.mark.weight(3)
    def test_search_finds_the_only_winning_move(self, submission, generator, seed):
        # Reference on 12 seeds: 12 eleven times, and 11. Known mistakes: at most 9.
        right = 0
        for n, k, last_is_max in (
            (6, 2, True),
            (6, 2, False),
            (6, 3, True),
            (6, 3, False),
            (7, 4, True),
            (7, 4, False),
        ):
            for leaves, best in decisive_games(n, k, generator, 2, last_is_max):
                visits = searched(submission, leaves, n, k, last_is_max, 300, 1.5, seed % 1000)
                right += int(visits.argmax()) == best
        compare.at_least(
            right,
            10,
            what="decisive games (of 12) in which the winning move is visited most",
            hint="back up one number, and let each node read it from its mover's side",
        )

    @pytest.mark.weight(2)
    def test_visits_have_the_distribution_of_the_rollouts_described(self, submission, seed):
        # In standard errors of a difference of means: the reference stays below 3. With the odd leaf last its visits do not
        # depend on chance, and those of sequences as nodes and of a silent new node are far off.
        for odd, game, seeds, expected in described_games(seed):
            got = [searched(submission, *game, number).tolist() for number in range(seeds)]
            if apart(got, expected) <= 6:
                continue
            generator = torch.Generator().manual_seed(seed)
            variants = {
                "the same set reached in two orders is the same node: sort its elements": {
                    "ordered": True
                },
                "a new node makes its own first move, which counts like the others on the path; "
                "a node is a set, and replies in the tree are searched": {"silent": True},
            }
            near = [
                hint
                for hint, mistake in variants.items()
                if odd == 3 and apart(got, simulated(*game, generator, **mistake)) < 4
            ]
            compare.fail(
                f"the mean visits over {seeds} seeds are not those of the rollouts described.",
                hint=(near or ["one entry of the table for each rollout, and fresh completions"])[
                    0
                ],
                recognised=bool(near),
            )

    def test_the_seed_decides_and_global_randomness_is_untouched(self, submission, generator):
        changed = 0
        for n, k, rollouts in ((7, 3, 30), (6, 2, 25), (8, 4, 40)):
            leaves = torch.randn(comb(n, k), generator=generator).clamp(-1, 1)
            with compare.untouched_randomness(submission):
                runs = [
                    searched(submission, leaves, n, k, True, rollouts, 0.7, s)
                    for s in (1, 1, 2, 3, 4)
                ]
            compare.equal(
                runs[1],
                runs[0],
                what="a second call with the same seed",
                hint="draw completions from `seed`",
            )
            changed += any(not torch.equal(run, runs[0]) for run in runs[2:])
        if not changed:
            compare.fail(
                "five seeds gave the same visits in every game.",
                recognised=True,
                hint="completions are random: draw them from `seed`",
            )


@lru_cache(maxsize=1)
def described_games(seed):
    """(odd leaf, game, seeds to search it with, simulated visits), made once for each course key."""
    generator, games = torch.Generator().manual_seed(seed), []
    other, last = torch.randint(3, (2,), generator=generator).tolist()
    for odd, last_is_max, seeds in ((3, True, 5), (3, False, 5), (other, last > 0, 40)):
        leaves = torch.full((4,), -1.0 if last_is_max else 1.0)
        leaves[odd] *= -1
        game = (leaves, 4, 3, last_is_max, 30, 2.0)
        games.append((odd, game, seeds, simulated(*game, generator)))
    return games


def simulated(values, n, k, last_is_max, rollouts, c, generator, *, ordered=False, silent=False):
    """Visits of 80 searches by loops over numbers. ordered, silent: known mistakes."""
    game = (values.tolist(), n, k, last_is_max, rollouts, c)
    return [search_once(*game, generator, ordered, silent) for _ in range(80)]


def search_once(values, n, k, last_is_max, rollouts, c, generator, ordered, silent):
    """Root visits of one search; nodes are sets, or sequences where `ordered`; a new node makes no move where `silent`."""
    tree = {}
    for _ in range(rollouts):
        taken, path, new = (), [], False
        while len(taken) < k and not new:
            key = taken if ordered else frozenset(taken)
            new = key not in tree
            node = tree.setdefault(key, {e: [0.0, 0] for e in range(n) if e not in taken})
            if new and taken and silent:
                break
            totals, visits = zip(*node.values(), strict=True)
            maximise = last_is_max == ((k - len(taken)) % 2 == 1)
            scores = scalar_scores(totals, visits, c, maximise)
            move = list(node)[scores.index(max(scores))]
            path.append(node[move])
            taken = (*taken, move)
        rest = [e for e in torch.randperm(n, generator=generator).tolist() if e not in taken]
        full = sorted((*taken, *rest[: k - len(taken)]))
        for edge in path:
            edge[0] += values[sum(comb(e, i + 1) for i, e in enumerate(full))]
            edge[1] += 1
    return [visits for _, visits in tree[() if ordered else frozenset()].values()]


def apart(runs, expected):
    """The largest difference of mean visits, in standard errors by the variance of `expected`."""
    got, want = (torch.tensor(visits, dtype=torch.float64) for visits in (runs, expected))
    error = ((want.var(0) + 0.01) * (1 / len(got) + 1 / len(want))).sqrt()
    return ((got.mean(0) - want.mean(0)).abs() / error).max().item()
