"""Trains a PRM on step rewards, which may be corrected on the way (correction.py).

    python -m funprm_training.reward_train rewards.jsonl --problems problems.jsonl --config configs/rewards.json \\
        --correction table --out runs/mine
    python -m funprm_training.reward_train rewards.jsonl --problems problems.jsonl \\
        --config configs/qwen2.5-coder.json --base Qwen2.5-Coder-1.5B --out runs/qwen

`accelerate launch -m funprm_training.reward_train ...` shares every batch among several GPUs or processes, with the
loss of one: programs are computed in the same micro-batches with the same dropout, wherever. Starting it again
continues from the last checkpoint with the same result as without a stop: the draws of a step depend on seed and step
alone, and the table is part of the checkpoint. Progress goes to stdout, a JSON line a report.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor
from torch.func import functional_call

from funprm_training import checkpoint
from funprm_training.config import InputError, TrainConfig, keep_config, read_config
from funprm_training.correction import LowerBatch, Params, UpperBatch, item_losses
from funprm_training.correction_parts import hypergradient_of_parts
from funprm_training.family import Family, build
from funprm_training.inputs import Program
from funprm_training.pretrained import base_override
from funprm_training.reward_data import (
    RewardedProgram,
    as_pools,
    digest_of,
    initial_table,
    read_rewarded,
    split_problems,
)
from funprm_training.scoring import pad_batch, request_sequences
from funprm_training.train import learning_rate_factor, optimizer_of

Kind = Literal["none", "weights", "table"]


@dataclass(frozen=True)
class CorrectionOptions:
    """`rate`: step size of the lower level that the hypergradient looks through; `pace`: how far a reward moves in an
    upper step (root mean square over the batch); `every`: train steps between two upper steps."""

    kind: Kind = "none"
    meta_share: float = 0.3
    rate: float = 0.1
    pace: float = 0.02
    every: int = 1


@dataclass(frozen=True)
class Batch:
    """Programs as model input: ids and mask `[sequences, length]`; logit i is read at `rows[i]`, `marks[i]`; `items`
    `[prefixes]` and `owner` `[prefixes]`, the program of each."""

    ids: Tensor
    mask: Tensor
    rows: Tensor
    marks: Tensor
    items: Tensor
    owner: Tensor


def batch_of(family: Family, programs: Sequence[RewardedProgram], statement: bool) -> Batch:
    """All prefixes of the programs: one sequence a program (step-mark) or a prefix."""
    sequences, rows, marks, items, owner = [], [], [], [], []
    for number, program in enumerate(programs):
        request = Program(program.statement if statement else "", program.steps)
        for sequence in request_sequences(request, family.template, family.encode):
            places = sequence.marks or [0]
            rows += [len(sequences)] * len(places)
            marks += places
            sequences.append(sequence.ids)
        items += program.items
        owner += [number] * len(program.items)
    ids, mask = map(torch.from_numpy, pad_batch(sequences, family.template.pad))
    device = next(family.model.parameters()).device
    parts = (ids, mask, *map(torch.tensor, (rows, marks, items, owner)))
    return Batch(*(part.to(device) for part in parts))


def logits_of(family: Family, params: Params, batch: Batch) -> Tensor:
    """Logits `[prefixes]`; with `params` in the place of the model's own."""
    with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=family.autocast):
        output = functional_call(family.model, params, (batch.ids, batch.mask)).float()
    return output[batch.rows, batch.marks] if output.dim() == 2 else output


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
    lower = [batch_of(family, part, config.statement) for _, part in _own(drawn, config, processes)]
    upper = [
        (batch_of(family, part, config.statement), [float(program.passed) for program in part])
        for _, part in _own(chosen, config, processes)
    ]
    found = hypergradient_of_parts(
        lambda p, batch: logits_of(family, p, batch),
        params,
        [LowerBatch(batch, table.targets[batch.items], table.weights[batch.items]) for batch in lower],
        [UpperBatch(batch, batch.owner, torch.tensor(passed, device=batch.ids.device)) for batch, passed in upper],
        items=sum(len(program.items) for program in drawn),
        programs=len(chosen),
        rate=options.rate,
        total=lambda part: processes.reduce(part, "sum"),
    )
    family.model.train()
    slope = torch.zeros_like(table.targets)
    for batch, part in zip(lower, found.weights if options.kind == "weights" else found.targets, strict=True):
        # An item that occurs twice moves once, by the sum.
        slope = slope.index_add(0, batch.items, part)
    items = torch.tensor([item for program in drawn for item in program.items], device=slope.device)
    table.move(options, items, processes.reduce(slope, "sum"))
    return float(found.upper)


def train_rewards(
    programs: list[RewardedProgram],
    config: TrainConfig,
    options: CorrectionOptions,
    out: Path,
    log: Callable[[dict[str, float]], None],
    download: bool = False,
) -> Family:
    """Trains from the last checkpoint of `out`, or from the start, to the last step. Every process draws the same
    programs and keeps the same table; each computes its share of the micro-batches.

    Raises InputError when `out` holds a run of other rewards or another correction, or when processes would be idle.
    """
    processes = Accelerator(cpu=not torch.cuda.is_available())
    _check_shares(2 * config.pairs_per_step, config.micro_batch, processes.num_processes)
    with processes.main_process_first():
        family = build(config, out, as_pools(programs), download)
    family.model.to(processes.device)
    optimizer = optimizer_of(family.model, config)
    rewards, movable = (part.to(processes.device) for part in initial_table(programs))
    table = Table(rewards.clone(), torch.ones_like(rewards), movable)
    lower, meta = programs, []
    if options.kind != "none":
        lower, meta = split_problems(programs, options.meta_share, config.seed)
    made_from = {"rewards": digest_of(programs), "correction": repr(options), "base": family.base}
    state, start = checkpoint.load(out / "train.pt"), 0
    if state is not None:
        for name, value in made_from.items():
            if state.get(name, value) != value:
                other = "other rewards" if name == "rewards" else f"another {name}"
                raise InputError(f"{out} holds a run of {other}: name another --out")
        checkpoint.restore(family.model, state["model"])
        optimizer.load_state_dict(state["optimizer"])
        start = state["step"]
        table.targets, table.weights = (state[name].to(processes.device) for name in ("targets", "weights"))
    family.model.train()
    for step in range(start, config.steps):
        rng = np.random.default_rng([config.seed, 3, step])
        drawn = _draw(lower, 2 * config.pairs_per_step, rng)
        entry: dict[str, float] = {"step": step + 1}
        if meta and step % options.every == 0:
            chosen = _draw(meta, 2 * config.pairs_per_step, rng)
            entry["upper"] = upper_step(family, table, drawn, chosen, config, options, processes)
        entry["loss"] = _lower_step(family, optimizer, table, drawn, config, step, processes)
        if not processes.is_main_process:
            continue
        log({**entry, "processes": processes.num_processes})
        if (step + 1) % config.save_every == 0 or step + 1 == config.steps:
            state = {"model": checkpoint.trained_weights(family.model), "optimizer": optimizer.state_dict()}
            state |= {"step": step + 1, "targets": table.targets, "weights": table.weights, **made_from}
            checkpoint.save(out / "train.pt", state)
    processes.wait_for_everyone()
    family.model.eval()
    return family


def _lower_step(
    family: Family,
    optimizer: torch.optim.AdamW,
    table: Table,
    drawn: Sequence[RewardedProgram],
    config: TrainConfig,
    step: int,
    processes: Accelerator,
) -> float:
    """One update on the corrected rewards; soft labels are smoothed and never cast. The loss is the mean over the
    prefixes of all processes, and gradients are summed over them, however unevenly programs are shared."""
    for group in optimizer.param_groups:
        group["lr"] = group["base"] * learning_rate_factor(step, config)
    smooth, count = config.label_smoothing, sum(len(program.items) for program in drawn)
    total = torch.zeros((), device=processes.device)
    for number, part in _own(drawn, config, processes):
        # Dropout belongs to the micro-batch, not to the process that computes it.
        torch.manual_seed((config.seed * 1_000_003 + step) * 1009 + number)
        batch = batch_of(family, part, config.statement)
        targets = table.targets[batch.items] * (1 - smooth) + smooth / 2
        losses = item_losses(logits_of(family, {}, batch), targets, "bce")
        loss = (table.weights[batch.items] * losses).sum() / count
        loss.backward()
        total += loss.detach()
    if processes.num_processes > 1:
        for weight in family.model.parameters():
            if weight.requires_grad:
                slope = torch.zeros_like(weight) if weight.grad is None else weight.grad
                weight.grad = processes.reduce(slope, "sum")
    torch.nn.utils.clip_grad_norm_(family.model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return float(processes.reduce(total, "sum"))


def _own(
    programs: Sequence[RewardedProgram], config: TrainConfig, processes: Accelerator
) -> list[tuple[int, Sequence[RewardedProgram]]]:
    """The micro-batches of this process with their numbers; together the processes have every one once."""
    parts = [programs[start : start + config.micro_batch] for start in range(0, len(programs), config.micro_batch)]
    return list(enumerate(parts))[processes.process_index :: processes.num_processes]


def _check_shares(programs: int, micro_batch: int, processes: int) -> None:
    if -(-programs // micro_batch) < processes:
        raise InputError(
            f"an update of {programs} programs (2 * pairs_per_step) in micro-batches of {micro_batch} has no work for "
            f"{processes} processes: set micro_batch to at most {max(programs // processes, 1)}, or more pairs_per_step"
        )


def _draw(programs: list[RewardedProgram], count: int, rng: np.random.Generator) -> list[RewardedProgram]:
    """Different programs, at most as many as there are."""
    return [programs[place] for place in rng.choice(len(programs), min(count, len(programs)), replace=False)]


def main() -> None:
    """Reads the command line and trains."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rewards", type=Path, nargs="+")
    parser.add_argument("--problems", type=Path, nargs="+", required=True)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--correction", choices=("none", "weights", "table"), default="none")
    parser.add_argument("--base", help="folder of the pretrained model, or its hub id; over the configuration's")
    parser.add_argument("--download", action="store_true", help="a hub id may be downloaded")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    config = read_config(arguments.config, base_override(arguments.base))
    programs = read_rewarded(arguments.rewards, arguments.problems)
    if not programs:
        raise SystemExit("no program with rewards for all its steps: collect some first")
    started = time.monotonic()

    def log(entry: dict[str, float]) -> None:
        if entry["step"] % 10 == 0 or entry["step"] == config.steps:
            shown = {**entry, "steps": config.steps, "seconds": time.monotonic() - started}
            sys.stdout.write(json.dumps({key: round(value, 4) for key, value in shown.items()}) + "\n")
            sys.stdout.flush()

    options = CorrectionOptions(arguments.correction)
    try:
        keep_config(arguments.out, config)
        train_rewards(programs, config, options, arguments.out, log, arguments.download)
    except InputError as error:
        raise SystemExit(str(error)) from error
    finally:
        # Left to the interpreter's end, the threads that the processes speak through may abort it.
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
