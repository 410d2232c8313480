"""Pairs of partial solutions, by different labels of the same prefixes: outcome, Monte-Carlo reward, corrected.

A prefix is compared with prefixes of its class that end at the same step. Of the corrections of
benchmarks/results/correction.md the one with the most reliable labels is taken: a prefix counts as right where any of
its K completions passes, or its own program.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from funprm_training.jsonl import read_jsonl
from funprm_training.product.step_rewards import rows_by_program, step_texts
from funprm_training.research.bake_off.pairs import PairTable, TrainPrograms
from funprm_training.research.pools import Candidate

LABELS = ("outcome", "reward", "corrected", "truth")
"""`truth` (every method in the prefix passes its own tests) is for judging alone."""
CLEAR = 0.25
"""Two rewards k / K that differ by less are too noisy to be a pair."""
MOST_PREFIXES = 5
"""Prefixes of one class and step that are kept of each side of `corrected`."""


@dataclass(frozen=True)
class LabelledPrefix:
    """A proper prefix of some program of a class; `own`: a program that begins with it passes; `truth`: NaN where no
    method in it has tests of its own."""

    problem: str
    step: int
    steps: tuple[str, ...]
    reward: float
    own: bool
    truth: float

    def label(self, kind: str) -> float:
        """What the prefix is worth by one of LABELS."""
        labels = {
            "outcome": float(self.own),
            "reward": self.reward,
            "corrected": float(self.reward > 0 or self.own),
            "truth": self.truth,
        }
        return labels[kind]


def read_classes(programs: Path) -> tuple[dict[str, str], dict[str, float]]:
    """Statements by class and true labels by prefix, of the file that benchmarks/correction/programs.mjs writes."""
    statements, truths = {}, {}
    for row in read_jsonl(programs):
        statements[f"ClassEval_{row['class']}"] = row["statement"]
        text, right = "", []
        for step in row["steps"]:
            text += step["text"]
            right += [] if step["right"] is None else [step["right"]]
            truths[text] = float(all(right)) if right else math.nan
    return statements, truths


def read_prefixes(rewards: Path, truths: dict[str, float]) -> list[LabelledPrefix]:
    """Different proper prefixes of a file of `funprm collect`, few of a class and step, both labels where there are."""
    found: dict[tuple[str, str], LabelledPrefix] = {}
    for rows in rows_by_program(rewards):
        steps = step_texts(rows)
        for count, row in enumerate(rows, start=1):
            if row["whole"] or row["reward"] is None:
                continue
            key = (row["problem_id"], row["prefix"])
            own = bool(row["passed"]) or (key in found and found[key].own)
            truth = truths.get(row["prefix"], math.nan)
            found[key] = LabelledPrefix(row["problem_id"], row["step"], steps[:count], row["reward"], own, truth)
    kept: dict[tuple[str, int, float], list[LabelledPrefix]] = defaultdict(list)
    for prefix in found.values():
        side = kept[prefix.problem, prefix.step, prefix.label("corrected")]
        if len(side) < MOST_PREFIXES:
            side.append(prefix)
    two_sided = [key for key in kept if (*key[:2], 1.0 - key[2]) in kept]
    return [prefix for key in two_sided for prefix in kept[key]]


def with_prefixes(programs: TrainPrograms, prefixes: list[LabelledPrefix], statements: dict[str, str]) -> TrainPrograms:
    """The train programs with the prefixes behind them, as a suite for each kind of label: `steps-outcome` ..."""
    first, names = len(programs.candidates), [prefix.problem for prefix in prefixes]
    return TrainPrograms(
        statements=(*programs.statements, *(statements[name] for name in names)),
        candidates=(*programs.candidates, *(Candidate(prefix.steps, prefix.own, "") for prefix in prefixes)),
        suite=np.concatenate([programs.suite, np.full(len(names), "classeval")]),
        problem=np.concatenate([programs.problem, names]),
        sampler=np.concatenate([programs.sampler, np.full(len(names), "")]),
        pairs={**programs.pairs, **{f"steps-{kind}": _table(prefixes, kind, first) for kind in LABELS}},
    )


def _table(prefixes: list[LabelledPrefix], kind: str, first: int) -> PairTable:
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, prefix in enumerate(prefixes):
        groups[prefix.problem, prefix.step].append(place)
    good, bad, mass = [], [], []
    for group in groups.values():
        labels = {place: prefixes[place].label(kind) for place in group}
        pairs = [(a, b) for a in group for b in group if labels[a] - labels[b] > CLEAR]
        good += [first + a for a, _ in pairs]
        bad += [first + b for _, b in pairs]
        mass += [1 / max(len(pairs), 1)] * len(pairs)
    weights = np.array(mass) / sum(mass)
    return PairTable(np.array(good, dtype=int), np.array(bad, dtype=int), weights, weights)
