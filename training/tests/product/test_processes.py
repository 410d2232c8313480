"""Two processes give the losses, weights and tables of one."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from rewards import TINY_DECODER

from funprm_training.jsonl import read_jsonl
from funprm_training.product.reward_table import CorrectionOptions
from funprm_training.product.step_rewards import RewardedProgram
from funprm_training.product.train import train_rewards

CORRECTIONS = ("none", "table", "pairs")
# All corrections in one pair of processes: most of the time goes into starting them.
ALL = """
import sys
from funprm_training.product.train import finish, main

for correction in sys.argv[1:]:
    main(["rewards.jsonl", "--problems", "problems.jsonl", "--config", "config.json", "--correction", correction,
          "--out", correction])
finish()
"""


@pytest.fixture(scope="module")
def together(rewards_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which two processes have trained with every correction."""
    folder = tmp_path_factory.mktemp("together")
    for name in ("rewards.jsonl", "problems.jsonl"):
        (folder / name).write_bytes((rewards_folder / name).read_bytes())
    (folder / "config.json").write_text(json.dumps(asdict(TINY_DECODER)))
    (folder / "all.py").write_text(ALL)
    # `--cpu --num_processes 2` would start one process. Without a GPU the two of `--multi_gpu` speak over the CPU.
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
    launch += ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*launch, "all.py", *CORRECTIONS], cwd=folder, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr[-2000:]
    progress = [line for line in done.stdout.splitlines() if line.startswith("{")]
    (folder / "progress.jsonl").write_text("\n".join(progress))
    return folder


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_two_processes_have_the_losses_and_weights_of_one(
    programs: list[RewardedProgram], together: Path, tmp_path: Path, correction: str
) -> None:
    alone: list[dict[str, float]] = []
    train_rewards(programs, TINY_DECODER, CorrectionOptions(correction), tmp_path, alone.append)
    last = list(read_jsonl(together / "progress.jsonl"))[CORRECTIONS.index(correction)]
    assert (alone[-1]["processes"], last["processes"]) == (1, 2)
    assert last["loss"] == pytest.approx(alone[-1]["loss"], abs=1e-4)
    assert last.get("upper") == pytest.approx(alone[-1].get("upper"), abs=1e-4)
    assert ("upper" in last) == (correction != "none")
    one, two = (torch.load(run / "train.pt", weights_only=True) for run in (tmp_path, together / correction))
    for name, weight in one["model"].items():
        assert torch.allclose(weight, two["model"][name], atol=1e-4), name
    assert torch.allclose(one["targets"], two["targets"], atol=1e-3)
