"""Runs of PPO with the real `funprm reward`: killed and gone on with, and one that learns."""

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from funprm_training.config import InputError
from funprm_training.jsonl import read_jsonl
from funprm_training.psgpo.funprm_rewards import RewardClient
from funprm_training.psgpo.settings import PsgpoConfig, keep_config
from funprm_training.psgpo.train import Trainer, train

# The process is killed in the middle of the fourth update: behind a checkpoint, and behind a row that comes after it.
KILLED = """
import os, signal, sys
import torch
from funprm_training.psgpo.train import Trainer, main

torch.set_num_threads(1)
improve, kill_at = Trainer._improve, int(sys.argv.pop(1))

def improve_and_die(self, experience):
    measured = improve(self, experience)
    if self.step == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
    return measured

Trainer._improve = improve_and_die
sys.exit(main())
"""


def config_of(policy: str, prm: str, **changes: object) -> PsgpoConfig:
    small = {"problems_per_update": 3, "samples_per_problem": 2, "max_new_tokens": 12, "minibatch": 4}
    own = {"updates": 5, "learning_rate": 1e-3, "save_every": 2}
    return PsgpoConfig(policy=policy, prm=prm, **{**small, **own, **changes})


def run_killed(folder: Path, config: PsgpoConfig, problems: Path, url: str, kill_at: int) -> int:
    """A run by the command, in a process of its own; how it ended."""
    folder.mkdir()
    (folder / "settings.json").write_text(json.dumps(asdict(config)))
    (folder / "run.py").write_text(KILLED)
    command = [sys.executable, folder / "run.py", str(kill_at), folder / "settings.json"]
    options = ["--problems", problems, "--url", url, "--out", folder / "run"]
    return subprocess.run([*command, *options], check=False).returncode


def test_a_run_killed_by_force_goes_on_to_the_same_numbers(
    policy: str, prm: str, problems: Path, url: str, tmp_path: Path
) -> None:
    config, own = config_of(policy, prm), list(read_jsonl(problems))
    killed = tmp_path / "killed" / "run"
    assert run_killed(tmp_path / "killed", config, problems, url, kill_at=3) == -signal.SIGKILL
    assert torch.load(killed / "train.pt", weights_only=True)["step"] == 2
    assert len(list(read_jsonl(killed / "updates.jsonl"))) == 3
    for folder in (killed, tmp_path / "whole" / "run"):
        train(Trainer(config, own, RewardClient(url)), folder)
    ended, expected = (
        torch.load(tmp_path / name / "run" / "train.pt", weights_only=True) for name in ("killed", "whole")
    )
    for part in ("policy", "critic"):
        assert all(torch.equal(ended[part][name], weight) for name, weight in expected[part].items())
    rows, others = (list(read_jsonl(tmp_path / name / "run" / "updates.jsonl")) for name in ("killed", "whole"))
    assert len(rows) == 5
    for row, other in zip(rows, others, strict=True):
        assert {**row, "draw_s": 0, "train_s": 0} == {**other, "draw_s": 0, "train_s": 0}


def test_a_run_of_other_settings_is_refused(policy: str, prm: str, tmp_path: Path) -> None:
    keep_config(tmp_path, config_of(policy, prm))
    keep_config(tmp_path, config_of(policy, prm))
    with pytest.raises(InputError, match="other settings"):
        keep_config(tmp_path, config_of(policy, prm, kl=0.5))
    with pytest.raises(InputError, match="needs a PRM"):
        keep_config(tmp_path / "new", config_of(policy, ""))


@pytest.mark.parametrize(("reward", "critic"), [("dense", "prm"), ("min", "policy")])
def test_the_rewards_of_lines_are_learnt_from(
    policy: str, prm: str, problems: Path, url: str, reward: str, critic: str
) -> None:
    """The policy comes to write what the PRM likes: all that can be earned here is R, for no program passes."""
    config = config_of(
        policy, prm, reward=reward, critic=critic, problems_per_update=4, samples_per_problem=4, kl=0.0, seed=2,
        learning_rate=1e-2, critic_learning_rate=1e-2, minibatch=16, max_new_tokens=10,
    )  # fmt: skip
    trainer = Trainer(config, list(read_jsonl(problems)), RewardClient(url))
    rewards = [trainer.update()["reward"] for _ in range(15)]
    assert sum(rewards[-4:]) / 4 > sum(rewards[:4]) / 4 + 0.02
