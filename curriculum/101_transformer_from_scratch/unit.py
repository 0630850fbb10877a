# %% [markdown]
# # A transformer from scratch
#
# After this unit you can write a decoder-only transformer without one library layer, load trained weights into it,
# prove that it cannot see the future, train it and sample from it.
#
# **The claim.** A stack of attention and feed-forward layers, each adding to a shared residual stream, is a complete
# language model: Vaswani et al. 2017, section 3, in the decoder-only form of GPT-2 (`src/model.py` of its public
# code). If the causal mask is right, such a model can learn to predict the second half of a sequence that is followed
# by its own reverse, and can learn nothing about the first half. That is the check that chapter 1 of Hilton's deep
# learning curriculum suggests, because a wrong mask is easy to write and hard to see.
#
# **What we shrank.** GPT-2 has 12 layers of width 768 and 1,024 positions. Yours has one or two layers of width 64
# and at most 64 positions. What this unit claims (no weight on the future, equal logits, the two-halves bound) is
# exact at any size.
#
# **Before you start.** PyTorch tensors, broadcasting, `nn.Module`, what a gradient is. About six hours, a quarter of
# them for reading and looking: 15 exercises, 14 of them graded by tests (72 points) and one by a person (6 points).
# Everything runs on one CPU core; the longest cell takes half a minute on an idle one and two minutes on a busy one.
#
# Stuck? `hint("embed")` in a cell of your own gives the first of an exercise's three hints, and then the next.
#
# Each exercise has visible tests, which your notebook runs, and hidden tests, which grade you. The hidden ones draw
# sizes and numbers at random and switch the library's own version of what you write off.
#
# A cell that begins with `if ready(...)` is skipped until the exercises in the brackets are written. It uses what
# earlier cells of this kind have made, so after you change a solution run those cells again, from the top.
#
# Axis names used everywhere: `b` batch, `p` position, `h` head, `d` model width, `e` head width, `f` MLP width, `v`
# vocabulary, `c` longest context. In a formula $b$ is also a bias, $v$ a value vector and $p$ a probability. Tokens,
# positions and layers count from 0, everywhere.

# %% name="setup"
import math

import torch
import torch.nn.functional as F
from einops import einsum, rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn

from firsthand import check, hint, ready, solution, use_unit
from firsthand.kit import checkpoints, data, hooked, plots, reversal
from firsthand.kit.parameters import Weights, randomise
from firsthand.kit.planted.language import bigram_model, leaky_model, line_up, running_sum_model
from firsthand.kit.rng import generator

use_unit("101_transformer_from_scratch")

# %% [markdown]
# ## 1. The residual stream
#
# A transformer keeps one vector of width `d` for each position: the *residual stream*. The embedding writes its first
# value, every layer reads it and adds something, the unembedding reads the last value. Nothing is ever overwritten.
#
# Parameters are declared for you throughout, under the names of TransformerLens (`W_E`, `blocks.0.attn.W_Q`, ...), so
# that later units can look inside the same model. You write what is computed from them. `Weights(w=(64,), b=(64,))`,
# from the course's kit, is a module that holds these two parameters and does nothing. A gain called `w` starts at 1,
# everything else at 0, the matrices too: a new model computes nothing until `randomise` fills what is called `W_...`
# with small normal draws, or weights are loaded.

# %% [markdown]
# ### embed
#
# The model cannot use a token's number, only a vector that stands for it. Row $t$ of $W_E$ is the vector of token
# $t$. Since attention itself is blind to order, a second table says where the token stands: row $i$ of $W_{pos}$
# belongs to position $i$, counted from 0, the same in every row of the batch. The first value of the stream is the
# sum of both:
#
# $$x_{i} = W_E[t_i] + W_{pos}[i].$$
#
# The 2017 paper multiplies the token vector by $\sqrt d$ first. GPT-2 does not, and neither do you.

# %% exercise="embed"
def embed(tokens: Int[Tensor, "b p"], W_E: Float[Tensor, "v d"], W_pos: Float[Tensor, "c d"]) -> Float[Tensor, "b p d"]:
    """Token vector plus position vector.

    tokens: int64, in 0..v-1; p is at most c, and v may be larger or smaller than c. Both tables have one dtype, which
    the result keeps. Gradients reach both tables.

    >>> W_E = torch.tensor([[1., 0.], [0., 2.], [5., 5.]])
    >>> W_pos = torch.tensor([[10., 10.], [20., 20.], [30., 30.]])
    >>> embed(torch.tensor([[2, 0]]), W_E, W_pos)
    tensor([[[15., 15.],
             [21., 20.]]])
    """
    ### BEGIN SOLUTION
    return W_E[tokens] + W_pos[: tokens.shape[1]]
    ### END SOLUTION

# %% [markdown]
# ### layer_norm
#
# Layers add to the stream for as long as the model is deep, so its size drifts. Each layer therefore reads it through
# a norm. For one position's vector $x \in \mathbb{R}^d$, with mean $\mu$ and variance
# $\sigma^2 = \frac1d\sum_k (x_k-\mu)^2$,
#
# $$\mathrm{LN}(x) = \frac{x-\mu}{\sqrt{\sigma^2+\epsilon}} \odot w + b.$$
#
# Three things go wrong in practice: the variance of statistics textbooks (divided by $d-1$), which is hardly wrong
# for large $d$; an $\epsilon$ in the wrong place, which is hardly wrong while $\sigma$ is near 1; and a forgotten gain
# or bias, which cannot be seen before training moves them from 1 and 0. So the hidden tests use small $d$ and draw
# $w$, $b$ and $\epsilon$ at random.

# %% exercise="layer_norm"
def layer_norm(x: Float[Tensor, "b p d"], w: Float[Tensor, "d"], b: Float[Tensor, "d"], eps: float) -> Float[Tensor, "b p d"]:
    """Normalise each position's vector on its own, then apply gain w and bias b.

    The variance is the biased one (divide by d). x, w and b share one dtype, which the result keeps; gradients reach
    all three. Call none of torch's normalisations (layer, group, instance, batch or RMS norm), in any form.
    Source: GPT-2, src/model.py, `norm`.

    >>> x = torch.tensor([[[1., 3.]]])                  # mean 2, variance 1
    >>> layer_norm(x, torch.tensor([2., 4.]), torch.tensor([0., 1.]), eps=3.0)
    tensor([[[-1.,  3.]]])
    """
    ### BEGIN SOLUTION
    centred = x - x.mean(dim=-1, keepdim=True)
    variance = centred.pow(2).mean(dim=-1, keepdim=True)
    return centred / (variance + eps).sqrt() * w + b
    ### END SOLUTION

# %% [markdown]
# ## 2. Attention
#
# Attention is the only place where positions exchange information. Everything that must not leak has to be stopped
# here.

# %% [markdown]
# ### causal_mask
#
# A score $s_{ij}$ says how much query $i$ wants to read from key $j$. A language model predicts token $i+1$ at
# position $i$, so position $i$ may read positions $0..i$ and no other. You make the rest unreadable *before* the
# softmax: what is masked there gets probability exactly 0, and the remaining probabilities still sum to one.
#
# Choose a value that survives hard cases: scores can be as low as $-10^5$ in float32 and $-6\cdot10^4$ in float16,
# and a mask that is merely "quite negative" would lose against them. Both $-\infty$ and the lowest number of the dtype
# will do.

# %% exercise="causal_mask"
def causal_mask(scores: Float[Tensor, "b h p p"]) -> Float[Tensor, "b h p p"]:
    """A copy of the scores (rows are queries, columns keys) in which no query sees a later key.

    After a softmax over the last axis, entries above the diagonal are exactly 0 and nothing is NaN. Entries on and
    below the diagonal keep their value bit for bit and their gradient; they are finite. dtype (float16, float32 or
    float64) and device are kept, the argument is not changed.

    >>> causal_mask(torch.zeros(1, 1, 3, 3)).softmax(-1)[0, 0]
    tensor([[1.0000, 0.0000, 0.0000],
            [0.5000, 0.5000, 0.0000],
            [0.3333, 0.3333, 0.3333]])
    """
    ### BEGIN SOLUTION
    n = scores.shape[-1]
    future = torch.ones(n, n, dtype=torch.bool, device=scores.device).triu(diagonal=1)
    return scores.masked_fill(future, -torch.inf)
    ### END SOLUTION

# %% [markdown]
# ### attention_pattern
#
# Equation 1 of Vaswani et al. 2017 (section 3.2.1) is
#
# $$\mathrm{Attention}(Q,K,V) = \mathrm{softmax}\!\left(\frac{QK^\top}{\sqrt{d_k}}\right)V .$$
#
# The softmax factor is the *pattern*: one matrix for each head, row $i$ a probability distribution over the positions
# that query $i$ may read. The division by the root of the head's width keeps scores of order one: a sum of $d_k$
# products of independent unit variables has variance $d_k$. Here $d_k$ is `e`, the width of one head, and not the
# width of the model.

# %% exercise="attention_pattern"
def attention_pattern(q: Float[Tensor, "b p h e"], k: Float[Tensor, "b p h e"]) -> Float[Tensor, "b h p p"]:
    """Causal attention weights of every head: scaled scores, masked, softmaxed over keys.

    Row i of each [p p] matrix is a distribution over positions 0..i. Finite for scores of size 1e3 and more.
    q and k share one dtype (float32 or float64), which is kept; gradients reach both. Do not call torch's own
    attention, fused or not.
    Source: Vaswani et al. 2017, eq. 1 (the softmax factor), masked in the causal shape of GPT-2's `attention_mask`.

    >>> q = math.log(3) / 2 * torch.ones(1, 2, 1, 4)
    >>> k = torch.tensor([0., 1.])[None, :, None, None] * torch.ones(1, 2, 1, 4)
    >>> attention_pattern(q, k)[0, 0]                   # scores of row 1: 0 and ln 3
    tensor([[1.0000, 0.0000],
            [0.2500, 0.7500]])
    """
    ### BEGIN SOLUTION
    scores = einsum(q, k, "b q h e, b k h e -> b h q k") / math.sqrt(q.shape[-1])
    return causal_mask(scores).softmax(dim=-1)
    ### END SOLUTION

# %% [markdown]
# ### Attention
#
# Each head has matrices and biases of its own:
#
# $$q^h_i = x_i W_Q^h + b_Q^h,\quad k^h_i = x_i W_K^h + b_K^h,\quad v^h_i = x_i W_V^h + b_V^h,$$
# $$z^h_i = \sum_{j\le i} A^h_{ij}\, v^h_j,\qquad \mathrm{out}_i = b_O + \sum_h z^h_i W_O^h .$$
#
# The 2017 paper concatenates the heads and multiplies by one big matrix. A sum over heads of small matrices is the
# same thing, and it shows what later units rest on: heads write into the stream independently of each other, so you
# can remove one and see what is missing.
#
# `h * e` need not equal `d`. The module normalises nothing; the block around it does that.

# %% exercise="Attention"
class Attention(Weights):
    """Multi-head causal self-attention, x: [b p d] -> [b p d].

    Parameters: W_Q, W_K, W_V [h d e]; b_Q, b_K, b_V [h e]; W_O [h e d]; b_O [d].
    With all weights 0 the output is b_O at every position. Gradients reach x and the parameters. Build it on
    `attention_pattern`; call neither torch's own attention nor that of the course's kit.
    """

    def __init__(self, *, d_model: int, n_heads: int, d_head: int):
        into, bias = (n_heads, d_model, d_head), (n_heads, d_head)
        super().__init__(
            W_Q=into, W_K=into, W_V=into, b_Q=bias, b_K=bias, b_V=bias, W_O=(n_heads, d_head, d_model), b_O=(d_model,)
        )

    def forward(self, x: Float[Tensor, "b p d"]) -> Float[Tensor, "b p d"]:
        """Queries, keys and values for each head; values mixed by the pattern; projected back and summed over heads."""
        ### BEGIN SOLUTION
        q = einsum(x, self.W_Q, "b p d, h d e -> b p h e") + self.b_Q
        k = einsum(x, self.W_K, "b p d, h d e -> b p h e") + self.b_K
        v = einsum(x, self.W_V, "b p d, h d e -> b p h e") + self.b_V
        z = einsum(attention_pattern(q, k), v, "b h q k, b k h e -> b q h e")
        return einsum(z, self.W_O, "b p h e, h e d -> b p d") + self.b_O
        ### END SOLUTION

# %% [markdown]
# ## 3. The block

# %% [markdown]
# ### gelu_mlp
#
# The second half of a block acts on each position alone: a linear map to width `f`, a smooth bend, a linear map back.
# GPT-2 bends with the tanh form of GELU,
#
# $$g(x) = \tfrac12 x\left(1+\tanh\!\left(\sqrt{2/\pi}\,(x + 0.044715\,x^3)\right)\right),$$
#
# which differs from the exact $x\,\Phi(x)$ by up to $4.7\cdot10^{-4}$: too little to notice in training, enough to
# break equality of logits with a checkpoint. Write the formula and do not call PyTorch's GELU.

# %% exercise="gelu_mlp"
def gelu_mlp(
    x: Float[Tensor, "b p d"],
    W_in: Float[Tensor, "d f"], b_in: Float[Tensor, "f"], W_out: Float[Tensor, "f d"], b_out: Float[Tensor, "d"],
) -> Float[Tensor, "b p d"]:
    """Linear, tanh GELU, linear, at each position alone.

    All arguments share one dtype, which is kept; gradients reach every one of them.

    Source: GPT-2, src/model.py, `mlp` and `gelu`.

    >>> one = torch.ones(1, 1)
    >>> gelu_mlp(one[None], one, torch.zeros(1), 2 * one, 3 * torch.ones(1))    # g(1) = 0.8412
    tensor([[[4.6824]]])
    """
    ### BEGIN SOLUTION
    hidden = x @ W_in + b_in
    inner = math.sqrt(2 / math.pi) * (hidden + 0.044715 * hidden**3)
    return 0.5 * hidden * (1 + torch.tanh(inner)) @ W_out + b_out
    ### END SOLUTION

# %% name="ln_eps"
LN_EPS = 1e-5       # GPT-2's epsilon, in every norm of the model

# %% [markdown]
# ### TransformerBlock
#
# One block, in GPT-2's "pre-norm" order. Both layers read through a norm of their own and *add* to the stream:
#
# $$m = x + \mathrm{Attn}(\mathrm{LN}_1(x)),\qquad \mathrm{out} = m + \mathrm{MLP}(\mathrm{LN}_2(m)).$$
#
# The 2017 paper normalises after the addition instead. Then the stream itself is rescaled in every layer and there is
# no path on which the embedding arrives at the end unchanged. In pre-norm order there is one, and you can test for
# it: a block that writes nothing is exactly the identity.

# %% exercise="TransformerBlock"
class TransformerBlock(nn.Module):
    """Pre-norm block, resid: [b p d] -> [b p d], with LN_EPS in both norms.

    Parameters: ln1.w, ln1.b, ln2.w, ln2.b [d]; attn.*, as in Attention;
    mlp.W_in [d f], mlp.b_in [f], mlp.W_out [f d], mlp.b_out [d].
    With attn.W_O, attn.b_O, mlp.W_out and mlp.b_out all 0 the block returns its input exactly. Gradients reach the
    stream and the parameters. Use your own functions, not torch's layers and not those of the course's kit.
    """

    def __init__(self, *, d_model: int, n_heads: int, d_head: int, d_mlp: int):
        super().__init__()
        self.ln1 = Weights(w=(d_model,), b=(d_model,))
        self.attn = Attention(d_model=d_model, n_heads=n_heads, d_head=d_head)
        self.ln2 = Weights(w=(d_model,), b=(d_model,))
        self.mlp = Weights(W_in=(d_model, d_mlp), b_in=(d_mlp,), W_out=(d_mlp, d_model), b_out=(d_model,))

    def forward(self, resid: Float[Tensor, "b p d"]) -> Float[Tensor, "b p d"]:
        """The stream after attention and MLP have added to it. The argument is not changed."""
        ### BEGIN SOLUTION
        mid = resid + self.attn(layer_norm(resid, self.ln1.w, self.ln1.b, LN_EPS))
        read = layer_norm(mid, self.ln2.w, self.ln2.b, LN_EPS)
        return mid + gelu_mlp(read, self.mlp.W_in, self.mlp.b_in, self.mlp.W_out, self.mlp.b_out)
        ### END SOLUTION

# %% [markdown]
# ## 4. The model

# %% [markdown]
# ### Transformer
#
# Embed, run the blocks in order, normalise once more, unembed: $\mathrm{logits} = \mathrm{LN}_f(x)\,W_U + b_U$. The
# result is logits, not probabilities.
#
# GPT-2 ties $W_U$ to $W_E^\top$ and has no $b_U$. This model keeps them apart, like the checkpoint that ships with
# the course: a two-layer character model, `char_2l`, trained on the beginning of the King James Bible. When your
# logits equal its logits, every convention above is right at once.

# %% exercise="Transformer"
class Transformer(nn.Module):
    """A decoder-only language model, tokens: [b p] -> logits: [b p v], for p from 1 to n_ctx.

    Parameters: embed.W_E [v d], pos_embed.W_pos [c d], blocks.i.* as in TransformerBlock, ln_final.w and
    ln_final.b [d], unembed.W_U [d v], unembed.b_U [v]. n_layers may be 0. The final norm uses LN_EPS.
    With all weights 0 the logits are b_U at every position. Gradients reach the parameters. Use your own functions,
    not torch's layers and not those of the course's kit.
    """

    def __init__(
        self, *, n_layers: int, d_model: int, n_heads: int, d_head: int, d_mlp: int, d_vocab: int, n_ctx: int
    ):
        super().__init__()
        self.n_ctx = n_ctx
        self.embed = Weights(W_E=(d_vocab, d_model))
        self.pos_embed = Weights(W_pos=(n_ctx, d_model))
        self.blocks = nn.ModuleList(
            TransformerBlock(d_model=d_model, n_heads=n_heads, d_head=d_head, d_mlp=d_mlp) for _ in range(n_layers)
        )
        self.ln_final = Weights(w=(d_model,), b=(d_model,))
        self.unembed = Weights(W_U=(d_model, d_vocab), b_U=(d_vocab,))

    def forward(self, tokens: Int[Tensor, "b p"]) -> Float[Tensor, "b p v"]:
        """Logits of the next token at every position."""
        ### BEGIN SOLUTION
        resid = embed(tokens, self.embed.W_E, self.pos_embed.W_pos)
        for block in self.blocks:
            resid = block(resid)
        normalised = layer_norm(resid, self.ln_final.w, self.ln_final.b, LN_EPS)
        return normalised @ self.unembed.W_U + self.unembed.b_U
        ### END SOLUTION

# %% [markdown]
# Load the checkpoint into your class and compare it with the course's own implementation, on held-out text.

# %% name="load_checkpoint"
text = data.king_james()
vocabulary = data.characters(text)
train_tokens, validation_tokens = data.split(data.encode(text, vocabulary))
shipped = checkpoints.load("char_2l")
MODEL = ("embed", "layer_norm", "causal_mask", "attention_pattern", "Attention", "gelu_mlp", "TransformerBlock", "Transformer")
print(f"{len(text):,} characters, {len(vocabulary)} different: {vocabulary!r}")
print(f"char_2l: {sum(t.numel() for t in shipped.state_dict.values()):,} parameters, {shipped.metrics}")

if ready(*MODEL):
    character_model = Transformer(**shipped.config)
    character_model.load_state_dict(shipped.state_dict)
    reference = hooked.build(**shipped.config)
    reference.load_state_dict(shipped.state_dict)
    held_out = data.windows(validation_tokens, length=64)[:64]
    with torch.no_grad():
        logit_gap = (character_model(held_out) - reference(held_out)).abs().max().item()
    print(f"largest difference of any logit: {logit_gap:.1e}")

# %% [markdown]
# **What you should see.** A largest difference below $10^{-4}$: rounding of float32, since logits reach 17. A wrong
# GELU or $\epsilon$ shows up at $10^{-3}$ and more.

# %% [markdown]
# ### per_token_loss
#
# Position $i$ predicts token $i+1$. Its loss is the surprise at what came, in nats:
#
# $$\ell_{i} = -\log \mathrm{softmax}(\mathrm{logits}_i)[t_{i+1}],\qquad i = 0,\dots,p-2 .$$
#
# The last position predicts a token that is not there. The mean over everything is what training minimises; keeping
# the unreduced $[b, p-1]$ tensor lets you see *where* a model knows something. The rest of this unit lives on that.

# %% exercise="per_token_loss"
def per_token_loss(logits: Float[Tensor, "b p v"], tokens: Int[Tensor, "b p"]) -> Float[Tensor, "b p-1"]:
    """Surprise, in nats, of each token given the logits one position earlier. p is at least 2.

    In float64 it is right to 1e-9 nats, or to 1e-9 of its size where it is above 1, also for logits of size 1e4 and
    where another token's logit is -inf. Where the logit of the token that came is -inf, the loss is inf. The dtype is
    kept, gradients reach the logits.
    Do not call torch's cross-entropy or NLL loss, nor the one of the course's kit.

    >>> logits = torch.tensor([[[0.9, 0.1], [0.25, 0.75], [0.5, 0.5]]]).log()
    >>> per_token_loss(logits, torch.tensor([[0, 1, 0]]))       # probabilities 0.1 and 0.25: ln 10 and ln 4
    tensor([[2.3026, 1.3863]])
    """
    ### BEGIN SOLUTION
    log_probability = logits[:, :-1].log_softmax(dim=-1)
    return -log_probability.gather(-1, tokens[:, 1:, None]).squeeze(-1)
    ### END SOLUTION

# %% [markdown]
# ## 5. Can it see the future?
#
# Most transformer code never gets a test of its mask, and a leak does not look like a bug: it looks like a very good
# training loss. The test is simple. Change one token and see where the output moves.

# %% [markdown]
# ### future_leak
#
# For a sequence $t$, let $t^{j\to u}$ be $t$ with token $j$ replaced by $u$. Measure
#
# $$L_{ij} = \max_{u \ne t_j}\ \max_{c}\ \left|\mathrm{logits}(t^{j\to u})_{i,c} - \mathrm{logits}(t)_{i,c}\right| .$$
#
# In a causal model $L_{ij}=0$ for every $j>i$, up to rounding. Try *every* replacement: some leaks wake up for a
# single token only. Compare logits and not the most likely token, which a small leak leaves as it is. Dropout would
# drown the measurement, so evaluate without it, and leave the model in the mode in which you found it.
#
# Compare rows of *one* batch: the original sequence belongs into the same batch as the replacements of its token $j$.
# Otherwise a model whose rows influence each other shows changes that have nothing to do with time.

# %% exercise="future_leak"
def future_leak(model: nn.Module, tokens: Int[Tensor, "p"], d_vocab: int) -> Float[Tensor, "p p"]:
    """L[i, j]: the largest change of any logit at position i when token j is replaced by any other token.

    model: maps tokens [b p] to logits [b p v], all finite; a batch may hold as many rows as you like. It is evaluated
    in eval mode without gradients, and left in the mode in which it came: all of its parts were in one. Tokens are 0..d_vocab-1, and
    d_vocab is at least 2. `tokens` is not changed. p may be 1. The result has the dtype of the logits.

    >>> model = running_sum_model(3)                # the logit of c is c times the sum of the tokens so far
    >>> future_leak(model, torch.tensor([0, 1, 2]), 3)
    tensor([[4., 0., 0.],
            [4., 2., 0.],
            [4., 2., 4.]])
    """
    ### BEGIN SOLUTION
    p = len(tokens)
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            columns = []
            for j in range(p):
                changed = tokens.repeat(d_vocab, 1)
                changed[:, j] = torch.arange(d_vocab)
                logits = model(changed)
                columns.append((logits - logits[tokens[j]]).abs().amax(dim=(0, 2)))
            return torch.stack(columns, dim=1)
    finally:
        model.train(was_training)
    ### END SOLUTION

# %% [markdown]
# Your model beside one with a planted fault: its position $i$ also sees token $i+1$. Rows are the position that
# moved, columns the token that was changed, colours the logarithm of the change.

# %% name="plot_leak"
if ready(*MODEL, "future_leak"):
    probe = validation_tokens[:12]
    suspect = leaky_model("next", d_vocab=len(vocabulary), n_ctx=12, seed=1)
    leaks = {
        "your model, char_2l": future_leak(character_model, probe, len(vocabulary)),
        "planted leak": future_leak(suspect, probe, len(vocabulary)),
    }
    fig, axes = plots.figure(1, 2, width=8.0, height=3.6)
    for axis, (name, leak) in zip(axes, leaks.items()):
        image = axis.imshow(leak.clamp(min=1e-8).log10().numpy(), vmin=-8, vmax=2, cmap="viridis")
        worst = leak.triu(1).max().item()
        axis.set(title=f"{name}\nabove the diagonal: {worst:.1e}", xlabel="changed token j", ylabel="position i")
    fig.colorbar(image, ax=axes, label="log10 of the largest change")
    plots.show(fig, alt="Two heat maps of future_leak: zero above the diagonal for the own model, one bright band for the leaky one")

# %% [markdown]
# **What you should see.** On the left everything above the diagonal is below $10^{-5}$ (rounding at most). On the
# right a second band lies directly above the diagonal, with entries above 0.1. Below the diagonal both are bright:
# the past may be used.

# %% [markdown]
# A leak into the future is one of several things that a model must not do. Four suspects, A to D, stand in line, one
# of each kind:
#
# - `"clean"`: causal, knows the order of its past, treats each row of a batch alone;
# - `"next"`: position $i$ also sees token $i+1$;
# - `"no_positions"`: causal, but shuffling the earlier tokens changes nothing at the last position;
# - `"mixes_batch"`: the logits of a row depend on the other rows of the batch.

# %% name="line_up"
suspects = line_up(d_vocab=7, n_ctx=8, seed=101)
sequence = torch.tensor([3, 1, 4, 1, 5, 2, 6, 0])
if ready("future_leak"):
    for letter, suspect in suspects.items():
        leak = future_leak(suspect, sequence, 7)
        print(f"{letter}: above the diagonal up to {leak.triu(1).max():.2g}, below it up to {leak.tril(-1).max():.2g}")

# %% [markdown]
# ### diagnose
#
# If the original sat in the same batch as its replacements, the table above accuses one suspect and clears three, and
# two of the three are guilty of something else.
# `future_leak` asks one question: does a later token of the *same* sequence matter? Whether other sequences matter,
# and whether order matters, are different questions. Devise one measurement for each, make them in a cell of your
# own, then write down who is who. The suspects carry no label; their logits have to tell.

# %% answer="diagnose"
def diagnose() -> dict[str, str]:
    """Which suspect is which: {"A": kind, "B": kind, "C": kind, "D": kind}, each kind once."""
    ### BEGIN SOLUTION
    def kind(model):
        with torch.no_grad():
            alone, in_company = model(sequence[None]), model(torch.stack([sequence, sequence.flip(0)]))[:1]
            shuffled = model(torch.cat([sequence[:-1].flip(0), sequence[-1:]])[None])
            changed = model(torch.cat([sequence[:1], (sequence[1:] + 1) % 7])[None])
        if (alone - in_company).abs().max() > 1e-4:
            return "mixes_batch"
        if (alone - changed)[:, 0].abs().max() > 1e-4:
            return "next"
        return "no_positions" if (alone - shuffled)[:, -1].abs().max() < 1e-4 else "clean"

    return {letter: kind(model) for letter, model in suspects.items()}
    ### END SOLUTION

# %% [markdown]
# ## 6. Reversing a random sequence
#
# Now the check by training. Draw $n$ = `half` tokens uniformly, write them down, and then write them in reverse:
# $a_0 \dots a_{n-1}\, a_{n-1} \dots a_0$. Train a model on all next-token losses.

# %% [markdown]
# ### reverse_floor
#
# Predict before you measure. With 16 tokens and `half` = 8, where do the two curves go in a long run: the mean loss
# on the first half (predictions of tokens 1..7) and on the second (predictions of tokens 8..15, counted from 0), in
# nats? Write the two numbers down before you read on: the next paragraph gives them away.

# %% answer="reverse_floor"
def reverse_floor() -> tuple[float, float]:
    """(first half, second half): the lowest mean losses, in nats, that a causal model can reach for 16 tokens."""
    ### BEGIN SOLUTION
    return math.log(16), 0.0
    ### END SOLUTION

# %% [markdown]
# The tokens $a_1..a_{n-1}$ are independent of everything before them. Whatever a causal model has learnt, its expected
# loss on them is at least the entropy $\ln v$, because a cross-entropy is never below the entropy of what is
# predicted. The tokens of the second half are copies of what the model has already seen, so their loss can go to 0. A
# model that peeks ahead gets below $\ln v$ on the first half. A model that memorised a fixed list of sequences does
# too, on that list. And a model that was trained on the second half alone is worse than uniform on the first. Both
# halves must come out right.

# %% name="reverse_settings"
BATCH = 64
REVERSE_LR = 2e-3

# %% [markdown]
# ### train_reverse
#
# Train the model that you are given, in place. In each step: draw a fresh batch of `BATCH` first halves with the
# generator, append their reverse, compute the per-token loss, step on the mean over *all* of it with AdamW at the
# learning rate `REVERSE_LR` and PyTorch's defaults for the rest.
#
# Record two numbers for each step, from the loss before the update: the mean over the predictions of tokens $1..n-1$,
# and the mean over those of $n..2n-1$. The latter are predicted at positions $n-1..2n-2$: position $n-1$ is the last of
# the first half, and what it predicts, token $n$, repeats the token that stands there and is perfectly predictable.
#
# Write the sequences, the loss and the split yourself. The kit's `reversal.sequences`, `reversal.half_means` and
# `hooked.token_loss` are for measuring afterwards, and are switched off inside of `train_reverse`.

# %% exercise="train_reverse"
def train_reverse(model: nn.Module, steps: int, half: int, vocab: int, gen: torch.Generator) -> Float[Tensor, "steps 2"]:
    """Train `model` in place on fresh sequences a + reversed(a); return the loss curves of the two halves.

    model: maps tokens [b 2*half] to logits [b 2*half vocab]. Every step draws BATCH rows of `half` uniform tokens from
    `gen`, calls the model once, and makes one AdamW update (lr REVERSE_LR) on the mean of all next-token losses.
    Row s of the result: mean loss of batch s, before update s, on tokens 1..half-1 and on tokens half..2*half-1, without
    a graph. half is at least 2, steps at least 1. The same generator state gives the same result; in which order you take
    the draws from it is up to you. No parameter of
    the model has a gradient yet, and its mode (train or eval) is the caller's.

    >>> model = randomise(Transformer(n_layers=1, d_model=8, n_heads=2, d_head=4, d_mlp=8, d_vocab=4, n_ctx=6), seed=0)
    >>> train_reverse(model, 2, 3, 4, generator(0)).shape           # half = 3: losses 0 and 1 are the first half
    torch.Size([2, 2])
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.AdamW(model.parameters(), lr=REVERSE_LR)
    curve = []
    for _ in range(steps):
        first = torch.randint(vocab, (BATCH, half), generator=gen)
        tokens = torch.cat([first, first.flip(1)], dim=1)
        loss = per_token_loss(model(tokens), tokens)
        optimizer.zero_grad()
        loss.mean().backward()
        optimizer.step()
        curve.append([loss[:, : half - 1].mean().item(), loss[:, half - 1 :].mean().item()])
    return torch.tensor(curve)
    ### END SOLUTION

# %% [markdown]
# One layer of width 64 learns it within 100 of the 400 steps; all of them take 10 to 30 seconds on one core.

# %% name="run_reverse" slow=60
HALF, VOCAB = 8, 16
REVERSER = {"n_layers": 1, "d_model": 64, "n_heads": 4, "d_head": 16, "d_mlp": 256, "d_vocab": VOCAB, "n_ctx": 2 * HALF}
if ready(*MODEL, "per_token_loss", "train_reverse"):
    reverser = randomise(Transformer(**REVERSER), seed=0)
    curve = train_reverse(reverser, 400, HALF, VOCAB, generator(0))
    fresh = reversal.sequences(4096, half=HALF, d_vocab=VOCAB, generator=generator(1))
    with torch.no_grad():
        first_half, second_half = reversal.half_means(per_token_loss(reverser(fresh), fresh))
    print(f"fresh sequences: first half {first_half:.4f} (ln 16 = {math.log(16):.4f}), second half {second_half:.4f}")
    print(f"second half first below 0.1 at step {int((curve[:, 1] < 0.1).nonzero()[0])}")

# %% name="plot_reverse"
if ready(*MODEL, "per_token_loss", "train_reverse"):
    fig, axis = plots.figure()
    axis.plot(curve[:, 0].numpy(), label="first half")
    axis.plot(curve[:, 1].numpy(), label="second half")
    axis.axhline(math.log(VOCAB), color="black", lw=0.8, ls="--", label="ln 16, the floor of the first half")
    axis.axhline(0, color="black", lw=0.8, ls=":")
    axis.set(xlabel="training step", ylabel="loss (nats per token)")
    axis.legend()
    plots.show(fig, alt="Loss of the first half stays at ln 16 while that of the second half falls to zero")

# %% [markdown]
# **What you should see.** The second half crosses 0.1 nats near step 50 (35 to 80) and ends near 0.003 (below 0.02).
# The first half stays within 0.03 of $\ln 16 = 2.773$ on fresh sequences. Single batches scatter around the line; a
# mean below it on fresh data would be a leak.
#
# How does it do it? At position $i$, from $n-1$ to $2n-2$, the next token is a copy of $t_{2n-2-i}$. A head that copies
# has to look there; only for $i=n-1$ is that the position itself. Your weights fit the course's own model, which keeps
# every pattern on the way: load them into it and look.

# %% name="plot_pattern"
if ready(*MODEL, "per_token_loss", "train_reverse"):
    twin = hooked.build(**REVERSER)
    twin.load_state_dict(reverser.state_dict())
    with torch.no_grad():
        pattern = twin.run_with_cache(fresh[:256])[1]["blocks.0.attn.hook_pattern"]
    mass = reversal.mirror_mass(pattern)
    fig, axes = plots.figure(1, 4, width=10.0, height=3.0)
    for head, axis in enumerate(axes):
        axis.imshow(pattern[:, head].mean(0).numpy(), vmin=0, vmax=1, cmap="Blues")
        axis.set(title=f"head {head}: {mass[head]:.2f}", xlabel="key")
    axes[0].set_ylabel("query")
    fig.suptitle("Attention patterns on fresh sequences (weight on the mirror)")
    plots.show(fig, alt="Mean attention patterns of the four heads; copying heads have weight on the anti-diagonal")

# %% [markdown]
# **What you should see.** Weight on the anti-diagonal of the lower half, from query $i$ to key $14-i$; the number
# above each picture is its mean. The best head has 0.8 or more. Which head it is, and how the others share the work,
# depends on the seed.

# %% [markdown]
# ## 7. Text

# %% [markdown]
# ### sample
#
# A language model becomes a generator by a loop: predict, draw one token from the last position's distribution,
# append it, repeat. A *temperature* $T$ divides the logits, $p \propto \exp(\mathrm{logits}/T)$: below 1 the model
# becomes more certain than it is, above 1 less. The limit $T\to0$ is the most likely token, and dividing by 0 is not
# the way to get there.
#
# The model has `n_ctx` positions. Once the text is longer than that, it gets the last `n_ctx` tokens only.

# %% exercise="sample"
def sample(
    model: nn.Module, prompt: Int[Tensor, "p"], n: int, temperature: float, gen: torch.Generator
) -> Int[Tensor, "p+n"]:
    """The prompt followed by n tokens, drawn one at a time from the model's next-token distribution.

    model: maps tokens [1 p] to logits [1 p v] for p up to `model.n_ctx`. It is called once for each new token, without
    gradients, on all tokens so far, or on the last n_ctx when there are more. Its mode (train or eval) is the
    caller's business: leave it alone. temperature is 0 or at least 0.01; 0 takes the most likely token, the lowest id
    among equals. The result is int64; n may be 0. The prompt has at least one token and is not changed. All
    randomness comes from `gen`.

    >>> model = bigram_model(torch.eye(5).roll(1, 1), n_ctx=2)  # always one more, modulo 5
    >>> sample(model, torch.tensor([2]), 4, 0.0, generator(0))
    tensor([2, 3, 4, 0, 1])
    """
    ### BEGIN SOLUTION
    tokens = prompt
    with torch.no_grad():
        for _ in range(n):
            logits = model(tokens[None, -model.n_ctx :])[0, -1]
            if temperature == 0:
                following = logits.argmax(keepdim=True)
            else:
                following = torch.multinomial((logits / temperature).softmax(-1), 1, generator=gen)
            tokens = torch.cat([tokens, following])
    return tokens
    ### END SOLUTION

# %% [markdown]
# A short training run of your own on the first 90 % of the text, compared with two lines that need no network: the
# loss of letter frequencies, and of letter pairs. Both are fitted on the training part and measured on the validation
# part, with one added to every count.
#
# A detail that is easy to miss: the windows hold `n_ctx` + 1 characters. With `n_ctx` of them the last position would
# predict nothing and never be trained, no loss would show it, and `sample` would fall into gibberish as soon as its
# text filled the context, because from then on it reads the last position only.

# %% name="train_characters"
def next_token_loss(model: nn.Module, windows: Tensor) -> Tensor:
    """Loss [b c] of windows [b c+1]: all c positions of the context make a prediction."""
    logits = F.pad(model(windows[:, :-1]), (0, 0, 0, 1))        # per_token_loss does not read the last row
    return per_token_loss(logits, windows)


def train_characters(model: nn.Module, steps: int, gen: torch.Generator, *, lr: float = 3e-3) -> list[tuple[int, float]]:
    """Train on random windows with a cosine schedule; (step, validation loss in nats) every 50 steps and at the end."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5 * (1 + math.cos(math.pi * step / steps)))
    held_out = data.windows(validation_tokens, length=model.n_ctx + 1)[:256]
    losses = []
    for step in range(steps + 1):
        if step % 50 == 0:
            with torch.no_grad():
                losses.append((step, next_token_loss(model, held_out).mean().item()))
        batch = data.random_windows(train_tokens, length=model.n_ctx + 1, batch=32, generator=gen)
        loss = next_token_loss(model, batch).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return losses

# %% name="run_characters" slow=120
if ready(*MODEL, "per_token_loss"):
    small_model = randomise(Transformer(**shipped.config), seed=0)
    character_losses = train_characters(small_model, 400, generator(0))
    unigram = data.unigram_loss(train_tokens, validation_tokens, vocabulary_size=len(vocabulary))
    bigram = data.bigram_loss(train_tokens, validation_tokens, vocabulary_size=len(vocabulary))
    print(f"validation: {character_losses[-1][1]:.3f} nats; letter pairs {bigram:.3f}, letters {unigram:.3f}")

# %% name="plot_characters"
if ready(*MODEL, "per_token_loss"):
    fig, axis = plots.figure()
    axis.plot(*zip(*character_losses), marker="o", label="your model, validation")
    lines = {"letter frequencies": unigram, "letter pairs": bigram, "char_2l": shipped.metrics["validation_nats"]}
    for (name, value), style in zip(lines.items(), ("--", "-.", ":")):
        axis.axhline(value, color="black", lw=0.8, ls=style, label=f"{name}: {value:.2f}")
    axis.set(xlabel="training step", ylabel="loss (nats per character)")
    axis.legend()
    plots.show(fig, alt="Validation loss of the character model falls below the letter-pair line")

# %% name="write_text"
if ready(*MODEL, "per_token_loss", "sample"):
    prompt = data.encode("And the LORD said", vocabulary)
    for name, model in {"400 steps": small_model, "char_2l": character_model}.items():
        written = data.decode(sample(model, prompt, 200, 0.8, generator(3)), vocabulary)
        print(f"--- {name}, temperature 0.8\n{written}\n")

# %% [markdown]
# **What you should see.** The curve starts near $\ln 62 = 4.13$ (4.1 to 4.3), is below the letter-pair line (2.28) within 150 steps and ends near 1.8
# (1.75 to 1.95; three seeds gave 1.85, 1.81 and 1.82). `char_2l`, trained twenty times as long, has 1.24. The small model has
# learnt spacing and short words; `char_2l` writes mostly real words, and no sense.

# %% [markdown]
# ## 8. Which head reverses?
#
# You saw heads that *look* at the mirrored position. Whether the model *uses* them is another question, and only an
# intervention answers it: remove a head's contribution, $z^h W_O^h$, by setting its $z^h$ to zero, and measure the loss
# of both halves. Remove one head, and ask whether the model can do without it. Remove all others, and ask what this one
# can do alone.

# %% name="plot_ablation"
if ready(*MODEL, "per_token_loss", "train_reverse"):
    HEADS = {0, 1, 2, 3}

    def halves_with(heads: set[int]) -> tuple[float, float]:
        """Loss of both halves on fresh sequences, with what all other heads write set to zero."""
        keep = torch.tensor([float(head in heads) for head in range(4)])[:, None]
        hooks = [("blocks.0.attn.hook_z", lambda z, name: z * keep)]
        with torch.no_grad():
            return reversal.half_means(per_token_loss(twin.run_with_hooks(fresh[:1024], hooks), fresh[:1024]))

    panels = {
        "One head silenced": [halves_with(HEADS), *(halves_with(HEADS - {head}) for head in range(4))],
        "One head left": [halves_with(HEADS), *(halves_with({head}) for head in range(4))],
    }
    labels = ["all four", *(f"head {head}\n(mass {mass[head]:.2f})" for head in range(4))]
    fig, axes = plots.figure(1, 2, width=11.0, height=3.8)
    for axis, (title, losses) in zip(axes, panels.items()):
        for shift, half, column in zip((-0.2, 0.2), ("first half", "second half"), zip(*losses)):
            axis.bar([place + shift for place in range(5)], column, 0.4, label=half)
        axis.axhline(math.log(VOCAB), color="black", lw=0.8, ls="--")
        axis.set(title=title, xticks=range(5), xticklabels=labels, ylim=(0, 4))
    axes[0].set_ylabel("loss (nats per token)")
    axes[0].legend(loc="upper center", ncols=2)
    plots.show(fig, alt="Loss of both halves with each head silenced in turn, and with each head as the only one left")
    silent = [("blocks.0.hook_mlp_out", lambda written, name: torch.zeros_like(written))]
    with torch.no_grad():
        _, without_mlp = reversal.half_means(per_token_loss(twin.run_with_hooks(fresh[:1024], silent), fresh[:1024]))
    print(f"MLP silenced, second half: {without_mlp:.3f}")
    for title, losses in panels.items():
        print(f"{title}, second half: " + ", ".join(f"head {h} {loss:.3f}" for h, (_, loss) in enumerate(losses[1:])))

# %% [markdown]
# **What you should see.** On the left the first half stays at $\ln 16$ (within 0.03) whichever head is missing. In
# the second half the worst head costs between 0.4 and 1.5 nats and the cheapest 0.01 to 0.1, although their pictures
# look alike. In all five seeds that we tried, the most costly head was the one with the *least* weight on the mirror.
#
# Is it then the head that reverses? The right panel says no. Left alone, that head does not get the second half below
# $\ln 16$ (2.78, 3.09 and 3.10 nats with seeds 0 to 2), while the head with the most weight on the mirror reaches 0.6 to
# 0.7 alone. The two panels rank the heads in different orders. Without its MLP the model leaves the second half at 1.2
# to 1.8 nats, so what the heads fetch becomes a prediction only partly on the direct way to the unembedding.

# %% [markdown]
# ### reversing_head
#
# In at most 250 words: by which mechanism does this one-layer model reverse a sequence? What in "Attention patterns on
# fresh sequences", "One head silenced" and "One head left" is evidence for it, and what is only suggestive? Say why the
# most costly head need not be the one that reverses. Name one thing that these measurements cannot tell you, and the
# experiment that would.
#
# A person grades it: 3 points for the mechanism (where is read, what is copied, how it becomes a prediction, and who
# shares the work), 2 for telling evidence from suggestion with numbers of yours, 1 for the limitation with its
# experiment.

# %% [markdown] rubric="reversing_head"
# Mechanism: a query at position $i$ of the second half attends to position $2n-2-i$. The pattern is nearly the same for all
# sequences (each weight on the mirror varies by 0.02), so the lookup is by position. Value and output matrices copy the
# token found there into the stream. From there the unembedding reads it, in part directly and in part after the MLP:
# with the MLP silenced the second half costs 1.56 nats. Several heads share the work.
#
# Evidence: silencing is an intervention. With seed 0 the second half rises from 0.002 to 0.61 nats without head 0, to
# 0.35 without head 1 and by at most 0.03 without head 2 or 3; the first half, the control, does not move. Alone, head 1
# leaves 0.61 nats, heads 3 and 2 leave 1.13 and 1.56, and head 0 leaves 2.775, chance. So head 0 is needed, but does not
# reverse: it completes what the others write. The pictures only suggest: heads 1 to 3 look alike, with 0.90 to 0.99 of
# their weight on the mirror.
#
# Limitation: silencing confounds what a head does with what the others do in its absence (heads 0 and 1 together cost
# 1.15, not 0.96). All pairs would show which heads replace each other. Zeroing also moves the stream off its usual
# values; put the head's mean there instead.

# %% [markdown]
# ## What you replicated

# %% name="replication"
if ready(*MODEL, "per_token_loss", "future_leak", "train_reverse"):
    rows = [
        ("claim", "source", "theirs", "yours"),
        ("causal: no logit moves before a changed token", "GPT-2 model.py, attention_mask", "0", f"{leaks['your model, char_2l'].triu(1).max():.1g}"),
        ("same logits as a reference implementation", "this course, char_2l", "0", f"{logit_gap:.0e}"),
        ("reversal, second half can be predicted", "Hilton ch. 1; bound 0", "0", f"{second_half:.3f}"),
        ("reversal, first half cannot", "Hilton ch. 1; bound ln 16", f"{math.log(16):.3f}", f"{first_half:.3f}"),
        ("characters, validation nats", "nanoGPT README, CPU run", "1.88", f"{character_losses[-1][1]:.2f}"),
    ]
    for claim, source, theirs, yours in rows:
        print(f"{claim:<48} {source:<32} {theirs:>6} {yours:>8}")

# %% [markdown]
# Hilton's curriculum states the check without numbers; the bounds follow from the entropy of the task. With five seeds
# the first half ends between 2.775 and 2.783 and the second between 0.0025 and 0.0028. The last row compares runs of
# one kind and not results: nanoGPT's README reports 1.88 for 4 layers of width 128 after 2,000 steps on Shakespeare;
# yours has 2 layers of width 64, 400 steps and another text. On this text the letter-pair line and `char_2l` are the
# yardsticks. Unit 402 goes on with the same two measurements, a pattern and what is lost without it, on a model that
# continues repeated text.
