"""The dev problems, and step rewards of their candidates in `RUN/dev.jsonl`."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from funprm_training.jsonl import read_jsonl, write_jsonl
from funprm_training.prm.family import Family
from funprm_training.prm.scoring import Logits, Request, score
from funprm_training.research.pools import ProblemPool, read_pools

SAMPLERS = {
    "Maverick": "Llama-4-Maverick-17B-128E-Instruct-FP8",
    "Scout": "Llama-4-Scout-17B-16E-Instruct",
}
Rewards = dict[tuple[str, str], list[float]]
"""Step rewards by problem id and code."""


def dev_pools(data: Path) -> list[ProblemPool]:
    """The dev problems with the candidates of SAMPLERS, every row: duplicates count as often as they were sampled."""
    return [
        replace(pool, candidates=tuple(c for c in pool.candidates if c.sampler in SAMPLERS.values()))
        for pool in read_pools(data, "dev", ("livecodebench-v5",))
    ]


def dev_requests(pools: Sequence[ProblemPool]) -> dict[tuple[str, str], Request]:
    """Every distinct program of the mixed groups by problem id and code, in this order; the others tell selectors
    nothing."""
    found: dict[tuple[str, str], Request] = {}
    for pool in pools:
        for sampler in SAMPLERS.values():
            group = [candidate for candidate in pool.candidates if candidate.sampler == sampler]
            if len({candidate.passed for candidate in group}) == 2:
                found.update({(pool.id, c.code): Request(pool.statement, c.steps) for c in group})
    return dict(sorted(found.items(), key=lambda entry: entry[0]))


def score_dev(family: Family, pools: Sequence[ProblemPool], statement: bool, logits: Logits) -> Rewards:
    """Rewards of `dev_requests`, read with their statements or without."""
    requests = dev_requests(pools)
    read = [request if statement else Request("", request.steps) for request in requests.values()]
    rewards = score(read, family.template, family.encode, logits, batch_size=8)
    return dict(zip(requests, rewards, strict=True))


def write_rewards(run: Path, rewards: Rewards) -> None:
    """Writes `dev.jsonl` into the folder of a run."""
    write_jsonl(
        run / "dev.jsonl",
        ({"problem": problem, "code": code, "rewards": values} for (problem, code), values in rewards.items()),
    )


def read_rewards(run: Path) -> Rewards:
    """What `write_rewards` wrote."""
    return {(row["problem"], row["code"]): row["rewards"] for row in read_jsonl(run / "dev.jsonl")}
