"""The hypergradient by parts, over several processes too, is that of the whole batch."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import torch
from torch import Tensor
from two_levels import OWNER, PARTIAL, PROBLEM, PROGRAMS, RATE, problem, small_decoder, small_model

from funprm_training.product.hypergradient import Hypergradient, PairedPrograms, hypergradient
from funprm_training.product.two_level import LowerBatch, UpperBatch
from funprm_training.research.correction.inner_steps import hypergradient_of_steps


@pytest.mark.parametrize("make", [small_model, small_decoder])
@pytest.mark.parametrize("pairs", [False, True], ids=["verdicts", "pairs"])
def test_hypergradient_of_parts_is_that_of_the_whole(make: Callable, pairs: bool) -> None:
    logits_of, params, partial, upper = problem(make)
    targets, weights = torch.rand(PARTIAL).double(), torch.rand(PARTIAL).double() + 0.5
    above = replace(upper, problem=PROBLEM) if pairs else upper
    whole = hypergradient_of_steps(logits_of, params, [LowerBatch(partial, targets, weights)], above, rate=RATE)
    lower = [LowerBatch(partial[rows], targets[rows], weights[rows]) for rows in (slice(0, 5), slice(5, PARTIAL))]
    # Programs 0 to 1 and 2 to 3, owners counted from 0 in each part.
    halves = [
        UpperBatch(upper.inputs[:4], OWNER[:4], upper.verdicts[:2]),
        UpperBatch(upper.inputs[4:], OWNER[4:] - 2, upper.verdicts[2:]),
    ]
    places = [torch.tensor([0, 1]), torch.tensor([2, 3])]

    def of_parts(own: list[int], total: Callable[[Tensor], Tensor]) -> Hypergradient:
        """Of the process that has the parts `own`."""
        paired = PairedPrograms(upper.verdicts, PROBLEM, [places[part] for part in own]) if pairs else None
        return hypergradient(
            logits_of, params, [lower[part] for part in own], [halves[part] for part in own],
            items=PARTIAL, programs=PROGRAMS, rate=RATE, total=total, pairs=paired,
        )  # fmt: skip

    sums: list[Tensor] = []
    """What the processes' sums are, in the order in which they are asked for."""

    def record(part: Tensor) -> Tensor:
        sums.append(part)
        return part

    parts = of_parts([0, 1], record)
    assert torch.allclose(torch.cat(parts.targets), whole.targets[0])
    assert torch.allclose(torch.cat(parts.weights), whole.weights[0])
    assert torch.allclose(parts.upper, whole.upper)

    # Two processes that add what each has: what one adds to the other's is the sum.
    asked: list[list[Tensor]] = [[], []]
    found = []
    for own in (0, 1):
        known = iter(sums)

        def total(part: Tensor, own: int = own, known: Iterator[Tensor] = known) -> Tensor:
            asked[own].append(part)
            return next(known)

        found.append(of_parts([own], total))
    assert torch.allclose(torch.cat([one.targets[0] for one in found]), whole.targets[0])
    assert all(torch.allclose(first + second, both) for first, second, both in zip(*asked, sums, strict=True))
