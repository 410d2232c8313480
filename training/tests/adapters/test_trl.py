"""The reward function alone, and inside of TRL's own GRPOTrainer, as released."""

import asyncio
import json
from pathlib import Path

import pytest
from trl.trainer.utils import is_async_callable

from funprm_training.adapters.trl import FunprmReward
from funprm_training.research import trl_grpo

RIGHT = "```python\nprint(2 * int(input()))\n```"


@pytest.mark.usefixtures("reward_url")
def test_rewards_are_numbers_or_none_in_order() -> None:
    logged: dict[str, float] = {}
    reward = FunprmReward(outcome="share")
    assert is_async_callable(reward)
    completions = [RIGHT, [{"role": "assistant", "content": RIGHT}], "    return a + b", "print(1)", "print(1)"]
    problems = ["double", "double", "add", "untested", json.dumps({"id": "own", "statement": "x", "tests": []})]
    rewards = asyncio.run(
        reward(prompts=[""] * 5, completions=completions, completion_ids=[[]] * 5, problem=problems,
               log_metric=logged.__setitem__)
    )  # fmt: skip
    assert rewards == [1, 1, 1, None, None]
    assert logged == {"funprm/unscorable": 0.4, "funprm/passed": 1.0, "funprm/share": 1.0}
    with pytest.raises(KeyError, match="problem"):
        asyncio.run(reward(prompts=[""], completions=[RIGHT], completion_ids=[[]]))


@pytest.mark.usefixtures("reward_url")
def test_two_updates_of_grpo(tmp_path: Path) -> None:
    problems = tmp_path / "problems.jsonl"
    rows = [{"id": name, "statement": f"Problem {name}."} for name in ("double", "add", "untested", "double")]
    problems.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    out = tmp_path / "run"
    trl_grpo.main([str(problems), "--updates", "2", "--generations", "2", "--tokens", "8", "--out", str(out)])
    history = json.loads((out / "trainer_state.json").read_text())["log_history"]
    updates = [entry for entry in history if "rewards/funprm/mean" in entry]
    assert len(updates) == 2
    # One of four problems has no tests: its rewards are unknown, and no number of ours is made of them.
    assert sum(entry["funprm/unscorable"] for entry in updates) == pytest.approx(0.5)
    assert all(entry["rewards/funprm/mean"] == pytest.approx(entry["funprm/share"]) for entry in updates)
