"""Advantages and clipped losses against trajectories that were computed by hand."""

import pytest
import torch

from funprm_training.psgpo.advantages import gae, normalised
from funprm_training.psgpo.losses import policy_loss, value_loss


def test_gae_of_a_trajectory_by_hand() -> None:
    rewards = torch.tensor([[0.0, 0.1, 1.0], [2.0, 0.0, 0.0]])
    values = torch.tensor([[0.5, 0.4, 0.8], [1.0, 9.0, 9.0]])
    mask = torch.tensor([[1.0, 1, 1], [1, 0, 0]])
    advantages, returns = gae(rewards, values, mask, gamma=0.9, lam=0.5)
    # delta_2 = 1 - .8 = .2; delta_1 = .1 + .9 * .8 - .4 = .42; delta_0 = .9 * .4 - .5 = -.14
    # A_2 = .2; A_1 = .42 + .45 * .2 = .51; A_0 = -.14 + .45 * .51 = .0895
    assert advantages[0].tolist() == pytest.approx([0.0895, 0.51, 0.2])
    assert returns[0].tolist() == pytest.approx([0.5895, 0.91, 1.0])
    # What stands behind a response counts for nothing, whatever the critic says of it.
    assert advantages[1].tolist() == pytest.approx([1.0, 0, 0])
    assert returns[1].tolist() == pytest.approx([2.0, 0, 0])


def test_with_lambda_and_gamma_one_the_return_is_the_sum_of_what_comes() -> None:
    rewards = torch.tensor([[0.25, -0.5, 0.0, 1.0]])
    _, returns = gae(rewards, torch.randn(1, 4), torch.ones(1, 4), gamma=1.0, lam=1.0)
    assert returns[0].tolist() == pytest.approx([0.75, 0.5, 1.0, 1.0], abs=1e-6)


def test_normalised_over_real_tokens_only() -> None:
    found = normalised(torch.tensor([[1.0, 3.0], [5.0, 0.0]]), torch.tensor([[1.0, 1], [1, 0]]))
    assert found.flatten().tolist() == pytest.approx([-1.2247, 0, 1.2247, 0], abs=1e-4)


def test_clipped_policy_loss_by_hand() -> None:
    ratios = torch.tensor([[1.5, 1.5, 0.5, 0.5, 1.1, 7.0]], dtype=torch.float64)
    old = torch.full((1, 6), -1.0, dtype=torch.float64)
    now = (old + ratios.log()).requires_grad_()
    advantages = torch.tensor([[2.0, -2.0, 2.0, -2.0, 1.0, 100.0]], dtype=torch.float64)
    mask = torch.tensor([[1.0, 1, 1, 1, 1, 0]], dtype=torch.float64)
    # min(3, 2.4), min(-3, -2.4), min(1, 1.6), min(-1, -1.6), min(1.1, 1.1)
    loss = policy_loss(now, old, advantages, mask, clip=0.2)
    assert loss.item() == pytest.approx(-(2.4 - 3 + 1 - 1.6 + 1.1) / 5)
    loss.backward()
    # What is clipped moves nothing; the others by -ratio * A / 5.
    assert now.grad[0].tolist() == pytest.approx([0, 0.6, -0.2, 0, -0.22, 0])


def test_clipped_value_loss_by_hand() -> None:
    old = torch.tensor([[0.0, 0.0, 0.0, 0.0]])
    now = torch.tensor([[0.1, 0.5, 0.5, 9.0]], requires_grad=True)
    returns = torch.tensor([[1.0, 1.0, 0.0, 0.0]])
    mask = torch.tensor([[1.0, 1, 1, 0]])
    # (.1 - 1)^2; max((.5 - 1)^2, (.2 - 1)^2); max(.5^2, .2^2)
    loss = value_loss(now, old, returns, mask, clip=0.2)
    assert loss.item() == pytest.approx(0.5 * (0.81 + 0.64 + 0.25) / 3)
    loss.backward()
    assert now.grad[0].tolist() == pytest.approx([-0.3, 0, 0.5 / 3, 0], abs=1e-6)
