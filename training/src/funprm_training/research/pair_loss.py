"""What a PRM is trained to do: rank a passing program over a failing one, and say how likely a prefix passes."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional


def prm_loss(
    passing: Sequence[Tensor],
    failing: Sequence[Tensor],
    *,
    contrast_weight: float,
    outcome_weight: float,
    label_smoothing: float,
) -> Tensor:
    """The loss of a batch of pairs, a scalar.

    `passing[i]` and `failing[i]` hold the step logits `[steps]` of the two programs of pair i. Contrast:
    softplus(mean failing - mean passing), a logistic loss between the programs' mean log-odds. Outcome: binary
    cross-entropy of every prefix against its program's verdict, programs weighing the same.
    """
    gaps = torch.stack([bad.mean() - good.mean() for good, bad in zip(passing, failing, strict=True)])
    contrast = functional.softplus(gaps).mean()
    outcome = torch.stack(
        [_cross_entropy(logits, 1 - label_smoothing / 2) for logits in passing]
        + [_cross_entropy(logits, label_smoothing / 2) for logits in failing]
    ).mean()
    return contrast_weight * contrast + outcome_weight * outcome


def _cross_entropy(logits: Tensor, target: float) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))
