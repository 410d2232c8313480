"""What is made of a chosen line of cv.jsonl: the head on all train programs, its model, its rewards on dev."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from funprm_training import checkpoint
from funprm_training.config import read_config
from funprm_training.prm.family import build
from funprm_training.prm.scoring import score, sigmoid, torch_logits
from funprm_training.research.bake_off.linear import Head, Recipe, fit, order_share
from funprm_training.research.bake_off.material import Material, minilm_config
from funprm_training.research.bake_off.pairs import BAKE_OFF_SUITES
from funprm_training.research.bake_off.variants import FOLD
from funprm_training.research.dev_rewards import Rewards
from funprm_training.research.pools import fold_of
from funprm_training.run_folder import keep_config, load_trained


def final_head(material: Material, entry: dict, without_fold: int | None = None) -> Head:
    """The head of a line of cv.jsonl, fitted on all train programs, or on those outside a fold of problems."""
    recipe = Recipe(tuple(entry["suites"]), entry["nuisance"], entry["decay"])
    out = np.array([fold_of(problem) == without_fold for problem in material.programs.problem])
    return fit(material.rows(entry["reads"], "train"), material.programs, recipe, out)


def judge(material: Material, run: Path) -> dict[str, float]:
    """Shares of the pairs of FOLD that a run, trained without it, orders rightly by the reward of whole programs."""
    family, config = load_trained(run), read_config(run / "config.json")
    requests = material.requests("train", config.statement)
    places = [n for n in range(material.whole) if fold_of(material.programs.problem[n]) == FOLD]
    rewards = score(
        [requests[n] for n in places], family.template, family.encode, torch_logits(family.model), batch_size=8
    )
    last = np.zeros(len(material.programs.candidates))
    last[places] = [steps[-1] for steps in rewards]
    return {suite: order_share(last, material.programs, suite, FOLD) for suite in BAKE_OFF_SUITES}


def write_model(entry: dict, head: Head, out: Path) -> None:
    """A run that export/from_run.py reads: a frozen MiniLM with the head. Heads over other features have no model."""
    poolings: dict[str, Literal["all", "code"]] = {"minilm/2/all": "all", "minilm/*/code": "code"}
    if entry["reads"] not in poolings:
        raise ValueError(f"{entry['name']}: a model that can be exported reads one of {', '.join(poolings)}")
    config = replace(minilm_config("minilm"), pooling=poolings[entry["reads"]])
    family = build(config, out)
    weight, bias = head.plain()
    with torch.no_grad():
        family.model.head.weight.copy_(weight[None])
        family.model.head.bias.fill_(bias)
    keep_config(out, config)
    checkpoint.save(out / "train.pt", {"model": family.model.state_dict(), "step": 0})


def dev_rewards(material: Material, logits: np.ndarray) -> Rewards:
    """Step rewards of the dev programs from the logits `[prefixes]` of all their prefixes."""
    rewards: Rewards = {}
    for (key, _, _), reward in zip(material.dev, sigmoid(logits).tolist(), strict=True):
        rewards.setdefault(key, []).append(reward)
    return rewards
