"""verl's contract, as verl 0.9.1 reads it: keyword arguments, a number or a dictionary with `score`."""

import asyncio
import inspect

import pytest

from funprm_training.adapters.client import UnscorableError
from funprm_training.adapters.verl import compute_score, compute_score_async


def asked(solution: str, ground_truth: object = "double", **more: object) -> dict[str, object]:
    """The arguments that verl's reward managers give."""
    return {
        "data_source": "funprm",
        "solution_str": solution,
        "ground_truth": ground_truth,
        "extra_info": {"num_turns": 1, "rollout_reward_scores": {}},
        **more,
    }


@pytest.mark.usefixtures("reward_url")
def test_a_response_has_a_score() -> None:
    right = "```python\nprint(2 * int(input()))\n```"
    assert compute_score(**asked(right)) == {"score": 1.0, "acc": 1.0, "share": 1.0}
    square = "```python\nprint(int(input()) ** 2)\n```"
    assert compute_score(**asked(square)) == {"score": 0.0, "acc": 0.0, "share": 0.5}
    assert compute_score(**asked(square, outcome="share", reward_router_address="x"))["score"] == 0.5


@pytest.mark.usefixtures("reward_url")
def test_what_cannot_be_judged_is_no_zero() -> None:
    with pytest.raises(UnscorableError, match="untested"):
        compute_score(**asked("print(1)", "untested"))


@pytest.mark.usefixtures("reward_url")
def test_the_reward_loop_awaits_many_at_once() -> None:
    assert inspect.iscoroutinefunction(compute_score_async)
    inline = '{"id": "own", "statement": "x", "tests": [{"input": "", "output": "1"}]}'

    async def both() -> list[dict[str, float]]:
        return await asyncio.gather(
            compute_score_async(**asked("print(1)", inline)), compute_score_async(**asked("print(2)", inline))
        )

    assert [score["score"] for score in asyncio.run(both())] == [1.0, 0.0]
