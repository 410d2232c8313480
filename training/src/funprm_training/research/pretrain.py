"""Language-model pretraining of the decoder on statements and programs of the train split."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from funprm_training import checkpoint
from funprm_training.config import TrainConfig
from funprm_training.prm.family import Family
from funprm_training.prm.scoring import pad_batch
from funprm_training.prm.template import step_mark_sequence, tokenize
from funprm_training.research.pools import ProblemPool

BLOCK = 8
"""Steps whose programs are drawn together."""


def pretrain(
    family: Family,
    pools: list[ProblemPool],
    config: TrainConfig,
    out: Path,
    log: Callable[[dict[str, float]], None],
) -> None:
    """Next-token prediction with tied embeddings, problems drawn evenly, into `family.model.backbone`."""
    backbone = family.model.backbone
    optimizer = torch.optim.AdamW(backbone.parameters(), lr=config.pretrain_learning_rate, weight_decay=0.05)
    state = checkpoint.load(out / "pretrain.pt")
    start = 0
    if state is not None:
        backbone.load_state_dict(state["backbone"])
        optimizer.load_state_dict(state["optimizer"])
        start = state["step"]
    backbone.train()
    rows: list[list[int]] = []
    for step in range(start, config.pretrain_steps):
        fraction = step / config.pretrain_steps
        for group in optimizer.param_groups:
            group["lr"] = config.pretrain_learning_rate * min((step + 1) / 50, 1 - 0.9 * fraction)
        if step % BLOCK == 0 or not rows:
            rows = _block(family, pools, config, step // BLOCK)
        ids, mask = map(torch.from_numpy, pad_batch(_batch(rows, config, step), family.template.pad))
        with torch.autocast("cpu", torch.bfloat16):
            hidden = backbone(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state[:, :-1]
            kept = mask[:, 1:].bool()
            logits = hidden[kept] @ backbone.get_input_embeddings().weight.T
        loss = functional.cross_entropy(logits.float(), ids[:, 1:][kept])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(backbone.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        log({"step": step + 1, "loss": float(loss.detach()), "pretrain": 1})
        if (step + 1) % config.save_every == 0 or step + 1 == config.pretrain_steps:
            state = {"backbone": backbone.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}
            checkpoint.save(out / "pretrain.pt", state)


def _block(family: Family, pools: list[ProblemPool], config: TrainConfig, block: int) -> list[list[int]]:
    """Random programs of random problems for BLOCK steps, in the PRM's own sequence, the shortest first."""
    rng = np.random.default_rng([config.seed, 7, block])
    rows: list[list[int]] = []
    while len(rows) < config.pretrain_batch * BLOCK:
        pool = pools[rng.integers(len(pools))]
        if pool.candidates:
            candidate = pool.candidates[rng.integers(len(pool.candidates))]
            told = config.statement and (config.pretrain_statements == 1 or rng.random() < config.pretrain_statements)
            tokens = tokenize(pool.statement if told else "", candidate.steps, family.template, family.encode)
            rows.append(step_mark_sequence(tokens, family.template).ids)
    return sorted(rows, key=len)


def _batch(rows: list[list[int]], config: TrainConfig, step: int) -> list[list[int]]:
    """The programs of one step, of like length, so that little padding is computed."""
    order = np.random.default_rng([config.seed, 11, step // BLOCK]).permutation(BLOCK)
    first = int(order[step % BLOCK]) * config.pretrain_batch
    return rows[first : first + config.pretrain_batch]
