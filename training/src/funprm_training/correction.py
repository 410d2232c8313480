"""Meta reward correction: Monte-Carlo rewards are noisy and biased, verdicts of whole programs are clean.

Lower level: theta*(delta) = argmin sum_i w_i l(f_theta(x_i), y_i) over partial solutions with noisy rewards r_i, where
y_i = clip(r_i + delta_i, 0, 1). Upper level: min_delta sum_j l(F_theta*(delta)(S_j), v_j) over whole programs of other
problems with verdicts v_j, F the aggregate that selects programs.

The lower level is replaced by a few SGD steps theta_(k+1) = theta_k - eta grad L(theta_k, y), and the gradient of the
upper loss through them is exact. Let lambda_K = grad L_upper(theta_K). For k = K-1 .. 0, c_i = w_i / n:

    BCE on logits z:      dL_upper/dy_i +=     eta c_i <lambda_(k+1), grad_theta z_i(theta_k)>
    MSE on s = sigmoid z: dL_upper/dy_i += 2   eta c_i <lambda_(k+1), grad_theta s_i(theta_k)>
    weights:              dL_upper/dw_i += - eta/n <lambda_(k+1), grad_theta l_i(theta_k)>
    lambda_k = lambda_(k+1) - eta H(theta_k) lambda_(k+1)

since d/dy_i grad_theta l_i is -grad_theta z_i for BCE = softplus(z) - y z and -2 grad_theta s_i for MSE. Every line is
one Jacobian-vector product over the batch (forward mode), the last one of the gradient. With one step no second
derivative is left (method.md, section 1). Dropout has to be off: the passes must see one function.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor
from torch.func import grad, grad_and_value, jvp
from torch.nn import functional

Params = dict[str, Tensor]
LogitsOf = Callable[[Params, Any], Tensor]
"""The model as a function: parameters and inputs to logits, one an item."""
Loss = Literal["bce", "mse"]
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
    """The loss of every item `[n]`; targets are soft and stay so."""
    if loss == "bce":
        return functional.softplus(logits) - targets * logits
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


@dataclass(frozen=True)
class Hypergradient:
    """`upper` is the upper loss after the inner steps; `targets[k]` and `weights[k]` `[n]` are its gradients for the
    batch of inner step k. A batch used in several steps has the sum of its gradients."""

    upper: Tensor
    targets: list[Tensor]
    weights: list[Tensor]


def hypergradient(
    logits_of: LogitsOf,
    params: Params,
    lower: Sequence[LowerBatch],
    upper: UpperBatch,
    *,
    rate: float,
    loss: Loss = "bce",
    aggregate: UpperAggregate = "mean",
) -> Hypergradient:
    """Exact gradient of the upper loss through one SGD step for each batch of `lower`."""
    path = [params]
    for batch in lower:
        path.append(sgd_step(logits_of, path[-1], batch, rate, loss))
    direction, value = grad_and_value(lambda p: upper_loss(logits_of, p, upper, aggregate))(path[-1])
    targets: list[Tensor] = []
    weights: list[Tensor] = []
    for step in range(len(lower) - 1, -1, -1):
        batch, theta = lower[step], path[step]
        n = len(batch.targets)
        logits, slope = jvp(lambda p, b=batch: logits_of(p, b.inputs), (theta,), (direction,))
        by_target, by_logit = _slopes(logits, batch.targets, loss)
        targets.append(rate / n * batch.weights * by_target * slope)
        weights.append(-rate / n * by_logit * slope)
        if step > 0:
            bent = jvp(grad(lambda p, b=batch: lower_loss(logits_of, p, b, loss)), (theta,), (direction,))[1]
            direction = {name: direction[name] - rate * bent[name] for name in direction}
    return Hypergradient(value, targets[::-1], weights[::-1])


def finite_difference(
    logits_of: LogitsOf,
    params: Params,
    lower: LowerBatch,
    upper: UpperBatch,
    *,
    rate: float,
    aggregate: UpperAggregate = "mean",
    epsilon: float = 1e-2,
) -> Tensor:
    """What the public code does instead, for BCE and one step: the slope along v from two more passes `[n]`."""
    after = sgd_step(logits_of, params, lower, rate, "bce")
    direction = grad(lambda p: upper_loss(logits_of, p, upper, aggregate))(after)
    size = epsilon / torch.sqrt(sum((part.square().sum() for part in direction.values()), torch.zeros(())))
    up, down = (
        logits_of({name: params[name] + sign * size * direction[name] for name in params}, lower.inputs)
        for sign in (1, -1)
    )
    return rate / len(lower.targets) * lower.weights * (up - down) / (2 * size)


def sgd_step(logits_of: LogitsOf, params: Params, batch: LowerBatch, rate: float, loss: Loss) -> Params:
    """Parameters after one plain gradient step on the lower loss."""
    slopes = grad(lambda p: lower_loss(logits_of, p, batch, loss))(params)
    return {name: params[name] - rate * slopes[name] for name in params}


def _slopes(logits: Tensor, targets: Tensor, loss: Loss) -> tuple[Tensor, Tensor]:
    """-d2 l/dy dz and dl/dz, both `[n]`."""
    rewards = torch.sigmoid(logits)
    if loss == "bce":
        return torch.ones_like(logits), rewards - targets
    steep = rewards * (1 - rewards)
    return 2 * steep, 2 * (rewards - targets) * steep
