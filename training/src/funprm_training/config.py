"""Everything that makes a training run, read from a JSON file of configs/ and kept in the checkpoint."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


class InputError(ValueError):
    """Something that the user can mend; the message says what was expected, what came and what to do."""


@dataclass(frozen=True)
class TrainConfig:
    """A run. Lengths in tokens, learning rates of AdamW, `shares` of the suites among the drawn pairs;
    `pretrain_statements`: the share of the language model's programs that come after their statement.

    `signed`: labels of lines in [-1, 1] by mean squared error, in place of rewards of steps by cross-entropy.

    An update takes `2 * pairs_per_step` programs, of which `micro_batch` are computed at once. `base` and what follows
    it are of the families `causal-lm` and `encoder` (prm/pretrained.py).
    """

    family: Literal["minilm", "decoder", "causal-lm", "encoder"]
    steps: int
    context_length: int
    shares: dict[str, float] = field(
        default_factory=lambda: {"livecodebench-v5": 0.6, "classic": 0.2, "codeforces-hard": 0.2}
    )
    pairs_per_step: int = 8
    micro_batch: int = 8
    learning_rate: float = 5e-5
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: int = 50
    contrast_weight: float = 1.0
    outcome_weight: float = 0.3
    label_smoothing: float = 0.1
    signed: bool = False
    frozen_layers: int = 0
    pooling: Literal["all", "code"] = "all"
    statement: bool = True
    seed: int = 1
    save_every: int = 100
    layers: int = 4
    width: int = 256
    heads: int = 4
    vocabulary: int = 4096
    pretrain_steps: int = 0
    pretrain_statements: float = 1.0
    pretrain_batch: int = 16
    pretrain_learning_rate: float = 1.5e-3
    base: str = ""
    tuning: Literal["lora", "full"] = "lora"
    lora_rank: int = 8
    lora_alpha: float = 16
    lora_targets: tuple[str, ...] = ("q_proj", "k_proj", "v_proj", "o_proj")
    mark: str = "\n"
    precision: Literal["fp32", "bf16"] = "fp32"
    gradient_checkpointing: bool = False


def read_config(path: Path, overrides: dict[str, Any] | None = None) -> TrainConfig:
    """The configuration of a file; an unknown field is an error."""
    fields = {**json.loads(path.read_text(encoding="utf-8")), **(overrides or {})}
    if "lora_targets" in fields:
        fields["lora_targets"] = tuple(fields["lora_targets"])
    return TrainConfig(**fields)
