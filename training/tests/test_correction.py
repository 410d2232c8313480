"""The hypergradient is that of the true two-level loss: every entry against central differences, in float64."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from transformers import Qwen2Config, Qwen2Model

from funprm_training.correction import (
    Hypergradient,
    LogitsOf,
    LowerBatch,
    Params,
    UpperBatch,
    finite_difference,
    hypergradient,
    pair_loss,
    program_logits,
    sgd_step,
    upper_loss,
)
from funprm_training.correction_parts import PairedPrograms, hypergradient_of_parts
from funprm_training.model import StepMarkModel

PARTIAL, PREFIXES, PROGRAMS = 9, 11, 4
OWNER = torch.tensor([0, 0, 0, 1, 2, 2, 3, 3, 3, 3, 3])
RATE = 0.7
# Programs 0 and 3 pass: each has a failing one of its problem, in the other half of the programs.
PROBLEM = torch.tensor([0, 1, 0, 1])


def small_model() -> tuple[LogitsOf, Params, Tensor, Tensor]:
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 1)).double()
    params = {name: value.detach() for name, value in model.named_parameters()}

    def logits_of(params: Params, inputs: Tensor) -> Tensor:
        return functional_call(model, params, (inputs,)).squeeze(-1)

    return logits_of, params, torch.randn(PARTIAL, 5).double(), torch.randn(PREFIXES, 5).double()


def small_decoder() -> tuple[LogitsOf, Params, Tensor, Tensor]:
    """A Qwen2 PRM in evaluation mode, read at its last token."""
    torch.manual_seed(4)
    config = Qwen2Config(
        vocab_size=17, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        intermediate_size=12, max_position_embeddings=8, attn_implementation="eager", use_cache=False,
    )  # fmt: skip
    model = StepMarkModel(Qwen2Model(config)).double().eval()
    params = {name: value.detach() for name, value in model.named_parameters()}

    def logits_of(params: Params, inputs: Tensor) -> Tensor:
        return functional_call(model, params, (inputs, torch.ones_like(inputs)))[:, -1]

    return logits_of, params, torch.randint(0, 17, (PARTIAL, 5)), torch.randint(0, 17, (PREFIXES, 5))


def problem(make: Callable[[], tuple[LogitsOf, Params, Tensor, Tensor]]) -> tuple[LogitsOf, Params, Tensor, UpperBatch]:
    logits_of, params, partial, prefixes = make()
    return logits_of, params, partial, UpperBatch(prefixes, OWNER, torch.tensor([1.0, 0, 0, 1]).double())


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
    found = hypergradient(logits_of, params, [batch] * steps, upper, rate=RATE, loss=loss)
    assert torch.allclose(found.upper, two_level(targets, weights))
    by_target = _central(lambda y: two_level(y, weights), targets)
    # The loss bends less by weights: a longer step drowns less of the slope in rounding.
    by_weight = _central(lambda w: two_level(targets, w), weights, step=8e-3)
    assert by_target.abs().max() > 1e-4, "a gradient of zero would prove nothing"
    assert torch.allclose(sum(found.targets), by_target, rtol=1e-4, atol=1e-4 * float(by_target.abs().max()))
    assert torch.allclose(sum(found.weights), by_weight, rtol=1e-4, atol=1e-4 * float(by_weight.abs().max()))


@pytest.mark.parametrize("aggregate", ["mean", "log-odds", "last", "product"])
def test_upper_loss_is_that_of_the_aggregate(aggregate: str) -> None:
    logits_of, params, partial, upper = problem(small_model)
    batch = LowerBatch(partial, torch.full((PARTIAL,), 0.4).double(), torch.ones(PARTIAL).double())
    found = hypergradient(logits_of, params, [batch], upper, rate=RATE, aggregate=aggregate)
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
    found = hypergradient(logits_of, params, [first, second], upper, rate=RATE)

    def of_first(targets: Tensor) -> Tensor:
        theta = sgd_step(logits_of, params, LowerBatch(first.inputs, targets, ones), RATE, "bce")
        return upper_loss(logits_of, sgd_step(logits_of, theta, second, RATE, "bce"), upper, "mean")

    assert torch.allclose(found.targets[0], _central(of_first, first.targets), rtol=1e-4)
    assert len(found.targets) == 2


def test_the_loss_over_pairs_counts_pairs_of_one_problem_and_no_others() -> None:
    logits = torch.tensor([2.0, 0.5, -1.0, 0.0, 7.0])
    verdicts, problems = torch.tensor([1.0, 0, 0, 1, 1]), torch.tensor([0, 0, 0, 1, 2])
    expected = nn.functional.softplus(torch.tensor([0.5 - 2.0, -1.0 - 2.0])).mean()
    assert torch.allclose(pair_loss(logits, verdicts, problems), expected)
    assert pair_loss(logits, verdicts, torch.arange(5)) == 0


@pytest.mark.parametrize("make", [small_model, small_decoder])
@pytest.mark.parametrize("pairs", [False, True], ids=["verdicts", "pairs"])
def test_hypergradient_of_parts_is_that_of_the_whole(make: Callable, pairs: bool) -> None:
    logits_of, params, partial, upper = problem(make)
    targets, weights = torch.rand(PARTIAL).double(), torch.rand(PARTIAL).double() + 0.5
    above = replace(upper, problem=PROBLEM) if pairs else upper
    whole = hypergradient(logits_of, params, [LowerBatch(partial, targets, weights)], above, rate=RATE)
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
        return hypergradient_of_parts(
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


@pytest.mark.parametrize("aggregate", ["mean", "log-odds", "last", "product"])
def test_the_upper_loss_stays_on_the_device_of_its_inputs(aggregate: str) -> None:
    # A tensor of the CPU among those of another device fails, on `meta` as on a GPU.
    logits, owner = torch.zeros(11, device="meta"), OWNER.to("meta")
    assert program_logits(logits, owner, PROGRAMS, aggregate).device.type == "meta"


def test_finite_difference_variant_comes_close_and_is_not_exact() -> None:
    logits_of, params, partial, upper = problem(small_model)
    batch = LowerBatch(partial, torch.full((PARTIAL,), 0.4).double(), torch.ones(PARTIAL).double())
    exact = hypergradient(logits_of, params, [batch], upper, rate=RATE).targets[0]
    rough = finite_difference(logits_of, params, batch, upper, rate=RATE)
    assert torch.allclose(rough, exact, rtol=1e-2, atol=1e-6)


def _central(of: Callable[[Tensor], Tensor], at: Tensor, step: float = 3e-3) -> Tensor:
    """Central differences of fourth order, one entry after the other: parts of Qwen2 compute in float32, which
    forbids a smaller step."""
    slopes = torch.zeros_like(at)
    for place in range(len(at)):
        shift = torch.zeros_like(at)
        shift[place] = step
        near = of(at + shift) - of(at - shift)
        far = of(at + 2 * shift) - of(at - 2 * shift)
        slopes[place] = (8 * near - far) / (12 * step)
    return slopes
