"""Checkpoints that survive being killed at any moment: written beside, then renamed."""

import os
from pathlib import Path
from typing import Any

import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Replaces the checkpoint in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    torch.save(state, temporary)
    os.replace(temporary, path)


def load(path: Path) -> dict[str, Any] | None:
    """The last checkpoint, or None when there is none."""
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None
