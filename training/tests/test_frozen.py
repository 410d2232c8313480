"""The linear head finds the direction that separates pairs, and weight decay shrinks it."""

import numpy as np
import torch

from funprm_training.contrast import Pair
from funprm_training.data import Candidate
from funprm_training.frozen import DECAYS, cross_validate, fit_head

WIDTH = 8


def separable(pairs: int = 60) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Passing and failing features `[pairs, WIDTH]` that differ along the first axis only, and even weights."""
    rng = torch.Generator().manual_seed(0)
    shared = torch.randn(pairs, WIDTH, generator=rng)
    step = torch.zeros(WIDTH)
    step[0] = 1.0
    return shared + step, shared - step, torch.full((pairs,), 1 / pairs)


def test_the_head_ranks_passing_above_failing_by_the_axis_that_tells_them_apart() -> None:
    good, bad, weights = separable()
    weight, _ = fit_head(good, bad, weights, 1e-2)
    assert bool(((good - bad) @ weight > 0).all())
    assert int(weight.abs().argmax()) == 0
    smaller, _ = fit_head(good, bad, weights, 1.0)
    assert smaller.norm() < weight.norm()


def test_held_out_problems_of_noise_are_ordered_by_chance() -> None:
    rng = torch.Generator().manual_seed(1)
    good, bad = torch.randn(400, WIDTH, generator=rng), torch.randn(400, WIDTH, generator=rng)
    pairs = [Pair(f"p{i % 80}", "", Candidate("a", True, "m"), Candidate("b", False, "m")) for i in range(400)]
    shares = cross_validate(good, bad, torch.full((400,), 1 / 400), pairs)
    assert len(shares) == len(DECAYS)
    assert np.abs(np.array(shares) - 0.5).max() < 0.12
    good, bad, weights = separable()
    assert min(cross_validate(good, bad, weights, pairs[:60])) > 0.95
