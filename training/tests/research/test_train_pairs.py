"""Training resumes to the same weights, learns what can be learnt, and exports what it learnt."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from bases import TINY_LORA
from pools import tiny_pools
from prm_folder import read_template
from rewards import killed_at, silent

from funprm_training.config import TrainConfig
from funprm_training.export.onnx_session import onnx_logits
from funprm_training.export.prm_folder import export_fp32_folder, export_int8_folder
from funprm_training.prm.family import Family
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


@pytest.fixture(scope="module")
def trained_family(tmp_path_factory: pytest.TempPathFactory) -> Family:
    return train_pairs(tiny_pools(), replace(TINY, steps=40), tmp_path_factory.mktemp("run"), silent)


def _rewards(family: Family, batch_size: int = 8) -> list[list[float]]:
    items = [Request(p.statement, c.steps) for p in tiny_pools() for c in p.candidates]
    return score(items, family.template, family.encode, torch_logits(family.model), batch_size)


def test_killed_twice_and_resumed_ends_where_an_uninterrupted_run_does(tmp_path: Path) -> None:
    whole = train_pairs(tiny_pools(), TINY, tmp_path / "whole", silent)
    for pretraining, step in ((True, 3), (False, 5)):
        with pytest.raises(KeyboardInterrupt):
            train_pairs(tiny_pools(), TINY, tmp_path / "broken", killed_at(step, pretraining=pretraining))
    resumed = train_pairs(tiny_pools(), TINY, tmp_path / "broken", silent)
    for name, weight in whole.model.state_dict().items():
        assert torch.equal(weight, resumed.model.state_dict()[name]), name


def test_passing_programs_come_to_outrank_failing_ones(trained_family: Family) -> None:
    last = [rewards[-1] for rewards in _rewards(trained_family)]
    passed = [candidate.passed for pool in tiny_pools() for candidate in pool.candidates]
    good = [reward for reward, ok in zip(last, passed, strict=True) if ok]
    bad = [reward for reward, ok in zip(last, passed, strict=True) if not ok]
    assert min(good) > max(bad)


def test_exports_reward_as_pytorch_does_in_any_company(trained_family: Family, tmp_path: Path) -> None:
    graph = export_fp32_folder(trained_family, tmp_path / "fp32", "t", "1", "mean")
    int8 = export_int8_folder(trained_family, graph, tmp_path / "int8", "t", "1", "mean")
    assert read_template(tmp_path / "int8") == trained_family.template
    items = [Request(p.statement, c.steps) for p in tiny_pools() for c in p.candidates]
    context = (items, trained_family.template, trained_family.encode)
    reference = np.concatenate(_rewards(trained_family, 1))
    assert np.abs(np.concatenate(score(*context, onnx_logits(graph))) - reference).max() < 1e-4
    alone = np.concatenate(score(*context, onnx_logits(int8), 1))
    together = np.concatenate(score(*context, onnx_logits(int8), 16))
    assert np.abs(alone - together).max() < 1e-5
    assert np.abs(alone - reference).max() < 0.1


def test_a_pretrained_base_is_trained_and_resumed_too(base: Callable[[str], str], tmp_path: Path) -> None:
    config = replace(TINY_LORA, base=base("qwen2"), shares={"classic": 1.0}, micro_batch=4)
    train_pairs(tiny_pools(), config, tmp_path / "whole", silent)
    with pytest.raises(KeyboardInterrupt):
        train_pairs(tiny_pools(), config, tmp_path / "broken", killed_at(5))
    train_pairs(tiny_pools(), config, tmp_path / "broken", silent)
    whole, broken = (torch.load(tmp_path / name / "train.pt", weights_only=True) for name in ("whole", "broken"))
    assert all(".lora_" in name or name.startswith("head.") for name in whole["model"])
    assert all(torch.equal(weight, broken["model"][name]) for name, weight in whole["model"].items())
