"""The two levels of reward correction: Monte-Carlo rewards are noisy and biased, verdicts of whole programs are clean.

Lower level: theta*(delta) = argmin sum_i w_i l(f_theta(x_i), y_i) over partial solutions with noisy rewards r_i, where
y_i = clip(r_i + delta_i, 0, 1). Upper level: min_delta sum_j l(F_theta*(delta)(S_j), v_j) over whole programs of other
problems with verdicts v_j, F the aggregate that selects programs. Here are the batches and losses of both;
hypergradient.py has the gradient of the upper loss by the rewards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn import functional

Params = dict[str, Tensor]
LogitsOf = Callable[[Params, Any], Tensor]
"""The model as a function: parameters and inputs to logits, one an item."""
Loss = Literal["bce", "mse", "signed"]
UpperAggregate = Literal["mean", "log-odds", "last", "product"]
EPSILON = 1e-6


@dataclass(frozen=True)
class LowerBatch:
    """Partial solutions: `inputs` of the model, `targets` y and `weights` w, both `[n]`."""

    inputs: Any
    targets: Tensor
    weights: Tensor


@dataclass(frozen=True)
class UpperBatch:
    """Whole programs: `inputs` of all their prefixes in order, `owner` `[prefixes]` the program of each (ascending),
    `verdicts` `[programs]`, 1 for passing. With `problem` `[programs]`, the problem of each, the loss is over pairs of
    a passing and a failing program of one problem: selection asks for their order and not for their level."""

    inputs: Any
    owner: Tensor
    verdicts: Tensor
    problem: Tensor | None = None


def item_losses(logits: Tensor, targets: Tensor, loss: Loss) -> Tensor:
    """The loss of every item `[n]`; targets are soft and stay so. `signed`: the logit itself is R in [-1, 1]."""
    if loss == "bce":
        return functional.softplus(logits) - targets * logits
    if loss == "signed":
        return (logits - targets) ** 2
    return (torch.sigmoid(logits) - targets) ** 2


def lower_loss(logits_of: LogitsOf, params: Params, batch: LowerBatch, loss: Loss) -> Tensor:
    """Weighted mean over the batch, a scalar; the weights are not normalised, or they could not learn to vanish."""
    losses = item_losses(logits_of(params, batch.inputs), batch.targets, loss)
    return (batch.weights * losses).sum() / len(batch.targets)


def program_logits(logits: Tensor, owner: Tensor, programs: int, aggregate: UpperAggregate) -> Tensor:
    """Step logits `[prefixes]` to the log-odds `[programs]` of the aggregate that selects programs."""
    nothing = torch.zeros(programs, dtype=logits.dtype, device=logits.device)
    counts = nothing.index_add(0, owner, torch.ones_like(logits))
    if aggregate == "last":
        ends = counts.cumsum(0).long() - 1
        return logits[ends]
    if aggregate == "log-odds":
        return nothing.index_add(0, owner, logits) / counts
    if aggregate == "product":
        log_product = nothing.index_add(0, owner, functional.logsigmoid(logits))
        return log_product - torch.log(-torch.expm1(log_product.clamp(max=-EPSILON)))
    mean = nothing.index_add(0, owner, torch.sigmoid(logits)) / counts
    return torch.logit(mean.clamp(EPSILON, 1 - EPSILON))


def upper_loss(logits_of: LogitsOf, params: Params, batch: UpperBatch, aggregate: UpperAggregate) -> Tensor:
    """Cross-entropy of the aggregated rewards against the clean verdicts, mean over programs, or `pair_loss`."""
    logits = program_logits(logits_of(params, batch.inputs), batch.owner, len(batch.verdicts), aggregate)
    if batch.problem is None:
        return functional.binary_cross_entropy_with_logits(logits, batch.verdicts)
    return pair_loss(logits, batch.verdicts, batch.problem)


def pair_loss(logits: Tensor, verdicts: Tensor, problem: Tensor) -> Tensor:
    """Logistic loss of the difference between a passing and a failing program of one problem, mean over pairs; 0 when
    there is no pair. All arguments `[programs]`."""
    pairs = (problem[:, None] == problem) & (verdicts[:, None] > verdicts)
    losses = functional.softplus(logits[None, :] - logits[:, None])
    return (losses * pairs).sum() / pairs.sum().clamp(min=1)
