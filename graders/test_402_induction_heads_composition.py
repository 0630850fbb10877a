"""Graders of 402, part 6: the matrix of composition through keys.

Oracle: the hand-written induction model, in which exactly one pair composes, and a loop.
"""

import pytest
import torch

from firsthand import compare
from firsthand.kit import hooked


def planted(submission, generator, *, n_layers=2):
    """A hand-written model on the submission's side, its pair of heads and its sizes."""
    n_heads = int(torch.randint(3, 5, (), generator=generator))
    sender, receiver = torch.randint(0, n_heads, (2,), generator=generator).tolist()
    model = submission.public("firsthand.kit.planted.induction:induction")(
        previous_head=(0, sender), induction_head=(1, receiver), n_layers=n_layers,
        n_heads=n_heads, d_vocab=27, n_ctx=19, seed=sender + 5 * receiver,
    )  # fmt: skip
    return model, sender, receiver, n_heads


def repeated_rows(generator, n, segment, repeats, low, high):
    """Rows of a start token and a segment of different tokens from low to high - 1, repeated."""
    draws = torch.rand(n, high - low, generator=generator).argsort(1)[:, :segment] + low
    return torch.cat([torch.zeros(n, 1, dtype=torch.long), draws.repeat(1, repeats)], 1)


def drop_by_loop(clean):
    """Drop when the induction head attends uniformly instead of to the matches."""
    drops = []
    for row in clean.tolist():
        for q in range(len(row)):
            copies = [j for j in range(q) if row[j] == row[q]]
            if copies:
                drops.append(1 - len(copies) / (q + 1))
    return sum(drops) / len(drops)


@pytest.mark.exercise("kcomp_matrix")
class TestKcompMatrix:
    @pytest.mark.visible
    def test_one_pair_composes_in_the_worked_example(self, submission):
        model = submission.public("firsthand.kit.planted.induction:induction")(
            previous_head=(0, 1), induction_head=(1, 2), n_layers=2, n_heads=3, d_vocab=9, n_ctx=8
        )
        clean, corrupt = torch.tensor([[0, 1, 2, 1, 2]]), torch.tensor([[0, 3, 4, 3, 4]])
        expected = torch.zeros(3, 3)
        expected[1, 2] = 0.775
        got = submission.kcomp_matrix(model, clean, corrupt)
        hint = "clean score minus patched score, sender in the rows, on the clean tokens"
        compare.close(got.detach(), expected, atol=1e-4, what="kcomp_matrix", hint=hint)

    @pytest.mark.weight(3)
    def test_exactly_the_planted_pair_composes(self, submission, generator):
        for repeats in (2, 3, 2):
            model, sender, receiver, n_heads = planted(submission, generator)
            clean = repeated_rows(generator, 3, 6, repeats, 1, 14)
            corrupt = repeated_rows(generator, 3, 6, repeats, 14, 27)
            expected = torch.zeros(n_heads, n_heads)
            expected[sender, receiver] = drop_by_loop(clean)
            known = {"drop = clean score minus patched score": -expected}
            if sender != receiver:
                known["rows are senders, columns receivers"] = expected.T
            everywhere = torch.zeros(n_heads, n_heads)
            everywhere[:, receiver] = expected[sender, receiver]
            known["patch one sender at a time"] = everywhere
            with compare.unchanged(clean=clean, corrupt=corrupt):
                got = submission.kcomp_matrix(model, clean, corrupt)
            compare.shape(got, (n_heads, n_heads), what="kcomp_matrix")
            compare.close(
                got.detach(),
                expected,
                atol=1e-4,
                what="kcomp_matrix of a model with one composing pair",
                hint="prefix_matching_score of the receiver, clean minus patched, on the clean "
                "tokens: score where induction is possible",
                known=known,
            )

    def test_trained_like_weights_give_the_difference_of_scores(self, submission, generator):
        for n_layers in (2, 3):
            size = {"n_layers": n_layers, "d_model": 13, "n_heads": 3, "d_head": 6, "d_vocab": 17,
                    "n_ctx": 11, "attn_only": True}  # fmt: skip
            state = {
                name: 0.6 * torch.randn(value.shape, generator=generator)
                for name, value in hooked.build(**size).state_dict().items()
            }
            model = submission.public("firsthand.kit.hooked:build")(**size)
            model.load_state_dict(state)
            clean, corrupt = (repeated_rows(generator, 2, 4, 2, 1, 17) for _ in range(2))
            expected = self.differences(state, size, clean, corrupt)
            compare.close(
                submission.kcomp_matrix(model, clean, corrupt).detach(),
                expected,
                rtol=1e-3,
                atol=1e-5,
                what="kcomp_matrix of a model with random weights",
                hint="clean score minus patched score, sender in the rows, on the clean tokens",
                known={
                    "drop = clean score minus patched score": -expected,
                    "rows are senders, columns receivers": expected.T,
                    "start from the clean run: clean and corrupt are exchanged": self.differences(
                        state, size, corrupt, clean
                    ),
                },
            )

    @staticmethod
    def differences(state, size, clean, corrupt):
        """The matrix by a model of the test: keys of layer 1 recomputed from shifted streams."""
        model = hooked.build(**size)
        model.load_state_dict(state)
        with torch.no_grad():
            cache, other = (model.run_with_cache(tokens)[1] for tokens in (clean, corrupt))
        attn, mask = model.blocks[1].attn, torch.ones(clean.shape[1], clean.shape[1]).triu(1).bool()
        drop = torch.zeros(size["n_heads"], size["n_heads"])
        for i in range(size["n_heads"]):
            write = model.blocks[0].attn.W_O[i]
            z = other["blocks.0.attn.hook_z"][:, :, i] - cache["blocks.0.attn.hook_z"][:, :, i]
            stream = cache["blocks.1.hook_resid_pre"] + z @ write
            read = torch.nn.functional.layer_norm(
                stream, (size["d_model"],), model.blocks[1].ln1.w, model.blocks[1].ln1.b, 1e-5
            )
            for j in range(size["n_heads"]):
                key = read @ attn.W_K[j] + attn.b_K[j]
                scores = cache["blocks.1.attn.hook_q"][:, :, j] @ key.transpose(1, 2)
                scores = (scores / size["d_head"] ** 0.5).masked_fill(mask, -torch.inf)
                clean_pattern = cache["blocks.1.attn.hook_pattern"][:, j]
                gap = (clean_pattern - scores.softmax(-1)).detach()
                drop[i, j] = landing(gap, clean)
        return drop

    def test_equal_batches_and_unrelated_layers_give_zeros(self, submission, generator):
        for n_layers in (2, 3):
            model, _, _, n_heads = planted(submission, generator, n_layers=n_layers)
            clean = repeated_rows(generator, 2, 5, 2, 1, 27)
            compare.close(
                submission.kcomp_matrix(model, clean, clean).detach(),
                torch.zeros(n_heads, n_heads),
                atol=1e-5,
                what="kcomp_matrix when clean and corrupt are equal",
                hint="clean score minus patched score: nothing was changed here",
            )

    def test_no_hook_is_left(self, submission, generator):
        model, _, _, _ = planted(submission, generator)
        clean, corrupt = (repeated_rows(generator, 1, 4, 2, 1, 27) for _ in range(2))
        submission.kcomp_matrix(model, clean, corrupt)
        left = submission.public("firsthand.kit.hooked:hook_count")(model)
        if left:
            compare.fail(
                f"{left} hooks are still attached to the model after kcomp_matrix.",
                hint="remove hooks in `finally`, or use `with model.hooks(...)`",
                recognised=True,
            )


def landing(pattern, tokens):
    """Mean attention that lands after earlier copies, by loops; pattern [b p p]."""
    total, queries = 0.0, 0
    for b, row in enumerate(tokens.tolist()):
        for q in range(len(row)):
            copies = [j for j in range(q) if row[j] == row[q]]
            queries += bool(copies)
            total += sum(float(pattern[b, q, j + 1]) for j in copies)
    return total / queries
