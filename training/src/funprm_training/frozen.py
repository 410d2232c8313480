"""A linear head on frozen MiniLM features: the cheapest PRM, and a floor for fine-tuning.

    python -m funprm_training.frozen --out runs/frozen

Features are kept in `OUT/features`, a shard at a time, so that a stopped run continues. The head's weight decay is
chosen by cross-validation over train problems.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from funprm_training import checkpoint
from funprm_training.config import TrainConfig
from funprm_training.contrast import Pair, balanced_pairs
from funprm_training.data import ProblemPool, read_pools
from funprm_training.family import Family, build
from funprm_training.scoring import pad_batch
from funprm_training.template import prefix_sequence, tokenize
from funprm_training.train import usable

SHARD = 200
DECAYS = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
FOLDS = 5
Key = tuple[str, str]
"""Problem id and code."""


def features(family: Family, programs: Sequence[tuple[Key, str, tuple[str, ...]]], folder: Path) -> dict[Key, int]:
    """Mean last hidden states `[width]` of whole programs, in shards of `folder`; the place of each program."""
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(programs), SHARD):
        path = folder / f"{start // SHARD:04}.npy"
        if not path.exists():
            part = programs[start : start + SHARD]
            np.save(path, _pooled(family, [(statement, steps) for _, statement, steps in part]))
            sys.stdout.write(f"{start + len(part)} of {len(programs)} programs\n")
            sys.stdout.flush()
    return {key: place for place, (key, _, _) in enumerate(programs)}


def _pooled(family: Family, items: Sequence[tuple[str, tuple[str, ...]]]) -> np.ndarray:
    """Features `[items, width]`, computed in batches of like length."""
    sequences = []
    for statement, steps in items:
        tokens = tokenize(statement, steps, family.template, family.encode)
        sequences.append(prefix_sequence(tokens, len(steps) - 1, family.template).ids)
    order = sorted(range(len(items)), key=lambda place: len(sequences[place]))
    rows: dict[int, np.ndarray] = {}
    for start in range(0, len(order), 8):
        places = order[start : start + 8]
        ids, mask = map(torch.from_numpy, pad_batch([sequences[p] for p in places], family.template.pad))
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            hidden = family.model.backbone(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        rows.update(zip(places, pooled.numpy(), strict=True))
    return np.stack([rows[place] for place in range(len(items))])


def fit_head(
    good: torch.Tensor, bad: torch.Tensor, weights: torch.Tensor, decay: float, outcome_weight: float = 0.3
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight `[width]` and bias `[]` that minimise the weighted contrast and outcome loss of pairs `[pairs, width]`."""
    weight = torch.zeros(good.shape[1], requires_grad=True)
    bias = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=60, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        up, down = good @ weight + bias, bad @ weight + bias
        contrast = (weights * functional.softplus(down - up)).sum()
        outcome = (weights * (functional.softplus(-up) + functional.softplus(down))).sum() / 2
        loss = contrast + outcome_weight * outcome + decay * weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return weight.detach(), bias.detach()


def cross_validate(good: torch.Tensor, bad: torch.Tensor, weights: torch.Tensor, pairs: Sequence[Pair]) -> list[float]:
    """Share of held-out balanced pairs ordered rightly, for every decay; whole problems are held out."""
    fold_of = {problem: place % FOLDS for place, problem in enumerate(sorted({pair.problem for pair in pairs}))}
    folds = torch.tensor([fold_of[pair.problem] for pair in pairs])
    shares = []
    for decay in DECAYS:
        right = 0.0
        for fold in range(FOLDS):
            inside, outside = folds != fold, folds == fold
            weight, _ = fit_head(good[inside], bad[inside], weights[inside] / weights[inside].sum(), decay)
            right += float((weights[outside] * (good[outside] @ weight > bad[outside] @ weight)).sum())
        shares.append(right / float(weights.sum()))
    return shares


def usable_mixed(data: Path, seed: int) -> list[ProblemPool]:
    """Mixed train problems of the two suites with reliable labels, in random order, LiveCodeBench first."""
    rng = np.random.default_rng(seed)
    pools: list[ProblemPool] = []
    for suite in ("livecodebench-v5", "classic"):
        found = [pool for pool in usable(read_pools(data, "train", (suite,))) if pool.mixed]
        pools += [found[place] for place in rng.permutation(len(found))]
    return pools


def main() -> None:
    """Computes features, chooses the decay, fits the head, writes a checkpoint like train.py's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--programs", type=int, default=None, help="use so many programs only")
    options = parser.parse_args()
    torch.set_num_threads(1)
    config = TrainConfig(family="minilm", steps=0, context_length=384)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "config.json").write_text(json.dumps(asdict(config), indent=2) + "\n", encoding="utf-8")
    family = build(config, options.out, [])
    family.model.eval()
    pools = usable_mixed(options.data, config.seed)
    programs = [((p.id, c.code), p.statement, c.steps) for p in pools for c in p.candidates][: options.programs]
    places = features(family, programs, options.out / "features")
    matrix = torch.from_numpy(np.concatenate([np.load(f) for f in sorted((options.out / "features").glob("*.npy"))]))
    pairs, raw = balanced_pairs(pools)
    kept = [(pair, weight) for pair, weight in zip(pairs, raw, strict=True) if weight > 0 and _known(pair, places)]
    good, bad = (
        matrix[[places[pair.problem, getattr(pair, side).code] for pair, _ in kept]] for side in ("passing", "failing")
    )
    weights = torch.tensor([weight for _, weight in kept], dtype=torch.float32)
    weights /= weights.sum()
    shares = cross_validate(good, bad, weights, [pair for pair, _ in kept])
    decay = DECAYS[int(np.argmax(shares))]
    weight, bias = fit_head(good, bad, weights, decay)
    with torch.no_grad():
        family.model.head.weight.copy_(weight[None])
        family.model.head.bias.copy_(bias[None])
    checkpoint.save(options.out / "train.pt", {"model": family.model.state_dict(), "step": 0})
    found = {"pairs": len(kept), "decay": decay, "held out": dict(zip(map(str, DECAYS), shares, strict=True))}
    sys.stdout.write(json.dumps(found) + "\n")


def _known(pair: Pair, places: dict[Key, int]) -> bool:
    return all((pair.problem, candidate.code) in places for candidate in (pair.passing, pair.failing))


if __name__ == "__main__":
    main()
