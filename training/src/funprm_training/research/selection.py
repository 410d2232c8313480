"""Does a score pick better programs? Selection accuracy and within-problem AUC with bootstrap intervals.

A group is one problem's candidates of one sampler. Duplicates are scored once but counted as often as they
were sampled. Ties share the choice evenly. Intervals resample problems, not groups.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from funprm_training.research.statistics import auc

BOOTSTRAP = 10_000


@dataclass(frozen=True)
class Group:
    """`scores` and `passed`, both `[candidates]`, of one problem and one sampler."""

    problem: str
    sampler: str
    scores: np.ndarray
    passed: np.ndarray

    @property
    def mixed(self) -> bool:
        """Both outcomes occur: only such a group tells selectors apart."""
        return 0 < self.passed.mean() < 1


@dataclass(frozen=True)
class Estimate:
    """A mean over groups and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """`.512 [.430, .594]`, as the tables print it."""
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]".replace("0.", ".")


def selected(group: Group) -> float:
    """Chance that the candidate with the highest score passes, ties broken evenly."""
    return float(group.passed[group.scores == group.scores.max()].mean())


def estimate(groups: Sequence[Group], values: Sequence[float], seed: int = 0) -> Estimate:
    """Mean of one value a group; the interval resamples problems with all their groups."""
    problems = sorted({group.problem for group in groups})
    place = {problem: index for index, problem in enumerate(problems)}
    sums, counts = np.zeros(len(problems)), np.zeros(len(problems))
    for group, value in zip(groups, values, strict=True):
        sums[place[group.problem]] += value
        counts[place[group.problem]] += 1
    draws = np.random.default_rng(seed).integers(0, len(problems), size=(BOOTSTRAP, len(problems)))
    means = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(np.mean(values)), float(low), float(high))


def report(groups: Sequence[Group]) -> Mapping[str, Estimate | int]:
    """All quantities of one set of groups: random, selected and oracle over all, and on mixed groups."""
    mixed = [group for group in groups if group.mixed]
    return {
        "groups": len(groups),
        "mixed": len(mixed),
        "random": estimate(groups, [float(group.passed.mean()) for group in groups]),
        "selected": estimate(groups, [selected(group) for group in groups]),
        "oracle": estimate(groups, [float(group.passed.max()) for group in groups]),
        "mixed random": estimate(mixed, [float(group.passed.mean()) for group in mixed]),
        "mixed selected": estimate(mixed, [selected(group) for group in mixed]),
        "mixed gain": estimate(mixed, [selected(group) - float(group.passed.mean()) for group in mixed]),
        "mixed auc": estimate(mixed, [auc(group.scores, group.passed) for group in mixed]),
    }
