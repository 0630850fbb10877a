"""Wrong answers of 101: what goes wrong in a first transformer, and what must be said about it."""

import math

import torch
import torch.nn.functional as F
from einops import einsum

from firsthand.wrong import edit, wrong

# embed


@wrong(
    "embed",
    caught_by="test_positions_count_from_zero_in_every_row_of_the_batch",
    hint="positions are 0, 1, 2, ..., whatever the tokens are",
)
def looks_positions_up_by_token(tokens, W_E, W_pos):
    return W_E[tokens] + W_pos[tokens]


edit(
    "embed",
    "takes_the_last_positions",
    old="W_pos[: tokens.shape[1]]",
    new="W_pos[-tokens.shape[1] :]",
    caught_by="test_positions_count_from_zero_in_every_row_of_the_batch",
    hint="the first token has position 0",
)


@wrong(
    "embed",
    caught_by="test_positions_count_from_zero_in_every_row_of_the_batch",
    hint="every row starts at 0",
)
def counts_on_through_the_batch(tokens, W_E, W_pos):
    place = torch.arange(tokens.numel()).reshape(tokens.shape) % len(W_pos)
    return W_E[tokens] + W_pos[place]


edit(
    "embed",
    "scales_as_in_2017",
    old="W_E[tokens] +",
    new="W_E[tokens] * math.sqrt(W_E.shape[1]) +",
    caught_by="test_positions_count_from_zero_in_every_row_of_the_batch",
    hint="GPT-2 does not scale; only the 2017 paper does",
)


@wrong(
    "embed", caught_by="test_the_dtype_of_the_tables_is_kept", hint="keep the dtype of the input"
)
def multiplies_a_float32_one_hot(tokens, W_E, W_pos):
    return F.one_hot(tokens, len(W_E)).float() @ W_E.float() + W_pos[: tokens.shape[1]].float()


@wrong(
    "embed",
    caught_by="test_every_position_of_the_context_is_usable_and_one_token_is_enough",
    hint="the last row of W_pos is usable",
)
def never_reaches_the_last_row(tokens, W_E, W_pos):
    place = torch.arange(tokens.shape[1]).clamp(max=max(len(W_pos) - 2, 0))
    return W_E[tokens] + W_pos[place]


edit(
    "embed",
    "cuts_the_token_table_from_the_graph",
    old="W_E[tokens]",
    new="W_E.detach()[tokens]",
    caught_by="test_gradients_count_repeated_tokens",
    hint="gradients must flow: no detach, item or numpy in the forward path",
)


@wrong(
    "embed",
    caught_by="test_positions_count_from_zero_in_every_row_of_the_batch",
    hint="a token is a row of W_E, however short W_pos is",
)
def bounds_tokens_by_the_context(tokens, W_E, W_pos):
    return W_E[tokens.clamp(max=len(W_pos) - 1)] + W_pos[: tokens.shape[1]]


# layer_norm

edit(
    "layer_norm",
    "unbiased_variance",
    old="centred.pow(2).mean(dim=-1, keepdim=True)",
    new="x.var(dim=-1, keepdim=True)",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="divide by d, not d-1",
)
edit(
    "layer_norm",
    "epsilon_outside_the_root",
    old="(variance + eps).sqrt()",
    new="(variance.sqrt() + eps)",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="eps belongs inside the root",
)
edit(
    "layer_norm",
    "ignores_the_gain",
    old=" * w + b",
    new=" + b",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="the gain w is learned",
)
edit(
    "layer_norm",
    "ignores_gain_and_bias",
    old=" * w + b",
    new="",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="the gain and bias are learned",
)


@wrong(
    "layer_norm",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="each position is normalised on its own",
)
def statistics_over_positions(x, w, b, eps):
    centred = x - x.mean(dim=1, keepdim=True)
    return centred / (centred.pow(2).mean(dim=1, keepdim=True) + eps).sqrt() * w + b


edit(
    "layer_norm",
    "divides_by_the_variance",
    old=".sqrt() * w",
    new=" * w",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="divide by the standard deviation, not by the variance",
)
edit(
    "layer_norm",
    "fixed_epsilon",
    old="variance + eps",
    new="variance + 1e-5",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="eps is an argument",
)
edit(
    "layer_norm",
    "detached_statistics",
    old="variance + eps",
    new="variance.detach() + eps",
    caught_by="test_gradients_go_through_the_statistics_too",
    hint="gradients must flow",
)


@wrong(
    "layer_norm",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="is what you are asked to write",
)
def calls_the_library(x, w, b, eps):
    return F.layer_norm(x, x.shape[-1:], w, b, eps)


@wrong(
    "layer_norm",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="is what you are asked to write",
)
def calls_group_norm(x, w, b, eps):
    return F.group_norm(x.reshape(-1, x.shape[-1]), 1, w, b, eps).reshape(x.shape)


@wrong(
    "layer_norm",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="is what you are asked to write",
)
def calls_instance_norm(x, w, b, eps):
    return F.instance_norm(x, eps=eps) * w + b


@wrong(
    "layer_norm",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="is what you are asked to write",
)
def calls_batch_norm_on_the_transpose(x, w, b, eps):
    columns = x.reshape(-1, x.shape[-1]).T
    return F.batch_norm(columns, None, None, training=True, eps=eps).T.reshape(x.shape) * w + b


@wrong(
    "layer_norm",
    caught_by="test_it_is_right_for_any_gain_bias_and_epsilon",
    hint="is what you are asked to write",
)
def calls_rms_norm_on_centred_vectors(x, w, b, eps):
    return F.rms_norm(x - x.mean(-1, keepdim=True), x.shape[-1:], w, eps) + b


# causal_mask

edit(
    "causal_mask",
    "masks_the_past",
    old="triu(diagonal=1)",
    new="tril(diagonal=-1)",
    caught_by="test_a_softmax_over_keys_gives_the_future_probability_zero",
    hint="row = query, column = key: you hide the past and show the future",
)
edit(
    "causal_mask",
    "masks_the_diagonal_too",
    old="diagonal=1",
    new="diagonal=0",
    caught_by="test_a_softmax_over_keys_gives_the_future_probability_zero",
    hint="a token sees itself: the first row would be empty",
)
edit(
    "causal_mask",
    "fills_zero",
    old="-torch.inf",
    new="0.0",
    caught_by="test_a_softmax_over_keys_gives_the_future_probability_zero",
    hint="0 is a large score: the mask must vanish after the softmax",
)
edit(
    "causal_mask",
    "fills_a_moderate_number",
    old="-torch.inf",
    new="-1e4",
    caught_by="test_the_mask_wins_against_the_lowest_scores",
    hint="use the dtype's own minimum or -inf",
)
edit(
    "causal_mask",
    "sees_one_ahead",
    old="diagonal=1",
    new="diagonal=2",
    caught_by="test_a_softmax_over_keys_gives_the_future_probability_zero",
    hint="position i sees i+1: perturb the next token and look",
)
edit(
    "causal_mask",
    "masks_in_place",
    old="scores.masked_fill(",
    new="scores.masked_fill_(",
    caught_by="test_the_argument_stays_as_it_was",
    hint="copy before you change",
)
edit(
    "causal_mask",
    "multiplies_by_the_mask",
    old="scores.masked_fill(future, -torch.inf)",
    new="scores * ~future",
    caught_by="test_a_softmax_over_keys_gives_the_future_probability_zero",
    hint="0 is a large score",
)

edit(
    "causal_mask",
    "masks_the_past_and_the_diagonal",
    old="triu(diagonal=1)",
    new="tril()",
    caught_by="test_a_softmax_over_keys_gives_the_future_probability_zero",
    hint="hide what lies above the diagonal, and keep the diagonal",
)

# attention_pattern

edit(
    "attention_pattern",
    "scales_by_the_whole_width",
    old="math.sqrt(q.shape[-1])",
    new="math.sqrt(q.shape[-1] * q.shape[-2])",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="divide by the root of the head dimension, not of h * e",
)
edit(
    "attention_pattern",
    "scales_without_the_root",
    old="math.sqrt(q.shape[-1])",
    new="q.shape[-1]",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="divide by the root of e, not by e",
)
edit(
    "attention_pattern",
    "does_not_scale",
    old=" / math.sqrt(q.shape[-1])",
    new="",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="the scores are not scaled",
)
edit(
    "attention_pattern",
    "softmax_over_queries",
    old="softmax(dim=-1)",
    new="softmax(dim=-2)",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="each *query* row sums to one",
)


@wrong(
    "attention_pattern",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="renormalise: mask the scores, not the probabilities",
)
def zeroes_after_the_softmax(q, k):
    scores = einsum(q, k, "b q h e, b k h e -> b h q k") / math.sqrt(q.shape[-1])
    return scores.softmax(dim=-1).tril()


@wrong(
    "attention_pattern",
    caught_by="test_scores_of_size_a_thousand_stay_finite",
    hint="exp(1000) is inf",
)
def exponentiates_without_care(q, k):
    scores = einsum(q, k, "b q h e, b k h e -> b h q k") / math.sqrt(q.shape[-1])
    powers = causal_mask(scores).exp()
    return powers / powers.sum(dim=-1, keepdim=True)


edit(
    "attention_pattern",
    "swaps_queries_and_keys",
    old="einsum(q, k,",
    new="einsum(k, q,",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="row = query, column = key",
)


@wrong(
    "attention_pattern",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="a view mixes heads with positions",
)
def views_instead_of_rearranging(q, k):
    b, p, h, e = q.shape
    scores = q.view(b, h, p, e) @ k.view(b, h, p, e).transpose(2, 3) / math.sqrt(e)
    return causal_mask(scores).softmax(dim=-1)


edit(
    "attention_pattern",
    "forgets_the_mask",
    old="causal_mask(scores)",
    new="scores",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="the mask is missing",
)
edit(
    "attention_pattern",
    "cuts_the_keys_from_the_graph",
    old="einsum(q, k,",
    new="einsum(q, k.detach(),",
    caught_by="test_gradients_reach_queries_and_keys",
    hint="gradients must flow",
)

edit(
    "attention_pattern",
    "scales_by_the_number_of_positions",
    old="math.sqrt(q.shape[-1])",
    new="math.sqrt(q.shape[1])",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="only the scale is off: divide by the root of e",
)


@wrong(
    "attention_pattern",
    caught_by="test_rows_are_the_softmax_of_scaled_causal_scores",
    hint="is what you are asked to write",
)
def asks_the_fused_kernel_for_its_weights(q, k):
    q, k = q.transpose(1, 2), k.transpose(1, 2)
    return torch._scaled_dot_product_attention_math(q, k, k, is_causal=True)[1]


# Attention

edit(
    "Attention",
    "adds_the_output_bias_once_per_head",
    old="+ self.b_O",
    new="+ len(self.W_O) * self.b_O",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="there is one output bias",
)
edit(
    "Attention",
    "drops_the_value_bias",
    old=" + self.b_V",
    new="",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="b_V is missing",
)
edit(
    "Attention",
    "drops_the_query_bias",
    old=" + self.b_Q",
    new="",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="b_Q is missing",
)
edit(
    "Attention",
    "drops_the_output_bias",
    old=" + self.b_O",
    new="",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="b_O is missing",
)
edit(
    "Attention",
    "joins_the_heads_in_reverse",
    old="einsum(z, self.W_O,",
    new="einsum(z, self.W_O.flip(0),",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="W_O[h] belongs to head h",
)
edit(
    "Attention",
    "transposes_the_pattern",
    old="b h q k, b k h e -> b q h e",
    new="b h k q, b k h e -> b q h e",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="sum over keys",
)
edit(
    "Attention",
    "normalises_its_input",
    old="        q = einsum(x,",
    new="        x = F.layer_norm(x, x.shape[-1:])\n        q = einsum(x,",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="the module does no normalisation",
)
edit(
    "Attention",
    "averages_the_heads",
    old='b p h e, h e d -> b p d")',
    new='b p h e, h e d -> b p d") / len(self.W_O)',
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="heads are added, not averaged",
)
edit(
    "Attention",
    "lets_every_query_see_everything",
    old="attention_pattern(q, k)",
    new="(einsum(q, k, 'b q h e, b k h e -> b h q k') / math.sqrt(q.shape[-1])).softmax(-1)",
    caught_by="test_a_changed_token_moves_nothing_before_it",
    hint="nothing stops the future",
)
edit(
    "Attention",
    "freezes_the_value_matrix",
    old="einsum(x, self.W_V,",
    new="einsum(x, self.W_V.detach(),",
    caught_by="test_gradients_reach_the_input_and_every_parameter",
    hint="gradients must flow",
)


@wrong(
    "Attention",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="is what you are asked to write",
)
class CallsTheLibrary(Weights):
    def __init__(self, *, d_model, n_heads, d_head):
        into, bias = (n_heads, d_model, d_head), (n_heads, d_head)
        super().__init__(
            W_Q=into,
            W_K=into,
            W_V=into,
            b_Q=bias,
            b_K=bias,
            b_V=bias,
            W_O=(n_heads, d_head, d_model),
            b_O=(d_model,),
        )

    def forward(self, x):
        q, k, v = (
            einsum(x, weight, "b p d, h d e -> b h p e") + bias[:, None]
            for weight, bias in ((self.W_Q, self.b_Q), (self.W_K, self.b_K), (self.W_V, self.b_V))
        )
        z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return einsum(z, self.W_O, "b h p e, h e d -> b p d") + self.b_O


edit(
    "Attention",
    "borrows_the_attention_of_the_kit",
    old="        q = einsum(x,",
    new="""        from firsthand.kit import layers

        h, d, e = self.W_Q.shape
        config = layers.Config(n_layers=1, d_model=d, n_heads=h, d_head=e, d_vocab=2, n_ctx=64)
        kit = layers.Attention(config).to(x.dtype)
        kit.hook_pattern.functions.append(lambda value, name: None)
        return torch.func.functional_call(kit, dict(self.named_parameters()), (x, x, x))
        q = einsum(x,""",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="is what you are asked to write",
)
edit(
    "Attention",
    "asks_the_fused_kernel",
    old='einsum(attention_pattern(q, k), v, "b h q k, b k h e -> b q h e")',
    new="""torch._scaled_dot_product_attention_math(
            *(t.transpose(1, 2) for t in (q, k, v)), is_causal=True
        )[0].transpose(1, 2)""",
    caught_by="test_it_is_the_sum_over_heads_of_projected_mixed_values",
    hint="is what you are asked to write",
)


# gelu_mlp

edit(
    "gelu_mlp",
    "relu",
    old="0.5 * hidden * (1 + torch.tanh(inner))",
    new="hidden.relu()",
    caught_by="test_it_is_linear_tanh_gelu_linear_with_both_biases",
    hint="this is ReLU",
)
edit(
    "gelu_mlp",
    "exact_gelu",
    old="(1 + torch.tanh(inner))",
    new="(1 + torch.erf(hidden / math.sqrt(2)))",
    caught_by="test_it_is_linear_tanh_gelu_linear_with_both_biases",
    hint="GPT-2 uses the tanh form of GELU, not the exact one",
)
edit(
    "gelu_mlp",
    "sigmoid_form",
    old="0.5 * hidden * (1 + torch.tanh(inner))",
    new="hidden * torch.sigmoid(1.702 * hidden)",
    caught_by="test_it_is_linear_tanh_gelu_linear_with_both_biases",
    hint="close, but the checkpoint was trained with tanh",
)
edit(
    "gelu_mlp",
    "drops_the_inner_bias",
    old="x @ W_in + b_in",
    new="x @ W_in",
    caught_by="test_it_is_linear_tanh_gelu_linear_with_both_biases",
    hint="b_in is missing",
)
edit(
    "gelu_mlp",
    "drops_the_outer_bias",
    old=" @ W_out + b_out",
    new=" @ W_out",
    caught_by="test_it_is_linear_tanh_gelu_linear_with_both_biases",
    hint="b_out is missing",
)
edit(
    "gelu_mlp",
    "cubes_everything",
    old="(hidden + 0.044715 * hidden**3)",
    new="(hidden + 0.044715 * hidden) ** 3",
    caught_by="test_it_is_linear_tanh_gelu_linear_with_both_biases",
    hint="the cube is of x alone",
)
edit(
    "gelu_mlp",
    "forgets_the_half",
    old="0.5 * hidden",
    new="hidden",
    caught_by="test_it_is_linear_tanh_gelu_linear_with_both_biases",
    hint="the factor 1/2 is missing",
)


@wrong(
    "gelu_mlp",
    caught_by="test_it_is_linear_tanh_gelu_linear_with_both_biases",
    hint="is what you are asked to write",
)
def calls_the_library_gelu(x, W_in, b_in, W_out, b_out):
    return F.gelu(x @ W_in + b_in, approximate="tanh") @ W_out + b_out


# TransformerBlock

edit(
    "TransformerBlock",
    "mlp_reads_the_blocks_input",
    old="layer_norm(mid, self.ln2",
    new="layer_norm(resid, self.ln2",
    caught_by="test_attention_and_mlp_read_through_norms_and_add_to_the_stream",
    hint="attention's output is already in the stream",
)
edit(
    "TransformerBlock",
    "uses_the_first_norm_twice",
    old="self.ln2.w, self.ln2.b",
    new="self.ln1.w, self.ln1.b",
    caught_by="test_attention_and_mlp_read_through_norms_and_add_to_the_stream",
    hint="there are two norms",
)
edit(
    "TransformerBlock",
    "skips_from_the_normalised_input",
    old="mid = resid + self.attn(",
    new="mid = layer_norm(resid, self.ln1.w, self.ln1.b, LN_EPS) + self.attn(",
    caught_by="test_attention_and_mlp_read_through_norms_and_add_to_the_stream",
    hint="the skip carries x itself",
)
edit(
    "TransformerBlock",
    "has_no_skip_around_the_mlp",
    old="return mid + gelu_mlp",
    new="return gelu_mlp",
    caught_by="test_attention_and_mlp_read_through_norms_and_add_to_the_stream",
    hint="the MLP adds to the stream",
)
edit(
    "TransformerBlock",
    "has_no_skip_around_attention",
    old="mid = resid + self.attn",
    new="mid = self.attn",
    caught_by="test_attention_and_mlp_read_through_norms_and_add_to_the_stream",
    hint="attention adds to the stream",
)
edit(
    "TransformerBlock",
    "attention_reads_the_raw_stream",
    old="self.attn(layer_norm(resid, self.ln1.w, self.ln1.b, LN_EPS))",
    new="self.attn(resid)",
    caught_by="test_attention_and_mlp_read_through_norms_and_add_to_the_stream",
    hint="attention reads through ln1",
)
edit(
    "TransformerBlock",
    "adds_to_its_argument",
    old="mid = resid + self.attn(layer_norm(resid, self.ln1.w, self.ln1.b, LN_EPS))",
    new="mid = resid\n        mid += self.attn(layer_norm(resid, self.ln1.w, self.ln1.b, LN_EPS))",
    caught_by="test_the_stream_is_not_changed_in_place",
    hint="copy before you change",
)
edit(
    "TransformerBlock",
    "normalises_the_stream_as_in_2017",
    old="""        mid = resid + self.attn(layer_norm(resid, self.ln1.w, self.ln1.b, LN_EPS))
        read = layer_norm(mid, self.ln2.w, self.ln2.b, LN_EPS)
        return mid + gelu_mlp(read, self.mlp.W_in, self.mlp.b_in, self.mlp.W_out, self.mlp.b_out)""",  # noqa: E501
    new="""        mid = layer_norm(resid + self.attn(resid), self.ln1.w, self.ln1.b, LN_EPS)
        out = mid + gelu_mlp(mid, self.mlp.W_in, self.mlp.b_in, self.mlp.W_out, self.mlp.b_out)
        return layer_norm(out, self.ln2.w, self.ln2.b, LN_EPS)""",
    caught_by="test_attention_and_mlp_read_through_norms_and_add_to_the_stream",
    hint="normalise what the layer reads, not the stream",
)

edit(
    "TransformerBlock",
    "returns_early_when_the_mlp_is_silent",
    old="        read = layer_norm(mid",
    new="""        if not self.mlp.W_out.any():
            return resid
        read = layer_norm(mid""",
    caught_by="test_each_layer_adds_its_own_term_when_the_other_writes_nothing",
    hint="the two layers add to the stream independently of each other",
)


# Transformer

edit(
    "Transformer",
    "forgets_the_final_norm",
    old="layer_norm(resid, self.ln_final.w, self.ln_final.b, LN_EPS)",
    new="resid",
    caught_by="test_logits_equal_those_of_the_reference_model_for_any_sizes",
    hint="GPT-2 has one more norm than the blocks need",
)
edit(
    "Transformer",
    "ties_the_unembedding",
    old="@ self.unembed.W_U",
    new="@ self.embed.W_E.T",
    caught_by="test_logits_equal_those_of_the_reference_model_for_any_sizes",
    hint="this checkpoint is not tied",
)
edit(
    "Transformer",
    "drops_the_unembedding_bias",
    old=" + self.unembed.b_U",
    new="",
    caught_by="test_logits_equal_those_of_the_reference_model_for_any_sizes",
    hint="b_U is missing",
)
edit(
    "Transformer",
    "runs_the_first_block_again_and_again",
    old="resid = block(resid)",
    new="resid = self.blocks[0](resid)",
    caught_by="test_logits_equal_those_of_the_reference_model_for_any_sizes",
    hint="every block has parameters of its own",
)
edit(
    "Transformer",
    "ends_in_a_softmax",
    old="return normalised @ self.unembed.W_U + self.unembed.b_U",
    new="return (normalised @ self.unembed.W_U + self.unembed.b_U).softmax(-1)",
    caught_by="test_logits_equal_those_of_the_reference_model_for_any_sizes",
    hint="return logits: no softmax at the end",
)
edit(
    "Transformer",
    "runs_the_blocks_backwards",
    old="in self.blocks:",
    new="in reversed(self.blocks):",
    caught_by="test_logits_equal_those_of_the_reference_model_for_any_sizes",
    hint="the order is reversed",
)
edit(
    "Transformer",
    "trains_the_unembedding_alone",
    old="return normalised @",
    new="return normalised.detach() @",
    caught_by="test_gradients_reach_every_parameter",
    hint="gradients must flow",
)

# per_token_loss

edit(
    "per_token_loss",
    "does_not_shift",
    old="gather(-1, tokens[:, 1:, None])",
    new="gather(-1, tokens[:, :-1, None])",
    caught_by="test_each_position_is_charged_for_the_token_after_it",
    hint="position i predicts token i+1",
)
edit(
    "per_token_loss",
    "shifts_the_other_way",
    old="""    log_probability = logits[:, :-1].log_softmax(dim=-1)
    return -log_probability.gather(-1, tokens[:, 1:, None]).squeeze(-1)""",
    new="""    log_probability = logits[:, 1:].log_softmax(dim=-1)
    return -log_probability.gather(-1, tokens[:, :-1, None]).squeeze(-1)""",
    caught_by="test_each_position_is_charged_for_the_token_after_it",
    hint="you shifted the other way",
)
edit(
    "per_token_loss",
    "takes_the_log_of_a_softmax",
    old="log_softmax(dim=-1)",
    new="softmax(dim=-1).log()",
    caught_by="test_huge_logits_and_impossible_tokens_stay_exact",
    hint="log of softmax underflows",
)
edit(
    "per_token_loss",
    "always_charges_for_token_zero",
    old="tokens[:, 1:, None]",
    new="torch.zeros_like(tokens[:, 1:, None])",
    caught_by="test_each_position_is_charged_for_the_token_after_it",
    hint="gather at the token that came, not at token 0",
)
edit(
    "per_token_loss",
    "counts_bits",
    old=".squeeze(-1)",
    new=".squeeze(-1) / math.log(2)",
    caught_by="test_each_position_is_charged_for_the_token_after_it",
    hint="use the natural logarithm",
)
edit(
    "per_token_loss",
    "averages",
    old=".squeeze(-1)",
    new=".squeeze(-1).mean()",
    caught_by="test_each_position_is_charged_for_the_token_after_it",
    hint="per token: the shape is [b, p-1], without a mean",
)
edit(
    "per_token_loss",
    "forgets_the_sign",
    old="return -log_probability",
    new="return log_probability",
    caught_by="test_each_position_is_charged_for_the_token_after_it",
    hint="mind the sign",
)


@wrong(
    "per_token_loss",
    caught_by="test_each_position_is_charged_for_the_token_after_it",
    hint="is what you are asked to write",
)
def calls_cross_entropy(logits, tokens):
    return F.cross_entropy(logits[:, :-1].transpose(1, 2), tokens[:, 1:], reduction="none")


@wrong(
    "per_token_loss",
    caught_by="test_each_position_is_charged_for_the_token_after_it",
    hint="is what you are asked to write",
)
def calls_the_operator_behind_cross_entropy(logits, tokens):
    scores = logits[:, :-1].transpose(1, 2)
    return torch.ops.aten.cross_entropy_loss(scores, tokens[:, 1:], None, 0)


@wrong(
    "per_token_loss",
    caught_by="test_each_position_is_charged_for_the_token_after_it",
    hint="is what you are asked to write",
)
def borrows_the_loss_of_the_kit(logits, tokens):
    return hooked.token_loss(logits, tokens)


@wrong(
    "per_token_loss",
    caught_by="test_huge_logits_and_impossible_tokens_stay_exact",
    hint="nothing needs a cap",
)
def caps_the_surprise(logits, tokens):
    log_probability = logits[:, :-1].log_softmax(-1).nan_to_num(neginf=-1e6)
    return -log_probability.gather(-1, tokens[:, 1:, None]).squeeze(-1)


# future_leak


@wrong(
    "future_leak",
    caught_by="test_a_leak_that_one_token_triggers_is_found",
    hint="one replacement may not trigger it: try every other token",
)
def tries_one_replacement(model, tokens, d_vocab):
    was_training = model.training
    model.eval()
    leak = torch.zeros(len(tokens), len(tokens))
    with torch.no_grad():
        before = model(tokens[None])
        for j in range(len(tokens)):
            changed = tokens.clone()
            changed[j] = (changed[j] + 1) % d_vocab
            leak[:, j] = (model(changed[None]) - before)[0].abs().amax(-1)
    model.train(was_training)
    return leak


edit(
    "future_leak",
    "changes_all_later_tokens",
    old="""changed[:, j] = torch.arange(d_vocab)
                logits = model(changed)
                columns.append((logits - logits[tokens[j]])""",
    new="""changed[:, j:] = torch.arange(d_vocab)[:, None]
                columns.append((model(changed) - model(tokens[None]))""",
    caught_by="test_every_entry_is_the_largest_change_over_all_replacements",
    hint="which source leaked? change one token at a time",
)
edit(
    "future_leak",
    "returns_columns_as_rows",
    old="dim=1)",
    new="dim=0)",
    caught_by="test_every_entry_is_the_largest_change_over_all_replacements",
    hint="row = position that moved, column = token that was changed",
)
edit(
    "future_leak",
    "compares_the_most_likely_token",
    old="(logits - logits[tokens[j]]).abs().amax(dim=(0, 2))",
    new="(logits.argmax(-1) != logits[tokens[j]].argmax(-1)).float().amax(dim=0)",
    caught_by="test_every_entry_is_the_largest_change_over_all_replacements",
    hint="compare logits, not the most likely token",
)
edit(
    "future_leak",
    "leaves_dropout_on",
    old="model.eval()",
    new="pass",
    caught_by="test_dropout_is_off_and_the_mode_is_put_back",
    hint="evaluate without dropout",
)
edit(
    "future_leak",
    "leaves_the_model_in_eval_mode",
    old="model.train(was_training)",
    new="pass",
    caught_by="test_dropout_is_off_and_the_mode_is_put_back",
    hint="put the model back",
)
edit(
    "future_leak",
    "looks_at_the_changed_position_only",
    old="return torch.stack(columns, dim=1)",
    new="return torch.stack(columns, dim=1).diagonal().diag()",
    caught_by="test_every_entry_is_the_largest_change_over_all_replacements",
    hint="look at every position",
)
edit(
    "future_leak",
    "changes_its_argument",
    old="changed = tokens.repeat(d_vocab, 1)",
    new="tokens[j] = tokens[j] * 0\n                changed = tokens.repeat(d_vocab, 1)",
    caught_by="test_every_entry_is_the_largest_change_over_all_replacements",
    hint="in place",
)

edit(
    "future_leak",
    "builds_a_graph",
    old="with torch.no_grad():",
    new="if True:",
    caught_by="test_the_model_runs_without_gradients",
    hint="call the model under torch.no_grad()",
)

# train_reverse

edit(
    "train_reverse",
    "trains_on_the_second_half_only",
    old="loss.mean().backward()",
    new="loss[:, half - 1 :].mean().backward()",
    caught_by="test_both_halves_reach_their_bounds_on_fresh_sequences",
    hint="your first half is worse than uniform: train on all tokens",
)


@wrong(
    "train_reverse",
    caught_by="test_every_step_draws_fresh_uniform_palindromes",
    hint="draw fresh sequences each step",
)
def draws_one_fixed_batch(model, steps, half, vocab, gen):
    optimizer = torch.optim.AdamW(model.parameters(), lr=REVERSE_LR)
    first = torch.randint(vocab, (BATCH, half), generator=gen)
    tokens = torch.cat([first, first.flip(1)], dim=1)
    curve = []
    for _ in range(steps):
        loss = per_token_loss(model(tokens), tokens)
        optimizer.zero_grad()
        loss.mean().backward()
        optimizer.step()
        curve.append(torch.stack([loss[:, : half - 1].mean(), loss[:, half - 1 :].mean()]).detach())
    return torch.stack(curve)


edit(
    "train_reverse",
    "counts_the_middle_token_in_the_first_half",
    old="loss[:, : half - 1].mean().item(), loss[:, half - 1 :].mean().item()",
    new="loss[:, :half].mean().item(), loss[:, half:].mean().item()",
    caught_by="test_the_curve_is_the_loss_before_each_update_split_after_token_half",
    hint="token `half` belongs to the second half",
)
edit(
    "train_reverse",
    "never_zeroes_the_gradients",
    old="optimizer.zero_grad()",
    new="pass",
    caught_by="test_updates_follow_the_gradient_of_the_mean_over_all_tokens",
    hint="gradients add up",
)
edit(
    "train_reverse",
    "repeats_instead_of_reversing",
    old="first.flip(1)",
    new="first",
    caught_by="test_every_step_draws_fresh_uniform_palindromes",
    hint="a sequence is a followed by reversed(a)",
)
edit(
    "train_reverse",
    "sorts_the_first_half",
    old="generator=gen)\n",
    new="generator=gen).sort(1).values\n",
    caught_by="test_every_step_draws_fresh_uniform_palindromes",
    hint="tokens are uniform",
)
edit(
    "train_reverse",
    "optimises_copies_of_the_parameters",
    old="AdamW(model.parameters(),",
    new="AdamW([p.detach().clone().requires_grad_() for p in model.parameters()],",
    caught_by="test_updates_follow_the_gradient_of_the_mean_over_all_tokens",
    hint="the optimizer must own the parameters",
)
edit(
    "train_reverse",
    "ignores_the_generator",
    old=", generator=gen)",
    new=")",
    caught_by="test_the_generator_decides_and_global_randomness_is_left_alone",
    hint="draw from the generator or seed you were given",
)

edit(
    "train_reverse",
    "leaves_the_last_update_out",
    old="        optimizer.step()",
    new="        if len(curve) < steps - 1:\n            optimizer.step()",
    caught_by="test_updates_follow_the_gradient_of_the_mean_over_all_tokens",
    hint="every step updates once, and the learning rate is REVERSE_LR throughout",
)
edit(
    "train_reverse",
    "lowers_the_learning_rate_on_the_way",
    old="        optimizer.step()",
    new="        optimizer.step()\n        optimizer.param_groups[0]['lr'] *= 0.98",
    caught_by="test_updates_follow_the_gradient_of_the_mean_over_all_tokens",
    hint="every step updates once, and the learning rate is REVERSE_LR throughout",
)
edit(
    "train_reverse",
    "smooths_its_curve",
    old="return torch.tensor(curve)",
    new="return torch.tensor(curve).cumsum(0) / torch.arange(1, steps + 1)[:, None]",
    caught_by="test_the_curve_is_the_loss_before_each_update_split_after_token_half",
    hint="no running mean",
)
edit(
    "train_reverse",
    "repeats_the_first_row",
    old="return torch.tensor(curve)",
    new="return torch.tensor(curve[:1] * steps)",
    caught_by="test_the_curve_is_the_loss_before_each_update_split_after_token_half",
    hint="row s is the loss of batch s alone",
)
edit(
    "train_reverse",
    "borrows_the_sequences_of_the_kit",
    old="tokens = torch.cat([first, first.flip(1)], dim=1)",
    new="tokens = reversal.sequences(BATCH, half=half, d_vocab=vocab, generator=gen)",
    caught_by="test_every_step_draws_fresh_uniform_palindromes",
    hint="is what you are asked to write",
)


# sample

edit(
    "sample",
    "multiplies_by_the_temperature",
    old="logits / temperature",
    new="logits * temperature",
    caught_by="test_draws_follow_the_tempered_distribution",
    hint="divide by the temperature",
)
edit(
    "sample",
    "reads_the_first_position",
    old="[0, -1]",
    new="[0, 0]",
    caught_by="test_the_last_position_predicts_the_next_token",
    hint="the last position predicts the next token",
)
edit(
    "sample",
    "always_takes_the_most_likely",
    old="if temperature == 0:",
    new="if True:",
    caught_by="test_draws_follow_the_tempered_distribution",
    hint="draw, do not take the largest",
)
edit(
    "sample",
    "does_not_crop_the_context",
    old="tokens[None, -model.n_ctx :]",
    new="tokens[None]",
    caught_by="test_the_model_sees_the_last_tokens_of_its_context",
    hint="positions end at n_ctx",
)
edit(
    "sample",
    "keeps_the_first_tokens",
    old="tokens[None, -model.n_ctx :]",
    new="tokens[None, : model.n_ctx]",
    caught_by="test_the_model_sees_the_last_tokens_of_its_context",
    hint="give the model the last n_ctx tokens, not the first",
)
edit(
    "sample",
    "draws_without_the_generator",
    old=", 1, generator=gen)",
    new=", 1)",
    caught_by="test_the_generator_decides_and_global_randomness_is_left_alone",
    hint="pass the generator to torch.multinomial",
)
edit(
    "sample",
    "returns_only_what_is_new",
    old="return tokens",
    new="return tokens[len(prompt) :]",
    caught_by="test_the_last_position_predicts_the_next_token",
    hint="the prompt is included",
)


@wrong(
    "sample",
    caught_by="test_temperature_zero_takes_the_lowest_of_the_most_likely_tokens",
    hint="do not divide by 0",
)
def approximates_temperature_zero(model, prompt, n, temperature, gen):
    tokens = prompt.clone()
    with torch.no_grad():
        for _ in range(n):
            logits = model(tokens[None, -model.n_ctx :])[0, -1]
            probabilities = (logits / max(temperature, 1e-6)).softmax(-1)
            tokens = torch.cat([tokens, torch.multinomial(probabilities, 1, generator=gen)])
    return tokens


edit(
    "sample",
    "shows_the_last_token_only",
    old="tokens[None, -model.n_ctx :]",
    new="tokens[None, -1:]",
    caught_by="test_a_text_shorter_than_the_context_is_seen_as_a_whole",
    hint="give the model everything so far, or the last n_ctx tokens of it",
)
edit(
    "sample",
    "shows_one_token_less",
    old="tokens[None, -model.n_ctx :]",
    new="tokens[None, -max(model.n_ctx - 1, 1) :]",
    caught_by="test_the_model_sees_the_last_tokens_of_its_context",
    hint="give the model everything so far, or the last n_ctx tokens of it",
)
