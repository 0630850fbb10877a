"""Language models whose behaviour is known because it was written, not trained.

All are modules that map tokens [b p] to logits [b p v] and know their longest context, `n_ctx`.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

LEAKS = ("next", "first", "batch_norm", "token", "reverse")
KINDS = ("clean", *LEAKS, "no_positions", "mixes_batch")


class BigramModel(nn.Module):
    """A transformer without attention: W_E the identity, W_U the log table. See `bigram_model`."""

    def __init__(self, table: Tensor, *, n_ctx: int) -> None:
        super().__init__()
        self.n_ctx = n_ctx
        self.register_buffer("log_table", table.log())

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits [b p v] whose softmax at position i is the table's row of token i."""
        _check_length(tokens, self.n_ctx)
        return self.log_table[tokens]


def bigram_model(table: Tensor, *, n_ctx: int = 8) -> BigramModel:
    """The model that continues token t with token u with probability table[t, u].

    table: [v v], rows sum to 1. The logits are log probabilities; a zero gives -inf.
    Raises ValueError if a row does not sum to 1 or has a negative entry.
    """
    sums = table.sum(-1)
    if bool((table < 0).any()) or not torch.allclose(sums, torch.ones_like(sums), atol=1e-5):
        raise ValueError(f"rows of the table must be probabilities; they sum to {sums.tolist()}")
    return BigramModel(table, n_ctx=n_ctx)


class RunningSumModel(nn.Module):
    """A causal model that can be followed by hand. See `running_sum_model`."""

    def __init__(self, d_vocab: int, *, n_ctx: int) -> None:
        super().__init__()
        self.n_ctx = n_ctx
        self.register_buffer("size", torch.arange(d_vocab, dtype=torch.float32))

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits [b p v]: at position i, c times the sum of tokens 0 to i."""
        _check_length(tokens, self.n_ctx)
        return tokens.cumsum(1)[..., None] * self.size


def running_sum_model(d_vocab: int, *, n_ctx: int = 8) -> RunningSumModel:
    """The model whose logit of token c is c times the sum of the tokens so far."""
    return RunningSumModel(d_vocab, n_ctx=n_ctx)


Reader = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""(tokens [b p], their vectors [b p d], those of the past [b p d], places [p d]) -> stream."""


class LeakyModel(nn.Module):
    """A model that may carry a planted fault, and does not say which. See `leaky_model`."""

    def __init__(
        self, read: Reader, *, d_vocab: int, n_ctx: int, d_model: int, dropout: float
    ) -> None:
        super().__init__()
        self.n_ctx = n_ctx
        self._read = read
        self.W_E = nn.Parameter(torch.empty(d_vocab, d_model))
        self.W_past = nn.Parameter(torch.empty(d_vocab, d_model))
        self.W_pos = nn.Parameter(torch.empty(n_ctx, d_model))
        self.W_U = nn.Parameter(torch.empty(d_model, d_vocab))
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits [b p v] from the token, a fading sum of the past, and what the fault lets in."""
        _check_length(tokens, self.n_ctx)
        places = self.W_pos[: tokens.shape[1]]
        stream = self._read(tokens, self.W_E[tokens], self.W_past[tokens], places)
        return self.dropout(torch.tanh(stream)) @ self.W_U


def _reader(kind: str, *, strength: float, trigger: int) -> Reader:
    """How a model of this kind reads its tokens.

    Unnamed functions, so that a model whose kind is asked for in an exercise does not print it.
    """
    if kind == "no_positions":
        return lambda tokens, own, past, places: own + _mean_of_past(past)
    faults: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
        "clean": lambda tokens, own: torch.zeros_like(own),
        "next": lambda tokens, own: _ahead(own),
        "first": lambda tokens, own: _later_at_first(own),
        "batch_norm": lambda tokens, own: _standardised(own, dim=1),
        "token": lambda tokens, own: _ahead(own * (tokens == trigger)[..., None]),
        "reverse": lambda tokens, own: own.flip(1),
        "mixes_batch": lambda tokens, own: own.mean(0, keepdim=True).expand_as(own),
    }
    fault = faults[kind]
    return lambda tokens, own, past, places: (
        own + _fading_past(past) + places + strength * fault(tokens, own)
    )


def _distances(past: Tensor) -> Tensor:
    """[p p]: how far the token of a column lies before the position of a row."""
    place = torch.arange(past.shape[1])
    return place[:, None] - place[None, :]


def _fading_past(past: Tensor) -> Tensor:
    """Earlier tokens, each 0.7 times as strong as the one after it."""
    distance = _distances(past)
    weight = torch.where(distance > 0, 0.7 ** distance.clamp(min=0), 0.0)
    return torch.einsum("qk,bkd->bqd", weight.to(past), past)


def _mean_of_past(past: Tensor) -> Tensor:
    """Mean of the earlier tokens, in which their order is lost."""
    earlier = (_distances(past) > 0).to(past)
    return torch.einsum("qk,bkd->bqd", earlier, past) / earlier.sum(1).clamp(min=1)[:, None]


def _ahead(own: Tensor) -> Tensor:
    """At each position the vector of the next one, and 0 at the last."""
    return torch.cat([own[:, 1:], torch.zeros_like(own[:, :1])], dim=1)


def _later_at_first(own: Tensor) -> Tensor:
    """At position 0 the sum of all later vectors, and 0 elsewhere."""
    return torch.cat([own[:, 1:].sum(1, keepdim=True), torch.zeros_like(own[:, 1:])], dim=1)


def _standardised(own: Tensor, *, dim: int) -> Tensor:
    """Mean 0 and variance 1 over one axis."""
    variance = own.var(dim, keepdim=True, unbiased=False)
    return (own - own.mean(dim, keepdim=True)) / (variance + 1e-3).sqrt()


def leaky_model(
    kind: str,
    *,
    d_vocab: int,
    n_ctx: int,
    seed: int,
    d_model: int = 12,
    strength: float = 0.5,
    trigger: int = 0,
    dropout: float = 0.0,
) -> LeakyModel:
    """A small random model with the fault that `kind` names, in float32 and in training mode.

    clean          position i depends on tokens 0 to i and on i
    next           position i also sees token i + 1
    first          position 0 sees every later token; all other positions are clean
    batch_norm     statistics over positions: every position sees every token
    token          position i sees token i + 1 only when that token is `trigger`
    reverse        position i sees token p - 1 - i
    no_positions   causal, but the past is a bag: shuffling earlier tokens changes nothing
    mixes_batch    causal in each row, but a row also depends on the other rows of the batch

    strength: size of the fault. dropout: active in training mode only.
    Raises ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind {kind!r}; the kinds are {', '.join(KINDS)}")
    read = _reader(kind, strength=strength, trigger=trigger)
    model = LeakyModel(read, d_vocab=d_vocab, n_ctx=n_ctx, d_model=d_model, dropout=dropout)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0.0, 1.0, generator=generator)
    return model


SUSPECTS = ("clean", "next", "no_positions", "mixes_batch")


def line_up(*, d_vocab: int, n_ctx: int, seed: int) -> dict[str, LeakyModel]:
    """Suspects A to D in evaluation mode, one of each kind, in an order drawn from `seed`.

    Which is which can be found out by measuring them only: they carry no label.
    """
    order = torch.randperm(len(SUSPECTS), generator=torch.Generator().manual_seed(seed)).tolist()
    return {
        letter: leaky_model(
            SUSPECTS[place], d_vocab=d_vocab, n_ctx=n_ctx, seed=seed + place, strength=1.0
        ).eval()
        for letter, place in zip("ABCD", order, strict=True)
    }


class Recorder(nn.Module):
    """A model that remembers its calls: tokens in `inputs`, gradient mode in `graphs`."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.n_ctx = getattr(model, "n_ctx", None) or model.cfg.n_ctx
        self.inputs: list[Tensor] = []
        self.graphs: list[bool] = []

    def forward(self, tokens: Tensor) -> Tensor:
        """The logits of the wrapped model."""
        self.inputs.append(tokens.detach().clone())
        self.graphs.append(torch.is_grad_enabled())
        return self.model(tokens)


def recorder(model: nn.Module) -> Recorder:
    """Wrap a model so that the batches it saw can be looked at afterwards."""
    return Recorder(model)


def _check_length(tokens: Tensor, n_ctx: int) -> None:
    if tokens.shape[-1] > n_ctx:
        raise ValueError(
            f"{tokens.shape[-1]} tokens in a row, but the model has n_ctx = {n_ctx}; pass fewer"
        )
