"""The variants of reward correction that are compared, on a small head over fixed features.

`none` trains on the raw rewards. `weights` (control) learns a weight an item, the public code's method. `table` learns
delta_i. `pooled` learns one delta a group of items. `hard` and `own` learn nothing: a prefix counts as right when any
completion passes, or when its own program passes. `oracle` trains on the truth and says what labels can give at most.
All but `weights` change labels only, so that one final training from scratch compares them.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import torch
from torch import Tensor

from funprm_training.product.two_level import LowerBatch, Params, UpperAggregate, UpperBatch
from funprm_training.research.correction.inner_steps import hypergradient_of_steps, sgd_step

Kind = Literal["none", "weights", "table", "pooled", "hard", "own", "hard+own", "oracle"]


@dataclass(frozen=True)
class Items:
    """Partial solutions: `features` `[n, d]`, `k` and `total` completions `[n]`, `own` verdict of their program `[n]`
    (NaN: unknown), `group` `[n]` for pooling, `truth` `[n]` (NaN: unknown) for the oracle alone."""

    features: Tensor
    k: Tensor
    total: Tensor
    own: Tensor
    group: Tensor
    truth: Tensor

    @property
    def rewards(self) -> Tensor:
        """r = k / K."""
        return self.k / self.total


@dataclass(frozen=True)
class Variant:
    """How rewards are corrected. `rate`: step size of the lower level; `pace`: how far a reward moves in an upper step,
    root mean square; `prior`: pull toward r, in units of the binomial variance; `inner`: SGD steps looked through."""

    kind: Kind
    name: str = ""
    upper_steps: int = 150
    rate: float = 0.5
    pace: float = 0.002
    prior: float = 0.0
    inner: int = 1
    aggregate: UpperAggregate = "mean"
    pairs: bool = False
    start: Literal["r", "hard+own"] = "r"
    meta_share: float = 0.25


@dataclass
class Corrected:
    """What the head is trained on: `targets` and `weights` `[n]`; `upper` the upper loss after every step."""

    targets: Tensor
    weights: Tensor
    upper: list[float] = field(default_factory=list)


def init_head(width: int, hidden: int, seed: int) -> Params:
    """A head with one hidden layer, in the scale of Xavier."""
    generator = torch.Generator().manual_seed(seed)
    return {
        "w1": torch.randn(width, hidden, generator=generator) / width**0.5,
        "b1": torch.zeros(hidden),
        "w2": torch.randn(hidden, generator=generator) / hidden**0.5,
        "b2": torch.zeros(()),
    }


def head_logits(params: Params, inputs: Tensor) -> Tensor:
    """`[n, d]` to `[n]`."""
    return torch.tanh(inputs @ params["w1"] + params["b1"]) @ params["w2"] + params["b2"]


def correct(variant: Variant, items: Items, upper: UpperBatch, seed: int, hidden: int = 16) -> Corrected:
    """Corrects the rewards of all items against the verdicts of other problems' programs."""
    ones = torch.ones(len(items.k))
    rewards = items.rewards if variant.start == "r" else _fixed_labels("hard+own", items)
    fixed = _fixed_labels(variant.kind, items)
    if fixed is not None:
        return Corrected(fixed, ones)
    params = init_head(items.features.shape[1], hidden, seed)
    if rewards is None:
        raise ValueError(f"{variant.name}: no labels to start from")
    if not variant.pairs:
        upper = replace(upper, problem=None)
    result = Corrected(rewards.clone(), ones.clone())
    spread = (items.k + 1) * (items.total - items.k + 1) / ((items.total + 2) ** 2 * (items.total + 3))
    groups = int(items.group.max()) + 1
    for _ in range(variant.upper_steps):
        batch = LowerBatch(items.features, result.targets, result.weights)
        found = hypergradient_of_steps(
            head_logits, params, [batch] * variant.inner, upper, rate=variant.rate, aggregate=variant.aggregate
        )
        result.upper.append(float(found.upper))
        if variant.kind == "weights":
            result.weights = (result.weights - variant.pace * _scaled(sum(found.weights))).clamp(min=0)
        else:
            slope = sum(found.targets)
            if variant.kind == "pooled":
                slope = _group_mean(slope, items.group, groups)[items.group]
            move = _scaled(slope) + variant.prior * (result.targets - rewards) * (0.05 / spread)
            result.targets = (result.targets - variant.pace * move).clamp(0, 1)
        batch = LowerBatch(items.features, result.targets, result.weights)
        params = sgd_step(head_logits, params, batch, variant.rate, "bce")
    return result


def fit(
    corrected: Corrected, features: Tensor, seed: int, hidden: int = 16, steps: int = 200, decay: float = 1e-2
) -> Params:
    """The head trained from scratch on corrected rewards, full batches of Adam."""
    params = init_head(features.shape[1], hidden, seed + 1000)
    leaves = {name: value.requires_grad_() for name, value in params.items()}
    optimizer = torch.optim.AdamW(leaves.values(), lr=1e-2, weight_decay=decay)
    weights = corrected.weights / corrected.weights.mean().clamp(min=1e-6)
    for _ in range(steps):
        optimizer.zero_grad()
        logits = head_logits(leaves, features)
        losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, corrected.targets, reduction="none")
        (weights * losses).mean().backward()
        optimizer.step()
    return {name: value.detach() for name, value in leaves.items()}


def _fixed_labels(kind: Kind, items: Items) -> Tensor | None:
    rewards = items.rewards
    own = torch.where(items.own == 1, torch.ones_like(rewards), torch.zeros_like(rewards))
    hard = (items.k > 0).to(rewards.dtype)
    labels = {
        "none": rewards,
        "hard": hard,
        "own": torch.maximum(rewards, own),
        "hard+own": torch.maximum(hard, own),
        "oracle": torch.where(items.truth.isnan(), rewards, items.truth),
    }
    return labels.get(kind)


def _scaled(slope: Tensor) -> Tensor:
    """In units of its root mean square, so that `pace` means the same for every data set."""
    return slope / slope.square().mean().sqrt().clamp(min=1e-12)


def _group_mean(values: Tensor, group: Tensor, groups: int) -> Tensor:
    total = torch.zeros(groups).index_add(0, group, values)
    return total / torch.bincount(group, minlength=groups).clamp(min=1)
