"""The exact gradient of the upper loss through several SGD steps of the lower level, for either loss.

The lower level (product/two_level.py) is replaced by theta_(k+1) = theta_k - eta grad L(theta_k, y), k = 0 .. K-1. Let
lambda_K = grad L_upper(theta_K). For k = K-1 .. 0, c_i = w_i / n:

    BCE on logits z:      dL_upper/dy_i +=     eta c_i <lambda_(k+1), grad_theta z_i(theta_k)>
    MSE on s = sigmoid z: dL_upper/dy_i += 2   eta c_i <lambda_(k+1), grad_theta s_i(theta_k)>
    weights:              dL_upper/dw_i += - eta/n <lambda_(k+1), grad_theta l_i(theta_k)>
    lambda_k = lambda_(k+1) - eta H(theta_k) lambda_(k+1)

since d/dy_i grad_theta l_i is -grad_theta z_i for BCE = softplus(z) - y z and -2 grad_theta s_i for MSE. Every line is
one Jacobian-vector product over the batch (forward mode), the last one of the gradient. With one step no second
derivative is left, which is the case that product/hypergradient.py computes part by part.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.func import grad, grad_and_value, jvp

from funprm_training.product.hypergradient import Hypergradient
from funprm_training.product.two_level import (
    LogitsOf,
    Loss,
    LowerBatch,
    Params,
    UpperAggregate,
    UpperBatch,
    lower_loss,
    upper_loss,
)


def hypergradient_of_steps(
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
