"""A causal PRM over a tree of programs: what programs share is computed once, whatever its place.

The tokens of all programs of a problem form a trie; read in depth-first order, every token's ancestors come before
it. A call takes the next `n` tokens of that order and the cache rows of the `p` ancestors of its first token, and
gives a logit and a cache row for each of them. src/prm/tokens/token-tree.ts is the other side.
"""

import torch
from torch import Tensor, nn

from funprm_training.prm.model import StepMarkModel

HIDDEN_SCORE = -1e9
"""Added to the attention score of a token that is no ancestor; finite, so that no row of a softmax is empty."""


LLAMA_FORM = ("llama", "mistral", "qwen2", "qwen3")
"""Model types whose layers are those of TreeModel."""
FIXED_ROTATIONS = ("default", "linear", "llama3", "yarn")
"""Rotary embeddings that turn a token by its place alone, whatever the length of the sequence."""


def has_tree_form(model: nn.Module, context_length: int) -> bool:
    """Whether TreeModel computes what the model does on sequences of at most `context_length` tokens."""
    config = getattr(getattr(model, "backbone", None), "config", None)
    if not isinstance(model, StepMarkModel) or config.model_type not in LLAMA_FORM:
        return False
    rotation = (getattr(config, "rope_parameters", None) or {}).get("rope_type", "default")
    windowed = getattr(config, "use_sliding_window", config.model_type == "mistral")
    window = getattr(config, "sliding_window", None) if windowed else None
    return rotation in FIXED_ROTATIONS and (window is None or window >= context_length)


class TreeModel(nn.Module):
    """The weights of a decoder of the Llama form (Qwen2 among them), attending along the branches of a tree."""

    def __init__(self, model: StepMarkModel) -> None:
        super().__init__()
        self.backbone = model.backbone
        self.head = model.head
        config = model.backbone.config
        self.kv_heads = config.num_key_value_heads
        self.head_size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        self.group = config.num_attention_heads // self.kv_heads

    @property
    def row(self) -> tuple[int, int, int, int]:
        """Shape of a cache row: layers, key and value, heads, width of a head."""
        return len(self.backbone.layers), 2, self.kv_heads, self.head_size

    def forward(
        self, input_ids: Tensor, position_ids: Tensor, visible_until: Tensor, past: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits `[n]` and cache rows `[n, *row]` of `n` tokens in depth-first order.

        `input_ids`, `position_ids`: `[n]`; a token's position is its depth. `past`: `[p, *row]`, the ancestors of
        the first token, the root first. `visible_until`: `[p + n]`: a token, cached or new, is seen by the new
        tokens from itself up to this place among them, because in depth-first order descendants are contiguous.
        """
        length = input_ids.shape[0]
        place = torch.arange(length)
        first = torch.cat([torch.zeros_like(visible_until[: past.shape[0]]), place])
        seen = (place[:, None] >= first[None]) & (place[:, None] < visible_until[None])
        bias = torch.where(seen, 0.0, HIDDEN_SCORE)
        hidden = self.backbone.embed_tokens(input_ids)
        rotation = [part[0][:, None] for part in self.backbone.rotary_emb(hidden, position_ids[None])]
        rows = []
        for index, layer in enumerate(self.backbone.layers):
            mixed, row = self._attend(layer.self_attn, layer.input_layernorm(hidden), rotation, bias, past[:, index])
            hidden = hidden + mixed
            hidden = hidden + layer.mlp(layer.post_attention_layernorm(hidden))
            rows.append(row)
        return self.head(self.backbone.norm(hidden)).squeeze(-1), torch.stack(rows, dim=1)

    def _attend(
        self, attention: nn.Module, hidden: Tensor, rotation: list[Tensor], bias: Tensor, past: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Attention of one layer, `[n, width]`, and its part of the cache rows, `[n, 2, heads, head]`.

        Query heads that share a key head lie side by side, so that keys and values are never repeated.
        """
        length = hidden.shape[0]
        query, key, value = (
            project(hidden).view(length, -1, self.head_size)
            for project in (attention.q_proj, attention.k_proj, attention.v_proj)
        )
        # Qwen3 normalises each head.
        query, key = (attention.q_norm(query), attention.k_norm(key)) if hasattr(attention, "q_norm") else (query, key)
        query = _rotate(query, rotation) * self.head_size**-0.5
        row = torch.stack([_rotate(key, rotation), value], dim=1)
        keys, values = torch.cat([past, row]).unbind(1)
        query = query.view(length, self.kv_heads, self.group, self.head_size).permute(1, 2, 0, 3)
        scores = query @ keys.permute(1, 2, 0)[:, None] + bias
        mixed = scores.softmax(-1) @ values.permute(1, 0, 2)[:, None]
        return attention.o_proj(mixed.permute(2, 0, 1, 3).reshape(length, -1)), row


def _rotate(heads: Tensor, rotation: list[Tensor]) -> Tensor:
    """Rotary position embedding of `[n, heads, head]`."""
    cosine, sine = rotation
    left, right = heads.chunk(2, dim=-1)
    return heads * cosine + torch.cat([-right, left], dim=-1) * sine
