"""From raw candidates to a ranked list with a model trained in the run, by the commands that a user types."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from funprm_training.jsonl import read_jsonl
from funprm_training.prm.scoring import Request, score, torch_logits
from funprm_training.research.split_steps import split_steps
from funprm_training.run_folder import load_trained

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "dist" / "main.js"
EXAMPLES = ("fair-shares", "page-ranges", "tray-order")
TRAIN = (
    *("train", "rewards.jsonl", "--problems", "problems.jsonl", "--correction", "table"),
    *("--config", str(ROOT / "training" / "configs" / "rewards-tiny.json")),
)
# An interpreter whose process, and the command that started it, are killed right behind the first checkpoint.
KILLED = """
import os, runpy, signal, sys
from funprm_training import checkpoint

save = checkpoint.save

def save_and_die(path, state):
    save(path, state)
    os.killpg(0, signal.SIGKILL)

checkpoint.save = save_and_die
_, _, module, *arguments = sys.argv
sys.argv = [module, *arguments]
runpy.run_module(module, run_name="__main__")
"""


def funprm(*args: str | Path, cwd: Path) -> str:
    """Runs the built command; its stdout."""
    assert MAIN.exists(), "dist/main.js is missing: run `npm run build` first"
    done = subprocess.run(_command(*args), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"funprm {args[0]} ended with {done.returncode}: {done.stderr}"
    return done.stdout


def _command(*args: str | Path) -> list[str]:
    node = shutil.which("node")
    assert node is not None, "node is not on the path"
    return [node, str(MAIN), *map(str, args)]


@pytest.fixture(scope="module")
def rewards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with problems, candidates and the step rewards of their prefixes."""
    folder = tmp_path_factory.mktemp("sequence")
    problems, candidates = [], []
    for name in EXAMPLES:
        problems.append(json.dumps(json.loads((ROOT / "examples" / name / "problem.json").read_text("utf-8"))))
        candidates += (ROOT / "examples" / name / "candidates.jsonl").read_text("utf-8").splitlines()
    (folder / "problems.jsonl").write_text("\n".join(problems) + "\n", "utf-8")
    (folder / "candidates.jsonl").write_text("\n".join(candidates) + "\n", "utf-8")
    collect = ("collect", "problems.jsonl", "--policy", "pool", "--candidates", "candidates.jsonl", "-k", "2")
    funprm(*collect, "--out", "rewards.jsonl", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def run(rewards: Path) -> Path:
    """A run that nothing stopped."""
    return Path(funprm(*TRAIN, "--out", "run", cwd=rewards).strip())


def test_from_raw_candidates_to_a_ranked_list(rewards: Path, run: Path) -> None:
    wholes = [row for row in read_jsonl(rewards / "rewards.jsonl") if row["whole"]]
    assert len(wholes) == 8 * len(EXAMPLES)
    assert {row["reward"] for row in wholes} == {0, 1}, "clean verdicts of both kinds"
    model = funprm("export", "--run", run, "--out", "tiny-prm", cwd=rewards).strip()
    assert Path(model) == rewards / "tiny-prm"
    ranked = funprm("rank", "candidates.jsonl", "--problems", "problems.jsonl", "--prm", model, cwd=rewards)
    ranking = [json.loads(line) for line in ranked.splitlines()]
    assert len(ranking) == 8 * len(EXAMPLES)
    assert {row["by"]["prm"] for row in ranking} == {"tiny-prm"}
    assert all(0 <= step["reward"] <= 1 for row in ranking for step in row["steps"])


def test_a_pretrained_base_is_trained_by_lora_and_ranks_with_the_rewards_of_pytorch(
    rewards: Path, base: Callable[[str], str]
) -> None:
    config = {"family": "causal-lm", "steps": 2, "context_length": 2500, "pairs_per_step": 1, "micro_batch": 1}
    config |= {"learning_rate": 1e-2, "head_learning_rate": 0.1, "warmup": 1, "lora_rank": 2}
    (rewards / "lora.json").write_text(json.dumps(config), "utf-8")
    train = ("train", "rewards.jsonl", "--problems", "problems.jsonl", "--config", "lora.json", "--base", base("qwen2"))
    run = Path(funprm(*train, "--correction", "table", "--out", "lora", cwd=rewards).strip())
    funprm("export", "--run", run, "--out", "lora-prm", cwd=rewards)
    family = load_trained(run)
    statements = {problem["id"]: problem["statement"] for problem in read_jsonl(rewards / "problems.jsonl")}
    candidates = list(read_jsonl(rewards / "candidates.jsonl"))
    programs = split_steps([candidate["code"] for candidate in candidates])
    requests = [Request(statements[c["problem_id"]], steps) for c, steps in zip(candidates, programs, strict=True)]
    rewarded = score(requests, family.template, family.encode, torch_logits(family.model))
    expected = {(c["problem_id"], c["sample_index"]): r for c, r in zip(candidates, rewarded, strict=True)}
    rank = ("rank", "candidates.jsonl", "--problems", "problems.jsonl", "--prm")
    for prm, tolerance in ((run / "fp32", 1e-4), ("lora-prm", 0.1)):
        rows = [json.loads(line) for line in funprm(*rank, prm, cwd=rewards).splitlines()]
        assert len(rows) == 8 * len(EXAMPLES)
        for row in rows:
            found = [step["reward"] for step in row["steps"]]
            assert found == pytest.approx(expected[row["problem_id"], row["sample_index"]], abs=tolerance)


def test_training_killed_with_its_command_goes_on_to_the_same_weights(rewards: Path, run: Path) -> None:
    # The table moves only proper prefixes, whose state has to survive with the weights.
    (rewards / "killed.py").write_text(KILLED)
    python = rewards / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{rewards}/killed.py" "$@"\n')
    python.chmod(0o755)
    command = _command(*TRAIN, "--out", "killed", "--python", python)
    done = subprocess.run(command, cwd=rewards, capture_output=True, check=False, start_new_session=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    checkpoint = rewards / "killed" / "train.pt"
    stopped = torch.load(checkpoint, weights_only=True)["step"]
    funprm(*TRAIN, "--out", "killed", cwd=rewards)
    ended, expected = (torch.load(path, weights_only=True) for path in (checkpoint, run / "train.pt"))
    assert stopped < ended["step"] == expected["step"]
    assert all(torch.equal(ended["model"][name], weight) for name, weight in expected["model"].items())
    assert torch.equal(ended["targets"], expected["targets"])
    first = {row["prefix"]: row["reward"] for row in read_jsonl(rewards / "rewards.jsonl")}
    assert sorted(ended["targets"].tolist()) != sorted(first.values()), "the table has moved"


def test_errors_say_what_to_do(rewards: Path, tmp_path: Path) -> None:
    bare = ("train", "rewards.jsonl", "--problems", "problems.jsonl", "--out", tmp_path / "run", "--python")
    done = subprocess.run(
        _command(*bare, "/nonexistent/python"), cwd=rewards, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "training/setup" in done.stderr
    done = subprocess.run(
        _command("export", "--run", tmp_path, "--out", tmp_path / "prm"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "train the run first" in done.stderr
