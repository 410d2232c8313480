"""The hypergradient is that of the true two-level loss: every entry against central differences, in float64."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from two_levels import OWNER, PARTIAL, PROBLEM, PROGRAMS, RATE, problem, slopes, small_decoder, small_model

from funprm_training.product.two_level import LowerBatch, upper_loss
from funprm_training.research.correction.finite_difference import finite_difference
from funprm_training.research.correction.inner_steps import hypergradient_of_steps, sgd_step


@pytest.mark.parametrize("make", [small_model, small_decoder])
@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize(
    ("loss", "pairs"),
    [("bce", False), ("mse", False), ("bce", True)],
    ids=["bce-verdicts", "mse-verdicts", "bce-pairs"],
)
def test_hypergradient_equals_finite_differences(make: Callable, loss: str, steps: int, pairs: bool) -> None:
    logits_of, params, partial, upper = problem(make)
    if pairs:
        upper = replace(upper, problem=PROBLEM)
    targets = torch.rand(PARTIAL).double() * 0.8 + 0.1
    weights = torch.rand(PARTIAL).double() + 0.5

    def two_level(targets: Tensor, weights: Tensor) -> Tensor:
        theta = params
        for _ in range(steps):
            theta = sgd_step(logits_of, theta, LowerBatch(partial, targets, weights), RATE, loss)
        return upper_loss(logits_of, theta, upper, "mean")

    batch = LowerBatch(partial, targets, weights)
    found = hypergradient_of_steps(logits_of, params, [batch] * steps, upper, rate=RATE, loss=loss)
    assert torch.allclose(found.upper, two_level(targets, weights))
    for value, at, of, step in (
        (sum(found.targets), targets, lambda y: two_level(y, weights), 3e-3),
        # The loss bends less by weights: a longer step drowns less of the slope in rounding.
        (sum(found.weights), weights, lambda w: two_level(targets, w), 8e-3),
    ):
        expected = slopes(of, at, step)
        assert expected.abs().max() > 1e-4, "a gradient of zero would prove nothing"
        assert torch.allclose(value, expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max()))


@pytest.mark.parametrize("aggregate", ["mean", "log-odds", "last", "product"])
def test_upper_loss_is_that_of_the_aggregate(aggregate: str) -> None:
    logits_of, params, partial, upper = problem(small_model)
    batch = LowerBatch(partial, torch.full((PARTIAL,), 0.4).double(), torch.ones(PARTIAL).double())
    found = hypergradient_of_steps(logits_of, params, [batch], upper, rate=RATE, aggregate=aggregate)
    theta = sgd_step(logits_of, params, batch, RATE, "bce")
    rewards = torch.sigmoid(logits_of(theta, upper.inputs))
    groups = [rewards[program == OWNER] for program in range(PROGRAMS)]
    odds = torch.logit
    by_hand = {
        "mean": lambda r: r.mean(),
        "log-odds": lambda r: torch.sigmoid(odds(r).mean()),
        "last": lambda r: r[-1],
        "product": lambda r: r.prod(),
    }[aggregate]
    scores = torch.stack([by_hand(group) for group in groups])
    expected = nn.functional.binary_cross_entropy(scores, upper.verdicts)
    assert torch.allclose(found.upper, expected)


def test_batches_of_different_steps_have_gradients_of_their_own() -> None:
    logits_of, params, partial, upper = problem(small_model)
    ones = torch.ones(4).double()
    targets = torch.full((4,), 0.3).double()
    first, second = (LowerBatch(partial[rows], targets, ones) for rows in ([0, 1, 2, 3], [4, 5, 6, 7]))
    found = hypergradient_of_steps(logits_of, params, [first, second], upper, rate=RATE)

    def of_first(targets: Tensor) -> Tensor:
        theta = sgd_step(logits_of, params, LowerBatch(first.inputs, targets, ones), RATE, "bce")
        return upper_loss(logits_of, sgd_step(logits_of, theta, second, RATE, "bce"), upper, "mean")

    assert torch.allclose(found.targets[0], slopes(of_first, first.targets), rtol=1e-4)
    assert len(found.targets) == 2


def test_finite_difference_variant_comes_close_and_is_not_exact() -> None:
    logits_of, params, partial, upper = problem(small_model)
    batch = LowerBatch(partial, torch.full((PARTIAL,), 0.4).double(), torch.ones(PARTIAL).double())
    exact = hypergradient_of_steps(logits_of, params, [batch], upper, rate=RATE).targets[0]
    rough = finite_difference(logits_of, params, batch, upper, rate=RATE)
    assert torch.allclose(rough, exact, rtol=1e-2, atol=1e-6)
