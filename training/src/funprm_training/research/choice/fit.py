"""Fits the choice model, judges it by problem-wise cross-validation, and writes its weights for the command line.

python -m funprm_training.research.choice.fit groups.jsonl --weights ../src/select/choice/weights.ts
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from funprm_training.atomic_write import write_text
from funprm_training.research.choice.groups import Group, candidate_rows, group_rows, read_groups
from funprm_training.research.choice.logistic import fit_logistic, sigmoid
from funprm_training.research.statistics import auc

Array = np.ndarray
FOLDS = 5
PENALTY = 1e-3
RESAMPLES = 10_000
BINS = 10
BASELINE = "auto"


@dataclass(frozen=True)
class Model:
    """Weights of the candidates' model (F,) and of the groups' (G,)."""

    candidate: Array
    none: Array

    def chances(self, group: Group) -> Array:
        """P(passes) of each candidate; -1 without code."""
        return np.where(np.isnan(group.candidates[:, 0]), -1, sigmoid(np.nan_to_num(group.candidates) @ self.candidate))

    def none_passes(self, group: Group) -> float:
        """P(no candidate passes); never more than the best candidate leaves."""
        return min(float(sigmoid(group.group @ self.none)), 1 - float(self.chances(group).max(initial=0)))


def fit_model(groups: Sequence[Group]) -> Model:
    """Both models on all groups; a candidate's own features, which come first, may only raise its chance."""
    own = groups[0].candidates.shape[1] - groups[0].group.size
    features, labels, counts = candidate_rows(groups)
    monotone = [i < own for i in range(features.shape[1])]
    candidate = fit_logistic(features, labels, counts, monotone, PENALTY)
    features, labels, counts = group_rows(groups)
    return Model(candidate, fit_logistic(features, labels, counts, [False] * features.shape[1], PENALTY))


@dataclass(frozen=True)
class Judged:
    """A group as a model that has not seen its problem judges it."""

    group: Group
    selected: float
    confidence: float
    none: float


def cross_validated(groups: Sequence[Group]) -> list[Judged]:
    """Every group judged by the model of the folds without its problem."""
    problems = sorted({group.problem for group in groups})
    fold = dict(zip(problems, np.random.default_rng(0).permutation(len(problems)) % FOLDS, strict=True))
    judged = []
    for held_out in range(FOLDS):
        model = fit_model([group for group in groups if fold[group.problem] != held_out])
        for group in groups:
            if fold[group.problem] != held_out:
                continue
            chances = model.chances(group)
            best = chances >= chances.max() - 1e-9
            judged.append(
                Judged(group, float(group.passed[best].mean()), float(chances.max()), model.none_passes(group))
            )
    return judged


def calibration_error(chances: Array, outcomes: Array) -> float:
    """Mean distance between chance and outcome over ten bins of equal width, weighted by their counts."""
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    return float(sum(abs((chances - outcomes)[bins == each].sum()) for each in range(BINS)) / len(chances))


def paired_interval(differences: Array, problems: Sequence[str]) -> tuple[float, float]:
    """The 95 % interval of the mean difference, bootstrap over problems."""
    names = sorted(set(problems))
    at = np.array([names.index(problem) for problem in problems])
    sums = np.bincount(at, differences, len(names))
    sizes = np.bincount(at, minlength=len(names))
    draws = np.random.default_rng(0).integers(len(names), size=(RESAMPLES, len(names)))
    means = sums[draws].sum(1) / sizes[draws].sum(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def report(judged: Sequence[Judged]) -> str:
    """Markdown: selected shares on mixed groups beside the fixed selectors, and how far to trust the confidence."""
    lines = []
    for kind in dict.fromkeys(each.group.kind for each in judged):
        of_kind = [each for each in judged if each.group.kind == kind]
        mixed = [each for each in of_kind if each.group.mixed]
        if not mixed:
            continue
        fixed = {name: np.mean([each.group.selected[name] for each in mixed]) for name in mixed[0].group.selected}
        gain = np.array([each.selected - each.group.selected[BASELINE] for each in mixed])
        low, high = paired_interval(gain, [each.group.problem for each in mixed])
        confidence = np.array([each.confidence for each in of_kind])
        right = np.array([each.selected for each in of_kind])
        none = np.array([each.none for each in of_kind])
        fails = np.array([not each.group.passed.any() for each in of_kind], dtype=float)
        shares = ", ".join(f"{name} {value:.3f}" for name, value in fixed.items())
        lines += [
            f"- {kind}, {len(mixed)} mixed groups: {shares}, learned {np.mean([each.selected for each in mixed]):.3f};",
            f"  learned less {BASELINE} {gain.mean():+.3f} [{low:+.3f}, {high:+.3f}]",
            f"  confidence, {len(of_kind)} groups: calibration error {calibration_error(confidence, right):.3f},"
            f" AUC {auc(confidence, right > 0.5):.3f};",
            f"  none passes: calibration error {calibration_error(none, fails):.3f}, AUC {auc(none, fails > 0.5):.3f}",
        ]
    return "\n".join(lines)


def weights_source(model: Model) -> str:
    """A module of the command line."""

    def numbers(values: Array) -> str:
        return "\n".join(f"  {value:.4f}," for value in values)

    return (
        "// Written by funprm_training.research.choice.fit; models/choice/README.md says on what.\n\n"
        "/** In the order of CANDIDATE_FEATURES, then GROUP_FEATURES. */\n"
        f"export const CANDIDATE_WEIGHTS: readonly number[] = [\n{numbers(model.candidate)}\n];\n\n"
        "/** In the order of GROUP_FEATURES. */\n"
        f"export const NONE_WEIGHTS: readonly number[] = [\n{numbers(model.none)}\n];\n"
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="+", type=Path, help="what benchmarks/choice/rows.mjs wrote")
    parser.add_argument("--weights", type=Path, help="write the weights, fitted on all groups, to this module")
    arguments = parser.parse_args()
    groups = read_groups(arguments.groups)
    print(report(cross_validated(groups)))
    if arguments.weights is not None:
        write_text(arguments.weights, weights_source(fit_model(groups)))


if __name__ == "__main__":
    main()
