"""From raw candidates to a ranked list with a model trained in the run, by the commands that a user types."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
import torch
from bases import base_folder

from funprm_training.dev import trained
from funprm_training.scoring import Request, score, torch_logits
from funprm_training.steps import function_steps

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "dist" / "main.js"
EXAMPLES = ("fair-shares", "page-ranges", "tray-order")
CONFIG = ROOT / "training" / "configs" / "rewards-tiny.json"


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


def test_from_raw_candidates_to_a_ranked_list(rewards: Path) -> None:
    rows = [json.loads(line) for line in (rewards / "rewards.jsonl").read_text("utf-8").splitlines()]
    wholes = [row for row in rows if row["whole"]]
    assert len(wholes) == 8 * len(EXAMPLES)
    assert {row["reward"] for row in wholes} == {0, 1}, "clean verdicts of both kinds"
    train = ("train", "rewards.jsonl", "--problems", "problems.jsonl", "--config", CONFIG, "--correction", "table")
    run = Path(funprm(*train, "--out", "run", cwd=rewards).strip())
    model = funprm("export", "--run", run, "--out", "tiny-prm", cwd=rewards).strip()
    assert Path(model) == rewards / "tiny-prm"
    ranked = funprm("rank", "candidates.jsonl", "--problems", "problems.jsonl", "--prm", model, cwd=rewards)
    ranking = [json.loads(line) for line in ranked.splitlines()]
    assert len(ranking) == 8 * len(EXAMPLES)
    assert {row["by"]["prm"] for row in ranking} == {"tiny-prm"}
    assert all(0 <= step["reward"] <= 1 for row in ranking for step in row["steps"])


def test_a_pretrained_base_is_trained_by_lora_and_ranks_with_the_rewards_of_pytorch(rewards: Path) -> None:
    base_folder(rewards / "base", "qwen2")
    config = {"family": "causal-lm", "steps": 2, "context_length": 2500, "pairs_per_step": 1, "micro_batch": 1}
    config |= {"learning_rate": 1e-2, "head_learning_rate": 0.1, "warmup": 1, "lora_rank": 2}
    (rewards / "lora.json").write_text(json.dumps(config), "utf-8")
    train = ("train", "rewards.jsonl", "--problems", "problems.jsonl", "--config", "lora.json", "--base", "base")
    run = Path(funprm(*train, "--correction", "table", "--out", "lora", cwd=rewards).strip())
    funprm("export", "--run", run, "--out", "lora-prm", cwd=rewards)
    family, problems = trained(run), {}
    for line in (rewards / "problems.jsonl").read_text("utf-8").splitlines():
        problem = json.loads(line)
        problems[problem["id"]] = problem["statement"]
    codes = {}
    for line in (rewards / "candidates.jsonl").read_text("utf-8").splitlines():
        candidate = json.loads(line)
        codes[candidate["problem_id"], candidate["sample_index"]] = candidate["code"]
    rank = ("rank", "candidates.jsonl", "--problems", "problems.jsonl", "--prm")
    for prm, tolerance in ((run / "fp32", 1e-4), ("lora-prm", 0.1)):
        rows = [json.loads(line) for line in funprm(*rank, prm, cwd=rewards).splitlines()]
        assert len(rows) == 8 * len(EXAMPLES)
        for row in rows:
            code = codes[row["problem_id"], row["sample_index"]]
            request = Request(problems[row["problem_id"]], tuple(function_steps(code)))
            expected = score([request], family.template, family.encode, torch_logits(family.model))[0]
            assert [step["reward"] for step in row["steps"]] == pytest.approx(expected, abs=tolerance)


def test_training_killed_with_its_command_goes_on_to_the_same_weights(rewards: Path) -> None:
    # The table moves only proper prefixes, whose state has to survive with the weights.
    train = ("train", "rewards.jsonl", "--problems", "problems.jsonl", "--config", CONFIG, "--correction", "table")
    whole = Path(funprm(*train, "--out", "whole", cwd=rewards).strip())
    killed = subprocess.Popen(_command(*train, "--out", "killed"), cwd=rewards, start_new_session=True)
    checkpoint = rewards / "killed" / "train.pt"
    deadline = time.monotonic() + 300
    while not checkpoint.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    stopped = torch.load(checkpoint, weights_only=True)["step"]
    funprm(*train, "--out", "killed", cwd=rewards)
    ended, expected = (torch.load(folder / "train.pt", weights_only=True) for folder in (checkpoint.parent, whole))
    assert stopped < ended["step"] == expected["step"]
    assert all(torch.equal(ended["model"][name], weight) for name, weight in expected["model"].items())
    assert torch.equal(ended["targets"], expected["targets"])
    first = {row["prefix"]: row["reward"] for row in map(json.loads, (rewards / "rewards.jsonl").open())}
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
