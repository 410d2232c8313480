"""The train programs of the bake-off, and their pairs of a passing and a failing program of one problem.

Where a sampler wrote several programs for a problem (codeforces-hard), pairs stay within it, as candidates do when
they are ranked. Elsewhere they are balanced pairs across samplers (contrast.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from funprm_training.research.contrast import balanced_pairs
from funprm_training.research.pools import WITHIN_SAMPLER, Candidate, ProblemPool, by_sampler, read_pools, usable

BAKE_OFF_SUITES = ("livecodebench-v5", "codeforces-hard")
MOST = 3
"""Passing programs, and failing ones, that are kept of a group: the next ones say little that is new."""


@dataclass(frozen=True)
class PairTable:
    """Pairs by the places of their programs, all `[pairs]`. `balanced` weights, which sum to 1, are 0 where one sampler
    always wins; `even` ones give every group the same mass and leave samplers to the nuisance terms."""

    passing: np.ndarray
    failing: np.ndarray
    balanced: np.ndarray
    even: np.ndarray


@dataclass(frozen=True)
class TrainPrograms:
    """Programs in one order. `suite`, `problem` and `sampler` `[programs]` are for splitting and for nuisance terms."""

    statements: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    suite: np.ndarray
    problem: np.ndarray
    sampler: np.ndarray
    pairs: dict[str, PairTable]


def bake_off_pools(data: Path, seed: int = 0) -> list[ProblemPool]:
    """Mixed train problems without duplicates, few programs of a group."""
    rng = np.random.default_rng(seed)
    pools: list[ProblemPool] = []
    for suite in BAKE_OFF_SUITES:
        for pool in map(usable, read_pools(data, "train", (suite,))):
            kept = tuple(c for group in _groups(pool) for side in _sides(group.candidates) for c in _some(side, rng))
            if kept:
                pools.append(replace(pool, candidates=kept))
    return pools


def train_programs(pools: Sequence[ProblemPool]) -> TrainPrograms:
    """All programs of the pools and the pairs of each suite."""
    places = {(p.id, c.code): n for n, (p, c) in enumerate((p, c) for p in pools for c in p.candidates)}
    pairs = {}
    for suite in sorted({pool.suite for pool in pools}):
        members = [pool for pool in pools if pool.suite == suite]
        members = [group for pool in members for group in _groups(pool)]
        found, balanced = balanced_pairs(members)
        even = np.concatenate([np.full(size, 1 / size) for size in map(_pair_count, members)])
        pairs[suite] = PairTable(
            np.array([places[pair.problem, pair.passing.code] for pair in found]),
            np.array([places[pair.problem, pair.failing.code] for pair in found]),
            balanced,
            even / even.sum(),
        )
    rows = [(pool, candidate) for pool in pools for candidate in pool.candidates]
    return TrainPrograms(
        statements=tuple(pool.statement for pool, _ in rows),
        candidates=tuple(candidate for _, candidate in rows),
        suite=np.array([pool.suite for pool, _ in rows]),
        problem=np.array([pool.id for pool, _ in rows]),
        sampler=np.array([candidate.sampler for _, candidate in rows]),
        pairs=pairs,
    )


def _groups(pool: ProblemPool) -> list[ProblemPool]:
    """The mixed groups of a problem: its programs of each sampler, or all of them."""
    groups = by_sampler(pool) if pool.suite in WITHIN_SAMPLER else [pool]
    return [group for group in groups if group.mixed]


def _sides(group: Sequence[Candidate]) -> list[list[Candidate]]:
    return [[c for c in group if c.passed], [c for c in group if not c.passed]]


def _pair_count(pool: ProblemPool) -> int:
    passing = sum(c.passed for c in pool.candidates)
    return passing * (len(pool.candidates) - passing)


def _some(side: list[Candidate], rng: np.random.Generator) -> list[Candidate]:
    return [side[n] for n in sorted(rng.permutation(len(side))[:MOST])]
