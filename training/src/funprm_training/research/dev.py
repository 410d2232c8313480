"""Rewards of a trained run for the dev problems, and the table that compares runs and controls on them.

python -m funprm_training.research.dev score --run runs/minilm           # runs/minilm/dev.jsonl
python -m funprm_training.research.dev table runs/minilm runs/decoder    # Markdown on stdout
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from funprm_training.config import read_config
from funprm_training.export.onnx_session import onnx_logits
from funprm_training.prm.aggregate import AGGREGATES, aggregate
from funprm_training.prm.family import build
from funprm_training.prm.scoring import torch_logits
from funprm_training.research.dev_rewards import SAMPLERS, Rewards, dev_pools, read_rewards, score_dev, write_rewards
from funprm_training.research.pools import Candidate, ProblemPool
from funprm_training.research.selection import Group, report
from funprm_training.run_folder import load_trained


@dataclass(frozen=True)
class Row:
    """One line of the table: a selector and the score by which it chooses."""

    name: str
    value: Callable[[str, Candidate], float]


def groups(pools: Sequence[ProblemPool], value: Callable[[str, Candidate], float]) -> dict[str, list[Group]]:
    """The dev groups of each sampler under one score."""
    result: dict[str, list[Group]] = {name: [] for name in SAMPLERS}
    for name, sampler in SAMPLERS.items():
        for pool in pools:
            members = [candidate for candidate in pool.candidates if candidate.sampler == sampler]
            if members:
                scores = np.array([value(pool.id, member) for member in members])
                passed = np.array([float(member.passed) for member in members])
                result[name].append(Group(pool.id, name, scores, passed))
    return result


def table(pools: Sequence[ProblemPool], rows: Sequence[Row]) -> str:
    """The Markdown table of all selectors: both samplers together, then each sampler."""
    lines = [
        "| selector | selected, all groups | selected, mixed groups | gain over random, mixed "
        "| AUC, mixed | Maverick, mixed: selected / AUC | Scout, mixed: selected / AUC |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        found = groups(pools, row.value)
        both = report([group for members in found.values() for group in members])
        each = [report(members) for members in found.values()]
        cells = [str(both[key]) for key in ("selected", "mixed selected", "mixed gain", "mixed auc")]
        cells += [f"{one['mixed selected']} / {one['mixed auc']}" for one in each]
        lines.append(f"| {row.name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def frame(pools: Sequence[ProblemPool]) -> str:
    """Random choice and the oracle, which frame every row of the table, and the counts of groups."""
    found = groups(pools, lambda _problem, _candidate: 0.0)
    lines = [
        "| samplers | groups | mixed | random, all | oracle, all | random, mixed |",
        "|---|---|---|---|---|---|",
    ]
    for name, members in {"both": [g for m in found.values() for g in m], **found}.items():
        one = report(members)
        lines.append(
            f"| {name} | {one['groups']} | {one['mixed']} | {one['random']} | {one['oracle']} | {one['mixed random']} |"
        )
    return "\n".join(lines)


def by_rewards(rewards: Rewards, how: str) -> Callable[[str, Candidate], float]:
    """A candidate's aggregated reward; 0 for those of unmixed groups, which were not scored."""
    return lambda problem, candidate: aggregate(rewards.get((problem, candidate.code), []) or [0.0], how)


def controls() -> list[Row]:
    """Selectors that understand nothing."""
    return [
        Row("random choice", lambda _problem, _candidate: 0.0),
        Row("longest program", lambda _problem, candidate: len(candidate.code)),
        Row("shortest program", lambda _problem, candidate: -len(candidate.code)),
    ]


def main() -> None:
    """`score` a run, or print the `table` of several."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    commands = parser.add_subparsers(dest="command", required=True)
    scoring = commands.add_parser("score", help="score the dev candidates with a run's last checkpoint")
    scoring.add_argument("--run", type=Path, required=True)
    scoring.add_argument("--untrained", action="store_true", help="score with the weights before training")
    scoring.add_argument("--graph", type=Path, help="score with this ONNX file in place of PyTorch, into RUN/onnx")
    scoring.add_argument("--threads", type=int, default=1)
    tabling = commands.add_parser("table", help="compare scored runs")
    tabling.add_argument("runs", type=Path, nargs="*")
    tabling.add_argument("--aggregates", nargs="*", choices=AGGREGATES, default=["mean"])
    options = parser.parse_args()
    pools = dev_pools(options.data)
    if options.command == "score":
        torch.set_num_threads(options.threads)
        config = read_config(options.run / "config.json")
        family = build(config, options.run) if options.untrained else load_trained(options.run)
        logits = torch_logits(family.model) if options.graph is None else onnx_logits(options.graph, options.threads)
        rewards = score_dev(family, pools, config.statement, logits)
        out = options.run / ("untrained" if options.untrained else "onnx" if options.graph else "")
        write_rewards(out, rewards)
        return
    rows = controls()
    for run in options.runs:
        rewards = read_rewards(run)
        rows += [
            Row(f"{run.as_posix().removeprefix('runs/')}, {how}", by_rewards(rewards, how))
            for how in options.aggregates
        ]
    sys.stdout.write(frame(pools) + "\n\n" + table(pools, rows) + "\n")


if __name__ == "__main__":
    main()
