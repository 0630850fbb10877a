"""Graders of 502, looking ahead: full enumeration on random margins as the oracle."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from statistics import mean

import pytest
import torch

from firsthand import compare


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

    @pytest.mark.weight(3)
    def test_moves_follow_full_enumeration(self, submission, generator):
        for depth in (1, 2):
            calls, moves = [], []
            for trial in range(8):
                table, count = RandomMargin(generator), 4 + trial % 4
                ids = torch.randperm(60, generator=generator).tolist()
                pixels, revealed = (
                    ids[:count],
                    [*ids[count - 1 : count], *ids[count : count + trial % 3]],
                )
                for maximise in (True, False):
                    with compare.unchanged(revealed=revealed, pixels=pixels):
                        moves.append(
                            submission.lookahead_move(table.ask, revealed, pixels, depth, maximise)
                        )
                    calls.append((table, revealed, pixels[:-1], depth, maximise))
                if table.repeats:
                    compare.fail(
                        "margin was asked about a set in which a pixel occurs twice.",
                        recognised=True,
                        hint="a revealed pixel is gone: do not offer it again",
                    )
            known = {hint: [habit(*call) for call in calls] for hint, habit in HABITS.items()}
            compare.equal(
                moves,
                [best_move(*call) for call in calls],
                what=f"the moves of lookahead_move at depth {depth}, in 16 positions",
                hint="enumerate the legal pixels, and the replies at depth 2",
                known=known,
            )

    @pytest.mark.weight(2)
    def test_two_plies_avoid_a_trap_that_greedy_falls_into(self, submission, generator):
        for _ in range(3):
            a, b, c, d = torch.randperm(50, generator=generator)[:4].tolist()
            margins = {
                (a,): 3.0,
                (b,): 1.0,
                (c,): 0.5,
                (d,): 0.2,
                (a, b): -2.0,
                (a, c): 0.7,
                (a, d): -1.0,
            }
            margins |= {(b, c): 0.6, (b, d): 5.0, (c, d): 0.5}

            def margin(sets, margins=margins):
                return torch.tensor(
                    [
                        next((v for key, v in margins.items() if set(key) == set(s)), 0.0)
                        for s in sets
                    ]
                )

            compare.equal(
                submission.lookahead_move(margin, [], [a, b, c, d], 1, True),
                a,
                what="the greedy move in a trap",
            )
            compare.equal(
                submission.lookahead_move(margin, [], [a, b, c, d], 2, True),
                c,
                what="the two-ply move in a trap",
                hint="after my move it is their turn: score a move by the best reply",
                known={
                    "depth 2 must look at replies": a,
                    "after my move it is their turn: the reply is the opponent's best, not mine": min(
                        b, d
                    ),
                },
            )

    def test_margin_is_called_once(self, submission, generator):
        for depth in (1, 2):
            for size in (1, 2, 6):
                table = RandomMargin(generator)
                pixels = torch.randperm(30, generator=generator)[:size].tolist()
                submission.lookahead_move(table.ask, [], pixels, depth, True)
                if table.calls > 1:
                    compare.fail(
                        f"lookahead_move called margin {table.calls} times for {size} pixels; once is enough.",
                        hint="one batched call: collect all sets in one list",
                        recognised=True,
                    )

    def test_equally_good_pixels_give_the_smallest(self, submission, generator):
        for depth in (1, 2):
            for size in (2, 4, 5):
                pixels = torch.randperm(40, generator=generator)[:size].tolist()
                for maximise in (True, False):
                    got = submission.lookahead_move(
                        lambda sets: torch.zeros(len(sets)), [], pixels, depth, maximise
                    )
                    compare.equal(
                        got,
                        min(pixels),
                        what="lookahead_move when all margins are equal",
                        hint="equally good pixels: the smallest id",
                    )

    def test_the_last_pixel_needs_no_reply(self, submission, generator):
        for count in (0, 2, 5):
            ids = torch.randperm(40, generator=generator)[: count + 1].tolist()
            for maximise in (True, False):
                got = submission.lookahead_move(
                    RandomMargin(generator).ask, ids[1:], ids, 2, maximise
                )
                compare.equal(
                    got,
                    ids[0],
                    what="lookahead_move at depth 2 with one legal pixel",
                    hint="no reply to imagine",
                )


class RandomMargin:
    """A margin for every set, random but the same whenever it is asked; sets, not sequences. Counts its calls."""

    def __init__(self, generator):
        self.generator, self.known = generator, {}
        self.calls, self.repeats = 0, False

    def of(self, chosen):
        key = frozenset(chosen)
        if key not in self.known:
            self.known[key] = torch.randn((), generator=self.generator).item()
        return self.known[key]

    def ask(self, sets):
        self.calls += 1
        self.repeats |= any(len(set(chosen)) != len(chosen) for chosen in sets)
        return torch.tensor([self.of(chosen) for chosen in sets])


def best_move(table, revealed, pixels, depth, maximise, *, own_reply=False, last=False, reply=None):
    """The best pixel by enumeration; `pixels` holds no revealed one. own_reply, last, reply: known mistakes."""
    best, worst = (max, min) if maximise else (min, max)
    scores = {}
    for p in sorted(pixels, reverse=last):
        replies = [table.of([*revealed, p, q]) for q in pixels if q != p]
        greedy = table.of([*revealed, p])
        theirs = reply or (best if own_reply else worst)
        scores[p] = greedy if depth == 1 or not replies else theirs(replies)
    return best(scores, key=scores.get)


HABITS = {
    "the minimiser wants a small margin: use `maximise`": lambda t, r, p, d, m: best_move(
        t, r, p, d, True
    ),
    "after my move it is their turn: the reply is the opponent's best, not mine": lambda t, r, p, d, m: (
        best_move(t, r, p, d, m, own_reply=True)
    ),
    "the opponent chooses its best reply: no mean over replies": lambda t, r, p, d, m: best_move(
        t, r, p, d, m, reply=mean
    ),
    "depth 2 must look at replies": lambda t, r, p, d, m: best_move(t, r, p, 1, m),
    "the judge sees all revealed pixels, not the new one alone": lambda t, r, p, d, m: best_move(
        t, [], p, d, m
    ),
    "equally good pixels: the smallest id": lambda t, r, p, d, m: best_move(
        t, r, p, d, m, last=True
    ),
}
