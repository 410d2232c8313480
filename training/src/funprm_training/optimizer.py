"""The optimiser of every training run and the course of its learning rates."""

import torch

from funprm_training.config import TrainConfig
from funprm_training.prm.model import PrmModel


def optimizer_of(model: PrmModel, config: TrainConfig) -> torch.optim.AdamW:
    """AdamW with a rate of its own for the new head; frozen weights are left out."""
    if config.family == "minilm":
        model.backbone.embeddings.requires_grad_(False)
        for layer in model.backbone.encoder.layer[: config.frozen_layers]:
            layer.requires_grad_(False)
    body = [weight for weight in model.backbone.parameters() if weight.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": body, "base": config.learning_rate},
            {"params": list(model.head.parameters()), "base": config.head_learning_rate},
        ],
        lr=0.0,
        weight_decay=config.weight_decay,
    )


def set_learning_rates(optimizer: torch.optim.Optimizer, step: int, config: TrainConfig) -> None:
    """Gives every group its rate at a step: linear warm-up, then linear decay to a tenth."""
    if step < config.warmup:
        factor = (step + 1) / config.warmup
    else:
        factor = 1 - 0.9 * (step - config.warmup) / max(config.steps - config.warmup, 1)
    for group in optimizer.param_groups:
        group["lr"] = group["base"] * factor
