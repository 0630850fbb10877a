"""The task of the induction-heads unit."""

import torch

from firsthand.kit import repetition


def test_rows_are_new_early_and_repeat_late():
    rows = repetition.draw(300, torch.Generator().manual_seed(0))
    assert rows.tokens.shape == (300, repetition.LENGTH)
    assert set(rows.period.tolist()) == set(range(8, 33))
    columns = torch.arange(1, 64)  # column i of a loss predicts token i + 1
    repeated = columns > rows.period[:, None]
    assert not repeated[:, repetition.EARLY].any() and repeated[:, repetition.LATE].all()


def test_a_constant_period_can_be_asked_for():
    rows = repetition.draw(4, torch.Generator().manual_seed(0), periods=(31, 31))
    assert rows.period.tolist() == [31] * 4


def test_an_untrained_model_knows_nothing():
    model = repetition.new_model(2, 0)
    tokens = repetition.draw(64, torch.Generator().manual_seed(1)).tokens
    loss = repetition.next_token_loss(model, tokens).item()
    assert abs(loss - 4.17) < 0.05
    again = repetition.new_model(2, 0).state_dict()
    assert all(torch.equal(value, again[name]) for name, value in model.state_dict().items())


def test_the_previous_token_score_is_the_mean_of_the_line_below_the_diagonal():
    pattern = torch.rand(2, 3, 5, 5).tril()
    line = torch.stack([pattern[:, :, q, q - 1] for q in range(1, 5)])
    torch.testing.assert_close(repetition.previous_token_score(pattern), line.mean((0, 1)))


def test_smeared_keys_go_through_the_given_function_and_alpha_is_trained():
    seen = []

    def smear(key, alpha):
        seen.append(tuple(key.shape))
        return key * alpha.exp()[:, None]

    model = repetition.SmearedModel(0, smear)
    tokens = repetition.draw(2, torch.Generator().manual_seed(1)).tokens
    repetition.next_token_loss(model, tokens).backward()
    assert model.alpha.grad is not None and model.alpha.grad.abs().sum() > 0
    name = "blocks.0.attn.hook_k"
    with torch.no_grad():
        model.alpha.fill_(1.0)
        plain = model.model.run_with_cache(tokens, name)[1][name]
        changed = model.run_with_cache(tokens, name)[1][name]
    torch.testing.assert_close(changed, plain * torch.e)
    assert seen[0] == (2, 64, 4, 16) and not model.model.hook_points[name].functions
