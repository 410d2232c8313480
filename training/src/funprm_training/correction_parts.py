"""The hypergradient of correction.py for one inner step, a few programs at a time: for models that hold no whole batch.

Both losses are sums over items and programs, so their gradients are sums over parts, whichever process has them; the
Jacobian-vector product of a part needs the other parts' direction only. Forward mode keeps no activations.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.func import grad_and_value, jvp
from torch.nn.attention import SDPBackend, sdpa_kernel

from funprm_training.correction import Hypergradient, LogitsOf, LowerBatch, Params, UpperBatch, lower_loss, upper_loss


def hypergradient_of_parts(
    logits_of: LogitsOf,
    params: Params,
    lower: Sequence[LowerBatch],
    upper: Sequence[UpperBatch],
    *,
    items: int,
    programs: int,
    rate: float,
    total: Callable[[Tensor], Tensor] = lambda part: part,
) -> Hypergradient:
    """Exact gradient, for BCE and the mean reward, through one SGD step on all parts of `lower` together.

    `items` and `programs` count those of all parts of all processes, `total` sums over processes. `targets` and
    `weights` hold the gradients of this process's parts.
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

    slopes, _ = summed(below, params, lower)
    after = {name: params[name] - rate * slopes[name] for name in params}
    direction, value = summed(above, after, upper)
    targets, weights = [], []
    # Forward mode needs attention as plain products.
    with sdpa_kernel(SDPBackend.MATH):
        for part in lower:
            logits, slope = jvp(lambda p, part=part: logits_of(p, part.inputs), (params,), (direction,))
            targets.append(rate / items * part.weights * slope)
            weights.append(-rate / items * (torch.sigmoid(logits) - part.targets) * slope)
    return Hypergradient(value, targets, weights)
