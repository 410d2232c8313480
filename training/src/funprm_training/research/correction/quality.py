"""How good corrected labels are, and how good a head that was trained on them is."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from funprm_training.research.correction.class_programs import ClassProgram
from funprm_training.research.correction.levels import Lower, Projection
from funprm_training.research.correction.variants import Corrected, head_logits
from funprm_training.research.statistics import auc, best_of_n, correlation


def label_quality(corrected: Corrected, lower: Lower) -> dict[str, float]:
    """How labels agree with the truth: over all prefixes, and within classes. Weights count for what they are."""
    known = ~np.isnan(lower.truth)
    labels, weights = corrected.targets.numpy()[known], corrected.weights.numpy()[known]
    truth, numbers = lower.truth[known], lower.numbers[known]
    within = [auc(labels[numbers == n], truth[numbers == n]) for n in sorted(set(numbers.tolist()))]
    return {
        "correlation": correlation(labels, truth, weights),
        "auc": _or_chance(auc(labels, truth)),
        "auc within classes": float(np.nanmean(within)),
        "squared error": float(np.average((labels - truth) ** 2, weights=weights + 1e-12)),
    }


def _or_chance(area: float) -> float:
    """Chance where there is nothing to tell apart."""
    return 0.5 if math.isnan(area) else area


def head_quality(
    params: dict[str, Tensor], programs: Sequence[ClassProgram], projection: Projection, seed: int
) -> dict:
    """Step AUC and best of 8 by mean reward, by class, of a head on programs of other classes."""
    rewards = [torch.sigmoid(head_logits(params, projection(program.features))).numpy() for program in programs]
    steps, truths = np.concatenate(rewards), np.concatenate([program.truth for program in programs])
    known = ~np.isnan(truths)
    within: dict[int, float] = {}
    passed: dict[int, tuple[float, float, float]] = {}
    methods: dict[int, tuple[float, float, float]] = {}
    for number in sorted({program.number for program in programs}):
        places = [at for at, program in enumerate(programs) if program.number == number]
        values = np.concatenate([rewards[at] for at in places])
        labels = np.concatenate([programs[at].truth for at in places])
        there = ~np.isnan(labels)
        value = auc(values[there], labels[there])
        if not math.isnan(value):
            within[number] = value
        scores = np.array([rewards[at].mean() for at in places])
        wins = np.array([float(programs[at].passed) for at in places])
        if 0 < wins.mean() < 1:
            passed[number] = best_of_n(scores, wins, 8, seed)
        methods[number] = best_of_n(scores, np.array([programs[at].methods for at in places]), 8, seed)
    return {
        "step auc": _or_chance(auc(steps[known], truths[known])),
        "step auc within classes": within,
        "best of 8, passes": passed,
        "best of 8, methods right": methods,
    }
