"""The losses of the two levels."""

import pytest
import torch
from torch import nn
from two_levels import OWNER, PROGRAMS

from funprm_training.product.two_level import pair_loss, program_logits


def test_the_loss_over_pairs_counts_pairs_of_one_problem_and_no_others() -> None:
    logits = torch.tensor([2.0, 0.5, -1.0, 0.0, 7.0])
    verdicts, problems = torch.tensor([1.0, 0, 0, 1, 1]), torch.tensor([0, 0, 0, 1, 2])
    expected = nn.functional.softplus(torch.tensor([0.5 - 2.0, -1.0 - 2.0])).mean()
    assert torch.allclose(pair_loss(logits, verdicts, problems), expected)
    assert pair_loss(logits, verdicts, torch.arange(5)) == 0


@pytest.mark.parametrize("aggregate", ["mean", "log-odds", "last", "product"])
def test_the_upper_loss_stays_on_the_device_of_its_inputs(aggregate: str) -> None:
    # A tensor of the CPU among those of another device fails, on `meta` as on a GPU.
    logits, owner = torch.zeros(11, device="meta"), OWNER.to("meta")
    assert program_logits(logits, owner, PROGRAMS, aggregate).device.type == "meta"
