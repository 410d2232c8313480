"""PSGPO's shape with one of its guards taken out: what funprm would pay without it. Only experiments use these."""

from collections.abc import Sequence
from typing import Literal, get_args

from funprm_training.psgpo.funprm_rewards import Record

Guard = Literal["division by T", "small lambda", "comments 0"]
GUARDS: tuple[Guard, ...] = get_args(Guard)


def without(guard: Guard | None, record: Record, rewards: Sequence[float]) -> list[float]:
    """The rewards of lines without a guard; with None those of funprm."""
    if guard is None:
        return [line["shaped"] for line in record["steps"]]
    paid = [line["code"] or guard == "comments 0" for line in record["steps"]]
    scale = 0.25 if guard == "small lambda" else record["shaped"]["lambda"]
    lines = 1 if guard == "division by T" else max(sum(paid), 1)
    return [scale * reward / lines if own else 0.0 for own, reward in zip(paid, rewards, strict=True)]
