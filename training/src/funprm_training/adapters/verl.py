"""verl: `custom_reward_function.path=.../funprm_training/adapters/verl.py custom_reward_function.name=compute_score`.

`reward_model.ground_truth` of the data is the problem: its id, or the problem as JSON text.
"""

import asyncio

from funprm_training.adapters.client import Client, UnscorableError, problem_of

Score = dict[str, float]


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: object,
    extra_info: dict[str, object] | None = None,
    url: str | None = None,
    **wish: object,
) -> Score:
    """The score of one response: `score` trains, `acc` and `share` are logged.

    `custom_reward_function.reward_kwargs` may hold `url` and what else a request holds, such as `outcome: share`.
    Errors: UnscorableError for what could not be judged, since verl has no place for it and a 0 would be a lie;
    RewardError.
    """
    wish = {name: value for name, value in wish.items() if name in {"steps", "prm", "shape", "outcome"}}
    item = {"problem": problem_of(ground_truth), "completion": solution_str}
    [answer] = Client(url).rewards([item], **wish)
    if answer["reward"] is None:
        reason = (answer.get("unscorable") or {}).get("reason", "no reward is known")
        raise UnscorableError(f"a response to {answer['problem_id']} could not be judged: {reason}")
    return {"score": float(answer["reward"]), "acc": float(answer["passed"]), "share": float(answer["share"])}


async def compute_score_async(
    data_source: str,
    solution_str: str,
    ground_truth: object,
    extra_info: dict[str, object] | None = None,
    url: str | None = None,
    **wish: object,
) -> Score:
    """The same for verl's reward loop, which then waits for many responses at once."""
    return await asyncio.to_thread(compute_score, data_source, solution_str, ground_truth, extra_info, url, **wish)
