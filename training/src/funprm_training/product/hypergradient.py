"""The exact gradient of the upper loss by the rewards of the lower level, a few programs at a time.

The lower level (two_level.py) is replaced by one SGD step:
theta' = theta - eta grad L(theta, y) with L the mean of w_i (softplus(z_i) - y_i z_i) over n items. With
lambda = grad L_upper(theta') and since d/dy_i grad_theta l_i = -grad_theta z_i:

    dL_upper/dy_i =   eta w_i / n <lambda, grad_theta z_i(theta)>
    dL_upper/dw_i = - eta / n     <lambda, grad_theta l_i(theta)>

Both are one Jacobian-vector product (forward mode, which keeps no activations); no second derivative is left. Dropout
has to be off: the passes must see one function.

Both losses are sums over items and programs, so their gradients are sums over parts, whichever process has them; the
Jacobian-vector product of a part needs the other parts' direction only.

A loss over pairs is no such sum: the programs of a pair may lie in different parts. But it reads only the log-odds l_j
of programs, so its gradient is sum_j c_j grad_theta l_j with c_j = dL_upper/dl_j. A first pass without gradients finds
all l_j and with them c_j; held fixed, they leave sum_j c_j l_j, which is a sum over programs again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.func import grad_and_value, jvp
from torch.nn.attention import SDPBackend, sdpa_kernel

from funprm_training.product.two_level import (
    LogitsOf,
    LowerBatch,
    Params,
    UpperBatch,
    lower_loss,
    pair_loss,
    program_logits,
    upper_loss,
)


@dataclass(frozen=True)
class Hypergradient:
    """`upper` is the upper loss after the inner steps; `targets[k]` and `weights[k]` `[n]` are its gradients for the
    batch of inner step k. A batch used in several steps has the sum of its gradients."""

    upper: Tensor
    targets: list[Tensor]
    weights: list[Tensor]


@dataclass(frozen=True)
class PairedPrograms:
    """The upper level's programs in all parts of all processes: `verdicts` and `problem` `[programs]`. `places[k]` are
    those of this process's part k."""

    verdicts: Tensor
    problem: Tensor
    places: Sequence[Tensor]


def hypergradient(
    logits_of: LogitsOf,
    params: Params,
    lower: Sequence[LowerBatch],
    upper: Sequence[UpperBatch],
    *,
    items: int,
    programs: int,
    rate: float,
    total: Callable[[Tensor], Tensor] = lambda part: part,
    pairs: PairedPrograms | None = None,
) -> Hypergradient:
    """Exact gradient, for BCE and the mean reward, through one SGD step on all parts of `lower` together.

    `items` and `programs` count those of all parts of all processes, `total` sums over processes. With `pairs` the
    upper loss is over pairs, wherever their programs lie. `targets` and `weights` hold the gradients of this process's
    parts.
    """

    def summed(loss: Callable[[Params, Any], Tensor], at: Params, parts: Sequence[Any]) -> tuple[Params, Tensor]:
        slopes = {name: torch.zeros_like(weight) for name, weight in at.items()}
        value = torch.zeros((), device=next(iter(at.values())).device)
        for part in parts:
            found, here = grad_and_value(loss)(at, part)
            slopes = {name: slopes[name] + found[name] for name in slopes}
            value = value + here
        return {name: total(slope) for name, slope in slopes.items()}, total(value)

    def below(params: Params, part: LowerBatch) -> Tensor:
        return lower_loss(logits_of, params, part, "bce") * (len(part.targets) / items)

    def above(params: Params, part: UpperBatch) -> Tensor:
        return upper_loss(logits_of, params, part, "mean") * (len(part.verdicts) / programs)

    def weighted(params: Params, part: tuple[UpperBatch, Tensor]) -> Tensor:
        return (part[1] * _log_odds(logits_of, params, part[0])).sum()

    slopes, _ = summed(below, params, lower)
    after = {name: params[name] - rate * slopes[name] for name in params}
    if pairs is None:
        direction, value = summed(above, after, upper)
    else:
        fixed, value = _pair_slopes(logits_of, after, upper, pairs, total)
        direction, _ = summed(weighted, after, list(zip(upper, fixed, strict=True)))
    targets, weights = [], []
    # Forward mode needs attention as plain products.
    with sdpa_kernel(SDPBackend.MATH):
        for part in lower:
            logits, slope = jvp(lambda p, part=part: logits_of(p, part.inputs), (params,), (direction,))
            targets.append(rate / items * part.weights * slope)
            weights.append(-rate / items * (torch.sigmoid(logits) - part.targets) * slope)
    return Hypergradient(value, targets, weights)


def _pair_slopes(
    logits_of: LogitsOf,
    params: Params,
    upper: Sequence[UpperBatch],
    pairs: PairedPrograms,
    total: Callable[[Tensor], Tensor],
) -> tuple[list[Tensor], Tensor]:
    """The slopes of the loss over pairs by the log-odds of the programs in each of this process's parts; the loss."""
    found = torch.zeros_like(pairs.verdicts)
    with torch.no_grad():
        for part, places in zip(upper, pairs.places, strict=True):
            found[places] = _log_odds(logits_of, params, part)
    slopes, value = grad_and_value(pair_loss)(total(found), pairs.verdicts, pairs.problem)
    return [slopes[places] for places in pairs.places], value


def _log_odds(logits_of: LogitsOf, params: Params, part: UpperBatch) -> Tensor:
    return program_logits(logits_of(params, part.inputs), part.owner, len(part.verdicts), "mean")
