"""Graders of 402, part 1: the data and prefix matching.

Oracles: direct checks of every equality, double loops over positions, the hand-written model.
"""

import pytest
import torch

from firsthand import compare


def draw_sizes(generator, **ranges):
    """One integer per name, uniform in its inclusive range."""
    return {
        name: int(torch.randint(low, high + 1, (), generator=generator))
        for name, (low, high) in ranges.items()
    }


def random_pattern(generator, *shape):
    """Causal attention: rows of the last axis sum to 1, no weight on later keys."""
    scores = torch.randn(*shape, generator=generator) * 2
    future = torch.ones(shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(future, -torch.inf).softmax(-1)


def rows_with_lags(generator, batch, pos, vocab):
    """Rows that repeat a segment, each at its own lag; the last row may be all new tokens."""
    rows = []
    for _ in range(batch):
        lag = int(torch.randint(2, pos // 2 + 1, (), generator=generator))
        segment = torch.randint(1, vocab, (lag,), generator=generator)
        rows.append(segment.repeat(pos // lag + 1)[:pos])
    return torch.stack(rows)


def loop_prefix_score(
    pattern, tokens, *, target=1, latest=False, average=False, everyone=False, itself=True
):
    """Prefix matching by loops over rows and positions; the switches are the known mistakes."""
    batch, heads, pos, _ = pattern.shape
    totals, queries = [0.0] * heads, 0
    for b in range(batch):
        for q in range(pos):
            earlier = [j for j in range(q) if tokens[b, j] == tokens[b, q]]
            earlier = earlier[-1:] if latest else earlier
            if not earlier and not everyone:
                continue
            queries += 1
            for h in range(heads):
                after = [j + target for j in earlier if itself or j + target < q]
                landed = sum(float(pattern[b, h, q, k]) for k in after)
                totals[h] += landed / max(1, len(earlier)) if average else landed
    return torch.tensor([total / max(1, queries) for total in totals])


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

    @pytest.mark.visible
    def test_a_vocabulary_of_two_leaves_only_token_1_to_draw(self, submission):
        generator = submission.public("firsthand.kit.rng:generator")(5)
        rows = submission.repeated_tokens(4, 3, 2, 2, generator)
        compare.equal(
            rows.tolist(),
            [[0, 1, 1, 1, 1, 1, 1]] * 4,
            what="repeated_tokens(4, 3, 2, 2, generator)",
            hint="0 is reserved and d_vocab is no token: draw from 1 to d_vocab - 1",
        )

    @pytest.mark.weight(2)
    def test_every_copy_has_the_segment_in_the_same_order(self, submission, generator):
        for _ in range(4):
            s = draw_sizes(generator, n=(3, 6), segment=(7, 11), repeats=(2, 4), vocab=(20, 40))
            source = submission.public("firsthand.kit.rng:generator")(s["n"] + s["vocab"])
            rows = submission.repeated_tokens(
                s["n"], s["segment"], s["repeats"], s["vocab"], source
            )
            compare.shape(
                rows,
                (s["n"], 1 + s["segment"] * s["repeats"]),
                what="repeated_tokens",
                hint="one start token, then segment * repeats tokens: the start token appears once",
            )
            if bool((rows[:, 0] != 0).any()):
                compare.fail(
                    "a row does not begin with token 0.", hint="token 0 is the start token"
                )
            body = rows[:, 1:]
            if bool((body == 0).any()):
                compare.fail(
                    "token 0 occurs after the first position.",
                    hint="0 is reserved, and the start token appears once: draw from 1 on",
                    recognised=True,
                )
            copies = body.reshape(s["n"], s["repeats"], s["segment"])
            if bool((copies != copies[:, :1]).any()):
                compare.fail(
                    "the copies of a segment differ.",
                    hint="repeat means the same tokens in the same order: A B C A B C",
                )

    def test_each_row_has_a_segment_of_its_own(self, submission, seed):
        for shift in range(3):
            source = submission.public("firsthand.kit.rng:generator")(seed + shift)
            rows = submission.repeated_tokens(6, 9, 2, 50, source)
            compare.shape(rows, (6, 19), what="repeated_tokens")
            distinct = len({tuple(row) for row in rows.tolist()})
            if distinct < 4:  # a row shared by accident is for the test of independence
                compare.fail(
                    f"6 rows of 9 random tokens contain only {distinct} different rows.",
                    hint="sample one segment per row",
                    recognised=True,
                )

    def test_tokens_are_uniform_from_1_to_the_last(self, submission, seed):
        for vocab in (2, 5, 11):
            source = submission.public("firsthand.kit.rng:generator")(seed + vocab)
            rows = submission.repeated_tokens(400, 7, 1, vocab, source)
            compare.shape(rows, (400, 8), what="repeated_tokens")
            body = rows[:, 1:].flatten()
            if int(body.min()) < 1 or int(body.max()) >= vocab:
                compare.fail(
                    f"with d_vocab = {vocab} there are tokens outside 1 to {vocab - 1}.",
                    hint="0 is reserved and d_vocab is no token: draw from 1 to d_vocab - 1",
                    recognised=True,
                )
            counts = torch.bincount(body, minlength=vocab)[1:]
            uniform = torch.full((vocab - 1,), 1 / (vocab - 1), dtype=torch.float64)
            compare.chi_square(
                counts,
                uniform,
                what="the tokens of the segments",
                hint="every token from 1 to d_vocab - 1 is equally likely, at every place, "
                "and may occur twice",
            )

    def test_tokens_of_a_segment_are_independent(self, submission, seed):
        for vocab in (4, 5, 6):
            source = submission.public("firsthand.kit.rng:generator")(seed + vocab)
            rows = submission.repeated_tokens(900, 3, 1, vocab, source)
            compare.shape(rows, (900, 4), what="repeated_tokens")
            k = vocab - 1
            pairs = ((rows[:, 1] - 1) * k + rows[:, 2] - 1).clamp(0, k * k - 1)
            compare.chi_square(
                torch.bincount(pairs, minlength=k * k),
                torch.full((k * k,), 1 / k**2, dtype=torch.float64),
                what="pairs of neighbours in a segment",
                hint="draw each token independently of the others: no sorting, no counting up, "
                "and a token may occur twice",
            )

    def test_a_generator_gives_new_rows_at_every_call(self, submission, seed):
        for shift in range(3):
            source = submission.public("firsthand.kit.rng:generator")(seed + shift)
            first = submission.repeated_tokens(3, 9, 2, 50, source)
            second = submission.repeated_tokens(3, 9, 2, 50, source)
            if first.tolist() == second.tolist():
                compare.fail(
                    "two calls with the same generator, one after the other, gave equal rows.",
                    hint="draw from the generator itself, so that it moves on: do not seed another",
                    recognised=True,
                )

    def test_the_seed_decides_and_nothing_else(self, submission, seed):
        make = submission.public("firsthand.kit.rng:generator")
        hint = "draw from `generator`; the same seed must give the same result"
        with compare.untouched_randomness(submission, hint=hint):
            first = submission.repeated_tokens(4, 8, 2, 30, make(seed))
        again = submission.repeated_tokens(4, 8, 2, 30, make(seed))
        other = submission.repeated_tokens(4, 8, 2, 30, make(seed + 1))
        compare.equal(
            again.tolist(), first.tolist(), what="a second call with an equal seed", hint=hint
        )
        if other.tolist() == first.tolist():
            compare.fail(
                "two different seeds gave the same rows.",
                hint="draw from `generator`; the result must depend on its seed",
            )

    def test_one_row_one_token_and_one_copy_are_allowed(self, submission, seed):
        make = submission.public("firsthand.kit.rng:generator")
        for n, segment, repeats in ((1, 1, 1), (1, 5, 1), (2, 1, 6)):
            rows = submission.repeated_tokens(n, segment, repeats, 9, make(seed))
            compare.shape(
                rows,
                (n, 1 + segment * repeats),
                what=f"repeated_tokens({n}, {segment}, {repeats}, 9, ...)",
            )
            if rows.dtype != torch.int64:
                compare.fail(f"tokens came back as {rows.dtype}.", hint="tokens are int64")
            if bool((rows[:, 1:] != rows[:, 1 : 1 + segment].repeat(1, repeats)).any()):
                compare.fail("the copies of a segment differ.", hint="repeat the same segment")


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
        known = {
            "you score attention to the *same* token, not to the one after it":
                torch.tensor([0.165]),
            "only positions that have something to match belong in the mean":
                torch.tensor([0.375]),
        }  # fmt: skip
        compare.close(score, torch.tensor([0.75]), what="prefix_matching_score", known=known)

    @pytest.mark.weight(3)
    def test_lags_may_differ_from_row_to_row(self, submission, generator):
        for _ in range(4):
            s = draw_sizes(generator, batch=(2, 3), head=(4, 5), pos=(11, 15))
            tokens = rows_with_lags(generator, s["batch"], s["pos"], 30)
            tokens[-1, :4] = torch.arange(40, 44)
            pattern = random_pattern(generator, s["batch"], s["head"], s["pos"], s["pos"])
            expected = loop_prefix_score(pattern, tokens)
            lag = int((tokens[0] == tokens[0, 0]).nonzero()[1])
            diagonal = pattern.diagonal(1 - lag, 2, 3).mean((0, 2))
            known = {
                "you score attention to the *same* token, not to the one after it":
                    loop_prefix_score(pattern, tokens, target=0),
                "only positions that have something to match belong in the mean":
                    loop_prefix_score(pattern, tokens, everyone=True),
                "every earlier occurrence counts, not only the latest":
                    loop_prefix_score(pattern, tokens, latest=True),
                "a perfect head may split its attention among all copies: sum over them":
                    loop_prefix_score(pattern, tokens, average=True),
                "lags vary: look the token up": diagonal,
                "one score per head: do not average over heads":
                    expected.mean(),
            }  # fmt: skip
            with compare.unchanged(pattern=pattern, tokens=tokens):
                got = submission.prefix_matching_score(pattern, tokens)
            compare.close(
                got,
                expected,
                what="prefix_matching_score on rows with different lags",
                hint="lags vary: look the token up, and sum the attention right after every "
                "earlier copy",
                known=known,
            )

    def test_every_earlier_copy_counts(self, submission, generator):
        for _ in range(3):
            s = draw_sizes(generator, batch=(2, 3), head=(4, 5), pos=(9, 13))
            tokens = torch.randint(0, 4, (s["batch"], s["pos"]), generator=generator)
            pattern = random_pattern(generator, s["batch"], s["head"], s["pos"], s["pos"])
            known = {
                "every earlier occurrence counts, not only the latest":
                    loop_prefix_score(pattern, tokens, latest=True),
                "a perfect head may split its attention among all copies: sum over them":
                    loop_prefix_score(pattern, tokens, average=True),
                "after a copy at q - 1 comes q itself, and it counts":
                    loop_prefix_score(pattern, tokens, itself=False),
            }  # fmt: skip
            compare.close(
                submission.prefix_matching_score(pattern, tokens),
                loop_prefix_score(pattern, tokens),
                what="prefix_matching_score on rows of few tokens, many times each",
                hint="earlier means strictly before, and every earlier occurrence counts",
                known=known,
            )

    def test_queries_are_pooled_over_rows(self, submission, generator):
        for _ in range(3):
            pattern = random_pattern(generator, 2, 3, 8, 8)
            tokens = torch.arange(16).reshape(2, 8)
            tokens[0, 5] = tokens[0, 1]
            tokens[1] = torch.tensor([50, 51, 52, 50, 51, 52, 50, 51])
            rows = [loop_prefix_score(pattern[i : i + 1], tokens[i : i + 1]) for i in range(2)]
            hint = "pool the queries of all rows: do not average the averages of rows"
            compare.close(
                submission.prefix_matching_score(pattern, tokens),
                loop_prefix_score(pattern, tokens),
                what="prefix_matching_score of one row with 1 match and one with 5",
                hint=hint,
                known={hint: torch.stack(rows).mean(0)},
            )

    def test_no_repeated_token_scores_zero(self, submission, generator):
        for batch, pos in ((1, 1), (2, 7), (3, 12)):
            pattern = random_pattern(generator, batch, 4, pos, pos)
            order = torch.rand(batch, pos, generator=generator).argsort(1)
            compare.close(
                submission.prefix_matching_score(pattern, order),
                torch.zeros(4),
                what=f"prefix_matching_score of {pos} different tokens",
                hint="what happens when no query has an earlier copy? The score is 0 for each head",
            )

    def test_one_matching_query_is_enough(self, submission, generator):
        for _ in range(3):
            s = draw_sizes(generator, batch=(2, 3), pos=(6, 8), at=(1, 4))
            tokens = torch.arange(s["batch"] * s["pos"]).reshape(s["batch"], s["pos"])
            tokens[1, -1] = tokens[1, s["at"]]
            pattern = random_pattern(generator, s["batch"], 4, s["pos"], s["pos"])
            compare.close(
                submission.prefix_matching_score(pattern, tokens),
                pattern[1, :, -1, s["at"] + 1],
                what="prefix_matching_score of a batch with a single repeated token",
                hint="only positions that have something to match belong in the mean",
            )

    def test_the_hand_written_induction_head_scores_one(self, submission, generator):
        for _ in range(3):
            s = draw_sizes(generator, heads=(3, 4), prev=(0, 2), ind=(0, 2), segment=(4, 6))
            model = submission.public("firsthand.kit.planted.induction:induction")(
                previous_head=(0, s["prev"]), induction_head=(1, s["ind"]), n_layers=2,
                n_heads=s["heads"], d_vocab=25, n_ctx=20,
            )  # fmt: skip
            segment = torch.rand(2, 24, generator=generator).argsort(1)[:, : s["segment"]] + 1
            tokens = torch.cat([torch.zeros(2, 1, dtype=torch.long), segment.repeat(1, 3)], 1)
            name = "blocks.1.attn.hook_pattern"
            pattern = model.run_with_cache(tokens, name)[1][name].detach()
            score = submission.prefix_matching_score(pattern, tokens)
            compare.shape(score, (s["heads"],), what="prefix_matching_score")
            compare.close(
                score[s["ind"]],
                1.0,
                atol=1e-4,
                what="the score of the hand-written induction head on three copies",
                hint="a perfect head may split its attention among all copies: sum over them",
            )
