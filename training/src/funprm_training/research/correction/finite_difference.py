"""The hypergradient as the public code has it, by differences: a comparison for cost and exactness."""

import torch
from torch import Tensor
from torch.func import grad

from funprm_training.product.two_level import (
    LogitsOf,
    LowerBatch,
    Params,
    UpperAggregate,
    UpperBatch,
    upper_loss,
)
from funprm_training.research.correction.inner_steps import sgd_step


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
    """Slopes `[n]` of the upper loss by the targets, for BCE and one step, from two more passes along v."""
    after = sgd_step(logits_of, params, lower, rate, "bce")
    direction = grad(lambda p: upper_loss(logits_of, p, upper, aggregate))(after)
    size = epsilon / torch.sqrt(sum((part.square().sum() for part in direction.values()), torch.zeros(())))
    up, down = (
        logits_of({name: params[name] + sign * size * direction[name] for name in params}, lower.inputs)
        for sign in (1, -1)
    )
    return rate / len(lower.targets) * lower.weights * (up - down) / (2 * size)
