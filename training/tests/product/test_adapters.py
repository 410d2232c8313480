"""Adapters get exact hypergradients."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from bases import TINY_LORA as TINY
from bases import moved
from torch import Tensor

from funprm_training.prm.family import build
from funprm_training.product.hypergradient import hypergradient
from funprm_training.product.micro_batches import batch_of, logits_of
from funprm_training.product.step_rewards import RewardedProgram
from funprm_training.product.two_level import LowerBatch, UpperBatch, upper_loss
from funprm_training.research.correction.inner_steps import sgd_step


def test_hypergradient_of_adapters_equals_finite_differences(
    programs: list[RewardedProgram], base: Callable[[str], str], tmp_path: Path
) -> None:
    family = moved(build(replace(TINY, base=base("llama")), tmp_path))
    family.model.double().eval()
    params = {name: weight.detach() for name, weight in family.model.named_parameters() if weight.requires_grad}
    assert all(".lora_" in name or name.startswith("head.") for name in params)
    lower, upper = batch_of(family, programs[:3], True), batch_of(family, programs[5:8], True)
    verdicts = torch.tensor([float(program.passed) for program in programs[5:8]]).double()

    def logits(p: dict[str, Tensor], batch) -> Tensor:  # noqa: ANN001
        return logits_of(family, p, batch).double()

    targets = torch.linspace(0.2, 0.8, len(lower.items)).double()
    ones, rate = torch.ones_like(targets), 0.5

    def two_level(y: Tensor) -> Tensor:
        after = sgd_step(logits, params, LowerBatch(lower, y, ones), rate, "bce")
        return upper_loss(logits, after, UpperBatch(upper, upper.owner, verdicts), "mean")

    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        above = UpperBatch(upper, upper.owner, verdicts)
        found = hypergradient(
            logits, params, [LowerBatch(lower, targets, ones)], [above], items=len(targets), programs=3, rate=rate
        ).targets[0]
    for place in range(len(targets)):
        shift = torch.zeros_like(targets)
        shift[place] = 0.05
        slope = float(two_level(targets + shift) - two_level(targets - shift)) / 0.1
        assert abs(slope - float(found[place])) < 1e-4 * max(1, float(found.abs().max()))
    assert found.abs().max() > 1e-4, "a gradient of zero would prove nothing"
