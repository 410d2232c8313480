"""Trains a PRM on pairs of a passing and a failing candidate of one problem, from the pools of a data folder.

This is not what `funprm train` runs: that is product/train.py, which needs step rewards.

    python -m funprm_training.research.train_pairs --config configs/minilm.json --out runs/minilm

Starting it again continues from the last checkpoint; the draws of a step depend on seed and step alone.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from funprm_training import checkpoint
from funprm_training.config import InputError, TrainConfig, read_config
from funprm_training.optimizer import optimizer_of, set_learning_rates
from funprm_training.prm.family import Family, build
from funprm_training.prm.model import PrmModel
from funprm_training.prm.pretrained import base_override
from funprm_training.prm.scoring import Request
from funprm_training.research.contrast import PairSampler
from funprm_training.research.pair_inputs import PairInputs
from funprm_training.research.pair_loss import prm_loss
from funprm_training.research.pools import ProblemPool, fold_of, read_pools, texts_of, usable
from funprm_training.research.pretrain import pretrain
from funprm_training.run_folder import keep_config


def draw_pairs(sampler: PairSampler, config: TrainConfig, rng: np.random.Generator) -> list[tuple[Request, Request]]:
    """Passing and failing programs of one step."""
    pairs = []
    for _ in range(config.pairs_per_step):
        pair = sampler.draw(rng)
        statement = pair.statement if config.statement else ""
        pairs.append((Request(statement, pair.passing.steps), Request(statement, pair.failing.steps)))
    return pairs


def train_step(
    model: PrmModel,
    optimizer: torch.optim.AdamW,
    inputs: PairInputs,
    pairs: list[tuple[Request, Request]],
    config: TrainConfig,
    step: int,
    rng: np.random.Generator,
) -> float:
    """One update over micro-batches of pairs; the loss."""
    set_learning_rates(optimizer, step, config)
    total = 0.0
    for places in inputs.micro_batches(pairs):
        programs = [program for place in places for program in pairs[place]]
        logits = inputs.step_logits(model, programs, rng)
        loss = prm_loss(
            logits[0::2],
            logits[1::2],
            contrast_weight=config.contrast_weight,
            outcome_weight=config.outcome_weight,
            label_smoothing=config.label_smoothing,
        ) * (len(places) / len(pairs))
        loss.backward()
        total += float(loss.detach())
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return total


def train_pairs(
    pools: list[ProblemPool],
    config: TrainConfig,
    out: Path,
    log: Callable[[dict[str, float]], None],
    download: bool = False,
) -> Family:
    """Trains from the last checkpoint of `out`, or from `start.pt` there, or from new weights, to the last step;
    on a GPU where there is one."""
    family = build(config, out, texts_of(pools), download)
    if config.pretrain_steps:
        pretrain(family, pools, config, out, log)
    family.model.to("cuda" if torch.cuda.is_available() else "cpu")
    optimizer = optimizer_of(family.model, config)
    state = checkpoint.load(out / "train.pt")
    start = 0
    if state is None and (given := checkpoint.load(out / "start.pt")) is not None:
        family.model.load_state_dict(given["model"])
    if state is not None:
        if state.get("base", family.base) != family.base:
            raise InputError(f"{out} holds a run of another base: name another --out")
        checkpoint.restore(family.model, state["model"])
        optimizer.load_state_dict(state["optimizer"])
        start = state["step"]
    sampler = PairSampler(pools, config.shares)
    inputs = PairInputs(family.template, family.encode, config.micro_batch)
    family.model.train()
    for step in range(start, config.steps):
        rng = np.random.default_rng([config.seed, step])
        torch.manual_seed(config.seed * 1_000_003 + step)
        pairs = draw_pairs(sampler, config, rng)
        loss = train_step(family.model, optimizer, inputs, pairs, config, step, rng)
        log({"step": step + 1, "loss": loss})
        if (step + 1) % config.save_every == 0 or step + 1 == config.steps:
            state = {
                "model": checkpoint.trained_weights(family.model) if family.base else family.model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "step": step + 1,
                "base": family.base,
            }
            checkpoint.save(out / "train.pt", state)
    family.model.eval()
    return family


def main() -> None:
    """Reads the command line and trains, one JSON line of progress every 20 steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--base", help="folder of the pretrained model, or its hub id; over the configuration's")
    parser.add_argument("--download", action="store_true", help="a hub id may be downloaded")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--without-fold", type=int, help="keep the problems of this fold (pools.fold_of) for judging")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    config = read_config(options.config, base_override(options.base))
    pools = [usable(pool) for pool in read_pools(options.data, "train")]
    if options.without_fold is not None:
        pools = [pool for pool in pools if fold_of(pool.id) != options.without_fold]
    recent: list[float] = []
    started = time.monotonic()

    def log(entry: dict[str, float]) -> None:
        recent.append(entry["loss"])
        if entry["step"] % 20 == 0:
            entry = {**entry, "loss": float(np.mean(recent)), "seconds": time.monotonic() - started}
            recent.clear()
            sys.stdout.write(json.dumps({key: round(value, 4) for key, value in entry.items()}) + "\n")
            sys.stdout.flush()

    try:
        keep_config(options.out, config)
        train_pairs(pools, config, options.out, log, options.download)
    except InputError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
