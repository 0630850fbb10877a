"""Graders of 602, attacks: the recipe by loops over lists, on planted classifiers and labellers."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from math import inf

import pytest
import torch

from firsthand import compare


class Planted:
    """A classifier and a labeller with known weights, as counted functions of tokens [n place]."""

    def __init__(self, generator, places, words, *, curved=True, needed=2, mild=2):
        self.places, self.words, self.needed, self.mild = places, words, needed, mild
        self.units = torch.randn(6 if curved else 1, places, words, generator=generator)
        self.units[:, :, :mild] += 1.0  # what makes a story injurious also raises its score
        self.curved, self.rows, self.largest = curved, 0, 0

    def value(self, one_hot):
        total = (one_hot[:, None] * self.units).sum((2, 3))
        return (2 * torch.tanh(total / 2) + 0.3 * total).sum(1) if self.curved else total[:, 0]

    def one_hot(self, tokens):
        return torch.nn.functional.one_hot(
            tokens.long().clamp(0, self.words - 1), self.words
        ).float()

    def count(self, tokens):
        self.rows += len(tokens)
        self.largest = max(self.largest, len(tokens))

    def score(self, tokens):
        self.count(tokens)
        return self.value(self.one_hot(tokens))

    def gradient(self, tokens):
        self.count(tokens)
        with torch.enable_grad():
            words = self.one_hot(tokens).requires_grad_(True)
            return torch.autograd.grad(self.value(words).sum(), words)[0]

    def oracle(self, tokens):
        """Injurious: enough of the first `mild` words in the story, counting at different places."""
        return (tokens < self.mild).sum(1) >= self.needed

    def start(self, generator):
        story = torch.randint(self.words, (self.places,), generator=generator)
        story[torch.randperm(self.places, generator=generator)[: self.needed]] = 0
        return story


def by_recipe(
    planted, story, threshold, budget, menu, *,
    ask=True, raw=False, first=False, renew=False, any_change=False, one_page=False, inclusive=False, saliency=False,
    skip_seen=False, oracle_first=False, pay_twice=False, keep_present=False,
):  # fmt: skip
    """(tokens, success, queries, left over) of the recipe, by loops over lists; the switches are known mistakes."""

    def value(rows):
        return planted.value(planted.one_hot(torch.tensor(rows))).tolist()

    story, left = story.tolist(), budget - 1
    present = value([story])[0]
    seen = {tuple(story)}
    while (present > threshold if inclusive else present >= threshold) and left > 1:
        words = planted.one_hot(torch.tensor([story])).requires_grad_(True)
        slopes = torch.autograd.grad(planted.value(words).sum(), words)[0][0].tolist()
        left -= 1
        edits = []
        for t, here in enumerate(story):
            for v in range(planted.words):
                edited = (*story[:t], v, *story[t + 1 :])
                if v == here and keep_present:
                    edits.append((inf, t, v))
                if v != here and not (skip_seen and edited in seen):
                    gain = slopes[t][v] - (0.0 if raw else slopes[t][here])
                    edits.append((-abs(gain) if saliency else gain, t, v))
        edits.sort()
        moved, begin = False, 0
        while begin < len(edits) and left > 0 and not moved:
            page = edits[begin : begin + min(menu, left)]
            begin += menu
            rows = [[*story[:t], v, *story[t + 1 :]] for _, t, v in page]
            if oracle_first:
                alive = planted.oracle(torch.tensor(rows)).tolist()
                rows = [row for row, a in zip(rows, alive, strict=True) if a]
                if not rows:
                    continue
            seen.update(map(tuple, rows))
            scores = value(rows)
            left -= len(rows)
            alive = planted.oracle(torch.tensor(rows)).tolist() if ask else [True] * len(rows)
            fit = [(s, row) for s, row, a in zip(scores, rows, alive, strict=True) if a]
            if first:
                fit = [pair for pair in fit if pair[0] < present][:1]
            if fit:
                low, row = min(fit, key=lambda pair: pair[0])
                if low < present or any_change:
                    story, present, moved = row, low, True
                    left -= pay_twice
            if renew and not moved:
                left -= 1
            if one_page:
                break
        if not moved:
            break
    success = present <= threshold if inclusive else present < threshold
    return story, success, budget - left, 0 if success else left


SEEN = "rank all edits of one word, also those whose score an earlier menu has asked"
ORACLE_FIRST = (
    "ask for the scores of the whole menu, not only for those of the edits that the oracle allows"
)


def near_threshold(planted, start, generator):
    """A threshold that some attacks reach and some do not: between the start and the lowest reached."""
    lowest = by_recipe(planted, start, -inf, 10_000, 5)[0]
    high, low = planted.value(planted.one_hot(torch.stack([start, torch.tensor(lowest)]))).tolist()
    share = 0.3 + 0.9 * torch.rand((), generator=generator).item()
    return high + share * (low - high)


def attacked(submission, planted, start, threshold, budget, menu):
    """(tokens, queries, success) as the submission gave them, with the counted rows checked."""
    planted.rows = 0
    with compare.unchanged(story=start):
        got = submission.tool_attack(
            planted.score, planted.gradient, planted.oracle, start, threshold, budget, menu
        )
    if not isinstance(got, tuple | list) or len(got) != 3:
        compare.fail(
            "tool_attack must return Attack(tokens, queries, success).", hint="return Attack(...)"
        )
    tokens, queries, success = got
    compare.shape(tokens, (planted.places,), what="the story that tool_attack ended with")
    if planted.rows > budget:
        compare.fail(
            f"tool_attack asked {planted.rows} rows under a budget of {budget}.",
            hint="rows of score and of gradient count; cut the last menu to what is left",
            recognised=True,
        )
    compare.equal(
        int(compare.number(queries, what="queries")),
        planted.rows,
        what="the number of queries that tool_attack reports",
        hint="every row of score and of gradient is a query: the first score, each gradient, each row of a menu",
    )
    return tokens, int(queries), bool(success)


def follows(submission, planted, start, threshold, budget, menu, what):
    """The attack ends where the recipe does; a known mistake is named."""
    tokens, queries, success = attacked(submission, planted, start, threshold, budget, menu)
    expected, reached, spent, left = by_recipe(planted, start, threshold, budget, menu)
    mistakes = {
        "the example must still be injurious: ask the oracle about every edit": {"ask": False},
        "rank by the change: subtract the gradient of the word that leaves": {"raw": True},
        "of the whole menu take the edit with the lowest score, not the first that lowers it": {
            "first": True
        },
        "an edit that does not lower the score is not made": {"any_change": True},
        "when a menu has no good edit, go on in the same ranking: do not stop": {"one_page": True},
        "go on in the same ranking, without a new gradient": {"renew": True},
        "rank by the signed gain: edits that raise the score come last": {"saliency": True},
        SEEN: {"skip_seen": True},
        ORACLE_FIRST: {"oracle_first": True},
    }
    known = {
        hint: lambda switch=switch: by_recipe(planted, start, threshold, budget, menu, **switch)[0]
        for hint, switch in mistakes.items()
    }
    compare.equal(
        tokens.tolist(),
        expected,
        what=what,
        hint="gradient, ranking of all edits, menus of `menu` edits in that order, the lowest-scoring injurious edit if it lowers the score",
        known=known,
    )
    compare.equal(
        success,
        reached,
        what="success",
        hint="success means that the last score is below the threshold",
    )
    if left == 1 and queries == budget:
        queries -= 1  # with one query left a gradient may be asked for or not
    compare.equal(
        queries,
        spent,
        what=f"the number of queries of {what.removeprefix('the end of ')}",
        hint="1 for the start, 1 for each gradient, and every edit of each menu, up to the one with an edit that is made",
        known={
            hint: lambda switch=switch: by_recipe(
                planted, start, threshold, budget, menu, **switch
            )[2]
            for hint, switch in (
                (SEEN, {"skip_seen": True}),
                (ORACLE_FIRST, {"oracle_first": True}),
                (
                    "the score of an accepted edit is known: do not pay for it twice",
                    {"pay_twice": True},
                ),
                ("go on in the same ranking, without a new gradient", {"renew": True}),
                ("a word that is already there is no edit", {"keep_present": True}),
            )
        },
    )


@pytest.mark.exercise("tool_attack")
class TestToolAttack:
    @pytest.mark.visible
    def test_two_edits_bring_a_score_of_four_down_to_one(self, submission):
        weights = torch.tensor([0.0, 1.0, 2.0])

        def score(tokens):
            return weights[tokens.clamp(0, 2)].sum(1)

        def gradient(tokens):
            return weights.expand(len(tokens), 2, 3)

        def oracle(tokens):
            return tokens[:, 0] > 0

        start = torch.tensor([2, 2])
        tokens, queries, success = submission.tool_attack(
            score, gradient, oracle, start, 1.5, 50, 2
        )
        compare.equal(
            tokens.tolist(),
            [1, 0],
            what="the story that the attack ends with",
            hint="first place 1 becomes word 0, since word 0 at place 0 is not injurious; then place 0 becomes word 1",
        )
        compare.equal(
            int(queries), 7, what="the number of queries", hint="1 for the start, then twice 1 + 2"
        )
        compare.equal(bool(success), True, what="success", hint="the last score, 1, is below 1.5")

    @pytest.mark.weight(2)
    def test_attacks_on_linear_scores_follow_the_recipe(self, submission, generator):
        for places, words, menu in ((5, 6, 4), (7, 4, 3), (3, 9, 8)):
            planted = Planted(generator, places, words, curved=False)
            start = planted.start(generator)
            threshold = near_threshold(planted, start, generator)
            follows(
                submission,
                planted,
                start,
                threshold,
                400,
                menu,
                "the end of an attack on a linear score",
            )

    @pytest.mark.weight(3)
    def test_attacks_on_curved_scores_follow_the_recipe(self, submission, generator):
        for places, words, menu, needed in (
            (6, 5, 3, 2),
            (8, 6, 5, 3),
            (5, 9, 2, 1),
            (4, 7, 1, 2),
            (6, 8, 50, 2),
            (7, 6, 4, 3),
        ):
            planted = Planted(generator, places, words, needed=needed)
            start = planted.start(generator)
            threshold = near_threshold(planted, start, generator)
            follows(
                submission,
                planted,
                start,
                threshold,
                500,
                menu,
                "the end of an attack on a curved score",
            )

    @pytest.mark.weight(2)
    def test_attacks_go_on_until_no_edit_helps(self, submission, generator):
        for places, words, menu in ((4, 5, 3), (5, 6, 7), (6, 4, 2)):
            planted = Planted(generator, places, words)
            start = planted.start(generator)
            follows(
                submission,
                planted,
                start,
                -1e6,
                2000,
                menu,
                "the end of an attack that cannot succeed",
            )

    @pytest.mark.weight(2)
    def test_the_budget_is_kept_and_the_count_is_true(self, submission, generator):
        for budget, menu in ((1, 5), (2, 3), (3, 8), (9, 4), (23, 6), (60, 16)):
            planted = Planted(generator, 6, 7)
            start = planted.start(generator)
            follows(
                submission,
                planted,
                start,
                -1e6,
                budget,
                menu,
                f"the end of an attack with a budget of {budget}",
            )

    def test_a_start_below_the_threshold_is_a_success_after_one_query(self, submission, generator):
        planted = Planted(generator, 5, 6)
        start = planted.start(generator)
        for budget in (1, 40):
            tokens, queries, success = attacked(submission, planted, start, 1e6, budget, 4)
            compare.equal(
                [tokens.tolist(), queries, success],
                [start.tolist(), 1, True],
                what="tokens, queries and success from a start that already passes",
                hint="ask the score of the start first; below the threshold there is nothing to do",
            )

    def test_a_success_with_the_last_query_is_a_success(self, submission, generator):
        for places, words, menu in ((6, 7, 5), (7, 6, 4), (5, 8, 9)):
            planted = Planted(generator, places, words)
            success = False
            while not success:  # a start that one edit brings down
                start = planted.start(generator)
                high = planted.value(planted.one_hot(start[None])).item()
                story, success, used, _ = by_recipe(planted, start, high, 1000, menu)
            low = planted.value(planted.one_hot(torch.tensor([story]))).item()
            _, _, success = attacked(submission, planted, start, (high + low) / 2, used, menu)
            compare.equal(
                success,
                True,
                what="success of an attack whose last query finds a score below the threshold",
                hint="a score below the threshold is a success, also when the last query found it",
            )

    def test_a_labeller_who_refuses_all_edits_costs_one_ranking(self, submission, generator):
        for menu in (3, 4, 100):
            planted = Planted(generator, 4, 5)
            planted.needed = 99
            start = torch.randint(5, (4,), generator=generator)
            tokens, queries, success = attacked(submission, planted, start, -1e6, 1000, menu)
            compare.equal(
                [tokens.tolist(), success],
                [start.tolist(), False],
                what="tokens and success when every edit is refused",
                hint="no edit is left injurious: stop, without success, at the start",
            )
            compare.equal(
                queries,
                1 + 1 + 4 * 4,
                what="queries when every edit is refused",
                hint="the start, one gradient, and each edit of the ranking once; a word that is already there is no edit",
            )

    def test_two_queries_left_are_a_gradient_and_one_edit(self, submission, generator):
        for budget in (3, 4):
            planted = Planted(generator, 5, 6, curved=False, needed=0)
            start = planted.start(generator)
            start[0], planted.units[0, 0, 5] = 5, 9.0  # a word whose replacement surely helps
            follows(
                submission,
                planted,
                start,
                -1e6,
                budget,
                7,
                "the end of an attack with one useful menu",
            )

    def test_a_flat_score_is_never_improved(self, submission, generator):
        planted = Planted(generator, 4, 6, curved=False, needed=0)
        planted.units.zero_()
        start = planted.start(generator)
        tokens, queries, success = attacked(submission, planted, start, -1.0, 500, 6)
        compare.equal(
            [tokens.tolist(), queries, success],
            [start.tolist(), 1 + 1 + 4 * 5, False],
            what="tokens, queries and success on a score that is the same for all stories",
            hint="an edit is made only if the score falls strictly",
        )

    def test_a_start_at_the_threshold_is_attacked(self, submission, generator):
        planted = Planted(generator, 5, 6, curved=False, needed=0)
        planted.units = planted.units.round()
        start = planted.start(generator)
        start[0], planted.units[0, 0, 5] = 5, 9.0
        threshold = planted.value(planted.one_hot(start[None])).item()
        _, _, success = attacked(submission, planted, start, threshold, 300, 5)
        compare.equal(
            success,
            True,
            what="success from a start whose score equals the threshold",
            hint="a score equal to the threshold is not below it: go on",
        )

    def test_a_score_equal_to_the_threshold_is_no_success(self, submission, generator):
        for places, words in ((4, 5), (5, 3)):
            planted = Planted(generator, places, words, curved=False, needed=0)
            planted.units = planted.units.round()
            start = planted.start(generator)
            lowest = planted.units[0].amin(1).sum().item()  # whole numbers: exact in any order
            _, _, success = attacked(submission, planted, start, lowest, 500, 3)
            compare.equal(
                success,
                False,
                what="success at a score equal to the threshold",
                hint="a story is released if its score is strictly below the threshold",
            )

    def test_the_same_call_gives_the_same_attack(self, submission, generator):
        planted = Planted(generator, 6, 6)
        start = planted.start(generator)
        with compare.untouched_randomness(submission):
            ends = [attacked(submission, planted, start, -1e6, 300, 5) for _ in range(2)]
        compare.equal(
            [ends[1][0].tolist(), *ends[1][1:]],
            [ends[0][0].tolist(), *ends[0][1:]],
            what="a second attack from the same start",
            hint="nothing in the recipe is random",
        )
