"""Training on step rewards: the table moves what it may, and several processes give the loss of one."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from rewards import silent, write_rewards

from funprm_training.config import InputError, TrainConfig, keep_config
from funprm_training.reward_data import initial_table, read_rewarded, split_problems
from funprm_training.reward_train import CorrectionOptions, _check_shares, train_rewards

TINY = TrainConfig(
    family="decoder", steps=6, context_length=96, pairs_per_step=3, micro_batch=2, learning_rate=3e-3, warmup=2,
    layers=1, width=16, heads=2, vocabulary=300, save_every=3,
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """rewards.jsonl and problems.jsonl of four problems with four programs of two functions each."""
    write_rewards(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({name: getattr(TINY, name) for name in TINY.__dict__}))
    return tmp_path


def test_the_table_moves_proper_prefixes_of_the_lower_level_only(folder: Path) -> None:
    programs = read_rewarded([folder / "rewards.jsonl"], [folder / "problems.jsonl"])
    assert len(programs) == 16
    before, movable = initial_table(programs)
    (folder / "run").mkdir()
    train_rewards(programs, TINY, CorrectionOptions("table"), folder / "run", lambda entry: None)
    after = torch.load(folder / "run" / "train.pt", weights_only=True)["targets"]
    lower, meta = split_problems(programs, 0.3, TINY.seed)
    assert not {p.problem for p in lower} & {p.problem for p in meta}
    fixed = {item for program in meta for item in program.items} | set(torch.nonzero(~movable).flatten().tolist())
    moved = set(torch.nonzero(before != after).flatten().tolist())
    assert moved
    assert not moved & fixed
    assert after.min() >= 0 and after.max() <= 1


def test_equal_prefixes_are_one_item_and_whole_programs_are_clean(folder: Path) -> None:
    programs = read_rewarded([folder / "rewards.jsonl"], [folder / "problems.jsonl"])
    rewards, movable = initial_table(programs)
    assert len(rewards) == 4 * (2 + 4)
    assert rewards[~movable].unique().tolist() == [0, 1]


def test_programs_of_two_pools_with_one_number_are_both_read(folder: Path) -> None:
    rows = (folder / "rewards.jsonl").read_text().splitlines()
    other = [row.replace("return x", "return 1 * x") for row in rows]
    (folder / "both.jsonl").write_text("".join(f"{row}\n" for row in (*rows, *other)))
    problems = [folder / "problems.jsonl"]
    one, both = (read_rewarded([folder / name], problems) for name in ("rewards.jsonl", "both.jsonl"))
    assert len(both) == 2 * len(one)
    twice = read_rewarded([folder / "rewards.jsonl"] * 2, problems)
    assert len(twice) == 2 * len(one)
    assert initial_table(twice)[0].shape == initial_table(one)[0].shape


@pytest.mark.parametrize("order", [1, -1])
def test_a_program_that_another_begins_with_keeps_its_verdict(tmp_path: Path, order: int) -> None:
    row = {"problem_id": "p", "K": 4}
    short = {**row, "sample_index": 0, "step": 0, "steps": 1, "prefix": "a\n", "reward": 0.0, "passed": False}
    begun = {**row, "sample_index": 1, "step": 0, "steps": 2, "prefix": "a\n", "reward": 0.75, "passed": True}
    whole = {**row, "sample_index": 1, "step": 1, "steps": 2, "prefix": "a\nb\n", "reward": 1.0, "passed": True}
    rows = [short, begun, whole][::order]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "p.jsonl").write_text(json.dumps({"id": "p", "statement": "s"}))
    programs = sorted(read_rewarded([tmp_path / "r.jsonl"], [tmp_path / "p.jsonl"]), key=lambda p: len(p.steps))
    rewards, movable = initial_table(programs)
    assert [[float(rewards[item]) for item in program.items] for program in programs] == [[0.0], [0.75, 1.0]]
    assert [[bool(movable[item]) for item in program.items] for program in programs] == [[False], [True, False]]


@pytest.mark.parametrize("correction", ["none", "table"])
def test_two_processes_have_the_losses_and_weights_of_one(folder: Path, correction: str) -> None:
    module = ["-m", "funprm_training.reward_train", "rewards.jsonl", "--problems", "problems.jsonl"]
    common = [*module, "--config", "config.json", "--correction", correction]
    alone = _run([sys.executable, *common, "--out", "one"], folder)
    # `--cpu --num_processes 2` would start one process. Without a GPU the two of `--multi_gpu` speak over the CPU.
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
    launch += ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"]
    together = _run([*launch, *common, "--out", "two"], folder)
    assert [entry["processes"] for entry in (*alone, *together)] == [1, 2]
    assert [entry["loss"] for entry in together] == pytest.approx([entry["loss"] for entry in alone], abs=1e-4)
    one, two = (torch.load(folder / run / "train.pt", weights_only=True) for run in ("one", "two"))
    for name, weight in one["model"].items():
        assert torch.allclose(weight, two["model"][name], atol=1e-4), name
    assert torch.allclose(one["targets"], two["targets"], atol=1e-3)
    assert (correction == "table") == ("upper" in together[0])


def test_more_processes_than_micro_batches_are_refused() -> None:
    with pytest.raises(InputError, match="micro_batch to at most 3"):
        _check_shares(6, 6, 2)
    _check_shares(6, 3, 2)


def test_a_run_of_other_rewards_or_another_correction_is_not_continued(folder: Path) -> None:
    programs = read_rewarded([folder / "rewards.jsonl"], [folder / "problems.jsonl"])
    out = folder / "run"
    keep_config(out, TINY)
    train_rewards(programs, replace(TINY, steps=3), CorrectionOptions(), out, silent)
    with pytest.raises(InputError, match="another correction"):
        train_rewards(programs, TINY, CorrectionOptions("table"), out, silent)
    other = [replace(programs[0], rewards=(0.5, 0.0)), *programs[1:]]
    with pytest.raises(InputError, match="other rewards"):
        train_rewards(other, TINY, CorrectionOptions(), out, silent)
    with pytest.raises(InputError, match="another configuration"):
        keep_config(out, replace(TINY, steps=7))
    keep_config(out, TINY)
    train_rewards(programs, TINY, CorrectionOptions(), out, silent)


def _run(command: list[str], folder: Path) -> list[dict[str, float]]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
