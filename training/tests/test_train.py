"""Training resumes to the same weights, learns what can be learnt, and exports what it learnt."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from pools import tiny_pools

from funprm_training.config import TrainConfig
from funprm_training.export import export_fp32_folder, export_int8_folder
from funprm_training.family import Family
from funprm_training.manifest import read_template
from funprm_training.onnx_graph import onnx_logits
from funprm_training.scoring import Request, score, torch_logits
from funprm_training.train import train, usable

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


class Killed(Exception):
    """Stands for the end of the process at an arbitrary step."""


def _silent(_entry: dict[str, float]) -> None:
    """Drops progress."""


def _killed_at(phase: bool, step: int) -> Callable[[dict[str, float]], None]:
    def log(entry: dict[str, float]) -> None:
        if entry["step"] == step and ("pretrain" in entry) == phase:
            raise Killed

    return log


@pytest.fixture(scope="module")
def trained_family(tmp_path_factory: pytest.TempPathFactory) -> Family:
    torch.set_num_threads(1)
    config = replace(TINY, steps=40)
    return train(usable(tiny_pools()), config, tmp_path_factory.mktemp("run"), _silent)


def _rewards(family: Family, batch_size: int = 8) -> list[list[float]]:
    items = [Request(p.statement, c.steps) for p in tiny_pools() for c in p.candidates]
    return score(items, family.template, family.encode, torch_logits(family.model), batch_size)


def test_killed_twice_and_resumed_ends_where_an_uninterrupted_run_does(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    pools = usable(tiny_pools())
    whole = train(pools, TINY, tmp_path / "whole", _silent) if (tmp_path / "whole").mkdir() is None else None
    (tmp_path / "broken").mkdir()
    for phase, step in ((True, 3), (False, 5)):
        with pytest.raises(Killed):
            train(pools, TINY, tmp_path / "broken", _killed_at(phase, step))
    resumed = train(pools, TINY, tmp_path / "broken", _silent)
    assert whole is not None
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
