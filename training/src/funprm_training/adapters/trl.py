"""TRL's GRPO: `GRPOTrainer(..., reward_funcs=FunprmReward())`. A column of the data names problems."""

import asyncio
from collections.abc import Callable, Sequence

from funprm_training.adapters.client import Answer, Client, problem_of

Completion = str | Sequence[dict[str, object]]


class FunprmReward:
    """A reward function of TRL: async, so that it runs beside others; None for what could not be judged.

    With `outcome="share"` a program that fails earns the share of tests that it passes. `prm=True` with
    `shape="psgpo"` adds what the PRM says of the lines.
    """

    __name__ = "funprm"

    def __init__(self, column: str = "problem", client: Client | None = None, **wish: object) -> None:
        self.column = column
        self.client = client or Client()
        self.wish = wish

    async def __call__(
        self, prompts: Sequence[object], completions: Sequence[Completion], **columns: object
    ) -> list[float | None]:
        """Rewards of completions, in order. Errors: KeyError without the column of problems; RewardError."""
        if self.column not in columns:
            raise KeyError(f"expected a column {self.column!r} with the problem of every prompt, got {sorted(columns)}")
        problems = columns[self.column]
        items = [
            {"problem": problem_of(problem), "completion": text_of(completion)}
            for problem, completion in zip(problems, completions, strict=True)
        ]
        answers = await asyncio.to_thread(self.client.rewards, items, **self.wish)
        log_metric = columns.get("log_metric")
        if callable(log_metric):
            report(answers, log_metric)
        return [answer["reward"] for answer in answers]


def text_of(completion: Completion) -> str:
    """What the model wrote: a completion, or the messages of one."""
    if isinstance(completion, str):
        return completion
    return "".join(str(message.get("content") or "") for message in completion)


def report(answers: Sequence[Answer], log_metric: Callable[[str, float], None]) -> None:
    """Means that TRL logs beside the reward."""
    judged = [answer for answer in answers if answer["passed"] is not None]
    log_metric("funprm/unscorable", 1 - len(judged) / len(answers))
    if judged:
        log_metric("funprm/passed", sum(bool(answer["passed"]) for answer in judged) / len(judged))
        log_metric("funprm/share", sum(answer["share"] for answer in judged) / len(judged))
