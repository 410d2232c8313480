"""Generalised advantage estimation (arXiv 1506.02438), token by token."""

import torch
from torch import Tensor


def gae(rewards: Tensor, values: Tensor, mask: Tensor, gamma: float, lam: float) -> tuple[Tensor, Tensor]:
    """Advantages and returns of the tokens of responses, all `[batch, length]`.

    `values[:, t]` is V before token t. Tokens of a response come first, padding (mask 0) behind them; after the last
    token nothing is expected. Returns are advantages plus values: what the critic learns.
    """
    advantages = torch.zeros_like(rewards)
    after = torch.zeros_like(rewards[:, 0])
    value_after = torch.zeros_like(rewards[:, 0])
    for t in reversed(range(rewards.shape[1])):
        real = mask[:, t]
        delta = rewards[:, t] + gamma * value_after - values[:, t]
        after = (delta + gamma * lam * after) * real
        value_after = values[:, t] * real
        advantages[:, t] = after
    return advantages, (advantages + values) * mask


def normalised(advantages: Tensor, mask: Tensor) -> Tensor:
    """Mean 0 and deviation 1 over all tokens of the batch."""
    count = mask.sum()
    mean = (advantages * mask).sum() / count
    deviation = (((advantages - mean) ** 2 * mask).sum() / count).sqrt()
    return (advantages - mean) / (deviation + 1e-8) * mask
