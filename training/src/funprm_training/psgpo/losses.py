"""The clipped losses of PPO (arXiv 1707.06347), means over the tokens of responses; all tensors `[batch, length]`."""

import torch
from torch import Tensor


def policy_loss(logprobs: Tensor, old: Tensor, advantages: Tensor, mask: Tensor, clip: float) -> Tensor:
    """-min(ratio * A, clipped ratio * A), where ratio = pi / pi_old of the token."""
    ratio = (logprobs - old).exp()
    clipped = ratio.clamp(1 - clip, 1 + clip)
    return -(torch.minimum(ratio * advantages, clipped * advantages) * mask).sum() / mask.sum()


def value_loss(values: Tensor, old: Tensor, returns: Tensor, mask: Tensor, clip: float) -> Tensor:
    """Half the greater of two squared errors: of the value, and of the value held within `clip` of the old one."""
    held = old + (values - old).clamp(-clip, clip)
    error = torch.maximum((values - returns) ** 2, (held - returns) ** 2)
    return 0.5 * (error * mask).sum() / mask.sum()
