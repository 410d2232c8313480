"""The folder of a training run: `config.json`, which says what it is, and `train.pt`, its last checkpoint."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from funprm_training import checkpoint
from funprm_training.atomic_write import write_text
from funprm_training.config import InputError, TrainConfig, read_config
from funprm_training.prm.family import Family, build


def keep_config(out: Path, config: TrainConfig) -> None:
    """Writes `config.json` into the folder of a run; raises InputError where a run of another configuration lies."""
    kept = out / "config.json"
    if kept.exists() and read_config(kept) != config:
        raise InputError(f"{out} holds a run of another configuration: name another --out")
    # Several processes may come here at once: none may read what another has half written.
    write_text(kept, json.dumps(asdict(config), indent=2) + "\n", writer=f".{os.getpid()}")


def load_trained(run: Path, base: dict[str, str] | None = None) -> Family:
    """The model of a run at its last checkpoint, in float32; `base` says where its base model lies now."""
    config = read_config(run / "config.json", {**(base or {}), "precision": "fp32", "gradient_checkpointing": False})
    family = build(config, run)
    state = checkpoint.load(run / "train.pt")
    if state is None:
        raise FileNotFoundError(f"{run}/train.pt: expected a checkpoint; train the run first")
    if state.get("base", family.base) != family.base:
        raise InputError(f"{config.base} is not the base model that {run} was trained from")
    checkpoint.restore(family.model, state["model"])
    family.model.eval()
    return family
