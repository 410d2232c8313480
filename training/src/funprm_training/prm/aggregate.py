"""One number for a program from the rewards of its steps, as src/core/aggregate.ts has it.

A second copy, since tables over dev and the choices of `--aggregate` are made in Python without the command line. Both
sides are tested with the cases of test/fixtures/aggregates.json.
"""

import math
from collections.abc import Sequence

AGGREGATES = ("mean", "min", "last", "product", "log-odds")
EPSILON = 1e-6
"""Rewards closer to 0 or 1 than this count as this far in `log-odds`."""


def aggregate(rewards: Sequence[float], how: str) -> float:
    """Aggregates rewards in [0, 1]; no steps give the lowest value there is."""
    if not rewards:
        return _log_odds(0.0) if how == "log-odds" else 0.0
    match how:
        case "mean":
            return sum(rewards) / len(rewards)
        case "min":
            return min(rewards)
        case "last":
            return rewards[-1]
        case "product":
            return math.prod(rewards)
        case "log-odds":
            return sum(_log_odds(reward) for reward in rewards) / len(rewards)
        case _:
            raise ValueError(f"aggregate: expected one of {', '.join(AGGREGATES)}, got {how!r}")


def _log_odds(reward: float) -> float:
    clipped = min(max(reward, EPSILON), 1 - EPSILON)
    return math.log(clipped / (1 - clipped))
