"""The classes of ClassEval in the two levels of the correction, and the features that a head reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from funprm_training.product.two_level import UpperBatch
from funprm_training.research.correction.class_programs import ClassProgram, Tally
from funprm_training.research.correction.variants import Items

COMPONENTS = 48
"""Principal components of the features that the head sees."""


@dataclass(frozen=True)
class Split:
    """Class numbers; the three parts share none."""

    lower: frozenset[int]
    meta: frozenset[int]
    validation: frozenset[int]


def split_classes(numbers: Sequence[int], seed: int, meta_share: float) -> Split:
    """Random parts: `meta_share` for the upper level, 15 % for validation, the rest for the lower level."""
    order = np.random.default_rng([seed, 11]).permutation(sorted(numbers)).tolist()
    validation = round(0.15 * len(order))
    meta = validation + round(meta_share * len(order))
    return Split(frozenset(order[meta:]), frozenset(order[validation:meta]), frozenset(order[:validation]))


class Projection:
    """Standardised principal components, fitted on the train classes without any label."""

    def __init__(self, rows: np.ndarray) -> None:
        self._mean, self._scale = rows.mean(0), rows.std(0) + 1e-6
        _, values, vectors = np.linalg.svd((rows - self._mean) / self._scale, full_matrices=False)
        self._axes = (vectors[:COMPONENTS] / (values[:COMPONENTS, None] / np.sqrt(len(rows)))).T

    def __call__(self, rows: np.ndarray) -> Tensor:
        """`[n, d]` to `[n, COMPONENTS]`."""
        return torch.from_numpy(((rows - self._mean) / self._scale) @ self._axes).float()


@dataclass(frozen=True)
class Lower:
    """Different prefixes of the lower level's classes, their truth `[n]` (NaN: unknown) and class `[n]`."""

    items: Items
    truth: np.ndarray
    numbers: np.ndarray


def lower_level(
    programs: Sequence[ClassProgram], tallies: dict[tuple[int, str], Tally], projection: Projection
) -> Lower:
    """Equal prefixes of a class are one item: they share rollouts and truth."""
    rows: dict[tuple[int, str], tuple[np.ndarray, Tally, bool, float, int]] = {}
    for program in programs:
        for step, sha in enumerate(program.prefix_shas[:-1]):
            tally, key = tallies.get((program.number, sha)), (program.number, sha)
            if tally is None:
                continue
            own = program.passed or (key in rows and rows[key][2])
            rows[key] = (program.features[step], tally, own, program.truth[step], step)
    found = list(rows.values())
    group = [4 * min(step, 3) + _bin(tally) for _, tally, _, _, step in found]
    items = Items(
        features=projection(np.stack([row[0] for row in found])),
        k=torch.tensor([float(row[1].k) for row in found]),
        total=torch.tensor([float(row[1].total) for row in found]),
        own=torch.tensor([float(row[2]) for row in found]),
        group=torch.tensor(group),
        truth=torch.tensor([float(row[3]) for row in found]),
    )
    return Lower(items, items.truth.numpy(), np.array([key[0] for key in rows]))


def _bin(tally: Tally) -> int:
    """0 for no passing completion, else which third of K passes, from 1."""
    return 0 if tally.k == 0 else 1 + int(3 * (tally.k - 1e-9) / tally.total)


def upper_level(programs: Sequence[ClassProgram], projection: Projection) -> UpperBatch:
    """Whole programs with their verdicts."""
    owner = torch.tensor([at for at, program in enumerate(programs) for _ in program.prefix_shas])
    features = projection(np.concatenate([program.features for program in programs]))
    verdicts = torch.tensor([float(program.passed) for program in programs])
    return UpperBatch(features, owner, verdicts, torch.tensor([program.number for program in programs]))
