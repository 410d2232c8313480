"""Which pairs of a passing and a failing program of one problem a PRM learns from.

Samplers differ in strength: where strong A beats weak B more often than B beats A, style alone predicts the
winner. Let m_AB be the mass of pairs in which A passes and B fails. Each such pair weighs
min(m_AB, m_BA) / m_AB, so that knowing both samplers says nothing about which of the two programs passes.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from funprm_training.research.pools import WITHIN_SAMPLER, Candidate, ProblemPool, by_sampler


@dataclass(frozen=True)
class Pair:
    """A passing and a failing program of the same problem."""

    problem: str
    statement: str
    passing: Candidate
    failing: Candidate


def balanced_pairs(pools: list[ProblemPool]) -> tuple[list[Pair], np.ndarray]:
    """All pairs and their weights `[pairs]`, which sum to 1; before balancing every problem weighs the same."""
    pairs: list[Pair] = []
    base: list[float] = []
    for pool in pools:
        passing = [candidate for candidate in pool.candidates if candidate.passed]
        failing = [candidate for candidate in pool.candidates if not candidate.passed]
        found = [Pair(pool.id, pool.statement, a, b) for a in passing for b in failing]
        pairs += found
        base += [1 / max(len(found), 1)] * len(found)
    mass: Counter[tuple[str, str]] = Counter()
    for pair, weight in zip(pairs, base, strict=True):
        mass[pair.passing.sampler, pair.failing.sampler] += weight
    weights = np.array(
        [
            weight * _balance(mass, pair.passing.sampler, pair.failing.sampler)
            for pair, weight in zip(pairs, base, strict=True)
        ]
    )
    return pairs, weights / weights.sum()


def _balance(mass: Counter[tuple[str, str]], winner: str, loser: str) -> float:
    return min(mass[winner, loser], mass[loser, winner]) / mass[winner, loser]


class PairSampler:
    """Draws pairs: first a suite by its share, then one of its pairs: of one sampler where it can be, else balanced."""

    def __init__(self, pools: list[ProblemPool], shares: dict[str, float]) -> None:
        self._suites = [suite for suite, share in shares.items() if share > 0]
        total = sum(shares[suite] for suite in self._suites)
        self._shares = [shares[suite] / total for suite in self._suites]
        self._pairs: dict[str, list[Pair]] = {}
        self._cumulative: dict[str, np.ndarray] = {}
        for suite in self._suites:
            members = [pool for pool in pools if pool.suite == suite]
            if suite in WITHIN_SAMPLER:
                members = [part for pool in members for part in by_sampler(pool)]
            pairs, weights = balanced_pairs(members)
            self._pairs[suite], self._cumulative[suite] = pairs, np.cumsum(weights)

    def draw(self, rng: np.random.Generator) -> Pair:
        """One pair; equal generators give equal pairs."""
        suite = self._suites[rng.choice(len(self._suites), p=self._shares)]
        place = int(np.searchsorted(self._cumulative[suite], rng.random(), side="right"))
        return self._pairs[suite][min(place, len(self._pairs[suite]) - 1)]
