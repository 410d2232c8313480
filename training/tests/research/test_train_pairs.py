"""Training on pairs resumes to the same weights and learns what can be learnt."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from bases import TINY_LORA
from pools import tiny_pools
from rewards import killed_at, silent

from funprm_training.config import TrainConfig
from funprm_training.prm.scoring import Request, score, torch_logits
from funprm_training.research.train_pairs import train_pairs

TINY = TrainConfig(
    family="decoder",
    steps=6,
    context_length=64,
    shares={"classic": 1.0},
    pairs_per_step=4,
    micro_batch=4,
    learning_rate=3e-3,
    warmup=2,
    layers=2,
    width=32,
    heads=2,
    vocabulary=330,
    pretrain_steps=4,
    pretrain_batch=4,
    save_every=2,
)


def test_killed_twice_and_resumed_ends_where_an_uninterrupted_run_does(tmp_path: Path) -> None:
    whole = train_pairs(tiny_pools(), TINY, tmp_path / "whole", silent)
    for pretraining, step in ((True, 3), (False, 5)):
        with pytest.raises(KeyboardInterrupt):
            train_pairs(tiny_pools(), TINY, tmp_path / "broken", killed_at(step, pretraining=pretraining))
    resumed = train_pairs(tiny_pools(), TINY, tmp_path / "broken", silent)
    for name, weight in whole.model.state_dict().items():
        assert torch.equal(weight, resumed.model.state_dict()[name]), name


def test_passing_programs_come_to_outrank_failing_ones(tmp_path: Path) -> None:
    family = train_pairs(tiny_pools(), replace(TINY, steps=40), tmp_path, silent)
    candidates = [(pool.statement, candidate) for pool in tiny_pools() for candidate in pool.candidates]
    requests = [Request(statement, candidate.steps) for statement, candidate in candidates]
    rewards = score(requests, family.template, family.encode, torch_logits(family.model))
    good = [steps[-1] for steps, (_, candidate) in zip(rewards, candidates, strict=True) if candidate.passed]
    bad = [steps[-1] for steps, (_, candidate) in zip(rewards, candidates, strict=True) if not candidate.passed]
    assert min(good) > max(bad)


def test_a_pretrained_base_is_trained_and_resumed_too(base: Callable[[str], str], tmp_path: Path) -> None:
    config = replace(TINY_LORA, base=base("qwen2"), shares={"classic": 1.0}, micro_batch=4)
    train_pairs(tiny_pools(), config, tmp_path / "whole", silent)
    with pytest.raises(KeyboardInterrupt):
        train_pairs(tiny_pools(), config, tmp_path / "broken", killed_at(5))
    train_pairs(tiny_pools(), config, tmp_path / "broken", silent)
    whole, broken = (torch.load(tmp_path / name / "train.pt", weights_only=True) for name in ("whole", "broken"))
    assert all(".lora_" in name or name.startswith("head.") for name in whole["model"])
    assert all(torch.equal(weight, broken["model"][name]) for name, weight in whole["model"].items())
