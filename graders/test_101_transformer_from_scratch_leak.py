"""Graders of 101, the leak test. Oracle: one forward pass a replacement, on planted models."""

import pytest
import torch

from firsthand import compare
from firsthand.kit.planted import language

LANGUAGE = "firsthand.kit.planted.language"
KINDS = ("clean", "next", "no_positions", "mixes_batch")


def draw_case(generator, kind, **options):
    """Sizes, a model of this kind on the trusted side, its arguments, and tokens to test it on."""
    n = int(torch.randint(4, 7, (), generator=generator))
    size = int(torch.randint(5, 9, (), generator=generator))
    seed = int(torch.randint(10_000, (), generator=generator))
    arguments = {"kind": kind, "d_vocab": size, "n_ctx": n + 2, "seed": seed} | options
    tokens = torch.randint(size, (n,), generator=generator)
    return arguments, language.leaky_model(**arguments).eval(), tokens


@torch.no_grad()
def single_leaks(model, tokens, size):
    """[p p v]: the largest change at i when token j becomes u, one forward pass for each (j, u)."""
    before = model(tokens[None])[0]
    table = torch.zeros(len(tokens), len(tokens), size)
    for j in range(len(tokens)):
        for u in range(size):
            changed = tokens.clone()
            changed[j] = u
            table[:, j, u] = (model(changed[None])[0] - before).abs().amax(-1)
    return table


@torch.no_grad()
def wrong_leaks(model, tokens, size):
    """What known mistakes give, by hint."""
    table = single_leaks(model, tokens, size)
    before = model(tokens[None])[0]
    n = len(tokens)
    bumped, together, moved, first = (torch.zeros(n, n) for _ in range(4))
    for j in range(n):
        bumped[:, j] = table[:, j, (tokens[j] + 1) % size]
        first[:, j] = table[:, j, 0]
        for u in range(size):
            tail, one = tokens.clone(), tokens.clone()
            tail[j:], one[j] = u, u
            together[:, j] = together[:, j].maximum((model(tail[None])[0] - before).abs().amax(-1))
            moved[:, j] = moved[:, j].maximum(
                (model(one[None])[0].argmax(-1) != before.argmax(-1)).float()
            )
    largest = table.amax(-1)
    return {
        "one replacement may not trigger it: try every other token": bumped,
        "token 0 alone may not trigger it: try every other token": first,
        "row = position that moved, column = token that was changed": largest.T,
        "which source leaked? change one token at a time": together,
        "compare logits, not the most likely token": moved,
        "take the largest change over replacements, not the mean": table.sum(-1) / (size - 1),
        "look at every position, not only at the one that was changed": largest.diagonal().diag(),
    }


def check_table(submission, generator, kind, **options):
    """Compare the learner's table with the brute-force one on one drawn case."""
    arguments, model, tokens = draw_case(generator, kind, **options)
    theirs = submission.public(f"{LANGUAGE}:leaky_model")(**arguments)
    size = arguments["d_vocab"]
    with compare.unchanged(tokens=tokens):
        got = submission.future_leak(theirs, tokens, size)
    compare.close(
        got,
        single_leaks(model, tokens, size).amax(-1),
        rtol=1e-3,  # float32 logits of size 10 whose differences cancel
        atol=2e-5,
        what="future_leak of a planted model",
        hint="one source at a time, every replacement, the largest change of any logit",
        known=wrong_leaks(model, tokens, size),
    )


@pytest.mark.exercise("future_leak")
class TestFutureLeak:
    @pytest.mark.visible
    def test_a_running_sum_moves_from_the_changed_token_on(self, submission):
        model = submission.public("firsthand.kit.planted.language:running_sum_model")(3)
        got = submission.future_leak(model, torch.tensor([0, 1, 2]), 3)
        # The logit of c is c times the sum so far. Token 0 can grow by 2, the others move by 1, 2.
        compare.close(
            got,
            torch.tensor([[4.0, 0.0, 0.0], [4.0, 2.0, 0.0], [4.0, 2.0, 4.0]]),
            what="future_leak of the running sum",
            known={
                "row = position that moved, column = token that was changed": torch.tensor(
                    [[4.0, 4.0, 4.0], [0.0, 2.0, 2.0], [0.0, 0.0, 4.0]]
                ),
                "look at every position, not only at the one that was changed": torch.diag(
                    torch.tensor([4.0, 2.0, 4.0])
                ),
                "one replacement may not trigger it: try every other token": torch.tensor(
                    [[2.0, 0.0, 0.0], [2.0, 2.0, 0.0], [2.0, 2.0, 4.0]]
                ),
            },
        )

    @pytest.mark.weight(2)
    def test_every_entry_is_the_largest_change_over_all_replacements(self, submission, generator):
        for kind in ("next", "first", "reverse", "clean"):
            check_table(submission, generator, kind)

    def test_leaks_through_statistics_over_positions_are_seen(self, submission, generator):
        for _ in range(3):
            check_table(submission, generator, "batch_norm")

    def test_a_leak_that_one_token_triggers_is_found(self, submission, generator):
        for _ in range(3):
            n, seed = 5, int(torch.randint(10_000, (), generator=generator))
            trigger = int(torch.randint(1, 7, (), generator=generator))
            tokens = (trigger + 1 + torch.randint(4, (n,), generator=generator)) % 7
            options = {"d_vocab": 7, "n_ctx": n, "seed": seed, "trigger": trigger}
            model = submission.public(f"{LANGUAGE}:leaky_model")("token", **options)
            got = submission.future_leak(model, tokens, 7)
            oracle = language.leaky_model("token", **options).eval()
            compare.close(
                got,
                single_leaks(oracle, tokens, 7).amax(-1),
                rtol=1e-3,
                atol=2e-5,
                what="future_leak of a model that peeks at one token only",
                hint="one replacement may not trigger it: try every other token",
                known=wrong_leaks(oracle, tokens, 7),
            )

    def test_dropout_is_off_and_the_mode_is_put_back(self, submission, generator):
        for training in (True, False, True):
            arguments, model, tokens = draw_case(generator, "clean", dropout=0.5)
            theirs = submission.public(f"{LANGUAGE}:leaky_model")(**arguments)
            theirs.train(training)
            got = submission.future_leak(theirs, tokens, arguments["d_vocab"])
            compare.close(
                got,
                single_leaks(model, tokens, arguments["d_vocab"]).amax(-1),
                rtol=1e-3,
                atol=2e-5,
                what="future_leak of a causal model with dropout",
                hint="evaluate without dropout: model.eval()",
            )
            hint = "put the model back into the mode in which you found it"
            compare.equal(
                theirs.training, training, what="model.training after future_leak", hint=hint
            )

    def test_the_model_runs_without_gradients(self, submission, generator):
        for kind in ("clean", "next", "first"):
            arguments, _, tokens = draw_case(generator, kind)
            theirs = submission.public(f"{LANGUAGE}:leaky_model")(**arguments)
            model = submission.public(f"{LANGUAGE}:recorder")(theirs)
            submission.future_leak(model, tokens, arguments["d_vocab"])
            if any(list(model.graphs)):
                hint = "nothing is trained here: call the model under torch.no_grad()"
                compare.fail("the model was run with gradients on.", hint=hint, recognised=True)

    def test_one_token_has_one_entry(self, submission, generator):
        for _ in range(3):
            arguments, model, tokens = draw_case(generator, "clean")
            theirs = submission.public(f"{LANGUAGE}:leaky_model")(**arguments)
            got = submission.future_leak(theirs, tokens[:1], arguments["d_vocab"])
            expected = single_leaks(model, tokens[:1], arguments["d_vocab"]).amax(-1)
            compare.close(got, expected, rtol=1e-3, atol=2e-5, what="future_leak of one token")

    def test_a_causal_model_has_nothing_above_the_diagonal(self, submission, generator):
        for kind in ("clean", "no_positions", "clean"):
            arguments, _, tokens = draw_case(generator, kind)
            theirs = submission.public(f"{LANGUAGE}:leaky_model")(**arguments)
            with compare.untouched_randomness(submission):
                got = submission.future_leak(theirs, tokens, arguments["d_vocab"])
            compare.shape(got, (len(tokens), len(tokens)), what="future_leak")
            compare.at_most(
                got.triu(1).max(),
                1e-4,
                what="the largest entry above the diagonal of a causal model",
            )


@torch.no_grad()
def kind_of(model):
    """What a suspect of the notebook is, by its logits alone: no suspect carries a label."""
    tokens = torch.tensor([2, 5, 1, 0, 6, 3, 4, 1])
    later, earlier = tokens.clone(), tokens.clone()
    later[-1], earlier[:-1] = 6, tokens[:-1].roll(3)
    alone = model(tokens[None])[0]
    beside = model(torch.stack([tokens, tokens.flip(0)]))[0]
    if (alone - beside).abs().max() > 1e-3:
        return "mixes_batch"
    if (alone - model(later[None])[0])[:-1].abs().max() > 1e-3:
        return "next"
    moved = (alone - model(earlier[None])[0])[-1].abs().max()
    return "no_positions" if moved < 1e-4 else "clean"


def true_kinds():
    suspects = language.line_up(d_vocab=7, n_ctx=8, seed=101)
    return {letter: kind_of(model) for letter, model in suspects.items()}


def checked_diagnosis(submission):
    """The learner's answer, a dict from each letter to one of the kinds."""
    got = submission.diagnose()
    if not isinstance(got, dict):
        compare.fail(
            f"diagnose came back as {compare.type_name(got)}; "
            'a dict {"A": kind, "B": kind, "C": kind, "D": kind} is expected.'
        )
    missing = [letter for letter in "ABCD" if letter not in got]
    if missing:
        compare.fail(f"diagnose says nothing about {', '.join(missing)}.")
    extra = [str(key) for key in got if key not in tuple("ABCD")]
    if extra:
        compare.fail(f"diagnose names {', '.join(extra)}; the suspects are A, B, C and D.")
    unknown = [f"{letter}: {kind!r}" for letter, kind in got.items() if kind not in KINDS]
    if unknown:
        compare.fail(f"unknown kinds ({', '.join(unknown)}); the kinds are {', '.join(KINDS)}.")
    return got


def check_diagnosis(submission, kinds, hint):
    """The suspects of these kinds, and no others, carry their names."""
    got = checked_diagnosis(submission)
    wanted = {letter: kind for letter, kind in true_kinds().items() if kind in kinds}
    named = {letter: kind for letter, kind in got.items() if kind in kinds}
    if named != wanted:
        compare.fail(
            f"diagnose names {sorted(named)} for {', '.join(kinds)}, which is not borne out.",
            hint=hint,
        )


@pytest.mark.exercise("diagnose")
class TestDiagnose:
    @pytest.mark.visible
    def test_every_suspect_has_a_kind_and_every_kind_occurs_once(self, submission):
        got = checked_diagnosis(submission)
        repeated = sorted({kind for kind in got.values() if list(got.values()).count(kind) > 1})
        if repeated:
            compare.fail(f"diagnose names {', '.join(repeated)} more than once; each occurs once.")

    def test_the_suspect_that_sees_the_next_token_is_named(self, submission):
        check_diagnosis(
            submission,
            ("next",),
            "change the last token alone, in a batch of one: who moves before it?",
        )

    def test_the_suspect_that_mixes_its_batch_is_named(self, submission):
        check_diagnosis(
            submission,
            ("mixes_batch",),
            "run the sequence alone and beside another one: who moves?",
        )

    def test_the_one_without_order_and_the_clean_one_are_told_apart(self, submission):
        kinds = ("clean", "no_positions")
        check_diagnosis(
            submission, kinds, "shuffle all tokens but the last: whose last logits stay?"
        )
