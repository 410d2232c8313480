"""Invented step rewards for the training tests."""

import json
import random
from collections.abc import Callable
from pathlib import Path

from funprm_training.config import TrainConfig

TINY_DECODER = TrainConfig(
    family="decoder", steps=6, context_length=96, pairs_per_step=3, micro_batch=2, learning_rate=3e-3, warmup=2,
    layers=1, width=16, heads=2, vocabulary=300, save_every=3,
)  # fmt: skip


def write_rewards(folder: Path) -> None:
    """rewards.jsonl and problems.jsonl of four problems with four programs of two functions each."""
    random.seed(2)
    rewards, problems = [], []
    for problem in range(4):
        problems.append({"id": f"p{problem}", "statement": f"Double a number, {problem} times."})
        for sample in range(4):
            first = f"def f(x):\n    return x * {problem + sample % 2}\n"
            prefixes = [first, f"{first}def g(x):\n    return f(f(x)) + {sample}\n"]
            for step, prefix in enumerate(prefixes):
                whole = step == 1
                reward = float(sample % 2) if whole else random.randint(0, 4) / 4
                rewards.append(
                    {"problem_id": f"p{problem}", "sample_index": sample, "step": step, "steps": 2, "whole": whole,
                     "prefix": prefix, "reward": reward, "passed": bool(sample % 2)}
                )  # fmt: skip
    for name, rows in (("rewards", rewards), ("problems", problems)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def silent(_entry: dict[str, float]) -> None:
    """Drops progress."""


def killed_at(step: int, *, pretraining: bool = False) -> Callable[[dict[str, float]], None]:
    """Progress that ends the run after an update, before its checkpoint."""

    def log(entry: dict[str, float]) -> None:
        if entry["step"] == step and ("pretrain" in entry) == pretraining:
            raise KeyboardInterrupt

    return log
