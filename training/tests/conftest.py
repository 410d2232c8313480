"""What tests share: one thread, the invented step rewards, and the folders of pretrained models, each made once."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch
from bases import base_folder
from rewards import write_rewards

from funprm_training.product.step_rewards import RewardedProgram, read_rewarded


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Sums in one order: runs that must be equal are equal to the last bit."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def rewards_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """rewards.jsonl and problems.jsonl of four problems with four programs of two functions each; not to be changed."""
    folder = tmp_path_factory.mktemp("rewards")
    write_rewards(folder)
    return folder


@pytest.fixture(scope="session")
def programs(rewards_folder: Path) -> list[RewardedProgram]:
    return read_rewarded([rewards_folder / "rewards.jsonl"], [rewards_folder / "problems.jsonl"])


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The folder of a tiny pretrained model of a layout of bases.py; not to be changed."""
    return cache(lambda layout: str(base_folder(tmp_path_factory.mktemp(layout), layout)))
