"""Linear heads over fixed features, fitted on pairs and judged on problems that they have not seen.

A pair's logit is (x_pass - x_fail) w + u_pass - u_fail. The nuisance u of the two samplers takes up that samplers
differ in strength, so that w need not learn to recognise them; it is dropped when a program is scored.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from funprm_training.research.bake_off.pairs import PairTable, TrainPrograms
from funprm_training.research.pools import FOLDS, WITHIN_SAMPLER, fold_of

DECAYS = (100.0, 10.0, 1.0, 1e-1, 1e-2, 1e-3)
NUISANCE_DECAY = 1e-3
OUTCOME_WEIGHT = 0.3
"""Of cross-entropy on verdicts besides the contrast, which keeps rewards readable as probabilities."""


@dataclass(frozen=True)
class Head:
    """Logits are ((x - mean) / spread) @ weight + bias."""

    mean: Tensor
    spread: Tensor
    weight: Tensor
    bias: float

    def logits(self, rows: np.ndarray) -> np.ndarray:
        """`[n, width]` to `[n]`."""
        return (((torch.from_numpy(rows) - self.mean) / self.spread) @ self.weight + self.bias).numpy()

    def plain(self) -> tuple[Tensor, float]:
        """The same head on raw features: weight `[width]` and bias."""
        weight = self.weight / self.spread
        return weight, self.bias - float(self.mean @ weight)


@dataclass(frozen=True)
class Recipe:
    """What a head is fitted on: the `suites` whose pairs count, each with the same mass; `nuisance`: samplers are left
    to intercepts of their own and every pair counts, else pairs are balanced; `decay` pulls the weights to 0."""

    suites: tuple[str, ...]
    nuisance: bool
    decay: float


def fit(
    rows: np.ndarray,
    programs: TrainPrograms,
    recipe: Recipe,
    held_out: np.ndarray | None = None,
    start: Head | None = None,
) -> Head:
    """The head that minimises the weighted loss over the pairs outside `held_out` (a flag a program).

    `start`, a head with another decay, only saves steps.
    """
    passing, failing, weights = _pairs(programs, recipe, held_out)
    used, places = np.unique(np.concatenate([passing, failing]), return_inverse=True)
    good, bad = torch.from_numpy(places[: len(passing)]), torch.from_numpy(places[len(passing) :])
    x = torch.from_numpy(rows[used])
    mean, spread = x.mean(0), x.std(0) + 1e-6
    x = (x - mean) / spread
    mass = torch.from_numpy(weights).float()
    samplers, kind = np.unique(programs.sampler[used], return_inverse=True)
    sampler = torch.from_numpy(kind)
    weight = (torch.zeros(x.shape[1]) if start is None else start.weight.clone()).requires_grad_()
    bias = torch.zeros((), requires_grad=True)
    offset = torch.zeros(len(samplers), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias, offset], max_iter=50, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        logits = x @ weight + bias + (offset[sampler] if recipe.nuisance else 0.0)
        up, down = logits[good], logits[bad]
        contrast = (mass * functional.softplus(down - up)).sum()
        outcome = (mass * (functional.softplus(-up) + functional.softplus(down))).sum() / 2
        pull = recipe.decay * weight.square().sum() + NUISANCE_DECAY * offset.square().sum()
        loss = contrast + OUTCOME_WEIGHT * outcome + pull
        loss.backward()
        return loss

    optimizer.step(closure)
    return Head(mean, spread, weight.detach(), float(bias.detach()))


def _pairs(
    programs: TrainPrograms, recipe: Recipe, held_out: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    tables = [programs.pairs[suite] for suite in recipe.suites]
    weights = [table.even if recipe.nuisance else table.balanced for table in tables]
    passing = np.concatenate([table.passing for table in tables])
    failing = np.concatenate([table.failing for table in tables])
    mass = np.concatenate([each / each.sum() for each in weights])
    kept = mass > 0 if held_out is None else (mass > 0) & ~held_out[passing]
    return passing[kept], failing[kept], mass[kept] / mass[kept].sum()


def held_out_logits(
    rows: np.ndarray, programs: TrainPrograms, suites: tuple[str, ...], nuisance: bool
) -> dict[float, np.ndarray]:
    """For every decay each program's logit `[programs]` from the head that was fitted without its problem."""
    folds = np.array([fold_of(problem) for problem in programs.problem])
    logits = {decay: np.zeros(len(rows)) for decay in DECAYS}
    for fold in range(FOLDS):
        out, head = folds == fold, None
        for decay in DECAYS:
            head = fit(rows, programs, Recipe(suites, nuisance, decay), out, head)
            logits[decay][out] = head.logits(rows[out])
    return logits


def order_share(logits: np.ndarray, programs: TrainPrograms, suite: str, fold: int | None = None) -> float:
    """Share of a suite's pairs that are ordered rightly, groups of even mass within a sampler, balanced across; `fold`:
    of its problems only."""
    table = programs.pairs[suite]
    weights = table.even if suite in WITHIN_SAMPLER else table.balanced
    if fold is not None:
        weights = weights * np.array([fold_of(problem) == fold for problem in programs.problem[table.passing]])
    return float((weights * _right(logits, table)).sum() / weights.sum())


def order_interval(
    logits: np.ndarray, programs: TrainPrograms, suite: str, draws: int = 2000, base: np.ndarray | None = None
) -> tuple[float, float]:
    """95 % interval of `order_share`, or of how much it is above that of the logits `base`; problems are resampled."""
    table = programs.pairs[suite]
    weights = table.even if suite in WITHIN_SAMPLER else table.balanced
    _, problem = np.unique(programs.problem[table.passing], return_inverse=True)
    gain = _right(logits, table) - (0 if base is None else _right(base, table))
    right = np.bincount(problem, weights * gain)
    mass = np.bincount(problem, weights)
    drawn = np.random.default_rng(0).integers(0, len(mass), size=(draws, len(mass)))
    low, high = np.percentile(right[drawn].sum(1) / mass[drawn].sum(1), [2.5, 97.5])
    return float(low), float(high)


def _right(logits: np.ndarray, table: PairTable) -> np.ndarray:
    gap = logits[table.passing] - logits[table.failing]
    return (gap > 0) + 0.5 * (gap == 0)
