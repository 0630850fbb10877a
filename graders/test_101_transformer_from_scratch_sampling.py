"""Graders of 101, sampling. Oracle: planted models with a known table."""

import pytest
import torch

from firsthand import compare

LANGUAGE = "firsthand.kit.planted.language"


GENERATOR = "firsthand.kit.rng:generator"


def integer(generator, low, high):
    """An integer from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=generator))


def draw_table(generator, size):
    """A conditional table [v v] without tiny entries."""
    return torch.softmax(torch.randn(size, size, generator=generator), -1)


def planted(submission, table, n_ctx=8):
    return submission.public(f"{LANGUAGE}:bigram_model")(table, n_ctx=n_ctx)


@pytest.mark.exercise("sample")
class TestSample:
    @pytest.mark.visible
    def test_a_model_that_counts_is_continued_by_counting(self, submission):
        model = submission.public("firsthand.kit.planted.language:bigram_model")(
            torch.eye(5).roll(1, 1), n_ctx=2
        )
        got = submission.sample(
            model, torch.tensor([2]), 4, 0.0, submission.public("firsthand.kit.rng:generator")(0)
        )
        compare.equal(got, torch.tensor([2, 3, 4, 0, 1]), what="four tokens after 2, modulo 5")

    @pytest.mark.weight(3)
    def test_draws_follow_the_tempered_distribution(self, submission, generator):
        for temperature in (1.0, 0.5, 2.0):
            size = integer(generator, 3, 5)
            table = draw_table(generator, size)
            model = planted(submission, table, n_ctx=3)
            got = submission.sample(
                model,
                torch.tensor([0]),
                3000,
                temperature,
                submission.public(GENERATOR)(integer(generator, 0, 9999)),
            )
            compare.shape(
                got,
                (3001,),
                what="sample(model, one token, 3000, ...)",
                hint="the prompt is included",
            )
            compare.equal(got.dtype, torch.int64, what="the dtype of the result")
            expected = (table.log() / temperature).softmax(-1)
            swapped = (table.log() * temperature).softmax(-1)
            for token in range(size):
                following = got[1:][got[:-1] == token]
                counts = torch.bincount(following, minlength=size)
                if (
                    temperature != 1
                    and fits(counts, swapped[token])
                    and not fits(counts, expected[token])
                ):
                    compare.fail(
                        "the draws follow logits times temperature.",
                        hint="divide by the temperature",
                        recognised=True,
                    )
                compare.chi_square(
                    counts,
                    expected[token],
                    what=f"draws after token {token} at temperature {temperature:g}",
                    hint="p is proportional to exp(logits / T): draw, do not take the largest",
                )

    def test_the_last_position_predicts_the_next_token(self, submission, generator):
        for _ in range(3):
            size = integer(generator, 4, 7)
            order = torch.randperm(size, generator=generator)
            table = torch.eye(size)[order]
            prompt = torch.randint(size, (integer(generator, 2, 6),), generator=generator)
            got = submission.sample(
                planted(submission, table, n_ctx=16),
                prompt,
                6,
                1.0,
                submission.public(GENERATOR)(1),
            )
            compare.equal(
                got,
                followed(prompt, order, 6),
                what="the continuation of a prompt by a deterministic model",
                hint="the last position predicts the next token; the prompt is included",
                known={
                    "the last position predicts the next token": torch.cat(
                        [prompt, order[prompt[0]].repeat(6)]
                    ),
                    "the prompt is included in the result": followed(prompt, order, 6)[
                        len(prompt) :
                    ],
                },
            )

    def test_the_model_sees_the_last_tokens_of_its_context(self, submission, generator):
        for n_ctx in (1, 3, 5):
            order = torch.randperm(6, generator=generator)
            model = submission.public(f"{LANGUAGE}:recorder")(
                planted(submission, torch.eye(6)[order], n_ctx=n_ctx)
            )
            prompt = torch.randint(6, (n_ctx + 2,), generator=generator)
            hint = "positions end at n_ctx: give the model the last n_ctx tokens"
            try:
                got = submission.sample(model, prompt, 4, 0.0, submission.public(GENERATOR)(0))
            except ValueError:
                compare.fail(
                    "the model was given more than n_ctx tokens.", hint=hint, recognised=True
                )
            stuck = torch.cat([prompt, order[prompt[n_ctx - 1]].repeat(4)])
            known = {
                "the context moves: give the model the last n_ctx tokens, not the first": stuck
            }
            compare.equal(
                got,
                followed(prompt, order, 4),
                what="a text longer than n_ctx",
                hint=hint,
                known=known,
            )
            check_contexts(model, got, 4)

    def test_a_text_shorter_than_the_context_is_seen_as_a_whole(self, submission, generator):
        for length, n_ctx in ((1, 9), (3, 8), (4, 6)):
            model = submission.public(f"{LANGUAGE}:recorder")(
                planted(submission, draw_table(generator, 5), n_ctx=n_ctx)
            )
            prompt = torch.randint(5, (length,), generator=generator)
            got = submission.sample(model, prompt, 4, 1.0, submission.public(GENERATOR)(0))
            check_contexts(model, got, 4)

    def test_the_model_runs_without_gradients(self, submission, generator):
        for temperature in (0.0, 1.0, 0.5):
            model = planted(submission, draw_table(generator, 4))
            model = submission.public(f"{LANGUAGE}:recorder")(model)
            start = torch.tensor([1, 2])
            submission.sample(model, start, 3, temperature, submission.public(GENERATOR)(0))
            if any(list(model.graphs)):
                hint = "nothing is trained here: call the model under torch.no_grad()"
                compare.fail("the model was run with gradients on.", hint=hint, recognised=True)

    def test_temperature_zero_takes_the_lowest_of_the_most_likely_tokens(
        self, submission, generator
    ):
        for size in (3, 5, 6):
            table = torch.full((size, size), 0.5 / (size - 2))
            pairs = torch.stack(
                [torch.randperm(size, generator=generator)[:2] for _ in range(size)]
            )
            table.scatter_(1, pairs, 0.25)
            table = table if size > 5 else torch.zeros(size, size).scatter_(1, pairs, 0.5)
            order = pairs.min(-1).values
            got = submission.sample(
                planted(submission, table),
                torch.tensor([0]),
                12,
                0.0,
                submission.public(GENERATOR)(0),
            )
            hint = "temperature 0 means argmax, the lowest id among equals: do not divide by 0"
            compare.equal(
                got,
                followed(torch.tensor([0]), order, 12),
                what="sample at temperature 0",
                hint=hint,
            )

    def test_nothing_to_draw_returns_the_prompt_unchanged(self, submission, generator):
        for length in (1, 3, 12):
            prompt = torch.randint(4, (length,), generator=generator)
            model = planted(submission, draw_table(generator, 4))
            for n in (0, 2):
                with compare.unchanged(prompt=prompt):
                    got = submission.sample(model, prompt, n, 1.0, submission.public(GENERATOR)(5))
                compare.shape(
                    got,
                    (length + n,),
                    what=f"sample of {n} tokens after {length}",
                    hint="the prompt is included",
                )
                compare.equal(
                    got[:length],
                    prompt,
                    what="the beginning of the result",
                    hint="the prompt is included",
                )
                compare.equal(got.dtype, torch.int64, what="the dtype of the result")

    def test_the_generator_decides_and_global_randomness_is_left_alone(self, submission, generator):
        model = planted(submission, draw_table(generator, 6))
        for _ in range(3):
            seed = integer(generator, 0, 9999)
            texts = []
            for drawn in (seed, seed, seed + 1):
                with compare.untouched_randomness(
                    submission, hint="pass the generator to torch.multinomial"
                ):
                    texts.append(
                        submission.sample(
                            model,
                            torch.tensor([1, 2]),
                            40,
                            1.0,
                            submission.public(GENERATOR)(drawn),
                        )
                    )
            compare.equal(
                texts[1],
                texts[0],
                what="a second text from the same generator state",
                hint="use the generator you were given",
            )
            if torch.equal(texts[2], texts[0]):
                compare.fail(
                    "two generator states give the same text.",
                    hint="use the generator you were given",
                )


def check_contexts(model, text, n):
    """Each of the last n tokens was drawn from all that stood before it, n_ctx tokens at most."""
    seen = [model.inputs[index] for index in range(len(model.inputs))]
    if len(seen) != n:
        compare.fail(
            f"the model was called {len(seen)} times for {n} tokens.",
            hint="one call for each token: it needs the ones that you drew before",
        )
    for index, tokens in enumerate(seen):
        so_far = text[: len(text) - n + index]
        compare.equal(
            tokens,
            so_far[None, -model.n_ctx :],
            what="what the model was given",
            hint="give the model everything so far, or the last n_ctx tokens of it: [1, p]",
        )


def followed(prompt, order, n):
    """The prompt and n tokens, each the successor order[t] of the one before."""
    tokens = prompt.tolist()
    for _ in range(n):
        tokens.append(int(order[tokens[-1]]))
    return torch.tensor(tokens)


def fits(counts, probabilities):
    """Whether a chi-square test accepts these counts."""
    try:
        compare.chi_square(counts, probabilities)
    except compare.Mismatch:
        return False
    return True
