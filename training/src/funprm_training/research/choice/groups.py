"""Groups of candidates as benchmarks/choice/rows.mjs writes them: features, verdicts, what fixed selectors chose."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Group:
    """Candidates that are chosen among together."""

    problem: str
    kind: str
    """Where the candidates are from, and which of a problem's they are: `classic, pooled`."""
    passed: Array
    """(N,) bool, the verdicts of the hidden tests."""
    candidates: Array
    """(N, F); rows of candidates without code are NaN."""
    group: Array
    """(G,) features of the whole group."""
    selected: dict[str, float]
    """Share of passing candidates among those that each fixed selector ties for best."""

    @property
    def mixed(self) -> bool:
        """Whether a choice matters."""
        return bool(self.passed.any() and not self.passed.all())


def read_groups(paths: Iterable[Path]) -> list[Group]:
    """All groups of some files, in their order."""
    groups = []
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            groups.extend(_group(json.loads(line)) for line in lines)
    return groups


def _group(row: dict) -> Group:
    width = next(len(each) for each in row["candidates"] if each is not None)
    candidates = np.array([[np.nan] * width if each is None else each for each in row["candidates"]])
    return Group(
        row["problem"],
        f"{row['pool']}, {row['kind']}" if "pool" in row else row["kind"],
        np.array(row["passed"]),
        candidates,
        np.array(row["group"]),
        row["selected"],
    )


def candidate_rows(groups: Sequence[Group]) -> tuple[Array, Array, Array]:
    """Features, verdicts and counts of all candidates: every problem counts the same, and within it every group."""
    sizes = Counter(group.problem for group in groups)
    features, labels, counts = [], [], []
    for group in groups:
        known = ~np.isnan(group.candidates[:, 0])
        features.append(group.candidates[known])
        labels.append(group.passed[known])
        counts.append(np.full(known.sum(), 1 / known.sum() / sizes[group.problem]))
    return np.concatenate(features), np.concatenate(labels).astype(float), np.concatenate(counts)


def group_rows(groups: Sequence[Group]) -> tuple[Array, Array, Array]:
    """Features of the groups, whether none of their candidates passes, and counts as above."""
    sizes = Counter(group.problem for group in groups)
    return (
        np.array([group.group for group in groups]),
        np.array([not group.passed.any() for group in groups], dtype=float),
        np.array([1 / sizes[group.problem] for group in groups]),
    )
