"""The rewards that a PRM is trained on: as collected, by a fixed rule, or learnt by upper steps (hypergradient.py).

`none` takes r = k / K. `any` takes fixed labels: a prefix is right when any completion passes or a program that goes on
from it. `weights` (control) learns a weight for every prefix and `table` a reward, from the verdicts of whole programs
of other problems. `pairs` learns rewards too, from the fixed labels on, and its upper level asks only that a passing
program comes before a failing one of its problem. How they compare: benchmarks/results/correction.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor

from funprm_training.config import TrainConfig
from funprm_training.prm.family import Family
from funprm_training.product.hypergradient import PairedPrograms, hypergradient
from funprm_training.product.micro_batches import batch_of, logits_of, own_parts
from funprm_training.product.step_rewards import RewardedProgram, fixed_labels, initial_table, split_problems
from funprm_training.product.two_level import LowerBatch, UpperBatch

CorrectionKind = Literal["none", "any", "weights", "table", "pairs"]


@dataclass(frozen=True)
class CorrectionOptions:
    """`rate`: step size of the lower level that the hypergradient looks through; `pace`: how far a reward moves in an
    upper step (root mean square over the batch); `every`: train steps between two upper steps."""

    kind: CorrectionKind = "none"
    meta_share: float = 0.3
    rate: float = 0.1
    pace: float = 0.02
    every: int = 1

    @property
    def fixed(self) -> bool:
        """Whether training starts from the fixed labels, not from the rewards as collected."""
        return self.kind in ("any", "pairs")

    @property
    def learns(self) -> bool:
        """Whether there is an upper level."""
        return self.kind in ("weights", "table", "pairs")


@dataclass
class Table:
    """Corrected rewards `[items]` and weights `[items]`; only proper prefixes move."""

    targets: Tensor
    weights: Tensor
    movable: Tensor

    def move(self, options: CorrectionOptions, items: Tensor, slope: Tensor) -> None:
        """One upper step on the `items` of a batch by the slope `[items of the table]` of targets or weights."""
        values = self.weights if options.kind == "weights" else self.targets
        slope = slope * self.movable
        scale = slope[items].square().mean().sqrt().clamp(min=1e-12)
        values -= options.pace * slope / scale
        values.clamp_(min=0, max=None if options.kind == "weights" else 1)


def first_table(programs: Sequence[RewardedProgram], options: CorrectionOptions, device: torch.device) -> Table:
    """The table before the first step."""
    rewards, movable = initial_table(programs)
    targets = (fixed_labels(programs) if options.fixed else rewards).to(device)
    return Table(targets, torch.ones_like(targets), movable.to(device))


def levels(
    programs: list[RewardedProgram], options: CorrectionOptions, seed: int
) -> tuple[list[RewardedProgram], list[RewardedProgram]]:
    """Programs of the lower level and of the upper one, which is empty where nothing is learnt.

    Raises InputError when there are not enough problems for two levels.
    """
    if not options.learns:
        return programs, []
    return split_problems(programs, options.meta_share, seed, mixed=options.kind == "pairs")


def draw(programs: Sequence[RewardedProgram], count: int, rng: np.random.Generator) -> list[RewardedProgram]:
    """Different programs, at most as many as there are."""
    return [programs[place] for place in rng.choice(len(programs), min(count, len(programs)), replace=False)]


def draw_upper(
    meta: Sequence[RewardedProgram], pairs: int, options: CorrectionOptions, rng: np.random.Generator
) -> list[RewardedProgram]:
    """At most `2 * pairs` different programs for an upper step.

    For a loss over pairs problems take turns: each turn gives the next passing and the next failing program of a
    problem, or the one that is left, so that every program is in a pair and no problem crowds out another.
    """
    if options.kind != "pairs":
        return draw(meta, 2 * pairs, rng)
    groups: dict[str, tuple[list[RewardedProgram], list[RewardedProgram]]] = {}
    for program in draw(meta, len(meta), rng):
        groups.setdefault(program.problem, ([], []))[program.passed].append(program)
    problems = sorted(groups)
    of_problem = [zip_longest(*groups[problems[place]]) for place in rng.permutation(len(problems))]
    turns = [turn for one_each in zip_longest(*of_problem) for turn in one_each if turn is not None]
    return [program for turn in turns[:pairs] for program in turn if program is not None]


def upper_step(
    family: Family,
    table: Table,
    drawn: Sequence[RewardedProgram],
    chosen: Sequence[RewardedProgram],
    config: TrainConfig,
    options: CorrectionOptions,
    processes: Accelerator,
) -> float:
    """Moves the table by one hypergradient of the programs `chosen` for the upper level with respect to the rewards of
    those `drawn` for the lower one, dropout off; the upper loss after the inner step."""
    family.model.eval()
    params = {name: value.detach() for name, value in family.model.named_parameters() if value.requires_grad}
    device = table.targets.device
    lower = [batch_of(family, part, config.statement) for _, part in own_parts(drawn, config, processes)]
    shares = own_parts(chosen, config, processes)
    upper = []
    for _, part in shares:
        batch = batch_of(family, part, config.statement)
        upper.append(UpperBatch(batch, batch.owner, _verdicts(part, device)))
    found = hypergradient(
        lambda p, batch: logits_of(family, p, batch),
        params,
        [LowerBatch(batch, table.targets[batch.items], table.weights[batch.items]) for batch in lower],
        upper,
        items=sum(len(program.items) for program in drawn),
        programs=len(chosen),
        rate=options.rate,
        total=lambda part: processes.reduce(part, "sum"),
        pairs=_paired(chosen, shares, config, device) if options.kind == "pairs" else None,
    )
    family.model.train()
    slope = torch.zeros_like(table.targets)
    for batch, part in zip(lower, found.weights if options.kind == "weights" else found.targets, strict=True):
        # An item that occurs twice moves once, by the sum.
        slope = slope.index_add(0, batch.items, part)
    items = torch.tensor([item for program in drawn for item in program.items], device=slope.device)
    table.move(options, items, processes.reduce(slope, "sum"))
    return float(found.upper)


def _paired(
    chosen: Sequence[RewardedProgram],
    shares: Sequence[tuple[int, Sequence[RewardedProgram]]],
    config: TrainConfig,
    device: torch.device,
) -> PairedPrograms:
    """Every process draws the same programs, so each knows the verdicts of all; `shares` are its micro-batches."""
    names = {name: number for number, name in enumerate(sorted({program.problem for program in chosen}))}
    places = [torch.arange(len(part), device=device) + number * config.micro_batch for number, part in shares]
    problem = torch.tensor([names[program.problem] for program in chosen], device=device)
    return PairedPrograms(_verdicts(chosen, device), problem, places)


def _verdicts(programs: Sequence[RewardedProgram], device: torch.device) -> Tensor:
    return torch.tensor([float(program.passed) for program in programs], device=device)
