"""The synthetic control: clean rewards with known noise, and how much of it each variant removes.

`teacher`: random features from which a model of the head's kind could tell right prefixes. `classeval`: the real
features of ClassEval prefixes, whose true labels are the clean rewards. Noise: `binomial` (K completions, 9 of 10 right
for a right prefix, 1 of 10 for a wrong one), `weak policy` (completions of right prefixes pass with a chance in
[0, .6] that the problem decides, of wrong ones never), `flips` (a fifth of the labels).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from funprm_training.product.two_level import UpperBatch
from funprm_training.research.correction.variants import Items, Variant, correct, fit, head_logits
from funprm_training.research.statistics import auc

WIDTH, STEPS, PROGRAMS = 20, 4, 20
NOISES = ("binomial K=1", "weak policy K=4", "flips")


@dataclass(frozen=True)
class Clean:
    """Prefixes: `features` `[n, d]`, clean rewards `truth` `[n]`, `problem` `[n]`, `program` `[n]`, `step` `[n]`."""

    features: Tensor
    truth: np.ndarray
    problem: np.ndarray
    program: np.ndarray
    step: np.ndarray

    def part(self, problems: set[int]) -> "Clean":
        """The prefixes of these problems."""
        kept = np.isin(self.problem, list(problems))
        rows = (self.truth, self.problem, self.program, self.step)
        return Clean(self.features[torch.from_numpy(kept)], *(row[kept] for row in rows))


def teacher(problems: int, seed: int) -> Clean:
    """Each step is right with a chance that a random network of the head's kind reads off its features; a prefix is
    right when all its steps are."""
    rng = np.random.default_rng([seed, 23])
    inside, outside = rng.normal(size=(WIDTH, 8)) / WIDTH**0.5, rng.normal(size=8)
    offset = rng.normal(size=(problems, 1, 1, WIDTH)) * 0.5
    features = rng.normal(size=(problems, PROGRAMS, STEPS, WIDTH)) + offset
    chance = 1 / (1 + np.exp(-4 * (np.tanh(features @ inside) @ outside) - 1))
    right = rng.random(chance.shape) < chance
    truth = np.minimum.accumulate(right, axis=2).astype(float)
    # A prefix is described by all its steps, as the state of a PRM is.
    state = np.concatenate([features, np.minimum.accumulate(chance, axis=2)[..., None]], axis=-1)
    state[..., -1] += rng.normal(size=chance.shape) * 0.3
    problem, program, step = np.indices(chance.shape)
    return Clean(
        torch.from_numpy(state.reshape(-1, WIDTH + 1)).float(),
        truth.ravel(),
        problem.ravel(),
        (problem * PROGRAMS + program).ravel(),
        step.ravel(),
    )


def noisy(clean: Clean, noise: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """k and K of every prefix."""
    truth = clean.truth
    total = float(noise.rsplit("=", 1)[1]) if "=" in noise else 1.0
    if noise == "flips":
        flipped = rng.random(len(truth)) < 0.2
        return np.where(flipped, 1 - truth, truth), np.ones_like(truth)
    if noise.startswith("binomial"):
        chance = 0.9 * truth + 0.1 * (1 - truth)
    else:
        strength = {problem: 0.6 * rng.random() for problem in np.unique(clean.problem)}
        chance = truth * np.array([strength[problem] for problem in clean.problem])
    return rng.binomial(int(total), chance).astype(float), np.full_like(truth, total)


def control(clean: Clean, noise: str, variants: list[Variant], seed: int) -> list[dict]:
    """Problems in three parts (lower 50 %, meta 25 %, held out 25 %); a row a variant."""
    rng = np.random.default_rng([seed, 29])
    order = rng.permutation(np.unique(clean.problem)).tolist()
    half, quarter = len(order) // 2, len(order) // 4
    lower, meta, held = (
        clean.part(set(part)) for part in (order[:half], order[half : half + quarter], order[half + quarter :])
    )
    k, total = noisy(lower, noise, rng)
    ratio = k / total
    thirds = np.where(k == 0, 0, 1 + np.minimum((3 * (ratio - 1e-9)).astype(int), 2))
    ends = dict(zip(lower.program, lower.truth, strict=True))
    items = Items(
        lower.features,
        torch.from_numpy(k).float(),
        torch.from_numpy(total).float(),
        torch.tensor([float(ends[program]) for program in lower.program]),
        torch.from_numpy(4 * np.minimum(lower.step, 3) + thirds),
        torch.from_numpy(lower.truth).float(),
    )
    names, last, owner = np.unique(meta.program[::-1], return_index=True, return_inverse=True)
    ends_at = len(meta.program) - 1 - last[: len(names)]
    upper = UpperBatch(
        meta.features,
        torch.from_numpy(owner[::-1].copy()),
        torch.from_numpy(meta.truth[ends_at]).float(),
        torch.from_numpy(meta.problem[ends_at].astype(np.int64)),
    )
    before = float(((ratio - lower.truth) ** 2).mean())
    rows = []
    for variant in variants:
        corrected = correct(variant, items, upper, seed)
        labels, weights = corrected.targets.numpy(), corrected.weights.numpy()
        after = float(np.average((labels - lower.truth) ** 2, weights=weights + 1e-12))
        params = fit(corrected, lower.features, seed)
        rewards = head_logits(params, held.features).numpy()
        row = {"noise": noise, "variant": variant.name, "seed": seed, "removed": 1 - after / before}
        rows.append({**row, "step auc": auc(rewards, held.truth)})
    return rows
