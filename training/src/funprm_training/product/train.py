"""What `funprm train` runs: trains a PRM on step rewards, which may be corrected first or on the way (reward_table.py).

    python -m funprm_training.product.train rewards.jsonl --problems problems.jsonl --config configs/rewards.json \\
        --correction any --out runs/mine
    python -m funprm_training.product.train rewards.jsonl --problems problems.jsonl \\
        --config configs/qwen2.5-coder.json --base Qwen2.5-Coder-1.5B --out runs/qwen

`accelerate launch -m funprm_training.product.train ...` shares every batch among several GPUs or processes, with the
loss of one: programs are computed in the same micro-batches with the same dropout, wherever. Starting it again
continues from the last checkpoint with the same result as without a stop: the draws of a step depend on seed and step
alone, and the table is part of the checkpoint. Progress goes to stdout, a JSON line a report.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import torch
from accelerate import Accelerator

from funprm_training import checkpoint
from funprm_training.config import InputError, TrainConfig, read_config
from funprm_training.optimizer import optimizer_of, set_learning_rates
from funprm_training.prm.family import Family, build
from funprm_training.prm.pretrained import base_override
from funprm_training.product.line_labels import read_labelled
from funprm_training.product.micro_batches import batch_of, logits_of, own_parts
from funprm_training.product.reward_table import (
    CorrectionKind,
    CorrectionOptions,
    Table,
    draw,
    draw_upper,
    first_table,
    levels,
    upper_step,
)
from funprm_training.product.step_rewards import RewardedProgram, digest_of, read_rewarded, texts_of
from funprm_training.product.two_level import item_losses
from funprm_training.run_folder import keep_config


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

    Raises InputError when `out` holds a run of other rewards or another correction, when the correction has too few
    problems, or when processes would be idle.
    """
    lower, meta = levels(programs, options, config.seed)
    processes = Accelerator(cpu=not torch.cuda.is_available())
    _check_shares(2 * config.pairs_per_step, config.micro_batch, processes.num_processes)
    with processes.main_process_first():
        family = build(config, out, texts_of(programs), download)
    family.model.to(processes.device)
    optimizer = optimizer_of(family.model, config)
    table = first_table(programs, options, processes.device)
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
        drawn = draw(lower, 2 * config.pairs_per_step, rng)
        entry: dict[str, float] = {"step": step + 1}
        if meta and step % options.every == 0:
            chosen = draw_upper(meta, config.pairs_per_step, options, rng)
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
    set_learning_rates(optimizer, step, config)
    smooth, count = config.label_smoothing, sum(len(program.items) for program in drawn)
    total = torch.zeros((), device=processes.device)
    for number, part in own_parts(drawn, config, processes):
        # Dropout belongs to the micro-batch, not to the process that computes it.
        torch.manual_seed((config.seed * 1_000_003 + step) * 1009 + number)
        batch = batch_of(family, part, config.statement)
        targets = table.targets[batch.items]
        if not config.signed:
            targets = targets * (1 - smooth) + smooth / 2
        losses = item_losses(logits_of(family, {}, batch), targets, "signed" if config.signed else "bce")
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


def _check_shares(programs: int, micro_batch: int, processes: int) -> None:
    if -(-programs // micro_batch) < processes:
        raise InputError(
            f"an update of {programs} programs (2 * pairs_per_step) in micro-batches of {micro_batch} has no work for "
            f"{processes} processes: set micro_batch to at most {max(programs // processes, 1)}, or more pairs_per_step"
        )


def main(given: Sequence[str] | None = None) -> None:
    """Reads the command line, or the arguments `given`, and trains."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rewards", type=Path, nargs="+")
    parser.add_argument("--problems", type=Path, nargs="+", required=True)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--correction", choices=get_args(CorrectionKind), default="none")
    parser.add_argument("--base", help="folder of the pretrained model, or its hub id; over the configuration's")
    parser.add_argument("--download", action="store_true", help="a hub id may be downloaded")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args(given)
    torch.set_num_threads(arguments.threads)
    config = read_config(arguments.config, base_override(arguments.base))
    if config.signed and arguments.correction != "none":
        raise SystemExit("signed labels are not corrected: leave --correction out")
    read = read_labelled if config.signed else read_rewarded
    try:
        programs = read(arguments.rewards, arguments.problems)
    except InputError as error:
        raise SystemExit(str(error)) from error
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


def finish() -> None:
    """Ends what the processes speak through. Left to the interpreter's end, its threads may abort it."""
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    try:
        main()
    finally:
        finish()
