"""Checkpoints that survive being killed at any moment. They hold only what is trained."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from funprm_training.atomic_write import replacing


def save(path: Path, state: dict[str, Any]) -> None:
    """Replaces the checkpoint in one step."""
    with replacing(path) as partial:
        torch.save(state, partial)


def load(path: Path) -> dict[str, Any] | None:
    """The last checkpoint, or None when there is none."""
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


def trained_weights(model: nn.Module) -> dict[str, Tensor]:
    """What training changes; the rest comes from the base model again."""
    return {name: weight.detach() for name, weight in model.named_parameters() if weight.requires_grad}


def restore(model: nn.Module, weights: dict[str, Tensor]) -> None:
    """Puts the weights of a checkpoint, trained ones or all, in their places; none that is trained may be missing."""
    found = model.load_state_dict(weights, strict=False)
    missing = sorted(set(found.missing_keys) & set(trained_weights(model)))
    if missing or found.unexpected_keys:
        odd = (missing + found.unexpected_keys)[0]
        raise ValueError(f"the checkpoint is of another model: {odd} is {'missing' if missing else 'unknown'}")
